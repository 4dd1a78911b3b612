"""A filled-in review sheet out of a file: the review sheets of a workbook, or a CSV as any
spreadsheet saves it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any, BinaryIO

from extractors.readers.formats.tables.sheets import RETURN, Book
from extractors.readers.formats.tables.texts_in_tables import csv_rows
from ledger.errors import LedgerError
from ledger.review.filled import READ, Row, wrong_names
from ledger.table import cell_text
from reports.risky import QUOTE
from reports.workbook.review_sheets import SHEETS

_TITLE = re.compile(rf"({'|'.join(map(re.escape, SHEETS.values()))})( \d+)?")


def rows_of_file(path: Path) -> Iterator[Row | str]:
    """The rows below the first that is not empty, which names the columns; a line for each row that
    cannot be read, and for a column without a name that holds something.

    Raises LedgerError naming the file for one that is no such sheet, or a bomb.
    """
    try:
        with path.open("rb") as file:
            if path.suffix.lower() == ".xlsx":
                yield from _of_workbook(file)
            else:
                yield from _of_table(csv_rows(file), "")
    except OSError as error:
        raise LedgerError(f"{path}: {error.strerror or error}") from error
    except ValueError as error:
        raise LedgerError(f"{path}: {error}") from error


def _of_workbook(file: BinaryIO) -> Iterator[Row | str]:
    book = Book(file)
    sheets = [sheet for sheet in book.sheets if _TITLE.fullmatch(sheet.title)]
    if not sheets:
        raise ValueError(f"no sheet {SHEETS['figures']}")
    for sheet in sheets:
        yield from _of_table(book.rows(sheet), sheet.title)


def _of_table(rows: Iterable[Sequence[Any] | ValueError], title: str) -> Iterator[Row | str]:
    """The rows of one table. A column is known by its place: an empty name moves none."""
    of_sheet, of_row = (f"{title}: ", f"{title}, ") if title else ("", "")
    names: list[str] = []
    nameless: set[int] = set()
    broken = False
    for number, values in enumerate(rows, 1):
        if isinstance(values, ValueError):
            broken = True
            yield f"{of_row}row {number}: {values}"
        elif not names:
            names = _names(values)
            if names and (wrong := wrong_names(names)):
                yield from (of_sheet + line for line in wrong)
                return
        else:
            named = zip(names, values, strict=False)
            cells = {name: text for name, v in named if name in READ and (text := _text(v))}
            nameless |= {n for n, v in _beside(names, values) if _text(v)}
            if cells:
                yield Row(f"{of_row}row {number}", cells)
    if not names and not broken:
        yield f"{of_sheet}an empty sheet"
    for column in sorted(nameless):
        yield f"{of_sheet}column {column} has no name: what stands in it was not read"


def _names(values: Sequence[Any]) -> list[str]:
    """The names in the header, up to the last; none where the row is empty."""
    names = [_text(value) for value in values]
    while names and not names[-1]:
        del names[-1]
    return names


def _beside(names: Sequence[str], values: Sequence[Any]) -> Iterator[tuple[int, Any]]:
    """The cells without a name above them, with the number of their column."""
    columns = enumerate(zip_longest(names, values, fillvalue=""), 1)
    return ((number, value) for number, (name, value) in columns if not name)


def _text(value: Any) -> str:
    """A cell as text, without the quote that keeps a text from being a formula in CSV."""
    return re.sub(QUOTE, "", cell_text(value)).replace(RETURN, "")
