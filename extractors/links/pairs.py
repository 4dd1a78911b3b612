"""Two figures of one text: whether they agree, which is more, how far apart they stand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from extractors.meaning.draft import Draft
from extractors.mentions.items import lineage
from extractors.mentions.kinds import is_person

_FAR = 9
OPEN = ("at_least", "more_than", "vague")  # qualifiers of numbers that may be any larger one


def items_agree(a: Draft, b: Draft) -> bool:
    """Whether two items can be the same things: equal, of one head, or one a kind of the other."""
    x, y = a.item, b.item
    if x is None or y is None:
        return False
    if x == y or x in lineage(y) or y in lineage(x):
        return True
    people = is_person(x, a.named.entry) and is_person(y, b.named.entry)
    return (people and a.status == b.status) or x.split()[-1] == y.split()[-1]


def more(a: Draft, b: Draft) -> bool:
    """Whether the first figure is the greater number, as a whole is than its part."""
    return number_of(a) > number_of(b)


def number_of(draft: Draft) -> Decimal:
    """The number of a figure; of a range or a bound, its upper end where it has one."""
    q = draft.qualified
    return q.value if q.value is not None else (q.high or q.low or Decimal(0))


def same_unit(a: Draft, b: Draft) -> bool:
    """Whether two figures are numbers of one dimension and one unit."""
    x, y = a.quantity, b.quantity
    return x.dimension == y.dimension and x.unit == y.unit


def distance(a: Draft, b: Draft) -> int:
    """How many sentences lie from one figure to a later one; across paragraphs, roughly."""
    if a.block == b.block:
        return abs(b.sentence.number - a.sentence.number)
    between = b.block - a.block
    if between == 1 and b.sentence.number <= 1:
        return 1
    return _FAR if between > 3 else 2


class Drafts(tuple[Draft, ...]):
    """The figures of a document, and what is asked of all of them for each.

    ``known`` keeps what is read of them :func:`~extractors.text.once.once`.
    """

    @cached_property
    def known(self) -> dict[Any, Any]:
        """The readings made so far."""
        return {}

    @cached_property
    def beside(self) -> list[range]:
        """For each figure those of its sentence, itself among them, in the order of the text."""
        out: list[range] = []
        start = 0
        for k, draft in enumerate(self, 1):
            if k == len(self) or self[k].sentence is not draft.sentence:
                out += [range(start, k)] * (k - start)
                start = k
        return out

    @cached_property
    def by_number(self) -> dict[tuple[int, Decimal], list[int]]:
        """The figures of a sentence (by its first one) that state a number."""
        out: dict[tuple[int, Decimal], list[int]] = {}
        for k, draft in enumerate(self):
            out.setdefault((self.beside[k].start, number_of(draft)), []).append(k)
        return out


class Rising:
    """The first figure of a row that is more than another, found without asking each."""

    def __init__(self, drafts: Sequence[Draft], row: Iterable[int]) -> None:
        self._numbers: list[Decimal] = []
        self._places: list[int] = []
        for k in row:  # no other is the first that is more than any number
            if not self._numbers or number_of(drafts[k]) > self._numbers[-1]:
                self._numbers.append(number_of(drafts[k]))
                self._places.append(k)

    def first_more(self, part: Draft) -> int | None:
        """The place of the first that is more than ``part``, None where none is."""
        i = bisect_right(self._numbers, number_of(part))
        return self._places[i] if i < len(self._places) else None
