"""What a number counts that stands alone in a cell of a table: what its row or its column names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from extractors.mentions.named import NOTHING, Named
from extractors.names.noun_phrases import name_of_phrase
from extractors.numbers.quantity import Quantity
from extractors.passage.sentence import Sentence
from extractors.text.once import once
from extractors.text.tokens import Tokens
from extractors.text.words import is_plural, noun_list, word_set

OF_CELL = "<item> | <n>"  # the rule of such a name
_BAR = "|"
_BARS = frozenset((_BAR,))
_ENDS = frozenset(("(", ",", ":", ";", "/"))
_ONE = 2  # edges of a line that is no row
_BESIDE = 2  # words beside a number in its cell: "about", "at least"


class Cell(NamedTuple):
    """Tokens ``first`` to ``last`` (exclusive) of a row."""

    first: int
    last: int


class Label(NamedTuple):
    """A cell of a row with words in it, and what they name, if they do."""

    column: int
    named: Named | None


def name_of_cell(sentence: Sentence, quantity: Quantity, above: Iterable[Sentence]) -> Named | None:
    """The name of a number that is alone in its cell; None where it is not, or has no label.

    A label that names no thing leaves the number without a name: not that of the row before.
    ``above``: the sentences before its own, the nearest first.
    """
    cells = _cells(sentence)
    column = next((k for k, c in enumerate(cells) if c.first <= quantity.first < c.last), None)
    if column is None:
        return None
    own = cells[column]
    if own.last - own.first > quantity.last - quantity.first + _BESIDE:
        return None
    beside = [label for label in _labels(sentence) if label.column != column]
    labels = [label for label in reversed(beside) if label.column < column]
    labels += [label for label in beside if label.column > column]
    head = _head(len(cells), above)
    labels += [label for label in _labels(head) if label.column == column] if head else []
    named = next((label.named for label in labels if label.named), None)
    if named is not None:
        return replace(named, rule=OF_CELL)
    return NOTHING if labels else None


def of_next_cell(named: Named, tokens: Tokens, quantity: Quantity) -> Named:
    """A name by a quantity's noun, which a cell gives where one begins between the two."""
    beside = quantity.noun is None or _BARS.isdisjoint(tokens.low[quantity.last : quantity.noun[0]])
    return named if beside else replace(named, rule=OF_CELL)


@once
def _labels(sentence: Sentence) -> tuple[Label, ...]:
    """The cells of a row that name a thing, or hold words that may."""
    found = ((k, cell, _name(sentence, cell)) for k, cell in enumerate(_cells(sentence)))
    return tuple(Label(k, named) for k, cell, named in found if named or _is_label(sentence, cell))


def _is_label(sentence: Sentence, cell: Cell) -> bool:
    """Whether a cell holds words that may name a thing: not "Norway" alone."""
    return any(
        sentence.tokens.low[k][0].isalpha() and sentence.actors.over(k) is None
        for k in range(cell.first, cell.last)
    )


def _head(columns: int, above: Iterable[Sentence]) -> Sentence | None:
    """The first row of the table that these rows above belong to."""
    head: Sentence | None = None
    for sentence in above:
        if len(_cells(sentence)) != columns:
            break
        head = sentence
    return head


@once
def _cells(sentence: Sentence) -> tuple[Cell, ...]:
    """The cells of a row ("| Trucks | 22 |", "Trucks    22"); none where it is no row."""
    tokens = sentence.tokens
    bars = tokens.places(_BARS)
    if not bars:
        edges = [0, *filter(tokens.apart, range(1, len(tokens))), len(tokens)]
        marked = tokens.end[edges[1] - 1] == 1 + tokens.start[0]  # "Q    The 40."
        columns = () if marked or len(edges) == _ONE else pairwise(edges)
        return tuple(Cell(a, b) for a, b in columns)
    if len(bars) < 3 or bars[0] != 0:
        return ()
    return tuple(Cell(a + 1, b) for a, b in pairwise(bars))


def _ends_name(tokens: Tokens, k: int) -> bool:
    """Whether the words of a label go on behind its name: ``troops *in* Iraq``."""
    return tokens.low[k].isalpha() and tokens.low[k] in word_set("phrase", "stop")


def _name(sentence: Sentence, cell: Cell) -> Named | None:
    """The things that a cell names; None where it holds a number, or names no thing."""
    tokens = sentence.tokens
    last = min(cell.last, tokens.first_place(_ENDS, cell.first))
    last = next(filter(partial(_ends_name, tokens), range(cell.first + 1, last)), last)
    numbers = (k for k in range(cell.first, last) if tokens.low[k][0].isdecimal())
    if last <= cell.first or any(sentence.items.over(k) is None for k in numbers):
        return None
    head = tokens.low[last - 1]
    several = is_plural(head) and head not in noun_list("containers")
    named = several and not sentence.actors.within(cell.first, last)
    if not (named or sentence.items.ends_at(last)):
        return None
    return name_of_phrase(sentence, cell.first, last)
