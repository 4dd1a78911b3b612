"""The options of every verb that reads documents, defined once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from aidledger.commands.options import Published, expanding, pairs_of, usage
from extractors.meaning.built_in import BUILT_IN
from extractors.readers.formats.content import TIME_LIMIT, ReadOptions
from ledger.figure import UNREAD

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


def _known(reader: str) -> str:
    """The name of a reader that there is; weights of a folder are not loaded yet."""
    if reader != BUILT_IN:  # of which the command need not load anything to know
        from extractors.pipeline import check_reader

        with usage():
            check_reader(reader)
    return reader


ReadBy = Annotated[
    str,
    typer.Option(
        "--reader",
        callback=_known,
        metavar="[built-in|rules|none|FOLDER]",
        help="Who says what figures mean; rules: hand-set rules alone, faster; none: numbers and "
        "units alone; FOLDER: fitted weights of your own.",
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
        metavar="[built-in|rules|FOLDER]",
        help="Who says what figures mean; FOLDER: fitted weights.",
    ),
]


@dataclass(frozen=True, slots=True)
class How:
    """How documents are to be read: what the options of every verb that reads them say."""

    published: str | None
    jobs: int
    reading: ReadOptions
    containing: tuple[str, ...]
    reader: str

    @property
    def is_asked(self) -> bool:
        """Whether any of it changes what is read of documents."""
        asked = self.reading.columns or self.reading.hosts or self.containing
        return bool(asked or self.published or self.reader != BUILT_IN)

    def as_given(self) -> dict[str, Any]:
        """The same as keywords of :func:`aidledger.ingest` and its sisters."""
        return {
            "published": self.published, "jobs": self.jobs, "reading": self.reading,
            "containing": self.containing, "reader": self.reader,
        }  # fmt: skip


def _how(
    *,
    published: Published = None,
    jobs: Jobs = 1,
    columns: Columns = None,
    allow_host: Hosts = None,
    containing: Containing = None,
    time_limit: TimeLimit = TIME_LIMIT,
    reader: ReadBy = BUILT_IN,
) -> How:
    if not all(term.strip() for term in containing or ()):
        raise typer.BadParameter("an empty term", param_hint="--containing")
    hosts = frozenset(allow_host or ())
    with usage():
        reading = ReadOptions(columns=_columns(columns), hosts=hosts, time_limit=time_limit)
    return How(published, jobs, reading, tuple(containing or ()), reader)


def _columns(written: list[str] | None) -> dict[str, str]:
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
