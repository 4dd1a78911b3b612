"""Time and memory of writing a workbook, side by side with pandas.to_excel on the same frame.

usage: python benchmarks/workbook.py [--figures N ...] [--write]

Each writer runs in a process of its own on the same made-up ledger (that of ledger_scale.py).
pandas writes the figures as one plain sheet; aidledger writes them as its sheet Figures (table,
filters, units, links), and as the whole workbook. Memory is the peak of the process while it
writes, with the frames that it writes from, which it had before, in brackets.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pandas as pd
from ledger_scale import documents
from measuring import report

SIZES = (1_000, 10_000, 100_000, 200_000)
HEADS = ("figures", "writer", "seconds", "figures/s", "MB", "(before)", "file MB")


def frames(number: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """So many figures, and their sources."""
    from ledger.table import to_frame

    batch = list(documents(number))
    names = ("source_id", "title", "publisher", "url", "published", "accessed", "sha256")
    sources = pd.DataFrame([{name: getattr(s, name) for name in names} for s, _ in batch])
    return to_frame(figure for _, figures in batch for figure in figures), sources.astype("str")


def with_pandas(path: Path, number: int) -> Callable[[], object]:
    """The figures as pandas writes them."""
    figures, _ = frames(number)
    return lambda: figures.to_excel(path, index=False)


def with_table(path: Path, number: int) -> Callable[[], object]:
    """The sheet Figures alone."""
    from reports.workbook.book import new_book
    from reports.workbook.saving import save
    from reports.workbook.tables import Layout, places_of, write_table

    figures, sources = frames(number)

    def write() -> None:
        book = new_book()
        places = places_of(sources, Layout("sources", "Figures"))
        write_table(book, Layout("figures", "Figures", places=places), figures)
        with path.open("wb") as file:
            save(book.workbook, book.lines, file, datetime(2022, 10, 4))

    return write


def with_aidledger(path: Path, number: int) -> Callable[[], object]:
    """The whole workbook, facts and balances gathered before."""
    from ledger.dedupe import merge
    from ledger.reconcile import reconcile
    from reports.workbook.workbook import write_workbook

    figures, sources = frames(number)
    facts = merge(figures)
    balances = reconcile(facts)
    return lambda: write_workbook(path, figures, sources, facts=facts, balances=balances)


WRITERS = {
    "pandas.to_excel": with_pandas,
    "aidledger, Figures": with_table,
    "aidledger, all sheets": with_aidledger,
}


def memory(line: str) -> float:
    """A line of this process's status (VmRSS, or VmHWM for the peak), in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(text.split()[1]) for text in status if text.startswith(line)) / 1024


def measure(writer: str, number: int) -> dict[str, float]:
    """Writes once, in this process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "aid.xlsx"
        write = WRITERS[writer](path, number)
        before = memory("VmRSS")
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forgets the peak so far
        started = time.perf_counter()
        write()
        seconds = time.perf_counter() - started
        size = path.stat().st_size / 1e6
    return {"seconds": seconds, "peak": memory("VmHWM"), "before": before, "size": size}


def apart(writer: str, number: int) -> dict[str, float]:
    """Writes once, in a process of its own."""
    command = [sys.executable, __file__, "--only", writer, "--figures", str(number)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def row(writer: str, number: int) -> list[str]:
    """A line of the table."""
    one = apart(writer, number)
    return [
        f"{number:,}", writer, report.number(one["seconds"]),
        report.number(number / one["seconds"]), report.number(one["peak"]),
        report.number(one["before"]), report.number(one["size"]),
    ]  # fmt: skip


def main(arguments: list[str]) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--figures", type=int, nargs="+", default=SIZES)
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    parser.add_argument("--only", choices=WRITERS, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.only:
        print(json.dumps(measure(asked.only, asked.figures[0])))
        return
    rows = [row(writer, number) for number in asked.figures for writer in WRITERS]
    content = f"{report.table(HEADS, rows)}\n\n{report.machine()}."
    print(content)
    if asked.write:
        report.write("workbook", content)


if __name__ == "__main__":
    main(sys.argv[1:])
