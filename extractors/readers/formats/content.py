"""What a format yields: a document's clean text, and what it says about itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from extractors.readers.metadata import Metadata

TIME_LIMIT = 60.0  # seconds; the longest book that is read, 5 million characters, takes 45
LONGEST = 1_000_000  # seconds, eleven days; a longer one is a mistake


@dataclass(frozen=True, slots=True)
class Content:
    """A document as a file holds it. ``place`` is where in the file (``line 3``, ``a.html``)."""

    text: str
    metadata: Metadata = field(default_factory=Metadata)
    place: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a file of lines: the bytes from ``start`` to ``stop``, whole lines.

    ``line`` is the number of its first line in the file.
    """

    start: int
    stop: int
    line: int


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How files are to be read.

    ``columns`` names the columns of a table of texts (``{"text": "body", "published": "day"}``).
    ``hosts`` are private hosts that may be asked (``localhost``). ``url`` is where the bytes came
    from, for those that came over the network, and ``charset`` the encoding that was declared with
    them. ``depth`` counts the archives around this file.
    ``part`` is the stretch of a file of lines that is read, where it is not all of it.
    ``time_limit`` is how many seconds any one document may take, until its figures are there.
    ``here`` is for where no other process can be started: all files are read in this one, and what
    libraries in other languages do with them has no limit of time or memory.

    Raises ValueError for a limit that is none.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    hosts: frozenset[str] = frozenset()
    url: str | None = None
    charset: str | None = None
    depth: int = 0
    part: Part | None = None
    time_limit: float = TIME_LIMIT
    here: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.time_limit <= LONGEST:
            raise ValueError(f"a time limit is more than 0 and at most {LONGEST:,} seconds")


def renamed(values: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """The values of a row under the names of the fields that ``ReadOptions.columns`` gives them."""
    return {**values, **{field: values.get(name) for field, name in columns.items()}}
