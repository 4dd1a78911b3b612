"""The benchmarks: the harness on aidledger alone, and how peers' findings are read."""

from __future__ import annotations

import importlib
import json
import math
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import aidledger as al

ROOT = Path(__file__).resolve().parent.parent
BENCHMARKS = ROOT / "benchmarks"
PLACE = {"start": 5, "end": 9}
EXACT = {"qualifier": "exact", "item": None, "per": None}


def benchmark(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A module of the benchmarks folder, which is no package itself."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module(name)


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


# (reading, finding, what the figure must hold; None where there is none)
READ: list[tuple[str, dict[str, Any], dict[str, Any] | None]] = [
    (
        "quantulum3",
        {"value": 3e6, "uncertainty": None, "unit": "dollar", "entity": "currency"}
        | {"currency": "USD"},
        {"dimension": "money", "unit": "USD", "value": 3e6, "low": 3e6, "high": 3e6, **EXACT},
    ),
    (
        "quantulum3",
        {"value": 50.0, "uncertainty": None, "unit": "dollar per barrel", "entity": "unknown"}
        | {"currency": None},
        {"dimension": "money", "unit": "USD", "value": 50.0, "per": "barrel"},
    ),
    (
        "quantulum3",
        {"value": 25.0, "uncertainty": 5.0, "unit": "kilometre", "entity": "length"}
        | {"currency": None},
        {"dimension": "length", "unit": "kilometre", "value": None, "low": 20.0, "high": 30.0}
        | {"qualifier": "range"},
    ),
    (
        "quantulum3",
        {"value": 20.0, "uncertainty": None, "unit": "percentage", "entity": "dimensionless"}
        | {"currency": None},
        {"dimension": "percent", "unit": "percent", "value": 20.0},
    ),
    (
        "quantulum3",
        {"value": 4.0, "uncertainty": None, "unit": "dimensionless", "entity": "dimensionless"}
        | {"currency": None},
        {"dimension": "count", "unit": "count", "value": 4.0, **EXACT},
    ),
    (
        "quantulum3",
        {"value": 90.0, "uncertainty": None, "unit": "kilometre per hour", "entity": "speed"}
        | {"currency": None},
        {"dimension": "other", "unit": "kilometre per hour", "per": None},
    ),
    (
        "cqe",
        {"low": 6.0, "high": 6.0, "change": ">", "unit": "lorry", "entity": None}
        | {"currency": None, "text": "6"},
        {"dimension": "count", "item": "lorry", "value": 6.0, "low": 6.0, "high": None}
        | {"qualifier": "more_than"},
    ),
    (
        "cqe",
        {"low": 1e3, "high": 1e4, "change": "=", "unit": "-", "entity": None, "currency": None}
        | {"text": "thousands"},
        {"qualifier": "vague", "value": 1e3, "low": 1e3, "high": None, "item": None},
    ),
    (
        "cqe",
        {"low": 3.0, "high": 5.0, "change": "~", "unit": "euro", "entity": "currency"}
        | {"currency": "EUR", "text": "3 to 5"},
        {"qualifier": "range", "value": None, "low": 3.0, "high": 5.0, "unit": "EUR"},
    ),
    (
        "recognizers",
        {"kind": "currency", "value": "2500000", "unit": "British pound", "currency": None},
        {"dimension": "money", "unit": "GBP", "value": 2500000.0},
    ),
    (
        "recognizers",
        {"kind": "percentage", "value": "12.5%", "unit": None, "currency": None},
        {"dimension": "percent", "unit": "percent", "value": 12.5},
    ),
    (
        "recognizers",
        {"kind": "age", "value": "30", "unit": "Year", "currency": None},
        {"dimension": "time", "unit": "year of age", "value": 30.0},
    ),
    (
        "recognizers",
        {"kind": "dimension", "value": None, "unit": "Kilometer", "currency": None},
        None,
    ),
    (
        "entities",
        {"kind": "MONEY", "text": "more than $2.5 billion"},
        {"dimension": "money", "unit": "USD", "value": 2.5e9, "low": 2.5e9, "high": None},
    ),
    (
        "entities",
        {"kind": "CARDINAL", "text": "up to twenty-five hundred"},
        {"dimension": "count", "value": 2500.0, "low": None, "high": 2500.0},
    ),
    (
        "entities",
        {"kind": "QUANTITY", "text": "20-30 miles"},
        {"dimension": "length", "unit": "mile", "value": None, "low": 20.0, "high": 30.0},
    ),
    ("entities", {"kind": "DATE", "text": "3 May 2021"}, None),
    (
        "entities",
        {"kind": "DATE", "text": "two weeks"},
        {"dimension": "time", "unit": "week", "value": 2.0},
    ),
    (
        "compromise",
        {"value": 7, "unit": "km", "tags": ["Value"], "text": "7 km"},
        {"dimension": "length", "unit": "kilometre", "value": 7},
    ),
    (
        "compromise",
        {"value": 7, "unit": "", "tags": ["Value", "Money"], "text": "€7"},
        {"dimension": "money", "unit": "EUR"},
    ),
    ("compromise", {"value": 4, "unit": "", "tags": ["Date"], "text": "4"}, None),
    ("price_parser", {"value": 9.5, "currency": "£"}, {"dimension": "money", "unit": "GBP"}),
    ("price_parser", {"value": 9.5, "currency": None}, {"dimension": "count", "unit": "count"}),
    ("text2num", {"value": 80.0}, {"dimension": "count", "unit": "count", "value": 80.0, **EXACT}),
]


@pytest.mark.parametrize(("reading", "finding", "expected"), READ)
def test_a_finding_is_read_into_the_codebooks_fields(
    reading: str,
    finding: dict[str, Any],
    expected: dict[str, Any] | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = benchmark("measuring.readings", monkeypatch).figures(reading, [PLACE | finding])
    if expected is None:
        assert made == []
    else:
        (figure,) = made
        assert figure | PLACE | expected == figure


def test_of_overlapping_findings_of_recognizers_money_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    readings = benchmark("measuring.readings", monkeypatch)
    number = {"kind": "number", "value": "5", "unit": None, "currency": None}
    money = {"kind": "currency", "value": "5", "unit": "Euro", "currency": None}
    length = {"kind": "dimension", "value": "5", "unit": "Inch", "currency": None}
    made = readings.figures(
        "recognizers",
        [
            number | {"start": 1, "end": 2},
            length | {"start": 1, "end": 5},
            money | {"start": 0, "end": 2},
            number | {"start": 9, "end": 10},
        ],
    )
    assert [(f["start"], f["dimension"]) for f in made] == [(0, "money"), (9, "count")]


def test_every_system_has_an_adapter_and_a_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    readings = benchmark("measuring.readings", monkeypatch).READINGS
    for system in benchmark("measuring.peers", monkeypatch).systems():
        ending = "js" if system.environment.language == "node" else "py"
        assert (BENCHMARKS / "adapters" / f"{system.adapter}.{ending}").is_file()
        assert system.reading in readings


def test_sentences_keep_their_offsets(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "First of 1.5 km.\nIt went on\nhere. Then!\n\nA heading\n\n  Last"
    found = list(benchmark("adapters.harness", monkeypatch).sentences(text))
    assert [sentence for _, sentence in found] == [
        "First of 1.5 km.", "It went on\nhere.", "Then!", "A heading", "Last",
    ]  # fmt: skip
    assert all(text[start:].startswith(sentence) for start, sentence in found)


def test_a_ratio_is_taken_over_the_documents_that_both_finished(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runner, peers = (
        benchmark("measuring.runner", monkeypatch),
        benchmark("measuring.peers", monkeypatch),
    )
    system = peers.systems()[0]
    fast = runner.Run(system, seconds=(1.0, 2.0, 50.0), sizes=(10, 20, 500))
    slow = runner.Run(system, seconds=(10.0, 20.0), sizes=(10, 20))
    assert runner.speedup([fast], [slow]) == 10.0
    assert runner.speedup([slow], [runner.Run(system, absent="gone")]) is None


def test_speed_measures_aidledger_alone() -> None:
    done = command("benchmarks/speed.py", "--peers", "aidledger", "--rounds", "1",
                   "--budget", "0.2", "--texts", "examples")  # fmt: skip
    assert done.returncode == 0, done.stderr
    (row,) = [line for line in done.stdout.splitlines() if line.startswith("| aidledger")]
    name, fed, sample, rate = [cell.strip() for cell in row.strip("|").split("|")][:4]
    assert name.startswith("aidledger ")
    assert fed == "documents"
    assert float(sample) > 0
    assert float(rate.replace(",", "")) > 0


def test_the_harness_answers_every_text() -> None:
    requests = [{"text": "It paid $5 million for 20 tanks."}, {"text": "Nothing here."}]
    done = subprocess.run(
        [sys.executable, "-m", "adapters.aidledger", "--feed", "documents", "--findings"],
        cwd=BENCHMARKS,
        input="".join(json.dumps(request) + "\n" for request in requests),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    opening, first, second = map(json.loads, done.stdout.splitlines())
    assert opening["load"] > 0
    assert [figure["text"] for figure in first["found"]] == ["$5 million", "20"]
    assert (first["errors"], first["count"], second["count"]) == (0, 2, 0)
    assert first["peak"] > 1000


def test_a_peer_that_is_not_installed_is_absent_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    peers, runner = (
        benchmark("measuring.peers", monkeypatch),
        benchmark("measuring.runner", monkeypatch),
    )
    monkeypatch.setattr(peers, "CACHE", tmp_path)
    (system,) = peers.chosen("text2num")
    assert "install_peers.py" in runner.run(system, []).absent
    system.environment.folder.mkdir()
    system.environment.failure.write_text("did not install: no compiler", encoding="utf-8")
    assert runner.run(system, []).absent == "did not install: no compiler"


def test_an_unknown_peer_is_named_in_one_line() -> None:
    done = command("benchmarks/speed.py", "--peers", "nosuch", "--texts", "examples")
    assert done.returncode == 1
    assert done.stderr.startswith("speed.py: no such system: nosuch (known: aidledger,")
    assert len(done.stderr.splitlines()) == 1


def test_a_section_of_the_page_is_replaced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    report = benchmark("measuring.report", monkeypatch)
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- x: begin -->\nold\n<!-- x: end -->\nb\n", encoding="utf-8")
    monkeypatch.setattr(report, "PAGE", page)
    report.write("x", report.table(("name", "n"), [("one", "1"), ("two", "2,000")]))
    assert page.read_text(encoding="utf-8") == (
        "a\n<!-- x: begin -->\n"
        "| name |     n |\n| ---- | ----: |\n| one  |     1 |\n| two  | 2,000 |\n"
        "<!-- x: end -->\nb\n"
    )
    with pytest.raises(ValueError, match="no section 'y'"):
        report.write("y", "text")


def test_documents_of_any_size_are_made_for_linear(monkeypatch: pytest.MonkeyPatch) -> None:
    linear, texts = benchmark("linear", monkeypatch), benchmark("measuring.texts", monkeypatch)
    some = texts.TextSet("two", (texts.Text("One tank."), texts.Text("Two\nguns!")))
    assert len(linear.documents(some, 1000)) == 1000
    line = linear.one_line(some, 1000)
    assert len(line) == 1000
    assert not set(".!?\n") & set(line)


def test_slow_texts_are_measured_beside_real_ones(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slow, texts = benchmark("slow_texts", monkeypatch), benchmark("measuring.texts", monkeypatch)
    some = {"things: trucks": "9 trucks, ", "numbers: bare": "9 "}
    monkeypatch.setattr(texts, "SHARED", tmp_path)  # the examples are the real texts
    monkeypatch.setattr(slow, "SAMPLE", 3)
    monkeypatch.setattr(slow, "pieces", lambda: some)
    assert slow.main(["--sizes", "0.2,0.4", "--mixed", "1"]) == 0
    told = capsys.readouterr().out
    (trucks,) = [line for line in told.splitlines() if line.startswith("| things: trucks")]
    assert [cell.strip() for cell in trucks.split("|")][2:4] == ["0.40", "40"]
    assert told.count("\n| mixed: ") == 1
    assert slow.main(["--sizes", "0"]) == 1
    assert capsys.readouterr().err == "slow_texts.py: sizes are above 0\n"


def test_a_slow_text_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = benchmark("slow_texts", monkeypatch)
    real = 0.001  # seconds a KB
    dear = [slow.Cost(1000, 0, 0.019), slow.Cost(2000, 0, 0.042)]
    grown = [slow.Cost(1000, 10, 0.004), slow.Cost(2000, 20, 0.016)]
    fair = [slow.Cost(1000, 10, 0.029), slow.Cost(2000, 20, 0.059)]
    assert slow.judged([("a", dear), ("b", grown), ("c", fair)], real) == [
        "- over the limit: a",
        "- grows: b",
    ]
    assert slow.judged([("c", fair)], real)[0].startswith("Of 1 texts none is over the limit")


def test_slow_texts_hold_all_words_of_the_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = benchmark("slow_texts", monkeypatch)
    made = slow.catalogue()
    assert any("HIMARS 5 trucks, " in text for text in made.values())
    assert slow.mixed(5, 1) == slow.mixed(5, 1) != slow.mixed(5, 2)
    assert len(slow.repeated("7 more ", 100)) == 100


def test_scale_compares_equal_figures_of_different_documents(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    scale, texts = benchmark("scale", monkeypatch), benchmark("measuring.texts", monkeypatch)
    corpus = tmp_path / "corpus.jsonl"
    scale.write_corpus(corpus, [texts.examples()], 24)
    held = [json.loads(line) for line in corpus.read_text(encoding="utf-8").splitlines()]
    assert len({document["text"] for document in held}) == 24
    assert len({document["published"] for document in held}) > 1
    monkeypatch.setattr(scale, "WAYS", scale.WAYS[:2])
    told = scale.compare(corpus, 24, 0.05, tmp_path)
    assert "| 2 jobs" in told
    assert "The same figures in 1 job, 2 jobs: sha256" in told
    assert scale.digest(["b", "a"]) == scale.digest(["a", "b"]) != scale.digest(["a", "c"])


def test_scale_says_when_it_cannot_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scale, texts = benchmark("scale", monkeypatch), benchmark("measuring.texts", monkeypatch)
    monkeypatch.setattr(texts, "SHARED", tmp_path)
    assert scale.main([]) == 0
    assert "skipped, the shared texts are not there" in capsys.readouterr().err


def test_mutated_texts_hold_what_every_text_must(monkeypatch: pytest.MonkeyPatch) -> None:
    fuzz = benchmark("fuzz", monkeypatch)
    monkeypatch.setattr(fuzz, "COST", (float("inf"), float("inf")))
    found = fuzz.tried(7, 40)
    assert (found.texts, found.faults) == (40, [])
    assert found.figures > 40


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"text": "5"}, "span"),
        ({"low": Decimal(9)}, "bounds"),
        ({"date": "2022-02-30"}, "date"),
        ({"since": "soon"}, "date"),
        ({"includes": ["a"]}, "record"),
    ],
)
def test_the_fuzzer_sees_what_is_amiss(
    changes: dict[str, Any], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fuzz = benchmark("fuzz", monkeypatch)
    text = "Poland sent four tanks."
    [figure] = al.extract(text)
    assert [*fuzz.amiss(text, [figure])] == []
    assert [found for found, _ in fuzz.amiss(text, [replace(figure, **changes)])] == [kind]
    assert [found for found, _ in fuzz.amiss(text, [figure, figure])] == ["ids"]


@pytest.mark.parametrize("name", ["paths.zip", "deep.md", "damaged-3.xlsx"])
def test_hostile_files_hold(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hostile = benchmark("hostile", monkeypatch)
    [found] = hostile.runs(tmp_path, name)
    assert (found.name, found.fault) == (name, "")


def test_a_file_that_takes_too_much_is_a_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hostile = benchmark("hostile", monkeypatch)
    monkeypatch.setattr(hostile, "MEGABYTES", 1)
    [found] = hostile.runs(tmp_path, "paths.zip")
    assert found.fault == "too much memory"


def test_decisions_are_read_off_the_codings(monkeypatch: pytest.MonkeyPatch) -> None:
    coded_ledgers = benchmark("measuring.coded_ledgers", monkeypatch)
    text = "Norway sends 20 tanks and 4 trucks, 9 more later."
    coded: dict[str, Any] = {
        "dimension": "count", "unit": "count", "qualifier": "exact", "item": "tank",
        "donor": "NOR", "recipient": "UKR", "party": None, "status": "committed", "basis": "delta",
        "date": "2023-05-01", "since": None, "aid": None, "aid_type": None, "same_as": None,
        "part_of": None,
    }  # fmt: skip

    def row(word: str, **fields: Any) -> dict[str, Any]:
        start, number = text.index(word), float(word)
        place = {"start": start, "end": start + len(word)}
        numbers = {"value": number, "low": number, "high": number}
        return {**coded, **place, **numbers, "figure_id": word, **fields}

    true = (row("20"), row("4", item="truck", part_of=0), row("9"))
    read = (row("20"), row("4", item="truck", status="delivered"), row("9", start=0, end=6))
    source = al.make_source(text, source_id="p", published="2023-05-01")
    passage = coded_ledgers.Passage(source, true, read, dict(coded_ledgers.pairs_of(read, true)))
    made = [coded_ledgers.decision(passage, place, {}) for place in range(3)]
    assert [one.action for one in made] == ["accept", "correct", "reject"]
    assert made[1].changes["status"] == "committed"
    assert made[1].changes["part_of"] == made[0].figure_id
    mixed = coded_ledgers.Passage(source, true, (row("20", aid_type="mixed"), *read[1:]), {0: 0})
    assert coded_ledgers.decision(mixed, 0, {}).action == "correct"  # facts go by the kind of aid
    ids = [one.figure_id for one in made]
    again = coded_ledgers.repeats(
        [passage], [json.dumps([coded_ledgers.id_of(source, one) for one in true[:2]])]
    )
    assert again == {ids[1]: ids[0]}
    assert coded_ledgers.decision(passage, 1, again).changes["same_as"] == ids[0]
    assert [one["value"] for one in coded_ledgers.missed(passage, 0, len(text))] == [9]
    assert coded_ledgers.missed(passage, 0, 10) == []


def test_the_error_of_an_analyst_is_counted_in_logarithms(monkeypatch: pytest.MonkeyPatch) -> None:
    analyst = benchmark("simulated_analyst", monkeypatch)
    true = {("USA", "2022-10"): 99.0, ("GBR", "2022-10"): 9.0}
    found = {("USA", "2022-10"): 9.0, ("DEU", "2022-11"): -5.0}
    assert analyst.error(true, true) == 0
    assert analyst.error(found, true) == pytest.approx(2 * math.log(10))
    assert analyst.halved([8, 7, 4, 5, 1]) == 2
    assert analyst.halved([8, 7]) is None
    assert [analyst.at([8, 4, 2], k) for k in (0, 1, 9)] == [1, 0.5, 0.25]
    curves = [{order: [8.0, 4.0, 0.0] for order in analyst.ORDERS}]
    assert "|      1 |   8.0 |" in analyst.lines(curves)
    assert len(analyst.drawn(curves, 2).lines) == len(analyst.ORDERS)


def test_decisions_at_the_server_are_timed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    deciding = benchmark("deciding", monkeypatch)
    assert deciding.main(["--figures", "60", "--decisions", "12"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert [row for row in rows if row.startswith("| all decisions ")]
    assert [row for row in rows if row.startswith("| page ") and " 12 |" in row]


def test_a_band_covers_what_lies_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    audit = benchmark("audit", monkeypatch)
    assert audit.Held(1, 2, 1.5, 2.5, 2.4).covers
    assert not audit.Held(1, 2, 1.5, 2.5, 2.6).covers


def test_without_the_coded_passages_audits_say_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    audit = benchmark("audit", monkeypatch)
    monkeypatch.setattr(audit, "CODINGS", tmp_path / "none.jsonl")
    assert audit.main([]) == 0
    assert "skipped" in capsys.readouterr().out
