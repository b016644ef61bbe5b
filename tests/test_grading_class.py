"""A class through the teacher's commands: grade with a late policy, report, feedback, exports."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from small_assignment import BODIES, NAME, NUMBER, course, notebook

SCRIPT = "<script>alert(1)</script>"
STUDENTS = {
    "doeada_101_2001_Z9": "right",
    "roebob_102_2002_Z9": "squared",
    "mallory_103_2003_Z9": "ends",
    "lazy_104_2004_Z9": "stub",
    "copy_105_2005_Z9": "right",
}


def helpers(root: Path, *arguments: object) -> subprocess.CompletedProcess:
    env = {**os.environ, "COURSE_SOLUTIONS": str(root / "solutions")}
    command = [sys.executable, "-m", "helpers", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=env, timeout=300)


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> Path:
    """Seven submissions, two days after the due time for one of them."""
    root = tmp_path_factory.mktemp("class")
    course(root)
    submitted = root / "submitted"
    submitted.mkdir()
    for name, body in STUDENTS.items():
        (submitted / f"{name}.ipynb").write_text(notebook(BODIES[body]))
    (submitted / f"{SCRIPT.replace('/', '')}.ipynb").write_text(
        notebook(f"def doubled(x):\n    raise ValueError({SCRIPT!r})")
    )
    (submitted / "broken.ipynb").write_text("{")
    (root / "late.csv").write_text("hours,keep\n24,1\n72,0.5\n")
    (root / "times.csv").write_text("student,submitted\ncopy_105,2027-02-02 12:00:00 UTC\n")
    (root / "roster.txt").write_text("doeada_101\nabsent_999\n")
    options = ["--due", "2027-01-31T12:00+00:00", "--late-policy", root / "late.csv"]
    options += ["--times", root / "times.csv", "--roster", root / "roster.txt", "--workers", 1]
    done = helpers(root, "grade", submitted, "--assignment", NAME, "--out", root / "out", *options)
    assert done.returncode == 0, done.stderr
    return root


def test_a_late_submission_keeps_its_share_and_the_table_says_what_was_lost(graded):
    with open(graded / "out" / "grades.csv", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    late, in_time = rows["copy_105"], rows["doeada_101"]
    assert [late[c] for c in ("raw_score", "late_submission_penalty", "score")] == [
        "3.0",
        "1.5",
        "1.5",
    ]
    assert late["timestamp"].startswith("2027-02-02T12:00")
    assert in_time["score"] == "3.0" and in_time["assignment"] == NAME
    page = (graded / "out" / "feedback" / "copy_105.html").read_text()
    assert "1.5 of 4 points" in page and "48.0 hours late" in page


def test_the_class_is_on_one_page_that_runs_nothing_and_names_who_needs_a_person(graded):
    done = helpers(graded, "report", graded / "out")
    assert done.returncode == 0, done.stderr
    page = (graded / "out" / "report.html").read_text()
    assert "<script" not in page and "http://" not in page and "https://" not in page
    assert page.count("<img alt=") == 2
    for words in ("7 submissions", "You squared.", "absent_999", "copy_105, doeada_101"):
        assert words in page, words
    assert "ended Python itself" in page and "suspicious: reads or starts other processes" in page
    assert "could not be read as notebooks" in page and "lost points for being late" in page
    hardest = page.index("Ball") if "Ball" in page else page.index("project_ball")
    assert hardest < page.index("<code>doubled</code>")


def test_feedback_can_be_written_again_for_some_learners(graded, tmp_path):
    done = helpers(graded, "feedback", graded / "out", "--to", tmp_path, "--student", "roebob_102")
    assert done.returncode == 0, done.stderr
    (page,) = tmp_path.iterdir()
    assert "You squared." in page.read_text()
    unknown = helpers(graded, "feedback", graded / "out", "--to", tmp_path, "--student", "nobody")
    assert unknown.returncode == 2 and "No submission of nobody" in unknown.stderr


def test_canvas_gets_its_own_table_back_with_the_scores(graded, tmp_path):
    (tmp_path / "canvas.csv").write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,Z9 Twice (4711),Other (1)\n"
        "    Points Possible,,,,,4,10\n"
        '"Doe, Ada",101,s1,ada,A,,9\n"Roe, Bob",102,s2,bob,A,,8\n"Two, Late",105,s5,copy,B,,7\n'
    )
    to = tmp_path / "import.csv"
    done = helpers(
        graded,
        "export",
        graded / "out",
        "--format",
        "canvas",
        "--roster",
        tmp_path / "canvas.csv",
        "--to",
        to,
    )
    assert done.returncode == 1 and "mallory_103" in done.stderr
    with open(to, newline="") as file:
        rows = list(csv.DictReader(file))
    assert "Other (1)" not in rows[0]
    assert {row["ID"]: row["Z9 Twice (4711)"] for row in rows} == {
        "": "4",
        "101": "3",
        "102": "0",
        "105": "1.5",
    }


def test_moodle_gets_its_worksheet_back_with_grades_and_feedback(graded, tmp_path):
    (tmp_path / "sheet.csv").write_text(
        "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Feedback comments\n"
        "Participant 102,Bob Roe,bob@x,Submitted,,4,\nParticipant 7,Nobody,n@x,None,,4,\n",
        encoding="utf-8-sig",
    )
    to = tmp_path / "graded.csv"
    helpers(
        graded,
        "export",
        graded / "out",
        "--format",
        "moodle",
        "--roster",
        tmp_path / "sheet.csv",
        "--to",
        to,
    )
    with open(to, newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["Grade"] == "0" and "You squared." in rows[0]["Feedback comments"]
    assert rows[1]["Grade"] == ""


def test_gradescope_gets_a_result_for_each_learner(graded, tmp_path):
    done = helpers(graded, "export", graded / "out", "--format", "gradescope", "--to", tmp_path)
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "roebob_102.json").read_text())
    assert found["score"] == 0 and [t["max_score"] for t in found["tests"]] == [3, 1]
    assert found["tests"][0]["status"] == "failed" and "You squared." in found["tests"][0]["output"]
    assert len(list(tmp_path.iterdir())) == 7


def test_nbgraders_gradebook_exports_the_same_scores(graded, tmp_path):
    done = helpers(
        graded, "export", graded / "out", "--format", "nbgrader", "--to", tmp_path / "book.db"
    )
    assert done.returncode == 0, done.stderr
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    command = [sys.executable, "-m", "nbgrader", "export", "--to", "theirs.csv"]
    command += [f"--CourseDirectory.db_url=sqlite:///{tmp_path / 'book.db'}"]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with open(tmp_path / "theirs.csv", newline="") as file:
        theirs = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    with open(graded / "out" / "grades.csv", newline="") as file:
        ours = {row["student_id"].lstrip("'"): float(row["score"]) for row in csv.DictReader(file)}
    assert theirs == ours


def test_what_cannot_be_done_is_said_before_anything_is_written(graded, tmp_path):
    for arguments, said in (
        (["report", tmp_path], "holds no graded submissions"),
        (
            ["export", graded / "out", "--format", "canvas", "--to", tmp_path / "x"],
            "needs --roster",
        ),
        (
            [
                "export",
                graded / "out",
                "--format",
                "moodle",
                "--to",
                tmp_path / "x",
                "--roster",
                __file__,
            ],
            "has no column",
        ),
        (
            ["grade", tmp_path, "--out", tmp_path / "o", "--assignment", "Q7"],
            "no lesson or assignment 'Q7'",
        ),
        (["grade", tmp_path, "--out", tmp_path / "o", "--late-policy", "x"], "needs --due"),
        (["grade", tmp_path, "--out", __file__], "cannot be a folder"),
        (["grade", __file__, "--out", tmp_path / "o"], "is no folder, no zip and no notebook"),
        (
            ["grade", graded / "submitted", "--assignment", "01", "--out", graded / "out"],
            "holds the grades of Z9_twice",
        ),
    ):
        done = helpers(graded, *arguments)
        assert done.returncode == 2 and said in done.stderr, done.stderr
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    "command", ["grade", "report", "feedback", "export", "release", "gradescope", "notebooks"]
)
def test_every_command_helps_with_an_example(command, graded):
    done = helpers(graded, command, "--help")
    assert done.returncode == 0 and "example" in done.stdout


def test_the_number_of_an_assignment_is_enough(graded, tmp_path):
    done = helpers(
        graded,
        "grade",
        graded / "submitted",
        "--assignment",
        NUMBER,
        "--out",
        tmp_path,
        "--workers",
        1,
    )
    assert done.returncode == 0 and (tmp_path / "grades.csv").exists()
