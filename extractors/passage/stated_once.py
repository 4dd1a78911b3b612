"""Currency and magnitude that a head states once for the rows of a list or a table.

``(in millions of US dollars)`` above ``Qatar 300`` makes 300 million dollars of the bare number. A
head holds until the next line of prose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from extractors.catalogue import load
from extractors.numbers.currencies import Home, multiplied_code, names, symbols
from extractors.numbers.quantity import Quantity, scaled_by
from extractors.text.number_words import vocabulary
from extractors.text.tokens import Tokens
from extractors.text.words import word_set

_ENDS = (".", "?", "!")
_LONGEST_ROW = 40  # tokens
_OPENS = frozenset(
    ("", "in", "(", ",", ";", ":", "|", "-", "\u2013", "\u2014", "figures", "amounts")
)
_CLOSES = frozenset(("", ")", ",", ";", ":", "|", "by", "unless", "at", "."))
_WIDEST = 3  # tokens between a magnitude and its currency: "of current US dollars"


@dataclass(frozen=True, slots=True)
class Head:
    """What a head states: a currency, and by what its numbers are to be multiplied."""

    unit: str
    factor: Decimal


@cache
def _scales() -> dict[str, int]:
    """Magnitudes as a head writes them, in the singular or the plural."""
    v = vocabulary()
    large = {word: factor for word, factor in v.scales.items() if factor >= 1000}
    return {**large, **v.plurals, **v.suffixes, **v.weak}


def head_of(tokens: Tokens, home: Home) -> tuple[Head, int, int] | None:
    """The head that a line states, with its first token and the one behind its last."""
    if not is_row(tokens):
        return None
    for k, word in enumerate(tokens.low):
        if word == "in" and tokens.at(k - 1) == "(":  # "(in United States dollars, as pledged)"
            name = names().at(tokens, k + 1) if k + 1 < len(tokens) else None
            code = home.code(name.entry, k) if name is not None else None
            if name is not None and code is not None and tokens.at(name.last) in _CLOSES:
                return Head(code, Decimal(1)), k, name.last
        factor = _scales().get(word)
        if factor is None or tokens.at(k - 1)[:1].isdecimal():
            continue
        found = _with_currency(tokens, k, home)
        if found is None:
            continue
        unit, first, last = found
        if tokens.at(first - 1) in _OPENS and tokens.at(last) in _CLOSES:
            return Head(unit, Decimal(factor)), first, last
    return None


def _with_currency(tokens: Tokens, k: int, home: Home) -> tuple[str, int, int] | None:
    """The currency beside the magnitude at token k: ``EUR million``, ``millions of dollars``."""
    if k:
        before = _unit(tokens.raw[k - 1], home)
        if before is not None:
            return before, k - 1, k + 1
    j, skipped = k + 1, word_set("stated_once", "between")
    while j < k + 1 + _WIDEST and tokens.at(j) in skipped:
        j += 1
    if j >= len(tokens):
        return None
    behind = _unit(tokens.raw[j], home)
    if behind is not None:
        return behind, k, j + 1
    name = names().at(tokens, j)
    code = home.code(name.entry, k) if name is not None and not name.entry.minor else None
    return (code, k, name.last) if code is not None and name is not None else None


def _unit(raw: str, home: Home) -> str | None:
    found = multiplied_code(raw)
    if (
        found is not None
        and found[1] == 1
        and found[0] not in load("currencies")["codes"]["also_words"]
    ):
        return found[0]
    sign = symbols().get(raw)
    return home.code(sign) if sign is not None else None


def is_row(tokens: Tokens) -> bool:
    """Whether a line is a row of a list or a table, and no sentence."""
    return len(tokens) <= _LONGEST_ROW and tokens.raw[-1] not in _ENDS


def under_head(
    tokens: Tokens, found: Sequence[Quantity], head: Head, stated: tuple[int, int] | None
) -> list[Quantity]:
    """The quantities of a row with the head's unit for bare numbers; ``stated``: where the row
    itself states the head, which is no amount."""
    out: list[Quantity] = []
    for quantity in found:
        if stated is not None and stated[0] - 1 <= quantity.first < stated[1]:
            continue
        bare = quantity.dimension == "count" and quantity.noun is None
        in_brackets = tokens.at(quantity.first - 1) == "(" and tokens.at(quantity.last) == ")"
        scaled = quantity.numeral.scaled or head.factor > 1
        if bare and scaled and not in_brackets and stated is None and not quantity.numeral.one:
            factor = Decimal(1) if quantity.numeral.scaled else head.factor
            quantity = quantity.but(
                dimension="money",
                unit=head.unit,
                low=scaled_by(quantity.low, factor),
                high=scaled_by(quantity.high, factor),
                rule="<n> under a head",
            )
        out.append(quantity)
    return out
