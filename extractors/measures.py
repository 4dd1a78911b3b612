"""Measures and durations: ``350 km``, ``600-mile``, ``tens of kilometers``, ``two weeks``.

Which unit a phrase names is quantulum3's to say, through :mod:`extractors.units`.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace

from extractors.ages import age_behind, bare_age
from extractors.catalogue import load
from extractors.compounds import OPERATORS, compound
from extractors.digits import SLASHES
from extractors.numeral import ARTICLES, DASHES, Numeral, past_hyphen
from extractors.quantity import Quantity, scaled_by
from extractors.tokens import Tokens
from extractors.units import Unit, unit_table
from extractors.words import is_plural

_BRACKETS = {"(": ")", "{": "}"}
_DIRECT = frozenset(("half", "quarter"))  # "a half mile", but "a third of a mile"
_PER = frozenset(("per", "an", "a"))
_WIDEST = 4  # tokens of a symbol: "km/h", "lb-ft", "m3/s"
_FURTHER = frozenset(load("measures")["words"]["further"])  # "three *more* years"
_DEGREES = frozenset("\u00b0\u00ba")
_INCH_MARKS = frozenset('"\u2033')
_QUOTE = frozenset('"')


def measure(tokens: Tokens, numeral: Numeral) -> Quantity | None:
    """The measure or duration that a numeral begins, None where no unit follows it."""
    if numeral.kind == "share":
        return _part_of_one(tokens, numeral)
    found = _unit_after(tokens, numeral)
    if found is None:
        return bare_age(tokens, numeral)
    unit, last = found
    if unit.dimension == "time":
        end = age_behind(tokens, last)
        if end is not None:
            return _quantity(numeral, Unit(f"{unit.name} of age", "time"), end, "<n> <age>")
        last += tokens.at(last) == "'"
        return _quantity(numeral, unit, last, "<n> <time>")
    return _quantity(numeral, unit, last, "<n> <unit>")


def _part_of_one(tokens: Tokens, numeral: Numeral) -> Quantity | None:
    """``half a mile``, ``a half-hour``, ``three-quarters of an acre``: less than one of a unit."""
    j = numeral.last
    if tokens.at(j) == "of" and tokens.at(j + 1) in ARTICLES:
        j += 2
    elif tokens.low[j - 1] not in _DIRECT:
        return None  # "a third week"
    else:
        j = past_hyphen(tokens, j)
        j += tokens.at(j) in ARTICLES
    found = unit_at(tokens, j)
    if found is None:
        return None
    part = replace(numeral, low=numeral.low / 100, high=numeral.high / 100)
    rule = "<n> <time>" if found[0].dimension == "time" else "<n> <unit>"
    return _quantity(part, *found, rule)


def _quantity(numeral: Numeral, unit: Unit, last: int, rule: str) -> Quantity:
    return Quantity(
        numeral,
        numeral.opens,
        last,
        scaled_by(numeral.low, unit.factor),
        scaled_by(numeral.high, unit.factor),
        unit.dimension,
        unit.name,
        last,
        rule.replace("<n>", numeral.rule),
    )


def _unit_after(tokens: Tokens, numeral: Numeral) -> tuple[Unit, int] | None:
    """The unit behind a numeral and the first token behind the unit."""
    j = numeral.last
    if j >= len(tokens):
        return None
    close = _BRACKETS.get(tokens.low[j])
    if close is not None:
        found = unit_at(tokens, j + 1, numeral)
        return (found[0], found[1] + 1) if found and tokens.at(found[1]) == close else None
    if tokens.low[j] in DASHES and tokens.glued(j) and tokens.glued(j + 1):
        j += 1
    elif tokens.low[j] in _FURTHER:
        later = unit_at(tokens, j + 1)
        return later if later is not None and later[0].dimension == "time" else None
    elif tokens.low[j] == "of" and (numeral.kind == "vague" or tokens.at(j - 2) in SLASHES):
        j += 1 + (tokens.at(j + 1) in ARTICLES)  # "tens of miles", "1/16 of a pint"
    return unit_at(tokens, j, numeral)


def unit_at(tokens: Tokens, j: int, numeral: Numeral | None = None) -> tuple[Unit, int] | None:
    """The unit that begins at token j and the first token behind it.

    Behind a ``numeral``, letters that touch it may be symbols as well (``17C``); a spelled-out
    number takes no symbol.
    """
    j += tokens.at(j) == "us" and tokens.raw[j].isupper()  # "a US gallon"
    if j >= len(tokens):
        return None
    found = _in_words(tokens, j)
    if found is None and not (numeral is not None and numeral.spelled):
        found = _symbol(tokens, j, numeral)
    return found


def _in_words(tokens: Tokens, j: int) -> tuple[Unit, int] | None:
    """A unit in words; hyphens between its words do not count (``square-mile``)."""
    table = unit_table()
    longest = table.first_words.get(tokens.low[j])
    if longest is None:
        return None
    words, ends = [tokens.low[j]], [j + 1]
    k, n = j + 1, len(tokens)
    while len(words) < longest and k < n:
        if tokens.low[k] in ("-", ".") and tokens.glued(k):
            k += 1
            continue
        words.append(tokens.low[k])
        k += 1
        ends.append(k)
    for length in range(len(words), 0, -1):
        unit = table.surfaces.get(" ".join(words[:length]))
        if unit is not None:
            last = ends[length - 1]
            return None if _other_word(tokens, j, last) else _rate(tokens, unit, last)
    return None


def _other_word(tokens: Tokens, j: int, last: int) -> bool:
    """Whether a unit's word is another word here: ``20 foot soldiers``, ``second-hand cars``."""
    if last - j > 1:
        return False
    word = tokens.low[j]
    hyphen = tokens.at(j - 1) == "-"
    if word in load("measures")["words"]["also_adjectives"] and not hyphen:
        seconds = word == "second" and "." not in tokens.at(j - 1)
        return seconds or is_plural(tokens.at(last))
    return word == "second" and tokens.at(last) == "-"


def _rate(tokens: Tokens, unit: Unit, j: int) -> tuple[Unit, int]:
    """``kilometres per hour``, ``miles an hour``, ``miles per gallon``: a unit of its own."""
    if tokens.at(j) in _PER and j + 1 < len(tokens):
        table = unit_table()
        rate = table.surfaces.get(f"{unit.name} per {tokens.low[j + 1]}")
        if rate is not None:
            return rate, j + 2
    return unit, j


def _symbol(tokens: Tokens, j: int, numeral: Numeral | None) -> tuple[Unit, int] | None:
    """A unit's symbol, as written: ``km``, ``km/h``, ``m²``, ``°C``, ``lb-ft``, ``A/cm2``."""
    table = unit_table()
    raw = tokens.raw[j]
    if raw in _DEGREES:
        return _degrees(tokens, j)
    if raw in _INCH_MARKS:
        return _inches(tokens, j)
    for k in range(min(j + _WIDEST, len(tokens)), j, -1):
        if _joined(tokens, j, k):
            unit = table.symbols.get("".join(tokens.raw[j:k]))
            if unit is not None:
                return unit, k
    if numeral is not None and raw in table.glued:
        loose = raw in table.loose and not numeral.scaled and not _name_follows(tokens, j + 1)
        if (tokens.glued(j) or loose) and _joined(tokens, j, j + 1):
            return table.glued[raw], j + 1
    return compound(tokens, j)


def _joined(tokens: Tokens, j: int, k: int) -> bool:
    """Whether tokens j to k (exclusive) are written as one, and nothing else is glued to them."""
    if not all(tokens.glued(m) for m in range(j + 1, k)):
        return False
    return not tokens.glued(k) or not (tokens.raw[k][0].isalnum() or tokens.raw[k] in OPERATORS)


def _name_follows(tokens: Tokens, j: int) -> bool:
    """Whether a name stands at token j, and no abbreviation ("5 W USB charger")."""
    return (j < len(tokens) and tokens.raw[j].istitle()) or tokens.at(j) == "-"


def _degrees(tokens: Tokens, j: int) -> tuple[Unit, int]:
    """``°C``, ``° F``, or an angle."""
    table = unit_table()
    scale = table.symbols.get(f"\u00b0{tokens.raw[j + 1]}") if j + 1 < len(tokens) else None
    return (scale, j + 2) if scale is not None else (table.surfaces["degree"], j + 1)


def _inches(tokens: Tokens, j: int) -> tuple[Unit, int] | None:
    """A double prime behind a number, or a quotation mark where no quotation is open."""
    inch = unit_table().surfaces["inch"], j + 1
    if tokens.raw[j] != '"' or tokens.at(j + 1) in load("measures")["words"]["extents"]:
        return inch
    opened = bisect_left(tokens.places(_QUOTE), j) % 2
    return inch if tokens.glued(j) and not opened else None
