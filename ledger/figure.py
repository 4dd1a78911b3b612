"""The record: one figure, and the source that holds it.

A figure is one quantity in one text, a source is the document it stands in. The field names are
those of the codebook (``docs/codebook.md``); the table, the store, the JSON lines and the workbook
use the same names in the same order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any, Literal, SupportsIndex, TypedDict, overload

DIMENSIONS = (
    "money", "count", "percent", "length", "area", "mass", "volume", "power", "time", "other",
)  # fmt: skip
QUALIFIERS = (
    "exact", "about", "at_least", "more_than", "at_most", "less_than", "range", "vague",
)  # fmt: skip
STATUSES = (
    "requested", "authorized", "committed", "delivered", "killed", "wounded", "casualties",
    "captured", "missing", "destroyed", "damaged", "fired", "deployed", "mobilized", "trained",
    "displaced", "lost", "abandoned", "cancelled",
)  # fmt: skip
BASES = ("delta", "total", "level", "rate")
CATEGORIES = (
    "aircraft", "air defence", "armoured vehicles", "artillery", "missiles", "naval", "sensors",
    "small arms", "ammunition", "drones", "vehicles", "engineering", "protective", "medical",
    "communications", "personnel", "territory", "infrastructure", "other",
)  # fmt: skip
AID_TYPES = ("military", "humanitarian", "financial", "reconstruction", "mixed")
CERTAINTIES = ("stated", "estimated", "unconfirmed", "expected", "denied")
# What fields can hold, where that is not open.
VOCABULARY: dict[str, tuple[str, ...]] = {
    "dimension": DIMENSIONS,
    "qualifier": QUALIFIERS,
    "status": STATUSES,
    "basis": BASES,
    "category": CATEGORIES,
    "aid_type": AID_TYPES,
    "certainty": CERTAINTIES,
}
# Years in which something can have happened or be due. Beyond them lie the empty dates of other
# systems (0001-01-01, 9999-12-31), and no chart has room for both them and the rest.
FIRST_YEAR, LAST_YEAR = 1000, 2999


@dataclass(frozen=True, slots=True)
class Source:
    """A document: what it is, where it came from, and its text.

    ``published`` and ``accessed`` are ISO dates at whatever precision is known; ``sha256`` is the
    hexadecimal digest of the UTF-8 text. :func:`make_source` fills the derived fields.
    """

    source_id: str
    title: str | None
    publisher: str | None
    url: str | None
    published: str | None
    accessed: str | None
    sha256: str
    text: str


class Chosen(TypedDict):
    """How sure a reader was of a field: the probability of what it holds, and the next best value
    with its own. ``runner_up`` may be None, for unknown; where there was no other value,
    ``its_probability`` is None too."""

    probability: float
    runner_up: str | None
    its_probability: float | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One quantity in one text, with everything the text says about it.

    ``text == source.text[start:end]`` always. Unknown is None, never 0 and never a guess.
    ``value``, ``low`` and ``high`` are in plain units (625000000, not 625 million); a bound that
    the text leaves open is None. ``same_as`` and ``part_of`` hold the ``figure_id`` of another
    figure of the same source, ``includes`` those of the deltas that a total says it takes in.
    ``place`` is the named region or city nearest to what befell people and things there.
    ``date_stated`` says whether the text tells the date ("on Tuesday", "today", "over the past
    day") or it is the day of publication, for want of one; None where there is no date.
    ``cues`` says for a field which words of the text decided it, or where else it comes from;
    its ``recall`` has the words that point back to aid told of before.
    ``confidence`` is the chance, from 0 to 1, that donor, recipient, party, status and basis are
    all right, None where no reader with probabilities chose them; ``choices`` says how sure it was
    of each field:
    ``{"status": {"probability": 0.81, "runner_up": "delivered", "its_probability": 0.12}}``, and of
    ``same_as`` and ``part_of``, whose values are ids, also where they are None.
    ``other`` is the row of a second reader, where two have read: its name as ``reader``, fields and
    ``confidence``, and under ``kept`` which fields hold its choice after all, each with the reason.
    ``reader`` is who said what the figure means: a reader of meaning, ``table`` for what a mapping
    says of a table, or ``none``, and every such field None, where nobody did.
    """

    figure_id: str
    source_id: str
    start: int
    end: int
    text: str
    sentence: str
    dimension: str
    unit: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    qualifier: str
    per: str | None
    item: str | None
    item_text: str | None
    category: str | None
    aid_type: str | None
    donor: str | None
    recipient: str | None
    party: str | None
    place: str | None
    status: str | None
    basis: str | None
    date: str | None
    date_stated: bool | None
    since: str | None
    attribution: str | None
    certainty: str | None
    same_as: str | None
    part_of: str | None
    includes: tuple[str, ...]
    cues: Mapping[str, str] = field(hash=False)
    confidence: float | None
    choices: Mapping[str, Chosen] = field(hash=False)
    other: Mapping[str, Any] = field(hash=False)
    reader: str
    extractor: str
    rule: str


class Figures(list[Figure]):
    """A list of figures that a notebook shows as a table."""

    _SHOWN = (
        "text", "value", "unit", "item", "donor", "recipient", "party", "status", "basis", "date",
        "sentence",
    )  # fmt: skip
    _MOST = 60  # rows of the table, as many as pandas shows

    @overload
    def __getitem__(self, place: SupportsIndex) -> Figure: ...
    @overload
    def __getitem__(self, place: slice) -> Figures: ...
    def __getitem__(self, place: SupportsIndex | slice) -> Figure | Figures:
        found = super().__getitem__(place)
        return found if isinstance(found, Figure) else Figures(found)

    def _repr_html_(self) -> str:
        from ledger.notebook import html_rows

        shown = list(self)[: self._MOST]
        rows = [[getattr(figure, name) for name in self._SHOWN] for figure in shown]
        left = f", of which {len(shown)} are shown" if len(shown) < len(self) else ""
        title = f"{len(self):,} figure{'' if len(self) == 1 else 's'}{left}"
        return html_rows(title, self._SHOWN, rows)


FIELDS: tuple[str, ...] = tuple(f.name for f in fields(Figure))
NUMBERS = ("value", "low", "high")
NEWER = ("place", "date_stated")  # fields that records of an older release lack
# What leads from a figure to one that says the same, or that it is a part of.
LINKS: tuple[Literal["same_as", "part_of"], ...] = ("same_as", "part_of")
OF_CONFIDENCE = ("donor", "recipient", "party", "status", "basis")  # what `confidence` is of
IN_JSON = ("cues", "choices", "other")  # mappings, which tables and stores hold as JSON
NOT_IN_CSV = ("choices", "other")
RECALL = "recall"  # in `cues`: words that point back to what was told before ("last week I signed")
CORRECTS = "corrects"  # in `cues`: words by which a text corrects what was told before
UNREAD = "none"  # the ``reader`` of figures whose meaning nobody has read


def sha256_of(text: str) -> str:
    """The hexadecimal sha256 of a text; a lone surrogate is hashed as its own bytes."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def make_source(
    text: str,
    *,
    source_id: str | None = None,
    title: str | None = None,
    publisher: str | None = None,
    url: str | None = None,
    published: str | None = None,
    accessed: str | None = None,
) -> Source:
    """A source whose id is the one given, else its url, else the sha256 of its text."""
    digest = sha256_of(text)
    return Source(
        source_id or url or digest, title, publisher, url, published, accessed, digest, text
    )


def figure_id_of(source_id: str, start: int, end: int, dimension: str) -> str:
    """The figure's id: the same on every run and machine."""
    key = f"{source_id}\x1f{start}\x1f{end}\x1f{dimension}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(key, digest_size=10).hexdigest()


def number_to_json(number: Decimal | None) -> int | float | str | None:
    """A Decimal as the JSON number that reads back as the same Decimal; as a string of its digits
    where a fraction has more of them than a float holds."""
    if number is None:
        return None
    if number == number.to_integral_value():
        return int(number)
    nearest = float(number)
    return nearest if Decimal(str(nearest)) == number else str(number)


def truth_of(held: Any) -> bool | None:
    """A truth as a table holds it: of any type, or written out as in CSV; None where unknown."""
    if held is None or held == "":
        return None
    return held.strip().lower() in ("true", "1") if isinstance(held, str) else bool(held)


def to_record(figure: Figure) -> dict[str, Any]:
    """The figure as a JSON-ready mapping with exactly the record's field names, in order."""
    record: dict[str, Any] = {name: getattr(figure, name) for name in FIELDS}
    for name in NUMBERS:
        record[name] = number_to_json(record[name])
    record["includes"] = list(figure.includes)
    record["cues"] = dict(figure.cues)
    record["choices"] = {name: dict(chosen) for name, chosen in figure.choices.items()}
    record["other"] = dict(figure.other)
    return record


def from_record(record: Mapping[str, Any]) -> Figure:
    """The figure that :func:`to_record` wrote, also in a release that did not know all of today's
    fields. Raises KeyError for another missing field."""
    values: dict[str, Any] = {name: record[name] for name in FIELDS if name not in NEWER}
    values |= {name: record.get(name) for name in NEWER}
    for name in NUMBERS:
        number = values[name]
        values[name] = None if number is None else Decimal(str(number))
    values["includes"] = tuple(values["includes"] or ())
    values["cues"] = dict(values["cues"] or {})
    values["date_stated"] = truth_of(values["date_stated"])
    confidence = values["confidence"]
    values["confidence"] = None if confidence is None else float(confidence)
    values["choices"] = dict(values["choices"] or {})
    values["other"] = dict(values["other"] or {})
    return Figure(**values)
