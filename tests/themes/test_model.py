"""The trained coder: what it learned from, what it says beside the codes, where it is silent."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from xiacheng_nlp import resources
from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.themes.agreement import agreement_table, read_theme_gold
from xiacheng_nlp.themes.codebook import Codebook, load_codebook
from xiacheng_nlp.themes.coding import code_themes
from xiacheng_nlp.themes.model import (
    Around,
    calibrated,
    gathered,
    grams,
    keys_of,
    load_model,
    read_as,
    softmax,
)

LINES = ["各位代表:", "一、2014年工作", "(一)办好教育", "新建小学3所,培训教师百人。全面完成任务。"]
TEXT = "\n".join([*LINES, "整治河道5条。"])  # "schools, teachers", "all tasks done", "rivers"


def test_it_was_trained_with_the_codebook_of_the_package() -> None:
    told = "without it no sentence is coded by the trained coder: run tools/train_themes.py"
    assert load_model().about["codebook_sha256"] == load_codebook().sha256, told


def test_reports_kept_for_totals_and_held_out_taught_it_nothing() -> None:
    about = load_model().about
    trained, kept = set(about["trained_on"]), set(about["kept_for_totals"])
    assert not trained & {*kept, "miyi-2023", "gaotang-2023"}
    assert (len(trained), about["reports"], len(kept)) == (160, 160, 12)
    told = resources.folder("gold").joinpath("README.md").read_text(encoding="utf-8")
    assert ", ".join(sorted(kept)) in told


def test_what_it_learned_from_further_reports_stands_in_the_gold() -> None:
    places = resources.folder("gold") / "coded-sentences.tsv"
    columns = ("report", "start", "end", "themes", "instrument")
    rows, book = read_table(places, columns=columns), load_codebook()
    about = load_model().about
    assert {row["report"] for row in rows} <= set(about["trained_on"]) - {"xiacheng-2014"}
    assert {code for row in rows for code in row["themes"].split("|")} <= set(book.codes)
    assert {row["instrument"] for row in rows} <= set(book.instrument_codes)
    assert all(int(row["start"]) < int(row["end"]) for row in rows)


def test_the_rest_of_a_paragraph_counts_by_the_root_of_its_sentences() -> None:
    none, coded = np.full(4, -1), np.array([True, True, True, False])
    around = Around(
        **dict.fromkeys(("run_in", "heading", "above", "before"), none),
        paragraph=np.zeros(4, np.int64),
        coded=coded,
        ahead=coded,
        heads=~coded,
    )
    told = gathered("paragraph", np.array([[1.0], [2.0], [4.0], [8.0]]), around)
    assert told[:3].round(6).ravel().tolist() == [4.242641, 3.535534, 2.12132]


def test_it_is_small_and_holds_no_sentence() -> None:
    assert len(packaged("themes/coder.npz").read_bytes()) < 3_000_000
    keys = load_model().keys.to_numpy()
    assert keys.dtype == np.uint64  # sixteen bits a character: four characters and no more
    assert (np.diff(keys.astype(object)) > 0).all()


def test_it_beats_the_phrases_at_every_level_of_government() -> None:
    scores = load_model().about["scores"]
    for levels in ("levels_by_report", "levels_left_out"):
        for level in scores[levels].values():
            # That of the nation too, though no other speaks of foreign affairs and defence.
            assert level["model"]["main"] > level["phrases"]["main"]
            assert level["model"]["instrument"] > level["phrases"]["instrument"]


def test_a_sentence_without_words_of_its_own_follows_its_heading() -> None:
    table = code_themes(Report.parse(TEXT))
    assert table["themes"].str[0].tolist() == ["education", "education", "environment"]


def test_probabilities_are_shares_and_doubt_is_told() -> None:
    table = code_themes(Report.parse(TEXT))
    assert table["probability"].between(0, 1).all()
    assert table["probability"][1] < table["probability"][0]


def test_the_characters_that_speak_most_are_named_and_do_not_overlap(seed: Report) -> None:
    table = code_themes(seed)
    named = 0
    for row in table.to_dict("records"):
        spans = sorted((e["start"], e["end"]) for e in row["evidence"] if e["kind"] == "model")
        assert len(spans) <= 3
        assert all(a[1] <= b[0] for a, b in pairwise(spans))
        assert {e["code"] for e in row["evidence"] if e["kind"] == "model"} <= {row["themes"][0]}
        named += bool(spans)
    assert named > len(table) / 3


def test_by_phrases_alone_there_is_no_probability() -> None:
    table = code_themes(Report.parse(TEXT), model=False)
    assert table["probability"].isna().all()
    assert table.attrs["model"] is None
    assert all(e["kind"] != "model" for found in table["evidence"] for e in found)


def test_another_codebook_is_coded_by_its_phrases() -> None:
    own = load_codebook()
    other = Codebook(
        name="own.tsv",
        sha256="0",
        themes=own.themes,
        instruments=own.instruments,
        phrases=own.phrases,
    )
    assert code_themes(Report.parse(TEXT), other)["probability"].isna().all()


def test_the_score_of_the_seed_is_in_sample(seed: Report) -> None:
    gold = read_theme_gold(resources.folder("gold") / "xiacheng-2014.themes.gold.jsonl")
    said = agreement_table(code_themes(seed), gold, resamples=5).set_index("measure")["value"]
    assert said["main_accuracy"] >= 0.94
    assert said["codes_f1"] >= 0.89
    assert said["instrument_accuracy"] >= 0.87
    assert "xiacheng-2014" in load_model().about["trained_on"]


def test_grams_are_those_that_can_be_counted_by_hand() -> None:
    known = pd.Index(keys_of(["学校学"])[1]).unique()  # "school", and its first character again
    found = grams(["学校学", "校外", ""], known, np.ones(len(known), np.float32))
    assert np.bincount(found.row, minlength=3).tolist() == [5, 1, 0]
    assert np.bincount(found.row, weights=found.value**2, minlength=3) == pytest.approx([1, 1, 0])


def test_what_is_written_otherwise_is_read_alike() -> None:
    assert read_as("Ｇ20、12％") == read_as("g99、34%")
    assert len(read_as("𠀀学校")) == 3


def test_probabilities_sum_to_one() -> None:
    assert softmax(np.array([[1.0, 2.0], [900.0, 0.0]])).sum(axis=1) == pytest.approx([1, 1])
    assert softmax(np.zeros((0, 3))).shape == (0, 3)


def test_what_it_says_of_its_sureness_holds_on_reports_that_did_not_calibrate_it() -> None:
    model = load_model()
    counts, scores, right = np.array(model.about["scores"]["totals"]["reliability"]).T
    said = calibrated(scores, model.about["calibration"])
    before, after = (counts @ abs(told - right) / counts.sum() for told in (scores, said))
    assert after < 0.015 < 0.03 < before


def test_calibration_keeps_the_order_and_stays_a_probability() -> None:
    said = calibrated(np.linspace(0, 1, 101), load_model().about["calibration"])
    assert (np.diff(said) > 0).all()
    assert 0 <= said[0] < said[-1] <= 1
