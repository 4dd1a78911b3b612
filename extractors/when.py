"""When a figure happened or was announced, and since when a total counts."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

from extractors.catalogue import load
from extractors.context import Context
from extractors.dates import DateMention
from extractors.lexicon import Index
from extractors.numerals import vocabulary
from extractors.quantity import Quantity
from extractors.reading import Sentence
from extractors.tokens import Tokens

_SINCE = frozenset(("since", "from"))
_ARTICLES = frozenset(("the", "its", "this", "that", "their", "very"))
_REACH = 30
_NEXT = 8


@cache
def _events() -> Index[tuple[dict[str, Any], ...]]:
    """Dated events by their cues; several may share one."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for event in load("events").values():
        for cue in event["cues"]:
            rows.setdefault(cue, []).append(event)
    index: Index[tuple[dict[str, Any], ...]] = Index()
    for cue, events in rows.items():
        index.add(cue, tuple(sorted(events, key=lambda e: "where" not in e)))
    index.sort()
    return index


def date_of(sentence: Sentence, quantity: Quantity, ctx: Context) -> tuple[str | None, str]:
    """The nearest date of the sentence, else the day of publication."""
    best: tuple[int, DateMention] | None = None
    spans = _since_spans(sentence)
    for mention in sentence.dates:
        if (
            mention.iso is None
            or mention.kind == "clock"
            or _aside(sentence.tokens, quantity, mention)
        ):
            continue
        if _elsewhere(sentence.tokens, quantity, mention):
            continue
        if any(first <= mention.first < last for first, last in spans) or _purpose(
            sentence.tokens, mention
        ):
            continue
        cost = _distance(sentence, quantity, mention.first, mention.last)
        if best is None or cost < best[0]:
            best = (cost, mention)
    published = ctx.source.published[:10] if ctx.source.published and ctx.published else None
    if best is not None and not (
        published and sentence.tokens.low[best[1].first] == "this" and best[1].kind == "year"
    ):
        return best[1].iso, sentence.tokens.words(best[1].first, best[1].last)
    return published, "published"


def _distance(sentence: Sentence, quantity: Quantity, first: int, last: int) -> int:
    """How far a phrase is from a figure; commas, clauses and other figures between them add to it."""
    low = sentence.tokens.low
    end = quantity.noun[1] if quantity.noun else quantity.after
    between = range(end, first) if first >= end else range(last, quantity.first)
    cost = len(between) + (0 if first >= end else 1)
    cost += sum(_WALLS.get(low[k], 0) for k in between)
    return cost + 5 * sum(1 for q in sentence.quantities if q.first in between)


_WALLS = {
    ",": 2,
    ";": 14,
    "and": 1,
    "while": 5,
    "but": 5,
    "\u2014": 4,
    "which": 3,
    "that": 2,
    "after": 3,
    "before": 3,
}


def _aside(tokens: Tokens, quantity: Quantity, mention: DateMention) -> bool:
    """Whether a date stands in an aside of its own (", which Moscow took in 2014,")."""
    if mention.last > quantity.first:
        return False
    opened = any(
        w in ("which", "who", "whose", "where")
        for w in tokens.low[max(0, mention.first - 6) : mention.first]
    )
    return opened and "," in tokens.low[mention.last : quantity.first]


def _elsewhere(tokens: Tokens, quantity: Quantity, mention: DateMention) -> bool:
    """Whether a date belongs to something else: a report, other packages, what is not contained."""
    before = tokens.low[max(0, mention.first - 4) : mention.first]
    if any(w in ("reported", "media", "report", "packages") for w in before):
        return True
    between = tokens.low[min(mention.last, quantity.last) : max(mention.first, quantity.first)]
    return ";" in between


def _purpose(tokens: Tokens, mention: DateMention) -> bool:
    """Whether a year only names a budget or a span that the amount is for ("for 2023")."""
    before = tokens.low[mention.first - 1] if mention.first else ""
    after = tokens.low[mention.last] if mention.last < len(tokens) else ""
    if mention.kind == "year":
        if tokens.low[mention.first - 2 : mention.first] == ("act", "of"):
            return True  # the name of a law: "the Foreign Assistance Act of 1961"
        return before in ("for", "fiscal", "throughout", "until", "through", "than") or after in (
            "budget",
            "summit",
        )
    return False


def _since_spans(sentence: Sentence) -> list[tuple[int, int]]:
    """The stretches behind "since", up to the next comma."""
    low = sentence.tokens.low
    spans = []
    for k, word in enumerate(low):
        if word == "since":
            end = next(
                (j for j in range(k, min(k + 10, len(low))) if low[j] in (",", "\u2014", ";")),
                k + 6,
            )
            spans.append((k, end))
    return spans


def since_of(sentence: Sentence, quantity: Quantity, ctx: Context) -> tuple[str | None, str]:
    """The start of what a figure adds up: "since December", "over the past year"; None if unsaid."""
    tokens = sentence.tokens
    n = len(tokens)
    best: tuple[int, str, str] | None = None
    for k in range(n):
        found: tuple[str, int] | None = None
        if (
            tokens.low[k] == "since"
            and not _compares(tokens, k)
            and not (
                k and tokens.low[k - 1].rstrip("s") in ("year", "month", "week", "day", "decade")
            )
        ):
            found = _since_at(sentence, k, ctx)
        elif tokens.low[k] in ("past", "last") and k and tokens.low[k - 1] == "the":
            found = _span_at(tokens, k, ctx.published)
        elif tokens.low[k] == "first" and tokens.low[k : k + 2] in (
            ("first", "day"),
            ("first", "year"),
        ):
            found = _event_at(sentence, k, ctx)
        if found is None:
            continue
        cost = _distance(sentence, quantity, k, max(k + 1, found[1]))
        told_before = any(q.last <= k for q in sentence.quantities if q.dimension != "time")
        if told_before and k < quantity.first and cost > _NEXT:
            continue  # it belongs to the figure that it follows
        if cost <= _REACH and (best is None or cost < best[0]):
            best = (cost, found[0], tokens.words(k, found[1]))
    return (best[1], best[2]) if best else (None, "")


def _compares(tokens: Tokens, k: int) -> bool:
    """Whether "since" only compares: "the first time since", "the highest level since 2018"."""
    near, far = tokens.low[max(0, k - 5) : k], tokens.low[max(0, k - 14) : k]
    return "first" in far or any(w.endswith("est") for w in near)


def _since_at(sentence: Sentence, k: int, ctx: Context) -> tuple[str, int] | None:
    """What stands behind "since": a date, else a dated event."""
    for mention in sentence.dates:
        if k < mention.first <= k + 3 and mention.iso is not None and mention.kind != "clock":
            between = sentence.tokens.low[k + 1 : mention.first]
            if all(
                w
                in (
                    "late",
                    "early",
                    "mid",
                    "-",
                    "at",
                    "least",
                    "the",
                    "last",
                    "end",
                    "beginning",
                    "of",
                )
                for w in between
            ):
                return mention.iso, mention.last
    return _event_at(sentence, k + 1, ctx)


def _event_at(sentence: Sentence, j: int, ctx: Context) -> tuple[str, int] | None:
    """A dated event of the catalogue that begins at token j, past articles and owners."""
    tokens = sentence.tokens
    published = ctx.published.isoformat() if ctx.published else "9999"
    for k in range(j, min(j + 6, len(tokens))):
        mention = _events().at(tokens, k)
        if mention is None:
            continue
        for event in mention.entry:
            if "where" in event and event["where"] not in ctx.countries:
                continue
            if event.get("from", "") <= published <= event.get("until", "9999"):
                return event["date"], mention.last
    return None


_SPANS = frozenset(("over", "in", "during", "for", "within", "of", "course"))


def _span_at(tokens: Tokens, k: int, published: date | None) -> tuple[str, int] | None:
    """``the past two weeks``, ``the last 18 months``, ``in just the past week``: when it began."""
    opened = any(w in _SPANS for w in tokens.low[max(0, k - 4) : k])
    if published is None or not opened:
        return None
    j = k + 1
    number = 1
    if j < len(tokens):
        word = tokens.low[j]
        spelled = vocabulary().words.get(word)
        if word.isdecimal() and len(word) <= 3:
            number, j = int(word), j + 1
        elif spelled is not None:
            number, j = spelled, j + 1
    if j >= len(tokens):
        return None
    unit = tokens.low[j].rstrip("s")
    if number == 1 and j == k + 1 and tokens.low[j].endswith("s"):
        return None
    if unit in ("month", "year"):
        months = published.year * 12 + published.month - 1 - number * (12 if unit == "year" else 1)
        return (f"{months // 12:04d}-{months % 12 + 1:02d}", j + 1) if months > 12 else None
    if unit == "week":
        return (published - timedelta(days=7 * number)).isoformat(), j + 1
    return None
