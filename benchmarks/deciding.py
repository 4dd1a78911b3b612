"""How long the review page's server takes for a decision in a ledger of many figures.

usage: python benchmarks/deciding.py [--figures N] [--decisions N] [--ledger PATH]

The ledger is that of ``ledger_scale.py``, each figure with a reader's chances, made up. The
application is asked in this process, as a browser asks it: a decision is posted, the page that
follows is fetched. Most are accepted; others corrected, rejected, joined with another, taken back.
Seconds of the wall and of the processor: on a machine that is busy otherwise only the latter say
what a decision takes.
"""

from __future__ import annotations

import argparse
import gc
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from ledger_scale import documents
from measuring.report import table
from starlette.testclient import TestClient

import aidledger as al
from aidledger.review_server.app import make_app
from aidledger.review_server.desk import Desk
from aidledger.review_server.guard import LOOPBACK, Guard
from ledger.figure import Chosen, Figure

LIMIT = 0.1  # seconds for a decision
TOKEN, PORT = "token", 8000
ACTIONS = ("accept",) * 6 + ("correct",) * 2 + ("reject", "same", "undo")
OTHERS = {"donor": "FRA", "recipient": "MDA", "status": "delivered", "basis": "total"}


def with_chances(figures: Sequence[Figure], chance: Random) -> Iterator[Figure]:
    """The figures of a document, each with a reader's chances."""
    for number, figure in enumerate(figures):
        told: dict[str, Chosen] = {"party": _chosen(1.0, None)}
        for name, other in OTHERS.items():
            told[name] = _chosen(1 - chance.random() ** 3 / 2, other)
        told["date"] = _chosen(1 - chance.random() ** 4 / 2, "2023")
        before = figures[number - 1].figure_id if number else None
        told["same_as"] = _chosen(1 - chance.random() ** 6 / 2, before)
        told["part_of"] = _chosen(1 - chance.random() ** 4 / 2, figures[0].figure_id)
        yield replace(figure, choices=told, confidence=1 - chance.random() ** 2 / 2)


def _chosen(sure: float, other: str | None) -> Chosen:
    return Chosen(
        probability=round(sure, 3), runner_up=other, its_probability=round((1 - sure) * 0.9, 3)
    )


def fill(ledger: al.Ledger, figures: int) -> None:
    """Adds so many figures."""
    chance = Random(7)
    for source, made in documents(figures):
        ledger.add(source, list(with_chances(made, chance)))


class Clock:
    """How long what is done by name takes, on the wall and of the processor."""

    def __init__(self) -> None:
        self.held: dict[str, list[tuple[float, float]]] = defaultdict(list)

    def __call__(self, name: str, step: Callable[[], Any]) -> Any:
        """What a step gives back."""
        wall, work = time.perf_counter(), time.process_time()
        result = step()
        self.held[name].append((time.perf_counter() - wall, time.process_time() - work))
        return result


def decide(ledger: al.Ledger, decisions: int) -> Clock:
    """The times of so many decisions by the page, by what was done, and of the pages between."""
    clock, chance = Clock(), Random(11)
    queue = clock("queue gathered", ledger.review_queue)
    gc.collect()
    gc.freeze()  # as the server does
    app = Guard(make_app(Desk(ledger, queue), title="Review"), token=TOKEN, port=PORT, who="Ann")
    home = f"http://{LOOPBACK}:{PORT}"
    browser = TestClient(app, base_url=home, follow_redirects=False, headers={"Origin": home})
    browser.get(f"/?token={TOKEN}")
    done = 0
    while done < decisions and (entry := queue.first()) is not None:
        page = clock("page", partial(browser.get, "/"))
        action = chance.choice(ACTIONS) if entry.finding is None or done else "accept"
        form = {"action": action, "seen": str(queue.last)}
        if action == "correct":
            form["choose"] = "donor=" + chance.choice(("FRA", "USA", "EST"))
        if action == "same":
            others = [one for one in entry.ids[1:] if one != entry.figure_id]
            action, form = ("same", form) if others else ("accept", form | {"action": "accept"})
        address = "/undo" if action == "undo" else f"/entry/{entry.item}"
        answer = clock(action, partial(browser.post, address, data=form))
        if page.status_code != 200 or answer.status_code != 303:
            raise SystemExit(f"{address}: {page.status_code}, {answer.status_code}")
        if str(answer.headers["location"]).startswith("/entry/") and action != "undo":
            clock(action, partial(browser.post, address, data=form | {"action": "reject"}))
        done += 1
    return clock


def lines(clock: Clock) -> str:
    """The times as a table, in milliseconds: the median, of 95 in 100, and the longest."""
    of_all = [one for name, some in clock.held.items() if name in {*ACTIONS} for one in some]
    rows = []
    for name, some in (*clock.held.items(), ("all decisions", of_all)):
        walls, works = (sorted(one[k] for one in some) for k in (0, 1))
        shown = [f"{1000 * _at(held, share):,.1f}" for held in (walls, works)
                 for share in (0.5, 0.95, 1.0)]  # fmt: skip
        late = sum(one > LIMIT for one in walls), sum(one > LIMIT for one in works)
        rows.append([name, str(len(some)), *shown, f"{late[0]}", f"{late[1]}"])
    heads = ["ms", "times", "median", "95 %", "longest", "processor: median", "95 %", "longest",
             "over 100 ms", "of the processor"]  # fmt: skip
    return table(heads, rows)


def _at(held: Sequence[float], share: float) -> float:
    return held[min(int(share * len(held)), len(held) - 1)]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--figures", type=int, default=200_000)
    parser.add_argument("--decisions", type=int, default=1_000)
    parser.add_argument("--ledger", type=Path, help="where it is kept, and found again")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        path = options.ledger or Path(folder, "aid.db")
        is_new = not path.exists()
        with al.Ledger(path) as ledger:
            if is_new:
                fill(ledger, options.figures)
                print(f"{options.figures:,} figures added", file=sys.stderr, flush=True)
            print(lines(decide(ledger, options.decisions)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
