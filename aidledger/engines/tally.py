"""What a run has read and left out, in numbers and in one closing line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aidledger.engines.intake import Outcome, Taken, Unwanted
from aidledger.output import counted
from extractors.readers.problem import Problem, one_line

COUNTS = ("documents", "figures", "undated", "unwanted")
REASONS = 5  # the most frequent ones are named, the others counted
NAMED = 3  # of what was skipped, the first so many
_DETAIL = re.compile(r"\s*(?:[(:;]|,(?!\d)).*", re.DOTALL)


@dataclass(slots=True)
class Tally:
    """Counts of what was read. ``undated`` are documents with figures and no date of publication,
    ``unwanted`` those without the words that were asked for, ``skipped`` counts what was lost by
    the reason, and ``named`` are the first of it."""

    documents: int = 0
    figures: int = 0
    undated: int = 0
    unwanted: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    named: list[str] = field(default_factory=list)
    _made: set[str] = field(default_factory=set, compare=False)  # remarks that are made once

    def count(self, outcome: Outcome[Any]) -> None:
        """Takes in what became of one document."""
        if isinstance(outcome, Taken):
            self.documents += 1
            self.figures += outcome.figures
            self.undated += bool(outcome.figures) and not outcome.dated
        elif isinstance(outcome, Unwanted):
            self.unwanted += 1
        elif outcome.lost:
            self.skipped[_DETAIL.sub("", outcome.cause)] += 1
            self._name([one_line(outcome.path)])

    def is_news(self, problem: Problem) -> bool:
        """Whether a problem is to be told: a remark that is made once a run is, the first time."""
        if problem.once and problem.cause in self._made:
            return False
        if problem.once:
            self._made.add(problem.cause)
        return True

    @classmethod
    def of(cls, numbers: Mapping[str, Any]) -> Tally:
        """The tally of which these are the :meth:`numbers`."""
        return cls(**{**numbers, "skipped": Counter(numbers["skipped"])})

    def numbers(self) -> dict[str, Any]:
        """All counts, as JSON has them."""
        counts = {name: getattr(self, name) for name in COUNTS}
        return counts | {"skipped": dict(self.skipped), "named": self.named}

    def add(self, other: Tally) -> None:
        """Takes in what another run has counted."""
        for name in COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.skipped.update(other.skipped)
        self._name(other.named)

    def _name(self, paths: list[str]) -> None:
        new = [path for path in dict.fromkeys(paths) if path not in self.named]
        self.named = [*self.named, *new][:NAMED]

    @property
    def lost(self) -> int:
        """How many files and documents could not be read."""
        return self.skipped.total()

    def line(self) -> str:
        """All of it in one line, without what there is none of; nothing for one document that
        leaves nothing to say."""
        left = self.left_out()
        if self.documents == 1 and not left:
            return ""
        read = f"read {counted(self.documents, 'document')}, {counted(self.figures, 'figure')}"
        return f"{read}; {left}" if left else read

    def left_out(self) -> str:
        """What was left out and what the documents lack, in one line; nothing where all is well."""
        said = []
        if self.unwanted:
            said.append(f"{self.unwanted:,} left out without the words asked for")
        if self.skipped:
            said.append(f"{self.lost:,} skipped ({self._reasons()}): {self._names()}")
        if self.undated:
            whose = "its" if self.undated == 1 else "their"
            said.append(
                f"{counted(self.undated, 'document')} without a date: {whose} figures carry none "
                "unless the text states it"
            )
        return "; ".join(said)

    def _names(self) -> str:
        more = self.lost - len(self.named)
        return ", ".join(self.named) + (f" and {more:,} more" if more > 0 else "")

    def _reasons(self) -> str:
        named = [f"{count:,} {cause}" for cause, count in self.skipped.most_common(REASONS)]
        others = self.lost - sum(count for _, count in self.skipped.most_common(REASONS))
        return ", ".join([*named, f"{others:,} for other reasons"] if others else named)
