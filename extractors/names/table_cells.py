"""What a number counts that stands alone in a cell of a table: what its row or its column names."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from extractors.mentions.named import Named
from extractors.names.noun_phrases import name_of_phrase
from extractors.numbers.quantity import Quantity
from extractors.passage.sentence import Sentence
from extractors.text.once import once
from extractors.text.words import is_plural, noun_list

_BAR = "|"
_BARS = frozenset((_BAR,))
_ENDS = frozenset(("(", ",", ":", ";", "/"))
_BESIDE = 2  # words beside a number in its cell: "about", "at least"


class Cell(NamedTuple):
    """Tokens ``first`` to ``last`` (exclusive) of a row."""

    first: int
    last: int


def name_of_cell(sentence: Sentence, quantity: Quantity, above: Iterable[Sentence]) -> Named | None:
    """The name of a number that is alone in its cell; None where it is not, or nothing names it.

    ``above``: the sentences before its own, the nearest first.
    """
    cells = _cells(sentence)
    column = next((k for k, c in enumerate(cells) if c.first <= quantity.first < c.last), None)
    if column is None:
        return None
    own = cells[column]
    if own.last - own.first > quantity.last - quantity.first + _BESIDE:
        return None
    nearest = (*reversed(cells[:column]), *cells[column + 1 :])
    row = (_name(sentence, cell) for cell in nearest)
    return next(filter(None, row), None) or _name_of_column(column, len(cells), above)


def _name_of_column(column: int, columns: int, above: Iterable[Sentence]) -> Named | None:
    """The name in the first row of the table that these rows above belong to."""
    head: Sentence | None = None
    for sentence in above:
        if len(_cells(sentence)) != columns:
            break
        head = sentence
    return _name(head, _cells(head)[column]) if head is not None else None


@once
def _cells(sentence: Sentence) -> tuple[Cell, ...]:
    """The cells of a row ("| Trucks | 22 |"); none where it is no row."""
    tokens = sentence.tokens
    bars = tokens.places(_BARS)
    if len(bars) < 3 or bars[0] != 0:
        return ()
    return tuple(Cell(a + 1, b) for a, b in pairwise(bars))


def _name(sentence: Sentence, cell: Cell) -> Named | None:
    """The things that a cell names; None where it holds a number, or names no thing."""
    tokens = sentence.tokens
    last = min(cell.last, tokens.first_place(_ENDS, cell.first))
    if last <= cell.first or any(word[0].isdecimal() for word in tokens.low[cell.first : last]):
        return None
    head = tokens.low[last - 1]
    several = is_plural(head) and head not in noun_list("containers")
    named = several and not sentence.actors.within(cell.first, last)
    if not (named or sentence.items.ends_at(last)):
        return None
    return name_of_phrase(sentence, cell.first, last)
