"""aidledger: ``extract`` with all of its fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.harness import Adapter, Finding, serve


class Aidledger(Adapter):
    packages = ("aidledger",)

    def load(self) -> None:
        from extractors.pipeline import extract
        from ledger.figure import to_record

        self.extract: Callable[..., Any] = extract
        self.to_record: Callable[[Any], Finding] = to_record

    def find(self, text: str, context: dict[str, Any]) -> Any:
        return self.extract(
            text, published=context.get("published"), title=context.get("title") or None
        )

    def describe(self, found: Any, text: str) -> list[Finding]:
        return [self.to_record(figure) for figure in found]


if __name__ == "__main__":
    serve(Aidledger())
