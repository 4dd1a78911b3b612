"""A text as a reader sees it: markup and line wrapping gone, sentences cut, offsets kept.

Every later step works on :attr:`Block.plain`; :meth:`Block.span` leads back to the document. A
paragraph is read only when something asks for it: most of a document holds no figure.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from extractors.text.number_words import is_year, vocabulary

# One character stands for one character, so that offsets survive.
_FOLD = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201b\u02bc\u00b4`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2212", "-"),
        **dict.fromkeys("\u2015", "\u2014"),
        **dict.fromkeys(map(chr, (*range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)), "\u00a0"),
        **dict.fromkeys("\t\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029", " "),
        **dict.fromkeys("\u2022\u25cf\u25aa\u00b7\u2023\u25e6", "\u2022"),
    }
)
_UNFOLDED = re.compile(f"[{re.escape(''.join(map(chr, _FOLD)))}]")
# What a reader does not see or does not read: blanks beyond one, line ends, addresses, markup,
# words struck out in a transcript, marks of footnotes (but not the square of a metre). Few letters
# begin one, and the engine skips all others: only while every alternative begins with one letter,
# and none with a set of them.
_MARKS = "\u00b9\u2070\u2074\u2075\u2076\u2077\u2078\u2079"
_POWER = r"""(?<![ckm]m.)(?<!\dm.)(?<!\bm.)(?<!ft.)(?<!\bin.)(?<!/s.)(?<=[\w.,;:)"'].)"""
_RAISED = "|".join([f"{c}[{_MARKS}]*" for c in _MARKS] + [c + _POWER for c in "\u00b2\u00b3"])
_NOISE = re.compile(
    r"""
      \n\s* | \r\n\s* | [ ](?:[ \u00a0]+(?:\r?\n\s*)?|\r?\n\s*)
    | \u00a0(?:[ \u00a0]+(?:\r?\n\s*)?|\r?\n\s*|(?!\d{3}(?!\d))|(?<!\d\u00a0))
    | https?://[^\s<>")\]]+ | www\.[^\s<>")\]]+ | @[\w-]+\.[\w.]+
    | \[\d{1,3}\](?!\() | \[(?<=[\w.,;:)"']\[)(?:[ivx]{1,4}|[a-z])\](?!\()
    | <sup>(?!(?:[23]|st|nd|rd|th)<)[^<>\s]{0,6}</sup>
    | <sup>(?<![ckm]m<sup>)(?<!\dm<sup>)(?<!\bm<sup>)(?<!ft<sup>)(?<!/s<sup>)[23]</sup>
    | \](?:\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\))? | \[
    | <s>[^<>\n]{0,100}</s> | </?[A-Za-z!][^<>\n]{0,300}> | \*\** | __+ | \\x9[0-9a-f](?=\s) | \\\\*
    | \u200b | \u200c | \u200d | \u2060 | \ufeff | \u00ad
    |"""
    + _RAISED,
    re.VERBOSE,
)
_READ_AS_BLANK = frozenset(" \u00a0\n\rhw@")
_ONE = re.compile(r"\$[lI](?=[\d.,mM]|bn|\b)")  # a scan's "$lm", "$l00,000"
# The number of a page on a line of its own, amid a sentence or behind one that is cut off.
_PAGE = re.compile(r"(?<=[a-z,])\n[ ]*(?:-[ ]*)?\d{1,3}(?:[ ]*-)?[ ]*(?:\n(?=[a-z])|$(?!\n))")
_PROSE = 40  # characters of a line that is no cell of a table
_EMPTY_LINE = re.compile(r"\n[ \t\r]*\n\s*")
_BULLET = re.compile(r"(?:[-*\u2022\u2013\u2014\u25a0|]|\(?\d{1,2}[.)\\]|\(?[a-z]\)|#+)[ \u00a0]")
_WRAPPED = re.compile(r"[^\n]{45,95}\n[ ]{0,8}[a-z]")
# A line that ends with such a word goes on in the next one ("an estimated / 5,000 troops").
_UNFINISHED = re.compile(
    r"\b(?:an?|the|of|to|than|about|least|most|estimated|some|nearly|almost|over|and|or|for|with|by|in|from|another"
    r"|additional|around|approximately|roughly|its|their|total|between)[ ]*$",
    re.IGNORECASE,
)
# A sentence ends at its stop, with closing quotes, before something that can begin the next one.
_STOP = re.compile(
    r"[.?!\u2026][\"')\]]*[ ]+(?=[\"'(\[]*[A-Z0-9$\u20ac\u00a3\u2014\u00c0-\u00de])|\n"
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"']|\b[HS]\.(?:Con\.)?)(?:[A-Z]|MR|MS|DR|Mr|Mrs|Ms|Dr|Prof|Gen|Lt|Col|Maj|Capt|Sgt|Adm|Cmdr|Brig|Sen|Rep|Gov|Pres"
    r"|Amb|St|Ft|Mt|No|Nos|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|vs|approx|pop|ca|incl|est|Inc|Co"
    r"|Corp|Ltd|mil|mio|mln|bln|mrd|Bros|Jr|Fig|Art|Sec|Vol|al|jan|feb|apr|jun|jul|aug|sept?|oct|nov|dec|Res|Con|Amdt|Cong|Rept|nos?|pp?|art|sec|fig|vol|kr|e\.g|i\.e|(?:[A-Za-z]\.)+[A-Za-z])$"
)
_SENTENCE_OPENERS = frozenset(
    "the this that these those it they he she we in on at for but and as while since when after"
    " however president officials meanwhile today his her its their our there a an".split()
)
UNEVEN = 1000
_FEW_LINES = (
    12  # in so short a text, one line that goes on in small letters tells that all are wrapped
)
_GAP = 3  # blanks
_WIDTHS = range(30, 100)  # characters of the longest line of a wrapped text
_FULL = 0.9  # of its line ends stand where the next word had no room
_MAX_SENTENCE = 1500  # a longer run without a stop is cut at a blank, so that work stays linear


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph: its plain text, its sentences as offsets into it, and the way back."""

    plain: str
    sentences: tuple[tuple[int, int], ...]
    plain_at: tuple[int, ...]
    text_at: tuple[int, ...]

    def _position(self, offset: int) -> int:
        k = bisect_right(self.plain_at, offset) - 1
        return self.text_at[k] + offset - self.plain_at[k]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the document of a stretch of the plain text (start < end)."""
        return self._position(start), self._position(end - 1) + 1


def blocks_of(text: str) -> list[tuple[int, int]]:
    """The paragraphs of a document, as (start, end): what stands between empty lines."""
    out = []
    start = 0
    for gap in _EMPTY_LINE.finditer(text):
        if gap.start() > start:
            out.append((start, gap.start()))
        start = gap.end()
    if start < len(text):
        out.append((start, len(text)))
    return out


def wrapped_at(text: str) -> int:
    """The width at which lines are broken, so that a line end alone means nothing; 0 for none.

    UNEVEN where they are broken, but not each where its line was full.
    """
    head = text[:20000]
    if "\n" not in head:
        return 0
    width = max(map(len, head.split("\n")))
    if width in _WIDTHS and _fills(head, width):
        return width
    hits = len(_WRAPPED.findall(head))
    return UNEVEN if hits >= 2 or (hits == 1 and text.count("\n") < _FEW_LINES) else 0


def _fills(text: str, width: int) -> bool:
    """Whether lines end where the next word had no room, several of them within a sentence."""
    ends = full = amid = 0
    for block in _EMPTY_LINE.split(text):
        for k, (line, below) in enumerate(pairwise(block.strip().split("\n"))):
            room = len(line) + 1 + len(below.split(" ", 1)[0])
            if not k and room <= width and not below[:1].islower():
                continue  # a title
            ends += 1
            full += room > width
            amid += room > width and below[:1].islower()
    return amid >= 2 and full >= _FULL * ends


def read_block(text: str, start: int, end: int, width: int) -> Block:
    """Fold one paragraph into the plain text that the grammar reads.

    ``width``: at which its lines are broken (:func:`wrapped_at`).
    """
    folded = text[start:end]
    if "$l" in folded or "$I" in folded:
        folded = _ONE.sub("$1", folded)
    if "\n" in folded:
        folded = _PAGE.sub(_without_page, folded)
    if not folded.isascii():
        folded = _UNFOLDED.sub(_as_read, folded)
    pieces: list[str] = []
    plain_at, text_at = [0], [start]
    done = length = 0
    for match in _NOISE.finditer(folded):
        first, last = match.span()
        instead = _instead(folded, first, last, width)
        pieces.append(folded[done:first])
        pieces.append(instead)
        length += first - done + len(instead)
        done = last
        if len(instead) != last - first:
            plain_at.append(length)
            text_at.append(start + last)
    pieces.append(folded[done:])
    plain = "".join(pieces)
    return Block(plain, _sentences(plain), tuple(plain_at), tuple(text_at))


def _without_page(match: re.Match[str]) -> str:
    """A page's number as blanks, if it parts lines of prose; one that they lead to stays."""
    text, first, last = match.string, match.start(), match.end()
    before = text.rfind("\n", 0, first) + 1
    behind = text.find("\n", last)
    prose = first - before >= _PROSE and (
        last == len(text) or (behind if behind >= 0 else len(text)) - last >= _PROSE // 2
    )
    if not prose or _UNFINISHED.search(text, before, first):
        return match.group()
    return "\n".ljust(last - first)


def _as_read(match: re.Match[str]) -> str:
    return _FOLD[ord(match.group())]


def _instead(folded: str, first: int, last: int, width: int) -> str:
    """What stands in the plain text for one stretch of noise."""
    if folded[first] not in _READ_AS_BLANK:
        return "\u2022" if _is_star_of_list(folded, first, last) else ""
    if last - first > _GAP and not folded[first:last].strip(" "):
        return "  "  # the gap between two columns: the numbers beside it are two
    if "\n" in folded[first:last]:
        return "\n" if _breaks(folded, first, last, width) else " "
    return " "


def _is_star_of_list(folded: str, first: int, last: int) -> bool:
    """Whether an asterisk is a bullet and no emphasis: it opens a line, and a blank follows."""
    if folded[first:last] != "*" or folded[last : last + 1] not in (" ", "\u00a0"):
        return False
    while first and folded[first - 1] != "\n" and folded[first - 1].isspace():
        first -= 1
    return not first or folded[first - 1] == "\n"


def _breaks(folded: str, start: int, end: int, width: int) -> bool:
    """Whether a line end is the end of a block, and not just where a long line was wrapped."""
    if end >= len(folded) or folded.count("\n", start, end) > 1:
        return True
    line = folded.rfind("\n", 0, start) + 1
    length = start - line
    follower = folded[end]
    if folded[start - 1].isdecimal() and _scale().match(folded, end):
        return is_year(folded[max(line, start - 5) : start].strip())  # but "$3 / million"
    word = folded.find(" ", end, end + 40)
    room = length + (word if word > 0 else end + 12) - end
    even = 0 < width < UNEVEN
    full = room >= width if even else length >= 45
    if _BULLET.match(folded, end):
        # "in January / 17. The bank": the end of a sentence, and no item of a list
        return not (width and follower.isdecimal() and full and folded[start - 1].isalnum())
    if follower.islower():
        ended = not full if even else length < 40
        return ended or _in_columns(folded, line, start)
    if _UNFINISHED.search(folded, line, start):
        return _in_columns(folded, line, start)
    if not width:
        return True
    return not full or (room < 66 and not even) or _in_columns(folded, line, start)


@cache
def _scale() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(vocabulary().scales)})\b")


def _in_columns(folded: str, line: int, end: int) -> bool:
    """Whether a line is a row of a table: columns part it, or points lead to its number."""
    gap = folded.rfind(" " * (_GAP + 1), line, end)
    return folded.rfind(" ..", line, end) >= 0 or (gap > line and not folded[line:gap].isspace())


def _sentences(plain: str) -> tuple[tuple[int, int], ...]:
    """The sentences as (start, end), without white space at their ends, none of them empty."""
    out: list[tuple[int, int]] = []
    start = 0
    for match in _STOP.finditer(plain):
        if plain[match.start()] != "\n" and not _ends(plain, start, match):
            continue
        append_sentence(plain, start, match.end(), out)
        start = match.end()
    append_sentence(plain, start, len(plain), out)
    return tuple(out)


def _ends(plain: str, start: int, match: re.Match[str]) -> bool:
    """Whether a stop ends a sentence: not after an abbreviation or an initial, nor does the last
    of the points that lead the eye to a number: ``Fuel ..... 18.0``."""
    if plain[match.start()] != ".":
        return True
    before = plain[max(start, match.start() - 12) : match.start()]
    if before.endswith(".") and plain[start : match.start()].rstrip(".").endswith(" "):
        return False
    if not _ABBREVIATION.search(before):
        return not (before.strip("0123456789\n (") == "" and len(before) < 4)
    if "." not in before and len(before.rsplit(" ", 1)[-1]) > 1:
        return False
    opener = re.match(r"[\"'(]*(\w+)", plain[match.end() : match.end() + 20])
    return bool(opener and opener.group(1).lower() in _SENTENCE_OPENERS and "." in before)


def append_sentence(plain: str, start: int, end: int, out: list[tuple[int, int]]) -> None:
    """Add a stretch as a sentence, without white space at its ends, cut where it is too long."""
    while start < end and plain[start].isspace():
        start += 1
    while end > start and plain[end - 1].isspace():
        end -= 1
    while end - start > _MAX_SENTENCE:
        cut = plain.rfind(" ", start + _MAX_SENTENCE // 2, start + _MAX_SENTENCE)
        cut = cut if cut > 0 else start + _MAX_SENTENCE
        out.append((start, cut))
        start = cut
        while start < end and plain[start].isspace():
            start += 1
    if end > start:
        out.append((start, end))
