"""The frame around every chart: axes, title, measure, source line, scale, dates, and the file."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from inspect import Parameter, signature
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import DAILY, AutoDateFormatter, AutoDateLocator, DayLocator, date2num
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullLocator

from ledger.queries.asked import Asked
from reports.files import replacing
from reports.titles import Scale, Topic, heading, shortly

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray


STYLE = Path(__file__).parent / "aidledger.mplstyle"


class Size(NamedTuple):
    """Width and height in inches, and dots per inch: letters are as large as the paper is small."""

    width: float
    height: float
    dots: int


SIZES = {
    "screen": Size(8.0, 4.8, 200),
    "web": Size(8.0, 4.5, 150),  # 1200 by 675
    "print": Size(6.3, 4.2, 300),  # the text width of A4
    "slide": Size(8.0, 4.5, 240),  # 1920 by 1080, a whole slide
}
FORMATS = ("png", "svg", "pdf")
INK, QUIET, FAINT = "#222222", "#5F6B76", "#C4CBD1"

_TITLE, _SUBTITLE, _SMALL = 12.5, 9.5, 7.5  # points
_EMPTY = "empty"
_HANDLE = 34  # points: a key's colour, with the gaps beside it
_LETTER = 0.56  # a letter's mean width in its height, for wrapping

P = ParamSpec("P")


class Around(Asked, total=False):
    """What a caller may say of any chart.

    ``title`` and ``subtitle`` take the place of what the chart says of itself; ``where``,
    ``since``, ``until``, ``as_of`` and ``view`` are the question that chose its numbers, which the
    title tells. ``source`` and ``note`` stand below the axes. ``size`` is screen, web, print or
    slide.
    """

    title: str | None
    subtitle: str | None
    source: str | None
    note: str | None
    size: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around one chart: the axes that its caller gave, if any, and the words."""

    ax: Axes | None
    around: Around

    @property
    def size(self) -> str:
        return self.around.get("size", "screen")

    def axes(self, height: float | None = None) -> Axes:
        """The caller's axes in the project's style, or new ones of the size asked for, ``height``
        inches high."""
        if self.ax is not None:
            return dressed(self.ax)
        return new_axes(self.size, height)

    def furnish(
        self,
        ax: Axes,
        topic: Topic,
        *measure: str,
        about: str = "",
        notes: Iterable[str | None] = (),
        lift: float = 0.0,
        below: Axes | None = None,
    ) -> None:
        """Title and measure above the axes, notes and source below.

        ``about`` ends a title that is made from the topic; the rest is as for :func:`furnish`.
        """
        title = self.around.get("title")
        known = topic.under(self.around)
        head, what = heading(title, self.around.get("subtitle"), known, *measure)
        said = " ".join(filter(None, (*notes, self.around.get("note"))))
        head = head if title else head + about
        source = self.around.get("source")
        furnish(ax, head, what, source=source, note=said, lift=lift, below=below)


def furnished(plot: Callable[P, Axes]) -> Callable[P, Axes]:
    """Draw in the project's style, whatever the caller's settings are, and leave those alone.

    The keywords of :class:`Around` are shown among the chart's own; another raises TypeError.
    """
    own = signature(plot)
    around = [
        Parameter(name, Parameter.KEYWORD_ONLY, default="screen" if name == "size" else None)
        for name in Around.__annotations__
    ]
    named = [one for one in own.parameters.values() if one.kind is not Parameter.VAR_KEYWORD]
    shown = own.replace(parameters=[*named, *around])

    @wraps(plot)
    def draw(*args: P.args, **kwargs: P.kwargs) -> Axes:
        shown.bind(*args, **kwargs)
        with mpl.rc_context(fname=STYLE):
            return plot(*args, **kwargs)

    draw.__signature__ = shown  # type: ignore[attr-defined]
    return draw


def new_axes(size: str = "screen", height: float | None = None) -> Axes:
    """Axes on a figure of their own, outside pyplot's global state.

    ``size`` is one of screen, web, print, slide; ``height`` in inches overrides that of the size.
    Raises ValueError for another size.
    """
    return new_panels(1, size, height)[0]


def new_panels(number: int, size: str = "screen", height: float | None = None) -> list[Axes]:
    """So many axes below each other, on one figure, which share their dates; see
    :func:`new_axes`."""
    if size not in SIZES:
        raise ValueError(f"no size {size!r}; choose from {', '.join(SIZES)}")
    width, usual, dots = SIZES[size]
    layout = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.12)
    figure = Figure(figsize=(width, height or usual), dpi=dots, layout=layout)
    FigureCanvasAgg(figure)
    return list(figure.subplots(number, 1, sharex=True, squeeze=False)[:, 0])


def dressed(ax: Axes) -> Axes:
    """Axes that somebody else made, in the project's style; to be called within it."""
    style: Any = mpl.rcParams
    ax.set_facecolor(style["axes.facecolor"])
    for side, spine in ax.spines.items():
        spine.set(
            visible=style[f"axes.spines.{side}"], linewidth=style["axes.linewidth"],
            edgecolor=style["axes.edgecolor"],
        )  # fmt: skip
    for axis in ("x", "y"):
        ax.tick_params(
            axis, color=style[f"{axis}tick.color"], labelcolor=style[f"{axis}tick.color"],
            length=style[f"{axis}tick.major.size"], labelsize=style[f"{axis}tick.labelsize"],
            labelfontfamily=style["font.family"][0],
        )  # fmt: skip
    ax.grid(False)
    ax.grid(visible=True, axis=style["axes.grid.axis"], color=style["grid.color"],
            linewidth=style["grid.linewidth"])  # fmt: skip
    ax.set_axisbelow(True)
    ax.margins(y=style["axes.ymargin"])
    return ax


def save_chart(ax: Axes, path: Path | str) -> Path:
    """Write the chart that ``ax`` stands in as PNG, SVG or PDF, by the name of the file.

    The same chart gives the same bytes. Raises ValueError for another ending, OSError where the
    file cannot be written.
    """
    path = Path(path)
    kind = path.suffix.lower().lstrip(".")
    if kind not in FORMATS:
        raise ValueError(f"{path}: a chart is saved as .png, .svg or .pdf")
    dateless: dict[str, dict[str, Any]] = {
        "png": {"Software": "aidledger"},
        "svg": {"Date": None},
        "pdf": {"Creator": "aidledger", "CreationDate": None, "ModDate": None},
    }
    drawn = BytesIO()  # a full disk in the midst of it would be a fault of matplotlib's
    with replacing(path) as file:
        with mpl.rc_context(fname=STYLE):
            figure: Any = ax.get_figure(root=True)
            figure.savefig(drawn, format=kind, dpi="figure", metadata=dateless[kind])
        file.write(drawn.getbuffer())
    return path


def furnish(
    ax: Axes,
    title: str,
    subtitle: str,
    *,
    source: str | None = None,
    note: str | None = None,
    lift: float = 0.0,
    below: Axes | None = None,
) -> None:
    """Title and measure above the axes, note and source below (or below others); long lines are
    wrapped.

    ``lift`` is the height in points of what stands between the measure and the axes.
    """
    width = _room_across(ax)
    head = _wrapped(title, width, _TITLE * 1.08)
    measure = _wrapped(subtitle[:1].upper() + subtitle[1:], width, _SUBTITLE)
    beside: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points"}
    beside["annotation_clip"] = False
    rise = 12 + lift + _SUBTITLE * 1.3 * (measure.count("\n") + 1)
    ax.annotate(measure, (0, 1), (0, 10 + lift), **beside, va="bottom", size=_SUBTITLE, color=QUIET,
                gid="subtitle")  # fmt: skip
    ax.set_title(head, x=0, ha="left", pad=rise, size=_TITLE, weight="bold", color=INK)
    say_below(below or ax, source=source, note=note)


def say_below(ax: Axes, *, source: str | None, note: str | None) -> None:
    """Note and source below the axes."""
    width = _room_across(ax)
    foot = [line for line in (note, source and f"Source: {source}") if line]
    if foot:
        words = "\n".join(_wrapped(line, width, _SMALL) for line in foot)
        drop = -30 if ax.get_xlabel() == "" else -42
        ax.annotate(words, (0, 0), (0, drop), xycoords="axes fraction", textcoords="offset points",
                    annotation_clip=False, va="top", size=_SMALL, color=QUIET, linespacing=1.4,
                    gid="source")  # fmt: skip


def _room_across(ax: Axes) -> float:
    """The width for words above and below the axes, in points: where no others stand beside them,
    all from their left side to the edge of the paper."""
    figure: Any = ax.get_figure(root=True)
    if figure.get_layout_engine() is not None:
        figure.draw_without_rendering()
    place = ax.get_position()
    alone = all(abs(one.get_position().x0 - place.x0) < 0.01 for one in figure.axes)
    share = (1 - place.x0) * 0.97 if alone else place.width
    return float(figure.get_figwidth() * 72 * share)


def is_empty(ax: Axes) -> bool:
    """Whether a chart only says that there is nothing to show."""
    return any(text.get_gid() == _EMPTY for text in ax.texts)


def say_empty(ax: Axes, words: str = "No figures to draw") -> None:
    """Axes that say in plain words that there is nothing to show."""
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)
    ax.text(0.5, 0.5, words, transform=ax.transAxes, ha="center", va="center", color=QUIET,
            gid=_EMPTY)  # fmt: skip


def number_axis(ax: Axes, scale: Scale, bins: int = 6) -> None:
    """Few round ticks, written on the scale; the axis ends on a tick, beyond all data.

    The limits of the axes must be set before.
    """
    ax.yaxis.set_major_formatter(FuncFormatter(lambda number, _: scale.text(round(number, 6))))
    bottom, top = ax.get_ylim()
    places: Any = MaxNLocator(nbins=bins, steps=[1, 2, 2.5, 5, 10], min_n_ticks=2)
    ticks = places.tick_values(bottom, top)
    slack = (top - bottom) * 1e-9
    first = ticks[ticks <= bottom + slack][-1]
    last = ticks[ticks >= top - slack][0]
    ax.set_yticks([tick for tick in ticks if first <= tick <= last])
    ax.set_ylim(first, last)


def log_axis(ax: Axes, unit: str, smallest: float, largest: float) -> None:
    """An axis on which every tick is ten times the one below, from below all data to above it."""
    low, high = int(np.floor(np.log10(smallest))), int(np.ceil(np.log10(largest)))
    high = max(high, low + 1)
    ax.set_yscale("log")
    ax.set_ylim(10.0**low, 10.0**high)
    ax.set_yticks([10.0**power for power in range(low, high + 1)])
    ax.yaxis.set_major_formatter(FuncFormatter(lambda number, _: shortly(number, unit)))
    ax.yaxis.set_minor_locator(NullLocator())


class WholeDays(AutoDateLocator):
    """Ticks that stand a day apart at least."""

    def get_locator(self, dmin: datetime, dmax: datetime) -> Any:
        if dmax - dmin > timedelta(days=4):
            return super().get_locator(dmin, dmax)  # type: ignore[no-untyped-call]
        self._freq = DAILY
        locator: Any = DayLocator()  # type: ignore[no-untyped-call]
        locator.set_axis(self.axis)
        return locator


def date_axis(ax: Axes) -> None:
    """Dates as 2022, 2022-10 or 2022-10-03, the same in every language."""
    locator = WholeDays(minticks=2, maxticks=8)  # type: ignore[no-untyped-call]
    formatter = AutoDateFormatter(locator, defaultfmt="%Y-%m-%d")  # type: ignore[no-untyped-call]
    formatter.scaled.update({365.0: "%Y", 28.0: "%Y-%m", 1.0: "%Y-%m-%d"})
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(formatter)


def days(dates: Any) -> NDArray[np.float64]:
    """Dates as matplotlib counts them, in days."""
    return np.asarray(date2num(dates), dtype="float64")  # type: ignore[no-untyped-call]


def key(ax: Axes, columns: int = 4) -> float:
    """Coloured names between the measure and the axes, read line by line, in as many columns as
    there is room for; returns their height."""
    handles, names = ax.get_legend_handles_labels()
    if len(names) < 2:
        return 0.0
    widest = max(map(len, names)) * _LETTER * mpl.rcParams["legend.fontsize"] + _HANDLE
    columns = max(1, min(columns, int(_room_across(ax) / widest)))
    order = [i for column in range(columns) for i in range(column, len(names), columns)]
    ax.legend([handles[i] for i in order], [names[i] for i in order], ncols=columns,
              loc="lower left", bbox_to_anchor=(0, 1.015))  # fmt: skip
    return 15.0 * -(-len(names) // columns)


def palette() -> list[str]:
    """The colours of series, in their order."""
    return list(mpl.rcParams["axes.prop_cycle"].by_key()["color"])


def _wrapped(text: str, width: float, size: float) -> str:
    letters = max(int(width / (size * _LETTER)), 20)
    return "\n".join(textwrap.fill(line, letters) for line in text.splitlines())
