"""Where a figure's event took place, and how it stands to what was told before: whether the text
tells its date, points back, or corrects."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from extractors.catalogue import load
from extractors.meaning.draft import Draft
from extractors.mentions.origin import Origin
from extractors.numbers.numeral import Numeral
from extractors.numbers.numerals import find_numerals
from extractors.numbers.quantity import Quantity
from extractors.passage.distance import noun_end
from extractors.passage.sentence import Sentence
from extractors.text.once import once
from extractors.text.tokens import Tokens
from extractors.text.words import phrases, word_set

_REACH = 14  # words between a figure and those that point back
_CLAUSE_ENDS = frozenset((";", ":"))
_BEHIND_LABELS = frozenset((":", "-", "\u2013", "\u2014", ".", ")", "]", ""))
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
    """The words by which a text says that a number told before was wrong: a label that opens its
    sentence, the one before it or the title ("*Correction*: 10 tanks"), or words that stand by the
    wrong number as well ("10 tanks. *An earlier version of this* report said 12")."""
    own, before, behind = draft.sentence, _beside(draft, -1), _beside(draft, 1)
    labels = (_label_of(one) for one in (own, before, draft.ctx.title) if one is not None)
    near = [one for one in (own, before, behind) if one is not None]
    told = (
        words
        for one in near
        if (words := _correction_in(one))
        and any(_tells_other(by, draft.quantity) for by in (near if one is own else [one]))
    )
    return next(filter(None, (*labels, *told)), "")


def _beside(draft: Draft, step: int) -> Sentence | None:
    """The sentence of a figure's paragraph that stands so many behind its own."""
    number = draft.sentence.number + step
    inside = 0 <= number < len(draft.sentence.block.sentences)
    return draft.ctx.sentence(draft.block, number) if inside else None


@once
def _label_of(sentence: Sentence) -> str:
    """The label of a correction that opens a sentence: "*Correction*: it sent 10 tanks"."""
    tokens = sentence.tokens
    first = next((k for k, word in enumerate(tokens.low) if word[0].isalnum()), len(tokens))
    for words in phrases("where", "correction_labels"):
        last = first + len(words)
        if tokens.follows(first, words) and tokens.at(last) in _BEHIND_LABELS:
            return sentence.written(first, last)
    return ""


def _tells_other(sentence: Sentence, quantity: Quantity) -> bool:
    """Whether a sentence tells another number that a quantity can be in place of."""
    bare = quantity.dimension == "count" and any(
        (one.low, one.high) != (quantity.low, quantity.high) for one in _bare_numbers(sentence)
    )
    return bare or any(_is_other(one, quantity) for one in sentence.figures)


def _is_other(one: Quantity, quantity: Quantity) -> bool:
    """Whether a quantity can be the wrong number in place of another one."""
    alike = one.dimension == quantity.dimension and one.unit == quantity.unit
    return alike and (one.low, one.high) != (quantity.low, quantity.high)


@once
def _bare_numbers(sentence: Sentence) -> tuple[Numeral, ...]:
    """The numbers of a sentence that count nothing by themselves: "not *12* but 10 tanks"."""
    taken = {k for one in sentence.quantities for k in range(one.first, one.last)}
    taken |= {k for one in sentence.dates for k in range(one.first, one.last)}
    numbers = find_numerals(sentence.tokens)
    return tuple(one for one in numbers if taken.isdisjoint(range(one.first, one.last)))


@once
def _correction_in(sentence: Sentence) -> str:
    """The words of a sentence that say that a number is wrong."""
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
