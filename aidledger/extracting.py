"""From many documents to their figures, in this process or in several."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from aidledger.consulting import ahead
from aidledger.engines import chunks
from aidledger.engines.intake import Intake, Work
from aidledger.engines.resume import Draft, drafted
from aidledger.engines.run import documents
from aidledger.engines.tally import Tally
from aidledger.output import CSV_FIELDS, Format, figure_lines, head_line, opened
from extractors.assemble import EXTRACTOR
from extractors.pipeline import check_reader
from extractors.readers.formats.content import ReadOptions
from extractors.readers.problem import Problem
from extractors.readers.read import STDIN
from ledger.errors import LedgerError
from ledger.figure import Figure, Source
from reports.files import target_of

if TYPE_CHECKING:
    from aidledger.progress import Progress
    from extractors.meaning.reader import AskedReader

Tell = Callable[[Problem], None]


def extract_all(
    paths: Iterable[str | Path],
    *,
    published: str | None = None,
    reading: ReadOptions | None = None,
    containing: Sequence[str] = (),
    reader: AskedReader = "built-in",
    jobs: int = 1,
    tally: Tally | None = None,
    tell: Tell | None = None,
    progress: Progress | None = None,
) -> Iterator[tuple[Source, Sequence[Figure]]]:
    """Each document that the paths name with its figures, in order, one at a time.

    ``published`` (an ISO date) takes the place of the dates that documents state, ``reading`` says
    how files are read; of the words and phrases ``containing`` a document must hold one; ``reader``
    says what figures mean (:func:`extractors.pipeline.extract`). ``jobs``
    processes work on the documents; the result is the same however many they are. What cannot be
    read is left out: ``tell`` hears of it, ``tally`` counts it; ``progress`` hears of the documents
    and the bytes that are read. Raises ValueError for an empty word and for no such reader.
    """
    check_reader(reader)
    paths = list(paths)
    intake = Intake(published, reading or ReadOptions(), tuple(containing), reader)
    work = Work(ahead(paths, intake, jobs=jobs, tell=tell), _both)
    for taken in documents(paths, work, tally or Tally(), jobs=jobs, tell=tell, progress=progress):
        assert taken.product
        yield taken.product


def extract_files(
    paths: Sequence[str | Path],
    output: Path | str,
    *,
    form: Format | None = None,
    published: str | None = None,
    reading: ReadOptions | None = None,
    containing: Sequence[str] = (),
    reader: AskedReader = "built-in",
    jobs: int = 1,
    resume: bool = False,
    tell: Tell | None = None,
    progress: Progress | None = None,
) -> Tally:
    """Write the figures of documents to a file of JSON lines or CSV, in order.

    ``form`` is what the name of the file says unless it is given. An interrupted run leaves what it
    has done beside the file; with ``resume`` the same run goes on from there, and the file becomes
    that of an undisturbed one, byte for byte. The rest is as for :func:`extract_all`. Returns the
    counts of what was read and left out. Raises ValueError for another form and where that one
    does, LedgerError where ``resume`` does not fit what was interrupted, OSError where the file
    cannot be written.
    """
    check_reader(reader)
    path = Path(output)
    form = form or Format.of(path)
    if form not in (Format.jsonl, Format.csv):
        raise ValueError(f"{path}: written are .jsonl and .csv")
    intake = Intake(published, reading or ReadOptions(), tuple(containing), reader)
    intake = ahead(paths, intake, jobs=jobs, tell=tell)
    write = partial(_write, paths, form, intake, jobs=jobs, tell=tell, progress=progress)
    if not target_of(path).is_replaced or STDIN in paths:
        if resume:
            raise LedgerError(f"{path}: only a file made from files can be resumed")
        with opened(path) as out:
            return write(out, Tally())
    with drafted(path, _fit(paths, form, intake), resume=resume) as draft:
        return write(draft.file, draft.tally, draft=draft)


def write_lines(
    paths: Sequence[str | Path],
    out: TextIO,
    form: Format,
    *,
    published: str | None,
    reading: ReadOptions,
    containing: Sequence[str],
    reader: AskedReader,
    jobs: int,
    tell: Tell | None,
) -> Tally:
    """Write the figures of documents to a stream, each document's as soon as it is read."""
    intake = Intake(published, reading, tuple(containing), reader)
    intake = ahead(paths, intake, jobs=jobs, tell=tell)
    return _write(paths, form, intake, out, Tally(), jobs=jobs, tell=tell, progress=None)


def _write(
    paths: Sequence[str | Path],
    form: Format,
    intake: Intake,
    out: TextIO,
    tally: Tally,
    *,
    jobs: int,
    tell: Tell | None,
    progress: Progress | None,
    draft: Draft | None = None,
) -> Tally:
    done = draft.chunks if draft else 0
    if not done:
        out.write(head_line(form))
    taken = documents(
        paths, Work(intake, partial(_lines, form)), tally, jobs=jobs, tell=tell,
        progress=progress, skip=done, finished=draft.finished if draft else None,
    )  # fmt: skip
    for document in taken:
        out.writelines((document.product or "").splitlines(keepends=True))
    return tally


def _fit(paths: Sequence[str | Path], form: Format, intake: Intake) -> dict[str, str]:
    """What must be the same for one run to go on with another, each thing as a digest."""
    reading = intake.reading
    read = [sorted(reading.columns.items()), sorted(reading.hosts), reading.time_limit]
    options = [form, intake.published, sorted(intake.containing), recorded(intake.reader), *read]
    return {
        "the documents": chunks.survey(paths).digest,
        "the options": _digest(options),
        "the release": _digest([EXTRACTOR, chunks.SIZE, chunks.FILES, CSV_FIELDS]),
    }


def recorded(reader: AskedReader) -> str:
    """What a run is known by that this reader takes part in."""
    return reader if isinstance(reader, str) else reader.name


def _digest(parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _lines(form: Format, source: Source, figures: Sequence[Figure]) -> str:
    return figure_lines(source, figures, form)


def _both(source: Source, figures: Sequence[Figure]) -> tuple[Source, Sequence[Figure]]:
    return source, figures
