"""price-parser: ``Price.fromstring``, which reads one price from a string."""

from __future__ import annotations

from typing import Any

from adapters.harness import Adapter, Finding, serve


class PriceParser(Adapter):
    packages = ("price-parser",)

    def load(self) -> None:
        from price_parser import Price

        self.read = Price.fromstring

    def find(self, text: str, context: dict[str, Any]) -> Any:
        return self.read(text)

    def describe(self, found: Any, text: str) -> list[Finding]:
        if found.amount is None or not found.amount_text:
            return []
        start = text.find(found.amount_text)
        place = {} if start < 0 else {"start": start, "end": start + len(found.amount_text)}
        return [{**place, "value": float(found.amount), "currency": found.currency}]


if __name__ == "__main__":
    serve(PriceParser())
