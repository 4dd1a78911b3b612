"""How often the forms of a pdf draw each other.

A form is a drawing with a name, and it may draw other forms, and these again others. The library
draws 40 levels deep, whatever that comes to: a form that draws itself twice, or 26 of which each
draws the next twice, take all memory. So the draws are counted here first. Not seen are those of
forms that are encrypted or packed by LZW.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Mapping
from itertools import chain

from extractors.readers.formats.pdf.pdf_filters import filters_of, unpacked

LEVELS = 40  # as deep as the library goes
DRAWS_LIMIT = 50_000  # that come of one form; a map has thousands of symbols, which draw no others
FORM = re.compile(rb"/Subtype\s*/Form\b")
OBJECT = re.compile(rb"(?<!\d)(\d{1,10})\s+\d{1,5}\s+obj\b")
PACKED_OBJECTS = re.compile(rb"/Type\s*/ObjStm\b")
FIRST = re.compile(rb"/First\s+(\d{1,10})")
WHOLE = re.compile(rb"\d{1,10}")
STREAM = re.compile(rb"\bstream\r?\n")
END = b"endstream"
REFERENCE = rb"(\d{1,10})\s+\d{1,5}\s+R\b"
NAME = rb"/([^\s/<>\[\](){}%]+)\s+"
RESOURCES = re.compile(rb"/Resources\s+" + REFERENCE)
DRAWINGS = re.compile(rb"/XObject\s*(?:<<([^>]*)>>|" + REFERENCE + rb")")
NAMED = re.compile(NAME + REFERENCE)
DRAWN = re.compile(NAME + rb"Do\b")

Draws = Mapping[int, int]
"""How often a form draws others, by their numbers."""


def check_forms(data: bytes) -> None:
    """Raises ValueError where the forms of a pdf draw each other more often than any page needs."""
    if not FORM.search(data):
        return
    objects = _Objects(data)
    draws = {form: objects.draws(form) for form in objects.forms}
    of_one = dict.fromkeys(draws, 1)
    for _ in range(LEVELS):
        before = of_one
        of_one = {
            form: 1 + sum(count * before[other] for other, count in drawn.items())
            for form, drawn in draws.items()
        }
        if max(of_one.values(), default=0) > DRAWS_LIMIT:
            raise ValueError(f"a pdf whose forms draw each other more than {DRAWS_LIMIT:,} times")
        if of_one == before:
            return


class _Objects:
    """The objects of a pdf, so far as they tell what its ``forms`` (by their numbers) draw."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        found = [(int(match[1]), match.end(), match.start()) for match in OBJECT.finditer(data)]
        starts = [start for _, start, _ in found]
        ends = [*(before for _, _, before in found[1:]), len(data)]
        self._spans = {n: (start, end) for (n, start, _), end in zip(found, ends, strict=True)}
        self._packed: dict[int, bytes] = {}

        def around(pattern: re.Pattern[bytes]) -> set[int]:
            places = (bisect(starts, match.start()) - 1 for match in pattern.finditer(data))
            return {found[place][0] for place in places if place >= 0}

        for number in around(PACKED_OBJECTS):
            self._unpack(number)
        self.forms = around(FORM)

    def draws(self, form: int) -> Draws:
        """Which other forms a form draws, and how often."""
        named = {name: other for name, other in self._named(form) if other in self.forms}
        if not named:
            return {}
        drawn: Counter[int] = Counter()
        for name in DRAWN.findall(self._content(form)):
            if name in named:
                drawn[named[name]] += 1
        return drawn

    def _named(self, form: int) -> list[tuple[bytes, int]]:
        """The drawings that a form has names for."""
        own = self._dictionary(form)
        resources = [own, *(self._dictionary(int(number)) for number in RESOURCES.findall(own))]
        drawings = chain.from_iterable(map(DRAWINGS.findall, resources))
        inner = (here or self._dictionary(int(number)) for here, number in drawings)
        return [(name, int(number)) for text in inner for name, number in NAMED.findall(text)]

    def _unpack(self, number: int) -> None:
        """Takes in objects that are packed together: first their numbers and places, then they."""
        first = FIRST.search(self._dictionary(number))
        if not first:
            return
        content, start = self._content(number), int(first[1])
        head = [int(written) for written in WHOLE.findall(content[:start])]
        ends = [*head[3::2], len(content)]
        for own, place, end in zip(head[::2], head[1::2], ends, strict=False):
            self._packed[own] = content[start + place : start + end]

    def _dictionary(self, number: int) -> bytes:
        """What an object says, without its stream; nothing where there is no such object."""
        if number in self._packed:
            return self._packed[number]
        start, end = self._spans.get(number, (0, 0))
        stream = STREAM.search(self._data, start, end)
        return self._data[start : stream.start() if stream else end]

    def _content(self, number: int) -> bytes:
        """What the stream of an object unpacks to."""
        start, end = self._spans[number]
        stream = STREAM.search(self._data, start, end)
        if not stream:
            return b""
        until = self._data.find(END, stream.end())
        packed = memoryview(self._data)[stream.end() : until if until >= 0 else len(self._data)]
        return b"".join(unpacked(packed, filters_of(self._dictionary(number))))
