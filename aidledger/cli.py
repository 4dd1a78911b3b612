"""The command: every verb is a function of the public API.

Exit status 0 for success, 1 where something could not be read or written (one line on standard
error says what; the rest of a batch is done), 2 for wrong usage, 130 when interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aidledger.output import Format, counted, opened, write_explanations, write_figures, write_frame
from ledger.dates import date_bounds
from ledger.errors import LedgerError

if TYPE_CHECKING:
    from extractors.readers import Problem
    from ledger.figure import Figure, Source
    from ledger.ledger import Ledger

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Pulls every figure with its unit out of news and releases on military aid, and adds "
    "them up once.",
)


class Frequency(StrEnum):
    """The periods of totals over time."""

    day = "day"
    week = "week"
    month = "month"
    quarter = "quarter"
    year = "year"


class Bound(StrEnum):
    """What sums are shown where the sources leave room."""

    low = "low"
    best = "best"
    high = "high"


def _iso_date(written: str) -> str:
    try:
        date_bounds(written)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    return written


Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH...", help="A .txt, .md or .jsonl file, a folder of them, or - (stdin)."
    ),
]
MaybePaths = Annotated[
    list[str] | None,
    typer.Argument(metavar="PATH...", help="Documents to read, instead of a ledger."),
]
Published = Annotated[
    str | None,
    typer.Option(
        metavar="DATE",
        parser=_iso_date,
        help="Date of publication (2022-10-04), instead of the ones that the documents state.",
    ),
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file.")
]
AsFormat = Annotated[
    Format | None,
    typer.Option("--format", help="By default what the name of FILE says, else a table."),
]
LedgerFile = Annotated[
    str, typer.Option("--ledger", metavar="FILE", help="The ledger: an SQLite file, or a url.")
]
MaybeLedger = Annotated[
    str | None,
    typer.Option("--ledger", metavar="FILE", help="A ledger, instead of documents."),
]
By = Annotated[
    list[str] | None,
    typer.Option(metavar="COLUMN", help="Group by donor, recipient, item, ...; may be repeated."),
]
Status = Annotated[
    list[str] | None,
    typer.Option(metavar="STATUS", help="Only committed, delivered, ...; may be repeated."),
]


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    if version:
        import aidledger

        typer.echo(f"aidledger {aidledger.__version__}")
        raise typer.Exit


@app.command()
def extract(
    paths: Paths, format: AsFormat = None, published: Published = None, output: Output = None
) -> None:
    """Write the figures of documents."""
    batch = Batch()
    with opened(output) as out:
        write_figures(batch.figures(paths, published), format or Format.of(output), out)
    batch.close()


@app.command()
def add(paths: Paths, ledger: LedgerFile, published: Published = None) -> None:
    """Add documents and their figures to a ledger."""
    from aidledger.ingest import ingest
    from ledger.ledger import Ledger

    batch = Batch()
    with Ledger(ledger) as book:
        done = ingest(book, paths, published=published, tell=batch.tell)
    states = ", ".join(f"{count} {state}" for state, count in sorted(done.states.items()))
    documents, held = counted(done.documents, "document"), counted(done.figures, "figure")
    typer.echo(f"{documents} ({states or 'none'}), {held}")
    batch.close()


@app.command()
def figures(ledger: LedgerFile, format: AsFormat = None, output: Output = None) -> None:
    """Write the figures of a ledger."""
    with _existing(ledger) as book, opened(output) as out:
        write_figures(book.records(), format or Format.of(output), out)


@app.command()
def totals(
    ledger: LedgerFile,
    by: By = None,
    freq: Frequency | None = None,
    status: Status = None,
    bound: Annotated[Bound | None, typer.Option(help="Only this one; by default all.")] = None,
    format: AsFormat = None,
    output: Output = None,
) -> None:
    """Add up the figures of a ledger, each fact once."""
    with _existing(ledger) as book, opened(output) as out:
        frame = book.totals(by=_columns(by), freq=freq, status=status, bound=bound)
        write_frame(frame, format or Format.of(output), out)


@app.command()
def report(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT.xlsx")],
    paths: MaybePaths = None,
    ledger: MaybeLedger = None,
    published: Published = None,
) -> None:
    """Write a workbook of documents or of a ledger."""
    from aidledger.report import last_change
    from aidledger.report import report as write

    if output.suffix.lower() != ".xlsx":
        raise typer.BadParameter(f"{output}: a workbook's name ends in .xlsx")
    batch = Batch()
    with batch.ledger(paths, ledger, published) as book:
        as_of = last_change(book) if ledger else None
        write(book, output, origin=ledger or ", ".join(paths or ()), as_of=as_of)
    typer.echo(f"wrote {output}")
    batch.close()


@app.command()
def chart(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT.png")],
    paths: MaybePaths = None,
    ledger: MaybeLedger = None,
    by: By = None,
    status: Status = None,
    unit: Annotated[
        str | None, typer.Option(help="USD, count, ...; by default that of most facts.")
    ] = None,
    published: Published = None,
) -> None:
    """Draw the cumulative totals over time of documents or of a ledger."""
    from reports.canvas import save_chart
    from reports.charts import plot_totals
    from reports.series import leading_unit

    batch = Batch()
    with batch.ledger(paths, ledger, published) as book:
        frame = book.totals(by=_columns(by), freq="day", status=status)
        sources = counted(len(book.sources()), "document")
    frame = frame[frame["unit"] == (unit or leading_unit(frame))]
    drawn = plot_totals(frame, source=f"{sources}, read by aidledger")
    try:
        save_chart(drawn, output)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    typer.echo(f"wrote {output}")
    batch.close()


@app.command()
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


@app.command()
def demo(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where to write.")
    ] = Path("demo"),
) -> None:
    """Read the example documents; write a workbook and charts."""
    from aidledger.demo import demo as run

    for line in run(output).lines():
        typer.echo(line)


class Batch:
    """Documents read one after another, and what was in the way of some of them."""

    def __init__(self) -> None:
        self.lost = 0

    def tell(self, problem: Problem) -> None:
        """Say on standard error what was in the way, and remember if something was lost to it."""
        self.lost += problem.lost
        typer.echo(f"aidledger: {problem}", err=True)

    def sources(self, paths: Iterable[str], published: str | None) -> Iterator[Source]:
        from extractors.readers import Problem, read_all

        for result in read_all(paths, published=published):
            if isinstance(result, Problem):
                self.tell(result)
            else:
                yield result

    def figures(self, paths: Iterable[str], published: str | None) -> Iterator[Figure]:
        from extractors.pipeline import extract_source

        for source in self.sources(paths, published):
            yield from extract_source(source)

    @contextmanager
    def ledger(
        self, paths: Sequence[str] | None, ledger: str | None, published: str | None
    ) -> Iterator[Ledger]:
        """The given ledger, or one of the given documents that is gone afterwards."""
        if bool(paths) == bool(ledger):
            raise typer.BadParameter("give either documents (PATH...) or a ledger (--ledger FILE)")
        if ledger:
            with _existing(ledger) as book:
                yield book
            return
        from tempfile import TemporaryDirectory

        from aidledger.ingest import ingest
        from ledger.ledger import Ledger

        with TemporaryDirectory() as folder, Ledger(Path(folder, "ledger.db")) as book:
            ingest(book, paths or (), published=published, tell=self.tell)
            yield book

    def close(self) -> None:
        """Leave with status 1 if something was lost."""
        if self.lost:
            raise typer.Exit(1)


def _existing(ledger: str) -> Ledger:
    from ledger.ledger import Ledger

    return Ledger(ledger, create=False)


def _columns(by: Sequence[str] | None) -> list[str]:
    return [name.strip() for names in by or () for name in names.split(",")]


def main() -> None:
    """Run the command; whatever goes wrong is one line on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace", line_buffering=True)
    try:
        app(prog_name="aidledger")
    except LedgerError as error:
        _fail(str(error))
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _fail(f"{where}{(error.strerror or str(error)).lower()}")
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if os.environ.get("AIDLEDGER_TRACEBACK"):
            raise
        _fail(
            f"a fault in aidledger itself ({type(error).__name__}: {error}); set "
            "AIDLEDGER_TRACEBACK=1 to see where, and please report it"
        )


def _fail(line: str) -> None:
    print(f"aidledger: {' '.join(line.split())}", file=sys.stderr)
    sys.exit(1)
