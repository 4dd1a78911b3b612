"""Review: what a reader decided about a figure, by whom, when and why.

Decisions are only ever appended. The last one says whether a figure counts (``accept``,
``reject``, ``correct``), corrections of different fields add up, and a rejected figure supports
nothing. A decision remembers the text it was made on and follows it through later readings.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import pandas as pd

from ledger import bounds
from ledger.date_bounds import date_bounds
from ledger.errors import LedgerError
from ledger.figure import (
    AID_TYPES,
    BASES,
    CATEGORIES,
    CERTAINTIES,
    DIMENSIONS,
    NUMBERS,
    OF_CONFIDENCE,
    QUALIFIERS,
    STATUSES,
)
from ledger.review.exported import COLUMN, NEW, exported, number_of

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
    *("aid_type", "donor", "recipient", "party", "place", "status", "basis", "date", "since"),
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
    number = number_of(str(value).strip())
    if number is None or not isfinite(float(number)):  # also too great for the store
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
            for of_fields in frame.columns.intersection(["cues", "choices"]):
                said = frame.loc[new.index, of_fields]
                frame.loc[new.index, of_fields] = [_without(held, name) for held in said]
            if name in OF_CONFIDENCE and "confidence" in frame:
                frame.loc[new.index, "confidence"] = float("nan")
    return frame


def _without(held: str, name: str) -> str:
    """What is said of the fields, without the one that no longer holds what that is about."""
    return json.dumps({k: said for k, said in json.loads(held).items() if k != name})


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
    for every field that can be corrected, then what the reader needs to decide, and ``exported``,
    the state that the row is in (:mod:`ledger.review.exported`).
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
        rows[NEW + name] = figures["figure_id"].map(of_field).astype("str")
    context = ("text", "sentence", *CORRECTABLE, "source_id")
    states = _states(last, corrections)
    told = [states.get(key) or str(exported(key, 0, {})) for key in figures["figure_id"]]
    state = pd.Series(told, figures.index, dtype="str", name=COLUMN)
    return pd.concat([rows, figures[list(context)], state], axis=1)


def _states(last: pd.DataFrame, corrections: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """By figure that was decided on, the state in which its row is exported."""
    states = {}
    for figure_id, number, action, why in zip(
        last.index, last["decision"], last["action"], last["why"], strict=True
    ):
        cells = {NEW + name: text for name, text in corrections.get(figure_id, {}).items()}
        cells |= {"decision": action} | ({} if pd.isna(why) else {"why": why})
        states[str(figure_id)] = str(exported(figure_id, number, cells))
    return states


def _corrections(decisions: pd.DataFrame) -> dict[str, dict[str, str]]:
    """By figure, the corrected fields as a sheet writes them."""
    made: dict[str, dict[str, str]] = {}
    for row in decisions[decisions["action"].eq("correct")].itertuples():
        changes = json.loads(str(row.changes))
        made.setdefault(str(row.figure_id), {}).update(
            {name: written(value) for name, value in changes.items()}
        )
    return made


def written(value: Any) -> str:
    """The value of a field as a sheet writes it."""
    if value is None:
        return "null"
    return f"{value:.15g}" if isinstance(value, float) else str(value)
