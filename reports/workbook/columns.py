"""What every column of the workbook is: read from ``columns.toml``, its one home."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledger.review.exported import NEW

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its name in the frame, its meaning, its form and its width;
    ``hidden`` where a reader unfolds it who wants it."""

    name: str
    means: str
    form: str
    width: float
    hidden: bool = False


@cache
def described(table: str) -> tuple[Column, ...]:
    """The columns that ``columns.toml`` describes for a table, in its order.

    Raises KeyError for a table without a description.
    """
    return tuple(Column(name, **entry) for name, entry in _catalogue()[table].items())


def columns_of(
    table: str, frame: pd.DataFrame, other: str | None = None, *, folded: bool = False
) -> list[Column]:
    """The columns of a frame in the order in which the sheet shows them.

    Those described for the table come first. A column that is not still goes on the sheet, after
    them: described as on Figures, as the new value of such a column (``new_status``), or in the
    form ``other``; hidden where these are ``folded``.
    """
    known = [column for column in described(table) if column.name in frame.columns]
    names = {column.name for column in known}
    others = [str(name) for name in frame.columns if str(name) not in names]
    more = [_undescribed(name, frame, other) for name in others]
    return known + [replace(column, hidden=folded) for column in more]


def _undescribed(name: str, frame: pd.DataFrame, other: str | None) -> Column:
    figures = {column.name: column for column in described("figures")}
    field = name.removeprefix(NEW)
    if other is None and name in figures:
        return figures[name]
    if other is None and field in figures:
        means = f"The right {field}, where it was read wrongly; null empties it."
        return Column(name, means, "text", max(figures[field].width, len(name) + 2))
    offered, _, number = name.rpartition(" ")
    if other is None and offered in figures and number.isdigit():
        return Column(name, f"A value that the list of {NEW}{offered} offers.", "text", 14)
    return Column(name, "", other or _form(frame, name), 14)


@cache
def _catalogue() -> dict[str, dict[str, dict[str, Any]]]:
    with (Path(__file__).parent / "columns.toml").open("rb") as file:
        return tomllib.load(file)


def _form(frame: pd.DataFrame, name: str) -> str:
    kind = frame[name].dtype.kind
    return {"i": "whole", "u": "whole", "f": "whole", "M": "date"}.get(kind, "text")
