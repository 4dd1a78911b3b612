"""The tidy table: a figure a row, the record's fields in order, ``date_start``, ``date_end``.

Every column has one dtype, also in an empty frame: numbers are ``float64``, ``start`` and ``end``
``int64``, dates ``datetime64[us]``, ``date_stated`` ``boolean``, everything else pandas' ``str``
with NaN for unknown. ``includes`` is a JSON list of figure ids, ``cues``, ``choices`` and ``other``
are JSON objects, all as text, so that CSV, Parquet and SQL hold them as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from ledger.date_bounds import date_bounds
from ledger.figure import FIELDS, IN_JSON, NEWER, NOT_IN_CSV, NUMBERS, Figure, from_record

FLOATS = (*NUMBERS, "confidence")
OFFSETS = ("start", "end")
DATES = ("date_start", "date_end")
TRUTHS = ("date_stated",)
WORDS = ("text", "sentence", "item", "item_text", "attribution")  # as the text writes them
LONE_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character, which no Arrow string holds
COLUMNS: tuple[str, ...] = (*FIELDS, *DATES)
DTYPES: dict[str, str] = {
    name: "float64"
    if name in FLOATS
    else "int64"
    if name in OFFSETS
    else "datetime64[us]"
    if name in DATES
    else "boolean"
    if name in TRUTHS
    else "str"
    for name in COLUMNS
}
TABLE_EXTRACTOR = "table "
TABLE_READER = "table"  # the ``reader`` of what a mapping says of a table


def to_frame(figures: Iterable[Figure]) -> pd.DataFrame:
    """The figures as a frame of ``COLUMNS`` with ``DTYPES``, in the order given.

    Half a character (a lone surrogate) becomes U+FFFD. Raises ValueError for a ``date`` that is not
    ISO.
    """
    rows = list(figures)
    columns: dict[str, Any] = {name: [getattr(row, name) for row in rows] for name in FIELDS}
    for name in WORDS:
        columns[name] = [text and LONE_SURROGATE.sub("\ufffd", text) for text in columns[name]]
    for name in NUMBERS:
        columns[name] = [None if n is None else float(n) for n in columns[name]]
    columns["includes"] = [json.dumps(list(ids)) for ids in columns["includes"]]
    for name in IN_JSON:
        columns[name] = [json_text(held) for held in columns[name]]
    bounds = [date_bounds(text) for text in columns["date"]]
    columns["date_start"] = [pair and pair[0].isoformat() for pair in bounds]
    columns["date_end"] = [pair and pair[1].isoformat() for pair in bounds]
    return typed(pd.DataFrame(columns, columns=list(COLUMNS)), DTYPES)


def typed(frame: pd.DataFrame, dtypes: Mapping[str, str]) -> pd.DataFrame:
    """The frame with the given dtypes; ISO text becomes dates, and rows are numbered from 0."""
    return pd.DataFrame(
        {
            name: pd.to_datetime(frame[name], format="ISO8601").astype("datetime64[us]")
            if dtype.startswith("datetime")
            else frame[name].astype(dtype)  # type: ignore[call-overload]
            for name, dtype in dtypes.items()
        }
    ).reset_index(drop=True)


def column(values: Sequence[Any], dtype: str) -> Any:
    """Python objects, None for missing, as a column of that dtype; ISO text becomes dates."""
    if dtype.startswith("datetime"):
        dates = pd.Series(values, dtype="object")
        return pd.to_datetime(dates, format="ISO8601").astype("datetime64[us]")
    return pd.array(list(values), dtype=dtype)  # type: ignore[call-overload]


def empty(dtypes: Mapping[str, str]) -> pd.DataFrame:
    """A frame without rows that has the given columns and dtypes."""
    return typed(pd.DataFrame(columns=list(dtypes), dtype="object"), dtypes)


def from_frame(frame: pd.DataFrame) -> Iterator[Figure]:
    """The figures of a frame that :func:`to_frame` made; extra columns are ignored.

    ``choices`` and ``other`` may be missing, as they are in CSV, and what older frames know nothing
    of. Raises KeyError for another missing column.
    """
    unsaid: dict[str, Any] = dict.fromkeys(NOT_IN_CSV, "{}") | {"confidence": float("nan")}
    unsaid |= dict.fromkeys(NEWER)
    frame = frame.assign(**{name: v for name, v in unsaid.items() if name not in frame})
    columns = [plain(frame[name]) for name in FIELDS]
    for values in zip(*columns, strict=True):
        record = dict(zip(FIELDS, values, strict=True))
        record["includes"] = json.loads(record["includes"] or "[]")
        for name in IN_JSON:
            record[name] = json.loads(record[name] or "{}")
        for name in NUMBERS:
            number = record[name]
            if number is not None and number.is_integer():
                record[name] = int(number)
        yield from_record(record)


def json_text(held: Mapping[str, Any]) -> str:
    """What is said of the fields of a figure, as JSON; half a character becomes U+FFFD."""
    return LONE_SURROGATE.sub("\ufffd", json.dumps(dict(held), ensure_ascii=False))


def cell_text(cell: Any) -> str:
    """A cell of any table as text; a spreadsheet's whole number or date as one would write it."""
    if isinstance(cell, str):
        return cell.strip()
    if cell is None or pd.isna(cell):
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return f"{cell:.15g}" if isinstance(cell, float) else str(cell).strip()


def plain(column: pd.Series[Any]) -> Sequence[Any]:
    """The column as Python objects with None for missing."""
    is_date = column.dtype.kind == "M"  # which knows no None
    held = column.astype("object") if is_date else column
    found: list[Any] = held.to_numpy("object", na_value=None).tolist()  # type: ignore[call-overload]
    return found
