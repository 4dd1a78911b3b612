"""Whether what is counted is people: out of ``catalogue/materiel.toml`` and ``nouns.toml``."""

from __future__ import annotations

from functools import cache

from extractors.catalogue import load
from extractors.items import Item, items
from extractors.words import noun_list


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
