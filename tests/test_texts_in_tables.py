"""Tables of texts: which columns are read, and what is said of rows that are not."""

from __future__ import annotations

import tracemalloc
from collections.abc import Mapping
from datetime import date, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from damage import damaged, holds, rewritten
from extractors.readers.formats import contents, encoding
from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.formats.tables import texts_in_tables
from extractors.readers.metadata import KEYS, Metadata
from extractors.readers.problem import Problem

TABLE = """id,day,Body,Headline,link,outlet
7,2022-10-04,"Four HIMARS,
and ""five"" tanks",A headline,https://example.org/a,A paper

8,2022-10-05,Six guns.,,,
"""


def found(data: bytes, kind: str = ".csv", **columns: str) -> list[Content | Problem]:
    return list(contents(kind, BytesIO(data), ReadOptions(columns=columns, here=True)))


def texts(data: bytes, **columns: str) -> list[str]:
    return [part.text for part in found(data, **columns) if isinstance(part, Content)]


def problems(data: bytes, **columns: str) -> list[str]:
    return [str(part) for part in found(data, **columns) if isinstance(part, Problem)]


def book(*sheets: list[list[object]]) -> bytes:
    made = Workbook()
    made.remove(made.worksheets[0])
    for rows in sheets:
        sheet = made.create_sheet()
        for row in rows:
            sheet.append(row)
    data = BytesIO()
    made.save(data)
    return data.getvalue()


def test_columns_are_known_by_their_usual_names() -> None:
    first, second = found(TABLE.encode(), published="day")
    assert first == Content(
        'Four HIMARS,\nand "five" tanks',
        Metadata(
            source_id="7",
            title="A headline",
            published="2022-10-04",
            url="https://example.org/a",
            publisher="A paper",
        ),
        "row 2",
    )
    assert second == Content("Six guns.", Metadata("8", published="2022-10-05"), "row 4")


@pytest.mark.parametrize("name", [*KEYS["text"], "Full Text", "article_body", " TEXT "])
def test_names_of_the_column_of_texts(name: str) -> None:
    assert texts(f"date,{name}\n2022,Four tanks.\n".encode()) == ["Four tanks."]


def test_a_map_goes_before_the_usual_names() -> None:
    data = b"text,story,date,seen,url,id\nA,B,2021,2022-10-04,https://example.org,1\n"
    [content] = found(data, text="story", published="seen", id="date")
    assert content == Content(
        "B", Metadata("2021", published="2022-10-04", url="https://example.org"), "row 2"
    )


def test_columns_joined_into_the_text() -> None:
    data = b"lead,rest\nFour tanks.,Five guns.\n,Six boats.\n"
    assert texts(data, text="lead, rest") == ["Four tanks.\n\nFive guns.", "Six boats."]


@pytest.mark.parametrize(
    ("columns", "cause"),
    [
        ({"text": "body"}, 'no column "body" (its columns: id | text | day)'),
        ({"text": "text,body"}, 'no column "body" (its columns: id | text | day)'),
        ({"published": "date"}, 'no column "date" (its columns: id | text | day)'),
    ],
)
def test_a_map_that_names_an_absent_column(columns: Mapping[str, str], cause: str) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the message is compared below
        found(b"id,text,day\n1,A,2022\n", **columns)
    assert str(raised.value) == cause


def test_a_table_without_texts_names_its_columns() -> None:
    with pytest.raises(ValueError, match=r"no column of texts.*its columns: n0 \| .*and 18 more"):
        found(",".join(f"n{k}" for k in range(30)).encode())


def test_what_this_program_wrote_is_not_read_again() -> None:
    data = b"figure_id,source_id,text,value\nf1,s1,four HIMARS,4\n"
    with pytest.raises(ValueError, match="an output of aidledger"):
        found(data)
    assert texts(data, text="text") == ["four HIMARS"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter: str) -> None:
    rows = [["id", "text", "n"], ["1", '"a, b; c | d\te"', "2"]]
    data = "\r\n".join(delimiter.join(row) for row in rows)
    assert texts(data.encode()) == ["a, b; c | d\te"]
    assert texts(f"sep={delimiter}\r\n{data}".encode()) == ["a, b; c | d\te"]


@pytest.mark.parametrize(
    "data",
    [
        "text\n€5 million – “now”\n".encode("utf-8-sig"),
        "text\n€5 million – “now”\n".encode("utf-16"),
        "text\n€5 million – “now”\n".encode("cp1252"),
        "text\r€5 million – “now”\r".encode(),
    ],
)
def test_encodings_and_line_ends(data: bytes) -> None:
    assert texts(data) == ["€5 million – “now”"]


def test_rows_that_are_not_read_are_named() -> None:
    data = b'id,text\n1,Four tanks, and guns\n2,\n,\n3,Five\n4,"open\n5,x\n'
    assert problems(data) == [
        "row 2: has 3 cells and the header 2: are quotes missing?",
        "row 3: no text",
        "row 6: a quote that is never closed: the rows from here on are not read",
    ]
    assert texts(data) == ["Five"]


def test_an_endless_cell_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts_in_tables, "CELL_LIMIT", 100)
    data = b'text\n"' + b"x\n" * 51 + b"Four tanks.\n"
    assert problems(data) == ["row 2: a cell of more than 100 characters, or an open quote"]
    assert texts(data)[-1] == "Four tanks."


def test_an_endless_line_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "LINE_LIMIT", 100)
    with pytest.raises(ValueError, match="a line of more than 100 bytes"):
        found(b"text\n" + b"x" * 200)


def test_memory_does_not_grow_with_the_file() -> None:
    data = b"id,text\n" + b"".join(
        b'%d,"Four tanks\nand %d guns."\n' % (k, k) for k in range(5_000)
    )
    tracemalloc.start()
    assert sum(1 for _ in contents(".csv", BytesIO(data), ReadOptions())) == 5_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200_000


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "an empty table"),
        (b"\n\n ,\n", "no column of texts"),
        (bytes(300), "a binary file"),
        ("text\nA\n".encode("utf-16")[:-1], "broken UTF-16"),
        (b"PK\x03\x04 nothing", "broken or cut off"),
        (b"\xd0\xcf\x11\xe0 nothing", "an older Office file, or one with a password"),
    ],
)
def test_what_is_no_table(data: bytes, cause: str) -> None:
    with pytest.raises(ValueError, match=cause):
        found(data)


def test_a_workbook() -> None:
    rows: list[list[object]] = [
        [],
        ["text", "date", "id", "title"],
        ["Four tanks.", date(2022, 10, 4), 1.0, "#N/A"],
        [None, None, None, None],
        ["Five_x000D_\nguns.", datetime(2022, 10, 4, 9, 30), "b", 12.5],
        [None, date(2022, 10, 5)],
    ]
    assert found(book(rows), ".xlsx") == [
        Content("Four tanks.", Metadata("1", published="2022-10-04"), "row 3"),
        Content("Five\nguns.", Metadata("b", "12.5", published="2022-10-04"), "row 5"),
        Problem("row 6", "no text"),
    ]


def test_every_sheet_of_texts_is_read() -> None:
    data = book([["text"], ["Four tanks."]], [["note"], ["x"]], [["body"], ["Five guns."]])
    assert found(data) == [
        Content("Four tanks.", place="sheet Sheet, row 2"),
        Content("Five guns.", place="sheet Sheet2, row 2"),
        Problem(
            "sheet Sheet1",
            'no column of texts, such as "text" or "body" (its columns: note); a table of figures '
            "comes into a ledger by a mapping (--mapping)",
            lost=False,
        ),
    ]


def test_rows_that_are_claimed_are_bounded() -> None:
    row = b'<row r="9999999999"><c t="inlineStr"><is><t>x</t></is></c></row>'
    sheet = "xl/worksheets/sheet1.xml"
    data = rewritten(book([["text"], ["Four"]]), sheet, b"</sheetData>", row + b"</sheetData>")
    assert texts(data) == ["Four"]


@pytest.mark.parametrize(
    ("part", "old", "new", "cause"),
    [
        (
            "xl/styles.xml",
            b"</cellXfs>",
            b"<xf/>" * 1_100_000 + b"</cellXfs>",
            "of styles or names",
        ),
        ("xl/worksheets/sheet1.xml", b"</row>", b"<c/>" * 200_000 + b"</row>", "a row of more"),
        ("xl/worksheets/sheet1.xml", b"</row>", bytes(30_000_000), "a zip bomb"),
        ("xl/workbook.xml", b"<sheets>", b"<sheets", "a broken workbook"),
        ("xl/worksheets/sheet1.xml", b"<sheetData>", b"<sheetData", "broken"),
    ],
)
def test_a_workbook_that_is_broken_or_a_bomb(part: str, old: bytes, new: bytes, cause: str) -> None:
    data = rewritten(book([["text"], ["Four"]]), part, old, new)
    with pytest.raises(ValueError, match=cause):
        found(data)


def test_entities_are_refused() -> None:
    sheet = "xl/worksheets/sheet1.xml"
    data = rewritten(book([["text"], ["Four"]]), sheet, b"Four", b"&many;")
    declared = b'<!DOCTYPE worksheet [<!ENTITY many "four tanks">]><worksheet'
    data = rewritten(data, sheet, b"<worksheet", declared)
    with pytest.raises(ValueError, match="declares entities"):
        found(data)


def test_damage_is_said() -> None:
    holds(".csv", TABLE.encode(), 1500)
    holds(".csv", TABLE.encode("utf-16"), 500)
    holds(".xlsx", book([["text", "date"], ["Four tanks.", date(2022, 10, 4)]]), 400)


@pytest.mark.parametrize("part", ["workbook.xml", "styles.xml", "worksheets/sheet1.xml"])
def test_damage_within_the_xml_is_said(part: str) -> None:
    sound = book([["text", "date"], ["Four tanks.", date(2022, 10, 4)], ["Five", 2.0]])
    with ZipFile(BytesIO(sound)) as source:
        xml = source.read(f"xl/{part}")
    read = 0
    for broken in damaged(xml, 60):
        try:
            read += len(texts(rewritten(sound, f"xl/{part}", xml, broken)))
        except ValueError as error:
            cause = str(error)
            assert cause.isprintable()
    assert read
