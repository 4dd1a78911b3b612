"""Facts in the store: gathered once and kept until documents or decisions change."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial
from hashlib import blake2b

import pandas as pd
from sqlalchemy import Connection, delete, func, insert, select

from ledger.fact import DATES, FACT_COLUMNS, FACT_DTYPES
from ledger.rows import Rows, portions_of, records
from ledger.store import decisions, documents, frames, schema
from ledger.table import empty
from ledger.tree import Parents

KEY = "facts_of"  # in the table meta: of which state the kept facts are
# Raised whenever the way facts are gathered changes.
_RULE = "4"


def state(connection: Connection, parents: Parents) -> str:
    """What the facts depend on, as a short text. ``parents``: the item tree."""
    tree = blake2b(repr(sorted(parents.items())).encode(), digest_size=6).hexdigest()
    held = f"{documents.fingerprint(connection)}/{decisions.last(connection)}"
    return f"{_RULE}/{tree}/{held}"


def read(connection: Connection, parents: Parents) -> Rows | None:
    """The kept facts, None if they are not those of the ledger's present state."""
    query = select(schema.meta.c.value).where(schema.meta.c.key == KEY)
    if connection.execute(query).scalar() != state(connection, parents):
        return None
    return Rows(empty(FACT_DTYPES), partial(_count, connection), partial(_portions, connection))


def write(connection: Connection, facts: pd.DataFrame, gathered_from: str) -> None:
    """Keeps the facts, numbered from 0, in place of those before; ``gathered_from``: the state of
    the ledger that they are those of."""
    connection.execute(delete(schema.fact))
    names = ("position", *FACT_COLUMNS)
    # Compiled once and handed over as it is: for each row anew it takes as long as the writing.
    compiled = insert(schema.fact).compile(dialect=connection.dialect, column_keys=names)
    order = compiled.positiontup or names
    for portion in portions_of(facts):
        days = {name: portion[name].dt.strftime("%Y-%m-%d") for name in DATES}
        numbered = portion.assign(position=portion.index, **days)
        numbered["date_stated"] = portion["date_stated"].astype("Int64")
        rows = list(records([numbered], order))
        held = rows if compiled.positional else [dict(zip(order, row, strict=True)) for row in rows]
        connection.exec_driver_sql(str(compiled), held)
    connection.execute(delete(schema.meta).where(schema.meta.c.key == KEY))
    connection.execute(insert(schema.meta), {"key": KEY, "value": gathered_from})


def _count(connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(schema.fact)).scalar_one())


def _portions(connection: Connection, names: Collection[str]) -> Iterator[pd.DataFrame]:
    dtypes = {name: dtype for name, dtype in FACT_DTYPES.items() if name in names}
    columns = [schema.fact.c[name] for name in dtypes]
    query = select(*columns).order_by(schema.fact.c.position)
    return frames.portions(connection, query, dtypes)
