"""A passage in other words: a country or an item put in another's place wherever it is named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pairing import Span

from extractors.catalogue import load
from extractors.mentions.actors import ActorMention
from extractors.mentions.items import Item
from extractors.passage.context import Context
from extractors.passage.found import found_in
from extractors.passage.sentence import Sentence
from extractors.text.lexicon import Mention
from extractors.text.words import singular
from ledger.figure import Source, make_source

NAME, ATTRIBUTE, ADJECTIVE = "name", "attribute", "adjective"
PEOPLE, PERSON, CAPITAL, BODY = "people", "person", "capital", "body"

# Whose first word for the government is no capital.
_NO_CAPITAL = frozenset(("BEL", "ESH", "VAT"))
# What the bodies of a government are in any country.
_BODIES = {
    "parliament": r"Congress|(?:.* )?Senate|House(?: of .*)?|Bundestag|(?:Verkhovna )?Rada|Sejm"
    r"|Knesset|(?:State )?Duma|Riigikogu|Riksdag|Storting|Folketing|Eduskunta|Saeima|Seimas"
    r"|Tweede Kamer|.*Parliament",
    "defence ministry": r"Pentagon|DOD|DoD|.*(?:Department|Ministry) of Defen[cs]e|.*Mo[Dd]|.*MOD"
    r"|Defen[cs]e Department",
    "foreign ministry": r"State Department|.*Department of State|Foreign Office|FCDO"
    r"|.*Ministry of Foreign Affairs",
    "government": r"White House|Kremlin|Downing Street|.*[Aa]dministration|Matignon",
    "armed forces": r".*Armed Forces.*|Bundeswehr",
}
_ABBREVIATED = 4  # letters of "US" or "U.S.", which is an adjective where "Ukraine" stays a name
_SHOUTED = 4  # letters from which capitals are a headline's: "NORWAY"
_WITH_ARTICLE = re.compile(
    r"(?:United|European|International|World|Democratic|Republic) .*|.* (?:Islands|Republic)"
    r"|Netherlands|Philippines|Bahamas|Comoros|Gambia|Maldives|Seychelles|Vatican|G7"
)
# A word behind "an": by its first vowel, or spelled by a letter that begins with one (M777, F-16).
_AN = re.compile(r"(?!Eu|EU)[AEIOaeio]|Uzbek|[FHLMNRSX](?![A-Za-z]{2})(?![a-z])")
_NO_PEOPLE = re.compile(r"Republicans|Democrats|[a-z].*")  # "occupying forces"
_HYPHEN = re.compile(r"-[a-z]+$")
_BREAK = frozenset("\"'([-\u2013\u2014\u2022")


class LeftOutError(Exception):
    """A passage cannot be put in other words; says why."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What stands instead of a stretch of text."""

    start: int
    end: int
    new: str


def edited(text: str, edits: Iterable[Edit]) -> str:
    """A text with all edits made."""
    pieces, done = [], 0
    for edit in sorted(edits, key=lambda e: e.start):
        pieces += [text[done : edit.start], edit.new]
        done = edit.end
    return "".join((*pieces, text[done:]))


def moved(span: Span, edits: Iterable[Edit]) -> Span:
    """Where a stretch that no edit touches stands after all edits."""
    by = sum(len(e.new) - (e.end - e.start) for e in edits if e.end <= span[0])
    return span[0] + by, span[1] + by


class Passage:
    """A text with what the catalogue finds in it and in its title. Its url is left aside."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.context = Context(source)

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Passage:
        """A coded passage."""
        text, day, title = row["text"], row.get("published"), row.get("title") or None
        return cls(make_source(text, published=day, title=title, source_id=row["id"]))

    @cached_property
    def sentences(self) -> list[Sentence]:
        """Its sentences; the title is not among them."""
        ctx = self.context
        blocks = range(len(ctx.spans))
        return [ctx.sentence(k, n) for k in blocks for n in range(len(ctx.block(k).sentences))]

    @cached_property
    def figures(self) -> list[tuple[Span, str]]:
        """Where its figures stand, and their units."""
        found = found_in(self.context)
        quantities = [(f.sentence, f.quantity) for f in found]
        return [(place(s, q.first, q.last), q.unit) for s, q in quantities]

    @property
    def numbers(self) -> list[Span]:
        """Where its figures stand."""
        return [span for span, _ in self.figures]

    @cached_property
    def named(self) -> list[Named]:
        """Where it names countries, not in the words of an amount: "*US*$5 million"."""
        found = [Named(s, m) for s in self._with_title() for m in s.actors]
        return [n for n in found if not n.is_currency and (n.in_title(self) or self.bare(n.span))]

    @cached_property
    def items(self) -> list[tuple[Sentence, Mention[Item]]]:
        """Where it names an item of the catalogue."""
        return [(s, m) for s in self._with_title() for m in s.items]

    def _with_title(self) -> list[Sentence]:
        title = self.context.title
        return [*self.sentences, *([title] if title is not None else [])]

    def bare(self, span: Span) -> bool:
        """Whether a stretch of the text belongs to no figure."""
        return not any(_meet(span, number) for number in self.numbers)


@dataclass(frozen=True, slots=True)
class Named:
    """A country where a sentence names it."""

    sentence: Sentence
    mention: ActorMention

    @property
    def code(self) -> str:
        """Whose name it is."""
        return self.mention.code

    @property
    def span(self) -> Span:
        """Its place in the text, or in the title."""
        return place(self.sentence, self.mention.first, self.mention.last)

    @property
    def written(self) -> str:
        """Its words."""
        return " ".join(self.sentence.written(self.mention.first, self.mention.last).split())

    def in_title(self, passage: Passage) -> bool:
        """Whether it stands in the title of a passage."""
        return self.sentence is passage.context.title

    @property
    def is_currency(self) -> bool:
        """Whether it only says whose dollars are meant: "*US*$"."""
        return self.sentence.tokens.at(self.mention.last) == "$"

    @property
    def kind(self) -> str | None:
        """As what it names its country; None for leaders, places and most bodies of a government,
        which have no counterpart elsewhere."""
        words, forms = self.written, load("actors").get(self.code, {})
        if _among(words, forms.get("names", ())):
            return self._kind_of_name()
        if _among(words, (*forms.get("adjectives", ()), *forms.get("people", ()))):
            return self._kind_of_demonym(forms.get("people", ()))
        if words.lower() == (capital_of(self.code) or "").lower():
            return CAPITAL
        if body_of(words) is not None:
            return BODY
        return NAME if self.mention.form == "name" else None

    def _kind_of_demonym(self, people: Sequence[str]) -> str | None:
        """``Ukrainian aid``, ``Ukrainians``, ``a Ukrainian``, ``the Dutch``; None where it may be
        more than one of them: ``the Dutch pay``."""
        words, is_people = self.written, self.mention.form == "people"
        if words in people and words + "s" not in people and not words.endswith(("s", "men")):
            the = self.sentence.tokens.at(self.mention.first - 1) == "the"
            return None if the != is_people else PEOPLE if the else ADJECTIVE
        if is_people and _NO_PEOPLE.fullmatch(words):
            return None
        if not is_people:
            return ADJECTIVE
        return PEOPLE if words.endswith(("s", "men")) else PERSON

    def _kind_of_name(self) -> str:
        """``US aid`` is American aid, but ``Ukraine aid`` is not Ukrainian aid."""
        if self.mention.form not in ("adjective", "place"):
            return NAME
        short = self.written.isupper() and len(self.written.replace(".", "")) <= _ABBREVIATED
        return ADJECTIVE if short else ATTRIBUTE


def _among(words: str, forms: Sequence[str]) -> bool:
    return words in forms or (_is_shouted(words) and words in [form.upper() for form in forms])


def _is_shouted(words: str) -> bool:
    return words.isupper() and len(words) >= _SHOUTED


def place(sentence: Sentence, first: int, last: int) -> Span:
    """The place of a sentence's tokens ``first`` to ``last`` (exclusive) in the document."""
    tokens = sentence.tokens
    return sentence.block.span(tokens.start[first], tokens.end[last - 1])


def capital_of(code: str) -> str | None:
    """The first of the catalogue's words for a government, where it is a capital."""
    actor = load("actors").get(code, {})
    if code in _NO_CAPITAL or actor.get("body", "union") != "union":
        return None
    return next(iter(actor.get("government", ())), None)


def surfaces_of(code: str) -> list[str]:
    """Every form in which a country may be put in another's place."""
    actor = load("actors").get(code, {})
    listed = (actor.get(form, ()) for form in ("names", "adjectives", "people"))
    return [*(s for forms in listed for s in forms), *filter(None, [capital_of(code)])]


def body_of(words: str) -> str | None:
    """What a body of a government is, where every country has one."""
    return next((b for b, names in _BODIES.items() if re.fullmatch(names, words)), None)


def form_of(code: str, kind: str, instead_of: str) -> str:
    """The catalogue's form of a country for words of a kind. Raises LeftOutError for none."""
    actor = load("actors").get(code, {})
    names, adjectives = actor.get("names", [])[:1], actor.get("adjectives", [])[:1]
    people = actor.get("people", [])
    hyphened = _HYPHEN.search(instead_of)
    forms = {
        NAME: names,
        ATTRIBUTE: [name for name in names if not with_article(name)],
        ADJECTIVE: [a + (hyphened[0] if hyphened else "") for a in adjectives],
        PEOPLE: [p for p in people if p.endswith("s")][:1],
        # "a Ukrainian" and "was Ukrainian" look alike: only where the other's words do so too
        PERSON: [p for p in people[:1] if p in adjectives],
        CAPITAL: list(filter(None, [capital_of(code)])),
        BODY: [f"{adjective} {body_of(instead_of)}" for adjective in adjectives],
    }[kind]
    if not forms:
        raise LeftOutError(f"no such form: {kind}")
    found: str = forms[0]
    return found


def with_article(name: str) -> bool:
    """Whether a country's name has a *the*."""
    return _WITH_ARTICLE.fullmatch(name) is not None


def reworded(passage: Passage, codes: Mapping[str, str]) -> Reworded:
    """A passage with countries in the places of others. Raises LeftOutError where that fails."""
    edits: tuple[list[Edit], list[Edit]] = ([], [])
    for named in passage.named:
        code = codes.get(named.code)
        if code is not None:
            edits[named.in_title(passage)].extend(_edits_of(named, code, named.in_title(passage)))
    return Reworded.of(passage, *edits)


@dataclass(frozen=True, slots=True)
class Reworded:
    """A source in other words, with what was done to its text."""

    source: Source
    edits: tuple[Edit, ...]

    @classmethod
    def of(cls, passage: Passage, edits: Sequence[Edit], of_title: Sequence[Edit]) -> Reworded:
        """A passage with edits made in its text and in its title. Raises LeftOutError where its
        numbers mean something else then: kroner in Norway."""
        old = passage.source
        title = edited(old.title, of_title) if old.title else None
        text = edited(old.text, edits)
        source = make_source(text, published=old.published, title=title, source_id=old.source_id)
        if Passage(source).figures != [(moved(s, edits), unit) for s, unit in passage.figures]:
            raise LeftOutError("other numbers or units")
        return cls(source, tuple(edits))


def _edits_of(named: Named, code: str, in_title: bool) -> Iterator[Edit]:
    """A name, its article and its possessive ending."""
    kind, words = named.kind, named.written
    if kind is None:
        raise LeftOutError(f"no counterpart: {named.mention.form}")
    form = form_of(code, kind, words)
    before = named.sentence.tokens.at(named.mention.first - 1)
    start, end = named.span
    wants = kind == BODY or (kind == NAME and with_article(form))
    if kind == BODY and _has_owner(named):
        form, wants = str(body_of(words)), False
    own = words[:4] if kind in (NAME, BODY) and words.lower().startswith("the ") else ""
    if kind == NAME and before == "the" and not wants:
        start = place(named.sentence, named.mention.first - 1, named.mention.last)[0]
    elif wants and before != "the" and not (in_title and not own):
        form = (own or ("The " if _opens(named) else "the ")) + form
    if before in ("a", "an"):
        yield article_before(named.sentence, named.mention.first, form)
    shouted = _is_shouted(words) and words not in surfaces_of(named.code) and kind != BODY
    yield Edit(start, end, form.upper() if shouted else form)
    if named.mention.owns:
        yield from _possessive(named, form)


def _has_owner(named: Named) -> bool:
    """Whether a country stands before a body of its government: "the *US* Congress"."""
    tokens, first = named.sentence.tokens, named.mention.first
    last = first - 1 if tokens.at(first - 1) in ("'s", "'") else first
    return any(m.last == last and m.code == named.code for m in named.sentence.actors)


def _opens(named: Named) -> bool:
    """Whether a name opens its sentence."""
    return all(word in _BREAK for word in named.sentence.tokens.low[: named.mention.first])


def article_before(sentence: Sentence, first: int, form: str) -> Edit:
    """*A* or *an* before token ``first``, as it must be before a form."""
    old = sentence.tokens.raw[first - 1]
    new = "an" if _AN.match(form) else "a"
    return Edit(*place(sentence, first - 1, first), new.capitalize() if old[0] == "A" else new)


def _possessive(named: Named, form: str) -> Iterator[Edit]:
    """``Ukraine's`` but ``the United States'``."""
    last = named.mention.last
    start, end = place(named.sentence, last, last + 1)
    short = named.sentence.tokens.at(last) == "'"
    if not short and form.endswith("s"):
        yield Edit(start + 1, end, "")
    elif short and named.written.endswith("s") and not form.endswith("s"):
        yield Edit(end, end, "s")


def names_of_item(item: Item) -> list[str]:
    """Every name of an item in the catalogue."""
    row = load("materiel")[item.category][item.name]
    return [item.name, *row.get("also", ()), *row.get("plural", ())]


def reworded_item(passage: Passage, old: Item, new: Item) -> Reworded:
    """A passage with one item in the place of another. Raises LeftOutError where that fails."""
    edits: tuple[list[Edit], list[Edit]] = ([], [])
    for sentence, mention in passage.items:
        if mention.entry == old:
            in_title = sentence is passage.context.title
            span = place(sentence, mention.first, mention.last)
            if _is_part(passage, sentence, span):
                raise LeftOutError("part of a number or of a longer name")
            edits[in_title].extend(_item_edits(sentence, mention, new, span))
    return Reworded.of(passage, *edits)


def _is_part(passage: Passage, sentence: Sentence, span: Span) -> bool:
    """Whether an item's name is part of a number, holds a country's ("*Iranian* drone"), or is part
    of a longer name ("*F-16*A/B")."""
    in_title = sentence is passage.context.title
    text = (passage.source.title or "") if in_title else passage.source.text
    behind = text[span[1] : span[1] + 1]
    owned = any(n.sentence is sentence and _meet(n.span, span) for n in passage.named)
    return owned or behind.isalnum() or behind == "/" or not (in_title or passage.bare(span))


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _item_edits(
    sentence: Sentence, mention: Mention[Item], new: Item, span: Span
) -> Iterator[Edit]:
    form = new.name
    if sentence.tokens.at(mention.first - 1) in ("a", "an"):
        yield article_before(sentence, mention.first, form)
    written = sentence.written(mention.first, mention.last)
    yield Edit(*span, form + "s" if is_plural_of(mention.entry, written) else form)


def is_plural_of(item: Item, written: str) -> bool:
    """Whether words are an item's name with a plural ending, and no name of it as they stand."""
    names = {_joined(name) for name in names_of_item(item)}
    last = written.split()[-1].lower()
    return _joined(written) not in names and singular(last) != last


def _joined(name: str) -> str:
    return re.sub(r"[\s-]+", "", name).lower()
