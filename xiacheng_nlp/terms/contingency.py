"""Measures of 2×2 tables, for keyness and for collocation: pure functions of counts, each over
whole arrays at once.

Keyness: `a`, `b` are the counts of a term in target and reference, `c`, `d` the sizes of both, in
words. Association: `f11` counts the pair, `f1` and `f2` its two words, `n` everything: the table
(f11, f1−f11, f2−f11, n−f1−f2+f11).
"""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
from scipy import special

from xiacheng_nlp.statistics import Floats

Counts = float | Floats


def _cells(o11: Counts, o12: Counts, o21: Counts, o22: Counts) -> Iterator[tuple[Counts, Floats]]:
    """Each cell, and what it would hold if rows and columns had nothing to do with each other."""
    n = np.maximum(o11 + o12 + o21 + o22, 1)
    yield o11, (o11 + o12) * (o11 + o21) / n
    yield o12, (o11 + o12) * (o12 + o22) / n
    yield o21, (o21 + o22) * (o11 + o21) / n
    yield o22, (o21 + o22) * (o12 + o22) / n


def _weigh(*cells: tuple[Counts, Floats | float]) -> Floats:
    """2·Σ O·ln(O/E) over cells O and what is expected of them."""
    return np.asarray(2 * sum(special.rel_entr(o, e) for o, e in cells))


def g2_two_cell(a: Counts, b: Counts, c: Counts, d: Counts) -> Floats:
    """Log-likelihood over the two cells that count the term: 2·Σ O·ln(O/E), E₁ = c·(a+b)/(c+d)
    (Rayson & Garside 2000).

    >>> round(float(g2_two_cell(30, 10, 1000, 2000)), 4)
    29.0392
    """
    both, words = a + b, c + d
    return _weigh((a, c * both / words), (b, d * both / words))


def g2(o11: Counts, o12: Counts, o21: Counts, o22: Counts) -> Floats:
    """Log-likelihood ratio over all four cells: 2·Σ O·ln(O/E) (Dunning 1993).

    >>> round(float(g2(110, 2442, 111, 29114)), 2)
    270.72
    """
    return _weigh(*_cells(o11, o12, o21, o22))


def chi2(o11: Counts, o12: Counts, o21: Counts, o22: Counts) -> Floats:
    """Pearson's Σ (O−E)²/E.

    >>> float(chi2(1, 3, 3, 1))
    2.0
    """
    cells = _cells(o11, o12, o21, o22)
    return np.asarray(sum((o - e) ** 2 / np.where(e > 0, e, 1) for o, e in cells))


def log_ratio(a: Counts, b: Counts, c: Counts, d: Counts) -> Floats:
    """log₂ of the ratio of the two relative frequencies; a count of 0 is taken as 0.5 (Hardie
    2014), or as what the other side's frequency would give where that is less: a term never leans
    to the side that lacks it.

    >>> float(log_ratio(40, 10, 1000, 1000))
    2.0
    """
    one, two = np.where(a == 0, 0.5, a) / c, np.where(b == 0, 0.5, b) / d
    less = np.minimum(one, two)
    return np.log2(np.where(a == 0, less, one) / np.where(b == 0, less, two))


def p_value(statistic: npt.ArrayLike) -> Floats:
    """The upper tail of χ² with one degree of freedom."""
    return np.asarray(special.chdtrc(1, statistic))


def adjust(p: npt.ArrayLike) -> Floats:
    """p-values corrected for the number of tests (Benjamini & Hochberg 1995).

    Raises `ValueError` for what is no number from 0 to 1.

    >>> adjust([0.01, 0.04, 0.03]).round(2).tolist()
    [0.03, 0.04, 0.04]
    """
    values = np.asarray(p, float)
    if (odd := values[~((values >= 0) & (values <= 1))]).size:
        raise ValueError(f"a p-value is a number from 0 to 1, not {odd[0]}")
    order = np.argsort(values)
    # That of scipy.stats, which takes a second to load, is the same.
    scaled = values[order] * (len(values) / np.arange(1, len(values) + 1))
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    return np.asarray(np.minimum(adjusted, 1))


def pmi(f11: Counts, f1: Counts, f2: Counts, n: Counts) -> Floats:
    """Pointwise mutual information in bits: log₂(f11·n / (f1·f2)) (Church & Hanks 1990).

    >>> round(float(pmi(20, 42, 20, 14307668)), 2)
    18.38
    """
    return np.log2(f11 * n / (f1 * f2))


def t_score(f11: Counts, f1: Counts, f2: Counts, n: Counts) -> Floats:
    """(f11 − f1·f2/n) / √f11 (Church, Gale, Hanks & Hindle 1991).

    >>> round(float(t_score(20, 42, 20, 14307668)), 4)
    4.4721
    """
    return (f11 - f1 * f2 / n) / np.sqrt(f11)


def log_dice(f11: Counts, f1: Counts, f2: Counts, n: Counts) -> Floats:
    """14 + log₂ of Dice's 2·f11 / (f1 + f2): at most 14; 0 means less than one joint case in 16,384
    (Rychlý 2008). It does not ask for `n`.

    >>> float(log_dice(10, 10, 10, 99))
    14.0
    """
    return 14 + np.log2(2 * f11 / (f1 + f2))


def delta_p(f11: Counts, f1: Counts, f2: Counts, n: Counts) -> Floats:
    """ΔP(2|1) = f11/f1 − (f2−f11)/(n−f1): how much more likely word 2 is where word 1 is (Ellis
    2006, Gries 2013).

    The other direction is `delta_p(f11, f2, f1, n)`. NaN where word 1 is everywhere.

    >>> round(float(delta_p(8, 10, 20, 100)), 4)
    0.6667
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return f11 / f1 - np.divide(f2 - f11, n - f1)


ASSOCIATION: dict[str, Callable[[Counts, Counts, Counts, Counts], Floats]] = {
    "g2": lambda f11, f1, f2, n: g2(f11, f1 - f11, f2 - f11, n - f1 - f2 + f11),
    "pmi": pmi,
    "t": t_score,
    "log_dice": log_dice,
    "delta_p_collocate": delta_p,
}
"""The columns of a collocation table and how each follows from f11, f1, f2 and n;
`delta_p_collocate` is ΔP(collocate|term)."""
