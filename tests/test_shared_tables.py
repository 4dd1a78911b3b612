"""Whole published tables: Kiel, daily losses, Oryx. They stand beside the repository, not in it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from aidledger.sheets.readtable import read_table
from ledger.dedupe import merge
from ledger.figure import Figure
from ledger.imports.coded_tables import read_frame
from ledger.imports.mapping import read_mapping
from ledger.parts import check_parts
from ledger.reconcile import reconcile
from ledger.table import to_frame
from ledger.totals import totals

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no shared data at {DATA}")


def figures_of(name: str, mapping_name: str) -> tuple[Figure, ...]:
    mapping = read_mapping(mapping_name)
    frame = read_table(DATA / name, mapping)
    return tuple(read_frame(frame, mapping, source_id=name).figures)


def test_kiels_activities_by_country_to_the_euro() -> None:
    figures = figures_of("kiel/main_data_no_text.csv", "kiel-activities")
    sums = totals(to_frame(figures), by="donor")
    assert sums["facts"].sum() == len(figures) == 810
    assert sums["best"].sum() == 237_884_216_124
    table = pd.read_csv(DATA / "kiel/main_data_no_text.csv", dtype=str)
    activities = table[table["Total_value_dummy (1 is first row in the package)"].eq("1.0")]
    euros = pd.to_numeric(activities["Converted Value in EUR"].str.replace(",", ""), "coerce")
    by_country = euros.groupby(activities["Countries"]).sum()
    donors = read_mapping("kiel-activities").rules[0].fields["donor"].map  # type: ignore[union-attr]
    expected = by_country.rename(donors).loc[lambda value: value > 0]
    pd.testing.assert_series_equal(
        sums.set_index("donor")["best"], expected.sort_index(), check_names=False
    )


def test_kiels_spans_keep_their_end() -> None:
    figures = figures_of("kiel/main_data_no_text.csv", "kiel-activities")
    dates = {figure.date for figure in figures}
    assert {"2023-05-31", "2023-06", "2022-07-01"} <= dates
    assert sum(figure.date is None for figure in figures) == 2


def test_kiels_dated_drawdowns() -> None:
    figures = figures_of("kiel/main_data_no_text.csv", "kiel-drawdowns")
    assert (len(figures), sum(figure.value or 0 for figure in figures)) == (19, 9_025_000_000)
    facts = merge(to_frame(figures))
    assert facts.loc[facts["value"].eq(8e8), "date"].tolist() == [
        "2022-03-16",
        "2022-04-13",
        "2022-04-21",
    ]


def test_daily_losses_fall_13_times_on_11_days() -> None:
    equipment = figures_of("losses/russia_losses_equipment.json", "daily-losses")
    personnel = figures_of("losses/russia_losses_personnel.json", "daily-losses")
    held = reconcile(merge(to_frame([*equipment, *personnel])))
    conflicts = held[held["verdict"].eq("conflict")]
    assert (len(conflicts), conflicts["date"].nunique()) == (13, 11)
    assert (conflicts["change"] < 0).all()
    assert (held.loc[held["verdict"].eq("cannot compare"), "change"].dropna() >= 0).all()


def test_oryx_lines_that_do_not_add_up() -> None:
    parsed = pd.read_csv(DATA / "oryx/weekly_parsed.csv", dtype=str, keep_default_na=False)
    weeks = sorted((DATA / "oryx/weekly").glob("*.md"))
    held = parsed[parsed["date"].isin([week.stem for week in weeks])]
    figures = [f for week in weeks for f in figures_of(f"oryx/weekly/{week.name}", "oryx-lines")]
    checked = check_parts(merge(to_frame(figures)))
    assert checked["date"].dt.strftime("%Y-%m-%d").tolist() == held["date"].tolist()
    assert checked["verdict"].eq("agrees").tolist() == held["parts_add_up"].eq("yes").tolist()
