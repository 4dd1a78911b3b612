"""What money is for in the text's own words: "for *temporary housing*", "as *harvest support*"."""

from __future__ import annotations

from extractors.mentions.actors import adjectives
from extractors.mentions.kinds import demonyms, is_noun_of, is_person
from extractors.mentions.named import Named
from extractors.mentions.purposes import Purpose, purposes
from extractors.names.noun_phrases import (
    begins_with_actor,
    complement,
    noun_phrase_at,
    whole_complement,
)
from extractors.names.spent_on import usable
from extractors.numbers.quantity import Quantity
from extractors.passage.sentence import Sentence
from extractors.text.lexicon import Mention
from extractors.text.number_words import vocabulary
from extractors.text.tokens import Tokens
from extractors.text.words import is_plural, noun_list, word_set

_OWN = word_set("purpose", "own")
_SET_ASIDE = word_set("purpose", "set_aside")
_HEADS_OF_AID = word_set("purpose", "heads_of_aid")
_NO_OBJECT = word_set("purpose", "no_object")
_OBJECT_OF = word_set("purpose", "object_of")
_ANYBODY = word_set("purpose", "anybody")
_MILITARY = word_set("category", "military")
_NOTHING_SAID = word_set("use", "nothing_said")
_DETERMINED = word_set("item", "articles") | {"some"}
_BREAKS = ("-", "\u2014")  # behind a phrase that does not end there
_STOP = word_set("phrase", "stop")
_VERBAL = ("ing", "ed", "ly")  # endings of words that name nothing
_NOT_PURPOSES = ("places", "states", "payees")
_GIVEN_AS = 12  # words from an amount to what it is given as
_FEW = 3  # words that name a kind of people
_SHORTEST = 4  # letters of a name that says something


def own_purpose(
    sentence: Sentence, quantity: Quantity, generic: Mention[Purpose] | None
) -> Named | None:
    """A purpose of the text's own: "$70 million for *temporary housing*", "in *harvest support*",
    "$3 billion of it was for *the needs of the army*".

    ``generic``: the nearest plain word for aid.
    """
    tokens = sentence.tokens
    k = _past_setting_aside(tokens, quantity.after)
    lead, j = tokens.at(k), k + 1
    if lead not in _OWN or (generic is None and lead not in ("for", "on")):
        return None
    if k > quantity.after and lead != "for":
        return None
    if lead == "in" and generic is not None and generic.last <= quantity.first:
        return None  # "assistance of 3 million in *source 1*"
    phrase = whole_complement(sentence, j)
    if phrase is None or phrase.item is None:
        return None
    people = is_person(phrase.item, phrase.entry)
    if begins_with_actor(sentence, j) and not people:
        return None
    if generic is not None and generic.first == j:
        return None  # "$800 million in *assistance*" says no purpose
    if sentence.dates.at(j) is not None:
        return None
    if people:
        named = lead == "for" and quantity.per is None
        return _for_people(sentence, j, phrase) if named else None
    if len(phrase.item) < _SHORTEST or phrase.item in _NOTHING_SAID:
        return None
    if any(is_noun_of(phrase.item, name) for name in _NOT_PURPOSES) or _is_name(phrase):
        return None
    if lead == "on":  # what is spent on something is given to nobody, unless it is arms
        arms = phrase.entry is not None and phrase.entry.category in _MILITARY
        bought = purposes()["military aid"] if arms else None
        return Named(phrase.item, phrase.words, phrase.entry, bought, "<amount> on <noun phrase>")
    purpose = generic.entry if generic is not None else purposes()["aid"]
    return Named(
        phrase.item, phrase.words, phrase.entry, purpose, rule="<amount> for <noun phrase>"
    )


def _is_name(phrase: Named) -> bool:
    """Whether a phrase is the name of a place or a body: "for the *Indo-Pacific*"."""
    words = (phrase.words or "").replace("-", " ").split()
    return phrase.entry is None and bool(words) and all(word[0].isupper() for word in words)


def _for_people(sentence: Sentence, j: int, phrase: Named) -> Named | None:
    """Aid for people of one kind: "for *teachers*"; None where they might be anybody."""
    if phrase.head in _ANYBODY or phrase.item in noun_list("payees"):
        return None
    first, last = noun_phrase_at(sentence, j)
    words = [word for word in sentence.tokens.low[first:last] if word not in adjectives()]
    if not words or len(words) > _FEW or words[0] in noun_list("plain"):
        return None
    if phrase.item in demonyms() or not is_plural(words[-1]):
        return None
    name = f"aid for {' '.join(words)}"
    return Named(name, phrase.words, purpose=purposes()["aid"], rule="<amount> for <people>")


def _past_setting_aside(tokens: Tokens, j: int) -> int:
    """Past what says that an amount is meant for something: "*was allocated* for", "*of it is*"."""
    k = j
    while tokens.at(k) in _SET_ASIDE:
        k += 1
    return k if tokens.at(k) in _OWN else j


def given_as(sentence: Sentence, quantity: Quantity) -> Named | None:
    """What kind of aid an amount is given as: "DKK 9 million to farms as *harvest support*"."""
    tokens = sentence.tokens
    for k in range(quantity.after, min(quantity.after + _GIVEN_AS, len(tokens) - 1)):
        if tokens.low[k] in (",", ";") or sentence.quantities.at(k) is not None:
            return None
        phrase = complement(sentence, k + 1) if tokens.low[k] == "as" else None
        if phrase is not None and phrase.item and " " in phrase.item:
            if phrase.head in _HEADS_OF_AID:
                rule = "<amount> as <noun phrase>"
                return Named(phrase.item, phrase.words, purpose=purposes()["aid"], rule=rule)
            return None
    return None


def plain_object(sentence: Sentence, quantity: Quantity, default: Purpose | None) -> Named | None:
    """What an amount consists of: "billions in *cash and fuel*", "€4 million in *salt*"."""
    tokens, j = sentence.tokens, quantity.after
    j += tokens.at(j) == "worth"
    if tokens.at(j) not in _OBJECT_OF or quantity.per is not None:
        return None
    named = j + 1 < len(tokens) and tokens.raw[j + 1][0].isupper()
    placed = named or tokens.at(j + 1) in _DETERMINED
    if tokens.at(j) == "in" and placed:
        return None  # a place or a time: "$7,000 in *their pocket*", "in *Africa*"
    if sentence.dates.at(j + 1) is not None:
        return None
    phrase = whole_complement(sentence, j + 1)
    if phrase is None or phrase.item is None or is_noun_of(phrase.item, "places"):
        return None
    _, end = noun_phrase_at(sentence, j + 1)
    said = phrase.item not in noun_list("plain") | noun_list("collective") | _NO_OBJECT
    cut = tokens.at(end) == "," and " " not in phrase.item
    if not said or cut or tokens.at(end) in _BREAKS or phrase.head.endswith(_VERBAL):
        return None  # "in *preventing* floods", "$80 billion of *stable*, yearly funding"
    return usable(sentence, j + 1, phrase, default)


def noun_behind(sentence: Sentence, quantity: Quantity) -> Named | None:
    """What an amount measures, right behind it: "a $250,000 *insurance limit*", "$4 *gas*"."""
    word = sentence.tokens.at(quantity.after)
    if word in _STOP or word in vocabulary().words or quantity.per is not None:
        return None
    phrase = complement(sentence, quantity.after)
    if phrase is None or phrase.item is None or is_person(phrase.item, None):
        return None
    tells = phrase.head not in _NOTHING_SAID and not phrase.head.endswith(_VERBAL)
    return phrase if tells else None
