"""The structure of reports: of the seed, of constructed ones in every layout seen, and the laws
that hold for any text."""

import dataclasses
import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from xiacheng_nlp.errors import ReportError
from xiacheng_nlp.report.nodes import PARTS
from xiacheng_nlp.report.report import Report, load_report
from xiacheng_nlp.resources import seed as seed_file
from xiacheng_nlp.text import BREAKS, INVISIBLE, flow


def shape(report: Report) -> list[tuple[str, str, str | None]]:
    return [(section.id, section.title, section.part) for section in report.walk()]


def kinds(report: Report) -> list[tuple[str, str]]:
    return [(sentence.kind, sentence.text) for sentence in report.sentences]


# The seed


def test_the_seed_has_its_particulars(seed: Report) -> None:
    assert {name: found.text for name, found in seed.metadata.items() if found} == {
        "title": "2014年下城区政府工作报告",
        "congress": "杭州市下城区第十四届人民代表大会第三次会议",
        "office": "下城区人民政府区长",
        "speaker": "吴才敏",
        "index_number": "K1493206-6/2020-16905",
        "document_number": "下政阅〔2014〕1号",
        "issuer": "区府办",
        "date": "2014-02-19",
        "created": "2014-02-19",
    }
    assert seed.year == 2014


def test_the_seed_has_its_sections(seed: Report) -> None:
    assert [(s.id, s.number, s.part, len(s.sections)) for s in seed.sections] == [
        ("1", "一", "review", 5),
        ("2", "二", "plan", 7),
        ("3", "三", "government", 0),
        ("4", "附件", "glossary", 0),
    ]
    assert [s.title for s in seed.section("2.7").sections][:3] == [
        "加快保障房建设",
        "优化小区环境",
        "推进路网建设",
    ]
    assert len(seed.section("2.7").sections) == 10


def test_the_seed_has_its_parts_in_order(seed: Report) -> None:
    found = [paragraph.part for paragraph in seed.paragraphs]
    assert [part for n, part in enumerate(found) if n == 0 or found[n - 1] != part] == list(PARTS)
    problems = [p.text for p in seed.paragraphs if p.part == "problems"]
    assert len(problems) == 6
    assert problems[0].startswith("在看到成绩的同时")
    assert problems[-1].startswith("这些因素")


def test_the_seeds_broken_word_is_whole_again(seed: Report) -> None:
    sentence = next(s for s in seed.sentences if "惠民生" in s.text)
    assert "惠\n\n\n\n民生" in seed.text[sentence.start : sentence.end]
    assert any(
        note.message == "broken line joined: …环境、惠民生、保…" and note.start == 413
        for note in seed.notes
    )


def test_the_seeds_run_in_headings_are_told(seed: Report) -> None:
    run_ins = [s.text for s in seed.sentences if s.kind == "run_in"]
    assert run_ins[:4] == [
        "有效投资增势良好。",
        "社会消费稳步提升。",
        "扩大开放成效明显。",
        "发展平台不断壮大。",
    ]
    assert "10. 丰富群众文化。" in run_ins
    assert not any("各位代表" in text or re.search(r"\d亿", text) for text in run_ins)


def test_the_seeds_annex_has_36_entries_one_without_headword(seed: Report) -> None:
    assert [entry.number for entry in seed.glossary] == list(range(1, 37))
    assert [entry.number for entry in seed.glossary if entry.headword is None] == [5]
    assert seed.glossary[4].explanation.startswith("国家实施的海外高层次人才引进计划。")
    assert seed.glossary[3].headword == "个转企"
    assert seed.glossary[3].explanation == "指个体工商户转型升级为企业。"
    assert seed.glossary[17].explanation.startswith("为加强全科医生人才队伍建设")


def test_the_seed_has_330_sentences_of_running_text(seed: Report) -> None:
    assert sum(len(p.sentences) for p in seed.paragraphs if p.kind == "text") == 330


# Layouts

LAYOUTS = {
    "full width, numbered": (
        "政府工作报告\n——2022年1月27日在某市第八届人民代表大会第二次会议上\n"
        "某市人民政府市长  王大明\n各位代表：\n"
        "现在，我代表市人民政府，向大会报告工作。\n一、2021年工作回顾\n（一）经济稳中有进\n全年完成投资10亿元。\n"
        "同时，我们清醒看到，发展还存在不少困难。\n二、2022年工作安排\n（一）做强实体经济。\n深化改革。引进项目8个，新增企业9家。\n"
        "三、加强政府自身建设\n坚持依法行政。\n各位代表，让我们团结奋斗！\n",
        [
            ("1", "2021年工作回顾", "review"),
            ("1.1", "经济稳中有进", "review"),
            ("2", "2022年工作安排", "plan"),
            ("2.1", "做强实体经济", "plan"),
            ("3", "加强政府自身建设", "government"),
        ],
        2022,
    ),
    "plain headings above numbered ones": (
        "各位代表：\n我代表县人民政府报告工作。\n2022年工作回顾\n2022年是极不平凡的一年，我们攻坚克难。\n一、坚持产业跨越发展\n"
        "完成技改项目113个，增长较快。\n二、坚持改革开放突破\n重点改革不断深化，成效明显。\n2023年工作目标任务\n今年工作的总体要求是稳中求进。\n"
        "一、聚焦高质量发展\n（一）培育优强企业。深入实施攻坚行动，新增企业9家。\n加强政府自身建设\n我们将更加重视自身建设，作出表率。\n",
        [
            ("1", "2022年工作回顾", "review"),
            ("1.1", "坚持产业跨越发展", "review"),
            ("1.2", "坚持改革开放突破", "review"),
            ("2", "2023年工作目标任务", "plan"),
            ("2.1", "聚焦高质量发展", "plan"),
            ("2.1.1", "培育优强企业", "plan"),
            ("3", "加强政府自身建设", "government"),
        ],
        2023,
    ),
    "half width, bold and spaced headings": (
        "政 府 工 作 报 告\n各位代表:\n**一、2013年工作回顾**\n投资增势良好。完成投资152.84亿元。\n"
        "## 二、 2014 年 政 府 工 作\n( 一 ) 抓投资\n新增就业23600人。\n",
        [
            ("1", "2013年工作回顾", "review"),
            ("2", "2014年政府工作", "plan"),
            ("2.1", "抓投资", "plan"),
        ],
        2014,
    ),
    "old, with Chinese numerals and lists": (
        "各位代表！\n\u3000\u3000现在，我代表国务院作报告。\n一、三年来的斗争\n\u3000\u3000我国人民经受了严峻的考验。\n"
        "二、加快经济建设\n第一，全国动员，大办农业\n\u3000\u3000要采取以下措施：\n\u3000\u3000（一）抓好粮食，到一九八五年达到八千亿斤。\n"
        "\u3000\u3000（二）充分发动群众，改土治水。\n\u3000\u3000（三）加强领导。\n三、国际形势\n\u3000\u3000形势大好。\n结束语\n\u3000\u3000各位代表！\n"
        "\u3000\u3000让我们前进吧！\n",
        [
            ("1", "三年来的斗争", "review"),
            ("2", "加快经济建设", "plan"),
            ("2.1", "全国动员，大办农业", "plan"),
            ("3", "国际形势", "plan"),
            ("4", "结束语", "closing"),
        ],
        None,
    ),
    "no headings at all": (
        "各位代表：\n我代表市政府报告工作。\n全年完成投资10亿元。新增就业9人。\n",
        [],
        None,
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_layouts(name: str) -> None:
    text, sections, year = LAYOUTS[name]
    report = Report.parse(text)
    assert shape(report) == sections
    assert report.year == year


def test_the_parts_of_a_numbered_report() -> None:
    report = Report.parse(LAYOUTS["full width, numbered"][0])
    assert [(p.part, p.text[:6]) for p in report.paragraphs if p.kind == "text"] == [
        ("opening", "现在，我代表"),
        ("review", "全年完成投资"),
        ("problems", "同时，我们清"),
        ("plan", "深化改革。引"),
        ("government", "坚持依法行政"),
        ("closing", "各位代表，让"),
    ]
    assert {name: found.text for name, found in report.metadata.items() if found} == {
        "title": "政府工作报告",
        "congress": "某市第八届人民代表大会第二次会议",
        "session_date": "2022年1月27日",
        "office": "某市人民政府市长",
        "speaker": "王大明",
    }


GLOSSARIES = {
    "1. 个转企:指个体工商户转型升级为企业。\n2. 名楼：指商务楼宇。\n": [(1, "个转企"), (2, "名楼")],
    "[1]“1556”战略：坚持一个统领。\n[2]“双碳”：碳达峰与碳中和的简称。\n": [
        (1, "“1556”战略"),
        (2, "“双碳”"),
    ],
    "1.“四上”企业：\n现阶段统计工作中的企业。\n2.“标准海”：\n指适养海域。\n": [
        (1, "“四上”企业"),
        (2, "“标准海”"),
    ],
    "① 河长制：由负责人任河长。\n② 国家引进计划。浙江省从2009年开始。\n": [
        (1, "河长制"),
        (2, None),
    ],
    "营改增：营业税改征增值税。\n三改一拆是指改造旧住宅区。\n": [
        (None, "营改增"),
        (None, "三改一拆"),
    ],
    "营改增\n指营业税改征增值税。\n政府定价\n是指由政府定的价。\n": [
        (None, "营改增"),
        (None, "政府定价"),
    ],
    "1. 它是指改造旧住宅区的行动。\n2. 营改增：营业税改征增值税。\n": [
        (1, None),
        (2, "营改增"),
    ],
}


@pytest.mark.parametrize(
    "heading",
    [
        "附件\n\n名  词  解  释",
        "名词解释",
        "附：名词解释",
        "附件：《政府工作报告》有关名词解释",
        "《报告》中有关名词解释",
        "名词解释：",
    ],
)
@pytest.mark.parametrize("entries", GLOSSARIES)
def test_glossaries(heading: str, entries: str) -> None:
    report = Report.parse(
        "各位代表:\n一、2013年工作回顾\n完成投资152.84亿元。\n" + heading + "\n" + entries
    )
    assert [(entry.number, entry.headword) for entry in report.glossary] == GLOSSARIES[entries]
    assert {p.part for p in report.paragraphs if p.kind == "entry"} == {"glossary"}
    assert report.sections[-1].part == "glossary"
    for entry in report.glossary:
        assert flow(report.text[entry.explanation_start : entry.end]) == entry.explanation


def test_tables_behind_the_report_are_kept_as_lines_and_noted() -> None:
    report = Report.parse(
        "各位代表:\n一、2013年工作回顾\n完成投资1亿元。\n附件1\n十大工程\n序号\n项目名称\n1\n药用植物园\n5亿元\n"
    )
    assert [p.text for p in report.paragraphs if p.kind == "attachment"] == [
        "序号",
        "项目名称",
        "1",
        "药用植物园",
        "5亿元",
    ]
    assert any("cells of a table" in note.message for note in report.notes)


def test_a_quotation_ends_no_sentence_that_goes_on() -> None:
    report = Report.parse(
        "各位代表:\n我们以“让世界更美好！”的口号办会。会议说：“要改革。”大家同意！\n"
    )
    assert [text for _, text in kinds(report)[1:]] == [
        "我们以“让世界更美好！”的口号办会。",
        "会议说：“要改革。”",
        "大家同意！",
    ]


def test_the_mark_of_a_footnote_stays_with_its_sentence() -> None:
    report = Report.parse("各位代表:\n深入实施“1556”战略[1]，成效明显。[2]新增企业8家。［3］\n")
    assert [text for _, text in kinds(report)[1:]] == [
        "深入实施“1556”战略[1]，成效明显。[2]",
        "新增企业8家。［3］",
    ]


def test_broken_lines_and_fragments_are_joined() -> None:
    text = (
        "各位代表：\n一、2025年工作回顾\n今年经济社会发展的\n主要目标\n是：增长5%，PM\n2.5\n"
        "浓度下降。\n二、2026年工作安排\n做好工作。\n"
    )
    report = Report.parse(text)
    assert [p.text for p in report.paragraphs if p.kind == "text"] == [
        "今年经济社会发展的主要目标是：增长5%，PM 2.5浓度下降。",
        "做好工作。",
    ]


def test_what_a_front_matter_says_but_is_not_understood_is_noted() -> None:
    report = Report.parse(
        "今日天气晴\n某县政府工作报告\n各位代表：\n一、2013年工作回顾\n完成投资1亿元。\n"
    )
    assert [note.message for note in report.notes if note.start == 0] == [
        "outside the speech, not understood: 今日天气晴"
    ]


def test_a_heading_that_is_missing_is_noted() -> None:
    report = Report.parse(
        "各位代表:\n一、2013年工作回顾\n完成投资1亿元。\n三、2014年工作安排\n（二）抓投资\n新增投资1亿元。\n"
    )
    assert [note.message for note in report.notes] == [
        "the numbering of headings skips: 三 follows 1",
        "the numbering of headings skips: the first is 二",
    ]


def test_no_line_end_at_all_and_nothing_but_line_ends() -> None:
    assert Report.parse("全年完成投资1亿元。" * 1000).paragraphs[0].end == 10_000
    with pytest.raises(ReportError, match="empty"):
        Report.parse("\n" * 1000)


@pytest.mark.parametrize("bad", ["no-such.txt", "folder", "nul\0name"])
def test_files_that_cannot_be_read(bad: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(ReportError, match=r"cannot be read|is no file name"):
        load_report(tmp_path / bad)


def test_what_is_no_text_is_said_by_its_place() -> None:
    with pytest.raises(ReportError, match="character 2 is half of a surrogate pair"):
        Report.parse("区长\ud800")
    with pytest.raises(ReportError, match="character 2 is NUL"):
        Report.parse("区长\0")


# Laws

PIECES = st.sampled_from(
    [
        *(
            "一、",
            "（一）",
            "(二)",
            "1. ",
            "10.",
            "一是",
            "第一，",
            "**",
            "#",
            "——",
            "[3]",
            "①",
            "附件",
            "附件1",
            "名词解释",
            "结束语",
        ),
        *(
            "2013年工作回顾",
            "今年工作安排",
            "加强政府自身建设",
            "各位代表：",
            "各位代表，",
            "我们清醒地看到困难",
            "投资增势良好",
        ),
        *(
            "全年完成投资1.5亿元",
            "同比增长7.80%",
            "个转企：指企业",
            "索引号 K1",
            "文号：",
            "“",
            "”",
            "《",
            "》",
            "（",
            "。",
            "；",
            "！",
        ),
        *(
            "?",
            ":",
            "，",
            "\n",
            "\n\n",
            "\r\n",
            "\u3000\u3000",
            "\xa0",
            " ",
            "\u2028",
            "\t",
            "𠮷",
            "\ufeff",
            "a",
            "7",
        ),
    ]
)
REPORTS = st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=120)


def check_laws(report: Report) -> None:
    text = report.text
    for _, found in report.metadata.items():
        if found:
            assert "".join(report.reading(found.start, found.end)[0].split()) == "".join(
                found.text.split()
            )
    covered = [0] * len(text)
    last = report.start
    for paragraph in report.paragraphs:
        assert last <= paragraph.start < paragraph.end <= report.end
        last = paragraph.end
        for place in range(paragraph.start, paragraph.end):
            covered[place] += 1
        assert report.reading(paragraph.start, paragraph.end)[0] == paragraph.text
        assert len(report.positions(paragraph)) == len(paragraph.text) + 1
        assert "".join(sentence.text for sentence in paragraph.sentences) == paragraph.text
        assert [s.start for s in paragraph.sentences] + [paragraph.end] == [paragraph.start] + [
            s.end for s in paragraph.sentences
        ]
        for sentence in paragraph.sentences:
            assert report.reading(sentence.start, sentence.end)[0] == sentence.text
        assert paragraph.part in (*PARTS, None)
        assert paragraph.section is None or report.section(paragraph.section)
    assert all(
        covered[n] == 1
        for n in range(report.start, report.end)
        if not text[n].isspace() and not INVISIBLE.match(text[n])
    )
    ids = [section.id for section in report.walk()]
    assert len(ids) == len(set(ids))
    for section in report.walk():
        assert section.start == section.heading_start < section.heading_end <= section.end
        for inner in section.sections:
            assert section.start <= inner.start <= inner.end <= section.end
            assert inner.id.startswith(section.id + ".")
        for paragraph in section.paragraphs:
            assert section.start <= paragraph.start < paragraph.end <= section.end
            assert paragraph.section == section.id
    for entry in report.glossary:
        assert report.start <= entry.start <= entry.explanation_start <= entry.end <= report.end
        if entry.headword is not None:
            assert report.reading(entry.headword_start, entry.headword_end)[0] == entry.headword
    for note in report.notes:
        assert 0 <= note.start <= note.end <= len(text)


@given(REPORTS)
@settings(max_examples=400, deadline=None)
@example("附件\n名词解释")
@example("各位代表：\n附件\n附件1\n一、a")
@example("一、\n一、\n")
def test_the_laws_hold_for_any_text(text: str) -> None:
    try:
        report = Report.parse(text)
    except ReportError:
        return
    check_laws(report)
    assert Report.parse(report.text) == report


def test_the_laws_hold_for_the_seed(seed: Report) -> None:
    check_laws(seed)
    assert load_report() == seed


@given(st.sampled_from(["gb18030", "utf-8-sig", "utf-16"]))
@settings(max_examples=3, deadline=None)
def test_the_encoding_changes_nothing_but_the_source(
    tmp_path_factory: pytest.TempPathFactory, encoding: str
) -> None:
    path = tmp_path_factory.mktemp("encodings") / seed_file().name
    path.write_bytes(seed_file().read_bytes().decode("utf-8").encode(encoding))
    report, seed = load_report(path), load_report()
    assert dataclasses.replace(report, sha256=seed.sha256, encoding=seed.encoding) == seed


@given(st.text(st.sampled_from("一、（一）1. 各位代表：。\n" + BREAKS), max_size=80))
@settings(deadline=None)
def test_dense_numbering_obeys_the_laws(text: str) -> None:
    if text.strip():
        check_laws(Report.parse(text))


@pytest.mark.parametrize("blank", ["\t\u2002", "\u2009", "\u200a"])
def test_any_blank_may_stand_behind_a_label(blank: str) -> None:
    text = f"发布机构{blank}某县人民政府\n各位代表：\n一、2013年工作回顾\n新建小学3所。"
    report = Report.parse(text)
    assert report.metadata.issuer is not None
    assert report.metadata.issuer.text == "某县人民政府"
