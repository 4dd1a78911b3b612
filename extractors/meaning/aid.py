"""The category of what a figure counts, and of what is given the kind of aid."""

from __future__ import annotations

from extractors.meaning.draft import Draft
from extractors.mentions.items import items
from extractors.mentions.kinds import is_person
from extractors.text.words import word_set

_MILITARY = word_set("category", "military")


def category_of(draft: Draft) -> str | None:
    """The category of what is counted; None where the catalogue does not know it."""
    if draft.quantity.dimension == "money":
        return None
    entry = draft.named.entry or items().get(draft.item or "")
    if entry is not None:
        return entry.category
    people = draft.quantity.dimension == "count" and is_person(draft.item, None)
    return "personnel" if people else None


def aid_type_of(draft: Draft) -> str | None:
    """The kind of aid that the reader chose; where it chose none, of a transfer: by the purpose of
    money, by the category of things."""
    if (choice := draft.choices.get("aid_type")) is not None:
        return choice.value
    if not draft.role.transfer:
        return None
    if draft.named.purpose is not None:
        return draft.named.purpose.aid_type
    category = category_of(draft)
    if category in _MILITARY:
        return "military"
    return "humanitarian" if category == "medical" else None
