"""The item tree: Leopard 2A4 -> Leopard 2 -> tank -> armoured vehicles.

The tree itself is vocabulary and comes from the caller as a mapping from an item to its parent;
an item that the mapping does not know is a root of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from ledger.errors import LedgerError

Parents = Mapping[str, str]


def path_of(item: str, parents: Parents) -> tuple[str, ...]:
    """The items from the root down to ``item``. Raises LedgerError if the tree has a loop."""
    path = [item]
    while (parent := parents.get(path[-1])) is not None:
        if parent in path:
            raise LedgerError(f"the item tree has a loop at {parent!r}")
        path.append(parent)
    return tuple(reversed(path))


def at_level(items: pd.Series[str], level: int, parents: Parents) -> pd.Series[str]:
    """Each item's ancestor at ``level`` (0 is the root); an item above that level stays itself."""
    paths = {item: path_of(item, parents) for item in items.dropna().unique()}
    return items.map({item: path[min(level, len(path) - 1)] for item, path in paths.items()})


def with_descendants(wanted: Iterable[str], items: Iterable[str], parents: Parents) -> set[str]:
    """Those of ``items`` that are one of ``wanted`` or lie below one in the tree."""
    roots = set(wanted)
    return {item for item in items if not roots.isdisjoint(path_of(item, parents))}
