"""Chunks of documents, worked on in this process or in several, given back in their order."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from aidledger.engines.chunks import Chunk, chunks_of, chunks_of_texts, survey
from aidledger.engines.intake import Outcome, Taken, Work, outcomes, terms_of
from aidledger.progress import BYTES
from extractors.readers.problem import Problem

if TYPE_CHECKING:
    from aidledger.engines.tally import Tally
    from aidledger.progress import Progress
    from ledger.figure import Source

T = TypeVar("T")


def documents(
    paths: Sequence[str | Path],
    work: Work[T],
    tally: Tally,
    *,
    jobs: int = 1,
    tell: Callable[[Problem], None] | None = None,
    progress: Progress | None = None,
    skip: int = 0,
    finished: Callable[[], None] | None = None,
) -> Iterator[Taken[T]]:
    """What becomes of the documents that the paths name, in order, whoever is done first.

    ``jobs`` is how many processes work on them; with 1 it is this one. ``tally`` counts, ``tell``
    hears of every problem, ``progress`` of the documents and of the bytes. The first ``skip``
    chunks are left out; ``finished`` is called when all that came of a chunk has been taken. Raises
    ValueError where an empty word is asked for.
    """
    terms_of(work.intake)
    total = survey(paths).size if progress else 0
    chunks = chunks_of(paths)
    size = sum(chunk.size for chunk in islice(chunks, skip))
    with closing(_each(chunks, work, jobs)) as worked:
        for chunk, found in worked:
            for taken in _taken(found, tally, tell):
                yield taken
                if progress:
                    progress("documents", tally.documents, 0)
            size += chunk.size
            if progress and total:
                progress(BYTES, size, total)
            if finished:
                finished()


def texts(
    given: Iterable[Source | Problem],
    work: Work[T],
    tally: Tally,
    *,
    of: int,
    jobs: int = 1,
    tell: Callable[[Problem], None] | None = None,
    progress: Progress | None = None,
) -> Iterator[Taken[T]]:
    """What becomes of texts that are read already, as :func:`documents` has it for files;
    ``progress`` hears how many are done, and ``of`` how many."""
    with closing(_each(chunks_of_texts(given), work, jobs)) as worked:
        for _, found in worked:
            for taken in _taken(found, tally, tell):
                yield taken
                if progress:
                    progress("documents", tally.documents, of)


def _taken(
    found: Iterable[Outcome[T]], tally: Tally, tell: Callable[[Problem], None] | None
) -> Iterator[Taken[T]]:
    """The documents that were taken in, once they and what was in the way are counted and told."""
    for outcome in found:
        tally.count(outcome)
        if isinstance(outcome, Problem) and tell and tally.is_news(outcome):
            tell(outcome)
        if isinstance(outcome, Taken):
            if outcome.remark and tell:
                tell(Problem(outcome.file, outcome.remark, False))
            yield outcome


def _each(
    chunks: Iterator[Chunk], work: Work[T], jobs: int
) -> Generator[tuple[Chunk, Iterator[Outcome[T]]], None, None]:
    if jobs > 1:
        from aidledger.engines.pool import in_order

        yield from in_order(chunks, work, jobs)
    else:
        for chunk in chunks:
            yield chunk, outcomes(chunk, work)
