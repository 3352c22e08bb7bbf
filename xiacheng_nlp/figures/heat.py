"""A grid of shaded cells, themes by columns, and below it what each column is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.patches import Rectangle

from xiacheng_nlp.figures import marks
from xiacheng_nlp.figures.style import (
    PALE,
    PART_COLOURS,
    RULE,
    SMALL,
    SOFT,
    WIDTHS,
    Lang,
    ReportFigure,
    Width,
    text_width,
    wrap,
)
from xiacheng_nlp.figures.terms import SHADES
from xiacheng_nlp.figures.texts import PART_NAMES

BLANK = "#f5f5f5"
"""A cell without anything in it, which is told from a small share."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the grid: its key above the cells, and in the list below a text and what stands
    at the right of it."""

    key: str
    text: str
    end: str = ""
    part: str = ""


class _List:
    """What each column is, below the grid: in two blocks side by side where there is room."""

    def __init__(
        self, columns: Sequence[Column], heads: tuple[str, str], total: float, across: int
    ) -> None:
        self._columns, self._heads = columns, heads
        self._block = (total - 2 - 4.0 * (across - 1)) / across
        self._first = max(text_width(column.key, size=SMALL) for column in columns) + 2.0
        last = max(
            text_width(text, size=SMALL) for text in [*(column.end for column in columns), heads[1]]
        )
        room = self._block - self._first - last - (2.0 if last else 0.0)
        self._told = [wrap(column.text, room, size=SMALL) for column in columns]
        deep = -(-len(columns) // across)
        self._blocks = [range(k * deep, min((k + 1) * deep, len(columns))) for k in range(across)]
        self.height = max(sum(map(self._step, some)) for some in self._blocks) + (
            marks.HEAD if heads[0] else 0.0
        )

    def _step(self, number: int) -> float:
        return 3.3 + 2.8 * self._told[number].count("\n")

    def write(self, figure: ReportFigure, top: float) -> None:
        left, right = self._heads
        if left:
            figure.write(1.0 + self._first, top, left, **marks.SECONDARY)
            figure.write(1.0 + self._block, top, right, ha="right", **marks.SECONDARY)
            top += marks.HEAD
        for k, some in enumerate(self._blocks):
            x, y = 1.0 + k * (self._block + 4.0), top
            for number in some:
                column = self._columns[number]
                figure.write(x, y, column.key, size=SMALL)
                figure.write(
                    x + self._first, y, self._told[number], linespacing=1.1, **marks.SECONDARY
                )
                if column.end:
                    figure.write(x + self._block, y, column.end, ha="right", **marks.SECONDARY)
                y += self._step(number)


def heat_map(
    id: str,
    table: pd.DataFrame,
    by: str,
    columns: Sequence[Column],
    *,
    heading: str,
    heads: tuple[str, str] = ("", ""),
    lang: Lang,
    width: Width,
    titled: bool,
) -> ReportFigure:
    """Themes by columns, shaded by `share` against the largest, and a list of the columns under
    `heads`.

    The column `by` of the table holds the keys; a column with a part of the report has its colour
    above it.
    """
    total = WIDTHS[width]
    names = marks.words(table, "theme", lang)
    shares = {
        (name, str(key)): float(share)
        for name, key, share in zip(names, table[by], table["share"], strict=True)
    }
    themes = [
        name
        for name in dict.fromkeys(names)
        if any(shares.get((name, column.key), 0) > 0 for column in columns)
    ]
    if not themes:
        return marks.nothing(id, lang, width, titled)
    labels = [wrap(name, total * 0.36) for name in themes]
    place, height = marks.rows(labels)
    left = max(map(marks.block_width, labels)) + 2.5
    domains: list[str] = []
    if "domain" in table.columns and width == "double":
        of = dict(zip(names, marks.words(table, "domain", lang), strict=True))
        domains = [of[name] for name in themes]
    side = max((text_width(domain, size=SMALL) for domain in domains), default=-2.0) + 4.0
    cell = (total - left - side) / len(columns)
    parts = [part for part in PART_NAMES if any(column.part == part for column in columns)]
    # Keys that are wider than a column stand on two or three lines by turns.
    lines = max(
        1, math.ceil((max(text_width(column.key, size=SMALL) for column in columns) + 0.6) / cell)
    )
    upper = (
        marks.HEAD
        + (marks.HEAD if parts else 0.0)
        + 0.6
        + 3.0 * min(lines, 3)
        + (1.4 if parts else 0.0)
    )
    told = _List(columns, heads, total, 2 if width == "double" and not heads[0] else 1)
    figure = marks.start(id, lang, width, upper + height + 2.5 + told.height + marks.FOOT, titled)
    most = max(shares.values())
    shade_key(figure, 1.0, heading, most)
    if parts:
        marks.key(figure, 1.0, marks.HEAD + 0.6, parts, lang)
    axes = marks.row_axes(figure, left, upper, cell * len(columns), height)
    axes.set_xlim(0, cell * len(columns))
    for number, column in enumerate(columns):
        if number % lines < 3:
            line = upper - 1.2 - 3.0 * (number % lines)
            figure.write(
                left + cell * (number + 0.5),
                line,
                column.key,
                ha="center",
                va="bottom",
                **marks.SECONDARY,
            )
        if parts:
            colour = PART_COLOURS.get(column.part, PALE)
            axes.add_patch(
                Rectangle(
                    (number * cell, -0.9), cell, 0.8, color=colour, linewidth=0, clip_on=False
                )
            )
        for at, label, theme in zip(place, labels, themes, strict=True):
            share = shares.get((theme, column.key), 0.0)
            said = f"{100 * share:.0f}" if share >= 0.005 and cell >= 5.5 else ""
            grid_cell(axes, number * cell, at, cell, label, share / most, said, blank=share == 0)
    for begin, end, domain in marks.runs(domains):
        low, high = place[begin] - _half(labels[begin]) + 0.4, place[end] + _half(labels[end]) - 0.4
        marks.upright(figure, left + cell * len(columns) + 1.2, upper + low, upper + high, RULE)
        figure.write(
            left + cell * len(columns) + 2.4,
            upper + (low + high) / 2,
            domain,
            va="center",
            **marks.SECONDARY,
        )
    marks.row_labels(figure, left, upper, place, labels)
    told.write(figure, upper + height + 2.5)
    return figure


def _half(label: str) -> float:
    return (marks.ROW + marks.LINE * label.count("\n")) / 2


def grid_cell(
    axes: Axes,
    x: float,
    at: float,
    cell: float,
    label: str,
    strength: float,
    said: str,
    *,
    blank: bool | None = None,
) -> None:
    """A cell of a grid in mm, as high as its row, the darker the stronger, with a text in it."""
    empty = strength == 0 if blank is None else blank
    colour = BLANK if empty else _shade(strength)
    half = _half(label)
    axes.add_patch(
        Rectangle(
            (x + 0.15, at - half + 0.15),
            cell - 0.3,
            2 * half - 0.3,
            facecolor=colour,
            edgecolor="none",
        )
    )
    if said:
        ink = SOFT if empty else marks.ink_on(to_rgb(colour))
        axes.text(x + cell / 2, at, said, ha="center", va="center", size=SMALL, color=ink)


def _shade(strength: float) -> str:
    """The colour of a cell that is not empty, the darker the stronger (0 to 1)."""
    return to_hex(SHADES(0.12 + 0.88 * min(max(strength, 0.0), 1.0)))


def shade_key(figure: ReportFigure, left: float, heading: str, most: float) -> None:
    """What the shades mean: squares from little to the most."""
    figure.write(left, 0.9, heading, **marks.SECONDARY)
    x = left + text_width(heading, size=SMALL) + 2.0
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        colour = BLANK if share == 0 else _shade(share)
        marks.square(figure, x, 1.1, 2.3, colour)
        said = f"{100 * share * most:.0f}" + ("%" if share == 1 else "")
        figure.write(x + 2.9, 0.9, said, **marks.SECONDARY)
        x += 2.9 + text_width(said, size=SMALL) + 1.6
