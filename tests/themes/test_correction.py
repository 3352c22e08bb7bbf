"""Attention corrected for the coder's mistakes: small cases by hand, and laws."""

import numpy as np
import pandas as pd
import pytest

from xiacheng_nlp import load_report
from xiacheng_nlp.errors import ThemeError
from xiacheng_nlp.themes.codebook import load_codebook
from xiacheng_nlp.themes.coding import code_themes
from xiacheng_nlp.themes.correction import _untangled, corrected_attention, mistaken


def test_two_themes_by_hand() -> None:
    """Of the first theme nine in ten are coded right, of the second eight: 55 % of the codes are
    the first where 0.9 p + 0.2 (1 − p) = 0.55, so that p = ½."""
    matrix = np.array([[[0.9, 0.1], [0.2, 0.8]]])
    assert _untangled(np.array([[0.55, 0.45]]), matrix)[0] == pytest.approx([0.5, 0.5], abs=1e-4)
    # Fewer of a code than even none of its theme would give: the share stays at 0.
    assert _untangled(np.array([[0.1, 0.9]]), matrix)[0] == pytest.approx([0, 1], abs=1e-3)


def test_the_shipped_matrix_is_of_the_codebook() -> None:
    counts = mistaken()
    assert counts.shape == (len(load_codebook().codes),) * 2
    assert 1900 < counts.sum() - len(counts) < 2000
    assert 0.8 < np.trace(counts) / counts.sum() < 0.9


def test_corrected_shares_add_up_and_lie_in_their_intervals() -> None:
    coded = code_themes(load_report())
    for by in ("theme", "domain"):
        table = corrected_attention(coded, by=by, resamples=60)
        assert table["share"].sum() == pytest.approx(1)
        assert table["corrected"].sum() == pytest.approx(1)
        assert (table["low"] <= table["corrected"] + 1e-9).all()
        assert (table["corrected"] <= table["high"] + 1e-9).all()
        assert (table["high"] < 0.6).all()
        pd.testing.assert_frame_equal(table, corrected_attention(coded, by=by, resamples=60))
    themes = corrected_attention(coded, resamples=60)
    domains = corrected_attention(coded, by="domain", resamples=60)
    sums = themes.groupby("domain")["corrected"].sum()
    assert dict(zip(domains["theme"], domains["corrected"], strict=True)) == pytest.approx(
        sums.to_dict()
    )


def test_only_mistakes_that_are_known_are_corrected() -> None:
    with pytest.raises(ThemeError, match="the mistakes are known of the trained coder alone"):
        corrected_attention(code_themes(load_report(), model=False))
