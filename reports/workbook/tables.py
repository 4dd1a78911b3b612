"""Frames as Excel tables: header, filters, frozen panes, and a next sheet where one is full."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import ceil
from typing import TYPE_CHECKING, Any

import pandas as pd
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableColumn, TableStyleInfo

from ledger.rows import Rows, Table
from ledger.table import plain
from reports.telling import TOLD
from reports.workbook.book import Book, place
from reports.workbook.cells import safe_text
from reports.workbook.columns import Column, columns_of
from reports.workbook.lines import Lines
from reports.workbook.widths import Widths

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from reports.workbook.cells import Cell

ROW_LIMIT = 1_048_576  # rows of a sheet, its header included, the limit of the format
HEADER_LIMIT = 250  # letters of a table's header, less than Excel's 255 to leave room for a number
LINE, MOST_LINES = 13.0, 5  # points a line of text, and lines that a row shows
PRINTED = 100  # rows of data that are all printed
WIDEST = 260  # characters side by side on a sheet of paper that can still be read
TAB_OF_DATA = "C4CCD3"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table stands: its sheet, the letter of each column, its last row."""

    sheet: Worksheet
    letters: Mapping[str, str]
    last: int

    def cells(self, column: str) -> str:
        """The cells of a column below its header: ``F2:F500``."""
        letter = self.letters[column]
        return f"{letter}2:{letter}{self.last}"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is shown: its sheet, what stays in view, how far it prints.

    ``print_to`` is the last column on paper (all where None). ``data`` is for filters and formulas:
    its tab is grey, and on paper it has as many columns as can be read and, past ``PRINTED`` rows,
    one page.
    ``other`` is the form of columns that ``columns.toml`` does not describe, which are hidden where
    they are ``folded``; ``places`` says where
    each source's row is, ``named`` gives
    every column a name for formulas (``facts_value``), and ``dress`` adds what a sheet has besides:
    drop-downs, conditional formats.
    """

    key: str
    sheet: str
    freeze: str = "A2"
    print_to: str | None = None
    data: bool = True
    rows_a_sheet: int = ROW_LIMIT - 1
    lines_a_row: int = MOST_LINES
    other: str | None = None
    folded: bool = False
    places: Mapping[str, str] = field(default_factory=dict)
    named: bool = False
    dress: Callable[[Place], None] | None = None

    def row_of(self, index: int) -> tuple[str, int]:
        """The sheet and the row on which the row ``index`` of the frame stands."""
        sheet, row = divmod(index, self.rows_a_sheet)
        return (f"{self.sheet} {sheet + 1}" if sheet else self.sheet), row + 2


def write_table(book: Book, layout: Layout, table: Table) -> list[str]:
    """Write every row of a frame as an Excel table; returns the names of the sheets it took.

    Rows past Excel's limit go on in a next sheet with the same header, so nothing is lost.
    """
    rows = Rows.of(table)
    columns = columns_of(layout.key, rows.empty, layout.other, folded=layout.folded)
    starts = range(0, max(len(rows), 1), layout.rows_a_sheet)
    return [_write_sheet(book, layout, columns, rows, start) for start in starts]


def places_of(frame: pd.DataFrame, layout: Layout) -> dict[str, str]:
    """Where each source's row stands, once its table is written: source_id to a cell."""
    rows = (layout.row_of(index) for index in range(len(frame)))
    return {
        str(source_id): place(title, f"A{row}")
        for source_id, (title, row) in zip(frame["source_id"], rows, strict=True)
    }


def _write_sheet(book: Book, layout: Layout, columns: list[Column], rows: Rows, start: int) -> str:
    """Write a sheet with as many rows as it takes, from the one at ``start`` on."""
    count = min(len(rows) - start, layout.rows_a_sheet)
    lines = book.sheet(layout.sheet, [column.width for column in columns], layout.freeze)
    sheet = lines.sheet
    last = get_column_letter(len(columns))
    end = max(count, 1) + 1  # a table has at least one row below its header
    headers = unique_headers([column.name for column in columns])
    sheet.add_table(_table(sheet.title, f"A1:{last}{end}", headers))
    stands = Place(sheet, {c.name: get_column_letter(n) for n, c in enumerate(columns, 1)}, end)
    if layout.dress:
        layout.dress(stands)
    if layout.named and sheet.title == layout.sheet:
        _name_columns(book.workbook, layout.key, stands)
    right = ("amount", "whole", "rate", "share", "formula")
    lines.head(headers, [column.form in right for column in columns])
    makers = [_maker(column, lines, layout.places) for column in columns]
    long = [i for i, column in enumerate(columns) if column.form == "wrap"]
    widths = Widths(columns)
    for values, unit, per in _rows(rows.between(start, start + count), columns):
        widths.see(values, unit)
        cells = [
            None if value is None else make(value, unit, per)
            for make, value in zip(makers, values, strict=True)
        ]
        need = max((_lines(values[i], columns[i].width) for i in long), default=1)
        lines.row(cells, LINE * min(need, layout.lines_a_row) + 2)
        if book.progress and (written := lines.next - 2) % TOLD == 0:
            book.progress(layout.sheet, written, count)
    for letter, width, column in zip(stands.letters.values(), widths.found(), columns, strict=True):
        sheet.column_dimensions[letter].width = width
        if column.hidden:
            sheet.column_dimensions[letter].hidden = True
            sheet.column_dimensions[letter].outlineLevel = 1
    seen = [
        0.0 if column.hidden else width
        for column, width in zip(columns, widths.found(), strict=True)
    ]
    _for_paper(lines, layout, [column.name for column in columns], seen, end)
    return sheet.title


def _for_paper(
    lines: Lines, layout: Layout, names: Sequence[str], widths: Sequence[float], end: int
) -> None:
    """What is printed: all rows with the header on each page, or of data one page."""
    sheet = lines.sheet
    number = names.index(layout.print_to) + 1 if layout.print_to in names else len(names)
    if layout.data:
        number = max(1, bisect_right(list(accumulate(widths[:number])), WIDEST))
        sheet.sheet_properties.tabColor = TAB_OF_DATA
    if layout.data and end - 1 > PRINTED:
        sheet.page_setup.fitToHeight = 1
        rows = min(end, lines.fitting(sum(widths[:number])))
        footer: Any = sheet.oddFooter
        footer.center.text = f"Data, {end - 1:,} rows: rows 1 to {max(rows - 1, 1):,} on paper"
        end = rows
    sheet.print_area = f"A1:{get_column_letter(number)}{end}"
    sheet.print_title_rows = "1:1"


def _name_columns(workbook: Workbook, key: str, stands: Place) -> None:
    for column, letter in stands.letters.items():
        cells = place(stands.sheet.title, f"${letter}$2:${letter}${stands.last}")
        name = re.sub(r"\W", "_", f"{key}_{column}")
        workbook.defined_names[name] = DefinedName(name, attr_text=cells)


def unique_headers(names: Sequence[str]) -> list[str]:
    """Names as Excel takes them for a table: not empty, at most 255 letters, and none twice,
    capitals or not.

    >>> unique_headers(["USA", "usa", ""])
    ['USA', 'usa 2', 'column']
    """
    taken: set[str] = set()
    headers = []
    for name in names:
        plain = " ".join(safe_text(name).split())[:HEADER_LIMIT] or "column"
        header, number = plain, 2
        while header.lower() in taken:
            header, number = f"{plain} {number}", number + 1
        taken.add(header.lower())
        headers.append(header)
    return headers


def _table(title: str, ref: str, headers: list[str]) -> ExcelTable:
    table = ExcelTable(displayName=title.replace(" ", "_"), ref=ref, autoFilter=AutoFilter(ref=ref))
    table.tableColumns = [
        TableColumn(id=number, name=header) for number, header in enumerate(headers, 1)
    ]
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    return table


def _rows(
    portions: Iterable[pd.DataFrame], columns: list[Column]
) -> Iterator[tuple[list[Any], str | None, str | None]]:
    """The rows as plain Python values with None for what is missing, and each row's unit."""
    names = [column.name for column in columns]
    for portion in portions:
        held = {name: plain(portion[name]) for name in names}
        nothing = [None] * len(portion)
        units, pers = held.get("unit", nothing), held.get("per", nothing)
        for *values, unit, per in zip(*held.values(), units, pers, strict=True):
            yield values, unit, per


def _maker(column: Column, lines: Lines, places: Mapping[str, str]) -> Callable[..., Cell | None]:
    """The function that makes a column's cells from (value, the row's unit, the row's per)."""
    cells = lines.cells
    makers: dict[str, Callable[..., Cell | None]] = {
        "text": lambda value, unit, per: cells.text(_words(value)),
        "wrap": lambda value, unit, per: cells.text(_words(value), "wrap"),
        "amount": lambda value, unit, per: cells.number(value, unit, per),
        "whole": lambda value, unit, per: cells.number(value),
        "rate": lambda value, unit, per: cells.bare(value, "rate"),
        "share": lambda value, unit, per: cells.bare(value, "share"),
        "formula": lambda value, unit, per: cells.formula(value[0], value[1], unit),
        "test": lambda value, unit, per: cells.test(value),
        "date": lambda value, unit, per: cells.date(value),
        "link": lambda value, unit, per: cells.link(value, place=places.get(value)),
        "web": lambda value, unit, per: cells.link(value, url=value),
    }
    return makers[column.form]


def _words(value: Any) -> str:
    """A value as text; the ids of a list stand side by side."""
    if isinstance(value, str):
        return value
    return " ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _lines(text: Any, width: float) -> int:
    """About how many lines a text takes in a column of this width."""
    letters = width * 1.1
    return sum(ceil(max(len(line), 1) / letters) for line in str(text or "").splitlines()) or 1
