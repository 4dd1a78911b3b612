"""Who says a figure, as written, and how sure the text is (``catalogue/speech.toml``)."""

from __future__ import annotations

from functools import cache

from extractors.catalogue import load
from extractors.mentions.calendar_words import is_month
from extractors.numbers.quantity import Quantity
from extractors.passage.sentence import Sentence
from extractors.text.in_order import Mentions
from extractors.text.lexicon import Index, Mention, index_of
from extractors.text.once import once
from extractors.text.tokens import Tokens
from extractors.text.words import word_set

_SPEAKER_LENGTH = 14
_CERTAINTY_REACH = 16
_BOUNDS = word_set("speaker", "bounds")
_NOBODY = word_set("speaker", "nobody")


@cache
def phrases(section: str, name: str) -> Index[str]:
    """The phrases of a list of ``catalogue/speech.toml``, each with the name of its list."""
    return index_of((phrase, name) for phrase in load("speech")[section][name])


@once
def attribution_of(sentence: Sentence) -> str | None:
    """Who says what the sentence tells, in the text's own words; None where nobody is named."""
    tokens = sentence.tokens
    for mention in phrases("speech", "sources").find(tokens):
        return _text(sentence, mention.last, _end_after(tokens, mention.last))
    for mention in phrases("speech", "verbs").find(tokens):
        if tokens.raw[mention.first][0].isupper():  # "the United States" says nothing
            continue
        before = _start_before(tokens, mention.first)
        if (
            before < mention.first
            and tokens.low[before] not in _NOBODY
            and tokens.raw[before][0].isalpha()
        ):
            return _text(sentence, before, mention.first)
        after = mention.last
        if after < len(tokens) and tokens.raw[after][0].isupper():
            return _text(sentence, after, _end_after(tokens, after))
    return None


def certainty_of(sentence: Sentence, quantity: Quantity) -> tuple[str, str]:
    """How sure the text is (stated, estimated, unconfirmed, expected), with the word for it."""
    first, last = quantity.first - _CERTAINTY_REACH, quantity.first + _CERTAINTY_REACH
    for name, mentions in _hedges(sentence).items():
        mention = mentions.first_behind(first)
        if mention is not None and mention.first <= last:
            return name, sentence.tokens.words(mention.first, mention.last)
    return "stated", ""


@once
def _hedges(sentence: Sentence) -> dict[str, Mentions[Mention[str]]]:
    """The degrees of certainty of which words stand in a sentence, what counts most first."""
    out = {}
    for name in load("speech")["certainty"]:
        hedges = phrases("certainty", name).find(sentence.tokens)
        found = [m for m in hedges if not is_month(sentence.tokens, m.first)]
        if found:
            out[name] = Mentions(found)
    return out


def _end_after(tokens: Tokens, j: int) -> int:
    """The first token behind the name of a speaker that begins at token j."""
    k = j
    while k < len(tokens) and k - j < _SPEAKER_LENGTH and tokens.low[k] not in _BOUNDS:
        k += 1
    return k


def _start_before(tokens: Tokens, i: int) -> int:
    """The first word of the subject before a verb of speech."""
    k = i
    while k and i - k < _SPEAKER_LENGTH and tokens.low[k - 1] not in _BOUNDS:
        k -= 1
    return k


def _text(sentence: Sentence, first: int, last: int) -> str | None:
    return sentence.written(first, last) if first < last else None
