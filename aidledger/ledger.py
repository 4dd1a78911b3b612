"""The ledger at the front door: one that knows the item tree of the catalogue."""

from __future__ import annotations

import os
from functools import cache

from extractors.mentions.items import parents, synonyms
from ledger import ledger
from ledger.tree import Parents


@cache
def item_tree() -> dict[str, str]:
    """Every item of the catalogue with the one above it, up to its category; another spelling
    ("armored vehicle") lies below the catalogue's own.
    """
    return parents() | synonyms()


class Ledger(ledger.Ledger):
    __doc__ = ledger.Ledger.__doc__

    def __init__(
        self,
        where: str | os.PathLike[str],
        *,
        parents: Parents | None = None,
        create: bool = True,
        wait: float = 30.0,
    ) -> None:
        tree = item_tree() if parents is None else parents
        super().__init__(where, parents=tree, create=create, wait=wait)

    def __enter__(self) -> Ledger:
        return self
