"""aidledger: the figures in news and releases on military aid, with their units and meaning.

    import aidledger as al

    figures = al.extract("The US will send four more HIMARS.", published="2022-10-03")
    frame = al.to_frame(figures)

Names are looked up when they are first used, so that importing this package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from aidledger.ingest import Ingested, ingest

if TYPE_CHECKING:
    from extractors.explain import Explanation, explain
    from extractors.pipeline import extract
    from extractors.readers import Problem, ReadError, read, read_all
    from ledger.errors import LedgerError
    from ledger.figure import Figure, Source, from_record, to_record
    from ledger.figure import Source as Document
    from ledger.ledger import Ledger
    from ledger.table import to_frame
    from reports.canvas import save_chart
    from reports.charts import plot_columns, plot_totals
    from reports.workbook import write_workbook

    __version__: str

__all__ = [
    "Document",
    "Explanation",
    "Figure",
    "Ingested",
    "Ledger",
    "LedgerError",
    "Problem",
    "ReadError",
    "Source",
    "explain",
    "extract",
    "from_record",
    "ingest",
    "plot_columns",
    "plot_totals",
    "read",
    "read_all",
    "save_chart",
    "to_frame",
    "to_record",
    "write_workbook",
]

_HOMES = {
    "extractors.explain": ("Explanation", "explain"),
    "extractors.pipeline": ("extract",),
    "extractors.readers": ("Problem", "ReadError", "read", "read_all"),
    "ledger.errors": ("LedgerError",),
    "ledger.figure": ("Figure", "Source", "from_record", "to_record"),
    "ledger.ledger": ("Ledger",),
    "ledger.table": ("to_frame",),
    "reports.canvas": ("save_chart",),
    "reports.charts": ("plot_columns", "plot_totals"),
    "reports.workbook": ("write_workbook",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}
_ALIASES = {"Document": "Source"}


if not TYPE_CHECKING:  # a type checker sees the names above, and no others

    def __getattr__(name: str) -> Any:
        if name == "__version__":
            from importlib.metadata import version

            return version("aidledger")
        own = _ALIASES.get(name, name)
        if own not in _HOME_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(_HOME_OF[own]), own)
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
