"""Zip archives: what is read of them, and what those that are made to do harm come to."""

from __future__ import annotations

import struct
import tracemalloc
import zlib
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import pytest

from damage import holds
from extractors.readers.formats import contents
from extractors.readers.formats.archives import zips
from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.problem import Problem
from extractors.readers.read import read_all

TEXT = b"The United States sent four tanks."
LINE = b'{"text": "Four tanks."}\n'
PAGE = b"<html><body><article><p>Poland sent 14 tanks to Ukraine.</p></article></body></html>"
MEGABYTE = 1 << 20


def packed(*files: tuple[str, bytes], way: int = ZIP_DEFLATED) -> bytes:
    data = BytesIO()
    with ZipFile(data, "w", way) as made:
        for name, content in files:
            made.writestr(name, content)
    return data.getvalue()


def found(data: bytes, **reading: int) -> list[Content | Problem]:
    return list(contents(".zip", BytesIO(data), ReadOptions(**reading)))  # type: ignore[arg-type]


def places(data: bytes) -> list[str]:
    return [part.place for part in found(data) if isinstance(part, Content)]


def problems(data: bytes) -> list[str]:
    return [str(part) for part in found(data) if isinstance(part, Problem)]


def test_every_readable_kind_in_the_order_of_names() -> None:
    data = packed(
        ("b/page.html", PAGE),
        ("z.csv", b"text\nFour tanks.\nFive tanks.\n"),
        ("a.txt", TEXT),
        ("c.zip", packed(("x.jsonl", LINE * 2))),
    )
    assert found(data)[0] == Content(TEXT.decode(), place="a.txt")
    assert places(data) == [
        "a.txt",
        "b/page.html",
        "c.zip: x.jsonl: line 1",
        "c.zip: x.jsonl: line 2",
        "z.csv: row 2",
        "z.csv: row 3",
    ]


def test_a_problem_names_the_file_within_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(packed(("a.jsonl", LINE + b"nonsense\n"), ("b.txt", b""), ("c.txt", TEXT)))
    said = [str(part) for part in read_all([path]) if isinstance(part, Problem)]
    assert said == [
        f"{path}: a.jsonl: line 2: not JSON (Expecting value at column 1)",
        f"{path}: b.txt: an empty file",
    ]


def test_what_is_hidden_or_of_another_kind_is_left_out() -> None:
    data = packed(
        ("ok.txt", TEXT),
        ("__MACOSX/._ok.txt", TEXT),
        (".git/a.txt", TEXT),
        ("sub/.b.txt", TEXT),
        ("sub/", b""),
        ("a.exe", b"x"),
        ("inner.zip", packed(("b.exe", b"x"), ("LICENSE", b"x"), ("c.txt", TEXT))),
    )
    assert places(data) == ["inner.zip: c.txt", "ok.txt"]
    remark = Problem("", "3 files of other kinds left out (.exe 2, no extension 1)", lost=False)
    assert [part for part in found(data) if isinstance(part, Problem)] == [remark]


@pytest.mark.parametrize(
    "name", ["../a.txt", "/etc/a.txt", "..\\a.txt", "C:\\a.txt", "sub/../../a.txt", "\\\\x\\a.txt"]
)
def test_a_path_that_leads_outside_is_not_read(name: str) -> None:
    data = packed((name, TEXT), ("ok.txt", TEXT))
    assert places(data) == ["ok.txt"]
    assert problems(data) == [f"{name}: not read: the path leads out of the archive"]


def test_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found(packed(("../a.txt", TEXT), ("b.txt", TEXT), ("c.zip", packed(("d.txt", TEXT)))))
    assert not list(tmp_path.iterdir())


def test_a_name_is_shown_in_one_line() -> None:
    assert places(packed(("a\n\x1b[31m.txt", TEXT))) == ["a\ufffd\ufffd[31m.txt"]


def test_a_bomb_is_seen_before_it_is_unpacked() -> None:
    data = packed(("a.txt", TEXT), ("b.jsonl", LINE * 4_000_000))
    parts = contents(".zip", BytesIO(data), ReadOptions())
    tracemalloc.start()
    with pytest.raises(ValueError, match="200 times its size: a bomb"):
        next(parts)
    assert tracemalloc.get_traced_memory()[1] < MEGABYTE
    tracemalloc.stop()


def test_bombs_within_archives_count_together() -> None:
    inner = packed(("a.txt", bytes(15 * MEGABYTE)))  # each alone is small enough to be harmless
    parts = contents(
        ".zip", BytesIO(packed(*((f"{k}.zip", inner) for k in range(9)))), ReadOptions()
    )
    with pytest.raises(ValueError, match="a bomb"):
        list(parts)


def test_archives_are_opened_to_a_depth() -> None:
    data = packed(("a.txt", TEXT))
    for _ in range(3):
        data = packed(*((f"{k}.zip", data) for k in range(4)), ("b.txt", TEXT))
    assert len(places(data)) == 1 + 4 + 16
    [said] = problems(data)
    assert (
        said
        == "0.zip: 0.zip: 0.zip: not read: an archive in more than 2 others (and 63 more like it)"
    )


def overlapping(count: int) -> bytes:
    """Many entries that are the same packed bytes."""
    text = TEXT * 100
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packer.compress(text) + packer.flush()
    sizes = (zlib.crc32(text), len(data), len(text), 5)
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 0, *sizes, 0) + b"0.txt" + data
    entry = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 0, *sizes, 0, 0, 0, 0, 0, 0)
    directory = (entry + b"0.txt") * count
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(directory), len(local), 0)
    return local + directory + end


def test_entries_that_overlap_are_a_bomb() -> None:
    assert places(overlapping(1)) == ["0.txt"]
    with pytest.raises(ValueError, match="overlap: a zip bomb"):
        found(overlapping(2000))


def test_a_password_is_said_once() -> None:
    data = bytearray(packed(("a.txt", TEXT), ("b.txt", TEXT)))
    at = 0
    for _ in range(2):
        at = data.index(b"PK\1\2", at + 1)
        data[at + 8] |= 1
    assert problems(bytes(data)) == ["a.txt: not read: it has a password (and 1 more like it)"]


def test_another_way_of_packing_is_said() -> None:
    [said] = problems(packed(("a.txt", TEXT), way=ZIP_BZIP2))
    assert said == "a.txt: not read: it is packed in another way than deflate"


def test_a_file_too_large_for_memory_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zips, "MEMORY_LIMIT", 100)
    data = packed(("a.txt", bytes(101)), ("b.jsonl", LINE * 5))
    assert problems(data) == ["a.txt: not read: it unpacks to more than 100 bytes"]
    assert len(places(data)) == 5


def test_a_large_table_is_read_as_it_is_unpacked() -> None:
    rows = b"".join(b"%d,%s %d\n" % (k, TEXT * 9, k * k) for k in range(20_000))
    data = packed(("a.csv", b"id,text\n" + rows))
    tracemalloc.start()
    assert sum(1 for _ in contents(".zip", BytesIO(data), ReadOptions())) == 20_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(rows) > 6_000_000
    assert peak < MEGABYTE


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "an empty file"),
        (b"no zip file at all", "not a zip file"),
        (packed(("a.txt", TEXT), ("b.txt", TEXT))[:-40], "broken or cut off"),
        (packed(), "holds no document"),
        (packed(("a.exe", b"x")), "holds no document"),
    ],
)
def test_what_is_no_archive_of_documents(data: bytes, cause: str) -> None:
    with pytest.raises(ValueError, match=cause):
        found(data)


def test_damage_is_said() -> None:
    holds(
        ".zip",
        packed(
            ("a.txt", TEXT * 3),
            ("b.csv", b"text\n" + TEXT * 20),
            ("c.zip", packed(("x.jsonl", LINE * 9))),
        ),
        1500,
    )
