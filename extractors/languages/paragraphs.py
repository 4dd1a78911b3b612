"""A paragraph in the sentences of its language, and a sentence in its words."""

from __future__ import annotations

import re
from dataclasses import replace

from extractors.languages.tongue import Tongue
from extractors.text.document import Block, append_sentence
from extractors.text.tokens import Tokens, tokenize

_STOP = re.compile(r"[.?!\u2026][\"')\]]*[ ]+(?=[\"'(\[]*[^\s\"'(\[])|\n")
_LAST_WORD = re.compile(r"[^\s(\"'/.]*$")
_NEXT_WORD = re.compile(r"[\"'(\[]*([^\W_]+)")
_WORD = 24  # characters
_ORDINAL = 3  # digits of "the 112. brigade"


def in_sentences(block: Block, tongue: Tongue) -> Block:
    """The same paragraph, cut where its language ends a sentence."""
    out: list[tuple[int, int]] = []
    start = 0
    for match in _STOP.finditer(block.plain):
        if _ends(block.plain, start, match, tongue):
            append_sentence(block.plain, start, match.end(), out)
            start = match.end()
    append_sentence(block.plain, start, len(block.plain), out)
    return replace(block, sentences=tuple(out))


def _ends(plain: str, start: int, match: re.Match[str], tongue: Tongue) -> bool:
    """Whether a stop ends a sentence, and no abbreviation, ordinal or initial."""
    if plain[match.start()] == "\n":
        return True
    following = _NEXT_WORD.match(plain, match.end())
    word = following.group(1) if following else ""
    if word[:1].islower():
        return False
    if plain[match.start()] != ".":
        return True
    last = _LAST_WORD.search(plain, max(start, match.start() - _WORD), match.start())
    before = last.group() if last else ""
    opens = tongue.has("openers", word.lower()) and word[:1].isupper()
    if before.isdecimal():
        first = not plain[start : match.start() - len(before)].strip()
        short = len(before) <= _ORDINAL and word[:1].isalpha()
        return not (short and (first or (tongue.ordinal_dot and not opens)))
    if tongue.has("abbreviations", before.lower()) or (len(before) == 1 and before.isupper()):
        return opens
    return True


def words_of(plain: str, start: int, end: int, tongue: Tongue) -> Tokens:
    """The words of a sentence; what elides before a vowel is no part of the word behind it."""
    tokens = tokenize(plain, start, end)
    if not tongue.elided:
        return tokens
    low = tuple([_unelided(word, tongue) for word in tokens.low])
    return Tokens(tokens.raw, low, tokens.start, tokens.end)


def _unelided(word: str, tongue: Tongue) -> str:
    if "'" in word and word.startswith(tongue.elided):
        return word.partition("'")[2]
    return word
