"""What a cluster writes and a ledger takes in: figures and their documents, as partitioned Parquet.

    DIR/figures/part-00000.parquet   the figures, as :mod:`ledger.table` has them
    DIR/sources/part-00000.parquet   their documents with their texts, and how many figures each has
    DIR/aidledger.json               written last: what was read, in numbers

The parts of one number hold the same documents in the same order, so that every figure leads to its
sentence: the figures of a document are the next so many rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import fields
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from aidledger.engines.extra import needed
from aidledger.engines.intake import Taken
from extractors.problem import Problem
from ledger.errors import LedgerError
from ledger.figure import Figure, Source

if TYPE_CHECKING:
    import pandas as pd

    from aidledger.engines.tally import Tally
    from aidledger.progress import Progress

FIGURES, SOURCES, MANIFEST, PARTS = "figures", "sources", "aidledger.json", "part-*.parquet"
SOURCE_DTYPES = {f.name: "str" for f in fields(Source)} | {"figures": "int64"}
HELD = 8 << 20  # characters of text that are held before they are written as a row group


def is_extraction(path: str | Path) -> bool:
    """Whether a path is what a cluster wrote, or one part of its figures."""
    place = Path(path)
    if place.suffix == ".parquet":
        return place.parent.name == FIGURES and _sources_of(place).is_file()
    if not ((place / FIGURES).is_dir() and (place / SOURCES).is_dir()):
        return False
    return (place / MANIFEST).is_file() or any((place / FIGURES).glob(PARTS))


def extracted(
    paths: Sequence[str | Path],
    tally: Tally,
    tell: Callable[[Problem], None],
    progress: Progress | None = None,
) -> Iterator[Taken[tuple[Source, Sequence[Figure]]]]:
    """The documents of extractions with their figures, a row group at a time.

    A part that cannot be read is a problem, and so is an extraction that did not come to its end;
    the others are read all the same.
    """
    for part in _parts(paths):
        try:
            found = [part] if isinstance(part, Problem) else _read(part)
            for outcome in found:
                tally.count(outcome)
                if isinstance(outcome, Problem):
                    tell(outcome)
                    continue
                yield outcome
                if progress:
                    progress("documents", tally.documents, 0)
        except LedgerError as error:
            lost = Problem(str(part), str(error))
            tally.count(lost)
            tell(lost)


def _parts(paths: Sequence[str | Path]) -> Iterator[Path | Problem]:
    for path in map(Path, paths):
        if path.suffix == ".parquet":
            yield path
            continue
        if not (path / MANIFEST).is_file():
            yield Problem(str(path), "the extraction did not come to its end")
        yield from sorted((path / FIGURES).glob(PARTS))


def _read(part: Path) -> Iterator[Taken[tuple[Source, Sequence[Figure]]]]:
    """The documents of a part. Raises LedgerError where it is damaged or not one."""
    from ledger.table import DTYPES, from_frame, plain

    with ExitStack() as opened:
        figures = opened.enter_context(_opened(part, DTYPES))
        sources = opened.enter_context(_opened(_sources_of(part), SOURCE_DTYPES))
        rows = chain.from_iterable(map(from_frame, _groups(figures)))
        for frame in _groups(sources):
            columns = [plain(frame[name]) for name in SOURCE_DTYPES]
            for *described, count in zip(*columns, strict=True):
                source, own = Source(*described), list(islice(rows, count))
                if [figure.source_id for figure in own] != [source.source_id] * count:
                    raise LedgerError("its figures are not those of its documents")
                yield Taken(count, source.published is not None, (source, own))


def _opened(path: Path, columns: Collection[str]) -> Any:
    pq = needed("pyarrow.parquet", "Parquet")
    try:
        file = pq.ParquetFile(path)
    except (OSError, ValueError) as error:
        raise LedgerError(f"not a whole Parquet file ({str(error).splitlines()[0]})") from error
    lacking = [name for name in columns if name not in file.schema_arrow.names]
    if lacking:
        raise LedgerError(f"not what an extraction writes: no column {lacking[0]!r}")
    return file


def _groups(file: Any) -> Iterator[pd.DataFrame]:
    """The row groups of a Parquet file. Raises LedgerError where one is damaged."""
    for group in range(file.num_row_groups):
        try:
            frame: pd.DataFrame = file.read_row_group(group).to_pandas()
        except (OSError, ValueError) as error:
            raise LedgerError(f"damaged ({str(error).splitlines()[0]})") from error
        yield frame


def _sources_of(figures: Path) -> Path:
    return figures.parent.parent / SOURCES / figures.name


class Writer:
    """Writes one part: the figures and the documents, a row group of each at a time."""

    def __init__(self, filesystem: Any, folder: str, number: int) -> None:
        self._stack = ExitStack()
        self._files = {
            name: self._stack.enter_context(
                filesystem.open(f"{folder}/{name}/part-{number:05}.parquet", "wb")
            )
            for name in (FIGURES, SOURCES)
        }
        self._writers: dict[str, Any] = {}
        self._held: list[tuple[Source, Sequence[Figure]]] = []
        self._size = 0

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._stack:
            if error is None:
                self._write()
                for writer in self._writers.values():
                    writer.close()

    def add(self, source: Source, figures: Sequence[Figure]) -> None:
        """Takes in one more document."""
        self._held.append((source, figures))
        self._size += len(source.text)
        if self._size > HELD:
            self._write()

    def _write(self) -> None:
        pa, pq = needed("pyarrow", "Parquet"), needed("pyarrow.parquet", "Parquet")
        from ledger.table import to_frame

        frames = {
            FIGURES: to_frame(figure for _, figures in self._held for figure in figures),
            SOURCES: _source_frame(self._held),
        }
        for name, frame in frames.items():
            table = pa.Table.from_pandas(frame, preserve_index=False)
            if name not in self._writers:
                self._writers[name] = pq.ParquetWriter(
                    self._files[name], table.schema, compression="zstd"
                )
            self._writers[name].write_table(table, row_group_size=max(1, len(frame)))
        self._held, self._size = [], 0


def _source_frame(held: Sequence[tuple[Source, Sequence[Figure]]]) -> pd.DataFrame:
    import pandas as pd

    from ledger.table import typed

    rows = [
        [*(getattr(source, f.name) for f in fields(Source)), len(figures)]
        for source, figures in held
    ]
    return typed(pd.DataFrame(rows, columns=list(SOURCE_DTYPES), dtype="object"), SOURCE_DTYPES)


def write_manifest(filesystem: Any, folder: str, numbers: dict[str, Any]) -> None:
    """Says that an extraction came to its end, and what it holds."""
    with filesystem.open(f"{folder}/{MANIFEST}", "w") as file:
        json.dump(numbers, file)
