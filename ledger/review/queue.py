"""The queue: what to look at first, so that the totals that are shown come right soonest.

An entry is a figure, or something that the ledger found by itself. It is worth the chance that it
is wrong times what that changes in the totals of a question. A fact is as doubtful as the surest of
the figures that state it, and that one stands for it; the others change nothing until it is
decided. After a decision only what it touches is gathered and weighed anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd

from ledger import dedupe
from ledger.date_bounds import date_bounds
from ledger.notebook import html_table
from ledger.review.doubt import CERTAIN, Doubt, Other, doubt, least_sure
from ledger.review.filled import Made
from ledger.review.findings import SAME, Finding
from ledger.review.moves import NOWHERE, Floats, Grown, Move, Moves
from ledger.review.neighbours import NEEDS as OF_NEIGHBOURS
from ledger.review.neighbours import Neighbours
from ledger.review.question import TAIL, Booked, Cell, Columns, Question, columns_of
from ledger.review.review import DISMISS, SKIP, UNDO
from ledger.review.wording import amount_words, cell_words, move_words
from ledger.table import column, plain

NEEDS = tuple(dict.fromkeys((*dedupe.NEEDS, "choices")))  # the columns of figures that it reads
FIGURE = "figure"
ENTRY_DTYPES: dict[str, str] = {
    "rank": "int64", "kind": "str", "worth": "float64", "wrong": "float64", "effect": "str",
    "reason": "str", "state": "str", "skipped_by": "str", "alike": "int64", "figure_id": "str",
    "fact_id": "str", "ids": "str", "text": "str", "value": "float64", "unit": "str",
    "item": "str", "donor": "str", "recipient": "str", "party": "str", "status": "str",
    "basis": "str", "date": "str", "sentence": "str", "source_id": "str",
}  # fmt: skip
SAFE_DTYPES: dict[str, str] = {
    "item": "str", "status": "str", "unit": "str", "total": "float64", "safe": "float64",
    "share": "float64", "facts": "int64", "safe_facts": "int64",
}  # fmt: skip
_READ_ALIKE = ("text", "sentence", "unit", "item", "donor", "recipient", "party", "status", "basis")
_SHOWN = ("text", "value", "unit", "item", "donor", "recipient", "party", "status", "basis",
          "date", "sentence", "source_id")  # fmt: skip
_TAKEN = ("choices", "confidence", "reader", "dimension", "same_as", "part_of")
_LONGEST_CHAIN = 32
_NOTHING = 1e-9  # of a total, which sums are off by rounding
_NOT_BESIDE = {"party": ("donor", "recipient"), "donor": ("party",), "recipient": ("party",)}


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it stands: its ``item`` is the number by which the queue knows it.

    ``wrong`` is the chance that it is wrong, ``effect`` and ``reason`` say in words what would
    change and why it is doubted; ``ids`` are the figures that it speaks of, ``alike`` those that
    were read alike and are open too. ``fields`` are those that the question uses, the least sure
    first with the chance of each; ``skipped_by`` is who has seen it and left it for later.
    """

    item: int
    kind: str
    worth: float
    wrong: float
    effect: str
    reason: str
    figure_id: str
    fact_id: str | None
    ids: tuple[str, ...]
    alike: tuple[str, ...]
    state: str | None
    skipped_by: str | None
    finding: Finding | None
    fields: tuple[tuple[str, float], ...]


class Queue:
    """The entries of a ledger for one question, kept in order while decisions are made.

    ``figures`` has the columns ``NEEDS``, decisions applied (``Ledger.figures()``); ``decisions``
    are all of them (``Ledger.decisions()``); ``findings`` may come from anywhere.
    """

    def __init__(
        self,
        figures: pd.DataFrame,
        decisions: pd.DataFrame,
        question: Question | None = None,
        findings: Iterable[Finding] = (),
    ) -> None:
        self.question = question or Question()
        # In one piece: of texts in many pieces, as they are read, a few rows are taken slowly.
        whole = {name: column(list(plain(figures[name])), str(figures[name].dtype))
                 for name in NEEDS}  # fmt: skip
        self._figures = pd.DataFrame(whole)
        self._changed: dict[int, Mapping[str, Any]] = {}
        self._ids = list(map(str, plain(self._figures["figure_id"])))
        self._row_of = {figure_id: row for row, figure_id in enumerate(self._ids)}
        self._uses = {money: self.question.uses(money=money) for money in (True, False)}
        self._findings = [f for f in findings if all(one in self._row_of for one in f.ids)]
        count = len(self._ids)
        self._items = count + len(self._findings)
        self._moves = Moves(self._items)
        self._moving: list[Move] = []  # on their way into the moves
        self._cells: dict[Cell, int] = {}
        self._names: list[Cell] = []
        self._known_tails = np.empty(0, dtype="int64")
        self._tails: list[int] = []  # of every cell, what it belongs to without its groups
        self._tail_of: dict[Cell, int] = {}
        self._fact_of = np.full(count, NOWHERE, dtype="int64")
        self._sums: dict[Cell, int] = {}
        self._facts = Grown(cell="int64", amount="float64", added_to="int64", counted="bool",
                            alive="bool", decided="bool", right="float64",
                            lead="int64")  # fmt: skip
        self._members: list[list[int]] = []
        self._doubts: list[Doubt] = [Doubt(0.0)] * count
        self._wrong = np.zeros(count)
        self._may_enter = self.question.may_hold(self._figures)
        self._reviews: list[str | None] = plain(self._figures["review"])  # type: ignore[assignment]
        self._undecided = np.array([review is None for review in self._reviews], dtype=bool)
        self._link_of: dict[str, dict[int, int]] = {"same_as": {}, "part_of": {}}
        self._linked: dict[str, dict[int, set[int]]] = {"same_as": {}, "part_of": {}}
        self._half_linked: dict[int, set[int]] = {}  # of each figure those that may belong to it
        self._alike = self._figures.groupby(list(_READ_ALIKE), dropna=False).ngroup().to_numpy()
        read = columns_of(self._figures, {*OF_NEIGHBOURS, *_TAKEN})
        self._neighbours = Neighbours(read, self.question.parents)
        self.last = int(decisions["decision"].max()) if len(decisions) else 0  # decision seen
        self._closed = np.zeros(self._items, dtype=bool)
        self._within: np.ndarray | None = None  # the items that are asked for, where not all are
        self._skipped: dict[int, str] = {}
        self._dismissed: set[int] = set()
        self._findings_at: dict[int, list[int]] = {}
        self._finding_of_key = {f.key: count + k for k, f in enumerate(self._findings)}
        pairs = [(k, self._row_of[one]) for k, f in enumerate(self._findings) for one in f.ids]
        for k, row in pairs:
            self._findings_at.setdefault(row, []).append(k)
        self._pairs = np.array(pairs, dtype="int64").reshape(-1, 2)
        self._take(range(count), read)
        self._note(made_by_figure(decisions))
        facts = dedupe.merge(self._figures, self.question.parents)
        self._enter(columns_of(facts, self._of_facts))
        self._find(range(len(self._findings)))
        self._moves.weigh(np.arange(self._items))

    def __len__(self) -> int:
        """How many entries are open."""
        return int(self._open().sum())

    def _repr_html_(self) -> str:
        return html_table("Review queue", {"open": len(self), "safe": self.safe_words()})

    # What is asked of it

    def entries(self, limit: int | None = None, *, decided: bool = False) -> Iterator[Entry]:
        """The open entries, that worth most first, those that somebody skipped behind the others;
        with ``decided`` the decided ones follow. The same state gives the same order."""
        return (entry for _, entry in self.ranked(limit, decided=decided))

    def ranked(
        self,
        limit: int | None = None,
        *,
        decided: bool = False,
        wanted: Callable[[str, str], bool] | None = None,
    ) -> Iterator[tuple[int, Entry]]:
        """The entries, each with its place in the order, from 1; ``wanted`` chooses among them by
        kind and figure."""
        chiefs = self._moves.chiefs()
        places = enumerate(self._order(decided).tolist(), 1)
        chosen = (one for one in places if wanted is None or wanted(*self._named(one[1])))
        for place, item in islice(chosen, limit):
            yield place, self._entry(item, chiefs.get(item, None))

    def count(self, wanted: Callable[[str, str], bool], *, decided: bool = False) -> int:
        """How many entries are wanted; see :meth:`ranked`."""
        return sum(wanted(*self._named(item)) for item in self._order(decided).tolist())

    def _named(self, item: int) -> tuple[str, str]:
        """The kind of an entry and the figure that it is on."""
        if item < len(self._ids):
            return FIGURE, self._ids[item]
        finding = self._findings[item - len(self._ids)]
        return finding.kind, finding.ids[0]

    def frame(self, limit: int | None = None, *, decided: bool = False) -> pd.DataFrame:
        """The entries as a frame: ``ENTRY_DTYPES``; ``ids`` is a JSON list, ``alike`` how many
        other open figures were read alike, ``state`` accepted, rejected, corrected, or NaN."""
        found = list(self.entries(limit, decided=decided))
        rows = [self._row_of[entry.figure_id] for entry in found]
        shown = self._frame(rows)
        told: dict[str, Sequence[Any]] = {
            "rank": range(1, len(found) + 1),
            "alike": [len(e.alike) for e in found],
            "ids": [json.dumps(e.ids) for e in found],
            **{name: [getattr(e, name) for e in found] for name in ENTRY_DTYPES
               if name in Entry.__slots__ and name not in ("alike", "ids")},
            **{name: plain(shown[name]) for name in _SHOWN},
        }  # fmt: skip
        return pd.DataFrame({n: column(list(told[n]), kind) for n, kind in ENTRY_DTYPES.items()})

    def first(self) -> Entry | None:
        """The entry to look at first, None where none is open."""
        waiting = self._open()
        for item in self._skipped:
            waiting[item] = False
        if not waiting.any():
            waiting = self._open()
        if not waiting.any():
            return None
        worth = np.where(waiting, self._moves.worth, -1.0)
        best = np.flatnonzero(worth == worth.max())
        return self.entry(int(best[self._sizes(best).argmax()]))

    def entry(self, item: int) -> Entry:
        """The entry of this number. Raises IndexError where there is none."""
        if not 0 <= item < self._items:
            raise IndexError(item)
        return self._entry(item, self._moves.chief(item))

    def of_figure(self, figure_id: str) -> Entry | None:
        """The entry of a figure, None where the ledger had no such figure when it was gathered."""
        row = self._row_of.get(figure_id)
        return None if row is None else self.entry(row)

    def repeats(self, figure_ids: Iterable[str]) -> dict[str, str]:
        """What these figures repeat, and what that repeats in turn, as it is now linked, up to what
        is rejected."""
        links = self._link_of["same_as"]
        found: dict[str, str] = {}
        for figure_id in figure_ids:
            row = self._row_of.get(figure_id)
            while row is not None and row in links and self._ids[row] not in found:
                target = links[row]
                if self._reviews[target] == "rejected":
                    break
                found[self._ids[row]] = self._ids[target]
                row = target
        return found

    def safe(self) -> pd.DataFrame:
        """What is safe already, a row for each item, status and unit, that of most facts first:
        ``SAFE_DTYPES``.

        A fact is safe where a person has accepted or corrected it, or where all that the question
        uses of it is right with a chance of at least 0.95 and nothing found about it is open.
        """
        facts, counted = self._facts, self._facts["counted"] & self._facts["alive"]
        if len(self._known_tails) < len(self._tails):
            self._known_tails = np.array(self._tails, dtype="int64")
        tails = self._known_tails[facts["cell"][counted]]
        safe = (facts["decided"] | ((facts["right"] >= CERTAIN) & ~self._flagged()))[counted]
        amounts, groups = np.abs(facts["amount"][counted]), len(self._tail_of)
        sums = {
            "total": np.bincount(tails, amounts, groups),
            "safe": np.bincount(tails, amounts * safe, groups),
            "facts": np.bincount(tails, minlength=groups),
            "safe_facts": np.bincount(tails, safe, groups),
        }
        names = zip(*self._tail_of, strict=True) if self._tail_of else ((), (), ())
        keys = dict(zip(TAIL, names, strict=False))
        rows = {**keys, **sums, "share": sums["safe"] / np.where(sums["total"], sums["total"], 1)}
        frame = pd.DataFrame({n: column(list(rows[n]), "float64" if n == "facts" else kind)
                              for n, kind in SAFE_DTYPES.items()})  # fmt: skip
        frame = frame[frame["facts"] > 0].astype({"facts": "int64"})
        frame = frame.assign(money=frame["item"].isna())
        order = ["money", "facts", "total"]
        frame = frame.sort_values(order, ascending=False, kind="stable", ignore_index=True)
        return frame[list(SAFE_DTYPES)]

    def safe_words(self) -> str:
        """How much of the chief total is safe: ``96 percent of USD 9.63 billion committed rests on
        accepted or certain facts``; empty where nothing is added up."""
        return safe_words(self.safe())

    def totals(self) -> dict[Cell, float]:
        """The totals that are shown, by their cells: the groups, then ``TAIL``."""
        held = self._moves.totals
        return {cell: float(held[place]) for cell, place in self._cells.items() if held[place]}

    def stand(self) -> Floats:
        """The totals as they are now, to be compared with later ones; see :meth:`changes`."""
        return self._moves.totals.copy()

    def changes(self, before: Floats) -> list[str]:
        """In words which totals have changed since then, that which changed most first."""
        now = self._moves.totals
        differs = now - np.pad(before, (0, len(now) - len(before)))
        changed = np.flatnonzero(np.abs(differs) > _NOTHING * np.maximum(np.abs(now), 1))
        changed = changed[np.argsort(-np.abs(differs[changed]), kind="stable")]
        return [
            move_words(self.question.by, None, 0.0, self._name_of(int(cell)), float(differs[cell]))
            for cell in changed
        ]

    def total_of(self, item: int) -> str:
        """The total that an entry adds to, in words, as it is now; empty where it adds to none."""
        row = self._row_of[self.entry(item).figure_id]
        fact = int(self._fact_of[row])
        if fact == NOWHERE or not self._facts["counted"][fact]:
            return ""
        place = int(self._facts["cell"][fact])
        cell = self._name_of(place) or ()
        unit = cell[len(self.question.by) + TAIL.index("unit")] or ""
        now = amount_words(float(self._moves.totals[place]), unit)
        words = cell_words(self.question.by, cell, with_period=self.question.freq is not None)
        return f"{words}: {now}"

    @property
    def decided_on(self) -> int:
        """How many figures are decided."""
        return int((~self._undecided).sum())

    def narrow(self, figure_ids: Iterable[str]) -> None:
        """Leaves these figures in the queue and nothing else, as for an audit."""
        kept = [self._row_of[one] for one in figure_ids if one in self._row_of]
        self._within = np.zeros(self._items, dtype=bool)
        self._within[kept] = True

    # What is decided

    def decided(
        self, figures: Iterable[Mapping[str, Any]], decisions: Mapping[str, Sequence[Made]]
    ) -> None:
        """Takes in that these ``figures`` were decided on: as records as they now are, with all
        ``decisions`` on each. Figures that the queue does not know are left out."""
        made = [one for on_figure in decisions.values() for one in on_figure]
        self.last = max([self.last, *(one.number for one in made)])
        known = {self._row_of[r["figure_id"]]: r for r in figures if r["figure_id"] in self._row_of}
        rows = list(known)
        if not rows:
            return
        self._note(decisions, rows)
        again = [row for row in rows if not self._is_as_before(row, known[row])]
        if not again:
            return
        accepted = all(self._is_accepted(row, known[row]) for row in again)
        touched = self._neighbours.near(again)
        for row in again:
            self._changed[row] = known[row]
            self._reviews[row] = known[row]["review"]
            self._undecided[row] = known[row]["review"] is None
        if accepted:
            self._settle(again)
            return
        columns = {name: [known[row][name] for row in again] for name in NEEDS}
        self._neighbours.put(again, columns)
        self._unlink(again)
        self._take(again, columns)
        linked = self._together(touched | self._neighbours.near(again))
        around = self._together(self._neighbours.near(linked))
        while self._neighbours.correcting(around - linked):
            linked, around = around, self._together(self._neighbours.near(around))
        # Of what may belong to others that are only gathered anew nothing changes but by chance.
        half = {row for one in again for row in self._half_linked.get(one, ())}
        self._gather(sorted(self._together(around | half)))

    def _is_as_before(self, row: int, record: Mapping[str, Any]) -> bool:
        """Whether nothing is decided on a figure on which nothing was: it was skipped, perhaps."""
        return row not in self._changed and record["review"] is None and self._reviews[row] is None

    def _is_accepted(self, row: int, record: Mapping[str, Any]) -> bool:
        """Whether a figure is only accepted as it was read, and its fact stays what it is."""
        fact = int(self._fact_of[row])
        if record["review"] != "accepted" or row in self._changed or fact == NOWHERE:
            return False
        if self._neighbours.correcting(self._members[fact]):
            return False  # it may correct this one, and does not what a person says is right
        told = {"fact_id": self._ids[self._members[fact][0]]}
        columns = {name: [told.get(name, record.get(name))] for name in self.question.needs}
        [booked] = self.question.booked(columns)
        cell = NOWHERE if booked.cell is None else self._cells.get(booked.cell, NOWHERE)
        held = self._facts
        return bool(held["cell"][fact] == cell and held["amount"][fact] == booked.amount)

    def _settle(self, rows: Sequence[int]) -> None:
        """Takes the facts of accepted figures as decided: nothing moves if they are wrong."""
        facts = np.unique(self._fact_of[rows])
        self._facts["decided"][facts] = True
        for row in rows:
            self._doubts[row] = Doubt(1.0)
            self._wrong[row] = 0.0
        self._facts["right"][facts] = 1.0
        self._facts["lead"][facts] = rows[:1] if len(facts) == 1 else self._facts["lead"][facts]
        items = [row for fact in facts for row in self._members[fact]]
        found = sorted({k for row in items for k in self._findings_at.get(row, ())})
        again = np.array([*items, *(len(self._ids) + k for k in found)], dtype="int64")
        self._moves.forget(again)
        self._find(found)
        self._moves.weigh(again, np.empty(0, dtype="int64"))

    def _gather(self, rows: Sequence[int]) -> None:
        """Gathers the facts of these rows anew, which hold all figures of each."""
        gone = np.unique(self._fact_of[rows])
        gone = gone[gone != NOWHERE]
        facts, items = self._facts, np.array(rows, dtype="int64")
        counting = gone[facts["counted"][gone]]
        cells = facts["cell"][counting]
        self._moves.book(cells, -facts["amount"][counting])
        facts["alive"][gone] = False
        facts["counted"][gone] = False
        self._fact_of[items] = NOWHERE
        self._moves.forget(items)
        new = self._enter(self._merged(rows))
        found = sorted({k for row in rows for k in self._findings_at.get(row, ())})
        count = len(self._ids)
        self._moves.forget(np.array([count + k for k in found], dtype="int64"))
        self._find(found)
        again = np.array([*rows, *(count + k for k in found)], dtype="int64")
        touched = np.concatenate([cells, facts["cell"][new][facts["counted"][new]]])
        self._moves.weigh(again, touched)

    def _merged(self, rows: Sequence[int]) -> dict[str, Sequence[Any]]:
        """The facts that these figures state, as columns. A figure that stands alone is itself a
        fact, which need not be gathered."""
        if len(rows) > 1 or rows[0] not in self._changed:
            facts = dedupe.merge(self._frame(rows), self.question.parents)
            return columns_of(facts, self._of_facts)
        record, figure_id = self._changed[rows[0]], self._ids[rows[0]]
        if record["review"] == "rejected":
            return {name: [] for name in self._of_facts}
        told = {"fact_id": figure_id, "figure_ids": json.dumps([figure_id])}
        return {name: [told.get(name, record.get(name))] for name in self._of_facts}

    @cached_property
    def _of_facts(self) -> tuple[str, ...]:
        """The columns of facts that are read."""
        dates = ("date", "date_start")
        return tuple(dict.fromkeys((*self.question.needs, *dates, "review", "figure_ids")))

    def _together(self, rows: Iterable[int]) -> set[int]:
        """The rows with all that share a fact with them, that are linked to them, or that are
        parts of them, at any remove."""
        found: set[int] = set()
        waiting = list(rows)
        while waiting:
            row = waiting.pop()
            if row in found:
                continue
            found.add(row)
            fact = self._fact_of[row]
            waiting += self._members[fact] if fact != NOWHERE else []
            waiting += self._linked["same_as"].get(row, ())
            waiting += self._linked["part_of"].get(row, ())
            if row in self._link_of["same_as"]:
                waiting.append(self._link_of["same_as"][row])
        return found

    # How it is made

    def _frame(self, rows: Sequence[int]) -> pd.DataFrame:
        """These figures as they now are, in this order."""
        new = [row for row in rows if row in self._changed]
        if not new:
            return self._figures.iloc[list(rows)].reset_index(drop=True)
        made = pd.DataFrame({
            name: column([self._changed[row][name] for row in new], str(self._figures[name].dtype))
            for name in NEEDS
        })  # fmt: skip
        old = [row for row in rows if row not in self._changed]
        held = pd.concat([self._figures.iloc[old], made]) if old else made
        place = {row: number for number, row in enumerate((*old, *new))}
        return held.iloc[[place[row] for row in rows]].reset_index(drop=True)

    def _take(self, rows: Iterable[int], figures: Columns) -> None:
        """Takes the doubts and the links of these figures as they now are."""
        columns = (figures[name] for name in _TAKEN)
        for row, *held in zip(rows, *columns, strict=True):
            choices, confidence, reader, dimension, same_as, part_of = held
            targets = {"same_as": same_as, "part_of": part_of}
            for name, target in targets.items():
                if target in self._row_of:
                    self._link_of[name][row] = self._row_of[target]
                    self._linked[name].setdefault(self._row_of[target], set()).add(row)
            if self._reviews[row] is None:
                links = [name for name, target in targets.items() if target is not None]
                uses = self._uses[dimension == "money"]
                self._doubts[row] = doubt(choices, confidence, reader, links, uses)
                for target in self._may_lead(row):
                    self._half_linked.setdefault(target, set()).add(row)
            else:
                self._doubts[row] = Doubt(1.0)
            self._wrong[row] = 1 - self._doubts[row].right

    def _unlink(self, rows: Iterable[int]) -> None:
        for row in rows:
            for target in self._may_lead(row):
                self._half_linked[target].discard(row)
            for name, links in self._link_of.items():
                if row in links:
                    self._linked[name][links.pop(row)].discard(row)

    def _may_lead(self, row: int) -> list[int]:
        """The figures to which links of a figure may lead that lead nowhere."""
        targets = (one.value for one in self._doubts[row].others if one.field in self._linked)
        return [self._row_of[one] for one in targets if one in self._row_of]

    def _note(
        self, decisions: Mapping[str, Sequence[Made]], rows: Iterable[int] | None = None
    ) -> None:
        """Takes in who skipped what and which findings were dismissed; of these rows anew."""
        for row in rows or ():
            for item in (row, *(len(self._ids) + k for k in self._findings_at.get(row, ()))):
                if item == row or self._findings[item - len(self._ids)].ids[0] == self._ids[row]:
                    self._skipped.pop(item, None)
                    self._dismissed.discard(item)
        for figure_id, made in decisions.items():
            undone = {one.changes["undoes"] for one in made if one.action == UNDO}
            for one in made:
                named = "finding" in one.changes
                key = one.changes["finding"] if named else figure_id
                noted = (self._finding_of_key if named else self._row_of).get(key)
                if noted is None or one.number in undone:
                    continue
                if one.action == DISMISS:
                    self._dismissed.add(noted)
                elif one.action == SKIP:
                    self._skipped[noted] = one.who

    def _enter(self, facts: Columns) -> np.ndarray:
        """Takes facts in, with what they add to the totals and what would move if they were wrong;
        returns their numbers."""
        start = len(self._facts)
        numbers = np.arange(start, start + len(facts["figure_ids"]))
        members = [[self._row_of[one] for one in json.loads(ids)] for ids in facts["figure_ids"]]
        for number, rows in zip(numbers, members, strict=True):
            self._fact_of[rows] = number
        self._members += members
        leads = [max(rows, key=lambda r: (self._doubts[r].right, -r)) for rows in members]
        doubted = [
            (place, one)
            for place, (lead, review) in enumerate(zip(leads, facts["review"], strict=True))
            for one in (self._doubts[lead].others if review is None else ())
            if one.field not in self._linked
        ]
        otherwise = _with_fields(facts, doubted)
        both = {name: [*values, *otherwise[name]] for name, values in facts.items()}
        booked = self.question.booked(both)  # at once: each asking costs more than a few rows
        booked, others = booked[: len(members)], booked[len(members) :]
        self._facts.add(
            cell=[self._cell(one.cell) for one in booked],
            amount=[one.amount for one in booked],
            added_to=[self._sums.setdefault(one.added_to, len(self._sums)) for one in booked],
            counted=False, alive=True,
            decided=[review is not None for review in facts["review"]], lead=leads,
            right=[self._doubts[lead].right for lead in leads],
        )  # fmt: skip
        held = self._facts
        parts = {number for number in numbers.tolist() if self._is_part(number)}
        counted = held["cell"][numbers] != NOWHERE
        counted &= ~np.isin(numbers, list(parts))
        held["counted"][numbers] = counted
        self._moves.book(held["cell"][numbers[counted]], held["amount"][numbers[counted]])
        self._doubt_facts(numbers, parts)
        for (place, one), other in zip(doubted, others, strict=True):
            if numbers[place] not in parts:
                self._doubt_field(int(numbers[place]), one, other)
        self._doubt_repeats(numbers)
        self._moves.add(self._moving)
        self._moving.clear()
        return numbers

    def _cell(self, cell: Cell | None) -> int:
        """The number of a cell, a new one where it has none."""
        if cell is None:
            return NOWHERE
        if cell not in self._cells:
            self._cells[cell] = len(self._cells)
            self._moves.open(len(self._cells))
            tail = cell[-len(TAIL) : -1]
            self._tails.append(self._tail_of.setdefault(tail, len(self._tail_of)))
        return self._cells[cell]

    def _whole(self, fact: int) -> int:
        """The fact that a fact is a part of, NOWHERE if none."""
        for row in self._members[fact]:
            target = self._link_of["part_of"].get(row)
            if target is not None and self._fact_of[target] not in (NOWHERE, fact):
                return int(self._fact_of[target])
        return NOWHERE

    def _is_part(self, fact: int) -> bool:
        """Whether a fact's whole, at any remove, is added to the same sum."""
        cells, sums = self._facts["cell"], self._facts["added_to"]
        if cells[fact] == NOWHERE:
            return False
        whole = self._whole(fact)
        for _ in range(_LONGEST_CHAIN):
            if whole == NOWHERE:
                return False
            if whole != fact and cells[whole] != NOWHERE and sums[whole] == sums[fact]:
                return True
            whole = self._whole(whole)
        return False

    def _doubt_facts(self, numbers: np.ndarray, parts: set[int]) -> None:
        """The moves of the figures that stand for undecided facts, were they no facts of their
        own."""
        held = self._facts
        for number in numbers.tolist():
            if held["decided"][number]:
                continue
            lead, amount = int(held["lead"][number]), float(held["amount"][number])
            cell, is_part = int(held["cell"][number]), number in parts
            told = self._doubts[lead]
            for one in told.others if cell != NOWHERE else ():
                if one.field in self._linked and one.value is not None:
                    if not is_part and self._would_join(number, one):
                        self._moving.append(Move(lead, one.chance, cell, amount, NOWHERE, 0.0))
                elif one.field == "same_as" or (one.field == "part_of" and is_part):
                    self._moving.append(Move(lead, one.chance, NOWHERE, 0.0, cell, amount))
            rest = 1 - told.right - sum(one.chance for one in told.others)
            if not is_part and cell != NOWHERE and rest > 0:
                self._moving.append(Move(lead, rest, cell, amount, NOWHERE, 0.0))

    def _doubt_field(self, fact: int, one: Other, booked: Booked) -> None:
        """The move of an undecided fact, were a field of it what it may be otherwise."""
        lead, cell = int(self._facts["lead"][fact]), int(self._facts["cell"][fact])
        to = self._cell(booked.cell)
        if cell != NOWHERE or to != NOWHERE:
            fallen = float(self._facts["amount"][fact]) if cell != NOWHERE else 0.0
            self._moving.append(Move(lead, one.chance, cell, fallen, to, booked.amount))

    def _would_join(self, fact: int, link: Other) -> bool:
        """Whether a fact would no longer be added up if a link led where its reader half expects
        it: into another fact, or under a whole of the same sum."""
        row = self._row_of.get(link.value or "")
        other = NOWHERE if row is None else int(self._fact_of[row])
        if other in (NOWHERE, fact):
            return False
        if link.field == "same_as":
            return True
        cells, sums = self._facts["cell"], self._facts["added_to"]
        return bool(cells[other] != NOWHERE and sums[other] == sums[fact])

    def _doubt_repeats(self, numbers: np.ndarray) -> None:
        """The moves of figures that a text links to others: apart, each would be one more."""
        held = self._facts
        for number in numbers.tolist():
            if held["decided"][number] or not held["counted"][number]:
                continue
            for row in self._members[number]:
                if row == held["lead"][number] or row not in self._link_of["same_as"]:
                    continue
                for one in self._doubts[row].others:
                    if one.field == "same_as":
                        cell, amount = int(held["cell"][number]), float(held["amount"][number])
                        self._moving.append(Move(row, one.chance, NOWHERE, 0.0, cell, amount))

    def _find(self, numbers: Iterable[int]) -> None:
        """What findings would change, and whether they are closed."""
        for k in numbers:
            finding, item = self._findings[k], len(self._ids) + k
            rows = [self._row_of[one] for one in finding.ids]
            facts = [int(self._fact_of[row]) for row in rows]
            self._closed[item] = self._is_closed(finding, rows, facts)
            if self._closed[item] or item in self._dismissed:
                continue
            if finding.change is not None:
                self._shift(item, finding, facts[0])
                continue
            counted = [fact for fact in facts if fact != NOWHERE and self._facts["counted"][fact]]
            if counted:
                cell, amount = (self._facts[name][counted[0]] for name in ("cell", "amount"))
                self._moving.append(
                    Move(item, finding.chance, int(cell), float(amount), NOWHERE, 0.0)
                )

        self._moves.add(self._moving)
        self._moving.clear()

    def _is_closed(self, finding: Finding, rows: Sequence[int], facts: Sequence[int]) -> bool:
        if finding.kind == SAME:
            return NOWHERE in facts or len(set(facts)) == 1
        return all(self._reviews[row] is not None for row in rows)

    def _shift(self, item: int, finding: Finding, fact: int) -> None:
        """The move of a finding that says by how much a total is off."""
        if fact == NOWHERE or not finding.change:
            return
        row = self._members[fact][0]
        stated = columns_of(self._frame([row]).assign(fact_id=self._ids[row]), self.question.needs)
        [booked] = self.question.booked({**stated, "basis": ["delta"]})
        if booked.cell is None:
            return
        size, place = abs(finding.change), self._cell(booked.cell)
        if finding.change > 0:
            self._moving.append(Move(item, finding.chance, NOWHERE, 0.0, place, size))
        else:
            self._moving.append(Move(item, finding.chance, place, size, NOWHERE, 0.0))

    def _flagged(self) -> np.ndarray:
        """The facts about which something found is open."""
        flagged = np.zeros(len(self._facts) + 1, dtype=bool)
        if len(self._pairs):
            open_now = self._waiting()[len(self._ids) :]
            flagged[self._fact_of[self._pairs[open_now[self._pairs[:, 0]], 1]]] = True
        flagged[NOWHERE] = False
        return flagged[:-1]

    def _open(self) -> np.ndarray:
        """The items that wait for a decision, of those that are asked for."""
        waiting = self._waiting()
        return waiting if self._within is None else waiting & self._within

    def _waiting(self) -> np.ndarray:
        """The items that wait for a decision."""
        waiting = ~self._closed
        waiting[: len(self._ids)] = self._undecided
        for item in self._dismissed:
            waiting[item] = False
        return waiting

    def _sizes(self, items: np.ndarray) -> Floats:
        """What orders items that are worth the same: the chance that a figure is wrong times its
        amount, by its logarithm, where it may enter the totals if several of its fields are."""
        sizes = np.zeros(len(items))
        rows = items[of_figures := items < len(self._ids)]
        amounts = np.abs(np.nan_to_num(self._neighbours.amounts[rows]))
        sizes[of_figures] = self._may_enter[rows] * self._wrong[rows] * np.log1p(amounts)
        return sizes

    def _order(self, decided: bool) -> np.ndarray:
        waiting = self._open()
        asked = np.arange(self._items) if self._within is None else np.flatnonzero(self._within)
        items = asked if decided else np.flatnonzero(waiting)
        skipped = np.zeros(self._items, dtype=bool)
        skipped[list(self._skipped)] = True
        keys = (items, -self._sizes(items), -self._moves.worth[items], skipped[items],
                ~waiting[items])  # fmt: skip
        return items[np.lexsort(keys)]

    def _entry(self, item: int, chief: int | None) -> Entry:
        count = len(self._ids)
        finding = self._findings[item - count] if item >= count else None
        row = self._row_of[finding.ids[0]] if finding else item
        fact = int(self._fact_of[row])
        told = self._doubts[row]
        return Entry(
            item=item,
            kind=finding.kind if finding else FIGURE,
            worth=float(self._moves.worth[item]),
            wrong=finding.chance if finding else 1 - told.right,
            effect=(finding.effect if finding else "") or self._effect(item, fact, chief),
            reason=finding.reason if finding else self._reason(row, fact),
            figure_id=self._ids[row],
            fact_id=None if fact == NOWHERE else self._ids[self._members[fact][0]],
            ids=finding.ids if finding else (self._ids[row],),
            alike=() if finding else tuple(self._read_alike(row)),
            state=None if finding else self._reviews[row],
            skipped_by=self._skipped.get(item),
            finding=finding,
            fields=told.fields,
        )

    def _read_alike(self, row: int) -> Iterator[str]:
        alike = (self._alike == self._alike[row]) & self._undecided
        return (self._ids[other] for other in np.flatnonzero(alike).tolist() if other != row)

    def _effect(self, item: int, fact: int, chief: int | None) -> str:
        if chief is None or not self._moves.rows["value"][chief]:
            if fact != NOWHERE and item != self._facts["lead"][fact] and item < len(self._ids):
                others = len(self._members[fact]) - 1
                return f"no total changes: said by {others} more, of which one stands before it"
            return "no total changes"
        move = {name: self._moves.rows[name][chief] for name in ("old", "fallen", "new", "risen")}
        old, new = (self._name_of(int(move[name])) for name in ("old", "new"))
        by = self.question.by
        words = move_words(by, old, float(move["fallen"]), new, float(move["risen"]))
        return f"if {'so' if item >= len(self._ids) else 'wrong'}, {words}"

    def _name_of(self, cell: int) -> Cell | None:
        if cell == NOWHERE:
            return None
        if len(self._names) < len(self._cells):
            self._names = list(self._cells)
        return self._names[cell]

    def _reason(self, row: int, fact: int) -> str:
        told = self._doubts[row]
        if self._reviews[row] is not None:
            return str(self._reviews[row])
        if not told.fields:
            return f"{100 * told.right:.0f} percent sure: its reader gives no chances"
        return least_sure(told, self._text_of)

    def _text_of(self, value: str) -> str:
        """A value in words: of a figure, to which a link may lead, its text."""
        row = self._row_of.get(value)
        return value if row is None else str(self._figures["text"].iloc[row])


def safe_words(safe: pd.DataFrame) -> str:
    """The first row of :meth:`Queue.safe` in words."""
    if safe.empty:
        return ""
    row = safe.iloc[0]
    amount = amount_words(row["total"], str(row["unit"]))
    what = " ".join(str(row[name]) for name in ("item", "status") if pd.notna(row[name]))
    return f"{share_of(safe)} percent of {amount} {what} rests on accepted or certain facts"


def share_of(safe: pd.DataFrame) -> int:
    """How much of the chief total is safe, in percent, rounded down."""
    return 0 if safe.empty else int(100 * safe["share"].iloc[0] + _NOTHING)


def _with_fields(facts: Columns, alternatives: Sequence[tuple[int, Other]]) -> Columns:
    """The facts of these places, each with one field as it would be otherwise. A party stands
    beside no donor and no recipient."""
    held = {name: [values[place] for place, _ in alternatives] for name, values in facts.items()}
    for number, (_, one) in enumerate(alternatives):
        emptied = () if one.value is None else _NOT_BESIDE.get(one.field, ())
        for name, value in ((one.field, one.value), *((other, None) for other in emptied)):
            if name in held:
                held[name][number] = value
            if name == "date":
                days = date_bounds(value) or (None, None)
                for end, day in zip(("date_start", "date_end"), days, strict=True):
                    held[end][number] = day and day.isoformat()
    return held


def made_by_figure(decisions: pd.DataFrame) -> dict[str, list[Made]]:
    """Decisions by the figure that they are on, oldest first."""
    found: dict[str, list[Made]] = {}
    names = ("decision", "at", "who", "action", "why", "changes", "figure_id")
    for number, at, who, action, why, changes, figure_id in zip(
        *(plain(decisions[name]) for name in names), strict=True
    ):
        made = Made(number, at, who, action, why, json.loads(changes))
        found.setdefault(figure_id, []).append(made)
    return found
