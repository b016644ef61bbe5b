"""The report's two pictures: every row's ratio, and how time grows with n and p."""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from benchmarks import report
from helpers.figures import COLOURS


def ratios(rows: list[report.Row], path: Path) -> None:
    """A point for each row: best peer / ours, and floor / ours beside it."""
    models = list(dict.fromkeys(row["model"] for row in rows))
    figure = Figure(figsize=(9, 1.2 + 0.55 * len(models)), layout="constrained")
    axes = figure.add_subplot()
    marks = {1e-6: ("o", COLOURS["blue"]), 1e-10: ("s", COLOURS["orange"])}
    for level, model in enumerate(reversed(models)):
        for tol, (mark, colour) in marks.items():
            chosen = [r for r in rows if r["model"] == model and r["tol"] == tol and r["ours"]]
            shift = 0.15 if tol == 1e-6 else -0.05
            spread = level + shift + 0.08 * np.sin(np.arange(len(chosen)))
            first = level == 0
            axes.scatter(
                [r["ratio"] for r in chosen],
                spread,
                s=14,
                marker=mark,
                color=colour,
                alpha=0.7,
                label=f"best peer / ours, gap {tol:.0e}" if first else None,
            )
        chosen = [r for r in rows if r["model"] == model and r["ours"]]
        axes.scatter(
            [r["floor"] / r["ours"] for r in chosen],
            np.full(len(chosen), level - 0.25),
            s=14,
            marker="|",
            color="0.5",
            label="floor / ours" if level == 0 else None,
        )
    axes.axvline(1, color="black", linewidth=1)
    axes.axvline(0.5, color="black", linewidth=1, linestyle=":")
    axes.set(xscale="log", xlabel="ratio of times (right of 1: ours is quicker)")
    axes.set_yticks(range(len(models)), labels=list(reversed(models)))
    axes.grid(axis="x", alpha=0.3)
    figure.legend(loc="outside upper center", ncols=3, frameon=False)
    figure.savefig(path, dpi=130)


def growth(lines: list[report.Row], path: Path) -> None:
    """Time against n (left) and p (right) on log axes, one row of panels for each model."""
    curves = list(report.growth(lines))
    if not curves:
        return
    models = list(dict.fromkeys(curve["model"] for curve in curves))
    figure = Figure(figsize=(9, 2.3 * len(models)), layout="constrained")
    panels = figure.subplots(len(models), 2, squeeze=False)
    for row in panels:
        for axes in row:
            axes.set_axis_off()
    for curve in curves:
        axes = panels[models.index(curve["model"]), "np".index(curve["axis"])]
        axes.set_axis_on()
        for k, (name, times) in enumerate(zip(("ours", "peer"), curve["times"], strict=True)):
            axes.loglog(
                curve["sizes"],
                times,
                marker="os"[k],
                linestyle=("-", "--")[k],
                color=COLOURS[("blue", "orange")[k]],
                label=f"{'ours' if k == 0 else 'best peer'}: exponent {curve[name]:.2f}",
            )
        axes.set(title=curve["model"], xlabel=curve["axis"], ylabel="seconds")
        axes.set_xticks(curve["sizes"], labels=[str(size) for size in curve["sizes"]])
        axes.tick_params(axis="x", which="minor", labelbottom=False)
        axes.legend(frameon=False, fontsize=8)
        axes.grid(alpha=0.3)
    figure.savefig(path, dpi=110)
