"""The time that one document may take, and the alarm that stops its work when that is up.

The alarm of the operating system is heard by the main thread alone, between two instructions of
Python or within a regular expression. What libraries in other languages do is done in a process
apart (:mod:`extractors.readers.apart`), which an alarm of its own ends whatever it is doing.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, TypeVar

from extractors.readers.problem import StoppedError

T = TypeVar("T")

AGAIN = 1.0  # seconds after which the alarm rings again, should anything have swallowed it
SOON = 0.001  # seconds: an alarm that is set to 0 never rings


class Alarm(BaseException):
    """Time is up. No library takes it for an error that it should handle."""


class Clock:
    """What is left of the ``seconds`` that one document may take.

    ``is_watched`` says whether the alarm is set for what is being done. It is not in another thread
    than the main one, on a platform without alarms, and where the program has set its own.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = self.left = seconds
        self.is_watched = False
        self._has_rung = False

    def within(self, work: Callable[[], T]) -> T:
        """What the work returns. Raises StoppedError where it takes longer than is left.

        Where no alarm watches over it, only what is done apart is stopped.
        """
        outer, _here.clock = current(), self
        before: Any = signal.getsignal(signal.SIGALRM) if _has_alarm() else None
        try:
            return work() if before is None else self._watched(work, before)
        except Alarm:
            self._silence(before)  # it may have rung just when it was to be silenced
            raise StoppedError(too_long(self.seconds)) from None
        finally:
            _here.clock = outer

    def elsewhere(self, work: Callable[[], tuple[T, float]]) -> T:
        """What is waited for, while others do the work and say how many seconds it took them.

        Those seconds count and the waiting does not: the others have an alarm of their own.
        """
        if self.is_watched:
            self.left = signal.setitimer(signal.ITIMER_REAL, 0)[0]
        try:
            done, seconds = work()
            self.left -= seconds
        finally:
            if self.is_watched:
                self._set()
        return done

    def _watched(self, work: Callable[[], T], before: Any) -> T:
        signal.signal(signal.SIGALRM, self._ring)
        try:
            self.is_watched = True
            self._set()
            done = work()
        finally:
            self._silence(before)
        if self._has_rung:  # and was swallowed: what came of the work is not to be trusted
            raise Alarm
        return done

    def _set(self) -> None:
        signal.setitimer(signal.ITIMER_REAL, max(self.left, SOON), AGAIN)

    def _ring(self, number: int, frame: FrameType | None) -> None:
        if self.is_watched:
            self._has_rung = True
            raise Alarm

    def _silence(self, before: Any) -> None:
        self.is_watched = False
        self.left = signal.setitimer(signal.ITIMER_REAL, 0)[0]
        signal.signal(signal.SIGALRM, before)


def current() -> Clock | None:
    """The clock of the document that this thread is at work on."""
    return getattr(_here, "clock", None)


def within(seconds: float, work: Callable[[], T]) -> T:
    """What the work returns, by the clock of the document that it is part of, else by a new one."""
    return work() if current() else Clock(seconds).within(work)


def too_long(seconds: float) -> str:
    """What is said of a document that took longer than so many seconds."""
    return f"took longer than {seconds:g} s"


def _has_alarm() -> bool:
    return (
        hasattr(signal, "setitimer")
        and threading.current_thread() is threading.main_thread()
        and not signal.getitimer(signal.ITIMER_REAL)[0]
    )


_here = threading.local()
