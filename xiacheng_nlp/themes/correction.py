"""Attention corrected for the errors of the coder, as far as they are known.

Of reports on which no mistake was looked at it is known how many sentences of each theme the coder
gave each code. Shares of codes are shares of themes sent through that matrix; the themes' shares
are what makes the codes' most likely: the matrix estimator of misclassified shares (Buonaccorsi
2010, chapter 2), held above 0 by expectation maximisation (Vardi & Lee 1993) as Hopkins & King
(2010) hold theirs by constraint. It asks that a theme is mistaken here as often as there, and in
long sentences as often as in short ones: the matrix counts sentences, the shares are of characters.
"""

from functools import lru_cache

import numpy as np
import pandas as pd

from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.errors import ThemeError, at_least, one_of
from xiacheng_nlp.statistics import Floats, effective, score_interval
from xiacheng_nlp.terms.selection import described
from xiacheng_nlp.themes.codebook import load_codebook
from xiacheng_nlp.themes.coded import by_paragraph, grouping, over_sum, paragraphs_of, weigh

PASSES = 200
"""Passes of the estimator: twice as many move no share by 0.002."""


def corrected_attention(
    coded: pd.DataFrame,
    *,
    by: str = "theme",
    resamples: int = 500,
) -> pd.DataFrame:
    """How much of the text each theme takes as it was coded, and beside it corrected for the
    mistakes of the package's trained coder: one row a theme, or a domain (`by`).

    Columns: `code`, `theme`, `theme_en`, `domain`, `domain_en`; `share` of the characters
    as coded, `corrected`, and `low`, `high`: the interval of the corrected share. Its
    variance is that over `resamples` draws of both the report's paragraphs and the coder's matrix
    (each of its rows from a Dirichlet distribution), its form Wilson's, as in
    `statistics.clustered`; null for one paragraph. In the order of the codebook.

    Raises `ThemeError` where the sentences were not coded by the trained coder of this codebook.

    >>> from xiacheng_nlp.report.report import load_report
    >>> from xiacheng_nlp.themes.coding import code_themes
    >>> table = corrected_attention(code_themes(load_report()), by="domain", resamples=50)
    >>> bool(abs(table["corrected"].sum() - 1) < 1e-6)
    True
    """
    one_of("by", by, ("theme", "domain"), ThemeError)
    at_least(2, ThemeError, resamples=resamples)
    codebook = load_codebook()
    if not coded.attrs.get("model") or coded.attrs.get("codebook_sha256") != codebook.sha256:
        raise ThemeError(
            "the mistakes are known of the trained coder alone; code the report with "
            "code_themes(report), without a codebook of your own and without model=False"
        )
    sums = by_paragraph(weigh(coded, codebook), paragraphs_of(coded))
    heads, member = grouping(by, codebook)
    share, own, low, high = untangled(sums, member, resamples)
    table = heads.assign(share=share, corrected=own, low=low, high=high)
    return described(table, coded, dict(by=by, resamples=resamples))


def untangled(
    sums: Floats, member: Floats, resamples: int
) -> tuple[Floats, Floats, Floats, Floats]:
    """The shares of the columns of `member` as coded and corrected, and the interval of the
    corrected ones, from what each cluster (a row: a paragraph, a report) gives to each theme."""
    random, counts = np.random.default_rng(0), mistaken()
    weights = random.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), resamples)
    matrices = random.standard_gamma(np.broadcast_to(counts, (resamples, *counts.shape)))
    own = _untangled(over_sum(sums.sum(axis=0, keepdims=True)), over_sum(counts)[None])[0] @ member
    draws = _untangled(over_sum(weights @ sums), over_sum(matrices)) @ member
    share, n, t = effective(sums @ member, sums.sum(axis=1))
    spread = own * (1 - own) / np.maximum(draws.var(axis=0, ddof=1), 1e-12)
    # What the correction leaves nothing of is as uncertain as what was not seen.
    low, high = score_interval(own, np.where(own < 1e-6, n, np.minimum(n, spread)), t)
    return share, own, low, high


@lru_cache(maxsize=1)
def mistaken() -> Floats:
    """How many sentences of each theme (row) got each code (column), and one of each theme beside
    them that was coded right: a theme never seen is taken as coded right, not as never."""
    codes = load_codebook().codes
    counts = np.eye(len(codes))
    for row in read_table(
        packaged("themes/misclassification.tsv"), columns=("theme", "coded", "sentences")
    ):
        counts[codes.index(row["theme"]), codes.index(row["coded"])] += int(row["sentences"])
    return counts


def _untangled(told: Floats, matrices: Floats) -> Floats:
    """The shares of themes that make shares of codes most likely, a row each, each with a matrix
    of its own."""
    shares = np.full_like(told, 1 / told.shape[1])
    for _ in range(PASSES):
        expected = np.einsum("dt,dtc->dc", shares, matrices)
        shares *= np.einsum("dtc,dc->dt", matrices, told / np.maximum(expected, 1e-12))
    return shares
