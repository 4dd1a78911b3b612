"""What happens to a figure: its status, by the cue that decides over it.

The class of a verb of giving gives the status, and for giving itself its tense; an event's cue
gives its own (``catalogue/cues.toml``).
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from extractors.catalogue import load
from extractors.meaning.draft import GIVEN, NOTHING, Role
from extractors.meaning.sides import sanctioned
from extractors.mentions.cue_words import STATUS_OF_TRANSFER
from extractors.mentions.cues import Cue
from extractors.mentions.kinds import (
    is_launched,
    is_materiel,
    is_person,
    is_place,
    is_state,
    is_troops,
)
from extractors.mentions.named import Named
from extractors.numbers.quantity import Quantity
from extractors.numbers.units import unit_table
from extractors.passage.distance import before_hedges, noun_end
from extractors.passage.phrases import basis_cue, is_whole
from extractors.passage.sentence import Sentence
from extractors.rules.nearest import best_cue
from extractors.text.in_order import Mentions
from extractors.text.once import once
from extractors.text.words import noun_list, word_set

_AHEAD = word_set("tense", "ahead")
_HAPPENED = word_set("tense", "happened")
_MOVES = word_set("amount", "moves")
_TOLLS = word_set("amount", "tolls")
_TOLL_LEADS = word_set("amount", "toll_leads")
_AHEAD_OF_VERB = word_set("tense", "future")
_NOT_YET = word_set("tense", "not_yet")
_LIVES = word_set("verbs", "lives")
_TAKE_LIVES = word_set("verbs", "take_lives")
_COSTS = word_set("amount", "costs")
_COSTED = 10  # words between what rebuilding costs and the word that says so
_DUE = word_set("approval", "due")
_VOTED = word_set("approval", "votes")
_THANKS = word_set("giving", "thanks")
_AT_PLACE = word_set("soldiers", "at_place")
_SINCE = frozenset(("since",))
_FOR = frozenset(("for",))

_ALWAYS_SO = ("casualties", "displaced")  # said by a name, whatever a verb says besides
# How far an event's cue decides: people and things take theirs from farther away than measures.
_REACH_OF_MEASURES = 7
_REACH_OF_PEOPLE = 18
_REACH_OF_THINGS = 24
# How near a cue must be to win over what the item's name, the frame or the thing itself says.
_OVER_NAME = 12
_OVER_FRAME = 6
_OVER_ITEM = 8
_TOLD = 12  # words from "toll" to its number
_BESIDE = 3
_RELEASED = 8  # words between captives and the verb that lets them go
_ASKED_FOR = 4  # people are wanted only where the verb is next to them
_PENDING = 5  # words from "expected" to the verb of approving
_TOTAL = 12  # how far a phrase of a total makes a delivery of the past


def choose(sentence: Sentence, quantity: Quantity, named: Named, given: bool) -> Role:
    """The status of a figure. ``given``: the frame alone says that it is aid."""
    role = _chosen(sentence, quantity, named, given)
    plain = role.cue is None or role.cue.meaning.form == "noun"
    if role.transfer and role.status == "committed" and plain and _approved(sentence, quantity):
        return replace(role, status="authorized")
    return role


def _approved(sentence: Sentence, quantity: Quantity) -> bool:
    """Whether the verb that rules over a list is a parliament's: "*cleared* the sale of 60 guns for
    $5 million, along with a $2 million contract"."""
    verb = sentence.verbs.last_before(quantity.first)
    return verb is not None and any(
        cue.meaning.of == "approved" and cue.happened
        for cue in sentence.verbs.within(verb.first, verb.first + 1)
    )


def _chosen(sentence: Sentence, quantity: Quantity, named: Named, given: bool) -> Role:
    """The status of a figure by the cue that fits it best."""
    if quantity.dimension == "money":
        return _of_money(sentence, quantity, named, given)
    share = quantity.dimension == "percent"
    if (is_state(named) and not share) or quantity.dimension == "other":
        return NOTHING
    if share and not _can_be_lost(named):
        return _struck(sentence, quantity, named)
    if quantity.dimension in ("percent", "length", "area"):
        return _event(sentence, quantity, named, _REACH_OF_MEASURES) or NOTHING
    if (toll := _toll(sentence, quantity)) is not None:
        return toll
    if is_person(named.item, named.entry):
        return _of_people(sentence, quantity, named)
    if quantity.dimension == "count" and sanctioned(sentence, quantity) is not None:
        return _event(sentence, quantity, named, _OVER_ITEM) or NOTHING
    if given or is_materiel(named):
        return _of_goods(sentence, quantity, named, given)
    return _of_others(sentence, quantity, named)


def _toll(sentence: Sentence, quantity: Quantity) -> Role | None:
    """A bare number to which a toll is said to rise: "the *toll* of the strike rose to 23"."""
    low, i = sentence.tokens.low, before_hedges(sentence.tokens, quantity.first)
    if quantity.noun is not None or not i or low[i - 1] not in _TOLL_LEADS:
        return None
    word = next((w for w in low[max(0, i - _TOLD) : i] if w in _TOLLS), None)
    return Role("killed", None, word, 0, False) if word is not None else None


def _can_be_lost(named: Named) -> bool:
    """Whether a share is of people or things, and not of a price, a value or an output."""
    known = named.item is None or named.entry is not None
    return known or is_person(named.item, None) or is_place(named) or is_state(named)


def _struck(sentence: Sentence, quantity: Quantity, named: Named) -> Role:
    """A share of what no catalogue knows, which a word right beside it says to be destroyed."""
    event = _event(sentence, quantity, named, _BESIDE)
    if event is None or event.status not in ("destroyed", "damaged") or event.words in _MOVES:
        return NOTHING  # "prices are *down* 7%"
    return event


def _of_money(sentence: Sentence, quantity: Quantity, named: Named, given: bool) -> Role:
    """Money is given, or asked for where it is no aid (a budget, a damage)."""
    if quantity.per in unit_table().surfaces and quantity.per not in word_set("rate", "times"):
        return NOTHING  # a price: "$70 a barrel"
    role = _transfer(sentence, quantity, named)
    if cost_of_repair(sentence, quantity, named) is not None:
        asked = role is not None and role.status == "requested"
        return replace(role, transfer=False) if role is not None and asked else NOTHING
    if named.purpose is None or named.purpose.transfer:
        return role or (GIVEN if given else NOTHING)
    if role is None or role.status not in ("authorized", "requested") or role.cost > _OVER_NAME:
        return NOTHING
    return replace(role, transfer=False)


def cost_of_repair(sentence: Sentence, quantity: Quantity, named: Named) -> str | None:
    """The word by which an amount is what rebuilding costs, which nobody gives (codebook)."""
    if named.purpose is None or named.purpose.aid_type != "reconstruction":
        return None
    around = sentence.tokens.low[max(0, quantity.first - _COSTED) : quantity.last + _COSTED]
    return next((word for word in around if word in _COSTS), None)


def _of_people(sentence: Sentence, quantity: Quantity, named: Named) -> Role:
    """People: the nearest event; refugees and casualties are that by their name."""
    if _denied(sentence, quantity):
        return NOTHING
    taken = _lives_taken(sentence, quantity)
    if taken is not None:
        return taken
    counted = quantity.noun is not None and named.item in noun_list("fallen")
    if (taught := _to_be_trained(sentence, quantity, named)) is not None:
        return taught
    own = _own_status(named) if counted or named.item not in noun_list("fallen") else None
    event = _event(sentence, quantity, named, _REACH_OF_PEOPLE)
    if (released := _let_go(sentence, quantity, own, event or NOTHING)) is not None:
        return released
    if own is not None:
        always = counted or own in _ALWAYS_SO
        if event is not None and event.cost <= _OVER_NAME and not always:
            return event
        return Role(own, None, named.item or "", 0, False)
    wanted = _transfer(sentence, quantity, named)
    if wanted is not None and wanted.cost <= _ASKED_FOR and _nearer(wanted, event):
        return replace(wanted, transfer=False)
    return event or _present(sentence, quantity, named) or NOTHING


def _of_goods(sentence: Sentence, quantity: Quantity, named: Named, given: bool) -> Role:
    """Materiel is given or struck, as the nearer word says; what the frame gives is given."""
    event = _event(sentence, quantity, named, _REACH_OF_THINGS)
    if event is not None and _is_whole_salvo(sentence, quantity, named, event):
        return replace(event, status="fired")
    transfer = _transfer(sentence, quantity, named)
    if event is not None and _nearer(event, transfer) and (not given or event.cost <= _OVER_FRAME):
        return event
    return transfer or (GIVEN if given else NOTHING)


def _is_whole_salvo(sentence: Sentence, quantity: Quantity, named: Named, event: Role) -> bool:
    """Whether drones or missiles are those of which some were downed: "31 *of the 38 drones*"."""
    if event.status != "destroyed" or not is_launched(named):
        return False
    return is_whole(sentence, quantity)


def _of_others(sentence: Sentence, quantity: Quantity, named: Named) -> Role:
    """What is no materiel takes a status only from a word right beside it."""
    event = _event(sentence, quantity, named, _OVER_ITEM)
    transfer = _transfer(sentence, quantity, named)
    if event is not None and (transfer is None or event.cost <= transfer.cost):
        return event
    return transfer if transfer is not None and transfer.cost <= _OVER_ITEM else NOTHING


def _to_be_trained(sentence: Sentence, quantity: Quantity, named: Named) -> Role | None:
    """People whom somebody promises to train: "Britain *will train* 10,000 recruits"."""
    event = _event(sentence, quantity, named, _OVER_NAME)
    ahead = event is not None and event.cue is not None and event.cue.tense == "future"
    if event is None or not ahead or event.status != "trained":
        return None
    return replace(event, status="committed", transfer=True)


def _nearer(role: Role, other: Role | None) -> bool:
    return other is None or role.cost < other.cost


def _own_status(named: Named) -> str | None:
    """The status that an item's own name says: casualties, refugees, prisoners."""
    if named.item is None:
        return None
    low = named.item.lower()
    return _status_of_noun().get(low) or _status_of_noun().get(low.split()[-1])


@cache
def _status_of_noun() -> dict[str, str]:
    return {noun: name for name, e in load("cues")["events"].items() for noun in e["nouns"]}


@cache
def _denials() -> frozenset[str]:
    return frozenset(load("cues")["denials"]["words"])


@cache
def _releases() -> frozenset[str]:
    return frozenset(load("cues")["denials"]["releases"])


def _let_go(sentence: Sentence, quantity: Quantity, own: str | None, event: Role) -> Role | None:
    """Captives who are so no longer: "*freed* 24 hostages", "50 prisoners will be *exchanged*"."""
    named = event.cue is not None and event.cue.meaning.form == "noun"
    if own != "captured" and not (event.status == "captured" and named):
        return None
    low = sentence.tokens.low
    near = range(max(0, quantity.first - _RELEASED), min(quantity.after + _RELEASED, len(low)))
    k = next((k for k in near if low[k] in _releases()), None)
    if k is None:
        return None
    promised = not _AHEAD_OF_VERB.isdisjoint(low[max(0, k - 3) : k])
    return replace(NOTHING, status="committed") if promised else NOTHING


def _lives_taken(sentence: Sentence, quantity: Quantity) -> Role | None:
    """The dead of whom a text says that their lives were taken: "*cost* 4,000 lives"."""
    low, end = sentence.tokens.low, noun_end(quantity)
    if quantity.noun is None or low[end - 1] not in _LIVES:
        return None
    around = (*low[max(0, quantity.first - _BESIDE) : quantity.first], *low[end : end + _BESIDE])
    word = next((w for w in around if w in _TAKE_LIVES), None)
    return Role("killed", None, word, 0, False) if word is not None else None


def _denied(sentence: Sentence, quantity: Quantity) -> bool:
    """Whether a loss is told that has not come about: "prevent 600 deaths"."""
    before = sentence.tokens.low[max(0, quantity.first - 4) : quantity.first]
    return not _denials().isdisjoint(before)


def _present(sentence: Sentence, quantity: Quantity, named: Named) -> Role | None:
    """Troops of whom only a place is told are deployed there: "500 troops *in* Lithuania"."""
    if not is_troops(named):
        return None
    end = noun_end(quantity)
    word = next((w for w in sentence.tokens.low[end : end + 8] if w in _AT_PLACE), None)
    return Role("deployed", None, word, 0, False) if word else None


def _transfer(sentence: Sentence, quantity: Quantity, named: Named) -> Role | None:
    found = best_cue(sentence, quantity, named, "transfer")
    if found is None:
        return None
    cue, cost = found
    words = sentence.tokens.words(cue.first, cue.last)
    return Role(transfer_status(sentence, quantity, cue), cue, words, cost, True)


def _event(sentence: Sentence, quantity: Quantity, named: Named, reach: int) -> Role | None:
    found = best_cue(sentence, quantity, named, "event")
    if found is None or found[1] > reach:
        return None
    cue, cost = found
    return Role(cue.meaning.name, cue, sentence.tokens.words(cue.first, cue.last), cost, False)


def transfer_status(sentence: Sentence, quantity: Quantity, cue: Cue) -> str:
    """The status of a given figure: by the class of the verb, for giving by its tense."""
    name = cue.meaning.name
    if name == "authorize" and _is_pending(sentence, cue):
        return "requested"
    if name in STATUS_OF_TRANSFER:
        return STATUS_OF_TRANSFER[name]
    if cue.tense in ("past", "perfect"):
        return "committed" if cue.negated else "delivered"
    if cue.meaning.form == "noun":
        done = _handed_over(sentence, quantity, cue)
    else:
        done = cue.tense == "gerund" and _main_verb_happened(sentence, cue)
    return "delivered" if done else "committed"


def _is_pending(sentence: Sentence, cue: Cue) -> bool:
    """Whether a parliament has yet to decide: "the Senate *is set to vote on* $60 billion"."""
    if cue.meaning.of != "approved" or cue.tense != "future":
        return False
    tokens, start = sentence.tokens, max(0, cue.first - _PENDING)
    due = tokens.holds(_DUE, start, cue.first)
    return due and not tokens.holds(_VOTED, 0, cue.first)


def _handed_over(sentence: Sentence, quantity: Quantity, cue: Cue) -> bool:
    """Whether a noun of giving tells of the past: a delivery, unless the sentence looks ahead."""
    tokens = sentence.tokens
    if tokens.holds(_AHEAD):
        return False
    return (
        tokens.low[cue.first].startswith("deliver")
        or tokens.holds(_SINCE)
        or basis_cue(sentence, quantity, "total", _TOTAL) is not None
    )


def _main_verb_happened(sentence: Sentence, gerund: Cue) -> bool:
    """Whether the verb before a gerund tells of the past ("has led the world, providing ...")."""
    tokens, end = sentence.tokens, gerund.first
    if tokens.holds(_FOR, 0, end) and tokens.holds(_THANKS, 0, end):
        return True  # "thank Germany for sending 18 tanks"
    verb = _verbs_of_past(sentence).last_before(end)
    if verb is not None:
        return verb.happened
    return tokens.holds(_HAPPENED, 0, end) and not tokens.holds(_NOT_YET, 0, end)


@once
def _verbs_of_past(sentence: Sentence) -> Mentions[Cue]:
    """The verbs in the past form."""
    return Mentions(cue for cue in sentence.cues if cue.meaning.form == "past")
