"""The year of the session: every form in which a report, or the name of its file, tells it."""

from pathlib import Path

import pytest

from xiacheng_nlp.errors import ReportError
from xiacheng_nlp.report.report import Report, load_report

ADDRESS = "各位代表：\n"


@pytest.mark.parametrize(
    ("text", "year", "source"),
    [
        ("2014年某区政府工作报告\n各位代表：\n工作稳步推进。", 2014, "title"),
        ("（2014年2月19日）\n各位代表：\n工作稳步推进。", 2014, "date"),
        ("2013年1月\n各位代表：\n工作稳步推进。", 2013, "date"),
        ("（二〇一九年元月八日）\n各位代表：\n工作稳步推进。", 2019, "date"),
        ("政府工作报告\n（二〇一九年）\n各位代表：\n工作稳步推进。", 2019, "date"),
        ("（2019.1.8 某县第十六届人民代表大会第四次会议）\n各位代表：\n工作。", 2019, "date"),
        (
            "二0一九年一月八日在某县第十六届人民代表大会第四次会议上\n各位代表：\n工作。",
            2019,
            "date",
        ),
        ("关于某县2018年政府工作的报告\n各位代表：\n工作稳步推进。", 2019, "title"),
        ("某县（第十七届人民代表大会第一次会议 2022年2月）\n各位代表：\n工作。", 2022, "date"),
        (
            "政府工作报告\n（2013年）\n——2014年1月8日在某县第九届人民代表大会第三次会议上\n各位代表：\n工作。",
            2014,
            "date",
        ),
        ("关于二〇〇一年政府工作情况的报告\n各位代表：\n工作稳步推进。", 2002, "title"),
        ("关于2012年政府工作及2013年主要任务的报告\n各位代表：\n工作。", 2013, "title"),
        ("某县二○一四年政府工作报告\n各位代表：\n工作稳步推进。", 2014, "title"),
        ("全文|2014年某区政府工作报告\n各位代表：\n工作稳步推进。", 2014, "title"),
        ("重磅！2014年某区政府工作报告来了！\n各位代表：\n工作。", 2014, "title"),
        ("行政長官2014年施政報告\n各位議員：\n經濟增長3%。", 2014, "title"),
        ("关于2019年上半年工作情况的报告\n各位委员：\n工作稳步推进。", 2019, "title"),
        ("关于2019年前三季度工作情况的报告\n各位委员：\n工作稳步推进。", 2019, "title"),
        ("关于2019年第一季度工作情况的报告\n各位委员：\n工作稳步推进。", 2019, "title"),
        ("关于2019年一至九月工作情况的报告\n各位委员：\n工作稳步推进。", 2019, "title"),
        ("关于2019年月度工作的报告\n各位委员：\n工作稳步推进。", 2020, "title"),
        ("2013年3月10日在徐水县十五届人民代表大会第二次会议上\n各位代表：\n工作。", 2013, "date"),
        ("一、2013年工作回顾\n增长。\n二、2014年工作安排\n提升。", 2014, "heading"),
        ("一、1998年工作回顾和1999年工作的总体要求\n增长。", 1999, "heading"),
        ("一、2024年主要工作\n增长。\n二、2025年主要任务\n提升。", 2025, "heading"),
        ("关于2012年政府工作\n增长较快。\n2013年主要任务\n提升水平。", 2013, "heading"),
        ("一、主要工作\n增长。\n二、二〇二五年工作安排\n提升。", 2025, "heading"),
        ("一、二O一四年工作回顾\n增长。", 2015, "heading"),
        ("一、工作总体要求\n到2035年远景目标实现。\n二、2021年工作安排\n提升。", 2021, "heading"),
        (ADDRESS + "首先报告2001年的工作，再对今后工作提出建议。", 2002, "body"),
        (ADDRESS + "本届政府1998年3月就职，任期即将结束。", 2003, "body"),
        (ADDRESS + "第十一届全国人民代表大会第一次会议以来的五年，成就显著。", 2013, "body"),
        (ADDRESS + "从去年第五届全国人民代表大会第一次会议到现在，形势很好。", 1979, "body"),
        (ADDRESS + "我代表国务院报告。在五届人大四次会议上，提出了方针。", 1982, "body"),
        (ADDRESS + "在五届人大四次会议上，提出了方针。", None, None),
        (
            ADDRESS + "我代表国务院，向第六届全国人民代表大会第一次会议作报告。五年来，",
            1983,
            "body",
        ),
        (ADDRESS + "我代表国务院，向第五届全国人民代表大会作政府工作报告。", 1978, "body"),
        (ADDRESS + "第五届全国人民代表大会第一次会议提出今后的五年的任务。", 1979, "body"),
        (ADDRESS + "2019年完成投资。2019年新增就业。2020年继续努力。", 2020, "body"),
        (ADDRESS + "工作稳步推进。", None, None),
    ],
)
def test_the_text_tells_the_year(text: str, year: int | None, source: str | None) -> None:
    report = Report.parse(text)
    assert (report.year, report.metadata.year_from) == (year, source)


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("深圳市南山区2018年政府工作报告.txt", 2018),
        ("nanshan-2018.txt", 2018),
        ("20180215.txt", 2018),
        ("二〇一八年报告.txt", 2018),
        ("2016-2020.txt", None),
        ("000_ecde2018ab3d0aef1.txt", None),
        ("report-17.txt", None),
    ],
)
def test_the_name_of_the_file_tells_it_where_the_text_does_not(name: str, year: int | None) -> None:
    report = Report.parse(ADDRESS + "工作稳步推进。", name=name)
    assert report.year == year
    assert report.metadata.year_from == ("file name" if year else None)


def test_two_witnesses_of_the_text_go_before_the_name_and_one_does_not() -> None:
    two = "一、2020年工作回顾\n增长。\n二、2021年工作安排\n提升。"
    assert Report.parse(two, name="x-2019.txt").year == 2021
    disturbed = two + "2022年实施。2022年建成。2022年完成。2022年投产。"
    assert Report.parse(disturbed, name="x-2019.txt").year == 2021
    alone = ADDRESS + "2019年完成投资。2019年新增就业。"
    assert Report.parse(alone, name="x-2018.txt").year == 2018


@pytest.mark.parametrize(("day", "year"), [(2020, 2020), (2022, 2019)])
def test_a_day_within_a_year_of_one_witness_goes_before_it(day: int, year: int) -> None:
    body = "2025年完成投资。2025年新增就业。2025年建成学校。2025年新建道路。"
    text = f"政府工作报告\n{day}年1月20日\n各位代表：\n一、2018年工作回顾\n{body}"
    assert Report.parse(text).year == year


def test_the_head_of_a_table_is_no_heading() -> None:
    text = (
        "（2021年1月20日在某区第六届人民代表大会第一次会议上）\n各位代表：\n一、五年工作回顾\n"
        "主要指标如下表。\n指标\t2019年\t2020年\t增长\n投资\t221\t236\t7\n二、2021年工作\n投资增长。"
    )
    assert not [n for n in Report.parse(text).notes if "by the headings" in n.message]
    # A number that Word set is parted from its heading by a tab.
    contradicted = text.replace("二、2021年工作", "二、\t2024年工作")
    assert [n for n in Report.parse(contradicted).notes if "2024 by the headings" in n.message]


def test_what_is_given_goes_before_what_is_told_and_a_contradiction_is_a_note() -> None:
    text = "2014年某区政府工作报告\n各位代表：\n工作稳步推进。"
    report = Report.parse(text, year=2015)
    assert (report.year, report.metadata.year_from) == (2015, "given")
    assert [note.message for note in report.notes] == [
        "the year of the session is 2015 by what was given, but 2014 by the title"
    ]


def test_the_environment_tells_the_year_of_its_report_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "r.txt"
    path.write_text(ADDRESS + "工作稳步推进。", encoding="utf-8")
    monkeypatch.setenv("XIACHENG_YEAR", "2017")
    monkeypatch.setenv("XIACHENG_PLACE", "杭州市下城区")
    assert load_report(path).year is None
    monkeypatch.setenv("XIACHENG_REPORT", str(path))
    report = load_report()
    assert (report.year, report.place.name, report.place.code) == (2017, "杭州市下城区", "330103")
    monkeypatch.setenv("XIACHENG_YEAR", "17")
    with pytest.raises(ReportError, match="a year has four digits"):
        load_report()


@pytest.mark.parametrize(
    "published",
    ["2021年06月20日", "2021-06-20 10:22:31", "日期：2021年6月20日 字号：大 中 小", "2021-06-20"],
)
def test_the_day_on_which_a_page_was_published_is_not_that_of_the_session(published: str) -> None:
    text = f"政府工作报告\n{published}\n各位代表：\n一、2018年工作回顾\n增长8%。"
    report = Report.parse(text)
    assert (report.year, report.metadata.year_from) == (2019, "heading")


@pytest.mark.parametrize(
    "day",
    [
        "2021年2月5日",
        "（2021年2月5日）",
        "二〇二一年二月五日",
        "2021-02-05",
        "发布日期：2021-02-05",
    ],
)
def test_a_day_alone_at_the_end_tells_the_year_with_a_note(day: str) -> None:
    speech = "各位代表：\n去年，全区工作稳步推进。\n今年，我们将继续努力。\n"
    report = Report.parse(speech + day)
    assert (report.year, report.metadata.year_from) == (2021, "published")
    assert [note.message for note in report.notes] == [
        "the year of the session is 2021 by a day alone, which may be that of publication"
    ]
    headed = Report.parse("各位代表：\n一、2018年工作回顾\n增长8%。\n谢谢大家！\n" + day)
    assert (headed.year, headed.metadata.year_from) == (2019, "heading")
