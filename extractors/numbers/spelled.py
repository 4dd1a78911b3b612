"""Numbers in words: ``twenty-five``, ``a hundred``, ``two and a half billion``, ``dozens``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from extractors.numbers.numeral import ARTICLES, Numeral, past_hyphen, past_slip, with_scales
from extractors.text.number_words import vocabulary
from extractors.text.tokens import Tokens
from extractors.text.words import is_plural, word_set

_HALF = Decimal("0.5")
_MILLION = 1_000_000
_FEW = frozenset(("several", "few"))


@dataclass(slots=True)
class _Sum:
    """A number in words as far as it is read: the thousands that are closed, and the open group."""

    total: Decimal = Decimal(0)
    group: Decimal | None = None
    scale: int = 0
    scaled: bool = False

    def takes(self, number: int, *, hyphen: bool) -> bool:
        """Whether a number word goes on with the number so far: twenty five, two hundred five."""
        group = self.group
        if group is None:
            return not (hyphen and self.scale)
        if number < 10:
            tens = group % 100
            return number > 0 and ((tens == 0 and group >= 100) or (tens >= 20 and tens % 10 == 0))
        return group >= 100 and group % 100 == 0 and not hyphen

    def add(self, number: int | Decimal) -> None:
        """Add a number word to the open group."""
        self.group = number + (self.group or Decimal(0))

    def multiply(self, factor: int) -> bool:
        """Multiply by a scale; False where the scale cannot stand here."""
        if self.group is None:
            return self._thousands_of(factor)
        if factor < 1000:
            if self.group >= 100:
                return False
            self.group *= factor
        else:
            if self.scale and factor >= self.scale:
                return False
            self.total += self.group * factor
            self.group, self.scale = None, factor
        self.scaled = True
        return True

    def _thousands_of(self, factor: int) -> bool:
        """``a thousand million``: a scale right behind *thousand*."""
        if self.scale != 1000 or factor not in (1_000_000, 1_000_000_000):
            return False
        self.total, self.scale = self.total * factor, factor
        return True

    @property
    def value(self) -> Decimal:
        return self.total + (self.group or 0)


def number_in_words(tokens: Tokens, i: int) -> Numeral | None:
    """``a hundred and fifty thousand``, ``twenty-five``, ``two point five million``."""
    v = vocabulary()
    total = _Sum()
    j = i
    if tokens.low[i] in ARTICLES:
        if past_hyphen(tokens, i + 1) != i + 1 or tokens.at(i + 1) not in v.scales:
            return None
        total.add(1)
        j = i + 1
    closed, whole = j, total.total
    while (following := _step(tokens, j, total)) is not None:
        j = following
        if total.group is None:
            closed, whole = j, total.total
    if total.group is None and not total.scale:
        return None
    value = total.value
    if total.scale and tokens.at(past_hyphen(tokens, j)) in v.scales:
        j, value = closed, whole  # "two million, three million": the second is a number of its own
    numeral = Numeral(i, j, value, value, "exact", scaled=total.scaled, spelled=True)
    return numeral if total.scale else with_scales(tokens, numeral)


def _step(tokens: Tokens, j: int, total: _Sum) -> int | None:
    """Take in the word at token j; the token behind it, None where the number ends before it."""
    v = vocabulary()
    k = past_hyphen(tokens, j)
    word = tokens.at(k)
    number = v.words.get(word)
    if number is not None:
        if not total.takes(number, hyphen=k > j):
            return None
        total.add(number)
        return k + 1
    if word in v.scales:
        return k + 1 if total.multiply(v.scales[word]) else None
    if word == "and":
        return _and(tokens, k, total)
    if word == "," and total.group is None and total.scale:
        hundreds = v.words.get(tokens.at(k + 1), 0)  # "five thousand, six hundred"
        if 0 < hundreds < 10 and tokens.at(k + 2) == "hundred":
            total.add(hundreds)
            return k + 2
        return None
    if word == "point" and total.group is not None:
        tail, k = _decimals(tokens, k + 1)
        if tail:
            total.add(Decimal(f"0.{tail}"))
            return k
    return None


def _and(tokens: Tokens, k: int, total: _Sum) -> int | None:
    """``two and a half``, ``a million and a half``, ``two hundred and five``; else None."""
    article = past_hyphen(tokens, k + 1)
    half = past_hyphen(tokens, article + 1)
    if tokens.at(article) == "half" and tokens.at(article + 1) in (
        "year",
        "years",
        "months",
        "weeks",
    ):
        half = article  # "three and half years"
    if half == article or (tokens.at(article) in ARTICLES and tokens.at(half) == "half"):
        if total.group is None and not total.scale:
            return None
        total.add(_HALF if total.group is not None else _HALF * total.scale)
        return half + 1
    part = _fraction_of_scale(tokens, article, half)
    if part is not None and total.group is not None and not total.scale:
        total.add(part[0])
        return part[1]
    number = vocabulary().words.get(tokens.at(k + 1))
    if number is None or not total.scaled or not total.takes(number, hyphen=False):
        return None
    return k + 1


def _fraction_of_scale(tokens: Tokens, first: int, second: int) -> tuple[Decimal, int] | None:
    """``a third billion``, ``three-quarters million``: what follows *and* before a scale."""
    v = vocabulary()
    count = 1 if tokens.at(first) in ARTICLES else v.words.get(tokens.at(first), 0)
    share = v.fractions.get(tokens.at(second))
    if not count or share is None or tokens.at(second + 1) not in v.scales:
        return None
    whole = (100 / share).to_integral_value()
    return Decimal(count) / whole, second + 1


def _decimals(tokens: Tokens, k: int) -> tuple[str, int]:
    """The digits named one by one from token k on."""
    words = vocabulary().words
    tail = ""
    while len(tail) < 9 and words.get(tokens.at(k), 10) < 10:
        tail, k = tail + str(words[tokens.at(k)]), k + 1
    return tail, k


def scale_alone(tokens: Tokens, i: int) -> Numeral | None:
    """``thousand shells``, ``Hundred soldiers``: a scale without a number before its noun."""
    factor = vocabulary().scales.get(tokens.low[i], 0)
    before = tokens.at(i - 1)
    if factor < 100 or before[:1].isdecimal() or before in ("-", "%"):
        return None
    if before in word_set("scale_alone", "not_behind") or before in vocabulary().vague:
        return None
    one = with_scales(tokens, Numeral(i, i + 1, Decimal(factor), Decimal(factor), spelled=True))
    if before == "the" and one.high < _MILLION // 10:
        return None  # "the thousand islands"
    j = past_hyphen(tokens, one.last)
    counted = is_plural(tokens.at(j)) or tokens.at(j) in word_set("scale_alone", "paid")
    return replace(one, scaled=True) if counted else None


def part_of_scale(tokens: Tokens, i: int) -> Numeral | None:
    """``half a million``, ``quarter million``, ``three quarters of a billion``, ``half-dozen``."""
    v = vocabulary()
    j = i
    count = v.words.get(tokens.low[i], 1 if tokens.low[i] in ARTICLES else 0)
    if count:
        j = past_hyphen(tokens, i + 1)
    share = v.fractions.get(tokens.at(j))
    if share is None:
        return None
    k = past_hyphen(tokens, j + 1)
    k += tokens.at(k) == "of"
    if tokens.at(k) in ARTICLES:
        k = past_hyphen(tokens, k + 1)
    if tokens.at(k) not in v.scales:
        return None
    value = share * max(count, 1) / 100
    return with_scales(tokens, Numeral(i, k, value, value, spelled=True))


def vague_number(tokens: Tokens, i: int) -> Numeral | None:
    """``dozens``, ``tens of thousands``, ``several hundred``: this number or more."""
    v = vocabulary()
    word = tokens.low[i]
    if word in _FEW or word == "couple":
        one = Decimal(1)
        k = i + 1 + (word == "couple" and tokens.at(i + 1) == "of")
        several = with_scales(tokens, Numeral(k, k, one, one, "vague", spelled=True))
        if word == "couple":
            several = replace(several, low=2 * several.low, high=2 * several.high)
        return several if several.scaled and several.low >= 12 else None
    if word not in v.vague:
        return None
    value, j = Decimal(v.vague[word]), i + 1
    while tokens.at(j) == "of" and j < i + 6:
        k = past_slip(tokens, j + 1, v.vague)
        if tokens.at(k) not in v.vague:
            break
        value, j = value * v.vague[tokens.low[k]], k + 1
    value, j = _said_again(tokens, j, value)
    vague = Numeral(i, j, value, value, "vague", True, True, rule="<vague number>")
    if word in ("tens", "scores") and j == i + 1 and tokens.at(j) != "of":
        return None if word == "tens" or tokens.at(j) != "more" else vague
    return vague


def _said_again(tokens: Tokens, j: int, value: Decimal) -> tuple[Decimal, int]:
    """``millions upon millions``, ``tens if not hundreds of thousands``: one number, as much as the
    first word says."""
    vague = vocabulary().vague
    k = j + (2 if tokens.follows(j, ("if", "not")) else 1)
    if tokens.at(k) not in vague or tokens.at(k - 1) not in ("not", "upon"):
        return value, j
    scale, k = 1, k + 1
    while tokens.at(k) == "of" and tokens.at(k + 1) in vague:
        scale, k = scale * vague[tokens.low[k + 1]], k + 2
    return value * scale, k
