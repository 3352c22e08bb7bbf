"""The figures of many reports: each a function from one tidy table to one Figure. `figures` says
what they have in common."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.ticker import MaxNLocator

from xiacheng_nlp.figures import marks
from xiacheng_nlp.figures import terms as figure_terms
from xiacheng_nlp.figures.heat import Column, heat_map
from xiacheng_nlp.figures.style import (
    AMBER,
    BLUE,
    INK,
    PALE,
    RED,
    RULE,
    SMALL,
    SOFT,
    WIDTHS,
    Lang,
    ReportFigure,
    Width,
    style,
    text_width,
)

PANEL_ROW = 30.0
"""Height in mm of a row of small pictures, with the names above and the years below."""

_RING: Mapping[str, Any] = MappingProxyType(
    {
        "marker": "o",
        "markersize": 4.4,
        "markerfacecolor": "white",
        "markeredgecolor": RED,
        "markeredgewidth": 0.9,
        "linestyle": "none",
    }
)
_VERDICTS = (
    ("kept", BLUE, {"zh": "兑现", "en": "kept"}),
    ("missed", RED, {"zh": "未兑现", "en": "missed"}),
    ("undecided", AMBER, {"zh": "无法判定", "en": "undecided"}),
    ("not_reported", PALE, {"zh": "次年未提及", "en": "not reported"}),
)


def indicator_series(
    table: pd.DataFrame,
    *,
    top: int = 12,
    lang: Lang = "zh",
    width: Width = "double",
    titled: bool = False,
) -> ReportFigure:
    """How one indicator ran in each place: a small picture a place, outcomes as dots on a line,
    targets as rings, all on one scale.

    Columns: `place` (null where unknown), `period` (a year), `outcome`, `target` (null where none
    is stated), `unit_base`, and if there is one `target_high` (the upper end of a range, drawn as a
    stroke). One row a place and period. The `top` places with most periods are drawn, the others
    counted below. Id: fig-indicator-series.

    >>> row = {"place": "甲区", "period": 2014, "outcome": 8.3, "target": 8.4, "unit_base": "%"}  # "District A"
    >>> indicator_series(pd.DataFrame([row]))
    <fig-indicator-series zh 175 x 38.4 mm>
    """
    id = "fig-indicator-series"
    marks.need(id, table, "place", "period", "outcome", "target", "unit_base")
    table = table[
        [
            not math.isnan(a) or not math.isnan(b)
            for a, b in zip(*_numbers(table, "outcome", "target"), strict=True)
        ]
    ]
    if table.empty:
        return marks.nothing(id, lang, width, titled)
    with style():
        names = [name or "–" for name in marks.words(table, "place", lang)]
        table = table.assign(_place=names, _year=[int(period) for period in table["period"]])
        counts = table["_place"].value_counts()
        order = list(dict.fromkeys(names))
        shown = sorted(sorted(order, key=lambda name: -counts[name])[:top], key=order.index)
        drawn = table[table["_place"].isin(shown)]
        total = WIDTHS[width]
        across = min(len(shown), 3 if width == "double" else 2)
        deep = -(-len(shown) // across)
        unit = str(table["unit_base"].iloc[0])
        left = 11.0
        cell = (total - left - 1.0) / across
        left_out = len(order) - len(shown)
        figure = marks.start(
            id,
            lang,
            width,
            2 * marks.HEAD + deep * PANEL_ROW + (marks.HEAD if left_out else 0.0),
            titled,
        )
        _key(
            figure,
            {"zh": ("实绩", "目标"), "en": ("outcome", "target")}[lang],
            f"({unit})" if lang == "en" else f"（{unit}）",
        )
        values = [
            v
            for column in _numbers(drawn, "outcome", "target")
            for v in column
            if not math.isnan(v)
        ]
        low, high = min(values), max(values)
        margin = 0.12 * (high - low) or 1.0
        years = range(int(drawn["_year"].min()), int(drawn["_year"].max()) + 1)
        for number, name in enumerate(shown):
            x, y = (
                left + (number % across) * cell,
                1.6 * marks.HEAD + (number // across) * PANEL_ROW,
            )
            figure.write(x, y, marks.label(name, cell - 3, lang, lines=1), color=INK)
            axes = figure.panel(x, y + marks.HEAD, cell - 4.0, PANEL_ROW - marks.HEAD - 7.0)
            axes.set_xlim(years[0] - 0.4, years[-1] + 0.4)
            axes.set_ylim(low - margin, high + margin)
            if number % across:
                axes.tick_params(labelleft=False)
            axes.yaxis.set_major_locator(MaxNLocator(4))
            step = max(1, math.ceil(len(years) * 7.5 / (cell - 4.0)))
            axes.set_xticks(list(years[::step]), [str(year) for year in years[::step]])
            _run(axes, drawn[drawn["_place"] == name])
        if left_out:
            said = {
                "zh": f"另有{left_out}个地方未画。",
                "en": f"{left_out} more places not drawn.",
            }[lang]
            figure.write(
                1.0, figure.mm_height - figure.mm_top - marks.HEAD + 0.3, said, **marks.SECONDARY
            )
    return figure


def _numbers(table: pd.DataFrame, *columns: str) -> tuple[list[float], ...]:
    return tuple(marks.floats(table[column]) for column in columns)


def _run(axes: Axes, rows: pd.DataFrame) -> None:
    """Outcomes of years that follow one another are joined; a gap stays open."""
    rows = rows.sort_values("_year", kind="stable")
    years, (outcomes, targets) = list(rows["_year"]), _numbers(rows, "outcome", "target")
    highs = (
        marks.floats(rows["target_high"])
        if "target_high" in rows.columns
        else [math.nan] * len(rows)
    )
    done = [
        (year, value) for year, value in zip(years, outcomes, strict=True) if not math.isnan(value)
    ]
    for (one, a), (two, b) in pairwise(done):
        if two == one + 1:
            axes.plot([one, two], [a, b], color=BLUE, linewidth=0.9, zorder=2)
    for year, target, high in zip(years, targets, highs, strict=True):
        if not math.isnan(high):
            axes.plot(
                [year, year],
                [target, high],
                color=RED,
                linewidth=1.6,
                solid_capstyle="round",
                zorder=1,
            )
        elif not math.isnan(target):
            axes.plot([year], [target], **_RING, zorder=3)
    if done:
        axes.plot(
            *zip(*done, strict=True),
            linestyle="none",
            marker="o",
            markersize=2.6,
            color=BLUE,
            markeredgewidth=0,
            zorder=4,
        )


def _key(figure: ReportFigure, names: Sequence[str], unit: str) -> None:
    """A dot on a line for outcomes, a ring for targets, and the unit."""
    axes = figure.panel(0, 0.4, figure.mm_width, marks.HEAD)
    axes.set_xlim(0, figure.mm_width)
    axes.set_ylim(marks.HEAD, 0)
    axes.axis("off")
    outcome, target = names
    axes.plot([1.2, 6.2], [2.1, 2.1], color=BLUE, linewidth=0.9)
    axes.plot([3.7], [2.1], marker="o", markersize=2.6, color=BLUE, markeredgewidth=0)
    figure.write(7.4, 1.2, outcome, **marks.SECONDARY)
    x = 7.4 + text_width(outcome, size=SMALL) + 5.0
    axes.plot([x], [2.1], **_RING)
    figure.write(x + 2.0, 1.2, target, **marks.SECONDARY)
    figure.write(x + text_width(target, size=SMALL) + 6.0, 1.2, unit, **marks.SECONDARY)


def kept_promises(
    table: pd.DataFrame,
    *,
    top: int = 20,
    lang: Lang = "zh",
    width: Width = "double",
    titled: bool = False,
) -> ReportFigure:
    """What came of the targets of each indicator: a bar a row, divided into kept, missed, undecided
    and not reported.

    Columns: `indicator`, `measure`, `kept`, `missed`, `undecided`, `not_reported` (counts), and
    `no_later_report`, which is only counted below. The first `top` rows that have a later report
    are drawn. How many of those decided were kept stands at the right. Id: fig-kept-promises.

    >>> row = {"indicator": "城镇新增就业", "measure": "level", "kept": 8, "missed": 1, "undecided": 0, "not_reported": 0}
    >>> kept_promises(pd.DataFrame([row]))  # "new urban jobs"
    <fig-kept-promises zh 175 x 9.6 mm>
    """
    id = "fig-kept-promises"
    columns = [name for name, *_ in _VERDICTS]
    marks.need(id, table, "indicator", "measure", *columns)
    marks.finite(id, table, *columns)
    later = table[table[columns].sum(axis=1) > 0]
    drawn = later.head(top)
    if drawn.empty:
        return marks.nothing(id, lang, width, titled)
    with style():
        total = WIDTHS[width]
        growth = {"zh": "增速", "en": "growth"}[lang]
        named = [
            f"{name}（{growth}）"
            if lang == "zh" and measure == "growth"
            else f"{name} ({growth})"
            if measure == "growth"
            else name
            for name, measure in zip(
                marks.words(drawn, "indicator", lang), drawn["measure"], strict=True
            )
        ]
        labels = [marks.label(name, total * 0.36, lang) for name in named]
        place, height = marks.rows(labels)
        left = max(map(marks.block_width, labels)) + 2.5
        waiting = int(table["no_later_report"].sum()) if "no_later_report" in table.columns else 0
        beyond = len(later) - len(drawn)
        said = _left_out(waiting, beyond, lang)
        figure = marks.start(
            id,
            lang,
            width,
            marks.HEAD + height + marks.FOOT + (marks.HEAD if said else 0.0),
            titled,
        )
        across = 1.0
        for column, colour, names in _VERDICTS:
            if not drawn[column].any():
                continue
            marks.square(figure, across, 1.2, 2.0, colour)
            figure.write(across + 2.8, 0.9, names[lang], **marks.SECONDARY)
            across += text_width(names[lang], size=SMALL) + 6.0
        heading = {"zh": "兑现/可判定", "en": "kept of decided"}[lang]
        decided = [
            f"{k:.0f}/{k + m:.0f}" for k, m in zip(*_numbers(drawn, "kept", "missed"), strict=True)
        ]
        side = max(text_width(text, size=SMALL) for text in [*decided, heading]) + 3.0
        figure.write(total - 1.0, 0.9, heading, ha="right", **marks.SECONDARY)
        axes = marks.row_axes(figure, left, marks.HEAD, total - left - side, height)
        axes.set_xlim(0, float(drawn[columns].sum(axis=1).max()))
        so_far = [0.0] * len(drawn)
        for column, colour, _ in _VERDICTS:
            counts = marks.floats(drawn[column])
            axes.barh(place, counts, left=so_far, height=1.2 * marks.BAR, color=colour)
            for at, begin, count in zip(place, so_far, counts, strict=True):
                room = count / axes.get_xlim()[1] * (total - left - side)
                if count and text_width(f"{count:.0f}", size=SMALL) + 0.6 <= room:
                    ink = marks.ink_on(to_rgb(colour))
                    axes.text(
                        begin + count / 2,
                        at,
                        f"{count:.0f}",
                        ha="center",
                        va="center_baseline",
                        size=SMALL,
                        color=ink,
                    )
            so_far = [a + b for a, b in zip(so_far, counts, strict=True)]
        for at, text in zip(place, decided, strict=True):
            figure.write(
                total - 1.0, marks.HEAD + at, text, ha="right", va="center", **marks.SECONDARY
            )
        marks.row_labels(figure, left, marks.HEAD, place, labels)
        axes.axvline(0, color=RULE, linewidth=0.5)
        if said:
            figure.write(
                1.0,
                figure.mm_height - figure.mm_top - marks.HEAD + 0.3,
                said,
                color=SOFT,
                size=SMALL,
            )
    return figure


def _left_out(waiting: int, beyond: int, lang: Lang) -> str:
    told = []
    if waiting:
        told.append(
            {
                "zh": f"另有{waiting}项目标没有次年的报告。",
                "en": f"{waiting} more targets have no later report.",
            }[lang]
        )
    if beyond:
        told.append(
            {"zh": f"另有{beyond}项指标未画。", "en": f"{beyond} more indicators not drawn."}[lang]
        )
    return ("" if lang == "zh" else " ").join(told)


def panel_attention(
    table: pd.DataFrame, *, lang: Lang = "zh", width: Width = "double", titled: bool = False
) -> ReportFigure:
    """How attention is shared among themes by year, or by place, level or report: themes as rows,
    shaded by their mean share.

    Columns: one of `year`, `place`, `level`, `report`; `theme`, `reports` (how many), `share` (0 to
    1), and if there is one `domain`. Id: fig-panel-attention.

    >>> panel_attention(pd.DataFrame({"year": [2014], "theme": ["教育"], "reports": [4], "share": [0.05]}))  # "education"
    <fig-panel-attention zh 175 x 19 mm>
    """
    id = "fig-panel-attention"
    marks.need(id, table, "theme", "reports", "share")
    marks.finite(id, table, "share", "reports")
    by = next(
        (column for column in ("year", "place", "level", "report") if column in table.columns), None
    )
    if by is None:
        marks.need(id, table, "year")
    if table.empty:
        return marks.nothing(id, lang, width, titled)
    with style():
        names = marks.words(table, str(by), lang)
        table = table.assign(_name=names)
        groups = table.drop_duplicates("_name")
        unit = {"zh": "份报告", "en": "reports"}[lang]
        columns = [
            Column(str(name), f"{int(n)} {unit if n != 1 or lang == 'zh' else 'report'}")
            for name, n in zip(groups["_name"], groups["reports"], strict=True)
        ]
        heading = {"zh": "各报告占比的平均", "en": "Mean share of the reports"}[lang]
        return heat_map(
            id, table, "_name", columns, heading=heading, lang=lang, width=width, titled=titled
        )


def report_keyness(
    table: pd.DataFrame,
    *,
    top: int = 12,
    target: str | None = None,
    lang: Lang = "zh",
    width: Width = "double",
    titled: bool = False,
) -> ReportFigure:
    """Which terms set one report against all others: as `keyness`, whose columns it is drawn from.
    Id: fig-report-keyness.

    `target` names the report as it is to be printed.

    >>> row = {"term": "楼宇", "target_count": 28, "reference_count": 0, "log_ratio": 6.4, "g2_two_cell": 16.5}  # "buildings"
    >>> report_keyness(pd.DataFrame([row]))
    <fig-report-keyness zh 175 x 17.8 mm>
    """
    return figure_terms.keyness_bars(
        "fig-report-keyness",
        table,
        top=top,
        target=target or {"zh": "本报告", "en": "this report"}[lang],
        reference={"zh": "其余报告", "en": "other reports"}[lang],
        lang=lang,
        width=width,
        titled=titled,
    )
