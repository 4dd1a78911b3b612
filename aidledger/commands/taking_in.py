"""Verbs that read documents and tables."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aidledger.commands.batch import Batch, existing, present, told_of_model
from aidledger.commands.options import (
    AsFormat,
    LedgerFile,
    Mapping,
    Output,
    Paths,
    Published,
    Resume,
    Sheet,
    form_asked,
    usage,
)
from aidledger.commands.reading_options import (
    AtOnce,
    BaseUrl,
    Cache,
    How,
    Jobs,
    MaxRequests,
    Model,
    ReadAgainBy,
    ReadBy,
    ScoredBy,
    TimeLimit,
    reader_asked,
    reads_documents,
)
from aidledger.output import (
    Format,
    counted,
    described,
    opened,
    save_figures,
    tell_written,
    write_explanations,
    write_figure_table,
    write_table,
)
from aidledger.progress import shown
from extractors.meaning.built_in import BUILT_IN
from extractors.readers.formats.content import TIME_LIMIT, ReadOptions

if TYPE_CHECKING:
    from aidledger.ingest import Ingested


class Engine(StrEnum):
    """What may do the work instead of this machine alone."""

    dask = "dask"


@reads_documents
def extract(
    paths: Paths,
    how: How,
    format: AsFormat = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file.")
    ] = None,
    resume: Resume = False,
    engine: Annotated[
        Engine | None,
        typer.Option(help="Have it done by a Dask cluster; -o is then a folder or url of Parquet."),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="That cluster's; else one of --jobs workers here."),
    ] = None,
) -> None:
    """Write the figures of documents."""
    if engine is None and scheduler is not None:
        raise typer.BadParameter("--scheduler goes with --engine dask")
    batch = Batch()
    if engine is not None:
        if output is None or format is not None or resume:
            raise typer.BadParameter("--engine dask goes with -o FOLDER and writes it as Parquet")
        if not isinstance(how.reader, str):
            raise typer.BadParameter("--reader llm goes without --engine: see ask write, ask read")
        _on_cluster(paths, output, scheduler, how, batch)
    else:
        file = None if output is None else Path(output)
        form = form_asked(format, file)
        how = how.asked(paths, batch.tell)
        _here(paths, file, form, resume, how, batch)
        tell_written(file)
    batch.close()


def _here(
    paths: list[str], output: Path | None, form: Format, resume: bool, how: How, batch: Batch
) -> None:
    """Extract in this process or in several."""
    from aidledger.engines.tally import Tally
    from aidledger.extracting import extract_all, write_lines
    from reports.files import target_of

    if form in (Format.jsonl, Format.csv) and output is not None:
        _to_file(paths, output, form, resume, how, batch)
        return
    if resume:
        raise typer.BadParameter("--resume goes with -o FILE.jsonl or FILE.csv")
    if form in (Format.jsonl, Format.csv):
        with opened(output) as out:
            tally = write_lines(paths, out, form, tell=batch.tell, **how.as_given())
        batch.has_read(tally)
        return
    if output is not None:
        target_of(output)  # what cannot be written is told before the work, not after it
    tally, given = Tally(), how.as_given()
    with shown(output is not None) as progress:
        read = [*extract_all(paths, tally=tally, tell=batch.tell, progress=progress, **given)]
    found = [figure for _, figures in read for figure in figures]
    if form is Format.xlsx:
        about = {source.source_id: described(source) for source, _ in read}
        save_figures(found, about, form, output)
    else:
        with opened(output) as out:
            write_figure_table(found, out)
    batch.has_read(tally)


def _to_file(
    paths: list[str], output: Path, form: Format, resume: bool, how: How, batch: Batch
) -> None:
    from aidledger.engines.resume import drafts_of
    from aidledger.extracting import extract_files

    try:
        with shown() as progress:
            done = extract_files(
                paths, output, form=form, resume=resume, tell=batch.tell, progress=progress,
                **how.as_given(),
            )  # fmt: skip
    except KeyboardInterrupt:
        _, journal = drafts_of(output)
        if journal.exists():
            typer.echo("aidledger: the same command with --resume goes on from here", err=True)
        raise
    batch.has_read(done)


def _on_cluster(
    paths: list[str], output: str, scheduler: str | None, how: How, batch: Batch
) -> None:
    """Extract by the workers of a cluster."""
    from aidledger.engines.cluster import extract_on_cluster

    with shown() as progress:
        done = extract_on_cluster(
            paths, output, scheduler=scheduler, tell=batch.tell, progress=progress,
            **how.as_given(),
        )  # fmt: skip
    batch.has_read(done)


def explain(
    text: Annotated[
        str,
        typer.Argument(
            metavar="TEXT", help="A sentence, or - for standard input; with --ledger a figure's id."
        ),
    ],
    published: Published = None,
    ledger: Annotated[
        str | None,
        typer.Option("--ledger", metavar="FILE", help="Explain a figure that this ledger holds."),
    ] = None,
    reader: ReadBy = BUILT_IN,
    model: Model = None,
    base_url: BaseUrl = None,
    cache: Cache = None,
) -> None:
    """Show which rules and words decided each field of each figure; of a figure in a ledger, by
    its id, also its sentence and its document."""
    from extractors.explain import explain as explained

    if ledger is not None:
        if published or model or base_url or cache or reader != BUILT_IN:
            raise typer.BadParameter(
                "with --ledger, what was read is explained: without --published, --reader, "
                "--model, --base-url and --cache"
            )
        with existing(ledger) as book:
            write_table(book.explain(book.full_id(text)), None, None)
        return
    by = reader_asked(reader, model, base_url, cache, None, 8)
    batch = Batch()
    if text == "-":
        text = "".join(source.text for source in batch.sources([text]))
    with opened(None) as out, told_of_model():
        write_explanations(explained(text, published=published, reader=by), out)
    batch.close()


@reads_documents
def add(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH...",
            help="Documents (files, folders, urls, - for stdin), tables, or what --engine wrote.",
        ),
    ],
    ledger: LedgerFile,
    how: How,
    resume: Resume = False,
    mapping: Mapping = None,
    sheet: Sheet = None,
) -> None:
    """Add documents, or with a mapping tables, and their figures to a ledger."""
    from aidledger.ingest import ingest, ingest_tables
    from aidledger.ledger import Ledger

    if mapping is None and sheet is not None:
        raise typer.BadParameter("--sheet goes with --mapping")
    if mapping is not None and how.published is not None:
        raise typer.BadParameter("a table's dates come from its mapping, not from --published")
    if mapping is not None and (resume or how.containing or how.reading.columns):
        raise typer.BadParameter("--resume, --containing and --columns go without --mapping")
    batch = Batch()
    with Ledger(ledger) as book, shown() as progress:
        if mapping is None:
            how = how.asked(paths, batch.tell)
            done = ingest(
                book, paths, resume=resume, tell=batch.tell, progress=progress, **how.as_given()
            )
        else:
            done = ingest_tables(
                book, paths, mapping, sheet=sheet, tell=batch.tell, progress=progress
            )
    _close(batch, done, "document" if mapping is None else "table")


@reads_documents
def watch(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH...", help="Folders, addresses of feeds or pages, files."),
    ],
    ledger: LedgerFile,
    how: How,
    every: Annotated[
        float, typer.Option(metavar="MINUTES", min=1, help="From one round to the next.")
    ] = 15,
    once: Annotated[bool, typer.Option("--once", help="One round, as a timer starts it.")] = False,
) -> None:
    """Add to a ledger what is new in folders and feeds, round after round, and say what that
    changed in its totals.

    The ledger remembers what was seen. Ctrl-C ends it.
    """
    from aidledger.ledger import Ledger
    from aidledger.watching import watch as looks

    batch, how = Batch(), how.unattended()
    with Ledger(ledger) as book, usage():
        rounds = 1 if once else None
        for found in looks(
            book, paths, every=every, rounds=rounds, tell=batch.tell, **how.as_given()
        ):
            for line in found.lines() or (["nothing new"] if once else []):
                typer.echo(line)
            batch.has_read(found.done.tally, counts=False)
    batch.close()


def reread(
    ledger: LedgerFile,
    jobs: Jobs = 1,
    time_limit: TimeLimit = TIME_LIMIT,
    reader: ReadAgainBy = BUILT_IN,
    model: Model = None,
    base_url: BaseUrl = None,
    cache: Cache = None,
    max_requests: MaxRequests = None,
    at_once: AtOnce = 8,
) -> None:
    """Read the documents of a ledger anew that another reader has read, from the stored texts.

    Tables and decisions stay. Interrupted, the same command goes on where it stopped.
    """
    from aidledger.ingest import reread as read_again

    by = reader_asked(reader, model, base_url, cache, max_requests, at_once)
    with usage():
        reading = ReadOptions(time_limit=time_limit)
    batch = Batch()
    with existing(ledger) as book, shown() as progress:
        done = read_again(
            book, reading=reading, reader=by, jobs=jobs, tell=batch.tell, progress=progress
        )
    _close(batch, done, "document")


def evaluate(
    codings: Annotated[
        Path, typer.Argument(metavar="CODINGS", help="Coded passages, a JSON object a line.")
    ],
    reader: ScoredBy = BUILT_IN,
    figures: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Score these figures (.jsonl), instead of reading."),
    ] = None,
    format: AsFormat = None,
    output: Output = None,
) -> None:
    """Score a reader on coded passages: what it found, rows, sums, links, fields and chances."""
    import pandas as pd

    from aidledger.evaluation.evaluating import evaluate as score

    with usage():
        done = score(codings, reader=reader, figures=figures)
    rows = pd.DataFrame(done.rows()).round(1)
    write_table(rows, format, output)
    typer.echo(f"aidledger: {done.coded:,} coded, {done.extracted:,} read", err=True)


def _close(batch: Batch, done: Ingested, noun: str) -> None:
    """Say what a ledger has taken in, and end."""
    states = ", ".join(f"{count} {state}" for state, count in sorted(done.states.items()))
    read = counted(done.documents, noun)
    typer.echo(f"{read} ({states or 'none'}), {counted(done.figures, 'figure')}")
    batch.has_read(done.tally, counts=False)
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
