"""Money in another currency, at the rate of the day, the reported amount kept beside it.

Rates are the ECB's daily reference rates since 1999, as the CurrencyConverter package ships them:
on a day without one the last before it holds, for a week at most. Where the ECB has none (UAH; RUB
after 1 March 2022), and wherever the user knows better, rates come from a CSV of one's own:

    date,base,currency,rate
    2022-07-21,USD,UAH,36.5686
    2022-03-01,,RUB,117.2

``rate`` is how much ``currency`` one unit of ``base`` (EUR if empty) buys from ``date`` on, until
the next date given; an empty date holds always.
"""

from __future__ import annotations

import csv
import os
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import pandas as pd

from ledger.errors import LedgerError

DAYS_VALID = 7
RATE_COLUMNS = ("date", "base", "currency", "rate")
AMOUNTS = ("value", "low", "high", "tolerance")


@dataclass(frozen=True, slots=True)
class Rate:
    """One unit of ``base`` buys ``rate`` of ``currency`` from ``date`` on; "" holds always."""

    date: str
    base: str
    currency: str
    rate: float


def read_rates(path: str | os.PathLike[str]) -> list[Rate]:
    """The rates of a CSV file. Raises LedgerError naming the file and the line."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as lines:
            return [
                _rate(row, f"{path}, line {n}") for n, row in enumerate(csv.DictReader(lines), 2)
            ]
    except OSError as error:
        raise LedgerError(f"{path}: {error}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise LedgerError(f"{path}: not lines of CSV in UTF-8: {error}") from error


def _rate(row: Mapping[str, str | None], place: str) -> Rate:
    try:
        day, number = (row["date"] or "").strip(), float(row["rate"] or "")
        base, currency = (row.get("base") or "EUR").strip(), (row["currency"] or "").strip()
        if day:
            date.fromisoformat(day)
    except (KeyError, ValueError) as error:
        raise LedgerError(f"{place}: not a rate ({', '.join(RATE_COLUMNS)}): {error}") from error
    if number <= 0 or not currency:
        raise LedgerError(f"{place}: a rate has a currency and is more than 0")
    return Rate(day, base, currency, number)


class Rates:
    """Rates by day: one's own first, then the ECB's."""

    def __init__(self, own: Iterable[Rate] = ()) -> None:
        self._own: dict[str, list[Rate]] = {}
        for rate in sorted(own, key=lambda rate: rate.date):
            self._own.setdefault(rate.currency, []).append(rate)

    def per_euro(
        self, currency: str, day: date, passed: tuple[str, ...] = ()
    ) -> tuple[float, date]:
        """How much of ``currency`` one euro buys on ``day``, and the day that rate is of.

        ``passed`` are the currencies whose rates led here. Raises LedgerError where neither one's
        own rates nor the ECB's have it.
        """
        if currency == "EUR":
            return 1.0, day
        held = self._own.get(currency, [])
        place = bisect_right([rate.date for rate in held], day.isoformat())
        if place == 0 or currency in passed:
            return _of_ecb(currency, day)
        own = held[place - 1]
        of_base, _ = self.per_euro(own.base, day, (*passed, currency))
        return own.rate * of_base, date.fromisoformat(own.date) if own.date else day

    def know(self, currency: str) -> bool:
        """Whether there is a rate of ``currency`` on any day."""
        return currency == "EUR" or currency in self._own or currency in _ecb().currencies

    def between(self, currency: str, target: str, day: date) -> tuple[float, date]:
        """How much of ``target`` one unit of ``currency`` buys on ``day``, and the rate's day."""
        if currency == target:
            return 1.0, day
        sold, sold_on = self.per_euro(currency, day)
        bought, bought_on = self.per_euro(target, day)
        return bought / sold, min(sold_on, bought_on)


@cache
def _ecb() -> Any:
    from currency_converter import CurrencyConverter  # type: ignore[import-untyped]

    return CurrencyConverter()


@cache
def _of_ecb(currency: str, day: date) -> tuple[float, date]:
    from currency_converter import RateNotFoundError

    for back in range(DAYS_VALID + 1):
        earlier = day - timedelta(days=back)
        try:
            return 1 / _ecb().convert(1, currency, "EUR", date=earlier), earlier
        except RateNotFoundError:
            continue
        except ValueError as error:
            raise LedgerError(_lacking(currency, day)) from error
    raise LedgerError(_lacking(currency, day))


def _lacking(currency: str, day: date | None = None) -> str:
    when = f" on {day}" if day else ""
    return (
        f"no exchange rate for {currency}{when}: the ECB has none; "
        "add your own from a CSV with date, base, currency, rate"
    )


def convert(frame: pd.DataFrame, currency: str, rates: Rates) -> pd.DataFrame:
    """The frame with all money in ``currency``, at the rate of each row's ``date_end`` (of its
    first publication where the text gives no date).

    Adds ``reported_unit``, ``reported_value``, ``rate`` and ``rate_date``, NaN for what is not
    money. An amount without a currency, a date or a rate has no number in ``currency``: its
    ``value`` and bounds are NaN, what was reported stays. Raises LedgerError where there is
    something to convert and ``currency`` has no rate on any day, and where that leaves no money at
    all for want of rates.
    """
    money = frame["dimension"].eq("money")
    days = frame["date_end"]
    if "first_seen" in frame:
        days = days.fillna(frame["first_seen"])
    other = money & frame["unit"].ne(currency)
    needed = frame.assign(day=days).loc[other, ["unit", "day"]]
    if len(needed) and not rates.know(currency):
        raise LedgerError(_lacking(currency))
    rated = needed.merge(_rated(needed, currency, rates), on=["unit", "day"], how="left")
    rated = rated.set_index(needed.index)
    dated = needed.dropna()
    if len(dated) and rated["rate"].isna().all() and other.sum() == money.sum():
        unit, day = dated.iloc[0]
        raise LedgerError(f"no exchange rate for {unit} to {currency} on {day.date()}")
    converted = frame.assign(
        reported_unit=frame["unit"].where(money),
        reported_value=frame["value"].where(money),
        rate=rated["rate"].reindex(frame.index),
        rate_date=rated["rate_date"].reindex(frame.index).astype("datetime64[us]"),
        unit=frame["unit"].mask(money, currency),
    )
    factor = converted["rate"].where(other, 1.0)
    for name in AMOUNTS:
        if name in frame:
            converted[name] = frame[name] * factor
    return converted


def _rated(needed: pd.DataFrame, currency: str, rates: Rates) -> pd.DataFrame:
    """The rate of each currency and day, and the day it is of; those without one are left out."""
    found = []
    for unit, day in needed.dropna().drop_duplicates().itertuples(index=False):
        with suppress(LedgerError):
            found.append((unit, day, *rates.between(unit, currency, day.date())))
    pairs = pd.DataFrame(found, columns=["unit", "day", "rate", "rate_date"])
    dtypes = {name: needed[name].dtype for name in ("unit", "day")}
    pairs["rate_date"] = pd.to_datetime(pairs["rate_date"])
    return pairs.astype(dtypes | {"rate": "float64"})
