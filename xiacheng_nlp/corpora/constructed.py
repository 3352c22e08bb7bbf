"""Constructed reports: of places that do not exist, made by a rule and chance that always falls the
same way.

They let every comparison of many reports be shown, and be tested against what is known to stand in
them. Nothing in them is a fact.
"""

import hashlib
import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.errors import CorpusError
from xiacheng_nlp.report.nodes import PARTS
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.resources import seed_sha256

PLACES = ("甲区", "乙县", "丙市")
"""Their names say that they are none: the first, the second, the third place."""

YEARS = (2013, 2014, 2015, 2016)


@dataclass(frozen=True, slots=True)
class Course:
    """How an indicator runs: the value of the year before the first report, how far targets stand
    from outcomes and outcomes from targets.

    `drift` is added to an outcome for the next target; an outcome falls by chance between `low` and
    `high` beside its target. `digits`: those behind the point.
    """

    first: float
    drift: float
    low: float
    high: float
    digits: int


COURSES: Mapping[str, Course] = {
    "gdp_growth": Course(9.6, -0.4, -0.8, 1.0, 1),
    "revenue_growth": Course(10.8, -0.8, -2.4, 2.6, 1),
    "investment_growth": Course(18.0, -1.5, -5.0, 4.0, 1),
    "retail_growth": Course(13.4, -0.6, -1.5, 1.5, 1),
    "income_growth": Course(10.2, -0.5, -0.8, 1.4, 1),
    "jobs": Course(1.8, -0.1, -0.1, 0.5, 2),
    "unemployment": Course(3.4, 0.2, -0.6, 0.15, 2),
    "prices_growth": Course(2.6, 0.5, -1.6, 0.8, 1),
    "energy_fall": Course(4.1, -0.4, -0.6, 1.2, 1),
    "green": Course(12.0, 0.0, -3.0, 4.0, 1),
}
"""The indicators of constructed reports that have targets; what fits no real place is no
mistake."""

LEVELS: Mapping[str, tuple[float, str]] = {
    "gdp": (480.0, "gdp_growth"),
    "revenue": (52.0, "revenue_growth"),
}
"""Indicators told as levels: the level of the year before the first outcome, and what it grows by.
They have no target."""

_SLOT = re.compile(r"\{(\w+)\}")
_HEADINGS = {
    "review": "一、{before}年工作回顾",
    "plan": "二、{year}年主要任务",
    "government": "三、加强政府自身建设",
}


def _chance(*names: object) -> float:
    """A number from 0 to 1 that these names always give: no order of calls, no hash seed has a part
    in it."""
    return random.Random("-".join(map(str, names))).random()


@lru_cache(maxsize=64)
def course(place: str, year: int) -> Mapping[str, float]:
    """What the report of that place and year states: outcomes of the year before by indicator,
    targets of the year with `_target`.

    Raises `CorpusError` for a place or a year that has no constructed report.

    >>> said = course("甲区", 2014)
    >>> said["gdp_growth"] == course("甲区", 2014)["gdp_growth"], "gdp_growth_target" in said
    (True, True)
    """
    if place not in PLACES or year not in YEARS:
        raise CorpusError(
            f"no constructed report of {place} in {year}; there are {', '.join(PLACES)} in {YEARS[0]} to {YEARS[-1]}"
        )
    said: dict[str, float] = {}
    for name, run in COURSES.items():
        said[name] = round(
            run.first + (run.high - run.low) * (_chance(place, name) - 0.5), run.digits
        )
        for step in range(YEARS[0], year + 1):
            if step > YEARS[0]:
                said[name] = _near(
                    said[f"{name}_target"]
                    + run.low
                    + (run.high - run.low) * _chance(place, step, name),
                    run.digits,
                )
            said[f"{name}_target"] = _near(said[name] + run.drift, 1)
    for name, (first, growth) in LEVELS.items():
        said[name] = first * (0.6 + 0.8 * _chance(place, name))
        for step in range(YEARS[0], year + 1):
            said[name] *= (
                1 + course(place, step)[growth] / 100 if step < year else 1 + said[growth] / 100
            )
        said[name] = round(said[name], 2)
    return said


def _near(value: float, digits: int) -> float:
    """Rounded, and never below a tenth: nothing here turns from a rise to a fall."""
    return max(0.1, round(value, digits))


def constructed_text(place: str, year: int) -> str:
    """The constructed report of a place and year. Raises `CorpusError` for one that there is not.

    >>> constructed_text("甲区", 2014).splitlines()[0]  # "Work report of the government of District A, 2014 (constructed text)"
    '甲区人民政府2014年政府工作报告(构造文本)'
    """
    said = course(place, year)
    lines = [f"{place}人民政府{year}年政府工作报告(构造文本)", "各位代表:"]
    for part in PARTS:
        rows = [row for row in _sentences() if row[0] == part]
        if part in _HEADINGS:
            lines.append(_HEADINGS[part].format(year=year, before=year - 1))
        lines += _paragraphs(rows, part, place, year, said)
    return "\n".join(lines) + "\n"


@lru_cache(maxsize=1)
def _sentences() -> tuple[tuple[str, str, str], ...]:
    """The part, the theme and the text of each sentence. Raises `DataFileError` for a slot that
    nothing fills."""
    rows = read_table(
        packaged("corpora/constructed_reports.tsv"), columns=("part", "theme", "text"), key="text"
    )
    known = {
        "place",
        "year",
        "before",
        "n",
        *LEVELS,
        *COURSES,
        *(f"{name}_target" for name in COURSES),
    }
    for row in rows:
        if row["part"] not in PARTS:
            raise row.error(
                f"{row['part']} is no part of a report; the parts are {', '.join(PARTS)}", "part"
            )
        unknown = [slot for slot in _SLOT.findall(row["text"]) if slot not in known]
        if unknown:
            raise row.error(
                f"nothing fills {{{unknown[0]}}}; there are {', '.join(sorted(known))}", "text"
            )
    return tuple((row["part"], row["theme"], row["text"]) for row in rows)


def _paragraphs(
    rows: list[tuple[str, str, str]], part: str, place: str, year: int, said: Mapping[str, float]
) -> list[str]:
    """A paragraph a theme: some themes are left out, some said at length, by place; the environment
    gains from year to year."""
    found: dict[str, list[str]] = {}
    for number, (_, theme, text) in enumerate(rows):
        likely = 0.45 + 0.5 * _chance(place, theme)
        if theme == "environment":
            likely = 0.3 + 0.7 * (year - YEARS[0]) / (YEARS[-1] - YEARS[0])
        if theme in ("frame", "indicators") or _chance(place, year, part, number) < likely:
            few = 1 + int(11 * _chance(place, year, part, number, "n"))
            values = {"place": place, "year": year, "before": year - 1, "n": few} | {
                name: f"{value:g}" for name, value in said.items()
            }
            found.setdefault(theme, []).append(_SLOT.sub(lambda slot: str(values[slot[1]]), text))  # noqa: B023 (used at once)
    return ["".join(texts) for texts in found.values()]


def constructed_reports() -> tuple[Report, ...]:
    """All constructed reports, by place and year.

    >>> [(report.name, report.year) for report in constructed_reports()][:2]
    [('甲区-2013.txt', 2013), ('甲区-2014.txt', 2014)]
    """
    return tuple(
        Report.parse(constructed_text(place, year), name=f"{place}-{year}.txt")
        for place in PLACES
        for year in YEARS
    )


@lru_cache(maxsize=1)
def seed_panel_sha256() -> str:
    """The hash of the panel of the Xiacheng report beside the constructed ones, by which claims
    about it know it.

    >>> len(seed_panel_sha256())
    64
    """
    made = [
        hashlib.sha256(constructed_text(place, year).encode("utf-8")).hexdigest()
        for place in PLACES
        for year in YEARS
    ]
    return panel_sha256([seed_sha256(), *made])


def panel_sha256(hashes: Iterable[str]) -> str:
    """One hash for a panel: that of the hashes of its reports, whatever their order.

    >>> panel_sha256(["b", "a"]) == panel_sha256(["a", "b"])
    True
    """
    return hashlib.sha256("\n".join(sorted(hashes)).encode()).hexdigest()
