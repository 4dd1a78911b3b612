"""What a process of the pool does: it waits for chunks and answers each with what came of it.

An answer is a row of pickles, one a document, as bytes; one that is large goes through a file, so
that memory does not grow with the documents of a single archive. Work that is to be written makes
lines of text of the figures here: the process that writes then only hands bytes on.
"""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from multiprocessing.connection import Connection
from shutil import rmtree
from typing import Any, BinaryIO

from aidledger.engines.chunks import Chunk
from aidledger.engines.intake import EndedError, Outcome, Work, outcomes

SPILL = 1 << 20  # bytes of an answer from which on it goes through a file
GRACE = 5.0  # seconds of processor time after which a document that no alarm stops ends a process
# The exit status that says so; None where the platform has no such timer.
OVERTIME = -signal.SIGPROF if hasattr(signal, "setitimer") else None
PATIENCE = 1.0  # seconds after which a process that waits looks whether there is anyone to wait for


@dataclass(frozen=True, slots=True)
class Task:
    """A chunk to work on. ``ended`` says which of its steps ended a process, and how."""

    chunk: Chunk
    ended: dict[int, str]


class Steps:
    """Counts the steps of a chunk where the other process sees them.

    Raises EndedError at a step that has ended a process before. One that no alarm interrupts, as it
    does not come back to Python, ends this one when it has worked for as long as a document may.
    """

    def __init__(self, at: Any, ended: dict[int, str], home: Home, seconds: float) -> None:
        self._at = at
        self._ended = ended
        self._home = home
        self._seconds = seconds + GRACE
        at.value = 0

    def __call__(self) -> None:
        self._home.check()
        self._at.value += 1
        if self._at.value in self._ended:
            raise EndedError(self._ended[self._at.value])
        if OVERTIME is not None:
            signal.setitimer(signal.ITIMER_PROF, self._seconds)


class Home:
    """The process that this one works for, and the folder that the two share."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._parent = os.getppid()

    def check(self) -> None:
        """Leave, and leave nothing behind, if the other process is gone."""
        if os.getppid() != self._parent:
            rmtree(self.folder, ignore_errors=True)
            os._exit(1)


def serve(pipe: Connection, work: Work[Any], at: Any, folder: str) -> None:
    """Answer tasks until the other end is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other process ends this one
    home = Home(folder)
    try:
        while True:
            while not pipe.poll(PATIENCE):
                home.check()
            task: Task = pipe.recv()
            answer = Answer(os.path.join(folder, f"{task.chunk.number}"))
            steps = Steps(at, task.ended, home, work.intake.reading.time_limit)
            for outcome in outcomes(task.chunk, work, steps):
                answer.add(outcome)
            pipe.send(answer.sealed())
    except (EOFError, OSError):
        home.check()


class Answer:
    """What came of a chunk, in memory while it is small and in a file when it is not."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._file: BinaryIO = BytesIO()

    def add(self, outcome: Outcome[Any]) -> None:
        """Takes in what became of one more document."""
        pickle.dump(outcome, self._file, pickle.HIGHEST_PROTOCOL)
        if isinstance(self._file, BytesIO) and self._file.tell() > SPILL:
            spilled = open(self._path, "wb")  # noqa: SIM115  # sealed() closes it
            spilled.write(self._file.getbuffer())
            self._file = spilled

    def sealed(self) -> bytes | str:
        """All of it, as bytes or as the path of a file, for :func:`opened`."""
        if isinstance(self._file, BytesIO):
            return self._file.getvalue()
        self._file.close()
        return self._path


def opened(answer: bytes | str) -> Iterator[Outcome[Any]]:
    """What became of each document in an answer; its file is gone afterwards."""
    with BytesIO(answer) if isinstance(answer, bytes) else open(answer, "rb") as file:
        while True:
            try:
                outcome = pickle.load(file)
            except EOFError:
                break
            yield outcome
    if isinstance(answer, str):
        os.unlink(answer)
