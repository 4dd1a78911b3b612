"""How well a number is known: what it adds to a sum, how precisely it is written, how surely."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeVar

import numpy as np
import pandas as pd

Number = TypeVar("Number", float, Decimal)
_TO_THE_UNIT = 0.5
_FIRST_NUMBER = r"(\d(?:[\d.,'\u00a0\u2009\u202f ]*\d)?)"


def terms(frame: pd.DataFrame) -> pd.DataFrame:
    """What each row adds to a sum: columns ``low``, ``best``, ``high`` and ``midpoint``.

    ``up to N`` has low 0 and best N, a bound that the text leaves open at the top is NaN in
    ``high``, and a range's best is its midpoint, which ``midpoint`` marks.
    """
    low = frame["low"].fillna(frame["high"].clip(upper=0.0))
    middle = (frame["low"] + frame["high"]) / 2
    midpoint = frame["value"].isna() & middle.notna()
    best = frame["value"].fillna(middle).fillna(frame["low"]).fillna(frame["high"])
    return pd.DataFrame({"low": low, "best": best, "high": frame["high"], "midpoint": midpoint})


def likely(frame: pd.DataFrame, best: pd.Series[float]) -> pd.DataFrame:
    """What tells how sure sums of these facts are, whose amounts are ``best`` (:func:`terms`):
    ``likely``, the amount of each times the chance that it is read rightly (its confidence; 1 where
    somebody has decided on it), and ``weighed``, that amount; both 0 where no reader says a chance,
    and in frames without ``confidence``. Their sums' quotient is the chance of a sum, weighed by
    amounts; see :func:`sure`."""
    unsaid = pd.Series(np.nan, index=frame.index)
    chance = frame.get("confidence", unsaid).astype("float64")
    chance = chance.mask(frame.get("review", unsaid).notna(), 1.0)
    amount = best.abs().where(chance.notna()).fillna(0.0)
    return pd.DataFrame({"likely": (amount * chance).fillna(0.0), "weighed": amount})


def sure(sums: pd.DataFrame) -> pd.Series[float]:
    """How sure sums of :func:`likely` are, to three digits; NaN where nothing is weighed."""
    return (sums["likely"] / sums["weighed"].where(sums["weighed"] > 0)).round(3)


def best(value: float | None, low: float | None, high: float | None) -> float | None:
    """What one number adds to a sum at best, as :func:`terms` has it for frames."""
    if value is not None:
        return value
    if low is not None and high is not None:
        return (low + high) / 2
    return high if low is None else low


def of_qualifier(qualifier: str, value: Number | None) -> tuple[Number | None, Number | None]:
    """The bounds that the codebook gives a value with this qualifier; None is open."""
    low = None if qualifier in ("at_most", "less_than") else value
    high = None if qualifier in ("at_least", "more_than", "vague") else value
    return low, high


def written_tolerance(frame: pd.DataFrame) -> pd.Series[float]:
    """Half a unit of the last digit written: "$1.1 billion" is good to 0.05 billion.

    In digits, the trailing zeros of an approximate number do not count as written ("about 5,000"
    is good to 500); in words, the number is good to half its magnitude ("two billion" to half a
    billion) and exact below a thousand. Needs ``text``, ``value``, ``low``, ``high``,
    ``qualifier``; NaN where a row has no number.
    """
    size = terms(frame)["best"].abs()
    digits = frame["text"].str.extract(_FIRST_NUMBER)[0].str.replace(r"\D", "", regex=True)
    digits = digits.str.lstrip("0")
    rough = frame["qualifier"].eq("about")
    digits = digits.where(~rough, digits.str.rstrip("0"))
    count = digits.str.len().fillna(0).to_numpy(dtype="float64")
    exponent = np.floor(np.log10(size.where(size > 0, 1.0).to_numpy()))
    in_digits = 0.5 * 10.0 ** (exponent - (count - 1))
    tolerance = np.where(count > 0, in_digits, _of_words(size.to_numpy()))
    return pd.Series(tolerance, index=frame.index).where(size.notna())


def slack(frame: pd.DataFrame) -> pd.Series[float]:
    """How far a number may be off when it is compared: its written ``tolerance``, and nothing where
    it is written to the unit."""
    return frame["tolerance"].where(frame["tolerance"] > _TO_THE_UNIT, 0.0)


def _of_words(size: np.ndarray) -> np.ndarray:
    tolerance = np.full(len(size), _TO_THE_UNIT)
    for magnitude in (1e3, 1e6, 1e9, 1e12):
        whole = (size >= magnitude) & (np.mod(size, magnitude) == 0)
        tolerance[whole] = magnitude / 2
    return tolerance
