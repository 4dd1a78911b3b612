"""What is counted: the item of a count, in the singular.

The catalogue's name where it knows the thing, else the noun phrase itself; ammunition by the weapon
or the calibre that it is for ("75,000 shells *for 155mm guns*"); a pronoun or a bare number takes
its noun from what was named before. Of shares :mod:`extractors.names.share_of` tells it, of
measures :mod:`extractors.names.measured`, of money :mod:`extractors.names.paid_for`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from extractors.mentions.items import item_index, items, synonyms
from extractors.mentions.named import ARE_ITEM, NOTHING, Named
from extractors.names.antecedents import (
    casualties,
    named_before,
    of_same_people,
    people_before,
    points_back,
    repeated,
    specified,
    whole_named,
)
from extractors.names.noun_phrases import begins_with_actor, complement, joined, name_of_phrase
from extractors.names.table_cells import name_of_cell, of_next_cell
from extractors.numbers.quantity import Quantity
from extractors.passage.phrases import whole_of
from extractors.passage.sentence import Sentence
from extractors.text.once import once
from extractors.text.tokens import tokenize
from extractors.text.words import is_plural, noun_list, singular, word_set

_UNMODELLED = word_set("category", "unmodelled")
_STOP = word_set("phrase", "stop")
_CASUALTY = word_set("verbs", "casualty")
_ARE = word_set("item", "are")
_STRICKEN = word_set("item", "stricken")
_HELPED = word_set("item", "helped")
_ACTS_OF_PEOPLE = word_set("item", "acts_of_people")
_BEFORE_VALUE = word_set("item", "before_value")
_AFTER_LABEL = (":", "-", "\u2012", "\u2013", "\u2014")
_BEFORE_LABEL = (";", ",", ":", "-", "*", "\u2022", "\u2012", "\u2013", "\u2014", "/", ")")
_LONGEST_LABEL = 6  # words of a label
_CALIBRE = re.compile(r"(\d+)[\s-]*(?:mm|millimet(?:re|er))\b")
_JOINTS = word_set("item", "joints")


def name_count(
    sentence: Sentence,
    quantity: Quantity,
    before: Sequence[Named],
    earlier: Iterable[Sentence],
    around: Iterable[Sentence],
    above: Iterable[Sentence],
) -> Named:
    """The item of a count.

    ``before``: items of earlier figures, the nearest last; ``earlier``: the sentences before, the
    nearest first; ``around``: these and the ones behind; ``above``: as many before as a table may
    have rows.
    """
    tokens = sentence.tokens
    quantity = repeated(sentence, quantity)
    if quantity.noun is None:
        whole = whole_of(sentence, quantity)
        quantity = whole if whole is not None and whole.noun is not None else quantity
    if quantity.noun is not None:
        head = singular(tokens.low[quantity.noun[1] - 1])
        if not points_back(head, quantity):
            named = _by_noun(sentence, quantity, quantity.noun, head, before, around)
            if named.item is not None and named.item.isupper():
                return _spelled_out(named, before, [sentence, *earlier])
            named = of_same_people(sentence, named, before, earlier)
            return of_next_cell(named, tokens, quantity)
    known = (
        _predicate(sentence, quantity.after, bare=True)
        or whole_named(sentence, quantity)
        or _before_calibre(sentence, quantity)
        or _label(sentence, quantity)
        or name_of_cell(sentence, quantity, above)
    )
    if known is not None:
        return known
    near = tokens.low[max(0, quantity.first - 3) : quantity.last + 4]
    if not _CASUALTY.isdisjoint(near):
        return casualties(sentence, quantity, before)
    if tokens.at(quantity.last) in _STRICKEN:
        return Named.thing(items()["person"], "<n> <participle of people>")
    if tokens.at(quantity.first - 1) in _HELPED or tokens.at(quantity.last) in _ACTS_OF_PEOPLE:
        return people_before(before)
    named = named_before(sentence, quantity, before, earlier)
    if named.item is None:
        named = _named_beside(sentence, quantity)
    return of_same_people(sentence, named, before, ())


def _named_beside(sentence: Sentence, quantity: Quantity) -> Named:
    """What a count is of where nothing before tells it: its own noun ("13 *units*"), the one that
    it goes on from ("a *crate* or two"), or that of the next count."""
    if quantity.noun is not None:
        return name_of_phrase(sentence, *quantity.noun)
    if quantity.first > 1 and sentence.tokens.low[quantity.first - 1] == "or":
        return name_of_phrase(sentence, quantity.first - 2, quantity.first - 1)
    after = next((q.noun for q in sentence.quantities.behind(quantity.last - 1) if q.noun), None)
    return name_of_phrase(sentence, *after) if after is not None else NOTHING


def _by_noun(
    sentence: Sentence,
    quantity: Quantity,
    noun: tuple[int, int],
    head: str,
    before: Sequence[Named],
    around: Iterable[Sentence],
) -> Named:
    """What the noun phrase of a count names, with what it holds or which one it means."""
    first, last = noun
    tokens = sentence.tokens
    said = _predicate(sentence, last)
    if said is not None:
        return said
    named = name_of_phrase(sentence, first, last)
    if head in noun_list("containers") and tokens.at(last) == "of":
        inside = complement(sentence, last + 1)
        if inside is not None and not begins_with_actor(sentence, last + 1):
            return _contained(named, inside, head)
    if named.entry is not None and named.entry.munition:
        named = _for_weapon(sentence, named, last)
    named = joined(sentence, named, last)
    if named.entry is None or named.entry.designation or named.entry.category in _UNMODELLED:
        return named
    if synonyms().get(named.item or "", named.item) == named.entry.name:
        return specified(sentence, quantity, named, before, list(around))
    return named


def _predicate(sentence: Sentence, j: int, *, bare: bool = False) -> Named | None:
    """What a count is said to be: "30 are *PT-91*", "76 vehicles are *IFVs*"; a ``bare`` number
    also a common noun: "nine were *cruise missiles*"."""
    tokens = sentence.tokens
    if tokens.at(j) not in _ARE:
        return None
    for mention in sentence.items.within(j + 1, j + 3):
        acronym = tokens.raw[mention.first].rstrip("s").isupper()
        noun = bare and mention.first == j + 1 and is_plural(tokens.low[mention.last - 1])
        if mention.entry.designation or acronym or noun:
            return Named.thing(mention.entry, ARE_ITEM)
    return None


def _label(sentence: Sentence, quantity: Quantity) -> Named | None:
    """What a list says before its number: "*Artillery systems*: 1,405; *tanks* ‒ 300"."""
    tokens, end = sentence.tokens, quantity.first
    while end and tokens.low[end - 1] in _BEFORE_VALUE:
        end -= 1
    end -= 1
    if end < 1 or tokens.low[end] not in _AFTER_LABEL:
        return None
    if not (is_plural(tokens.low[end - 1]) or sentence.items.ends_at(end)):
        return None
    first = end
    while first and tokens.low[first - 1][0].isalpha() and tokens.low[first - 1] not in _STOP:
        first -= 1
    opened = not first or tokens.low[first - 1] in _BEFORE_LABEL
    return (
        name_of_phrase(sentence, first, end)
        if opened and 0 < end - first <= _LONGEST_LABEL
        else None
    )


def _contained(named: Named, inside: Named, head: str) -> Named:
    """A container with what it holds: "artillery ammunition round"; the entry is the contents'."""
    item = inside.item or ""
    if item.endswith("ammunition"):  # "artillery ammunition" comes in artillery rounds
        item = item.removesuffix("ammunition").strip() or "ammunition"
    known = items().get(f"{item} {head}") or items().get(
        f"ammunition {head}" if item == "ammunition" else item
    )
    return Named(
        known.name if known and known.name.endswith(head) else f"{item} {head}",
        f"{named.words} of {inside.words}",
        known or inside.entry or named.entry,
        rule="<noun> of <noun>",
    )


def _spelled_out(named: Named, before: Sequence[Named], near: Iterable[Sentence]) -> Named:
    """An acronym ("IFV") in full where the text tells what it stands for."""
    entry = named.entry
    if entry is None or entry.designation:
        return named
    told = any(entry.name in _in_full(s) for s in near)
    if told or any(b.item == entry.name for b in before):
        return Named.thing(entry, named.rule, named.words)
    return named


@once
def _in_full(sentence: Sentence) -> frozenset[str]:
    """The things that a sentence names in more than one word."""
    return frozenset(m.entry.name for m in sentence.items if m.last - m.first > 1)


def _for_weapon(sentence: Sentence, named: Named, last: int) -> Named:
    """Ammunition with the calibre or the designation of the weapon that it is for, where it has
    none of its own: a ``155mm artillery round``, a ``BM-21 Grad round``."""
    entry = named.entry
    if (
        entry is None
        or not entry.munition
        or entry.designation
        or sentence.tokens.at(last) != "for"
    ):
        return named
    weapon = complement(sentence, last + 1)
    if weapon is None:
        return named
    calibre = _CALIBRE.search((weapon.words or "").lower())
    if calibre is not None:
        return _of_calibre(calibre[1], named.head)
    if weapon.entry is None or not weapon.entry.designation:
        return named
    return Named(f"{weapon.item} {named.head}", named.words, entry, rule="<noun> for <designation>")


def _before_calibre(sentence: Sentence, quantity: Quantity) -> Named | None:
    """A number and a calibre whose noun stands behind the next ones: "500 *155 mm* and 300 122 mm
    *rounds*"."""
    tokens, joint = sentence.tokens, quantity.after + 2
    calibre = tokens.at(quantity.after)
    if not calibre.isdecimal() or tokens.at(joint - 1) != "mm" or tokens.at(joint) not in _JOINTS:
        return None
    following = sentence.quantities.at(joint + 1)
    noun = following.noun if following is not None else None
    return _of_calibre(calibre, singular(tokens.low[noun[1] - 1])) if noun is not None else None


def _of_calibre(calibre: str, head: str) -> Named:
    """The catalogue's thing of a calibre: "155mm round" is the ``155mm artillery round``."""
    name = f"{calibre}mm {head}"
    known = item_index().at(tokenize(name, 0, len(name)), 0)
    rule = "<calibre> <noun>"
    return Named.thing(known.entry, rule) if known is not None else Named(name, None, rule=rule)
