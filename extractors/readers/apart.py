"""Work that is done in a process apart, so that no document takes all memory or hangs the program.

A library in another language cannot be interrupted, and a file of a kilobyte can have it take all
the memory there is. So such files are read by a process that the operating system ends where it
takes more time or memory than one document may (:mod:`extractors.readers.apart_process`). It is
kept for the files that follow; after one that has ended it, the next gets another. It loads what it
needs and nothing of the program, and ends with it, however that ends.
"""

from __future__ import annotations

import atexit
import os
import pickle
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from io import BufferedReader, FileIO
from subprocess import DEVNULL, PIPE, Popen
from typing import TYPE_CHECKING, Any, BinaryIO

from extractors.readers.apart_process import OUT_OF_MEMORY, Said, own_peak, peak
from extractors.readers.clock import SOON, Clock, current, too_long
from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.problem import Problem, StoppedError, ending
from ledger.figure import Figure, Source

# Bytes of address space. The process begins with 30 MB and takes 60 for a book of 1,300 pages; 400
# for 180 MB of pictures in a pdf and for the worst page or workbook within its limits.
MEMORY_LIMIT = 1_000_000_000
SENT_LIMIT = 300_000_000  # bytes of a file that lies on no disk: more than any archive gives out
BEGIN = (
    "import sys; sys.path[:] = sys.argv[3:]; from extractors.readers.apart_process import serve;"
    "serve(int(sys.argv[1]), int(sys.argv[2]))"
)

if TYPE_CHECKING:
    from extractors.meaning.reader import AskedReader


def contents(kind: str, file: BinaryIO, reading: ReadOptions) -> Iterator[Content | Problem]:
    """What :func:`extractors.readers.formats.contents` finds in a file.

    Raises StoppedError where that took too much time or memory or ended the process, and else what
    is raised there.
    """
    bare = replace(reading, columns=dict(reading.columns), hosts=frozenset(), here=True)
    limit = reading.time_limit
    yield from _found("read", (kind, _sent(file), bare), limit, limit)


def figures(source: Source, reader: AskedReader, clock: Clock) -> Sequence[Figure]:
    """The figures of a document as a reader of meaning reads them, in what is left of its time.

    Raises StoppedError.
    """
    (found,) = _found("extract", (source, reader), clock.left, clock.seconds)
    return list[Figure](found)


def _sent(file: BinaryIO) -> str | bytes:
    """A file as the process gets it: its path where it has one, else its bytes."""
    on_disk = isinstance(file, BufferedReader) and isinstance(file.raw, FileIO)
    if on_disk and isinstance(file.name, str):
        return os.path.abspath(file.name)
    data = file.read(SENT_LIMIT + 1)
    if len(data) > SENT_LIMIT:
        raise ValueError(f"a file of more than {SENT_LIMIT:,} bytes that lies on no disk")
    return data


def _found(task: str, given: tuple[Any, ...], seconds: float, of_all: float) -> Iterator[Any]:
    """What a process finds in its task, which may take so many seconds for each thing.

    They are what is left ``of_all`` that the document may take.
    """
    process = _taken()
    try:
        yield from process.found((task, given, max(seconds, SOON)))
    except _EndedError:
        raise StoppedError(process.why(of_all)) from None
    finally:
        if process.is_free:
            _FREE.append(process)
        else:
            process.close()


class _EndedError(Exception):
    """The process has ended before its task was done."""


class _Process:
    """A process and the pipes to it and from it; it is free while it has no task."""

    def __init__(self) -> None:
        self._inherited = own_peak()
        watched, self._life = os.pipe()
        given = map(str, (MEMORY_LIMIT, watched, *sys.path))
        try:
            self._popen = Popen(
                [sys.executable, "-P", "-c", BEGIN, *given],
                stdin=PIPE, stdout=PIPE, stderr=DEVNULL, pass_fds=(watched,),
            )  # fmt: skip
        finally:
            os.close(watched)
        assert self._popen.stdin
        assert self._popen.stdout
        self._to, self._from = self._popen.stdin, self._popen.stdout
        self.is_free = True
        _ALL.add(self)

    @property
    def is_alive(self) -> bool:
        """Whether it can be given a task."""
        return self._popen.poll() is None

    def found(self, task: tuple[Any, ...]) -> Iterator[Any]:
        """What it finds in a task. Raises _EndedError, and what is raised there."""
        self.is_free = False
        try:
            pickle.dump(task, self._to, pickle.HIGHEST_PROTOCOL)
            self._to.flush()
        except OSError as error:
            raise _EndedError from error
        raised: Exception | None = None
        while True:
            said, thing = self._answer()
            if said is Said.FOUND:
                yield thing
            elif said is Said.RAISED:
                raised = thing
            else:
                break
        self.is_free = said is Said.DONE
        if raised is not None:
            raise raised

    def why(self, of_all: float) -> str:
        """Why it has ended, in one line; ``of_all`` are the seconds that a document may take."""
        usage = self._reaped()
        code = self._popen.returncode
        if code == -signal.SIGALRM:
            return too_long(of_all)
        much = max(MEMORY_LIMIT // 4, self._inherited)
        if code == OUT_OF_MEMORY or (code < 0 and peak(usage) > much):
            return f"took more than {MEMORY_LIMIT // 1_000_000:,} MB of memory"
        return f"the process that read it ended ({ending(code)})"

    def close(self) -> None:
        """Ends it, whatever it is doing."""
        if self._popen.returncode is None:
            self._reaped()
        _ALL.discard(self)
        for pipe in (self._to, self._from):
            with suppress(OSError):  # what was still to be written there
                pipe.close()
        self._end_life()

    def forget(self) -> None:
        """Leaves it to the process of which this one is a copy."""
        self._popen.returncode = 0
        nothing = os.open(os.devnull, os.O_RDWR)
        for pipe in (self._to, self._from):  # else it would not see that the other has ended
            os.dup2(nothing, pipe.fileno(), inheritable=False)
        os.close(nothing)
        self._end_life()

    def _end_life(self) -> None:
        """Closes the pipe by which the process sees that this one is there."""
        life, self._life = self._life, -1
        if life >= 0:
            os.close(life)

    def _answer(self) -> tuple[Said, Any]:
        def waited() -> tuple[tuple[Said, Any], float]:
            try:
                said, thing, seconds = pickle.load(self._from)
            except (EOFError, OSError, pickle.UnpicklingError) as error:
                raise _EndedError from error
            return (said, thing), seconds

        clock = current()
        return clock.elsewhere(waited) if clock else waited()[0]

    def _reaped(self) -> Any:
        """What the system says of its usage. One that has ended by itself is ended no other way."""
        os.kill(self._popen.pid, signal.SIGKILL)
        _, status, usage = os.wait4(self._popen.pid, 0)
        self._popen.returncode = os.waitstatus_to_exitcode(status)
        return usage


def _taken() -> _Process:
    """A process that is free, else a new one."""
    while _FREE:
        with suppress(IndexError):  # another thread has taken it
            process = _FREE.pop()
            if process.is_alive:
                return process
            process.close()
    return _Process()


def _close_all() -> None:
    for process in tuple(_ALL):
        process.close()


def _forget_all() -> None:
    for process in tuple(_ALL):
        process.forget()
    _ALL.clear()
    _FREE.clear()


_ALL: set[_Process] = set()
_FREE: list[_Process] = []
atexit.register(_close_all)
os.register_at_fork(after_in_child=_forget_all)
