"""The sheets to review in: the queue, with drop-downs to decide in, one sheet for each question."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from ledger.figure import NUMBERS, VOCABULARY
from ledger.review.exported import NEW
from ledger.review.filled import EMPTY
from ledger.review.offered import OPEN
from ledger.review.queue_sheets import OFFERED, OTHER, Sheets, offer
from ledger.review.replies import JOIN
from ledger.review.review import CORRECTABLE, DISMISS, REQUIRED, STATES
from reports.workbook.book import Book, place
from reports.workbook.styles import WARN
from reports.workbook.tables import Layout, Place

SHEETS = {
    "figures": "Review", "same": "Review same facts", "parts": "Review parts",
    "checks": "Review checks",
}  # fmt: skip
"""The sheets of :class:`ledger.review.queue_sheets.Sheets`, by their names in the workbook."""
ENTRY = "FFFBE0"  # the fill of cells that a reader fills in
LINES = 9  # of a sentence, which has to be read to be decided on
_ANSWERS = {"pair": (JOIN, DISMISS, "reject"), "found": (DISMISS, *STATES)}


@dataclass(frozen=True, slots=True)
class _Asked:
    """A sheet: the list of its decisions, the columns it has, what is printed, what it holds."""

    decisions: str
    key: str
    print_to: str
    holds: str


_ASKED = {
    "figures": _Asked(
        "decision", "review", "new_date",
        "To accept, reject or correct: figures, durations too, those first on which a decision "
        "is worth most. Read back later.",
    ),
    "same": _Asked(
        "decision_pair", "review_pairs", "other_date",
        "Pairs of figures that may state one fact, side by side. Read back with Review.",
    ),
    "parts": _Asked(
        "decision_found", "review", "new_date",
        "Wholes that their parts exceed, each with its parts. Read back with Review.",
    ),
    "checks": _Asked(
        "decision_found", "review", "new_date",
        "What else looks wrong: stated totals that the events do not meet, facts that stand out. "
        "Read back with Review.",
    ),
}  # fmt: skip


def tables(sheets: Sheets, places: Mapping[str, str]) -> Iterator[tuple[Layout, pd.DataFrame, str]]:
    """The sheets: how each is shown, its rows, and what it holds in words."""
    for name, asked in _ASKED.items():
        rows: pd.DataFrame = getattr(sheets, name)
        if rows.empty and name != "figures":
            continue
        left = sheets.entries[name] - rows["rank"].nunique()
        more = f" {left:,} more are in the ledger's queue." if left else ""
        layout = Layout(
            asked.key, SHEETS[name], "C2", asked.print_to, folded=True, places=places,
            lines_a_row=LINES, dress=_dressed(asked),
        )  # fmt: skip
        yield layout, rows, asked.holds + more


def add_lists(book: Book) -> None:
    """A hidden sheet with the words of each drop-down, and a name for each list."""
    lists = {"decision": tuple(STATES)}
    lists |= {f"decision_{name}": words for name, words in _ANSWERS.items()}
    lists |= {
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


def _dressed(asked: _Asked) -> Callable[[Place], None]:
    def dress(stands: Place) -> None:
        """Yellow entry columns, drop-downs, text form where Excel would make a date of a word, and
        the cells marked that are in doubt."""
        for name, letter in stands.letters.items():
            field = name.removeprefix(NEW)
            if name in ("decision", "why") or name.startswith(NEW):
                column = stands.sheet.column_dimensions[letter]
                column.fill = PatternFill("solid", fgColor=ENTRY)
                column.number_format = "General" if field in NUMBERS else "@"
                choice = _drop_down(field, asked, stands)
                if choice is not None:
                    choice.add(stands.cells(name))
                    stands.sheet.data_validations.append(choice)
            elif OTHER + name in stands.letters and name in CORRECTABLE:
                _mark(stands, name, f"${letter}2<>${stands.letters[OTHER + name]}2")
                _mark(stands, OTHER + name, f"${letter}2<>${stands.letters[OTHER + name]}2")
            elif NEW + name in stands.letters:
                words = f"{name.replace('_', ' ')} "
                _mark(stands, name, f'ISNUMBER(SEARCH("{words}",${stands.letters["reason"]}2))')

    return dress


def _drop_down(field: str, asked: _Asked, stands: Place) -> DataValidation | None:
    """The list of a field: its words, or what the row offers, beside which others may be typed."""
    first = stands.letters.get(offer(field, 1)) if field in OPEN else None
    if first is not None:
        last = stands.letters[offer(field, OFFERED)]
        number = f"MAX(1,COUNTA(${first}2:${last}2))"
        # The cells stand in the row itself: rows may be sorted, and each keeps what it offers.
        words = f"OFFSET(${first}2,0,0,1,{number})"
        return DataValidation("list", formula1=words, allow_blank=True, showErrorMessage=False)
    if field != "decision" and field not in VOCABULARY:
        return None
    name = asked.decisions if field == "decision" else field
    choice = DataValidation(type="list", formula1=f"list_{name}", allow_blank=True)
    choice.errorTitle, choice.error = "Not in the list", "Pick one of the list, or leave it empty."
    choice.showErrorMessage = True
    return choice


def _mark(stands: Place, column: str, formula: str) -> None:
    fill = PatternFill("solid", bgColor=WARN)
    rule = FormulaRule([formula], fill=fill)  # type: ignore[no-untyped-call]
    stands.sheet.conditional_formatting.add(stands.cells(column), rule)
