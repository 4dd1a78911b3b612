"""The words that make a number (``catalogue/numerals.toml``), as the grammar asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from extractors.catalogue import load

_YEARS = range(1800, 2201)


def is_year(written: str) -> bool:
    """Whether a number as written may be a year: four digits, of a century that texts tell of."""
    return len(written) == len("2007") and written.isdecimal() and int(written) in _YEARS


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of the catalogue, in the tables that the grammar asks."""

    words: dict[str, int]
    scales: dict[str, int]
    suffixes: dict[str, int]
    weak: dict[str, int]
    plurals: dict[str, int]
    vague: dict[str, int]
    fractions: dict[str, Decimal]


@cache
def vocabulary() -> Vocabulary:
    """The words of numbers, read once a process."""
    data = load("numerals")
    scales = data["scales"]
    return Vocabulary(
        words=data["words"],
        scales={w: s["factor"] for w, s in scales.items() if not s.get("suffix")},
        suffixes={
            w: s["factor"]
            for w, s in scales.items()
            if s.get("suffix") and not s.get("after_money_only")
        },
        weak={w: s["factor"] for w, s in scales.items() if s.get("after_money_only")},
        plurals={
            f"{w}s": s["factor"] for w, s in scales.items() if s["factor"] >= 1000 and len(w) > 4
        },
        vague=data["vague"],
        fractions={w: Decimal(str(p)) for w, p in data["fractions"].items()},
    )


@cache
def anchors() -> tuple[str, ...]:
    """Every word with which a number in words can begin, for the scan of a whole document."""
    v = vocabulary()
    scales = [w for w, factor in v.scales.items() if len(w) > 1]
    return tuple(dict.fromkeys([*v.words, *v.vague, *scales, *v.fractions]))
