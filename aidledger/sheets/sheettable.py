"""A table out of a sheet of a workbook, within the bounds that documents are read in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl.cell.cell import ERROR_CODES

from extractors.readers.formats.tables.sheets import Book, Values
from extractors.readers.problem import one_line
from ledger.imports.coded_tables import ROW
from ledger.table import cell_text

CELL_LIMIT = 5_000_000  # of a sheet, empty ones within it counted: each takes some 200 bytes


def frame_of(path: Path, title: str | None) -> pd.DataFrame:
    """The sheet of this title (else the first) as a frame whose index, ``row``, counts as the
    sheet does; its first row that is not empty names the columns.

    Raises OSError, and ValueError for what is no workbook or no table, and for a bomb.
    """
    with path.open("rb") as file:
        book = Book(file)
        wanted = [sheet for sheet in book.sheets if title in (None, sheet.title)]
        if not wanted:
            titles = " | ".join(one_line(sheet.title) for sheet in book.sheets)
            raise ValueError(f"no sheet {title!r} (its sheets: {titles})" if title else "no sheet")
        rows = _filled(book.rows(wanted[0]))
    if not rows:
        raise ValueError("an empty sheet")
    width = max(map(len, rows.values()))
    cells = [row + [""] * (width - len(row)) for row in rows.values()]
    index = pd.Index(list(rows)[1:], name=ROW)
    return pd.DataFrame(cells[1:], index=index, columns=_named(cells[0]), dtype=object)


def _filled(sheet: Iterable[Values]) -> dict[int, list[Any]]:
    """The rows by number, from the first to the last that holds something.

    Raises ValueError for a sheet that breaks off, and for one that would fill the memory.
    """
    rows: dict[int, list[Any]] = {}
    width = last = 0
    for number, values in enumerate(sheet, 1):
        if isinstance(values, ValueError):
            raise values
        row = _plain(values)
        if rows or row:
            rows[number] = row
        last, width = (number if row else last), max(width, len(row))
        if width * len(rows) > CELL_LIMIT:
            raise ValueError(f"a sheet of more than {CELL_LIMIT:,} cells: save it as csv")
    return {number: row for number, row in rows.items() if number <= last}


def _plain(values: Sequence[Any]) -> list[Any]:
    """The cells up to the last that holds something; an error, such as #N/A, is nothing."""
    cells = ["" if value is None or value in ERROR_CODES else value for value in values]
    while cells and cells[-1] == "":
        del cells[-1]
    return cells


def _named(header: Sequence[Any]) -> list[str]:
    """The names of the columns; one that is missing or there already is told by its place."""
    names: list[str] = []
    for place, cell in enumerate(header):
        name = (cell if isinstance(cell, str) else cell_text(cell)) or f"Unnamed: {place}"
        others = (f"{name}.{number}" for number in count(1))
        names.append(name if name not in names else next(n for n in others if n not in names))
    return names
