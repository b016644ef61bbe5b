"""Figures have words for those who cannot see them; explorables are whole, small and agree with Python."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from helpers.figures import COLOURS, explore, level_sets, show
from helpers.figures.explore import METHODS
from helpers.figures.style import TINT
from helpers.objectives import Quadratic

VALLEY = Quadratic(np.array([[3.0, 1.0], [1.0, 8.0]]), np.array([0.3, -0.2]))
SCRIPT = Path(__file__).with_name("js") / "explorables.test.mjs"


def bowl(x):
    return np.sqrt(1 + x[0] ** 2 + 2 * x[1] ** 2) + 0.1 * x[0] * x[1]


def bowl_gradient(x):
    root = np.sqrt(1 + x[0] ** 2 + 2 * x[1] ** 2)
    return np.array([x[0] / root + 0.1 * x[1], 2 * x[1] / root + 0.1 * x[0]])


EXPLORABLES = {
    "quadratic": lambda: explore.landscape(VALLEY, (1.5, 1.0), methods=METHODS),
    "sampled": lambda: explore.landscape(bowl, (1.5, 1.0)),
    "ball": explore.ball,
    "projection": explore.projection,
}


def in_the_browser(asked):
    node = shutil.which("node")
    assert node, "these tests run the explorables' modules: install Node.js (make system)"
    done = subprocess.run([node, SCRIPT], input=json.dumps(asked), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return np.array(json.loads(done.stdout))


def walk(method, gradient, x, step, beta, steps, hessian=None):
    x, v, path = np.array(x), np.zeros(2), []
    for _ in range(steps + 1):
        path.append(x)
        if method == "newton":
            x = x - np.linalg.solve(hessian, gradient(x))
            continue
        keep = 0.0 if method == "gradient_descent" else beta
        v = keep * v - step * gradient(x + keep * v if method == "nesterov" else x)
        x = x + v
    return np.array(path)


@pytest.mark.parametrize("method", METHODS)
def test_the_browser_walks_as_python_does_on_a_quadratic(method):
    asked = {"method": method, "start": [1.5, -1.0], "step": 0.1, "beta": 0.7, "steps": 50}
    surface = explore.landscape(VALLEY, (0, 0)).state["surface"]
    theirs = in_the_browser({**asked, "surface": surface})
    ours = walk(method, VALLEY.grad, [1.5, -1.0], 0.1, 0.7, 50, VALLEY.P)
    assert np.abs(theirs[:, :2] - ours[: len(theirs)]).max() < 1e-9
    assert np.allclose(theirs[:, 2], [VALLEY(x) for x in ours[: len(theirs)]], atol=1e-9)


@pytest.mark.parametrize("method", [m for m in METHODS if m != "newton"])
def test_the_browser_walks_as_python_does_on_a_sampled_function(method):
    asked = {"method": method, "start": [1.2, -0.9], "step": 0.2, "beta": 0.5, "steps": 60}
    surface = explore.landscape(bowl, (0, 0)).state["surface"]
    theirs = in_the_browser({**asked, "surface": surface})
    assert (
        np.abs(theirs[:, :2] - walk(method, bowl_gradient, [1.2, -0.9], 0.2, 0.5, 60)).max() < 1e-4
    )


def test_the_browser_projects_on_the_diamond_to_the_nearest_point():
    points = np.random.default_rng(0).uniform(-2.4, 2.4, (200, 2))
    corners = 1.2 * np.array([[1, 0], [0, 1], [-1, 0], [0, -1]])
    found = in_the_browser({"points": points.tolist(), "radius": 1.2})
    for x, p in zip(points, found, strict=True):
        assert np.abs(p).sum() <= 1.2 + 1e-12
        if np.abs(x).sum() > 1.2:
            assert ((corners - p) @ (x - p)).max() <= 1e-12


@pytest.mark.parametrize("name", EXPLORABLES)
def test_an_explorable_is_one_small_page_that_asks_for_nothing(name):
    bundle = EXPLORABLES[name]()._repr_mimebundle_()
    page = bundle["text/html"]
    assert len(page.encode()) < 100_000
    assert not re.search(r"https?://|import\(|^import |^export ", page, re.M)
    assert bundle["text/plain"] in page
    assert len(bundle["text/plain"]) > 60
    assert page == EXPLORABLES[name]()._repr_mimebundle_()["text/html"]
    assert "data-lm-suppress-shortcuts" in page


def test_a_figure_carries_its_words_and_the_same_bytes_each_time():
    def draw():
        figure = Figure()
        figure.add_subplot().plot([1, 2, 3])
        return show(figure, alt='A line that rises from 1 to 3, "steadily".')._repr_mimebundle_()

    assert draw() == draw()
    assert 'alt="A line that rises from 1 to 3, &quot;steadily&quot;."' in draw()["text/html"]


def test_a_figure_that_was_shown_is_closed():
    figure, _ = plt.subplots()
    show(figure, alt="An empty pair of axes, from 0 to 1.", caption="a < b")
    assert not plt.fignum_exists(figure.number)


def test_a_caption_is_text_and_not_markup():
    page = show(Figure(), alt="A figure without any axes.", caption="a < b")._repr_mimebundle_()
    assert "<figcaption>a &lt; b</figcaption>" in page["text/html"]


@pytest.mark.parametrize("alt", ["", "figure", "plot of", "Figure plot image"])
def test_words_that_say_nothing_are_refused(alt):
    with pytest.raises(ValueError, match="alt must say in words"):
        show(Figure(), alt=alt)


def test_an_unknown_method_is_named():
    with pytest.raises(ValueError, match="'adam'"):
        explore.landscape(VALLEY, (0, 0), methods=("adam",))


def test_level_sets_leave_out_what_is_not_finite_and_refuse_what_is_nowhere():
    ax = Figure().add_subplot()
    drawn = level_sets(ax, lambda x: -np.log(x[0]) if x[0] > 0 else np.inf, samples=21)
    assert min(path.vertices[:, 0].min() for path in drawn.get_paths() if len(path)) > 0
    assert ax.get_xlim() == (-2, 2)
    with pytest.raises(ValueError, match="finite nowhere"):
        level_sets(ax, lambda x: np.nan, samples=5)
    with pytest.raises(ValueError, match="four numbers"):
        level_sets(ax, VALLEY, box=(0, 1))


def test_a_level_set_is_where_the_function_has_that_value():
    ax = Figure().add_subplot()
    drawn = level_sets(ax, VALLEY, levels=[1.0], filled=False, samples=201)
    points = np.concatenate([path.vertices for path in drawn.get_paths()])
    assert len(points) > 50
    assert max(abs(VALLEY(x) - 1) for x in points) < 1e-2


def luminance(colour):
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(one, other, share):
    pick = lambda c: np.array([int(c[i : i + 2], 16) for i in (1, 3, 5)])
    colour = np.rint(pick(one) * (1 - share) + pick(other) * share).astype(int)
    return "#" + "".join(f"{part:02x}" for part in colour)


def test_every_colour_of_a_figure_stands_out_from_its_ground():
    assert all(contrast(colour, "#ffffff") >= 3 for colour in COLOURS.values())
    darkest = mixed("#ffffff", mpl.colors.to_hex(mpl.colormaps["cividis"](0.0)), TINT)
    assert all(contrast(COLOURS[method], darkest) >= 3 for method in (*METHODS, "optimum"))


def test_every_colour_of_an_explorable_stands_out_from_its_ground():
    source = (Path(explore.__file__).parent / "explorables" / "core.js").read_text()
    for theme in ("LIGHT", "DARK"):
        text = re.search(rf"{theme} = \{{(.*?)\}}", source, re.S)[1]
        colours = dict(re.findall(r'(\w+): "(#\w{6})"', text))
        for name in (*METHODS, "mark", "ink", "faint"):
            assert contrast(colours[name], colours["paper"]) >= 3, (theme, name)
