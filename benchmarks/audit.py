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
import json
import random
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

from report import DOCS, machine, table, write
from texts import SHARED

from aidledger.evaluation.scoring import number_is_right, pairs_of, wrong_fields
from ledger.figure import Figure, Source, figure_id_of, make_source
from ledger.ledger import Ledger
from ledger.review.review import CORRECTABLE, Decision

ROOT = Path(__file__).resolve().parents[1]
CODINGS = SHARED / "gold" / "train.jsonl"
READ = ROOT / "training" / "out_of_fold"
FOLDS = (1, 2)
LEDGERS, DOCUMENTS = 10, 60
QUESTION = {"where": {"unit": ["USD"]}}
STATUSES = ("requested", "authorized", "committed")
SEED = 2022
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Passage:
    """A coded text, what was read in it, and which figure is which coding."""

    source: Source
    coded: tuple[Row, ...]
    read: tuple[Row, ...]
    pairs: Mapping[int, int]


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


def corpus() -> list[list[Passage]]:
    """The passages of ten ledgers, 60 documents each, of the folds that were read out of fold."""
    read: dict[str, list[Row]] = defaultdict(list)
    for fold in FOLDS:
        for row in _lines(READ / f"{fold}.jsonl"):
            read[row["source_id"]].append(row)
    documents: dict[str, list[Passage]] = defaultdict(list)
    for row in _lines(CODINGS):
        if row["fold"] in FOLDS:
            source = make_source(row["text"], source_id=row["id"], published=row["published"])
            held, coded = read[row["id"]], row["figures"]
            pairs = dict(pairs_of(held, coded))
            documents[row["document"]].append(Passage(source, tuple(coded), tuple(held), pairs))
    names = sorted(documents)
    random.Random(SEED).shuffle(names)
    chosen = [names[k * DOCUMENTS : (k + 1) * DOCUMENTS] for k in range(LEDGERS)]
    return [[one for name in some for one in documents[name]] for some in chosen]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _id(source: Source, row: Row) -> str:
    return figure_id_of(source.source_id, row["start"], row["end"], row["dimension"])


def _figure(source: Source, row: Row, links: Mapping[Any, str]) -> Figure:
    """A row that was read or coded as a record."""
    numbers: dict[str, Any] = {
        name: None if row[name] is None else Decimal(str(row[name]))
        for name in ("value", "low", "high")
    }
    start, end = row["start"], row["end"]
    told = {
        name: row[name]
        for name in ("dimension", "unit", "qualifier", "donor", "recipient", "party", "status")
    }
    return Figure(
        figure_id=_id(source, row), source_id=source.source_id, start=start, end=end,
        text=source.text[start:end], sentence=source.text[max(start - 80, 0) : end + 80],
        **numbers, **told, per=None, item=_first(row["item"]), item_text=None, category=None,
        aid_type=row.get("aid_type", row.get("aid")), basis=row["basis"], date=row["date"],
        since=row["since"], attribution=None, certainty=None,
        same_as=links.get(row["same_as"]), part_of=links.get(row["part_of"]), includes=(),
        cues={}, confidence=row.get("confidence"), choices={}, reader="out of fold",
        extractor="aidledger", rule="",
    )  # fmt: skip


def _first(item: str | None) -> str | None:
    return item.partition("/")[0].strip() if item else None


def as_read(passage: Passage) -> list[Figure]:
    """The figures that were read."""
    links = {row["figure_id"]: _id(passage.source, row) for row in passage.read}
    return [_figure(passage.source, row, links) for row in passage.read]


def as_coded(passage: Passage) -> list[Figure]:
    """The figures that are true."""
    links = {k: _id(passage.source, row) for k, row in enumerate(passage.coded)}
    return [_figure(passage.source, row, links) for row in passage.coded]


def repeats(passages: Sequence[Passage], facts: Iterable[str]) -> dict[str, str]:
    """Which figures of a ledger state again what a figure of another document states: by ``facts``,
    the JSON lists of coded figures that are one fact, the first of them first."""
    read = {
        _id(one.source, one.coded[j]): _id(one.source, one.read[i])
        for one in passages
        for i, j in one.pairs.items()
    }
    found: dict[str, str] = {}
    for ids in map(json.loads, facts):
        own = [read[key] for key in ids if key in read]
        found |= dict.fromkeys(own[1:], own[0]) if own else {}
    return found


def decision(passage: Passage, place: int, again: Mapping[str, str]) -> Decision:
    """What one who knows the codings decides on a figure that was read; ``again`` says which state
    a fact of another document once more."""
    row = passage.read[place]
    key = _id(passage.source, row)
    if place not in passage.pairs:
        return Decision(key, "reject")
    true = passage.coded[passage.pairs[place]]
    back = {j: _id(passage.source, passage.read[i]) for i, j in passage.pairs.items()}
    links = {name: back.get(true[name]) for name in ("same_as", "part_of")}
    own = {one["figure_id"]: _id(passage.source, one) for one in passage.read}
    if links["same_as"] is None:
        links["same_as"] = again.get(key)
    linked_right = all(own.get(row[name]) == links[name] for name in links)
    if not wrong_fields(row, true) and number_is_right(row, true) and linked_right:
        return Decision(key, "accept")
    fields = {name: true[name] for name in CORRECTABLE if name in true}
    return Decision(key, "correct", None, fields | links | {
        "item": _first(true["item"]), "aid_type": true["aid"],
    })  # fmt: skip


def missed(passage: Passage, start: int, end: int) -> list[dict[str, Any]]:
    """The coded figures of a stretch of text that were not read, as one who looks states them."""
    found = set(passage.pairs.values())
    return [
        {name: row[name] for name in CORRECTABLE if row.get(name) is not None}
        for k, row in enumerate(passage.coded)
        if k not in found and start <= row["start"] < end
    ]


def totals(ledger: Ledger) -> dict[str, float]:
    """The totals in dollars by status."""
    frame = ledger.totals(**QUESTION)  # type: ignore[arg-type]
    return dict(zip(frame["status"], frame["best"], strict=True))


def audited(
    path: Path, passages: Sequence[Passage], again: Mapping[str, str], figures: int, seed: int
) -> dict[str, Row]:
    """What one audit of a ledger says, by status."""
    where = {_id(one.source, row): (one, k) for one in passages for k, row in enumerate(one.read)}
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
        for number, passages in enumerate(corpus()):
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
