"""Verbs that write something to look at: a workbook, a page, a chart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aidledger.commands.batch import Batch, ends_in, existing, present
from aidledger.commands.options import (
    Basis,
    By,
    Currency,
    Every,
    LedgerFile,
    MaybeLedger,
    MaybePaths,
    Status,
    Unit,
    Units,
    columns_of,
    usage,
)
from aidledger.commands.price_options import PriceIndex, PriceYear, prices_of
from aidledger.commands.question_options import asks
from aidledger.commands.reading_options import How, reads_documents
from aidledger.progress import shown

if TYPE_CHECKING:
    from ledger.queries.asked import Asked


class Size(StrEnum):
    """The sizes of :data:`reports.charts.canvas.SIZES`."""

    screen = "screen"
    web = "web"
    print = "print"
    slide = "slide"


class Split(StrEnum):
    """By what :func:`reports.page.page.write_page` splits a large ledger."""

    month = "month"
    donor = "donor"


class Kind(StrEnum):
    """The kinds of :func:`aidledger.charting.chart`."""

    totals = "totals"
    columns = "columns"
    commitments = "commitments"
    ranked = "ranked"
    reconciliation = "reconciliation"
    timeline = "timeline"


@reads_documents
@asks
def report(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT.xlsx")],
    paths: MaybePaths = None,
    ledger: MaybeLedger = None,
    unit: Units = None,
    *,
    how: How,
    asked: Asked,
) -> None:
    """Write a workbook of documents or of a ledger."""
    from aidledger.reporting import report as write

    ends_in(output, ".xlsx")
    _write(write, output, paths, ledger, unit, how, asked)


@reads_documents
@asks
def page(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT.html")],
    paths: MaybePaths = None,
    ledger: MaybeLedger = None,
    split: Annotated[
        Split, typer.Option(help="By what a ledger too large for one page is split.")
    ] = Split.month,
    unit: Units = None,
    *,
    how: How,
    asked: Asked,
) -> None:
    """Write a page that shows every figure in its sentence, of documents or of a ledger."""
    from aidledger.reporting import page as write

    ends_in(output, ".html", ".htm")
    _write(partial(write, split=split.value), output, paths, ledger, unit, how, asked)


def _write(
    write: Callable[..., Path],
    output: Path,
    paths: Sequence[str] | None,
    ledger: str | None,
    unit: Sequence[str] | None,
    how: How,
    asked: Asked,
) -> None:
    """Write documents or a ledger to a file, and say what was skipped."""
    from aidledger.reporting import last_change
    from reports.files import target_of

    target_of(output)  # what cannot be written is told before the work, not after it
    batch = Batch()
    with batch.ledger(paths, ledger, how) as book, shown() as progress:
        changed = last_change(book) if ledger else None
        origin = _origin(paths, ledger)
        write(book, output, origin=origin, changed=changed, unit=unit, progress=progress, **asked)
    typer.echo(f"wrote {output}")
    batch.close()


@reads_documents
@asks
def chart(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT.png")],
    paths: MaybePaths = None,
    ledger: MaybeLedger = None,
    kind: Annotated[Kind, typer.Option(help="What is drawn.")] = Kind.totals,
    by: By = None,
    freq: Every = None,
    status: Status = None,
    basis: Annotated[
        Basis | None,
        typer.Option(
            help="delta, or total: totals as stated and their differences. Without it, events; "
            "where none is told, totals."
        ),
    ] = None,
    unit: Unit = None,
    currency: Currency = None,
    share_of: Annotated[
        Path | None,
        typer.Option(metavar="FILE.csv", help="Ranked: as shares of these (name, and a number)."),
    ] = None,
    per_head: Annotated[
        Path | None,
        typer.Option(metavar="FILE.csv", help="Ranked: by so many people (name, and a number)."),
    ] = None,
    prices: PriceIndex = None,
    price_year: PriceYear = None,
    title: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Instead of one made of what was asked.")
    ] = None,
    note: Annotated[
        str | None, typer.Option(metavar="TEXT", help="A line below the chart.")
    ] = None,
    size: Annotated[Size, typer.Option(help="What it is drawn for.")] = Size.screen,
    *,
    how: How,
    asked: Asked,
) -> None:
    """Draw a chart of documents or of a ledger: a .png, .svg or .pdf file."""
    from aidledger.charting import chart as draw
    from aidledger.charting import read_shares
    from reports.charts.canvas import is_empty, save_chart
    from reports.files import target_of

    if (share_of or per_head) and kind is not Kind.ranked:
        raise typer.BadParameter("--share-of and --per-head go with --kind ranked")
    target_of(output)
    batch = Batch()
    shares = read_shares(present(share_of)) if share_of else None
    people = read_shares(present(per_head)) if per_head else None
    with batch.ledger(paths, ledger, how) as book, usage():
        drawn = draw(
            book, kind, by=columns_of(by), freq=freq, status=status, unit=unit,
            currency=currency, prices=prices_of(prices, price_year), title=title, note=note,
            size=size, share_of=shares, per_head=people, basis=basis, **asked,
        )  # fmt: skip
        save_chart(drawn, output)
    if is_empty(drawn):
        typer.echo("aidledger: nothing to draw: no figure is what was asked for", err=True)
    typer.echo(f"wrote {output}")
    batch.close()


def export(
    ledger: LedgerFile,
    datasette: Annotated[
        Path, typer.Option(metavar="FOLDER", help="For Datasette: datasette FOLDER shows it.")
    ],
) -> None:
    """Write the tables of a ledger, with questions to ask them, for another program to browse."""
    with existing(ledger) as book:
        typer.echo(f"wrote {book.export_datasette(datasette)}")


def _origin(paths: Sequence[str] | None, ledger: str | None) -> str:
    return ledger or ", ".join(paths or ())
