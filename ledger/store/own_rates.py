"""Exchange rates of one's own in the store."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select

from ledger.convert import RATE_COLUMNS, Rate
from ledger.store import cell_checks, schema


def write(connection: Connection, own: Iterable[Rate]) -> int:
    """Stores the rates, replacing those of the same day and pair; returns how many."""
    columns = schema.rate.c
    number = 0
    for rate in own:
        connection.execute(
            delete(schema.rate).where(
                columns.date == rate.date,
                columns.base == rate.base,
                columns.currency == rate.currency,
            )
        )
        values = {name: getattr(rate, name) for name in RATE_COLUMNS}
        connection.execute(insert(schema.rate).values(values))
        number += 1
    return number


def read(connection: Connection) -> list[Rate]:
    """The stored rates. Raises CellError for a bad cell."""
    columns = [schema.rate.c[name] for name in RATE_COLUMNS]
    query = select(*columns).order_by(*columns)
    return [Rate(*row) for row in cell_checks.checked(query, connection.execute(query))]
