"""Dates that the day of publication resolves: *Tuesday*, *last autumn*, *two weeks ago*."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from extractors.mentions.calendar_words import calendar_words, holidays, phrases
from extractors.mentions.date_frame import DateFrame
from extractors.mentions.direction import BACK, LIKELY, NEAR, looks_ahead, months_ahead
from extractors.mentions.iso_dates import (
    DateMention,
    iso_day,
    iso_month,
    iso_year,
    shifted,
    shifted_months,
)
from extractors.text.number_words import vocabulary
from extractors.text.tokens import Tokens
from extractors.text.words import word_set

_BEFORE_LAST = ("before", "last")
_YEAR_LENGTH = 12  # months
_WEEK = 7
_SEASON = 3  # months


def nearest(
    tokens: Tokens, first: int, last: int, when: tuple[int, int | None], frame: DateFrame
) -> str | None:
    """The month and day ``when`` without a year: the last such, or the next one.

    The words right before say it, or the verb (:mod:`extractors.mentions.direction`).
    """
    published = frame.published
    if published is None:
        return None
    month, day = when
    here = (published.month, published.day) if day else (published.month, None)
    step = _step(tokens.at(first - 1))
    if when == here or step == 0:
        return _dated(published.year + (step or 0), month, day)
    later = (month, day or 0) > (here[0], here[1] or 0)
    ahead = month - published.month + (0 if later else _YEAR_LENGTH)
    reach = _YEAR_LENGTH * max(step, 0) if step else months_ahead(tokens, first, last)
    if reach < NEAR and step is None and frame.told_later():
        reach = NEAR
    coming = reach != BACK and (ahead <= reach if reach != LIKELY else later or ahead <= NEAR)
    return _dated(published.year + (not later) - (not coming), month, day)


def _step(word: str) -> int | None:
    """How many spans of time lie between, by the word before one: -1 of *last*, 1 of *next*."""
    step: int | None = calendar_words()["steps"].get(word)
    return step


def _dated(year: int, month: int, day: int | None) -> str | None:
    return iso_month(year, month) if day is None else iso_day(year, month, day)


def year_said(
    tokens: Tokens, k: int, frame: DateFrame, before: str | None
) -> tuple[int, int] | None:
    """The year that words at token k say, and the token behind: "last year", "of that year".

    ``before``: the date told before, whose year "that year" is.
    """
    published = frame.published
    k += tokens.at(k) == "of"
    if tokens.follows(k, ("the", "same")):
        k += 1
    if tokens.at(k + 1) != "year":
        return None
    word = tokens.at(k)
    if word in ("that", "same") and before:
        return int(before[:4]), k + 2
    step = _step(word)
    return None if step is None or published is None else (published.year + step, k + 2)


def weekday(tokens: Tokens, i: int, frame: DateFrame) -> DateMention | None:
    """``Tuesday``, ``last Friday``, ``Monday of last week``: the last one, or the next."""
    published = frame.published
    if not tokens.raw[i][0].isupper():
        return None
    if published is None:
        return DateMention(i, i + 1, None, "day")
    day = calendar_words()["weekdays"][tokens.low[i]]
    k = i + 1 + (tokens.at(i + 1) == "of")
    week = _step(tokens.at(k)) if tokens.at(k + 1) == "week" else None
    if week is not None:
        ahead = day - published.weekday() + _WEEK * week
        return DateMention(i, k + 2, shifted(published, ahead), "day")
    back = (published.weekday() - day) % _WEEK
    before = tokens.at(i - 1)
    if tokens.follows(i + 1, ("a", "week", "ago")):
        back += _WEEK * (back <= _WEEK // 2)
        return DateMention(i, i + 4, shifted(published, -back), "day")
    if before == "next" or (before != "last" and back and looks_ahead(tokens, i, i + 1)):
        back -= _WEEK
    elif before == "last" and back == 0:
        back = _WEEK
    return DateMention(i, i + 1, shifted(published, -back), "day")


def phrase(tokens: Tokens, i: int, frame: DateFrame) -> DateMention | None:
    """``the day before yesterday``, ``the spring before last``, ``the weekend``."""
    published = frame.published
    found = phrases().at(tokens, i)
    if found is not None:
        return DateMention(i, found.last, shifted(published, found.entry), "day")
    if published is None:
        return None
    low = tokens.low[i]
    if tokens.follows(i + 1, _BEFORE_LAST):
        iso = _stepped(tokens, i, low, -2, published)
        return iso and DateMention(i, i + 3, iso[0], iso[1])
    if low == "weekend" and tokens.at(i - 1) == "the":
        return DateMention(i, i + 1, _weekend(tokens, i, published), "relative")
    return None


def _weekend(tokens: Tokens, i: int, published: date) -> str | None:
    """The Sunday of the weekend that is or was, as far as it has gone; or of the one to come."""
    today = published.weekday()
    if looks_ahead(tokens, i, i + 1):
        return shifted(published, 6 - today)
    return shifted(published, 0 if today >= 5 else -1 - today)


def stepped(tokens: Tokens, i: int, frame: DateFrame) -> DateMention | None:
    """``last week``, ``this year``, ``earlier this month``, ``last night``, ``next autumn``."""
    published = frame.published
    which, what = tokens.low[i], tokens.at(i + 1)
    if which in ("last", "past") and tokens.at(i - 1) == "the":
        return None  # "in the past week" is a span, not a day
    if what == "night" and which == "last":
        return DateMention(i, i + 2, shifted(published, -1), "day")
    if which == "this" and what in calendar_words()["parts_of_day"]:
        return DateMention(i, i + 2, shifted(published, 0), "day")
    step = _step(which)
    if published is None or step is None:
        return None
    if which == "past" and what not in ("week", "weekend"):
        return None
    found = _stepped(tokens, i + 1, what, step, published)
    return found and DateMention(i, i + 2, found[0], found[1])


def _stepped(
    tokens: Tokens, i: int, what: str, step: int, published: date
) -> tuple[str | None, str] | None:
    """A week, month, season or year so many away from this one, with the kind of its date."""
    if what == "weekend" and step == 0:
        return _weekend(tokens, i, published), "relative"
    if what in ("week", "weekend"):
        ahead = 6 - published.weekday() + _WEEK * step if step else 0
        return shifted(published, ahead), "relative"
    if what == "month":
        return shifted_months(published, step), "month"
    if what == "year":
        return iso_year(published.year + step), "year"
    if what in calendar_words()["seasons"] and not _names_other(tokens, i):
        return _season(calendar_words()["seasons"][what], step, tokens, i, published), "month"
    return None


def _season(end: int, step: int | None, tokens: Tokens, i: int, published: date) -> str | None:
    """The last month of a season; one that is not over yet counts to the day of publication.

    ``step``: -1 the one before this, 1 the next, 0 this one, None where nothing says which.
    """
    ahead = (end - published.month) % _YEAR_LENGTH
    running = ahead < _SEASON
    if step:
        years = step if step < 0 else step - (not running)
        return shifted_months(published, ahead + _YEAR_LENGTH * years)
    reach = months_ahead(tokens, i, i + 1)
    near = step == 0 and reach != BACK and (published.month < end or ahead < _YEAR_LENGTH / 2)
    if reach > NEAR or (near and not running):
        return shifted_months(published, ahead)
    if running:
        return published.isoformat() if step == 0 else shifted_months(published, 0)
    return shifted_months(published, ahead - _YEAR_LENGTH)


def season(tokens: Tokens, i: int, frame: DateFrame) -> DateMention | None:
    """``in the autumn``, ``by spring``, ``in summer 2022``, ``the winter of 2022-23``."""
    published = frame.published
    words = calendar_words()
    low, k = tokens.low[i], i + 1
    k += tokens.at(k) == "of"
    if (told := _season_year(tokens, k, low)) is not None:
        return DateMention(i, told[1], iso_month(told[0], words["seasons"][low]), "month")
    if (said := year_said(tokens, i + 1, frame, None)) is not None:
        return DateMention(i, said[1], iso_month(said[0], words["seasons"][low]), "month")
    the = tokens.at(i - 1) == "the"
    opened = tokens.at(i - 1 - the) in words["before_season"]
    if published is None or not opened or (low == "fall" and not the) or _names_other(tokens, i):
        return None
    iso = _season(words["seasons"][low], None, tokens, i, published)
    return DateMention(i, i + 1, iso, "month")


def _names_other(tokens: Tokens, i: int) -> bool:
    """Whether a season at token i belongs to a name or a noun: "the *autumn* session"."""
    following = tokens.raw[i + 1] if i + 1 < len(tokens) else ""
    noun = following.islower() and following[0].isalpha()
    within = noun and tokens.low[i + 1] not in word_set("phrase", "stop")
    return within or following == "of" or (i > 0 and tokens.raw[i][0].isupper())


def _season_year(tokens: Tokens, k: int, low: str) -> tuple[int, int] | None:
    """The year of a season at token k, its last one ("2022-23"), and the token behind."""
    raw = tokens.raw[k] if k < len(tokens) else ""
    if not (raw.isdecimal() and len(raw) == 4 and raw[:2] in ("19", "20")):
        return None
    behind = tokens.at(k + 2)
    if tokens.at(k + 1) in ("-", "/", "\u2013") and behind.isdecimal() and len(behind) in (2, 4):
        return int(raw[: 4 - len(behind)] + behind), k + 3
    return int(raw), k + 1


def holiday(tokens: Tokens, i: int, frame: DateFrame, before: str | None) -> DateMention | None:
    """``New Year's Eve``, ``Memorial Day 2019``: the last one, or the next."""
    published = frame.published
    found = holidays().at(tokens, i)
    if found is None or (
        tokens.at(found.last) == "on" and tokens.at(found.last + 1) in calendar_words()["weekdays"]
    ):
        return None  # "Christmas on Saturday" was on that day
    k = found.last + (tokens.at(found.last) == "of")
    told = tokens.raw[k] if k < len(tokens) else ""
    if told.isdecimal() and len(told) == 4 and told[:2] in ("19", "20"):
        return DateMention(i, k + 1, _holiday_in(int(told), found.entry), "day")
    if (said := year_said(tokens, found.last, frame, before)) is not None:
        return DateMention(i, said[1], _holiday_in(said[0], found.entry), "day")
    if published is None:
        return None
    if isinstance(found.entry, str):
        month, day = map(int, found.entry.split("-"))
        iso = nearest(tokens, i, found.last, (month, day), frame)
        return DateMention(i, found.last, iso, "day")
    iso = nearest(tokens, i, found.last, (found.entry[0], 15), frame)
    year = int(iso[:4]) if iso else published.year
    return DateMention(i, found.last, _holiday_in(year, found.entry), "day")


def _holiday_in(year: int, entry: str | list[int]) -> str | None:
    """The day of a holiday in a year: a month and a day, or the n-th weekday of a month."""
    if isinstance(entry, str):
        month, day = map(int, entry.split("-"))
        return iso_day(year, month, day)
    month, weekday_, which = entry
    starts, length = monthrange(year, month)
    days = range(1 + (weekday_ - starts) % _WEEK, length + 1, _WEEK)
    return iso_day(year, month, days[which - 1 if which > 0 else which])


def ago(tokens: Tokens, i: int, frame: DateFrame) -> DateMention | None:
    """``two weeks ago``, ``a few months ago``: days and weeks name a day, the others less."""
    published = frame.published
    unit = tokens.at(i - 1).rstrip("s")
    if unit not in calendar_words()["units"] or i < 2 or published is None:
        return None
    first = i - 2 - (tokens.at(i - 2) == "of" and tokens.at(i - 3) == "couple")
    word = tokens.low[first]
    number = _count(word)
    if number is None:
        return None
    if unit == "year" and word in calendar_words()["few"]:
        return None
    if unit == "year":
        return DateMention(first, i + 1, iso_year(published.year - number), "relative")
    if unit == "month":
        return DateMention(first, i + 1, shifted_months(published, -number), "relative")
    iso = shifted(published, -number * calendar_words()["units"][unit])
    hedged = tokens.at(first - 1) in calendar_words()["hedges"]
    if iso is not None and unit != "day" and (hedged or word in calendar_words()["few"]):
        iso = iso[: len("2022-10")]
    return DateMention(first, i + 1, iso, "relative")


def _count(word: str) -> int | None:
    """The number of "ago"; few and several are three."""
    if word.isdecimal() and len(word) < 4:
        return int(word)
    if word in ("a", "an"):
        return 1
    if word in calendar_words()["few"]:
        return 2 if word == "couple" else 3
    return vocabulary().words.get(word)


def day_of_month(
    tokens: Tokens, span: tuple[int, int], day: int, frame: DateFrame
) -> DateMention | None:
    """``on the 25th``, ``the first of this month``: the last such day, or the next.

    ``span``: the tokens of the number of the day.
    """
    published = frame.published
    first, last = span
    if published is None:
        return None
    if tokens.at(last) == "of" and tokens.at(last + 2) == "month":
        step = 0 if tokens.at(last + 1) == "the" else _step(tokens.at(last + 1))
        month = None if step is None else shifted_months(published, step)
        return DateMention(first, last + 3, _day_in(month, day), "day")
    alone = not tokens.at(last)[:1].isalnum() or tokens.at(last) in word_set("phrase", "stop")
    if not (tokens.follows(first - 2, ("on", "the")) and alone and tokens.at(last) != "of"):
        return None
    ahead = looks_ahead(tokens, first, last)
    past = day <= published.day
    month = shifted_months(published, (1 if past else 0) if ahead else (0 if past else -1))
    return DateMention(first, last, _day_in(month, day), "day")


def _day_in(month: str | None, day: int) -> str | None:
    return month and iso_day(int(month[:4]), int(month[5:]), day)
