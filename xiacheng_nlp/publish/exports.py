"""Numbers to cite: LaTeX commands for every observation of a report, and a workbook with its
tables."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from xiacheng_nlp._version import version_of_rules
from xiacheng_nlp.datafiles import filled, packaged, read_table
from xiacheng_nlp.figures.names import names
from xiacheng_nlp.files import Sheet, one_line, rows_of, workbook_bytes
from xiacheng_nlp.observations.context import has_other_base
from xiacheng_nlp.observations.headlines import headline_of, headlines, is_loose
from xiacheng_nlp.observations.observation import Observation
from xiacheng_nlp.report.report import Report

if TYPE_CHECKING:
    import pandas as pd

MEASURES: Mapping[str | None, str] = {"level": "", "growth": "Growth", "share": "Share"}
STATUSES: Mapping[str | None, str] = {"actual": "", "target": "Target"}
"""What stands behind the name of an indicator in its command: \\xcGdp, \\xcGdpGrowth,
\\xcGdpTarget, \\xcGdpGrowthTarget."""


def headline_observations(
    observations: Sequence[Observation], *, year: int | None
) -> dict[str, tuple[Observation, ...]]:
    """By command, the observations that state a headline indicator, the first in the text before
    those that state it otherwise.

    Outcomes are those of the year before `year`, targets those of `year`; a report whose year can't
    be told (None) gives none. What is told with another bound or value is kept behind the first,
    and what was only passed (突破2万亿元) behind what it had come to; what is only told again is
    not. Averages of several years and growth since an earlier one are left aside.

    >>> from xiacheng_nlp.observations.observation import indicators
    >>> text = "各位代表:\\n一、2013年工作回顾\\n全年实现地区生产总值643.57亿元,同比增长7.80%。"
    >>> report = Report.parse(text)  # "a gross product of 64.357 billion yuan, up 7.8 %"
    >>> found = headline_observations(indicators(report), year=report.year)
    >>> [(macro, told[0].text) for macro, told in found.items()]
    [('xcGdp', '643.57亿元'), ('xcGdpGrowth', '7.80%')]
    """
    if year is None:
        return {}
    wanted = {"actual": str(year - 1), "target": str(year)}
    found: dict[str, list[Observation]] = {}
    for o in observations:
        macro = _macro(o)
        if macro is not None and o.period == wanted[str(o.status)]:
            told = found.setdefault(macro, [])
            if _amount(o) not in map(_amount, told):
                told.append(o)
    return {macro: _known_first(told) for macro, told in found.items()}


def _known_first(told: Sequence[Observation]) -> tuple[Observation, ...]:
    """In order, but loose wordings last (新增就业, of a firm perhaps), and before what was only
    passed the first that tells what it had come to, which is no less: 市级预算收入120亿元 is not
    what 突破500亿元 came to."""
    ordered = sorted(told, key=lambda o: is_loose(str(o.indicator)))
    for o in told:
        if (o.status, o.measure, o.bound) == ("actual", "level", ">"):
            place = ordered.index(o)
            for one in ordered[place + 1 :]:
                if one.bound != ">" and (one.value_base or 0) >= (o.value_base or 0):
                    ordered.remove(one)
                    ordered.insert(place, one)
                    break
    return tuple(ordered)


def _macro(o: Observation) -> str | None:
    """The command of the headline that an observation states; None where it states none."""
    if o.measure not in MEASURES or o.status not in STATUSES or o.value is None:
        return None
    if o.indicator is None or has_other_base(o.comparison, o.period):
        return None
    headline = headline_of(o.indicator)
    return headline.macro + MEASURES[o.measure] + STATUSES[o.status] if headline else None


_amount = attrgetter("value_base", "value_base_high", "bound", "sign")


def numbers_tex(
    report: Report, observations: Sequence[Observation], *, version: str | None = None
) -> bytes:
    """The file numbers.tex: a command that gives each observation's number, value and unit by its
    id, and one for each headline.

    \\xcGdp is the outcome, \\xcGdpGrowth its growth, \\xcGdpTarget and \\xcGdpGrowthTarget are the
    targets; with Id behind the name comes the observation's id. Headline indicators that the report
    does not state are listed in a comment. `version` is the one that it is written by, of this
    package where none is named.
    """
    endings = [measure + status for status in STATUSES.values() for measure in MEASURES.values()]
    text = filled(
        "publish/numbers.tex",
        report=report,
        observations=observations,
        version=version or version_of_rules(),
        stated=headline_observations(observations, year=report.year),
        commands=[(h, [h.macro + ending for ending in endings]) for h in headlines()],
        signed=_signed,
        bounds=names("bound"),
        line=one_line,
    )
    return text.encode()


def _signed(o: Observation) -> tuple[str, str]:
    """The value and the upper end of a range, a decrease below zero: of one by 2 to 3 per cent the
    lower end is -3."""
    low, high = o.value, o.value_high
    if low is None:
        return "", ""
    if o.sign == -1:
        low, high = (-low, None) if high is None else (-high, -low)
    return format(low, "f"), "" if high is None else format(high, "f")


SHEETS: Mapping[str, tuple[str, str, str]] = {
    "targets": (
        "promises",
        "indicator target_text actual_text target actual unit_base measure ratio promise ceiling "
        "match target_start",
        "indicator",
    ),
    "outcomes": (
        "observation_table",
        "indicator text value_base unit_base measure sign period part section sentence id",
        "indicator",
    ),
    "observations": ("observation_table", "", "indicator"),
    "terms": ("frequency", "", "term"),
    "keyness": ("keyness", "", "term"),
    "themes": ("coded", "", ""),
}
"""The sheets of the workbook: what of a `study.Study` each shows, which of its columns (all where
none is named), and the one that has an English name beside it."""


def study_sheets(study: Any) -> dict[str, "pd.DataFrame"]:
    """The tables of a study that the workbook shows, by the name of the sheet, in the order of
    `SHEETS`."""
    from xiacheng_nlp.publish.english import with_english

    sheets = {}
    for sheet, (name, columns, named) in SHEETS.items():
        table = getattr(study, name)
        if sheet == "outcomes":
            table = table[(table["status"] == "actual") & table["indicator"].notna()]
        table = table[columns.split()] if columns else table
        sheets[sheet] = with_english(table, {named: named} if named else {}, names=study.names)
    coded = sheets["themes"]
    sheets["themes"] = coded.assign(
        themes=["; ".join(codes) for codes in coded["themes"]],
        evidence=[
            "; ".join(f"{e['text']} ({e['kind']} {e['code']} {e['weight']:g})" for e in found)
            for found in coded["evidence"]
        ],
    )
    return sheets


def numbers_xlsx(
    report: Report, sheets: Mapping[str, "pd.DataFrame"], *, version: str | None = None
) -> bytes:
    """The workbook numbers.xlsx: a sheet for each table under headers in both languages, what it is
    about, and every column explained, with its id; the same bytes on every run. `version` as for
    `numbers_tex`."""
    options = names("option")
    about = [
        ("report", "报告", report.title or ""),
        ("place", "地区", report.place.name or ""),
        ("file", "文件", report.name),
        ("SHA-256 of the file", "文件的 SHA-256", report.sha256),
        ("year of the session", "会议年份", report.year),
        ("written by", "生成", f"xiacheng-nlp {version or version_of_rules()}"),
        *((f"rows of sheet {name}", "工作表行数", len(table)) for name, table in sheets.items()),
        *(
            (f"{name}: {key}", options.get(str(key), {"zh": "选项"})["zh"], value)
            for name, table in sheets.items()
            for key, value in table.attrs.items()
            if isinstance(value, str | int | float | bool) and key not in ("report", "sha256")
        ),
    ]
    told = _meanings()
    pages, explained = [], []
    for name, table in sheets.items():
        columns = list(map(str, table))
        meanings = [told.get((name, column)) or told["", column] for column in columns]
        heads = [header for header, *_ in meanings]
        pages.append(Sheet(name, heads, rows_of(table.set_axis(heads, axis=1))))
        explained += [
            (name, header, column, *meaning)
            for column, (header, *meaning) in zip(columns, meanings, strict=True)
        ]
    pages += [
        _sheet("about", ("what", "说明", "value"), about),
        _sheet("columns", ("sheet", "header", "column", "meaning", "含义"), explained),
    ]
    return workbook_bytes(pages, title="numbers")


def _sheet(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Sheet:
    return Sheet(name, columns, [dict(zip(columns, row, strict=True)) for row in rows])


@lru_cache(maxsize=1)
def _meanings() -> dict[tuple[str, str], tuple[str, str, str]]:
    """The header of each column of a sheet, and its meaning in English and in Chinese."""
    columns = ("sheet", "column", "header", "english", "chinese")
    told = {
        (row["sheet"], row["column"]): (row["header"], row["english"], row["chinese"])
        for row in read_table(packaged("publish/columns.tsv"), columns=columns)
    }
    # What one sheet says of a column holds where another says nothing.
    return {("", column): meaning for (_, column), meaning in reversed(told.items())} | told
