"""Who gives a figure: every actor of the sentence, weighed by the words around it."""

from __future__ import annotations

from functools import cache
from itertools import takewhile

from extractors.catalogue import load
from extractors.meaning.parties import (
    TO,
    Chain,
    Party,
    Told,
    aid_follows,
    bodies,
    chains,
    groups,
    in_amount,
    word_before,
    written,
)
from extractors.meaning.sides import attacks_recipient, only_blocks
from extractors.mentions.actors import ActorMention
from extractors.passage.sentence import Sentence
from extractors.rules.gapping import gapped_giver
from extractors.text.once import once
from extractors.text.words import noun_list, word_set

_PLACE = word_set("giving", "place")
_THANKS = word_set("giving", "thanks")
_MADE = word_set("giving", "made")
_PAID = word_set("giving", "paid")
_ORIGIN = word_set("giving", "origin")
_PAYS = word_set("giving", "pays")
_GIVERS_BEHIND = word_set("giving", "givers_behind")
_NOT_BY = word_set("giving", "not_by")
_OWN_MEMBERS = word_set("giving", "own_members")
_NO_OWNER = TO | word_set("giving", "not_owner")
_NO_SUBJECT = TO | _PLACE | word_set("giving", "no_giver")
_MEMBER = word_set("giving", "member")
_INTERNATIONAL = word_set("giving", "international")
_OWNS_ALONE = word_set("giving", "owns_alone")
_WITH = word_set("giving", "with")
_JOINTS = word_set("giving", "gap_joints")
_NEAR = 14  # words from a figure to who gives it
_FAR_BEHIND = 25
_RIGHT_BEHIND = 3  # words from a figure to who gives it: "$2bn *in aid from* the EU"
_INDEED = 6  # the weight of words for several donors
_FINANCED = 8  # words from who pays to the things of another's make
_OF_BODY = 5  # words from a body to its members: "the *EU*'s 26 other governments"
_ASKER = 4  # words from one who asks to the verb
_CLAUSE = 3  # words from a subject behind "and" to its verb
_BESIDE = 5  # words from a giver's things to what they are worth: "American *arms worth* $7m"
_OWNED = 6  # words from an owner without a noun to its figure: "Germany's, *worth some* $700m"


def donor_of(told: Told) -> Party:
    """Who gives the figure, as far as its sentence says."""
    tokens, cue = told.tokens, told.cue
    if cue is not None and cue.meaning.name == "request" and _asks_for_itself(told):
        return Party(None, tokens.words(cue.first, cue.last), 9)
    gapped = gapped_giver(told)
    if gapped is not None:
        return gapped
    best = _heaviest(told)
    we = _we_subject(told)
    if we is not None and we.weight > best.weight:
        best = we
    if _international(told) or (best.code is not None and _several(told, best.code)):
        return Party(None, "several donors", max(best.weight, _INDEED))
    group = _group_subject(told)
    return group if group is not None and group.weight > best.weight else best


def _heaviest(told: Told) -> Party:
    """The actor that most likely gives; of equals before the cue the last, as it is nearest."""
    best = Party(None, "")
    for mention in told.actors:
        weight = _weight(told, mention)
        if weight > best.weight or (weight == best.weight > 0 and told.leads(mention)):
            best = Party(mention.code, written(told.tokens, mention), weight)
    return best


def _asks_for_itself(told: Told) -> bool:
    """Whether the one who asks or needs is the one who would receive ("Kyiv needs about 100")."""
    before = takewhile(
        lambda m: told.verb - m.last <= _ASKER, told.sentence.actors.back_from(told.verb)
    )
    subject = next((m for m in before if m.acts), None)
    return subject is not None and subject.code == told.ctx.recipient


def _weight(told: Told, mention: ActorMention) -> int:
    """How strongly the words around an actor say that it gives; 0 where they do not."""
    ctx = told.ctx
    if mention.form == "place" or in_amount(told.sentence, mention.first):
        return 0
    if attacks_recipient(mention.code, ctx) or _receives(told, mention):
        return 0
    if only_blocks(told, mention) or _only_makes(told, mention):
        return 0
    word, at = word_before(told.tokens, mention.first)
    if mention.form == "government" and word == "in" and told.distance(mention) < _NEAR:
        return 3
    weight = _by_words(told, mention, word, at)
    if mention.code in bodies("forum") and weight < (6 if ctx.donor is None else 8):
        return 0
    if mention.code in bodies("lender"):
        weight -= 1  # it hands on what others give
    if mention.code == ctx.recipient:
        weight -= 3
    if mention.first > told.quantity.after + _FAR_BEHIND:
        weight -= 2
    return max(weight, 0)


def _receives(told: Told, mention: ActorMention) -> bool:
    """Whether an actor gets something ("*Kyiv* is to get 8 guns and *Chisinau* 4")."""
    cue = told.cue
    if cue is None or cue.meaning.name != "receive" or not mention.acts or mention.owns:
        return False
    return told.leads(mention) or word_before(told.tokens, mention.first)[0] in _JOINTS


def _only_makes(told: Told, mention: ActorMention) -> bool:
    """Whether things are of an actor's make alone: "to pay for *American* arms", "US-made"."""
    low = told.tokens.low
    if (
        low[mention.last : mention.last + 1] == ("-",)
        and told.tokens.at(mention.last + 1) in _ORIGIN
    ):
        return True
    paid = not _PAYS.isdisjoint(low[max(0, mention.first - _FINANCED) : mention.first])
    if mention.form != "adjective" or not paid:
        return False
    return all(c.tense != "noun" for c in told.sentence.cues.within(mention.last, mention.last + 2))


def _by_words(told: Told, mention: ActorMention, word: str, at: int) -> int:
    """The weight that the words before and behind an actor give it. ``word`` stands at ``at``."""
    if word in _THANKS or (word == "by" and mention.acts and _gives_before(told, at)):
        return 3 if told.tokens.at(at - 1) in _NOT_BY else 9
    if word == "from" and mention.acts and told.distance(mention) < _NEAR:
        behind = mention.first >= told.quantity.after
        return 10 if behind and told.distance(mention) <= _RIGHT_BEHIND else 8
    if mention.form == "adjective" or mention.owns:
        return _as_owner(told, mention, word)
    if mention.acts and word not in _NO_SUBJECT:
        return _as_subject(told, mention, word)
    return 0


def _as_owner(told: Told, mention: ActorMention, word: str) -> int:
    """``US-supplied tanks``, ``US military aid``, ``German officials``."""
    tokens = told.tokens
    follower = tokens.at(mention.last)
    if follower == "-" and tokens.at(mention.last + 1) in _MADE:
        return 6
    if _beside_worth(told, mention) and follower not in noun_list("bodies"):
        return 11
    if aid_follows(told.sentence, mention.last):
        if mention.code == told.ctx.recipient:
            return 0
        if mention.first - told.quantity.after > _RIGHT_BEHIND:
            return 3  # another thing is: "gave 40 carriers in exchange for *German* tanks"
        return 7
    if (
        mention.owns
        and tokens.at(mention.last + 1) in _OWNS_ALONE
        and _figure_behind(told, mention)
    ):
        return 8
    if told.leads(mention) and word not in _NO_OWNER:
        return 5 if follower in noun_list("bodies") else 4
    return 0


def _beside_worth(told: Told, mention: ActorMention) -> bool:
    """Whether a figure is the worth of an actor's things: "€2m and *US* arms worth $7m"."""
    if mention.form != "adjective" or mention.code == told.ctx.recipient:
        return False
    first, last = mention.last, told.quantity.first
    return last - first <= _BESIDE and "worth" in told.tokens.low[first:last]


def _figure_behind(told: Told, mention: ActorMention) -> bool:
    """Whether a figure, the one told of or the first of its list, stands right behind an owner."""
    found = told.sentence.quantities.first_behind(mention.last)
    if found is None:
        return False
    return found.first - mention.last < _OWNED and found.first <= told.quantity.first


def _as_subject(told: Told, mention: ActorMention, word: str) -> int:
    """``Norway has given``: the nearer to the cue, and the cue to the figure, the surer."""
    cue = told.cue
    if cue is None or not told.leads(mention):
        return 3
    gap = cue.first - mention.last
    if word == "and" and told.tokens.at(mention.last) != "," and not _opens_clause(told, mention):
        return 3  # one of several; "and Estonia, which gave 36" stands alone
    if gap <= 2 and mention.form == "name" and told.quantity.first - cue.last <= 5:
        return 8
    return 6 if gap < 8 else 5 if gap < 30 else 3


def _opens_clause(told: Told, mention: ActorMention) -> bool:
    """Whether an actor behind "and" has a verb of its own: "Rome sent 5, and *Athens gave* 40"."""
    near = told.verb - mention.last <= _CLAUSE
    return near and told.sentence.quantities.last_before(mention.first - 1) is not None


def _gives_before(told: Told, at: int) -> bool:
    """Whether "by" stands behind a verb or noun of giving ("donated by", "a pledge made by")."""
    sentence = told.sentence
    return (
        any(c.meaning.kind == "transfer" for c in sentence.cues.within(at - 4, at))
        or bool(sentence.purposes.within(at - 3, at))
        or told.tokens.at(at - 1) in _PAID
    )


@cache
def _we() -> frozenset[str]:
    return frozenset(load("context")["we"]["words"])


def _we_subject(told: Told) -> Party | None:
    """``we have provided``: the country for which the text speaks."""
    if told.ctx.speaker is None:
        return None
    subject = range(told.verb - 1, max(-1, told.verb - _NEAR), -1)
    k = next((k for k in subject if told.tokens.low[k] in _we()), None)
    return Party(told.ctx.speaker, told.tokens.raw[k], 5) if k is not None else None


def _several(told: Told, code: str) -> bool:
    """Whether several states give together: "Denmark, Norway and Germany jointly"."""
    for chain in _lists_of_states(told.sentence):
        word, _ = word_before(told.tokens, chain.actors[0].first)
        ends = chain.ends
        if word not in _GIVERS_BEHIND:
            leading = (n for n in ends if chain.actors[n - 1].last <= told.verb and word not in TO)
            ends = tuple(leading)
        if any(m.code == code for m in chain.actors[: max(ends, default=0)]):
            return True
    return False


@once
def _lists_of_states(sentence: Sentence) -> list[Chain]:
    """The lists of states and governments of a sentence."""
    states = {m.first for m in sentence.actors if m.form in ("name", "government")}
    return chains(sentence.tokens, sentence.actors, states)


def _international(told: Told) -> bool:
    """Whether an amount is called one of many donors: "a $115bn *international* programme"."""
    quantity = told.quantity
    return quantity.dimension == "money" and told.tokens.at(quantity.after) in _INTERNATIONAL


def _group_subject(told: Told) -> Party | None:
    """``members of this group``, ``together``: donors without a single state.

    The leaders of a body give for it ("*NATO* leaders pledged").
    """
    if told.cue is None:
        return None
    tokens, words, named = told.tokens, groups("donors", "members"), told.sentence.named
    for k in range(told.verb - 1, max(-1, told.verb - 7), -1):
        if tokens.at(k) not in words or k in named or tokens.at(k - 1) in _WITH:
            continue
        body = next((named[j] for j in range(k - 1, k - _OF_BODY, -1) if j in named), None)
        own = body is not None and (not body.owns or tokens.low[k] in _OWN_MEMBERS)
        if body is not None and own and body.code in bodies("forum", "union"):
            return Party(body.code, tokens.raw[k], _INDEED)
        if told.ctx.donor in bodies("union") and (
            tokens.at(k - 1) in _MEMBER or tokens.low[k] in _OWN_MEMBERS
        ):
            return Party(told.ctx.donor, tokens.raw[k], _INDEED)
        if tokens.low[k] in groups("donors"):
            return Party(None, tokens.raw[k], _INDEED)
    return None
