"""What the cells of a ledger hold, and the name of one that holds something else.

A database takes what it is given: another program can put a word where a number belongs, and a page
that a disk has damaged can say anything. Rows are checked here as they are read, by the columns
that the query selects; behind it every value is of its kind.
"""

from __future__ import annotations

import json
import reprlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from math import isfinite
from types import NoneType
from typing import Any

from sqlalchemy import Column, Float, Integer, Label, Result, Select, Table

from ledger import fact
from ledger.date_bounds import date_bounds
from ledger.errors import LedgerError
from ledger.figure import VOCABULARY, Chosen
from ledger.review.review import CORRECTABLE, NOTES, STATES, are_of_note
from ledger.store import schema

# What a row goes by, for each table.
_KEYS = {
    "document": "source_id", "figure": "figure_id", "fact": "fact_id", "decision": "id",
    "attachment": "id", "rate": "date", "audit": "id", "audit_figure": "figure_id",
    "reading": "document", "former_figure": "figure_id",
    "audit_passage": "position",
}  # fmt: skip
# What the record always says, though the schema would take null.
_NEVER_NULL = frozenset(
    (
        *("figure_id", "fact_id", "source_id", "start", "end", "text", "sentence", "dimension"),
        *(
            "unit",
            "qualifier",
            "includes",
            "cues",
            "choices",
            "other",
            "figure_ids",
            "reader",
            "extractor",
            "rule",
            *fact.COUNTS,
        ),
    )
)
_DAY = len("2022-10-04")


class CellError(LedgerError):
    """A cell that holds what it cannot; says the table, the row, the column and what stands
    there."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a column holds, in words and as a test of a value; null is no value."""

    words: str
    types: frozenset[type]
    is_sound: Callable[[Any], bool] | None = None

    def holds(self, values: Iterable[Any]) -> bool:
        """Whether all the values are of this kind."""
        if not set(map(type, values)) <= self.types:
            return False
        sound = self.is_sound
        return sound is None or all(value is None or sound(value) for value in set(values))


def check(query: Select[Any], rows: Sequence[Sequence[Any]]) -> None:
    """Checks rows that a query has selected. Raises CellError for a bad cell."""
    if rows:
        _check([_column_of(selected) for selected in query.selected_columns], rows)


def checked(query: Select[Any], result: Result[Any]) -> Iterator[Any]:
    """The rows that a query has selected, checked. Raises CellError for a bad cell."""
    for rows in result.partitions():
        check(query, rows)
        yield from rows


def check_new(table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Checks rows that are to be stored. Raises CellError for a bad cell."""
    if rows:
        _check([table.c[name] for name in rows[0]], [list(row.values()) for row in rows])


def undecodable(connection: sqlite3.Connection) -> str | None:
    """The first text of an SQLite file that is not UTF-8, as :class:`CellError` has it."""
    connection.text_factory = bytes
    for table in schema.metadata.sorted_tables:
        columns = list(table.columns)
        names = ", ".join(f'"{column.name}"' for column in columns)
        for row in connection.execute(f'SELECT {names} FROM "{table.name}"'):
            for column, value in zip(columns, row, strict=True):
                if isinstance(value, bytes) and not _is_utf8(value):
                    return _told(column, value, columns, row)
    return None


@cache
def kind_of(column: Column[Any]) -> Kind:
    """The kind of a column of :mod:`ledger.store.schema`."""
    kind = _kind(column.table.name, column.name, column)
    # a decision that speaks about no figure any more is joined with no attachment
    may_be_null = column.table is schema.attachment or (
        column.nullable and column.name not in _NEVER_NULL
    )
    types = kind.types | {NoneType} if may_be_null else kind.types
    return Kind(kind.words, types, kind.is_sound)


def _check(columns: Sequence[Column[Any] | None], rows: Sequence[Sequence[Any]]) -> None:
    for column, values in zip(columns, zip(*rows, strict=True), strict=True):
        if column is not None and not kind_of(column).holds(values):
            place = next(
                at for at, value in enumerate(values) if not kind_of(column).holds([value])
            )
            raise CellError(_told(column, values[place], columns, rows[place]))


def _kind(table: str, name: str, column: Column[Any]) -> Kind:
    if table == "rate" and name in ("date", "rate"):
        return _RATE_DAY if name == "date" else _RATE
    if name in _BY_NAME:
        return _BY_NAME[name]
    if isinstance(column.type, Float):
        return _NUMBER
    return _WHOLE if isinstance(column.type, Integer) else _TEXT


def _column_of(selected: Any) -> Column[Any] | None:
    """The column of a table that a query selects; None for what it works out."""
    element = selected.element if isinstance(selected, Label) else selected
    return element if isinstance(element, Column) else None


def _told(
    column: Column[Any], value: Any, columns: Sequence[Column[Any] | None], row: Sequence[Any]
) -> str:
    table, key = column.table.name, _KEYS[column.table.name]
    names = [None if selected is None else selected.name for selected in columns]
    which = f", {key} {reprlib.repr(row[names.index(key)])}" if key in names else ""
    kind = kind_of(column)
    return f"table {table}{which}: {column.name} is {reprlib.repr(value)}, not {kind.words}"


def _one_of(words: Iterable[str]) -> Kind:
    return Kind(f"one of {', '.join(words)}", frozenset({str}), frozenset(words).__contains__)


def _holds(read: Callable[[Any], Any]) -> Callable[[Any], bool]:
    """Whether a value can be read so."""

    def is_sound(value: Any) -> bool:
        try:
            read(value)
        except ValueError:
            return False
        return True

    return is_sound


def _day(text: str) -> date:
    if len(text) != _DAY:
        raise ValueError(f"not a day: {text!r}")
    return date.fromisoformat(text)


def _is_list_of_ids(text: str) -> bool:
    found = _json(text)
    return isinstance(found, list) and all(isinstance(each, str) for each in found)


def _are_cues(text: str) -> bool:
    found = _json(text)
    return isinstance(found, dict) and all(isinstance(each, str) for each in found.values())


def _are_choices(text: str) -> bool:
    found = _json(text)
    return isinstance(found, dict) and all(map(_is_chosen, found.values()))


def _is_chosen(held: Any) -> bool:
    """Whether this is a :class:`ledger.figure.Chosen`."""
    if not (isinstance(held, dict) and held.keys() == Chosen.__annotations__.keys()):
        return False
    its = held["its_probability"]
    return (
        _CHANCE.holds([held["probability"]])
        and isinstance(held["runner_up"], str | None)
        and (its is None or _CHANCE.holds([its]))
    )


def _is_question(text: str) -> bool:
    """Whether these are a ``where``, a ``by`` and a ``currency``."""
    found = _json(text)
    if not (isinstance(found, dict) and found.keys() == {"where", "by", "currency"}):
        return False
    where, by, currency = found["where"], found["by"], found["currency"]
    return (
        isinstance(where, list)
        and all(map(_is_condition, where))
        and _are_texts(by)
        and isinstance(currency, str | None)
    )


def _are_totals(text: str) -> bool:
    """Whether each has a name, which is a list itself, an amount and a variance."""
    found = _json(text)
    return isinstance(found, list) and all(
        isinstance(each, list)
        and len(each) == 3
        and isinstance(each[0], str)
        and isinstance(_json(each[0]), list)
        and _NUMBER.holds(each[1:])
        for each in found
    )


def _is_added(text: str) -> bool:
    """Whether these are amounts by the names of totals."""
    found = _json(text)
    return isinstance(found, dict) and _NUMBER.holds(found.values())


def _are_missed(text: str) -> bool:
    """Whether these are rows of figures."""
    found = _json(text)
    return isinstance(found, list) and all(
        isinstance(each, dict)
        and all(
            name == "published" or kind_of(schema.figure.c[name]).holds([value])
            for name, value in each.items()
            if name == "published" or name in schema.figure.c
        )
        for each in found
    )


def _are_texts(held: object) -> bool:
    return isinstance(held, list) and all(isinstance(each, str) for each in held)


def _is_condition(held: object) -> bool:
    return (
        isinstance(held, dict)
        and held.keys() == {"column", "operator", "values"}
        and isinstance(held["column"], str)
        and isinstance(held["operator"], str)
        and _are_texts(held["values"])
    )


def _is_row(text: str) -> bool:
    """Whether this is what another reader says of a figure, or nothing."""
    found = _json(text)
    return isinstance(found, dict) and (not found or isinstance(found.get("reader"), str))


def _are_changes(text: str) -> bool:
    """Whether a correction says for fields that can be corrected what they can be, or a note what
    it is about."""
    found = _json(text)
    if not isinstance(found, dict):
        return False
    return are_of_note(found) or all(
        name in CORRECTABLE and kind_of(schema.figure.c[name]).holds([value])
        for name, value in found.items()
    )


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


_is_utf8 = _holds(bytes.decode)
_TEXTS, _NUMBERS = frozenset({str}), frozenset({int, float})
_TEXT = Kind("a text", _TEXTS)
_WHOLE = Kind("a whole number", frozenset({int}))
_TRUTH = Kind("1 or 0", frozenset({int}), (0, 1).__contains__)
_NUMBER = Kind("a number", _NUMBERS, isfinite)
_RATE = Kind("a number above 0", _NUMBERS, lambda rate: rate > 0 and isfinite(rate))
_is_date = _holds(date_bounds)
_DATE = Kind("a date", _TEXTS, _is_date)
_FULL_DAY = Kind("a day", _TEXTS, _holds(_day))
_RATE_DAY = Kind("a day", _TEXTS, lambda text: not text or _holds(_day)(text))
_TIME = Kind("a time", _TEXTS, _holds(datetime.fromisoformat))
_IDS = Kind("a list of ids in JSON", _TEXTS, _is_list_of_ids)
_CUES = Kind("words by field in JSON", _TEXTS, _are_cues)
_CHANCE = Kind("a number from 0 to 1", _NUMBERS, lambda chance: 0 <= chance <= 1)
_CHOICES = Kind("probabilities by field in JSON", _TEXTS, _are_choices)
_OTHER = Kind("another reader's row in JSON", _TEXTS, _is_row)
_CHANGES = Kind("a correction in JSON", _TEXTS, _are_changes)
_PUBLISHED = Kind("a date", _TEXTS, lambda text: not text or _is_date(text[:_DAY]))
_OF_AUDIT = {
    "question": Kind("a question in JSON", _TEXTS, _is_question),
    "totals": Kind("totals in JSON", _TEXTS, _are_totals),
    "added": Kind("amounts by total in JSON", _TEXTS, _is_added),
    "missed": Kind("figures in JSON", _TEXTS, _are_missed),
    "key_columns": _IDS,
    "chance": _CHANCE,
}
_BY_NAME = (
    dict.fromkeys(fact.DATES, _FULL_DAY)
    | dict.fromkeys(("date", "since"), _DATE)
    | dict.fromkeys(("includes", "figure_ids"), _IDS)
    | {"date_stated": _TRUTH, "cues": _CUES, "confidence": _CHANCE}
    | {"choices": _CHOICES, "other": _OTHER}
    | dict.fromkeys(("added_at", "at", "replaced_at"), _TIME)
    | {name: _one_of(VOCABULARY[name]) for name in ("dimension", "qualifier", "status", "basis")}
    | {"changes": _CHANGES, "action": _one_of((*STATES, *NOTES)), "published": _PUBLISHED}
    | _OF_AUDIT
)
