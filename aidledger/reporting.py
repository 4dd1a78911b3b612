"""A workbook, a page and charts of a whole ledger."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from aidledger.ledger import Ledger
    from aidledger.progress import Progress
    from ledger.figure import Source

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
    from reports.workbook import write_workbook

    rates = ledger.own_rates()
    with ledger.snapshot() as now:
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
    progress: Progress | None = None,
) -> Path:
    """Write the ledger as one page of HTML: the documents with their figures marked, the words that
    decided each field, and every total with the facts and sentences behind it.

    The rest is as for :func:`report`.
    """
    import aidledger
    from reports.page import write_page

    figures = ledger.figures()
    return write_page(
        path,
        ledger.documents(),
        figures,
        facts=ledger.facts(),
        balances=ledger.reconcile(),
        cues=cue_words(_prose(ledger.documents(), figures), progress=progress),
        origin=origin,
        as_of=as_of,
        made=f"aidledger {aidledger.__version__}",
    )


def cue_words(
    documents: Iterable[Source], *, progress: Progress | None = None
) -> dict[str, dict[str, str]]:
    """The words that decided the fields of every figure in the documents: by ``figure_id`` and
    field. A field that no words of the text decided is left out."""
    from extractors.explain import explain
    from ledger.figure import figure_id_of

    found: dict[str, dict[str, str]] = {}
    for number, source in enumerate(documents, 1):
        told = explain(source.text, published=source.published, title=source.title, url=source.url)
        for explanation in told:
            figure = explanation.figure
            # explain() knows the text, not the id that its document goes by
            key = figure_id_of(source.source_id, figure.start, figure.end, figure.dimension)
            found[key] = {reason.field: reason.cue for reason in explanation.reasons if reason.cue}
        if progress:
            progress("cue words", number, 0)
    return found


def last_change(ledger: Ledger) -> str | None:
    """When a document was last added or a decision made, as an ISO time; None where there
    is none.
    """
    times = [*ledger.sources()["added_at"], *ledger.decisions()["at"]]
    return max(map(str, times), default=None)


def _prose(documents: Iterable[Source], figures: pd.DataFrame) -> Iterable[Source]:
    """The documents that hold figures which were read in prose, not those that are tables."""
    from ledger.dedupe import TABLE_EXTRACTOR

    in_prose = ~figures["extractor"].str.startswith(TABLE_EXTRACTOR)
    held = set(figures.loc[in_prose, "source_id"])
    return (source for source in documents if source.source_id in held)
