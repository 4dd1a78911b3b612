"""From a frame of texts to the frame of their figures, for engines that work on frames.

figures = al.extract_frame(frame)                                      # pandas
figures = dask_frame.map_partitions(al.extract_frame, meta=al.FRAME_SCHEMA)
figures = spark_frame.mapInPandas(lambda frames: map(al.extract_frame, frames), al.frame_ddl())
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from extractors.mentions.written_dates import iso_date
from extractors.pipeline import check_reader, extract_source
from extractors.readers.dating import day_of
from extractors.readers.problem import Problem, attempt
from ledger.figure import Figure, Source, make_source
from ledger.table import DTYPES, cell_text, plain, to_frame

#: The columns of :func:`extract_frame` and their dtypes, in order; Dask takes it as ``meta``.
FRAME_SCHEMA: dict[str, str] = DTYPES
_DDL = {
    "str": "STRING",
    "int64": "BIGINT",
    "float64": "DOUBLE",
    "boolean": "BOOLEAN",
    "datetime64[us]": "TIMESTAMP_NTZ",
}
_OPTIONAL = ("id", "title", "url", "publisher", "published")

if TYPE_CHECKING:
    from extractors.meaning.reader import AskedReader


def extract_frame(frame: pd.DataFrame, *, reader: AskedReader = "built-in") -> pd.DataFrame:
    """The figures of the texts of a frame, in the order of the rows.

    ``frame`` has a column ``text`` and may have ``id``, ``title``, ``url``, ``publisher`` and
    ``published`` (dates, times, or text that says one; else the day is found as
    :mod:`extractors.readers.dating` says); other columns are ignored, and so are rows without a
    text. The result has the columns and dtypes of ``FRAME_SCHEMA`` for every input, also an empty
    one; see :mod:`ledger.table`. ``reader`` says what figures mean
    (:func:`extractors.pipeline.extract`). A text that cannot be read for its figures, for a fault,
    has none, and a RuntimeWarning names it. Raises ValueError where there is no column ``text``, or
    two of a name, and for no such reader.
    """
    check_reader(reader)
    return to_frame(f for source in sources_of(frame) for f in _figures(source, reader))


def _figures(source: Source, reader: AskedReader) -> list[Figure]:
    found = attempt(source.source_id, partial(extract_source, reader=reader), source, foreseen=())
    if isinstance(found, Problem):  # the frame of a million texts goes on without it
        warnings.warn(str(found), RuntimeWarning, stacklevel=2)
        return []
    return found


def sources_of(frame: pd.DataFrame) -> Iterator[Source]:
    """The documents of a frame as :func:`extract_frame` takes it."""
    if "text" not in frame.columns:
        raise ValueError(f"no column 'text' among {', '.join(map(str, frame.columns)) or 'none'}")
    given = [name for name in _OPTIONAL if name in frame.columns]
    for name in ("text", *given):
        if frame[name].ndim != 1:
            raise ValueError(f"more than one column {name!r}")
    columns = [plain(frame[name]) for name in ("text", *given)]
    for text, *values in zip(*columns, strict=True):
        said = dict(zip(given, values, strict=True))
        if isinstance(text, str) and text.strip():
            url = _text(said.get("url"))
            yield make_source(
                text,
                source_id=_text(said.get("id")),
                title=_text(said.get("title")),
                url=url,
                publisher=_text(said.get("publisher")),
                published=day_of(metadata=_day(said.get("published")), url=url, text=text, name=""),
            )


def frame_ddl() -> str:
    """``FRAME_SCHEMA`` as Spark takes a schema: ``figure_id STRING, source_id STRING, ...``."""
    return ", ".join(f"`{name}` {_DDL[dtype]}" for name, dtype in FRAME_SCHEMA.items())


def _text(value: Any) -> str | None:
    return cell_text(value) or None


def _day(value: Any) -> str | None:
    """An ISO date, at the precision that is known; None where there is none."""
    if isinstance(value, date):  # a datetime and a Timestamp are dates too
        return value.isoformat()[:10]
    return iso_date(value) if isinstance(value, str) else None
