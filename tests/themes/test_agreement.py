"""Agreement: published values, the rule of matching and scoring, gold files."""

import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from xiacheng_nlp import resources as bundle
from xiacheng_nlp.errors import DataFileError, ThemeError, XiachengError
from xiacheng_nlp.statistics import resampled
from xiacheng_nlp.themes.agreement import (
    agreement_by_code,
    agreement_table,
    confusion,
    matched,
    read_theme_gold,
)
from xiacheng_nlp.themes.codebook import load_codebook
from xiacheng_nlp.themes.coefficients import _alphas, cohen_kappa, krippendorff_alpha

# Four observers, twelve units (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability",
# example C): nominal alpha 0.743.
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]


def spread(table):
    """Two coders' sequences with these joint counts."""
    first, second = [], []
    for a, row in enumerate(table):
        for b, count in enumerate(row):
            first += [f"c{a}"] * count
            second += [f"c{b}"] * count
    return first, second


def test_alpha_of_the_published_example():
    alpha = krippendorff_alpha(*OBSERVERS)
    assert round(alpha.value, 3) == 0.743
    assert (alpha.n, alpha.left_out) == (11, 1)
    assert alpha.low < alpha.value < alpha.high


def test_alpha_of_two_observers():
    # Krippendorff 2011, example B: two observers, twelve units, five nominal values, alpha 0.692.
    first, second = "aabbdcccedda", "babbbccceddd"
    assert round(krippendorff_alpha(first, second).value, 3) == 0.692


def test_kappa_of_cohens_example():
    # Cohen 1960, table 1: two judges, 200 cases, three categories, in shares of 200; kappa 0.492.
    first, second = spread([[88, 10, 2], [14, 40, 6], [18, 10, 12]])
    assert round(cohen_kappa(first, second).value, 3) == 0.492


def test_a_table_is_no_coder():
    table = pd.DataFrame({"start": [0, 9], "themes": [("growth",), ("law",)]})
    for coefficient in (cohen_kappa, krippendorff_alpha):
        with pytest.raises(ThemeError, match="no table; agreement_table compares"):
            coefficient(table, table)


def test_kappa_is_that_of_the_library():
    first, second = spread([[7, 2, 0], [1, 5, 3], [2, 0, 9]])
    assert math.isclose(cohen_kappa(first, second).value, cohen_kappa_score(first, second))


def alpha_by_coincidences(counts):
    """Nominal alpha as Krippendorff 2011 writes it: by the matrix of coincidences o_ck."""
    kinds = range(counts.shape[1])
    coincidences = np.zeros((counts.shape[1], counts.shape[1]))
    for unit in counts:
        for c in kinds:
            for k in kinds:
                coincidences[c, k] += unit[c] * (unit[k] - (c == k)) / (unit.sum() - 1)
    sums = coincidences.sum(axis=1)
    apart = coincidences.sum() - np.trace(coincidences)
    expected = (sums.sum() ** 2 - (sums**2).sum()) / (sums.sum() - 1)
    return 1 - apart / expected


def test_the_alpha_of_the_resamples_is_that_of_the_definition():
    counts = np.array([[2, 0, 0], [1, 1, 0], [0, 2, 1], [0, 0, 2], [1, 0, 1], [0, 3, 0]])
    for weights in resampled(len(counts), 20):
        again = np.repeat(counts, weights, axis=0)
        assert math.isclose(_alphas(counts, weights[None])[0], alpha_by_coincidences(again))


CODES = st.lists(st.sampled_from(["growth", "reform", "law", "health"]), min_size=2, max_size=30)
PAIRS = st.lists(
    st.tuples(*[st.sampled_from(["growth", "reform", "law"])] * 2), min_size=2, max_size=25
)


@given(CODES)
def test_a_coder_agrees_with_itself(codes):
    for coefficient in (
        cohen_kappa(codes, codes, resamples=20),
        krippendorff_alpha(codes, codes, resamples=20),
    ):
        if len(set(codes)) > 1:
            assert math.isclose(coefficient.value, 1)
        else:
            assert coefficient.value is None
            assert f"all codes are {codes[0]}" in coefficient.note


@given(PAIRS, st.permutations(["growth", "reform", "law"]), st.randoms(use_true_random=False))
def test_names_order_and_sides_do_not_matter(pairs, names, random):
    new = dict(zip(["growth", "reform", "law"], names, strict=True))
    other = [(new[b], new[a]) for a, b in pairs]
    random.shuffle(other)
    for measure in (cohen_kappa, krippendorff_alpha):
        one, two = (measure(*zip(*some, strict=True), resamples=5).value for some in (pairs, other))
        assert one == two or math.isclose(one, two, abs_tol=1e-12)


@given(PAIRS)
def test_chance_corrected_agreement_is_at_most_one(pairs):
    first, second = zip(*pairs, strict=True)
    for coefficient in (
        cohen_kappa(first, second, resamples=50),
        krippendorff_alpha(first, second, resamples=50),
    ):
        if coefficient.value is not None:
            assert -1 <= coefficient.value <= 1 + 1e-12
            assert coefficient.low <= coefficient.high


@pytest.mark.parametrize(
    ("measure", "coders", "n", "left_out", "note"),
    [
        (krippendorff_alpha, ([], []), 0, 0, "no unit has codes of two coders"),
        (
            krippendorff_alpha,
            (["law", None], [None, "law"]),
            0,
            2,
            "no unit has codes of two coders",
        ),
        (
            krippendorff_alpha,
            (["law", "law", "reform"], ["law", "law", None]),
            2,
            1,
            "all codes are law",
        ),
        (cohen_kappa, ([], []), 0, 0, "no unit has codes of both coders"),
        (
            cohen_kappa,
            (["law", float("nan"), ""], [None, "law", "law"]),
            0,
            3,
            "no unit has codes of both coders",
        ),
        (cohen_kappa, (["law", "law"], ["law", "law"]), 2, 0, "all codes are law"),
    ],
)
def test_where_nothing_is_defined_it_is_said(measure, coders, n, left_out, note):
    found = measure(*coders)
    assert (found.value, found.low, found.high, found.n, found.left_out) == (
        None,
        None,
        None,
        n,
        left_out,
    )
    assert found.note.startswith("not defined: ")
    assert note in found.note


def test_resamples_without_a_value_are_told():
    found = cohen_kappa(["law"] * 5 + ["reform"], ["law"] * 5 + ["reform"], resamples=200)
    assert found.value == 1
    assert "resamples, which are passed over" in found.note


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: krippendorff_alpha(["law"]), "among two coders or more, not 1"),
        (lambda: cohen_kappa(["law"], ["law", "law"]), "the coders have 1, 2"),
        (lambda: cohen_kappa(["law"], ["law"], resamples=0), "resamples=0"),
    ],
)
def test_what_cannot_be_compared_is_said(call, message):
    with pytest.raises(XiachengError, match=message):
        call()


def test_the_same_codings_give_the_same_interval():
    first, second = spread([[7, 2, 0], [1, 5, 3], [2, 0, 9]])
    assert cohen_kappa(first, second) == cohen_kappa(first, second)


def coding(rows):
    return pd.DataFrame(rows, columns=["start", "end", "themes", "instrument"])


CODED = coding(
    [
        (0, 10, ("growth", "industry"), "none"),
        (10, 20, ("reform",), "environment"),
        (22, 31, ("law", "reform"), "environment"),  # its borders differ from the gold's
        (40, 50, ("health",), "supply"),
        (50, 60, (), None),
        (80, 90, ("urban",), "supply"),  # of nothing that the gold holds
    ]
)


def gold_row(id, start, end, main, both, either, instrument):
    """A row of a gold file; codes are given with blanks between them."""
    codes = dict(main=main, both=both, either=either, instrument=instrument)
    return dict(id=id, start=start, end=end) | {key: some.split() for key, some in codes.items()}


GOLD_ROWS = [
    gold_row(1, 0, 10, "growth", "growth", "growth industry", "none"),
    gold_row(2, 10, 20, "law reform", "law", "law reform", "supply"),
    gold_row(3, 20, 32, "law", "law", "law", "environment supply"),
    gold_row(4, 40, 50, "welfare", "health welfare", "health welfare", "supply"),
    gold_row(5, 50, 60, "general", "general", "general", "none"),
    gold_row(6, 60, 100, "urban", "urban", "urban", "demand"),  # half of no coded sentence
]


@pytest.fixture
def gold(tmp_path):
    path = tmp_path / "themes.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in GOLD_ROWS), encoding="utf-8")
    return read_theme_gold(path)


def test_the_figures_are_those_of_the_written_rule(gold):
    found = agreement_table(CODED, gold, resamples=50).set_index("measure")
    # Right: 1, 2 (reform is accepted), 3, 5; sentence 6 has no match and counts as wrong.
    assert found.loc["main_accuracy", ["value", "hits", "n"]].tolist() == [4 / 6, 4, 6]
    # Sentences 1, 3, 4, 5 have one accepted theme and a match: growth, law, welfare, general
    # against growth, law, health, general.
    assert found.loc["main_kappa", "n"] == 4
    assert math.isclose(found.loc["main_kappa", "value"], (3 / 4 - 3 / 16) / (1 - 3 / 16))
    # Right: growth, law (3), health, general. Wrong: reform (3). Missed: law (2), welfare, urban.
    assert found.loc["codes_precision", ["value", "hits", "n"]].tolist() == [4 / 5, 4, 5]
    assert found.loc["codes_recall", ["value", "hits", "n"]].tolist() == [4 / 7, 4, 7]
    assert math.isclose(found.loc["codes_f1", "value"], 2 * (4 / 5) * (4 / 7) / (4 / 5 + 4 / 7))
    # Right: 1, 3 (both labels pass), 4, 5 (no instrument told is none).
    assert found.loc["instrument_accuracy", ["value", "hits", "n"]].tolist() == [4 / 6, 4, 6]


def test_what_has_no_match_is_reported(gold):
    table = agreement_table(CODED, gold, resamples=5)
    assert table.attrs["unmatched"] == [(60, 100)]
    assert table.attrs["elsewhere"] == 1
    assert "1 of 6 sentences have no match and count as wrong" in table.attrs["note"]
    table = confusion(CODED, gold)
    assert table["theme"].isna().tolist() == [True] + [False] * 5
    assert table.fillna("-").values.tolist() == [
        ["-", "urban", 1],
        ["general", "general", 1],
        ["growth", "growth", 1],
        ["health", "welfare", 1],
        ["law", "law", 1],
        ["reform", "reform", 1],
    ]


def test_codes_add_up_to_the_whole(gold):
    codes = agreement_by_code(CODED, gold, resamples=5).set_index("code")
    assert codes[["right", "wrong", "missed"]].sum().tolist() == [4, 1, 3]
    assert codes.loc["industry", ["open", "other", "coded"]].tolist() == [1, 0, 1]
    assert codes.loc["law", ["precision", "recall"]].tolist() == [1.0, 0.5]
    assert codes.loc[["industry"], "precision"].isna().all()


def test_of_two_candidates_the_one_that_shares_more_counts():
    coded = coding([(0, 6, ("law",), "none"), (6, 20, ("reform",), "none")])
    assert matched(coded, coding([(4, 18, ("law",), "none")]))["coded_start"].tolist() == [6]


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), min_size=1, max_size=12), st.data()
)
def test_matching_meets_the_rule_read_literally(spans, data):
    coded = coding([(a, a + n, ("law",), "none") for a, n in spans])
    start, size = data.draw(st.tuples(st.integers(0, 60), st.integers(1, 20)))
    other = coding([(start, start + size, ("law",), "none")])
    best, share = None, 0
    for a, b in sorted(((a, a + n) for a, n in spans), key=lambda span: span[0]):
        common = min(b, start + size) - max(a, start)
        if common > share:
            best, share = (a, b), common
    if best is None or share * 2 < max(size, best[1] - best[0]):
        with pytest.raises(XiachengError, match="none of the 1 sentences"):
            matched(coded, other)
    else:
        assert matched(coded, other)[["coded_start", "coded_end"]].values.tolist() == [list(best)]


def test_a_coding_agrees_with_itself():
    told = CODED.assign(instrument=CODED["instrument"].fillna("none"))
    table = agreement_table(told, told, resamples=20)
    assert (table[["value", "high"]] == 1).all().all()
    assert (table["low"] < 1).all()


def test_a_sheet_without_instruments_is_not_held_against_the_coding():
    other = CODED.head(3).assign(instrument=["none", None, None])
    found = agreement_table(CODED, other, resamples=5).set_index("measure")
    assert found.loc["instrument_accuracy", ["hits", "n"]].tolist() == [1, 1]
    assert (
        "instrument_kappa: not defined" in agreement_table(CODED, other, resamples=5).attrs["note"]
    )


def test_different_reports_are_not_compared():
    one, two = CODED.copy(), CODED.copy()
    one.attrs["sha256"], two.attrs["sha256"] = "a", "b"
    with pytest.raises(XiachengError, match="different reports"):
        matched(one, two)


def test_a_table_without_themes_is_refused():
    with pytest.raises(XiachengError, match="a coding has a column themes or theme"):
        matched(CODED, pd.DataFrame({"start": [0], "end": [10]}))


def test_the_gold_of_the_seed_has_only_codes_of_the_codebook(seed):
    gold = read_theme_gold(bundle.folder("gold") / "xiacheng-2014.themes.gold.jsonl")
    codebook = load_codebook()
    assert set(gold["either"].explode()) <= set(codebook.codes)
    assert set(gold["instrument"].explode()) <= set(codebook.instrument_codes)
    spans = {(sentence.start, sentence.end) for sentence in seed.sentences}
    assert set(zip(gold["start"], gold["end"], strict=True)) <= spans


ROW = GOLD_ROWS[0]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], r"gold\.jsonl:1: empty"),
        (["{"], r"gold\.jsonl:1: no JSON"),
        (["", "[1]"], r"gold\.jsonl:2: a row must be an object, not list"),
        (
            [{"id": 1, "start": 0}],
            r":1: a row has end, main, both, either, instrument too",
        ),
        ([ROW | {"end": 0}], r":1: a span runs forward .* from 0 to 0"),
        ([ROW | {"end": 10**30}], r":1: a span runs forward .* from 0 to 1000"),
        ([ROW | {"start": "0"}], r":1: a span runs forward .* from '0' to 10"),
        ([ROW | {"main": "growth"}], r":1: main must be a list of codes, not 'growth'"),
        ([ROW | {"instrument": []}], r":1: instrument must name one code at least"),
        ([ROW | {"main": ["law"]}], r":1: main holds law, but either does not"),
        ([ROW, ROW], r":2: the sentence at 0 stands already in line 1"),
    ],
)
def test_what_is_wrong_with_a_gold_file_is_said_with_its_line(tmp_path, lines, message):
    path = tmp_path / "gold.jsonl"
    path.write_text(
        "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines),
        encoding="utf-8",
    )
    with pytest.raises(DataFileError, match=message):
        read_theme_gold(path)


@pytest.mark.parametrize("key", ["either", "instrument"])
def test_a_code_that_the_codebook_lacks_is_said(tmp_path, key):
    path = tmp_path / "gold.jsonl"
    row = ROW | {key: [*ROW[key], "educatoin"]}
    path.write_text(json.dumps(row), encoding="utf-8")
    assert len(read_theme_gold(path)) == 1
    with pytest.raises(DataFileError, match=rf"gold\.jsonl:1: {key}: educatoin is no code"):
        read_theme_gold(path, load_codebook())


def test_a_gold_file_that_cannot_be_read_is_said(tmp_path):
    with pytest.raises(DataFileError, match=r"gone\.jsonl: cannot be read"):
        read_theme_gold(tmp_path / "gone.jsonl")
    (tmp_path / "gbk.jsonl").write_bytes("\n增长".encode("gbk"))
    with pytest.raises(DataFileError, match=r"gbk\.jsonl:2: byte 1 is not UTF-8"):
        read_theme_gold(tmp_path / "gbk.jsonl")


def test_without_disagreement_the_interval_has_a_width() -> None:
    codes = ["growth", "law", "reform"] * 10
    for coefficient in (cohen_kappa(codes, codes), krippendorff_alpha(codes, codes)):
        assert coefficient.value == coefficient.high == 1
        # Wilson's lower end of 30 of 30 is 0.886; a third is chance.
        assert coefficient.low == pytest.approx(1 - (1 - 0.8865) / (2 / 3), abs=0.01)


def test_a_sheet_that_nobody_filled_in_agrees_in_nothing() -> None:
    coded = pd.DataFrame(dict(start=[0, 9], end=[9, 20], themes=[("growth",), ("law",)]))
    table = agreement_table(coded, coded.head(0))
    assert table["value"].isna().all()
    assert (table["n"] == 0).all()


def test_the_most_frequent_code_stands_first() -> None:
    places = {"start": [0, 9, 20], "end": [9, 20, 30]}
    coded = pd.DataFrame({**places, "themes": [("growth",), ("law",), ("law",)]})
    assert list(agreement_by_code(coded, coded)["code"]) == ["law", "growth"]


def test_whole_numbers_are_the_same_codes_in_a_column_that_lacks_one():
    first, second = [1, 2, 1, 2, 3], [1.0, 2.0, 1.0, math.nan, 3.0]
    for coefficient in (cohen_kappa, krippendorff_alpha):
        found = coefficient(first, second)
        assert (found.value, found.n, found.left_out) == (1, 4, 1)
    assert cohen_kappa([0.5, 1.0], ["0.5", "1"]).value == 1


def test_codings_of_several_reports_in_one_table_are_refused():
    coded = pd.DataFrame({"start": [0, 9], "end": [9, 20], "themes": [("growth",), ("law",)]})
    several = pd.concat([coded, coded], ignore_index=True)
    with pytest.raises(ThemeError, match="of several reports"):
        matched(several.assign(report=list("aabb")), coded)
    with pytest.raises(ThemeError, match="of several reports"):
        agreement_table(coded, several)


def test_a_clause_within_a_sentence_may_be_coded_too():
    coded = pd.DataFrame({"start": [0, 5], "end": [5, 9], "themes": [("growth",), ("law",)]})
    nested = coded.assign(start=[0, 0], instrument="none")
    assert matched(coded.assign(instrument="none"), nested)["agrees"].tolist() == [True, False]


def test_a_single_unit_has_no_interval():
    for coefficient in (cohen_kappa, krippendorff_alpha):
        found = coefficient(["growth"], ["law"])
        assert (found.value, found.low, found.high, found.n) == (0, None, None, 1)
