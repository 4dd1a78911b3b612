"""The peers: which systems there are, where each is installed, and whether it can run here."""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".peers"
CATALOGUE = Path(__file__).with_name("peers.toml")
OWN = "own"
BASELINE = "quantulum3-sentences"
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Environment:
    """What a peer runs in; ``peers.toml`` explains the fields."""

    name: str
    language: str
    licence: str
    packages: tuple[str, ...]
    packages_alone: tuple[str, ...] = ()
    prerelease: bool = False
    locale: str | None = None

    @property
    def folder(self) -> Path:
        """Where the environment is, or will be, installed."""
        return CACHE / self.name

    @property
    def stamp(self) -> Path:
        """A file that holds the specification once everything in it is installed."""
        return self.folder / "installed.txt"

    @property
    def failure(self) -> Path:
        """A file that holds the reason when the installation failed."""
        return self.folder / "failed.txt"

    @property
    def specification(self) -> str:
        """All that decides what is installed: another specification asks for a new installation."""
        return "\n".join([*self.packages, *self.packages_alone, self.locale or ""])

    @property
    def program(self) -> str:
        """The interpreter that runs an adapter in this environment."""
        if self.name == OWN:
            return sys.executable
        return "node" if self.language == "node" else str(self.folder / "bin" / "python")

    def why_not(self) -> str | None:
        """Why nothing can run in this environment, or None where something can."""
        if self.name == OWN:
            return None
        if self.failure.exists():
            return self.failure.read_text(encoding="utf-8").strip()
        if not self.stamp.exists():
            return "not installed: run python benchmarks/install_peers.py"
        if self.stamp.read_text(encoding="utf-8") != self.specification:
            return "its pins have changed: run python benchmarks/install_peers.py"
        return None


@dataclass(frozen=True, slots=True)
class System:
    """One row of the tables: an adapter in an environment, with one way of feeding it."""

    name: str
    label: str
    environment: Environment
    adapter: str
    feed: str
    reading: str
    needs: tuple[Environment, ...] = ()
    note: str = ""

    def why_not(self) -> str | None:
        """Why this system cannot run here, or None where it can."""
        reasons = (environment.why_not() for environment in (self.environment, *self.needs))
        return next((reason for reason in reasons if reason), None)

    def command(self, *arguments: str) -> list[str]:
        """The adapter's command line; it is run in the benchmarks folder."""
        if self.environment.language == "node":
            return ["node", f"adapters/{self.adapter}.js", "--feed", self.feed, *arguments]
        module = ["-m", f"adapters.{self.adapter}"]
        return [self.environment.program, *module, "--feed", self.feed, *arguments]

    def surroundings(self) -> dict[str, str]:
        """The environment variables of the adapter's process: one thread, its own packages."""
        variables = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
        variables |= dict.fromkeys(ONE_THREAD, "1")
        variables |= {"PEERS": str(CACHE), "PYTHONIOENCODING": "utf-8", "PYTHONHASHSEED": "0"}
        if self.environment.name == OWN:
            variables["PYTHONPATH"] = str(ROOT)
        if self.environment.language == "node":
            variables["NODE_PATH"] = str(self.environment.folder / "node_modules")
        if self.environment.locale:
            variables["LOCPATH"] = str(self.environment.folder / "locale")
        return variables


def environments() -> dict[str, Environment]:
    """The environments that ``peers.toml`` lists, by name."""
    return {
        name: Environment(
            name,
            entry["language"],
            entry["licence"],
            tuple(entry["packages"]),
            tuple(entry.get("packages_alone", ())),
            entry.get("prerelease", False),
            entry.get("locale"),
        )
        for name, entry in _catalogue()["environments"].items()
    }


def systems() -> list[System]:
    """The systems that ``peers.toml`` lists, in its order."""
    known = {OWN: Environment(OWN, "python", "MIT", ()), **environments()}
    return [
        System(
            entry["name"],
            entry["label"],
            known[entry["environment"]],
            entry["adapter"],
            entry["feed"],
            entry["reading"],
            tuple(known[name] for name in entry.get("needs", ())),
            entry.get("note", ""),
        )
        for entry in _catalogue()["systems"]
    ]


def chosen(names: str | None) -> list[System]:
    """The systems with these comma-separated names, all of them for None.

    Raises ValueError for a name that ``peers.toml`` does not have.
    """
    everything = systems()
    if names is None:
        return everything
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    unknown = sorted(set(wanted) - {system.name for system in everything})
    if unknown:
        known = ", ".join(system.name for system in everything)
        raise ValueError(f"no such system: {', '.join(unknown)} (known: {known})")
    return [system for system in everything if system.name in wanted]


def notes(shown: Sequence[System]) -> list[str]:
    """What the numbers of these systems leave out, and which known peers are not measured."""
    remarks = {system.label: system.note for system in shown if system.note}
    missing = {
        entry["label"]: f"not measured: {entry['reason']}" for entry in _catalogue()["absent"]
    }
    return [f"- {label}: {remark}." for label, remark in (remarks | missing).items()]


def _catalogue() -> dict[str, Any]:
    with CATALOGUE.open("rb") as file:
        return tomllib.load(file)
