"""A total and the deltas that it says it takes in: "the four ... will bring the total to 20"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extractors.links.pairs import distance, items_agree, more, same_unit
from extractors.meaning.choice import Link
from extractors.meaning.draft import Draft
from extractors.text.words import word_set

_REACH = 11
_TOTAL = frozenset(("total",))
_RAISING = word_set("part_of", "raising")


def includes(drafts: Sequence[Draft]) -> list[Link]:
    """Which deltas a total says it takes in: "the four ... will bring the total to 20"."""
    return [
        Link("includes", j, i, "bringing the total to <n>")
        for j, total in enumerate(drafts)
        if total.basis == "total" and _raised(total)
        for i in range(j - 1, max(-1, j - 1 - _REACH), -1)
        if distance(drafts[i], total) <= 4 and _adds_to(drafts[i], total)
    ]


def without_sums(links: Iterable[Link], sums: Sequence[Link]) -> list[Link]:
    """Links without the parts that are totals which take others in: such a total is nobody's part
    (codebook). ``sums``: the links of :func:`includes`."""
    totals = {link.source for link in sums}
    return [link for link in links if link.kind != "part_of" or link.source not in totals]


def _raised(total: Draft) -> bool:
    tokens = total.sentence.tokens
    return tokens.holds(_TOTAL) and tokens.holds(_RAISING, 0, total.quantity.first)


def _adds_to(a: Draft, total: Draft) -> bool:
    """Whether a delta can be among what a total counts."""
    alike = same_unit(a, total) and (a.quantity.dimension != "count" or items_agree(a, total))
    return alike and a.basis == "delta" and more(total, a)
