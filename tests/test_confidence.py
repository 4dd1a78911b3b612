"""How sure a reader is: from its choices to the record, and wherever the record goes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidledger.output import (
    Format,
    cell,
    described,
    figure_lines,
    head_line,
    write_explanations,
    write_figures,
)
from extractors import pipeline
from extractors.explain import explain
from extractors.meaning.choice import Choice
from extractors.meaning.draft import Draft
from extractors.meaning.reader import Answers
from extractors.meaning.situation import Situation
from extractors.mentions.origin import Origin
from extractors.passage.context import Context
from extractors.pipeline import extract, understood
from extractors.rules.rule_reader import RuleReader
from factory import make_figure, source_of
from ledger.figure import FIELDS, Chosen, Figure, from_record, make_source, to_record
from ledger.ledger import Ledger
from ledger.table import DTYPES, from_frame, to_frame

TEXT = "Norway will send Ukraine 8 tanks."
SURE: dict[str, Chosen] = {
    "donor": {"probability": 0.9, "runner_up": None, "its_probability": 0.05},
    "status": {"probability": 0.813, "runner_up": "delivered", "its_probability": 0.123},
    "date": {"probability": 1.0, "runner_up": None, "its_probability": None},
}


class SureReader:
    """The rules, with probabilities such as a reader gives that has learned."""

    name = "sure 1"

    def read(self, passage: Sequence[Situation]) -> Answers:
        answers = RuleReader().read(passage)
        return Answers(tuple(map(sure, answers.drafts)), answers.links)


class ReaderOfKinds(SureReader):
    """A reader that also chooses the kind of aid: none for money, mixed for the rest."""

    def read(self, passage: Sequence[Situation]) -> Answers:
        answers = super().read(passage)
        return Answers(tuple(map(with_kind, answers.drafts)), answers.links)


def sure(draft: Draft) -> Draft:
    chosen = {
        "donor": replace(draft.choice("donor"), probability=0.9, runner_up=(None, 0.05)),
        "status": replace(
            draft.choice("status"), probability=0.81251, runner_up=("delivered", 0.1234)
        ),
        "date": replace(draft.choice("date"), probability=0.99999),
    }
    choices = {**draft.choices, **chosen}
    return Draft(draft, draft.role, choices, listed=draft.listed, confidence=0.71649)


def with_kind(draft: Draft) -> Draft:
    kind = None if draft.quantity.dimension == "money" else "mixed"
    choice = Choice(kind, "arms and food", "learned", probability=0.6)
    return Draft(draft, draft.role, {**draft.choices, "aid_type": choice})


@pytest.fixture(autouse=True)
def readers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(pipeline.READERS, "sure", (__name__, "SureReader"))
    monkeypatch.setitem(pipeline.READERS, "kinds", (__name__, "ReaderOfKinds"))
    yield
    pipeline.reader_of.cache_clear()


def make_sure(source_id: str = "doc-1", **fields: object) -> Figure:
    return make_figure(source_id, **{"confidence": 0.716, "choices": SURE} | fields)


# Out of a reader


def test_a_figure_keeps_how_sure_its_reader_was() -> None:
    [figure] = extract(TEXT, reader="sure")
    assert (figure.confidence, figure.choices) == (0.716, SURE)
    assert list(figure.choices) == ["donor", "status", "date"]  # as in the record
    assert (figure.donor, figure.status, figure.reader) == ("NOR", "committed", "sure 1")


@pytest.mark.parametrize("reader", ["rules", "none"])
def test_who_knows_no_probabilities_is_not_sure(reader: str) -> None:
    [figure] = extract(TEXT, reader=reader)
    assert (figure.confidence, figure.choices) == (None, {})


def test_a_reader_may_choose_the_kind_of_aid() -> None:
    text = "Norway gave Ukraine 8 tanks and $5 million in military aid."
    assert [figure.aid_type for figure in extract(text)] == ["military", "military"]
    tanks, money = extract(text, reader="kinds")
    assert (tanks.aid_type, money.aid_type) == ("mixed", None)
    assert tanks.cues["aid_type"] == "arms and food"
    assert tanks.choices["aid_type"]["probability"] == money.choices["aid_type"]["probability"]


def test_no_probability_belongs_to_what_another_figure_tells() -> None:
    [draft] = understood(Context(make_source(TEXT)), "sure").drafts
    told = draft.revised({"status": "delivered", "donor": draft.donor}, Origin.REPEAT)
    assert (told.choice("status").probability, told.choice("status").runner_up) == (None, None)
    assert told.choice("donor") == draft.choice("donor")
    assert told.confidence == draft.confidence == 0.71649


def test_an_explanation_says_how_sure() -> None:
    explanations = explain(TEXT, published="2022-10-04", reader="sure")
    told = {reason.field: reason.sure for reason in explanations[0].reasons}
    assert told["status"] == "0.81, else delivered 0.12"
    assert told["donor"] == "0.90, else null 0.05"
    assert told["date"] == "1.00"
    assert told["item"] == told["value"] == ""
    assert "<td>0.81, else delivered 0.12</td>" in explanations._repr_html_()
    out = io.StringIO()
    write_explanations(explanations, out)
    [line] = [line for line in out.getvalue().splitlines() if line.startswith("  status")]
    assert line.endswith('"send" (0.81, else delivered 0.12)')


# Into files and back


chances = st.floats(0, 1).map(lambda chance: round(chance, 3))
chosen = st.fixed_dictionaries(
    {
        "probability": chances,
        "runner_up": st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=9),
        "its_probability": st.none() | chances,
    }
)
sure_figures = st.builds(
    make_figure,
    confidence=st.none() | chances,
    choices=st.dictionaries(st.sampled_from(FIELDS), chosen, max_size=4),
)


SOURCE = make_source("Four HIMARS.", title="Four more", published="2022-10-03")


@given(st.lists(sure_figures, max_size=4))
def test_json_lines_and_frames_give_it_back(figures: list[Figure]) -> None:
    lines = figure_lines(SOURCE, figures, Format.jsonl).split("\n")
    assert [from_record(json.loads(line)) for line in lines if line] == figures
    assert list(from_frame(to_frame(figures))) == figures


@given(st.lists(sure_figures, min_size=1, max_size=4))
def test_csv_has_the_confidence_alone(figures: list[Figure]) -> None:
    whole = io.StringIO(newline="")
    sources = {figure.source_id: described(SOURCE) for figure in figures}
    write_figures(figures, sources, Format.csv, whole)
    assert head_line(Format.csv) + figure_lines(SOURCE, figures, Format.csv) == whole.getvalue()
    rows = list(csv.DictReader(io.StringIO(whole.getvalue(), newline="")))
    assert set(FIELDS) - set(rows[0]) == {"choices", "other"}
    told = [float(row["confidence"]) if row["confidence"] else None for row in rows]
    assert told == [figure.confidence for figure in figures]
    dtypes = {name: dtype for name, dtype in DTYPES.items() if name in rows[0]}
    frame = pd.read_csv(io.StringIO(whole.getvalue()), dtype=dtypes)
    assert list(from_frame(frame)) == [replace(figure, choices={}) for figure in figures]


def test_half_a_character_of_a_runner_up_is_replaced_in_a_frame() -> None:
    other: Chosen = {"probability": 0.5, "runner_up": "M\ud800", "its_probability": 0.5}
    [figure] = from_frame(to_frame([make_figure(choices={"item": other})]))
    assert figure.choices["item"]["runner_up"] == "M\ufffd"


@pytest.mark.parametrize("name", ["confidence", "choices"])
def test_a_record_without_it_is_none(name: str) -> None:
    record = to_record(make_sure())
    del record[name]
    with pytest.raises(KeyError, match=name):
        from_record(record)


# In a ledger


def test_a_ledger_keeps_it(place: str) -> None:
    figures = [make_sure(), make_figure(), make_sure(confidence=1.0, choices={})]
    with Ledger(place) as ledger:
        assert ledger.add(source_of(figures), figures).state == "new"
        assert ledger.add(source_of(figures), figures).state == "unchanged"
        assert list(ledger.records()) == figures
        assert ledger.figures()["confidence"].fillna(-1).tolist() == [0.716, -1, 1]
        surer = [replace(figures[0], confidence=0.9), *figures[1:]]
        assert ledger.add(source_of(surer), surer).state == "reread"
        assert list(ledger.records()) == surer


def test_a_correction_takes_the_chance_of_what_it_corrects_and_the_confidence(
    place: str,
) -> None:
    figures = [make_sure(), make_sure(value=5)]
    with Ledger(place) as ledger:
        ledger.add(source_of(figures), figures)
        ledger.accept(figures[0].figure_id, who="Ann")
        ledger.correct(figures[1].figure_id, who="Ann", status="delivered")
        ledger.correct(figures[1].figure_id, who="Ben", party="UKR")
        frame = ledger.figures()
        assert frame["confidence"].fillna(-1).tolist() == [0.716, -1]
        accepted, corrected = map(json.loads, frame["choices"])
        assert accepted == SURE
        assert corrected == {name: held for name, held in SURE.items() if name != "status"}
        assert list(ledger.records()) == figures


def test_a_fact_has_the_confidence_of_the_figure_that_states_it(place: str) -> None:
    figures = [
        make_sure("a", confidence=0.4, qualifier="about"),
        make_sure("b", confidence=0.8),
        make_figure("b", item="Javelin"),
    ]
    with Ledger(place) as ledger:
        for source_id in "ab":
            mine = [figure for figure in figures if figure.source_id == source_id]
            ledger.add(source_of(mine), mine)
        for _ in ("gathered", "kept"):
            facts = ledger.facts()
            assert facts["source_id"].tolist() == ["b", "b"]
            assert facts["confidence"].fillna(-1).tolist() == [0.8, -1]
            assert "choices" not in facts
        with ledger._store.reading() as connection:
            for view in ("facts", "figures"):
                held = connection.exec_driver_sql(f"SELECT max(confidence) FROM {view}").scalar()
                assert held == 0.8


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.00001, "0.00001"), (0.5, "0.5"), (-0.000012345, "-0.00001234"), (0, "0"), (0.0, "0.0"),
     (1.23456, "1.2346"), (1234.5, "1,234.50"),
     (5_152_707_513.58, "5,152,707,513.58")],
)  # fmt: skip
def test_a_small_number_is_not_shown_as_nothing(value: float, shown: str) -> None:
    assert cell(value) == shown
