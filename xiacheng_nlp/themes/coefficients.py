"""Agreement beyond chance of coders who coded the same units by nominal codes: Krippendorff's alpha
and Cohen's kappa, with bootstrap intervals over units."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from xiacheng_nlp.errors import ThemeError
from xiacheng_nlp.statistics import (
    RESAMPLES,
    Floats,
    Ints,
    percentiles,
    ratio,
    resampled,
    wilson,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient:
    """An agreement beyond chance: 1 perfect, 0 what chance gives. `value` is None where it is not
    defined, and `note` says why.

    `low` and `high` bound the 95 % interval; `n` counts the units that enter, `left_out`
    those that lack a code.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int
    left_out: int
    note: str = ""


def krippendorff_alpha(*coders: Sequence[Any], resamples: int = RESAMPLES) -> Coefficient:
    """Krippendorff's alpha for nominal codes (Krippendorff 2011) of two or more coders, each a
    sequence with one code a unit.

    None, NaN and an empty text stand for a code that is missing, 1 and 1.0 for the same; a unit
    with fewer than two codes is left out and counted. Not defined, with a note, where no unit has
    two codes or all codes are one. Resamples in which it is not defined are passed over. Without
    any disagreement no resample has one either: the low end is then what Wilson's interval leaves
    of the agreement. So many `resamples` (2000) are drawn for the interval.

    Raises `ThemeError` for fewer than two coders and for coders of unequal length, `XiachengError`
    for fewer than one resample.

    >>> first = ["growth", "reform", "reform", "law"]  # the main themes of four sentences ...
    >>> alpha = krippendorff_alpha(first, ["growth", "reform", "law", "law"])  # ... by two readers
    >>> round(alpha.value, 3), alpha.n
    (0.667, 4)
    """
    return _coefficient(coders, "two coders", _alpha, resamples)


Formula = Callable[[Ints], Floats]
"""A coefficient under each row of weights of the units."""


def _alpha(units: Sequence[Sequence[str]], used: Sequence[str]) -> tuple[Formula, float]:
    """Alpha of these units, and the agreement that chance gives."""
    counts = np.array([[unit.count(code) for code in used] for unit in units], np.int64)
    total = counts.sum(0)
    alike = float((total * (total - 1)).sum() / (total.sum() * (total.sum() - 1)))
    return partial(_alphas, counts), alike


def _alphas(counts: Ints, weights: Ints) -> Floats:
    """Nominal alpha under each row of weights: 1 - (N - 1)·Σ o_ck / Σ n_c·n_k over c ≠ k; both sums
    add up over units."""
    size = counts.sum(1)
    apart = (size**2 - (counts**2).sum(1)) / (size - 1)
    values = weights @ counts
    total = values.sum(1)
    return 1 - ratio((total - 1) * (weights @ apart), total**2 - (values**2).sum(1))


def cohen_kappa(
    first: Sequence[Any], second: Sequence[Any], *, resamples: int = RESAMPLES
) -> Coefficient:
    """Cohen's kappa of two coders (Cohen 1960), (p_o - p_e)/(1 - p_e), p_e from the shares that
    each coder gives each code.

    None, NaN and an empty text stand for a code that is missing; a unit that either coder left open
    is left out and counted. Not defined, with a note, where no unit is left or both coders give one
    and the same code throughout. `resamples` as in `krippendorff_alpha`.

    Raises `ThemeError` for coders of unequal length, `XiachengError` for fewer than one
    resample.

    >>> first, second = ["growth", "reform", "reform", "law"], ["growth", "reform", "law", "law"]
    >>> kappa = cohen_kappa(first, second)
    >>> round(kappa.value, 3), kappa.n
    (0.636, 4)
    """
    return _coefficient((first, second), "both coders", _kappa, resamples)


def _kappa(units: Sequence[Sequence[str]], used: Sequence[str]) -> tuple[Formula, float]:
    """Kappa of these units, and the agreement that chance gives."""
    a, b = np.array(units).T[:, :, None] == np.array(used)
    return partial(_kappas, a, b), float((a.mean(0) * b.mean(0)).sum())


def _kappas(a: Any, b: Any, weights: Ints) -> Floats:
    """Kappa under each row of weights, of two codings as one-hot rows; NaN where it is not
    defined."""
    n = weights.sum(1)
    same = weights @ (a & b).sum(1)
    chance = ((weights @ a) * (weights @ b)).sum(1)
    return ratio(n * same - chance, n * n - chance)


def _units(coders: Sequence[Sequence[Any]]) -> list[list[str]]:
    """The codes of each unit, without those that are missing."""
    if any(isinstance(coder, pd.DataFrame) for coder in coders):
        raise ThemeError(
            "a coder is a sequence with one code a unit, such as a column, and no table;"
            " agreement_table compares the tables of two coders"
        )
    lengths = [len(coder) for coder in coders]
    if len(coders) < 2:
        raise ThemeError(f"agreement is among two coders or more, not {len(coders)}")
    if len(set(lengths)) > 1:
        raise ThemeError(
            "each coder needs one code a unit, in the same order; the coders have "
            + ", ".join(map(str, lengths))
        )
    return [[_named(c) for c in unit if not is_missing(c)] for unit in zip(*coders, strict=True)]


def _named(code: Any) -> str:
    """The code as text: a column of whole numbers of which one is missing has 1.0 for 1."""
    return str(int(code) if isinstance(code, float) and code.is_integer() else code)


def is_missing(code: Any) -> bool:
    """Whether the code stands for none: None, NaN or an empty text."""
    return code is None or code is pd.NA or code != code or code == ""


def _coefficient(
    coders: Sequence[Sequence[Any]],
    who: str,
    formula: Callable[[Sequence[Sequence[str]], Sequence[str]], tuple[Formula, float]],
    resamples: int,
) -> Coefficient:
    """The coefficient of the units that two coders gave a code, with its interval."""
    told = _units(coders)
    units = [unit for unit in told if len(unit) >= 2]
    n, used = len(units), sorted({code for unit in units for code in unit})
    weights = resampled(n, resamples)
    found = partial(Coefficient, n=n, left_out=len(told) - n)
    if len(used) < 2:
        why = f"no unit has codes of {who}"
        if used:
            why = f"all codes are {used[0]}, so that chance can't be told from agreement"
        return found(note=f"not defined: {why}")
    values, alike = formula(units, used)
    value, drawn = float(values(np.ones((1, n), np.int64))[0]), values(weights)
    low, high = percentiles(drawn)
    if n < 2:
        low = high = None  # a single unit is drawn again and again
    elif value == 1:
        low = 1 - (1 - float(wilson(n, n)[0])) / (1 - alike)
    void = int(np.isnan(drawn).sum())
    note = f"not defined in {void} of {len(drawn)} resamples, which are passed over"
    return found(value=value, low=low, high=high, note=note if void else "")
