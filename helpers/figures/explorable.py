"""An explorable: one self-contained HTML output, a picture that a script replaces by a live figure.

It needs no kernel, no network and no widget: it is alive in JupyterLab before any cell has run, in
nbconvert's pages and on a web site. A new one is a file `explorables/NAME.js`

    import { canvas, draggable, frame } from "./core.js";      // one line, names in braces
    export function mount(root, state) {
      const ui = frame(root, state.alt), view = canvas(ui, 400, 300, "What it shows. How keys move it.");
      draggable(ui, view, [-1, 1, -1, 1], () => state.start, (x, y) => { state.start = [x, y]; });
      ui.onDraw(colour => { /* paint view.pen in this theme's colours */ ui.say("What one sees now."); });
    }

and three lines of Python in `explore/NAME.py` that make its state and the picture seen without it:

    def name(start=(0.5, 0.2), alt="What one sees, in words."):
        poster = ...                                            # a matplotlib Figure
        return Explorable("name", {"start": list(start)}, poster, alt)

The modules are put one after the other into one scope, so names must differ between modules that are
used together.
"""

import hashlib
import json
import re
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from .static import checked, png

FOLDER = Path(__file__).with_name("explorables")
IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+)\.js";\n', re.M)


@cache
def bundle(name: str) -> str:
    """The module `name` with everything it imports, as one script without imports or exports."""
    parts: dict[str, str] = {}

    def add(module: str) -> None:
        if module in parts:
            return
        source = (FOLDER / f"{module}.js").read_text(encoding="utf-8")
        for needed in IMPORT.findall(source):
            add(needed)
        source = IMPORT.sub("", source)
        parts[module] = re.sub(r"^export ", "", source, flags=re.M)

    add(name)
    return "\n".join(parts.values())


class Explorable:
    """A live figure. `state` is plain data for the script, `poster` what is seen without it."""

    def __init__(self, name: str, state: dict[str, Any], poster: Figure, alt: str):
        self.name, self.state, self.alt = name, state, checked(alt)
        self.image = png(poster, dpi=80, colours=64)

    def __repr__(self) -> str:
        return self.alt

    def html(self) -> str:
        """The whole output. Its id comes from its content, so that building twice gives the same."""
        state = json.dumps({**self.state, "alt": self.alt}, sort_keys=True).replace("</", "<\\/")
        key = "lx-" + hashlib.sha256((self.name + state).encode()).hexdigest()[:10]
        script = bundle(self.name).replace("</script", "<\\/script")
        return (
            f'<div data-explorable="{key}"><img alt="{escape(self.alt, quote=True)}" '
            f'src="data:image/png;base64,{self.image}" style="max-width:100%"></div>\n'
            f'<script type="module">\n{script}\n'
            f"for (const root of document.querySelectorAll('[data-explorable=\"{key}\"]'))\n"
            f"  if (!root.dataset.alive) {{ root.dataset.alive = 'yes'; mount(root, {state}); }}\n"
            "</script>"
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": self.alt}
