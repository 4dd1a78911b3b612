"""What the rules for the basis of a figure ask of it and of its sentence."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.meaning.draft import Role
from extractors.mentions.iso_dates import DateMention
from extractors.mentions.named import Named
from extractors.numbers.quantity import Quantity
from extractors.passage.phrases import basis_cue
from extractors.passage.sentence import Sentence

Basis = tuple[str, str]  # the basis and the words that decided it
_OF_EVENTS = ("day", "month", "relative")  # dates of one event, where a year may hold many


def event_dates(sentence: Sentence) -> list[DateMention]:
    """The dates of a sentence that can be those of one event, also the unresolved ones."""
    return [d for d in sentence.dates if d.kind in _OF_EVENTS]


def is_dated(sentence: Sentence) -> bool:
    """Whether a sentence tells the day or the month of an event."""
    return any(d.iso for d in event_dates(sentence))


@dataclass(frozen=True, slots=True)
class Clues:
    """A figure with all that its basis hangs on. ``record``: its text is a tracker's record."""

    sentence: Sentence
    low: tuple[str, ...]  # its words, in lower case
    quantity: Quantity
    named: Named
    role: Role
    since: str | None
    record: bool

    def before(self, reach: int) -> tuple[str, ...]:
        """The words before the figure."""
        return self.low[max(0, self.quantity.first - reach) : self.quantity.first]

    def phrase(self, name: str, reach: int) -> str | None:
        """The nearest phrase for a basis."""
        return basis_cue(self.sentence, self.quantity, name, reach)
