"""The tables of Canvas and Moodle come back as they were, each score in its own student's row."""

import csv
import io
import unicodedata
from pathlib import Path

import pytest

from helpers.exercises.judging import Report
from helpers.grading.engine import Result
from helpers.grading.exports.tables import canvas, moodle
from helpers.grading.graded import Graded
from helpers.grading.log import Log

HEADER = (
    "Student,ID,SIS User ID,SIS Login ID,Section,A1 Convexity (4710),A2 Algorithms (4711),"
    "Assignments Current Points,Assignments Final Score,Current Grade"
)
CANVAS = f"""{HEADER}
,,,,,,Manual Posting,(read only),(read only),(read only)
    Points Possible,,,,,20.00,20.00,(read only),(read only),(read only)
"Lovelace, Ada",101,s101,ada,A2 Monday,18,,18,90,A
"M\u00fcller, J\u00f6rg",102,s102,joerg,Tuesday,,,,,
"Lee, Kim",103,104,kim1,Tuesday,3,7,,,
"Lee, Kim",104,s104,kim2,Tuesday,,,,,
"\u738b, \u5c0f\u660e",105,s105,wang,Tuesday,,,,,
"Student, Test",900,,c0ffee,Tuesday,,,,,
"""


def graded(out: Path, **scores: float | None) -> Graded:
    """A graded folder in which each student has this score, or was not graded."""
    with Log(out / "results.jsonl") as log:
        for student, score in scores.items():
            report = Report("f", "Title", "not yet", "x < y, and <b>bold</b>", score=0.5, points=20)
            result = Result(student, "A2", "", score or 0.0, 20.0, reports=[report])
            result.status = "graded" if score is not None else "not graded"
            log.add(result, "key")
    return Graded(out, "A2_algorithms", "A2", tuple(scores))


def rows(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    text = path.read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def in_canvas(folder: Path, text: str = CANVAS, column: str = "", **scores: float | None):
    (folder / "roster.csv").write_text(text, encoding="utf-8")
    lost = canvas(graded(folder, **scores), folder / "roster.csv", folder / "to.csv", column)
    return lost, rows(folder / "to.csv", ";" if ";" in text.splitlines()[0] else ",")


def test_canvas_gets_every_row_and_only_its_own_column_back(tmp_path):
    lost, table = in_canvas(tmp_path, lovelaceada_101=14.818182, wang=20, joerg=None)
    assert not lost
    assert list(table[0]) == [*HEADER.split(",")[:5], "A2 Algorithms (4711)"]
    assert [row["Student"] for row in table] == [
        r["Student"] for r in rows(tmp_path / "roster.csv")
    ]
    points = [row["A2 Algorithms (4711)"] for row in table]
    assert points == ["Manual Posting", "20.00", "14.8182", "", "7", "", "20", ""]


@pytest.mark.parametrize(
    "name",
    ["M\u00fcller, J\u00f6rg", "J\u00f6rg M\u00fcller", "j\u00f6rg  m\u00fcller", "S102", "joerg"],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_person_is_found_under_any_of_their_own_names(name, form, tmp_path):
    lost, table = in_canvas(tmp_path, **{unicodedata.normalize(form, name): 5.0})
    assert not lost and table[3]["A2 Algorithms (4711)"] == "5"


def test_who_shares_a_name_gets_nobodys_score(tmp_path):
    """Two are called Kim Lee, and one's number is the other's SIS number."""
    lost, table = in_canvas(
        tmp_path, **{"Lee, Kim": 1.0, "leekim_104": 9.0, "leekim_103": 8.0, "x_777": 3.0}
    )
    assert lost == ["Lee, Kim", "x_777"]
    assert [row["A2 Algorithms (4711)"] for row in table[4:6]] == ["8", "9"]


def test_a_mark_and_semicolons_stay_as_they_were(tmp_path):
    text = "\ufeff" + CANVAS.replace(", ", "@").replace(",", ";").replace("@", ", ")
    lost, table = in_canvas(tmp_path, text, ada=3)
    assert not lost and table[2]["A2 Algorithms (4711)"] == "3"
    assert (tmp_path / "to.csv").read_bytes().startswith(b"\xef\xbb\xbfStudent;ID;")


def test_a_new_column_says_how_many_points_are_possible(tmp_path):
    _, table = in_canvas(tmp_path, CANVAS.replace("A2 Algorithms (4711)", "Other (1)"), ada=3)
    assert [row["A2_algorithms"] for row in table[:3]] == ["", "20", "3"]


def test_between_two_columns_the_teacher_chooses(tmp_path):
    two = CANVAS.replace("A1 Convexity (4710)", "A2 again (4712)")
    with pytest.raises(ValueError, match=r"--column: A2 again .4712., A2 Algorithms"):
        in_canvas(tmp_path, two, ada=3)
    _, table = in_canvas(tmp_path, two, "A2 again (4712)", ada=3)
    assert table[2]["A2 again (4712)"] == "3"
    with pytest.raises(ValueError, match="has no column 'A3'; it has"):
        in_canvas(tmp_path, two, "A3", ada=3)


def test_a_table_of_another_make_is_refused_with_what_to_do(tmp_path):
    for content, said in (
        (b"name,grade\n", "export the table"),
        ("J\u00f6rg".encode("utf-16"), "UTF-8"),
    ):
        (tmp_path / "roster.csv").write_bytes(content)
        with pytest.raises(ValueError, match=said):
            canvas(graded(tmp_path, ada=3), tmp_path / "roster.csv", tmp_path / "to.csv")
    with pytest.raises(ValueError, match="No such file"):
        moodle(graded(tmp_path, ada=3), tmp_path / "none.csv", tmp_path / "to.csv")


MOODLE = """Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Feedback comments
Participant 301,Ada Lovelace,ada@x.org,Submitted for grading,,20.00,Yes,
Participant 302,Ada Lovelace,al@x.org,Submitted for grading,,20.00,Yes,
Participant 303,Kim Lee,kim@x.org,No submission,,20.00,Yes,old
"""


def test_moodle_reads_feedback_as_html_so_it_is_written_as_html(tmp_path):
    (tmp_path / "sheet.csv").write_text(MOODLE)
    made = graded(tmp_path, **{"Ada Lovelace_302": 7.5, "Ada Lovelace": 1.0})
    assert moodle(made, tmp_path / "sheet.csv", tmp_path / "to.csv") == ["Ada Lovelace"]
    table = rows(tmp_path / "to.csv")
    assert [row["Grade"] for row in table] == ["", "7.5", ""]
    assert "x &lt; y, and &lt;b&gt;bold&lt;/b&gt;" in table[1]["Feedback comments"]
    assert table[2]["Feedback comments"] == "old"


def test_moodle_in_another_language_needs_the_name_of_one_column(tmp_path):
    words = MOODLE.replace("Identifier", "ID").replace(",Grade,", ",Bewertung,")
    words = words.replace("Participant", "Teilnehmer/in").replace(
        "Feedback comments", "Feedback als Kommentar"
    )
    (tmp_path / "sheet.csv").write_text(words)
    made = graded(tmp_path, **{"Kim Lee_303": 9.0})
    with pytest.raises(ValueError, match="no column 'Grade'"):
        moodle(made, tmp_path / "sheet.csv", tmp_path / "to.csv")
    assert moodle(made, tmp_path / "sheet.csv", tmp_path / "to.csv", "Bewertung") == []
    table = rows(tmp_path / "to.csv")
    assert table[2]["Bewertung"] == "9" and list(table[0]) == words.splitlines()[0].split(",")
