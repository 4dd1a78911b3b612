"""What has been looked at before, file by file and address by address, and as what it was seen.

It is kept among the ledger's own notes (``meta``), under digests: a file may have a name that no
database holds.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from hashlib import blake2b

from sqlalchemy import Connection, delete, insert, select

from ledger.store import schema

_PREFIX = "seen "


def key_of(name: str) -> str:
    """Under what a file or an address is kept."""
    return _PREFIX + blake2b(os.fsencode(name), digest_size=16).hexdigest()


def read(connection: Connection) -> dict[str, str]:
    """As what each was last seen, by its :func:`key_of`."""
    columns = schema.meta.c
    query = select(columns.key, columns.value).where(columns.key.startswith(_PREFIX))
    return {row.key: row.value for row in connection.execute(query)}


def write(connection: Connection, seen: Mapping[str, str]) -> None:
    """Keeps as what files and addresses, by their names, were seen."""
    for name, stamp in seen.items():
        key = key_of(name)
        connection.execute(delete(schema.meta).where(schema.meta.c.key == key))
        connection.execute(insert(schema.meta), {"key": key, "value": stamp})
