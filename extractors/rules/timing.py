"""When a figure happened or was announced, and since when a total counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import accumulate, islice, takewhile
from typing import Any

from extractors.catalogue import load
from extractors.meaning.choice import Choice
from extractors.mentions.dates import ordinal_before
from extractors.mentions.iso_dates import DateMention, iso_month, year_before, years_later
from extractors.mentions.origin import Origin
from extractors.numbers.quantity import Quantity
from extractors.passage.context import Context
from extractors.passage.distance import in_aside, noun_end
from extractors.passage.sentence import Sentence
from extractors.text.in_order import Mentions
from extractors.text.lexicon import Index, index_of
from extractors.text.number_words import vocabulary
from extractors.text.once import once
from extractors.text.tokens import Tokens
from extractors.text.words import word_costs, word_set

_WALLS = word_costs("clause", "walls_of_dates")
_RAISING = word_set("part_of", "raising")
_ELSEWHERE = word_set("when", "elsewhere")
_FOR_YEAR = word_set("when", "for_year")
_YEAR_OF = word_set("when", "year_of")
_ENDS_SINCE = word_set("when", "ends_since")
_SINCE_ABOUT = word_set("when", "since_about")
_ORDINALS = word_set("when", "ordinals")
_GONE_BY = word_set("when", "gone_by")
_PAST = word_set("when", "past")
_SPANS = word_set("when", "spans")
_FIRST_OF = word_set("when", "first_of")
_WITHIN = word_set("when", "within")
_FOLLOWS = word_set("when", "follows")
_BEFORE_DATE = word_set("when", "before_date")
_SINCE = frozenset(("since",))
_OPENS = _SINCE | _PAST | _WITHIN | {"first"}
_SEMICOLON = frozenset(";")
_AHEAD = 16  # dates before a figure, of which the nearest that is in no aside is its own
_ANNIVERSARY = frozenset(("anniversary",))
_OF_EVENT = 4  # words behind an event to the date that it is told with
_CLAUSE = 8  # words from "since" to the date of its clause
_NEAREST = "nearest date"
_NEVER = "9999"  # behind every ISO date
_FIGURE_BETWEEN = 5  # what another figure between a phrase and a figure counts for
_REACH = 30  # the farthest start of a total
_NEXT = 8  # a start behind another figure is that one's, unless it is this near


@cache
def _events() -> Index[tuple[dict[str, Any], ...]]:
    """Dated events by their cues; several may share one."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for event in load("events").values():
        for cue in event["cues"]:
            rows.setdefault(cue, []).append(event)
    local_first = {
        cue: sorted(found, key=lambda e: "where" not in e) for cue, found in rows.items()
    }
    return index_of((cue, tuple(found)) for cue, found in local_first.items())


def date_of(sentence: Sentence, quantity: Quantity, ctx: Context, ahead: bool) -> Choice:
    """The nearest date of the sentence, else the day of publication, with the words that say it.

    What is promised for a time to come has the date of the promise. ``ahead``: the figure is so.
    """
    published = ctx.published_on
    of_publication = Choice(published, "published", _NEAREST, Origin.PUBLISHED)
    tokens = sentence.tokens
    told = _told(sentence, None if ctx.is_record else published, ctx.countries)
    near = _nearest(sentence, quantity, told) if told else ()
    best = min(near, key=lambda m: _distance(sentence, quantity, m.first, m.last), default=None)
    if best is None:
        return of_publication
    if published and best.kind == "year" and _is_vaguer(tokens, best, published, ahead):
        return of_publication
    return Choice(best.iso, tokens.words(best.first, best.last), _NEAREST)


@once
def _told(
    sentence: Sentence, published: str | None, countries: frozenset[str]
) -> Mentions[DateMention]:
    """The dates of a sentence that may be those of its figures, none after ``published``."""
    tokens = sentence.tokens
    since = _behind_since(tokens) if sentence.dates else ()
    dates = [
        mention
        for mention in sentence.dates
        if mention.iso is not None
        and mention.kind != "clock"
        and mention.first not in since
        and _ELSEWHERE.isdisjoint(tokens.low[max(0, mention.first - 4) : mention.first])
        and not _names_budget(tokens, mention)
    ]
    for day in _anniversaries(sentence, countries):
        dates = [m for m in dates if not day.first <= m.first <= day.last + _OF_EVENT]
        dates.append(day)
    told = (m for m in dates if not (published and (m.iso or "") > published[: len(m.iso or "")]))
    return Mentions(sorted(told, key=lambda m: m.first))


def _anniversaries(sentence: Sentence, countries: frozenset[str]) -> Iterator[DateMention]:
    """Days that come round: "the second *anniversary* of the invasion", "the war's first"."""
    tokens = sentence.tokens
    for k in tokens.places(_ANNIVERSARY):
        numbered = ordinal_before(tokens, k)
        first = k if numbered is None else numbered[1]
        dated = _event_at(sentence, k + 2, countries) if tokens.at(k + 1) == "of" else None
        behind = sentence.dates.within(k + 2, k + 6) if tokens.at(k + 1) == "of" else ()
        if behind and behind[0].iso and behind[0].kind != "clock":
            dated = behind[0].iso, behind[0].last
        elif dated is None and tokens.at(first - 1) == "'s":
            dated = _event_at(sentence, first - 2, countries)
        if dated is None:
            continue
        iso = _come_round(dated[0], numbered and numbered[0], sentence.published)
        if iso is not None:
            yield DateMention(first, max(k + 1, dated[1]), iso, "day")


def _come_round(iso: str, years: int | None, published: date | None) -> str | None:
    """The day some years later; the last one before publication where no number is told."""
    if years is None:
        if published is None:
            return None
        gone = published.isoformat()[5:] < iso[5:]
        years = published.year - int(iso[:4]) - gone
    return years_later(iso, years) if years > 0 else None


def _nearest(
    sentence: Sentence, quantity: Quantity, dates: Mentions[DateMention]
) -> Iterator[DateMention]:
    """The dates in a figure's own words and the nearest on either side of it, from left to right;
    none is its own that stands in an aside or behind a semicolon."""
    tokens, first, end = sentence.tokens, quantity.first, noun_end(quantity)
    clause = tokens.last_place(_SEMICOLON, first)
    ahead = takewhile(lambda m: m.last > clause, islice(dates.back_from(first), _AHEAD))
    own = (m for m in ahead if not in_aside(tokens, m.first, m.last, quantity))
    yield from islice(own, 1)
    for mention in (*dates.around(first + 1, end - 1), dates.first_behind(end)):
        if mention is not None and not tokens.holds(_SEMICOLON, quantity.last, mention.first):
            yield mention


def _is_vaguer(tokens: Tokens, mention: DateMention, published: str, ahead: bool) -> bool:
    """Whether a year says less than the day of publication: "*this year*", "comes *in 2024*"."""
    return tokens.low[mention.first] == "this" or (ahead and mention.iso == published[:4])


def _distance(sentence: Sentence, quantity: Quantity, first: int, last: int) -> int:
    """How far a phrase is from a figure; walls of clauses and figures between them add to it."""
    end = noun_end(quantity)
    behind = first >= end
    start, stop = (end, first) if behind else (last, quantity.first)
    if start >= stop:
        return int(not behind)
    added_up = _walls_before(sentence.tokens)
    cost = stop - start + (not behind) + added_up[stop] - added_up[start]
    return cost + _FIGURE_BETWEEN * len(sentence.quantities.within(start, stop))


@once
def _walls_before(tokens: Tokens) -> list[int]:
    """What the walls add to a distance before each token, and in all."""
    return list(accumulate((_WALLS.get(word, 0) for word in tokens.low), initial=0))


def _names_budget(tokens: Tokens, mention: DateMention) -> bool:
    """Whether a year only names a law, a budget or a span that the amount is for ("for 2023")."""
    if mention.kind != "year":
        return False
    if tokens.follows(mention.first - 2, ("act", "of")):
        return True  # "the Foreign Assistance Act of 1961"
    return tokens.at(mention.first - 1) in _FOR_YEAR or tokens.at(mention.last) in _YEAR_OF


def _behind_since(tokens: Tokens) -> frozenset[int]:
    """The tokens behind "since", up to the next comma."""
    low = tokens.low
    out: set[int] = set()
    for k in tokens.places(_SINCE):
        behind = range(k, min(k + 10, len(low)))
        out.update(range(k, next((j for j in behind if low[j] in _ENDS_SINCE), k + 6)))
    return frozenset(out)


def since_of(sentence: Sentence, quantity: Quantity, ctx: Context) -> tuple[str | None, str]:
    """The start of what a figure adds up ("since December"), with the words that say it."""
    best: tuple[int, str, str] | None = None
    tokens, end = sentence.tokens, quantity.after
    for k, last, iso in starts_of(sentence, ctx.countries):
        if max(quantity.first - last, k - noun_end(quantity)) > _REACH:
            continue
        cost = _distance(sentence, quantity, k, last)
        told_before = sentence.figures.last_before(k) is not None
        if told_before and k < quantity.first and cost > _NEXT:
            continue  # it belongs to the figure that it follows
        if tokens.holds(_RAISING, end, k) or (told_before and tokens.holds(_SEMICOLON, end, k)):
            continue  # "$800 million, *bringing* the total to $1 billion in the past week"
        if cost <= _REACH and (best is None or cost < best[0]):
            best = (cost, iso, tokens.words(k, last))
    return (best[1], best[2]) if best else (None, "")


@once
def starts_of(sentence: Sentence, countries: frozenset[str]) -> list[tuple[int, int, str]]:
    """The starts that a sentence tells: where the words for each begin and end, and its date.

    ``countries``: those that the document names.
    """
    found = ((k, _start_at(sentence, k, countries)) for k in sentence.tokens.places(_OPENS))
    return [(k, start[1], start[0]) for k, start in found if start is not None]


def _start_at(sentence: Sentence, k: int, countries: frozenset[str]) -> tuple[str, int] | None:
    """The start that token k opens, if it opens one, and its end: "since", "past", "first day"."""
    tokens = sentence.tokens
    word = tokens.low[k]
    if word == "since":
        gone_by = tokens.at(k - 1).rstrip("s") in _GONE_BY
        return None if gone_by or _compares(tokens, k) else _since_at(sentence, k, countries)
    if word in _PAST and tokens.at(k - 1) == "the":
        return _span_at(tokens, k, sentence.published)
    if word in _WITHIN and (span := _span_of_event(tokens, k)) is not None:
        return _event_at(sentence, span, countries)
    if word == "first" and tokens.at(k + 1) in _FIRST_OF:
        return _event_at(sentence, k, countries)
    return None


def _span_of_event(tokens: Tokens, k: int) -> int | None:
    """The token behind "within seven days of", "in the three weeks after", before an event."""
    for j in range(k + 2, min(k + 6, len(tokens))):
        if tokens.low[j] in _FOLLOWS:
            return j + 1 if tokens.at(j - 1).rstrip("s") in _GONE_BY else None
    return None


def _compares(tokens: Tokens, k: int) -> bool:
    """Whether "since" only compares: "the first time since", "the highest level since 2018"."""
    near, far = tokens.low[max(0, k - 5) : k], tokens.low[max(0, k - 14) : k]
    if not _ORDINALS.isdisjoint(_clause_before(tokens, k)):
        return True
    return "first" in far or any(w.endswith("est") for w in near)


def _clause_before(tokens: Tokens, k: int) -> tuple[str, ...]:
    """The words of the clause before token k: "the 11th *drawn from American stocks* since"."""
    words = tokens.low[max(0, k - _CLAUSE) : k]
    comma = max((j for j, word in enumerate(words) if word in _ENDS_SINCE), default=-1)
    return words[comma + 1 :]


def _since_at(sentence: Sentence, k: int, countries: frozenset[str]) -> tuple[str, int] | None:
    """What stands behind "since": a date, else a dated event."""
    for mention in sentence.dates.within(k + 1, k + 4):
        near = _SINCE_ABOUT.issuperset(sentence.tokens.low[k + 1 : mention.first])
        if near and mention.iso is not None and mention.kind != "clock":
            start = _gone_by(mention.iso, sentence, mention)
            return (start, mention.last) if start is not None else None
    found = _event_at(sentence, k + 1, countries)
    return found if found is not None or k == 0 else _dated_clause(sentence, k)


def _gone_by(iso: str, sentence: Sentence, mention: DateMention) -> str | None:
    """A start lies behind the day of publication: "since 24 February", written in January.

    None where the year before has no such day.
    """
    year, published = iso[:4], sentence.published
    named = any(year in word for word in sentence.tokens.low[mention.first : mention.last])
    if published is None or named or iso <= published.isoformat()[: len(iso)]:
        return iso
    return year_before(iso)


def _dated_clause(sentence: Sentence, k: int) -> tuple[str, int] | None:
    """The date of a clause behind "since", which no event names: "since it opened *in August*"."""
    tokens = sentence.tokens
    for mention in sentence.dates.within(k + 1, k + 1 + _CLAUSE):
        if mention.iso is None or mention.kind == "clock":
            continue
        between = tokens.low[k + 1 : mention.first]
        if between[-1] in _BEFORE_DATE and _ENDS_SINCE.isdisjoint(between):
            return mention.iso, mention.last
    return None


def _event_at(sentence: Sentence, j: int, countries: frozenset[str]) -> tuple[str, int] | None:
    """A dated event of the catalogue that begins at token j, past articles and owners."""
    published = sentence.published.isoformat() if sentence.published else _NEVER
    for k in range(j, min(j + 6, len(sentence.tokens))):
        mention = _events().at(sentence.tokens, k)
        if mention is None:
            continue
        for event in mention.entry:
            here = "where" not in event or event["where"] in countries
            if here and event.get("from", "") <= published <= event.get("until", _NEVER):
                return event["date"], mention.last
    return None


def _span_at(tokens: Tokens, k: int, published: date | None) -> tuple[str, int] | None:
    """``the past two weeks``, ``the last 18 months``, ``in just the past week``: when it began."""
    opened = not _SPANS.isdisjoint(tokens.low[max(0, k - 4) : k])
    if published is None or not opened:
        return None
    number = _small_number(tokens.at(k + 1))
    last = k + 1 if number is None else k + 2
    word = tokens.at(last)
    if number is None and word.endswith("s"):
        return None  # "the past months": nobody knows how many
    start = _back(published, number or 1, word.rstrip("s"))
    return (start, last + 1) if start is not None else None


def _small_number(word: str) -> int | None:
    """A number of at most three digits, or a spelled one."""
    if word.isdecimal() and len(word) <= 3:
        return int(word)
    return vocabulary().words.get(word)


def _back(day: date, number: int, unit: str) -> str | None:
    """The day or month (ISO) some weeks, months or years before a day; None for other units."""
    if unit == "week":
        return (day - timedelta(days=7 * number)).isoformat()
    if unit not in ("month", "year"):
        return None
    months = day.year * 12 + day.month - 1 - number * (12 if unit == "year" else 1)
    return iso_month(months // 12, months % 12 + 1)
