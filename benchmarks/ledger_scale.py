"""How long a ledger of many figures takes: add, figures, facts, totals, positions, checks and more.

usage: python benchmarks/ledger_scale.py [--figures N] [--place PATH_OR_URL]

The figures are made up but shaped like a real ledger: 20 to a document, several articles on most
events, packages with contents, ranges and bounds, and a running total in every fiftieth document.
Run it with 100000 and with 1000000 to see how each step grows.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from ledger.figure import Figure, Source, figure_id_of, make_source
from ledger.ledger import Ledger

FIGURES_A_DOCUMENT = 20
DONORS = ("USA", "GBR", "DEU", "POL", "NLD", "CAN", "FRA", "NOR", "SWE", "DNK")
ITEMS = [f"item {number}" for number in range(200)]
TEMPLATE = Figure(
    figure_id="", source_id="", start=0, end=0, text="", sentence="", dimension="count",
    unit="count", value=None, low=None, high=None, qualifier="exact", per=None, item=None,
    item_text=None, category=None, aid_type=None, donor=None, recipient="UKR", party=None,
    place=None, status="committed", basis="delta", date=None, date_stated=False, since=None,
    attribution=None, certainty="stated", same_as=None, part_of=None, includes=(), cues={},
    confidence=None, choices={}, other={}, reader="rules", extractor="benchmark 1",
    rule="made up",
)  # fmt: skip


def documents(figures: int, seed: int = 1) -> Iterator[tuple[Source, list[Figure]]]:
    """Documents with ``figures`` figures in all. Three of four repeat an earlier event."""
    chance = Random(seed)
    for number in range(figures // FIGURES_A_DOCUMENT):
        event = Random(number // 4 if number % 4 else number)
        day = date(2022, 2, 24) + timedelta(days=event.randrange(1500))
        yield _document(f"document {number}", event, day, number % 50 == 0, chance)


def _document(
    name: str, event: Random, day: date, with_total: bool, chance: Random
) -> tuple[Source, list[Figure]]:
    donor = event.choice(DONORS)
    amounts = [event.randrange(1, 5000) for _ in range(FIGURES_A_DOCUMENT)]
    words = [f"{amount}" for amount in amounts]
    text = " items, ".join(words)
    published = day + timedelta(days=chance.randrange(3))
    source = make_source(text, source_id=name, published=published.isoformat())
    made: list[Figure] = []
    place = 0
    for count, (amount, word) in enumerate(zip(amounts, words, strict=True)):
        value, end = Decimal(amount), place + len(word)
        figure = replace(
            TEMPLATE,
            figure_id=figure_id_of(name, place, end, "count"),
            source_id=name,
            start=place,
            end=end,
            text=word,
            sentence=text,
            value=value,
            low=value,
            high=value,
            donor=donor,
            item=event.choice(ITEMS),
            date=published.isoformat(),
        )
        made.append(_varied(figure, count, made, with_total))
        place = end + len(" items, ")
    return source, made


def _varied(figure: Figure, count: int, before: list[Figure], with_total: bool) -> Figure:
    """Money first, its contents after it, now and then a bound, and a total at the end."""
    if count == 0:
        return replace(figure, dimension="money", unit="USD", item="military aid")
    if count == FIGURES_A_DOCUMENT - 1 and with_total:
        return replace(figure, basis="total", status="delivered", includes=(before[1].figure_id,))
    if count % 7 == 0:
        return replace(figure, qualifier="at_most", low=None)
    if count < FIGURES_A_DOCUMENT // 2:
        return replace(figure, part_of=before[0].figure_id)
    return figure


def timed(name: str, step: Callable[[], Any]) -> Any:
    """Runs a step, prints how long it took (also of the processor), and gives back its result."""
    started, worked = time.perf_counter(), time.process_time()
    result = step()
    took, work = time.perf_counter() - started, time.process_time() - worked
    rows = f"{len(result):>10,} rows" if hasattr(result, "__len__") else f"{result:>10,} documents"
    print(f"{name:<34}{took:>9.2f} s {work:>9.2f} s processor {rows}", flush=True)
    return result


def _added(ledger: Ledger, figures: int) -> int:
    """Adds documents with so many figures and counts them."""
    return len([ledger.add(*held).state for held in documents(figures)])


def measure(place: str, figures: int) -> None:
    """Prints the time of every step for a ledger of so many figures at ``place``."""
    twentieth = figures // 20
    print(f"{figures:,} figures, {place.partition(':')[0]}")
    with Ledger(place) as ledger:
        timed("make them up", lambda: sum(1 for _ in documents(figures)))
        timed("make them up and add", lambda: _added(ledger, figures))
        timed("a twentieth of them again", lambda: _added(ledger, twentieth))
        timed("figures", ledger.figures)
        timed("facts, gathered", ledger.facts)
        timed("facts, kept", ledger.facts)
        timed("totals by donor and month", lambda: ledger.totals(by="donor", freq="month"))
        timed("reconcile", ledger.reconcile)
        timed("position", ledger.position)
        timed("position by donor and item:0", lambda: ledger.position(by=["donor", "item:0"]))
        timed("check", ledger.check)
        timed("suggestions", ledger.suggestions)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:,.0f} MB")
    if Path(place).exists():
        print(f"file {Path(place).stat().st_size / 1e6:,.0f} MB")


def main(arguments: list[str]) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--figures", type=int, default=100_000)
    parser.add_argument("--place", help="a new ledger (by default a temporary file)")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        measure(asked.place or str(Path(folder) / "ledger.sqlite"), asked.figures)


if __name__ == "__main__":
    main(sys.argv[1:])
