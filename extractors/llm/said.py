"""What a model answered about a window, held to the codebook and to the text.

An answer is read leniently (words around the JSON, a cut end) and checked strictly: a field that is
no code, no date, contradicts another or has no words of the text is not taken, and why is said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from extractors.catalogue import load
from extractors.llm.prompt import CODED, CODES, WORDED
from extractors.llm.request import Marked, Request
from ledger.figure import FIRST_YEAR, LAST_YEAR, LINKS

ACTORS = ("donor", "recipient", "party")
LONGEST_ITEM = (10, 80)  # words and characters
_JOINT = 3
_NEVER_NONE = ("money", "percent")  # a currency or a percent sign makes a figure, whatever is said
_MARK = re.compile(r"\{\d+\}")
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?\Z")
_FIGURES = re.compile(r'"figures"\s*:\s*\[')
_OBJECT = re.compile(r"[\s,]*(?=\{)")
_GAP = re.compile(r"\s*(?:\.{3}|\u2026)\s*")
_WHAT_WAS_SAID = re.compile(r":? ['\"].*| for \S+$")  # in a reason
_ALIKE = str.maketrans("\u2018\u2019\u201c\u201d\u2013\u2014", "''\"\"--")
_decoder = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Said:
    """What an answer says of one figure, as far as it stands.

    ``values``: the fields that are taken; ``words``: those of the text for them; ``kept``: the
    fields that are not taken, each with the reason; ``links``: to which places in the document's
    list. ``is_figure`` is False where the number is none.
    """

    values: Mapping[str, str | None]
    words: Mapping[str, str]
    kept: Mapping[str, str]
    links: Mapping[str, int] = field(default_factory=dict)
    is_figure: bool = True


@dataclass(frozen=True, slots=True)
class Missed:
    """A number that the grammar has not cut out: its words as written, and what is said of it."""

    words: str
    said: Said


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer: by their places, the figures that it speaks of; numbers it misses; what is wrong
    with it as a whole."""

    figures: Mapping[int, Said]
    missed: tuple[Missed, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def refused(self) -> int:
        """How many fields were not taken."""
        told = [*self.figures.values(), *(missed.said for missed in self.missed)]
        return sum(len(said.kept) for said in told)


def heard(request: Request, answer: str) -> Heard:
    """An answer to a request, read and checked. Raises nothing, whatever is answered."""
    figures, missed, problems = _parsed(answer)
    marked = {figure.mark: figure for figure in request.figures}
    asked = {figure.mark for figure in request.asked}
    check = _Check(request)
    out: dict[int, Said] = {}
    for told in figures:
        mark = told.get("n")
        if not isinstance(mark, int) or isinstance(mark, bool) or mark not in asked:
            problems.append(f"figure {_short(mark)} does not exist")
        elif marked[mark].place in out:
            problems.append(f"figure {mark} is answered twice")
        else:
            out[marked[mark].place] = check.said(told, marked[mark])
    silent = len(asked) - len(out)
    if silent and figures:
        problems.append(f"{silent} of {len(asked)} figures are not answered")
    found = [
        Missed(told["number"], check.said(told, None))
        for told in missed
        if isinstance(told.get("number"), str)
    ]
    return Heard(_without_circles(out), tuple(found), tuple(problems))


def _parsed(answer: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[str]]:
    """The objects of an answer's two lists, and what is wrong with it."""
    text = answer.rpartition("</think>")[2]  # a model that thinks aloud
    for start in (k for k, letter in enumerate(text) if letter in "{["):
        try:
            found, _ = _decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            break
        whole = {"figures": found} if isinstance(found, list) else found
        if isinstance(whole.get("figures"), list):
            return _objects(whole["figures"]), _objects(whole.get("missed")), []
        break
    begun = _FIGURES.search(text)
    if begun is None:
        return [], [], ["the answer is not JSON of the form that was asked"]
    return list(_whole_objects(text, begun.end())), [], ["the answer is cut off or broken"]


def _objects(found: Any) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _whole_objects(text: str, at: int) -> Iterator[dict[str, Any]]:
    """The objects of a list that breaks off, as far as they are whole."""
    while (begun := _OBJECT.match(text, at)) is not None:
        try:
            found, at = _decoder.raw_decode(text, begun.end())
        except (ValueError, RecursionError):
            return
        yield found


class _Check:
    """What is held against the answers to one request."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.marks = {figure.mark: figure.place for figure in request.figures}
        self.text = _folded(
            "\n".join((request.title, request.publisher, request.before, request.text))
        )

    def said(self, told: Mapping[str, Any], figure: Marked | None) -> Said:
        """What is said of one figure; None: of one that has no mark."""
        if told.get("figure") is False and figure is not None:
            if figure.dimension not in _NEVER_NONE:
                return Said({}, {}, {}, is_figure=False)
            return Said({}, {}, {"figure": "an amount is a figure"})
        values: dict[str, str | None] = {}
        words: dict[str, str] = {}
        kept: dict[str, str] = {}
        given = told.get("words")
        quoted: Mapping[str, Any] = given if isinstance(given, dict) else {}
        for name in CODED:
            if name in LINKS:
                continue
            try:
                value, said = self._value(name, told.get(name), quoted.get(name))
            except _NotTaken as refused:
                kept[name] = str(refused)
            else:
                values[name] = value
                if said and value is not None:
                    words[name] = said
        _hold_together(values, kept)
        links = self._links(told, figure, kept)
        return Said(values, words, kept, links)

    def _value(self, name: str, value: Any, quoted: Any) -> tuple[str | None, str]:
        """A field and its words. Raises _NotTaken with the reason."""
        if value is None or value == "" or (isinstance(value, str) and value.lower() == "null"):
            return None, ""
        if not isinstance(value, str):
            raise _NotTaken("no text")
        value = " ".join(value.split())
        said = self._quoted(quoted) if name in WORDED else ""
        if name in CODES:
            if value.lower() not in CODES[name]:
                raise _NotTaken(f"no code {_short(value)}")
            value = value.lower()
        elif name in ACTORS:
            value = _joint(value)
        elif name in ("date", "since"):
            _check_date(value)
        elif len(value.split()) > LONGEST_ITEM[0] or len(value) > LONGEST_ITEM[1]:
            raise _NotTaken("too long")
        if not said:
            self._unquoted(name, value)
        return value, said

    def _quoted(self, quoted: Any) -> str:
        """Words of the text, as given. Raises _NotTaken where they are not in it."""
        if not isinstance(quoted, str) or not quoted.strip():
            return ""
        at = 0
        for piece in filter(None, _GAP.split(_folded(quoted))):  # words left out between
            at = self.text.find(piece, at)
            if at < 0:
                raise _NotTaken(f"not in the text: {_short(quoted)}")
            at += len(piece)
        return " ".join(_MARK.sub("", quoted).split())

    def _unquoted(self, name: str, value: str) -> None:
        """Raises _NotTaken for what nothing but the answer tells."""
        if name in ACTORS and not set(value.split("+")) <= self.request.actors:
            raise _NotTaken(f"no words of the text for {value}")
        published = self.request.published
        if name == "date" and not (published and published.startswith(value)):
            raise _NotTaken(f"no words of the text for {value}")
        if name in ("status", "since"):
            raise _NotTaken(f"no words of the text for {value}")

    def _links(
        self, told: Mapping[str, Any], figure: Marked | None, kept: dict[str, str]
    ) -> dict[str, int]:
        out: dict[str, int] = {}
        for name in LINKS if figure is not None else ():
            mark = told.get(name)
            if mark is None:
                continue
            if isinstance(mark, bool) or not isinstance(mark, int) or mark not in self.marks:
                kept[name] = f"no figure {_short(mark)}"
            elif figure is not None and self.marks[mark] == figure.place:
                kept[name] = "itself"
            else:
                out[name] = self.marks[mark]
        return out


class _NotTaken(ValueError):  # noqa: N818  # said of a field, caught beside it
    """Why a field is not taken."""


def _hold_together(values: dict[str, str | None], kept: dict[str, str]) -> None:
    """Takes back what contradicts itself: the three actors stand or fall together."""
    donor, recipient, party = (values.get(name) for name in ACTORS)
    if party and (donor or recipient):
        reason = "a party beside a donor or recipient"
    elif donor and donor == recipient:
        reason = "gives to itself"
    else:
        reason = next((f"as {name}" for name in ACTORS if name in kept), "")
    if reason:
        for name in ACTORS:
            values.pop(name, None)
            kept.setdefault(name, reason)
    date, since = values.get("date"), values.get("since")
    if since and values.get("basis", "total") not in ("total", "level"):
        del values["since"]
        kept["since"] = f"of a {values['basis']}"
    elif since and date and since > date:
        del values["since"]
        kept["since"] = "behind the date"


def _without_circles(figures: Mapping[int, Said]) -> dict[int, Said]:
    """The figures without the links that close a circle; a repeat leads to the earlier one."""
    out: dict[int, Said] = {}
    up: dict[tuple[str, int], int] = {}
    turned: dict[int, int] = {}  # repeats that lead to a later figure, said of the later one
    for place, said in figures.items():
        target = said.links.get("same_as")
        if target is not None and target > place and target in figures:
            turned.setdefault(target, place)
    for place, said in sorted(figures.items()):
        links, kept = dict(said.links), dict(said.kept)
        if links.get("same_as", -1) > place:
            del links["same_as"]
        if place in turned:
            links.setdefault("same_as", turned[place])
        for name, target in tuple(links.items()):
            above: int | None = target
            while above is not None and above != place:
                above = up.get((name, above))
            if above is None:
                up[name, place] = target
            else:
                del links[name]
                kept[name] = "a circle"
        out[place] = Said(said.values, said.words, kept, links, said.is_figure)
    return out


@cache
def codes() -> frozenset[str]:
    """The codes that a donor, a recipient or a party can have, one by one."""
    import pycountry

    known = {country.alpha_3 for country in pycountry.countries}
    return frozenset(known | (set(load("actors")) - {"not_actors"}))


def _joint(value: str) -> str:
    """One code, or up to three in alphabetical order. Raises _NotTaken for anything else."""
    parts = sorted({part.strip() for part in value.split("+")})
    wrong = [part for part in parts if part not in codes()]
    if wrong:
        raise _NotTaken(f"no code {_short(wrong[0])}")
    if len(parts) > _JOINT:
        raise _NotTaken("more than three")
    return "+".join(parts)


def _check_date(value: str) -> None:
    from datetime import date

    if _DATE.match(value):
        year, month, day = (int(part) for part in (value + "-01-01")[:10].split("-"))
        try:
            date(year, month, day)
        except ValueError:
            pass
        else:
            if FIRST_YEAR <= year <= LAST_YEAR:
                return
    raise _NotTaken(f"no date {_short(value)}")


def _folded(text: str) -> str:
    """A text to look words up in: without marks, one blank for many, one kind of quotes."""
    return " ".join(_MARK.sub("", text).translate(_ALIKE).lower().split())


def _short(value: object) -> str:
    written = " ".join(str(value).split())
    return repr(written if len(written) <= 40 else f"{written[:40]}...")


def reasons(answers: Sequence[Heard]) -> dict[str, int]:
    """How often fields were not taken, by field and reason (without what was said)."""
    out: dict[str, int] = {}
    for answer in answers:
        told = [*answer.figures.values(), *(missed.said for missed in answer.missed)]
        for name, reason in ((n, r) for said in told for n, r in said.kept.items()):
            kind = f"{name}: {_WHAT_WAS_SAID.sub('', reason)}"
            out[kind] = out.get(kind, 0) + 1
    return out
