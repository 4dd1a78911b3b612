"""The alarm: it stops what takes too long, and nothing else."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

import pytest

from extractors.readers.clock import Clock, current, within
from extractors.readers.problem import StoppedError


def endless() -> None:
    while True:
        pass


def stubborn() -> None:
    """Swallows whatever interrupts it, once."""
    try:
        endless()
    except BaseException:
        endless()


def unaware() -> str:
    """Has swallowed what interrupted it, and goes on as if nothing had been."""
    with suppress(BaseException):
        endless()
    return "half of it"


def sleeping() -> None:
    time.sleep(99)


def backtracking() -> object:
    return re.fullmatch(r"(x+x+)+y", "x" * 60)


@pytest.fixture(autouse=True)
def left_as_it_was() -> Iterator[None]:
    before = signal.getsignal(signal.SIGALRM)
    yield
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


@pytest.mark.parametrize("work", [endless, stubborn, unaware, backtracking, sleeping])
def test_what_takes_too_long_is_stopped(work: Callable[[], object]) -> None:
    with pytest.raises(StoppedError, match=r"^took longer than 0\.05 s$"):
        Clock(0.05).within(work)


def test_what_is_done_in_time_is_not_touched() -> None:
    clock = Clock(60)
    assert clock.within(lambda: 7) == 7
    assert 0 < clock.left < 60
    with pytest.raises(ZeroDivisionError):
        clock.within(lambda: 1 // 0)


def test_all_steps_of_a_document_are_timed_by_one_clock() -> None:
    clock = Clock(0.3)

    def steps() -> None:
        for _ in range(10):
            clock.within(partial(time.sleep, 0.1))

    with pytest.raises(StoppedError, match=r"0\.3 s"):
        steps()
    outer = Clock(60)
    assert outer.within(lambda: within(0.001, current)) is outer
    assert within(60, current) not in (None, outer)
    assert current() is None


def test_waiting_for_others_does_not_count_but_their_time_does() -> None:
    clock = Clock(60)

    def waited() -> tuple[str, float]:
        assert left() == 0
        return "done", 20.0

    def work() -> tuple[str, float]:
        return clock.elsewhere(waited), left()

    done, rest = clock.within(work)
    assert done == "done"
    assert 0 < clock.left <= rest < 40
    with pytest.raises(StoppedError):
        clock.within(lambda: clock.elsewhere(lambda: (sleeping, 40.0))())


def left() -> float:
    return signal.getitimer(signal.ITIMER_REAL)[0]


def test_other_threads_are_left_alone() -> None:
    clock = Clock(0.01)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(clock.within, lambda: (left(), clock.is_watched)).result() == (0, False)


def test_an_alarm_of_the_program_is_left_to_it() -> None:
    rung = []
    before = signal.signal(signal.SIGALRM, lambda *_: rung.append(True))
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        clock = Clock(0.01)
        clock.within(partial(time.sleep, 0.2))
        assert not clock.is_watched
    finally:
        signal.signal(signal.SIGALRM, before)
    assert rung == [True]
