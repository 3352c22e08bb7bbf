"""Whose report it is: the place, its level and its code."""

import importlib
from pathlib import Path

import pytest

from xiacheng_nlp.errors import DataFileError
from xiacheng_nlp.report import places
from xiacheng_nlp.report.folders import load_reports
from xiacheng_nlp.report.government import LEVELS, government_of, place_of
from xiacheng_nlp.report.places import division
from xiacheng_nlp.report.report import Report, load_report


@pytest.mark.parametrize(
    ("text", "name", "level", "code", "source"),
    [
        ("我代表国务院，向大会报告政府工作。", "中国", "国", None, "body"),
        ("我受国务院的委托，向大会报告政府工作。", "中国", "国", None, "body"),
        ("我国的工业稳步发展，我国农业丰收。", "中国", "国", None, "body"),
        ("我代表上海市人民政府，向大会报告工作。", "上海市", "省", "310000", "body"),
        ("人民代表大会通过下城区人民政府报告。", None, None, None, None),
        ("我代表广西壮族自治区人民政府报告工作。", "广西壮族自治区", "省", "450000", "body"),
        ("我代表杭州市人民政府，向大会报告工作。", "杭州市", "市", "330100", "body"),
        ("我代表安国市人民政府，向大会报告工作。", "安国市", "县级市", "130683", "body"),
        ("我代表容城县第九届人民政府报告工作。", "容城县", "县", "130629", "body"),
        ("我代表南山区人民政府。深圳南山再出发。", "南山区", "区", "440305", "body"),
        ("我代表大鹏新区管委会，向大会报告工作。", "大鹏新区", "新区", None, "body"),
        ("我代表浦东新区人民政府报告工作。", "浦东新区", "区", "310115", "body"),
        ("我代表县人民政府报告工作。", None, "县", None, None),
        ("我代表锡林郭勒盟行政公署报告工作。", "锡林郭勒盟", "市", "152500", "body"),
        ("我代表青溪街道办事处报告工作。", "青溪街道", "乡镇", None, "body"),
        ("我代表青溪生态城管委会报告工作。", "青溪生态城", "新区", None, "body"),
        ("我代表新区管委会。去年，青溪新区管委会设立新区基金。", "青溪新区", "新区", None, "body"),
        ("我代表新区管委会。我代表青溪新区党工委、管委会致谢。", "青溪新区", "新区", None, "body"),
        ("我代表新区管委会。召开国家级新区工作会议。", None, "新区", None, None),
        ("我代表新区管委会。国家级新区管委会来访。", None, "新区", None, None),
        ("我代表开发区管委会。2021年，省级开发区年度考核。", None, "新区", None, None),
        ("我代表新区管委会报告，并设立新区基金。", None, "新区", None, None),
        ("我代表县人民政府。容城县有成就，容城在前进。", "容城县", "县", "130629", "body"),
        ("我代表县人民政府。容城县有成就。", "容城县", "县", "130629", "body"),
        ("完成投资1亿元。", None, None, None, None),
    ],
)
def test_whose_report_it_is(
    text: str, name: str | None, level: str | None, code: str | None, source: str | None
) -> None:
    report = Report.parse(f"各位代表：\n{text}")
    place = place_of(report)
    assert (place.name, place.level, place.code) == (name, level, code)
    assert report.metadata.place_from == source


@pytest.mark.parametrize(
    ("place", "year", "code"),
    [
        ("清苑县", 2010, "130622"),
        ("保定市清苑区", 2018, "130608"),
        ("满城县", 2003, "130621"),
        ("扶余县", 1987, "222321"),
        ("光明区", 2020, "440311"),
        ("下城区", 2014, "330103"),
        ("乌有县", 2014, None),
    ],
)
def test_codes_go_with_the_years(place: str, year: int, code: str | None) -> None:
    found = division(place, year=year)
    assert (found.code if found else None) == code


def test_places_above_tell_which_of_a_name_is_meant_unless_both_are_named() -> None:
    found = division("深圳市南山区")
    assert found is not None
    assert found.code == "440305"
    assert division("南山区", text="深圳市与鹤岗市") is None


def test_the_file_and_the_folder_tell_the_place_where_the_text_does_not(tmp_path: Path) -> None:
    text = "各位代表：\n我代表区人民政府报告工作。\n"
    folder = tmp_path / "深圳市盐田区"
    folder.mkdir()
    (folder / "2018.txt").write_text(text, encoding="utf-8")
    (tmp_path / "深圳市南山区2018年政府工作报告.txt").write_text(text, encoding="utf-8")
    reports = [each.report for each in load_reports(tmp_path) if each.report]
    assert [(r.place.name, r.metadata.place_from, r.year) for r in reports] == [
        ("深圳市南山区", "file name", 2018),
        ("深圳市盐田区", "folder", 2018),
    ]
    assert government_of(reports[0]) == "深圳市南山区人民政府"


def test_what_is_given_goes_before_what_is_told() -> None:
    report = load_report(place="杭州市拱墅区")
    assert (report.place.name, report.metadata.place_from) == ("杭州市拱墅区", "given")
    assert (load_report().place.name, load_report().metadata.place_from) == ("下城区", "title")


def test_a_given_place_in_traditional_characters_is_known() -> None:
    place = load_report(place="下城區").place
    assert (place.name, place.level, place.code) == ("下城区", "区", "330103")


@pytest.mark.parametrize(
    ("front", "told"),
    [
        ("昆山经济技术开发区管委会2019年工作报告", ("昆山经济技术开发区", "新区", None)),
        ("二〇一九年杭州市政府工作报告", ("杭州市", "市", "330100")),
        ("在海淀区十七届人大四次会议上\n区长 张三", ("海淀区", "区", "110108")),
        ("政府工作报告\n来源：金华市人民政府办公室", ("金华市", "市", "330700")),
    ],
)
def test_whose_report_a_front_tells(front: str, told: tuple[str, str, str | None]) -> None:
    place = Report.parse(f"{front}\n各位代表：\n本市市民，全市投资增长8%。").place
    assert (place.name, place.level, place.code) == told


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("33010\t甲市\t1980\t", "a code has six digits"),
        ("330103000\t甲市\t1980\t", "a code has six digits"),
        ("330100\t甲市\t80\t", "first is a year of four digits"),
        ("330100\t甲市\t1980\t今", "last is a year of four digits"),
    ],
)
def test_errors_of_the_list_of_places_name_the_column(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: str, error: str
) -> None:
    path = tmp_path / "places.tsv"
    path.write_text(f"code\tname\tfirst\tlast\n{row}\n", encoding="utf-8")
    monkeypatch.setattr(places, "packaged", lambda _: path)
    with pytest.raises(DataFileError, match=error):
        places._divisions.__wrapped__()


@pytest.mark.parametrize(
    ("title", "government"),
    [
        ("阿拉善盟行政公署工作报告", "阿拉善盟行政公署"),
        ("青溪街道2022年工作报告", "青溪街道办事处"),
        ("2021年青溪生态城管理委员会工作报告", "青溪生态城管理委员会"),
    ],
)
def test_the_title_names_who_governs_in_place_of_a_government(title: str, government: str) -> None:
    assert government_of(Report.parse(f"{title}\n同志们：\n我代表党工委报告工作。")) == government


def test_scores_call_the_levels_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that the tables of scores do not tell apart, and what is not known, raise nothing."""
    monkeypatch.syspath_prepend(Path(__file__).parents[2] / "tools")
    in_english = importlib.import_module("score_reading").in_english
    said = {level: in_english(level) for level in (*LEVELS, None)}
    assert list(said.values())[:5] == ["nation", "province", "city", "district", "county"]
    assert said["县级市"] == "county-level city"
    assert said["乡镇"] == said["新区"] == said[None] == "not told"


@pytest.mark.parametrize("given", ["330103", "330103000000", "330103.0", "下城"])
def test_a_place_may_be_given_by_its_code_or_by_a_name_of_that_year(given: str) -> None:
    report = Report.parse("各位代表：\n一、2013年工作回顾\n完成投资1亿元。", year=2014, place=given)
    assert (report.place.name, report.place.code) == ("下城区", "330103")


@pytest.mark.parametrize("given", ["国务院", "中央", "全国", "国家", "中华人民共和国"])
def test_the_nation_may_be_given_by_other_names(given: str) -> None:
    report = Report.parse("各位代表：\n一、2013年工作回顾\n完成投资1亿元。", place=given)
    assert (report.place.name, report.place.level) == ("中国", "国")


@pytest.mark.parametrize(
    ("text", "name", "level"),
    [
        # What many reports speak of is no county of that name; one is that is named in full.
        ("全县增长。" + "资源和合作。" * 9 + "容城发展。" * 6, "容城县", "县"),
        ("全县增长。" + "统筹资源。" * 9, None, "县"),
        ("全县增长。" + "资源县发展。" * 3, "资源县", "县"),
        ("青溪县召开第十六届人民代表大会第四次会议\n各位代表：\n全县增长。", "青溪县", "县"),
        ("2019年青溪县政府工作报告摘登\n各位代表：\n工作稳步推进。", "青溪县", "县"),
        ("关于青溪县2018年政府工作的报告\n各位代表：\n工作稳步推进。", "青溪县", "县"),
        ("# 2019年青溪县政府工作报告\n各位代表：\n工作稳步推进。", "青溪县", "县"),
        ("青溪县人民政府\n工作报告\n各位代表：\n工作稳步推进。", "青溪县", "县"),
        ("在青溪县第十六届人民代表大会\n第四次会议上\n各位代表：\n工作。", "青溪县", "县"),
        ("报告人：青溪县县长 李明\n各位代表：\n我代表县人民政府报告。", "青溪县", "县"),
        ("各位代表：\n我代表青溪苏木人民政府报告工作。", "青溪苏木", "乡镇"),
        ("青溪风景名胜区管委会工作报告\n同志们：\n工作稳步推进。", "青溪风景名胜区", "新区"),
        ("青溪自由贸易试验区工作报告\n同志们：\n工作稳步推进。", "青溪自由贸易试验区", "新区"),
        ("各位代表：\n受青溪县人民政府的委托，我向大会报告工作。", "青溪县", "县"),
        ("各位代表：\n我们代表两县人民政府报告工作。", None, "县"),
        ("各位代表：\n我代表澳门特别行政区政府报告工作。", "澳门特别行政区", "省"),
    ],
)
def test_whose_report_it_is_by_other_wordings(
    text: str, name: str | None, level: str | None
) -> None:
    place = Report.parse(text).place
    assert (place.name, place.level) == (name, level)
