"""Rows as a workbook of plain sheets: real numbers, days of the calendar where a column holds
nothing else, and texts that stay texts."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpyxl.utils import get_column_letter

from reports.files import replacing
from reports.workbook.book import Book, new_book
from reports.workbook.saving import save

if TYPE_CHECKING:
    from reports.workbook.cells import Cell, Cells

ROWS = 1_048_575  # of a sheet, its header aside, the limit of the format
STAMP = datetime(2000, 1, 1)  # the file's date: the same rows make the same file
NARROW, WIDE = 8, 60  # characters


def write_sheet(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], path: Path, numbers: Collection[str] = ()
) -> None:
    """Write rows to an Excel workbook: a sheet that is named as the file, with filters; rows past
    Excel's limit go on in a next one. The heads of ``numbers`` stand to the right. Raises OSError
    where the file cannot be written."""
    book, left = new_book(), iter(rows)
    right = [name in numbers for name in columns]
    following: list[Sequence[Any]] = [*islice(left, 1)]
    while True:  # a sheet at least, and a next one where a row is left for it
        _write(
            book, path.stem, columns, right, chain(following, islice(left, ROWS - len(following)))
        )
        if not (following := [*islice(left, 1)]):
            break
    with replacing(path) as file:
        save(book.workbook, book.lines, file, STAMP)


def _write(
    book: Book,
    name: str,
    columns: Sequence[str],
    right: Sequence[bool],
    rows: Iterable[Sequence[Any]],
) -> None:
    """A sheet as wide as its cells."""
    widths = [max(NARROW, len(name) + 4) for name in columns]  # with room for a filter's button
    lines = book.sheet(name, widths, "A2")
    lines.head(columns, right)
    for row in rows:
        widths = [
            min(max(width, len(str(value)) + 2), WIDE)
            for width, value in zip(widths, row, strict=True)
        ]
        lines.row(_cell(lines.cells, value) for value in row)
    sheet, letters = lines.sheet, [get_column_letter(n) for n in range(1, len(columns) + 1)]
    for letter, width in zip(letters, widths, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.auto_filter.ref = f"A1:{letters[-1]}{lines.next - 1}"
    sheet.print_title_rows = "1:1"


def _cell(cells: Cells, value: Any) -> Cell | None:
    if value is None or value == "":
        return None
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return cells.number(float(value))
    if isinstance(value, date):
        return cells.date(value)
    if isinstance(value, list | dict):
        return cells.text(json.dumps(value, ensure_ascii=False))
    return cells.text(str(value))
