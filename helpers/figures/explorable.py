"""An explorable: one self-contained HTML output, a picture that a script replaces by a live figure.

It needs no kernel, no network and no widget: it is alive in JupyterLab before any cell has run, in
nbconvert's pages and on a web site. A new one is a file `explorables/NAME.js`

    import { between, canvas, draggable, frame, pointIn } from "./core.js";    // one line, names in braces
    export function mount(root, s) {
      const ui = frame(root, s), box = [-1, 1, -1, 1], state = ui.keep({ start: pointIn(box) });
      const view = canvas(ui, 400, 300, "What it shows. How keys move it.");
      draggable(ui, view, box, () => state.start, (x, y) => { state.start = [x, y]; });
      ui.onDraw(colour => { /* paint view.pen in this theme's colours */ ui.say("What one sees now."); });
    }

and three lines of Python in `explore/NAME.py` that make its state and the picture seen without it:

    def name(start=(0.5, 0.2), alt="What one sees, in words."):
        poster = ...                                            # a matplotlib Figure
        return Explorable("name", {"start": list(start)}, poster, alt)

What `ui.keep` names, with the domain of each value, is the state that can be shared: by a line of Python,
`explore.name().at(start=(0.1, 0.4))`, and on a web page by a link.
"""

import hashlib
import json
import re
from copy import copy
from html import escape
from typing import Any

from matplotlib.figure import Figure

from .bundle import bundle
from .static import checked, png

ASLEEP = "This is a picture. Run the cell, or trust the notebook, and it comes alive."
PAGE = re.compile(
    r'(?P<picture><div data-explorable="lx-\w+">.*?</div>\n)<script type="module">\n.*?'
    r'^_core\.alive\("(?P<key>lx-\w+)", _(?P<name>\w+)\.mount, (?P<state>\{[^\n]*\})\);\n</script>',
    re.M | re.S,
)


class Explorable:
    """A live figure. `state` is plain data for the script, `poster` what is seen without it.

    `call` is the Python that makes it, as far as it can be told: a stand-in where data are needed.
    """

    def __init__(
        self, name: str, state: dict[str, Any], poster: Figure, alt: str, call: str = ""
    ) -> None:
        self.name, self.state, self.alt = name, state, checked(alt)
        self.call = call or f"explore.{name}()"
        self.live: dict[str, Any] = {}
        self.image = png(poster, dpi=80, colours=64)

    def at(self, **live: Any) -> "Explorable":
        """The same figure, begun in another state: what the line under "Share what you see" says.

        The picture seen without JavaScript stays that of the start. ValueError for a name or a kind of value that the state
        does not have; a number outside its range is moved to the nearest end.
        """
        moved = copy(self)
        moved.live = dict(self.live)
        for name, value in live.items():
            if name not in self.state:
                raise ValueError(f"{name} is not among {', '.join(self.state)}")
            plain = json.loads(json.dumps(value))
            if not _alike(plain, self.state[name]):
                raise ValueError(f"{name} must be like {self.state[name]!r}, not {value!r}")
            moved.live[name] = plain
        return moved

    def __repr__(self) -> str:
        return self.alt

    def html(self) -> str:
        """The whole output. Its id comes from its content, so that building twice gives the same."""
        told = {"alt": self.alt, "call": self.call, "explorable": self.name, "live": self.live}
        state = json.dumps({**self.state, **told}, sort_keys=True).replace("</", "<\\/")
        key = "lx-" + hashlib.sha256((self.name + state).encode()).hexdigest()[:10]
        picture = (
            f'<div data-explorable="{key}"><img alt="{escape(self.alt, quote=True)}" '
            f'src="data:image/png;base64,{self.image}" style="max-width:100%"><p>{ASLEEP}</p></div>\n'
        )
        return picture + _script(key, self.name, state)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": self.alt}


def refreshed(page: str) -> str:
    """A stored output with the script of today's library; anything else as it is."""
    return PAGE.sub(
        lambda found: found["picture"] + _script(found["key"], found["name"], found["state"]), page
    )


def _script(key: str, name: str, state: str) -> str:
    script = bundle(name).replace("</script", "<\\/script")
    return (
        f'<script type="module">\n{script}_core.alive("{key}", _{name}.mount, {state});\n</script>'
    )


def _alike(one: Any, other: Any) -> bool:
    """Both numbers, both text, both truths, or lists whose entries are alike."""
    if isinstance(one, list) and isinstance(other, list):
        return all(_alike(one[0], entry) for entry in [*one, *other]) if one else True
    number = [isinstance(v, (int, float)) and not isinstance(v, bool) for v in (one, other)]
    return all(number) or (type(one) is type(other) and not any(number))
