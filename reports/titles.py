"""What a chart says above its axes: a title made of what its numbers have in common, and a measure.

``HIMARS committed, United States to Ukraine`` above ``Cumulative, number``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ledger.figure import AID_TYPES
from ledger.series import ACTORS
from reports.actors import actor_name

if TYPE_CHECKING:
    from ledger.totals import Where

_CURRENCY = re.compile(r"[A-Z]{3}")
_REGULAR = re.compile(r".*[a-z]$")  # not HIMARS, not Leopard 2
_ALIKE = ("craft", "personnel", "ammunition", "equipment", "people", "infantry", "artillery")


@dataclass(frozen=True)
class Topic:
    """The unit of a chart's numbers, what they have in common, and the columns in which they
    differ."""

    unit: str
    common: Mapping[str, str]
    varied: Sequence[str] = ()

    def under(self, where: Where | None) -> Topic:
        """The same, knowing also the one value that a filter asked of a column."""
        single = {
            name: asked if isinstance(asked, str) else next(iter(asked))
            for name, asked in (where or {}).items()
            if isinstance(asked, str) or len(asked) == 1
        }
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

    >>> [plural(word) for word in ("tank", "battery", "HIMARS", "Leopard 2", "aircraft")]
    ['tanks', 'batteries', 'HIMARS', 'Leopard 2', 'aircraft']
    """
    if not _REGULAR.fullmatch(noun) or noun.endswith(_ALIKE):
        return noun
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")
