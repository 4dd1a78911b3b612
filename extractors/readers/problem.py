"""What stood in the way of a document, as data: a batch goes on and says what it left out."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")

TOLD = 300  # characters of an exception's message


@dataclass(frozen=True, slots=True)
class Problem:
    """What stood in the way of a path, in one line.

    ``lost`` says that something which should have been read was not; otherwise it is a remark. One
    that is to be made ``once`` is made of the first path of a run that has this cause.
    """

    path: str
    cause: str
    lost: bool = True
    once: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        return f"{self.path}: {self.cause}"


class ReadError(ValueError):
    """A path that cannot be read; ``problem`` says which and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def attempt(
    place: str,
    read: Callable[..., T],
    *given: Any,
    foreseen: type[Exception] | tuple[()] = ValueError,
) -> T | Problem:
    """What ``read`` makes of a document, or the problem at its place.

    Whatever one document does to the code that reads it, the next one is read. An exception that is
    ``foreseen`` says itself what is wrong with the document; any other is a fault.
    """
    try:
        return read(*given)
    except foreseen as error:
        return Problem(place, str(error))
    except Exception as error:
        return Problem(place, fault(error))


def fault(error: Exception) -> str:
    """What is said of an exception that nobody foresaw, in one line.

    Where the environment has ``AIDLEDGER_TRACEBACK``, the exception is raised instead.
    """
    if os.environ.get("AIDLEDGER_TRACEBACK"):
        raise error
    if isinstance(error, MemoryError):
        return "it needs more memory than there is"
    told = " ".join(f"{type(error).__name__}: {error}".split())[:TOLD]
    return f"a fault in aidledger itself ({told}); please report it"


class StoppedError(ValueError):
    """A document whose reading was stopped: it took more time or memory than one may, or ended the
    process that read it."""


def ending(code: int | None) -> str:
    """How a process ended, in words."""
    if code is not None and code < 0:
        return f"killed, {signal.Signals(-code).name}"
    return f"exit status {code}"


def one_line(text: str) -> str:
    """A name out of a file, fit to be shown: what would break or colour a line is replaced."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in text)
