"""Two numerals that are the ends of a range: ``20-30``, ``between 20 and 30``, ``5 or 6``."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from extractors.catalogue import load
from extractors.numbers.currencies import symbols
from extractors.numbers.designators import designator
from extractors.numbers.digits import digits
from extractors.numbers.numeral import DASHES, Numeral, is_integer
from extractors.numbers.percentages import RANGE_OF_SHARES, is_share
from extractors.numbers.units import unit_table
from extractors.text.number_words import is_year, vocabulary
from extractors.text.tokens import Tokens
from extractors.text.words import is_plural, word_set

_REACH = 9  # how far before a range a verb of change is looked for
_LEVEL = 5  # words of "from the present level of"
_PAIR = 2
_PERCENT_TO = 3  # tokens of "per cent to"
_BOUNDS = 5  # tokens between two bounds
_TENS = 10
_SHORT_YEAR = len("07")
_WIDEST = 10  # times that the second end of a range apart may be the first
_VOTE_REACH = 10
_VOTES = frozenset(word_set("range", "votes"))
_CLAUSE_ENDS = frozenset(("", ".", ",", ";", ":", "!", "?", ")", "and", "but"))
_BOTH = frozenset(("between", "from"))


def join_ranges(tokens: Tokens, singles: list[Numeral]) -> list[Numeral]:
    """Put the two ends of each range together."""
    out: list[Numeral] = []
    for numeral in singles:
        joined = _range(tokens, out[-1], numeral) if out else None
        if joined is None:
            out.append(numeral)
        else:
            out[-1] = joined
    return out


def join_series(tokens: Tokens, singles: list[Numeral]) -> list[Numeral]:
    """Put numbers that a speaker tries one behind the other together: ``97, 98 percent``, ``two,
    three, four feet``, ``800, 900 million tests``."""
    if len(singles) < _PAIR:
        return singles
    out: list[Numeral] = []
    k = 0
    while k < len(singles):
        last = k
        while last + 1 < len(singles) and _tries(tokens, singles[last], singles[last + 1]):
            last += 1
        a, b = singles[k], singles[last]
        scaled = b.scaled and not a.scaled
        measured = scaled or _is_measured(tokens, b.last)
        if last > k and measured and not _is_told(tokens, a, b):
            low, high = _common_scale(tokens, a, b)
            a = replace(b, first=a.first, low=low, high=high, kind="range", rule="<n>, <n>")
        else:
            last = k
        out.append(a)
        k = last + 1
    return out


def _tries(tokens: Tokens, a: Numeral, b: Numeral) -> bool:
    """Whether the second of two numbers is the next one in a row, behind a comma."""
    if (a.kind, b.kind) != ("exact", "exact") or b.first != a.last + 1 or a.spelled != b.spelled:
        return False
    bare = _bare(tokens, b.first) if b.scaled and not a.scaled else b.low
    return tokens.at(a.last) == "," and bare is not None and _is_step(a.low, bare)


def _is_step(low: Decimal, high: Decimal) -> bool:
    """Whether a round number is the next one: 97 and 98, 600 and 700."""
    step = high - low
    return step > 0 and step == Decimal(10) ** step.adjusted() and is_integer(low / step)


def _is_told(tokens: Tokens, a: Numeral, b: Numeral) -> bool:
    """Whether the first of two numbers is one of its own: a name's, a known one, or one that the
    second is compared with: ``rose to 40, 50 percent more *than* in May``."""
    before = tokens.at(a.first - 1)
    known = before in word_set("range", "known") or before in load("calendar")["months"]
    if known or designator(tokens, a) is not None:
        return True
    behind = b.last + 1
    return tokens.at(behind) in word_set("share", "after_third") and tokens.at(behind + 1) == "than"


def _is_measured(tokens: Tokens, j: int) -> bool:
    """Whether a share or a unit is told at token j."""
    return is_share(tokens, j) or tokens.at(j) in unit_table().first_words


def _range(tokens: Tokens, a: Numeral, b: Numeral) -> Numeral | None:
    """The range that two neighbouring numerals make, if they make one."""
    if b.kind == "share":
        return _range_of_shares(tokens, a, b)
    if a.kind != "exact" or b.kind != "exact" or b.first - a.last > 5 or _is_year(tokens, a):
        return None
    first = _with_sign(tokens, a.first)
    link = _link(tokens, a, b, first) or _bounds(tokens, a, b)
    if link is None:
        return None
    if link != "-" and first == a.first and tokens.glued(first) and tokens.raw[first - 1].isalpha():
        return None  # "of those who bought the TB2 to 34"
    low, high = _common_scale(tokens, a, b)
    hedged = tokens.at(_with_sign(tokens, b.first) - 1) in word_set("range", "about")
    if hedged and high > low * _WIDEST:
        return None  # "as of May 30 to about 9,000"
    if not low < high or (link == "or" and high > max(low * 2, Decimal(1))):
        return None
    opens = first - 1 if tokens.at(first - 1) == "between" else a.first
    return Numeral(
        a.first,
        b.last,
        low,
        high,
        "range",
        a.scaled or b.scaled,
        a.spelled and b.spelled,
        b.suffix,
        f"<n> {link} <n>",
        a.first - opens,
    )


def _range_of_shares(tokens: Tokens, a: Numeral, b: Numeral) -> Numeral | None:
    """``a quarter to a third``, ``25 percent to a third``; not ``from a quarter to a third``."""
    share = a.kind == "share" and a.last == b.first - 1
    percent = a.kind == "exact" and is_share(tokens, a.last) and b.first - a.last <= _PERCENT_TO
    link = tokens.at(b.first - 1)
    between = link == "and" and tokens.at(a.first - 1) == "between"
    if not (share or percent) or not (link in ("to", "or") or between) or not a.low < b.low:
        return None
    if tokens.at(a.first - 1) in ("from", "by"):
        return None
    rule = RANGE_OF_SHARES
    return replace(b, first=a.first, low=a.low, kind="range", rule=rule, lead=int(between))


def _bounds(tokens: Tokens, a: Numeral, b: Numeral) -> str | None:
    """``at least 100 and up to 200``: a bound from below and one from above for the same things."""
    between = tokens.low[a.last : b.first]
    if not between or between[0] not in ("and", "but") or b.first - a.last > _BOUNDS:
        return None
    below = " ".join(tokens.low[max(0, a.first - 2) : a.first])
    lower = any(below.endswith(phrase) for phrase in word_set("range", "lower"))
    return "to" if lower and " ".join(between[1:]) in word_set("range", "upper") else None


def _is_year(tokens: Tokens, a: Numeral) -> bool:
    """Whether the first number is a year, and ends no range: ``from $4bn in 2020 to $31bn``, ``in
    2003-04 to $24 million``, ``FY07 to $8 million``."""
    i, word = a.first, tokens.raw[a.first]
    before = tokens.at(i - 1)
    if len(word) == _SHORT_YEAR and word.isdecimal() and before == "fy":
        return True
    if before in DASHES and tokens.glued(i) and tokens.glued(i - 1):
        return is_year(tokens.raw[i - 2]) and len(word) in (_SHORT_YEAR, len("2004"))
    if not is_year(word):
        return False
    return before in word_set("range", "before_years") or before in load("calendar")["months"]


def _common_scale(tokens: Tokens, a: Numeral, b: Numeral) -> tuple[Decimal, Decimal]:
    """The two ends, the first in the scale of the second where it has none: ``20-30 million``."""
    low, high = a.low, b.low
    if a.suffix and not b.suffix:
        low *= a.suffix
    if not a.scaled and not b.scaled:
        low *= _left_out(tokens, a, b)
    if b.scaled and not a.scaled and not a.suffix and low > 0:
        bare = _bare(tokens, b.first)
        factor = high / bare if bare else Decimal(1)
        if low < high / factor and (low >= 1 or a.spelled or "." in tokens.low[a.first]):
            low *= factor
    return low, high


def _left_out(tokens: Tokens, a: Numeral, b: Numeral) -> int:
    """The thousands or hundreds that the first end leaves to the second: ``30 to 35,000``,
    ``$4- to $600``; not ``5 to 1,000``."""
    broken_off = tokens.at(a.last) == "-" and tokens.glued(a.last) and tokens.at(a.last + 1) == "to"
    tight = b.first == a.last + 1 and tokens.at(a.last) in DASHES and tokens.glued(a.last)
    if tokens.raw[b.first].endswith(",000") and (
        broken_off or ((tight or a.low >= _TENS) and b.low / 1000 <= 2 * a.low)
    ):
        scale = 1000
    elif broken_off and b.low % 100 == 0:
        scale = 100
    else:
        return 1
    return scale if a.low < b.low / scale and is_integer(a.low) else 1


def _bare(tokens: Tokens, i: int) -> Decimal | None:
    """The number at token i without its scales."""
    word = tokens.low[i]
    return digits(word) if word[0].isdecimal() else Decimal(vocabulary().words.get(word, 0))


def _with_sign(tokens: Tokens, i: int) -> int:
    """The first of the currency signs that stand before token i, else i."""
    signs = word_set("range", "units")
    while i and tokens.low[i - 1] in signs:
        i -= 1
    return i - _is_of_dollar(tokens, i)


def _is_of_dollar(tokens: Tokens, i: int) -> bool:
    """Whether the letters before token i say which dollar it is: ``A$268 billion``."""
    dollar = i > 0 and tokens.at(i) == "$" and tokens.glued(i)
    return dollar and tokens.raw[i - 1] + "$" in symbols()


def _link(tokens: Tokens, a: Numeral, b: Numeral, first: int) -> str | None:
    """The word that makes a range of two numbers, None where none does.

    A currency may stand again before the second end, and a unit behind the first.
    """
    unit, k = _connector(tokens, a, b)
    if k is None:
        return None
    word = tokens.low[k]
    before = tokens.at(first - 1)
    if word in DASHES:
        tight = tokens.glued(k) and tokens.glued(k + 1)
        apart = not tokens.glued(k) and not tokens.glued(k + 1)
        return "-" if tight or (apart and word != "\u2014" and _are_ends(tokens, a, b)) else None
    if word == "~":
        return "-"
    if word == "and":
        return "and" if before in _BOTH else None
    if before == "of" and tokens.at(first - 2) == "factor":
        return None  # "by a factor of 3 to 90"
    if word == "or":
        return "or" if not a.scaled or b.scaled else None
    if _told_by_outcome(tokens, a, b, first):
        return None
    if not _VOTES.isdisjoint(tokens.low[max(0, first - _VOTE_REACH) : b.last + 3]):
        return None  # "by a vote of 218 to 203"
    return "to" if not a.low or not _changes(tokens, first, unit, a, b) else None


def _told_by_outcome(tokens: Tokens, a: Numeral, b: Numeral, first: int) -> bool:
    """Whether two numbers are those of a vote: ``rejected, 84 to 346``, ``it failed 35 to 61.``;
    not ``they lost 10 to 15 percent``."""
    outcomes = word_set("range", "outcomes")
    if tokens.at(first - 1) in (",", ":"):
        return tokens.at(first - 2) in outcomes
    verb = first - 1 - (tokens.at(first - 1) == "by")
    bare = first == a.first and not (a.scaled or b.scaled or a.suffix or b.suffix)
    return bare and tokens.at(verb) in outcomes and tokens.at(b.last) in _CLAUSE_ENDS


def _are_ends(tokens: Tokens, a: Numeral, b: Numeral) -> bool:
    """Whether a dash between blanks joins two numbers: ``100 - 200 men``, ``$50 - $100 million``,
    and not what is told of the second: ``9 tanks - 12 guns``."""
    priced = tokens.at(a.first - 1) in word_set("range", "units")
    same = a.spelled == b.spelled and a.low < b.low and (priced or b.low <= a.low * _WIDEST)
    return same or (b.scaled and not a.scaled)


def _connector(tokens: Tokens, a: Numeral, b: Numeral) -> tuple[bool, int | None]:
    """Whether a unit stands behind the first end, and the token that may link the two."""
    start, k = a.last + (1 if a.suffix else 0), b.first
    signs = word_set("range", "units")
    unit = bool(a.suffix) or (a.first > 0 and tokens.low[a.first - 1] in signs)
    while k > start and tokens.low[k - 1] in signs and tokens.low[k - 1] not in ("%", "percent"):
        k -= 1
    k -= _is_of_dollar(tokens, k)
    if tokens.at(k - 1) in word_set("range", "about") and k - 1 > start:
        k -= 1  # "between 20 and about 30"
    link = k - 1
    if link < start:
        return unit, None
    word = tokens.low[link]
    if word == "-" and tokens.at(link - 1) == "to":
        link, word = link - 1, "to"  # "200 to-300"
    if word not in word_set("range", "links"):
        return unit, None
    behind = tokens.low[start:link]
    if not behind:
        return unit, link
    if behind == ("-",) and tokens.glued(start) and word in ("to", "or"):
        return unit, link  # "16- to 18-year-olds"
    if (len(behind) == 1 and behind[0] in signs) or behind == ("per", "cent"):
        share = behind[0] in word_set("share", "signs") or len(behind) > 1
        return True, link if not share or is_share(tokens, b.last) else None
    if _same_unit(tokens, behind, b):
        return True, link
    return unit, None


def _same_unit(tokens: Tokens, words: tuple[str, ...], b: Numeral) -> bool:
    """Whether the words behind the first end stand behind the second end as well."""
    return words[0].isalpha() and tokens.low[b.last : b.last + len(words)] == words


def _changes(tokens: Tokens, first: int, unit: bool, a: Numeral, b: Numeral) -> bool:
    """Whether *a to b* tells a change (``rose from 10 to 20``) and not a range."""
    changes = word_set("range", "changes")
    while tokens.at(first - 1) in word_set("range", "hedges"):
        first -= 1
    before = tokens.at(first - 1)
    if before == "of" and "from" in tokens.low[max(0, first - _LEVEL) : first]:
        return unit or not changes.isdisjoint(tokens.low[max(0, first - _REACH) : first])
    if before == "by":  # "by $43 billion to $419 billion", but "by 10 to 15 percent"
        return unit or b.low > a.low * _WIDEST
    near = tokens.low[max(0, first - _REACH) : first]
    aside = before == "from" and tokens.at(first - 2) in word_set("range", "asides")
    if aside and tokens.holds(changes, 0, first):
        return True  # "it will expand by 4,000 places, from 13,000 to 17,000"
    if before == "from":
        if tokens.at(first - 2) in word_set("range", "priced"):
            return False  # "costs from $2 to $4"
        counts = not unit and tokens.at(b.last)[:1].isalpha()
        counts = counts and tokens.at(b.last) not in word_set("phrase", "stop")
        if changes.isdisjoint(near) and (counts or _is_subject(tokens, first - 1)):
            return False  # "order from 100 to 150 jets", "homes from $2 million to $4 million"
        return word_set("range", "spreads").isdisjoint(near) and not _goes_on(tokens, b.last)
    if is_share(tokens, b.last) and not unit:
        return False  # "fell 3 to 4 percent"
    return before in ("%", "percent") or bool(near and near[-1] in changes)


def _is_subject(tokens: Tokens, last: int) -> bool:
    """Whether a plural and what is said of it are all that stands before token ``last``, so that no
    verb tells a change: ``small grants``."""
    plain = all(w.isalpha() and w not in word_set("phrase", "stop") for w in tokens.low[:last])
    return plain and is_plural(tokens.at(last - 1))


def _goes_on(tokens: Tokens, j: int) -> bool:
    """Whether the change goes to what follows: ``from 5 to 7 percent to 3 to 5 percent``."""
    return any(
        tokens.low[k] == "to"
        and tokens.at(k + 1)[:1].isdecimal()
        and not is_year(tokens.at(k + 1))  # "for the years to 2028"
        for k in range(j, min(j + 4, len(tokens)))
    )
