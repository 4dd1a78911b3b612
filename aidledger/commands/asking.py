"""Verbs that ask a ledger: rows out, as a table, CSV or JSON lines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aidledger.commands.batch import existing
from aidledger.commands.options import (
    AsFormat,
    Basis,
    Bound,
    By,
    Currency,
    Every,
    FigureId,
    LedgerFile,
    Mapping,
    Output,
    Sheet,
    Status,
    Where,
    columns_of,
    where_of,
)
from aidledger.commands.price_options import PriceIndex, PriceYear, prices_of
from aidledger.output import Format, counted, opened, write_figures, write_frame

if TYPE_CHECKING:
    import pandas as pd

    from ledger.ledger import Ledger
    from ledger.rows import Rows, Table

WHOLE = (
    "donor", "recipient", "party", "item", "unit", "status", "date", "whole", "parts", "gap",
    "verdict", "rule", "source_id",
)  # fmt: skip
FACT = (
    "fact_id", "value", "low", "high", "qualifier", "unit", "per", "item", "donor", "recipient",
    "party", "status", "basis", "date", "mentions", "sources", "review",
)  # fmt: skip
BALANCE = (
    "donor", "recipient", "party", "item", "unit", "status", "entry", "date", "amount", "best",
    "expected", "gap", "verdict",
)  # fmt: skip


def figures(
    ledger: LedgerFile, where: Where = None, format: AsFormat = None, output: Output = None
) -> None:
    """Write the figures of a ledger."""
    from ledger.table import from_frame

    with existing(ledger) as book, opened(output) as out, book.snapshot() as now:
        chosen = _matching(now.figures_as_read, where)
        found = chain.from_iterable(map(from_frame, chosen.portions()))
        write_figures(found, format or Format.of(output), out, ids=True)


def facts(
    ledger: LedgerFile, where: Where = None, format: AsFormat = None, output: Output = None
) -> None:
    """Write what the figures report, each thing once."""
    with existing(ledger) as book, book.snapshot(with_facts=True) as now:
        _write(_matching(now.facts, where), format, output, chief=FACT)


def totals(
    ledger: LedgerFile,
    by: By = None,
    freq: Every = None,
    status: Status = None,
    basis: Annotated[
        Basis, typer.Option(help="delta is added up; of the others, the latest is shown.")
    ] = Basis.delta,
    where: Where = None,
    currency: Currency = None,
    prices: PriceIndex = None,
    price_year: PriceYear = None,
    bound: Annotated[Bound | None, typer.Option(help="Only this one; by default all.")] = None,
    format: AsFormat = None,
    output: Output = None,
) -> None:
    """Add up the figures of a ledger, each fact once."""
    with existing(ledger) as book:
        frame = book.totals(
            by=columns_of(by), freq=freq, status=status, basis=basis, where=where_of(where),
            currency=currency, prices=prices_of(prices, price_year), bound=bound,
        )  # fmt: skip
        _write(frame, format, output)
        _tell_of_other_readers(book)


def reconcile(
    ledger: LedgerFile,
    where: Where = None,
    level: Annotated[
        int | None,
        typer.Option(min=0, help="Ask at this level of the item tree: 0 is its top."),
    ] = None,
    format: AsFormat = None,
    output: Output = None,
) -> None:
    """Check the totals that texts state against what was added up before them."""
    with existing(ledger) as book:
        _write(book.reconcile(where=where_of(where), level=level), format, output, chief=BALANCE)


def parts(ledger: LedgerFile, format: AsFormat = None, output: Output = None) -> None:
    """Check parts against their whole: destroyed, damaged and captured against all lost."""
    with existing(ledger) as book:
        _write(book.parts(), format, output, chief=WHOLE)


def suggestions(ledger: LedgerFile, format: AsFormat = None, output: Output = None) -> None:
    """Write the pairs of facts that may be one, for a reader to decide."""
    with existing(ledger) as book:
        _write(book.suggestions(), format, output)


def compare(
    other: Annotated[
        str, typer.Argument(metavar="OTHER", help="Another ledger, or with --mapping a table.")
    ],
    ledger: LedgerFile,
    mapping: Mapping = None,
    sheet: Sheet = None,
    by: By = None,
    freq: Every = None,
    status: Status = None,
    where: Where = None,
    currency: Currency = None,
    format: AsFormat = None,
    output: Output = None,
) -> None:
    """Put the totals of a ledger beside those of another, or of a table."""
    from aidledger.ingest import table_of
    from ledger.table import to_frame

    if mapping is None and sheet is not None:
        raise typer.BadParameter("--sheet goes with --mapping")
    lost: Sequence[str] = ()
    with existing(ledger) as book:
        theirs: Ledger | pd.DataFrame
        if mapping is None:
            theirs = existing(other)
        else:
            read = table_of(other, mapping, sheet=sheet)
            theirs, lost = to_frame(read.figures), read.problems
        frame = book.compare(
            theirs, by=columns_of(by), freq=freq, status=status, where=where_of(where),
            currency=currency,
        )  # fmt: skip
        _write(frame, format, output)
    for line in lost:
        typer.echo(f"aidledger: {line}", err=True)
    if lost:
        raise typer.Exit(1)


def history(
    figure_id: FigureId, ledger: LedgerFile, format: AsFormat = None, output: Output = None
) -> None:
    """Show when a figure was read and what was decided on it."""
    with existing(ledger) as book:
        _write(book.history(figure_id), format, output)


def changes(
    ledger: LedgerFile,
    since: Annotated[
        str, typer.Option(metavar="DATE", help="A day (from midnight, UTC) or a moment, in ISO.")
    ],
    figures: Annotated[
        bool, typer.Option("--figures", help="Show the figures that changed, not the totals.")
    ] = False,
    by: By = None,
    where: Where = None,
    currency: Currency = None,
    format: AsFormat = None,
    output: Output = None,
) -> None:
    """Show which totals moved since a day, and what moved them."""
    with existing(ledger) as book:
        told = book.changes(since, columns_of(by), where_of(where), currency)
    _write(told.figures if figures else told.totals, format, output)
    kinds = told.figures["change"].value_counts()
    counts = ", ".join(f"{kinds.get(kind, 0)} {kind}" for kind in ("added", "changed", "removed"))
    typer.echo(f"aidledger: figures: {counts}", err=True)


def _tell_of_other_readers(book: Ledger) -> None:
    """Say how many documents another than the built-in reader has read."""
    from extractors.meaning.built_in import built_in_name
    from ledger.table import TABLE_READER

    own = (built_in_name(), TABLE_READER)
    others = {reader: number for reader, number in book.readers().items() if reader not in own}
    if others:
        by = ", ".join(f"{number:,} by {reader}" for reader, number in others.items())
        typer.echo(
            f"aidledger: {counted(sum(others.values()), 'document')} read by another reader than "
            f"the built-in one ({by}): see aidledger reread",
            err=True,
        )


def _matching(rows: Rows, where: Sequence[str] | None) -> Rows:
    """The rows that ``--where`` asks for."""
    from aidledger.ledger import item_tree
    from ledger.totals import matches

    wanted = where_of(where)
    matches(rows.empty, wanted)  # a wrong column is told before anything is written
    return rows.keeping(lambda portion: matches(portion, wanted, item_tree()), *wanted)


def _write(
    table: Table, format: Format | None, output: Path | None, chief: Sequence[str] = ()
) -> None:
    with opened(output) as out:
        write_frame(table, format or Format.of(output), out, chief=chief)
