"""One state of a ledger: whatever is read of it, and however often, belongs together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import cached_property
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from ledger import dedupe
from ledger.figure import Source
from ledger.queries.view import NEEDS, view_of
from ledger.review import review
from ledger.review.filled import Made, applied, counting
from ledger.rows import Rows
from ledger.store import decisions, facts, frames
from ledger.table import empty, plain
from ledger.tree import Parents


class Snapshot:
    """The ledger as the transaction of ``connection`` sees it; ``parents``: the item tree."""

    def __init__(self, connection: Connection, parents: Parents | None = None) -> None:
        self.connection = self._connection = connection
        self._parents: Parents = parents or {}

    @cached_property
    def decisions(self) -> pd.DataFrame:
        """All decisions, oldest first; see :func:`ledger.store.decisions.read`."""
        return decisions.read(self._connection)

    @cached_property
    def figures(self) -> Rows:
        """The figures with the decisions on them; see :meth:`ledger.ledger.Ledger.figures`."""
        return self._decided(review.apply).adding("view", view_of, *NEEDS)

    @cached_property
    def figures_as_read(self) -> Rows:
        """The figures without the decisions on them."""
        read = Rows(empty(frames.FIGURE_DTYPES), self._count, self._as_read)
        return read.adding("view", view_of, *NEEDS)

    def decided_on(
        self, names: Collection[str], ids: Collection[str]
    ) -> tuple[list[dict[str, Any]], dict[str, list[Made]]]:
        """Some figures with the decisions on them, as records of these columns and ``review``, and
        all decisions on them, oldest first."""
        made = decisions.made_on(self._connection, ids)
        held = frames.records(self._connection, {*names, "figure_id"} - {"review"}, ids)
        return [applied(r, counting(made.get(r["figure_id"], ()))) for r in held], made

    def figures_in(self, source_id: str) -> list[str]:
        """The ids of a document's figures, in the order of its text."""
        return frames.ids_in(self._connection, source_id)

    def ids_beginning(self, start: str) -> list[str]:
        """The first two ids of figures that begin so."""
        return frames.ids_beginning(self._connection, start)

    def readings_of(self, figure_id: str) -> list[tuple[str, str]]:
        """When a figure was read, and by what, oldest first."""
        return decisions.readings(self._connection, figure_id)

    def decided_after(self, number: int) -> set[str]:
        """The figures on which decisions were made after the one of this number."""
        return decisions.decided_after(self._connection, number)

    @cached_property
    def review_sheet(self) -> Rows:
        """All figures with columns to decide in; see :func:`ledger.review.review.sheet`."""
        return self._decided(review.sheet, whole=True)

    def review_rows(self, ids: Collection[str]) -> pd.DataFrame:
        """The rows of some figures in the review sheet, with their ``choices``."""
        read = frames.figures_of(self._connection, ids)
        rows = review.sheet(read, self._on(read))
        return rows.assign(choices=read["choices"], start=read["start"])

    @cached_property
    def facts(self) -> Rows:
        """What the figures report, each thing once; see :meth:`ledger.ledger.Ledger.facts`."""
        held = self.kept_facts if self.kept_facts is not None else Rows.of(self.gathered())
        return held.adding("view", view_of, *NEEDS)

    @cached_property
    def kept_facts(self) -> Rows | None:
        """The facts that the ledger keeps, None where they are not those of this state."""
        return facts.read(self._connection, self._parents)

    def gathered(self) -> pd.DataFrame:
        """The facts, gathered anew from the figures."""
        return dedupe.merge(self.figures.frame(dedupe.NEEDS), self._parents)

    @cached_property
    def sources(self) -> pd.DataFrame:
        """Every version of every source; see :meth:`ledger.ledger.Ledger.sources`."""
        return frames.sources(self._connection)

    def documents(self) -> Iterator[Source]:
        """Every source's current version with its text."""
        return frames.texts(self._connection)

    def document(self, source_id: str) -> Source:
        """One of them. Raises LedgerError where there is no such source."""
        return frames.text(self._connection, source_id)

    def _on(self, figures: pd.DataFrame) -> pd.DataFrame:
        """The decisions on these figures."""
        these = set(plain(figures["figure_id"])) if self._decided_on else set()
        return self.decisions.iloc[[k for k, one in enumerate(self._decided_on) if one in these]]

    @cached_property
    def _decided_on(self) -> list[str | None]:
        """The figure of every decision."""
        return list(plain(self.decisions["figure_id"]))

    def _count(self) -> int:
        return frames.count_figures(self._checked)

    def _as_read(self, names: Collection[str]) -> Iterator[pd.DataFrame]:
        return frames.figures(self._checked, names)

    @cached_property
    def _checked(self) -> Connection:
        """The connection, once no figure is there twice. Raises CellError."""
        frames.check_figures(self._connection)
        return self._connection

    def _decided(
        self, decide: Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame], *, whole: bool = False
    ) -> Rows:
        """The figures as ``decide`` makes them of figures as they were read and the decisions on
        them; ``whole`` where it needs every column."""

        def read(names: Collection[str]) -> Iterator[pd.DataFrame]:
            asked = frames.FIGURE_DTYPES if whole else {*names, "figure_id"}
            for portion in self._as_read(asked):
                yield decide(portion, self._on(portion))

        return Rows(decide(empty(frames.FIGURE_DTYPES), self.decisions), self._count, read)
