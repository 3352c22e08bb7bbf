"""Files as people have them: the same report in every format, what is left out is said, and what is
no report is refused."""

import base64
import io
import re
import sys
import tracemalloc
import zipfile
from collections.abc import Callable
from unicodedata import normalize

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from tests.documents import page, pdf_file, word_file
from xiacheng_nlp.errors import ReportError
from xiacheng_nlp.observations.observation import indicators
from xiacheng_nlp.readers import stylesheets
from xiacheng_nlp.readers.extraction import extract
from xiacheng_nlp.readers.pdf import Line, in_columns, join, notes_last, width
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.resources import folder
from xiacheng_nlp.text import flow, lines

COUNTY = """某县人民政府工作报告
——2022年1月18日在某县第十七届人民代表大会第一次会议上
某县人民政府县长 王某某
各位代表：
现在，我代表县人民政府，向大会报告工作，请予审议，并请县政协委员提出意见。
一、2021年工作回顾
过去一年，全县上下攻坚克难，预计地区生产总值增长8.1%左右；固定资产投资完成87.9亿元，增长11.2%；一般公共预算收入12.6亿元，同口径增长5%以上。
（一）产业发展提质增效。新增规模以上工业企业23家，粮食总产量稳定在40万吨以上。“智慧农业”项目落地，电商交易额突破6亿元。
（二）民生福祉持续增进。城镇新增就业4200人，城镇登记失业率控制在4%以内；改造老旧小区18个、惠及居民3200户。
在肯定成绩的同时，我们也清醒地看到，发展不平衡不充分的问题仍然突出。
二、2022年工作安排
今年预期目标是：地区生产总值增长7.5%以上，规模以上工业增加值增长9%，居民人均可支配收入增长8%左右。
1.抓项目扩投资。实施重点项目120个，年度计划投资66亿元。
2.强农业固基础。建成高标准农田5.2万亩，新建PM2.5监测站3座，推广GPS定位播种。
各位代表！让我们团结一心，开拓进取，为建设现代化新某县而努力奋斗！"""

FORMATS = {
    "html": page,
    "html-br-gbk": lambda paragraphs: page(paragraphs, style="br", charset="gb2312"),
    "html-word-table": lambda paragraphs: page(paragraphs, style="word", layout="table"),
    "docx": word_file,
    "pdf": pdf_file,
}


def paragraphs(text: str) -> list[str]:
    return [text[a:b] for a, b in lines(text)]


def said(report: Report) -> list[tuple[str, str]]:
    """The sentences but for the blanks at their ends, and what the report says of itself."""
    return [(sentence.kind, "".join(sentence.text.split())) for sentence in report.sentences]


def stated(report: Report) -> list[dict[str, object]]:
    places = ("id", "start", "end", "base_start", "sentence_start", "sentence_end", "source")
    rows = [
        {name: value for name, value in o._asdict().items() if name not in places}
        for o in indicators(report)
    ]
    return [row | {"sentence": "".join(str(row["sentence"]).split())} for row in rows]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("source", ["seed", "county"])
def test_the_same_report_in_every_format_says_the_same(
    source: str, form: str, seed: Report
) -> None:
    plain = seed if source == "seed" else Report.parse(COUNTY)
    other = Report.read(FORMATS[form](paragraphs(plain.text)), name=plain.name)
    assert other.format == form.split("-")[0]
    assert other.extracted
    assert said(other) == said(plain)
    assert [(s.id, s.number, s.title, s.part) for s in other.walk()] == [
        (s.id, s.number, s.title, s.part) for s in plain.walk()
    ]
    assert [(e.number, e.headword, e.explanation) for e in other.glossary] == [
        (e.number, e.headword, e.explanation) for e in plain.glossary
    ]
    assert len(other.copies) == len(plain.copies)
    assert other.year == plain.year
    assert stated(other) == stated(plain)
    assert all(flow(other.text[s.start : s.end]) == flow(s.text) for s in other.sentences)
    # The extracted text, saved, is the same report with the same places.
    again = Report.read(other.text.encode(), name=plain.name)
    assert again.sentences == other.sentences
    assert again.sha256 == other.text_sha256


def values(report: Report) -> list[tuple[object, ...]]:
    """What the report says of its indicators, in signs of one width."""
    return [
        (normalize("NFKC", o.indicator or ""), o.value, o.bound, o.status, o.period, o.part)
        for o in indicators(report)
    ]


WIDE = {sign: sign + 0xFEE0 for sign in range(0x21, 0x7F)}
TEXTS: dict[str, Callable[[str], str]] = {
    "all of full width": lambda text: text.translate(WIDE),
    "digits of full width": lambda text: re.sub(r"\d", lambda one: one[0].translate(WIDE), text),
    "all of half width": lambda text: normalize("NFKC", text),
    "marks of half forms": lambda text: text.translate(str.maketrans("。、", "｡､")),
    "marks of small forms": lambda text: text.translate(str.maketrans(",.;:%", "﹐․﹔﹕﹪")),
    **{
        f"sown with U+{ord(put):04X}": lambda text, put=put: re.sub(
            r"(?<=[^\n])(?=[^\n])", lambda at: put if at.start() % 41 == 0 else "", text
        )
        for put in "\u00ad\u200b\u200e\u2060\ufeff"
    },
    "with line ends of Windows": lambda text: text.replace("\n", "\r\n"),
    "with U+2028 for line ends": lambda text: text.replace("\n", "\u2028"),
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("how", TEXTS)
def test_the_seed_says_the_same_in_every_width_line_end_and_encoding(
    how: str, encoding: str, seed: Report
) -> None:
    data = TEXTS[how](seed.text.replace("\r", "")).encode(encoding)
    assert values(Report.read(data, name=seed.name)) == values(seed)


SHAPES = {
    "pre": ("<pre>{}</pre>", "", "\n"),
    "textarea": ("<textarea>{}</textarea>", "", "\n"),
    "a style": ("<div style='white-space: pre-line'>{}</div>", "", "\n"),
    "a sheet": ("<style>.a {{ white-space: pre-wrap }}</style><p class=a>{}", "", "\n"),
    "a style of today": ("<p style='white-space-collapse: preserve-breaks'>{}", "", "\n"),
    "breaks": ("<font>{}</font>", "", "<br>"),
    "items": ("<ul>{}</ul>", "<li>", ""),
    "definitions": ("<dl>{}</dl>", "<dd>", "</dd>"),
    "cells": ("<table><tr><td><table>{}</table></table>", "<tr><td>", ""),
    "blocks": ("{}", "<span style='display: block'>", "</span>"),
    "elements of its own": ("<style>x-p {{ display: block }}</style>{}", "<x-p>", "</x-p>"),
    "a grid": ("<div style='display: grid'>{}</div>", "<span>", "</span>"),
}


@pytest.mark.parametrize("aside", [0, 0.0005])
def test_what_a_pdf_file_draws_twice_to_look_bold_is_read_once(aside: float) -> None:
    once, twice = (pdf_file(paragraphs(COUNTY), drawn=drawn) for drawn in ([0], [0, aside]))
    assert extract(twice).text == extract(once).text


def test_one_sign_of_two_sizes_stands_nowhere_twice() -> None:
    """Though, counted in its own size, the place of the one may be that of the other."""
    numbers = [(n, n * 7919 % 9973, n * 6007 % 9967, n * 53) for n in range(60)]
    said = [f"第{n}行：收入{a}亿元，增支{b}亿元，结余{c}亿元。" for n, a, b, c in numbers]
    sizes = (12.1, 11.5, 9.5, 8.6, 10.1, 9.4, 11.7)
    text = extract(pdf_file(said, sizes=sizes)).text.replace("\n", "")
    assert [one for one in said if one not in text] == []


@pytest.mark.parametrize("shape", SHAPES)
def test_the_seed_says_the_same_as_a_page_of_any_shape(shape: str, seed: Report) -> None:
    around, before, behind = SHAPES[shape]
    body = around.format("".join(f"{before}{line}{behind}" for line in paragraphs(seed.text)))
    hidden = "<b style='position: absolute; left: -9999px'>7</b>"
    if "pre" not in around and "textarea" not in around:
        body = body.replace("亿元", f"{hidden}亿&shy;元")
    page = f"<html><meta charset=utf-8><body>{body}</body></html>"
    assert values(Report.read(page.encode(), name=seed.name)) == values(seed)


def test_what_a_page_surrounds_the_text_with_is_left_out_and_said() -> None:
    report = Report.read(page(paragraphs(COUNTY)))
    assert report.text.startswith("某县人民政府工作报告")
    assert report.text.endswith("而努力奋斗！")
    notes = [note.message for note in report.notes]
    assert any(
        note.startswith("left out around the text of the page: ") and "首页 | 政务公开" in note
        for note in notes
    )


def test_prose_beside_the_text_of_a_page_is_left_out_with_a_note_of_its_own() -> None:
    data = page(paragraphs(COUNTY)).replace(b"&copy;", "未经书面授权不得转载。".encode())
    messages = [note.message for note in extract(data).notes]
    assert [
        m
        for m in messages
        if m.startswith("left out with them, although it is prose: ") and "不得转载" in m
    ]


def test_an_annex_beside_the_text_of_a_page_is_kept() -> None:
    body = "<div>" + "".join(f"<p>{line}</p>" for line in paragraphs(COUNTY)) + "</div>"
    entry = (
        "1.智慧农业：指以信息技术为支撑的现代农业生产方式，能够节约人力、提高产量，"
        "是农业发展的方向。"
    )
    annex = f"<div><h3>名词解释</h3><p>{entry}</p></div>"
    text = extract(f"<html><body><div>{body}{annex}</div></body></html>".encode()).text
    assert "指以信息技术为支撑" in text
    assert "名词解释" in text


def test_one_long_paragraph_is_no_reason_to_leave_those_beside_it() -> None:
    lines_of = ["过去的一年", "投资增长较快。" * 40, "谢谢大家"]
    body = "".join(f"<p>{line}</p>" for line in lines_of)
    assert extract(f"<html><body>{body}</body></html>".encode()).text.split("\n") == lines_of


def test_a_line_of_which_half_is_a_link_is_text() -> None:
    body = f"<p><a href='#'>工作</a>回顾</p><p>{'投资增长较快。' * 9}</p>"
    assert extract(f"<html><body>{body}</body></html>".encode()).text.startswith("工作回顾\n")


def test_short_lines_of_a_page_are_kept_as_they_stand() -> None:
    lines_of = ["各位代表：", "一、回顾", "（一）", "10", "完成投资。", "2014年2月19日", "附件"]
    text = extract(
        (
            "<html><body><div>"
            + "".join(f"<div>{line}</div>" for line in lines_of)
            + "</div></body></html>"
        ).encode()
    ).text
    assert text.split("\n") == lines_of


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>全年完成投资\n      152.84亿元。</p>", "全年完成投资152.84亿元。"),
        ("<p>区长&nbsp;&nbsp;吴<b>才</b>敏</p>", "区长\xa0\xa0吴才敏"),
        (
            "<p>增\u200b长<!-- 下降 -->7.8%&#65292;<span style='display: none'>隐藏</span>好</p>",
            "增长7.8%，好",
        ),
        ("<p>增\u202e长7.\xad8\ufe0f%\u2066</p>", "增长7.8%"),
        (
            "<table><tr><td>索引号</td><td>K14-9</td></tr><tr><td>日期</td><td>2014-02-19</td></tr></table>",
            "索引号\tK14-9\n日期\t2014-02-19",
        ),
        ("<table><tr><td>一<br>二</td><td><p>三</p></td></tr></table>", "一\n二\n三"),
        (
            "<table><tr><td>甲<b-x><tr><td>各位代表:</td></tr></b-x>乙</td></tr></table>",
            "甲\n各位代表:\n乙",
        ),
        ("<p>一<p>二<br>三<li>四", "一\n二\n三\n四"),
        ("<font size=3>一<br>" * 600, "\n".join("一" * 600)),
    ],
)
def test_markup_to_lines(markup: str, text: str) -> None:
    assert extract(f"<html><body>{markup}</body></html>".encode()).text == text


def test_a_page_saved_as_one_file() -> None:
    inner = base64.encodebytes(page(paragraphs(COUNTY), charset="gbk"))
    data = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"
    data += b"Content-Type: text/html\r\n"
    report = Report.read(
        data + b"Content-Transfer-Encoding: base64\r\n\r\n" + inner + b"\r\n--b--\r\n"
    )
    assert (report.format, report.encoding) == ("html", "gb18030")
    assert said(report) == said(Report.parse(COUNTY))
    cut = extract(data + b"\r\n" + page(paragraphs(COUNTY)))
    assert cut.notes[0].message.startswith("the saved page ends in its midst")
    with pytest.raises(ReportError, match="without an HTML part"):
        extract(data.replace(b"text/html", b"image/png") + b"\r\nx\r\n--b--\r\n")


def numbered(document: object, text: str, level: int) -> None:
    paragraph = document.add_paragraph(text)  # type: ignore[attr-defined]
    properties = paragraph._p.get_or_add_pPr()
    number = OxmlElement("w:numPr")
    for tag, value in (("w:ilvl", level), ("w:numId", 90)):
        child = OxmlElement(tag)
        child.set(qn("w:val"), str(value))
        number.append(child)
    properties.append(number)


def saved(document: object) -> bytes:
    stream = io.BytesIO()
    document.save(stream)  # type: ignore[attr-defined]
    return stream.getvalue()


def test_numbers_that_word_counts_itself_are_written_out() -> None:
    document = docx.Document()
    root = document.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), "90")
    for level, (form, text) in enumerate(
        (("chineseCountingThousand", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
    ):
        shown = OxmlElement("w:lvl")
        shown.set(qn("w:ilvl"), str(level))
        for tag, value in (("w:start", "1"), ("w:numFmt", form), ("w:lvlText", text)):
            child = OxmlElement(tag)
            child.set(qn("w:val"), value)
            shown.append(child)
        abstract.append(shown)
    root.insert(0, abstract)
    number = OxmlElement("w:num")
    number.set(qn("w:numId"), "90")
    child = OxmlElement("w:abstractNumId")
    child.set(qn("w:val"), "90")
    number.append(child)
    root.append(number)
    document.add_paragraph("各位代表：")
    for text, level in (
        ("工作回顾", 0),
        ("产业", 1),
        ("工业", 2),
        ("农业", 2),
        ("民生", 1),
        ("工作安排", 0),
        ("项目", 1),
    ):
        numbered(document, text, level)
    found = extract(saved(document))
    assert found.text.split("\n")[1:] == [
        "一、工作回顾",
        "（一）产业",
        "1.工业",
        "2.农业",
        "（二）民生",
        "二、工作安排",
        "（一）项目",
    ]
    assert "numbers that Word counts itself were written out before 7 paragraphs" in [
        note.message for note in found.notes
    ]


def test_a_word_file_gives_tables_breaks_and_changes_and_says_what_it_leaves_out() -> None:
    document = docx.Document()
    document.add_paragraph("各位代表：")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "地区生产总值", "增长8%"
    changed = document.add_paragraph("完成")
    for tag, text in (("w:ins", "投资"), ("w:del", "消费")):
        change, run = OxmlElement(tag), OxmlElement("w:r")
        inner = OxmlElement("w:t" if tag == "w:ins" else "w:delText")
        inner.text = text
        run.append(inner)
        change.append(run)
        changed._p.append(change)
    last = changed.add_run("1亿元。")
    last.add_break()
    last.add_text("民生改善。")
    document.sections[0].footer.paragraphs[0].text = "第1页"
    found = extract(saved(document))
    assert found.text == "各位代表：\n地区生产总值\t增长8%\n完成投资1亿元。\n民生改善。"
    assert [note.message for note in found.notes] == [
        "tracked changes: 1 deletions left out, insertions kept",
        "left out: headers and footers: 第1页",
    ]


def line(text: str, y: float, *, x: float = 80, page_number: int = 0, size: float = 16) -> Line:
    return Line(text, page_number, x, y, size, x + size * width(text))


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (
            [
                "　　全年完成投资152.84亿元，增长25.56%。经",
                "济平稳增长，民生改善，社会稳定。",
                "　　各位代表！",
            ],
            "全年完成投资152.84亿元，增长25.56%。经济平稳增长，民生改善，社会稳定。\n各位代表！",
        ),
        (
            ["　　全区完成固定资产投资共计一百五十20", "14亿元，增长百分之二十五。"],
            "全区完成固定资产投资共计一百五十2014亿元，增长百分之二十五。",
        ),
        (
            ["　　全区的智慧城市平台用的名称是Smart", "City并在全区推广使用。"],
            "全区的智慧城市平台用的名称是Smart City并在全区推广使用。",
        ),
        (
            ["　　全 年 完 成 投 资 152.84 亿 元，增 长 25.56%。"],
            "全年完成投资152.84亿元，增长25.56%。",
        ),
        (["下城区人民政府区长  吴才敏"], "下城区人民政府区长  吴才敏"),
        (["⼀、⼯作回顾"], "一、工作回顾"),
    ],
)
def test_lines_of_a_page_to_paragraphs(given: list[str], text: str) -> None:
    assert join([line(one, 700 - 30 * n) for n, one in enumerate(given)])[0] == text


def test_paragraphs_that_are_not_set_in_end_where_the_next_word_had_room() -> None:
    """And where a full line ends, before what begins paragraphs elsewhere in the file."""
    paragraphs = [
        "一是全年完成投资一亿元，新建学校三所，改造道路两条，增长百分之八。",
        "二是加快发展，优化环境，改善民生，保障供给，全区经济稳中有进，好。",
        "三是完善城市功能，推进老旧小区改造，实施一批民生工程，成效明显了吗，十分明显。",
        "四是城市的形象进一步提升",
        "五是全年新增绿地一百亩，新建公园三座，空气优良天数增加了好几天呢。",
    ]
    rows = [text[at : at + 16] for text in paragraphs for at in range(0, len(text), 16)]
    lines = [line(row, 700 - 28 * n) for n, row in enumerate(rows)]
    assert join(lines)[0].split("\n") == paragraphs


def test_paragraphs_set_apart_and_titles_of_another_size_stay_apart() -> None:
    wide = "全年完成固定资产投资一百五十二亿元同比增长百分之二十五"
    given = [
        line("政府工作报告", 760, x=200, size=22),
        line(wide, 700),
        line("增长。", 680),
        line(wide + "。", 640),
        line(wide, 620),
    ]
    assert join(given)[0].split("\n") == ["政府工作报告", wide + "增长。", wide + "。" + wide]


def test_a_number_broken_over_two_lines_is_joined_and_noted() -> None:
    notes = join(
        [
            line("　　全区完成固定资产投资共计一百五十20", 700),
            line("14亿元，增长百分之二十五。", 670),
        ]
    )[1]
    assert [note.message for note in notes] == [
        "a number was broken over two lines and joined: 20|14"
    ]


def test_page_numbers_are_left_out_and_said_but_a_number_of_the_text_is_kept() -> None:
    report = Report.read(pdf_file(paragraphs(COUNTY), lines=12))
    messages = [note.message for note in report.notes]
    assert "left out: 2 page numbers, such as — 1 —" in messages
    assert "—" not in report.text.replace("——", "")
    alone = Report.read(pdf_file([*paragraphs(COUNTY), "2014"], lines=100))
    assert alone.text.endswith("2014")


# What pages and Word files set in their own way


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "<table><tr><td>登记失业率</td>\n  <td>3.6%</td>\n<td>\n4.3%以内\n</td></tr></table>",
            "登记失业率\t3.6%\t4.3%以内",
        ),
        ("<p>新增企业<sup>3</sup>20家。</p>", "新增企业[3]20家。"),
        ("<p>新增企业<sup><a href='#n'>[3]</a></sup>20家。</p>", "新增企业[3]20家。"),
        ("<p>建成3万m<sup>2</sup>。</p>", "建成3万m2。"),
        ("<p>收入19<sup>2</sup>亿元。</p>", "收入19[2]亿元。"),
        ("<p>企业<span style='vertical-align:super'>3</span>20家。</p>", "企业[3]20家。"),
        ("<p>收入6<span style='text-decoration: line-through'>9</span>亿元。</p>", "收入6亿元。"),
        ("<p>收入6<b style='visibility:hidden'>9</b>亿元。</p>", "收入6亿元。"),
        (
            "<p>收入6<b style='font-size: 0px'>9</b><b style='opacity:0'>8</b>亿元。</p>",
            "收入6亿元。",
        ),
        ("<p>收入<math><mn>12,345</mn></math>元。</p>", "收入12,345元。"),
        ("<xmp>一、回顾\n投资增长。</xmp>", "一、回顾\n投资增长。"),
        (
            "<style>p, .text { white-space: pre-wrap }</style><div class='big text'>一、回顾\n投资"
            "增长。</div>",
            "一、回顾\n投资增长。",
        ),
        (
            "<style>@media screen { .page > p, .page .text { white-space: pre-wrap } }</style>"
            "<div class='page'><div class='text'>一、回顾\n投资增长。</div></div>",
            "一、回顾\n投资增长。",
        ),
        ("<pre>一、回顾\n投资增长。</pre>", "一、回顾\n投资增长。"),
        ("<pre>一、回顾\n<b>投资\n增长。</b></pre>", "一、回顾\n投资\n增长。"),
        (
            "<div style='white-space: pre-line'>一、回顾\n投资增长。</div>",
            "一、回顾\n投资增长。",
        ),
        ("<p>投资增长。</p></body></html><p>就业增长。</p>", "投资增长。\n就业增长。"),
        (
            "<p>投资增长。</p></body></html><html><head><title>2</title></head><p>就业增长。</p>",
            "投资增长。\n就业增长。",
        ),
        ("<p>投资\n增长。</p>", "投资增长。"),
        ("<p>收入<ruby><rb>6</rb><rtc>9</rtc></ruby>亿元。</p>", "收入6亿元。"),
        (
            "<div style='white-space-collapse: preserve-breaks'>一、回顾\n投资增长。</div>",
            "一、回顾\n投资增长。",
        ),
        ("<x-p style='display: block'>一、回顾</x-p><x-p>投资增长。</x-p>", "一、回顾\n投资增长。"),
        ("<u style='display: table-row'>一、回顾</u><u>投资增长。</u>", "一、回顾\n投资增长。"),
        (
            "<div style='display: grid'><i>一、回顾</i><i>投资增长。</i></div>",
            "一、回顾\n投资增长。",
        ),
        (
            "<p style='display: flex; flex-direction: column'><i>回顾</i><i>投资增长。</i></p>",
            "回顾\n投资增长。",
        ),
        ("<div style='display: flex'><i>一、</i><i>投资增长。</i></div>", "一、投资增长。"),
        ("<p style='flex-direction: column'><i>一、</i><i>投资增长。</i></p>", "一、投资增长。"),
        (
            "<p style='display: grid; grid-template-columns: 1fr 1fr'><i>收入</i><i>9亿元</i></p>",
            "收入9亿元",
        ),
        ("<p>回顾<br style='vertical-align: super'>投资增长。</p>", "回顾\n投资增长。"),
        ("<noframes><p>收入9亿元。</p></noframes><p>投资增长。</p>", "投资增长。"),
    ],
)
def test_a_page_is_read_as_it_is_seen(body: str, expected: str) -> None:
    assert extract(f"<html><body>{body}</body></html>".encode()).text == expected


def runs_file(*runs: tuple[str, str | None]) -> bytes:
    """A Word file of one paragraph, each run with its text and the property that it has."""
    document = docx.Document()
    paragraph = document.add_paragraph()
    for text, how in runs:
        run = paragraph.add_run(text)
        if how == "superscript":
            run.font.superscript = True
        elif how == "strike":
            run.font.strike = True
        elif how == "hidden":
            run.font.hidden = True
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_notes_struck_and_hidden_text_of_a_word_file() -> None:
    found = extract(
        runs_file(
            ("新增企业", None),
            ("3", "superscript"),
            ("20家", None),
            ("30家", "strike"),
            ("（草稿）", "hidden"),
            ("，绿地5m", None),
            ("2", "superscript"),
            ("。", None),
        )
    )
    assert found.text == "新增企业[3]20家，绿地5m2。"
    said = [note.message for note in found.notes]
    assert "left out: 1 pieces of text that are struck out" in said
    assert "left out: 1 pieces of text that are hidden" in said
    assert "written in brackets: 1 numbers of footnotes, which the page sets high" in said


WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LIST = f"""<w:abstractNum {WORD} w:abstractNumId="90"><w:lvl w:ilvl="0"><w:start w:val="1"/>
<w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>"""
RAISED = '<w:vertAlign w:val="superscript"/>'
NUMBER = f'<w:num {WORD} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'
RESTARTED = f"""<w:num {WORD} w:numId="91"><w:abstractNumId w:val="90"/><w:lvlOverride w:ilvl="0">
<w:startOverride w:val="1"/></w:lvlOverride></w:num>"""
STYLES = (
    f"""<w:style {WORD} w:type="paragraph" w:styleId="Numbered"><w:name w:val="Numbered"/><w:pPr>
<w:numPr><w:numId w:val="90"/></w:numPr></w:pPr></w:style>""",
    f"""<w:style {WORD} w:type="paragraph" w:styleId="Based"><w:name w:val="Based"/>
<w:basedOn w:val="Numbered"/></w:style>""",
)


def level(number: int, form: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def runs_of(*runs: str, styles: tuple[str, ...] = ()) -> bytes:
    """A Word file of one paragraph with these runs, and of styles."""
    document = docx.Document()
    for style in styles:
        document.styles.element.append(docx.oxml.parse_xml(style))
    paragraph = document.add_paragraph()._p
    for run in runs:
        paragraph.append(docx.oxml.parse_xml(run))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def run_of(text: str, properties: str = "") -> str:
    return f"<w:r {WORD}><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


@pytest.mark.parametrize(
    ("look", "text"),
    [
        *(("<w:strike/>", "新增12家"), ("<w:vanish/>", "新增12家"), (RAISED, "新增1[9]2家")),
        *(('<w:position w:val="12"/>', "新增1[9]2家"), ('<w:position w:val="0"/>', "新增192家")),
        *(('<w:position w:val="-6"/>', "新增192家"), ('<w:position w:val="2"/>', "新增192家")),
    ],
)
@pytest.mark.parametrize("style", ["Own", "Based"])
def test_a_style_says_what_is_struck_hidden_or_raised(look: str, text: str, style: str) -> None:
    styles = (
        f"""<w:style {WORD} w:type="character" w:styleId="Own"><w:rPr>{look}</w:rPr></w:style>""",
        f"""<w:style {WORD} w:type="character" w:styleId="Based"><w:basedOn w:val="Own"/>
</w:style>""",
    )
    seen = f'<w:rStyle w:val="{style}"/>'
    found = extract(runs_of(run_of("新增1"), run_of("9", seen), run_of("2家"), styles=styles))
    assert found.text == text
    # What a run says of itself goes before its style.
    for no in ("0", "false", "off"):
        own = f"<w:strike w:val='{no}'/><w:vanish w:val='{no}'/><w:vertAlign w:val='baseline'/>"
        runs = (run_of("新增1"), run_of("9", seen + own), run_of("2家"))
        assert extract(runs_of(*runs, styles=styles)).text == "新增192家"


def test_a_line_that_is_set_high_as_a_whole_has_no_marks_of_notes() -> None:
    high = '<w:position w:val="12"/>'
    line = [run_of(text, high) for text in ("1", "月", "新增", "9", "家")]
    assert extract(runs_of(*line)).text == "1月新增9家"


def test_the_style_of_a_run_goes_before_that_of_its_paragraph() -> None:
    styles = (
        f"""<w:style {WORD} w:type="paragraph" w:styleId="Struck"><w:rPr><w:strike/></w:rPr>
</w:style>""",
        f"""<w:style {WORD} w:type="character" w:styleId="Plain"><w:rPr><w:strike w:val="0"/>
</w:rPr></w:style>""",
    )
    paragraph = f'<w:pPr {WORD}><w:pStyle w:val="Struck"/></w:pPr>'
    plain = run_of("新增12家", '<w:rStyle w:val="Plain"/>')
    assert extract(runs_of(paragraph, run_of("7"), plain, styles=styles)).text == "新增12家"


@pytest.mark.parametrize(
    ("font", "code", "sign"),
    [
        ("Symbol", "F0B3", "≥"),
        ("Symbol", "F036", "6"),
        ("Symbol", "00B3", "≥"),
        ("", "2265", "≥"),
        ("Wingdings", "F0A3", ""),
    ],
)
def test_a_sign_of_another_font_is_read_or_noted(font: str, code: str, sign: str) -> None:
    element = f'<w:r {WORD}><w:sym w:font="{font}" w:char="{code}"/></w:r>'
    found = extract(runs_of(run_of("覆盖率"), element, run_of("0%")))
    assert found.text == f"覆盖率{sign}0%"
    said = "left out: 1 pieces of text that are signs of a font of pictures"
    assert [note.message for note in found.notes] == [said] * (not sign)


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("<m:r><m:t>5</m:t></m:r>", "5"),
        ("<m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:t>2</m:t></m:den></m:f>", "1/2"),
        ("<m:sSup><m:e><m:t>10</m:t></m:e><m:sup><m:t>4</m:t></m:sup></m:sSup>", "10^(4)"),
    ],
)
def test_a_formula_of_a_word_file_is_written_in_a_line(formula: str, text: str) -> None:
    math = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    found = extract(runs_of(run_of("投资"), f'<m:oMath xmlns:m="{math}">{formula}</m:oMath>'))
    assert found.text == f"投资{text}"
    assert [note.message for note in found.notes] == ["written in one line: 1 formulas"]


def test_levels_that_a_list_changes_legal_numbers_and_circled_ones() -> None:
    document = docx.Document()
    root = document.part.numbering_part.element
    levels = (
        level(0, "chineseCounting", "第%1章 "),
        level(1, "decimal", "%1.%2 ", "<w:isLgl/>"),
        level(2, "decimalEnclosedCircle", "%3"),
    )
    root.insert(
        0,
        docx.oxml.parse_xml(
            f'<w:abstractNum {WORD} w:abstractNumId="90">{"".join(levels)}</w:abstractNum>'
        ),
    )
    changed = level(0, "chineseCounting", "%1、")
    root.append(docx.oxml.parse_xml(NUMBER))
    root.append(
        docx.oxml.parse_xml(
            f'<w:num {WORD} w:numId="91"><w:abstractNumId w:val="90"/>'
            f'<w:lvlOverride w:ilvl="0">{changed}</w:lvlOverride></w:num>'
        )
    )
    for text, depth, list_id in (
        *(("总则", 0, "90"), ("目标", 1, "90"), ("甲", 2, "90"), *[("乙", 2, "90")] * 20),
        ("安排", 0, "91"),
    ):
        numbered(document, text, depth)
        place = document.paragraphs[-1]._p.find(qn("w:pPr")).find(qn("w:numPr"))
        place.find(qn("w:numId")).set(qn("w:val"), list_id)
    lines = extract(saved(document)).text.split("\n")
    assert lines[:4] == ["第一章 总则", "1.1 目标", "①甲", "②乙"]
    assert lines[-3:] == ["⑳乙", "21乙", "二、安排"]


def test_a_report_in_a_field_of_a_form_is_read_with_its_lines() -> None:
    page = f"<html><body><textarea>请输入</textarea><textarea rows=9>{COUNTY}</textarea>"
    assert extract(page.encode()).text.split("\n") == COUNTY.split("\n")


def test_numbers_of_a_style_based_on_another_and_of_a_list_that_begins_anew() -> None:
    document = docx.Document()
    root = document.part.numbering_part.element
    root.insert(0, docx.oxml.parse_xml(LIST))
    for number in (NUMBER, RESTARTED):
        root.append(docx.oxml.parse_xml(number))
    for style in STYLES:
        document.styles.element.append(docx.oxml.parse_xml(style))
    for text in ("回顾", "安排"):
        document.add_paragraph(text, style="Based")
    for text in ("甲", "乙"):
        numbered(document, text, 0)
        list_id = document.paragraphs[-1]._p.pPr.find(qn("w:numPr")).find(qn("w:numId"))
        list_id.set(qn("w:val"), "91")
    lines = extract(saved(document)).text.split("\n")
    assert lines == ["一、回顾", "二、安排", "一、甲", "二、乙"]


def test_a_paragraph_may_stand_deeper_in_the_list_of_its_style() -> None:
    document = docx.Document()
    root = document.part.numbering_part.element
    levels = level(0, "chineseCounting", "%1、"), level(1, "chineseCounting", "（%2）")
    root.insert(
        0,
        docx.oxml.parse_xml(
            f'<w:abstractNum {WORD} w:abstractNumId="90">{"".join(levels)}</w:abstractNum>'
        ),
    )
    root.append(docx.oxml.parse_xml(NUMBER))
    document.styles.element.append(docx.oxml.parse_xml(STYLES[0]))
    for text, own in (("回顾", ""), ("工业", '<w:numPr><w:ilvl w:val="1"/></w:numPr>')):
        placed = document.add_paragraph(text, style="Numbered")._p.pPr
        if own:
            placed.append(docx.oxml.parse_xml(own.replace("<w:numPr", f"<w:numPr {WORD}")))
    assert extract(saved(document)).text == "一、回顾\n（一）工业"


def test_text_that_a_row_of_a_word_table_lays_out_keeps_its_lines() -> None:
    document = docx.Document()
    row = document.add_table(rows=1, cols=2).rows[0]
    row.cells[0].text, row.cells[1].text = "工业", "收入增长8%。\n税收增长9%。"
    row.cells[1].add_paragraph("投资增长7%。")
    assert "工业 " not in extract(saved(document)).text


def test_columns_of_a_pdf_file_that_are_written_row_by_row_are_read_one_after_the_other() -> None:
    said = [*paragraphs(COUNTY), "全区完成投资1亿元，增长8.1%，经济平稳运行，民生改善。" * 9]
    whole = extract(pdf_file(said)).text
    assert extract(pdf_file(said, columns=2, width=18)).text == whole
    assert extract(pdf_file(said, columns=2, width=18, lines=9)).text == whole


FULL, REST = "完成投资一亿元，项目建成十个", "增长百分之八。"


def columns(*heads: Line) -> list[Line]:
    """Two columns, each of a full line, two more and a rest, around what stands over both."""
    rows = [
        line(FULL if y > 600 else REST, y, x=x, size=10)
        for y in (700, 680, 660, 580)
        for x in (80, 240)
    ]
    return sorted([*rows, *heads], key=lambda line: (-line.y, line.x))


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        # Over both columns; at the left margin, but larger and with nothing beside it.
        (line("二、一九九九年工作的总体安排", 620, x=110, size=16), [1, 1, 1, 2, 2, 2, 0, 1, 2]),
        (line("二、安排", 620, size=16), [1, 1, 1, 2, 2, 2, 0, 1, 2]),
        # A heading within a column.
        (line("二、安排", 581, size=10), [1, 1, 1, 1, 2, 2, 2, 2]),
    ],
)
def test_headings_over_columns_part_them(head: Line, expected: list[int]) -> None:
    assert [each.column for each in in_columns(columns(head))] == expected


def test_tables_and_single_columns_are_read_row_by_row() -> None:
    cells = [
        line(text, 700 - 20 * n, x=80 + 160 * k)
        for n, row in enumerate([("指标", "1998年"), ("收入", "6亿元"), ("投资", "3亿元")])
        for k, text in enumerate(row)
    ]
    assert [each.text for each in in_columns(cells)] == ["指标 1998年", "收入 6亿元", "投资 3亿元"]
    alone = [line(text, 700 - 20 * n) for n, text in enumerate([FULL, REST])]
    assert in_columns(reversed(alone)) == alone


@pytest.mark.parametrize("mark", ["3", "[3]"])
def test_a_raised_number_of_a_pdf_file_is_the_mark_of_a_note(mark: str) -> None:
    import matplotlib.pyplot as plt
    from matplotlib.font_manager import FontProperties

    face = next((folder("seeds").parent / "xiacheng_nlp/data/figures/fonts").glob("*-Regular.ttf"))
    figure, stream = plt.figure(figsize=(10, 10)), io.BytesIO()
    size, x = 20, 72.0
    for text, scale in (("全区共新增了高新技术企业", 1), (mark, 0.5), ("20家，建成3万m2。", 1)):
        font = FontProperties(fname=face, size=size * scale)
        y = 400 + (1 - scale) * size * 0.8
        figure.text(x / 720, y / 720, text, fontproperties=font, parse_math=False)
        x += size * scale * width(text)
    with plt.rc_context({"pdf.fonttype": 42}):
        figure.savefig(stream, format="pdf")
    plt.close(figure)
    assert extract(stream.getvalue()).text == "全区共新增了高新技术企业[3]20家，建成3万m2。"


def test_notes_at_the_foot_of_pages_stand_behind_the_text() -> None:
    pages = [
        line("　　全年完成投资152.84亿元，增长25.56%。经", 700),
        line("[1]双控：指总量和强度的控制。", 100, size=9),
        line("济平稳增长。", 700, page_number=1),
        line("2013", 680, page_number=1, size=9),
    ]
    kept, count = notes_last(pages)
    assert join(kept[:2])[0] == "全年完成投资152.84亿元，增长25.56%。经济平稳增长。"
    assert (count, kept[2:]) == (1, [pages[3], pages[1]])


def test_a_text_layer_that_is_no_chinese_is_told() -> None:
    with pytest.raises(ReportError, match="r: the text layer of this PDF file is no Chinese, "):
        Report.read(pdf_file(["Доклад о работе правительства района за этот год."] * 3), name="r")


def test_words_struck_out_and_glosses_of_a_page_are_left_out_and_said() -> None:
    found = extract(
        "<html><p>收入643<del>9</del>亿元，<ruby>增<rt>zēng</rt></ruby>长<s>7</s>8%。</p>".encode()
    )
    assert found.text == "收入643亿元，增长8%。"
    assert [note.message for note in found.notes] == [
        "left out as struck out or a gloss: 6 characters: 9"
    ]


def test_a_word_file_whose_text_has_another_name_is_one() -> None:
    """As Word on the web saves it."""
    packed, stream = zipfile.ZipFile(io.BytesIO(runs_of(run_of("各位代表：")))), io.BytesIO()
    with zipfile.ZipFile(stream, "w") as other:
        for name in packed.namelist():
            other.writestr(name.replace("document.xml", "document2.xml"), packed.read(name))
    assert extract(stream.getvalue()).text.strip() == "各位代表："


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_a_page_in_utf_16_is_a_page(encoding: str) -> None:
    markup = "<p>" + "各位代表：收入增长百分之八。" * 300 + "</p>"
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    assert extract((mark + markup).encode(encoding)).text == markup[3:-4]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
def test_a_page_without_a_mark_or_of_four_bytes_a_character_is_a_page(encoding: str) -> None:
    said = "各位代表：收入增长百分之八。" * 300
    found = extract(f"<html><body><p>{said}</p></body></html>".encode(encoding))
    assert (found.format, found.text) == ("html", said)


def test_a_span_that_is_a_block_begins_a_line() -> None:
    markup = '<html><span style="display:block">一、回顾</span><span>收入</span>增长8%。'
    assert extract(markup.encode()).text == "一、回顾\n收入增长8%。"


def test_a_pdf_file_is_read_where_no_process_can_be_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = pdf_file("一、回顾\n" + "全区完成投资1.5亿元。\n" * 4)
    whole = extract(data).text
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert extract(data).text == whole


def test_a_long_line_of_a_page_takes_no_more_memory_than_its_text() -> None:
    data = page(["各位代表:", "政府工作" * 250_000])
    tracemalloc.start()
    try:
        extract(data)
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("sheet", "markup", "seen"),
    [
        (".x { display: none }", "<p class='x'>增长9%。</p>", ""),
        ("p.x, #y { VISIBILITY:hidden }", "<p id=y>9%。</p><p class='a x'>7</p>", ""),
        ("<!-- i { opacity: 0 } -->", "增长9<i>7</i>%。", "增长9%。"),
        (".x { font-size: 0 !important }", "增长9<font class=x>7</font>%。", "增长9%。"),
        ("@media screen { div .x { display:none } }", "<div><p><b class=x>7</b>9</p></div>", "9"),
        (".s{text-decoration:line-through}", "增长9<span class=s>7</span>%。", "增长9%。"),
        # What is seen all the same: elsewhere, on paper, by a stronger rule, by its own style.
        ("div > .x { display: none }", "<div><p><b class=x>7</b></p></div>", "7"),
        ("@media print { p { display: none } }", "<p>增长9%。</p>", "增长9%。"),
        ("@media (max-width: 9px) { p { display: none } }", "<p>增长9%。</p>", "增长9%。"),
        (".on.x { display: block } .x { display: none }", "<p class='x on'>9</p>", "9"),
        ("#a { display: block } .x.y { display: none }", "<p id=a class='x y'>9</p>", "9"),
        ("p { display: none } p { display: block }", "<p>9</p>", "9"),
        ("p { backface-visibility: hidden }", "<p style='backface-visibility:hidden'>9</p>", "9"),
        (".x { display: none }", "<p class=x style='display: block'>9</p>", "9"),
        ("ul { font-size: 0 } li { font-size: 14px }", "<ul><li>9</li></ul>", "9"),
        ("a:hover, [x], p + b { display: none } @import 'x'; .y {", "<b>9</b>", "9"),
        ("ul { font-size: 0 } li { font: 14px SimSun }", "<ul><li>9</li></ul>", "9"),
        ("ul { font-size: 0 }", f"<ul>{'<i></i>' * 300}<li style='font-size:9px'>9</ul>", "9"),
        ("", "<p style='font-size: 0; font-size: 14px'>9</p>", "9"),
        ("", "<p style='font-size: 14px; font-size: 0'>9</p>", ""),
        ("", "<p style='font-size: 0'>7<font size=4>9</font>7</p>", "9"),
        ("", "<p style='visibility:hidden'>7<b style='visibility:visible'>9</b>7</p>", "9"),
        (".x, b.x { display: none } p > .x { display: block }", "<p><b class=x>9</b></p>", "9"),
        (".x { opacity: 0 } .x:not(:has(.y)) { opacity: 1 }", "<p class=x>9</p>", "9"),
        (".x { opacity: 0 } .a .b .x:not(.y) { opacity: 1 }", "<p class=x>9</p>", ""),
        (".a .b .x { display: none }", "<p class=a><i class=b><b class=x>9</b></i></p>", ""),
        (".b .a .x { display: none }", "<p class=a><i class=b><b class=x>9</b></i></p>", "9"),
        ("p > i > .x { display: none }", "<p><i><b class=x>7</b><u><b class=x>9</b></u>", "9"),
        (".a > .x b { display: none }", "<p class=a><i class=x><u>9<b>7</b></u></i><b>9</b>", "99"),
        (f"{'div ' * 20}b {{ display: none }}", f"{'<div>' * 20}<b>9</b>", "9"),
        (".y { .x { display: none } }", "<p class=x>9</p>", "9"),
        ("@starting-style { .x { opacity: 0 } }", "<p class=x>9</p>", "9"),
        ("b { display: \x01none; opacity: 1\ufffe }", "<b style='display: \x02none'>9</b>", "9"),
        # A script shows what is faint until it is loaded, but not what takes no place.
        ("#all { opacity: 0 }", f"<div id=all>{'增长。' * 600}</div>", "增长。" * 600),
        ("#all { display: none }", f"<div id=all>{'增长。' * 600}</div>", ""),
        (".x:not(.a,.b, .c), :is(.b,.c) .x { display: none }", "<p class='x b'>9</p>", "9"),
        ("[x='a,b'], .x[y='a,b,p'] { display: none }", "<p class='x'>9</p>", "9"),
        (".x { opacity: 0 } .x:not(.a, .b > .c) { opacity: 1 }", "<p class=x>9</p>", "9"),
        ("</style><noscript><style>b { display: none }</style></noscript><style>", "<b>9</b>", "9"),
        ("@media handheld { b { display: none } }", "<b>9</b>", "9"),
        ("@media tv, projection { b { display: none } }", "<b>9</b>", "9"),
        ("@media (-webkit-min-device-pixel-ratio:2) { b { display:none } }", "<b>9</b>", "9"),
        ("h1 { opacity: 0; animation: fade 1s forwards }", "<h1>9</h1>", "9"),
        ("h1 { opacity: 0; animation: none }", "<h1>9</h1>", ""),
        ("h1 { visibility: hidden; animation: fade 1s }", "<h1>9</h1>", "9"),
        ("@media print { @media screen { b { display: none } } }", "<b>9</b>", "9"),
        (".x { display: none } .x:not(.y) { display: none }", "<p class=x>7</p>", ""),
        ("", "<p style='opacity: 0'>7<b style='opacity: 1'>7</b></p>", ""),
        ("@font-face { src: url(data:a,{}) } .x { display: none }", "<p class=x>9</p>", ""),
        # Outside the window, cut to nothing, or of no size.
        (".x { position: absolute; left: -9999px }", "<p>9<b class=x>7</b></p>", "9"),
        ("", "<p>9<b style='position: fixed; top: -1000em'>7<i style='top: 0'>7</i></b></p>", "9"),
        (".x { left: -9999px; top: -9999px; clip: rect(0 0 0 0) }", "<p class=x>9</p>", "9"),
        (
            ".x { position: absolute; left: -9999px } .x.on { position: static }",
            "<p class=x>7</p><p class='x on'>9</p>",
            "9",
        ),
        (".x { text-indent: -999px } .x b { text-indent: 0 }", "<p class=x>7<b>9</b></p>", "9"),
        (
            ".x { position: absolute; clip: rect(1px, 1px, 1px, 1px) }",
            "<p>9<b class=x>7</b></p>",
            "9",
        ),
        (".x { clip-path: inset(50%) }", "<p>9<b class=x>7</b></p>", "9"),
        (".x { font: 0/0 a }", "<p>9<b class=x>7</b></p>", "9"),
        (".x { margin-left: -9999px; clip: rect(0, 10px, 10px, 0) }", "<p class=x>9", "9"),
        ("b { left: -20px; text-indent: -2em; clip: auto }", "<b>9</b>", "9"),
    ],
)
def test_style_sheets_say_what_a_reader_sees(sheet: str, markup: str, seen: str) -> None:
    page = f"<html><head><style>{sheet}</style></head><body>{markup}<p>好。</p></body></html>"
    found = extract(page.encode())
    assert found.text.removesuffix("好。").strip() == seen
    assert seen or any("because the page hides it" in note.message for note in found.notes)


SAID = "全区完成投资1.5亿元，经济平稳增长，民生持续改善。"


@pytest.mark.parametrize(
    ("sheet", "one"),
    [
        (".x { opacity: 0 }", "<p class=x>{}</p>"),
        ("div { font-size: 0 }", "<div><p>{}</p></div>"),
        ("", "<p style='visibility: hidden'>{}</p>"),
        (
            ".x { opacity: 0 } i { display: none }",
            "<p class=x>{}<i>增长99%。</i><s>增长98%。</s><script>'政务公开'</script></p>",
        ),
    ],
)
def test_of_a_page_that_shows_less_than_is_faint_the_faint_is_read(sheet: str, one: str) -> None:
    def lines(hidden: int) -> tuple[int, list[str]]:
        markup = one.format(SAID) * hidden + f"<p>{SAID}</p>" * (40 - hidden)
        found = extract(f"<html><style>{sheet}</style><body>{markup}".encode())
        return found.text.count(SAID), [note.message for note in found.notes]

    read = "read although the page hides so much until a script runs: "
    assert lines(21)[0] == lines(40)[0] == 40
    assert f"{read}{len(SAID) * 21} characters: {SAID}" in lines(21)[1]
    seen, notes = lines(20)
    assert (seen, any(map("增长9".__contains__, notes))) == (20, False)
    assert notes[0].startswith("left out because the page hides it: ")


HIDDEN = [
    f"<p style='display: none'>{SAID}</p>",
    f"<p hidden>{SAID}<script>var 导航 = '政务公开政务公开政务公开'</script></p>",
    f"<textarea style='display: none'>{SAID * 12}</textarea>",
]


@pytest.mark.parametrize("one", HIDDEN)
def test_what_takes_no_place_is_read_only_where_nothing_is_seen(one: str) -> None:
    copy = f"<html><body>{one * 40}"
    links = f"<ul>{'<li><a>政务公开</a></li>' * 90}</ul>"
    alone = extract((copy + links).encode())
    assert alone.text.count(SAID) == one.count(SAID) * 40
    assert alone.notes[-1].message.startswith("read although the page hides so much")
    for both in (f"{copy}<p>{SAID}</p>", f"<html><p>{SAID}</p>{one * 40}"):
        assert extract(both.encode()).text == SAID


def test_links_that_are_hidden_make_nothing_seen() -> None:
    menu = "<ul style='visibility: hidden'>" + "<li><a>政务公开</a></li>" * 80 + "</ul>"
    page = f"<html>{menu}<div><p>{SAID}</p><p style='opacity: 0'>总值增长99%。</p></div>"
    assert extract(page.encode()).text == SAID


def test_what_a_style_strikes_is_struck_at_any_share() -> None:
    struck = f"<p><span style='text-decoration: line-through'>{SAID}</span></p>" * 40
    found = extract(f"<html><p>{SAID[:9]}</p>{struck}".encode())
    assert found.text == SAID[:9]
    assert [note.message[:8] for note in found.notes] == ["left out"]


@pytest.mark.parametrize("font", ["url(data:font/woff;base64,{})", "url( 'data:x,{}')"])
def test_a_font_in_a_style_sheet_does_not_stop_it(font: str) -> None:
    sheet = f"@font-face {{ src: {font.format('A' * stylesheets.LONGEST)} }}"
    found = extract(f"<html><style>{sheet} b {{display:none}}</style><p>{SAID}<b>7".encode())
    assert (found.text, len(found.notes)) == (SAID, 1)


def test_a_style_sheet_is_followed_up_to_the_limit() -> None:
    sheet = "b {display:none}" + "x" * stylesheets.LONGEST + "{} p {display:none}"
    found = extract(f"<html><style>{sheet}</style><p>{SAID}<b>7".encode())
    assert (found.text, len(found.notes)) == (SAID, 2)


@pytest.mark.parametrize(
    "sheet",
    [
        *("a " * 400_000, "/*" * 400_000, "{" * 400_000 + "}" * 400_000, "}{" * 400_000),
        *("@media {" * 90_000 + "}" * 90_000, "@media " + "x" * 400_000 + "{" + "a{}" * 130_000),
        "a," * 60_000 + "{" + "display:none;" * 28_000 + "}",
        "a{font-size:" + "0" * 900_000 + "x}",
        "div " * 200_000 + "b {display:none}",
        "".join(f"{'div ' * n}b {{display:none}}" for n in range(600, 900)),
        *("url(data:" * 100_000, "(a," * 200_000 + "{font-size:9px}", "[" * 900_000 + "{font:0}"),
        "div{font-size:9px" + " 1" * 400_000 + "}",
        "div{text-decoration:" + "text-decoration:" * 50_000 + "}",
    ],
)
def test_a_style_sheet_is_read_in_time_linear_in_its_length(sheet: str) -> None:
    """Each is about as long as those that are read to their end: by the square of the length it
    would take an hour."""
    page = f"<html><style>{sheet}</style><body>{'<div>' * 500}<b>{SAID}</b>"
    assert extract(page.encode()).text == SAID


@pytest.mark.parametrize("steps", [20_000, 1_000])
def test_rules_are_compared_once_with_elements_that_are_alike(
    monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    monkeypatch.setattr(stylesheets, "STEPS", steps)
    rules = "".join(f".a .x{{display:none}} .a{n} .b1{{display:none}}" for n in range(3_000))
    inner = "<div class=a>" + "<b class=b1>增长9%。</b>" * 4_000 + "<b class=x>草稿</b></div>"
    found = extract(f"<html><style>{rules}</style><body>{inner}".encode())
    told = "style sheets too large to be followed: what they hide further on is read"
    assert [note.message for note in found.notes] == [
        told if steps == 1_000 else "left out because the page hides it: 2 characters: 草稿"
    ]
    assert found.text == "增长9%。" * 4_000 + "草稿" * (steps == 1_000)


@pytest.mark.parametrize("form", ["html", "docx", "text"])
def test_cells_of_a_table_are_no_targets_and_join_no_sentence(form: str) -> None:
    rows = [["指标", "单位", "2023年", "2024年目标"], ["粮食产量", "万吨", "12.5", "13"]]
    rows += [["新增就业", "人", "4500", "4600"]]
    before, behind = "二、2024年工作安排", "投资增长8%。"
    if form == "docx":
        document = docx.Document()
        document.add_paragraph(before)
        table = document.add_table(rows=3, cols=4)
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
        document.add_paragraph(behind)
        data = saved(document)
    else:
        lines = ["\t".join(row) for row in rows]
        if form == "html":
            lines = ["<tr><td>" + "<td>".join(row) for row in rows]
            before, behind = f"<html><p>{before}</p><table>", f"</table><p>{behind}</p>"
        data = "\n".join([before, *lines, behind]).encode()
    report = Report.read(data, year=2024)
    assert [(str(o.value), o.indicator, o.status) for o in indicators(report)] == [
        ("8", "投资", "target")
    ]
    assert [p.kind for p in report.paragraphs] == ["heading", "row", "row", "row", "text"]
    assert "3 rows of a table are no sentences; no figures are read from them" in [
        note.message for note in report.notes
    ]


@pytest.mark.parametrize("form", ["html", "docx", "text"])
def test_the_label_beside_a_sentence_in_a_table_is_no_part_of_a_name(form: str) -> None:
    rows = [["经济发展", "生产总值增长8%，财政收入增长7%。"], ["1", "民生", "新建学校达到3所。"]]
    rows += [["居民收入", "增长9%，" + "城乡面貌焕然一新，社会大局和谐稳定。" * 3]]
    rows += [["第一产业", "增加值增长4%。"]]
    if form == "docx":
        document = docx.Document()
        for row in rows:
            cells = document.add_table(rows=1, cols=len(row)).rows[0].cells
            for cell, text in zip(cells, row, strict=True):
                cell.text = text
        data = saved(document)
    elif form == "html":
        data = ("<table><tr><td>" + "<tr><td>".join(map("<td>".join, rows))).encode()
    else:
        data = "\n".join(map("\t".join, rows)).encode()
    found = [(o.indicator, str(o.value)) for o in indicators(Report.read(data, year=2014))]
    assert found == [
        ("生产总值", "8"),
        ("财政收入", "7"),
        ("新建学校", "3"),
        ("居民收入", "9"),
        ("第一产业增加值", "4"),
    ]


@pytest.mark.parametrize("form", ["html", "text"])
def test_what_stands_in_one_cell_of_a_row_is_no_part_of_another(form: str) -> None:
    rows = [["地区生产总值", "320.5亿元", "增长8%"], ["新建停车位500个", "县住建局"]]
    rows += [["文化馆", "续建", "1.5亿元"]]
    data = "\n".join(map("\t".join, rows))
    if form == "html":
        data = "<table><tr><td>" + "<tr><td>".join(map("<td>".join, rows))
    report = Report.read(data.encode(), year=2014)
    assert [(o.indicator, o.text) for o in indicators(report)] == [
        ("地区生产总值", "320.5亿元"),
        ("地区生产总值", "8%"),
        ("新建停车位", "500个"),
        ("文化馆续建", "1.5亿元"),
    ]


def test_a_line_of_cells_joins_no_other_but_one_that_is_set_in_by_a_tab_does() -> None:
    rows = "1\t新建停车位500个\t县住建局\n2\t改造小区12个\t县住建局"
    assert len(Report.read(rows.encode(), year=2014).paragraphs) == 2
    broken = "\t全年新建学校3所，改造公园2个，停车位\n达到500个。"
    assert len(Report.read(broken.encode(), year=2014).paragraphs) == 1


def test_rows_of_a_table_in_a_pdf_file_join_no_line() -> None:
    text = line("全区经济平稳增长，投资增长百分之八，城乡居民收入不断增加，民生改善。", 700)
    table = [
        line(cell, y, x=80 + 120 * n)
        for y, cells in ((670, "产量 万吨 12.5 13"), (640, "就业 人 4500 4600"))
        for n, cell in enumerate(cells.split())
    ]
    found = join(in_columns([text, *table, line("大力推进建设，", 610)]))[0]
    assert found.split("\n")[1:] == ["产量 万吨 12.5 13", "就业 人 4500 4600", "大力推进建设，"]


def test_a_page_that_a_script_shows_is_read() -> None:
    inner = "".join(f"<p>{line}</p>" for line in paragraphs(COUNTY))
    hidden = f"<div style='visibility: hidden; opacity: 0'>{inner * 4}</div>"
    assert "地区生产总值增长8.1%" in extract(f"<html><body>{hidden}</body></html>".encode()).text
