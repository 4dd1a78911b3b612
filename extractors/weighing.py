"""How far a cue is from a figure: the words between them, and the walls between clauses."""

from __future__ import annotations

from extractors.quantity import Quantity
from extractors.reading import Sentence
from extractors.tokens import Tokens
from extractors.words import word_costs, word_set

_WALLS = word_costs("clause", "walls")
_AUXILIARIES = word_set("clause", "auxiliaries")
_ENDS = word_set("clause", "ends")
_OWNERS = word_set("clause", "owners")
_RELATIVES = word_set("clause", "relatives")
_STOP = word_set("phrase", "stop")
_HEDGES = word_set("amount", "about")
_THEM = word_set("phrase", "anaphora")
_ASIDES = {"\u2014": "\u2014", "\u2013": "\u2013", ",": ",", "(": ")"}
_ASIDE = 9  # what an aside between a cue and a figure counts for
_ASIDE_REACH = 5  # words between the opening of an aside and what stands in it
_COMPLEMENT = 9  # the longest "of the country's power stations"


def noun_end(quantity: Quantity) -> int:
    """The first token behind a figure with the noun that it counts."""
    return quantity.noun[1] if quantity.noun else quantity.after


def end_of(sentence: Sentence, quantity: Quantity) -> int:
    """The first token behind a figure and what it counts or pays for: "$3bn *in food aid*"."""
    end = noun_end(quantity)
    low = sentence.tokens.low
    if quantity.dimension == "count":
        return end
    if quantity.dimension != "money":
        return _end_of_complement(low, end)
    for mention in sentence.purposes:
        near = end <= mention.first <= end + _COMPLEMENT
        if near and _ENDS.isdisjoint(low[end : mention.first]):
            return mention.last
    return end


def _end_of_complement(low: tuple[str, ...], j: int) -> int:
    """Past what a share or a measure is of: "30% *of the country's power stations*"."""
    if low[j : j + 1] != ("of",):
        return j
    for k in range(j + 1, min(j + _COMPLEMENT, len(low))):
        if (low[k] in _STOP and low[k] not in _OWNERS) or low[k] in _WALLS:
            return k
    return min(j + _COMPLEMENT, len(low))


def before_hedges(tokens: Tokens, first: int, besides: frozenset[str] = frozenset()) -> int:
    """The first token of the hedges right before token ``first``: "to *nearly* $2 billion".

    ``besides``: words that may stand among them. Where no hedge stands, ``first`` itself.
    """
    while first and (tokens.low[first - 1] in _HEDGES or tokens.low[first - 1] in besides):
        first -= 1
    return first


def weigh(tokens: Tokens, quantity: Quantity, first: int, last: int, end: int) -> int:
    """How far tokens ``first`` to ``last`` are from a figure that ends before token ``end``.

    What stands behind a figure is twice as far as what stands before it, since English verbs come
    before their objects; but behind auxiliaries alone it is next to it ("500 *were killed*").
    """
    if first >= end:
        between = _past_aside(_past_pronoun(tokens.low[end:first]))
        if _AUXILIARIES.issuperset(between):
            return 1
        cost = 2 * len(between) + 1
    elif last <= quantity.first:
        between = tokens.low[last : quantity.first]
        cost = len(between) + (_ASIDE if in_aside(tokens, first, last, quantity) else 0)
    else:
        return 0
    return cost + sum(_WALLS.get(word, 0) + word[0].isdigit() for word in between)


def _past_pronoun(between: tuple[str, ...]) -> tuple[str, ...]:
    """The words behind "of them", which belongs to the number before it."""
    return (
        between[2:] if between[:1] == ("of",) and between[1:2] and between[1] in _THEM else between
    )


def _past_aside(between: tuple[str, ...]) -> tuple[str, ...]:
    """The words behind an aside that parts a figure from its verb: "*— six of them women —* were".

    Adverbs count for nothing there ("were *tragically* killed").
    """
    closer = _ASIDES.get(between[0]) if between else None
    if closer is None or closer not in between[1:]:
        return between
    at = len(between) - between[::-1].index(closer)
    behind = tuple(word for word in between[at:] if not word.endswith("ly"))
    return behind if behind and _AUXILIARIES.issuperset(behind) else between


def in_aside(tokens: Tokens, first: int, last: int, quantity: Quantity) -> bool:
    """Whether words stand in an aside that ends before a figure: ", *which Moscow took*,"."""
    opened = not _RELATIVES.isdisjoint(tokens.low[max(0, first - _ASIDE_REACH) : first])
    return opened and "," in tokens.low[last : quantity.first]
