"""Verbs of an audit: figures and passages drawn at random, and what they say of the totals."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aidledger.commands.batch import ends_in, existing
from aidledger.commands.options import (
    AsFormat,
    By,
    Currency,
    LedgerFile,
    Output,
    Who,
    columns_of,
    pairs_of,
)
from aidledger.commands.question_options import Where
from aidledger.output import Format, counted, write_table

OfAudit = Annotated[
    int | None, typer.Option("--audit", metavar="NUMBER", help="Which draw; else the latest.")
]


def audit_draw(
    ledger: LedgerFile,
    who: Who,
    number: Annotated[
        int, typer.Option("--number", "-n", min=1, metavar="N", help="How many figures.")
    ] = 100,
    passages: Annotated[
        int, typer.Option(min=0, metavar="N", help="In how many passages missed ones are sought.")
    ] = 20,
    where: Where = None,
    by: By = None,
    currency: Currency = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Draws the same again from the same ledger.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="A .csv sheet to decide in."),
    ] = None,
) -> None:
    """Draw figures and passages at random, more of those that weigh more in a total."""
    if output is not None:
        ends_in(output, ".csv")
    with existing(ledger) as book:
        drawn = book.audit_draw(
            number, who=who, passages=passages, where=where, by=columns_of(by),
            currency=currency, seed=seed,
        )  # fmt: skip
        shown = book.audit_show(drawn)
        if output is not None:
            write_table(book.audit_sheet(drawn), Format.csv, output)
    figures = int(shown["text"].notna().sum())
    typer.echo(
        f"audit {drawn}: {counted(figures, 'figure')} and "
        f"{counted(len(shown) - figures, 'passage')} drawn"
    )


def audit_show(
    ledger: LedgerFile,
    audit: OfAudit = None,
    format: AsFormat = None,
    output: Output = None,
) -> None:
    """Show what a draw asks a person to look at, and what of it is done."""
    with existing(ledger) as book:
        write_table(book.audit_show(audit), format, output)


def audit_passage(
    passage: Annotated[int, typer.Argument(metavar="NUMBER", help="As `audit show` has it.")],
    ledger: LedgerFile,
    who: Who,
    missed: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FIELD=VALUE,...",
            help="A figure that the ledger lacks: value=4,item=HIMARS,status=committed; may be "
            "repeated.",
        ),
    ] = None,
    audit: OfAudit = None,
) -> None:
    """Say that a drawn passage was looked at, and which figures the ledger lacks of it."""
    found = [dict(pairs_of("--missed", one.split(","))) for one in missed or ()]
    with existing(ledger) as book:
        book.audit_passage(passage, who, found, audit=audit)
    typer.echo(f"passage {passage}: {counted(len(found), 'figure')} missed")


def audit_result(
    ledger: LedgerFile,
    audit: OfAudit = None,
    format: AsFormat = None,
    output: Output = None,
) -> None:
    """Show each total with a 90 percent band that rests on the draw alone."""
    with existing(ledger) as book:
        write_table(book.audit_result(audit), format, output)
