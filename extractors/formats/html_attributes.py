"""Tags with more attributes than any tag has: those beyond the limit are dropped.

The parser compares each attribute of a tag with all before it, so that 40,000 take it half a
minute. Tags have some dozen, and hundreds only where a quotation mark within a text has made
attributes of the words behind it, on a page that is worth reading all the same.
"""

from __future__ import annotations

import re

LIMIT = 200
# As a browser cuts them out: a name, and behind an equals sign a value in quotation marks or none.
ATTRIBUTE = r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+"""
ALLOWED = rf"<[a-z][^\s/>]*+(?:{ATTRIBUTE}){{{LIMIT}}}+"
EXCESS = rf"(?:{ATTRIBUTE})++"
COMMENT = r"<!--[^-]*+(?:-(?!->)[^-]*+)*+"
# Elements whose content is not markup, whatever it looks like.
VERBATIM = r"(?P<name>script|style|textarea|title|xmp|iframe|noembed|noframes)"
ELEMENT = rf"<{VERBATIM}\b[^<]*+(?:<(?!/(?P=name))[^<]*+)*+"
MANY = re.compile(ALLOWED + EXCESS, re.I)
PIECE = re.compile(rf"(?P<allowed>{ALLOWED}){EXCESS}|{COMMENT}|{ELEMENT}", re.I)


def without_excess(page: str) -> str:
    """The page in which no tag has more attributes than the limit, and else as it is."""
    return (
        PIECE.sub(lambda found: found["allowed"] or found[0], page) if MANY.search(page) else page
    )
