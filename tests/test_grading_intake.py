"""Submissions are found in every shape that a platform gives, each under its own learner's name."""

import os

import pytest
from handed_in import CELL, laid_out, zipped

from helpers.grading.intake import find_submissions, number_of, printable, student_of
from helpers.grading.submission import Malformed, read_bytes

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
    with pytest.raises(ValueError, match="no folder, no zip and no notebook"):
        find_submissions(tmp_path / "missing", "04")


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


def test_a_zip_of_one_learner_alone_is_not_taken_for_the_folder_of_the_class(tmp_path):
    name = "Ada Doe_301_assignsubmission_file"
    (tmp_path / "class.zip").write_bytes(
        zipped({f"{name}/04.ipynb": CELL, f"{name}/x.ipynb": CELL})
    )
    (found,) = find_submissions(tmp_path / "class.zip", "04", tmp_path / "u")
    assert (found.student, found.path.name) == ("Ada Doe_301", "04.ipynb")


def test_zips_of_the_same_name_in_the_same_folder_stay_apart(tmp_path):
    """Or the second learner's empty zip would hand in what the first one wrote."""
    files = {
        "ada/A2/work.zip": zipped({"04_ada.ipynb": CELL.replace("NAME", "ada")}),
        "bob/A2/work.zip": zipped({"04_a.ipynb": CELL.replace("NAME", "bob")}),
    }
    found = find_submissions(laid_out(tmp_path / "in", files), "04", tmp_path / "u")
    assert [s.student in s.path.read_text() for s in found] == [True, True]


def test_a_zip_that_was_handed_in_again_leaves_nothing_of_the_first(tmp_path):
    source = laid_out(
        tmp_path / "in", {"ada.zip": zipped({"04_old.ipynb": CELL, "x/y.ipynb": CELL})}
    )
    find_submissions(source, "04", tmp_path / "u")
    laid_out(source, {"ada.zip": zipped({"04_new.ipynb": CELL})})
    (found,) = find_submissions(source, "04", tmp_path / "u")
    assert found.path.name == "04_new.ipynb" and len(list(tmp_path.glob("u/**/*.ipynb"))) == 1


def test_a_name_that_is_no_utf_8_or_hides_something_is_spelt_out(tmp_path):
    for name in (b"J\xf6rg.ipynb", b"J\xfcrg.ipynb", "\x1b[2Jeve\u202e.ipynb".encode()):
        with open(os.path.join(os.fsencode(tmp_path), name), "w") as file:
            file.write(CELL)
    found = [submission.student for submission in find_submissions(tmp_path, "04")]
    assert found == ["J\\xf6rg", "J\\xfcrg", "\\x1b[2Jeve\\u202e"]
    assert printable("Zoe\u0308 O'Neil, \u738b") == "Zo\xeb O'Neil, \u738b"


def test_what_we_wrote_into_the_folder_is_nobodys_submission(tmp_path):
    laid_out(tmp_path, {"ada.zip": zipped({"04.ipynb": CELL})})
    for _ in range(2):
        (found,) = find_submissions(tmp_path, "04", tmp_path / "graded" / "unpacked")
        assert found.student == "ada"


def test_one_notebook_is_a_class_of_one(tmp_path):
    laid_out(tmp_path, {"ada.ipynb": CELL, "bob.ipynb": CELL})
    (found,) = find_submissions(tmp_path / "ada.ipynb")
    assert found.student == "ada"
