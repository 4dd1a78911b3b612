"""The options of every verb that reads documents, defined once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aidledger.commands.options import Published, expanding, pairs_of, usage
from extractors.meaning.built_in import BUILT_IN
from extractors.readers.formats.content import TIME_LIMIT, ReadOptions
from ledger.figure import UNREAD

if TYPE_CHECKING:
    from aidledger.consulting import Estimate
    from extractors.llm.llm_reader import LLMReader
    from extractors.meaning.reader import AskedReader
    from extractors.readers.problem import Problem

FIELDS = ("id", "text", "title", "published", "accessed", "url", "publisher")

Jobs = Annotated[
    int, typer.Option("--jobs", "-j", metavar="N", min=1, help="Processes that read documents.")
]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FIELD=NAME,...",
        help="Which columns of a table hold text, title, published, url, ...: text=body,title=head",
    ),
]
Hosts = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-host", metavar="HOST", help="A private host that may be asked; may be repeated."
    ),
]
Containing = Annotated[
    list[str] | None,
    typer.Option(
        metavar="TERM", help="Only documents with this word or phrase; with several, with any."
    ),
]
TimeLimit = Annotated[
    float,
    typer.Option(
        "--time-limit",
        metavar="SECONDS",
        help="What any one document may take; else it is skipped.",
    ),
]


LLM = "llm"  # the reader that asks a language model
ASKS = 100  # requests from which on a terminal is asked whether to send them

Model = Annotated[
    str | None, typer.Option(metavar="NAME", help="The language model, as its endpoint calls it.")
]
BaseUrl = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="Where it is asked, in OpenAI's protocol: http://localhost:11434/v1; else OpenAI.",
    ),
]
Cache = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="Where its answers are kept; else in your cache folder."),
]
MaxRequests = Annotated[
    int | None, typer.Option(metavar="N", min=0, help="Ask it nothing if more would be sent.")
]
AtOnce = Annotated[int, typer.Option(metavar="N", min=1, help="Requests to it under way at once.")]
Yes = Annotated[
    bool, typer.Option("--yes", help=f"Send it more than {ASKS} requests without asking you.")
]


def _known(reader: str) -> str:
    """The name of a reader that there is; weights of a folder are not loaded yet."""
    if reader not in (BUILT_IN, LLM):  # of which the command need not load anything to know
        from extractors.pipeline import check_reader

        with usage():
            check_reader(reader)
    return reader


ReadBy = Annotated[
    str,
    typer.Option(
        "--reader",
        callback=_known,
        metavar="[built-in|rules|llm|none|FOLDER]",
        help="Who says what figures mean; rules: hand-set rules alone, faster; llm: your language "
        "model, with --model; none: numbers and units alone; FOLDER: fitted weights of your own.",
    ),
]


def _reads_here(reader: str) -> str:
    """The name of a reader that asks nobody."""
    if reader == LLM:
        raise typer.BadParameter(f"{LLM} reads no passages here: give what it read by --figures")
    return _known(reader)


ScoredBy = Annotated[
    str,
    typer.Option(
        "--reader",
        callback=_reads_here,
        metavar="[built-in|rules|none|FOLDER]",
        help="Who says what figures mean; rules: hand-set rules alone; none: numbers and units "
        "alone; FOLDER: fitted weights of your own. Of a language model score its --figures.",
    ),
]


def _of_meaning(reader: str) -> str:
    """The name of a reader that says what figures mean."""
    if reader == UNREAD:
        raise typer.BadParameter(f"{UNREAD!r} reads no meaning, and takes nobody's place")
    return _known(reader)


ReadAgainBy = Annotated[
    str,
    typer.Option(
        "--reader",
        callback=_of_meaning,
        metavar="[built-in|rules|llm|FOLDER]",
        help="Who says what figures mean; llm: your language model; FOLDER: fitted weights.",
    ),
]


@dataclass(frozen=True, slots=True)
class How:
    """How documents are to be read: what the options of every verb that reads them say."""

    published: str | None
    jobs: int
    reading: ReadOptions
    containing: tuple[str, ...]
    reader: AskedReader
    yes: bool = False

    @property
    def is_asked(self) -> bool:
        """Whether any of it says how documents are to be read."""
        named = (self.published, *self.containing)
        plain = self.reader == BUILT_IN and self.reading == ReadOptions() and self.jobs == 1
        return not plain or any(named)

    def asked(self, paths: Sequence[str], tell: Callable[[Problem], None]) -> How:
        """The same once a reader that asks has asked what documents need, if the user agrees."""
        if isinstance(self.reader, str):
            return self
        from aidledger.consulting import ahead
        from aidledger.engines.intake import Intake

        intake = Intake(self.published, self.reading, self.containing, self.reader)
        done = ahead(paths, intake, jobs=self.jobs, tell=tell, agrees=agrees(self.yes))
        return replace(self, reader=done.reader)

    def unattended(self) -> How:
        """The same for a run of which nobody knows what it will have to ask. Raises BadParameter
        for a language model without a bound that the user has agreed to."""
        if not isinstance(self.reader, str):
            from extractors.llm.llm_reader import LLMReader

            asks = isinstance(self.reader, LLMReader) and self.reader.max_requests is None
            if asks and not self.yes:
                raise typer.BadParameter(
                    "a model is asked as documents come: say --max-requests N, or --yes"
                )
        return self

    def as_given(self) -> dict[str, Any]:
        """The same as keywords of :func:`aidledger.ingest` and its sisters."""
        return {
            "published": self.published, "jobs": self.jobs, "reading": self.reading,
            "containing": self.containing, "reader": self.reader,
        }  # fmt: skip


def reader_asked(
    reader: str,
    model: str | None,
    base_url: str | None,
    cache: str | None,
    max_requests: int | None,
    at_once: int,
) -> str | LLMReader:
    """The reader that the options name. Raises BadParameter where they do not go together."""
    if reader != LLM:
        if model or base_url or cache or max_requests is not None:
            raise typer.BadParameter(
                "--model, --base-url, --cache and --max-requests go with --reader llm"
            )
        return reader
    if not model:
        raise typer.BadParameter("--reader llm needs --model NAME")
    from extractors.llm.llm_reader import LLMReader

    with usage():
        return LLMReader(model, base_url, cache=cache, max_requests=max_requests, at_once=at_once)


def agrees(yes: bool) -> Callable[[Estimate], bool]:
    """Who is asked whether requests are to be sent: the terminal, if they are many."""

    def asked(estimate: Estimate) -> bool:
        typer.echo(f"aidledger: {estimate}", err=True)
        if yes or estimate.requests <= ASKS:
            return True
        if not sys.stdin.isatty():
            raise typer.BadParameter(f"more than {ASKS} requests: say --yes to send them")
        return typer.confirm("Send them?", err=True)

    return asked


def _how(
    *,
    published: Published = None,
    jobs: Jobs = 1,
    columns: Columns = None,
    allow_host: Hosts = None,
    containing: Containing = None,
    time_limit: TimeLimit = TIME_LIMIT,
    reader: ReadBy = BUILT_IN,
    model: Model = None,
    base_url: BaseUrl = None,
    cache: Cache = None,
    max_requests: MaxRequests = None,
    at_once: AtOnce = 8,
    yes: Yes = False,
) -> How:
    if not all(term.strip() for term in containing or ()):
        raise typer.BadParameter("an empty term", param_hint="--containing")
    hosts = frozenset(allow_host or ())
    with usage():
        reading = ReadOptions(columns=columns_from(columns), hosts=hosts, time_limit=time_limit)
    by = reader_asked(reader, model, base_url, cache, max_requests, at_once)
    return How(published, jobs, reading, tuple(containing or ()), by, yes)


def columns_from(written: list[str] | None) -> dict[str, str]:
    """The columns of ``--columns text=body,title=headline``."""
    pairs = pairs_of("--columns", (pair for some in written or () for pair in some.split(",")))
    for name, column in pairs:
        if not column:
            raise typer.BadParameter(f"no column for {name}", param_hint="--columns")
        if name not in FIELDS:
            raise typer.BadParameter(
                f"no field {name!r}; choose from {', '.join(FIELDS)}", param_hint="--columns"
            )
    return dict(pairs)


reads_documents = expanding("how", _how)
"""A verb with a parameter ``how`` as one that has the options which say how."""
