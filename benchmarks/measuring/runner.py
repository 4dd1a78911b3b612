"""Runs a system over texts in a process of its own; compares two over the same documents."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from measuring.peers import System
from measuring.texts import Text

BENCHMARKS = Path(__file__).resolve().parents[1]  # where the adapters lie
GRACE = 120.0
OVERRUN = 4.0


@dataclass(frozen=True, slots=True)
class Run:
    """What one process did: the processor seconds of each document that it finished, in order."""

    system: System
    seconds: tuple[float, ...] = ()
    sizes: tuple[int, ...] = ()
    load: float = 0.0
    peak: int = 0
    count: int = 0
    errors: int = 0
    versions: dict[str, str] = field(default_factory=dict)
    found: tuple[list[dict[str, Any]], ...] = ()
    absent: str | None = None

    @property
    def name(self) -> str:
        """The system's label and the version of its main package."""
        return " ".join([self.system.label, *list(self.versions.values())[:1]])

    @property
    def size(self) -> int:
        """Bytes of the documents that were finished."""
        return sum(self.sizes)

    @property
    def rate(self) -> float | None:
        """Kilobytes (of 1,000 bytes) per second of processor time; None where nothing finished."""
        spent = sum(self.seconds)
        return self.size / 1000 / spent if spent > 0 else None


def run(
    system: System,
    texts: Sequence[Text],
    *,
    budget: float | None = None,
    findings: bool = False,
) -> Run:
    """Feed the texts, in order, to a system until they end or its budget of seconds is spent.

    A system that is not installed, or that fails, gives a run with ``absent`` saying why. One that
    hangs in a document is ended, and keeps what it had finished before.
    """
    reason = system.why_not()
    if reason:
        return Run(system, absent=reason)
    limits = [] if budget is None else ["--budget", str(budget)]
    command = system.command(*limits, *(["--findings"] if findings else []))
    try:
        done = subprocess.run(
            command,
            cwd=BENCHMARKS,
            env=system.surroundings(),
            input="".join(text.line for text in texts).encode(),
            capture_output=True,
            timeout=None if budget is None else GRACE + OVERRUN * budget,
            check=False,
        )
    except FileNotFoundError:
        return Run(system, absent=f"{Path(command[0]).name} was not found")
    except subprocess.TimeoutExpired as late:
        return _read(system, texts, late.stdout or b"")
    if done.returncode:
        return Run(system, absent=_last_line(done.stderr))
    return _read(system, texts, done.stdout)


def _read(system: System, texts: Sequence[Text], output: bytes) -> Run:
    lines = [json.loads(line) for line in output.split(b"\n")[:-1]]
    if len(lines) < 2:
        return Run(system, absent="no document finished within the time allowed")
    opening, answers = lines[0], lines[1:]
    return Run(
        system,
        seconds=tuple(answer["seconds"] for answer in answers),
        sizes=tuple(text.size for text in texts[: len(answers)]),
        load=opening["load"],
        peak=max(answer["peak"] for answer in answers),
        count=sum(answer["count"] for answer in answers),
        errors=sum(answer["errors"] for answer in answers),
        versions=opening["versions"],
        found=tuple(answer.get("found", []) for answer in answers),
    )


def _last_line(output: bytes) -> str:
    lines = [line.strip() for line in output.decode("utf-8", "replace").splitlines()]
    return next((line for line in reversed(lines) if line), "it ended without a word")


def interleaved(
    systems: Sequence[System], texts: Sequence[Text], *, rounds: int, budget: float | None
) -> dict[str, list[Run]]:
    """Every system once a round, round after round, so that a noisy minute hits them all."""
    runs: dict[str, list[Run]] = {system.name: [] for system in systems}
    for _ in range(rounds):
        for system in systems:
            earlier = runs[system.name]
            if not (earlier and earlier[0].absent):
                earlier.append(run(system, texts, budget=budget))
    return runs


def speedup(fast: Sequence[Run], slow: Sequence[Run]) -> float | None:
    """How many times faster one is than another: the median over the rounds.

    Each round compares the two over the documents that both finished in it, so that a peer with a
    small sample is set beside the other's time for that very sample.
    """
    ratios = []
    for one, other in zip(fast, slow, strict=False):
        both = min(len(one.seconds), len(other.seconds))
        own = sum(one.seconds[:both])
        if both and own > 0:
            ratios.append(sum(other.seconds[:both]) / own)
    return median(ratios) if ratios else None
