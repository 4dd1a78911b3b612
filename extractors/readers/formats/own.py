"""What this program writes itself, told from documents: read as one, every figure in it would count
again, and where it names the document that it comes from, take the place of that document."""

from __future__ import annotations

import json
import re
from collections.abc import Collection

MAKER = "aidledger"  # with which a page or a chart says who made it
OUTPUT = "an output of aidledger (figures or sums), not documents"
PAGE = "an output of aidledger (a page), not a document"
CHART = "an output of aidledger (a chart), not a document"

# Of each kind of rows some columns that together no table or line of documents has.
_COLUMNS = tuple(
    map(
        frozenset,
        (
            ("figure_id",),
            ("fact_id",),
            ("figure_ids",),
            ("open_terms",),  # of totals
            ("our_facts", "their_facts"),  # of a comparison
            ("at", "who", "action"),  # of a history
            ("gap", "verdict"),  # of balances and parts, as a table to read
            ("so_far", "grounds"),  # of positions
            ("effect", "reason"),  # of findings
            ("figure", "quantity", "status"),  # of figures, likewise
        ),
    )
)
_BETWEEN = re.compile(r"[,;\t]| {2,}")  # columns of CSV, and of a table to read
_LINE = 100_000  # characters of a first line that are looked at


def are_own(names: Collection[object]) -> bool:
    """Whether these are the columns, or the keys, of rows that this program writes."""
    held = {*names}
    return any(columns <= held for columns in _COLUMNS)


def is_own(text: str) -> bool:
    """Whether a text is rows that this program writes: JSON lines, CSV, or a table to read."""
    line = text[:_LINE].lstrip().partition("\n")[0]
    if not line.startswith("{"):
        return are_own([name.strip() for name in _BETWEEN.split(line)])
    try:
        return are_own(json.loads(line))
    except (ValueError, RecursionError):
        return False


def is_maker(written: str | None) -> bool:
    """Whether a page's generator, or the program that drew a pdf, is this one."""
    return (written or "").partition(" ")[0] == MAKER
