"""Topics: text made of three topics is found again, its match with the codebook is measured, and
too little text is told."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from xiacheng_nlp.errors import TermWarning, ThemeError
from xiacheng_nlp.terms.selection import token_table
from xiacheng_nlp.themes.topics import TopicModel, topic_model

TOPICS = {
    "education": "学校 教师 课程 学生 校园 教学",
    "environment": "河道 水质 截污 绿化 治水 清淤",
    "industry": "楼宇 企业 园区 产业 招商 税收",
}


def made(paragraphs: int = 30, *, theme_of: Any = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Paragraphs of four words of one topic each, topics by turns, with the theme of the topic or
    another."""
    random = np.random.default_rng(1)
    names = list(TOPICS)
    homes = [names[k % 3] for k in range(paragraphs)]
    lines = [" ".join(random.permutation(TOPICS[home].split())[:4]) for home in homes]
    tokens = token_table([("plan", "1", "\n".join(lines))])
    spans = tokens.groupby("paragraph").agg(start=("start", "min"), end=("end", "max"))
    themes = [(theme_of(k, home) if theme_of else home,) for k, home in enumerate(homes)]
    coded = pd.DataFrame(
        {
            "start": spans["start"],
            "end": spans["end"],
            "paragraph": range(paragraphs),
            "sentence": range(paragraphs),
        }
    )
    return tokens, coded.assign(
        themes=themes, text=[line.replace(" ", "") for line in lines], part="plan"
    ).reset_index(drop=True)


def model(*args: Any, **options: Any) -> TopicModel:
    return topic_model(*(args or made()), **{"k": 3, "top": 6, "min_terms": 3, **options})


def test_topics_that_were_put_in_are_found_again() -> None:
    found = model()
    words = {frozenset(some.split("、")) for some in found.topics["words"]}
    assert words == {frozenset(text.split()) for text in TOPICS.values()}
    assert found.topics["paragraphs"].tolist() == [10, 10, 10]
    assert found.topics["theme_share"].tolist() == [1.0, 1.0, 1.0]
    assert sorted(found.topics["code"]) == sorted(TOPICS)
    assert found.topics.attrs["nmi"] == found.topics.attrs["ami"] == 1.0
    assert found.topics["stability"].tolist() == [1.0, 1.0, 1.0]
    assert found.matches.groupby("topic")["share"].sum().tolist() == pytest.approx([1, 1, 1])
    assert len(found.matches) == 9


def test_paragraphs_of_several_reports_meet_their_own_themes() -> None:
    tokens, coded = made()
    turned = coded.assign(themes=[("health",)] * len(coded))
    words = pd.concat([tokens.assign(report="a"), tokens.assign(report="b")])
    sentences = pd.concat([turned.assign(report="b"), coded.assign(report="a")])
    both = model(words, sentences)
    assert both.topics["paragraphs"].tolist() == [20, 20, 20]
    assert (both.topics["theme_share"] == 0.5).all()
    alone = model(words, sentences[sentences["report"] == "b"])
    assert alone.topics["paragraphs"].tolist() == [10, 10, 10]
    assert set(alone.topics["code"]) == {"health"}


def test_themes_that_have_nothing_to_do_with_topics_do_not_match() -> None:
    """Each topic has each of two themes in five paragraphs of ten: no information, and less than
    chance after the adjustment."""
    found = model(*made(theme_of=lambda k, home: ("health", "law")[(k // 3) % 2]))
    assert found.topics.attrs["nmi"] == 0.0
    assert found.topics.attrs["ami"] <= 0.0
    assert found.topics["theme_share"].tolist() == [0.5, 0.5, 0.5]


def test_paragraphs_left_out_are_counted() -> None:
    tokens, coded = made()
    found = model(tokens, coded[coded["paragraph"] < 20])
    # Ten paragraphs are not coded: nothing is said of them, and none of the twenty is left out.
    assert (found.topics.attrs["paragraphs_used"], found.topics.attrs["paragraphs_left_out"]) == (
        20,
        0,
    )


def test_a_paragraph_of_few_terms_is_left_out_and_counted() -> None:
    tokens, coded = made()
    short = tokens.drop(index=tokens.index[tokens["paragraph"] == 4][2:])
    found = model(short, coded)
    assert (found.topics.attrs["paragraphs_used"], found.topics.attrs["paragraphs_left_out"]) == (
        29,
        1,
    )


def test_too_little_text_is_told() -> None:
    tokens, coded = made(1)
    with pytest.warns(
        TermWarning,
        match="3 topics need 6 paragraphs and as many recurrent terms; the report has 0 paragraphs",
    ):
        found = model(tokens, coded)
    assert found.topics.empty
    assert found.matches.empty
    assert "lower k" in found.matches.attrs["note"]


def test_the_order_of_the_coded_rows_does_not_matter() -> None:
    tokens, coded = made()
    one, two = model(tokens, coded), model(tokens, coded.sample(frac=1, random_state=3))
    for name in ("topics", "matches"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name))


def test_noise_is_less_steady_than_topics() -> None:
    random = np.random.default_rng(5)
    words = " ".join(TOPICS.values()).split()
    lines = "\n".join(" ".join(random.permutation(words)[:5]) for _ in range(30))
    tokens, (_, coded) = token_table([("plan", "1", lines)]), made()
    assert model(tokens, coded).topics.attrs["stability"] < 0.8


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"k": 1}, "k=1: give 2 or more"),
        ({"top": 0}, "top=0: give 1 or more"),
    ],
)
def test_a_wrong_option_is_told(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ThemeError, match=message):
        model(**options)
