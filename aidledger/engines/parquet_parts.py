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
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import fields
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO

from aidledger.engines.extra import needed
from aidledger.engines.intake import Taken, called
from extractors.readers.problem import Problem, attempt, fault
from ledger.errors import LedgerError
from ledger.figure import Figure, Source
from reports.files import replacing

Read = tuple[Source, Sequence[Figure]]

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
) -> Iterator[Taken[Read]]:
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
        except Exception as error:  # whatever one part does, the next is read
            lost = Problem(str(part), fault(error))
        else:
            continue
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


def _read(part: Path) -> Iterator[Taken[Read]]:
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
                yield Taken(count, source.published is not None, (source, own), str(part))


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
    """Writes one part: the figures and the documents, a row group of each at a time.

    ``problems`` are the documents that no table can hold, which are left out.
    """

    def __init__(self, filesystem: Any, folder: str, number: int) -> None:
        self.problems: list[Problem] = []
        with ExitStack() as stack:
            self._files = {
                name: stack.enter_context(
                    _whole(filesystem, f"{folder}/{name}/part-{number:05}.parquet")
                )
                for name in (FIGURES, SOURCES)
            }
            self._stack = stack.pop_all()
        self._writers: dict[str, Any] = {}
        self._held: list[Taken[Read]] = []
        self._size = 0

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            self._stack.__exit__(kind, error, trace)
            return
        with self._stack:
            self._write()
            for writer in self._writers.values():
                writer.close()

    def add(self, document: Taken[Read]) -> None:
        """Takes in one more document."""
        assert document.product
        self._held.append(document)
        self._size += len(document.product[0].text)
        if self._size > HELD:
            self._write()

    def _write(self) -> None:
        pq = needed("pyarrow.parquet", "Parquet")
        for name, table in self._tables().items():
            if name not in self._writers:
                self._writers[name] = pq.ParquetWriter(
                    self._files[name], table.schema, compression="zstd"
                )
            self._writers[name].write_table(table, row_group_size=max(1, table.num_rows))
        self._held, self._size = [], 0

    def _tables(self) -> dict[str, Any]:
        """The tables of what is held, without the documents that cannot be in one."""
        tables = attempt("", _tables_of, self._held)
        if not isinstance(tables, Problem):
            return tables
        sound = []
        for document in self._held:
            assert document.product
            name = called(document.file, document.product[0])
            alone = attempt(name, _tables_of, [document], foreseen=())
            if isinstance(alone, Problem):
                self.problems.append(alone)
            else:
                sound.append(document)
        return _tables_of(sound)


@contextmanager
def _whole(filesystem: Any, path: str) -> Iterator[BinaryIO]:
    """A part that is there once it is whole, as every output on a disk is; an object store has it
    when it is closed, and what failed is removed."""
    local = needed("fsspec.implementations.local", "Parquet")
    if isinstance(filesystem, local.LocalFileSystem):
        with replacing(path, tidy=False) as file:
            yield file
        return
    try:
        with filesystem.open(path, "wb") as file:
            yield file
    except BaseException:
        with suppress(FileNotFoundError):
            filesystem.rm(path)
        raise


def _tables_of(held: Sequence[Taken[Read]]) -> dict[str, Any]:
    """The figures and the documents as tables of Arrow."""
    from ledger.table import to_frame

    pa = needed("pyarrow", "Parquet")
    read = [document.product for document in held if document.product]
    frames = {
        FIGURES: to_frame(figure for _, figures in read for figure in figures),
        SOURCES: _source_frame(read),
    }
    return {name: pa.Table.from_pandas(f, preserve_index=False) for name, f in frames.items()}


def _source_frame(read: Sequence[Read]) -> pd.DataFrame:
    import pandas as pd

    from ledger.table import typed

    rows = [
        [*(getattr(source, f.name) for f in fields(Source)), len(figures)]
        for source, figures in read
    ]
    return typed(pd.DataFrame(rows, columns=list(SOURCE_DTYPES), dtype="object"), SOURCE_DTYPES)


def write_manifest(filesystem: Any, folder: str, numbers: dict[str, Any]) -> None:
    """Says that an extraction came to its end, and what it holds."""
    with _whole(filesystem, f"{folder}/{MANIFEST}") as file:
        file.write(json.dumps(numbers).encode())
