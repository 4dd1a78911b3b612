"""What a document tells of all its dates: when it was published, and how it writes them.

``5/3/2023`` is in March or in May, ``13/3/2023`` beside it shows which.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from extractors.catalogue import load

_SLASHED = re.compile(r"(?<![\d/.-])(\d{1,2})([/-])(\d{1,2})\2(?:\d\d){1,2}(?![\d/-])")
_LAST_MONTH = 12


def unknown() -> None:
    """What is known of the dates of a document where none is given."""


@dataclass(frozen=True, slots=True)
class DateFrame:
    """What the dates of a document are resolved against.

    ``day_first``: whether it writes the day first; ``told_later``: whether it also tells of what
    came after its day of publication, as a tracker's record does. Both are asked where it matters.
    """

    published: date | None = None
    day_first: Callable[[], bool | None] = unknown
    told_later: Callable[[], bool | None] = unknown


def writes_day_first(text: str) -> bool | None:
    """Whether a document's dates in digits have their day first, else those with a spelled month;
    None where neither shows, or both ways are used."""
    found = [(int(a), int(b)) for a, _, b in _SLASHED.findall(text)]
    first = any(a > _LAST_MONTH >= b for a, b in found)
    second = any(b > _LAST_MONTH >= a for a, b in found)
    if first or second:
        return None if first and second else first
    day_first, month_first = (form.search(text) is not None for form in _spelled())
    return None if day_first == month_first else day_first


@cache
def _spelled() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A day before, and one behind, the name of a month."""
    months = "|".join(name.capitalize() for name in load("calendar")["months"])
    number = r"\d{1,2}(?:st|nd|rd|th)?"
    return (
        re.compile(rf"(?<![\d.,/]){number} (?:of )?(?:{months})\b"),
        re.compile(rf"\b(?:{months})\.? {number}(?![\d.,:%]*\d)"),
    )
