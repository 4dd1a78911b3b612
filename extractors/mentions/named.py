"""The name of what a figure counts, measures or pays for."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.mentions.items import Item
from extractors.mentions.origin import Origin
from extractors.mentions.purposes import Purpose

# The patterns that say where a name was found, or that decide what else may be said of a figure.
BEFORE = "named before"
RECORD_ID = "<record id>"  # the kind of aid that a tracker's record is of
OF_PEOPLE = "<people>"  # a people's name is the item: "40 *Russians*"
ARE_ITEM = "<n> are <item>"  # told of the number: "of the dead, 12 *were civilians*"
_ORIGINS = {BEFORE: Origin.EARLIER, RECORD_ID: Origin.RECORD, "": Origin.NOBODY}


@dataclass(frozen=True, slots=True)
class Named:
    """An item with the words that named it, its entry or purpose if the catalogue knows it.

    ``rule`` is the pattern that found it, for the reader of an explanation.
    """

    item: str | None
    words: str | None
    entry: Item | None = None
    purpose: Purpose | None = None
    rule: str = ""

    @classmethod
    def thing(cls, entry: Item, rule: str, words: str | None = None) -> Named:
        """The name of an entry of the catalogue of materiel and people."""
        return cls(entry.name, words, entry, rule=rule)

    @classmethod
    def aim(cls, purpose: Purpose, rule: str) -> Named:
        """The name of a purpose of money that the words beside the amount do not give."""
        return cls(purpose.name, None, purpose=purpose, rule=rule)

    def again(self) -> Named:
        """The same name for a figure behind it that leaves its own unsaid."""
        return Named(self.item, None, self.entry, self.purpose, BEFORE)

    @property
    def origin(self) -> Origin:
        """Where the name was found."""
        return _ORIGINS.get(self.rule, Origin.WORDS)

    @property
    def head(self) -> str:
        """The last word of the item in lower case, the empty string where there is none."""
        return self.item.split()[-1].lower() if self.item else ""


NOTHING = Named(None, None)
