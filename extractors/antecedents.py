"""Figures whose noun is named elsewhere: "20 *of them*", "four *more systems*", "30 *dead*"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extractors.items import Item, items, lineage
from extractors.named import NOTHING, Named
from extractors.people import is_person
from extractors.quantity import Quantity
from extractors.reading import Sentence
from extractors.tokens import Tokens
from extractors.words import word_set

_ARMY_REACH = 12
_POINTERS = word_set("item", "pointers")
_POINTERS_ALONE = word_set("item", "pointers_alone")
_CALLED = word_set("item", "called")
_REFERS_BACK = word_set("item", "refers_back")
_ARMIES = word_set("item", "armies")


def points_back(head: str, quantity: Quantity) -> bool:
    """Whether a noun only points to one named before: "30 others", "the 9000 units"."""
    one_word = quantity.noun is not None and quantity.noun[1] - quantity.noun[0] == 1
    return head in _POINTERS or (one_word and head in _POINTERS_ALONE)


def named_before(
    sentence: Sentence, quantity: Quantity, before: Sequence[Named], earlier: Iterable[Sentence]
) -> Named:
    """The noun that a bare number takes from what stands before it.

    ``before``: items of earlier figures, the nearest last; ``earlier``: the sentences before, the
    nearest first.
    """
    inside = [m.entry for m in sentence.items if m.last <= quantity.first]
    if quantity.noun is not None:  # "30 others" are of the class named before, not of its last kind
        before = [b for b in before if b.rule != "<n> are <item>"] or before
    if before and before[-1].item and not (inside and quantity.rule == "bringing the total to <n>"):
        return before[-1].again()
    if inside:
        return Named.thing(inside[-1], "named before")
    for other in earlier:
        if other.items:
            entries = [m.entry for m in other.items]
            designations = [e for e in entries if e.designation]
            return Named.thing((designations or entries)[-1], "named before")
    return NOTHING


def specified(
    tokens: Tokens,
    quantity: Quantity,
    named: Named,
    before: Sequence[Named],
    around: Iterable[Sentence],
) -> Named:
    """``more missile systems``: the designation by which the text calls them, if it tells one."""
    entry = named.entry
    if entry is None or not _refers_back(tokens, quantity):
        return named
    for other in around:
        called = _designation_given(other, entry)
        if called is not None:
            return Named.thing(called, "<noun>, known as <designation>", named.words)
    for old in reversed(before):
        if (
            old.entry is not None
            and old.entry.designation
            and entry.name in lineage(old.entry.name)
        ):
            return Named(old.item, named.words, old.entry, rule="named before")
    return named


def casualties(sentence: Sentence, quantity: Quantity, before: Sequence[Named]) -> Named:
    """Bare numbers of dead and wounded are persons; soldiers where forces or troops were named."""
    for old in reversed(before[-2:]):
        if is_person(old.item, old.entry) and old.rule != "<people>" and old.item != "casualty":
            return Named(old.item, None, old.entry, rule="killing <n>")
    near = sentence.tokens.low[max(0, quantity.first - _ARMY_REACH) : quantity.first]
    return Named.thing(
        items()["person" if _ARMIES.isdisjoint(near) else "soldier"], rule="killing <n>"
    )


def _refers_back(tokens: Tokens, quantity: Quantity) -> bool:
    near = tokens.low[max(0, quantity.first - 2) : quantity.last + 3]
    return not _REFERS_BACK.isdisjoint(near)


def _designation_given(sentence: Sentence, entry: Item) -> Item | None:
    """The designation that a sentence gives to a thing: "the missile systems, known as HIMARS"."""
    tokens = sentence.tokens
    for k in range(1, len(tokens) - 1):
        if tokens.low[k] != "as" or tokens.low[k - 1] not in _CALLED:
            continue
        named = (m.entry for m in sentence.items if k < m.first <= k + 2 and m.entry.designation)
        designation = next(named, None)
        before = (m.entry.name for m in sentence.items if m.last <= k)
        if designation is not None and entry.name in before:
            return designation
    return None
