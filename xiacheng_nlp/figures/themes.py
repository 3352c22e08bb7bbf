"""The figures of policy themes: each a function from one tidy table to one Figure. `figures` says
what they have in common."""

import math
from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes

from xiacheng_nlp.errors import FigureError
from xiacheng_nlp.figures import marks
from xiacheng_nlp.figures.heat import Column, grid_cell, heat_map, shade_key
from xiacheng_nlp.figures.style import (
    BLUE,
    INK,
    PALE,
    RED,
    RULE,
    SMALL,
    SOFT,
    TEAL,
    WIDTHS,
    Lang,
    ReportFigure,
    Width,
    style,
    text_width,
    wrap,
)
from xiacheng_nlp.figures.texts import PART_NAMES

GENERAL = "general"
CHANGES: Mapping[str, tuple[str, str]] = {
    "gains": (TEAL, "^"),
    "loses": (RED, "v"),
    "steady": (SOFT, "o"),
}
"""Colour and shape by what a theme's attention does: told apart in grey by the shape."""
BEYOND = 2.0
"""Adjusted residuals beyond this are marked: about one in twenty would be by chance (Haberman
1973)."""


def theme_attention(
    table: pd.DataFrame, *, lang: Lang = "zh", width: Width = "double", titled: bool = False
) -> ReportFigure:
    """How much of the text each theme takes: a bar each with the interval of its share.

    Columns: `theme`, `share` (0 to 1), `low`, `high` (ends of the interval, null where there is
    none), and if there are such `code` (general is drawn pale) and `domain` (named beside in a
    double column). Themes that do not occur are counted below. Raises `FigureError` where a theme
    stands twice: the table of one part at a time. Id: fig-theme-attention.

    >>> theme_attention(pd.DataFrame({"theme": ["教育"], "share": [0.12], "low": [0.05], "high": [0.2]}))  # "education"
    <fig-theme-attention zh 175 x 13.6 mm>
    """
    id = "fig-theme-attention"
    marks.need(id, table, "theme", "share", "low", "high")
    marks.finite(id, table, "share")
    if table["theme"].duplicated().any():
        twice = table["theme"][table["theme"].duplicated()].iloc[0]
        raise FigureError(
            f"{id} draws one group: {twice} stands twice in the table; draw the rows of one part or section"
        )
    absent = int((table["share"] <= 0).sum())
    table = table[table["share"] > 0]
    if table.empty:
        return marks.nothing(id, lang, width, titled)
    with style():
        total = WIDTHS[width]
        labels = [
            wrap(name, total * (0.36 if width == "single" else 0.3))
            for name in marks.words(table, "theme", lang)
        ]
        place, height = marks.rows(labels)
        left = max(map(marks.block_width, labels)) + 2.5
        shares, lows, highs = (marks.floats(table[column]) for column in ("share", "low", "high"))
        told = [
            marks.percent(share)
            + (
                f"  {100 * low:.1f}–{100 * high:.1f}"
                if not math.isnan(low + high) and width == "double"
                else ""
            )
            for share, low, high in zip(shares, lows, highs, strict=True)
        ]
        domains = (
            marks.words(table, "domain", lang)
            if "domain" in table.columns and width == "double"
            else []
        )
        heading = (
            {"zh": "占比与区间（%）", "en": "Share, interval (%)"}[lang]
            if width == "double"
            else {"zh": "占比", "en": "Share"}[lang]
        )
        ends = [(told, heading)]
        if domains:
            ends.append((domains, {"zh": "领域", "en": "Domain"}[lang]))
        said = (
            {"zh": f"另有{absent}个主题没有出现。", "en": f"{absent} more themes do not occur."}[
                lang
            ]
            if absent
            else ""
        )
        figure = marks.start(
            id, lang, width, marks.HEAD + height + 5.0 + (marks.HEAD if said else 0.0), titled
        )
        right = 1.0
        for notes, name in reversed(ends):
            column = max(text_width(text, size=SMALL) for text in [*notes, name])
            figure.write(total - right - column, 0.9, name, **marks.SECONDARY)
            for at, note in zip(place, notes, strict=True):
                figure.write(
                    total - right - column, marks.HEAD + at, note, va="center", **marks.SECONDARY
                )
            right += column + 3.0
        plot = total - left - right
        axes = marks.row_axes(figure, left, marks.HEAD, plot, height)
        most = max(value for value in [*shares, *highs] if not math.isnan(value)) * 1.03
        axes.set_xlim(0, most)
        codes = list(table["code"]) if "code" in table.columns else [""] * len(table)
        axes.barh(
            place,
            shares,
            height=marks.BAR,
            color=[PALE if code == GENERAL else "#9db8d3" for code in codes],
        )
        for at, share, low, high in zip(place, shares, lows, highs, strict=True):
            if not math.isnan(low + high):
                axes.plot(
                    [low, high],
                    [at, at],
                    color=BLUE,
                    linewidth=0.9,
                    solid_capstyle="butt",
                    zorder=2,
                    clip_on=False,
                )
            axes.plot(
                [share],
                [at],
                linestyle="none",
                marker="o",
                markersize=3.2,
                color=BLUE,
                markeredgewidth=0,
                zorder=3,
                clip_on=False,
            )
        _percent_ticks(axes, 0.0, most, plot)
        marks.row_labels(figure, left, marks.HEAD, place, labels)
        if said:
            figure.write(
                1.0, figure.mm_height - figure.mm_top - marks.HEAD + 0.3, said, **marks.SECONDARY
            )
    return figure


def attention_shift(
    table: pd.DataFrame, *, lang: Lang = "zh", width: Width = "double", titled: bool = False
) -> ReportFigure:
    """Which themes gain attention and which lose: both shares of each theme, and beside them the
    difference with its interval.

    Columns: `theme`, `target_share`, `reference_share` (0 to 1), `difference`, `low`, `high` (ends
    of its interval), `p_adjusted`, `change` (gains, loses or steady). Id: fig-attention-shift.

    >>> row = {"theme": "改革", "target_share": 0.2, "reference_share": 0.1, "difference": 0.1, "low": 0.02, "high": 0.18}  # "reform"
    >>> attention_shift(pd.DataFrame([row | {"p_adjusted": 0.03, "change": "gains"}]))
    <fig-attention-shift zh 175 x 22 mm>
    """
    id = "fig-attention-shift"
    marks.need(
        id,
        table,
        "theme",
        "target_share",
        "reference_share",
        "difference",
        "low",
        "high",
        "p_adjusted",
        "change",
    )
    marks.finite(id, table, "target_share", "reference_share", "difference", "low", "high")
    if table.empty:
        return marks.nothing(id, lang, width, titled)
    with style():
        total = WIDTHS[width]
        labels = [
            wrap(name, total * (0.36 if width == "single" else 0.28))
            for name in marks.words(table, "theme", lang)
        ]
        place, height = marks.rows(labels)
        left = max(map(marks.block_width, labels)) + 2.5
        numbers = {
            name: marks.floats(table[name])
            for name in ("target_share", "reference_share", "difference", "low", "high")
        }
        changes = [str(change) if change in CHANGES else "steady" for change in table["change"]]
        chances = (
            [_chance(value) for value in marks.floats(table["p_adjusted"])]
            if width == "double"
            else []
        )
        chance = {"zh": "校正 p", "en": "adj. p"}[lang]
        side = (
            max(text_width(text, size=SMALL) for text in [*chances, chance]) + 2.5
            if chances
            else 1.0
        )
        upper = 3 * marks.HEAD
        figure = marks.start(id, lang, width, upper + height + 5.0, titled)
        names = [
            {"zh": f"{PART_NAMES['review']['zh']}占比", "en": "share in the review"}[lang],
            {"zh": f"{PART_NAMES['plan']['zh']}占比", "en": "share in the plan"}[lang],
        ]
        _marker_key(figure, 0.0, [("o", SOFT, True, names[0]), ("o", SOFT, False, names[1])])
        verdicts = {
            "zh": ("上升", "下降", "未见显著变化"),
            "en": ("gains", "loses", "no significant change"),
        }[lang]
        known = [
            (CHANGES[c][1], CHANGES[c][0], False, said)
            for c, said in zip(CHANGES, verdicts, strict=True)
            if c in changes
        ]
        _marker_key(figure, marks.HEAD, known)
        room = total - left - side - 8.0
        plots = (room * 0.5, room * 0.5)
        first = marks.row_axes(figure, left + 1.5, upper, plots[0], height)
        most = max(max(numbers["target_share"]), max(numbers["reference_share"])) * 1.04
        first.set_xlim(0, most)
        first.hlines(place, 0, most, color=PALE, linewidth=0.4, zorder=0)
        for at, a, b, change in zip(
            place, numbers["reference_share"], numbers["target_share"], changes, strict=True
        ):
            first.plot(
                [a, b], [at, at], color=CHANGES[change][0], linewidth=1.0, zorder=1, clip_on=False
            )
            _point(first, a, at, "o", CHANGES[change][0], hollow=True)
            _point(first, b, at, "o", CHANGES[change][0], hollow=False)
        _percent_ticks(first, 0.0, most, plots[0])
        figure.write(
            left + 1.5, 2 * marks.HEAD + 0.9, {"zh": "占比", "en": "Share"}[lang], **marks.SECONDARY
        )
        begin = left + 1.5 + plots[0] + 5.0
        second = marks.row_axes(figure, begin, upper, plots[1], height)
        low, high = (
            min(0.0, *numbers["low"], *numbers["difference"]) * 1.04,
            max(0.0, *numbers["high"], *numbers["difference"]) * 1.04,
        )
        if low == high:
            low, high = -0.01, 0.01
        second.set_xlim(low, high)
        second.hlines(place, low, high, color=PALE, linewidth=0.4, zorder=0)
        second.axvline(0, color=RULE, linewidth=0.6, zorder=0)
        for at, gap, one, two, change in zip(
            place, numbers["difference"], numbers["low"], numbers["high"], changes, strict=True
        ):
            colour, shape = CHANGES[change]
            second.plot(
                [one, two],
                [at, at],
                color=colour,
                linewidth=0.9,
                solid_capstyle="butt",
                zorder=1,
                clip_on=False,
            )
            _point(second, gap, at, shape, colour, hollow=False)
        _percent_ticks(second, low, high, plots[1], sign="")
        wanted = {
            "zh": ("差（百分点）与区间", "差"),
            "en": ("Difference (points), interval", "Difference"),
        }[lang]
        said = next(
            text
            for text in wanted
            if text_width(text, size=SMALL) <= plots[1] or text == wanted[-1]
        )
        figure.write(begin, 2 * marks.HEAD + 0.9, said, **marks.SECONDARY)
        if chances:
            figure.write(total - 1, 2 * marks.HEAD + 0.9, chance, ha="right", **marks.SECONDARY)
            for at, text in zip(place, chances, strict=True):
                figure.write(
                    total - 1, upper + at, text, ha="right", va="center", **marks.SECONDARY
                )
        marks.row_labels(figure, left, upper, place, labels)
    return figure


def theme_instrument(
    table: pd.DataFrame, *, lang: Lang = "zh", width: Width = "double", titled: bool = False
) -> ReportFigure:
    """By which instruments each theme works: how many sentences of a theme have each, shaded by
    their share of the theme.

    Columns: `theme`, `instrument_zh`, `instrument_en`, `count`, `share` (of the theme, 0 to 1),
    `residual` (adjusted standardised; beyond ±2 a cell is marked + or −; null is not). One row a
    theme and instrument. The last line adds all themes up. Id: fig-theme-instrument.

    >>> row = {"theme": "教育", "instrument_zh": "供给型", "instrument_en": "Supply-side", "count": 9, "share": 1.0, "residual": 0.5}
    >>> theme_instrument(pd.DataFrame([row]))  # "education"
    <fig-theme-instrument zh 175 x 18.4 mm>
    """
    id = "fig-theme-instrument"
    marks.need(id, table, "theme", "instrument_zh", "instrument_en", "count", "share", "residual")
    marks.finite(id, table, "count", "share")
    if table.empty:
        return marks.nothing(id, lang, width, titled)
    with style():
        total = WIDTHS[width]
        themes = list(dict.fromkeys(marks.words(table, "theme", lang)))
        kinds = list(dict.fromkeys(str(name) for name in table[f"instrument_{lang}"]))
        counts = {
            (theme, str(kind)): (
                int(count),
                float(share),
                float("nan") if pd.isna(residual) else float(residual),
            )
            for theme, kind, count, share, residual in zip(
                marks.words(table, "theme", lang),
                table[f"instrument_{lang}"],
                table["count"],
                table["share"],
                table["residual"],
                strict=True,
            )
        }
        labels = [
            wrap(name, total * 0.36) for name in [*themes, {"zh": "合计", "en": "All themes"}[lang]]
        ]
        place, height = marks.rows(labels)
        left = max(map(marks.block_width, labels)) + 2.5
        sums = {
            theme: sum(counts.get((theme, kind), (0, 0, 0))[0] for kind in kinds)
            for theme in themes
        }
        everything = sum(sums.values())
        side = max(text_width(text, size=SMALL) for text in (f"{everything:,}", "n")) + 2.5
        cell = min((total - left - side - 1) / len(kinds), 36.0)
        heads = [_head(kind, cell) for kind in kinds]
        deep = 3.0 * max(head.count("\n") + 1 for head in heads)
        upright = any("…" in head for head in heads)
        if upright:
            heads = [wrap(kind, 30.0, lines=1, size=SMALL) for kind in kinds]
            deep = max(text_width(head, size=SMALL) for head in heads)
        upper = marks.HEAD + deep + 1.4
        figure = marks.start(id, lang, width, upper + height + marks.FOOT, titled)
        shade_key(figure, 1.0, {"zh": "占该主题句数", "en": "Share of the theme"}[lang], 1.0)
        axes = marks.row_axes(figure, left, upper, cell * len(kinds), height)
        axes.set_xlim(0, cell * len(kinds))
        for column, (kind, head) in enumerate(zip(kinds, heads, strict=True)):
            look = {**marks.SECONDARY, "rotation": 90 if upright else 0, "linespacing": 1.1}
            figure.write(
                left + cell * (column + 0.5), upper - 0.8, head, ha="center", va="bottom", **look
            )
            for at, label, theme in zip(place, labels, themes, strict=False):
                count, share, residual = counts.get((theme, kind), (0, 0.0, float("nan")))
                sign = "+" if residual > BEYOND else "−" if residual < -BEYOND else ""
                grid_cell(
                    axes,
                    column * cell,
                    at,
                    cell,
                    label,
                    share,
                    f"{count}{sign}" if count or sign else "",
                )
            whole = sum(counts.get((theme, kind), (0, 0, 0))[0] for theme in themes)
            grid_cell(
                axes,
                column * cell,
                place[-1],
                cell,
                labels[-1],
                whole / everything if everything else 0.0,
                str(whole),
            )
        edge = left + cell * len(kinds) + side
        figure.write(edge, upper - 0.8, "n", ha="right", va="bottom", **marks.SECONDARY)
        for at, n in zip(place, [*(sums[theme] for theme in themes), everything], strict=True):
            figure.write(edge, upper + at, f"{n:,}", ha="right", va="center", **marks.SECONDARY)
        line = height - marks.ROW - marks.LINE * labels[-1].count("\n")
        axes.axhline(line, color=SOFT, linewidth=0.5, zorder=3)
        marks.row_labels(figure, left, upper, place, labels)
    return figure


def theme_section(
    table: pd.DataFrame, *, lang: Lang = "zh", width: Width = "double", titled: bool = False
) -> ReportFigure:
    """What each section is about: themes as rows, sections as columns in the order of the text,
    shaded by the share of the section.

    Columns: `section` (id; null before the first heading), `title`, `part`, `theme`, `share` (of
    the section, 0 to 1), and if there is one `domain` (named beside in a double column). One row a
    section and theme. Titles stand below by their ids. Id: fig-theme-section.

    >>> row = {"section": "1", "title": "工作回顾", "part": "review", "theme": "教育", "share": 1.0}  # "education" in the review
    >>> theme_section(pd.DataFrame([row]))
    <fig-theme-section zh 175 x 24.6 mm>
    """
    id = "fig-theme-section"
    marks.need(id, table, "section", "title", "part", "theme", "share")
    marks.finite(id, table, "share")
    if table.empty:
        return marks.nothing(id, lang, width, titled)
    with style():
        table = table.assign(
            section=["–" if pd.isna(section) else str(section) for section in table["section"]]
        )
        sections = table.drop_duplicates("section")
        parts = ["" if pd.isna(part) else str(part) for part in sections["part"]]
        titles = marks.words(sections, "title", lang)
        columns = [
            Column(
                str(section),
                title or (PART_NAMES[part][lang] if part in PART_NAMES else "–"),
                part=part,
            )
            for section, title, part in zip(sections["section"], titles, parts, strict=True)
        ]
        heading = {"zh": "占该节字数", "en": "Share of the section"}[lang]
        return heat_map(
            id, table, "section", columns, heading=heading, lang=lang, width=width, titled=titled
        )


def topics(
    table: pd.DataFrame, *, lang: Lang = "zh", width: Width = "double", titled: bool = False
) -> ReportFigure:
    """How topics match the codebook: themes as rows, topics as columns, shaded by the share of a
    topic's paragraphs.

    Columns: `topic` (number), `words` (its first terms), `stability` (0 to 1; null where it was not
    measured), `theme`, `paragraphs` (of the topic, with the theme), `share` (of the topic's
    paragraphs, 0 to 1), and if there is one `domain`. Below stand each topic's terms, paragraphs
    and stability. Id: fig-topics.

    >>> row = {"topic": 1, "words": "学校、教师", "stability": 0.8, "theme": "教育", "paragraphs": 3, "share": 1.0}  # "schools, teachers"
    >>> topics(pd.DataFrame([row]))
    <fig-topics zh 175 x 23.2 mm>
    """
    id = "fig-topics"
    marks.need(id, table, "topic", "words", "stability", "theme", "paragraphs", "share")
    marks.finite(id, table, "topic", "share", "paragraphs")
    if table.empty:
        return marks.nothing(id, lang, width, titled)
    with style():
        table = table.assign(column=[f"T{topic}" for topic in table["topic"]])
        first = table.drop_duplicates("column")
        sums = table.groupby("column")["paragraphs"].sum()
        steady = [
            "–" if math.isnan(value) else marks.number(value, 2)
            for value in marks.floats(first["stability"])
        ]
        ends = [
            f"{int(sums[name])}   {value}"
            for name, value in zip(first["column"], steady, strict=True)
        ]
        columns = [
            Column(*cells)
            for cells in zip(first["column"], marks.words(first, "words", lang), ends, strict=True)
        ]
        heading = {"zh": "占该话题段落数", "en": "Share of the topic's paragraphs"}[lang]
        heads = {
            "zh": ("话题的词", "段落数 稳定性"),
            "en": ("Terms of the topic", "paragraphs, stability"),
        }[lang]
        return heat_map(
            id,
            table,
            "column",
            columns,
            heading=heading,
            heads=heads,
            lang=lang,
            width=width,
            titled=titled,
        )


def _head(name: str, cell: float) -> str:
    """The name of a column in two lines, the first of which may end in its hyphen, where it is too
    long for one."""
    before, hyphen, after = name.partition("-")
    if not hyphen or text_width(name, size=SMALL) <= cell - 1.0:
        return wrap(name, cell - 0.5, size=SMALL)
    return "\n".join(
        wrap(piece, cell + 0.5, lines=1, size=SMALL) for piece in (before + hyphen, after)
    )


def _marker_key(
    figure: ReportFigure, top: float, entries: Sequence[tuple[str, str, bool, str]]
) -> None:
    """Marks with their names in one row: shape, colour, hollow, name."""
    axes = figure.panel(0, top, figure.mm_width, marks.HEAD)
    axes.set_xlim(0, figure.mm_width)
    axes.set_ylim(marks.HEAD, 0)
    axes.axis("off")
    left = 2.2
    for shape, colour, hollow, name in entries:
        _point(axes, left, 2.1, shape, colour, hollow=hollow)
        figure.write(left + 1.9, top + 0.9, name, **marks.SECONDARY)
        left += text_width(name, size=SMALL) + 5.6


def _point(axes: Axes, x: float, y: float, shape: str, colour: str, *, hollow: bool) -> None:
    axes.plot(
        [x],
        [y],
        linestyle="none",
        marker=shape,
        markersize=4.0,
        color=colour,
        markerfacecolor="white" if hollow else colour,
        markeredgewidth=0.9,
        clip_on=False,
        zorder=3 if hollow else 4,
    )


def _chance(p: float) -> str:
    """A p-value for reading: below a thousandth it is said to be below it.

    >>> _chance(0.0002), _chance(0.0512)
    ('<0.001', '0.051')
    """
    return "" if math.isnan(p) else "<0.001" if p < 0.001 else f"{p:.3f}"


def _percent_ticks(axes: Axes, low: float, high: float, width: float, *, sign: str = "%") -> None:
    """Ticks in per cent (or, without the sign, in points) at round values, as many as have room."""
    steps = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0)
    step = next((s for s in steps if (high - low) / s * 9.0 <= width), 1.0)
    ticks = [
        k * step for k in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
    ]
    decimals = 0 if step >= 0.01 else 1
    axes.xaxis.set_visible(True)
    axes.set_xticks(ticks, [marks.number(100 * tick, decimals) + sign for tick in ticks])
    for label, tick in zip(axes.get_xticklabels(), ticks, strict=True):
        half = text_width(label.get_text(), size=SMALL) / 2 / width * (high - low)
        label.set_horizontalalignment("right" if tick + half > high else "center")
        label.set_color(INK if tick == 0 and low < 0 else SOFT)
