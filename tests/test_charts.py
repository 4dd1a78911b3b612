"""Charts: what is drawn, what is written beside it, and that no two labels overlap."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from drawings import CODES, PLOTS, SERIES, donors, draw
from factory import make_figure, make_money
from ledger.dedupe import merge
from ledger.figure import Figure as Record
from ledger.reconcile import reconcile
from ledger.table import to_frame
from ledger.totals import totals
from reports.charts.canvas import SIZES, days, is_empty, new_axes, save_chart
from reports.charts.charts import plot_columns, plot_totals
from reports.charts.chosen import NAMED, choose, leading_unit
from reports.charts.evidence import GAPS, plot_reconciliation, plot_timeline
from reports.charts.labels import spread
from reports.charts.rankings import MOST, plot_commitments, plot_ranked
from reports.titles import scale_of


def drawn(plot: str, number: int, **options: Any) -> Axes:
    ax = draw(plot, number, **options)
    page(ax).draw_without_rendering()
    return ax


def page(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure


def texts(ax: Axes) -> list[Text]:
    """Every text that is seen: the axes' own, ticks in view, and the key."""
    lowest, highest = sorted(ax.get_xlim())
    ticks = [
        label
        for place, label in zip(ax.get_xticks(), ax.get_xticklabels(), strict=True)
        if lowest <= place <= highest
    ]
    bottom, top = sorted(ax.get_ylim())
    ticks += [
        label
        for place, label in zip(ax.get_yticks(), ax.get_yticklabels(), strict=True)
        if bottom <= place <= top
    ]
    key = ax.get_legend()
    named = [ax.title, *ax.texts, *ticks, *(key.get_texts() if key else [])]
    return [text for text in named if text.get_visible() and text.get_text()]


def overlapping(ax: Axes) -> list[tuple[str, str]]:
    """Pairs of texts that touch; of an annotation only the words count, not its line."""
    boxes = [(text.get_text(), Text.get_window_extent(text)) for text in texts(ax)]
    return [
        (one, other)
        for (one, box), (other, place) in combinations(boxes, 2)
        if min(box.x1, place.x1) - max(box.x0, place.x0) > 0.5
        and min(box.y1, place.y1) - max(box.y0, place.y0) > 0.5
    ]


@pytest.mark.parametrize(
    ("number", "size"), [*((n, "screen") for n in SERIES), *((40, size) for size in SIZES)]
)
@pytest.mark.parametrize("plot", PLOTS)
def test_no_text_overlaps_or_leaves_the_page(plot: str, number: int, size: str) -> None:
    ax = drawn(plot, number, size=size)
    assert overlapping(ax) == []
    paper = page(ax).bbox
    for text in texts(ax):
        box = Text.get_window_extent(text)
        assert paper.x0 <= box.x0, text
        assert box.x1 <= paper.x1, text
        assert paper.y0 <= box.y0, text
        assert box.y1 <= paper.y1, text


def test_the_overlap_test_sees_an_overlap() -> None:
    ax = drawn("totals", 2)
    ax.text(0.5, 0.5, "one", transform=ax.transAxes)
    ax.text(0.5, 0.5, "two", transform=ax.transAxes)
    assert ("one", "two") in overlapping(ax)


@pytest.mark.parametrize("plot", PLOTS)
def test_without_figures_the_chart_says_so(plot: str) -> None:
    assert "No figures to draw" in [text.get_text() for text in drawn(plot, 0).texts]


def test_lines_are_named_with_their_last_number() -> None:
    frame = totals(
        to_frame(
            [
                make_money(800_000_000, donor="USA", date="2022-03-16"),
                make_money(625_000_000, donor="USA", date="2022-10-04"),
                make_money(100_000_000, donor="DEU", date="2022-05-01", qualifier="at_least"),
            ]
        ),
        by="donor",
        freq="day",
    )
    ax = plot_totals(frame, title="Pledges")
    written = [text.get_text() for text in ax.texts]
    assert "United States  1.43" in written
    assert "Germany  0.1 or more" in written
    assert "Committed, cumulative, USD billion" in written
    assert ax.get_title() == "Pledges"


def test_a_line_steps_on_its_dates_and_runs_to_the_last() -> None:
    frame = totals(
        to_frame(
            [
                make_money(100, donor="USA", date="2022-03-16"),
                make_money(50, donor="USA", date="2022-03-20"),
                make_money(10, donor="DEU", date="2022-03-30"),
            ]
        ),
        by="donor",
        freq="day",
    )
    ax = plot_totals(frame)
    steps = max(ax.lines, key=lambda line: len(line.get_xdata()))  # type: ignore[arg-type]
    assert steps.get_drawstyle() == "steps-post"
    assert list(steps.get_ydata()) == [0, 100, 150, 150]  # type: ignore[arg-type]
    ends = np.asarray(steps.get_xdata(), dtype="datetime64[D]")[[0, -1]]
    assert [str(day) for day in ends] == ["2022-03-16", "2022-03-30"]


def test_past_the_palette_series_are_grey_and_counted() -> None:
    ax = drawn("totals", 40)
    names = [text for text in ax.texts if text.get_gid() == "label"]
    assert len(names) == NAMED
    assert any("Grey: 33 smaller series." in text.get_text() for text in ax.texts)


def test_columns_stack_to_the_sum_of_their_month() -> None:
    frame = totals(donors(40), by="donor", freq="month", status="committed")
    ax = plot_columns(frame)
    march = frame[frame["period"] == pd.Timestamp("2022-03-01")]["best"].sum()
    place = float(days(np.datetime64("2022-03-01")))
    bars = [bar for bar in ax.patches if isinstance(bar, Rectangle)]
    tops = [
        bar.get_y() + bar.get_height()
        for bar in bars
        if abs(bar.get_x() + bar.get_width() / 2 - place) < 1
    ]
    assert max(tops) == pytest.approx(march)


def test_several_units_are_refused_and_the_commonest_is_named() -> None:
    frame = totals(
        to_frame([make_money(1), make_money(2, donor="DEU"), make_money(3, unit="EUR")]),
        by="donor",
        freq="day",
    )
    with pytest.raises(ValueError, match="2 units"):
        plot_totals(frame)
    assert leading_unit(frame) == "USD"
    plot_totals(frame[frame["unit"] == "USD"])


def test_undated_facts_are_counted_in_the_note() -> None:
    frame = totals(to_frame([make_money(5), make_money(7, date=None)]), freq="day", undated=True)
    assert choose(frame, cumulative=True).undated == 1
    assert any(
        "Without a date, not drawn: 1 fact" in t.get_text() for t in plot_totals(frame).texts
    )


def test_a_day_is_written_once() -> None:
    frame = totals(
        to_frame([make_money(5, date="2022-10-03"), make_money(8, date="2022-10-04")]), freq="day"
    )
    ax = plot_totals(frame)
    page(ax).draw_without_rendering()
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["2022-10-03", "2022-10-04"]


def test_what_names_no_donor_is_the_last_bar() -> None:
    figures = [make_money(9, donor=None), make_money(5, donor="USA"), make_money(7, donor="DEU")]
    ax = plot_ranked(totals(to_frame(figures), by="donor"))
    names = [tick.get_text() for tick in ax.get_yticklabels()]
    assert names == ["Germany", "United States", "not stated"]


def test_small_numbers_are_written_on_their_own_scale() -> None:
    scale = scale_of(7e12, "USD")
    assert [scale.words(number) for number in (7e12, 4e11, 17e9, 15, 0)] == [
        "7", "0.4", "17 billion", "15 USD", "0",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "plot",
    [
        plot_totals, plot_columns, plot_ranked, plot_commitments, plot_reconciliation,
        plot_timeline,
    ],
)  # fmt: skip
def test_every_chart_shows_and_takes_the_same_words(plot: Callable[..., Axes]) -> None:
    shown = signature(plot).parameters
    assert {"ax", "title", "subtitle", "source", "note", "where", "size"} <= set(shown)
    assert not any(one.kind is one.VAR_KEYWORD for one in shown.values())
    with pytest.raises(TypeError, match="unexpected keyword argument 'titel'"):
        plot(to_frame([]), titel="Pledges")


def test_axes_given_are_drawn_on_and_settings_left_alone() -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    ax = new_axes()
    assert plot_totals(totals(donors(2), by="donor", freq="day"), ax) is ax
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_a_chart_is_saved_twice_as_the_same_bytes(tmp_path: Path, kind: str) -> None:
    one, two = (save_chart(drawn("totals", 2), tmp_path / f"{n}.{kind}") for n in "ab")
    assert one.read_bytes() == two.read_bytes()
    assert one.stat().st_size > 5_000


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\.png, \.svg or \.pdf"):
        save_chart(drawn("totals", 1), tmp_path / "chart.bmp")


@pytest.mark.parametrize(
    ("largest", "unit", "measure", "written"),
    [
        (17_534_000_000, "USD", "USD billion", "17.5"),
        (625_000_000, "USD", "USD million", "625"),
        (9_999, "count", "number", "9,999"),
        (5_000_000, "count", "millions", "5"),
        (20, "percent", "percent", "20"),
        (0, "EUR", "EUR", "0"),
    ],
)
def test_scales(largest: float, unit: str, measure: str, written: str) -> None:
    scale = scale_of(largest, unit)
    assert scale.measure == measure
    assert scale.text(largest) == written


@given(st.lists(st.floats(0, 100), min_size=1, max_size=9))
def test_spread_labels_keep_their_order_their_distance_and_the_axes(wanted: list[float]) -> None:
    placed = spread(wanted, 10.0, 0.0, 100.0)
    ranked = sorted(range(len(wanted)), key=lambda i: (wanted[i], -i))
    for below, above in pairwise(ranked):
        assert placed[above] - placed[below] >= 10.0 - 1e-6
    assert min(placed) >= -1e-6
    assert max(placed) <= 100 + 1e-6


def test_spread_leaves_alone_what_does_not_collide() -> None:
    assert spread([50.0, 0.0, 100.0], 10.0, 0.0, 100.0) == [50.0, 0.0, 100.0]


def labels(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts if text.get_gid() == "label"]


def title(ax: Axes) -> str:
    return ax.get_title()


def subtitle(ax: Axes) -> str:
    return next(text.get_text() for text in ax.texts if text.get_gid() == "subtitle")


def foot(ax: Axes) -> str:
    return next((text.get_text() for text in ax.texts if text.get_gid() == "source"), "")


def test_bars_are_ranked_and_carry_their_numbers() -> None:
    figures = [
        make_money(3e9, donor="DEU"),
        make_money(5e9, donor="USA", qualifier="at_least"),
        make_money(1e9, donor="GBR", qualifier="at_most"),
    ]
    ax = plot_ranked(totals(to_frame(figures), by="donor"))
    assert [tick.get_text() for tick in ax.get_yticklabels()] == [
        "United States", "Germany", "United Kingdom",
    ]  # fmt: skip
    assert labels(ax) == ["5 or more", "3", "1"]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]
    assert title(ax) == "Money committed, by donor"
    assert subtitle(ax) == "USD billion"


def test_shares_divide_by_what_the_user_gives_and_count_what_is_missing() -> None:
    figures = [
        make_money(n * 1e9, donor=donor) for n, donor in ((5, "USA"), (1, "EST"), (2, "XXX"))
    ]
    gdp = pd.Series({"USA": 25e12, "EST": 40e9}, name="GDP 2021")
    ax = plot_ranked(totals(to_frame(figures), by="donor"), share_of=gdp)
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["Estonia", "United States"]
    assert labels(ax) == ["2.5", "0.02"]
    assert subtitle(ax) == "Percent of GDP 2021"
    assert "Without GDP 2021, left out: 1." in foot(ax)


def test_more_bars_than_fit_are_counted() -> None:
    ax = drawn("ranked", MOST + 7)
    assert len(labels(ax)) == MOST
    assert "Not shown: 7 smaller." in foot(ax)


def test_promised_stands_beside_delivered() -> None:
    figures = [
        make_money(4e9, donor="USA"),
        make_money(1e9, donor="USA", status="delivered"),
        make_money(2e9, donor="DEU", status="delivered"),
        make_money(1e8, donor="GBR"),
    ]
    ax = plot_commitments(totals(to_frame(figures), by="donor"))
    assert labels(ax) == ["1 of 4", "2 delivered", "0.1 committed"]
    assert "which does not mean zero" in foot(ax)


def test_a_gap_is_drawn_and_named() -> None:
    four = make_figure(value=4, date="2022-10-04", status="delivered")
    twenty = make_figure(value=20, date="2022-10-04", status="delivered", basis="total")
    ax = plot_reconciliation(reconcile(merge(to_frame([four, twenty]))))
    assert labels(ax) == ["20", "+16"]
    assert title(ax) == "HIMARS delivered, United States to Ukraine: stated and added up"
    assert subtitle(ax) == "Number"


def test_only_the_largest_gaps_are_named() -> None:
    assert 0 < len(labels(drawn("reconciliation", 40))) <= GAPS


def test_several_balances_are_refused() -> None:
    figures = [make_figure(value=1, basis="total", donor=donor) for donor in ("USA", "GBR")]
    with pytest.raises(ValueError, match="2 series"):
        plot_reconciliation(reconcile(merge(to_frame(figures))))


def test_stated_totals_stand_on_the_line_of_their_series() -> None:
    figures = to_frame(
        [
            make_figure(value=4, date="2022-06-01"),
            make_figure(value=6, date="2022-06-01", donor="GBR"),
            make_figure(value=20, date="2022-10-04", basis="total"),
            make_figure(value=99, date="2022-10-04", basis="total", status="delivered"),
        ]
    )
    frame = totals(figures, by="donor", freq="day")
    ax = plot_totals(frame, balances=reconcile(merge(figures)))
    diamonds = [line for line in ax.lines if line.get_marker() == "D" and len(line.get_ydata())]  # type: ignore[arg-type]
    assert [list(line.get_ydata()) for line in diamonds] == [[20.0]]  # type: ignore[arg-type]
    assert "Diamonds: totals that texts state; the latest: United States 20 (2022-10-04)." in foot(
        ax
    )
    assert "United States  4 added up" in [text.get_text() for text in ax.texts]


def test_the_timeline_counts_what_it_cannot_place() -> None:
    figures = to_frame([make_figure(), make_figure(date=None), make_figure(status=None)])
    ax = plot_timeline(figures)
    assert [t.get_text() for t in ax.get_yticklabels()] == ["committed  1", "not stated  1"]
    assert "Without a date, not drawn: 1." in foot(ax)


def daily(*numbers: int, source: str = "staff", **fields: Any) -> list[Record]:
    """Tanks lost, as one source counts them up, a number a day."""
    lost = {"item": "tank", "donor": None, "recipient": None, "party": "RUS", "status": "destroyed"}
    return [
        make_figure(source, value=value, basis="total", date=f"2022-03-{day:02}", **lost | fields)
        for day, value in enumerate(numbers, start=1)
    ]


def test_stated_totals_are_drawn_as_they_stand() -> None:
    ax = plot_totals(totals(to_frame(daily(80, 146, 150)), basis="total", freq="day"))
    (line,) = [line for line in ax.lines if line.get_drawstyle() == "steps-post"]
    assert list(line.get_ydata()) == [80, 146, 150, 150]  # type: ignore[arg-type]
    assert title(ax) == "Tanks destroyed, Russia"
    assert subtitle(ax) == "Totals as stated, number"
    assert labels(ax) == ["150"]


def test_columns_of_stated_totals_are_their_differences() -> None:
    ax = plot_columns(
        totals(to_frame(daily(80, 146, 150, 149)), basis="total", freq="day"), freq="day"
    )
    assert [bar.get_height() for bar in ax.patches] == [66, 4, -1]  # type: ignore[attr-defined]
    assert subtitle(ax) == "New in each day, number"
    assert "Differences between stated totals." in foot(ax)


def test_sources_that_differ_have_a_line_each() -> None:
    figures = daily(80, 146, 150) + daily(40, 70, 95, source="photographs")
    ax = plot_totals(totals(to_frame(figures), basis="total", freq="day"))
    assert labels(ax) == ["staff  150", "photographs  95"]
    assert title(ax) == "Tanks destroyed, Russia, by source"


def test_one_stated_total_has_no_difference() -> None:
    ax = plot_columns(totals(to_frame(daily(80)), basis="total", freq="day"), freq="day")
    assert is_empty(ax)


@pytest.mark.parametrize("plot", ["totals", "columns", "reconciliation"])
@pytest.mark.parametrize("number", [1, 2, 40])
def test_no_data_stand_above_the_last_tick(plot: str, number: int) -> None:
    ax = drawn(plot, number)
    assert max(ax.get_yticks()) >= ax.dataLim.y1 * (1 - 1e-9)
    assert ax.get_ylim()[1] == max(ax.get_yticks())


def unequal(**options: Any) -> pd.DataFrame:
    figures = [make_money(5e9), make_money(2e7, donor="EST"), make_money(1e7, donor="LVA")]
    return totals(to_frame(figures), by="donor", freq="month", **options)


def test_where_one_lays_all_others_flat_the_axis_is_logarithmic() -> None:
    ax = plot_totals(unequal())
    assert ax.get_yscale() == "log"
    assert "USD, logarithmic axis" in subtitle(ax)
    assert "Estonia  20 million" in labels(ax)
    bottom, top = ax.get_ylim()
    assert bottom <= 1e7
    assert top >= 5e9
    assert drawn("totals", 2).get_yscale() == "linear"


def test_where_one_lays_all_others_flat_columns_have_panels() -> None:
    ax = plot_columns(unequal())
    panels = page(ax).axes
    heads = [text.get_text() for panel in panels for text in panel.texts
             if text.get_gid() == "panel"]  # fmt: skip
    assert heads == ["United States: USD billion", "Estonia: USD million", "Latvia: USD million"]
    assert [labels(panel) for panel in panels] == [["5"], ["20"], ["10"]]
    assert overlapping(panels[-1]) == []
    given = new_axes()
    assert plot_columns(unequal(), given) is given


def test_most_that_lie_flat_make_the_axis_logarithmic() -> None:
    lost = {"soldier": 1e6, "drone": 4e5, "tank": 1e4, "aircraft": 400}
    figures = [make_figure(value=value, item=item) for item, value in lost.items()]
    assert plot_totals(totals(to_frame(figures), freq="day")).get_yscale() == "log"
    alike = [
        make_figure(value=value, item=item) for item, value in zip(lost, (9, 8, 7, 6), strict=True)
    ]
    assert plot_totals(totals(to_frame(alike), freq="day")).get_yscale() == "linear"


@pytest.mark.parametrize("differ", [{"item": "tank"}, {"status": "delivered"}])
def test_what_nobody_adds_has_a_panel_each(differ: dict[str, Any]) -> None:
    figures = [make_figure(value=600), make_figure(value=500, **differ)]
    ax = plot_columns(totals(to_frame(figures), freq="month"))
    panels = page(ax).axes
    assert [len(panel.patches) for panel in panels] == [1, 1]
    page(ax).draw_without_rendering()
    for panel in panels:
        places = {text.get_gid(): Text.get_window_extent(text) for text in panel.texts}
        assert not places["panel"].overlaps(places["label"])
    assert [labels(panel) for panel in panels] == [["600"], ["500"]]
    given = Figure().subplots()
    assert len(plot_columns(totals(to_frame(figures), freq="month"), given).patches) == 2


def test_a_key_of_long_names_takes_no_room_from_the_columns() -> None:
    donors_of = [f"{code}+{other}" for code, other in pairwise(CODES[:8])]
    figures = [make_money(1e8, donor=donor) for donor in donors_of]
    ax = plot_columns(totals(to_frame(figures), by="donor", freq="month"))
    page(ax).draw_without_rendering()
    legend = ax.get_legend()
    assert legend is not None
    assert legend.get_window_extent().x1 <= page(ax).bbox.x1
    assert ax.get_position().width > 0.8


def test_few_columns_carry_their_numbers() -> None:
    figures = [make_money(n * 1e8, date=f"2022-0{n}-03") for n in (1, 2, 3)]
    assert sorted(labels(plot_columns(totals(to_frame(figures), freq="month")))) == [
        "100", "200", "300",
    ]  # fmt: skip
    many = [make_money(1e8, date=f"{year}-{month:02d}-03") for year in (2022, 2023)
            for month in range(1, 13)]  # fmt: skip
    assert labels(plot_columns(totals(to_frame(many), freq="month"))) == []


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"recipient": "UKR"}, "Money committed, United States to Ukraine"),
        ({"donor": ["USA", "DEU"]}, "Money committed, United States"),
        ({"aid_type": "military", "certainty": "stated"},
         "Military aid committed, United States, certainty stated"),
        ({"category": ["artillery", "drones"]},
         "Money committed, United States, category artillery and drones"),
    ],
)  # fmt: skip
def test_a_title_tells_every_filter(where: dict[str, Any], expected: str) -> None:
    frame = totals(to_frame([make_money(5e9)]), by="donor", freq="month")
    assert title(plot_totals(frame, where=where)).startswith(expected)


def test_axes_given_have_the_house_style_and_their_title() -> None:
    from matplotlib.figure import Figure as Paper

    ax = Paper().subplots()
    plot_totals(unequal(), ax)
    assert ax.get_title() == "Money committed, by donor"
    assert not ax.spines["left"].get_visible()
    assert ax.xaxis.get_ticklabels()[0].get_fontsize() == 8.5
    assert ax.title.get_horizontalalignment() == "left"


@pytest.mark.parametrize(
    ("frame", "lacking"),
    [
        (totals(donors(2), by="donor"), "without periods.*freq"),
        (donors(2), "no totals"),
        (pd.DataFrame({"period": [], "unit": []}), "no totals"),
    ],
)
def test_what_a_frame_lacks_is_said_in_a_line(frame: pd.DataFrame, lacking: str) -> None:
    for plot in (plot_totals, plot_columns):
        with pytest.raises(ValueError, match=lacking) as error:
            plot(frame)
        assert "\n" not in str(error.value)


def test_totals_of_one_bound_are_drawn_by_it() -> None:
    ax = plot_totals(unequal(bound="high"))
    assert "United States  5 billion" in labels(ax)


def test_money_per_head_takes_the_name_of_its_column() -> None:
    people = pd.Series({"USA": 300e6, "EST": 1e6}, name="population")
    figures = [make_money(6e9), make_money(5e7, donor="EST"), make_money(1e9, donor="XXX")]
    frame = totals(to_frame(figures), by="donor")
    ax = plot_ranked(frame, per_head=people)
    assert labels(ax) == ["50", "20"]
    assert subtitle(ax) == "USD per head"
    assert "Without population, left out: 1." in foot(ax)
    with pytest.raises(ValueError, match="not both"):
        plot_ranked(frame, per_head=people, share_of=people)


def test_a_size_is_inches_and_dots() -> None:
    for size, pixels in (("slide", (1920, 1080)), ("web", (1200, 675))):
        paper = page(drawn("totals", 2, size=size))
        assert tuple(paper.get_size_inches() * paper.dpi) == pixels
