"""The order of the steps, and ``extract``.

A document's paragraphs are scanned for digits and number words; only the sentences that hold one
are read. Each quantity is cut out, named, given its role, its parties and its dates, and at last
linked to the others.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache

from extractors.assemble import figures_of
from extractors.links.inheritance import link_drafts
from extractors.meaning.draft import Draft
from extractors.passage.context import Context
from extractors.rules.rule_reader import draft_sentence
from extractors.text.anchors import anchored, has_number
from extractors.text.document import Block
from ledger.figure import Figure, Source, make_source


def sentences_with_numbers(block: Block) -> list[int]:
    """The indexes of the sentences of a block in which a number may stand."""
    starts = [s for s, _ in block.sentences]
    return sorted({bisect_right(starts, at) - 1 for at in anchored(block.plain)} - {-1})


def drafts_of(ctx: Context) -> list[Draft]:
    """All figures of a document with everything read of them, in the order of the text."""
    drafts: list[Draft] = []
    for k, (start, end) in enumerate(ctx.spans):
        if has_number(ctx.source.text[start:end]):
            for number in sentences_with_numbers(ctx.block(k)):
                drafts.extend(draft_sentence(ctx, k, number, drafts))
    link_drafts(drafts, record=ctx.is_record)
    return drafts


def extract_source(source: Source) -> list[Figure]:
    """Every figure of a document, in the order of the text. Raises nothing, whatever the text."""
    ctx = Context(source)
    return figures_of(ctx, drafts_of(ctx))


def extract(
    text: str,
    *,
    published: str | None = None,
    title: str | None = None,
    url: str | None = None,
    publisher: str | None = None,
    source_id: str | None = None,
) -> list[Figure]:
    """Every figure of a text, in the order of the text.

    ``published`` (ISO) is the day against which *Tuesday* or *last month* are resolved; ``title``,
    ``url`` and ``publisher`` are context and never hold a figure. ``source_id`` defaults to the
    url, else to the sha256 of the text.
    """
    return extract_source(
        make_source(
            text,
            published=published,
            title=title,
            url=url,
            publisher=publisher,
            source_id=source_id,
        )
    )


@cache
def load() -> None:
    """Load what every document needs: rules and catalogue. It takes as long as some hundred."""
    extract("The United States will send four more tanks worth $20 million.")
