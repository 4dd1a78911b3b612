"""Extraction by the workers of a Dask cluster, from files wherever fsspec finds them, to Parquet.

A corpus is cut into partitions: stretches of files of lines, and other files, several small ones
together. A worker reads a partition, extracts its figures document by document, and writes its
part (:mod:`aidledger.engines.parquet_parts`); only counts and problems come back to this process.
"""

from __future__ import annotations

import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO

from aidledger.engines.extra import needed
from aidledger.engines.intake import Intake, Taken, Work, outcomes_of, terms_of
from aidledger.engines.parquet_parts import FIGURES, SOURCES, Writer, write_manifest
from aidledger.engines.partitions import Partition, Stretch, filesystem_of, partitions_of
from aidledger.engines.tally import Tally
from extractors.pipeline import check_reader
from extractors.readers.formats import kind_of
from extractors.readers.formats.content import ReadOptions
from extractors.readers.problem import Problem
from extractors.readers.read import read_opened
from ledger.errors import LedgerError
from ledger.figure import Figure, Source

if TYPE_CHECKING:
    from aidledger.progress import Progress

AHEAD = 4  # partitions for each worker thread that may be under way
TIMEOUT = 20  # seconds in which a scheduler must answer
TOLD = 100  # problems that one partition tells one by one; the others are only counted


def extract_on_cluster(
    paths: Sequence[str],
    folder: str,
    *,
    published: str | None = None,
    reading: ReadOptions | None = None,
    containing: Sequence[str] = (),
    reader: str = "built-in",
    scheduler: str | None = None,
    jobs: int = 1,
    tell: Callable[[Problem], None] | None = None,
    progress: Progress | None = None,
) -> Tally:
    """Write the figures of documents and the documents as partitioned Parquet into a folder.

    ``paths`` are files, folders and globs, and ``folder`` one that is empty or not there, all of
    them anything that fsspec can open (``s3://bucket/news-*.jsonl``) and every worker can reach.
    ``scheduler`` is the address of one; else ``jobs`` workers are started here for as long as it
    takes. ``published``, ``reading``, ``containing`` and ``reader`` are as for
    :func:`aidledger.extracting.extract_all`. ``tell`` hears of problems, ``progress`` of the bytes
    that are read. Returns the counts of what was read and left out. Raises LedgerError where Dask
    is not installed, the scheduler does not answer, the folder is not empty or a path lies on no
    known file system.
    """
    distributed = needed("dask.distributed", "--engine dask")
    check_reader(reader)
    intake = Intake(published, reading or ReadOptions(), tuple(containing), reader)
    terms_of(intake)
    _check_empty(folder)
    tally = Tally()

    def note(problem: Problem) -> None:
        tally.count(problem)
        if tell and tally.is_news(problem):
            tell(problem)

    partitions = list(partitions_of(paths, note))
    total, done = sum(partition.size for partition in partitions), 0
    with ExitStack() as stack:
        client = stack.enter_context(_client(distributed, scheduler, jobs))
        target = _made(folder)
        for partition, result in _results(distributed, client, partitions, (target, intake)):
            if isinstance(result, Problem):
                note(result)
            else:
                counts, problems = result
                tally.add(counts)
                for problem in filter(tally.is_news, problems) if tell else ():
                    tell(problem)  # type: ignore[misc]
            done += partition.size
            if progress:
                progress("read", done, total)
    filesystem, path = filesystem_of(target)
    write_manifest(filesystem, path, tally.numbers() | {"parts": len(partitions)})
    return tally


def write_part(partition: Partition, folder: str, intake: Intake) -> tuple[Tally, list[Problem]]:
    """Read a partition and write its part; what was counted, and what was in the way.

    This is what a worker does.
    """
    filesystem, path = filesystem_of(folder)
    work = Work(intake, _both)
    terms = terms_of(intake)
    tally, problems = Tally(), list[Problem]()
    with Writer(filesystem, path, partition.number) as writer:
        for stretch in partition.stretches:
            found = _read(stretch, intake)
            for outcome in outcomes_of(stretch.name, found, work, terms):
                tally.count(outcome)
                if isinstance(outcome, Taken):
                    writer.add(outcome)
                elif isinstance(outcome, Problem) and tally.is_news(outcome):
                    problems.append(outcome)
    for problem in writer.problems:
        tally.count(problem)
    return tally, _told([*problems, *writer.problems])


def _read(stretch: Stretch, intake: Intake) -> Iterator[Source | Problem]:
    filesystem, path = filesystem_of(stretch.url)
    kind = kind_of(stretch.url)
    assert kind
    with filesystem.open(path, "rb") as file:
        opened: BinaryIO = file
        if stretch.start is not None:
            opened = BytesIO(_lines(file, stretch.start, stretch.size))
            if not opened.getbuffer():  # all of it is within a line that begins before
                return
        yield from read_opened(
            opened, kind, stretch.name, published=intake.published, reading=intake.reading
        )


def _lines(file: BinaryIO, start: int, size: int) -> bytes:
    """The lines that begin in a stretch of a file."""
    file.seek(max(0, start - 1))
    if start:
        file.readline()
    lines = file.read(max(0, start + size - file.tell()))
    return lines if not lines or lines.endswith(b"\n") else lines + file.readline()


def _told(problems: list[Problem]) -> list[Problem]:
    """The first problems, and how many more there are."""
    more = len(problems) - TOLD
    if more <= 0:
        return problems
    rest = Problem(problems[TOLD].path, f"and {more:,} more like this", lost=False)
    return [*problems[:TOLD], rest]


def _results(
    distributed: Any, client: Any, partitions: Sequence[Partition], rest: tuple[str, Intake]
) -> Iterator[tuple[Partition, tuple[Tally, list[Problem]] | Problem]]:
    """Each partition with what came of it, whichever is done first; a few are under way."""
    waiting = deque(partitions)
    running: dict[Any, Partition] = {}
    done = distributed.as_completed()
    while waiting or running:
        while waiting and len(running) < AHEAD * max(1, sum(client.nthreads().values())):
            partition = waiting.popleft()
            future = client.submit(write_part, partition, *rest, pure=False)
            running[future.key] = partition
            done.add(future)
        future = next(done)
        partition = running.pop(future.key)
        error = future.exception()
        if error is None:
            yield partition, future.result()
        else:
            told = " ".join(f"{type(error).__name__}: {error}".split())
            first = partition.stretches[0].name
            yield partition, Problem(first, f"its part {partition.number:05} was lost ({told})")
        future.release()


def _client(distributed: Any, scheduler: str | None, jobs: int) -> Any:
    """A client of the scheduler, or of workers that are started here.

    Raises LedgerError where it does not answer, or its workers have another release.
    """
    import logging

    from extractors.assemble import EXTRACTOR

    try:
        if scheduler:
            client = distributed.Client(scheduler, timeout=TIMEOUT)
        else:
            with _without_interrupts():
                client = distributed.Client(
                    n_workers=jobs, threads_per_worker=1, dashboard_address=None,
                    silence_logs=logging.CRITICAL,
                )  # fmt: skip
    except (OSError, ValueError) as error:
        raise LedgerError(f"{scheduler}: no scheduler answers ({error})") from error
    try:
        releases = set(client.run(_release).values())
    except Exception as error:
        client.close()
        raise LedgerError(f"{scheduler}: its workers cannot run aidledger ({error})") from error
    if releases - {EXTRACTOR}:
        client.close()
        theirs = ", ".join(sorted(releases - {EXTRACTOR}))
        raise LedgerError(f"{scheduler}: its workers have {theirs}, and this is {EXTRACTOR}")
    return client


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Processes that are started meanwhile do not hear Ctrl-C: this one ends them when it does.

    Left to themselves, each would write a traceback.
    """
    if threading.current_thread() is not threading.main_thread():  # it hears no signals
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _release() -> str:
    from extractors.assemble import EXTRACTOR

    return EXTRACTOR


def _check_empty(folder: str) -> None:
    """Raises LedgerError for what is no empty folder and not a new one."""
    filesystem, path = filesystem_of(folder)
    with _named(folder):
        if filesystem.exists(path) and (not filesystem.isdir(path) or filesystem.ls(path)):
            raise LedgerError(f"{folder}: not an empty folder")


def _made(folder: str) -> str:
    """The full name of a folder that is made, with room for parts in it."""
    filesystem, path = filesystem_of(folder)
    with _named(folder):
        for name in (FIGURES, SOURCES):
            filesystem.makedirs(f"{path}/{name}", exist_ok=True)
    return str(filesystem.unstrip_protocol(path))


@contextmanager
def _named(folder: str) -> Iterator[None]:
    """What is in the way of a folder, as a LedgerError."""
    try:
        yield
    except OSError as error:
        raise LedgerError(f"{folder}: {str(error.strerror or error).lower()}") from error


def _both(source: Source, figures: Sequence[Figure]) -> tuple[Source, Sequence[Figure]]:
    return source, figures
