"""A figure as a reader has read it, before it is a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any

from extractors.meaning.choice import Choice, Choices
from extractors.meaning.situation import Situation
from extractors.mentions.cues import Cue
from extractors.mentions.origin import Origin


@dataclass(frozen=True, slots=True)
class Role:
    """A status with the cue that decided it; ``transfer``: the figure is given by one to another.

    ``words`` is the cue as written, ``cost`` how far it is
    (:func:`extractors.passage.distance.weigh`); ``taught``: people whom another state trains.
    """

    status: str | None
    cue: Cue | None
    words: str
    cost: int
    transfer: bool
    taught: bool = False


NOTHING = Role(None, None, "", 99, False)
GIVEN = Role("committed", None, "", 99, True)
_SITUATION = tuple(f.name for f in fields(Situation))
NO_CHOICE = Choice(None, origin=Origin.NOBODY)

FIELDS = (
    "item", "donor", "recipient", "party", "status", "basis", "date", "since", "attribution",
    "certainty",
)  # fmt: skip


@dataclass(frozen=True, slots=True, init=False)
class Draft(Situation):
    """A figure in its situation with a choice for each field; a field without one is null.

    ``confidence`` is the record's, from a reader that chooses by probabilities; ``other`` is the
    record's too, where two have read.
    """

    role: Role
    choices: Choices
    listed: bool  # whether it stands in an item of a list of bullets
    confidence: float | None
    other: Mapping[str, Any]
    item: str | None
    donor: str | None
    recipient: str | None
    party: str | None
    status: str | None
    basis: str | None
    date: str | None
    since: str | None
    attribution: str | None
    certainty: str | None

    def __init__(
        self,
        situation: Situation,
        role: Role,
        choices: Choices,
        *,
        listed: bool = False,
        confidence: float | None = None,
        other: Mapping[str, Any] | None = None,
    ) -> None:
        keep = partial(object.__setattr__, self)
        for name in _SITUATION:
            keep(name, getattr(situation, name))
        keep("role", role)
        keep("choices", choices)
        keep("listed", listed)
        keep("confidence", confidence)
        keep("other", other or {})
        for name in FIELDS:
            choice = choices.get(name)
            keep(name, None if choice is None else choice.value)

    def choice(self, name: str) -> Choice:
        """What a field holds and why; a null choice where nothing was chosen."""
        return self.choices.get(name, NO_CHOICE)

    def revised(
        self, values: Mapping[str, str | None], origin: Origin, *, transfer: bool | None = None
    ) -> Draft:
        """The draft with other values in some fields, which another figure of the text gives.

        ``transfer``: whether it is given, where that is told by the other figure too.
        """
        changed = {
            name: replace(self.choice(name).but(value), origin=origin)
            for name, value in values.items()
            if getattr(self, name) != value
        }
        given = self.role.transfer if transfer is None else transfer
        if not changed and given == self.role.transfer:
            return self
        role = replace(self.role, transfer=given)
        choices = {**self.choices, **changed}
        return Draft(
            self, role, choices, listed=self.listed, confidence=self.confidence, other=self.other
        )
