"""A folder that Datasette opens: the tables of a ledger as an SQLite file, and what it is told.

The file is a ledger itself. Datasette is told by ``metadata.json``, made of ``datasette.toml``.
"""

from __future__ import annotations

import json
import sqlite3
import tomllib
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from ledger.errors import LedgerError
from ledger.rows import PORTION
from ledger.store import facts, schema

DATABASE = "ledger.db"
METADATA = "metadata.json"
_MAKER = "aidledger"


def database_in(folder: Path, ledger: Path | None) -> Path:
    """Where the tables go. Raises LedgerError where a file stands that no export has made, such as
    the ``ledger`` itself."""
    path = folder / DATABASE
    if path.exists() and (path.resolve() == ledger or not _is_export(folder)):
        raise LedgerError(f"{path} is there and no export: give another folder")
    return path


def copy(source: Connection, target: Connection) -> None:
    """Puts all that a ledger holds into another one that is empty; not what was seen by whom
    watches, which is about this machine."""
    for table in schema.metadata.sorted_tables:
        query = select(table)
        if table is schema.meta:
            query = query.where(table.c.key == facts.KEY)
        elif table is schema.fact:
            query = query.order_by(table.c.position)
        held = source.execute(query.execution_options(yield_per=PORTION))
        for rows in held.mappings().partitions():
            target.execute(insert(table), [dict(row) for row in rows])


def finish(part: Path, path: Path) -> None:
    """Makes the file one that is read where nobody may write, and gives it its name."""
    with closing(sqlite3.connect(part)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("ANALYZE")
        connection.commit()
    part.replace(path)
    text = json.dumps(metadata(), ensure_ascii=False, indent=2)
    path.with_name(METADATA).write_text(text + "\n", encoding="utf-8")


def metadata() -> dict[str, Any]:
    """What Datasette is told: of each table how it is shown, and the questions that are there."""
    written = files("ledger.store").joinpath("datasette.toml").read_text(encoding="utf-8")
    return {
        "title": "A ledger of aid and losses",
        "about": f"Read out of news and releases by {_MAKER}",
        "databases": {Path(DATABASE).stem: tomllib.loads(written)},
    }


def _is_export(folder: Path) -> bool:
    try:
        told = json.loads((folder / METADATA).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and str(told.get("about", "")).endswith(f"by {_MAKER}")
