"""The co-word network: association strength by hand, communities that a reader would draw, and no
hold of the hash seed."""

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiacheng_nlp.errors import TermError, TermWarning, ThemeError
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.terms.selection import token_table
from xiacheng_nlp.themes.coding import code_themes
from xiacheng_nlp.themes.network import CoWordNetwork, co_word_network
from xiacheng_nlp.words.segmentation import tokenize


def network(text: str, **options: Any) -> CoWordNetwork:
    return co_word_network(
        token_table([("plan", "1", text)]), **{"min_together": 1, "stop_words": None, **options}
    )


def edge(found: CoWordNetwork, a: str, b: str) -> pd.Series:
    rows = found.edges[(found.edges["term"].isin([a, b])) & (found.edges["other"].isin([a, b]))]
    assert len(rows) == 1
    return rows.iloc[0]


def test_association_strength_by_hand() -> None:
    """经济 stands in 3 of 5 sentences, 发展 in 2, both in 2: 2·5/(3·2); a word that stands twice in
    a sentence is in it once."""
    found = network(
        "经济 发展 经济 。 经济 发展 。 经济 社区 。 社区 服务 。 服务 。", min_strength=0.0
    )
    both = edge(found, "经济", "发展")
    assert (both["count"], both["strength"], both["term"], both["term_count"]) == (
        2,
        round(10 / 6, 4),
        "经济",
        4,
    )
    assert edge(found, "经济", "社区")["strength"] == round(5 / 6, 4)
    assert found.nodes.set_index("term").loc["经济", ["count", "units", "degree"]].tolist() == [
        4,
        3,
        2,
    ]
    stronger = network(
        "经济 发展 经济 。 经济 发展 。 经济 社区 。 社区 服务 。 服务 。", min_strength=1.2
    )
    assert set(zip(stronger.edges["term"], stronger.edges["other"], strict=True)) == {
        ("经济", "发展"),
        ("服务", "社区"),
    }


def test_communities_are_those_that_hang_together() -> None:
    lines = [
        "学校 教师 课程",
        "学校 教师 学生",
        "课程 学生 学校",
        "河道 水质 截污",
        "河道 截污 绿化",
        "水质 绿化 河道",
        "楼宇 楼宇",
    ]
    found = network("\n".join(lines), min_strength=1.0)
    groups = {
        frozenset(group["term"])
        for _, group in found.nodes.dropna(subset="community").groupby("community")
    }
    assert groups == {
        frozenset({"学校", "教师", "课程", "学生"}),
        frozenset({"河道", "水质", "截污", "绿化"}),
    }
    assert found.nodes.set_index("term")["community"].isna().to_dict()["楼宇"]
    assert found.nodes["community"].isna().sum() == 1
    assert found.nodes["community"].max() == 2


def test_a_term_has_the_theme_of_most_of_its_sentences() -> None:
    report = Report.parse(
        "各位代表:\n一、2014年工作\n改善学校环境。\n新建学校。\n学校课程改革。\n整治河道环境。"
    )
    found = co_word_network(tokenize(report), code_themes(report), min_together=1)
    themes = found.nodes.set_index("term")
    assert themes.loc["学校", ["theme", "theme_share"]].tolist() == ["教育", 1.0]
    assert themes.loc["河道", "theme"] == "生态环境"
    some = co_word_network(tokenize(report), code_themes(report).iloc[:3], min_together=1)
    without = some.nodes.set_index("term").loc["河道"]
    assert without[["code", "theme", "theme_en"]].tolist() == [None] * 3
    assert pd.isna(without["theme_share"])
    doubled = pd.concat([code_themes(report)] * 2)
    with pytest.raises(ThemeError, match="two coded sentences have one number"):
        co_word_network(tokenize(report), doubled, min_together=1)


def test_nothing_joined_is_told() -> None:
    with pytest.warns(
        TermWarning,
        match="no two terms share 3 sentences with a strength of 2.0; lower one of them",
    ):
        found = network("经济 发展 。", min_together=3)
    assert found.edges.empty
    assert list(found.nodes["term"]) == ["发展", "经济"]
    assert "lower one of them" in found.edges.attrs["note"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"top": 1}, "top=1: give 2 or more"),
        ({"min_together": 0}, "min_together=0"),
    ],
)
def test_a_wrong_option_is_told(options: dict[str, Any], message: str) -> None:
    with pytest.raises(TermError, match=message):
        network("经济 发展 。", **options)


@given(
    st.lists(
        st.lists(st.sampled_from("甲乙丙丁戊己庚辛"), min_size=1, max_size=6),
        min_size=2,
        max_size=12,
    ),
    st.randoms(),
)
@settings(deadline=None, max_examples=40)
def test_the_order_of_sentences_does_not_matter(sentences: list[list[str]], random: Any) -> None:
    def drawn(order: list[list[str]]) -> CoWordNetwork:
        return network(
            "\n".join(" ".join(word * 2 for word in some) for some in order), min_strength=0.0
        )

    if not any(len(set(some)) > 1 for some in sentences):
        return
    one = drawn(sentences)
    shuffled = sentences.copy()
    random.shuffle(shuffled)
    pd.testing.assert_frame_equal(drawn(shuffled).edges, one.edges)
    assert (one.edges["term_count"] >= one.edges["other_count"]).all()
    assert set(one.nodes["community"].dropna()) == set(
        range(1, one.nodes["community"].nunique() + 1)
    )
