"""Numbers in digits: ``1,250``, ``22 500``, ``100.000``, ``10 1/2``, ``7½``, ``2 × 10^6``."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from decimal import Context, Decimal
from fractions import Fraction

from extractors.numbers.numeral import Numeral, with_scales
from extractors.text.number_words import vocabulary
from extractors.text.tokens import Tokens
from extractors.text.words import word_set

_GROUPED = re.compile(
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?$|\d{1,3}(?:\u00a0\d{3})+(?:[.,]\d{1,2})?$"
    r"|\d{1,3}(?:'\d{3})+(?:[.,]\d{1,2})?$"
)
_LAKHS = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}$")
_POINTED = re.compile(
    r"\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?$|[1-9]\d{0,2}\.000$|\d{1,3}(?:\.\d{3})+,\d+$"
)
_DECIMAL = re.compile(r"\d*\.\d+$")
_COMMA_DECIMAL = re.compile(r"\d+,\d{1,2}$")
_LONGEST = 24  # digits: what is longer is a serial number
SLASHES = frozenset(("/", "\u2044"))
_BELOW = frozenset("2 3 4 5 6 8 10 16 32 64 100 128 1000".split())  # "9/11" is no fraction
ORDINALS = frozenset(("rd", "rds", "th", "ths"))
_AND_A_HALF = ("and", "a", "half")
_SMALLEST_PART = 16  # of an inch
_SMALLEST = 1000  # Unicode's least fractions are Tamil: "\U00011fc0" is 1/320
_FLOAT = 15  # digits that every float holds: what a third has beyond them is noise
_SIXTEENTH = 4  # digits of 15/16, the longest fraction behind a whole number that ends
_TIMES = frozenset(("\u00d7", "x"))


def digits(text: str) -> Decimal | None:
    """The number that a token of digits and separators states; None where it states none."""
    if len(text) > _LONGEST:
        return None
    if text.isdecimal():
        return Decimal(text)
    if _LAKHS.match(text):
        return Decimal(text.replace(",", ""))
    if _GROUPED.match(text):
        if "\u00a0" in text:
            return Decimal(text.replace("\u00a0", "").replace(",", "."))
        return Decimal(text.replace(",", "").replace("'", ""))
    if _POINTED.match(text):
        return Decimal(text.replace(".", "").replace(",", "."))
    if _DECIMAL.match(text):
        return Decimal(text)
    if _COMMA_DECIMAL.match(text):
        return Decimal(text.replace(",", "."))
    return None


def number_in_digits(tokens: Tokens, i: int) -> Numeral | None:
    """The number whose first digit stands at token i, with its scales."""
    value = digits(tokens.low[i])
    if value is None:
        return None
    j = i + 1
    broken = _broken_group(tokens, i)
    if broken is not None:
        value, j = broken
    elif tokens.raw[i].isdecimal():
        value, j = _grouped(tokens, i, value)
        value, j = _with_fraction(tokens, j, value)
    value, j = _with_power(tokens, j, value)
    return _with_lower_scale(tokens, with_scales(tokens, Numeral(i, j, value, value)))


def _with_lower_scale(tokens: Tokens, numeral: Numeral) -> Numeral:
    """``1 billion 200 million``: a number that goes on with a smaller scale, as it is spoken."""
    if not numeral.scaled:
        return numeral
    j, scales = numeral.last, vocabulary().scales
    scale, lower = scales.get(tokens.at(j - 1), 0), scales.get(tokens.at(j + 1), 0)
    if scale == 1000 and _goes_on(tokens, j):
        value = numeral.low + Decimal(tokens.low[j])
        return replace(numeral, last=j + 1, low=value, high=value)
    if not (1000 <= lower < scale and tokens.at(j).isdecimal()):
        return numeral
    rest = Decimal(tokens.low[j]) * lower
    if rest >= scale:
        return numeral
    value = numeral.low + rest
    return replace(numeral, last=j + 2, low=value, high=value)


def _goes_on(tokens: Tokens, j: int) -> bool:
    """``63 thousand 471 people``: hundreds behind the thousands, with a word to follow."""
    rest = tokens.at(j)
    behind = tokens.raw[j + 1] if j + 1 < len(tokens) else ""
    return rest.isdecimal() and len(rest) == 3 and behind[:1].islower() and behind != "mm"


def fraction_sign(tokens: Tokens, i: int) -> Numeral | None:
    """A fraction character such as ``½``, alone."""
    value = _sign_at(tokens, i)
    return None if value is None else with_scales(tokens, Numeral(i, i + 1, value, value))


def _sign_at(tokens: Tokens, i: int, behind: Decimal = Decimal(0)) -> Decimal | None:
    word = tokens.at(i)
    if len(word) != 1 or word.isascii() or unicodedata.category(word) != "No":
        return None
    part = Fraction(unicodedata.numeric(word)).limit_denominator(_SMALLEST)
    if not 0 < part < 1:
        return None
    return _fraction(Decimal(part.numerator), str(part.denominator), behind)


def _grouped(tokens: Tokens, i: int, value: Decimal) -> tuple[Decimal, int]:
    """Thousands set apart by blanks (``22 500``) or by a comma and a blank (``80, 000``)."""
    if not 0 < value < 1000:
        return value, i + 1
    if tokens.at(i + 1) == "," and tokens.at(i + 2) == "000" and tokens.glued(i + 1):
        return value * 1000, i + 3
    before = tokens.raw[i - 1] if i else ""
    if before and (before[0].isdecimal() or before in "-/#"):
        return value, i + 1
    grown, j, last = value, i + 1, min(len(tokens), i + 5)
    while j < last and _is_group(tokens, j):
        grown, j = grown * 1000 + Decimal(tokens.raw[j]), j + 1
    after = tokens.raw[j] if j < len(tokens) else ""
    if (tokens.glued(j) and after[:1].isalpha()) or after == "mm":  # "18 155mm howitzers"
        return value, i + 1
    hedged = before.lower() in word_set("bare", "before")  # "'Almost 1 300 men'"
    if before[:1].isupper() and not hedged and not _groups_behind_name(before, i, j, after):
        return value, i + 1
    return grown, j


def _broken_group(tokens: Tokens, i: int) -> tuple[Decimal, int] | None:
    """``$50,0 00``: an amount whose thousands a scan has broken by blanks."""
    if tokens.raw[i].isdecimal() and tokens.at(i - 1) == "$" and tokens.at(i + 1) == "00":
        return Decimal(f"{tokens.raw[i]}00"), i + 2  # "$1 00 million"
    head, comma, group = tokens.raw[i].partition(",")
    if not comma or len(group) >= len("000") or tokens.at(i - 1) != "$":
        return None
    if not (head.isdecimal() and group.isdecimal()):
        return None
    j = i + 1
    while len(group) < len("000") and tokens.at(j).isdecimal() and not tokens.apart(j):
        group, j = group + tokens.raw[j], j + 1
    return (Decimal(head + group), j) if len(group) == len("000") else None


def _groups_behind_name(before: str, i: int, j: int, after: str) -> bool:
    """Whether groups behind a capital are one number (``Ukraine 12 000 rounds``, ``EUR 4 560 000``)
    and not two (``Boeing 737 800``)."""
    if i == 1 or before.isupper():
        return True
    return j > i + 1 and after[:1].islower()


def _is_group(tokens: Tokens, j: int) -> bool:
    word = tokens.raw[j]
    return len(word) == 3 and word.isdecimal() and tokens.start[j] == tokens.end[j - 1] + 1


def _with_fraction(tokens: Tokens, j: int, value: Decimal) -> tuple[Decimal, int]:
    """``1/2``, ``10 1/2``, ``7½``, ``22 and a half``: ``value`` and what begins at token j."""
    word = tokens.at(j)
    if word in SLASHES and tokens.glued(j) and tokens.glued(j + 1):
        below = tokens.raw[j + 1]
        alone = tokens.at(j + 2) not in SLASHES
        if below in _BELOW and alone and value < Decimal(below):
            ordinal = tokens.at(j + 2) in ORDINALS and tokens.glued(j + 2)
            return _fraction(value, below), j + 2 + ordinal  # "1/3rd of them"
    elif word.isdecimal():
        below = tokens.at(j + 2)
        if tokens.at(j + 1) in SLASHES and tokens.glued(j + 1) and _are_parts(word, below):
            return value + _fraction(Decimal(word), below, behind=value), j + 3
    elif word == "and" and tokens.follows(j, _AND_A_HALF):
        return value + Decimal("0.5"), j + 3
    elif (part := _sign_at(tokens, j, value)) is not None:
        return value + part, j + 1
    return value, j


def _are_parts(upper: str, below: str) -> bool:
    """Whether two numbers are a fraction behind a whole number: ``1/2``, ``15/16``."""
    if not below.isdecimal() or len(upper) > 2 or len(below) > 2:
        return False
    return 0 < int(upper) < int(below) <= _SMALLEST_PART


def _fraction(upper: Decimal, below: str, behind: Decimal = Decimal(0)) -> Decimal:
    """A fraction below one: exact where it ends, else with as many digits as a float has room for
    ``behind`` a whole number."""
    room = _FLOAT - 1 - (behind.adjusted() + 1)
    return Context(prec=max(_SIXTEENTH, room)).divide(upper, Decimal(below))


def _with_power(tokens: Tokens, j: int, value: Decimal) -> tuple[Decimal, int]:
    """``2 × 10^6``, ``1.5x10-3``: a power of ten behind the number that ends at token j."""
    if tokens.at(j) not in _TIMES or tokens.at(j + 1) != "10":
        return value, j
    k = j + 2
    k += tokens.at(k) == "^"
    sign = -1 if tokens.at(k) == "-" else 1
    k += sign < 0
    power = tokens.at(k)
    if k == j + 2 or not power.isdecimal() or len(power) > 2 or not tokens.glued(k):
        return value, j
    return value * Decimal(10) ** (sign * int(power)), k + 1
