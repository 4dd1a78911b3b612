"""The numbers of a sentence, in digits and in words, and ranges of them.

A :class:`Numeral` is a stretch of tokens that states a number; what it counts is decided later. The
grammar of digits, of words and of ranges is a module of its own each; that of shares which are no
percentages (``two-thirds``, ``a quarter``, ``half``, ``one in five``) stands here. The words are in
``catalogue/numerals.toml``.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache

from extractors.numbers.digits import ORDINALS, fraction_sign, number_in_digits
from extractors.numbers.numeral import ARTICLES, DASHES, Numeral, past_hyphen
from extractors.numbers.ranges import join_ranges, join_series
from extractors.numbers.spelled import number_in_words, part_of_scale, scale_alone, vague_number
from extractors.text.number_words import vocabulary
from extractors.text.tokens import Tokens
from extractors.text.words import is_plural, word_set

_CENT = Decimal("0.01")
_LARGEST_BASE = 10  # "14 out of 36 aircraft" are two counts
_NOT_BEHIND_BASE = frozenset(("-", "%", ":", "million", "billion", "thousand"))


@cache
def _openers() -> frozenset[str]:
    """The words with which a numeral can begin."""
    v = vocabulary()
    scales = (word for word, factor in v.scales.items() if factor >= 100)
    return frozenset(
        (*v.words, *v.vague, *v.fractions, *ARTICLES, *scales, "several", "few", "couple")
    )


def find_numerals(tokens: Tokens) -> list[Numeral]:
    """All numerals of a sentence, from left to right, ranges joined, none overlapping."""
    openers = _openers()
    singles: list[Numeral] = []
    done = 0
    for i, word in enumerate(tokens.low):
        if i >= done and (word in openers or word[-1].isnumeric()):
            numeral = _numeral(tokens, i)
            if numeral is None:
                continue
            year = _year_in_words(tokens, numeral)
            if year is None:
                singles.append(numeral)
            done = year or numeral.last
    return join_ranges(tokens, join_series(tokens, _join_doubled(tokens, singles)))


def _numeral(tokens: Tokens, i: int) -> Numeral | None:
    """The numeral that begins at token i."""
    word = tokens.low[i]
    if word[-1].isdecimal():
        return _share(tokens, i) or _share_of(tokens, number_in_digits(tokens, i))
    if word[0].isnumeric():
        return _share_of(tokens, fraction_sign(tokens, i))
    return (
        part_of_scale(tokens, i)
        or _share(tokens, i)
        or vague_number(tokens, i)
        or number_in_words(tokens, i)
        or scale_alone(tokens, i)
    )


def _year_in_words(tokens: Tokens, numeral: Numeral) -> int | None:
    """The end of a year such as *twenty twenty-two*, whose first half the numeral is."""
    if numeral.low not in (19, 20) or not numeral.spelled or numeral.scaled:
        return None
    if vocabulary().words.get(tokens.at(numeral.last), 0) < 10:
        return None
    second = number_in_words(tokens, numeral.last)
    return second.last if second is not None and not second.scaled else None


def _join_doubled(tokens: Tokens, singles: list[Numeral]) -> list[Numeral]:
    """The numerals with each repetition taken into the one that it repeats."""
    out: list[Numeral] = []
    for numeral in singles:
        if out and _repeats(tokens, out[-1], numeral):
            out[-1] = replace(out[-1], last=numeral.last + 1)
        else:
            out.append(numeral)
    return out


def _repeats(tokens: Tokens, said: Numeral, again: Numeral) -> bool:
    if said.spelled == again.spelled or (said.low, said.kind) != (again.low, "exact"):
        return False
    between = again.first - said.last
    return between == 1 and tokens.at(said.last) == "(" and tokens.at(again.last) == ")"


def _share(tokens: Tokens, i: int) -> Numeral | None:
    """The share that begins at token i, in percent."""
    v = vocabulary()
    word = tokens.low[i]
    if word in v.fractions and tokens.at(i - 1) in word_set("share", "further"):
        return _percent(i, i + 1, v.fractions[word], "<fraction>")  # "another third"
    if word == "half":
        fifty = v.fractions[word]
        return Numeral(i, i + 1, fifty, fifty, "share", spelled=True, rule="half")
    count = 1 if word in ARTICLES else v.words.get(word, 0)
    if word.isdecimal() and len(word) <= 3:
        count = int(word)
    if not 0 < count < 1000:
        return None
    return _named(tokens, i, count) or _n_in_m(tokens, i, count)


def _named(tokens: Tokens, i: int, count: int) -> Numeral | None:
    """``two-thirds``, ``a quarter``, ``three fifths``."""
    word = tokens.low[i]
    if word.isdecimal():
        return None
    k = past_hyphen(tokens, i + 1)
    name = tokens.at(k)
    part = vocabulary().fractions.get(name)
    if part is None or (word in ARTICLES and k > i + 1):
        return None
    one_half = name == "half" and count == 1 and k > i + 1
    if name == "half" and count > 1:
        return None  # "five half grants"
    if (
        (name.endswith("s") or name == "half") != (count > 1)
        and word not in ARTICLES
        and not one_half
    ):
        return None
    whole = (100 / part).to_integral_value()  # a third is 33.33, two of them are 66.67
    return _percent(i, k + 1, Decimal(100 * count) / whole, "<fraction>")


def _n_in_m(tokens: Tokens, i: int, count: int) -> Numeral | None:
    """``one in five``, ``nine out of ten``."""
    word = tokens.low[i]
    if word in ARTICLES:
        return None
    if count == 1 and tokens.at(i + 2) == "in" and _is_of_few(tokens, i + 1):
        return _percent(i, i + 4, Decimal(100) / _base(tokens, i + 3), "<n> in <n>")
    link = tokens.at(i + 1)
    out_of = link == "out" and tokens.at(i + 2) == "of"
    hyphens = (
        link == "-" and tokens.follows(i + 2, ("in", "-")) and tokens.glued(i + 1)
    )  # "8-in-10"
    if not (out_of or hyphens or link == "in"):
        return None
    k = i + 3 if out_of else i + 4 if hyphens else i + 2
    every = tokens.at(k) == "every"
    k += every
    base = _base(tokens, k)
    if count >= base or (base > _LARGEST_BASE and not every):
        return None
    return _percent(i, k + 1, Decimal(100 * count) / base, "<n> in <n>")


def _is_of_few(tokens: Tokens, k: int) -> bool:
    """Whether one thing in so many is told of at token k: ``one *pupil in four* learns``."""
    noun, behind = tokens.at(k), tokens.at(k + 3)
    plain = noun.isalpha() and not is_plural(noun) and noun not in word_set("phrase", "stop")
    few = plain and tokens.at(k + 2).isalpha() and 1 < _base(tokens, k + 2) <= _LARGEST_BASE
    if not few or behind in vocabulary().scales or behind in DASHES:
        return False
    things = behind[:1].isalpha() and behind not in word_set("phrase", "stop")
    return not (things and (is_plural(behind) or is_plural(tokens.at(k + 4))))


def _share_of(tokens: Tokens, numeral: Numeral | None) -> Numeral | None:
    """A fraction of a whole that is named, as a share: ``⅔ of the tanks``, ``1/3 of it``."""
    if (
        numeral is None
        or numeral.scaled
        or not 0 < numeral.low < 1
        or (tokens.at(numeral.last) != "of" and tokens.low[numeral.last - 1] not in ORDINALS)
    ):
        return numeral
    if tokens.raw[numeral.first][0] in "0." or tokens.at(numeral.last + 1) in ARTICLES:
        return numeral
    return _percent(numeral.first, numeral.last, 100 * numeral.low, "<fraction>")


def _base(tokens: Tokens, k: int) -> int:
    """The number of which a share is taken, 0 where token k is none."""
    word = tokens.at(k)
    if tokens.at(k + 1) in _NOT_BEHIND_BASE:
        return 0
    if word.isdecimal() and len(word) <= 4:
        return int(word)
    return vocabulary().words.get(word, 0)


def _percent(first: int, last: int, percent: Decimal, rule: str) -> Numeral:
    number = percent.quantize(_CENT).normalize()
    return Numeral(first, last, number, number, "share", spelled=True, rule=rule)
