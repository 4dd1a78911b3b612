"""Which reading of a number wins: money, share, measure or count; and what it leaves unsaid."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from extractors.numbers.bare import is_broken_off, is_undated
from extractors.numbers.counts import count, one_of_them
from extractors.numbers.currencies import Home
from extractors.numbers.denominators import with_rate
from extractors.numbers.designators import (
    calibre_words,
    in_phone_number,
    known_calibres,
    numbers_with_letter,
    opens_noun,
    prefixes,
)
from extractors.numbers.ellipsis import (
    MEASURES,
    RATE,
    bare_number,
    joined_change,
    like_last,
    millions_of,
    without_currency,
)
from extractors.numbers.measures import measure
from extractors.numbers.money import money
from extractors.numbers.nouns import NO_ITEMS, Items
from extractors.numbers.numeral import DASHES, Numeral
from extractors.numbers.numerals import find_numerals
from extractors.numbers.percentages import percentage
from extractors.numbers.quantity import Quantity
from extractors.text.number_words import vocabulary
from extractors.text.tokens import Tokens
from extractors.text.words import is_plural, phrases, word_set

_CHANGED = word_set("ellipsis", "changed")
_MINUS = frozenset(("-", "minus"))
_CALIBRES = frozenset(("millimetre", "centimetre"))
_AMPERE = "ampere"
_ANGLE = "degree angle"
_CIRCLES = (180, 360)
_OF_GUN = 12  # tokens from a calibre to its gun or its shell
_BEHIND_SPAN = ((",",), ("old", ","), ("and",), (",", "and"))
_ENDS = frozenset(("", ".", ",", ";", ":", "?", "!", "\u2014"))
# "one more ship", "one of its two ships", "one per cent"
_GOES_ON = frozenset(("more", "of", "per"))
_ROWS = MEASURES | {"money", "percent"}
_PAUSE = 4  # tokens of a pause before a speaker corrects himself
_GAP = 5  # tokens from a number that is begun to the one that is said
_ASIDE = 8  # tokens of "I believe this is correct"
_SAID_FOR = 16  # tokens from a number to the one that is said for it, where words tell so
_SCALES = (1, 1000, 1_000_000, 1_000_000_000, 1_000_000_000_000)
_PAUSES = frozenset((",", "\u2014"))
_LONG_DASHES = frozenset(("\u2014", "\u2013"))
_NEXT = 8  # tokens to an amount behind whose currency a number may share
_Reading = tuple[Numeral, Quantity | None]


def quantities(
    tokens: Tokens,
    items: Items = NO_ITEMS,
    names: frozenset[int] = frozenset(),
    dated: Collection[int] = frozenset(),
    home: Home | None = None,
    earlier: Sequence[Quantity] = (),
    *,
    numerals: Sequence[Numeral] | None = None,
) -> list[Quantity]:
    """Every quantity of a sentence, from left to right.

    ``items`` are the catalogue's items of the sentence, ``names`` the tokens of its actors,
    ``dated`` those of its dates; ``earlier`` the amounts of money of its paragraph before it;
    ``numerals`` what :func:`find_numerals` found, where the caller has asked it already.
    """
    home = home or Home()
    dated = frozenset(k for k in dated if not is_undated(tokens, k))
    readings: list[_Reading] = []
    done = 0
    for numeral in find_numerals(tokens) if numerals is None else numerals:
        if numeral.first >= done:
            quantity = _quantity(tokens, numeral, items, names, dated, home, done)
            readings.append((numeral, quantity))
            done = quantity.last if quantity is not None else numeral.last
    if len(readings) > 1 or earlier:
        readings = _completed(tokens, readings, names, dated)
    found = _joined(tokens, [q for _, q in readings if q is not None])
    amounts = _without_slips(tokens, _as_money(tokens, found, home, earlier))
    return [with_rate(tokens, q) for q in amounts]


def stands_for_nothing(tokens: Tokens, numeral: Numeral) -> bool:
    """Whether a number is plainly no quantity, by the word behind it: the pronoun *one*.

    Most number words of a speech are this one, and their sentences need no further reading.
    """
    before, following = tokens.at(numeral.first - 1), tokens.at(numeral.last)
    casualty = word_set("verbs", "casualty")
    if not numeral.one or following in casualty or before in casualty:
        return False
    stop = following in word_set("phrase", "stop") and following not in _GOES_ON
    return following in _ENDS or stop


def _quantity(
    tokens: Tokens,
    numeral: Numeral,
    items: Items,
    names: frozenset[int],
    dated: Collection[int],
    home: Home,
    floor: int,
) -> Quantity | None:
    """The first reading that a numeral allows."""
    first = numeral.first
    thing = items.over(first)
    if first in names or (thing is not None and not _is_sign(tokens, thing.first)):
        return None
    amount = money(tokens, numeral, home, floor)
    if amount is not None:
        return None if _is_one_of_currency(tokens, amount) else amount
    if first in dated and not numeral.scaled:
        return None
    if _standing(tokens, numeral):
        measured = measure(tokens, numeral) if numeral.kind == "share" else None
        share = percentage(tokens, numeral) if measured is None else None
        if share is not None:
            return _signed(tokens, share)
        measured = measured or measure(tokens, numeral)
        if measured is not None:
            return _measured(tokens, measured, items, names)
    return count(tokens, numeral, items, names)


def _is_one_of_currency(tokens: Tokens, amount: Quantity) -> bool:
    """``1 EUR = 23.89 CZK``, ``one ruble is worth less``: a rate, and no amount; and stacks of
    ``$100 bills``."""
    after, later = tokens.at(amount.last), tokens.at(amount.last + 1)
    if after in word_set("uncounted", "banknotes") and is_plural(after):
        return not amount.numeral.scaled
    worth = after == "is" and "worth" in tokens.low[amount.last + 1 : amount.last + _PAUSE]
    return amount.low == amount.high == 1 and (
        after == "=" or worth or (after, later) == ("is", "less")
    )


def _is_sign(tokens: Tokens, k: int) -> bool:
    """Whether what looks like a thing is the end of a currency's sign: ``$A10 million``."""
    return tokens.glued(k) and tokens.raw[k - 1] == "$"


def _measured(
    tokens: Tokens, measured: Quantity, items: Items, names: frozenset[int]
) -> Quantity | None:
    """A measure, unless it names a calibre (``155mm rounds``) or a letter means millions."""
    if measured.unit in _CALIBRES and _names_calibre(tokens, measured, items):
        return None
    numeral = measured.numeral
    i, j = measured.numeral.first, measured.numeral.last
    if numbers_with_letter(tokens, measured.numeral) or in_phone_number(tokens, i, j - 1):
        return None
    if _sizes_counted(tokens, numeral):
        return None
    if measured.unit == _AMPERE and _is_article(tokens, measured):
        return None
    if measured.unit == _ANGLE and numeral.low in _CIRCLES and tokens.low[numeral.last] == "-":
        return None  # "360-degree views"
    if numeral.suffix and measured.unit == "metre" and numeral.low < 100:
        people = count(tokens, numeral, items, names)  # "17m people", but "20m crater"
        if people is not None and people.noun and is_plural(tokens.low[people.noun[1] - 1]):
            return people
    return _signed(tokens, measured)


def _sizes_counted(tokens: Tokens, numeral: Numeral) -> bool:
    """Whether a measure is of the name of things that are counted: ``41 *5-ton* trucks``."""
    i, j = numeral.first, numeral.last
    counted = tokens.at(i - 1)[:1].isdecimal() or tokens.at(i - 1) in vocabulary().words
    return counted and not tokens.glued(i) and tokens.at(j) in DASHES and tokens.glued(j)


def _is_article(tokens: Tokens, measured: Quantity) -> bool:
    """Whether an A behind a number is an article or ends a name: ``p. 2 A lorry``, ``18-4A``."""
    j = measured.last
    if tokens.raw[j - 1] != "A":
        return False
    name = tokens.at(measured.first - 1) in ("-", "/") and tokens.glued(measured.first)
    return name or (not tokens.glued(j - 1) and opens_noun(tokens, j))


def _names_calibre(tokens: Tokens, measured: Quantity, items: Items) -> bool:
    j, i = measured.last, measured.first
    j += tokens.at(j) in ("-", "of")
    if tokens.at(j) in calibre_words() or items.at(j) is not None:
        return True
    if measured.unit == "millimetre" and tokens.raw[measured.numeral.first] in known_calibres():
        converted = tokens.at(j) == "(" and tokens.at(j + 1)[:1].isdecimal()  # "300 mm (12 inches)"
        if converted or tokens.at(j) in word_set("calibre", "measured"):
            return False
        near = max(0, i - _OF_GUN), j + _OF_GUN
        if tokens.holds(calibre_words(), *near) or items.within(*near):
            return True  # "the guns are of 155 mm"
    before = tokens.at(i - 1)
    if before in calibre_words() or before in ("calibre", "caliber"):
        return True  # "41,000 rounds 155mm"
    told = tokens.low[i - 2] if before in ("of", "(", ",") and i > 1 else ""
    return told in calibre_words() or (before == "of" and told[:1].isdecimal())


def _standing(tokens: Tokens, numeral: Numeral) -> bool:
    """Whether a number with a unit stands alone and is not the end of a name (``T-72 tonnes``)."""
    i = numeral.first
    if numeral.spelled or not i or not tokens.glued(i):
        return True
    before = tokens.raw[i - 1]
    if before[0].isalpha():
        return False
    if before != "-" or i < 2 or not tokens.glued(i - 1) or not tokens.raw[i - 2][0].isalpha():
        return True
    return tokens.low[i - 2] in prefixes()


def _signed(tokens: Tokens, quantity: Quantity) -> Quantity:
    """A number below zero: ``minus 5 yards``, ``-3%``, ``minus-130 degrees``."""
    i = quantity.first
    if quantity.kind != "exact" or quantity.dimension == "time" or tokens.at(i - 1) not in _MINUS:
        return quantity
    first = i - 1
    if tokens.low[first] == "-":
        if tokens.at(i - 2) == "minus":
            first = i - 2
        elif not tokens.glued(i) or tokens.glued(first):
            return quantity
    return quantity.but(first=first, low=-quantity.low, high=-quantity.high)


def _completed(
    tokens: Tokens, readings: list[_Reading], names: frozenset[int], dated: Collection[int]
) -> list[_Reading]:
    """Give numbers without a unit the unit of the quantity beside them, where they share it."""
    _measured_in_rows(tokens, readings)
    out: list[_Reading] = []
    before: Quantity | None = None
    for k, (numeral, quantity) in enumerate(readings):
        alone = quantity is None or (quantity.dimension == "count" and quantity.noun is None)
        if alone and numeral.first not in names and numeral.first not in dated:
            after = readings[k + 1][1] if k + 1 < len(readings) else None
            quantity = bare_number(tokens, numeral, before, after) or quantity
            if quantity is None and before is not None:
                quantity = one_of_them(tokens, numeral, before)
        if quantity is not None and before is not None:
            quantity = millions_of(tokens, quantity, before) or quantity
        before = quantity or before
        out.append((numeral, quantity))
    return _without_durations(tokens, out)


def _without_durations(tokens: Tokens, readings: list[_Reading]) -> list[_Reading]:
    """No counts of numbers whose unit of time stands once: ``6 and 8 days``, ``5, 7, 10 years``."""
    lasts, behind, spelled = False, len(tokens), False
    counts = (n for n, (_, q) in enumerate(readings) if q is not None and q.dimension == "count")
    first_count = next(counts, len(readings))
    for k in range(len(readings) - 1, -1, -1):
        numeral, quantity = readings[k]
        between = tokens.low[numeral.last : behind]
        bare = quantity is None or (quantity.dimension == "count" and quantity.noun is None)
        row = between == (",",) and not numeral.scaled and numeral.spelled == spelled
        joined = row or between in (("and",), ("or",), ("to",))
        told = tokens.at(numeral.first - 1) in word_set("bare", "verbs")
        if bare and 0 < k <= first_count and _is_of_span(tokens, readings[k - 1][1], numeral):
            readings[k] = numeral, None
        if lasts and bare and joined and not told:
            readings[k] = numeral, None
        else:
            lasts = quantity is not None and quantity.dimension == "time"
            if quantity is not None and tokens.at(quantity.after) in word_set("alone", "dates_by"):
                lasts = False  # "killed five, three days *after* the truce"
        behind, spelled = numeral.first, numeral.spelled
    return readings


def _is_of_span(tokens: Tokens, span: Quantity | None, numeral: Numeral) -> bool:
    """Whether a number is of the span of time before it: ``six months, two *of which*``, ``*for* 40
    days and *for* 12``."""
    if span is None or span.dimension != "time":
        return False
    between = tokens.low[span.last : numeral.first]
    if tokens.at(numeral.first - 1) == "for" == tokens.at(span.first - 1):
        return "and" in between  # "open for 138 days and closed for 74"
    if tokens.at(numeral.last) != "of":
        return False
    return between in _BEHIND_SPAN and tokens.at(numeral.last + 1) in ("which", "them")


def _measured_in_rows(tokens: Tokens, readings: list[_Reading]) -> None:
    """Put the unit of the last of a row of numbers to those before it: ``95, 90 and 162 km``."""
    opens = 0  # the first reading since a number that does not stand alone
    for k, (_, last) in enumerate(readings):
        if last is not None and last.dimension == "count" and last.noun is None:
            continue
        if last is not None and last.dimension in _ROWS:
            row = like_last(tokens, [numeral for numeral, _ in readings[opens:k]], last)
            for at, quantity in enumerate(row, k - len(row)):
                readings[at] = readings[at][0], quantity
        opens = k + 1


def _joined(tokens: Tokens, found: list[Quantity]) -> list[Quantity]:
    """Put the two ends of a change of one measure together."""
    out: list[Quantity] = []
    for quantity in found:
        change = joined_change(tokens, out[-1], quantity) if out else None
        if change is None:
            out.append(quantity)
        else:
            out[-1] = change
    return out


def _as_money(
    tokens: Tokens, found: list[Quantity], home: Home, earlier: Sequence[Quantity]
) -> list[Quantity]:
    """Counts that are amounts of money without their currency, as amounts."""
    amounts = list(earlier)
    out: list[Quantity] = []
    for k, quantity in enumerate(found):
        if quantity.dimension == "count" and not _compares_counts(tokens, found, k):
            near = amounts if len(amounts) > len(earlier) else [*amounts, *_next(found, k)]
            counted = any(q.dimension == "count" for q in out)
            told = amounts[-1] if amounts else None
            amount = without_currency(tokens, quantity, near, home, told=told, counted=counted)
            quantity = amount or quantity
        if quantity.dimension == "money" and quantity.rule != RATE:
            amounts.append(quantity)
        out.append(quantity)
    return out


def _compares_counts(tokens: Tokens, found: Sequence[Quantity], k: int) -> bool:
    """Whether a bare number is what counted things were before: "3 million people, down *from* 5
    million"."""
    if not k or found[k].noun is not None or tokens.at(found[k].first - 1) not in _CHANGED:
        return False
    return found[k - 1].dimension == "count" and found[k - 1].noun is not None


def _without_slips(tokens: Tokens, found: Sequence[Quantity]) -> list[Quantity]:
    """All quantities but those that a speaker corrects at once."""
    slips = _doubled(tokens, found)
    meant: set[int] = set()  # what is said for another
    for a, b in pairwise(found):
        corrected = _corrects(tokens, a, b)
        if corrected:
            meant.add(id(b))
        taken_back = corrected or (_takes_back(tokens, a) and id(a) not in meant)
        begun = _begins(tokens, a, b) or _is_cut(tokens, a, b)
        if taken_back or begun or _is_said_for(tokens, a, b):
            slips.add(id(a))
    return [quantity for quantity in found if id(quantity) not in slips]


def _doubled(tokens: Tokens, found: Sequence[Quantity]) -> set[int]:
    """``hundreds and hundreds of thousands``: all but the last of a vague number that is said again
    with its scale or its unit."""
    doubled: set[int] = set()
    for a, b in reversed([*pairwise(found)]):
        again = b.first == a.last + 1 and tokens.low[a.last] == "and"
        again = again and a.kind == b.kind == "vague" and tokens.low[a.first] == tokens.low[b.first]
        if again and (id(b) in doubled or b.last - b.first > a.last - a.first):
            doubled.add(id(a))
    return doubled


def _takes_back(tokens: Tokens, slip: Quantity) -> bool:
    """Whether a speaker takes a number back at once: ``90, no, hold on, 120``."""
    j = slip.noun[1] if slip.noun else slip.after
    gap = tokens.low[j : j + _PAUSE]
    k = next((k for k, word in enumerate(gap) if word[0].isalpha()), len(gap))
    return k > 0 and j + k < len(tokens) and tokens.low[j + k] in word_set("slips", "words")


def _begins(tokens: Tokens, slip: Quantity, said: Quantity) -> bool:
    """Whether a bare number is begun again with its unit, or its magnitude: ``two \u2014 two
    weeks``, ``20 \u2014 more than 23 million vans``, ``$1.2 \u2014 $1.7 trillion``."""
    between = tokens.low[slip.last : said.first]
    if not between or between[0] not in _LONG_DASHES or len(between) > _GAP:
        return False
    if slip.dimension == "money":
        same = slip.unit == said.unit and not slip.numeral.scaled and said.numeral.scaled
        return same and len(between) == 1 and _are_alike(slip, said)
    if slip.dimension != "count" or slip.noun is not None or not slip.low or slip.kind == "range":
        return False
    if said.dimension == "count" and said.noun is None:
        return False
    times = said.numeral.low / slip.numeral.low
    if times == 1:
        return slip.kind == "exact" and (len(between) == 1 or said.dimension != "count")
    if times in _SCALES and said.numeral.scaled:
        return True  # "6 \u2014 would cost up to 6 million jobs"
    hedged = set(between[1:]) <= word_set("slips", "hedges")
    return hedged and said.dimension == "count" and said.numeral.scaled and _are_alike(slip, said)


def _are_alike(slip: Quantity, said: Quantity) -> bool:
    """Whether a number without its magnitude is near what is said with it: 20 and 23 million."""
    times = said.low / slip.low if slip.low else 0
    return any(1 <= 2 * times / scale <= 4 for scale in _SCALES[1:])


def _is_cut(tokens: Tokens, slip: Quantity, said: Quantity) -> bool:
    """Whether a number is cut and another said for it: ``$250- \u2014 $290 million``."""
    near = said.first - slip.last <= _GAP
    return slip.dimension != "time" and near and is_broken_off(tokens, slip.last)


def _is_said_for(tokens: Tokens, slip: Quantity, said: Quantity) -> bool:
    """Whether words tell that a number is said for the one before: ``12 \u2014 excuse me, 14``."""
    k = said.first - 1
    alike = (said.dimension, said.unit) == (slip.dimension, slip.unit)
    if not alike or said.first - slip.last > _SAID_FOR:
        return False
    hedges = word_set("slips", "hedges")
    while k > slip.last and (tokens.low[k] in _PAUSES or tokens.low[k] in hedges):
        k -= 1
    told = phrases("slips", "phrases")
    return any(tokens.low[k + 1 - len(words) : k + 1] == words for words in told)


def _corrects(tokens: Tokens, slip: Quantity, said: Quantity) -> bool:
    """Whether an amount is said again in another scale: ``$800 billion \u2014 $800 million``."""
    if slip.dimension != "money" or slip.unit != said.unit or said.first - slip.last > _ASIDE:
        return False
    between = tokens.low[slip.last : said.first]
    if not between or between[-1] not in DASHES or not slip.low or not said.low:
        return False
    if len(between) > 1 and word_set("slips", "meant").isdisjoint(between):
        return False  # "$5 billion in grants this spring \u2014 $5 million for tents"
    return max(slip.low, said.low) / min(slip.low, said.low) in _SCALES[1:]


def _next(found: list[Quantity], k: int) -> list[Quantity]:
    """The quantity behind the k-th if it is an amount of money close by."""
    return [
        after
        for after in found[k + 1 : k + 2]
        if after.dimension == "money" and after.first - found[k].last <= _NEXT
    ]
