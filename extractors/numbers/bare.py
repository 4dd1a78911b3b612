"""Numbers without a noun and without a unit: which of them count, and which only look so.

"Ukraine asked for 200", "Poland gave 14 and Spain six": such a number is a count unless its
surroundings say what else it is: a year, an hour, an age, a telephone number, a part of a name.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import islice

from extractors.catalogue import load
from extractors.numbers.designators import opens_noun
from extractors.numbers.numeral import ARTICLES, DASHES, Numeral, is_integer
from extractors.numbers.units import unit_table
from extractors.text.number_words import is_year, vocabulary
from extractors.text.once import once
from extractors.text.tokens import Tokens
from extractors.text.words import is_plural, singular, word_set

_OLD_YEARS = range(1000, 1800)
_MAJORITY = 14
_JOIN_REACH = 16
_OLDEST_RECRUIT = 40
_AGE_REACH = 9  # tokens from "age" to it
_HOURS = 24
_OLDEST = 120
_RUN = 7  # digits in a row of numbers that make a telephone number
_ROW = 5  # bare numbers one behind the other, as a serial list has them
_NOUN = 4  # tokens to the end of a short noun phrase
_REACH = 6  # numbers before or behind one that are looked at
_BREAKS = frozenset(("\u2014", "\u2013", "-", ","))
_CHILD = 18
_BETWEEN_PARTS = frozenset(("(", ")", "/", "-", "+", "\u2013", "."))
_CHANGE_REACH = 4  # tokens from "rose" to the number
_CLOCK = re.compile(r"(?:[01]?\d|2[0-4])\.[0-5]\d$")
_MILITARY = re.compile(r"(?:[01]\d|2[0-4])[0-5]\d$")  # "1730"
_VERSION = re.compile(r"[2-9]\.0$")
_DOTTED_DAY = re.compile(r"(?:[0-2]\d|3[01])\.(?:0[1-9]|1[0-2])$")
_BY = frozenset(("by", "for", "x", "\u00d7"))
_AT = frozenset(("at", "after", "until", "till", "around"))
_FEW = 10
_LONG = 6  # digits without a separator
_LAST_DAY = 31
_CENTURY = 99
_COMMAS = frozenset((",",))
_ASIDE = 4  # tokens of "the mayor said" between commas
_DAY_LINKS = frozenset(("and", "&", "or", "-", "\u2013"))
_SHORT = 5  # letters of an abbreviation
_PAIR = 3  # "the two", "these three": persons or things just named


def stands_alone(tokens: Tokens, numeral: Numeral, names: frozenset[int]) -> bool:
    """Whether a number that nothing names counts something all the same."""
    if numeral.one or numeral.kind == "share" or numeral.suffix or _is_heading(tokens):
        return False
    plain = not numeral.spelled and not numeral.scaled and "," not in tokens.raw[numeral.first]
    if plain and (_is_year(tokens, numeral) or _is_serial(tokens, numeral)):
        return False
    if numeral.kind == "range" and not _is_range(tokens, numeral):
        return False
    return not explained(tokens, numeral, names)


def explained(tokens: Tokens, numeral: Numeral, names: frozenset[int]) -> bool:
    """Whether the words around a number say what it is, and it counts nothing."""
    return (
        _in_word(tokens, numeral)
        or is_broken_off(tokens, numeral.last)
        or _enumerates(tokens, numeral)
        or is_hour(tokens, numeral)
        or _is_day(tokens, numeral)
        or _is_age(tokens, numeral, names)
        or _just_named(tokens, numeral)
        or _in_idiom(tokens, numeral)
        or _is_singular(tokens, numeral)
        or numbers_name(tokens, numeral, names)
    )


def _is_singular(tokens: Tokens, numeral: Numeral) -> bool:
    """``John, two question``: what is not counted, said in the singular."""
    few, after = numeral.spelled and 1 < numeral.high <= _FEW, tokens.at(numeral.last)
    return few and after != "up" and after in word_set("uncounted", "nouns")


def _is_year(tokens: Tokens, numeral: Numeral) -> bool:
    """``2007``: four digits alone."""
    written = tokens.raw[numeral.first]
    if len(written) != len("2007"):
        return False
    old = tokens.at(numeral.opens - 1) in ("in", "since") and int(numeral.low) in _OLD_YEARS
    return old or is_year(written)


def _is_range(tokens: Tokens, numeral: Numeral) -> bool:
    """Whether two bare numbers are the ends of a range, and not of a score or a date."""
    if numeral.spelled or numeral.lead > 0 or numeral.rule.endswith(("to <n>", "or <n>")):
        return True
    return tokens.at(numeral.opens - 1) in word_set("alone", "before_ranges")


def _is_serial(tokens: Tokens, numeral: Numeral) -> bool:
    """Telephone numbers (``02 6277 7500``, ``131180``), numbers of releases (``3152, 3107, ...``),
    items of a list (``2) trade``)."""
    raw, i, j = tokens.raw[numeral.first], numeral.opens, numeral.last
    if _opens_item(tokens, i, j):
        return True
    if _VERSION.match(raw) and tokens.raw[i - 1 : i] and tokens.raw[i - 1][0].isupper():
        return True  # "a new Munich 2.0"
    if (raw[0] == "0" and len(raw) > 1 and raw.isdecimal()) or len(raw) >= _LONG:
        return True
    if i < len("|1") and tokens.at(i - 1) in ("", "|") and tokens.at(j) == "|":
        return any(word[0].isalpha() for word in tokens.raw[j:])  # "1 | May 2025 | Peru": of a row
    if tokens.at(i - 1) in ("", ":") and tokens.raw[j : j + 1] and tokens.raw[j][0].isupper():
        return True  # "4 Started the episode"
    if tokens.at(j) == ")" and tokens.glued(j) and "(" not in tokens.low[max(0, i - _REACH) : i]:
        return True
    parts = _parts(tokens, numeral, _BETWEEN_PARTS)[0] >= _RUN
    return parts or _parts(tokens, numeral, frozenset(","))[1] >= _ROW


def _opens_item(tokens: Tokens, i: int, j: int) -> bool:
    """Whether tokens i to j number an item that goes on a sentence: ``a reason; 2. the claim``."""
    k = i - 1 - (tokens.at(i - 1) in ("and", "or"))
    goes_on = tokens.raw[j + 1 : j + 2] and tokens.raw[j + 1].islower()
    return tokens.at(k) == ";" and tokens.at(j) == "." and bool(goes_on)


def _parts(tokens: Tokens, numeral: Numeral, between: frozenset[str]) -> tuple[int, int]:
    """How many digits, in how many tokens, stand in a row with a number."""
    first, last = numeral.first, numeral.last - 1
    digits = sum(len(word) for word in tokens.raw[first : last + 1] if word.isdecimal())
    count = 1
    for step, start in ((-1, first - 1), (1, last + 1)):
        k, gap = start, 0
        while 0 <= k < len(tokens) and gap < 2 and abs(k - start) < 2 * _REACH:
            word = tokens.raw[k]
            if tokens.start[max(k, k - step)] > tokens.end[min(k, k - step)] + 1:
                break  # in another column
            if word.isdecimal():
                digits, count, gap = digits + len(word), count + 1, 0
            elif word in between:
                gap += 1
            else:
                break
            k += step
    return (digits, count) if count > 1 else (0, 1)


def _in_word(tokens: Tokens, numeral: Numeral) -> bool:
    """``25-storey``, ``two-way``, ``six-fold``: the beginning of an adjective."""
    j = numeral.last
    if tokens.at(j + 1) == "/" and tokens.glued(j + 1) and tokens.glued(j + 2):
        return True  # "5 A/B tests"
    if tokens.at(j) not in DASHES or not tokens.glued(j):
        return False
    if not tokens.glued(j + 1):
        return tokens.at(j + 1) in (",", "and", "or")  # "four-, five- and six-cylinder"
    return tokens.at(j + 1)[:1].isalpha() and tokens.at(j + 1) not in word_set("alone", "compounds")


def is_broken_off(tokens: Tokens, j: int) -> bool:
    """Whether the number before token j or the word at it is cut: ``250- \u2014 $290 million``,
    ``eight hu- \u2014 $8,600``."""
    for k in (j, j + 1):
        cut = tokens.at(k) == "-" and tokens.glued(k) and not tokens.glued(k + 1)
        if cut and tokens.at(k + 1) in _BREAKS:
            return True
    return False


def _enumerates(tokens: Tokens, numeral: Numeral) -> bool:
    """``And two, we have``, ``First... and three, it is``: the number of an argument.

    Not ``and two, he said, were lost``.
    """
    if not numeral.spelled or numeral.high > _FEW or numeral.kind != "exact":
        return False
    i, j = numeral.opens, numeral.last
    closed = tokens.first_place(_COMMAS, j + 1)
    if closed <= j + _ASIDE and tokens.at(closed - 1) in word_set("uncounted", "said"):
        return False
    k = i - 1 - (tokens.at(i - 1) == "," and tokens.at(i - 2) == "and")
    opens = i == 0 or tokens.low[k] in word_set("alone", "before_arguments")
    return opens and tokens.at(j) == "," and tokens.at(j + 1) in word_set("alone", "arguments")


def _is_day(tokens: Tokens, numeral: Numeral) -> bool:
    """``October 7 and 12``, ``3, 4 and 5 June``: a further day of a month."""
    if numeral.scaled or numeral.high > _LAST_DAY:
        return False
    if is_undated(tokens, numeral.first):
        return False
    months = load("calendar")["months"]
    i, j = _row_of_days(tokens, numeral.opens, numeral.last)
    return tokens.at(i - 1 - (tokens.at(i - 1) == ".")) in months or (
        j > numeral.last and tokens.at(j) in months
    )


def _row_of_days(tokens: Tokens, i: int, j: int) -> tuple[int, int]:
    """The row of numbers that tokens i to j (exclusive) are of: ``3, 4 and 5``; *and* ends it."""
    if tokens.at(i - 1) not in _DAY_LINKS:
        while tokens.at(j) == "," and tokens.at(j + 1).isdecimal():
            j += 2
        if tokens.at(j) not in _DAY_LINKS or not tokens.at(j + 1).isdecimal():
            return i, i
        j += 2
    elif tokens.at(i - 2).isdecimal():
        i -= 2
    while tokens.at(i - 1) == "," and tokens.at(i - 2).isdecimal():
        i -= 2
    return i, j


def is_undated(tokens: Tokens, k: int) -> bool:
    """Whether token k is of no date: "*in July 18* were killed", "on the same *day 71* people"."""
    before, led = tokens.at(k - 1), tokens.at(k - 2 - (tokens.at(k - 2) == "-"))  # "mid-March"
    if before in word_set("bare", "verbs") and is_plural(tokens.at(k + 1)):
        return True  # "it used 2014 missiles"
    if before in word_set("bare", "has") and any(map(is_plural, tokens.low[k + 1 : k + _NOUN])):
        return True  # "it has 1959 visa holders"
    if tokens.at(k + 2) == "mm" and tokens.at(k + 1)[:1].isdecimal():
        return True  # "2000 7.62 mm rounds"
    if before == "day":
        named = led in load("designators")["days"]
    else:
        months = load("calendar")["months"]
        named = before in months and led in load("calendar")["before_month_only"]
    short = named and tokens.low[k].isdecimal() and int(tokens.low[k]) <= _CENTURY
    return short and tokens.at(k + 1)[:1].isalpha()


def is_hour(tokens: Tokens, numeral: Numeral) -> bool:
    """``at ten in the morning``, ``half past five``, ``14.00``, ``by two o'clock``."""
    i, j = numeral.opens, numeral.last
    before = tokens.at(i - 1)
    if tokens.at(j) in word_set("alone", "behind_hours") or before == "past":
        return True
    if (
        i == 0
        and _CLOCK.match(tokens.raw[0])
        and tokens.raw[j : j + 1]
        and tokens.raw[j][0].isupper()
    ):
        return True  # "15.20 A colleague does the arithmetic"
    if _CLOCK.match(tokens.raw[numeral.first]) and not _AT.isdisjoint(
        tokens.low[max(0, i - 2) : i]
    ):
        return True  # "at around 11.15"
    if before == "to" and tokens.at(i - 2) == "quarter":
        return True
    after = tokens.at(j)
    said_at = before == "at" and numeral.spelled and numeral.high <= _HOURS // 2
    if said_at and (
        after in word_set("alone", "subjects")
        or (after == "on" and tokens.at(j + 1) in load("calendar")["weekdays"])
    ):
        return True  # "at four we had", "at five on Friday"
    if before == "at" and numeral.spelled and vocabulary().words.get(tokens.at(j), 0) > 4:
        return True
    if tokens.at(i - 1) in vocabulary().words and tokens.at(i - 2) in word_set(
        "alone", "before_hours"
    ):
        return True  # "at ten thirty"
    if numeral.high > _HOURS:
        return False
    morning = tokens.at(j) in ("in", "this", "on") and tokens.at(j + 1) == "the"
    if morning and tokens.at(j + 2) in load("calendar")["parts_of_day"]:
        return True
    if before in word_set("alone", "before_hours"):
        ended = not tokens.at(j)[:1].isalnum() and tokens.at(i - 2) not in word_set(
            "alone", "valued"
        )
        return numeral.spelled and (ended or before != "at")
    return False


def is_clock_time(tokens: Tokens, numeral: Numeral) -> bool:
    """``2000 GMT``, ``by 1700 local``: four digits and the clock by which they tell the hour."""
    j = numeral.last
    if j >= len(tokens) or not _MILITARY.match(tokens.raw[numeral.first]):
        return False
    local = tokens.low[j] == "local" and not opens_noun(tokens, j + 1)
    return local or tokens.raw[j] in word_set("alone", "zones")


def _is_age(tokens: Tokens, numeral: Numeral, names: frozenset[int]) -> bool:
    """``Jane Doe, 41,``, ``a girl of seven``, ``aged 16 and 20``, ``the ages of 18 and 60``."""
    if numeral.scaled or numeral.high > _OLDEST or not is_integer(numeral.low):
        return False
    i, j = numeral.opens, numeral.last
    before = tokens.at(i - 1)
    persons = word_set("alone", "persons")
    if before == "of" and tokens.at(i - 2) in persons:
        return True
    if _is_so_old(tokens, i, names):
        return True
    if before == "both" and tokens.at(i - 2) == "," == tokens.at(j):
        return _are_persons(tokens, i - 3, names)  # "Ann and Ed Doe, both 24, said"
    if tokens.at(j) == "and" and tokens.at(j + 1) in word_set("alone", "and_older"):
        return True
    young = before == "under" and numeral.high <= _CHILD
    if young and tokens.at(i - 2) in word_set("alone", "before_under"):
        return True
    if numeral.kind == "range" and numeral.high < _OLDEST and numeral.low >= _MAJORITY:
        people = tokens.at(i - 1 - (before == "of"))
        if people in word_set("alone", "people"):
            return True  # "men between 20 and 27"
    near = tokens.low[max(0, i - _AGE_REACH) : i]
    if not word_set("alone", "ages").isdisjoint(near):
        return True
    aged = tokens.at(i - 2) in word_set("alone", "people") or tokens.at(i - 2) in persons
    aged = aged or tokens.at(i - 3) in load("measures")["ages"]["persons"]
    if before in word_set("alone", "past_ages") and aged:
        return numeral.high < _OLDEST
    if before == "at" and numeral.high <= _OLDEST_RECRUIT and _joined(tokens, i - 1):
        return True
    if before != "," or tokens.at(j) not in (",", ".", ")", "-", "\u2013") or i < 2:
        return False
    named = tokens.raw[i - 2]
    if named.lower() in persons:
        return True
    if not named[0].isupper() or is_plural(named.lower()) or named.isupper():
        return False
    if i - 2 in names or tokens.at(j + 1) in ("in", "at") or tokens.at(i - 3) == "in":
        return False
    return (
        tokens.at(j) == ","
        or tokens.raw[i - 3][0].isupper()
        or tokens.at(i - 3) in (",", "-", "and", '"', "'")
    )


def _are_persons(tokens: Tokens, k: int, names: frozenset[int]) -> bool:
    """Whether token k ends what names persons: ``Ann and Ed Doe``, ``the brothers``."""
    word = tokens.raw[k]
    if word.lower() in word_set("alone", "people") or singular(word.lower()) in word_set(
        "alone", "persons"
    ):
        return True
    return word.istitle() and not is_plural(word.lower()) and k not in names


def _joined(tokens: Tokens, at: int) -> bool:
    """Whether what stands before token ``at`` tells that a person joined something, as at an age:
    ``she joined the navy at 19``."""
    k = tokens.last_place(word_set("alone", "joined"), at)
    if k < 1 or at - k > _JOIN_REACH or not _COMMAS.isdisjoint(tokens.low[k:at]):
        return False
    if any(word.endswith("ed") for word in tokens.low[k + 1 : at]):
        return False  # "she joined them and fired at 60"
    who = tokens.low[k - 1]
    in_full = k > 1 and tokens.raw[k - 1].istitle() and tokens.raw[k - 2].istitle()
    return (
        in_full or who in load("measures")["ages"]["persons"] or who in word_set("alone", "persons")
    )


def _is_so_old(tokens: Tokens, i: int, names: frozenset[int]) -> bool:
    """``who is now 28``, ``Jim was only 15``: what a person is, right before token i."""
    k = i - 1
    while tokens.at(k) in word_set("alone", "before_ages"):
        k -= 1
    if k < 1 or tokens.low[k] not in load("measures")["ages"]["being"]:
        return False
    if tokens.low[k - 1] in word_set("alone", "aged"):
        return True
    if tokens.low[k - 1] in word_set("alone", "others") and "old" in tokens.low:
        return True  # "one is 10 years old, another is 6"
    person = tokens.raw[k - 1]
    persons = word_set("alone", "persons")
    if person.lower() in load("measures")["ages"]["persons"] or person.lower() in persons:
        return True
    named = person[0].isupper() and not person.isupper() and not is_plural(person.lower())
    in_full = k > 1 and tokens.raw[k - 2].istitle() and not {k - 1, k - 2} & names
    told = k < i - 1 or in_full  # "Jim was only 15", "Jim Doe was 15"
    return named and told and person.lower() not in word_set("alone", "no_persons")


def _just_named(tokens: Tokens, numeral: Numeral) -> bool:
    """``the two``, ``these three``: what the text has just named; ``zero`` counts nothing."""
    if numeral.spelled and not numeral.high:
        return True
    before = tokens.at(numeral.opens - 1)
    pointing = before in word_set("alone", "pointing") or before == "all"
    pointing = pointing and tokens.at(numeral.last) not in word_set("alone", "who_tell")
    return pointing and numeral.high <= _PAIR and numeral.kind == "exact"


def _in_idiom(tokens: Tokens, numeral: Numeral) -> bool:
    """``a day or two``, ``two by two``; ``not 40 but 20``, ``40 14 howitzers``: taken back."""
    i = numeral.opens
    before = tokens.at(i - 1)
    if before in word_set("alone", "before_spans"):
        return True  # "the last three or four"
    if before == "or" and tokens.at(i - 2) in word_set("uncounted", "nouns"):
        return True  # "a thing or two"
    if before in ("in", "over") and numeral.spelled and numeral.high <= _FEW:
        handed = tokens.at(i - 2) in load("qualifiers")["not_behind"]["over"]  # "handed over six"
        after = tokens.at(numeral.last)
        if not handed and (not after[:1].isalpha() or after in word_set("phrase", "stop")):
            return True  # "it broke in two", "£5 million over three"
    if before in word_set("alone", "lasting") and _lasts(tokens, i):
        return True  # "it used to take 30 months and now takes fifteen"
    if before == "of" and tokens.at(i - 2) in word_set("alone", "periods"):
        return True  # "with a period of grace of ten", "by a factor of 3"
    of_span = before in ("the", "first") and tokens.at(numeral.last) in word_set(
        "alone", "of_spans"
    )
    if of_span and _lasts(tokens, i):
        return True  # "more in these five years than in the five before"
    if before == "(" and numeral.high < 1:
        return True  # "(1/3)": the first of three
    if before == "not" and (
        tokens.at(numeral.last) == "but" or tokens.at(i - 2) in (",", "\u2014")
    ):
        return True
    j = numeral.last
    if not numeral.spelled and _by_itself(tokens, i, j):
        return True
    again = tokens.at(j)[:1].isdecimal() and tokens.start[j] == tokens.end[j - 1] + 1
    beside = tokens.at(i - 1)[:1].isdecimal() or "," in tokens.at(j)[1:]
    cell = "," in tokens.raw[i] and beside
    again = again and not cell  # "9,007 10,104 10,588": cells of a row
    if again and tokens.at(j + 1) != "mm" and not tokens.glued(j + 1):
        return True
    if tokens.at(j) == "out" and tokens.at(j + 3) == "last":
        return True  # "four out of the last five years"
    if numeral.spelled and numeral.high <= _FEW and _is_alternative(tokens, numeral):
        return True
    if before in ("or", "and") and tokens.at(i - 2) in unit_table().surfaces:
        lead = tokens.at(i - 3)
        if before == "or" and lead in word_set("alone", "before_spans"):
            return True  # "the next week or two"
        return lead in ARTICLES or lead in vocabulary().words
    idiom = numeral.spelled and not numeral.scaled
    return idiom and tokens.at(i - 1) in word_set("alone", "before_idioms")


def _lasts(tokens: Tokens, i: int) -> bool:
    """Whether a span of time stands before token i in its sentence, whose unit a number takes."""
    return tokens.holds(_spans(), 0, i)


@cache
def _spans() -> frozenset[str]:
    return frozenset(f"{unit}s" for unit in word_set("rate", "times"))


def _by_itself(tokens: Tokens, i: int, j: int) -> bool:
    """``30 by 30``: the same number twice, that measures and counts nothing."""
    if tokens.at(j) in _BY:
        again = j + 1
    elif tokens.at(i - 1) in _BY:
        again = i - 2
    else:
        return False
    behind = max(again, i) + 1
    named = opens_noun(tokens, behind) or tokens.at(behind).endswith("ed")  # "20 captured men"
    return tokens.at(again) == tokens.low[i] and not named


def _is_alternative(tokens: Tokens, numeral: Numeral) -> bool:
    """``two, three, sometimes four tours``; ``Five, the President forgets``: not a number each."""
    i, j = numeral.first, numeral.last
    if tokens.at(j) == "," and i <= 1 and tokens.raw[i].istitle():
        return i == 0 or tokens.raw[0] == '"'
    words = vocabulary().words
    near = [words.get(tokens.at(j + 1), -9)] if tokens.at(j) in (",", "or") else []
    near += [words.get(tokens.at(i - 2), -9)] if tokens.at(i - 1) in (",", "or") else []
    return any(abs(number - numeral.low) == 1 for number in near)


def numbers_or_opens_name(tokens: Tokens, numeral: Numeral, names: frozenset[int]) -> bool:
    """Whether a number is a part of a name or of a word: ``total two-way trade``."""
    return numbers_name(tokens, numeral, names) or _in_word(tokens, numeral)


def is_dotted_day(tokens: Tokens, numeral: Numeral) -> bool:
    """``from 24.02 to 28.02``: days and their months."""
    i, j = numeral.first, numeral.last
    if numeral.scaled or not _DOTTED_DAY.match(tokens.raw[i]):
        return False
    if tokens.raw[i][0] == "0":
        return True  # "the 07.10 massacre"
    if numeral.kind == "range":
        return tokens.low[j - 1][0] == "0"  # "it ran from 24.02 to 03.03"
    if tokens.at(i - 1) in word_set("alone", "before_days") and tokens.at(j) in (":", ",", "."):
        return True  # "as of 12.05:"
    if tokens.at(i - 1) == "from" and tokens.at(j) == "to":
        return _spans_days(tokens, i)
    return tokens.at(i - 1) == "to" and tokens.at(i - 3) == "from" and _spans_days(tokens, i - 2)


def _spans_days(tokens: Tokens, i: int) -> bool:
    """Whether the numbers behind *from* and *to*, the first at token i, are a day and a later one,
    and not what something changed by: ``rose from 12.10 to 14.12``."""
    first, last = tokens.low[i], tokens.at(i + 2)
    if not (_DOTTED_DAY.match(first) and _DOTTED_DAY.match(last)):
        return False
    if last[0] == "0":
        return True  # "from 24.12 to 07.01"
    changed = tokens.holds(word_set("range", "changes"), max(0, i - _CHANGE_REACH), i)
    return not changed and first.split(".")[::-1] < last.split(".")[::-1]


def numbers_name(tokens: Tokens, numeral: Numeral, names: frozenset[int]) -> bool:
    """``Story 1``, ``Plant 14``, ``H.R. 528``, ``S. 2340``, ``Res. 107``: the number of a name."""
    i, j = numeral.opens, numeral.last
    if tokens.at(i - 1) == "of" and tokens.at(i - 2) in ("gang", "group"):
        return tokens.raw[i - 2][0].isupper()  # "the Group of 20"
    if tokens.at(j) == "'s" and not numeral.spelled:
        return True  # "the early 90's"
    if not i or numeral.spelled or numeral.scaled or "," in tokens.raw[numeral.first]:
        return False
    if tokens.at(i - 1) == "of" and tokens.at(i - 2).isdecimal():  # "image 2 of 3"
        return tokens.at(i - 3) in load("designators")["before"]
    before = tokens.raw[i - 1]
    if tokens.apart(i):
        return False  # in a column of its own
    if before in ("-", "'") and (tokens.glued(i) or (before == "-" and tokens.glued(i - 1))):
        return True
    if before == "." and i > 1:
        return tokens.glued(i - 1) and tokens.raw[i - 2][0].isupper() and len(tokens.raw[i - 2]) < 6
    if before.endswith(".") and before[0].isupper():
        return True
    if i - 1 in names or not before[0].isupper() or is_plural(before.lower()):
        return False
    if (
        before.isupper()
        and len(before) < _SHORT
        and (i == 1 or tokens.at(i - 2) in ("&", "and", "("))
    ):
        return True  # "the S&P 500", "(LHD 50)"
    opens = before.lower() in word_set("phrase", "stop") or before.lower() in word_set(
        "bare", "before"
    )
    return i == 1 and len(before) < 8 and not (opens or before.endswith("ed"))


@once
def _is_heading(tokens: Tokens) -> bool:
    """Whether a number stands with nothing but signs and other numbers: a page, a serial number."""
    if tokens.raw[0][0].isalpha() and any(map(tokens.apart, range(1, len(tokens)))):
        return False  # "C-130    2    4": a row of a table
    words = (word for word in tokens.raw if len(word) > 1 and word[0].isalpha())
    named = tokens.raw[0][0].isupper() and len(tokens.raw[0]) > 1  # "Estonia 480 512"
    if len([*islice(words, 2)]) + named > 1 or "|" in tokens.raw:
        return False
    return not any(map(is_plural, tokens.low))
