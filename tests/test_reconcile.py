"""Balances: asserted totals against deltas, and parts against their whole."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factory import make_figure, make_money
from ledger.dedupe import merge
from ledger.errors import LedgerError
from ledger.figure import Figure
from ledger.parts import PARTS_DTYPES, check_parts
from ledger.reconcile import BALANCE_DTYPES, reconcile
from ledger.table import empty, to_frame

TREE = {"Leopard 2A6": "Leopard 2", "Leopard 2": "tank"}


def balance(*figures: Figure, **question: Any) -> pd.DataFrame:
    return reconcile(merge(to_frame(figures)), **question)


def rows(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    plain = frame[list(columns)].astype("object")
    return list(plain.where(plain.notna(), None).itertuples(index=False, name=None))


def verdicts(*figures: Figure, **question: Any) -> list[str]:
    held = balance(*figures, **question)
    return held.loc[held["entry"].eq("total"), "verdict"].tolist()


def seed() -> list[Figure]:
    """Four HIMARS announced, again as part of $625 million, bringing the delivered total to 20."""
    package = make_money(625_000_000, date="2022-10-04", status="committed")
    four = make_figure(value=4)
    again = make_figure(value=4, same_as=four.figure_id, part_of=package.figure_id)
    total = make_figure(
        value=20,
        status="delivered",
        basis="total",
        date="2022-10-04",
        includes=(four.figure_id, again.figure_id),
    )
    return [four, again, package, total]


def delivered(value: int, date: str | None, source: str = "doc-2", **fields: Any) -> Figure:
    return make_figure(source, value=value, date=date, status="delivered", **fields)


def total(value: int, date: str | None, source: str = "doc-9", **fields: Any) -> Figure:
    return delivered(value, date, source, basis="total", **fields)


def test_the_seed_article_leaves_an_opening_of_16_unexplained() -> None:
    held = balance(*seed())
    assert rows(held, "entry", "amount", "best", "expected", "gap", "verdict") == [
        ("opening", 16, 0, None, None, "unexplained"),
        ("delta", 4, 4, None, None, None),
        ("total", 20, 4, 4, 16, "short"),
    ]
    assert rows(held.tail(1), "donor", "recipient", "item", "status") == [
        ("USA", "UKR", "HIMARS", "delivered")
    ]


def test_with_the_earlier_16_it_agrees() -> None:
    earlier = [delivered(12, "2022-07-20"), delivered(4, "2022-08-01", "doc-3")]
    held = balance(*seed(), *earlier)
    assert rows(held, "entry", "amount", "best", "gap", "verdict") == [
        ("delta", 12, 12, None, None),
        ("delta", 4, 16, None, None),
        ("delta", 4, 20, None, None),
        ("total", 20, 20, 0, "agrees"),
    ]


def test_a_later_total_is_held_against_the_one_before_and_what_came_between() -> None:
    deltas = [delivered(4, "2022-10-10"), delivered(2, "2022-11-10", "doc-3")]
    totals = [total(16, "2022-10-01"), total(20, "2022-10-12"), total(23, "2022-11-20")]
    held = balance(*deltas, *totals)
    asserted = held[held["entry"].eq("total")]
    assert rows(asserted, "expected", "gap", "change", "verdict") == [
        (0, 16, None, "short"),
        (20, 0, 4, "agrees"),
        (22, 1, 3, "short"),
    ]


def test_over_conflict_and_cannot_compare() -> None:
    too_many = [delivered(9, "2022-09-01"), total(5, "2022-10-01")]
    assert verdicts(*too_many) == ["over"]
    falling = [delivered(1, "2022-01-01"), total(20, "2022-10-01"), total(18, "2022-11-01")]
    assert verdicts(*falling) == ["short", "conflict"]
    two_sources = [total(20, "2022-10-01"), total(25, "2022-10-01", "doc-8")]
    assert verdicts(*two_sources) == ["cannot compare", "conflict"]
    assert verdicts(total(20, "2022-10-01"), total(25, "2022-11-01")) == ["cannot compare"] * 2
    assert verdicts(delivered(4, "2022-10-01"), total(4, None)) == ["cannot compare"]


def test_a_total_that_stands_still_agrees_with_itself() -> None:
    assert verdicts(total(20, "2022-10-01"), total(20, "2022-11-01")) == [
        "cannot compare",
        "agrees",
    ]


@pytest.mark.parametrize(
    ("deltas", "text", "value", "verdict"),
    [
        ([400, 650], "$1.1 billion", 1100, "agrees"),
        ([400, 640], "$1.1 billion", 1100, "short"),
        ([400, 760], "$1.1 billion", 1100, "over"),
        ([400, 649], "$1,050 million", 1050, "short"),
        ([1500, 700], "two billion", 2000, "agrees"),
    ],
)
def test_tolerance_is_the_written_precision(
    deltas: list[int], text: str, value: int, verdict: str
) -> None:
    million = 10**6
    figures = [
        make_money(n * million, f"doc-{k}", date=f"2022-0{k + 1}-01", text=f"${n * million:,}")
        for k, n in enumerate(deltas)
    ]
    asserted = make_money(value * million, basis="total", date="2022-10-01", text=text)
    assert verdicts(*figures, asserted) == [verdict]


@pytest.mark.parametrize(
    ("first", "second", "day", "verdict"),
    [
        ("$1 billion", "$2 billion", "2022-10-01", "conflict"),  # of one day, they only touch
        ("$1 billion", "$2 billion", "2022-11-01", "short"),
        ("$2 billion", "$1 billion", "2022-11-01", "conflict"),  # it falls
        ("$1 billion", "$1.4 billion", "2022-10-01", "agrees"),
    ],
)
def test_rounded_numbers_that_only_touch_do_not_agree(
    first: str, second: str, day: str, verdict: str
) -> None:
    def stated(text: str, date: str) -> Figure:
        value = int(float(text[1:].split()[0]) * 10**9)
        return make_money(value, text, basis="total", date=date, text=text)

    event = make_money(1_000_000_000, "doc-0", date="2022-09-01", text="$1,000,000,000")
    assert verdicts(event, stated(first, "2022-10-01"), stated(second, day))[-1] == verdict


def test_balances_are_chosen_by_their_own_columns() -> None:
    told = [delivered(4, "2022-09-01"), total(16, "2022-10-01"), total(18, "2022-11-01")]
    chosen = balance(*told, where=["verdict=short", "item=HIMARS"])
    assert rows(chosen, "entry", "amount", "gap") == [("total", 16, 12), ("total", 18, 2)]
    assert rows(balance(*told, where="gap > 2"), "amount") == [(16,)]
    assert rows(balance(*told, where="entry = opening"), "verdict") == [("unexplained",)]
    assert balance(*told, where="verdict = over").empty
    with pytest.raises(LedgerError, match=r"verdict shrot: did you mean short\?"):
        balance(*told, where="verdict = shrot")


def test_open_bounds_agree_with_all_they_allow() -> None:
    more = make_figure(value=15, qualifier="more_than", basis="total", date="2022-12-01")
    assert verdicts(make_figure(value=20), more) == ["agrees"]
    assert verdicts(make_figure(value=12), more) == ["short"]
    up_to = make_figure(value=20, qualifier="at_most", date="2022-09-01")
    exact = make_figure(value=15, basis="total", date="2022-12-01")
    assert verdicts(up_to, exact) == ["agrees"]


def test_a_total_counts_from_its_since() -> None:
    deltas = [delivered(7, "2021-06-01"), delivered(5, "2022-05-01", "doc-3")]
    assert verdicts(*deltas, total(5, "2022-10-01", since="2022-02-24")) == ["agrees"]
    assert verdicts(*deltas, total(12, "2022-10-01")) == ["agrees"]
    both = [total(5, "2022-10-01", since="2022-02"), total(12, "2022-10-01", "doc-8")]
    assert verdicts(*deltas, *both) == ["agrees", "agrees"]


def test_parts_and_other_series_do_not_run_along() -> None:
    whole = delivered(20, "2022-05-01")
    part = delivered(5, "2022-05-01", part_of=whole.figure_id)
    foreign = delivered(3, "2022-05-01", donor="GBR")
    assert verdicts(whole, part, foreign, total(20, "2022-10-01")) == ["agrees"]


def test_a_cancelled_pledge_lowers_the_expected_total() -> None:
    pledged = make_figure(value=10, date="2022-05-01")
    cancelled = make_figure(value=3, date="2022-06-01", status="cancelled")
    asserted = make_figure(value=7, date="2022-10-01", basis="total")
    assert verdicts(pledged, cancelled, asserted) == ["agrees"]


def test_a_level_of_the_tree_takes_all_items_below() -> None:
    deltas = [
        delivered(18, "2023-03-27", item="Leopard 2A6"),
        delivered(14, "2023-04-01", "doc-3", item="tank"),
    ]
    asserted = total(32, "2023-05-01", item="tank")
    assert verdicts(*deltas, asserted) == ["short"]
    assert verdicts(*deltas, asserted, level=0, parents=TREE) == ["agrees"]


def test_only_series_with_a_total_are_shown() -> None:
    held = balance(delivered(4, "2022-10-01"))
    assert held.empty
    assert held.dtypes.equals(empty(BALANCE_DTYPES).dtypes)
    assert balance(*seed()).dtypes.equals(held.dtypes)


amounts = st.lists(st.integers(1, 10**6), min_size=1, max_size=8)


@settings(max_examples=15)
@given(amounts)
def test_a_total_of_all_deltas_always_agrees(values: list[int]) -> None:
    deltas = [delivered(n, f"2022-{k + 1:02}-01", f"doc-{k}") for k, n in enumerate(values)]
    assert verdicts(*deltas, total(sum(values), "2022-12-01")) == ["agrees"]


@settings(max_examples=15)
@given(amounts)
def test_falls_are_conflicts_and_only_falls(values: list[int]) -> None:
    totals = [total(n, f"2022-{k + 1:02}-01", f"doc-{k}") for k, n in enumerate(values)]
    falls = [False, *(after < before for before, after in pairwise(values))]
    assert [verdict == "conflict" for verdict in verdicts(*totals)] == falls


def lost(whole: int, parts: dict[str, int], item: str = "tank") -> list[Figure]:
    every = make_figure(value=whole, item=item, status="lost", basis="total", party="RUS")
    return [
        every,
        *(
            make_figure(
                value=n,
                item=item,
                status=status,
                basis="total",
                party="RUS",
                part_of=every.figure_id,
            )
            for status, n in parts.items()
        ),
    ]


@pytest.mark.parametrize(
    ("whole", "verdict", "gap"), [(41, "agrees", 0), (43, "short", 2), (40, "over", -1)]
)
def test_parts_are_held_against_their_whole(whole: int, verdict: str, gap: int) -> None:
    parts = {"destroyed": 13, "damaged": 1, "abandoned": 16, "captured": 11}
    checked = check_parts(merge(to_frame(lost(whole, parts))))
    assert rows(checked, "whole", "parts", "gap", "count", "verdict") == [
        (whole, 41, gap, 4, verdict)
    ]


def test_a_whole_of_one_kind_only_is_not_repeated_by_it() -> None:
    checked = check_parts(merge(to_frame(lost(5, {"captured": 5}))))
    assert rows(checked, "whole", "parts", "verdict") == [(5, 5, "agrees")]


@pytest.mark.parametrize(
    ("whole", "parts", "verdict"),
    [
        ("$3 billion", [30_000_000] * 85, "cannot say"),  # a hundred round parts of a round whole
        ("$3 billion", [2_000_000_000, 1_000_000_000], "agrees"),
        ("$3 billion", [3_000_000_000], "repeats"),
        ("$3 billion", [3_000_000_000, 3_000_000_000], "repeats"),
        ("$3.00 billion", [2_000_000, 1_000_000], "short"),
        ("$3.00 billion", [2_900_000_000, 1_900_000_000], "over"),
    ],
    ids=["many", "two", "one", "each", "little", "much"],
)
def test_what_parts_say_of_a_round_whole(whole: str, parts: list[int], verdict: str) -> None:
    package = make_money(3_000_000_000, text=whole)
    pieces = [make_money(n, text=f"${n / 1e6:g} million", part_of=package.figure_id) for n in parts]
    (checked,) = check_parts(merge(to_frame([package, *pieces])))["verdict"]
    assert checked == verdict


def test_only_comparable_parts_are_added() -> None:
    package = make_money(625_000_000)
    contents = make_figure(value=4, part_of=package.figure_id)
    tanks = make_figure(item="tank", value=20)
    leopards = make_figure(item="Leopard 2", value=18, part_of=tanks.figure_id)
    crews = make_figure(item="soldier", value=80, part_of=tanks.figure_id)
    facts = merge(to_frame([package, contents, tanks, leopards, crews]))
    assert check_parts(facts).empty
    assert rows(check_parts(facts, TREE), "item", "parts") == [("tank", 18)]
    assert check_parts(facts).dtypes.equals(empty(PARTS_DTYPES).dtypes)
