"""A sentence with everything that can be read off its words alone: numbers, dates, items, actors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from extractors.counts import count
from extractors.dates import DateMention, find_dates
from extractors.designators import calibre_words, designator
from extractors.document import Block
from extractors.items import Item, item_index
from extractors.lexicon import Mention
from extractors.measures import measure
from extractors.money import Home, money
from extractors.numerals import Numeral, find_numerals
from extractors.percentages import percentage
from extractors.quantity import Quantity
from extractors.rates import with_rate
from extractors.tokens import Tokens, tokenize

_SIGNS = frozenset(("-", "minus"))
_RATED = frozenset(("money", "count", "length", "area", "mass", "volume", "power", "other"))


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its place, its words and what the catalogue knows of them."""

    block: Block
    number: int
    start: int
    end: int
    tokens: Tokens
    dates: tuple[DateMention, ...]
    items: tuple[Mention[Item], ...]

    @property
    def text(self) -> str:
        """The sentence as a reader sees it."""
        return self.block.plain[self.start : self.end]


def read_sentence(block: Block, number: int, published: date | None) -> Sentence:
    """Tokens, dates and items of a sentence."""
    start, end = block.sentences[number]
    tokens = tokenize(block.plain, start, end)
    dates = tuple(find_dates(tokens, published))
    return Sentence(block, number, start, end, tokens, dates, tuple(item_index().find(tokens)))


def quantities(sentence: Sentence, names: frozenset[int], home: Home) -> Iterator[Quantity]:
    """Every quantity of a sentence, from left to right; ``names``: the tokens of its actors."""
    tokens = sentence.tokens
    dated = {k for d in sentence.dates for k in range(d.first, d.last)}
    done = 0
    for numeral in find_numerals(tokens):
        if numeral.first < done:
            continue
        quantity = _quantity(sentence, numeral, names, dated, home)
        if quantity is not None:
            done = quantity.last
            yield with_rate(tokens, quantity) if quantity.dimension in _RATED else quantity


def _quantity(
    sentence: Sentence, numeral: Numeral, names: frozenset[int], dated: set[int], home: Home
) -> Quantity | None:
    tokens = sentence.tokens
    if any(m.first <= numeral.first < m.last for m in sentence.items) or numeral.first in names:
        return None
    amount = money(tokens, numeral, home)
    if amount is not None:
        return amount
    if numeral.first in dated and not numeral.scaled:
        return None
    share = percentage(tokens, numeral)
    if share is not None:
        return _signed(tokens, share) if _standing(tokens, numeral) else None
    measured = measure(tokens, numeral) if _standing(tokens, numeral) else None
    if measured is not None:
        if _calibre(sentence, measured):
            return None
        people = numeral.suffix and measured.unit == "metre"
        if people and (counted := count(tokens, numeral, sentence.items, names)) is not None:
            return counted if numeral.low < 100 and _many(sentence, counted) else measured
        return _signed(tokens, measured)
    return count(tokens, numeral, sentence.items, names)


def _standing(tokens: Tokens, numeral: Numeral) -> bool:
    """Whether a number with a unit stands on its own and is not the end of a name (``T-72 tonnes``)."""
    i = numeral.first
    if numeral.spelled or not i or not tokens.glued(i):
        return True
    before = tokens.raw[i - 1]
    if before[0].isalpha() and before != "US":
        return False
    return not (before == "-" and i > 1 and tokens.glued(i - 1) and tokens.raw[i - 2][0].isalpha())


def _signed(tokens: Tokens, quantity: Quantity) -> Quantity:
    """A number below zero: a minus that stands apart from what is before it."""
    i = quantity.first
    if not i or tokens.low[i - 1] not in _SIGNS or quantity.kind != "exact":
        return quantity
    if tokens.low[i - 1] == "-" and (not tokens.glued(i) or (i > 1 and tokens.glued(i - 1))):
        return quantity
    if quantity.dimension not in ("percent", "other"):
        return quantity
    return quantity.but(first=i - 1, low=-quantity.low, high=-quantity.high)


def _calibre(sentence: Sentence, quantity: Quantity) -> bool:
    """``155mm`` before rounds or guns names them."""
    if quantity.unit != "millimetre" or quantity.last >= len(sentence.tokens):
        return False
    word = sentence.tokens.low[quantity.last]
    return word in calibre_words() or any(m.first == quantity.last for m in sentence.items)


def _many(sentence: Sentence, counted: Quantity) -> bool:
    """Whether a count in millions is meant ("17m people"), and not a length ("20m crater")."""
    if counted.noun is None:
        return False
    from extractors.words import is_plural

    return is_plural(sentence.tokens.low[counted.noun[1] - 1])


__all__ = ["Sentence", "designator", "quantities", "read_sentence"]
