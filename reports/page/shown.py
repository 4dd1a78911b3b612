"""What the page's script works with: the facts as rows of JSON, and what is asked of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd

from ledger import bounds
from ledger.fact import WEIGHED
from ledger.rows import Rows, records
from ledger.series import ACTORS
from ledger.totals import NOT_ADDED, TELLERS, book_cancelled
from ledger.tree import Parents, path_of
from reports.actor_names import actor_name
from reports.filters import value_name
from reports.page.marked import printable
from reports.titles import plural, scale_of

FILTERS = (
    "dimension", "status", "basis", "donor", "recipient", "party", "item", "aid_type", "category",
    "view",
)  # fmt: skip
BY = ("donor", "recipient", "party", "aid_type", "category", "month")
STATED = (
    "fact_id", "value", "low", "high", "unit", "qualifier", "per", "item", *ACTORS, "status",
    "basis", "date", "figure_ids", "sources",
)  # fmt: skip
_NEEDED = tuple(dict.fromkeys((*WEIGHED, *TELLERS, *STATED, *FILTERS)))
# A row of JSON: what the filters ask, then what is shown, then what is added up. ``low``, ``best``
# and ``high`` are those of the sum that the fact is in, ``own`` those of a cancelled pledge as
# itself (it counts against what was committed), ``adds`` is 1 for what is added up at all.
COLUMNS = (
    "id", *FILTERS, "unit", "date", "day", "words", "whole", "figures", "documents", "verdict",
    "adds", "low", "best", "high", "own",
)  # fmt: skip

# Made once: json.dumps makes one a call.
_json = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def needed(facts: Rows) -> pd.DataFrame:
    """The facts with the columns that the page knows of, those that they have."""
    return facts.frame([name for name in _NEEDED if name in facts.empty.columns])


def embedded(value: Any) -> str:
    """JSON that cannot end the element it stands in."""
    text = _json(value)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def facts_json(facts: pd.DataFrame, verdicts: Mapping[str, str]) -> Iterator[str]:
    """The facts as JSON: their columns, then a row for each; ``verdicts`` by the id of a fact."""
    yield f'{{"columns":{embedded(COLUMNS)},"rows":['
    comma = ""
    for row in _rows(facts, verdicts):
        yield comma + embedded(row)
        comma = ",\n"
    yield "]}"


def _rows(facts: pd.DataFrame, verdicts: Mapping[str, str]) -> Iterator[list[Any]]:
    every = facts.reindex(columns=[*facts.columns, *(set(FILTERS) - set(facts.columns))])
    booked, own = bounds.terms(book_cancelled(every)), bounds.terms(every)
    adds = every["basis"].eq("delta") & ~every["dimension"].isin(NOT_ADDED)
    adds &= every[["value", "low", "high"]].notna().any(axis=1)
    names = [*FILTERS, *(name for name in STATED if name not in FILTERS), "part_of"]
    sums = pd.concat([booked[["low", "best", "high"]], own[["low", "best", "high"]]], axis=1)
    numbers = sums.astype("object").where(sums.notna(), None).to_numpy()
    days = np.datetime_as_string(every["date_end"].to_numpy("datetime64[D]"))
    stated = records([every], names)
    for values, number, day, added in zip(stated, numbers, days, adds, strict=True):
        row = dict(zip(names, values, strict=True))
        low, best, high, *itself = map(_plain, number)
        yield [
            row["fact_id"],
            *(row[name] if row[name] is None else printable(str(row[name])) for name in FILTERS),
            printable(row["unit"]),
            row["date"],
            None if day == "NaT" else day,
            words(row),
            row["part_of"],
            json.loads(row["figure_ids"]),
            row["sources"],
            verdicts.get(row["fact_id"]),
            int(added),
            low,
            best,
            high,
            itself if row["status"] == "cancelled" else None,
        ]


def filters(facts: pd.DataFrame, parents: Parents) -> dict[str, list[tuple[str, str]]]:
    """The values to choose from and their names, for each column that has more than one; of items
    also those above them in the tree."""
    values: dict[str, Iterable[str]] = {
        name: facts[name].dropna().astype(str).unique() for name in FILTERS if name in facts
    }
    values["item"] = {above for item in values["item"] for above in path_of(item, parents)}
    return {
        column: sorted(
            ((printable(value), printable(value_name(column, value))) for value in found),
            key=itemgetter(1),
        )
        for column, found in values.items()
        if len(list(found)) > 1
    }


def names(facts: pd.DataFrame) -> dict[str, str]:
    """The names of the actors that are known by codes."""
    codes = {code for name in ACTORS for code in facts[name].dropna().unique()}
    return {printable(code): printable(actor_name(code)) for code in sorted(codes)}


def paths(facts: pd.DataFrame, parents: Parents) -> dict[str, list[str]]:
    """The items above each item that has any."""
    found = {item: list(path_of(item, parents)) for item in sorted(facts["item"].dropna().unique())}
    return {
        printable(item): list(map(printable, path)) for item, path in found.items() if len(path) > 1
    }


def words(row: Mapping[Any, Any]) -> str:
    """``about USD 625 million military aid``."""
    number = row["value"]
    stated = [row["low"], row["high"]] if pd.isna(number) else [number]
    said = " to ".join(amount(bound, row["unit"]) for bound in stated if pd.notna(bound))
    qualifier = {"exact": "", "range": ""}.get(row["qualifier"], str(row["qualifier"]))
    per = f"per {row['per']}" if isinstance(row["per"], str) else ""
    item = "" if pd.isna(row["item"]) else str(row["item"])
    if row["unit"] == "count" and stated != [1]:
        item = plural(item)
    return printable(" ".join(filter(None, (qualifier.replace("_", " "), said, item, per))))


def amount(number: float, unit: str) -> str:
    """``USD 625 million``, ``4``, ``20 percent``; the script writes sums alike."""
    scale = scale_of(number, unit) if abs(number) >= 1e6 else scale_of(0, unit)
    digits = f"{scale.text(number)} {scale.name}".strip()
    if unit == "count":
        return digits
    return f"{unit} {digits}" if unit.isupper() else f"{digits} {unit}"


def bounds_words(row: Mapping[Any, Any]) -> str:
    """From low to high, nothing where these are one."""
    if row["low"] == row["high"]:
        return ""
    if pd.isna(row["high"]):
        return f"{amount(row['low'], row['unit'])} or more"
    return f"{amount(row['low'], row['unit'])} to {amount(row['high'], row['unit'])}"


def _plain(value: Any) -> Any:
    if value is None or not float(value).is_integer():
        return value
    return int(value)
