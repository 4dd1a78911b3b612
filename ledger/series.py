"""A series: one donor (or party), one recipient, one item, one unit, one status."""

from __future__ import annotations

import pandas as pd

ACTORS = ["donor", "recipient", "party"]
SERIES = (*ACTORS, "item", "unit", "status")


def purpose(frame: pd.DataFrame) -> pd.Series[str]:
    """What a figure is of: its item; for money its kind of aid, where that is known.

    Texts call one package military aid, security assistance or weapons, and mean the same money.
    """
    money = frame["dimension"].eq("money")
    return frame["item"].mask(money, frame["aid_type"].fillna(frame["item"]))
