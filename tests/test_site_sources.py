"""What the site is made of, before it is built: the glossary, the index of exercises, the ways to open a lesson."""

import re
from pathlib import Path

import nbformat
import pytest

from helpers.authoring.site import lists, lite, pages
from helpers.authoring.site.ways import Repository, repository, ways
from helpers.exercises.assignments import assignment, declared

ROOT = Path(__file__).resolve().parents[1]
GLOSSARY = (ROOT / "site" / "glossary.md").read_text(encoding="utf-8")
ENTRY = re.compile(r"^(\S.*)\n  (\S.*)\n  (\[[^\n]+\]\([^\n]+\))$", re.M)
AT = Repository("someone", "convex-course", "main")


def entries() -> list[tuple[str, str, str]]:
    blocks = re.findall(r"^```\{glossary\}\n(.*?)^```$", GLOSSARY, re.M | re.S)
    return [entry for block in blocks for entry in ENTRY.findall(block)]


def sentences(text: str) -> int:
    return len(re.findall(r"[.?!](?=\s|$)", re.sub(r"\$[^$]*\$", "x", text)))


def test_the_glossary_is_in_the_order_of_the_alphabet_and_says_nothing_twice():
    terms = [re.sub(r"\W", "", term.lower()) for term, _, _ in entries()]
    assert len(terms) >= 60
    assert terms == sorted(set(terms))


def test_every_line_of_the_glossary_belongs_to_a_term_under_its_letter():
    sections = re.split(r"^## ([A-Z])$", GLOSSARY, flags=re.M)[1:]
    for letter, inside in zip(sections[::2], sections[1::2], strict=True):
        block = inside.strip().removeprefix("```{glossary}").removesuffix("```").strip()
        for entry in block.split("\n\n"):
            assert ENTRY.fullmatch(entry), entry
            assert entry.startswith(letter)


@pytest.mark.parametrize(("term", "text", "link"), entries(), ids=[e[0] for e in entries()])
def test_a_term_has_two_sentences_and_a_link_to_where_it_is_taught(term, text, link):
    assert sentences(text) == 2, text
    assert text.count("$") % 2 == 0
    label, path = re.fullmatch(r"\[([^]]+)\]\(([^)#]+)(?:#[^)]*)?\)", link).groups()
    assert (ROOT / "solutions" / path).exists()
    number = Path(path).name.split("_")[0].lstrip("0") or "0"
    assert label.startswith(f"{number} · "), f"{term}: the link says {label}"
    word = re.split(r"[\s'’-]", term)[0].lower()[:6]
    source = (ROOT / "solutions" / path).with_suffix(".md").read_text(encoding="utf-8").lower()
    assert word in source, f"{path} does not speak of {term}"


def test_the_glossary_answers_the_five_plain_questions():
    asked = re.findall(r"^### (.+)$", GLOSSARY, re.M)
    for words in ("Which models", "Why does", "non-convex", "linear programming", "gradient"):
        assert [question for question in asked if words in question], words


def test_the_index_names_every_exercise_with_its_points_and_where_it_is():
    index = lists.index_of_exercises(lists.lessons(ROOT))
    for number, module in declared().items():
        for exercise in module.EXERCISES:
            target = f"(#exercise-{number.lstrip('0') or '0'}-{exercise.name})"
            (row,) = [line for line in index.splitlines() if target in line]
            assert row.endswith(f"| {exercise.points:g} |")
            assert exercise.title in row and len(row.split("|")) >= 7


@pytest.mark.parametrize("number", ["A1", "A2", "A3", "A4"])
def test_the_index_tells_what_an_assignment_asks_and_no_answer(number):
    index = lists.index_of_exercises(lists.lessons(ROOT))
    for exercise in assignment(number).EXERCISES:
        assert lists.asked(exercise).endswith((".", "?", "!", "]"))
        for hint in exercise.hints:
            assert hint not in index


def lesson(name: str) -> tuple:
    read = (nbformat.read(ROOT / side / name, as_version=4) for side in ("solutions", "course"))
    return tuple(read)


def test_a_page_folds_the_solution_under_the_stub_and_leaves_out_what_is_hidden(tmp_path):
    name = "2_algorithms/04_gradient_descent.ipynb"
    made = pages.page(*lesson(name), name, tmp_path, AT)
    at = next(i for i, c in enumerate(made.cells) if c.source.startswith("def gradient_descent("))
    stub, solution, check = made.cells[at : at + 3]
    assert stub.source.endswith("...") and "hide-input" not in stub.metadata.get("tags", [])
    assert solution.metadata["tags"] == ["hide-input"] and solution.source != stub.source
    assert check.source == "check(gradient_descent)" and len(check.outputs) == 1
    text = "\n".join(cell.source for cell in made.cells)
    assert "HIDDEN TESTS" not in text and "SOLUTION" not in text and "grade(" not in text
    assert "(exercise-4-gradient_descent)=\n### Exercise 4.2" in text
    assert list(tmp_path.glob("*.png"))


def test_the_page_of_an_assignment_is_the_learners_notebook(tmp_path):
    name = "A2_algorithms/A2_algorithms.ipynb"
    solved, learners = lesson(name)
    made = pages.page(None, learners, name, tmp_path, AT)
    assert len(made.cells) == len(learners.cells)
    text = "\n".join(cell.source for cell in solved.cells)
    answers = re.findall(r"### BEGIN SOLUTION\n(.*?)    ### END SOLUTION", text, re.S)
    shown = "\n".join(cell.source for cell in made.cells)
    assert len(answers) == 5 and not [answer for answer in answers if answer in shown]
    assert "grade(" in text and "grade(" not in shown


def test_a_downloaded_notebook_installs_the_course_first():
    _, learners = lesson("00_start_here.ipynb")
    made = pages.elsewhere(learners, AT.install)
    assert made.cells[1].source == AT.install
    assert made.cells[2:] == learners.cells
    assert "pip install" in pages.elsewhere(learners, None).cells[0].source


@pytest.mark.parametrize(
    "said",
    [
        "someone/convex-course",
        "https://github.com/someone/convex-course",
        "https://github.com/someone/convex-course.git",
        "git@github.com:someone/convex-course.git",
        "someone/convex-course@main",
    ],
)
def test_the_repository_is_named_in_any_of_the_usual_ways(said):
    assert repository(said, ROOT) == AT


def test_what_is_no_repository_is_refused_by_its_name():
    with pytest.raises(ValueError, match="nowhere"):
        repository("nowhere", ROOT)


def test_a_clone_without_an_origin_has_no_repository(tmp_path):
    assert repository(None, tmp_path) is None


def test_the_buttons_open_the_learners_notebook():
    name = "2_algorithms/04_gradient_descent.ipynb"
    row = ways(name, "../", AT)
    assert f"colab.research.google.com/github/someone/convex-course/blob/main/course/{name}" in row
    assert "mybinder.org/v2/gh/someone/convex-course/main?urlpath=lab%2Ftree%2Fcourse%2F" in row
    assert f"http://localhost:8888/lab/tree/{name}" in row and AT.install in row
    without = ways(name, "../", None)
    assert "github.com" not in without and "../docs/zero_install.html#binder" in without


def test_the_notebooks_for_the_browser_install_first_and_are_the_learners_own(tmp_path):
    made = lite.contents(tmp_path)
    assert len(made) == len(lists.lessons(ROOT))
    book = nbformat.read(made[0], as_version=4)
    assert book.cells[1].source.endswith("--no-deps convex-course")
    assert book.cells[2:] == nbformat.read(ROOT / "course/00_start_here.ipynb", 4).cells
