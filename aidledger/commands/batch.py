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
    from aidledger.commands.reading_options import How
    from aidledger.engines.tally import Tally
    from aidledger.ledger import Ledger
    from extractors.readers.problem import Problem
    from ledger.figure import Source


class Batch:
    """A run over documents: what it has read, and what was in the way of some of them."""

    def __init__(self) -> None:
        self._lost = 0
        self._closing = ""

    def tell(self, problem: Problem) -> None:
        """Say on standard error what was in the way, and remember if something was lost to it."""
        from extractors.readers.problem import one_line

        self._lost += problem.lost
        print(f"aidledger: {one_line(str(problem))}", file=sys.stderr)

    def has_read(self, tally: Tally, *, counts: bool = True) -> None:
        """Remember what is to be said at the end, ``counts`` too if nothing else says them."""
        self._lost = max(self._lost, tally.lost)  # more, where an interrupted run was gone on with
        self._closing = tally.line() if counts else tally.left_out()

    def sources(self, paths: Iterable[str]) -> Iterator[Source]:
        """The documents of the paths, without their figures."""
        from extractors.readers.problem import Problem
        from extractors.readers.read import read_all

        for result in read_all(paths):
            if isinstance(result, Problem):
                self.tell(result)
            else:
                yield result

    @contextmanager
    def ledger(self, paths: Sequence[str] | None, ledger: str | None, how: How) -> Iterator[Ledger]:
        """The given ledger, or one of the given documents that is gone afterwards."""
        if bool(paths) == bool(ledger):
            raise typer.BadParameter("give either documents (PATH...) or a ledger (--ledger FILE)")
        if ledger:
            if how.is_asked:
                raise typer.BadParameter(
                    "--published, --columns, --allow-host, --containing, --jobs, --time-limit and "
                    "--reader go with documents, not with --ledger"
                )
            with existing(ledger) as book:
                yield book
            return
        from tempfile import TemporaryDirectory

        from aidledger.ingest import ingest
        from aidledger.ledger import Ledger

        how = how.asked(paths or (), self.tell)
        with TemporaryDirectory() as folder, Ledger(Path(folder, "ledger.db")) as book:
            with shown() as progress:
                done = ingest(
                    book, paths or (), tell=self.tell, progress=progress, **how.as_given()
                )
            self.has_read(done.tally)
            yield book

    def close(self) -> None:
        """Say in one line what was read, and leave with status 1 if something was lost."""
        if self._closing:
            print(f"aidledger: {self._closing}", file=sys.stderr)
        if self._lost:
            raise typer.Exit(1)


@contextmanager
def told_of_model() -> Iterator[None]:
    """What a model's endpoint has against being asked, as the one line of other failures."""
    try:
        yield
    except Exception as error:
        if type(error).__name__ != "ModelError":  # whose module loads all that reads meaning
            raise
        from ledger.errors import LedgerError

        raise LedgerError(str(error)) from error


def existing(ledger: str) -> Ledger:
    """A ledger that is there. Raises LedgerError if it is not."""
    from aidledger.ledger import Ledger

    return Ledger(ledger, create=False)


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
