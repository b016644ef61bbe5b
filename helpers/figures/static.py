"""A matplotlib figure with alt text that every front end shows.

JupyterLab and nbconvert ignore the alt metadata of an image; only <img alt> inside text/html is read out.
"""

import base64
import io
from html import escape
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from PIL import Image

SAYS_NOTHING = {"figure", "plot", "image", "graph", "picture", "chart"}


def png(figure: Figure, dpi: int = 110, colours: int | None = None) -> str:
    """The figure as base64 PNG, the same bytes each time; few `colours` make it a fraction as long."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
    if colours:
        picture = Image.open(buffer).convert("RGB").quantize(colours)
        buffer = io.BytesIO()
        picture.save(buffer, format="png", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode()


class Shown:
    """A figure as a cell's output: HTML with an image and its alt text, plain text elsewhere."""

    def __init__(self, figure: Figure, alt: str, caption: str = ""):
        self.alt, self.caption, self.image = checked(alt), caption, png(figure)

    def __repr__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        image = (
            f'<img alt="{escape(self.alt, quote=True)}" '
            f'src="data:image/png;base64,{self.image}" style="max-width:100%;border-radius:6px">'
        )
        caption = f"<figcaption>{escape(self.caption)}</figcaption>" if self.caption else ""
        page = f'<figure style="margin:0">{image}{caption}</figure>'
        return {"text/html": page, "text/plain": self.alt}


def show(figure: Figure, alt: str, caption: str = "") -> Shown:
    """The last line of a figure's cell. `alt` says in words what one sees; it must say something."""
    shown = Shown(figure, alt, caption)
    plt.close(figure)
    return shown


def checked(alt: str) -> str:
    """`alt`, or a `ValueError` where it tells a listener nothing."""
    words = alt.lower().split()
    if len(alt.strip()) < 15 or set(words) <= SAYS_NOTHING:
        raise ValueError(f"alt must say in words what the figure shows, not {alt!r}")
    return " ".join(alt.split())
