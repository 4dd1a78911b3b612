"""A figure in the making: what has been read of it so far, and why."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractors.mentions.cues import Cue
from extractors.mentions.named import Named
from extractors.numbers.qualifiers import Qualified
from extractors.numbers.quantity import Quantity
from extractors.passage.sentence import Sentence


@dataclass(frozen=True, slots=True)
class Role:
    """A status with the cue that decided it; ``transfer``: the figure is given by one to another.

    ``words`` is the cue as written, ``cost`` how far it is
    (:func:`extractors.passage.distance.weigh`).
    """

    status: str | None
    cue: Cue | None
    words: str
    cost: int
    transfer: bool


NOTHING = Role(None, None, "", 99, False)
GIVEN = Role("committed", None, "", 99, True)


@dataclass(slots=True)
class Draft:
    """One figure of a document, filled step by step; ``reasons``: (rule, cue) of each field."""

    block: int
    sentence: Sentence
    quantity: Quantity
    qualified: Qualified
    named: Named
    role: Role
    item: str | None = None
    donor: str | None = None
    recipient: str | None = None
    party: str | None = None
    status: str | None = None
    basis: str | None = None
    date: str | None = None
    since: str | None = None
    attribution: str | None = None
    certainty: str | None = None
    listed: bool = False
    reasons: dict[str, tuple[str, str]] = field(default_factory=dict)

    def because(self, name: str, rule: str, cue: str) -> None:
        """Note which rule and which words decided a field."""
        self.reasons[name] = (rule, cue)
