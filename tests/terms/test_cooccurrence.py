"""Collocations, concordances, recurrent phrases and TextRank."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiacheng_nlp.errors import TermError, TermWarning
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.terms.cooccurrence import collocations, concordance, ngrams, textrank
from xiacheng_nlp.terms.selection import token_table
from xiacheng_nlp.words.segmentation import tokenize

REPORT = token_table(
    [
        ("review", "1", "经济 发展 的 质量 提升 。 经济 社会 发展 ， 民生 改善 。"),
        ("plan", "2", "加快 经济 发展 ； 改善 民生 服务 。\n推进 下 城区 发展 ， 下城区 服务 。"),
    ]
)

words = st.sampled_from(["发展", "经济", "社区", "服务", "的", "，", "。", "5"])
texts = st.lists(words, min_size=1, max_size=60).map(" ".join)


def by_hand(tokens, term, window):
    """f11 by collocate, and f1: the words in the windows, each once."""
    rows = [row for row in tokens.itertuples() if row.text.isalnum()]
    near = {
        j
        for i, node in enumerate(rows)
        if node.text == term
        for j in range(max(0, i - window), min(len(rows), i + window + 1))
        if rows[j].sentence == node.sentence and rows[j].text != term
    }
    found = [rows[j].text for j in near]
    return {word: found.count(word) for word in found}, len(near)


def test_a_window_counts_words_of_the_sentence_each_once():
    table = collocations(
        REPORT, "发展", window=2, min_count=1, stop_words=None, min_length=1
    ).set_index("collocate")
    assert table.loc["经济", ["f11", "f1", "f2", "n"]].tolist() == [3, 13, 3, 18]
    assert table.loc["的", "f11"] == 1
    assert "提升" not in table.index  # three words away
    assert table.loc["经济", "expected"] == pytest.approx(13 * 3 / 18)


def test_each_term_that_does_not_occur_has_its_own_warning():
    with pytest.warns(TermWarning) as told:
        table = collocations(REPORT, ["山", "经济", "海"], min_count=1)  # "hill", "economy", "sea"
    said = [f"collocations: {term} does not occur as a word" for term in "山海"]
    assert [str(warning.message) for warning in told] == said
    assert {warning.filename for warning in told} == {__file__}
    assert table.attrs["note"] == "; ".join(said)


def test_several_terms_stay_in_the_order_asked_for_and_what_does_not_occur_is_told():
    with pytest.warns(
        TermWarning, match="collocations: 城 does not occur as a word; it is part of 下城区, 城区"
    ):
        table = collocations(REPORT, ["民生", "城", "经济"], min_count=1)
    assert table["term"].drop_duplicates().tolist() == ["民生", "经济"]
    with pytest.warns(TermWarning, match="lower min_count"):
        assert collocations(REPORT, "经济", min_count=99).empty


@pytest.mark.parametrize("options", [{"window": 0}, {"measure": "mi3"}])
def test_collocations_know_their_options(options):
    with pytest.raises(TermError, match=r"window=0|measure='mi3'"):
        collocations(REPORT, "发展", **options)


@pytest.mark.filterwarnings("ignore::xiacheng_nlp.terms.selection.TermWarning")
@settings(deadline=None)
@given(texts, st.integers(1, 6))
def test_window_counts_are_those_counted_by_hand(text, window):
    tokens = token_table([("plan", "1", text)])
    table = collocations(tokens, "发展", window=window, min_count=1, stop_words=None, min_length=1)
    found, size = by_hand(tokens, "发展", window)
    assert (
        table["n"]
        .isin([sum(t.isalnum() for t in tokens["text"]) - list(tokens["text"]).count("发展")])
        .all()
    )
    assert (table["f1"] == size).all()
    for row in table.itertuples():
        assert row.f11 == found[row.collocate]
        assert row.f11 <= min(row.f1, row.f2)
        assert row.f11 > row.expected
    assert len(table) + table.attrs["not_attracted"] == sum(w != "5" for w in found)


def test_a_concordance_finds_a_term_over_several_tokens_and_says_where():
    table = concordance(REPORT, "下城区", width=4)
    assert table["left"].tolist() == ["推进", "区发展，"]
    assert table["right"].tolist() == ["发展，下", "服务。"]
    assert table[["part", "section"]].values.tolist() == [["plan", "2"]] * 2
    spans = table[["start", "end"]].values.tolist()
    assert [end - start for start, end in spans] == [3, 3]


def test_a_concordance_keeps_to_whole_words():
    with pytest.warns(
        TermWarning, match="城 does not occur as a word; it stands 2 times inside longer words"
    ):
        assert concordance(REPORT, "城").empty
    with pytest.warns(TermWarning, match="楼宇 does not occur$"):
        assert concordance(REPORT, "楼宇").attrs["note"]
    with pytest.raises(TermError, match="empty"):
        concordance(REPORT, " ")


def test_a_concordance_stays_in_its_paragraph():
    assert concordance(REPORT, "推进", width=50)["left"].item() == ""
    assert concordance(REPORT, "加快", width=50)["right"].item() == "经济发展；改善民生服务。"


@pytest.mark.filterwarnings("ignore::xiacheng_nlp.terms.selection.TermWarning")
@settings(deadline=None)
@given(texts, st.sampled_from(["发展", "发展经济", "经济", "，"]), st.integers(0, 9))
def test_left_term_and_right_are_the_text(text, term, width):
    tokens = token_table([("plan", "1", text)])
    source = text.replace(" ", "")
    table = concordance(tokens, term, width=width)
    found = sum(source.startswith(term, i) for i in range(len(source)))
    assert len(table) + table.attrs["inside_longer_words"] == found
    for row in table.itertuples():
        assert source[row.start : row.end] == term
        assert row.left == source[max(0, row.start - width) : row.start]
        assert row.right == source[row.end : row.end + width]


def test_a_phrase_has_no_stop_word_at_its_ends_and_does_not_cross_punctuation():
    tokens = token_table(
        [("plan", "1", "建设 的 步伐 ， 加快 建设 的 步伐 。 建设 的 步伐 。\n步伐 的 建设")]
    )
    table = ngrams(tokens, min_count=2)
    assert table[["phrase", "words", "n", "count", "paragraphs", "start"]].values.tolist() == [
        ["建设的步伐", "建设 的 步伐", 3, 3, 1, 0],
    ]


def test_a_piece_of_a_phrase_is_shown_only_when_it_occurs_more_often():
    tokens = token_table([("plan", "1", "改善 民生 服务 。 改善 民生 服务 。 改善 民生 。")])
    assert ngrams(tokens, min_count=2)[["phrase", "count"]].values.tolist() == [
        ["改善民生", 3],
        ["改善民生服务", 2],
    ]
    with pytest.warns(TermWarning, match="lower min_count"):
        assert ngrams(tokens, min_count=9).empty


def test_a_report_in_which_no_phrase_recurs_has_none() -> None:
    tokens = tokenize(
        Report.parse(
            "各位代表：\n完善城乡公共文化服务设施体系建设规划。\n改造农村老旧供水管网工程。\n"
        )
    )
    with pytest.warns(TermWarning, match="ngrams: no phrase of"):
        assert ngrams(tokens).empty


@pytest.mark.filterwarnings("ignore::xiacheng_nlp.terms.selection.TermWarning")
@settings(deadline=None)
@given(texts, st.integers(2, 4))
def test_phrases_are_counted_as_in_the_text(text, n):
    tokens = token_table([("plan", "1", text)])
    table = ngrams(tokens, sizes=[n], min_count=1)
    pieces = text.split()
    found = [tuple(pieces[i : i + n]) for i in range(len(pieces) - n + 1)]
    kept = [p for p in found if not {"，", "。"} & set(p) and not {"的", "5"} & {p[0], p[-1]}]
    assert dict(zip(table["words"], table["count"], strict=True)) == {
        " ".join(p): kept.count(p) for p in kept
    }


def test_textrank_is_the_stationary_distribution_of_the_walk():
    tokens = token_table([("plan", "1", "经济 发展 民生 。 经济 发展 。 服务 民生 。")])
    table = textrank(tokens, pos=None, window=2)
    names = ["发展", "服务", "民生", "经济"]
    weights = np.zeros((4, 4))
    for a, b, weight in (("经济", "发展", 2), ("发展", "民生", 1), ("服务", "民生", 1)):
        i, j = names.index(a), names.index(b)
        weights[i, j] = weights[j, i] = weight
    step = weights / weights.sum(axis=1, keepdims=True)
    expected = np.linalg.solve(np.eye(4) - 0.85 * step.T, np.full(4, 0.15 / 4))
    assert dict(zip(table["term"], table["score"], strict=True)) == pytest.approx(
        dict(zip(names, expected, strict=True)), abs=1e-8
    )
    assert table["score"].is_monotonic_decreasing


def test_textrank_takes_parts_of_speech_and_says_when_none_is_left():
    tokens = token_table([("plan", "1", "经济 发展 民生")]).assign(pos=["n", "d", "nz"])
    assert textrank(tokens)["term"].tolist() == ["民生", "经济"]
    with pytest.warns(TermWarning, match="no word is left"):
        assert textrank(tokens, pos=["x"]).empty


def test_sizes_and_windows_out_of_range_are_said():
    with pytest.raises(TermError, match="two words or more"):
        ngrams(REPORT, sizes=[1, 2])
    with pytest.raises(TermError, match="window"):
        textrank(REPORT, window=1)
