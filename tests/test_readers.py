"""Files as people have them: the same report in every format, what is left out is said, and what is no report is refused."""

import io
import re
import zipfile
from dataclasses import asdict

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from tests.documents import page, pdf_file, word_file
from xiacheng_nlp.observations import indicators
from xiacheng_nlp.readers import extract
from xiacheng_nlp.report import Report, ReportError
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
    rows = [{name: value for name, value in asdict(o).items() if name not in places} for o in indicators(report)]
    return [row | {"sentence": "".join(str(row["sentence"]).split())} for row in rows]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("source", ["seed", "county"])
def test_the_same_report_in_every_format_says_the_same(source: str, form: str, seed: Report) -> None:
    text = seed.text if source == "seed" else COUNTY
    if form in ("docx", "pdf"):
        # A word that the source breaks into two paragraphs is two paragraphs where all paragraphs are set in.
        text = re.sub(r"惠\s+民生", "惠民生", text)
    plain = Report.parse(text, name=seed.name)
    other = Report.read(FORMATS[form](paragraphs(plain.text)), name=plain.name)
    assert other.format == form.split("-")[0]
    assert other.extracted
    assert said(other) == said(plain)
    assert [(s.id, s.number, s.title, s.part) for s in other.walk()] == [(s.id, s.number, s.title, s.part) for s in plain.walk()]
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
