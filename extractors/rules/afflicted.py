"""Whose the people are who flee, are called up or arrested, and those on whom sanctions fall."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from extractors.meaning.parties import Party, Told, word_before, written
from extractors.meaning.sides import invading, sanctioned, under_attack
from extractors.mentions.actors import ActorMention
from extractors.mentions.kinds import is_person
from extractors.mentions.named import Named
from extractors.passage.distance import noun_end
from extractors.passage.sentence import Sentence
from extractors.rules.belligerents import fighting
from extractors.text.once import once
from extractors.text.words import word_set

_CALLED_UP = word_set("attack", "called_up")
_FLIGHT = word_set("attack", "flight") | word_set("attack", "hosts")
_REFUGEES = word_set("attack", "refugees")
_PUNISHED = word_set("attack", "punished")
_SANCTIONS = word_set("attack", "sanctions") | word_set("attack", "of_sanctions")
_LISTED = _SANCTIONS | word_set("attack", "lists")
_AT = word_set("attack", "at")
_NO_LOSS = (None, "committed", "requested", "cancelled")  # statuses of those who are on a list
_NEAR = 9  # words between people and what tells that they flee or are called up
_LIST = 30  # words from a list of sanctions to those on it
_RIGHT_BEFORE = 4  # words from "restrictions on" to those on whom they fall
_RECENT = 3  # sentences before, in which the text told of refugees or sanctions
_SAID = 20  # the weight of a figure whose story its own sentence tells


def of_refuge(
    told: Told, named: Named, status: str | None, earlier: Sequence[Sentence]
) -> Party | None:
    """Those whom a country takes in are the attacked one's: "5,000 *crossed* into Romania"."""
    people = named.item is None or is_person(named.item, named.entry)
    code = _attacked(told)
    if code is None or not people or status not in (None, "displaced", "delivered"):
        return None
    if told.quantity.dimension not in ("count", "percent"):
        return None
    around = _around(told, _NEAR)
    word = next((w for w in around if w in _FLIGHT), None)
    if word is None or told.tokens.holds(_CALLED_UP) or not _speaks_of(told, earlier, _REFUGEES):
        return None
    return Party(code, word, _SAID)


def arrested(earlier: Sequence[Sentence], told: Told) -> Party | None:
    """The country that the text speaks of where its police arrest people; no place of its war."""
    title = told.ctx.title
    for sentence in (told.sentence, *earlier, *((title,) if title is not None else ())):
        mention = _police_of(sentence, sentence is told.sentence)
        if mention is not None:
            return Party(mention.code, written(sentence.tokens, mention), 1)
    return None


@once
def _police_of(sentence: Sentence, here: bool) -> ActorMention | None:
    """The first actor of a sentence whose police it may be. ``here``: it tells of the arrest."""
    actors = (m for m in sentence.actors if m.form != "venue")
    return next(
        (m for m in actors if here or word_before(sentence.tokens, m.first)[0] not in _AT), None
    )


def calls_up(told: Told, mention: ActorMention) -> bool:
    """Whether a figure is of those whom an actor before it calls up: "*Moscow*'s call-up of"."""
    ahead = mention.last <= told.quantity.first
    around = _around(told, _NEAR)
    return ahead and (not _CALLED_UP.isdisjoint(around) or ("called", "up") in pairwise(around))


def under_sanctions(
    told: Told, named: Named, status: str | None, earlier: Sequence[Sentence]
) -> Party | None:
    """Whose the people, firms and assets are on which sanctions fall: the attacker's."""
    quantity, ctx = told.quantity, told.ctx
    if quantity.dimension not in ("count", "money"):
        return None
    word = sanctioned(told.sentence, quantity) if status is None else None
    before = told.tokens.low[max(0, quantity.first - _RIGHT_BEFORE) : quantity.first]
    listed = status in _NO_LOSS or not _LISTED.isdisjoint(before)
    word = word or (_listed(told, named, earlier) if listed else None)
    if word is None:
        return None
    sides = fighting(ctx) or invading(ctx)
    return Party(sides[0], word, _SAID) if sides else None


def is_punished(named: Named) -> bool:
    """Whether people, firms, ships or designations are counted, on which sanctions can fall."""
    return named.item is not None and named.item.split()[-1].lower() in _PUNISHED


def _listed(told: Told, named: Named, earlier: Sequence[Sentence]) -> str | None:
    """The word by which a figure is on a list, in a text about sanctions."""
    if told.quantity.dimension != "count" or not is_punished(named):
        return None
    first = told.quantity.first
    before = told.tokens.low[max(0, first - _LIST) : noun_end(told.quantity)]
    word = next((w for w in reversed(before) if w in _LISTED), None)
    return word if word is not None and _speaks_of(told, earlier, _SANCTIONS) else None


def _speaks_of(told: Told, earlier: Sequence[Sentence], words: frozenset[str]) -> bool:
    """Whether a sentence, one right before it or the title holds one of some words."""
    title = told.ctx.title
    sentences = (told.sentence, *earlier[:_RECENT], *((title,) if title is not None else ()))
    return any(s.tokens.holds(words) for s in sentences)


def _attacked(told: Told) -> str | None:
    return next(iter(under_attack(told.ctx)), None)


def _around(told: Told, reach: int) -> tuple[str, ...]:
    """The words near a figure, on either side."""
    quantity = told.quantity
    return told.tokens.low[max(0, quantity.first - reach) : noun_end(quantity) + reach]
