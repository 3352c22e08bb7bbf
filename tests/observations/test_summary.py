"""Tables of the observations: what they count, leave out, and say of targets."""

from collections.abc import Sequence
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiacheng_nlp.observations import summary
from xiacheng_nlp.observations.comparison import actual_vs_target
from xiacheng_nlp.observations.observation import Observation, indicators
from xiacheng_nlp.report.report import Report


def observed(review: str = "", plan: str = "") -> tuple[Observation, ...]:
    """The observations of a report of 2014 with one sentence or more in each part."""
    text = (
        f"2014年政府工作报告\n各位代表:\n一、2013年工作回顾\n{review}\n二、2014年工作安排\n{plan}"
    )
    return indicators(Report.parse(text))


@pytest.fixture(scope="module")
def observations(seed: Report) -> tuple[Observation, ...]:
    return indicators(seed)


def test_counts_add_up_however_they_are_divided(observations: Sequence[Observation]) -> None:
    for by in (
        ["class"],
        ["part"],
        ["measure", "status"],
        ["part", "status", "measure"],
        ["unit", "bound"],
    ):
        table = summary.counts(observations, by=by)
        assert list(table.columns) == [*by, "count"]
        assert table["count"].sum() == len(observations)
        assert not table.duplicated(by).any()


def test_counts_stand_in_the_order_of_the_report(observations: Sequence[Observation]) -> None:
    parts = summary.counts(observations, by=["part"])["part"].tolist()
    assert parts == [
        part
        for part in ("review", "problems", "plan", "government", "closing", "glossary")
        if part in parts
    ]
    assert summary.counts(observations, by=["measure"])["measure"].isna().tolist()[-1]


def test_counts_by_what_is_no_column_is_told(observations: Sequence[Observation]) -> None:
    with pytest.raises(ValueError, match="no column theme in the observation table"):
        summary.counts(observations, by=["theme"])


@pytest.mark.parametrize(
    ("sentence", "growth"),
    [
        (
            "全年实现地区生产总值643.57亿元,同比增长7.80%。",
            ["7.80"],
        ),  # "product of 64.357 billion yuan, up 7.8 %"
        ("单位生产总值电耗下降3.60%。", ["-3.60"]),  # "power use per product fell by 3.6 %"
        ("五年来,地区生产总值年均增长8%。", []),  # "an average of 8 % a year over five years"
        ("地区生产总值增长7.8%。全年地区生产总值增长7.8%。", ["7.8"]),  # told twice
        ("完成投资5亿元。", []),  # a level
    ],
)
def test_growth_rates_are_of_one_year_and_signed(sentence: str, growth: list[str]) -> None:
    assert [str(value) for value in summary.growth_rates(observed(sentence))["growth"]] == growth


def test_the_bound_of_a_fall_is_that_of_its_sign() -> None:
    """To fall by at least 10 per cent is a growth of at most -10; what fell in several years is
    left out."""
    table = summary.growth_rates(
        observed(plan="一般性支出压减10%以上。五年来单位能耗累计下降13%。")
    )
    assert table[["growth", "bound"]].values.tolist() == [[Decimal("-10"), "<="]]


def test_a_range_of_growth_has_both_ends() -> None:
    table = summary.growth_rates(observed(plan="地区生产总值增长5%—5.5%。"))
    assert table[["growth", "growth_high", "status"]].values.tolist() == [
        [Decimal("5"), Decimal("5.5"), "target"]
    ]


@pytest.mark.parametrize(
    ("review", "plan", "promise"),
    [
        (
            "新增绿化面积8万平方米。",
            "新增绿化面积6万平方米。",
            "less",
        ),  # "new green: 80,000 done, 60,000 planned"
        ("新增绿化面积6万平方米。", "新增绿化面积6万平方米。", "same"),
        ("新增绿化面积6万平方米。", "新增绿化面积8万平方米以上。", "more"),
        (
            "城镇登记失业率4.1%。",
            "城镇登记失业率控制在4.6%以内。",
            "less",
        ),  # a ceiling above what was reached
        ("城镇登记失业率4.6%。", "城镇登记失业率控制在4.1%以内。", "more"),
        ("单位生产总值能耗下降3.6%。", "单位生产总值能耗下降4%。", "more"),  # a greater decrease
        ("单位生产总值能耗下降3.6%。", "单位生产总值能耗下降2%。", "less"),
        (
            "地区生产总值增长5.2%。",
            "地区生产总值增长5%—5.5%。",
            "same",
        ),  # the outcome lies in the range
        ("地区生产总值增长6%。", "地区生产总值增长5%—5.5%。", "less"),
        ("地区生产总值增长4%。", "地区生产总值增长5%—5.5%。", "more"),
        ("单位生产总值能耗下降2.5%。", "单位生产总值能耗下降2%—3%。", "same"),
        ("单位生产总值能耗下降1.5%。", "单位生产总值能耗下降2%—3%。", "more"),
        (
            "新增绿化面积超过6万平方米。",
            "新增绿化面积6万平方米。",
            None,
        ),  # more than as many done, as many planned: by how much is not told
        ("新增绿化面积超过6万平方米。", "新增绿化面积6万平方米以上。", "same"),
        # At least six done: eight may be less or more, five is less.
        ("新增绿化面积超过6万平方米。", "新增绿化面积8万平方米。", None),
        ("新增绿化面积6万平方米以上。", "新增绿化面积8万平方米以上。", None),
        ("新增绿化面积6万平方米以上。", "新增绿化面积5万平方米以上。", "less"),
        ("新增绿化面积约6万平方米。", "新增绿化面积8万平方米。", "more"),
        ("城镇登记失业率4.1%以下。", "城镇登记失业率控制在4.6%以内。", "less"),
        ("城镇登记失业率4.6%以下。", "城镇登记失业率控制在4.1%以内。", None),
        (
            "城镇登记失业率2.6%。",
            "城镇登记失业率4.5%。",
            "less",
        ),  # better when low, though no word says so
        ("物价涨幅2.6%。", "物价涨幅控制在3.5%。", "less"),  # a limit without within
        ("完成投资5亿元。", "新增绿化面积6万平方米。", None),  # no outcome to compare
    ],
)
def test_a_promise_is_judged_in_its_own_direction(
    review: str, plan: str, promise: str | None
) -> None:
    said = summary.promises(observed(review, plan))["promise"].tolist()
    assert [None if pd.isna(value) else value for value in said] == [promise]


def test_the_ratio_of_a_promise_is_that_of_levels() -> None:
    """Planned over done, of small numbers too; a range has its two ends and no ratio."""
    one = summary.promises(observed("新建学校1所。", "新建学校3所。")).iloc[0]
    assert (one["ratio"], one["target"], one["target_high"]) == (3, 3, None)
    span = summary.promises(observed("新建学校4所。", "新建学校3—5所。")).iloc[0]
    assert (span["target"], span["target_high"], span["promise"]) == (3, 5, "same")
    assert pd.isna(span["ratio"])
    half = summary.promises(observed("新建道路0.5公里。", "新建道路2公里。")).iloc[0]
    assert half["ratio"] == 4


def test_promises_are_the_comparison_with_a_verdict(observations: Sequence[Observation]) -> None:
    promises, compared = summary.promises(observations), actual_vs_target(observations)
    for column in (
        "indicator",
        "measure",
        "unit_base",
        "bound",
        "match",
        "target_text",
        "actual_text",
    ):
        assert promises[column].fillna("").tolist() == compared[column].fillna("").tolist()
    open_ = promises["promise"].isna() & promises["actual"].notna()
    assert promises.loc[open_, "actual_text"].tolist() == ["1000余场"]  # "over 1,000 events"
    levels = promises[promises["ratio"].notna()]
    assert (
        levels["ratio"]
        == [round(float(t / a), 4) for t, a in zip(levels["target"], levels["actual"], strict=True)]
    ).all()


def test_ranks_of_the_seed(observations: Sequence[Observation], seed: Report) -> None:
    table = summary.ranks(observations)
    assert len(table) == 10
    assert table["rank"].tolist().count(1) == 8
    for text, start in zip(table["text"], table["start"], strict=True):
        assert seed.text[start : start + len(text)] == text


def test_commitments_count_every_target_once(
    observations: Sequence[Observation], seed: Report
) -> None:
    for level in (1, 2, 3):
        table = summary.commitments(observations, seed, level=level)
        assert table["targets"].sum() == sum(
            o.indicator is not None and o.status == "target" for o in observations
        )
        assert (table["exact"] + table["limits"] + table["approximate"] == table["targets"]).all()
        assert not table["section"].dropna().duplicated().any()


def test_sections_of_the_plan_without_a_number_are_there(
    observations: Sequence[Observation], seed: Report
) -> None:
    table = summary.commitments(observations, seed).set_index("section")
    assert table.loc["2.1", "targets"] == 0
    assert "1.1" not in table.index


def test_commitments_tell_limits_from_approximations() -> None:
    text = (
        "各位代表:\n一、2014年工作安排\n新增就业2万人以上。登记失业率控制在4%以内。"
        "地区生产总值增长8%左右。新增停车泊位800个。"
    )
    report = Report.parse(text)
    table = summary.commitments(indicators(report), report)
    assert table[["targets", "exact", "limits", "approximate"]].values.tolist() == [[4, 1, 2, 1]]


@given(st.text(alphabet="一二2,。%亿元增长下降全市第一\n、年", max_size=60))
def test_any_report_gives_tables(text: str) -> None:
    report = Report.parse("各位代表:\n" + text)
    some = indicators(report)
    for table in (
        summary.counts(some),
        summary.growth_rates(some),
        summary.promises(some),
        summary.ranks(some),
    ):
        assert len(table.columns) > 3
    assert summary.commitments(some, report)["targets"].sum() <= len(some)
    assert summary.counts(some)["count"].sum() == len(some)
