"""What a filled-in sheet decides when others decide at the same time: nothing twice, and nothing of
theirs is taken back without a word."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factory import make_figure, source_of
from ledger.ledger import Ledger
from ledger.review.exported import exported, plain, read
from ledger.review.filled import Made, Prefer, Reviewed, Said, Settled, Standing, settle
from ledger.review.review import Decision

FIGURES = [
    make_figure(value=4),
    make_figure(value=100, item="Javelin", qualifier="at_most"),
    make_figure(value=7, item="Patriot"),
]
ONE, TWO, THREE = (figure.figure_id for figure in FIGURES)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.sqlite") as opened:
        opened.add(source_of(FIGURES), FIGURES)
        yield opened


def edited(sheet: pd.DataFrame, edits: dict[str, dict[str, Any]]) -> pd.DataFrame:
    """The sheet as a person leaves it who wrote these cells, by figure and column."""
    sheet = sheet.astype("object")
    for figure_id, cells in edits.items():
        for name, cell in cells.items():
            sheet.loc[sheet["figure_id"].eq(figure_id), name] = cell
    return sheet


def actions(ledger: Ledger, figure_id: str = ONE) -> list[tuple[str, str]]:
    made = ledger.decisions()
    of_figure = made[made["figure_id"].eq(figure_id)]
    return list(zip(of_figure["who"], of_figure["action"], strict=True))


def test_a_sheet_that_is_read_again_takes_nothing_back(ledger: Ledger) -> None:
    sheet = edited(ledger.review_sheet(), {ONE: {"decision": "accept"}})
    assert ledger.read_review(sheet, "Ann") == Reviewed(1, ())
    ledger.reject(ONE, "Ben", "of 2021")
    done = ledger.read_review(sheet, "Ann")
    assert (done.decisions, done.problems) == (0, ())
    (conflict,) = done.conflicts
    assert (conflict.place, conflict.figure_id, conflict.sheet) == ("row 2", ONE, "accept")
    assert str(conflict).startswith(f"row 2: conflict on figure {ONE}: the sheet says accept; ")
    at = ledger.decisions()["at"].tolist()
    assert conflict.ledger == (
        f"accept, by Ann at {at[0]}, then reject (of 2021), by Ben at {at[1]}"
    )
    assert actions(ledger) == [("Ann", "accept"), ("Ben", "reject")]


@pytest.mark.parametrize(
    ("prefer", "decided"),
    [
        (None, [("Ben", "reject")]),
        ("theirs", [("Ben", "reject")]),
        ("ours", [("Ben", "reject"), ("Ann", "accept")]),
    ],
)
def test_a_conflict_is_settled_as_asked(
    ledger: Ledger, prefer: Prefer | None, decided: list[tuple[str, str]]
) -> None:
    sheet = edited(
        ledger.review_sheet(), {ONE: {"decision": "accept"}, TWO: {"decision": "reject"}}
    )
    ledger.reject(ONE, "Ben")
    done = ledger.read_review(sheet, "Ann", prefer=prefer)
    assert len(done.conflicts) == 1
    assert actions(ledger) == decided
    assert actions(ledger, TWO) == [("Ann", "reject")]
    assert ledger.read_review(sheet, "Ann", prefer=prefer).decisions == 0


def test_another_preference_is_no_preference(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="ours or theirs, not 'mine'"):
        ledger.read_review(ledger.review_sheet(), "Ann", prefer="mine")  # type: ignore[arg-type]


def test_rows_that_nobody_changed_decide_nothing(ledger: Ledger) -> None:
    ledger.accept(ONE, "Ann", "seen")
    ledger.correct(TWO, "Ann", "  two\r\n lines ", value="12.50", date=None, item="rocket")
    sheet = ledger.review_sheet()
    for decide in (ledger.reject, ledger.accept):
        for figure_id in (ONE, TWO, THREE):
            decide(figure_id, "Ben", "another reason")
    shuffled = sheet.astype("object").iloc[[2, 0, 1]]
    saved = edited(shuffled, {TWO: {"new_value": 12.5, "why": "two lines", "decision": "Correct"}})
    for again in (sheet, shuffled, saved, sheet.iloc[1:], sheet.drop(columns=["value", "text"])):
        assert ledger.read_review(again, "Ann") == Reviewed(0, ())


@pytest.mark.parametrize("state", [None, "", "after-1", "after-0-0123456789", "17 Aug"])
def test_a_row_that_does_not_tell_its_state_never_overrides(ledger: Ledger, state: Any) -> None:
    """An older sheet, one by hand, or one whose column was filled with something else."""
    edits = {key: {"decision": "reject", "exported": state} for key in (ONE, TWO)}
    sheet = edited(ledger.review_sheet(), edits)
    if state is None:
        sheet = sheet[["figure_id", "decision"]]
    ledger.accept(ONE, "Ben")
    done = ledger.read_review(sheet, "Ann")
    assert (done.decisions, len(done.conflicts)) == (1, 1)
    assert actions(ledger) == [("Ben", "accept")]
    assert actions(ledger, TWO) == [("Ann", "reject")]
    same = edited(sheet, {ONE: {"decision": "accept"}})
    assert ledger.read_review(same, "Ann") == Reviewed(0, ())


def test_a_sheet_of_another_ledger_never_overrides(ledger: Ledger, tmp_path: Path) -> None:
    with Ledger(tmp_path / "other.sqlite") as other:
        other.add(source_of(FIGURES), FIGURES)
        for _ in range(5):
            other.accept(ONE, "Cat")
        sheet = edited(other.review_sheet(), {ONE: {"decision": "correct", "new_value": 9}})
    ledger.reject(ONE, "Ben")
    assert ledger.read_review(sheet, "Ann").decisions == 0
    assert actions(ledger) == [("Ben", "reject")]


def test_rows_that_contradict_each_other_are_refused_by_row(ledger: Ledger) -> None:
    sheet = edited(
        ledger.review_sheet(), {ONE: {"decision": "accept"}, TWO: {"decision": "accept"}}
    )
    other = edited(sheet[:2], {ONE: {"decision": "correct", "new_value": "77", "why": "typo"}})
    done = ledger.read_review(pd.concat([sheet, other]), "Ann")
    assert done.problems == (
        "row 2: accept contradicts row 5 (correct value=77 (typo))",
        "row 5: correct value=77 (typo) contradicts row 2 (accept)",
    )
    assert done.decisions == 1  # rows 3 and 6 say the same
    assert actions(ledger) == []
    assert actions(ledger, TWO) == [("Ann", "accept")]


def test_a_row_beside_its_untouched_copy_counts(ledger: Ledger) -> None:
    ledger.accept(ONE, "Ann")
    sheet = ledger.review_sheet()
    both = pd.concat([sheet, edited(sheet, {ONE: {"decision": "reject"}})])
    assert ledger.read_review(both, "Ann") == Reviewed(1, ())
    assert actions(ledger)[-1] == ("Ann", "reject")


def test_bounds_by_hand_stay_when_the_value_moves(ledger: Ledger) -> None:
    ledger.correct(ONE, "Ann", value=6, low=4, high=8)
    ledger.correct(THREE, "Ann", value=6)
    edits = {key: {"new_value": 7} for key in (ONE, THREE)}
    assert ledger.read_review(edited(ledger.review_sheet(), edits), "Ann") == Reviewed(2, ())
    figures = ledger.figures()[["low", "value", "high"]].to_numpy().tolist()
    assert figures[0] == [4, 7, 8]
    assert figures[2] == [7, 7, 7]  # they followed from the value


def test_a_decision_after_a_correction_leaves_its_values_in_the_sheet(ledger: Ledger) -> None:
    ledger.correct(ONE, "Ann", value=6)
    sheet = edited(ledger.review_sheet(), {ONE: {"decision": "reject"}})
    assert ledger.read_review(sheet, "Ann") == Reviewed(1, ())
    sheet = edited(ledger.review_sheet(), {ONE: {"decision": "correct"}})
    assert ledger.read_review(sheet, "Ann") == Reviewed(1, ())
    first = ledger.figures().iloc[0]
    assert (first["review"], first["value"]) == ("corrected", 6)


@pytest.mark.parametrize("action", ["accept", "correct"])
def test_another_reason_is_kept(ledger: Ledger, action: str) -> None:
    changes = {"value": "5"} if action == "correct" else {}
    ledger.review([Decision(ONE, action, "a guess", changes)], "Ann")
    sheet = edited(ledger.review_sheet(), {ONE: {"why": "the ministry says so"}})
    for made in (1, 0):
        assert ledger.read_review(sheet, "Ann") == Reviewed(made, ())
    assert ledger.decisions()["why"].iloc[-1] == "the ministry says so"
    assert ledger.review_sheet()["new_value"].fillna("").iloc[0] == changes.get("value", "")


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        ({"decision": None}, "row 2: an emptied decision takes nothing back: decide anew"),
        ({"decision": None, "why": "x"}, "row 2: a reason without a decision"),
        ({"why": "a\0b"}, "row 2: why holds a character that no ledger can"),
        ({"decision": "accept", "new_value": "7"}, f"row 2: accept {ONE}: a correction changes"),
        ({"decision": "correct"}, f"row 2: correct {ONE}: a correction changes at least one"),
        ({"decision": "correct", "new_value": "0,5"}, "row 2: value: not a number: '0,5'"),
        ({"decision": "correct", "new_value": "1.000,5"}, "row 2: value: not a number"),
        ({"decision": "correct", "new_same_as": "nobody"}, "row 2: no figure 'nobody'"),
        ({"decision": "reject", "figure_id": None}, "row 2: a decision without a figure_id"),
        ({"decision": "x" * 999}, f"row 2: no decision '{'x' * 200}"),
    ],
)
def test_nothing_that_was_typed_is_passed_over(
    ledger: Ledger, cells: dict[str, Any], line: str
) -> None:
    ledger.accept(ONE, "Ann")
    (problem,) = ledger.read_review(edited(ledger.review_sheet(), {ONE: cells}), "Ann").problems
    assert problem.startswith(line)
    assert len(problem) < 320
    assert len(ledger.decisions()) == 1


def test_columns_of_the_same_name_are_refused(ledger: Ledger) -> None:
    sheet = ledger.review_sheet()
    sheet.insert(2, "decision", "accept", allow_duplicates=True)
    assert ledger.read_review(sheet, "Ann") == Reviewed(
        0, ("columns 2 and 3 have the same name, decision",)
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"why": "a  b\r\nc"}, {"why": " a b c"}, True),
        ({"why": "a\x01b"}, {"why": "ab"}, True),
        ({"why": "'=1"}, {"why": "=1"}, True),
        ({"why": "ab"}, {"why": "a b"}, False),
        ({"why": "a" * 40_000}, {"why": "a" * 32_766 + "…"}, True),
        ({"new_value": "1250"}, {"new_value": "1,250.0"}, True),
        ({"new_value": "1.2e3"}, {"new_value": "1200"}, True),
        ({"new_value": "5"}, {"new_value": "-5"}, False),
        ({"new_value": "5"}, {"new_low": "5"}, False),
        ({"new_item": "5.0"}, {"new_item": "5"}, False),
        ({"decision": "Accept"}, {"decision": "accept"}, True),
        ({"why": " "}, {}, True),
    ],
)
def test_a_row_is_the_same_whatever_a_spreadsheet_does_to_it(
    one: dict[str, str], other: dict[str, str], same: bool
) -> None:
    assert (exported("x", 3, one) == exported("x", 3, other)) is same
    assert exported("x", 3, one) != exported("y", 3, one)
    assert read(str(exported("x", 3, one))) == exported("x", 3, one)


@given(st.text(), st.sampled_from(["decision", "why", "new_value", "new_item"]))
def test_a_cell_is_plain_once(cell: str, name: str) -> None:
    assert plain(name, plain(name, cell)) == plain(name, cell)


CELLS = st.fixed_dictionaries(
    {"decision": st.sampled_from(["accept", "reject", "correct", "", None])},
    optional={
        "new_value": st.sampled_from(["5", "6", "null"]),
        "why": st.sampled_from(["a", "b"]),
    },
)
READERS = st.lists(
    st.tuples(
        st.sampled_from(["Ann", "Ben"]),
        st.sampled_from(["export", "edit", "import"]),
        st.sampled_from([ONE, TWO, THREE]),
        CELLS,
    ),
    max_size=15,
)


@settings(max_examples=20)
@given(READERS)
def test_readers_who_keep_their_sheets_never_undo_each_other(
    steps: list[tuple[str, str, str, dict[str, Any]]],
) -> None:
    """A figure's new decision always comes from a sheet that knew the last one, and a sheet that
    was just read decides nothing more."""
    with TemporaryDirectory() as folder, Ledger(Path(folder, "ledger.sqlite")) as ledger:
        ledger.add(source_of(FIGURES), FIGURES)
        sheets = dict.fromkeys(("Ann", "Ben"), ledger.review_sheet())
        known = {who: Counter[str]() for who in sheets}
        touched: dict[str, set[str]] = {who: set() for who in sheets}
        for who, step, figure_id, cells in steps:
            now = Counter(ledger.decisions()["figure_id"])
            if step == "export":
                sheets[who], known[who], touched[who] = ledger.review_sheet(), now, set()
            elif step == "edit":
                sheets[who] = edited(sheets[who], {figure_id: cells})
                touched[who].add(figure_id)
            else:
                done = ledger.read_review(sheets[who], who)
                after = Counter(ledger.decisions()["figure_id"])
                decided = {key for key in after if after[key] != now[key]}
                assert decided <= touched[who]
                assert all(after[key] == now[key] + 1 == known[who][key] + 1 for key in decided)
                assert len(decided) == done.decisions
                assert ledger.read_review(sheets[who], who).decisions == 0


def _import(place: str, sheet: pd.DataFrame, who: str, start: Any, results: Any) -> None:
    with Ledger(place) as ledger:
        start.wait()
        results.put(ledger.read_review(sheet, who).decisions)


@pytest.mark.parametrize("second", ["accept", "reject"])
def test_two_imports_at_once_store_each_decision_once(place: str, second: str) -> None:
    """Two processes; one of them finds what the other has just stored."""
    held = [make_figure("many", value=n) for n in range(150)]
    with Ledger(place) as ledger:
        ledger.add(source_of(held), held)
        sheet = ledger.review_sheet().astype("object")
    context = multiprocessing.get_context("spawn")
    start, results = context.Barrier(2), context.Queue()
    imports = [
        context.Process(
            target=_import, args=(place, sheet.assign(decision=action), action, start, results)
        )
        for action in ("accept", second)
    ]
    for process in imports:
        process.start()
    assert sorted(results.get(timeout=100) for _ in imports) == [0, len(held)]
    for process in imports:
        process.join()
    with Ledger(place) as ledger:
        assert len(ledger.decisions()) == len(held)
        assert ledger.decisions()["who"].nunique() == 1


def _same_of_a_repeat(action: str, prefer: Prefer | None = None) -> Settled:
    """What "same", said of A and C, comes to where A repeats B, on which Ben decided since."""
    said = Said("row 2", Decision("a", "correct", None, {"same_as": "c"}), 0, "same:a,c")
    standing = {
        "a": Standing("exact", same_as="b"),
        "b": Standing("exact", (Made(1, "2022-10-04", "Ben", action, None, {}),)),
        "c": Standing("exact"),
    }
    return settle([said], standing, prefer)


@pytest.mark.parametrize("prefer", [None, "ours", "theirs"])
def test_what_is_said_of_a_repeat_takes_no_rejection_back(prefer: Prefer | None) -> None:
    settled = _same_of_a_repeat("reject", prefer)
    assert settled.decisions == [Decision("a", "correct", None, {"same_as": "c"})]
    assert not settled.conflicts


def test_what_is_said_of_a_repeat_waits_where_its_origin_was_decided_on() -> None:
    waiting, ours = _same_of_a_repeat("accept"), _same_of_a_repeat("accept", "ours")
    assert waiting.decisions == []
    assert ours.decisions == [Decision("b", "correct", None, {"same_as": "c"})]
    for settled in (waiting, ours):
        (conflict,) = settled.conflicts
        assert (conflict.figure_id, conflict.ledger) == ("b", "accept, by Ben at 2022-10-04")
