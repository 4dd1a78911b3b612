"""From odds to choices: of every field the most probable value that may be, and how sure it is."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from extractors.fitted.features import (
    ACTORS,
    AID,
    FORMS,
    IMPLIED,
    STATUS,
    Candidate,
    Inputs,
    is_seen,
)
from extractors.fitted.possible import Only, constraints
from extractors.fitted.windows import Window
from extractors.meaning.choice import Choice, Link, Targets
from extractors.meaning.reader import Answers
from extractors.mentions.actors import ActorMention
from extractors.mentions.items import items
from extractors.mentions.named import NOTHING, Named
from extractors.mentions.origin import Origin
from extractors.names.noun_phrases import name_of_phrase
from extractors.names.table_cells import OF_CELL
from extractors.passage.sentence import Sentence
from extractors.text.once import once
from extractors.text.words import word_set
from ledger.figure import BASES, LINKS, OF_CONFIDENCE

Odds = NDArray[np.float32]

LONGEST_ITEM = 8  # tokens
STARTS = 6  # places at which an item may begin that are looked at
LEAST = 0.02  # the chance of an end that is looked at
JOINT = 0.2  # of the likeliest actor's chance, which each other has that gives or receives with it
_JOINS = word_set("actor", "joins")
_RESPECTIVELY = word_set("actor", "each_its_own")
_TINY, _SURE = 1e-6, 50.0  # a chance of nothing, and the logarithmic odds of all but certainty
LINKED = 0.3  # the chance above which a link is taken: where right and missed ones weigh the same
_FRAMES = {"title": Origin.TITLE, "speaker": Origin.PUBLISHER, "record": Origin.RECORD}


@dataclass(frozen=True, slots=True)
class Scored:
    """A window of a document's figures and what a scorer answers of it.

    ``told``: what the rules say of the document; ``frequent``: the items that the weights know by
    name; ``sure``: the slope and the offset by which the product of chances, in logarithmic odds,
    becomes a confidence; ``sums``: of figures that take others in, the rule that says so.
    """

    window: Window
    told: Answers
    inputs: Inputs
    odds: Mapping[str, Odds]
    frequent: Sequence[str]
    sure: tuple[float, float] = (1.0, 0.0)
    sums: Mapping[int, str] = field(default_factory=dict)

    def constraints(self, n: int) -> Iterator[Only]:
        """What the n-th figure of the window can be, whatever the odds."""
        k = self.window.figures[n]
        return constraints(self.told.drafts[k], self.sums.get(k))

    def words(self, candidate: Candidate) -> str:
        """The words of a candidate as the text writes them; none where no sentence names it."""
        if candidate.piece < 0:
            return ""
        plain = self.window.pieces[candidate.piece].sentence.block.plain
        (_, start, _), (_, _, end) = (self.inputs.places[at] for at in candidate.at)
        return plain[start:end]


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure as the weights read it: its name, its choices, and the chance of all five."""

    named: Named
    choices: Mapping[str, Choice]
    confidence: float


@dataclass(slots=True)
class _Value:
    """What speaks for a value: its chance, and where its likeliest mention stands."""

    chance: float = 0.0
    best: float = 0.0
    words: str = ""
    origin: Origin = Origin.NOBODY
    rule: str = "fitted"

    def add(self, chance: float, words: str, origin: Origin) -> None:
        self.chance += chance
        if chance > self.best:
            self.best, self.words, self.origin = chance, words, origin


Values = dict[str | None, _Value]


def chances(odds: Odds) -> Odds:
    """Odds in logarithms as probabilities of sum 1."""
    grown = np.exp(odds - odds.max())
    found: Odds = grown / grown.sum()
    return found


def readings(of: Scored) -> list[Reading | None]:
    """The figures of a window, in order, None where the scorer does not see one."""
    return [
        _reading(of, n) if is_seen(of.inputs, n) else None for n in range(len(of.window.figures))
    ]


def links(of: Scored) -> list[Link]:
    """What the figures of a window say again and are part of, each where its likeliest target is
    likely enough."""
    out: list[Link] = []
    figures = of.window.figures
    for name in LINKS:
        for n, source in enumerate(figures):
            found = chances(of.odds[name][n])
            found[n] = 0  # which is nobody's part
            target = int(found[:-1].argmax())
            if found[target] <= LINKED:
                continue
            later, earlier = source, figures[target]
            if name == "same_as" and later < earlier:
                later, earlier = earlier, later
            out.append(Link(name, later, earlier, "fitted", probability=float(found[target])))
    return likeliest(out)


def targets(of: Scored) -> dict[tuple[str, int], Targets]:
    """Of each kind of link and each figure of a window how likely it leads to which other one, and
    to none. A repeat leads to an earlier figure, whichever of the two the weights see it from."""
    figures = of.window.figures
    out: dict[tuple[str, int], Targets] = {}
    for name in LINKS:
        share = np.array([chances(odds)[: len(figures)] for odds in of.odds[name][: len(figures)]])
        if name == "same_as":
            share = np.maximum(share, share.T)
        for n, source in enumerate(figures):
            last = n if name == "same_as" else len(figures)
            found: dict[int | None, float] = {
                figures[m]: float(share[n, m]) for m in range(last) if m != n
            }
            if found:
                out[name, source] = {None: max(1 - sum(found.values()), 0.0), **found}
    return out


def likeliest(found: Sequence[Link]) -> list[Link]:
    """One link of a kind from each figure, the likeliest, and none that closes a circle."""
    return without_circles(sorted(found, key=lambda one: -(one.probability or 0)))


def without_circles(found: Sequence[Link]) -> list[Link]:
    """One link of a kind from each figure, the first, and none that closes a circle."""
    out: list[Link] = []
    up: dict[tuple[str, int], int] = {}
    for link in found:
        if (link.kind, link.source) in up:
            continue
        above: int | None = link.target
        while above is not None and above != link.source:
            above = up.get((link.kind, above))
        if above is None:
            up[link.kind, link.source] = link.target
            out.append(link)
    return sorted(out, key=lambda one: (one.kind, one.source))


def chances_of(of: Scored, n: int) -> dict[str, dict[str | None, float]]:
    """For each field of the n-th figure of a window its values, each with its chance."""
    return {
        name: {value: told.chance for value, told in found.items()}
        for name, found in (_values(of, n) | {"item": _item_values(of, n)[1]}).items()
    }


def _values(of: Scored, n: int) -> dict[str, Values]:
    """For each field of the n-th figure of a window what speaks for the values that it may have."""
    odds, own = of.odds, _each_its_own(of, n)
    found = {
        "status": _classes(STATUS, odds["status"][n]),
        "basis": _classes(BASES, odds["basis"][n]),
        "aid_type": _classes(AID, odds["aid"][n]),
        **{name: _shared_out(_actors(of, odds[name][n]), own) for name in ACTORS},
        "date": _dates(of, odds["date"][n]),
        "since": _dates(of, odds["since"][n]),
    }
    return found | {only.field: _only(found[only.field], only) for only in of.constraints(n)}


def _each_its_own(of: Scored, n: int) -> Mapping[str | None, str]:
    """Where a sentence says "respectively" of as many actors as amounts: of each of the actors, and
    of all together, the one whose amount the n-th figure is."""
    draft = of.told.drafts[of.window.figures[n]]
    sentence, amount = draft.sentence, draft.quantity
    if not sentence.tokens.holds(_RESPECTIVELY):
        return {}
    alike = [q.first for q in sentence.figures if q.dimension == amount.dimension]
    out: dict[str | None, str] = {}
    for row in _rows_of_actors(sentence):  # those who give, and those who get
        codes = [mention.code for mention in row]
        if len(set(codes)) == len(alike) == len(codes) and amount.first in alike:
            own = codes[alike.index(amount.first)]
            out |= dict.fromkeys((*codes, "+".join(sorted(codes))), own)
    return out


def _shared_out(values: Values, own: Mapping[str | None, str]) -> Values:
    """The values with the chances of some given to others."""
    out: Values = {}
    for value, told in values.items():
        out.setdefault(own.get(value, value), _Value()).add(told.chance, told.words, told.origin)
    return out if own else values


def _only(values: Values, only: Only) -> Values:
    """The values that may be, with the chances of the others shared among them; all where the
    weights know none of those that may be."""
    left = {value: told for value, told in values.items() if value in only.may}
    whole = sum(told.chance for told in left.values())
    if not whole:
        return values
    return {
        value: replace(
            told, chance=told.chance / whole, words=told.words or only.words, rule=only.rule
        )
        for value, told in left.items()
    }


def _reading(of: Scored, n: int) -> Reading:
    """The n-th figure of a window."""
    values = _values(of, n)
    chosen = {name: _choice(found) for name, found in values.items()}
    money = of.told.drafts[of.window.figures[n]].quantity.dimension == "money"
    chosen |= _consistent(chosen, money=money)
    named, item = _item(of, n)
    sure = 1.0
    for name in OF_CONFIDENCE:
        sure *= values[name].get(chosen[name].value, _Value()).chance
    return Reading(named, {**chosen, "item": item}, _calibrated(sure, of.sure))


def _calibrated(sure: float, by: tuple[float, float]) -> float:
    """A product of chances as the share of such figures of which all five fields are right."""
    slope, offset = by
    odds = math.log(max(sure, _TINY) / max(1 - sure, _TINY))
    return 1 / (1 + math.exp(-min(max(slope * odds + offset, -_SURE), _SURE)))


def _choice(values: Values) -> Choice:
    """The most probable value, with the one behind it."""
    ranked = sorted(values, key=lambda value: (-values[value].chance, value or ""))
    first = values[ranked[0]]
    second = (ranked[1], values[ranked[1]].chance) if len(ranked) > 1 else None
    chance = min(first.chance, 1.0)  # sums of chances come out above it by rounding
    return Choice(ranked[0], first.words, first.rule, first.origin, chance, second)


def _consistent(chosen: Mapping[str, Choice], *, money: bool) -> dict[str, Choice]:
    """What no figure can be: nobody gives to itself, a party stands beside no donor or recipient,
    only what adds up over a time has a start, and things that nobody gives or gets are no aid (of
    money the kind of aid is read better than who gives it)."""
    out: dict[str, Choice] = {}
    donor, recipient, party = (chosen[name] for name in ACTORS)
    if donor.value and donor.value == recipient.value:
        weaker = min(("donor", "recipient"), key=lambda name: chosen[name].probability or 0)
        out[weaker] = _nobody(chosen[weaker])
        donor, recipient = (out.get(n, chosen[n]) for n in ("donor", "recipient"))
    given = max((c.probability or 0 for c in (donor, recipient) if c.value), default=None)
    if given is not None and party.value:
        if given >= (party.probability or 0):
            out["party"] = _nobody(party)
        else:
            out |= {name: _nobody(chosen[name]) for name in ("donor", "recipient")}
    if chosen["basis"].value not in ("total", "level") and chosen["since"].value:
        out["since"] = _nobody(chosen["since"])
    given_or_got = any(out.get(name, chosen[name]).value for name in ("donor", "recipient"))
    if not money and not given_or_got:
        out["aid_type"] = _nobody(chosen["aid_type"])
    return out


def _nobody(choice: Choice) -> Choice:
    """The same field left empty; what it would have held is the runner-up."""
    if choice.value is None:
        return choice
    other = (choice.value, choice.probability or 0.0)
    return replace(
        choice, value=None, words="", origin=Origin.NOBODY, probability=None, runner_up=other
    )


def _classes(names: Sequence[str | None], odds: Odds) -> Values:
    return {
        name: _Value(float(chance), float(chance), "", Origin.WORDS)
        for name, chance in zip(names, chances(odds), strict=True)
    }


def _actors(of: Scored, odds: Odds) -> Values:
    """By code what the mentions of each have together; then nobody, then those implied."""
    share = chances(odds)
    n = len(of.inputs.actors)
    out = _mentioned(of, of.inputs.actors, share[:n], _origin_of_actor)
    out[None] = _Value(float(share[n]), float(share[n]))
    for code, chance in zip(IMPLIED, share[n + 1 :].tolist(), strict=True):
        out.setdefault(code, _Value()).add(chance, "", Origin.FRAME)
    return _with_joint(of, out)


def _origin_of_actor(candidate: Candidate) -> Origin:
    named = Origin.WORDS if candidate.piece >= 0 else Origin.FRAME
    return _FRAMES.get(FORMS[candidate.form], named)


def _mentioned(
    of: Scored, candidates: Sequence[Candidate], share: Odds, origin: Callable[[Candidate], Origin]
) -> Values:
    """By value what its mentions have together, with the words and the place of the likeliest."""
    whole: dict[str | None, float] = {}
    best: dict[str | None, tuple[float, Candidate]] = {}
    for candidate, chance in zip(candidates, share.tolist(), strict=True):
        value = candidate.value or None
        whole[value] = whole.get(value, 0.0) + chance
        if value not in best or chance > best[value][0]:
            best[value] = chance, candidate
    return {
        value: _Value(whole[value], chance, of.words(candidate), origin(candidate))
        for value, (chance, candidate) in best.items()
    }


def _with_joint(of: Scored, values: Values) -> Values:
    """The values with those of actors named together as one ("Norway and Denmark will send"),
    where the likeliest is among them and each of the others is nearly as likely."""
    first = max(values, key=lambda value: values[value].chance)
    for codes, words in _joint_actors(of.window) if first is not None else ():
        shares = [values[code].chance if code in values else 0.0 for code in codes]
        if first in codes and min(shares) >= JOINT * values[first].chance:
            rest: Values = {value: told for value, told in values.items() if value not in codes}
            whole = sum(shares)
            rest["+".join(sorted(codes))] = _Value(whole, whole, words, Origin.WORDS)
            return rest
    return values


def _joint_actors(window: Window) -> Iterator[tuple[frozenset[str], str]]:
    """Two or three actors that a sentence of a window names side by side, with the words."""
    for piece in window.pieces:
        for row in _rows_of_actors(piece.sentence):
            codes = frozenset(m.code for m in row)
            if len(codes) in (2, 3):
                yield codes, piece.sentence.written(row[0].first, row[-1].last)


@once
def _rows_of_actors(sentence: Sentence) -> tuple[tuple[ActorMention, ...], ...]:
    """The actors of a sentence that stand in one row, all of one form: "Latvia, Poland and ..."."""
    rows: list[list[ActorMention]] = []
    for mention in sentence.actors:
        before = rows[-1][-1] if rows else None
        between = () if before is None else sentence.tokens.low[before.last : mention.first]
        joined = 0 < len(between) <= 3 and _JOINS.issuperset(between)
        if before is not None and joined and before.form == mention.form:
            rows[-1].append(mention)
        else:
            rows.append([mention])
    return tuple(tuple(row) for row in rows if len(row) > 1)


def _dates(of: Scored, odds: Odds) -> Values:
    """By date what its mentions have together; behind the dates, where there is one, none."""
    share = chances(odds)
    n = len(of.inputs.dates)
    out = _mentioned(of, of.inputs.dates, share[:n], _origin_of_date)
    for value in out.values():
        value.words = value.words or "published"
    if len(share) > n:
        out.setdefault(None, _Value()).add(float(share[n]), "", Origin.NOBODY)
    return out


def _origin_of_date(candidate: Candidate) -> Origin:
    return Origin.WORDS if candidate.piece >= 0 else Origin.PUBLISHED


def _item(of: Scored, n: int) -> tuple[Named, Choice]:
    """The name of what a figure counts, and why."""
    names, values = _item_values(of, n)
    choice = _choice(values)
    return names[choice.value], choice


def _item_values(of: Scored, n: int) -> tuple[dict[str | None, Named], Values]:
    """The names that a figure's item may have: frequent items, the rules' name, words of the text.

    Names that come to the same item are one value.
    """
    known, places = len(of.frequent) + 2, of.inputs.places
    share = chances(np.concatenate([of.odds["item"][n], of.odds["item_start"][n]]))
    ends = chances(of.odds["item_end"][n])
    names: dict[str | None, Named] = {None: NOTHING}
    values: Values = {None: _Value(float(share[0]), float(share[0]))}

    def add(named: Named | None, chance: float) -> None:
        if named is not None and named.item is not None:
            names.setdefault(named.item, named)
            value = values.setdefault(named.item, _Value())
            value.add(float(chance), named.words or "", named.origin)

    told = of.told.drafts[of.window.figures[n]]
    add(replace(told.named, item=told.item), share[known - 1])
    if told.named.rule == OF_CELL:  # a table says itself what its numbers count
        return names, _only(values, Only("item", frozenset([told.item]), OF_CELL))
    for k in np.argsort(-share[1 : known - 1])[:STARTS]:
        add(_frequent(of.frequent[k]), share[1 + k])
    for start in map(int, np.argsort(-share[known:])[:STARTS]):
        number = places[start][0]
        for end in range(start, min(start + LONGEST_ITEM, len(places))) if number >= 0 else ():
            if places[end][0] == number and ends[end] > LEAST:
                add(_stretch(of, start, end), share[known + start] * ends[end])
    return names, values


@cache
def _frequent(name: str) -> Named:
    return Named(name, None, items().get(name), rule="fitted")


def _stretch(of: Scored, start: int, end: int) -> Named | None:
    """The name that a stretch of a window's tokens gives; None where it holds no whole word."""
    number, first, _ = of.inputs.places[start]
    sentence = of.window.pieces[number].sentence
    begin = bisect_left(sentence.tokens.start, first)
    stop = bisect_right(sentence.tokens.end, of.inputs.places[end][2])
    return name_of_phrase(sentence, begin, stop) if begin < stop else None
