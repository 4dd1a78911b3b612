"""Money in another currency: the ECB's rates, one's own, and clear errors where there are none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from factory import make_figure, make_money, source_of
from ledger.convert import Rate, Rates, convert, read_rates
from ledger.dedupe import merge
from ledger.errors import LedgerError
from ledger.figure import Figure
from ledger.ledger import Ledger
from ledger.table import to_frame
from ledger.totals import totals


def test_the_ecbs_rate_of_the_day() -> None:
    # ECB euro reference rate of 3 October 2022: 0.9764 US dollars.
    rate, day = Rates().between("USD", "EUR", date(2022, 10, 3))
    assert rate == pytest.approx(1 / 0.9764)
    assert day == date(2022, 10, 3)


def test_a_day_without_a_rate_takes_the_last_before_it() -> None:
    friday = Rates().between("USD", "EUR", date(2022, 9, 30))
    assert Rates().between("USD", "EUR", date(2022, 10, 2)) == friday
    assert friday[1] == date(2022, 9, 30)


@pytest.mark.parametrize(
    ("currency", "day"),
    [("UAH", date(2022, 10, 3)), ("RUB", date(2022, 3, 15)), ("USD", date(1998, 1, 5))],
)
def test_where_the_ecb_has_none_the_error_says_what_to_do(currency: str, day: date) -> None:
    with pytest.raises(LedgerError, match=f"no exchange rate for {currency} on {day}.*CSV"):
        Rates().between(currency, "EUR", day)


def test_roubles_until_the_last_rate() -> None:
    rate, day = Rates().per_euro("RUB", date(2022, 3, 1))
    assert rate == pytest.approx(117.201)
    assert day == date(2022, 3, 1)


def test_own_rates_hold_from_their_day_on_and_go_before_the_ecbs() -> None:
    own = Rates(
        [
            Rate("2022-07-21", "USD", "UAH", 36.5686),
            Rate("2022-02-24", "USD", "UAH", 29.2549),
            Rate("", "EUR", "SEK", 10.0),
        ]
    )
    assert own.between("USD", "UAH", date(2022, 7, 20))[0] == pytest.approx(29.2549)
    assert own.between("USD", "UAH", date(2023, 1, 2))[0] == pytest.approx(36.5686)
    assert own.between("EUR", "SEK", date(1990, 1, 1)) == (10.0, date(1990, 1, 1))
    with pytest.raises(LedgerError, match="UAH on 2022-02-23"):
        own.between("USD", "UAH", date(2022, 2, 23))


def test_own_rates_that_lean_on_each_other_end_at_the_ecb() -> None:
    own = Rates([Rate("", "UAH", "XXX", 2.0), Rate("", "XXX", "UAH", 0.5)])
    with pytest.raises(LedgerError, match="no exchange rate"):
        own.per_euro("UAH", date(2022, 10, 3))


def test_the_reported_amount_stays_beside_the_converted_one() -> None:
    facts = merge(
        to_frame(
            [
                make_money(976_400, date="2022-10-03"),
                make_money(100, unit="EUR", date="2022-10-03"),
                make_figure(value=4),
            ]
        )
    )
    converted = convert(facts, "EUR", Rates())
    assert converted["value"].tolist() == [pytest.approx(1_000_000), 100, 4]
    assert converted["unit"].tolist() == ["EUR", "EUR", "count"]
    assert converted["reported_unit"].fillna("").tolist() == ["USD", "EUR", ""]
    assert converted["reported_value"].fillna(0).tolist() == [976_400, 100, 0]
    assert converted["rate_date"].iloc[0] == pd.Timestamp("2022-10-03")
    assert converted["rate"].isna().tolist() == [False, True, True]


def test_an_amount_without_a_date_takes_its_publications() -> None:
    frame = to_frame([make_money(976_400, date=None)])
    undated = convert(merge(frame), "EUR", Rates()).loc[0]
    assert undated[["value", "low", "high", "rate", "rate_date"]].isna().all()
    assert undated["reported_value"] == 976_400
    frame["published"] = pd.Series(["2022-10-03"], dtype="str")
    assert convert(merge(frame), "EUR", Rates())["value"].iloc[0] == pytest.approx(1_000_000)


def test_totals_in_one_currency(place: str) -> None:
    figures = [
        make_money(976_400, date="2022-10-03"),
        make_money(1_000_000, unit="EUR", date="2022-10-03"),
        make_money(36_568_600, unit="UAH", date="2022-10-03", status="delivered"),
    ]
    with Ledger(place) as ledger:
        ledger.add(source_of(figures), figures)
        euros = ledger.totals(currency="EUR").set_index("status")
        assert euros.loc["committed", "best"] == pytest.approx(2_000_000)
        assert euros["best"].isna().to_dict() == {"committed": False, "delivered": True}
        assert euros["unconverted"].to_dict() == {"committed": 0, "delivered": 1}
        assert euros["facts"].to_dict() == {"committed": 2, "delivered": 0}
        assert ledger.totals(currency="EUR", status="committed")["best"].tolist() == [
            pytest.approx(2_000_000)
        ]
        for rate in (40.0, 37.4526):
            ledger.add_rates([Rate("2022-07-21", "EUR", "UAH", rate)])
        delivered = ledger.totals(currency="EUR", status="delivered")
        assert delivered["best"].tolist() == [pytest.approx(36_568_600 / 37.4526)]
        assert ledger.figures()["unit"].tolist() == ["USD", "EUR", "UAH"]


def test_a_sum_goes_on_without_what_cannot_be_converted() -> None:
    """No date, no rate of that day, no currency that is known: each is counted and in no sum."""
    figures = [
        make_money(976_400, date="2022-10-03"),
        make_money(5, date=None),
        make_money(6, unit="UAH"),
        make_money(7, unit="RUB", date="2022-03-15"),
        make_figure(value=4),
    ]
    sums = totals(to_frame(figures), currency="EUR").set_index("unit")
    assert sums.loc["EUR", "best"] == pytest.approx(1_000_000)
    assert sums["high"].equals(sums["cumulative_high"].rename("high"))
    assert sums["facts"].to_dict() == {"EUR": 1, "count": 1}
    assert sums["unconverted"].to_dict() == {"EUR": 3, "count": 0}
    assert "unconverted" not in totals(to_frame(figures))


def test_a_currency_that_has_no_rate_on_any_day_is_an_error_where_one_is_needed() -> None:
    frame = to_frame([make_money(100)])
    with pytest.raises(LedgerError, match="no exchange rate for XYZ: the ECB has none"):
        totals(frame, currency="XYZ")
    hryvnias = to_frame([make_money(100, unit="UAH"), make_money(5, unit="UAH", date=None)])
    assert totals(hryvnias, currency="UAH")["best"].tolist() == [105]


@pytest.mark.parametrize("unit", ["USD", "EUR"])
def test_money_that_is_in_the_currency_already_stays_as_it_is(unit: str, tmp_path: Path) -> None:
    figures = [make_money(100, unit=unit), make_money(5, unit=unit, date=None), make_figure()]
    with Ledger(tmp_path / "aid.db") as ledger:
        ledger.add(source_of(figures), figures)
        own = ledger.totals()
        pd.testing.assert_frame_equal(ledger.totals(currency=unit)[list(own.columns)], own)


def test_rates_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "rates.csv"
    path.write_text("date,base,currency,rate\n2022-07-21,USD,UAH,36.5686\n,,RUB,70\n", "utf-8")
    assert read_rates(path) == [
        Rate("2022-07-21", "USD", "UAH", 36.5686),
        Rate("", "EUR", "RUB", 70.0),
    ]


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("2022-07-21,USD,UAH,much", "line 2: not a rate"),
        ("21.7.2022,USD,UAH,36", "line 2: not a rate"),
        ("2022-07-21,USD,UAH,-1", "line 2: a rate .* more than 0"),
        ("2022-07-21,USD,,1", "line 2: a rate has a currency"),
    ],
)
def test_wrong_rates_are_refused_by_line(tmp_path: Path, line: str, cause: str) -> None:
    path = tmp_path / "rates.csv"
    path.write_text(f"date,base,currency,rate\n{line}\n", "utf-8")
    with pytest.raises(LedgerError, match=f"rates.csv, {cause}"):
        read_rates(path)
    with pytest.raises(LedgerError, match=r"missing\.csv"):
        read_rates(tmp_path / "missing.csv")


@pytest.mark.parametrize("figures", [[], [make_figure(value=4)], [make_money(value=5, unit="EUR")]])
def test_where_no_money_is_in_another_currency_no_rate_is_asked_for(figures: list[Figure]) -> None:
    facts = merge(to_frame(figures))
    converted = convert(facts, "EUR", Rates())
    assert converted["rate"].isna().all()
    pd.testing.assert_frame_equal(converted[list(facts.columns)], facts)
