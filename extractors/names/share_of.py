"""Of what a share is: "half of the *vehicles*", "2 percent of *GDP*", "*inflation* fell to 5%"."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.mentions.items import items
from extractors.mentions.named import Named
from extractors.names.antecedents import past_owner, repeated
from extractors.names.noun_phrases import complement, name_of_phrase
from extractors.names.subjects import subject
from extractors.numbers.numeral import ARTICLES
from extractors.numbers.quantity import Quantity
from extractors.numbers.units import unit_table
from extractors.passage.phrases import whole_of
from extractors.passage.sentence import Sentence
from extractors.text.in_order import Mentions
from extractors.text.once import once
from extractors.text.tokens import Tokens
from extractors.text.words import is_plural, singular, word_set, word_table

_NOUN_REACH = 12
_STOP = word_set("phrase", "stop")
_ANAPHORA = word_set("phrase", "anaphora")
_SHARED = word_set("item", "shared")
_LEVELS = word_set("item", "levels")
_LANDS = word_set("item", "lands")
_MARKS = word_set("item", "marks")
_CHANGE_NOUNS = word_set("item", "change_nouns")
_RATED = word_set("item", "rated")
_CHANGED = word_set("item", "changed")
_BEFORE_A_VERB = word_set("item", "before_a_verb")
_VERB_REACH = 5  # words from "what" to its verb
_ASIDE = (",", ")")


def name_share(
    sentence: Sentence, quantity: Quantity, before: Sequence[Named], shares: Sequence[Named]
) -> Named:
    """The item of a share: its whole where the text gives it, else what it is said of.

    ``before``: items of earlier figures, ``shares``: those of earlier shares, the nearest last.
    """
    quantity = repeated(sentence, quantity)
    tokens, j = sentence.tokens, quantity.after
    if shares and _sets_a_mark(tokens, quantity):
        return shares[-1].again()
    told_of = _whole_behind(sentence, quantity, before) or _changing(sentence, j)
    if told_of is not None:
        return told_of
    if tokens.low[max(0, quantity.first - 2) : quantity.first] == ("of", "which") and before:
        return before[-1].again()
    if before and quantity.kind == "share":
        return before[-1]
    told_of = subject(sentence, quantity)
    if told_of is not None and not (shares and told_of.head in _MARKS):
        return told_of
    if shares and (told_of is not None or _goes_on(sentence, quantity)):
        return shares[-1].again()
    mention = sentence.items.last_before(quantity.first)
    if mention is not None:
        return Named.thing(mention.entry, "<item> ... <n> percent")
    return Named(_noun_before(tokens, quantity.first), None, rule="<noun> ... <n> percent")


def _whole_behind(sentence: Sentence, quantity: Quantity, before: Sequence[Named]) -> Named | None:
    """The whole that stands behind a share: "of *them*", "of the 40 *tanks*", "in five *firms*"."""
    tokens, j = sentence.tokens, quantity.after
    if quantity.numeral.rule == "<n> in <n>":
        return complement(sentence, j)
    if tokens.at(j) in _ASIDE and tokens.at(j + 1) == "of":
        j += 1  # "$8 billion, or 17%, *of* the needs"
    if tokens.at(j) not in _SHARED or (tokens.at(j) in ARTICLES and quantity.kind != "share"):
        return None  # "5 percent *a* year"
    counted = whole_of(sentence, quantity)
    if counted is not None and counted.noun is not None:
        return name_of_phrase(sentence, *counted.noun)
    first = j + 1 if tokens.low[j] == "of" else j
    stands_for = tokens.at(first) in _ANAPHORA or tokens.at(first) == "that"
    if before and stands_for:
        return before[-1].again()
    return (
        _worded(tokens, first) if tokens.at(first) == "what" else _whole(sentence, quantity, first)
    )


def _worded(tokens: Tokens, j: int) -> Named | None:
    """What a clause names by its verb: "of *what* Ukraine *needs*"."""
    nouns = word_table("item", "nouns_of_verbs")
    noun = next((nouns[w] for w in tokens.low[j : j + _VERB_REACH] if w in nouns), None)
    return Named(noun, None, rule="<n> percent of what <actor> <verb>") if noun else None


def _whole(sentence: Sentence, quantity: Quantity, j: int) -> Named | None:
    """What the noun phrase behind a share names; a country stands for its territory, its people for
    its population."""
    j = past_owner(sentence.tokens, j)
    whole = complement(sentence, j)
    if whole is None:
        return None
    if whole.head in _LEVELS:
        noun = _noun_before(sentence.tokens, quantity.first)
        if noun is not None:
            return Named(noun, None, items().get(noun), rule="<noun> ... <n> percent of <level>")
    country = next(iter(sentence.actors.within(j, j + 2)), None)
    if sentence.tokens.at(j) in _LANDS and sentence.tokens.at(quantity.after) == "of":
        return Named.thing(items()["territory"], "<n> percent of the <country>", whole.words)
    if country is None:
        return whole
    if country.form in ("name", "place") and not country.owns:
        return Named.thing(items()["territory"], "<n> percent of <country>", whole.words)
    if (whole.words or "").endswith(" people"):
        return Named("population", whole.words, items()["person"], rule="<n> percent of <people>")
    return whole


def _changing(sentence: Sentence, j: int) -> Named | None:
    """What a change right behind a share changes: "a 20 percent rise in *exports*", or what is
    given in percent: "a 10 percent *tariff*"."""
    tokens = sentence.tokens
    if tokens.at(j) in _RATED:
        return complement(sentence, j)
    if tokens.at(j) not in _CHANGE_NOUNS or tokens.at(j + 1) not in _CHANGED:
        return None
    changed = complement(sentence, past_owner(tokens, j + 2))
    timed = changed is not None and changed.head in unit_table().surfaces
    return None if timed else changed  # "a 60 percent rise in the past months"


def _sets_a_mark(tokens: Tokens, quantity: Quantity) -> bool:
    """Whether a share is a mark that others are held against: "the 2% *floor*"."""
    return singular(tokens.at(quantity.after)) in _MARKS


def _goes_on(sentence: Sentence, quantity: Quantity) -> bool:
    """Whether a share of its own sentence stands before a share that names nothing."""
    return _shares(sentence).last_before(quantity.first) is not None


@once
def _shares(sentence: Sentence) -> Mentions[Quantity]:
    """The shares of a sentence."""
    return Mentions(q for q in sentence.quantities if q.dimension == "percent")


def _noun_before(tokens: Tokens, i: int) -> str | None:
    """The nearest plural noun before token i, within its clause, in the singular."""
    for k in range(i - 1, max(-1, i - _NOUN_REACH), -1):
        low = tokens.low[k]
        if low in (";", "."):
            return None
        verb = singular(low) in _STOP or tokens.at(k - 1) in _BEFORE_A_VERB
        if is_plural(low) and low not in _STOP and not verb and not tokens.at(k - 1).endswith("ly"):
            return singular(low)
    return None
