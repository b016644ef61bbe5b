"""The card that a learner sees after `check`: HTML in a notebook, plain text everywhere else."""

import re
import sys
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from . import progress

if TYPE_CHECKING:
    from .exercises.judging import Case, Report

_CSS = """<style>
.cx{--ok:#17663f;--no:#a3221b;--idle:#475569;--fg:#1b1f24;--dim:#4b5563;--bg:#fff;--soft:#f1f3f5;
--line:#c3c8ce;--link:#0b4fb3;font:14px/1.55 system-ui,sans-serif;color:var(--fg);
background:var(--bg);border:1px solid var(--line);border-left:6px solid var(--edge);
border-radius:6px;padding:12px 16px;max-width:760px;margin:4px 0}
[data-jp-theme-light="false"] .cx,[data-theme="dark"] .cx{--ok:#6fdba5;--no:#ff9d94;--idle:#b6c0cc;
--fg:#e8eaed;--dim:#b6bcc4;--bg:#1b1f24;--soft:#2a3038;--line:#4a525c;--link:#8ab8ff}
.cx.correct{--edge:var(--ok)}.cx.not-yet{--edge:var(--no)}.cx.idle{--edge:var(--idle)}
.cx p{margin:4px 0}.cx .head{font-weight:700;font-size:15px;color:var(--edge)}
.cx dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 12px;margin:8px 0}
.cx dt{color:var(--dim)}.cx dd{margin:0;overflow-wrap:anywhere}
.cx code{background:var(--soft);color:var(--fg);padding:0 4px;border-radius:3px}
.cx .dim{color:var(--dim)}
.cx details{border-top:1px solid var(--line);margin-top:6px;padding-top:6px}
.cx summary{cursor:pointer;color:var(--link)}
.cx summary:focus-visible{outline:3px solid var(--link);outline-offset:2px}
</style>"""

_HEADS = {
    "correct": "✓ Correct",
    "not yet": "✗ Not yet",
    "small": "✓ Holds on small examples",
    "not attempted": "○ Not attempted yet",
}
_LOOKS = {"correct": "correct", "small": "correct", "not yet": "not-yet"}


@dataclass(frozen=True)
class Message:
    """One sentence about the call of `check` itself."""

    sentence: str

    def __repr__(self) -> str:
        return self.sentence

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        page = (
            f'{_CSS}<section class="cx idle" role="status"><p>{worded(self.sentence)}</p></section>'
        )
        return {"text/plain": self.sentence, "text/html": page}


@dataclass(frozen=True)
class Card:
    """A report, to be read: the verdict, a counterexample, hints to open one by one."""

    report: "Report"

    def __repr__(self) -> str:
        report = self.report
        lines = [f"{_HEADS[report.status]}: {report.exercise}", f"  {report.sentence}"]
        case = report.counterexample
        if case:
            lines += [f"  {label}: {text}" for label, text in _rows(report, case)]
        lines += [f"  Note: {note}" for note in report.notes]
        if report.status == "not yet" and report.hints:
            lines.append(f"  {len(report.hints)} hints: from helpers.feedback import hint;")
            lines.append(f"    hint({report.exercise!r}, 1)")
        return "\n".join(lines)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self.html()}

    def html(self) -> str:
        """The card as one self-contained section, safe to put on any page."""
        report = self.report
        look = _LOOKS.get(report.status, "idle")
        about = "" if report.status == "small" else f": {escape(report.title)}"
        head = f"{_HEADS[report.status]}{about}"
        parts = [f'<p class="head">{head} <code>{escape(report.exercise)}</code></p>']
        parts.append(f"<p>{worded(report.sentence)}</p>")
        case = report.counterexample
        if case:
            rows = "".join(
                f"<dt>{escape(label)}</dt><dd>{_value(label, text)}</dd>"
                for label, text in _rows(report, case)
            )
            parts.append(f"<dl>{rows}</dl>")
        parts += [f'<p class="dim">Note: {worded(note)}</p>' for note in report.notes]
        if report.status != "correct":
            parts += [
                '<details><summary data-lm-suppress-shortcuts="true">'
                f"Hint {i} of {len(report.hints)}</summary>{worded(hint)}</details>"
                for i, hint in enumerate(report.hints, 1)
            ]
        solved = progress.sentence(report.exercise)
        if solved:
            parts.append(f'<p class="dim">{escape(solved)}</p>')
        named = report.title if about else f"{report.title}, {report.exercise}"  # no two alike
        label = escape(f"{named}: {report.status}", quote=True)
        body = "".join(parts)
        return (
            f'{_CSS}<section class="cx {look}" role="status" aria-label="{label}">{body}</section>'
        )


def show(card: "Card | Message") -> None:
    """Display a card in a notebook; print it everywhere else."""
    if "IPython" in sys.modules:
        from IPython import get_ipython
        from IPython.display import display

        if get_ipython() is not None:
            display(card)
            return
    print(card)


def _rows(report: "Report", case: "Case") -> list[tuple[str, str]]:
    rows = [("Called", case.call)]
    if case.got:
        rows.append(("Came back", case.got))
    if report.mistake:
        rows.append(("Demanded", case.demand))
    right = sum(case.ok for case in report.cases)
    if len(report.cases) > 1:
        rows.append(("Tried", f"{right} of {len(report.cases)} calls are right"))
    return rows


def _value(label: str, text: str) -> str:
    return f"<code>{escape(text)}</code>" if label in ("Called", "Came back") else worded(text)


def worded(sentence: str) -> str:
    """A sentence as HTML, with `code` set as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(sentence))


def hint(name: str, number: int = 1) -> str:
    """Hint `number` (1, 2, 3) of the exercise `name`."""
    from .exercises.registry import find

    hints = find(name).hints
    if not 1 <= number <= len(hints):
        raise ValueError(f"number: {name} has hints 1 to {len(hints)}, not {number}")
    return hints[number - 1]
