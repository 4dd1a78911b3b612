"""Tables that need not be held: their rows are read a portion at a time, as often as needed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import pandas as pd

from ledger.table import plain

PORTION = 2_000  # rows that are Python objects at once


@dataclass(frozen=True)
class Rows:
    """The rows of a frame, in portions that are read anew whenever they are gone through.

    ``empty`` is the frame without any row: its columns and dtypes. ``count`` says how many rows
    there are, and ``read`` gives them, with at least the columns that it is asked for.
    """

    empty: pd.DataFrame
    count: Callable[[], int]
    read: Callable[[Collection[str]], Iterator[pd.DataFrame]]

    @classmethod
    def of(cls, table: Table) -> Rows:
        """The rows of a frame; of rows, these themselves."""
        if isinstance(table, Rows):
            return table
        return cls(table.iloc[:0], lambda: len(table), lambda _: portions_of(table))

    def __len__(self) -> int:
        return self._number

    @cached_property
    def _number(self) -> int:
        return self.count()

    def portions(self, names: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """All rows, of all columns or of these."""
        if names is None:
            return self.read(list(self.empty.columns))
        return (portion[list(names)] for portion in self.read(names))

    def between(self, start: int, stop: int) -> Iterator[pd.DataFrame]:
        """The rows from one place up to another, counted from 0."""
        place = 0
        for portion in self.portions():
            held = portion.iloc[max(start - place, 0) : max(stop - place, 0)]
            place += len(portion)
            if len(held):
                yield held
            if place >= stop:
                return

    def frame(self, names: Sequence[str] | None = None) -> pd.DataFrame:
        """All rows at once, of all columns or of these."""
        empty = self.empty if names is None else self.empty[list(names)]
        return joined(self.portions(names), empty)

    def keeping(self, wanted: Callable[[pd.DataFrame], pd.Series[bool]], *needs: str) -> Rows:
        """The rows that are ``wanted``, which is found from the columns that it ``needs``."""

        def count() -> int:
            return sum(int(wanted(portion).sum()) for portion in self.read(needs))

        def read(names: Collection[str]) -> Iterator[pd.DataFrame]:
            return (portion[wanted(portion)] for portion in self.read({*names, *needs}))

        return Rows(self.empty, count, read)

    def adding(
        self, name: str, made: Callable[[pd.DataFrame], pd.Series[Any]], *needs: str
    ) -> Rows:
        """The same with a column more, which is ``made`` from the columns that it ``needs``."""

        def read(names: Collection[str]) -> Iterator[pd.DataFrame]:
            if name not in names:
                return self.read(names)
            return (
                portion.assign(**{name: made(portion)})
                for portion in self.read({*names, *needs} - {name})
            )

        return Rows(self.empty.assign(**{name: made(self.empty)}), self.count, read)


Table = pd.DataFrame | Rows


def portions_of(frame: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The rows of a frame, so many at a time."""
    return (frame.iloc[start : start + PORTION] for start in range(0, len(frame), PORTION))


def joined(portions: Iterable[pd.DataFrame], empty: pd.DataFrame) -> pd.DataFrame:
    """The portions as one frame, its rows numbered from 0; ``empty`` where there are none."""
    held = list(portions)
    return pd.concat(held, ignore_index=True) if held else empty.reset_index(drop=True)


def records(portions: Iterable[pd.DataFrame], names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """The rows as Python objects with None for what is missing."""
    return chain.from_iterable(
        zip(*(plain(portion[name]) for name in names), strict=True) for portion in portions
    )
