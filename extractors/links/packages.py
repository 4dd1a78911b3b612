"""What a package of aid holds, what a tracker's record splits, and what a waiver is part of."""

from __future__ import annotations

from extractors.links.pairs import Drafts, Rising, distance, items_agree, more, same_unit
from extractors.meaning.choice import Link
from extractors.meaning.draft import Draft
from extractors.names.paid_for import AT_A_PRICE
from extractors.passage.phrases import basis_cue
from extractors.text.once import once
from extractors.text.words import word_set

_WAIVER_REACH = 30
_PACKAGE_REACH = 29
_WORTH_REACH = 7
_JUST_BEFORE = 8  # words from "part of" to an amount
_OF_RECORD = 64  # figures before, of which one may be what a record is about; it tells few
_OPENERS = frozenset((":", "\u2014", "\u2013", "("))
_HOLDS = word_set("part_of", "holds")
_WORTH = word_set("part_of", "worth")
_SPLITS = word_set("part_of", "splits")
_APART = word_set("part_of", "apart")


def waived(drafts: Drafts, j: int) -> Link | None:
    """The amount of a waiver is part of the larger one that the same text authorizes."""
    b = drafts[j]
    if b.quantity.dimension != "money":
        return None
    if basis_cue(b.sentence, b.quantity, "waiver", _WAIVER_REACH) is None:
        return None
    i = _authorized(drafts, b.quantity.unit).first_more(b)
    return Link("part_of", j, i, "waiver") if i is not None else None


@once
def _authorized(drafts: Drafts, currency: str) -> Rising:
    """The amounts in a currency that the text authorizes."""
    amounts = (i for i, a in enumerate(drafts) if a.quantity.dimension == "money")
    told = (i for i in amounts if drafts[i].quantity.unit == currency)
    return Rising(drafts, (i for i in told if drafts[i].status == "authorized"))


def held_by_package(drafts: Drafts, j: int) -> Link | None:
    """What a package holds is part of its amount, wherever near it that stands."""
    b = drafts[j]
    if not b.role.transfer or b.quantity.dimension == "money" or b.basis == "level":
        return None
    told = b.sentence.tokens.holds(_HOLDS, 0, b.quantity.first)
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


def _worth_behind(drafts: Drafts, j: int, *, together: bool) -> Link | None:
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
    start = max(b.quantity.after if beside else 0, c.quantity.first - _JUST_BEFORE)
    before = low[start : c.quantity.first]
    if beside and c.named.rule == AT_A_PRICE and k == j + 1:
        return Link("part_of", j, k, AT_A_PRICE)
    if beside and "part" in before and "of" in before[-7:]:
        return Link("part_of", j, k, "part of <amount>")
    added = "addition" in low[max(0, c.quantity.first - 12) : c.quantity.first]
    if not added and not _WORTH.isdisjoint(before[-7:]):
        return Link("part_of", j, k, "worth <amount>")
    return None


def part_of_record(
    drafts: Drafts, j: int, same: dict[int, int], wholes: dict[int, int]
) -> Link | None:
    """In a tracker's record, a smaller amount of a kind is part of the donation that it is about.

    ``same`` and ``wholes``: the repeats and the parts found so far, each with what it belongs to.
    """
    b = drafts[j]
    tokens, quantity = b.sentence.tokens, b.quantity
    if not b.role.transfer or (b.basis == "rate" and quantity.dimension == "count"):
        return None
    split = tokens.holds(_SPLITS, 0, quantity.first)
    if not split and tokens.holds(_APART, max(0, quantity.first - 8), quantity.after + 2):
        return None
    for i in range(j - 1, max(-1, j - 1 - _OF_RECORD), -1):
        a = drafts[i]
        donation = a.role.transfer and i not in same and not _is_sibling(drafts, i, j, wholes)
        if not donation or not same_unit(a, b) or not more(a, b):
            continue
        if quantity.dimension == "money" or (split and items_agree(a, b)):
            return Link("part_of", j, i, "part of the record")
    return None


def _is_sibling(drafts: Drafts, i: int, j: int, wholes: dict[int, int]) -> bool:
    """Whether a figure is one of several parts that one sentence tells, as that of j does."""
    if i not in wholes:
        return False
    row = drafts.beside[i]
    if j in row and wholes[i] not in row:
        return True
    others = range(max(row.start, i - _OF_RECORD), min(row.stop, i + _OF_RECORD))
    return any(k != i and wholes.get(k) == wholes[i] for k in others)
