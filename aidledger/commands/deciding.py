"""Verbs that decide on figures, one at a time or by a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aidledger.commands.batch import existing, present
from aidledger.commands.options import (
    AsFormat,
    By,
    Every,
    FigureId,
    LedgerFile,
    Output,
    Status,
    Who,
    Why,
    columns_of,
    pairs_of,
    usage,
)
from aidledger.commands.question_options import asks
from aidledger.output import Format, counted, write_table
from aidledger.progress import shown

if TYPE_CHECKING:
    from ledger.queries.asked import Asked
    from ledger.review.filled import Prefer

SETTLED: dict[Prefer | None, str] = {
    "ours": "took the sheet",
    "theirs": "kept what the ledger has",
    None: "undecided: --ours takes the sheet, --theirs keeps what the ledger has",
}
ENTRY = ("rank", "kind", "figure_id", "text", "effect", "reason", "wrong", "alike", "skipped_by")
OfAudit = Annotated[
    int | None, typer.Option("--audit", metavar="NUMBER", help="What this draw has drawn, alone.")
]
SheetFile = typer.Argument(metavar="FILE", help="A .csv or .xlsx file that was exported.")


def accept(figure_id: FigureId, ledger: LedgerFile, who: Who, why: Why = None) -> None:
    """Decide that a figure is right."""
    with existing(ledger) as book:
        book.accept(figure_id := book.full_id(figure_id), who, why)
    typer.echo(f"accepted {figure_id}")


def reject(figure_id: FigureId, ledger: LedgerFile, who: Who, why: Why = None) -> None:
    """Decide that a figure is wrong or none at all: nothing counts it."""
    with existing(ledger) as book:
        book.reject(figure_id := book.full_id(figure_id), who, why)
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
    from ledger.review.review import Decision

    made = _changes_of(changes)
    with existing(ledger) as book:
        figure_id = book.full_id(figure_id)
        book.review([Decision(figure_id, "correct", why, made)], who)
    typer.echo(f"corrected {figure_id}")


def export_review(
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", help="A .csv file, or a .xlsx workbook."),
    ],
    ledger: LedgerFile,
    audit: OfAudit = None,
) -> None:
    """Write the review queue as a workbook to decide in, or every figure as CSV."""
    from aidledger.reviewing import export_review as export

    with existing(ledger) as book, usage(), shown() as progress:
        export(book, output, audit=audit, progress=progress)
    typer.echo(f"wrote {output}")


def export_codings(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="A .jsonl file.")],
    ledger: LedgerFile,
) -> None:
    """Write what was decided as coded passages, to score a reader by or to fit one on."""
    from aidledger.reviewing import export_codings as export

    with existing(ledger) as book, usage():
        number = export(book, output)
    typer.echo(f"wrote {counted(number, 'coded passage')} to {output}")


def import_review(
    path: Annotated[Path, SheetFile],
    ledger: LedgerFile,
    who: Who,
    ours: Annotated[
        bool, typer.Option("--ours", help="Where both decided on a figure, take the sheet.")
    ] = False,
    theirs: Annotated[
        bool, typer.Option("--theirs", help="There, keep what the ledger has.")
    ] = False,
) -> None:
    """Read a filled-in sheet back. Rows that nobody changed decide nothing. A changed row is a
    conflict, and waits, where its figure was decided on after the sheet was exported."""
    from aidledger.reviewing import import_review as read

    if ours and theirs:
        raise typer.BadParameter("give either --ours or --theirs")
    prefer: Prefer | None = "ours" if ours else "theirs" if theirs else None
    with existing(ledger) as book, usage():
        done = read(book, present(path), who, prefer=prefer)
    for line in (*done.problems, *done.conflicts):
        typer.echo(f"aidledger: {line}", err=True)
    typer.echo(counted(done.decisions, "decision"))
    if done.conflicts:
        conflicts = counted(len(done.conflicts), "conflict")
        typer.echo(f"aidledger: {conflicts}, {SETTLED[prefer]}", err=True)
    if done.problems or (done.conflicts and not prefer):
        raise typer.Exit(1)


def undo(figure_id: FigureId, ledger: LedgerFile, who: Who, why: Why = None) -> None:
    """Take the last decision on a figure back, by a new one; what was before it counts again."""
    with existing(ledger) as book:
        book.undo(figure_id := book.full_id(figure_id), who, why)
    typer.echo(f"undone on {figure_id}")


@asks
def review_queue(
    ledger: LedgerFile,
    by: By = None,
    status: Status = None,
    freq: Every = None,
    limit: Annotated[
        int | None, typer.Option("-n", "--limit", min=1, help="Only so many, the first ones.")
    ] = None,
    format: AsFormat = None,
    output: Output = None,
    *,
    asked: Asked,
) -> None:
    """Write what to look at first: the chance of being wrong times what it changes in the totals
    that --where, --by, --status and --freq ask for; without them in those of aid and losses, by
    donor, recipient, party and month."""
    with existing(ledger) as book:
        queue = book.review_queue(**_question(by, status, freq), **asked)
        form = format or Format.of(output)
        if form is Format.table:
            typer.echo(queue.safe_words() or "no facts are added up")
        write_table(queue.frame(limit), form, output, chief=ENTRY)


@asks
def serve(
    ledger: LedgerFile,
    who: Who,
    by: By = None,
    status: Status = None,
    freq: Every = None,
    audit: OfAudit = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port; by default a free one.")
    ] = 0,
    *,
    asked: Asked,
) -> None:
    """Open the queue as a page on this machine: one entry at a time, a key for each decision. Ends
    with Ctrl+C; whoever has the address may decide."""
    from aidledger.review_server.serving import serve_review

    with existing(ledger) as book:
        question = _question(by, status, freq)
        serve_review(book, who, port=port, audit=audit, tell=typer.echo, **question, **asked)


def _question(
    by: Sequence[str] | None,
    status: Sequence[str] | None,
    freq: str | None,
) -> dict[str, Any]:
    """What :meth:`ledger.ledger.Ledger.review_queue` is asked; nothing but what is given."""
    groups = columns_of(by)
    asked: dict[str, Any] = {"status": status or None}
    if groups or freq:
        asked |= {"by": groups, "freq": freq}
    return asked


def _changes_of(written: Iterable[str]) -> dict[str, str | None]:
    """The new values by field of ``--set value=20 --set date=null``.

    Raises BadParameter for a field that is set twice.
    """
    changes: dict[str, str | None] = {}
    for name, value in pairs_of("--set", written):
        if name in changes:
            raise typer.BadParameter(f"{name} is set twice", param_hint="--set")
        changes[name] = None if value == "null" else value
    return changes
