"""The queue as sheets to decide in, one for each kind of question, in the queue's order.

A row is a figure with its decision so far (:func:`ledger.review.review.sheet`), or a finding, which
is always written undecided and speaks of its figures as the ledger has them.
:mod:`ledger.review.filled` reads both back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import Any

import pandas as pd

from ledger.figure import NUMBERS
from ledger.review.exported import COLUMN, NEW, exported_with, read
from ledger.review.filled import EDITABLE, EMPTY
from ledger.review.findings import PARTS, SAME
from ledger.review.offered import OPEN, nearest, offered
from ledger.review.queue import FIGURE, Entry, Queue
from ledger.review.replies import FINDING
from ledger.review.review import CORRECTABLE
from ledger.table import plain

MOST = 3_000  # rows of a sheet
OFFERED = 6  # values that a cell offers beside that which it holds
OTHER = "other_"  # begins the columns of the second figure of a pair
WHOLE, PART = "whole", "part"  # the kinds of rows about a whole and its parts
NEAR = ("figure_id", "source_id", "start", "dimension", *OPEN)
_PLACE = ("text", "sentence", "source_id")
_TOLD = ("rank", "kind", "reason", "effect")
_COLUMNS = (*_TOLD, *EDITABLE, *_PLACE, *CORRECTABLE, FINDING, "figure_id", COLUMN)
_IN_A_PAIR = (*_PLACE, "value", "unit", "item", "donor", "recipient", "party", "status", "basis",
              "date")  # fmt: skip
_OF_PAIRS = (*_TOLD, "decision", "why", *_IN_A_PAIR, *(OTHER + name for name in _IN_A_PAIR),
             FINDING, "figure_id", COLUMN)  # fmt: skip
Record = Mapping[str, Any]
Read = Callable[[Collection[str]], pd.DataFrame]


@dataclass(frozen=True)
class Sheets:
    """The sheets: ``figures``, the pairs that may be the ``same`` fact, wholes with their
    ``parts``, and all other ``checks``. ``entries`` is how many entries each could have shown;
    ``safe`` says how much of the chief total is safe already."""

    figures: pd.DataFrame
    same: pd.DataFrame
    parts: pd.DataFrame
    checks: pd.DataFrame
    entries: Mapping[str, int]
    safe: str


def offer(name: str, number: int) -> str:
    """The column of a value that the cell of a field offers: ``donor 1``."""
    return f"{name} {number}"


def sheets_of(
    queue: Queue,
    rows: Read,
    near: Read,
    parts: Mapping[str, Sequence[str]],
    *,
    figures: Collection[str] | None = None,
    most: int = MOST,
) -> Sheets:
    """The sheets of a queue, each with at most so many entries.

    ``rows`` gives figures as rows of the review sheet with their ``choices`` and ``start``, by
    their ids; ``near`` gives the figures of documents as the ledger has them, by the ids of the
    documents (``NEAR``); ``parts`` names the parts of a whole. ``figures`` narrows the sheets.
    """
    kinds: dict[str, Callable[[str], bool]] = {
        "figures": lambda kind: kind == FIGURE,
        "same": lambda kind: kind == SAME,
        "parts": lambda kind: kind == PARTS,
        "checks": lambda kind: kind not in (FIGURE, SAME, PARTS),
    }
    entries: dict[str, list[tuple[int, Entry]]] = {}
    numbers: dict[str, int] = {}
    for name, of_kind in kinds.items():

        def wanted(kind: str, one: str, of_kind: Callable[[str], bool] = of_kind) -> bool:
            return of_kind(kind) and (figures is None or one in figures)

        decided = name == "figures"
        entries[name] = list(queue.ranked(most, decided=decided, wanted=wanted))
        numbers[name] = queue.count(wanted, decided=decided)
    named = {one for held in entries.values() for _, entry in held for one in entry.ids}
    of_wholes = {one for _, entry in entries["parts"] for one in parts.get(entry.figure_id, ())}
    records = {r["figure_id"]: r for r in _records(rows(named | of_wholes))}
    for record in records.values():
        record |= {name: _one_line(record[name]) for name in ("text", "sentence")}
    beside = _by_source(near({record["source_id"] for record in records.values()}))
    figure = partial(_figure, records=records, beside=beside)
    found = partial(_found, records=records, beside=beside)
    of_parts: list[Record] = []
    for rank, entry in entries["parts"]:
        of_parts.append(found(rank, entry) | {"kind": WHOLE})
        told = {"rank": rank, "kind": PART}
        of_parts += [figure(one) | told for one in parts.get(entry.figure_id, ())]
    columns = [*_COLUMNS, *(offer(name, k) for name in OPEN for k in range(1, OFFERED + 1))]
    return Sheets(
        figures=_frame(
            [figure(e.figure_id) | _told(rank, e) for rank, e in entries["figures"]],
            [name for name in columns if name not in ("kind", FINDING)],
        ),
        same=_frame([_pair(rank, e, records) for rank, e in entries["same"]], _OF_PAIRS),
        parts=_frame(of_parts, columns),
        checks=_frame([found(rank, e) for rank, e in entries["checks"]], columns),
        entries=numbers,
        safe=queue.safe_words(),
    )


def _frame(rows: Sequence[Record], columns: Sequence[str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(columns), dtype="object")
    return frame.astype({name: "float64" for name in NUMBERS if name in frame})


def _records(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    columns = [plain(frame[name]) for name in frame.columns]
    return (dict(zip(frame.columns, row, strict=True)) for row in zip(*columns, strict=True))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _by_source(frame: pd.DataFrame) -> dict[str, list[Record]]:
    """The figures of each document, in the order of its text."""
    found: dict[str, list[Record]] = {}
    for record in _records(frame[list(NEAR)]):
        found.setdefault(record["source_id"], []).append(record)
    return {source: sorted(held, key=itemgetter("start")) for source, held in found.items()}


def _told(rank: int, entry: Entry) -> dict[str, Any]:
    """What the queue says of an entry."""
    later = f"; left for later by {entry.skipped_by}" if entry.skipped_by else ""
    return {
        "rank": rank, "kind": entry.kind, "reason": entry.reason + later, "effect": entry.effect,
    }  # fmt: skip


def _figure(
    figure_id: str, records: Mapping[str, Record], beside: Mapping[str, Sequence[Record]]
) -> dict[str, Any]:
    """A row on a figure: as it was read, with its decision, and with what its fields may hold."""
    record = records[figure_id]
    return {**record, **_offers(record, record, beside)}


def _found(
    rank: int,
    entry: Entry,
    records: Mapping[str, Record],
    beside: Mapping[str, Sequence[Record]],
) -> dict[str, Any]:
    """A row on a finding about one figure, which it shows as the ledger has it."""
    record = records[entry.figure_id]
    now = _decided(record)
    shown = {name: now[name] for name in (*_PLACE, *CORRECTABLE)}
    return {**shown, **_told(rank, entry), **_key(entry, record), **_offers(record, now, beside)}


def _pair(rank: int, entry: Entry, records: Mapping[str, Record]) -> Record:
    """A row on two figures, side by side."""
    sides = [_decided(records[one]) for one in entry.ids[:2]]
    shown = {
        prefix + name: side[name]
        for prefix, side in zip(("", OTHER), sides, strict=True)
        for name in _IN_A_PAIR
    }
    return {**shown, **_told(rank, entry), **_key(entry, records[entry.figure_id])}


def _key(entry: Entry, record: Record) -> Record:
    """By what a row on a finding is known, and the state that it is exported in."""
    state, finding = read(record[COLUMN]), entry.finding
    assert state is not None  # it was made of this figure
    assert finding is not None
    told = exported_with(entry.figure_id, state.last, finding.key)
    return {"figure_id": entry.figure_id, FINDING: finding.key, COLUMN: str(told)}


def _decided(record: Record) -> dict[str, Any]:
    """A row of the review sheet as the figure that the ledger has."""
    now = dict(record)
    for name in CORRECTABLE:
        new = record[NEW + name]
        if new is not None:
            value = None if new == EMPTY else new
            now[name] = float(value) if value is not None and name in NUMBERS else value
    return now


def _offers(record: Record, now: Record, beside: Mapping[str, Sequence[Record]]) -> Record:
    """What the cells of a row offer: other values, and null where there is one to take away."""
    near = nearest(record, beside.get(record["source_id"], ()))
    found: dict[str, str] = {}
    for name in OPEN:
        values = offered(name, {**now, "choices": record["choices"]}, near)[: OFFERED - 1]
        values = (*values, EMPTY) if now[name] is not None else values
        found |= {offer(name, k): value for k, value in enumerate(values, 1)}
    return found
