"""Measures of 2×2 tables, for keyness and for collocation: pure functions of counts, each over
whole arrays at once.

Keyness: `a`, `b` are the counts of a term in target and reference, `c`, `d` the sizes of both, in
words. Association: `f11` counts the pair, `f1` and `f2` its two words, `n` everything: the table
(f11, f1−f11, f2−f11, n−f1−f2+f11).
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import special

from xiacheng_nlp.terms.selection import Floats, one_of

Counts = npt.ArrayLike


def _floats(*counts: Counts) -> tuple[Floats, ...]:
    return tuple(np.asarray(count, dtype=np.float64) for count in counts)


def _share_log(observed: Floats, expected: Floats) -> Floats:
    """O·ln(O/E), and 0 where O is 0."""
    ratio = np.divide(
        observed, expected, out=np.ones_like(observed), where=(observed > 0) & (expected > 0)
    )
    return np.asarray(observed * np.log(ratio))


def _cells(
    o11: Floats, o12: Floats, o21: Floats, o22: Floats
) -> tuple[tuple[Floats, ...], tuple[Floats, ...]]:
    o11, o12, o21, o22 = (np.array(cell) for cell in np.broadcast_arrays(o11, o12, o21, o22))
    n = o11 + o12 + o21 + o22
    rows, columns = (o11 + o12, o21 + o22), (o11 + o21, o12 + o22)
    size = np.where(n > 0, n, 1.0)
    expected = tuple(np.asarray(row * column / size) for row in rows for column in columns)
    return (o11, o12, o21, o22), expected


def g2_two_cell(a: Counts, b: Counts, c: Counts, d: Counts) -> Floats:
    """Log-likelihood over the two cells that count the term: 2·Σ O·ln(O/E), E₁ = c·(a+b)/(c+d)
    (Rayson & Garside 2000).

    >>> round(float(g2_two_cell(30, 10, 1000, 2000)), 4)
    29.0392
    """
    a, b, c, d = _floats(a, b, c, d)
    a, b, c, d = (np.array(x) for x in np.broadcast_arrays(a, b, c, d))
    return 2 * (_share_log(a, c * (a + b) / (c + d)) + _share_log(b, d * (a + b) / (c + d)))


def g2(o11: Counts, o12: Counts, o21: Counts, o22: Counts) -> Floats:
    """Log-likelihood ratio over all four cells: 2·Σ O·ln(O/E) (Dunning 1993).

    >>> round(float(g2(110, 2442, 111, 29114)), 2)
    270.72
    """
    observed, expected = _cells(*_floats(o11, o12, o21, o22))
    return np.asarray(2 * sum(_share_log(o, e) for o, e in zip(observed, expected, strict=True)))


def chi2(o11: Counts, o12: Counts, o21: Counts, o22: Counts) -> Floats:
    """Pearson's Σ (O−E)²/E.

    >>> float(chi2(1, 3, 3, 1))
    2.0
    """
    observed, expected = _cells(*_floats(o11, o12, o21, o22))
    total = np.zeros_like(observed[0])
    for o, e in zip(observed, expected, strict=True):
        total += np.divide((o - e) ** 2, e, out=np.zeros_like(e), where=e > 0)
    return total


def log_ratio(a: Counts, b: Counts, c: Counts, d: Counts) -> Floats:
    """log₂ of the ratio of the two relative frequencies; a count of 0 is taken as 0.5 (Hardie
    2014).

    >>> float(log_ratio(40, 10, 1000, 1000))
    2.0
    """
    a, b, c, d = _floats(a, b, c, d)
    return np.asarray(np.log2((np.where(a == 0, 0.5, a) / c) / (np.where(b == 0, 0.5, b) / d)))


def p_value(statistic: Counts) -> Floats:
    """The upper tail of χ² with one degree of freedom."""
    return np.asarray(special.chdtrc(1, np.asarray(statistic, dtype=np.float64)))


CORRECTIONS = ("bh", "holm", "none")


def adjust(p: Counts, correction: str) -> Floats:
    """p-values corrected for the number of tests: `bh` (Benjamini & Hochberg 1995), `holm` (Holm
    1979) or `none`.

    >>> adjust([0.01, 0.04, 0.03], "holm").round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    one_of("correction", correction, CORRECTIONS)
    values = np.asarray(p, dtype=np.float64)
    if correction == "none" or not len(values):
        return values
    if correction == "bh":
        from scipy import stats  # a second to load

        return np.asarray(stats.false_discovery_control(values))
    order = np.argsort(values, kind="stable")
    adjusted = np.empty_like(values)
    steps = np.maximum.accumulate(values[order] * np.arange(len(values), 0, -1))
    adjusted[order] = np.minimum(steps, 1.0)
    return adjusted


def _pair_g2(f11: Floats, f1: Floats, f2: Floats, n: Floats) -> Floats:
    return g2(f11, f1 - f11, f2 - f11, n - f1 - f2 + f11)


def pmi(f11: Counts, f1: Counts, f2: Counts, n: Counts) -> Floats:
    """Pointwise mutual information in bits: log₂(f11·n / (f1·f2)) (Church & Hanks 1990).

    >>> round(float(pmi(20, 42, 20, 14307668)), 2)
    18.38
    """
    f11, f1, f2, n = _floats(f11, f1, f2, n)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log2(f11 * n / (f1 * f2)))


def t_score(f11: Counts, f1: Counts, f2: Counts, n: Counts) -> Floats:
    """(f11 − f1·f2/n) / √f11 (Church, Gale, Hanks & Hindle 1991).

    >>> round(float(t_score(20, 42, 20, 14307668)), 4)
    4.4721
    """
    f11, f1, f2, n = _floats(f11, f1, f2, n)
    with np.errstate(divide="ignore"):
        return np.asarray((f11 - f1 * f2 / n) / np.sqrt(f11))


def log_dice(f11: Counts, f1: Counts, f2: Counts, n: Counts = 0) -> Floats:
    """14 + log₂ of Dice's 2·f11 / (f1 + f2): at most 14; 0 means less than one joint case in 16,384
    (Rychlý 2008). It does not ask for `n`.

    >>> float(log_dice(10, 10, 10))
    14.0
    """
    f11, f1, f2 = _floats(f11, f1, f2)
    with np.errstate(divide="ignore"):
        return np.asarray(14 + np.log2(2 * f11 / (f1 + f2)))


def delta_p(f11: Counts, f1: Counts, f2: Counts, n: Counts) -> Floats:
    """ΔP(2|1) = f11/f1 − (f2−f11)/(n−f1): how much more likely word 2 is where word 1 is (Ellis
    2006, Gries 2013).

    The other direction is `delta_p(f11, f2, f1, n)`. NaN where word 1 is everywhere.

    >>> round(float(delta_p(8, 10, 20, 100)), 4)
    0.6667
    """
    f11, f1, f2, n = _floats(f11, f1, f2, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(f11 / f1 - (f2 - f11) / (n - f1))


ASSOCIATION: dict[str, Callable[[Floats, Floats, Floats, Floats], Floats]] = {
    "g2": _pair_g2,
    "pmi": pmi,
    "t": t_score,
    "log_dice": log_dice,
    "delta_p_collocate": delta_p,
}
"""The columns of a collocation table and how each follows from f11, f1, f2 and n;
`delta_p_collocate` is ΔP(collocate|term)."""
