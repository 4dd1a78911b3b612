"""Verbs that decide on figures, one at a time or by a sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aidledger.commands.batch import existing, present, usage
from aidledger.commands.options import FigureId, LedgerFile, Who, Why, pairs_of
from aidledger.output import counted
from aidledger.progress import shown

SheetFile = typer.Argument(metavar="FILE", help="A .csv or .xlsx file that was exported.")


def accept(figure_id: FigureId, ledger: LedgerFile, who: Who, why: Why = None) -> None:
    """Decide that a figure is right."""
    with existing(ledger) as book:
        book.accept(figure_id, who, why)
    typer.echo(f"accepted {figure_id}")


def reject(figure_id: FigureId, ledger: LedgerFile, who: Who, why: Why = None) -> None:
    """Decide that a figure is wrong or none at all: nothing counts it."""
    with existing(ledger) as book:
        book.reject(figure_id, who, why)
    typer.echo(f"rejected {figure_id}")


def correct(
    figure_id: FigureId,
    ledger: LedgerFile,
    who: Who,
    changes: Annotated[
        list[str],
        typer.Option(
            "--set", metavar="FIELD=VALUE", help="What it should be, null for unknown; may be "
            "repeated."
        ),
    ],
    why: Why = None,
) -> None:  # fmt: skip
    """Decide that fields of a figure should be others; a new value moves the bounds with it."""
    made = {name: None if value == "null" else value for name, value in pairs_of("--set", changes)}
    with existing(ledger) as book:
        book.correct(figure_id, who, why, **made)
    typer.echo(f"corrected {figure_id}")


def export_review(
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", help="A .csv file, or a .xlsx workbook."),
    ],
    ledger: LedgerFile,
) -> None:
    """Write every figure with room to decide on it."""
    from aidledger.reviewing import export_review as export

    with existing(ledger) as book, usage(), shown() as progress:
        export(book, output, progress=progress)
    typer.echo(f"wrote {output}")


def import_review(path: Annotated[Path, SheetFile], ledger: LedgerFile, who: Who) -> None:
    """Read a filled-in sheet back."""
    from aidledger.reviewing import import_review as read

    with existing(ledger) as book, usage():
        done = read(book, present(path), who)
    for problem in done.problems:
        typer.echo(f"aidledger: {problem}", err=True)
    typer.echo(counted(done.decisions, "decision"))
    if done.problems:
        raise typer.Exit(1)
