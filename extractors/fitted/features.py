"""What the scorer is given of a window: tokens, figures and candidates, all as arrays of numbers.

Fitting, evaluation and the product use this one code. Shapes: t tokens, f figures, a actors, d
dates. Everything is int32; a place is an index into the tokens.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from extractors.fitted.windows import Piece, Window
from extractors.meaning.aid import aid_type_of
from extractors.meaning.choice import Link
from extractors.meaning.draft import Draft
from extractors.meaning.reader import Answers
from extractors.meaning.situation import Situation
from extractors.mentions.iso_dates import parse_day
from extractors.mentions.kinds import (
    is_event,
    is_launched,
    is_materiel,
    is_person,
    is_place,
    is_state,
    is_troops,
)
from extractors.passage.context import Context
from extractors.passage.sentence import Sentence
from extractors.rules.timing import starts_of
from ledger.figure import AID_TYPES, BASES, CATEGORIES, LINKS, QUALIFIERS, STATUSES

Ints = NDArray[np.int32]
Arrays = dict[str, Ints]

_HALF = re.compile("[\ud800-\udfff]")
CLS, SEP = 101, 102  # of BERT's vocabulary, as are the unused ones, which mark the figures
MARKS = {"money": 1, "count": 2, "percent": 3}
OTHER_MARK, CLOSE = 4, 6
TITLE = 32  # tokens of a title
LONGEST = 448  # tokens of a window; what stands behind is not seen

STATUS = (None, *STATUSES)
AID = (None, *AID_TYPES)  # the last: mixed
ACTORS = ("donor", "recipient", "party")

FORMS = (
    "name", "government", "leader", "people", "adjective", "place", "venue", "title", "speaker",
    "record", "frame",
)  # fmt: skip
FRAME = 4  # countries that a document names most
DATES = ("day", "month", "year", "relative", "since", "published")
IMPLIED = ("UKR", "USA", "RUS", "EU", "DEU", "GBR", "ISR", "NATO", "AUS", "UN")
PERS = ("", "day", "month", "year", "each")
KINDS = (is_state, is_event, is_place, is_materiel, is_launched, is_troops)
STEPS = 32  # buckets of a distance
RELATIONS = 7  # where a candidate's sentence stands to the figure's


class Pieces(Protocol):
    """A tokenizer: pieces of words with their places in a text."""

    def encode(self, sequence: str, *, add_special_tokens: bool) -> Any:
        """``ids`` and ``offsets``."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that a field may take; ``at``: its first and last token, ``piece`` its sentence's."""

    value: str
    form: int
    at: tuple[int, int]
    piece: int  # -1: no sentence of the window


@dataclass(frozen=True, slots=True)
class Inputs:
    """A window as the scorer is given it, and what its answers stand for.

    ``arrays``: by name, see :func:`inputs_of`; ``places``: for every token its piece and the
    characters of the paragraph that it covers, (-1, 0, 0) for marks and the title.
    """

    arrays: dict[str, Ints]
    actors: tuple[Candidate, ...]
    dates: tuple[Candidate, ...]
    places: tuple[tuple[int, int, int], ...]


class _Layout:
    """The tokens of a window, as they are laid out one behind another."""

    def __init__(self, pieces: Pieces) -> None:
        self.encode = pieces.encode
        self.ids: list[int] = [CLS]
        self.places: list[tuple[int, int, int]] = [(-1, 0, 0)]
        self.rows: list[tuple[list[int], list[int], list[int]]] = []  # starts, ends, places

    def _encoded(self, text: str) -> Any:
        """The pieces of a text; half a character, which no tokenizer takes, is an unknown one."""
        return self.encode(_HALF.sub("\ufffd", text), add_special_tokens=False)

    def title(self, text: str) -> tuple[list[int], list[int], list[int]]:
        """Lay out a title; where its tokens start, end and stand."""
        found = self._encoded(text)
        ids, spans = found.ids[:TITLE], found.offsets[:TITLE]
        at = list(range(len(self.ids), len(self.ids) + len(ids)))
        self.ids += [*ids, SEP]
        self.places += [(-1, 0, 0)] * (len(ids) + 1)
        return [a for a, _ in spans], [b for _, b in spans], at

    def piece(self, piece: Piece, marked: Sequence[tuple[int, int, int]]) -> list[tuple[int, int]]:
        """Lay out a stretch with marks around its figures (start, end, mark), in order; where the
        marks of each stand."""
        tokens = piece.sentence.tokens
        begin, end = tokens.start[piece.first], tokens.end[piece.last - 1]
        found = self._encoded(piece.sentence.block.plain[begin:end])
        starts: list[int] = []
        ends: list[int] = []
        at: list[int] = []
        marks: list[tuple[int, int]] = []
        opened, opening = 0, 0  # figures, and the mark of the last one
        number = len(self.rows)
        for token, (a, b) in zip(found.ids, found.offsets, strict=True):
            a, b = a + begin, b + begin
            if len(marks) < opened and a >= marked[opened - 1][1]:
                marks.append((opening, self._mark(CLOSE)))
            if opened == len(marks) and opened < len(marked) and b > marked[opened][0]:
                opening = self._mark(marked[opened][2])
                opened += 1
            starts.append(a)
            ends.append(b)
            at.append(len(self.ids))
            self.ids.append(token)
            self.places.append((number, a, b))
        if len(marks) < opened:
            marks.append((opening, self._mark(CLOSE)))
        for _, _, mark in marked[len(marks) :]:  # of figures without a token of their own
            marks.append((self._mark(mark), self._mark(CLOSE)))
        self.rows.append((starts, ends, at))
        return marks

    def _mark(self, mark: int) -> int:
        self.ids.append(mark)
        self.places.append((-1, 0, 0))
        return len(self.ids) - 1


def _tokens_of(
    row: tuple[list[int], list[int], list[int]], start: int, end: int
) -> tuple[int, int] | None:
    """The first and the last token of a stretch of characters; None where none is laid out."""
    starts, ends, at = row
    first, last = bisect_right(ends, start), bisect_left(starts, end) - 1
    return (at[first], at[last]) if first <= last < len(at) else None


def inputs_of(window: Window, told: Answers, pieces: Pieces) -> Inputs:
    """A window's arrays. ``told``: what the rules say of the document's figures.

    ids (t); figures (f, 2): the tokens that open and close each, the last token where they lie
    behind it; facts (f, 9): dimension, qualifier, size, rate, category, and 1 + what the rules
    choose for status, basis, aid and which of donor, recipient, party (bits); kinds (f, 9): of
    what it counts, whether that has a name, and whether it is a purpose; actors and dates (n, 2),
    their forms (n), and how far from each figure (f, n) and in which sentence (f, n); words (t): 1
    where a word starts, 2 where it ends, 3 for both. What the rules choose, in bits: actor_told
    (f, a), implied_told (f, 1 + those implied): 1 donor, 2 recipient, 4 party; date_told (f, d): 1
    date, 2 since; link_told (f, f): 1 same_as, 2 part_of.
    """
    situations = [told.drafts[k] for k in window.figures]
    ctx = situations[0].ctx
    layout = _Layout(pieces)
    title = layout.title(ctx.title.text) if ctx.title is not None else ([], [], [])
    if ctx.title is None:
        layout.title("")
    marks: list[tuple[int, int]] = []
    homes: list[int] = []  # of each figure its piece
    for number, piece in enumerate(window.pieces):
        own = [s for s in situations if _stands_in(s, piece)]
        marks += layout.piece(piece, [_marked(s) for s in own])
        homes += [number] * len(own)
    layout.ids.append(SEP)
    layout.places.append((-1, 0, 0))
    actors = [*_title_actors(ctx, title), *_actors(window, layout), *_frame(ctx)]
    dates = [Candidate(ctx.published_on or "", len(DATES) - 1, (0, 0), -1)]
    dates += _dates(window, layout, ctx)
    seen = min(len(layout.ids), LONGEST)
    figures = np.minimum(np.array(marks, np.int32).reshape(-1, 2), seen - 1)
    arrays = {
        "ids": np.array(layout.ids[:seen], np.int32),
        "words": np.array([_edges(layout, window, k) for k in range(seen)], np.int32),
        "figures": figures,
        "facts": np.array([_facts(s) for s in situations], np.int32),
        "kinds": np.array([_kinds(s) for s in situations], np.int32),
    }
    for name, found in (("actor", actors), ("date", dates)):
        at = np.array([c.at for c in found], np.int32).reshape(-1, 2)
        arrays[f"{name}s"] = at
        arrays[f"{name}_form"] = np.array([c.form for c in found], np.int32)
        arrays[f"{name}_step"] = _steps(at, figures)
        arrays[f"{name}_relation"] = _relations(found, homes)
    arrays |= _told(situations, actors, dates)
    arrays["link_told"] = _told_links(window, told.links)
    arrays["date_gap"] = np.array([_gap(c.value, ctx.published) for c in dates], np.int32)
    return Inputs(arrays, tuple(actors), tuple(dates), tuple(layout.places[:seen]))


def is_seen(inputs: Inputs, figure: int) -> bool:
    """Whether a figure of a window stands where the scorer sees it, before its last token."""
    return bool(inputs.arrays["figures"][figure, 1] < len(inputs.arrays["ids"]) - 1)


def _stands_in(situation: Situation, piece: Piece) -> bool:
    own = situation.sentence is piece.sentence
    return own and piece.first <= situation.quantity.first < piece.last


def _marked(situation: Situation) -> tuple[int, int, int]:
    tokens, quantity = situation.sentence.tokens, situation.quantity
    mark = MARKS.get(quantity.dimension, OTHER_MARK)
    return tokens.start[quantity.first], tokens.end[quantity.last - 1], mark


def _title_actors(ctx: Context, row: tuple[list[int], list[int], list[int]]) -> Iterator[Candidate]:
    if ctx.title is None:
        return
    tokens = ctx.title.tokens
    for m in ctx.title.actors:
        at = _tokens_of(row, tokens.start[m.first], tokens.end[m.last - 1])
        if at is not None:
            yield Candidate(m.code, FORMS.index("title"), at, -1)


def _actors(window: Window, layout: _Layout) -> Iterator[Candidate]:
    for number, piece in enumerate(window.pieces):
        for m in piece.sentence.actors:
            at = _at(layout, number, piece.sentence, m.first, m.last)
            if at is not None:
                yield Candidate(m.code, FORMS.index(m.form), at, number)


def _frame(ctx: Context) -> Iterator[Candidate]:
    """Actors that no word of the window names: the publisher, the record's, those of its head."""
    if ctx.speaker:
        yield Candidate(ctx.speaker, FORMS.index("speaker"), (0, 0), -1)
    if ctx.record[0]:
        yield Candidate(ctx.record[0], FORMS.index("record"), (0, 0), -1)
    for code, _ in ctx.mentioned.most_common(FRAME):
        yield Candidate(code, FORMS.index("frame"), (0, 0), -1)


def _dates(window: Window, layout: _Layout, ctx: Context) -> Iterator[Candidate]:
    for number, piece in enumerate(window.pieces):
        sentence = piece.sentence
        for mention in sentence.dates:
            if mention.iso is None or mention.kind == "clock":
                continue
            at = _at(layout, number, sentence, mention.first, mention.last)
            if at is not None:
                yield Candidate(mention.iso, DATES.index(mention.kind), at, number)
        for first, last, iso in starts_of(sentence, ctx.countries):
            at = _at(layout, number, sentence, first, last)
            if at is not None:
                yield Candidate(iso, DATES.index("since"), at, number)


def _at(
    layout: _Layout, number: int, sentence: Sentence, first: int, last: int
) -> tuple[int, int] | None:
    tokens = sentence.tokens
    at = _tokens_of(layout.rows[number], tokens.start[first], tokens.end[last - 1])
    return at if at is not None and at[1] < LONGEST else None


def _edges(layout: _Layout, window: Window, k: int) -> int:
    """1 where a word of the text starts at a token, 2 where one ends, 3 where one does both."""
    number, start, end = layout.places[k]
    if number < 0:
        return 0
    tokens = window.pieces[number].sentence.tokens
    j = bisect_right(tokens.start, start) - 1
    if j < 0 or not tokens.raw[j][0].isalnum():
        return 0
    return (tokens.start[j] == start) + 2 * (tokens.end[j] == end)


def _told(
    drafts: Sequence[Draft], actors: Sequence[Candidate], dates: Sequence[Candidate]
) -> Arrays:
    """What the rules choose for each figure, among its candidates."""
    whose = [_bits(d, ACTORS) for d in drafts]
    when = [_bits(d, ("date", "since")) for d in drafts]
    return {
        "actor_told": _chosen(whose, [c.value for c in actors]),
        "implied_told": _chosen(whose, [None, *IMPLIED]),
        "date_told": _chosen(when, [c.value for c in dates]),
    }


def _bits(draft: Draft, names: Sequence[str]) -> dict[str | None, int]:
    """For the values of some fields of a draft in which of them each stands, as bits."""
    out: dict[str | None, int] = {}
    for k, name in enumerate(names):
        value = getattr(draft, name)
        out[value] = out.get(value, 0) | 1 << k
    return out


def _chosen(bits: Sequence[Mapping[str | None, int]], values: Sequence[str | None]) -> Ints:
    """For each figure (f) and each of some values (n) the fields that have it."""
    rows = [[own.get(value, 0) for value in values] for own in bits]
    return np.array(rows, np.int32).reshape(len(bits), len(values))


def _told_links(window: Window, links: Sequence[Link]) -> Ints:
    """The links that the rules find between figures of a window, as bits."""
    at = {k: n for n, k in enumerate(window.figures)}
    out = np.zeros((len(at), len(at)), np.int32)
    for link in links:
        if link.kind in LINKS and link.source in at and link.target in at:
            out[at[link.source], at[link.target]] |= 1 << LINKS.index(link.kind)
    return out


def _facts(draft: Draft) -> tuple[int, ...]:
    """Dimension, qualifier, size and rate of a figure, the category of what it counts, and what the
    rules choose."""
    quantity, entry = draft.quantity, draft.named.entry
    dimension = MARKS.get(quantity.dimension, OTHER_MARK) - 1
    qualifier = QUALIFIERS.index(draft.qualified.qualifier)
    number = float(max(abs(quantity.low), abs(quantity.high)))
    size = min(15, 1 + int(math.log10(number))) if number >= 1 else 0
    per = PERS.index(quantity.per or "") if (quantity.per or "") in PERS else len(PERS)
    category = 0 if entry is None else 1 + CATEGORIES.index(entry.category)
    ruled = (
        1 + STATUS.index(draft.status),
        1 + BASES.index(draft.basis or "level"),
        1 + AID.index(aid_type_of(draft)),
        8 - _bits(draft, ACTORS).get(None, 0),
    )
    return dimension, qualifier, size, per, category, *ruled


def _kinds(situation: Situation) -> tuple[int, ...]:
    """What kinds of thing a figure counts, as far as the catalogue knows; whether it has a name."""
    named = situation.named
    person = is_person(named.item, named.entry)
    flags = (*(kind(named) for kind in KINDS), person, named.item is not None)
    return (*map(int, flags), int(named.purpose is not None))


def _steps(at: Ints, figures: Ints) -> Ints:
    """How far each candidate is from each figure (f, n), in steps that widen: 0 to 31."""
    gap = at[None, :, 0] - figures[:, :1]
    size = np.abs(gap)
    wide = 6 + np.floor(np.log2(np.maximum(size, 6) / 6 + 1) * 3)
    step = np.minimum(STEPS // 2 - 1, np.where(size < 6, size, wide))
    found: Ints = (step + np.where(gap < 0, 0, STEPS // 2)).astype(np.int32)
    return found


def _relations(found: Sequence[Candidate], homes: Sequence[int]) -> Ints:
    """Where the sentence of each candidate stands to each figure's (f, n): 0 for none, 1 to 6."""
    rows = [[0 if c.piece < 0 else 4 + max(-3, min(2, c.piece - h)) for c in found] for h in homes]
    return np.array(rows, np.int32).reshape(len(homes), len(found))


def _gap(iso: str, published: date | None) -> int:
    """How long before (1 to 7) or after (9 to 15) publication a date lies; 8: that day."""
    day = parse_day(iso)
    if day is None or published is None:
        return 0
    days = (day - published).days
    size = 0 if not days else 1 + sum(abs(days) > far for far in (1, 3, 7, 31, 92, 366))
    return 8 + (size if days > 0 else -size)
