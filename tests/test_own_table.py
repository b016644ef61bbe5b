"""A table of one's own: ugly files are told what is wrong with them, and the verdict is honest."""

import numpy as np
import pytest

from helpers import data
from helpers.project import read_table, study


def write(path, text):
    file = path / "table.csv"
    file.write_text(text, encoding="utf-8")
    return file


def rows(n=60, seed=0, separator=",", comma=False):
    rng = np.random.default_rng(seed)
    lines = [separator.join(["size", "colour", "price"])]
    for _ in range(n):
        size = rng.uniform(1, 9)
        colour = ["red", "blue", "green"][rng.integers(3)]
        price = 3 * size + 5 * (colour == "red") + 0.3 * rng.standard_normal()
        cells = [f"{size:.3f}", colour, f"{price:.3f}"]
        lines.append(separator.join(c.replace(".", ",") if comma else c for c in cells))
    return lines


def test_numbers_and_words_become_columns(tmp_path):
    table = read_table(write(tmp_path, "\n".join(rows())), "price")
    assert table.names == ("size", "colour = green", "colour = red") and table.classes is None
    verdict = study(table, np.random.default_rng(0), splits=4)
    assert verdict.useful and verdict.proved <= 1e-6 and verdict.error[0] < 1
    assert "certified and useful" in str(verdict) and verdict.weights[0][0] == "size"


@pytest.mark.parametrize(("separator", "comma"), [(";", True), ("\t", False)])
def test_semicolons_with_decimal_commas_and_tabs_are_understood(tmp_path, separator, comma):
    plain = read_table(write(tmp_path, "\n".join(rows())), "price")
    other = "\n".join(rows(separator=separator, comma=comma))
    assert np.allclose(read_table(write(tmp_path, other), "price").X, plain.X)


def test_noise_is_certified_and_called_useless(tmp_path):
    rng = np.random.default_rng(1)
    lines = ["a,b,y", *(f"{u:.4f},{v:.4f},{w:.4f}" for u, v, w in rng.standard_normal((80, 3)))]
    verdict = study(read_table(write(tmp_path, "\n".join(lines)), "y"), np.random.default_rng(0))
    assert not verdict.useful and verdict.proved <= 1e-6
    assert "no better than guessing" in str(verdict)


def test_two_classes_are_recognised_and_judged_by_the_share_wrong(tmp_path):
    tumours = data.breast_cancer(standardise=False)
    lines = ["radius,texture,diagnosis"]
    for x, y in zip(tumours.X[:200], tumours.y, strict=False):
        lines.append(f"{x[0]},{x[1]},{'benign' if y > 0 else 'malignant'}")
    table = read_table(write(tmp_path, "\n".join(lines)), "diagnosis")
    assert table.classes == ("benign", "malignant")
    verdict = study(table, np.random.default_rng(0), splits=4)
    assert verdict.useful and 0 < verdict.error[0] < 0.25 and "share wrong" in str(verdict)


def test_a_leaking_column_is_noticed(tmp_path):
    lines = [line + ("," + line.split(",")[2] if k else ",copy") for k, line in enumerate(rows())]
    table = read_table(write(tmp_path, "\n".join(lines)), "price")
    assert any("nearly equals the target" in note for note in table.notes)


def test_missing_cells_constant_columns_and_copies_are_noted(tmp_path):
    lines = [line + (",7" if k else ",always") for k, line in enumerate(rows())]
    lines[3] = "NA" + lines[3][lines[3].index(",") :]
    lines.append(lines[5])
    table = read_table(write(tmp_path, "\n".join(lines)), "price")
    told = " ".join(table.notes)
    assert "missing cells, left out: 1" in told and "always is constant" in told
    assert "copies of other rows: 1" in told and len(table.y) == 60


def test_a_column_with_many_gaps_goes_and_the_rows_stay(tmp_path):
    lines = [line + (("," if k % 2 else ",1") if k else ",rare") for k, line in enumerate(rows())]
    table = read_table(write(tmp_path, "\n".join(lines)), "price")
    assert len(table.y) == 60 and any("rare: missing" in note for note in table.notes)


@pytest.mark.parametrize(
    ("text", "target", "told"),
    [
        ("", "y", "header and rows"),
        ("a,b\n", "b", "header and rows"),
        ("a,b\n" + "1,2\n" * 40, "c", "target must be one of"),
        ("a,a,b\n" + "1,2,3\n" * 40, "b", "more than once"),
        ("a,b\n" + "1,2\n" * 10, "b", "at least 30"),
        ("a,b\n1,2\n1,2,3\n", "b", "line 3 has 3 cells"),
        ("a,b\n" + "1,2\n" * 40, "b", "nothing to predict"),
        ("a,b\n" + "".join(f"{k},{'xyz'[k % 3]}\n" for k in range(40)), "b", "different words"),
        ("a,b\n" + "".join(f"7,{k}\n" for k in range(40)), "b", "no column is left"),
    ],
)
def test_what_cannot_be_mended_is_told_by_name(tmp_path, text, target, told):
    with pytest.raises(ValueError, match=told):
        read_table(write(tmp_path, text), target)


def test_a_file_that_is_not_there_is_told():
    with pytest.raises(ValueError, match="path must be a CSV file"):
        read_table("nowhere.csv", "y")
