"""Windows of time: from a day, until a day, and as it was known on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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
    def words(self) -> str:
        """``From 2022-03-01 until 2022-03-31.``, "" where it is open."""
        told = (("from", self.since), ("until", self.until), ("as of", self.as_of))
        line = " ".join(f"{word} {day}" for word, day in told if day)
        return line and f"{line[:1].upper()}{line[1:]}."


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
