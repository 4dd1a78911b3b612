"""How far a long piece of work has come, drawn on a terminal and nowhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

# What is being done, how much of it is done, and of how much (0: nobody knows).
Progress = Callable[[str, int, int], None]

BYTES = "read"  # the piece of work that is measured in bytes
DELAY = 2.0  # seconds of work before anything is drawn


@dataclass(slots=True)
class Pace:
    """One piece of work: how much of it was done when this was made, and how fast it goes on."""

    what: str
    before: int
    began: float = field(default_factory=time.monotonic)

    def amount(self, done: int, of: int) -> str:
        """How much is done, of how much: ``1,200``, ``12/40``, ``3.1/20.0 MB``."""
        if self.what == BYTES:
            return f"{done / 1e6:,.1f}/{of / 1e6:,.1f} MB"
        return f"{done:,}/{of:,}" if of else f"{done:,}"

    def rate(self, done: int) -> str:
        """How much is done a second: ``120/s``, ``2.1 MB/s``; nothing before there is a second."""
        seconds = time.monotonic() - self.began
        if seconds < 1:
            return ""
        each = (done - self.before) / seconds
        return f"{each / 1e6:,.1f} MB/s" if self.what == BYTES else f"{each:,.0f}/s"


@contextmanager
def shown(wanted: bool = True) -> Iterator[Progress | None]:
    """A hook that draws a bar for each piece of work on standard error, while the work lasts: how
    much is done, how fast, and where it is known of how much, the time that remains.

    None where standard error is no terminal, or where it is not ``wanted``.
    """
    if not wanted or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskID, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    bars = Bars(
        "{task.description}", BarColumn(), "{task.fields[amount]}", "{task.fields[rate]}",
        TimeElapsedColumn(), "left", TimeRemainingColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip
    began = time.monotonic()
    tasks: dict[str, tuple[TaskID, Pace]] = {}

    def tell(what: str, done: int, of: int) -> None:
        if what not in tasks:
            task = bars.add_task(what, total=of or None, amount="", rate="")
            tasks[what] = task, Pace(what, done)
        task, pace = tasks[what]
        bars.update(task, completed=done, amount=pace.amount(done, of), rate=pace.rate(done))
        if not bars.live.is_started and time.monotonic() - began >= DELAY:
            bars.start()

    try:
        yield tell
    finally:
        if bars.live.is_started:
            bars.stop()
