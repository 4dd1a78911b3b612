"""How exact a number is: *about*, *up to*, *N or more* (``catalogue/qualifiers.toml``)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from extractors.catalogue import load
from extractors.numbers.currencies import multiplied_code
from extractors.numbers.numeral import ARTICLES, DASHES
from extractors.numbers.quantity import Quantity
from extractors.text.number_words import vocabulary
from extractors.text.tokens import Tokens, tokenize
from extractors.text.words import is_plural, word_set

BOUNDS = frozenset(("at_least", "more_than", "at_most", "less_than"))
_ESTIMATE_REACH = 16
_BESIDE = 2  # words from another verb to the number
_PLAIN_SUBJECT = 6  # words of "that the heavy loss of" with the verb
_WALLS = frozenset((";", "\u2014", "if"))
_CONVERTED_REACH = 8
_STEPS = 5
_LEADS = (1, 2, 3)  # words that make another phrase of one: "when you think about"
_MANY = 1000  # what is passed by a count that grows; fewer are laws and camps
_DENIAL_REACH = 4  # words from a negation to what it denies
_NEGATIONS = frozenset(
    ("not", "n't", "cannot", "never", "can't", "won't", "couldn't", "doesn't", "don't", "mustn't")
)
_OPENS = frozenset((",",))
_QUOTES = frozenset(('"', "'"))
_BEHIND_NOUN = frozenset(("of", ",", ":", ")"))
_DURING = ("more_than", "over")
_SUBJECT = 14  # tokens from "the total of" to "passed"
_RATES = frozenset(("a", "an", "per", "each", "every"))
_FEW = 100  # what stands under less than so many may command them: "under 60 officers"
_GROWN = 8  # tokens from "the number of" to "is up to"


@dataclass(frozen=True, slots=True)
class Qualified:
    """The qualifier with the numbers that it makes of the quantity, and the cue that decided."""

    qualifier: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    cue: str


@cache
def _phrases(side: str) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Phrases as tokens with their qualifier: by last word for "before", by first for "after"."""
    out: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for qualifier, phrases in load("qualifiers")[side].items():
        for phrase in phrases:
            words = tokenize(phrase, 0, len(phrase)).low
            out.setdefault(words[-1] if side == "before" else words[0], []).append(
                (words, qualifier)
            )
    for rows in out.values():
        rows.sort(key=lambda row: -len(row[0]))
    return out


@cache
def _between() -> dict[str, list[tuple[str, ...]]]:
    """Phrases that may stand between a qualifier and its number, by their last word."""
    out: dict[str, list[tuple[str, ...]]] = {}
    for phrase in load("qualifiers")["between"]:
        words = tuple(phrase.split())
        out.setdefault(words[-1], []).append(words)
    return out


@cache
def _verbs() -> dict[str, str]:
    return {w: q for q, words in load("qualifiers")["verbs"].items() for w in words}


@cache
def _behind_comma() -> frozenset[str]:
    return frozenset(load("qualifiers")["behind_comma"])


def qualify(tokens: Tokens, quantity: Quantity, noun_end: int) -> Qualified:
    """Read the qualifier around a quantity; ``noun_end`` is the first token behind its noun."""
    low, high = quantity.low, quantity.high
    if quantity.kind == "range":
        return Qualified("range", None, low, high, quantity.rule)
    found = _before(tokens, quantity.first, quantity.dimension)
    if found is not None and _tells_place(tokens, quantity, found[1]):
        found = None
    if found == _DURING and quantity.dimension == "time" and "age" not in quantity.unit:
        found = None  # "support over 5 years"
    if found is None or found[0] == "exact":  # "only 10 or so countries"
        found = _after(tokens, quantity.last, noun_end) or found
    found = found or _of_converted(tokens, quantity) or _verb(tokens, quantity, noun_end)
    found = found or _of_row(tokens, quantity) or _of_slip(tokens, quantity)
    if found is None and "plus" in tokens.low[quantity.first : quantity.last]:
        found = "at_least", "plus"  # "$20-plus billion"
    if quantity.kind == "vague":
        if found is not None and found[0] in ("at_most", "less_than"):
            return Qualified(found[0], low, None, low, found[1])
        return Qualified("vague", low, low, None, tokens.words(quantity.first, quantity.last))
    if found is None or found[0] == "exact":
        return Qualified("exact", low, low, low, found[1] if found else "")
    qualifier, cue = found
    if qualifier in ("at_least", "more_than"):
        return Qualified(qualifier, low, low, None, cue)
    if qualifier in ("at_most", "less_than"):
        return Qualified(qualifier, low, None, low, cue)
    return Qualified(qualifier, low, low, low, cue)


def _tells_place(tokens: Tokens, quantity: Quantity, phrase: str) -> bool:
    """Whether what looks like a bound tells where things stand, and how the number came about:
    ``met *under* six chairmen``, ``the number of hurt is *up to* 14``, ``from 3 tons to 5``."""
    i = quantity.first - len(phrase.split())
    if phrase == "under" and quantity.noun is not None and quantity.low < _FEW:
        return tokens.at(i - 1) not in load("qualifiers")["few_behind"]["under"]
    if phrase == "up to" and tokens.at(i - 1) in load("qualifiers")["grown"]["verbs"]:
        grown = load("qualifiers")["grown"]["nouns"]
        return not set(tokens.low[max(0, i - _GROWN) : i]).isdisjoint(grown)
    return phrase.endswith(" from") and tokens.at(quantity.last) == "to"


def _before(tokens: Tokens, i: int, dimension: str) -> tuple[str, str] | None:
    """The qualifier that stands before token i; a bound further out beats what stands nearer.

    A share behind an article is no known one: ``over a 40 percent threshold``.
    """
    best: tuple[str, str] | None = None
    named = False  # whether what is counted is named as known: "above *the* 290 million needed"
    for _ in range(_STEPS):
        while tokens.at(i - 1) in _QUOTES:
            i -= 1  # "at least" nine
        if tokens.at(i - 1) in _emphatic():
            i -= 1 + (tokens.at(i - 2) in ARTICLES)  # "around a staggering 40"
        found = _ending_at(tokens, i, counted=dimension == "count")
        if found is None:
            named = named or (
                tokens.at(i - 1) in _known()
                and not (dimension == "percent" and _is_article(tokens, i))
            )
            i = _past_between(tokens, i)
            if i < 0:
                break
            continue
        qualifier, first = found
        if named and tokens.words(first, i) in _compared():
            break
        if best is not None and tokens.words(first, i) in _lacks():
            break  # "short of some 300 men"
        if qualifier == "more_than" and _denied(tokens, first):
            qualifier = "at_most"
        if best is None or (best[0] not in BOUNDS and qualifier in BOUNDS):
            best = qualifier, tokens.words(first, i)
        i = first
    return best


@cache
def _led() -> dict[str, list[str]]:
    """The words of which one stands before a phrase that bounds a count."""
    led: dict[str, list[str]] = load("qualifiers")["counts_behind"]
    return led


@cache
def _emphatic() -> frozenset[str]:
    return frozenset(load("qualifiers")["emphatic"])


@cache
def _known() -> frozenset[str]:
    return frozenset(load("qualifiers")["known"]["before"])


@cache
def _compared() -> frozenset[str]:
    return frozenset(load("qualifiers")["known"]["phrases"])


@cache
def _lacks() -> frozenset[str]:
    return frozenset(load("qualifiers")["lacks"])


def _is_article(tokens: Tokens, i: int) -> bool:
    return tokens.at(i - 1) in ARTICLES


def _denied(tokens: Tokens, first: int) -> bool:
    """Whether a bound from below is denied, and is one from above: "may *not* exceed 5%"; what is
    denied of an amount is none: "do *not* say where more than 5% went"."""
    for k in range(first - 1, max(-1, first - 1 - _DENIAL_REACH), -1):
        if tokens.low[k] in word_set("denial", "leaves"):
            return False
        if tokens.low[k] in _NEGATIONS:
            return True
    return False


def _past_between(tokens: Tokens, i: int) -> int:
    """The start of the words between a qualifier and token i, -1 where none stand there."""
    for words in _between().get(tokens.at(i - 1), ()):
        if i >= len(words) and tokens.follows(i - len(words), words):
            return i - len(words)
    return -1


def _ending_at(tokens: Tokens, i: int, *, counted: bool) -> tuple[str, int] | None:
    """The phrase that ends right before token i, and its first token."""
    for words, qualifier in _phrases("before").get(tokens.at(i - 1), ()):
        first = i - len(words)
        if first >= 0 and tokens.follows(first, words):
            phrase = " ".join(words)
            other = load("qualifiers")["not_behind"].get(phrase, ())
            if any(tokens.words(max(0, first - n), first) in other for n in _LEADS):
                return None
            if counted and phrase in _led() and tokens.at(first - 1) not in _led()[phrase]:
                return None
            return qualifier, first
    return None


def _after(tokens: Tokens, last: int, noun_end: int) -> tuple[str, str] | None:
    """The phrase that begins behind the number and its unit, or behind its noun."""
    for j in dict.fromkeys(
        (last, noun_end, _past_rate(tokens, last), _past_rate(tokens, noun_end))
    ):
        dash = tokens.at(j) in DASHES or (tokens.at(j) in _OPENS and j)
        for start in (j, j + 1) if dash else (j,):
            for words, qualifier in _phrases("after").get(tokens.at(start), ()):
                if tokens.follows(start, words):
                    if words[0] in ("plus", "+") and not _is_plus(tokens, start):
                        continue
                    if tokens.at(j) == "," and words[0] not in _behind_comma():
                        continue
                    following = load("qualifiers")["not_followed"].get(" ".join(words), ())
                    if tokens.at(start + len(words)) in following:
                        continue
                    if dash and qualifier == "about" and _is_number(tokens, start + len(words)):
                        continue  # "40 men \u2014 roughly half of them"
                    return qualifier, tokens.words(start, start + len(words))
    return None


def _is_number(tokens: Tokens, k: int) -> bool:
    """Whether a number begins at token k, of which a qualifier before it tells."""
    k += tokens.at(k) in ARTICLES
    v, word = vocabulary(), tokens.at(k)
    return word[:1].isdecimal() or word in v.words or word in v.fractions or word in v.vague


def _past_rate(tokens: Tokens, j: int) -> int:
    """The token behind ``a month`` or ``per day`` at token j, else j: ``40 a month at best``."""
    told = tokens.at(j) in _RATES and tokens.at(j + 1) in word_set("rate", "times")
    return j + 2 if told else j


def _is_plus(tokens: Tokens, j: int) -> bool:
    """Whether *plus* belongs to the number before it: ``20-plus``, ``$300bn plus in assets``."""
    behind = tokens.at(j + 1)
    if tokens.glued(j):
        return not (behind[:1].isdecimal() and tokens.glued(j + 1))  # "civilians+1 guard"
    counted = tokens.at(j - 1)[:1].isdecimal() and behind[:1].isalpha()  # "the 300 plus bakers"
    counted = counted and behind not in word_set("phrase", "stop")
    return tokens.low[j] == "plus" and (counted or behind in word_set("phrase", "prepositions"))


def _of_converted(tokens: Tokens, quantity: Quantity) -> tuple[str, str] | None:
    """A conversion in brackets is as exact as what it converts: ``over 600 miles (1,000 km)``."""
    opens = quantity.first - 1
    if tokens.at(opens) != "(" or tokens.at(quantity.last) != ")":
        return None
    if quantity.dimension in ("count", "percent"):
        return None
    for k in range(opens - 1, max(-1, opens - _CONVERTED_REACH), -1):
        if tokens.low[k][0].isdecimal():
            coded = k > 0 and multiplied_code(tokens.raw[k - 1]) is not None  # "NOK 90 million"
            first = k - 1 if k and (coded or not tokens.low[k - 1].isalnum()) else k
            return _before(tokens, first, quantity.dimension)
    return None


def _bounded(tokens: Tokens, qualifier: str, k: int) -> bool:
    return qualifier == "more_than" and _denied(tokens, k)


def _is_vote(tokens: Tokens, quantity: Quantity) -> bool:
    """Whether a number is the first of a vote: ``it passed 254 to 175``."""
    return tokens.at(quantity.last) in ("to", "-") and tokens.at(quantity.last + 1)[:1].isdecimal()


def _verb(tokens: Tokens, quantity: Quantity, noun_end: int) -> tuple[str, str] | None:
    """A verb that bounds the number (*topped*) or says that it is an estimate."""
    verbs, fractions = _verbs(), vocabulary().fractions
    for k in _of_clause(tokens, quantity.first):
        distance = quantity.first - k
        word = tokens.low[k]
        qualifier = None if _is_estimate_of(tokens, k) else verbs.get(word)
        if qualifier is None:
            if word[0].isdecimal() or word in fractions or word in _WALLS:
                break  # of another number, or another clause
        elif qualifier not in BOUNDS:
            if distance <= _BESIDE or word.startswith("estimat"):
                return None if _is_subject(tokens, k, quantity.first) else (qualifier, word)
        elif distance <= _BESIDE and _bounds(tokens, quantity, noun_end, k):
            return ("at_most" if _bounded(tokens, qualifier, k) else qualifier), word
    return None


def _is_estimate_of(tokens: Tokens, k: int) -> bool:
    """Whether token k is the noun: ``their estimate of the dead is 900``, ``by one estimate,``."""
    return tokens.low[k] == "estimate" and tokens.at(k + 1) in _BEHIND_NOUN


def _is_subject(tokens: Tokens, verb: int, first: int) -> bool:
    """Whether a number is only of what an estimate tells something: ``estimated that *the* 300
    bridges would cost``, ``estimated that the loss of 300 bridges would``."""
    if tokens.at(first - 1) == "the":
        return True
    plain = first - verb <= _PLAIN_SUBJECT and tokens.follows(verb + 1, ("that", "the"))
    return plain and tokens.at(first - 1) == "of"


def _of_slip(tokens: Tokens, quantity: Quantity) -> tuple[str, str] | None:
    """What a speaker said of the number that he begins again: ``nearly 10 billion dol- \u2014 10
    billion tons``."""
    k = quantity.first - 1
    if tokens.at(k) not in DASHES or tokens.at(k) == "-":
        return None
    k -= 3 if tokens.at(k - 1) == "-" else 1  # "dol-"
    k -= tokens.at(k) in vocabulary().scales
    begun = k >= 0 and tokens.low[k][0].isdecimal()
    return _before(tokens, k, quantity.dimension) if begun else None


def _of_row(tokens: Tokens, quantity: Quantity) -> tuple[str, str] | None:
    """The estimate that holds for both of two numbers: ``an estimated 40 fled and *12* died``."""
    if tokens.at(quantity.first - 1) != "and":
        return None
    first = quantity.first - 2
    least = max(0, first - _ESTIMATE_REACH)
    while first > least and not tokens.low[first][0].isdecimal():
        if tokens.low[first] in _WALLS:
            return None
        first -= 1
    if first < least or not tokens.low[first][0].isdecimal():
        return None
    if "respectively" in tokens.low[quantity.last : quantity.last + _BESIDE]:
        return _before(tokens, first, quantity.dimension)  # "around 80% and 90% respectively"
    for k in _of_clause(tokens, first):
        word = tokens.low[k]
        if word[0].isdecimal() or word in _WALLS:
            break
        if word.startswith("estimat"):
            return None if _is_subject(tokens, k, first) else ("about", word)
    return None


def _of_clause(tokens: Tokens, first: int) -> Iterator[int]:
    """The tokens before token ``first`` that tell of it, the nearest first: not those before the
    relative clause in which it stands, nor those of one that has ended before it."""
    k, least = first - 1, max(0, first - _ESTIMATE_REACH)
    while k >= least:
        if tokens.low[k] in word_set("clause", "relatives"):
            return
        if tokens.low[k] == ",":
            opens = tokens.last_place(_OPENS, k)
            if opens >= 0 and _is_relative(tokens, opens + 1):
                k = opens
        yield k
        k -= 1


def _is_relative(tokens: Tokens, k: int) -> bool:
    """Whether a relative clause begins at token k: ``which``, ``in which``."""
    k += tokens.at(k) in word_set("phrase", "stop") and tokens.at(k) not in word_set(
        "clause", "relatives"
    )
    return tokens.at(k) in word_set("clause", "relatives")


def _bounds(tokens: Tokens, quantity: Quantity, noun_end: int, k: int) -> bool:
    """Whether the verb at token k bounds the number, and passes no law, no amount of money and no
    known one: ``passed two laws``, ``passed $40 billion``, ``exceeds the 295 of last year``."""
    word = tokens.low[k]
    if word == "top" and not _tops(tokens, quantity, k):
        return False  # "the top 1%"
    if quantity.dimension == "money" and word in load("qualifiers")["not_money"]["words"]:
        return word == "top" or (k == quantity.first - 1 and _grows(tokens, k))
    if word in ("passed", "pass", "passes"):
        few = quantity.low < _MANY and (quantity.noun is not None or _is_vote(tokens, quantity))
        if few or k < quantity.first - 1:
            return False
    compared = tokens.at(quantity.first - 1) in _known()
    return not compared or tokens.at(noun_end) in word_set("item", "marks")


def _grows(tokens: Tokens, k: int) -> bool:
    """Whether what passes an amount of money at token k is a sum that grows, and no parliament:
    ``*sales* under the scheme passed $5 billion``."""
    before = set(tokens.low[max(0, k - _SUBJECT) : k])
    if not before.isdisjoint(word_set("approval", "parliaments")):
        return False
    return not before.isdisjoint(load("qualifiers")["not_money"]["but_of"])


def _tops(tokens: Tokens, quantity: Quantity, k: int) -> bool:
    """Whether *top* at token k is the verb: ``will top 40``, ``Losses now top 1,000``."""
    k -= tokens.at(k - 1) in load("qualifiers")["verbs_behind"]["adverbs"]
    if tokens.at(k - 1) in word_set("tense", "future"):
        return True
    large = quantity.low >= _MANY or quantity.dimension == "money"  # but "names top 10 donors"
    return large and is_plural(tokens.at(k - 1))
