"""Targets beside outcomes, and the report's own arithmetic."""

from decimal import Decimal
from typing import Any

import pytest

from xiacheng_nlp.observations.audit import audit
from xiacheng_nlp.observations.comparison import actual_vs_target, how_names_match
from xiacheng_nlp.observations.observation import Observation, indicators
from xiacheng_nlp.report.report import Report, load_report


def observe(review: str, plan: str = "抓好落实。") -> tuple[Observation, ...]:
    return indicators(
        Report.parse(
            f"2014年政府工作报告\n各位代表:\n一、2013年工作回顾\n{review}\n二、2014年工作安排\n{plan}\n"
        )
    )


def compared(review: str, plan: str) -> list[Any]:
    return list(actual_vs_target(observe(review, plan)).itertuples())


@pytest.mark.parametrize(
    ("a", "b", "match"),
    [
        ("财政收入", "财政收入", "exact"),
        ("到位杭外资金", "杭外到位资金", "normalised"),
        ("开工项目", "项目开工", "normalised"),
        ("规上工业增加值", "规模以上工业增加值", "normalised"),
        ("生产总值", "地区生产总值", "normalised"),
        ("固定资产投资", "全社会固定资产投资", "scope differs"),
        ("地方财政收入", "财政收入", "scope differs"),
        ("财政收入", "财政支出", "none"),
        ("", "财政收入", "none"),
    ],
)
def test_names(a: str, b: str, match: str) -> None:
    assert how_names_match(a, b) == how_names_match(b, a) == match


def test_only_the_same_measure_is_compared() -> None:
    (pair,) = compared("实现财政收入50亿元,增长9%。", "财政收入增长7%。")
    assert (pair.target_text, pair.actual_text, pair.change) == ("7%", "9%", Decimal(-2))
    (alone,) = compared("实现财政收入50亿元。", "财政收入增长7%。")
    assert (alone.actual_text, alone.match, alone.change) == (None, "none", None)


def test_an_outcome_serves_one_target() -> None:
    pairs = compared("财政收入增长9%。", "财政收入增长7%。地方财政收入增长6%。")
    assert [pair.match for pair in pairs] == ["exact", "none"]


def test_a_fall_is_signed() -> None:
    (pair,) = compared("单位能耗下降3.6%。", "单位能耗下降4%。")
    assert pair.change == Decimal("-0.4")


def test_seed_promises_less_than_it_did() -> None:
    table = actual_vs_target(indicators(load_report())).set_index("indicator")
    assert table.loc["地区生产总值", "change"] == Decimal("0.70")
    assert table.loc["全社会固定资产投资", ["actual_indicator", "match"]].tolist() == [
        "固定资产投资",
        "scope differs",
    ]
    assert table.loc["引进杭外到位资金", "match"] == "normalised"
    assert table.loc["登记失业率", "match"] == "none"


@pytest.mark.parametrize(
    ("text", "rule", "verdict", "computed"),
    [
        (
            "实现增加值60亿元,占地区生产总值比重达到30%。地区生产总值200亿元。",
            "share-of-levels",
            "agrees",
            "30",
        ),
        (
            "实现增加值59亿元,占地区生产总值比重达到30%。地区生产总值200亿元。",
            "share-of-levels",
            "agrees after rounding",
            "29.5",
        ),
        (
            "实现增加值50亿元,占地区生产总值比重达到30%。地区生产总值200亿元。",
            "share-of-levels",
            "does not agree",
            "25",
        ),
        (
            "实现增加值58亿元,占地区生产总值比重达到30%。地区生产总值200亿元。",
            "share-of-levels",
            "does not agree",
            "29",
        ),
        ("办理建议254件,解决率达到58.66%。", "share-of-count", "agrees", "58.6614"),
        ("办理建议254件,解决率达到58.70%。", "share-of-count", "agrees after rounding", "58.6614"),
        ("办理建议254件,解决率达到58.83%。", "share-of-count", "does not agree", "58.6614"),
        ("工业投资3亿元,其中技改投资2亿元。", "parts-of-whole", "agrees", "300000000"),
        ("工业投资3亿元,其中技改投资4亿元。", "parts-of-whole", "does not agree", "300000000"),
        # Five or more may be part of sixty or more, or be more than those; a limit decides where
        # whatever it allows says the same.
        ("新建公园60个以上,其中城区公园5个以上。", "parts-of-whole", "undecided", "60"),
        ("新建公园60个以上,其中城区公园5个。", "parts-of-whole", "agrees", "60"),
        ("新建公园60个以上,其中城区公园80个。", "parts-of-whole", "undecided", "60"),
        ("新建公园60个,其中城区公园80个以上。", "parts-of-whole", "does not agree", "60"),
        (
            "实现增加值超过50亿元,占地区生产总值比重达到30%。地区生产总值200亿元。",
            "share-of-levels",
            "undecided",
            "25",
        ),
        (
            "实现增加值62亿元,占地区生产总值比重达到30%以上。地区生产总值200亿元。",
            "share-of-levels",
            "agrees",
            "31",
        ),
        (
            "实现增加值62亿元,占地区生产总值比重超过31%。地区生产总值200亿元。",
            "share-of-levels",
            "does not agree",
            "31",
        ),
        (
            "实现增加值62亿元,占地区生产总值比重约31%。地区生产总值200亿元。",
            "share-of-levels",
            "agrees",
            "31",
        ),
        (
            "科技投入3亿元,增长4.45%,高于财政收入4.04个百分点。财政收入增长0.41%。",
            "difference-of-growth",
            "agrees",
            "0.41",
        ),
        (
            "科技投入3亿元,增长4.45%,高于财政收入4.04个百分点。财政收入增长1.41%。",
            "difference-of-growth",
            "does not agree",
            "0.41",
        ),
    ],
)
def test_check(text: str, rule: str, verdict: str, computed: str) -> None:
    (check,) = audit(observe(text)).itertuples()
    assert (check.rule, check.verdict, check.computed) == (rule, verdict, Decimal(computed))
    assert check.evidence


@pytest.mark.parametrize("unit", ["件", "项", "个", "人", "户", "家", "起"])
def test_a_rate_is_held_against_every_kind_of_count(unit: str) -> None:
    (check,) = audit(observe(f"受理案件254{unit},解决率达到58.66%。")).itertuples()
    assert (check.rule, check.note) == ("share-of-count", f"149 / 254{unit} = 58.66%")


def test_a_check_tells_what_it_reckoned() -> None:
    """The note is what a reader can repeat with a pencil; falls count with their sign."""
    text = "实现增加值59亿元,占地区生产总值比重达到30%。地区生产总值200亿元。"
    (share,) = audit(observe(text)).itertuples()
    assert share.note == "59亿元 / 200亿元 = 29.50%"
    text = "科技投入3亿元,下降4.45%,低于财政收入4.04个百分点。财政收入下降0.41%。"
    (difference,) = audit(observe(text)).itertuples()
    assert (difference.verdict, difference.computed, difference.note) == (
        "agrees",
        Decimal("-0.41"),
        "−4.45% − −4.04个百分点 = −0.41%",
    )


def test_a_check_tells_the_bounds_that_leave_it_open() -> None:
    # "over 60 parks, of them 5 or more in town"
    (check,) = audit(observe("新建公园超过60个,其中城区公园5个以上。")).itertuples()
    assert (check.verdict, check.note) == ("undecided", "5个以上 ≤? 超过60个")


def test_a_part_is_not_held_against_what_stands_behind_it() -> None:
    assert audit(observe("每千人床位3张,其中护理床位4张。")).empty


def test_seed_is_checked_by_every_rule() -> None:
    table = audit(indicators(load_report()))
    found = {(row.rule, row.text): row.verdict for row in table.itertuples()}
    assert found["difference-of-growth", "0.41%"] == "agrees"
    assert found["share-of-levels", "92%"] == "agrees after rounding"
    assert found["share-of-count", "58.70%"] == "agrees after rounding"
    assert found["stock-and-share", "5.10%"] == "agrees after rounding"
    assert set(table["rule"]) == {
        "difference-of-growth",
        "share-of-levels",
        "share-of-count",
        "parts-of-whole",
        "stock-and-share",
    }
