"""Chunks of documents, worked on in this process or in several, given back in their order."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from aidledger.engines.chunks import Chunk, chunks_of, survey
from aidledger.engines.intake import Outcome, Taken, Work, outcomes, terms_of
from aidledger.progress import BYTES
from extractors.readers.problem import Problem

if TYPE_CHECKING:
    from aidledger.engines.tally import Tally
    from aidledger.progress import Progress

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
            for outcome in found:
                tally.count(outcome)
                if isinstance(outcome, Problem) and tell and tally.is_news(outcome):
                    tell(outcome)
                if isinstance(outcome, Taken):
                    yield outcome
                    if progress:
                        progress("documents", tally.documents, 0)
            size += chunk.size
            if progress and total:
                progress(BYTES, size, total)
            if finished:
                finished()


def _each(
    chunks: Iterator[Chunk], work: Work[T], jobs: int
) -> Generator[tuple[Chunk, Iterator[Outcome[T]]], None, None]:
    if jobs > 1:
        from aidledger.engines.pool import in_order

        yield from in_order(chunks, work, jobs)
    else:
        for chunk in chunks:
            yield chunk, outcomes(chunk, work)
