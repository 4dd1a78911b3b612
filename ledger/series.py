"""A series: one donor (or party), one recipient, one item, one unit, one status."""

from __future__ import annotations

import pandas as pd

from ledger.figure import AID_TYPES

ACTORS = ["donor", "recipient", "party"]
SERIES = (*ACTORS, "item", "unit", "status")
MIXED = "mixed"
# Of purposes that are kinds of aid: aid of several kinds can be aid of each of them.
KINDS_OF_AID = dict.fromkeys((kind for kind in AID_TYPES if kind != MIXED), MIXED)


def purpose(frame: pd.DataFrame) -> pd.Series[str]:
    """What a figure is of: its item; for money its kind of aid, where that is known.

    Texts call one package military aid, security assistance or weapons, and mean the same money.
    """
    money = frame["dimension"].eq("money")
    return frame["item"].mask(money, frame["aid_type"].fillna(frame["item"]))
