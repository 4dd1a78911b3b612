"""A sentence with everything that its words alone tell: numbers, dates, items, actors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

from extractors.actors import ActorMention, find_actors
from extractors.cues import Cue, find_cues
from extractors.dates import DateMention, find_dates
from extractors.document import Block
from extractors.items import Item, item_index
from extractors.lexicon import Mention
from extractors.money import Home
from extractors.numerals import find_numerals
from extractors.purposes import Purpose, purpose_index
from extractors.quantities import quantities, stands_for_nothing
from extractors.quantity import Quantity
from extractors.tokens import Tokens, tokenize
from extractors.words import word_set

_ORGANISATIONS = word_set("actor", "organisations")  # "the Refugee Council" is no aid to refugees


class Sentence:
    """One sentence: its place, its words, and, when asked, what the catalogue knows of them."""

    def __init__(self, block: Block, number: int, published: date | None, home: Home) -> None:
        self.block = block
        self.number = number
        self.start, self.end = block.sentences[number]
        self.published = published
        self.home = home
        self.earlier: Sequence[Quantity] = ()  # amounts of money of the paragraph before it
        self.currencies: tuple[str, ...] = ()  # of the amounts before it, the nearest first
        self.basis_phrases: dict[str, tuple[Mention[str], ...]] = {}  # by list, once looked for

    @property
    def text(self) -> str:
        """The sentence as a reader sees it."""
        return self.block.plain[self.start : self.end]

    @cached_property
    def tokens(self) -> Tokens:
        """Its words."""
        return tokenize(self.block.plain, self.start, self.end)

    def written(self, first: int, last: int) -> str:
        """Tokens ``first`` to ``last`` (exclusive) as the text writes them."""
        return self.block.plain[self.tokens.start[first] : self.tokens.end[last - 1]]

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
        """What money is given for; "recovery *vehicles*" are things, and no purpose."""
        glued, low = self.tokens.glued, self.tokens.at
        return tuple(
            m
            for m in purpose_index().find(self.tokens)
            if not (glued(m.first) and low(m.first - 1) == "-")
            and f"{low(m.last - 1)} {low(m.last)}" not in _ORGANISATIONS
            and not any(i.first == m.first and i.last > m.last for i in self.items)
        )

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Every quantity, from left to right."""
        numerals = find_numerals(self.tokens)
        if all(stands_for_nothing(self.tokens, n) for n in numerals):
            return ()
        dated = frozenset(k for d in self.dates for k in range(d.first, d.last))
        names = frozenset(k for m in self.actors for k in range(m.first, m.last))
        named = tuple((m.first, m.code) for m in self.actors)
        told = named or self.currencies
        home = replace(self.home, named=named, used=self.currencies) if told else self.home
        found = quantities(
            self.tokens, self.items, names, dated, home, self.earlier, numerals=numerals
        )
        return tuple(found)
