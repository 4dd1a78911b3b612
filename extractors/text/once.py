"""What is read of a sentence once, however many of its figures ask for it.

A rule that asks a whole sentence anew for every figure takes time in the square of the figures; one
that is marked :func:`once` does not.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar, TypeVarTuple


class Remembering(Protocol):
    """A sentence, or its words: what keeps the readings that are made of it."""

    @property
    def known(self) -> dict[Any, Any]:
        """The readings made so far."""


R = TypeVar("R", bound=Remembering)
T = TypeVar("T")
Ts = TypeVarTuple("Ts")
_UNREAD: Any = object()


def once(read: Callable[[R, *Ts], T]) -> Callable[[R, *Ts], T]:
    """Keep what a function reads of a sentence, by whatever else it is asked with."""

    @wraps(read)
    def kept(of: R, *asked: *Ts) -> T:
        key = (read, *asked) if asked else read
        found: T = of.known.get(key, _UNREAD)
        if found is _UNREAD:
            found = of.known[key] = read(of, *asked)
        return found

    return kept
