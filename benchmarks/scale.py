"""How fast many documents are extracted, by processes of one machine and by the workers of Dask.

usage: python benchmarks/scale.py [--documents N] [--price P] [--write]

The documents are the texts beside the repository, repeated with a sentence and a date of their own,
so that no two are equal. Every run is the command, measured from outside: wall time, processor
time and memory of all its processes. All must find the same figures, byte for byte after sorting.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from measuring.report import machine, number, section, table, write
from measuring.texts import ROOT, Text, TextSet, kiel, seed, white_house

FIRST_DAY = date(2022, 2, 24)
SAMPLED = 0.1  # seconds between two looks at the memory
PRICE = 0.05  # of one core for an hour, in whatever currency: an assumption, not a quotation
HEADS = ("run", "documents/s", "MB/s", "wall s", "processor s", "times faster", "peak MB")
COSTS = ("run", "core hours per million pages", "at the assumed price")


@dataclass(frozen=True, slots=True)
class Measured:
    """A run of the command: seconds, and the most memory that its processes held together."""

    wall: float
    processor: float
    peak: int


@dataclass(frozen=True, slots=True)
class Way:
    """A way to extract: its name in the table, and the options of the command."""

    name: str
    options: tuple[str, ...]
    whole: bool = True  # whether it reads all documents, so that its figures are comparable

    @property
    def on_cluster(self) -> bool:
        """Whether its output is a folder of Parquet."""
        return "--engine" in self.options


WAYS = (
    Way("1 job", ("--jobs", "1")),
    Way("2 jobs", ("--jobs", "2")),
    Way("Dask, 1 worker", ("--engine", "dask", "--jobs", "1")),
    Way("Dask, 2 workers", ("--engine", "dask", "--jobs", "2")),
    Way("1 job, --containing HIMARS", ("--jobs", "1", "--containing", "HIMARS"), whole=False),
)


def documents(texts: Sequence[Text], number: int) -> Iterator[dict[str, str]]:
    """So many documents, no two of them equal: the texts round and round, each copy changed."""
    for k in range(number):
        text = texts[k % len(texts)]
        day = FIRST_DAY + timedelta(days=k // len(texts))
        yield {
            "id": f"document {k}",
            "published": day.isoformat(),
            "text": f"{text.text}\n\nIn all, {k + 2:,} documents had been published by then.",
        }


def write_corpus(path: Path, sets: Iterable[TextSet], number: int) -> None:
    """The documents as JSON lines. Raises ValueError if two are equal."""
    texts = [text for some in sets for text in some.texts]
    seen = set()
    with path.open("w", encoding="utf-8") as file:
        for document in documents(list(dict.fromkeys(texts)), number):
            seen.add(hashlib.sha256(document["text"].encode()).digest())
            file.write(json.dumps(document, ensure_ascii=False) + "\n")
    if len(seen) != number:
        raise ValueError(f"{number - len(seen)} documents are equal to others")


def measured(way: Way, corpus: Path, output: Path) -> Measured:
    """Run the command. Raises RuntimeError where it fails."""
    command = [sys.executable, "-m", "aidledger", "extract", str(corpus), "-o", str(output)]
    began = time.monotonic()
    with subprocess.Popen([*command, *way.options], cwd=ROOT, stderr=subprocess.PIPE) as process:
        peak = 0
        while True:
            done, status, used = os.wait4(process.pid, os.WNOHANG)
            if done:
                break
            peak = max(peak, sum(map(memory, family(process.pid))))
            time.sleep(SAMPLED)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.stderr
        told = process.stderr.read().decode()
    if process.returncode:
        raise RuntimeError(f"{way.name}: {told.strip()}")
    return Measured(time.monotonic() - began, used.ru_utime + used.ru_stime, peak)


def family(pid: int) -> Iterator[int]:
    """A process and all that descend from it, as far as they are still there."""
    yield pid
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):  # any thread may have started some
        try:
            children = listed.read_text().split()
        except OSError:
            continue
        for child in children:
            yield from family(int(child))


def memory(pid: int) -> int:
    """The bytes that a process holds, those that it shares divided among those who share them."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def figures_of(way: Way, output: Path) -> str:
    """A digest of the figures that a run has written, sorted."""
    if not way.on_cluster:
        with output.open(encoding="utf-8") as file:
            return digest(file)
    import pandas as pd

    from ledger.figure import to_record
    from ledger.table import from_frame

    parts = sorted((output / "figures").iterdir())
    return digest(
        json.dumps(to_record(figure), ensure_ascii=False) + "\n"
        for part in parts
        for figure in from_frame(pd.read_parquet(part))
    )


def digest(lines: Iterable[str]) -> str:
    """A digest of lines in whatever order."""
    whole = hashlib.sha256()
    for line in sorted(lines):
        whole.update(line.encode())
    return whole.hexdigest()


def compare(corpus: Path, number_of: int, price: float, folder: Path) -> str:
    """The tables. Raises RuntimeError where a run fails or finds other figures."""
    size = corpus.stat().st_size / 1e6
    first: Measured | None = None
    found: dict[str, str] = {}
    rows, costs = [], []
    for k, way in enumerate(WAYS):
        output = folder / (f"{k}" if way.on_cluster else f"{k}.jsonl")
        one = measured(way, corpus, output)
        first = first or one
        rate = number_of / one.wall
        rows.append(
            [
                way.name, number(rate), number(size / one.wall), number(one.wall),
                number(one.processor), number(first.wall / one.wall, 2), number(one.peak / 1e6),
            ]
        )  # fmt: skip
        if way.whole:
            found[way.name] = figures_of(way, output)
            hours = one.processor / number_of * 1e6 / 3600
            costs.append([way.name, number(hours, 2), number(hours * price, 2)])
    if len(set(found.values())) != 1:
        raise RuntimeError(f"the figures differ: {found}")
    same = f"The same figures in {', '.join(found)}: sha256 {next(iter(found.values()))[:16]}."
    assumed = f"A core hour is assumed to cost {price}; a page is one of these documents, of "
    assumed += f"{1000 * size / number_of:.1f} KB on average."
    cost = section("What a million pages cost", table(COSTS, costs), assumed)
    return "\n\n".join([table(HEADS, rows), same, cost])


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--documents", type=int, default=20_000, help="(default 20000)")
    parser.add_argument("--price", type=float, default=PRICE, help=f"per core hour ({PRICE})")
    parser.add_argument("--write", action="store_true", help="put the table in docs/benchmarks.md")
    options = parser.parse_args(arguments)
    try:
        sets = [white_house(), seed(), kiel()]
    except (OSError, ValueError) as error:
        print(f"scale.py: skipped, the shared texts are not there ({error})", file=sys.stderr)
        return 0
    try:
        with tempfile.TemporaryDirectory() as folder:
            corpus = Path(folder, "corpus.jsonl")
            write_corpus(corpus, sets, options.documents)
            size = corpus.stat().st_size / 1e6
            about = f"{machine()}; {options.documents:,} documents, {size:,.0f} MB."
            content = (
                f"{about}\n\n{compare(corpus, options.documents, options.price, Path(folder))}"
            )
        print(content)
        if options.write:
            write("scale", content)
    except (OSError, RuntimeError, ValueError) as error:
        print(f"scale.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
