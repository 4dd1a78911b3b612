"""Where a figure's event took place, and how it stands to what was told before: whether the text
tells its date, points back, or corrects."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from extractors.catalogue import load
from extractors.meaning.draft import Draft
from extractors.mentions.origin import Origin
from extractors.passage.distance import noun_end
from extractors.passage.sentence import Sentence
from extractors.text.once import once
from extractors.text.tokens import Tokens
from extractors.text.words import phrases, word_set

_REACH = 14  # words between a figure and those that point back
_CLAUSE_ENDS = frozenset((";", ":"))
_TOLD = frozenset((Origin.WORDS, Origin.LIST, Origin.RECORD, Origin.EARLIER, Origin.TITLE))
_SAYS = word_set("where", "says")
_AT = word_set("where", "before_capitals")
_ON = word_set("where", "before_days")


def place_of(draft: Draft) -> str | None:
    """The region or city of a figure's sentence that stands nearest to it, by its one name.

    None for what is given: where a package was announced is not where anything befell anyone.
    """
    given = draft.donor is not None or draft.recipient is not None
    if given or draft.status is None or draft.quantity.dimension != "count":
        return None
    first, end = draft.quantity.first, noun_end(draft.quantity)

    def distance(found: tuple[int, int, str]) -> tuple[int, bool]:
        behind = found[0] >= end
        return found[0] - end if behind else first - found[1], not behind

    return min(_places(draft.sentence), key=distance, default=(0, 0, None))[2]


def date_stated(draft: Draft) -> bool | None:
    """Whether the text tells a figure's date ("on Tuesday", "today", "over the past day"), or it is
    the day of publication for want of one. None where there is no date."""
    if draft.date is None:
        return None
    if draft.date != draft.ctx.published_on:
        return True
    told = [mention for mention in draft.sentence.dates if mention.iso == draft.date]
    given = draft.donor is not None or draft.recipient is not None
    if given and told and all(_is_of_saying(draft.sentence.tokens, one.first) for one in told):
        return False  # "will send four more, officials said on Monday": the day of the telling
    if told or draft.choice("date").origin in _TOLD:
        return True
    return _is_of_this_day(draft.sentence.tokens)


def _is_of_saying(tokens: Tokens, first: int) -> bool:
    """Whether a date is that of a verb of saying right before it: "officials *said on* Monday"."""
    return tokens.at(first - 1) in _SAYS or (
        tokens.at(first - 1) in _ON and tokens.at(first - 2) in _SAYS
    )


def recall(draft: Draft) -> str:
    """The words by which a text points back to aid that was told before: "*last week* I signed $800
    million", "the *previously announced* package"; none where it tells of it for the first time."""
    if draft.donor is None and draft.recipient is None:
        return ""
    tokens, first, end = draft.sentence.tokens, draft.quantity.first, noun_end(draft.quantity)
    begin = max(tokens.last_place(_CLAUSE_ENDS, first) + 1, first - _REACH, 0)
    for k in range(begin, min(end + _REACH, len(tokens))):
        told = None if first <= k < end else _phrase_at(tokens, k, "recalls")
        if told is not None:
            return draft.sentence.written(k, k + len(told))
    return ""


def corrects(draft: Draft) -> str:
    """The words by which a text says that a number told before was wrong, in the title, the
    figure's sentence or the one before it; none where it says nothing of the kind."""
    ctx, number = draft.ctx, draft.sentence.number
    before = ctx.sentence(draft.block, number - 1) if number else None
    told = (_correction_in(one) for one in (draft.sentence, before, ctx.title) if one is not None)
    return next(filter(None, told), "")


@once
def _correction_in(sentence: Sentence) -> str:
    """The words of a sentence that correct what was told before."""
    tokens = sentence.tokens
    for k in tokens.places(_openers("corrects")):
        told = _phrase_at(tokens, k, "corrects")
        if told is not None:
            return sentence.written(k, k + len(told))
    return ""


def _is_of_this_day(tokens: Tokens) -> bool:
    """Whether a sentence tells of the day up to its writing: "700 soldiers over the past day"."""
    openers = _openers("this_day")
    return any(_phrase_at(tokens, k, "this_day") for k in tokens.places(openers))


@cache
def _openers(name: str) -> frozenset[str]:
    return frozenset(words[0] for words in phrases("where", name))


def _phrase_at(tokens: Tokens, k: int, name: str) -> tuple[str, ...] | None:
    """The phrase of a list that begins at token k."""
    if tokens.low[k] not in _openers(name):
        return None
    return next((words for words in phrases("where", name) if tokens.follows(k, words)), None)


def _places(sentence: Sentence) -> Iterator[tuple[int, int, str]]:
    """The places of a sentence: where the words for each begin and end, and its name."""
    names, capitals = _names()
    for mention in sentence.actors:
        if sentence.tokens.at(mention.last) in _SAYS:  # "the General Staff in Kyiv said"
            continue
        written = sentence.written(mention.first, mention.last)
        if written in names:
            yield mention.first, mention.last, names[written]
        elif written in capitals and sentence.tokens.at(mention.first - 1) in _AT:
            yield mention.first, mention.last, capitals[written]


@cache
def _names() -> tuple[dict[str, str], dict[str, str]]:
    """Every way to write a region or a city, and a capital, with the one name that it has here."""
    names: dict[str, str] = {}
    capitals: dict[str, str] = {}
    for held in load("places").values():
        spelled = held.get("spellings", {})
        for kind, into in (("regions", names), ("cities", names), ("capitals", capitals)):
            into |= {written: spelled.get(written, written) for written in held.get(kind, [])}
    return names, capitals
