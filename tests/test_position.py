"""Positions: what was promised, what came, and how many so far, on what grounds."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factory import make_figure, make_money
from ledger.dedupe import merge
from ledger.errors import LedgerError
from ledger.figure import Figure
from ledger.positions.position import position
from ledger.table import to_frame
from ledger.totals import totals

TREE = {"Leopard 2A6": "Leopard 2", "Leopard 2": "tank", "T-72": "tank"}
NAMES = ("status", "so_far_low", "so_far", "so_far_high", "grounds")


def facts_of(*figures: Figure, published: str | None = None) -> pd.DataFrame:
    frame = to_frame(figures)
    return merge(frame if published is None else frame.assign(published=published))


def positions(*figures: Figure, **question: Any) -> pd.DataFrame:
    return position(facts_of(*figures), **question)


def plain(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    held = frame[list(columns)].astype("object")
    return list(held.where(held.notna(), None).itertuples(index=False, name=None))


def sent(value: Any, date: str | None, source: str = "doc-2", **fields: Any) -> Figure:
    return make_figure(source, value=value, date=date, **({"status": "delivered"} | fields))


def stated(value: Any, date: str | None, source: str = "doc-9", **fields: Any) -> Figure:
    return sent(value, date, source, basis="total", **fields)


def test_bringing_the_total_to_takes_its_deltas_in() -> None:
    four = make_figure(value=4)
    twenty = stated(20, "2022-10-04", includes=[four.figure_id])
    row = positions(four, twenty)
    assert plain(row, *NAMES) == [("delivered", 20, 20, 20, "total stated for 2022-10-04")]
    assert plain(row, "committed", "committed_total", "delivered", "delivered_total") == [
        (4, None, None, 20)
    ]
    assert plain(row, "delivered_unexplained", "delivered_total_source") == [(16, "doc-9")]
    assert json.loads(row["fact_ids"].item()) == [twenty.figure_id]


def test_an_answer_is_as_sure_as_its_facts_by_their_amounts() -> None:
    likely = make_money(300, "a", date="2022-01-01", confidence=0.8)
    doubtful = make_money(100, "b", date="2022-02-01", confidence=0.4)
    untold = make_money(9000, "c", date="2022-03-01")  # a table's, say
    assert positions(likely, doubtful)["sure"].item() == pytest.approx(0.7)
    assert positions(likely, doubtful, untold)["sure"].item() == pytest.approx(0.7)
    assert positions(untold)["sure"].isna().all()
    bare = facts_of(likely, doubtful).drop(columns=["confidence", "review"])
    assert position(bare)["sure"].isna().all()
    assert totals(bare)["sure"].isna().all()
    decided = facts_of(likely, doubtful)
    decided.loc[decided["value"].eq(100), "review"] = "accepted"
    assert position(decided)["sure"].item() == pytest.approx(0.85)


def test_in_addition_to_what_came_before_is_another() -> None:
    package = make_figure("sheet", item="Javelin", value=2000)
    before = make_figure("sheet", item="Javelin", value=2600, basis="total")
    row = positions(package, before)
    assert plain(row, *NAMES[:-1]) == [("committed", 2600, 4600, 4600)]
    assert row["grounds"].item().endswith("and 1 event that its text tells beside it")
    assert plain(row, "committed", "committed_unexplained") == [(2000, 2600)]


@pytest.mark.parametrize(
    ("change", "so_far"),
    [
        ({"includes": True}, 2600),  # its words take it in
        ({"since": "2021-01"}, 2600),  # it counts all from then on
        ({"source_id": "another"}, 2600),  # another text's day is over
        ({"date": "2022-10-02"}, 4600),
        ({}, 4600),
    ],
)
def test_what_a_total_holds(change: dict[str, Any], so_far: float) -> None:
    package = make_figure("sheet", item="Javelin", value=2000)
    if change.pop("includes", False):
        change["includes"] = [package.figure_id]
    fields: dict[str, Any] = {"source_id": "sheet", "value": 2600, "basis": "total"} | change
    assert positions(package, make_figure(item="Javelin", **fields))["so_far"].tolist() == [so_far]


def test_later_events_are_added_to_the_latest_total() -> None:
    figures = [
        sent(7, "2022-05-01"),
        stated(10, "2022-06-01"),
        sent(5, "2022-07-01", "doc-3"),
        stated(18, "2022-08-01", "doc-8"),
        sent(6, "2022-09-01", "doc-4", qualifier="at_least"),
        sent(1, "2022-10-01", "doc-5"),
    ]
    row = positions(*figures)
    assert plain(row, *NAMES) == [
        ("delivered", 25, 25, None, "total stated for 2022-08-01, and 2 later events")
    ]
    assert plain(row, "delivered", "delivered_unexplained") == [(19, 6)]
    assert set(json.loads(row["fact_ids"].item())) == {f.figure_id for f in figures[3:]}


def test_nothing_told_is_empty_and_never_none_at_all() -> None:
    row = positions(make_figure())
    empty = [name for name in row.columns if name.startswith(("delivered", "happened", "auth"))]
    assert row[empty].isna().all(axis=None)
    assert plain(row, *NAMES) == [("committed", 4, 4, 4, "1 event added up")]
    asked = positions(make_figure(status="requested"), make_figure(status="authorized", value=9))
    assert plain(asked, *NAMES[:-1], "requested", "authorized", "committed") == [
        (None, None, None, None, 4, 9, None)
    ]
    assert asked["grounds"].tolist() == ["nothing committed or delivered in the sources"]


def test_stages_stand_side_by_side_and_other_deeds_in_rows_of_their_own() -> None:
    figures = [
        make_money(400, status="authorized", date="2022-09-01"),
        make_money(300),
        make_money(100, status="cancelled", date="2022-11-01"),
        make_money(150, status="delivered", date="2022-12-01"),
        make_figure(item="tank", donor=None, recipient=None, party="RUS", status="destroyed"),
        make_figure(item="tank", donor=None, recipient=None, party="RUS", status="captured"),
        make_figure(item="tank", status=None, date="2022-12-01"),  # denied: in no sum
    ]
    rows = positions(*figures)
    assert plain(rows, "item", "status", "authorized", "committed", "delivered", "happened") == [
        ("military", "delivered", 400, 200, 150, None),
        ("tank", "captured", None, None, None, 4),
        ("tank", "destroyed", None, None, None, 4),
    ]


def test_as_of_a_day_counts_what_was_known_and_had_begun() -> None:
    told = [
        ("2022-10-04", make_figure(value=1, date="2022-10-03")),
        ("2022-10-04", make_figure("b", value=2, date="2022-10")),
        ("2022-10-04", make_figure("c", value=4, date="2022-11-30")),
        ("2022-11-15", make_figure("d", value=8, date="2022-10-02")),
    ]
    facts = pd.concat([facts_of(figure, published=day) for day, figure in told])
    for as_of, so_far in (("2022-10-04", 3), ("2022-10", 3), ("2022", 15), (None, 15)):
        assert position(facts, as_of=as_of)["so_far"].tolist() == [so_far], as_of
    assert position(facts, as_of=pd.Timestamp("2022-11-20"))["so_far"].tolist() == [11]
    assert position(facts, as_of="2021").empty


def test_totals_that_count_from_different_days_are_apart() -> None:
    figures = [
        stated(500, "2023-03-01", since="2023-01"),
        stated(2000, "2022-12-01", "doc-8"),
        sent(30, "2023-02-01"),
        sent(40, "2023-04-01"),
    ]
    row = positions(*figures)
    assert plain(row, "so_far", "delivered_total", "since") == [(2070, 2000, None)]
    row = positions(*figures, where={"since": ["2023-01"]})
    assert plain(row, "so_far", "delivered_unexplained", "since") == [(500, 500, "2023-01")]


def test_two_sources_of_one_day_and_a_total_without_a_date() -> None:
    both = [stated(20, "2022-10-01", "a"), stated(25, "2022-10-01", "b")]
    assert positions(*both)["delivered_total"].tolist() == [25]
    undated = [stated(30, None), sent(4, "2022-10-01")]
    row = positions(*undated)
    assert plain(row, "so_far", "grounds") == [(30, "total stated without a date")]
    assert positions(*undated, *both)["so_far"].tolist() == [25]


def test_groups_add_up_their_series() -> None:
    figures = [
        make_figure(value=4),
        stated(10, "2022-12-01", recipient="POL", status="committed"),
        make_figure(value=2, recipient="POL", date="2023-01-01"),
        make_figure(value=3, donor="GBR", qualifier="more_than"),
    ]
    rows = positions(*figures, by="donor")
    assert plain(
        rows, "donor", "item", "so_far", "so_far_high", "committed", "committed_total"
    ) == [
        ("GBR", "HIMARS", 3, None, 3, None),
        ("USA", "HIMARS", 16, 16, 6, None),
    ]
    assert rows["grounds"].tolist()[1] == "2 series added up, 1 of them by stated totals"
    assert positions(*figures, by=[])["so_far"].tolist() == [19]
    assert positions(*figures, by=["item", "certainty"])["certainty"].tolist() == ["stated"]


def test_a_level_of_the_tree_adds_up_and_counts_a_total_once() -> None:
    figures = [
        make_figure(item="Leopard 2A6", value=18, date="2023-01-25", donor="DEU"),
        make_figure(item="Leopard 2", value=30, date="2023-02-01", basis="total", donor="DEU"),
        make_figure(item="Leopard 2A6", value=25, date="2023-02-01", basis="total", donor="DEU"),
        make_figure(item="Leopard 2A6", value=2, date="2023-03-01", donor="DEU"),
        make_figure(item="T-72", value=40, date="2022-05-01", donor="POL"),
    ]
    rows = positions(*figures, by="item:0", parents=TREE)
    assert plain(rows, "item", "so_far", "committed") == [("tank", 72, 60)]
    rows = positions(*figures, by=["donor", "item:1"], parents=TREE)
    assert plain(rows, "donor", "item", "so_far", "committed_unexplained") == [
        ("DEU", "Leopard 2", 32, 12),
        ("POL", "T-72", 40, None),
    ]
    rows = positions(*figures, parents=TREE, where={"item": "Leopard 2"})
    assert plain(rows, "item", "so_far") == [("Leopard 2", 30), ("Leopard 2A6", 27)]


def test_shares_and_durations_have_no_position() -> None:
    share = make_figure(dimension="percent", unit="percent", status="destroyed", basis="total")
    none = positions(share)
    assert none.empty
    assert none.dtypes.equals(positions(make_figure()).dtypes)


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ({"by": "colour"}, "no column 'colour'"),
        ({"by": "donor:1"}, "no column 'donor:1'"),
        ({"by": "status"}, "no positions by 'status'"),
        ({"where": {"colour": "red"}}, "no column 'colour'"),
    ],
)
def test_wrong_questions_get_one_line(question: dict[str, Any], line: str) -> None:
    with pytest.raises(LedgerError, match=line) as caught:
        positions(make_figure(), **question)
    assert "\n" not in str(caught.value)


drawn = st.lists(
    st.builds(
        lambda value, basis, status, month, source, since, qualifier: make_figure(
            source,
            value=value,
            basis=basis,
            status=status,
            date=month and f"2022-{month:02}-05",
            since=since,
            qualifier=qualifier,
        ),
        st.integers(1, 9_999),
        st.sampled_from(["delta", "delta", "total"]),
        st.sampled_from(["committed", "delivered", "cancelled", "authorized", "destroyed"]),
        st.sampled_from([None, *range(1, 7)]),
        st.sampled_from("abc"),
        st.sampled_from([None, None, "2022-02-24"]),
        st.sampled_from(["exact", "exact", "at_least", "at_most"]),
    ),
    max_size=12,
)


@settings(max_examples=12)
@given(drawn, st.randoms(use_true_random=False))
def test_no_position_depends_on_the_order_of_the_facts(figures: list[Figure], chance: Any) -> None:
    facts = facts_of(*figures)
    order = list(range(len(facts)))
    chance.shuffle(order)
    pd.testing.assert_frame_equal(position(facts.iloc[order]), position(facts))


@settings(max_examples=15)
@given(drawn)
def test_sums_are_those_of_the_totals(figures: list[Figure]) -> None:
    facts = facts_of(*figures)
    rows = position(facts)
    added = totals(facts).groupby("status")["best"].sum()
    for stage in ("authorized", "committed", "delivered"):
        assert rows[stage].sum() == added.get(stage, 0)
    answered = rows.dropna(subset="so_far")
    assert (answered["so_far_low"] <= answered["so_far"]).all()
    bounded = answered.dropna(subset="so_far_high")
    assert (bounded["so_far"] <= bounded["so_far_high"]).all()


@settings(max_examples=12)
@given(st.integers(1, 10**6), st.lists(st.integers(1, 10**6), max_size=4), st.booleans())
def test_a_part_never_changes_a_position_with_its_whole(
    whole: int, parts: list[int], with_total: bool
) -> None:
    package = sent(whole, "2022-10-03")
    held = [package, *([stated(5, "2022-09-01")] if with_total else [])]
    pieces = [sent(part, "2022-10-03", part_of=package.figure_id) for part in parts]
    pd.testing.assert_frame_equal(positions(*held, *pieces), positions(*held))
