"""Numbers that a model has missed in our reading: our grammar reads them where they stand, or not.

A model gives words and never a number: they are looked up in the passage, and the grammar must find
one number in them, outside every date, name and figure that is read already.
"""

from __future__ import annotations

from collections.abc import Sequence

from extractors.llm.request import Stretch
from extractors.meaning.situation import Situation
from extractors.names.name import names_of
from extractors.numbers.numerals import find_numerals
from extractors.numbers.qualifiers import qualify
from extractors.numbers.quantity import Quantity
from extractors.passage.context import Context
from extractors.passage.distance import noun_end
from extractors.passage.found import Found
from extractors.passage.sentence import Sentence
from extractors.text.document import read_block


def found_as(
    ctx: Context, stretch: Stretch, words: str, taken: Sequence[Situation | Found]
) -> Found | None:
    """The figure that words of a passage hold; None where the grammar reads no single one there.

    ``taken``: the figures that are read already.
    """
    written = " ".join(words.split())
    if not written:
        return None
    for block, sentence in zip(stretch.blocks, stretch.sentences, strict=True):
        at = sentence.text.find(written)
        while at >= 0:
            start = sentence.start + at
            quantity = _quantity(sentence, start, start + len(written), taken)
            if quantity is not None:
                qualified = qualify(sentence.tokens, quantity, noun_end(quantity))
                return Found(block, sentence, quantity, qualified)
            at = sentence.text.find(written, at + 1)
    return None


def situations_with(passage: Sequence[Situation], more: Sequence[Found]) -> list[Situation]:
    """A document's figures with others among them, in the order of the text, each with its name."""
    if not more:
        return list(passage)
    ctx = passage[0].ctx
    own = [Found(s.block, s.sentence, s.quantity, s.qualified) for s in passage]
    found = sorted([*own, *more], key=lambda f: (f.block, f.sentence.number, f.quantity.first))
    return [
        Situation(ctx, f.block, f.sentence, f.quantity, f.qualified, named)
        for f, named in zip(found, names_of(ctx, found), strict=True)
    ]


def _quantity(
    sentence: Sentence, start: int, end: int, taken: Sequence[Situation | Found]
) -> Quantity | None:
    """The one number between two places of a paragraph's plain text, with its unit."""
    tokens = sentence.tokens
    inside = [
        numeral
        for numeral in find_numerals(tokens)
        if tokens.start[numeral.opens] >= start and tokens.end[numeral.last - 1] <= end
    ]
    if len(inside) != 1:
        return None
    [numeral] = inside
    first, last = numeral.opens, numeral.last
    dated = {k for date in sentence.dates for k in range(date.first, date.last)}
    designated = {
        k
        for mention in sentence.items
        if mention.entry.designation
        for k in range(mention.first, mention.last)
    }
    if not (dated | designated).isdisjoint(range(first, last)):
        return None
    if any(
        f.sentence is sentence and f.quantity.first < last and first < f.quantity.last
        for f in taken
    ):
        return None
    alone = _alone(sentence, start, end)
    if alone is not None:
        begin, stop, of = alone
        if begin in tokens.start and stop in tokens.end:
            shift = tokens.start.index(begin) - of.first
            return of.but(
                first=of.first + shift,
                last=tokens.end.index(stop) + 1,
                after=max(of.after + shift, tokens.end.index(stop) + 1),
                noun=None,
                rule=f"{of.rule}, shown by a model",
            )
    return Quantity(
        numeral, first, last, numeral.low, numeral.high, "count", "count", last,
        "<n>, shown by a model",
    )  # fmt: skip


def _alone(sentence: Sentence, start: int, end: int) -> tuple[int, int, Quantity] | None:
    """The quantity that the words have when they stand alone, and its place in the paragraph."""
    words = sentence.block.plain[start:end]
    block = read_block(words, 0, len(words), 0)
    if len(block.sentences) != 1 or block.plain != words:
        return None
    alone = Sentence(block, 0, sentence.frame, sentence.home)
    found = list(alone.quantities)
    if len(found) != 1 or found[0].dimension == "time":
        return None
    [of] = found
    return start + alone.tokens.start[of.first], start + alone.tokens.end[of.last - 1], of
