"""The day on which a document was published, where the user gives none: from its metadata, its
address, its dateline, or the name of its file, in this order.

A day counts only where its place says that it is that of the document: a date amid a sentence says
when something happened. A month or a year is no day, and taking one for the other would resolve
*on Tuesday* to a wrong week; so only whole days are taken. What cannot be told is None.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from urllib.parse import unquote, urlsplit

from extractors.catalogue import load
from extractors.mentions.date_frame import DateFrame
from extractors.mentions.dates import find_dates
from extractors.mentions.iso_dates import DateMention
from extractors.mentions.written_dates import published_on
from extractors.text.tokens import Tokens, tokenize

HEAD = 1500  # characters in which a dateline stands
HEAD_LINES = 8  # of them, lines that are not empty
SHORT_LINE = 120  # a longer one that is no dateline opens the story, and no date follows
LINE_LIMIT = 200  # characters of a line that are read for its date
MARKUP = str.maketrans("*_#>\u00a0\u202f", "      ")

IN_ADDRESS = (
    re.compile(r"/((?:19|20)\d\d)/(\d\d?)/(\d\d?)(?=[/.?-]|$)"),
    re.compile(r"(?<!\d)((?:19|20)\d\d)-(\d\d)-(\d\d)(?!\d)"),
)
IN_NAME = (
    re.compile(r"(?<!\d)(?<!\d\.)((?:19|20)\d\d)([-_.])(\d\d)\2(\d\d)(?!\d)"),
    re.compile(r"(?<![^\W_])((?:19|20)\d\d)()(\d\d)(\d\d)(?![^\W_])"),
)
RANGE = re.compile(r"\d\s*(?:[-\u2013]|and|to)\s*\d")
ISO = re.compile(r"\d{4}-\d\d-\d\d")
# "KYIV", "Washington, D.C.", "Ramstein Air Base, Germany": words that begin as names do.
PLACE = re.compile(
    r"(?:[^\W\d_a-z][\w.'\u2019-]*|of|de|am|the|and|la|el|al)"
    r"(?:[ ,/]+(?:[^\W\d_a-z][\w.'\u2019-]*|of|de|am|the|and|la|el|al))*\.?"
)
# Between the place and the day, a comma, a dash or a bracket; and behind the day a dash, perhaps
# after the name of an agency.
TO_DAY = re.compile(r"\s*(?:,|[-\u2013\u2014]{1,2}|\()\s*$")
TO_STORY = re.compile(r"[,.]?\s*\)?\s*(?:\([^()]{1,60}\)|/[^/]{1,40}/)?\s*(?:[-\u2013\u2014]|:\s)")
CLOCK = re.compile(
    r"[\s,|\u00b7\u2022.-]*(?:at\s+)?\d{1,2}[:.]\d\d(?:\s*[ap]\.?m\.?)?(?:\s+[A-Z]{2,4})?", re.I
)
SEPARATOR = re.compile(r"\s*[|\u00b7\u2022]")


def day_of(
    *, metadata: str | None, url: str | None, text: str, name: str, made: str | None = None
) -> str | None:
    """The ISO date of a document from what is known of it, the surest first; None if none tells.

    ``metadata`` is the date that the document states, ``name`` that of its file without folders,
    ``made`` the day on which the file was made: a release that is printed today is older. A date
    outside 1900 to 2100 tells nothing.
    """
    return (
        published_on(metadata)
        or day_in_url(url or "")
        or day_in_text(text)
        or day_in_name(name)
        or published_on(made)
    )


def day_in_url(url: str) -> str | None:
    """The day in the path of an address: ``/2022/10/04/`` or ``2022-10-04``, if there is one."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:  # written as an address, and none: "http://[here]"
        return None
    found = (_only(_days(form.findall(path))) for form in IN_ADDRESS)
    return next((day for day in found if day), None)


def day_in_name(name: str) -> str | None:
    """The day in the name of a file: ``2022-10-04-release.md``, ``20221004_release.txt``."""
    days = [(y, m, d) for form in IN_NAME for y, _, m, d in form.findall(name)]
    return _only(_days(days))


def day_in_text(text: str) -> str | None:
    """The day in a dateline, behind a label, or alone in one of the first lines of a text."""
    for line in _first_lines(text):
        day = _day_in_line(line)
        if day is not None:
            return day
        if len(line) > SHORT_LINE:
            return None
    return None


def _first_lines(text: str) -> Iterator[str]:
    lines = (line.translate(MARKUP).strip() for line in text[:HEAD].splitlines())
    for _, line in zip(range(HEAD_LINES), filter(None, lines), strict=False):
        yield line


def _day_in_line(line: str) -> str | None:
    """The day of a line that is a dateline, a labelled date, or nothing but a date and a place."""
    tokens = tokenize(line, 0, min(len(line), LINE_LIMIT))
    found = next((m for m in find_dates(tokens, DateFrame()) if m.iso and m.kind != "clock"), None)
    if found is None or not _is_whole_day(line, tokens, found):
        return None
    before = _without_weekday(line[: tokens.start[found.first]])
    after = line[tokens.end[found.last - 1] :]
    if TO_STORY.match(after) and (not before or _is_place(before)):
        return found.iso
    ends = not after.strip(" .)]") or SEPARATOR.match(after) or CLOCK.match(after)
    alone = not before or _is_label(before) or SEPARATOR.search(before[-3:]) or _is_place(before)
    return found.iso if ends and alone and len(line) <= SHORT_LINE else None


def _is_whole_day(line: str, tokens: Tokens, found: DateMention) -> bool:
    """Whether a date is one day with its year, spelled so that day and month cannot be mixed up."""
    written = line[tokens.start[found.first] : tokens.end[found.last - 1]]
    if ISO.fullmatch(written):
        return True
    return (
        found.iso is not None
        and len(found.iso) == len("2022-10-04")
        and not ("/" in written or RANGE.search(written))
    )


def _without_weekday(before: str) -> str:
    """What stands before a date, without the day of the week that belongs to the date."""
    words = before.rstrip(" ,.").rsplit(" ", 1)
    if words[-1].lower() in load("calendar")["weekdays"]:
        return words[0] if len(words) > 1 else ""
    return before.strip()


def _is_place(before: str) -> bool:
    """Whether the words before a date are a place as in a dateline: "KYIV,", but not "In Kyiv,"."""
    gap = TO_DAY.search(before)
    place = before[: gap.start()] if gap else before
    opens_sentence = place.partition(" ")[0].lower() in load("calendar")["before_month"]
    if opens_sentence or not (gap or place.isupper()):
        return False
    return PLACE.fullmatch(place) is not None


def _is_label(before: str) -> bool:
    return before.rstrip(" :").lower() in _labels()


@cache
def _labels() -> frozenset[str]:
    return frozenset(load("calendar")["before_published"])


def _days(found: Iterable[tuple[str, ...]]) -> set[str]:
    """Those of some years, months and days that the calendar has."""
    days = set()
    for year, month, day in found:
        try:
            days.add(date(int(year), int(month), int(day)).isoformat())
        except ValueError:
            continue
    return days


def _only(days: set[str]) -> str | None:
    """The day if it is one; of two, none can be told."""
    return next(iter(days)) if len(days) == 1 else None
