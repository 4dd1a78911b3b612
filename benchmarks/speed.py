"""Throughput and peak memory of aidledger beside other extractors, in one run on the same texts.

usage: python benchmarks/speed.py [--texts DIR ...] [--peers NAME,...] [--write]

Every system runs in a process and an environment of its own, round after round, on one thread. Its
documents are timed one by one, in processor time, until they end or its budget is spent: what it
finished is its sample. A ratio between two systems is taken over the documents that both finished,
as the median over the rounds.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from measuring.peers import BASELINE, System, chosen, notes
from measuring.report import absent, machine, number, section, table, write
from measuring.runner import Run, interleaved, speedup
from measuring.texts import TextSet, default_sets, of_folder

OURS = "aidledger"
HEADS = (
    "system", "fed", "sample KB", "KB/s", "times quantulum3", "aidledger is faster by", "peak MB",
    "load s",
)  # fmt: skip


def measured(runs: Sequence[Run], ours: Sequence[Run], baseline: Sequence[Run]) -> list[str]:
    """One row of the table: a system's runs beside aidledger's and the baseline's."""
    rates = [run.rate for run in runs if run.rate is not None]
    return [
        runs[0].name,
        runs[0].system.feed,
        number(median(run.size for run in runs) / 1000),
        number(median(rates) if rates else None),
        number(speedup(runs, baseline), 2),
        "" if runs is ours else number(speedup(ours, runs)),
        number(median(run.peak for run in runs) / 1024),
        number(median(run.load for run in runs), 2),
    ]


def compare(texts: TextSet, systems: Sequence[System], rounds: int, budget: float | None) -> str:
    """The table of one set of texts, and the systems that are not in it."""
    runs = interleaved(systems, texts.texts, rounds=rounds, budget=budget)
    present = {name: some for name, some in runs.items() if not some[0].absent}
    ours, baseline = present.get(OURS, []), present.get(BASELINE, [])
    reasons = [(some[0].system, some[0].absent) for some in runs.values() if some[0].absent]
    return section(
        f"{texts.name}: {texts.size / 1000:,.0f} KB",
        table(HEADS, [measured(some, ours, baseline) for some in present.values()]),
        absent(reasons),
        "\n".join(
            f"- {some[0].system.label}, {some[0].system.feed}: {some[0].errors} calls raised."
            for some in present.values()
            if some[0].errors
        ),
    )


def _sets_of(folders: Sequence[Path]) -> tuple[list[TextSet], list[str]]:
    return [of_folder(folder) for folder in folders], []


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--texts", nargs="+", type=Path, metavar="DIR", help="folders of texts")
    parser.add_argument("--peers", metavar="NAME,...", help="only these systems of peers.toml")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is run (default 3)")
    parser.add_argument(
        "--budget",
        type=float,
        default=10.0,
        help="processor seconds that a run may take (default 10; 0: until the texts end)",
    )
    parser.add_argument("--write", action="store_true", help="put the tables in docs/benchmarks.md")
    options = parser.parse_args(arguments)
    try:
        systems = chosen(options.peers)
        sets, skipped = default_sets() if not options.texts else _sets_of(options.texts)
    except (OSError, ValueError) as error:
        print(f"speed.py: {error}", file=sys.stderr)
        return 1
    limit = f"at most {options.budget:g} s" if options.budget else "all texts"
    about = f"{machine()}; {options.rounds} rounds, {limit} for a system on a set."
    tables = [about]
    print(about, flush=True)
    for texts in sets:
        tables.append(compare(texts, systems, options.rounds, options.budget or None))
        print(f"\n{tables[-1]}", flush=True)
    closing = "\n".join([*notes(systems), *(f"- {line}." for line in skipped)])
    print(f"\n{closing}")
    if options.write:
        write("speed", "\n\n".join([*tables, closing]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
