"""A sentence with everything that can be read off its words alone: numbers, dates, items, actors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property

from extractors.actors import ActorMention, find_actors
from extractors.counts import count
from extractors.cues import Cue, find_cues
from extractors.dates import DateMention, find_dates
from extractors.designators import calibre_words
from extractors.document import Block
from extractors.items import Item, item_index
from extractors.lexicon import Mention
from extractors.measures import measure
from extractors.money import Home, money
from extractors.numerals import Numeral, find_numerals
from extractors.percentages import percentage
from extractors.purposes import Purpose, purpose_index
from extractors.quantity import Quantity
from extractors.rates import rate_at, with_rate
from extractors.tokens import Tokens, tokenize
from extractors.words import is_plural

_SIGNS = frozenset(("-", "minus"))
_RATED = frozenset(("money", "count", "length", "area", "mass", "volume", "power", "other"))


class Sentence:
    """One sentence: its place, its words, and, when asked, what the catalogue knows of them."""

    def __init__(self, block: Block, number: int, published: date | None, home: Home) -> None:
        self.block = block
        self.number = number
        self.start, self.end = block.sentences[number]
        self.published = published
        self.home = home

    @property
    def text(self) -> str:
        """The sentence as a reader sees it."""
        return self.block.plain[self.start : self.end]

    @cached_property
    def tokens(self) -> Tokens:
        """Its words."""
        return tokenize(self.block.plain, self.start, self.end)

    @cached_property
    def dates(self) -> tuple[DateMention, ...]:
        """Its dates, resolved against the day of publication."""
        return tuple(find_dates(self.tokens, self.published))

    @cached_property
    def items(self) -> tuple[Mention[Item], ...]:
        """The materiel and people that the catalogue knows."""
        return tuple(item_index().find(self.tokens))

    @cached_property
    def actors(self) -> tuple[ActorMention, ...]:
        """Countries, bodies and places."""
        return find_actors(self.tokens)

    @cached_property
    def cues(self) -> tuple[Cue, ...]:
        """Words that tell what happens."""
        return tuple(find_cues(self.tokens))

    @cached_property
    def purposes(self) -> tuple[Mention[Purpose], ...]:
        """What money is given for."""
        return tuple(purpose_index().find(self.tokens))

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Every quantity, from left to right."""
        return tuple(_quantities(self, self.home))


def _quantities(sentence: Sentence, home: Home) -> Iterator[Quantity]:
    tokens = sentence.tokens
    names = frozenset(k for m in sentence.actors for k in range(m.first, m.last))
    dated = {k for d in sentence.dates for k in range(d.first, d.last)}
    done = 0
    for numeral in find_numerals(tokens):
        if numeral.first < done:
            continue
        quantity = _quantity(sentence, numeral, names, dated, home)
        if quantity is not None:
            done = quantity.last
            yield _rated(tokens, quantity) if quantity.dimension in _RATED else quantity


def _rated(tokens: Tokens, quantity: Quantity) -> Quantity:
    """With its denominator, which may stand behind what is measured ("barrels of oil per day")."""
    rated = with_rate(tokens, quantity)
    if rated.per is None and tokens.low[quantity.after : quantity.after + 1] == ("of",):
        found = rate_at(tokens, quantity.after + 2)
        return quantity.but(per=found[0]) if found is not None else quantity
    return rated


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
    return is_plural(sentence.tokens.low[counted.noun[1] - 1])
