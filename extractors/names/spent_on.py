"""What money is spent on, by a verb or noun of use: "for the *purchase* of trucks", "to *renovate*
schools", "generators *worth* $2 million"."""

from __future__ import annotations

from extractors.mentions.kinds import is_noun_of, is_person
from extractors.mentions.named import Named
from extractors.mentions.purposes import Purpose, purposes
from extractors.names.noun_phrases import begins_with_actor, complement, name_of_phrase
from extractors.numbers.quantity import Quantity
from extractors.passage.sentence import Sentence
from extractors.text.once import once
from extractors.text.tokens import Tokens
from extractors.text.words import is_plural, word_set

_USES = word_set("use", "verbs")
_AMOUNTS = word_set("use", "amounts")
_NOTHING_SAID = word_set("use", "nothing_said")
_JOINED = frozenset(("and", ",", "of", "on"))
_STOP = word_set("phrase", "stop")
_WALLS = frozenset(";(")
_MILITARY = word_set("category", "military")
_NOT_USES = ("states", "payees", "persons")
_BEHIND, _BEFORE = 24, 4  # words from an amount to the verb of its use, to the thing of its worth
_LONGEST = 4  # words of a thing before its worth


def spent_on(sentence: Sentence, quantity: Quantity, default: Purpose | None) -> Named | None:
    """The things that the sentence says an amount is spent on; None where it does not.

    ``default``: what kind of aid it is where the things do not tell.
    """
    tokens, end = sentence.tokens, _reach(sentence, quantity)
    for k in range(quantity.after, end):
        if tokens.low[k] in _USES:
            return _thing_at(sentence, _past_verbs(tokens, k + 1), default)
    return None


def worth(sentence: Sentence, quantity: Quantity, default: Purpose | None) -> Named | None:
    """The thing right before a word of worth: "*generators* worth $2 million"."""
    tokens = sentence.tokens
    first = max(0, quantity.first - _BEFORE)
    at = next((k for k in range(quantity.first - 1, first, -1) if tokens.low[k] in _AMOUNTS), None)
    if at is None:
        return None
    start = at
    while at - start < _LONGEST and _is_word(sentence, start - 1):
        start -= 1
    known = sentence.items.ends_at(at)
    if start == at or not (known or is_plural(tokens.low[at - 1])):
        return None
    return usable(sentence, start, name_of_phrase(sentence, start, at), default)


def _reach(sentence: Sentence, quantity: Quantity) -> int:
    """Where the words about an amount end: before the next amount, or the next clause."""
    tokens = sentence.tokens
    end = min(len(tokens), quantity.after + _BEHIND)
    following = sentence.quantities.first_behind(quantity.first + 1)
    amount = following.first if following is not None else end
    return min(end, amount, tokens.first_place(_WALLS, quantity.after))


def _past_verbs(tokens: Tokens, k: int) -> int:
    """Past further verbs of use and "of": "to renovate *and refurbish* schools"."""
    while k < len(tokens) and (tokens.low[k] in _USES or tokens.low[k] in _JOINED):
        k += 1
    return k


def _thing_at(sentence: Sentence, k: int, default: Purpose | None) -> Named | None:
    counted = next((q.noun for q in sentence.quantities.within(k, k + 2) if q.noun), None)
    found = name_of_phrase(sentence, *counted) if counted else complement(sentence, k)
    return usable(sentence, k, found, default) if found is not None else None


def usable(sentence: Sentence, k: int, found: Named, default: Purpose | None) -> Named | None:
    """The phrase at token k as what an amount is for; None where it says nothing of that."""
    if found.item is None or begins_with_actor(sentence, k) or is_person(found.item, found.entry):
        return None
    head = found.item.split()[-1]
    if head in _NOTHING_SAID or any(is_noun_of(found.item, name) for name in _NOT_USES):
        return None
    arms = found.entry is not None and found.entry.category in _MILITARY
    if arms:
        default = purposes()["military aid"]
    elif default is None and _tells_of_aid(sentence):
        default = purposes()["aid"]
    return Named(found.item, found.words, found.entry, default, "<amount> to buy <item>")


@once
def _tells_of_aid(sentence: Sentence) -> bool:
    """Whether a sentence tells of giving, so that what is bought in it is aid."""
    given = any(c.meaning.name == "give" for c in sentence.cues)
    return given or any(m.entry.transfer for m in sentence.purposes)


def _is_word(sentence: Sentence, k: int) -> bool:
    """Whether a word may belong to the name of a thing, and is no actor and no verb."""
    low = sentence.tokens.at(k)
    if k in sentence.named or sentence.verbs.over(k) is not None:
        return False
    return low[:1].isalpha() and low not in _STOP and low not in _USES
