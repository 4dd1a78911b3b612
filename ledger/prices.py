"""Money in the prices of one year, by a price index of one's own.

The index is a CSV with a line a year, on any base:

    year,index
    2021,100
    2022,108.0
"""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from ledger.convert import AMOUNTS
from ledger.errors import LedgerError


@dataclass(frozen=True, slots=True)
class Prices:
    """The year whose prices are wanted, and the index by year."""

    year: int
    index: Mapping[int, float]


def read_prices(path: str | os.PathLike[str], year: int) -> Prices:
    """The index of a CSV file. Raises LedgerError naming the file and the line."""
    index: dict[int, float] = {}
    try:
        with open(path, encoding="utf-8-sig", newline="") as lines:
            for line, row in enumerate(csv.DictReader(lines), start=2):
                try:
                    index[int(row["year"])] = float(row["index"])
                except (KeyError, TypeError, ValueError) as error:
                    raise LedgerError(f"{path}, line {line}: not a year and its index") from error
    except OSError as error:
        raise LedgerError(f"{path}: {error}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise LedgerError(f"{path}: not lines of CSV in UTF-8: {error}") from error
    return Prices(year, index)


def constant_prices(frame: pd.DataFrame, prices: Prices) -> pd.DataFrame:
    """The frame with all money in the prices of one year; what is not money stays as it is.

    Adds ``deflator``, the factor applied. Raises LedgerError for a year that the index lacks, and
    for an amount without a date.
    """
    money = frame["dimension"].eq("money") & frame[["value", "low", "high"]].notna().any(axis=1)
    years = frame["date_end"].dt.year.where(money)
    if (money & years.isna()).any():
        raise LedgerError("amounts without a date have no price level")
    lacking = sorted({prices.year, *years.dropna().astype("int64")} - set(prices.index))
    if lacking:
        raise LedgerError(f"the price index has no value for {', '.join(map(str, lacking))}")
    deflator = (prices.index[prices.year] / years.map(dict(prices.index))).fillna(1.0)
    amounts = {name: frame[name] * deflator for name in AMOUNTS if name in frame}
    return frame.assign(**amounts, deflator=deflator.where(money))
