"""A workbook, a page and charts of a whole ledger."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from ledger.queries.asked import Filter, of_units, shown

if TYPE_CHECKING:
    from collections.abc import Collection

    from aidledger.ledger import Ledger
    from aidledger.progress import Progress
    from ledger.queries.asked import Asked
    from ledger.rows import Rows
    from reports.page.page import Split

# So many decisions a report tells, the latest: each is made once more to see what it moved.
DECISIONS = 100
SOURCE_COLUMNS = ["source_id", "title", "publisher", "url", "published", "accessed", "sha256"]


def report(
    ledger: Ledger,
    path: Path | str,
    *,
    origin: str | None = None,
    changed: str | None = None,
    unit: str | Collection[str] | None = None,
    audit: int | None = None,
    progress: Progress | None = None,
    **asked: Unpack[Asked],
) -> Path:
    """Write the ledger as an Excel workbook: figures, facts, totals, balances, current sources,
    sheets to review in, and the rates that were added.

    It shows what is ``asked`` for (:class:`ledger.queries.asked.Asked`): aid and losses, unless a
    view is asked for; and of one ``unit`` or several alone, where any is named; it says so where
    that is less than all, and has the documents of these figures alone. ``origin`` says
    where the documents came from, ``changed`` (an ISO date or time) when the ledger last changed;
    with ``audit``, the number of a draw, the sheet Review asks about what that has drawn alone;
    ``progress`` hears of the rows that are written. Raises OSError where the file cannot be
    written, LedgerError for a name that nobody knows.
    """
    import aidledger
    from ledger.fact import WEIGHED
    from ledger.positions import position
    from ledger.queries.view import ALL
    from ledger.totals import TELLERS, totals
    from reports.filters import narrowed
    from reports.workbook.workbook import write_workbook

    rates = ledger.own_rates()
    asked = ledger.looked_up(shown(of_units(asked, unit)))
    drawn = set() if audit is None else {*ledger.audit_figures(audit)}
    with ledger.snapshot(with_facts=True) as now:
        figures, facts = (ledger.chosen(rows, **asked) for rows in (now.figures, now.facts))
        sources = now.sources.loc[~now.sources["superseded"], SOURCE_COLUMNS]
        read = (len(sources), len(now.figures))
        if Filter.of(asked).narrows:
            sources = sources[sources["source_id"].isin(_documents(figures))]
        weighed = facts.frame([*dict.fromkeys((*WEIGHED, *position.NEEDS, *TELLERS))])
        return write_workbook(
            path,
            figures,
            sources.reset_index(drop=True),
            partial(totals, weighed, view=ALL),
            positions=partial(position.position, weighed, view=ALL),
            facts=facts,
            review=ledger.review_sheets(
                figures={*figures.frame(["figure_id"])["figure_id"]} if audit is None else drawn,
                now=now,
                **_ranked(asked),
            ),
            history=ledger.history(latest=DECISIONS, now=now, **_ranked(asked)),
            earlier=max(len(now.decisions) - DECISIONS, 0),
            audit=ledger.audit_looked(now=now),
            rates=None if rates.empty else rates,
            origin=origin,
            as_of=str(asked.get("as_of") or changed or "") or None,
            made=f"aidledger {aidledger.__version__}",
            only=narrowed(asked),
            read=read,
            progress=progress,
        )


def page(
    ledger: Ledger,
    path: Path | str,
    *,
    origin: str | None = None,
    changed: str | None = None,
    split: Split = "month",
    unit: str | Collection[str] | None = None,
    progress: Progress | None = None,
    **asked: Unpack[Asked],
) -> Path:
    """Write the ledger as one page of HTML: the documents with their figures marked, the words that
    decided each field, every total with the facts and sentences behind it, and what was decided.

    A ledger too large for one page is split into parts beside it, by month or by donor: ``split``.
    The rest is as for :func:`report`.
    """
    import aidledger
    from aidledger.names import item_tree
    from ledger.queries.view import ALL
    from reports.filters import narrowed
    from reports.page.page import write_page

    asked = ledger.looked_up(shown(of_units(asked, unit)))
    with ledger.snapshot(with_facts=True) as now:
        figures = ledger.chosen(now.figures, **asked)
        documents = now.documents()
        if Filter.of(asked).narrows:
            named = _documents(figures)
            documents = (document for document in documents if document.source_id in named)
        return write_page(
            path,
            documents,
            figures,
            facts=ledger.chosen(now.facts, **asked),
            history=ledger.history(latest=DECISIONS, now=now, **_ranked(asked)),
            earlier=max(len(now.decisions) - DECISIONS, 0),
            parents=item_tree(),
            split=split,
            view=ALL,
            origin=origin,
            as_of=str(asked.get("as_of") or changed or "") or None,
            made=f"aidledger {aidledger.__version__}",
            only=narrowed(asked),
            progress=progress,
        )


def _documents(figures: Rows) -> set[str]:
    """The documents in which these figures stand."""
    return {*figures.frame(["source_id"])["source_id"]}


def _ranked(asked: Asked) -> Asked:
    """The question that the review sheets rank for: of all views those that are shown unless asked
    for come first."""
    from ledger.queries.view import ALL

    view = asked.get("view") or ()
    if ALL not in ((view,) if isinstance(view, str) else view):
        return asked
    return {name: value for name, value in asked.items() if name != "view"}  # type: ignore[return-value]


def last_change(ledger: Ledger) -> str | None:
    """When a document was last added or a decision made, as an ISO time; None where there
    is none.
    """
    times = [*ledger.sources()["added_at"], *ledger.decisions()["at"]]
    return max(map(str, times), default=None)
