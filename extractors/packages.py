"""What a package of aid holds, what a tracker's record splits, and what a waiver is part of."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.bought import AT_A_PRICE
from extractors.draft import Draft
from extractors.pairs import Link, distance, items_agree, more, same_unit
from extractors.phrases import basis_cue
from extractors.words import word_set

_WAIVER_REACH = 30
_PACKAGE_REACH = 29
_WORTH_REACH = 7
_OPENERS = frozenset((":", "\u2014", "\u2013", "("))
_HOLDS = word_set("part_of", "holds")
_WORTH = word_set("part_of", "worth")
_SPLITS = word_set("part_of", "splits")
_APART = word_set("part_of", "apart")


def waived(drafts: Sequence[Draft], j: int) -> Link | None:
    """The amount of a waiver is part of the larger one that the same text authorizes."""
    b = drafts[j]
    if b.quantity.dimension != "money":
        return None
    if basis_cue(b.sentence, b.quantity, "waiver", _WAIVER_REACH) is None:
        return None
    for i, a in enumerate(drafts):
        if a.status == "authorized" and same_unit(a, b) and more(a, b):
            return Link("part_of", j, i, "waiver")
    return None


def held_by_package(drafts: Sequence[Draft], j: int) -> Link | None:
    """What a package holds is part of its amount, wherever near it that stands."""
    b = drafts[j]
    if not b.role.transfer or b.quantity.dimension == "money" or b.basis == "level":
        return None
    told = not _HOLDS.isdisjoint(b.sentence.tokens.low[: b.quantity.first])
    worth = _worth_behind(drafts, j, together=told)
    if worth is not None:
        return worth
    for i in range(j - 1, max(-1, j - 1 - _PACKAGE_REACH), -1):
        a = drafts[i]
        if a.quantity.dimension != "money" or not a.role.transfer:
            continue
        if a.basis == "delta" or not (told or b.listed):
            rule = _holding(a, b, told)
            return Link("part_of", j, i, rule) if rule is not None else None
    return None


def _holding(package: Draft, b: Draft, told: bool) -> str | None:
    """How the text says that a package holds a thing. ``told``: a verb before the thing says so."""
    if package.sentence is b.sentence:
        between = b.sentence.tokens.low[package.quantity.last : b.quantity.first]
        return None if _OPENERS.isdisjoint(between) else "<amount>: <contents>"
    if b.listed and b.block - package.block <= 2:
        return "<amount> ... list"
    return "includes" if told and distance(package, b) <= 3 else None


def _worth_behind(drafts: Sequence[Draft], j: int, *, together: bool) -> Link | None:
    """``5,000 helmets of a value of 400 million``; ``part of a $625 million package``.

    ``together``: only in the sentence of the thing, which tells what a package before it holds.
    """
    b = drafts[j]
    following = range(j + 1, min(j + 1 + _WORTH_REACH, len(drafts)))
    k = next((k for k in following if drafts[k].quantity.dimension == "money"), None)
    if k is None or not drafts[k].role.transfer or distance(b, drafts[k]) > 3:
        return None
    c = drafts[k]
    low, beside = c.sentence.tokens.low, c.sentence is b.sentence
    if together and not beside:
        return None
    before = low[b.quantity.after if beside else 0 : c.quantity.first]
    if beside and c.named.rule == AT_A_PRICE and k == j + 1:
        return Link("part_of", j, k, AT_A_PRICE)
    if beside and "part" in before[-8:] and "of" in before[-7:]:
        return Link("part_of", j, k, "part of <amount>")
    added = "addition" in low[max(0, c.quantity.first - 12) : c.quantity.first]
    if not added and not _WORTH.isdisjoint(before[-7:]):
        return Link("part_of", j, k, "worth <amount>")
    return None


def part_of_record(
    drafts: Sequence[Draft], j: int, same: dict[int, int], wholes: dict[int, int]
) -> Link | None:
    """In a tracker's record, a smaller amount of a kind is part of the donation that it is about.

    ``same`` and ``wholes``: the repeats and the parts found so far, each with what it belongs to.
    """
    b = drafts[j]
    low, quantity = b.sentence.tokens.low, b.quantity
    if not b.role.transfer or (b.basis == "rate" and quantity.dimension == "count"):
        return None
    split = not _SPLITS.isdisjoint(low[: quantity.first])
    if not split and not _APART.isdisjoint(low[max(0, quantity.first - 8) : quantity.after + 2]):
        return None
    for i in range(j - 1, -1, -1):
        a = drafts[i]
        donation = a.role.transfer and i not in same and not _is_sibling(drafts, i, j, wholes)
        if not donation or not same_unit(a, b) or not more(a, b):
            continue
        if quantity.dimension == "money" or (split and items_agree(a, b)):
            return Link("part_of", j, i, "part of the record")
    return None


def _is_sibling(drafts: Sequence[Draft], i: int, j: int, wholes: dict[int, int]) -> bool:
    """Whether a figure is one of several parts that one sentence tells, as that of j does."""
    beside = drafts[i].sentence is drafts[j].sentence
    if beside and i in wholes and drafts[wholes[i]].sentence is not drafts[i].sentence:
        return True
    return i in wholes and any(
        k != i and wholes[k] == wholes[i] and drafts[k].sentence is drafts[i].sentence
        for k in wholes
    )
