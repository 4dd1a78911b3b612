"""Answers that are kept, in an SQLite file: by model and by the request's key, each paid for once.

The file holds answers and no documents. Any number of processes may read it while one writes.
Raised is ModelError, naming the file, where it cannot be read or written.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from extractors.llm.request import ModelError

_TABLE = """
CREATE TABLE IF NOT EXISTS answer (
    model TEXT NOT NULL, request TEXT NOT NULL, answer TEXT NOT NULL,
    PRIMARY KEY (model, request)
) WITHOUT ROWID
"""
_AT_ONCE = 500  # keys of one question
_PATIENCE = 60.0  # seconds for another process that writes


def usual_place() -> Path:
    """Where answers are kept unless the user says where: in the user's own cache."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "aidledger" / "answers.db"


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=_PATIENCE)) as connection:
            connection.execute(_TABLE)
            yield connection
    except (sqlite3.Error, OSError) as error:
        raise ModelError(f"{path}: answers cannot be kept there: {error}") from error


def kept(path: Path, model: str, keys: Iterable[str]) -> dict[str, str]:
    """The answers of a model to these requests, as far as there are any."""
    wanted = list(dict.fromkeys(keys))
    out: dict[str, str] = {}
    if not wanted or not path.exists():
        return out
    with _opened(path) as connection:
        for first in range(0, len(wanted), _AT_ONCE):
            some = wanted[first : first + _AT_ONCE]
            marks = ",".join("?" * len(some))
            found = connection.execute(
                f"SELECT request, answer FROM answer WHERE model = ? AND request IN ({marks})",
                (model, *some),
            )
            out.update(found.fetchall())
    return out


def keep(path: Path, model: str, answers: Mapping[str, str] | Sequence[tuple[str, str]]) -> None:
    """Keep answers by the keys of their requests; later ones take the place of earlier ones."""
    rows = answers.items() if isinstance(answers, Mapping) else answers
    with _opened(path) as connection, connection:
        connection.executemany(
            "INSERT OR REPLACE INTO answer VALUES (?, ?, ?)",
            [(model, key, answer) for key, answer in rows],
        )
