"""What the paragraphs of a report imply of time and intent."""

import pytest

from xiacheng_nlp.observations.observation import indicators
from xiacheng_nlp.report.report import Report


def told(text: str, year: int = 2021) -> list[tuple[str | None, str | None]]:
    """Status and period of every number of a report that has no other years than these."""
    report = Report.parse(f"{year}年政府工作报告\n各位代表:\n现在，我报告工作。\n{text}\n")
    return [(o.status, o.period) for o in indicators(report) if o.indicator is not None]


LAST, THIS = ("actual", "2020"), ("target", "2021")
TERM, TO_COME = ("actual", "2016-2020"), ("target", "2021-2025")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "2020年工作回顾\n一、经济稳中有进\n新建学校3所。\n2021年工作安排\n2021年，新建学校5所。",
            [LAST, THIS],
        ),
        (
            "2020年工作回顾\n一、政府建设取得实效\n新建学校3所。\n2021年主要工作\n"
            "一、坚持创新驱动\n新建学校5所。",
            [LAST, THIS],
        ),
        (
            "一、工作回顾\n新建学校3所。\n今年经济社会发展的主要预期目标是：财政收入增长8%。\n"
            "（一）突出质量抓项目\n新建学校5所。",
            [LAST, THIS, THIS],
        ),
        ("一、2020年工作回顾\n新建学校3所。\n未来五年工作思路\n新建学校5所。", [LAST, TO_COME]),
        (
            "一、2020年工作回顾\n新建学校3所。\n过去一年，工作扎实推进。“十三五”期间，我们稳步前行。\n"
            "——新建公园8个。\n二、2021年工作安排\n新建学校5所。",
            [LAST, TERM, THIS],
        ),
        (
            "一、2020年工作回顾\n新建学校3所。\n"
            "二、“十四五”时期总体思路和重点任务“十四五”时期是机遇期。\n新建学校5所。",
            [LAST, TO_COME],
        ),
        (
            "一、2020年工作回顾\n新建学校3所。\n二、“十四五”发展的基本思路\n新建学校5所。",
            [LAST, TO_COME],
        ),
        ("一、“十三五”时期取得重大成就\n新建学校3所。", [TERM]),
        (
            "一、工作回顾和今后安排\n新建学校3所。\n（二）2021年工作安排\n新建学校5所。",
            [LAST, THIS],
        ),
        (
            "一、工作回顾和今后安排\n新建学校3所。\n2021年主要工作今年是开局之年。\n新建学校5所。",
            [LAST, THIS],
        ),
        (
            "一、新区成立以来的工作回顾\n新建学校3所。\n四年多来，我们重视民生。\n新建公园4个。",
            [LAST, ("actual", "2017-2020")],
        ),
        (
            "一、过去五年工作回顾\n新建学校3所。\n过去四年，新建公园4个。",
            [TERM, ("actual", "2017-2020")],
        ),
        ("一、2020年工作回顾\n四年多来，我们重视民生。\n新建公园4个。", [LAST]),
        (
            "一、“十三五”时期发展成就和“十四五”时期主要目标\n过去五年，新建学校3所。\n"
            "“十四五”时期是重要的五年。\n新建学校5所。",
            [TERM, TO_COME],
        ),
        (
            "一、过去五年工作回顾\n新建学校3所。\n刚刚过去的2020年，我们保持稳定。\n新建医院2所。\n"
            "五年来，我们重视民生。\n新建公园4个。",
            [TERM, LAST, TERM],
        ),
        (
            "一、过去五年工作回顾\n新建学校3所。\n2020年是极为重要的一年。我们保持稳定。\n"
            "（一）经济稳中有进\n新建医院2所。",
            [TERM, LAST],
        ),
        (
            "一、2020年工作回顾\n新建学校3所。\n二、“十四五”时期目标任务和2021年工作安排\n"
            "《纲要》明确了指标：新建学校5所。\n今年，新建医院1所。",
            [LAST, TO_COME, THIS],
        ),
        (
            "一、过去五年工作回顾\n新建学校3所。\n各位代表，刚刚过去的2020年，我们保持稳定。\n"
            "一年来，我们主要做了以下工作：\n（一）经济稳中有进\n新建医院2所。",
            [TERM, LAST],
        ),
        ("一、过去五年工作回顾\n2020年，新建学校3所。新建医院2所。", [LAST, LAST]),
        ("一、过去五年工作回顾\n2020年新建学校3所。\n新建医院2所。", [LAST, TERM]),
        (
            "一、今后五年的主要任务\n新建学校3所。\n今年是开局之年。\n新建医院2所。\n"
            "今后五年，我们重视民生。\n新建公园4个。",
            [TO_COME, THIS, TO_COME],
        ),
        (
            "一、“十三五”时期和2020年工作回顾\n“十三五”时期，是不平凡的五年。\n新建学校3所。\n"
            "刚刚过去的2020年，我们保持稳定。\n（一）经济稳中有进\n新建医院2所。",
            [TERM, LAST],
        ),
        (
            "一、2020年工作回顾和“十三五”发展成就\n（一）经济稳中有进\n新建学校3所。\n"
            "“十三五”时期，是不平凡的五年。\n（二）经济规模扩大\n新建医院2所。",
            [LAST, TERM],
        ),
        ("一、2020年和“十三五”时期工作回顾\n财政收入年均增长8%。", [TERM]),
        (
            "一、2020年工作回顾\n新建学校3所。\n各位代表！目标任务的完成，标志着“十三五”规划收官。"
            "五年来，新建医院2所。",
            [LAST, TERM],
        ),
        ("一、关于“十四五”规划\n新建学校3所。", [TO_COME]),
        (
            "一、2020年和“十三五”时期工作回顾\n2020年是“十三五”收官之年。\n新建学校3所。\n"
            "“十三五”时期，我们重视民生。\n新建医院2所。\n2020年服务业增速较快。\n新建公园4个。",
            [LAST, TERM, TERM],
        ),
        (
            "一、“十三五”时期发展成就和“十四五”时期主要目标\n“十三五”时期是重要的五年。\n"
            "新建学校3所。\n“十四五”时期是重要的五年。\n新建医院2所。",
            [TERM, TO_COME],
        ),
        (
            "一、2020年工作回顾\n新建学校3所。\n二、加强政府自身建设\n办理建议3件。\n"
            "三、2021年工作安排\n（一）为“十四五”发展开好局\n新建医院2所。",
            [LAST, LAST, THIS],
        ),
        (
            "一、发展经济\n新建学校3所。新建医院要达到2所。\n二、改善生活\n"
            "今后五年是关键的五年。\n新建公园4个。",
            [LAST, THIS, TO_COME],
        ),
        (
            "一、2020年工作回顾\n新建学校3所。\n二、2021年工作安排\n做好今年的工作十分重要。"
            "过去一年，各项工作取得新成绩。财政收入增长9%。今年要新建学校5所。",
            [LAST, LAST, THIS],
        ),
        (
            "一、2020年工作回顾\n新建学校3所。\n二、2021年工作安排\n"
            "过去的一年，我们完成了全年任务。财政收入增长9%。\n新建学校5所。",
            [LAST, LAST, THIS],
        ),
    ],
)
def test_what_a_paragraph_implies(text: str, expected: list[tuple[str, str]]) -> None:
    """A review turns into a plan, and back, where its headings and openings say so."""
    assert told(text) == expected


def test_a_session_in_december_looks_back_on_its_own_year() -> None:
    report = Report.parse(
        "政府工作报告\n2017年12月26日在青溪县第十六届人民代表大会第二次会议上\n各位代表：\n"
        "一、2017年工作回顾\n一年来，我们扎实工作。\n新建学校3所。\n"
        "二、2018年工作安排\n新建医院2所。"
    )
    found = [(o.period, o.status) for o in indicators(report) if o.indicator]
    assert report.year == 2017
    assert found == [("2017", "actual"), ("2018", "target")]


def test_a_report_on_a_plan_speaks_of_its_years() -> None:
    """五年投资 has the plan's years, and no others that are counted from the session."""
    report = Report.parse(
        "一九八二年政府工作报告\n各位代表：\n现在，我作关于青溪县第六个五年计划的报告。\n"
        "一、主要任务\n水利建设，五年投资三亿元。今年修渠三条。\n"
    )
    found = [(o.status, o.period) for o in indicators(report) if o.indicator]
    assert found == [("target", "1981-1985"), ("target", "1982")]


def test_lines_of_a_list_begin_when_its_head_says() -> None:
    head = "产量比2015年增长的情况如下："
    lines = "原茶：从3万吨增加到5万吨。\n鲜果：从2万吨增加到4万吨。"
    after = "药材从6万吨增加到9万吨。"
    then, now, unknown = ("actual", "2015"), LAST, ("actual", None)
    found = told(f"一、2020年工作回顾\n{head}\n{lines}\n{after}")
    assert found == [then, now, then, now, unknown, now]
