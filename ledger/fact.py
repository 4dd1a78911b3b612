"""The fact: what one or many figures report. Its columns, for the frame and the store alike."""

from __future__ import annotations

from typing import Final

# What a fact takes over from the figure that states it best.
STATED: Final = (
    "dimension", "unit", "value", "low", "high", "qualifier", "per", "item", "category",
    "aid_type", "donor", "recipient", "party", "place", "status", "basis", "date", "date_stated",
    "since", "attribution", "certainty", "date_start", "date_end", "text", "sentence", "source_id",
    "confidence", "reader", "extractor", "rule",
)  # fmt: skip

# What it knows from all its figures. ``fact_id`` is the id of the first of them; ``part_of``,
# ``stage_of`` (the stage of the same package before it) and ``includes`` (JSON) name facts,
# ``figure_ids`` (JSON) the figures; ``tolerance`` is half a unit of the last digit written;
# ``first_seen`` and ``last_seen`` are publication dates of its sources.
GATHERED: Final = (
    "fact_id", "mentions", "sources", "first_seen", "last_seen", "review", "tolerance", "part_of",
    "stage_of", "includes", "figure_ids",
)  # fmt: skip

# What sums and balances are made of; the rest of a fact is what a text says.
WEIGHED: Final = (
    "fact_id", "dimension", "unit", "value", "low", "high", "qualifier", "per", "item", "aid_type",
    "donor", "recipient", "party", "status", "basis", "since", "date_end", "first_seen",
    "tolerance", "part_of", "includes", "figure_ids", "confidence", "review",
)  # fmt: skip

NUMBERS: Final = ("value", "low", "high", "tolerance", "confidence")
COUNTS: Final = ("mentions", "sources")
DATES: Final = ("date_start", "date_end", "first_seen", "last_seen")

TRUTHS: Final = ("date_stated",)

FACT_COLUMNS: Final = ("fact_id", *STATED, *(name for name in GATHERED if name != "fact_id"))
FACT_DTYPES: Final[dict[str, str]] = {
    name: "float64"
    if name in NUMBERS
    else "int64"
    if name in COUNTS
    else "datetime64[us]"
    if name in DATES
    else "boolean"
    if name in TRUTHS
    else "str"
    for name in FACT_COLUMNS
}
