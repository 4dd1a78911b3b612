"""From an analyst's own tables to figures, by a mapping."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from aidledger.ingest import Ingested, stored

if TYPE_CHECKING:
    from aidledger.progress import Progress
    from extractors.problem import Problem
    from ledger.ledger import Ledger
    from ledger.mapping import TableMapping
    from ledger.tables import TableRead


def ingest_tables(
    ledger: Ledger,
    paths: Iterable[str | Path],
    mapping: TableMapping | str | Path,
    *,
    sheet: str | None = None,
    tell: Callable[[Problem], None] | None = None,
    progress: Progress | None = None,
) -> Ingested:
    """Read tables and store their rows as figures; a folder stands for the files in it.

    ``mapping`` and ``sheet`` are as for :func:`table_of`. A file that is no such table becomes a
    problem of the result, and so does every cell that cannot be read; ``tell`` hears of them at
    once and the rest is stored. ``progress`` hears after every table how many are done. Raises
    LedgerError for a mapping that cannot be read and a ledger that cannot be written.
    """
    from aidledger.engines.tally import Tally
    from extractors.problem import Problem, fault
    from ledger.errors import LedgerError
    from ledger.mapping import TableMapping, read_mapping

    used = mapping if isinstance(mapping, TableMapping) else read_mapping(mapping)
    states: Counter[str] = Counter()
    problems: list[Problem] = []
    figures = 0

    def note(path: Path, line: str, *, lost: bool = True) -> None:
        problems.append(Problem(str(path), line, lost))
        if tell:
            tell(problems[-1])

    for path in _files(paths):
        try:
            read = table_of(path, used, sheet=sheet)
        except LedgerError as error:
            note(path, str(error).partition(": ")[2])
            continue
        except Exception as error:  # whatever one table does, the next is read
            note(path, fault(error))
            continue
        for line in read.problems:
            note(path, line.removeprefix(f"{read.source.source_id}, "))
        added, problem = stored(ledger, str(path), read.source, read.figures, fragments=True)
        if problem:
            note(path, problem.cause, lost=problem.lost)
        states[added.state] += 1
        figures += added.figures
        if progress:
            progress("tables", states.total(), 0)
    tally = Tally(states.total(), figures)
    return Ingested(tally.documents, figures, dict(states), tuple(problems), tally)


def table_of(
    path: str | Path, mapping: TableMapping | str | Path, *, sheet: str | None = None
) -> TableRead:
    """A table (CSV, Excel, JSON records, or lines of text) as a document with its figures.

    ``mapping`` is one that is read, a TOML file, or the name of a shipped one
    (:func:`ledger.mapping.shipped`); ``sheet`` names the sheet of a workbook, else it is the first.
    The table is known by its path as given, the sheet and the mapping: read again, it is a version
    of itself. Raises LedgerError naming the file and the cause.
    """
    from aidledger.readtable import read_table
    from ledger.errors import LedgerError
    from ledger.mapping import TableMapping, read_mapping
    from ledger.tables import read_frame

    if not Path(path).is_file():
        raise LedgerError(f"{path}: no such file")
    used = mapping if isinstance(mapping, TableMapping) else read_mapping(mapping)
    name = "#".join(filter(None, (str(path), sheet, used.name)))
    return read_frame(read_table(path, used, sheet), used, source_id=name)


def _files(paths: Iterable[str | Path]) -> Iterator[Path]:
    """The files, and those in the folders in the order of their names, without hidden ones."""
    for path in map(Path, paths):
        if path.is_dir():
            yield from sorted(p for p in path.iterdir() if p.is_file() and p.name[0] != ".")
        else:
            yield path
