"""The cue that decides over a figure: of those that fit its things, the nearest one.

Which of them fit, :mod:`extractors.meaning.constraints` tells.
"""

from __future__ import annotations

from itertools import islice

from extractors.meaning.constraints import fits
from extractors.mentions.cues import Cue
from extractors.mentions.named import Named
from extractors.numbers.quantity import Quantity
from extractors.passage.distance import end_of, near, weigh
from extractors.passage.sentence import Sentence
from extractors.text.in_order import Mentions
from extractors.text.once import once
from extractors.text.tokens import Tokens
from extractors.text.words import word_set

_PASSIVE = word_set("tense", "passive")
_PLEDGES = word_set("amount", "pledges")
_DETERMINERS = word_set("giving", "determiners")
_TO = frozenset(("to",))
_BEFALLEN = word_set("verbs", "befallen")
_OF_SUBJECT_ONLY = word_set("verbs", "of_subject")
_CLOSE = 4  # everyday verbs that give money only stand next to it ("*find* $2 million")
_REACH = 45  # the farthest that a cue decides
_NOUN = 4  # a noun of giving says less than a verb
_CLAUSES = word_set("clause", "opens")
_OF_SUBJECT = 6  # what a verb in the passive costs its subject at most
_PASSIVE_BEFORE = 8  # behind a passive stands no object
_CATCHMENT = 5  # words from a verb of asking to the verb that is asked for
_ASKED = ("request", "authorize")
_ABOVE_IT = 16  # cues before a verb of giving that may stand right above it
_ABOVE = (*_ASKED, "cancel")  # classes of verbs that may stand above a verb of giving


def best_cue(
    sentence: Sentence, quantity: Quantity, named: Named, kind: str
) -> tuple[Cue, int] | None:
    """The nearest fitting cue of a kind (``transfer`` or ``event``), with its cost."""
    cues = _cues(sentence, kind)
    if not cues:
        return None
    best: tuple[Cue, int] | None = None
    end = end_of(sentence, quantity)
    following = sentence.quantities.first_behind(quantity.last)
    # the subject of a verb in the passive may be long, but no other figure stands in it
    limit = following.first if following is not None else len(sentence.tokens)
    for cue in near(sentence.tokens, quantity, cues, end, _REACH, limit):
        if not fits(sentence, quantity, named, cue):
            continue
        if _inside_figure(sentence, quantity, cue, end):
            continue
        if _is_of_subject(sentence.tokens, cue) and (
            cue.last <= quantity.first or is_passive(sentence.tokens, cue)
        ):
            continue
        cost = _cost(sentence, quantity, cue, end)
        if cue.meaning.of == "money" and cost > _CLOSE:
            continue
        if cost <= _REACH and (best is None or cost < best[1]):
            best = (cue, cost)
    if best is None or kind == "event":
        return best
    return _above(sentence, best[0]), best[1]


@once
def _cues(sentence: Sentence, kind: str) -> Mentions[Cue]:
    """The cues of a kind, without those that are part of a thing's name."""
    cues = (cue for cue in sentence.cues if cue.meaning.kind == kind)
    return Mentions(cue for cue in cues if not _inside_item(sentence, cue))


def _is_of_subject(tokens: Tokens, cue: Cue) -> bool:
    """Whether only the subject of a verb is given or falls: "10 tanks *reached* Kyiv"."""
    return not _OF_SUBJECT_ONLY.isdisjoint(tokens.low[cue.first : cue.last])


def is_passive(tokens: Tokens, cue: Cue) -> bool:
    """Whether a verb is in the passive, so that nothing behind it is its object."""
    before = tokens.low[max(0, cue.first - 2) : cue.first]
    return cue.meaning.form == "past" and not _PASSIVE.isdisjoint(before)


def _cost(sentence: Sentence, quantity: Quantity, cue: Cue, end: int) -> int:
    tokens = sentence.tokens
    cost = weigh(tokens, quantity, cue.first, cue.last, end)
    if _says_pledge(sentence, quantity, cue):
        return 0
    if cue.meaning.form == "noun" and cue.meaning.kind == "transfer":
        cost += _NOUN
    if not is_passive(tokens, cue):
        return cost
    if cue.last <= quantity.first:
        return cost + _PASSIVE_BEFORE
    return min(cost, _OF_SUBJECT) if _is_subject(sentence, quantity, cue) else cost


def _is_subject(sentence: Sentence, quantity: Quantity, cue: Cue) -> bool:
    """Whether a figure opens the subject of a verb in the passive, however long that is: "*seven
    ambulances* from the service in the capital have been sent"."""
    if not _tells_of_subject(cue):
        return False
    if sentence.tokens.holds(_CLAUSES, quantity.after, cue.first):
        return False
    following = sentence.quantities.first_behind(quantity.last)
    others = following is not None and following.first < cue.first
    return not others and sentence.cues.last_before(quantity.first) is None


def _tells_of_subject(cue: Cue) -> bool:
    """Whether a verb in the passive tells what was done: given, struck or taken."""
    return cue.happened and (cue.meaning.name == "give" or cue.meaning.kind == "event")


def _inside_figure(sentence: Sentence, quantity: Quantity, cue: Cue, end: int) -> bool:
    """Whether a cue's word stands in the figure itself and only names it.

    A past form says what happened there too ("40 *donated* tanks"), and so does a noun of asking.
    """
    if cue.first >= end or cue.last <= quantity.first or _says_pledge(sentence, quantity, cue):
        return False
    meaning = cue.meaning
    if meaning.kind == "event":
        return sentence.tokens.low[cue.first] not in _BEFALLEN
    return meaning.form != "past" and not (meaning.form == "noun" and meaning.name in _ASKED)


def _says_pledge(sentence: Sentence, quantity: Quantity, cue: Cue) -> bool:
    """Whether an amount is called a pledge itself: "a $7.5 billion *commitment*"."""
    return cue.first == quantity.after and sentence.tokens.low[cue.first] in _PLEDGES


def _inside_item(sentence: Sentence, cue: Cue) -> bool:
    """Whether a cue word is part of a thing's name ("rocket *launch* systems", "*fire* engine")."""
    item = sentence.items.over(cue.first)
    if item is None or cue.last > item.last:
        return False
    return item.last - item.first > 1 and item.entry.category != "personnel"


def _above(sentence: Sentence, cue: Cue) -> Cue:
    """The verb above a verb of giving: "*considering* providing", "*asked* to send"."""
    near = [*islice(_cues_above(sentence).back_from(cue.first), _ABOVE_IT)]
    far = _authority(sentence)
    if far is not None and near and far.last <= near[-1].first:
        near.append(far)
    return next((other for other in near[::-1] if _governs(sentence.tokens, other, cue)), cue)


@once
def _cues_above(sentence: Sentence) -> Mentions[Cue]:
    """The cues that may stand above a verb of giving."""
    return Mentions(cue for cue in sentence.cues if cue.meaning.name in _ABOVE)


@once
def _authority(sentence: Sentence) -> Cue | None:
    """The first noun of allowing, which rules over a verb however far behind it."""
    nouns = (c for c in _cues_above(sentence) if c.meaning.name == "authorize")
    return next((cue for cue in nouns if cue.tense == "noun"), None)


def _governs(tokens: Tokens, other: Cue, cue: Cue) -> bool:
    """Whether a verb or noun of asking, allowing or stopping rules over a verb of giving."""
    name, gap = other.meaning.name, cue.first - other.last
    if gap <= 1:
        return True
    if cue.tense == "noun":
        return _DETERMINERS.issuperset(tokens.low[other.last : cue.first])
    if cue.tense != "future" or not tokens.holds(_TO, other.last, cue.first):
        return False
    if name == "request":
        return gap <= _CATCHMENT  # "*calling on* Congress to provide"
    return name == "authorize" and other.tense == "noun"  # "the *authority* ... to furnish"
