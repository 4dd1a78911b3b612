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
from typing import TYPE_CHECKING, Any, ParamSpec, TypedDict

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import DAILY, AutoDateFormatter, AutoDateLocator, DayLocator, date2num
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, MaxNLocator

from reports.files import replacing
from reports.titles import Scale, Topic, heading

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from ledger.queries.where import Where

STYLE = Path(__file__).parent / "aidledger.mplstyle"
SIZES = {"screen": (8.0, 4.8), "print": (6.3, 4.2), "slide": (12.0, 6.5)}  # inches
FORMATS = ("png", "svg", "pdf")
INK, QUIET, FAINT = "#222222", "#5F6B76", "#C4CBD1"

_TITLE, _SUBTITLE, _SMALL = 12.5, 9.5, 7.5  # points
_EMPTY = "empty"
_LETTER = 0.56  # a letter's mean width in its height, for wrapping

P = ParamSpec("P")


class Around(TypedDict, total=False):
    """What a caller may say of any chart.

    ``title`` and ``subtitle`` take the place of what the chart says of itself; ``where`` is the
    filter that chose its numbers, which the title tells. ``source`` and ``note`` stand below the
    axes. ``size`` is screen, print or slide.
    """

    title: str | None
    subtitle: str | None
    source: str | None
    note: str | None
    where: Where | None
    size: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around one chart: the axes that its caller gave, if any, and the words."""

    ax: Axes | None
    around: Around

    def axes(self, height: float | None = None) -> Axes:
        """The caller's axes, or new ones of the size asked for, ``height`` inches high."""
        return self.ax or new_axes(self.around.get("size", "screen"), height)

    def furnish(
        self,
        ax: Axes,
        topic: Topic,
        *measure: str,
        about: str = "",
        notes: Iterable[str | None] = (),
        lift: float = 0.0,
    ) -> None:
        """Title and measure above the axes, notes and source below.

        ``about`` ends a title that is made from the topic; ``lift`` is as for :func:`furnish`.
        """
        title = self.around.get("title")
        known = topic.under(self.around.get("where"))
        head, what = heading(title, self.around.get("subtitle"), known, *measure)
        said = " ".join(filter(None, (*notes, self.around.get("note"))))
        head = head if title else head + about
        furnish(ax, head, what, source=self.around.get("source"), note=said, lift=lift)


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

    ``size`` is one of screen, print, slide; ``height`` in inches overrides that of the size.
    Raises ValueError for another size.
    """
    if size not in SIZES:
        raise ValueError(f"no size {size!r}; choose from {', '.join(SIZES)}")
    width, usual = SIZES[size]
    layout = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.12)
    figure = Figure(figsize=(width, height or usual), layout=layout)
    FigureCanvasAgg(figure)
    return figure.add_subplot()


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
            ax.get_figure(root=True).savefig(drawn, format=kind, metadata=dateless[kind])  # type: ignore[union-attr]
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
) -> None:
    """Title and measure above the axes, note and source below; long lines are wrapped.

    ``lift`` is the height in points of what stands between the measure and the axes.
    """
    width = ax.get_figure(root=True).get_figwidth() * 72 * 0.93  # type: ignore[union-attr]
    head = _wrapped(title, width, _TITLE * 1.08)
    measure = _wrapped(subtitle[:1].upper() + subtitle[1:], width, _SUBTITLE)
    above: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points"}
    above["annotation_clip"] = False
    rise = 12 + lift + _SUBTITLE * 1.3 * (measure.count("\n") + 1)
    ax.annotate(measure, (0, 1), (0, 10 + lift), **above, va="bottom", size=_SUBTITLE, color=QUIET,
                gid="subtitle")  # fmt: skip
    ax.annotate(head, (0, 1), (0, rise), **above, va="bottom", size=_TITLE, weight="bold",
                gid="title")  # fmt: skip
    foot = [line for line in (note, source and f"Source: {source}") if line]
    if foot:
        words = "\n".join(_wrapped(line, width, _SMALL) for line in foot)
        drop = -30 if ax.get_xlabel() == "" else -42
        ax.annotate(words, (0, 0), (0, drop), **above, va="top", size=_SMALL, color=QUIET,
                    linespacing=1.4, gid="source")  # fmt: skip


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


def number_axis(ax: Axes, scale: Scale, which: str = "y") -> None:
    """Few round ticks, written on the scale."""
    axis = getattr(ax, f"{which}axis")
    axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10], min_n_ticks=2))
    axis.set_major_formatter(FuncFormatter(lambda number, _: scale.text(round(number, 6))))


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
    """Coloured names between the measure and the axes, read line by line; returns their height."""
    handles, names = ax.get_legend_handles_labels()
    if len(names) < 2:
        return 0.0
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
