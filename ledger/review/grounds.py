"""The grounds of a stored figure: its sentence, its document, and the words behind each field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ledger.figure import IN_JSON

COLUMNS = ("field", "value", "words", "sure")
OF_DOCUMENT = ("title", "publisher", "published", "url")
NEEDS = (
    "figure_id", "text", "sentence", "source_id", "dimension", "unit", "value", "low", "high",
    "qualifier", "per", "item", "donor", "recipient", "party", "place", "status", "basis", "date",
    "since", "attribution", "certainty", "same_as", "part_of", "includes", "confidence", "cues",
    "choices", "reader", "rule",
)  # fmt: skip
PLACE = ("start", "end")
_NOTHING = (None, "[]", "")


def grounds(
    figure: Mapping[str, Any], document: Mapping[str, Any], passage: str | None = None
) -> pd.DataFrame:
    """What a figure holds, field by field, as the decisions on it have left it: ``COLUMNS``.

    ``words`` are those of the text that decided a field, or where else it comes from; ``sure`` is
    its probability and the next best value, where the reader knew them. ``figure`` has the columns
    of ``NEEDS`` and ``review``, ``document`` those of ``OF_DOCUMENT``; what is unknown is left out.
    ``passage`` is what stands around it.
    """
    cues, choices = (json.loads(figure[name] or "{}") for name in ("cues", "choices"))
    held = {"text": figure["text"], "sentence": figure["sentence"], "passage": passage}
    held |= {name: document[name] for name in OF_DOCUMENT}
    held |= {name: figure[name] for name in (*NEEDS, "review") if name not in IN_JSON}
    rows = [
        (name, _written(value), cues.get(name), _sure(choices.get(name)))
        for name, value in held.items()
        if value not in _NOTHING
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")


def _written(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return f"{int(value):,}"
    return " ".join(str(value).split())


def _sure(chosen: Mapping[str, Any] | None) -> str | None:
    """``0.81, else delivered 0.12``."""
    if chosen is None:
        return None
    sure = f"{chosen['probability']:.2f}"
    if chosen["its_probability"] is None:
        return sure
    return f"{sure}, else {chosen['runner_up'] or 'unknown'} {chosen['its_probability']:.2f}"
