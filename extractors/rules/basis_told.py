"""Whether what happens or is so is one event, a sum over a war, or a state (codebook).

The first rule that has something to say decides.
"""

from __future__ import annotations

from extractors.meaning.sides import sanctioned
from extractors.meaning.situation import Basis, Case, is_dated
from extractors.mentions.cues import Cue
from extractors.mentions.kinds import is_event, is_launched, is_person, is_place, is_state
from extractors.passage.distance import before_hedges
from extractors.passage.phrases import fresh
from extractors.passage.sentence import Sentence
from extractors.rules.nearest import is_passive
from extractors.rules.status import cost_of_repair
from extractors.text.once import once
from extractors.text.words import word_set

_CHANGES = word_set("amount", "changes")
_MOVES = word_set("amount", "moves")
_HOLDS = word_set("amount", "holds")
_WAR = word_set("amount", "war")
_RELATIVES = word_set("clause", "relatives")
_HAS = word_set("amount", "has")
_MOVED = word_set("soldiers", "moved")
_FALLEN = word_set("soldiers", "fallen")
_OF_TRANSFERS = ("authorized", "committed", "requested", "delivered")
_FELL = ("killed", "wounded")
_ACTS = word_set("amount", "acts")
_FLIGHTS = word_set("amount", "flights")
_STRIKES = word_set("amount", "strikes")
_LAYS_ON = word_set("amount", "lays_on")
_SANCTIONS = word_set("amount", "sanctions")
_LISTED = word_set("amount", "listed")
_SEMICOLON = frozenset(";")
_COPULAS = word_set("amount", "copulas")
_PUTS = word_set("amount", "puts")
_PUT = 12  # words from "puts it" to "at" and its amount
_EVENTS = frozenset(
    "killed wounded captured missing destroyed damaged fired lost abandoned".split()
)
_ITS_DAY = 9  # how far "in the last day" makes a figure that of one day beside a total
_ONE_DAY = 24  # how far "over the past day" makes losses those of one day
_STAYS = 6  # how far "have remained" makes those who came those who are there
_TOLL = 1000  # no one event kills as many
_ACTED = 8  # words between people and the verb of what was done with them
_LAID_ON = 12  # words from a verb of sanctions to those on whom they are laid


def _rises_by(case: Case) -> Basis | None:
    if case.since is not None and case.quantity.dimension != "money":
        return None  # "since the war the army has shrunk by 40%"
    if case.quantity.dimension in ("percent", "length") and _moves(case):
        return "delta", "change"
    changes = _CHANGES if case.quantity.dimension == "money" else _CHANGES | _MOVES
    rises = "by" in case.before(3) and not changes.isdisjoint(case.before(7))
    return ("delta", "by") if rises else None


def _moves(case: Case) -> bool:
    """Whether a share or a way is that by which something moved: "prices *rose* 9%"."""
    low, i = case.low, before_hedges(case.sentence.tokens, case.quantity.first)
    return i > 0 and low[i - 1] in _MOVES and case.named.entry is None


def _cost_of_repair(case: Case) -> Basis | None:
    cost = cost_of_repair(case.sentence, case.quantity, case.named)
    return ("level", cost) if cost is not None else None


def _of_purpose(case: Case) -> Basis | None:
    """What some amounts are by their name: a price is a rate, a debt a level (``aid.toml``)."""
    purpose = case.named.purpose
    if purpose is None or purpose.basis is None:
        return None
    return purpose.basis, case.named.item or ""


def _since_of_state(case: Case) -> Basis | None:
    """A state that is told since a day is summed up, unless a word says that it lasts."""
    if case.role.status == "deployed" or case.since is None:
        return None
    one_day = case.phrase("delta", _ITS_DAY)
    if one_day is not None and one_day.endswith(("day", "hours")):
        return "delta", one_day  # "since May 900 men, 30 of them in the *last day*"
    return ("total", f"since {case.since}") if case.phrase("level", 10) is None else None


def _share(case: Case) -> Basis | None:
    dead = case.role.status in ("killed", "casualties")
    return ("level", "a share") if case.quantity.dimension == "percent" and not dead else None


def _level(case: Case) -> Basis | None:
    level = case.phrase("level", 10) if case.role.status in (None, "deployed") else None
    return ("level", level) if level is not None else None


def _total(case: Case) -> str | None:
    """A phrase of a total over time."""
    total = case.phrase("total", 10)
    return total if total not in _LISTED else None


def _event(case: Case) -> Basis | None:
    """Losses are one event, unless they are summed up or told of a whole war."""
    role = case.role
    if role.status not in _EVENTS:
        return None
    if role.words in _HOLDS:
        return "level", role.words
    one_day = case.phrase("delta", _ONE_DAY)
    if one_day is not None and one_day.startswith("past") and one_day.endswith(("day", "hours")):
        return "delta", one_day  # "losses over the *past day*: 15 tanks"
    total = _total(case)
    vague = role.status == "captured" and case.quantity.kind == "vague"
    of_war = _of_the_war(case) or _has_lost(case) or _is_toll(case)
    summed = total is not None or vague or of_war
    return ("total", total or role.words) if summed else ("delta", role.words)


def _undated(case: Case) -> bool:
    """Whether no day or month is told, nor that it was one event."""
    return not is_dated(case.sentence) and case.phrase("delta", _STAYS) is None


def _has_lost(case: Case) -> bool:
    """Whether losses are a sum up to now, as no day is told: "Russia *has lost* 900 tanks"."""
    cue = case.role.cue
    if cue is None or cue.tense != "perfect" or case.role.status != "lost":
        return False
    return _undated(case) and fresh(case.sentence.tokens, case.quantity) is None


def _is_toll(case: Case) -> bool:
    """Whether so many fell that it was over a whole war, as no verb of the past tells of one day:
    "5,900 soldiers *killed*", "said that 29,000 people *had died*"."""
    cue = case.role.cue
    told = case.role.status in (*_FELL, "destroyed", "damaged") and not is_launched(case.named)
    if not told or cue is None or case.quantity.low < _TOLL or case.quantity.dimension != "count":
        return False
    if case.phrase("delta", _ONE_DAY) is not None:
        return False
    plain = cue.tense == "past" and cue.meaning.form == "past"
    return not plain or _undated(case)


def _of_the_war(case: Case) -> bool:
    """Whether a loss is of a whole war: by a perfect, or as a count of a side's dead soldiers."""
    cue, entry = case.role.cue, case.named.entry
    if cue is None:
        return False
    soldiers = case.role.status in _FELL and entry is not None and entry.name in _FALLEN
    if not case.sentence.tokens.holds(_WAR):
        return soldiers and cue.tense == "perfect" and _undated(case)
    return cue.tense == "perfect" or (soldiers and cue.first >= case.quantity.last)


def _casualties(case: Case) -> Basis | None:
    """Casualties are summed up, unless a verb tells of those of one day ("lost 120 on Monday")."""
    role, cue = case.role, case.role.cue
    if role.status != "casualties":
        return None
    one_day = case.phrase("delta", _ONE_DAY)
    if one_day is not None and one_day.endswith(("day", "hours")):
        return "delta", one_day
    lost = cue is not None and cue.tense == "past" and cue.meaning.form == "past"
    return "delta" if lost and is_dated(case.sentence) else "total", role.words


def _presence(case: Case) -> Basis | None:
    """Troops are somewhere (a level) unless a verb of the past moves them there."""
    role, cue = case.role, case.role.cue
    if role.status not in ("deployed", "trained"):
        return None
    if cue is not None and cue.tense == "perfect":
        sent = case.low[cue.first] in _MOVED and not is_passive(case.sentence.tokens, cue)
        again = fresh(case.sentence.tokens, case.quantity) if sent else None
        if again is not None:
            return "delta", again
        if sent or role.status == "trained":
            return "total", role.words
    if cue is not None and cue.tense == "future" and role.status == "deployed":
        more = fresh(case.sentence.tokens, case.quantity)
        if more is not None:
            return "delta", more
    moved = (
        cue is not None
        and cue.first < case.quantity.first
        and cue.tense == "past"
        and cue.meaning.form == "past"
    )
    return "delta" if moved else "level", role.words


def _movement(case: Case) -> Basis | None:
    """People called up or driven out: one more act, a sum, or those who are away now."""
    role, cue = case.role, case.role.cue
    if role.status not in ("mobilized", "displaced"):
        return None
    stays = case.phrase("level", _STAYS)
    if stays is not None:
        return "level", stays
    again = fresh(case.sentence.tokens, case.quantity)
    act = cue is not None and cue.tense == "noun" and case.sentence.tokens.at(cue.last) == "of"
    drafted = role.status == "mobilized" and cue is not None and cue.tense == "future"
    happened = cue is None or cue.tense != "present"
    if cue is not None and _is_flight(case, cue):
        return "delta", role.words
    if (again is not None and happened) or act or drafted:
        return "delta", again or role.words
    done = cue.tense in ("past", "perfect") if cue else _is_told_as_done(case.sentence)
    return "total" if done else "level", role.words


@once
def _is_told_as_done(sentence: Sentence) -> bool:
    """Whether a sentence holds a participle or a perfect, whatever its verb."""
    return any(word.endswith("ed") or word in _HAS for word in sentence.tokens.low)


def _is_flight(case: Case, cue: Cue) -> bool:
    """Whether people were driven out at once: "*fled* on Tuesday", "thousands *flee*"."""
    if cue.tense == "present":
        return case.low[cue.first] in _FLIGHTS
    plain = cue.tense == "past" and cue.meaning.form == "past"
    return plain and case.since is None and not _undated(case)


def _total_of_state(case: Case) -> Basis | None:
    total = _total(case) if case.role.status is None else None
    return ("total", total) if total is not None else None


def _acted_on(case: Case) -> str | None:
    """The verb of one act upon people or firms: "*detained* 90 protesters", "*added* 46 firms to
    its sanctions list"."""
    if case.role.status is not None or case.quantity.dimension != "count":
        return None
    behind = case.low[case.quantity.after : case.quantity.after + _ACTED]
    near = (*reversed(case.before(_ACTED)), *behind)
    if is_person(case.named.item, case.named.entry):
        acted = next((word for word in near if word in _ACTS), None)
        if acted is not None:
            return acted
    if is_place(case.named):
        return next((word for word in case.before(_ACTED) if word in _STRIKES), None)
    sanctions = case.sentence.tokens.holds(_SANCTIONS)
    if not sanctions or is_state(case.named) or _in_relative_clause(case):
        return None
    return next((word for word in case.before(_LAID_ON) if word in _LAYS_ON), None)


def _in_relative_clause(case: Case) -> bool:
    """Whether a figure only describes what a list names: "firms, *which* own 69 vessels"."""
    tokens, first = case.sentence.tokens, case.quantity.first
    return tokens.holds(_RELATIVES, tokens.last_place(_SEMICOLON, first) + 1, first)


def _stands(case: Case) -> Basis | None:
    """An amount that something is put at: "the budget gap *is* $38 billion"."""
    if case.quantity.dimension != "money" or case.role.status is not None:
        return None
    low, i = case.low, before_hedges(case.sentence.tokens, case.quantity.first)
    word = low[i - 1] if i else ""
    put = word == "at" and not _PUTS.isdisjoint(low[max(0, i - _PUT) : i])
    stands = word in _COPULAS and (i < 2 or low[i - 2] != "there")
    return ("level", word) if stands or put else None


def _happening(case: Case) -> Basis | None:
    """Attacks and payments happen once; people who *have* something are those of one event."""
    if is_event(case.named):
        return "delta", "an event"
    if case.quantity.dimension == "money":
        return "delta", "one event"
    if case.role.status in _OF_TRANSFERS:
        level = case.role.status == "requested" and case.quantity.dimension == "count"
        return "level" if level else "delta", case.role.words
    punished = sanctioned(case.sentence, case.quantity)
    if punished is not None and punished.endswith("ed") and not _in_relative_clause(case):
        return "delta", punished
    if (acted := _acted_on(case)) is not None:
        return "delta", acted
    person = is_person(case.named.item, case.named.entry)
    behind = case.sentence.tokens.at(case.quantity.after)
    return ("delta", "have") if person and behind in _HAS else None


RULES = (
    _rises_by,
    _cost_of_repair,
    _of_purpose,
    _since_of_state,
    _share,
    _level,
    _event,
    _casualties,
    _presence,
    _movement,
    _total_of_state,
    _stands,
    _happening,
)
