"""Dates as documents and their metadata write them, alone in a field: ISO, RFC 2822, English."""

from __future__ import annotations

import re
from datetime import date

ISO_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?=$|[T\s])")
WRITTEN_DATES = ("%d %B %Y", "%B %d, %Y", "%d %b %Y", "%b %d, %Y", "%b. %d, %Y")
# Years of publication. Beyond them lie the empty dates of other systems: 0001-01-01, 9999-12-31.
FIRST_PUBLISHED, LAST_PUBLISHED = 1900, 2100


def iso_date(written: str) -> str | None:
    """The ISO date in a written date or timestamp, at its precision, or None if there is none.

    Reads ISO 8601 (``2022-10-04T12:00:00Z``, ``2022-10``, ``2022``), RFC 2822 (feeds and mail) and
    the English forms ``4 October 2022`` and ``October 4, 2022``. A timestamp keeps the day that it
    names: no change of time zone.
    """
    written = written.strip()
    if found := ISO_DATE.match(written):
        year, month, day = (int(part) if part else 1 for part in found.groups())
        return found[0] if _is_day(year, month, day) else None
    from datetime import datetime
    from email.utils import parsedate

    if "," in written and (parsed := parsedate(written)) and _is_day(*parsed[:3]):
        return date(*parsed[:3]).isoformat()
    for form in WRITTEN_DATES:
        try:
            return datetime.strptime(written, form).date().isoformat()
        except ValueError:
            continue
    return None


def published_on(written: str | None) -> str | None:
    """The ISO date in a written date of publication; None where it is none of 1900 to 2100."""
    day = iso_date(written) if written else None
    return day if day and FIRST_PUBLISHED <= int(day[:4]) <= LAST_PUBLISHED else None


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except (ValueError, OverflowError):
        return False
    return True
