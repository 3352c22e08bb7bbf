"""Draws, intervals and corrections for many tests: what every measure of uncertainty in the package
rests on."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from xiacheng_nlp.errors import XiachengError, at_least

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ends = tuple[Floats, Floats]
"""The lower and the upper ends of intervals."""
Rests = tuple[Floats, Floats, float]
"""Shares, on how many units each rests, and the quantile of t that goes with it."""

CONFIDENCE = 0.95
"""What every interval of the package holds."""
RESAMPLES = 2000
"""With so many resamples no end of a 95 % interval moved by 0.01 over twelve seeds, on 330
sentences."""
MOST_KEPT = 4_000_000
"""Draws of at most so many numbers (32 MB) are kept for the next measure."""
PERMUTATIONS = 9_999
"""Random orders of what is permuted: they give p to four places."""
AT_ONCE = 101
"""So many of them are told at once: few enough to stay in the cache of a processor."""


def resampled(n: int, resamples: int = RESAMPLES) -> Ints:
    """How often each of n units is drawn, with replacement and the same every time, one row a
    resample (Efron 1979; Efron & Tibshirani 1993).

    Raises `XiachengError` for fewer than one resample; 1,000 and more give steady intervals.

    >>> resampled(3, 4).sum(axis=1).tolist()  # three units in each draw
    [3, 3, 3, 3]
    """
    at_least(1, XiachengError, resamples=resamples)
    draw = _kept if resamples * n <= MOST_KEPT else _drawn
    return draw(resamples, n)


def percentiles(values: Floats) -> tuple[float | None, float | None]:
    """The ends of the interval of a measure, from its value in each resample; those in which it is
    not defined (NaN) are passed over, and None stands for an end where all are."""
    known = values[~np.isnan(values)]
    if not len(known):
        return None, None
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(known, [tail, 1 - tail])
    return float(low), float(high)


def share_of(
    over: Ints, of: Ints, resamples: int = RESAMPLES
) -> tuple[float, float | None, float | None]:
    """The share Σ over / Σ of, an entry a unit, with its interval; NaN where Σ of is 0.

    >>> share_of(np.array([0, 1]), np.array([1, 1]), 50)
    (0.5, 0.0, 1.0)
    """
    weights = resampled(len(of), resamples)
    value = float(ratio(over.sum(), of.sum()))
    return value, *percentiles(ratio(weights @ over, weights @ of))


def permutation_p(told: Callable[[Any], Floats], own: npt.NDArray[Any]) -> Floats:
    """Two-sided p of measures that are 0 on average: how often they are as far from 0 as with the
    units in their own order when the units are in random orders, (1 + as far) / (1 + 9,999)
    (Phipson & Smyth 2010). `told` gives them, a column each, for orders of `own`, a row each.

    >>> of_two = np.array([1, -1])  # each of its orders is as far
    >>> permutation_p(lambda orders: orders @ np.array([[3.0], [1.0]]), of_two).tolist()
    [1.0]
    """
    random = np.random.default_rng(0)
    far, beyond = np.abs(told(own[None])) - 1e-12, 1.0
    for start in range(0, PERMUTATIONS, AT_ONCE):
        orders = np.tile(own, (min(AT_ONCE, PERMUTATIONS - start), 1))
        beyond = beyond + (np.abs(told(random.permuted(orders, axis=1))) >= far).sum(axis=0)
    return np.asarray(beyond / (1 + PERMUTATIONS))


def _drawn(resamples: int, n: int) -> Ints:
    if not n:
        return np.zeros((resamples, 0), np.int64)
    drawn = np.random.default_rng(0).multinomial(n, np.full(n, 1 / n), size=resamples)
    drawn.setflags(write=False)
    return drawn.astype(np.int64, copy=False)


# Many measures ask for the same draws.
_kept = lru_cache(maxsize=4)(_drawn)


def ratio(over: Any, of: Any) -> Floats:
    """`over / of`, NaN where `of` is not above 0."""
    out = np.full(np.broadcast_shapes(np.shape(over), np.shape(of)), np.nan)
    np.divide(over, of, out=out, where=np.asarray(of) > 0)
    return out


def wilson(count: npt.ArrayLike, n: npt.ArrayLike) -> Ends:
    """The score interval of a share count/n (Wilson 1927): it holds no share below 0, and is no
    point where the count is 0; null (NaN) where n is 0.

    >>> low, high = wilson([0, 5], [10, 10])
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0, 0.2366], [0.2775, 0.7634])
    """
    from scipy import special  # a quarter of a second to load

    size = np.asarray(n, dtype=np.float64)
    share = ratio(np.asarray(count, dtype=np.float64), size)
    return score_interval(share, size, float(special.ndtri(0.5 + CONFIDENCE / 2)))


def score_interval(share: Floats, size: Floats, z: float) -> Ends:
    """Wilson's interval of a share of `size` units, with the quantile z."""
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = share + z * z / (2 * size)
        half = z * np.sqrt(share * (1 - share) / size + z * z / (4 * size * size))
        low, high = (middle - half) / (1 + z * z / size), (middle + half) / (1 + z * z / size)
    return _closed(share, low, high)


def _closed(share: Floats, low: Floats, high: Floats) -> Ends:
    """The ends of an empty and of a full count are 0 and 1; the sums miss them by the last bits."""
    return np.where(share < 1e-12, 0.0, low), np.where(share > 1 - 1e-12, 1.0, high)


def jeffreys(share: Floats, size: Floats, t: float) -> Ends:
    """Jeffreys' interval (Brown, Cai & DasGupta 2001) of a share that rests on `size` units, whose
    number is brought down for the quantile t as Korn & Graubard (1998) do.

    >>> low, high = jeffreys(np.array([0.0, 0.5]), np.array([10.0, 10.0]), 1.96)
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0, 0.2235], [0.2172, 0.7765])
    """
    from scipy import special

    tail = (1 - CONFIDENCE) / 2
    size = size * (special.ndtri(tail) / t) ** 2
    hits, misses = share * size + 0.5, (1 - share) * size + 0.5
    low, high = (special.betaincinv(hits, misses, end) for end in (tail, 1 - tail))
    return _closed(share, low, high)


BORROWED = 4
"""A variance told by a few clusters borrows so many degrees of freedom; from other shares a quarter
of the number of them, at most."""
SUREST = 1.25
"""No share is told as if it rested on more than so many times the units that all together rest
on."""


def clustered(over: Floats, of: Floats, borrowed: float = BORROWED) -> Ends:
    """The interval of each share Σ over / Σ of, whose parts come in clusters (sentences in
    paragraphs, reports in a group): a row of `over` a cluster, a column a share.

    Wilson's interval with the effective number of units r(1 − r)/v, v being the linearised variance
    of a ratio between clusters (Korn & Graubard 1998), and a quantile of t. Few clusters tell a
    variance badly, and one in which a rare answer is missing tells none: v is drawn towards what
    the design effect of all shares together gives (Rao & Scott 1981), or, of one or two shares,
    towards that of clusters of one answer each, as Smyth (2004) moderates variances. A share of 0
    so has an upper end. One rare share of large clusters, such as a word in reports, gets far too
    wide an interval so: with 0 `borrowed` degrees of freedom its own variance alone is taken, which
    tells nothing of a share of 0. Null (NaN) where there are fewer than two clusters.
    `benchmarks/coverage.py` tells how often these intervals hold the true share.

    >>> low, high = clustered(np.array([[3.0], [0], [1]]), np.array([4.0, 2, 4]))
    >>> low.round(2).tolist(), high.round(2).tolist()
    ([0.07], [0.86])
    """
    return score_interval(*effective(over, of, borrowed))


def share_over(drawn: npt.ArrayLike, hits: npt.ArrayLike) -> tuple[float, float, float]:
    """The share of hits with its interval (`clustered`), what was drawn being the place, or the
    report, that each belongs to.

    >>> told = share_over(["下城区", "下城区", "西湖区"], [True, False, True])  # two districts
    >>> [round(number, 2) for number in told]
    [0.67, 0.11, 0.97]
    """
    home = np.unique(np.asarray(drawn, str), return_inverse=True)[1]
    sums = np.zeros((home.max(initial=-1) + 1, 2))
    np.add.at(sums, home, np.column_stack([hits, np.ones(len(home))]))
    (low,), (high,) = clustered(sums[:, :1], sums[:, 1])
    over, of = sums.sum(axis=0)
    return float(ratio(over, of)), float(low), float(high)


def effective(over: Floats, of: Floats, borrowed: float = BORROWED) -> Rests:
    """The shares, on how many units drawn one by one each would rest, and the quantile of t, by
    which `clustered` tells its intervals; null (NaN) units where there are fewer than two
    clusters."""
    from scipy import special

    over, of = over[of > 0], of[of > 0]
    m = len(of)
    if m < 2:
        return np.full(over.shape[1], np.nan), np.full(over.shape[1], np.nan), np.nan
    share = over.sum(axis=0) / of.sum()
    apart = over - share * of[:, None]
    variance = m / (m - 1) * (apart**2).sum(axis=0) / of.sum() ** 2
    alone = share * (1 - share)
    usual, surest = float((of**2).sum() / of.sum() ** 2), np.inf
    if len(share) > 2 and variance.sum() > 1e-12:
        usual = float(variance.sum() / alone.sum())
        surest = SUREST / usual
        borrowed = min(borrowed, (len(share) - 1) / 4)
    freedom = m - 1 + borrowed
    moderated = ((m - 1) * variance + borrowed * usual * alone) / freedom
    some = alone > 1e-12
    n = np.where(some, ratio(alone, moderated), 1 / usual)
    return share, np.minimum(n, surest), float(special.stdtrit(freedom, 0.5 + CONFIDENCE / 2))


def difference(first: Rests, second: Rests) -> Ends:
    """The interval of the first shares less the second, which rest on units as `effective` tells,
    from Jeffreys' interval of each (Newcombe 1998, method 10; Laud 2017). From Wilson's, whose
    upper end of a small share lies high, it would be too wide.

    >>> size = np.array([20.0])
    >>> low, high = difference((np.array([0.5]), size, 1.96), (np.array([0.0]), size, 1.96))
    >>> low.round(2).tolist(), high.round(2).tolist()
    ([0.26], [0.71])
    """
    apart = first[0] - second[0]
    (low, high), (least, most) = jeffreys(*first), jeffreys(*second)
    return (
        apart - np.hypot(first[0] - low, most - second[0]),
        apart + np.hypot(high - first[0], second[0] - least),
    )
