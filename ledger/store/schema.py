"""The tables of a ledger, the views an analyst browses, and how an older ledger becomes a new one.

Tables have singular names and keep every version of everything; views have plural names and show
what counts now. Dates are ISO text, so that SQLite, PostgreSQL and Datasette read them alike;
numbers are floats, exact to 15 significant digits as in JSON lines.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from ledger.fact import FACT_DTYPES
from ledger.figure import FIELDS
from ledger.table import DTYPES

SCHEMA_VERSION = 5
metadata = MetaData()


def _column(name: str, dtype: str) -> Column[Any]:
    """The column that holds what a frame has in one of that dtype."""
    whole = dtype in ("int64", "boolean")  # a truth is 1 or 0
    kind = Float(53) if dtype == "float64" else Integer if whole else Text
    return Column(name, kind, primary_key=name == "fact_id")


meta = Table("meta", metadata, Column("key", Text, primary_key=True), Column("value", Text))

document = Table(
    "document",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("current", Integer, nullable=False),
    Column("reading", Integer, nullable=False),
    Column("added_at", Text, nullable=False),
    Column("title", Text),
    Column("publisher", Text),
    Column("url", Text),
    Column("published", Text),
    Column("accessed", Text),
    Column("sha256", Text, nullable=False),
    Column("text", Text, nullable=False),
    UniqueConstraint("source_id", "sha256"),
    UniqueConstraint("source_id", "version"),
)

figure = Table(
    "figure",
    metadata,
    Column("document", Integer, ForeignKey("document.id"), primary_key=True),
    Column("figure_id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    *(_column(name, DTYPES[name]) for name in FIELDS if name != "figure_id"),
    Column("date_start", Text),
    Column("date_end", Text),
    Index("figure_by_id", "figure_id"),
)

reading = Table(
    "reading",
    metadata,
    Column("document", Integer, ForeignKey("document.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("replaced_at", Text, nullable=False),
)

former_figure = Table(
    "former_figure",
    metadata,
    Column("document", Integer, ForeignKey("document.id"), primary_key=True),
    Column("reading", Integer, primary_key=True),
    Column("figure_id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    *(_column(name, DTYPES[name]) for name in FIELDS if name != "figure_id"),
    Column("date_start", Text),
    Column("date_end", Text),
)

decision = Table(
    "decision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("why", Text),
    Column("action", Text, nullable=False),
    Column("changes", Text, nullable=False),
    Column("source_id", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("figure_id", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("dimension", Text, nullable=False),
    Index("decision_by_source", "source_id"),
)

attachment = Table(
    "attachment",
    metadata,
    Column("decision", Integer, ForeignKey("decision.id"), primary_key=True),
    Column("figure_id", Text, nullable=False),
    Index("attachment_by_figure", "figure_id"),
)

fact = Table(
    "fact",
    metadata,
    Column("position", Integer, nullable=False),
    *(_column(name, dtype) for name, dtype in FACT_DTYPES.items()),
    Index("fact_by_series", "donor", "recipient", "party", "item", "unit", "status"),
    Index("fact_by_date", "date_end"),
)

rate = Table(
    "rate",
    metadata,
    Column("date", Text, primary_key=True),
    Column("base", Text, primary_key=True),
    Column("currency", Text, primary_key=True),
    Column("rate", Float(53), nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("seed", Integer, nullable=False),
    Column("population", Integer, nullable=False),
    Column("question", Text, nullable=False),
    Column("key_columns", Text, nullable=False),
    Column("totals", Text, nullable=False),
)

audit_figure = Table(
    "audit_figure",
    metadata,
    Column("audit", Integer, ForeignKey("audit.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("figure_id", Text, nullable=False),
    Column("chance", Float(53), nullable=False),
    Column("added", Text, nullable=False),
)

audit_passage = Table(
    "audit_passage",
    metadata,
    Column("audit", Integer, ForeignKey("audit.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("chance", Float(53), nullable=False),
    Column("missed", Text),
    Column("who", Text),
    Column("at", Text),
)
