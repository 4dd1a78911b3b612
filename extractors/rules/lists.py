"""What a list says of its items: its introduction, its verb, the figure before in its row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.meaning.choice import Choice, Choices
from extractors.meaning.draft import Draft, Role
from extractors.meaning.situation import Situation
from extractors.mentions.cues import Cue
from extractors.mentions.kinds import is_materiel, is_noun_of, is_person
from extractors.mentions.origin import Origin
from extractors.passage.context import Context
from extractors.passage.phrases import fresh, left_over, taken_off
from extractors.passage.sentence import Sentence
from extractors.rules.basis_clues import event_dates
from extractors.rules.status import transfer_status
from extractors.text.once import once
from extractors.text.words import word_set

_OPENS_CONTENTS = word_set("giving", "opens_contents")
_SUMS_UP = word_set("giving", "sums_up")
_BULLETS = ("-", "*", "\u2022", "\u2013")
_NUMBERED = re.compile(r"\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)] ")
_BAR = "|"
_ENDS = (".", "?", "!")
_GOODS = ("count", "mass", "volume")
_VALUES = word_set("giving", "values")
_STORY = ("status", "basis")
_INTRODUCED = "the list's introduction"
_WORTH = "the worth of what stands before"
_IN_RECORD = "as before in the record"
_VALUED = 12  # words from "the value of" to an amount
_OF_VALUE = 9  # words from "a value of" to an amount
_LONGEST = 24  # sentences from the introduction of a list to its last item
_OPENS_ITEM = 6  # the farthest token at which a number opens its item: "(a) at least 14 howitzers"
_ONE_DAY = ("day", "hours")  # "900 men, 30 of them in the last *day*": no sum
_OWN_VERB = 8  # a verb this near is a figure's own, and the introduction says nothing
_OWN_STORY = 14  # the same in a record, whose sentences run on
_PACKAGE = 6  # figures before, of which one may be the package


def lead_in(situation: Situation) -> Situation | None:
    """The figure as if it stood at the end of the line that introduces its list or its table, where
    only that one says what happens: "On Monday Norway gave Ukraine: / - 14 howitzers / - 22 vans".

    None where its own line does, and where the other only asks for it or denies it.
    """
    sentence, ctx, k = situation.sentence, situation.ctx, situation.block
    tokens, quantity = sentence.tokens, situation.quantity
    if not (is_listed(sentence) or is_numbered(sentence) or tokens.low[0] == _BAR):
        return None
    if sentence.verbs or sentence.actors or sentence.purposes:
        return None
    if tokens.low[0] != _BAR and quantity.first > _OPENS_ITEM:
        return None
    intro = _introduction(ctx, k, sentence)
    given = intro is not None and any(c.meaning.kind == "transfer" for c in intro.verbs)
    if intro is None or not given or not intro.actors or any(map(_gives_nothing, intro.verbs)):
        return None
    while ctx.block(k) is not intro.block:
        k -= 1
    at = len(intro.tokens) - 1
    placed = quantity.but(first=at, last=at + 1, after=at + 1, noun=None)
    return replace(situation, block=k, sentence=intro, quantity=placed)


def _gives_nothing(cue: Cue) -> bool:
    """Whether a verb asks for what it names, or denies it: ``has asked``, ``will not give``."""
    return cue.negated or cue.meaning.name == "request"


def is_numbered(sentence: Sentence) -> bool:
    """Whether a sentence is an item of a list of numbers: "1. 14 howitzers", "(b) 22 trucks"."""
    return _NUMBERED.match(sentence.text) is not None


def is_listed(sentence: Sentence) -> bool:
    """Whether a sentence is an item of a list of bullets."""
    before = sentence.block.plain[max(0, sentence.start - 2) : sentence.start].strip()
    return sentence.tokens.raw[0] in _BULLETS or before in _BULLETS


def in_row(role: Role, situation: Situation, before: Sequence[Draft]) -> Role:
    """A thing far down a list, out of every verb's reach, is given like the one before it."""
    last = before[-1] if before else None
    if role.status is not None or last is None or last.sentence is not situation.sentence:
        return role
    named = situation.named
    given = last.role.transfer and is_materiel(named) and not is_person(named.item, named.entry)
    alike = last.quantity.dimension == situation.quantity.dimension != "percent"
    return last.role if given and alike else role


def is_contents(situation: Situation, before: Sequence[Draft]) -> bool:
    """Whether a thing is listed as what a package holds, whose amount stands a sentence before."""
    sentence, quantity = situation.sentence, situation.quantity
    if quantity.dimension not in _GOODS or not is_materiel(situation.named):
        return False
    tokens, first = sentence.tokens, quantity.first
    opened = tokens.holds(_OPENS_CONTENTS, 0, first) or (first and tokens.low[0] in _BULLETS)
    if not opened:
        return False
    if sentence.purposes.within(0, first):
        return True
    return any(d.role.transfer and d.block >= situation.block - 2 for d in before[-_PACKAGE:])


def is_introduced(situation: Situation) -> bool:
    """Whether a thing is listed under a line or a title that tells of aid: "delivered so far:"."""
    sentence, ctx = situation.sentence, situation.ctx
    thing = situation.quantity.dimension in _GOODS and is_materiel(situation.named)
    if not thing or not is_listed(sentence):
        return False
    intro = _introduction(ctx, situation.block, sentence) or ctx.title
    if intro is None:
        return False
    return _tells_of_aid(intro)


@once
def _tells_of_aid(sentence: Sentence) -> bool:
    """Whether a sentence holds a word for aid or a verb or noun of giving."""
    aid = any(m.entry.transfer for m in sentence.purposes)
    return aid or any(c.meaning.kind == "transfer" for c in sentence.cues)


def as_in_list(draft: Draft, basis: Choice, before: Sequence[Draft]) -> Choices:
    """Figures of one list under one verb are of one basis ("sent 8,000 ... and 100,000 ...").

    ``basis``: what its own words say.
    """
    last = before[-1] if before else None
    cue = draft.role.cue
    if last is None or cue is None or last.role.cue is not cue:
        return {}
    if last.sentence is not draft.sentence or cue.last > last.quantity.first:
        return {}
    one_day = basis.words.endswith(_ONE_DAY)
    summed = basis.value == "delta" and last.basis == "total" and not one_day
    if not summed or fresh(draft.sentence.tokens, draft.quantity) is not None:
        return {}
    return {
        "basis": Choice(last.basis, draft.role.words, "as before in the list", Origin.LIST),
        "since": replace(last.choice("since"), origin=Origin.LIST),
    }


def as_introduced(draft: Draft) -> Choices:
    """The items of a list are what its introduction says: "assistance committed includes:"."""
    intro = _introduction(draft.ctx, draft.block, draft.sentence) if draft.listed else None
    if intro is None or draft.role.cost <= _OWN_VERB:
        return {}
    out: dict[str, Choice] = {}
    given = (c for c in reversed(intro.verbs) if c.meaning.kind == "transfer")
    cue = next(filter(_gives_nothing, intro.verbs), None) or next(given, None)
    if cue is not None and not cue.negated:
        status = transfer_status(intro, draft.quantity, cue)
        words = intro.tokens.words(cue.first, cue.last)
        out["status"] = Choice(status, words, _INTRODUCED, Origin.LIST)
    summed = intro.tokens.at(intro.tokens.first_place(_SUMS_UP))
    if summed or (cue is not None and cue.tense == "perfect"):
        out["basis"] = Choice("total", summed, _INTRODUCED, Origin.LIST)
    return out


def _introduction(ctx: Context, block: int, sentence: Sentence) -> Sentence | None:
    """The line that introduces a list of bullets: the nearest one before that ends with a colon."""
    for other in ctx.before(block, sentence.number, _LONGEST):
        if other.tokens.raw[-1] == ":":
            return other
        if other.tokens.raw[-1] in _ENDS and not (is_listed(other) or is_numbered(other)):
            return None
    return None


def as_valued(draft: Draft, before: Sequence[Draft]) -> Choices:
    """The worth of what was given is given as that was: "the *value* of the shipments is"."""
    low, first = draft.sentence.tokens.low, draft.quantity.first
    valued = next((w for w in low[max(0, first - _VALUED) : first] if w in _VALUES), None)
    cue = draft.role.cue
    far = cue is None or cue.meaning.form == "noun" or draft.role.cost > _OWN_VERB
    if valued is None or draft.quantity.dimension != "money" or not (draft.role.transfer and far):
        return {}
    last = next((d for d in reversed(before) if d.role.transfer and _tells(d)), None)
    if last is None:
        return {}
    out = {name: Choice(getattr(last, name), valued, _WORTH, Origin.EARLIER) for name in _STORY}
    goods = {d.item for d in before if d.role.transfer and d.quantity.dimension in _GOODS}
    near = valued != "worth" and valued in low[max(0, first - _OF_VALUE) : first]
    if near and draft.named.origin is not Origin.WORDS and len(goods) == 1:
        item = next(iter(goods))
        if item is not None and not is_noun_of(item, "containers"):
            out["item"] = Choice(item, valued, _WORTH, Origin.EARLIER)
    return out


def as_in_record(draft: Draft, before: Sequence[Draft]) -> Choices:
    """In a tracker's record, a figure without a near verb shares the story of the one before it."""
    tokens, left = draft.sentence.tokens, left_over(draft.sentence.tokens, draft.quantity)
    told = (d for d in reversed(before) if _tells(d))
    last = next((d for d in told if taken_off(d.sentence.tokens, d.quantity) is None), None)
    own = draft.role.cue is not None and _tells(draft) and left is None
    if last is None or not draft.role.transfer or own:
        return {}
    out = {"status": Choice(last.status, last.role.words, _IN_RECORD, Origin.RECORD)}
    again = left or fresh(tokens, draft.quantity)
    if last.status == "delivered" and not event_dates(draft.sentence) and again is None:
        out["basis"] = Choice(last.basis, last.choice("basis").words, _IN_RECORD, Origin.RECORD)
    return out


def _tells(draft: Draft) -> bool:
    """Whether a figure has a verb of giving of its own."""
    return draft.role.transfer and draft.role.cost <= _OWN_STORY
