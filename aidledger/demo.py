"""The demonstration: the example documents become a ledger, a workbook and two charts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aidledger.ingest import Ingested, ingest

if TYPE_CHECKING:
    import pandas as pd

    from aidledger.ledger import Ledger

HERE = Path(__file__).parent
STATUS, UNIT = "committed", "USD"


@dataclass(frozen=True)
class Demo:
    """What the demonstration read, found and wrote. ``totals``: what each donor has committed."""

    ingested: Ingested
    facts: int
    totals: pd.DataFrame
    files: tuple[Path, ...]

    def lines(self) -> Iterator[str]:
        """The same in words, line by line."""
        done = self.ingested
        yield f"{done.documents} documents, {done.figures} figures, {self.facts} facts"
        yield ""
        yield "Committed, each fact counted once:"
        for row in self.totals.to_dict("records"):
            thing = row["unit"] if row["unit"] != "count" else row["item"]
            bound = ", at most" if row["low"] < row["best"] else ""
            bound = ", at least" if row["open_terms"] else bound
            yield f"  {row['donor']:4} {row['best']:>14,.0f} {thing}{bound}"
        yield ""
        for file in self.files:
            yield f"wrote {file}"

    def _repr_html_(self) -> str:
        from ledger.notebook import html_table

        done = self.ingested
        rows = {"documents": done.documents, "figures": done.figures, "facts": self.facts}
        return html_table("Demo", rows | {"wrote": ", ".join(map(str, self.files))})


def examples() -> Path:
    """The folder of example documents: beside this file if installed, else in the repository."""
    installed = HERE / "examples"
    return installed if installed.is_dir() else HERE.parent / "examples" / "inbox"


def demo(folder: Path) -> Demo:
    """Read the example documents into ``folder/aidledger.db``; write a workbook and two charts.

    Running it again adds nothing to the ledger and writes the same files. Raises OSError or
    LedgerError where the folder cannot be written.
    """
    from aidledger.ledger import Ledger
    from aidledger.reporting import report

    folder.mkdir(parents=True, exist_ok=True)
    book_path, workbook = folder / "aidledger.db", folder / "aidledger.xlsx"
    with Ledger(book_path) as ledger:
        ingested = ingest(ledger, [examples()])
        report(ledger, workbook, origin="example documents")
        charts = _draw(ledger, folder)
        committed = ledger.totals(by="donor", status=STATUS).dropna(subset="donor")
        facts = len(ledger.facts())
    return Demo(ingested, facts, committed, (book_path, workbook, *charts))


def _draw(ledger: Ledger, folder: Path) -> tuple[Path, Path]:
    """USD committed by donor over time, and what each month added."""
    from reports.charts.canvas import save_chart
    from reports.charts.charts import plot_columns, plot_totals

    daily, monthly = (
        frame[frame["unit"] == UNIT]
        for frame in (
            ledger.totals(by="donor", freq=freq, status=STATUS) for freq in ("day", "month")
        )
    )
    source = f"{len(ledger.sources())} example documents, read by aidledger"
    return (
        save_chart(plot_totals(daily, source=source), folder / "committed-over-time.png"),
        save_chart(plot_columns(monthly, source=source), folder / "committed-by-month.png"),
    )
