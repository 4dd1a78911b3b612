"""Who reads what figures mean: the built-in reader, or nobody, with the numbers alone."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import aidledger as al
from aidledger.engines.cluster import extract_on_cluster
from aidledger.extracting import extract_all, extract_files
from command import ok, records, run
from extractors.fitted.fitted_reader import built_in
from extractors.links.inheritance import parted
from extractors.passage.context import Context
from extractors.pipeline import understood
from grammar import CORPUS, cases, coded
from ledger.figure import FIELDS, UNREAD, make_source

INBOX = Path(__file__).parent.parent / "examples" / "inbox"
OF_NUMBERS = (
    "figure_id", "source_id", "start", "end", "text", "sentence", "dimension", "unit", "value",
    "low", "high", "qualifier", "per", "extractor", "rule",
)  # fmt: skip
OF_MEANING = set(FIELDS) - {*OF_NUMBERS, "includes", "cues", "choices", "other", "reader"}
TEXT = "Norway sent 8 tanks and pledged NOK 3 billion; 5 of the 8 tanks have arrived."


def texts() -> list[str]:
    names = sorted(path.stem for path in CORPUS.glob("*.toml"))
    constructions = [passage["text"] for passage in coded("constructions")]
    return [case.values[0]["text"] for name in names for case in cases(name)] + constructions


def of_numbers(figures: list[al.Figure]) -> list[list[object]]:
    return [[getattr(figure, name) for name in OF_NUMBERS] for figure in figures]


def test_numbers_alone_are_those_that_a_reader_is_given() -> None:
    read = 0
    for text in texts():
        bare = al.extract(text, published="2022-10-04", reader="none")
        assert of_numbers(bare) == of_numbers(al.extract(text, published="2022-10-04"))
        read += len(bare)
    assert read > 500


@given(st.lists(st.sampled_from(TEXT.split()), max_size=30).map(" ".join))
@settings(max_examples=100)
def test_whatever_the_order_the_numbers_are_the_same(text: str) -> None:
    assert of_numbers(al.extract(text, reader="none")) == of_numbers(al.extract(text))


def test_numbers_alone_mean_nothing() -> None:
    for figure in al.extract(TEXT, reader="none"):
        assert {getattr(figure, name) for name in OF_MEANING} == {None}
        assert (figure.includes, figure.choices, figure.reader) == ((), {}, UNREAD)
        assert set(figure.cues) <= {"qualifier"}


def test_figures_say_who_read_them() -> None:
    assert {figure.reader for figure in al.extract(TEXT, reader="rules")} == {"rules"}
    assert {figure.reader for figure in al.extract(TEXT)} == {built_in().name}


@pytest.mark.parametrize("name", ["llm", "", "None", "rule"])
def test_there_is_no_other_reader(name: str, tmp_path: Path) -> None:
    with pytest.raises(
        ValueError, match="is not a reader of meaning: choose built-in, rules, none or a folder"
    ):
        al.extract(TEXT, reader=name)
    with pytest.raises(ValueError, match="is not a reader of meaning"):
        list(extract_all([str(INBOX)], reader=name))
    with al.Ledger(tmp_path / "aid.db") as ledger, pytest.raises(ValueError, match="is not a read"):
        al.ingest(ledger, [INBOX], reader=name)
    done = run("extract", INBOX, "--reader", name)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--reader" in done.stderr


@pytest.mark.parametrize(
    "function",
    [
        al.extract, al.explain, al.extract_frame, al.ingest, extract_all, extract_files,
        extract_on_cluster,
    ],
)  # fmt: skip
def test_everything_that_reads_documents_takes_a_reader(function: object) -> None:
    assert callable(function)
    assert inspect.signature(function).parameters["reader"].default == "built-in"


@pytest.mark.parametrize(
    ("arguments", "loads"), [(["--reader", "none"], False), (["--reader", "built-in"], True)]
)
def test_numbers_alone_load_nothing_of_meaning(arguments: list[str], loads: bool) -> None:
    code = (
        "import sys\n"
        "from aidledger.cli import main\n"
        "try:\n"
        "    main(sys.argv[1:])\n"
        "finally:\n"
        "    ours = [name for name in sys.modules if name.startswith('extractors.')]\n"
        "    print(*ours, file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, "extract", str(INBOX), "--format", "jsonl", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    cheap = {"extractors.meaning", "extractors.meaning.built_in"}  # the name alone
    names = set(done.stderr.splitlines()[-1].split()) - cheap
    rooms = {name.split(".")[1] for name in names}
    assert {"numbers", "passage"} <= rooms
    assert (rooms & {"names", "meaning", "links", "rules", "fitted", "scorer"} != set()) == loads


def test_the_command_reads_numbers_alone_also_with_several_processes() -> None:
    alone = ok("extract", INBOX, "--reader", "none", "--format", "jsonl")
    assert ok("extract", INBOX, "--reader", "none", "--format", "jsonl", "--jobs", "2") == alone
    assert {record["status"] for record in records(alone)} == {None}
    assert "committed" not in ok("explain", TEXT, "--reader", "none")
    assert "delivered" in ok("explain", TEXT)


def test_a_reading_by_nobody_takes_no_meaning_away(place: str) -> None:
    source = make_source(TEXT, source_id="norway")
    read, bare = al.extract(TEXT, source_id="norway"), al.extract(
        TEXT, source_id="norway", reader="none"
    )  # fmt: skip
    with al.Ledger(place) as ledger:
        assert ledger.add(source, bare).state == "new"
        assert ledger.add(source, read).state == "reread"
        assert ledger.add(source, bare).state == "older"
        assert list(ledger.records()) == read


def test_a_run_is_gone_on_with_by_the_same_reader_only(tmp_path: Path) -> None:
    with al.Ledger(tmp_path / "aid.db") as ledger:
        al.ingest(ledger, [INBOX], reader="none")
        assert set(ledger.figures()["reader"]) == {UNREAD}
        again = al.ingest(ledger, [INBOX], reader="none", resume=True)
        assert set(again.states) == {"unchanged"}
        read = al.ingest(ledger, [INBOX], resume=True)
        assert read.states["reread"] == read.documents - sum(
            count for state, count in read.states.items() if state != "reread"
        )
        assert set(ledger.figures()["reader"]) == {built_in().name}
        assert set(ledger.facts()["reader"]) == {built_in().name}


def test_parts_take_from_their_whole_and_give_it_nothing() -> None:
    text = (
        "Denmark has sent 12 howitzers and 40 trucks to Ukraine. They are part of a package worth"
        " $400 million, of which $50 million is for ammunition, under talks since the spring."
    )
    answers = understood(Context(make_source(text, published="2022-10-04")))
    parts = {link.source for link in answers.links if link.kind == "part_of"}
    wholes = {link.target for link in answers.links if link.kind == "part_of"} - parts
    assert wholes
    told = parted(answers.drafts, answers.links)
    assert [told[k] for k in sorted(wholes)] == [answers.drafts[k] for k in sorted(wholes)]
