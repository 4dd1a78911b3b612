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
    from aidledger.charting import chart, read_shares
    from aidledger.consulting import read_answers, write_requests
    from aidledger.engines.cluster import extract_on_cluster
    from aidledger.engines.tally import Tally
    from aidledger.evaluation.evaluating import evaluate
    from aidledger.evaluation.scoring import Evaluation, Score
    from aidledger.extracting import extract_all, extract_files
    from aidledger.framing import FRAME_SCHEMA, extract_frame, frame_ddl
    from aidledger.ingest import ingest_tables, reread, table_of
    from aidledger.ledger import Ledger
    from aidledger.names import ItemTree, item_tree, items
    from aidledger.reporting import page, report
    from aidledger.review_server.serving import serve_review
    from aidledger.reviewing import export_codings, export_review, import_review
    from aidledger.watching import Round, watch
    from extractors.explain import Explanation, explain
    from extractors.llm.llm_reader import LLMReader
    from extractors.llm.request import ModelError
    from extractors.pipeline import extract
    from extractors.readers.formats.content import ReadOptions as Reading
    from extractors.readers.problem import Problem, ReadError
    from extractors.readers.read import read, read_all
    from ledger.convert import Rate, read_rates
    from ledger.errors import LedgerError
    from ledger.figure import Figure, Source, from_record, make_source, to_record
    from ledger.figure import Source as Document
    from ledger.imports.mapping import TableMapping, read_mapping
    from ledger.prices import Prices, read_prices
    from ledger.review.changes import Changes
    from ledger.review.filled import Conflict, Reviewed
    from ledger.review.review import Decision
    from ledger.store.documents import Added
    from ledger.table import to_frame
    from reports.charts.canvas import save_chart
    from reports.charts.charts import plot_columns, plot_totals
    from reports.charts.evidence import plot_reconciliation, plot_timeline
    from reports.charts.rankings import plot_commitments, plot_ranked
    from reports.page.page import write_page
    from reports.workbook.workbook import write_workbook

    __version__: str

__all__ = [
    "FRAME_SCHEMA",
    "Added",
    "Changes",
    "Conflict",
    "Decision",
    "Document",
    "Evaluation",
    "Explanation",
    "Figure",
    "Ingested",
    "ItemTree",
    "LLMReader",
    "Ledger",
    "LedgerError",
    "ModelError",
    "Prices",
    "Problem",
    "Rate",
    "ReadError",
    "Reading",
    "Reviewed",
    "Round",
    "Score",
    "Source",
    "TableMapping",
    "Tally",
    "chart",
    "evaluate",
    "explain",
    "export_codings",
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
    "items",
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
    "read_answers",
    "read_mapping",
    "read_prices",
    "read_rates",
    "read_shares",
    "report",
    "reread",
    "save_chart",
    "serve_review",
    "table_of",
    "to_frame",
    "to_record",
    "watch",
    "write_page",
    "write_requests",
    "write_workbook",
]

_HOMES = {
    "aidledger.charting": ("chart", "read_shares"),
    "aidledger.consulting": ("read_answers", "write_requests"),
    "aidledger.engines.cluster": ("extract_on_cluster",),
    "aidledger.engines.tally": ("Tally",),
    "aidledger.evaluation.evaluating": ("evaluate",),
    "aidledger.extracting": ("extract_all", "extract_files"),
    "aidledger.framing": ("FRAME_SCHEMA", "extract_frame", "frame_ddl"),
    "aidledger.ingest": ("ingest_tables", "reread", "table_of"),
    "aidledger.ledger": ("Ledger",),
    "aidledger.names": ("ItemTree", "item_tree", "items"),
    "aidledger.reporting": ("page", "report"),
    "aidledger.review_server.serving": ("serve_review",),
    "aidledger.reviewing": ("export_codings", "export_review", "import_review"),
    "aidledger.evaluation.scoring": ("Evaluation", "Score"),
    "aidledger.watching": ("Round", "watch"),
    "extractors.explain": ("Explanation", "explain"),
    "extractors.llm.llm_reader": ("LLMReader",),
    "extractors.llm.request": ("ModelError",),
    "extractors.pipeline": ("extract",),
    "extractors.readers.formats.content": ("ReadOptions",),
    "extractors.readers.problem": ("Problem", "ReadError"),
    "extractors.readers.read": ("read", "read_all"),
    "ledger.convert": ("Rate", "read_rates"),
    "ledger.errors": ("LedgerError",),
    "ledger.figure": ("Figure", "Source", "from_record", "make_source", "to_record"),
    "ledger.imports.mapping": ("TableMapping", "read_mapping"),
    "ledger.prices": ("Prices", "read_prices"),
    "ledger.review.changes": ("Changes",),
    "ledger.review.filled": ("Conflict", "Reviewed"),
    "ledger.review.review": ("Decision",),
    "ledger.store.documents": ("Added",),
    "ledger.table": ("to_frame",),
    "reports.charts.canvas": ("save_chart",),
    "reports.charts.charts": ("plot_columns", "plot_totals"),
    "reports.charts.evidence": ("plot_reconciliation", "plot_timeline"),
    "reports.charts.rankings": ("plot_commitments", "plot_ranked"),
    "reports.page.page": ("write_page",),
    "reports.workbook.workbook": ("write_workbook",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}
_ALIASES = {"Document": "Source", "Reading": "ReadOptions"}


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
