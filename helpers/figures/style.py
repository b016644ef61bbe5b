"""One look for every figure: colours that colour-blind readers tell apart, and dashes as well."""

import matplotlib as mpl
from cycler import cycler

# Okabe & Ito (2008), the pink one darker so that each has a contrast of at least 3:1 on white
COLOURS = {
    "blue": "#0072B2",
    "orange": "#D55E00",
    "green": "#00876A",
    "pink": "#B0578A",
    "sky": "#2F8FC9",
    "gold": "#8A6D00",
    "violet": "#6A51A3",
    "grey": "#6B7280",
    "black": "#111827",
}
INK = "#3A4657"  # lines that are not data: level sets
PAPER, GUIDE = "#FFFFFF", "#B8BEC6"  # what figures lie on, and lines that only guide the eye
# from low to high, a picture's ink, signed weights, a mass: the same map for the same kind of thing
MAPS = {"height": "cividis", "picture": "gray_r", "signed": "PuOr_r", "mass": "Blues"}
TINT = 0.12  # how strong a map is under the lines: each method's colour keeps its 3:1
# a method has one colour through the whole course; a proximal variant has its method's
COLOURS |= {
    "gradient_descent": COLOURS["blue"],
    "ista": COLOURS["blue"],
    "momentum": COLOURS["orange"],
    "nesterov": COLOURS["green"],
    "fista": COLOURS["green"],
    "restart": COLOURS["gold"],
    "newton": COLOURS["pink"],
    "bfgs": COLOURS["sky"],
    "lbfgs": COLOURS["grey"],
    "conjugate_gradient": COLOURS["gold"],
    "subgradient": COLOURS["grey"],
    "sgd": COLOURS["gold"],
    "svrg": COLOURS["sky"],
    "saga": COLOURS["pink"],
    "adam": COLOURS["violet"],
    "amsgrad": COLOURS["sky"],
    "admm": COLOURS["violet"],
    "coordinate_descent": COLOURS["black"],
    "optimum": COLOURS["black"],
    "data": COLOURS["grey"],
}
DASHES = {
    "gradient_descent": "-",
    "momentum": (0, (6, 3)),
    "nesterov": (0, (2, 2)),
    "newton": (0, (8, 2, 2, 2)),
}


def shades(count: int) -> list[tuple[float, ...]]:
    """`count` colours of the map of heights, from dark to light: for parts that lie side by side."""
    return [mpl.colormaps[MAPS["height"]](k / max(1, count - 1)) for k in range(count)]


def apply() -> None:
    """Make this the look of all figures drawn from now on."""
    names = ("blue", "orange", "green", "pink", "sky")
    mpl.rcParams.update(
        {
            "axes.prop_cycle": cycler(color=[COLOURS[name] for name in names])
            + cycler(linestyle=["-", "--", ":", "-.", (0, (8, 2, 2, 2))]),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlesize": 11,
            "axes.titlelocation": "left",
            "axes.labelsize": 10,
            "figure.figsize": (7.5, 3.6),
            "figure.facecolor": PAPER,
            "figure.constrained_layout.use": True,
            "font.size": 10,
            "image.cmap": MAPS["height"],
            "legend.frameon": True,  # no frame to see, but a ground: lines under it do not cross the words
            "legend.facecolor": PAPER,
            "legend.edgecolor": "none",
            "legend.framealpha": 0.85,
            "lines.linewidth": 1.8,
            "savefig.facecolor": PAPER,
        }
    )
