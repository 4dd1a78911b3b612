"""Every quantity of a sentence in a language: what its numbers are of, and how exact they are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal

from extractors.languages.not_counted import dates_in, is_name_or_time, is_plain_year
from extractors.languages.tongue import Tongue
from extractors.languages.written import MARKED, POINTED, numeral_at, with_range
from extractors.numbers.currencies import is_code, symbols
from extractors.numbers.numeral import DASHES, Numeral, past_hyphen
from extractors.numbers.qualifiers import Qualified
from extractors.numbers.quantity import Quantity, scaled_by
from extractors.numbers.units import Unit, unit_table
from extractors.text.tokens import Tokens

_CALIBRES = frozenset(("millimetre", "centimetre"))
_STEPS = 4  # words between a qualifier and its number
_BOUNDS = frozenset(("at_least", "more_than", "at_most", "less_than"))
_ENDS = frozenset(("", ".", ",", ";", ":", "!", "?", ")", "(", '"', "\u2014", "\u2013", "|"))
_CENT = Decimal("0.01")
_THOUSANDS = 3  # digits behind a comma that may part thousands
_OF_AGE = "year of age"
_LONGEST_ALONE = 10**8


def cut(
    tokens: Tokens, tongue: Tongue, names: Collection[int], dollar: str
) -> list[tuple[Quantity, Qualified]]:
    """The quantities of a sentence from left to right, each with its qualifier.

    ``names``: the tokens that are inside of names of things (``Leopard 2``); ``dollar``: the ISO
    code of the currency that a bare dollar is.
    """
    dated = dates_in(tokens, tongue)
    numerals: list[Numeral] = []
    found: list[Quantity | None] = []
    i = floor = 0
    while i < len(tokens):
        numeral = None if i in names or i in dated else numeral_at(tokens, i, tongue)
        if numeral is None:
            i += 1
            continue
        both = with_range(tokens, numeral, tongue)
        quantity = _quantity(tokens, both, tongue, dollar, floor)
        if quantity is None and both is not numeral:
            both, quantity = numeral, _quantity(tokens, numeral, tongue, dollar, floor)
        name = numerals and found[-1] is None  # the number before it, if there is one
        if name and quantity is not None and _goes_on_row(tokens, numerals[-1], quantity, tongue):
            quantity = None
        numerals.append(both)
        found.append(quantity)
        floor = floor if quantity is None else quantity.last
        i = max(i + 1, both.last if quantity is None else quantity.last)
    quantities = [q for q in _joined(tokens, numerals, found, tongue) if q is not None]
    taken = frozenset(k for q in quantities for k in range(q.first, q.last))
    quantities += _parts_alone(tokens, tongue, taken)
    quantities.sort(key=lambda q: q.first)
    return [(q, _qualified(tokens, q, tongue)) for q in quantities]


def _quantity(
    tokens: Tokens, numeral: Numeral, tongue: Tongue, dollar: str, floor: int
) -> Quantity | None:
    """What a number is of: the first reading that its words allow; tokens before ``floor`` belong
    to the figure before it."""
    if is_name_or_time(tokens, numeral, tongue):
        return _age(tokens, numeral, tongue)
    stated = _money(tokens, numeral, tongue, dollar, floor) or _share(tokens, numeral, tongue)
    if stated is not None:
        return stated
    unit = _unit_at(tokens, numeral, tongue)
    if unit is not None:
        return _measure(tokens, numeral, unit, tongue)
    return _count(tokens, numeral, tongue)


def _age(tokens: Tokens, numeral: Numeral, tongue: Tongue) -> Quantity | None:
    """``25-jähriger``, ``11-річний``."""
    j = past_hyphen(tokens, numeral.last)
    if j == numeral.last or not tongue.aged or not tokens.at(j).startswith(tongue.aged):
        return None
    span = (numeral.first, j + 1)
    return _made(tokens, numeral, span, ("time", _OF_AGE), "<n> <age>", tongue)


def _made(
    tokens: Tokens, numeral: Numeral, span: tuple[int, int], of: tuple[str, str], rule: str,
    tongue: Tongue, noun: tuple[int, int] | None = None,
) -> Quantity:  # fmt: skip
    low, high = scaled_by(numeral.low, 1), scaled_by(numeral.high, 1)
    after = noun[1] if noun is not None else span[1]
    per = None if of[0] in ("percent", "time") else tongue.per.at(tokens, after)
    rule = rule.replace("<n>", numeral.rule)
    name, after = per if per is not None else (None, after)
    return Quantity(numeral, *span, low, high, *of, after, rule, name, noun)


def _money(
    tokens: Tokens, numeral: Numeral, tongue: Tongue, dollar: str, floor: int
) -> Quantity | None:
    """``€500``, ``EUR 12 000``, ``3 Milliarden Euro``, ``20 M€``, ``1,2 mln zł``."""
    led = _sign_before(tokens, numeral.opens)
    if led is not None and led[1] >= floor:
        code, first = led
        numeral = _with_letter(tokens, numeral, tongue)
        of = ("money", dollar if code == "$" else code)
        return _made(tokens, numeral, (first, numeral.last), of, "<currency> <n>", tongue)
    for amount in (numeral, _with_letter(tokens, numeral, tongue)):
        j = past_hyphen(tokens, amount.last)
        j += tokens.at(j) in tongue.of
        behind = tongue.currencies.at(tokens, j) or _sign_at(tokens, j)
        if behind is not None:
            code, last = behind
            of = ("money", dollar if code == "$" else code)
            return _made(tokens, amount, (amount.opens, last), of, "<n> <currency>", tongue)
    return None


def _with_letter(tokens: Tokens, numeral: Numeral, tongue: Tongue) -> Numeral:
    """The number with a letter that is a magnitude beside a currency: ``20 M€``."""
    j = numeral.last
    factor = tongue.letters.get(tokens.raw[j]) if j < len(tokens) else None
    if factor is None or numeral.scaled:
        return numeral
    low, high = scaled_by(numeral.low, factor), scaled_by(numeral.high, factor)
    return replace(numeral, last=j + 1, low=low, high=high, scaled=True)


def _sign_at(tokens: Tokens, j: int) -> tuple[str, int] | None:
    """The currency whose sign or code stands at token j."""
    if j >= len(tokens):
        return None
    raw = tokens.raw[j]
    if raw == "US" and tokens.at(j + 1) == "$":
        return "USD", j + 2
    sign = symbols().get(raw)
    if sign is not None and not raw.isalpha():
        return sign.code, j + 1
    if raw.isupper() and raw.isascii() and is_code(raw):
        return raw, j + 1
    return None


def _sign_before(tokens: Tokens, i: int) -> tuple[str, int] | None:
    """The currency whose sign or code stands before token i, and its first token."""
    if i < 1:
        return None
    if tokens.at(i - 1) == "$" and tokens.at(i - 2) == "us" and tokens.glued(i - 1):
        return "USD", i - 2
    sign = _sign_at(tokens, i - 1)
    if sign is None or tokens.at(i - 2)[:1].isdecimal():  # "14 EUR 20"
        return None
    return sign[0], i - 1


def _share(tokens: Tokens, numeral: Numeral, tongue: Tongue) -> Quantity | None:
    """``20 %``, ``20 Prozent``, ``dos tercios``."""
    behind = tongue.percent.at(tokens, past_hyphen(tokens, numeral.last))
    if behind is not None:
        span = (numeral.opens, behind[1])
        return _made(tokens, numeral, span, ("percent", "percent"), "<n> percent", tongue)
    part = tongue.fractions.at(tokens, numeral.last)
    if part is None or not numeral.spelled or numeral.high >= part[0]:
        return None
    return _part(tokens, numeral, part, tongue)


def _part(
    tokens: Tokens, numeral: Numeral, part: tuple[int, int], tongue: Tongue
) -> Quantity | None:
    """So many parts of a whole; none of an hour or a year."""
    whole, last = part
    if tongue.units.at(tokens, last + (tokens.at(last) in tongue.of)) is not None:
        return None
    value = (100 * numeral.low / whole).quantize(_CENT).normalize()
    share = replace(numeral, low=value, high=value, last=last, kind="exact", rule="<fraction>")
    return _made(tokens, share, (share.first, last), ("percent", "percent"), "<n>", tongue)


def _measure(
    tokens: Tokens, numeral: Numeral, behind: tuple[Unit, int], tongue: Tongue
) -> Quantity | None:
    """``350 Kilometer``, ``20 т``, ``15 días``; a calibre and a clock time are none."""
    unit, last = behind
    if unit.name in _CALIBRES:
        return None
    dimension, name, i = unit.dimension, unit.name, numeral.first
    if dimension == "time" and name == "hour" and tongue.clock_before.before(tokens, i):
        return None
    if name == "year" and (
        tongue.has("ages_behind", tokens.at(last))
        or not tongue.sets["ages_before"].isdisjoint(tokens.low[max(0, i - _STEPS) : i])
    ):
        name = _OF_AGE
    span = (numeral.opens, last)
    return _made(tokens, numeral, span, (dimension, name), "<n> <unit>", tongue)


def _unit_at(tokens: Tokens, numeral: Numeral, tongue: Tongue) -> tuple[Unit, int] | None:
    """The unit behind a number, and the first token behind it."""
    table, j = unit_table(), past_hyphen(tokens, numeral.last)
    if numeral.scaled and tokens.at(j) in tongue.of:
        j += 1
    named = tongue.units.at(tokens, j)
    if named is not None:
        return table.units[named[0]], named[1]
    if j >= len(tokens):
        return None
    for width in range(min(3, len(tokens) - j), 0, -1):
        symbol = "".join(tokens.raw[j : j + width])
        unit = table.symbols.get(symbol)
        whole = all(map(tokens.glued, range(j + 1, j + width)))
        if unit is not None and whole and not _goes_on(tokens, j + width):
            return unit, j + width
    loose = table.glued.get(tokens.raw[j]) if tokens.raw[j] in table.loose else None
    plain = loose is not None and not numeral.spelled and not _goes_on(tokens, j + 1)
    return (loose, j + 1) if loose is not None and plain else None


def _goes_on(tokens: Tokens, j: int) -> bool:
    """Whether a letter, a digit or a hyphen is glued to the word before token j."""
    return tokens.glued(j) and (tokens.at(j)[0].isalnum() or tokens.at(j) in ("-", "'"))


def _count(tokens: Tokens, numeral: Numeral, tongue: Tongue) -> Quantity | None:
    """A number with a noun behind it, or one that stands for its noun."""
    cut_off = tokens.at(numeral.last) in DASHES and tokens.glued(numeral.last)
    if numeral.rule == POINTED or cut_off:
        return None
    alone = numeral.kind == "exact" and tongue.fractions.at(tokens, numeral.first)
    numeral = _in_thousands(tokens, numeral)
    j = numeral.last
    k = j + (numeral.scaled and tokens.at(j) in tongue.of)
    k += tokens.at(k) == "+" and tokens.glued(k)
    if tokens.at(numeral.first - 1) == "+" and not _is_added(tokens, numeral):
        return None
    noun = (k, k + 1) if _is_noun(tokens, k, tongue) else None
    if alone or not (noun is not None or _stands_alone(tokens, numeral, tongue)):
        return None
    if numeral.one and not (
        (noun and tongue.has("ones", tokens.at(k)))
        or (_is_known(tokens, k, tongue) and not tongue.has("articles", tokens.at(numeral.first)))
    ):
        return None  # an article, or "one of them"
    if is_plain_year(tokens, numeral) and not (
        (
            _is_known(tokens, k, tongue)
            and not tongue.has("before_year", tokens.at(numeral.first - 1))
        )
        or (tongue.before.before(tokens, numeral.first) and noun)
    ):
        return None
    if numeral.low != numeral.low.to_integral_value() and not numeral.scaled:
        return None
    span, of = (numeral.opens, j), ("count", "count")
    return _made(tokens, numeral, span, of, "<n> <noun>" if noun else "<n>", tongue, noun)


def _is_added(tokens: Tokens, numeral: Numeral) -> bool:
    """``11 205 (+3)``: what has come to a number since it was last told."""
    return tokens.at(numeral.first - 2) == "(" and tokens.at(numeral.last) == ")"


def _in_thousands(tokens: Tokens, numeral: Numeral) -> Numeral:
    """``1,250 Soldaten``: what is counted has no parts, so the comma is of the thousands."""
    head, comma, tail = tokens.raw[numeral.first].partition(",")
    one = numeral.last == numeral.first + 1 and numeral.kind == "exact"
    if not (one and comma and head.isdecimal() and tail.isdecimal() and len(tail) == _THOUSANDS):
        return numeral
    if len(head) > _THOUSANDS or head == "0":
        return numeral
    value = Decimal(head + tail)
    return replace(numeral, low=value, high=value, rule=MARKED)


def _is_noun(tokens: Tokens, k: int, tongue: Tongue) -> bool:
    """Whether token k can be, or open, what a number counts."""
    word = tokens.at(k)
    if not word[:1].isalpha() or tongue.has("stop", word):
        return len(word) == 1 and _is_designation(tokens, k)
    return len(word) > 1 or _is_designation(tokens, k)


def _is_designation(tokens: Tokens, k: int) -> bool:
    """Whether letters and digits at token k name a thing: ``100 M113``, ``40 T-72``."""
    j = k + 1 + (tokens.at(k + 1) in DASHES)
    capital = tokens.raw[k].isupper() if k < len(tokens) else False
    return capital and tokens.at(j)[:1].isdecimal() and tokens.glued(j) and tokens.glued(k + 1)


def _is_known(tokens: Tokens, k: int, tongue: Tongue) -> bool:
    """Whether a usual noun of this field stands at token k or, behind an adjective, at the next."""
    return any(tokens.at(n).startswith(tongue.stems) for n in (k, k + 1) if tokens.at(n))


def _stands_alone(tokens: Tokens, numeral: Numeral, tongue: Tongue) -> bool:
    """Whether a number without a noun counts: ``12 davon``, ``stieg auf 38``, ``понад 5 000``."""
    j, first = numeral.last, numeral.first
    if tongue.partitive.at(tokens, j) is not None and not numeral.one:
        return True
    if _is_added(tokens, numeral) and tokens.at(first - 1) == "+":
        return True
    if numeral.rule == MARKED and numeral.low >= _LONGEST_ALONE:
        return False  # a telephone number
    if numeral.scaled or numeral.rule == MARKED or numeral.kind == "vague":
        return tokens.at(j) not in ("%", "/")
    ended = tokens.at(j) in _ENDS or tongue.has("stop", tokens.at(j))
    if not ended or numeral.one:
        return False
    if tongue.before.before(tokens, first) is not None:
        return True
    return tongue.has("bare_before", tokens.at(first - 1)) and not numeral.spelled


def _goes_on_row(tokens: Tokens, last: Numeral, quantity: Quantity, tongue: Tongue) -> bool:
    """Whether a number alone goes on a row of names: ``lignes 5, 8 et 11``."""
    alone = quantity.dimension == "count" and quantity.noun is None
    link = tongue.joined.at(tokens, last.last)
    return alone and link is not None and link[1] == quantity.first


def _joined(
    tokens: Tokens, numerals: list[Numeral], found: list[Quantity | None], tongue: Tongue
) -> list[Quantity | None]:
    """Numbers of a row take what the one behind them is of: ``12 und 15 Panzer``."""
    out = list(found)
    for k in range(len(numerals) - 2, -1, -1):
        numeral, other = numerals[k], out[k + 1]
        if out[k] is not None or other is None or numeral.one or other.numeral.kind != "exact":
            continue
        link = tongue.joined.at(tokens, numeral.last)
        if link is None or link[1] != other.first or is_name_or_time(tokens, numeral, tongue):
            continue
        if is_plain_year(tokens, numeral) or numeral.rule == POINTED:
            continue
        if other.dimension in ("count", "percent", "money") and not other.numeral.scaled:
            span, of = (numeral.first, numeral.last), (other.dimension, other.unit)
            out[k] = _made(tokens, numeral, span, of, "<n> and <n>", tongue)
    return out


def _parts_alone(tokens: Tokens, tongue: Tongue, taken: Collection[int]) -> list[Quantity]:
    """Parts of a whole without a number: ``die Hälfte der Panzer``, ``третина``."""
    out = []
    for i in range(len(tokens)):
        if i in taken or not tongue.has("alone_fractions", tokens.at(i)):
            continue
        part = tongue.fractions.at(tokens, i)
        one = Numeral(i, i + 1, Decimal(1), Decimal(1), spelled=True)
        share = _part(tokens, one, part, tongue) if part is not None else None
        if share is not None:
            out.append(share)
    return out


def _qualified(tokens: Tokens, quantity: Quantity, tongue: Tongue) -> Qualified:
    """How exact a number is, by the words before and behind it."""
    low, high = quantity.low, quantity.high
    if quantity.kind == "range":
        return Qualified("range", None, low, high, quantity.rule)
    found = _before(tokens, quantity.first, tongue) or _after(tokens, quantity, tongue)
    if quantity.kind == "vague":
        if found is not None and found[0] in ("at_most", "less_than"):
            return Qualified(found[0], low, None, low, found[1])
        return Qualified("vague", low, low, None, tokens.words(quantity.first, quantity.last))
    if found is None:
        told = tongue.sets["approximate"].intersection(tokens.low[quantity.first : quantity.last])
        found = ("about", min(told)) if told else ("exact", "")
    qualifier, cue = found
    least = None if qualifier in ("at_most", "less_than") else low
    most = None if qualifier in ("at_least", "more_than") else low
    return Qualified(qualifier, low, least, most, cue)


def _before(tokens: Tokens, i: int, tongue: Tongue) -> tuple[str, str] | None:
    """The qualifier before token i; a bound further out beats what stands nearer."""
    best: tuple[str, str] | None = None
    for _ in range(_STEPS):
        found = tongue.before.before(tokens, i)
        if found is not None:
            if best is None or (best[0] not in _BOUNDS and found[0] in _BOUNDS):
                best = found[0], tokens.words(found[1], i)
            i = found[1]
            continue
        passed = tongue.between.before(tokens, i)
        if passed is None:
            break
        i = passed[1]
    return best


def _after(tokens: Tokens, quantity: Quantity, tongue: Tongue) -> tuple[str, str] | None:
    """The qualifier behind the number, its unit or its noun."""
    for j in (quantity.last, quantity.after):
        found = tongue.after.at(tokens, j)
        if found is not None:
            return found[0], tokens.words(j, found[1])
    return None
