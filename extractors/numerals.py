"""The numbers of a sentence, in digits and in words, and ranges of them.

A :class:`Numeral` is a stretch of tokens that states a number; what it counts is decided later. The
grammar of each form is a module of its own: :mod:`digits`, :mod:`spelled`, :mod:`shares`,
:mod:`ranges`; the words are in ``catalogue/numerals.toml``.
"""

from __future__ import annotations

from functools import cache

from extractors.digits import fraction_sign, number_in_digits
from extractors.doubled import join_doubled
from extractors.numeral import ARTICLES, Numeral, vocabulary
from extractors.ranges import join_ranges
from extractors.shares import share, share_of
from extractors.spelled import number_in_words, part_of_scale, scale_alone, vague_number
from extractors.tokens import Tokens


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
    return join_ranges(tokens, join_doubled(tokens, singles))


def _numeral(tokens: Tokens, i: int) -> Numeral | None:
    """The numeral that begins at token i."""
    word = tokens.low[i]
    if word[-1].isdecimal():
        return share(tokens, i) or share_of(tokens, number_in_digits(tokens, i))
    if word[0].isnumeric():
        return share_of(tokens, fraction_sign(tokens, i))
    return (
        part_of_scale(tokens, i)
        or share(tokens, i)
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
