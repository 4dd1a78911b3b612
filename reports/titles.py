"""What is said above and beside the numbers of a report: titles, measures, and scales.

A title is made of what the numbers have in common: ``HIMARS committed, United States to Ukraine``
above ``Cumulative, number``. A scale says what large numbers are divided by.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ledger.figure import AID_TYPES
from ledger.queries.asked import Filter
from ledger.series import ACTORS
from reports.actor_names import actor_name

if TYPE_CHECKING:
    from ledger.queries.where import Where

_CURRENCY = re.compile(r"[A-Z]{3}")
_REGULAR = re.compile(r".*[a-z]$")  # not HIMARS, not Leopard 2
_ALIKE = ("craft", "personnel", "ammunition", "equipment", "people", "infantry", "artillery")
_SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"), (1e3, "thousand"))
_IN_BILLIONS = 1e11  # larger sums are written in billions too, to be told from each other


@dataclass(frozen=True, slots=True)
class Scale:
    """Thousands, millions or billions: what a chart's numbers are divided by, and its name."""

    divisor: float
    name: str
    unit: str

    @property
    def measure(self) -> str:
        """The unit as the subtitle names it: ``USD billion``, ``percent``, ``pieces``."""
        unit = {"count": "number"}.get(self.unit, self.unit)
        if self.name and unit == "number":
            return self.name + "s"
        return " ".join(filter(None, (unit, self.name)))

    def text(self, number: float) -> str:
        """A number on this scale, to three significant digits or whole.

        >>> Scale(1e9, "billion", "USD").text(17_534_000_000)
        '17.5'
        """
        scaled = number / self.divisor
        if scaled == 0 or abs(scaled) >= 100 or scaled.is_integer():
            return f"{scaled:,.0f}"
        digits = 1 if abs(scaled) >= 10 else 2 if abs(scaled) >= 0.1 else 3
        return f"{scaled:,.{digits}f}".rstrip("0").rstrip(".")

    def words(self, number: float) -> str:
        """The number as it stands beside a line or a bar: what is small on this scale is written
        on its own, with the name of that.

        >>> Scale(1e12, "trillion", "USD").words(17_000_000_000)
        '17 billion'
        """
        own = self.fit(number)
        return own.text(number) + self.apart(own)

    def fit(self, number: float) -> Scale:
        """This scale, or the one of its own for a number less than a tenth on this."""
        if self.divisor == 1 or number == 0 or abs(number) >= self.divisor / 10:
            return self
        return scale_of(number, self.unit)

    def apart(self, own: Scale) -> str:
        """What follows a number on another scale than this."""
        return "" if own is self else f" {own.name or own.measure}"


def scale_of(largest: float, unit: str) -> Scale:
    """The scale on which numbers up to ``largest`` are short: 625,000,000 USD in millions."""
    for divisor, name in _SCALES:
        if abs(largest) >= divisor * (10 if name == "thousand" else 1):
            return Scale(divisor, name, unit)
    return Scale(1.0, "", unit)


def is_currency(unit: str) -> bool:
    """Whether amounts of a unit are money: ``USD`` and not ``kilometre``."""
    return _CURRENCY.fullmatch(unit) is not None


def scale_within(largest: float, unit: str) -> Scale:
    """Millions or billions for a column of money up to ``largest``, as it is for anything else."""
    if not is_currency(unit) or not largest >= _SCALES[2][0]:  # not a number, too
        return Scale(1.0, "", unit)
    return scale_of(min(largest, _IN_BILLIONS), unit)


def in_words(number: float, unit: str, item: str | None = None) -> str:
    """An amount as it is said.

    >>> in_words(9_630_000_000, "USD"), in_words(2, "count", "tank")
    ('USD 9.63 billion', '2 tanks')
    """
    if is_currency(unit):
        scale = scale_within(abs(number), unit)
        return " ".join(filter(None, (unit, scale.text(number), scale.name)))
    shown = f"{number:,.0f}" if float(number).is_integer() else f"{number:,.2f}"
    if unit != "count":
        return " ".join(filter(None, (shown, unit, item)))
    return f"{shown} {item if abs(number) == 1 else plural(item)}" if item else shown


@dataclass(frozen=True)
class Topic:
    """The unit of a chart's numbers, what they have in common, and the columns in which they
    differ."""

    unit: str
    common: Mapping[str, str]
    varied: Sequence[str] = ()

    def under(self, where: Where | None) -> Topic:
        """The same, knowing also the one value that a filter asked of a column."""
        named = Filter.of({"where": where}).named
        single = {name: one for name, (one, *more) in named.items() if not more}
        varied = [name for name in self.varied if name not in single or name == "item"]
        return replace(self, common={**self.common, **single}, varied=varied)

    @property
    def headline(self) -> str:
        """What the chart shows, in a line: ``Money committed to Ukraine, by donor``."""
        words = " ".join(filter(None, (self._subject(), self.common.get("status"), self._to())))
        by = " and ".join(name.replace("_", " ") for name in self.varied)
        line = ", ".join(filter(None, (words, self._who(), by and f"by {by}")))
        return line[:1].upper() + line[1:]

    @property
    def described(self) -> str:
        """What the numbers have in common, value by value."""
        return ", ".join(value_name(*pair) for pair in self.common.items())

    def _subject(self) -> str:
        item = self.common.get("item")
        if _CURRENCY.fullmatch(self.unit):
            return f"{item} aid" if item in AID_TYPES else item or "money"
        if item:
            return plural(item) if self.unit == "count" else item
        return "materiel and people" if self.unit == "count" else self.unit or "figures"

    def _to(self) -> str:
        """``to Ukraine``, where nobody is named who gives."""
        alone = "recipient" in self.common and "donor" not in self.common
        return f"to {actor_name(self.common['recipient'])}" if alone else ""

    def _who(self) -> str:
        named = {name: actor_name(self.common[name]) for name in ACTORS if name in self.common}
        if "donor" in named:
            return " to ".join(named[name] for name in ("donor", "recipient") if name in named)
        return named.get("party", "")


def heading(
    title: str | None, subtitle: str | None, topic: Topic, *measure: str
) -> tuple[str, str]:
    """Title and subtitle: those given, else made from the topic.

    The subtitle ends in the measure; under a title that is given it also says what the numbers have
    in common.
    """
    what = subtitle or (topic.described if title else "")
    return title or topic.headline, ", ".join(filter(None, (what, *measure)))


def value_name(column: str, value: str) -> str:
    """A value as a reader knows it: an actor's name for its code."""
    return actor_name(value) if column in ACTORS else value


def plural(noun: str) -> str:
    """The plural of a counted thing; names and what has no other plural stay.

    >>> [plural(word) for word in ("tank", "battery", "dose of vaccine", "HIMARS", "aircraft")]
    ['tanks', 'batteries', 'doses of vaccine', 'HIMARS', 'aircraft']
    """
    thing, of, rest = noun.partition(" of ")
    if of:
        return plural(thing) + of + rest
    if not _REGULAR.fullmatch(noun) or noun.endswith(_ALIKE):
        return noun
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")
