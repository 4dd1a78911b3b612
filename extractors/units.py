"""Names of physical units, out of quantulum3's catalogue files and our corrections to them.

The files are read without importing quantulum3, whose import loads a parser (1.5 s). Its parser is
asked only about a compound symbol that no table has (``W/m²``), and never gets a sentence.
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


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: quantulum3's name for it, the record's dimension, and a scale its symbol holds."""

    name: str
    dimension: str
    factor: int = 1


@dataclass(frozen=True, slots=True)
class UnitTable:
    """Surfaces in lower case (one to five words joined by blanks), and symbols as written."""

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


def _quantulum_units() -> dict[str, dict[str, Any]]:
    """quantulum3's units with their SI multiples, by name; currencies and plain numbers left out."""
    units: dict[str, dict[str, Any]] = {}
    for name, unit in json.loads(_catalogue_file().read_text(encoding="utf-8")).items():
        if unit["entity"] in ("currency", "dimensionless") and name != "basis point":
            continue
        units[name] = unit
        for symbol in unit.get("prefixes", []):
            prefix = _PREFIXES.get(symbol)
            if prefix and unit["entity"] != "time":
                surfaces = [prefix + s for s in unit.get("surfaces", [])]
                units[prefix + name] = {"entity": unit["entity"], "surfaces": surfaces}
    return units


def _plural(surface: str) -> str:
    if surface.endswith(("s", "x", "ch", "z")):
        return surface + "es" if surface.endswith(("ch", "x")) else surface
    if surface.endswith("y") and surface[-2] not in "aeiou":
        return surface[:-1] + "ies"
    head, sep, tail = surface.partition(" per ")
    return f"{head}s{sep}{tail}"


@cache
def unit_table() -> UnitTable:
    """All units by their surfaces, made once a process."""
    data = load("measures")
    known = _quantulum_units()
    dimension_of = data["dimensions"]
    units = {n: Unit(n, dimension_of.get(u["entity"], "other")) for n, u in known.items()}
    units.update({n: Unit(n, d) for n, d in data["custom"].items()})
    banned = set(data["words"]["not"])
    surfaces: dict[str, Unit] = {}
    for name, unit in known.items():
        for surface in [name, *unit.get("surfaces", [])]:
            surface = surface.lower().replace("-", " ")
            if surface not in banned and surface.replace(" ", "").isalpha() and len(surface) > 2:
                surfaces.setdefault(surface, units[name])
    for name in data["custom"]:
        surfaces[name.lower().replace("-", " ")] = units[name]
    for surface, name in data["units"].items():
        surfaces[surface.replace("-", " ")] = units[name]
    for surface in list(surfaces):
        surfaces.setdefault(_plural(surface), surfaces[surface])
    for surface, singular in data["irregular"].items():
        surfaces[surface.replace("-", " ")] = surfaces[singular.lower().replace("-", " ")]
    for surface in list(surfaces):  # "degrees celsius", "pounds per square inch", "square feet"
        words = surface.split()
        if len(words) > 1 and words[0] in ("degree", "deg", "cubic", "square", "kilowatt", "pound"):
            surfaces.setdefault(" ".join([_plural(words[0]), *words[1:]]), surfaces[surface])
    first_words: dict[str, int] = {}
    for surface in surfaces:
        words = surface.split()
        first_words[words[0]] = max(first_words.get(words[0], 0), len(words))
    scales = data["scales"]
    symbols = {
        s: Unit(n, units[n].dimension, scales.get(s, 1)) for s, n in data["symbols"].items()
    }
    glued = {s: units[n] for s, n in data["glued"].items()}
    return UnitTable(surfaces, first_words, symbols, glued, frozenset(data["loose"]))


@cache
def parse_symbol(phrase: str) -> Unit | None:
    """Ask quantulum3's parser for the unit of a compound symbol such as ``W/m²``; None if unsure."""
    from quantulum3 import parser

    found = parser.parse(f"1 {phrase}")
    if len(found) != 1 or found[0].surface.strip() != f"1 {phrase}":
        return None
    unit = found[0].unit
    if unit.entity.name in ("dimensionless", "unknown", "currency"):
        return None
    return Unit(unit.name, load("measures")["dimensions"].get(unit.entity.name, "other"))
