"""Counts of things and people: ``4 HIMARS``, ``5,000 troops``, ``four more``, ``20 of them``.

A count is a numeral with a noun phrase behind it, or one whose noun the reader knows from before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.designators import designator
from extractors.items import Item
from extractors.lexicon import Mention
from extractors.numerals import Numeral
from extractors.quantity import Quantity, scaled_by
from extractors.tokens import Tokens
from extractors.words import is_plural, singular, word_set

_REACH = 9
_QUOTES = frozenset(('"', "'", "-", "\u2013"))
_BE = frozenset(
    ("are", "were", "was", "is", "have", "had", "has", "remain", "remained", "will", "would", "died",
     "killed", "wounded", "injured", "dead", "missing", "more", "others", "fled", "survived", "came",
     "arrived", "crossed", "went", "left", "returned", "could", "may", "might", "of", "and", "in")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun phrase, tokens ``first`` to ``last`` (exclusive); its head is the last word."""

    first: int
    last: int


def count(tokens: Tokens, numeral: Numeral, items: Sequence[Mention[Item]], names: frozenset[int]) -> Quantity | None:
    """The count that a numeral states, None where it counts nothing.

    ``items`` are the catalogue's items of the sentence, ``names`` the tokens of its actors.
    """
    if numeral.kind == "share":
        return None
    if designator(tokens, numeral) is not None:
        return None
    grown = numeral
    if numeral.suffix and not numeral.spelled:
        grown = numeral.with_suffix()
        if grown.last < len(tokens) and tokens.glued(grown.last) and tokens.raw[grown.last] != "-":
            return None
    noun = noun_after(tokens, grown.last, grown, items)
    if noun is not None:
        if not _counted(tokens, grown, noun, items):
            return None
        if _name_number(tokens, grown, names, items, noun):
            return None
        return _quantity(grown, noun, "<n> <noun>")
    rule = _anaphoric(tokens, grown)
    if rule is None or _name_number(tokens, grown, names, items, None):
        return None
    return _quantity(grown, None, rule)


def _quantity(numeral: Numeral, noun: Noun | None, rule: str) -> Quantity:
    low, high = scaled_by(numeral.low, 1), scaled_by(numeral.high, 1)
    after = noun.last if noun else numeral.last
    span = (noun.first, noun.last) if noun else None
    if numeral.rule != "<n>":
        rule = rule.replace("<n>", numeral.rule)
    return Quantity(numeral, numeral.first, numeral.last, low, high, "count", "count", after, rule, None, span)


def noun_after(tokens: Tokens, j: int, numeral: Numeral | None, items: Sequence[Mention[Item]]) -> Noun | None:
    """The noun phrase that begins at token j; its head is the first plural noun, for one thing the last word."""
    n = len(tokens)
    stop, skip = word_set("phrase", "stop"), word_set("phrase", "skip")
    one = numeral is not None and numeral.high <= 1
    hyphen = j < n and tokens.low[j] in ("-", "\u2013") and tokens.glued(j)
    k = j + 1 if hyphen else j
    while k < n and (tokens.low[k] in skip or tokens.low[k] in ('"', "'")):
        k += 1
    vague = numeral is not None and (numeral.kind == "vague" or tokens.low[numeral.last - 1] in ("dozen", "dozens"))
    if k < n and tokens.low[k] == "of" and not one:
        follows = tokens.low[k + 1] if k + 1 < n else ""
        if follows in word_set("phrase", "anaphora"):
            return None
        if vague or follows in ("the", "its", "their", "these", "those", "our", "his", "my", "your", "her", "such"):
            k += 1
            while k < n and tokens.low[k] in stop | skip and tokens.low[k] not in ("of", "in", "and", "or"):
                k += 1
    first = k
    last_word = -1
    end = min(n, first + _REACH)
    while k < end:
        low = tokens.low[k]
        mention = _item_at(items, k)
        if mention is not None:
            head = _extend(tokens, mention.last, items)
            return Noun(first, head)
        if low in _QUOTES or low == "/":
            k += 1
            continue
        if low == "," and last_word >= 0 and k + 1 < end and _adjective(tokens.low[last_word]):
            k += 1
            continue
        if low in stop and not (low.endswith("ed") and k + 1 < end and _noun_follows(tokens, k, items)):
            break
        if not tokens.raw[k][0].isalpha():
            if tokens.raw[k][0].isdigit() and last_word < 0 and k + 1 < end and tokens.glued(k + 1):
                k += 2  # "18 155mm howitzers": the calibre belongs to the noun
                continue
            break
        if low == "'s":
            return None if last_word < 0 else Noun(first, last_word + 1)
        last_word = k
        if not one and is_plural(low) and not _verb_in_s(tokens, k, first):
            if k + 1 < n and tokens.low[k + 1] == "'" and tokens.glued(k + 1):
                k += 2
                continue
            return Noun(first, _extend(tokens, k + 1, items))
        k += 1
    if last_word < 0:
        return None
    if one:
        while last_word > first and tokens.low[last_word] in word_set("phrase", "not_last"):
            last_word -= 1
        return Noun(first, last_word + 1)
    if hyphen and last_word >= first and tokens.raw[last_word].islower():
        return None
    if tokens.raw[last_word][0].isupper() and not _name_like(tokens, first):
        return Noun(first, last_word + 1)
    return None


def _item_at(items: Sequence[Mention[Item]], k: int) -> Mention[Item] | None:
    for mention in items:
        if mention.first == k:
            return mention
        if mention.first > k:
            break
    return None


def _extend(tokens: Tokens, k: int, items: Sequence[Mention[Item]]) -> int:
    """Take in what still belongs to the noun: "Leopard 2 *tanks*", "personnel *carriers*"."""
    n = len(tokens)
    stop = word_set("phrase", "stop")
    while k < n:
        j = k + 1 if tokens.low[k] == "-" and k + 1 < n and tokens.glued(k) else k
        mention = _item_at(items, j)
        if mention is not None and tokens.low[k] not in stop:
            k = mention.last
            continue
        word = tokens.low[j] if j < n else ""
        later = tokens.low[j + 1] if j + 1 < n else ""
        if word[:1].isalpha() and word not in stop and is_plural(word) and tokens.raw[j].islower() and len(word) > 3:
            if singular(word) in ("strike", "launch", "claim", "hit", "attack", "report") and later[:1].isalpha():
                return k
            k = j + 1
            continue
        if (
            word[:1].isalpha() and word not in stop and not word.endswith(("ed", "ing", "ly"))
            and is_plural(later) and later not in stop and tokens.low[k - 1] in word_set("plural", "same")
        ):
            k = j + 2
            continue
        return k
    return k


def _adjective(word: str) -> bool:
    return not is_plural(word)


def _noun_follows(tokens: Tokens, k: int, items: Sequence[Mention[Item]]) -> bool:
    """Whether a participle stands before its noun ("three damaged bridges")."""
    word = tokens.low[k + 1]
    return word[0].isalpha() and (is_plural(word) or _item_at(items, k + 1) is not None) and word not in word_set("phrase", "stop")


def _verb_in_s(tokens: Tokens, k: int, first: int) -> bool:
    """Whether a word in -s is a verb or an adjective in a name, as far as its neighbours tell."""
    return tokens.raw[k].isupper() and len(tokens.raw[k]) <= 4 and tokens.raw[k].endswith("S")


def _name_like(tokens: Tokens, first: int) -> bool:
    return tokens.raw[first][0].isupper() and tokens.low[first] in word_set("phrase", "stop")


def _counted(tokens: Tokens, numeral: Numeral, noun: Noun, items: Sequence[Mention[Item]]) -> bool:
    """Whether counts of this noun are figures (codebook: not calls, letters, idioms with *one*)."""
    head = singular(tokens.low[noun.last - 1])
    before = tokens.low[numeral.first - 1] if numeral.first else ""
    if numeral.spelled and numeral.low == 1 and numeral.high == 1:
        direct = tokens.low[numeral.last] if numeral.last < len(tokens) else ""
        if direct in word_set("uncounted", "idioms") or before in ("no", "any", "every", "each", "this", "that", "the"):
            return False
        if direct in ("-", "'s", "'") or head in word_set("uncounted", "with_one"):
            return False
        if direct in word_set("uncounted", "with_one") or noun.last - noun.first > 6:
            return False
    if head in word_set("uncounted", "nouns"):
        return False
    bare = noun.last - noun.first == 1
    if bare and head in word_set("uncounted", "just_named") and numeral.high <= 3:
        if before in ("the", "our", "these", "those", "both", "all", "their", "your", "between"):
            return False
    return True


def _name_number(
    tokens: Tokens, numeral: Numeral, names: frozenset[int], items: Sequence[Mention[Item]], noun: Noun | None
) -> bool:
    """Whether a number belongs to the name before it: ``Boeing 737``, ``Javelin 2``."""
    i = numeral.first
    if not i or numeral.spelled or numeral.scaled or numeral.kind != "exact":
        return False
    raw = tokens.raw[i - 1]
    if not raw[0].isupper() or not raw[0].isalpha() or i - 1 in names or "," in tokens.raw[i]:
        return False
    if tokens.start[i] == tokens.start[0] or i - 1 == 0:
        return False
    if any(m.first <= i - 1 < m.last for m in items):
        return noun is None or not is_plural(tokens.low[noun.last - 1])
    titled = sum(1 for w in tokens.raw if w[0].isupper()) > 0.6 * sum(1 for w in tokens.raw if w[0].isalpha())
    if titled or is_plural(tokens.low[i - 1]):
        return False
    return noun is None or not is_plural(tokens.low[noun.last - 1])


def _anaphoric(tokens: Tokens, numeral: Numeral) -> str | None:
    """The rule by which a number without a noun of its own still counts something."""
    i, j, n = numeral.first, numeral.last, len(tokens)
    after = tokens.low[j] if j < n else ""
    before = tokens.low[i - 1] if i else ""
    two_before = tokens.low[max(0, i - 2) : i]
    one = numeral.low == numeral.high == 1
    if after in ("more", "others") and not one:
        return "<n> more"
    if after == "of" and j + 1 < n and tokens.low[j + 1] in word_set("phrase", "anaphora") and not one:
        return "<n> of them"
    if one:
        return None
    if before in word_set("verbs", "casualty") or after in word_set("verbs", "casualty"):
        return "killing <n>"
    if numeral.kind == "vague":
        return "<vague number>" if after not in ("-",) else None
    near = tokens.low[max(0, i - 8) : i]
    if "total" in near or "number" in near or "tally" in near or "toll" in near:
        return "bringing the total to <n>"
    if "bringing" in near or "brings" in near:
        return "bringing the total to <n>"
    if numeral.scaled or "," in tokens.raw[i] and not numeral.spelled:
        return "<n>"
    if numeral.kind == "range" and not numeral.spelled:
        return None
    if before in ("all", "another", "further", "additional", "including", "some", "least", "about", "than", "the"):
        if after in _BE or after in ("", ".", ",", ")", "-", "\u2014", ";", "on", "for", "from", "to", "at", "that", "which"):
            return "<n>" if before not in ("the",) or after in _BE else None
    if two_before and two_before[-1] in ("only", "just", "were", "are", "to", "from") and after in ("", ".", ",") and numeral.low >= 10:
        return None
    if after in ("are", "were", "have", "had", "remain", "remained", "died") or (
        after == "of" and j + 1 < n and tokens.low[j + 1] in ("which", "whom", "them", "those")
    ):
        return "<n> were"
    return None
