"""Shares: ``20 percent``, ``30%``, ``3 percentage points``, ``half of the recruits``."""

from __future__ import annotations

from dataclasses import replace

from extractors.numbers.numeral import ARTICLES, DASHES, Numeral, is_integer
from extractors.numbers.quantity import Quantity, scaled_by
from extractors.text.number_words import vocabulary
from extractors.text.tokens import Tokens
from extractors.text.words import is_plural, word_set

RANGE_OF_SHARES = "<share> to <share>"
_WHOLE = (100, 1000)
_ONES = frozenset(("1", "one"))
_SHORT = 4  # letters of "need", "feed", "seed"
_NEAR = 8  # tokens from "ratio" to "two to one"
_PAIR = 2
_ROW = 16  # tokens from "vote" to its numbers
_OUTCOME = frozenset(("to", "from", "at"))
_PARTED = frozenset(("", ",", ";", ":", "(", "\u2014", "and"))  # before a part of a sentence
_QUOTES = frozenset(('"', "'"))
_LEADS = frozenset(
    ("to", "by", "at", "than", "of", "about", "nearly", "almost", ":", "(", "|", "up")
)


def percentage(tokens: Tokens, numeral: Numeral) -> Quantity | None:
    """The share that a numeral states, None where it states none."""
    if numeral.rule == RANGE_OF_SHARES:
        return percent(numeral, numeral.last, numeral.rule)
    if numeral.kind == "share":
        return _fraction(tokens, numeral)
    j = numeral.last
    if _is_emphasis(tokens, numeral):
        return None
    sign = tokens.at(j)
    if sign in DASHES and tokens.glued(j):
        j, sign = j + 1, tokens.at(j + 1)
    if sign in word_set("share", "signs"):
        points = tokens.at(j + 1) in ("point", "points")
        return percent(numeral, j + 1 + points, "<n> percent")
    if sign == "per" and tokens.at(j + 1) == "cent":
        return percent(numeral, j + 2, "<n> percent")
    decimal = not numeral.spelled and not is_integer(numeral.low)
    if decimal and sign == "points" and tokens.holds(word_set("share", "signs"), 0, numeral.first):
        return percent(numeral, j + 1, "<n> percent")  # "it was 63 percent, 4.1 points more"
    if sign in ("p.c", "p.c.") or (sign == "pc" and tokens.glued(j)):
        return percent(numeral, j + 1, "<n> percent")
    return None


def is_share(tokens: Tokens, j: int) -> bool:
    """Whether a sign of a share stands at token j."""
    sign = tokens.at(j)
    return sign in word_set("share", "signs") or (sign == "per" and tokens.at(j + 1) == "cent")


def is_ratio(tokens: Tokens, numeral: Numeral) -> bool:
    """``10 to 1``, ``a 7-to-1 ratio``, ``a five for one swap``: how many there are for one."""
    i, j = numeral.opens, numeral.last
    if numeral.low == 1:
        link = i - 1 - (tokens.at(i - 1) == "-")
        first = link - 1 - (tokens.at(link - 1) == "-")
        last = j
        number = tokens.at(first).isdecimal() or tokens.at(first) in vocabulary().words
    else:
        first, link = i, j + (tokens.at(j) == "-")
        last = link + 1 + (tokens.at(link + 1) == "-")
        number = tokens.at(last) in _ONES
        last += 1
    if not number or numeral.scaled or tokens.at(link) not in ("to", "for"):
        return False
    if tokens.holds(word_set("range", "votes"), max(0, i - _ROW), j + _ROW):
        return False  # "voted 98 to 1"
    before, after = tokens.at(first - 1), tokens.at(last)
    ratios = word_set("uncounted", "ratios")
    told = tokens.holds(ratios, max(0, first - _NEAR), first)
    told = told or tokens.holds(ratios, last, last + _PAIR)  # "five for one people swap"
    if tokens.at(link) == "for":
        return told and numeral.spelled
    changed = before in word_set("range", "changes") or before in ("from", "between")
    return told or not (after[:1].isalpha() or changed)


def _is_emphasis(tokens: Tokens, numeral: Numeral) -> bool:
    """``100% committed``, ``I support them 1,000 percent``: no share of anything."""
    if numeral.kind != "exact" or numeral.low not in _WHOLE:
        return False
    j = numeral.last + 1 + (tokens.at(numeral.last) == "per")
    j += tokens.at(j) in _QUOTES
    after = tokens.at(j)
    if after in word_set("share", "wholly"):
        return True
    ended = not after[:1].isalpha() and tokens.at(numeral.opens - 1) not in _LEADS
    return ended and tokens.holds(word_set("share", "speakers"))


def percent(numeral: Numeral, last: int, rule: str) -> Quantity:
    """The numeral as a share, tokens up to ``last``."""
    low, high = scaled_by(numeral.low, 1), scaled_by(numeral.high, 1)
    rule = rule.replace("<n>", numeral.rule)
    return Quantity(numeral, numeral.opens, last, low, high, "percent", "percent", last, rule)


def _fraction(tokens: Tokens, numeral: Numeral) -> Quantity | None:
    """A fraction counts where it is one of something, and not a half of a match or half an hour."""
    stated = (
        _half if numeral.rule == "half" else _named if numeral.rule == "<fraction>" else _n_in_m
    )
    point = _of_one_percent(tokens, numeral)
    if point is not None:
        return point
    return percent(numeral, numeral.last, numeral.rule) if stated(tokens, numeral) else None


def _of_one_percent(tokens: Tokens, numeral: Numeral) -> Quantity | None:
    """``half a percent``, ``four tenths of a point``, ``down two tenths to 6 percent``."""
    j = numeral.last
    k = j + (tokens.at(j) == "of")
    part = replace(numeral, low=numeral.low / 100, high=numeral.high / 100)
    one = tokens.at(k) in ARTICLES or tokens.at(k) in _ONES
    if one and (tokens.at(k + 1) in word_set("share", "points") or is_share(tokens, k + 1)):
        last = k + 2 + (tokens.at(k + 1) == "per")
        return percent(part, last + (tokens.at(last) in ("point", "points")), numeral.rule)
    if tokens.low[j - 1] not in word_set("share", "tenths"):
        return None
    before, signs = tokens.at(numeral.first - 1), word_set("share", "signs")
    changed = before == "by" or before in word_set("range", "changes")
    changed = changed and tokens.at(j) in _OUTCOME and tokens.holds(signs, j, j + _NEAR)
    if changed or (tokens.at(j) in ("above", "below") and tokens.holds(signs)):
        return percent(part, j, numeral.rule)
    return None


def _half(tokens: Tokens, numeral: Numeral) -> bool:
    j = numeral.last
    before, after, later = tokens.at(numeral.first - 1), tokens.at(j), tokens.at(j + 1)
    if before in word_set("share", "changed") and after in word_set("share", "behind_half"):
        return True  # "cut it by half"
    one = before == "one" and (after == "of" or after in word_set("share", "be"))
    led = before in word_set("share", "not_before_half") or before in vocabulary().words
    if (led and not one) or after == "-":
        return False  # "the other half", but "one half of it"
    if before == "-" and tokens.glued(numeral.first):
        return False
    if after == "as":
        return False  # "only half as popular"
    parted = before in _PARTED and after in word_set("share", "half_goes")
    if parted and tokens.low.count("half") > 1:
        return True  # "half for arms and half for fuel"
    hedged = before in word_set("share", "before_half")
    if hedged and (after[:1].isalpha() or after in word_set("share", "behind_half")):
        return later not in word_set("share", "spans") or tokens.at(j + 2) == "'s"
    if after in ARTICLES or after in word_set("share", "of"):
        return later not in word_set("share", "spans")
    return after in word_set("share", "be") or (after.isalpha() and is_plural(after))


def _named(tokens: Tokens, numeral: Numeral) -> bool:
    after = tokens.at(numeral.last)
    if tokens.at(numeral.first - 1) in word_set("share", "further"):
        return _is_further(tokens, numeral)
    if tokens.at(numeral.first - 1) in vocabulary().words:
        return False  # "three a quarter"
    one_and = tokens.at(numeral.first - 1) == "and" and tokens.at(numeral.first - 3) in ARTICLES
    if one_and and tokens.low[numeral.last - 1] == "half":
        return False  # "a page and a half of notes"
    if after == "of":
        return tokens.at(numeral.last + 1) not in ARTICLES or numeral.low >= 50
    if tokens.low[numeral.first] not in ARTICLES:
        return True
    if tokens.at(numeral.first - 1) == "and":
        return False  # "a year and a half"
    hedged = tokens.at(numeral.first - 1) in word_set("share", "before_third") and after != "-"
    told = after in word_set("share", "after_third")
    ended = not after[:1].isalpha() or after in word_set("phrase", "stop")
    ended = ended or (after.endswith("ed") and len(after) > _SHORT)
    hour = after in word_set("share", "behind_quarter") and tokens.at(numeral.first - 1) != "by"
    ended = ended and not hour
    if tokens.at(numeral.last - 1) in word_set("share", "ordinals"):
        row = ended and _follows_share(tokens, numeral)
        return told or row or _are_a_third(tokens, numeral) or (hedged and ended)
    if told or (hedged and ended):
        return True
    return after in word_set("share", "be") or (not after[:1].isalpha() and after != "-")


def _follows_share(tokens: Tokens, numeral: Numeral) -> bool:
    """Whether another fraction stands shortly before: ``half for arms, a third for fuel``."""
    if tokens.at(numeral.first - 1) not in (",", "and"):
        return False
    near = tokens.low[max(0, numeral.first - _NEAR) : numeral.first]
    return not vocabulary().fractions.keys().isdisjoint(near)


def _is_further(tokens: Tokens, numeral: Numeral) -> bool:
    """``another third of the tanks``, ``guns did 51 percent, drones a further quarter``, ``half
    went to Lviv and the other half to Odesa``; not ``the other half of a match``, ``a further
    quarter of growth``."""
    j = numeral.last
    if tokens.at(j) == "of":
        return tokens.at(j + 1) in word_set("phrase", "determiners") or (
            tokens.at(j + 1) in word_set("phrase", "anaphora")
        )
    after, shares = tokens.at(j), vocabulary().fractions
    if after[:1].isalpha() and after not in word_set("phrase", "stop"):
        return False
    first = numeral.first
    return any(tokens.low[k] in shares or is_share(tokens, k) for k in range(first))


def _are_a_third(tokens: Tokens, numeral: Numeral) -> bool:
    """``a third have fled``; ``Of them a third had left``: one more would be told of in the
    singular, and of no whole."""
    after = tokens.at(numeral.last)
    told_of = after in word_set("share", "be") and tokens.at(0) == "of"
    return told_of or after in word_set("share", "be_several")


def _n_in_m(tokens: Tokens, numeral: Numeral) -> bool:
    return tokens.at(numeral.last) not in ("-", ":")
