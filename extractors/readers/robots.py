"""What a robots.txt says to a visitor, as RFC 9309 reads it.

The standard library's parser knows no ``*`` and ``$`` in a path, takes the first rule that matches
instead of the longest, and loses the rules of a group with an empty line in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

ANYONE = "*"
NAME = re.compile(r"[a-z_-]+|\*", re.I)  # of a visitor; its version may stand behind
ENCODED = re.compile(r"%[0-9a-f]{2}", re.I)
UNRESERVED = re.compile(r"[\w.~-]", re.A)  # characters that may be written in both ways (RFC 3986)
PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True, slots=True)
class Rule:
    """A path with its wildcards, and whether what begins with it may be fetched."""

    path: str
    allows: bool

    def matches(self, target: str) -> bool:
        """Whether it is about a path. Time grows with both, not with the wildcards to a power."""
        to_end = self.path.endswith("$")
        start, *others = self.path.removesuffix("$").split("*")
        if not target.startswith(start):
            return False
        at = len(start)
        for piece in others[:-1] if to_end else others:
            found = target.find(piece, at)
            if found < 0:
                return False
            at = found + len(piece)
        if not to_end:
            return True
        return target.endswith(others[-1], at) if others else at == len(target)


def rules_for(visitor: str, lines: Iterable[str]) -> list[Rule]:
    """The rules in all groups that name a visitor (lower case), else in those for anyone."""
    groups: dict[str, list[Rule]] = {}
    named: set[str] = set()  # whom the lines are about, of the two that matter
    in_rules = False
    for key, value in _records(lines):
        if key == "user-agent":
            if in_rules:
                named, in_rules = set(), False
            name = NAME.match(value)
            if name and name[0].lower() in (visitor, ANYONE):
                named.add(name[0].lower())
                groups.setdefault(name[0].lower(), [])
        else:
            in_rules = True
            if value:
                rule = Rule(_one_way(value), key == "allow")
                for one in named:
                    groups[one].append(rule)
    return groups.get(visitor, groups.get(ANYONE, []))


def allowed(rules: Iterable[Rule], target: str) -> bool:
    """Whether a path, with its query, may be fetched: the longest rule that matches it decides."""
    target = _one_way(target)
    matching = (rule for rule in rules if rule.matches(target))
    decisive = max(matching, key=lambda rule: (len(rule.path), rule.allows), default=None)
    return decisive is None or decisive.allows


def _records(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        key, colon, value = line.partition("#")[0].partition(":")
        key = key.strip().lower()
        if colon and key in ("user-agent", "allow", "disallow"):
            yield key, value.strip()


def _one_way(path: str) -> str:
    """A path in the one of its spellings that RFC 9309 compares."""
    return ENCODED.sub(_decoded, quote(path, safe=PRINTABLE))


def _decoded(found: re.Match[str]) -> str:
    character = chr(int(found[0][1:], 16))
    return character if UNRESERVED.fullmatch(character) else found[0].upper()
