"""The swap tests of a reader, and the tables of which way it errs."""

from __future__ import annotations

import importlib
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from extractors.mentions.items import items
from extractors.pipeline import extract_source
from ledger.figure import Figure, Source

TRAINING = Path(__file__).resolve().parent.parent / "training"
CHANCE = random.Random(0)


@pytest.fixture(autouse=True)
def _path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(TRAINING))


@pytest.fixture
def swaps() -> ModuleType:
    return importlib.import_module("swaps")


@pytest.fixture
def rewording() -> ModuleType:
    return importlib.import_module("rewording")


@pytest.fixture
def directions() -> ModuleType:
    return importlib.import_module("directions")


@pytest.fixture
def renamed() -> ModuleType:
    return importlib.import_module("renamed")


def row(
    text: str, title: str = "", *, donor: str = "USA", recipient: str = "UKR"
) -> dict[str, Any]:
    """A coded passage, of which a swap asks no more than who gives and who receives."""
    figure = {"donor": donor, "recipient": recipient}
    return {"id": "a", "fold": 1, "published": "2023-05-04", "title": title, "url": "",
            "text": text, "figures": [figure]}  # fmt: skip


def swapped(rewording: ModuleType, text: str, codes: Mapping[str, str], title: str = "") -> Source:
    """A text with countries in the places of others."""
    found: Source = rewording.reworded(rewording.Passage.of_row(row(text, title)), codes).source
    return found


BOTH = {"USA": "UKR", "UKR": "USA"}


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("The United States sent Ukraine 40 vans.", "Ukraine sent the United States 40 vans."),
        ("Ukraine asked for 40 vans.", "The United States asked for 40 vans."),
        (
            "An American offer of 40 vans met a Ukrainian wish.",
            "A Ukrainian offer of 40 vans met an American wish.",
        ),
        ("Kyiv thanked Washington for 40 vans.", "Washington thanked Kyiv for 40 vans."),
        ("KYIV, May 3 - Some 40 vans came.", "WASHINGTON, May 3 - Some 40 vans came."),
        ("Eleven Americans met 40 Ukrainians.", "Eleven Ukrainians met 40 Americans."),
        ("Ukraine's 40 vans are here.", "The United States' 40 vans are here."),
        ("It used the United States' 40 vans.", "It used Ukraine's 40 vans."),
        ("It got 40 US-made vans.", "It got 40 Ukrainian-made vans."),
        ("The US Congress gave 40 vans.", "The Ukrainian parliament gave 40 vans."),
        ("On Monday Congress gave 40 vans.", "On Monday the Ukrainian parliament gave 40 vans."),
        ("The Pentagon has 40 vans.", "The Ukrainian defence ministry has 40 vans."),
        ("Ukraine got US$40 million.", "The United States got US$40 million."),
        ("Ukraine got 40 million US dollars.", "The United States got 40 million US dollars."),
        ("Russia hit Ukraine with 40 drones.", "Russia hit the United States with 40 drones."),
    ],
)  # fmt: skip
def test_two_countries_change_places(rewording: ModuleType, text: str, other: str) -> None:
    assert swapped(rewording, text, BOTH).text == other


def test_a_title_changes_with_its_text(rewording: ModuleType) -> None:
    source = swapped(rewording, "Ukraine got 40 vans.", BOTH, "More vans for Ukraine")
    assert source.title == "More vans for United States"
    assert source.published == "2023-05-04"


@pytest.mark.parametrize(
    ("text", "codes", "why"),
    [
        ("Scholz sent 40 vans.", {"DEU": "NOR"}, "no counterpart: leader"),
        ("Hamburg sent 40 vans.", {"DEU": "NOR"}, "no counterpart: place"),
        ("The KfW lent 40 million euros.", {"DEU": "NOR"}, "no counterpart: government"),
        ("The Dutch pay for 40 vans.", {"NLD": "NOR"}, "no counterpart: adjective"),
        ("It cost 40 Germans their lives.", {"DEU": "CHN"}, "no such form: people"),
        ("The Ukraine package has 40 vans.", {"UKR": "USA"}, "no such form: attribute"),
        ("Denmark gave 40 million kroner.", {"DNK": "TUN"}, "other numbers or units"),
    ],
)
def test_what_has_no_counterpart_is_left_out(
    rewording: ModuleType, text: str, codes: Mapping[str, str], why: str
) -> None:
    with pytest.raises(rewording.LeftOutError, match=why):
        swapped(rewording, text, codes)


def test_figures_are_found_where_they_have_moved_to(rewording: ModuleType) -> None:
    text = "Ukraine got 40 vans, the United States 7 and Ukraine 3 more."
    done = rewording.reworded(rewording.Passage.of_row(row(text)), BOTH)
    places = [(f.start, f.end) for f in extract_source(rewording.Passage.of_row(row(text)).source)]
    moved = [rewording.moved(place, done.edits) for place in places]
    assert [done.source.text[a:b] for a, b in moved] == ["40", "7", "3"]
    assert places != moved


@pytest.mark.parametrize(
    ("text", "donor", "recipient"),
    [
        ("The United States sent 40 vans.", "USA", "UKR"),  # who has none of the two names
        ("The EU sent Ukraine 40 vans.", "EU", "UKR"),
        ("The United States and Spain sent Ukraine 40 vans.", "ESP+USA", "UKR"),
    ],
)
def test_only_two_countries_that_are_named_are_exchanged(
    swaps: ModuleType, text: str, donor: str, recipient: str
) -> None:
    coded = row(text, donor=donor, recipient=recipient)
    with pytest.raises(swaps.LeftOutError):
        swaps.exchange(swaps.Passage.of_row(coded), coded, CHANCE)


def norway(swaps: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Norway is put in every place."""
    monkeypatch.setattr(swaps, "substitutes", lambda: ("NOR",))


def test_a_country_changes_in_all_its_forms(
    swaps: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    norway(swaps, monkeypatch)
    coded = row(
        "Spain sent Ukraine 20 tanks. Madrid said that a Spanish crew and 3 Spaniards left."
    )
    swap = swaps.country(swaps.Passage.of_row(coded), coded, CHANCE)
    text = "Norway sent Ukraine 20 tanks. Oslo said that a Norwegian crew and 3 Norwegians left."
    assert swap.done.source.text == text
    assert swap.codes == {"ESP": "NOR"}
    with pytest.raises(swaps.LeftOutError):
        swaps.demonym(swaps.Passage.of_row(coded), coded, CHANCE)


def test_a_demonym_changes_where_nothing_else_names_its_country(
    swaps: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    norway(swaps, monkeypatch)
    coded = row("Three Spanish tanks are in Ukraine.", "Spanish tanks arrive")
    swap = swaps.demonym(swaps.Passage.of_row(coded), coded, CHANCE)
    assert swap.done.source.text == "Three Norwegian tanks are in Ukraine."
    assert swap.done.source.title == "Norwegian tanks arrive"
    with pytest.raises(swaps.LeftOutError):
        swaps.country(swaps.Passage.of_row(coded), coded, CHANCE)


def test_countries_at_war_stay_in_their_places(swaps: ModuleType) -> None:
    coded = row("Russia lost 20 tanks in Ukraine.")
    with pytest.raises(swaps.LeftOutError, match="no such country"):
        swaps.country(swaps.Passage.of_row(coded), coded, CHANCE)


def test_substitutes_have_every_form(swaps: ModuleType) -> None:
    found = swaps.substitutes()
    assert {"NOR", "ESP", "CAN"} <= set(found)
    assert set(found).isdisjoint(("UKR", "RUS", "USA", "GBR", "FRA", "BEL", "EU", "NATO"))


@pytest.mark.parametrize(
    ("text", "old", "new", "other"),
    [
        ("It got 20 Leopard 2 tanks.", "Leopard 2", "T-72", "It got 20 T-72 tanks."),
        ("It got 20 Javelins.", "Javelin", "Spike", "It got 20 Spikes."),
        ("A T-72 and 20 men left.", "T-72", "M1 Abrams", "An M1 Abrams and 20 men left."),
    ],
)
def test_a_designation_changes(
    swaps: ModuleType, monkeypatch: pytest.MonkeyPatch, text: str, old: str, new: str, other: str
) -> None:
    asked: list[str] = []

    def only(item: Any) -> list[Any]:
        asked.append(item.name)
        return [items()[new]]

    monkeypatch.setattr(swaps, "alike", only)
    swap = swaps.designation(swaps.Passage.of_row(row(text)), row(text), CHANCE)
    assert asked == [old]
    assert swap.done.source.text == other


@pytest.mark.parametrize(
    "text",
    ["It got 20 tanks.", "It got 20 F-16A/B fighters.", "Of 20 Leopard 2 tanks 4 are Leopard 2A4."],
)
def test_no_designation_changes(swaps: ModuleType, text: str) -> None:
    with pytest.raises(swaps.LeftOutError):
        swaps.designation(swaps.Passage.of_row(row(text)), row(text), CHANCE)


def test_like_designations_are_of_one_kind(swaps: ModuleType) -> None:
    names = {item.name for item in swaps.alike(items()["Leopard 2"])}
    assert "T-72" in names
    assert names.isdisjoint(("Leopard 2", "Leopard 2A4", "M113", "tank", "HIMARS"))


def in_order(source: Source) -> list[Figure]:
    """A reader that goes by order alone: who is named first gives, who is named next receives."""
    passage = importlib.import_module("rewording").Passage(source)
    codes = [*dict.fromkeys(n.code for n in passage.named), None, None][:2]
    item = next((m.entry.name for _, m in passage.items if m.entry.designation), None)
    return [
        replace(f, donor=codes[0], recipient=codes[1], status="delivered", basis="delta", item=item)
        for f in extract_source(source, reader="none")
    ]


def biased(source: Source) -> list[Figure]:
    """A reader that goes by who usually gives to whom."""
    return [replace(figure, donor="USA", recipient="UKR") for figure in in_order(source)]


def test_who_goes_by_the_text_holds_in_every_field(swaps: ModuleType) -> None:
    texts = [
        row("The United States sent Ukraine 40 M113 carriers. In 2 weeks 7 came."),
        row("Spain sent Ukraine 20 Leopard 2 tanks.", donor="ESP") | {"id": "b"},
        row("Some Spanish crews manned 20 Leopard 2 tanks.", donor="ESP") | {"id": "c"},
    ]
    tallies = swaps.run(texts, in_order)
    assert {kind: t.passages for kind, t in tallies.items()} == {
        "exchange": 2, "country": 2, "designation": 3, "demonym": 1,
    }  # fmt: skip
    for tally in tallies.values():
        assert tally.figures
        assert {tally.held[name] for name in (swaps.ALL, *swaps.FIELDS)} == {tally.figures}
        assert tally.kept == tally.said
    assert tallies["exchange"].figures == 3  # no durations
    assert tallies["exchange"].said["donor"] == tallies["exchange"].said[swaps.ALL] == 3
    assert tallies["exchange"].said["party"] == 0
    assert sum(tallies["exchange"].left_out.values()) == 1


def test_who_goes_by_custom_does_not(swaps: ModuleType) -> None:
    tally = swaps.run([row("The United States sent Ukraine 40 vans.")], biased)["exchange"]
    assert tally.figures == 1
    assert tally.held[swaps.ALL] == tally.held["donor"] == tally.held["recipient"] == 0
    assert tally.held["status"] == tally.held["item"] == tally.held["party"] == 1


def test_who_keeps_an_item_does_not_hold_it(swaps: ModuleType) -> None:
    def always(source: Source) -> list[Figure]:
        return [replace(figure, item="Leopard 2") for figure in in_order(source)]

    tally = swaps.run([row("Spain sent Ukraine 20 Leopard 2 tanks.")], always)["designation"]
    assert (tally.figures, tally.held["item"], tally.held["donor"]) == (1, 0, 1)


def test_who_finds_a_figure_no_more_holds_nothing(swaps: ModuleType) -> None:
    def once(source: Source) -> Sequence[Figure]:
        return in_order(source) if source.text.startswith("The") else []

    tally = swaps.run([row("The United States sent Ukraine 40 vans.")], once)["exchange"]
    assert tally.figures == 1
    assert not tally.held.total()


def test_joint_actors_are_put_in_order_again(swaps: ModuleType) -> None:
    assert swaps.recoded("DEU+NLD", {"DEU": "POL"}) == "NLD+POL"
    assert swaps.recoded(None, {"DEU": "POL"}) is None


def test_an_item_may_hold_what_was_swapped(swaps: ModuleType) -> None:
    before, after = {"Ukrainian": "UKR"}, {"American": "UKR"}
    doctors = swaps.marked("aid for Ukrainian doctors", before)
    assert doctors == swaps.marked("aid for American doctors", after)
    assert doctors != swaps.marked("aid for Ukrainian doctors", after)


def test_swaps_are_printed(
    swaps: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = [row("The United States sent Ukraine 40 vans."), row("Five men left.") | {"fold": 2}]
    path = tmp_path / "codings.jsonl"
    path.write_text("\n".join(map(json.dumps, texts)), encoding="utf-8")
    assert swaps.main([str(path), "--fold", "1", "--reader", "built-in"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["swap", "passages", "figures", "all", *swaps.FIELDS]
    assert lines[2].split()[:3] == ["exchange", "1", "1"]
    assert sum(line.startswith("demonym") and "no such" in line for line in lines) == 1
    with pytest.raises(ValueError, match="reader"):
        swaps.main([str(path), "--reader", "nobody"])


def coded(text: str, number: str, **fields: Any) -> dict[str, Any]:
    """A coded passage of one figure."""
    start = text.index(number)
    figure = {"start": start, "end": start + len(number), "item": "howitzer", "since": None,
              "donor": None, "recipient": None, "party": None, **fields}  # fmt: skip
    return {**row(text), "figures": [figure]}


GIFT = "Norway has given Ukraine 22 howitzers. Ukrainian gunners praised Norway's gift."


def test_codes_and_places_change_with_the_names(renamed: ModuleType) -> None:
    passage = coded(GIFT, "22", donor="NOR", recipient="UKR")
    seen = set()
    for seed in range(20):
        new = renamed.renamed(passage, random.Random(seed))
        (figure,) = new["figures"]
        assert new["text"][figure["start"] : figure["end"]] == "22"
        assert new["text"] != GIFT
        assert figure["donor"] != figure["recipient"]
        seen.add((figure["donor"], figure["recipient"]))
    assert ("UKR", "NOR") in seen  # exchanged
    assert len(seen) > 10


@pytest.mark.parametrize(
    ("text", "number", "fields", "why"),
    [
        ("Zelensky thanked Norway: 22 howitzers came to Ukraine.", "22",
         {"recipient": "UKR"}, "no country of its figures"),
        ("Norway found 22 Norwegian soldiers.", "22",
         {"party": "NOR", "item": "Norwegian soldier"}, "names a country"),
        ("Norway has given 22 howitzers since the invasion.", "22",
         {"donor": "NOR", "since": "2022-02-24"}, "only the war tells"),
        ("Drones struck Ukraine: 22 of them.", "22", {"party": "RUS"}, "no country of its figures"),
    ],
)  # fmt: skip
def test_what_cannot_be_renamed_stays(
    text: str, number: str, fields: dict[str, Any], why: str, renamed: ModuleType
) -> None:
    passage = coded(text, number, **fields)
    with pytest.raises(importlib.import_module("rewording").LeftOutError, match=why):
        renamed.renamed(passage, random.Random(0))
    assert [*renamed.mixed([passage], 0, 0.0)] == [passage]


def test_some_stay_beside_what_is_renamed(renamed: ModuleType, tmp_path: Path) -> None:
    rows = [coded(GIFT, "22", donor="NOR", recipient="UKR") | {"id": str(k)} for k in range(40)]
    file = tmp_path / "codings.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    assert renamed.main([str(file), "-o", str(tmp_path / "out.jsonl")]) == 0
    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    ids = [json.loads(line)["id"] for line in lines]
    assert sum("~" in one for one in ids) == 40
    assert 10 < sum("~" not in one for one in ids) < 30


def test_each_place_goes_with_the_one_that_it_overlaps_most() -> None:
    by_overlap = importlib.import_module("pairing").by_overlap
    assert by_overlap([(0, 4), (3, 9), (20, 22)], [(5, 9), (0, 6)]) == (1, 0, None)
    assert by_overlap([(0, 5), (3, 9)], [(4, 9)]) == (None, 0)  # the larger first
    assert by_overlap([(0, 9), (5, 9)], [(4, 9)]) == (0, None)  # one to one
    assert by_overlap([(0, 4)], [(4, 9)]) == (None,)  # touching is no overlap


CODED = [
    # start, status, basis, donor, recipient
    (0, "committed", "delta", "USA", "UKR"),
    (10, "committed", "delta", "USA", "UKR"),
    (20, "delivered", "total", "DEU+NLD", "UKR"),
    (30, "delivered", "delta", None, "UKR"),
    (40, None, "level", None, None),
]
READ = [
    (1, "delivered", "total", "UKR", "USA"),
    (10, "committed", "delta", "USA", "UKR"),
    (20, "committed", "delta", "DEU", "NLD"),
    (30, "delivered", "delta", "UKR", None),
    (60, "killed", "delta", None, None),
]


def figures(rows: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
    names = ("start", "status", "basis", "donor", "recipient")
    found = [dict(zip(names, values, strict=True)) for values in rows]
    more = {"source_id": "a", "dimension": "count", "party": None}
    return [f | more | {"end": f["start"] + 4} for f in found]


def found(directions: ModuleType) -> list[Any]:
    duration = figures([(70, None, None, None, None)])[0] | {"dimension": "time"}
    passage = {"id": "a", "figures": figures(CODED)}
    of_another = figures([(40, None, "level", None, None)])[0] | {"source_id": "b"}
    return list(directions.pairs([passage], [*figures(READ), duration, of_another]))


def test_codings_go_with_what_is_read_there(directions: ModuleType) -> None:
    starts = [tuple(side and side["start"] for side in pair) for pair in found(directions)]
    assert starts == [(0, 1), (10, 10), (20, 20), (30, 30), (40, None), (None, 60)]


def test_what_is_coded_is_counted_against_what_is_read(directions: ModuleType) -> None:
    counts = directions.confusion(found(directions), "status")
    assert counts == {
        ("committed", "delivered"): 1, ("committed", "committed"): 1,
        ("delivered", "committed"): 1, ("delivered", "delivered"): 1,
        ("-", "none"): 1, ("none", "killed"): 1,
    }  # fmt: skip
    assert directions.turned(counts, "committed", "delivered") == (1, 2)
    assert directions.turned(counts, "-", "none") == (1, 0)
    basis = directions.confusion(found(directions), "basis")
    assert directions.turned(basis, "delta", "total") == (1, 3)
    assert directions.turned(basis, "total", "delta") == (1, 1)


def test_who_gives_may_be_read_as_who_receives(directions: ModuleType) -> None:
    pairs = found(directions)
    # USA, and NLD of two
    assert directions.crossed(pairs, "donor", "recipient") == (2, 3)
    assert directions.crossed(pairs, "recipient", "donor") == (2, 4)


def test_who_is_read_as_both_or_is_coded_as_both_is_not_turned(directions: ModuleType) -> None:
    coded = figures([(0, None, None, "USA", "UKR"), (9, None, None, "USA", "USA")])
    read = figures([(0, None, None, "USA", "USA"), (9, None, None, None, "USA")])
    pairs = list(zip(coded, read, strict=True))
    assert directions.crossed(pairs, "donor", "recipient") == (0, 2)


def test_tables_are_printed(
    directions: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    codings, read = tmp_path / "codings.jsonl", tmp_path / "read.jsonl"
    passages = [{"id": "a", "fold": 1, "figures": figures(CODED)}, {"id": "c", "fold": 2,
                "figures": figures(CODED)}]  # fmt: skip
    codings.write_text("\n".join(map(json.dumps, passages)), encoding="utf-8")
    read.write_text("\n".join(map(json.dumps, figures(READ))), encoding="utf-8")
    assert directions.main([str(codings), str(read), "--fold", "1"]) == 0
    parts = [part.splitlines() for part in capsys.readouterr().out.split("\n\n")]
    (head,), status, basis, ways, of_status, of_basis = [
        [line.split() for line in p] for p in parts
    ]
    assert head == "5 figures coded, 5 read, 4 of them both".split()
    assert status[1] == ["committed", "1", "1", ".", "."]
    assert status[0] == ["coded", "\\", "read", "commi", "deliv", "kille", "none"]
    assert basis[1] == ["delta", "2", "1", "."]
    assert ways[1] == ["committed", "delivered", "1", "2", "50.0"]
    assert of_status[1:] == [["committed", "2", "2", "+0", "100.0"],
                             ["delivered", "2", "2", "+0", "100.0"]]  # fmt: skip
    assert of_basis[1:] == [["delta", "3", "3", "+0", "100.0"], ["total", "1", "1", "+0", "100.0"]]


def test_statuses_are_told_apart_by_their_heads(directions: ModuleType) -> None:
    heads = [name[: directions.SHORT] for name in directions.STATUSES]
    assert len(set(heads)) == len(heads)
