"""The reader that learns: weights fitted on coded passages choose, and say how sure they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from extractors.fitted.answers import DENIED, Reading, Scored, links, readings, without_circles
from extractors.fitted.features import LINKS, inputs_of
from extractors.fitted.left_out import deciding_words
from extractors.fitted.windows import windows
from extractors.links.includes import includes
from extractors.links.same_as import converts
from extractors.meaning.built_in import WEIGHTS
from extractors.meaning.choice import Choice, Link
from extractors.meaning.draft import Draft, Role
from extractors.meaning.parties import GAPPED
from extractors.meaning.reader import Answers
from extractors.meaning.situation import Situation
from extractors.meaning.speech import attribution_of, certainty_of
from extractors.rules.rule_reader import RuleReader
from extractors.scorer.model import Scorer
from ledger.figure import UNREAD

MOST = 1_000  # windows of a document that are scored: some 20 seconds
NAMES = ("rules", "table", UNREAD)  # of others who say what figures mean


class Scores(Protocol):
    """What answers for a window: fitted weights; see :class:`extractors.scorer.model.Scorer`."""

    name: str
    items: tuple[str, ...]
    sure: tuple[float, float]
    pieces: Any

    def odds(self, arrays: Mapping[str, NDArray[np.int32]]) -> Mapping[str, NDArray[np.float32]]:
        """The odds of a window's answers, by field."""
        ...


def of_folder(folder: Path) -> FittedReader:
    """The reader of a folder of weights. Raises ValueError where it holds none."""
    scorer = Scorer(folder)
    if scorer.name in NAMES:
        raise ValueError(f"reader: {folder}: weights cannot have the name {scorer.name!r}")
    return FittedReader(scorer)


def built_in() -> FittedReader:
    """The reader of the weights that come with the package."""
    return of_folder(WEIGHTS)


class FittedReader:
    """A reader by fitted weights; every window of a document is read alone.

    What lies behind the first ``MOST`` windows of a document is read by the rules.
    """

    def __init__(self, scorer: Scores) -> None:
        self.scorer = scorer
        self.name = scorer.name

    def read(self, passage: Sequence[Situation]) -> Answers:
        """See :class:`extractors.meaning.reader.MeaningReader`."""
        told = RuleReader().read(passage)
        said: dict[int, Reading | None] = {}
        found: list[Link] = []
        home: dict[int, int] = {}  # of each figure its window
        for number, of in enumerate(self._scored(told)):
            said |= zip(of.window.figures, readings(of), strict=True)
            found += links(of)
            home |= dict.fromkeys(of.window.figures, number)
        far = [
            x for x in told.links if x.kind in LINKS and home.get(x.source) != home.get(x.target)
        ]
        raised = {link.source: link.rule for link in told.links if link.kind == "includes"}
        drafts = [
            _draft(draft, _in_gap(_summed(said.get(k), raised.get(k)), draft))
            for k, draft in enumerate(told.drafts)
        ]
        drafts = _converted(drafts)
        return Answers(tuple(drafts), (*without_circles([*found, *far]), *includes(drafts)))

    def deciding(self, passage: Sequence[Situation]) -> dict[tuple[int, str], str]:
        """See :class:`extractors.meaning.reader.Weighing`."""
        out: dict[tuple[int, str], str] = {}
        for of in self._scored(RuleReader().read(passage)):
            out |= deciding_words(of, self.scorer.odds)
        return out

    def _scored(self, told: Answers) -> Iterator[Scored]:
        """The windows of a document, each with its odds. ``told``: what the rules say of it."""
        for window in islice(windows(told.drafts), MOST):
            inputs = inputs_of(window, told, self.scorer.pieces)
            odds = self.scorer.odds(inputs.arrays)
            yield Scored(window, told.drafts, inputs, odds, self.scorer.items, self.scorer.sure)


def _converted(drafts: Sequence[Draft]) -> list[Draft]:
    """The figures with what a conversion shares with its amount: all but its number and unit."""
    out = list(drafts)
    for k in range(1, len(out)):
        if out[k - 1].confidence is not None and converts(out[k - 1], out[k]):
            own = fields(Situation)
            alike = {f.name: getattr(out[k], f.name) for f in own} | {"named": out[k - 1].named}
            out[k] = Draft(
                Situation(**alike),
                out[k - 1].role,
                out[k - 1].choices,
                confidence=out[k - 1].confidence,
            )
    return out


def _summed(reading: Reading | None, rule: str | None) -> Reading | None:
    """A figure as read; a total where the words of a rule say that it takes others in."""
    if reading is None or rule is None or reading.choices["basis"].value == "total":
        return reading
    basis = replace(reading.choices["basis"].but("total"), rule=rule)
    return replace(reading, choices={**reading.choices, "basis": basis})


def _in_gap(reading: Reading | None, told: Draft) -> Reading | None:
    """A figure as read; where its clause has no verb of its own, the actor in it gives or gets it
    as in the clause before: "France sent 4 tanks and *Spain* 6"."""
    gapped = {
        name: told.choice(name) for name in ("donor", "recipient")
        if told.choice(name).rule == GAPPED
    }  # fmt: skip
    if reading is None or not gapped or reading.choices["party"].value is not None:
        return reading
    changed = {
        name: replace(reading.choices[name].but(ruled.value), words=ruled.words, rule=GAPPED)
        for name, ruled in gapped.items()
        if reading.choices[name].value != ruled.value
    }
    return replace(reading, choices={**reading.choices, **changed})


def _in_words(choice: Choice, ruled: Choice) -> Choice:
    """A choice with the words for it: where the weights point at none, those of the rule that
    chooses the same."""
    if choice.words or choice.value is None or choice.value != ruled.value:
        return choice
    return replace(choice, words=ruled.words)


def _draft(told: Draft, reading: Reading | None) -> Draft:
    """A figure with its choices; what no window shows is as the rules say."""
    if reading is None:
        return told
    own = Situation(**{f.name: getattr(told, f.name) for f in fields(Situation)})
    status = reading.choices["status"]
    given = any(reading.choices[name].value for name in ("donor", "recipient"))
    said = attribution_of(told.sentence)
    certainty, cue = certainty_of(told.sentence, told.quantity)
    if status.rule == DENIED:
        certainty, cue = DENIED, status.words
    choices = {
        **{name: _in_words(choice, told.choice(name)) for name, choice in reading.choices.items()},
        "attribution": Choice(said, said or "", "who says it"),
        "certainty": Choice(certainty, cue, "nearest word"),
    }
    return Draft(
        replace(own, named=reading.named),
        Role(status.value, None, status.words, 0, given),
        choices,
        confidence=reading.confidence,
    )
