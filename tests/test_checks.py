"""Checks: formulas that add up the facts, and come to what the ledger stored."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

from aidledger.ledger import Ledger
from books import BALANCED, FIGURES, written
from factory import source_of
from ledger.dedupe import merge
from ledger.reconcile import reconcile
from ledger.table import to_frame
from reports.workbook.checks import STORED


def test_checks_hold_the_balances_and_a_formula_beside_each_number(tmp_path: Path) -> None:
    balances = reconcile(merge(to_frame(BALANCED)))
    path = written(tmp_path, BALANCED)
    shown = pd.read_excel(path, sheet_name="Checks")
    stored = shown[list(balances.columns)].astype(balances.dtypes.to_dict())
    pd.testing.assert_frame_equal(stored, balances)
    for live, result in STORED.items():
        has = shown[live].notna()
        assert has.sum() >= balances["entry"].eq("total").sum()
        assert shown[live][has].tolist() == shown[result][has].tolist()
    sheet = load_workbook(path)["Checks"]
    formulas = [cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert any(str(formula).startswith("='Facts'!") for formula in formulas)


def worked_out(path: Path, changes: dict[str, Any] | None = None) -> dict[str, pd.DataFrame]:
    """The sheets as LibreOffice works them out, without the results that we stored.

    ``changes`` puts other values into cells of Facts first.
    """
    book = load_workbook(path)  # keeps formulas and leaves their results out
    for cell, value in (changes or {}).items():
        book["Facts"][cell] = value
    book.save(path.with_name("bare.xlsx"))
    subprocess.run(
        ["soffice", f"-env:UserInstallation={path.parent.as_uri()}/home", "--headless",
         "--convert-to", "xlsx", "--outdir", str(path.parent / "out"),
         str(path.with_name("bare.xlsx"))],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return pd.read_excel(path.parent / "out" / "bare.xlsx", sheet_name=None)


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_a_spreadsheet_works_the_checks_out_to_the_stored_results(tmp_path: Path) -> None:
    figures = [*BALANCED, *FIGURES]
    with Ledger(tmp_path / "aid.db") as ledger:
        for source_id in {figure.source_id for figure in figures}:
            held = [figure for figure in figures if figure.source_id == source_id]
            ledger.add(source_of(held), held)
        path = written(tmp_path, figures, review=ledger.review_sheets())
    book = worked_out(path)
    for title, rows in book.items():
        broken = rows.map(lambda value: isinstance(value, str) and value.startswith(("#", "Err:")))
        assert not broken.to_numpy().any(), title
    checks = book["Checks"]
    assert checks["same"].notna().sum() == checks["entry"].ne("opening").sum()
    assert checks["same"].dropna().astype(bool).all()
    for live, result in STORED.items():
        has = checks[live].notna()
        assert checks[live][has].tolist() == checks[result][has].tolist()
    changed = worked_out(path, {"A3": 17})["Checks"]
    assert not changed["same"].dropna().astype(bool).all()


def test_what_nobody_reviewed_and_what_conflicts_is_marked(tmp_path: Path) -> None:
    book = load_workbook(written(tmp_path, BALANCED))
    rules = {title: [r for area in book[title].conditional_formatting for r in area.rules]
             for title in ("Facts", "Checks")}  # fmt: skip
    assert [rule.formula for rule in rules["Facts"]] == [['AND(N2="",$A2&$B2<>"")']]
    assert ['OR($R2="conflict")'] in [rule.formula for rule in rules["Checks"]]
