"""What a report is made from: the ledger's frames and the words that introduce them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from ledger.audit.audit import Looked
    from ledger.queries.view import View
    from ledger.review.queue_sheets import Sheets
    from ledger.rows import Rows


# What the sheets besides Figures say about the figures: which there are, and whose.
OUTLINE = ("source_id", "donor", "recipient", "party", "status", "basis")


class Totals(Protocol):
    """What answers with totals: ``Ledger.totals``, or ``ledger.totals.totals`` bound to a frame."""

    def __call__(
        self,
        *,
        by: Sequence[str],
        freq: str | None = None,
        basis: str = "delta",
        undated: bool = False,
        view: View | None = ...,
    ) -> pd.DataFrame: ...


class Positions(Protocol):
    """What answers with positions: ``Ledger.position``, or
    ``ledger.positions.position.position`` bound to a frame."""

    def __call__(self, *, by: Sequence[str], view: View | None = ...) -> pd.DataFrame: ...


@dataclass(frozen=True)
class Contents:
    """Everything that one workbook shows; a table that is None gets no sheet.

    ``figures`` and ``facts`` are read as they are written; the ``outline`` of the figures has the
    columns ``OUTLINE``.
    """

    figures: Rows
    outline: pd.DataFrame
    sources: pd.DataFrame
    facts: Rows
    totals: Totals
    positions: Positions
    balances: pd.DataFrame
    review: Sheets | None
    history: pd.DataFrame | None
    earlier: int
    audit: Looked | None
    rates: pd.DataFrame | None
    title: str
    origin: str | None
    as_of: str | None
    made: str
    only: str  # what alone is shown, in words; empty for all
    read: tuple[int, int] | None  # documents and figures that were read, these among them

    @property
    def nothing(self) -> str:
        """What is said where a table has no rows."""
        return "None among these." if self.only else "None in these documents."
