"""What kind of thing an item is: materiel, people, soldiers, a state, an event, a place.

Out of ``catalogue/materiel.toml`` and ``nouns.toml``.
"""

from __future__ import annotations

from functools import cache

from extractors.catalogue import load
from extractors.mentions.items import Item, items, lineage
from extractors.mentions.named import Named
from extractors.text.words import noun_list, word_set

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


def is_person(item: str | None, entry: Item | None) -> bool:
    """Whether an item is people: by its category, else by the ending of its head noun."""
    if entry is not None:
        return entry.category == "personnel"
    if not item:
        return False
    head = item.split()[-1].lower()
    if item.lower() in noun_list("not_people") or head in noun_list("not_people"):
        return False
    known = items().get(head)
    if known is not None:
        return known.category == "personnel"
    return head in noun_list("also_people") or head.endswith(_endings()) or item in demonyms()


@cache
def demonyms() -> dict[str, str]:
    """Names of peoples ("Ukrainian") with the code of their country."""
    actors = {c: a for c, a in load("actors").items() if c != "not_actors"}
    return {surface: code for code, actor in actors.items() for surface in actor.get("people", [])}


@cache
def _endings() -> tuple[str, ...]:
    return tuple(load("nouns")["people"])
