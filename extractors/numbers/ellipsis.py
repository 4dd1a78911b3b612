"""Numbers that leave their unit to a neighbour: ``from 21 mpg to 23``, ``$2bn ... 14 million``.

What a number alone means is decided by the quantities beside it in the sentence, and for money also
by those of the sentences before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from extractors.catalogue import load
from extractors.numbers.currencies import Home, also_people, names
from extractors.numbers.designators import designator
from extractors.numbers.measures import measure
from extractors.numbers.numeral import ARTICLES, DASHES, Numeral, is_integer
from extractors.numbers.quantity import Quantity, scaled_by
from extractors.text.tokens import Tokens
from extractors.text.words import is_plural, singular, word_set

_CHANGE_GAP = 3
_NEAR = 4  # tokens behind a number that tell whom it counts
_REACH = 12  # tokens between a number and the neighbour whose unit it takes
_STEP = Decimal(1000)
_LARGE = 10_000
_MILLION = 1_000_000
_BILLION = 1_000_000_000
_SENTENCE = 30  # tokens between a number and what states its unit
_CENT = 100
_NEAR_AMOUNT = 10  # times that what an amount was may be what it is
_WIDEST = 60  # times that one of two numbers of a unit may be the other
_PARTED = ((",",), ("and",), (",", "and"), ("by",))
MEASURES = frozenset(("length", "area", "mass", "volume", "power"))
_JOINTS = frozenset((",", ";", "and", "but"))
_PLACED = frozenset(("at", "in", "near", "to", "from", "by"))
_TO_RATE = frozenset(("to", "against", "per", "for"))
_BEFORE_RATED = word_set("ellipsis", "before_rated")
_OF_THEM = frozenset(("them", "which"))
_OF_IT = frozenset(("it", "that", "this", "them", "which"))
_MORE = "<n> more"
_HUNDRED_MILLION = 100_000_000
RATE = "<n> to the <currency>"  # what a unit of a currency is worth: no amount that others repeat
_STOPS = frozenset(("", ".", ",", "!", "?"))
_BARE = frozenset(("<n>", "bringing the total to <n>"))


def bare_number(
    tokens: Tokens, numeral: Numeral, before: Quantity | None, after: Quantity | None
) -> Quantity | None:
    """A number that shares the unit of the quantity before or behind it in a pair of two.

    ``before`` and ``after`` are its neighbours in the sentence: ``from 4.8 to 4.7 percent``,
    ``rose by 2 percent, and by 1``, ``from 208 pounds to 193``.
    """
    if numeral.kind == "share" or numeral.one:
        return None
    if tokens.at(numeral.last) in DASHES and tokens.glued(numeral.last):
        return None  # "three-point range"
    if tokens.at(numeral.last) == "times":
        return None  # "a budget of 1.1 trillion is 2.6 times the old one"
    found = _like_neighbour(tokens, numeral, before, after)
    if found is None or designator(tokens, numeral) is not None:
        return None
    own = measure(tokens, numeral)  # "a million rounds of 12.7 mm": a calibre has its own
    return found if own is None else None


def _like_neighbour(
    tokens: Tokens, numeral: Numeral, before: Quantity | None, after: Quantity | None
) -> Quantity | None:
    """The number in the unit of its neighbour, where the words between them say that it has it."""
    if after is not None and _is_part(tokens, numeral, after):
        return _like(numeral, after, scaled=False)
    if after is not None and _is_part_of_amount(tokens, numeral, after):
        return _like(numeral, after, scaled=True)
    if after is not None and _leads_to(tokens, numeral, after):
        return _like(numeral, after, after.numeral.scaled)
    if before is not None and (
        _goes_on(tokens, before, numeral) or _shares(tokens, before, numeral)
    ):
        return _like(numeral, before, before.numeral.scaled or before.low > before.numeral.low)
    return None


def _shares(tokens: Tokens, before: Quantity, numeral: Numeral) -> bool:
    """Whether a number shares the unit that stands once: ``EUR 171.9 million; Germany 160.0``, ``14
    million euros, 4 million of it``, ``2.3 gigawatts and today we take 1.7``."""
    if before.dimension == "time" or numeral.opens - before.last > _SENTENCE:
        return False
    if before.dimension != "count" and _is_gapped(tokens, before, numeral):
        return True
    lead = tokens.low[max(0, before.first - _CHANGE_GAP) : before.first]
    if (
        before.dimension == "percent"
        and tokens.at(numeral.opens - 1) == "to"
        and "from" not in lead
    ):
        return False  # "rose 8.15% to 3.65"
    if before.dimension == "count":  # "3.6 million at the height, and is down to 2.7"
        return not is_integer(numeral.low) and before.numeral.scaled and alike(numeral, before)
    i, j = numeral.opens, numeral.last
    if before.dimension == "percent":
        risen = "by" in lead and tokens.at(i - 1) == "from"
        if risen or (numeral.high > _CENT >= before.high):
            return False  # "rose by 83% from 314 to 576"
    if not is_integer(numeral.low) and not numeral.spelled and alike(numeral, before):
        return True
    following = tokens.at(j)
    if (
        following == "of"
        and tokens.at(j + 1) in _OF_IT
        and (
            tokens.at(j + 1) not in _OF_THEM
            or before.dimension != "money"
            or (numeral.scaled and numeral.kind != "vague")
            or (numeral.low >= _STEP and _is_plain_amount(tokens, before, tokens.at(j + 1)))
        )
    ):
        return before.dimension != "percent" or numeral.low < _CENT
    if before.dimension == "length" and following in load("measures")["words"]["extents"]:
        return True  # "32 km deep and 480 long"
    if following == "more" and tokens.at(j + 1) == "than" and numeral.scaled:
        return alike(numeral, before)  # "418 million barrels in 2021, 123 million more than before"
    if following[:1].isalpha() and following not in word_set("ellipsis", "behind"):
        return False
    if not alike(numeral, before):
        return False
    was = tokens.at(i - 1) in word_set("ellipsis", "amount_was")
    if was and before.dimension == "money" and not _tells_amount(tokens, i):
        return False  # "the bill was $12,000; the crowd was 9,000"
    if tokens.at(i - 1) in word_set("ellipsis", "before"):
        return True
    named = tokens.raw[i - 1][0].isupper() and tokens.at(i - 2) in (",", ";", "and", "the")
    return named and before.dimension != "percent" and not numeral.spelled


def _is_gapped(tokens: Tokens, before: Quantity, numeral: Numeral) -> bool:
    """Whether a number goes on where the one before it stood, and leaves out its unit: ``eight km
    deep at Liman and *five at* Lypsi``, ``trade makes up 17 percent, transport *15*``, ``a further
    124 are left``, ``above the level of 4,500``."""
    i, j = numeral.opens, numeral.last
    lead, after = tokens.at(i - 1), tokens.at(j)
    between, ends = tokens.low[before.last : i], not after[:1].isalpha()
    if between == ("of", "the") and before.dimension == "money" and not numeral.scaled:
        return ends or after.endswith("ed")  # "$512 million of the 650 intended"
    if numeral.kind == "vague" or not alike(numeral, before):
        return False
    if lead == "'s" == tokens.at(before.first - 1):
        return ends or after in word_set("phrase", "stop")  # "Rome's EUR 40,000, Oslo's 75,000"
    joined = lead in _JOINTS
    if before.dimension == "money":
        kind = singular(tokens.at(j + 1)) in word_set("ellipsis", "money")
        told = joined or between == (":",)  # "EUR 50 billion: 33 in loans, 17 in grants"
        return told and after == "in" and kind and (joined or numeral.low < _of_scale(before))
    if lead in word_set("ellipsis", "further"):
        return ends or after in word_set("share", "be")
    if after == "to" and tokens.at(j + 1) == "go":
        return True  # "36 km are ready, sixty to go"
    if lead == "of" and tokens.at(i - 2) in word_set("ellipsis", "levels"):
        return ends or after in word_set("phrase", "stop")
    if joined and after in _PLACED and after in between:
        return word_set("verbs", "casualty").isdisjoint(tokens.low[j : j + _NEAR + 1])
    return (
        before.dimension == "percent"
        and numeral.high <= _CENT
        and _has_share(tokens, before, numeral)
    )


def _has_share(tokens: Tokens, before: Quantity, numeral: Numeral) -> bool:
    """Whether a number behind a percentage is one: ``41 percent said money, *18 said* food``,
    ``transport *15*``, ``went past 2 percent and, one day, *to 4*``."""
    i, after = numeral.opens, tokens.at(numeral.last)
    lead, between = tokens.at(i - 1), tokens.low[before.last : i]
    if lead in _JOINTS and after in word_set("ellipsis", "opinions"):
        return True
    if after[:1].isalpha():
        return False
    if lead == "to":
        stood = tokens.at(before.first - 1) in word_set("ellipsis", "stood")
        return stood and not _JOINTS.isdisjoint(between)
    k = i - 1
    while i - 1 - k < _CHANGE_GAP and _is_word(tokens.at(k)):
        k -= 1
    return k < i - 1 and tokens.at(k) in _JOINTS and k >= before.last


def _is_word(word: str) -> bool:
    return word[:1].isalpha() and word not in word_set("phrase", "stop")


def _of_scale(amount: Quantity) -> Decimal:
    """An amount as it is written, without its magnitude."""
    return amount.low / _scale_of(amount, Decimal(1))


def _is_plain_amount(tokens: Tokens, amount: Quantity, pronoun: str) -> bool:
    """Whether a number *of which* or *of them* may be a part of an amount: ``9,000 dollars``, and
    behind a sign alone *of which*; ``they cost $500 each, 40 of them came`` tells of things."""
    named = is_plural(tokens.low[amount.last - 1])
    return named or (pronoun == "which" and not amount.numeral.scaled)


def alike(numeral: Numeral, before: Quantity) -> bool:
    """Whether two numbers may be of one unit: neither is many times the other as written."""
    value, other = numeral.low, before.low
    if before.numeral.scaled != numeral.scaled or before.low > before.numeral.low:
        other = other / _scale_of(before, numeral.low)
    if not value or not other:
        return False
    return max(value, abs(other)) <= _WIDEST * min(value, abs(other))


def _is_part(tokens: Tokens, numeral: Numeral, after: Quantity) -> bool:
    """Whether a number is a part of the amount behind it: ``80 million of the 1.5 billion``."""
    linked = tokens.at(numeral.last) == "of" and after.first - numeral.last <= _CHANGE_GAP - 1
    return linked and numeral.scaled and after.dimension not in ("count", "percent", "time")


def millions_of(tokens: Tokens, quantity: Quantity, before: Quantity) -> Quantity | None:
    """Metres that are millions of what is told before them: ``€660m, *of which* it has voted
    400m``, ``USD 250m (100m in 2022; 150m in 2023)``."""
    numeral = quantity.numeral
    if quantity.unit != "metre" or not numeral.suffix or before.low < _MILLION:
        return None
    if before.dimension in ("length", "count", "time", "percent"):
        return None
    between = tokens.low[before.last : quantity.first]
    part = ("of", "which") in pairwise(between)
    dated = tokens.at(quantity.last) in word_set("ellipsis", "when")
    within = between == ("(",) and numeral.low <= before.low / _MILLION
    row = before.first == before.numeral.first and tokens.at(before.last - 1) == "m"
    row = row and between[-1:] in ((";",), (",",)) and ")" not in between
    if not (part or (dated and (within or row))) and word_set("ellipsis", "further").isdisjoint(
        between
    ):
        return None
    if tokens.at(quantity.last) in load("measures")["words"]["extents"]:
        return None
    return _like(numeral.with_suffix(), before, scaled=False)


def _is_part_of_amount(tokens: Tokens, numeral: Numeral, after: Quantity) -> bool:
    """Whether a number is a part of the amount behind it whose magnitude and currency stand once:
    ``1.2 of 4 billion euros``."""
    linked = tokens.low[numeral.last : after.first] in (("of",), ("of", "the"))
    if not linked or after.dimension != "money" or not after.numeral.scaled:
        return False
    return not numeral.scaled and numeral.low < _of_scale(after)


def _leads_to(tokens: Tokens, numeral: Numeral, after: Quantity) -> bool:
    """Whether a number and the quantity behind it are the two ends of one change."""
    if after.first - numeral.last > 2 or (after.dimension == "count" and after.noun is None):
        return False
    linked = tokens.at(numeral.last) == "to" and tokens.at(numeral.opens - 1) in ("from", "by")
    either = tokens.at(numeral.last) == "or" and tokens.at(after.first - 1) in ("even", "or")
    if after.dimension == "percent" and numeral.low > _CENT:
        return False  # "25,738 or 15 percent"
    bare = not numeral.scaled or numeral.kind == "vague"  # "from thousands to hundreds of dollars"
    return ((linked or either) and bare) or either


def like_last(tokens: Tokens, numerals: Sequence[Numeral], last: Quantity) -> list[Quantity]:
    """The numbers of a row in the unit of its last one: ``95, 90 and 162 km``.

    Two make a row only where they are told apart: ``nine and 21 tonnes *respectively*``, ``40 by 60
    metres``.
    """
    row: list[Numeral] = []
    behind = last.first
    for numeral in reversed(numerals):
        if not _is_of_row(tokens, numeral, behind):
            break
        row.append(numeral)
        behind = numeral.first
    two = len(row) == 1
    told = two and (
        tokens.at(row[0].last) == "by" or tokens.at(last.last) in word_set("ellipsis", "told_apart")
    )
    if last.first != last.numeral.first or not (told or len(row) > 1):
        return []
    return [_like(numeral, last, last.numeral.scaled) for numeral in reversed(row)]


def _is_of_row(tokens: Tokens, numeral: Numeral, behind: int) -> bool:
    """Whether a comma, *and* or *by* alone parts an exact number from the one at ``behind``."""
    between = tokens.low[numeral.last : behind]
    exact = numeral.kind == "exact" and not numeral.one and not numeral.scaled
    return exact and between in _PARTED


def _goes_on(tokens: Tokens, before: Quantity, numeral: Numeral) -> bool:
    """Whether a number takes the unit of the quantity before it: both behind the same word."""
    i, j = numeral.opens, numeral.last
    if before.dimension in ("count", "time") or not 0 < i - before.last <= _REACH:
        return False
    if tokens.at(j)[:1].isalnum() and tokens.at(j) not in word_set("ellipsis", "behind"):
        return False
    word = tokens.at(i - 1)
    if word == "to" and tokens.at(before.first - 1) in ("from", "between"):
        return True
    if word == "to" and "from" in tokens.low[max(0, before.first - 3) : before.first]:
        return True
    return word == "by" and "by" in tokens.low[max(0, before.first - 3) : before.first]


def _like(numeral: Numeral, other: Quantity, scaled: bool) -> Quantity:
    """The number in the unit of the other quantity, and in its scale where it has none."""
    low, high = scaled_by(numeral.low, 1), scaled_by(numeral.high, 1)
    if scaled and not numeral.scaled:
        factor = _scale_of(other, low)
        low, high = scaled_by(low, factor), scaled_by(high, factor)
    return Quantity(
        numeral,
        numeral.opens,
        numeral.last,
        low,
        high,
        other.dimension,
        other.unit,
        numeral.last,
        "<n> like its neighbour",
        noun=other.noun,
    )


def _scale_of(other: Quantity, number: Decimal) -> Decimal:
    """The thousands, millions or billions in which a quantity is stated."""
    scale = Decimal(1)
    while scale * _STEP <= abs(other.low) and number < _STEP:
        scale *= _STEP
    return scale


def joined_change(tokens: Tokens, a: Quantity, b: Quantity) -> Quantity | None:
    """The range that a measure or share runs through in a change: ``fell from 208 pounds to 193``.

    Amounts of money and counts that change stay two figures: each is a level of its own.
    """
    if a.dimension in ("money", "count", "time", "percent") or (a.dimension, a.unit) != (
        b.dimension,
        b.unit,
    ):
        return None
    if "range" in (a.kind, b.kind) or "share" in (a.kind, b.kind) or b.first - a.last > _CHANGE_GAP:
        return None
    if tokens.at(b.first - 1) != "to":
        return None
    if tokens.at(a.first - 1) != "from" and b.first != a.last + 1:
        return None
    if tokens.at(a.first - 2) == "or":
        return None  # "by 10 mpg, or from 25 mpg to 35 mpg"
    low, high = sorted((a.low, b.low))
    both = Numeral(a.first, b.numeral.last, low, high, "range", rule="from <n> to <n>")
    return replace(b, numeral=both, first=a.first, low=low, high=high, rule=both.rule)


def without_currency(
    tokens: Tokens,
    quantity: Quantity,
    amounts_before: Sequence[Quantity],
    home: Home,
    *,
    told: Quantity | None = None,
    counted: bool = False,
) -> Quantity | None:
    """A count that is an amount of money without its currency, as that amount, else None.

    ``amounts_before``: the amounts of money of the paragraph up to here, or right behind, the
    nearest last; ``told``: the last of those that stand before; ``counted``: whether the sentence
    has counted things before, of which *another 11* may be.
    ``14 million for UNICEF``, ``the 2.9 million pledge``, ``billions of their own money``.
    """
    if quantity.dimension != "count":
        return None
    if quantity.last < len(tokens) and names().at(tokens, quantity.last) is not None:
        return None  # "1.2 billion kroner": a currency that is named is no other
    if tokens.at(quantity.last) == "(" and tokens.at(quantity.last + 1) in word_set(
        "range", "units"
    ):
        return None  # "1.3 billion ($1.7bn)": of the other currency, whichever that is
    rated = _rated(tokens, quantity, home)
    if rated is not None:
        return replace(_as_money(quantity, rated, Decimal(1)), rule=RATE)
    scaled = quantity.numeral.scaled or quantity.kind == "vague"
    if scaled and (named := _named_currency(tokens, quantity, home)) is not None:
        return _as_money(quantity, named, Decimal(1))
    said_before = _said_before(tokens, quantity, amounts_before)
    if said_before is not None:
        return said_before
    about_money = _money_noun(tokens, quantity)
    spent = tokens.at(quantity.first - 1) in word_set("ellipsis", "spends")
    thing = about_money or spent or quantity.noun is not None
    if not thing and _tells_of_people(tokens, quantity):
        return None
    if about_money and scaled and quantity.low >= _STEP:
        unit = amounts_before[-1].unit if amounts_before else home.own
        return _as_money(quantity, unit, Decimal(1))
    behind = tokens.at(quantity.last)
    if behind[:1].isalpha() and len(behind) == 1 and behind not in ARTICLES:
        return None  # "16 billion b", but "a billion a month"
    further = quantity.rule == _MORE and quantity.low >= _HUNDRED_MILLION
    if further and not thing and (counted or not (amounts_before or home.used)):
        return None  # "200 million shells and 300 million more"
    plain = quantity.rule in _BARE or quantity.kind == "vague" or further
    if tokens.at(quantity.last) in word_set("bare", "people_verbs"):
        return None
    if plain and quantity.noun is None and _is_billions(tokens, quantity, home):
        unit = amounts_before[-1].unit if amounts_before else (*home.used, home.own)[0]
        return _as_money(quantity, unit, Decimal(1))
    if quantity.noun is not None or not amounts_before:
        return None
    last = amounts_before[-1]
    if quantity.rule not in _BARE or tokens.at(quantity.last) in word_set("bare", "people_verbs"):
        return None
    if tokens.at(quantity.last)[:1].isdecimal():
        return None  # "half a million 155 mm and 300,000 122 mm rounds"
    if quantity.numeral.scaled and quantity.kind != "vague":
        return _as_money(quantity, last.unit, Decimal(1)) if quantity.low >= _LARGE else None
    decimal = not is_integer(quantity.low) and alike(quantity.numeral, last)
    another = tokens.at(quantity.first - 1) == "another" and not quantity.numeral.spelled
    another = another and not counted
    if told is not None and _goes_on_with_amounts(tokens, quantity, told):
        return _as_money(quantity, told.unit, Decimal(1))
    if quantity.high < 1000 and last.numeral.scaled and (another or decimal):
        return _as_money(quantity, last.unit, _scale_of(last, quantity.low))
    return None


def _rated(tokens: Tokens, quantity: Quantity, home: Home) -> str | None:
    """The currency of a number that tells its rate: ``the rial fell to *900 to the dollar*``."""
    k = quantity.last
    if quantity.noun is not None or tokens.at(k) not in _TO_RATE:
        return None
    k += 1
    while tokens.at(k) in _BEFORE_RATED:
        k += 1
    if k >= len(tokens) or names().at(tokens, k) is None:
        return None
    for at in range(quantity.first - 1, max(-1, quantity.first - _SENTENCE), -1):
        name = names().at(tokens, at)
        if name is not None and not name.entry.minor:
            return home.code(name.entry, at)
    return None


def _said_before(
    tokens: Tokens, quantity: Quantity, amounts_before: Sequence[Quantity]
) -> Quantity | None:
    """A number that says an amount again without its currency and magnitude: ``the $40 billion.
    The *40*.``"""
    if quantity.noun is not None or quantity.rule not in _BARE or quantity.numeral.scaled:
        return None
    ended = tokens.at(quantity.last) in _STOPS
    fragment = quantity.first <= 1 and ended and (not quantity.first or tokens.low[0] == "the")
    decimal = not is_integer(quantity.low) and tokens.at(quantity.first - 1) == "the"
    if quantity.kind != "exact" or not (fragment or decimal):
        return None
    for amount in reversed(amounts_before):
        factor = _scale_of(amount, quantity.low)
        if factor > 1 and scaled_by(quantity.low, factor) == amount.low == amount.high:
            return _as_money(quantity, amount.unit, factor)
    return None


def _goes_on_with_amounts(tokens: Tokens, quantity: Quantity, last: Quantity) -> bool:
    """Whether a large number says what an amount just told was or becomes: ``13,500 rials. In
    August it *was* 8,000.``"""
    large = quantity.low >= _STEP and quantity.kind == "exact" and not quantity.numeral.spelled
    if not large or last.numeral.scaled or quantity.numeral.scaled:
        return False
    close = max(quantity.low, last.low) <= _NEAR_AMOUNT * min(quantity.low, last.low)
    ended = not tokens.at(quantity.last)[:1].isalpha() or tokens.at(quantity.last) in ARTICLES
    return close and ended and _tells_amount(tokens, quantity.first)


def _tells_amount(tokens: Tokens, first: int) -> bool:
    """Whether what stands before token ``first`` tells an amount: ``sells for``, ``it was``, ``the
    ceiling is``."""
    verb = tokens.at(first - 1)
    if verb in word_set("ellipsis", "amount_was"):
        before = tokens.low[max(0, first - 1 - _NEAR) : first - 1]
        subject = next((w for w in reversed(before) if singular(w) in _amount_nouns()), None)
        return subject is not None or before[-1:] == ("it",)
    return verb in word_set("ellipsis", "priced") or (
        verb == "for" and tokens.at(first - 2) in word_set("ellipsis", "sold")
    )


def _amount_nouns() -> frozenset[str]:
    return word_set("ellipsis", "money") | word_set("ellipsis", "prices")


def _tells_of_people(tokens: Tokens, quantity: Quantity) -> bool:
    """Whether a number without a noun counts people or things that its sentence names."""
    led = tokens.at(quantity.first - 1) in ("of", "with")
    if led and tokens.at(quantity.first - 2) in word_set("ellipsis", "peopled"):
        return True  # "a nation of 11 million"
    if tokens.holds(word_set("ellipsis", "amounts"), 0, quantity.first):
        return False
    if tokens.at(quantity.last) in word_set("ellipsis", "everywhere"):
        return True
    behind = tokens.low[quantity.last : quantity.last + _NEAR]
    told = not word_set("ellipsis", "of_people").isdisjoint(behind)
    return told or tokens.holds(word_set("ellipsis", "people"), 0, quantity.first)


def _named_currency(tokens: Tokens, quantity: Quantity, home: Home) -> str | None:
    """The currency that the noun of a count names: ``billions of taxpayer dollars``."""
    if quantity.noun is None or quantity.kind != "vague":
        return None
    last = quantity.noun[1] - 1
    found = names().at(tokens, last)
    if tokens.raw[last] in also_people():
        return None  # "millions of Afghanis"
    return home.code(found.entry) if found is not None and not found.entry.minor else None


def _is_billions(tokens: Tokens, quantity: Quantity, home: Home) -> bool:
    """Whether a number alone is so large that it is money: ``spending billions on buildings``; or
    tells what is spent."""
    scaled = quantity.numeral.scaled or quantity.kind == "vague"
    if scaled and quantity.low >= _BILLION:
        return True
    if scaled and quantity.low >= _HUNDRED_MILLION and tokens.at(quantity.last) == "more":
        return tokens.at(quantity.last + 1) in word_set("ellipsis", "behind_more")
    near = tokens.low[max(0, quantity.first - _NEAR) : quantity.first]
    spent = not word_set("ellipsis", "spends").isdisjoint(near)
    return (
        scaled
        and quantity.low >= _LARGE
        and (spent or (bool(home.used) and quantity.low >= _MILLION and quantity.kind != "vague"))
    )


def _money_noun(tokens: Tokens, quantity: Quantity) -> bool:
    """Whether the noun of a count is one that only money has: ``pledge``, ``money``, ``loans``."""
    nouns = word_set("ellipsis", "money")
    if tokens.at(quantity.first - 1) == "of" and tokens.at(quantity.first - 2) in nouns:
        return quantity.noun is None
    if quantity.noun is not None:
        head = singular(tokens.low[quantity.noun[1] - 1])
        bought = quantity.low >= _BILLION and head in word_set("ellipsis", "bought")
        return bought or head in nouns
    if _is_raised(tokens, quantity.first):
        return True
    j = quantity.last
    if tokens.at(j) in ("of", "in"):
        j += 1
    for k in range(j, min(j + 4, len(tokens))):
        if singular(tokens.low[k]) in nouns:
            gift = tokens.low[k] == "donation" and tokens.at(k + 1) == "of"
            return not gift or singular(tokens.at(k + 2)) in nouns  # "a donation of vaccines"
        if tokens.low[k] == "-" or (k == j and tokens.low[k] == "more"):
            continue
        if not tokens.low[k][0].isalpha() or tokens.low[k] in word_set("phrase", "prepositions"):
            return False
    return False


def _is_raised(tokens: Tokens, first: int) -> bool:
    """Whether money is raised or cut by the number at token ``first``: ``our *aid by another* 4
    million``."""
    k = first - 1
    k -= tokens.at(k) in ("another", "about", "further")
    return tokens.at(k) == "by" and singular(tokens.at(k - 1)) in word_set("ellipsis", "money")


def _as_money(quantity: Quantity, unit: str, factor: Decimal) -> Quantity:
    return quantity.but(
        dimension="money",
        unit=unit,
        low=scaled_by(quantity.low, factor),
        high=scaled_by(quantity.high, factor),
        noun=None,
        after=quantity.last,
        rule="<n> of an amount before",
    )
