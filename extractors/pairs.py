"""Two figures of one text: whether they agree, which is more, how far apart they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from extractors.draft import Draft
from extractors.items import lineage
from extractors.people import is_person

_FAR = 9


@dataclass(frozen=True, slots=True)
class Link:
    """A link from one draft to another, by their places in the list, with its rule."""

    kind: str
    source: int
    target: int
    rule: str


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


def beside(drafts: Sequence[Draft], j: int) -> list[int]:
    """The figures of the sentence of figure j, itself among them, in the order of the text."""
    first = last = j
    while first and drafts[first - 1].sentence is drafts[j].sentence:
        first -= 1
    while last + 1 < len(drafts) and drafts[last + 1].sentence is drafts[j].sentence:
        last += 1
    return list(range(first, last + 1))
