"""Make the constructed reports and what is known to stand in them, by a rule and chance that always
falls the same way: python tests/make_constructed.py [FOLDER].

Writes FOLDER/PLACE-YEAR.txt, by default into tests/constructed_reports, and the outcomes and
targets of each report into tests/cases/constructed.tsv (with FOLDER: into that).
"""

import random
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from constructed import FOLDER, PLACES, YEARS

from xiacheng_nlp.datafiles import read_table
from xiacheng_nlp.report.nodes import PARTS

CASES = Path(__file__).resolve().parent / "cases"
SENTENCES = CASES / "constructed_sentences.tsv"
HEAD = """\
# What is known to stand in the constructed reports, written with them by tests/make_constructed.py.
# year: of the report; outcome: of the year before; target: of the year, - where none is stated.
place	year	indicator	outcome	target
"""


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

GROWING: Mapping[str, tuple[float, str]] = {
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


def chance(*names: object) -> float:
    """A number from 0 to 1 that these names always give: no order of calls, no hash seed has a part
    in it."""
    return random.Random("-".join(map(str, names))).random()


@cache
def course(place: str, year: int) -> Mapping[str, float]:
    """What the report of that place and year states: outcomes of the year before by indicator,
    targets of the year with `_target`."""
    said: dict[str, float] = {}
    for name, run in COURSES.items():
        spread = run.high - run.low
        said[name] = round(run.first + spread * (chance(place, name) - 0.5), run.digits)
        for step in range(YEARS[0], year + 1):
            if step > YEARS[0]:
                low = said[f"{name}_target"] + run.low
                said[name] = near(low + spread * chance(place, step, name), run.digits)
            said[f"{name}_target"] = near(said[name] + run.drift, 1)
    for name, (first, growth) in GROWING.items():
        said[name] = first * (0.6 + 0.8 * chance(place, name))
        for step in range(YEARS[0], year + 1):
            told = course(place, step) if step < year else said
            said[name] *= 1 + told[growth] / 100
        said[name] = round(said[name], 2)
    return said


def near(value: float, digits: int) -> float:
    """Rounded, and never below a tenth: nothing here turns from a rise to a fall."""
    return max(0.1, round(value, digits))


@cache
def sentences() -> tuple[tuple[str, str, str], ...]:
    """The part, the theme and the text of each sentence. Raises `DataFileError` for a slot that
    nothing fills."""
    rows = read_table(SENTENCES, columns=("part", "theme", "text"), key="text")
    known = {"place", "year", "before", "n", *GROWING, *COURSES}
    known |= {f"{name}_target" for name in COURSES}
    for row in rows:
        row.chosen("part", PARTS)
        if unknown := set(_SLOT.findall(row["text"])) - known:
            raise row.error(f"nothing fills {', '.join(sorted(unknown))}", "text")
    return tuple((row["part"], row["theme"], row["text"]) for row in rows)


def paragraphs(part: str, place: str, year: int) -> list[str]:
    """A paragraph a theme: some themes are left out, some said at length, by place; the environment
    gains from year to year."""
    found: dict[str, list[str]] = {}
    values = {"place": place, "year": str(year), "before": str(year - 1)}
    values |= {name: f"{value:g}" for name, value in course(place, year).items()}
    rows = [(theme, text) for of, theme, text in sentences() if of == part]
    for number, (theme, text) in enumerate(rows):
        likely = 0.45 + 0.5 * chance(place, theme)
        if theme == "environment":
            likely = 0.3 + 0.7 * (year - YEARS[0]) / (YEARS[-1] - YEARS[0])
        if theme in ("frame", "indicators") or chance(place, year, part, number) < likely:
            values["n"] = str(1 + int(11 * chance(place, year, part, number, "n")))
            found.setdefault(theme, []).append(text.format(**values))
    return ["".join(texts) for texts in found.values()]


def constructed_text(place: str, year: int) -> str:
    """The constructed report of a place and year."""
    lines = [f"{place}人民政府{year}年政府工作报告(构造文本)", "各位代表:"]
    for part in PARTS:
        if part in _HEADINGS:
            lines.append(_HEADINGS[part].format(year=year, before=year - 1))
        lines += paragraphs(part, place, year)
    return "\n".join(lines) + "\n"


def known_lines() -> Iterator[str]:
    """What each report states, a line an indicator."""
    for place in PLACES:
        for year in YEARS:
            said = course(place, year)
            for name in (*COURSES, *GROWING):
                target = said.get(f"{name}_target")
                told = "-" if target is None else f"{target:g}"
                yield f"{place}\t{year}\t{name}\t{said[name]:g}\t{told}\n"


def main(texts: Path, cases: Path) -> None:
    """Write the reports and what is known of them."""
    for place, file in PLACES.items():
        for year in YEARS:
            data = constructed_text(place, year).encode("utf-8")
            (texts / f"{file}-{year}.txt").write_bytes(data)
    (cases / "constructed.tsv").write_bytes((HEAD + "".join(known_lines())).encode("utf-8"))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]), Path(sys.argv[1]))
    else:
        main(FOLDER, CASES)
