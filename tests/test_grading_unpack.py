"""A hostile zip stays in its folder, stops nobody else, and lands on nobody else's name."""

import stat
import struct
import zipfile

import pytest
from handed_in import CELL, laid_out, zipped

from helpers.grading.intake import find_submissions
from helpers.grading.submission import MAX_BYTES, Malformed, read_bytes
from helpers.grading.unpack import MAX_MEMBERS, MAX_ZIP_BYTES, unpack


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


def torn(method: int) -> bytes:
    """A zip whose list of members is whole and whose content is not."""
    raw = bytearray(zipped({"04.ipynb": CELL * 500}, method))
    begin = raw.index(b"04.ipynb") + 10
    raw[begin : begin + 28] = bytes(byte ^ 0xA5 for byte in raw[begin : begin + 28])
    return bytes(raw)


DAMAGED = {
    "torn deflate": torn(zipfile.ZIP_DEFLATED),
    "torn bzip2": torn(zipfile.ZIP_BZIP2),
    "torn lzma": torn(zipfile.ZIP_LZMA),
    "a name that is no utf-8": zipped({"\u00e94.ipynb": CELL}).replace(b"\xc3\xa9", b"\xff\xfe"),
    "a method nobody knows": zipped({"04.ipynb": CELL}).replace(b"\x08\x00", b"\x63\x00"),
    "a list beyond the file": zipped({"04.ipynb": CELL})[:-10] + b"\xff" * 10,
    "four gigabytes of list": zipped({"04.ipynb": CELL})[:-10]
    + struct.pack("<II", 2**32 - 2, 0)
    + bytes(2),
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_zip_is_its_own_learners_loss_alone(kind, tmp_path):
    source = laid_out(tmp_path / "in", {"alice.ipynb": CELL, "mallory.zip": DAMAGED[kind]})
    alice, mallory = find_submissions(source, "04", tmp_path / "u")
    assert alice.student == "alice" and read_bytes(alice.path) == CELL.encode()
    assert mallory.path.suffix == ".zip"


CLASHES = {
    "a file, then a folder of its name": {"a.ipynb": CELL, "a.ipynb/b.ipynb": CELL},
    "a folder, then a file of its name": {"a.ipynb/b.ipynb": CELL, "a.ipynb": CELL},
    "deeper than a path may be": {"/".join(["d" * 100] * 60) + "/a.ipynb": CELL},
    "a name longer than names may be": {"d" * 5000 + ".ipynb": CELL},
}


@pytest.mark.parametrize("kind", CLASHES)
def test_names_that_no_disk_can_hold_stop_nobody(kind, tmp_path):
    source = laid_out(tmp_path / "in", {"alice.ipynb": CELL, "mallory.zip": zipped(CLASHES[kind])})
    found = find_submissions(source, "04", tmp_path / "u")
    assert [submission.student for submission in found] == ["alice", "mallory"]
    assert [read_bytes(submission.path) for submission in found] == [CELL.encode()] * 2


@pytest.mark.parametrize("padding", range(150, 215, 5))
def test_a_long_name_does_not_become_somebody_elses(padding, tmp_path):
    """The end of a name is the learner's own; cut to it, a file would be the victim's last attempt."""
    evil = f"mallory_66_2001_{'p' * padding}victim_101_9999_04.ipynb"
    files = {evil: CELL.replace("NAME", "evil"), "victim_101_2001_04.ipynb": CELL}
    (tmp_path / "class.zip").write_bytes(zipped(files))
    found = find_submissions(tmp_path / "class.zip", "04", tmp_path / "u")
    assert {s.student: "evil" in s.path.read_text() for s in found} == {
        "mallory_66": True,
        "victim_101": False,
    }


def test_a_list_of_a_million_members_is_not_even_read(tmp_path, monkeypatch):
    path = tmp_path / "ada.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(60_000):
            archive.writestr(f"{number:040}.txt", "")
    assert path.stat().st_size < MAX_ZIP_BYTES
    monkeypatch.setattr(zipfile.ZipFile, "infolist", None)
    assert unpack(path, tmp_path / "in", MAX_MEMBERS, MAX_ZIP_BYTES) == []
