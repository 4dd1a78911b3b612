"""What a reader of meaning hands back: a choice for each field of a figure, and typed links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from extractors.mentions.origin import Origin


@dataclass(frozen=True, slots=True)
class Choice:
    """What a field holds, with the words, the rule and the place that decided it.

    ``probability`` is None where a rule chose; ``runner_up`` is the next best value with its own.
    """

    value: str | None
    words: str = ""
    rule: str = ""
    origin: Origin = Origin.WORDS
    probability: float | None = None
    runner_up: tuple[str | None, float] | None = None

    def but(self, value: str | None) -> Choice:
        """The same choice of another value, to which its probability does not belong."""
        if value == self.value:
            return self
        return replace(self, value=value, probability=None, runner_up=None)


Choices = Mapping[str, Choice]  # by the name of the field
# How likely a figure belongs to each other one, by that one's place, and to none (None).
Targets = Mapping[int | None, float]


@dataclass(frozen=True, slots=True)
class Link:
    """A link from one figure of a document to another, by their places in its list of figures.

    ``rule`` is the pattern that found it; ``tells``: the words that link them say also that the
    part is what its whole is, whatever stands beside it ("this includes ...").
    """

    kind: Literal["same_as", "part_of", "includes"]
    source: int
    target: int
    rule: str
    tells: bool = False
    probability: float | None = None
