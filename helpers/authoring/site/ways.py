"""Where a lesson can be opened: JupyterLab on this machine, Colab, Binder, or its notebook as a file."""

import re
import subprocess
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

GITHUB = re.compile(
    r"(?:https://github\.com/|git@github\.com:)?([\w.-]+)/([\w.-]+?)(?:\.git)?(?:@([\w./-]+))?/?"
)


@dataclass(frozen=True)
class Repository:
    """A public repository on GitHub, the one place that Colab and Binder both read from."""

    owner: str
    name: str
    branch: str = "main"

    @property
    def address(self) -> str:
        return f"https://github.com/{self.owner}/{self.name}"

    @property
    def install(self) -> str:
        """The cell that a machine without the course runs first."""
        return f"%pip install -q git+{self.address}@{self.branch}"

    def colab(self, notebook: str) -> str:
        path = quote(f"{self.owner}/{self.name}/blob/{self.branch}/course/{notebook}")
        return f"https://colab.research.google.com/github/{path}"

    def binder(self, notebook: str) -> str:
        path = quote(f"{self.owner}/{self.name}/{self.branch}")
        urlpath = quote(f"lab/tree/course/{notebook}", safe="")
        return f"https://mybinder.org/v2/gh/{path}?urlpath={urlpath}"


def repository(said: str | None, root: Path) -> Repository | None:
    """The repository that `said` names ("owner/name", an address, with "@branch" if it is not main).

    Without a word it is this clone's origin, if that is on GitHub. `ValueError` for what names none.
    """
    if said:
        found = GITHUB.fullmatch(said.strip())
        if not found:
            raise ValueError(f"{said!r} is not owner/name or an address on GitHub")
        return Repository(found[1], found[2], found[3] or "main")
    asked = ["git", "-C", str(root), "remote", "get-url", "origin"]
    try:
        origin = subprocess.run(asked, capture_output=True, text=True, timeout=10).stdout.strip()
    except OSError:
        return None
    found = GITHUB.fullmatch(origin) if "github.com" in origin else None
    return Repository(found[1], found[2]) if found else None


def ways(notebook: str, home: str, at: Repository | None) -> str:
    """A row of buttons, as HTML without a line break in it. `home` leads from the page to the site's root."""
    file = f"{home}notebooks/{notebook}"
    help_page = f"{home}docs/zero_install.html"
    local = f"http://localhost:8888/lab/tree/{quote(notebook)}"
    lab = (
        "<p>In the course's folder run <code>make lab</code>, then "
        f'<a href="{local}">open this lesson in your JupyterLab</a>.</p>'
    )
    if at:
        lab += f"<p>Not there yet? <code>git clone {escape(at.address)}</code></p>"
        colab = (
            "<p>Put this into a first cell and run it:</p>"
            f"<pre><code>{escape(at.install)}</code></pre>"
            f'<p><a href="{at.colab(notebook)}">Open this lesson in Colab</a></p>'
        )
        binder = f'<a class="way" href="{at.binder(notebook)}">Binder</a>'
    else:
        colab = (
            "<p>Download the notebook, then <em>File → Upload notebook</em> in Colab. Its first cell "
            f'installs the course: <a href="{help_page}#colab">how, and from where</a>.</p>'
        )
        missing = (
            "<p>Binder builds from a public repository. This site was built without the address of one: "
            f'<a href="{help_page}#binder">how to name it</a>.</p>'
        )
        binder = _way("Binder", missing)
    return (
        '<nav class="ways" aria-label="Open this lesson">'
        f"{_way('JupyterLab', lab)}{_way('Colab', colab)}{binder}"
        f'<a class="way" href="{file}" download>Download the notebook</a></nav>'
    )


def _way(name: str, inside: str) -> str:
    return (
        f'<details class="way" name="ways"><summary>{name}</summary><div>{inside}</div></details>'
    )
