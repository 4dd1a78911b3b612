"""The order of the steps, and ``extract``."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache

import ahocorasick_rs

from extractors.dates import parse_day
from extractors.document import Block, blocks_of, is_wrapped, read_block
from extractors.money import home_of
from extractors.numerals import anchors
from extractors.qualifiers import qualify
from extractors.reading import quantities, read_sentence
from ledger.figure import Figure, Source, figure_id_of, make_source

EXTRACTOR = "aidledger-0.1"
_DIGIT = re.compile(r"\d")


@cache
def _automaton() -> ahocorasick_rs.AhoCorasick:
    return ahocorasick_rs.AhoCorasick(anchors())


def anchored(text: str) -> list[int]:
    """Offsets at which a number may begin: digits and number words that are whole words."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
    out = [m.start() for m in _DIGIT.finditer(text)]
    n = len(low)
    for _, start, end in _automaton().find_matches_as_indexes(low):
        if (not start or not low[start - 1].isalpha()) and (
            end == n or not low[end].isalpha() or low[end] == "s"
        ):
            out.append(start)
    return out


def sentences_with_numbers(block: Block) -> list[int]:
    """The indexes of the sentences of a block in which a number may stand."""
    starts = [s for s, _ in block.sentences]
    return sorted({bisect_right(starts, at) - 1 for at in anchored(block.plain)} - {-1})


def extract(
    text: str,
    *,
    published: str | None = None,
    title: str | None = None,
    url: str | None = None,
    publisher: str | None = None,
    source_id: str | None = None,
) -> list[Figure]:
    """Every figure of a text, in the order of the text."""
    return extract_source(
        make_source(
            text, published=published, title=title, url=url, publisher=publisher, source_id=source_id
        )
    )


def extract_source(source: Source) -> list[Figure]:
    text = source.text
    wrapped = is_wrapped(text)
    published = parse_day(source.published)
    home = home_of(source.url, None)
    out = []
    for start, end in blocks_of(text):
        if not anchored(text[start:end]):
            continue
        block = read_block(text, start, end, wrapped)
        for number in sentences_with_numbers(block):
            sentence = read_sentence(block, number, published)
            tokens = sentence.tokens
            for q in quantities(sentence, frozenset(), home):
                noun_end = q.noun[1] if q.noun else q.after
                f = qualify(tokens, q, noun_end)
                a, b = block.span(tokens.start[q.first], tokens.end[q.last - 1])
                item = tokens.words(*q.noun) if q.noun else None
                out.append(
                    Figure(
                        figure_id_of(source.source_id, a, b, q.dimension), source.source_id, a, b,
                        text[a:b], sentence.text[:1000], q.dimension, q.unit, f.value, f.low, f.high,
                        f.qualifier, q.per, item, item, None, None, None, None, None, None, None,
                        None, None, None, None, None, None, (), EXTRACTOR, q.rule,
                    )
                )
    return out
