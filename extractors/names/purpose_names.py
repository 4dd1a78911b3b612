"""What a purpose of money is called: as the catalogue does, or in the words of the text."""

from __future__ import annotations

from extractors.mentions.named import Named
from extractors.mentions.purposes import Purpose, aid_of_kind
from extractors.names.noun_phrases import singular_phrase, whole_complement
from extractors.passage.sentence import Sentence
from extractors.text.lexicon import Mention
from extractors.text.tokens import Tokens
from extractors.text.words import is_plural, word_set

_KINDS = word_set("purpose", "kinds")
_JOINTS = word_set("purpose", "joints")
_BETWEEN_KINDS = _JOINTS | word_set("purpose", "between_kinds")
_LEADS = word_set("purpose", "leads")
_MANY = 4  # kinds that are no name any more
_AID_FOR = "aid for "


def name_of_purpose(sentence: Sentence, mention: Mention[Purpose], *, far: bool = False) -> Named:
    """The item of a purpose: its name, or its words where these say more and stand near."""
    purpose, name = mention.entry, mention.entry.name
    first, kinds = _row_of_kinds(sentence.tokens, mention)
    listed = _listed_aid(sentence, mention) if kinds == 1 else None
    if listed is not None:
        return Named(listed, None, purpose=purpose, rule="<purpose> and <purpose>")
    if kinds > 1:
        name = singular_phrase(sentence.tokens, first, mention.last) if kinds == 2 else "aid"
        words = sentence.written(first, mention.last)
        return Named(name, words, purpose=purpose, rule="<purpose> and <purpose>")
    if (
        purpose.as_written
        and name.startswith(_AID_FOR)
        and is_plural(sentence.tokens.at(mention.last - 1))
    ):
        words = sentence.written(mention.first, mention.last)
        return Named(_aid_for(sentence, mention), words, purpose=purpose, rule="<purpose>")
    joined = _with_partner(sentence, mention) if purpose.as_written and not far else None
    if joined is not None:
        return joined
    if purpose.as_written:
        as_written = singular_phrase(sentence.tokens, mention.first, mention.last)
        name = "military aid" if far and purpose.aid_type == "military" else as_written
    words = sentence.written(mention.first, mention.last)
    return Named(name, words, purpose=purpose, rule="<purpose>")


def _with_partner(sentence: Sentence, mention: Mention[Purpose]) -> Named | None:
    """A purpose with the noun that "and" joins to it: "in *medical supplies and tents*"."""
    tokens = sentence.tokens
    led = tokens.at(mention.first - 1) in _LEADS and tokens.at(mention.last) == "and"
    if not led or not mention.entry.transfer:
        return None
    joined = whole_complement(sentence, mention.first)
    if joined is None or " and " not in (joined.item or ""):
        return None
    return Named(joined.item, joined.words, purpose=mention.entry, rule=joined.rule)


def _listed_aid(sentence: Sentence, mention: Mention[Purpose]) -> str | None:
    """Kinds of aid each with a word for aid: "*security assistance and humanitarian aid*"."""
    tokens, kinds = sentence.tokens, [mention]
    for other in sentence.purposes.back_from(mention.first):
        between = tokens.low[other.last : kinds[0].first]
        if not between or not _BETWEEN_KINDS.issuperset(between):
            break
        kinds.insert(0, other)
    words = [tokens.low[m.first] for m in kinds]
    each = all(m.last - m.first == 2 and w in _KINDS for m, w in zip(kinds, words, strict=True))
    if not each or len({m.entry.name for m in kinds}) < 2:
        return None
    return f"{', '.join(words[:-1])} and {words[-1]} aid" if len(kinds) < _MANY else "aid"


def _aid_for(sentence: Sentence, mention: Mention[Purpose]) -> str:
    """Aid for people, named as the text does: "aid for *Ukrainian refugees*"."""
    tokens = sentence.tokens
    span = range(mention.first, mention.last)
    words = [tokens.raw[k] if k in sentence.named else tokens.low[k] for k in span]
    return _AID_FOR + " ".join(words).removeprefix(_AID_FOR)


def _row_of_kinds(tokens: Tokens, mention: Mention[Purpose]) -> tuple[int, int]:
    """Where a row of kinds begins that ends in a purpose ("*military* and food aid"), and how many.

    Two are named as written; more of them are aid of every kind.
    """
    first, k = mention.first, mention.first - 1
    head = tokens.low[mention.last - 1]
    kinds = {aid_of_kind(tokens.low[first], head)}
    while tokens.at(k) in _KINDS or tokens.at(k) in _JOINTS:
        if tokens.low[k] in _KINDS:
            first = k
            kinds.add(aid_of_kind(tokens.low[k], head))
        k -= 1
    named = tokens.low[mention.first] in _KINDS and mention.last - mention.first == 2
    return (first, len(kinds)) if named else (mention.first, 1)
