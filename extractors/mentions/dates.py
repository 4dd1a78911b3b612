"""Dates in a sentence, resolved against the day the document was published.

ISO strings at the precision of the text (``2022-10-03``, ``2022-10``, ``2022``); a week gives its
last day (codebook). Without a day of publication, words such as *Tuesday* stay unresolved.
"""

from __future__ import annotations

import re
from dataclasses import replace

from extractors.mentions.calendar_words import calendar_words, is_month, openers
from extractors.mentions.date_frame import DateFrame
from extractors.mentions.direction import looks_ahead
from extractors.mentions.iso_dates import DateMention, iso_day, iso_month, shifted
from extractors.mentions.relative_dates import (
    ago,
    day_of_month,
    holiday,
    nearest,
    phrase,
    season,
    stepped,
    weekday,
    year_said,
)
from extractors.text.tokens import Tokens
from extractors.text.words import is_plural

_YEAR = re.compile(r"(?:19|20)\d\d$")
_DAY = re.compile(r"(?:[12]?[0-9]|3[01])$|0[1-9]$")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.((?:19|20)\d\d)|(\d\d)\.(\d\d)\.(\d\d)")
_FEW_DIGITS = re.compile(r"\d{1,4}")
_TWO_DIGITS = re.compile(r"\d\d")
_YEAR_END = re.compile(r"\d\d|(?:19|20)\d\d")
_OLD_YEAR = re.compile(r"1[0-9]\d\d|20\d\d")
_CLOCK = re.compile(r"\d{1,2}(?:\.[0-5]\d)?")
_ORDINAL = frozenset(("st", "nd", "rd", "th"))
_DASHES = ("-", "\u2013")


def find_dates(tokens: Tokens, frame: DateFrame) -> list[DateMention]:
    """All dates of a sentence, from left to right, none overlapping."""
    opening = openers()
    out: list[DateMention] = []
    done = 0
    for i, word in enumerate(tokens.low):
        if i >= done and (word in opening or word[0].isdecimal()):
            before = out[-1].iso if out else None
            found = _date_at(tokens, i, frame, before)
            if found is not None:
                out.append(found)
                done = found.last
    return out


def _date_at(tokens: Tokens, i: int, frame: DateFrame, before: str | None) -> DateMention | None:
    """The date that begins at token i (or ends there with *ago*).

    ``before``: the last date before it in the sentence.
    """
    low, words = tokens.low[i], calendar_words()
    if low[0].isdecimal():
        return (
            _numeric(tokens, i, frame)
            or _day_month(tokens, i, frame, before)
            or _clock(tokens, i)
            or _year(tokens, i)
        )
    if low in words["months"]:
        return holiday(tokens, i, frame, before) or _month_first(tokens, i, frame, before)
    if low in words["weekdays"]:
        return _weekday(tokens, i, frame, before)
    if low in words["days"]:
        return DateMention(i, i + 1, shifted(frame.published, words["days"][low]), "day")
    if low == "ago":
        return ago(tokens, i, frame)
    if low == "day" and tokens.at(i + 1).isdecimal():
        return DateMention(i, i + 2, None, "clock")
    if low in words["ordinals"] or low in words["tens"]:
        return _day_month(tokens, i, frame, before)
    return (
        phrase(tokens, i, frame)
        or holiday(tokens, i, frame, before)
        or (season(tokens, i, frame) if low in words["seasons"] else None)
        or (stepped(tokens, i, frame) if low in words["steps"] else None)
    )


def _numeric(tokens: Tokens, i: int, frame: DateFrame) -> DateMention | None:
    """``2022-10-03``, ``6.04.2022``, ``10/4/2022``, ``3/1/22``, ``1-Mar-23``."""
    raw = tokens.raw[i]
    dotted = _DOTTED.fullmatch(raw) if "." in raw else None
    if dotted:
        day, month, year = (int(part) for part in dotted.groups() if part is not None)
        if year < 100 and not _dates_something(tokens, i, _in_full(year), frame):
            return None
        return DateMention(i, i + 1, iso_day(_in_full(year), month, day), "day")
    mark = tokens.at(i + 1)
    if mark not in ("-", "/") or tokens.at(i + 3) != mark or i + 4 >= len(tokens):
        return None
    parts = tokens.raw[i : i + 5 : 2]
    if len(raw) != 4 and len(parts[2]) not in (2, 4):
        return None
    if not all(tokens.glued(k) for k in range(i + 1, i + 5)):
        return None
    if is_month(tokens, i + 2) and _DAY.match(parts[0]) and _YEAR_END.fullmatch(parts[2]):
        month = calendar_words()["months"][tokens.low[i + 2]]
        return DateMention(i, i + 5, iso_day(_in_full(int(parts[2])), month, int(parts[0])), "day")
    if not all(map(_FEW_DIGITS.fullmatch, parts)):
        return None
    a, b, c = (int(part) for part in parts)
    if len(parts[0]) == 4 and b <= 12:
        return DateMention(i, i + 5, iso_day(a, b, c), "day")
    if len(parts[2]) not in (2, 4) or a > 31 or b > 31:
        return None
    american, other = iso_day(_in_full(c), a, b), iso_day(_in_full(c), b, a)
    if american and other and american != other:
        ahead = looks_ahead(tokens, i, i + 5)
        day_first = _is_day_first(american, other, frame, ahead)
        return DateMention(i, i + 5, other if day_first else american, "day")
    return DateMention(i, i + 5, american or other, "day")


def _dates_something(tokens: Tokens, i: int, year: int, frame: DateFrame) -> bool:
    """Whether ``10.12.14`` is a day, and no version: by the word before, or of these years."""
    if tokens.at(i - 1) in calendar_words()["before_dotted"]:
        return True
    return frame.published is not None and abs(frame.published.year - year) <= 1


def _in_full(year: int) -> int:
    """A year of two digits in four."""
    return year if year > 99 else 2000 + year


def _is_day_first(american: str, other: str, frame: DateFrame, ahead: bool) -> bool:
    """Whether a date of two readings has its day first: by the document's own use, else by what
    can have happened when it was published."""
    told = frame.day_first()
    if told is not None or frame.published is None or ahead:
        return bool(told)
    today = frame.published.isoformat()
    return other <= today < american


def _day_month(tokens: Tokens, i: int, frame: DateFrame, before: str | None) -> DateMention | None:
    """``3 October``, ``3rd of October 2022``, ``22-23 February``, ``the first of March``."""
    number = _day_at(tokens, i)
    if number is None:
        return None
    day, j = number
    linked = tokens.at(j) in (*_DASHES, "and", "to")
    end = _day_at(tokens, j + 1) if linked and tokens.low[i].isdecimal() else None
    if end is not None and tokens.at(end[1]) in calendar_words()["months"]:
        return _finish_month(tokens, i, end[1], end[0], frame, before)
    spelled, of = not tokens.low[i].isdecimal(), tokens.at(j) == "of"
    month = j + of
    if tokens.at(month) in calendar_words()["months"] and (of or not spelled):
        owned = spelled and tokens.at(month + 1) == "'s"
        verb = tokens.raw[month].islower() and tokens.low[month] in calendar_words()["also_verbs"]
        if owned or verb:
            return None
        return _finish_month(tokens, i, month, day, frame, before)
    ordinal = spelled or j > i + 1
    return day_of_month(tokens, (i, j), day, frame) if ordinal else None


def _day_at(tokens: Tokens, i: int) -> tuple[int, int] | None:
    """The day of a month at token i and the token behind: "3", "3rd", "third", "twenty-third"."""
    words = calendar_words()
    low = tokens.at(i)
    if _DAY.match(low):
        return int(low), i + 1 + (tokens.at(i + 1) in _ORDINAL and tokens.glued(i + 1))
    if low in words["tens"]:
        k = i + 1 + (tokens.at(i + 1) == "-")
        units = words["ordinals"].get(tokens.at(k), 10)
        return (words["tens"][low] + units, k + 1) if units < 10 else None
    return (words["ordinals"][low], i + 1) if low in words["ordinals"] else None


def ordinal_before(tokens: Tokens, k: int) -> tuple[int, int] | None:
    """The ordinal right before token k, and its first token: "*second* anniversary", "*10th*"."""
    for first in (k - 2, k - 1):
        number = _day_at(tokens, first) if first >= 0 else None
        spelled = number is not None and (number[1] > first + 1 or not tokens.at(first).isdecimal())
        if number is not None and spelled and number[1] == k:
            return number[0], first
    return None


def _year_behind(
    tokens: Tokens, k: int, frame: DateFrame, before: str | None
) -> tuple[int, int] | None:
    """The year that follows a month or a day, and the token behind: "2022", "of last year"."""
    j = k
    while tokens.at(j) in (".", ","):
        j += 1
    if j < len(tokens) and _YEAR.match(tokens.raw[j]):
        return int(tokens.raw[j]), j + 1
    return year_said(tokens, k, frame, before)


def _finish_month(
    tokens: Tokens, first: int, month_at: int, day: int, frame: DateFrame, before: str | None
) -> DateMention:
    month = calendar_words()["months"][tokens.low[month_at]]
    year = _year_behind(tokens, month_at + 1, frame, before)
    if year is not None:
        return DateMention(first, year[1], iso_day(year[0], month, day), "day")
    iso = nearest(tokens, first, month_at + 1, (month, day), frame)
    return DateMention(first, month_at + 1, iso, "day")


def _month_first(
    tokens: Tokens, i: int, frame: DateFrame, before: str | None
) -> DateMention | None:
    """``Oct. 4, 2022``, ``February 22-23``, ``in October 2022``, ``March the first``."""
    low, words = tokens.low[i], calendar_words()
    month = words["months"][low]
    if not tokens.raw[i][0].isupper():
        return None
    j = i + 1 + (tokens.at(i + 1) == "." and tokens.glued(i + 1))
    dated = _day_behind(tokens, i, j)
    if dated is not None:
        day, k = dated
        year = _year_behind(tokens, k, frame, before)
        if year is not None:
            return DateMention(i, year[1], iso_day(year[0], month, day), "day")
        led = tokens.at(i - 1 - (tokens.at(i - 1) == "-"))  # "mid-March"
        if led not in words["before_month_only"]:
            return DateMention(i, k, nearest(tokens, i, k, (month, day), frame), "day")
    year = _year_behind(tokens, j + (tokens.at(j) == "of"), frame, before)
    if year is not None:
        return DateMention(i, year[1], iso_month(year[0], month), "month")
    if low in words["bare"] and tokens.at(i - 1) not in words["before_month"]:
        return None
    return DateMention(i, i + 1, nearest(tokens, i, i + 1, (month, None), frame), "month")


def _day_behind(tokens: Tokens, i: int, j: int) -> tuple[int, int] | None:
    """The day behind the month at token i, looked for at token j, and the token behind it."""
    j += tokens.at(j) == "the"
    number = _day_at(tokens, j)
    if number is None or (tokens.glued(j + 1) and tokens.at(j + 1) in ("%", ":")):
        return None
    day, k = number
    end = _day_at(tokens, k + 1) if tokens.at(k) in _DASHES else None
    return end if end is not None and tokens.at(j).isdecimal() else (day, k)


def _weekday(tokens: Tokens, i: int, frame: DateFrame, before: str | None) -> DateMention | None:
    """``Tuesday``, and with the day that it is: ``Tuesday, 4 October``, ``Tuesday (Oct. 4)``."""
    found = weekday(tokens, i, frame)
    if found is None or found.last > i + 1:
        return found
    k = i + 1
    while tokens.at(k) in (",", "(", "the"):
        k += 1
    if k < len(tokens) and (tokens.at(k)[0].isdecimal() or is_month(tokens, k)):
        month_first = is_month(tokens, k)
        read = _month_first if month_first else _day_month
        named = read(tokens, k, frame, before)
        if named is not None and named.kind == "day" and named.iso is not None:
            return replace(named, first=i)
    return found


def _clock(tokens: Tokens, i: int) -> DateMention | None:
    """``4:54 P.M.``, ``5 a.m.``, ``10.45pm``, ``2:17:40``: never a figure."""
    j = i + 1
    while tokens.at(j) == ":" and tokens.glued(j) and tokens.glued(j + 1):
        if not _TWO_DIGITS.fullmatch(tokens.raw[j + 1]):
            break
        j += 2
    clock = j > i + 1
    part = tokens.at(j).rstrip(".")
    told = part in calendar_words()["halves_of_day"] or (
        clock and part in calendar_words()["zones"]
    )
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
    if before in calendar_words()["before_year"]:
        return year
    round_number = int(raw) % 50 == 0
    if round_number and after[:1].isalpha() and after not in calendar_words()["behind_year"]:
        return None
    return None if round_number and before in calendar_words()["before_round"] else year


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
