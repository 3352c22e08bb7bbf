"""Annexes and parts of reports that do not say so in the usual words."""

import pytest

from xiacheng_nlp.report.report import Report

BODY = (
    "各位代表：\n现在，我代表区人民政府，向大会报告工作，请予审议。\n"
    "一、2013年工作回顾\n投资完成3亿元。\n二、2014年工作安排\n投资增长8%。\n"
    "各位代表！让我们团结一心，为建设美丽家园而努力奋斗！\n"
)
ENTRIES = "[1]“双控”行动：指总量和强度的控制。\n[2]两不愁：即不愁吃、不愁穿。\n"


@pytest.mark.parametrize(
    "head",
    [
        "※名词解释※",
        "※注释※",
        "【名词解释】",
        "[名词解释]",
        "附件：名词解释",
        "附件\n《政府工作报告》有关内容名词注释",
        "政府工作报告名词、术语注释",
        "*名词解释",
        "",
    ],
)
def test_an_annex_is_told_however_it_is_headed(head: str) -> None:
    report = Report.parse(BODY + head + "\n" + ENTRIES)
    assert [entry.headword for entry in report.glossary] == ["“双控”行动", "两不愁"]
    parts = [paragraph.part for paragraph in report.paragraphs]
    assert list(dict.fromkeys(parts)) == ["opening", "review", "plan", "closing", "glossary"]


def test_numbered_measures_in_the_plan_are_no_glossary() -> None:
    text = BODY.replace("投资增长8%。", "1.扩大投资：建成两个项目。\n2.稳定就业：新增三千人。")
    assert not Report.parse(text).glossary


def test_much_behind_the_closing_is_said() -> None:
    text = BODY + "".join(f"第{n}号路灯照亮了公园的小路和长椅。\n" for n in range(40))
    said = [note for note in Report.parse(text).notes if "behind the closing" in note.message]
    assert len(said) == 1
    assert text[said[0].start :].startswith("第0号")


@pytest.mark.parametrize(
    "heads",
    [
        ("一、2013年主要工作", "二、2014年主要任务"),
        ("第一部分：2013年工作回顾", "第二部分：2014年工作安排"),
        ("一 2013年工作回顾", "二 2014年工作安排"),
        ("本届政府工作回顾", "今后五年工作目标和主要任务"),
        ("站在新起点：2013年工作回顾", "开启新征程：2014年工作任务"),
        ("“十二五”时期工作回顾", "“十三五”发展思路和2014年主要工作任务"),
        ("一、关于工业", "二、关于农业"),
    ],
)
@pytest.mark.parametrize("indent", ["", "　　"])
def test_review_and_plan_are_told(heads: tuple[str, str], indent: str) -> None:
    lines = [
        "各位代表：",
        "现在，我代表区人民政府，向大会报告工作，请予审议。",
        heads[0],
        "去年投资完成了3亿元，比上年增长8%，取得了明显的成效，实现了稳定的增长。",
        heads[1],
        "今年要扩大投资，必须确保投资增长8%，力争达到9%，将建成一批重大的项目。",
    ]
    report = Report.parse("\n".join(indent + line for line in lines), year=2014)
    told = {p.text[:2]: p.part for p in report.paragraphs}
    assert (told["去年"], told["今年"]) == ("review", "plan")
    assert [s.part for s in report.sections] == ["review", "plan"]


def test_a_review_without_a_heading_is_one() -> None:
    text = (
        "各位代表：\n现在，我代表区人民政府，向大会报告工作，请予审议。\n"
        "这一年来，全区完成了投资3亿元，比上年增长8%。\n二、2014年工作安排\n投资增长8%。"
    )
    parts = [p.part for p in Report.parse(text, year=2014).paragraphs]
    assert parts == ["opening", "opening", "review", "plan", "plan"]


def test_a_report_without_headings_turns_where_its_tenses_do() -> None:
    text = (
        "各位代表：\n现在，我代表区人民政府，向大会报告工作，请予审议。\n"
        "去年完成了投资3亿元，比上年增长8%。\n全区取得了明显的成效。\n"
        "今年要扩大投资，必须确保增长8%。\n还要加快项目，将力争建成一批。\n"
    )
    parts = [p.part for p in Report.parse(text, year=2014).paragraphs]
    assert parts[2:] == ["review", "review", "plan", "plan"]


def test_the_government_is_told_within_a_long_plan() -> None:
    tasks = "".join(f"（{n}）抓好项目\n扩大投资，新建项目，办好学校。\n" for n in "一二三四五六")
    text = BODY.replace("投资增长8%。\n", tasks + "各位代表！大力加强政府自身建设。依法行政。\n")
    report = Report.parse(text)
    told = next(p for p in report.paragraphs if "自身建设" in p.text)
    assert told.part == "government"
    assert report.paragraphs[-1].part == "closing"


def test_a_stray_short_line_opens_no_section_of_its_own() -> None:
    text = (
        "各位代表：\n过去五年工作回顾\n投资完成了3亿元，项目建成了5个，\n名牌\n"
        "发展到13个，比五年前增加了8个。\n今后五年工作安排\n扩大投资，建成项目。\n"
    )
    assert [s.part for s in Report.parse(text).sections] == ["review", "plan"]


def test_a_plan_without_a_heading_behind_a_told_review_is_one() -> None:
    ahead = "今年要扩大投资，必须确保投资增长8%，力争达到9%，将建成一批项目，要加快推进。\n"
    text = "各位代表：\n一、2013年工作回顾\n去年完成了投资3亿元，取得了成效。\n" + ahead * 6
    parts = [p.part for p in Report.parse(text).paragraphs]
    assert parts == ["opening", "review", "review", *["plan"] * 6]


def test_the_last_paragraphs_of_a_national_report_belong_to_no_section_above_them() -> None:
    body = (
        "各位代表：\n现在，我代表{whom}报告工作。\n一、2018年工作回顾\n经济增长6.6%。\n"
        "二、2019年工作任务\n（一）保障民生。\n增加养老金。\n（二）加强政府自身建设。\n依法行政。\n"
        "我们要坚持和完善民族区域自治制度，支持民族地区发展。\n国防和军队建设扎实推进。\n"
        "我们将坚持独立自主的和平外交政策。\n"
    )
    found = [
        [(each.section, each.part) for each in Report.parse(body.format(whom=whom)).paragraphs]
        for whom in ("国务院", "自治区人民政府")
    ]
    assert found[0][-4:] == [("2.2", "government"), *[("2", "plan")] * 3]
    assert {section for section, _ in found[1][-4:]} == {"2.2"}
