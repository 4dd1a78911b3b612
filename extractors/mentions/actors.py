"""Countries and bodies in a text: names, demonyms, capitals, ministries, leaders, places.

Words stand in ``catalogue/actors.toml`` and ``catalogue/places.toml``; official country names come
from pycountry. Codes are ISO 3166 alpha-3, or EU, NATO, IMF, WB, UN, G7.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from extractors.catalogue import load
from extractors.mentions.cue_words import cue_index
from extractors.text.lexicon import Index
from extractors.text.tokens import Tokens
from extractors.text.words import word_set

_FORMS = ("names", "government", "leaders", "people", "adjectives")
_VENUES = ("name", "government", "place")  # forms of actors where people meet
_OFFICIAL = ("name", "official_name", "common_name")


@dataclass(frozen=True, slots=True)
class Actor:
    """A surface's meaning: whose it is, and as what it names it.

    ``form``: ``name``, ``government``, ``leader``, ``people``, ``adjective`` or ``place``;
    ``venue`` where people only meet ("talks in Istanbul").
    """

    code: str
    form: str


@dataclass(frozen=True, slots=True)
class ActorMention:
    """An actor named at tokens ``first`` to ``last`` (exclusive); ``owns``: an 's follows."""

    first: int
    last: int
    code: str
    form: str
    owns: bool

    @property
    def acts(self) -> bool:
        """Whether the mention can do something: a state, a government or a leader, not a place."""
        return self.form in ("name", "government", "leader", "people")


@cache
def actor_index() -> Index[Actor | None]:
    """All surfaces of actors and places; None for names that hold an actor's word and mean none."""
    index: Index[Actor | None] = Index()
    rows: dict[str, Actor | None] = {}
    import pycountry

    for country in pycountry.countries:
        for field in _OFFICIAL:
            name = getattr(country, field, None)
            if name and "," not in name:
                rows.setdefault(name, Actor(country.alpha_3, "name"))
    for code, places in load("places").items():
        for kind in ("regions", "cities", "other"):
            rows.update({p: Actor(code, "place") for p in places.get(kind, [])})
    data = dict(load("actors"))
    nobody = data.pop("not_actors")
    for code, actor in data.items():
        for form in reversed(_FORMS):
            singular = {"names": "name", "leaders": "leader", "adjectives": "adjective"}.get(
                form, form
            )
            rows.update({s: Actor(code, singular) for s in actor.get(form, [])})
    rows.update(dict.fromkeys(nobody))
    for surface, actor in rows.items():
        index.add(surface, actor, cased=True)
    index.sort()
    return index


@cache
def adjectives() -> frozenset[str]:
    """Surfaces that can stand before a noun, in lower case."""
    data = load("actors")
    return frozenset(
        s.lower()
        for c, actor in data.items()
        if c != "not_actors"
        for s in actor.get("adjectives", [])
    )


def find_actors(tokens: Tokens) -> tuple[ActorMention, ...]:
    """All actors and places of a sentence, from left to right."""
    out = []
    n = len(tokens)
    for mention in actor_index().find(tokens):
        actor = mention.entry
        if actor is None:
            continue
        form, first, last = actor.form, mention.first, mention.last
        if tokens.at(last) == "-" and tokens.at(last + 1) in word_set("actor", "labels"):
            continue
        if form != "leader" and tokens.at(last) in word_set("actor", "meetings"):
            form = "place"
        elif form in ("name", "people") and _stands_before_noun(tokens, first, last, form):
            form = "adjective"
        elif form in _VENUES and _hosts_meeting(tokens, first):
            form = "venue"
        if form == "adjective" and _names_organisation(tokens, last):
            continue
        owns = last < n and tokens.low[last] in ("'s", "'") and tokens.glued(last)
        out.append(ActorMention(first, last, actor.code, form, owns))
    return tuple(out)


def _hosts_meeting(tokens: Tokens, first: int) -> bool:
    """Whether an actor is the place of a meeting told before it: "*talks* in Istanbul"."""
    return tokens.at(first - 1) == "in" and tokens.at(first - 2) in word_set("actor", "meetings")


def _names_organisation(tokens: Tokens, j: int) -> bool:
    """Whether a demonym opens the name of a private body: "the Danish *Refugee Council*"."""
    return f"{tokens.at(j)} {tokens.at(j + 1)}" in word_set("actor", "organisations")


def _stands_before_noun(tokens: Tokens, first: int, last: int, form: str) -> bool:
    """Whether a demonym qualifies the noun behind it ("American troops", "US-made").

    A name does not where a verb follows ("Latvia *offered*", "US *vows*"); a people may do so even
    then ("Russian *captured* tanks").
    """
    written = " ".join(tokens.low[first:last])
    if written not in adjectives() or last >= len(tokens):
        return False
    follower = tokens.low[last]
    if follower == "-":
        return True
    if not follower[0].isalpha() or follower in word_set("actor", "after_a_name"):
        return False
    return form == "people" or not _is_verb(tokens, last)


def _is_verb(tokens: Tokens, j: int) -> bool:
    """Whether a cue's verb stands at token j with an ending that no noun of the catalogue has."""
    cue = cue_index().at(tokens, j)
    finite = cue is not None and any(meaning.form in ("s", "past") for meaning in cue.entry)
    return finite and tokens.low[j] not in load("cues")["lookalikes"]["words"]
