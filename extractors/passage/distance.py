"""How far a cue is from a figure: the words between them, and the walls between clauses."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from extractors.numbers.quantity import Quantity
from extractors.passage.sentence import Sentence
from extractors.text.in_order import M, Mentions
from extractors.text.once import once
from extractors.text.tokens import Tokens
from extractors.text.words import word_costs, word_set

_WALLS = word_costs("clause", "walls")
_AUXILIARIES = word_set("clause", "auxiliaries")
_ENDS = word_set("clause", "ends")
_OWNERS = word_set("clause", "owners")
_RELATIVES = word_set("clause", "relatives")
_STOP = word_set("phrase", "stop")
_HEDGES = word_set("amount", "about")
_THEM = word_set("phrase", "anaphora")
_COMMA = frozenset(",")
_ASIDES = {"\u2014": "\u2014", "\u2013": "\u2013", ",": ",", "(": ")"}
_CLOSERS = frozenset(_ASIDES.values())
_ASIDES_BEHIND = 16  # ends of asides behind a figure that may be its own
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
    for mention in sentence.purposes.within(end, end + _COMPLEMENT + 1):
        if _ENDS.isdisjoint(low[end : mention.first]):
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
        start = _past_pronoun(tokens, end)
        start = start if start <= first else end
        if _past_auxiliaries(tokens, start) >= first or _ends_aside(tokens, start, first):
            return 1
        return 2 * (first - start) + 1 + _walls(tokens, start, first)
    if last > quantity.first:
        return 0
    aside = _ASIDE if in_aside(tokens, first, last, quantity) else 0
    return quantity.first - last + aside + _walls(tokens, last, quantity.first)


def near(
    tokens: Tokens, quantity: Quantity, mentions: Mentions[M], end: int, reach: int, limit: int = 0
) -> Iterator[M]:
    """The mentions that :func:`weigh` may find within reach of a figure, and all behind it up to
    token ``limit``, from left to right."""
    start = _past_pronoun(tokens, end)
    far = max(start + reach // 2, _past_auxiliaries(tokens, start), limit)
    yield from mentions.around(quantity.first - reach, far)
    if tokens.at(start) in _ASIDES:
        ends = _ends_of_asides(tokens)
        k = bisect_right(ends, far)
        for first in ends[k : k + _ASIDES_BEHIND]:
            if _ends_aside(tokens, start, first):
                yield from mentions.within(first, first + 1)


def _walls(tokens: Tokens, first: int, last: int) -> int:
    """What the walls between clauses and the numbers add at tokens ``first`` to ``last``."""
    added_up = _walls_before(tokens)
    return added_up[last] - added_up[first]


@once
def _walls_before(tokens: Tokens) -> list[int]:
    """What they add before each token, and in all."""
    costs = (_WALLS.get(word, 0) + word[0].isdigit() for word in tokens.low)
    return list(accumulate(costs, initial=0))


def _past_pronoun(tokens: Tokens, j: int) -> int:
    """Past "of them" behind a figure, which belongs to the number before it."""
    return j + 2 if tokens.at(j) == "of" and tokens.at(j + 1) in _THEM else j


def _past_auxiliaries(tokens: Tokens, j: int) -> int:
    """The first token from j on that is no auxiliary."""
    while tokens.at(j) in _AUXILIARIES:
        j += 1
    return j


def _ends_aside(tokens: Tokens, start: int, first: int) -> bool:
    """Whether an aside that opens at token ``start`` parts a figure from its verb at ``first``: "*—
    six of them women —* were".

    Between the aside and the verb stand auxiliaries; adverbs count for nothing ("were *tragically*
    killed").
    """
    closer = _ASIDES.get(tokens.at(start))
    if closer is None:
        return False
    closed = _closed_before(tokens)[first]
    return closed > start and tokens.low[closed] == closer


@once
def _closed_before(tokens: Tokens) -> list[int]:
    """Before each token, where an aside may end from which auxiliaries part it; -1 where none."""
    closed, out, told = -1, [], False
    for k, word in enumerate(tokens.low):
        out.append(closed if told else -1)
        adverb = word.endswith("ly")
        if adverb or word in _AUXILIARIES:
            told = told or not adverb
        else:
            closed, told = k, False
    return out


@once
def _ends_of_asides(tokens: Tokens) -> list[int]:
    """The tokens before which an aside may end, behind it auxiliaries."""
    closed = _closed_before(tokens)
    return [k for k, at in enumerate(closed) if at >= 0 and tokens.low[at] in _CLOSERS]


def in_aside(tokens: Tokens, first: int, last: int, quantity: Quantity) -> bool:
    """Whether words stand in an aside that ends before a figure: ", *which Moscow took*,"."""
    opened = not _RELATIVES.isdisjoint(tokens.low[max(0, first - _ASIDE_REACH) : first])
    return opened and tokens.holds(_COMMA, last, quantity.first)
