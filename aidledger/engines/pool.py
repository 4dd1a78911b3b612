"""Chunks through processes of their own, given back in the order they came in.

Processes are started the way the platform starts them (a fork on Linux). A process that dies, as
of a fault in a library or of too little memory, is replaced: its chunk is begun again without the
step that it died in, which becomes a problem of that document. No process outlives this one.
"""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, TypeVar

from aidledger.engines.chunks import Chunk
from aidledger.engines.intake import Outcome, Work, outcomes
from aidledger.engines.worker import OVERTIME, Task, opened, serve
from extractors.pipeline import load
from extractors.readers.clock import too_long
from extractors.readers.problem import ending
from ledger.errors import LedgerError

T = TypeVar("T")

AHEAD = 16  # chunks for each process that may be under way before the oldest is taken
REST = 0.002  # seconds of other work after which the processes are looked after again
ATTEMPTS = 3  # processes in a row that die before their first step: it is not a document's fault


def in_order(
    chunks: Iterator[Chunk], work: Work[T], jobs: int
) -> Iterator[tuple[Chunk, Iterator[Outcome[T]]]]:
    """Each chunk with what came of it, the oldest first; a bounded number of them is under way.

    Raises LedgerError where processes cannot do any work here.
    """
    with Pool(work, jobs) as pool:
        under_way: deque[Chunk] = deque()
        while True:
            while len(under_way) < AHEAD * jobs and (chunk := next(chunks, None)):
                under_way.append(chunk)
                if not chunk.is_here:
                    pool.put(chunk)
            if not under_way:
                return
            oldest = under_way.popleft()
            yield oldest, outcomes(oldest, work) if oldest.is_here else pool.take(oldest)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C waits: Python passes over what is raised while a process is forked, and a process that
    is not in the list yet would be left alone."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Worker:
    """A process, the pipe to it, and what it is doing."""

    def __init__(self, context: BaseContext, work: Work[Any], folder: str) -> None:
        self.pipe, theirs = context.Pipe()
        self.task: Task | None = None
        self.at = context.RawValue("q", 0)  # the step that it has begun
        self.process = context.Process(  # type: ignore[attr-defined]  # every context has one
            target=serve, args=(theirs, work, self.at, folder), daemon=True
        )
        self.process.start()
        theirs.close()

    def give(self, task: Task) -> None:
        """Hands over the next task."""
        self.task, self.at.value = task, 0
        self.pipe.send(task)

    def close(self) -> None:
        """Ends the process, whatever it is doing."""
        self.process.terminate()
        self.process.join()
        self.process.close()
        self.pipe.close()


class Pool:
    """Processes that all do the same work, and the tasks and answers between them and this one."""

    def __init__(self, work: Work[Any], jobs: int) -> None:
        self._context = multiprocessing.get_context()
        self._work = work
        self._jobs = jobs
        self._folder = TemporaryDirectory(prefix="aidledger-")
        self._workers: list[Worker] = []
        self._tasks: deque[Task] = deque()
        self._answers: dict[int, bytes | str] = {}
        self._failed = 0
        if self._context.get_start_method() == "fork":
            load(work.intake.reader)  # once, for all that are forked from this one

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for worker in self._workers:
            worker.close()
        self._folder.cleanup()

    def put(self, chunk: Chunk) -> None:
        """Puts a chunk behind those that wait to be worked on."""
        self._tasks.append(Task(chunk, {}))
        self._hand_out()

    def take(self, chunk: Chunk) -> Iterator[Outcome[Any]]:
        """What came of a chunk that was put in, as soon as it is there.

        The others are worked on meanwhile, also while each outcome is made use of.
        """
        while chunk.number not in self._answers:
            self._attend(None)
        looked = time.monotonic()
        for outcome in opened(self._answers.pop(chunk.number)):
            yield outcome
            if time.monotonic() - looked > REST:
                self._attend(0)
                looked = time.monotonic()

    def _attend(self, timeout: float | None) -> None:
        """Takes the answers that are there, and gives new tasks to those who gave them."""
        busy = {worker.pipe: worker for worker in self._workers if worker.task}
        for pipe in wait(list(busy), timeout):
            assert isinstance(pipe, Connection)
            self._answered(busy[pipe])
        self._hand_out()

    def _answered(self, worker: Worker) -> None:
        assert worker.task
        try:
            self._answers[worker.task.chunk.number] = worker.pipe.recv()
        except (EOFError, OSError):
            self._replace(worker)
        else:
            worker.task, self._failed = None, 0

    def _replace(self, worker: Worker) -> None:
        """Has the chunk of a dead process begun again without the step that it died in."""
        assert worker.task
        worker.process.join()
        task, step, code = worker.task, worker.at.value, worker.process.exitcode
        self._workers.remove(worker)
        worker.close()
        self._failed += not step
        if self._failed >= ATTEMPTS:
            raise LedgerError(f"the processes of --jobs cannot be started here ({ending(code)})")
        ended = task.ended | ({step: self._why(code)} if step else {})
        self._tasks.appendleft(Task(task.chunk, ended))

    def _why(self, code: int | None) -> str:
        """What is said of the document in whose reading a process ended."""
        if code == OVERTIME:
            return too_long(self._work.intake.reading.time_limit)
        return f"the process that read it ended ({ending(code)})"

    def _hand_out(self) -> None:
        """Gives the waiting tasks to processes that have none, and starts what there may be."""
        while self._tasks:
            idle = next((worker for worker in self._workers if not worker.task), None)
            if idle is None and len(self._workers) < self._jobs:
                with _uninterrupted():
                    idle = Worker(self._context, self._work, self._folder.name)
                    self._workers.append(idle)
            if idle is None:
                return
            try:
                idle.give(self._tasks[0])
            except OSError:  # it died while it had nothing to do: as if at the task's beginning
                self._tasks.popleft()
                self._replace(idle)
            else:
                self._tasks.popleft()
