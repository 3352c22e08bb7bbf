"""Dispersion, lexical diversity, Zipf and Heaps against published values and their own
definitions."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.shared import PUBLISHED
from xiacheng_nlp.errors import TermError, TermWarning
from xiacheng_nlp.terms.distribution import (
    average_reduced_frequency,
    dispersion,
    diversity,
    fit_zipf,
    hdd,
    heaps,
    mattr,
    mtld,
    spread,
    yule_k,
    zipf,
)
from xiacheng_nlp.terms.selection import token_table

TEXT = PUBLISHED["lexdiv"]["text_tokens"].split()

letters = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=120)


def test_dispersion_gives_the_values_of_gries_2020():
    case = PUBLISHED["dispersion"]["gries_2020"]
    tokens = token_table([(None, str(n), part) for n, part in enumerate(case["parts"], start=1)])
    row = dispersion(tokens, terms=["a"], stop_words=None).iloc[0]
    published = case["a"]
    assert row["count"] == sum(published["freqs"])
    assert row["range"] == published["range"]
    assert row["dp"] == pytest.approx(published["DP"], abs=5e-5)


def test_dispersion_names_what_it_left_out():
    tokens = token_table(
        [(None, None, "发展 经济"), ("plan", "1", "发展 发展"), ("plan", "2", "经济 经济 发展")]
    )
    table = dispersion(tokens, min_count=2)
    assert table[["term", "count", "range"]].values.tolist() == [["发展", 3, 2], ["经济", 2, 1]]
    assert (table.attrs["units"], table.attrs["words_in_no_unit"]) == (2, 2)
    with pytest.warns(TermWarning, match="教育: in no section, so without a spread"):
        assert dispersion(tokens, terms=["教育", "发展"])["term"].tolist() == ["发展"]
    with pytest.warns(TermWarning, match="lower min_count"):
        assert dispersion(tokens, min_count=9).empty
    for unit, count in (("part", 1), ("section", 2), ("paragraph", 3), ("sentence", 3)):
        assert dispersion(tokens, min_count=2, by=unit).attrs["units"] == count


def test_one_unit_is_even():
    only = spread(np.array([[3.0]]), np.array([10.0]))
    assert only["dp"].tolist() == [0]


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 40)), min_size=2, max_size=12).filter(
        lambda x: any(f for f, _ in x)
    )
)
def test_dispersion_stays_in_its_bounds(units):
    counts = np.array([[f for f, _ in units]], dtype=float)
    sizes = np.array([f + rest + 1 for f, rest in units], dtype=float)
    found = {name: float(value[0]) for name, value in spread(counts, sizes).items()}
    assert -1e-9 <= found["dp"] <= 1 + 1e-9
    assert 0 < found["range"] <= len(units)


@settings(deadline=None)
@given(st.lists(st.integers(1, 30), min_size=2, max_size=8), st.integers(1, 4))
def test_a_term_that_follows_the_sizes_is_perfectly_even(sizes, times):
    found = spread(np.array([sizes], dtype=float), np.array(sizes, dtype=float) * times)
    assert float(found["dp"][0]) == pytest.approx(0, abs=1e-9)


@settings(deadline=None)
@given(st.integers(1, 20), st.integers(1, 20), st.integers(0, 10_000))
def test_arf_of_even_occurrences_is_their_number_and_of_one_clump_about_one(f, gap, shift):
    even = np.arange(f) * gap + shift % gap
    assert average_reduced_frequency(np.zeros(f, dtype=np.int64), even, 1, f * gap)[
        0
    ] == pytest.approx(f)
    clump = average_reduced_frequency(np.zeros(f, dtype=np.int64), np.arange(f), 1, f * 1000)[0]
    assert clump == pytest.approx(1 + (f - 1) / 1000)


@settings(deadline=None)
@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=80), st.integers(0, 79))
def test_arf_is_between_one_and_the_frequency_and_does_not_mind_where_the_circle_is_cut(text, cut):
    kinds = sorted(set(text))

    def arf(words):
        codes = np.array([kinds.index(word) for word in words], dtype=np.int64)
        return average_reduced_frequency(codes, np.arange(len(words)), len(kinds), len(words))

    values, turned = arf(text), arf(text[cut:] + text[:cut])
    np.testing.assert_allclose(values, turned)
    for kind, value in zip(kinds, values, strict=True):
        assert 1 - 1e-9 <= value <= text.count(kind) + 1e-9


def test_diversity_gives_published_values():
    published = PUBLISHED["lexdiv"]
    assert hdd(TEXT, sample=42) == pytest.approx(published["HDD42"], abs=1e-8)
    assert mattr(TEXT, window=25) == pytest.approx(published["MATTR25"], abs=1e-8)
    assert mtld(TEXT) == pytest.approx(published["MTLD_strict_below"], abs=1e-7)
    row = diversity(token_table([(None, None, " ".join(TEXT * 2))])).iloc[0]
    assert (row["tokens"], row["types"]) == (2 * published["N"], published["V"])
    assert row["mattr"] == pytest.approx(mattr(TEXT * 2))
    row = diversity(token_table([(None, None, " ".join(TEXT))])).iloc[0]
    assert (row["tokens"], row["types"]) == (published["N"], published["V"])
    assert row["ttr"] == pytest.approx(published["TTR"], abs=1e-8)
    assert row[["mtld", "hdd"]].tolist() == pytest.approx(
        [published[n] for n in ("MTLD_strict_below", "HDD42")]
    )
    assert math.isnan(row["mattr"])


def test_yules_k_is_ten_thousand_times_the_chance_that_two_draws_repeat():
    # two of "a", one of "b": of 9 ordered draws with return, 2 are of two different tokens of one
    # type
    assert yule_k(["a", "a", "b"]) == pytest.approx(1e4 * 2 / 9)
    assert yule_k(["a", "b"]) == 0


@settings(deadline=None)
@given(letters)
def test_hdd_is_the_mean_over_hypergeometric_draws(text):
    sample = min(5, len(text))
    expected = (
        sum(1 - stats.hypergeom(len(text), text.count(w), sample).pmf(0) for w in set(text))
        / sample
    )
    assert hdd(text, sample=sample) == pytest.approx(expected, abs=1e-9)


@settings(deadline=None)
@given(letters, st.integers(1, 10))
def test_mattr_is_the_mean_of_its_windows(text, window):
    windows = [text[i : i + window] for i in range(len(text) - window + 1)]
    if windows:
        assert mattr(text, window=window) == pytest.approx(
            sum(len(set(w)) / window for w in windows) / len(windows)
        )
    else:
        assert math.isnan(mattr(text, window=window))


@settings(deadline=None)
@given(letters)
def test_mtld_reads_both_ways_alike(text):
    assert mtld(text) == pytest.approx(mtld(text[::-1]), nan_ok=True)


def test_diversity_by_section_and_of_too_short_a_text():
    tokens = token_table([(None, "1", "发展 经济 25% ， 发展"), (None, "2", "社区")])
    table = diversity(tokens, by="section")
    assert table[["section", "tokens", "types"]].values.tolist() == [["1", 3, 2], ["2", 1, 1]]
    assert table["hdd"].isna().all()
    assert math.isnan(table["mtld"][1])
    with pytest.warns(TermWarning, match="no word"):
        assert diversity(token_table([])).empty


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: heaps(token_table([]), step=0), "step"),
    ],
)
def test_impossible_settings_are_refused(call, message):
    with pytest.raises(TermError, match=message):
        call()


@settings(deadline=None, max_examples=30)
@given(st.floats(0.6, 1.6), st.floats(0, 12))
def test_the_fit_finds_the_law_that_made_the_counts(s, q):
    counts = 1e9 / (np.arange(1, 400) + q) ** s
    found = fit_zipf(counts)
    assert found == pytest.approx((s, q), abs=2e-3 + 2e-3 * q)


def test_a_fit_without_shift_is_scipys_likelihood_maximum():
    # a head steeper than any power law: the best shift is none
    counts = np.array([900, 90, *np.round(40 / np.arange(3, 60))])
    s, q = fit_zipf(counts)
    ranks = np.arange(1, len(counts) + 1)
    likelihood = [
        float(counts @ stats.zipfian.logpmf(ranks, exponent, len(counts)))
        for exponent in (s - 0.01, s, s + 0.01)
    ]
    assert q == 0
    assert likelihood[1] == max(likelihood)


def test_zipf_ranks_all_words_and_expects_as_many():
    table = zipf(token_table([(None, None, "的 的 的 的 发展 发展 发展 经济 经济 社区 ， 7%")]))
    assert table[["rank", "term", "count"]].values.tolist() == [
        [1, "的", 4],
        [2, "发展", 3],
        [3, "经济", 2],
        [4, "社区", 1],
    ]
    assert table["expected"].sum() == pytest.approx(10)
    assert {"s", "q", "r_squared"} <= set(table.attrs)
    seen, fitted = np.log(table["count"]), np.log(table["expected"])
    assert table.attrs["r_squared"] == pytest.approx(
        1 - ((seen - fitted) ** 2).sum() / ((seen - seen.mean()) ** 2).sum(), abs=1e-4
    )
    with pytest.warns(TermWarning, match="1 different words are too few"):
        assert zipf(token_table([(None, None, "发展")]))["expected"].isna().all()


def test_heaps_counts_the_vocabulary_and_finds_the_power_law():
    grown = [f"w{math.isqrt(n)}" for n in range(1, 5001)]  # n tokens hold about √n types
    table = heaps(token_table([(None, None, " ".join(grown))]), step=100)
    assert table["tokens"].iloc[-1] == 5000
    assert table["types"].iloc[-1] == len(set(grown))
    assert table.attrs["beta"] == pytest.approx(0.5, abs=0.01)
    logs = np.log(table["expected"]) - np.log(table["types"])
    assert abs(logs.mean()) < 1e-3  # a line of least squares goes through the middle
    with pytest.warns(TermWarning, match="too few"):
        assert heaps(token_table([(None, None, "发展 经济")]))["types"].tolist() == [2]
