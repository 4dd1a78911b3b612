"""From drafts to figures: offsets in the document, ids, categories, aid types."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.meaning.draft import Draft
from extractors.mentions.items import items
from extractors.mentions.kinds import is_person
from extractors.passage.context import Context
from extractors.text.words import word_set
from ledger.figure import Figure, figure_id_of

EXTRACTOR = "aidledger 0.1.0"
_SENTENCE_LENGTH = 1000
_MILITARY = word_set("category", "military")


def figures_of(ctx: Context, drafts: Sequence[Draft]) -> list[Figure]:
    """The record of each draft, in order."""
    ids = []
    spans = []
    for draft in drafts:
        tokens, quantity = draft.sentence.tokens, draft.quantity
        span = draft.sentence.block.span(
            tokens.start[quantity.first], tokens.end[quantity.last - 1]
        )
        spans.append(span)
        ids.append(figure_id_of(ctx.source.source_id, *span, quantity.dimension))
    return [
        _figure(ctx, draft, span, ids, k)
        for k, (draft, span) in enumerate(zip(drafts, spans, strict=True))
    ]


def _figure(
    ctx: Context, draft: Draft, span: tuple[int, int], ids: Sequence[str], k: int
) -> Figure:
    quantity, qualified, named = draft.quantity, draft.qualified, draft.named
    start, end = span
    return Figure(
        figure_id=ids[k],
        source_id=ctx.source.source_id,
        start=start,
        end=end,
        text=ctx.source.text[start:end],
        sentence=_cut(draft),
        dimension=quantity.dimension,
        unit=quantity.unit,
        value=qualified.value,
        low=qualified.low,
        high=qualified.high,
        qualifier=qualified.qualifier,
        per=quantity.per,
        item=draft.item,
        item_text=named.words,
        category=_category(draft),
        aid_type=_aid_type(draft),
        donor=draft.donor,
        recipient=draft.recipient,
        party=draft.party,
        status=draft.status,
        basis=draft.basis,
        date=draft.date,
        since=draft.since,
        attribution=draft.attribution,
        certainty=draft.certainty,
        same_as=_target(draft, "same_as", ids),
        part_of=_target(draft, "part_of", ids),
        includes=tuple(ids[int(i)] for i in draft.reasons.get("includes", ("", ""))[1].split()),
        extractor=EXTRACTOR,
        rule=quantity.rule,
    )


def _target(draft: Draft, name: str, ids: Sequence[str]) -> str | None:
    reason = draft.reasons.get(name)
    return ids[int(reason[1])] if reason else None


def _cut(draft: Draft) -> str:
    """The sentence, cut to about 1,000 characters around the figure."""
    sentence, quantity = draft.sentence, draft.quantity
    text = sentence.text
    if len(text) <= _SENTENCE_LENGTH:
        return text
    middle = sentence.tokens.start[quantity.first] - sentence.start
    first = max(0, min(middle - _SENTENCE_LENGTH // 2, len(text) - _SENTENCE_LENGTH))
    return text[first : first + _SENTENCE_LENGTH]


def _category(draft: Draft) -> str | None:
    """The category of what is counted; None where the catalogue does not know it."""
    if draft.quantity.dimension == "money":
        return None
    entry = draft.named.entry or items().get(draft.item or "")
    if entry is not None:
        return entry.category
    people = draft.quantity.dimension == "count" and is_person(draft.item, None)
    return "personnel" if people else None


def _aid_type(draft: Draft) -> str | None:
    """The kind of aid of a transfer: by the purpose of money, by the category of things."""
    if not draft.role.transfer:
        return None
    if draft.named.purpose is not None:
        return draft.named.purpose.aid_type
    category = _category(draft)
    if category in _MILITARY:
        return "military"
    return "humanitarian" if category == "medical" else None
