"""Names of physical units, out of quantulum3's catalogue file and our corrections to it.

The file is read without importing quantulum3, whose import loads a parser (1.5 s) that only
compound symbols ask (``kg/m³``, ``µg/dL``, ``m/s^2``, ``N·m``). The parser never gets a sentence:
only the symbols that stand glued together behind a number, each of which its catalogue knows, reach
it. What it said of a phrase is kept.
"""

from __future__ import annotations

import json
import re
import warnings
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from extractors.catalogue import load
from extractors.text.tokens import Tokens

# SI prefixes (BIPM, SI Brochure, 9th edition), by the symbols that quantulum3's units list.
_PREFIXES = {
    "Y": "yotta", "Z": "zetta", "E": "exa", "P": "peta", "T": "tera", "G": "giga", "M": "mega",
    "k": "kilo", "h": "hecto", "da": "deca", "d": "deci", "c": "centi", "m": "milli",
    "µ": "micro", "n": "nano", "p": "pico", "f": "femto", "a": "atto", "z": "zepto", "y": "yocto",
}  # fmt: skip
NO_MEASURES = ("currency", "dimensionless")
_MULTIPLIED = ("degree", "deg", "cubic", "square", "kilowatt", "pound", "part")

_DOT = "\u2022"  # what every middle dot of a text is folded to
OPERATORS = frozenset(f"/{_DOT}*^\u00b2\u00b3")
_LETTERS = re.compile(r"[^\W\d_\u00b2\u00b3]+")
_TWO_LETTERS = re.compile(r"[A-Za-z]/[A-Za-z]")  # "A/B tests"
_WIDEST = 8  # tokens
_LARGEST_POWER = 4


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: quantulum3's name for it, the record's dimension, and a scale its symbol holds."""

    name: str
    dimension: str
    factor: int = 1


@dataclass(frozen=True, slots=True)
class UnitTable:
    """Units by surface in lower case (one to five words joined by blanks), and by symbol.

    ``first_words`` holds the length of the longest surface that begins with a word. ``glued``
    symbols count only where they touch the number; those of ``loose`` may also stand apart from it.
    """

    units: dict[str, Unit]
    surfaces: dict[str, Unit]
    first_words: dict[str, int]
    symbols: dict[str, Unit]
    glued: dict[str, Unit]
    loose: frozenset[str]


def _catalogue_file() -> Path:
    spec = find_spec("quantulum3")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("quantulum3 is not installed; its unit catalogue is needed")
    return Path(spec.submodule_search_locations[0]) / "units.json"


@cache
def _known() -> dict[str, dict[str, Any]]:
    """quantulum3's units with their SI multiples, by name; no currencies and no plain numbers."""
    units: dict[str, dict[str, Any]] = {}
    for name, unit in json.loads(_catalogue_file().read_text(encoding="utf-8")).items():
        if unit["entity"] in NO_MEASURES and name != "basis point":
            continue
        units.setdefault(name, unit)
        for symbol in unit.get("prefixes", []):
            prefix = _PREFIXES.get(symbol)
            if prefix and unit["entity"] != "time":
                surfaces = [prefix + s for s in unit.get("surfaces", [])]
                units.setdefault(prefix + name, {"entity": unit["entity"], "surfaces": surfaces})
    return units


def dimension_of_entity(entity: str) -> str:
    """The record's dimension for what quantulum3 says that a unit measures."""
    dimension: str = load("measures")["dimensions"].get(entity, "other")
    return dimension


def _dimension_of(name: str) -> str:
    return dimension_of_entity(_known().get(name, {}).get("entity", ""))


def _plural(surface: str) -> str:
    if surface.endswith(("s", "z")):
        return surface
    if surface.endswith(("x", "ch")):
        return surface + "es"
    if surface.endswith("y") and surface[-2] not in "aeiou":
        return surface[:-1] + "ies"
    head, sep, tail = surface.partition(" per ")
    return f"{head}s{sep}{tail}"


def _surfaces(units: dict[str, Unit]) -> dict[str, Unit]:
    """Every unit's names in words, in singular and plural."""
    data = load("measures")
    banned = set(data["words"]["not"])
    out: dict[str, Unit] = {}
    for name, unit in _known().items():
        for surface in [name, *unit.get("surfaces", [])]:
            surface = surface.lower().replace("-", " ")
            if surface not in banned and surface.replace(" ", "").isalpha() and len(surface) > 2:
                out.setdefault(surface, units[name])
    named = {name.lower(): name for name in data["custom"]} | data["units"]
    out.update({surface.replace("-", " "): units[name] for surface, name in named.items()})
    for surface in list(out):
        out.setdefault(_plural(surface), out[surface])
        head, _, rest = surface.partition(" ")
        if rest and head in _MULTIPLIED:  # "degrees celsius", "pounds per square inch"
            out.setdefault(f"{_plural(head)} {rest}", out[surface])
    for plural, surface in data["irregular"].items():
        out[plural.replace("-", " ")] = out[surface.lower().replace("-", " ")]
    return out


@cache
def unit_table() -> UnitTable:
    """All units by their surfaces, made once a process."""
    data = load("measures")
    units = {name: Unit(name, _dimension_of(name)) for name in _known()}
    units.update({name: Unit(name, dimension) for name, dimension in data["custom"].items()})
    surfaces = _surfaces(units)
    first_words: dict[str, int] = {}
    for surface in surfaces:
        words = surface.split()
        first_words[words[0]] = max(first_words.get(words[0], 0), len(words))
    scales = data["scales"]
    symbols = {s: Unit(n, units[n].dimension, scales.get(s, 1)) for s, n in data["symbols"].items()}
    glued = {s: units[n] for s, n in data["glued"].items()}
    loose = frozenset(data["loose"]["symbols"])
    return UnitTable(units, surfaces, first_words, symbols, glued, loose)


@cache
def known_symbols() -> frozenset[str]:
    """Every symbol of quantulum3's units with its prefixes, and of ours: parts of a compound."""
    symbols = set(load("measures")["symbols"])
    for unit in json.loads(_catalogue_file().read_text(encoding="utf-8")).values():
        if unit["entity"] not in NO_MEASURES:
            own = unit.get("symbols", [])
            symbols.update(own, (p + s for p in unit.get("prefixes", []) for s in own))
    return frozenset(symbols)


def compound(tokens: Tokens, j: int) -> tuple[Unit, int] | None:
    """The unit that the symbols at token j name together, and the first token behind them."""
    if tokens.raw[j] in OPERATORS and tokens.at(j + 1)[:1].isdecimal():
        return None  # "3/4/5"
    k, end = j, min(j + _WIDEST, len(tokens))
    while k < end and _takes_part(tokens, j, k):
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
