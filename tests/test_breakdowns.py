"""Breakdowns in any wording: pieces are parts of their whole, and what only stands by is not."""

from __future__ import annotations

import pytest

from extractors.links.breakdown import breakdowns, shared_out, without_other_givers
from extractors.meaning.choice import Choice, Link
from extractors.meaning.draft import Draft
from extractors.passage.context import Context
from extractors.pipeline import extract, understood
from ledger.figure import make_source


def parts_of(text: str) -> dict[str, str]:
    """By text of the whole, the texts of its parts."""
    figures = extract(text, published="2023-03-07")
    named = {figure.figure_id: figure.text for figure in figures}
    out: dict[str, list[str]] = {}
    for figure in figures:
        if figure.part_of is not None:
            out.setdefault(named[figure.part_of], []).append(figure.text)
    return {whole: ", ".join(parts) for whole, parts in out.items()}


@pytest.mark.parametrize(
    "text",
    [
        "Norway pledged €500m in aid to Ukraine: €300m for shells, €200m for food.",
        "Norway pledged €500m in aid to Ukraine – €300m for shells, €200m for food.",
        "Norway pledged €500m (€300m for shells, €200m for food) in aid to Ukraine.",
        "Norway pledged €500m to Ukraine. Of this, €300m for shells and the other €200m for food.",
        "Norway pledged €500m to Ukraine. It consists of €300m for shells and €200m for food.",
        "Norway pledged €500m to Ukraine, split into €300m for shells and €200m for food.",
        "Norway and Sweden pledged €500m to Ukraine. Norway gives €300m and Sweden €200m.",
        "Norway pledged €500m to Ukraine.\n\n- €300m for shells\n- €200m for food",
    ],
)
def test_pieces_are_parts_of_their_whole(text: str) -> None:
    assert parts_of(text) == {"€500m": "€300m, €200m"}


def test_pieces_before_their_whole_and_things_of_another_name() -> None:
    assert parts_of("Norway gave Ukraine 30 trucks and 20 jeeps, 50 vehicles in all.") == {
        "50": "30, 20"
    }
    assert parts_of("Norway will send Ukraine 50 vehicles: 30 trucks and 20 jeeps.") == {
        "50": "30, 20"
    }


@pytest.mark.parametrize(
    "text",
    [
        "Norway pledged €500 million to Ukraine on Monday. Sweden pledged €300 million on Tuesday.",
        "Norway gave Ukraine 50 trucks. Sweden gave Ukraine 30 drones and Denmark 20 howitzers.",
        "Shelling hurt three people in Kherson. One was killed and four were hurt in Toretsk.",
        "Norway pledged €500m to Ukraine, then Sweden €400m and Denmark €300m.",
        "Norway's aid to Ukraine was €8 billion, compared with €6 billion in 2022.",
        "Norway's aid to Ukraine rose to €8 billion, up from €6 billion a year before.",
        "Norway pledged $90m to Ukraine, then Sweden $80m and Denmark $70m.",
    ],
)
def test_what_only_stands_by_is_no_part(text: str) -> None:
    assert parts_of(text) == {}


TOLL = "Shelling killed 19 people in Odesa on Sunday, officials said.\n\n"
DETAILS = (
    "Ten people were killed in a house by the port.",
    "A second rocket hit a market, killing four people.",
    "The governor said that the work went on.",
    "He thanked the fire brigade and asked for blood.",
    "Five other people were killed in a suburb on Sunday.",
)


def test_a_toll_is_the_sum_of_what_a_report_tells_one_by_one() -> None:
    assert parts_of(TOLL + "\n\n".join(DETAILS)) == {"19": "Ten, four, Five"}


def pieces(*details: str, known: tuple[int, ...] = ()) -> list[int]:
    """What the rule makes parts of a toll beside the known ones, whatever the weights say."""
    source = make_source(TOLL + "\n\n".join(details), published="2023-03-07")
    drafts = understood(Context(source)).drafts
    links = [Link("part_of", j, 0, "fitted") for j in known]
    return [link.source for link in breakdowns(drafts, links) if link.target == 0]


def test_what_comes_to_a_toll_is_all_of_it_whatever_is_known_of_it() -> None:
    assert pieces(*DETAILS) == [1, 2, 3]
    assert pieces(*DETAILS, known=(1,)) == [2, 3]
    assert pieces(*DETAILS, known=(1, 2)) == [3]
    assert pieces(*DETAILS[:4]) == []  # 14 are not the 19
    wounded = "Five other people were wounded in a suburb on Sunday."
    assert pieces(*DETAILS[:4], wounded) == []
    other = "Six other people were wounded in a suburb on Sunday."
    assert pieces(*DETAILS, other, known=(4,)) == []  # one of its parts is none of the pieces


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Norway adopted a budget of SEK 6.2 billion for Ukraine. It also pays for transport "
            "with SEK 524.5 million. This makes SEK 6.7245 billion for Ukraine.",
            {"SEK 6.7245 billion": "SEK 6.2 billion, SEK 524.5 million"},
        ),
        (
            "Norway gave Ukraine $30 million. Sweden gave it $20 million. Altogether they gave "
            "Ukraine $50 million.",
            {"$50 million": "$30 million, $20 million"},
        ),
        (
            "Norway gave Ukraine $30 million. Sweden gave Ukraine $20 million. Denmark gave "
            "Ukraine $50 million.",
            {},
        ),
        (
            "Norway gave Ukraine $30 million. Sweden gave Ukraine $20 million. Altogether they "
            "gave Ukraine $60 million.",
            {},
        ),
        (
            "Norway gave Ukraine $30 million. Sweden gave it $20 million. In all, they gave "
            "Ukraine $50 million.",
            {"$50 million": "$30 million, $20 million"},
        ),
        (
            "Norway will send Ukraine $20 million and Sweden will send $30 million. Of all donors, "
            "Germany will send Ukraine the most, $50 million.",
            {},
        ),
        (
            "Norway will send Ukraine $20.4 million. Sweden will send Ukraine $30.1 million. "
            "Germany will send Ukraine $50.5 million.",
            {},
        ),
        (
            "Norway will send Ukraine $20 million. Sweden will send Ukraine $30 million. "
            "Altogether Germany will send Ukraine $50 million.",
            {},
        ),
    ],
)
def test_a_sum_that_is_told_behind_its_amounts(text: str, parts: dict[str, str]) -> None:
    assert parts_of(text) == parts


def repeats(text: str) -> list[bool]:
    return [figure.same_as is not None for figure in extract(text, published="2023-03-07")]


def test_what_is_told_again_as_new_is_one_announcement_if_it_was_new_before() -> None:
    assert repeats(
        "The US announced another $1 billion in military aid for Ukraine on Monday. "
        '"We provide another $1 billion in military aid for Ukraine," Biden said on Monday.'
    ) == [False, True]
    assert repeats("Sweden will give Ukraine EUR 5,000,000 (five million euros).") == [False, True]
    assert repeats(
        "The US sent Ukraine $125 million in military aid on Monday. "
        "It sent Ukraine another $125 million in military aid on Monday."
    ) == [False, False]


def test_parts_that_are_called_so_may_overlap() -> None:
    told = (
        "Norway pledged €500m to Ukraine, of which €400m is for arms, including €300m for shells."
    )
    held = parts_of(told)
    assert sum(len(parts.split(", ")) for parts in held.values()) == 2


@pytest.mark.parametrize(
    ("donors", "sure", "stays"),
    [
        (("GBR", "DNK"), (0.9, 0.9), False),
        (("GBR", "DNK"), (0.9, 0.6), True),  # who gives is less sure than the link
        (("GBR", "GBR"), (0.9, 0.9), True),
        (("DNK+GBR", "DNK"), (0.9, 0.9), True),
        (("EU", "DNK"), (0.9, 0.9), True),  # its members give
        ((None, "DNK"), (0.9, 0.9), True),
    ],
)
def test_what_one_gives_alone_is_no_part_of_what_another_gives(
    donors: tuple[str | None, str], sure: tuple[float, float], stays: bool
) -> None:
    text = "Britain gives €100m to the fund and Denmark €22m."
    read = understood(Context(make_source(text, published="2023-03-07"))).drafts
    drafts = [
        Draft(draft, draft.role, {"donor": Choice(donor, probability=chance)})
        for draft, donor, chance in zip(read, donors, sure, strict=True)
    ]
    link = Link("part_of", 1, 0, "weights", probability=0.7)
    assert (link in without_other_givers(drafts, [link])) == stays


@pytest.mark.parametrize(
    ("status", "amounts", "parts"),
    [
        ("requested", ("€33m", "€20m", "€8m"), [1, 2]),
        ("requested", ("€33m", "€10m", "€3m"), []),  # less than half of it
        ("requested", ("€33m", "€20m"), []),  # one alone may be another request
        ("requested", ("€33m", "€20m", "€8m", "€40m"), [1, 2]),
        ("committed", ("€33m", "€20m", "€8m"), []),
        ("committed", ("€33m", "€20m", "€11m"), [1, 2]),
        ("authorized", ("€33m", "€20m", "€11m"), []),
    ],
)
def test_amounts_that_nearly_come_to_one_before_them_are_its_parts(
    status: str, amounts: tuple[str, ...], parts: list[int]
) -> None:
    text = ". ".join(f"This is {amount} for Ukraine" for amount in amounts)
    read = understood(Context(make_source(text, published="2023-03-07"))).drafts
    told = {"donor": "NOR", "recipient": "UKR", "status": status, "basis": "delta"}
    choices = {name: Choice(value) for name, value in told.items()}
    drafts = [Draft(draft, draft.role, choices) for draft in read]
    assert [link.source for link in shared_out(drafts, []) if link.target == 0] == parts
