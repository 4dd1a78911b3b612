"""The sheet Review: figures with drop-downs to decide in, and the filled-in sheet read back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import pandas as pd
from openpyxl import load_workbook
from openpyxl.styles import PatternFill
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from ledger.errors import LedgerError
from ledger.figure import NUMBERS
from ledger.review import REQUIRED, STATES, VOCABULARY
from reports.columns import NEW
from reports.pages import Book, place
from reports.tables import Place

SHEET = "Review"
ENTRY = "FFFBE0"  # the fill of cells that a reader fills in
EMPTY = "null"  # what empties a field
_TITLE = re.compile(rf"{SHEET}( \d+)?")


def add_lists(book: Book) -> None:
    """A hidden sheet with the words of each drop-down, and a name for each list."""
    lists = {"decision": tuple(STATES)} | {
        name: words if name in REQUIRED else (*words, EMPTY) for name, words in VOCABULARY.items()
    }
    lines = book.sheet("Lists", [18] * len(lists))
    lines.sheet.sheet_state = "hidden"
    lines.head(list(lists), [False] * len(lists))
    longest = max(map(len, lists.values()))
    for row in range(longest):
        lines.row(
            [lines.cells.text(words[row]) if row < len(words) else None for words in lists.values()]
        )
    for letter, (name, words) in zip("ABCDEFGHIJKLMNOP", lists.items(), strict=False):
        cells = place(lines.sheet.title, f"${letter}$2:${letter}${len(words) + 1}")
        book.workbook.defined_names[f"list_{name}"] = DefinedName(f"list_{name}", attr_text=cells)


def dress(stands: Place) -> None:
    """Yellow entry columns, drop-downs, and text form where Excel would make a date of a word."""
    for name, letter in stands.letters.items():
        if name not in ("decision", "why") and not name.startswith(NEW):
            continue
        field = name.removeprefix(NEW)
        column = stands.sheet.column_dimensions[letter]
        column.fill = PatternFill("solid", fgColor=ENTRY)
        column.number_format = "General" if field in NUMBERS else "@"
        if field == "decision" or field in VOCABULARY:
            stands.sheet.data_validations.append(_drop_down(field, stands.cells(name)))


def _drop_down(field: str, cells: str) -> DataValidation:
    choice = DataValidation(type="list", formula1=f"list_{field}", allow_blank=True)
    choice.errorTitle, choice.error = "Not in the list", "Pick one of the list, or leave it empty."
    choice.showErrorMessage = True
    choice.add(cells)
    return choice


@dataclass(frozen=True)
class Filled:
    """A review sheet as it was filled in: its rows, and where each stands."""

    rows: pd.DataFrame
    places: tuple[str, ...]

    def place(self, number: int) -> str:
        """The sheet and row that a person sees, for the row with this number (2 the first)."""
        return self.places[number - 2]


def read_review(path: Path | str) -> Filled:
    """The rows of the sheets Review, Review 2, ... as :func:`ledger.review.read_sheet` takes them.

    Raises LedgerError for a file that is no workbook or has no such sheet.
    """
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise LedgerError(f"{path}: not an Excel workbook ({error})") from error
    except OSError as error:
        raise LedgerError(f"{path}: {error.strerror or error}") from error
    try:
        titles = [title for title in book.sheetnames if _TITLE.fullmatch(title)]
        if not titles:
            raise LedgerError(f"{path}: no sheet {SHEET}")
        found = [row for title in titles for row in _rows(book[title], title)]
    finally:
        book.close()
    frame = pd.DataFrame([row for _, row in found], dtype="object")
    return Filled(frame, tuple(where for where, _ in found))


def _rows(sheet: Any, title: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each row below the header that says anything, with its place."""
    sheet.reset_dimensions()
    rows: Iterator[tuple[Any, ...]] = sheet.iter_rows(values_only=True)
    names = [str(name) for name in next(rows, ()) if name is not None]
    for number, values in enumerate(rows, 2):
        if any(value is not None for value in values):
            cells = dict(zip(names, values, strict=False))
            yield f"{title}, row {number}", cells | dict.fromkeys(names[len(values) :])
