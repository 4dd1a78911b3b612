"""quantulum3: ``parser.parse``."""

from __future__ import annotations

import warnings
from typing import Any

from adapters.harness import Adapter, Finding, serve


class Quantulum3(Adapter):
    packages = ("quantulum3",)

    def load(self) -> None:
        warnings.filterwarnings("ignore", message="Classifier dependencies not installed")
        from quantulum3 import parser

        self.parse = parser.parse

    def find(self, text: str, context: dict[str, Any]) -> Any:
        return self.parse(text)

    def describe(self, found: Any, text: str) -> list[Finding]:
        return [
            {
                "start": quantity.span[0],
                "end": quantity.span[1],
                "value": quantity.value,
                "uncertainty": quantity.uncertainty,
                "unit": quantity.unit.name,
                "entity": quantity.unit.entity.name,
                "currency": quantity.unit.currency_code,
            }
            for quantity in found
        ]


if __name__ == "__main__":
    serve(Quantulum3())
