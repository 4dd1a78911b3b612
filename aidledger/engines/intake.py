"""What is done with a document: how it is taken in, whether it is wanted, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from extractors.readers.clock import Clock, current
from extractors.readers.formats import CAN_BE_APART
from extractors.readers.formats.content import ReadOptions
from extractors.readers.problem import Problem, StoppedError, fault
from ledger.figure import Figure, Source

if TYPE_CHECKING:
    from aidledger.engines.chunks import Chunk
    from aidledger.engines.known import Known
    from aidledger.engines.terms import Terms
    from extractors.meaning.reader import AskedReader

T = TypeVar("T")

NAME = 100  # characters of an id, a title or a text that a document is called by


@dataclass(frozen=True, slots=True)
class Intake:
    """How documents are taken in.

    ``published`` (an ISO date) takes the place of the dates that documents state; ``reading`` says
    how files are read; of ``containing`` (words and phrases, see
    :class:`aidledger.engines.terms.Terms`) a document must hold one, where there are any;
    ``reader`` says what figures mean, see :func:`extractors.pipeline.extract`.
    """

    published: str | None = None
    reading: ReadOptions = field(default_factory=ReadOptions)
    containing: tuple[str, ...] = ()
    reader: AskedReader = "built-in"


@dataclass(frozen=True, slots=True)
class Taken(Generic[T]):
    """A document that was taken in: how many figures it holds, and what was made of them.

    ``product`` is None for a document that was known before, which is not read again; ``file`` is
    where it stands, ``remark`` what is to be said of how it was read.
    """

    figures: int
    dated: bool
    product: T | None
    file: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Unwanted:
    """A document that holds none of the words that were asked for."""


Outcome: TypeAlias = Taken[T] | Unwanted | Problem


class EndedError(Exception):
    """What was begun ended the process that did it, and is not begun again."""


@dataclass(frozen=True)
class Work(Generic[T]):
    """What is done with each document, here or in another process.

    ``product`` makes what is wanted of a document and its figures; ``extract`` takes the place of
    :func:`extractors.pipeline.extract_source`; documents that are ``known`` are left alone.
    """

    intake: Intake
    product: Callable[[Source, Sequence[Figure]], T]
    extract: Callable[[Source], Sequence[Figure]] | None = None
    known: Known | None = None

    def outcome(self, file: str, source: Source, terms: Terms | None) -> Taken[T] | Unwanted:
        """What becomes of one document of a file."""
        if terms is not None and not terms.in_source(source):
            return Unwanted()
        dated = source.published is not None
        held = self.known.figures(source) if self.known else None
        if held is not None:
            return Taken(held, dated, None, file)
        figures = self.extract(source) if self.extract else self._figures(source)
        remark = _remark(figures, self.intake.reader)
        return Taken(len(figures), dated, self.product(source, figures), file, remark)

    def _figures(self, source: Source) -> Sequence[Figure]:
        """The figures of a document: found here if an alarm would interrupt it, else apart."""
        from extractors.pipeline import awaited, extract_source, load
        from extractors.text.anchors import has_number

        if not has_number(source.text):
            return ()
        clock, reader = current(), self.intake.reader
        if not isinstance(reader, str) and clock is not None:
            clock.elsewhere(partial(_waited, awaited, source, reader))
        if clock is not None and clock.is_watched:
            clock.elsewhere(lambda: (load(reader), 0.0))
        elif clock is not None and CAN_BE_APART and not self.intake.reading.here:
            from extractors.readers import apart

            return apart.figures(source, reader, clock)
        return extract_source(source, reader=reader)


def _waited(
    wait: Callable[[Source, AskedReader], None], source: Source, reader: AskedReader
) -> tuple[None, float]:
    """Wait for what a reader asks elsewhere: none of the time is the document's."""
    wait(source, reader)
    return None, 0.0


def _remark(figures: Sequence[Figure], reader: AskedReader) -> str:
    """What is to be said of figures that were not, or not wholly, read by the reader asked."""
    if isinstance(reader, str) or not figures:
        return ""
    if figures[0].reader != reader.name:
        return f"not answered by {reader.name}: read by {figures[0].reader}"
    kept = [(f, name, why) for f in figures for name, why in f.other.get("kept", {}).items()]
    if not kept:
        return ""
    figure, name, why = kept[0]
    more = f", and {len(kept) - 1} more" if len(kept) > 1 else ""
    return f"{reader.name} not taken at its word: {name} of {figure.text!r}: {why}{more}"


def outcomes(
    chunk: Chunk, work: Work[T], begin: Callable[[], None] = lambda: None
) -> Iterator[Outcome[T]]:
    """What becomes of the documents of a chunk, one at a time, in their order; see
    :func:`outcomes_of`."""
    from extractors.readers.read import read_file

    terms = terms_of(work.intake)
    for piece in chunk.pieces:
        if isinstance(piece, Problem):
            yield piece
            continue
        if isinstance(piece, Source):
            yield from outcomes_of(piece.source_id, iter([piece]), work, terms, begin)
            continue
        reading = replace(work.intake.reading, part=piece.part)
        found = read_file(piece.path, published=work.intake.published, reading=reading)
        yield from outcomes_of(piece.path, found, work, terms, begin)


def outcomes_of(
    name: str,
    found: Iterator[Source | Problem],
    work: Work[T],
    terms: Terms | None,
    begin: Callable[[], None] = lambda: None,
) -> Iterator[Outcome[T]]:
    """What becomes of the documents of a file.

    Whatever a document does to the code that reads it is one problem, and the next one is read.
    ``begin`` is called before each step, of which every document takes two: it is read, and its
    figures are. A step is not taken if it raises, and stopped when the document's time is up.
    """
    while True:
        clock = Clock(work.intake.reading.time_limit)
        try:
            begin()
            document = clock.within(partial(next, found, None))
        except Exception as error:  # what reads a file says itself what is wrong with it
            yield Problem(name, _cause(error))
            return
        if document is None:
            return
        if isinstance(document, Problem):
            yield document
            continue
        try:
            begin()
            outcome: Outcome[T] = clock.within(partial(work.outcome, name, document, terms))
        except Exception as error:
            outcome = Problem(called(name, document), _cause(error))
        yield outcome


def terms_of(intake: Intake) -> Terms | None:
    """The words that documents must hold. Raises ValueError for an empty one."""
    if not intake.containing:
        return None
    from aidledger.engines.terms import Terms

    return Terms(intake.containing)


def called(file: str, source: Source) -> str:
    """What a problem calls a document: its file, and what tells it from the others in the file, its
    id, its title or the words with which it begins."""
    known_as = source.source_id if source.source_id != source.sha256 else source.title
    known_as = " ".join((known_as or source.text[: 2 * NAME]).split())
    if known_as == file:
        return file
    return f"{file}: {known_as[:NAME]}{' ...' * (len(known_as) > NAME)}"


def _cause(error: Exception) -> str:
    """What ended the reading of a document, in one line."""
    return str(error) if isinstance(error, EndedError | StoppedError) else fault(error)
