"""Documents read one after another, a ledger that is there, and a file of the right kind."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from aidledger.progress import shown

if TYPE_CHECKING:
    from aidledger.ledger import Ledger
    from aidledger.progress import Progress
    from extractors.problem import Problem
    from ledger.figure import Figure, Source


class Batch:
    """Documents read one after another, and what was in the way of some of them."""

    def __init__(self) -> None:
        self.lost = 0

    def tell(self, problem: Problem) -> None:
        """Say on standard error what was in the way, and remember if something was lost to it."""
        self.lost += problem.lost
        print(f"aidledger: {problem}", file=sys.stderr)

    def sources(self, paths: Iterable[str], published: str | None) -> Iterator[Source]:
        """The documents of the paths."""
        from extractors.problem import Problem
        from extractors.readers import read_all

        for result in read_all(paths, published=published):
            if isinstance(result, Problem):
                self.tell(result)
            else:
                yield result

    def figures(
        self, paths: Iterable[str], published: str | None, progress: Progress | None = None
    ) -> Iterator[Figure]:
        """The figures of the documents of the paths."""
        from extractors.pipeline import extract_source

        for number, source in enumerate(self.sources(paths, published), 1):
            yield from extract_source(source)
            if progress:
                progress("documents", number, 0)

    @contextmanager
    def ledger(
        self, paths: Sequence[str] | None, ledger: str | None, published: str | None
    ) -> Iterator[Ledger]:
        """The given ledger, or one of the given documents that is gone afterwards."""
        if bool(paths) == bool(ledger):
            raise typer.BadParameter("give either documents (PATH...) or a ledger (--ledger FILE)")
        if ledger:
            with existing(ledger) as book:
                yield book
            return
        from tempfile import TemporaryDirectory

        from aidledger.ingest import ingest
        from aidledger.ledger import Ledger

        with TemporaryDirectory() as folder, Ledger(Path(folder, "ledger.db")) as book:
            with shown() as progress:
                ingest(book, paths or (), published=published, tell=self.tell, progress=progress)
            yield book

    def close(self) -> None:
        """Leave with status 1 if something was lost."""
        if self.lost:
            raise typer.Exit(1)


def existing(ledger: str) -> Ledger:
    """A ledger that is there. Raises LedgerError if it is not."""
    from aidledger.ledger import Ledger

    return Ledger(ledger, create=False)


@contextmanager
def usage() -> Iterator[None]:
    """A ValueError of the library as wrong usage."""
    try:
        yield
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def present(path: Path) -> Path:
    """The path of a file that is there. Raises LedgerError if it is not."""
    from ledger.errors import LedgerError

    if not path.is_file():
        raise LedgerError(f"{path}: no such file")
    return path


def ends_in(path: Path, *kinds: str) -> None:
    """Raises BadParameter for a name that does not end in one of the kinds."""
    if path.suffix.lower() not in kinds:
        raise typer.BadParameter(f"{path}: the name ends in {' or '.join(kinds)}")
