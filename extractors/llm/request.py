"""What is asked about a document: windows of whole paragraphs, each with its figures numbered.

What a window shows depends on its document alone, never on what else is read, on an answer, or on
who answers: one text is asked one way, and its request has one key.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import groupby

from extractors.llm.prompt import shown, system
from extractors.meaning.situation import Situation
from extractors.passage.context import Context
from extractors.passage.sentence import Sentence

CORE = 350  # words of the paragraphs that are read together
BEFORE = 80  # words before them
MOST = 40  # figures that are asked at once
_REACH = 8  # sentences before, at most
_BRACES = str.maketrans("{}", "()")  # marks are ours: a text cannot write one


class ModelError(Exception):
    """A model cannot be asked, or its answers not be kept: the line says why."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A figure of a window: its mark, its place in the document's list, the number as read.

    ``asked``: whether it is to be coded; one before the passage is only a target of links.
    """

    mark: int
    place: int
    dimension: str
    read: str
    asked: bool


@dataclass(frozen=True)
class Request:
    """One window of a document as a model is asked about it.

    ``document`` is the source's id, ``number`` the window's place among the document's. ``text``
    and ``before`` hold the marks; ``actors`` are the codes that our catalogue finds in what is
    shown.
    """

    document: str
    number: int
    title: str
    publisher: str
    published: str
    before: str
    text: str
    figures: tuple[Marked, ...]
    actors: frozenset[str]

    @property
    def asked(self) -> tuple[Marked, ...]:
        """The figures that are to be coded."""
        return tuple(figure for figure in self.figures if figure.asked)

    @cached_property
    def messages(self) -> tuple[str, str]:
        """What is sent: what is the same in every request, then what is this one's own."""
        listed = [(figure.mark, figure.read) for figure in self.asked]
        return system(), shown(
            self.title, self.publisher, self.published, self.before, self.text, listed
        )

    @cached_property
    def key(self) -> str:
        """What the answer is kept by, beside the model's name: the same for the same messages."""
        sent = "\x1f".join(self.messages).encode("utf-8", "surrogatepass")
        return blake2b(sent, digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Sentences of a document in a row, and figures in them that are asked together."""

    sentences: tuple[Sentence, ...]
    blocks: tuple[int, ...]  # of each sentence, its paragraph
    places: tuple[int, ...]


def requests_of(passage: Sequence[Situation]) -> list[Request]:
    """The requests of a document's figures, in the order of the text; durations are not asked."""
    found = enumerate(stretches(passage))
    return [_request(passage, stretch, number) for number, stretch in found]


def stretches(passage: Sequence[Situation]) -> list[Stretch]:
    """The document cut into stretches, every figure but durations in one of them."""
    if not passage:
        return []
    ctx = passage[0].ctx
    standing: dict[tuple[int, int], list[int]] = {}
    for k, situation in enumerate(passage):
        if situation.quantity.dimension != "time":
            standing.setdefault((situation.block, situation.sentence.number), []).append(k)
    out: list[Stretch] = []
    for pieces in _joined(ctx, standing):
        places = [k for piece in pieces for k in standing.get(piece, ())]
        for first in range(0, len(places), MOST):  # more than one of a crowded sentence alone
            out.append(
                Stretch(
                    tuple(ctx.sentence(*piece) for piece in pieces),
                    tuple(block for block, _ in pieces),
                    tuple(places[first : first + MOST]),
                )
            )
    return out


_Piece = tuple[int, int]  # a paragraph, and a sentence in it


def _joined(ctx: Context, standing: dict[_Piece, list[int]]) -> Iterator[list[_Piece]]:
    """Whole paragraphs that are read together; of a paragraph that is too long, sentences."""
    told = {block for block, _ in standing}
    group: list[_Piece] = []
    for k in range(min(told, default=0), len(ctx.spans)):
        if not group and k not in told:
            continue
        block = [(k, number) for number in range(len(ctx.block(k).sentences))]
        if group and not _fits(ctx, standing, [*group, *block]):
            yield group
            group = []
        if k not in told and not group:
            continue
        if _fits(ctx, standing, block):
            group += block
            continue
        for piece in block:
            if group and not _fits(ctx, standing, [*group, piece]):
                yield group
                group = []
            if group or piece in standing:
                group.append(piece)
    if group:
        yield group


def _fits(ctx: Context, standing: dict[_Piece, list[int]], pieces: Sequence[_Piece]) -> bool:
    figures = sum(len(standing.get(piece, ())) for piece in pieces)
    return figures <= MOST and sum(_words(ctx.sentence(*piece)) for piece in pieces) <= CORE


def _words(sentence: Sentence) -> int:
    return len(sentence.text.split())


def _request(passage: Sequence[Situation], stretch: Stretch, number: int) -> Request:
    ctx, source = passage[0].ctx, passage[0].ctx.source
    before = _before(ctx, stretch)
    marks: dict[int, list[Marked]] = {}  # by sentence
    figures: list[Marked] = []
    sentences = [*before, *stretch.sentences]
    here = frozenset(map(id, sentences))
    asked = frozenset(stretch.places)
    first = stretch.places[0]
    while first and id(passage[first - 1].sentence) in here:
        first -= 1
    for k in range(first, stretch.places[-1] + 1):
        sentence, dimension = passage[k].sentence, passage[k].quantity.dimension
        if id(sentence) not in here or dimension == "time":
            continue
        marked = Marked(len(figures) + 1, k, dimension, _read(passage[k]), k in asked)
        figures.append(marked)
        marks.setdefault(id(sentence), []).append(marked)
    title = ctx.title.actors if ctx.title is not None else ()
    codes = {m.code for m in title} | {code for s in sentences for code in s.codes}
    return Request(
        source.source_id,
        number,
        _plain(source.title or ""),
        _plain(source.publisher or _host(source.url)),
        ctx.published_on or "",
        " ".join(_written(passage, s, marks.get(id(s), ())) for s in before),
        "\n\n".join(
            "".join(
                _parted(s, number) + _written(passage, s, marks.get(id(s), ()))
                for number, (_, s) in enumerate(together)
            )
            for _, together in groupby(
                zip(stretch.blocks, stretch.sentences, strict=True), lambda pair: pair[0]
            )
        ),
        tuple(figures),
        frozenset(codes | ({ctx.speaker} if ctx.speaker else set())),
    )


def _parted(sentence: Sentence, number: int) -> str:
    """What stands before a sentence of a paragraph: a blank, or the end of a line, as of a list."""
    if not number:
        return ""
    before = sentence.block.sentences[sentence.number - 1][1]
    return "\n" if "\n" in sentence.block.plain[before : sentence.start] else " "


def _before(ctx: Context, stretch: Stretch) -> list[Sentence]:
    """The sentences before a stretch, in the order of the text: whole ones, and few words."""
    out: list[Sentence] = []
    words = 0
    for sentence in ctx.before(stretch.blocks[0], stretch.sentences[0].number, _REACH):
        words += _words(sentence)
        if words > BEFORE:
            break
        out.append(sentence)
    return out[::-1]


def _written(passage: Sequence[Situation], sentence: Sentence, marks: Sequence[Marked]) -> str:
    """A sentence with a mark before each of its figures, as a reader sees it."""
    plain, at, out = sentence.block.plain, sentence.start, []
    for marked in marks:
        start = sentence.tokens.start[passage[marked.place].quantity.first]
        out.append(plain[at:start].translate(_BRACES) + f"{{{marked.mark}}}")
        at = start
    out.append(plain[at : sentence.end].translate(_BRACES))
    return " ".join("".join(out).split())


def _read(situation: Situation) -> str:
    """A figure's words with the number that our grammar reads in them."""
    quantity, qualified = situation.quantity, situation.qualified
    words = situation.sentence.written(quantity.first, quantity.last).translate(_BRACES)
    if qualified.value is not None:
        number = f"{qualified.value:f}"
    else:
        number = f"{qualified.low:f} to {qualified.high:f}" if qualified.low is not None else "?"
    unit = quantity.unit if quantity.per is None else f"{quantity.unit} per {quantity.per}"
    kind = "" if qualified.qualifier in ("exact", "range") else f"{qualified.qualifier} "
    return f"{' '.join(words.split())} = {kind}{number} {unit}"


def _plain(text: str) -> str:
    return " ".join(text.split()).translate(_BRACES)


def _host(url: str | None) -> str:
    return (url or "").partition("://")[2].partition("/")[0]
