"""The figures of accuracy: what the package reads right, beside what common tools reach."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from xiacheng_nlp.figures import marks
from xiacheng_nlp.figures.marks import AXIS, Mark, Rows, stroke, widest
from xiacheng_nlp.figures.names import COLON, COMMA, MEASURE_NAMES, SIGN_NAMES, STATUS_NAMES, names
from xiacheng_nlp.figures.page import Page, figure, floats, numbers
from xiacheng_nlp.figures.style import AMBER, BLUE, HEAD, ReportFigure

PACKAGE = "package"
TASK_NAMES = names("task")
"""What is scored, by its names in figures, with the measure."""
SYSTEM_NAMES = names("system")
CONSTRUCTION_NAMES = {
    **MEASURE_NAMES,
    "target": STATUS_NAMES["target"],
    "decrease": SIGN_NAMES["decrease"],
} | dict(names("construction"))
SCORE, BESIDE = Mark(BLUE, size=3.6), Mark(AMBER, "D", 3.6, ring=True)
"""The marks of the package and of a common tool."""


@figure("fig-accuracy", needs="task system value low high", finite="value", counts="sentences")
def accuracy(page: Page, table: pd.DataFrame) -> ReportFigure | None:
    """The score of each task with its interval, and beside it what common tools reach.

    Columns: `task`, `system` (package, or a baseline of `SYSTEM_NAMES`; other rows are not drawn),
    `value`, `low`, `high` (0 to 1). One row a task and system. Id: fig-accuracy.

    >>> row = {"task": "themes", "system": "package", "value": 0.94, "low": 0.91, "high": 0.96}
    >>> accuracy(pd.DataFrame([row]))
    <fig-accuracy zh 175 x 14.4 mm>
    """
    table = table[table["system"].isin(list(SYSTEM_NAMES))]
    package = table[table["system"] == PACKAGE]
    if package.empty:
        return None
    others = table[table["system"] != PACKAGE]
    beside = dict(zip(others["task"], floats(others["value"]), strict=True))
    values = zip(*numbers(package, "value", "low", "high"), strict=True)
    rows = [
        _Score(page.name(TASK_NAMES, task), value, low, high, beside.get(task, math.nan))
        for task, (value, low, high) in zip(package["task"], values, strict=True)
    ]
    return _scores(page, rows, list(dict.fromkeys(others["system"])))


@figure(
    "fig-accuracy-by-construction",
    needs="construction n record record_low record_high pattern_record",
    finite="n record record_low record_high",
    counts="indicators",
)
def accuracy_by_construction(page: Page, table: pd.DataFrame) -> ReportFigure:
    """Which share of the indicators of each construction is read with every field right, and what
    the plain pattern reaches.

    Columns: `construction`, `n`, `record`, `record_low`, `record_high`, `pattern_record` (0 to 1).
    Id: fig-accuracy-by-construction.

    >>> row = {"construction": "growth", "n": 24, "record": 1.0, "record_low": 0.86}
    >>> accuracy_by_construction(pd.DataFrame([row | {"record_high": 1.0, "pattern_record": 0.38}]))
    <fig-accuracy-by-construction zh 175 x 14.4 mm>
    """
    columns = ("record", "record_low", "record_high", "pattern_record")
    rows = [
        _Score(f"{page.name(CONSTRUCTION_NAMES, name)} ({int(n)})", *values)
        for name, n, *values in zip(
            table["construction"], table["n"], *numbers(table, *columns), strict=True
        )
    ]
    return _scores(page, rows, ["pattern"])


class _Score(NamedTuple):
    """A score with its interval, and what another system reaches: null where it was not tried."""

    name: str
    value: float
    low: float
    high: float
    other: float


def _scores(page: Page, scores: Sequence[_Score], systems: Sequence[str]) -> ReportFigure:
    """A row a score: the value as a dot on its interval, and that of another system as a diamond,
    from 0 to 100 %."""
    rows = Rows.of([page.label(score.name, page.total * 0.36) for score in scores])
    told = [
        f"{100 * score.value:.1f}"
        + (f" ({100 * score.low:.1f}–{100 * score.high:.1f})" if page.double else "")
        for score in scores
    ]
    entries = [(SCORE, page.name(SYSTEM_NAMES, PACKAGE))]
    if systems:
        named = COMMA[page.lang].join(page.name(SYSTEM_NAMES, system) for system in systems)
        entries.append((BESIDE, page.say("beside") + COLON[page.lang] + named))
    upper = HEAD * len(marks.legend_lines(entries, page.total)) + 0.8
    picture = page.start(upper + rows.height + AXIS)
    marks.legend(picture, entries)
    plot = page.total - rows.left - widest(told) - 4.0
    axes = rows.plot(picture, upper, plot, shift=1.0)
    marks.rails(axes, rows.middles, 0, 1, width=0.5)
    for at, score in rows.each(scores):
        stroke(axes, [score.low, score.high], [at, at], BLUE, 1.1)
        # Where both stand at one place, a larger diamond shows around the dot.
        near = abs(score.other - score.value) < 0.01
        BESIDE._replace(size=5.6 if near else 3.6).at(axes, score.other, at)
        SCORE.at(axes, score.value, at)
    steps = (0.0, 0.25, 0.5, 0.75, 1.0) if page.double else (0.0, 0.5, 1.0)
    marks.ticks(axes, [(step, f"{100 * step:.0f}%") for step in steps], plot)
    rows.column(picture, page.total - 1.0, upper, told)
    return picture
