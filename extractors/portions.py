"""Portions that a preposition tells: "17 *of the* 22 drones", "$61 billion *of it* and $26bn"."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.draft import Draft
from extractors.pairs import Link, distance, more, same_unit
from extractors.weighing import noun_end
from extractors.words import word_set

_OF_REACH = 5  # words between a portion and the number that it is of
_JOINED = 12  # words between two portions of one whole
_BEFORE_WHOLE = word_set("part_of", "before_whole")
_JOINTS = word_set("part_of", "joints")
_THIS_ONE = word_set("part_of", "this_one")


def of_the(drafts: Sequence[Draft], j: int) -> Link | None:
    """``17 of the 22 drones``, ``four of 13 missiles``."""
    b = drafts[j]
    low, end = b.sentence.tokens.low, noun_end(b.quantity)
    k = j + 1
    if k >= len(drafts) or drafts[k].sentence is not b.sentence:
        return None
    whole = drafts[k].quantity
    between = low[end : whole.first] if end <= whole.first else ()
    if b.quantity.noun is not None and b.quantity.noun[1] > whole.first:
        between = low[b.quantity.last : whole.first]  # the noun stands behind the whole
    if between[:1] != ("of",) or len(between) > _OF_REACH:
        return None
    if not _BEFORE_WHOLE.issuperset(between[1:]) or whole.dimension == "time":
        return None
    larger = same_unit(b, drafts[k]) and more(drafts[k], b)
    return Link("part_of", j, k, "<n> of <n>") if larger else None


def this_is_part_of(drafts: Sequence[Draft], j: int) -> Link | None:
    """``It gave $40 million. This sum is part of a $500 million pledge``: part before its whole."""
    b = drafts[j]
    k = j + 1
    if k >= len(drafts) or not same_unit(b, drafts[k]) or not more(drafts[k], b):
        return None
    low, first = drafts[k].sentence.tokens.low, drafts[k].quantity.first
    pointing = first > 0 and low[0] in _THIS_ONE and distance(b, drafts[k]) == 1
    before = low[max(0, first - 8) : first]
    told = "part" in before and "of" in before[-7:]
    return Link("part_of", j, k, "this is part of <n>") if pointing and told else None


def as_sibling(drafts: Sequence[Draft], j: int, wholes: dict[int, int]) -> Link | None:
    """``$61 billion of it and $26 billion``, ``17 of which ..., 12``: the next part of one whole.

    ``wholes``: the parts found so far, each with what it belongs to.
    """
    if j - 1 not in wholes:
        return None
    a, b, whole = drafts[j - 1], drafts[j], drafts[wholes[j - 1]]
    if a.sentence is not b.sentence or whole.sentence is b.sentence or not same_unit(a, b):
        return None
    between = b.sentence.tokens.low[noun_end(a.quantity) : b.quantity.first]
    joined = len(between) <= _JOINED and not _JOINTS.isdisjoint(between)
    if not joined or not same_unit(whole, b) or not more(whole, b):
        return None
    return Link("part_of", j, wholes[j - 1], "<n> of it, <n>")
