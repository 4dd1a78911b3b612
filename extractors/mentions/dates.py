"""Dates in a sentence, resolved against the day the document was published.

ISO strings at the precision of the text (``2022-10-03``, ``2022-10``, ``2022``); a week gives its
last day (codebook). Without a day of publication, words such as *Tuesday* stay unresolved.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from extractors.catalogue import load
from extractors.text.number_words import vocabulary
from extractors.text.tokens import Tokens
from extractors.text.words import is_plural
from ledger.figure import FIRST_YEAR, LAST_YEAR

_YEAR = re.compile(r"(?:19|20)\d\d$")
_DAY = re.compile(r"(?:[12]?[0-9]|3[01])$|0[1-9]$")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.((?:19|20)\d\d)")
_FEW_DIGITS = re.compile(r"\d{1,4}")
_TWO_DIGITS = re.compile(r"\d\d")
_YEAR_END = re.compile(r"\d\d|(?:19|20)\d\d")
_OLD_YEAR = re.compile(r"1[0-9]\d\d|20\d\d")
_CLOCK = re.compile(r"\d{1,2}(?:\.[0-5]\d)?")
_ORDINAL = frozenset(("st", "nd", "rd", "th"))


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


@cache
def _words() -> dict[str, Any]:
    return {
        name: frozenset(words) if isinstance(words, list) else words
        for name, words in load("calendar").items()
        if name != "example"
    }


@cache
def _openers() -> frozenset[str]:
    """The words with which a date can begin, or end (*ago*)."""
    words = _words()
    names = (*words["months"], *words["weekdays"], *words["days"])
    return frozenset((*names, *words["steps"], "ago", "day"))


def parse_day(iso: str | None) -> date | None:
    """The day that an ISO string of any precision states: its last day; None without a string."""
    if not iso:
        return None
    try:
        if len(iso) >= 10:
            return date.fromisoformat(iso[:10])
        if len(iso) == 7:
            year, month = int(iso[:4]), int(iso[5:7])
            first = date(year, month, 1)
            return first.replace(day=monthrange(year, month)[1])
        return date(int(iso[:4]), 12, 31)
    except ValueError:
        return None


def find_dates(tokens: Tokens, published: date | None) -> list[DateMention]:
    """All dates of a sentence, from left to right, none overlapping."""
    openers = _openers()
    out: list[DateMention] = []
    done = 0
    for i, word in enumerate(tokens.low):
        if i >= done and (word in openers or word[0].isdecimal()):
            found = _date_at(tokens, i, published)
            if found is not None:
                out.append(found)
                done = found.last
    return out


def _date_at(tokens: Tokens, i: int, published: date | None) -> DateMention | None:
    """The date that begins at token i (or ends there with *ago*)."""
    low, words = tokens.low[i], _words()
    if low[0].isdecimal():
        return (
            _numeric(tokens, i)
            or _day_month(tokens, i, published)
            or _clock(tokens, i)
            or _year(tokens, i)
        )
    if low in words["months"]:
        return _month_first(tokens, i, published)
    if low in words["weekdays"]:
        return _weekday(tokens, i, words["weekdays"][low], published)
    if low in words["days"]:
        return DateMention(i, i + 1, _shift(published, words["days"][low]), "day")
    if low == "ago":
        return _ago(tokens, i, published)
    if low == "day":
        numbered = tokens.at(i + 1).isdecimal()
        return DateMention(i, i + 2, None, "clock") if numbered else None
    return _last_this(tokens, i, published)


def _shift(published: date | None, days: int) -> str | None:
    if published is None:
        return None
    try:
        day = published + timedelta(days=days)
    except OverflowError:
        return None
    return _iso(day.year, day.month, day.day)


def _iso(year: int, month: int, day: int) -> str | None:
    """A day; None where the calendar has none such, or where nothing can have happened."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def iso_month(year: int, month: int) -> str | None:
    """A month (``2022-10``), as :func:`_iso` has its first day."""
    day = _iso(year, month, 1)
    return day and day[: len("2022-10")]


def _iso_year(year: int) -> str | None:
    day = _iso(year, 1, 1)
    return day and day[: len("2022")]


def year_before(iso: str) -> str | None:
    """The same day, month or year a year before; None where there is none (29 February)."""
    year, *rest = map(int, iso.split("-"))
    found = _iso(year - 1, *(*rest, 1, 1)[:2])
    return found and found[: len(iso)]


def _numeric(tokens: Tokens, i: int) -> DateMention | None:
    """``2022-10-03``, ``6.04.2022``, ``10/4/2022`` (month first), ``3/1/22``."""
    raw = tokens.raw[i]
    dotted = _DOTTED.fullmatch(raw) if "." in raw else None
    if dotted:
        day, month, year = (int(part) for part in dotted.groups())
        return DateMention(i, i + 1, _iso(year, month, day), "day")
    mark = tokens.at(i + 1)
    if mark not in ("-", "/") or tokens.at(i + 3) != mark or i + 4 >= len(tokens):
        return None
    parts = tokens.raw[i : i + 5 : 2]
    if len(raw) != 4 and len(parts[2]) not in (2, 4):
        return None
    if not all(map(_FEW_DIGITS.fullmatch, parts)):
        return None
    if not all(tokens.glued(k) for k in range(i + 1, i + 5)):
        return None
    a, b, c = (int(part) for part in parts)
    if len(parts[0]) == 4 and b <= 12:
        return DateMention(i, i + 5, _iso(a, b, c), "day")
    if len(parts[2]) not in (2, 4) or a > 31 or b > 31:
        return None
    year = c if len(parts[2]) == 4 else 2000 + c
    iso = _iso(year, a, b) if a <= 12 else _iso(year, b, a)
    return DateMention(i, i + 5, iso, "day")


def _day_month(tokens: Tokens, i: int, published: date | None) -> DateMention | None:
    """``3 October``, ``3rd of October 2022``, ``22-23 February``."""
    n = len(tokens)
    if not _DAY.match(tokens.raw[i]):
        return None
    j = i + 1
    if j < n and tokens.low[j] in _ORDINAL and tokens.glued(j):
        j += 1
    if (
        j + 1 < n
        and tokens.low[j] in ("-", "\u2013", "and", "to")
        and _DAY.match(tokens.raw[j + 1])
    ):
        k = j + 2
        if k < n and tokens.low[k] in _words()["months"]:
            return _finish_month(tokens, i, k, int(tokens.raw[j + 1]), published)
    if j < n and tokens.low[j] == "of":
        j += 1
    if j < n and tokens.low[j] in _words()["months"]:
        if tokens.raw[j].islower() and tokens.low[j] in ("may", "march"):
            return None
        return _finish_month(tokens, i, j, int(tokens.raw[i]), published)
    return None


def _finish_month(
    tokens: Tokens, first: int, month_at: int, day: int, published: date | None
) -> DateMention | None:
    month = _words()["months"][tokens.low[month_at]]
    j = month_at + 1
    n = len(tokens)
    while j < n and tokens.low[j] in (".", ","):
        j += 1
    if j < n and _YEAR.match(tokens.raw[j]):
        return DateMention(first, j + 1, _iso(int(tokens.raw[j]), month, day), "day")
    iso = _nearest(tokens, first, month, day, published)
    return DateMention(first, month_at + 1, iso, "day")


def _nearest(
    tokens: Tokens, first: int, month: int, day: int | None, published: date | None
) -> str | None:
    """The year that a date without one means: the last such day, or the next if that is near."""
    if published is None:
        return None
    future = any(w in _words()["future"] for w in tokens.low[max(0, first - 12) : first])
    ahead = month - published.month
    # what lies ahead is meant when the sentence looks ahead, or when it is close at hand
    last_year = ahead > (11 if future else 2)
    year = published.year - 1 if last_year else published.year
    if future and ahead < -9:
        year += 1
    if day is None:
        return iso_month(year, month)
    return _iso(year, month, day)


def _month_first(tokens: Tokens, i: int, published: date | None) -> DateMention | None:
    """``Oct. 4, 2022``, ``February 22-23``, ``October 2022``, ``in October``."""
    n = len(tokens)
    low = tokens.low[i]
    month = _words()["months"][low]
    if not tokens.raw[i][0].isupper():
        return None
    j = i + 1
    if j < n and tokens.raw[j] == "." and tokens.glued(j):
        j += 1
    if j < n and tokens.low[j] == "the":
        j += 1
    if (
        j < n
        and _DAY.match(tokens.raw[j])
        and not (j + 1 < n and tokens.glued(j + 1) and tokens.raw[j + 1] in ("%", ":"))
    ):
        day, j = int(tokens.raw[j]), j + 1
        if j < n and tokens.low[j] in _ORDINAL and tokens.glued(j):
            j += 1
        linked = j + 1 < n and tokens.low[j] in ("-", "\u2013") and _DAY.match(tokens.raw[j + 1])
        if linked:
            day, j = int(tokens.raw[j + 1]), j + 2
        k = j + 1 if j < n and tokens.low[j] == "," else j
        if k < n and _YEAR.match(tokens.raw[k]):
            return DateMention(i, k + 1, _iso(int(tokens.raw[k]), month, day), "day")
        return DateMention(i, j, _nearest(tokens, i, month, day, published), "day")
    k = j + 1 if j < n and tokens.low[j] in (",", "of") else j
    if k < n and _YEAR.match(tokens.raw[k]):
        return DateMention(i, k + 1, f"{int(tokens.raw[k]):04d}-{month:02d}", "month")
    before = tokens.low[i - 1] if i else ""
    if low in _words()["bare"] and before not in _words()["before_month"]:
        return None
    return DateMention(i, i + 1, _nearest(tokens, i, month, None, published), "month")


def _weekday(tokens: Tokens, i: int, weekday: int, published: date | None) -> DateMention | None:
    if not tokens.raw[i][0].isupper():
        return None
    if published is None:
        return DateMention(i, i + 1, None, "day")
    back = (published.weekday() - weekday) % 7
    before = tokens.low[i - 1] if i else ""
    if before == "next":
        back -= 7
    elif before == "last" and back == 0:
        back = 7
    return DateMention(i, i + 1, _shift(published, -back), "day")


def _last_this(tokens: Tokens, i: int, published: date | None) -> DateMention | None:
    """``last week``, ``this year``, ``earlier this month``, ``last night``, ``last October``."""
    n = len(tokens)
    if i + 1 >= n:
        return None
    which, what = tokens.low[i], tokens.low[i + 1]
    if which in ("last", "past") and i and tokens.low[i - 1] == "the":
        return None  # "in the past week" is a span, not a day
    if what == "night" and which == "last":
        return DateMention(i, i + 2, _shift(published, -1), "day")
    if what in ("morning", "afternoon", "evening", "night") and which == "this":
        return DateMention(i, i + 2, _shift(published, 0), "day")
    if published is None:
        return None
    step = {"last": -1, "previous": -1, "past": -1, "this": 0, "next": 1}.get(which)
    if step is None or (which == "past" and what not in ("week", "weekend")):
        return None
    if what in ("week", "weekend"):
        if step == 0:
            return DateMention(i, i + 2, published.isoformat(), "relative")
        sunday = _shift(published, 6 - published.weekday() + 7 * step)
        return DateMention(i, i + 2, sunday, "relative")
    if what == "month":
        months = published.year * 12 + published.month - 1 + step
        return DateMention(i, i + 2, iso_month(months // 12, months % 12 + 1), "month")
    if what == "year" and which != "past":
        return DateMention(i, i + 2, _iso_year(published.year + step), "year")
    return None


def _ago(tokens: Tokens, i: int, published: date | None) -> DateMention | None:
    """``two days ago``, ``a few weeks ago``: the longer ago, the less precise."""
    unit = tokens.low[i - 1].rstrip("s") if i else ""
    if unit not in _words()["units"] or i < 2 or published is None:
        return None
    word = tokens.low[i - 2]
    number = int(word) if word.isdecimal() and len(word) < 4 else vocabulary().words.get(word)
    if word in ("a", "an"):
        number = 1
    elif word in ("few", "several"):
        number = 3
    if number is None:
        return None
    first = i - 2
    if unit == "year":
        return DateMention(first, i + 1, _iso_year(published.year - number), "relative")
    iso = _shift(published, -number * _words()["units"][unit])
    if iso is not None and unit != "day":
        iso = iso[:7]
    return DateMention(first, i + 1, iso, "relative")


def _clock(tokens: Tokens, i: int) -> DateMention | None:
    """``4:54 P.M.``, ``5 a.m.``, ``10.45pm``, ``2:17:40``: never a figure."""
    j = i + 1
    while tokens.at(j) == ":" and tokens.glued(j) and tokens.glued(j + 1):
        if not _TWO_DIGITS.fullmatch(tokens.raw[j + 1]):
            break
        j += 2
    clock = j > i + 1
    part = tokens.at(j).rstrip(".")
    told = part in _words()["halves_of_day"] or (clock and part in _words()["zones"])
    if told and _CLOCK.fullmatch(tokens.raw[i]) and tokens.at(j + 1) != "/":
        return DateMention(i, j + 1, None, "clock")
    return DateMention(i, j, None, "clock") if clock else None


def _year(tokens: Tokens, i: int) -> DateMention | None:
    """``in 2022``, ``the 2023 budget``, ``1990s``, ``2022-23``; not ``2000 troops``."""
    raw = tokens.raw[i]
    if not _YEAR.match(raw):
        return _old_years(tokens, i)
    if tokens.glued(i) and (tokens.raw[i - 1][0].isalpha() or tokens.raw[i - 1] in "$€£"):
        return None
    j = i + 1
    after = tokens.at(j)
    if after == "s" and tokens.glued(j):
        return DateMention(i, j + 1, raw, "clock")
    if after in ("-", "/", "–") and _YEAR_END.fullmatch(tokens.at(j + 1)):
        end = tokens.raw[j + 1]
        return DateMention(i, j + 2, end if len(end) == 4 else raw, "year")
    if after and tokens.glued(j) and (after[0].isalpha() or after in ("%", ":")):
        return None
    before = tokens.at(i - 1)
    year = DateMention(i, j, raw, "year")
    if before in _words()["before_year"]:
        return year
    round_number = int(raw) % 50 == 0
    if round_number and after[:1].isalpha() and after not in _words()["behind_year"]:
        return None
    return None if round_number and before in _words()["before_round"] else year


def _old_years(tokens: Tokens, i: int) -> DateMention | None:
    """``between 1600 and 1850 the climate``: two years that are no number of things."""
    if tokens.at(i - 1) not in ("between", "from"):
        return None
    first, link, last = tokens.raw[i], tokens.at(i + 1), tokens.at(i + 2)
    if link not in ("and", "to", "until"):
        return None
    if not (_OLD_YEAR.fullmatch(first) and _OLD_YEAR.fullmatch(last) and first < last):
        return None
    following = tokens.raw[i + 3] if i + 3 < len(tokens) else ""
    if following[:1].isupper() or following in ("%", "-") or is_plural(following):
        return None
    return DateMention(i, i + 3, last, "year")
