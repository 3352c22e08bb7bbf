"""What figures are made of: rows with labels, bars with their values, points and strokes, ticks,
legends, a foot. Measures are mm."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Self, cast

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from xiacheng_nlp.figures.style import (
    BLUE,
    EM,
    HEAD,
    INK,
    PALE,
    RULE,
    SIZE,
    SMALL,
    SOFT,
    TEXT_TOP,
    ReportFigure,
    text_width,
    wrap,
)

ROW = 4.4
"""Height of a row of one line; each further line of its label takes `LINE` more."""
LINE = 3.1
BAR = 2.7
GAP = 1.0
FOOT = 1.0
AXIS = 5.0
"""Heights in mm of the margin below rows, without and with ticks."""


# Rows -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows below each other: their labels, their heights, and where their axes begin."""

    labels: Sequence[str]
    heights: Sequence[float]
    left: float

    @classmethod
    def of(
        cls,
        labels: Sequence[str],
        *,
        beside: Sequence[Sequence[str]] = (),
        row: float = ROW,
        margin: float = 2.5,
    ) -> Self:
        """Rows that are as high as their labels, or what stands beside these, have lines."""
        cells = zip(labels, *beside, strict=True)
        heights = [row + LINE * max(text.count("\n") for text in some) for some in cells]
        return cls(labels, heights, widest(labels, size=SIZE) + margin)

    @property
    def ends(self) -> list[float]:
        """Where each row ends, from the top."""
        return [float(end) for end in np.cumsum(self.heights)]

    @property
    def middles(self) -> list[float]:
        """The middle of each row, from the top."""
        return [end - height / 2 for end, height in zip(self.ends, self.heights, strict=True)]

    @property
    def height(self) -> float:
        """Their height together."""
        return self.ends[-1]

    def axes(self, figure: ReportFigure, left: float, top: float, width: float) -> Axes:
        """Axes without frame, as high as the rows, whose y is mm from its top."""
        axes = figure.panel(left, top, width, self.height)
        axes.set_ylim(self.height, 0)
        axes.xaxis.set_visible(False)
        axes.yaxis.set_visible(False)
        for side in ("left", "bottom"):
            axes.spines[side].set_visible(False)
        return axes

    def plot(self, figure: ReportFigure, top: float, width: float, *, shift: float = 0.0) -> Axes:
        """The labels, and axes that begin `shift` behind them."""
        for at, label in self.each(self.labels):
            place = (self.left - GAP, top + at)
            figure.write(*place, label, ha="right", va="center", linespacing=1.1)
        return self.axes(figure, self.left + shift, top, width)

    def each(self, *columns: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        """The middle of each row with its values."""
        return zip(self.middles, *columns, strict=True)

    def column(
        self,
        figure: ReportFigure,
        left: float,
        top: float,
        texts: Sequence[str],
        head: str = "",
        *,
        ha: str = "right",
    ) -> None:
        """A small text in each row below a heading, ending (or beginning) at `left`."""
        figure.head(left, head, above=top, ha=ha)
        for at, text in self.each(texts):
            figure.note(left, top + at, text, va="center", ha=ha, **spacing(text))


def spacing(text: str) -> dict[str, Any]:
    """Closer lines; for one line nothing, which would else stand a hair higher."""
    return {"linespacing": 1.1} if "\n" in text else {}


def widest(texts: Sequence[str], *, size: float = SMALL, least: float = 0.0) -> float:
    """Width of the longest line of all texts."""
    lines = (line for text in texts for line in text.split("\n"))
    return max((text_width(line, size=size) for line in lines), default=least)


def blank_axes(figure: ReportFigure, left: float, top: float, width: float, height: float) -> Axes:
    """Axes without anything of their own, whose x and y are mm from the upper left corner."""
    axes = figure.panel(left, top, width, height)
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.axis("off")
    return axes


def runs(values: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """The first and the last place of each run of equal values.

    >>> list(runs(["review", "review", "plan"]))
    [(0, 1, 'review'), (2, 2, 'plan')]
    """
    first = 0
    for place in range(1, len(values) + 1):
        if place == len(values) or values[place] != values[first]:
            yield first, place - 1, values[first]
            first = place


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


def stroke(
    axes: Axes,
    xs: Sequence[float],
    ys: Sequence[float],
    colour: str,
    width: float,
    *,
    cap: Literal["butt", "round", "projecting"] = "butt",
    zorder: float = 2,
) -> None:
    """A line between two points."""
    axes.plot(
        xs, ys, color=colour, linewidth=width, solid_capstyle=cap, zorder=zorder, clip_on=False
    )


def between(values: Iterable[float]) -> Callable[[float], float]:
    """How far a value lies from the least to the greatest, 0 to 1; 1 where all are the same."""
    some = list(values)
    low, high = min(some), max(some)
    return lambda value: (value - low) / (high - low) if high > low else 1.0


def rails(
    axes: Axes, middles: Sequence[float], low: float, high: float, width: float = 0.4
) -> None:
    """The scale from `low` to `high`, and a thin line a row to lead the eye."""
    axes.set_xlim(low, high)
    axes.hlines(middles, low, high, color=PALE, linewidth=width, zorder=0)


def upright_at(axes: Axes, value: float) -> None:
    """The line from which values count."""
    axes.axvline(value, color=RULE, linewidth=0.6, zorder=0)


def bars(
    axes: Axes,
    width: float,
    middles: Sequence[float],
    values: Sequence[float],
    notes: Sequence[str],
    *,
    colours: Sequence[str] | str = BLUE,
) -> None:
    """Bars from the left with a note at each end, the scale such that bar and note stay within
    `width`."""
    lengths = np.asarray(values, dtype=float)
    room = [width - text_width(note, size=SMALL) - GAP - 0.5 for note in notes]
    ratios = [length / space for length, space in zip(lengths, room, strict=True) if length > 0]
    unit = max(ratios, default=1.0)
    axes.set_xlim(0, unit * width)
    axes.barh(middles, lengths, height=BAR, color=colours)
    for at, length, note in zip(middles, lengths, notes, strict=True):
        axes.text(length + GAP * unit, at, note, va="center", ha="left", size=SMALL, color=SOFT)


def stacked(
    axes: Axes,
    middles: Sequence[float],
    parts: Sequence[tuple[Sequence[float], str]],
    height: float = BAR,
) -> None:
    """Bars divided into parts, each with its lengths and its colour."""
    so_far: Sequence[float] = [0.0] * len(middles)
    for lengths, colour in parts:
        axes.barh(middles, lengths, left=so_far, height=height, color=colour)
        so_far = [a + b for a, b in zip(so_far, lengths, strict=True)]


def dots(
    axes: Axes,
    width: float,
    middles: Sequence[float],
    values: Sequence[float],
    span: tuple[float, float],
    scale: Sequence[tuple[float, str]],
) -> None:
    """A dot a row on a thin rail, and below the values of `scale`.

    A null has its rail and no dot.
    """
    rails(axes, middles, *span, width=0.5)
    dot(BLUE, 3.6).at(axes, values, middles)
    ticks(axes, scale, width, turned="left right")


def square(figure: ReportFigure, left: float, top: float, size: float, colour: str) -> None:
    """A filled square whose upper left corner is there."""
    corner = (left / figure.mm_width, 1 - (figure.mm_top + top + size) / figure.mm_height)
    figure.add_artist(
        Rectangle(
            corner,
            size / figure.mm_width,
            size / figure.mm_height,
            transform=figure.transFigure,
            color=colour,
            linewidth=0,
        )
    )


def upright(figure: ReportFigure, left: float, top: float, bottom: float, colour: str) -> None:
    """An upright line, which binds the rows of one part together."""
    heights = [1 - (figure.mm_top + at) / figure.mm_height for at in (top, bottom)]
    line = Line2D(
        [left / figure.mm_width] * 2,
        heights,
        color=colour,
        linewidth=2.0,
        solid_capstyle="butt",
        transform=figure.transFigure,
    )
    figure.add_artist(line)


def bind(figure: ReportFigure, rows: Rows, names: Sequence[str], left: float, top: float) -> None:
    """At the right of the rows, what those of a run belong to."""
    for begin, end, name in runs(names):
        high, low = rows.ends[begin] - rows.heights[begin] + 0.4, rows.ends[end] - 0.4
        upright(figure, left, top + high, top + low, RULE)
        figure.note(left + 1.2, top + (high + low) / 2, name, va="center")


# Legends and foot -----------------------------------------------------------------------------


def squares(
    figure: ReportFigure, entries: Sequence[tuple[str, str]], *, top: float = TEXT_TOP
) -> None:
    """Squares with names in one row, colour and name, closer where the figure is narrow."""
    left = 1.0
    widths = [text_width(name, size=SMALL) for _, name in entries]
    free = figure.mm_width - left - 1 - sum(widths) - 2.8 * len(entries)
    gap = min(3.2, free / max(len(entries) - 1, 1))
    for (colour, name), width in zip(entries, widths, strict=True):
        square(figure, left, top + 0.3, 2.0, colour)
        figure.note(left + 2.8, top, name)
        left += 2.8 + width + gap


def legend_lines(
    entries: Sequence[tuple[Mark, str]], total: float
) -> list[list[tuple[float, Mark, str]]]:
    """The places of marks with their names in as many lines as they need."""
    lines: list[list[tuple[float, Mark, str]]] = [[]]
    x = 2.2
    for mark, name in entries:
        length = text_width(name, size=SMALL) + 5.6
        if x + length > total and lines[-1]:
            lines.append([])
            x = 2.2
        lines[-1].append((x, mark, name))
        x += length
    return lines


def legend(
    figure: ReportFigure,
    entries: Sequence[tuple[Mark, str]],
    *,
    top: float = 0.0,
    gap: float = 1.9,
) -> None:
    """Marks with their names; a name that is longer than the figure is cut."""
    for line in legend_lines(entries, figure.mm_width):
        axes = blank_axes(figure, 0, top, figure.mm_width, HEAD)
        for x, mark, name in line:
            mark.at(axes, x, 2.1)
            name = wrap(name, figure.mm_width - x - 3.0, lines=1, size=SMALL)
            figure.note(x + gap, top + TEXT_TOP, name)
        top += HEAD


def foot_height(text: str, total: float, *, first: float = HEAD, line: float = LINE) -> float:
    """What `foot` takes: nothing without a text."""
    return first + line * _foot_lines(text, total).count("\n") if text else 0.0


def foot(figure: ReportFigure, text: str, *, rise: float | None = None) -> None:
    """Small text below all else, in up to three lines: what the picture does not show; or one line
    that begins `rise` above the lower edge."""
    bottom = figure.mm_height - figure.mm_top
    if rise is not None:
        figure.note(1.0, bottom - rise, text)
    elif text:
        lines = _foot_lines(text, figure.mm_width)
        figure.note(1.0, bottom - 0.8, lines, va="bottom", linespacing=1.2)


def _foot_lines(text: str, total: float) -> str:
    return wrap(text, total - 2, lines=3, size=SMALL)


# Ticks and numbers ----------------------------------------------------------------------------


def ticks(
    axes: Axes, scale: Sequence[tuple[float, str]], width: float, *, turned: str = ""
) -> None:
    """Ticks at values with their names, the first before the others where names would touch on an
    axis of that width.

    A name that would stand beyond the axis on a side that `turned` names (left, right) is turned
    inwards.
    """
    to_share = axes.transData + axes.transAxes.inverted()
    taken: list[tuple[float, float, float, str, str]] = []
    for value, text in scale:
        at, length = (
            float(to_share.transform((value, 1.0))[0]) * width,
            text_width(text, size=SMALL),
        )
        side, left = "center", at - length / 2
        if at < length / 2 and "left" in turned:
            side, left = "left", at
        elif at > width - length / 2 and "right" in turned:
            side, left = "right", at - length
        if all(left >= end + GAP or left + length <= start - GAP for start, end, *_ in taken):
            taken.append((left, left + length, value, text, side))
    axes.xaxis.set_visible(True)
    axes.set_xticks([value for *_, value, _, _ in taken], [text for *_, text, _ in taken])
    for label, (*_, side) in zip(axes.get_xticklabels(), taken, strict=True):
        label.set_horizontalalignment(cast(Literal["left", "center", "right"], side))


def ticks_at_powers(axes: Axes) -> None:
    """Ticks at the powers of ten alone within the limits, as plain numbers."""
    for axis in (axes.xaxis, axes.yaxis):
        low, high = (float(np.log10(limit)) for limit in axis.get_view_interval())
        powers = [10**k for k in range(int(np.ceil(low)), int(np.floor(high)) + 1)]
        axis.set_major_locator(FixedLocator(powers))
        axis.set_major_formatter(FixedFormatter([f"{power:,}" for power in powers]))
        axis.set_minor_locator(NullLocator())


def name_points(
    axes: Axes, xs: Sequence[float], ys: Sequence[float], names: Sequence[str], width: float
) -> None:
    """Names right above points on a logarithmic x axis of that width, as many as stand clear of one
    another.

    A point that shares its height with others has no name: any of theirs would do as well.
    """
    low, high = (float(np.log10(limit)) for limit in axes.get_xlim())
    alone = Counter(ys)
    free = 0.0
    for x, y, name in zip(xs, ys, names, strict=True):
        at = (float(np.log10(x)) - low) / (high - low) * width
        length = text_width(name, size=SMALL)
        if alone[y] == 1 and at >= free and at + length + 1 < width:
            box = {"boxstyle": "square,pad=0.05", "facecolor": "white", "edgecolor": "none"}
            axes.annotate(
                name,
                (x, y),
                xytext=(2.5, 3),
                textcoords="offset points",
                size=SMALL,
                color=SOFT,
                bbox=box,
                zorder=1.5,
            )
            free = at + length + EM


def number(value: float, decimals: int) -> str:
    """With a true minus sign, and no minus before a zero.

    >>> number(-0.5, 2), number(-0.001, 2)
    ('−0.50', '0.00')
    """
    text = f"{value:.{decimals}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")


def percent(share: float) -> str:
    """A share of 1 in per cent."""
    return f"{100 * share:.1f}%"


def ink_on(colour: tuple[float, ...]) -> str:
    """White or the ink, whichever stands out more against a colour (relative luminance of WCAG
    2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "white" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.06 else INK
