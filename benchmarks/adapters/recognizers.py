"""Recognizers-Text, Python: numbers, percentages, currencies, dimensions, ages, temperatures."""

from __future__ import annotations

from typing import Any

from adapters.harness import Adapter, Finding, serve


class Recognizers(Adapter):
    packages = ("recognizers-text-suite",)

    def load(self) -> None:
        from recognizers_number import Culture, NumberRecognizer
        from recognizers_number_with_unit import NumberWithUnitRecognizer

        numbers = NumberRecognizer(Culture.English)
        units = NumberWithUnitRecognizer(Culture.English)
        self.models = [
            numbers.get_number_model(),
            numbers.get_percentage_model(),
            units.get_currency_model(),
            units.get_dimension_model(),
            units.get_age_model(),
            units.get_temperature_model(),
        ]

    def find(self, text: str, context: dict[str, Any]) -> Any:
        return [result for model in self.models for result in model.parse(text)]

    def describe(self, found: Any, text: str) -> list[Finding]:
        return [
            {"start": result.start, "end": result.end + 1, "kind": result.type_name}
            | {"value": (result.resolution or {}).get("value")}
            | {"unit": (result.resolution or {}).get("unit")}
            | {"currency": (result.resolution or {}).get("isoCurrency")}
            for result in found
        ]


if __name__ == "__main__":
    serve(Recognizers())
