"""Draws and intervals: what they must add up to, and what they refuse."""

import numpy as np
import pytest
from scipy.stats import binomtest

from xiacheng_nlp.errors import XiachengError
from xiacheng_nlp.statistics import Bootstrap, drawn, percentiles, times_drawn, wilson


def test_wilson_is_that_of_scipy() -> None:
    for k, n in ((0, 10), (1, 10), (7, 9), (40, 90), (9, 9)):
        told = binomtest(k, n).proportion_ci(method="wilson")
        assert [float(end) for end in wilson(k, n)] == pytest.approx([told.low, told.high])
    assert np.isnan(wilson(0, 0)).all()


def test_units_are_drawn_as_often_as_there_are_units() -> None:
    assert (times_drawn(np.random.default_rng(3), 50, 7).sum(axis=1) == 7).all()
    assert (Bootstrap(resamples=50, seed=3).weights(7).sum(axis=1) == 7).all()
    assert Bootstrap(resamples=5).weights(0).shape == (5, 0)


def test_what_is_counted_is_what_was_drawn() -> None:
    places = drawn(np.random.default_rng(1), 9, 4)
    counted = times_drawn(np.random.default_rng(1), 9, 4)
    assert [np.bincount(row, minlength=4).tolist() for row in places] == counted.tolist()


def test_resamples_without_a_value_are_passed_over() -> None:
    bootstrap = Bootstrap(confidence=0.5)
    assert bootstrap.interval(np.array([np.nan, 1.0, 2.0, 3.0])) == (1.5, 2.5)
    assert bootstrap.interval(np.array([np.nan])) == (None, None)


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5])
def test_a_confidence_is_a_share(confidence: float) -> None:
    for call in (
        lambda: Bootstrap(confidence=confidence),
        lambda: percentiles(np.zeros((3, 1)), confidence),
        lambda: wilson(1, 2, confidence=confidence),
    ):
        with pytest.raises(XiachengError, match=f"confidence={confidence}: a share between 0"):
            call()
    with pytest.raises(XiachengError, match="resamples=0: an interval needs one resample"):
        Bootstrap(resamples=0)
