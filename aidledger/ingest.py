"""From files to a ledger: read, extract, store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from aidledger.progress import Progress
    from extractors.problem import Problem
    from ledger.figure import Figure, Source
    from ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Ingested:
    """What a run of :func:`ingest` or :func:`aidledger.tables.ingest_tables` did.

    ``documents`` were read and hold ``figures``; ``states`` counts the documents by what became of
    them in the ledger (``new``, ``unchanged``, ...; see :class:`ledger.documents.Added`).
    ``problems`` are the paths that could not be read, and remarks on others.
    """

    documents: int
    figures: int
    states: Mapping[str, int]
    problems: tuple[Problem, ...]

    def _repr_html_(self) -> str:
        from ledger.html import html_table

        problems = {"problem": "; ".join(map(str, self.problems))} if self.problems else {}
        rows = {"documents": self.documents, "figures": self.figures}
        return html_table("Ingested", {**rows, **self.states, **problems})


def ingest(
    ledger: Ledger,
    paths: Iterable[str | Path],
    *,
    published: str | None = None,
    extract: Callable[[Source], Sequence[Figure]] | None = None,
    tell: Callable[[Problem], None] | None = None,
    progress: Progress | None = None,
) -> Ingested:
    """Read the paths, extract their figures, and store both in the ledger.

    Each document is stored whole or not at all, and adding one again changes nothing. A path that
    cannot be read becomes a problem of the result (``tell`` hears of it at once) and the others
    are read all the same. ``published``, an ISO date, takes the place of the dates that the
    documents state; ``extract`` that of :func:`extractors.pipeline.extract_source`. ``progress``
    hears after every document how many are done. Raises LedgerError where the ledger cannot be
    written.
    """
    from extractors.pipeline import extract_source
    from extractors.problem import Problem
    from extractors.readers import read_all

    find = extract or extract_source
    states: Counter[str] = Counter()
    problems: list[Problem] = []
    figures = 0
    for result in read_all(paths, published=published):
        if isinstance(result, Problem):
            problems.append(result)
            if tell:
                tell(result)
            continue
        added = ledger.add(result, find(result))
        states[added.state] += 1
        figures += added.figures
        if progress:
            progress("documents", states.total(), 0)
    return Ingested(states.total(), figures, dict(states), tuple(problems))
