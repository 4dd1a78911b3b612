"""The names of those who give, receive or fight, whose codes the ledger holds."""

from __future__ import annotations

from functools import cache

_BODIES = {"WB": "World Bank", "XKX": "Kosovo"}  # what CLDR has no territory for


@cache
def actor_name(code: str) -> str:
    """The English name of an ISO 3166 alpha-3 code, or of EU and UN, as CLDR has it; another code
    is its own name. Of several that are joined by ``+``, all names.

    >>> actor_name("GBR"), actor_name("NATO"), actor_name("DEU+DNK+NLD")
    ('United Kingdom', 'NATO', 'Germany, Denmark and Netherlands')
    """
    if "+" in code:
        *others, last = map(actor_name, code.split("+"))
        return f"{', '.join(others)} and {last}"
    from babel import Locale
    from babel.core import get_global

    short = get_global("territory_aliases").get(code, [code])[0]
    return _BODIES.get(code) or str(Locale("en").territories.get(short, code))
