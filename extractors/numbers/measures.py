"""Measures, durations and ages: ``350 km``, ``600-mile``, ``two weeks``, ``aged 16``.

Which unit a phrase names is quantulum3's to say, through :mod:`extractors.numbers.units`. An age
has its unit written (``44-year-old``) or not (``Ms Doe, 41, said``, ``turned 30``).
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from functools import cache
from typing import Any

from extractors.catalogue import load
from extractors.numbers.digits import SLASHES
from extractors.numbers.numeral import ARTICLES, DASHES, Numeral, past_hyphen
from extractors.numbers.quantity import Quantity, scaled_by
from extractors.numbers.units import OPERATORS, Unit, compound, unit_table
from extractors.text.tokens import Tokens
from extractors.text.words import is_plural, word_set

_BRACKETS = {"(": ")", "{": "}"}
_DIRECT = frozenset(("half", "quarter"))  # "a half mile", but "a third of a mile"
_PER = frozenset(("per", "an", "a"))
_WIDEST = 4  # tokens of a symbol: "km/h", "lb-ft", "m3/s"
_FURTHER = frozenset(load("measures")["words"]["further"])  # "three *more* years"
_BEFORE_UNITS = frozenset(load("measures")["words"]["before_units"])  # "ten *offshore* acres"
_ANGLE = "degree angle"
_RIGHT_ANGLE = 90
_HOT = range(65, 136)
_HEAT = frozenset(load("measures")["words"]["of_heat"])
_HEAT_REACH = 8  # tokens from a word of heat to its degrees
_SAID_OF_IT = 3  # tokens of "it was about"
_DEGREES = frozenset("\u00b0\u00ba")
_INCH_MARKS = frozenset('"\u2033')
_QUOTE = frozenset('"')
_OLDEST = 120
_EXPECTED = 8
_STOPS = frozenset(("", ",", ".", ";", ")"))


def measure(tokens: Tokens, numeral: Numeral) -> Quantity | None:
    """The measure or duration that a numeral begins, None where no unit follows it."""
    if numeral.kind == "share":
        return _part_of_one(tokens, numeral)
    found = _unit_after(tokens, numeral)
    if numeral.suffix:  # "1.2m tons"
        scaled = unit_at(tokens, numeral.last + 1)
        if scaled is not None:
            return _quantity(numeral.with_suffix(), *scaled, "<n> <unit>")
    if found is None:
        return _bare_age(tokens, numeral)
    unit, last = found
    if unit.name == _ANGLE and _is_heat(tokens, numeral, last):
        return _quantity(numeral, unit_table().surfaces["fahrenheit"], last, "<n> <unit>")
    if unit.dimension == "time":
        end = _age_behind(tokens, last)
        if end is not None:
            return _quantity(numeral, Unit(f"{unit.name} of age", "time"), end, "<n> <age>")
        last += tokens.at(last) == "'"
        return _quantity(numeral, unit, last, "<n> <time>")
    return _quantity(numeral, unit, last, "<n> <unit>")


def _is_heat(tokens: Tokens, numeral: Numeral, j: int) -> bool:
    """Whether bare degrees are of a thermometer in America: ``it is 115 degrees there``."""
    if numeral.low not in _HOT or numeral.low == _RIGHT_ANGLE or numeral.kind != "exact":
        return False
    i = numeral.opens
    if tokens.at(j) in load("measures")["words"]["of_angles"]:
        return False
    lead = tokens.low[max(0, i - _SAID_OF_IT) : i]
    told = "it" in lead and not _words()["being"].isdisjoint(lead)
    return told or tokens.holds(_HEAT, max(0, i - _HEAT_REACH), j + _HEAT_REACH)


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
    word = tokens.at(j)
    close = _BRACKETS.get(word)
    if close is not None:
        found = unit_at(tokens, j + 1, numeral)
        return (found[0], found[1] + 1) if found and tokens.at(found[1]) == close else None
    if word in DASHES and tokens.glued(j) and tokens.glued(j + 1):
        j += 1
        if tokens.at(j) == "plus":  # "20-plus years", "a 25,000-plus-ton ship"
            j = past_hyphen(tokens, j + 1)
    elif word in DASHES and tokens.glued(j) and numeral.spelled:
        later = unit_at(tokens, j + 1)  # "three- month training", as scanned texts have
        return later if later is not None and later[0].dimension == "time" else None
    elif word in _FURTHER or word in _BEFORE_UNITS:
        later = unit_at(tokens, j + 1)
        timed = later is not None and later[0].dimension == "time"
        return later if word in (_FURTHER if timed else _BEFORE_UNITS) else None
    elif word in DASHES and not tokens.glued(j) and _is_compound(tokens, j + 1):
        j += 1  # "a 31 - mile pipeline"
    elif word == "of" and (numeral.kind == "vague" or tokens.at(j - 2) in SLASHES):
        j += 1 + (tokens.at(j + 1) in ARTICLES)  # "tens of miles", "1/16 of a pint"
    return unit_at(tokens, j, numeral)


def _is_compound(tokens: Tokens, j: int) -> bool:
    """Whether a unit in the singular and what it measures stand at token j: ``mile pipeline``."""
    unit, thing = tokens.at(j), tokens.at(j + 1)
    plain = not is_plural(unit) and thing[:1].isalpha() and thing not in word_set("phrase", "stop")
    return plain and not tokens.glued(j)


def unit_at(tokens: Tokens, j: int, numeral: Numeral | None = None) -> tuple[Unit, int] | None:
    """The unit that begins at token j and the first token behind it.

    Behind a ``numeral``, letters that touch it may be symbols as well (``17C``); a spelled-out
    number takes no symbol.
    """
    word = tokens.at(j)
    if word == "us" and tokens.raw[j].isupper():  # "a US gallon"
        j, word = j + 1, tokens.at(j + 1)
    if not word or not _may_begin(word[0]):
        return None
    found = _in_words(tokens, j)
    if found is None and not (numeral is not None and numeral.spelled):
        found = _symbol(tokens, j, numeral)
    return found


@cache
def _may_begin(letter: str) -> bool:
    """Whether a unit begins with a letter or sign: not with a digit, a comma or a bracket."""
    return letter.isalpha() or letter in _first_signs()


@cache
def _first_signs() -> frozenset[str]:
    table = unit_table()
    surfaces = (*table.surfaces, *table.symbols, *table.glued)
    return frozenset({surface[0] for surface in surfaces} | OPERATORS | _DEGREES | _INCH_MARKS)


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
    end = j + 1
    while end < j + _WIDEST and tokens.glued(end):
        end += 1
    for k in range(end, j, -1):
        unit = table.symbols.get("".join(tokens.raw[j:k]))
        if unit is not None and _ends(tokens, k):
            return unit, k
    if numeral is not None and raw in table.glued:
        loose = raw in table.loose and not numeral.scaled and not _name_follows(tokens, j + 1)
        if (tokens.glued(j) or loose) and _ends(tokens, j + 1):
            return table.glued[raw], j + 1
    return compound(tokens, j)


def _ends(tokens: Tokens, k: int) -> bool:
    """Whether nothing that may be of a symbol is glued to the one that ends before token k."""
    if tokens.at(k) == "/" and tokens.at(k + 1)[:1].isdecimal():
        return True  # "1,000km/620mi"
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


@cache
def _words() -> dict[str, Any]:
    ages = load("measures")["ages"]
    return {
        name: frozenset(words) if isinstance(words, list) else words for name, words in ages.items()
    }


def _age_behind(tokens: Tokens, j: int) -> int | None:
    """The end of the words that make an age of the duration before token j, None without them."""
    k = j + 1 if tokens.at(j) == "-" else j
    if tokens.at(k) in _words()["old"]:
        return k + 1
    return j + 2 if tokens.follows(j, ("of", "age")) else None


def _bare_age(tokens: Tokens, numeral: Numeral) -> Quantity | None:
    """An age whose unit is not written: years."""
    if numeral.scaled or not 0 < numeral.low <= numeral.high <= _OLDEST or numeral.suffix:
        return None
    i, j = numeral.opens, numeral.last
    if tokens.at(j) in _words()["short"] and tokens.at(j + 1) != "'":
        return _age(numeral, j + 1, "<n> yo")
    if _named(tokens, i) or _apposition(tokens, i, j) or _predicate(tokens, i, j):
        return _age(numeral, j, "<age> <n>")
    return None


def _age(numeral: Numeral, last: int, rule: str) -> Quantity:
    unit = _words()["unit"]
    return Quantity(
        numeral, numeral.opens, last, numeral.low, numeral.high, "time", unit, last, rule
    )


def _named(tokens: Tokens, i: int) -> bool:
    """``aged 16``, ``over the age of 21``, ``an average age of 40``."""
    k = i - 1
    before = tokens.at(k)
    said = before in _words()["being"] or before in ("around", "about", "of")
    if said and "expectancy" in tokens.low[max(0, k - _EXPECTED) : k]:
        return True
    if before in ("of", "at", "is", "was"):
        return tokens.at(k - 1) in ("age", "expectancy")
    return before in _words()["before"]


def _apposition(tokens: Tokens, i: int, j: int) -> bool:
    """``Jane Doe, 41, said``: between commas behind a name, with a word in lower case to follow."""
    if tokens.at(i - 1) != "," or tokens.at(j) not in (",", ".") or i < 2 or j - i > 1:
        return False
    name, following = tokens.raw[i - 2], tokens.raw[j + 1] if j + 1 < len(tokens) else ""
    if not name[0].isupper() or len(name) < 3 or tokens.low[i - 2] in load("calendar")["months"]:
        return False
    if tokens.at(i - 3) == "," or not _of_person(tokens, i - 2):
        return False
    return tokens.low[j] == "," and following[:1].islower()


def _of_person(tokens: Tokens, k: int) -> bool:
    """Whether the name that ends at token k may be a person's: one or two words before it, capital
    letters each, or the subject with which the sentence begins."""
    return k == 0 or tokens.raw[k - 1][0].isupper() or tokens.low[k - 1] in ("-", "'s")


def _predicate(tokens: Tokens, i: int, j: int) -> bool:
    """``he will be 35 by May``, ``she turned 30``."""
    words = _words()
    before = tokens.at(i - 1)
    if before in words["turning"]:
        return tokens.at(j) in _STOPS or tokens.at(j) in words["behind"]
    if before not in words["being"] or not (
        tokens.at(j) in _STOPS or tokens.at(j) in words["behind"]
    ):
        return False
    if before in words["persons"]:
        return True  # "when you're 75"
    k = i - 2
    while k > 0 and tokens.low[k] in words["auxiliary"]:
        k -= 1
    return tokens.at(k) in words["persons"]
