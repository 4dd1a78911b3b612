"""Accuracy of aidledger and of other extractors on the coded passages and the CQE sets.

usage: python benchmarks/accuracy.py [--peers NAME,...] [--write]

The same adapters as in speed.py are run over the sentences of each set; their findings are put into
the codebook's fields (readings.py) and scored by the sets' own scorers. The sets stand beside the
repository, not in it: without them, the command says so and ends.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from measuring.peers import System, chosen, notes
from measuring.readings import figures
from measuring.report import absent, machine, number, section, table, write
from measuring.runner import Run, run
from measuring.texts import SHARED, Text

QUANTITY_SETS = ("newsquant", "currency", "dimension", "temperature", "age")


@dataclass(frozen=True, slots=True)
class GoldSet:
    """A coded set, its scorer, and the scores to show of it."""

    name: str
    path: Path
    scorer: Path
    scores: tuple[str, ...]


def gold_sets() -> list[GoldSet]:
    """The coded passages, and the five CQE sets."""
    gold, quantities = SHARED / "gold", SHARED / "data" / "quantities"
    passages = GoldSet(
        "coded passages", gold / "dev.jsonl", gold / "score.py", ("found", "number", "quantity")
    )
    return [passages] + [
        GoldSet(
            name,
            quantities / f"{name}.dev.jsonl",
            gold / "score_quantities.py",
            ("value", "value+unit"),
        )
        for name in QUANTITY_SETS
    ]


def score(gold: GoldSet, system: System) -> tuple[Run, dict[str, Any]]:
    """A system's run over a set, and what the set's scorer says of it: nothing if it is absent.

    Raises RuntimeError where the scorer fails.
    """
    passages = [json.loads(line) for line in gold.path.read_text(encoding="utf-8").splitlines()]
    texts = [Text(p["text"], p.get("published"), p.get("title")) for p in passages]
    done = run(system, texts, findings=True)
    if done.absent:
        return done, {}
    lines = [
        json.dumps({**figure, "source_id": passage["id"]})
        for passage, found in zip(passages, done.found, strict=True)
        for figure in figures(system.reading, found)
        if gold.scorer.name != "score.py" or figure["start"] is not None
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.jsonl"
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        command = [sys.executable, str(gold.scorer), str(gold.path), str(path), "--json"]
        judged = subprocess.run(command, capture_output=True, text=True, check=False)
    if judged.returncode:
        raise RuntimeError(f"{gold.scorer.name} failed on {gold.name}: {judged.stderr.strip()}")
    return done, json.loads(judged.stdout)


def row(gold: GoldSet, done: Run, scores: dict[str, Any]) -> list[str]:
    """F1 of each score of the set, and precision and recall of the strictest."""
    strictest = scores[gold.scores[-1]]
    return [
        done.name,
        done.system.feed,
        *(number(scores[name]["f1"]) for name in gold.scores),
        number(strictest["p"]),
        number(strictest["r"]),
    ]


def compare(gold: GoldSet, systems: Sequence[System]) -> str:
    """The table of one set, and the systems that are not in it."""
    last = gold.scores[-1]
    heads = ["system", "fed", *(f"{s} F1" for s in gold.scores), f"{last} P", f"{last} R"]
    judged = [score(gold, system) for system in systems]
    rows = [row(gold, done, scores) for done, scores in judged if not done.absent]
    reasons = [(done.system, done.absent) for done, _ in judged if done.absent]
    return section(gold.name, table(heads, rows), absent(reasons))


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--peers", metavar="NAME,...", help="only these systems of peers.toml")
    parser.add_argument("--write", action="store_true", help="put the tables in docs/benchmarks.md")
    options = parser.parse_args(arguments)
    sets = gold_sets()
    present = [gold for gold in sets if gold.path.exists() and gold.scorer.exists()]
    if not present:
        print("accuracy.py: skipped, the coded sets are not beside this repository")
        return 0
    tables = [f"{machine()}."]
    print(tables[0], flush=True)
    try:
        systems = chosen(options.peers)
        for gold in present:
            tables.append(compare(gold, systems))
            print(f"\n{tables[-1]}", flush=True)
    except (OSError, RuntimeError, ValueError) as error:
        print(f"accuracy.py: {error}", file=sys.stderr)
        return 1
    skipped = [f"- {gold.name}: skipped, not there." for gold in sets if gold not in present]
    closing = "\n".join([*notes(systems), *skipped])
    print(f"\n{closing}")
    if options.write:
        write("accuracy", "\n\n".join([*tables, closing]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
