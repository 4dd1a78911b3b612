"""A figure that nobody found, as the one who found it states it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger import bounds
from ledger.date_bounds import date_bounds
from ledger.errors import LedgerError
from ledger.figure import LINKS, Source, figure_id_of
from ledger.review.review import CORRECTABLE, Decision, checked

_STATED = {"qualifier": "exact", "basis": "delta", "dimension": "count", "unit": "count"}


def missed_figure(
    source: Source, start: int, number: int, fields: Mapping[str, Any]
) -> dict[str, Any]:
    """The row of a figure with these fields: ``value`` and whatever else can be corrected.

    Unless they say otherwise it is an exact count of one event, on the day of publication; a
    ``unit`` of three capitals is money. ``number`` parts it from others of its passage. Raises
    LedgerError for a field that a figure does not have, and for a value that the field cannot have.
    """
    given = dict(fields)
    unit = str(given.get("unit") or "count")
    if len(unit) == 3 and unit.isupper():
        given.setdefault("dimension", "money")
    stated = {**_STATED, "date": (source.published or "")[:10] or None, **given}
    if stated.get("value") is None and stated.get("low") is None and stated.get("high") is None:
        raise LedgerError("a missed figure has a value: value=4 or low=2 and high=4")
    stated |= dict.fromkeys(LINKS)
    figure_id = figure_id_of(source.source_id, start, -number, str(stated["dimension"]))
    asked = Decision(figure_id, "correct", None, {n: v for n, v in stated.items() if v is not None})
    row: dict[str, Any] = dict.fromkeys(CORRECTABLE) | checked(asked, str(stated["qualifier"]))
    if row["low"] is None and row["high"] is None:
        row["low"], row["high"] = bounds.of_qualifier(str(row["qualifier"]), row["value"])
    days = date_bounds(row["date"])
    return row | {
        "figure_id": figure_id, "source_id": source.source_id, "start": start, "end": start,
        "text": "", "sentence": "", "includes": "[]", "cues": "{}", "choices": "{}",
        "reader": "person", "extractor": "person", "rule": "missed",
        "published": source.published,
        "date_start": days and days[0].isoformat(), "date_end": days and days[1].isoformat(),
    }  # fmt: skip
