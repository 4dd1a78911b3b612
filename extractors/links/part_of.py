"""Figures that the text states as parts of others: "1,184 *of which*", "*including* 90 dead", "17
*of the* 22 drones", "$61 billion *of it* and $26bn"."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, pairwise, takewhile

from extractors.links.packages import held_by_package, part_of_record, waived
from extractors.links.pairs import (
    Drafts,
    Rising,
    distance,
    items_agree,
    more,
    number_of,
    same_unit,
)
from extractors.meaning.choice import Link
from extractors.meaning.draft import Draft
from extractors.mentions.kinds import is_person
from extractors.passage.distance import noun_end
from extractors.passage.phrases import whole_of
from extractors.text.once import once
from extractors.text.tokens import Tokens
from extractors.text.words import word_set

_OPENING = 8  # the farthest word at which an opening whole stands
_WHOLE_REACH = 6
_INCLUDING_REACH = 7
_TERMS = 6  # words between the terms of a sum
_INCLUDING = word_set("part_of", "including")
_SUCH = frozenset(("such",))
_SPLITS_AMOUNT = word_set("part_of", "splits_amount")
_BEHIND = word_set("part_of", "behind")
_IN_FRONT = word_set("part_of", "in_front")
_AMONG_THEM = word_set("part_of", "among_them")
_OPENS = word_set("part_of", "opens")
_ARTICLES = word_set("part_of", "articles")
_JOINED = 12  # words between two portions of one whole
_JOINTS = word_set("part_of", "joints")
_THIS_ONE = word_set("part_of", "this_one")


def part_of(drafts: Sequence[Draft], same: dict[int, int]) -> list[Link]:
    """Which figures are stated parts of which others.

    ``same``: the figures that state an earlier one again, with that one.
    """
    told = Drafts(drafts)
    record = bool(drafts) and drafts[0].ctx.is_record
    out: list[Link] = []
    wholes: dict[int, int] = {}
    for j in range(len(told)):
        link = next((found for rule in _RULES if (found := rule(told, j)) is not None), None)
        link = link or _as_sibling(told, j, wholes)
        if link is None and record and j not in same:
            link = part_of_record(told, j, same, wholes)
        if link is None:
            continue
        target = same.get(link.target, link.target)
        if target not in (j, same.get(j)) and wholes.get(target) != j:
            out.append(replace(link, target=target))
            wholes[j] = target
    return out


def _of_which(drafts: Drafts, j: int) -> Link | None:
    """``5,500 beds, 1,184 of which``, ``16 drones - of which seven``, ``six of them``."""
    b = drafts[j]
    tokens, first, last = b.sentence.tokens, b.quantity.first, b.quantity.last
    told = (
        tokens.words(last, last + 2) in _BEHIND
        or any(tokens.words(k, k + 2) in _IN_FRONT for k in range(max(0, first - 4), first - 1))
        or tokens.words(0, 2) in _AMONG_THEM
        or tokens.low[max(0, first - 2) : first] == ("out", "of")
    )
    if not told:
        return None
    for i in range(j - 1, max(-1, j - 1 - _WHOLE_REACH), -1):
        a = drafts[i]
        if distance(a, b) > 2:
            break
        share = b.quantity.dimension == "percent" and a.quantity.dimension != "time"
        if share or (a.quantity.dimension == b.quantity.dimension and more(a, b)):
            return Link("part_of", j, i, "of which <n>")
    return None


def _out_of(drafts: Drafts, j: int) -> Link | None:
    """``415 million out of the 500 million``: the whole stands behind its part."""
    b = drafts[j]
    for k in range(j + 1, min(j + 3, len(drafts))):
        c = drafts[k]
        if c.sentence is not b.sentence or c.quantity.dimension != b.quantity.dimension:
            break
        between = b.sentence.tokens.low[b.quantity.after : c.quantity.first]
        out_of = len(between) < 9 and ("out", "of") in pairwise(between)
        if out_of and more(c, b):
            return Link("part_of", j, k, "<n> out of <n>")
    return None


def _of_opening(drafts: Drafts, j: int) -> Link | None:
    """``Of 42 drones, 38``, ``out of 101, 76 vehicles``: the sentence opens with the whole."""
    b, row = drafts[j], drafts.beside[j]
    if row.start == j:
        return None
    tokens = b.sentence.tokens
    opening = takewhile(lambda i: drafts[i].quantity.first <= _OPENING, row)
    for i in reversed([i for i in opening if i < j]):
        a = drafts[i]
        before = [w for w in tokens.low[: a.quantity.first] if w not in _ARTICLES]
        opens = 1 <= len(before) <= 4 and before[-1] in _OPENS
        end = a.quantity.noun[1] if a.quantity.noun else a.quantity.last
        alike = a.quantity.dimension == b.quantity.dimension
        if opens and tokens.at(end) == "," and alike and more(a, b):
            return Link("part_of", j, i, "of <n>, <n>")
    return None


def _term(drafts: Drafts, j: int) -> Link | None:
    """``415 million (330 million + 85 million)``: the terms of a sum are parts of it."""
    b = drafts[j]
    tokens, first = b.sentence.tokens, b.quantity.first
    if "+" not in (tokens.at(b.quantity.last), tokens.at(first - 1)):
        return None
    row = drafts.beside[j]
    near = range(max(row.start, j - _TERMS), min(row.stop, j + _TERMS + 1))
    others = [drafts[k] for k in near if k != j]
    terms = {number_of(d) for d in others if abs(d.quantity.first - first) <= _TERMS}
    sums = (drafts.by_number.get((row.start, number_of(b) + term), ()) for term in terms)
    wholes = [i for told in sums if (at := bisect_left(told, j)) for i in told[at - 1 : at]]
    return Link("part_of", j, max(wholes), "<n> (<n> + <n>)") if wholes else None


def _included(drafts: Drafts, j: int) -> Link | None:
    """``casualties, including 20,000 killed``; ``$1.5 billion with more than $250 million for``."""
    b = drafts[j]
    for i in range(j - 1, max(-1, j - 1 - _INCLUDING_REACH), -1):
        a = drafts[i]
        if a.sentence is not b.sentence:
            break
        word = _including(a, b) or _with(a, b)
        if word is not None and _can_hold(a, b):
            return Link("part_of", j, i, word)
    return None


def _including(a: Draft, b: Draft) -> str | None:
    """The word between a whole and its parts that says so."""
    told = _includings(b.sentence.tokens)
    i = bisect_left(told, (a.quantity.last,))
    return told[i][1] if i < len(told) and told[i][0] < b.quantity.first else None


@once
def _includings(tokens: Tokens) -> list[tuple[int, str]]:
    """The words that lead from a whole to its parts, each with its place."""
    such = ((k, tokens.words(k, k + 2)) for k in tokens.places(_SUCH))
    words = ((k, tokens.low[k]) for k in tokens.places(_INCLUDING - _SUCH))
    return sorted((k, word) for k, word in chain(such, words) if word in _INCLUDING)


def _with(a: Draft, b: Draft) -> str | None:
    """``with`` shortly before the second of two amounts, or before "... alone"."""
    tokens, first = b.sentence.tokens, b.quantity.first
    amounts = a.quantity.dimension == b.quantity.dimension == "money"
    if amounts and "with" in tokens.low[max(a.quantity.after, first - 4) : first]:
        return "with"
    alone = "alone" in tokens.low[b.quantity.last : b.quantity.last + 8]
    return "alone" if alone and tokens.at(first - 1) == "with" else None


def _can_hold(a: Draft, b: Draft) -> bool:
    """Whether one figure can be the whole of another by what they count."""
    whole, part = a.quantity.dimension, b.quantity.dimension
    if whole == "percent" or a.role.transfer != b.role.transfer:
        return False
    if whole == part:
        return more(a, b) and (part != "count" or _can_be_among(a, b))
    if part == "money":
        return False
    return whole != "money" or part != "count" or b.role.transfer


def _can_be_among(a: Draft, b: Draft) -> bool:
    """Whether counted things can be among others: alike, both people, or not named."""
    if a.item is None or b.item is None or items_agree(a, b):
        return True
    return is_person(a.item, a.named.entry) and is_person(b.item, b.named.entry)


def _this_includes(drafts: Drafts, j: int) -> Link | None:
    """Amounts of a sentence that opens with "This includes": parts of the amount told before it."""
    b = drafts[j]
    if b.quantity.dimension != "money" or not _behind_includes(b):
        return None
    near = range(j - 1, max(-1, j - 1 - _INCLUDING_REACH), -1)
    i = next((i for i in near if drafts[i].sentence is not b.sentence), None)
    if i is None or not all(_behind_includes(d) for d in drafts[i + 1 : j]):
        return None
    a = drafts[i]
    if same_unit(a, b) and distance(a, b) <= 1 and more(a, b) and not _behind_includes(a):
        return Link("part_of", j, i, "this includes <n>", tells=True)
    return None


def _behind_includes(draft: Draft) -> bool:
    return draft.sentence.tokens.holds(_SPLITS_AMOUNT, 0, draft.quantity.first)


def _part_of_amount(drafts: Drafts, j: int) -> Link | None:
    """``$50 million as part of the 500 million``: the whole stands in the same sentence."""
    if drafts[j].quantity.dimension != "money":
        return None
    k = _amounts_split(drafts, drafts.beside[j].start).first_more(drafts[j])
    return Link("part_of", j, k, "part of <n>") if k is not None else None


@once
def _amounts_split(drafts: Drafts, start: int) -> Rising:
    """The amounts of a sentence (by its first figure) of which the text says that parts are."""
    amounts = (k for k in drafts.beside[start] if drafts[k].quantity.dimension == "money")
    return Rising(drafts, (k for k in amounts if _is_split(drafts[k])))


def _is_split(draft: Draft) -> bool:
    first = draft.quantity.first
    before = draft.sentence.tokens.low[max(0, first - 7) : first]
    return "part" in before and "of" in before


def _of_the(drafts: Sequence[Draft], j: int) -> Link | None:
    """``17 of the 22 drones``, ``four of 13 missiles``."""
    b, k = drafts[j], j + 1
    if k >= len(drafts) or whole_of(b.sentence, b.quantity) is not drafts[k].quantity:
        return None
    larger = same_unit(b, drafts[k]) and more(drafts[k], b)
    return Link("part_of", j, k, "<n> of <n>") if larger else None


def _this_is_part_of(drafts: Sequence[Draft], j: int) -> Link | None:
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


def _as_sibling(drafts: Sequence[Draft], j: int, wholes: dict[int, int]) -> Link | None:
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


_RULES = (
    waived,
    _of_the,
    _of_which,
    _out_of,
    _of_opening,
    _term,
    _included,
    held_by_package,
    _this_includes,
    _part_of_amount,
    _this_is_part_of,
)
