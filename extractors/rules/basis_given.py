"""Whether what is given is one gift more, a sum up to now, or what is needed (codebook).

The first rule that has something to say decides.
"""

from __future__ import annotations

from extractors.mentions.cues import Cue
from extractors.passage.distance import before_hedges, end_of
from extractors.passage.phrases import fresh, left_over, taken_off
from extractors.rules.basis_clues import Basis, Clues, event_dates
from extractors.rules.nearest import is_passive
from extractors.text.words import word_set

_SUPERLATIVES = word_set("amount", "superlatives")
_SUMMING_UP = word_set("amount", "summing_up")
_NO_TOTAL = word_set("amount", "no_total")
_SUMMING_PLEDGES = tuple(word_set("amount", "summing_pledges"))
_THAT = frozenset(("that",))
_REPORTS = word_set("amount", "reports")
_SUMMING_GIFTS = word_set("amount", "summing_gifts")
_VALUES = word_set("purpose", "worth")
_LISTED = word_set("amount", "listed")
_HOLDS = word_set("amount", "holds_list")
_EXISTING = word_set("amount", "existing")
_ALREADY = word_set("amount", "already")
_WORTH = 5  # words from "worth a total of" to its amount
_TAKES = 14  # words from "takes" to the total that it leads to


def _since(clues: Clues) -> Basis | None:
    again = fresh(clues.sentence.tokens, clues.quantity)
    if again is not None and again in clues.before(2):
        return "delta", again  # "$2bn since May, including an *additional* $50 million"
    return ("total", f"since {clues.since}") if clues.since is not None else None


def _phrase_of_transfer(clues: Clues) -> Basis | None:
    """A phrase of a total, unless the amount is told to be one more."""
    total = clues.phrase("total", 16)
    ahead = clues.role.cue is not None and clues.role.cue.tense == "future"
    worth = not _VALUES.isdisjoint(clues.before(_WORTH))
    holds = clues.sentence.tokens.holds(_HOLDS, 0, clues.quantity.first)
    lists = total in _LISTED and (ahead or worth or holds)
    if lists or clues.sentence.tokens.holds(_SUPERLATIVES):
        total = None
    again = fresh(clues.sentence.tokens, clues.quantity)
    needed = clues.role.status == "requested" and clues.quantity.dimension == "count"
    if again is not None and total in (None, "since") and not needed:
        return "delta", again
    total = total or clues.phrase("total_aid", 12 if clues.role.status == "delivered" else 6)
    return ("total", total) if total is not None and "part" not in clues.before(6) else None


def _sums_up(clues: Clues) -> Basis | None:
    """One more gift that makes a total: "the package *takes* its aid to $2 billion"."""
    low, i = clues.low, before_hedges(clues.sentence.tokens, clues.quantity.first)
    if not i or low[i - 1] != "to":
        return None
    between = low[max(0, i - _TAKES) : i]
    verb = next((w for w in reversed(between) if w in _SUMMING_UP), None)
    if verb is None or not _NO_TOTAL.isdisjoint(between[between.index(verb) :]):
        return None
    return "total", f"{verb} to"


def _vague_money(clues: Clues) -> Basis | None:
    """``billions of dollars`` are never one event."""
    quantity = clues.quantity
    vague = quantity.kind == "vague" and quantity.dimension == "money"
    told = vague and clues.role.status in ("committed", "delivered")
    return ("total", "a vague number") if told else None


def _request(clues: Clues) -> Basis | None:
    """Things that are asked for are a need, which is a level; money asked for is one amount."""
    if clues.role.status != "requested":
        return None
    existing = next((w for w in clues.before(3) if w in _EXISTING), None)
    if existing is not None:
        return "level", existing
    return "level" if clues.quantity.dimension == "count" else "delta", clues.role.words


def _perfect(clues: Clues) -> Basis | None:
    """``has sent 40``, ``has committed $2 billion``: a sum up to now, as no day is told."""
    role = clues.role
    if role.cue is None:
        return None
    if role.status == "delivered" and _summed_up(clues):
        return "total", role.words
    pledged = role.status == "committed" and role.cue.tense == "perfect" and not clues.record
    if pledged and role.words.startswith(_SUMMING_PLEDGES) and clues.phrase("delta", 8) is None:
        return "total", role.words
    before = clues.low[max(0, role.cue.first - 2) : role.cue.first]
    already = next((w for w in before if w in _ALREADY), None)
    if role.cue.happened and already is not None:
        return "total", f"{already} {role.words}"
    return None


def _summed_up(clues: Clues) -> bool:
    """Whether a sum up to now was given: told without a date or an event of its own (codebook)."""
    sentence, quantity, cue = clues.sentence, clues.quantity, clues.role.cue
    if cue is None or cue.meaning.form == "noun":
        return False
    if cue.tense not in ("perfect", "past", "gerund"):
        return False
    dated = any(d.iso and not _of_speech(clues, d.first, cue) for d in event_dates(sentence))
    if dated or clues.phrase("delta", 6) is not None:
        return False
    if quantity.first <= cue.first < end_of(sentence, quantity):
        return False
    if cue.tense == "gerund" and sentence.tokens.at(cue.first - 1) == "by":
        return False  # "contributed by donating 7 million": one event
    if cue.tense != "past" or not clues.record:
        return True
    if is_passive(sentence.tokens, cue):
        return quantity.dimension == "count"
    return cue.last <= quantity.first and clues.low[cue.first] in _SUMMING_GIFTS


def _of_speech(clues: Clues, date_at: int, cue: Cue) -> bool:
    """Whether a date is that of the words that report a gift: "*on 21 June* she stated that Norway
    had given", "*as of May*"."""
    tokens = clues.sentence.tokens
    if not clues.record or date_at >= cue.first:
        return False
    return tokens.holds(_THAT, date_at, cue.first) or tokens.holds(_REPORTS, 0, 2)


def _of_record(clues: Clues) -> Basis | None:
    """The sums of a record: what is taken off was given up to then, what is left is one event."""
    if not clues.record:
        return None
    left = left_over(clues.sentence.tokens, clues.quantity)
    if left is not None:
        return "delta", left
    off = taken_off(clues.sentence.tokens, clues.quantity)
    return ("total", off) if off is not None else None


RULES = (
    _of_record,
    _sums_up,
    _since,
    _phrase_of_transfer,
    _vague_money,
    _request,
    _perfect,
)
