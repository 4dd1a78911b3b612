"""Ammunition by the weapon or the calibre that it is for: "75,000 shells *for 155mm guns*"."""

from __future__ import annotations

import re

from extractors.item_phrases import complement
from extractors.items import item_index
from extractors.named import Named
from extractors.quantity import Quantity
from extractors.reading import Sentence
from extractors.tokens import tokenize
from extractors.words import singular, word_set

_CALIBRE = re.compile(r"(\d+)[\s-]*(?:mm|millimet(?:re|er))\b")
_JOINTS = word_set("item", "joints")


def for_weapon(sentence: Sentence, named: Named, last: int) -> Named:
    """Ammunition with the calibre or the designation of the weapon that it is for, where it has
    none of its own: a ``155mm artillery round``, a ``BM-21 Grad round``."""
    entry = named.entry
    if (
        entry is None
        or not entry.munition
        or entry.designation
        or sentence.tokens.at(last) != "for"
    ):
        return named
    weapon = complement(sentence, last + 1)
    if weapon is None:
        return named
    calibre = _CALIBRE.search((weapon.words or "").lower())
    if calibre is not None:
        return _of_calibre(calibre[1], named.head)
    if weapon.entry is None or not weapon.entry.designation:
        return named
    return Named(f"{weapon.item} {named.head}", named.words, entry, rule="<noun> for <designation>")


def before_calibre(sentence: Sentence, quantity: Quantity) -> Named | None:
    """A number and a calibre whose noun stands behind the next ones: "500 *155 mm* and 300 122 mm
    *rounds*"."""
    tokens, joint = sentence.tokens, quantity.after + 2
    calibre = tokens.at(quantity.after)
    if not calibre.isdecimal() or tokens.at(joint - 1) != "mm" or tokens.at(joint) not in _JOINTS:
        return None
    following = sentence.quantities.at(joint + 1)
    noun = following.noun if following is not None else None
    return _of_calibre(calibre, singular(tokens.low[noun[1] - 1])) if noun is not None else None


def _of_calibre(calibre: str, head: str) -> Named:
    """The catalogue's thing of a calibre: "155mm round" is the ``155mm artillery round``."""
    name = f"{calibre}mm {head}"
    known = item_index().at(tokenize(name, 0, len(name)), 0)
    rule = "<calibre> <noun>"
    return Named.thing(known.entry, rule) if known is not None else Named(name, None, rule=rule)
