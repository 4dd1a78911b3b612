"""Counts of things and people: ``4 HIMARS``, ``5,000 troops``, ``four more``, ``20 of them``.

A count is a numeral with a noun phrase behind it, or one whose noun the reader knows from before.
"""

from __future__ import annotations

import re
from dataclasses import replace

from extractors.catalogue import load
from extractors.numbers.bare import (
    explained,
    is_clock_time,
    is_dotted_day,
    is_undated,
    numbers_or_opens_name,
    stands_alone,
)
from extractors.numbers.designators import designator, is_title, is_unpaired, opens_noun
from extractors.numbers.nouns import Items, Noun, noun_after
from extractors.numbers.numeral import DASHES, Numeral, is_integer, multiplied, with_capital
from extractors.numbers.percentages import is_ratio, is_share
from extractors.numbers.quantity import Quantity, scaled_by
from extractors.text.number_words import is_year, vocabulary
from extractors.text.once import once
from extractors.text.tokens import Tokens
from extractors.text.words import is_plural, singular, word_set

_NEAR = 8
_TOLD = 20  # so many points are a score, and not the points of a plan
_LONGEST_ONE = 6
_LARGE = 10_000
_JUST_NAMED = 3
_SHORT = 1  # words of a noun phrase that only points back: "the two Nordic nations"
_PAIR = 2
_LONGEST_TABLE = 100
_SAID = 6  # words from an unnamed source to "said"
_HEDGES = frozenset(("at", "least", "only", "another"))
_HEDGED = 3  # words before the number of a whole
_PARTICIPLES = ("ed", "ing")  # endings of words behind "one" that say what it does
_POINTED = re.compile(r"[1-9]\d{0,2}\.\d\d0")
_PEOPLE = "personnel"
_MORE = "<n> more"
_TOTAL = "bringing the total to <n>"
_ROW = 16  # tokens from a count to the "one" that goes on with it
_WORLDS = frozenset(("where", "when", "if"))
_JOINTS = frozenset((",", ";", "and", "but", "or", "now", "only"))
_ENDED = frozenset(("and", ",", ".", ";", ""))


def count(tokens: Tokens, numeral: Numeral, items: Items, names: frozenset[int]) -> Quantity | None:
    """The count that a numeral states, None where it counts nothing.

    ``items`` are the catalogue's items of the sentence, ``names`` the tokens of its actors.
    """
    if numeral.kind == "share":
        return None
    if is_share(tokens, numeral.last):
        return None
    times = multiplied(tokens, numeral)
    if times is not None:
        return _quantity(times, noun_after(tokens, times, items), "<n> \u00d7 <noun>")
    if designator(tokens, numeral) is not None or _is_only_named(tokens, numeral):
        return None
    grown = with_capital(tokens, numeral).with_suffix()
    if numeral.suffix and tokens.glued(grown.last) and tokens.raw[grown.last] != "-":
        return None
    noun = None if _befell(tokens, grown) else noun_after(tokens, grown, items)
    if _name_number(tokens, grown, names, items, noun):
        return None
    if noun is not None:
        grown = _with_point(tokens, grown, noun)
        counted = _counted(tokens, grown, noun, items, names)
        return _quantity(grown, noun, "<n> <noun>") if counted else None
    rule = _without_noun(tokens, grown, items) or _listed(tokens, grown, items)
    nameless = _NAMELESS.get(rule or "")
    if nameless is not None and nameless(tokens, grown, names):
        rule = None
    elif rule is None and stands_alone(tokens, grown, names):
        rule = "<n>"
    return _quantity(grown, None, rule) if rule is not None else None


def _is_only_named(tokens: Tokens, numeral: Numeral) -> bool:
    """Whether a number is spoken of and counts nothing: a ratio, a date, a word within quotes."""
    i, j = numeral.opens, numeral.last
    quoted = i > 1 and tokens.low[i - 1] == tokens.at(j) == '"' and numeral.kind == "exact"
    quoted = quoted and not opens_noun(tokens, j + 1)
    mentioned = (
        quoted
        or _ranks(tokens, numeral)
        or _splits_year(tokens, numeral)
        or (numeral.spelled and tokens.at(i - 1) == "big" and not is_plural(tokens.at(j)))
    )  # "the big four"
    meant = tokens.at(j) == "=" and tokens.at(j + 1)[:1].isalpha()  # "1 = official website"
    return (
        mentioned
        or meant
        or is_unpaired(tokens, i, j)
        or is_ratio(tokens, numeral)
        or is_dotted_day(tokens, numeral)
        or is_clock_time(tokens, numeral)
    )


def _splits_year(tokens: Tokens, numeral: Numeral) -> bool:
    """``mid-20 16``, ``October 200 1``, ``2016-1 7``: a year with a gap, as scanned texts have."""
    i = numeral.opens
    if (
        numeral.spelled
        or not tokens.at(i - 1).isdecimal()
        or tokens.start[i] != tokens.end[i - 1] + 1
    ):
        return False
    head, led = tokens.raw[i - 1], tokens.at(i - 2)
    if led in DASHES and tokens.glued(i - 1) and is_year(tokens.at(i - 3)):
        return len(head) == len(tokens.raw[i]) == 1  # "2016-1 7"
    dated = (
        led == "-" or led in word_set("range", "before_years") or led in load("calendar")["months"]
    )
    return dated and is_year(head + tokens.raw[i])


def _with_point(tokens: Tokens, numeral: Numeral, noun: Noun) -> Numeral:
    """``7.500 homes``: a point that parts round thousands, as whole things are counted."""
    raw = tokens.raw[numeral.first]
    if numeral.scaled or numeral.spelled or numeral.kind != "exact" or raw[:1] == "0":
        return numeral
    head = tokens.low[noun.last - 1]
    counted = is_plural(head) and singular(head) not in word_set("uncounted", "scored")
    i, averages = numeral.opens, word_set("uncounted", "averages")
    averaged = tokens.holds(averages, max(0, i - _NEAR), i) or tokens.at(noun.last) in averages
    if averaged or not (counted and numeral.low < 1000 and _POINTED.fullmatch(raw)):
        return numeral
    return replace(numeral, low=numeral.low * 1000, high=numeral.high * 1000)


def _quantity(numeral: Numeral, noun: Noun | None, rule: str) -> Quantity:
    return Quantity(
        numeral,
        numeral.opens,
        numeral.last,
        scaled_by(numeral.low, 1),
        scaled_by(numeral.high, 1),
        "count",
        "count",
        noun.last if noun else numeral.last,
        rule.replace("<n>", numeral.rule) if numeral.rule != "<n>" else rule,
        noun=(noun.first, noun.last) if noun else None,
    )


def _counted(
    tokens: Tokens, numeral: Numeral, noun: Noun, items: Items, names: frozenset[int]
) -> bool:
    """Whether counts of this noun are figures (codebook: not calls, letters, idioms with *one*)."""
    head = singular(tokens.low[noun.last - 1])
    compound = tokens.at(numeral.last) == "-" and tokens.glued(numeral.last)
    if compound and tokens.at(numeral.last + 1) in word_set("uncounted", "compounds"):
        return False  # "a two-state solution"
    if numeral.one:
        return _one_thing(tokens, numeral, noun, head, items, names)
    if tokens.raw[numeral.first] == "1" and tokens.at(numeral.last) in word_set(
        "uncounted", "of_i"
    ):
        return False
    if head in word_set("uncounted", "measured"):
        return False
    if head in word_set("uncounted", "scored"):
        told = numeral.high >= _TOLD or not is_integer(numeral.low) or _is_described(tokens, noun)
        return told or (head == "area" and _is_land(tokens, noun.last))
    if head in word_set("uncounted", "nouns"):
        return head == "time" and _tells_attacks(tokens, numeral, noun.last)
    if not numeral.high:
        if tokens.at(numeral.last) in word_set("uncounted", "with_zero"):
            return False
        return is_plural(tokens.low[noun.last - 1]) and tokens.at(numeral.last) != "-"
    if noun.last - noun.first <= _SHORT and numeral.high <= _JUST_NAMED:
        before = tokens.at(numeral.first - 1)
        if before in word_set("uncounted", "pointing"):
            pair = numeral.high == 2 and head in word_set("uncounted", "states")
            return not pair and head not in word_set("uncounted", "just_named")
    return True


def _one_thing(
    tokens: Tokens, numeral: Numeral, noun: Noun, head: str, items: Items, names: frozenset[int]
) -> bool:
    """Whether *one* counts a thing, and is no pronoun and no idiom."""
    following = tokens.at(numeral.last + (tokens.at(numeral.last) == "more"))
    with_one = word_set("uncounted", "with_one")
    lead = numeral.first - 1 - (tokens.at(numeral.first - 1) == '"')  # "not even "one soldier""
    before = tokens.at(lead)
    told = before == "that" and tokens.at(lead - 1) in word_set("uncounted", "said")
    if before in word_set("uncounted", "before_one") and not told:
        return False
    if tokens.words(max(0, numeral.first - 3), numeral.first) in word_set("uncounted", "scarcely"):
        return False  # "so much as one soldier"
    if before == "only" and tokens.at(lead - 1) == "the":
        return False  # "not the only one facing cuts"
    if following in word_set("uncounted", "idioms") or following in ("-", "'s", "'"):
        return False
    behind = tokens.at(numeral.last + 1)
    if following.endswith(_PARTICIPLES) and behind in word_set("uncounted", "before_participle"):
        return following in word_set("verbs", "casualty")  # "one *governed by* force"
    thing = items.at(numeral.last)  # "one hand grenade", but "on the one hand"
    told = following in with_one and (thing is None or thing.last == numeral.last + 1)
    if told or head in with_one or noun.last - noun.first > _LONGEST_ONE:
        return False
    if head.endswith("ly") and not word_set("uncounted", "in_ly") & {head}:
        return False  # "one infinitely long day"
    if _is_source(tokens, noun) or _is_verb(tokens, noun, items):
        return False
    if tokens.follows(noun.last, ("after", "another")):
        return False  # "one wave after another"
    if before in _WORLDS and tokens.at(noun.last) in word_set("uncounted", "able"):
        return False  # "a world where one country can"
    if head in word_set("uncounted", "nouns") or head in word_set("uncounted", "scored"):
        return False
    named = tokens.raw[numeral.first][0].isupper() and before[:1].isalpha()
    if named and (before in word_set("uncounted", "called_one") or not is_title(tokens)):
        return False  # "Air Force One", "the One China policy"
    known = bool(items.within(noun.first, noun.last)) or noun.first in names
    marked = tokens.at(noun.first + 1) in DASHES and tokens.glued(noun.first + 1)  # "one Il-22"
    return known or marked or tokens.raw[noun.first][0].islower()  # not "one Secretary Doe made"


def _ranks(tokens: Tokens, numeral: Numeral) -> bool:
    """``one of the ten poorest countries``, ``among the 12 largest donors``: a rank."""
    i = numeral.opens
    among = tokens.follows(i - 2, ("among", "the")) or tokens.follows(i - 3, ("one", "of", "the"))
    following = tokens.at(numeral.last)
    return among and following in word_set("uncounted", "superlatives")


def _tells_attacks(tokens: Tokens, numeral: Numeral, j: int) -> bool:
    """``they were attacked 14 times``: the times are attacks; not ``60 times more often``, nor
    ``the town, hit in March, was visited 14 times``."""
    if tokens.at(j) in word_set("uncounted", "multiplied") or tokens.at(j).endswith("er"):
        return False
    verb = tokens.last_place(word_set("uncounted", "attacked"), numeral.opens)
    between = tokens.low[verb + 1 : numeral.opens]
    return verb >= 0 and len(between) < _ROW and "," not in between


def _is_land(tokens: Tokens, j: int) -> bool:
    """Whether the areas before token j are of land: ``two areas were cleared of mines``."""
    done = word_set("uncounted", "on_land") | word_set("uncounted", "attacked")
    said = tokens.low[j + 1 : j + 3]
    return tokens.at(j) in word_set("share", "be") and not done.isdisjoint(said)


def _is_described(tokens: Tokens, noun: Noun) -> bool:
    """Whether a noun is no plain one: ``two reception points``, but ``two important points``."""
    return noun.last - noun.first > 1 and tokens.low[noun.first] not in word_set(
        "uncounted", "plain"
    )


def one_of_them(tokens: Tokens, numeral: Numeral, before: Quantity) -> Quantity | None:
    """*One* of the things that the count before it counts: ``lost three and Uruguay one``, ``two
    in Iraq and one in Jordan``, ``five men, one of them a boy``."""
    i, j = numeral.first, numeral.last
    if not numeral.one or before.dimension != "count" or i - before.last > _ROW:
        return None
    if tokens.raw[i][0].isupper() and tokens.raw[i - 1][0].isupper():
        return None  # "told BBC One"
    after, lead = tokens.at(j), tokens.at(i - 1)
    joined = lead in _JOINTS or tokens.raw[i - 1][0].isupper() or tokens.at(i - 2) == "of"
    if after == "of" and tokens.at(j + 1) in ("them", "these", "those", "which", "whom"):
        counted = lead in _JOINTS
    else:
        counted = joined and (
            after in _ENDED or after in word_set("uncounted", "behind_one") or after.endswith("ed")
        )
    return _quantity(numeral, None, "<n> of them") if counted else None


def _is_source(tokens: Tokens, noun: Noun) -> bool:
    """``one resident, Najm Assi, said``: an unnamed source."""
    said = word_set("uncounted", "said")
    return not said.isdisjoint(tokens.low[noun.last : noun.last + _SAID])


def _is_verb(tokens: Tokens, noun: Noun, items: Items) -> bool:
    """``one considers that``, ``one landed near``: a verb stands where a noun is looked for."""
    if items.within(noun.first, noun.last):
        return False
    word = tokens.low[noun.first]
    if word.endswith("ing") and noun.last - noun.first == 1:
        return True
    alone = noun.last - noun.first == 1
    return (alone and word.endswith("ed")) or (word[-1] == "s" and is_plural(word))


def _name_number(
    tokens: Tokens, numeral: Numeral, names: frozenset[int], items: Items, noun: Noun | None
) -> bool:
    """Whether a number belongs to the name before it: ``Boeing 737``, ``Javelin 2``."""
    i = numeral.first
    if numeral.spelled or numeral.scaled or numeral.kind != "exact" or "," in tokens.raw[i]:
        return False
    if not i:
        return _numbers_row(tokens, numeral, items, names)
    if _is_year_of_name(tokens, numeral, items, names):
        return True
    if _ends_model(tokens, i):
        return True
    plural = noun is not None and is_plural(tokens.low[noun.last - 1])
    before = tokens.raw[i - 1]
    if tokens.apart(i) or is_undated(tokens, i):
        return False  # in a column of its own, or "in July 18 were killed"
    if before[-1] == "." and before.isupper() and len(before) > 1 and i - 1 not in names:
        return True  # "H.R. 4200 includes"
    if before[0].islower() and before[1:2].isupper():  # "iPhone 11"
        return True
    if not before[0].isupper():
        return _named_before(tokens, i)
    if i == 1 or i - 1 in names or plural or is_plural(tokens.low[i - 1]):
        return False
    return items.over(i - 1) is not None or not is_title(tokens)


def _is_year_of_name(tokens: Tokens, numeral: Numeral, items: Items, names: frozenset[int]) -> bool:
    """``the 2050 Strategy``, ``the Act of 2000``, ``no later than 2050``: a year."""
    i, j = numeral.first, numeral.last
    if not is_year(tokens.raw[i]):
        return False
    if tokens.raw[i - 2 : i] == ("Act", "of") or tokens.at(i - 1) == "than":
        return tokens.at(i - 1) == "of" or tokens.at(i - 2) in ("later", "earlier")
    if j >= len(tokens) or not tokens.raw[j].istitle() or items.at(j) is not None or j in names:
        return False
    return not is_plural(tokens.low[j]) and not is_plural(tokens.at(j + 1))


def _numbers_row(tokens: Tokens, numeral: Numeral, items: Items, names: frozenset[int]) -> bool:
    """Whether a number opens a row of a table whose name stands in a column of its own: a rank;
    not ``12   Toyota pickups``."""
    j = numeral.last
    if not tokens.apart(j) or not tokens.raw[j][0].isupper() or items.at(j) is not None:
        return False
    ends = next((k for k in range(j + 1, len(tokens)) if tokens.apart(k)), len(tokens))
    things = j not in names and is_plural(tokens.low[ends - 1])
    return numeral.low < _LONGEST_TABLE and not things


def _ends_model(tokens: Tokens, i: int) -> bool:
    """Whether a number ends the name of things that are counted: ``five Bell 412 helicopters``."""
    if i < _PAIR or not tokens.raw[i - 1].istitle() or is_plural(tokens.low[i - 1]):
        return False
    return vocabulary().words.get(tokens.low[i - 2], 0) > 1 and not tokens.glued(i - 1)


def _named_before(tokens: Tokens, i: int) -> bool:
    """Whether the same number stood as a part of a name: ``iPhone 11 Pro and 11 Pro Max``."""
    raw = tokens.raw
    if i + 1 >= len(raw) or not raw[i + 1][0].isupper():
        return False
    return _model_names(tokens).get((raw[i], raw[i + 1]), i) < i


@once
def _model_names(tokens: Tokens) -> dict[tuple[str, str], int]:
    """Two words behind a name such as ``iPhone``, with the place where they stand first."""
    raw = tokens.raw
    named = (k for k in range(len(raw) - 2, 0, -1) if raw[k - 1][1:2].isupper())
    return {(raw[k], raw[k + 1]): k for k in named}


def _without_noun(tokens: Tokens, numeral: Numeral, items: Items) -> str | None:
    """The rule by which a number without a noun of its own still counts something."""
    i, j = numeral.opens, numeral.last
    before, after = tokens.at(i - 1), tokens.at(j)
    hedged = i - 1
    while tokens.at(hedged) in _HEDGES:
        hedged -= 1
    if numeral.one and tokens.at(hedged) in word_set("verbs", "casualty") and after in _ENDED:
        return "killing <n>"  # "killed one and wounded two"
    if numeral.one and after in word_set("verbs", "fate"):
        return None if before in word_set("uncounted", "before_one") else "killing <n>"
    if _befell(tokens, numeral):
        return "<n> <verb>"
    if numeral.one and after == "of" and _is_of_number(tokens, j + 1, items):
        named = before in word_set("share", "be") or before in ("as", ",")
        return None if named or before in word_set("uncounted", "before_one") else "<n> of them"
    if numeral.one or not numeral.high:
        return None
    if after in ("more", "others"):
        return _MORE
    if after == "of" and _whole_follows(tokens, j + 1):
        just_named = (before == "the" and tokens.at(j + 1) in word_set("phrase", "persons")) or (
            before == "all" and tokens.at(j + 1) in word_set("phrase", "anaphora")
        )
        named = just_named and numeral.high <= _JUST_NAMED
        return None if named else "<n> of them"  # "the two of them"
    if before in word_set("bare", "ordinals"):
        return None
    casualty = word_set("verbs", "casualty")
    if before in casualty or after in casualty:
        return "killing <n>"
    if numeral.kind == "vague":
        return "<vague number>" if after != "-" else None
    near = tokens.low[max(0, i - _NEAR) : i]
    if not word_set("bare", "totals").isdisjoint(near):
        return _TOTAL
    return "<n>" if _bare(tokens, numeral, before, after) else None


def _befell(tokens: Tokens, numeral: Numeral) -> bool:
    """Whether *one* is of things told before and came to grief: ``ten flew; one crashed``."""
    i = numeral.opens
    opens = not i or tokens.at(i - 1) in _JOINTS
    return numeral.one and opens and tokens.at(numeral.last) in word_set("verbs", "befell")


def _is_of_number(tokens: Tokens, j: int, items: Items) -> bool:
    """Whether a whole with its number stands at token j, so that *one* is a part of it: ``one of
    its two ships``, ``one of the four Patriot batteries``; not ``one of the three officials``."""
    owned = tokens.at(j) in word_set("uncounted", "owned")
    k = j + (owned or tokens.at(j) == "the")
    if vocabulary().words.get(tokens.at(k), 0) < _PAIR and not tokens.at(k).isdecimal():
        return False
    if tokens.at(k + 1) in word_set("uncounted", "superlatives"):
        return False
    things = (items.at(n) for n in range(k + 1, min(k + 1 + _HEDGED, len(tokens))))
    thing = next((thing for thing in things if thing is not None), None)
    if thing is None:
        return owned and tokens.at(k + 1) in _ENDED
    return thing.entry.category != _PEOPLE


def _takes_turns(tokens: Tokens, numeral: Numeral, _: frozenset[int]) -> bool:
    """``All right, two more.``, ``time for two more``: questions that a speaker still takes."""
    i, j = numeral.opens, numeral.last
    ended = j + 2 >= len(tokens) and tokens.at(j + 1) in ("", ".")
    led = tokens.at(i - 1) == "," and tokens.at(i - 2) in word_set("uncounted", "before_turns")
    return ended and (led or tokens.follows(i - 2, ("time", "for")))


_NAMELESS = {"<n>": explained, _MORE: _takes_turns, _TOTAL: numbers_or_opens_name}


def _listed(tokens: Tokens, numeral: Numeral, items: Items) -> str | None:
    """``aircraft - 348``: a list gives the number of what it names before it."""
    i = numeral.opens - 1
    mark = tokens.at(i)
    apart = not (tokens.glued(i) and tokens.glued(i + 1))  # "tanks - 9", "cannons- 74"
    if numeral.one or not (mark == ":" or (mark in DASHES and apart)):
        return None
    listed = tokens.at(numeral.last) == ")" and tokens.glued(numeral.last)  # "trucks: 4) guns"
    return "<noun>: <n>" if items.ends_at(i) and not listed else None


def _whole_follows(tokens: Tokens, j: int) -> bool:
    """Whether a number is one of a part: *of them*, *of the 12 buses*, *of more than 40 jets*."""
    if tokens.at(j) in word_set("phrase", "anaphora"):
        return True
    k = j + (tokens.at(j) in word_set("phrase", "determiners"))
    while k < j + _HEDGED and tokens.at(k) in word_set("bare", "before"):
        k += 1
    k += tokens.at(k) == "than"
    number = tokens.at(k)[:1].isdecimal() or tokens.at(k) in vocabulary().words
    return number and (k > j or tokens.at(k + 1)[:1].isalpha())


def _bare(tokens: Tokens, numeral: Numeral, before: str, after: str) -> bool:
    """Whether a number without a noun and without a cue counts something all the same."""
    i = numeral.opens
    if numeral.scaled or (not numeral.spelled and "," in tokens.raw[numeral.first]):
        return True
    if numeral.kind == "range" and not numeral.spelled:
        return False
    ended = not after[:1].isalnum() or after in word_set("bare", "behind")
    if before in word_set("bare", "before"):
        return ended or after.endswith("ed") or after in word_set("share", "be")
    if before == "the":
        return after in word_set("bare", "plural_verbs")
    if before == "of" and tokens.at(i - 2) == "out":
        return ended
    if before in word_set("bare", "verbs"):
        return ended or after.endswith("ly")
    decimal = not numeral.spelled and not is_integer(numeral.low)
    if (decimal or numeral.low >= _LARGE) and before in word_set("bare", "values"):
        return ended or not after[:1].isdecimal()
    return after in word_set("bare", "plural_verbs") and numeral.low > 1
