"""Reports of the levels above a report, and those that it is compared with."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from xiacheng_nlp.corpora.loading import Panel, subset
from xiacheng_nlp.report.government import LEVELS, NATION
from xiacheng_nlp.terms.selection import arranged

FEWEST = 5
"""Reports that a report is compared with at least."""
KINDRED = (("县", "县级市"), ("区", "新区"))
"""Levels that stand for one another where a report has too few of its own."""


def by_level(table: pd.DataFrame) -> pd.DataFrame:
    """The table with levels of government from the nation down: its rows by their `level`, each
    level's in their order, or its columns that are called as levels are, which then stand last.

    >>> table = pd.DataFrame({"level": ["区", "国"], "targets": [40, 9]})  # "district", "nation"
    >>> by_level(table)["level"].tolist()
    ['国', '区']
    """
    if "level" in table:
        return arranged(table, "level", LEVELS).reset_index(drop=True)
    return table[[c for c in table if c not in LEVELS] + [c for c in LEVELS if c in table]]


def ladder(reports: pd.DataFrame) -> dict[str, list[str]]:
    """The reports of the levels above each report and of its year, the nearest first, by id.

    A place stands under another by its code (GB/T 2260); one without a code, such as a new area,
    under the place with whose name its own begins.

    >>> from xiacheng_nlp.corpora.loading import load_panel
    >>> reports = load_panel().reports
    >>> places = reports.set_index("report")["place"]
    >>> nanshan = reports.query("place == '深圳市南山区' and year == 2014")["report"].item()
    >>> [places[id] for id in ladder(reports)[nanshan]]
    ['深圳市', '广东省', '中国']
    """
    rows = reports[reports["year"].notna()].to_dict("records")
    codes = {str(row["place"]): row["code"] for row in rows if row["code"]}
    ids = {(_key(row), row["year"]): str(row["report"]) for row in rows}
    return {
        str(row["report"]): [
            ids[key, row["year"]] for key in _above(row, codes) if (key, row["year"]) in ids
        ]
        for row in rows
    }


def _key(row: Mapping[Any, Any]) -> str | None:
    return NATION if row["level"] == "国" else row["code"]


def _above(row: Mapping[Any, Any], codes: Mapping[str, str]) -> Iterator[str]:
    own, place = _key(row), str(row["place"])
    if own == NATION:
        return
    begin = [name for name in codes if place.startswith(name) and place != name]
    code = own or (codes[max(begin, key=len)] if begin else "")
    for above in dict.fromkeys((code, f"{code[:4]}00", f"{code[:2]}0000")):
        if code and above != own:
            yield above
    yield NATION


def peers(panel: Panel, *, years: int | None = 2) -> tuple[Panel, str]:
    """The panel of the report at hand and of those that it is compared with, and in a few words who
    they are: the reports of its level at most so many `years` from its own
    (None: of all years).

    Where these are fewer than `FEWEST` those of its level in all years stand for them, else those
    of a kindred level too (counties beside cities of county level), and else all reports.

    >>> from xiacheng_nlp.corpora.loading import join, load_panel
    >>> from xiacheng_nlp.report.report import load_report
    >>> peers(join(load_report(), load_panel()))[1]  # "districts, 2012 to 2016"
    '区, 2012–2016'
    """
    own = panel.report_id()
    reports = panel.reports
    row = reports[reports["report"] == own].iloc[0]
    choices, level = [], row["level"]
    # Reports whose level is not known have none in common.
    for levels in (some for some in ((level,), *KINDRED) if pd.notna(level) and level in some):
        alike, said = reports["level"].isin(levels), ", ".join(levels)
        if years is not None and pd.notna(row["year"]):
            year = int(row["year"])
            near = (reports["year"] - year).abs().le(years).fillna(False)
            choices.append((alike & near, f"{said}, {year - years}–{year + years}"))
        choices.append((alike, said))
    chosen, said = next(
        ((some, said) for some, said in choices if some.sum() > FEWEST),
        (reports["report"].notna(), "all reports"),
    )
    beside = subset(panel, reports[chosen | (reports["report"] == own)])
    return replace(beside, own=own), said
