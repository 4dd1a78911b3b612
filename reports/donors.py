"""The sheet Donors by item: a matrix of who gave what, one row for each item, status and unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from reports.contents import Totals

TRANSFERS = ("requested", "authorized", "committed", "delivered")
KEYS = ["item", "status", "unit"]


def donors_by_item(totals: Totals) -> pd.DataFrame:
    """Best sums with a column ``all`` and one for each donor, the largest number of facts first.

    Money comes first (its item is empty), then items by name; only statuses of aid are shown.
    """
    by_donor = totals(by=("donor",))
    by_donor = by_donor[by_donor["status"].isin(TRANSFERS)]
    by_donor = by_donor.assign(donor=by_donor["donor"].fillna("not_stated"))
    order = by_donor.groupby("donor")["facts"].sum().sort_values(ascending=False, kind="stable")
    matrix = by_donor.pivot_table(
        index=KEYS, columns="donor", values="best", aggfunc="sum", dropna=False, observed=True
    ).dropna(how="all")
    every = totals(by=()).set_index(KEYS)["best"].rename("all")
    rows = matrix.join(every).reset_index()[[*KEYS, "all", *order.index]]
    return rows.sort_values(
        ["item", "status", "unit"], na_position="first", kind="stable", ignore_index=True
    )
