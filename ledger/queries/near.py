"""What somebody may have meant by a name that is none."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches

_NAMED = 3  # names that are offered
_ALIKE = 0.75  # from which two names are alike, 1 being the same
_WORSE = 0.1  # by which an offer may be less alike than the best
_FEW = 24  # choices that an error can list


def near(written: str, choices: Iterable[str]) -> list[str]:
    """The few of ``choices`` that are most like a name, in any case; the likest first."""
    by_key = {choice.casefold(): choice for choice in choices}
    key = written.casefold()
    found = get_close_matches(key, by_key, n=_NAMED, cutoff=_ALIKE)
    if not found:
        return []
    best = _likeness(key, found[0])
    return [by_key[one] for one in found if _likeness(key, one) >= best - _WORSE]


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, other, one).ratio()


def unknown(what: str, written: str, choices: Iterable[str]) -> str:
    """One line for a name that is none: the near ones, else all where they are few."""
    held = list(dict.fromkeys(choices))
    if found := near(written, held):
        return f"{what} {written}: did you mean {' or '.join(found)}?"
    listed = f"; choose from {', '.join(held)}" if 0 < len(held) <= _FEW else ""
    return f"no {what} {written!r}{listed}"
