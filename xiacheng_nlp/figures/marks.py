"""What figures are made of: bars with their values, points and strokes, ticks, legends. Measures
are mm."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import Literal, NamedTuple, cast

import numpy as np
from matplotlib.axes import Axes

from xiacheng_nlp.figures.style import (
    HEAD,
    INK,
    SMALL,
    SOFT,
    TEXT_TOP,
    ReportFigure,
    text_width,
    wrap,
)
from xiacheng_nlp.statistics import Floats

SIDES = np.array(
    [(1, 0, 1.5, 0), (-1, 0, 1.5, 0), (0, -1, 0, 1), (0, 1, 0, 1)]
    + [(x, y, 0.4, 1) for y in (-1, 1) for x in (1, -1)],
    dtype=float,
)
"""Where a label may stand by its mark: right, left, above, below, and between these; and how far
from the middle of the mark it then stands, across and down, in mm."""

LINE = 3.1
"""Height of a line of text below another."""
BAR = 2.7
GAP = 1.0
FOOT = 1.0
AXIS = 5.0
"""Heights in mm of the margin below rows, without and with ticks."""


def widest(texts: Sequence[str], *, size: float = SMALL, least: float = 0.0) -> float:
    """Width of the longest line of all texts."""
    widths = (text_width(line, size=size) for text in texts for line in text.split("\n"))
    return max(widths, default=least)


def blank_axes(figure: ReportFigure, left: float, top: float, width: float, height: float) -> Axes:
    """Axes without anything of their own, whose x and y are mm from the upper left corner."""
    axes = figure.panel(left, top, width, height)
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.axis("off")
    return axes


def width_of(axes: Axes) -> float:
    """The width of axes in mm."""
    return float(axes.get_position().width) * cast(ReportFigure, axes.figure).mm_width


def runs(values: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """The first and the last place of each run of equal values.

    >>> list(runs(["review", "review", "plan"]))
    [(0, 1, 'review'), (2, 2, 'plan')]
    """
    for value, run in groupby(range(len(values)), key=lambda place: values[place]):
        places = list(run)
        yield places[0], places[-1], value


# Points, strokes, bars ------------------------------------------------------------------------


class Mark(NamedTuple):
    """A point: its colour, its shape as matplotlib names it, its size in points; a ring is white
    inside; `edge` is the width of its line."""

    colour: str
    shape: str = "o"
    size: float = 4.0
    ring: bool = False
    edge: float = 0.9

    def at(self, axes: Axes, xs: float | Sequence[float], ys: float | Sequence[float]) -> None:
        """Draw it there; dots lie above rings, so that one in the other is seen."""
        axes.plot(
            np.atleast_1d(xs),
            np.atleast_1d(ys),
            linestyle="none",
            marker=self.shape,
            markersize=self.size,
            color=self.colour,
            markerfacecolor="white" if self.ring else self.colour,
            markeredgewidth=self.edge,
            clip_on=False,
            zorder=3 if self.ring else 4,
        )


def dot(colour: str, size: float, shape: str = "o") -> Mark:
    """A mark without a line around it."""
    return Mark(colour, shape, size, edge=0)


def square(colour: str) -> Mark:
    """The mark of a colour in a legend."""
    return dot(colour, 5.7, "s")


def stroke(
    axes: Axes,
    at: float,
    low: float,
    high: float,
    colour: str,
    width: float,
    *,
    cap: Literal["butt", "round", "projecting"] = "butt",
    zorder: float = 2,
) -> None:
    """A level line from one value to another."""
    line = axes.plot([low, high], [at, at], color=colour, linewidth=width, zorder=zorder)[0]
    line.set(solid_capstyle=cap, clip_on=False)


def between(values: Iterable[float]) -> Callable[[float], float]:
    """How far a value lies from the least to the greatest, 0 to 1; 1 where all are the same."""
    some = list(values)
    low, high = min(some), max(some)
    return lambda value: (value - low) / (high - low) if high > low else 1.0


# Legends --------------------------------------------------------------------------------------


Legend = Sequence[tuple[Mark, str]]
"""Marks with their names."""
NO_MARK = Mark(SOFT, size=0, edge=0)
"""What stands before words in a legend that say what its marks tell."""


def legend_lines(entries: Legend, total: float) -> list[list[tuple[float, Mark, str]]]:
    """The places of marks with their names in as many lines as they need."""
    lines: list[list[tuple[float, Mark, str]]] = []
    x, widths = total, [text_width(name) for _, name in entries]
    # Closer than usual where all so have room in one line.
    apart = (total - 2.3 - sum(widths)) / max(len(widths), 1)
    for (mark, name), width in zip(entries, widths, strict=True):
        length = width + (apart if 3.8 <= apart < 5.6 else 5.6)
        if x + length > total or not lines:
            lines.append([])
            x = 2.2
        lines[-1].append((x, mark, name))
        x += length
    return lines


def draw_legend(
    figure: ReportFigure, entries: Legend, *, top: float = 0.0, gap: float = 1.9
) -> None:
    """Marks with their names; a name that is longer than the figure is cut."""
    for line in legend_lines(entries, figure.mm_width):
        axes = blank_axes(figure, 0, top, figure.mm_width, HEAD)
        for x, mark, name in line:
            mark.at(axes, x, 2.1)
            name = wrap(name, figure.mm_width - x - 3.0, lines=1, size=SMALL)
            figure.note(1.0 if mark == NO_MARK else x + gap, top + TEXT_TOP, name)
        top += HEAD


# Ticks and numbers ----------------------------------------------------------------------------


def round_values(low: float, high: float, most: float) -> list[float]:
    """Round numbers from `low` to `high`, in steps of which there are at most so many.

    >>> round_values(-3.0, 22.0, 6)
    [0.0, 5.0, 10.0, 15.0, 20.0]
    """
    steps = (first * 10.0**power for power in range(-4, 24) for first in (1, 2, 5))
    step = next(step for step in steps if (high - low) / step <= most)
    places = range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
    return [place * step for place in places]


def round_ticks(
    axes: Axes, low: float, high: float, most: float, scale: int = 1, sign: str = "", **look: str
) -> None:
    """Ticks at round values, at most so many, told as `scale` times their value with a sign behind
    it."""
    values = sorted(round_values(low, high, most), key=abs)
    decimals = 0 if all(round(scale * value, 6) % 1 == 0 for value in values) else 1
    ticks(axes, [(value, number(scale * value, decimals) + sign) for value in values], **look)


class Tick(NamedTuple):
    """A tick: where its name begins and ends in mm, its value and its name, and by which side that
    is aligned with it."""

    left: float
    right: float
    value: float
    text: str
    side: Literal["left", "center", "right"]


def _named(axes: Axes, scale: Sequence[tuple[float, str]], turned: str) -> list[Tick]:
    """The ticks in their order, whether there is room for their names or not."""
    to_share, width = axes.transData + axes.transAxes.inverted(), width_of(axes)
    made = []
    for value, text in sorted(scale):
        at, length = float(to_share.transform((value, 1.0))[0]) * width, text_width(text)
        tick = Tick(at - length / 2, at + length / 2, value, text, "center")
        if tick.left < 0 and "left" in turned:
            tick = Tick(at, at + length, value, text, "left")
        elif tick.right > width and "right" in turned:
            tick = Tick(at - length, at, value, text, "right")
        made.append(tick)
    return made


def ticks(axes: Axes, scale: Sequence[tuple[float, str]], *, turned: str = "") -> None:
    """Ticks at values with their names: where names would touch, every second or third, counted
    from the first of `scale`, so that it stays even; and never one alone: the end farther from it
    stands with it, or both ends where that has no room.

    A name that would stand beyond the axis on a side that `turned` names (left, right) is turned
    inwards.
    """
    every, first = _named(axes, scale, turned), sorted(scale).index(scale[0])
    tried = (every[first % step :: step] for step in range(1, len(scale) + 1))
    shown = next(
        some
        for even in tried
        for some in (even, even[:-1])
        if all(after.left - before.right >= GAP for before, after in pairwise(some))
    )
    if len(shown) == 1 and len(scale) > 2:
        away = max((every[0], every[-1]), key=lambda tick: abs(tick.value - shown[0].value))
        low, high = sorted([shown[0], away])
        shown = [low, high] if high.left - low.right >= GAP else [every[0], every[-1]]
    axes.xaxis.set_visible(True)
    axes.set_xticks([tick.value for tick in shown], [tick.text for tick in shown])
    for label, tick in zip(axes.get_xticklabels(), shown, strict=True):
        label.set_horizontalalignment(tick.side)


def name_clear(axes: Axes, points: Floats, names: Mapping[int, str]) -> int:
    """Names beside the points of these numbers, as many as lie over no other name and over no
    point, each on the first side that is clear; how many these are."""
    size = np.array([width_of(axes), width_of(axes) * axes.bbox.height / axes.bbox.width])
    # Middle and half of what is taken, in mm.
    places = (axes.transData.transform(points) - axes.bbox.min) / axes.bbox.size * size
    middles, halves = [*places], [np.array([0.7, 0.7])] * len(places)
    for own, name in names.items():
        half = np.array([text_width(name), 3.0]) / 2
        for middle in places[own] + SIDES[:, :2] * (half + SIDES[:, 2:]):
            clear = (abs(middle - middles) > half + halves).any(axis=1)
            clear[own] = True
            if clear.all() and (middle > half).all() and (middle < size - half).all():
                x, y = middle / size
                axes.text(
                    x,
                    y,
                    name,
                    transform=axes.transAxes,
                    ha="center",
                    va="center_baseline",
                    size=SMALL,
                    color=SOFT,
                    zorder=1,
                    bbox={"boxstyle": "square,pad=0.1", "color": "white"},
                )
                middles.append(middle)
                halves.append(half)
                break
    return len(middles) - len(points)


def number(value: float, decimals: int) -> str:
    """With a true minus sign, and no minus before a zero.

    >>> number(-0.5, 2), number(-0.001, 2)
    ('−0.50', '0.00')
    """
    return f"{value:z.{decimals}f}".replace("-", "−")


def percent(share: float) -> str:
    """A share of 1 in per cent."""
    return f"{100 * share:.1f}%"


def ink_on(colour: tuple[float, ...]) -> str:
    """White or the ink, whichever stands out more against a colour (relative luminance of WCAG
    2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "white" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.06 else INK
