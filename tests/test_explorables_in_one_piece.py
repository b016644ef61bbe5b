"""Each explorable's modules, joined into one script, are a valid program, typed, tested and small."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from explorable_gallery import NAMES, made

from helpers.figures import explore
from helpers.figures.bundle import FOLDER, FROM, bundle
from helpers.figures.explorable import refreshed

JS = Path(__file__).with_name("js")
EXPORTED = re.compile(r"^export (?:const|function) (\w+)", re.M)
# what paints or needs a page: the tests in tests/browser look at it
IN_A_PAGE = set(
    """mount alive calm canvas frame keepKeys make button checkbox choice slider draggable
    handle star write dots still levels ground""".split()  # noqa: SIM905
)


def run(*command: str, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=120, **options)


def node() -> str:
    found = shutil.which("node")
    assert found, "install Node.js (make system)"
    return found


def test_there_are_explorables():
    assert len(NAMES) > 20


@pytest.mark.parametrize("name", NAMES)
def test_the_script_of_an_explorable_is_a_valid_program(name):
    page = made(name)._repr_mimebundle_()["text/html"]
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", page, re.S)
    assert len(scripts) == 1
    done = run(node(), "--check", "--input-type=module", "-", input=scripts[0])
    assert done.returncode == 0, done.stderr
    assert len(page.encode()) < 100_000
    assert not re.search(r"https?://|import\(|^import |^export |/\*\*", page, re.M)


def test_the_shared_modules_do_what_their_own_tests_say():
    done = run(node(), "--test", "--test-reporter=tap", cwd=JS)
    assert done.returncode == 0, done.stdout
    assert int(re.search(r"# pass (\d+)", done.stdout)[1]) > 15


@pytest.mark.parametrize("config", ["tsconfig.shared.json", "tsconfig.json"])
def test_the_types_of_the_modules_hold(config):
    compiler = JS / "node_modules" / "typescript" / "bin" / "tsc"
    assert compiler.exists(), "install TypeScript for this test: make types"
    done = run(node(), str(compiler), "-p", str(JS / config))
    assert done.returncode == 0, done.stdout


def test_every_function_of_the_modules_is_asked_for_by_a_test():
    asked = "\n".join(path.read_text(encoding="utf-8") for path in JS.glob("*.mjs"))
    missing = []
    for path in sorted(FOLDER.glob("*.js")):
        for name in set(EXPORTED.findall(path.read_text(encoding="utf-8"))) - IN_A_PAGE:
            imported = rf'import \{{[^}}]*\b{name}\b[^}}]*\}} from "[^"]*/{path.stem}\.js"'
            if not re.search(imported, asked):
                missing.append(f"{path.name}: no test asks for {name}")
    assert missing == []


def test_a_module_keeps_its_names_to_itself():
    script = bundle("landscape")
    assert script.count("const _theme = ") == 1 and not FROM.search(script)
    asked = "console.log(typeof clamp, typeof walk, typeof _core.clamp, typeof _landscape.mount)"
    done = run(node(), "--input-type=module", "-", input=script + asked)
    assert done.stdout.split() == ["undefined", "undefined", "function", "function"]


def test_a_stored_page_gets_the_script_of_today_and_keeps_its_state():
    page = explore.prox(v=0.7).html()
    old = page.replace("const _prox = ", "const unknown = 1;\nconst _prox = ")
    assert old != page and refreshed(old) == page
    assert refreshed("<p>another output</p>") == "<p>another output</p>"


def test_a_line_of_python_begins_where_another_left_off():
    moved = explore.prox().at(v=1.25, name="x²/2")
    assert moved.live == {"v": 1.25, "name": "x²/2"} and explore.prox().live == {}
    assert moved.at(v=2).live == {"v": 2, "name": "x²/2"}
    assert '"live": {"name"' in moved.html() and moved.html() != explore.prox().html()
    assert json.dumps(explore.kink().at(start=(1, 0.5)).live) == '{"start": [1, 0.5]}'


@pytest.mark.parametrize(
    ("live", "complaint"),
    [
        ({"w": 1}, "w is not among v, step, name"),
        ({"v": "left"}, "v must be like 1.8"),
        ({"v": True}, "v must be like 1.8"),
        ({"name": 3}, r"name must be like '\|x\|'"),
        ({"v": (1, 2)}, "v must be like 1.8"),
    ],
)
def test_a_state_that_it_does_not_have_is_refused_by_name(live, complaint):
    with pytest.raises(ValueError, match=complaint):
        explore.prox().at(**live)


def test_the_answers_of_a_guide_may_be_none_or_several():
    assert explore.decision_tree().at(answers=("a number",)).live == {"answers": ["a number"]}
    assert explore.decision_tree(["a number"]).at(answers=()).live == {"answers": []}
    with pytest.raises(ValueError, match="answers must be like"):
        explore.decision_tree(["a number"]).at(answers=(1,))
