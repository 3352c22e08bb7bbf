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


def test_a_sentence_that_mentions_copyright_ends_no_text() -> None:
    last = "四是依法保护版权所有者的权益，全年查处盗版12起。"
    report = Report.parse(f"{BODY}{last}\n让我们努力奋斗！\n某区人民政府办公室版权所有")
    assert last in [paragraph.text for paragraph in report.paragraphs]
    assert report.text[report.end :].strip() == "某区人民政府办公室版权所有"


def test_an_entry_that_begins_like_the_line_of_a_site_ends_no_text() -> None:
    last = "版权交易：指作品权利的买卖。"
    report = Report.parse(f"{BODY}名词解释\n{ENTRIES}\n{last}\n版权所有：某区人民政府")
    assert report.text[: report.end].rstrip().endswith(last)


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


def test_a_numbered_sentence_of_fifty_characters_is_a_heading_of_its_own() -> None:
    head = "提升城乡建设水平，" * 5 + "改善环境。"
    text = BODY.replace("投资完成3亿元。", f"（一）{head}\n投资完成3亿元。")
    assert head.rstrip("。") in [section.title for section in Report.parse(text).walk()]


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


def test_a_review_that_looks_ahead_from_its_first_line_on_is_no_plan() -> None:
    ahead = "今年要扩大投资，必须确保投资增长8%，力争达到9%，将建成一批项目，要加快推进。\n"
    report = Report.parse("各位代表：\n一、2013年工作回顾\n" + ahead * 6)
    assert {p.part for p in report.paragraphs[1:]} == {"review"}


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


@pytest.mark.parametrize(
    ("numbers", "titles", "expected"),
    [
        (("一", "二"), ("", ""), ["一", "二"]),
        (("一、", "二、"), ("2013年工作回顾\n", "2014年工作安排\n"), None),
        (("第一部分", "第二部分"), ("2013年工作回顾\n", "2014年工作安排\n"), None),
        (("（一）", "（二）"), ("2013年工作回顾\n", "2014年工作安排\n"), None),
    ],
)
def test_a_numeral_on_a_line_of_its_own_is_a_heading(
    numbers: tuple[str, str], titles: tuple[str, str], expected: list[str] | None
) -> None:
    said = (
        "去年完成了投资3亿元，取得了明显的成效。",
        "今年要扩大投资，必须确保增长8%，将建成一批项目。",
    )
    text = "各位代表：\n" + "".join(
        f"{number}\n{title}　　{each}\n"
        for number, title, each in zip(numbers, titles, said, strict=True)
    )
    sections = Report.parse(text).sections
    assert [each.title for each in sections] == (expected or ["2013年工作回顾", "2014年工作安排"])
    assert [each.part for each in sections] == ["review", "plan"]


def test_numerals_that_do_not_count_from_one_on_are_no_headings() -> None:
    text = BODY.replace("投资增长8%。", "投资增长8%，就业稳定。\n三\n七\n加快项目建设，改善民生。")
    assert [each.number for each in Report.parse(text).walk()] == ["一", "二"]


def test_a_long_numbered_sentence_heads_its_paragraph() -> None:
    heads = (
        "（一）坚决落实各项工作部署，积极应对内外风险和挑战明显上升的复杂局面，推动全区经济持续健康发展。",
        "（二）改善民生。",
    )
    text = BODY.replace("投资增长8%。", "\n".join(f"{head}办好学校，新建项目。" for head in heads))
    assert [each.number for each in Report.parse(text).sections[1].sections] == ["一", "二"]


@pytest.mark.parametrize(
    "last",
    ["面向未来，我们要团结一心，为建设美丽家园作出更大的贡献！", "大会号召全区人民努力奋斗。"],
)
def test_the_last_paragraph_closes_where_it_appeals_without_address(last: str) -> None:
    text = BODY.replace(BODY.splitlines()[-1], last)
    parts = [p.part for p in Report.parse(text).paragraphs]
    assert parts[-2:] == ["plan", "closing"]


@pytest.mark.parametrize(
    "listed",
    [
        "附件：名词解释\n",
        "附件：\n1.民生实事一览表.docx\n",
        "附件：名词解释\n附件\n1.名词解释.docx\n",
    ],
)
def test_a_list_of_annexes_is_none(listed: str) -> None:
    report = Report.parse(BODY + listed)
    assert [each.style for each in report.sections] == ["一、", "一、"]
    assert next(each.kind for each in report.paragraphs if "附件" in each.text) == "attachment"
    both = Report.parse(BODY + "附件：名词解释\n附件\n名词解释\n" + ENTRIES)
    assert [each.style for each in both.sections] == ["一、", "一、", "annex"]


@pytest.mark.parametrize(
    "said",
    [
        "在肯定成绩的同时，我们深知发展中有一些问题和不足。",
        "我们也清醒的认识到，工作有很多不足。",
        "风雨多经，初心不改。我们也清醒看到，项目不多。",
        "成绩鼓舞人心。当前，全区发展面临的困难和问题主要体现在：投资不足。",
        "在发展道路上，我们还面临不少困难和问题。",
        "在取得成绩的同时，我们要看到，与全区人民的期望相比，差距不小。",
    ],
)
def test_difficulties_are_told_in_other_words(said: str) -> None:
    report = Report.parse(BODY.replace("投资完成3亿元。", f"投资完成3亿元。\n{said}"))
    assert next(p.part for p in report.paragraphs if p.text.strip() == said) == "problems"


@pytest.mark.parametrize(
    ("head", "part"),
    [
        ("（七）坚持依法行政，打造一流法治政府", "government"),
        ("（七）改进工作，建设人民满意的服务型政府", "government"),
        ("（七）着力增强政府执行力和公信力", "government"),
        ("（七）推动有效市场和有为政府更好结合", "plan"),
    ],
)
def test_a_section_of_the_plan_may_be_of_the_government(head: str, part: str) -> None:
    report = Report.parse(
        BODY.replace("投资增长8%。\n", f"（六）扩大投资\n新建。\n{head}\n办好。\n")
    )
    assert report.sections[1].sections[-1].part == part


@pytest.mark.parametrize(
    "said",
    [
        "各位代表！完成目标任务，我们要不忘初心、牢记使命，勇于担当，把政府自身建设得更加坚强有力。",
        "为有力、有序地推动各项工作，区政府必须更加重视自身建设，严管严控。",
    ],
)
def test_the_plan_turns_to_the_government_in_a_long_sentence(said: str) -> None:
    tasks = "".join(f"（{n}）抓好项目\n扩大投资，新建项目，办好学校。\n" for n in "一二三四五六")
    report = Report.parse(BODY.replace("投资增长8%。\n", f"{tasks}{said}\n"))
    assert next(p.part for p in report.paragraphs if p.text.strip() == said) == "government"


@pytest.mark.parametrize("leader", ["……………1", "\t1", "", ".......... 1", "（1）"])
def test_a_table_of_contents_is_no_part_of_the_speech(leader: str) -> None:
    title, speech = (
        "某县人民政府工作报告\n",
        "一、2013年工作回顾\n增长。\n二、2014年工作安排\n提升。",
    )
    listed = f"目 录\n一、2013年工作回顾{leader}\n二、2014年工作安排{leader}\n"
    for text in (title + listed + speech, listed + title + speech):
        report = Report.parse(text)
        assert [(s.id, s.part) for s in report.walk()] == [("1", "review"), ("2", "plan")]
        assert report.text[report.start : report.end] == speech


@pytest.mark.parametrize(
    "heads",
    [
        ("1、2013年工作回顾", "2、2014年工作安排"),
        ("1.2013年工作回顾", "2.2014年工作安排"),
        ("●2013年工作回顾", "●2014年工作安排"),
        ("一、2013年工作回顾：", "二、2014年工作安排："),
        ("一,2013年工作回顾", "二,2014年工作安排"),
        ("Ⅰ、2013年工作回顾", "Ⅱ、2014年工作安排"),
        ("PART 01 2013年工作回顾", "PART 02 2014年工作安排"),
    ],
)
def test_parts_are_told_however_their_headings_are_numbered(heads: tuple[str, str]) -> None:
    report = Report.parse(f"各位代表：\n{heads[0]}\n投资完成3亿元。\n{heads[1]}\n投资增长8%。\n")
    told = [(section.title, section.part) for section in report.sections]
    assert told == [("2013年工作回顾", "review"), ("2014年工作安排", "plan")]


def test_difficulties_are_told_in_a_report_without_headings() -> None:
    said = ["过去一年，取得了新的成绩。", "我们也清醒地看到，还存在不少困难。", "今年要加快发展。"]
    report = Report.parse("\n".join(["各位代表：", "现在，我报告政府工作。", *said]))
    assert [p.part for p in report.paragraphs][2:] == ["review", "problems", "plan"]


def test_much_behind_an_appeal_without_address_is_said() -> None:
    behind = "各部门按照职责分工抓好任务落实，定期报告进展情况，确保按时完成。\n" * 16
    report = Report.parse(BODY.replace("各位代表！让我们", "让我们") + behind)
    assert [n.message for n in report.notes if "behind the closing appeal" in n.message]


def test_what_a_channel_sets_behind_a_text_is_none_of_it() -> None:
    report = Report.parse(BODY + "- END -\n来源：某区发布\n点赞 在看 分享\n阅读原文\n")
    assert report.paragraphs[-1].text.endswith("努力奋斗！")
    assert sum(note.message.startswith("left out behind") for note in report.notes) == 4
