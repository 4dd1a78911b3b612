"""Who fights whom: the attacker of a sentence and the other side."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache

from extractors.catalogue import load
from extractors.meaning.parties import Told, word_before
from extractors.mentions.actors import ActorMention
from extractors.numbers.quantity import Quantity
from extractors.passage.context import Context
from extractors.passage.sentence import Sentence
from extractors.text.in_order import Mentions
from extractors.text.once import once
from extractors.text.tokens import Tokens
from extractors.text.words import word_set

_ATTACKS = word_set("attack", "attacks")
_SUFFERS = word_set("attack", "suffers")
_NOT_ATTACKER = word_set("attack", "not_attacker")
_NO_SUBJECT = word_set("giving", "place") | word_set("giving", "not_subject")
_SPEECH = frozenset(load("speech")["speech"]["verbs"])
_SANCTIONS = word_set("attack", "sanctions")
_PUNISHED = 45  # words from a verb of sanctions to what it falls on, down a list
_PUNISHED_BEHIND = 20  # the same where the sanctions are told of behind it
_BLOCKS = word_set("giving", "blocks")
_BLOCKED = 9  # words from an actor to the verb by which it stops aid: "Vienna, *which blocked*"
_ARRESTS = word_set("attack", "arrests")
_UNDER = word_set("attack", "under_sanctions")
_STRIKERS = ("adjective", "name", "people", "government")  # forms of actors that attack
_STRUCK = ("killed", "wounded", "destroyed", "damaged", "captured")


def opponents() -> dict[str, str]:
    """Who attacks whom: attacker -> attacked."""
    pairs: dict[str, str] = load("context")["opponents"]
    return pairs


@cache
def invaders() -> frozenset[str]:
    """Countries that fight abroad alone: their dead are soldiers, not civilians."""
    return frozenset(load("context")["invaders"])


def under_attack(ctx: Context) -> list[str]:
    """The attacked countries that the document names."""
    return [code for code in opponents().values() if code in ctx.countries]


def invading(ctx: Context) -> list[str]:
    """The countries that fight abroad alone, of those that the document names."""
    return [code for code in opponents() if code in invaders() and code in ctx.countries]


def is_hostile(code: str, ctx: Context) -> bool:
    """Whether a state attacks one that the document names."""
    return opponents().get(code) in ctx.countries


def attacks_recipient(code: str, ctx: Context) -> bool:
    """Whether a state attacks the one that the document's aid goes to."""
    victim = opponents().get(code)
    return victim is not None and victim == ctx.recipient


def enemy(code: str, ctx: Context) -> str | None:
    """The other side, as far as the document names it or it is known to fight nobody else."""
    other = _other_sides().get(code)
    known = other in ctx.countries or not invaders().isdisjoint((code, other))
    return other if known else None


@cache
def _other_sides() -> dict[str, str]:
    return {**opponents(), **{attacked: attacker for attacker, attacked in opponents().items()}}


def suffers(tokens: Tokens) -> bool:
    """Whether a sentence tells of losses by the one who has them ("Russia has *lost* 900 men")."""
    return tokens.holds(_SUFFERS)


def strikes(tokens: Tokens, mention: ActorMention) -> bool:
    """Whether words of attack follow an actor ("Russian *shelling*", "Russia's *strikes*")."""
    return not _ATTACKS.isdisjoint(tokens.low[mention.last : mention.last + 2])


def attacker(told: Told) -> str | None:
    """The side whose strike or shot the sentence tells of."""
    striker, acting = _striker(told.sentence), _first_acting(told.sentence)
    if striker is not None:
        return striker.code
    return acting.code if acting is not None and told.leads(acting) else None


@once
def _striker(sentence: Sentence) -> ActorMention | None:
    """The first actor whose strike or shot a sentence tells of."""
    strikers = (m for m in sentence.actors if m.form in _STRIKERS)
    return next((m for m in strikers if strikes(sentence.tokens, m)), None)


@once
def _first_acting(sentence: Sentence) -> ActorMention | None:
    """The first actor that does something and is not told of it."""
    acting = (m for m in sentence.actors if m.acts)
    return next(
        (m for m in acting if word_before(sentence.tokens, m.first)[0] not in _SPEECH), None
    )


def says(tokens: Tokens, mention: ActorMention) -> bool:
    """Whether a verb of speech stands behind an actor: "*Kyiv says* Russia has lost 40 tanks"."""
    return not mention.owns and tokens.at(mention.last) in _SPEECH


def sanctioned(sentence: Sentence, quantity: Quantity) -> str | None:
    """The word beside a figure by which sanctions fall on it.

    "*Blacklisted* 69 vessels", "400 firms were put under US *sanctions*".
    """
    low = sentence.tokens.low
    before = low[max(0, quantity.first - _PUNISHED) : quantity.first]
    word = next((word for word in reversed(before) if word in _SANCTIONS), None)
    if word is not None or quantity.dimension == "money":
        return word
    behind = enumerate(low[quantity.after : quantity.after + _PUNISHED_BEHIND], quantity.after)
    near = ((w, low[max(0, k - 4) : k]) for k, w in behind if w in _SANCTIONS)
    under = (w for w, before in near if not _UNDER.isdisjoint(before))
    return next(under, None)


def is_arrest(tokens: Tokens) -> bool:
    """Whether a sentence tells of arrests by a country's own police, and of no war."""
    return tokens.holds(_ARRESTS)


def only_blocks(told: Told, mention: ActorMention) -> bool:
    """Whether an actor stops what others would give: "*Hungary* had vetoed the loan"."""
    blocked = _blocking(told.tokens)
    k = bisect_left(blocked, mention.last)
    return k < len(blocked) and blocked[k] < mention.last + _BLOCKED


@once
def _blocking(tokens: Tokens) -> list[int]:
    """Where verbs of stopping aid stand that are no infinitives."""
    return [k for k in tokens.places(_BLOCKS) if tokens.low[k - 1] != "to"]


def is_attacker(told: Told, mention: ActorMention, status: str | None) -> bool:
    """Whether an actor is the attacker and not the one who suffers."""
    if mention.last <= told.quantity.first:
        return mention.form in _STRIKERS and _attacks_before(told, mention, status)
    return mention.first >= told.quantity.after and _attacks_behind(told.tokens, mention)


def _attacks_before(told: Told, mention: ActorMention, status: str | None) -> bool:
    """An attacker before the figure: "Russian shelling killed 3", "Russia killed 3"."""
    if suffers(told.tokens):
        return False
    if status != "destroyed" and strikes(told.tokens, mention):
        return True
    cue = told.cue
    active = (
        cue is not None
        and cue.meaning.kind == "event"
        and cue.first < told.quantity.first
        and cue.meaning.form not in ("noun", "words")
    )
    return active and status in _STRUCK and mention is subject_of(told)


def _attacks_behind(tokens: Tokens, mention: ActorMention) -> bool:
    """An attacker behind the figure: "3 killed by Russia", "3 killed after Russian shelling"."""
    word, _ = word_before(tokens, mention.first)
    follower = tokens.at(mention.last + mention.owns)
    return word == "by" or (follower in _ATTACKS and word not in _NOT_ATTACKER)


def subject_of(told: Told) -> ActorMention | None:
    """The nearest actor before a verb that is nobody's place or object."""
    return _subjects(told.sentence).last_before(told.verb) if told.cue is not None else None


@once
def _subjects(sentence: Sentence) -> Mentions[ActorMention]:
    """The actors that may be the subject of a verb."""
    acting = (m for m in sentence.actors if m.acts or m.form == "adjective")
    return Mentions(
        m for m in acting if word_before(sentence.tokens, m.first)[0] not in _NO_SUBJECT
    )
