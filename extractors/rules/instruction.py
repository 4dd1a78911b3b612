"""Training of another country's people, which one state gives to another (codebook)."""

from __future__ import annotations

from dataclasses import replace

from extractors.catalogue import load
from extractors.meaning.choice import Choice, Choices
from extractors.meaning.draft import Draft, Role
from extractors.meaning.parties import Party, Told, bodies, groups, word_before, written
from extractors.meaning.sides import attacks_recipient, says
from extractors.mentions.actors import ActorMention
from extractors.mentions.kinds import demonyms, is_person
from extractors.mentions.origin import Origin
from extractors.passage.distance import noun_end
from extractors.passage.sentence import Sentence
from extractors.text.once import once
from extractors.text.words import word_set

_WORDS = word_set("training", "words")
_BY, _IN = word_set("training", "by"), word_set("training", "in")
_ITS, _WE = word_set("training", "its"), frozenset(load("context")["we"]["words"])
_FUTURE = word_set("tense", "future")
_NO_VERB = 99  # the cost of a role whose verb says nothing of the figures beside it
_NEAR = 10  # words between people and the word that says that they are trained


def taught(told: Told, draft: Draft, last: Draft | None) -> tuple[Role, Choices] | None:
    """Donor and recipient of people whom another state trains; None where they are no such.

    ``last``: the figure before it, which a bare number behind it adds to ("for a *total of 40*").
    """
    if draft.quantity.dimension != "count" or not is_person(draft.named.item, draft.named.entry):
        return None
    if last is not None and _goes_on(draft, last):
        choices = {name: last.choice(name) for name in ("donor", "recipient")}
        return _role(draft, last.status), choices | {"status": _status(draft, last.status)}
    trainee = _trainee(told, draft)
    trainer = _trainer(told, trainee) if trainee is not None and _trained(told, draft) else None
    if trainer is not None and _together(told):
        trainer = Party(None, "several together")
    if trainer is None:
        return None
    done = "trained" if draft.status in (None, "mobilized") else draft.status
    status = "committed" if _to_come(told) else done
    return replace(_role(draft, status), taught=True), {
        "donor": trainer.chosen("who trains"),
        "recipient": Party(trainee, draft.named.words or "").chosen("who is trained"),
        "status": _status(draft, status),
    }


def _role(draft: Draft, status: str | None) -> Role:
    return replace(draft.role, transfer=True, status=status, cost=_NO_VERB)


def _status(draft: Draft, status: str | None) -> Choice:
    return draft.choice("status").but(status)


def _goes_on(draft: Draft, last: Draft) -> bool:
    """Whether a figure counts the people of the one before it, whom another state trains."""
    return last.role.taught and last.sentence is draft.sentence and last.item == draft.item


def _trained(told: Told, draft: Draft) -> bool:
    """Whether the text says that people are trained, by the figure's verb or by a word near it."""
    # training that is promised is committed
    if draft.status not in (None, "committed", "mobilized"):
        return draft.status == "trained"
    quantity = told.quantity
    around = told.tokens.low[max(0, quantity.first - _NEAR) : noun_end(quantity) + _NEAR]
    return not _WORDS.isdisjoint(around)


def _trainee(told: Told, draft: Draft) -> str | None:
    """Whose people they are: "200 *Ukrainian* pilots", "70 *Ukrainians*", else the recipient's."""
    people = demonyms().get(draft.named.item or "")
    if people is not None:
        return people
    first, end = told.quantity.first, noun_end(told.quantity)
    own = told.sentence.actors.within(first, end)
    if own:
        return own[-1].code
    cue, recipient = told.cue, told.ctx.recipient
    owned = not _ITS.isdisjoint(told.tokens.low[told.quantity.last : end + 1])
    verb = cue is not None and cue.meaning.name == "trained" and cue.first < first
    if not (verb or owned) or recipient is None:
        return None
    if owned:
        return recipient if recipient in told.sentence.codes else None
    leading = told.sentence.actors.before(told.verb) if cue is not None else ()
    others = any(m.acts and m.code != recipient for m in leading)
    own_side = any(m.code == recipient for m in leading)
    return recipient if (others or _we_train(told)) and not own_side else None


def _we_train(told: Told) -> bool:
    """Whether the one who trains is the publisher: "*we* will train another 20,000 soldiers"."""
    return told.ctx.speaker is not None and told.tokens.holds(_WE, 0, told.verb)


def _together(told: Told) -> bool:
    """Whether several train together: "Ukraine's *allies* have trained"."""
    return not groups("donors").isdisjoint(told.tokens.low[max(0, told.verb - 4) : told.verb])


def _trainer(told: Told, trainee: str | None) -> Party | None:
    """Who trains: the subject, who stands behind "by", the country where it is done, the frame."""
    best, weight = None, 0
    for mention in told.actors:
        found = 0 if mention.code == trainee else _weight(told, mention)
        if found > weight:
            best, weight = Party(mention.code, written(told.tokens, mention), found), found
    if best is None and told.ctx.donor not in (None, trainee):
        return Party(told.ctx.donor, "the frame", origin=Origin.FRAME)
    return best


def _weight(told: Told, mention: ActorMention) -> int:
    if attacks_recipient(mention.code, told.ctx) or mention.code in bodies("lender"):
        return 0
    word, _ = word_before(told.tokens, mention.first)
    if word in _BY:
        return 5
    ahead = mention.last <= told.quantity.first
    if ahead and mention.form != "place" and word not in _IN and not says(told.tokens, mention):
        return 4
    return 3 if word in _IN and mention.form in ("name", "place", "government") else 1


def _to_come(told: Told) -> bool:
    """Whether the training is still to come: "*to* train", "allocated money *for* the training"."""
    cue = told.cue
    if cue is None:
        return told.tokens.holds(_FUTURE, 0, told.quantity.first)
    if cue.tense == "future":
        return True
    named = (
        cue.meaning.form == "words" or cue.tense == "gerund"
    ) and cue.last <= told.quantity.first
    return named and (
        _promises(told.sentence) or told.tokens.holds(_FUTURE, 0, told.quantity.first)
    )


@once
def _promises(sentence: Sentence) -> bool:
    return any(c.meaning.name == "pledge" for c in sentence.cues)
