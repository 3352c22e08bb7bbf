"""Every figure of the seed, in both languages and widths: no text is cut off, no two overlap,
English figures are in English, every column and word has its name, and what figures are of is
cited."""

import re
from typing import Any

import pytest
from drawn import drawn_texts

from xiacheng_nlp.figures.names import names
from xiacheng_nlp.figures.texts import TEXTS, note_line
from xiacheng_nlp.publish.catalogue import FIGURES, draw, drawing, without_english
from xiacheng_nlp.publish.citation import cite
from xiacheng_nlp.publish.notebooks import header_of
from xiacheng_nlp.publish.study import Choice, Study
from xiacheng_nlp.report.report import Report

HAN = re.compile("[\u3400-\u9fff]")


@pytest.fixture(scope="module")
def study(seed: Report) -> Study:
    return Study(seed)


@pytest.mark.slow
@pytest.mark.parametrize("id", list(FIGURES))
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", ["single", "double"])
def test_texts_stay_inside_and_apart(study: Study, id: str, lang: Any, width: Any) -> None:
    figure = draw(id, drawing(id, study), lang=lang, width=width)
    texts = drawn_texts(figure)
    assert texts
    assert TEXTS[id].title[lang] not in texts
    for text in texts:
        assert text.count("\n") <= 3, f"{text} takes more than four lines"
    if lang == "en":
        # Of two words with one English name the second has the Chinese behind it.
        said = [re.sub("\\([\u3400-\u9fff\n]+\\)", "", text) for text in texts]
        left = {text for text in said if re.search("[\u3400-\u9fff]", text)}
        assert len(left) <= len(without_english(study)), left


@pytest.mark.parametrize("id", list(FIGURES))
def test_every_column_of_a_table_has_its_name_for_readers(study: Study, id: str) -> None:
    table = drawing(id, study).table
    shown = [c for c in table if re.sub("_(en|zh)$", "", str(c)) not in set(table) - {c}]
    assert [c for c in shown if not header_of(str(c), id).line] == []
    for lang in ("zh", "en"):
        heads = [header_of(str(c), id)[lang] for c in shown if c != "code"]
        assert len(set(heads)) == len(heads), heads


@pytest.mark.parametrize("id", list(FIGURES))
def test_the_options_of_a_note_line_have_their_chinese(study: Study, id: str) -> None:
    """A paper in Chinese has no engine: rjieba; lexicon: True below a figure."""
    options = {k: v for k, v in drawing(id, study).options.items() if "sha256" not in k}
    options |= Choice(3, ("改革",), ("education",)).told()
    assert options.keys() - {"terms", "panel"} <= names("option").keys()
    for name, value in options.items():
        chinese, english = (
            note_line(source="r", n=1, options={name: value}, lang=lang) for lang in ("zh", "en")
        )
        if name in ("panel", "compared_with"):
            # The hash of the reports beside stands in the sidecar; who they are has its English.
            assert not HAN.search(english)
            assert name == "compared_with" or value not in english
            continue
        assert not re.search("：(True|False|plan|review)", chinese)
        assert f" {name}: {value}." in english


OTHER = """2020年政府工作报告
各位代表:
一、2019年工作回顾
地区生产总值增长6.1%,一般公共预算收入达到12.5亿元,玄武岩纤维产量居全市第一。
二、2020年工作安排
地区生产总值增长6.5%左右,玄武岩纤维产量3万吨以上。
"""


NAMED_WHERE_SHOWN = (
    "fig-rank-frequency",
    "fig-terms-by-section",
    "fig-keyness",
    "fig-actual-vs-target",
    "fig-target-growth",
    "fig-kept-promises",
    "fig-report-keyness",
)


@pytest.mark.parametrize("which", ["seed", "other"])
def test_a_word_of_a_figure_has_an_english_name_or_is_listed(study: Study, which: str) -> None:
    study = study if which == "seed" else Study(Report.parse(OTHER))
    listed = set(without_english(study)["word"]) if which == "seed" else set()
    checked = 0
    for id in (
        FIGURES
        if which == "seed"
        else ("fig-growth-rates", "fig-actual-vs-target", "fig-ranks", "fig-word-cloud")
    ):
        table = drawing(id, study).table
        lacking = set(table.attrs.get("without_english", []))
        assert which == "other" or lacking <= listed
        for column in table.columns:
            if f"{column}_en" not in table.columns or id in NAMED_WHERE_SHOWN:
                continue
            for word, name in zip(table[column], table[f"{column}_en"], strict=True):
                if isinstance(word, str):
                    checked += 1
                    assert name or word in lacking, f"{id}: {word}"
                    assert not name or not HAN.search(name.replace(f" ({word})", "")), (
                        f"{id}: {name}"
                    )
    assert checked
    if which == "other":
        assert "玄武岩纤维产量" in drawing("fig-ranks", study).table.attrs["without_english"]
    else:
        assert without_english(study).empty


def test_a_figure_of_many_reports_says_that_there_are_others(study: Study) -> None:
    drawn = {id for id in FIGURES if "reference_reports" in drawing(id, study).options}
    assert drawn == {id for id, text in TEXTS.items() if text.of == "panel"}
    for id in FIGURES:
        said = [cite(id, study.report, style=style) for style in ("apa", "gbt7714")]
        assert ["beside other" in said[0], "参照报告集" in said[1]] == [id in drawn] * 2
