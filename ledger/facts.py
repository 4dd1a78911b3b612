"""Facts in the store: gathered once and kept until documents or decisions change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Connection, delete, insert, select

from ledger import decisions, documents, frames, schema
from ledger.fact import DATES, FACT_COLUMNS, FACT_DTYPES
from ledger.table import plain

_KEY = "facts_of"
# Raised whenever the way facts are gathered changes.
_RULE = "1"


def state(connection: Connection) -> str:
    """What the facts depend on, as a short text."""
    return f"{_RULE}/{documents.fingerprint(connection)}/{decisions.last(connection)}"


def read(connection: Connection) -> pd.DataFrame | None:
    """The kept facts, None if they are not those of the ledger's present state."""
    query = select(schema.meta.c.value).where(schema.meta.c.key == _KEY)
    if connection.execute(query).scalar() != state(connection):
        return None
    columns = [schema.fact.c[name] for name in FACT_COLUMNS]
    return frames.read(connection, select(*columns).order_by(schema.fact.c.position), FACT_DTYPES)


def write(connection: Connection, facts: pd.DataFrame, gathered_from: str) -> None:
    """Keeps the facts in place of those before, unless the ledger has changed since they were
    ``gathered_from`` it."""
    if state(connection) != gathered_from:
        return
    connection.execute(delete(schema.fact))
    columns = [_column(facts, name) for name in FACT_COLUMNS]
    rows = [
        dict(zip(("position", *FACT_COLUMNS), row, strict=True))
        for row in zip(range(len(facts)), *columns, strict=True)
    ]
    if rows:
        connection.execute(insert(schema.fact), rows)
    connection.execute(delete(schema.meta).where(schema.meta.c.key == _KEY))
    connection.execute(insert(schema.meta), {"key": _KEY, "value": gathered_from})


def _column(facts: pd.DataFrame, name: str) -> Sequence[Any]:
    return plain(facts[name].dt.strftime("%Y-%m-%d") if name in DATES else facts[name])
