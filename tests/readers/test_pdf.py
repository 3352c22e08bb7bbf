"""What stands on the pages of a PDF file beside its text."""

import io

import pypdfium2
import pytest

from tests.documents import pdf_file
from tests.readers.test_readers import COUNTY, paragraphs, said, stated
from xiacheng_nlp.errors import ReportError
from xiacheng_nlp.readers import pdf
from xiacheng_nlp.readers.extraction import extract
from xiacheng_nlp.readers.pdf import Line, join
from xiacheng_nlp.report.report import Report


@pytest.mark.parametrize(
    ("around", "note"),
    [
        ([("内部资料", 0.3, 0.5, 45)], "6 stretches of text askew on their page (a watermark?)"),
        ([("装订线", 0.02, 0.5, 90)], "6 stretches of text askew on their page (a watermark?)"),
        ([("9亿元", -0.3, 0.5, 0)], "6 stretches of text outside their page"),
        ([("内部资料", 0.3, 0.7, 0)], "6 lines at the head or foot of pages: 内部资料"),
        (
            [("某县人民政府", 0.3, 0.97, 0), ("工作报告", 0.3, 0.97, 0)],
            "6 lines at the head or foot of pages: 工作报告 | 某县人民政府",
        ),
    ],
)
def test_what_stands_around_the_text_is_left_out_and_said(
    around: list[tuple[str, float, float, float]], note: str
) -> None:
    plain = Report.parse(COUNTY)
    report = Report.read(pdf_file(paragraphs(COUNTY), lines=4, around=around))
    assert said(report) == said(plain)
    assert stated(report) == stated(plain)
    assert f"left out: {note}" in [each.message for each in report.notes]


def test_what_comes_again_is_no_watermark_where_pages_are_alike() -> None:
    alike = extract(pdf_file(["全区工作稳步推进，民生持续改善。"] * 72, lines=12))
    assert alike.text.count("稳步") >= 48


def test_the_end_of_a_sentence_at_the_head_of_pages_is_no_running_head() -> None:
    lines = [f"{'一二三四五六七八九'[n // 4]}批项目{'甲乙丙丁'[n % 4]}开工。" for n in range(36)]
    lines[::12] = ["增长8%。", "增长9%。", "增长7%。"]
    text = extract(pdf_file(lines, lines=4)).text
    assert [f"增长{n}%" in text for n in (8, 9, 7)] == [True] * 3


def test_the_name_over_a_table_that_stands_on_its_side_is_read() -> None:
    names = [f"{number}表：主要指标完成情况" for number in "甲乙丙"]
    turned = [(f"生产总值亿元财政收入亿元投资{n}亿元", 0.5, 0.1, 90) for n in "甲乙丙"]
    text = extract(pdf_file(names, lines=1, around=turned)).text
    assert [said in text for said in (*names, *(each[0] for each in turned))] == [True] * 6


def test_pages_that_are_turned_are_read() -> None:
    stream = io.BytesIO()
    with pypdfium2.PdfDocument(pdf_file(paragraphs(COUNTY), lines=12)) as document:
        for page in document:
            page.set_rotation(90)
        document.save(stream)
    assert stated(Report.read(stream.getvalue())) == stated(Report.parse(COUNTY))


def test_lines_of_a_table_of_contents_join_none() -> None:
    listed = [f"{title:…<28}{page}" for title, page in (("一、回顾", 1), ("二、安排", 12))]
    given = [Line(text, 0, 80, 700 - 20 * n, 16, 480) for n, text in enumerate(listed)]
    assert join(given)[0].split("\n") == listed


def test_what_is_told_of_a_file_without_pages_does_not_hang_on_the_file_before() -> None:
    empty = io.BytesIO()
    pypdfium2.PdfDocument.new().save(empty)
    told = set()
    for before in (pdf_file(["增长8%。"]), b"%PDF-1.4"):
        for data in (before, empty.getvalue()):
            try:
                pdf._lines_here(data, pdf.SECONDS)
            except ReportError as error:
                told.add(str(error))
    assert len(told) == 1
