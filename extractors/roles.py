"""What happens to a figure (status) and what kind of amount it is (basis).

Of the cue words of a sentence the one that is nearest in words and clauses decides, among those
that fit: people are killed, things are sent or shot down, money is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from extractors.catalogue import load
from extractors.cues import Cue, Meaning
from extractors.lexicon import Index
from extractors.naming import Named, is_person, noun_list
from extractors.quantity import Quantity
from extractors.reading import Sentence
from extractors.tokens import Tokens

_WALLS = {";": 9, "\u2014": 5, ":": 3, ",": 2, "(": 4, ")": 4, "and": 1, "or": 1, "while": 6, "but": 6, "after": 5, "when": 5,
          "because": 6, "as": 3, "which": 3, "that": 2, "who": 3, "whose": 3, "where": 4, "although": 6, "amid": 5, "since": 4,
          "before": 5, "until": 4, "if": 5, "including": 1, "with": 1}  # fmt: skip
_STATUS_OF_TRANSFER = {"pledge": "committed", "authorize": "authorized", "request": "requested", "cancel": "cancelled"}
_REACH = 45


@dataclass(frozen=True, slots=True)
class Role:
    """A status with the cue that decided it; ``transfer``: the figure is given by one to another."""

    status: str | None
    cue: Cue | None
    words: str
    cost: int
    transfer: bool


def weigh(tokens: Tokens, quantity: Quantity, cue: Cue) -> int:
    """How far a cue is from a figure: words between them, and walls between clauses."""
    end = quantity.noun[1] if quantity.noun else quantity.after
    if cue.first >= end:
        between = range(end, cue.first)
        cost = 2 * len(between) + 1
    elif cue.last <= quantity.first:
        between = range(cue.last, quantity.first)
        cost = len(between)
    else:
        return 0
    for k in between:
        low = tokens.low[k]
        cost += _WALLS.get(low, 0)
        if low[0].isdigit():
            cost += 1
    return cost


def fits(named: Named, quantity: Quantity, cue: Cue) -> bool:
    """Whether what a cue tells can happen to the figure's things."""
    meaning = cue.meaning
    if quantity.dimension == "money":
        return meaning.kind == "transfer"
    person = is_person(named.item, named.entry)
    if meaning.kind == "transfer":
        if person:
            return False
        return named.entry is None or named.entry.category not in ("territory", "personnel")
    if meaning.of == "people":
        return person or quantity.dimension == "percent"
    if meaning.of == "things":
        return not person
    if meaning.name == "captured" and quantity.dimension in ("length", "area"):
        return True
    return quantity.dimension in ("count", "percent", "area", "length")


def own_status(named: Named) -> str | None:
    """The status that an item's own name says: casualties, refugees, prisoners."""
    if named.item is None:
        return None
    head = named.item.split()[-1].lower()
    return _noun_status().get(named.item.lower()) or _noun_status().get(head)


@cache
def _noun_status() -> dict[str, str]:
    return {noun: name for name, e in load("cues")["events"].items() for noun in e["nouns"]}


def best_cue(sentence: Sentence, quantity: Quantity, named: Named, kind: str) -> tuple[Cue, int] | None:
    """The nearest fitting cue of a kind, with its cost."""
    best: tuple[Cue, int] | None = None
    for cue in sentence.cues:
        if cue.meaning.kind != kind or not fits(named, quantity, cue):
            continue
        cost = weigh(sentence.tokens, quantity, cue)
        if cue.meaning.form == "noun" and kind == "transfer":
            cost += 4
        if kind == "event" and cue.first >= (quantity.noun[1] if quantity.noun else quantity.after):
            cost -= 1
        if cost <= _REACH and (best is None or cost < best[1]):
            best = (cue, cost)
    return best


def transfer_status(sentence: Sentence, quantity: Quantity, cue: Cue) -> str:
    """The status of a given figure: by the class of the verb, for giving by its tense."""
    name = cue.meaning.name
    if name in _STATUS_OF_TRANSFER:
        return _STATUS_OF_TRANSFER[name]
    if cue.tense in ("past", "perfect"):
        return "delivered"
    if cue.tense == "gerund" and _main_verb_happened(sentence, cue):
        return "delivered"
    return "committed"


def _main_verb_happened(sentence: Sentence, gerund: Cue) -> bool:
    """Whether the verb before a gerund tells of the past ("has led the world, providing ...")."""
    for cue in reversed(sentence.cues):
        if cue.first < gerund.first and cue.meaning.form in ("past",):
            return cue.happened
    low = sentence.tokens.low[: gerund.first]
    return any(w in ("has", "have", "had", "responded", "did", "were", "was", "led") for w in low) and not any(
        w in ("will", "would") for w in low
    )


@cache
def _basis_index(name: str) -> Index[str]:
    index: Index[str] = Index()
    for phrase in load("cues")["basis"][name]:
        index.add(phrase, name)
    index.sort()
    return index


def basis_cue(sentence: Sentence, quantity: Quantity, name: str, reach: int) -> str | None:
    """The nearest phrase for a basis within reach of a figure, None where none stands."""
    tokens = sentence.tokens
    best: tuple[int, str] | None = None
    for mention in _basis_index(name).find(tokens):
        words = tokens.words(mention.first, mention.last)
        pseudo = Cue(mention.first, mention.last, _NO_MEANING, "noun")
        cost = weigh(tokens, quantity, pseudo)
        if cost <= reach and (best is None or cost < best[0]):
            best = (cost, words)
    return best[1] if best else None


_NO_MEANING = Meaning("basis", "", "noun")


def basis_of(
    sentence: Sentence, quantity: Quantity, named: Named, role: Role, since: str | None, record: bool
) -> tuple[str, str]:
    """The basis of a figure and the words that decided it."""
    tokens = sentence.tokens
    if quantity.per is not None:
        return "rate", f"per {quantity.per}"
    each = tokens.low[quantity.first - 2 : quantity.first]
    if each and each[-1] in ("each", "\u00e1", "monthly", "daily", "weekly", "annual") :
        return "rate", each[-1]
    if role.transfer:
        return _basis_of_transfer(sentence, quantity, role, since, record)
    return _basis_of_state(sentence, quantity, named, role, since)


def _basis_of_transfer(sentence: Sentence, quantity: Quantity, role: Role, since: str | None, record: bool) -> tuple[str, str]:
    tokens = sentence.tokens
    if since is not None:
        return "total", f"since {since}"
    near = tokens.low[max(0, quantity.first - 5) : quantity.first]
    if any(w in ("additional", "another", "new", "further", "extra", "more") for w in near[-4:]) and "than" not in near[-2:]:
        return "delta", "additional"
    after = tokens.low[quantity.after : quantity.after + 4]
    if any(w in ("more", "additional", "new") for w in after[:3]):
        return "delta", "additional"
    total = basis_cue(sentence, quantity, "total", 12)
    if total is not None and total not in ("first year",) and not (total == "a total of" and record):
        return "total", total
    if role.status == "requested":
        needs = role.words in ("need", "needs", "target", "goal", "want", "wants")
        return ("level" if needs and quantity.dimension == "count" else "delta"), role.words
    if role.status == "delivered" and role.cue is not None and role.cue.tense == "perfect":
        recent = basis_cue(sentence, quantity, "delta", 6)
        return ("delta", recent) if recent else ("total", role.words)
    if role.status == "committed" and role.cue is not None and role.cue.tense == "perfect":
        recent = basis_cue(sentence, quantity, "delta", 8)
        if recent is None and role.cue.meaning.name in ("pledge",) and role.words.startswith(("commit", "pledged", "contributed")) and not record:
            return "total", role.words
    return "delta", role.words or "one event"


def _basis_of_state(sentence: Sentence, quantity: Quantity, named: Named, role: Role, since: str | None) -> tuple[str, str]:
    status = role.status
    if since is not None and status not in ("deployed",):
        return "total", f"since {since}"
    if quantity.dimension == "percent" and status not in ("killed", "casualties"):
        return "level", "a share"
    total = basis_cue(sentence, quantity, "total", 10)
    if status in ("killed", "wounded", "captured", "missing", "destroyed", "damaged", "fired", "lost", "abandoned"):
        perfect = role.cue is not None and role.cue.tense == "perfect" and status in ("killed", "wounded", "captured", "lost")
        if total is not None or perfect:
            return "total", total or role.words
        return "delta", role.words
    if status == "casualties":
        return "total", role.words
    if status in ("deployed", "trained"):
        sent = role.cue is not None and role.cue.happened and role.words in ("deployed", "sent", "dispatched", "redeployed", "surged")
        moved = sent and role.cue is not None and role.cue.first < quantity.first and role.cue.tense == "past"
        return ("delta", role.words) if moved else ("level", role.words)
    if status in ("mobilized", "displaced"):
        if role.cue is not None and role.cue.tense in ("present", "progressive", "future") and status == "displaced":
            return "level", role.words
        return "total", role.words
    if total is not None and status is None:
        return "total", total
    head = (named.item or "").split()[-1:] or [""]
    if head[0] in noun_list("events") or (named.item or "") in noun_list("events"):
        return "delta", "an event"
    if quantity.dimension == "money":
        return "delta", "one event"
    if status in ("authorized", "committed", "requested", "delivered"):
        return "delta", role.words
    return "level", "a state"


def choose(sentence: Sentence, quantity: Quantity, named: Named, given: bool, earlier: Iterator[Sentence]) -> Role:
    """The status of a figure. ``given``: the frame alone says that it is aid."""
    tokens = sentence.tokens
    transfer = best_cue(sentence, quantity, named, "transfer")
    event = best_cue(sentence, quantity, named, "event")
    person = is_person(named.item, named.entry)
    own = own_status(named)
    if own is not None and (event is None or event[1] > 6 or own in ("casualties", "displaced")):
        return Role(own, None, named.item or "", 0, False)
    if quantity.dimension == "money" or (not person and _materiel(named) and (event is None or (transfer is not None and transfer[1] <= event[1] + 2))):
        if transfer is not None:
            cue, cost = transfer
            return Role(transfer_status(sentence, quantity, cue), cue, tokens.words(cue.first, cue.last), cost, True)
        if event is None or given:
            return Role("committed" if given else None, None, "", 99, given)
    if event is not None and (not given or event[1] <= 8):
        cue, cost = event
        if person and cue.meaning.name in ("captured",) and cue.meaning.form == "noun" and cost > 6:
            return Role(None, None, "", 99, False)
        if cost <= 24:
            return Role(cue.meaning.name, cue, tokens.words(cue.first, cue.last), cost, False)
    if given and not person:
        if transfer is not None:
            cue, cost = transfer
            return Role(transfer_status(sentence, quantity, cue), cue, tokens.words(cue.first, cue.last), cost, True)
        return Role("committed", None, "", 99, True)
    return Role(None, None, "", 99, False)


def _materiel(named: Named) -> bool:
    """Whether a thing can be given: materiel and goods, not people, places, states or events."""
    if named.entry is not None:
        return named.entry.category not in ("personnel", "territory", "infrastructure")
    if named.item is None:
        return False
    head = named.item.split()[-1].lower()
    return not any(head in noun_list(name) for name in ("states", "events", "places"))
