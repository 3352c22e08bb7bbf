"""What figures are made of: rows with labels, bars with their values, dots, keys. Measures are
mm."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal, cast

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from xiacheng_nlp.errors import FigureError
from xiacheng_nlp.figures.style import (
    BLUE,
    EM,
    INK,
    PALE,
    PART_COLOURS,
    SIZE,
    SMALL,
    SOFT,
    Lang,
    ReportFigure,
    Width,
    printable,
    style,
    text_width,
    wrap,
)
from xiacheng_nlp.figures.texts import PART_NAMES, TEXTS

ROW = 4.4
"""Height of a row of one line; each further line of its label takes `LINE` more."""
LINE = 3.1
BAR = 2.7
GAP = 1.0
HEAD = 4.2
FOOT = 1.0
"""Heights in mm of the line of small text above rows, and of the margin below them."""
SECONDARY: Mapping[str, Any] = MappingProxyType({"size": SMALL, "color": SOFT})


def need(id: str, table: pd.DataFrame, *columns: str) -> None:
    """Raises `FigureError` where the table lacks a column that the figure is drawn from."""
    lacking = [column for column in columns if column not in table.columns]
    if lacking:
        raise FigureError(
            f"{id} needs the columns {', '.join(columns)}; the table has {', '.join(map(str, table.columns))}, no {', '.join(lacking)}"
        )


def start(id: str, lang: Lang, width: Width, height: float, titled: bool) -> ReportFigure:
    """An empty figure of that height, with its title if asked for."""
    return ReportFigure(
        id, lang=lang, width=width, height=height, title=TEXTS[id].title[lang] if titled else None
    )


def nothing(id: str, lang: Lang, width: Width, titled: bool) -> ReportFigure:
    """A figure without rows: a run on a report that lacks what the figure shows goes on, and the
    picture says why it is empty."""
    figure = start(id, lang, width, 12.0, titled)
    with style():
        figure.write(
            1,
            6,
            {"zh": "表中没有数据，无图可画。", "en": "The table has no rows: nothing to draw."}[
                lang
            ],
            va="center",
            color=SOFT,
        )
    return figure


def words(table: pd.DataFrame, column: str, lang: Lang) -> list[str]:
    """A column's words as a figure shows them: in English from the column with `_en` where that has
    one; empty for null."""
    chosen = table[column]
    if lang == "en" and f"{column}_en" in table.columns:
        chosen = table[f"{column}_en"].where(table[f"{column}_en"].notna(), chosen)
    return ["" if pd.isna(word) else printable(str(word)) for word in chosen]


def floats(column: "pd.Series[Any]") -> list[float]:
    """A column's numbers; null is not a number and is not drawn."""
    return [float("nan") if pd.isna(value) else float(value) for value in column]


def finite(id: str, table: pd.DataFrame, *columns: str) -> None:
    """Raises `FigureError` where a column that gives the scale holds a null or an infinite number;
    says in which row."""
    for column in columns:
        for row, value in enumerate(floats(table[column]), start=1):
            if not np.isfinite(value):
                raise FigureError(
                    f"{id} needs numbers in {column}; row {row} has {value}: leave the row out of the table"
                )


def part_name(part: str, lang: Lang) -> str:
    """A part's name; what is no part is a name already."""
    return PART_NAMES[part][lang] if part in PART_NAMES else printable(part)


def label(
    text: str, width: float, lang: Lang, *, lines: int = 2, size: float = SIZE, bold: bool = False
) -> str:
    """The text in at most so many lines of `width`; in English in one line more: it says in letters
    what Chinese says in characters."""
    return wrap(text, width, lines=lines + (lang == "en"), size=size, bold=bold)


def spacing(text: str) -> dict[str, Any]:
    """Closer lines; for one line nothing, which would else stand a hair higher."""
    return {"linespacing": 1.1} if "\n" in text else {}


def rows(labels: Sequence[str], *, row: float = ROW) -> tuple[list[float], float]:
    """The middles of rows from the top, and their height together, for labels of one or more
    lines."""
    heights = [row + LINE * label.count("\n") for label in labels]
    ends = np.cumsum(heights)
    return [float(end - height / 2) for end, height in zip(ends, heights, strict=True)], float(
        ends[-1]
    )


def block_width(label: str, *, size: float = SIZE) -> float:
    """Width of the longest line."""
    return max(text_width(line, size=size) for line in label.split("\n"))


def row_axes(figure: ReportFigure, left: float, top: float, width: float, height: float) -> Axes:
    """Axes without frame whose y is mm from its top."""
    axes = figure.panel(left, top, width, height)
    axes.set_ylim(height, 0)
    axes.xaxis.set_visible(False)
    axes.yaxis.set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    return axes


def row_labels(
    figure: ReportFigure,
    left: float,
    top: float,
    place: Sequence[float],
    labels: Sequence[str],
    *,
    gap: float = GAP,
) -> None:
    """Labels that end where the axes begin."""
    for at, label in zip(place, labels, strict=True):
        figure.write(left - gap, top + at, label, ha="right", va="center", linespacing=1.1)


def bars(
    axes: Axes,
    width: float,
    place: Sequence[float],
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
    axes.barh(place, lengths, height=BAR, color=colours)
    for at, length, note in zip(place, lengths, notes, strict=True):
        axes.text(length + GAP * unit, at, note, va="center", ha="left", size=SMALL, color=SOFT)


def dots(
    axes: Axes,
    width: float,
    place: Sequence[float],
    values: Sequence[float],
    span: tuple[float, float],
    scale: Sequence[tuple[float, str]],
) -> None:
    """A dot a row on a thin rail, and below the values of `scale`, the first before the others
    where they would touch.

    A null has its rail and no dot.
    """
    axes.set_xlim(*span)
    axes.hlines(place, *span, color=PALE, linewidth=0.5, zorder=0)
    axes.plot(
        values,
        place,
        linestyle="none",
        marker="o",
        markersize=3.6,
        color=BLUE,
        markeredgewidth=0,
        clip_on=False,
    )
    taken: list[tuple[float, float, float, str, str]] = []
    for value, text in scale:
        at, length = (value - span[0]) / (span[1] - span[0]) * width, text_width(text, size=SMALL)
        side, left = (
            ("left", at)
            if at < length / 2
            else ("right", at - length)
            if at > width - length / 2
            else ("center", at - length / 2)
        )
        if all(left >= end + GAP or left + length <= start - GAP for start, end, *_ in taken):
            taken.append((left, left + length, value, text, side))
    axes.xaxis.set_visible(True)
    axes.set_xticks([value for *_, value, _, _ in taken], [text for *_, text, _ in taken])
    for label, (*_, side) in zip(axes.get_xticklabels(), taken, strict=True):
        label.set_horizontalalignment(cast(Literal["left", "center", "right"], side))


def key(figure: ReportFigure, left: float, top: float, parts: Sequence[str], lang: Lang) -> None:
    """Squares with the names of parts, in one row, closer where the figure is narrow."""
    widths = [text_width(part_name(part, lang), size=SMALL) for part in parts]
    gap = min(
        3.2, (figure.mm_width - left - 1 - sum(widths) - 2.8 * len(parts)) / max(len(parts) - 1, 1)
    )
    for part, width in zip(parts, widths, strict=True):
        square(figure, left, top + 0.3, 2.0, PART_COLOURS[part])
        figure.write(left + 2.8, top, part_name(part, lang), size=SMALL, color=SOFT)
        left += 2.8 + width + gap


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


def diverging(
    width: float, values: Sequence[float], labels: Sequence[str], notes: Sequence[str]
) -> tuple[float, float]:
    """Where zero stands in `width` and how many mm a unit takes, so that labels and bars with notes
    fit on both hands.

    The label of a row stands on the other hand than its bar. `labels`, `notes` are texts.

    >>> zero, unit = diverging(60, [2.0, -1.0], ["改革", "增长"], ["9 : 1", "1 : 4"])  # "reform", "growth"
    >>> zero < 30 < 60  # the longer bar goes to the right
    True
    """
    measured = [
        (value, block_width(label) + 2 * GAP, text_width(note, size=SMALL) + 2 * GAP)
        for value, label, note in zip(values, labels, notes, strict=True)
    ]

    def hands(unit: float) -> tuple[float, float]:
        left = [label if value >= 0 else -value * unit + note for value, label, note in measured]
        right = [value * unit + note if value >= 0 else label for value, label, note in measured]
        return max(left), max(right)

    low, high = 0.0, width / max((abs(value) for value in values if value), default=1.0)
    for _ in range(60):
        unit = (low + high) / 2
        low, high = (unit, high) if sum(hands(unit)) <= width else (low, unit)
    return hands(low)[0], low


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


def ticks_at_powers(axes: Axes) -> None:
    """Ticks at the powers of ten alone within the limits, as plain numbers."""
    for axis in (axes.xaxis, axes.yaxis):
        low, high = (float(np.log10(limit)) for limit in axis.get_view_interval())
        powers = [10**k for k in range(int(np.ceil(low)), int(np.floor(high)) + 1)]
        axis.set_major_locator(FixedLocator(powers))
        axis.set_major_formatter(FixedFormatter([f"{power:,}" for power in powers]))
        axis.set_minor_locator(NullLocator())


def ink_on(colour: tuple[float, ...]) -> str:
    """White or the ink, whichever stands out more against a colour (relative luminance of WCAG
    2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "white" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.06 else INK
