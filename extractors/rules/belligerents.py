"""Whose the things and people are that one side in a war takes, shoots down or fires."""

from __future__ import annotations

from functools import cache

from extractors.catalogue import load
from extractors.meaning.parties import Party, Told, word_before, written
from extractors.meaning.sides import (
    enemy,
    invading,
    is_arrest,
    is_hostile,
    opponents,
    subject_of,
    suffers,
)
from extractors.mentions.items import lineage
from extractors.mentions.kinds import is_person
from extractors.mentions.named import Named
from extractors.passage.context import Context
from extractors.passage.distance import noun_end
from extractors.passage.sentence import Sentence
from extractors.text.once import once
from extractors.text.words import word_set

_ENEMY = word_set("attack", "enemy")
_CAPTORS = word_set("attack", "captors")
_SPEECH = frozenset(load("speech")["speech"]["verbs"])
_FROM = word_set("attack", "owned")
_REGAINS = word_set("attack", "regains")
_ADVANCES = word_set("attack", "advances")
_MOVED = 8  # words from a verb of moving forward to the distance
_HITS = word_set("attack", "hits")
_STRAIGHT = 3  # words from missiles to the verb by which they hit
_SPOKEN = 6  # words from the name of who speaks to the verb: "*Russia's* defence ministry *said*"
_TAKEN = 6  # words from a captor's verb to the prisoners
_AIRBORNE = ("drones", "missiles")
_GONE = ("destroyed", "damaged", "lost", "abandoned", "captured", "fired")
_SLAIN = ("killed", "wounded", "casualties")
_SURE = 24  # what a figure's own words and a side's own arms weigh


def owner_in_war(told: Told, named: Named, status: str | None) -> Party | None:
    """Whose a figure is by what the sides of a war do to each other, None where nothing says so."""
    return (
        _moves(told)
        or _the_enemys(told, status)
        or _killed_by_speaker(told, status)
        or _prisoners(told, named, status)
        or _own_arms(told.ctx, named, status)
        or _shot(told, named, status)
    )


def fighting(ctx: Context) -> list[str]:
    """The attackers of those countries that a document names."""
    return [code for code in opponents() if is_hostile(code, ctx)]


@once
def speaking_side(sentence: Sentence) -> str | None:
    """The side in a war that tells of something: "*Russia's* defence ministry *said*"."""
    low = sentence.tokens.low
    for mention in sentence.actors:
        behind = low[mention.last : mention.last + _SPOKEN]
        at = next((k for k, word in enumerate(behind) if word in _SPEECH), None)
        other = sentence.actors.at(mention.last)
        if at is not None and other is None and not behind[:at].count(","):
            return mention.code
    return None


def _moves(told: Told) -> Party | None:
    """Who regains land or moves forward: the subject, whatever land stands nearer.

    "*Ukrainian* forces have retaken 3,000 sq km and are within 50 km of the Russian border".
    """
    dimension, first = told.quantity.dimension, told.quantity.first
    near = told.tokens.low[max(0, first - _MOVED) : first]
    regained = dimension == "area" and not _REGAINS.isdisjoint(near)
    advanced = dimension == "length" and not _ADVANCES.isdisjoint(near)
    if not (regained or advanced):
        return None
    for mention in told.sentence.actors.back_from(first):
        acts = mention.form != "place"
        sided = mention.code in opponents() or mention.code in opponents().values()
        if acts and sided and word_before(told.tokens, mention.first)[0] not in _FROM:
            return Party(mention.code, written(told.tokens, mention), _SURE)
    return None


def _the_enemys(told: Told, status: str | None) -> Party | None:
    """``the enemy lost 40 tanks``, told by one side: the other's."""
    first = told.quantity.first
    at = told.tokens.first_place(_ENEMY)
    if status is None or at >= first or told.sentence.actors.within(at + 1, first):
        return None
    side = told.ctx.speaker or next(iter(m.code for m in told.sentence.actors), None)
    other = enemy(side, told.ctx) if side is not None else None
    return Party(other, told.tokens.low[at], _SURE) if other is not None else None


def _prisoners(told: Told, named: Named, status: str | None) -> Party | None:
    """``Russia took 500 prisoners``: those of its enemy."""
    if status != "captured" or not is_person(named.item, named.entry) or is_arrest(told.tokens):
        return None
    low, first = told.tokens.low, told.quantity.first
    at = next(
        (k for k in range(first - 1, max(-1, first - _TAKEN), -1) if low[k] in _CAPTORS), None
    )
    if at is None:
        return None
    for mention in told.sentence.actors.back_from(at):
        if mention.form != "place":
            other = enemy(mention.code, told.ctx)
            return Party(other, written(told.tokens, mention), _SURE) if other else None
    return None


@cache
def _arms() -> dict[str, str]:
    """Arms that one side alone has, each with that side."""
    return {name: code for code, names in load("context")["arms"].items() for name in names}


def _own_arms(ctx: Context, named: Named, status: str | None) -> Party | None:
    """``176 HIMARS rockets were shot down``: those of the one side that has such arms."""
    if status not in _GONE or named.entry is None:
        return None
    code = next((_arms()[n] for n in lineage(named.entry.name) if n in _arms()), None)
    if code is None or not {code, enemy(code, ctx)} & {*ctx.countries, ctx.speaker}:
        return None
    return Party(code, named.item or "", _SURE)


def _shot(told: Told, named: Named, status: str | None) -> Party | None:
    """Whose missiles and drones those are that are fired at somebody or shot down by somebody."""
    entry, ctx = named.entry, told.ctx
    if entry is None or entry.category not in _AIRBORNE:
        return None
    if status not in ("destroyed", "fired") and not (status is None and _hits(told)):
        return None
    sides = fighting(ctx)
    attackers = sides or invading(ctx)
    if not attackers:
        return None
    if status == "destroyed" or _is_whole(told):
        return Party(_shot_down_from(told) or attackers[0], "the other side", 20)
    firing = _subject(told)
    if not sides or (firing is not None and firing not in opponents()):
        return None
    return Party(firing or sides[0], "who fires", 20)


def _is_whole(told: Told) -> bool:
    """Whether missiles are those of which some were shot down: "29 *of 30* missiles fired"."""
    first = told.quantity.first
    return told.tokens.at(first - 1) == "of" and told.sentence.quantities.ends_at(first - 1)


def _killed_by_speaker(told: Told, status: str | None) -> Party | None:
    """``Moscow said *it had killed* 300 troops``: the enemy's."""
    cue, low = told.cue, told.tokens.low
    if status not in _SLAIN or cue is None or cue.first >= told.quantity.first:
        return None
    speech = told.tokens.first_place(_SPEECH)
    side = speaking_side(told.sentence)
    if (
        speech >= cue.first
        or side is None
        or low[speech + 1 : speech + 2] not in (("it",), ("they",))
    ):
        return None
    between = told.sentence.actors.within(speech + 1, told.quantity.first)
    if suffers(told.tokens) or any(m.acts for m in between):
        return None
    other = enemy(side, told.ctx)
    return Party(other, low[speech], _SURE) if other is not None else None


def _hits(told: Told) -> bool:
    """Whether missiles or drones come down right behind their noun: "missiles *slammed* into"."""
    end = noun_end(told.quantity)
    return not _HITS.isdisjoint(told.tokens.low[end : end + _STRAIGHT])


def _shot_down_from(told: Told) -> str | None:
    """The enemy of who shoots down, of the land over which it is done, or of who tells of it."""
    cue, quantity, ctx = told.cue, told.quantity, told.ctx
    passive = cue is None or cue.first >= quantity.last
    subject = None if passive else _subject(told)
    if subject is not None and enemy(subject, ctx) is not None:
        return enemy(subject, ctx)
    for mention in told.sentence.actors.behind(quantity.last):
        word, _ = word_before(told.tokens, mention.first)
        over = mention.form == "place" and word not in _FROM
        if over and enemy(mention.code, ctx) is not None:
            return enemy(mention.code, ctx)
    speaker = speaking_side(told.sentence)
    return enemy(speaker, ctx) if speaker is not None else None


def _subject(told: Told) -> str | None:
    mention = subject_of(told)
    return mention.code if mention is not None else None
