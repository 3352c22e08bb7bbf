"""Robustness: what holds under every segmentation, and what does not."""

import importlib.util

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiacheng_nlp.errors import TermWarning
from xiacheng_nlp.terms import stability
from xiacheng_nlp.terms.selection import token_table
from xiacheng_nlp.terms.stability import P, rank_biased_overlap, recut, robustness
from xiacheng_nlp.text import flow, flow_positions

WITH = [
    ("review", "1", "完成 楼宇经济 改造 ， 我们 完成 社区 改造 。 完成 社区 任务 。"),
    ("plan", "2", "加快 发展 楼宇经济 。 加快 社区 发展 ； 加快 创新 ， 以及 楼宇经济 创新 。"),
]
WITHOUT = [(part, section, text.replace("楼宇经济", "楼宇 经济")) for part, section, text in WITH]


class Source:
    """Stands for a report: `recut` asks it for its text only where a line break lies inside a
    word."""

    text = "\n".join("".join(text.split()) for _, _, text in WITH)


def tokenize(report, *, lexicon=True, report_lexicon=True, learning=True):
    assert lexicon == report_lexicon == learning
    return token_table(WITH if lexicon else WITHOUT)


@pytest.fixture(autouse=True)
def segmented(monkeypatch):
    monkeypatch.setattr(stability, "tokenize", tokenize)
    monkeypatch.setattr(stability, "_icu", lambda: halves)
    monkeypatch.setattr(stability, "LEAST", 2)


def halves(text):
    """A segmenter that knows no words: two characters each, signs alone."""
    pieces, at = [], 0
    while at < len(text):
        size = 2 if text[at : at + 2].isalnum() and len(text[at : at + 2]) == 2 else 1
        pieces.append(text[at : at + size])
        at += size
    return pieces


@pytest.fixture
def found():
    return robustness(Source())


def test_every_setting_is_run_and_the_first_is_ours(found):
    assert found.settings[["segmenter", "lexicon", "stop_list"]].values.tolist() == [
        [segmenter, lexicon, stops]
        for segmenter in ("rjieba", "icu")
        for lexicon in (True, False)
        for stops in (True, False)
    ]
    assert found.settings["setting"].is_unique
    assert found.settings["words"].tolist()[:4] == [21, 21, 24, 24]


def test_agreement_compares_every_pair_for_both_rankings(found):
    table = found.agreement
    assert table.groupby("ranking").size().to_dict() == {"frequency": 28, "keyness": 28}
    assert table["jaccard"].between(0, 1).all()
    assert table["rbo"].between(0, 1).all()
    assert table["spearman"].dropna().between(-1, 1).all()
    ours, stops_off = found.settings["setting"][:2]
    pair = table[
        (table["setting"] == ours)
        & (table["other"] == stops_off)
        & (table["ranking"] == "frequency")
    ].iloc[0]
    assert 0 < pair["jaccard"] <= 1


def test_a_term_that_only_the_lexicon_makes_is_told_from_one_that_holds(found):
    keys = found.key_terms.set_index("term")
    assert keys.loc["创新", ["side", "same_side", "absent", "verdict"]].tolist() == [
        "target",
        8,
        0,
        "holds",
    ]
    assert keys.loc["楼宇经济", ["same_side", "absent", "verdict"]].tolist() == [
        4,
        4,
        "holds where it is a word",
    ]
    tops = found.top_terms.set_index("term")
    assert bool(tops.loc["创新", "holds"])
    assert not tops.loc["楼宇经济", "holds"]
    assert tops.loc["楼宇经济", "absent"] == 4


def test_a_side_that_turns_is_called_so(monkeypatch):
    def turning(report, *, lexicon=True, report_lexicon=True, learning=True):
        plan = (
            "社区服务 社区服务 社区服务 发展" if lexicon else "社区 服务 社区 服务 社区 服务 发展"
        )
        return token_table([("review", "1", "服务 服务 发展 发展 民生 民生"), ("plan", "2", plan)])

    monkeypatch.setattr(stability, "tokenize", turning)
    monkeypatch.setattr(stability, "_icu", lambda: None)
    with pytest.warns(TermWarning, match="icu is left out"):
        keys = robustness(None).key_terms.set_index("term")
    assert keys.loc["服务", ["side", "same_side", "other_side", "verdict"]].tolist() == [
        "reference",
        2,
        2,
        "turns",
    ]


def test_significant_is_below_one_in_twenty():
    keys = pd.DataFrame(
        {"side": "target", "log_ratio": 1.0, "tested": True},
        index=pd.Index(["创新", "发展"], name="term"),
    ).assign(p_adjusted=[0.049, 0.05])
    assert stability._key_terms([keys, keys])["significant"].tolist() == [2, 0]


def test_a_report_without_a_plan_keeps_the_rest(monkeypatch):
    def planless(report, **options):
        return token_table([("review", "1", "完成 改造 。 完成 任务 。")])

    monkeypatch.setattr(stability, "tokenize", planless)
    with pytest.warns(TermWarning, match="the target, part plan, holds no word") as told:
        found = robustness(None)
    assert len(told) == 1
    assert found.key_terms.empty
    assert set(found.agreement["ranking"]) == {"frequency"}
    assert "part plan" in found.top_terms.attrs["note"]


def test_an_icu_that_is_not_there_is_left_out_and_named(monkeypatch):
    monkeypatch.setattr(stability, "_icu", lambda: None)
    with pytest.warns(TermWarning, match="icu is left out"):
        found = robustness(Source())
    assert set(found.settings["segmenter"]) == {"rjieba"}
    assert "icu4py" in found.settings.attrs["note"]


@pytest.mark.skipif(
    importlib.util.find_spec("icu4py") is None, reason="icu4py is an optional segmenter"
)
def test_icu_cuts_by_its_own_dictionary(monkeypatch):
    monkeypatch.undo()
    tokens = recut(Source(), token_table(WITHOUT), stability._icu())
    assert list(tokens["text"])[:4] == ["完成", "楼", "宇", "经济"]


def test_recut_keeps_offsets_across_a_line_break_inside_a_word_and_blanks_between_latin_words():
    class Broken:
        text = "惠\n\n民生，work report"

        def reading(self, start, end):
            surface = self.text[start:end]
            return flow(surface), flow_positions(surface, start)

    tokens = pd.DataFrame(
        {
            "start": [0, 5, 6, 11],
            "end": [5, 6, 10, 17],
            "text": ["惠民生", "，", "work", "report"],
            **dict.fromkeys(("pos", "part", "section"), "x"),
            **dict.fromkeys(("paragraph", "sentence"), 0),
        }
    )
    again = recut(
        Broken(),
        tokens,
        lambda text: [text[:1], text[1:3], text[3:4], text[4:8], text[8:9], text[9:]],
    )
    assert again[["start", "end", "text"]].values.tolist() == [
        [0, 1, "惠"],
        [3, 5, "民生"],
        [5, 6, "，"],
        [6, 10, "work"],
        [11, 17, "report"],
    ]


@settings(deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from(["发展", "经济", "的", "。", "a1"]), min_size=1, max_size=6),
        min_size=1,
        max_size=4,
    ),
    st.integers(0, 9),
)
def test_recut_covers_the_same_characters_and_never_cuts_what_is_kept(paragraphs, which):
    tokens = token_table([("plan", "1", "\n".join(" ".join(words) for words in paragraphs))])
    row = tokens.iloc[which % len(tokens)]
    again = recut(None, tokens, list, keep={(row["start"], row["end"])})
    assert "".join(again["text"]) == "".join(tokens["text"])
    assert (again["start"].to_numpy()[1:] >= again["end"].to_numpy()[:-1]).all()
    assert ((again["start"] == row["start"]) & (again["end"] == row["end"])).sum() == 1
    homes = tokens.drop_duplicates("sentence").set_index("sentence")["paragraph"]
    assert (again["paragraph"] == again["sentence"].map(homes)).all()


def test_rank_biased_overlap_weighs_the_top_most():
    assert rank_biased_overlap("abcd", "abdc") > rank_biased_overlap("abcd", "bacd")
    # two lists that agree at depth 2 only: (1−p)/p·(0/1·p + 2/2·p²) + p² = p
    assert rank_biased_overlap("ab", "ba") == pytest.approx(P)
    # a list and its own beginning do not disagree anywhere
    assert rank_biased_overlap("abc", "abcdefg") == pytest.approx(1)
    assert rank_biased_overlap("abd", "abcdefg") < 1
    assert pd.isna(rank_biased_overlap([], []))
    assert rank_biased_overlap("a", []) == 0


@settings(deadline=None)
@given(
    st.permutations("abcdefgh"),
    st.permutations("abcdefgh"),
    st.integers(1, 8),
)
def test_rank_biased_overlap_is_the_sum_to_infinity_with_the_last_agreement_kept(a, b, k):
    agreement = [len(set(a[:d]) & set(b[:d])) / d for d in range(1, k + 1)]
    endless = agreement + [agreement[-1]] * 1000
    assert rank_biased_overlap(a[:k], b[:k]) == pytest.approx(
        (1 - P) * sum(P**d * share for d, share in enumerate(endless)), abs=1e-9
    )


@settings(deadline=None)
@given(
    st.permutations("abcdefgh"), st.permutations("abcdefgh"), st.integers(1, 8), st.integers(1, 8)
)
def test_rank_biased_overlap_is_symmetric_and_bounded(a, b, m, n):
    value = rank_biased_overlap(a[:m], b[:n])
    assert -1e-9 <= value <= 1 + 1e-9
    assert value == rank_biased_overlap(b[:n], a[:m])
    assert rank_biased_overlap(a[:m], a[:m]) == 1
