"""What a reader of meaning is: one class behind one protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias, runtime_checkable

from extractors.meaning.choice import Link, Targets
from extractors.meaning.draft import Draft
from extractors.meaning.situation import Situation


@dataclass(frozen=True, slots=True)
class Answers:
    """Of a passage: each figure with its choices, in the order of the text, and their links.

    A reader may add figures that it was shown, and leave out what is none. ``reader``: who has read
    it, where that is another than the one who was asked. ``targets``: how likely each figure's
    link of a kind leads to which other one, or nowhere, where the reader knows.
    """

    drafts: tuple[Draft, ...]
    links: tuple[Link, ...]
    reader: str | None = None
    targets: Mapping[tuple[str, int], Targets] = field(default_factory=dict)


class MeaningReader(Protocol):
    """Says what the figures of a passage mean: never where a figure stands, nor its number."""

    @property
    def name(self) -> str:
        """The record's ``reader``."""
        ...

    def __hash__(self) -> int:
        """As of all that a program keeps by what it is."""
        ...

    def read(self, passage: Sequence[Situation]) -> Answers:
        """The figures of a document, in the order of the text, each with its choices."""
        ...


@runtime_checkable
class Asking(Protocol):
    """A reader that asks elsewhere, and waits."""

    def prepare(self, passage: Sequence[Situation]) -> None:
        """Ask what the figures of a document need, so that reading them asks nothing."""
        ...


AskedReader: TypeAlias = "str | MeaningReader"  # by its name, or itself


@runtime_checkable
class Weighing(Protocol):
    """A reader that can tell which words count most for what it chooses."""

    def deciding(self, passage: Sequence[Situation]) -> Mapping[int, Mapping[str, str]]:
        """For figures of a document, by their places, and fields: the words that count most."""
        ...
