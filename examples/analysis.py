"""How many HIMARS has the United States promised Ukraine, and what has it said the total is?

Reads the example documents, keeps them in a ledger, adds up each promise once, and draws the sum
over time: ``python examples/analysis.py [FOLDER]`` (by default ``analysis``).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import aidledger as al

INBOX = Path(__file__).parent / "inbox"
SENTENCE = "The US will send four more HIMARS to Ukraine, part of a $625 million package."


def main(folder: Path) -> None:
    """Print three small tables and write one chart into the folder."""
    folder.mkdir(parents=True, exist_ok=True)

    figures = al.extract(SENTENCE, published="2022-10-03")
    columns = ["text", "value", "unit", "item", "donor", "recipient", "status", "date"]
    print(al.to_frame(figures)[columns].to_string(index=False))

    with tempfile.TemporaryDirectory() as place, al.Ledger(Path(place, "aid.db")) as ledger:
        done = al.ingest(ledger, [INBOX])
        print(f"\n{done.documents} documents, {done.figures} figures")

        launchers = {"item": "HIMARS", "donor": "USA"}
        promised = ledger.totals(freq="day", status="committed", where=launchers)
        print("\nPromised, one launcher counted once:")
        print(promised[["period", "best", "cumulative_best"]].to_string(index=False))

        stated = ledger.facts().query("item == 'HIMARS' and basis == 'total'")
        print("\nTotals that the texts state:")
        print(stated[["date", "value", "status"]].to_string(index=False))

        axes = al.plot_totals(promised, title="HIMARS promised to Ukraine")
        print(f"\nwrote {al.save_chart(axes, folder / 'himars.png')}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "analysis"))
