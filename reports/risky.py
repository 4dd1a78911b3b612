"""Texts that a spreadsheet takes for a formula, and the quote that keeps them texts in CSV."""

from __future__ import annotations

import re

# First characters that some spreadsheet may run; the last four are the full-width ones of East
# Asian keyboards.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_FIRST = frozenset((*RISKY, "'"))
_TO_QUOTE = re.compile(rf"'*[{re.escape(''.join(RISKY))}]")
# The quote that :func:`quoted` has put there.
QUOTE = rf"^'(?={_TO_QUOTE.pattern})"


def quoted(text: str) -> str:
    """The text as a CSV cell holds it: one that a spreadsheet would work out opens with a quote.

    So does one that could be taken for a quoted one; leaving out ``QUOTE`` gives the text back.
    """
    return f"'{text}" if text[:1] in _FIRST and _TO_QUOTE.match(text) else text
