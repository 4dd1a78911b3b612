"""What a numeral is, and the scales that follow one: ``million``, ``bn``, the ``m`` of ``$20m``."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal

from extractors.text.number_words import is_year, vocabulary
from extractors.text.tokens import Tokens
from extractors.text.words import phrases, word_set

DASHES = frozenset(("-", "\u2013", "\u2014"))
ARTICLES = frozenset(("a", "an"))
_TIMES = frozenset(("x", "\u00d7"))
_BEFORE_TIMES = frozenset(("(", "", ";", ",", "|", "\u2022"))
_BEGUN = 3  # letters of a word that is broken off
_MAX_SCALES = 3
_LARGEST = 10**15  # "a million million" is a number, "a billion trillion" a slip of the tongue


@dataclass(frozen=True, slots=True)
class Numeral:
    """Tokens ``first`` to ``last`` (exclusive) that state a number.

    ``kind`` is ``exact``, ``range``, ``vague`` or ``share`` (then the numbers are percentages).
    ``scaled``: a word such as *million* or a suffix such as *bn* took part. ``spelled``: no digit
    took part. ``suffix`` is the factor of a glued letter behind it that is a scale only beside a
    currency or before people (``$20m``), and that the span does not hold yet. ``lead`` is the
    number of tokens before ``first`` that open a range (``between``, with a currency sign).
    """

    first: int
    last: int
    low: Decimal
    high: Decimal
    kind: str = "exact"
    scaled: bool = False
    spelled: bool = False
    suffix: int = 0
    rule: str = "<n>"
    lead: int = 0

    @property
    def opens(self) -> int:
        """The first token of the span: of the number, or of the words that open its range."""
        return self.first - self.lead

    @property
    def one(self) -> bool:
        """Whether this is *one*, which is a pronoun more often than a number."""
        return self.spelled and self.low == self.high == 1

    def with_suffix(self) -> Numeral:
        """The numeral with its ambiguous suffix taken as a scale."""
        if not self.suffix:
            return self
        return replace(
            self,
            last=self.last + 1,
            low=self.low * self.suffix,
            high=self.high * self.suffix,
            scaled=True,
            suffix=0,
        )


def is_integer(number: Decimal) -> bool:
    """Whether a number has no decimals; ``number % 1`` fails for one of more digits than it has."""
    return number == number.to_integral_value()


def past_hyphen(tokens: Tokens, j: int) -> int:
    """Token j, or the one behind it where token j is a hyphen between two words."""
    if j + 1 < len(tokens) and tokens.low[j] in DASHES and tokens.glued(j) and tokens.glued(j + 1):
        return j + 1
    return j


def past_slip(tokens: Tokens, k: int, words: Collection[str]) -> int:
    """Token k, or the one behind it that a speaker puts in its place at once: ``200 tril- \u2014
    billion``, ``$20 million \u2014 billion``."""
    if tokens.at(k) in (",", "\u2014"):
        said = phrases("slips", "asides")
        aside = next((aside for aside in said if tokens.follows(k + 1, aside)), None)
        k += len(aside) + 2 if aside is not None else 0  # "42, I think, billion"
    begun = tokens.at(k)
    if not begun[:1].isalpha():
        return k
    j = k + 1 + (tokens.at(k + 1) == "-" and tokens.glued(k + 1))
    if tokens.at(j) != "\u2014" or tokens.at(j + 1) not in words or len(begun) < _BEGUN:
        return k
    return j + 1 if any(word.startswith(begun) for word in words) else k


def with_scales(tokens: Tokens, numeral: Numeral) -> Numeral:
    """Take in the scales that follow: ``million``, ``hundred thousand``, ``-million``, ``bn``."""
    v = vocabulary()
    j, factor = numeral.last, 1
    for _ in range(_MAX_SCALES):
        k = past_hyphen(tokens, j)
        if factor == 1:
            k = past_slip(tokens, k, v.scales)
        word = tokens.at(k)
        if word == "more" and numeral.kind == "exact" and tokens.at(k + 1) in v.scales:
            k, word = k + 1, tokens.at(k + 1)  # "three more trillion"
        if word == "plus":
            k = past_hyphen(tokens, k + 1)  # "$20-plus billion"
            word = tokens.at(k)
        step = v.scales.get(word)
        broken = step is None and word[:1].isalpha() and v.scales.get(word + tokens.at(k + 1), 0)
        if broken and broken >= 1000:
            k, step = k + 1, broken  # "1.5 mi llion"
        if step is None and word in v.suffixes and _ends(tokens, k):
            step = v.suffixes[word]
        plain = j == numeral.last and not (numeral.spelled or is_year(tokens.raw[numeral.first]))
        if step is None and plain:
            step = v.plurals.get(word)  # "13 millions of people"
        if step is None or factor * step > _LARGEST:
            break
        if factor == 1 and _is_written_out(tokens, numeral):
            return replace(numeral, last=k + 1, scaled=True)  # "600 hundred"
        factor, j = factor * step, k + 1
    if factor > 1:
        low, high = numeral.low * factor, numeral.high * factor
        return replace(numeral, last=j, low=low, high=high, scaled=True)
    if numeral.scaled or numeral.spelled or not tokens.glued(j):
        return numeral
    suffix = v.weak.get(tokens.low[j])
    return replace(numeral, suffix=suffix) if suffix and _ends(tokens, j) else numeral


def _is_written_out(tokens: Tokens, numeral: Numeral) -> bool:
    """Whether digits say the hundreds already that a word says again."""
    raw = tokens.raw[numeral.first]
    return tokens.at(numeral.last) == "hundred" and raw.isdecimal() and len(raw) == 3


def _ends(tokens: Tokens, j: int) -> bool:
    """Whether no letter or digit is glued to the end of token j."""
    return not tokens.glued(j + 1) or not tokens.raw[j + 1][0].isalnum()


def with_capital(tokens: Tokens, numeral: Numeral) -> Numeral:
    """``20.7 M people``: a capital apart that is millions, where a word follows it."""
    j = numeral.last
    behind = tokens.raw[j + 1] if j + 1 < len(tokens) else ""
    if numeral.spelled or numeral.scaled or numeral.high >= 1000 or not behind[:1].islower():
        return numeral
    if tokens.raw[j] != "M" or tokens.glued(j):
        return numeral
    factor = vocabulary().weak["m"]
    low, high = numeral.low * factor, numeral.high * factor
    return replace(numeral, last=j + 1, low=low, high=high, scaled=True)


def multiplied(tokens: Tokens, numeral: Numeral) -> Numeral | None:
    """The pieces that a multiplication sign counts: ``4x NASAMS``, ``2 \u00d7 CV90``, ``(x50)``."""
    i, j = numeral.first, numeral.last
    if numeral.spelled or numeral.scaled:
        return None
    if tokens.at(i - 1) in _TIMES and tokens.at(i - 2) in _BEFORE_TIMES:
        return numeral
    if tokens.at(j) not in _TIMES:
        return None
    following = tokens.raw[j + 1] if j + 1 < len(tokens) else ""
    if not following[:1].isalpha() or tokens.glued(j + 1):
        return None
    if following.lower() in word_set("phrase", "stop") or following.endswith("er"):
        return None  # "10x more", "4x faster"
    return replace(numeral, last=j + 1)
