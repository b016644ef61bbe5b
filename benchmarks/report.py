"""The rows of a run as a table, and what they come to."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

Row = dict[str, Any]
PICTURE = "A point for each row: the best peer's time over ours, model by model"
CURVES = "Time against n and against p on log axes, ours and the best peer's, model by model"
TARGET = "at least 1 on 90% of the rows, at least 2 in the median, never below 0.5"


def read(path: Path) -> list[Row]:
    """The lines of a run; a last line that was cut off by a kill is left out."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            rows.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return rows


def append(path: Path, row: Row) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")


def key(row: Row) -> tuple[str, str, str, str]:
    return row["model"], row["data"], row["setting"], row["axis"]


def rows_of(lines: Iterable[Row]) -> list[Row]:
    """The measurements of the table: neither the run's own line nor the growth plots' points."""
    return [line for line in lines if "model" in line and not line["axis"]]


def summary(rows: list[Row]) -> list[Row]:
    """For each model and for all, at each tolerance: share of ratios ≥ 1, median, minimum."""
    found = []
    models = list(dict.fromkeys(row["model"] for row in rows))
    for model in [*models, "all"]:
        for tol in sorted({row["tol"] for row in rows}, reverse=True):
            chosen = [row for row in rows if row["tol"] == tol and model in (row["model"], "all")]
            if not chosen:
                continue
            ratios = np.array([row["ratio"] for row in chosen])
            found.append(
                {
                    "model": model,
                    "tol": tol,
                    "rows": len(chosen),
                    "share": float(np.mean(ratios >= 1)),
                    "median": float(np.median(ratios)),
                    "least": float(ratios.min()),
                    "unproved": sum(row["ours"] is None for row in chosen),
                }
            )
    return found


def markdown(lines: list[Row]) -> str:
    """The whole report: how it was measured, the summary, and a table for each model."""
    run = next((line for line in lines if "versions" in line), {})
    rows = rows_of(lines)
    parts = ["# Time to a certified gap", "", *_method(run), "", "## Summary", ""]
    parts += [f"Target: best peer / ours {TARGET}.", ""]
    parts += _table(
        ("model", "gap", "rows", "ratio ≥ 1", "median", "minimum"),
        (
            (
                f"**{s['model']}**" if s["model"] == "all" else s["model"],
                f"{s['tol']:.0e}",
                s["rows"],
                f"{s['share']:.0%}",
                f"{s['median']:.2f}",
                f"{s['least']:.2f}",
            )
            for s in summary(rows)
        ),
    )
    parts += ["", f"![{PICTURE}](results.png)", "", *_growth(lines)]
    for model in dict.fromkeys(row["model"] for row in rows):
        parts += ["", f"## {model}", ""]
        parts += _table(
            ("data", "n × p", "setting", "gap", "ours", "best peer", "its time", "ratio", "floor"),
            (_cells(row) for row in rows if row["model"] == model),
        )
    return "\n".join(parts) + "\n"


def _method(run: Row) -> list[str]:
    versions = ", ".join(f"{name} {v}" for name, v in run.get("versions", {}).items())
    return [
        "Written by `make bench`. Times are processor times, medians of interleaved runs in one process, "
        f"{run.get('threads', 1)} thread for everybody; seed {run.get('seed', '?')}. `gap` is the "
        "relative duality gap that is asked for. Each peer runs at the loosest tolerance at which "
        "its answer reaches that gap (scanned by tens, then bisected, outside the timed part), "
        "judged by the best lower bound known, so no peer works for want of a proof; our solvers "
        "prove theirs within the time. `ratio` is the best peer's time over ours: above 1 ours is "
        "quicker. `>` marks rows where no peer reached the gap in the time it had "
        f"({run.get('limits', 'see --help')}). `floor` is one pass over X and, for dense data, one "
        "Cholesky factor of the smaller Gram matrix, over our time.",
        "",
        f"Versions: {versions}.",
    ]


def _cells(row: Row) -> tuple[Any, ...]:
    best = row["best"]
    theirs = duration(row["peers"][best]["seconds"]) if best else "not reached"
    ratio = f"{'> ' if row['bound'] else ''}{row['ratio']:.2f}"
    floor = "" if row["ours"] is None else f"{row['floor'] / row['ours']:.2f}"
    ours = "not proved" if row["ours"] is None else duration(row["ours"])
    size = f"{row['n']} × {row['p']}"
    gap = f"{row['tol']:.0e}"
    ratio = f"**{ratio}**" if row["ratio"] < 1 else ratio
    return row["data"], size, row["setting"], gap, ours, best or "none", theirs, ratio, floor


def _growth(lines: list[Row]) -> list[str]:
    slopes = list(growth(lines))
    if not slopes:
        return []
    cells = ((s["model"], s["axis"], f"{s['ours']:.2f}", f"{s['peer']:.2f}") for s in slopes)
    return [
        "## Growth",
        "",
        "Exponents fitted to time ≈ c·sizeᵏ over the larger half of the sizes.",
        "",
        *_table(("model", "size", "ours", "best peer"), cells),
        "",
        f"![{CURVES}](growth.png)",
    ]


def growth(lines: list[Row]) -> Iterator[Row]:
    """Time against n and against p for each model: the points, and exponents fitted to them."""
    points = [line for line in lines if line.get("axis") and line["ours"] is not None]
    for model in dict.fromkeys(row["model"] for row in points):
        for axis in ("n", "p"):
            chosen = [r for r in points if (r["model"], r["axis"]) == (model, axis) and r["best"]]
            chosen.sort(key=lambda row: row[axis])
            sizes = [row[axis] for row in chosen]
            if len(set(sizes)) < 3:
                continue
            ours = [row["ours"] for row in chosen]
            peer = [row["peers"][row["best"]]["seconds"] for row in chosen]
            yield {
                "model": model,
                "axis": axis,
                "sizes": sizes,
                "times": (ours, peer),
                "ours": slope(sizes, ours),
                "peer": slope(sizes, peer),
            }


def slope(sizes: list[float], times: list[float]) -> float:
    """The exponent k of time ≈ c·sizeᵏ, over the larger half of the sizes (at least three)."""
    first = min(len(sizes) // 2, len(sizes) - 3)
    return float(np.polyfit(np.log(sizes[first:]), np.log(times[first:]), 1)[0])


def duration(seconds: float) -> str:
    """1.23 ms, 45.6 ms, 7.89 s."""
    value, unit = (seconds, "s") if seconds >= 1 else (1e3 * seconds, "ms")
    return f"{value:.3g} {unit}"


def _table(header: Iterable[Any], rows: Iterable[Iterable[Any]]) -> list[str]:
    head = [str(cell) for cell in header]
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
