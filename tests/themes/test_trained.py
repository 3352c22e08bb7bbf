"""The second opinion: never a sentence judged by a model that saw it, the same answer each time,
honest figures."""

import sys

import pandas as pd
import pytest

from xiacheng_nlp import resources as bundle
from xiacheng_nlp.errors import ThemeError
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.themes import trained as supervised
from xiacheng_nlp.themes.agreement import matched, read_theme_gold
from xiacheng_nlp.themes.coding import code_themes
from xiacheng_nlp.themes.trained import (
    cross_validate_coder,
    disagreements,
    second_opinion,
    train,
    train_coder,
)

# Of schools and of rivers, by turns, a paragraph each: "Build n primary schools, train teachers."
# "Clean n rivers, plant green banks."
SCHOOL = "新建小学{n}所。培训教师{n}百人。"
RIVER = "整治河道{n}条。种植绿化{n}亩。"
TEXT = "各位代表:\n一、2013年工作回顾\n" + "\n".join(
    (SCHOOL, RIVER)[n % 2].format(n=n) for n in range(2, 14)
)


@pytest.fixture(scope="module")
def small():
    return Report.parse(TEXT, name="small.txt")


@pytest.fixture(scope="module")
def coded(small):
    table = code_themes(small)
    schools = table["text"].str.contains("小学|教师")
    return table[["start", "end"]].assign(
        themes=[("education",) if school else ("environment",) for school in schools],
        instrument=["supply" if "建" in text else "environment" for text in table["text"]],
    )


@pytest.fixture(scope="module")
def gold():
    return read_theme_gold(bundle.folder("gold") / "xiacheng-2014.themes.gold.jsonl")


def test_what_can_be_learned_is_learned(small, coded):
    opinion = second_opinion(small, coder=train_coder(small, coded))
    assert opinion["theme"].tolist() == coded["themes"].str[0].tolist()
    assert (opinion["theme_score"] > 0).all()
    assert opinion["seen"].all()


def test_it_learns_without_scikit_learn(small, coded, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    opinion = second_opinion(small, coder=train_coder(small, coded))
    assert opinion["theme"].tolist() == coded["themes"].str[0].tolist()


def test_a_sentence_is_judged_by_a_model_that_has_not_seen_it(small, coded):
    # One sentence coded against all others of its kind: a model that saw it would know.
    wrong = coded.copy()
    wrong.at[0, "themes"] = ("culture",)
    opinion = second_opinion(small, coder=train_coder(small, wrong))
    assert opinion["theme"][0] == "education"
    assert opinion["seen"].all()


def test_that_holds_in_another_report_too(small, coded):
    wrong = coded.copy()
    wrong.at[0, "themes"] = ("culture",)
    first = small.text[int(coded["start"][0]) : int(coded["end"][0])]
    other = Report.parse(f"各位代表:\n一、2014年工作\n{first}清理河道99条。")  # "clean 99 rivers"
    opinion = second_opinion(other, coder=train_coder(small, wrong))
    assert opinion["seen"].tolist() == [True, False]
    assert opinion["theme"][0] != "culture"


def test_no_fold_shares_a_paragraph_or_a_sentence_with_another(seed, gold):
    coder = train_coder(seed, gold)
    where: dict[object, set[int]] = {}
    for sentence in coder.sentences.itertuples():
        where.setdefault(sentence.home, set()).add(sentence.fold)
        where.setdefault(sentence.text, set()).add(sentence.fold)
    assert all(len(folds) == 1 for folds in where.values())
    assert len(coder.sentences) == len(gold) == 330
    assert coder.sentences["fold"].value_counts().reindex(range(10)).min() > 20


@pytest.mark.slow
def test_the_cross_validated_figures_of_the_seed(seed, gold):
    table = cross_validate_coder(seed, gold, resamples=100).set_index("measure")["value"]
    # Bounds rather than digits: another machine's arithmetic may turn a tie.
    assert 0.70 < table["main_accuracy"] < 0.80
    assert 0.75 < table["instrument_accuracy"] < 0.83


def test_the_figures_are_out_of_fold_and_the_same_each_time(small, coded):
    one, two = (cross_validate_coder(small, coded, resamples=20) for _ in range(2))
    pd.testing.assert_frame_equal(one, two)


def test_an_opinion_follows_the_rows_it_is_asked_about(small, coded):
    coder = train_coder(small, coded)
    some = code_themes(small).iloc[[5, 2]]
    opinion = second_opinion(small, some, coder)
    assert opinion["start"].tolist() == some["start"].tolist()
    assert matched(opinion, coded.iloc[[2, 5]])["agrees"].all()


def test_the_own_coder_needs_no_training(small):
    opinion = second_opinion(small)
    assert opinion["theme"].tolist()[:2] == ["education", "education"]
    assert opinion.attrs["trained_on"] == bundle.seed().name
    assert not opinion["seen"].any()


def test_disagreements_are_listed_with_both_answers(small, coded):
    table = code_themes(small)
    rules = table.assign(themes=list(coded["themes"]), instrument=list(coded["instrument"]))
    opinion = second_opinion(small, coder=train_coder(small, coded))
    opinion.loc[:, "instrument"] = list(coded["instrument"])
    assert disagreements(rules, opinion).empty
    rules.at[0, "themes"] = ("culture", "education")
    rules.at[3, "instrument"] = "demand"
    found = disagreements(rules, opinion)
    assert found[["differs", "themes", "theme"]].values.tolist() == [
        ["theme", ("culture", "education"), "education"],
        ["instrument", ("environment",), "environment"],
    ]
    assert found["other_instrument"].tolist() == coded["instrument"][[0, 3]].tolist()
    assert (found.attrs["compared"], found.attrs["without_opinion"]) == (24, 0)
    assert disagreements(rules, opinion.iloc[1:]).attrs["without_opinion"] == 1
    # A sentence without a theme is a general one.
    rules.at[0, "themes"] = ()
    assert disagreements(rules, opinion)["themes"].tolist() == [("general",), ("environment",)]
    opinion.loc[0, "theme"] = "general"
    assert disagreements(rules, opinion)["differs"].tolist() == ["instrument"]


def test_sentences_without_instrument_teach_their_theme(small, coded):
    opinion = second_opinion(small, coder=train_coder(small, coded.assign(instrument=None)))
    assert opinion["theme"].tolist() == coded["themes"].str[0].tolist()
    assert opinion["instrument"].isna().all()


def test_gold_that_is_not_in_the_report_is_told(small, coded):
    more = pd.concat([coded, coded.head(1).assign(start=9000, end=9010)])
    assert train_coder(small, more).unmatched == ((9000, 9010),)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.head(2), "stand in one paragraph"),
        (lambda t: t.assign(themes=[("law",)] * len(t)), "have one theme"),
        (
            lambda t: t.assign(start=t["start"] + 9000, end=t["end"] + 9000),
            "none of the 24 sentences",
        ),
    ],
)
def test_why_a_coder_cannot_be_trained_is_said(small, coded, change, message):
    with pytest.raises(ThemeError, match=message):
        train_coder(small, change(coded))


def test_the_model_is_asked_once_for_each_fold(small, coded):
    supervised._model.cache_clear()
    coder = train_coder(small, coded)
    second_opinion(small, coder=coder)
    second_opinion(small, coder=coder)
    assert supervised._model.cache_info().misses == 2 * coder.sentences["fold"].nunique()


def test_a_coder_that_learned_no_instruments_has_no_opinion_of_them(small, coded, capsys):
    coder = train(coded.assign(instrument=None), small)
    assert capsys.readouterr().out.endswith(" % right, no instrument coded\n")
    rules = code_themes(small, model=False)
    found = disagreements(rules, second_opinion(small, rules, coder))
    assert set(found["differs"]) <= {"theme"}


def test_coders_that_learned_the_same_share_their_models(small, coded) -> None:
    one, same = train_coder(small, coded), train_coder(small, coded)
    assert one is not same
    assert one == same
    assert supervised._model(one, "theme", 0) is supervised._model(same, "theme", 0)
    turned = coded.assign(themes=coded["themes"].iloc[::-1].to_numpy())
    other = train_coder(small, turned)
    assert other != one
    assert supervised._model(other, "theme", 0) is not supervised._model(one, "theme", 0)
