"""Parquet: a document a row, in columns named as the keys of JSON Lines, or as ``columns`` says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, BinaryIO

from extractors.readers.formats.content import Content, ReadOptions, renamed
from extractors.readers.formats.encoding import decode
from extractors.readers.formats.own import OUTPUT, are_own
from extractors.readers.metadata import metadata_of
from extractors.readers.problem import Problem, attempt

ROWS = 256  # that are held in memory at a time


def contents(file: BinaryIO, reading: ReadOptions) -> Iterator[Content | Problem]:
    """The documents of a Parquet file, a few rows at a time; a row without a text is a problem.

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
            for number in range(batch.num_rows):
                row += 1
                yield attempt(f"row {row}", _document, batch, number, reading.columns, f"row {row}")
    except (ArrowException, OSError) as error:
        raise ValueError(f"not a whole Parquet file ({str(error).splitlines()[0]})") from error


def _check(names: list[str], columns: Mapping[str, str]) -> None:
    if "text" not in columns and are_own(names):
        raise ValueError(f"{OUTPUT}; aidledger add takes the folder of an extraction as it is")
    missing = [name for name in {"text": "text", **columns}.values() if name not in names]
    if missing:
        raise ValueError(f"no column {missing[0]!r} among {', '.join(names)}")


def _read(names: list[str], columns: Mapping[str, str]) -> list[str]:
    """The columns that may say something about a document: not those that the map passes over."""
    return [name for name in names if name not in columns or name in columns.values()]


def _document(batch: Any, number: int, columns: Mapping[str, str], place: str) -> Content:
    """The document of a row. Raises ValueError where it holds no text."""
    named = renamed(dict(_values(batch, number)), columns)
    text = named.get("text")
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f'"{columns.get("text", "text")}" is empty')
    said = {k: v.isoformat() if isinstance(v, date) else v for k, v in named.items()}
    return Content(text, metadata_of(said), place)


def _values(batch: Any, number: int) -> Iterator[tuple[str, Any]]:
    """The names and values of a row; None for what Python has no value for: the year 300000."""
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        try:
            yield name, column[number].as_py()
        except UnicodeDecodeError:  # written by a program that did not look
            yield name, decode(column[number].as_buffer().to_pybytes())
        except (ValueError, OverflowError):
            yield name, None
