"""Audits of ledgers whose truth is coded: how often the band of a total covers the true one.

usage: python benchmarks/audit.py [--draws N] [--figures N] [--write]

Ten ledgers of 60 documents each hold what the built-in reader's recipe reads in documents that it
was not fitted on (``training/out_of_fold``); the codings of these documents are the truth. Figures
and passages are drawn, decisions on the drawn ones are read off the codings, and the result is
compared with the totals of a ledger of the codings themselves. The coded passages stand beside the
repository, not in it: without them, the command says so and ends.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from measuring.coded_ledgers import (
    CODINGS,
    LEDGERS,
    Passage,
    Row,
    as_coded,
    as_read,
    corpus,
    decision,
    folds,
    id_of,
    missed,
    repeats,
)
from measuring.report import DOCS, machine, table, write

from ledger.ledger import Ledger

QUESTION = {"where": {"unit": ["USD"]}}
STATUSES = ("requested", "authorized", "committed")


@dataclass(frozen=True, slots=True)
class Held:
    """What one audit said of one total, and what is true."""

    ledger: float
    estimate: float
    low: float
    high: float
    true: float

    @property
    def covers(self) -> bool:
        """Whether the true total lies in the band, but for what floats lose."""
        slack = 1e-9 * abs(self.true)
        return self.low - slack <= self.true <= self.high + slack


def totals(ledger: Ledger) -> dict[str, float]:
    """The totals in dollars by status."""
    frame = ledger.totals(**QUESTION)  # type: ignore[arg-type]
    return dict(zip(frame["status"], frame["best"], strict=True))


def audited(
    path: Path, passages: Sequence[Passage], again: Mapping[str, str], figures: int, seed: int
) -> dict[str, Row]:
    """What one audit of a ledger says, by status."""
    where = {id_of(one.source, row): (one, k) for one in passages for k, row in enumerate(one.read)}
    by_source = {one.source.source_id: one for one in passages}
    with Ledger(path) as ledger:
        ledger.audit_draw(figures, who="simulated", seed=seed, **QUESTION)  # type: ignore[arg-type]
        shown = ledger.audit_show()
        drawn = [one for one in shown["look_at"] if one in where]
        ledger.review([decision(*where[one], again) for one in drawn], "simulated")
        for row in shown[~shown["look_at"].isin(drawn)].itertuples():
            passage = by_source[str(row.source_id)]
            start = passage.source.text.index(str(row.sentence))
            lacking = missed(passage, start, start + len(str(row.sentence)))
            ledger.audit_passage(int(str(row.look_at).split()[1]), "simulated", lacking)
        result = ledger.audit_result()
    rows: list[Row] = result.to_dict("records")  # type: ignore[assignment]
    return {str(row["status"]): row for row in rows}


def simulate(draws: int, figures: int) -> dict[str, list[Held]]:
    """Audits by turns of the ten ledgers: what each said of the totals of each status."""
    held: dict[str, list[Held]] = {status: [] for status in STATUSES}
    with tempfile.TemporaryDirectory() as folder:
        for number, passages in enumerate(corpus(folds())):
            read, true = Path(folder, f"{number}.db"), Path(folder, f"{number}.true.db")
            for path, figures_of in ((read, as_read), (true, as_coded)):
                with Ledger(path) as ledger:
                    for one in passages:
                        ledger.add(one.source, figures_of(one))
                    right, facts = totals(ledger), ledger.facts()["figure_ids"]
            again = repeats(passages, facts)
            for draw in range(number, draws, LEDGERS):
                copy = Path(shutil.copy(read, Path(folder, "copy.db")))
                said = audited(copy, passages, again, figures, seed=draw)
                for status in STATUSES:
                    row = said.get(status)
                    if row is not None:
                        bounds = (row["estimate"], row["band_low"], row["band_high"])
                        truth = right.get(status, 0.0)
                        held[status].append(Held(row["ledger"], *bounds, truth))
                for left in Path(folder).glob("copy.db*"):
                    left.unlink()
            print(f"ledger {number + 1} of {LEDGERS}", file=sys.stderr, flush=True)
    return held


def lines(held: Mapping[str, Sequence[Held]]) -> str:
    """The table: how often the bands cover, how wide they are, how far ledger and estimate are
    off."""
    rows = []
    for status, some in held.items():
        sizes = [max(abs(one.true), 1.0) for one in some]
        width = [(one.high - one.low) / 2 / size for one, size in zip(some, sizes, strict=True)]
        before = [abs(one.ledger - one.true) / size for one, size in zip(some, sizes, strict=True)]
        after = [abs(one.estimate - one.true) / size for one, size in zip(some, sizes, strict=True)]
        covered = sum(one.covers for one in some)
        rows.append([
            status, str(len(some)), f"{100 * covered / len(some):.0f} %",
            *(f"{100 * median(shares):.1f} %" for shares in (width, before, after)),
        ])  # fmt: skip
    heads = [
        "total (USD)",
        "audits",
        "band covers truth",
        "half width",
        "ledger off",
        "estimate off",
    ]
    return table(heads, rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--draws", type=int, default=100, help="audits in all, by turns")
    parser.add_argument("--figures", type=int, default=100, help="that each draws")
    parser.add_argument("--write", action="store_true", help="put the table in docs/audit.md")
    options = parser.parse_args(arguments)
    if not CODINGS.exists():
        print("audit.py: skipped, the coded passages are not beside this repository")
        return 0
    told = f"{machine()}.\n\n{lines(simulate(options.draws, options.figures))}"
    print(told)
    if options.write:
        write("audit", told, DOCS / "audit.md")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
