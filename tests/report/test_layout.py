"""The same speech however its lines are laid out says the same."""

import re
from collections.abc import Callable

import pytest

from xiacheng_nlp.observations.observation import indicators
from xiacheng_nlp.report.layout import laid_out
from xiacheng_nlp.report.report import Report

SPEECH = """各位代表：
现在，我代表青溪县人民政府，向大会作政府工作报告，请予审议，并请各位政协委员提出意见。
“十三五”时期主要成绩及2020年工作回顾
过去一年，我们统筹推进各项工作，全县经济社会保持平稳健康发展，圆满完成了各项目标任务。
一、产业发展迈上台阶，质量效益稳步提升，实体经济更加坚实
地区生产总值增长6.1%，引进SUV整车项目1个，HPV疫苗接种率达到97%。工业投资完成 8.4亿元。
在看到成绩的同时，我们也清醒地认识到，发展中还有不少困难和问题。对此，我们将切实加以解决。
“十四五”时期县城建设主要思路
县城是经济的核心，建成区面积要扩大到25平方公里，城镇化率要达到60%以上，人口要达到30万人。
2021年主要工作
今年是开局之年，地区生产总值增长7%左右，一般公共预算收入增长6%，新增就业4500人以上。
各位代表！让我们携手并进，为建设美丽幸福的新青溪而努力奋斗！
附件1 2021年全县八件民生实事
一、改造老旧小区15个。
二、新建幼儿园4所。
附件2
名词解释
1.HPV疫苗：指预防人乳头瘤病毒感染的疫苗，为适龄女性接种。"""

LINES = SPEECH.split("\n")


def _wrapped(indent: str, size: int = 30) -> str:
    rows = (indent + line for line in LINES)
    return "\n".join(row[at : at + size] for row in rows for at in range(0, len(row), size))


LAYOUTS: dict[str, Callable[[], str]] = {
    "set in": lambda: "\n".join(f"　　{line}" for line in LINES),
    "empty lines between": lambda: "\r\n\r\n".join(f"\t{line}" for line in LINES),
    "wrapped": lambda: _wrapped(""),
    "wrapped, set in": lambda: _wrapped("　　"),
}


def said(report: Report) -> list[tuple[object, ...]]:
    names = ("value", "unit_base", "indicator", "measure", "status", "period", "part", "section")
    return [tuple(getattr(each, name) for name in names) for each in indicators(report)]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_lines_laid_out_otherwise_say_the_same(layout: str) -> None:
    plain, other = Report.parse(SPEECH), Report.parse(LAYOUTS[layout]())
    assert [(s.title, s.part) for s in plain.walk()] == [
        ("“十三五”时期主要成绩及2020年工作回顾", "review"),
        ("产业发展迈上台阶，质量效益稳步提升，实体经济更加坚实", "review"),
        ("“十四五”时期县城建设主要思路", "plan"),
        ("2021年主要工作", "plan"),
        ("2021年全县八件民生实事", "plan"),
        ("名词解释", "glossary"),
    ]
    assert [(s.title, s.part) for s in other.walk()] == [(s.title, s.part) for s in plain.walk()]
    assert said(other) == said(plain)


LONG = "改造提升道路，新建学校，城乡面貌焕然一新，群众的获得感不断增强，社会大局和谐稳定。" * 90
ON_ONE = (
    f"一、 2014年工作回顾2014年，完成投资 8亿元。{LONG}二、2015年主要任务（一）优化结构。{LONG}"
    f"三、2015年主要工作今年是收官之年。{LONG}让我们努力奋斗！附件12015年实事一、新建学校4所。"
)


def test_a_text_on_one_line_is_parted_behind_its_headings_and_before_an_annex() -> None:
    found = [line[:16] for line in laid_out(ON_ONE).text.split("\n")]
    assert found == [
        "一、 2014年工作回顾",
        "2014年，完成投资 8亿元。改",
        "二、2015年主要任务",
        "（一）优化结构。改造提升道路，新",
        "三、2015年主要工作",
        "今年是收官之年。改造提升道路，新",
        "附件12015年实事",
        "一、新建学校4所。",
    ]


def test_where_wide_blanks_part_the_lines_others_are_none() -> None:
    paragraph = "完成 投资 8亿元。" + "改造道路，新建学校，城乡面貌焕然一新。" * 20
    joined = laid_out("  ".join([paragraph] * 10)).text
    assert joined.split("\n") == [paragraph] * 10


@pytest.mark.parametrize(
    ("end", "start", "read"),
    [
        ("接种HP", "V疫苗", "接种HPV疫苗"),
        ("生产S", "UV的", "生产SUV的"),
        ("建设BIM", "CIM的", None),
    ],
)
def test_an_acronym_parted_by_the_width_of_a_page_is_one(
    end: str, start: str, read: str | None
) -> None:
    filling = "全县经济社会各项事业平稳健康发展的良好态势得到了进一步的巩固与提升并且"
    rows = [filling[: 30 - len(end)] + end, start + filling[: 30 - len(start)]] * 8
    text = laid_out("\n".join(rows)).text
    assert (read in text) if read else ("BIM\nCIM" in text)
    assert not re.search("[A-Z] [A-Z]", text)


def test_running_heads_beside_the_numbers_of_pages_are_left_out() -> None:
    pages = [
        f"全县新建学校{n}所，改造道路{n}条。\n" + f"第{n}批项目投产。" * 40 for n in range(1, 7)
    ]
    printed = "".join(f"青溪县政府工作报告\n{page}\n— {n} —\n" for n, page in enumerate(pages, 1))
    found = laid_out(printed)
    assert found.text.split("\n")[1:-1] == "\n".join(pages).split("\n")
    assert "running head left out: 青溪县政府工作报告" in [what for what, _ in found.done]
