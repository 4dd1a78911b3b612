"""What money is for, out of ``catalogue/aid.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from extractors.catalogue import load
from extractors.text.lexicon import Index, index_of


@dataclass(frozen=True, slots=True)
class Purpose:
    """A purpose of money: its item name, the record's aid_type, whether it is ever a transfer.

    ``as_written``: the words of the text name the item better than the entry does. ``basis``: the
    basis that such an amount has where nothing else is said.
    """

    name: str
    aid_type: str | None
    generic: bool
    transfer: bool
    as_written: bool
    basis: str | None


@cache
def purposes() -> dict[str, Purpose]:
    """All purposes by name."""
    return {
        name: Purpose(
            name,
            row.get("type"),
            row.get("generic", False),
            row.get("transfer", True),
            row.get("as_written", False),
            row.get("basis"),
        )
        for name, row in load("aid").items()
    }


@cache
def purpose_index() -> Index[Purpose]:
    """All phrases that name a purpose."""
    by_name = purposes()
    return index_of(
        ((phrase, by_name[name]) for name, row in load("aid").items() for phrase in row["names"]),
        plurals=True,
    )


@cache
def aid_of_kind(kind: str, head: str) -> str:
    """The purpose that a kind with a plain word for aid names ("security" "support" is military
    aid), else the kind."""
    phrase = f"{kind} {head}"
    return next((name for name, row in load("aid").items() if phrase in row["names"]), kind)


@cache
def by_letter() -> dict[str, Purpose]:
    """Purposes by the letter of a tracker's record id."""
    by_name = purposes()
    return {row["letter"]: by_name[name] for name, row in load("aid").items() if "letter" in row}
