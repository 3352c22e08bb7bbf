"""What typesetting and copying did to a text is mended on reading, and every place stays that of
the source."""

from collections.abc import Callable

import pytest

from xiacheng_nlp.observations.observation import indicators
from xiacheng_nlp.report.government import Place
from xiacheng_nlp.report.mending import plain
from xiacheng_nlp.report.report import Report, load_report

SPEECH = (
    "政府工作报告\n{}\n一、2014年工作回顾\n国内生产总值63.6万亿元。\n各位代表！\n"
    "二、2015年工作总体部署\n国内生产总值增长7%。"
)


def stated(report: Report) -> list[tuple[str, str, str, str]]:
    return [
        (o.indicator, str(o.value), o.unit, report.text[o.start : o.end])
        for o in indicators(report)
    ]


@pytest.mark.parametrize(
    "address",
    [
        "各位代表：\u200d",
        "\u200b各位代表：",
        "各位代表：?",
        "各位代表，同志们：",
        "主席、各位代表：",
        "各位代表: 现在,我代表区人民政府作工作报告。",
        "各位代表∶",
        "现在，我代表区人民政府向大会报告工作。",
        "",
    ],
)
def test_no_later_address_is_the_start(address: str) -> None:
    report = Report.parse(SPEECH.format(address))
    assert [section.part for section in report.sections] == ["review", "plan"]
    assert [indicator[1] for indicator in stated(report)] == ["63.6", "7"]
    assert report.year == 2015


def test_a_table_of_contents_and_a_notice_are_front_matter() -> None:
    front = "首页\n会议听取了报告，现印发给你们，请认真贯彻执行。\n"
    contents = "目录\n一、2014年工作回顾\n二、2015年工作总体部署\n"
    report = Report.parse(front + contents + SPEECH.format("各位代表："))
    assert report.text[report.start :].startswith("各位代表：")
    report = Report.parse(contents + SPEECH.format("各位代表：").partition("\n")[2])
    assert report.text[report.start :].startswith("各位代表：")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("财政收入达到74.4\n\u200b\n万亿元。", ("74.4", "万亿元", "74.4\n\u200b\n万亿元")),
        ("财政收入达到7\u200b4.4亿元。", ("74.4", "亿元", "7\u200b4.4亿元")),
        ("财政收\u00ad入达到7 4 7 7 2 亿元。", ("74772", "亿元", "7 4 7 7 2 亿元")),
        ("财政收入36.5 9亿元。", ("36.59", "亿元", "36.5 9亿元")),
        ("财政收入完成 36.5 9亿元。", ("36.59", "亿元", "36.5 9亿元")),
        ("财政收入增长8 ．8 ％。", ("8.8", "%", "8 ．8 ％")),
        ("财政收入1\u2009234.5亿元。", ("1234.5", "亿元", "1\u2009234.5亿元")),
        ("财政收入1，234.5亿元。", ("1234.5", "亿元", "1，234.5亿元")),
        ("财政收入增⻓7.4%。", ("7.4", "%", "7.4%")),
        ("財政收入達到643.57億元。", ("643.57", "亿元", "643.57億元")),
        ("财政收入增长负2.3%。", ("-2.3", "%", "负2.3%")),
    ],
)
def test_a_number_is_read_whole_and_shown_as_it_stands(
    said: str, expected: tuple[str, str, str]
) -> None:
    report = Report.parse(f"各位代表：\n一、2014年工作回顾\n{said}")
    assert stated(report) == [("财政收入", *expected)]


def test_a_number_over_two_lines_of_a_broken_text_is_read_whole() -> None:
    """Before a sign that none but an amount has; else two paragraphs may end and begin there."""
    said = "其中地方财政收入61\n5万元，投资12\n2014年"
    report = Report.parse(f"各位代表：\n一、2014年工作回顾\n{said}")
    assert ("地方财政收入", "615", "万元", "61\n5万元") in stated(report)
    assert any(note.message == "read as one number: 61 5" for note in report.notes)
    assert "123" not in str(stated(Report.parse("各位代表：\n新增企业12\n3家。")))


@pytest.mark.parametrize("unit", ["万户", "亿元", "%"])
def test_numbers_of_two_long_paragraphs_stay_apart(unit: str) -> None:
    long = "全区上下同心协力，推动经济社会持续健康发展，" * 8
    report = Report.parse(f"各位代表：\n{long}新增企业12\n3{unit}以上。{long}")
    assert not [note for note in report.notes if "one number" in note.message]
    assert "123" not in [value for _, value, _, _ in stated(report)]


def test_what_was_mended_is_said() -> None:
    text = "各位代表：\n一、2014年工作回顧\n收入7 4 7 7亿元，增⻓1，234万\u200b户，\uf967到6·5%。"
    report = Report.parse(text)
    assert ("收入", "6.5", "%", "6·5%") in stated(report) or stated(report)
    assert {note.message for note in report.notes} >= {
        "1 traditional characters are read as the usual ones",
        "1 signs of radicals are read as the usual ones",
        "1 signs of other standards are read as the usual ones",
        "read as a decimal point: 6·5",
        "invisible character left out",
        "read as one number: 7 4 7 7, and 1 more",
    }


def test_what_is_usual_reads_the_same_beside_what_is_not() -> None:
    """Most texts have no odd sign and are looked at less: none that is mended may be missed."""
    for sign in map(chr, {*range(0x9, 0xD800), *range(0xE000, 0x10000), 0x1D7D8, 0x2F800}):
        alone, beside = plain(f"增长1{sign}5亿元。"), plain(f"增长1{sign}5亿元。\ue000")
        assert (alone.text, alone.notes) == (beside.text.removesuffix("\ue000"), beside.notes)


def test_two_numbers_side_by_side_stay_two() -> None:
    report = Report.parse("各位代表：\n一、2014年工作回顾\n收入增长3.6% 4.3%，到2013 2014年。")
    assert not [note for note in report.notes if "one number" in note.message]


def test_simplified_characters_stay_in_a_simplified_text() -> None:
    assert Report.parse("各位代表：\n乾隆于於瞭望。").paragraphs[1].text == "乾隆于於瞭望。"


@pytest.mark.parametrize("end", ["\r\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", "\x0c"])
def test_line_ends_of_every_kind_read_alike(end: str) -> None:
    seed = load_report()
    other = Report.parse(seed.text.replace("\r", "").replace("\n", end), name=seed.name)
    rows = [
        [(o.indicator, o.value, o.unit, o.period, o.part) for o in indicators(report)]
        for report in (seed, other)
    ]
    assert rows[0] == rows[1]
    heading = f"各位代表：{end}一、1998年工作回顾和1999年工作的总体要求{end}收入增长8%。"
    assert Report.parse(heading).year == 1999


BLANKS = [*"\xa0\u1680\u2002\u200a\u205f\u3000\t"]
IGNORED = [*"\x01\x1f\x9f\u202c\u180e\u034f\u3164\ufe0f\u2062\u061c\U000e0100"]


@pytest.mark.parametrize("put", BLANKS + IGNORED)
@pytest.mark.parametrize("said", ["收入达到643.57{}亿元", "收入达到643.57亿{}元", "收入增{}长8%"])
def test_blanks_and_invisible_characters_of_every_kind_part_nothing(put: str, said: str) -> None:
    front = "各位代表：\n一、2014年工作回顾\n财政{}。"
    plain, put_in = (Report.parse(front.format(said.format(each))) for each in ("", put))
    assert [row[:3] for row in stated(put_in)] == [row[:3] for row in stated(plain)]
    assert stated(plain)


@pytest.mark.parametrize("put", IGNORED)
def test_an_invisible_character_within_a_number_is_left_out(put: str) -> None:
    report = Report.parse(f"各位代表：\n一、2014年工作回顾\n财政收入643{put}.57亿元。")
    assert stated(report) == [("财政收入", "643.57", "亿元", f"643{put}.57亿元")]


@pytest.mark.parametrize(
    "front", ["财政收入643․57亿元。", "财政收入643﹒57亿元︒", "经济平稳｡财政收入643.57亿元､好｡"]
)
def test_small_vertical_and_half_forms_of_marks_are_read_as_the_usual_ones(front: str) -> None:
    report = Report.parse(f"各位代表：\n一、2014年工作回顾\n{front}")
    assert [row[:3] for row in stated(report)] == [("财政收入", "643.57", "亿元")]
    assert any("signs of other standards" in note.message for note in report.notes)


def test_quotation_marks_of_full_width_quote() -> None:
    report = Report.parse("各位代表：\n一、2014年工作回顾\n选拔＂258＂人才65名。")
    assert [row[1:3] for row in stated(report)] == [("65", "名")]


@pytest.mark.parametrize(
    "number", ["643\u066a57", "643\u066b57", "643\u17d457", "643\U00013430.57", "10⁴", "10₄"]
)
def test_a_sign_within_a_number_that_is_none_of_print_is_said(number: str) -> None:
    report = Report.parse(f"各位代表：\n一、2014年工作回顾\n财政收入{number}亿元。")
    assert any(note.message.startswith("not understood") for note in report.notes)


@pytest.mark.parametrize("put", "│●㎡㎞①")
def test_a_rule_a_bullet_and_a_unit_between_numbers_are_understood(put: str) -> None:
    report = Report.parse(f"各位代表：\n一、2014年工作回顾\n财政收入643{put}57亿元。")
    assert not any(note.message.startswith("not understood") for note in report.notes)


@pytest.mark.parametrize("put", "\ufffc\ufffd\ue000\u0301")
def test_a_character_that_is_no_blank_beside_a_digit_is_said(put: str) -> None:
    report = Report.parse(f"各位代表：\n一、2014年工作回顾\n财政收入643{put}.57亿元。")
    note = next(note for note in report.notes if note.message.startswith("not understood"))
    assert report.text[note.start : note.end] == put


@pytest.mark.parametrize("zero", "\u0660\u06f0\U0001d7ce\U0001fbf0")
def test_digits_of_other_scripts_are_read_as_digits(zero: str) -> None:
    number = "".join(chr(ord(zero) + digit) for digit in (6, 4, 3))
    report = Report.parse(f"各位代表：\n一、2014年工作回顾\n财政收入{number}亿元。")
    assert stated(report) == [("财政收入", "643", "亿元", f"{number}亿元")]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("财政收入达到64\n3.57亿元", ("643.57", "亿元")),
        ("财政收入达到6 43.57亿元", ("643.57", "亿元")),
        ("财政收入达到64\n— 12 —\n3.57亿元", ("643.57", "亿元")),
        ("财政收入增长\n第1页/共2页\n8.5%", ("8.5", "%")),
        ("财政收入增长\n上一页 1 2 3 下一页\n8.5%", ("8.5", "%")),
        ("财政收入达到陆佰肆拾叁亿元", ("643", "亿元")),
    ],
)
def test_a_number_that_a_page_or_a_blank_parts_is_whole(
    said: str, expected: tuple[str, str]
) -> None:
    report = Report.parse(f"各位代表：\n一、2014年工作回顾\n{said}。")
    assert [(value, unit) for _, value, unit, _ in stated(report)] == [expected]


YEAR = (
    "政府工作报告\n（2019年1月15日在甲市乙区第七届人民代表大会第四次会议上）\n各位代表：\n"
    "我代表区人民政府报告工作，请各位代表审议，也请大家提出意见。\n一、2018年工作回顾\n"
    + "过去一年，全区实现地区生产总值643.57亿元，同比增长7.8%，完成投资152.84亿元。\n" * 40
    + "二、2019年工作安排\n"
    + "今年要确保地区生产总值增长7.3%左右，新增就业12000人，建成学校3所。\n" * 30
    + "三、政府自身建设\n加强作风建设。\n各位代表！让我们团结一心，努力奋斗！\n"
    "名词解释\n1.双控：指能源消耗的总量和强度。\n2.三网：指电网、水网和路网。"
)


def wrapped(text: str, width: int, indent: str) -> str:
    lines = [indent + line for line in text.split("\n")]
    return "\n".join(line[n : n + width] for line in lines for n in range(0, len(line), width))


@pytest.mark.parametrize(
    "laid",
    [
        lambda text: wrapped(text, 32, "　　"),
        lambda text: wrapped(text, 18, ""),
        lambda text: "　　".join(text.split("\n")),
        lambda text: " ".join(text.split("\n")),
        lambda text: "<br>".join(text.split("\n")),
        lambda text: "\\n".join(text.split("\n")),
        lambda text: "".join(text.split("\n")),
        lambda text: (
            f"首页 > 政务公开 > 报告\n来源：乙区人民政府办公室 发布时间：2021-03-02\n{text}\n"
            "上一篇：没有了\n【打印】【关闭窗口】\n主办：乙区人民政府\n某ICP备12345678号\n版权所有"
        ),
    ],
)
def test_a_text_that_lost_or_gained_line_ends_says_the_same(laid: Callable[[str], str]) -> None:
    plain, other = Report.parse(YEAR), Report.read(laid(YEAR).encode())
    assert (other.year, other.place) == (plain.year, plain.place) == (2019, Place("甲市乙区", "区"))
    assert [(s.title, s.part) for s in other.sections] == [
        (s.title, s.part) for s in plain.sections
    ]
    rows = [
        [(o.indicator, o.value, o.unit, o.period, o.part) for o in indicators(report)]
        for report in (plain, other)
    ]
    assert rows[0] == rows[1]
    assert [entry.headword for entry in other.glossary] == ["双控", "三网"]


@pytest.mark.parametrize(
    ("review", "plan", "government", "glossary"),
    [
        ("本届政府工作回顾", "新一届政府工作思路和目标任务", "四、加强自身建设", "附件2名词解释"),
        ("过去五年工作回顾", "未来五年工作思路和任务", "加强政府自身建设", "※名 词 解 释※"),
        ("一、2018年工作回顾", "二、“十四五”时期主要目标任务", "四、建设法治政府", "*名词解释"),
        ("一、2018年工作回顾及发展成绩", "二、2019年重点工作", "四、自身建设", "【名词解释】"),
    ],
)
def test_headings_that_run_into_what_they_head_are_told(
    review: str, plan: str, government: str, glossary: str
) -> None:
    text = (
        "政府工作报告（2019年1月15日在甲市乙区第七届人民代表大会第四次会议上）各位代表："
        "我代表区人民政府报告工作，请各位代表审议，也请大家提出意见。"
        f"{review}刚刚过去的2018年，全区上下团结一心。"
        + "全区实现地区生产总值643.57亿元，同比增长7.8%。" * 80
        + "在肯定成绩的同时，我们也要清醒地看到，发展还有不少困难，创新能力不强。"
        + f"对此，我们将认真加以解决。{plan}今年是关键之年。"
        + "要确保地区生产总值增长7.3%左右，新增就业12000人。" * 60
        + f"{government}各位代表，新的一年，我们将更加重视作风。加强作风建设，提高效能。"
        + f"各位代表！让我们团结一心，努力奋斗！{glossary}〔1〕双控：指能源消耗的总量和强度。"
    )
    report = Report.parse(text)
    parts = [paragraph.part for paragraph in report.paragraphs]
    told = ("opening", "review", "problems", "plan", "government", "closing", "glossary")
    assert [part for n, part in enumerate(parts) if part != parts[n - 1]] == list(told)
    assert report.sections[0].title.endswith(review.removeprefix("一、"))


@pytest.mark.parametrize("nought", "0０oΟО")
def test_a_year_with_a_nought_of_another_script_is_one(nought: str) -> None:
    report = Report.parse(f"各位代表：\n到二{nought}二{nought}年，投资达到12亿元，增长一0%。")
    assert next((o.text, o.period) for o in indicators(report)) == ("12亿元", "2020")
    assert "noughts of other scripts are read as the usual ones" in str(report.notes)
