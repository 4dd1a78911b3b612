"""The ledger as it stood at an earlier moment: versions, readings and decisions of before it.

A reading that another took the place of is kept (:data:`ledger.store.schema.former_figure`), with
the time when it was replaced.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import Connection, func, select

from ledger.errors import LedgerError
from ledger.review import review
from ledger.review.changes import State
from ledger.store import cell_checks, decisions, frames, schema
from ledger.store.kept_readings import KNOWN_SINCE
from ledger.table import plain

_PLACE = {"document": "int64", "position": "int64"}
_of, _held, _former, _replaced = (
    schema.document.c, schema.figure.c, schema.former_figure.c, schema.reading.c,
)  # fmt: skip


def state(connection: Connection, before: str | None = None) -> State:
    """The ledger as it stood just before a moment (ISO, UTC); as it stands now without one.

    Raises LedgerError where the ledger does not know: it was brought up from an older release
    since, which kept no readings.
    """
    if before is not None:
        query = select(schema.meta.c.value).where(schema.meta.c.key == KNOWN_SINCE)
        known = connection.execute(query).scalar()
        if known is not None and before < known:
            raise LedgerError(f"changes are known from {known} on, when the ledger was upgraded")
    versions = _versions(connection, before)
    readings = _readings(connection, versions, before)
    figures = _figures(connection, versions, readings)
    made = decisions.read(connection)
    if before is not None:
        made = _attached(made[made["at"] < before], connection, figures)
    return State(versions, readings, figures.drop(columns="sha256"), made)


def _versions(connection: Connection, before: str | None) -> dict[str, int]:
    """By source the document that counted then, by its number."""
    query = select(_of.source_id, _of.id, _of.added_at).order_by(_of.version)
    rows = cell_checks.checked(query, connection.execute(query))
    return {row.source_id: row.id for row in rows if before is None or row.added_at < before}


def _readings(
    connection: Connection, versions: dict[str, int], before: str | None
) -> dict[int, int]:
    """By document the number of the reading that counted then."""
    query = select(_of.id, _of.reading)
    now = {row.id: row.reading for row in cell_checks.checked(query, connection.execute(query))}
    readings = {document: now[document] for document in versions.values()}
    if before is not None:
        since = (
            select(_replaced.document, func.min(_replaced.number))
            .where(_replaced.replaced_at >= before)
            .group_by(_replaced.document)
        )
        readings |= {k: n for k, n in connection.execute(since) if k in readings}
    return readings


def _figures(
    connection: Connection, versions: dict[str, int], readings: dict[int, int]
) -> pd.DataFrame:
    """The figures of these readings as they were read, with ``document`` and ``position``."""
    query = select(_of.id, _of.reading)
    now = {row.id: row.reading for row in connection.execute(query)}
    wanted = set(versions.values())
    former = {k for k in wanted if readings[k] != now[k]}
    dtypes = {**frames.FIGURE_DTYPES, **_PLACE, "sha256": "str"}
    parts = []
    for held, table in ((_held, schema.figure), (_former, schema.former_figure)):
        of_reading: list[Any] = [held.reading] if table is schema.former_figure else []
        of_document = (*frames.OF_DOCUMENT, "sha256")
        columns = [_of[name] if name in of_document else held[name] for name in dtypes]
        chosen = select(*columns, *of_reading).join_from(table, schema.document)
        if of_reading:
            frame = frames.read(connection, chosen, {**dtypes, "reading": "int64"})
            own = frame["document"].isin(former)
            own &= frame["reading"].eq(frame["document"].map(readings))
            parts.append(frame[own].drop(columns="reading"))
        else:
            frame = frames.read(connection, chosen, dtypes)
            parts.append(frame[frame["document"].isin(wanted - former)])
    whole = pd.concat(parts, ignore_index=True)
    return whole.sort_values(["document", "position"], ignore_index=True)


def _attached(made: pd.DataFrame, connection: Connection, figures: pd.DataFrame) -> pd.DataFrame:
    """The decisions with the figures of then that they spoke about."""
    query = select(schema.decision)
    rows = {row.id: row for row in cell_checks.checked(query, connection.execute(query))}
    alike: dict[tuple[str, str], list[Any]] = {}
    for figure in figures.itertuples():
        alike.setdefault((str(figure.source_id), str(figure.text)), []).append(figure)
    found = [
        decisions.match(rows[key], alike.get((rows[key].source_id, rows[key].text), []))
        for key in plain(made["decision"])
    ]
    attached = made.assign(figure_id=pd.Series(found, index=made.index, dtype="str"))
    return attached.astype(review.DECISION_DTYPES)
