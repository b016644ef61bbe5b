"""Figures have words for those who cannot see them; explorables are whole, small and agree with Python."""

import re

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from in_node import answer_of
from matplotlib.figure import Figure

from helpers.authoring.build import ROOT
from helpers.figures import COLOURS, explore, level_sets, show
from helpers.figures.bundle import FOLDER
from helpers.figures.explore import METHODS
from helpers.figures.style import TINT
from helpers.objectives import Quadratic

VALLEY = Quadratic(np.array([[3.0, 1.0], [1.0, 8.0]]), np.array([0.3, -0.2]))


def bowl(x):
    return np.sqrt(1 + x[0] ** 2 + 2 * x[1] ** 2) + 0.1 * x[0] * x[1]


def bowl_gradient(x):
    root = np.sqrt(1 + x[0] ** 2 + 2 * x[1] ** 2)
    return np.array([x[0] / root + 0.1 * x[1], 2 * x[1] / root + 0.1 * x[0]])


EXPLORABLES = {
    "quadratic": lambda: explore.landscape(VALLEY, (1.5, 1.0), methods=METHODS),
    "sampled": lambda: explore.landscape(bowl, (1.5, 1.0), methods=METHODS),
    "ball": explore.ball,
    "projection": explore.projection,
}


def bowl_hessian(x):
    root = np.sqrt(1 + x[0] ** 2 + 2 * x[1] ** 2)
    slope = np.array([x[0], 2 * x[1]])
    return np.diag([1.0, 2.0]) / root - np.outer(slope, slope) / root**3 + [[0, 0.1], [0.1, 0]]


def in_the_browser(asked):
    answer = answer_of("explorables", asked)
    return answer if isinstance(answer, dict) else np.array(answer, dtype=float)


def walk(method, gradient, x, step, beta, steps, hessian=None):
    x, v, path = np.array(x), np.zeros(2), []
    for _ in range(steps + 1):
        path.append(x)
        if method == "newton":
            x = x - np.linalg.solve(hessian(x), gradient(x))
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
    ours = walk(method, VALLEY.grad, [1.5, -1.0], 0.1, 0.7, 50, VALLEY.hess)
    assert np.abs(theirs[:, :2] - ours[: len(theirs)]).max() < 1e-9
    assert np.allclose(theirs[:, 2], [VALLEY(x) for x in ours[: len(theirs)]], atol=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_the_browser_walks_as_python_does_on_a_sampled_function(method):
    start = [0.4, -0.3] if method == "newton" else [1.2, -0.9]
    asked = {"method": method, "start": start, "step": 0.2, "beta": 0.5, "steps": 60}
    surface = explore.landscape(bowl, (0, 0)).state["surface"]
    theirs = in_the_browser({**asked, "surface": surface})
    ours = walk(method, bowl_gradient, start, 0.2, 0.5, 60, bowl_hessian)
    assert len(theirs) == 61
    assert np.abs(theirs[:, :2] - ours).max() < 1e-4
    assert np.abs(theirs[:, 2] - [bowl(x) for x in ours]).max() < 1e-4


def test_a_walk_ends_where_a_sampled_function_is_not_known():
    surface = explore.landscape(bowl, (0, 0)).state["surface"]
    asked = {"method": "gradient_descent", "start": [1.5, 1.0], "step": 9.0, "beta": 0, "steps": 60}
    path = in_the_browser({**asked, "surface": surface})
    assert len(path) < 10
    assert np.isnan(path[-1, 2]) and np.isfinite(path[:-1]).all()


def test_a_pair_of_a_matrix_and_a_vector_is_a_quadratic_in_closed_form():
    lopsided = VALLEY.P + np.array([[0, 0.7], [-0.7, 0]])  # the same f
    state = explore.landscape((lopsided, VALLEY.q), (0, 0)).state
    assert state["surface"]["kind"] == "quadratic"
    assert np.allclose(state["surface"]["P"], VALLEY.P)
    assert np.isclose(state["L"], np.linalg.norm(VALLEY.P, 2))
    minimiser = np.linalg.solve(VALLEY.P, -VALLEY.q)
    assert np.allclose(state["lowest"], [*minimiser, VALLEY(minimiser)])


def test_the_browser_finds_the_lowest_point_of_the_box():
    surface = explore.landscape(bowl, (0, 0)).state["surface"]
    found = in_the_browser({"surface": surface, "lowest": [-1.9, 2, -1.7, 2]})
    assert np.abs(found - [0, 0, 1]).max() < 1e-5
    saddle = explore.landscape((np.diag([2.0, -2.0]), np.zeros(2)), (0.5, 0.5))
    assert saddle.state["lowest"] is None
    surface = saddle.state["surface"]
    found = in_the_browser({"surface": surface, "lowest": [-1, 2, -1, 1.5]})
    assert np.abs(found - [0, 1.5, -2.25]).max() < 1e-9


@pytest.mark.parametrize(
    ("x", "verdict"),
    [
        (-1.9, "at the lowest point of all"),
        (1.9, "stuck in a valley"),
        (0.15, "at the lowest"),
        (0.16, "stuck"),
    ],
)
def test_the_ball_stays_in_the_valley_where_it_was_let_go(x, verdict):
    ball = in_the_browser({"ball": x})
    assert str(ball["after"]).startswith(verdict)
    assert abs(ball["end"] ** 3 - 2 * ball["end"] + 0.3) < 1e-4


def test_the_ball_that_balances_on_the_hill_is_in_no_valley():
    hill = np.roots([1, 0, -2, 0.3])[np.abs(np.roots([1, 0, -2, 0.3])) < 1][0]
    assert "no minimum" in in_the_browser({"ball": float(hill)})["before"]


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


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        ({"start": (3, 0)}, "start must be a point"),
        ({"start": (0, 0), "box": (1, -1, 0, 1)}, "x0 < x1"),
        ({"start": (0, 0), "step": 0}, "step must be positive"),
        ({"start": (0, 0), "methods": ()}, "methods: none"),
        ({"start": (0, 0), "f": (np.eye(3), np.zeros(3))}, "2×2 P"),
        ({"start": (1, 1), "f": lambda x: np.inf if x[0] > 2 else x[0]}, "finite"),
    ],
)
def test_what_cannot_be_explored_is_refused_by_name(asked, complaint):
    with pytest.raises(ValueError, match=complaint):
        explore.landscape(**{"f": VALLEY, **asked})


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


@pytest.mark.parametrize("theme", ["LIGHT", "DARK"])
def test_every_colour_of_an_explorable_stands_out_from_its_ground(theme):
    source = (FOLDER / "theme.js").read_text(encoding="utf-8")
    text = re.search(rf"{theme} = \{{(.*?)\}}", source, re.S)[1]
    colour = dict(re.findall(r'(\w+): "(#\w{6})"', text))
    map_grounds = [mixed(colour["low"], colour["high"], share) for share in np.linspace(0, 1, 21)]
    for ground in (colour["paper"], *map_grounds):
        for name in (*METHODS, "mark", "ink", "level"):
            assert contrast(colour[name], ground) >= 3, (name, ground)
    for words in ("ink", "faint"):
        assert contrast(colour[words], colour["paper"]) >= 4.5


CELL = re.compile(r"^```\{code-cell\}.*?\n(.*?)^```", re.M | re.S)
GIVEN = r"(?:color|colors|c|mfc|mec|fc|ec|facecolor|edgecolor|ecolor|markerfacecolor|cmap)"
LITERAL = re.compile(
    rf"""\b{GIVEN}=\[?["'](?!none["'])   # a colour or a map by its name
    | ["']\#[0-9A-Fa-f]{{3,8}}["']       # or by its number
    | ["'](?=[^"']*[-:.])[-:.o^*sx]*[kbrgcmyw][-:.o^*sx]*["']   # or as a letter in a style""",
    re.X,
)


def test_no_colour_is_named_outside_of_the_style_sheet():
    for bad in ('color="black"', "cmap='Blues'", '"#0072B2"', '"-k"', 'colors=["red"]', '"o-r"'):
        assert LITERAL.search(f"ax.plot(x, {bad})"), bad
    assert not LITERAL.search('ax.plot(x, "o--", color=BLUE, mfc="none", label="b", ls=":")')
    code = {path: path.read_text(encoding="utf-8") for path in FOLDER.parent.rglob("*.py")}
    for path in ROOT.glob("solutions/**/*.md"):
        code[path] = "\n".join(CELL.findall(path.read_text(encoding="utf-8")))
    assert len(code) > 50
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path, text in code.items()
        if path.name != "style.py"
        for match in LITERAL.finditer(text)
    ]
    assert found == []


def test_the_page_and_the_pictures_give_a_method_the_same_hue():
    source = (FOLDER / "theme.js").read_text(encoding="utf-8")
    for theme in ("LIGHT", "DARK"):
        text = re.search(rf"{theme} = \{{(.*?)\}}", source, re.S)[1]
        live = dict(re.findall(r'(\w+): "(#\w{6})"', text))
        for method in (*METHODS, "sgd"):
            hues = [
                mpl.colors.rgb_to_hsv(mpl.colors.to_rgb(colour))[0]
                for colour in (live[method], COLOURS[method])
            ]
            apart = abs(hues[0] - hues[1])
            assert min(apart, 1 - apart) < 0.06, (theme, method)
