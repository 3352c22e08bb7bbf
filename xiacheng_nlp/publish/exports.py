"""Numbers to cite: LaTeX commands for every observation of a report, and a workbook with its
tables."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from xiacheng_nlp._version import __version__
from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.files import Sheet, rows_of, workbook_bytes
from xiacheng_nlp.observations.context import OTHER_BASES
from xiacheng_nlp.observations.headlines import headline_of, headlines
from xiacheng_nlp.observations.observation import Observation
from xiacheng_nlp.report.report import Report

if TYPE_CHECKING:
    import pandas as pd

MEASURES: Mapping[str, str] = {"level": "", "growth": "Growth", "share": "Share"}
STATUSES: Mapping[str, str] = {"actual": "", "target": "Target"}
"""What stands behind the name of an indicator in its command: \\xcGdp, \\xcGdpGrowth,
\\xcGdpTarget, \\xcGdpGrowthTarget."""

BOUND_WORDS: Mapping[str, tuple[str, str]] = {
    ">": ("more than", "超过"),
    ">=": ("at least", "不少于"),
    "<": ("less than", "不足"),
    "<=": ("at most", "不超过"),
    "~": ("about", "约"),
}
"""What a bound is called in English and in Chinese, whatever word the report has for it."""
_TEX_BOUNDS = {
    "=": "",
    ">": r"\ensuremath{>}",
    ">=": r"\ensuremath{\geq}",
    "<": r"\ensuremath{<}",
    "<=": r"\ensuremath{\leq}",
    "~": r"\ensuremath{\approx}",
}

TEX_SIGNS = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
"""How the signs that LaTeX reads are written in text."""


def headline_observations(
    observations: Sequence[Observation], *, year: int | None
) -> dict[str, tuple[Observation, ...]]:
    """By command, the observations that state a headline indicator, the first in the text before
    those that state it otherwise.

    Outcomes are those of the year before `year`, targets those of `year`; a report whose year can't
    be told (None) gives none. What is told with another bound or value is kept behind the first;
    what is only told again is not. Averages of several years and growth since an earlier one are
    left aside.

    >>> from xiacheng_nlp.observations.observation import indicators
    >>> report = Report.parse("各位代表:\\n一、2013年工作回顾\\n全年实现地区生产总值643.57亿元,同比增长7.80%。")
    >>> [(m, o[0].text) for m, o in headline_observations(indicators(report), year=report.year).items()]  # "product, up 7.8 %"
    [('xcGdp', '643.57亿元'), ('xcGdpGrowth', '7.80%')]
    """
    if year is None:
        return {}
    wanted = {"actual": str(year - 1), "target": str(year)}
    found: dict[str, list[Observation]] = {}
    for o in observations:
        if o.indicator is None or o.measure is None or o.status is None or o.value is None:
            continue
        if o.measure not in MEASURES or o.status not in STATUSES:
            continue
        if o.period != wanted[o.status] or (o.comparison or "").startswith(OTHER_BASES):
            continue
        headline = headline_of(o.indicator)
        if headline is None:
            continue
        told = found.setdefault(headline.macro + MEASURES[o.measure] + STATUSES[o.status], [])
        if all(
            (o.value_base, o.value_base_high, o.bound, o.sign)
            != (t.value_base, t.value_base_high, t.bound, t.sign)
            for t in told
        ):
            told.append(o)
    return {macro: tuple(told) for macro, told in found.items()}


def tex_text(text: str) -> str:
    """The text as LaTeX sets it letter for letter: signs that LaTeX reads are escaped, blanks and
    line breaks are one blank.

    >>> tex_text("增长7.80%,其中A&B占50‰")  # "up 7.80 %, of it A&B 50 per mille"
    '增长7.80\\\\%,其中A\\\\&B占50‰'
    """
    one_line = re.sub(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text).strip()
    return "".join(TEX_SIGNS.get(c, c) for c in one_line)


def _comment(text: str) -> str:
    """The text as the rest of a comment: on one line, or what follows a line break would be read as
    LaTeX."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text).strip()


_HEAD = r"""
% \xcnum{ID}   the number as written, with its unit
% \xcval{ID}   its value, in the unit as written (the lower end of a range), below zero for a decrease
% \xchigh{ID}  the upper end of a range
% \xcunit{ID}  its unit
% \xcbound{ID} a sign where the number is a bound: at least, at most, more, less, about
% ID is the column id of tables/observations.csv. All but the bound expand to plain text: \num{\xcval{ID}} works. A number that is
% not known stops with an error and leaves ?? in the text. The file is UTF-8 and holds Chinese: XeLaTeX or LuaLaTeX with ctex or xeCJK.
\providecommand*{\xcnum}[1]{\xclookup{num}{#1}}
\providecommand*{\xcval}[1]{\xclookup{val}{#1}}
\providecommand*{\xchigh}[1]{\xclookup{high}{#1}}
\providecommand*{\xcunit}[1]{\xclookup{unit}{#1}}
\providecommand*{\xcbound}[1]{\ifcsname xc/#1/bound\endcsname\csname xc/#1/bound\endcsname\fi}
\providecommand*{\xclookup}[2]{%
  \ifcsname xc/#1/#2\endcsname
    \csname xc/#1/#2\endcsname
  \else
    \xcunknown{#1}{#2}%
  \fi}
\providecommand*{\xcunknown}[2]{%
  \PackageError{numbers}{No #1 of a number #2 is known}{%
    Numbers are known by the column id of tables/observations.csv, for the report they are read from.}%
  \textbf{??}}
\providecommand*{\xcdefine}[6]{%
  \xcentry{num}{#1}{#2}\xcentry{val}{#1}{#3}\xcentry{high}{#1}{#4}\xcentry{unit}{#1}{#5}\xcentry{bound}{#1}{#6}}
\providecommand*{\xcentry}[3]{%
  \if\relax\detokenize{#3}\relax\else\expandafter\def\csname xc/#1/#2\endcsname{#3}\fi}
""".strip()


def numbers_tex(report: Report, observations: Sequence[Observation]) -> bytes:
    """The file numbers.tex: a command that gives each observation's number, value and unit by its
    id, and one for each headline.

    \\xcGdp is the outcome, \\xcGdpGrowth its growth, \\xcGdpTarget and \\xcGdpGrowthTarget are the
    targets; with Id behind the name comes the observation's id. Headline indicators that the report
    does not state are listed in a comment.
    """
    lines = [
        f"% The numbers of a report as commands of LaTeX, written by xiacheng-nlp {__version__}.",
        f"% Report: {_comment(report.name)}, SHA-256 {report.sha256}",
        "%",
        _HEAD,
        "",
    ]
    for o in observations:
        low, high = _signed(o)
        cells = (tex_text(o.text), low, high, tex_text(o.unit), _TEX_BOUNDS[o.bound])
        lines.append(f"\\xcdefine{{{o.id}}}" + "".join(f"{{{cell}}}" for cell in cells))
    lines += [
        "",
        "% Headline indicators: the command, and with Id behind it the id of its observation.",
    ]
    stated = headline_observations(observations, year=report.year)
    for headline in headlines():
        for macro in (
            headline.macro + measure + status
            for status in STATUSES.values()
            for measure in MEASURES.values()
        ):
            if macro in stated:
                first, *others = stated[macro]
                lines.append(f"\\newcommand*{{\\{macro}Id}}{{{first.id}}}")
                fell = ", a decrease" if first.sign == -1 else ""
                bound = f", {BOUND_WORDS[first.bound][0]}" if first.bound != "=" else ""
                said = f"{headline.english}: {first.indicator}, {first.period}{fell}{bound}"
                lines.append(
                    f"\\newcommand*{{\\{macro}}}{{\\xcnum{{\\{macro}Id}}}}% {_comment(said)}"
                )
                lines += [
                    f"% \\{macro} is also stated as {_comment(o.text)} ({o.id})" for o in others
                ]
    lacking = [
        h
        for h in headlines()
        if not any(m.removeprefix(h.macro) in _endings() for m in stated if m.startswith(h.macro))
    ]
    if lacking:
        lines += ["", "% Not stated by this report, or not for the years it is about:"]
        lines += [f"% \\{h.macro} {h.indicator} ({h.english})" for h in lacking]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _endings() -> set[str]:
    return {measure + status for measure in MEASURES.values() for status in STATUSES.values()}


def _signed(o: Observation) -> tuple[str, str]:
    """The value and the upper end of a range, a decrease below zero: of one by 2 to 3 per cent the
    lower end is -3."""
    if o.sign != -1 or o.value is None:
        return _decimal(o.value), _decimal(o.value_high)
    return (
        (_decimal(-o.value), "")
        if o.value_high is None
        else (_decimal(-o.value_high), _decimal(-o.value))
    )


def _decimal(value: Decimal | None) -> str:
    return "" if value is None else format(value, "f")


SHEETS: Mapping[str, str] = {
    "observations": "observation_table",
    "terms": "frequency",
    "keyness": "keyness",
    "themes": "coded",
}
"""The sheets of the workbook, and what of a `study.Study` each shows."""


def study_sheets(study: Any) -> dict[str, "pd.DataFrame"]:
    """The tables of a study that the workbook shows, by the name of the sheet, in the order of
    `SHEETS`."""
    sheets = {sheet: getattr(study, name) for sheet, name in SHEETS.items()}
    coded = sheets["themes"]
    sheets["themes"] = coded.assign(
        themes=["; ".join(codes) for codes in coded["themes"]],
        evidence=[
            "; ".join(f"{e['text']} ({e['kind']} {e['code']} {e['weight']:g})" for e in found)
            for found in coded["evidence"]
        ],
    )
    return sheets


def numbers_xlsx(report: Report, sheets: Mapping[str, "pd.DataFrame"]) -> bytes:
    """The workbook numbers.xlsx: what it is about, every column explained, and a sheet for each
    table; the same bytes on every run."""
    about = [
        ("report", "报告", report.title or ""),
        ("file", "文件", report.name),
        ("SHA-256 of the file", "文件的 SHA-256", report.sha256),
        ("year of the session", "会议年份", report.year),
        ("written by", "生成", f"xiacheng-nlp {__version__}"),
        *((f"sheet {name}", "工作表", f"{len(table)} rows") for name, table in sheets.items()),
        *(
            (f"{name}: {key}", "选项", value)
            for name, table in sheets.items()
            for key, value in _options(table)
        ),
    ]
    meanings = _meanings()
    explained = [
        (name, str(c), *meanings.get((name, str(c)), ("", "")))
        for name, table in sheets.items()
        for c in table.columns
    ]
    pages = [
        _sheet("about", ("what", "说明", "value"), about),
        _sheet("columns", ("sheet", "column", "meaning", "含义"), explained),
        *(
            Sheet(name, tuple(map(str, table.columns)), rows_of(table))
            for name, table in sheets.items()
        ),
    ]
    return workbook_bytes(pages, title="numbers")


def _sheet(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Sheet:
    return Sheet(name, tuple(columns), [dict(zip(columns, row, strict=True)) for row in rows])


def _options(table: "pd.DataFrame") -> list[tuple[str, Any]]:
    return [
        (str(k), v)
        for k, v in table.attrs.items()
        if isinstance(v, str | int | float | bool) and k not in ("report", "sha256")
    ]


@lru_cache(maxsize=1)
def _meanings() -> dict[tuple[str, str], tuple[str, str]]:
    rows = read_table(
        packaged("publish/columns.tsv"), columns=("sheet", "column", "english", "chinese")
    )
    return {(row["sheet"], row["column"]): (row["english"], row["chinese"]) for row in rows}
