"""Parquet: a document a row, in columns named as the keys of JSON Lines, or as ``columns`` says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, BinaryIO

from extractors.formats.content import Content, Reading, renamed
from extractors.formats.encoding import LONE_SURROGATE
from extractors.metadata import metadata_of
from extractors.problem import Problem

ROWS = 256  # that are held in memory at a time


def contents(file: BinaryIO, reading: Reading) -> Iterator[Content | Problem]:
    """The documents, a few rows at a time; a row without a text is a problem.

    Raises ValueError for a file that is no Parquet, holds no column of texts, or holds figures; and
    where pyarrow is not installed.
    """
    try:
        from pyarrow import ArrowException  # type: ignore[import-untyped]
        from pyarrow.parquet import ParquetFile  # type: ignore[import-untyped]
    except ImportError as error:
        raise ValueError(
            "Parquet is read by pyarrow: install aidledger with its extra, aidledger[scale]"
        ) from error
    try:
        table = ParquetFile(file)
        names = table.schema_arrow.names
        _check(names, reading.columns)
        row = 0
        for batch in table.iter_batches(ROWS, columns=_read(names, reading.columns)):
            for values in batch.to_pylist():
                row += 1
                yield _document(values, reading.columns, f"row {row}")
    except (ArrowException, OSError) as error:
        raise ValueError(f"not a whole Parquet file ({str(error).splitlines()[0]})") from error


def _check(names: list[str], columns: Mapping[str, str]) -> None:
    if "figure_id" in names:
        raise ValueError("holds figures, not documents; aidledger add takes them as they are")
    missing = [name for name in {"text": "text", **columns}.values() if name not in names]
    if missing:
        raise ValueError(f"no column {missing[0]!r} among {', '.join(names)}")


def _read(names: list[str], columns: Mapping[str, str]) -> list[str]:
    """The columns that may say something about a document: not those that the map passes over."""
    return [name for name in names if name not in columns or name in columns.values()]


def _document(row: Mapping[str, Any], columns: Mapping[str, str], place: str) -> Content | Problem:
    named = renamed(row, columns)
    text = named.get("text")
    if not isinstance(text, str) or not text.strip():
        return Problem(place, f'"{columns.get("text", "text")}" is empty')
    said = {k: v.isoformat() if isinstance(v, date) else v for k, v in named.items()}
    return Content(LONE_SURROGATE.sub("\ufffd", text), metadata_of(said), place)
