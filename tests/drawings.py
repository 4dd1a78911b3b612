"""Charts for tests: each kind of 0, 1, 2 or 40 series."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from factory import make_figure, make_money
from ledger.dedupe import merge
from ledger.reconcile import reconcile
from ledger.table import to_frame
from ledger.totals import totals
from reports.charts.charts import plot_columns, plot_totals
from reports.charts.evidence import plot_reconciliation, plot_timeline
from reports.charts.rankings import plot_commitments, plot_ranked

SERIES = (0, 1, 2, 40)
PLOTS = ("totals", "columns", "ranked", "shares", "commitments", "reconciliation", "timeline")
WORDS = {"source": "42 statements"}
CODES = (*"""
USA DEU GBR POL CAN NOR NLD SWE DNK FRA ITA ESP CZE LTU EST LVA FIN BEL AUS JPN
ROU SVK BGR PRT GRC HRV SVN LUX IRL AUT CHE NZL KOR TUR HUN ISL BIH ARE EU NATO
""".split(), *(f"X{number}" for number in range(20)))  # fmt: skip


def donors(number: int, events: int = 6) -> pd.DataFrame:
    """Figures of so many donors, each with so many dated pledges of its own size."""
    return to_frame(
        make_money(
            1e7 * (1 + donor % 13) * (1 + event),
            donor=CODES[donor],
            status="delivered" if event % 3 == 1 else "committed",
            qualifier="at_most" if donor % 4 == 1 else "exact",
            date=f"2022-{3 + event:02d}-{1 + donor % 28:02d}",
        )
        for donor in range(number)
        for event in range(events)
    )


def balances(number: int) -> pd.DataFrame:
    """The balances of one series with so many deliveries and as many stated totals."""
    days = [f"2022-{1 + n * 11 // max(number, 1):02d}-{1 + n * 5 % 28:02d}" for n in range(number)]
    figures = [
        make_figure(value=value, date=day, status="delivered", basis=basis)
        for n, day in enumerate(sorted(days))
        for basis, value in (("delta", 5), ("total", 6 * (n + 1) + n % 3 * 20))
    ]
    return reconcile(merge(to_frame(figures)))


def draw(plot: str, number: int, **options: Any) -> Axes:
    """The chart of so many series, with a title and a source."""
    figures, words = donors(number), WORDS | options
    match plot:
        case "totals":
            frame = totals(figures, by="donor", freq="day", status="committed")
            return plot_totals(frame, **words)
        case "columns":
            frame = totals(figures, by="donor", freq="month", status="committed")
            return plot_columns(frame, **words)
        case "ranked":
            return plot_ranked(totals(figures, by="donor", status="committed"), **words)
        case "shares":
            gdp = {code: 1e10 * (rank + 1) for rank, code in enumerate(CODES[:30])}
            frame = totals(figures, by="donor", status="committed")
            return plot_ranked(frame, share_of=gdp, **words)
        case "commitments":
            return plot_commitments(totals(figures, by="donor"), **words)
        case "reconciliation":
            return plot_reconciliation(balances(number), **words)
    return plot_timeline(figures, lanes="donor", **words)
