"""Measures and durations: ``350 km``, ``600-mile``, ``tens of kilometers``, ``two weeks``.

Which unit a phrase names is quantulum3's to say, through :mod:`extractors.units`.
"""

from __future__ import annotations

from extractors.catalogue import load
from extractors.numerals import Numeral
from extractors.quantity import Quantity, scaled_by
from extractors.tokens import Tokens
from extractors.units import Unit, parse_symbol, unit_table

_GAPS = frozenset(("-", "\u2013"))


def measure(tokens: Tokens, numeral: Numeral) -> Quantity | None:
    """The measure or duration that a numeral begins, None where no unit follows it."""
    found = _unit_after(tokens, numeral)
    if found is None:
        return None
    unit, last = found
    rule = "<n> <unit>"
    if unit.dimension == "time":
        last, age = _age(tokens, last)
        unit_name = load("measures")["ages"]["unit"].replace("year", unit.name) if age else unit.name
        if not age and last < len(tokens) and tokens.low[last] == "'":
            last += 1
        return _quantity(numeral, Unit(unit_name, "time"), last, "<n> <age>" if age else "<n> <time>")
    return _quantity(numeral, unit, last, rule)


def _quantity(numeral: Numeral, unit: Unit, last: int, rule: str) -> Quantity:
    return Quantity(
        numeral,
        numeral.first,
        last,
        scaled_by(numeral.low, unit.factor),
        scaled_by(numeral.high, unit.factor),
        unit.dimension,
        unit.name,
        last,
        rule,
    )


def _unit_after(tokens: Tokens, numeral: Numeral) -> tuple[Unit, int] | None:
    """The unit behind a numeral and the first token behind the unit."""
    table = unit_table()
    j, n = numeral.last, len(tokens)
    if j >= n:
        return None
    if tokens.glued(j) and not numeral.spelled:
        unit = table.glued.get(tokens.raw[j]) if _word_ends(tokens, j) else None
        if unit is not None and not (numeral.scaled and tokens.raw[j] not in ("C", "F")):
            return unit, j + 1
    opened = tokens.low[j] == "(" and j + 2 < n and tokens.low[j + 2] == ")"
    if opened:
        j += 1
    elif tokens.low[j] in _GAPS and tokens.glued(j) and j + 1 < n and tokens.glued(j + 1):
        j += 1
    elif tokens.low[j] == "of" and numeral.kind == "vague":
        j += 1
    if j >= n:
        return None
    found = _spelled_unit(tokens, j) or _symbol(tokens, numeral, j)
    if found is None and tokens.raw[j] == '"' and tokens.glued(j) and not numeral.spelled:
        found = _inches(tokens, j)
    if found is not None and opened:
        return (found[0], found[1] + 1) if found[1] < n and tokens.low[found[1]] == ")" else None
    return found


def _word_ends(tokens: Tokens, j: int) -> bool:
    """Whether the token at j is not glued to something that makes it a designator or a fraction."""
    if j + 1 >= len(tokens) or not tokens.glued(j + 1):
        return True
    return not tokens.raw[j + 1][0].isalnum() and tokens.raw[j + 1] not in ("/", "\u00b2", "\u00b3")


def _spelled_unit(tokens: Tokens, j: int) -> tuple[Unit, int] | None:
    """A unit in words; hyphens between its words do not count (``square-mile``)."""
    table = unit_table()
    longest = table.first_words.get(tokens.low[j])
    if longest is None:
        return None
    words, ends = [tokens.low[j]], [j + 1]
    k = j + 1
    while len(words) < longest and k < len(tokens):
        if tokens.low[k] == "-" and tokens.glued(k):
            k += 1
            continue
        words.append(tokens.low[k])
        ends.append(k + 1)
        k += 1
    for length in range(len(words), 0, -1):
        unit = table.surfaces.get(" ".join(words[:length]))
        if unit is not None:
            return _compound(tokens, unit, ends[length - 1])
    return None


def _compound(tokens: Tokens, unit: Unit, j: int) -> tuple[Unit, int]:
    """``kilometres per hour``, ``miles an hour``: quantulum3's name for the speed."""
    table = unit_table()
    if (
        unit.dimension == "length"
        and j + 1 < len(tokens)
        and tokens.low[j] in ("per", "an", "a")
        and tokens.low[j + 1] in ("hour", "second")
    ):
        speed = table.surfaces.get(f"{unit.name} per {tokens.low[j + 1]}")
        if speed is not None:
            return speed, j + 2
    return unit, j


def _symbol(tokens: Tokens, numeral: Numeral, j: int) -> tuple[Unit, int] | None:
    """A unit's symbol, as written: ``km``, ``km/h``, ``m²``, ``°C``."""
    table = unit_table()
    n = len(tokens)
    k = j + 1
    while k < n and tokens.glued(k) and (tokens.raw[k] in "/²³°º" or tokens.raw[k - 1] in "/°º"):
        k += 1
    if k < n and tokens.glued(k) and tokens.raw[k] in ("2", "3") and tokens.raw[j] in ("m", "km"):
        k += 1
    written = "".join(tokens.raw[j:k])
    if numeral.spelled and len(written) < 3:
        return None
    unit = table.symbols.get(written)
    if unit is None and written in table.loose and not numeral.spelled and not numeral.scaled:
        unit = table.glued[written]
    if unit is None and "/" in written and k - j == 3 and written.isascii() and len(written) <= 7:
        sides = written.split("/")
        if all(s in table.symbols or s in table.glued for s in sides):
            unit = parse_symbol(written)
    if unit is None and tokens.raw[j] in ("°", "º"):
        return table.surfaces["degree"], j + 1
    return (unit, k) if unit is not None else None


def _inches(tokens: Tokens, j: int) -> tuple[Unit, int] | None:
    """A double prime behind a number, where no quotation is open."""
    opened = sum(1 for k in range(j) if tokens.raw[k] == '"') % 2
    return None if opened else (unit_table().surfaces["inch"], j + 1)


def _age(tokens: Tokens, j: int) -> tuple[int, bool]:
    """Whether a duration is an age (``44-year-old``, ``three years of age``), and where it ends."""
    k = j + 1 if j < len(tokens) and tokens.low[j] == "-" else j
    if k < len(tokens) and tokens.low[k] == "old":
        return k + 1, True
    if tokens.low[j : j + 2] == ("of", "age"):
        return j + 2, True
    return j, False
