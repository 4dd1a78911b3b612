"""The figures of a document as the number grammar finds them, before anything is said of them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from extractors.languages.cut import cut
from extractors.languages.tongue import Tongue
from extractors.numbers.ellipsis import RATE
from extractors.numbers.numerals import find_numerals
from extractors.numbers.qualifiers import Qualified, qualify
from extractors.numbers.quantity import Quantity
from extractors.passage.context import Context
from extractors.passage.distance import noun_end
from extractors.passage.sentence import Sentence
from extractors.text.anchors import anchored, has_number
from extractors.text.document import Block
from extractors.text.in_order import Mentions
from extractors.text.number_words import is_year

_NEAR = 8  # figures before a sentence, to which one in it may refer
# The same with those of its own sentence. No sentence of prose holds half as many; a list without a
# full stop may, and each of its figures would ask all before it.
_NEAR_IN_SENTENCE = 64
_AT_ONCE = 1_000_000  # characters of a document that is scanned whole
_DIGITS = frozenset("0123456789")
_NO_PARAGRAPH = {".": 1000, "!": 100}  # the least number, by its stop, that numbers none
_AMID = re.compile(r"[a-z][.!?] ")  # the end of a sentence in the same line


class InSentence(Protocol):
    """A figure that stands in a sentence."""

    @property
    def sentence(self) -> Sentence:
        """Its sentence."""


@dataclass(frozen=True, slots=True)
class Found:
    """A quantity where it stands: its paragraph, its sentence, its bounds."""

    block: int
    sentence: Sentence
    quantity: Quantity
    qualified: Qualified


def found_in(ctx: Context) -> list[Found]:
    """Every figure of a document, in the order of the text, by the grammar of its language."""
    if ctx.tongue is not None:
        return list(_found_abroad(ctx, ctx.tongue))
    out: list[Found] = []
    for k in _blocks_with_numbers(ctx):
        for number in sentences_with_numbers(ctx.block(k)):
            sentence = ctx.sentence(k, number)
            told, above = _amounts_before(out, k), ctx.head_above(k, number)
            found = sentence.find_quantities(*told, above)
            again = _said_alone(sentence, out)
            if again is not None:
                found = sentence.quantities = Mentions([again, *found])
            for quantity in found:
                qualified = qualify(sentence.tokens, quantity, noun_end(quantity))
                out.append(Found(k, sentence, quantity, qualified))
    return out


def _found_abroad(ctx: Context, tongue: Tongue) -> Iterator[Found]:
    """Every figure of a document in another language whose numbers are read."""
    for k in range(len(ctx.spans)):
        for number in range(len(ctx.block(k).sentences)):
            sentence = ctx.sentence(k, number)
            named = frozenset(n for m in sentence.items for n in range(m.first + 1, m.last))
            found = cut(sentence.tokens, tongue, named, ctx.home.dollar)
            sentence.quantities = Mentions(quantity for quantity, _ in found)
            for quantity, qualified in found:
                yield Found(k, sentence, quantity, qualified)


def _said_alone(sentence: Sentence, before: Sequence[Found]) -> Quantity | None:
    """A number that is all of a sentence, in the unit of the figure that it repeats: ``They took
    800 vans. *800*. Imagine!``; else a large one, as less may number the next paragraph."""
    tokens = sentence.tokens
    if sentence.number == 0 or tokens.at(0)[:1] not in _DIGITS:
        return None
    numeral = next(iter(find_numerals(tokens)), None)
    if numeral is None or numeral.kind != "exact":
        return None
    least = _NO_PARAGRAPH.get(tokens.at(numeral.last))
    if least is None or numeral.first or any(q.first < numeral.last for q in sentence.quantities):
        return None
    same = (f.quantity for f in before[-_NEAR:] if f.quantity.low == f.quantity.high == numeral.low)
    said = next(same, None)
    large = numeral.low >= least and not is_year(tokens.raw[0])
    amid = _AMID.match(sentence.block.plain, max(0, sentence.start - 3), sentence.start) is not None
    if not (numeral.scaled or (amid and (large or said is not None))):
        return None
    unit = (said.dimension, said.unit) if said is not None else ("count", "count")
    return Quantity(
        numeral, 0, numeral.last, numeral.low, numeral.high, *unit, numeral.last, "<n>."
    )


def before_each(figures: Sequence[InSentence]) -> Iterator[slice]:
    """For every figure of a document, in order, which of those before it it may refer to."""
    first = 0  # of its sentence
    for k, figure in enumerate(figures):
        if k and figure.sentence is not figures[k - 1].sentence:
            first = k
        yield slice(max(0, first - _NEAR, k - _NEAR_IN_SENTENCE), k)


def _blocks_with_numbers(ctx: Context) -> Sequence[int]:
    """The indexes of the paragraphs in which a number may stand: no other is read."""
    text = ctx.source.text
    if len(text) > _AT_ONCE:
        return [k for k, (start, end) in enumerate(ctx.spans) if has_number(text[start:end])]
    starts = [start for start, _ in ctx.spans]
    return sorted({bisect_right(starts, at) - 1 for at in anchored(text)} - {-1})


def sentences_with_numbers(block: Block) -> list[int]:
    """The indexes of the sentences of a block in which a number may stand."""
    starts = [s for s, _ in block.sentences]
    return sorted({bisect_right(starts, at) - 1 for at in anchored(block.plain)} - {-1})


def _amounts_before(found: Sequence[Found], block: int) -> tuple[list[Quantity], tuple[str, ...]]:
    """The amounts told before in a paragraph, and the currencies told last, the nearest first."""
    paragraph, currencies = [], []
    for f in found[-_NEAR:]:
        if f.quantity.dimension == "money" and f.quantity.rule != RATE:
            currencies.append(f.quantity.unit)
            if f.block == block:
                paragraph.append(f.quantity)
    return paragraph, tuple(currencies[::-1])
