"""The figures of indicators: growth, targets, ranks, commitments, and the audit."""

import math
import re
from collections.abc import Mapping, Sequence
from operator import truediv

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from xiacheng_nlp.figures import marks
from xiacheng_nlp.figures.grid import Column, Grid
from xiacheng_nlp.figures.marks import AXIS, FOOT, Mark, dot, stroke, widest
from xiacheng_nlp.figures.names import HAN, SIGN_NAMES, names
from xiacheng_nlp.figures.page import Drawn, Page, figure, floats, numbers
from xiacheng_nlp.figures.rows import Rows
from xiacheng_nlp.figures.style import (
    AMBER,
    BLUE,
    ORANGE,
    PALE,
    SMALL,
    SOFT,
    ReportFigure,
    text_width,
    wrap,
)
from xiacheng_nlp.terms.selection import arranged

VERDICT_NAMES = names("verdict")
"""The verdicts of the audit; those that are drawn first come last."""

DOT = 4.6
OUTCOME = Mark(SOFT, size=4.2, ring=True)
"""The ring of an outcome, and points of the mark of a target."""

ASKED: Mapping[str, Mark] = {
    "as-much": dot(BLUE, DOT),
    "less": dot(ORANGE, DOT, "D"),
    "ceiling": dot(SOFT, DOT + 0.6, "v"),
    "open": Mark(SOFT, "x", DOT),
}
"""What a target asks beside what was done. A ceiling, and a fall, has a mark of its own: more is
not better there."""


@figure
def growth_rates(page: Page, table: pd.DataFrame, *, top: int = 45) -> ReportFigure:
    """The growth rates that the report tells, the highest above: a dot each, or a ring where they
    are targets.

    Columns: `indicator`, `growth` (%, signed), `text` (as written), and if there are such
    `growth_high` (upper end of a range), `status` (what was done is drawn, and targets only where
    the table has nothing else) and `period` (that of most rows is drawn, and named). Rates so far
    from the others that these would be crowded stand as arrows at the edge. What is left out is
    counted below. Id: fig-growth-rates.

    >>> row = {"indicator": "地区生产总值", "growth": 7.8, "text": "7.80%"}  # "gross product"
    >>> growth_rates(pd.DataFrame([row]))
    <fig-growth-rates zh 175 x 13.6 mm>
    """
    given = len(table)
    table, period, asked = _of_one_kind(table)
    left_out = {"growth-left-out": given - len(table), "rows-left-out": len(table) - top}
    head = "growth-rate" if not period else "growth-asked" if asked else "growth-done"
    table = table.sort_values("growth", ascending=False, kind="stable").head(top)
    values, tops = numbers(table, "growth", "growth_high")
    rows = Rows(page, page.words(table, "indicator"))
    notes = [
        wrap(signed(text, value), page.total * 0.22, lines=1, size=SMALL)
        for text, value in zip(page.words(table, "text"), values, strict=True)
    ]
    limits, beyond = _limits(page, values + tops)
    point = Mark(BLUE, size=DOT, ring=asked, edge=0.9 * asked)
    picture = rows.start(
        AXIS,
        beyond,
        *(page.left_out(key, n) for key, n in left_out.items()),
        top=0.0,
        legend=[(point, page.say(head, period=period))],
    )
    rows.column(notes)
    axes = rows.plot(rows.room - 3.0, shift=1.5)
    _growth_axis(axes, limits, rows)
    for at, value, upper in rows.each(values, tops):
        if upper == upper:
            first, last = np.clip((value, upper), *limits)
            stroke(axes, at, first, last, BLUE, 2.0, cap="round")
            if last != upper:
                _mark(axes, point, upper, at)
        _mark(axes, point, value, at)
    return picture


def _mark(axes: Axes, mark: Mark, value: float, at: float) -> None:
    """The mark at its value; beyond the axis an arrow at its edge, which says that the value lies
    farther away."""
    low, high = axes.get_xlim()
    shape = "<" if value < low else ">" if value > high else mark.shape
    mark._replace(shape=shape).at(axes, min(max(value, low), high), at)


def _of_one_kind(table: pd.DataFrame) -> tuple[pd.DataFrame, str, bool]:
    """What was done, else what is asked, in the period of most rows; that period; whether it is
    asked."""
    done = table[table["status"] == "actual"] if "status" in table else table
    asked = done.empty
    table = table if asked else done
    most = list(table["period"].mode()) if "period" in table else []
    return (table[table["period"] == most[0]], str(most[0]), asked) if most else (table, "", asked)


_TURNED = {"≥": "≤", "≤": "≥", "over ": "under ", "under ": "over "}


def signed(text: str, value: float) -> str:
    """A rate as written with its sign; a bound in front of a decrease turns round, for a fall of
    more is a lesser number; of one in Chinese words it is said that it fell.

    >>> signed("3.60%", -3.6), signed("7.80%", 7.8)
    ('−3.60%', '+7.80%')
    >>> signed("about 7.5%", 7.5), signed("≥3.9%", -3.9)
    ('about +7.5%', '≤−3.9%')
    >>> signed("60%以上", -60)  # "60 % or more"
    '下降60%以上'
    """
    if value < 0 and HAN.search(text):
        return SIGN_NAMES["decrease"]["zh"] + text
    sign = "−" if value < 0 else "+" if value > 0 else ""
    if value < 0:
        text = re.sub("^(?:≥|≤|over |under )", lambda bound: _TURNED[bound[0]], text)
    return re.sub(r"(?=[0-9])|^(?!.*[0-9])", sign, text, count=1)


@figure
def actual_vs_target(page: Page, table: pd.DataFrame, *, top: int = 40) -> Drawn:
    """What the year is to reach against what the year before reached: each target as a share of the
    outcome, on a logarithmic scale.

    Columns: `indicator`, `measure`, `actual`, `target` (null without outcome; of one unit),
    `actual_text`, `target_text` (as written), `promise` (less, same, more; null without outcome, or
    where it can't be told), and if there are such `ceiling` (whether the target is one to stay
    below), `match` (pairs whose scope differs are marked), `actual_period` and `target_period` (the
    years, named above the values). Drawn are levels and shares above zero. What is left out is
    counted below. Id: fig-actual-vs-target.

    >>> row = {"indicator": "新增绿化面积", "measure": "level", "promise": "less"}  # new green
    >>> row |= {"actual": 8e4, "target": 6e4, "actual_text": "8万", "target_text": "6万"}
    >>> actual_vs_target(pd.DataFrame([row]))
    <fig-actual-vs-target zh 175 x 17.8 mm>
    """
    done, asked = numbers(table, "actual", "target")
    kept = [
        measure in ("level", "share", "multiple") and a > 0 and b > 0
        for measure, a, b in zip(table["measure"], done, asked, strict=True)
    ]
    given, table = len(table), table[kept].head(top)
    if table.empty:
        return None
    done, asked = numbers(table, "actual", "target")
    ratios = list(map(truediv, asked, done))
    said = page.left_out("targets-left-out", given - len(table))
    axes, rows = _beside(page, table, page.say("share-of-outcome"), said)
    axes.set_xscale("log")
    axes.minorticks_off()
    low, high = min(0.75, *ratios) / 1.06, max(1.25, *ratios) * 1.06
    rows.rails(axes, low, high, origin=1.0)
    inside = sorted((tick for tick in RATIOS if low <= tick <= high), key=lambda t: t != 1.0)
    marks.ticks(axes, [(tick, f"{100 * tick:g}") for tick in inside])
    for at, ratio, kind in rows.each(ratios, _kinds(table)):
        _dumbbell(axes, at, 1.0, ratio, ratio, kind)
    return rows.picture


RATIOS = (*(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.75, 1.0), *(1.5, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0))
"""Where the scale of targets by outcomes may have a tick."""


@figure
def target_growth(page: Page, table: pd.DataFrame, *, top: int = 40) -> Drawn:
    """The growth asked of the year beside that of the year before, for each indicator that has
    both.

    Columns: as in `actual_vs_target`, and if there is one `target_high` (upper end of a range);
    drawn are the rows whose measure is growth and whose unit, if `unit_base` tells it, is per cent.
    Id: fig-target-growth.

    >>> row = {"indicator": "地区生产总值", "measure": "growth", "promise": "more"}  # gross product
    >>> row |= {"actual": 7.8, "target": 8.5, "actual_text": "7.8%", "target_text": "8.5%"}
    >>> target_growth(pd.DataFrame([row]))
    <fig-target-growth zh 175 x 17.8 mm>
    """
    growth = table["measure"] == "growth"
    if "unit_base" in table:
        growth &= table["unit_base"] == "%"
    table = table[growth & (table["actual"].notna() & table["target"].notna())].head(top)
    if table.empty:
        return None
    before, after, tops = numbers(table, "actual", "target", "target_high")
    tops = [low if high != high else high for low, high in zip(after, tops, strict=True)]
    limits, beyond = _limits(page, before + after + tops)
    left_out = page.left_out("growth-targets-left-out", int(growth.sum()) - len(table))
    axes, rows = _beside(page, table, page.say("growth-rate"), beyond, left_out)
    _growth_axis(axes, limits, rows)
    for row in rows.each(before, after, tops, _kinds(table)):
        _dumbbell(axes, *row)
    return rows.picture


def _beside(page: Page, table: pd.DataFrame, heading: str, *said: str) -> tuple[Axes, Rows]:
    """Axes for outcomes beside targets, and rows with both values as written, the key, and what was
    left out."""
    told = {column: _as_written(page, table, column) for column in ("target", "actual")}
    apart = [match == "scope differs" for match in table.get("match", [""] * len(table))]
    labels = [
        name + "*" * marked
        for name, marked in zip(page.words(table, "indicator"), apart, strict=True)
    ]
    rows, kinds = Rows(page, labels, 0.3, beside=[*told.values()]), _kinds(table)
    entries = [(OUTCOME, page.say("outcome-last-year"))]
    entries += [(mark, page.say(kind)) for kind, mark in ASKED.items() if kind in kinds]
    heads = [
        _head(page, table, "target_period", "asked-of", "target"),
        _head(page, table, "actual_period", "done-in", "last-year"),
    ]
    taken = sum(2.0 + widest([*told[c], head]) for c, head in zip(told, heads, strict=True))
    # A narrow column has no room for the words of the axis beside the two headings.
    beside = text_width(heading) <= rows.room - taken - 3.0
    picture = rows.start(
        AXIS,
        "" if beside else page.say("axis", what=heading),
        page.say("scope-differs") if any(apart) else "",
        *said,
        legend=entries,
        gap=1.6,
    )
    for column, head in zip(told, heads, strict=True):
        rows.column(told[column], head)
    if beside:
        picture.head(rows.left + 1.5, heading, above=rows.top)
    return rows.plot(rows.room - 3.0, shift=1.5), rows


def _head(page: Page, table: pd.DataFrame, column: str, of_year: str, otherwise: str) -> str:
    """What stands above values: their year, where the table tells one and no other."""
    years = {*table.get(column, ())}
    return page.say(of_year, year=years.pop()) if len(years) == 1 else page.say(otherwise)


def _kinds(table: pd.DataFrame) -> list[str]:
    """What each target asks: a key of `ASKED`."""
    ceilings = table.get("ceiling", [False] * len(table))
    asked = {"less": "less", "same": "as-much", "more": "as-much"}
    return [
        "ceiling" if ceiling else asked.get(promise, "open")
        for ceiling, promise in zip(ceilings, table["promise"], strict=True)
    ]


def _as_written(page: Page, table: pd.DataFrame, column: str) -> list[str]:
    """The values of outcomes or targets as the report writes them, a rate of growth with its
    sign."""
    texts, values = page.words(table, f"{column}_text"), floats(table[column])
    return [
        page.label(
            signed(text, value) if measure == "growth" else text,
            page.total * 0.2,
            lines=1,
            size=SMALL,
        )
        for text, value, measure in zip(texts, values, table["measure"], strict=True)
    ]


def _dumbbell(axes: Axes, at: float, outcome: float, low: float, high: float, kind: str) -> None:
    """A ring, the mark or the thick line of a range, and what joins them; where a mark stands in
    the ring, that is drawn around it."""
    near, mark = min(high, low, key=lambda end: abs(end - outcome)), ASKED[kind]
    joined = outcome in (low, high)
    line, span = (np.clip(some, *axes.get_xlim()) for some in ((outcome, near), (low, high)))
    stroke(axes, at, line[0], line[1], mark.colour, 0.8, cap="projecting", zorder=1)
    _mark(axes, OUTCOME._replace(size=DOT + 3.4) if joined else OUTCOME, outcome, at)
    thick = 3 if joined else 2
    stroke(axes, at, span[0], span[1], mark.colour, 2.2, cap="round", zorder=thick)
    for end in sorted({low, high}):
        _mark(axes, mark, end, at)


def _limits(page: Page, values: Sequence[float]) -> tuple[tuple[float, float], str]:
    """The ends of a scale with zero on it that holds all values but nulls, or those within the
    outer fences (Tukey 1977) if it is three times as long with the others: then the many could not
    be told apart for the sake of a few, and a sentence says that these lie beyond it."""
    values = [value for value in values if value == value]
    first, third = np.quantile(values, (0.25, 0.75)).tolist()
    fence = 3 * max(third - first, 1.0)
    inside = [0.0, *(value for value in values if first - fence <= value <= third + fence)]
    low, high = min(0.0, *values), max(0.0, *values)
    if high - low > 3 * (max(inside) - min(inside)):
        low, high = min(inside), max(inside)
    if low == high:
        high = low + 1.0
    margin = 0.03 * (high - low)
    low, high = low - margin * (low < 0), high + margin * (high > 0)
    beyond = any(not low <= value <= high for value in values)
    return (low, high), page.say("growth-beyond") if beyond else ""


def _growth_axis(axes: Axes, limits: tuple[float, float], rows: Rows) -> None:
    rows.rails(axes, *limits, origin=0)
    marks.round_ticks(axes, *limits, 6)


@figure
def ranks(page: Page, table: pd.DataFrame, *, top: int = 30) -> ReportFigure:
    """The places that the report claims, in the order of the table: rank, what is ranked, among
    whom. A table: it is saved as HTML, LaTeX and Word too.

    Columns: `indicator`, `rank` (1 the first, -1 the last), `among` (null where the text names no
    group). First places are bold. Id: fig-ranks.

    >>> row = {"indicator": "工业技改投资增幅", "rank": 1, "among": "主城区"}
    >>> ranks(pd.DataFrame([row]))  # first among the main urban districts in industrial renewal
    <fig-ranks zh 175 x 11 mm>
    """
    said = page.left_out("rows-left-out", len(table) - top)
    table = table.head(top)
    places = [f"{rank:g}".replace("-", "−") for rank in floats(table["rank"])]
    columns = [
        Column(page.say("rank"), places, 0.1, [place == "1" for place in places]),
        Column(page.say("indicator"), page.words(table, "indicator"), 0.58),
        Column(page.say("among"), page.words(table, "among", null="–"), 0.32),
    ]
    return Grid(columns, said).draw(page)


@figure
def audit(page: Page, table: pd.DataFrame, *, top: int = 30) -> ReportFigure:
    """The report's arithmetic: what it states, what follows from its other statements, and whether
    both agree. A table: it is saved as HTML, LaTeX and Word too.

    Columns: `verdict`, `indicator`, `text` (as stated), `computed`, `note` (the working), and if
    there is one `stated` (the number: then it is told at how many decimals both agree). The first
    `top` rows are drawn; what does not agree comes first, in bold. Id: fig-audit.

    >>> row = {"verdict": "agrees", "indicator": "服务业", "text": "92%", "computed": 91.8}
    >>> audit(pd.DataFrame([row | {"note": "591亿 / 643.57亿 = 91.83%"}]))  # "services"
    <fig-audit zh 175 x 11 mm>
    """
    said = page.left_out("rows-left-out", len(table) - top)
    worst = [*VERDICT_NAMES][::-1]
    table = arranged(table, "verdict", worst).head(top)
    stated, computed = numbers(table, "stated", "computed")
    verdicts = [
        _verdict(page, *row) for row in zip(table["verdict"], stated, computed, strict=True)
    ]
    columns = [
        Column(page.say("indicator"), page.words(table, "indicator"), 0.25),
        Column(page.say("stated"), page.words(table, "text"), 0.14),
        Column(page.say("working"), page.words(table, "note"), 0.36),
        Column(page.say("verdict"), verdicts, 0.25, list(table["verdict"] == worst[0])),
    ]
    return Grid(columns, said).draw(page)


def _verdict(page: Page, verdict: object, stated: float, computed: float) -> str:
    """The verdict, and where both agree after rounding only, at how many decimals."""
    if verdict != "agrees after rounding" or math.isnan(stated):
        return page.name(VERDICT_NAMES, verdict)
    places = len(f"{stated:g}".partition(".")[2])
    if round(computed, places) != stated:
        return page.say("agrees-within")
    return page.say("agrees-at" if places else "agrees-whole", n=places)


@figure
def commitments(page: Page, table: pd.DataFrame) -> ReportFigure:
    """How many numeric targets each section sets: bars in the order of the table, divided by how
    firm the number is.

    Columns: `section` (id), `title`, `part`, and the counts `targets`, `exact`, `limits`,
    `approximate`. Id: fig-commitments.

    >>> row = {"section": "2", "title": "2014年工作", "part": "plan"}  # "work in 2014"
    >>> row |= {"targets": 3, "exact": 2, "limits": 1, "approximate": 0}
    >>> commitments(pd.DataFrame([row]))
    <fig-commitments zh 175 x 9.6 mm>
    """
    rows = Rows(page, page.headings(table), 0.44)
    kinds = {"exact": BLUE, "limits": AMBER, "approximate": PALE}
    picture = rows.start(FOOT, top=0.0, legend=rows.kinds(table, kinds))
    axes = rows.plot(rows.room)
    targets = floats(table["targets"])
    rows.bars(axes, targets, [f"{n:g}" for n in targets])
    rows.stack(axes, table, kinds)
    return picture
