"""The command: every verb is a function of the public API.

Exit status 0 for success, 1 where something could not be read or written (one line on standard
error says what; the rest of a batch is done), 2 for wrong usage, 130 when interrupted.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from aidledger.commands import ask, asking, auditing, deciding, showing, taking_in
from ledger.errors import LedgerError


class Verbs(TyperGroup):
    """The verbs; a bad value is told in typer's words without those of its type checker."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = error.message.removeprefix("Value error, ")
            raise


app = typer.Typer(
    cls=Verbs,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Pulls every figure with its unit out of news and releases on military aid, and adds "
    "them up once.",
)
sheets = typer.Typer(
    no_args_is_help=True, help="Review: what to look at first, on a page, or by a sheet."
)
ask_model = typer.Typer(no_args_is_help=True, help="A language model asked by files, in batches.")
audits = typer.Typer(no_args_is_help=True, help="How wrong the totals are, by a random draw.")


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    if version:
        import aidledger

        typer.echo(f"aidledger {aidledger.__version__}")
        raise typer.Exit


for verb in (
    taking_in.extract, taking_in.explain, taking_in.add, taking_in.watch, taking_in.reread,
    taking_in.rates,
    asking.figures, asking.facts, asking.totals, asking.reconcile, asking.position, asking.check,
    asking.items, asking.parts, asking.suggestions, asking.compare, asking.history, asking.changes,
    deciding.accept, deciding.reject, deciding.correct, deciding.undo, taking_in.evaluate,
    showing.report, showing.page, showing.chart, showing.export, taking_in.demo,
):  # fmt: skip
    app.command()(verb)
sheets.command("queue")(deciding.review_queue)
sheets.command("serve")(deciding.serve)
sheets.command("export")(deciding.export_review)
sheets.command("import")(deciding.import_review)
sheets.command("export-codings")(deciding.export_codings)
ask_model.command("write")(ask.write)
ask_model.command("read")(ask.read)
app.add_typer(sheets, name="review")
app.add_typer(ask_model, name="ask")
for name, verb in (
    ("draw", auditing.audit_draw), ("show", auditing.audit_show),
    ("passage", auditing.audit_passage), ("result", auditing.audit_result),
):  # fmt: skip
    audits.command(name)(verb)
app.add_typer(audits, name="audit")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command with these arguments (by default, those of the process).

    Whatever goes wrong is one line on standard error.
    """
    # Arrow's own allocator keeps what frames have let go, a third of what they hold.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace", line_buffering=True)
    try:
        app(arguments, prog_name="aidledger")
    except LedgerError as error:
        _fail(str(error))
    except OSError as error:
        _fail(_told(error))
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if os.environ.get("AIDLEDGER_TRACEBACK"):
            raise
        _fail(
            f"a fault in aidledger itself ({type(error).__name__}: {error}); set "
            "AIDLEDGER_TRACEBACK=1 to see where, and please report it"
        )


def _told(error: OSError) -> str:
    """Where the system failed, and in what."""
    line = (error.strerror or str(error)).lower()
    if error.filename:
        return f"{error.filename}: {line}"
    if error.errno != errno.ENOSPC:
        return line
    from tempfile import gettempdir

    return f"{line}, for standard output or for temporary files in {gettempdir()}"


def _fail(line: str) -> None:
    print(f"aidledger: {' '.join(line.split())}", file=sys.stderr)
    sys.exit(1)
