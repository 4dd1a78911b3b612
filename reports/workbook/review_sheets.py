"""The sheet Review: figures with drop-downs to decide in."""

from __future__ import annotations

from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from ledger.figure import NUMBERS, VOCABULARY
from ledger.review.exported import NEW
from ledger.review.filled import EMPTY
from ledger.review.review import REQUIRED, STATES
from reports.workbook.book import Book, place
from reports.workbook.tables import Place

SHEET = "Review"
ENTRY = "FFFBE0"  # the fill of cells that a reader fills in


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
