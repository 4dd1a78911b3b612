"""What happens to a figure (status) and what kind of amount it is (basis).

Of the cue words of a sentence the one that is nearest in words and clauses decides, among those
that fit: people are killed, things are sent or shot down, money is given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from extractors.catalogue import load
from extractors.cues import Cue, Meaning
from extractors.items import lineage
from extractors.lexicon import Index
from extractors.naming import Named, is_person, noun_list
from extractors.quantity import Quantity
from extractors.reading import Sentence
from extractors.tokens import Tokens
from extractors.words import word_set

_WALLS = {";": 14, "\u2014": 5, ":": 3, ",": 2, "(": 4, ")": 4, "and": 1, "or": 1, "while": 6, "but": 6, "after": 5, "when": 5,
          "because": 6, "as": 3, "which": 3, "that": 2, "who": 3, "whose": 3, "where": 4, "although": 6, "amid": 5, "since": 4,
          "before": 5, "until": 4, "if": 5, "including": 1, "with": 1}  # fmt: skip
_STATUS_OF_TRANSFER = {
    "pledge": "committed",
    "authorize": "authorized",
    "request": "requested",
    "cancel": "cancelled",
}
_REACH = 45


@dataclass(frozen=True, slots=True)
class Role:
    """A status with the cue that decided it; ``transfer``: the figure is given by one to another."""

    status: str | None
    cue: Cue | None
    words: str
    cost: int
    transfer: bool


def end_of(sentence: Sentence, quantity: Quantity) -> int:
    """The first token behind a figure with what it counts or pays for: "$3 billion *in food aid*"."""
    end = quantity.noun[1] if quantity.noun else quantity.after
    low = sentence.tokens.low
    if quantity.dimension != "money":
        return _end_of_complement(low, end) if quantity.dimension != "count" else end
    for mention in sentence.purposes:
        if end <= mention.first <= end + 9 and all(
            w not in _CLAUSE for w in low[end : mention.first]
        ):
            return mention.last
    return end


def _end_of_complement(low: tuple[str, ...], j: int) -> int:
    """Past what a share or a measure is of: "30% *of the country's power stations*"."""
    if low[j : j + 1] != ("of",):
        return j
    stop = word_set("phrase", "stop")
    k = j + 1
    while (
        k < len(low)
        and k - j < 9
        and (low[k] not in stop or low[k] in _OWNERS)
        and low[k] not in _WALLS
    ):
        k += 1
    return k


_OWNERS = frozenset(("the", "its", "their", "his", "her", "our", "all", "'s"))
_CLAUSE = frozenset(
    (
        "to",
        "for",
        "that",
        "which",
        "will",
        "is",
        "are",
        "was",
        "were",
        "has",
        "have",
        "by",
        "from",
        ";",
        "\u2014",
        "(",
        "as",
    )
)
_AUXILIARIES = frozenset(("were", "was", "are", "is", "have", "has", "had", "been", "being", "be", "will", "would", "also", "already",
                          "reportedly", "to", "more", "others", "other"))  # fmt: skip


def weigh(tokens: Tokens, quantity: Quantity, cue: Cue, end: int | None = None) -> int:
    """How far a cue is from a figure: words between them, and walls between clauses."""
    if end is None:
        end = quantity.noun[1] if quantity.noun else quantity.after
    if cue.first >= end:
        between = range(end, cue.first)
        if all(tokens.low[k] in _AUXILIARIES for k in between):
            return 1
        cost = 2 * len(between) + 1
    elif cue.last <= quantity.first:
        between = range(cue.last, quantity.first)
        cost = len(between) + (_ASIDE if _in_relative_clause(tokens, cue, quantity) else 0)
    else:
        return 0
    for k in between:
        low = tokens.low[k]
        cost += _WALLS.get(low, 0)
        if low[0].isdigit():
            cost += 1
    return cost


_ASIDE = 9
_RELATIVES = frozenset(("which", "who", "whose", "where"))


def _in_relative_clause(tokens: Tokens, cue: Cue, quantity: Quantity) -> bool:
    """Whether a cue stands in an aside that ends before the figure: ", *which Moscow captured in 2014*,"."""
    opened = any(w in _RELATIVES for w in tokens.low[max(0, cue.first - 5) : cue.first])
    return opened and "," in tokens.low[cue.last : quantity.first]


def fits(named: Named, quantity: Quantity, cue: Cue) -> bool:
    """Whether what a cue tells can happen to the figure's things."""
    meaning = cue.meaning
    if quantity.dimension == "money":
        return meaning.kind == "transfer"
    person = is_person(named.item, named.entry)
    if meaning.kind == "transfer":
        if person:
            return meaning.name == "request" and meaning.form not in ("noun", "words")
        if meaning.ambiguous and _shot(named):
            return False
        return named.entry is None or named.entry.category not in ("territory", "personnel")
    if meaning.of == "people":
        return person or quantity.dimension == "percent"
    if meaning.name == "deployed" and not person and not is_materiel(named):
        return False
    if meaning.of == "things":
        return not person and quantity.dimension not in ("length", "area")
    if quantity.dimension in ("length", "area"):
        return meaning.name == "captured"
    return True


def _shot(named: Named) -> bool:
    """Whether a thing is launched and not given when a text says "launch"."""
    return named.entry is not None and (
        named.entry.munition or named.entry.category in ("drones", "missiles", "artillery")
    )


def own_status(named: Named) -> str | None:
    """The status that an item's own name says: casualties, refugees, prisoners."""
    if named.item is None:
        return None
    head = named.item.split()[-1].lower()
    return _noun_status().get(named.item.lower()) or _noun_status().get(head)


@cache
def _noun_status() -> dict[str, str]:
    return {noun: name for name, e in load("cues")["events"].items() for noun in e["nouns"]}


def best_cue(
    sentence: Sentence, quantity: Quantity, named: Named, kind: str
) -> tuple[Cue, int] | None:
    """The nearest fitting cue of a kind, with its cost."""
    best: tuple[Cue, int] | None = None
    end = end_of(sentence, quantity)
    for cue in sentence.cues:
        if cue.meaning.kind != kind or not fits(named, quantity, cue):
            continue
        inside = cue.first < end and cue.last > quantity.first
        asked = cue.meaning.form == "noun" and cue.meaning.name in ("request", "authorize")
        if (
            (inside
            and not (kind == "transfer" and (cue.meaning.form == "past" or asked)))
            or _inside_item(sentence, cue)
        ):
            continue
        cost = weigh(sentence.tokens, quantity, cue, end)
        if cue.meaning.form == "noun" and kind == "transfer":
            cost += 4
        if _passive(sentence.tokens, cue) and cue.last <= quantity.first:
            cost += 8
        if cost <= _REACH and (best is None or cost < best[1]):
            best = (cue, cost)
    return _governed(sentence, best) if best is not None and kind == "transfer" else best


def _passive(tokens: Tokens, cue: Cue) -> bool:
    """Whether a verb is in the passive, so that nothing behind it is its object."""
    return cue.meaning.form == "past" and any(
        w in ("was", "were", "been", "being", "be")
        for w in tokens.low[max(0, cue.first - 2) : cue.first]
    )


def _governed(sentence: Sentence, best: tuple[Cue, int]) -> tuple[Cue, int]:
    """The verb above a verb of giving: "*considering* providing", "*asked* to send"."""
    cue, cost = best
    for other in sentence.cues:
        gap = cue.first - other.last
        if (
            other.meaning.kind == "transfer"
            and other.meaning.name in ("request", "authorize", "cancel")
            and 0 <= gap <= 1
        ):
            return other, cost
        if (
            other.meaning.name == "request"
            and cue.tense == "future"
            and 0 <= gap <= 5
            and "to" in sentence.tokens.low[other.last : cue.first]
        ):
            return other, cost  # "*calling on* Congress to provide"
        power = other.meaning.name == "authorize" and other.tense == "noun"
        if (
            power
            and gap > 0
            and cue.tense == "future"
            and "to" in sentence.tokens.low[other.last : cue.first]
        ):
            return other, cost  # "the authority under section 614 to ... furnish"
    return best


def _inside_item(sentence: Sentence, cue: Cue) -> bool:
    """Whether a cue word is only part of a thing's name ("rocket *launch* systems", "*fire* engine")."""
    return any(
        m.first <= cue.first
        and cue.last <= m.last
        and m.last - m.first > 1
        and m.entry.category != "personnel"
        for m in sentence.items
    )


def transfer_status(sentence: Sentence, quantity: Quantity, cue: Cue) -> str:
    """The status of a given figure: by the class of the verb, for giving by its tense."""
    name = cue.meaning.name
    if name in _STATUS_OF_TRANSFER:
        return _STATUS_OF_TRANSFER[name]
    if cue.tense in ("past", "perfect"):
        return "delivered"
    if cue.meaning.form == "noun":
        return _handed_over(sentence, quantity, cue)
    if cue.tense == "gerund" and _main_verb_happened(sentence, cue):
        return "delivered"
    return "committed"


def _handed_over(sentence: Sentence, quantity: Quantity, cue: Cue) -> str:
    """The status by a noun of giving: a delivery has happened unless the sentence looks ahead."""
    low = sentence.tokens.low
    ahead = any(
        w
        in (
            "will",
            "would",
            "announced",
            "announcement",
            "today",
            "plan",
            "plans",
            "new",
            "prepare",
        )
        for w in low
    )
    if ahead:
        return "committed"
    summed = "since" in low or basis_cue(sentence, quantity, "total", 12) is not None
    return (
        "delivered"
        if summed or sentence.tokens.low[cue.first].startswith("deliver")
        else "committed"
    )


def _main_verb_happened(sentence: Sentence, gerund: Cue) -> bool:
    """Whether the verb before a gerund tells of the past ("has led the world, providing ...")."""
    for cue in reversed(sentence.cues):
        if cue.first < gerund.first and cue.meaning.form in ("past",):
            return cue.happened
    low = sentence.tokens.low[: gerund.first]
    return any(
        w in ("has", "have", "had", "responded", "did", "were", "was", "led") for w in low
    ) and not any(w in ("will", "would") for w in low)


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
        if mention.last > quantity.first and words.startswith(_LEADING):
            continue
        pseudo = Cue(mention.first, mention.last, _NO_MEANING, "noun")
        cost = weigh(tokens, quantity, pseudo)
        if cost <= reach and (best is None or cost < best[0]):
            best = (cost, words)
    return best[1] if best else None


_NO_MEANING = Meaning("basis", "", "noun")


_LEADING = (
    "bring",
    "taking",
    "a total",
    "to a total",
)  # these look ahead: "bringing the total to <n>"


def basis_of(
    sentence: Sentence,
    quantity: Quantity,
    named: Named,
    role: Role,
    since: str | None,
    record: bool,
) -> tuple[str, str]:
    """The basis of a figure and the words that decided it."""
    tokens = sentence.tokens
    if quantity.per is not None:
        return "rate", f"per {quantity.per}"
    before = tokens.low[max(0, quantity.first - 3) : quantity.first]
    each = next((w for w in before if w in _EACH), None)
    if each is not None and "of" not in before:
        return "rate", each
    raised = _raised_to(tokens, quantity)
    if raised is not None:
        return "level", raised
    if role.transfer:
        return _basis_of_transfer(sentence, quantity, role, since, record)
    return _basis_of_state(sentence, quantity, named, role, since)


_EACH = frozenset(("each", "\u00e1", "monthly", "daily", "weekly"))
_RISES = frozenset(("increase", "increased", "increases", "increasing", "raise", "raised", "raises", "raising", "rose", "risen", "grew", "grown",
                    "expanded", "reduced", "cut", "fell", "dropped", "lowered", "brought"))  # fmt: skip


def _raised_to(tokens: Tokens, quantity: Quantity) -> str | None:
    """``has increased its commitment to $39 billion``: what it is now, not one more event."""
    i = quantity.first
    while i and tokens.low[i - 1] in (
        "about",
        "around",
        "nearly",
        "almost",
        "over",
        "roughly",
        "approximately",
        "some",
        "than",
        "more",
    ):
        i -= 1
    if not i or tokens.low[i - 1] != "to" or "total" in tokens.low:
        return None
    verb = next((w for w in reversed(tokens.low[max(0, i - 16) : i]) if w in _RISES), None)
    return f"{verb} to" if verb else None


def _basis_of_transfer(
    sentence: Sentence, quantity: Quantity, role: Role, since: str | None, record: bool
) -> tuple[str, str]:
    low = sentence.tokens.low
    if since is not None:
        return "total", f"since {since}"
    total = basis_cue(sentence, quantity, "total", 16)
    if (
        (total == "a total of"
        and "includes" in low[: quantity.first])
        or any(w in low for w in _SUPERLATIVES)
    ):
        total = None
    again = fresh(sentence.tokens, quantity)
    if again is not None and (total is None or total == "since"):
        return "delta", again
    total = total or basis_cue(
        sentence, quantity, "total_aid", 12 if role.status == "delivered" else 6
    )
    if total is not None and not (total == "total amount of" and "part" in low[: quantity.first]):
        return "total", total
    if (
        quantity.kind == "vague"
        and quantity.dimension == "money"
        and role.status in ("committed", "delivered")
    ):
        return "total", "a vague number"
    if (
        role.status == "requested"
        and "existing" in low[max(0, quantity.first - 3) : quantity.first]
    ):
        return "level", "existing"
    if role.status == "requested":
        needs = role.words in ("need", "needs", "target", "goal", "want", "wants")
        return ("level" if needs and quantity.dimension == "count" else "delta"), role.words
    if (
        role.cue is not None
        and role.status == "delivered"
        and _summed_up(sentence, quantity, role.cue, record)
    ):
        return "total", role.words
    if (
        role.cue is not None
        and role.status == "committed"
        and role.cue.tense == "perfect"
        and not record
    ):
        recent = basis_cue(sentence, quantity, "delta", 8)
        if recent is None and role.words.startswith(("commit", "pledged")):
            return "total", role.words
    already = role.cue is not None and "already" in low[max(0, role.cue.first - 2) : role.cue.first]
    if already and role.cue is not None and role.cue.happened:
        return "total", f"already {role.words}"
    return "delta", role.words or "one event"


_SUPERLATIVES = frozenset(("biggest", "largest", "greatest"))


def fresh(tokens: Tokens, quantity: Quantity) -> str | None:
    """A word that makes an amount one more event: "an *additional* $800 million", "two *more*"."""
    before = tokens.low[max(0, quantity.first - 4) : quantity.first]
    after = tokens.low[quantity.after : quantity.after + 3]
    for word in ("additional", "another", "new", "further", "extra", "fresh"):
        if word in before or word in after:
            return word
    more = "more" in after[:2] and after[after.index("more") + 1 : after.index("more") + 2] != (
        "than",
    )
    return "more" if more else None


def _summed_up(sentence: Sentence, quantity: Quantity, cue: Cue, record: bool) -> bool:
    """Whether what was given is a sum up to now: told without a date or an event of its own (codebook)."""
    if cue.meaning.form == "noun" or cue.tense not in ("perfect", "past", "gerund"):
        return False
    dated = any(d.kind in ("day", "month", "relative") and d.iso for d in sentence.dates)
    if dated or basis_cue(sentence, quantity, "delta", 6) is not None:
        return False
    if quantity.first <= cue.first < end_of(sentence, quantity):
        return False
    if (
        record
        and quantity.dimension == "count"
        and (cue.tense == "perfect" or _passive(sentence.tokens, cue))
    ):
        return True
    return (
        cue.tense != "past"
        or not record
        or sentence.tokens.low[cue.first] in ("provided", "supplied", "contributed")
    )


def _basis_of_state(
    sentence: Sentence, quantity: Quantity, named: Named, role: Role, since: str | None
) -> tuple[str, str]:
    status = role.status
    rising = any(
        w in _RISES for w in sentence.tokens.low[max(0, quantity.first - 7) : quantity.first]
    )
    if rising and "by" in sentence.tokens.low[max(0, quantity.first - 3) : quantity.first]:
        return "delta", "by"
    if named.purpose is not None and named.purpose.basis is not None:
        return named.purpose.basis, named.item or ""
    if (
        since is not None
        and status not in ("deployed",)
        and basis_cue(sentence, quantity, "level", 10) is None
    ):
        return "total", f"since {since}"
    if quantity.dimension == "percent" and status not in ("killed", "casualties"):
        return "level", "a share"
    level = basis_cue(sentence, quantity, "level", 10) if status in (None, "deployed") else None
    if level is not None:
        return "level", level
    total = basis_cue(sentence, quantity, "total", 10)
    if status in _EVENTS:
        at_war = any(w in sentence.tokens.low for w in ("war", "conflict", "fighting", "invasion"))
        soldiers = (
            named.entry is not None
            and named.entry.name in ("soldier", "troop")
            and status == "killed"
        )
        lasting = (
            at_war
            and role.cue is not None
            and (role.cue.tense == "perfect" or (soldiers and role.cue.first >= quantity.last))
        )
        if (
            (total is not None and total != "a total of")
            or lasting
            or (status == "captured" and quantity.kind == "vague")
        ):
            return "total", total or role.words
        return "delta", role.words
    if status == "casualties":
        return "total", role.words
    if status in ("deployed", "trained"):
        moved = (
            role.cue is not None
            and role.cue.first < quantity.first
            and role.cue.tense == "past"
            and role.cue.meaning.form == "past"
        )
        return ("delta", role.words) if moved else ("level", role.words)
    if status in ("mobilized", "displaced"):
        again = fresh(sentence.tokens, quantity)
        named_act = (
            role.cue is not None
            and role.cue.tense == "noun"
            and sentence.tokens.low[role.cue.last : role.cue.last + 1] == ("of",)
        )
        if again is not None or named_act:
            return "delta", again or role.words
        done = role.cue is None or role.cue.tense in ("past", "perfect")
        staying = role.cue is None and not any(
            w.endswith("ed") or w in _PERFECT for w in sentence.tokens.low
        )
        return ("total", role.words) if done and not staying else ("level", role.words)
    if total is not None and status is None and total != "a total of":
        return "total", total
    head = (named.item or "").split()[-1:] or [""]
    if head[0] in noun_list("events") or (named.item or "") in noun_list("events"):
        return "delta", "an event"
    if quantity.dimension == "money":
        return "delta", "one event"
    if status == "requested" and quantity.dimension == "count":
        return "level", role.words
    if status in ("authorized", "committed", "requested", "delivered"):
        return "delta", role.words
    if is_person(named.item, named.entry) and sentence.tokens.low[
        quantity.after : quantity.after + 1
    ] in (("have",), ("has",), ("had",)):
        return "delta", "have"
    return "level", "a state"


_EVENTS = frozenset(
    (
        "killed",
        "wounded",
        "captured",
        "missing",
        "destroyed",
        "damaged",
        "fired",
        "lost",
        "abandoned",
    )
)
_PERFECT = frozenset(("has", "have", "had"))


def choose(sentence: Sentence, quantity: Quantity, named: Named, given: bool) -> Role:
    """The status of a figure. ``given``: the frame alone says that it is aid."""
    if quantity.dimension == "money":
        return _of_money(sentence, quantity, named, given)
    if (named.item is not None and _is_state(named)) or quantity.dimension == "other":
        return _NOTHING
    if quantity.dimension in ("percent", "length", "area"):
        return _event(sentence, quantity, named, 7) or _NOTHING
    if is_person(named.item, named.entry):
        return _of_people(sentence, quantity, named)
    return _of_things(sentence, quantity, named, given)


def _of_money(sentence: Sentence, quantity: Quantity, named: Named, given: bool) -> Role:
    if named.purpose is not None and not named.purpose.transfer:
        role = _transfer(sentence, quantity, named)
        asked = role is not None and role.status in ("authorized", "requested") and role.cost <= 12
        return replace(role, transfer=False) if role is not None and asked else _NOTHING
    return _transfer(sentence, quantity, named) or (_GIVEN if given else _NOTHING)


def _of_people(sentence: Sentence, quantity: Quantity, named: Named) -> Role:
    """People: the nearest event; refugees and casualties are that by their name."""
    if _denied(sentence, quantity):
        return _NOTHING
    own = own_status(named)
    event = _event(sentence, quantity, named, 18)
    wanted = _transfer(sentence, quantity, named)
    if (
        wanted is not None
        and wanted.cost <= 4
        and (event is None or event.cost > wanted.cost)
        and own is None
    ):
        return replace(wanted, transfer=False)
    if own is not None and (own in ("casualties", "displaced") or event is None or event.cost > 12):
        return Role(own, None, named.item or "", 0, False)
    return event or _present(sentence, quantity, named) or _NOTHING


def _denied(sentence: Sentence, quantity: Quantity) -> bool:
    """Whether a loss is told that has not come about: "prevent 600 deaths"."""
    words = load("cues")["denials"]["words"]
    return any(w in words for w in sentence.tokens.low[max(0, quantity.first - 4) : quantity.first])


def _present(sentence: Sentence, quantity: Quantity, named: Named) -> Role | None:
    """Troops of whom only a place is told are deployed there: "500 troops *in* Lithuania"."""
    if named.entry is None or not set(lineage(named.entry.name)) & _TROOPS:
        return None
    end = quantity.noun[1] if quantity.noun else quantity.after
    near = sentence.tokens.low[end : end + 8]
    word = next((w for w in near if w in _PLACED), None)
    return Role("deployed", None, word, 0, False) if word else None


_TROOPS = frozenset(("soldier", "troop", "force", "fighter", "brigade", "battalion"))
_PLACED = frozenset(("in", "near", "throughout", "across", "along", "around"))


def _of_things(sentence: Sentence, quantity: Quantity, named: Named, given: bool) -> Role:
    """Things: given or struck, whichever the nearer word says; goods of the frame's aid are given."""
    event = _event(sentence, quantity, named, 24)
    if not is_materiel(named) and not given:
        near = event is not None and event.cost <= 8
        transfer = _transfer(sentence, quantity, named)
        if near and event is not None and (transfer is None or event.cost <= transfer.cost):
            return event
        return transfer if transfer is not None and transfer.cost <= 8 else _NOTHING
    transfer = _transfer(sentence, quantity, named)
    if (
        event is not None
        and (transfer is None or event.cost < transfer.cost)
        and (not given or event.cost <= 6)
    ):
        return event
    return transfer or (_GIVEN if given else _NOTHING)


_NOTHING = Role(None, None, "", 99, False)
_GIVEN = Role("committed", None, "", 99, True)


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


def _is_state(named: Named) -> bool:
    head = (named.item or "").split()[-1].lower()
    return head in noun_list("states") or (named.item or "").lower() in noun_list("states")


def is_materiel(named: Named) -> bool:
    """Whether a thing can be given: materiel and goods, not people, places, states or events."""
    if named.entry is not None:
        return named.entry.category not in ("personnel", "territory", "infrastructure")
    if named.item is None:
        return False
    head = named.item.split()[-1].lower()
    return not any(head in noun_list(name) for name in ("states", "events", "places"))
