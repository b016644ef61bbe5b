"""A table of one's own: ugly files are told what is wrong with them, and the verdict is honest."""

import re

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
    assert "copies of other rows: 1, left out" in told and len(table.y) == 59


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
        ("a,b\n1,2\n\n1,2,3\n", "b", "line 4 has 3 cells"),
        ("a,b\n" + "".join(f"{k},2\n" for k in range(40)), "b", "nothing to predict"),
        ("a,b\n" + "".join(f"{k},{'xyz'[k % 3]}\n" for k in range(40)), "b", "different words"),
        (
            "a,b\n" + "".join(f"7,{k}\n" for k in range(40)),
            "b",
            "no column is left .*a is constant",
        ),
        (
            "a,b\n" + "".join(f"{k % 7},{1 + (k == 3)}\n" for k in range(40)),
            "b",
            "1 complete rows only",
        ),
        (
            "a,b\n" + "".join(f"{k % 7},{'1' if k % 2 else '1.0'}\n" for k in range(40)),
            "b",
            "same in all",
        ),
    ],
)
def test_what_cannot_be_mended_is_told_by_name(tmp_path, text, target, told):
    with pytest.raises(ValueError, match=told):
        read_table(write(tmp_path, text), target)


def test_a_file_that_is_not_there_is_told():
    with pytest.raises(ValueError, match="path must be a CSV file"):
        read_table("nowhere.csv", "y")


def study_of(path, lines, target="y"):
    table = read_table(write(path, "\n".join(lines)), target)
    return study(table, np.random.default_rng(0), splits=6)


def numbers(X, y):
    names = ",".join([*(f"x{j}" for j in range(X.shape[1])), "y"])
    return [names, *(",".join(f"{v:.6g}" for v in (*x, t)) for x, t in zip(X, y, strict=True))]


def test_noise_that_stands_in_the_file_five_times_is_not_called_useful(tmp_path):
    rng = np.random.default_rng(2)
    lines = numbers(rng.standard_normal((40, 15)), rng.standard_normal(40))
    verdict = study_of(tmp_path, [lines[0], *(5 * lines[1:])])
    assert not verdict.useful and len(verdict.table.y) == 40


def test_equal_rows_of_few_words_are_kept(tmp_path):
    rng = np.random.default_rng(3)
    lines = [f"{'ab'[a]},{'xyz'[b]},{['no', 'yes'][c]}" for a, b, c in rng.integers(0, 2, (90, 3))]
    table = read_table(write(tmp_path, "\n".join(["a,b,y", *lines])), "y")
    assert len(table.y) == 90 and any("kept" in note for note in table.notes)


@pytest.mark.parametrize("size", [1e-9, 1.0, 1e150])
def test_the_unit_changes_neither_the_proof_nor_the_verdict(tmp_path, size):
    rng = np.random.default_rng(4)
    X = rng.standard_normal((80, 2))
    y = 3 * X[:, 0] + 0.3 * rng.standard_normal(80)
    with np.errstate(all="raise", under="ignore"):
        verdict = study_of(tmp_path, numbers(X * np.array([1e200, 1e-200]), size * y))
    assert verdict.useful and verdict.certified
    assert 0.1 < verdict.error[0] / size < 0.5 and verdict.weights[0][1] / size == pytest.approx(
        3, 0.2
    )


def test_a_few_wild_values_are_met_by_another_loss(tmp_path):
    rng = np.random.default_rng(5)
    X = rng.standard_normal((150, 2))
    wild = (rng.random(150) < 0.08) * 1000 * rng.standard_normal(150)
    verdict = study_of(tmp_path, numbers(X, 3 * X[:, 0] + 0.3 * rng.standard_normal(150) + wild))
    assert verdict.model == "Huber regression" and verdict.useful


def test_a_target_made_of_its_columns_is_suspected(tmp_path):
    rng = np.random.default_rng(6)
    X = rng.standard_normal((80, 3))
    assert "hardly an error" in str(study_of(tmp_path, numbers(X, X.sum(axis=1))))


def test_a_rare_class_is_spoken_of_and_each_split_has_its_share(tmp_path):
    rng = np.random.default_rng(7)
    X = rng.standard_normal((150, 2))
    lines = numbers(X, np.argsort(np.argsort(X[:, 0])) < 12)
    verdict = study_of(tmp_path, lines)
    assert "92% of the rows" in str(verdict) and verdict.certified and verdict.useful


def test_what_is_not_proved_is_not_called_certified(tmp_path):
    rng = np.random.default_rng(8)
    table = read_table(
        write(tmp_path, "\n".join(numbers(rng.standard_normal((60, 2)), rng.standard_normal(60)))),
        "y",
    )
    verdict = study(table, np.random.default_rng(0), splits=2, tol=1e-17)
    assert "not proved" in str(verdict) and "solver is not to blame" not in str(verdict)


@pytest.mark.parametrize(
    "written",
    [
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.replace("size", "größe €").encode("cp1252"),
        lambda text: ("sep=;\n" + text.replace(",", ";")).encode(),
        lambda text: "\n".join(line + ",," for line in text.split("\n")).encode(),
        lambda text: text.replace(",", "\t").replace(".", ",").encode(),
        lambda text: text.replace(",", ";").replace("size", '"size, in m"').encode(),
        lambda text: re.sub(
            r"[^,\n]+", lambda cell: f'"{cell[0]}"'.replace(".", ","), text
        ).encode(),
        lambda text: re.sub(r"^(\d[^,]*)", r"\1%", text, flags=re.M).encode(),
    ],
    ids=[
        "utf-16",
        "bom",
        "cp1252",
        "sep",
        "trailing",
        "tabs",
        "comma-in-a-name",
        "quoted-commas",
        "percent",
    ],
)
def test_however_it_was_exported_it_is_the_same_table(tmp_path, written):
    text = re.sub(r"(\.\d\d)\d", r"\1", "\n".join(rows()))
    plain = read_table(write(tmp_path, text), "price")
    file = tmp_path / "other.csv"
    file.write_bytes(written(text))
    other = read_table(file, "price")
    assert np.allclose(other.X, plain.X) and np.allclose(other.y, plain.y)


@pytest.mark.parametrize("raw", [b"PK\x03\x04\x14\x00", b"\x89PNG\r\n\x1a\n\x00\x00"])
def test_a_workbook_or_a_picture_is_told_to_be_no_csv(tmp_path, raw):
    file = tmp_path / "table.csv"
    file.write_bytes(raw + bytes(100))
    with pytest.raises(ValueError, match="export the table as CSV"):
        read_table(file, "y")


def test_dates_row_numbers_and_stray_words_are_told_apart(tmp_path):
    lines = rows()
    lines = [
        f"{'day,n' if k == 0 else f'2024-05-{1 + k % 28:02d},{k}'},{line}"
        for k, line in enumerate(lines)
    ]
    lines[4] = lines[4].replace(lines[4].split(",")[2], "#REF!")
    table = read_table(write(tmp_path, "\n".join(lines)), "price")
    told = " ".join(table.notes)
    assert "day holds dates" in told and "n counts the rows" in told and "'#REF!'" in told
    assert "size" in table.names and len(table.y) == 59


def test_a_quoted_cell_may_go_over_two_lines(tmp_path):
    lines = [
        ('"two\nlines",' if k == 0 else f'"a\nb{k % 2}",') + line for k, line in enumerate(rows())
    ]
    table = read_table(write(tmp_path, "\n".join(lines)), "price")
    assert "two lines = a b1" in table.names


def test_commas_that_may_group_thousands_are_taken_so_and_it_is_said(tmp_path):
    lines = ["rent,y", *(f'"{1 + k % 9},{100 + 7 * k}",{k % 11}' for k in range(40))]
    table = read_table(write(tmp_path, "\n".join(lines)), "y")
    assert table.X[0, 0] == 1100 and any("group thousands" in note for note in table.notes)
