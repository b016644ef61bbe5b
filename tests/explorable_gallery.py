"""Every explorable of the course, made as a lesson makes it, and a bare page to see it on."""

from pathlib import Path

import numpy as np

from helpers.figures import explore
from helpers.figures.explorable import Explorable

RNG = np.random.default_rng(0)
NAMES = [name for name in explore.__all__ if callable(getattr(explore, name))]
HESSIAN = np.array([[3.0, 1.0], [1.0, 8.0]])
ARGUMENTS: dict[str, tuple] = {
    "attention": ("a sentence", *(RNG.standard_normal((2, 10, 3)) for _ in range(2))),
    "landscape": ((HESSIAN, np.array([0.3, -0.2])), (1.5, 1.0)),
}
OPTIONS: dict[str, dict] = {"landscape": {"methods": explore.METHODS}}


def made(name: str) -> Explorable:
    return getattr(explore, name)(*ARGUMENTS.get(name, ()), **OPTIONS.get(name, {}))


def page_of(explorable: Explorable, folder: Path, theme: str = "light") -> str:
    """The address of a page that holds this explorable alone."""
    ground = {"light": "#ffffff", "dark": "#111111"}[theme]
    path = folder / f"{explorable.name}-{theme}.html"
    path.write_text(
        f'<!doctype html><html lang="en" data-theme="{theme}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{explorable.name}</title></head>'
        f'<body style="background:{ground}"><main>{explorable.html()}</main></body></html>',
        encoding="utf-8",
    )
    return path.as_uri()
