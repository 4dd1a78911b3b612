"""Who says a figure, as written, and how sure the text is (``catalogue/speech.toml``)."""

from __future__ import annotations

from functools import cache

from extractors.catalogue import load
from extractors.lexicon import Index
from extractors.quantity import Quantity
from extractors.reading import Sentence
from extractors.tokens import Tokens

_ENDS = frozenset(
    (
        ",",
        ";",
        ":",
        ".",
        "(",
        ")",
        '"',
        "\u2014",
        "\u2013",
        "that",
        "but",
        "and",
        "while",
        "as",
        "who",
        "which",
    )
)
_SPEAKER_LENGTH = 14
_PRONOUNS = frozenset(("he", "she", "it", "they", "we", "i", "who", "which", "that", "there"))


@cache
def _phrases(section: str, name: str) -> Index[str]:
    index: Index[str] = Index()
    for phrase in load("speech")[section][name]:
        index.add(phrase, name)
    index.sort()
    return index


def attribution_of(sentence: Sentence) -> str | None:
    """Who says what the sentence tells, in the text's own words; None where nobody is named."""
    tokens = sentence.tokens
    for mention in _phrases("speech", "sources").find(tokens):
        return _text(sentence, mention.last, _end_after(tokens, mention.last))
    for mention in _phrases("speech", "verbs").find(tokens):
        if tokens.raw[mention.first][0].isupper():  # "the United States" says nothing
            continue
        before = _start_before(tokens, mention.first)
        if (
            before < mention.first
            and tokens.low[before] not in _PRONOUNS
            and tokens.raw[before][0].isalpha()
        ):
            return _text(sentence, before, mention.first)
        after = mention.last
        if after < len(tokens) and tokens.raw[after][0].isupper():
            return _text(sentence, after, _end_after(tokens, after))
    return None


def certainty_of(sentence: Sentence, quantity: Quantity) -> tuple[str, str]:
    """How sure the text is: stated, estimated, unconfirmed, expected; with the word that says so."""
    for name in load("speech")["certainty"]:
        for mention in _phrases("certainty", name).find(sentence.tokens):
            if abs(mention.first - quantity.first) <= 16:
                return name, sentence.tokens.words(mention.first, mention.last)
    return "stated", ""


def _end_after(tokens: Tokens, j: int) -> int:
    k = j
    while k < len(tokens) and k - j < _SPEAKER_LENGTH and tokens.low[k] not in _ENDS:
        k += 1
    return k


def _start_before(tokens: Tokens, i: int) -> int:
    """The first word of the subject before a verb of speech."""
    k = i
    while k and i - k < _SPEAKER_LENGTH and tokens.low[k - 1] not in _ENDS:
        k -= 1
    return k


def _text(sentence: Sentence, first: int, last: int) -> str | None:
    if last <= first:
        return None
    tokens = sentence.tokens
    return sentence.block.plain[tokens.start[first] : tokens.end[last - 1]]
