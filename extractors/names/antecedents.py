"""Figures whose noun is named elsewhere: "20 *of them*", "four *more systems*", "30 *dead*"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extractors.catalogue import load
from extractors.mentions.items import Item, items, lineage
from extractors.mentions.kinds import is_person
from extractors.mentions.named import ARE_ITEM, BEFORE, NOTHING, OF_PEOPLE, Named
from extractors.mentions.origin import Origin
from extractors.names.noun_phrases import complement
from extractors.numbers.quantity import Quantity
from extractors.passage.sentence import Sentence
from extractors.text.once import once
from extractors.text.tokens import Tokens
from extractors.text.words import word_set

_ARMY_REACH = 12
_SAID_AGAIN = 6  # words from a number to the same one said again
_OWNER_REACH = 5
_POINTERS = word_set("item", "pointers")
_POINTERS_ALONE = word_set("item", "pointers_alone")
_AS = frozenset(("as",))
_CALLED = word_set("item", "called")
_REFERS_BACK = word_set("item", "refers_back")
_POINTING = word_set("same_as", "pointing")
_ARMIES = word_set("item", "armies")
_ARTICLES = word_set("item", "articles")
_INCLUDING = word_set("part_of", "including")
_SPOKEN_OF = word_set("item", "spoken_of")
_BROAD = frozenset(load("nouns")["stands_for"])
_STOP = word_set("phrase", "stop")
_ANAPHORA = word_set("phrase", "anaphora")
_DASHES = ("\u2014", "-", "\u2013")


def points_back(head: str, quantity: Quantity) -> bool:
    """Whether a noun only points to one named before: "30 others", "the 9000 units"."""
    one_word = quantity.noun is not None and quantity.noun[1] - quantity.noun[0] == 1
    return head in _POINTERS or (one_word and head in _POINTERS_ALONE)


def repeated(sentence: Sentence, quantity: Quantity) -> Quantity:
    """The same number said again behind a dash, as a speaker corrects himself: "*thousands* —
    thousands of stations"; else the quantity itself."""
    tokens = sentence.tokens
    if tokens.at(quantity.last) not in _DASHES or tokens.glued(quantity.last):
        return quantity
    said = (quantity.low, quantity.high, quantity.dimension)
    near = sentence.quantities.within(quantity.last + 1, quantity.last + 1 + _SAID_AGAIN)
    return next((q for q in near if (q.low, q.high, q.dimension) == said), quantity)


def whole_named(sentence: Sentence, quantity: Quantity) -> Named | None:
    """What a bare number is of: "six of them *women*", "100 of the North's *soldiers*", "four more
    *T-72*"."""
    tokens, j = sentence.tokens, quantity.after + 1
    if tokens.at(quantity.after) not in ("of", "more"):
        return None
    j += tokens.at(j) in _ANAPHORA
    behind = past_owner(tokens, j)
    inside = complement(sentence, behind)
    if inside is None or (inside.entry is None and tokens.at(behind - 1) != "'s"):
        return None
    return inside


def past_owner(tokens: Tokens, j: int) -> int:
    """Past "Ukraine's" or "the country's" in front of a noun."""
    for k in range(j, j + _OWNER_REACH):
        if tokens.at(k) == "'s":
            return k + 1
        if tokens.at(k) in _STOP - _ARTICLES and tokens.at(k + 1) != "'s":
            break
    while tokens.at(j) in _ARTICLES:
        j += 1
    return j


def named_before(
    sentence: Sentence, quantity: Quantity, before: Sequence[Named], earlier: Iterable[Sentence]
) -> Named:
    """The noun that a bare number takes from what stands before it.

    ``before``: items of earlier figures, the nearest last; ``earlier``: the sentences before, the
    nearest first.
    """
    inside = sentence.items.last_before(quantity.first)
    if quantity.noun is not None:  # "30 others" are of the class named before, not of its last kind
        before = [b for b in before if b.rule != ARE_ITEM] or before
    if quantity.rule == "<n> of them" and sentence.items:
        since = max((q.after for q in sentence.quantities.before(quantity.first)), default=0)
        if since and inside is not None and since <= inside.first:
            # "Twenty countries buy *shells* and have paid for 500,000 *of them*"
            return Named.thing(inside.entry, "<noun> ... <n> of them")
    told = inside.entry if inside is not None else None
    if before and before[-1].item and not _total_of_another(quantity, before[-1], told):
        return before[-1].again()
    told = told or next(filter(None, map(_last_told, earlier)), None)
    return Named.thing(told, BEFORE) if told is not None else NOTHING


@once
def _last_told(sentence: Sentence) -> Item | None:
    """The last thing that a sentence names, a designation where it names one."""
    entries = [m.entry for m in reversed(sentence.items)]
    return next((e for e in entries if e.designation), next(iter(entries), None))


def _total_of_another(quantity: Quantity, old: Named, told: Item | None) -> bool:
    """Whether a total is of what its own sentence names: "the *tanks* bring the total to"."""
    if quantity.rule != "bringing the total to <n>" or told is None:
        return False
    return old.entry is None or not _may_mean(told, old.entry)


def specified(
    sentence: Sentence,
    quantity: Quantity,
    named: Named,
    before: Sequence[Named],
    around: Sequence[Sentence],
) -> Named:
    """``more missile systems``, ``42 of the jets``: the designation by which the text calls them,
    if it tells one, and only one of the kind.

    ``around``: the sentence, those behind it, and those before it, the nearest first.
    """
    tokens, entry = sentence.tokens, named.entry
    if entry is None:
        return named
    if not _near(tokens, quantity, _REFERS_BACK):
        return _of_kind_just_told(sentence, quantity, named, before, around)
    for other in around:
        called = _designation_given(other, entry)
        if called is not None:
            return Named.thing(called, "<noun>, known as <designation>", named.words)
    for old in reversed(before):
        if old.entry is entry:  # "226 vehicles ... 187 such vehicles"
            return named
        if old.entry is not None and _may_mean(entry, old.entry):
            return Named(old.item, named.words, old.entry, rule=BEFORE)
    if not _near(tokens, quantity, _POINTING):
        return named
    return _only_one(named, (e for s in around for e in _first_named(s)))


@once
def _first_named(sentence: Sentence) -> dict[Item, int]:
    """The things that a sentence names, each with the token behind its first mention."""
    return {m.entry: m.last for m in reversed(sentence.items)}


def _of_kind_just_told(
    sentence: Sentence,
    quantity: Quantity,
    named: Named,
    before: Sequence[Named],
    around: Sequence[Sentence],
) -> Named:
    """A bare kind of thing right behind its designation: "Krab howitzers, 54 *howitzers* now"."""
    entry, noun = named.entry, quantity.noun
    if entry is None or noun is None or noun[1] - noun[0] > 1 or entry.name in _BROAD:
        return named
    told = [e for e, end in _first_named(sentence).items() if end <= quantity.first]
    told += [e for s in around if s.end <= sentence.start for e in _first_named(s)]
    if before and before[-1].origin is Origin.EARLIER and before[-1].entry is not None:
        told.append(before[-1].entry)
    if not any(entry.name in lineage(e.name) for e in told):
        return named
    return _only_one(named, [*told, *(e for s in around for e in _first_named(s))])


def _only_one(named: Named, told: Iterable[Item]) -> Named:
    """The one designation told that a collective noun may mean; the noun where there are others."""
    entry = named.entry
    found = {e.name: e for e in told}
    found = {n: e for n, e in found.items() if entry is not None and _may_mean(entry, e)}
    if len(found) != 1:
        return named
    return Named.thing(next(iter(found.values())), BEFORE, named.words)


def casualties(sentence: Sentence, quantity: Quantity, before: Sequence[Named]) -> Named:
    """Bare numbers of dead and wounded are persons; soldiers where forces or troops were named,
    civilians behind civilian casualties."""
    for old in _of_the_dead(sentence, quantity, before):
        if is_person(old.item, old.entry) and old.rule != OF_PEOPLE and old.item != "casualty":
            kind = load("nouns")["casualties"].get(old.item)
            if kind is not None:  # "158 *civilian casualties*: 45 killed"
                return Named.thing(items()[kind], "killing <n>")
            return Named(old.item, None, old.entry, rule="killing <n>")
    near = sentence.tokens.low[max(0, quantity.first - _ARMY_REACH) : quantity.first]
    return Named.thing(
        items()["person" if _ARMIES.isdisjoint(near) else "soldier"], rule="killing <n>"
    )


def _of_the_dead(sentence: Sentence, quantity: Quantity, before: Sequence[Named]) -> list[Named]:
    """The last two items, the nearest first, but a whole before its part: "nine *people*, including
    two children, died and 29 were hurt"."""
    nearest = list(reversed(before[-2:]))
    part = sentence.tokens.holds(_INCLUDING, 0, quantity.first)
    if part and len(nearest) == 2 and nearest[1].item in lineage(nearest[0].item or ""):
        nearest.reverse()
    return nearest


def people_before(before: Sequence[Named]) -> Named:
    """The people last named, as a number is of people that does what only they do: "1.2 million
    *receive* cash"; persons where none were."""
    people = (b for b in reversed(before) if is_person(b.item, b.entry) and b.item != "casualty")
    known = next(people, None)
    return known.again() if known else Named.thing(items()["person"], "<n> <verb of people>")


def of_same_people(
    sentence: Sentence, named: Named, before: Sequence[Named], earlier: Iterable[Sentence]
) -> Named:
    """Persons of the kind named before, where a text only goes on about these: "Refugees come.
    *This number* was 2,000 persons"; casualties of a kind stay of that kind."""
    low = sentence.tokens.low
    if named.item == "casualty":
        return next((b for b in reversed(before) if b.item in load("nouns")["casualties"]), named)
    if named.item != "person" or low[0] not in _ARTICLES or low[1:2][0] not in _SPOKEN_OF:
        return named
    told = next((s.items for s in earlier if s.items), ())
    people = [m.entry for m in told if m.entry.category == "personnel" and m.entry.name != "person"]
    return Named.thing(people[0], "this number", named.words) if people else named


def _near(tokens: Tokens, quantity: Quantity, words: frozenset[str]) -> bool:
    """Whether one of these words stands around a number, before the end of its noun phrase."""
    near = range(max(0, quantity.first - 2), min(len(tokens), quantity.last + 3))
    return any(tokens.low[k] in words and tokens.at(k + 1) != "than" for k in near)


def _may_mean(kind: Item, told: Item) -> bool:
    """Whether a collective noun can mean a designation: a kind that it is, or one of the nouns that
    stand for everything of a category ("systems", "jets")."""
    if not told.designation:
        return False
    category = load("nouns")["stands_for"].get(kind.name, ())
    return kind.name in lineage(told.name) or told.category in category


def _designation_given(sentence: Sentence, entry: Item) -> Item | None:
    """The designation that a sentence gives to a thing: "the missile systems, known as HIMARS"."""
    named = _first_named(sentence).get(entry, len(sentence.tokens))
    return next((called for k, called in _called(sentence) if named <= k), None)


@once
def _called(sentence: Sentence) -> list[tuple[int, Item]]:
    """The designations behind "known as", each with the place of "as"."""
    tokens = sentence.tokens
    found = []
    for k in tokens.places(_AS):
        if 0 < k < len(tokens) - 1 and tokens.low[k - 1] in _CALLED:
            entries = (m.entry for m in sentence.items.within(k + 1, k + 3))
            found += [(k, entry) for entry in entries if entry.designation][:1]
    return found
