"""The windows in which a document's figures are read: a few sentences each.

What a figure is given to stand in depends on its document alone, never on what else is read.
Lengths are in words, so that the cut does not hang on an encoder's own pieces of words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.meaning.situation import Situation
from extractors.passage.context import Context
from extractors.passage.sentence import Sentence

CORE = 130  # words of the sentences whose figures are read together
MANY = 16  # figures that are read together
BEFORE, BEHIND = 60, 30  # words around them


@dataclass(frozen=True, slots=True)
class Piece:
    """Words ``first`` to ``last`` (exclusive) of a sentence: all, unless it is very long."""

    sentence: Sentence
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Window:
    """Stretches of a document, in the order of the text, and figures that are read in them.

    ``figures``: their places in the list of the document's.
    """

    pieces: tuple[Piece, ...]
    figures: tuple[int, ...]


def windows(passage: Sequence[Situation]) -> list[Window]:
    """All figures of a document but durations, each in one window."""
    return [_window(passage, group) for group in _groups(passage)]


def _groups(passage: Sequence[Situation]) -> Iterator[tuple[int, ...]]:
    """Figures that are read together: as many sentences as make ``CORE`` words."""
    group: list[int] = []
    for k, situation in enumerate(passage):
        if situation.quantity.dimension == "time":
            continue
        if group and not _goes_with(passage[group[0]], situation, len(group)):
            yield tuple(group)
            group = []
        group.append(k)
    if group:
        yield tuple(group)


def _goes_with(first: Situation, situation: Situation, already: int) -> bool:
    """Whether a figure is near enough to the first of a group."""
    if already >= MANY:
        return False
    if first.sentence is situation.sentence:
        return situation.quantity.first - first.quantity.first <= CORE
    between = _sentences(first.ctx, first, situation)
    return between is not None


def _sentences(ctx: Context, first: Situation, last: Situation) -> list[Sentence] | None:
    """The sentences from one figure's to another's; None where they have over ``CORE`` words."""
    out, words = [], 0
    block, number = first.block, first.sentence.number
    while block < len(ctx.spans):
        if number >= len(ctx.block(block).sentences):
            block, number = block + 1, 0
            continue
        sentence = ctx.sentence(block, number)
        out.append(sentence)
        words += len(sentence.tokens)
        if sentence is last.sentence:
            return out if words <= CORE or len(out) == 1 else None
        if words > CORE:
            return None
        number += 1
    return None


def _window(passage: Sequence[Situation], group: tuple[int, ...]) -> Window:
    first, last = passage[group[0]], passage[group[-1]]
    ctx = first.ctx
    core = _sentences(ctx, first, last) or [first.sentence]
    pieces = [Piece(s, 0, len(s.tokens)) for s in core]
    if len(core) == 1:
        pieces = [_cut(core[0], first.quantity.first, last.quantity.last)]
    before = _fitting(ctx.before(first.block, first.sentence.number), BEFORE)
    behind = _fitting(_behind(ctx, last), BEHIND)
    return Window((*before[::-1], *pieces, *behind), group)


def _cut(sentence: Sentence, first: int, last: int) -> Piece:
    """A sentence, or of a very long one what stands around its figures."""
    if len(sentence.tokens) <= CORE:
        return Piece(sentence, 0, len(sentence.tokens))
    return Piece(sentence, max(0, first - BEFORE), min(len(sentence.tokens), last + BEFORE))


def _behind(ctx: Context, last: Situation) -> Iterator[Sentence]:
    """The next sentence of the same paragraph."""
    number = last.sentence.number + 1
    if number < len(last.sentence.block.sentences):
        yield ctx.sentence(last.block, number)


def _fitting(sentences: Iterator[Sentence], words: int) -> list[Piece]:
    """Whole sentences, the nearest first, while they have at most so many words."""
    out: list[Piece] = []
    for sentence in sentences:
        words -= len(sentence.tokens)
        if words < 0:
            break
        out.append(Piece(sentence, 0, len(sentence.tokens)))
    return out
