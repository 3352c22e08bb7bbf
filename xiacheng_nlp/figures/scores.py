"""The figures of accuracy: what the package reads right, beside what common tools reach."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes

from xiacheng_nlp.figures import marks
from xiacheng_nlp.figures.marks import AXIS, Mark, stroke
from xiacheng_nlp.figures.names import COLON, COMMA, MEASURE_NAMES, SIGN_NAMES, STATUS_NAMES, names
from xiacheng_nlp.figures.page import Drawn, Page, figure, numbers
from xiacheng_nlp.figures.rows import Rows
from xiacheng_nlp.figures.style import AMBER, BLUE, ReportFigure

PACKAGE, HELD_OUT = "package", "held out"
TASK_NAMES = names("task")
"""What is scored, by its names in figures, with the measure."""
SYSTEM_NAMES = names("system")
CONSTRUCTION_NAMES = {
    **MEASURE_NAMES,
    "target": STATUS_NAMES["target"],
    "decrease": SIGN_NAMES["decrease"],
} | dict(names("construction"))
HELD, SEED, BESIDE = Mark(BLUE, size=3.6), Mark(BLUE, size=3.6, ring=True), Mark(AMBER, "D", 3.6)
"""The marks of the score on other reports, of that on the seed, and of a common tool."""


@figure
def accuracy(page: Page, table: pd.DataFrame) -> Drawn:
    """The score of each task: that on reports whose mistakes nobody looked at first, beside it that
    on the seed with its interval, and what common tools reach.

    Columns: `task`, `system` (held out; package, on the seed; or a baseline of `SYSTEM_NAMES`;
    other rows are not drawn), `value`, `low`, `high` (0 to 1), and if there are such `right`,
    `expected` (counts). One row a task and system. Id: fig-accuracy.

    >>> row = {"task": "themes", "system": "package", "value": 0.94, "low": 0.91, "high": 0.96}
    >>> accuracy(pd.DataFrame([row]))
    <fig-accuracy zh 175 x 14.4 mm>
    """
    table = table[table["system"].isin(list(SYSTEM_NAMES))]
    scores: dict[str, dict[str, tuple[float, ...]]] = {}
    columns = numbers(table, "value", "low", "high", "right", "expected")
    for task, system, *told in zip(table["task"], table["system"], *columns, strict=True):
        kind = system if system in (PACKAGE, HELD_OUT) else "beside"
        scores.setdefault(page.name(TASK_NAMES, task), {})[kind] = tuple(told)
    rows = [
        _Score(name, told.get(HELD_OUT), told.get(PACKAGE), told.get("beside", (math.nan,))[0])
        for name, told in scores.items()
        if {HELD_OUT, PACKAGE} & set(told)
    ]
    systems = [s for s in dict.fromkeys(table["system"]) if s not in (PACKAGE, HELD_OUT)]
    return _scores(page, rows, systems) if rows else None


@figure
def accuracy_by_construction(page: Page, table: pd.DataFrame) -> ReportFigure:
    """Which share of the indicators of each construction is read with every field right, and what
    the plain pattern reaches.

    Columns: `construction`, `n`, `record`, `record_low`, `record_high`, `pattern_record` (0 to 1).
    Id: fig-accuracy-by-construction.

    >>> row = {"construction": "growth", "n": 24, "record": 1.0, "record_low": 0.86}
    >>> accuracy_by_construction(pd.DataFrame([row | {"record_high": 1.0, "pattern_record": 0.38}]))
    <fig-accuracy-by-construction zh 175 x 14.4 mm>
    """
    columns = numbers(table, "n", "record", "record_low", "record_high", "pattern_record")
    rows = [
        _Score(page.name(CONSTRUCTION_NAMES, name), None, (*told, n * told[0], n), other)
        for name, n, *told, other in zip(table["construction"], *columns, strict=True)
    ]
    return _scores(page, rows, ["pattern"])


class _Score(NamedTuple):
    """Scores on other reports and on the seed, each its value, the ends of its interval, how many
    are right and of how many; and what another system reaches. What was not tried is null."""

    name: str
    held: Sequence[float] | None
    seed: Sequence[float] | None
    other: float

    def said(self, counted: bool) -> str:
        """The score that is to be read first, and of how many."""
        value, _, _, right, expected = self.held or self.seed or [math.nan] * 5
        text = f"{100 * value:.1f}"
        if counted and not math.isnan(expected):
            text += f"  {right:,.0f}/{expected:,.0f}"
        return text


def _scores(page: Page, scores: Sequence[_Score], systems: Sequence[str]) -> ReportFigure:
    """A row a score from 0 to 100 %: a dot, a ring on its interval, a diamond."""
    rows = Rows(page, [score.name for score in scores])
    entries = [(HELD, page.name(SYSTEM_NAMES, HELD_OUT))] if any(s.held for s in scores) else []
    if any(score.seed for score in scores):
        entries.append((SEED, page.name(SYSTEM_NAMES, PACKAGE)))
    if systems:
        named = COMMA[page.lang].join(page.name(SYSTEM_NAMES, system) for system in systems)
        entries.append((BESIDE, page.say("beside") + COLON[page.lang] + named))
    picture = rows.start(AXIS, page.elsewhere("how-many"), top=0.8, legend=entries)
    rows.column([score.said(page.double) for score in scores])
    axes = rows.plot(rows.room - 1.0, shift=1.0)
    rows.rails(axes, 0, 1, width=0.5)
    for at, score in rows.each(scores):
        _draw_score(axes, at, score)
    steps = (0.0, 0.25, 0.5, 0.75, 1.0) if page.double else (0.0, 0.5, 1.0)
    marks.ticks(axes, [(step, f"{100 * step:.0f}%") for step in steps])
    return picture


def _draw_score(axes: Axes, at: float, score: _Score) -> None:
    """The marks of a row."""
    BESIDE.at(axes, score.other, at)
    if score.seed:
        value, low, high, *_ = score.seed
        stroke(axes, at, low, high, BLUE, 1.1)
        # Where another mark stands at its place, a larger ring shows around that.
        others = (score.other, *(score.held or ())[:1])
        near = any(abs(value - other) < 0.01 for other in others)
        SEED._replace(size=6.0 if near else 3.6).at(axes, value, at)
    if score.held:
        HELD.at(axes, score.held[0], at)
