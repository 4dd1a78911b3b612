"""Names written beside what they name, moved apart so that no two overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from matplotlib.transforms import Bbox

from reports.charts.canvas import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZE = 8.5  # points
_PAPER = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.8}
_SIDES: Final = {
    "right": ((8, 0), "left", "center"),
    "left": ((-8, 0), "right", "center"),
    "above": ((0, 3), "center", "bottom"),
}  # the offset in points, and how the words are aligned to it
_MARK = 3  # points: half a mark's width
LINE = 1.35  # a label's height in its size, with air around it


@dataclass(frozen=True, slots=True)
class Label:
    """Words for the point at (x, y) in data coordinates; ``color`` is that of what they name."""

    x: float
    y: float
    words: str
    color: str


def room_for(ax: Axes) -> int:
    """How many labels fit one above the other beside the axes."""
    return max(int(_height(ax) / (SIZE * LINE)), 1)


def label_right(ax: Axes, labels: Sequence[Label]) -> None:
    """Write the labels to the right of their points, each as near to its height as there is room.

    A label that had to move is tied to its point by a thin line of the point's colour. The limits
    of the axes must be set before.
    """
    if not labels:
        return
    height = _height(ax)
    places = ax.transData.transform([(label.x, label.y) for label in labels])
    wanted = list(ax.transAxes.inverted().transform(places)[:, 1] * height)
    placed = spread(wanted, SIZE * LINE, 0.0, height)
    moved = any(abs(a - b) > SIZE * LINE / 2 for a, b in zip(wanted, placed, strict=True))
    for label, want, got in zip(labels, wanted, placed, strict=True):
        tie = {"arrowstyle": "-", "color": label.color, "linewidth": 0.7, "shrinkA": 1,
               "shrinkB": 3, "relpos": (0, 0.5)}  # fmt: skip
        ax.annotate(
            label.words,
            (label.x, label.y),
            (16 if moved else 6, got - want),
            textcoords="offset points",
            va="center",
            size=SIZE,
            color=INK,
            annotation_clip=False,
            arrowprops=tie if moved else None,
            gid="label",
        )


def label_free(ax: Axes, labels: Sequence[Label], sides: Sequence[str] = ("right", "left")) -> None:
    """Write the labels beside their points, the first ones first, where nothing is written yet.

    Each is tried on these sides (``right``, ``left``, ``above``); one without room on any, beside
    the points and the columns of the others too, is left out. The limits of the axes must be set
    before.
    """
    if not labels:
        return
    _height(ax)  # settles the layout, so that extents are final
    inside = ax.get_window_extent()
    taken = [text.get_window_extent() for text in ax.texts if text.get_gid() == "label"]
    taken += [column.get_window_extent() for column in ax.patches]
    points = [_around(ax, label) for label in labels]
    for label, own in zip(labels, points, strict=True):
        for side in sides:
            offset, across, up = _SIDES[side]
            words = ax.annotate(label.words, (label.x, label.y), offset, size=SIZE,
                                textcoords="offset points", va=up, ha=across,
                                color=label.color, bbox=_PAPER, gid="label")  # fmt: skip
            box = words.get_window_extent()
            within = side == "above" or (inside.x0 <= box.x0 and box.x1 <= inside.x1)
            others = [*taken, *(point for point in points if not point.overlaps(own))]
            if within and not any(box.overlaps(other) for other in others):
                taken.append(box)
                break
            words.remove()


def _around(ax: Axes, label: Label) -> Bbox:
    """The place of a point's mark."""
    x, y = ax.transData.transform((label.x, label.y))
    figure = ax.get_figure(root=True)
    reach = _MARK * figure.dpi / 72 if figure else 0.0
    return Bbox.from_extents(x - reach, y - reach, x + reach, y + reach)


def spread(wanted: Sequence[float], gap: float, lowest: float, highest: float) -> list[float]:
    """Positions at least ``gap`` apart and as near as can be to the wanted ones.

    Neighbours that would collide are pooled and centred on their mean. Positions stay between
    lowest and highest where there is room for all.

    >>> spread([5.0, 6.0, 50.0], 10.0, 0.0, 100.0)
    [0.5, 10.5, 50.0]
    """
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], -i))
    pools: list[list[float]] = []  # [sum of the wanted positions, how many]
    for rank in order:
        pools.append([wanted[rank], 1])
        while len(pools) > 1 and _start(pools[-2], gap) + pools[-2][1] * gap > _start(
            pools[-1], gap
        ):
            total, number = pools.pop()
            pools[-1][0] += total
            pools[-1][1] += number
    positions: list[float] = []
    for pool in pools:
        first = _start(pool, gap)
        positions += [first + gap * i for i in range(int(pool[1]))]
    positions = _inside(positions, gap, lowest, highest)
    result = [0.0] * len(wanted)
    for place, rank in zip(positions, order, strict=True):
        result[rank] = place
    return result


def _start(pool: list[float], gap: float) -> float:
    return pool[0] / pool[1] - gap * (pool[1] - 1) / 2


def _inside(positions: list[float], gap: float, lowest: float, highest: float) -> list[float]:
    """Push what stands above or below the limits back in, neighbours with it."""
    pushed = list(positions)
    for i in range(len(pushed) - 1, -1, -1):
        limit = highest if i == len(pushed) - 1 else pushed[i + 1] - gap
        pushed[i] = min(pushed[i], limit)
    for i in range(len(pushed)):
        limit = lowest if i == 0 else pushed[i - 1] + gap
        pushed[i] = max(pushed[i], limit)
    return pushed


def _height(ax: Axes) -> float:
    """The height of the axes in points, once the layout is settled."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()
    return float(ax.get_window_extent().height * 72 / figure.dpi)
