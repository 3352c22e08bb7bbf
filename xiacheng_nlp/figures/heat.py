"""A grid of shaded cells, themes by columns, and below it what each column is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex, to_rgb
from matplotlib.patches import Rectangle

from xiacheng_nlp.figures import marks
from xiacheng_nlp.figures.marks import FOOT, widest
from xiacheng_nlp.figures.page import Drawn, Page, floats, texts, together
from xiacheng_nlp.figures.rows import Rows
from xiacheng_nlp.figures.style import (
    BLUE,
    HEAD,
    INK,
    PALE,
    PART_COLOURS,
    SMALL,
    SOFT,
    ReportFigure,
    wrap,
)

SHADES = LinearSegmentedColormap.from_list(
    "ink", ["#ffffff", "#dfe8f1", "#a9c0d9", "#4f7fb0", BLUE]
)
NARROW = 5.5
"""Mm of a cell that has no room for a number."""
BLANK = "#f5f5f5"
"""A cell without anything in it, which is told from a small share."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the grid: its key above the cells, and in the list below a text and what stands
    at the right of it."""

    key: str
    text: str
    end: str = ""
    part: str | None = None


class _List:
    """What each column is, below the grid: in two blocks side by side where there is room."""

    def __init__(
        self, columns: Sequence[Column], heads: tuple[str, str], total: float, across: int
    ) -> None:
        columns = [column for column in columns if column.text]
        self._heads, self._first = heads, widest([column.key for column in columns]) + 2.0
        if not heads[0]:
            # Short texts, such as how many reports are of a year, have room for more blocks.
            block = self._first + widest([column.text for column in columns]) + 4.0
            across = min(max(len(columns), 1), max(across, int(total / block)))
        self._block = (total - 2 - 4.0 * (across - 1)) / across
        last = widest([column.end for column in columns])
        room = self._block - self._first - last - (2.0 if last else 0.0)
        told = [(column, wrap(column.text, room, lines=4, size=SMALL)) for column in columns]
        deep = -(-len(columns) // across)
        self._blocks = [told[k * deep : (k + 1) * deep] for k in range(across)]
        self.height = max(sum(_step(text) for _, text in some) for some in self._blocks)
        self.height += HEAD if heads[0] else 0.0

    def write(self, picture: ReportFigure, top: float) -> None:
        left, right = self._heads
        if left:
            picture.note(1.0 + self._first, top, left)
            picture.note(1.0 + self._block, top, right, ha="right")
            top += HEAD
        for k, some in enumerate(self._blocks):
            x, y = 1.0 + k * (self._block + 4.0), top
            first = widest([column.key for column, _ in some]) + 2.0
            for column, text in some:
                picture.note(x, y, column.key, color=INK)
                picture.note(x + first, y, text, linespacing=1.1)
                picture.note(x + self._block, y, column.end, ha="right")
                y += _step(text)


def _step(text: str) -> float:
    """What a text takes of the height of a block."""
    return 3.3 + 2.8 * text.count("\n")


def heat_map(
    page: Page,
    table: pd.DataFrame,
    by: str,
    columns: Sequence[Column],
    *,
    heading: str,
    heads: tuple[str, str] = ("", ""),
    said: str = "",
) -> Drawn:
    """Themes by columns, shaded by `share` against the largest, a list of the columns that have a
    text under `heads`, and what is `said` of all.

    The column `by` of the table holds the keys; a column with a part of the report has its colour
    above it.
    """
    names = page.words(table, "theme")
    shares = dict(
        zip(zip(names, texts(table[by]), strict=True), floats(table["share"]), strict=True)
    )
    keys = [column.key for column in columns]
    occur = {name for (name, key), share in shares.items() if share > 0 and key in keys}
    themes = [name for name in dict.fromkeys(page.words(together(table), "theme")) if name in occur]
    if not themes:
        return None
    rows = Rows(page, themes)
    domains = _domains(page, table, themes)
    cell = (page.total - rows.left - widest(domains, least=-2.0) - 4.0) / len(columns)
    parts = page.parts(column.part for column in columns if column.part is not None)
    height, turned, above = _key_places(keys, cell)
    upper = HEAD + 0.6 + height + 1.4 * bool(parts)
    upper += HEAD * len(marks.legend_lines(parts, page.total))
    listed = _List(columns, heads, page.total, 2 if page.double and not heads[0] else 1)
    lacking = ["shares"] * (cell < NARROW)
    lacking += ["domain"] * ("domain" in table and not domains)
    picture = rows.start(2.5 + listed.height + FOOT, said, page.in_table(*lacking), top=upper)
    most = _scale(max(shares.values()))
    shade_key(picture, heading, most)
    marks.draw_legend(picture, parts, top=HEAD + 0.6)
    axes = rows.plot(cell * len(columns))
    for number, key in enumerate(keys):
        if number in above:
            x, y = rows.left + cell * (number + 0.5), upper - 1.2 - above[number]
            picture.note(x, y, key, ha="center", va="bottom", rotation=turned)
        own = [shares.get((theme, key), 0.0) for theme in themes]
        _shade_column(axes, rows, own, most, number * cell, cell)
    if parts:
        _band(axes, columns, cell)
    rows.bind(domains, rows.left + cell * len(columns) + 1.2)
    listed.write(picture, upper + rows.height + 2.5)
    return picture


def _key_places(keys: Sequence[str], cell: float) -> tuple[float, float, dict[int, float]]:
    """The height of the keys over columns of that width, the angle at which they are turned, and
    how far above the columns each stands: those wider than a column on two or three lines by turns,
    or on end, as many as have room.

    >>> _key_places(["1.1", "1.2"], 4.0)
    (6.0, 0.0, {0: 0.0, 1: 3.0})
    """
    lines = max(1, math.ceil((widest(keys) + 1.4) / cell))
    if lines <= 3:
        return 3.0 * lines, 0.0, {n: 3.0 * (n % lines) for n in range(len(keys))}
    return widest(keys) + 1.5, 90.0, dict.fromkeys(range(0, len(keys), math.ceil(2.2 / cell)), 0.0)


def _domains(page: Page, table: pd.DataFrame, themes: Sequence[str]) -> list[str]:
    """The domain of each theme, where the table tells it and there is room for it."""
    if "domain" not in table or not page.double:
        return []
    of = dict(zip(page.words(table, "theme"), page.words(table, "domain"), strict=True))
    return [of[theme] for theme in themes]


def _shade_column(
    axes: Axes, rows: Rows, shares: Sequence[float], most: float, x: float, cell: float
) -> None:
    """The cells of a column, with their shares in per cent where there is room for these."""
    for row, share in enumerate(shares):
        decimals = 0 if most > 0.05 else 1
        said = f"{100 * share:.{decimals}f}"
        said = said if float(said) and cell >= NARROW else ""
        grid_cell(axes, rows, row, x, cell, share / most, said)


def _scale(most: float) -> float:
    """The share that is darkest: the least of which a quarter is a round number of per cent.

    >>> [_scale(share) for share in (0.75, 0.15, 0.009)]
    [0.8, 0.16, 0.01]
    """
    steps = (0.004, 0.008, 0.01, 0.02, 0.04, 0.08, 0.12, 0.16, 0.2, 0.24, 0.32, 0.4, 0.6, 0.8)
    return next((step for step in steps if step >= most), 1.0)


def _band(axes: Axes, columns: Sequence[Column], cell: float) -> None:
    """Above each column the colour of its part."""
    for number, column in enumerate(columns):
        colour = PART_COLOURS.get(str(column.part), PALE)
        place = (number * cell, -0.9)
        axes.add_patch(Rectangle(place, cell, 0.8, color=colour, linewidth=0, clip_on=False))


def grid_cell(
    axes: Axes,
    rows: Rows,
    row: int,
    x: float,
    cell: float,
    strength: float,
    said: str,
) -> None:
    """A cell of a grid in mm, as high as its row, the darker the stronger, with a text in it."""
    colour = _shade(strength)
    at, height = rows.middles[row], rows.heights[row]
    corner = (x + 0.15, at - height / 2 + 0.15)
    shaded = Rectangle(corner, cell - 0.3, height - 0.3, facecolor=colour, edgecolor="none")
    # The limits of the axes are set: `add_patch` would look for them anew at each cell.
    axes.add_artist(shaded)
    if said:
        ink = marks.ink_on(to_rgb(colour)) if strength else SOFT
        axes.text(x + cell / 2, at, said, ha="center", va="center", size=SMALL, color=ink)


def _shade(strength: float) -> str:
    """The colour of a cell, the darker the stronger (0 to 1)."""
    if not strength:
        return BLANK
    return to_hex(SHADES(0.12 + 0.88 * strength))


def shade_key(picture: ReportFigure, heading: str, most: float) -> None:
    """What the shades mean: squares from little to the most."""
    shades = [
        (marks.square(_shade(share)), f"{100 * share * most:g}" + ("%" if share == 1 else ""))
        for share in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]
    marks.draw_legend(picture, [(marks.NO_MARK, heading), *shades])
