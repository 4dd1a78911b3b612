"""What a number is said of by a verb of change or of measure: "*inflation* fell to 5 percent"."""

from __future__ import annotations

from extractors.mentions.named import Named
from extractors.names.noun_phrases import name_of_phrase, noun_phrase_at
from extractors.numbers.quantity import Quantity
from extractors.passage.sentence import Sentence
from extractors.text.words import word_set

_CHANGES = word_set("item", "changes")
_BY = word_set("item", "change_by")
_VERBS = word_set("item", "change_what")
_PARTED = word_set("item", "parted")
_EMPTY = word_set("item", "sizes")
_BOUNDS = word_set("item", "subject_bounds")
_VERBAL = _CHANGES | _BY | word_set("clause", "auxiliaries")
_COUNTED = _EMPTY | word_set("item", "measures")
_NOTHING_SAID = word_set("use", "nothing_said")
_STOP = word_set("phrase", "stop")
_LONGEST = 3  # words of a subject
_FARTHEST = 10  # words from the head of a subject to its verb


def subject(sentence: Sentence, quantity: Quantity) -> Named | None:
    """The noun phrase before a verb of change, the object of one that cuts or raises it, or what a
    number is the size of: "a *capacity* of 500 tonnes".

    A country, a date or a word that says nothing is no subject.
    """
    low = sentence.tokens.low
    last = quantity.first
    while last and low[last - 1] in _BY:
        last -= 1
    opened = low[last : last + 1]
    if not last or not (opened == ("by",) or opened == ("of",) or low[last - 1] in _CHANGES):
        return None
    while opened != ("of",) and last and low[last - 1] in _VERBAL:
        last -= 1
    return _parted(sentence, last) or _phrase_before(sentence, last, _NOTHING_SAID)


def size_of(sentence: Sentence, quantity: Quantity) -> Named | None:
    """What a number is the size of: "a *range* of 300 km"; a word that only counts is none."""
    low = sentence.tokens.low
    last = quantity.first
    while last and (low[last - 1] in _BY or low[last - 1] == "up"):
        last -= 1
    if low[last : last + 1] != ("of",):
        return None
    return _phrase_before(sentence, last, _COUNTED)


def _phrase_before(sentence: Sentence, last: int, empty: frozenset[str]) -> Named | None:
    """The noun phrase that ends before token ``last``, if its head is no ``empty`` word."""
    low = sentence.tokens.low
    first = last
    while first and last - first < _LONGEST and low[first - 1][0].isalpha():
        if low[first - 1] in _STOP or low[first - 1] in _VERBS or _is_name(sentence, first - 1):
            break
        first -= 1
    return _named(sentence, first, last, empty)


def _parted(sentence: Sentence, last: int) -> Named | None:
    """The subject whose head other phrases part from its verb: "*exports* of grain by sea fell";
    of a word of size its complement: "the number of *refugees* fell"."""
    tokens = sentence.tokens
    first = last
    while first and last - first < _FARTHEST and tokens.low[first - 1] not in _BOUNDS:
        first -= 1
    head, end = noun_phrase_at(sentence, first)
    if not head < end < last - 1 or tokens.low[end] not in _PARTED:
        return None
    if tokens.low[end - 1] in _EMPTY and tokens.low[end] == "of":
        head, end = noun_phrase_at(sentence, end + 1)
    if any(_is_name(sentence, k) for k in range(head, end)):
        return None
    return _named(sentence, head, end, _NOTHING_SAID)


def _named(sentence: Sentence, first: int, last: int, empty: frozenset[str]) -> Named | None:
    if first >= last or sentence.tokens.low[last - 1] in empty:
        return None
    named = name_of_phrase(sentence, first, last)
    return Named(named.item, named.words, named.entry, rule="<noun phrase> <change> <n>")


def _is_name(sentence: Sentence, k: int) -> bool:
    """Whether token k belongs to a country or a date."""
    return k in sentence.named or sentence.dates.over(k) is not None
