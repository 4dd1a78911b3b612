"""Verbs that ask a language model by files: requests out, answers in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aidledger.commands.batch import Batch, ends_in, existing, present
from aidledger.commands.options import MaybeLedger, MaybePaths, Published, usage
from aidledger.commands.reading_options import Cache, Columns, Jobs, Model, columns_from
from aidledger.output import counted
from aidledger.progress import shown
from extractors.readers.formats.content import ReadOptions

OF_DOCUMENTS = "--published and --columns go with documents (PATH...)"


def write(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="REQUESTS.jsonl")],
    model: Annotated[str, typer.Option(metavar="NAME", help="The model that will be asked.")],
    paths: MaybePaths = None,
    ledger: MaybeLedger = None,
    published: Published = None,
    columns: Columns = None,
    jobs: Jobs = 1,
    cache: Cache = None,
    schema: Annotated[
        bool, typer.Option(help="Ask for answers by a JSON schema, which most servers hold to.")
    ] = True,
) -> None:
    """Write what a language model is to be asked of documents, as OpenAI's batch format.

    What the cache answers already is left out. A ledger's texts are asked about again.
    """
    from aidledger.consulting import write_requests
    from extractors.llm.llm_reader import LLMReader

    if bool(paths) == bool(ledger):
        raise typer.BadParameter("give either documents (PATH...) or a ledger (--ledger FILE)")
    if ledger and (published or columns):
        raise typer.BadParameter(OF_DOCUMENTS)
    batch = Batch()
    with usage():
        reader = LLMReader(model, cache=cache, asks=False)
    reading = ReadOptions(columns=columns_from(columns))
    if ledger is None:
        done = write_requests(
            paths or (), output, reader, published=published, reading=reading, jobs=jobs,
            form=schema, tell=batch.tell,
        )  # fmt: skip
    else:
        with existing(ledger) as book:
            done = write_requests(
                (), output, reader, ledger=book, jobs=jobs, form=schema, tell=batch.tell
            )
    typer.echo(str(done))
    batch.close()


def read(
    answers: Annotated[Path, typer.Argument(metavar="ANSWERS.jsonl")],
    paths: MaybePaths = None,
    ledger: MaybeLedger = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FIGURES.jsonl")] = None,
    model: Model = None,
    published: Published = None,
    columns: Columns = None,
    jobs: Jobs = 1,
    cache: Cache = None,
) -> None:
    """Keep a language model's answers, and read documents by them.

    The documents are those of PATH..., added to the ledger or written to a file; without any, those
    that the ledger holds are read anew.
    """
    from aidledger.consulting import read_answers
    from aidledger.extracting import extract_files
    from aidledger.ingest import ingest, reread

    if bool(ledger) == bool(output):
        raise typer.BadParameter("give either a ledger (--ledger FILE) or -o FIGURES.jsonl")
    if output is not None:
        ends_in(output, ".jsonl", ".csv")
    if output is not None and not paths:
        raise typer.BadParameter("-o FIGURES.jsonl goes with documents (PATH...)")
    if not paths and (published or columns):
        raise typer.BadParameter(OF_DOCUMENTS)
    batch = Batch()
    reader, count = read_answers(present(answers), model=model, cache=cache, tell=batch.tell)
    typer.echo(f"{counted(count, 'answer')} of {reader.model}")
    reading = ReadOptions(columns=columns_from(columns))
    with shown() as progress:
        if output is not None:
            tally = extract_files(
                paths or (), output, published=published, reading=reading, reader=reader,
                jobs=jobs, tell=batch.tell, progress=progress,
            )  # fmt: skip
        elif paths:
            from aidledger.ledger import Ledger

            with Ledger(ledger or "") as book:
                tally = ingest(
                    book, paths, published=published, reading=reading, reader=reader, jobs=jobs,
                    tell=batch.tell, progress=progress,
                ).tally  # fmt: skip
        else:
            with existing(ledger or "") as book:
                tally = reread(
                    book, reader=reader, jobs=jobs, tell=batch.tell, progress=progress
                ).tally
    batch.has_read(tally)
    batch.close()
