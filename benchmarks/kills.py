"""``kill -9`` at many moments of ``add``, ``review import``, ``report`` and ``chart``.

usage: python benchmarks/kills.py [--rounds N] [--documents N] [--seed N]

Each verb is run once undisturbed; then in every round it is killed, with all its processes, at a
random moment of the time that this took, and run again. Must hold: after the kill a ledger holds
whole documents, or all decisions of a sheet or none, and an output file is the old one or the new
one, whole; after the second run all is as if nothing had happened, and no hidden file is left. Exit
status 1 where anything did not hold.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from measuring.report import table
from measuring.texts import examples

OLD = b"what stood here before"
LEDGER, SHEET = "aid.db", "sheet.csv"
WHO = "a reviewer"


@dataclass(frozen=True, slots=True)
class Verb:
    """A command that is killed: its arguments, and what it writes; the ledger where ``output`` is
    None."""

    name: str
    arguments: tuple[str, ...]
    output: str | None = None


VERBS = (
    Verb("add", ("add", "inbox", "--ledger", LEDGER)),
    Verb("add --jobs 2", ("add", "inbox", "--ledger", LEDGER, "--jobs", "2")),
    Verb("review import", ("review", "import", SHEET, "--ledger", LEDGER, "--who", WHO)),
    Verb("report", ("report", "--ledger", LEDGER, "-o", "aid.xlsx"), "aid.xlsx"),
    Verb("page", ("page", "--ledger", LEDGER, "-o", "aid.html"), "aid.html"),
    Verb("chart", ("chart", "--ledger", LEDGER, "--kind", "timeline", "-o", "aid.png"), "aid.png"),
)


def run(folder: Path, *arguments: str) -> str:
    """What the command writes. Raises RuntimeError, with what it said, where it fails."""
    command = [sys.executable, "-m", "aidledger", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout


def killed(folder: Path, arguments: Sequence[str], after: float) -> bool:
    """Run the command and kill it with all its processes; whether it was still at work."""
    process = subprocess.Popen(
        [sys.executable, "-m", "aidledger", *arguments],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(timeout=after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True
    return False


def prepared(folder: Path, documents: int) -> None:
    """An inbox, a ledger of it, a review sheet that accepts every figure."""
    inbox = folder / "inbox"
    inbox.mkdir()
    texts = examples().texts
    for k in range(documents):
        text = f"Release {k} of the ministry.\n\n{texts[k % len(texts)].text}\n"
        (inbox / f"{k:03d}.txt").write_text(text, encoding="utf-8")
    run(folder, "add", "inbox", "--ledger", LEDGER, "--published", "2022-10-04")
    run(folder, "review", "export", "-o", SHEET, "--ledger", LEDGER)
    with (folder / SHEET).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with (folder / SHEET).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows({**row, "decision": "accept"} for row in rows)


def state(ledger: Path) -> tuple[list[str], list[str]]:
    """The figures and the decisions of a ledger, ordered. Raises sqlite3.Error where it is none."""
    with closing(sqlite3.connect(ledger)) as file:
        (sound,) = file.execute("pragma integrity_check").fetchone()
        if sound != "ok":
            raise sqlite3.DatabaseError(sound)
        if file.execute("select 1 from sqlite_master").fetchone() is None:
            return [], []  # killed before anything was stored: an empty file
        decisions = file.execute("select figure_id, action, who from decision").fetchall()
    figures = run(ledger.parent, "figures", "--ledger", ledger.name, "--format", "jsonl")
    return sorted(figures.splitlines()), sorted(json.dumps(row) for row in decisions)


def amiss(verb: Verb, folder: Path, whole: Path) -> Iterator[str]:
    """What a kill left that it must not; ``whole``: the folder of the undisturbed run."""
    if verb.output is not None:
        if (folder / verb.output).read_bytes() not in (OLD, (whole / verb.output).read_bytes()):
            yield "the output is neither the old one nor the new one"
        return
    if not (folder / LEDGER).exists():
        return
    try:
        figures, decisions = state(folder / LEDGER)
    except (RuntimeError, sqlite3.Error) as error:
        yield str(error)
        return
    sound_figures, sound_decisions = state(whole / LEDGER)
    if not set(figures) <= set(sound_figures) or len(set(figures)) != len(figures):
        yield "figures that are none, or twice"
    count = {figure["source_id"] for figure in map(json.loads, figures)}
    expected = sum(json.loads(line)["source_id"] in count for line in sound_figures)
    if len(figures) != expected:
        yield "a document in part"
    if decisions and decisions != sound_decisions:
        yield "decisions in part, or twice"


def unlike(verb: Verb, folder: Path, whole: Path) -> Iterator[str]:
    """How a folder differs, after the second run, from that of the undisturbed one."""
    if verb.output is not None:
        if (folder / verb.output).read_bytes() != (whole / verb.output).read_bytes():
            yield "the output differs"
    elif state(folder / LEDGER) != state(whole / LEDGER):
        yield "the ledger differs"
    left = {path.name for path in folder.iterdir()} - {path.name for path in whole.iterdir()}
    if left:
        yield f"left behind: {', '.join(sorted(left))}"


def started(verb: Verb, prepared_in: Path, folder: Path) -> Path:
    """A folder in which a verb can begin."""
    shutil.copytree(prepared_in, folder)
    if verb.name.startswith("add"):
        (folder / LEDGER).unlink()
    if verb.output is not None:
        (folder / verb.output).write_bytes(OLD)
    return folder


def rounds(verb: Verb, ready: Path, place: Path, count: int, chance: random.Random) -> list[str]:
    """The row of a verb: how often it was killed at work, and what did not hold."""
    whole = started(verb, ready, place / f"{verb.name} whole")
    begun = time.monotonic()
    run(whole, *verb.arguments)
    span = time.monotonic() - begun
    at_work, faults = 0, []
    for k in range(count):
        folder = started(verb, ready, place / f"{verb.name} {k}")
        after = chance.uniform(0.1, 1.0) * span
        at_work += killed(folder, verb.arguments, after)
        found = list(amiss(verb, folder, whole))
        run(folder, *verb.arguments)
        found += unlike(verb, folder, whole)
        faults += [f"{after:.2f} s: {what}" for what in found]
        shutil.rmtree(folder)
    return [verb.name, f"{span:.1f}", str(count), str(at_work), "; ".join(faults) or "-"]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=25, help="kills of each verb (default 25)")
    parser.add_argument("--documents", type=int, default=60, help="documents (default 60)")
    parser.add_argument("--seed", type=int, default=1, help="which moments (default 1)")
    options = parser.parse_args(arguments)
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as made:
        ready = Path(made) / "ready"
        ready.mkdir()
        prepared(ready, options.documents)
        rows = []
        for verb in VERBS:
            rows.append(rounds(verb, ready, Path(made), options.rounds, chance))
            print(*rows[-1], sep="\t", file=sys.stderr, flush=True)  # also of a run that is cut off
    print(table(("verb", "undisturbed s", "rounds", "killed at work", "did not hold"), rows))
    return 1 if any(row[-1] != "-" for row in rows) else 0


if __name__ == "__main__":
    raise SystemExit(main())
