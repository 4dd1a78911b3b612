"""Numbers in words and digits, and ranges of them.

A :class:`Numeral` is a stretch of tokens that states a number; what it counts is decided later.
The grammar is here, its words are in ``catalogue/numerals.toml``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from extractors.catalogue import load
from extractors.tokens import Tokens

_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?$|\d{1,3}(?:\u00a0\d{3})+$")
_LAKHS = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}$")
_POINTED = re.compile(r"\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?$|[1-9]\d{0,2}\.000$|\d{1,3}(?:\.\d{3})+,\d+$")
_DECIMAL = re.compile(r"\d+\.\d+$")
_COMMA_DECIMAL = re.compile(r"\d+,\d{1,2}$")
_ARTICLES = frozenset(("a", "an"))
_DASHES = frozenset(("-", "\u2013", "\u2014"))
HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Numeral:
    """Tokens ``first`` to ``last`` (exclusive) that state a number.

    ``kind`` is ``exact``, ``range``, ``vague`` or ``share`` (then the numbers are percentages).
    ``scaled``: a word such as *million* or a suffix such as *bn* took part. ``spelled``: no digit
    took part. ``suffix`` is the factor of a glued letter behind it that is a scale only beside a
    currency or before people (``$20m``), and that the span does not hold yet.
    """

    first: int
    last: int
    low: Decimal
    high: Decimal
    kind: str
    scaled: bool = False
    spelled: bool = False
    suffix: int = 0
    rule: str = "<n>"

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


@dataclass(frozen=True, slots=True)
class _Words:
    words: dict[str, int]
    scales: dict[str, int]
    suffixes: dict[str, int]
    weak: dict[str, int]
    vague: dict[str, int]
    fractions: dict[str, Decimal]


@cache
def vocabulary() -> _Words:
    """The words of the catalogue, in the tables that the grammar asks."""
    data = load("numerals")
    scales = data["scales"]
    return _Words(
        words=data["words"],
        scales={w: s["factor"] for w, s in scales.items() if not s.get("suffix")},
        suffixes={
            w: s["factor"]
            for w, s in scales.items()
            if s.get("suffix") and not s.get("after_money_only")
        },
        weak={w: s["factor"] for w, s in scales.items() if s.get("after_money_only")},
        vague=data["vague"],
        fractions={w: Decimal(str(p)) for w, p in data["fractions"].items()},
    )


@cache
def anchors() -> tuple[str, ...]:
    """Every word with which a number in words can begin, for the scan of a whole document."""
    v = vocabulary()
    return tuple(dict.fromkeys([*v.words, *v.vague, "dozen", "hundred", "thousand", "million",
                                "billion", "trillion", "half", "third", "quarter"]))  # fmt: skip


def digits(text: str) -> Decimal | None:
    """The number that a token of digits and separators states; None where it states none."""
    if text.isdecimal():
        return Decimal(text)
    if _GROUPED.match(text) or _LAKHS.match(text):
        return Decimal(text.replace(",", "").replace("\u00a0", ""))
    if _POINTED.match(text):
        return Decimal(text.replace(".", "").replace(",", "."))
    if _DECIMAL.match(text):
        return Decimal(text)
    if _COMMA_DECIMAL.match(text):
        return Decimal(text.replace(",", "."))
    return None


def find_numerals(tokens: Tokens) -> list[Numeral]:
    """All numerals of a sentence, from left to right, ranges joined, none overlapping."""
    singles: list[Numeral] = []
    i, n = 0, len(tokens)
    while i < n:
        numeral = _share(tokens, i) or _vague(tokens, i) or _single(tokens, i)
        if numeral is None:
            i += 1
        else:
            singles.append(numeral)
            i = numeral.last
    return _join_ranges(tokens, singles)


def _single(tokens: Tokens, i: int) -> Numeral | None:
    """A number in digits or in words, with its scales: ``1.2 million``, ``two and a half``."""
    word = tokens.low[i]
    if word[0].isdigit():
        return _in_digits(tokens, i)
    if len(word) == 1 and unicodedata.category(word) == "No":
        return _vulgar(tokens, i)
    return _in_words(tokens, i)


def _vulgar(tokens: Tokens, i: int) -> Numeral | None:
    """A fraction character such as one half, alone."""
    value = Decimal(str(unicodedata.numeric(tokens.low[i])))
    return _scaled(tokens, Numeral(i, i + 1, value, value, "exact"))


def _in_digits(tokens: Tokens, i: int) -> Numeral | None:
    value = digits(tokens.low[i])
    if value is None:
        return None
    n = len(tokens)
    j = i + 1
    if tokens.raw[i].isdecimal() and len(tokens.raw[i]) <= 3:
        j, value = _spaced_groups(tokens, i, value)
    if (
        j + 1 < n
        and tokens.low[j] in ("/", "\u2044")
        and tokens.glued(j)
        and tokens.glued(j + 1)
        and tokens.raw[j + 1].isdecimal()
        and tokens.raw[j - 1].isdecimal()
    ):
        below = Decimal(tokens.raw[j + 1])
        if below and value < below <= 100 and not (j + 2 < n and tokens.low[j + 2] == "/"):
            value = value / below
            j += 2
    elif j + 2 < n and tokens.raw[j].isdecimal() and tokens.low[j + 1] == "/":
        upper, below = tokens.raw[j], tokens.raw[j + 2]
        if below.isdecimal() and tokens.glued(j + 1) and Decimal(upper) < Decimal(below) <= 16:
            value += Decimal(upper) / Decimal(below)
            j += 3
    elif j < n and len(tokens.raw[j]) == 1 and unicodedata.category(tokens.raw[j]) == "No":
        value += Decimal(str(unicodedata.numeric(tokens.raw[j])))
        j += 1
    return _scaled(tokens, Numeral(i, j, value, value, "exact"))


def _spaced_groups(tokens: Tokens, i: int, value: Decimal) -> tuple[int, Decimal]:
    """Thousands set apart by ordinary blanks (``22 500``), where nothing speaks against it."""
    j = i + 1
    before = tokens.raw[i - 1] if i else ""
    if before and (before[0].isdigit() or before in ("-", "/") or before[0].isupper()):
        return j, value
    grown = value
    while (
        j < len(tokens)
        and len(tokens.raw[j]) == 3
        and tokens.raw[j].isdecimal()
        and tokens.start[j] == tokens.end[j - 1] + 1
    ):
        grown = grown * 1000 + Decimal(tokens.raw[j])
        j += 1
    follows_letter = j < len(tokens) and tokens.glued(j) and tokens.raw[j][0].isalpha()
    if j == i + 1 or follows_letter or value == 0:
        return i + 1, value
    return j, grown


def _scaled(tokens: Tokens, numeral: Numeral) -> Numeral:
    """Take in the scales that follow: ``million``, ``hundred thousand``, ``-million``, ``bn``."""
    v = vocabulary()
    j, low, high, scaled = numeral.last, numeral.low, numeral.high, numeral.scaled
    n = len(tokens)
    while j < n:
        k = j
        if tokens.low[k] in _DASHES and tokens.glued(k) and k + 1 < n and tokens.glued(k + 1):
            k += 1
        word = tokens.low[k]
        factor = v.scales.get(word) or v.suffixes.get(word)
        if factor is None:
            break
        if k > j and (k + 1 < n and tokens.glued(k + 1) and tokens.low[k + 1] in _DASHES):
            pass  # "15-million-dollar": still a scale
        low, high, scaled = low * factor, high * factor, True
        j = k + 1
    suffix = 0
    if not scaled and j < n and tokens.glued(j) and not numeral.spelled:
        letter = tokens.low[j]
        ends = j + 1 >= n or not tokens.glued(j + 1) or not tokens.raw[j + 1][0].isalnum()
        suffix = v.weak.get(letter, 0) if ends else 0
    return replace(numeral, last=j, low=low, high=high, scaled=scaled, suffix=suffix)


def _in_words(tokens: Tokens, i: int) -> Numeral | None:
    """``twenty-five``, ``a hundred``, ``half a million``, ``two and a half billion``."""
    v = vocabulary()
    n = len(tokens)
    word = tokens.low[i]
    j = i
    total = Decimal(0)
    current: Decimal | None = None
    scaled = False
    if word in _ARTICLES:
        if i + 1 < n and tokens.low[i + 1] in v.scales:
            return _scaled(tokens, Numeral(i, i + 1, Decimal(1), Decimal(1), "exact", spelled=True))
        return None
    if word == "half":
        k = i + 1
        while k < n and tokens.low[k] in ("-", "a", "an"):
            k += 1
        if k > i + 1 and k < n and tokens.low[k] in v.scales:
            return _scaled(tokens, Numeral(i, k, HALF, HALF, "exact", spelled=True))
        return None
    while j < n:
        k = j
        if j > i and tokens.low[j] in ("-", "\u2013") and j + 1 < n:
            k = j + 1
        word = tokens.low[k]
        number = v.words.get(word)
        if number is not None and _continues(current, number, hyphen=k > j):
            current = Decimal(number) if current is None else current + number
            j = k + 1
        elif word in v.scales and current is not None and word != "dozen":
            factor = v.scales[word]
            scaled = True
            if factor == 100:
                current *= 100
            else:
                total += current * factor
                current = None
                if not _number_follows(tokens, k + 1):
                    j = k + 1
                    break
            j = k + 1
        elif word == "dozen" and current is not None:
            current, scaled, j = current * 12, True, k + 1
        elif word == "and" and current is not None and _half_follows(tokens, k + 1):
            current, j = current + HALF, k + 3
        elif word == "and" and scaled and _small_follows(tokens, k + 1, current):
            j = k + 1
        elif word == "point" and current is not None and _digit_word(tokens, k + 1) is not None:
            tail = ""
            k += 1
            while (digit := _digit_word(tokens, k)) is not None:
                tail, k = tail + str(digit), k + 1
            current, j = current + Decimal(f"0.{tail}"), k
        else:
            break
    if j == i:
        return None
    value = total + (current or 0)
    return _scaled(tokens, Numeral(i, j, value, value, "exact", scaled=scaled, spelled=True)) if (
        not scaled or current is not None
    ) else Numeral(i, j, value, value, "exact", scaled=True, spelled=True)  # fmt: skip


def _continues(current: Decimal | None, number: int, *, hyphen: bool) -> bool:
    """Whether a number word goes on with the number so far: twenty five, two hundred five."""
    if current is None:
        return not hyphen
    if number < 10:
        return bool(number) and (current % 100 == 0 or 20 <= current % 100 and current % 10 == 0)
    return number < 100 and current >= 100 and current % 100 == 0 and not hyphen


def _number_follows(tokens: Tokens, k: int) -> bool:
    v = vocabulary()
    if k < len(tokens) and tokens.low[k] == "and":
        k += 1
    return k < len(tokens) and tokens.low[k] in v.words


def _half_follows(tokens: Tokens, k: int) -> bool:
    return k + 1 < len(tokens) and tokens.low[k] == "a" and tokens.low[k + 1] == "half"


def _small_follows(tokens: Tokens, k: int, current: Decimal | None) -> bool:
    v = vocabulary()
    if k >= len(tokens) or tokens.low[k] not in v.words:
        return False
    return current is None or current % 100 == 0


def _digit_word(tokens: Tokens, k: int) -> int | None:
    number = vocabulary().words.get(tokens.low[k]) if k < len(tokens) else None
    return number if number is not None and number < 10 else None


def _vague(tokens: Tokens, i: int) -> Numeral | None:
    """``dozens``, ``tens of thousands``, ``several hundred``: this number or more."""
    v = vocabulary()
    n = len(tokens)
    word = tokens.low[i]
    if word in ("several", "few") and i + 1 < n and v.scales.get(tokens.low[i + 1], 0) >= 12:
        value = Decimal(v.scales[tokens.low[i + 1]])
        j = i + 2
        while j < n and tokens.low[j] in v.scales:
            value, j = value * v.scales[tokens.low[j]], j + 1
        return Numeral(i + 1, j, value, value, "vague", scaled=True, spelled=True, rule="several <n>")
    if word not in v.vague:
        return None
    value, j = Decimal(v.vague[word]), i + 1
    while j + 1 < n and tokens.low[j] == "of" and tokens.low[j + 1] in v.vague:
        value, j = value * v.vague[tokens.low[j + 1]], j + 2
    of_follows = j < n and tokens.low[j] == "of"
    if word in ("tens", "scores") and j == i + 1 and not of_follows:
        return None
    return Numeral(i, j, value, value, "vague", scaled=True, spelled=True, rule="<vague number>")


def _share(tokens: Tokens, i: int) -> Numeral | None:
    """``two-thirds``, ``a quarter``, ``half``, ``one in five``, ``nine out of ten``: a share."""
    v = vocabulary()
    n = len(tokens)
    word = tokens.low[i]
    if word == "half" and not (_in_words(tokens, i) or _vague(tokens, i)):
        return Numeral(i, i + 1, Decimal(50), Decimal(50), "share", spelled=True, rule="half")
    count = 1 if word in _ARTICLES else v.words.get(word)
    if count is None and word.isdecimal() and len(word) <= 3:
        count = int(word)
    if count is None or not 0 < count < 1000:
        return None
    k = i + 1
    if k < n and tokens.low[k] == "-":
        k += 1
    if k >= n:
        return None
    share = v.fractions.get(tokens.low[k])
    plural = tokens.low[k].endswith("s") or tokens.low[k] == "half"
    if share is not None and not word.isdecimal() and (plural == (count > 1) or word in _ARTICLES):
        percent = (share * count).quantize(Decimal("0.01"))
        if count > 1 and share == Decimal("33.33"):
            percent = Decimal("66.67")
        number = percent.normalize()
        return Numeral(i, k + 1, number, number, "share", spelled=True, rule="<fraction>")
    out_of = 3 if tokens.low[k : k + 2] == ("out", "of") else 1 if tokens.low[k] == "in" else 0
    if out_of and word not in _ARTICLES and tokens.low[k - 1] != "-":
        k += out_of - (1 if out_of == 3 else 0)
        base = _base_of_share(tokens, k)
        if base and count < base and (out_of == 3 or base <= 10):
            percent = (Decimal(100 * count) / base).quantize(Decimal("0.01")).normalize()
            return Numeral(i, k + 1, percent, percent, "share", spelled=True, rule="<n> in <n>")
    return None


def _base_of_share(tokens: Tokens, k: int) -> int:
    if k >= len(tokens):
        return 0
    word = tokens.low[k]
    follower = tokens.low[k + 1] if k + 1 < len(tokens) else ""
    if word.isdecimal() and len(word) <= 4:
        base = int(word)
    else:
        base = vocabulary().words.get(word, 0)
    # "one in 10 January" or "two in five regions" would be something else
    return base if base >= 2 and follower not in ("-", "%", ":", "million") else 0


_CHANGES = frozenset(
    "rose rise risen rising increased increase increasing raised raise raising grew grown grow"
    " growing jumped climbed surged soared went up down fell fall fallen falling dropped drop"
    " decreased decrease declined decline reduced reduce cut lowered shrank expanded expand by"
    " plunged tumbled slid sank dipped doubled tripled upgraded compared".split()
)


def _join_ranges(tokens: Tokens, singles: list[Numeral]) -> list[Numeral]:
    """Put the two ends of a range together: ``20-30``, ``between 20 and 30``, ``5 or 6``."""
    out: list[Numeral] = []
    for numeral in singles:
        joined = _range(tokens, out[-1], numeral) if out else None
        if joined is not None:
            out[-1] = joined
        else:
            out.append(numeral)
    return out


def _range(tokens: Tokens, a: Numeral, b: Numeral) -> Numeral | None:
    """The range that two neighbouring numerals make, if they make one."""
    if "share" in (a.kind, b.kind) or "range" in (a.kind, b.kind):
        return None
    if a.kind == "vague" or b.kind == "vague":
        return None
    link = _link(tokens, a, b)
    if link is None:
        return None
    connector, first = link
    low, high = a.low, b.low
    if a.suffix and b.suffix and a.suffix == b.suffix:
        pass
    elif b.suffix and not a.scaled and not a.suffix:
        pass
    elif b.scaled and not a.scaled and not a.suffix:
        factor = _factor(tokens, b)
        if factor and low < high / factor and (low >= 1 or a.spelled or "." in tokens.low[a.first]):
            low *= factor
    if connector == "or" and not (low < high <= low * 2 and (not a.scaled or b.scaled)):
        return None
    if not low < high:
        return None
    span_first = first if tokens.low[first] == "between" else a.first
    return Numeral(
        span_first,
        b.last,
        low,
        high,
        "range",
        a.scaled or b.scaled,
        a.spelled and b.spelled,
        b.suffix,
        f"<n> {connector} <n>",
    )


def _factor(tokens: Tokens, numeral: Numeral) -> Decimal:
    """By how much the scales of a numeral multiply its first number."""
    bare = _single_bare(tokens, numeral.first)
    return numeral.low / bare if bare else Decimal(0)


def _single_bare(tokens: Tokens, i: int) -> Decimal | None:
    word = tokens.low[i]
    if word[0].isdigit():
        return digits(word)
    number = vocabulary().words.get(word)
    return Decimal(number) if number else None


_is_unit: Callable[[str], bool] = frozenset(
    "$ \u20ac \u00a3 \u00a5 \u20b4 \u20bd % percent eur usd gbp us nok sek dkk chf czk pln".split()
).__contains__


def _link(tokens: Tokens, a: Numeral, b: Numeral) -> tuple[str, int] | None:
    """The word between the ends of a range, and the token with which the range begins.

    A currency may stand again before the second end, and a unit behind the first.
    """
    between = [k for k in range(a.last, b.first)]
    if a.suffix:
        between = between[1:]
    words = [tokens.low[k] for k in between]
    while words and _is_unit(words[-1]):
        words.pop()
        between.pop()
    if len(words) == 2 and (_is_unit(words[0]) or _same_unit(tokens, words[0], b)):
        words.pop(0)
        between.pop(0)
    if len(words) == 3 and words[0] == "per" and words[1] == "cent":
        words, between = words[2:], between[2:]
    if len(words) != 1:
        return None
    first = a.first
    while first and (_is_unit(tokens.low[first - 1])):
        first -= 1
    before = tokens.low[first - 1] if first else ""
    connector, k = words[0], between[0]
    if connector in _DASHES:
        tight = tokens.glued(k) and tokens.glued(k + 1)
        spaced = connector == "\u2013" and not tokens.glued(k) and not tokens.glued(k + 1)
        return ("-", first) if tight or spaced else None
    if connector == "and" and before in ("between", "from"):
        return ("and", first - 1)
    if connector in ("to", "through"):
        near = tokens.low[max(0, first - 9) : first]
        if before == "from" and any(w in _CHANGES for w in near):
            return None
        if before in ("by", "%", "percent") or (near and near[-1] in _CHANGES):
            return None
        return ("to", first - 1 if before in ("from", "between") else first)
    if connector == "or":
        return ("or", first)
    return None


def _same_unit(tokens: Tokens, word: str, b: Numeral) -> bool:
    """Whether the word behind the first end stands behind the second end as well."""
    return b.last < len(tokens) and word.isalpha() and tokens.low[b.last] == word
