"""From files to a ledger: read, extract, store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from aidledger.engines.intake import Taken, Work
    from aidledger.engines.known import Known
    from aidledger.engines.tally import Tally
    from aidledger.progress import Progress
    from extractors.formats.content import Reading
    from extractors.problem import Problem
    from ledger.documents import Added
    from ledger.figure import Figure, Source
    from ledger.ledger import Ledger

    Read = tuple[Source, Sequence[Figure]]


@dataclass(frozen=True, slots=True)
class Ingested:
    """What a run of :func:`ingest` or :func:`aidledger.tables.ingest_tables` did.

    ``documents`` were read and hold ``figures``; ``states`` counts the documents by what became of
    them in the ledger: ``new``, ``unchanged``, ... (see :class:`ledger.documents.Added`), or
    ``refused`` where it could not take them.
    ``problems`` are the paths that could not be read, and remarks on others; ``tally`` counts what
    was left out, and which documents had no date.
    """

    documents: int
    figures: int
    states: Mapping[str, int]
    problems: tuple[Problem, ...]
    tally: Tally

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
    reading: Reading | None = None,
    containing: Sequence[str] = (),
    jobs: int = 1,
    resume: bool = False,
    extract: Callable[[Source], Sequence[Figure]] | None = None,
    tell: Callable[[Problem], None] | None = None,
    progress: Progress | None = None,
) -> Ingested:
    """Read the paths, extract their figures, and store both in the ledger.

    Each document is stored whole or not at all, and adding one again changes nothing. One that the
    ledger cannot take, or does not take as a new version because it is a fragment of the stored
    text, becomes a problem too; a text that has shrunk to under a tenth is remarked on. With
    ``resume``, what the ledger holds of an interrupted run, read by this release's extractor, is
    not read for its figures again. A path that cannot be read becomes a problem of the result
    (``tell`` hears of it at once) and the others are read all the same. What
    :func:`aidledger.engines.cluster.extract_on_cluster` has written is stored as it is.

    ``published``, ``reading``, ``containing`` and ``jobs`` are as for
    :func:`aidledger.extracting.extract_all`; ``extract`` takes the place of
    :func:`extractors.pipeline.extract_source`. ``progress`` hears after every document how many are
    done. Raises LedgerError where the ledger cannot be written, ValueError for an empty word.
    """
    from aidledger.engines.intake import Intake, Work
    from aidledger.engines.tally import Tally
    from extractors.formats.content import Reading

    states: Counter[str] = Counter()
    problems: list[Problem] = []
    figures = 0

    def note(problem: Problem) -> None:
        problems.append(problem)
        if tell:
            tell(problem)

    tally = Tally()
    intake = Intake(published, reading or Reading(), tuple(containing))
    known = _known(ledger) if resume and extract is None else None
    work = Work(intake, _both, extract, known)
    for taken in _documents(list(paths), work, tally, jobs, note, progress):
        if taken.product is None:
            states["unchanged"] += 1
            figures += taken.figures
        else:
            added, problem = stored(ledger, taken.file, *taken.product)
            states[added.state] += 1
            figures += added.figures
            if problem:
                tally.count(problem)
                note(problem)
    tally.figures = figures  # that the ledger now holds of them
    return Ingested(tally.documents, figures, dict(states), tuple(problems), tally)


def stored(
    ledger: Ledger,
    file: str,
    source: Source,
    figures: Sequence[Figure],
    *,
    fragments: bool = False,
) -> tuple[Added, Problem | None]:
    """What storing a document of a file did, and what there is to say of it.

    ``fragments`` is as for :meth:`ledger.ledger.Ledger.add`. Raises LedgerError where no document
    can be stored.
    """
    from aidledger.engines.intake import called
    from extractors.problem import Problem, fault
    from ledger.documents import Added
    from ledger.errors import LedgerError, RefusedError

    try:
        added = ledger.add(source, figures, fragments=fragments)
    except RefusedError as error:
        cause = str(error).removeprefix(f"{source.source_id}: ")
    except LedgerError:
        raise
    except Exception as error:  # whatever one document does, the next is stored
        cause = fault(error)
    else:
        if added.remark is None:
            return added, None
        lost = added.state == "fragment"
        return added, Problem(called(file, source), added.remark, lost)
    return Added(source.source_id, 0, "refused", 0), Problem(called(file, source), cause)


def _known(ledger: Ledger) -> Known:
    """The documents that the ledger holds as this release reads them."""
    from aidledger.engines.known import Known
    from extractors.assemble import EXTRACTOR

    return Known(ledger.read_by(EXTRACTOR))


def _documents(
    paths: Sequence[str | Path],
    work: Work[Read],
    tally: Tally,
    jobs: int,
    tell: Callable[[Problem], None],
    progress: Progress | None,
) -> Iterator[Taken[Read]]:
    """The documents that the paths name, in order: read here, or read before on a cluster."""
    from aidledger.engines.parts import extracted, is_extraction
    from aidledger.engines.run import documents

    for is_read, some in groupby(paths, is_extraction):
        if is_read:
            yield from extracted(list(some), tally, tell, progress)
        else:
            yield from documents(list(some), work, tally, jobs=jobs, tell=tell, progress=progress)


def _both(source: Source, figures: Sequence[Figure]) -> Read:
    return source, figures
