"""The same speech however its lines are laid out says the same."""

import re
from collections.abc import Callable

import pytest

from xiacheng_nlp.observations.observation import indicators
from xiacheng_nlp.report.layout import laid_out
from xiacheng_nlp.report.report import Report

SPEECH = """各位代表：
现在，我代表青溪县人民政府，向大会报告工作，请予审议，也请列席的同志多提意见。
“十三五”时期主要成绩及2020年工作回顾
过去一年，我们统筹推进各项工作，全县经济平稳增长，民生持续改善，年初定下的任务全部完成。
一、产业发展迈上台阶，质量效益稳步提升，实体经济更加坚实
地区生产总值增长6.1%，引进SUV整车项目1个，HPV疫苗接种率达到97%。工业投资完成 8.4亿元。
在看到成绩的同时，我们也清醒地认识到，发展中还有不少困难和问题。对此，我们将切实加以解决。
“十四五”时期县城建设主要思路
县城是经济的核心，建成区面积要扩大到25平方公里，城镇化率要达到60%以上，人口要达到30万人。
2021年主要工作
今年是开局之年，地区生产总值增长7%左右，财政收入增长6%，新增就业4500人以上。
各位代表！让我们携手并进，为建设美丽幸福的新青溪而努力奋斗！
附件一 全县2021年八件民生实事
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
        ("全县2021年八件民生实事", "plan"),
        ("名词解释", "glossary"),
    ]
    assert [(s.title, s.part) for s in other.walk()] == [(s.title, s.part) for s in plain.walk()]
    assert said(other) == said(plain)


def test_a_line_that_is_set_in_begins_a_paragraph_only_where_most_are() -> None:
    text = (
        "各位代表：\n完成投资3亿元，增长8%。\n新增就业5万人，增长2%。\n"
        "　　建成学校5所，改造3所。\n扩大开放，改善民生，\n　　把城市建得更加美好。\n"
    )
    last = Report.parse(text).paragraphs[-1]
    assert last.text == "扩大开放，改善民生，把城市建得更加美好。"


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


@pytest.mark.parametrize(
    "asked", ["请予审议。", "请与规划一并审议，并请列席人员提出宝贵意见。", "请各位代表审议。"]
)
def test_a_speech_on_one_line_begins_behind_what_its_speaker_asks_for(asked: str) -> None:
    review = "“十四五”时期，全县完成投资8亿元，改造道路12公里。" * 150
    opening = f"各位代表：现在，我代表青禾县人民政府，向大会报告工作，{asked}"
    plan = "二、2026年主要任务\n新的一年，我们要完成投资9亿元。"
    report = Report.parse(f"{opening}{review}\n{plan}", year=2026)
    assert [(p.part, p.text[-4:]) for p in report.paragraphs][:2] == [
        ("opening", asked[-4:]),
        ("review", "2公里。"),
    ]


@pytest.mark.parametrize(
    "told",
    ["认真办理人大代表审议意见。", "主动接受审议，听取各方意见。", "规划提请常委会审议。"],
)
def test_what_deputies_discuss_elsewhere_parts_nothing(told: str) -> None:
    review = "全县完成投资8亿元，改造道路12公里。" * 100
    assert not laid_out(f"{review}{told}{review}").done


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
        ("推广5G", "AI的", None),
    ],
)
def test_an_acronym_parted_by_the_width_of_a_page_is_one(
    end: str, start: str, read: str | None
) -> None:
    filling = "全县经济社会各项事业平稳健康发展的良好态势得到了进一步的巩固与提升并且"
    rows = [filling[: 30 - len(end)] + end, start + filling[: 30 - len(start)]] * 8
    text = laid_out("\n".join(rows)).text
    assert (read or f"{end}\n{start}") in text
    assert not re.search("[A-Z] [A-Z]", text)


def test_running_heads_beside_the_numbers_of_pages_are_left_out() -> None:
    pages = [
        f"全县新建学校{n}所，改造道路{n}条。\n" + f"第{n}批项目投产。" * 40 for n in range(1, 7)
    ]
    printed = "".join(f"青溪县政府工作报告\n{page}\n— {n} —\n" for n, page in enumerate(pages, 1))
    found = laid_out(printed)
    assert found.text.split("\n")[1:-1] == "\n".join(pages).split("\n")
    assert "running head left out: 青溪县政府工作报告" in [what for what, _ in found.done]


TITLE = "2021年青溪县政府工作报告"
PAGE = "全县新建学校，改造道路，项目投产。\n" * 30


def test_a_title_above_the_first_page_stays_where_it_runs_on() -> None:
    found = laid_out("".join(f"— {n} —\n{TITLE}\n{PAGE}" for n in range(1, 7)))
    assert found.text == f"{TITLE}\n{PAGE * 6}"


@pytest.mark.parametrize("line", ["各位代表！", "各位代表", "（一）", "一、抓好落实", "请予审议。"])
def test_what_a_speech_repeats_is_no_running_head(line: str) -> None:
    found = laid_out("".join(f"{line}\n{PAGE}— {n} —\n" for n in range(1, 7)))
    assert found.text.split("\n").count(line) == 6


def kinds(*lines: str) -> list[str]:
    text = "\n".join(["二、2024年工作安排", *lines, "我们将改造道路。"])
    return [paragraph.kind for paragraph in Report.parse(text, year=2024).paragraphs][1:-1]


TABLES = {
    "with thousands": (
        "指标 单位 2023年 目标",
        "粮食产量 万吨 1,250 1,300",
        "新增就业 人 4,500 4,600",
    ),
    "with an empty cell": ("粮食产量 万吨 12.5 13", "新增就业 4500 4600", "游客 万人 8 9"),
    "with units in cells": ("粮食产量 12.5万吨 13万吨", "新增就业 4500人 4600人"),
    "with one column of numbers": ("指标 单位 目标", "粮食产量 万吨 13", "新增就业 人 4600"),
    "with serial numbers": ("序号 项目 投资（万元）", "1 青溪河治理 5000", "2 青溪小学 3000"),
    "with names and amounts": (
        "粮食产量 12.5万吨",
        "新增就业 4,500人",
        "绿化率 32%",
        "游客 8万人次",
    ),
    "numbered": ("1.粮食产量 万吨 12.5 13 预期性", "2.新增就业 人 4500 4600 预期性"),
}


@pytest.mark.parametrize("table", TABLES)
def test_rows_of_a_table_are_known_by_their_columns(table: str) -> None:
    assert kinds(*TABLES[table]) == ["row"] * len(TABLES[table])


def test_blanks_for_commas_make_no_rows() -> None:
    lines = ["地区生产总值 增长 8%", "固定资产投资 增长 9%", "城镇登记失业率 控制在 4%以内"]
    report = Report.parse("\n".join(["二、2024年工作安排", *lines, "改造道路。"]), year=2024)
    assert [str(each.value) for each in indicators(report)] == ["8", "9", "4"]
    # The same below a table, and with each number apart from its unit.
    assert kinds("新增就业 人 4600", *lines)[1:].count("row") == 0
    assert "row" not in kinds("新增就业 完成 3 万人", "引进项目 达到 8 个")


@pytest.mark.parametrize(
    "lines",
    [
        ("粮食产量 12.5万吨", "新增就业 4500人"),
        ("生产总值 8%左右", "固定资产投资 9%以上", "城镇登记失业率 4%以内"),
        ("青禾县 2024年", "青溪县 2023年", "青山县 2022年"),
        ("生产总值增长 8%", "财政收入增长 9%", "城镇登记失业率控制在 4%"),
        ("生产总值达到 80亿元", "财政收入突破 9亿元", "存款约 30亿元"),
        ("完成投资 5亿元", "建成道路 12公里", "发放贷款 3亿元"),
        ("1.生产总值 8亿元", "2.粮食产量 12万吨", "3.新增就业 5万人"),
        ("（一）粮食产量 12万吨", "（二）新增就业 5万人", "（三）游客 8万人次"),
        ("——粮食产量 12万吨", "——新增就业 5万人", "——游客 8万人次"),
    ],
)
def test_few_names_with_amounts_or_with_bounds_are_no_table(lines: tuple[str, ...]) -> None:
    assert "row" not in kinds(*lines)


def test_headings_with_the_numbers_of_their_pages_are_rows() -> None:
    listed = "一、2023年工作回顾 1", "二、2024年目标任务 5", "三、2024年主要措施 9"
    assert kinds(*listed) == ["row"] * 3


def test_headings_with_blanks_are_no_rows() -> None:
    lines = "一、 2020年 工作回顾", "二、 2021年 工作安排", "（一） 经济 稳步增长", "就业稳定。"
    for said in (lines, ("第一部分 2020年 工作回顾", *lines[2:])):
        found = Report.parse("\n".join(["各位代表：", *said]))
        headings = ["heading"] * (len(said) - 1)
        assert [each.kind for each in found.paragraphs] == ["salutation", *headings, "text"]
    assert kinds("2024年 主要 目标", "新增就业 人 4600")[0] != "row"


def test_cells_that_are_set_in_head_nothing() -> None:
    plan = ["一、2021年工作安排", "我们将办好实事。"]
    cells = [
        "1",
        "改造青溪河堤",
        "加固河堤5公里，新建步道。",
        "2",
        "新建青溪小学",
        "新增学位900个。",
    ]
    lines = [*plan, *cells, "民生持续改善", "我们将改造道路。"]
    report = Report.parse("\n".join(f"　　{line}" for line in lines))
    assert [s.title for s in report.walk()] == ["2021年工作安排", "民生持续改善"]


@pytest.mark.parametrize(
    ("line", "number", "title"),
    [
        ("附件10 2021年民生实事", "附件10", "2021年民生实事"),
        ("附件102021年民生实事", "附件10", "2021年民生实事"),
        ("附件一二〇二一年民生实事", "附件一", "二〇二一年民生实事"),
        ("附件十二 重点项目清单", "附件十二", "重点项目清单"),
        ("附件一重点项目安排表", "附件一", "重点项目安排表"),
        ("附表二项目清单", "附表二", "项目清单"),
        ("附表一般公共预算收入情况", None, None),
        ("附件三年行动计划分工", None, None),
    ],
)
def test_the_number_of_an_annex_ends_before_its_title(
    line: str, number: str | None, title: str | None
) -> None:
    report = Report.parse(f"一、2021年工作安排\n改造道路。\n{line}\n道路5条，学校2所。")
    found = [(s.number, s.title) for s in report.walk() if s.style == "annex"]
    assert found == ([(number, title)] if number else [])


REVIEW = "“十四五”时期发展成就和2025年工作回顾"
OUTLOOK = "“十五五”时期主要目标和2026年重点工作"
ASKED = "各位代表：我代表青溪县人民政府向大会报告工作，请予审议，并请列席人员提出意见。"
FIVE = "“十四五”时期，全县面貌一新。五年累计完成投资80亿元，新建学校12所。"
LAST_YEAR = "2025年，我们顶住压力。新增就业4500人。粮食产量达到6万吨。"
AHEAD = "今年是开局之年。经济社会发展的主要预期目标是：地区生产总值增长6%左右，投资增长8%。"
APPEAL = "各位代表！让我们为建设新青溪而努力奋斗！"
PARAGRAPHS = [ASKED[:5], ASKED[5:], REVIEW, FIVE, LAST_YEAR, OUTLOOK, AHEAD, APPEAL]


@pytest.mark.parametrize("heads", [(REVIEW, OUTLOOK), (f"一、{REVIEW}", f"二、{OUTLOOK}")])
def test_a_sentence_a_line_says_what_its_paragraphs_say(heads: tuple[str, str]) -> None:
    whole = [dict(zip((REVIEW, OUTLOOK), heads, strict=True)).get(p, p) for p in PARAGRAPHS]
    lines = [line for p in whole for line in re.split("(?<=。)", p) if line]
    plain, other = (Report.parse("\n".join(each), year=2026) for each in (whole, lines))
    assert [(s.title, s.part) for s in plain.walk()] == [(REVIEW, "review"), (OUTLOOK, "plan")]
    assert [(s.title, s.part) for s in other.walk()] == [(REVIEW, "review"), (OUTLOOK, "plan")]
    assert said(other) == said(plain)


def test_a_speech_on_one_line_is_parted_where_years_and_targets_begin() -> None:
    """Its headings name a plan of five years by its number, which may be 四, the 14th."""
    filler = "我们加强管理，改善服务，保障供应，方便群众，稳步推进各项建设。" * 60
    review, ahead = "“十四五”时期工作回顾", "2026年重点工作"
    whole = [*PARAGRAPHS[:2], review, FIVE, LAST_YEAR + filler, ahead, AHEAD + filler, APPEAL]
    plain, other = (Report.parse(put.join(whole), year=2026) for put in ("\n", ""))
    assert [(s.title, s.part) for s in other.walk()] == [(review, "review"), (ahead, "plan")]
    assert said(other) == said(plain)


@pytest.mark.parametrize(
    ("lines", "paragraphs"),
    [
        # "12 new nurseries", "36 km of pipes", "8 parks": cells and lists without stops.
        (("新建幼儿园12所", "改造管网36公里", "新建公园8个"), 3),
        (("民生实事 新增床位300张", "环境整治 改造管网36公里 新建公园8个", "建桥5座"), 3),
        # Two may be a line that is broken, and what says more of an amount is none of its own.
        (("新建改建公路36公里", "桥梁5座，惠及群众。"), 1),
        (("完成投资12亿元", "增长8%", "占年度计划的80%"), 1),
        (("完成投资12亿元", "，增长8%", "，总量居第2位"), 1),
        (("过去五年，产值由80亿元", "增加到120亿元", "年均增长8%"), 1),
        (("到2020年", "建成区面积达到36平方公里", "人口30万人"), 1),
        (("新建幼儿园12所、", "改造管网36公里、", "新建公园8个"), 1),
        # Lines of prose that end in amounts by chance are broken.
        (("全年新建幼儿园12所，改造管网36公里", "，新建公园8个，植树3万株", "，治理河道12公里"), 1),
    ],
)
def test_short_clauses_with_their_amounts_at_the_end_are_a_list(
    lines: tuple[str, ...], paragraphs: int
) -> None:
    text = "某区政府工作报告\n各位代表：\n一、2013年工作回顾\n" + "\n".join(lines)
    assert len(Report.parse(text).paragraphs) - 2 == paragraphs


def test_numbered_items_of_a_text_on_one_line_begin_their_lines() -> None:
    items = ["1、项目建设全面提速。完成投资8亿元。", "2．民生不断改善。新建学校3所。"]
    text = "一、2014年工作回顾" + "产业加快转型，效益稳步提升。" * 240 + "".join(items)
    assert laid_out(text).text.split("\n")[-2:] == items


@pytest.mark.parametrize(
    "head",
    ["三、2014年重点工作　　今年要完成投资8亿元。", "六、政府自身建设取得实效　　廉洁从政。"],
)
def test_a_heading_is_parted_at_no_word_of_its_own(head: str) -> None:
    text = "产业加快转型，效益稳步提升。" * 240 + "　　" + head
    assert laid_out(text).text.split("\n")[-2:] == head.split("　　")


def test_the_address_joins_no_title_that_fills_its_line() -> None:
    lines = ["投资完成三亿元，民生持续改善，", "经济增长。"] * 10
    text = laid_out("\n".join(["二〇一八年某某市政府工作报告", "各位代表：", *lines])).text
    assert text.split("\n")[:2] == ["二〇一八年某某市政府工作报告", "各位代表："]


def test_a_short_speech_on_one_line_is_parted_and_a_long_paragraph_of_many_is_none() -> None:
    plan = "改造提升道路，新建学校，城乡面貌焕然一新，群众的获得感不断增强。" * 12
    one = f"一、2014年工作回顾完成投资8亿元。{plan}二、2015年工作安排完成投资9亿元。{plan}"
    heads = ["一、2014年工作回顾", "二、2015年工作安排"]
    assert laid_out(one).text.split("\n")[::2] == heads
    assert laid_out(f"{one}\n{one}").text == f"{one}\n{one}"
