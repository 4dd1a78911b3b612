"""Verbs that ask a ledger: rows out, as a table, CSV or JSON lines."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from itertools import chain
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
    First,
    LedgerFile,
    Mapping,
    Output,
    Sentences,
    Sheet,
    Sort,
    Status,
    Units,
    columns_of,
)
from aidledger.commands.price_options import PriceIndex, PriceYear, prices_of
from aidledger.commands.question_options import Where, asks
from aidledger.output import (
    ABOUT,
    Format,
    counted,
    ordered,
    save_figures,
    short,
    tell_written,
    write_table,
)

if TYPE_CHECKING:
    import pandas as pd

    from ledger.ledger import Ledger
    from ledger.queries.asked import Asked

WHOLE = (
    "donor", "recipient", "party", "item", "unit", "status", "date", "whole", "parts", "gap",
    "verdict", "rule", "source_id",
)  # fmt: skip
FACT = (
    "fact_id", "value", "low", "high", "qualifier", "unit", "per", "item", "donor", "recipient",
    "party", "status", "basis", "date", "confidence", "mentions", "sources", "review",
)  # fmt: skip
FACT_BRIEFLY = (
    "fact_id", "value", "qualifier", "unit", "item", "donor", "recipient", "party", "status",
    "basis", "date",
)  # fmt: skip
BALANCE = (
    "donor", "recipient", "party", "item", "unit", "status", "entry", "date", "amount", "best",
    "expected", "gap", "verdict",
)  # fmt: skip
POSITION = (
    "donor", "recipient", "party", "item", "unit", "so_far", "status", "grounds", "sure",
    "authorized", "committed", "committed_total", "committed_unexplained", "delivered",
    "delivered_total", "delivered_unexplained", "happened", "happened_total",
    "happened_unexplained",
)  # fmt: skip
FINDING = (
    "kind", "donor", "recipient", "party", "item", "unit", "status", "date", "effect", "reason",
)  # fmt: skip
ADDED_UP = "none is added up: see aidledger position for stated totals, and --basis"
HISTORY = ("at", "who", "action", "before", "after", "effect", "why")


@asks
def figures(
    ledger: LedgerFile,
    sentences: Sentences = False,
    format: AsFormat = None,
    output: Output = None,
    *,
    asked: Asked,
) -> None:
    """Write the figures of a ledger."""
    from ledger.rows import records
    from ledger.table import from_frame

    with existing(ledger) as book, book.snapshot() as now:
        chosen = book.chosen(now.figures_as_read, **asked)
        found = chain.from_iterable(map(from_frame, chosen.portions()))
        first = next(found, None)
        found = chain([] if first is None else [first], found)
        current = now.sources.loc[~now.sources["superseded"]]
        sources = {
            source_id: dict(zip(ABOUT, about, strict=True))
            for source_id, *about in records([current], ("source_id", *ABOUT))
        }
        form = format or Format.of(output)
        save_figures(found, sources, form, output, sentences=sentences)
        tell_written(output)
    if first is None:
        _tell_of_nothing(ledger, asked, figures=True)


@asks
def facts(
    ledger: LedgerFile,
    sort: Sort = None,
    first: First = None,
    sentences: Sentences = False,
    format: AsFormat = None,
    output: Output = None,
    *,
    asked: Asked,
) -> None:
    """Write what the figures report, each thing once."""
    with existing(ledger) as book, book.snapshot(with_facts=True) as now:
        chosen = book.chosen(now.facts, **asked)
        if (format or Format.of(output)) is Format.table:
            chief = (*(FACT_BRIEFLY if sentences else FACT), "source")
            shown = ordered(chosen, sort, first)
            shown = shown.assign(
                source=book.sources_of(shown).map(short),
                sentence=shown["sentence"].str.split().str.join(" "),
            )
            write_table(shown, format, output, chief=(*chief, *["sentence"] * sentences))
        else:
            write_table(chosen, format, output, sort=sort, first=first)
        if not len(chosen):
            _tell_of_nothing(ledger, asked)


@asks
def totals(
    ledger: LedgerFile,
    by: By = None,
    freq: Every = None,
    status: Status = None,
    basis: Annotated[
        Basis,
        typer.Option(
            help="delta is added up; of the others, the latest is shown; total has increments too."
        ),
    ] = Basis.delta,
    currency: Currency = None,
    prices: PriceIndex = None,
    price_year: PriceYear = None,
    bound: Annotated[Bound | None, typer.Option(help="Only this one; by default all.")] = None,
    unit: Units = None,
    undated: Annotated[
        bool, typer.Option("--undated", help="With --freq: a last row of facts without a date.")
    ] = False,
    sort: Sort = None,
    first: First = None,
    format: AsFormat = None,
    output: Output = None,
    *,
    asked: Asked,
) -> None:
    """Add up the figures of a ledger, each fact once: aid and losses, unless a view is asked
    for."""
    from ledger.queries.asked import also, shown
    from ledger.queries.view import ALL

    with existing(ledger) as book:
        frame = book.totals(
            by=columns_of(by), freq=freq, status=status, basis=basis, currency=currency,
            prices=prices_of(prices, price_year), bound=bound, unit=unit, undated=True, **asked,
        )  # fmt: skip
        dateless = frame["period"].isna() if freq else None
        if dateless is not None and dateless.any() and not undated:
            number = counted(int(frame.loc[dateless, "facts"].sum()), "fact")
            typer.echo(f"aidledger: {number} without a date not shown: see --undated", err=True)
            frame = frame[~dateless]
        write_table(frame, format, output, sort=sort, first=first)
        if output is None and (format or Format.table) is Format.table and len(frame):
            told = shown(also(_chosen(asked, status, unit), "basis", [Basis.total]), status or ())
            with book.snapshot(with_facts=True) as now:
                stated = len(book.chosen(now.facts, **told)) if basis is Basis.delta else 0
            _write_foot(frame, stated)
        if frame.empty and not asked.get("view"):
            every: Asked = {**asked, "view": ALL}
            others = book.totals(by="view", status=status, basis=basis, unit=unit, **every)
            _tell_of_other_views(others)
            if others.empty:
                _tell_of_nothing(ledger, _chosen(asked, status, unit), ADDED_UP)
        elif frame.empty:
            _tell_of_nothing(ledger, _chosen(asked, status, unit), ADDED_UP)
        if currency:
            _tell_of_unconverted(int(frame["unconverted"].sum()))
        _tell_of_other_readers(book)


@asks
def reconcile(
    ledger: LedgerFile,
    level: Annotated[
        int | None,
        typer.Option(min=0, help="Ask at this level of the item tree: 0 is its top."),
    ] = None,
    format: AsFormat = None,
    output: Output = None,
    *,
    asked: Asked,
) -> None:
    """Check the totals that texts state against what was added up before them."""
    with existing(ledger) as book:
        frame = book.reconcile(level=level, **asked)
        write_table(frame, format, output, chief=BALANCE)
    if frame.empty:
        from ledger.reconcile import own_conditions

        of_facts, of_rows = own_conditions(asked)
        told = "no balance of theirs is so" if of_rows else "of none of them a total is stated"
        _tell_of_nothing(ledger, of_facts, told)


@asks
def position(
    ledger: LedgerFile,
    by: By = None,
    sort: Sort = None,
    first: First = None,
    format: AsFormat = None,
    output: Output = None,
    *,
    asked: Asked,
) -> None:
    """Say of every series what was promised and came, what totals are stated, and how many so far.

    A table shows the chief columns; CSV and JSON lines hold all of them.
    """
    with existing(ledger) as book:
        frame = book.position(columns_of(by) or None, **asked)
        chief = [name for name in POSITION if name in frame.columns]
        others = [name for name in columns_of(by) if name in frame.columns and name not in chief]
        write_table(frame, format, output, chief=[*others, *chief], sort=sort, first=first)
    if frame.empty:
        told = "none is an event or a stated total of aid or losses: see --view"
        _tell_of_nothing(ledger, asked, told)


@asks
def check(
    ledger: LedgerFile, format: AsFormat = None, output: Output = None, *, asked: Asked
) -> None:
    """Name what a reader should look at: facts and totals that look wrong, and why."""
    with existing(ledger) as book:
        frame = book.check(**asked)
        write_table(frame, format, output, chief=FINDING)
    if frame.empty:
        _tell_of_nothing(ledger, asked, "none looks wrong")


def items(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="From this item or class down; else all.")
    ] = None,
    ledger: Annotated[
        str | None,
        typer.Option("--ledger", metavar="FILE", help="Only what this ledger holds, and above."),
    ] = None,
    format: AsFormat = None,
    output: Output = None,
) -> None:
    """Show the item tree: what lies under what, and at which level."""
    from aidledger.names import items as items_of

    with ExitStack() as held:
        frame = items_of(name, None if ledger is None else held.enter_context(existing(ledger)))
    if (format or Format.of(output)) is Format.table:
        depth = frame["level"] - frame["level"].min()
        indented = ["  " * level + item for item, level in zip(frame["item"], depth, strict=True)]
        frame = frame.assign(item=indented).drop(columns="above")
    write_table(frame, format, output)
    if frame.empty:
        typer.echo(f"aidledger: {ledger} holds {'none of these' if name else 'no items'}", err=True)


@asks
def parts(
    ledger: LedgerFile, format: AsFormat = None, output: Output = None, *, asked: Asked
) -> None:
    """Check parts against their whole: destroyed, damaged and captured against all lost."""
    with existing(ledger) as book:
        frame = book.parts(**asked)
        write_table(frame, format, output, chief=WHOLE)
    if frame.empty:
        _tell_of_nothing(ledger, asked, "none is stated with its parts")


@asks
def suggestions(
    ledger: LedgerFile, format: AsFormat = None, output: Output = None, *, asked: Asked
) -> None:
    """Write the pairs of facts that may be one, for a reader to decide."""
    with existing(ledger) as book:
        frame = book.suggestions(**asked)
        write_table(frame, format, output)
    if frame.empty:
        _tell_of_nothing(ledger, asked, "no two of them may be one")


@asks
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
    currency: Currency = None,
    format: AsFormat = None,
    output: Output = None,
    *,
    asked: Asked,
) -> None:
    """Put the totals of a ledger beside those of another, or of a table."""
    from aidledger.ingest import table_of
    from ledger.table import to_frame

    if mapping is None and sheet is not None:
        raise typer.BadParameter("--sheet goes with --mapping")
    lost: Sequence[str] = ()
    with existing(ledger) as book, ExitStack() as held:
        theirs: Ledger | pd.DataFrame
        if mapping is None:
            theirs = held.enter_context(_other_ledger(other))
        else:
            read = table_of(other, mapping, sheet=sheet)
            theirs, lost = to_frame(read.figures), read.problems
        frame = book.compare(
            theirs, by=columns_of(by), freq=freq, status=status, currency=currency, **asked
        )
        write_table(frame, format, output)
        if output is None and (format or Format.table) is Format.table:
            typer.echo(f"ours: {ledger}, theirs: {other}")
    for line in lost:
        typer.echo(f"aidledger: {line}", err=True)
    if lost:
        raise typer.Exit(1)


def _other_ledger(path: str) -> Ledger:
    """The ledger to compare with. Raises LedgerError, which says how a table is compared."""
    from ledger.errors import LedgerError

    try:
        return existing(path)
    except LedgerError as error:
        raise LedgerError(f"{error}; a table is compared by a mapping: see --mapping") from error


@asks
def history(
    ledger: LedgerFile,
    figure_id: Annotated[
        str | None, typer.Argument(metavar="FIGURE_ID", help="Of one figure; else all decisions.")
    ] = None,
    format: AsFormat = None,
    output: Output = None,
    *,
    asked: Asked,
) -> None:
    """Show who decided what, when and why, what was before and after, and what that did to the
    totals; of one figure also when it was read."""
    chief = HISTORY if figure_id else ("figure_id", "text", *HISTORY)
    with existing(ledger) as book:
        of = figure_id and book.full_id(figure_id)
        write_table(book.history(of, **asked), format, output, chief=chief)


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
        told = book.changes(since, columns_of(by), where, currency)
    write_table(told.figures if figures else told.totals, format, output)
    kinds = told.figures["change"].value_counts()
    counts = ", ".join(f"{kinds.get(kind, 0)} {kind}" for kind in ("added", "changed", "removed"))
    typer.echo(f"aidledger: figures: {counts}", err=True)


def _tell_of_nothing(
    ledger: str, asked: Asked, otherwise: str | None = None, *, figures: bool = False
) -> None:
    """Say why nothing was found (:meth:`ledger.ledger.Ledger.why_nothing`)."""
    with existing(ledger) as book:
        typer.echo(f"aidledger: {book.why_nothing(otherwise, figures=figures, **asked)}", err=True)


def _chosen(asked: Asked, status: Sequence[str] | None, unit: Sequence[str] | None) -> Asked:
    """The question with the status and the units that options ask for."""
    from ledger.queries.asked import also, of_units

    return of_units(also(asked, "status", status), unit)


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


def _write_foot(sums: pd.DataFrame, stated: int) -> None:
    """Below a table of sums: how many stated totals are not in them, what says how sure they are,
    and where to look first."""
    if stated:
        number = counted(stated, "stated total")
        typer.echo(f"not added: {number} (see aidledger position)")
    if sums["sure"].notna().any():
        typer.echo("sure: the chance that it is read rightly (see aidledger review queue)")


def _tell_of_other_views(every: pd.DataFrame) -> None:
    """Say which facts of other views than aid and losses would have been added up; ``every`` are
    the totals of all views, by view."""
    facts = every.groupby("view")["facts"].sum()
    if len(facts):
        held = ", ".join(f"{counted(number, 'fact')} of {view}" for view, number in facts.items())
        typer.echo(f"aidledger: no aid and no losses, but {held}: see --view", err=True)


def _tell_of_unconverted(number: int) -> None:
    """Say how many amounts are in no sum because they could not be converted."""
    if number:
        typer.echo(
            f"aidledger: {counted(number, 'amount')} without a date or an exchange rate in no sum "
            "(unconverted): see aidledger rates",
            err=True,
        )
