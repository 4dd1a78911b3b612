"""The options that verbs share: their types, their words, and how they are read."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from aidledger.output import Format
from extractors.mentions.written_dates import FIRST_PUBLISHED, LAST_PUBLISHED, published_on
from ledger.date_bounds import date_bounds


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


class Basis(StrEnum):
    """What a figure states: one event, a sum up to a date, a state, or a rate."""

    delta = "delta"
    total = "total"
    level = "level"
    rate = "rate"


def _day_of_publication(written: str) -> str:
    try:
        date_bounds(written)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    if published_on(written) is None:
        raise typer.BadParameter(f"no date of {FIRST_PUBLISHED} to {LAST_PUBLISHED}: {written!r}")
    return written


def form_asked(form: Format | None, output: Path | None) -> Format:
    """The format of an output: what is said, else what its name says. Raises BadParameter for a
    name that says none, and for a sheet of Excel's without a file."""
    if output is None and form is Format.xlsx:
        raise typer.BadParameter("--format xlsx goes with -o FILE.xlsx")
    with usage():
        return form or Format.of(output)


def _of_known_kind(given: typer.Context, output: Path | None) -> Path | None:
    """A file whose name says its format, where no option does."""
    form_asked(given.params.get("format"), output)
    return output


Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH...",
        help="Documents: files of any readable kind, folders of them, urls, or - (stdin).",
    ),
]
MaybePaths = Annotated[
    list[str] | None,
    typer.Argument(metavar="PATH...", help="Documents to read, instead of a ledger."),
]
FigureId = Annotated[
    str,
    typer.Argument(metavar="FIGURE_ID", help="As `aidledger figures` shows it, or how it begins."),
]
Published = Annotated[
    str | None,
    typer.Option(
        metavar="DATE",
        parser=_day_of_publication,
        help="Date of publication (2022-10-04), instead of the ones that the documents state.",
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", callback=_of_known_kind, help="Write to this file."
    ),
]
AsFormat = Annotated[
    Format | None,
    typer.Option(
        "--format", is_eager=True, help="By default what the name of FILE says, else a table."
    ),
]
Sort = Annotated[
    str | None,
    typer.Option(metavar="COLUMN", help="The largest, or latest, of this column first."),
]
First = Annotated[
    int | None, typer.Option("--first", "-n", min=1, metavar="N", help="Only the first N rows.")
]
Sentences = Annotated[
    bool, typer.Option("--sentences", help="In a table: the sentence of each, to the right.")
]
Resume = Annotated[
    bool, typer.Option("--resume", help="Go on where the same command was interrupted.")
]
LedgerFile = Annotated[
    str, typer.Option("--ledger", metavar="FILE", help="The ledger: an SQLite file, or a url.")
]
MaybeLedger = Annotated[
    str | None,
    typer.Option("--ledger", metavar="FILE", help="A ledger, instead of documents."),
]
Mapping = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="How a table is read: a .toml file, or a shipped one: "
        "daily-losses, kiel-activities, kiel-drawdowns, oryx-lines.",
    ),
]
Sheet = Annotated[
    str | None, typer.Option(metavar="NAME", help="The sheet of a workbook; else the first.")
]
By = Annotated[
    list[str] | None,
    typer.Option(
        metavar="COLUMN",
        help="Group by donor, recipient, item, item:0 (the top of the item tree), ...; may be "
        "repeated.",
    ),
]
Every = Annotated[Frequency | None, typer.Option("--freq", help="Periods of totals over time.")]
Status = Annotated[
    list[str] | None,
    typer.Option(metavar="STATUS", help="Only committed, delivered, ...; may be repeated."),
]
Currency = Annotated[
    str | None,
    typer.Option(metavar="CODE", help="Money in this currency, at the rate of the day."),
]
Unit = Annotated[
    str | None,
    typer.Option(metavar="UNIT", help="USD, count, ...; by default that of most facts."),
]
Units = Annotated[
    list[str] | None,
    typer.Option("--unit", metavar="UNIT", help="Only USD, count, ...; may be repeated."),
]
Who = Annotated[str, typer.Option(metavar="NAME", help="Who decides.")]
Why = Annotated[str | None, typer.Option(metavar="TEXT", help="The reason.")]


def columns_of(by: Sequence[str] | None) -> list[str]:
    """The columns of ``--by donor,item --by status``."""
    return [name.strip() for names in by or () for name in names.split(",")]


def pairs_of(option: str, written: Iterable[str] | None) -> list[tuple[str, str]]:
    """The names and values of ``name=value``. Raises BadParameter for anything else."""
    pairs = []
    for text in written or ():
        name, sign, value = text.partition("=")
        if not (name and sign):
            raise typer.BadParameter(f"{text!r} is not of the form name=value", param_hint=option)
        pairs.append((name.strip(), value.strip()))
    return pairs


def expanding(name: str, made: Callable[..., Any]) -> Callable[[Callable[..., None]], Any]:
    """What gives a verb with the parameter ``name`` the options that are the parameters of
    ``made``, and the verb what that makes of them."""
    options = _signature(made, "return").parameters.values()

    def expanded(verb: Callable[..., None]) -> Any:
        signature = _signature(verb, name)
        own = [each for each in signature.parameters.values() if each.name != name]

        def run(**given: Any) -> None:
            held = made(**{option.name: given.pop(option.name) for option in options})
            verb(**given, **{name: held})

        described: Any = run
        described.__name__, described.__doc__ = verb.__name__, verb.__doc__
        described.__signature__ = signature.replace(parameters=[*own, *options])
        described.__annotations__ = {each.name: each.annotation for each in (*own, *options)}
        return described

    return expanded


def _signature(function: Callable[..., Any], without: str) -> inspect.Signature:
    """The signature of a function, one annotation left out: of what need not be loaded to run."""
    function.__annotations__.pop(without, None)
    return inspect.signature(function, eval_str=True)


@contextmanager
def usage() -> Iterator[None]:
    """A ValueError of the library as wrong usage."""
    try:
        yield
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
