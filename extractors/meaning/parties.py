"""An actor as one side of a figure: what the donor's, recipient's and owner's rules share.

Every actor of the sentence is weighed by the words around it: "from the US", "to Ukraine", "US
military aid", "Germany's 14 tanks", "5,000 Russian troops", "killed in Kherson". Where a sentence
names nobody, the document's frame does (:mod:`extractors.passage.context`).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from extractors.catalogue import load
from extractors.meaning.choice import Choice
from extractors.mentions.actors import ActorMention
from extractors.mentions.cues import Cue
from extractors.mentions.origin import Origin
from extractors.numbers.quantity import Quantity
from extractors.passage.context import Context
from extractors.passage.sentence import Sentence
from extractors.text.once import once
from extractors.text.tokens import Tokens
from extractors.text.words import noun_list, word_set

TO = word_set("giving", "to")
_JOINED = word_set("giving", "joined")
_AND = word_set("giving", "and")
_DETERMINERS = word_set("giving", "determiners")
_NOT_GIVEN = frozenset(("personnel", "territory", "infrastructure", "other"))
# Actors on either side of a figure that are weighed against each other. No sentence of the releases
# and articles that we know has more; in a list without a full stop each would be weighed anew for
# each figure.
_WEIGHED = 40
_REACH_OF_PURPOSE, _REACH_OF_ITEM, _REACH_OF_NOUN = 5, 3, 2  # words from an actor to its aid


GAPPED = "<verb> <n>, <actor> <n>"  # the rule of an actor whose clause has no verb of its own


@dataclass(frozen=True, slots=True)
class Party:
    """A code, or None, with the words that decided it and how strongly they say so."""

    code: str | None
    cue: str
    weight: int = 0
    origin: Origin = Origin.WORDS
    gapped: bool = False  # in the place of another clause's actor: "gives 4, *Spain* 6"

    def chosen(self, rule: str) -> Choice:
        """The choice of it for a field; without a word it is nobody's."""
        rule = GAPPED if self.gapped else rule
        return Choice(self.code, self.cue, rule, self.origin if self.cue else Origin.NOBODY)


NOBODY = Party(None, "")


@dataclass(frozen=True, slots=True)
class Told:
    """A figure with its sentence, the cue that decides over it, and its document."""

    sentence: Sentence
    tokens: Tokens  # of the sentence
    quantity: Quantity
    cue: Cue | None
    ctx: Context

    @property
    def verb(self) -> int:
        """Where the subject ends: the deciding cue, else the figure."""
        return self.cue.first if self.cue is not None else self.quantity.first

    def leads(self, mention: ActorMention) -> bool:
        """Whether an actor stands before the deciding cue."""
        return self.cue is not None and mention.last <= self.cue.first

    def distance(self, mention: ActorMention) -> int:
        """The words between an actor and the figure, on either side."""
        if mention.first >= self.quantity.last:
            return mention.first - self.quantity.after
        return self.quantity.first - mention.last

    @property
    def actors(self) -> Sequence[ActorMention]:
        """The actors of the sentence, of a list without end those near the figure."""
        quantity = self.quantity
        return self.sentence.actors.nearest(quantity.first, quantity.last, _WEIGHED)

    def heaviest(self, weight: Callable[[ActorMention], int]) -> Party:
        """The actor that has the greatest weight, the first of equals; nobody below 1."""
        best = NOBODY
        for mention in self.actors:
            found = weight(mention)
            if found > best.weight:
                best = Party(mention.code, written(self.tokens, mention), found)
        return best


@cache
def bodies(*kinds: str) -> frozenset[str]:
    """The bodies of countries of some kinds (``body`` in ``catalogue/actors.toml``)."""
    actors = ((code, actor) for code, actor in load("actors").items() if code != "not_actors")
    return frozenset(code for code, actor in actors if actor.get("body") in kinds)


@cache
def groups(*names: str) -> frozenset[str]:
    """Words for ``donors``, ``receivers`` or ``members`` together, no single state."""
    return frozenset(word for name in names for word in load("context")["groups"][name])


def written(tokens: Tokens, mention: ActorMention) -> str:
    """An actor as written, with the word before it."""
    return " ".join(tokens.raw[max(0, mention.first - 1) : mention.last])


@once
def word_before(tokens: Tokens, first: int) -> tuple[str, int]:
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


@dataclass(frozen=True, slots=True)
class Chain:
    """Actors joined by commas and "and": "Denmark, Norway *and* Germany".

    ``ends``: with how many of them the list may end, those behind an "and".
    """

    actors: tuple[ActorMention, ...]
    ends: tuple[int, ...]


def chains(tokens: Tokens, actors: Iterable[ActorMention], among: Container[int]) -> list[Chain]:
    """The lists of actors of a sentence of more than one code.

    ``among``: the first tokens of those that may stand in them.
    """
    out: list[Chain] = []
    chain: list[ActorMention] = []
    codes: set[str] = set()
    ends: list[int] = []
    for mention in actors:
        joint = tokens.low[chain[-1].last : mention.first] if chain else ()
        if not joint or mention.first not in among or not _JOINED.issuperset(joint):
            if ends:
                out.append(Chain(tuple(chain), tuple(ends)))
            chain = [mention] if mention.first in among else []
            codes, ends = {m.code for m in chain}, []
            continue
        chain.append(mention)
        codes.add(mention.code)
        if not _AND.isdisjoint(joint) and len(codes) > 1:
            ends.append(len(chain))
    if ends:
        out.append(Chain(tuple(chain), tuple(ends)))
    return out


@once
def in_amount(sentence: Sentence, first: int) -> bool:
    """Whether the word of an actor at a token belongs to a currency ("*US* dollars")."""
    quantity = sentence.quantities.over(first)
    return quantity is not None and quantity.dimension == "money"


@once
def aid_follows(sentence: Sentence, j: int) -> bool:
    """Whether a word for aid or materiel stands within a few words behind token j."""
    return (
        any(m.entry.transfer for m in sentence.purposes.within(j, j + _REACH_OF_PURPOSE + 1))
        or any(
            m.entry.category not in _NOT_GIVEN
            for m in sentence.items.within(j, j + _REACH_OF_ITEM + 1)
        )
        or any(
            c.meaning.kind == "transfer" and c.tense == "noun"
            for c in sentence.cues.within(j, j + _REACH_OF_NOUN + 1)
        )
    )
