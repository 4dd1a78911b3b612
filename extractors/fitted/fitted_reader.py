"""The reader that learns: weights fitted on coded passages choose, and say how sure they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from extractors.fitted.answers import Reading, Scored, links, readings
from extractors.fitted.features import inputs_of
from extractors.fitted.windows import windows
from extractors.links.includes import includes
from extractors.meaning.choice import Choice, Link
from extractors.meaning.draft import NOTHING, Draft, Role
from extractors.meaning.reader import Answers
from extractors.meaning.situation import Situation
from extractors.meaning.speech import attribution_of, certainty_of
from extractors.scorer.model import Scorer
from ledger.figure import UNREAD

NAMES = ("rules", "table", UNREAD)  # of others who say what figures mean


class FittedReader:
    """The reader of a folder of weights; every window of a document is read alone."""

    def __init__(self, folder: Path) -> None:
        self.scorer = Scorer(folder)
        self.name = self.scorer.name
        if self.name in NAMES:
            raise ValueError(f"reader: {folder}: weights cannot have the name {self.name!r}")

    def read(self, passage: Sequence[Situation]) -> Answers:
        """See :class:`extractors.meaning.reader.MeaningReader`."""
        said: dict[int, Reading | None] = {}
        found: list[Link] = []
        for window in windows(passage):
            inputs = inputs_of(window, passage, self.scorer.pieces)
            odds = self.scorer.odds(inputs.arrays)
            scored = Scored(window, passage, inputs, odds, self.scorer.items)
            said |= zip(window.figures, readings(scored), strict=True)
            found += links(scored)
        drafts = [_draft(situation, said.get(k)) for k, situation in enumerate(passage)]
        return Answers(tuple(drafts), (*found, *includes(drafts)))


def _draft(situation: Situation, reading: Reading | None) -> Draft:
    """A figure with its choices; a duration has none."""
    if reading is None:
        return Draft(situation, NOTHING, {})
    given = any(reading.choices[name].value for name in ("donor", "recipient"))
    status = reading.choices["status"]
    role = Role(status.value, None, status.words, 0, given)
    said = attribution_of(situation.sentence)
    certainty, cue = certainty_of(situation.sentence, situation.quantity)
    choices = {
        **reading.choices,
        "attribution": Choice(said, said or "", "who says it"),
        "certainty": Choice(certainty, cue, "nearest word"),
    }
    own = {f.name: getattr(situation, f.name) for f in fields(Situation)}
    named = Situation(**own | {"named": reading.named})
    return Draft(named, role, choices, confidence=reading.confidence)
