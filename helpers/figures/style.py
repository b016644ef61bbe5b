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
    "grey": "#6B7280",
    "black": "#111827",
}
INK = "#3A4657"  # lines that are not data: level sets, guides
TINT = 0.12  # how strong a map is under the lines: each method's colour keeps its 3:1
COLOURS |= {
    "gradient_descent": COLOURS["blue"],
    "momentum": COLOURS["orange"],
    "nesterov": COLOURS["green"],
    "newton": COLOURS["pink"],
    "optimum": COLOURS["black"],
    "data": COLOURS["grey"],
}
DASHES = {
    "gradient_descent": "-",
    "momentum": (0, (6, 3)),
    "nesterov": (0, (2, 2)),
    "newton": (0, (8, 2, 2, 2)),
}


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
            "figure.facecolor": "white",
            "figure.constrained_layout.use": True,
            "font.size": 10,
            "image.cmap": "cividis",
            "legend.frameon": False,
            "lines.linewidth": 1.8,
            "savefig.facecolor": "white",
        }
    )
