"""A number said twice: ``forty (40) tanks``, ``40 (forty) tanks``."""

from __future__ import annotations

from dataclasses import replace

from extractors.numeral import Numeral
from extractors.tokens import Tokens


def join_doubled(tokens: Tokens, singles: list[Numeral]) -> list[Numeral]:
    """The numerals with each repetition taken into the one that it repeats."""
    out: list[Numeral] = []
    for numeral in singles:
        if out and _repeats(tokens, out[-1], numeral):
            out[-1] = replace(out[-1], last=numeral.last + 1)
        else:
            out.append(numeral)
    return out


def _repeats(tokens: Tokens, said: Numeral, again: Numeral) -> bool:
    if said.spelled == again.spelled or (said.low, said.kind) != (again.low, "exact"):
        return False
    between = again.first - said.last
    return between == 1 and tokens.at(said.last) == "(" and tokens.at(again.last) == ")"
