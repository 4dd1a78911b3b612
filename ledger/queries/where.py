"""Conditions on the columns of figures and facts: ``donor = USA``, ``value > 1000000``.

    donor = USA            item = HIMARS, and everything below it in the tree
    donor in USA, GBR      item under "air defence", or of that category
    status != requested    date >= 2022-03, value < 100, sources > 1, party = null

A quoted value is taken as it is. What a column is to be (``=``, ``in``, ``under``) are
alternatives where several are given for it; everything else must hold together.
"""

from __future__ import annotations

import csv
import operator
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ledger.date_bounds import date_bounds
from ledger.errors import LedgerError
from ledger.figure import OF_CONFIDENCE, VOCABULARY
from ledger.queries.near import unknown
from ledger.queries.time_window import days
from ledger.queries.view import NEEDS, VIEWS, view_of
from ledger.series import ACTORS
from ledger.tree import Parents, with_descendants

IS = ("=", "in", "under")
ORDER: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
CONTAINS = "contains"  # some words, in any case
NULL = "null"  # the value of a column that is not known
# What columns can hold, where the record says so; the rest is open.
VALUES: dict[str, tuple[str, ...]] = {
    **VOCABULARY, "view": VIEWS, "date_stated": ("true", "false"),
}  # fmt: skip
# What rows are asked for by, though they need not have a column of it: from which they have.
DERIVED: dict[str, tuple[str, ...]] = {"view": NEEDS, "date": ("date_start", "date_end")}
# The columns of figures that a reader of meaning fills.
CHOSEN = (*OF_CONFIDENCE, "item", "category", "aid_type", "date_start", "date_end", "since")
_WRITTEN = re.compile(
    r"\s*(\w+)\s*(!=|<=|>=|==?|<|>|\bin\b|\bunder\b|\bcontains\b)\s*(.*?)\s*", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Condition:
    """What a column must be. ``values`` are one or, for ``in``, several; "null" is not known.
    ``further`` holds beside others of its column, and is no alternative to them."""

    column: str
    operator: str
    values: tuple[str, ...]
    further: bool = False

    @property
    def is_alternative(self) -> bool:
        """Whether one of several for its column need hold."""
        return self.operator in IS and not self.further

    @property
    def needs(self) -> tuple[str, ...]:
        """The columns by which it is decided."""
        return DERIVED.get(self.column) or (
            ("item", "category") if self.operator == "under" else (self.column,)
        )


Value = str | int | float
Where = (
    str | Condition | Iterable["str | Condition"] | Mapping[str, "Value | Collection[Value] | None"]
)


def conditions_of(where: Where | None) -> tuple[Condition, ...]:
    """The conditions of one line or several, or of a mapping from a column to its value or values.

    Raises ValueError for a line that is no condition.
    """
    if isinstance(where, Mapping):
        return tuple(Condition(name, "in", _texts(value)) for name, value in where.items())
    lines = [where] if isinstance(where, str | Condition) else where or ()
    return tuple(line if isinstance(line, Condition) else parse(line) for line in lines)


def _texts(value: Any) -> tuple[str, ...]:
    several = value if isinstance(value, Collection) and not isinstance(value, str) else [value]
    return tuple(NULL if one is None else str(one) for one in several)


def parse(line: str) -> Condition:
    """The condition that a line writes. Raises ValueError where it writes none."""
    found = _WRITTEN.fullmatch(line)
    if found is None or not found[3]:
        raise ValueError(
            f"{line!r} is not of the form name=value; "
            "nor with !=, <, >, <=, >=, in, under or contains"
        )
    column, sign, text = found[1], found[2].replace("==", "="), found[3]
    if sign != "in":
        return Condition(column, sign, (_unquoted(text),))
    bare = text[1:-1] if text[0] + text[-1] in ("()", "[]") else text
    [values] = csv.reader([bare.replace("'", '"')], skipinitialspace=True)
    return Condition(column, sign, tuple(value.strip() for value in values if value.strip()))


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text


def may_match(
    figures: pd.DataFrame, conditions: Iterable[Condition], parents: Parents
) -> pd.Series[bool]:
    """Which figures meet the conditions on what no reader of meaning chooses, a unit say: the
    others meet them only where what the grammar of numbers says is wrong."""
    known = {*figures.columns} - {*CHOSEN}
    return matches(figures, [one for one in conditions if {*one.needs} <= known], parents)


def matches(
    frame: pd.DataFrame, conditions: Iterable[Condition], parents: Parents
) -> pd.Series[bool]:
    """Which rows of figures or facts meet the conditions.

    Joint donors (``DEU+NLD``) are found under each of them; an item stands for all below it in the
    tree. What is not known meets ``!=`` and no other. Raises LedgerError for a column that the
    frame does not have, a value that the column cannot have, and an order of what has none.
    """
    kept = pd.Series(True, index=frame.index)
    either: dict[str, pd.Series[bool]] = {}
    for asked in conditions:
        _check(frame, asked)
        met = _met(frame, asked, parents)
        if asked.is_alternative:
            before = either.get(asked.column)
            either[asked.column] = met if before is None else before | met
        else:
            kept &= met
    for met in either.values():
        kept &= met
    return kept


def _check(frame: pd.DataFrame, asked: Condition) -> None:
    columns = [*map(str, frame.columns), *(["view"] if "view" not in frame else [])]
    derived = asked.column in DERIVED
    if not (derived or asked.column in columns) or not set(asked.needs) <= set(columns):
        raise LedgerError(unknown("column", asked.column, columns))
    if asked.operator == "under" and asked.column != "item":
        raise LedgerError(f"{asked.column} under ...: only items lie under others")
    choices = VALUES.get(asked.column, ()) if asked.operator != CONTAINS else ()
    wrong = next((one for one in asked.values if choices and one not in (*choices, NULL)), None)
    if wrong is not None:
        raise LedgerError(unknown(asked.column, wrong, choices))


def _met(frame: pd.DataFrame, asked: Condition, parents: Parents) -> pd.Series[bool]:
    if asked.operator == CONTAINS:
        return _containing(frame, asked)
    if asked.column == "view":
        column = view_of(frame)
    elif asked.column == "date":
        return _of_dates(frame["date_start"], frame["date_end"], asked)
    else:
        column = frame[asked.column]
    if column.dtype.kind == "M" or asked.column in ("published", "since"):
        first = days(column)
        return _of_dates(first, first, asked)
    if column.dtype.kind in "iuf":
        return _compared(column, asked, _number)
    if asked.operator in ORDER:
        raise LedgerError(f"{asked.column} has no order: choose by =, != or in")
    found = _is_one_of(frame, in_words(column), asked, parents)
    return ~found if asked.operator == "!=" else found


def _containing(frame: pd.DataFrame, asked: Condition) -> pd.Series[bool]:
    coded = asked.column in (*DERIVED, *ACTORS, "published", "since")
    column = None if coded else frame[asked.column]
    if column is None or column.dtype.kind in "iufMb":
        raise LedgerError(f"{asked.column} contains ...: only words contain others")
    words = [" ".join(value.split()) for value in asked.values]
    if "" in words or NULL in words:
        raise LedgerError(f"{asked.column} contains ...: say which words")
    text = column.str.replace(r"\s+", " ", regex=True)
    found = [text.str.contains(one, case=False, regex=False).fillna(False) for one in words]
    return pd.concat(found, axis=1).any(axis=1)


def in_words(column: pd.Series[Any]) -> pd.Series[str]:
    """A column as its values are written: a truth is true or false."""
    if column.dtype.kind != "b":
        return column
    return column.map({True: "true", False: "false"}).astype("str")


def _is_one_of(
    frame: pd.DataFrame, column: pd.Series[str], asked: Condition, parents: Parents
) -> pd.Series[bool]:
    wanted = {value for value in asked.values if value != NULL}
    unknown_too = column.isna() if NULL in asked.values else False
    held = column.dropna().unique()
    if asked.column == "item":
        found = column.isin(with_descendants(wanted, held, parents))
        if asked.operator == "under":
            found |= frame["category"].isin(wanted)
    elif asked.column in ACTORS:
        found = column.isin([one for one in held if one in wanted or wanted & {*one.split("+")}])
    else:
        found = column.isin(wanted)
    return found | unknown_too


def _compared(
    column: pd.Series[Any], asked: Condition, read: Callable[[str, str], Any]
) -> pd.Series[bool]:
    if asked.operator in ORDER:
        [value] = asked.values
        if value == NULL:
            raise LedgerError(f"{asked.column}: what is not known has no order")
        met: pd.Series[bool] = ORDER[asked.operator](column, read(asked.column, value))
        return met
    found = column.isin([read(asked.column, one) for one in asked.values if one != NULL])
    found |= column.isna() if NULL in asked.values else False
    return ~found if asked.operator == "!=" else found


def _number(name: str, written: str) -> float:
    try:
        return float(written.replace(",", "").replace("_", ""))
    except ValueError:
        raise LedgerError(f"{name}: not a number: {written!r}") from None


def _of_dates(
    first: pd.Series[pd.Timestamp], last: pd.Series[pd.Timestamp], asked: Condition
) -> pd.Series[bool]:
    """Dates of any precision: ``= 2022-03`` is within that month, ``> 2022-03`` wholly after it,
    ``>= 2022-03`` not before it."""
    found = pd.Series(False, index=first.index)
    for value in asked.values:
        if value == NULL:
            found |= first.isna()
            continue
        try:
            bounds = date_bounds(value)
        except ValueError as error:
            raise LedgerError(f"{asked.column}: {error}") from error
        assert bounds is not None
        begins, ends = map(pd.Timestamp, bounds)
        found |= {
            "<": last < begins,
            "<=": last <= ends,
            ">": first > ends,
            ">=": first >= begins,
        }.get(asked.operator, (first >= begins) & (last <= ends))
    return ~found if asked.operator == "!=" else found
