"""What readers decided as coded passages, in the form of the codebook: to score a reader by, and to
fit one on.

A passage is coded where somebody has decided on every figure in it, but durations, which the
codebook does not code: a figure that is not coded is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

import pandas as pd

from ledger.figure import LINKS, NUMBERS, Source
from ledger.passages import passages
from ledger.table import plain

FOLDS = 5  # parts that can be left out of a fit; all passages of a document are in one
CODED = (
    "dimension", "unit", *NUMBERS, "qualifier", "item", "donor", "recipient", "party", "status",
    "basis", "date", "since",
)  # fmt: skip
NEEDS = ("figure_id", "start", "end", "text", *CODED, "aid_type", *LINKS, "review", "source_id")
_NOT_CODED = "time"


def coded_passages(source: Source, figures: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """The coded passages of a document, given its figures with the decisions on them.

    Each has ``id``, ``source`` (the publisher), ``document``, ``fold``, ``published``, ``title``,
    ``url``, ``text`` and ``figures``, whose places are those in the passage; a link that leads out
    of the passage is left out. A passage whose end cuts a figure is left out itself.
    """
    columns = [plain(figures[name]) for name in NEEDS]
    rows = [dict(zip(NEEDS, row, strict=True)) for row in zip(*columns, strict=True)]
    rows.sort(key=lambda row: (row["start"], row["end"]))
    for number, (start, end) in enumerate(passages(source.text)):
        touching = [row for row in rows if row["start"] < end and start < row["end"]]
        coded = [row for row in touching if row["dimension"] != _NOT_CODED]
        whole = all(start <= row["start"] and row["end"] <= end for row in touching)
        if not coded or not whole or any(row["review"] is None for row in coded):
            continue
        yield {
            "id": f"{source.source_id}#{number}",
            "source": source.publisher,
            "document": source.source_id,
            "fold": fold_of(source.source_id),
            "published": source.published,
            "title": source.title,
            "url": source.url,
            "text": source.text[start:end],
            "figures": _coded([row for row in coded if row["review"] != "rejected"], start),
        }


def fold_of(source_id: str) -> int:
    """The fold of a document, the same on every machine."""
    digest = blake2b(source_id.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return int.from_bytes(digest, "big") % FOLDS


def _coded(rows: list[dict[str, Any]], start: int) -> list[dict[str, Any]]:
    place = {row["figure_id"]: number for number, row in enumerate(rows)}
    return [
        {
            "start": row["start"] - start,
            "end": row["end"] - start,
            "text": row["text"],
            **{name: row[name] for name in CODED},
            "aid": row["aid_type"] if row["dimension"] == "money" else None,
            **{name: place.get(row[name]) for name in LINKS},
        }
        for row in rows
    ]
