"""Readings of documents that others took the place of: kept, with the time when that was."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, insert, literal, select

from ledger.store import schema

KNOWN_SINCE = "readings_kept_since"  # the key of table meta, of ledgers that were upgraded


def keep_reading(connection: Connection, document: int, number: int) -> None:
    """Keeps the figures of a document that another reading is about to replace."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    connection.execute(
        insert(schema.reading).values(document=document, number=number, replaced_at=at)
    )
    columns = list(schema.figure.c)
    rows = select(literal(number), *columns).where(schema.figure.c.document == document)
    names = ["reading", *(column.name for column in columns)]
    connection.execute(insert(schema.former_figure).from_select(names, rows))
