"""Which dates a chart shows, and the words above it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory import make_money
from ledger.queries.asked import Asked
from ledger.queries.where import Where
from ledger.table import to_frame
from ledger.totals import totals
from reports.actor_names import actor_name
from reports.charts.charts import plot_totals
from reports.charts.chosen import choose
from reports.charts.window import window
from reports.titles import Topic, heading

EPOCH = np.datetime64("2022-01-01", "us")


def dates(*offsets: int) -> np.ndarray:
    return EPOCH + np.array(offsets, dtype="timedelta64[D]")


def test_a_pledge_for_2050_does_not_flatten_a_year() -> None:
    seen = window(dates(*range(100), 10_000), np.ones(101, dtype="int64"))
    assert seen is not None
    assert (seen.last, seen.outside) == (dates(98)[0], 4)
    assert seen.note == "Not drawn: 4 facts before 2022-01-03 or after 2022-04-09."


def test_few_facts_are_all_shown() -> None:
    seen = window(dates(0, 1, 10_000), np.array([20, 20, 9]))
    assert seen is not None
    assert (seen.first, seen.last, seen.outside) == (dates(0)[0], dates(10_000)[0], 0)
    assert seen.note is None
    assert window(dates(), np.array([], dtype="int64")) is None


@given(st.lists(st.tuples(st.integers(0, 50_000), st.integers(1, 9)), min_size=1, max_size=60))
def test_hardly_anything_stays_outside_and_only_where_it_pays(held: list[tuple[int, int]]) -> None:
    days, facts = dates(*(day for day, _ in held)), np.array([number for _, number in held])
    seen = window(days, facts)
    assert seen is not None
    assert seen.outside <= 0.04 * facts.sum() + 1e-9
    assert seen.outside == facts[~seen.holds(days)].sum()
    if seen.outside:
        assert (seen.last - seen.first) * 2 <= days.max() - days.min()


def test_what_was_reached_before_the_window_is_carried_in() -> None:
    figures = [
        make_money(1, donor=f"X{n}", date=f"2022-{1 + n // 20:02d}-{1 + n % 20:02d}")
        for n in range(200)
    ]
    figures.append(make_money(500, date="1991-12-31"))
    frame = totals(to_frame(figures), freq="day")
    [line] = choose(frame, cumulative=True).series
    assert line.carried
    assert list(line.best[:2]) == [503, 504]  # the first three of the year lie outside
    assert line.last == 500 + 196  # ... and so do its last four
    words = " ".join(text.get_text() for text in plot_totals(frame).texts)
    assert "Not drawn: 8 facts before 2022-01-04 or after" in words


@pytest.mark.parametrize(
    ("unit", "common", "varied", "where", "line"),
    [
        ("count", {"item": "HIMARS", "status": "committed"}, (), {"donor": ["USA"],
         "recipient": "UKR"}, "HIMARS committed, United States to Ukraine"),
        ("count", {"item": "tank", "status": "destroyed", "party": "RUS"}, (), None,
         "Tanks destroyed, Russia"),
        ("USD", {"status": "committed", "recipient": "UKR"}, ("donor",), None,
         "Money committed to Ukraine, by donor"),
        ("USD", {"item": "military"}, ("status",), {}, "Military aid, by status"),
        ("count", {}, ("item", "donor"), {"item": "tank"}, "Tanks, by item and donor"),
        ("count", {"status": "lost"}, (), {"donor": ["USA", "GBR"]},
         "Materiel and people lost, United States and United Kingdom"),
        ("kilometre", {}, (), None, "Kilometre"),
        ("count", {}, (), 'item under "air defence"', "Air defence"),
        ("count", {}, ("item",), "place in Kharkiv, Kherson",
         "Materiel and people, place Kharkiv and Kherson, by item"),
        ("USD", {}, (), "recipient in UKR, null", "Money to Ukraine and not stated"),
    ],
)  # fmt: skip
def test_a_title_says_what(
    unit: str, common: dict[str, str], varied: tuple[str, ...], where: Where | None,
    line: str,
) -> None:  # fmt: skip
    assert Topic(unit, common, varied).under({"where": where}).headline == line


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ({"where": "status != requested"}, "status not requested"),
        ({"where": ["donor != USA", "donor != GBR"]},
         "donor not United States or United Kingdom"),
        ({"where": ["donor != null", "donor != USA"]}, "donor stated and not United States"),
        ({"where": ["value > 1e6", "value <= 2,500,000"]},
         "value above 1,000,000, value at most 2,500,000"),
        ({"where": ["confidence >= 0.5", "sources < 3"]},
         "confidence at least 0.5, sources below 3"),
        ({"where": ["date < 2022-06", "published >= 2022-01-05"]},
         "before 2022-06, published from 2022-01-05"),
        ({"where": "aid_type = null"}, "aid type not stated"),
        ({"since": "2022-04", "until": "2022-04"}, "in 2022-04"),
        ({"since": "2022-04-02", "until": "2022-04-02"}, "on 2022-04-02"),
        ({"since": "2022-03-01", "until": "2022-03-01"}, "on 2022-03-01"),
        ({"since": "2022", "until": "2022"}, "in 2022"),
        ({"since": "2022-03-16", "until": "2023"}, "from 2022-03-16 until 2023-12"),
        ({"until": "2022-06-29", "as_of": "2023-01-01"},
         "until 2022-06-29, as of 2023-01-01"),
        ({"view": "losses"}, "losses only"),
        ({"view": ["aid", "people"]}, "aid and people only"),
        ({"view": "all"}, "all views"),
        ({"view": ["losses", "aid"]}, ""),
    ],
)  # fmt: skip
def test_a_title_tells_every_condition(asked: Asked, line: str) -> None:
    topic = Topic("USD", {"status": "committed"}, ("donor",)).under(asked)
    assert topic.headline == ", ".join(filter(None, ("Money committed", "by donor", line)))
    assert heading("Pledges", None, topic)[1] == ", ".join(filter(None, ("committed", line)))


def test_a_title_that_is_given_leaves_the_rest_to_the_subtitle() -> None:
    topic = Topic("USD", {"status": "committed", "donor": "GBR"})
    assert heading("Pledges", None, topic, "cumulative") == (
        "Pledges", "committed, United Kingdom, cumulative",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("TUR", "Türkiye"),
        ("XKX", "Kosovo"),
        ("EU", "European Union"),
        ("NATO", "NATO"),
        ("", ""),
        ("EST+LVA", "Estonia and Latvia"),
        ("DEU+DNK+NLD", "Germany, Denmark and Netherlands"),
    ],
)
def test_names_of_actors(code: str, name: str) -> None:
    assert actor_name(code) == name
