"""Numbers of a language that are no quantities: dates, clock times, names, serial numbers."""

from __future__ import annotations

import re

from extractors.languages.tongue import Tongue
from extractors.numbers.currencies import is_code
from extractors.numbers.numeral import DASHES, Numeral
from extractors.numbers.units import unit_table
from extractors.text.number_words import is_year
from extractors.text.tokens import Tokens

_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.(?:\d{2,4})?$")
_DAYS = 31
_LINKS = frozenset(("-", "\u2013", ",", ".", "/"))
_ROW = 6  # tokens of the days before a month
_HOURS = 24
_SIGNS = frozenset(("#", "\u2116", "\u00a7"))
_ORDINALS = frozenset("\u00ba\u00aa\u00b0")
_LISTED = 100
_OF_PHONE = 3  # numbers in a row
_BODIES = frozenset(("USA", "US", "EU", "UE", "UN", "NATO", "OTAN", "ONU", "ONZ", "UK", "UNO"))


def is_plain_year(tokens: Tokens, numeral: Numeral) -> bool:
    """Whether a number may be a year: four digits without a mark or a magnitude."""
    return numeral.last == numeral.first + 1 and is_year(tokens.raw[numeral.first])


def dates_in(tokens: Tokens, tongue: Tongue) -> frozenset[int]:
    """The tokens of dates and of years."""
    out: set[int] = set()
    for k, word in enumerate(tokens.low):
        if word[0].isdecimal():
            parted = _cut_by(tokens, k, "/") or _cut_by(tokens, k, ":")
            if parted or _DATE.match(word) or _is_told_year(tokens, k, tongue):
                out.add(k)
        elif tongue.has("months", word):
            out.update(_around_month(tokens, k, tongue))
    return frozenset(out)


def _is_told_year(tokens: Tokens, k: int, tongue: Tongue) -> bool:
    if not is_year(tokens.raw[k]):
        return False
    if tongue.has("behind_year", tokens.at(k + 1)):
        return True
    before = k - 1
    if tokens.at(before) in DASHES and before and is_year(tokens.raw[before - 1]):
        return True
    if tokens.at(k + 1) in DASHES and k + 2 < len(tokens) and is_year(tokens.raw[k + 2]):
        return True
    year = tongue.has("before_year", tokens.at(before))
    return year and not tokens.at(k + 1).startswith(tongue.stems)


def _cut_by(tokens: Tokens, k: int, sign: str) -> bool:
    """Whether a number is glued to another by a sign: ``14:30``, ``03/10/2022``, ``2/3``."""
    behind = tokens.at(k + 1) == sign and tokens.glued(k + 1) and tokens.glued(k + 2)
    before = tokens.at(k - 1) == sign and tokens.glued(k) and tokens.glued(k - 1)
    return (behind and tokens.at(k + 2)[:1].isdecimal()) or (
        before and tokens.at(k - 2)[:1].isdecimal()
    )


def _around_month(tokens: Tokens, k: int, tongue: Tongue) -> list[int]:
    """The days before a month and the year behind it."""
    out = []
    i = k - 1
    while i >= 0 and i > k - _ROW:
        word = tokens.at(i)
        if word.isdecimal() and int(word) <= _DAYS:
            out.append(i)
        elif not (
            word in _LINKS
            or word in tongue.of
            or word in ("er", "re")
            or tongue.joined.at(tokens, i) is not None
            or tongue.has("range_to", word)
        ):
            break
        i -= 1
    j = k + 1 + (tokens.at(k + 1) in (".", ",", "de", "del"))
    if is_year(tokens.raw[j] if j < len(tokens) else ""):
        out.append(j)
    return out


def is_name_or_time(tokens: Tokens, numeral: Numeral, tongue: Tongue) -> bool:
    """Whether the words around a number say that it is part of a name, a time or a list."""
    i, j = numeral.opens, numeral.last
    return (
        _in_name(tokens, i, tongue)
        or _ends_in_letters(tokens, numeral, tongue)
        or _is_ordinal(tokens, numeral, tongue)
        or _is_clock(tokens, numeral, tongue)
        or _is_listed(tokens, numeral)
        or _in_row(tokens, numeral)
        or (tokens.at(j) == "." and tokens.glued(j) and tokens.at(j + 1)[:1].isdecimal()
            and tokens.glued(j + 1))
    )  # fmt: skip


def _in_name(tokens: Tokens, i: int, tongue: Tongue) -> bool:
    """``F-16``, ``RCH 155``, ``Artikel 5``, ``Art. 5``, ``Nr. 12``, ``§ 3``."""
    before = tokens.at(i - 1)
    if before in _SIGNS:
        return True
    k = i - 1
    if tokens.glued(i) and before in DASHES:
        if tokens.glued(k) and tokens.at(k - 1)[-1:].isalpha():
            return True
        k -= 1
    elif tokens.glued(i) and before[-1:].isalpha():
        return True
    if before == "." and tokens.glued(i - 1):
        k = i - 2
    if k < 0:
        return False
    if not tokens.low[i][0].isdecimal():
        return False
    if tongue.has("before_names", tokens.low[k]):
        return not (k == i - 1 and tongue.before.before(tokens, i) is not None)
    raw = tokens.raw[k]
    shouted = k == i - 1 and raw.isupper() and raw.isalpha() and raw not in _BODIES
    return (
        shouted
        and 1 < len(raw) < 5
        and tokens.low[k] not in tongue.sets["stop"]
        and (tongue.currencies.at(tokens, k) is None)
        and not _is_money_code(raw)
    )


def _is_money_code(raw: str) -> bool:
    return raw.isascii() and is_code(raw)


def _ends_in_letters(tokens: Tokens, numeral: Numeral, tongue: Tongue) -> bool:
    """``2A6``, ``3e``, ``93-тя``, ``20-köpfig``; a magnitude, a unit or a currency is read."""
    j = numeral.last
    if numeral.spelled or not tokens.glued(j):
        return False
    if tokens.at(j) in DASHES:
        j += 1
        if not tokens.glued(j):
            return False
    word = tokens.at(j)
    if not word[:1].isalpha():
        return False
    known = (
        tongue.currencies.at(tokens, j) is not None
        or tongue.units.at(tokens, j) is not None
        or tongue.percent.at(tokens, j) is not None
        or word in tongue.scales
        or tokens.raw[j] in tongue.letters
        or _is_symbol(tokens.raw[j])
    )
    return not known


def _is_symbol(raw: str) -> bool:
    table = unit_table()
    return raw in table.symbols or raw in table.loose or _is_money_code(raw)


def _is_ordinal(tokens: Tokens, numeral: Numeral, tongue: Tongue) -> bool:
    """``die 3. Brigade``, ``la 2.ª división``."""
    j = numeral.last
    if numeral.spelled or numeral.scaled or tokens.at(j) in _ORDINALS:
        return tokens.at(j) in _ORDINALS
    if tokens.at(j) != "." or not tokens.glued(j):
        return False
    if tokens.at(j + 1) in _ORDINALS:
        return True
    return tongue.ordinal_dot and tokens.at(j + 1)[:1].isalpha()


def _is_clock(tokens: Tokens, numeral: Numeral, tongue: Tongue) -> bool:
    """``14 Uhr``, ``14.30 Uhr``, ``о 14 годині``, ``a las 14``."""
    if numeral.scaled or numeral.high > _HOURS:
        return False
    i, j = numeral.first, numeral.last
    led = tongue.clock_before.before(tokens, i) is not None
    named = tongue.has("clock", tokens.at(j))
    if named and (led or tongue.units.at(tokens, j) is None):
        return True
    if tongue.has("clock", tokens.at(i - 1)) and led:
        return True
    noun = tokens.at(j)[:1].isalpha() and not tongue.has("stop", tokens.at(j))
    noun = noun or tongue.percent.at(tokens, j) is not None
    days = tongue.has("days_before", tokens.at(i - 1)) and numeral.low <= _DAYS
    return (led or (days and not numeral.spelled)) and not noun and tokens.at(j) not in ("%", "-")


def _is_listed(tokens: Tokens, numeral: Numeral) -> bool:
    """``1. Die``, ``2) лист``, ``(3)``: the number of a paragraph or an item."""
    if numeral.spelled or numeral.scaled or numeral.high >= _LISTED:
        return False
    i, j = numeral.first, numeral.last
    behind = tokens.at(j)
    if i == 0 and behind in (".", ")") and tokens.glued(j):
        return True
    if behind == ")" and tokens.glued(j):
        return tokens.at(i - 1) == "(" or "(" not in tokens.low[:i]
    return False


def _in_row(tokens: Tokens, numeral: Numeral) -> bool:
    """``030 18 24 0``, ``+380 44 123 45 67``: digits in a row, as a telephone number has them."""
    if numeral.scaled or numeral.spelled or numeral.kind != "exact":
        return False
    between = frozenset(("-", "/", "(", ")", "+"))
    count = 1
    for step, k in ((-1, numeral.first - 1), (1, numeral.last)):
        gap = 0
        while 0 <= k < len(tokens) and gap < 2 and count < _OF_PHONE:
            word = tokens.at(k)
            if word[0].isdecimal():
                count, gap = count + 1, 0
            elif word in between:
                gap += 1
            else:
                break
            k += step
    return count >= _OF_PHONE
