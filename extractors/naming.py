"""What is counted or measured: the item of a figure, in the singular.

The catalogue's name where it knows the thing, else the noun phrase itself; a pronoun or a bare
number takes its noun from what was named before. What money is for: :mod:`extractors.money_items`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extractors.antecedents import casualties, named_before, points_back, specified
from extractors.catalogue import load
from extractors.item_phrases import begins_with_actor, complement, name_of_phrase
from extractors.items import items
from extractors.named import Named
from extractors.quantity import Quantity
from extractors.reading import Sentence
from extractors.subjects import subject
from extractors.tokens import Tokens
from extractors.words import is_plural, noun_list, singular, word_set

_NOUN_REACH = 12
_STOP = word_set("phrase", "stop")
_CASUALTY = word_set("verbs", "casualty")
_ARE = word_set("item", "are")
_ARTICLES = word_set("item", "articles")
_MEASURED = word_set("item", "measured")
_SHARED = word_set("item", "shared")
_LEVELS = word_set("item", "levels")
_AFTER_LABEL = (":", "-", "\u2013", "\u2014")
_LONGEST_LABEL = 6  # tokens of a label, with its bullet
_WITH_NOUN = frozenset(("length", "area", "volume", "mass", "power"))


def name_count(
    sentence: Sentence,
    quantity: Quantity,
    before: Sequence[Named],
    earlier: Iterable[Sentence],
    around: Iterable[Sentence],
) -> Named:
    """The item of a count.

    ``before``: items of earlier figures, the nearest last; ``earlier``: the sentences before, the
    nearest first; ``around``: these and the ones behind.
    """
    tokens = sentence.tokens
    if quantity.noun is not None:
        head = singular(tokens.low[quantity.noun[1] - 1])
        if not points_back(head, quantity):
            return _by_noun(sentence, quantity, quantity.noun, head, before, around)
    named = (
        _predicate(sentence, quantity.after)
        or _known_complement(sentence, quantity)
        or _label(sentence, quantity)
    )
    if named is not None:
        return named
    near = tokens.low[max(0, quantity.first - 3) : quantity.last + 4]
    if not _CASUALTY.isdisjoint(near):
        return casualties(sentence, quantity, before)
    return named_before(sentence, quantity, before, earlier)


def name_measure(sentence: Sentence, quantity: Quantity) -> Named:
    """What a measure measures: "of water", the noun behind it, else a word of its dimension."""
    tokens, j = sentence.tokens, quantity.after
    inside = complement(sentence, j + 1) if tokens.at(j) in _MEASURED else None
    if inside is not None:
        return inside
    k = _past_aside(tokens, j)
    if (
        quantity.dimension in _WITH_NOUN
        and tokens.at(k)[:1].isalpha()
        and tokens.low[k] not in _STOP
    ):
        inside = complement(sentence, k)
        if inside is not None:
            return inside
    name = load("nouns")["units"].get(quantity.unit)
    told_of = subject(sentence, quantity) if name is None else None
    return told_of or Named(name, None, rule="<unit>")


def name_share(sentence: Sentence, quantity: Quantity, before: Sequence[Named]) -> Named:
    """Of what a share is: "of the region's *power stations*", else the noun before it."""
    tokens, j = sentence.tokens, quantity.after
    if tokens.at(j) in _SHARED:
        whole = _whole(sentence, quantity, j + 1 if tokens.low[j] == "of" else j)
        if whole is not None:
            return whole
    if before and quantity.kind == "share":
        return before[-1]
    told_of = subject(sentence, quantity)
    if told_of is not None:
        return told_of
    for mention in reversed(sentence.items):
        if mention.last <= quantity.first:
            return Named.thing(mention.entry, "<item> ... <n> percent")
    return Named(_noun_before(tokens, quantity.first), None, rule="<noun> ... <n> percent")


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
    named = _predicate(sentence, last) or name_of_phrase(sentence, first, last)
    if head in noun_list("containers") and tokens.at(last) == "of":
        inside = complement(sentence, last + 1)
        if inside is not None and not begins_with_actor(sentence, last + 1):
            return _contained(named, inside, head)
    if head in noun_list("collective") and named.entry and not named.entry.designation:
        return specified(tokens, quantity, named, before, around)
    return named


def _predicate(sentence: Sentence, j: int) -> Named | None:
    """What a count is said to be: "30 are *PT-91*", "76 vehicles are *IFVs*"."""
    tokens = sentence.tokens
    if tokens.at(j) not in _ARE:
        return None
    for mention in sentence.items:
        acronym = tokens.raw[mention.first].rstrip("s").isupper()
        if j < mention.first <= j + 2 and (mention.entry.designation or acronym):
            return Named.thing(mention.entry, "<n> are <item>")
    return None


def _known_complement(sentence: Sentence, quantity: Quantity) -> Named | None:
    """What a bare number is of, if the catalogue knows it: "20 of *them*", "four more *T-72*"."""
    if sentence.tokens.at(quantity.after) not in ("of", "more"):
        return None
    j = quantity.after + 1
    j += sentence.tokens.at(j) in word_set("phrase", "anaphora")  # "six of them *women*"
    whole = next((q for q in sentence.quantities if q.first == j and q.noun is not None), None)
    if whole is not None and whole.noun is not None:
        j = whole.noun[0]  # "57 of 88 *drones*"
    inside = complement(sentence, j)
    return inside if inside is not None and inside.entry is not None else None


def _label(sentence: Sentence, quantity: Quantity) -> Named | None:
    """What a line of a list says before its number: "*Artillery systems*: 1,405"."""
    tokens, end = sentence.tokens, quantity.first - 1
    if tokens.at(end) not in _AFTER_LABEL or not 0 < end <= _LONGEST_LABEL:
        return None
    first = int(not tokens.raw[0][0].isalpha())
    if not (is_plural(tokens.low[end - 1]) or any(m.last == end for m in sentence.items)):
        return None
    worded = all(word[0].isalpha() and word not in _STOP for word in tokens.low[first:end])
    return name_of_phrase(sentence, first, end) if worded and first < end else None


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


def _past_aside(tokens: Tokens, j: int) -> int:
    """Past what may part a unit and its noun: "a 40-metre *-long* bridge", "5 km *(3 mi)*"."""
    k = j + 1 if tokens.at(j) in ("-", ")") else j
    k = k + 1 if tokens.at(k) == "long" else k
    if tokens.at(k) == "(" and ")" in tokens.low[k : k + 6]:
        k = tokens.low.index(")", k) + 1
    return k


def _whole(sentence: Sentence, quantity: Quantity, j: int) -> Named | None:
    """What the noun phrase behind a share names; a country stands for its territory."""
    j = _past_owner(sentence.tokens, j)
    whole = complement(sentence, j)
    if whole is None:
        return None
    if whole.head in _LEVELS:
        noun = _noun_before(sentence.tokens, quantity.first)
        if noun is not None:
            return Named(noun, None, items().get(noun), rule="<noun> ... <n> percent of <level>")
    country = next((m for m in sentence.actors if j <= m.first < j + 2), None)
    if country is not None and country.form in ("name", "place") and not country.owns:
        return Named.thing(items()["territory"], "<n> percent of <country>", whole.words)
    return whole


def _past_owner(tokens: Tokens, j: int) -> int:
    """Past "Ukraine's" or "the country's" in front of a noun."""
    owner = next((k for k in range(j, j + 5) if tokens.at(k) == "'s"), None)
    if owner is not None:
        return owner + 1
    while tokens.at(j) in _ARTICLES:
        j += 1
    return j


def _noun_before(tokens: Tokens, i: int) -> str | None:
    """The nearest plural noun before token i, within its clause, in the singular."""
    for k in range(i - 1, max(-1, i - _NOUN_REACH), -1):
        low = tokens.low[k]
        if low in (";", "."):
            return None
        if is_plural(low) and low not in _STOP:
            return singular(low)
    return None
