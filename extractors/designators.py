"""What is a number and no figure: ``F-16``, ``155mm``, ``section 506``, ``H.R. 7691``, list numbers.

The words that make a number a name stand in ``catalogue/designators.toml``.
"""

from __future__ import annotations

import re
from functools import cache

from extractors.catalogue import load
from extractors.numerals import Numeral
from extractors.tokens import Tokens

_ORDINALS = frozenset(("st", "nd", "rd", "th"))
_SCORE = re.compile(r"\d{1,3}$")


@cache
def _before() -> frozenset[str]:
    return frozenset(load("designators")["before"])


@cache
def calibre_words() -> frozenset[str]:
    """Nouns that make a calibre of a length before them."""
    return frozenset(load("designators")["calibre"])


def designator(tokens: Tokens, numeral: Numeral) -> str | None:
    """Why a numeral without a unit is no figure, None where nothing speaks against it."""
    i, j, n = numeral.first, numeral.last, len(tokens)
    before = tokens.low[i - 1] if i else ""
    after = tokens.low[j] if j < n else ""
    if not numeral.spelled:
        return _in_digits(tokens, numeral, before, after)
    if after and after in ("-", "\u2013") and tokens.glued(j) and numeral.kind == "exact":
        return None
    return "numbered name" if before in _before() and numeral.low < 100 and _names(tokens, i) else None


def _names(tokens: Tokens, i: int) -> bool:
    """Whether the word before a spelled number is a name's: "Phase Two", and not "day one hundred"."""
    return tokens.raw[i][0].isupper() or tokens.low[i - 1] in ("day", "phase", "number", "step", "part")


def _in_digits(tokens: Tokens, numeral: Numeral, before: str, after: str) -> str | None:
    i, j, n = numeral.first, numeral.last, len(tokens)
    if i and tokens.glued(i):
        if before[0].isalpha() or before in ("#", "_", "/", ".", "&", "=", "@"):
            return "part of a name"
        if before in ("-", "\u2013", "\u2014", "+") and i > 1 and tokens.glued(i - 1):
            return "part of a name" if before != "\u2014" else None
        if before == ":" and i > 1 and tokens.raw[i - 2][-1:].isdigit():
            return "score"
    if after and tokens.glued(j):
        if after in _ORDINALS:
            return "ordinal"
        if after[0].isalpha() and not numeral.suffix:
            return "part of a name"
        if after in ("/", ":", "\u00b0", "#", "_") and j + 1 < n and tokens.glued(j + 1):
            return "part of a name"
        if after in ("-", "\u2013") and j + 1 < n and tokens.glued(j + 1):
            follower = tokens.raw[j + 1]
            if follower[0].isdigit():
                return "score"
            if len(follower) == 1 and follower.isupper():
                return "part of a name"
    if before in ("#", "\u00a7", "\u2116"):
        return "numbered name"
    if i == 0 and after in (".", ")", ":") and j < n and tokens.glued(j) and _SCORE.match(tokens.raw[i]):
        return "list number"
    if before == "(" and after == ")" and not numeral.scaled and numeral.low < 1000 and numeral.kind == "exact":
        return "list number"
    if before.rstrip(".") in _before() or before in _before():
        if not (numeral.scaled or "," in tokens.raw[i]) and not (
            before in ("top", "no", "number", "numbers", "aid", "level") and _opens_noun(tokens, j)
        ):
            return "numbered name"
    if before == "of" and i > 2 and tokens.low[i - 2] in ("source", "sources") and False:
        return "numbered name"
    if before == "." and i > 1 and tokens.glued(i - 1) and tokens.low[i - 2] in ("no", "sec", "art", "nos"):
        return "numbered name"
    raw = tokens.raw[i]
    if raw.isdecimal() and len(raw) > 1 and raw[0] == "0":
        return "part of a name"
    if raw.isdecimal() and len(raw) >= 8 and not numeral.scaled:
        return "part of a name"
    return None


def _opens_noun(tokens: Tokens, j: int) -> bool:
    """Whether a common noun may begin at j."""
    return j < len(tokens) and tokens.low[j][0].isalpha() and tokens.raw[j].islower()
