"""Conditional formats: what nobody has reviewed, and what does not agree, is seen at a glance."""

from __future__ import annotations

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill

from reports.workbook.styles import ALARM, WARN
from reports.workbook.tables import Place

ALARMING = ("conflict",)
WARNING = ("short", "over")


def mark_unreviewed(stands: Place) -> None:
    """The cells of the column ``review`` that hold no decision are yellow."""
    if "review" in stands.letters:
        cells = stands.cells("review")
        _mark(stands, cells, f'AND({_first(cells)}="",$A2&$B2<>"")', WARN)


def mark_verdicts(stands: Place) -> None:
    """Rows of Checks whose verdict is a conflict are red, those with a gap yellow."""
    last = list(stands.letters.values())[-1]
    verdict = f"${stands.letters['verdict']}2"
    for words, color in ((ALARMING, ALARM), (WARNING, WARN)):
        test = ",".join(f'{verdict}="{word}"' for word in words)
        _mark(stands, f"A2:{last}{stands.last}", f"OR({test})", color)


def _first(cells: str) -> str:
    return cells.partition(":")[0]


def _mark(stands: Place, cells: str, formula: str, color: str) -> None:
    fill = PatternFill("solid", bgColor=color)
    rule = FormulaRule([formula], fill=fill)  # type: ignore[no-untyped-call]
    stands.sheet.conditional_formatting.add(cells, rule)
