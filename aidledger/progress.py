"""How far a long piece of work has come, drawn on a terminal and nowhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# What is being done, how much of it is done, and of how much (0: nobody knows).
Progress = Callable[[str, int, int], None]

DELAY = 2.0  # seconds of work before anything is drawn


@contextmanager
def shown(wanted: bool = True) -> Iterator[Progress | None]:
    """A hook that draws a bar for each piece of work on standard error, while the work lasts.

    None where standard error is no terminal, or where it is not ``wanted``.
    """
    if not wanted or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TimeElapsedColumn
    from rich.progress import Progress as Bars

    bars = Bars(
        "{task.description}", BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip
    began = time.monotonic()
    tasks: dict[str, TaskID] = {}

    def tell(what: str, done: int, of: int) -> None:
        if what not in tasks:
            tasks[what] = bars.add_task(what, total=of or None)
        bars.update(tasks[what], completed=done)
        if not bars.live.is_started and time.monotonic() - began >= DELAY:
            bars.start()

    try:
        yield tell
    finally:
        if bars.live.is_started:
            bars.stop()
