"""Submissions are found in every shape that a platform gives, and a hostile zip stays in its folder."""

import io
import stat
import zipfile
from pathlib import Path

import pytest

from helpers.grading.intake import MAX_MEMBERS, find_submissions, number_of, student_of, unpack
from helpers.grading.submission import MAX_BYTES, Malformed, read_bytes

CELL = '{"cells": [{"cell_type": "code", "source": "def NAME(): pass"}], "nbformat": 4}'


def zipped(files: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def laid_out(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return root


SHAPES = {
    "flat": ({"ada.ipynb": CELL, "bob.ipynb": CELL}, ["ada", "bob"]),
    "folders": (
        {"ada/04_g.ipynb": CELL, "ada/01_sets.ipynb": CELL, "bob/x/04_a.ipynb": CELL},
        ["ada", "bob"],
    ),
    "zips": (
        {
            "ada.zip": zipped({"04_g.ipynb": CELL, "notes.txt": "x"}),
            "bob.zip": zipped({"a/04.ipynb": CELL}),
        },
        ["ada", "bob"],
    ),
    "nbgrader": (
        {"submitted/ada/2_a/04_g.ipynb": CELL, "submitted/bob/2_a/04_g.ipynb": CELL},
        ["ada", "bob"],
    ),
    "canvas": (
        {
            "doeada_101_2001_04_g.ipynb": CELL,
            "doeada_101_2002_04_g-1.ipynb": CELL,
            "roebob_LATE_102_2003_04_g.ipynb": CELL,
        },
        ["doeada_101", "roebob_102"],
    ),
    "moodle folders": (
        {
            "Ada Doe_301_assignsubmission_file/04_g.ipynb": CELL,
            "Bob Roe_302_assignsubmission_file_/04_g.ipynb": CELL,
        },
        ["Ada Doe_301", "Bob Roe_302"],
    ),
    "moodle flat": (
        {
            "Ada Doe_301_assignsubmission_file_04_g.ipynb": CELL,
            "Bob Roe_302_assignsubmission_file_x.zip": zipped({"04_g.ipynb": CELL}),
        },
        ["Ada Doe_301", "Bob Roe_302"],
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("as_zip", [False, True], ids=["folder", "zip"])
def test_each_student_is_found_with_the_right_notebook(shape, as_zip, tmp_path):
    files, students = SHAPES[shape]
    source = laid_out(tmp_path / "in", files)
    if as_zip:
        source = tmp_path / "class.zip"
        source.write_bytes(zipped(files))
    found = find_submissions(source, "04", tmp_path / "unpacked")
    assert [submission.student for submission in found] == students
    for submission in found:
        assert read_bytes(submission.path) == CELL.encode()
        assert "01_sets" not in submission.path.name


def test_a_class_zip_may_hold_one_folder_with_all_students(tmp_path):
    source = tmp_path / "all.zip"
    source.write_bytes(
        zipped({"A2/ada.ipynb": CELL, "A2/bob.ipynb": CELL, "__MACOSX/A2/._ada.ipynb": "x"})
    )
    assert [s.student for s in find_submissions(source, None, tmp_path / "u")] == ["ada", "bob"]


def test_the_last_attempt_counts_and_ten_comes_after_nine(tmp_path):
    files = {
        f"doeada_101_{2000 + i}_04_g-{i}.ipynb": CELL.replace("NAME", f"f{i}") for i in range(8, 12)
    }
    (found,) = find_submissions(laid_out(tmp_path, files), "04")
    assert "f11" in found.path.read_text()


def test_without_a_name_that_tells_the_notebook_with_most_functions_counts(tmp_path):
    two = '{"cells": [{"cell_type": "code", "source": "def a(): 1\\ndef b(): 1"}]}'
    (found,) = find_submissions(laid_out(tmp_path, {"ada/x.ipynb": CELL, "ada/y.ipynb": two}), "04")
    assert found.path.name == "y.ipynb"


def test_two_submissions_of_one_student_are_for_the_teacher_to_choose(tmp_path):
    laid_out(tmp_path, {"ada.ipynb": CELL, "ada/04.ipynb": CELL})
    with pytest.raises(ValueError, match="more than one submission of ada"):
        find_submissions(tmp_path, "04")


def test_nothing_to_grade_is_said(tmp_path):
    with pytest.raises(ValueError, match="no notebooks"):
        find_submissions(laid_out(tmp_path, {"readme.txt": "x"}), "04")
    with pytest.raises(ValueError, match="no folder and no zip"):
        find_submissions(tmp_path / "missing", "04")


def test_a_zip_cannot_write_outside_its_folder(tmp_path):
    names = [
        "../out.ipynb",
        "/abs.ipynb",
        "a/../../up.ipynb",
        "..\\win.ipynb",
        "C:\\x.ipynb",
        "ok.ipynb",
    ]
    path = tmp_path / "evil.zip"
    path.write_bytes(zipped(dict.fromkeys(names, CELL)))
    written = unpack(path, tmp_path / "deep" / "in", 50, None)
    assert len(written) == len(names) - 1  # a name that begins with a dot is hidden, and left out
    everything = [p for p in tmp_path.rglob("*") if p.is_file() and p != path]
    assert all(p.resolve().is_relative_to(tmp_path / "deep" / "in") for p in everything)


def test_a_link_in_a_zip_is_left_out(tmp_path):
    path = tmp_path / "links.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("passwd.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert unpack(path, tmp_path / "in", 50, None) == []


def test_a_zip_bomb_is_cut_and_told_as_too_large(tmp_path):
    bomb = zipped({"04.ipynb": b"\0" * (MAX_BYTES + 50_000_000)})
    assert len(bomb) < 200_000
    (found,) = find_submissions(laid_out(tmp_path / "in", {"ada.zip": bomb}), "04", tmp_path / "u")
    assert found.path.stat().st_size == MAX_BYTES + 1
    with pytest.raises(Malformed, match="larger than"):
        read_bytes(found.path)


def test_a_zip_of_many_members_stops_being_read(tmp_path):
    path = tmp_path / "many.zip"
    path.write_bytes(zipped({f"{i}.ipynb": "x" for i in range(3 * MAX_MEMBERS)}))
    assert len(unpack(path, tmp_path / "in", MAX_MEMBERS, None)) == MAX_MEMBERS


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"no zip at all"])
def test_a_damaged_zip_is_a_malformed_submission_not_a_lost_one(content, tmp_path):
    source = laid_out(tmp_path / "in", {"ada.zip": content, "bob.ipynb": CELL})
    found = find_submissions(source, "04", tmp_path / "u")
    assert [s.student for s in found] == ["ada", "bob"]


def test_a_link_is_a_submission_that_cannot_be_opened(tmp_path):
    (tmp_path / "secret").write_text(CELL)
    (tmp_path / "ada.ipynb").symlink_to(tmp_path / "secret")
    (found,) = find_submissions(tmp_path, "04")
    with pytest.raises(Malformed):
        read_bytes(found.path)


def test_the_number_of_a_platform_is_kept_in_the_name():
    assert number_of(student_of("doeada_101_2001_A2.ipynb")) == "101"
    assert number_of(student_of("Ada Doe_301_assignsubmission_file_")) == "301"
    assert number_of(student_of("ada.ipynb")) == ""
