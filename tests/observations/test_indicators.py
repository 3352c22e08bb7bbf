"""Observations: constructed sentences, the seed's gold, properties of every record."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from xiacheng_nlp.datafiles import Row, read_table
from xiacheng_nlp.observations import sentences
from xiacheng_nlp.observations.observation import Observation, indicators, observation_table
from xiacheng_nlp.observations.rules.qualifiers import qualifies
from xiacheng_nlp.report.report import Report, load_report
from xiacheng_nlp.resources import folder
from xiacheng_nlp.text import flow
from xiacheng_nlp.validation.gold import read_number_gold
from xiacheng_nlp.validation.scores import evaluate

HERE = Path(__file__).parents[1]
HEADINGS = {
    "review": "一、2013年工作回顾",
    "plan": "一、2014年工作安排",
    "term": "一、过去五年工作回顾",
    "term to come": "一、今后五年的主要任务",
    "glossary": "名词解释",
}
CASES = read_table(
    HERE / "cases" / "indicators.tsv",
    columns=("construction", "part", "text"),
    optional=("records", "gloss", "known"),
)


def observe(part: str, text: str) -> list[Observation]:
    front = "各位代表:\n" if part != "glossary" else "各位代表:\n一、2014年工作安排\n抓好落实。\n"
    report = Report.parse(f"2014年政府工作报告\n{front}{HEADINGS[part]}\n{text}\n")
    first = report.text.index(text)
    return [o for o in indicators(report) if o.start >= first]


def said(observation: Observation) -> str:
    if observation.indicator is None:
        return observation.text
    fall = "-" if observation.sign == -1 else ""
    group = f"@{observation.among}" if observation.among else ""
    when = f"{observation.status}|{observation.period or ''}{group}"
    return f"{observation.text}={observation.indicator}|{fall}{observation.measure}|{when}"


@pytest.mark.parametrize("row", CASES, ids=[f"{row.line}-{row['construction']}" for row in CASES])
def test_constructed_sentence(row: Row, request: pytest.FixtureRequest) -> None:
    if row["known"]:
        request.node.add_marker(pytest.mark.xfail(reason=row["known"], strict=True))
    assert ";".join(map(said, observe(row["part"], row["text"]))) == row["records"]


def test_what_a_rule_is_called_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def renamed(*given: Any) -> tuple[str, bool]:
        rule, sets_topic = qualifies(*given)
        return rule and "another name", sets_topic

    monkeypatch.setattr(sentences, "qualifies", renamed)
    for row in CASES:
        if not row["known"] and ("每" in row["text"] or "连续" in row["text"]):
            assert ";".join(map(said, observe(row["part"], row["text"]))) == row["records"]


BESIDE = re.compile(
    "(?<=[\u4e00-\u9fff])(?=[0-9])|(?<=[0-9])(?=[\u4e00-\u9fff%])|(?<=%)(?=[\u4e00-\u9fff])"
)
NARROW, WIDE = "0123456789.%,", "０１２３４５６７８９．％，"


def variants(text: str) -> dict[str, tuple[str, dict[int, str]]]:
    """The text with blanks beside its numbers and in full width, each with what makes of what is
    read there what is read of the text; nothing where the text has no such place."""
    blanks = {"blank": " ", "wide blank": "\u3000", "no-break blank": "\xa0"}
    made = {key: (BESIDE.sub(one, text), {ord(one): ""}) for key, one in blanks.items()}
    wide, narrow = str.maketrans(NARROW, WIDE), dict(zip(map(ord, WIDE), NARROW, strict=True))
    made["full width"] = text.translate(wide), narrow
    return {key: (other, back) for key, (other, back) in made.items() if other != text}


@pytest.mark.parametrize(
    "row",
    [row for row in CASES if not row["known"] and variants(row["text"])],
    ids=lambda row: f"{row.line}-{row['construction']}",
)
def test_neither_blanks_beside_numbers_nor_full_width_change_anything(row: Row) -> None:
    told = {
        key: ";".join(map(said, observe(row["part"], text))).translate(back)
        for key, (text, back) in variants(row["text"]).items()
    }
    assert told == dict.fromkeys(told, row["records"])


def test_sections_that_mislead_are_covered() -> None:
    assert len(CASES) >= 60
    assert sum(row["construction"].startswith("MISLEADS") for row in CASES) >= 20


def test_seed_against_gold() -> None:
    gold = read_number_gold(folder("gold") / "xiacheng-2014.gold.jsonl")
    rows = [o.record() for o in indicators(load_report())]
    found = evaluate(gold, rows)
    assert found.quantities.f1 >= 0.99
    assert found.indicators.f1 >= 0.96
    assert found.records.f1 >= 0.94


def test_every_span_is_its_surface() -> None:
    report = load_report()
    for o in indicators(report):
        assert flow(report.text[o.start : o.end]) == o.text
        assert o.sentence_start <= o.start < o.end <= o.sentence_end
        assert flow(report.text[o.sentence_start : o.sentence_end]) == o.sentence


def test_records_are_whole() -> None:
    observations = indicators(load_report())
    starts = {o.start for o in observations}
    assert len({o.id for o in observations}) == len(observations)
    for o in observations:
        assert o.rule
        assert (o.indicator is None) == (o.measure is None) == (o.status is None)
        assert o.base_start is None or o.base_start in starts
        assert isinstance(o.value, Decimal)


def test_base_values_are_exact() -> None:
    (level, growth) = observe("review", "全年实现地区生产总值643.57亿元,同比增长7.80%。")
    assert (level.value, level.unit, level.value_base, level.unit_base) == (
        Decimal("643.57"),
        "亿元",
        Decimal("64357000000"),
        "元",
    )
    assert growth.base_start == level.start
    assert growth.comparison == "yoy"


@pytest.mark.parametrize(
    ("text", "comparison"),
    [
        ("改革开放以来，茶税增长3倍。", "cumulative"),  # since then
        ("改革开放以来，茶业快速发展，去年增长8%。", "yoy"),  # but last year alone
        ("茶税比2007年增长3倍，糖税增长2倍。", "since:2007"),  # and so did the second
        ("茶税比2007年增长3倍；去年糖税增长8%。", "yoy"),
        ("茶税比2007年增长3倍，去年增长8%。", "yoy"),
        ("茶税去年比2007年增长3倍。", "since:2007"),
        ("茶业产值达到2007年的3倍，茶税增长8%。", "yoy"),
    ],
)
def test_what_is_told_of_one_year_goes_not_on_with_what_a_list_compares(
    text: str, comparison: str
) -> None:
    assert observe("review", text)[-1].comparison == comparison


@pytest.mark.parametrize(
    ("text", "comparison"),
    [
        ("茶税增长40%。", "cumulative"),  # over the term
        ("茶税连续五年增长8%以上。", None),  # that of each year
        ("茶业增速保持在8%以上。", None),  # and so it stayed
        ("茶价涨幅控制在3%以内。", None),  # or was kept
    ],
)
def test_a_term_tells_what_grew_in_all(text: str, comparison: str | None) -> None:
    assert observe("term", text)[-1].comparison == comparison


@pytest.mark.parametrize(
    ("text", "column", "value"),
    [
        ("地区生产总值年均增长8%。", "comparison", "annual_average"),  # on average each year
        ("五年来，年均新增就业30万人。", "comparison", "annual_average"),  # so many a year
        # Against the year that the change begins in, or that of the growth before it.
        ("学生由2008年的3万人增加到2013年的5万人，增长67%。", "comparison", "since:2008"),
        ("学生由2012年的3万人增加到2013年的5万人，增长67%。", "comparison", "yoy"),
        (
            "产值比2004年增长1倍，茶园机械和加工设备产量增长8%，"
            "茶叶和茶油等产品的总产量增长9%，陶瓷和竹器的出口额增长9%，糖增长7%。",
            "comparison",
            "since:2004",
        ),
        ("解放以来，茶叶增产一点四倍。", "comparison", "cumulative"),
        # So many a year of what stands beside it too, with the same verb.
        ("五年年均新增就业30万人、企业5千家。", "comparison", "annual_average"),
        ("五年来，新增就业150万人。", "comparison", None),  # in all
        ("二氧化硫年均值20微克。", "comparison", None),  # the mean of one year
        ("地区生产总值累计增长8%。", "comparison", "cumulative"),  # in all
        ("五年来,地区生产总值增长8%。", "comparison", "cumulative"),  # in five years
        ("累计完成投资3亿元,同比增长8%。", "comparison", "yoy"),  # in all belongs to the level
        ("产值每年要增长8%。", "comparison", "annual_average"),  # each year
        ("单位能耗比2010年下降8%。", "comparison", "since:2010"),  # against 2010
        ("出口额在2010年基础上增长8%。", "comparison", "since:2010"),  # on the basis of 2010
        ("出口额在去年增长9%的基础上再增长8%。", "comparison", "yoy"),  # by 8 % on top of 9 %
        ("出口额是2010年的8倍。", "comparison", "since:2010"),  # eight times that of 2010
        (
            "出口额达到去年同期的8倍。",
            "comparison",
            "yoy",
        ),  # eight times that of last year's same time
        (
            "出口额环比增长8%。",
            "comparison",
            "previous_period",
        ),  # against the month or quarter before
        ("城镇居民收入实际增长8%。", "basis", "实际"),  # in real terms
        ("实际利用外资增长8%。", "basis", None),  # foreign capital actually used: a name
        ("按可比价格计算,地区生产总值增长8%。", "basis", "可比价格"),  # at comparable prices
        ("力争地区生产总值增长8%。", "modal", "力争"),  # strive for
        ("科技投入增长4%,高于财政收入3个百分点。", "against", "财政收入"),  # above fiscal revenue
        ("投资增速比全市平均高3个百分点。", "against", "全市平均"),  # higher than the city's mean
        (
            "出口增速分别高于全国、全省0.5个、0.8个百分点。",
            "against",
            "全省",
        ),  # above the country's and the province's
        ("人均收入是全省平均水平的2倍。", "against", "全省平均水平"),  # twice the province's mean
        (
            "供养标准不低于当地低保标准的1.3倍。",
            "against",
            "当地低保标准",
        ),  # at least 1.3 times the local benefit
        ("产值比上年增加3亿元。", "against", None),  # another time is told by comparison
        (
            "生产总值年均增长6%,出口额是2010年的8倍。",
            "comparison",
            "since:2010",
        ),  # the average is the other clause's
        ("出口额是2010年的8倍。", "against", None),  # and so here
        ("登记失业率控制在4%以内。", "modal", "控制在"),  # keep within
        ("体检人数拟定5000人。", "modal", "拟定"),  # are to be
        ("主要河流水质优良率达到90%。", "modal", None),  # main: 要 is a part of it
        ("按照上级要求,新建学校5所。", "modal", None),  # a demand
        ("实施人才计划,引进专家5名。", "modal", None),  # a plan that has a name
        ("将补助标准提高到300元。", "modal", None),  # 将 marks what is raised
        ("人均预期寿命达到80岁。", "modal", None),  # life expectancy
        ("查办大案要案30件。", "modal", None),  # 要 of 要案
        ("争取中央预算内投资2亿元。", "modal", None),  # what was got
        ("争取固定资产投资增长10%。", "modal", "争取"),  # what is striven for
        ("预期产值增长5%，努力争取更好结果，出口增长3%。", "modal", "预期"),  # in passing
        ("稳就业、稳预期,出口增长5%。", "modal", None),  # expectations are no estimate
        ("供养标准不低于低保标准的1.3倍。", "bound", ">="),  # at least 1.3 times the benefit
        ("抽检量超每千人5.2批次。", "bound", ">"),  # over 5.2 batches for a thousand people
        ("产量约占全国1/10。", "bound", "~"),  # about a tenth
        ("库存跌破30万吨。", "bound", "<"),  # fell below
        (
            "2012年同2008年相比，茶业产值由3亿元增加到7亿元，增长94%；茶农收入由1亿元增加到2亿元，增长98%。",
            "comparison",
            "since:2008",
        ),  # holds to the end
        (
            "2012年同2008年相比，茶业产值由3亿元增加到7亿元，增长94%；茶农收入由1亿元增加到2亿元，增长98%；"
            "茶园、茶厂和茶社的经营都比以前更有起色；去年茶业产值增长8%。",
            "comparison",
            "yoy",
        ),  # but not behind a year of its own
        (
            "2012年同2008年相比，茶业产值由3亿元增加到7亿元，增长94%；茶农收入由1亿元增加到2亿元，增长98%；"
            "茶园、茶厂和茶社的经营都比以前更有起色；茶业产值增长8%，增速高于全国1.1个百分点。",
            "comparison",
            None,
        ),  # nor where others are compared with
        (
            "税收24亿元，其中县级13亿元，分别是2010年的2.3倍和2.6倍。",
            "comparison",
            "since:2010",
        ),  # each
        ("产值比上一年增加3亿元。", "against", None),  # another time
        ("产值比上一年增加3亿元。", "comparison", "yoy"),
        # As all that is told in times of one year; but not what is told in per cent.
        ("出口是2008年的2.3倍；茶业产值达到8亿元，增长1.1倍。", "comparison", "since:2008"),
        ("出口是2008年的2.3倍；茶业产值达到8亿元，增长6%。", "comparison", "yoy"),
        ("茶农收入是1978年的20倍，去年增长1倍。", "comparison", "yoy"),  # a time of its own
        ("茶企能耗、水耗五年分别下降9%、8%。", "comparison", "cumulative"),
        ("争取到2018年,茶税达到8亿元。", "modal", "争取"),  # by then; but not 争取到资金
        ("争取到资金3亿元。", "modal", None),
        ("计划规定,五年合计茶税为9亿元。", "modal", "计划"),  # the plan lays down
        ("茶业产值超过年度计划4.1%。", "against", "年度计划"),
        ("茶业税收与2012年基本持平，茶业产值增长6%。", "comparison", "yoy"),
        ("茶业增长9%，分别高于一、二产业增速3.5和2个百分点。", "against", "第二产业增速"),
        ("茶企平均每年增加3家，去年增加5家。", "comparison", None),  # no longer each year
        ("失业率远低于全市3%控制线。", "indicator", "失业率远低于全市"),  # no value of its own
        ("产值比一九五六年增长百分之九。", "against", None),  # and so in Chinese numerals
        ("产值比一九五三年增长百分之九。", "against", None),  # whose last is no part of 三年
        ("以2010年为基数，产量要增长8%。", "comparison", "since:2010"),  # 2010 as the base
        (
            "税收、出口比“十一五”末分别增长5%、8%。",
            "comparison",
            "since:2010",
        ),  # the second as the first
        ("职工工资平均每年增加42元，增长5%。", "comparison", "annual_average"),  # each year too
        (
            "2013年产值27亿元，比2010年（下同）增长11%；茶农人均收入和茶园面积稳步提高，茶叶零售额2亿元，"
            "其中名优茶零售额1亿元，增长28%。",
            "comparison",
            "since:2010",
        ),  # 下同 holds to the end
        ("每镇至少建成2个景区、30户民宿。", "bound", ">="),  # two areas and thirty inns, at least
        ("每镇至少节约办公费3万元。", "bound", ">="),  # what is saved, at least
        ("每镇至少建成2个景区，改造30户民宿。", "bound", "="),  # the bound ends with its clause
    ],
)
def test_how_it_is_meant(text: str, column: str, value: str | None) -> None:
    assert observe("plan", text)[-1].record()[column] == value


def test_a_growth_that_is_told_again_follows_the_year_it_is_based_on() -> None:
    said = observe("review", "还要在2013年茶园面积的基础上，再增加8万亩，即增长8%。")
    assert said[-1].period == "2014"  # "in other words a growth by 8 %"


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("投资3亿元,增长5%。", ["level-after-name", "growth-carried"]),
        ("出口增长5%,高于全省2个百分点。", ["growth", "difference-carried"]),
        ("三次产业比重由12:41:47调整为10:44:46。", ["proportion"] * 6),
        ("8项指标居全省首位。", ["qualifier-group-of-rank", "rank"]),
        ("投资3亿元,居全省首位。", ["level-after-name", "rank-carried"]),
        (
            "投资达3亿元、消费达2亿元,均居全省首位。",
            ["level", "level", "rank-shared", "rank-shared"],
        ),
        ("投资由全省第三上升到第二。", ["rank-from-to", "rank-from-to"]),
        ("学校由3所增加到5所。", ["from-to", "from-to"]),
        ("低保标准提高到300元。", ["level-reached"]),
        ("消费占投资的5%。", ["share"]),
        ("95%以上的药店达标。", ["share-of-counted"]),
        ("财政支出的80%用于民生。", ["share-spent-on"]),
        ("产值是上年的2倍。", ["multiple"]),
        ("新建3所学校。", ["count-before-noun"]),
        ("每2万人1名医生。", ["qualifier-per", "count-before-noun"]),
        ("三年行动。", ["qualifier-duration"]),
        ("65岁以上老人。", ["qualifier-age"]),
        ("全国第5个示范区。", ["qualifier-first-of-its-kind"]),
        ("突出三个重点。", ["qualifier-headed-list"]),
        ("建设30万吨级航道。", ["qualifier-class"]),
        ("连跨三个百亿台阶。", ["qualifier-step", "qualifier-step"]),
        ("前3位为工业企业。", ["qualifier-top-group"]),
        ("新增2台30万千瓦机组。", ["count-before-noun", "qualifier-capacity"]),
        ("困难家庭两项救助200万元。", ["qualifier-within-name", "level-after-name"]),
        ("超亿元项目30个。", ["qualifier-threshold", "level-after-name"]),
        ("全省27个试点县之一。", ["qualifier-one-of"]),
        ("连续10次。", ["qualifier-repeated"]),
        ("总投资4亿元的项目。", ["qualifier-restriction"]),
        ("前海两个窗口。", ["qualifier-enumeration"]),
    ],
)
def test_each_row_tells_the_rule_that_made_it(text: str, rules: list[str]) -> None:
    assert [o.rule for o in observe("review", text)] == rules


@pytest.mark.parametrize(
    "word", ["力争", "确保", "争取", "计划", "拟", "将", "要", "下一步", "规划建设"]
)
def test_a_word_of_intent_before_the_year_of_the_session_makes_a_target(word: str) -> None:
    """To be built in 2014, told in the review of 2013; a past year stays an outcome."""
    (target,) = observe("review", f"{word}在2014年新建学校5所。")
    (outcome,) = observe("review", "在2014年新建学校5所。")
    assert (target.status, outcome.status, target.period) == ("target", "actual", "2014")


@pytest.mark.parametrize(
    ("plan", "years"),
    [
        *[
            ("六", "1981-1985"),
            ("七", "1986-1990"),
            ("八", "1991-1995"),
            ("九", "1996-2000"),
            ("十", "2001-2005"),
            ("十一", "2006-2010"),
        ],
        *[
            ("十二", "2011-2015"),
            ("十三", "2016-2020"),
            ("十四", "2021-2025"),
            ("十五", "2026-2030"),
            ("十六", "2031-2035"),
        ],
    ],
)
def test_the_years_of_a_five_year_plan(plan: str, years: str) -> None:
    (growth,) = observe("review", f"“{plan}五”时期,产值年均增长5%。")
    assert growth.period == years


@pytest.mark.parametrize(
    ("said", "period"),
    [
        *[
            ("上半年", "2013H1"),
            ("下半年", "2013H2"),
            ("一季度", "2013Q1"),
            ("第二季度", "2013Q2"),
            ("三季度", "2013Q3"),
        ],
        *[
            ("四季度", "2013Q4"),
            ("前两季度", "2013Q1-Q2"),
            ("前二季度", "2013Q1-Q2"),
            ("前三季度", "2013Q1-Q3"),
        ],
    ],
)
def test_a_part_of_the_year(said: str, period: str) -> None:
    (growth,) = observe("review", f"{said},产值增长5%。")
    assert growth.period == period


@pytest.mark.parametrize("limit", ["控制在", "保持在", "稳定在"])
def test_a_limit_is_meant_in_its_own_clause_alone(limit: str) -> None:
    first, second = observe("plan", f"失业率{limit}4%,投资增长5%。")
    assert (first.modal, second.modal) == (limit, None)


def test_one_growth_after_another_is_about_what_was_told() -> None:
    """Two growths of one level: both have it for their base."""
    level, *growths = observe("review", "投资达到3亿元,分别增长5%、6%。")
    assert [(o.indicator, o.base_start) for o in growths] == [("投资", level.start)] * 2


def test_readings_of_one_number_have_ids_of_their_own() -> None:
    *_, first, second, third = observe(
        "review", "投资达3亿元、消费达2亿元、出口达1亿元,均居全省首位。"
    )
    assert [(o.start, o.indicator) for o in (first, second, third)] == [
        (first.start, name) for name in ("投资", "消费", "出口")
    ]
    assert [o.id.rpartition("-")[2] for o in (first, second, third)] == ["0", "1", "2"]


def test_spans_hold_where_blanks_were_passed_over() -> None:
    report = Report.parse(
        "2014年政府工作报告\n各位代表:\n一、2013年工作回顾\n全年 完成投资 3.5 亿元 , 增长 12 %。\n"
    )
    level, growth = indicators(report)
    assert [report.text[o.start : o.end] for o in (level, growth)] == ["3.5 亿元", "12 %"]
    assert growth.base_start == level.start
    assert level.id == f"{report.sha256[:12]}-{level.start}-0"


def test_table_has_the_declared_columns() -> None:
    table = observation_table(
        indicators(Report.parse("各位代表:\n一、2013年工作回顾\n完成投资3亿元。"))
    )
    assert list(table.columns[:6]) == ["id", "start", "end", "text", "class", "value"]
    assert table.loc[0, "indicator"] == "投资"


def test_a_rerun_gives_the_same() -> None:
    assert indicators(load_report()) == indicators(load_report())


PIECES = st.sampled_from(
    [
        "全年",
        "实现",
        "投资",
        "收入",
        "同比",
        "增长",
        "下降",
        "5%",
        "3.2亿元",
        "、",
        "，",
        "。",
        "其中",
        "占",
        "比重",
        "分别",
        "达到",
        "由",
        "增加到",
        "12个",
        "企业",
        "第一",
        "全市",
        "居",
        "新增",
        "“",
        "”",
        "（",
        "）",
        "三",
        "百分之八",
        "2013年",
        "今年",
        "力争",
        "的",
        "等",
        "每",
        "8万余元",
        "\n",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
@example("5%分别3.2亿元")
@example("、比重分别5%")
@example("分别3.2亿元投资、投资")
def test_any_order_of_clause_words(text: str) -> None:
    report = Report.parse(f"各位代表:\n一、2013年工作回顾\n甲{text}\n")
    observations = indicators(report)
    spans = [(o.start, o.end) for o in observations]
    assert spans == sorted(spans)
    told = [(o.start, o.end, o.indicator) for o in observations]
    assert len(told) == len(set(told))
    for o in observations:
        assert flow(report.text[o.start : o.end]) == o.text
        assert o.indicator is None or re.search(r"\w", o.indicator)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    indicators(
        Report.parse(
            "各位代表:\n甲"
            + text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")
            + "\n"
        )
    )


HOSTILE = (
    "1",
    "一",
    "、",
    "1,",
    "企业5家、",
    "增长5%，",
    "（5个",
    "“5个，",
    "每5个",
    "由5个增加到",
    "A1",
    "1:",
    "5个的",
    "占5%",
    "第一",
    "百分之一",
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_sentence_without_end(piece: str) -> None:
    """Long enough that work which grows with the square of the length would not end."""
    indicators(
        Report.parse("各位代表:\n一、2013年工作回顾\n甲" + piece * (20_000 // len(piece)) + "\n")
    )


@pytest.mark.parametrize(
    ("heading", "inner", "period"),
    [
        ("一、2009—2013年工作回顾", "", "2009-2013"),
        ("一、2012年工作回顾", "", "2012"),
        ("一、2010年以来的工作回顾", "", "2013"),
        ("一、过去五年工作回顾", "（一）经济建设\n", "2009-2013"),
        ("一、“十二五”时期工作回顾", "（一）经济建设\n", "2011-2015"),
        ("一、工作回顾", "", "2013"),
        ("一、未来五年主要任务", "", "2014-2018"),
        ("一、今后五年的奋斗目标", "（一）经济建设\n", "2014-2018"),
    ],
)
def test_a_heading_tells_the_years_of_what_stands_under_it(
    heading: str, inner: str, period: str
) -> None:
    text = f"2014年政府工作报告\n各位代表:\n{heading}\n{inner}新建道路累计12条。\n"
    (found,) = (o for o in indicators(Report.parse(text)) if o.text == "12条")
    assert (found.period, found.part) == (period, "plan" if period == "2014-2018" else "review")


def test_a_passage_on_five_years_tells_the_years_of_what_stands_in_it() -> None:
    """五年来 holds to the next time that is named; what is reached is of the last year, what is
    made of all of them."""
    told = indicators(
        Report.parse(
            "各位代表:\n一、2025年和“十四五”时期工作回顾\n新建学校1所。\n五年来,我们稳步发展。新建学校2所。\n"
            "——经济年均增长7%。绿化率为40%。产值突破30亿元、出口接连突破3亿元、4亿元。\n"
            "2025年,新建学校3所。\n二、2026年工作\n新建学校4所。\n"
        )
    )
    assert [(o.text, o.period) for o in told if o.indicator is not None] == [
        ("1所", "2025"),
        ("2所", "2021-2025"),
        ("7%", "2021-2025"),
        ("40%", "2025"),
        ("30亿元", "2025"),
        ("3亿元", "2021-2025"),
        ("4亿元", "2021-2025"),
        ("3所", "2025"),
        ("4所", "2026"),
    ]


def test_the_base_of_a_share_is_the_level_of_its_own_time() -> None:
    """A growth before its level belongs to it too."""
    then, now, growth, share_then, share_now = observe(
        "review", "生产总值从54亿元增加到82亿元,年均增长7%,占全省比重从11.4%提高到15%。"
    )
    assert (growth.base_start, share_then.base_start, share_now.base_start) == (
        now.start,
        then.start,
        now.start,
    )
    growth, level = observe("review", "外贸总额增长5%、达到30亿元。")
    assert (growth.base_start, level.base_start) == (level.start, None)
