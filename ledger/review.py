"""Review: what a reader decided about a figure, by whom, when and why.

Decisions are only ever appended. The last one says whether a figure counts (``accept``,
``reject``, ``correct``), corrections of different fields add up, and a rejected figure supports
nothing. A decision remembers the text it was made on and follows it through later readings.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any

import pandas as pd

from ledger import bounds
from ledger.dates import date_bounds
from ledger.errors import LedgerError
from ledger.figure import (
    AID_TYPES,
    BASES,
    CATEGORIES,
    CERTAINTIES,
    DIMENSIONS,
    NUMBERS,
    QUALIFIERS,
    STATUSES,
)
from ledger.table import cell_text

STATES = {"accept": "accepted", "reject": "rejected", "correct": "corrected"}
VOCABULARY: dict[str, tuple[str, ...]] = {
    "dimension": DIMENSIONS,
    "qualifier": QUALIFIERS,
    "status": STATUSES,
    "basis": BASES,
    "category": CATEGORIES,
    "aid_type": AID_TYPES,
    "certainty": CERTAINTIES,
}
REQUIRED = ("dimension", "unit", "qualifier")
CORRECTABLE = (
    *("value", "low", "high", "qualifier", "dimension", "unit", "per", "item", "category"),
    *("aid_type", "donor", "recipient", "party", "status", "basis", "date", "since"),
    *("attribution", "certainty", "same_as", "part_of"),
)
DECISION_DTYPES: dict[str, str] = {
    name: "int64" if name == "decision" else "str"
    for name in ("decision", "at", "who", "action", "why", "changes", "figure_id", "made_on")
}


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision on one figure. ``changes`` (field to new value, None for unknown) is what a
    ``correct`` corrects."""

    figure_id: str
    action: str
    why: str | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)


def checked(decision: Decision, qualifier: str) -> dict[str, Any]:
    """The decision's changes, ready to store: numbers as floats, bounds made to follow a new value.

    ``qualifier`` is the figure's own. Raises LedgerError for an unknown action or field, and for a
    value that the field cannot have.
    """
    if decision.action not in STATES:
        raise LedgerError(f"no decision {decision.action!r}; choose from {', '.join(STATES)}")
    if bool(decision.changes) != (decision.action == "correct"):
        raise LedgerError(
            f"{decision.action} {decision.figure_id}: a correction changes at least one field, "
            "another decision changes none"
        )
    changes = {name: _value(name, value) for name, value in decision.changes.items()}
    if "value" in changes and not {"low", "high"} & set(changes):
        stated = bounds.of_qualifier(changes.get("qualifier", qualifier), changes["value"])
        changes |= dict(zip(("low", "high"), stated, strict=True))
    low, high = changes.get("low"), changes.get("high")
    if low is not None and high is not None and low > high:
        raise LedgerError(f"low {low:g} is more than high {high:g}")
    if decision.figure_id in (changes.get("same_as"), changes.get("part_of")):
        raise LedgerError(f"{decision.figure_id} cannot belong to itself")
    return changes


def _value(name: str, value: Any) -> Any:
    if name not in CORRECTABLE:
        raise LedgerError(f"{name} cannot be corrected; fields: {', '.join(CORRECTABLE)}")
    if value is None or not str(value).strip():
        if name in REQUIRED:
            raise LedgerError(f"{name} cannot be empty")
        return None
    if name in NUMBERS:
        return _number(name, value)
    try:
        return check_value(name, str(value))
    except ValueError as error:
        raise LedgerError(f"{name}: {error}") from error


def check_value(name: str, value: str) -> str:
    """The value, if a field of this name can have it. Raises ValueError."""
    if name in VOCABULARY and value not in VOCABULARY[name]:
        raise ValueError(f"no {name} {value!r}; choose from {', '.join(VOCABULARY[name])}")
    if name in ("date", "since"):
        date_bounds(value)
    return value


def _number(name: str, value: Any) -> float:
    try:
        number = Decimal(str(value).replace(",", ""))
    except InvalidOperation as error:
        raise LedgerError(f"{name}: not a number: {value!r}") from error
    if not isfinite(float(number)):  # also too great for the store
        raise LedgerError(f"{name}: not a number: {value!r}")
    return float(number)


def apply(figures: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """The figures with their corrections made and a column ``review`` added: accepted, rejected,
    corrected, or NaN. ``decisions`` has ``DECISION_DTYPES``, oldest first."""
    frame = figures.reset_index(drop=True)
    attached = decisions.dropna(subset=["figure_id"])
    last = attached.drop_duplicates("figure_id", keep="last").set_index("figure_id")["action"]
    frame["review"] = frame["figure_id"].map(last.map(STATES)).astype("str")
    for name, values in _corrected(frame["figure_id"], attached).items():
        if name in frame:
            new = pd.Series(values).astype(frame[name].dtype)
            frame.loc[new.index, name] = new
    return frame


def _corrected(
    figure_ids: pd.Series[str], decisions: pd.DataFrame
) -> dict[str, dict[int, str | float | None]]:
    """By column, what a correction puts in which row: a column is changed once, for all of it."""
    corrections = decisions[decisions["action"].eq("correct")]
    row_of = dict(zip(figure_ids, range(len(figure_ids)), strict=True)) if len(corrections) else {}
    made: dict[str, dict[int, str | float | None]] = {}
    for figure_id, changes in zip(corrections["figure_id"], corrections["changes"], strict=True):
        if figure_id in row_of:
            for name, value in _with_days(json.loads(changes)).items():
                made.setdefault(name, {})[row_of[figure_id]] = value
    return made


def _with_days(changes: dict[str, Any]) -> dict[str, Any]:
    """The changes, with the first and last day of a new date."""
    if "date" not in changes:
        return changes
    days = date_bounds(changes["date"]) or (None, None)
    first, last = (day and day.isoformat() for day in days)
    return changes | {"date_start": first, "date_end": last}


def sheet(figures: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """A review sheet: one row a figure, its decision so far, and columns for corrected values.

    ``figures`` as they were read. Columns: ``figure_id``, ``decision``, ``why``, a ``new_<field>``
    for every field that can be corrected, then what the reader needs to decide.
    """
    attached = decisions.dropna(subset=["figure_id"]).drop_duplicates("figure_id", keep="last")
    last = attached.set_index("figure_id")
    rows = figures[["figure_id"]].assign(
        decision=figures["figure_id"].map(last["action"]).astype("str"),
        why=figures["figure_id"].map(last["why"]).astype("str"),
    )
    corrections = _corrections(decisions)
    for name in CORRECTABLE:
        of_field = {figure: made[name] for figure, made in corrections.items() if name in made}
        rows[f"new_{name}"] = figures["figure_id"].map(of_field).astype("str")
    context = ("text", "sentence", *CORRECTABLE, "source_id")
    return pd.concat([rows, figures[list(context)]], axis=1)


def _corrections(decisions: pd.DataFrame) -> dict[str, dict[str, str]]:
    """By figure, the corrected fields as a sheet writes them."""
    made: dict[str, dict[str, str]] = {}
    for row in decisions[decisions["action"].eq("correct")].itertuples():
        changes = json.loads(str(row.changes))
        made.setdefault(str(row.figure_id), {}).update(
            {name: _written(value) for name, value in changes.items()}
        )
    return made


def _written(value: Any) -> str:
    if value is None:
        return "null"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def sheet_of_csv(path: str | os.PathLike[str]) -> pd.DataFrame:
    """A review sheet that was written as CSV, every cell as the text it holds.

    Raises LedgerError naming the file if it cannot be read.
    """
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise LedgerError(f"{path}: {str(error).splitlines()[0]}") from error


def read_sheet(
    rows: pd.DataFrame, before: pd.DataFrame, place: Callable[[int], str] = "row {}".format
) -> tuple[list[Decision], list[str]]:
    """The decisions that a filled-in sheet adds to those it was exported with, and what is wrong.

    ``before`` is :func:`sheet` of the ledger as it stands: a row that says the same again is no
    decision, so reading a sheet twice adds nothing. In ``new_`` columns an empty cell changes
    nothing and ``null`` empties the field. Each problem is one line that names the row (``place``
    words its number; row 1 holds the names of the columns); the other rows still count.
    """
    missing = [name for name in ("figure_id", "decision") if name not in rows]
    if missing:
        return [], [f"the sheet has no column {name}" for name in missing]
    known = before.set_index("figure_id")
    decisions, problems = [], []
    for number, row in enumerate(_cells(rows), start=2):
        try:
            decision = _decision(row, known)
        except LedgerError as error:
            problems.append(f"{place(number)}: {error}")
        else:
            if decision is not None:
                decisions.append(decision)
    return decisions, problems


def _cells(rows: pd.DataFrame) -> list[dict[str, str]]:
    """The non-empty cells of every row as text."""
    return [
        {str(name): text for name, cell in row.items() if (text := cell_text(cell))}
        for row in rows.to_dict("records")
    ]


def _decision(row: Mapping[str, str], known: pd.DataFrame) -> Decision | None:
    """What the row decides beyond what is ``known``; None where it adds nothing.

    Raises LedgerError for a row that makes no sense.
    """
    new = {name: row[f"new_{name}"] for name in CORRECTABLE if f"new_{name}" in row}
    if "decision" not in row:
        if new:
            raise LedgerError("corrected values without a decision")
        return None
    if row.get("figure_id") not in known.index:
        raise LedgerError(f"no figure {row.get('figure_id')!r}")
    said = known.loc[row["figure_id"]].to_dict()
    action = row["decision"].lower()
    values = {name: None if text == "null" else text for name, text in new.items()}
    decision = Decision(row["figure_id"], action, row.get("why"), values)
    if action == said["decision"] and action != "correct":
        return None
    written = {
        name: _written(value) for name, value in checked(decision, said["qualifier"]).items()
    }
    changes = {name: values[name] for name in new if written[name] != said[f"new_{name}"]}
    if action == "correct" and not changes:
        return None
    return replace(decision, changes=changes)
