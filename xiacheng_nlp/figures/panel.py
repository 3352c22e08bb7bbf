"""The figures of many reports: indicators by place, promises kept, attention by year, key terms."""

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

from xiacheng_nlp.figures import marks
from xiacheng_nlp.figures.heat import Column, heat_map
from xiacheng_nlp.figures.marks import BAR, FOOT, Mark, dot, stroke
from xiacheng_nlp.figures.page import Drawn, Page, figure, need, numbers
from xiacheng_nlp.figures.rows import Rows
from xiacheng_nlp.figures.style import (
    AMBER,
    BLUE,
    HEAD,
    PALE,
    RED,
    RULE,
    SMALL,
    SOFT,
    ReportFigure,
    text_width,
)
from xiacheng_nlp.figures.terms import keyness_bars

PANEL_ROW = 30.0
"""Height in mm of a row of small pictures, with the names above and the years below."""
OUTCOME, TARGET = dot(BLUE, 2.6), Mark(RED, size=4.4, ring=True)
VERDICTS = {"kept": BLUE, "missed": AMBER, "undecided": "#8a8a8a", "not_reported": PALE}
"""What came of a target, by the column of its count, in the order of the bar: told apart in grey
too."""


@figure
def indicator_series(page: Page, table: pd.DataFrame, *, top: int = 12) -> Drawn:
    """How one indicator ran in each place: a small picture a place, the first one's first, outcomes
    as dots on a line, targets as rings, all on one scale.

    Columns: `place` (null where unknown), `period` (a year), `outcome`, `target` (null where none
    is stated), `unit_base`, and if there are any `target_high` (the upper end of a range, drawn as
    a stroke) and `indicator` (named above). One row a place and period. The first place is drawn,
    and those of the others with most periods, `top` in all; the rest is counted
    below. Id: fig-indicator-series.

    >>> row = {"place": "甲区", "period": 2014, "outcome": 8.3, "target": 8.4, "unit_base": "%"}
    >>> indicator_series(pd.DataFrame([row]))  # "District A"
    <fig-indicator-series zh 175 x 38.4 mm>
    """
    table = table[table["outcome"].notna() | table["target"].notna()]
    if table.empty:
        return None
    names = page.words(table, "place", null="–")
    table = table.assign(_place=names, _year=list(map(int, table["period"])))
    counts = table["_place"].value_counts()
    order = list(dict.fromkeys(names))
    often = sorted(order[1:], key=lambda name: -counts[name])[: top - 1]
    shown = order[:1] + sorted(often, key=order.index)
    drawn = table[table["_place"].isin(shown)]
    across = min(len(shown), 3 if page.double else 2)
    deep = -(-len(shown) // across)
    left = 11.0
    cell = (page.total - left - 1.0) / across
    said = page.left_out("places-left-out", len(order) - len(shown))
    picture = page.start(2 * HEAD + deep * PANEL_ROW, said)
    named = page.words(table, "indicator")[0] if "indicator" in table else ""
    of = "growth-unit" if named and "growth" in set(table.get("measure", ())) else "unit"
    measured = page.say(of, name=named, unit=table["unit_base"].iloc[0]).strip()
    marks.draw_legend(
        picture, [(OUTCOME, page.say("outcome")), (TARGET, page.say("target-of-year"))]
    )
    picture.head(page.total - 1.0, measured, ha="right")
    ends = numbers(drawn, "outcome", "target", "target_high")
    values = [value for column in ends for value in column if value == value]
    margin = 0.12 * (max(values) - min(values)) or 1.0
    low, high = min(values) - margin, max(values) + margin
    years = range(int(drawn["_year"].min()), int(drawn["_year"].max()) + 1)
    step = max(1, math.ceil(len(years) * 7.5 / (cell - 4.0)))
    for number, name in enumerate(shown):
        x, y = left + (number % across) * cell, 1.6 * HEAD + (number // across) * PANEL_ROW
        picture.write(x, y, page.label(name, cell - 3, lines=1))
        axes = picture.panel(x, y + HEAD, cell - 4.0, PANEL_ROW - HEAD - 7.0)
        axes.set_xlim(years[0] - 0.4, years[-1] + 0.4)
        axes.set(ylim=(low, high), yticks=marks.round_values(low, high, 6))
        axes.tick_params(labelleft=number % across == 0)
        axes.set_xticks(years[::step], [str(year) for year in years[::step]])
        _run(axes, drawn[drawn["_place"] == name])
    return picture


def _run(axes: Axes, rows: pd.DataFrame) -> None:
    """Outcomes of years that follow one another are joined; a gap stays open."""
    rows = rows.sort_values("_year", kind="stable")
    years = list(rows["_year"])
    outcomes, targets, highs = numbers(rows, "outcome", "target", "target_high")
    done = [(year, value) for year, value in zip(years, outcomes, strict=True) if value == value]
    for (one, a), (two, b) in pairwise(done):
        if two == one + 1:
            axes.plot([one, two], [a, b], color=BLUE, linewidth=0.9, zorder=2)
    for year, target, high in zip(years, targets, highs, strict=True):
        if high == high:
            line = axes.plot([year] * 2, [target, high], color=RED, linewidth=1.6, zorder=1)[0]
            line.set(solid_capstyle="round", clip_on=False)
        else:
            TARGET.at(axes, year, target)
    OUTCOME.at(axes, *([list(some) for some in zip(*done, strict=True)] or [[], []]))


@figure
def kept_promises(page: Page, table: pd.DataFrame, *, top: int = 20) -> Drawn:
    """What came of the targets of each indicator: a bar a row, divided into kept, missed, undecided
    and not reported.

    Columns: `indicator`, `measure`, `kept`, `missed`, `undecided`, `not_reported` (counts), and
    `no_later_report`, which is only counted below. The first `top` rows that have a later report
    are drawn. How many of those decided were kept stands at the right. Id: fig-kept-promises.

    >>> row = {"indicator": "城镇新增就业", "measure": "level", "kept": 8, "missed": 1}
    >>> kept_promises(pd.DataFrame([row | {"undecided": 0, "not_reported": 0}]))  # "new urban jobs"
    <fig-kept-promises zh 175 x 9.6 mm>
    """
    later = table[table[list(VERDICTS)].sum(axis=1) > 0]
    drawn = later.head(top)
    if drawn.empty:
        return None
    named = [
        page.say("of-growth", name=name) if measure == "growth" else name
        for name, measure in zip(page.words(drawn, "indicator"), drawn["measure"], strict=True)
    ]
    rows = Rows(page, named)
    waiting = table["no_later_report"].sum() if "no_later_report" in table else 0
    picture = rows.start(
        FOOT,
        page.left_out("targets-without-later-report", int(waiting)),
        page.left_out("indicators-left-out", len(later) - len(drawn)),
        page.elsewhere("counts"),
        top=0.0,
        legend=rows.kinds(drawn, VERDICTS),
    )
    kept, missed = numbers(drawn, "kept", "missed")
    decided = [f"{k:.0f}/{k + m:.0f}" if k + m else "–" for k, m in zip(kept, missed, strict=True)]
    rows.column(decided, page.say("kept-of-decided"))
    axes = rows.plot(rows.room)
    axes.set_xlim(0, float(drawn[list(VERDICTS)].sum(axis=1).max()))
    scale = rows.room / axes.get_xlim()[1]
    for bars, colour in rows.stack(axes, drawn, VERDICTS, height=1.2 * BAR):
        # Those parts of bars have their counts that have room for them.
        counts = [
            said if count and text_width(said := f"{count:.0f}") + 0.6 <= count * scale else ""
            for count in bars.datavalues
        ]
        ink = marks.ink_on(to_rgb(colour))
        axes.bar_label(bars, counts, label_type="center", size=SMALL, color=ink)
    axes.axvline(0, color=RULE, linewidth=0.5)
    return picture


ENDS_OF_STEP: Mapping[str, Mark] = {"target-above": TARGET, "target-own": OUTCOME}
"""The marks at the ends of a step from level to level."""


@figure
def target_steps(page: Page, table: pd.DataFrame, *, top: int = 30) -> Drawn:
    """How a growth target rises from level to level: a row a place, its own target as a dot, that
    of the level above it in the same year as a ring.

    Columns: `year`, `place`, `above` (the place above), `target`, `above_target`, `difference`
    (percentage points, printed at the right). The last `top` rows are drawn. Id: fig-target-steps.

    >>> row = {"year": 2024, "place": "乙市", "above": "甲省", "target": 6.0, "above_target": 5.5}
    >>> target_steps(pd.DataFrame([row | {"difference": 0.5}]))  # "city B" below "province A"
    <fig-target-steps zh 175 x 18 mm>
    """
    drawn = table.tail(top)
    if drawn.empty:
        return None
    steps = zip(drawn["year"], page.words(drawn, "place"), page.words(drawn, "above"), strict=True)
    told = [page.say("step", year=year, place=place, above=above) for year, place, above in steps]
    rows = Rows(page, told, 0.42)
    targets, above, gaps = numbers(drawn, "target", "above_target", "difference")
    picture = rows.start(
        HEAD + FOOT,
        page.left_out("rows-left-out", len(table) - len(drawn)),
        legend=[(mark, page.say(name)) for name, mark in ENDS_OF_STEP.items()],
    )
    printed = ["+" * (gap > 0) + marks.number(gap, 1) for gap in gaps]
    rows.column(printed, page.say("percentage-points"))
    axes = rows.plot(rows.room - 1.0)
    low, high = min(targets + above) - 0.5, max(targets + above) + 0.5
    axes.set_xlim(low, high)
    values = marks.round_values(low, high, 6)
    marks.ticks(axes, [(value, f"{marks.number(value, 1)}%") for value in values])
    for at, target, upper in rows.each(targets, above):
        stroke(axes, at, upper, target, RULE, 1.0)
        TARGET.at(axes, upper, at)
        OUTCOME.at(axes, target, at)
    return picture


@figure
def report_map(page: Page, table: pd.DataFrame) -> ReportFigure:
    """Reports and themes on the first two dimensions of a correspondence analysis.

    Columns: `kind` (report, or what the reports are set against), `name` (of themes,
    printed where there is room, the heaviest first), `d1`, `d2`, and if there are any `mass` and
    `own` (whether a report is the one at hand, drawn as a ring). The share of the inertia stands at
    the axes where `attrs` has `inertia_1` and `inertia_2`. Id: fig-report-map.

    >>> rows = [("report", "a", -1.0, 0.5), ("theme", "教育", 1.0, -0.5)]  # "education"
    >>> report_map(pd.DataFrame(rows, columns=["kind", "name", "d1", "d2"]))
    <fig-report-map zh 175 x 98.4 mm>
    """
    table = table.reset_index(drop=True)
    is_report = table["kind"] == "report"
    own = table["own"].fillna(False).astype(bool) if "own" in table else is_report & False
    points = table[["d1", "d2"]].to_numpy(float)
    spans = np.ptp(points, axis=0)
    spans = 1.12 * np.where(spans > 0, spans, 16.0)
    # One unit is as long upwards as to the right, else what is near would look far.
    wide = page.total - 13.0
    tall = float(np.clip(wide / spans[0] * spans[1], 0.42 * page.total, 0.62 * page.total))
    size = np.array([wide, tall])
    middle, reach = (points.max(axis=0) + points.min(axis=0)) / 2, max(spans / size) * size / 2
    picture = page.start(tall + HEAD + 9.0 + HEAD)
    shown = {"map-report": dot(SOFT, 2.0), "map-column": Mark(AMBER, size=3.0), "map-own": TARGET}
    sides = [("map-report", is_report & ~own), ("map-column", ~is_report), ("map-own", own)]
    marks.draw_legend(picture, [(shown[name], page.say(name)) for name, s in sides if s.any()])
    axes = picture.panel(11.0, HEAD + 1.0, wide, tall)
    ends = zip("xy", (middle - reach).tolist(), (middle + reach).tolist(), strict=True)
    for n, (axis, low, high) in enumerate(ends, start=1):
        inertia = table.attrs.get(f"inertia_{n}")
        share = "" if inertia is None else page.say("of-inertia", share=marks.percent(inertia))
        scale: dict[str, Any] = {
            f"{axis}ticks": marks.round_values(low, high, 6),
            f"{axis}lim": (low, high),
            f"{axis}label": page.say("dimension", n=n, share=share).strip(),
        }
        axes.set(**scale)
    axes.axhline(0, color=RULE, linewidth=0.5, zorder=0)
    axes.axvline(0, color=RULE, linewidth=0.5, zorder=0)
    for name, some in sides:
        shown[name].at(axes, list(table.loc[some, "d1"]), list(table.loc[some, "d2"]))
    columns = table[~is_report]
    if "mass" in columns:
        columns = columns.sort_values("mass", ascending=False, kind="stable")
    names = dict(zip(columns.index, page.words(columns, "name"), strict=True))
    nameless = len(names) - marks.name_clear(axes, points, names)
    picture.note(1.0, tall + HEAD + 9.0, page.left_out("names-left-out", nameless))
    return picture


GROUPS = ("year", "place", "level", "report")
"""The columns by which the attention of reports is put together, of which a table has one."""


@figure
def panel_attention(page: Page, table: pd.DataFrame) -> Drawn:
    """How attention is shared among themes by year, or by place, level or report: themes as rows,
    shaded by their mean share.

    Columns: one of `year`, `place`, `level`, `report`; `theme`, `reports` (how many), `share` (0 to
    1), and if there is one `domain`. Id: fig-panel-attention.

    >>> row = {"year": 2014, "theme": "教育", "reports": 4, "share": 0.05}  # "education"
    >>> panel_attention(pd.DataFrame([row]))
    <fig-panel-attention zh 175 x 19 mm>
    """
    by = next((column for column in GROUPS if column in table), GROUPS[0])
    need(page.id, table, by)
    table = table.assign(_name=page.words(table, by))
    groups = table.drop_duplicates("_name")
    counts = [page.say("reports", n=int(n)) for n in groups["reports"]]
    said = page.say("each", what=counts[0]) if len(set(counts)) == 1 < len(counts) else ""
    columns = [
        Column(name, "" if said else count)
        for name, count in zip(groups["_name"], counts, strict=True)
    ]
    return heat_map(page, table, "_name", columns, heading=page.say("mean-share"), said=said)


@figure
def report_keyness(
    page: Page, table: pd.DataFrame, *, top: int = 12, target: str | None = None
) -> Drawn:
    """Which terms set one report against all others: as `keyness`, whose columns it is drawn from.
    Id: fig-report-keyness.

    `target` names the report as it is to be printed.

    >>> row = {"term": "楼宇", "target_count": 28, "reference_count": 0}  # "buildings"
    >>> report_keyness(pd.DataFrame([row | {"log_ratio": 6.4, "g2_two_cell": 16.5}]))
    <fig-report-keyness zh 175 x 22 mm>
    """
    own, others = target or page.say("this-report"), page.say("other-reports")
    return keyness_bars(page, table, top=top, target=own, reference=others)
