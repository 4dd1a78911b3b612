"""What is counted: the catalogue of materiel and people as a tree, and its surfaces."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from extractors.catalogue import load
from extractors.text.lexicon import Index


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of ``catalogue/materiel.toml``: its name, category and parent in the tree.

    ``designation``: whether the name is one (``HIMARS``, ``T-72``) and no common noun.
    """

    name: str
    category: str
    parent: str | None
    munition: bool
    designation: bool


@cache
def items() -> dict[str, Item]:
    """All items by name."""
    out: dict[str, Item] = {}
    for category, rows in load("materiel").items():
        for name, row in rows.items():
            designation = any(c.isupper() or c.isdigit() for c in name)
            munition = bool(row.get("munition"))
            out[name] = Item(name, category, row.get("is"), munition, designation)
    return out


@cache
def parents() -> dict[str, str]:
    """The item tree as child -> parent; a top item's parent is its category.

    An item of its category's own name ("aircraft"), or above such a one, is a root.
    """
    above = {i.name: i.parent or i.category for i in items().values()}
    return {name: parent for name, parent in above.items() if name not in lineage(parent)}


@cache
def item_index() -> Index[Item]:
    """All surfaces of the catalogue, in singular and plural."""
    index: Index[Item] = Index(plurals=True)
    by_name = items()
    for rows in load("materiel").values():
        for name, row in rows.items():
            surfaces = [name, *row.get("also", []), *row.get("plural", [])]
            for surface in surfaces:
                proper = surface[0].isupper() and surface.isalpha()
                index.add(surface, by_name[name], proper=proper)
    index.sort()
    return index


@lru_cache(maxsize=4096)
def lineage(name: str) -> tuple[str, ...]:
    """An item and everything it is: ``Leopard 2A4``, ``Leopard 2``, ``tank``; for another name
    of a common noun this name first: ``service member``, ``serviceman``, ``soldier``."""
    by_name, other = items(), synonyms().get(name)
    out = [name] if other is None else [name, other]
    while (item := by_name.get(out[-1])) is not None and item.parent and item.parent not in out:
        out.append(item.parent)
    return tuple(out)


@cache
def synonyms() -> dict[str, str]:
    """Other names of common nouns, in the singular and lower case, acronyms also as written, with
    the catalogue's own: ``armored vehicle`` -> ``armoured vehicle``, ``APC`` -> ``armoured
    personnel carrier``."""
    by_name = items()
    return {
        written: name
        for rows in load("materiel").values()
        for name, row in rows.items()
        if not by_name[name].designation
        for surface in row.get("also", [])
        for written in (surface.lower(), surface)
        if (written not in by_name and written == written.lower()) or surface.isupper()
    }
