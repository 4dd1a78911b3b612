"""A workbook, a page and charts of a whole ledger."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aidledger.ledger import Ledger
    from aidledger.progress import Progress
    from reports.page.page import Split

SOURCE_COLUMNS = ["source_id", "title", "publisher", "url", "published", "accessed", "sha256"]


def report(
    ledger: Ledger,
    path: Path | str,
    *,
    origin: str | None = None,
    as_of: str | None = None,
    progress: Progress | None = None,
) -> Path:
    """Write the ledger as an Excel workbook: figures, facts, totals, balances, current sources, a
    sheet to review in, and the rates that were added.

    ``origin`` says where the documents came from, ``as_of`` (an ISO date or time) when;
    ``progress`` hears of the rows that are written. Raises OSError where the file cannot be
    written.
    """
    import aidledger
    from ledger.fact import WEIGHED
    from ledger.reconcile import reconcile
    from ledger.totals import totals
    from reports.workbook.workbook import write_workbook

    rates = ledger.own_rates()
    with ledger.snapshot(with_facts=True) as now:
        weighed = now.facts.frame(WEIGHED)
        return write_workbook(
            path,
            now.figures,
            now.sources.loc[~now.sources["superseded"], SOURCE_COLUMNS].reset_index(drop=True),
            partial(totals, weighed),
            facts=now.facts,
            balances=reconcile(weighed),
            review=now.review_sheet,
            rates=None if rates.empty else rates,
            origin=origin,
            as_of=as_of,
            made=f"aidledger {aidledger.__version__}",
            progress=progress,
        )


def page(
    ledger: Ledger,
    path: Path | str,
    *,
    origin: str | None = None,
    as_of: str | None = None,
    split: Split = "month",
    progress: Progress | None = None,
) -> Path:
    """Write the ledger as one page of HTML: the documents with their figures marked, the words that
    decided each field, and every total with the facts and sentences behind it.

    A ledger too large for one page is split into parts beside it, by month or by donor: ``split``.
    The rest is as for :func:`report`.
    """
    import aidledger
    from aidledger.ledger import item_tree
    from reports.page.page import write_page

    with ledger.snapshot(with_facts=True) as now:
        return write_page(
            path,
            now.documents(),
            now.figures,
            facts=now.facts,
            parents=item_tree(),
            split=split,
            origin=origin,
            as_of=as_of,
            made=f"aidledger {aidledger.__version__}",
            progress=progress,
        )


def last_change(ledger: Ledger) -> str | None:
    """When a document was last added or a decision made, as an ISO time; None where there
    is none.
    """
    times = [*ledger.sources()["added_at"], *ledger.decisions()["at"]]
    return max(map(str, times), default=None)
