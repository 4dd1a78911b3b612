"""Runs the sessions that the documents show: ``python docs/sessions.py`` writes what they give now.

A session is a ```` ```console ```` block; those of one page run one after another in one folder, in
which ``examples/`` lies. To be run, and looked at, when new weights or words change what is read.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES = ("README.md", "docs/ledger.md", "docs/tasks.md")
# What stands for the time at which something was done.
_TIMES = {
    re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d"): "2023-03-01T09:00:00",
    re.compile(r"20\d\d-\d\d-\d\d \d\d:\d\d UTC"): "2023-03-01 09:00 UTC",
}
_SESSION = re.compile(r"```console\n(.*?)```", re.DOTALL)
_STEP = re.compile(r"^\$ (.*)\n(?:(?!\$ ).*\n)*", re.MULTILINE)

Run = Callable[[list[str]], str]


def renewed(text: str, run: Run) -> str:
    """A page with what its sessions give, line for line; ``run`` answers the words of a command
    with all that it writes."""

    def step(found: re.Match[str]) -> str:
        said = _said(found[1], run)
        for time, instead in _TIMES.items():
            said = time.sub(instead, said)
        return "\n".join([f"$ {found[1]}", *map(str.rstrip, said.splitlines())]) + "\n"

    return _SESSION.sub(lambda block: f"```console\n{_STEP.sub(step, block[1])}```", text)


def steps(text: str) -> list[str]:
    """The commands of the sessions of a page."""
    return [step[1] for block in _SESSION.finditer(text) for step in _STEP.finditer(block[1])]


def _said(line: str, run: Run) -> str:
    verb, *words = shlex.split(line)
    if verb == "cat":
        return "".join(Path(name).read_text(encoding="utf-8") for name in words)
    if verb != "aidledger":
        raise ValueError(f"a session runs aidledger or cat: {line}")
    return run(words)


def _run_here(folder: str) -> Run:
    def run(words: list[str]) -> str:
        command = [sys.executable, "-m", "aidledger", *words]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    return run


def main() -> None:
    for page in PAGES:
        path = ROOT / page
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "examples").symlink_to(ROOT / "examples")
            text = path.read_text(encoding="utf-8")
            path.write_text(renewed(text, _run_here(folder)), encoding="utf-8")


if __name__ == "__main__":
    main()
