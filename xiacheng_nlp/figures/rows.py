"""Rows below each other, with labels at their left, axes, and texts at their right. Measures are
mm."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from xiacheng_nlp.figures.marks import (
    BAR,
    GAP,
    LINE,
    Legend,
    draw_legend,
    legend_lines,
    runs,
    square,
    widest,
    width_of,
)
from xiacheng_nlp.figures.page import Page, floats
from xiacheng_nlp.figures.style import (
    BLUE,
    HEAD,
    PALE,
    RULE,
    SIZE,
    SMALL,
    SOFT,
    ReportFigure,
    text_width,
)

ROW = 4.4
"""Height of a row of one line; each further line of its label takes `LINE` more."""


class Rows:
    """The rows of a figure: as high as their labels, or what stands beside these, have lines. The
    labels take up to that `share` of the width, or are set already where it is 0.

    `left` is where the axes behind the labels may begin, `right` what is taken at the right edge.
    """

    picture: ReportFigure
    top: float

    def __init__(
        self,
        page: Page,
        names: Sequence[str],
        share: float = 0.36,
        *,
        lines: int = 2,
        beside: Sequence[Sequence[str]] = (),
        row: float = ROW,
    ) -> None:
        room = page.total * share
        labels = [page.label(name, room, lines=lines) for name in names] if share else names
        cells = zip(labels, *beside, strict=True)
        self.page, self.labels = page, labels
        self.heights = [row + LINE * max(text.count("\n") for text in some) for some in cells]
        self.ends = [float(end) for end in np.cumsum(self.heights)]
        self.middles = [end - tall / 2 for end, tall in zip(self.ends, self.heights, strict=True)]
        self.height = self.ends[-1]
        self.left, self.right = widest(labels, size=SIZE) + 2.5, 1.0

    def start(
        self, below: float, *said: str, top: float = HEAD, legend: Legend = (), gap: float = 1.9
    ) -> ReportFigure:
        """The picture: a legend, so much above and below the rows, and a foot of sentences."""
        self.top = HEAD * len(legend_lines(legend, self.page.total)) + top
        self.picture = self.page.start(self.top + self.height + below, *said)
        draw_legend(self.picture, legend, gap=gap)
        return self.picture

    @property
    def room(self) -> float:
        """The width between the labels and what stands at the right."""
        return self.page.total - self.left - self.right

    def axes(self, left: float, width: float) -> Axes:
        """Axes without frame, as high as the rows, whose x and y are mm from their corner."""
        axes = self.picture.panel(left, self.top, width, self.height)
        axes.set(xlim=(0, width), ylim=(self.height, 0))
        axes.xaxis.set_visible(False)
        axes.yaxis.set_visible(False)
        for side in ("left", "bottom"):
            axes.spines[side].set_visible(False)
        return axes

    def plot(self, width: float, *, shift: float = 0.0) -> Axes:
        """The labels, and axes that begin `shift` behind them."""
        for at, label in self.each(self.labels):
            place = (self.left - GAP, self.top + at)
            self.picture.write(*place, label, ha="right", va="center")
        return self.axes(self.left + shift, width)

    def each(self, *columns: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        """The middle of each row with its values."""
        return zip(self.middles, *columns, strict=True)

    def write(self, left: float, texts: Sequence[str], head: str = "", *, ha: str) -> None:
        """A small text in each row below a heading, ending (or beginning) at `left`."""
        self.picture.head(left, head, above=self.top, ha=ha)
        for at, text in self.each(texts):
            self.picture.note(left, self.top + at, text, va="center", ha=ha)

    def column(self, texts: Sequence[str], head: str = "") -> None:
        """Such texts at the right, before those that stand there."""
        self.write(self.page.total - self.right, texts, head, ha="right")
        self.right += widest([*texts, head]) + 2.0

    def rails(
        self,
        axes: Axes,
        low: float,
        high: float,
        *,
        width: float = 0.4,
        origin: float | None = None,
    ) -> None:
        """The scale from `low` to `high`, a thin line a row to lead the eye, and an upright one
        from which values count."""
        axes.set_xlim(low, high)
        axes.hlines(self.middles, low, high, color=PALE, linewidth=width, zorder=0)
        if origin is not None:
            axes.axvline(origin, color=RULE, linewidth=0.6, zorder=0)

    def bars(
        self,
        axes: Axes,
        values: Sequence[float],
        notes: Sequence[str],
        *,
        colours: Sequence[str] | str = BLUE,
    ) -> None:
        """Bars from the left with a note at each end, the scale such that both have room."""
        width = width_of(axes)
        room = [width - text_width(note) - GAP - 0.5 for note in notes]
        unit = max((v / space for v, space in zip(values, room, strict=True) if v > 0), default=1.0)
        axes.set_xlim(0, unit * width)
        axes.barh(self.middles, values, height=BAR, color=colours)
        for at, value, note in self.each(values, notes):
            place = (value + GAP * unit, at)
            axes.text(*place, note, va="center", ha="left", size=SMALL, color=SOFT)

    def stack(
        self, axes: Axes, table: pd.DataFrame, kinds: Mapping[str, str], height: float = BAR
    ) -> list[tuple[Any, str]]:
        """Bars divided into what the columns of `kinds` count; of each kind its bars and their
        colour."""
        parts, so_far = [], [0.0] * len(table)
        for kind, colour in kinds.items():
            lengths = floats(table[kind])
            bars = axes.barh(self.middles, lengths, left=so_far, height=height, color=colour)
            parts.append((bars, colour))
            so_far = [a + b for a, b in zip(so_far, lengths, strict=True)]
        return parts

    def kinds(self, table: pd.DataFrame, kinds: Mapping[str, str]) -> Legend:
        """The legend of what the columns of `kinds` count."""
        return [(square(c), self.page.say(k)) for k, c in kinds.items() if table[k].any()]

    def bind(
        self, names: Sequence[str], left: float, colours: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """At the right of the rows, what those of a run belong to; nothing where that has no
        name."""
        axes = self.axes(left - 0.5, 1.0)
        for begin, end, name in runs(names):
            if name:
                high, low = self.ends[begin] - self.heights[begin] + 0.4, self.ends[end] - 0.4
                axes.vlines(0.5, high, low, color=colours.get(name, RULE), linewidth=2.0)
                place = (left + 1.2, self.top + (high + low) / 2)
                self.picture.note(*place, name, va="center")
