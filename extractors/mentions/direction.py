"""Which way a date without a year lies: "sent in April" and "will send in April" are a year apart.

The nearest verb tells: the one before the date, else the first behind it that is sure.
"""

from __future__ import annotations

from extractors.mentions.calendar_words import direction_words, is_month
from extractors.text.once import once
from extractors.text.tokens import Tokens

# How many months ahead a date may lie to be the next such day and not the last one.
BACK = 0  # it has happened
NEAR = 2  # nothing tells
LIKELY = 9  # a promise of the past, or one that some words make
AHEAD = 12  # it is still to come

_REACH = 16  # words from a date to the verb that tells
_WALL = ";"


def months_ahead(tokens: Tokens, first: int, last: int) -> int:
    """How far ahead the date at tokens ``first`` to ``last`` (exclusive) may lie, in months."""
    told = _told(tokens)
    before = next(
        (told[k] for k in _until_wall(tokens, range(first - 1, first - 1 - _REACH, -1), told)), None
    )
    if before is not None:
        return before
    behind = _until_wall(tokens, range(last, last + _REACH), told)
    return next((told[k] for k in behind if told[k] != LIKELY), NEAR)


def looks_ahead(tokens: Tokens, first: int, last: int) -> bool:
    """Whether a date is still to come, as the verb tells."""
    return months_ahead(tokens, first, last) > NEAR


def _until_wall(tokens: Tokens, places: range, told: dict[int, int]) -> list[int]:
    """Those places that tell, up to the end of the clause."""
    found = []
    for k in places:
        if not 0 <= k < len(tokens) or tokens.low[k] == _WALL:
            break
        if k in told:
            found.append(k)
    return found


@once
def _told(tokens: Tokens) -> dict[int, int]:
    """The words of a sentence that tell, by their places, and how many months ahead each allows."""
    words = direction_words()
    out: dict[int, int] = {}
    for k, low in enumerate(tokens.low):
        if low in words["ahead"] and not is_month(tokens, k):
            out[k] = AHEAD
        elif low in words["likely"] and not is_month(tokens, k):
            out[k] = BACK if tokens.at(k - 1) in words["were"] else LIKELY
        elif low in words["back"] or _is_past_form(tokens, k, words):
            if tokens.at(k - 1) not in words["auxiliaries"]:  # "will *be* sent": the first tells
                out[k] = BACK
        elif low == "to" and tokens.at(k + 1) in words["open"]:
            out[k] = _infinitive(tokens.at(k - 1), words)
    return out


def _infinitive(before: str, words: dict[str, frozenset[str]]) -> int:
    """What a verb behind "to" tells, by the word before it: "*plans* to send", "*agreed* to"."""
    if before in words["were"]:
        return BACK
    return LIKELY if before in words["likely"] or before in words["to_come"] else NEAR


def _is_past_form(tokens: Tokens, k: int, words: dict[str, frozenset[str]]) -> bool:
    """Whether a word in -ed is a verb, and no adjective: "4 *armed* vans", "the *promised* one"."""
    low, before = tokens.low[k], tokens.at(k - 1)
    if not low.endswith("ed") or len(low) < 5 or low in words["adjectives"]:
        return False
    described = tokens.at(k + 1)[:1].isalpha()
    counted = before in words["before_adjectives"] or before[:1].isdecimal()
    return before != "-" and not (counted and described)
