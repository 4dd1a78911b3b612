"""What is a number and no figure: ``F-16``, ``155mm``, ``section 506``, ``H.R. 7691``, ``(3)``.

The words that make a number a name stand in ``catalogue/designators.toml``.
"""

from __future__ import annotations

import re
from functools import cache

from extractors.catalogue import load
from extractors.numbers.numeral import DASHES, Numeral
from extractors.text.number_words import vocabulary
from extractors.text.once import once
from extractors.text.tokens import Tokens
from extractors.text.words import is_plural, word_set

_WORD = 4  # letters of a word that is no abbreviation
_ORDINALS = frozenset(("st", "nd", "rd", "th"))
_SHORT = re.compile(r"\d{1,3}$")
_MARKED_YEAR = re.compile(r"(?:19|20)\d\d\.\d{1,2}$")  # "since 2019.1": the mark of a footnote
_YEAR_AND_MARK = re.compile(r"(?:19|20)\d\d\d{1,2}$")
_TITLED = 0.6
_SERIAL = 8  # digits without a separator: a phone or an account
_STREET_REACH = 5
_SERIES_REACH = 9
_BEHIND_COUNT = frozenset(("", ".", ",", ";", "-", "of"))
_PHONE = 7  # digits of a telephone number
_THOUSANDS = 3  # digits in a group of thousands
_GROUPS = 2  # that it is written in, or more
_LONGEST_PHONE = 12  # tokens
_OF_PHONES = frozenset(("(", ")"))
_LINKS = frozenset(("&", "and", ",", "including", "/", "to"))


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(load("designators")[name])


def calibre_words() -> frozenset[str]:
    """Nouns that make a calibre of a length before them."""
    return _words("calibre")


def known_calibres() -> frozenset[str]:
    """The calibres of guns in millimetres, as they are written."""
    return _words("millimetres")


def model_numbers() -> frozenset[str]:
    """Numbers of models and of lines of help."""
    return _words("models")


def prefixes() -> frozenset[str]:
    """Prefixes with a hyphen that leave the number behind them a number."""
    return _words("prefixes")


def designator(tokens: Tokens, numeral: Numeral) -> str | None:
    """Why a numeral without a unit is no figure, None where nothing speaks against it."""
    if not numeral.spelled:
        return (
            _glued_before(tokens, numeral)
            or _glued_behind(tokens, numeral)
            or _numbered(tokens, numeral)
            or _written_as_name(tokens, numeral)
        )
    return _spelled_name(tokens, numeral)


def _spelled_name(tokens: Tokens, numeral: Numeral) -> str | None:
    """``Phase Two``, ``Air Force One``, ``the Five Eyes``, ``day-one``; not ``day one hundred``."""
    i = numeral.first
    if not i or numeral.low >= 100 or (tokens.glued(i) and tokens.raw[i - 1][-1].islower()):
        return None  # "in JerusalemThree men": the space before it is lost
    before = tokens.low[i - 1]
    if before == "-" and tokens.glued(i) and tokens.glued(i - 1):
        return "part of a name" if tokens.low[i - 2] not in prefixes() else None
    capital = tokens.raw[i][0].isupper()
    named = tokens.raw[i - 1][0].isupper() or _goes_on_as_name(tokens, numeral.last)
    if capital and named and before[0].isalpha() and not is_title(tokens):
        return "part of a name"
    counted = vocabulary().words.get(tokens.at(i - 2), 0)
    if before == "and" and counted and tokens.at(i - 3) in _words("before_spelled"):
        return "numbered name"  # "on page seven and eight"
    if before not in _words("before") or (tokens.at(numeral.last) == "-" and not capital):
        return None
    if _is_counted(tokens, i, numeral.last) or (
        before == "day" and tokens.at(i - 2) in _words("days")
    ):
        return None  # "for each additional day ten hostages"
    told = i == 1 and (tokens.at(numeral.last) == "is" or _is_of_one(tokens, numeral.last))
    return "numbered name" if capital or told or before in _words("before_spelled") else None


def _is_of_one(tokens: Tokens, j: int) -> bool:
    """``Point two *of the plan*``, but ``release two of the prisoners``, ``call two of them``."""
    if tokens.at(j) != "of" or tokens.at(j + 1) in word_set("phrase", "anaphora"):
        return False
    return not is_plural(tokens.at(j + 2)) and tokens.at(0) not in _words("also_verbs")


def _goes_on_as_name(tokens: Tokens, j: int) -> bool:
    """Whether a name goes on at token j behind a number with a capital: the ``Five Eyes``."""
    return j < len(tokens) and tokens.raw[j][0].isupper()


@once
def is_title(tokens: Tokens) -> bool:
    """Whether most words have a capital, as in a headline, so that a capital tells nothing."""
    words = [word for word in tokens.raw if word[0].isalpha()]
    return sum(1 for word in words if word[0].isupper()) > _TITLED * len(words)


def _glued_before(tokens: Tokens, numeral: Numeral) -> str | None:
    """``M142``, ``F-16``, ``#12``, ``3:2``, ``COVID -19``."""
    i = numeral.first
    if not i or not tokens.glued(i):
        return None
    before = tokens.low[i - 1]
    if before == "." and _ends_sentence(tokens, i - 1) and opens_noun(tokens, numeral.last):
        return None  # "they were caught.7 missiles came"
    if before[0].isalpha() or before in "#_/.&=@":
        return "part of a name"
    if before == "+" and tokens.at(i - 2) == "(":
        return None  # "personnel 34,100 (+300)"
    if before in "-\u2013+" and i > 1:
        name = tokens.raw[i - 2]
        if (before == "-" and name.lower() == "to") or name.lower() in _words("prefixes"):
            return None
        if tokens.glued(i - 1) or (name[0].isupper() and name[0].isalpha()):
            return "part of a name"
    if before == ":" and i > 1 and tokens.raw[i - 2][-1].isdecimal():
        return "score"
    opens = numeral.last < len(tokens) and tokens.raw[numeral.last][0].isupper()
    if before == '"' and tokens.at(i - 2) == "." and tokens.glued(i - 1) and opens:
        return "footnote"  # 'it said."1 Next'
    return None


def _ends_sentence(tokens: Tokens, k: int) -> bool:
    """Whether the full stop at token k ends a sentence: it stands behind a whole word."""
    return k > 0 and tokens.raw[k - 1].islower() and len(tokens.raw[k - 1]) >= _WORD


def _glued_behind(tokens: Tokens, numeral: Numeral) -> str | None:
    """``20th``, ``2A6``, ``5:30``, ``2-1``, ``3-D``."""
    j = numeral.last
    if not tokens.glued(j):
        scanned = j < len(tokens) and tokens.raw[j] in _ORDINALS
        return "ordinal" if scanned and not numeral.scaled else None
    after, following = tokens.raw[j], tokens.raw[j + 1] if tokens.glued(j + 1) else ""
    if after.lower() in _ORDINALS:
        return "ordinal"
    if after[0].isalpha() and not numeral.suffix:
        return "part of a name"
    if not following:
        return None
    if after in "/:\u00b0#_" or (after in "+'" and following[0].isdecimal()):
        return "part of a name"  # "a 2+2 meeting", "he is 5'5 tall"
    if after == "(" and len(following) == 1 and following.isalnum():
        return "part of a name"  # "401(k)", "Article 33(2)"
    if after in DASHES:
        if following[0].isdecimal():
            return "score"
        if len(following) == 1 and following.isupper():
            return "part of a name"
    return None


def _numbered(tokens: Tokens, numeral: Numeral) -> str | None:
    """``section 506``, ``No. 5``, ``Source of Aid 2``, ``UNSCRs including 2231``, ``(3)``."""
    i, j = numeral.first, numeral.last
    before, after = tokens.at(i - 1), tokens.at(j)
    if before in ("#", "\u00a7", "\u2116"):
        return "numbered name"
    if before == "of" and tokens.at(i - 2).isdecimal() and tokens.at(i - 3) in _words("before"):
        return "numbered name"  # "Page 2 of 3"
    if before == "of" and tokens.at(i - 2) in _words("of_numbers") and not is_plural(after):
        return "numbered name"  # "in the round of 16"
    if i and tokens.raw[i - 1] in _words("capitals"):
        return "numbered name"  # "Teamsters Local 80"
    if before == "/" and tokens.glued(i - 1) and tokens.at(i - 2).isdecimal():
        return "numbered name"  # "Release 03/ 77"
    if i == 0 and after in (".", ")", ":", "/") and tokens.glued(j) and _SHORT.match(tokens.raw[i]):
        return "list number"
    small = not numeral.scaled and numeral.low < 1000 and numeral.kind == "exact"
    cell = tokens.at(i - 2) == "|" and tokens.at(j + 1) == "|"  # "| (24) |": an uncertain count
    if before == "(" and after == ")" and small and not (cell or _counts_before(tokens, i - 1)):
        return "list number"
    if numeral.scaled or (numeral.low >= 1000 and "," in tokens.raw[i]) or tokens.apart(i):
        return None
    if (
        before == "."
        and i > 1
        and tokens.glued(i - 1)
        and tokens.low[i - 2] in _words("abbreviations")
    ):
        return "numbered name"  # "the No. 4 reactor"
    if before in _LINKS:
        named = _in_series(tokens, i - 1) or _in_named_series(tokens, i, j)
        return named or _goes_on_numbering(tokens, i, j)
    return "numbered name" if _names_numbers(tokens, i, j, before.rstrip(".")) else None


def _counts_before(tokens: Tokens, k: int) -> bool:
    """Whether a number in brackets counts what is before it: ``Humvees (200)``, ``Perth (75)``."""
    if k < 1 or tokens.glued(k) or tokens.low[k - 1] in _words("before"):
        return False
    word = tokens.raw[k - 1]
    return is_plural(word.lower()) or (word[0].isupper() and tokens.raw[k + 1].isdecimal())


def _is_counted(tokens: Tokens, i: int, j: int) -> bool:
    """Whether *number* before the number at tokens i to j is the verb: ``its fighters now *number*
    900.``; not ``buses number 12 and 14 were hit``."""
    subject = tokens.at(i - 2 - (tokens.at(i - 2) in _words("amid_count")))
    ended = tokens.at(j) in _BEHIND_COUNT
    return ended and tokens.at(i - 1) == "number" and is_plural(subject)


def _names_numbers(tokens: Tokens, i: int, j: int, before: str) -> bool:
    """Whether the word before a number numbers things; a noun behind the number saves some."""
    if before == "aid":
        return tokens.at(i - 2) == "of" and tokens.at(i - 3) in ("source", "sources")
    if before in _words("also_verbs") and tokens.at(i - 2) in word_set("tense", "future"):
        return False  # "will grant 300 visas", "to build 600 bunkers"
    if before not in _words("before") or (before == "day" and tokens.at(i - 2) in _words("days")):
        return False
    if before == "numbered" and tokens.at(i - 2) in word_set("verbs", "casualty"):
        return False  # "the injured numbered 52"
    if _is_counted(tokens, i, j):
        return False
    return before not in _words("also_nouns") or not opens_noun(tokens, j)


def numbers_with_letter(tokens: Tokens, numeral: Numeral) -> bool:
    """``Articles 1F``, ``Proposition 1A``, ``section 126.1(g)``: numbered things with a letter."""
    i, j = numeral.first, numeral.last
    if numeral.spelled or not i or not tokens.glued(j):
        return False
    letter = tokens.raw[j] if tokens.raw[j] != "(" or j + 1 >= len(tokens) else tokens.raw[j + 1]
    return len(letter) == 1 and letter.isalpha() and tokens.low[i - 1] in _words("before")


def is_unpaired(tokens: Tokens, first: int, last: int) -> bool:
    """Whether two numbers with a hyphen are a name: the ``9-11`` Commission."""
    return "".join(tokens.low[first:last]) in _words("unpaired")


def ends_a_name(tokens: Tokens, j: int) -> bool:
    """Whether token j ends a name that a number opens: the rapper ``50 Cent``."""
    return j < len(tokens) and tokens.raw[j] in _words("ends_of_names")


def _in_series(tokens: Tokens, k: int) -> str | None:
    """Further numbers of a series that a numbering word opens: ``Sources of Aid 2 & 3``."""
    numbered = False
    for j in range(k, max(-1, k - _SERIES_REACH), -1):
        word = tokens.low[j]
        if word.isdecimal():
            numbered = True
        elif word not in _LINKS and word != ".":
            opens = word in _words("series") or (word == "aid" and tokens.at(j - 1) == "of")
            named = opens and (numbered or tokens.at(j + 1) == "including")
            return "numbered name" if named else None
    return None


def _in_named_series(tokens: Tokens, i: int, j: int) -> str | None:
    """``Nord Stream 1 and 2``: one more of a name that a number ends."""
    if tokens.low[i - 1] not in ("and", "&") or i < 4 or not tokens.raw[i - 2].isdecimal():
        return None
    if tokens.raw[i - 2] != "1" and opens_noun(tokens, j):
        return None  # "in Kherson Oblast 3 and 4 villages", but "the Nord Stream 1 and 2 pipelines"
    named = all(word[0].isupper() and word.isalpha() for word in tokens.raw[i - 4 : i - 2])
    next_one = tokens.raw[i].isdecimal() and int(tokens.raw[i]) == int(tokens.raw[i - 2]) + 1
    return "numbered name" if named and next_one else None


def _goes_on_numbering(tokens: Tokens, i: int, j: int) -> str | None:
    """``tracks 1 and 2``, ``Priority 7 and 8 veterans``: one more of what is numbered."""
    first = i - 2
    if tokens.low[i - 1] not in ("and", "&", "to", ",") or not tokens.at(first).isdecimal():
        return None
    numbering = tokens.at(first - 1)
    capital = first > 0 and tokens.raw[first - 1][0].isupper()
    if not _names_numbers(tokens, first, first + 1, numbering) or not (
        capital or not opens_noun(tokens, j)
    ):
        return None
    return "numbered name"


def _written_as_name(tokens: Tokens, numeral: Numeral) -> str | None:
    """``007``, a phone number, a house number, a postal code, a model."""
    i, j = numeral.first, numeral.last
    raw, after = tokens.raw[i], tokens.at(j)
    if in_phone_number(tokens, i, j - 1) or raw[0] == "." or _MARKED_YEAR.match(raw):
        return "part of a name"
    if "." in raw and raw in _words("millimetres") and after in _words("calibre"):
        return "part of a name"
    if _is_marked_year(tokens, i):
        return "footnote"
    if j == i + 1 and raw.isdecimal():
        if (len(raw) > 1 and raw[0] == "0") or len(raw) >= _SERIAL:
            return "part of a name"
        capital = after[:1].isalpha() and tokens.raw[j][0].isupper()
        if raw in model_numbers() and (capital or after in _words("modelled")):
            return "part of a name"
        state = tokens.raw[i - 1] if i else ""
        if len(raw) == 5 and len(state.replace(".", "")) == 2 and state.isupper():
            return "address"
    if ends_a_name(tokens, j) or (after in _words("labels") and tokens.at(j + 1) == ":"):
        return "part of a name"
    if after in _words("behind") or (after == "u.s." and tokens.at(j + 1) == "code"):
        return "address"
    for k in range(j, min(j + _STREET_REACH, len(tokens))):
        word = tokens.raw[k]
        house = word.lower() in _words("streets") or (k > j and word.lower() in _words("houses"))
        if word[0].isupper() and house:
            return "address"
        if not (word[0].isupper() or word[0].isdecimal() or word in _ORDINALS):
            return None
    return None


def _is_marked_year(tokens: Tokens, i: int) -> bool:
    """Whether the mark of a footnote is glued to the year of a date: ``May 3, 20247``."""
    raw = tokens.raw[i]
    if not _YEAR_AND_MARK.match(raw):
        return False
    k = i - 1 - (tokens.at(i - 1) == ",")
    return tokens.at(k - tokens.at(k).isdecimal()) in load("calendar")["months"]


def in_phone_number(tokens: Tokens, first: int, last: int) -> bool:
    """Whether tokens ``first`` to ``last`` are of a telephone number: ``02 6277 7500``; a blank
    at most parts its groups, and none stands in another column."""
    raw, start, ends = tokens.raw, tokens.start, tokens.end
    if any(map(str.isalpha, raw[first : last + 1])):
        return False  # "from 13 750 to 14 750 places"
    floor, ceiling = max(0, first - _LONGEST_PHONE), min(len(raw), last + _LONGEST_PHONE)
    end = last + 1
    while (
        first > floor
        and start[first] <= ends[first - 1] + 1
        and (_of_phone(raw[first - 1]) or _ends_area(raw, first - 1))
    ):
        first -= 1
    if _of_phone(raw[last]):
        while end < ceiling and start[end] <= ends[end - 1] + 1 and _of_phone(raw[end]):
            end += 1
    if end == first + 1:
        return False
    groups = [word for word in raw[first:end] if word.isdecimal()]
    if len(groups) < _GROUPS or sum(map(len, groups)) < _PHONE:
        return False
    if tokens.at(first - 1) in _words("phones"):
        return True
    thousands = len(groups[0]) <= _THOUSANDS and all(len(word) == _THOUSANDS for word in groups[1:])
    if thousands and groups[0][0] != "0":
        return False  # "120 000 000 rounds"
    if len(groups) > _GROUPS or "(" in raw[first:end]:
        return True
    return any(word[0] == "0" and len(word) > 1 and set(word) != {"0"} for word in groups)


def _of_phone(word: str) -> bool:
    return word.isdecimal() or word in _OF_PHONES


def _ends_area(raw: tuple[str, ...], k: int) -> bool:
    """Whether a hyphen at token k ends the code of an area: ``06-277 7660``."""
    return raw[k] == "-" and k > 0 and raw[k - 1].isdecimal() and raw[k - 1][0] == "0"


def opens_noun(tokens: Tokens, j: int) -> bool:
    """Whether a common noun may begin at j."""
    noun = j < len(tokens) and tokens.low[j][0].isalpha() and tokens.raw[j].islower()
    return noun and tokens.low[j] not in word_set("phrase", "stop")
