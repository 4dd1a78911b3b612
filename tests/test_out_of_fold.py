"""What the built-in reader's recipe reads rightly on documents that it was not fitted on.

``training/out_of_fold/N.jsonl`` is what weights that were fitted without fold N read in it. A floor
may only be raised.
"""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
GOLD = ROOT.parent / "shared" / "gold"
READ = ROOT / "training" / "out_of_fold"
FLOORS: dict[tuple[str, int], dict[str, float]] = {
    ("train", 0): {"row": 41, "adds": 57, "losses": 39, "same_as": 63, "part_of": 58},
    ("train", 1): {"row": 44, "adds": 57, "losses": 61, "same_as": 70, "part_of": 59},
    ("train", 2): {"row": 38, "adds": 52, "losses": 48, "same_as": 68, "part_of": 43},
    ("written", 1): {"row": 29, "adds": 41, "losses": 47, "same_as": 37, "part_of": 53},
    ("written", 2): {"row": 29, "adds": 40, "losses": 47, "same_as": 45, "part_of": 42},
}
FIELD_FLOORS: dict[tuple[str, int], dict[str, float]] = {
    ("train", 0): {
        "donor": 92,
        "recipient": 92,
        "party": 85,
        "status": 81,
        "basis": 78,
        "date": 91,
    },
    ("train", 1): {
        "donor": 95,
        "recipient": 94,
        "party": 81,
        "status": 77,
        "basis": 83,
        "date": 88,
    },
    ("written", 1): {"donor": 82, "recipient": 84, "party": 75, "status": 66, "basis": 76},
}


@cache
def report(name: str, fold: int) -> dict[str, Any]:
    """The scorer's report on the passages of a fold."""
    codings = GOLD / f"{name}.jsonl"
    if not codings.exists():
        pytest.skip(f"no coded passages: ../shared/gold/{codings.name} is not there")
    lines = codings.read_text(encoding="utf-8").rstrip("\n").split("\n")
    return _scored([line for line in lines if json.loads(line)["fold"] == fold], fold)


def _scored(passages: list[str], fold: int) -> dict[str, Any]:
    ids = {json.loads(line)["id"] for line in passages}
    read = (READ / f"{fold}.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n")
    own = [line for line in read if json.loads(line)["source_id"] in ids]
    done = subprocess.run(
        [sys.executable, "-c", SCORE, str(GOLD / "score.py")],
        input=json.dumps([passages, own]), capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found


SCORE = """
import json, runpy, sys, tempfile
from pathlib import Path
passages, read = json.load(sys.stdin)
with tempfile.TemporaryDirectory() as made:
    files = [Path(made) / "coded.jsonl", Path(made) / "read.jsonl"]
    for file, lines in zip(files, (passages, read)):
        file.write_text("\\n".join(lines) + "\\n", "utf-8")
    sys.argv = [sys.argv[1], *map(str, files), "--json"]
    runpy.run_path(sys.argv[0], run_name="__main__")
"""


def cases(floors: dict[tuple[str, int], dict[str, float]]) -> list[tuple[str, int, str, float]]:
    return [(*of, name, floor) for of, held in floors.items() for name, floor in held.items()]


@pytest.mark.parametrize(("name", "fold", "what", "floor"), cases(FLOORS))
def test_rows_and_links_reach_their_floor(name: str, fold: int, what: str, floor: float) -> None:
    assert report(name, fold)[what]["f1"] >= floor


@pytest.mark.parametrize(("name", "fold", "field", "floor"), cases(FIELD_FLOORS))
def test_fields_reach_their_floor(name: str, fold: int, field: str, floor: float) -> None:
    assert report(name, fold)["fields"][field] >= floor


@pytest.mark.parametrize(("fold", "least"), [(0, 2_500), (1, 5_000), (2, 5_000)])
def test_what_was_read_out_of_fold_holds_no_text(fold: int, least: int) -> None:
    rows = [json.loads(line) for line in (READ / f"{fold}.jsonl").open(encoding="utf-8")]
    assert len(rows) > least
    for row in rows:
        assert row.keys().isdisjoint({"text", "sentence", "title"})
        assert max(len(str(row["item"] or "")), len(str(row["unit"]))) < 60
        assert row["start"] < row["end"]
