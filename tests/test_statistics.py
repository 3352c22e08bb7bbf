"""Draws and intervals: what they must add up to, and what they refuse."""

import weakref

import numpy as np
import pytest
from scipy.stats import beta, binomtest

from xiacheng_nlp import statistics
from xiacheng_nlp.errors import XiachengError
from xiacheng_nlp.statistics import (
    Bools,
    Rests,
    clustered,
    difference,
    effective,
    jeffreys,
    percentiles,
    permutation_p,
    resampled,
    share_of,
    wilson,
)


def test_wilson_is_that_of_scipy() -> None:
    for k, n in ((0, 10), (1, 10), (7, 9), (40, 90), (9, 9)):
        told = binomtest(k, n).proportion_ci(method="wilson")
        assert [float(end) for end in wilson(k, n)] == pytest.approx([told.low, told.high])
    assert np.isnan(wilson(0, 0)).all()


def test_units_are_drawn_as_often_as_there_are_units() -> None:
    assert (resampled(7, 50).sum(axis=1) == 7).all()
    assert resampled(0, 5).shape == (5, 0)


def test_intervals_over_clusters_by_hand() -> None:
    """Two clusters of two sentences, one with the answer in both, one in none: v = ½ · 2 · (1² +
    1²)·… is that of two units, and so is what it borrows from."""
    low, high = clustered(np.array([[2.0], [0]]), np.array([2.0, 2]))
    t = 2.5705818  # of five degrees of freedom: one, and four borrowed
    # v = 2/1 · (1 + 1)/16 = 1/4 against 1/8 of two units, 1:4, so that n = ¼ / 0.15.
    n = 0.25 / (0.25 * 1 / 5 + 0.125 * 4 / 5)
    half = t * np.sqrt(0.25 / n + t * t / (4 * n * n)) / (1 + t * t / n)
    assert (low[0], high[0]) == pytest.approx((0.5 - half, 0.5 + half))


def test_intervals_over_clusters_hold_every_share() -> None:
    random = np.random.default_rng(5)
    for columns in (1, 2, 5):
        over = random.integers(0, 3, (6, columns)).astype(float)
        of = over.sum(axis=1) + random.integers(1, 4, 6)
        low, high = clustered(over, of)
        share = over.sum(axis=0) / of.sum()
        assert ((low >= 0) & (low <= share) & (share < high) & (high <= 1)).all()
        padded = clustered(np.vstack([over, 0 * over[:1]]), np.append(of, 0))
        assert np.array_equal(padded, (low, high))  # a cluster of nothing tells nothing
    assert np.isnan(clustered(np.array([[1.0]]), np.array([2.0]))).all()
    low, high = clustered(np.zeros((9, 3)), np.ones(9))
    assert (low == 0).all()
    assert ((high > 0.1) & (high < 0.5)).all()


@pytest.mark.parametrize("size", [2, 3, 6])
def test_intervals_of_a_word_s_share_hold_it_with_few_reports_too(size: int) -> None:
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(400):
        words = rng.integers(5_000, 20_000, size)
        found = rng.poisson(words * rng.gamma(2, 0.0005, size))
        (low,), (high,) = clustered(found[:, None].astype(float), words.astype(float), borrowed=0)
        held += low <= 0.001 <= high
    assert held >= 0.9 * 400


def test_shares_of_one_count_take_one_interval() -> None:
    low, high = wilson([1, 2], 10)
    assert (low == [wilson(1, 10)[0], wilson(2, 10)[0]]).all()
    assert (low < high).all()


def test_a_difference_is_told_by_the_intervals_of_its_shares() -> None:
    size, normal = np.array([24.0]), 1.959963984540054
    told = [(np.array([share]), size, normal) for share in (0.25, 0.125)]
    (low, high), (least, most) = (beta.ppf([0.025, 0.975], k + 0.5, 24.5 - k) for k in (6, 3))
    ends = 0.125 - np.hypot(0.25 - low, most - 0.125), 0.125 + np.hypot(high - 0.25, 0.125 - least)
    assert [float(end[0]) for end in difference(*told)] == pytest.approx(ends)
    # With a wider quantile a share rests on fewer units: here on a quarter of them.
    assert np.allclose(jeffreys(told[0][0], 4 * size, 2 * normal), jeffreys(*told[0]))
    ends = difference((np.zeros(1), size, normal), (np.ones(1), size, normal))
    assert (ends[0] == -1) & (ends[1] > -1)


def test_how_many_orders_are_told_at_once_changes_no_p(monkeypatch: pytest.MonkeyPatch) -> None:
    of, own = np.random.default_rng(1).integers(0, 9, (12, 3)), np.arange(12) < 4
    beyond = of - of.mean(axis=0)
    usual = permutation_p(lambda orders: orders @ beyond, own)
    assert ((usual > 0) & (usual <= 1)).all()
    monkeypatch.setattr(statistics, "AT_ONCE", 1000)
    assert (permutation_p(lambda orders: orders @ beyond, own) == usual).all()


def test_differences_of_small_shares_hold_as_often_as_they_say() -> None:
    """Two parts of 20 paragraphs, of 1 to 8 sentences that mostly share their theme. From Wilson's
    intervals the differences of themes of a twentieth to a tenth hold in 98 of 100 draws."""
    random, themes = np.random.default_rng(2), np.array([0.02, 0.05, 0.1, 0.1, 0.2, 0.53])

    def drawn() -> Rests:
        sizes, shares = random.integers(1, 9, 20), random.dirichlet(themes, 20)
        over = random.multinomial(sizes, shares).astype(float)
        return effective(over, over.sum(axis=1))

    ends = [difference(drawn(), drawn()) for _ in range(500)]
    held = np.mean([(low <= 0) & (high >= 0) for low, high in ends], axis=0)
    assert 0.93 <= held[1:4].mean() <= 0.97


def test_three_shares_borrow_little() -> None:
    """What a few shares tell of how clusters differ is hardly more than each tells itself."""
    random = np.random.default_rng(6)
    pool = random.dirichlet([0.8, 1, 0.1], 60) * random.integers(1, 7, (60, 1))
    true, held = pool.sum(axis=0) / pool.sum(), list[Bools]()
    for _ in range(1500):
        over = pool[random.integers(0, 60, 5)]
        low, high = clustered(over, over.sum(axis=1))
        held.append((low <= true) & (true <= high))
    assert np.mean(held, axis=0).min() > 0.93


def test_resamples_without_a_value_are_passed_over() -> None:
    low, high = percentiles(np.array([np.nan, 0.0, 20.0, 40.0]))
    assert (low, high) == pytest.approx((1.0, 39.0))
    assert percentiles(np.array([np.nan])) == (None, None)


def test_an_interval_needs_a_resample() -> None:
    with pytest.raises(XiachengError, match="resamples=0: give 1 or more"):
        resampled(3, 0)


def test_large_draws_are_not_kept() -> None:
    """Of 20,000 units they take 340 MB."""
    small = resampled(20)
    assert resampled(20) is small
    large = weakref.ref(resampled(400_001, 10))
    assert large() is None


def test_a_share_of_nothing_is_null() -> None:
    value, low, high = share_of(np.array([0, 0]), np.array([0, 0]), 10)
    assert np.isnan(value)
    assert (low, high) == (None, None)
