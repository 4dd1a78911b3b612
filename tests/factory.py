"""Figures and sources for tests: sensible defaults, anything overridden by name.

``make_figure(item="HIMARS", value=4)`` is an exact count that the USA commits to Ukraine on
3 October 2022; numbers may be plain ints, floats or strings, and bounds follow the qualifier unless
they are given. Every figure gets a place of its own in its source, so that ids differ.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import count
from typing import Any

from ledger.figure import Figure, Source, figure_id_of, make_source

_PLACES = count()
_OPEN_HIGH = ("at_least", "more_than", "vague")
_OPEN_LOW = ("at_most", "less_than")


def _decimal(number: Any) -> Decimal | None:
    return None if number is None else Decimal(str(number))


def make_figure(source_id: str = "doc-1", **overrides: Any) -> Figure:
    """A figure with the given fields; the rest is four HIMARS, committed, USA to UKR."""
    fields: dict[str, Any] = {
        "source_id": source_id,
        "start": 40 * next(_PLACES),
        "sentence": "The United States will send four more HIMARS to Ukraine.",
        "dimension": "count",
        "value": 4,
        "qualifier": "exact",
        "per": None,
        "item_text": None,
        "category": None,
        "aid_type": None,
        "donor": "USA",
        "recipient": "UKR",
        "party": None,
        "place": None,
        "status": "committed",
        "basis": "delta",
        "date": "2022-10-03",
        "date_stated": None,
        "since": None,
        "attribution": None,
        "certainty": "stated",
        "same_as": None,
        "part_of": None,
        "includes": (),
        "cues": {},
        "confidence": None,
        "choices": {},
        "other": {},
        "reader": "rules",
        "extractor": "aidledger 0.1.0",
        "rule": "<n> <item>",
    } | overrides
    money = fields["dimension"] == "money"
    fields.setdefault("unit", "USD" if money else "count")
    fields.setdefault("item", "military aid" if money else "HIMARS")
    fields["value"] = _decimal(fields["value"])
    fields.setdefault("low", None if fields["qualifier"] in _OPEN_LOW else fields["value"])
    fields.setdefault("high", None if fields["qualifier"] in _OPEN_HIGH else fields["value"])
    fields["low"], fields["high"] = _decimal(fields["low"]), _decimal(fields["high"])
    fields.setdefault("text", _written(fields))
    fields.setdefault("end", fields["start"] + len(fields["text"]))
    fields["includes"] = tuple(fields["includes"])
    fields.setdefault(
        "figure_id",
        figure_id_of(source_id, fields["start"], fields["end"], fields["dimension"]),
    )
    return Figure(**fields)


def _written(fields: dict[str, Any]) -> str:
    if fields["value"] is None:
        return f"{fields['low']}-{fields['high']}"
    return f"{fields['value']:,}"


def make_money(value: Any, source_id: str = "doc-1", **overrides: Any) -> Figure:
    """An amount of military aid in US dollars."""
    return make_figure(
        source_id, **({"dimension": "money", "value": value, "aid_type": "military"} | overrides)
    )


def source_of(figures: list[Figure] | Figure, **overrides: Any) -> Source:
    """A source for the figures, with a text in which each of them stands at its place."""
    held = [figures] if isinstance(figures, Figure) else figures
    source_id = overrides.pop("source_id", None) or (held[0].source_id if held else "doc-1")
    text = overrides.pop("text", None) or _text_of(held)
    overrides.setdefault("published", "2022-10-04")
    return make_source(text, source_id=source_id, **overrides)


def _text_of(figures: list[Figure]) -> str:
    letters = [" "] * max((figure.end for figure in figures), default=1)
    for figure in figures:
        letters[figure.start : figure.end] = figure.text
    return "".join(letters)
