"""Verbs of approving that authorize: behind a parliament, or where a sale is approved.

"The *Senate* passed $2 billion", "Washington cleared the *sale* of 40 jets"; but a government that
approves a package only commits it.
"""

from __future__ import annotations

from extractors.tokens import Tokens
from extractors.words import word_set

_PARLIAMENTS = word_set("approval", "parliaments")
_NOT_PARLIAMENT = word_set("approval", "not_parliament")
_WISHES = word_set("approval", "wishes")
_VOTES = word_set("approval", "votes")
_SALES = word_set("approval", "sales")
_SUBJECT = 7  # words from a parliament to its verb
_VOTE = 9  # words from a vote to what it approves: "*voted* 311 to 112 on Saturday to approve"
_OBJECT = 8  # words from the verb to the sale


def authorizes(tokens: Tokens, first: int, last: int) -> bool:
    """Whether a verb of approving (tokens ``first`` to ``last``) is a parliament's or a sale's."""
    low = tokens.low
    if not _WISHES.isdisjoint(low[max(0, first - 2) : first]):
        return False
    if not _SALES.isdisjoint((*low[max(0, first - 4) : first], *low[last : last + _OBJECT])):
        return True
    if not _VOTES.isdisjoint(low[max(0, first - _VOTE) : first]):
        return True
    if tokens.at(last) == "by" and _parliament(tokens, last + 1, last + 6):
        return True
    return _parliament(tokens, first - _SUBJECT, first)


def _parliament(tokens: Tokens, start: int, end: int) -> bool:
    """Whether some tokens name a parliament ("the *House*", but not "the White House")."""
    return any(
        tokens.low[k] in _PARLIAMENTS and tokens.at(k - 1) not in _NOT_PARLIAMENT
        for k in range(max(0, start), min(end, len(tokens)))
    )
