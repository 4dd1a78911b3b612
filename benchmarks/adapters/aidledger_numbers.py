"""aidledger with ``reader="none"``: numbers and units alone, as the other systems find them."""

from __future__ import annotations

from typing import Any

from adapters.aidledger import Aidledger
from adapters.harness import serve


class AidledgerNumbers(Aidledger):
    def find(self, text: str, context: dict[str, Any]) -> Any:
        return self.extract(text, reader="none")


if __name__ == "__main__":
    serve(AidledgerNumbers())
