"""What kind of amount a figure is: one event more, a total, a level or a rate (codebook).

The rules of a kind of figure stand in a row; the first that has something to say decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from extractors.kinds import is_event
from extractors.named import Named
from extractors.nearest import is_passive
from extractors.people import is_person
from extractors.phrases import basis_cue, fresh
from extractors.quantity import Quantity
from extractors.reading import Sentence
from extractors.sides import sanctioned
from extractors.status import Role, cost_of_repair
from extractors.weighing import end_of
from extractors.words import word_set

_EACH = word_set("amount", "each")
_CHANGES = word_set("amount", "changes")
_ABOUT = word_set("amount", "about")
_SUPERLATIVES = word_set("amount", "superlatives")
_WANTS = word_set("amount", "wants")
_SUMMING_PLEDGES = tuple(word_set("amount", "summing_pledges"))
_SUMMING_GIFTS = word_set("amount", "summing_gifts")
_WAR = word_set("amount", "war")
_RELATIVES = word_set("clause", "relatives")
_HAS = word_set("amount", "has")
_FALLEN = word_set("soldiers", "fallen")

_OF_TRANSFERS = ("authorized", "committed", "requested", "delivered")
_EVENTS = frozenset(
    "killed wounded captured missing destroyed damaged fired lost abandoned".split()
)
_ONE_DAY = 24  # how far "over the past day" makes losses those of one day
_STAYS = 6  # how far "have remained" makes those who came those who are there
_LISTED = "a total of"  # sums up a list, not a stretch of time

Basis = tuple[str, str]  # the basis and the words that decided it


_DAYS = ("day", "month", "relative")  # dates of one event, where a year may hold many


@dataclass(frozen=True, slots=True)
class _Case:
    """A figure with all that its basis hangs on. ``record``: its text is a tracker's record."""

    sentence: Sentence
    quantity: Quantity
    named: Named
    role: Role
    since: str | None
    record: bool

    @property
    def low(self) -> tuple[str, ...]:
        return self.sentence.tokens.low

    def before(self, reach: int) -> tuple[str, ...]:
        """The words before the figure."""
        return self.low[max(0, self.quantity.first - reach) : self.quantity.first]

    def phrase(self, name: str, reach: int) -> str | None:
        """The nearest phrase for a basis."""
        return basis_cue(self.sentence, self.quantity, name, reach)


def basis_of(
    sentence: Sentence,
    quantity: Quantity,
    named: Named,
    role: Role,
    since: str | None,
    record: bool,
) -> Basis:
    """The basis of a figure and the words that decided it."""
    case = _Case(sentence, quantity, named, role, since, record)
    of_either = _first((_rate, _raised_to), case)
    if of_either is not None:
        return of_either
    if role.transfer:
        return _first(_RULES_OF_TRANSFERS, case) or ("delta", role.words or "one event")
    return _first(_RULES_OF_STATES, case) or ("level", "a state")


def _first(rules: Iterable[Callable[[_Case], Basis | None]], case: _Case) -> Basis | None:
    return next((found for rule in rules if (found := rule(case)) is not None), None)


def _rate(case: _Case) -> Basis | None:
    if case.quantity.per is not None:
        return "rate", f"per {case.quantity.per}"
    before = case.before(3)
    each = next((w for w in before if w in _EACH), None)
    return ("rate", each) if each is not None and "of" not in before else None


def _raised_to(case: _Case) -> Basis | None:
    """``has increased its commitment to $39 billion``: what it is now, not one more event."""
    low, i = case.low, case.quantity.first
    while i and low[i - 1] in _ABOUT:
        i -= 1
    if not i or low[i - 1] != "to" or "total" in low:
        return None
    verb = next((w for w in reversed(low[max(0, i - 16) : i]) if w in _CHANGES), None)
    return ("level", f"{verb} to") if verb else None


# What is given


def _since(case: _Case) -> Basis | None:
    again = fresh(case.sentence.tokens, case.quantity)
    if again is not None and again in case.before(2):
        return "delta", again  # "$2bn since May, including an *additional* $50 million"
    return ("total", f"since {case.since}") if case.since is not None else None


def _phrase_of_transfer(case: _Case) -> Basis | None:
    """A phrase of a total, unless the amount is told to be one more."""
    total = case.phrase("total", 16)
    ahead = case.role.cue is not None and case.role.cue.tense == "future"
    lists = total == _LISTED and (ahead or "includes" in case.low[: case.quantity.first])
    if lists or not _SUPERLATIVES.isdisjoint(case.low):
        total = None
    again = fresh(case.sentence.tokens, case.quantity)
    if again is not None and total in (None, "since"):
        return "delta", again
    total = total or case.phrase("total_aid", 12 if case.role.status == "delivered" else 6)
    return ("total", total) if total is not None and "part" not in case.before(6) else None


def _vague_money(case: _Case) -> Basis | None:
    """``billions of dollars`` are never one event."""
    quantity = case.quantity
    vague = quantity.kind == "vague" and quantity.dimension == "money"
    told = vague and case.role.status in ("committed", "delivered")
    return ("total", "a vague number") if told else None


def _request(case: _Case) -> Basis | None:
    """What is needed is a level, what is asked for is one more."""
    if case.role.status != "requested":
        return None
    if "existing" in case.before(3):
        return "level", "existing"
    needs = case.role.words in _WANTS and case.quantity.dimension == "count"
    return "level" if needs else "delta", case.role.words


def _perfect(case: _Case) -> Basis | None:
    """``has sent 40``, ``has committed $2 billion``: a sum up to now, as no day is told."""
    role = case.role
    if role.cue is None:
        return None
    if role.status == "delivered" and _summed_up(case):
        return "total", role.words
    pledged = role.status == "committed" and role.cue.tense == "perfect" and not case.record
    if pledged and role.words.startswith(_SUMMING_PLEDGES) and case.phrase("delta", 8) is None:
        return "total", role.words
    before = case.low[max(0, role.cue.first - 2) : role.cue.first]
    if role.cue.happened and "already" in before:
        return "total", f"already {role.words}"
    return None


def _summed_up(case: _Case) -> bool:
    """Whether a sum up to now was given: told without a date or an event of its own (codebook)."""
    sentence, quantity, cue = case.sentence, case.quantity, case.role.cue
    if cue is None or cue.meaning.form == "noun":
        return False
    if cue.tense not in ("perfect", "past", "gerund"):
        return False
    dated = any(d.kind in _DAYS and d.iso for d in sentence.dates)
    if dated or case.phrase("delta", 6) is not None:
        return False
    if quantity.first <= cue.first < end_of(sentence, quantity):
        return False
    if cue.tense == "gerund" and sentence.tokens.at(cue.first - 1) == "by":
        return False  # "contributed by donating 7 million": one event
    if cue.tense != "past" or not case.record or case.low[cue.first] in _SUMMING_GIFTS:
        return True
    return quantity.dimension == "count" and is_passive(sentence.tokens, cue)


_RULES_OF_TRANSFERS = (_since, _phrase_of_transfer, _vague_money, _request, _perfect)


# What is so or happens


def _rises_by(case: _Case) -> Basis | None:
    rises = "by" in case.before(3) and not _CHANGES.isdisjoint(case.before(7))
    return ("delta", "by") if rises else None


def _cost_of_repair(case: _Case) -> Basis | None:
    cost = cost_of_repair(case.sentence, case.quantity, case.named)
    return ("level", cost) if cost is not None else None


def _of_purpose(case: _Case) -> Basis | None:
    """What some amounts are by their name: a price is a rate, a debt a level (``aid.toml``)."""
    purpose = case.named.purpose
    if purpose is None or purpose.basis is None:
        return None
    return purpose.basis, case.named.item or ""


def _since_of_state(case: _Case) -> Basis | None:
    """A state that is told since a day is summed up, unless a word says that it lasts."""
    if case.role.status == "deployed" or case.since is None:
        return None
    return ("total", f"since {case.since}") if case.phrase("level", 10) is None else None


def _share(case: _Case) -> Basis | None:
    dead = case.role.status in ("killed", "casualties")
    return ("level", "a share") if case.quantity.dimension == "percent" and not dead else None


def _level(case: _Case) -> Basis | None:
    level = case.phrase("level", 10) if case.role.status in (None, "deployed") else None
    return ("level", level) if level is not None else None


def _total(case: _Case) -> str | None:
    """A phrase of a total over time."""
    total = case.phrase("total", 10)
    return total if total != _LISTED else None


def _event(case: _Case) -> Basis | None:
    """Losses are one event, unless they are summed up or told of a whole war."""
    role = case.role
    if role.status not in _EVENTS:
        return None
    total = _total(case)
    vague = role.status == "captured" and case.quantity.kind == "vague"
    summed = total is not None or vague or _of_the_war(case)
    return ("total", total or role.words) if summed else ("delta", role.words)


def _of_the_war(case: _Case) -> bool:
    """Whether a loss is of a whole war: by a perfect, or as a count of a side's dead soldiers."""
    cue, entry = case.role.cue, case.named.entry
    if cue is None or _WAR.isdisjoint(case.low):
        return False
    soldiers = case.role.status == "killed" and entry is not None and entry.name in _FALLEN
    return cue.tense == "perfect" or (soldiers and cue.first >= case.quantity.last)


def _casualties(case: _Case) -> Basis | None:
    """Casualties are summed up, unless a verb tells of those of one day ("lost 120 on Monday")."""
    role, cue = case.role, case.role.cue
    if role.status != "casualties":
        return None
    one_day = case.phrase("delta", _ONE_DAY)
    if one_day is not None and one_day.endswith(("day", "hours")):
        return "delta", one_day
    lost = cue is not None and cue.tense == "past" and cue.meaning.form == "past"
    dated = any(d.kind in _DAYS and d.iso for d in case.sentence.dates)
    return "delta" if lost and dated else "total", role.words


def _presence(case: _Case) -> Basis | None:
    """Troops are somewhere (a level) unless a verb of the past moves them there."""
    role, cue = case.role, case.role.cue
    if role.status not in ("deployed", "trained"):
        return None
    if role.status == "trained" and cue is not None and cue.tense == "perfect":
        return "total", role.words
    moved = (
        cue is not None
        and cue.first < case.quantity.first
        and cue.tense == "past"
        and cue.meaning.form == "past"
    )
    return "delta" if moved else "level", role.words


def _movement(case: _Case) -> Basis | None:
    """People called up or driven out: one more act, a sum, or those who are away now."""
    role, cue = case.role, case.role.cue
    if role.status not in ("mobilized", "displaced"):
        return None
    stays = case.phrase("level", _STAYS)
    if stays is not None:
        return "level", stays
    again = fresh(case.sentence.tokens, case.quantity)
    act = cue is not None and cue.tense == "noun" and case.sentence.tokens.at(cue.last) == "of"
    if again is not None or act:
        return "delta", again or role.words
    if cue is None:
        done = any(w.endswith("ed") or w in _HAS for w in case.low)
    else:
        done = cue.tense in ("past", "perfect")
    return "total" if done else "level", role.words


def _total_of_state(case: _Case) -> Basis | None:
    total = _total(case) if case.role.status is None else None
    return ("total", total) if total is not None else None


def _in_relative_clause(case: _Case) -> bool:
    """Whether a figure only describes what a list names: "firms, *which* own 69 vessels"."""
    low = case.low[: case.quantity.first]
    last = max((k for k, word in enumerate(low) if word == ";"), default=-1)
    return not _RELATIVES.isdisjoint(low[last + 1 :])


def _happening(case: _Case) -> Basis | None:
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
    person = is_person(case.named.item, case.named.entry)
    behind = case.sentence.tokens.at(case.quantity.after)
    return ("delta", "have") if person and behind in _HAS else None


_RULES_OF_STATES = (
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
    _happening,
)
