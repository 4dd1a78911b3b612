"""The ledger at the front door: one that knows the item tree and the names of the catalogue."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache, partial

from aidledger.names import as_named, item_tree, resolve
from ledger import ledger
from ledger.review.review import Decision
from ledger.tree import Parents


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
        super().__init__(where, parents=tree, names=resolve, create=create, wait=wait)

    def _naming(self) -> Callable[[Decision], Decision]:
        return partial(as_named, held=cache(self._held))

    def _passage(self, text: str, start: int, end: int) -> str | None:
        from extractors.text.surroundings import around

        first, last = around(text, start, end)
        return text[first:last]

    def __enter__(self) -> Ledger:
        return self
