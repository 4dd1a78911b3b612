"""From what was found and read to figures: offsets, ids, categories, kinds of aid, chances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from extractors.passage.context import Context
from extractors.passage.found import Found
from ledger.figure import CORRECTS, RECALL, Chosen, Figure, figure_id_of

if TYPE_CHECKING:
    from extractors.meaning.choice import Choice, Targets
    from extractors.meaning.draft import Draft
    from extractors.meaning.reader import Answers

EXTRACTOR = "aidledger 0.1.0"
_SENTENCE_LENGTH = 1000
_DIGITS = 3  # of a probability

_MEANING = (
    "item", "item_text", "category", "aid_type", "donor", "recipient", "party", "place", "status",
    "basis", "date", "date_stated", "since", "attribution", "certainty", "same_as", "part_of",
)  # fmt: skip
# Fields that a reader of meaning chooses, each with its words.
CHOSEN = (
    "item", "aid_type", "donor", "recipient", "party", "status", "basis", "date", "since",
    "attribution", "certainty",
)  # fmt: skip
_UNREAD: dict[str, Any] = {
    **dict.fromkeys(_MEANING), "includes": (), "confidence": None, "choices": {}, "other": {}
}  # fmt: skip

_NO_LINK = (None,)


def bare_figures(ctx: Context, found: Sequence[Found], reader: str) -> list[Figure]:
    """The records of figures of which a reader says nothing, in order: numbers and units."""
    numbers = _numbers(ctx, found)
    return [
        Figure(**number, **_UNREAD, cues=_cues(f.qualified.cue, {}), reader=reader)
        for number, f in zip(numbers, found, strict=True)
    ]


def figures_of(ctx: Context, answers: Answers, reader: str) -> list[Figure]:
    """The records of figures that a reader has read, in order."""
    from extractors.meaning.aid import aid_type_of, category_of
    from extractors.meaning.where_and_when import corrects, date_stated, place_of, recall

    numbers = _numbers(ctx, answers.drafts)
    ids = [number["figure_id"] for number in numbers]
    linked: dict[tuple[str, int], list[str]] = {}
    for link in answers.links:
        linked.setdefault((link.kind, link.source), []).append(ids[link.target])
    chances = chances_of(answers, ids)
    return [
        Figure(
            **numbers[k],
            item=draft.item,
            item_text=draft.named.words,
            category=category_of(draft),
            aid_type=aid_type_of(draft),
            donor=draft.donor,
            recipient=draft.recipient,
            party=draft.party,
            place=place_of(draft),
            status=draft.status,
            basis=draft.basis,
            date=draft.date,
            date_stated=date_stated(draft),
            since=draft.since,
            attribution=draft.attribution,
            certainty=draft.certainty,
            same_as=linked.get(("same_as", k), _NO_LINK)[0],
            part_of=linked.get(("part_of", k), _NO_LINK)[0],
            includes=tuple(linked.get(("includes", k), ())),
            cues=_cues(draft.qualified.cue, draft.choices)
            | _told({RECALL: recall(draft), CORRECTS: corrects(draft)}),
            confidence=_rounded(draft.confidence),
            choices=chances[k],
            other=draft.other,
            reader=answers.reader or reader,
        )
        for k, draft in enumerate(answers.drafts)
    ]


def _numbers(ctx: Context, found: Sequence[Found | Draft]) -> list[dict[str, Any]]:
    """Of each figure the fields of the record that the number grammar fills."""
    source, out = ctx.source, []
    for f in found:
        tokens, quantity, qualified = f.sentence.tokens, f.quantity, f.qualified
        first, last = tokens.start[quantity.first], tokens.end[quantity.last - 1]
        start, end = f.sentence.block.span(first, last)
        out.append(
            {
                "figure_id": figure_id_of(source.source_id, start, end, quantity.dimension),
                "source_id": source.source_id,
                "start": start,
                "end": end,
                "text": source.text[start:end],
                "sentence": _cut(f),
                "dimension": quantity.dimension,
                "unit": quantity.unit,
                "value": qualified.value,
                "low": qualified.low,
                "high": qualified.high,
                "qualifier": qualified.qualifier,
                "per": quantity.per,
                "extractor": EXTRACTOR,
                "rule": quantity.rule,
            }
        )
    return out


def _cues(cue: str, choices: Mapping[str, Choice]) -> dict[str, str]:
    """What decided the fields of a figure, for each that something did; ``cue``: its
    qualifier's."""
    told = {"qualifier": cue} if cue else {}
    for name in CHOSEN:
        choice = choices.get(name)
        if choice is not None and choice.value is not None and choice.words:
            told[name] = choice.words
    return told


def _told(words: Mapping[str, str]) -> dict[str, str]:
    """How a figure stands to what was told before, as far as words say so."""
    return {name: told for name, told in words.items() if told}


def chances_of(answers: Answers, ids: Sequence[str]) -> list[dict[str, Chosen]]:
    """How sure the reader was of each figure's fields and links; ``ids``: of its figures."""
    found = [_chances(draft.choices) for draft in answers.drafts]
    held = {(link.kind, link.source): link for link in answers.links}
    for (kind, source), link in held.items():
        if link.probability is not None:  # no rule has found it
            told: Targets = {link.target: link.probability, None: 1 - link.probability}
            by_target = answers.targets.get((kind, source), told)
            found[source][kind] = _of_link(link.target, by_target, ids)
    for (name, source), by_target in answers.targets.items():
        if (name, source) not in held:
            found[source][name] = _of_link(None, by_target, ids)
    return found


def _of_link(target: int | None, by_target: Targets, ids: Sequence[str]) -> Chosen:
    """How sure the reader is that a figure's link leads there, and where it would lead else."""
    others = [one for one in by_target if one != target]
    second = max(others, key=lambda one: by_target[one])
    return {
        "probability": round(by_target.get(target, 0.0), _DIGITS),
        "runner_up": None if second is None else ids[second],
        "its_probability": round(by_target[second], _DIGITS),
    }


def _chances(choices: Mapping[str, Choice]) -> dict[str, Chosen]:
    """How sure the reader was of each field that it chose with a probability."""
    told: dict[str, Chosen] = {}
    for name in CHOSEN:
        choice = choices.get(name)
        if choice is not None and choice.probability is not None:
            value, its = choice.runner_up or (None, None)
            told[name] = {
                "probability": round(choice.probability, _DIGITS),
                "runner_up": value,
                "its_probability": _rounded(its),
            }
    return told


def _rounded(probability: float | None) -> float | None:
    return None if probability is None else round(probability, _DIGITS)


def _cut(found: Found | Draft) -> str:
    """The sentence, cut to about 1,000 characters around the figure."""
    sentence, quantity = found.sentence, found.quantity
    text = sentence.text
    if len(text) <= _SENTENCE_LENGTH:
        return text
    middle = sentence.tokens.start[quantity.first] - sentence.start
    first = max(0, min(middle - _SENTENCE_LENGTH // 2, len(text) - _SENTENCE_LENGTH))
    return text[first : first + _SENTENCE_LENGTH]
