"""Whether what happens or is so is one event, a sum over a war, or a state (codebook).

The first rule that has something to say decides.
"""

from __future__ import annotations

from extractors.meaning.sides import sanctioned
from extractors.mentions.cues import Cue
from extractors.mentions.kinds import is_event, is_launched, is_person, is_place, is_state
from extractors.passage.distance import before_hedges
from extractors.passage.phrases import fresh
from extractors.passage.sentence import Sentence
from extractors.rules.basis_clues import Basis, Clues, is_dated
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


def _rises_by(clues: Clues) -> Basis | None:
    if clues.since is not None and clues.quantity.dimension != "money":
        return None  # "since the war the army has shrunk by 40%"
    if clues.quantity.dimension in ("percent", "length") and _moves(clues):
        return "delta", "change"
    changes = _CHANGES if clues.quantity.dimension == "money" else _CHANGES | _MOVES
    rises = "by" in clues.before(3) and not changes.isdisjoint(clues.before(7))
    return ("delta", "by") if rises else None


def _moves(clues: Clues) -> bool:
    """Whether a share or a way is that by which something moved: "prices *rose* 9%"."""
    low, i = clues.low, before_hedges(clues.sentence.tokens, clues.quantity.first)
    return i > 0 and low[i - 1] in _MOVES and clues.named.entry is None


def _cost_of_repair(clues: Clues) -> Basis | None:
    cost = cost_of_repair(clues.sentence, clues.quantity, clues.named)
    return ("level", cost) if cost is not None else None


def _of_purpose(clues: Clues) -> Basis | None:
    """What some amounts are by their name: a price is a rate, a debt a level (``aid.toml``)."""
    purpose = clues.named.purpose
    if purpose is None or purpose.basis is None:
        return None
    return purpose.basis, clues.named.item or ""


def _since_of_state(clues: Clues) -> Basis | None:
    """A state that is told since a day is summed up, unless a word says that it lasts."""
    if clues.role.status == "deployed" or clues.since is None:
        return None
    one_day = clues.phrase("delta", _ITS_DAY)
    if one_day is not None and one_day.endswith(("day", "hours")):
        return "delta", one_day  # "since May 900 men, 30 of them in the *last day*"
    return ("total", f"since {clues.since}") if clues.phrase("level", 10) is None else None


def _share(clues: Clues) -> Basis | None:
    dead = clues.role.status in ("killed", "casualties")
    return ("level", "a share") if clues.quantity.dimension == "percent" and not dead else None


def _level(clues: Clues) -> Basis | None:
    level = clues.phrase("level", 10) if clues.role.status in (None, "deployed") else None
    return ("level", level) if level is not None else None


def _total(clues: Clues) -> str | None:
    """A phrase of a total over time."""
    total = clues.phrase("total", 10)
    return total if total not in _LISTED else None


def _event(clues: Clues) -> Basis | None:
    """Losses are one event, unless they are summed up or told of a whole war."""
    role = clues.role
    if role.status not in _EVENTS:
        return None
    if role.words in _HOLDS:
        return "level", role.words
    one_day = clues.phrase("delta", _ONE_DAY)
    if one_day is not None and one_day.startswith("past") and one_day.endswith(("day", "hours")):
        return "delta", one_day  # "losses over the *past day*: 15 tanks"
    total = _total(clues)
    vague = role.status == "captured" and clues.quantity.kind == "vague"
    of_war = _of_the_war(clues) or _has_lost(clues) or _is_toll(clues)
    summed = total is not None or vague or of_war
    return ("total", total or role.words) if summed else ("delta", role.words)


def _undated(clues: Clues) -> bool:
    """Whether no day or month is told, nor that it was one event."""
    return not is_dated(clues.sentence) and clues.phrase("delta", _STAYS) is None


def _has_lost(clues: Clues) -> bool:
    """Whether losses are a sum up to now, as no day is told: "Russia *has lost* 900 tanks"."""
    cue = clues.role.cue
    if cue is None or cue.tense != "perfect" or clues.role.status != "lost":
        return False
    return _undated(clues) and fresh(clues.sentence.tokens, clues.quantity) is None


def _is_toll(clues: Clues) -> bool:
    """Whether so many fell that it was over a whole war, as no verb of the past tells of one day:
    "5,900 soldiers *killed*", "said that 29,000 people *had died*"."""
    cue = clues.role.cue
    told = clues.role.status in (*_FELL, "destroyed", "damaged") and not is_launched(clues.named)
    if not told or cue is None or clues.quantity.low < _TOLL or clues.quantity.dimension != "count":
        return False
    if clues.phrase("delta", _ONE_DAY) is not None:
        return False
    plain = cue.tense == "past" and cue.meaning.form == "past"
    return not plain or _undated(clues)


def _of_the_war(clues: Clues) -> bool:
    """Whether a loss is of a whole war: by a perfect, or as a count of a side's dead soldiers."""
    cue, entry = clues.role.cue, clues.named.entry
    if cue is None:
        return False
    soldiers = clues.role.status in _FELL and entry is not None and entry.name in _FALLEN
    if not clues.sentence.tokens.holds(_WAR):
        return soldiers and cue.tense == "perfect" and _undated(clues)
    return cue.tense == "perfect" or (soldiers and cue.first >= clues.quantity.last)


def _casualties(clues: Clues) -> Basis | None:
    """Casualties are summed up, unless a verb tells of those of one day ("lost 120 on Monday")."""
    role, cue = clues.role, clues.role.cue
    if role.status != "casualties":
        return None
    one_day = clues.phrase("delta", _ONE_DAY)
    if one_day is not None and one_day.endswith(("day", "hours")):
        return "delta", one_day
    lost = cue is not None and cue.tense == "past" and cue.meaning.form == "past"
    return "delta" if lost and is_dated(clues.sentence) else "total", role.words


def _presence(clues: Clues) -> Basis | None:
    """Troops are somewhere (a level) unless a verb of the past moves them there."""
    role, cue = clues.role, clues.role.cue
    if role.status not in ("deployed", "trained"):
        return None
    if cue is not None and cue.tense == "perfect":
        sent = clues.low[cue.first] in _MOVED and not is_passive(clues.sentence.tokens, cue)
        again = fresh(clues.sentence.tokens, clues.quantity) if sent else None
        if again is not None:
            return "delta", again
        if sent or role.status == "trained":
            return "total", role.words
    if cue is not None and cue.tense == "future" and role.status == "deployed":
        more = fresh(clues.sentence.tokens, clues.quantity)
        if more is not None:
            return "delta", more
    moved = (
        cue is not None
        and cue.first < clues.quantity.first
        and cue.tense == "past"
        and cue.meaning.form == "past"
    )
    return "delta" if moved else "level", role.words


def _movement(clues: Clues) -> Basis | None:
    """People called up or driven out: one more act, a sum, or those who are away now."""
    role, cue = clues.role, clues.role.cue
    if role.status not in ("mobilized", "displaced"):
        return None
    stays = clues.phrase("level", _STAYS)
    if stays is not None:
        return "level", stays
    again = fresh(clues.sentence.tokens, clues.quantity)
    act = cue is not None and cue.tense == "noun" and clues.sentence.tokens.at(cue.last) == "of"
    drafted = role.status == "mobilized" and cue is not None and cue.tense == "future"
    happened = cue is None or cue.tense != "present"
    if cue is not None and _is_flight(clues, cue):
        return "delta", role.words
    if (again is not None and happened) or act or drafted:
        return "delta", again or role.words
    done = cue.tense in ("past", "perfect") if cue else _is_told_as_done(clues.sentence)
    return "total" if done else "level", role.words


@once
def _is_told_as_done(sentence: Sentence) -> bool:
    """Whether a sentence holds a participle or a perfect, whatever its verb."""
    return any(word.endswith("ed") or word in _HAS for word in sentence.tokens.low)


def _is_flight(clues: Clues, cue: Cue) -> bool:
    """Whether people were driven out at once: "*fled* on Tuesday", "thousands *flee*"."""
    if cue.tense == "present":
        return clues.low[cue.first] in _FLIGHTS
    plain = cue.tense == "past" and cue.meaning.form == "past"
    return plain and clues.since is None and not _undated(clues)


def _total_of_state(clues: Clues) -> Basis | None:
    total = _total(clues) if clues.role.status is None else None
    return ("total", total) if total is not None else None


def _acted_on(clues: Clues) -> str | None:
    """The verb of one act upon people or firms: "*detained* 90 protesters", "*added* 46 firms to
    its sanctions list"."""
    if clues.role.status is not None or clues.quantity.dimension != "count":
        return None
    behind = clues.low[clues.quantity.after : clues.quantity.after + _ACTED]
    near = (*reversed(clues.before(_ACTED)), *behind)
    if is_person(clues.named.item, clues.named.entry):
        acted = next((word for word in near if word in _ACTS), None)
        if acted is not None:
            return acted
    if is_place(clues.named):
        return next((word for word in clues.before(_ACTED) if word in _STRIKES), None)
    sanctions = clues.sentence.tokens.holds(_SANCTIONS)
    if not sanctions or is_state(clues.named) or _in_relative_clause(clues):
        return None
    return next((word for word in clues.before(_LAID_ON) if word in _LAYS_ON), None)


def _in_relative_clause(clues: Clues) -> bool:
    """Whether a figure only describes what a list names: "firms, *which* own 69 vessels"."""
    tokens, first = clues.sentence.tokens, clues.quantity.first
    return tokens.holds(_RELATIVES, tokens.last_place(_SEMICOLON, first) + 1, first)


def _stands(clues: Clues) -> Basis | None:
    """An amount that something is put at: "the budget gap *is* $38 billion"."""
    if clues.quantity.dimension != "money" or clues.role.status is not None:
        return None
    low, i = clues.low, before_hedges(clues.sentence.tokens, clues.quantity.first)
    word = low[i - 1] if i else ""
    put = word == "at" and not _PUTS.isdisjoint(low[max(0, i - _PUT) : i])
    stands = word in _COPULAS and (i < 2 or low[i - 2] != "there")
    return ("level", word) if stands or put else None


def _happening(clues: Clues) -> Basis | None:
    """Attacks and payments happen once; people who *have* something are those of one event."""
    if is_event(clues.named):
        return "delta", "an event"
    if clues.quantity.dimension == "money":
        return "delta", "one event"
    if clues.role.status in _OF_TRANSFERS:
        level = clues.role.status == "requested" and clues.quantity.dimension == "count"
        return "level" if level else "delta", clues.role.words
    punished = sanctioned(clues.sentence, clues.quantity)
    if punished is not None and punished.endswith("ed") and not _in_relative_clause(clues):
        return "delta", punished
    if (acted := _acted_on(clues)) is not None:
        return "delta", acted
    person = is_person(clues.named.item, clues.named.entry)
    behind = clues.sentence.tokens.at(clues.quantity.after)
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
