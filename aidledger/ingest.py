"""From files to a ledger: read, extract, store; again from the texts that it holds; and from an
analyst's own tables, by a mapping."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from aidledger.engines.intake import Taken, Work
    from aidledger.engines.known import Known
    from aidledger.engines.tally import Tally
    from aidledger.progress import Progress
    from extractors.meaning.reader import AskedReader
    from extractors.readers.formats.content import ReadOptions
    from extractors.readers.problem import Problem
    from ledger.figure import Figure, Source
    from ledger.imports.coded_tables import TableRead
    from ledger.imports.mapping import TableMapping
    from ledger.ledger import Ledger
    from ledger.store.documents import Added

    Read = tuple[Source, Sequence[Figure]]


@dataclass(frozen=True, slots=True)
class Ingested:
    """What a run of :func:`ingest`, :func:`aidledger.ingest.reread` or
    :func:`aidledger.ingest.ingest_tables` did.

    ``documents`` were read and hold ``figures``; ``states`` counts the documents by what became of
    them in the ledger: ``new``, ``unchanged``, ... (see :class:`ledger.store.documents.Added`), or
    ``refused`` where it could not take them.
    ``problems`` are the paths that could not be read, and remarks on others; ``tally`` counts what
    was left out, and which documents had no date.
    """

    documents: int
    figures: int
    states: Mapping[str, int]
    problems: tuple[Problem, ...]
    tally: Tally

    def _repr_html_(self) -> str:
        from ledger.notebook import html_table

        problems = {"problem": "; ".join(map(str, self.problems))} if self.problems else {}
        rows = {"documents": self.documents, "figures": self.figures}
        return html_table("Ingested", {**rows, **self.states, **problems})


def ingest(
    ledger: Ledger,
    paths: Iterable[str | Path],
    *,
    published: str | None = None,
    reading: ReadOptions | None = None,
    containing: Sequence[str] = (),
    reader: AskedReader = "built-in",
    jobs: int = 1,
    resume: bool = False,
    extract: Callable[[Source], Sequence[Figure]] | None = None,
    tell: Callable[[Problem], None] | None = None,
    progress: Progress | None = None,
) -> Ingested:
    """Read the paths, extract their figures, and store both in the ledger.

    Each document is stored whole or not at all, and adding one again changes nothing. One that the
    ledger cannot take, or does not take as a new version because it is a fragment of the stored
    text, becomes a problem too; a text that has shrunk to under a tenth is remarked on. With
    ``resume``, what the ledger holds of an interrupted run, read by this release's extractor and by
    this reader, is not read for its figures again. A path that cannot be read becomes a problem of
    the result (``tell`` hears of it at once) and the others are read all the same. What
    :func:`aidledger.engines.cluster.extract_on_cluster` has written is stored as it is.

    ``published``, ``reading``, ``containing``, ``reader`` and ``jobs`` are as for
    :func:`aidledger.extracting.extract_all`; ``extract`` takes the place of
    :func:`extractors.pipeline.extract_source`. ``progress`` hears after every document how many are
    done. Raises LedgerError where the ledger cannot be written, ValueError for an empty word and
    for no such reader.
    """
    from aidledger.consulting import ahead
    from aidledger.engines.intake import Intake, Work
    from aidledger.engines.tally import Tally
    from extractors.pipeline import check_reader
    from extractors.readers.formats.content import ReadOptions

    check_reader(reader)
    run = _Run(Tally(), tell)
    intake = Intake(published, reading or ReadOptions(), tuple(containing), reader)
    known = _known(ledger, reader) if resume and extract is None else None
    paths = list(paths)
    if extract is None:
        intake = ahead(paths, intake, jobs=jobs, known=known, tell=run.note)
    work = Work(intake, _both, extract, known)
    return run.store(ledger, _documents(paths, work, run, jobs, progress))


def ingest_read(
    ledger: Ledger,
    given: Iterable[Source | Problem],
    *,
    reading: ReadOptions | None = None,
    containing: Sequence[str] = (),
    reader: str = "built-in",
    jobs: int = 1,
    tell: Callable[[Problem], None] | None = None,
    progress: Progress | None = None,
) -> Ingested:
    """Extract the figures of documents that are read already, and store both in the ledger.

    What the ledger holds of them is not read for its figures again. ``given`` may hold problems,
    which are told and counted as those of :func:`ingest`; of ``reading`` the time limit counts. The
    rest, and what is raised, is as for that one.
    """
    from aidledger.engines.intake import Intake, Work
    from aidledger.engines.run import texts
    from aidledger.engines.tally import Tally
    from extractors.pipeline import check_reader
    from extractors.readers.formats.content import ReadOptions

    check_reader(reader)
    run = _Run(Tally(), tell)
    intake = Intake(None, reading or ReadOptions(), tuple(containing), reader)
    work = Work(intake, _both, known=_known(ledger, reader))
    return run.store(
        ledger, texts(given, work, run.tally, of=0, jobs=jobs, tell=run.note, progress=progress)
    )


def reread(
    ledger: Ledger,
    *,
    reading: ReadOptions | None = None,
    reader: AskedReader = "built-in",
    jobs: int = 1,
    tell: Callable[[Problem], None] | None = None,
    progress: Progress | None = None,
) -> Ingested:
    """Read from the stored texts every document that another reader of meaning has read.

    Its figures take the place of the older ones; what was decided on them stays. Each document is
    stored whole or not at all, so that a run that was interrupted goes on where it stopped when it
    is started again. Tables stay as their mappings read them, and documents without figures, of
    which nobody knows who read them, as they are. A document whose text the ledger does not hold as
    it was read becomes a problem.

    ``reader``, ``jobs``, ``tell`` and ``progress`` are as for :func:`ingest`, of ``reading`` the
    time limit counts. Raises LedgerError where the ledger cannot be written, ValueError for no such
    reader and for ``"none"``, which says nothing of meaning.
    """
    from aidledger.consulting import ahead_of_texts
    from aidledger.engines.intake import Intake, Work
    from aidledger.engines.run import texts
    from aidledger.engines.tally import Tally
    from extractors.pipeline import NUMBERS_ALONE, check_reader, recorded_as
    from extractors.readers.formats.content import ReadOptions
    from ledger.table import TABLE_READER

    if reader == NUMBERS_ALONE:
        raise ValueError(f"reader: {reader!r} reads no meaning, and takes nobody's place")
    check_reader(reader)
    run, recorded = _Run(Tally(), tell), recorded_as(reader)
    own = (recorded, TABLE_READER)
    number = sum(count for other, count in ledger.readers().items() if other not in own)
    intake = Intake(reading=reading or ReadOptions(), reader=reader)
    others = map(_as_read, ledger.read_by_others(recorded))
    work = Work(ahead_of_texts(others, intake, jobs=jobs, tell=run.note), _both)
    held = map(_as_read, ledger.read_by_others(recorded))
    return run.store(
        ledger,
        texts(held, work, run.tally, of=number, jobs=jobs, tell=run.note, progress=progress),
    )


def _as_read(source: Source) -> Source | Problem:
    """A stored document, or the problem that its text is not the one that was read."""
    from aidledger.engines.intake import called
    from extractors.readers.problem import Problem
    from ledger.figure import sha256_of

    if not source.text:
        return Problem(called(source.source_id, source), "its text is not stored")
    if sha256_of(source.text) != source.sha256:
        return Problem(called(source.source_id, source), "the stored text is not the one it had")
    return source


@dataclass(slots=True)
class _Run:
    """A run over documents: what it has counted, and what was in the way."""

    tally: Tally
    tell: Callable[[Problem], None] | None
    problems: list[Problem] = field(default_factory=list)

    def note(self, problem: Problem) -> None:
        """Takes in a problem and tells it."""
        self.problems.append(problem)
        if self.tell:
            self.tell(problem)

    def store(self, ledger: Ledger, documents: Iterable[Taken[Read]]) -> Ingested:
        """Stores the documents one after another, and says what was done."""
        states: Counter[str] = Counter()
        figures = 0
        for taken in documents:
            if taken.product is None:
                states["unchanged"] += 1
                figures += taken.figures
                continue
            added, problem = stored(ledger, taken.file, *taken.product)
            states[added.state] += 1
            figures += added.figures
            if problem:
                self.tally.count(problem)
                self.note(problem)
        self.tally.figures = figures  # that the ledger now holds of them
        problems = tuple(self.problems)
        return Ingested(self.tally.documents, figures, dict(states), problems, self.tally)


def stored(
    ledger: Ledger,
    file: str,
    source: Source,
    figures: Iterable[Figure],
    *,
    fragments: bool = False,
) -> tuple[Added, Problem | None]:
    """What storing a document of a file did, and what there is to say of it.

    ``fragments`` is as for :meth:`ledger.ledger.Ledger.add`. Raises LedgerError where no document
    can be stored.
    """
    from aidledger.engines.intake import called
    from extractors.readers.problem import Problem, fault
    from ledger.errors import LedgerError, RefusedError
    from ledger.store.documents import Added

    try:
        added = ledger.add(source, figures, fragments=fragments)
    except RefusedError as error:
        cause = str(error).removeprefix(f"{source.source_id}: ")
    except LedgerError:
        raise
    except Exception as error:  # whatever one document does, the next is stored
        cause = fault(error)
    else:
        if added.remark is None:
            return added, None
        lost = added.state == "fragment"
        return added, Problem(called(file, source), added.remark, lost)
    return Added(source.source_id, 0, "refused", 0), Problem(called(file, source), cause)


def _known(ledger: Ledger, reader: AskedReader) -> Known:
    """The documents that the ledger holds as this release and this reader read them."""
    from aidledger.engines.known import Known
    from extractors.assemble import EXTRACTOR
    from extractors.pipeline import recorded_as

    return Known(ledger.read_by(EXTRACTOR, recorded_as(reader)))


def _documents(
    paths: Sequence[str | Path],
    work: Work[Read],
    run: _Run,
    jobs: int,
    progress: Progress | None,
) -> Iterator[Taken[Read]]:
    """The documents that the paths name, in order: read here, or read before on a cluster."""
    from aidledger.engines.parquet_parts import extracted, is_extraction
    from aidledger.engines.run import documents

    tally, note = run.tally, run.note
    for is_read, some in groupby(paths, is_extraction):
        if is_read:
            yield from extracted(list(some), tally, note, progress)
        else:
            yield from documents(list(some), work, tally, jobs=jobs, tell=note, progress=progress)


def _both(source: Source, figures: Sequence[Figure]) -> Read:
    return source, figures


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
    from extractors.readers.problem import Problem, fault
    from ledger.errors import LedgerError
    from ledger.imports.mapping import TableMapping, read_mapping

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
        added, problem = stored(ledger, str(path), read.source, read.figures, fragments=True)
        for line in read.problems:
            note(path, line.removeprefix(f"{read.source.source_id}, "))
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
    (:func:`ledger.imports.mapping.shipped`); ``sheet`` names the sheet of a workbook, else it is
    the first. The table is known by its path as given, the sheet and the mapping: read again, it is
    a version of itself. Raises LedgerError naming the file and the cause.
    """
    from pathlib import Path

    from aidledger.sheets.readtable import read_table
    from ledger.errors import LedgerError
    from ledger.imports.coded_tables import read_frame
    from ledger.imports.mapping import TableMapping, read_mapping

    if not Path(path).is_file():
        raise LedgerError(f"{path}: no such file")
    used = mapping if isinstance(mapping, TableMapping) else read_mapping(mapping)
    name = "#".join(filter(None, (str(path), sheet, used.name)))
    return read_frame(read_table(path, used, sheet), used, source_id=name)


def _files(paths: Iterable[str | Path]) -> Iterator[Path]:
    """The files, and those in the folders in the order of their names, without hidden ones."""
    from pathlib import Path

    for path in map(Path, paths):
        if path.is_dir():
            yield from sorted(p for p in path.iterdir() if p.is_file() and p.name[0] != ".")
        else:
            yield path
