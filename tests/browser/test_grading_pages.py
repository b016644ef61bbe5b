"""The teacher's report and a learner's feedback in a real browser: light, dark, and for who listens."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from helpers.exercises.judging import Case, Report
from helpers.grading.class_report import page as class_page
from helpers.grading.engine import Result
from helpers.grading.graded import Graded
from helpers.grading.log import Log
from helpers.grading.report import write_reports
from helpers.grading.statistics import gather

HOSTILE = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> Path:
    """A class of twelve, one of whom writes markup wherever a learner can."""
    out = tmp_path_factory.mktemp("graded")
    students = [*(f"learner {number}" for number in range(11)), HOSTILE.replace("/", "")]
    with Log(out / "results.jsonl") as log:
        for number, student in enumerate(students):
            case = Case(False, f"f({HOSTILE})", HOSTILE, HOSTILE)
            said = "Your function crashed Python: " + HOSTILE
            wrong = Report("f", "Hard", "not yet", said, (case,), "named", ("a `hint`",) * 3)
            right = Report("g", "Easy", "correct", "Proved right.", score=1.0, points=2.0)
            result = Result(
                student, "A2", "", 2.0, 3.0, reports=[wrong, right], code=f"{number % 9}"
            )
            result.cell_errors, result.signs = {3: HOSTILE}, ["uses the network (code cell 2)"]
            result.versions = {"python": "3.12", "numpy": "2", "scipy": "1"}
            log.add(result, "key")
    graded = Graded(out, "A2_algorithms", "A2", tuple(students), missing=(HOSTILE,))
    graded.save()
    write_reports(graded)
    (out / "report.html").write_text(class_page(graded, gather(graded), linked=True))
    return out


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["report.html", "feedback/learner 1.html"])
def test_a_page_is_read_by_everybody_and_runs_nothing(name, scheme, pages, browser: Browser):
    asked: list[str] = []
    with browser.new_context(color_scheme=scheme, bypass_csp=True) as context:
        page = context.new_page()  # without its own policy: what it holds is harmless by itself
        page.on("request", lambda request: asked.append(request.url))
        page.goto((pages / name).as_uri())
        assert page.title() != "owned" and page.locator("main img[src=x], main script").count() == 0
        assert all(url.startswith(("file:", "data:image/png")) for url in asked)
        results = Axe().run(page, options={}).response
    assert [rule["id"] for rule in results["violations"]] == []
    judged = [n for r in results["passes"] if r["id"] == "color-contrast" for n in r["nodes"]]
    assert len(judged) > 10


def test_the_report_leads_to_the_page_of_each_learner_who_needs_a_person(pages, browser: Browser):
    with browser.new_context() as context:
        page = context.new_page()
        page.goto((pages / "report.html").as_uri())
        links = page.locator("a").evaluate_all("all => all.map(a => a.href)")
        assert len(links) == 24
        page.goto(links[-1])
        assert page.locator("h1").inner_text() == "Feedback on A2_algorithms"
