"""Who gives, who receives, whose it is.

Every actor of the sentence is weighed by the words around it: "from the US", "to Ukraine", "US
military aid", "Germany's 14 tanks", "5,000 Russian troops", "killed in Kherson". Where a sentence
names nobody, the document's frame does (:mod:`extractors.context`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from extractors.actors import ActorMention
from extractors.catalogue import load
from extractors.context import Context
from extractors.cues import Cue
from extractors.naming import Named, demonyms, noun_list
from extractors.quantity import Quantity
from extractors.reading import Sentence
from extractors.tokens import Tokens

_DETERMINERS = frozenset(
    ("the", "a", "an", "its", "their", "his", "neighboring", "neighbouring", "war-torn", "all")
)
_TO = frozenset(("to", "for", "help", "helping", "assist", "support", "supporting", "upon", "equip", "give", "gives", "gave",
                 "send", "sends", "sending", "sent", "provide", "provides", "providing", "provided", "supply", "sell", "sells",
                 "supplying", "supplied", "giving", "arm", "arming", "offer", "offered", "sending", "behind", "aid", "helped"))  # fmt: skip
_PLACE_WORDS = frozenset(
    (
        "in",
        "near",
        "across",
        "inside",
        "at",
        "around",
        "on",
        "of",
        "from",
        "within",
        "outside",
        "over",
        "into",
        "through",
        "throughout",
        "against",
    )
)
_ATTACK = frozenset(
    "strike strikes attack attacks missile missiles drone drones shelling rocket rockets airstrike airstrikes bombardment bombing"
    " invasion aggression offensive assault barrage fire artillery raid raids forces troops invaders army soldiers shells".split()
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Party:
    """A code, or None, with the words that decided it."""

    code: str | None
    cue: str
    weight: int = 0


NOBODY = Party(None, "")


@cache
def _groups(name: str) -> frozenset[str]:
    return frozenset(load("context")["groups"][name])


@cache
def _we() -> frozenset[str]:
    return frozenset(load("context")["we"]["words"])


def _words(tokens: Tokens, mention: ActorMention) -> str:
    return " ".join(tokens.raw[max(0, mention.first - 1) : mention.last])


def _word_before(tokens: Tokens, first: int) -> tuple[str, int]:
    """The word before an actor, past articles and "the people of", and its place."""
    k = first - 1
    while k >= 0:
        if tokens.low[k] in _DETERMINERS:
            k -= 1
        elif tokens.low[k] == "of" and k and tokens.low[k - 1] in noun_list("bodies"):
            k -= 2
        else:
            return tokens.low[k], k
    return "", -1


def donor_of(sentence: Sentence, quantity: Quantity, cue: Cue | None, ctx: Context) -> Party:
    """Who gives the figure, as far as its sentence says."""
    tokens = sentence.tokens
    best = NOBODY
    if cue is not None and cue.meaning.name == "request" and _asks_for_itself(sentence, cue, ctx):
        return Party(None, tokens.words(cue.first, cue.last), 9)
    for mention in sentence.actors:
        weight = _as_donor(sentence, mention, quantity, cue, ctx)
        nearer = cue is not None and mention.last <= cue.first and weight == best.weight > 0
        if weight > best.weight or nearer:
            best = Party(mention.code, _words(tokens, mention), weight)
    we = _we_subject(tokens, quantity, cue, ctx)
    if we is not None and we.weight > best.weight:
        best = we
    if best.code is not None and _several(sentence, best.code, quantity, cue):
        return Party(None, "several donors", best.weight)
    group = _group_subject(sentence, cue)
    if group is not None and group.weight > best.weight:
        return group
    return best


def _asks_for_itself(sentence: Sentence, cue: Cue, ctx: Context) -> bool:
    """Whether the one who asks or needs is the one who would receive ("Kyiv needs about 100")."""
    subject = [
        m for m in sentence.actors if m.acts and m.last <= cue.first and cue.first - m.last <= 4
    ]
    return bool(subject) and subject[-1].code == ctx.recipient


def _as_donor(
    sentence: Sentence, mention: ActorMention, quantity: Quantity, cue: Cue | None, ctx: Context
) -> int:
    """How strongly the words around an actor say that it gives; 0 where they do not."""
    tokens = sentence.tokens
    if mention.form == "place" or _in_amount(sentence, mention) or _is_attacker(mention.code, ctx):
        return 0
    word, at = _word_before(tokens, mention.first)
    follower = tokens.low[mention.last] if mention.last < len(tokens) else ""
    distance = (
        mention.first - quantity.after
        if mention.first >= quantity.last
        else quantity.first - mention.last
    )
    leads = cue is not None and mention.last <= cue.first
    weight = 0
    if mention.form == "government" and word == "in" and distance < 14:
        return 3
    if (word == "by" and mention.acts and at > 0 and _gives_before(sentence, at)) or word in ("thank", "thanks", "thanked", "thanking"):
        weight = 9
    elif word == "from" and mention.acts and distance < 14:
        weight = 8
    elif mention.form == "adjective" or mention.owns:
        if follower == "-" and tokens.low[mention.last + 1 : mention.last + 2] in _MADE:
            weight = 6
        elif _aid_follows(sentence, mention.last):
            weight = 7
        elif leads and word not in _TO | {"against", "in", "of"}:
            weight = 5 if follower in noun_list("bodies") else 4
    elif mention.acts and word not in _TO and word not in _PLACE_WORDS and word != "with":
        weight = 3
        if leads and cue is not None and cue.first - mention.last < 30 and word != "and":
            gap = cue.first - mention.last
            close = gap <= 2 and mention.form == "name" and quantity.first - cue.last <= 5
            weight = 8 if close else 6 if gap < 8 else 5
    if mention.code in BODIES and (weight < 6 or (ctx.donor is not None and weight < 8)):
        return 0
    if mention.code == ctx.recipient:
        weight -= 3
    if mention.first > quantity.after + 25:
        weight -= 2
    return max(weight, 0)


_MADE = (("supplied",), ("provided",), ("funded",), ("led",), ("made",), ("donated",))
BODIES = frozenset(("NATO", "UN", "WB", "IMF", "G7"))


def _in_amount(sentence: Sentence, mention: ActorMention) -> bool:
    """Whether an actor's word belongs to a currency ("*US* dollars")."""
    return any(
        q.first <= mention.first < q.last for q in sentence.quantities if q.dimension == "money"
    )


def _is_attacker(code: str, ctx: Context) -> bool:
    """Whether a state attacks the one that the document's aid goes to."""
    victim = load("context")["opponents"].get(code)
    return victim is not None and victim == ctx.recipient


def _gives_before(sentence: Sentence, at: int) -> bool:
    """Whether "by" stands behind a verb or noun of giving ("donated by", "a pledge made by")."""
    tokens = sentence.tokens
    return (
        any(at - 4 <= c.first < at and c.meaning.kind == "transfer" for c in sentence.cues)
        or any(at - 3 <= m.first < at for m in sentence.purposes)
        or tokens.low[at - 1] in ("made", "paid")
    )


def _aid_follows(sentence: Sentence, j: int) -> bool:
    """Whether a word for aid or materiel stands within a few words behind token j."""
    return (
        any(j <= m.first <= j + 5 for m in sentence.purposes)
        or any(j <= m.first <= j + 3 and m.entry.category not in _NOT_GIVEN for m in sentence.items)
        or any(
            j <= c.first <= j + 2 and c.meaning.kind == "transfer" and c.tense == "noun"
            for c in sentence.cues
        )
    )


_NOT_GIVEN = frozenset(("personnel", "territory", "infrastructure", "other"))


def _we_subject(tokens: Tokens, quantity: Quantity, cue: Cue | None, ctx: Context) -> Party | None:
    """``we have provided``: the country for which the text speaks."""
    if ctx.speaker is None:
        return None
    end = cue.first if cue is not None else quantity.first
    for k in range(min(end, len(tokens)) - 1, max(-1, end - 14), -1):
        if tokens.low[k] in _we():
            return Party(ctx.speaker, tokens.raw[k], 5)
    return None


def _several(sentence: Sentence, code: str, quantity: Quantity, cue: Cue | None) -> bool:
    """Whether several states give together: "Denmark, Norway and Germany jointly"."""
    tokens = sentence.tokens
    end = cue.first if cue is not None else quantity.first
    names = [m for m in sentence.actors if m.acts and m.last <= end and m.form == "name"]
    for a, b in zip(names, names[1:], strict=False):
        between = tokens.low[a.last : b.first]
        joined = between in (
            ("and",),
            (",",),
            (",", "and"),
            ("and", "the"),
            (",", "the"),
            (",", "and", "the"),
        )
        if (
            joined
            and a.code != b.code
            and code in (a.code, b.code)
            and _word_before(tokens, a.first)[0] not in _TO
        ):
            return True
    return False


def _group_subject(sentence: Sentence, cue: Cue | None) -> Party | None:
    """``members of this group``, ``together``: donors without a single state."""
    tokens = sentence.tokens
    end = cue.first if cue is not None else 0
    for k in range(end - 1, max(-1, end - 7), -1):
        if tokens.low[k] not in _groups("donors") or any(
            m.first <= k < m.last for m in sentence.actors
        ):
            continue
        if not (k and tokens.low[k - 1] in _WITH):
            return Party(None, tokens.raw[k], 6)
    return None


_WITH = frozenset(("with", "our", "and", "its", "his", "her"))


def recipient_of(
    sentence: Sentence, quantity: Quantity, cue: Cue | None, donor: str | None, ctx: Context
) -> Party:
    """Who gets the figure, as far as its sentence says."""
    tokens = sentence.tokens
    best = NOBODY
    for mention in sentence.actors:
        if mention.code == donor:
            continue
        weight = _as_recipient(sentence, mention, quantity, cue, ctx)
        if weight > best.weight:
            best = Party(mention.code, _words(tokens, mention), weight)
    joined = _receivers_together(sentence, quantity, donor)
    if joined is not None and best.weight <= 10:
        return joined
    return best


def _as_recipient(
    sentence: Sentence, mention: ActorMention, quantity: Quantity, cue: Cue | None, ctx: Context
) -> int:
    tokens = sentence.tokens
    word, at = _word_before(tokens, mention.first)
    distance = (
        mention.first - quantity.after
        if mention.first >= quantity.last
        else quantity.first - mention.last
    )
    near = 1 if distance < 12 else 0
    if mention.code in ("NATO", "G7", "UN", "EU", "IMF", "WB") and ctx.recipient is not None:
        return 0
    weight = 0
    if word in ("to", "for") and mention.form in (
        "name",
        "government",
        "adjective",
        "leader",
        "people",
    ):
        weight = 0 if tokens.low[at - 1] in _TRAVEL else 8 + near
    elif word in _TO and mention.form in ("name", "government", "people", "adjective"):
        weight = 7 + near
    elif word in ("in", "within") and mention.form == "name":
        refuge = any(w in ("refugees", "displaced") for w in tokens.low[max(0, at - 3) : at])
        weight = 11 if refuge else 4 + near
    elif (
        mention.form in ("name", "adjective")
        and not mention.owns
        and _aid_follows(sentence, mention.last)
        and mention.code == ctx.recipient
    ):
        weight = 6
    elif mention.code == ctx.recipient:
        weight = 5
    if (
        cue is not None
        and cue.meaning.name in ("receive", "request")
        and mention.acts
        and mention.last <= cue.first
    ):
        weight = 12 if cue.first - mention.last <= 4 else max(weight, 7)
    if weight and mention.first >= quantity.after:
        weight += 0 if _amount_between(sentence, quantity, mention) else 1
    if _is_attacker(mention.code, ctx) or _in_amount(sentence, mention):
        return 0
    if weight and mention.code == ctx.speaker:
        weight -= 4
    return weight


_TRAVEL = frozenset(("trip", "visit", "travel", "travels", "traveled", "travelled", "flight", "return", "returned", "journey", "next",
                     "close", "ambassador", "went", "flew", "refer", "spoke", "said", "told"))  # fmt: skip


def _amount_between(sentence: Sentence, quantity: Quantity, mention: ActorMention) -> bool:
    """Whether another figure stands between a figure and an actor behind it."""
    return any(quantity.last <= q.first < mention.first for q in sentence.quantities)


def _receivers_together(sentence: Sentence, quantity: Quantity, donor: str | None) -> Party | None:
    """``to Ukraine and 18 European nations``, ``to countries on the eastern flank``: nobody alone."""
    tokens = sentence.tokens
    low, n = tokens.low, len(tokens)
    named = {k: m for m in sentence.actors for k in range(m.first, m.last)}
    for j in range(quantity.after, min(n, quantity.after + 14)):
        if low[j] not in ("to", "for"):
            continue
        main: str | None = None
        for k in range(j + 1, min(n, j + 14)):
            mention = named.get(k)
            if low[k] in _groups("receivers") and mention is None:
                possessive = low[k - 1] in ("its", "their")
                return (
                    None
                    if main and possessive
                    else Party(None, " ".join(tokens.raw[j : k + 1]), 10)
                )
            if (
                mention is not None
                and mention.code != donor
                and mention.form == "name"
                and not mention.owns
            ):
                main = main or mention.code
            elif mention is None and low[k] not in _LISTING and not low[k].isdigit():
                break
        return None
    return None


_LISTING = frozenset(("the", "and", ",", "other", "our", "more", "all", "many", "several", "european", "eastern", "partner", "allied", "its", "their",
                      "neighboring", "neighbouring", "western", "baltic", "of", "on", "'s", "flank", "surrounding", "both"))  # fmt: skip


def party_of(
    sentence: Sentence,
    quantity: Quantity,
    named: Named,
    cue: Cue | None,
    status: str | None,
    ctx: Context,
    earlier: Iterator[Sentence],
) -> Party:
    """Whose a figure is that nobody gives: the troops', the dead's, the territory's."""
    states = quantity.dimension == "count" and named.item is not None and _counts_states(named.item)
    if states or named.item == "distance":
        return NOBODY
    people = demonyms().get(named.item or "")
    if people is not None:
        return Party(people, named.item or "", 30)
    is_event = (named.item or "").split()[-1:] != [] and (named.item or "").split()[
        -1
    ] in noun_list("events")
    suffered = status in (
        "killed",
        "wounded",
        "casualties",
        "missing",
        "destroyed",
        "damaged",
        "displaced",
        "captured",
    )
    best = NOBODY
    for mention in sentence.actors:
        weight = _as_party(sentence, mention, quantity, cue, status, suffered, ctx, is_event)
        if weight > best.weight:
            best = Party(mention.code, _words(sentence.tokens, mention), weight)
    if ctx.speaker is not None and quantity.dimension in ("money", "volume") and best.weight < 16:
        return Party(ctx.speaker, "the publisher", 1)
    shot = _owner_of_shot(sentence, named, cue, status, ctx) if best.weight < 24 else None
    if shot is not None:
        return shot
    if best.code is not None and best.weight >= (
        10 if status is None and quantity.dimension == "count" else 2
    ):
        return best
    attacker = _attacker(sentence, cue, status)
    if suffered and attacker is not None:
        enemy = _enemy(attacker, ctx)
        if enemy is not None:
            return Party(enemy, "the other side", 1)
    if (
        status is None
        and quantity.dimension == "count"
        and ctx.speaker is not None
        and not sentence.actors
    ):
        return Party(ctx.speaker, "the publisher", 1)
    if status is not None or quantity.dimension != "count" or (best is NOBODY and _is_place(named)):
        found = _from_before(sentence, status, suffered, ctx, earlier)
        if found is not None:
            return found
    return best


def _owner_of_shot(
    sentence: Sentence, named: Named, cue: Cue | None, status: str | None, ctx: Context
) -> Party | None:
    """Whose missiles and drones those are that are fired at somebody or shot down by somebody."""
    if (
        status not in ("destroyed", "fired")
        or named.entry is None
        or named.entry.category not in ("drones", "missiles")
    ):
        return None
    opponents: dict[str, str] = load("context")["opponents"]
    fighting = [a for a, b in opponents.items() if b in ctx.countries]
    if not fighting:
        return None
    subject = _attacker(sentence, cue, status) if cue is not None else None
    if status == "destroyed":
        enemy = _enemy(subject, ctx) if subject is not None else None
        return Party(enemy or fighting[0], "the other side", 20)
    return Party(subject or fighting[0], "who fires", 20) if subject in (None, *opponents) else None


def _counts_states(item: str) -> bool:
    head = item.split()[-1].lower()
    return item.lower() in noun_list("states") or head in noun_list("states")


def _is_place(named: Named) -> bool:
    return (
        bool(named.item)
        and named.item is not None
        and named.item.split()[-1] in noun_list("places")
    )


def _as_party(
    sentence: Sentence,
    mention: ActorMention,
    quantity: Quantity,
    cue: Cue | None,
    status: str | None,
    suffered: bool,
    ctx: Context,
    named_event: bool,
) -> int:
    tokens = sentence.tokens
    end = quantity.noun[1] if quantity.noun else quantity.after
    if quantity.first <= mention.first < end:
        made = tokens.low[mention.last : mention.last + 1] == ("-",)
        return 30 + mention.first - quantity.first if not made else 1
    if mention.code in BODIES:
        return 3
    word, at = _word_before(tokens, mention.first)
    follower = tokens.low[mention.last] if mention.last < len(tokens) else ""
    later = tokens.low[mention.last + 1] if mention.last + 1 < len(tokens) else ""
    distance = mention.first - end if mention.first >= end else quantity.first - mention.last
    if mention.form == "leader" and mention.first >= end:
        return 1
    nearness = max(0, 8 - abs(distance) // 3)
    if suffered and _attacks(sentence, mention, cue, quantity, status):
        return 0
    if mention.last <= quantity.first and _in_aside(tokens, mention, quantity):
        return 1
    hostile = (
        mention.code in load("context")["opponents"]
        and load("context")["opponents"][mention.code] in ctx.countries
    )
    placed = word in ("in", "near", "of", "at", "inside", "among") and follower not in (
        "war",
        "invasion",
        "offensive",
    )
    if hostile and status in ("killed", "wounded") and not placed and mention.form != "place":
        return 1 if not any(w in tokens.low for w in _SUFFERS) and not mention.owns else 6
    if named_event and mention.first < quantity.first and mention.form != "place":
        return 18 + nearness
    if mention.first >= end:
        if word == "by" and status in ("mobilized", "deployed", "fired", "trained"):
            return 22
        if word in ("of", "from") and mention.first - end <= 5:
            return 22
        if status == "casualties" and word in ("in", "near", "at"):
            return 6 + nearness
        if word in (
            "in",
            "near",
            "at",
            "across",
            "inside",
            "of",
            "within",
            "on",
            "around",
        ) and mention.form in ("place", "name", "government", "adjective"):
            return (
                14 + nearness
                if status
                in (
                    "killed",
                    "wounded",
                    "destroyed",
                    "damaged",
                    "displaced",
                    "missing",
                    None,
                    "casualties",
                )
                else 4 + nearness
            )
        if mention.form == "place":
            return 8 + nearness
        return (1 if status is None else 3) + nearness
    if mention.last == quantity.first or (mention.owns and quantity.first - mention.last <= 3):
        return 24 if status not in ("destroyed",) else 12
    if (
        status
        in ("fired", "deployed", "mobilized", "lost", "abandoned", "casualties", "trained", None)
        and mention.form != "place"
    ):
        return (
            12 + nearness
            if word not in ("against", "at", "on", "over", "in", "near")
            else 5 + nearness // 2
        )
    if word in ("in", "near", "at", "across", "inside", "of", "on") and (
        mention.form in ("place", "name")
    ):
        return 12 + nearness
    if mention.form == "place":
        return 10 + nearness
    if mention.form == "leader":
        return 2
    return 4 + nearness if follower not in _ATTACK and later not in _ATTACK else 2 + nearness // 2


_SUFFERS = frozenset(
    (
        "suffered",
        "lost",
        "losing",
        "suffer",
        "sustained",
        "seen",
        "borne",
        "saw",
        "losses",
        "casualties",
        "casualty",
    )
)


def _in_aside(tokens: Tokens, mention: ActorMention, quantity: Quantity) -> bool:
    """Whether an actor stands in an aside that ends before the figure: ", which *Moscow* took,"."""
    opened = any(
        w in ("which", "who", "whose")
        for w in tokens.low[max(0, mention.first - 3) : mention.first]
    )
    return opened and "," in tokens.low[mention.last : quantity.first]


def _subject_of(sentence: Sentence, cue: Cue) -> ActorMention | None:
    """The nearest actor before a verb that is nobody's place or object."""
    before = [m for m in sentence.actors if m.acts or m.form == "adjective"]
    free = [
        m
        for m in before
        if m.last <= cue.first and _word_before(sentence.tokens, m.first)[0] not in _NO_SUBJECT
    ]
    return free[-1] if free else None


_NO_SUBJECT = _PLACE_WORDS | {"to", "for", "by", "with", "amid", "after"}


def _attacks(
    sentence: Sentence,
    mention: ActorMention,
    cue: Cue | None,
    quantity: Quantity,
    status: str | None,
) -> bool:
    """Whether an actor is the attacker and not the one who suffers."""
    tokens = sentence.tokens
    follower = tokens.low[mention.last] if mention.last < len(tokens) else ""
    if mention.owns:
        follower = tokens.low[mention.last + 1] if mention.last + 1 < len(tokens) else ""
    active = (
        cue is not None
        and cue.meaning.kind == "event"
        and cue.first < quantity.first
        and cue.meaning.form not in ("noun", "words")
    )
    suffers = any(w in _SUFFERS for w in tokens.low)
    if (
        mention.form in ("adjective", "name", "people", "government")
        and mention.last <= quantity.first
    ):
        hostile = any(w in _ATTACK for w in tokens.low[mention.last : mention.last + 2])
        if hostile and not suffers and status != "destroyed":
            return True
        if (
            active
            and not suffers
            and cue is not None
            and status in ("killed", "wounded", "destroyed", "damaged", "captured")
        ):
            return mention is _subject_of(sentence, cue)
    if mention.first >= quantity.after:
        word, _ = _word_before(tokens, mention.first)
        if word in ("by", "after", "when", "as") and (follower in _ATTACK or word == "by"):
            return True
        if follower in _ATTACK and word not in ("of", "in"):
            return True
    return False


def _attacker(sentence: Sentence, cue: Cue | None, status: str | None) -> str | None:
    """The side whose strike or shot the sentence tells of."""
    tokens = sentence.tokens
    for mention in sentence.actors:
        between = tokens.low[mention.last : mention.last + 3]
        if mention.form in ("adjective", "name", "people", "government") and any(
            w in _ATTACK for w in between[:2]
        ):
            return mention.code
    for mention in sentence.actors:
        if cue is not None and mention.acts and mention.last <= cue.first:
            return mention.code
    return None


def _enemy(code: str, ctx: Context) -> str | None:
    """The other side, as far as the document names it."""
    opponents: dict[str, str] = load("context")["opponents"]
    pairs = {**opponents, **{b: a for a, b in opponents.items()}}
    other = pairs.get(code)
    return other if other in ctx.countries else None


def _from_before(
    sentence: Sentence,
    status: str | None,
    suffered: bool,
    ctx: Context,
    earlier: Iterator[Sentence],
) -> Party | None:
    """The country that the sentences before speak of: of those who suffer, the attacked one."""
    attacked = [c for c in load("context")["opponents"].values() if c in ctx.countries]
    if suffered and attacked:
        return Party(attacked[0], "the document", 1)
    for other in earlier:
        tokens = other.tokens
        for mention in reversed(other.actors):
            hostile = any(w in _ATTACK for w in tokens.low[mention.last : mention.last + 3])
            if not (suffered and hostile) and not (suffered and mention.code == "RUS"):
                return Party(mention.code, f"named before: {_words(tokens, mention)}", 1)
    if ctx.title is not None:
        for mention in ctx.title.actors:
            if not (suffered and mention.code == "RUS"):
                return Party(mention.code, "the title", 1)
    if ctx.speaker is not None:
        return Party(ctx.speaker, "the publisher", 1)
    return None
