"""A sentence with everything that its words alone tell: numbers, dates, items, actors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from extractors.mentions.actors import ActorMention, find_actors
from extractors.mentions.cues import Cue, find_cues
from extractors.mentions.date_frame import DateFrame
from extractors.mentions.dates import find_dates
from extractors.mentions.iso_dates import DateMention
from extractors.mentions.items import Item, item_index
from extractors.mentions.purposes import Purpose, purpose_index
from extractors.numbers.currencies import Home, shared_names
from extractors.numbers.numerals import find_numerals
from extractors.numbers.quantities import quantities, stands_for_nothing
from extractors.numbers.quantity import Quantity
from extractors.passage.stated_once import Head, head_of, is_row, under_head
from extractors.text.document import Block
from extractors.text.in_order import Mentions
from extractors.text.lexicon import Mention
from extractors.text.tokens import Tokens, tokenize
from extractors.text.words import word_set

_ORGANISATIONS = word_set("actor", "organisations")  # "the Refugee Council" is no aid to refugees


class Sentence:
    """One sentence: its place, its words, and, when asked, what the catalogue knows of them."""

    def __init__(self, block: Block, number: int, frame: DateFrame, home: Home) -> None:
        self.block = block
        self.number = number
        self.start, self.end = block.sentences[number]
        self.frame = frame
        self.published = frame.published
        self.home = home
        self.elsewhere: Callable[[], Iterable[str]] = tuple  # countries that the document names
        self.known: dict[Any, Any] = {}  # what is read of it once (extractors.text.once)

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
    def dates(self) -> Mentions[DateMention]:
        """Its dates, resolved against the day of publication."""
        return Mentions(find_dates(self.tokens, self.frame))

    @cached_property
    def items(self) -> Mentions[Mention[Item]]:
        """The materiel and people that the catalogue knows."""
        return Mentions(item_index().find(self.tokens))

    @cached_property
    def actors(self) -> Mentions[ActorMention]:
        """Countries, bodies and places."""
        return Mentions(find_actors(self.tokens))

    @cached_property
    def codes(self) -> frozenset[str]:
        """The codes of its actors."""
        return frozenset(m.code for m in self.actors)

    @cached_property
    def named(self) -> dict[int, ActorMention]:
        """Its actors, each under all its tokens."""
        return {k: m for m in self.actors for k in range(m.first, m.last)}

    @cached_property
    def cues(self) -> Mentions[Cue]:
        """Words that tell what happens; one with two meanings stands twice."""
        return Mentions(find_cues(self.tokens))

    @cached_property
    def verbs(self) -> Mentions[Cue]:
        """Those of them that are no nouns."""
        return Mentions(cue for cue in self.cues if cue.tense != "noun")

    @cached_property
    def purposes(self) -> Mentions[Mention[Purpose]]:
        """What money is given for; "recovery *vehicles*" are things, and no purpose."""
        return Mentions(m for m in purpose_index().find(self.tokens) if self._is_purpose(m))

    def _is_purpose(self, mention: Mention[Purpose]) -> bool:
        first, last, low = mention.first, mention.last, self.tokens.at
        if self.tokens.glued(first) and low(first - 1) == "-":
            return False
        thing = self.items.at(first)
        longer = thing is not None and thing.last > last
        return not longer and f"{low(last - 1)} {low(last)}" not in _ORGANISATIONS

    @cached_property
    def quantities(self) -> Mentions[Quantity]:
        """Every quantity, from left to right; those that :meth:`find_quantities` has found."""
        return self.find_quantities((), (), None)

    def find_quantities(
        self, earlier: Sequence[Quantity], currencies: tuple[str, ...], above: Head | None
    ) -> Mentions[Quantity]:
        """Find every quantity, from left to right, by what came before, and keep them.

        ``earlier``: the amounts of money of the paragraph before the sentence; ``currencies``:
        those of the amounts before it, the nearest first; ``above``: what the head of a table
        states for the bare numbers of its rows.
        """
        self.quantities = Mentions()
        numerals = find_numerals(self.tokens)
        if all(stands_for_nothing(self.tokens, n) for n in numerals):
            return Mentions()
        dated = frozenset(k for d in self.dates for k in range(d.first, d.last))
        names = frozenset(self.named)
        named = tuple((m.first, m.code) for m in self.actors)
        told = named or currencies
        home = replace(self.home, named=named, used=currencies) if told else self.home
        if not shared_names().isdisjoint(self.tokens.low):
            home = replace(home, nearby=tuple(self.elsewhere()))
        found = quantities(self.tokens, self.items, names, dated, home, earlier, numerals=numerals)
        stated = self.states
        if stated is not None or (above is not None and is_row(self.tokens)):
            head, place = (stated[0], stated[1:]) if stated is not None else (above, None)
            if head is not None:
                found = under_head(self.tokens, found, head, place)
        self.quantities = Mentions(found)
        return self.quantities

    @cached_property
    def states(self) -> tuple[Head, int, int] | None:
        """What it states for the rows below it, if it is a head."""
        return head_of(self.tokens, self.home)

    @cached_property
    def figures(self) -> Mentions[Quantity]:
        """Those of them that are no durations."""
        return Mentions(q for q in self.quantities if q.dimension != "time")
