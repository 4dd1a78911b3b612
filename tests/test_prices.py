"""Constant prices by an index of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from factory import make_figure, make_money, source_of
from ledger.dedupe import merge
from ledger.errors import LedgerError
from ledger.ledger import Ledger
from ledger.prices import Prices, constant_prices, read_prices
from ledger.table import to_frame

PRICES = Prices(2021, {2021: 100.0, 2023: 110.0})


def test_money_is_brought_to_the_prices_of_a_year_and_nothing_else() -> None:
    facts = merge(to_frame([make_money(110, date="2023-05-01"), make_figure(value=4)]))
    deflated = constant_prices(facts, PRICES)
    assert deflated["value"].tolist() == [pytest.approx(100), 4]
    assert deflated["deflator"].isna().tolist() == [False, True]


def test_a_year_that_the_index_lacks() -> None:
    with pytest.raises(LedgerError, match="no value for 2022"):
        constant_prices(merge(to_frame([make_money(110, date="2022-05-01")])), PRICES)
    with pytest.raises(LedgerError, match="no value for 2019"):
        constant_prices(merge(to_frame([make_figure()])), Prices(2019, PRICES.index))
    with pytest.raises(LedgerError, match="without a date"):
        constant_prices(merge(to_frame([make_money(110, date=None)])), PRICES)


def test_totals_in_constant_prices(tmp_path: Path) -> None:
    path = tmp_path / "index.csv"
    path.write_text("year,index\n2021,100\n2022,125\n2023,150\n", "utf-8")
    figures = [make_money(250, date="2022-03-01"), make_money(450, date="2023-03-01")]
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger.add(source_of(figures), figures)
        assert ledger.totals(prices=read_prices(path, 2021))["best"].tolist() == [500]


def test_an_index_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "index.csv"
    path.write_text("year,index\n2021,a hundred\n", "utf-8")
    with pytest.raises(LedgerError, match=r"index\.csv, line 2"):
        read_prices(path, 2021)
    with pytest.raises(LedgerError, match=r"gone\.csv"):
        read_prices(tmp_path / "gone.csv", 2021)
