"""Numbers to cite: each observation once, by an id that stays; hostile text stays text in LaTeX,
CSV and Excel."""

import csv
import io
import re
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiacheng_nlp.errors import TermWarning
from xiacheng_nlp.figures.saving import table_csv
from xiacheng_nlp.files import Sheet, tex_text, workbook_bytes
from xiacheng_nlp.observations.observation import Observation, indicators, observation_table
from xiacheng_nlp.publish.exports import (
    MEASURES,
    SHEETS,
    STATUSES,
    headline_observations,
    headlines,
    numbers_tex,
    numbers_xlsx,
    study_sheets,
)
from xiacheng_nlp.publish.study import Study
from xiacheng_nlp.report.report import Report


@pytest.fixture(scope="module")
def study(seed: Report) -> Study:
    return Study(seed)


@pytest.fixture(scope="module")
def tex(study: Study) -> str:
    return numbers_tex(study.report, study.observations).decode("utf-8")


def test_every_observation_is_defined_once(study: Study, tex: str) -> None:
    defined = re.findall(r"^\\xcdefine\{([^}]*)\}", tex, re.MULTILINE)
    assert defined == [o.id for o in study.observations]
    assert len(set(defined)) == len(defined)


def test_text_value_and_unit_stand_in_it_as_written(tex: str) -> None:
    # Gross product 64.357 billion yuan, up 7.80 per cent.
    assert "\\xcdefine{cab2e0b85a5b-438-0}{643.57亿元}{643.57}{}{亿元}{}\n" in tex
    assert "\\xcdefine{cab2e0b85a5b-451-0}{7.80\\%}{7.80}{}{\\%}{}\n" in tex


def test_the_headlines_are_named(study: Study, tex: str) -> None:
    assert (
        "\\newcommand*{\\xcGdpId}{cab2e0b85a5b-438-0}\n\\newcommand*{\\xcGdp}{\\xcnum{\\xcGdpId}}%"
        in tex
    )
    stated = headline_observations(study.observations, year=2014)
    said = {macro: found[0].text for macro, found in stated.items()}
    assert said["xcInvestment"] == "152.84亿元"
    assert said["xcInvestmentGrowth"] == "25.56%"
    assert said["xcFiscalRevenueGrowthTarget"] == next(
        o.text for o in study.observations if o.start == 7147
    )
    lacking = tex[tex.index("% Not stated by this report") :]
    assert "% \\xcTrade 进出口总额 (imports and exports)" in lacking
    assert "\\xcGdp " not in lacking


def test_each_command_is_made_of_letters_and_defined_once(tex: str) -> None:
    names = re.findall(r"^\\newcommand\*\{\\([^}]*)\}", tex, re.MULTILINE)
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[A-Za-z]+", name) for name in names)
    assert not set(names) & {
        "xcnum",
        "xcval",
        "xchigh",
        "xcunit",
        "xcbound",
        "xclookup",
        "xcunknown",
        "xcdefine",
        "xcentry",
    }
    every = [
        h.macro + m + s + i
        for h in headlines()
        for m in MEASURES.values()
        for s in STATUSES.values()
        for i in ("", "Id")
    ]
    assert len(set(every)) == len(every)
    assert headlines() is headlines()


def test_a_decrease_and_another_value_are_told() -> None:
    report = Report.parse(
        "各位代表：\n一、2021年工作回顾\n单位生产总值能耗下降3.6%。固定资产投资增长8.1%。全社会固定资产投资增长8.2%。\n二、2022年工作安排\n投资。"
    )
    said = numbers_tex(report, indicators(report)).decode("utf-8")
    assert "energy use per unit of gross product: 单位生产总值能耗, 2021, a decrease" in said
    assert "% \\xcInvestmentGrowth is also stated as 8.2% (" in said
    assert "{3.6\\%}{-3.6}{}{\\%}{}\n" in said


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        (
            "企业突破150家。",
            "{150家}{150}{}{家}{\\ensuremath{>}}",
        ),  # more than 150 firms: the word stands before the number
        ("投资不少于3亿元。", "{3亿元}{3}{}{亿元}{\\ensuremath{\\geq}}"),
        ("失业率控制在4%以内。", "{4\\%以内}{4}{}{\\%}{\\ensuremath{\\leq}}"),
        ("失业率不足4%。", "{4\\%}{4}{}{\\%}{\\ensuremath{<}}"),
        ("投资约3亿元。", "{3亿元}{3}{}{亿元}{\\ensuremath{\\approx}}"),
        (
            "能耗下降2%—3%。",
            "{2\\%—3\\%}{-3}{-2}{\\%}{}",
        ),  # a fall by 2 to 3 per cent, its ends in order
    ],
)
def test_bound_and_sign_are_kept(text: str, cells: str) -> None:
    report = Report.parse(f"各位代表：\n一、2021年工作回顾\n{text}\n")
    assert cells + "\n" in numbers_tex(report, indicators(report)).decode("utf-8")


def test_what_was_only_passed_stands_behind_what_is_known_better() -> None:
    text = (
        "地区生产总值突破2万亿元、达到23562亿元。社会消费品零售总额突破百亿元。"  # passed, reached
        "一般公共预算收入突破500亿元，其中市级一般公共预算收入120亿元。"  # of the city alone
        "茶厂投产，新增就业3000人。城镇新增就业3万人。"  # of a firm, of the town
    )
    report = Report.parse(f"2022年政府工作报告\n各位代表：\n一、2021年工作回顾\n{text}\n")
    stated = headline_observations(indicators(report), year=2022)
    assert {macro: [o.text for o in told] for macro, told in stated.items()} == {
        "xcGdp": ["23562亿元", "2万亿元"],
        "xcRetailSales": ["百亿元"],
        "xcBudgetRevenue": ["500亿元", "120亿元"],
        "xcUrbanJobs": ["3万人", "3000人"],
    }


def test_a_report_without_a_year_has_no_headlines() -> None:
    report = Report.parse("各位代表：\n固定资产投资增长8.1%。")
    assert report.year is None
    assert headline_observations(indicators(report), year=None) == {}


def test_an_id_is_the_hash_the_place_and_an_ordinal(study: Study) -> None:
    for o in study.observations:
        assert re.fullmatch(f"{study.report.sha256[:12]}-{o.start}-[0-9]+", o.id)


def braces_match(text: str) -> bool:
    depth = 0
    for sign in re.sub(r"\\[{}]", "", text):
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    return depth == 0


@given(st.text(max_size=60))
def test_no_text_is_read_as_latex(text: str) -> None:
    written = tex_text(text)
    assert braces_match(written)
    assert "\n" not in written
    plain = re.sub(
        r"\\(?:textbackslash|textasciitilde|textasciicircum)\{\}|\\[{}$&#%_]", "", written
    )
    assert not set(plain) & set("\\{}$&#%_~^")


HOSTILE = [
    '=HYPERLINK("http://example.org";"x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\\input{/etc/passwd}",
    "50%}\\end{document}",
    "a\nb\\par",
    "\t=1",
]


@pytest.fixture(scope="module")
def hostile(study: Study) -> list[Observation]:
    first = study.observations[0]
    return [
        first._replace(
            id=f"{first.id}{n}",
            text=text,
            unit=text,
            indicator=text,
            among=text,
            sentence=text,
        )
        for n, text in enumerate(HOSTILE)
    ]


def test_hostile_text_stays_text_in_csv(hostile: list[Observation]) -> None:
    rows = list(csv.DictReader(io.StringIO(table_csv(observation_table(hostile)).decode("utf-8"))))
    for row, text in zip(rows, HOSTILE, strict=True):
        for column in ("text", "unit", "indicator", "among", "sentence"):
            assert row[column][0] not in "=+-@\t\r"
            assert row[column].removeprefix("'") == text


def test_hostile_text_stays_text_in_excel(hostile: list[Observation], study: Study) -> None:
    data = numbers_xlsx(study.report, {"observations": observation_table(hostile)})
    sheet = openpyxl.load_workbook(io.BytesIO(data))["observations"]
    names = [cell.value for cell in sheet[1]]
    for number, text in enumerate(HOSTILE, start=2):
        cell = sheet.cell(number, names.index("句子 Sentence") + 1)
        assert (cell.value, cell.data_type) == (text, "s")
        assert cell.hyperlink is None


def test_hostile_text_stays_text_in_latex(hostile: list[Observation]) -> None:
    report = replace(Report.parse("投资增长9%。"), name="a\n\\input{x}.txt")
    lines = numbers_tex(report, hostile).decode("utf-8").splitlines()
    assert not any(line.startswith("\\input") for line in lines)
    defined = [line for line in lines if line.startswith("\\xcdefine{")]
    assert len(defined) == len(HOSTILE)
    for line in defined:
        assert braces_match(line)
        assert not re.search(r"(?<!\\)%", line)
        assert not re.search(r"\\(?:input|end|par)\b", line)


def test_the_workbook_explains_every_column_and_is_the_same_on_every_run(study: Study) -> None:
    data = numbers_xlsx(study.report, study_sheets(study))
    assert data == numbers_xlsx(study.report, study_sheets(study))
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == [*SHEETS, "about", "columns"]
    assert book["targets"].freeze_panes == "A2"
    assert book["targets"].auto_filter.ref.startswith("A1:")
    english = [cell.value for cell in book["targets"]["B"]]
    assert english[:2] == ["英文名称 English name", "Gross regional product"]
    explained = {
        (row[0], row[1]): row[2:5] for row in book["columns"].iter_rows(min_row=2, values_only=True)
    }
    assert explained["targets", "目标值 Target"][0] == "target"
    for sheet, table in study_sheets(study).items():
        assert [id for (of, _), (id, *_) in explained.items() if of == sheet] == list(table.columns)
    for sheet in SHEETS:
        for cell in book[sheet][1]:
            assert all(explained[sheet, cell.value]), (sheet, cell.value)
    assert book["observations"].max_row == len(study.observations) + 1
    first = {
        cell.value: book["observations"].cell(2, n).value
        for n, cell in enumerate(book["observations"][1], 1)
    }
    assert first["数值 Value"] == 643.57
    about = {row[0]: row[2] for row in book["about"].iter_rows(min_row=2, values_only=True)}
    assert about["SHA-256 of the file"] == study.report.sha256
    assert about["place"] == "下城区"
    assert about["keyness: target"] == "plan"
    assert about["rows of sheet targets"] == book["targets"].max_row - 1
    called = {row[0]: row[1] for row in book["about"].iter_rows(min_row=2, values_only=True)}
    assert called["terms: engine"] == "分词器"
    # A code in a cell is found in what its column means, with its Chinese behind it.
    meant = {row[:3:2]: row[4] for row in book["columns"].iter_rows(min_row=2, values_only=True)}
    sheets = ("targets", "observations", "themes", "keyness")
    for sheet in sheets:
        _, *rows = book[sheet].iter_rows(values_only=True)
        ids = [key[1] for key in meant if key[0] == sheet]
        for column in {"measure", "promise", "status", "class", "part", "side", "kind"} & {*ids}:
            codes = {row[ids.index(column)] for row in rows} - {None}
            assert [code for code in codes if f"{code} " not in meant[sheet, column]] == []


def test_the_sheet_of_themes_reads_as_text(study: Study) -> None:
    table = study_sheets(study)["themes"]
    assert table["themes"].iloc[1].split("; ") == list(study.coded["themes"].iloc[1])
    assert table["evidence"].iloc[2].startswith("有效投资 (theme investment 4)")
    assert len(table) == len(study.coded)
    # "Review of the work": nothing to code below a heading alone.
    with pytest.warns(TermWarning):
        bare = study_sheets(Study(Report.parse("一、工作回顾\n二、工作安排\n")))["themes"]
    assert (len(bare), list(bare.columns)) == (0, list(table.columns))


def test_a_number_that_excel_would_round_is_kept_as_text() -> None:
    rows = [
        {"value": Decimal("643.57")},
        {"value": Decimal("12345678901234567.89")},
        {"value": float("inf")},
        {"value": "长" * 40_000},
    ]
    sheet = openpyxl.load_workbook(
        io.BytesIO(workbook_bytes([Sheet("s", ["value"], rows)], title="t"))
    )["s"]
    assert [sheet.cell(n, 1).value for n in (2, 3, 4)] == [643.57, "12345678901234567.89", None]
    assert sheet.cell(5, 1).value == "长" * 32_766 + "…"
