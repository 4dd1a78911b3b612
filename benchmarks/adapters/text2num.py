"""text2num: ``find_numbers``, which looks for spelled-out numbers among words."""

from __future__ import annotations

import re
from typing import Any

from adapters.harness import Adapter, Finding, serve

WORD = re.compile(r"\w+|[^\w\s]|\s+")


class Word:
    """A word as ``find_numbers`` asks for it."""

    __slots__ = ("end", "start", "word")

    def __init__(self, match: re.Match[str]) -> None:
        self.word = match.group()
        self.start, self.end = match.span()

    def text(self) -> str:
        return self.word

    def nt_separated(self, previous: Word) -> bool:
        return False

    def not_a_number_part(self) -> bool:
        return False


class Text2num(Adapter):
    packages = ("text2num",)

    def load(self) -> None:
        from text_to_num import find_numbers

        self.find_numbers = find_numbers

    def find(self, text: str, context: dict[str, Any]) -> Any:
        words = [Word(match) for match in WORD.finditer(text)]
        return words, self.find_numbers(words, "en", threshold=0)

    def describe(self, found: Any, text: str) -> list[Finding]:
        words, numbers = found
        return [
            {"start": words[number.start].start, "end": words[number.end - 1].end}
            | {"value": number.value}
            for number in numbers
            if not number.is_ordinal
        ]


if __name__ == "__main__":
    serve(Text2num())
