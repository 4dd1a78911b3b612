"""Currencies by their signs, codes and names.

Signs and short names stand in ``catalogue/currencies.toml``; ISO codes and the names with their
countries ("Canadian dollars") come from CLDR through Babel.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import chain

from extractors.catalogue import load
from extractors.text.lexicon import Index

DOLLAR = "$"
_WRITTEN_ALONE = ("\u20ac", "\u00a3")  # signs by which a text without a dollar tells its money


@dataclass(frozen=True, slots=True)
class Currency:
    """What a surface says: an ISO code, or a name that countries share, and a part of it or not.

    ``factor`` is 0.01 for a cent; ``least`` is the smallest number that the surface may stand with,
    because it is also a mass or a verb (``5 pounds``, ``3 won``).
    """

    code: str
    factor: Decimal = Decimal(1)
    least: int = 0

    @property
    def minor(self) -> bool:
        """Whether this is a part of a currency, as a cent is."""
        return self.factor != 1


@dataclass(frozen=True, slots=True)
class Home:
    """What an amount means where its sign alone does not say: the text's dollar and its country
    (alpha-3), else the countries that the sentence names, each with its place among the words, else
    the currencies of amounts before, else the countries that the text names (``nearby``); ``sign``
    is the currency of the only sign in a text without a dollar."""

    dollar: str = "USD"
    country: str | None = None
    named: tuple[tuple[int, str], ...] = ()
    used: tuple[str, ...] = ()
    nearby: tuple[str, ...] = ()
    sign: str | None = None

    @property
    def own(self) -> str:
        """The currency of the text's country, else that of its signs, else its dollar."""
        return _currency_of(self.country) or self.sign or self.dollar

    def code(self, currency: Currency, at: int = 0) -> str | None:
        """The ISO code of a currency in this text; None where nothing decides it.

        Of the countries that the sentence names, the nearest before token ``at`` counts, else the
        first: "Stockholm pays 3 billion crowns, *Oslo* 1 billion crowns".
        """
        if currency.code == DOLLAR:
            return self.dollar
        shared = load("currencies")["shared"].get(currency.code)
        if shared is None:
            return currency.code
        countries = {country for _, country in self.named}
        first: str | None = shared.get("first")
        if first is not None and first in countries:
            return str(shared[first])
        behind = bisect_left(self.named, (at,))
        named = (code for _, code in (*self.named[:behind][::-1], *self.named[behind:]))
        told = (shared[c] for c in chain((self.country or "",), named) if c in shared)
        used = (code for code in self.used if code in shared.values())
        nearby = (shared[c] for c in self.nearby if c in shared)
        code: str | None = next(chain(told, used, nearby), shared.get("else"))
        return code


def home_of(url: str | None, country: str | None, text: str = "") -> Home:
    """The home of a text's amounts, from its address, the country it speaks of and its words."""
    host = (url or "").partition("://")[2].partition("/")[0]
    for ending, code in load("currencies")["dollar_countries"].items():
        if host.endswith(ending):
            return Home(code, country)
    if "$" in text:
        return Home(_dollar_named(text), country)
    signs = [sign for sign in _WRITTEN_ALONE if sign in text]
    return Home("USD", country, sign=symbols()[signs[0]].code if len(signs) == 1 else None)


def _dollar_named(text: str) -> str:
    """The dollar of the country that a text names before any other that has one, and more often
    than the United States, or as often if that stands behind the first amount: "Canberra will give
    $5 million, it said in Washington". Canada's, only where it stands before
    the first amount and the United States is never named."""
    found = _dollar_words().search(text)
    if found is None or found.lastgroup is None or found.lastgroup == "others":
        return "USD"
    words = list(_dollar_words().finditer(text))
    named = Counter(m.lastgroup for m in words)
    amount = text.index(DOLLAR)
    if found.lastgroup in load("currencies")["dollar_named"]["alone"]:
        foreign = named["others"] > 0 or amount < found.start()
    else:
        before = {m.lastgroup for m in words if m.start() < amount}
        least = named["others"] + (before != {found.lastgroup})
        foreign = named[found.lastgroup] < least
    return "USD" if foreign else found.lastgroup


@cache
def _dollar_words() -> re.Pattern[str]:
    data = load("currencies")["dollar_named"]
    words = {"others": data["others"]} | data["here"]
    either = "|".join(f"(?P<{name}>{pattern})" for name, pattern in words.items())
    return re.compile(rf"\b(?:{either})(?!\w)")


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
def _currency_of(country: str | None) -> str | None:
    """The currency in use in a country (alpha-3), by CLDR."""
    from babel.core import get_global

    territory = get_global("territory_aliases").get(country or "")
    rows = get_global("territory_currencies").get(territory[0], ()) if territory else ()
    for code, _start, end, tender in rows:
        if end is None and tender:
            return str(code)
    return None


def is_code(word: str) -> bool:
    """Whether a word is the code of a currency in use."""
    return len(word) == 3 and word in _cldr()[0]


@cache
def multiplied_code(word: str) -> tuple[str, int] | None:
    """``EUR`` and ``MEUR`` as the code and its factor; None for any other word."""
    if is_code(word):
        return word, 1
    factor = load("currencies")["multipliers"].get(word[:1])
    return (word[1:], factor) if factor and word[1:] in _multiplied() else None


@cache
def _multiplied() -> frozenset[str]:
    return frozenset(load("currencies")["codes"]["multiplied"])


@cache
def also_people() -> frozenset[str]:
    """The names of currencies that are of people where they have a capital."""
    return frozenset(load("currencies")["also_people"]["names"])


@cache
def is_word(code: str) -> bool:
    """Whether a code is also an English word or abbreviation (``ALL``, ``COP``)."""
    return code in load("currencies")["codes"]["also_words"]


@cache
def symbols() -> dict[str, Currency]:
    """Currencies by their signs, as written."""
    return {sign: Currency(code) for sign, code in load("currencies")["symbols"].items()}


@cache
def garbled() -> dict[str, Currency]:
    """Signs that count only where they touch a large number: letters (``R30 million``), and what a
    wrong encoding leaves (``PS2.7m`` for two point seven million pounds)."""
    data = load("currencies")
    return {sign: Currency(code) for sign, code in (data["garbled"] | data["letters"]).items()}


@cache
def shared_names() -> frozenset[str]:
    """The words of the names and signs that several countries share."""
    data = load("currencies")
    words = {
        n for table in ("names", "symbols") for n, c in data[table].items() if c in data["shared"]
    }
    irregular = {plural for plural, name in data["irregular"].items() if name in words}
    return frozenset({w.lower() for w in words} | {f"{w.lower()}s" for w in words} | irregular)


@cache
def names() -> Index[Currency]:
    """All names that may stand behind a number."""
    data = load("currencies")
    rows = {name: Currency(code) for name, code in _cldr()[1].items() if " " in name}
    for name, code in data["names"].items():
        currency = Currency(code, least=data["least"].get(name, 0))
        rows[name.lower()] = currency
        if not is_code(name.upper()):
            rows[name.lower() + "s"] = currency
    for name, part in data["minor"].items():
        currency = Currency(part["of"], Decimal(str(part.get("factor", "0.01"))))
        rows[name] = rows[name + "s"] = currency
    for shared, codes in data["shared"].items():  # "Danish crowns"
        countries = {n.split()[0]: c for n, c in _cldr()[1].items() if c in codes.values()}
        for adjective, code in countries.items():
            rows[f"{adjective} {shared}"] = rows[f"{adjective} {shared}s"] = Currency(code)
    for plural, name in data["irregular"].items():
        rows[plural] = rows[name]
    index: Index[Currency] = Index()
    for surface, currency in rows.items():
        index.add(surface, currency)
    index.sort()
    return index
