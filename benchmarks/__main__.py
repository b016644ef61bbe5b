"""python -m benchmarks: measure, write each row as it comes, and report."""

import argparse
import secrets
import time
import warnings
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path

from threadpoolctl import threadpool_limits

from benchmarks import designs, plots, report
from benchmarks.case import Case
from benchmarks.measure import Limits, measure, warm_up
from benchmarks.models import ALL

RESULTS = Path(__file__).parent / "results"
PACKAGES = ("numpy", "scipy", "scikit-learn", "celer", "skglm", "cvxpy", "clarabel", "osqp")
QUICK = ("wine", "breast cancer")
# growth stops at sizes where a model's Gram or kernel matrix would dominate the whole run
LARGEST = {"kernel_svm": (2000, 0), "kernel_ridge": (4000, 0), "linear_program": (1000, 400)}
LARGEST["quadratic_program"] = (0, 400)


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--seed", type=int, help="repeat a run's data; fresh data otherwise")
    parser.add_argument("--models", default="", help=f"of {','.join(ALL)}")
    parser.add_argument("--data", default="", help=f"of {','.join(designs.NAMES)}")
    parser.add_argument("--quick", action="store_true", help="two small sets, one setting a model")
    parser.add_argument("--growth", choices=("also", "only", "no"), default="also")
    parser.add_argument("--resume", action="store_true", help="go on with the rows in --out")
    parser.add_argument("--report", action="store_true", help="only write the report of --out")
    parser.add_argument("--out", type=Path, default=RESULTS, help="a folder (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=1, help="for everybody alike")
    parser.add_argument(
        "--ratio", type=float, default=30.0, help="a peer's time over ours, at most"
    )
    parser.add_argument("--cap", type=float, default=20.0, help="a peer's seconds a run, at most")
    parser.add_argument("--spend", type=float, default=2.0, help="seconds for a row's repeats")
    options = parser.parse_args(argv)
    for name, known in (("models", ALL), ("data", designs.NAMES)):
        chosen = [part.strip() for part in getattr(options, name).split(",") if part.strip()]
        for part in chosen:
            if part not in known:
                parser.error(f"--{name}: {part!r} is none of {', '.join(known)}")
        setattr(options, name, chosen or list(known))
    return options


def cases(
    options: argparse.Namespace, seed: int
) -> Iterator[tuple[str, Callable[[], Iterator[Case]]]]:
    """Every model on every data set, then the growth plots' points; built one at a time."""
    for model in options.models if options.growth != "only" else ():
        for name in QUICK if options.quick else options.data:

            def table(model: str = model, name: str = name) -> Iterator[Case]:
                found = ALL[model](designs.load(seed, name))
                return (case for k, case in enumerate(found) if k == 0 or not options.quick)

            yield f"{model}, {name}", table
    for model in options.models if options.growth != "no" and not options.quick else ():
        largest = LARGEST.get(model, (16_000, 800))
        for axis, loader in designs.growth(seed, *largest):

            def point(model: str = model, axis: str = axis, loader: designs.Loader = loader):
                for case in list(ALL[model](loader()))[1:2] or list(ALL[model](loader())):
                    yield Case(**{**vars(case), "axis": axis, "tolerances": (1e-8,)})

            yield f"{model}, growth", point


def header(options: argparse.Namespace, seed: int) -> report.Row:
    return {
        "seed": seed,
        "threads": options.threads,
        "limits": f"{options.ratio:g} times ours, at most {options.cap:g} s a run",
        "versions": {name: _version(name) for name in PACKAGES},
    }


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "missing"


def main(argv: list[str] | None = None) -> None:
    options = arguments(argv)
    options.out.mkdir(parents=True, exist_ok=True)
    path = options.out / "rows.jsonl"
    lines = report.read(path) if (options.resume or options.report) and path.exists() else []
    if not options.report:
        _run(options, path, lines)
    _write(options.out, report.read(path))


def _run(options: argparse.Namespace, path: Path, lines: list[report.Row]) -> None:
    warnings.simplefilter("ignore")  # peers that stop early say so; their gap says it as well
    known = next((line["seed"] for line in lines if "versions" in line), None)
    seed = next(s for s in (options.seed, known, secrets.randbelow(2**31)) if s is not None)
    if not lines:
        path.write_text("", encoding="utf-8")
        report.append(path, header(options, seed))
    done = {report.key(line) for line in lines if "model" in line}
    limits = Limits(ratio=options.ratio, most=options.cap, spend=options.spend)
    print(f"seed {seed}, rows in {path}", flush=True)
    with threadpool_limits(options.threads):
        for model in options.models:
            for design in designs.tiny():
                for case in ALL[model](design):
                    warm_up(case)
        for name, build in cases(options, seed):
            try:
                _each(name, build, done, limits, path)
            except Exception as error:  # one case that cannot be built must not end a night's run
                print(f"{name}: {type(error).__name__}: {error}", flush=True)


def _each(
    name: str, build: Callable[[], Iterator[Case]], done: set, limits: Limits, path: Path
) -> None:
    for case in build():
        if case.key in done:
            continue
        start = time.perf_counter()
        for row in measure(case, limits):
            report.append(path, row)
            print(
                f"{name}, {case.setting}, {row['tol']:.0e}: {row['ratio']:.2f} "
                f"({row['best'] or 'nobody'}) in {time.perf_counter() - start:.0f} s",
                flush=True,
            )


def _write(out: Path, lines: list[report.Row]) -> None:
    (out / "results.md").write_text(report.markdown(lines), encoding="utf-8")
    rows = report.rows_of(lines)
    if rows:
        plots.ratios(rows, out / "results.png")
    plots.growth(lines, out / "growth.png")
    for line in report.summary(rows):
        print(
            f"{line['model']:>18} {line['tol']:.0e}: {line['rows']:3} rows, {line['share']:4.0%} ≥ 1,"
            f" median {line['median']:.2f}, minimum {line['least']:.2f}"
        )


if __name__ == "__main__":
    main()
