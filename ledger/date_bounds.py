"""Dates at stated precision: ``2022-10-03``, ``2022-10`` and ``2022`` as first and last day."""

from __future__ import annotations

import calendar
import re
from datetime import date
from functools import lru_cache

from ledger.figure import FIRST_YEAR, LAST_YEAR

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z")


@lru_cache(maxsize=65_536)
def date_bounds(text: str | None) -> tuple[date, date] | None:
    """The first and last day that an ISO date of day, month or year precision covers.

    None for None. Raises ValueError for anything else that is not such a date, or is one of a year
    before 1000 or after 2999.
    """
    if text is None:
        return None
    match = _ISO.match(text)
    if match is None:
        raise ValueError(f"not an ISO date (YYYY, YYYY-MM or YYYY-MM-DD): {text!r}")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"not a date of the years {FIRST_YEAR} to {LAST_YEAR}: {text!r}")
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if day is None:
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    return date(year, month, day), date(year, month, day)
