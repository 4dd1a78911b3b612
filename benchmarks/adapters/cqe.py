"""CQE: ``CQE.parse``, one sentence at a time as it was written for."""

from __future__ import annotations

import warnings
from difflib import SequenceMatcher
from typing import Any

from adapters.harness import Adapter, Finding, serve


class Cqe(Adapter):
    packages = ("CQE", "spacy")

    def load(self) -> None:
        warnings.filterwarnings("ignore", message=r"\[W095\]")
        from CQE import CQE

        from adapters.cqe_model import PARSER

        self.parser = PARSER
        self.units = CQE.units_dict
        self.cqe = CQE.CQE(spacy_model="adapters.cqe_model")

    def helpers(self) -> tuple[float, int]:
        parser = getattr(self, "parser", None)
        return (parser.seconds, parser.peak) if parser else (0.0, 0)

    def find(self, text: str, context: dict[str, Any]) -> Any:
        return self.cqe.parse(text)

    def describe(self, found: Any, text: str) -> list[Finding]:
        return [_finding(quantity, self.units, text) for quantity in found]


def _finding(quantity: Any, units: dict[str, Any], text: str) -> Finding:
    number = quantity.value
    unit = quantity.unit.norm_unit
    known = units.get(unit) or units.get(unit.partition(" per ")[0], {})
    ends = (number.lower, number.upper) if hasattr(number, "lower") else (number.value,) * 2
    place = _place(number.span, text)
    return {
        **place,
        "text": text[place["start"] : place["end"]] if place else "",
        "low": ends[0],
        "high": ends[1],
        "change": quantity.change.change,
        "unit": unit,
        "entity": known.get("entity"),
        "currency": known.get("currency_code"),
    }


def _place(tokens: list[Any], text: str) -> Finding:
    """The span of the number's words in ``text``, which CQE has rewritten before it cut words."""
    if not tokens:
        return {}
    first, last = tokens[0], tokens[-1]
    blocks = SequenceMatcher(None, first.doc.text, text, autojunk=False).get_matching_blocks()
    start = _carried(first.idx, blocks)
    end = _carried(last.idx + len(last) - 1, blocks)
    return {} if start is None or end is None or end < start else {"start": start, "end": end + 1}


def _carried(offset: int, blocks: list[Any]) -> int | None:
    return next((b.b + offset - b.a for b in blocks if b.a <= offset < b.a + b.size), None)


if __name__ == "__main__":
    serve(Cqe())
