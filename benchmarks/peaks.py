"""Peak memory and processor time of every verb, on ledgers of more and more figures.

usage: python benchmarks/peaks.py [--figures N] [--write]

Each verb runs as a user runs it, in a process of its own. The ledger is one table of so many rows,
read by a mapping: no two of its figures are one fact, so that there are as many facts as figures;
a table of a tenth of them; and as many figures in made-up documents, 20 to each (those of
ledger_scale.py).
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from ledger_scale import documents
from measuring import report

ROOT = Path(__file__).resolve().parent.parent
TABLE_OF, DOCUMENTS = "a table of", "documents with"
LEDGER, TABLE, MAPPING = "ledger.db", "table.csv", "mapping.toml"
DONORS = ("USA", "DEU", "POL", "GBR", "FRA", "NLD")
ITEMS = ("HIMARS", "tank", "Leopard 2", "drone", "mortar", "155mm howitzer")
MEANING = """
name = "made-up"
[fields]
dimension = "count"
unit = "count"
item = {column = "item"}
donor = {column = "donor"}
recipient = "UKR"
status = "committed"
basis = "delta"
date = {column = "day"}
[[figure]]
value = "number"
"""
ADD = ("add", TABLE, "--mapping", MAPPING)
VERBS = (
    ("totals", "--by", "donor"),
    ("facts", "-o", "facts.csv"),
    ("figures", "-o", "figures.jsonl"),
    ("reconcile",),
    ("report", "-o", "aid.xlsx"),
    ("page", "-o", "aid.html"),
    ("review", "export", "-o", "review.csv"),
    ("review", "import", "review.csv", "--who", "nobody"),
    ("chart", "--kind", "timeline", "-o", "chart.png"),
)
"""What is asked of the ledger, in this order: the first gathers the facts, the others find them."""


@dataclass(frozen=True, slots=True)
class Peak:
    """What a process took: seconds of the processor, and the most memory, in MB."""

    seconds: float
    memory: float


def write_table(folder: Path, figures: int) -> None:
    """A table of so many rows, and the mapping that reads it."""
    chance = Random(1)
    with (folder / TABLE).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("day", "donor", "item", "number"))
        for row in range(figures):
            day = f"{2022 + row % 3}-{row % 12 + 1:02}-{row % 28 + 1:02}"
            writer.writerow((day, chance.choice(DONORS), chance.choice(ITEMS),
                             chance.randrange(1, 10**6)))  # fmt: skip
    (folder / MAPPING).write_text(MEANING, encoding="utf-8")


def add_documents(folder: Path, figures: int) -> None:
    """A ledger of made-up documents with so many figures."""
    from aidledger.ledger import Ledger

    with Ledger(folder / LEDGER) as ledger:
        for source, held in documents(figures):
            ledger.add(source, held)


def peak(arguments: Sequence[str], folder: Path) -> Peak:
    """Runs the command in a folder, on its ledger. Raises RuntimeError where it fails."""
    command = [sys.executable, "-m", "aidledger", *arguments, "--ledger", LEDGER]
    surroundings = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=folder, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        assert process.stderr
        said = process.stderr.read().decode()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {said.strip()}")
    return Peak(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def peaks(held: str, figures: int) -> Iterator[tuple[str, Peak]]:
    """What every verb takes, one after the other, of a ledger that holds so many figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if held == DOCUMENTS:
            add_documents(folder, figures)
        else:
            write_table(folder, figures)
            yield _name(ADD), peak(ADD, folder)
        for verb in VERBS:
            yield _name(verb), peak(verb, folder)


def main(arguments: list[str]) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--figures", type=int, default=200_000)
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    asked = parser.parse_args(arguments)
    cases = [(TABLE_OF, asked.figures // 10), (TABLE_OF, asked.figures), (DOCUMENTS, asked.figures)]
    heads, cells = ["verb"], {_name(verb): [_name(verb)] for verb in (ADD, *VERBS)}
    for held, figures in cases:
        case = f"{held} {figures:,}"
        heads += [f"{case}: processor s", "MB"]
        took = dict(told(case, peaks(held, figures)))
        for verb, row in cells.items():
            row += _numbers(took.get(verb))
    content = f"{report.machine()}.\n\n{report.table(heads, list(cells.values()))}"
    print(content)
    if asked.write:
        report.write("peaks", content)


def told(case: str, found: Iterable[tuple[str, Peak]]) -> Iterator[tuple[str, Peak]]:
    """The same, each printed as it comes."""
    for verb, took in found:
        print(case, verb, *_numbers(took), sep="\t", flush=True)
        yield verb, took


def _name(verb: Sequence[str]) -> str:
    return " ".join(word for word in verb[:2] if word.isalpha())


def _numbers(took: Peak | None) -> list[str]:
    seconds, memory = (took.seconds, took.memory) if took else (None, None)
    return [report.number(seconds), report.number(memory)]


if __name__ == "__main__":
    main(sys.argv[1:])
