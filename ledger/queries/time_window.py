"""Windows of time: from a day, until a day, and as it was known on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from ledger.date_bounds import date_bounds

Day = str | date
# When a figure's document was published, and when a fact was first told.
_TOLD = ("published", "first_seen")


@dataclass(frozen=True, slots=True)
class Window:
    """What lies ``since`` one day, ``until`` another, both included, and what was known ``as_of``
    a third; None is open."""

    since: date | None = None
    until: date | None = None
    as_of: date | None = None

    @property
    def needs(self) -> tuple[str, ...]:
        """The columns of figures or facts by which rows are chosen; a frame has one of the last
        two."""
        dated = ("date_end",) if self.since or self.until else ()
        return (*dated, "date_start", *_TOLD) if self.as_of else dated

    def holds(self, frame: pd.DataFrame) -> pd.Series[bool]:
        """Which rows lie in it.

        A row lies where totals book it: at the end of its date; one without a date lies in no
        window. Known as of a day is what was published by then (where the day is known) and has not
        begun later.
        """
        kept = pd.Series(True, index=frame.index)
        if self.since:
            kept &= frame["date_end"] >= pd.Timestamp(self.since)
        if self.until:
            kept &= frame["date_end"] <= pd.Timestamp(self.until)
        if self.as_of:
            last = pd.Timestamp(self.as_of)
            kept &= ~(frame["date_start"] > last)
            for name in _TOLD:
                if name in frame:
                    kept &= ~(days(frame[name]) > last)
        return kept

    @property
    def words(self) -> tuple[str, ...]:
        """``("from 2022-03 until 2022-04-15", "as of 2022-12-31")``: a window of whole months or of
        one whole year is told by these; empty where it is open."""
        known = (f"as of {self.as_of}",) if self.as_of else ()
        return (span, *known) if (span := self._span) else known

    @property
    def _span(self) -> str:
        first, last = self.since, self.until
        if first and first == last:
            return f"on {first}"
        begins = first and (f"{first:%Y-%m}" if first.day == 1 else f"{first}")
        ends = last and (f"{last:%Y-%m}" if (last + timedelta(days=1)).day == 1 else f"{last}")
        if first and last and begins == ends:
            return f"in {begins}"
        if first and last and (begins, ends) == (f"{first:%Y}-01", f"{first:%Y}-12"):
            return f"in {first:%Y}"
        told = (("from", begins), ("until", ends))
        return " ".join(f"{word} {day}" for word, day in told if day)


OPEN = Window()


def window_of(since: Day | None, until: Day | None, as_of: Day | None) -> Window:
    """The window of dates as somebody gives them: a month or a year stands for its first day as
    ``since``, else for its last, and a time for its day. Raises ValueError for what is no date, and
    for an end before the beginning."""
    window = Window(_day(since, 0), _day(until, 1), _day(as_of, 1))
    if window.since and window.until and window.until < window.since:
        raise ValueError(f"nothing lies since {window.since} and until {window.until}")
    return window


def _day(given: Day | None, end: int) -> date | None:
    if isinstance(given, date):
        return date(given.year, given.month, given.day)
    bounds = date_bounds(given and given.partition("T")[0])
    return None if bounds is None else bounds[end]


def days(dates: pd.Series) -> pd.Series[pd.Timestamp]:
    """A column of dates, or of ISO texts of any precision, as days; NaT for what is none."""
    if dates.dtype.kind == "M":
        return dates
    return pd.to_datetime(dates.str.slice(0, len("2022-10-04")), format="ISO8601", errors="coerce")
