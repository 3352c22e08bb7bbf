"""Frequency, TF-IDF, keyness and strips."""

import warnings
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.shared import PUBLISHED
from xiacheng_nlp import terms
from xiacheng_nlp.errors import TermError, TermWarning
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.terms import (
    contingency,
    keyness,
    keyword_counts,
    strips,
    term_frequency,
    tf_idf,
    token_table,
)
from xiacheng_nlp.terms.selection import apart
from xiacheng_nlp.words.segmentation import tokenize

REPORT = token_table(
    [
        ("opening", None, "各位 代表 ："),
        ("review", "1", "一 、 工作 回顾"),
        ("review", "1.1", "完成 投资 ， 改造 社区 。\n完成 改造 ， 服务 社区 。 完成 任务 。"),
        ("plan", "2", "加快 发展 经济 。 加快 创新 。 加快 社区 建设 。"),
    ]
)

words = st.sampled_from(["发展", "经济", "社区", "服务", "创新", "的", "，", "。", "5", "区"])
texts = st.lists(words, min_size=1, max_size=60).map(" ".join)


def test_the_public_functions_are_all_there():
    assert all(callable(getattr(terms, name)) for name in terms.__all__)
    assert list(terms.__all__) == sorted(terms.__all__)


def test_frequency_counts_terms_per_10000_words_and_in_paragraphs():
    table = term_frequency(REPORT, stop_words=None)
    top = table.head(3)
    assert top["term"].tolist() == [
        "加快",
        "完成",
        "社区",
    ]  # three times each, in the order of code points
    # punctuation is no word
    assert table.attrs["words"] == 23
    assert top["per_10000"].tolist() == pytest.approx([3 * 1e4 / 23] * 3)
    assert top["paragraphs"].tolist() == [1, 2, 3]
    assert top["paragraph_share"].tolist() == pytest.approx([1 / 5, 2 / 5, 3 / 5])


def test_frequency_by_part_has_the_parts_own_base():
    table = term_frequency(REPORT, by="part", stop_words=None)
    assert table["part"].drop_duplicates().tolist() == ["opening", "review", "plan"]
    row = table[(table["part"] == "plan") & (table["term"] == "加快")].iloc[0]
    assert (row["count"], row["paragraphs"]) == (3, 1)
    assert row["per_10000"] == pytest.approx(3 * 1e4 / 8)


def test_frequency_by_section_leaves_out_what_stands_in_none_and_says_so():
    table = term_frequency(REPORT, by="section", stop_words=None)
    assert table["section"].drop_duplicates().tolist() == ["1", "1.1", "2"]
    assert table.attrs["words_in_no_unit"] == 2


def test_options_and_the_tokens_own_attributes_are_told():
    tokens = REPORT.copy()
    tokens.attrs = {"engine": "rjieba", "learned": pd.DataFrame({"a": [1]})}
    table = term_frequency(tokens, stop_words=["完成"], pos=None)
    assert table.attrs["engine"] == "rjieba"
    assert "learned" not in table.attrs
    assert (table.attrs["stop_words"], table.attrs["min_length"]) == (["完成"], 2)


def test_a_part_of_stop_words_is_told_and_the_rest_is_given():
    tokens = token_table([("review", "1", "我们 以及 他们"), ("plan", "2", "发展 经济")])
    with pytest.warns(TermWarning, match="part review: no term is left"):
        table = term_frequency(tokens, by="part")
    assert table["part"].tolist() == ["plan", "plan"]
    assert "review" in table.attrs["note"]


@pytest.mark.parametrize(
    "tokens",
    [
        token_table([]),
        token_table([("plan", "1", "我们 以及 。")]),
        token_table([(None, None, "，")]),
    ],
)
def test_nothing_to_count_gives_empty_tables_and_a_word_why(tokens):
    for function in (
        term_frequency,
        tf_idf,
        lambda t: keyness(t, target="plan", reference="review"),
    ):
        with pytest.warns(TermWarning) as told:
            table = function(tokens)
        assert [one.filename for one in told] == [__file__]
        assert table.empty
        assert table.attrs["note"]
        assert len(table.columns) >= 5


EVERY = {
    "term_frequency": lambda t: terms.term_frequency(t, by="section"),
    "tf_idf": terms.tf_idf,
    "keyness": lambda t: terms.keyness(t, target="plan"),
    "dispersion": terms.dispersion,
    "collocations": lambda t: terms.collocations(t, "楼宇"),
    "collocations of all": lambda t: terms.collocations(t),
    "concordance": lambda t: terms.concordance(t, "楼宇"),
    "ngrams": terms.ngrams,
    "diversity": lambda t: terms.diversity(t, by="part"),
    "zipf": terms.zipf,
    "heaps": terms.heaps,
    "textrank": lambda t: terms.textrank(t, pos=None),
    "strips": lambda t: terms.strips(t, "楼宇"),
}


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("text", ["", "，", "我们 。"])  # "we"
def test_a_text_without_terms_gives_a_table_and_a_word_why_never_an_error(name, text):
    tokens = token_table([(None, None, text)])
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        table = EVERY[name](tokens)
    assert isinstance(table, pd.DataFrame)
    assert {warning.category for warning in told} <= {TermWarning}
    assert ("note" in table.attrs) == bool(told)
    if table.empty:
        assert told


@pytest.mark.parametrize("name", EVERY)
def test_the_same_tokens_give_the_same_table_in_any_row_labels(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TermWarning)
        one, two = (
            EVERY[name](REPORT),
            EVERY[name](REPORT.set_axis(range(900, 900 + len(REPORT))).convert_dtypes()),
        )
    pd.testing.assert_frame_equal(one, two, check_dtype=False)


def test_a_single_word_is_no_list_of_characters():
    assert terms.dispersion(REPORT, terms="社区")["term"].tolist() == ["社区"]
    tokens = REPORT.assign(pos="vn")
    assert term_frequency(tokens, pos="vn", stop_words=None).equals(
        term_frequency(tokens, stop_words=None)
    )


def test_a_level_below_one_and_a_token_without_text_are_refused():
    with pytest.raises(TermError, match="level=0"):
        tf_idf(REPORT, level=0)
    broken = REPORT.astype({"text": object})
    broken.loc[3, "text"] = None
    with pytest.raises(TermError, match="row 3 of the token table has no text"):
        term_frequency(broken)


@settings(deadline=None, max_examples=40)
@given(texts)
def test_counts_by_section_add_up_to_the_reports_own(text):
    half = len(text.split()) // 2
    tokens = token_table(
        [
            ("review", "1", " ".join(text.split()[:half])),
            ("plan", "2", " ".join(text.split()[half:])),
        ]
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TermWarning)
        whole, parts = term_frequency(tokens), term_frequency(tokens, by="section")
    assert parts.groupby("term")["count"].sum().to_dict() == dict(
        zip(whole["term"], whole["count"], strict=True)
    )
    assert (
        sorted(whole["term"], key=lambda t: (-text.split().count(t), t)) == whole["term"].tolist()
    )


def documents():
    first, second = PUBLISHED["tfidf"]["docs"]
    return token_table([(None, "1", first), (None, "2", second)])


def test_tf_idf_gives_published_values():
    table = tf_idf(documents(), stop_words=None, min_length=1)
    found = {f"d{row.section}_{row.term}": row.tf_idf for row in table.itertuples()}
    expected = PUBLISHED["tfidf"]["tidytext"]
    assert {name: found[name] for name in expected} == pytest.approx(expected, abs=1e-6)


def test_tf_idf_is_sorted_by_unit_then_weight():
    table = tf_idf(documents(), stop_words=None, min_length=1)
    assert table["section"].tolist() == sorted(table["section"])
    for _, unit in table.groupby("section"):
        assert unit["tf_idf"].is_monotonic_decreasing


def test_keyness_takes_counts_and_sizes_from_the_parts():
    table = keyness(
        REPORT,
        target="plan",
        reference="review",
        min_count=2,
        stop_words=None,
    )
    assert (table.attrs["target_words"], table.attrs["reference_words"]) == (8, 13)
    assert table[["term", "side", "target_count", "reference_count"]].values.tolist() == [
        ["加快", "target", 3, 0],
        ["完成", "reference", 0, 3],
        ["改造", "reference", 0, 2],
        ["社区", "reference", 1, 2],
    ]
    first = table.iloc[0]
    expected = contingency.adjust(table["p"])
    assert first["g2_two_cell"] == pytest.approx(float(contingency.g2_two_cell(3, 0, 8, 13)))
    assert first["chi2"] == pytest.approx(float(contingency.chi2(3, 0, 5, 13)))
    assert first["p"] == pytest.approx(float(contingency.p_value(first["g2_two_cell"])))
    assert table["p_adjusted"].tolist() == pytest.approx(expected.tolist())


def test_keyness_of_a_part_against_the_rest_and_of_what_takes_the_place_of_the_parts():
    rest = keyness(REPORT, target="plan", min_count=1, stop_words=None)
    assert rest.attrs["target_words"] + rest.attrs["reference_words"] == 23
    tokens = REPORT.assign(part=REPORT["section"].str[0])
    sections = keyness(tokens, target="2", reference="1", min_count=1, stop_words=None)
    parts = keyness(REPORT, target="plan", reference="review", min_count=1, stop_words=None)
    pd.testing.assert_frame_equal(sections, parts, check_names=False)


def test_set_phrases_have_their_share_by_part():
    text = [("review", "1", "完成 投资 3 亿元"), ("plan", "2", "推进 改革 ， 加强 推进")]
    table = terms.set_phrases(token_table(text))  # "completed", "advance"
    assert table.iloc[:, :4].values.tolist() == [["review", 1, 4, 0.25], ["plan", 3, 4, 0.75]]
    assert table["most"].tolist() == ["完成 1", "推进 2, 加强 1"]


def test_keyness_against_another_report():
    other = token_table([("plan", "1", "整顿 治理 。 整顿 治理"), ("review", "2", "我们 的")])
    both = pd.concat([REPORT.assign(part="own"), other.assign(part="other")])
    table = keyness(both, target="own", reference="other", min_count=2)
    assert table.loc[table["side"] == "reference", "term"].tolist() == ["整顿", "治理"]
    assert table.attrs["reference_words"] == 6


def test_keyness_of_a_report_without_a_plan_says_which_parts_there_are():
    with pytest.warns(
        TermWarning,
        match="the target, part government, holds no word; "
        "the parts of the text: opening, review, plan",
    ):
        table = keyness(REPORT, target="government", reference="review")
    assert list(table.columns) == list(keyness(REPORT, target="plan", reference="review").columns)


def test_keyness_refuses_a_target_that_shares_words_with_the_reference():
    with pytest.raises(TermError, match="share words"):
        keyness(REPORT, target=["plan", "review"], reference="review")


@settings(deadline=None, max_examples=25)
@given(texts, texts)
def test_keyness_turns_its_sides_when_target_and_reference_change_places(a, b):
    tokens = token_table([("review", "1", a + " 发展"), ("plan", "2", b + " 发展")])
    one = (
        keyness(tokens, target="plan", reference="review", min_count=1)
        .set_index("term")
        .sort_index()
    )
    two = (
        keyness(tokens, target="review", reference="plan", min_count=1)
        .set_index("term")
        .sort_index()
    )
    turned = one["side"].map({"target": "reference", "reference": "target", "even": "even"})
    assert turned.tolist() == two["side"].tolist()
    np.testing.assert_allclose(one["log_ratio"], -two["log_ratio"], atol=1e-9)
    np.testing.assert_allclose(one["g2_two_cell"], two["g2_two_cell"], atol=1e-9)
    assert (
        np.diff(
            -keyness(tokens, target="plan", reference="review", min_count=1)["g2_two_cell"].round(
                12
            )
        )
        >= 0
    ).all()


def test_strips_give_span_and_position():
    table = strips(REPORT, ["社区", "加快"])
    assert table["term"].tolist() == ["社区"] * 3 + ["加快"] * 3
    text = "".join(REPORT["text"])
    assert len(text) < REPORT["end"].max()  # paragraphs are parted by a line break
    assert table["position"].tolist() == pytest.approx(
        [8 / 23, 12 / 23, 21 / 23, 15 / 23, 18 / 23, 20 / 23]
    )


def test_strips_of_a_term_that_does_not_occur():
    with pytest.warns(TermWarning, match="strips: 楼宇: no such word"):
        table = strips(REPORT, ["楼宇", "社区"])
    assert len(table) == 3


def test_the_seed_says_what_it_says_under_any_lexicon(seed):
    segmentation = pytest.importorskip("xiacheng_nlp.words.segmentation")
    tokens = segmentation.tokenize(seed)
    table = keyness(tokens, target="plan", reference="review").set_index("term")
    # what was done is told of the year past, what is to be made of the year to come
    assert table.loc["成功", "side"] == "reference"
    assert table.loc["打造", ["side", "reference_count"]].tolist() == ["target", 0]
    found = strips(tokens, ["建设", "服务"])
    assert {seed.text[row.start : row.end] for row in found.itertuples()} == {"建设", "服务"}
    lines = terms.concordance(tokens, "发展")
    body = "".join(paragraph.text for paragraph in seed.paragraphs if paragraph.part != "glossary")
    assert len(lines) + lines.attrs["inside_longer_words"] == body.count("发展")
    top = term_frequency(tokens)["term"][:10].tolist()
    assert {"建设", "项目", "服务", "发展"} <= set(top)


def test_paragraphs_shuffled_give_as_many_significant_terms_as_they_may(seed: Report) -> None:
    tokens = tokenize(seed)
    tokens = tokens[tokens["part"].isin(["plan", "review"])]
    parts = tokens.groupby("paragraph")["part"].first()
    rng, words, paragraphs = np.random.default_rng(0), [], []
    for _ in range(20):
        shuffled = dict(zip(parts.index, rng.permutation(parts), strict=True))
        table = keyness(
            tokens.assign(part=tokens["paragraph"].map(shuffled)), target="plan", reference="review"
        )
        words.append((table["p"] < 0.05).mean())
        paragraphs.append((table["p_paragraphs"] < 0.05).mean())
    assert 0.02 < np.mean(paragraphs) < 0.06 < np.mean(words)


def test_the_test_by_paragraphs_is_that_of_all_permutations() -> None:
    lines = ["改革 创新", "改革 改革 发展", "发展 创新 创新", "发展", "改革 发展", "发展 创新"]
    tokens = token_table(
        [("plan" if n < 2 else "review", str(n), line) for n, line in enumerate(lines)]
    )
    table = keyness(tokens, target="plan", reference="review", min_count=1).set_index("term")
    counts = np.array([line.split().count("改革") for line in lines])
    sizes = np.array([len(line.split()) for line in lines])
    beyond = counts - sizes * counts.sum() / sizes.sum()
    drawn = np.array([beyond[list(two)].sum() for two in combinations(range(6), 2)])
    exact = (np.abs(drawn) >= abs(beyond[:2].sum()) - 1e-9).mean()
    assert table.loc["改革", "p_paragraphs"] == pytest.approx(exact, abs=0.01)


def test_a_word_of_one_paragraph_tells_nothing_by_paragraphs() -> None:
    """Whichever paragraph it stands in, it may be that of the target: one in thirty."""
    lines = ["创新 " * 9] + ["发展 改革 服务 项目 社区 企业 增长 管理 机制"] * 29
    rows = [("plan" if not n else "review", str(n), line) for n, line in enumerate(lines)]
    table = keyness(token_table(rows), target="plan", reference="review").set_index("term")
    assert table.loc["创新", "p"] < 1e-6
    assert table.loc["创新", "p_paragraphs"] == pytest.approx(1 / 30, abs=0.006)


def test_a_keyword_needs_a_character(seed: Report) -> None:
    with pytest.raises(TermError, match="no character"):
        keyword_counts(seed, [""])
    row = keyword_counts(seed, "改革").iloc[0]
    assert row["strings"] == row["words"] + row["in_words"] + row["across"] > row["words"]


SHARED = [("plan", "1", "加快 发展 。\n发展 经济 。"), ("review", "2", "完成 投资 。")]


@pytest.mark.parametrize("named", [True, False])
def test_paragraphs_of_several_reports_are_not_taken_for_one(named):
    one = token_table(SHARED)
    both = [one.assign(report=name) if named else one for name in "甲乙"]
    table = pd.concat(both, ignore_index=True)
    frequency = term_frequency(table).set_index("term")
    assert frequency.loc["发展", ["count", "paragraphs", "paragraph_share"]].tolist() == [
        4,
        4,
        2 / 3,
    ]
    other = one.assign(paragraph=one["paragraph"] + 3, sentence=one["sentence"] + 3)
    numbered = pd.concat([one, other], ignore_index=True)
    options = {"target": "plan", "reference": "review", "min_count": 1}
    pd.testing.assert_frame_equal(keyness(table, **options), keyness(numbered, **options))


def test_paragraphs_of_one_report_may_be_called_as_a_table_from_elsewhere_calls_them():
    one = token_table(SHARED)
    told = one.assign(paragraph=one["paragraph"].astype(str))
    pd.testing.assert_frame_equal(term_frequency(told), term_frequency(one))


def test_reports_are_told_apart_alike_in_whatever_order_they_stand():
    table = pd.DataFrame({"report": ["b", "a", None, "b"]})
    assert apart(table).tolist() == [1_000_000, 0, 2_000_000, 1_000_000]
    assert apart(pd.DataFrame({"report": [2015, 2014]})).tolist() == [1_000_000, 0]


def test_no_window_runs_from_one_report_into_the_next():
    one = token_table([("plan", "1", "加快 发展")])
    other = token_table([("plan", "1", "经济 平稳")]).assign(start=[0, 2])
    table = pd.concat([one, other], ignore_index=True)
    found = terms.collocations(table, "发展", min_count=1, stop_words=None)
    assert found["collocate"].tolist() == ["加快"]
