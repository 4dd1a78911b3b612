"""The process apart: it does one task after another until the program that it works for is gone.

A task and its answers are pickles, through the pipes that are its standard input and output. While
it works, the operating system ends it, whatever it is doing, when that takes too long and when the
program is gone; and gives it no more memory than it may have.
"""

from __future__ import annotations

import fcntl
import os
import pickle
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum, auto
from functools import partial
from importlib import import_module
from io import BytesIO
from time import monotonic
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from extractors.meaning.reader import AskedReader
    from extractors.readers.formats.content import Content, ReadOptions
    from extractors.readers.problem import Problem
    from ledger.figure import Figure, Source

OUT_OF_MEMORY = 3  # the exit status that says so
END = object()


class Said(Enum):
    """What an answer is: what was found, what was raised, or the end of the task, after which the
    process waits for the next or, where it has grown, leaves."""

    FOUND = auto()
    RAISED = auto()
    DONE = auto()
    LEAVES = auto()


def serve(memory: int, life: int) -> None:
    """Do tasks in so many bytes of address space; does not return.

    ``life``: the end of a pipe on which nothing is ever written; it closes when the program ends.
    """
    _limit(memory)
    tasks, answers = _pipes(life)
    try:
        while True:
            task, given, seconds = pickle.load(tasks)
            for answer in _answers(task, given, seconds, memory):
                pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
                answers.flush()
    except (EOFError, BrokenPipeError):
        os._exit(0)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def read(kind: str, place: str | bytes, reading: ReadOptions) -> Iterator[Content | Problem]:
    """The documents of a file, which is given by its path or as its bytes."""
    formats = import_module("extractors.readers.formats")  # which asks for this process by itself

    def found() -> Iterator[Content | Problem]:
        with open(place, "rb") if isinstance(place, str) else BytesIO(place) as file:
            yield from formats.contents(kind, file, reading)

    formats.module_of(kind)
    return found()


def extract(source: Source, reader: AskedReader) -> Iterator[list[Figure]]:
    """The figures of a document, all at once."""
    from extractors.pipeline import extract_source, load

    load(reader)
    return map(partial(extract_source, reader=reader), [source])


# Each loads what it needs when it is called: the time of a document begins after that.
TASKS = {"read": read, "extract": extract}


def peak(usage: Any) -> int:
    """The most bytes of memory that a process has held, of what the system says of its usage.

    Under Linux a process begins with what the one that started it holds then.
    """
    return int(usage.ru_maxrss) * (1 if sys.platform == "darwin" else 1024)


def own_peak() -> int:
    """The most bytes of memory that this process has held since it began its program."""
    with suppress(OSError), open("/proc/self/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return peak(resource.getrusage(resource.RUSAGE_SELF))


def _answers(
    task: str, given: tuple[Any, ...], seconds: float, memory: int
) -> Iterator[tuple[Said, Any, float]]:
    """What there is to say, each with the seconds that it took. Raises MemoryError."""
    try:
        found: Iterator[Any] = TASKS[task](*given)  # type: ignore[operator]
        while True:
            began = monotonic()
            with _mortal(seconds):
                thing = next(found, END)
            if thing is END:
                break
            yield Said.FOUND, thing, monotonic() - began
    except Exception as error:
        if _is_of_memory(error):
            raise MemoryError from error
        yield Said.RAISED, _sendable(error), 0.0
    grown = own_peak() > memory // 2
    yield Said.LEAVES if grown else Said.DONE, None, 0.0


@contextmanager
def _mortal(seconds: float) -> Iterator[None]:
    """For so long the system lets this process work, and only while somebody waits for it.

    Whatever happens at the other end of the pipe of life is a signal here (SIGIO), and the only
    thing that can happen there is that it closes.
    """
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGIO, signal.SIG_IGN)


def _limit(memory: int) -> None:
    """Take no more memory than may be, leave no image of it on a disk, and do not hear Ctrl-C."""
    for what, limit in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0)):
        _, most = resource.getrlimit(what)
        allowed = limit if most == resource.RLIM_INFINITY else min(limit, most)
        resource.setrlimit(what, (allowed, most))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)


def _pipes(life: int) -> tuple[BinaryIO, BinaryIO]:
    """The pipes, where no library that reads or writes by itself can reach them; from now on the
    closing of the pipe of life is a signal."""
    tasks, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    signal.signal(signal.SIGIO, signal.SIG_IGN)
    fcntl.fcntl(life, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(life, fcntl.F_SETFL, fcntl.fcntl(life, fcntl.F_GETFL) | os.O_ASYNC)
    return tasks, answers


def _is_of_memory(error: BaseException | None) -> bool:
    """Whether there was no memory, whatever a library or a reader has made of it."""
    while error is not None and not isinstance(error, MemoryError):
        error = error.__cause__ or error.__context__
    return error is not None


def _sendable(error: Exception) -> Exception:
    """The error, and if it is a fault where it was raised; another one if it cannot be sent."""
    if not isinstance(error, ValueError | OSError):
        from traceback import format_exception

        error.add_note("".join(format_exception(error)))
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # whatever an error holds
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
