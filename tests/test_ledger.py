"""The ledger as its users hold it: add, read back, facts, totals, review; on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factory import make_figure, make_money, source_of
from ledger.errors import LedgerError
from ledger.figure import Figure, Source
from ledger.ledger import Ledger

TEXT_BEFORE = "Washington will send four HIMARS to Kyiv.\nIt adds 100 Javelins."
TEXT_AFTER = "A correction.\nWashington will send four HIMARS to Kyiv.\nIt adds 200 Javelins."


@pytest.fixture
def ledger(place: str) -> Iterator[Ledger]:
    with Ledger(place) as opened:
        yield opened


def package() -> tuple[Source, list[Figure]]:
    """The package of 4 October 2022 as one article tells it."""
    money = make_money(625_000_000, start=0)
    first = make_figure(start=40)
    again = make_figure(start=80, same_as=first.figure_id, part_of=money.figure_id)
    total = make_figure(
        start=120, value=20, status="delivered", basis="total", includes=(first.figure_id,)
    )
    figures = [money, first, again, total]
    return source_of(figures, url="https://example.org/himars", publisher="Example"), figures


def in_text(text: str, word: str, **fields: object) -> Figure:
    """A figure that stands at ``word`` in a text of the source "corrected"."""
    start = text.index(word)
    sentence = next(line for line in text.splitlines() if word in line)
    end = start + len(word)
    return make_figure("corrected", start=start, end=end, text=word, sentence=sentence, **fields)


def reading(text: str, javelins: int) -> tuple[Source, list[Figure]]:
    figures = [
        in_text(text, "four", value=4),
        in_text(text, str(javelins), value=javelins, item="Javelin"),
    ]
    return source_of(figures, text=text), figures


def test_figures_come_back_as_they_went_in(ledger: Ledger) -> None:
    source, figures = package()
    assert ledger.add(source, figures).state == "new"
    assert list(ledger.records()) == figures
    assert list(ledger.documents()) == [source]
    held = ledger.sources().iloc[0]
    assert (held["source_id"], held["version"], held["figures"]) == (source.source_id, 1, 4)


def test_the_same_document_again_changes_nothing(ledger: Ledger) -> None:
    source, figures = package()
    ledger.add(source, figures)
    before = ledger.figures(), ledger.sources(), ledger.facts()
    assert ledger.add(source, figures).state == "unchanged"
    for old, new in zip(before, (ledger.figures(), ledger.sources(), ledger.facts()), strict=True):
        pd.testing.assert_frame_equal(old, new)


def test_a_corrected_version_supersedes_and_both_are_kept(ledger: Ledger) -> None:
    ledger.add(*reading(TEXT_BEFORE, 100))
    added = ledger.add(*reading(TEXT_AFTER, 200))
    assert (added.state, added.version) == ("corrected", 2)
    assert ledger.sources()["superseded"].tolist() == [True, False]
    assert ledger.figures()["value"].tolist() == [4, 200]
    assert ledger.add(*reading(TEXT_BEFORE, 100)).state == "unchanged"
    assert ledger.figures()["value"].tolist() == [4, 200]


def test_a_newer_extractor_reads_again_and_an_older_one_does_not(ledger: Ledger) -> None:
    source, figures = reading(TEXT_BEFORE, 100)
    ledger.add(source, figures)
    newer = [in_text(TEXT_BEFORE, "100", value=100, extractor="aidledger 0.10.0")]
    assert ledger.add(source, newer).state == "reread"
    assert list(ledger.records()) == newer
    assert ledger.add(source, figures).state == "older"
    assert list(ledger.records()) == newer


def test_a_source_without_figures_is_kept(ledger: Ledger) -> None:
    assert ledger.add(source_of([], source_id="empty", text="No numbers."), []).figures == 0
    assert ledger.sources()["figures"].tolist() == [0]
    assert ledger.figures().empty
    assert ledger.facts().empty
    assert ledger.totals().empty


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"source_id": "other"}, "belongs to another source"),
        ({"text": "five"}, "says 'five'"),
        ({"date": "3 October"}, "not an ISO date"),
    ],
)
def test_figures_that_are_not_the_sources_own_are_refused(
    ledger: Ledger, change: dict[str, Any], line: str
) -> None:
    source, figures = reading(TEXT_BEFORE, 100)
    wrong = replace(figures[0], **change)
    with pytest.raises(LedgerError, match=line):
        ledger.add(source, [figures[1], wrong])
    assert ledger.sources().empty


def test_two_figures_with_one_id_are_refused(ledger: Ledger) -> None:
    source, figures = reading(TEXT_BEFORE, 100)
    with pytest.raises(LedgerError, match="two figures at"):
        ledger.add(source, [*figures, figures[0]])


def test_totals_count_facts(ledger: Ledger) -> None:
    source, figures = package()
    ledger.add(source, figures)
    elsewhere = [make_figure("doc-2", date="2022-10-05")]
    ledger.add(source_of(elsewhere), elsewhere)
    result = ledger.totals(by="donor", freq="month")
    assert result["best"].tolist() == [4, 625_000_000]
    facts = ledger.facts()
    assert facts["mentions"].tolist() == [1, 3, 1]
    assert facts["sources"].tolist() == [1, 2, 1]


def test_kept_facts_are_those_gathered(ledger: Ledger) -> None:
    source, figures = package()
    ledger.add(source, figures)
    gathered = ledger.facts()
    pd.testing.assert_frame_equal(ledger.facts(), gathered)
    more = [make_figure("doc-2", item="Javelin")]
    ledger.add(source_of(more), more)
    assert len(ledger.facts()) == len(gathered) + 1


def test_decisions_follow_a_figure_into_a_corrected_text(ledger: Ledger) -> None:
    source, figures = reading(TEXT_BEFORE, 100)
    ledger.add(source, figures)
    ledger.accept(figures[0].figure_id, who="Ann", why="checked")
    ledger.reject(figures[1].figure_id, who="Ann", why="not Javelins")
    after, new = reading(TEXT_AFTER, 200)
    ledger.add(after, new)
    held = ledger.figures()
    assert held["review"].iloc[0] == "accepted"
    assert pd.isna(held["review"].iloc[1])
    assert ledger.decisions()["figure_id"].isna().tolist() == [False, True]
    assert ledger.history(new[0].figure_id)["action"].tolist() == ["read", "accept"]


def test_decisions_survive_another_reading(ledger: Ledger) -> None:
    source, figures = reading(TEXT_BEFORE, 100)
    ledger.add(source, figures)
    ledger.correct(figures[1].figure_id, who="Ann", value=120, status="delivered")
    newer = [
        in_text(TEXT_BEFORE, "four", value=4, extractor="aidledger 0.2.0"),
        in_text(TEXT_BEFORE, "100", dimension="other", extractor="aidledger 0.2.0"),
    ]
    ledger.add(source, newer)
    corrected = ledger.figures().iloc[1]
    assert (corrected["value"], corrected["high"], corrected["status"]) == (120, 120, "delivered")
    assert corrected["review"] == "corrected"
    assert ledger.figures(as_read=True)["value"].tolist()[1] == 4


def test_review_is_appended_and_the_last_decision_counts(ledger: Ledger) -> None:
    source, figures = reading(TEXT_BEFORE, 100)
    ledger.add(source, figures)
    javelins = figures[1].figure_id
    ledger.reject(javelins, who="Ann", why="a typing error")
    assert ledger.totals()["item"].tolist() == ["HIMARS"]
    ledger.accept(javelins, who="Bob", why="the ministry confirms it")
    assert ledger.totals()["item"].tolist() == ["HIMARS", "Javelin"]
    history = ledger.history(javelins)
    assert history["action"].tolist() == ["read", "reject", "accept"]
    assert history["who"].tolist() == ["aidledger 0.1.0", "Ann", "Bob"]


def test_wrong_decisions_are_refused_whole(ledger: Ledger) -> None:
    source, figures = reading(TEXT_BEFORE, 100)
    ledger.add(source, figures)
    known = figures[0].figure_id
    with pytest.raises(LedgerError, match="no figure 'nowhere'"):
        ledger.accept("nowhere", who="Ann")
    with pytest.raises(LedgerError, match="no status 'promised'"):
        ledger.correct(known, who="Ann", status="promised")
    with pytest.raises(LedgerError, match="at least one field"):
        ledger.correct(known, who="Ann")
    with pytest.raises(LedgerError, match="no figure 'nowhere'"):
        ledger.correct(known, who="Ann", part_of="nowhere")
    with pytest.raises(LedgerError, match="no figure 'nowhere'"):
        ledger.history("nowhere")
    assert ledger.decisions().empty


values = st.lists(st.integers(1, 10**9), max_size=4)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(documents=st.lists(values, min_size=1, max_size=3))
def test_adding_twice_is_adding_once(
    tmp_path_factory: pytest.TempPathFactory, documents: list[list[int]]
) -> None:
    batch = []
    for number, amounts in enumerate(documents):
        name = f"doc-{number}"
        figures = [make_money(n, name, start=40 * k) for k, n in enumerate(amounts)]
        batch.append((source_of(figures, source_id=name), figures))
    with Ledger(tmp_path_factory.mktemp("ledger") / "twice.sqlite") as ledger:
        for source, figures in batch:
            ledger.add(source, figures)
        once = ledger.figures(), ledger.totals()
        for source, figures in reversed(batch):
            assert ledger.add(source, figures).state == "unchanged"
        pd.testing.assert_frame_equal(ledger.figures(), once[0])
        pd.testing.assert_frame_equal(ledger.totals(), once[1])
