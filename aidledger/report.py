"""A workbook of a whole ledger."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger.ledger import Ledger

SOURCE_COLUMNS = ["source_id", "title", "publisher", "url", "published", "accessed", "sha256"]


def report(
    ledger: Ledger, path: Path, *, origin: str | None = None, as_of: str | None = None
) -> Path:
    """Write the ledger's figures, totals and current sources as an Excel workbook.

    ``origin`` says where the documents came from, ``as_of`` (an ISO date or time) when. Raises
    OSError where the file cannot be written.
    """
    import aidledger
    from reports.workbook import write_workbook

    sources = ledger.sources()
    current = sources.loc[~sources["superseded"], SOURCE_COLUMNS].reset_index(drop=True)
    return write_workbook(
        path,
        ledger.figures(),
        current,
        ledger.totals,
        origin=origin,
        as_of=as_of,
        made=f"aidledger {aidledger.__version__}",
    )


def last_change(ledger: Ledger) -> str | None:
    """When a document was last added to the ledger, as an ISO time; None in an empty one."""
    added = ledger.sources()["added_at"]
    return None if added.empty else str(added.max())
