"""Measures of 2×2 tables against published values and against scipy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.shared import PUBLISHED
from xiacheng_nlp.terms import contingency as c

KEYNESS = {
    "LogRatio": c.log_ratio,
    "LL2": c.g2_two_cell,
    "G2": lambda a, b, n, m: c.g2(a, b, n - a, m - b),
    "chi2": lambda a, b, n, m: c.chi2(a, b, n - a, m - b),
}
ASSOCIATION = {
    "t": c.t_score,
    "PMI": c.pmi,
    "G2": c.ASSOCIATION["g2"],
    "logDice": c.log_dice,
    "chi2": lambda f11, f1, f2, n: c.chi2(f11, f1 - f11, f2 - f11, n - f1 - f2 + f11),
}


@pytest.mark.parametrize("case", PUBLISHED["keyness_2x2"]["cases"], ids=lambda case: case["src"])
def test_keyness_measures_give_published_values(case):
    expected = {name: value for name, value in case.items() if name in KEYNESS}
    found = {
        name: float(KEYNESS[name](case["a"], case["b"], case["c"], case["d"])) for name in expected
    }
    assert len(expected) >= 4
    assert found == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize("case", PUBLISHED["collocation"]["cases"], ids=lambda case: case["src"])
def test_association_measures_give_published_values(case):
    expected = {name: value for name, value in case.items() if name in ASSOCIATION}
    found = {name: float(ASSOCIATION[name](*(float(f) for f in case["f"]))) for name in expected}
    assert expected
    assert found == pytest.approx(expected, abs=5e-6)


@pytest.mark.parametrize("case", PUBLISHED["dunning_1993_bigrams"], ids=lambda case: case["pair"])
def test_four_cell_g2_gives_the_values_of_dunning_1993(case):
    # the paper's counts are rounded off by one here and there: "previous year" comes to 256.83
    # against its 256.84
    assert float(c.g2(case["n11"], case["n12"], case["n21"], case["n22"])) == pytest.approx(
        case["G2"], abs=0.015
    )


@pytest.mark.parametrize(
    ("words", "f1", "f2", "t", "pmi"),
    [
        ("Ayatollah Ruhollah", 42, 20, 4.4721, 18.38),
        ("Agatha Christie", 30, 117, 4.4720, 16.31),
        ("videocassette recorder", 77, 59, 4.4720, 15.94),
        ("unsalted butter", 24, 320, 4.4720, 15.19),
        ("first made", 14907, 9017, 2.3714, 1.09),
        ("over many", 13484, 10570, 2.2446, 1.01),
        ("into them", 14734, 13478, 1.3685, 0.53),
        ("like people", 14093, 14776, 1.2176, 0.46),
        ("time last", 15019, 15629, 0.8036, 0.29),
    ],
)
def test_t_and_pmi_give_tables_5_6_and_5_14_of_manning_and_schuetze_1999(words, f1, f2, t, pmi):
    assert float(c.t_score(20, f1, f2, 14307668)) == pytest.approx(t, abs=1e-4)
    assert float(c.pmi(20, f1, f2, 14307668)) == pytest.approx(pmi, abs=0.005)


def test_delta_p_gives_of_course_of_gries_2013():
    counts = (5610.0, 174548.0, 7867.0, 10409868.0)  # of course, of, course, all
    assert float(c.ASSOCIATION["delta_p_collocate"](*counts)) == pytest.approx(0.032, abs=5e-4)
    f11, of, course, everything = counts
    assert float(c.delta_p(f11, course, of, everything)) == pytest.approx(0.697, abs=5e-4)


BENJAMINI_HOCHBERG_1995 = [
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
    *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0),
]


def test_the_correction_rejects_as_in_the_example_of_benjamini_and_hochberg_1995():
    assert int((c.adjust(BENJAMINI_HOCHBERG_1995) <= 0.05).sum()) == 4
    assert len(c.adjust([])) == 0
    for odd in (np.nan, 2, -0.1):
        with pytest.raises(ValueError, match=f"a p-value is a number from 0 to 1, not {odd}"):
            c.adjust([0.01, odd, 0.5])


@given(st.lists(st.floats(0, 1) | st.sampled_from([0.01, 0.05]), max_size=60))
def test_the_correction_is_that_of_scipy(p):
    theirs = stats.false_discovery_control(np.asarray(p, float))
    assert c.adjust(p).tolist() == theirs.tolist()


def test_an_empty_cell_is_no_accident():
    assert float(c.chi2(0, 0, 5, 5)) == 0
    assert float(c.g2(0, 0, 5, 5)) == 0


cells = st.lists(st.integers(0, 3000), min_size=4, max_size=4).filter(
    lambda o: min(o[0] + o[1], o[2] + o[3], o[0] + o[2], o[1] + o[3]) > 0
)


@settings(deadline=None)
@given(cells)
def test_chi2_and_g2_are_those_of_scipy(o):
    table = np.array(o).reshape(2, 2)
    for ours, options in (
        (c.chi2(*o), {"correction": False}),
        (c.g2(*o), {"correction": False, "lambda_": "log-likelihood"}),
    ):
        theirs = stats.chi2_contingency(table, **options)
        assert float(ours) == pytest.approx(theirs.statistic, rel=1e-9, abs=1e-7)
        assert float(c.p_value(theirs.statistic)) == pytest.approx(theirs.pvalue, rel=1e-9)


@settings(deadline=None)
@given(cells)
def test_two_cell_g2_never_exceeds_four_cell_g2_and_neither_knows_which_side_is_the_target(o):
    a, b, n, m = o[0], o[1], o[0] + o[2], o[1] + o[3]
    two, four = float(c.g2_two_cell(a, b, n, m)), float(c.g2(*o))
    assert -1e-7 <= two <= four + 1e-7
    assert two == pytest.approx(float(c.g2_two_cell(b, a, m, n)), abs=1e-7)


@settings(deadline=None)
@given(cells)
def test_the_log_ratio_is_above_zero_where_the_target_has_more(o):
    a, b, n, m = o[0], o[1], o[0] + o[2], o[1] + o[3]
    higher = np.sign(round(a / n - b / m, 12))
    # Of a term that one side lacks the ratio is 0 at least: it never leans to where it is not.
    found = np.sign(round(float(c.log_ratio(a, b, n, m)), 8))
    assert found == higher or (found == 0 and not (a and b))


def test_a_term_that_a_short_target_lacks_does_not_lean_to_it():
    # 0.5 of a hundred words is more than 3 of a hundred thousand.
    assert float(c.log_ratio(0, 3, 100, 100_000)) == 0 == float(c.log_ratio(3, 0, 100_000, 100))
    assert float(c.log_ratio(0, 4, 100, 100)) == -3


@settings(deadline=None)
@given(st.integers(1, 50), st.integers(0, 50), st.integers(0, 50), st.integers(0, 500))
def test_association_stays_in_its_bounds(f11, more1, more2, rest):
    f1, f2 = f11 + more1, f11 + more2
    n = f11 + more1 + more2 + rest
    counts = tuple(float(x) for x in (f11, f1, f2, n))
    assert float(c.log_dice(*counts)) <= 14
    for value in (c.delta_p(*counts), c.delta_p(counts[0], counts[2], counts[1], counts[3])):
        assert np.isnan(value) or -1 <= value <= 1
