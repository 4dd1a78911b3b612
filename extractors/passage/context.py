"""What a document's frame says before its sentences do: who speaks, of whom, and since when.

A title and a front matter are context and never hold a figure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache, cached_property

from extractors.catalogue import load
from extractors.languages.paragraphs import in_sentences, words_of
from extractors.languages.tongue import Tongue, tongue_of
from extractors.mentions.date_frame import DateFrame, writes_day_first
from extractors.mentions.iso_dates import parse_day
from extractors.mentions.purposes import Purpose, by_letter
from extractors.mentions.written_dates import published_on
from extractors.numbers.currencies import Home, home_of
from extractors.passage.sentence import Sentence
from extractors.passage.stated_once import Head, heads_title, is_row
from extractors.text.document import Block, blocks_of, read_block, wrapped_at
from extractors.text.language import foreign_language
from extractors.text.words import is_plural, singular, word_set
from ledger.figure import Source

_HEAD = 3000
_COLON = frozenset((":",))
_LONGEST_TABLE = 200  # rows below one head
_TITLE_WEIGHT = 3
_BLOCKED = 3  # words from an actor to the verb by which it stops aid: "Hungary *blocks*"


@cache
def only_receivers() -> frozenset[str]:
    """The usual recipients of aid that give none."""
    data = load("context")
    return frozenset(data["recipients"]) - frozenset(data["givers_too"])


def _counts(row: Sentence) -> bool:
    """Whether a row names things before a colon, and no donors and no sums of money."""
    paid = word_set("ellipsis", "money") | word_set("stated_once", "payers")
    colon = row.tokens.last_place(_COLON, len(row.tokens))
    return any(
        is_plural(row.tokens.low[k])
        and singular(row.tokens.low[k]) not in paid
        and row.actors.over(k) is None
        for k in range(colon)
    )


class Context:
    """A document with what its title, its publisher and its first lines tell."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.published_on = published_on(source.published)
        self.published: date | None = parse_day(self.published_on)
        self.spans = blocks_of(source.text)
        self._width = wrapped_at(source.text)
        self._blocks: dict[int, Block] = {}
        self._heads: dict[tuple[int, int], Head | None] = {}
        self._sentences: dict[tuple[int, int], Sentence] = {}
        self._before: dict[int, int] = {}

    @cached_property
    def tongue(self) -> Tongue | None:
        """Its language, if that is not English and its numbers are read; else None."""
        return tongue_of(foreign_language(self.source.text))

    def block(self, k: int) -> Block:
        """The k-th paragraph, read when it is first asked for."""
        block = self._blocks.get(k)
        if block is None:
            start, end = self.spans[k]
            block = read_block(self.source.text, start, end, self._width)
            if self.tongue is not None:
                block = in_sentences(block, self.tongue)
            self._blocks[k] = block
        return block

    def sentence(self, k: int, number: int) -> Sentence:
        """One sentence of the k-th paragraph."""
        found = self._sentences.get((k, number))
        if found is None:
            found = Sentence(self.block(k), number, self.dates, self.home)
            found.elsewhere = self._named
            if self.tongue is not None:
                found.tokens = words_of(found.block.plain, found.start, found.end, self.tongue)
            self._sentences[k, number] = found
        return found

    @cached_property
    def dates(self) -> DateFrame:
        """What its dates are resolved against."""
        return DateFrame(self.published, lambda: self._day_first, lambda: self.is_record)

    @cached_property
    def _day_first(self) -> bool | None:
        return writes_day_first(self.source.text)

    def _named(self) -> list[str]:
        """The countries that the document names, the most usual first."""
        return [code for code, _ in self.mentioned.most_common()]

    def head_above(self, k: int, number: int) -> Head | None:
        """What the nearest head above a row states; None in prose and where no head stands.

        The title's holds for no row that counts things: ``Refugees: 40``.
        """
        head = self._head_above(k, number)
        if head is not None and head is self._titles_head and _counts(self.sentence(k, number)):
            return None
        return head

    @cached_property
    def _titles_head(self) -> Head | None:
        """What the title states for the rows of a table."""
        stated = self.title.states if self.title is not None else None
        if self.title is None or stated is None or not heads_title(self.title.tokens, stated[1]):
            return None
        return stated[0]

    def _head_above(self, k: int, number: int) -> Head | None:
        path: list[tuple[int, int]] = []
        head: Head | None = None
        while is_row(self.sentence(k, number).tokens) and len(path) < _LONGEST_TABLE:
            if (k, number) in self._heads:
                head = self._heads[k, number]
                break
            path.append((k, number))
            number -= 1
            while number < 0 <= k:
                k -= 1
                number = len(self.block(k).sentences) - 1 if k >= 0 else -1
            if k < 0:
                head = self._titles_head
                break
            stated = self.sentence(k, number).states
            if stated is not None:
                head = stated[0]
                break
        self._heads.update(dict.fromkeys(path, head))
        return head

    def before(self, k: int, number: int, reach: int = 4) -> Iterator[Sentence]:
        """The sentences before one, the nearest first, across paragraphs."""
        while reach:
            number -= 1
            if number < 0:
                k = self._told_before(k)
                if k < 0:
                    return
                number = len(self.block(k).sentences) - 1
            yield self.sentence(k, number)
            reach -= 1

    def _told_before(self, k: int) -> int:
        """The last paragraph before the k-th that has sentences, -1 where none has."""
        found = self._before.get(k)
        if found is None:
            found = k - 1
            while found >= 0 and not self.block(found).sentences:
                found -= 1
            self._before[k] = found
        return found

    def around(self, k: int, number: int, behind: int = 2) -> Iterator[Sentence]:
        """A sentence and up to ``behind`` more on either side of it: first itself and those that
        follow, also in the next paragraphs, up to an empty one, then :meth:`before`.
        """
        block, at = k, number
        for _ in range(behind + 1):
            if at >= len(self.block(block).sentences):
                block, at = block + 1, 0
                if block >= len(self.spans) or not self.block(block).sentences:
                    break
            yield self.sentence(block, at)
            at += 1
        yield from self.before(k, number, behind)

    @cached_property
    def title(self) -> Sentence | None:
        """The title as a sentence."""
        title = self.source.title
        if not title or not title.strip():
            return None
        block = read_block(title.replace("_", " "), 0, len(title), 0)
        return Sentence(block, 0, DateFrame(self.published), Home()) if block.sentences else None

    @cached_property
    def record(self) -> tuple[str | None, Purpose | None]:
        """Donor and kind of aid of a tracker's record title ("Norway (NOH4)"), if it is one."""
        match = re.match(load("context")["records"]["pattern"], self.source.title or "")
        if match is None or self.title is None:
            return None, None
        actors = self.title.actors
        return (actors[0].code if actors else None), by_letter().get(match["letter"])

    @property
    def is_record(self) -> bool:
        """Whether the document is one record of a tracker, all of it about one donor's aid."""
        return self.record[0] is not None

    @cached_property
    def speaker(self) -> str | None:
        """The country for which the publisher speaks ("we"), None for a newspaper."""
        host = (self.source.url or "").partition("://")[2].partition("/")[0].lower()
        for ending, code in load("context")["hosts"].items():
            if host == ending or host.endswith(ending if ending[0] == "." else f".{ending}"):
                return str(code)
        return None

    @cached_property
    def mentioned(self) -> Counter[str]:
        """How often the title and the first lines name each country or body."""
        seen: Counter[str] = Counter()
        if self.title is not None:
            seen.update({m.code: _TITLE_WEIGHT for m in self.title.actors})
        for k, (start, _) in enumerate(self.spans):
            if start > _HEAD:
                break
            for number in range(min(20, len(self.block(k).sentences))):
                seen.update(m.code for m in self.sentence(k, number).actors)
        return seen

    @cached_property
    def countries(self) -> frozenset[str]:
        """The countries and bodies that the title and the first lines name."""
        return frozenset(self.mentioned)

    @cached_property
    def home(self) -> Home:
        """What a bare currency sign means here."""
        country = self.record[0] or self.speaker
        text = f"{self.source.title or ''}\n{self.source.text}"
        return home_of(self.source.url, country, text)

    @cached_property
    def donor(self) -> str | None:
        """The donor where a sentence names none: the record's, the one who speaks, the title's."""
        if self.record[0] or self.speaker:
            return self.record[0] or self.speaker
        opponents = load("context")["opponents"]
        for mention in self.title.actors if self.title is not None else ():
            fights = opponents.get(mention.code) == self.recipient
            gives = not fights and not self._stops(mention.last)
            if mention.form != "place" and mention.code != self.recipient and gives:
                return mention.code
        return None

    def _stops(self, last: int) -> bool:
        """Whether the title says behind token ``last`` that one stops aid: "Hungary *blocks*"."""
        behind = self.title.tokens.low[last : last + _BLOCKED] if self.title is not None else ()
        return not word_set("giving", "blocks").isdisjoint(behind)

    @cached_property
    def recipient(self) -> str | None:
        """The recipient where a sentence names none: the first usual one that the text names.

        One that the title names comes first.
        """
        donor = self.record[0] or self.speaker
        usual = [c for c in load("context")["recipients"] if c in self.countries and c != donor]
        titled = self.title.codes if self.title is not None else frozenset()
        found = next((c for c in usual if c in titled), None) or next(iter(usual), None)
        if found is not None:
            return str(found)
        return str(load("context")["recipients"][0]) if self.is_record else None
