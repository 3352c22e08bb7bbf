"""The figures of indicators: each a function from one tidy table to one Figure. `figures` says what
they have in common."""

import re
from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from xiacheng_nlp.figures import marks
from xiacheng_nlp.figures.style import (
    AMBER,
    BLUE,
    INK,
    MM,
    PALE,
    RED,
    RULE,
    SIZE,
    SMALL,
    SOFT,
    WIDTHS,
    Lang,
    ReportFigure,
    Width,
    style,
    text_width,
    wrap,
)
from xiacheng_nlp.figures.texts import RULE_NAMES, VERDICT_NAMES

RING = 4.2
DOT = 4.6
"""Points of the ring of an outcome and of the dot of a target."""


def growth_rates(
    table: pd.DataFrame,
    *,
    top: int = 45,
    lang: Lang = "zh",
    width: Width = "double",
    titled: bool = False,
) -> ReportFigure:
    """The growth rates that the report tells, the highest above: a dot each, a decrease in another
    colour.

    Columns: `indicator`, `growth` (%, signed), `text` (as written), and if there are such
    `growth_high` (upper end of a range), `status` (then what was done is drawn alone, where the
    table has any) and `period` (then that of most rows is drawn). Rates so far from the others that
    these would be crowded stand as arrows at the edge. What is left out is counted below. Id:
    fig-growth-rates.

    >>> growth_rates(pd.DataFrame({"indicator": ["地区生产总值"], "growth": [7.8], "text": ["7.80%"]}))  # "gross product"
    <fig-growth-rates zh 175 x 13.6 mm>
    """
    id = "fig-growth-rates"
    marks.need(id, table, "indicator", "growth", "text")
    marks.finite(id, table, "growth")
    given = len(table)
    if "status" in table.columns and (table["status"] == "actual").any():
        table = table[table["status"] == "actual"]
    if "period" in table.columns and table["period"].notna().any():
        most = table["period"].value_counts()
        table = table[
            table["period"] == min(most.index, key=lambda period: (-most[period], str(period)))
        ]
    order = sorted(range(len(table)), key=lambda i: -float(table["growth"].iloc[i]))
    table = table.iloc[order].head(top)
    if table.empty:
        return marks.nothing(id, lang, width, titled)
    with style():
        total = WIDTHS[width]
        values = marks.floats(table["growth"])
        tops = (
            marks.floats(table["growth_high"])
            if "growth_high" in table.columns
            else [float("nan")] * len(values)
        )
        labels = [
            marks.label(name, total * 0.36, lang) for name in marks.words(table, "indicator", lang)
        ]
        place, height = marks.rows(labels)
        left = max(map(marks.block_width, labels)) + 2.5
        texts = zip(marks.words(table, "text", lang), values, strict=True)
        notes = [
            wrap(signed(text, value), total * 0.22, lines=1, size=SMALL) for text, value in texts
        ]
        heading = {"zh": "增长率（%）", "en": "Growth (%)"}[lang]
        right = max(text_width(note, size=SMALL) for note in notes) + 3.0
        low, high = _limits([*values, *(value for value in tops if value == value)])
        said = _growth_notes(
            given - len(table), top, any(not low <= value <= high for value in values), lang
        )
        foot = 5.0 + (marks.HEAD + marks.LINE * (len(_lines(said, total)) - 1) if said else 0)
        figure = marks.start(id, lang, width, marks.HEAD + height + foot, titled)
        figure.write(left, 0.9, heading, **marks.SECONDARY)
        axes = marks.row_axes(figure, left + 1.5, marks.HEAD, total - left - right - 3, height)
        _growth_axis(axes, low, high, place, total - left - right - 3)
        for at, value, upper in zip(place, values, tops, strict=True):
            colour = RED if value < 0 else BLUE
            if upper == upper:
                axes.plot(
                    [value, min(upper, high)],
                    [at, at],
                    color=colour,
                    linewidth=2.0,
                    solid_capstyle="round",
                )
            _point(axes, value, at, low, high, colour)
        for at, note in zip(place, notes, strict=True):
            figure.write(
                total - 1, marks.HEAD + at, note, ha="right", va="center", **marks.SECONDARY
            )
        marks.row_labels(figure, left, marks.HEAD, place, labels)
        if said:
            _below(figure, said)
    return figure


def _growth_notes(left_out: int, top: int, beyond: bool, lang: Lang) -> str:
    """What the picture does not show to scale, and what it does not show."""
    arrows = (
        {"zh": "箭头：超出坐标范围。", "en": "Arrows: beyond the axis. "}[lang] if beyond else ""
    )
    rows = {
        "zh": f"表中另有{left_out}行未画（目标、其他年份或超出行数）。",
        "en": f"{left_out} more rows not drawn: targets, other years, or beyond the first {top}.",
    }[lang]
    return (arrows + (rows if left_out else "")).strip()


_TURNED = {"≥": "≤", "≤": "≥", "over ": "under ", "under ": "over "}


def signed(text: str, value: float) -> str:
    """A rate as written with its sign; a bound in front of a decrease turns round, for a fall of
    more is a lesser number.

    >>> signed("3.60%", -3.6), signed("7.80%", 7.8)
    ('−3.60%', '+7.80%')
    >>> signed("about 7.5%", 7.5), signed("≥3.9%", -3.9)
    ('about +7.5%', '≤−3.9%')
    """
    sign = "−" if value < 0 else "+" if value > 0 else ""
    if value < 0:
        text = re.sub("^(?:≥|≤|over |under )", lambda bound: _TURNED[bound[0]], text)
    return re.sub(r"(?=[0-9])|^(?!.*[0-9])", sign, text, count=1)


def actual_vs_target(
    table: pd.DataFrame,
    *,
    top: int = 40,
    lang: Lang = "zh",
    width: Width = "double",
    titled: bool = False,
) -> ReportFigure:
    """What the year is to reach against what the year before reached: each target as a share of the
    outcome, on a logarithmic scale.

    Columns: `indicator`, `measure`, `actual`, `target` (null without outcome; of one unit),
    `actual_text`, `target_text` (as written), and if there is one `promise` (less, same, more; else
    by the numbers alone). Drawn are levels and shares above zero; what asks for less than was done
    stands out. What is left out is counted below. Id: fig-actual-vs-target.

    >>> row = {"indicator": "新增绿化面积", "measure": "level", "actual": 8e4, "target": 6e4, "actual_text": "8万", "target_text": "6万"}
    >>> actual_vs_target(pd.DataFrame([row]))  # "new green area"
    <fig-actual-vs-target zh 175 x 17.8 mm>
    """
    id = "fig-actual-vs-target"
    marks.need(id, table, "indicator", "measure", "actual", "target", "actual_text", "target_text")
    done, asked = marks.floats(table["actual"]), marks.floats(table["target"])
    kept = [
        measure in ("level", "share", "multiple") and a > 0 and b > 0
        for measure, a, b in zip(table["measure"], done, asked, strict=True)
    ]
    given, table = len(table), table[kept].head(top)
    if table.empty:
        return marks.nothing(id, lang, width, titled)
    with style():
        ratios = [
            b / a
            for a, b in zip(
                marks.floats(table["actual"]), marks.floats(table["target"]), strict=True
            )
        ]
        heading = {
            "zh": "目标 / 上年实绩（对数刻度）",
            "en": "Target / last year's outcome (log scale)",
        }[lang]
        said = {
            "zh": f"另有{given - len(table)}项目标未画：报告中没有可比的上年数值，或为增速。",
            "en": f"{given - len(table)} more targets not drawn: no comparable outcome in the report, or a growth rate.",
        }[lang]
        figure, axes, plot, place = _pairs(
            id, table, lang, width, titled, said if given > len(table) else "", heading
        )
        low, high = min(0.8, *ratios) / 1.06, max(1.25, *ratios) * 1.06
        axes.set_xscale("log")
        axes.minorticks_off()
        axes.set_xlim(low, high)
        ticks = [
            t
            for t in (
                0.01,
                0.02,
                0.05,
                0.1,
                0.2,
                0.5,
                0.75,
                1.0,
                1.5,
                2.0,
                5.0,
                10.0,
                20.0,
                50.0,
                100.0,
            )
            if low <= t <= high
        ]
        _ticks(axes, [(t, f"{100 * t:g}%") for t in sorted(ticks, key=lambda t: t != 1.0)], plot)
        axes.hlines(place, low, high, color=PALE, linewidth=0.4, zorder=0)
        axes.axvline(1.0, color=RULE, linewidth=0.6, zorder=0)
        for at, ratio, colour in zip(
            place, ratios, _promise_colours(table, [1.0] * len(ratios), ratios), strict=True
        ):
            _dumbbell(axes, at, 1.0, ratio, ratio, colour)
    return figure


def target_growth(
    table: pd.DataFrame,
    *,
    top: int = 40,
    lang: Lang = "zh",
    width: Width = "double",
    titled: bool = False,
) -> ReportFigure:
    """The growth asked of the year beside that of the year before, for each indicator that has
    both.

    Columns: as in `actual_vs_target`, and if there is one `target_high` (upper end of a range);
    drawn are the rows whose measure is growth and whose unit, if `unit_base` tells it, is per cent.
    Id: fig-target-growth.

    >>> row = {"indicator": "地区生产总值", "measure": "growth", "actual": 7.8, "target": 8.5, "actual_text": "7.8%", "target_text": "8.5%"}
    >>> target_growth(pd.DataFrame([row]))  # "gross product"
    <fig-target-growth zh 175 x 17.8 mm>
    """
    id = "fig-target-growth"
    marks.need(id, table, "indicator", "measure", "actual", "target", "actual_text", "target_text")
    done, asked = marks.floats(table["actual"]), marks.floats(table["target"])
    percent = table["unit_base"] == "%" if "unit_base" in table.columns else [True] * len(table)
    growth = [m == "growth" and bool(p) for m, p in zip(table["measure"], percent, strict=True)]
    kept = [g and a == a and b == b for g, a, b in zip(growth, done, asked, strict=True)]
    left_out, table = sum(growth), table[kept].head(top)
    left_out -= len(table)
    if table.empty:
        return marks.nothing(id, lang, width, titled)
    with style():
        before, after = marks.floats(table["actual"]), marks.floats(table["target"])
        tops = marks.floats(table["target_high"]) if "target_high" in table.columns else after
        tops = [b if t != t else t for b, t in zip(after, tops, strict=True)]
        heading = {"zh": "增长率（%）", "en": "Growth (%)"}[lang]
        said = {
            "zh": f"另有{left_out}项增速目标未画：报告中没有可比的上年增速。",
            "en": f"{left_out} more growth targets not drawn: the report tells no growth to compare.",
        }[lang]
        figure, axes, plot, place = _pairs(
            id, table, lang, width, titled, said if left_out else "", heading
        )
        low, high = _limits([*before, *after, *tops])
        _growth_axis(axes, low, high, place, plot)
        colours = _promise_colours(table, before, after)
        for at, a, b, t, colour in zip(place, before, after, tops, colours, strict=True):
            _dumbbell(
                axes,
                at,
                min(max(a, low), high),
                min(max(b, low), high),
                min(max(t, low), high),
                colour,
            )
    return figure


def _pairs(
    id: str, table: pd.DataFrame, lang: Lang, width: Width, titled: bool, said: str, heading: str
) -> tuple[ReportFigure, Axes, float, list[float]]:
    """The rows of outcomes and targets: labels, both values as written, the key, what was left out;
    and the axes between them."""
    total = WIDTHS[width]
    labels = [
        marks.label(name, total * 0.3, lang) for name in marks.words(table, "indicator", lang)
    ]
    left = max(map(marks.block_width, labels)) + 2.5
    values = marks.floats(table["actual"]), marks.floats(table["target"])
    growing = list(table["measure"] == "growth")
    told = [
        [
            marks.label(
                signed(text, value) if growth else text, total * 0.2, lang, lines=1, size=SMALL
            )
            for text, value, growth in zip(
                marks.words(table, column, lang), some, growing, strict=True
            )
        ]
        for column, some in zip(("actual_text", "target_text"), values, strict=True)
    ]
    names = {"zh": ("上年", "目标"), "en": ("Last year", "Target")}[lang]
    place, height = marks.rows(
        [max(row, key=lambda text: text.count("\n")) for row in zip(labels, *told, strict=True)]
    )
    columns = [
        max(marks.block_width(text, size=SMALL) for text in [*some, name]) + 2.0
        for some, name in zip(told, names, strict=True)
    ]
    upper = 2 * marks.HEAD
    lines = _lines(said, total)
    figure = marks.start(
        id, lang, width, upper + height + 5.0 + 3.0 * len(lines) + (1.0 if lines else 0.0), titled
    )
    _key(figure, lang)
    plot = total - left - sum(columns) - 4.0
    # A narrow column has no room for the words of the axis beside the two headings: the title says
    # them.
    if text_width(heading, size=SMALL) <= plot:
        figure.write(left + 1.5, marks.HEAD + 0.9, heading, **marks.SECONDARY)
    edge = total - 1.0
    for some, name, wide in reversed(list(zip(told, names, columns, strict=True))):
        figure.write(edge, marks.HEAD + 0.9, name, ha="right", **marks.SECONDARY)
        for at, text in zip(place, some, strict=True):
            figure.write(
                edge,
                upper + at,
                text,
                ha="right",
                va="center",
                **marks.spacing(text),
                **marks.SECONDARY,
            )
        edge -= wide
    marks.row_labels(figure, left, upper, place, labels)
    if lines:
        _below(figure, said)
    return figure, marks.row_axes(figure, left + 1.5, upper, plot, height), plot, place


def _key(figure: ReportFigure, lang: Lang) -> None:
    """A ring for the outcome, dots for targets."""
    names = {
        "zh": ("上年实绩", "目标要求不低于实绩", "目标要求低于实绩"),
        "en": ("last year", "target: as much or more", "target: less"),
    }[lang]
    axes = figure.panel(0, 0, figure.mm_width, marks.HEAD)
    axes.set_xlim(0, figure.mm_width)
    axes.set_ylim(marks.HEAD, 0)
    axes.axis("off")
    left = 2.2
    for name, colour, hollow in zip(names, (SOFT, BLUE, RED), (True, False, False), strict=True):
        _mark(axes, left, 2.1, colour, hollow=hollow)
        figure.write(left + 1.6, 0.9, name, **marks.SECONDARY)
        left += text_width(name, size=SMALL) + 5.6


def _mark(axes: Axes, x: float, y: float, colour: str, *, hollow: bool) -> None:
    face = "white" if hollow else colour
    axes.plot(
        [x],
        [y],
        linestyle="none",
        marker="o",
        markersize=RING if hollow else DOT,
        color=colour,
        markerfacecolor=face,
        markeredgewidth=0.9 if hollow else 0,
        clip_on=False,
        zorder=3 if hollow else 4,
    )


def _dumbbell(axes: Axes, at: float, outcome: float, low: float, high: float, colour: str) -> None:
    """A ring, a dot or the thick line of a range, and what joins them; where a dot stands in the
    ring, that is drawn around it."""
    near = low if abs(low - outcome) < abs(high - outcome) else high
    axes.plot([outcome, near], [at, at], color=colour, linewidth=0.8, zorder=1, clip_on=False)
    if outcome in (low, high):
        axes.plot(
            [outcome],
            [at],
            linestyle="none",
            marker="o",
            markersize=DOT + 2.4,
            markerfacecolor="white",
            color=SOFT,
            markeredgewidth=0.9,
            clip_on=False,
        )
    else:
        _mark(axes, outcome, at, SOFT, hollow=True)
    axes.plot(
        [low, high],
        [at, at],
        color=colour,
        linewidth=2.2,
        solid_capstyle="round",
        zorder=2,
        clip_on=False,
    )
    for end in sorted({low, high}):
        _mark(axes, end, at, colour, hollow=False)


def _promise_colours(
    table: pd.DataFrame, before: Sequence[float], after: Sequence[float]
) -> list[str]:
    if "promise" in table.columns:
        return [RED if promise == "less" else BLUE for promise in table["promise"]]
    return [RED if b < a else BLUE for a, b in zip(before, after, strict=True)]


def _limits(values: Sequence[float]) -> tuple[float, float]:
    """The ends of a scale with zero on it that holds all values, or those within the outer fences
    (Tukey 1977) if it is three times as long with the others: then the many could not be told apart
    for the sake of a few."""
    some = pd.Series(list(values), dtype=float)
    first, third = float(some.quantile(0.25)), float(some.quantile(0.75))
    fence = 3 * max(third - first, 1.0)
    inside = [0.0, *(value for value in values if first - fence <= value <= third + fence)]
    everything = [0.0, *values]
    crowded = max(everything) - min(everything) > 3 * (max(inside) - min(inside))
    low, high = (min(inside), max(inside)) if crowded else (min(everything), max(everything))
    if low == high:
        high = low + 1.0
    return low - 0.03 * (high - low) * (low < 0), high + 0.03 * (high - low) * (high > 0)


def _growth_axis(axes: Axes, low: float, high: float, place: Sequence[float], width: float) -> None:
    axes.set_xlim(low, high)
    step = next(
        (s for s in (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500) if (high - low) / s <= 6), 1000
    )
    first, last = int(-(-low // step)), int(high // step)
    _ticks(
        axes,
        [
            (k * step, marks.number(k * step, 1 if step < 1 else 0))
            for k in sorted(range(first, last + 1), key=abs)
        ],
        width,
    )
    axes.hlines(place, low, high, color=PALE, linewidth=0.4, zorder=0)
    axes.axvline(0, color=RULE, linewidth=0.6, zorder=0)


def _point(axes: Axes, value: float, at: float, low: float, high: float, colour: str) -> None:
    """A dot, or at the edge an arrow where the value lies beyond it."""
    marker = "<" if value < low else ">" if value > high else "o"
    axes.plot(
        [min(max(value, low), high)],
        [at],
        linestyle="none",
        marker=marker,
        markersize=DOT,
        color=colour,
        markeredgewidth=0,
        clip_on=False,
    )


def _ticks(axes: Axes, scale: Sequence[tuple[float, str]], width: float) -> None:
    """Ticks with their names, the first before the others where names would touch."""
    taken: list[tuple[float, float, float, str]] = []
    axes.xaxis.set_visible(True)
    to_share = axes.transData + axes.transAxes.inverted()
    for value, text in scale:
        middle, half = (
            float(to_share.transform((value, 1.0))[0]) * width,
            text_width(text, size=SMALL) / 2,
        )
        if all(
            middle - half >= end + marks.GAP or middle + half <= start - marks.GAP
            for start, end, *_ in taken
        ):
            taken.append((middle - half, middle + half, value, text))
    axes.set_xticks([value for *_, value, _ in taken], [text for *_, text in taken])


def _lines(text: str, total: float) -> list[str]:
    return wrap(text, total - 2, lines=3, size=SMALL).split("\n") if text else []


def _below(figure: ReportFigure, text: str) -> None:
    """Small text at the foot of the figure."""
    lines = _lines(text, figure.mm_width)
    figure.write(
        1.0,
        figure.mm_height - figure.mm_top - 0.8,
        "\n".join(lines),
        va="bottom",
        linespacing=1.2,
        **marks.SECONDARY,
    )


def ranks(
    table: pd.DataFrame,
    *,
    top: int = 30,
    lang: Lang = "zh",
    width: Width = "double",
    titled: bool = False,
) -> ReportFigure:
    """The places that the report claims, in the order of the table: rank, what is ranked, among
    whom.

    Columns: `indicator`, `rank` (1 the first), `among` (null where the text names no group). First
    places stand out. Id: fig-ranks.

    >>> ranks(pd.DataFrame({"indicator": ["工业技改投资增幅"], "rank": [1], "among": ["主城区"]}))  # "first among the main urban districts"
    <fig-ranks zh 175 x 11 mm>
    """
    id = "fig-ranks"
    marks.need(id, table, "indicator", "rank", "among")
    marks.finite(id, table, "rank")
    rest, table = len(table) - top, table.head(top)
    if table.empty:
        return marks.nothing(id, lang, width, titled)
    heads = {"zh": ["位次", "指标", "范围"], "en": ["Rank", "Indicator", "Among"]}[lang]
    places = [f"{rank:g}" for rank in marks.floats(table["rank"])]
    groups = [group or "–" for group in marks.words(table, "among", lang)]
    cells = [places, marks.words(table, "indicator", lang), groups]
    colours = [[BLUE if place == "1" else SOFT for place in places], None, None]
    said = {"zh": f"另有{rest}项未列。", "en": f"{rest} more not shown."}[lang] if rest > 0 else ""
    return _grid(id, lang, width, titled, heads, cells, (0.1, 0.58, 0.32), colours, said, heavy=0)


def audit(
    table: pd.DataFrame,
    *,
    top: int = 30,
    lang: Lang = "zh",
    width: Width = "double",
    titled: bool = False,
) -> ReportFigure:
    """The report's arithmetic: what it states, what follows from its other statements, and whether
    both agree.

    Columns: `rule`, `verdict`, `indicator`, `text` (as stated), `computed`, `evidence` (the
    statements that it follows from). The first `top` rows are drawn; what does not agree comes
    first. Id: fig-audit.

    >>> row = {"rule": "share-of-levels", "verdict": "agrees", "indicator": "服务业", "text": "92%", "computed": 91.8, "evidence": "591亿"}
    >>> audit(pd.DataFrame([row]))  # "services"
    <fig-audit zh 175 x 11 mm>
    """
    id = "fig-audit"
    marks.need(id, table, "rule", "verdict", "indicator", "text", "computed", "evidence")
    worst = [*VERDICT_NAMES][::-1]
    places = [
        worst.index(verdict) if verdict in worst else len(worst) for verdict in table["verdict"]
    ]
    order = sorted(range(len(table)), key=lambda i: places[i])
    rest, table = len(table) - top, table.iloc[order].head(top)
    if table.empty:
        return marks.nothing(id, lang, width, titled)
    heads = {
        "zh": ["指标", "报告所述", "依据", "算得", "结论"],
        "en": ["Indicator", "Stated", "From", "Result", "Verdict"],
    }[lang]
    verdicts = [str(verdict) for verdict in table["verdict"]]
    rules = [RULE_NAMES[rule][lang] if rule in RULE_NAMES else str(rule) for rule in table["rule"]]
    colon = {"zh": "：", "en": ": "}[lang]
    grounds = marks.words(table, "evidence", lang)
    evidence = [
        name if rule == "parts-of-whole" else f"{name}{colon}{text}"
        for rule, name, text in zip(table["rule"], rules, grounds, strict=True)
    ]
    cells = [
        marks.words(table, "indicator", lang),
        marks.words(table, "text", lang),
        evidence,
        [
            _computed(*row)
            for row in zip(table["rule"], table["computed"], table["text"], grounds, strict=True)
        ],
        [
            VERDICT_NAMES[verdict][lang] if verdict in VERDICT_NAMES else verdict
            for verdict in verdicts
        ],
    ]
    colours = [
        None,
        None,
        None,
        None,
        [{"agrees": INK, "agrees after rounding": SOFT}.get(verdict, RED) for verdict in verdicts],
    ]
    said = {"zh": f"另有{rest}项未列。", "en": f"{rest} more not shown."}[lang] if rest > 0 else ""
    return _grid(
        id, lang, width, titled, heads, cells, (0.27, 0.14, 0.27, 0.17, 0.15), colours, said
    )


def _computed(rule: object, computed: object, text: object, evidence: object) -> str:
    """What follows, in the unit of the statement: a whole as written where a part must not exceed
    it."""
    if rule == "parts-of-whole":
        # A bound in English stands before its number, and two would stand there.
        return (
            f"within {evidence}"
            if re.match("≥|≤|over |under |about ", str(evidence))
            else f"≤{evidence}"
        )
    return marks.number(float(str(computed)), 2) + ("%" if str(text).endswith("%") else "")


def _grid(
    id: str,
    lang: Lang,
    width: Width,
    titled: bool,
    heads: Sequence[str],
    cells: Sequence[Sequence[str]],
    shares: Sequence[float],
    colours: Sequence[Sequence[str] | None],
    said: str,
    *,
    heavy: int | None = None,
) -> ReportFigure:
    """A table as a figure: columns of so much of the width, cells of up to three lines, a rule
    below the headings."""
    with style():
        total = WIDTHS[width]
        size = SIZE if width == "double" else SMALL
        gap = 2.5 if width == "double" else 1.6
        room = total - 2 - gap * (len(heads) - 1)
        wides = [share * room for share in shares]
        wrapped = [
            [wrap(text, wide, lines=3, size=size) for text in column]
            for column, wide in zip(cells, wides, strict=True)
        ]
        tallest = [
            max(row, key=lambda label: label.count("\n")) for row in zip(*wrapped, strict=True)
        ]
        place, height = marks.rows(tallest, row=4.6)
        upper = 5.4
        figure = marks.start(
            id, lang, width, upper + height + marks.FOOT + (4.0 if said else 0.0), titled
        )
        left = 1.0
        for number, (head, column, wide) in enumerate(zip(heads, wrapped, wides, strict=True)):
            figure.write(left, 0.9, head, **marks.SECONDARY)
            inks = colours[number] or [INK] * len(column)
            for at, text, ink in zip(place, column, inks, strict=True):
                weight = "bold" if number == heavy and ink == BLUE else "normal"
                # A line of Latin alone is less high than one of Han: on one baseline both look
                # level.
                one = "\n" not in text
                middle = upper + at + (0.36 * size / 72 / MM if one else 0.0)
                va = "baseline" if one else "center"
                figure.write(
                    left, middle, text, va=va, size=size, color=ink, weight=weight, linespacing=1.1
                )
            left += wide + gap
        edges = [
            0.0,
            *(
                at + (marks.LINE * label.count("\n") + 4.6) / 2
                for at, label in zip(place, tallest, strict=True)
            ),
        ]
        axes = marks.row_axes(figure, 1.0, upper, total - 2, height)
        axes.set_xlim(0, 1)
        axes.hlines(edges[1:-1], 0, 1, color=PALE, linewidth=0.4)
        axes.hlines(
            [edges[0] + 0.01, edges[-1] - 0.01], 0, 1, color=RULE, linewidth=0.6, clip_on=False
        )
        if said:
            _below(figure, said)
    return figure


def commitments(
    table: pd.DataFrame, *, lang: Lang = "zh", width: Width = "double", titled: bool = False
) -> ReportFigure:
    """How many numeric targets each section sets: bars in the order of the table, divided by how
    firm the number is.

    Columns: `section` (id), `title`, `part`, and the counts `targets`, `exact`, `limits`,
    `approximate`. Id: fig-commitments.

    >>> row = {"section": "2", "title": "2014年工作", "part": "plan", "targets": 3, "exact": 2, "limits": 1, "approximate": 0}
    >>> commitments(pd.DataFrame([row]))  # "work in 2014"
    <fig-commitments zh 175 x 9.6 mm>
    """
    id = "fig-commitments"
    marks.need(id, table, "section", "title", "part", "targets", "exact", "limits", "approximate")
    marks.finite(id, table, "targets", "exact", "limits", "approximate")
    if table.empty:
        return marks.nothing(id, lang, width, titled)
    with style():
        total = WIDTHS[width]
        titles = [
            title or marks.part_name("" if pd.isna(part) else str(part), lang) or "–"
            for title, part in zip(marks.words(table, "title", lang), table["part"], strict=True)
        ]
        labels = [marks.label(title, total * 0.44, lang) for title in titles]
        place, height = marks.rows(labels)
        left = max(map(marks.block_width, labels)) + 2.5
        figure = marks.start(id, lang, width, marks.HEAD + height + marks.FOOT, titled)
        names = {
            "zh": ("确数", "上限或下限", "约数或区间"),
            "en": ("exact", "at least or at most", "about, or a range"),
        }[lang]
        kinds = list(
            zip(("exact", "limits", "approximate"), names, (BLUE, AMBER, PALE), strict=True)
        )
        across = 1.0
        for _, name, colour in kinds:
            marks.square(figure, across, 1.2, 2.0, colour)
            figure.write(across + 2.8, 0.9, name, **marks.SECONDARY)
            across += text_width(name, size=SMALL) + 6.0
        axes = marks.row_axes(figure, left, marks.HEAD, total - left - 1, height)
        marks.bars(
            axes,
            total - left - 1,
            place,
            marks.floats(table["targets"]),
            [f"{n:g}" for n in marks.floats(table["targets"])],
        )
        so_far = [0.0] * len(table)
        for column, _, colour in kinds:
            counts = marks.floats(table[column])
            axes.barh(place, counts, left=so_far, height=marks.BAR, color=colour)
            so_far = [a + b for a, b in zip(so_far, counts, strict=True)]
        marks.row_labels(figure, left, marks.HEAD, place, labels)
    return figure
