"""The reader that asks a language model: any endpoint of OpenAI's protocol that the user names.

It never writes a number: what is asked, what is taken of an answer and what beside it is the
built-in reader's is in the other modules of this room. An answer is asked for once and kept; what
is read of a document hangs on its kept answers alone, so that it is the same in every order, and in
one process or many.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from extractors.fitted.fitted_reader import built_in
from extractors.llm.endpoint import Answer, Server, answers
from extractors.llm.kept_answers import keep, kept, usual_place
from extractors.llm.merged import Reading, merged
from extractors.llm.missed import found_as, situations_with
from extractors.llm.request import ModelError, Request, requests_of, stretches
from extractors.llm.said import Heard, Said, heard
from extractors.meaning.draft import NOTHING, Draft
from extractors.meaning.reader import Answers
from extractors.meaning.situation import Situation
from extractors.passage.found import Found
from ledger.figure import UNREAD


@dataclass(frozen=True, slots=True)
class LLMReader:
    """A reader of meaning that asks a language model, held to the text.

    ``model`` is its name at the endpoint; ``base_url`` the endpoint, OpenAI's unless given. The key
    comes from the environment (``AIDLEDGER_API_KEY``, else ``OPENAI_API_KEY``). Answers are kept in
    the file ``cache``, by default in the user's cache folder. ``at_once`` requests are under way,
    each for ``timeout`` seconds at most. Of ``max_requests`` no more are sent in this object's
    life; without ``asks`` none is: kept answers alone count. A document of which an answer lacks is
    read by the built-in reader, and its figures say so.
    """

    model: str
    base_url: str | None = None
    cache: str | None = None
    at_once: int = 8
    timeout: float = 120.0
    max_requests: int | None = None
    asks: bool = True
    sent: list[int] = field(default_factory=lambda: [0], compare=False, repr=False)

    def __post_init__(self) -> None:
        if not self.model.strip():
            raise ValueError("reader: name the model")
        if self.at_once < 1 or not self.timeout > 0:
            raise ValueError("reader: at least one request at once, and some seconds for each")

    @property
    def name(self) -> str:
        """The record's ``reader``."""
        return f"llm {self.model}"

    @property
    def kept_in(self) -> Path:
        """The file of answers."""
        return Path(self.cache) if self.cache is not None else usual_place()

    def offline(self) -> LLMReader:
        """The same reader that asks nothing more."""
        return replace(self, asks=False)

    def kept(self, requests: Iterable[Request]) -> dict[str, str]:
        """The answers that are kept, by the keys of the requests."""
        return kept(self.kept_in, self.model, (request.key for request in requests))

    def ask(self, requests: Iterable[Request]) -> Iterator[Answer]:
        """Ask each of these, and keep what is answered at once. Raises ModelError where nothing can
        be asked, and where more would be sent than may be."""
        server = Server(self.model, self.base_url, self.timeout, self.at_once)
        for answer in answers(server, self._counted(requests)):
            if answer.text is not None:
                keep(self.kept_in, self.model, {answer.request.key: answer.text})
            yield answer

    def read(self, passage: Sequence[Situation]) -> Answers:
        """See :class:`extractors.meaning.reader.MeaningReader`. Raises ModelError where the model
        cannot be asked, and where more requests would be sent than may be."""
        self.prepare(passage)
        asked = requests_of(passage)
        found = self.kept(asked)
        if any(request.key not in found for request in asked):
            told, by = _beside(passage)
            return replace(told, reader=by)
        return read_with(passage, [heard(one, found[one.key]) for one in asked])

    def prepare(self, passage: Sequence[Situation]) -> None:
        """Ask what of a document's requests has no answer that is kept; see :meth:`read`."""
        if self.asks:
            for _ in self.ask(self.lacking(requests_of(passage))):
                pass

    def lacking(self, requests: Sequence[Request]) -> list[Request]:
        """Those of the requests that have no kept answer, each once."""
        found = self.kept(requests)
        return list({one.key: one for one in requests if one.key not in found}.values())

    def _counted(self, requests: Iterable[Request]) -> Iterator[Request]:
        for request in requests:
            if self.max_requests is not None and self.sent[0] >= self.max_requests:
                raise ModelError(f"more than {self.max_requests} requests would be sent")
            self.sent[0] += 1
            yield request


def read_with(passage: Sequence[Situation], answered: Sequence[Heard]) -> Answers:
    """A document by the answers to its requests, one for each, and by the built-in reader, which
    knows English alone."""
    windows = {
        k: number for number, stretch in enumerate(stretches(passage)) for k in stretch.places
    }
    said: dict[int, Said] = {k: one for heard in answered for k, one in heard.figures.items()}
    shown = _missed(passage, answered)
    if shown:
        passage = situations_with(passage, [found for found, _ in shown])
        places = {_place(situation): k for k, situation in enumerate(passage)}
        moved = [k for k in range(len(passage)) if _place(passage[k]) not in _places(shown)]
        said = {
            moved[k]: replace(one, links={n: moved[to] for n, to in one.links.items()})
            for k, one in said.items()
        }
        windows = {moved[k]: window for k, window in windows.items()}
        for found, one in shown:
            said[places[_place(found)]] = one
    problems = {k: one.problems[0] for k, one in enumerate(answered) if one.problems}
    return merged(Reading(*_beside(passage), said, windows, problems))


def _beside(passage: Sequence[Situation]) -> tuple[Answers, str]:
    """A document as it is read beside a model, and by whom: by nobody where it is not in
    English."""
    if passage and passage[0].ctx.tongue is not None:
        return Answers(tuple(Draft(one, NOTHING, {}) for one in passage), ()), UNREAD
    reader = built_in()
    return reader.read(passage), reader.name


_Place = tuple[int, int, int]


def _place(figure: Situation | Found) -> _Place:
    return figure.block, figure.sentence.number, figure.quantity.first


def _places(shown: Sequence[tuple[Found, Said]]) -> frozenset[_Place]:
    return frozenset(_place(found) for found, _ in shown)


def _missed(passage: Sequence[Situation], answered: Sequence[Heard]) -> list[tuple[Found, Said]]:
    """The numbers that a model shows us and our grammar reads."""
    out: list[tuple[Found, Said]] = []
    if not any(one.missed for one in answered):
        return out
    ctx = passage[0].ctx
    for stretch, one in zip(stretches(passage), answered, strict=True):
        for missed in one.missed:
            taken: list[Situation | Found] = [*passage, *(found for found, _ in out)]
            found = found_as(ctx, stretch, missed.words, taken)
            if found is not None:
                out.append((found, missed.said))
    return out
