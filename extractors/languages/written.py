"""Numbers as a language writes them: ``1.250.000,5``, ``2,5 Mrd``, ``dos mil millones``, ranges."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from extractors.languages.tongue import Tongue
from extractors.numbers.numeral import DASHES, Numeral, past_hyphen
from extractors.numbers.quantity import scaled_by
from extractors.text.number_words import is_year
from extractors.text.tokens import Tokens

_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?$|\d{1,3}(?:[\u00a0']\d{3})+(?:[.,]\d+)?$")
_COMMAS = re.compile(r"\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?$")  # 1,250,000, as some write
_DECIMAL = re.compile(r"\d+,\d+$")
_POINT = re.compile(r"\d+\.\d{1,2}$")
_TAIL = re.compile(r"\d{3}(?:,\d+)?$")
_LONGEST = 24  # digits: what is longer is a serial number
_LARGEST = 10**15
_HALF = Decimal("0.5")
_FEW_STEPS = 12  # words of one number
_PART = 3  # letters of the shortest part of a compound
_TIGHT = 1  # characters between groups of digits
POINTED = "<n.n>"  # a number whose point may be another mark: a clock time, a date
MARKED = "<n> in groups"


def numeral_at(tokens: Tokens, i: int, tongue: Tongue) -> Numeral | None:
    """The number that begins at token i, with its magnitudes; None where none does."""
    first = tokens.low[i][0]
    if first.isdecimal():
        return _in_digits(tokens, i, tongue)
    return _spelled(tokens, i, tongue) or _vague(tokens, i, tongue)


def _in_digits(tokens: Tokens, i: int, tongue: Tongue) -> Numeral | None:
    read = _digits(tokens, i)
    if read is None:
        return None
    value, j, rule = read
    numeral = Numeral(i, j, value, value, rule=rule)
    return _with_scales(tokens, numeral, tongue)


def _digits(tokens: Tokens, i: int) -> tuple[Decimal, int, str] | None:
    """The number in digits at token i, the first token behind it, and how it is written."""
    raw = tokens.raw[i]
    if len(raw) > _LONGEST or (not raw.isascii() and "\u00a0" not in raw):
        return None
    if raw.isdecimal():
        if raw[0] == "0" and len(raw) > 1:
            return None
        j, text = i + 1, raw
        while len(raw) <= len("250") and _is_group(tokens, j) and "," not in text:
            text, j = text + tokens.raw[j], j + 1
        rule = MARKED if j > i + 1 else "<n>"
        return Decimal(text.replace(",", ".")), j, rule
    if _GROUPED.match(raw):
        whole = raw.replace("\u00a0", "").replace("'", "")
        if "." in raw and "\u00a0" not in raw and "'" not in raw:
            whole = whole.replace(".", "")
        return Decimal(whole.replace(",", ".")), i + 1, MARKED
    if _COMMAS.match(raw):
        return Decimal(raw.replace(",", "")), i + 1, MARKED
    if _DECIMAL.match(raw):
        return Decimal(raw.replace(",", ".")), i + 1, "<n,n>"
    if _POINT.match(raw):
        return Decimal(raw), i + 1, POINTED
    return None


def _is_group(tokens: Tokens, j: int) -> bool:
    """Whether token j is a group of three digits behind one blank."""
    near = 0 < j < len(tokens) and tokens.start[j] - tokens.end[j - 1] == _TIGHT
    return near and _TAIL.match(tokens.raw[j]) is not None


def _with_scales(tokens: Tokens, numeral: Numeral, tongue: Tongue) -> Numeral:
    """Take in the magnitudes that follow digits: ``Mrd.``, ``mil millones``, ``-Millionen-``."""
    factor, j = 1, numeral.last
    while True:
        k = past_hyphen(tokens, j)
        step = tongue.scales.get(tokens.at(k))
        if step is None or factor * step > _LARGEST or (factor > 1 and step <= 12):
            break
        if factor == 1 and numeral.rule == "<n>" and is_year(tokens.raw[numeral.first]):
            break
        factor, j = factor * step, _past_stop(tokens, k, tongue)
    if factor == 1:
        return numeral
    value = scaled_by(numeral.low, factor)
    half = tongue.half_behind.at(tokens, j)
    if half is not None:
        value, j = scaled_by(value + _HALF * factor, 1), half[1]
    if tokens.at(j).isdecimal():  # "3 Millionen 200 tausend"
        lower = tongue.scales.get(tokens.at(j + 1), 0)
        rest = Decimal(tokens.low[j]) * lower
        if 1000 <= lower < factor and rest < factor:
            value, j = value + rest, _past_stop(tokens, j + 1, tongue)
    rule = "<n> <magnitude>"
    return replace(numeral, last=j, low=value, high=value, scaled=True, rule=rule)


def _past_stop(tokens: Tokens, k: int, tongue: Tongue) -> int:
    """Behind a magnitude at token k: its stop is its own where the sentence goes on."""
    short = tongue.has("abbreviations", tokens.at(k)) and tokens.at(k + 1) == "."
    return k + 2 if short and k + 2 < len(tokens) and tokens.glued(k + 1) else k + 1


def _spelled(tokens: Tokens, i: int, tongue: Tongue) -> Numeral | None:
    """The number in words that begins at token i."""
    scale = tongue.has("alone", tokens.at(i)) and tokens.at(i) not in tongue.words
    if not scale and _value(tokens, i, tongue) is None:
        return None
    number, j = _Sum(tongue), i
    for _ in range(_FEW_STEPS):
        k = past_hyphen(tokens, j) if j > i else j
        step = _step(tokens, k, number, tongue, opens=k == i)
        if step is None:
            break
        j = step
    if j == i:
        return None
    value = scaled_by(number.value, 1)
    if value != value.to_integral_value() and value < 1:
        return None  # a half of nothing
    rule = "<n> in words"
    return Numeral(i, j, value, value, scaled=number.scaled, spelled=True, rule=rule)


class _Sum:
    """A number in words as far as it is read: ``total`` by its magnitudes, and the ``group``."""

    def __init__(self, tongue: Tongue) -> None:
        self.tongue = tongue
        self.total = Decimal(0)
        self.group: Decimal | None = None
        self.room = 0
        self.scale = 0

    @property
    def value(self) -> Decimal:
        """The number so far."""
        return self.total + (self.group or 0)

    @property
    def scaled(self) -> bool:
        """Whether a magnitude took part."""
        return self.scale > 0

    def add(self, number: Decimal) -> bool:
        """Take in a number, if what stands before it leaves room for it."""
        if self.group is None:
            if self.scale and number >= self.scale:
                return False
            self.group = number
        elif 0 < number < self.room:
            self.group += number
        else:
            return False
        self.room = self._room(number)
        return True

    def _room(self, number: Decimal) -> int:
        """What a number to be added to this one must be below: 20 leaves room for 9."""
        if number != int(number) or number == 0:
            return 0
        whole = int(number)
        if whole in self.tongue.rooms:
            return self.tongue.rooms[whole]
        if whole % 100 == 0:
            return 100
        return 10 if whole % 10 == 0 and whole > 10 else 0

    def multiply(self, scale: int) -> bool:
        """Take in a magnitude."""
        if scale < 1000:
            if self.group is not None and not 0 < self.group < 20:
                return False
            self.group = (self.group or Decimal(1)) * scale
            self.room = scale if scale == 100 else 0
            self.scale = self.scale or 1
            return True
        value = self.value or Decimal(1)
        if not self.scale or scale > self.scale:
            if value * scale > _LARGEST:
                return False
            self.total = value * scale
        elif scale < self.scale:
            self.total += (self.group or Decimal(1)) * scale
        else:
            return False
        self.group, self.room, self.scale = None, 0, scale
        return True


def _step(tokens: Tokens, k: int, number: _Sum, tongue: Tongue, *, opens: bool) -> int | None:
    """Take in the word at token k; the token behind it, None where the number ends before it."""
    half = tongue.half_behind.at(tokens, k)
    if half is not None and not opens:
        if number.group is None:
            number.total += _HALF * number.scale
        else:
            number.group += _HALF
        return half[1]
    found = _value(tokens, k, tongue)
    if found is not None:
        return found[1] if number.add(found[0]) else None
    scale = tongue.scales.get(tokens.at(k))
    if scale is not None:
        if opens and not tongue.has("alone", tokens.at(k)):
            return None
        return _past_stop(tokens, k, tongue) if number.multiply(scale) else None
    if not opens and tongue.has("tens_and", tokens.at(k)) and 10 <= number.room <= 20:
        behind = _value(tokens, k + 1, tongue)
        if behind is not None and number.add(behind[0]):
            return behind[1]
    return None


def _value(tokens: Tokens, k: int, tongue: Tongue) -> tuple[Decimal, int] | None:
    """The value of the number word at token k, and the first token behind it."""
    word = tokens.at(k)
    if not word[:1].isalpha():
        return None
    phrase = tongue.number_phrases.at(tokens, k)
    if phrase is not None:
        return phrase
    value = tongue.words.get(word)
    if value is None and tongue.compounds:
        value = _compound(word, tongue)
    return None if value is None else (value, k + 1)


@lru_cache(maxsize=4096)
def _compound(word: str, tongue: Tongue) -> Decimal | None:
    """A number that is written as one word: ``zweitausendfünfhundert``."""
    for big, factor in (("tausend", 1000), ("hundert", 100)):
        left, found, right = word.partition(big)
        if not found or (not left and not right):
            continue
        many = Decimal(1) if not left else _below(left, tongue)
        rest = Decimal(0) if not right else _below(right, tongue)
        if many is None or rest is None or rest >= factor or (factor == 100 and many >= 100):
            return None
        return many * factor + rest
    tens = word.partition("und")
    if not tens[1]:
        return None
    one, ten = tongue.words.get(tens[0]), tongue.words.get(tens[2])
    if one is None or ten is None or not 0 < one < 10 or ten % 10 or ten < 20:
        return None
    return one + ten


def _below(word: str, tongue: Tongue) -> Decimal | None:
    word = word.removeprefix("und") if len(word) > _PART + 1 else word
    known = tongue.words.get(word)
    if known is None and word == "hundert":
        return Decimal(100)
    return known if known is not None else _compound(word, tongue)


def _vague(tokens: Tokens, i: int, tongue: Tongue) -> Numeral | None:
    """``Dutzende``, ``des dizaines de milliers``, ``сотні тисяч``: this number or more."""
    value = tongue.vague.get(tokens.low[i])
    if value is None:
        return None
    number, j = Decimal(value), i + 1
    while True:
        k = j + (tokens.at(j) in tongue.of)
        more = tongue.vague.get(tokens.at(k)) or tongue.scales.get(tokens.at(k))
        if more is None or number * more > _LARGEST:
            break
        number, j = number * more, _past_stop(tokens, k, tongue)
    return Numeral(i, j, number, number, "vague", True, True, rule="<vague number>")


def with_range(tokens: Tokens, numeral: Numeral, tongue: Tongue) -> Numeral:
    """The range that a number opens: ``20 bis 30``, ``entre 5 y 8 millones``; else the number."""
    if numeral.kind != "exact":
        return numeral
    j, led = numeral.last, tongue.has("range_lead", tokens.at(numeral.first - 1))
    link = tokens.at(j)
    dash = link in DASHES and not tokens.at(j - 1).isalpha()
    if dash and tokens.glued(j) != tokens.glued(j + 1):
        return numeral
    joins = dash or tongue.has("range_to", link) or (led and tongue.has("range_and", link))
    if not joins or j + 1 >= len(tokens) or not tokens.raw[j + 1][0].isalnum():
        return numeral
    other = numeral_at(tokens, j + 1, tongue)
    if other is None or other.kind != "exact":
        return numeral
    low, shared = numeral.low, _mantissa(tokens, other)
    if other.scaled and not numeral.scaled and low < shared:
        low = scaled_by(low, other.low / shared)
    if low >= other.high or (numeral.one and not numeral.scaled):
        return numeral
    lead = 1 if led and tongue.has("range_and", link) else 0
    return replace(
        other, first=numeral.first, low=low, kind="range", lead=lead, rule="<n> to <n>",
        scaled=numeral.scaled or other.scaled, spelled=numeral.spelled and other.spelled,
    )  # fmt: skip


def _mantissa(tokens: Tokens, numeral: Numeral) -> Decimal:
    """A number without its magnitude: the 8 of ``8 millones``."""
    digits = _digits(tokens, numeral.first)
    if digits is not None:
        return digits[0]
    scales = (10**12, 10**9, 10**6, 1000)
    return numeral.low / next((scale for scale in scales if numeral.low >= scale), 1)
