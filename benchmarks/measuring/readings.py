"""A peer's findings in the codebook's fields, as fairly as its own terms allow.

Each function takes one finding as the peer's adapter printed it and gives a figure, or None for
what the peer itself knows to be no quantity. A peer with no notion of a field leaves the neutral
value: ``exact`` for the qualifier, None for the item.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

Finding = dict[str, Any]
Figure = dict[str, Any]
CHANGES = {"~": "about", ">": "more_than", "<": "less_than"}
VAGUE = re.compile(r"(?:ten|dozen|score|hundred|thousand|million|billion)s\b", re.IGNORECASE)
TIMES = ("DATE", "TIME", "DURATION")
MAGNITUDE = 100
NUMERAL = re.compile(r"\d[\d,]*(?:\.\d+)?|[a-z]+")


def figure(
    finding: Finding,
    dimension: str,
    unit: str,
    value: float | None,
    *,
    qualifier: str = "exact",
    ends: tuple[float, float] | None = None,
    item: str | None = None,
) -> Figure:
    """The fields that both scorers read; ``ends`` makes a range, whose value is None."""
    base, _, per = unit.partition(" per ") if dimension == "money" else (unit, "", "")
    low = None if qualifier in ("at_most", "less_than") else value
    high = None if qualifier in ("at_least", "more_than") else value
    if ends is not None:
        qualifier, value, (low, high) = "range", None, ends
    return {
        "start": finding.get("start"),
        "end": finding.get("end"),
        "dimension": dimension,
        "unit": base,
        "value": value,
        "low": low,
        "high": high,
        "qualifier": qualifier,
        "item": item,
        "per": per or None,
    }


def aidledger(finding: Finding) -> Figure | None:
    """The project's own record has the codebook's fields already."""
    return finding


def quantulum3(finding: Finding) -> Figure | None:
    """An uncertainty is how quantulum3 writes a range: 20 to 30 is 25 with 5."""
    value, doubt = finding["value"], finding["uncertainty"]
    dimension, unit = _kind(finding)
    ends = (value - doubt, value + doubt) if doubt else None
    return figure(finding, dimension, unit, value, ends=ends)


def cqe(finding: Finding) -> Figure | None:
    """A unit that CQE's own list lacks is the noun that is counted; its change sign a qualifier."""
    low, high = finding["low"], finding["high"]
    dimension, unit = _kind(finding)
    item = finding["unit"] if dimension == "count" and finding["unit"] != "-" else None
    if low != high and VAGUE.search(finding["text"]):
        vague = figure(finding, dimension, unit, low, qualifier="vague", item=item)
        return {**vague, "high": None}
    return figure(
        finding,
        dimension,
        unit,
        low,
        qualifier=CHANGES.get(finding["change"], "exact"),
        ends=(low, high) if low != high else None,
        item=item,
    )


def recognizers(finding: Finding) -> Figure | None:
    """Five kinds with a unit, and bare numbers; a unit without a number is no finding."""
    try:
        value = float(str(finding["value"]).rstrip("%").replace(",", ""))
    except ValueError:
        return None
    kind, name = finding["kind"], str(finding["unit"] or "").lower()
    if kind == "currency":
        code = finding["currency"] or _words("currencies").get(name, name)
        return figure(finding, "money", code, value)
    if kind == "percentage":
        return figure(finding, "percent", "percent", value)
    if kind == "number":
        return figure(finding, "count", "count", value)
    unit, dimension = _words("units").get(name, (name, "other"))
    return figure(finding, dimension, f"{unit} of age" if kind == "age" else unit, value)


def entities(finding: Finding) -> Figure | None:
    """A named entity of spaCy or wink-nlp: its label, and what its own words say.

    Of its dates and times, those that end in a unit of time are durations or ages, the rest dates.
    """
    text, kind = finding["text"].lower(), finding["kind"]
    numbers = _numbers(text)
    dimension, unit = {
        "MONEY": ("money", _currency(text)),
        "PERCENT": ("percent", "percent"),
        **dict.fromkeys(("QUANTITY", *TIMES), _unit(text)),
    }.get(kind, ("count", "count"))
    if not numbers or (kind in TIMES and dimension != "time"):
        return None
    two = len(numbers) == 2 and numbers[0] < numbers[1]
    return figure(
        finding,
        dimension,
        unit,
        numbers[0],
        qualifier=next((q for cue, q in _words("qualifiers").items() if cue in text), "exact"),
        ends=(numbers[0], numbers[1]) if two else None,
    )


def compromise(finding: Finding) -> Figure | None:
    """Numbers with tags: dates and ordinals are known as such and left out."""
    tags = set(finding["tags"])
    if tags & {"Date", "Ordinal", "Time"} or finding["value"] is None:
        return None
    value, name = finding["value"], (finding["unit"] or "").lower()
    if "Percent" in tags or name == "percent":
        return figure(finding, "percent", "percent", value)
    if "Money" in tags:
        return figure(finding, "money", _currency(finding["text"].lower()), value)
    if name:
        unit, dimension = _words("units").get(name, (name, "other"))
        return figure(finding, dimension, unit, value)
    return figure(finding, "count", "count", value)


def price_parser(finding: Finding) -> Figure | None:
    """A price without a currency is read as a bare number."""
    if not finding["currency"]:
        return figure(finding, "count", "count", finding["value"])
    name = finding["currency"].lower()
    return figure(finding, "money", _words("currencies").get(name, name.upper()), finding["value"])


def text2num(finding: Finding) -> Figure | None:
    """A number and nothing else."""
    return figure(finding, "count", "count", finding["value"])


READINGS: dict[str, Callable[[Finding], Figure | None]] = {
    read.__name__: read
    for read in (
        aidledger, quantulum3, cqe, recognizers, entities, compromise, price_parser, text2num,
    )
}  # fmt: skip


def figures(reading: str, findings: Iterable[Finding]) -> list[Figure]:
    """All findings of one text as figures."""
    read = [f for finding in findings if (f := READINGS[reading](finding)) is not None]
    return _apart(read) if reading == "recognizers" else read


def _apart(read: Iterable[Figure]) -> list[Figure]:
    """Of figures that overlap, one: money goes first and a bare number last.

    Recognizers-Text asks each of its models on its own, and ``$5 million in`` is a currency, a
    length and a number to them.
    """
    kept: list[Figure] = []
    for one in sorted(read, key=lambda f: (f["dimension"] == "count", f["dimension"] != "money")):
        if not any(one["start"] < k["end"] and k["start"] < one["end"] for k in kept):
            kept.append(one)
    return kept


def _kind(finding: Finding) -> tuple[str, str]:
    """(dimension, unit) of a finding that names a kind of quantity, perhaps a currency's code."""
    unit = finding["unit"]
    base, _, per = unit.partition(" per ")
    code = finding["currency"] or _words("currencies").get(base.lower(), base)
    if finding["currency"] or finding["entity"] == "currency" or (per and code != base):
        return "money", f"{code} per {per}" if per else code
    if unit == "percentage":
        return "percent", "percent"
    if finding["entity"] is None or unit == "dimensionless":
        return "count", "count"
    return _words("dimensions").get(finding["entity"], "other"), unit


def _currency(text: str) -> str:
    """The code of the first currency that is named in a text, or an empty string."""
    named = (code for name, code in _longest_first("currencies") if name in text)
    return next(named, "")


def _unit(text: str) -> tuple[str, str]:
    """(dimension, unit) of the unit that ends a text."""
    words = text.rstrip(".").split()
    for size in (3, 2, 1):
        name = " ".join(words[-size:])
        for spelling in (name, name.removesuffix("s"), name.replace("metre", "meter")):
            if spelling in _words("units"):
                unit, dimension = _words("units")[spelling]
                return dimension, unit
    return "other", words[-1]


def _numbers(text: str) -> list[float]:
    """The numbers of a short text; magnitude words multiply what stands before them."""
    numbers: list[float] = []
    last_end = -1
    for match in NUMERAL.finditer(text):
        word = match.group()
        digits = word[0].isdigit()
        value = float(word.replace(",", "")) if digits else _words("numerals").get(word)
        if value is None:
            continue
        joined = numbers and not digits and text[last_end : match.start()] in (" ", "-")
        if joined and value >= MAGNITUDE:
            numbers[-1] *= value
        elif joined:
            numbers[-1] += value
        else:
            numbers.append(value)
        last_end = match.end()
    return numbers


def _longest_first(table: str) -> list[tuple[str, Any]]:
    return sorted(_words(table).items(), key=lambda entry: -len(entry[0]))


@cache
def _words(table: str) -> dict[str, Any]:
    path = Path(__file__).resolve().with_name("readings.toml")
    with path.open("rb") as file:
        return dict(tomllib.load(file)[table])
