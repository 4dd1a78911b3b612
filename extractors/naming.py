"""What is counted, measured or paid for: the item of a figure, in the singular.

The catalogue's name where it knows the thing, else the noun phrase itself; a pronoun or a bare
number takes its noun from what was named before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from extractors.actors import adjectives
from extractors.catalogue import load
from extractors.items import Item, items
from extractors.lexicon import Mention
from extractors.numerals import vocabulary
from extractors.purposes import Purpose, by_letter, purposes
from extractors.quantity import Quantity
from extractors.reading import Sentence
from extractors.tokens import Tokens
from extractors.words import is_plural, singular, word_set

_ARTICLES = frozenset(
    ("the", "a", "an", "its", "their", "his", "her", "our", "this", "these", "those")
)
_LINKS_TO_PURPOSE = frozenset(
    ("in", "of", "for", "worth", "to", "towards", "on", "as", "through", "toward")
)
_NOT_BOUGHT = frozenset(("personnel", "other", "territory", "infrastructure"))
_REACH = 40
_NOT_A_NAME = frozenset(("'s", "'", '"', ",", "(", ")", "and", "or", "&", "/", "\u2013"))


@dataclass(frozen=True, slots=True)
class Named:
    """An item with the words that named it, its entry or purpose if the catalogue knows it."""

    item: str | None
    words: str | None
    entry: Item | None = None
    purpose: Purpose | None = None
    rule: str = ""


@cache
def noun_list(name: str) -> frozenset[str]:
    """One list of ``catalogue/nouns.toml``."""
    return frozenset(load("nouns")[name])


@cache
def _endings() -> tuple[str, ...]:
    return tuple(load("nouns")["people"])


def is_person(item: str | None, entry: Item | None) -> bool:
    """Whether an item is people: by its category, else by the ending of its head noun."""
    if entry is not None:
        return entry.category == "personnel"
    if not item:
        return False
    head = item.split()[-1].lower()
    if item.lower() in noun_list("not_people") or head in noun_list("not_people"):
        return False
    known = items().get(head)
    if known is not None:
        return known.category == "personnel"
    return head in noun_list("also_people") or head.endswith(_endings()) or item in demonyms()


@cache
def demonyms() -> dict[str, str]:
    """Names of peoples ("Ukrainian") with the code of their country."""
    actors = {c: a for c, a in load("actors").items() if c != "not_actors"}
    return {surface: code for code, actor in actors.items() for surface in actor.get("people", [])}


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
    head = singular(tokens.low[quantity.noun[1] - 1]) if quantity.noun else ""
    if quantity.noun is not None and not _stands_for_another(head, quantity):
        first, last = quantity.noun
        named = _predicate(sentence, last) or _phrase(sentence, first, last)
        if head in noun_list("containers") and last < len(tokens) and tokens.low[last] == "of":
            inside = complement(sentence, last + 1)
            if (
                inside is not None
                and inside.item is not None
                and not _begins_with_actor(sentence, last + 1)
            ):
                return _contained(named, inside, head)
        if (
            head in noun_list("collective")
            and named.entry is not None
            and not named.entry.designation
        ):
            return _specified(sentence, quantity, named, before, around)
        return named
    predicate = _predicate(sentence, quantity.after)
    if predicate is not None:
        return predicate
    of = quantity.after
    if tokens.low[of : of + 1] in (("of",), ("more",), ("others",)) or quantity.rule == "<n> more":
        nearby = (
            complement(sentence, of + 1)
            if tokens.low[of : of + 1] in (("of",), ("more",))
            else None
        )
        if nearby is not None and nearby.item and nearby.entry is not None:
            return nearby
    near = tokens.low[max(0, quantity.first - 3) : quantity.last + 4]
    if any(w in word_set("verbs", "casualty") for w in near):
        return _casualties(sentence, quantity, before)
    return _named_before(sentence, quantity, before, earlier)


def _predicate(sentence: Sentence, j: int) -> Named | None:
    """What a count is said to be: "30 are *PT-91*", "76 vehicles are *IFVs*"."""
    tokens = sentence.tokens
    if tokens.low[j : j + 1] not in (("are",), ("were",), ("is",)):
        return None
    for mention in sentence.items:
        if j < mention.first <= j + 2 and (
            mention.entry.designation or tokens.raw[mention.first].rstrip("s").isupper()
        ):
            return Named(mention.entry.name, None, mention.entry, rule="<n> are <item>")
    return None


def _stands_for_another(head: str, quantity: Quantity) -> bool:
    """Whether a noun only points to one named before: "30 others", "the 9000 units"."""
    one_word = quantity.noun is not None and quantity.noun[1] - quantity.noun[0] == 1
    return head in ("other", "more") or (one_word and head in ("unit", "mention"))


def _contained(named: Named, inside: Named, head: str) -> Named:
    """A container with what it holds: "artillery ammunition round"; the entry is the contents'."""
    item = inside.item or ""
    if item.endswith("ammunition"):
        item = item.removesuffix("ammunition").strip() or "ammunition"
    known = items().get(f"{item} {head}") or items().get(
        f"ammunition {head}" if item == "ammunition" else item
    )
    name = known.name if known and known.name.endswith(head) else f"{item} {head}"
    return Named(
        name,
        f"{named.words} of {inside.words}",
        known or inside.entry or named.entry,
        rule="<noun> of <noun>",
    )


def _specified(
    sentence: Sentence,
    quantity: Quantity,
    named: Named,
    before: Sequence[Named],
    around: Iterable[Sentence],
) -> Named:
    """``more missile systems``: the designation by which the text calls them, if it tells one."""
    entry = named.entry
    if entry is None or not _refers_back(sentence.tokens, quantity):
        return named
    for other in around:
        known_as = _known_as(other, entry)
        if known_as is not None:
            return Named(
                known_as.name, named.words, known_as, rule="<noun>, known as <designation>"
            )
    for earlier in reversed(before):
        if (
            earlier.entry is not None
            and earlier.entry.designation
            and _is_a(earlier.entry, entry.name)
        ):
            return Named(earlier.item, named.words, earlier.entry, rule="named before")
    return named


def _known_as(sentence: Sentence, entry: Item) -> Item | None:
    """The designation that a sentence gives to a thing: "the missile systems, known as HIMARS"."""
    tokens = sentence.tokens
    for k in range(1, len(tokens) - 1):
        if tokens.low[k] != "as" or tokens.low[k - 1] not in ("known", "designated"):
            continue
        name = next(
            (m.entry for m in sentence.items if k < m.first <= k + 2 and m.entry.designation), None
        )
        if name is not None and any(
            m.entry.name == entry.name and m.last <= k for m in sentence.items
        ):
            return name
    return None


def _refers_back(tokens: Tokens, quantity: Quantity) -> bool:
    around = tokens.low[max(0, quantity.first - 2) : quantity.last + 3]
    return any(
        w in ("the", "more", "additional", "these", "those", "such", "further") for w in around
    )


def _is_a(entry: Item, name: str) -> bool:
    from extractors.items import lineage

    return name in lineage(entry.name)


_SOLDIERS = frozenset(("forces", "troops", "soldiers", "army", "casualties"))


def _casualties(sentence: Sentence, quantity: Quantity, before: Sequence[Named]) -> Named:
    """Bare numbers of dead and wounded are persons; soldiers where forces or troops were named."""
    for other in reversed(before[-2:]):
        if (
            is_person(other.item, other.entry)
            and other.rule != "<people>"
            and other.item != "casualty"
        ):
            return Named(other.item, None, other.entry, rule="killing <n>")
    low = sentence.tokens.low[max(0, quantity.first - 12) : quantity.first]
    name = "soldier" if any(w in low for w in _SOLDIERS) else "person"
    return Named(name, None, items().get(name), rule="killing <n>")


def _named_before(
    sentence: Sentence, quantity: Quantity, before: Sequence[Named], earlier: Iterable[Sentence]
) -> Named:
    """The noun that a bare number takes from what stands before it."""
    best: Mention[Item] | None = None
    for mention in sentence.items:
        if mention.last <= quantity.first:
            best = mention
    if quantity.noun is not None:  # "30 others" are of the class named before, not of its last kind
        before = [b for b in before if b.rule != "<n> are <item>"] or before
    if (
        before
        and before[-1].item
        and (best is None or quantity.rule != "bringing the total to <n>")
    ):
        last = before[-1]
        return Named(last.item, None, last.entry, last.purpose, "named before")
    if best is not None:
        return Named(best.entry.name, None, best.entry, rule="named before")
    for other in earlier:
        if other.items:
            designated = [m for m in other.items if m.entry.designation]
            entry = (designated or list(other.items))[-1].entry
            return Named(entry.name, None, entry, rule="named before")
    return Named(None, None)


def _phrase(sentence: Sentence, first: int, last: int) -> Named:
    """The name that a noun phrase gives: the catalogue's where it has one, else the phrase."""
    tokens = sentence.tokens
    inside = [m for m in sentence.items if m.first >= first and m.last <= last]
    words = sentence.block.plain[tokens.start[first] : tokens.end[last - 1]]
    for mention in inside:
        if mention.entry.designation:
            return Named(mention.entry.name, words, mention.entry, rule="<designation>")
    head = inside[-1] if inside and inside[-1].last == last else None
    end = head.first if head else last - 1
    kept = [k for k in range(first, end) if _names(tokens, k)]
    people = [m for m in sentence.actors if first <= m.first and m.last <= last]
    if head is None and people and people[-1].last == last:
        return Named(
            _person_of(sentence, people[-1].first, last),
            words,
            items().get("person"),
            rule="<people>",
        )
    modifiers = [_bare(tokens, k) for k in kept if not any(m.first <= k < m.last for m in people)]
    if head is not None and head.entry.category == "personnel":
        name = head.entry.name
    else:
        name = _written(tokens, head) if head else _head_name(tokens, last - 1)
    entry = head.entry if head else items().get(name.lower())
    return Named(
        " ".join([*modifiers, name]), words, entry, rule="<item>" if head else "<noun phrase>"
    )


def _written(tokens: Tokens, mention: Mention[Item]) -> str:
    """A common noun of the catalogue in the spelling of the text, in the singular."""
    acronym = tokens.raw[mention.last - 1].rstrip("s").isupper()
    if "of" in tokens.low[mention.first : mention.last] or acronym:
        return mention.entry.name
    return _singular_phrase(tokens, mention.first, mention.last)


def _singular_phrase(tokens: Tokens, first: int, last: int) -> str:
    words = [w for w in tokens.low[first : last - 1] if w != "-"]
    return " ".join([*words, _head_name(tokens, last - 1)])


def _person_of(sentence: Sentence, first: int, last: int) -> str:
    """ "Britons" are persons of Britain; the name stays a demonym in the singular."""
    tokens = sentence.tokens
    return " ".join([*tokens.raw[first : last - 1], tokens.raw[last - 1].removesuffix("s")])


def _head_name(tokens: Tokens, k: int) -> str:
    raw = tokens.raw[k]
    one = singular(tokens.low[k])
    return raw if raw.isupper() and len(raw) > 1 else one


def _names(tokens: Tokens, k: int) -> bool:
    """Whether a word before the head belongs to the name."""
    low = tokens.low[k]
    if low in _NOT_A_NAME or low in noun_list("plain") or low in adjectives():
        return False
    return not low.endswith("ly")


def _bare(tokens: Tokens, k: int) -> str:
    return tokens.raw[k] if tokens.raw[k].isupper() else tokens.low[k]


def complement(sentence: Sentence, j: int) -> Named | None:
    """The noun phrase that begins at token j, read up to its end: "of *artillery ammunition*"."""
    tokens = sentence.tokens
    n = len(tokens)
    stop = word_set("phrase", "stop")
    while j < n and (tokens.low[j] in _ARTICLES or tokens.low[j] == '"' or _counts_on(tokens, j)):
        j += 1
    first = k = j
    last = -1
    while k < n and k - first < 8:
        low = tokens.low[k]
        mention = next((m for m in sentence.items if m.first == k), None)
        if mention is not None:
            last = k = mention.last
            ended = is_plural(tokens.low[k - 1]) and k < n and tokens.low[k] != "-"
            if ended and not is_plural(tokens.low[k]):
                break
            continue
        if low in ("-", '"', "'"):
            k += 1
            continue
        hyphened = k > first and tokens.low[k - 1] == "-"
        if (low in stop and not hyphened) or not tokens.raw[k][0].isalpha() or low == "'s":
            break
        if (
            low.endswith("ed")
            and last > 0
            and low not in ("armed", "armored", "armoured", "displaced")
        ):
            break
        last = k = k + 1
        if (
            is_plural(low)
            and k < n
            and not is_plural(tokens.low[k])
            and not _item_starts(sentence, k)
        ):
            break
    if last < 0:
        return None
    return _phrase(sentence, first, last)


def _counts_on(tokens: Tokens, j: int) -> bool:
    """Whether a number word only leads to the noun: "half of the *thousands of* men"."""
    vague = vocabulary().vague
    return tokens.low[j] in vague or (tokens.low[j] == "of" and tokens.low[j - 1] in vague)


def _begins_with_actor(sentence: Sentence, j: int) -> bool:
    return any(m.first == j for m in sentence.actors)


def _item_starts(sentence: Sentence, k: int) -> bool:
    return any(m.first == k for m in sentence.items)


def name_measure(sentence: Sentence, quantity: Quantity) -> Named:
    """What a measure measures: "of water" behind it, the noun behind it, a word of its dimension."""
    tokens = sentence.tokens
    j = quantity.after
    n = len(tokens)
    if j < n and tokens.low[j] in ("of", "in", "worth"):
        inside = complement(sentence, j + 1)
        if inside is not None:
            return inside
    k = j + 1 if j < n and tokens.low[j] in ("-", ")") else j
    k = k + 1 if tokens.low[k : k + 1] == ("long",) else k
    if tokens.low[k : k + 1] == ("(",) and ")" in tokens.low[k : k + 6]:
        k = tokens.low.index(")", k) + 1
    if quantity.dimension in ("length", "area", "volume", "mass", "power") and k < n:
        if tokens.low[k] not in word_set("phrase", "stop") and tokens.raw[k][0].isalpha():
            inside = complement(sentence, k)
            if inside is not None and inside.item:
                return inside
    return Named(load("nouns")["units"].get(quantity.unit), None, rule="<unit>")


def name_share(sentence: Sentence, quantity: Quantity, before: Sequence[Named]) -> Named:
    """Of what a share is: "of the region's *power stations*", else the noun before it."""
    tokens = sentence.tokens
    j, n = quantity.after, len(tokens)
    if j < n and tokens.low[j] in ("of", "the", "a", "an"):
        owner = _after_owner(sentence, j + 1 if tokens.low[j] == "of" else j)
        inside = complement(sentence, owner)
        if inside is not None and inside.item:
            if inside.item.split()[-1] in ("level", "peak", "average") and (
                noun := _noun_before(tokens, quantity.first)
            ):
                return Named(
                    noun, None, items().get(noun), rule="<noun> ... <n> percent of <level>"
                )
            country = next((m for m in sentence.actors if owner <= m.first < owner + 2), None)
            if country is not None and country.form in ("name", "place") and not country.owns:
                return Named(
                    "territory",
                    inside.words,
                    items().get("territory"),
                    rule="<n> percent of <country>",
                )
            return inside
    if before and quantity.kind == "share":
        return before[-1]
    for mention in reversed(sentence.items):
        if mention.last <= quantity.first:
            return Named(mention.entry.name, None, mention.entry, rule="<item> ... <n> percent")
    return Named(_noun_before(tokens, quantity.first), None, rule="<noun> ... <n> percent")


def _after_owner(sentence: Sentence, j: int) -> int:
    """Past "Ukraine's" or "the country's" in front of a noun."""
    tokens = sentence.tokens
    for k in range(j, min(j + 5, len(tokens))):
        if tokens.low[k] in ("'s",):
            return k + 1
    while j < len(tokens) and tokens.low[j] in _ARTICLES:
        j += 1
    return j


def _noun_before(tokens: Tokens, i: int) -> str | None:
    """The nearest plural noun or noun after "the" before token i."""
    for k in range(i - 1, max(-1, i - 12), -1):
        low = tokens.low[k]
        if low in (";", "."):
            return None
        if is_plural(low) and low not in word_set("phrase", "stop"):
            return singular(low)
    return None


def name_money(
    sentence: Sentence,
    quantity: Quantity,
    default: Purpose | None,
    before: Sequence[Named],
    earlier: Iterable[Sentence],
) -> Named:
    """What an amount is for: behind it ("in *humanitarian aid*"), before it, or in its sentence.

    ``before``: the names of the amounts before it, the nearest last.
    """
    specific = generic = None
    for mention in sentence.purposes:
        cost = _distance(sentence, quantity, mention.first, mention.last)
        if cost > _REACH:
            continue
        if mention.entry.generic:
            generic = min(generic or (cost, mention), (cost, mention), key=lambda pair: pair[0])
        else:
            if sentence.tokens.low[mention.first - 1] == "other" and cost <= 12:
                cost = 0  # "in food, shelter and *other humanitarian aid*"
            specific = min(specific or (cost, mention), (cost, mention), key=lambda pair: pair[0])
    thing = _direct_object(sentence, quantity)
    beside = generic is not None and generic[0] <= 2 and generic[1].first >= quantity.after
    if beside and specific is not None and specific[1].last <= quantity.first and specific[0] > 4:
        specific = None  # "... democracy, including the $12 billion in assistance"
    if specific is not None and generic is not None and _steps_between(generic, specific, quantity):
        return _purpose(sentence, generic[1])
    if (
        specific is not None
        and specific[0] <= (8 if default else 14)
        and (thing is None or specific[0] <= 6)
    ):
        return _purpose(sentence, specific[1], specific[0])
    if thing is not None:
        return thing
    coded = _record_at(sentence, quantity)
    if coded is not None:
        return Named(coded.name, None, purpose=coded, rule="<record id>")
    direct = _worth_of(sentence, quantity) or _for_what(sentence, quantity, generic)
    if direct is not None:
        return direct
    if default is not None:
        return Named(default.name, None, purpose=default, rule="<record id>")
    if specific is not None and (generic is None or generic[0] > 6):
        return _purpose(sentence, specific[1])
    if generic is not None:
        word = sentence.tokens.low[generic[1].last - 1]
        said = [
            m
            for m in sentence.purposes
            if m.last <= quantity.first
            and not m.entry.generic
            and sentence.tokens.low[m.last - 1] == word
        ]
        if said and generic[1].first >= quantity.last:
            return Named(said[-1].entry.name, None, purpose=said[-1].entry, rule="named before")
        for other in earlier:
            told = [m for m in other.purposes if not m.entry.generic and m.entry.transfer]
            if told:
                return Named(told[-1].entry.name, None, purpose=told[-1].entry, rule="named before")
            break
        return _purpose(sentence, generic[1])
    bought = _bought(sentence, quantity)
    if bought is not None:
        return bought
    if before and before[-1].purpose is not None:
        last = before[-1]
        return Named(last.item, None, last.entry, last.purpose, "named before")
    for other in earlier:
        transfers = [m.entry for m in other.purposes if m.entry.transfer]
        if transfers and (other.block is sentence.block or not _new_turn(sentence)):
            return Named(transfers[-1].name, None, purpose=transfers[-1], rule="named before")
    return Named(None, None)


def _new_turn(sentence: Sentence) -> bool:
    """Whether somebody else begins to speak with a paragraph ("Q", "MR. KIRBY:")."""
    first = sentence.block.plain[: sentence.block.plain.find(" ") + 1].strip()
    return first in ("Q", "THE") or (first.endswith(".") and first.isupper())


def _steps_between(
    generic: tuple[int, Mention[Purpose]],
    specific: tuple[int, Mention[Purpose]],
    quantity: Quantity,
) -> bool:
    """Whether plain "aid package" stands nearer before an amount than what another phrase is for."""
    near, far = generic[1], specific[1]
    return far.last <= near.first and near.last <= quantity.first and generic[0] <= specific[0] - 3


def _purpose(sentence: Sentence, mention: Mention[Purpose], cost: int = 0) -> Named:
    words = sentence.block.plain[
        sentence.tokens.start[mention.first] : sentence.tokens.end[mention.last - 1]
    ]
    name = mention.entry.name
    if mention.entry.as_written:
        far = cost > 5 and mention.entry.aid_type == "military"
        name = (
            "military aid"
            if far
            else _singular_phrase(sentence.tokens, mention.first, mention.last)
        )
    return Named(name, words, purpose=mention.entry, rule="<purpose>")


def _record_at(sentence: Sentence, quantity: Quantity) -> Purpose | None:
    """The kind of aid of the record that an amount stands in: "400 million CZK in *CZM3*"."""
    tokens = sentence.tokens
    for k in range(quantity.after, min(quantity.after + 4, len(tokens) - 1)):
        code = tokens.raw[k]
        if (
            len(code) == 3
            and code.isupper()
            and tokens.raw[k + 1].isdecimal()
            and tokens.glued(k + 1)
        ):
            return by_letter().get(code[2])
    return None


def _worth_of(sentence: Sentence, quantity: Quantity) -> Named | None:
    """The one thing that an amount is the worth of: "a field hospital, which is *worth* ISK 1 billion"."""
    tokens = sentence.tokens
    if not any(
        w in ("worth", "valued", "cost")
        for w in tokens.low[max(0, quantity.first - 4) : quantity.first]
    ):
        return None
    things = [
        m
        for m in sentence.items
        if m.last <= quantity.first and m.entry.category not in _NOT_BOUGHT
    ]
    names = {m.entry.name for m in things}
    if len(names) != 1 or quantity.first - things[-1].last > 8:
        return None
    return Named(
        things[-1].entry.name,
        None,
        things[-1].entry,
        purposes()["military aid"],
        "<item> worth <amount>",
    )


def _for_what(
    sentence: Sentence, quantity: Quantity, generic: tuple[int, Mention[Purpose]] | None
) -> Named | None:
    """A purpose of the text's own: "$70 million for *temporary housing*", "in *seed support*"."""
    tokens = sentence.tokens
    j = quantity.after
    if tokens.low[j : j + 1] not in (("for",), ("in",), ("as",)):
        return None
    phrase = complement(sentence, j + 1)
    if phrase is None or phrase.item is None or _begins_with_actor(sentence, j + 1):
        return None
    if is_person(phrase.item, phrase.entry) or any(d.first == j + 1 for d in sentence.dates):
        return None
    head = phrase.item.split()[-1]
    if (
        any(head in noun_list(name) for name in ("places", "states", "payees"))
        or len(phrase.item) < 4
    ):
        return None
    purpose = generic[1].entry if generic is not None else None
    if purpose is None and tokens.low[j] != "for":
        return None
    return Named(
        phrase.item,
        phrase.words,
        phrase.entry,
        purpose or purposes()["aid"],
        "<amount> for <noun phrase>",
    )


def _bought(sentence: Sentence, quantity: Quantity) -> Named | None:
    """What an amount buys further on: "a $1.2 billion contract to build *NASAMS*"."""
    for mention in sentence.items:
        if (
            quantity.after < mention.first <= quantity.after + 20
            and mention.entry.category not in _NOT_BOUGHT
        ):
            return Named(
                mention.entry.name,
                None,
                mention.entry,
                purposes()["military aid"],
                "<amount> ... <item>",
            )
    return None


def _direct_object(sentence: Sentence, quantity: Quantity) -> Named | None:
    """Things that an amount buys: "$100 million in *Javelins*", "worth of *rocket launchers*"."""
    tokens = sentence.tokens
    j, n = quantity.after, len(tokens)
    while j < n and tokens.low[j] in ("worth", "more", "additional", "extra", "new", "'"):
        j += 1
    if j >= n or tokens.low[j] not in ("in", "of", "for"):
        return None
    for mention in sentence.items:
        if j < mention.first <= j + 5 and mention.entry.category not in _NOT_BOUGHT:
            between = tokens.low[j + 1 : mention.first]
            if not any(w in ("to", "for", "and", ",", "that", "as") for w in between):
                return Named(
                    mention.entry.name,
                    None,
                    mention.entry,
                    purposes()["military aid"],
                    "<n> in <item>",
                )
    return None


def _distance(sentence: Sentence, quantity: Quantity, first: int, last: int) -> int:
    """How far a phrase is from an amount, in words; what stands between them adds to it."""
    tokens = sentence.tokens
    if first >= quantity.last:
        between = range(quantity.after, first)
        cost = max(0, first - quantity.after)
        if cost <= 4 and (not between or tokens.low[quantity.after] in _LINKS_TO_PURPOSE):
            return cost
    else:
        between = range(last, quantity.first)
        cost = quantity.first - last + 4
    for k in between:
        low = tokens.low[k]
        if low in (";", "\u2014"):
            cost += 12
        elif low in (",", "and"):
            cost += 2
        elif low in ("$", "\u20ac", "\u00a3") or low[0].isdigit():
            cost += 4
    return cost
