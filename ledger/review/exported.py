"""The state that a row of a review sheet was exported in: which decision was the last one on its
figure, and what stood in the cells that a reader fills in.

It stands in a column of its own as ``after-17-9f8a7c6b5d``, in every row, so that rows may be
sorted, deleted and copied. It begins with a word, or a spreadsheet would make a date or a number
of it. What a spreadsheet changes of itself when it saves (blanks, the form of a number) is left out
of the fingerprint.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from hashlib import blake2b

from ledger.figure import NUMBERS

COLUMN = "exported"
NEW = "new_"  # begins the name of a column for corrected values
_WRITTEN = re.compile(r"after-(\d{1,18})-([0-9a-f]{10})")
_IN_GROUPS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
_LETTERS = 8_000  # that are compared: a cell of a workbook is cut at 32,767 UTF-16 units


@dataclass(frozen=True, slots=True)
class Exported:
    """``last`` is the number of the last decision on the figure, 0 for none; ``cells`` the
    fingerprint of what stood in the row."""

    last: int
    cells: str

    def __str__(self) -> str:
        return f"after-{self.last}-{self.cells}"


def exported(figure_id: str, last: int, cells: Mapping[str, str]) -> Exported:
    """The state of a row: ``cells`` are those to fill in that are not empty, by their column."""
    said = {name: text for name in sorted(cells) if (text := plain(name, cells[name]))}
    line = "\x1f".join([figure_id, *(f"{name}={text}" for name, text in said.items())])
    digest = blake2b(line.encode("utf-8", "surrogatepass"), digest_size=5)
    return Exported(last, digest.hexdigest())


def exported_with(figure_id: str, last: int, finding: str) -> Exported:
    """The state of a row about what was found, which is exported with nothing filled in."""
    return exported(figure_id, last, {"finding": finding})


def read(cell: str) -> Exported | None:
    """What stands in the column of a row; None where that is no state."""
    found = _WRITTEN.fullmatch(cell)
    return Exported(int(found[1]), found[2]) if found else None


def plain(name: str, cell: str) -> str:
    """The cell without what a spreadsheet adds or takes away: two cells that say the same are the
    same here."""
    # A leading quote keeps a text from being a formula; a spreadsheet may show it or not.
    letters = " ".join("".join(map(_letter, cell)).split()).lstrip("' ")
    if name.removeprefix(NEW) in NUMBERS and (number := number_of(letters)) is not None:
        return f"{float(number):.15g}"
    return (letters.lower() if name == "decision" else letters)[:_LETTERS]


def _letter(sign: str) -> str:
    """The sign as a workbook keeps it: it holds no control characters."""
    if sign.isprintable():
        return sign
    return " " if sign in "\t\n\r" or (sign > "\x1f" and sign.isspace()) else ""


def number_of(cell: str) -> Decimal | None:
    """The number in a cell, None if it is none. Commas part groups of three digits and no others:
    "0,5" may be a half or a five."""
    if "_" in cell or ("," in cell and not _IN_GROUPS.fullmatch(cell)):
        return None
    try:
        return Decimal(cell.replace(",", ""))
    except InvalidOperation:
        return None
