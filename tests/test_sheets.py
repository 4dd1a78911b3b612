"""Workbooks from anywhere: whoever opens them, none fills the memory, and trouble is one line."""

from __future__ import annotations

import ast
import csv
import tracemalloc
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

import aidledger as al
from aidledger.sheets import sheettable
from aidledger.sheets.readtable import read_table
from command import run
from damage import damaged, rewritten
from extractors.readers.formats.tables import sheets
from extractors.readers.formats.tables.sheets import Book, sheets_of
from factory import make_figure, source_of
from ledger.errors import LedgerError
from ledger.imports.mapping import mapping_of

ROOT = Path(__file__).parent.parent
FIGURE = make_figure("a", value=4)
ROWS: list[list[object]] = [["figure_id", "decision", "tanks"], [FIGURE.figure_id, "accept", 5]]
MAPPING = """
name = "tanks"
fields = { dimension = "count", unit = "count", item = "tank" }
figure = [{ value = "tanks" }]
"""


def book(*titled: tuple[str, Sequence[Sequence[object]]]) -> bytes:
    made = Workbook()
    made.remove(made.worksheets[0])
    for title, rows in titled:
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    data = BytesIO()
    made.save(data)
    return data.getvalue()


SOUND = book(("Review", ROWS))
SHEET, END = "xl/worksheets/sheet1.xml", b"</sheetData>"
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "no workbook": (lambda: b"figure_id,decision", "not a zip file"),
    "empty": (lambda: b"", "an empty file"),
    "cut": (lambda: SOUND[: len(SOUND) // 2], "broken or cut off"),
    "password": (lambda: b"\xd0\xcf\x11\xe0" * 99, "with a password"),
    "broken XML": (lambda: rewritten(SOUND, "xl/workbook.xml", b"<sheets>", b"<"), "a broken work"),
    "broken styles": (lambda: rewritten(SOUND, "xl/styles.xml", b"<", b""), "a broken workbook"),
    "broken sheet": (lambda: rewritten(SOUND, SHEET, b"<sheetData>", b"<"), "broken"),
    "a zip bomb": (lambda: rewritten(SOUND, SHEET, END, bytes(30_000_000)), "a zip bomb"),
    "entities": (
        lambda: rewritten(SOUND, SHEET, b"<worksheet", b"<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet"),
        "declares entities",
    ),
    "entities in UTF-16": (
        lambda: rewritten(
            SOUND, "xl/workbook.xml", b"<",
            "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>".encode("utf-16") + b"<",
        ),
        "declares entities",
    ),
    "one endless text": (
        lambda: rewritten(SOUND, SHEET, b"<v>", b"<v>" + b"1 tank, " * 13_000),
        "a text of more than 100,000 bytes",
    ),
    "attributes": (
        lambda: rewritten(
            SOUND, SHEET, b"<sheetData", b"<a " + b" ".join(b"a%d=''" % n for n in range(15_000))
            + b"/><sheetData",
        ),
        "a text of more than 100,000 bytes",
    ),
    "a row without end": (
        lambda: rewritten(SOUND, SHEET, b"</row>", b"<c/>" * 11_000 + b"</row>"),
        "a row of more than 10,000 elements",
    ),
    "elements without end": (
        lambda: rewritten(SOUND, SHEET, b"<sheetData>", b"<a/>" * 21_000 + b"<sheetData>"),
        "a workbook of more than 20,000 elements",
    ),
    "styles": (
        lambda: rewritten(SOUND, "xl/styles.xml", b"</cellXfs>", b"<xf/>" * 41_000),
        "more than 200,000 bytes of styles",
    ),
}  # fmt: skip
WAYS = {
    "review import": ["review", "import", "{path}", "--who", "Ann"],
    "add": ["add", "{path}", "--mapping", "{mapping}"],
    "compare": ["compare", "{path}", "--mapping", "{mapping}"],
}


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "aid.db"
    with al.Ledger(path) as opened:
        opened.add(source_of(FIGURE), [FIGURE])
    return path


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "tanks.toml"
    path.write_text(MAPPING, "utf-8")
    return path


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_one_line_wherever_it_is_opened(
    name: str,
    way: str,
    ledger: Path,
    mapping: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limits = {
        "ELEMENT_LIMIT": 20_000, "ROW_ELEMENT_LIMIT": 10_000,
        "STRETCH_LIMIT": 100_000, "PART_LIMIT": 200_000,
    }  # fmt: skip
    for limit, bound in limits.items():
        monkeypatch.setattr(sheets, limit, bound)
    path = tmp_path / "sheet.xlsx"
    make, cause = HOSTILE[name]
    path.write_bytes(make())
    arguments = [word.format(path=path, mapping=mapping) for word in WAYS[way]]
    done = run(*arguments, "--ledger", ledger)
    (line,) = (line for line in done.problems if str(path) in line)
    assert (done.returncode, cause in line, "fault" in line) == (1, True, False), line
    with al.Ledger(ledger) as opened:
        assert len(opened.decisions()) == 0
        assert len(opened.sources()) == 1


@pytest.mark.parametrize("way", WAYS)
def test_a_sound_workbook_is_read_wherever_it_is_opened(
    way: str, ledger: Path, mapping: Path, tmp_path: Path
) -> None:
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(SOUND)
    arguments = [word.format(path=path, mapping=mapping) for word in WAYS[way]]
    assert run(*arguments, "--ledger", ledger).returncode == 0


@pytest.mark.parametrize("arguments", [["rates"], ["chart", "--price-year=2021", "-o=a.png"]])
def test_a_workbook_or_an_endless_cell_in_place_of_a_csv_is_one_line(
    arguments: list[str], ledger: Path, tmp_path: Path
) -> None:
    path = tmp_path / "index.csv"
    given = [path] if arguments[0] == "rates" else [f"--prices={path}"]
    limit = csv.field_size_limit(100_000)  # whoever read a table of texts before has raised it
    try:
        for content in (SOUND, b"date,year,index,currency,rate\n" + b"9" * 200_000):
            path.write_bytes(content)
            done = run(*arguments, *given, "--ledger", ledger)
            assert done.returncode == 1
            assert f"{path}: not lines of CSV" in done.stderr
    finally:
        csv.field_size_limit(limit)


def test_a_bomb_costs_no_memory() -> None:
    data = rewritten(SOUND, SHEET, END, bytes(50_000_000))
    tracemalloc.start()
    reading = Book(BytesIO(data))
    (row,) = reading.rows(reading.sheets[0])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "a zip bomb" in str(row)
    assert peak < 2_000_000


def test_a_sheet_that_is_not_asked_for_is_not_unpacked() -> None:
    data = book(("Review", ROWS), ("Figures", [["text"], ["Four tanks."]]))
    data = rewritten(data, "xl/worksheets/sheet2.xml", END, bytes(50_000_000))
    reading = Book(BytesIO(data))
    first, second = reading.sheets
    assert list(reading.rows(first)) == [tuple(row) for row in ROWS]
    assert "a zip bomb" in str(list(reading.rows(second)))


def test_rows_that_were_read_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long sheet is no bomb; a document has a limit on the whole."""
    monkeypatch.setattr(sheets, "ELEMENT_LIMIT", 1000)
    rows: list[list[object]] = [["text"], *([f"{n} tanks", n, "x"] for n in range(500))]
    data = book(("Texts", rows))
    reading = Book(BytesIO(data))
    assert len(list(reading.rows(reading.sheets[0]))) == 501
    (_, cells), *_ = sheets_of(BytesIO(data))
    assert any(isinstance(row, ValueError) for row in cells)


def test_a_sheet_of_one_cell_at_its_far_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    far = b'<row r="1000"><c r="XFD1000"><v>1</v></c></row></sheetData>'
    path.write_bytes(rewritten(SOUND, SHEET, END, far))
    with pytest.raises(LedgerError, match=r"far\.xlsx: a sheet of more than 5,000,000 cells"):
        next(read_table(path, mapping_of(TANKS)))


TANKS = {
    "name": "tanks",
    "fields": {"dimension": "count", "unit": "count"},
    "figure": [{"value": "tanks"}],
}


def test_a_table_in_a_workbook_is_read_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    table: list[list[object]] = [
        [], ["tanks", None, "tanks", 2022.0], [1.0, "a"], [], ["#N/A", None, None, None, "beside"],
    ]  # fmt: skip
    path.write_bytes(book(("Notes", [["x"]]), ("Table", [*table, [None]])))
    (frame,) = read_table(path, mapping_of(TANKS), "Table")
    assert list(frame.columns) == ["tanks", "Unnamed: 1", "tanks.1", "2022", "Unnamed: 4"]
    assert list(frame.index) == [3, 4, 5]
    assert frame.to_numpy().tolist() == [
        [1, "a", "", "", ""], ["", "", "", "", ""], ["", "", "", "", "beside"],
    ]  # fmt: skip
    with pytest.raises(LedgerError, match=r"no sheet 'Gone' \(its sheets: Notes \| Table\)"):
        next(read_table(path, mapping_of(TANKS), "Gone"))


def test_a_table_that_would_fill_the_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheettable, "CELL_LIMIT", 20)
    path = tmp_path / "table.xlsx"
    path.write_bytes(book(("Table", [["tanks", "b"], *([n, n] for n in range(9))])))
    assert len(next(read_table(path, mapping_of(TANKS)))) == 9
    path.write_bytes(book(("Table", [["tanks", "b"], *([n, n] for n in range(10))])))
    with pytest.raises(LedgerError, match="save it as csv"):
        next(read_table(path, mapping_of(TANKS)))


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", SHEET, "[Content_Types].xml"])
def test_damage_within_a_workbook_is_said(part: str) -> None:
    with ZipFile(BytesIO(SOUND)) as parts:
        sound = parts.read(part)
    read = 0
    for xml in damaged(sound, 80):
        data = rewritten(SOUND, part, sound, xml)
        try:
            reading = Book(BytesIO(data))
            rows = [row for sheet in reading.sheets for row in reading.rows(sheet)]
        except ValueError as error:
            rows = [error]
        told = [str(row) for row in rows if isinstance(row, ValueError)]
        assert all(line.isprintable() for line in told)
        read += len(rows) - len(told)
    assert read


def test_one_module_opens_workbooks() -> None:
    """What opens a workbook otherwise would open it without bounds."""
    names = {"load_workbook", "read_excel", "ExcelFile", "ExcelReader"}
    opening = {
        str(path.relative_to(ROOT))
        for package in ("aidledger", "extractors", "ledger", "reports")
        for path in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if (isinstance(node, ast.Name) and node.id in names)
        or (isinstance(node, ast.Attribute) and node.attr in names)
    }
    assert opening == {"extractors/readers/formats/tables/sheets.py"}
