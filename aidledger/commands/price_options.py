"""The options that bring money to the prices of one year."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aidledger.commands.batch import present

if TYPE_CHECKING:
    from ledger.prices import Prices

PriceIndex = Annotated[
    Path | None,
    typer.Option(
        "--prices", metavar="FILE.csv", help="A price index (year, index), to show money in the "
        "prices of one year."
    ),
]  # fmt: skip
PriceYear = Annotated[int | None, typer.Option(metavar="YEAR", help="That year.")]


def prices_of(index: Path | None, year: int | None) -> Prices | None:
    """The index and its year. Raises BadParameter for one without the other."""
    from ledger.prices import read_prices

    if (index is None) != (year is None):
        raise typer.BadParameter("--prices and --price-year go together")
    return None if index is None or year is None else read_prices(present(index), year)
