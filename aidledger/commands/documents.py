"""Verbs that read documents and tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aidledger.commands.batch import Batch, existing, present
from aidledger.commands.options import (
    AsFormat,
    LedgerFile,
    Mapping,
    Output,
    Paths,
    Published,
    Sheet,
)
from aidledger.output import Format, counted, opened, write_explanations, write_figures
from aidledger.progress import shown


def extract(
    paths: Paths, format: AsFormat = None, published: Published = None, output: Output = None
) -> None:
    """Write the figures of documents."""
    batch = Batch()
    with opened(output) as out, shown(output is not None) as progress:
        found = batch.figures(paths, published, progress)
        write_figures(found, format or Format.of(output), out)
    batch.close()


def explain(
    text: Annotated[str, typer.Argument(help="A sentence, or - for standard input.")],
    published: Published = None,
) -> None:
    """Show which rules and words decided each field of each figure."""
    from extractors.explain import explain as explained

    batch = Batch()
    if text == "-":
        text = "".join(source.text for source in batch.sources([text], published))
    with opened(None) as out:
        write_explanations(explained(text, published=published), out)
    batch.close()


def add(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH...", help="Documents, folders, - (stdin), or tables."),
    ],
    ledger: LedgerFile,
    published: Published = None,
    mapping: Mapping = None,
    sheet: Sheet = None,
) -> None:
    """Add documents, or with a mapping tables, and their figures to a ledger."""
    from aidledger.ingest import ingest
    from aidledger.ledger import Ledger
    from aidledger.tables import ingest_tables

    if mapping is None and sheet is not None:
        raise typer.BadParameter("--sheet goes with --mapping")
    if mapping is not None and published is not None:
        raise typer.BadParameter("a table's dates come from its mapping, not from --published")
    batch = Batch()
    with Ledger(ledger) as book, shown() as progress:
        if mapping is None:
            done = ingest(book, paths, published=published, tell=batch.tell, progress=progress)
        else:
            done = ingest_tables(
                book, paths, mapping, sheet=sheet, tell=batch.tell, progress=progress
            )
    states = ", ".join(f"{count} {state}" for state, count in sorted(done.states.items()))
    read = counted(done.documents, "document" if mapping is None else "table")
    typer.echo(f"{read} ({states or 'none'}), {counted(done.figures, 'figure')}")
    batch.close()


def rates(
    path: Annotated[
        Path,
        typer.Argument(metavar="FILE.csv", help="Lines of date, base (EUR if empty), currency, "
                       "rate: how much currency one unit of base buys from that date on."),
    ],
    ledger: LedgerFile,
) -> None:  # fmt: skip
    """Add exchange rates of one's own to a ledger."""
    from ledger.convert import read_rates

    own = read_rates(present(path))
    with existing(ledger) as book:
        typer.echo(counted(book.add_rates(own), "rate"))


def demo(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where to write.")
    ] = Path("demo"),
) -> None:
    """Read the example documents; write a workbook and charts."""
    from aidledger.demo import demo as run

    for line in run(output).lines():
        typer.echo(line)
