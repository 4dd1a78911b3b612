"""What starting costs: whole processes of the command, and the imports behind them.

usage: python benchmarks/startup.py [--write]

Each command is run several times, in turn with the others; the medians are of wall-clock time, as
the user waits for it, and of processor time. The interpreter alone stands beside them.
"""

from __future__ import annotations

import argparse
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from measuring.report import machine, number, section, table, write
from measuring.texts import ROOT, Text, default_sets

SHOWN = 12
IMPORT = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \|( +)(\S+)")


def commands(article: Path) -> dict[str, list[str]]:
    """The commands by the name to show; ``article`` is the file that is extracted."""
    python = [sys.executable]
    return {
        "python -c pass": [*python, "-c", "pass"],
        "import aidledger": [*python, "-c", "import aidledger"],
        "aidledger --help": [*python, "-m", "aidledger", "--help"],
        "aidledger extract, one article": [*python, "-m", "aidledger", "extract", str(article)],
        "import quantulum3 and its units": [
            *python, "-W", "ignore", "-c", "from quantulum3 import load; load.units('en_US')",
        ],
    }  # fmt: skip


def timed(command: Sequence[str]) -> tuple[float, float]:
    """(wall-clock seconds, processor seconds) of one process.

    Raises RuntimeError where it fails.
    """
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    waited = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        raise RuntimeError(f"{' '.join(command[1:4])} failed: {lines[-1]}")
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return waited, spent


def whole_processes(article: Path, rounds: int) -> str:
    """The table of the commands' medians; the one that fails is listed with the reason."""
    times: dict[str, list[tuple[float, float]]] = {}
    failures: dict[str, str] = {}
    for _ in range(rounds):
        for name, command in commands(article).items():
            try:
                times.setdefault(name, []).append(timed(command))
            except RuntimeError as error:
                failures[name] = str(error)
    rows = [
        [name, *(number(1000 * median(column)) for column in zip(*pairs, strict=True))]
        for name, pairs in times.items()
        if pairs
    ]
    failed = "\n".join(f"- {name}: {reason}" for name, reason in failures.items())
    return section("Whole processes", table(("command", "wall ms", "processor ms"), rows), failed)


def imports() -> str:
    """The modules whose own code costs most when ``extract`` is imported."""
    code = "from extractors.pipeline import extract"
    command = [sys.executable, "-X", "importtime", "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    found = [
        (int(own), int(with_others), name)
        for own, with_others, _, name in IMPORT.findall(done.stderr)
    ]
    dearest = sorted(found, reverse=True)[:SHOWN]
    rows = [
        [name, number(own / 1000), number(with_others / 1000)] for own, with_others, name in dearest
    ]
    total = sum(own for own, _, _ in found) / 1000
    return section(
        f"Imports behind `extract`: {len(found)} modules, {total:.0f} ms",
        table(("module", "own ms", "with its imports ms"), rows),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9, help="how often each is run (default 9)")
    parser.add_argument("--write", action="store_true", help="put the tables in docs/benchmarks.md")
    options = parser.parse_args(arguments)
    try:
        sets, skipped = default_sets()
        if not sets:
            raise ValueError("; ".join(skipped))
        with tempfile.TemporaryDirectory() as folder:
            article = Path(folder) / "article.txt"
            article.write_text(_article(sets[-1].texts).text, encoding="utf-8")
            processes = whole_processes(article, options.rounds)
        content = "\n\n".join([f"{machine()}; {options.rounds} rounds.", processes, imports()])
        print(content)
        if options.write:
            write("startup", content)
    except (OSError, RuntimeError, ValueError) as error:
        print(f"startup.py: {error}", file=sys.stderr)
        return 1
    return 0


def _article(texts: Sequence[Text]) -> Text:
    """The longest of the repository's own examples."""
    return max(texts, key=lambda text: text.size)


if __name__ == "__main__":
    raise SystemExit(main())
