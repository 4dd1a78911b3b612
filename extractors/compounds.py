"""Compound symbols: ``kg/m³``, ``µg/dL``, ``m/s^2``, ``N·m``.

quantulum3's parser says which unit such a phrase names. It never gets a sentence: only the symbols
that stand glued together behind a number, each of which its catalogue knows, reach it. Importing it
takes 1.5 s and waits for the first of them; what it said of a phrase is kept.
"""

from __future__ import annotations

import re
import warnings
from functools import cache, lru_cache
from typing import Any

from extractors.catalogue import load
from extractors.tokens import Tokens
from extractors.units import NO_MEASURES, Unit, dimension_of_entity, known_symbols

_DOT = "\u2022"  # what every middle dot of a text is folded to
OPERATORS = frozenset(f"/{_DOT}*^\u00b2\u00b3")
_LETTERS = re.compile(r"[^\W\d_\u00b2\u00b3]+")
_TWO_LETTERS = re.compile(r"[A-Za-z]/[A-Za-z]")  # "A/B tests"
_WIDEST = 8  # tokens
_LARGEST_POWER = 4


def compound(tokens: Tokens, j: int) -> tuple[Unit, int] | None:
    """The unit that the symbols at token j name together, and the first token behind them."""
    k = j
    while k < min(j + _WIDEST, len(tokens)) and _takes_part(tokens, j, k):
        k += 1
    phrase = "".join(tokens.raw[j:k])
    if not OPERATORS.intersection(phrase) or phrase[-1] in f"/*^{_DOT}":
        return None
    if _TWO_LETTERS.fullmatch(phrase):
        return None
    if not all(part in known_symbols() for part in _LETTERS.findall(phrase)):
        return None
    unit = _parsed(phrase.replace(_DOT, "\u00b7"))
    return (unit, k) if unit is not None else None


def _takes_part(tokens: Tokens, j: int, k: int) -> bool:
    raw = tokens.raw[k]
    if k > j and not tokens.glued(k):
        return False
    if raw.isdecimal():
        return k > j and int(raw) <= _LARGEST_POWER
    return all(c in OPERATORS or c.isdecimal() or c.isalpha() for c in raw)


@lru_cache(maxsize=1024)
def _parsed(phrase: str) -> Unit | None:
    """The unit in a phrase of symbols; None where the parser finds none, or more than one."""
    found = _parser().parse(f"1 {phrase}")
    if len(found) != 1 or found[0].value != 1 or found[0].surface != f"1 {phrase}":
        return None
    entity = found[0].unit.entity.name
    if entity in NO_MEASURES:
        return None
    return Unit(found[0].unit.name, dimension_of_entity(entity))


@cache
def _parser() -> Any:
    """quantulum3's parser, which knows the units that our catalogue adds."""
    with warnings.catch_warnings():  # it warns that it has no classifier, which is not asked for
        warnings.simplefilter("ignore")
        from quantulum3 import load as units  # type: ignore[import-untyped]
        from quantulum3 import parser
    data = load("measures")
    for name, dimension in data["custom"].items():
        symbols = [symbol for symbol, named in data["symbols"].items() if named == name]
        entity = "dimensionless" if dimension == "other" else dimension
        units.add_custom_unit(
            name, surfaces=[name], entity=entity, URI="", dimensions=[], symbols=symbols
        )
    return parser
