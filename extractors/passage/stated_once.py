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
from extractors.text.number_words import is_year, vocabulary
from extractors.text.tokens import Tokens
from extractors.text.words import word_set

_ENDS = (".", "?", "!")
_LONGEST_ROW = 40  # tokens
_OPENS = frozenset(
    ("", "in", "(", ",", ";", ":", "|", "-", "\u2013", "\u2014", "figures", "amounts")
)
_STATES = frozenset(("in", "("))
_CLOSES = frozenset(("", ")", ",", ";", ":", "|", "by", "unless", "at", ".", "per"))
_WIDEST = 3  # tokens between a magnitude and its currency: "of current US dollars"
_SIGN = 2  # tokens of a currency sign: "US$"
_THOUSAND = ("1,000", "000")  # "in EUR 1,000", "EUR '000"
# Under a head of a whole table without a magnitude, lesser numbers may be years, marks and counts.
_LEAST = 1000
_YEARS = 12  # tokens of a row of years
_LONGEST_HEAD = (
    16  # tokens of a head that is a sentence: "All values in US dollars, prices of 2022."
)
_TELLS = word_set("stated_once", "tells")


@dataclass(frozen=True, slots=True)
class Head:
    """What a head states: a currency, and by what its numbers are to be multiplied.

    ``cell`` is the column over which it stands (from the left where bars part columns, from the
    right, below zero, where blanks do), None where it is of the whole table.
    """

    unit: str
    factor: Decimal
    cell: int | None = None


@cache
def _scales() -> dict[str, int]:
    """Magnitudes as a head writes them, in the singular or the plural."""
    v = vocabulary()
    large = {word: factor for word, factor in v.scales.items() if factor >= 1000}
    return {**large, **v.plurals, **v.suffixes, **v.weak}


def head_of(tokens: Tokens, home: Home) -> tuple[Head, int, int] | None:
    """The head that a line states, with its first token and the one behind its last."""
    told = len(tokens) <= _LONGEST_HEAD and not _TELLS.isdisjoint(tokens.low[:_SIGN])
    if not (told or is_row(tokens)):
        return None
    scales = _scales()
    for k, word in enumerate(tokens.low):
        named = word == "(" or (told and word == "in")
        if not named and word not in scales and word not in _THOUSAND:
            continue
        found = None
        if word in scales and not tokens.at(k - 1)[:1].isdecimal():
            found = _with_currency(tokens, k, home)
            factor = scales[word]
        elif word in _THOUSAND:
            sign, factor = _before(tokens, k - (tokens.at(k - 1) == "'"), home), 1000
            found = (*sign, k + 1) if sign is not None else None
        elif named:
            found, factor = _in_brackets(tokens, k, home), 1
        if found is not None and _stands_apart(tokens, *found[1:]):
            return Head(found[0], Decimal(factor), _cell(tokens, found[1])), *found[1:]
    return None


def _stands_apart(tokens: Tokens, first: int, last: int) -> bool:
    """Whether tokens are all that a cell, a bracket or the end of a line says."""
    opened = tokens.at(first - 1) in _OPENS or tokens.apart(first)
    return opened and (tokens.at(last) in _CLOSES or tokens.apart(last))


def _cell(tokens: Tokens, k: int) -> int | None:
    """The column of token k; None for the first of a line, and where there are no columns."""
    if "|" in tokens.raw:
        return tokens.raw[:k].count("|") - (tokens.raw[0] == "|") or None
    if any(tokens.apart(j) for j in range(1, k + 1)):
        return -1 - sum(tokens.apart(j) for j in range(k + 1, len(tokens)))
    return None


def _with_currency(tokens: Tokens, k: int, home: Home) -> tuple[str, int, int] | None:
    """The currency beside the magnitude at token k: ``EUR million``, ``millions of dollars``,
    ``dollars in thousands``."""
    before = _before(tokens, k, home)
    if before is not None:
        return before[0], before[1], k + 1
    j, skipped = k + 1, word_set("stated_once", "between")
    while j < k + 1 + _WIDEST and tokens.at(j) in skipped:
        j += 1
    if j < len(tokens):
        behind = _unit(tokens.raw[j], home)
        if behind is not None:
            return behind, k, j + 1
        name = _name(tokens, j, home)
        if name is not None:
            return name[0], k, name[1]
    if k > 1 and tokens.low[k - 1] == "in":
        name = _name(tokens, k - 2, home)
        if name is not None and name[1] == k - 1:
            return name[0], k - 2, k + 1
    return None


def _before(tokens: Tokens, k: int, home: Home) -> tuple[str, int] | None:
    """The sign or code that ends before token k, and its first token: ``US$``."""
    for first in range(max(0, k - _SIGN), k):
        if all(tokens.glued(j) for j in range(first + 1, k)):
            unit = _unit("".join(tokens.raw[first:k]), home)
            if unit is not None:
                return unit, first
    return None


def _in_brackets(tokens: Tokens, k: int, home: Home) -> tuple[str, int, int] | None:
    """The currency alone behind the bracket at token k: ``(in United States dollars, as
    pledged)``, ``(USD)``."""
    j = k + 1 + (tokens.at(k + 1) == "in")
    if j >= len(tokens):
        return None
    name = _name(tokens, j, home)
    if name is not None and tokens.at(j - 1) == "in":
        return name[0], j, name[1]
    unit = _unit(tokens.raw[j], home)
    return (unit, j, j + 1) if unit is not None and tokens.at(j + 1) in _CLOSES else None


def _name(tokens: Tokens, k: int, home: Home) -> tuple[str, int] | None:
    name = names().at(tokens, k)
    code = home.code(name.entry, k) if name is not None and not name.entry.minor else None
    return (code, name.last) if code is not None and name is not None else None


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


def heads_title(tokens: Tokens, first: int) -> bool:
    """Whether a title states a head at token ``first``, and does not just name its subject:
    ``Aid to Ukraine: billions of dollars``."""
    told = tokens.low[first] in vocabulary().plurals
    return not told or tokens.at(first - 1) in _STATES


def is_row(tokens: Tokens) -> bool:
    """Whether a line is a row of a list or a table, and no sentence."""
    if len(tokens) > _LONGEST_ROW:
        return False
    points = not any(map(str.isalnum, tokens.raw))  # "...": rows that are left out
    return tokens.raw[-1] not in _ENDS or points or _are_years(tokens)


def _are_years(tokens: Tokens) -> bool:
    """Whether a line that an abbreviation ends names the years of columns: ``FY09 act.``"""
    years = any(word == "fy" or is_year(word) for word in tokens.low)
    return years and len(tokens) <= _YEARS and word_set("phrase", "stop").isdisjoint(tokens.low)


def under_head(
    tokens: Tokens, found: Sequence[Quantity], head: Head, stated: tuple[int, int] | None
) -> list[Quantity]:
    """The quantities of a row with the head's unit for bare numbers; ``stated``: where the row
    itself states the head, which is no amount."""
    out: list[Quantity] = []
    for quantity in found:
        if stated is not None and stated[0] - 1 <= quantity.first < stated[1]:
            continue
        if (
            stated is None
            and _is_bare(tokens, quantity, head)
            and _is_below(tokens, quantity, head)
        ):
            quantity = _of(quantity, head)
        out.append(quantity)
    return out


def _is_bare(tokens: Tokens, quantity: Quantity, head: Head) -> bool:
    """Whether a number has nothing of its own that says what it is, not even brackets."""
    if quantity.dimension != "count" or quantity.numeral.one:
        return False
    if quantity.noun is not None and (head.cell is None or not tokens.apart(quantity.noun[0])):
        return False
    large = quantity.numeral.scaled or head.factor > 1 or quantity.low >= _LEAST
    if head.cell is None and not large:
        return False
    return not (tokens.at(quantity.first - 1) == "(" and tokens.at(quantity.last) == ")")


def _is_below(tokens: Tokens, quantity: Quantity, head: Head) -> bool:
    """Whether a number stands in the column of a head."""
    if head.cell is None:
        return True
    cell = _cell(tokens, quantity.first)
    return cell == head.cell or (cell is None and head.cell > 0)


def _of(quantity: Quantity, head: Head) -> Quantity:
    """A bare number as an amount in the currency and the magnitude of its head."""
    factor = Decimal(1) if quantity.numeral.scaled else head.factor
    return quantity.but(
        dimension="money",
        unit=head.unit,
        low=scaled_by(quantity.low, factor),
        high=scaled_by(quantity.high, factor),
        rule="<n> under a head",
    )
