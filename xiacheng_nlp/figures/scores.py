"""The figures of accuracy: each a function from one tidy table to one Figure. `figures` says what
they have in common."""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes

from xiacheng_nlp.figures import marks
from xiacheng_nlp.figures.names import MEASURE_NAMES, SIGN_NAMES, STATUS_NAMES
from xiacheng_nlp.figures.style import (
    AMBER,
    BLUE,
    PALE,
    SMALL,
    SOFT,
    WIDTHS,
    Lang,
    ReportFigure,
    Width,
    style,
    text_width,
)

PACKAGE = "package"
TASK_NAMES: Mapping[str, Mapping[str, str]] = {
    "words": {"zh": "分词（F1）", "en": "Words (F1)"},
    "terms": {"zh": "专门词语完整保留（召回率）", "en": "Special terms kept whole (recall)"},
    "spans": {"zh": "数量的位置（F1）", "en": "Places of numbers (F1)"},
    "quantities": {"zh": "数值、单位与界限（F1）", "en": "Value, unit and bound (F1)"},
    "indicators": {"zh": "指标（F1）", "en": "Indicators (F1)"},
    "records": {"zh": "指标记录各字段全对（F1）", "en": "Indicators, every field right (F1)"},
    "themes": {"zh": "主要主题（正确率）", "en": "Main theme (accuracy)"},
    "codes": {"zh": "全部主题（F1）", "en": "All themes (F1)"},
    "instrument": {"zh": "政策工具（正确率）", "en": "Instrument (accuracy)"},
}
"""What is scored, by its names in figures, with the measure."""

SYSTEM_NAMES: Mapping[str, Mapping[str, str]] = {
    "package": {"zh": "本软件包", "en": "this package"},
    "jieba": {"zh": "jieba", "en": "jieba"},
    "pattern": {"zh": "正则表达式", "en": "a plain pattern"},
    "most frequent code": {"zh": "同一编码", "en": "one code for all"},
}
CONSTRUCTION_NAMES: Mapping[str, Mapping[str, str]] = {
    **MEASURE_NAMES,
    "outcome": {"zh": STATUS_NAMES["actual"]["zh"], "en": "outcome"},
    "target": STATUS_NAMES["target"],
    "definition": {"zh": "名词解释中的定义", "en": "definition"},
    "with a bound": {"zh": "带界限（以上、以内……）", "en": "with a bound"},
    "range": {"zh": "区间", "en": "range"},
    "decrease": SIGN_NAMES["decrease"],
    "about another number": {"zh": "附于另一数值", "en": "about another number"},
}


def accuracy(
    table: pd.DataFrame, *, lang: Lang = "zh", width: Width = "double", titled: bool = False
) -> ReportFigure:
    """The score of each task with its interval, and beside it what common tools reach.

    Columns: `task`, `system` (package, or a baseline of `SYSTEM_NAMES`; other rows are not drawn),
    `value`, `low`, `high` (0 to 1). One row a task and system. Id: fig-accuracy.

    >>> accuracy(pd.DataFrame({"task": ["themes"], "system": ["package"], "value": [0.94], "low": [0.91], "high": [0.96]}))
    <fig-accuracy zh 175 x 14.4 mm>
    """
    id = "fig-accuracy"
    marks.need(id, table, "task", "system", "value", "low", "high")
    marks.finite(id, table, "value")
    table = table[table["system"].isin(list(SYSTEM_NAMES))]
    package = table[table["system"] == PACKAGE]
    if package.empty:
        return marks.nothing(id, lang, width, titled)
    beside = {
        task: (system, value) for task, system, value in _rows(table[table["system"] != PACKAGE])
    }
    names = [TASK_NAMES[task][lang] if task in TASK_NAMES else task for task in package["task"]]
    others = [beside.get(task) for task in package["task"]]
    baselines = list(dict.fromkeys(system for system in table["system"] if system != PACKAGE))
    entries = [(PACKAGE, BLUE, False), *((system, AMBER, True) for system in baselines)]
    return _scores(id, package, names, others, entries, lang, width, titled)


def accuracy_by_construction(
    table: pd.DataFrame, *, lang: Lang = "zh", width: Width = "double", titled: bool = False
) -> ReportFigure:
    """Which share of the indicators of each construction is read with every field right, and what
    the plain pattern reaches.

    Columns: `construction`, `n`, `record`, `record_low`, `record_high`, `pattern_record` (0 to 1).
    Id: fig-accuracy-by-construction.

    >>> row = {"construction": "growth", "n": 24, "record": 1.0, "record_low": 0.86, "record_high": 1.0, "pattern_record": 0.38}
    >>> accuracy_by_construction(pd.DataFrame([row]))
    <fig-accuracy-by-construction zh 175 x 14.4 mm>
    """
    id = "fig-accuracy-by-construction"
    marks.need(
        id, table, "construction", "n", "record", "record_low", "record_high", "pattern_record"
    )
    marks.finite(id, table, "n", "record", "record_low", "record_high")
    if table.empty:
        return marks.nothing(id, lang, width, titled)
    names = [
        f"{CONSTRUCTION_NAMES[name][lang] if name in CONSTRUCTION_NAMES else name} ({int(n)})"
        for name, n in zip(table["construction"], table["n"], strict=True)
    ]
    drawn = table.rename(columns={"record": "value", "record_low": "low", "record_high": "high"})
    others = [("pattern", value) for value in marks.floats(table["pattern_record"])]
    return _scores(
        id,
        drawn,
        names,
        others,
        [(PACKAGE, BLUE, False), ("pattern", AMBER, True)],
        lang,
        width,
        titled,
    )


def _rows(table: pd.DataFrame) -> list[tuple[str, str, float]]:
    return list(zip(table["task"], table["system"], marks.floats(table["value"]), strict=True))


def _scores(
    id: str,
    table: pd.DataFrame,
    names: Sequence[str],
    others: Sequence[tuple[str, float] | None],
    entries: Sequence[tuple[str, str, bool]],
    lang: Lang,
    width: Width,
    titled: bool,
) -> ReportFigure:
    """A row a name: the value as a dot on its interval, and that of another system as a ring, from
    0 to 100 %."""
    with style():
        total = WIDTHS[width]
        labels = [marks.label(name, total * 0.36, lang) for name in names]
        place, height = marks.rows(labels)
        left = max(map(marks.block_width, labels)) + 2.5
        values, lows, highs = (marks.floats(table[column]) for column in ("value", "low", "high"))
        told = [
            f"{100 * v:.1f}" + (f" ({100 * a:.1f}–{100 * b:.1f})" if width == "double" else "")
            for v, a, b in zip(values, lows, highs, strict=True)
        ]
        side = max(text_width(text, size=SMALL) for text in told) + 4.0
        lines = _key_lines(entries, lang, total)
        upper = marks.HEAD * len(lines) + 0.8
        figure = marks.start(id, lang, width, upper + height + 5.0, titled)
        _key(figure, lines)
        plot = total - left - side
        axes = marks.row_axes(figure, left + 1.0, upper, plot, height)
        axes.set_xlim(0, 1)
        axes.hlines(place, 0, 1, color=PALE, linewidth=0.5, zorder=0)
        for at, value, low, high, other in zip(place, values, lows, highs, others, strict=True):
            axes.plot(
                [low, high],
                [at, at],
                color=BLUE,
                linewidth=1.1,
                solid_capstyle="butt",
                zorder=2,
                clip_on=False,
            )
            if other is not None and other[1] == other[1]:
                # Where both stand at one place, a larger ring shows around the dot.
                _dot(
                    axes,
                    other[1],
                    at,
                    AMBER,
                    hollow=True,
                    size=5.6 if abs(other[1] - value) < 0.01 else 3.6,
                )
            _dot(axes, value, at, BLUE, hollow=False)
        axes.xaxis.set_visible(True)
        ticks = (0.0, 0.25, 0.5, 0.75, 1.0) if width == "double" else (0.0, 0.5, 1.0)
        axes.set_xticks(ticks, [f"{100 * tick:.0f}%" for tick in ticks])
        for at, text in zip(place, told, strict=True):
            figure.write(total - 1.0, upper + at, text, ha="right", va="center", **marks.SECONDARY)
        marks.row_labels(figure, left, upper, place, labels)
    return figure


def _dot(axes: Axes, x: float, y: float, colour: str, *, hollow: bool, size: float = 3.6) -> None:
    face = "white" if hollow else colour
    axes.plot(
        [x],
        [y],
        linestyle="none",
        marker="D" if hollow else "o",
        markersize=size,
        color=colour,
        markerfacecolor=face,
        markeredgewidth=0.9,
        clip_on=False,
        zorder=3 if hollow else 4,
    )


def _key_lines(
    entries: Sequence[tuple[str, str, bool]], lang: Lang, total: float
) -> list[list[tuple[float, str, str, bool]]]:
    """The key in as many lines as it needs: place, name, colour, hollow."""
    lines: list[list[tuple[float, str, str, bool]]] = [[]]
    x = 2.2
    baselines = [SYSTEM_NAMES[system][lang] for system, _, hollow in entries if hollow]
    joint = {"zh": "对照：" + "、".join(baselines), "en": "beside: " + ", ".join(baselines)}[lang]
    for name, colour, hollow in [
        (SYSTEM_NAMES[PACKAGE][lang], BLUE, False),
        *([(joint, AMBER, True)] if baselines else []),
    ]:
        length = text_width(name, size=SMALL) + 5.6
        if x + length > total and lines[-1]:
            lines.append([])
            x = 2.2
        lines[-1].append((x, name, colour, hollow))
        x += length
    return lines


def _key(figure: ReportFigure, lines: Sequence[Sequence[tuple[float, str, str, bool]]]) -> None:
    for number, line in enumerate(lines):
        axes = figure.panel(0, number * marks.HEAD, figure.mm_width, marks.HEAD)
        axes.set_xlim(0, figure.mm_width)
        axes.set_ylim(marks.HEAD, 0)
        axes.axis("off")
        for x, name, colour, hollow in line:
            _dot(axes, x, 2.1, colour, hollow=hollow)
            room = figure.mm_width - x - 3.0
            figure.write(
                x + 1.9,
                number * marks.HEAD + 0.9,
                marks.label(name, room, "zh", lines=1, size=SMALL),
                color=SOFT,
                size=SMALL,
            )
