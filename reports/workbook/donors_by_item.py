"""The sheet Donors by item: a matrix of who gave what, one row for each item, status and unit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from reports.workbook.contents import Totals

TRANSFERS = ("requested", "authorized", "committed", "delivered")
KEYS = ["item", "status", "unit"]
EVERY, NOT_STATED = "all", "not_stated"


def donors_by_item(totals: Totals) -> pd.DataFrame:
    """Best sums with a column ``all`` and one for each donor, the largest number of facts first.

    Money comes first (its item is empty), then items by name; only statuses of aid are shown.
    """
    by_donor = totals(by=("donor",))
    by_donor = by_donor[by_donor["status"].isin(TRANSFERS)]
    headers = _headers(by_donor["donor"].dropna().unique())
    by_donor = by_donor.assign(donor=by_donor["donor"].map(headers).fillna(NOT_STATED))
    order = by_donor.groupby("donor")["facts"].sum().sort_values(ascending=False, kind="stable")
    matrix = by_donor.pivot_table(
        index=KEYS, columns="donor", values="best", aggfunc="sum", dropna=False, observed=True
    ).dropna(how="all")
    every = totals(by=()).set_index(KEYS)["best"].rename(EVERY)
    rows = matrix.join(every).reset_index()[[*KEYS, EVERY, *order.index]]
    return rows.sort_values(KEYS, na_position="first", kind="stable", ignore_index=True)


def _headers(donors: Iterable[str]) -> dict[str, str]:
    """What the column of each donor is called; one may go by the name of another column."""
    taken = {*KEYS, EVERY, NOT_STATED}
    headers: dict[str, str] = {}
    for donor in donors:
        header = donor
        while header in taken:
            header += " (donor)"
        taken.add(header)
        headers[donor] = header
    return headers
