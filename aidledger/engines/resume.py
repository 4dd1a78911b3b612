"""A file of lines that an interrupted run leaves half written, and that the next one goes on with.

Until it is whole, ``FILE`` is written as ``.FILE.part``. After every chunk of documents a journal,
``.FILE.progress``, is renewed: how many chunks are in the file, up to which byte, and what was
counted. To go on, the file is cut at that byte and the chunks are left out. Whatever moment a
process is killed at, the file is then the same, byte for byte, as that of an undisturbed run.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from aidledger.engines.tally import Tally
from aidledger.output import AS_TEXT
from ledger.errors import LedgerError
from reports.files import followed, named, put_in_place, remove_leftovers, target_of

try:
    import fcntl
except ImportError:  # no such locks on this platform: two runs of one output are not kept apart
    fcntl = None  # type: ignore[assignment]

_LONGEST = 255 - len("..progress.new")  # bytes of a file's name


class Draft:
    """A file that is not whole yet. ``chunks`` are in it, of which ``tally`` counts."""

    def __init__(
        self, file: BinaryIO, path: Path, journal: Path, fit: Mapping[str, str], state: Any
    ) -> None:
        self.file: TextIO = TextIOWrapper(file, **AS_TEXT)
        self.chunks: int = state["chunks"]
        self.tally = Tally.of(state["tally"])
        self._path, self._journal = path, journal
        self._fit = dict(fit)

    def finished(self) -> None:
        """All that came of one more chunk has been written."""
        self.file.flush()
        self.chunks += 1
        state = {
            "fit": self._fit,
            "chunks": self.chunks,
            "bytes": self.file.buffer.tell(),
            "tally": self.tally.numbers(),
        }
        fresh = _renewed(self._journal)
        with named(fresh, "wb", self._path) as file:
            file.write(json.dumps(state).encode())
        fresh.replace(self._journal)

    def written(self) -> None:
        """All of it is in the file, down to the disk."""
        self.file.flush()
        os.fsync(self.file.fileno())
        if fcntl is None:  # where there are no locks, only a closed file can be renamed
            self.file.close()


@contextmanager
def drafted(path: Path, fit: Mapping[str, str], *, resume: bool) -> Iterator[Draft]:
    """A file that takes its name once it is whole; one that is there stays where nothing was read.

    One that an interrupted run has left is gone on with where ``resume`` is wanted, if that run was
    the same: ``fit`` names what must be, each thing with a digest of it. Without one, this is the
    first run. Raises LedgerError, one line, for a run that does not fit and for a file that another
    process is writing; OSError where it cannot be written.
    """
    target = target_of(path)
    remove_leftovers(target.place.parent)
    part, journal = drafts_of(path)
    with named(part, "ab", path) as file:
        _lock(file, part)
        state = _state(path, fit) if resume and journal.exists() else None
        if state is None:
            journal.unlink(missing_ok=True)
        _renewed(journal).unlink(missing_ok=True)
        file.truncate(state["bytes"] if state else 0)
        file.seek(0, os.SEEK_END)
        draft = Draft(file, path, journal, fit, state or {"chunks": 0, "tally": Tally().numbers()})
        with draft.file:  # and so the lock, until the file has its name
            try:
                yield draft
                draft.written()
                if target.place.exists() and draft.tally.lost and not draft.tally.documents:
                    part.unlink()  # a mistyped name costs nobody the figures of yesterday
                else:
                    put_in_place(part, target)
            except BaseException:
                if not journal.exists():  # nothing to go on with
                    part.unlink(missing_ok=True)
                raise
            journal.unlink(missing_ok=True)


def drafts_of(path: Path) -> tuple[Path, Path]:
    """Where the half of a file lies that is written, and its journal: hidden, beside the file, or
    beside what it leads to if it is a link."""
    place = followed(path)
    name = place.name
    if len(os.fsencode(name)) > _LONGEST:  # hidden names are longer
        name = hashlib.sha256(os.fsencode(name)).hexdigest()
    return place.with_name(f".{name}.part"), place.with_name(f".{name}.progress")


def _renewed(journal: Path) -> Path:
    """Where a journal is written before it takes the place of the last."""
    return journal.with_name(f"{journal.name}.new")


def _state(path: Path, fit: Mapping[str, str]) -> Any:
    """Where the run stopped whose journal lies beside a file. Raises LedgerError for another."""
    part, journal = drafts_of(path)
    again = "start over without --resume"
    try:
        state = json.loads(journal.read_text(encoding="utf-8"))
        held, size = state["fit"], state["bytes"]
    except (ValueError, KeyError, TypeError) as error:
        raise LedgerError(f"{journal}: not the journal of a run; {again}") from error
    changed = [name for name, digest in fit.items() if held.get(name) != digest]
    if changed:
        what = " and ".join(changed)
        raise LedgerError(f"{path}: not the run that was interrupted ({what} changed); {again}")
    if part.stat().st_size < size:
        raise LedgerError(f"{part}: shorter than {journal.name} says; {again}")
    return state


def _lock(file: BinaryIO, part: Path) -> None:
    """Holds the file until this process ends, however it does; its children hold nothing.

    Raises LedgerError where another process holds it.
    """
    if fcntl is None:
        return
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise LedgerError(f"{part}: another run is writing it") from error
    if not part.exists() or not os.path.samestat(part.stat(), os.fstat(file.fileno())):
        raise LedgerError(f"{part}: another run has just finished it")
