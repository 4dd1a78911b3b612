"""Suggestions: pairs that differ in exactly one thing."""

from __future__ import annotations

from typing import Any

import pytest

from factory import make_figure, make_money
from ledger.dedupe import merge
from ledger.figure import Figure
from ledger.suggest import SUGGESTION_DTYPES, suggest
from ledger.table import TABLE_EXTRACTOR, empty, to_frame

TREE = {"Leopard 2A6": "Leopard 2"}


def differences(*figures: Figure) -> list[str]:
    return suggest(merge(to_frame(figures)), TREE)["differs"].tolist()


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ({"date": "2022-10-12"}, "date"),
        ({"date": None}, "date"),
        ({"item": None}, "item"),
        ({"donor": None}, "actor"),
    ],
    ids=str,
)
def test_one_loose_match_is_suggested(change: dict[str, Any], differs: str) -> None:
    assert differences(make_figure(), make_figure("doc-2", **change)) == [differs]


@pytest.mark.parametrize(
    "change",
    [
        {"date": "2022-11-12"},
        {"date": "2022-10-12", "donor": None},
        {"item": "Javelin"},
        {"donor": "GBR"},
        {"status": "delivered"},
        {"value": 5},
    ],
    ids=str,
)
def test_more_than_that_is_not(change: dict[str, Any]) -> None:
    assert differences(make_figure(), make_figure("doc-2", **change)) == []


@pytest.mark.parametrize(
    ("amount", "day", "found"),
    [
        (13_600_000_000, "2022-11-20", ["date"]),  # seven weeks on, a number of three digits
        (800_000_000, "2022-11-20", []),
        (13_600_000_000, "2023-03-20", []),
    ],
)
def test_odd_numbers_are_looked_for_further(amount: int, day: str, found: list[str]) -> None:
    assert differences(make_money(amount), make_money(amount, "doc-2", date=day)) == found


def test_odd_amounts_need_no_like_kind_of_aid() -> None:
    mixed = make_money(13_600_000_000, aid_type="mixed")
    later = make_money(13_600_000_000, "doc-2", aid_type="financial", date="2022-11-20")
    assert differences(mixed, later) == ["date"]
    military = make_money(13_600_000_000, "doc-2", aid_type="military", date="2022-11-20")
    assert differences(later, military) == []


def test_items_of_one_branch_of_the_tree() -> None:
    fine, rough = make_figure(item="Leopard 2A6"), make_figure("doc-2", item="Leopard 2")
    assert differences(fine, rough) == ["item"]


def test_values_as_rough_as_they_are_written() -> None:
    rough = make_money(2_000_000_000, text="$2 billion")
    fine = make_money(2_200_000_000, "doc-2", text="$2.2bn")
    assert differences(rough, fine) == ["value"]


def test_neither_a_whole_with_its_part_nor_two_rows_of_a_table() -> None:
    whole = make_money(350)
    part = make_money(350, date="2022-10-12", part_of=whole.figure_id)
    assert differences(whole, part) == []
    table = {"source_id": "table", "extractor": TABLE_EXTRACTOR + "mine"}
    rows = [make_figure(**table), make_figure(**table, date="2022-10-12")]
    assert differences(*rows) == []
    assert differences(rows[0], make_figure("doc-2", date="2022-10-12")) == ["date"]


def test_largest_first_and_each_pair_once() -> None:
    figures = [
        make_figure(value=value, item=item, date=date)
        for value, item in ((4, "HIMARS"), (9, "Javelin"))
        for date in ("2022-10-03", "2022-10-12")
    ]
    held = suggest(merge(to_frame(figures)))
    assert held["value"].tolist() == [9, 4]
    assert held[["date", "other_date"]].drop_duplicates().to_numpy().tolist() == [
        ["2022-10-03", "2022-10-12"]
    ]


def test_nothing_to_suggest() -> None:
    assert suggest(merge(to_frame([]))).dtypes.equals(empty(SUGGESTION_DTYPES).dtypes)
    assert suggest(merge(to_frame([make_figure()]))).empty
