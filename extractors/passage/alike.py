"""What is read of a document that is not in English: figures that every language writes alike.

The words that may be magnitudes in another language stand in ``catalogue/languages.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

from extractors.catalogue import load
from extractors.passage.found import Found

# Digits of one meaning: 1.500 and 1,500 are fifteen hundred to some and one and a half to others.
GROUPED = r"[0-9]{1,3}(?:[ \u00a0'][0-9]{3})+|[0-9]{1,3}(?:(?:\.[0-9]{3}){2,}|(?:,[0-9]{3}){2,})"
NUMBER = rf"(?:{GROUPED}|[0-9]+)(?:[.,][0-9]{{1,2}})?"
UNIT = r"(?:[A-Z]{3}|[A-Z]{0,3}[^\w\s.,'\"()-])"
ALIKE = {
    "percent": re.compile(rf"{NUMBER}(?:[ \u00a0]?[-\u2013][ \u00a0]?{NUMBER})?[ \u00a0]?%"),
    "money": re.compile(rf"{UNIT}[ \u00a0]?{NUMBER}|{NUMBER}[ \u00a0]?{UNIT}"),
}


def alike_in_all(found: Iterable[Found]) -> list[Found]:
    """Those figures that are written alike in every language, as they stand: no word is read."""
    return [_exact(f) for f in found if _is_alike(f)]


def _is_alike(found: Found) -> bool:
    tokens, quantity = found.sentence.tokens, found.quantity
    written = ALIKE.get(quantity.dimension)
    if written is None or not written.fullmatch(
        found.sentence.written(quantity.first, quantity.last)
    ):
        return False
    unit_first = not tokens.low[quantity.first][0].isdecimal()
    before = tokens.at(quantity.first - 1)
    other = unit_first and (before[:1].isdecimal() or _multiplies(before))  # "3 Mrd. EUR 2024"
    return not other and not _multiplies(tokens.at(quantity.last))


def _multiplies(word: str) -> bool:
    """Whether a word may be a magnitude in some language: "Milliarden", "mln", "тис"."""
    return word in _magnitudes() or any(
        len(start) > 2 and word.startswith(start) for start in _magnitudes()
    )


@cache
def _magnitudes() -> Sequence[str]:
    return tuple(load("languages")["magnitudes"])


def _exact(found: Found) -> Found:
    quantity = found.quantity
    low, high = quantity.low, quantity.high
    kind = "exact" if low == high else "range"
    qualified = replace(
        found.qualified,
        qualifier=kind,
        value=low if low == high else None,
        low=low,
        high=high,
        cue="",
    )
    return replace(found, qualified=qualified)
