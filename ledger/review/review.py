"""Review: what a reader decided about a figure, by whom, when and why.

Decisions are only ever appended. The last one says whether a figure counts (``accept``,
``reject``, ``correct``), corrections of different fields add up, and a rejected figure supports
nothing. ``undo`` takes back one that was made before, by its number. Two more are notes and change
nothing: ``skip`` (seen and left for later) and ``dismiss`` (what was found is no error). A decision
remembers the text it was made on and follows it through later readings.
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
    NUMBERS,
    OF_CONFIDENCE,
    VOCABULARY,
)
from ledger.review.exported import COLUMN, NEW, exported, number_of

STATES = {"accept": "accepted", "reject": "rejected", "correct": "corrected"}
UNDO, SKIP, DISMISS = "undo", "skip", "dismiss"
NOTES = (SKIP, DISMISS, UNDO)  # of which no figure gets a state
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
    ``correct`` corrects; of an ``undo`` it holds ``undoes``, the number of the decision that it
    takes back, of a ``dismiss`` (and of a ``skip`` of what was found) ``finding``, its id."""

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


def noted(decision: Decision) -> dict[str, Any]:
    """What an ``undo``, a ``skip`` or a ``dismiss`` speaks of, ready to store.

    Raises LedgerError where it speaks of nothing, or of something else.
    """
    of_note = are_of_note(decision.changes)
    names = set(decision.changes)
    wanted = {UNDO: ({"undoes"},), DISMISS: ({"finding"},), SKIP: (set(), {"finding"})}
    if not of_note or names not in wanted[decision.action]:
        raise LedgerError(f"{decision.action} {decision.figure_id}: not of {decision.changes}")
    return dict(decision.changes)


def are_of_note(changes: Mapping[str, Any]) -> bool:
    """Whether this is what a note can hold."""
    kinds = {"undoes": int, "finding": str}
    return len(changes) <= 1 and all(
        isinstance(value, kinds.get(name, ())) and not isinstance(value, bool)
        for name, value in changes.items()
    )


def in_force(decisions: pd.DataFrame) -> pd.DataFrame:
    """The decisions that say what a figure is: those taken back, and notes, left out."""
    of_state = decisions["action"].isin(STATES)
    back = decisions.loc[decisions["action"].eq(UNDO), "changes"]
    undone = {json.loads(said)["undoes"] for said in back}
    return decisions[of_state & ~decisions["decision"].isin(undone)]


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
    if decisions.empty:  # as for most portions of a large ledger
        return frame.assign(review=pd.Series(pd.NA, index=frame.index, dtype="str"))
    attached = in_force(decisions.dropna(subset=["figure_id"]))
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


def corrected(record: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """What a correction makes of the record of a figure: the fields that change."""
    made = {name: value for name, value in _with_days(dict(changes)).items() if name in record}
    for of_fields in {"cues", "choices"} & set(record):
        held = json.loads(record[of_fields] or "{}")
        made[of_fields] = json.dumps({k: said for k, said in held.items() if k not in changes})
    if set(OF_CONFIDENCE) & set(changes) and "confidence" in record:
        made["confidence"] = None
    return made


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
    attached = decisions.dropna(subset=["figure_id"])
    counting = in_force(attached)
    last = counting.drop_duplicates("figure_id", keep="last").set_index("figure_id")
    steps = attached[attached["action"].isin((*STATES, UNDO))]
    numbers = steps.drop_duplicates("figure_id", keep="last").set_index("figure_id")["decision"]
    rows = figures[["figure_id"]].assign(
        decision=figures["figure_id"].map(last["action"]).astype("str"),
        why=figures["figure_id"].map(last["why"]).astype("str"),
    )
    corrections = _corrections(counting)
    for name in CORRECTABLE:
        of_field = {figure: made[name] for figure, made in corrections.items() if name in made}
        rows[NEW + name] = figures["figure_id"].map(of_field).astype("str")
    context = ("text", "sentence", *CORRECTABLE, "source_id")
    states = _states(numbers, last, corrections)
    told = [states.get(key) or str(exported(key, 0, {})) for key in figures["figure_id"]]
    state = pd.Series(told, figures.index, dtype="str", name=COLUMN)
    return pd.concat([rows, figures[list(context)], state], axis=1)


def _states(
    numbers: pd.Series[int], last: pd.DataFrame, corrections: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """By figure that was decided on, the state in which its row is exported: the ``numbers`` of
    the last decision or undoing, and what of them counts."""
    made = dict(zip(last.index, zip(last["action"], last["why"], strict=True), strict=True))
    states = {}
    for figure_id, number in numbers.items():
        cells: dict[str, str] = {}
        if figure_id in made:
            action, why = made[figure_id]
            held = corrections.get(str(figure_id), {})
            cells = {NEW + name: text for name, text in held.items()}
            cells |= {"decision": action} | ({} if pd.isna(why) else {"why": why})
        states[str(figure_id)] = str(exported(str(figure_id), int(number), cells))
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
