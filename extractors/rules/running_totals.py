"""Losses that go on with the count of the sentence before: "They *have also lost* 900 tanks"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.meaning.choice import Choice, Choices
from extractors.meaning.draft import Draft
from extractors.mentions.origin import Origin
from extractors.passage.phrases import basis_cue, fresh
from extractors.rules.basis_clues import is_dated
from extractors.text.words import word_set

_LOSSES = (
    "killed",
    "wounded",
    "casualties",
    "destroyed",
    "damaged",
    "lost",
    "captured",
    "abandoned",
)
_GOES_ON = word_set("amount", "goes_on")
_ONE_EVENT = 8  # how far a phrase of one event breaks the count off


def as_in_tally(draft: Draft, since: str | None, before: Sequence[Draft]) -> Choices:
    """A loss told in the perfect behind a total counts since that one's start.

    ``since``: the start that its own sentence tells.
    """
    told_before = (d for d in reversed(before) if d.sentence is not draft.sentence)
    last = next((d for d in told_before if d.since is not None), None)
    cue, sentence = draft.role.cue, draft.sentence
    if last is None or cue is None or since is not None:
        return {}
    if last.block != draft.block or {draft.status, last.status} - set(_LOSSES):
        return {}
    goes_on = sentence.tokens.at(sentence.tokens.first_place(_GOES_ON))
    told = goes_on or ("perfect" if cue.tense == "perfect" else None)
    if told is None or is_dated(sentence) or _is_one_event(draft):
        return {}
    return {
        "basis": Choice("total", told, "goes on with the count before", Origin.EARLIER),
        "since": replace(last.choice("since"), origin=Origin.EARLIER),
    }


def _is_one_event(draft: Draft) -> bool:
    """Whether a loss is told to be one more, or one day's."""
    sentence, quantity = draft.sentence, draft.quantity
    if fresh(sentence.tokens, quantity) is not None:
        return True
    return basis_cue(sentence, quantity, "delta", _ONE_EVENT) is not None
