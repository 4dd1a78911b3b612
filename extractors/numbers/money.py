"""Amounts of money: ``$625 million``, ``EUR 52 million``, ``10 EUR million``, ``100m USD``."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache

from extractors.catalogue import load
from extractors.numbers.currencies import (
    DOLLAR,
    Currency,
    Home,
    also_people,
    garbled,
    is_word,
    multiplied_code,
    names,
    symbols,
)
from extractors.numbers.designators import ends_a_name
from extractors.numbers.digits import number_in_digits
from extractors.numbers.numeral import DASHES, Numeral, is_integer
from extractors.numbers.quantity import Quantity, scaled_by
from extractors.numbers.spelled import number_in_words
from extractors.text.number_words import is_year, vocabulary
from extractors.text.tokens import Tokens
from extractors.text.words import word_set

_THOUSAND = 1000
_WIDEST = 3  # tokens of a sign: "U.S.$", "Y="
_LETTERS = frozenset(("m", "M", "b", "B"))
_PENCE = "p"
_CARRIED = 6  # tokens from what carries a load to its pounds
_SCREEN_LINES = frozenset((240, 360, 480, 720, 1080, 1440, 2160))
_ENDS = frozenset(("", ".", ",", ";", "!", "?", ")", "more"))


def money(tokens: Tokens, numeral: Numeral, home: Home, floor: int = 0) -> Quantity | None:
    """The amount that a numeral states, None where no currency stands beside it.

    Tokens before ``floor`` belong to the figure before (``10 $ 30 $``).
    """
    if numeral.kind == "share":
        return None
    before = _sign_before(tokens, numeral) or _code_before(tokens, numeral)
    if before is not None and before[1] >= floor:
        return _prefixed(tokens, numeral, home, *before)
    return (
        _code_behind(tokens, numeral, home)
        or _name_behind(tokens, numeral, home)
        or _inside(tokens, numeral, home)
        or _name_before(tokens, numeral, home, floor)
    )


def _prefixed(
    tokens: Tokens, numeral: Numeral, home: Home, currency: Currency, first: int
) -> Quantity | None:
    """An amount whose currency stands before it, and may be said again behind (``$5m CAD``)."""
    grown = _with_letter(tokens, numeral)
    code, last = home.code(currency), grown.last
    if currency.code == DOLLAR:
        again = multiplied_code(tokens.raw[last]) if last < len(tokens) else None
        name = names().at(tokens, last) if last < len(tokens) else None
        if again is not None:
            code, last = again[0], last + 1
        elif name is not None and not name.entry.minor:
            code, last = home.code(name.entry), name.last
    if code is None:
        return None
    sign = -1 if tokens.at(grown.first - 1) == "-" and first < grown.first - 1 else 1
    if tokens.at(first - 1) == "-" and tokens.glued(first) and not tokens.glued(first - 1):
        first, sign = first - 1, -1  # "at -$5 million"
    if currency.code == DOLLAR and tokens.raw[last : last + 1] == ("US",):
        behind = tokens.at(last + 1)
        if not behind[:1].isalpha() or behind in word_set("phrase", "stop"):
            code = "USD"  # "$20 million US per year"
    return _amount(grown, first, last, code, "<currency> <n>", currency.factor * sign)


def _with_letter(tokens: Tokens, numeral: Numeral) -> Numeral:
    """The numeral with its suffix, glued or apart: ``$500m``, ``$500 M``, ``$2 b``."""
    grown, j = numeral.with_suffix(), numeral.last
    if grown.scaled or numeral.spelled or tokens.glued(j) or j >= len(tokens):
        return grown
    if tokens.raw[j] not in _LETTERS or (tokens.at(j + 1) in ("'", ".") and tokens.glued(j + 2)):
        return grown
    factor = vocabulary().weak[tokens.low[j]]
    low, high = grown.low * factor, grown.high * factor
    return replace(grown, last=j + 1, low=low, high=high, scaled=True)


def _sign_before(tokens: Tokens, numeral: Numeral) -> tuple[Currency, int] | None:
    """The currency sign that ends where a numeral begins, and its first token."""
    i = numeral.first
    if i > 1 and tokens.low[i - 1] == "-" and tokens.glued(i) and tokens.glued(i - 1):
        i -= 1  # "$-50.8bn"
    if not i or tokens.raw[i - 1][-1] not in _last_of_signs():
        return None
    for first in range(max(0, i - _WIDEST), i):
        if all(tokens.glued(k) for k in range(first + 1, i)) and not _inside_word(tokens, first):
            written = "".join(tokens.raw[first:i])
            currency = symbols().get(written) or _coded_sign(written)
            if currency is not None:
                return _with_country(tokens, first, currency)
            if written in garbled() and tokens.glued(i) and _large(tokens, numeral):
                return garbled()[written], first
    return None


@cache
def _last_of_signs() -> frozenset[str]:
    """The characters with which a currency sign ends."""
    return frozenset(sign[-1] for sign in (*symbols(), *garbled(), DOLLAR))


def _inside_word(tokens: Tokens, first: int) -> bool:
    """Whether letters or digits before token first belong to the same written word."""
    if not tokens.glued(first) or not tokens.raw[first][0].isalnum():
        return False
    return tokens.raw[first - 1][-1].isalnum()


def _coded_sign(written: str) -> Currency | None:
    """``MXN$``: a code with a sign behind it."""
    if not written.endswith(DOLLAR):
        return None
    found = multiplied_code(written[:-1].upper())
    return Currency(found[0]) if found is not None and found[1] == 1 else None


def _with_country(tokens: Tokens, first: int, currency: Currency) -> tuple[Currency, int]:
    """A sign whose country stands apart before it: ``HK $20``, ``US $58``, ``c $ 5 million``."""
    word = tokens.raw[first - 1] if first else ""
    if currency.code != DOLLAR or not word.isalpha() or word in ("A", "a"):
        return currency, first
    full = symbols().get(f"{word.upper()}{DOLLAR}")
    if full is None or not (word.isupper() or len(word) == 1):
        return currency, first
    # "US" is as often the adjective of what is paid for, and stays outside
    return full, first if word == "US" else first - 1


def _large(tokens: Tokens, numeral: Numeral) -> bool:
    return bool(numeral.scaled or numeral.suffix) or "," in tokens.low[numeral.first]


def _code_before(tokens: Tokens, numeral: Numeral) -> tuple[Currency, int] | None:
    """``EUR 52 million``, ``MEUR 60``; a sign before the code is the code's: ``$AUD 5 million``."""
    i = numeral.first
    found = multiplied_code(tokens.raw[i - 1]) if i else None
    if found is None or numeral.spelled or _inside_word(tokens, i - 1):
        return None
    code, factor = found
    if is_word(code) and not _large(tokens, numeral):
        return None
    signed = i > 1 and tokens.at(i - 2) in symbols() and tokens.glued(i - 1)
    return Currency(code, Decimal(factor)), i - 2 if signed else i - 1


def _code_behind(tokens: Tokens, numeral: Numeral, home: Home) -> Quantity | None:
    """``100m USD``, ``92 EUR million``, ``15 €``, ``118.5p``."""
    grown = _with_loose_scale(tokens, numeral)
    j = grown.last
    if j >= len(tokens):
        return None
    raw = tokens.raw[j]
    found = multiplied_code(raw) if _is_currency(tokens, j) else None
    if _is_dated(tokens, grown, j):
        return None
    if found is not None and not is_word(found[0]):
        code, factor = found
        scale = vocabulary().scales.get(tokens.at(j + 1), 1)
        if scale > 1 and not grown.scaled:
            first, rule = grown.opens, "<n> <currency> <scale>"
            return _amount(grown, first, j + 2, code, rule, Decimal(scale))
        amount = _amount(grown, grown.opens, j + 1, code, "<n> <currency>", Decimal(factor))
        return amount if factor > 1 or scale > 1 else _with_cents(tokens, amount, j + 1)
    if raw == _PENCE and tokens.glued(j) and not numeral.spelled and not numeral.scaled:
        return _pence(tokens, numeral, j)
    sign = symbols().get(raw)
    if sign is None or numeral.spelled or _opens_amount(tokens, j, raw):
        return None
    sign_code = home.code(sign)
    if sign_code is None:
        return None
    behind = 1 if grown.scaled else vocabulary().scales.get(tokens.at(j + 1), 1)
    if behind >= _THOUSAND:  # "30$ million"
        rule = "<n> <currency> <scale>"
        return _amount(grown, grown.opens, j + 2, sign_code, rule, Decimal(behind))
    return _amount(grown, grown.opens, j + 1, sign_code, "<n> <currency>")


def _is_dated(tokens: Tokens, numeral: Numeral, j: int) -> bool:
    """Whether a number is a year, and the currency at token j that of a large amount behind it:
    ``since 2005 LTL 31 million``."""
    if numeral.scaled or not is_year(tokens.raw[numeral.first]):
        return False
    before, amount = tokens.at(numeral.first - 1), tokens.at(j + 1)
    dated = before in load("calendar")["before_year"] or before in load("calendar")["months"]
    large = "," in amount or tokens.at(j + 2) in vocabulary().scales
    return dated and amount[:1].isdecimal() and large


def _with_loose_scale(tokens: Tokens, numeral: Numeral) -> Numeral:
    """The numeral with its suffix: glued, apart before a code (``215 m ISK``), or with a full stop
    (``440 mil. NOK``)."""
    grown = numeral.with_suffix()
    j = grown.last
    if grown.scaled and tokens.at(j) == "." and tokens.glued(j):
        return replace(grown, last=j + 1) if _is_currency(tokens, j + 1) else grown
    factor = vocabulary().weak.get(tokens.at(j), 0)
    if grown.scaled or grown.spelled or not factor or not _is_currency(tokens, j + 1):
        return grown
    low, high = grown.low * factor, grown.high * factor
    return replace(grown, last=j + 1, low=low, high=high, scaled=True)


def _is_currency(tokens: Tokens, j: int) -> bool:
    """Whether a code stands at token j, and no name such as ``BWP-1``."""
    if j >= len(tokens) or multiplied_code(tokens.raw[j]) is None:
        return False
    return not (tokens.at(j + 1) == "-" and tokens.glued(j + 1) and tokens.glued(j + 2))


def _pence(tokens: Tokens, numeral: Numeral, j: int) -> Quantity | None:
    """``118.5p``; not the lines of a screen, nor ``5 p.m.``"""
    if numeral.low in _SCREEN_LINES or (tokens.glued(j + 1) and tokens.raw[j + 1][0].isalnum()):
        return None
    return _amount(numeral, numeral.opens, j + 1, "GBP", "<n> <currency>", Decimal("0.01"))


def _opens_amount(tokens: Tokens, j: int, sign: str) -> bool:
    """Whether the sign at token j belongs to the number behind it, and not to the one before."""
    following = tokens.at(j + 1)
    if not following[:1].isdecimal():
        return False
    return tokens.glued(j + 1) or tokens.at(j + 2) != sign.lower()


def _name_behind(tokens: Tokens, numeral: Numeral, home: Home) -> Quantity | None:
    """``900 million dollars``, ``billions of euros``, ``19 cents``, ``5 dollars and 20 cents``."""
    grown = numeral.with_suffix()
    j = grown.last
    word = tokens.at(j)
    if (word in DASHES and tokens.glued(j)) or (
        word == "of" and (numeral.kind == "vague" or numeral.scaled)
    ):
        j += 1
    found = names().at(tokens, j) if j < len(tokens) else None
    if found is None or _is_name(tokens, numeral, j):
        return None
    spent = tokens.at(numeral.first - 1) in word_set("ellipsis", "spends")
    if grown.high < found.entry.least and not (spent and numeral.kind == "vague"):
        return None
    currency = found.entry
    code = home.code(currency, numeral.first)
    if code is None or (currency.least and _is_mass_of(tokens, found.last)):
        return None
    abroad = code not in home.used and home.country != "GBR"
    if currency.least and abroad and _is_carried(tokens, numeral, found.last):
        return None
    quantity = _amount(grown, grown.opens, found.last, code, "<n> <currency name>", currency.factor)
    return quantity if currency.minor else _with_cents(tokens, quantity, found.last)


def _is_name(tokens: Tokens, numeral: Numeral, j: int) -> bool:
    """Whether a currency's name is another one's here: "in *1943 dollars*", "in *2006 won* a
    seat", "rapper *50 Cent*"."""
    raw = tokens.raw[numeral.first]
    if tokens.raw[j] in also_people():
        return True  # "3 million Afghanis"
    if numeral.spelled or numeral.scaled or not raw.isdecimal():
        return False
    if ends_a_name(tokens, j):
        return True
    before = tokens.at(numeral.first - 1)
    year = is_year(raw) and before in ("in", "constant", "year")
    return year or _is_dated(tokens, numeral, j)


def _is_mass_of(tokens: Tokens, j: int) -> bool:
    """Whether the words from token j on say what is weighed: "pounds *of flour*"."""
    thing = tokens.at(j + 1)
    return tokens.at(j) == "of" and thing[:1].isalpha() and thing not in _worth()


def _is_carried(tokens: Tokens, numeral: Numeral, j: int) -> bool:
    """Whether pounds up to token j are of a load: "*delivered* 19 million pounds of aid", "lorries
    *weighing* 12,000 pounds"."""
    first = max(0, numeral.first - _CARRIED)
    if tokens.holds(_loads("own")):
        return False
    if tokens.at(j) != "of":
        return not numeral.scaled and tokens.holds(_loads("heavy"), first, numeral.first)
    carried = _loads("carried")
    return tokens.holds(carried, first, numeral.first) or tokens.holds(carried, j, j + _CARRIED)


@cache
def _loads(kind: str) -> frozenset[str]:
    return frozenset(load("currencies")["loads"][kind])


@cache
def _worth() -> frozenset[str]:
    return frozenset(load("currencies")["worth"]["of"])


def _with_cents(tokens: Tokens, quantity: Quantity, j: int) -> Quantity:
    """Take in the hundredths that follow: ``and 45 cents``, ``forty-five``, ``50``."""
    k = j + (tokens.at(j) == "and")
    if k >= len(tokens) or quantity.kind != "exact" or quantity.numeral.scaled:
        return quantity
    digit = tokens.low[k][0].isdecimal()
    part = number_in_digits(tokens, k) if digit else number_in_words(tokens, k)
    if part is None or part.scaled or not 0 < part.low < 100 or not is_integer(part.low):
        return quantity
    name = names().at(tokens, part.last) if part.last < len(tokens) else None
    if name is not None and name.entry.minor:
        last = name.last
    elif k == j and part.low >= 10 and tokens.at(part.last) in _ENDS:
        last = part.last
    else:
        return quantity
    value = quantity.low + part.low / 100
    return quantity.but(low=value, high=value, last=last, after=last)


def _inside(tokens: Tokens, numeral: Numeral, home: Home) -> Quantity | None:
    """A range with the sign before its second end only: ``10 to $20 million``."""
    if numeral.kind != "range":
        return None
    for k in range(numeral.first + 1, numeral.last):
        sign = symbols().get(tokens.raw[k])
        code = home.code(sign) if sign is not None else None
        if code is not None:
            return _amount(numeral.with_suffix(), numeral.opens, 0, code, "<currency> <n>")
    return None


def _name_before(tokens: Tokens, numeral: Numeral, home: Home, floor: int) -> Quantity | None:
    """``Euro 5.3 million``, ``dollar 22.5 million``."""
    i = numeral.first
    if i <= floor or not _large(tokens, numeral) or tokens.at(i - 2)[:1].isdecimal():
        return None
    found = names().at(tokens, i - 1)
    if (
        numeral.spelled
        or found is None
        or found.last != i
        or found.entry.minor
        or found.entry.least
    ):
        return None
    code = home.code(found.entry)
    if code is None:
        return None
    grown = numeral.with_suffix()
    return _amount(grown, i - 1, grown.last, code, "<currency> <n>")


def _amount(
    numeral: Numeral, first: int, last: int, code: str, rule: str, factor: Decimal = Decimal(1)
) -> Quantity:
    first, last = min(first, numeral.opens), max(last, numeral.last)
    low, high = scaled_by(numeral.low, factor), scaled_by(numeral.high, factor)
    rule = rule.replace("<n>", numeral.rule)
    return Quantity(numeral, first, last, low, high, "money", code, last, rule)
