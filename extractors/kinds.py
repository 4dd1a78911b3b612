"""What kind of thing an item is: materiel, soldiers, a state, an event, a place."""

from __future__ import annotations

from extractors.items import lineage
from extractors.named import Named
from extractors.words import noun_list, word_set

_TROOPS = word_set("soldiers", "troops")
_NOT_GIVEN = frozenset(("personnel", "territory", "infrastructure"))  # categories of materiel.toml
_LAUNCHED = frozenset(("drones", "missiles", "artillery"))


def is_noun_of(item: str | None, name: str) -> bool:
    """Whether an item or its head noun stands in a list of ``catalogue/nouns.toml``; of a pair
    ("state and territory") one of the two."""
    if not item:
        return False
    listed = noun_list(name)
    pair = item.lower().replace(" or ", " and ").split(" and ")
    return any(low in listed or low.split()[-1] in listed for low in pair)


def is_state(named: Named) -> bool:
    """Whether states or bodies are counted, which belong to nobody: members, but not of a crew or
    of a service."""
    if named.entry is not None and named.entry.category == "personnel":
        return False
    if named.item is not None and not noun_list("crews").isdisjoint(named.item.lower().split()):
        return False
    return is_noun_of(named.item, "states")


def is_event(named: Named) -> bool:
    """Whether attacks, clashes or votes are counted: things that happen."""
    return is_noun_of(named.item, "events")


def is_place(named: Named) -> bool:
    """Whether places or buildings are counted, whose owner is the country they lie in."""
    return is_noun_of(named.item, "places")


def is_materiel(named: Named) -> bool:
    """Whether a thing can be given: materiel and goods, not people, places, states or events."""
    if named.entry is not None:
        return named.entry.category not in _NOT_GIVEN
    return named.item is not None and not (is_state(named) or is_event(named) or is_place(named))


def is_launched(named: Named) -> bool:
    """Whether a text that "launches" such a thing fires it, and gives nothing."""
    return named.entry is not None and (named.entry.munition or named.entry.category in _LAUNCHED)


def is_troops(named: Named) -> bool:
    """Whether an item is a kind of soldiers."""
    if named.entry is None:
        return named.item in _TROOPS
    return not _TROOPS.isdisjoint(lineage(named.entry.name))
