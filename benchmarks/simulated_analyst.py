"""A simulated analyst: how soon totals come right, by the order in which figures are decided on.

usage: python benchmarks/simulated_analyst.py [--folds K ...] [--ledgers N] [--most N] [--write]

Ten ledgers of 60 documents each hold what the built-in reader's recipe reads in documents that it
was not fitted on; the codings of these documents are the truth (``measuring.coded_ledgers``). In
each one after the other is decided as the codings say: as the queue ranks them for the totals of
dollars by donor, recipient, status and month, the largest amounts first, in the order of the
documents, and in random order, dollars alone.

The error of a ledger is the sum over these totals of ``|log((ledger + 1) / (truth + 1))|``, less
what is left when every figure is decided on: what was missed.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log1p
from pathlib import Path
from shutil import copy
from statistics import median
from typing import TYPE_CHECKING

from measuring.coded_ledgers import (
    CODINGS,
    LEDGERS,
    SEED,
    Passage,
    as_coded,
    as_read,
    corpus,
    decision,
    folds,
    id_of,
    repeats,
)
from measuring.report import DOCS, machine, table, write

from ledger.ledger import Ledger
from ledger.review.findings import SAME
from ledger.review.question import Cell
from ledger.review.queue import Entry, Queue
from ledger.review.review import DISMISS, Decision
from reports.charts.canvas import furnish, furnished, key, new_axes, save_chart

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WHO = "simulated"
UNIT = "USD"
DRAWN = 60  # decisions, in the chart
SHOWN = (0, 10, 25, 50, 100, 200)
ORDERS = {
    "queue": "the queue",
    "largest": "largest amount first",
    "documents": "document order",
    "random": "random order",
}
Totals = Mapping[Cell, float]


@dataclass(frozen=True, slots=True)
class Case:
    """A ledger that was read, who knows what is true of its figures, and its true totals."""

    path: Path
    places: Mapping[str, tuple[Passage, int]]
    again: Mapping[str, str]
    same: Mapping[str, int]
    true: Totals
    left: float

    def decide(self, figure_id: str) -> Decision:
        """What is decided on a figure."""
        return decision(*self.places[figure_id], self.again)

    def answer(self, entry: Entry) -> Decision:
        """What is decided on an entry of the queue: of a pair whether both are one fact, else on
        the figure that it is about."""
        if entry.kind != SAME or entry.finding is None:
            return self.decide(entry.figure_id)
        one, other = entry.ids
        if one not in self.same or other not in self.same:
            return self.decide(one if one not in self.same else other)
        if self.same[one] != self.same[other]:
            return Decision(entry.figure_id, DISMISS, None, {"finding": entry.finding.key})
        return self.decide(one if one in self.again else other)


def queue_of(ledger: Ledger) -> Queue:
    """The queue for the totals that are measured."""
    return ledger.review_queue({"unit": [UNIT]}, by=("donor", "recipient"), freq="month")


def error(totals: Totals, true: Totals) -> float:
    """How far totals are from the true ones."""
    return sum(
        abs(_log(totals.get(cell, 0.0)) - _log(true.get(cell, 0.0))) for cell in {*totals, *true}
    )


def _log(total: float) -> float:
    return log1p(max(total, 0.0))


def case_of(passages: Sequence[Passage], folder: Path) -> Case:
    """A ledger of what was read in these passages, with what is true of it."""
    held = {"read": folder / "read.db", "true": folder / "true.db"}
    for name, figures_of in (("read", as_read), ("true", as_coded)):
        with Ledger(held[name]) as ledger:
            for one in passages:
                ledger.add(one.source, figures_of(one))
    with Ledger(held["true"]) as ledger:
        facts, true = ledger.facts()["figure_ids"], queue_of(ledger).totals()
    fact_of = {figure: number for number, ids in enumerate(facts) for figure in json.loads(ids)}
    places = {
        id_of(one.source, row): (one, k) for one in passages for k, row in enumerate(one.read)
    }
    same = {
        id_of(one.source, one.read[i]): fact_of[id_of(one.source, one.coded[j])]
        for one in passages
        for i, j in one.pairs.items()
        if id_of(one.source, one.coded[j]) in fact_of
    }
    case = Case(held["read"], places, repeats(passages, facts), same, true, 0.0)
    with Ledger(copy(case.path, folder / "all.db")) as ledger:
        ledger.review([case.decide(figure) for figure in places], WHO)
        left = error(queue_of(ledger).totals(), true)
    return replace(case, left=left)


def by_queue(case: Case, queue: Queue) -> Iterator[Decision]:
    """The decisions as the queue asks for them, anew after each."""
    seen: set[int] = set()
    while (entry := queue.first()) is not None:
        if entry.item in seen and entry.finding is not None:  # what it says is decided otherwise
            yield Decision(entry.figure_id, DISMISS, None, {"finding": entry.finding.key})
        else:
            seen.add(entry.item)
            yield case.answer(entry)


def by_list(order: str) -> Callable[[Case, Queue], Iterator[Decision]]:
    """The decisions on all figures in dollars in an order that is known before."""

    def decisions(case: Case, _: Queue) -> Iterator[Decision]:
        held = [
            (figure_id, row, place)
            for place, (figure_id, (one, k)) in enumerate(case.places.items())
            if (row := one.read[k])["unit"] == UNIT
        ]
        if order == "largest":
            held.sort(key=lambda one: -_size(one[1]))
        elif order == "random":
            random.Random(SEED).shuffle(held)
        return (case.decide(figure_id) for figure_id, _, _ in held)

    return decisions


def _size(row: Mapping[str, float | None]) -> float:
    return max((abs(row[name] or 0.0) for name in ("value", "low", "high")), default=0.0)


def curve(case: Case, order: str, most: int) -> list[float]:
    """The error before the first decision and after each, up to so many."""
    decisions = by_queue if order == "queue" else by_list(order)
    with (
        tempfile.TemporaryDirectory() as folder,
        Ledger(copy(case.path, Path(folder, "read.db"))) as ledger,
    ):
        queue = queue_of(ledger)
        found = [error(queue.totals(), case.true) - case.left]
        for made in decisions(case, queue):
            if len(found) > most:
                break
            ledger.review([made], WHO)
            ledger.follow(queue)
            found.append(error(queue.totals(), case.true) - case.left)
    return found


def halved(found: Sequence[float]) -> int | None:
    """After how many decisions half of the error is gone, None where it never is."""
    return next((k for k, left in enumerate(found) if left <= found[0] / 2), None)


def simulate(of: Sequence[int], ledgers: int, most: int) -> list[dict[str, list[float]]]:
    """The curves of each ledger, by order."""
    curves = []
    for number, passages in enumerate(corpus(of, ledgers)):
        with tempfile.TemporaryDirectory() as folder:
            case = case_of(passages, Path(folder))
            curves.append({order: curve(case, order, most) for order in ORDERS})
        print(f"ledger {number + 1} of {ledgers}", file=sys.stderr, flush=True)
    return curves


def at(found: Sequence[float], decisions: int) -> float:
    """The share of the error that is left after so many decisions."""
    return found[min(decisions, len(found) - 1)] / found[0]


def lines(curves: Sequence[Mapping[str, Sequence[float]]]) -> str:
    """What is left of the error, and in how many decisions half of it is gone, as tables."""
    shares = [
        [words, *(f"{100 * median(at(one[order], k) for one in curves):.0f} %" for k in SHOWN)]
        for order, words in ORDERS.items()
    ]
    halves = [
        [str(number), f"{one['queue'][0]:.1f}", *(_count(halved(one[order])) for order in ORDERS)]
        for number, one in enumerate(curves, start=1)
    ]
    return "\n\n".join([
        table(["error left after", *map(str, SHOWN)], shares),
        table(["ledger", "error", *ORDERS.values()], halves),
    ])  # fmt: skip


@furnished
def drawn(curves: Sequence[Mapping[str, Sequence[float]]], most: int) -> Axes:
    """The share of the error that is left after each decision, the median of the ledgers."""
    ax = new_axes("web")
    for order, words in ORDERS.items():
        left = [100 * median(at(one[order], k) for one in curves) for k in range(most + 1)]
        ax.plot(range(most + 1), left, label=words, linewidth=2)
    ax.set(xlabel="decisions", ylim=(0, None), xlim=(0, most))
    lift = key(ax)
    measure = f"Share of the error in totals that is left, in percent; median of {len(curves)}"
    furnish(ax, "How soon totals come right", f"{measure} simulated ledgers", lift=lift)
    return ax


def _count(decisions: int | None) -> str:
    return "-" if decisions is None else str(decisions)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--folds", type=int, nargs="+", help="by default all that were read")
    parser.add_argument("--ledgers", type=int, default=LEDGERS)
    parser.add_argument("--most", type=int, default=SHOWN[-1], help="decisions")
    parser.add_argument("--write", action="store_true", help="put table and chart in docs")
    options = parser.parse_args(arguments)
    if not CODINGS.exists():
        print("simulated_analyst.py: skipped, the coded passages are not beside this repository")
        return 0
    curves = simulate(options.folds or folds(), options.ledgers, options.most)
    told = f"{machine()}.\n\n{lines(curves)}"
    print(told)
    if options.write:
        write("simulated analyst", told, DOCS / "ledger.md")
        save_chart(drawn(curves, DRAWN), DOCS / "queue.svg")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
