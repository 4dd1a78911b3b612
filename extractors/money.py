"""Amounts of money: ``$625 million``, ``EUR 52 million``, ``10 EUR million``, ``100m USD``.

Symbols and short names stand in ``catalogue/currencies.toml``; ISO codes and the names with their
countries ("Canadian dollars") come from CLDR through Babel.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from extractors.catalogue import load
from extractors.lexicon import Index
from extractors.numerals import Numeral, vocabulary
from extractors.quantity import Quantity, scaled_by
from extractors.tokens import Tokens

DOLLAR = "$"
_GAPS = frozenset(("-", "\u2013"))


@dataclass(frozen=True, slots=True)
class Currency:
    """What a surface says: an ISO code, or a name shared by countries, and a hundredth or not."""

    code: str
    minor: bool = False
    mass: bool = False


@dataclass(frozen=True, slots=True)
class Home:
    """What an amount means where its sign alone does not say: the text's dollar and its country."""

    dollar: str = "USD"
    country: str | None = None

    def code(self, currency: Currency) -> str | None:
        """The ISO code of a currency in this text; None where nothing decides it."""
        if currency.code == DOLLAR:
            return self.dollar
        shared = load("currencies")["shared"].get(currency.code)
        if shared is None:
            return currency.code
        code: str | None = shared.get(self.country or "", shared.get("else"))
        return code


def home_of(url: str | None, country: str | None) -> Home:
    """The home of a text's amounts, from its address and the country that it speaks of."""
    host = (url or "").partition("://")[2].partition("/")[0]
    for ending, code in load("currencies")["dollar_countries"].items():
        if host.endswith(ending):
            return Home(code, country)
    return Home("USD", country)


@cache
def _cldr() -> tuple[frozenset[str], dict[str, str]]:
    """The ISO codes in use and English names of currencies in lower case, singular and plural."""
    from babel.core import Locale, get_global

    codes = {row[0] for rows in get_global("territory_currencies").values() for row in rows}
    names = {}
    locale = Locale("en")
    for code, name in locale.currencies.items():
        if code in codes:
            names[name.lower()] = code
            plurals = locale._data["currency_names_plural"].get(code, {})
            names.update({plural.lower(): code for plural in plurals.values()})
    return frozenset(codes), names


@cache
def names() -> Index[Currency]:
    """All names that may stand behind a number."""
    data = load("currencies")
    index: Index[Currency] = Index()
    rows: dict[str, Currency] = {}
    for name, code in _cldr()[1].items():
        if len(name.split()) > 1:
            rows[name] = Currency(code)
    for name, code in data["names"].items():
        mass = name in data["masses"]["names"]
        rows[name.lower()] = rows[name.lower() + "s"] = Currency(code, mass=mass)
    for plural, name in data["irregular"].items():
        rows[plural] = Currency(data["names"][name])
    for name, code in data["minor"].items():
        rows[name] = rows[name + "s"] = Currency(code, minor=True)
    for surface, currency in rows.items():
        index.add(surface, currency)
    index.sort()
    return index


@cache
def _symbols() -> dict[str, Currency]:
    return {s.upper(): Currency(code) for s, code in load("currencies")["symbols"].items()}


def money(tokens: Tokens, numeral: Numeral, home: Home) -> Quantity | None:
    """The amount that a numeral states, None where no currency stands beside it."""
    before = _before(tokens, numeral.first)
    if before is not None:
        currency, first = before
        code = home.code(currency)
        if code is None:
            return None
        grown = numeral.with_suffix()
        after = names().at(tokens, grown.last) if grown.last < len(tokens) else None
        last = grown.last
        if after is not None and not after.entry.minor and currency.code == DOLLAR:
            last = after.last  # "$5 million dollars", "$20 million USD"
            code = home.code(after.entry) if after.entry.code != DOLLAR else code
        elif currency.code == DOLLAR and _code_at(tokens, last) not in (None, "USD"):
            code, last = _code_at(tokens, last), last + 1
        if code is None:
            return None
        return _amount(grown, first, last, code, "<currency> <n>")
    return _behind(tokens, numeral, home)


def _before(tokens: Tokens, i: int) -> tuple[Currency, int] | None:
    """The currency sign or code that ends at token i, and its first token."""
    if not i:
        return None
    if tokens.raw[i - 1] in ("-", "\u2212") and i > 1 and tokens.glued(i):
        return None
    table = _symbols()
    for width in (3, 2, 1):
        first = i - width
        if first < 0:
            continue
        if any(tokens.start[k] > tokens.end[k - 1] + 1 for k in range(first + 1, i)):
            continue
        if first and tokens.glued(first) and tokens.raw[first][0].isalnum() and tokens.raw[first - 1][0].isalnum():
            continue
        raw = "".join(tokens.raw[first:i])
        currency = table.get(raw.upper())
        if currency is not None and not (raw.isalpha() and raw not in ("Rs", "RM", "kr", "zł")):
            return currency, first
    word = tokens.raw[i - 1]
    if len(word) == 3 and word.isupper() and word in _cldr()[0]:
        return Currency(word), i - 1
    return None


def _code_at(tokens: Tokens, j: int) -> str | None:
    if j < len(tokens) and len(tokens.raw[j]) == 3 and tokens.raw[j].isupper():
        return tokens.raw[j] if tokens.raw[j] in _cldr()[0] else None
    return None


def _behind(tokens: Tokens, numeral: Numeral, home: Home) -> Quantity | None:
    """A currency behind the number: ``100m USD``, ``92 EUR million``, ``900 million dollars``."""
    n = len(tokens)
    grown = numeral.with_suffix()
    j = grown.last
    if j >= n:
        return None
    code = _code_at(tokens, j)
    symbol = _symbols().get(tokens.raw[j].upper()) if tokens.raw[j] in "€£¥₴₽₺₹₪₩%złKčkrKR" else None
    if symbol is not None and tokens.raw[j] != "%":
        code = home.code(symbol)
    if code is not None:
        factor = vocabulary().scales.get(tokens.low[j + 1]) if j + 1 < n else None
        if factor and not grown.scaled:
            return _amount(grown, grown.first, j + 2, code, "<n> <currency> <scale>", factor)
        return _amount(grown, grown.first, j + 1, code, "<n> <currency>")
    if tokens.low[j] in _GAPS and tokens.glued(j) and j + 1 < n:
        j += 1
    elif tokens.low[j] == "of" and numeral.kind == "vague":
        j += 1
    found = names().at(tokens, j) if j < n else None
    if found is None:
        return None
    currency = found.entry
    glued_name = found.last < n and tokens.glued(found.last) and tokens.raw[found.last] == "-"
    if currency.mass and not (grown.scaled or glued_name and grown.suffix):
        return None
    code = home.code(currency)
    if code is None:
        return None
    factor_minor = Decimal("0.01") if currency.minor else 1
    return _amount(grown, grown.first, found.last, code, "<n> <currency name>", factor_minor)


def _amount(
    numeral: Numeral, first: int, last: int, code: str, rule: str, factor: int | Decimal = 1
) -> Quantity:
    first = min(first, numeral.first)
    low, high = scaled_by(numeral.low, factor), scaled_by(numeral.high, factor)
    return Quantity(numeral, first, last, low, high, "money", code, last, rule)
