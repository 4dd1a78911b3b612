"""Totals: deltas once, parts not with wholes, bounds carried through."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factory import make_figure, make_money
from ledger.dedupe import merge
from ledger.errors import LedgerError
from ledger.table import to_frame
from ledger.totals import BOUNDS, totals

TREE = {"Leopard 2A6": "Leopard 2", "Leopard 2": "tank", "tank": "armoured vehicle"}


def rows(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    plain = frame[list(columns)].astype("object")
    return list(plain.where(plain.notna(), None).itertuples(index=False, name=None))


def test_sums_are_as_sure_as_their_facts_by_their_amounts() -> None:
    facts = merge(to_frame([
        make_money(100, "a", date="2022-01-05", confidence=0.5),
        make_money(9000, "b", date="2022-01-06"),  # a table's, say, whose reader doubts nothing
        make_money(100, "c", date="2022-02-05", confidence=0.9),
    ]))  # fmt: skip
    assert totals(facts)["sure"].tolist() == [0.7]
    monthly = totals(facts, freq="month")
    assert monthly["sure"].tolist() == [0.5, 0.9]
    assert monthly["cumulative_sure"].tolist() == [0.5, 0.7]


def test_deltas_are_summed_totals_levels_and_rates_are_not() -> None:
    frame = to_frame(
        [
            make_figure(value=4),
            make_figure(value=12, date="2022-07-01"),
            make_figure(value=20, basis="total"),
            make_figure(value=30, basis="level"),
            make_figure(value=2, basis="rate", per="month"),
            make_figure(value=9, basis=None),
        ]
    )
    assert rows(totals(frame), "item", "best", "facts") == [("HIMARS", 16, 2)]


def test_statuses_currencies_and_items_never_mix() -> None:
    frame = to_frame(
        [
            make_money(100),
            make_money(70, status="delivered"),
            make_money(50, unit="EUR"),
            make_figure(value=4),
            make_figure(value=5, item="Javelin"),
        ]
    )
    assert rows(totals(frame), "item", "status", "unit", "best") == [
        ("HIMARS", "committed", "count", 4),
        ("Javelin", "committed", "count", 5),
        (None, "committed", "EUR", 50),
        (None, "committed", "USD", 100),
        (None, "delivered", "USD", 70),
    ]


def test_a_part_is_not_added_to_its_whole() -> None:
    whole = make_money(350_000_000)
    part = make_money(250_000_000, part_of=whole.figure_id)
    of_part = make_money(50_000_000, part_of=part.figure_id, date="2022-10-20")
    contents = make_figure(value=4, part_of=whole.figure_id)
    result = totals(to_frame([whole, part, of_part, contents]))
    assert rows(result, "item", "best", "facts") == [("HIMARS", 4, 1), (None, 350_000_000, 1)]


def test_things_of_another_name_are_parts_too_unless_asked_for_by_item() -> None:
    fleet = make_figure(item="vehicle", value=50)
    pieces = [
        make_figure(item=item, value=n, part_of=fleet.figure_id)
        for item, n in (("lorry", 30), ("jeep", 20))
    ]
    frame = to_frame([*pieces, fleet])
    assert rows(totals(frame, by="unit"), "item", "best") == [("vehicle", 50)]
    assert rows(totals(frame, by="item"), "item", "best") == [
        ("jeep", 20),
        ("lorry", 30),
        ("vehicle", 50),
    ]
    assert rows(totals(frame, where={"item": "lorry"}), "best") == [(30,)]


def test_a_part_counts_where_its_whole_does_not() -> None:
    whole = make_money(350, status="authorized")
    part = make_money(250, part_of=whole.figure_id)
    frame = to_frame([whole, part])
    assert rows(totals(frame), "status", "best") == [("authorized", 350), ("committed", 250)]
    other = make_money(250, part_of=whole.figure_id, status="authorized", item="ammunition")
    chosen = totals(to_frame([whole, other]), where={"item": "ammunition"})
    assert rows(chosen, "best") == [(250,)]


def test_a_part_is_left_out_at_the_level_where_its_whole_is_the_same_item() -> None:
    tanks = make_figure(item="tank", value=20)
    leopards = make_figure(item="Leopard 2", value=5, part_of=tanks.figure_id)
    frame = to_frame([tanks, leopards])
    assert rows(totals(frame, by="item", parents=TREE), "item", "best") == [
        ("Leopard 2", 5),
        ("tank", 20),
    ]
    assert rows(totals(frame, by="item:1", parents=TREE), "item", "best") == [("tank", 20)]


def test_bounds() -> None:
    frame = to_frame(
        [
            make_money(100),
            make_money(800, qualifier="at_most", date="2022-11-01"),
            make_money(None, qualifier="range", low=275, high=325, date="2022-12-01"),
        ]
    )
    assert rows(totals(frame), "low", "best", "high", "open_terms", "midpoints") == [
        (375, 1200, 1225, 0, 1)
    ]


def test_an_open_term_opens_the_sum_from_then_on() -> None:
    frame = to_frame(
        [
            make_money(1, date="2022-01-05"),
            make_money(2, date="2022-02-05", qualifier="at_least"),
            make_money(4, date="2022-03-05"),
        ]
    )
    result = totals(frame, freq="month")
    assert rows(result, "high", "cumulative_high", "cumulative_best", "open_terms") == [
        (1, 1, 1, 0),
        (None, None, 3, 1),
        (4, None, 7, 0),
    ]


def test_a_cancelled_pledge_is_a_negative_commitment() -> None:
    frame = to_frame(
        [
            make_figure(value=10),
            make_figure(value=3, status="cancelled", date="2022-12-01"),
            make_figure(value=2, status="cancelled", qualifier="at_most", date="2023-01-05"),
            make_figure(value=-1, date="2023-02-05"),
        ]
    )
    result = totals(frame, status="committed")
    assert rows(result, "status", "low", "best", "high") == [("committed", 4, 4, 6)]
    assert rows(totals(frame, status="cancelled"), "status", "best") == [("cancelled", 5)]


def test_what_of_a_promise_is_taken_back_comes_off_it_and_its_parts_are_no_more() -> None:
    promised = make_figure(value=14)
    back = make_figure(value=4, status="cancelled", part_of=promised.figure_id)
    of_those = make_figure(value=1, status="cancelled", part_of=back.figure_id)
    frame = to_frame([promised, back, of_those])
    assert rows(totals(frame), "status", "best", "facts") == [("committed", 10, 2)]
    assert rows(totals(frame, status="cancelled"), "best") == [(4,)]


def test_periods_open_at_their_first_day_and_undated_facts_close_when_asked() -> None:
    frame = to_frame(
        [
            make_figure(value=1, date="2022-11"),
            make_figure(value=2, date="2022-12-31"),
            make_figure(value=4, date=None),
            make_figure(value=8, date="2022"),
        ]
    )
    result = totals(frame, freq="quarter", undated=True)
    assert rows(result, "period", "best", "cumulative_best") == [
        (pd.Timestamp("2022-10-01"), 11, 11),
        (None, 4, 15),
    ]
    assert rows(totals(frame, freq="quarter"), "best") == [(11,)]
    yearly = totals(frame, freq="year")["period"]
    assert yearly.iloc[0] == pd.Timestamp("2022-01-01")


@pytest.mark.parametrize(
    ("alias", "day"),
    [
        ("MS", "2022-10-01"), ("ME", "2022-10-31"), ("M", "2022-10-01"), ("QS", "2022-10-01"),
        ("QE", "2022-12-31"), ("YS", "2022-01-01"), ("YE", "2022-12-31"), ("D", "2022-10-04"),
    ],
)  # fmt: skip
def test_frequencies_have_the_aliases_of_pandas(alias: str, day: str) -> None:
    facts = merge(to_frame([make_figure(value=1, date="2022-10-04")]))
    assert list(totals(facts, freq=alias)["period"]) == [pd.Timestamp(day)]
    if alias != "M":  # which pandas no longer takes
        binned = facts.set_index("date_end")["value"].resample(alias).sum()
        assert list(binned.index) == [pd.Timestamp(day)]


@pytest.mark.parametrize("wrong", ["XS", "DE", "WS", "SM", "month ", ""])
def test_another_frequency_is_refused(wrong: str) -> None:
    with pytest.raises(LedgerError, match="no frequency"):
        totals(to_frame([make_figure()]), freq=wrong)


def test_durations_shares_and_figures_without_a_number_are_left_out() -> None:
    frame = to_frame(
        [
            make_figure(dimension="time", unit="day", value=3),
            make_figure(dimension="percent", unit="percent", value=20),
            make_figure(value=None),
        ]
    )
    assert totals(frame).empty


def test_totals_of_totals_are_the_latest_statement() -> None:
    frame = to_frame(
        [
            make_figure(value=16, basis="total", date="2022-07-30"),
            make_figure(value=20, basis="total", date="2022-10-04"),
            make_figure(value=3, basis="total", date="2022-10-04", donor="GBR"),
        ]
    )
    result = totals(frame, basis="total")
    assert rows(result, "donor", "best", "cumulative_best", "increment") == [
        ("GBR", 3, 3, None),
        ("USA", 20, 20, None),
    ]
    assert totals(frame, basis="level")["cumulative_best"].isna().all()


def test_totals_have_increments_from_one_statement_to_the_next() -> None:
    stated = [(16, "2022-07-30"), (18, "2022-08-10"), (20, "2022-08-30"), (19, "2022-11-02")]
    frame = to_frame(
        [
            *(make_figure(value=n, basis="total", date=day) for n, day in stated),
            make_figure(value=2, basis="total", date="2022-08-05", since="2022-08-01"),
            make_figure(value=9, basis="total", date=None),
        ]
    )
    result = totals(frame, basis="total", freq="month", undated=True)
    assert rows(result[result["since"].isna()], "best", "cumulative_best", "increment") == [
        (16, 16, None),
        (20, 20, 4),
        (19, 19, -1),
        (9, 9, None),
    ]
    assert rows(result[result["since"].notna()], "since", "best") == [("2022-08-01", 2)]
    assert "increment" not in totals(frame, freq="month")


@pytest.mark.parametrize(
    ("other", "apart"),
    [
        ({"value": 25}, True),  # of one day, another number
        ({"value": 12, "date": "2022-10-05"}, True),  # less than the other had said
        ({"value": 30, "date": "2022-10-05"}, False),  # grown since
        ({"value": 20}, False),
        ({"value": 15, "qualifier": "more_than"}, False),  # both may be right
        ({"value": 12, "date": "2022-10-05", "donor": "GBR"}, False),
        ({"value": 12, "date": "2022-10-05", "attribution": None}, True),
    ],
)
def test_sources_that_differ_stand_side_by_side(other: dict[str, Any], apart: bool) -> None:
    staff = {"basis": "total", "attribution": "the general staff", "date": "2022-10-04"}
    figures = [
        make_figure("a", value=10, **staff | {"date": "2022-10-01"}),
        make_figure("a", value=20, **staff),
        make_figure("b", **staff | {"attribution": "analysts"} | other),
    ]
    result = totals(to_frame(figures), basis="total", freq="day")
    named = {None: "b"}.get(other.get("attribution", ""), "analysts")
    assert set(result["source"].dropna()) == ({"the general staff", named} if apart else set())
    own = result[result["donor"].eq("USA") & result["source"].ne(named)]
    assert own["increment"].dropna().tolist()[0] == 10


def test_where_takes_one_value_or_several_and_items_with_all_below_them() -> None:
    frame = to_frame(
        [
            make_figure(item="Leopard 2A6", value=18, donor="DEU"),
            make_figure(item="tank", value=14, donor="GBR"),
            make_figure(item="HIMARS", value=4),
        ]
    )
    below = totals(frame, by="item:1", where={"item": "tank"}, parents=TREE)
    assert rows(below, "item", "best") == [("tank", 32)]
    donors = totals(frame, by="donor", where={"donor": ["DEU", "USA"]})
    assert rows(donors, "donor", "best") == [("DEU", 18), ("USA", 4)]


def test_one_bound_may_be_asked_for() -> None:
    result = totals(to_frame([make_figure()]), bound="low")
    assert [name for name in BOUNDS if name in result] == ["low"]
    assert "cumulative_low" in result
    assert "cumulative_high" not in result


def test_empty_frames_have_the_columns_of_full_ones() -> None:
    full = totals(to_frame([make_figure()]), by="donor", freq="month")
    none = totals(to_frame([]), by="donor", freq="month")
    assert none.empty
    assert list(none.columns) == list(full.columns)
    assert none.dtypes.equals(full.dtypes)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ({"by": "colour"}, "no column 'colour'"),
        ({"by": "donor:1"}, "no column 'donor:1'"),
        ({"freq": "fortnight"}, "no frequency 'fortnight'"),
        ({"bound": "middle"}, "no bound 'middle'"),
        ({"where": {"colour": "red"}}, "no column 'colour'"),
    ],
)
def test_wrong_questions_get_one_line(arguments: dict[str, Any], line: str) -> None:
    with pytest.raises(LedgerError, match=line) as caught:
        totals(to_frame([make_figure()]), **arguments)
    assert "\n" not in str(caught.value)


amounts = st.lists(st.integers(min_value=0, max_value=10**9), max_size=8)


@settings(max_examples=15)
@given(amounts, amounts, st.sampled_from(["month", "quarter", "year"]))
def test_periods_add_up_to_the_whole(first: list[int], second: list[int], freq: str) -> None:
    figures = [make_money(n, date=f"2022-{1 + k:02}-15") for k, n in enumerate(first)]
    figures += [make_money(n, date=f"2023-{1 + k:02}-15") for k, n in enumerate(second)]
    result = totals(to_frame(figures), freq=freq)
    assert result["best"].sum() == sum(first) + sum(second)
    if len(result):
        assert result["cumulative_best"].iloc[-1] == sum(first) + sum(second)


@settings(max_examples=15)
@given(st.integers(1, 10**9), st.lists(st.integers(1, 10**9), max_size=6))
def test_parts_never_change_the_sum_of_their_whole(whole: int, parts: list[int]) -> None:
    package = make_money(whole)
    contents = [make_money(part, part_of=package.figure_id) for part in parts]
    facts = merge(to_frame([package, *contents]))
    assert totals(facts)["best"].sum() == whole


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(0, 100), st.sampled_from(["exact", "at_most", "about"]))))
def test_low_is_at_most_best_and_best_at_most_high(terms: list[tuple[int, str]]) -> None:
    figures = [make_figure(value=n, qualifier=q, party=str(k)) for k, (n, q) in enumerate(terms)]
    result = totals(to_frame(figures))
    assert (result["low"] <= result["best"]).all()
    assert (result["best"] <= result["high"]).all()
