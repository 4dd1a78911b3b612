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
    from aidledger.charts import chart
    from aidledger.engines.cluster import extract_on_cluster
    from aidledger.engines.tally import Tally
    from aidledger.extracting import extract_all, extract_files
    from aidledger.frames import FRAME_SCHEMA, extract_frame, frame_ddl
    from aidledger.ledger import Ledger, item_tree
    from aidledger.reporting import cue_words, page, report
    from aidledger.reviewing import export_review, import_review
    from aidledger.tables import ingest_tables, table_of
    from extractors.explain import Explanation, explain
    from extractors.formats.content import Reading
    from extractors.pipeline import extract
    from extractors.problem import Problem, ReadError
    from extractors.readers import read, read_all
    from ledger.convert import Rate, read_rates
    from ledger.documents import Added
    from ledger.errors import LedgerError
    from ledger.figure import Figure, Source, from_record, make_source, to_record
    from ledger.figure import Source as Document
    from ledger.filled import Conflict, Reviewed
    from ledger.mapping import TableMapping, read_mapping
    from ledger.prices import Prices, read_prices
    from ledger.review import Decision
    from ledger.table import to_frame
    from reports.canvas import save_chart
    from reports.charts import plot_columns, plot_totals
    from reports.evidence import plot_reconciliation, plot_timeline
    from reports.page import write_page
    from reports.rankings import plot_commitments, plot_ranked
    from reports.workbook import write_workbook

    __version__: str

__all__ = [
    "FRAME_SCHEMA",
    "Added",
    "Conflict",
    "Decision",
    "Document",
    "Explanation",
    "Figure",
    "Ingested",
    "Ledger",
    "LedgerError",
    "Prices",
    "Problem",
    "Rate",
    "ReadError",
    "Reading",
    "Reviewed",
    "Source",
    "TableMapping",
    "Tally",
    "chart",
    "cue_words",
    "explain",
    "export_review",
    "extract",
    "extract_all",
    "extract_files",
    "extract_frame",
    "extract_on_cluster",
    "frame_ddl",
    "from_record",
    "import_review",
    "ingest",
    "ingest_tables",
    "item_tree",
    "make_source",
    "page",
    "plot_columns",
    "plot_commitments",
    "plot_ranked",
    "plot_reconciliation",
    "plot_timeline",
    "plot_totals",
    "read",
    "read_all",
    "read_mapping",
    "read_prices",
    "read_rates",
    "report",
    "save_chart",
    "table_of",
    "to_frame",
    "to_record",
    "write_page",
    "write_workbook",
]

_HOMES = {
    "aidledger.charts": ("chart",),
    "aidledger.engines.cluster": ("extract_on_cluster",),
    "aidledger.engines.tally": ("Tally",),
    "aidledger.extracting": ("extract_all", "extract_files"),
    "aidledger.frames": ("FRAME_SCHEMA", "extract_frame", "frame_ddl"),
    "aidledger.ledger": ("Ledger", "item_tree"),
    "aidledger.reporting": ("cue_words", "page", "report"),
    "aidledger.reviewing": ("export_review", "import_review"),
    "aidledger.tables": ("ingest_tables", "table_of"),
    "extractors.explain": ("Explanation", "explain"),
    "extractors.formats.content": ("Reading",),
    "extractors.pipeline": ("extract",),
    "extractors.problem": ("Problem", "ReadError"),
    "extractors.readers": ("read", "read_all"),
    "ledger.convert": ("Rate", "read_rates"),
    "ledger.documents": ("Added",),
    "ledger.errors": ("LedgerError",),
    "ledger.figure": ("Figure", "Source", "from_record", "make_source", "to_record"),
    "ledger.filled": ("Conflict", "Reviewed"),
    "ledger.mapping": ("TableMapping", "read_mapping"),
    "ledger.prices": ("Prices", "read_prices"),
    "ledger.review": ("Decision",),
    "ledger.table": ("to_frame",),
    "reports.canvas": ("save_chart",),
    "reports.charts": ("plot_columns", "plot_totals"),
    "reports.evidence": ("plot_reconciliation", "plot_timeline"),
    "reports.page": ("write_page",),
    "reports.rankings": ("plot_commitments", "plot_ranked"),
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
