"""How wide columns must be, which is seen while their rows go by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.workbook.columns import Column
from reports.workbook.styles import MILLION, is_whole

_BOLD = 4  # characters more than its letters that a head takes
LEAST = 12  # characters that a column of amounts is wide


class Amounts:
    """The amounts of a column, as far as they say how wide it must be to show them with their
    units, never as ``###``."""

    def __init__(self) -> None:
        # of every unit the largest, the smallest, and the largest that is shown with decimals
        self._held: dict[str | None, tuple[float, float, float]] = {}

    def see(self, number: float | None, unit: str | None) -> None:
        """Takes note of one more amount."""
        if number is None:
            return
        largest, smallest, fine = self._held.get(unit, (number, number, 0.0))
        if fine < abs(number) < MILLION:
            fine = abs(number)
        self._held[unit] = (max(largest, number), min(smallest, number), fine)

    @property
    def width(self) -> float:
        """The width in characters."""
        widest = LEAST
        for unit, numbers in self._held.items():
            digits = max(map(len, map(_written, numbers)))
            widest = max(widest, digits + (0 if unit is None else len(unit) + 1) + 2)
        return float(widest)


class Widths:
    """The widths of a table's columns: those given, of amounts what they need."""

    def __init__(self, columns: Sequence[Column]) -> None:
        names = [column.name for column in columns]
        self._columns = columns
        self._amounts: dict[str, Amounts] = {}
        if "unit" in names:
            self._amounts = {name: Amounts() for column in columns if (name := _amount_of(column))}
        self._places = [(names.index(name), held) for name, held in self._amounts.items()]

    def see(self, values: Sequence[Any], unit: str | None) -> None:
        """Takes note of one more row."""
        for place, amounts in self._places:
            amounts.see(values[place], unit)

    def found(self) -> list[float]:
        """The width of every column."""
        held = [(column, self._amounts.get(_amount_of(column) or "")) for column in self._columns]
        return [
            column.width if amounts is None else max(amounts.width, len(column.name) + _BOLD)
            for column, amounts in held
        ]


def _amount_of(column: Column) -> str | None:
    """The column of amounts that says how wide this one must be; None where its width is given."""
    return {"amount": column.name, "formula": "amount"}.get(column.form)


def _written(number: float) -> str:
    return f"{number:,.0f}" if is_whole(number) else f"{number:,.2f}"
