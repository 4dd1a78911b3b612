"""Documents and their figures in the store: what is new, what is the same, what replaces what.

A document is its ``source_id``. The same text again changes nothing; another text under the same id
is a new version that supersedes the one before, and both are kept; another reading of a stored text
by the same or a newer extractor takes the place of the old one. What is only a piece of the stored
text (a teaser, a quotation, a figure) is no version of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice, zip_longest
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.engine import Result, Row

from ledger.date_bounds import date_bounds
from ledger.errors import RefusedError
from ledger.figure import FIELDS, IN_JSON, NUMBERS, UNREAD, Figure, Source
from ledger.notebook import html_table
from ledger.rows import PORTION
from ledger.store import cell_checks, schema
from ledger.store.kept_readings import keep_reading
from ledger.table import json_text

DESCRIPTION = ("title", "publisher", "url", "published")
FRAGMENT = "a fragment of the stored text, not taken as its newer version"
SHRUNK = 10  # a new version is as good as never so many times shorter than the one before

# Built once: SQLAlchemy takes longer to build and compile a statement than SQLite to run it.
_of_source = schema.document.c.source_id == bindparam("of_source")
_KNOWN = select(*(c for c in schema.document.c if c.name != "text")).where(_of_source)
_SUPERSEDE = update(schema.document).where(_of_source).values(current=0)
_ADD_DOCUMENT = insert(schema.document).returning(schema.document.c.id)
_ADD_FIGURES = insert(schema.figure)
_TEXT = select(schema.document.c.text).where(schema.document.c.id == bindparam("of_document"))
_FIGURES = (
    select(schema.figure)
    .where(schema.figure.c.document == bindparam("of_document"))
    .order_by(schema.figure.c.position)
    .execution_options(yield_per=PORTION)
)
_COUNT = (
    select(func.count())
    .select_from(schema.figure)
    .where(schema.figure.c.document == bindparam("of_document"))
)
_READ_BY = (
    select(
        *(schema.document.c[name] for name in ("source_id", "sha256", *DESCRIPTION)),
        func.count(),
    )
    .join_from(schema.document, schema.figure)
    .group_by(schema.document.c.id)
    .having(
        func.max(schema.figure.c.extractor) == bindparam("extractor"),
        func.max(schema.figure.c.reader) == bindparam("reader"),
        # a ledger of an older release learns the words that decided when it is read again
        or_(bindparam("reader") == UNREAD, func.max(schema.figure.c.cues) != "{}"),
    )
)


@dataclass(frozen=True, slots=True)
class Added:
    """What adding a document did.

    ``state`` is ``new``, ``unchanged``, ``corrected`` (a new version of a known source), ``reread``
    (other figures or description for a stored text) or ``older`` (nothing changed: a newer
    extractor, or a reader of meaning, has read it) or ``fragment`` (nothing changed: it is a piece
    of the stored text). ``figures`` is how many figures the ledger now holds from this text,
    ``problems`` what could not be read in a table, a line each, and ``remark`` what is odd about
    the new version, in a line.
    """

    source_id: str
    version: int
    state: str
    figures: int
    problems: tuple[str, ...] = ()
    remark: str | None = None

    def _repr_html_(self) -> str:
        rows = {"version": self.version, "state": self.state, "figures": self.figures}
        return html_table(self.source_id, rows | {"problems": len(self.problems)})


def store(
    connection: Connection, source: Source, figures: Iterable[Figure], *, fragments: bool = False
) -> Added:
    """Adds a document in the transaction of ``connection``, with ``fragments`` also a piece of the
    stored text as its new version.

    The figures are stored a portion at a time, and gone through twice where the text is stored
    already. Raises RefusedError for figures that are not the source's own, are stated twice, or
    carry a date that is not ISO.
    """
    figures = list(figures) if isinstance(figures, Iterator) else figures
    found = connection.execute(_KNOWN, {"of_source": source.source_id})
    known = list(cell_checks.checked(_KNOWN, found))
    same = next((row for row in known if row.sha256 == source.sha256), None)
    if same is not None:
        return _read_again(connection, same, source, figures)
    version = 1 + max((row.version for row in known), default=0)
    remark = None
    if current := next((row for row in known if row.current), None):
        stored = connection.execute(_TEXT, {"of_document": current.id}).scalar_one()
        if not fragments and _is_fragment(source, stored, current.title):
            return Added(source.source_id, current.version, "fragment", 0, remark=FRAGMENT)
        remark = _shrinking(source.text, stored)
        connection.execute(_SUPERSEDE, {"of_source": source.source_id})
    document = _insert_document(connection, source, version)
    count = _insert_figures(connection, document, source, figures)
    state = "corrected" if known else "new"
    return Added(source.source_id, version, state, count, remark=remark)


def read_by(
    connection: Connection, extractor: str, reader: str
) -> Iterator[tuple[tuple[str | None, ...], int]]:
    """The stored texts whose figures an extractor and a reader of meaning read: source_id, sha256
    and description of each, and how many figures it holds. A text without any does not say who read
    it, and is left out."""
    query = _READ_BY.execution_options(yield_per=10_000)
    found = connection.execute(query, {"extractor": extractor, "reader": reader})
    for *described, count in cell_checks.checked(query, found):
        yield tuple(described), count


def changed(added: Added) -> bool:
    """Whether the addition changed the ledger."""
    return added.state not in ("unchanged", "older", "fragment")


def fingerprint(connection: Connection) -> str:
    """A short text that changes whenever documents or their readings do."""
    counts = select(func.count(), func.coalesce(func.sum(schema.document.c.reading), 0))
    documents, readings = connection.execute(counts.select_from(schema.document)).one()
    return f"{documents}.{readings}"


def _is_fragment(source: Source, stored: str, title: str | None) -> bool:
    """Whether a document is a piece of the stored text and of another shape: far shorter, or
    without a title where the stored one has one."""
    small = SHRUNK * len(source.text) < len(stored)
    untitled = bool(title) and not source.title
    return (small or untitled) and _in_words(source.text) in _in_words(stored)


def _in_words(text: str) -> str:
    return " ".join(text.split())


def _shrinking(text: str, stored: str) -> str | None:
    """The remark on a text that has shrunk beyond what corrections do to one."""
    if SHRUNK * len(text) >= len(stored):
        return None
    return f"its new text has {len(text):,} characters, the one before {len(stored):,}"


def _insert_document(connection: Connection, source: Source, version: int) -> int:
    values = {
        "source_id": source.source_id,
        "version": version,
        "current": 1,
        "reading": 1,
        "added_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "accessed": source.accessed,
        "sha256": source.sha256,
        "text": source.text,
    } | {name: getattr(source, name) for name in DESCRIPTION}
    _check(source, schema.document, [values])
    return int(connection.execute(_ADD_DOCUMENT, values).scalar_one())


def _check(source: Source, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Raises RefusedError for what a ledger could not give back."""
    try:
        cell_checks.check_new(table, rows)
    except cell_checks.CellError as error:
        raise RefusedError(f"{source.source_id}: {error}") from error


def _insert_figures(
    connection: Connection, document: int, source: Source, figures: Iterable[Figure]
) -> int:
    """Adds figures to a document and says how many."""
    rows, count = _distinct(source, _rows(source, figures)), 0
    while portion := list(islice(rows, PORTION)):
        _check(source, schema.figure, portion)
        connection.execute(_ADD_FIGURES, [row | {"document": document} for row in portion])
        count += len(portion)
    return count


def _read_again(
    connection: Connection, known: Row[Any], source: Source, figures: Iterable[Figure]
) -> Added:
    described = {name: getattr(source, name) or getattr(known, name) for name in DESCRIPTION}
    held = int(connection.execute(_COUNT, {"of_document": known.id}).scalar_one())
    with closing(connection.execute(_FIGURES, {"of_document": known.id})) as stored:
        pairs = zip_longest(_rows(source, figures), _stored_rows(stored))
        row, was = next(pairs, (None, None))
        same_figures = row == was and all(row == was for row, was in pairs)
    same_description = all(getattr(known, name) == value for name, value in described.items())
    if same_figures and same_description:
        return Added(source.source_id, known.version, "unchanged", held)
    if _older(row, was):
        return Added(source.source_id, known.version, "older", held)
    keep_reading(connection, known.id, known.reading)
    connection.execute(delete(schema.figure).where(schema.figure.c.document == known.id))
    count = _insert_figures(connection, known.id, source, figures)
    connection.execute(
        update(schema.document)
        .where(schema.document.c.id == known.id)
        .values(described | {"reading": known.reading + 1})
    )
    return Added(source.source_id, known.version, "reread", count)


def _stored_rows(stored: Result[Any]) -> Iterator[dict[str, Any]]:
    for row in cell_checks.checked(_FIGURES, stored):
        held = dict(row._mapping)
        del held["document"]
        yield held


def _older(row: dict[str, Any] | None, was: dict[str, Any] | None) -> bool:
    """Whether the figures, of which ``row`` is the first, come from an older release of the
    extractor that made the stored ones, or from no reader of meaning, where one has read those:
    what they say is not taken away."""
    if row is None or was is None:
        return False
    if row["reader"] == UNREAD != was["reader"]:
        return True
    name, release = _release(row["extractor"])
    stored_name, stored_release = _release(was["extractor"])
    return name == stored_name and release < stored_release


def _release(extractor: str) -> tuple[str, tuple[int, ...]]:
    name, _, release = extractor.rpartition(" ")
    return name, tuple(int(part) for part in re.findall(r"\d+", release))


def _rows(source: Source, figures: Iterable[Figure]) -> Iterator[dict[str, Any]]:
    return (_row(source, position, figure) for position, figure in enumerate(figures))


def _row(source: Source, position: int, figure: Figure) -> dict[str, Any]:
    where = f"{source.source_id}: figure at {figure.start}-{figure.end}"
    if figure.source_id != source.source_id:
        raise RefusedError(f"{where} belongs to another source, {figure.source_id}")
    if source.text[figure.start : figure.end] != figure.text:
        raise RefusedError(f"{where} says {figure.text!r}, the text there does not")
    try:
        bounds = date_bounds(figure.date)
        date_bounds(figure.since)
    except ValueError as error:
        raise RefusedError(f"{where}: {error}") from error
    row: dict[str, Any] = {"position": position}
    row |= {name: getattr(figure, name) for name in FIELDS}
    for name in NUMBERS:
        row[name] = None if row[name] is None else float(row[name])
    row["date_stated"] = None if figure.date_stated is None else int(figure.date_stated)
    row["includes"] = json.dumps(list(figure.includes))
    row |= {name: json_text(row[name]) for name in IN_JSON}
    row["date_start"] = bounds and bounds[0].isoformat()
    row["date_end"] = bounds and bounds[1].isoformat()
    return row


def _distinct(source: Source, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows, as long as none has the id of one before it. Raises RefusedError."""
    seen: set[str] = set()
    for row in rows:
        if row["figure_id"] in seen:
            raise RefusedError(
                f"{source.source_id}: two figures at {row['start']}-{row['end']} "
                f"with one id {row['figure_id']}"
            )
        seen.add(row["figure_id"])
        yield row
