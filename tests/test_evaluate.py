"""A reader scored on coded passages, and what was decided as such passages."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import aidledger as al
from aidledger.evaluation.scoring import LEVELS, Evaluation, pairs_of, same_item
from command import ok, records, run
from factory import make_figure, make_money
from ledger.figure import LINKS, to_record

ROOT = Path(__file__).resolve().parents[1]
GOLD = ROOT.parent / "shared" / "gold"
TEXT = "Norway will send 20 tanks and 4 howitzers to Ukraine. It has sent 7 so far."


def coded(start: int, text: str, **fields: Any) -> dict[str, Any]:
    value = float(text)
    return {
        "start": start, "end": start + len(text), "text": text, "dimension": "count",
        "unit": "count", "value": value, "low": value, "high": value, "qualifier": "exact",
        "item": "tank", "donor": "NOR", "recipient": "UKR", "party": None, "status": "committed",
        "basis": "delta", "date": "2023-05-01", "since": None, "aid": None, "same_as": None,
        "part_of": None,
    } | fields  # fmt: skip


CODED = [
    coded(TEXT.index("20"), "20"),
    coded(TEXT.index("4"), "4", item="howitzer"),
    coded(TEXT.index("7"), "7", status="delivered", basis="total"),
]
PASSAGE = {"id": "p", "published": "2023-05-01", "title": "", "text": TEXT, "figures": CODED}


def read(*changes: dict[str, Any], confidence: float | None = None) -> list[dict[str, Any]]:
    """The coded figures as a reader would have read them, with these changes."""
    rows: list[dict[str, Any]] = [
        {**one, "source_id": "p", "figure_id": str(k), "aid_type": None, "confidence": confidence}
        for k, one in enumerate(CODED)
    ]
    return [row | change for row, change in zip(rows, changes, strict=False)]


def scored(
    tmp_path: Path, rows: list[dict[str, Any]], passage: dict[str, Any] = PASSAGE
) -> Evaluation:
    paths = tmp_path / "coded.jsonl", tmp_path / "read.jsonl"
    for path, held in zip(paths, ([passage], rows), strict=True):
        path.write_text("".join(json.dumps(one) + "\n" for one in held), encoding="utf-8")
    return al.evaluate(paths[0], figures=paths[1])


def test_what_is_read_as_it_is_coded_is_right_in_all(tmp_path: Path) -> None:
    done = scored(tmp_path, read({}, {}, {}, confidence=1.0))
    assert {done.scores[name].f1 for name in LEVELS if name != "losses"} == {100}
    assert (done.coded, done.extracted) == (3, 3)
    assert done.fields["donor"] == done.shares["span"] == done.shares["surer half, adds"] == 100
    assert done.shares["calibration error"] == 0


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        ({"value": 21.0}, {"number", "quantity", "row", "dated", "adds"}),
        ({"unit": "kilogram"}, {"quantity", "row", "dated", "adds"}),
        ({"item": "truck"}, {"row", "dated"}),
        ({"item": "tanks"}, set()),
        ({"donor": None}, {"row", "dated", "adds"}),
        ({"date": "2023-05"}, {"dated"}),
        ({"start": 70, "end": 71}, {"found", "number", "quantity", "row", "dated", "adds"}),
    ],
)
def test_what_is_wrong_costs_the_measures_that_it_is_part_of(
    tmp_path: Path, change: dict[str, Any], lost: set[str]
) -> None:
    done = scored(tmp_path, read(change, {}, {}))
    assert {name for name in LEVELS if done.scores[name].f1 < 100} - {"losses"} == lost


def test_chances_that_promise_too_much_are_told(tmp_path: Path) -> None:
    wrong = {"donor": "GBR"}
    done = scored(tmp_path, read(wrong, wrong, {}, confidence=0.9))
    assert done.shares["calibration error"] == pytest.approx(100 * abs(3 * 0.9 - 1) / 3)
    assert "calibration error" not in scored(tmp_path, read(wrong, wrong, {})).shares


def test_links_are_pairs(tmp_path: Path) -> None:
    linked = [dict(one) for one in CODED]
    linked[1]["part_of"] = 0
    linked[2]["same_as"] = 0
    passage = PASSAGE | {"figures": linked}
    done = scored(tmp_path, read({"same_as": "2"}, {"part_of": "0"}, {"same_as": None}), passage)
    assert {name: done.scores[name].f1 for name in LINKS} == {"same_as": 100, "part_of": 100}
    done = scored(tmp_path, read({}, {"part_of": "2"}, {"same_as": None}), passage)
    assert {name: done.scores[name].f1 for name in LINKS} == {"same_as": 0, "part_of": 0}


def test_durations_are_not_coded_and_not_counted(tmp_path: Path) -> None:
    rows = read({}, {}, {})
    rows.append(rows[0] | {"start": 50, "end": 52, "dimension": "time", "figure_id": "t"})
    assert scored(tmp_path, rows).extracted == 3


def test_one_is_paired_with_one_by_the_longest_overlap() -> None:
    spans = [{"start": 0, "end": 4}, {"start": 2, "end": 10}]
    assert pairs_of(spans, [{"start": 3, "end": 9}]) == [(1, 0)]
    assert pairs_of(spans, []) == []


@pytest.mark.parametrize(
    ("said", "meant", "same"),
    [
        ("soldiers", "troop", True),
        ("155mm artillery rounds", "155mm artillery round", True),
        ("aid", "military aid", False),
        ("Javelin", "Javelin/anti-tank missile", True),
        ("tank", None, True),
        (None, "tank", False),
        ("Leopard 2", "T-72", False),
    ],
)
def test_items_that_say_the_same(said: str | None, meant: str | None, same: bool) -> None:
    assert same_item(said, meant) is same


SCORE = """
import json, runpy, sys
sys.argv = [*sys.argv[1:], "--json"]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.mark.parametrize("fold", [1, 2])
def test_the_measures_are_those_of_the_codings_own_scorer(fold: int, tmp_path: Path) -> None:
    codings = GOLD / "train.jsonl"
    if not codings.exists():
        pytest.skip(f"no coded passages: ../shared/gold/{codings.name} is not there")
    held = codings.read_text(encoding="utf-8").rstrip("\n").split("\n")
    some = [line for line in held if json.loads(line)["fold"] == fold][:300]
    ids = {json.loads(line)["id"] for line in some}
    lines = (
        (ROOT / "training" / "out_of_fold" / f"{fold}.jsonl")
        .read_text("utf-8")
        .rstrip("\n")
        .split("\n")
    )
    own = [line for line in lines if json.loads(line)["source_id"] in ids]
    paths = tmp_path / "coded.jsonl", tmp_path / "read.jsonl"
    for path, rows in zip(paths, (some, own), strict=True):
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    said = subprocess.run(
        [sys.executable, "-c", SCORE, str(GOLD / "score.py"), *map(str, paths)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    theirs = json.loads(said.stdout)
    ours = al.evaluate(paths[0], figures=paths[1])
    assert (ours.coded, ours.extracted) == (theirs["coded"], theirs["extracted"])
    for name, score in ours.scores.items():
        found = {"p": score.precision, "r": score.recall, "f1": score.f1}
        assert found == pytest.approx(theirs[name], abs=0.051), name
    assert ours.fields == pytest.approx(theirs["fields"], abs=0.051)
    for name, share in ours.shares.items():
        assert share == pytest.approx(theirs[name], abs=0.051), name


def decided(tmp_path: Path) -> Path:
    """A ledger of one text, on all figures of which somebody has decided."""
    path = tmp_path / "aid.db"
    figures = [
        make_figure("a", start=TEXT.index(text), text=text, value=text, donor="NOR")
        for text in ("20", "4", "7")
    ]
    source = al.make_source(TEXT, source_id="a", published="2023-05-01", publisher="x")
    with al.Ledger(path) as book:
        book.add(source, figures)
        book.accept(figures[0].figure_id, "Ann")
        book.correct(figures[1].figure_id, "Ann", item="howitzer", part_of=figures[0].figure_id)
        book.reject(figures[2].figure_id, "Ann")
    return path


def test_what_was_decided_is_coded_and_can_be_scored(tmp_path: Path) -> None:
    ledger, path = decided(tmp_path), tmp_path / "codings.jsonl"
    said = ok("review", "export-codings", "--ledger", ledger, "-o", path)
    assert said == f"wrote 1 coded passage to {path}\n"
    (passage,) = records(path.read_text(encoding="utf-8"))
    assert passage["text"] == TEXT
    assert [TEXT[one["start"] : one["end"]] for one in passage["figures"]] == ["20", "4"]
    assert [(one["item"], one["part_of"]) for one in passage["figures"]] == [
        ("HIMARS", None), ("howitzer", 0)
    ]  # fmt: skip
    done = run("evaluate", path, "--reader", "rules", "--format", "jsonl")
    assert done.returncode == 0
    rows = {row["measure"]: row for row in records(done.stdout)}
    assert rows["found"]["recall"] == 100
    assert rows["found"]["precision"] < 100  # what was rejected is read all the same
    assert "2 coded, " in done.stderr


def test_a_passage_with_a_figure_that_nobody_decided_on_is_not_coded(tmp_path: Path) -> None:
    figures = [make_money(k, "a", start=20 * k, text=str(k)) for k in (1, 2)]
    text = "".join(f"{'':{20 * k - 20 * (k > 1) - (k > 1)}}{k}" for k in (1, 2)) + " "
    source = al.make_source(text, source_id="a")
    assert [text[f.start : f.end] for f in figures] == ["1", "2"]
    with al.Ledger(tmp_path / "a.db") as book:
        book.add(source, figures)
        book.accept(figures[0].figure_id, "Ann")
        assert al.export_codings(book, tmp_path / "codings.jsonl") == 0
        book.accept(figures[1].figure_id, "Ann")
        assert al.export_codings(book, tmp_path / "codings.jsonl") == 1
        with pytest.raises(ValueError, match=r"\.jsonl"):
            al.export_codings(book, tmp_path / "codings.csv")


def test_the_records_of_figures_can_be_scored(tmp_path: Path) -> None:
    figure = make_figure("p", start=TEXT.index("20"), text="20", value=20, donor="NOR", item="tank")
    done = scored(tmp_path, [to_record(figure)])
    assert done.scores["quantity"].precision == 100


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (None, "no such file"),
        ("{", "not JSON lines"),
        ("[]\n", "line 1: not an object"),
        ('{"id": "a", "text": ""}\n', "line 1: no figures"),
        ('{"id": "a", "text": "", "figures": [{"start": 1}]}\n', "line 1: no end"),
    ],
)
def test_codings_that_are_none(tmp_path: Path, content: str | None, line: str) -> None:
    path = tmp_path / "codings.jsonl"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    done = run("evaluate", path)
    assert done.returncode == 1
    assert done.stderr.startswith(f"aidledger: {path}")
    assert line in done.stderr


def test_a_language_model_is_scored_by_what_it_read(tmp_path: Path) -> None:
    done = run("evaluate", tmp_path / "codings.jsonl", "--reader", "llm")
    assert (done.returncode, "--figures" in done.stderr) == (2, True)
