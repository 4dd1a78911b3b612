"""What is found in a sentence, in its order, and asked for by its place."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, Self, TypeVar


class Placed(Protocol):
    """What stands at tokens ``first`` to ``last`` (exclusive)."""

    @property
    def first(self) -> int:
        """Its first token."""

    @property
    def last(self) -> int:
        """The token behind it."""


M = TypeVar("M", bound=Placed)


class Mentions(tuple[M, ...]):
    """Mentions from left to right, none of them overlapping another.

    A place is looked up and not searched for, so that a sentence full of figures takes no longer
    than many sentences with a figure each.
    """

    _firsts: Sequence[int] = ()
    _lasts: Sequence[int] = ()

    def __new__(cls, mentions: Iterable[M] = ()) -> Self:
        """Some mentions, in the order of the text."""
        self = super().__new__(cls, mentions)
        if self:
            self._firsts = [mention.first for mention in self]
            self._lasts = [mention.last for mention in self]
        return self

    def at(self, k: int) -> M | None:
        """The mention that begins at token k."""
        i = bisect_left(self._firsts, k)
        return self[i] if i < len(self) and self._firsts[i] == k else None

    def over(self, k: int) -> M | None:
        """The mention that holds token k."""
        i = bisect_right(self._lasts, k)
        return self[i] if i < len(self) and self._firsts[i] <= k else None

    def ends_at(self, k: int) -> bool:
        """Whether a mention ends right before token k."""
        i = bisect_left(self._lasts, k)
        return i < len(self) and self._lasts[i] == k

    def before(self, k: int) -> tuple[M, ...]:
        """Those that end before token k."""
        return self[: bisect_right(self._lasts, k)]

    def back_from(self, k: int) -> Iterator[M]:
        """Those that end before token k, the nearest first."""
        return map(self.__getitem__, range(bisect_right(self._lasts, k) - 1, -1, -1))

    def last_before(self, k: int) -> M | None:
        """The nearest that ends before token k."""
        i = bisect_right(self._lasts, k)
        return self[i - 1] if i else None

    def behind(self, k: int) -> tuple[M, ...]:
        """Those that begin at token k or behind it."""
        return self[bisect_left(self._firsts, k) :]

    def first_behind(self, k: int) -> M | None:
        """The nearest that begins at token k or behind it."""
        i = bisect_left(self._firsts, k)
        return self[i] if i < len(self) else None

    def around(self, first: int, last: int) -> tuple[M, ...]:
        """Those that end at token ``first`` or behind it and begin at ``last`` or before it."""
        return self[bisect_left(self._lasts, first) : bisect_right(self._firsts, last)]

    def nearest(self, first: int, last: int, count: int) -> tuple[M, ...]:
        """Those at tokens ``first`` to ``last`` (exclusive) and up to so many on either side."""
        if len(self) <= count:
            return self
        start = bisect_right(self._lasts, first) - count
        return self[max(0, start) : bisect_left(self._firsts, last) + count]

    def within(self, first: int, last: int) -> tuple[M, ...]:
        """Those that begin at tokens ``first`` to ``last`` (exclusive)."""
        return self[bisect_left(self._firsts, first) : bisect_left(self._firsts, last)]
