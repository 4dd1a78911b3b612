"""The reader that learns: weights fitted on coded passages choose, and say how sure they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from extractors.fitted.answers import (
    Reading,
    Scored,
    likeliest,
    links,
    readings,
    targets,
    without_circles,
)
from extractors.fitted.features import inputs_of
from extractors.fitted.left_out import deciding_words
from extractors.fitted.possible import DENIED
from extractors.fitted.windows import windows
from extractors.links.breakdown import (
    breakdowns,
    shared_out,
    summed_up,
    without_larger,
    without_other_givers,
    without_overflowing,
)
from extractors.links.includes import includes, without_sums
from extractors.links.same_as import announced_again, converts, without_other_numbers
from extractors.meaning.built_in import WEIGHTS
from extractors.meaning.choice import Choice, Link, Targets
from extractors.meaning.draft import Draft, Role
from extractors.meaning.reader import Answers
from extractors.meaning.situation import Situation
from extractors.mentions.named import Named
from extractors.rules.rule_reader import RuleReader
from extractors.scorer.model import Scorer
from ledger.figure import LINKS, UNREAD

MOST = 1_000  # windows of a document that are scored: some 20 seconds
WEIGHED = 6  # windows of which words are left out one by one: a text of some 6 KB, 10 seconds
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


@cache
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
        leads: dict[tuple[str, int], Targets] = {}
        home: dict[int, int] = {}  # of each figure its window
        for number, of in enumerate(self._scored(told)):
            said |= zip(of.window.figures, readings(of), strict=True)
            found += links(of)
            leads |= targets(of)
            home |= dict.fromkeys(of.window.figures, number)
        far = [
            link
            for link in told.links
            if link.kind in LINKS
            and (link.source not in home or home[link.source] != home.get(link.target))
        ]
        drafts = _converted([_draft(draft, said.get(k)) for k, draft in enumerate(told.drafts)])
        can_be = without_other_numbers(drafts, without_larger(drafts, (*found, *far)))
        linked = likeliest(can_be)
        linked = without_other_givers(drafts, without_overflowing(drafts, linked))
        linked += announced_again(drafts, linked)
        linked = without_circles([*summed_up(drafts, linked), *linked])
        linked += breakdowns(drafts, linked)
        linked += shared_out(drafts, linked)
        sums = includes(drafts)
        return Answers(tuple(drafts), (*without_sums(linked, sums), *sums), targets=leads)

    def deciding(self, passage: Sequence[Situation]) -> dict[int, dict[str, str]]:
        """See :class:`extractors.meaning.reader.Weighing`; of the first ``WEIGHED`` windows."""
        out: dict[int, dict[str, str]] = {}
        for of in islice(self._scored(RuleReader().read(passage)), WEIGHED):
            out |= deciding_words(of, self.scorer.odds)
        return out

    def _scored(self, told: Answers) -> Iterator[Scored]:
        """The windows of a document, each with its odds. ``told``: what the rules say of it."""
        sums = {link.source: link.rule for link in told.links if link.kind == "includes"}
        scorer = self.scorer
        for window in islice(windows(told.drafts), MOST):
            inputs = inputs_of(window, told, scorer.pieces)
            odds = scorer.odds(inputs.arrays)
            yield Scored(window, told, inputs, odds, scorer.items, scorer.sure, sums)


def _converted(drafts: Sequence[Draft]) -> list[Draft]:
    """The figures with what a conversion shares with its amount: all but its number and unit."""
    out = list(drafts)
    for k in range(1, len(out)):
        amount = out[k - 1]
        if amount.confidence is not None and converts(amount, out[k]):
            own = _named(out[k], amount.named)
            out[k] = Draft(own, amount.role, amount.choices, confidence=amount.confidence)
    return out


def _draft(told: Draft, reading: Reading | None) -> Draft:
    """A figure with its choices; what no window shows is as the rules say."""
    if reading is None:
        return told
    status = reading.choices["status"]
    given = any(reading.choices[name].value for name in ("donor", "recipient"))
    choices = {
        **told.choices,  # who says it, and how sure the text is
        **{name: _in_words(choice, told.choice(name)) for name, choice in reading.choices.items()},
    }
    if status.rule == DENIED:
        choices["certainty"] = Choice(DENIED, status.words, DENIED)
    role = Role(status.value, None, status.words, 0, given)
    own = _named(told, reading.named)
    return Draft(own, role, choices, listed=told.listed, confidence=reading.confidence)


def _named(figure: Situation, named: Named) -> Situation:
    """A figure where it stands, of another name."""
    own = {f.name: getattr(figure, f.name) for f in fields(Situation)}
    return Situation(**own | {"named": named})


def _in_words(choice: Choice, ruled: Choice) -> Choice:
    """A choice with the words for it: where the weights point at none, those of the rule that
    chooses the same."""
    if choice.words or choice.value is None or choice.value != ruled.value:
        return choice
    return replace(choice, words=ruled.words)
