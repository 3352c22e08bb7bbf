"""Attention, its shift, diversity and what themes are crossed with: small cases by hand, and
laws."""

import math
import warnings
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any
from unittest import mock

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiacheng_nlp import statistics
from xiacheng_nlp.errors import TermWarning, ThemeError, XiachengError
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.report.tables import sections
from xiacheng_nlp.statistics import clustered, wilson
from xiacheng_nlp.themes.codebook import load_codebook
from xiacheng_nlp.themes.coding import code_themes
from xiacheng_nlp.themes.instruments import (
    commitments_by_theme,
    instrument_mix,
    instrument_phrases,
    theme_by_instrument,
    theme_by_section,
)
from xiacheng_nlp.themes.shares import agenda_diversity, attention, attention_shift

CODES = load_codebook().codes
Row = tuple[str, int, str, tuple[str, ...], str]


def coded_table(rows: Sequence[Row]) -> pd.DataFrame:
    """A table of coded sentences: part, paragraph, text, themes, instrument of each."""
    table: dict[str, list[Any]] = {
        name: []
        for name in ("start", "end", "text", "kind", "part", "section", "paragraph", "sentence")
    }
    table |= {"themes": [], "instrument": [], "evidence": []}
    at = 0
    for number, (part, paragraph, text, themes, instrument) in enumerate(rows):
        values = (
            at,
            at + len(text),
            text,
            "text",
            part,
            None,
            paragraph,
            number,
            themes,
            instrument,
            (),
        )
        for name, value in zip(table, values, strict=True):
            table[name].append(value)
        at += len(text)
    return pd.DataFrame(table)


SMALL = coded_table(
    [
        ("review", 0, "一" * 30, ("education", "health"), "supply"),
        ("review", 0, "二" * 10, ("health",), "none"),
        ("review", 1, "三" * 20, ("general",), "none"),
        ("plan", 2, "四" * 20, ("health",), "environment"),
        ("plan", 3, "五" * 20, ("environment", "urban", "health"), "supply"),
    ]
)

rows_of_any_report = st.lists(
    st.tuples(
        st.sampled_from(["opening", "review", "plan"]),
        st.integers(0, 6),
        st.text("发展民生", min_size=1, max_size=9),
        st.lists(st.sampled_from(CODES), min_size=1, max_size=3, unique=True).map(tuple),
        st.sampled_from(["supply", "environment", "demand", "none"]),
    ),
    min_size=1,
    max_size=25,
)


def column(table: pd.DataFrame, name: str, key: str = "code") -> dict[str, Any]:
    return dict(zip(table[key], table[name], strict=True))


def test_shares_by_hand() -> None:
    main = attention(SMALL)
    assert list(main["code"][:2]) == [
        "education",
        "health",
    ]  # 30 characters each, in the order of the codebook
    told = {"education": 0.3, "health": 0.3, "environment": 0.2, "general": 0.2}
    assert column(main, "share") == {code: told.get(code, 0.0) for code in CODES}
    assert len(main) == len(CODES)


def test_a_group_stands_for_itself() -> None:
    both = attention(SMALL, by="part")
    plan = attention(SMALL[SMALL["part"] == "plan"])
    pd.testing.assert_frame_equal(
        both[both["part"] == "plan"].drop(columns="part").reset_index(drop=True), plan
    )
    assert list(dict.fromkeys(both["part"])) == ["review", "plan"]


def test_the_interval_is_that_of_paragraphs() -> None:
    """A theme in half of the paragraphs is as uncertain with one sentence in each as with ten."""
    tables = [
        coded_table(
            [
                ("plan", k, "字", ("health",) if k % 2 else ("education",), "none")
                for k in range(12)
                for _ in range(sentences)
            ]
        )
        for sentences in (1, 10)
    ]
    short, long = (attention(some).set_index("code") for some in tables)
    pd.testing.assert_frame_equal(short[["share", "low", "high"]], long[["share", "low", "high"]])
    assert short.loc["health", "low"] < 0.3 < 0.7 < short.loc["health", "high"]
    assert short.loc["law", "low"] == 0 < short.loc["law", "high"] < 0.5
    one = attention(tables[0][tables[0]["paragraph"] == 0]).set_index("code").loc["education"]
    assert one["share"] == 1
    assert math.isnan(one["low"])


@given(rows_of_any_report, st.randoms())
@settings(deadline=None, max_examples=40)
def test_shares_sum_to_one_and_no_order_of_rows_matters(rows: list[Row], random: Any) -> None:
    coded = coded_table(rows)
    table = attention(coded, by="part")
    assert table.groupby("part")["share"].sum().to_numpy() == pytest.approx(1.0)
    bounded = table.dropna(subset="low")
    assert (bounded["low"] <= bounded["high"]).all()
    order = list(range(len(coded)))
    random.shuffle(order)
    pd.testing.assert_frame_equal(attention(coded.iloc[order], by="part"), table)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TermWarning)
        with mock.patch.object(statistics, "PERMUTATIONS", 199):
            shifts = [attention_shift(some) for some in (coded, coded.iloc[order])]
    pd.testing.assert_frame_equal(*shifts)
    assert shifts[0]["difference"].sum() == pytest.approx(0, abs=1e-9)
    diverse = agenda_diversity(coded).dropna(subset="diversity")
    assert diverse["diversity"].between(0, 1 + 1e-9).all()
    assert (diverse["effective"] <= diverse["themes"] + 1e-9).all()
    mix = instrument_mix(coded, by="part").dropna(subset="share")
    assert mix.groupby("part")["share"].sum().to_numpy() == pytest.approx(1.0)
    crossed = theme_by_instrument(coded)
    assert crossed["count"].sum() == len(coded)
    assert crossed["expected"].sum() == pytest.approx(len(coded))


def test_the_permutation_test_by_hand() -> None:
    """Two paragraphs against two, one theme each side: 2 of the 6 divisions are as far apart, so p
    is near a third."""
    rows: list[Row] = [
        ("review", 0, "字", ("health",), "none"),
        ("review", 1, "字", ("health",), "none"),
    ]
    rows += [("plan", 2, "字", ("education",), "none"), ("plan", 3, "字", ("education",), "none")]
    table = attention_shift(coded_table(rows))
    assert list(table["code"]) == ["education", "health"]
    assert list(table["difference"]) == [1.0, -1.0]
    assert table["p"].to_numpy() == pytest.approx(1 / 3, abs=0.02)
    assert set(table["change"]) == {"steady"}


def test_a_clear_shift_is_told() -> None:
    rows: list[Row] = [
        ("review", k, "字" * 9, ("growth",) if k < 14 else ("health",), "none") for k in range(20)
    ]
    rows += [
        ("plan", k, "字" * 9, ("reform",) if k < 34 else ("health",), "none") for k in range(20, 40)
    ]
    table = attention_shift(coded_table(rows))
    assert column(table, "change") == {"reform": "gains", "health": "steady", "growth": "loses"}
    assert list(table["code"]) == ["reform", "health", "growth"]
    turned = attention_shift(coded_table(rows), target="review", reference="plan")
    assert column(turned, "change") == {"reform": "loses", "health": "steady", "growth": "gains"}


def test_a_missing_part_is_told() -> None:
    with pytest.warns(
        TermWarning,
        match="the target, part government, holds no coded sentence; the parts of the text: review",
    ):
        table = attention_shift(SMALL, target="government")
    assert table.empty
    assert "government" in table.attrs["note"]


def test_diversity_by_hand() -> None:
    rows: list[Row] = [
        ("plan", k, "字", (code,), "none") for k, code in enumerate([*CODES[:4], "general"])
    ]
    row = agenda_diversity(coded_table(rows)).iloc[0]
    assert row["diversity"] == pytest.approx(math.log(4) / math.log(len(CODES) - 1))
    assert (row["effective"], row["themes"], row["sentences"], row["without"]) == (4.0, 4, 4, 1)
    every = agenda_diversity(
        coded_table([("plan", k, "字", (code,), "none") for k, code in enumerate(CODES)])
    ).iloc[0]
    assert every["diversity"] == pytest.approx(1.0)
    alone = agenda_diversity(
        coded_table(
            [("plan", 0, "字", ("health",), "none"), ("closing", 1, "字", ("general",), "none")]
        )
    )
    assert alone["diversity"].tolist()[0] == 0
    assert math.isnan(alone["diversity"].tolist()[1])
    assert alone["top"].isna().tolist() == [False, True]


def test_residuals_by_hand() -> None:
    """Haberman's residual of a 2×2 table is the root of its χ², with the sign of the difference."""
    counts = {
        ("health", "supply"): 8,
        ("health", "none"): 2,
        ("law", "supply"): 3,
        ("law", "none"): 7,
    }
    rows: list[Row] = [
        ("plan", 0, "字", (theme,), kind) for (theme, kind), n in counts.items() for _ in range(n)
    ]
    table = theme_by_instrument(coded_table(rows))
    chi2 = 20 * (8 * 7 - 2 * 3) ** 2 / (10 * 10 * 11 * 9)
    cells = {(row.code, row.instrument): row.residual for row in table.itertuples()}
    assert cells["health", "supply"] == pytest.approx(math.sqrt(chi2))
    assert cells["law", "supply"] == pytest.approx(-math.sqrt(chi2))
    assert math.isnan(cells["law", "demand"])


def test_the_mix_by_hand() -> None:
    mix = instrument_mix(SMALL)
    assert mix[["instrument", "sentences", "n", "without"]].values.tolist() == [
        ["supply", 2, 3, 2],
        ["environment", 1, 3, 2],
        ["demand", 0, 3, 2],
    ]
    # In the paragraphs 0, 2 and 3 the instruments are supply, environment and supply.
    low, high = clustered(np.array([[1.0, 0, 0], [0, 1, 0], [1, 0, 0]]), np.ones(3))
    assert mix["low"].tolist() == low.tolist()
    assert mix["high"].tolist() == high.tolist()


def test_wilson_from_its_definition() -> None:
    """The ends are the shares p with |p̂ − p| = z·√(p(1−p)/n)."""
    for k, n in ((1, 10), (7, 9), (40, 90)):
        for end in wilson([k], [n]):
            assert abs(k / n - end[0]) == pytest.approx(
                1.959964 * math.sqrt(end[0] * (1 - end[0]) / n), rel=1e-6
            )
    assert np.isnan(wilson([0], [0])).all()


REPORT = Report.parse(
    "2014年政府工作报告\n各位代表:\n一、2013年工作回顾\n（一）民生持续改善\n新建学校2所。加大财政投入。\n"
    "二、2014年工作安排\n（一）办好教育\n新建幼儿园3所。\n（二）美化环境\n新增绿化面积6万平方米。\n办好购物节。"
)


def test_text_before_the_first_heading_is_of_the_part_that_the_structure_tells() -> None:
    """Its first sentence may be of another part than the salutation before it."""
    report = Report.parse("各位代表:\n去年新建学校2所。\n一、今年工作\n办好教育。")
    coded = code_themes(report)
    coded.loc[coded["section"].isna(), "part"] = "review"
    table = theme_by_section(coded, report)
    assert table["part"].iloc[0] == sections(report)["part"].iloc[0] == "opening"


def test_sections_stand_in_the_order_of_the_text() -> None:
    coded = code_themes(REPORT)
    table = theme_by_section(coded, REPORT)
    assert list(dict.fromkeys(table["section"])) == ["1.1", "2.1", "2.2"]
    assert table.groupby("section")["share"].sum().tolist() == pytest.approx([1, 1, 1])
    assert table["chars"].sum() == sum(map(len, coded["text"]))
    assert list(dict.fromkeys(theme_by_section(coded, REPORT, level=1)["title"])) == [
        "2013年工作回顾",
        "2014年工作安排",
    ]
    with pytest.raises(ThemeError, match="give both of one report"):
        theme_by_section(coded, Report.parse("各位代表:\n一、2015年工作\n办好教育。"))


def test_phrases_of_instruments_have_their_places() -> None:
    table = instrument_phrases(code_themes(REPORT))
    assert set(table["instrument"]) <= {"supply", "environment", "demand", "none"}
    for row in table.itertuples():
        assert row.examples
        for example in row.examples:
            assert REPORT.text[example["start"] : example["end"]] == row.phrase
            assert row.phrase in example["text"]
    assert (table["agreeing"] <= table["sentences"]).all()
    assert (table["sentences"] <= table["count"]).all()


def test_targets_go_to_the_theme_of_their_sentence() -> None:
    def stated(start: int, status: str | None = "target", indicator: str | None = "学校") -> Any:
        return SimpleNamespace(start=start, status=status, indicator=indicator)

    # The sentences begin at 0, 30, 40, 60 and 80; the last ends at 100.
    observations = [
        stated(65),
        stated(70),
        stated(85, "actual"),
        stated(81, None, None),
        stated(5),
        stated(100),
        stated(35, "actual"),
    ]
    table = commitments_by_theme(SMALL, observations)
    columns = ["code", "targets", "sentences_with_target", "sentences", "with_number", "share"]
    assert table[columns].iloc[:2].values.tolist() == [
        ["health", 2, 1, 1, 1, 1.0],
        ["education", 1, 1, 0, 0, pytest.approx(np.nan, nan_ok=True)],
    ]
    assert column(table, "with_number") == {
        "health": 1,
        "education": 0,
        "environment": 1,
        "general": 0,
    }
    assert table.attrs["targets_elsewhere"] == 1
    with pytest.warns(TermWarning, match="no coded sentence"):
        nothing = commitments_by_theme(SMALL.iloc[:0], observations)
    assert nothing.empty
    assert nothing.attrs["targets_elsewhere"] == 4
    # Of two codings of one sentence the later one holds the number.
    twice = commitments_by_theme(pd.concat([SMALL, SMALL]), observations)
    assert column(twice, "targets") == column(table, "targets")
    assert column(twice, "sentences")["health"] == 2 * column(table, "sentences")["health"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: attention(SMALL, by="page"),
            "by='page': give one of part, section",
        ),
        (
            lambda: attention(SMALL.drop(columns="themes")),
            "has no column themes; make it with code_themes",
        ),
        (
            lambda: attention(SMALL.assign(themes=[("sport",)] * 5)),
            "row 1 of the coded sentences has the code sport; those of codebook.tsv are ",
        ),
        (
            lambda: attention(SMALL.assign(themes=[("sport",)] * 5)),
            "general; give the codebook that they were coded by",
        ),
        (
            lambda: attention(SMALL.assign(themes=[()] * 5)),
            "row 1 of the coded sentences has no code; those of ",
        ),
        (lambda: attention_shift(SMALL, target=["plan", "review"]), "share a part"),
        (
            lambda: instrument_mix(SMALL, by="theme"),
            "by='theme': give one of part, section",
        ),
        (lambda: instrument_mix(SMALL.assign(instrument="tax")), "has the code tax; those of "),
    ],
)
def test_a_wrong_option_is_told(call: Any, message: str) -> None:
    with pytest.raises(XiachengError, match=message.replace("(", "\\(")):
        call()


def test_a_shift_of_domains_adds_up_that_of_themes() -> None:
    themes, domains = (attention_shift(SMALL, by=by) for by in ("theme", "domain"))
    sums = themes.groupby("domain")["difference"].sum()
    told = dict(zip(domains["theme"], domains["difference"], strict=True))
    assert told == pytest.approx(sums.to_dict())
    assert domains.attrs["changed"] == 0
    with pytest.raises(ThemeError, match="give one of theme, domain"):
        attention_shift(SMALL, by="part")


def test_parts_of_unlike_paragraphs_change_no_more_than_chance() -> None:
    """Ten short paragraphs against forty long ones of the same themes: where paragraphs are dealt
    out with their lengths, one in four such reports has some change."""
    random, some = np.random.default_rng(3), 0
    for _ in range(60):
        mains = random.choice(6, 50)
        rows: list[Row] = [
            ("review" if k < 10 else "plan", k, "字" * (10 if k < 10 else 200), (CODES[main],), "")
            for k, main in enumerate(mains)
        ]
        with mock.patch.object(statistics, "PERMUTATIONS", 199):
            some += attention_shift(coded_table(rows)).attrs["changed"] > 0
    assert some <= 8


def test_without_a_shift_the_test_keeps_its_level() -> None:
    """Paragraphs that keep to a theme, drawn alike for both parts: about one theme in twenty has p
    below 0.05."""
    random = np.random.default_rng(7)
    below = []
    for _ in range(40):
        mains = random.choice(4, 60, p=[0.4, 0.3, 0.2, 0.1])
        rows: list[Row] = [
            (
                "review" if k < 25 else "plan",
                k,
                "字" * int(random.integers(10, 60)),
                (CODES[main],),
                "none",
            )
            for k, main in enumerate(mains)
            for _ in range(4)
        ]
        with mock.patch.object(statistics, "PERMUTATIONS", 199):
            below += (attention_shift(coded_table(rows))["p"] < 0.05).tolist()
    assert 0.01 < np.mean(below) < 0.1


def test_paragraphs_of_several_reports_are_drawn_apart() -> None:
    rows = [("plan", k, "新建学校" * (k + 1), (CODES[k % 3],), "supply") for k in range(6)]
    rows += [("review", k, "整治河道" * (k - 4), (CODES[k % 2],), "none") for k in range(6, 10)]
    one = coded_table(rows)
    other = one.assign(paragraph=one["paragraph"] + 10)
    numbered = pd.concat([one, other], ignore_index=True)
    together = [one.assign(report="a"), one.assign(report="b")]
    for measure in (attention, attention_shift, instrument_mix):
        wanted = measure(numbered)
        pd.testing.assert_frame_equal(measure(pd.concat(together, ignore_index=True)), wanted)
        bare = pd.concat([one, one], ignore_index=True)
        pd.testing.assert_frame_equal(measure(bare), wanted)
