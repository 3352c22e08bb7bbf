"""The figures of policy themes: attention, sections, instruments, topics."""

import math
from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes

from xiacheng_nlp.errors import FigureError
from xiacheng_nlp.figures import marks
from xiacheng_nlp.figures.heat import Column, grid_cell, heat_map, shade_key
from xiacheng_nlp.figures.marks import (
    AXIS,
    BAR,
    FOOT,
    Mark,
    dot,
    number,
    stroke,
    widest,
)
from xiacheng_nlp.figures.page import Drawn, Page, figure, floats, numbers, texts, together
from xiacheng_nlp.figures.rows import Rows
from xiacheng_nlp.figures.style import (
    BLUE,
    HEAD,
    INK,
    ORANGE,
    PALE,
    SMALL,
    SOFT,
    ReportFigure,
    text_width,
    wrap,
)

GENERAL = "general"
CHANGES: Mapping[str, Mark] = {
    "gains": Mark(BLUE, "^"),
    "loses": Mark(ORANGE, "v"),
    "steady": Mark(SOFT),
}
"""Colour and shape by what a theme's attention does: told apart in grey by the shape."""
BEYOND = 2.0
"""Adjusted residuals beyond this are marked: about one in twenty would be by chance (Haberman
1973)."""
ENOUGH = 5
"""The expected count below which a residual says nothing."""


@figure
def theme_attention(page: Page, table: pd.DataFrame) -> Drawn:
    """How much of the text each theme takes: a bar each with the interval of its share.

    Columns: `theme`, `share` (0 to 1), `low`, `high` (ends of the interval, null where there is
    none), and if there are such `code` (general is drawn pale) and `domain` (whose themes stand
    together; named beside in a double column). Themes that do not occur are counted below. Raises
    `FigureError` where a theme stands twice: the table of one part at a time. Id:
    fig-theme-attention.

    >>> row = {"theme": "教育", "share": 0.12, "low": 0.05, "high": 0.2}  # "education"
    >>> theme_attention(pd.DataFrame([row]))
    <fig-theme-attention zh 175 x 13.6 mm>
    """
    twice = table["theme"][table["theme"].duplicated()]
    if len(twice):
        raise FigureError(
            f"{page.id} draws one group: {twice.iloc[0]} stands twice in the table; "
            "draw the rows of one part or section"
        )
    said = page.left_out("themes-left-out", int((table["share"] <= 0).sum()))
    table = table[table["share"] > 0]
    if table.empty:
        return None
    if "domain" in table:
        sums = table.groupby("domain")["share"].transform("sum")
        table = together(table.loc[sums.sort_values(ascending=False, kind="stable").index])
    rows = Rows(page, page.words(table, "theme"), 0.3 if page.double else 0.36)
    picture = rows.start(AXIS, said, page.elsewhere("intervals", "domain"))
    domains = page.words(table, "domain") if page.double and "domain" in table else []
    right = widest(domains, least=-3.0) + 4.0
    rows.bind(domains, page.total - right - 0.6)
    told, heading = _shares(page, table)
    right += widest([*told, heading]) + 2.0
    rows.write(page.total - right, told, heading, ha="left")
    axes = rows.plot(page.total - rows.left - right - 3.0)
    shares, lows, highs = numbers(table, "share", "low", "high")
    most = max(value for value in [*shares, *highs] if value == value) * 1.03
    axes.set_xlim(0, most)
    codes = table["code"] if "code" in table else [""] * len(table)
    colours = [PALE if code == GENERAL else "#9db8d3" for code in codes]
    axes.barh(rows.middles, shares, height=BAR, color=colours)
    for at, low, high in rows.each(lows, highs):
        stroke(axes, at, low, high, BLUE, 0.9)
    dot(BLUE, 3.2).at(axes, shares, rows.middles)
    _percent_ticks(axes, 0.0, most)
    return picture


def _shares(page: Page, table: pd.DataFrame) -> tuple[list[str], str]:
    """The shares as they stand at the right, in a double column with their intervals, and the
    heading."""
    shares = [marks.percent(share) for share in table["share"]]
    if not page.double:
        return shares, page.say("share")
    intervals = [
        "" if math.isnan(low + high) else f"  {100 * low:.1f}–{100 * high:.1f}"
        for low, high in zip(*numbers(table, "low", "high"), strict=True)
    ]
    told = [share + interval for share, interval in zip(shares, intervals, strict=True)]
    return told, page.say("share-and-interval")


@figure
def attention_shift(page: Page, table: pd.DataFrame) -> ReportFigure:
    """Which themes gain attention and which lose: both shares of each theme, and beside them the
    difference with its interval. Where no change is significant, a line below says so.

    Columns: `theme`, `target_share`, `reference_share` (0 to 1), `difference`, `low`, `high` (ends
    of its interval, null where a part has one paragraph), `p_adjusted`, `change` (gains, loses or
    steady). Id: fig-attention-shift.

    >>> row = {"theme": "改革", "target_share": 0.2, "reference_share": 0.1}  # "reform"
    >>> row |= {"difference": 0.1, "low": 0.02, "high": 0.18, "p_adjusted": 0.03}
    >>> attention_shift(pd.DataFrame([row | {"change": "gains"}]))
    <fig-attention-shift zh 175 x 22 mm>
    """
    rows = Rows(page, page.words(table, "theme"), 0.28 if page.double else 0.36)
    signs = [CHANGES.get(change, CHANGES["steady"]) for change in table["change"]]
    chance = page.say("adjusted-p")
    chances = [_chance(p) for p in floats(table["p_adjusted"])] if page.double else []
    side = widest([*chances, chance]) + 2.5 if chances else 1.0
    plot = (page.total - rows.left - side - 8.0) * 0.5
    long, head = page.say("difference-and-interval"), page.say("difference")
    apart = "" if text_width(long) <= plot else page.say("axis", what=long)
    changed = bool(set(table["change"]) - {"steady"})
    unchanged = "" if changed else page.say("no-change")
    sides = (Mark(SOFT, ring=True), page.say("in-review")), (Mark(SOFT), page.say("in-plan"))
    below = (apart, page.elsewhere("adjusted-p"), unchanged)
    picture = rows.start(AXIS, *below, top=(1 + changed) * HEAD, legend=sides)
    if changed:
        known = [(mark, page.say(change)) for change, mark in CHANGES.items() if mark in signs]
        marks.draw_legend(picture, known, top=HEAD)
    picture.head(rows.left + 1.5, page.say("share"), above=rows.top)
    _both_shares(rows.plot(plot, shift=1.5), table, rows, signs)
    begin = rows.left + 1.5 + plot + 5.0
    _differences(rows.axes(begin, plot), table, rows, signs)
    picture.head(begin, head if apart else long, above=rows.top)
    if chances:
        rows.column(chances, chance)
    return picture


def _both_shares(axes: Axes, table: pd.DataFrame, rows: Rows, signs: Sequence[Mark]) -> None:
    """The share before as a ring, the share after as a dot, in the colour of the change."""
    before, after = numbers(table, "reference_share", "target_share")
    most = max(*before, *after) * 1.04
    rows.rails(axes, 0, most)
    for at, a, b, sign in rows.each(before, after, signs):
        stroke(axes, at, a, b, sign.colour, 1.0, cap="projecting", zorder=1)
        Mark(sign.colour, ring=True).at(axes, a, at)
        Mark(sign.colour).at(axes, b, at)
    _percent_ticks(axes, 0.0, most)


def _differences(axes: Axes, table: pd.DataFrame, rows: Rows, signs: Sequence[Mark]) -> None:
    """The difference of both shares with its interval, if it has one, in the shape of the
    change."""
    gaps, lows, highs = numbers(table, "difference", "low", "high")
    known = [0.0, *gaps, *(end for end in (*lows, *highs) if end == end)]
    low, high = min(known) * 1.04, max(known) * 1.04
    if low == high:
        low, high = -0.01, 0.01
    rows.rails(axes, low, high, origin=0)
    for at, gap, one, two, sign in rows.each(gaps, lows, highs, signs):
        stroke(axes, at, one, two, sign.colour, 0.9, zorder=1)
        sign.at(axes, gap, at)
    _percent_ticks(axes, low, high, sign="")


@figure
def theme_instrument(page: Page, table: pd.DataFrame) -> ReportFigure:
    """By which instruments each theme works: how many sentences of a theme have each, shaded by
    their share of the theme.

    Columns: `theme`, `instrument_zh`, `instrument_en`, `count`, `share` (of the theme, 0 to 1),
    `residual` (adjusted standardised; beyond ±2 a cell is marked ↑ or ↓; null is not), and if there
    is one `expected` (a cell below five is not marked). One row a theme and instrument; a theme of
    fewer than five sentences is not shaded. The last line adds all themes up. Id:
    fig-theme-instrument.

    >>> row = {"theme": "教育", "instrument_zh": "供给型", "instrument_en": "Supply-side"}
    >>> row |= {"count": 9, "share": 1.0, "residual": 0.5}  # "education"
    >>> theme_instrument(pd.DataFrame([row]))
    <fig-theme-instrument zh 175 x 18.4 mm>
    """
    table = together(table)
    names, kinds_of_rows = page.words(table, "theme"), texts(table[f"instrument_{page.lang}"])
    themes, kinds = list(dict.fromkeys(names)), list(dict.fromkeys(kinds_of_rows))
    told = zip(*numbers(table, "count", "share"), _signs(table), strict=True)
    cells = dict(zip(zip(names, kinds_of_rows, strict=True), told, strict=True))
    rows = Rows(page, [*themes, page.say("all-themes")])
    counts = pd.Series(floats(table["count"]))
    of_theme, of_kind = (counts.groupby(s, sort=False).sum() for s in (names, kinds_of_rows))
    ends = [f"{n:,.0f}" for n in [*of_theme, counts.sum()]]
    side = widest([ends[-1], "n"]) + 2.5
    cell = min((page.total - rows.left - side - 1) / len(kinds), 36.0)
    heads, deep, turned = _heads(kinds, cell)
    few = {theme for theme in themes if 0 < of_theme[theme] < ENOUGH}
    picture = rows.start(
        FOOT, page.say("few-sentences", n=ENOUGH) if few else "", top=HEAD + deep + 1.4
    )
    shade_key(picture, page.say("share-of-theme"), 1.0)
    axes = rows.plot(cell * len(kinds))
    for column, (kind, head) in enumerate(zip(kinds, heads, strict=True)):
        x = column * cell
        picture.note(
            rows.left + x + cell / 2,
            rows.top - 0.8,
            head,
            ha="center",
            va="bottom",
            rotation=turned,
            linespacing=1.1,
        )
        for row, theme in enumerate(themes):
            count, share, sign = cells.get((theme, kind), NONE)
            said = f"{count:.0f}{sign}" if int(count) or sign else ""
            grid_cell(axes, rows, row, x, cell, 0.0 if theme in few else share, said)
        strength = of_kind[kind] / max(counts.sum(), 1)
        grid_cell(axes, rows, len(themes), x, cell, strength, f"{of_kind[kind]:.0f}")
    edge = rows.left + cell * len(kinds) + side
    picture.note(edge, rows.top - 0.8, "n", ha="right", va="bottom")
    rows.write(edge, ends, ha="right")
    axes.axhline(rows.ends[-2], color=SOFT, linewidth=0.5, zorder=3)
    return picture


NONE = (0.0, 0.0, "")
"""Count, share and sign of a cell without sentences."""


def _signs(table: pd.DataFrame) -> list[str]:
    """Whether a cell has more or less than chance, where it has enough sentences to be judged
    (Cochran 1954)."""
    residuals, expected = numbers(table, "residual", "expected")
    return [
        "" if count < ENOUGH or not abs(residual) > BEYOND else "↑" if residual > 0 else "↓"
        for residual, count in zip(residuals, expected, strict=True)
    ]


def _heads(kinds: Sequence[str], cell: float) -> tuple[list[str], float, int]:
    """The names of columns, what they take in mm above these, and by how many degrees they are
    turned: upright where a name has no room across."""
    heads = [wrap(kind, cell - 0.5, size=SMALL) for kind in kinds]
    if not any("…" in head for head in heads):
        return heads, 3.0 * max(head.count("\n") + 1 for head in heads), 0
    heads = [wrap(kind, 30.0, lines=1, size=SMALL) for kind in kinds]
    return heads, widest(heads), 90


@figure
def theme_section(page: Page, table: pd.DataFrame) -> Drawn:
    """What each section is about: themes as rows, sections as columns in the order of the text,
    shaded by the share of the section.

    Columns: `section` (id; null before the first heading), `title`, `part`, `theme`, `share` (of
    the section, 0 to 1), and if there is one `domain` (named beside in a double column). One row a
    section and theme. Titles stand below by their ids. Id: fig-theme-section.

    >>> row = {"section": "1", "title": "工作回顾", "part": "review", "theme": "教育", "share": 1.0}
    >>> theme_section(pd.DataFrame([row]))  # "education" in the review
    <fig-theme-section zh 175 x 24.6 mm>
    """
    table = table.assign(section=texts(table["section"], null="–"))
    sections = table.drop_duplicates("section")
    columns = [
        Column(section, title, part=part)
        for section, title, part in zip(
            sections["section"],
            page.headings(sections, found_by=["part"]),
            texts(sections["part"]),
            strict=True,
        )
    ]
    return heat_map(page, table, "section", columns, heading=page.say("share-of-section"))


@figure
def topics(page: Page, table: pd.DataFrame) -> Drawn:
    """How topics match the codebook: themes as rows, topics as columns, shaded by the share of a
    topic's paragraphs.

    Columns: `topic` (number), `words` (its first terms), `stability` (0 to 1; null where it was not
    measured), `theme`, `paragraphs` (of the topic, with the theme), `share` (of the topic's
    paragraphs, 0 to 1), and if there is one `domain`. Below stand each topic's terms, paragraphs
    and stability. Id: fig-topics.

    >>> row = {"topic": 1, "words": "学校、教师", "stability": 0.8, "theme": "教育"}
    >>> topics(pd.DataFrame([row | {"paragraphs": 3, "share": 1.0}]))  # "schools, teachers"
    <fig-topics zh 175 x 23.2 mm>
    """
    table = table.assign(column=[f"T{topic}" for topic in table["topic"]])
    first = table.drop_duplicates("column")
    sums = table.groupby("column")["paragraphs"].sum()
    steady = [
        "–" if math.isnan(value) else number(value, 2) for value in floats(first["stability"])
    ]
    columns = [
        Column(name, words, f"{int(sums[name])}   {value}")
        for name, words, value in zip(
            first["column"], page.words(first, "words"), steady, strict=True
        )
    ]
    heads = (page.say("topic-terms"), page.say("topic-numbers"))
    return heat_map(page, table, "column", columns, heading=page.say("share-of-topic"), heads=heads)


def _chance(p: float) -> str:
    """A p-value for reading: below a thousandth it is said to be below it.

    >>> _chance(0.0002), _chance(0.0512)
    ('<0.001', '0.051')
    """
    return "" if math.isnan(p) else "<0.001" if p < 0.001 else f"{p:.3f}"


def _percent_ticks(axes: Axes, low: float, high: float, *, sign: str = "%") -> None:
    """Ticks in per cent (or, without the sign, in points) at round values, as many as have room."""
    most = max(5.0, marks.width_of(axes) / 9.0)
    marks.round_ticks(axes, low, high, most, 100, sign, turned="right")
    if low < 0:
        for label in axes.get_xticklabels():
            label.set_color(INK if label.get_text() in ("0", "0.0") else SOFT)
