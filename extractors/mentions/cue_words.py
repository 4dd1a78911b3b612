"""The words of ``catalogue/cues.toml`` in all their forms, each with what it says of a figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from extractors.catalogue import load
from extractors.text.lexicon import Index, index_of

_ANY = "any"
# Lists of verbs and of words that say it of some things only, by what they say it of.
_OF_ONLY = {
    "money_": "money",
    "goods_": "goods",
    "people_": "people",
    "launched_": "launched",
    "land_": "land",
    "troops_": "troops",
    "area_": "area",
    "approving_": "approved",
}
# The status that a class of giving tells whatever its tense; that of the others hangs on it.
STATUS_OF_TRANSFER = {
    "pledge": "committed",
    "authorize": "authorized",
    "request": "requested",
    "cancel": "cancelled",
}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a cue word says: ``kind`` is ``transfer`` or ``event``; ``of`` limits its things.

    ``of``: ``any``, ``people``, ``things``, ``money``, ``goods`` (all but money), ``launched``
    (drones and munitions), ``land``, ``area`` (measured land), ``troops`` or ``approved`` (by a
    parliament, or a sale).
    ``ambiguous``: the word has a meaning of either kind ("launch" a programme or missiles).
    """

    kind: str
    name: str
    form: str
    of: str = _ANY
    ambiguous: bool = False


def _forms(verb: str, irregular: dict[str, str]) -> dict[str, str]:
    """The forms of a verb, each with ``base``, ``s``, ``ing`` or ``past``; particles are kept."""
    base, _, particle = verb.partition(" ")
    tail = f" {particle}" if particle else ""
    forms = {base + tail: "base"}
    stem = base[:-1] if base.endswith("e") and not base.endswith("ee") else base
    soft_y = base.endswith("y") and base[-2] not in "aeiou"
    third = (
        base[:-1] + "ies"
        if soft_y
        else base + ("es" if base.endswith(("s", "x", "ch", "sh", "z", "go")) else "s")
    )
    forms[third + tail] = "s"
    forms[(base[:-2] + "y" if base.endswith("ie") else stem) + "ing" + tail] = "ing"
    special = irregular.get(base, "").split()
    for word in special:
        forms[word + tail] = (
            "ing" if word.endswith("ing") else "s" if word.endswith("ies") else "past"
        )
    if not any(f == "past" for f in forms.values()):
        past = base + "d" if base.endswith("ee") else stem + "ed"
        forms[(base[:-1] + "ied" if soft_y else past) + tail] = "past"
    return forms


def _noun_forms(noun: str) -> tuple[str, str]:
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun, noun[:-1] + "ies"
    if noun.endswith("s"):
        return noun, noun + "es"
    return noun, noun + "s"


def inflected(verbs: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The forms of verbs, each with what it is (:func:`_forms`)."""
    irregular = load("cues")["irregular"]
    return (pair for verb in verbs for pair in _forms(verb, irregular).items())


def _surfaces(entry: dict[str, list[str]], prefix: str = "") -> Iterator[tuple[str, str]]:
    """The surfaces of a class, each with its form: verbs first, then nouns, then phrases."""
    yield from inflected(entry.get(f"{prefix}verbs", ()))
    for noun in entry.get(f"{prefix}nouns", ()):
        for surface in _noun_forms(noun):
            yield surface, "noun"
    for surface in entry.get(f"{prefix}words", ()):
        yield surface, "words"


def _classes() -> Iterator[tuple[str, str, dict[str, list[str]]]]:
    """Every class of cues with its kind and name; those of giving come first."""
    for kind, section in (("transfer", "transfers"), ("event", "events")):
        for name, entry in load("cues")[section].items():
            yield kind, name, entry


def classes_of(word: str) -> list[str]:
    """The classes of cues that a word or phrase stands in, in any of its forms: ``pledge`` for
    "promised", ``destroyed`` for "wrecked"; those of giving first."""
    return [
        name
        for _, name, entry in _classes()
        if any(surface.casefold() == word.casefold() for surface, _ in _surfaces(entry))
    ]


@cache
def cue_index() -> Index[tuple[Meaning, ...]]:
    """All cue words, each with its meanings: at most one of giving and one of what happens, and
    those that it has of some things only ("*send* troops", "*send* drones at Kyiv")."""
    rows: dict[str, list[Meaning]] = {}
    for kind, name, entry in _classes():
        of = str(entry.get("of", _ANY))
        for surface, form in _surfaces(entry):
            found = rows.setdefault(surface, [])
            also_noun = form == "noun" and all(m.form != "noun" for m in found)
            if all(m.kind != kind or (m.name == name and also_noun) for m in found):
                found.append(Meaning(kind, name, form, of))
    for kind, name, entry in _classes():
        for prefix, of in _OF_ONLY.items():
            for surface, form in _surfaces(entry, prefix):
                rows.setdefault(surface, []).append(Meaning(kind, name, form, of))
    merged = {surface: _disambiguated(found) for surface, found in rows.items()}
    return index_of((merged | dict.fromkeys(load("cues")["no_cues"]["words"], ())).items())


def _disambiguated(found: list[Meaning]) -> tuple[Meaning, ...]:
    """The meanings of a surface, what happens before what is given.

    A word of giving is ambiguous where it also tells what befalls things.
    """
    events = [m for m in found if m.kind == "event"]
    ambiguous = any(m.of in (_ANY, "things") for m in events)
    gifts = (replace(m, ambiguous=ambiguous) for m in found if m.kind == "transfer")
    return (*events, *gifts)
