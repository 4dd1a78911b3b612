"""The name that a noun phrase gives: the catalogue's where it has one, else the phrase's words."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.mentions.actors import ActorMention, adjectives
from extractors.mentions.items import Item, items, synonyms
from extractors.mentions.named import OF_PEOPLE, Named
from extractors.passage.sentence import Sentence
from extractors.text.lexicon import Mention
from extractors.text.number_words import vocabulary
from extractors.text.tokens import Tokens
from extractors.text.words import is_plural, noun_list, singular, word_set

_LONGEST = 8
_LEADS = 12  # articles and vague numbers that lead to a noun
_STOP = word_set("phrase", "stop")
_ARTICLES = word_set("item", "articles")
_JOINTS = word_set("item", "joints")
_PARTICIPLES = word_set("item", "participles")
_IN_LY = word_set("item", "in_ly")
_MARKS = frozenset(("'s", "'", '"', ",", "(", ")", "&", "/", "\u2013"))
_SPEECH = word_set("item", "speech")
_DRONES = "drones"  # fly with missiles, though only some of them are ammunition
_VERBS_TOO = word_set("item", "verbs_too")
_GLUE = frozenset(("-", '"', "'"))


def name_of_phrase(sentence: Sentence, first: int, last: int) -> Named:
    """The name that the noun phrase of tokens ``first`` to ``last`` (exclusive) gives.

    A designation names alone, also by its first words ("*Marder* infantry fighting vehicles"); else
    modifiers and head, in the singular, without the people's name.
    """
    tokens = sentence.tokens
    words = sentence.written(first, last)
    begun = sentence.items.within(first, last)
    inside = [m for m in begun if m.last <= last]
    for mention in begun:
        if mention.entry.designation and (mention.last <= last or mention.first == first):
            return Named.thing(mention.entry, "<designation>", words)
    if "," in tokens.low[first:last] and inside and inside[-1].last == last:  # of one head
        row = f"{words.lower()[: -len(tokens.raw[last - 1])]}{_singular(tokens, last - 1)}"
        return Named(" ".join(row.split()), words, inside[-1].entry, rule="<noun>, <noun> <noun>")
    head = inside[-1] if inside and inside[-1].last == last else None
    people = [m for m in sentence.actors.within(first, last) if m.last <= last]
    if head is None and people and people[-1].last == last:
        demonym = _demonym(tokens, people[-1].first, last)
        return Named(demonym, words, items().get("person"), rule=OF_PEOPLE)
    end = head.first if head else last - 1
    modifiers = [
        _as_cased(tokens, k)
        for k in range(first, end)
        if _belongs(tokens, k) and not any(m.first <= k < _end_of_origin(tokens, m) for m in people)
    ]
    name = _name_of_head(tokens, head) if head else _singular(tokens, last - 1)
    entry = head.entry if head else items().get(name.lower())
    if head is None and inside and inside[-1].last == last - 1 and name in noun_list("carriers"):
        entry = inside[-1].entry  # "rocket artillery pieces"
    return Named(
        _as_one([*modifiers, name]),
        words,
        entry,
        rule="<item>" if head else "<noun phrase>",
    )


def _end_of_origin(tokens: Tokens, people: ActorMention) -> int:
    """Past a people's name and what a hyphen joins to it: "*Soviet-era* tanks"."""
    return people.last + 2 * (tokens.at(people.last) == "-" and tokens.glued(people.last))


def complement(sentence: Sentence, j: int) -> Named | None:
    """What the noun phrase that begins at token j names: "of *artillery ammunition*"."""
    first, last = noun_phrase_at(sentence, j)
    return name_of_phrase(sentence, first, last) if last > first else None


def whole_complement(sentence: Sentence, j: int) -> Named | None:
    """Like :func:`complement`, with a second noun that "and" joins to it: "*food and medicine*"."""
    tokens, found = sentence.tokens, complement(sentence, j)
    first, joint = noun_phrase_at(sentence, j)
    if found is None or tokens.at(joint) != "and" or begins_with_actor(sentence, joint + 1):
        return found
    second, last = noun_phrase_at(sentence, joint + 1)
    follower = tokens.at(last)
    if last == second or (follower[:1].isalpha() and follower not in _STOP):
        return found
    known = sentence.purposes.ends_at(last) or sentence.items.ends_at(last)
    if last - second > 1 and not known and not is_plural(tokens.low[last - 1]):
        return found  # a verb: "construction and *improve job quality*"
    other = name_of_phrase(sentence, second, last)
    words = sentence.written(first, last)
    return Named(f"{found.item} and {other.item}", words, rule="<noun phrase> and <noun phrase>")


def joined(sentence: Sentence, named: Named, last: int) -> Named:
    """The name of a noun phrase, which ends before token ``last``, with a second that "and" joins
    to it under one number: "100 *tanks and fighting vehicles*", not "10 launchers and rockets"."""
    tokens = sentence.tokens
    first, end = noun_phrase_at(sentence, last + 1)
    if tokens.at(last) not in _JOINTS or first != last + 1 or begins_with_actor(sentence, first):
        return named
    if end == first or not is_plural(tokens.low[last - 1]) or not tokens.low[end - 1].endswith("s"):
        return named
    known = sentence.items.at(first)
    named_so = known is not None and known.last == end
    if (end - first > 1 and not named_so) or tokens.low[first] in vocabulary().vague:
        return named  # "5,000 homes and *reduce costs*", "thousands of guns and *thousands* of"
    if tokens.at(end)[:1].isalpha() and (tokens.at(end) not in _STOP or tokens.at(end) in _SPEECH):
        return named  # "40 people and officials *said*"
    other = name_of_phrase(sentence, first, end)
    if not _of_a_kind(named, other) or not is_plural(tokens.low[end - 1]):
        return named
    joint = f" {tokens.low[last]} "
    words = f"{named.words}{joint}{other.words}"
    return Named(f"{named.item}{joint}{other.item}", words, named.entry, rule="<noun> and <noun>")


def _of_a_kind(named: Named, other: Named) -> bool:
    """Whether one number can count both: no designation, no ammunition beside what fires it."""
    x, y = named.entry, other.entry
    if (x and x.designation) or (y and y.designation) or other.head in noun_list("accessories"):
        return False
    return bool(x and x.munition) == bool(y and y.munition) or _DRONES in (
        x and x.category,
        y and y.category,
    )


def noun_phrase_at(sentence: Sentence, j: int) -> tuple[int, int]:
    """The noun phrase at token j, behind its articles; empty where none begins there."""
    tokens = sentence.tokens
    end = min(j + _LEADS, len(tokens))
    while j < end and (tokens.low[j] in _ARTICLES or tokens.low[j] == '"' or _counts_on(tokens, j)):
        j += 1
    return j, _end_of_phrase(sentence, j)


def singular_phrase(tokens: Tokens, first: int, last: int) -> str:
    """Tokens ``first`` to ``last`` (exclusive) in lower case, the last one in the singular."""
    return _as_one([*tokens.low[first : last - 1], _singular(tokens, last - 1)])


def _as_one(words: Sequence[str]) -> str:
    """Words in a row, those that a hyphen joins without blanks: "anti-tank weapon"."""
    return " ".join(words).replace(" - ", "-")


def begins_with_actor(sentence: Sentence, j: int) -> bool:
    """Whether a country or a body is named at token j."""
    return sentence.actors.at(j) is not None


def _end_of_phrase(sentence: Sentence, first: int) -> int:
    """The first token behind the noun phrase that begins at token ``first``, which may be empty."""
    tokens, n = sentence.tokens, len(sentence.tokens)
    items = sentence.items
    last = k = first
    while k < n and k - first < _LONGEST:
        if tokens.low[k] in _VERBS_TOO and last > first:
            break
        if (known := items.at(k)) is not None:
            last = k = known.last
            if _plural_closes(tokens, k) and tokens.low[k] != "-":
                break
        elif tokens.low[k] in _GLUE:
            k += 1
        elif _ends_phrase(tokens, k, first, begun=last > first):
            break
        else:
            last = k = k + 1
            if _plural_closes(tokens, k) and items.at(k) is None:
                break
    return last


def _ends_phrase(tokens: Tokens, k: int, first: int, *, begun: bool) -> bool:
    """Whether a word is part of no noun phrase, or a participle behind one: "tanks *promised*"."""
    low = tokens.low[k]
    hyphened = k > first and tokens.low[k - 1] == "-"
    if (low in _STOP and not hyphened) or not low[0].isalpha() or low == "'s":
        return True
    if begun and low.endswith("ly") and low not in _IN_LY:
        return True  # "half the country *potentially*"
    return begun and low.endswith("ed") and low not in _PARTICIPLES


def _plural_closes(tokens: Tokens, k: int) -> bool:
    """Whether a plural before token k ends its phrase, as it does unless another plural follows."""
    return k < len(tokens) and is_plural(tokens.low[k - 1]) and not is_plural(tokens.low[k])


def _counts_on(tokens: Tokens, j: int) -> bool:
    """Whether a number word only leads to the noun: "half of the *thousands of* men"."""
    vague = vocabulary().vague
    return tokens.low[j] in vague or (tokens.low[j] == "of" and tokens.at(j - 1) in vague)


def _name_of_head(tokens: Tokens, head: Mention[Item]) -> str:
    """A common noun in the spelling of the text ("APC", "service member"); the catalogue's name
    where its plural is no regular one ("people", "rounds of ammunition")."""
    if tokens.raw[head.last - 1].rstrip("s").isupper():
        acronym = " ".join(
            [*tokens.low[head.first : head.last - 1], _singular(tokens, head.last - 1)]
        )
        return acronym if acronym in synonyms() else head.entry.name
    if "of" in tokens.low[head.first : head.last]:
        return head.entry.name
    if head.entry.category != "personnel":
        return singular_phrase(tokens, head.first, head.last)
    first = head.first
    name = singular_phrase(tokens, first, head.last)
    while name not in items() and tokens.low[first] in noun_list("plain") and first < head.last - 1:
        first += 1  # "*senior* officials"
        name = singular_phrase(tokens, first, head.last)
    worded = _STOP.isdisjoint(tokens.low[first : head.last - 1])  # not "killed in action"
    return name if worded and (name in synonyms() or name in items()) else head.entry.name


def _demonym(tokens: Tokens, first: int, last: int) -> str:
    """One person of a people, as written: "Britons" are persons of Britain."""
    return " ".join([*tokens.raw[first : last - 1], tokens.raw[last - 1].removesuffix("s")])


def _singular(tokens: Tokens, k: int) -> str:
    """A noun in the singular; an acronym keeps its capitals."""
    raw = tokens.raw[k]
    if len(raw) > 2 and raw[:-1].isupper() and raw[-1] == "s":
        return raw[:-1]
    return raw if raw.isupper() and len(raw) > 1 else singular(tokens.low[k])


def _as_cased(tokens: Tokens, k: int) -> str:
    return tokens.raw[k] if tokens.raw[k].isupper() else tokens.low[k]


def _belongs(tokens: Tokens, k: int) -> bool:
    """Whether a word before the head belongs to the name."""
    low = tokens.low[k]
    if low in _MARKS or low in _JOINTS or low in noun_list("plain") or low in adjectives():
        return False
    if low == "-":
        return _belongs(tokens, k - 1)  # not in "Soviet-era tanks"
    return not low.endswith("ly") and low not in vocabulary().scales
