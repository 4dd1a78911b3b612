"""Days, months and years as ISO strings, at the precision of the text: ``2022-10-03``, ``2022``."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from ledger.figure import FIRST_YEAR, LAST_YEAR


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date, tokens ``first`` to ``last`` (exclusive); ``iso`` is None if it cannot be resolved.

    ``kind``: ``day``, ``month``, ``year``, ``relative`` (ago, last week), or ``clock`` for times of
    the day and other calendar numbers that are never a figure and date nothing.
    """

    first: int
    last: int
    iso: str | None
    kind: str


def parse_day(iso: str | None) -> date | None:
    """The day that an ISO string of any precision states: its last day; None without a string."""
    if not iso:
        return None
    try:
        if len(iso) >= 10:
            return date.fromisoformat(iso[:10])
        if len(iso) == 7:
            year, month = int(iso[:4]), int(iso[5:7])
            return date(year, month, monthrange(year, month)[1])
        return date(int(iso[:4]), 12, 31)
    except ValueError:
        return None


def iso_day(year: int, month: int, day: int) -> str | None:
    """A day; None where the calendar has none such, or where nothing can have happened."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def iso_month(year: int, month: int) -> str | None:
    """A month (``2022-10``), as :func:`iso_day` has its first day."""
    day = iso_day(year, month, 1)
    return day and day[: len("2022-10")]


def iso_year(year: int) -> str | None:
    """A year (``2022``), as :func:`iso_day` has its first day."""
    day = iso_day(year, 1, 1)
    return day and day[: len("2022")]


def shifted(day: date | None, days: int) -> str | None:
    """A day so many days later, or before; None where there is none."""
    if day is None:
        return None
    try:
        later = day + timedelta(days=days)
    except OverflowError:
        return None
    return iso_day(later.year, later.month, later.day)


def shifted_months(day: date, months: int) -> str | None:
    """The month so many months later, or before."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return iso_month(year, month + 1)


def years_later(iso: str, years: int) -> str | None:
    """The same day, month or year so many years later; None where there is none (29 February)."""
    year, *rest = map(int, iso.split("-"))
    found = iso_day(year + years, *(*rest, 1, 1)[:2])
    return found and found[: len(iso)]


def year_before(iso: str) -> str | None:
    """The same day, month or year a year before; None where there is none."""
    return years_later(iso, -1)
