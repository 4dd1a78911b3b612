"""The noun phrase behind a number: ``four more of the *systems*``, ``18 *155mm howitzers*``."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.catalogue import load
from extractors.mentions.items import Item
from extractors.numbers.designators import model_numbers
from extractors.numbers.numeral import DASHES, Numeral
from extractors.text.in_order import Mentions
from extractors.text.lexicon import Mention
from extractors.text.number_words import vocabulary
from extractors.text.tokens import Tokens
from extractors.text.words import is_plural, singular, word_set

_REACH = 9
_QUOTES = frozenset(('"', "'"))
_WITHIN = frozenset((*_QUOTES, "-", "\u2013", "/"))
_PAIRED = frozenset(("and", "or", "&"))
_SOME_ODD = ("some", "-", "odd")  # "50-some-odd countries"
_IN_ROW = frozenset((",", "and", "or"))
_CONTRACTED = ("n't", "'d", "'ll", "'re", "'ve", "'m")
_AFTER_VERB = frozenset(("a", "an", "how", "that", "his", "this"))
_NOT_ADJECTIVE = ("ed", "ing", "ly")
Items = Mentions[Mention[Item]]
NO_ITEMS: Items = Mentions()


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun phrase, tokens ``first`` to ``last`` (exclusive); its head is the last word."""

    first: int
    last: int


def noun_after(tokens: Tokens, numeral: Numeral, items: Items) -> Noun | None:
    """The noun phrase behind a numeral: up to the first plural noun, for one thing all of it."""
    compound = tokens.at(numeral.last) in DASHES and tokens.glued(numeral.last)
    compound = compound and not tokens.follows(numeral.last + 1, _SOME_ODD)
    first = _opening(tokens, numeral, items)
    if first is None:
        return None
    one = numeral.high <= 1
    last_word = -1
    k, end = first, min(len(tokens), first + _REACH)
    if not (any(w[0].isalpha() for w in tokens.raw[first:end]) or items.within(first, end)):
        return None
    while k < end:
        mention = items.at(k)
        told = mention is not None and not _only_qualifies(tokens, mention.last)
        if mention is not None and told and (not compound or k == first):
            if one and is_plural(tokens.at(mention.last)):
                return Noun(first, mention.last)  # "one person *holds*"
            shared = None if one else _shared_head(tokens, mention, items)
            if shared is not None:
                return Noun(first, shared)
            return Noun(first, _extended(tokens, mention.last, items))
        step = _step(tokens, k, first, last_word, items)
        if step == 0 and not one and tokens.low[k] in _PAIRED and last_word >= first:
            # "226 combat and armoured vehicles", but "cash and fuel"
            step = int(not is_plural(tokens.at(k + 1)) and _noun_follows(tokens, k + 1, items))
        if step == 0:
            break
        if step == 1 and tokens.raw[k][0].isalpha():
            if tokens.low[k] == "'s":
                return None if last_word < 0 else Noun(first, last_word + 1)
            last_word = k
            if not one and not compound and _is_head(tokens, k):
                if tokens.at(k + 1) != "'" or not tokens.glued(k + 1):
                    return Noun(first, _extended(tokens, k + 1, items))
                step = 2  # "two soldiers' graves"
        k += step
    if last_word < 0 or compound:
        return None
    if not one and tokens.low[first] in word_set("phrase", "members"):
        return Noun(first, first + 1)  # "the 11 member agreement"
    return _singular_phrase(tokens, first, last_word, one)


def _shared_head(tokens: Tokens, mention: Mention[Item], items: Items) -> int | None:
    """The end of the head that a row of things shares: "grenade, mortar and artillery *rounds*"."""
    k = mention.last
    if mention.entry.designation or is_plural(tokens.low[k - 1]) or tokens.at(k) not in _IN_ROW:
        return None
    stop = word_set("phrase", "stop")
    while k < min(len(tokens), mention.last + _REACH):
        if tokens.low[k] in _IN_ROW:
            k += 1
            continue
        inner = items.at(k)
        end = inner.last if inner is not None else k + 1
        if not tokens.raw[k][0].isalpha() or tokens.low[k] in stop:
            return None
        if is_plural(tokens.low[end - 1]):
            joined = "and" in tokens.low[mention.last : k] or "or" in tokens.low[mention.last : k]
            return end if joined and end - k > 1 else None
        k = end
    return None


def _only_qualifies(tokens: Tokens, k: int) -> bool:
    """Whether a thing that ends before token k is part of an adjective: "*truck*-mounted"."""
    hyphen = tokens.at(k) == "-" and tokens.glued(k) and tokens.glued(k + 1)
    return hyphen and tokens.at(k + 1).endswith(_NOT_ADJECTIVE)


def _opening(tokens: Tokens, numeral: Numeral, items: Items) -> int | None:
    """The first word of the noun phrase, None where a pronoun stands for it (``20 of them``)."""
    stop, skip = word_set("phrase", "stop"), word_set("phrase", "skip")
    k = numeral.last
    k += tokens.at(k) in DASHES and tokens.glued(k)
    k += len(_SOME_ODD) if tokens.follows(k, _SOME_ODD) else 0
    if tokens.at(k) == "|" and tokens.at(numeral.opens - 1) in ("", "|") and numeral.opens < 2:
        k += tokens.at(k + 1) not in load("calendar")["months"]  # "1 | Aug 2025 | 30"
    if tokens.at(k) == "or" and tokens.at(k + 1) in word_set("phrase", "hedges"):
        k += 2  # "500 or more drones"
    while tokens.at(k) in skip or tokens.at(k) in _QUOTES or _stammers(tokens, k, numeral):
        k += 1
    if tokens.at(k) != "of" or numeral.one:
        return k
    following = tokens.at(k + 1)
    if following in word_set("phrase", "anaphora"):
        return None
    dozens = tokens.low[numeral.last - 1] in ("dozen", "dozens")
    if not (numeral.kind == "vague" or dozens or following in word_set("phrase", "determiners")):
        return k
    k += 1
    ends = word_set("phrase", "prepositions")
    while tokens.at(k) not in ends and (tokens.at(k) in stop or tokens.at(k) in skip):
        if tokens.raw[k].isupper() and items.at(k) is not None:
            break  # "hundreds of *AT4* launchers"
        k += 1
    return k


def _stammers(tokens: Tokens, k: int, numeral: Numeral) -> bool:
    """Whether a speaker says a word twice, with a dash at token k between: ``new \u2014 new``."""
    again = tokens.at(k) == "\u2014" and tokens.at(k + 1) == tokens.at(k - 1)
    return again and k > numeral.last


def _step(tokens: Tokens, k: int, first: int, last_word: int, items: Items) -> int:
    """By how many tokens to go on in a noun phrase, 0 where it ends before token k."""
    low = tokens.low[k]
    if low in _WITHIN or _ends_compound(tokens, k):
        return 1
    if low == ",":
        near = 0 <= last_word <= first + 1 and not is_plural(tokens.low[last_word])
        return int(near and tokens.at(k + 1) not in word_set("phrase", "stop"))
    stop = low in word_set("phrase", "stop") or low.endswith(_CONTRACTED)
    if stop and not (_is_name(tokens, k) or _opens_compound(tokens, k)):
        return int(low.endswith("ed") and _noun_follows(tokens, k + 1, items))
    if tokens.raw[k][0].isdecimal():  # "18 155mm howitzers", "two new 737 jets"
        if last_word < 0 and (tokens.glued(k + 1) or tokens.at(k + 1) == "mm"):
            return 2
        name = tokens.glued(k) or tokens.low[k - 1] in DASHES  # "M2", "COVID -19"
        return int(name or low in model_numbers())
    return int(tokens.raw[k][0].isalpha())


def _opens_compound(tokens: Tokens, k: int) -> bool:
    """Whether a word begins an adjective written with a hyphen: "*long*-range artillery"."""
    hyphen = tokens.at(k + 1) == "-" and tokens.glued(k + 1) and tokens.glued(k + 2)
    return hyphen and tokens.at(k + 2)[:1].isalpha()


def _ends_compound(tokens: Tokens, k: int) -> bool:
    """Whether a word ends an adjective written with a hyphen: "Iranian-*made* drones"."""
    hyphen = k > 1 and tokens.low[k - 1] == "-" and tokens.glued(k - 1) and tokens.glued(k)
    return hyphen and tokens.raw[k][0].isalpha() and tokens.raw[k - 2][0].isalpha()


def _is_name(tokens: Tokens, k: int) -> bool:
    """Whether a word is written as a name (``US``, ``North Korean``) and is no word of grammar."""
    if tokens.raw[k].istitle() and tokens.raw[k + 1 : k + 2][:1] and tokens.raw[k + 1].istitle():
        return tokens.raw[k - 1].islower() or tokens.raw[k - 1][0].isdecimal()
    return len(tokens.raw[k]) > 1 and tokens.raw[k].isupper() and not tokens.raw[k - 1].isupper()


def _is_head(tokens: Tokens, k: int) -> bool:
    """Whether the word may be the plural noun that is counted, and no abbreviation in -S."""
    short = tokens.raw[k].isupper() and len(tokens.raw[k]) <= 4
    return is_plural(tokens.low[k]) and not short


def _noun_follows(tokens: Tokens, k: int, items: Items) -> bool:
    """Whether a participle stands before its noun ("three damaged bridges")."""
    stop = word_set("phrase", "stop")
    for j in range(k, min(k + 3, len(tokens))):
        word = tokens.low[j]
        if not word[0].isalpha() or word in stop or word in vocabulary().vague:
            return False
        if is_plural(word) or items.at(j) is not None:
            return True
    return False


def _singular_phrase(tokens: Tokens, first: int, last_word: int, one: bool) -> Noun | None:
    """A phrase without a plural: one thing, or a name that takes none ("18 Zuzana")."""
    if one:
        while last_word > first and _is_said_of_one(tokens, last_word):
            last_word -= 1
        return Noun(first, last_word + 1)
    named = tokens.raw[last_word][0].isupper() and tokens.raw[first][0].isupper()
    if not named or last_word - first > 3 or tokens.low[last_word].endswith("ed"):
        return None
    return Noun(first, last_word + 1)


def _is_said_of_one(tokens: Tokens, k: int) -> bool:
    """Whether the last word taken for a noun tells something of one: "one analysis *showing* the
    way", "one example *illustrates* how"."""
    word = tokens.low[k]
    if word in word_set("phrase", "not_last"):
        return True
    if not tokens.raw[k].islower():
        return False
    told = tokens.at(k + 1) in word_set("phrase", "determiners") or tokens.at(k + 1) in _AFTER_VERB
    return told and (word.endswith("ing") or is_plural(word))


def _extended(tokens: Tokens, k: int, items: Items) -> int:
    """Take in what still belongs to the noun: "Leopard 2 *tanks*", "personnel *carriers*"."""
    stop = word_set("phrase", "stop")
    while k < len(tokens):
        j = k + (tokens.low[k] == "-" and tokens.glued(k) and k + 1 < len(tokens))
        mention = items.at(j)
        if mention is not None and tokens.low[k] not in stop:
            k = mention.last
            continue
        word, following = tokens.low[j], tokens.at(j + 1)
        if not word[0].isalpha() or word in stop:
            return k
        if is_plural(word) and tokens.raw[j].islower() and len(word) > 3:
            if singular(word) in word_set("phrase", "also_verbs") and following[:1].isalpha():
                return k
            k = j + 1
        elif (
            tokens.low[k - 1] in word_set("plural", "same")
            and not word.endswith(_NOT_ADJECTIVE)
            and is_plural(following)
            and following not in stop
        ):
            k = j + 2
        else:
            return k
    return k
