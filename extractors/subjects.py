"""What a number is said of by a verb of change or of measure: "*inflation* fell to 5 percent"."""

from __future__ import annotations

from extractors.item_phrases import name_of_phrase
from extractors.named import Named
from extractors.quantity import Quantity
from extractors.reading import Sentence
from extractors.words import word_set

_CHANGES = word_set("item", "changes")
_BY = word_set("item", "change_by")
_VERBS = word_set("item", "change_what")
_VERBAL = _CHANGES | _BY | word_set("clause", "auxiliaries")
_NOTHING_SAID = word_set("use", "nothing_said")
_STOP = word_set("phrase", "stop")
_OPENS = (("by",), ("of",))
_LONGEST = 3  # words of a subject


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
    if not last or not (opened in _OPENS or low[last - 1] in _CHANGES):
        return None
    while opened != ("of",) and last and low[last - 1] in _VERBAL:
        last -= 1
    others = _not_names(sentence)
    first = last
    while first and last - first < _LONGEST and low[first - 1][0].isalpha():
        if low[first - 1] in _STOP or low[first - 1] in _VERBS or first - 1 in others:
            break
        first -= 1
    if first == last or low[last - 1] in _NOTHING_SAID:
        return None
    named = name_of_phrase(sentence, first, last)
    return Named(named.item, named.words, named.entry, rule="<noun phrase> <change> <n>")


def _not_names(sentence: Sentence) -> set[int]:
    """The tokens of countries and dates."""
    spans = [(m.first, m.last) for m in sentence.actors]
    spans += [(d.first, d.last) for d in sentence.dates]
    return {k for first, last in spans for k in range(first, last)}
