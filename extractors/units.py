"""Names of physical units, out of quantulum3's catalogue file and our corrections to it.

The file is read without importing quantulum3, whose import loads a parser (1.5 s) that only
:mod:`extractors.compounds` asks.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from extractors.catalogue import load

# SI prefixes (BIPM, SI Brochure, 9th edition), by the symbols that quantulum3's units list.
_PREFIXES = {
    "Y": "yotta", "Z": "zetta", "E": "exa", "P": "peta", "T": "tera", "G": "giga", "M": "mega",
    "k": "kilo", "h": "hecto", "da": "deca", "d": "deci", "c": "centi", "m": "milli",
    "µ": "micro", "n": "nano", "p": "pico", "f": "femto", "a": "atto", "z": "zepto", "y": "yocto",
}  # fmt: skip
NO_MEASURES = ("currency", "dimensionless")
_MULTIPLIED = ("degree", "deg", "cubic", "square", "kilowatt", "pound", "part")


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
