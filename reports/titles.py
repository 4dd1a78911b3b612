"""What is said above and beside the numbers of a report: titles, measures, and scales.

A title is made of what the numbers have in common: ``HIMARS committed, United States to Ukraine``
above ``Cumulative, number``. A scale says what large numbers are divided by.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ledger.figure import AID_TYPES, CATEGORIES
from ledger.series import ACTORS
from reports.filters import limits, listed, named, value_name
from reports.rounding import half_up

if TYPE_CHECKING:
    import pandas as pd

    from ledger.queries.asked import Asked

_CURRENCY = re.compile(r"[A-Z]{3}")
_UNCOUNTED = ("percent", "degree Celsius", "degree Fahrenheit")
_REGULAR = re.compile(r".*[a-z]$")  # not HIMARS, not Leopard 2
_PLURAL = re.compile(r".*[^isu]s")  # fuel tanks; not chassis, not virus, not mattress
_ALIKE = ("craft", "personnel", "ammunition", "equipment", "people", "infantry", "artillery")
_MEN = ("woman", "serviceman", "policeman", "fireman", "gunman", "crewman", "airman", "fisherman")
_IRREGULAR = (*((one, one[:-2] + "en") for one in _MEN), ("foot", "feet"), ("child", "children"))
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
        """A number on this scale, to three significant digits or whole; halves go up.

        >>> Scale(1e9, "billion", "USD").text(17_534_000_000)
        '17.5'
        >>> Scale(1e9, "billion", "USD").text(625_000_000)
        '0.63'
        """
        scaled = number / self.divisor
        if scaled == 0 or abs(scaled) >= 100 or scaled.is_integer():
            return half_up(scaled, 0)
        digits = 1 if abs(scaled) >= 10 else 2 if abs(scaled) >= 0.1 else 3
        return half_up(scaled, digits).rstrip("0").rstrip(".")

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
        if own is self or (own.unit == "count" and not own.name):
            return ""
        return f" {own.name or own.measure}"


def shortly(number: float, unit: str) -> str:
    """A number on the scale of its own.

    >>> shortly(25_000, "count"), shortly(6_000, "count"), shortly(1.5e9, "USD")
    ('25 thousand', '6,000', '1.5 billion')
    """
    scale = scale_of(number, unit)
    return f"{scale.text(number)} {scale.name}".strip()


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
    >>> in_words(6_000, "barrel", "oil"), in_words(20, "percent"), in_words(3, "kilometre per hour")
    ('6,000 barrels of oil', '20 percent', '3 kilometre per hour')
    """
    if is_currency(unit):
        scale = scale_within(abs(number), unit)
        return " ".join(filter(None, (unit, scale.text(number), scale.name)))
    shown = half_up(number, 0 if float(number).is_integer() else 2)
    if unit != "count":
        one = abs(number) == 1 or unit in _UNCOUNTED or " per " in unit
        return " of ".join(filter(None, (f"{shown} {unit if one else plural(unit)}", item)))
    return f"{shown} {item if abs(number) == 1 else plural(item)}" if item else shown


@dataclass(frozen=True)
class Topic:
    """The unit of a chart's numbers, what they have in common, and the columns in which they
    differ.

    ``asked`` are the filters that chose them: the values of each column, as they were asked for;
    ``limits`` is what else was asked, in words.
    """

    unit: str
    common: Mapping[str, str]
    varied: Sequence[str] = ()
    asked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    limits: Sequence[str] = ()

    def under(self, asked: Asked) -> Topic:
        """The same, knowing also the question that chose the numbers."""
        values = named(asked)
        single = {name: held[0] for name, held in values.items() if len(held) == 1}
        varied = [name for name in self.varied if name not in single or name == "item"]
        return replace(
            self, common={**self.common, **single}, varied=varied,
            asked={**self.asked, **values}, limits=limits(asked),
        )  # fmt: skip

    @property
    def headline(self) -> str:
        """What the chart shows, in a line, with every filter: ``Money committed to Ukraine, by
        donor``."""
        words = " ".join(filter(None, (self._subject(), self._said("status"), self._to())))
        by = " and ".join(name.replace("_", " ") for name in self.varied)
        told = (words, self._who(), *self._others(), by and f"by {by}", *self.limits)
        line = ", ".join(filter(None, told))
        return line[:1].upper() + line[1:]

    @property
    def described(self) -> str:
        """What the numbers have in common, value by value, and what else was asked."""
        return ", ".join([*(value_name(*pair) for pair in self.common.items()), *self.limits])

    def _values(self, column: str) -> tuple[str, ...]:
        """What is known of a column: the one value that all have, or those that were asked for."""
        return (self.common[column],) if column in self.common else self.asked.get(column, ())

    def _said(self, column: str) -> str:
        return listed([value_name(column, value) for value in self._values(column)])

    @property
    def _narrowest(self) -> str | None:
        """The column that says what is shown: the item, else the kind of aid, else the category."""
        is_money = bool(_CURRENCY.fullmatch(self.unit))
        told = ("item", "aid_type") if is_money else ("item", "category")
        return next((name for name in told if self._values(name)), None)

    def _subject(self) -> str:
        values = self._values(self._narrowest) if self._narrowest else ()
        if _CURRENCY.fullmatch(self.unit):
            kinds = [value for value in values if value in AID_TYPES]
            if kinds and len(kinds) == len(values):
                return f"{listed(kinds)} aid"
            return listed(values) or "money"
        if values:
            counted = self.unit == "count" and self._narrowest == "item"
            return listed([plural(value) if counted else value for value in values])
        return "materiel and people" if self.unit == "count" else self.unit or "figures"

    def _to(self) -> str:
        """``to Ukraine``, where nobody is named who gives."""
        alone = self._values("recipient") and not self._values("donor")
        return f"to {self._said('recipient')}" if alone else ""

    def _who(self) -> str:
        if self._values("donor"):
            return " to ".join(filter(None, (self._said("donor"), self._said("recipient"))))
        return self._said("party")

    def _others(self) -> list[str]:
        """The filters that nothing else tells: ``category artillery``."""
        told = {*ACTORS, "status", "unit", "dimension", self._narrowest}
        return [
            f"{name.replace('_', ' ')} {self._said(name)}"
            for name in self.asked
            if name not in told and self._values(name)
        ]


def heading(
    title: str | None, subtitle: str | None, topic: Topic, *measure: str
) -> tuple[str, str]:
    """Title and subtitle: those given, else made from the topic.

    The subtitle ends in the measure; under a title that is given it also says what the numbers have
    in common.
    """
    what = subtitle or (topic.described if title else "")
    return title or topic.headline, ", ".join(filter(None, (what, *measure)))


def plural(noun: str) -> str:
    """The plural of a counted thing; names, categories and what has no other plural stay.

    >>> [plural(word) for word in ("tank", "battery", "dose of vaccine", "HIMARS", "fuel tanks")]
    ['tanks', 'batteries', 'doses of vaccine', 'HIMARS', 'fuel tanks']
    >>> [plural(word) for word in ("serviceman", "talisman", "foot", "child")]
    ['servicemen', 'talismans', 'feet', 'children']
    """
    thing, of, rest = noun.partition(" of ")
    if of:
        return plural(thing) + of + rest
    if noun in CATEGORIES or not _REGULAR.fullmatch(noun) or noun.endswith(_ALIKE):
        return noun
    if _PLURAL.fullmatch(noun):
        return noun
    for one, several in _IRREGULAR:
        if noun.endswith(one):
            return noun.removesuffix(one) + several
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


def minutes(moments: pd.Series[str]) -> pd.Series[str]:
    """ISO moments as people read them: ``2022-12-31 12:00``."""
    return moments.str.slice(0, len("2022-12-31T12:00")).str.replace("T", " ")
