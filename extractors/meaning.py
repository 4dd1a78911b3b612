"""What each quantity of a sentence means: the steps that fill a draft, one field after another."""

from __future__ import annotations

from extractors import links
from extractors.attribution import attribution_of, certainty_of
from extractors.catalogue import load
from extractors.context import Context
from extractors.draft import Draft
from extractors.naming import (
    Named,
    demonyms,
    is_person,
    name_count,
    name_measure,
    name_money,
    name_share,
    noun_list,
)
from extractors.parties import BODIES, donor_of, party_of, recipient_of
from extractors.qualifiers import qualify
from extractors.quantity import Quantity
from extractors.reading import Sentence
from extractors.roles import Role, basis_of, choose, fresh, is_materiel, transfer_status
from extractors.when import date_of, since_of

_NEAR = 8  # figures before, to which a bare number may refer


def draft_sentence(ctx: Context, k: int, number: int, drafts: list[Draft]) -> list[Draft]:
    """The figures of one sentence. ``drafts``: the figures before it, for what they leave to infer."""
    sentence = ctx.sentence(k, number)
    near = [d for d in drafts[-_NEAR:] if d.block == k]
    sentence.earlier = [d.quantity for d in near if d.quantity.dimension == "money"]
    out: list[Draft] = []
    for quantity in sentence.quantities:
        out.append(_draft(ctx, k, sentence, quantity, [*drafts[-_NEAR:], *out]))
    return out


def _draft(
    ctx: Context, k: int, sentence: Sentence, quantity: Quantity, before: list[Draft]
) -> Draft:
    tokens = sentence.tokens
    noun_end = quantity.noun[1] if quantity.noun else quantity.after
    qualified = qualify(tokens, quantity, noun_end)
    named = _name(ctx, k, sentence, quantity, before)
    if quantity.dimension == "time":
        return Draft(k, sentence, quantity, qualified, named, Role(None, None, "", 99, False))
    given = _given(ctx, sentence, quantity, named) or _contents(
        k, sentence, quantity, named, before
    )
    role = _in_row(choose(sentence, quantity, named, given), sentence, quantity, named, before)
    draft = Draft(
        k, sentence, quantity, qualified, named, role, item=named.item, status=role.status
    )
    if role.status is not None and (named.rule == "<people>" or named.item in demonyms()):
        draft.item = _people(ctx, sentence, quantity, role)
    elif named.item in noun_list("persons"):
        draft.item = "person"
    draft.listed = tokens.raw[0] in ("-", "\u2022", "\u2013") or _in_list(sentence)
    intro = _introduction(ctx, k, sentence) if draft.listed else None
    draft.because("item", named.rule, named.words or "")
    draft.because("status", "nearest cue", role.words)
    _parties(ctx, k, draft, before)
    draft.since, cue = since_of(sentence, quantity, ctx) if _may_count(draft) else (None, "")
    draft.because("since", "since <date>", cue)
    draft.basis, cue = basis_of(sentence, quantity, named, role, draft.since, ctx.is_record)
    draft.because("basis", "nearest cue", cue)
    _as_in_list(draft, before)
    if intro is not None and role.transfer and role.cost > 8:
        _as_introduced(draft, intro)
    if ctx.is_record:
        _as_in_record(draft, before)
    if draft.basis != "total":
        draft.since = None
    draft.date, cue = date_of(sentence, quantity, ctx)
    draft.because("date", "nearest date", cue)
    draft.attribution = attribution_of(sentence)
    draft.because("attribution", "who says it", draft.attribution or "")
    draft.certainty, cue = certainty_of(sentence, quantity)
    draft.because("certainty", "nearest word", cue)
    return draft


def _as_in_record(draft: Draft, before: list[Draft]) -> None:
    """In a tracker's record, a figure without a near verb shares the story of the one before it."""
    last = next((d for d in reversed(before) if d.role.transfer and d.role.cost <= 14), None)
    if (
        last is None
        or not draft.role.transfer
        or (draft.role.cue is not None and draft.role.cost <= 14)
    ):
        return
    draft.status = last.status
    draft.because("status", "as before in the record", last.role.words)
    dated = any(d.kind in ("day", "month", "relative") for d in draft.sentence.dates)
    if (
        not dated
        and fresh(draft.sentence.tokens, draft.quantity) is None
        and last.status == "delivered"
    ):
        draft.basis = last.basis


def _people(ctx: Context, sentence: Sentence, quantity: Quantity, role: Role) -> str:
    """What a people's name stands for: the attacker's dead are soldiers, others are persons."""
    codes = [m.code for m in sentence.actors if quantity.first <= m.first < quantity.after]
    attackers = load("context")["opponents"]
    fallen = role.status in ("killed", "wounded", "casualties", "captured")
    return (
        "soldier"
        if fallen and codes and codes[-1] in attackers and "RUS" in ctx.countries
        else "person"
    )


def _in_row(
    role: Role, sentence: Sentence, quantity: Quantity, named: Named, before: list[Draft]
) -> Role:
    """A thing far down a list, out of every verb's reach, is given like the one before it."""
    last = before[-1] if before else None
    if (
        role.status is not None
        or last is None
        or last.sentence is not sentence
        or quantity.dimension == "percent"
    ):
        return role
    listed = (
        last.role.transfer and last.quantity.dimension == quantity.dimension and is_materiel(named)
    )
    return last.role if listed and not is_person(named.item, named.entry) else role


def _introduction(ctx: Context, k: int, sentence: Sentence) -> Sentence | None:
    """The line that introduces a list of bullets: the nearest one before that ends with a colon."""
    for other in ctx.before(k, sentence.number, 24):
        if other.tokens.raw[-1] == ":":
            return other
        if other.tokens.raw[-1] in (".", "?", "!"):
            return None
    return None


def _as_introduced(draft: Draft, intro: Sentence) -> None:
    """The items of a list are what its introduction says: "previous assistance committed includes:"."""
    cue = next(
        (c for c in reversed(intro.cues) if c.meaning.kind == "transfer" and c.tense != "noun"),
        None,
    )
    low = intro.tokens.low
    if cue is not None:
        draft.status = transfer_status(intro, draft.quantity, cue)
        draft.because("status", "the list's introduction", intro.tokens.words(cue.first, cue.last))
    summed = next(
        (w for w in ("previous", "previously", "date", "far", "total", "already") if w in low), None
    )
    if summed is not None or (cue is not None and cue.tense == "perfect"):
        draft.basis = "total"
        draft.because("basis", "the list's introduction", summed or "")


def _as_in_list(draft: Draft, before: list[Draft]) -> None:
    """Figures of one list under one verb are of one basis ("have sent 8,000 ... and 100,000 ...")."""
    last = before[-1] if before else None
    cue = draft.role.cue
    if (
        last is None
        or cue is None
        or last.role.cue is not cue
        or last.sentence is not draft.sentence
    ):
        return
    if (
        cue.last <= last.quantity.first
        and draft.basis == "delta"
        and last.basis == "total"
        and fresh(draft.sentence.tokens, draft.quantity) is None
    ):
        draft.basis, draft.since = last.basis, last.since
        draft.because("basis", "as before in the list", draft.role.words)


def _in_list(sentence: Sentence) -> bool:
    start = sentence.start
    return sentence.block.plain[max(0, start - 2) : start].strip() in ("-", "\u2022")


def _may_count(draft: Draft) -> bool:
    return draft.quantity.per is None


def _name(
    ctx: Context, k: int, sentence: Sentence, quantity: Quantity, before: list[Draft]
) -> Named:
    names = [d.named for d in before if d.quantity.dimension in ("count", "percent")]
    if quantity.dimension == "money":
        amounts = [d.named for d in before if d.quantity.dimension == "money" and d.block >= k - 2]
        return name_money(
            sentence, quantity, ctx.record[1], amounts, ctx.before(k, sentence.number, 2)
        )
    if quantity.dimension == "count":
        earlier = ctx.before(k, sentence.number)
        return name_count(sentence, quantity, names, earlier, ctx.around(k, sentence.number))
    if quantity.dimension == "percent":
        return name_share(sentence, quantity, names)
    if quantity.dimension == "time":
        return Named(None, None)
    return name_measure(sentence, quantity)


def _given(ctx: Context, sentence: Sentence, quantity: Quantity, named: Named) -> bool:
    """Whether a figure is aid even where no verb says so: by the frame, or by what it is for."""
    if quantity.dimension != "money" and is_person(named.item, named.entry):
        return False
    if ctx.is_record:
        return quantity.dimension != "percent"
    if quantity.dimension != "money":
        return False
    purpose = named.purpose
    if purpose is None:
        return False
    return purpose.transfer


def _contents(
    k: int, sentence: Sentence, quantity: Quantity, named: Named, before: list[Draft]
) -> bool:
    """Whether a thing is listed as what a package holds, whose amount stands a sentence before."""
    if quantity.dimension not in ("count", "mass", "volume") or not is_materiel(named):
        return False
    low = sentence.tokens.low[: quantity.first]
    opened = any(
        w
        in (
            "includes",
            "include",
            "including",
            "contains",
            "comprises",
            ":",
            "\u2014",
            "\u2022",
            "consists",
        )
        for w in low
    ) or low[:1] == ("-",)
    if not opened:
        return False
    if sentence.purposes and any(m.first < quantity.first for m in sentence.purposes):
        return True
    return any(d.role.transfer and d.block >= k - 2 for d in before[-6:])


def _parties(ctx: Context, k: int, draft: Draft, before: list[Draft]) -> None:
    """Donor and recipient of a transfer, the party of everything else."""
    role, sentence, quantity = draft.role, draft.sentence, draft.quantity
    if role.transfer and _is_transfer(ctx, k, draft, before):
        donor = donor_of(sentence, quantity, role.cue, ctx)
        code, cue = donor.code, donor.cue
        last = before[-1] if before else None
        beside = (
            last is not None
            and last.sentence is sentence
            and last.role.transfer
            and last.item is not None
        )
        listed = (
            beside
            and last is not None
            and (role.cue is None or role.cue is last.role.cue)
            and donor.weight < 7
        )
        if listed and last is not None and not ctx.is_record:
            code, cue = last.donor, "as before in the list"
        elif donor.weight == 0 or (ctx.is_record and (donor.weight < 7 or donor.code in BODIES)):
            inherited = next(
                (d for d in reversed(before) if d.donor and links._distance(d, draft) <= 2), None
            )
            if ctx.is_record:
                code, cue = ctx.record[0], "the record"
            elif inherited is not None:
                code, cue = inherited.donor, "named before"
            else:
                code, cue = ctx.donor, "the frame"
        recipient = recipient_of(sentence, quantity, role.cue, code, ctx)
        draft.donor = code
        draft.recipient = recipient.code
        if recipient.weight == 0:
            draft.recipient = ctx.recipient if _at_hand(ctx, k, sentence) else None
            recipient_cue = "the frame"
        else:
            recipient_cue = recipient.cue
        if draft.recipient == draft.donor:
            draft.donor = None if draft.donor == ctx.recipient else draft.donor
            draft.recipient = ctx.recipient if draft.donor != ctx.recipient else draft.recipient
        draft.because("donor", "nearest actor", cue)
        draft.because("recipient", "nearest actor", recipient_cue)
        return
    draft.role = Role(role.status, role.cue, role.words, role.cost, False)
    if (
        role.transfer
        and draft.quantity.dimension == "money"
        and (role.cue is None or role.cost > 10)
    ):
        draft.status = None
    party = party_of(
        sentence, quantity, draft.named, role.cue, draft.status, ctx, ctx.before(k, sentence.number)
    )
    draft.party = party.code
    draft.because("party", "nearest actor", party.cue)


def _is_transfer(ctx: Context, k: int, draft: Draft, before: list[Draft]) -> bool:
    """Whether a figure with a verb of giving goes from one state to another."""
    purpose = draft.named.purpose
    if purpose is not None and not purpose.transfer:
        return False
    if ctx.is_record:
        return True
    told = recipient_of(draft.sentence, draft.quantity, draft.role.cue, None, ctx).weight >= 7
    if draft.quantity.dimension == "money":
        return purpose is not None and (told or _at_hand(ctx, k, draft.sentence))
    if draft.named.entry is None or not is_materiel(draft.named):
        return told
    return told or _at_hand(ctx, k, draft.sentence)


def _at_hand(ctx: Context, k: int, sentence: Sentence) -> bool:
    """Whether the text speaks of its usual recipient around a sentence, so that it need not name it."""
    if ctx.is_record:
        return True
    if ctx.recipient is None:
        return False
    titled = ctx.title is not None and any(m.code == ctx.recipient for m in ctx.title.actors)
    return titled or any(
        m.code == ctx.recipient for s in ctx.around(k, sentence.number, 3) for m in s.actors
    )


def link_drafts(drafts: list[Draft], *, record: bool) -> None:
    """Find who belongs to whom, and let parts and repeats take from their wholes what they lack."""
    same = {link.source: link.target for link in links.same_as(drafts)}
    for j, i in same.items():
        drafts[j].reasons["same_as"] = ("the figure again", str(i))
        _take(drafts[j], drafts[i])
    for link in links.part_of(drafts, same, record):
        drafts[link.source].reasons["part_of"] = (link.rule, str(link.target))
        _take_whole(drafts[link.source], drafts[link.target], link.rule)
    for link in links.includes(drafts):
        if drafts[link.source].role.cue is None:
            drafts[link.source].status = drafts[link.target].status
        rule, targets = drafts[link.source].reasons.get("includes", (link.rule, ""))
        drafts[link.source].reasons["includes"] = (rule, f"{targets} {link.target}".strip())


def _take(again: Draft, first: Draft) -> None:
    """A fact stated twice is one: each statement takes from the other what only that one says."""
    before = again.sentence.tokens.low[max(0, again.quantity.first - 2) : again.quantity.first]
    if (
        again.quantity.dimension == "money"
        and {"this", "current"} & set(before)
        and first.status is not None
    ):
        again.status, again.basis, again.date = first.status, first.basis, first.date
    if (
        (again.role.cue is None or again.role.cost > 8)
        and first.status is not None
        and again.quantity.dimension == first.quantity.dimension
    ):
        again.status, again.basis = first.status, first.basis
    for a, b in ((again, first), (first, again)):
        if (
            a.reasons.get("date", ("", ""))[1] == "published"
            and b.reasons.get("date", ("", ""))[1] != "published"
        ):
            a.date = b.date
        if a.since is None and b.since is not None and a.basis == b.basis == "total":
            a.since = b.since
        x, y = a.named.entry, b.named.entry
        named = y is not None and y.designation and x is not None and not x.designation
        if named and a.quantity.dimension == "money":
            a.item = b.item


def _take_whole(part: Draft, whole: Draft, rule: str) -> None:
    """The contents of a package share its donor, recipient, status and date."""
    if part.quantity.dimension == "percent":
        return
    if not whole.role.transfer:
        if (
            is_person(part.item, part.named.entry)
            and whole.party is not None
            and not part.role.transfer
        ):
            part.party = whole.party
        if part.status is None and not part.role.transfer:
            part.status, part.basis, part.party = (
                whole.status,
                whole.basis,
                part.party or whole.party,
            )
        return
    if part.role.transfer and whole.role.cost > 10 and part.role.cost <= 8:
        whole.status, whole.basis = (
            part.status,
            part.basis if whole.basis == "delta" else whole.basis,
        )
    if part.role.transfer and (part.role.cost > 6 or rule.startswith("this includes")):
        promised = whole.status == "authorized" and part.quantity.dimension == "count"
        part.status, part.date = "committed" if promised else whole.status, whole.date
        if fresh(part.sentence.tokens, part.quantity) is None:
            part.basis = whole.basis
    if part.role.transfer:
        part.donor = whole.donor if part.donor is None else part.donor
        if part.reasons.get("recipient", ("", ""))[1] in ("", "the frame"):
            part.recipient = whole.recipient
