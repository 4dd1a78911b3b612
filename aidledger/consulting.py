"""Asking a language model about many documents: ahead of reading them, or by files for a batch.

Whatever is asked is asked before the documents are read for their figures, many requests at once,
and each answer is kept as soon as it comes. Reading then asks nobody: it gives the same figures in
any order and in any number of processes, and a run that was interrupted asks only what lacks.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO

from ledger.errors import LedgerError

if TYPE_CHECKING:
    from aidledger.engines.intake import Intake, Taken, Work
    from aidledger.engines.known import Known
    from extractors.llm.llm_reader import LLMReader
    from extractors.llm.request import Request
    from extractors.readers.problem import Problem
    from ledger.figure import Figure, Source

    Tell = Callable[[Problem], None]

LETTERS = 4  # of a token, in English
WRITTEN = 150  # tokens of the answer for a figure
TOGETHER = 200  # answers that are kept at once
URL = "/v1/chat/completions"


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run would ask: requests that lack an answer, with their figures, and about how many
    tokens they hold and how many come back; ``kept`` are answered already."""

    requests: int
    kept: int
    figures: int
    read: int
    written: int

    def __str__(self) -> str:
        return (
            f"{self.requests:,} requests for {self.figures:,} figures ({self.kept:,} more are "
            f"answered already), about {self.read:,} tokens to read and {self.written:,} to write"
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: the estimate, how many requests were answered, and the tokens that the server
    counted."""

    estimate: Estimate
    answered: int = 0
    read: int = 0
    written: int = 0


Agrees = Callable[[Estimate], bool]


def ahead(
    paths: Sequence[str | Path],
    intake: Intake,
    *,
    jobs: int = 1,
    known: Known | None = None,
    tell: Tell | None = None,
    agrees: Agrees | None = None,
) -> Intake:
    """Ask what the documents of the paths need, if their reader asks; then it asks nothing more.

    Standard input and addresses can be read once only: what they need is asked as they come. Raises
    LedgerError where nothing can be asked, where more requests lack an answer than may be sent, and
    where one who is asked (``agrees``) does not agree to the estimate.
    """
    reader = _asking(intake)
    if reader is None:
        return intake
    from aidledger.engines.run import documents
    from aidledger.engines.tally import Tally

    files = [path for path in paths if str(path) != "-" and "://" not in str(path)]
    if files:
        taken = documents(files, _work(intake, known), Tally(), jobs=jobs)
        _ask(taken, reader, tell, agrees)
    return intake if len(files) < len(paths) else replace(intake, reader=reader.offline())


def ahead_of_texts(
    given: Iterable[Source | Problem],
    intake: Intake,
    *,
    jobs: int = 1,
    tell: Tell | None = None,
    agrees: Agrees | None = None,
) -> Intake:
    """The same for texts that are read already, as those that a ledger holds."""
    reader = _asking(intake)
    if reader is None:
        return intake
    from aidledger.engines.run import texts
    from aidledger.engines.tally import Tally

    _ask(texts(given, _work(intake, None), Tally(), of=0, jobs=jobs), reader, tell, agrees)
    return replace(intake, reader=reader.offline())


def write_requests(
    paths: Sequence[str | Path],
    output: Path | str,
    reader: LLMReader,
    *,
    ledger: Any = None,
    published: str | None = None,
    reading: Any = None,
    containing: Sequence[str] = (),
    jobs: int = 1,
    form: bool = True,
    tell: Tell | None = None,
) -> Estimate:
    """Write what would be asked of documents as lines of OpenAI's batch format.

    ``paths`` and the options are as for :func:`aidledger.extracting.extract_all`; of a ``ledger``
    every text that another reader has read is asked about. ``custom_id`` is the request's key: the
    same for the same text. A request is written once, and not at all where its answer is kept.
    ``form``: with the JSON schema of an answer. Raises OSError where the file cannot be written.
    """
    from aidledger.engines.intake import Intake
    from aidledger.engines.run import documents, texts
    from aidledger.engines.tally import Tally
    from aidledger.output import opened
    from extractors.llm.endpoint import FORMS, body
    from extractors.readers.formats.content import ReadOptions

    intake = Intake(published, reading or ReadOptions(), tuple(containing), reader)
    work, tally = _work(intake, None), Tally()
    if ledger is not None:
        given = ledger.read_by_others(reader.name)
        taken = texts(given, work, tally, of=0, jobs=jobs, tell=tell)
    else:
        taken = documents(list(paths), work, tally, jobs=jobs, tell=tell)
    counted = _Counted(reader)
    with opened(Path(output)) as out:
        for request in counted.lacking(taken):
            sent = body(request, reader.model, FORMS[0] if form else None)
            line = {"custom_id": request.key, "method": "POST", "url": URL, "body": sent}
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
    return counted.estimate


def read_answers(
    path: Path | str,
    *,
    model: str | None = None,
    cache: str | None = None,
    tell: Tell | None = None,
) -> tuple[LLMReader, int]:
    """Keep the answers of a file of OpenAI's batch format; the reader of them, and their number.

    ``model`` is whose answers they are; else they name it themselves. Also a line of ``custom_id``
    and ``answer`` is one. ``tell`` hears of lines that hold no answer. Raises LedgerError where the
    file cannot be read, or its answers name no model or several.
    """
    from extractors.llm.kept_answers import keep
    from extractors.llm.llm_reader import LLMReader
    from extractors.readers.problem import Problem

    named, reader, count = model, LLMReader(model or "?", cache=cache, asks=False), 0
    held: list[tuple[str, str]] = []
    with _as_ledger_error(), _lines(path) as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            answer = _answer(line)
            if isinstance(answer, str):
                if tell:
                    tell(Problem(f"{path}: line {number}", answer))
                continue
            key, text, own = answer
            named = named or own
            if model is None and own not in (None, named):
                raise LedgerError(f"{path}: answers of {named} and of {own}: name one by --model")
            if named is None:
                raise LedgerError(f"{path}: the answers name no model: name it by --model")
            held.append((key, text))
            count += 1
            if len(held) >= TOGETHER:
                keep(reader.kept_in, named, held)
                held = []
        if held and named is not None:
            keep(reader.kept_in, named, held)
    if named is None:
        raise LedgerError(f"{path}: no answer in it")
    return LLMReader(named, cache=cache, asks=False), count


@contextmanager
def _lines(path: Path | str) -> Iterator[Iterable[str]]:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            yield file
    except OSError as error:
        raise LedgerError(f"{path}: {(error.strerror or str(error)).lower()}") from error


def _answer(line: str) -> tuple[str, str, str | None] | str:
    """The key, the answer and the model of a line, or why there is none."""
    try:
        found = json.loads(line)
        key = found["custom_id"]
        if "answer" in found:
            text = found["answer"]
            return key, text if isinstance(text, str) else json.dumps(text), found.get("model")
        body = found["response"]["body"]
        text = body["choices"][0]["message"]["content"]
    except (ValueError, RecursionError, LookupError, TypeError):
        return "no answer in the batch format"
    if not isinstance(key, str) or not isinstance(text, str) or not text.strip():
        return "an empty answer"
    model = body.get("model")
    return key, text, model if isinstance(model, str) else None


def _asking(intake: Intake) -> LLMReader | None:
    """The reader of an intake, if it is one that asks."""
    if isinstance(intake.reader, str):
        return None
    from extractors.llm.llm_reader import LLMReader

    reader = intake.reader
    return reader if isinstance(reader, LLMReader) and reader.asks else None


def _work(intake: Intake, known: Known | None) -> Work[list[Request]]:
    from aidledger.engines.intake import Work

    return Work(intake, _requests, _none, known)


def _none(source: Source) -> Sequence[Figure]:
    return ()


def _requests(source: Source, figures: Sequence[Figure]) -> list[Request]:
    """What is asked about a document."""
    from extractors.llm.request import requests_of
    from extractors.meaning.built_in import BUILT_IN
    from extractors.passage.context import Context
    from extractors.pipeline import situations_of, unread
    from extractors.text.anchors import has_number

    ctx = Context(source)
    if ctx.tongue is None and (not has_number(source.text) or unread(ctx, BUILT_IN) is not None):
        return []
    return requests_of(situations_of(ctx))


class _Counted:
    """Requests that lack an answer, each once, and the estimate of them."""

    def __init__(self, reader: LLMReader) -> None:
        self._reader = reader
        self._seen: set[str] = set()
        self.estimate = Estimate(0, 0, 0, 0, 0)

    def lacking(self, taken: Iterable[Taken[list[Request]]]) -> Iterator[Request]:
        """The requests of documents that have no kept answer, in order."""
        for document in taken:
            asked = [one for one in document.product or () if one.key not in self._seen]
            self._seen.update(one.key for one in asked)
            lacking = self._reader.lacking(asked)
            for one in lacking:
                self._count(one)
                yield one
            kept = self.estimate.kept + len(asked) - len(lacking)
            self.estimate = replace(self.estimate, kept=kept)

    def _count(self, request: Request) -> None:
        was, figures = self.estimate, len(request.asked)
        self.estimate = Estimate(
            was.requests + 1,
            was.kept,
            was.figures + figures,
            was.read + sum(map(len, request.messages)) // LETTERS,
            was.written + WRITTEN * figures,
        )


def _ask(
    taken: Iterator[Taken[list[Request]]],
    reader: LLMReader,
    tell: Tell | None,
    agrees: Agrees | None,
) -> Asked:
    from extractors.llm.said import heard
    from extractors.readers.problem import Problem

    counted = _Counted(reader)
    answered = read = written = 0
    with _as_ledger_error(), TemporaryFile() as spool:
        for request in counted.lacking(taken):
            pickle.dump(request, spool)
        estimate, most = counted.estimate, reader.max_requests
        if most is not None and estimate.requests > most:
            raise LedgerError(f"{estimate}: more than the {most:,} that may be sent")
        if not estimate.requests:
            return Asked(estimate)
        if agrees is not None and not agrees(estimate):
            raise LedgerError("nothing was asked")
        spool.seek(0)
        for answer in reader.ask(_spooled(spool)):
            read, written = read + answer.read, written + answer.written
            answered += answer.text is not None
            about = answer.problem
            if answer.text is not None:
                about = "; ".join(heard(answer.request, answer.text).problems)
            if about and tell:
                where = f"{answer.request.document}: request {answer.request.number + 1}"
                tell(Problem(where, f"{reader.name}: {about}", False))
    return Asked(estimate, answered, read, written)


def _spooled(spool: BinaryIO) -> Iterator[Request]:
    while True:
        try:
            request: Request = pickle.load(spool)
        except EOFError:
            return
        yield request


@contextmanager
def _as_ledger_error() -> Iterator[None]:
    """What a model's endpoint or the file of answers has against it, as one line."""
    from extractors.llm.request import ModelError

    try:
        yield
    except ModelError as error:
        raise LedgerError(str(error)) from error
