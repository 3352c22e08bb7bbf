"""The agenda of a report: how its attention is shared among themes, how that shifts from review to
plan, and how many it spans.

Intervals and tests take paragraphs as what could have been written otherwise: the sentences of a
paragraph share their theme, and as single draws they would make every interval too narrow. They
tell what the text bears, not whether its coding is right.
"""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd
from scipy import special

from xiacheng_nlp.errors import ThemeError, one_of
from xiacheng_nlp.statistics import Floats, difference, effective, permutation_p
from xiacheng_nlp.terms.contingency import adjust
from xiacheng_nlp.terms.selection import described, in_order, listed, tell
from xiacheng_nlp.themes.codebook import GENERAL, Codebook, load_codebook
from xiacheng_nlp.themes.coded import (
    THEME_COLUMNS,
    by_paragraph,
    crossed,
    grouping,
    groups,
    intervals,
    need,
    over_sum,
    paragraphs_of,
    theme_table,
    totals,
    weigh,
)

_SHIFT_COLUMNS = [
    *THEME_COLUMNS,
    *("target_share", "reference_share", "difference", "low", "high", "p", "p_adjusted", "change"),
]
SIGNIFICANT = 0.05
"""A theme gains or loses where its corrected p is below this."""


def attention(
    coded: pd.DataFrame,
    codebook: Codebook | None = None,
    *,
    by: str | None = None,
) -> pd.DataFrame:
    """How much of the text each theme takes, one row a theme of the codebook, or one a part
    (section) and theme.

    `by`: None, `part` or `section`. A sentence of several themes counts for the main one.

    Columns: `part` or `section` if asked for; `code`, `theme`, `theme_en`, `domain`, `domain_en`;
    `sentences` and `chars`; `share` of the characters (0 to 1, sums to 1 in each group); `low`,
    `high`: its interval, paragraphs being what was drawn (`statistics.clustered`); null for a group
    of one paragraph. A theme that never occurs has an upper end too. Sorted by group, then (−share,
    order of the codebook).

    Raises `ThemeError` for an unknown option, a table without the columns of `code_themes`, or a
    code that the codebook lacks.

    >>> from xiacheng_nlp.themes.coding import code_themes
    >>> from xiacheng_nlp.report.report import Report
    >>> text = "各位代表:\\n一、2014年工作\\n新建小学。\\n新增绿化。\\n办好学校。"  # "schools"
    >>> table = attention(code_themes(Report.parse(text)))
    >>> table[["theme", "share"]].head(2).round(3).values.tolist()
    [['教育', 0.667], ['生态环境', 0.333]]
    """
    codebook = codebook or load_codebook()
    matrix = weigh(coded, codebook)
    found = [(name, places) for name, places in groups(coded, by) if len(places)]
    low, high = intervals(matrix, matrix.sum(axis=1), coded, found)
    chars, sentences = totals(matrix, found), totals(matrix > 0, found)
    heads = pd.DataFrame({"group": range(len(found))})
    if by:
        heads[by] = pd.Series([name for name, _ in found], dtype=object)
    numbers = dict(sentences=sentences, chars=chars, share=over_sum(chars), low=low, high=high)
    table = in_order(crossed(heads, theme_table(codebook), **numbers), "group", "-share")
    table = table.drop(columns="group")
    options = dict(by=by, in_no_group=len(coded) - sum(len(places) for _, places in found))
    empty = "attention: there is no coded sentence to share out"
    return described(table, coded, options, empty=empty)


def attention_shift(
    coded: pd.DataFrame,
    codebook: Codebook | None = None,
    *,
    target: str | Collection[str] = "plan",
    reference: str | Collection[str] = "review",
    by: str = "theme",
) -> pd.DataFrame:
    """Which themes gain attention from the reference to the target (from review to plan) and which
    lose, one row a theme of either.

    `target`, `reference`: parts, each one or several. `by`: `theme`, or `domain` for the themes of
    a domain together, of which one report can tell more; `theme` and `theme_en` name it then.

    Columns: `code`, `theme`, `theme_en`, `domain`, `domain_en`; `target_share`, `reference_share`
    (of the characters, 0 to 1, each sums to 1); `difference` (target − reference); `low`, `high`
    (its interval, paragraphs being what was drawn: `statistics.difference`); `p`: two-sided
    permutation test: what the paragraphs are about is dealt out anew among all of them, each
    keeping its length, so that it is right also where those of one part are longer; (1 + at least
    as far apart) / (1 + 9,999) (Phipson & Smyth 2010); `p_adjusted` for the number of themes
    (Benjamini & Hochberg 1995); `change`: gains or loses where `p_adjusted` is below 0.05, else
    steady. Sorted by (−difference, order of the codebook).

    `attrs` counts the significant ones (`changed`). Parts of a few dozen paragraphs tell a large
    shift from chance and no small one: steady means that no shift is shown. A part without
    sentences gives an empty table, a `TermWarning` and a note. Raises `ThemeError` for an unknown
    option.

    >>> from xiacheng_nlp.themes.coding import code_themes
    >>> from xiacheng_nlp.report.report import Report
    >>> review = "各位代表:\\n一、2013年工作回顾\\n新建幼儿园。\\n新建学校。\\n"  # "built schools"
    >>> plan = "二、2014年工作\\n新增绿化。\\n整治河道。"  # "more green", "clean rivers"
    >>> table = attention_shift(code_themes(Report.parse(review + plan)))
    >>> table[["theme", "difference", "change"]].values.tolist()
    [['生态环境', 1.0, 'steady'], ['教育', -1.0, 'steady']]
    """
    codebook = codebook or load_codebook()
    need(coded, "part")
    paragraphs = paragraphs_of(coded)
    one_of("by", by, ("theme", "domain"), ThemeError)
    if set(listed(target)) & set(listed(reference)):
        raise ThemeError(
            f"target={target!r} and reference={reference!r} share a part: nothing can shift to "
            "where it is"
        )
    options: dict[str, object] = dict(target=target, reference=reference, by=by)
    heads, member = grouping(by, codebook)
    matrix = weigh(coded, codebook) @ member
    sides = []
    for role, asked in (("target", target), ("reference", reference)):
        rows = coded["part"].isin(listed(asked)).to_numpy()
        if not rows.any():
            there = ", ".join(name for name, _ in groups(coded, "part") if name) or "none"
            note = tell(
                f"attention_shift: the {role}, part {asked}, holds no coded sentence; the parts of "
                f"the text: {there}"
            )
            return described(pd.DataFrame(columns=_SHIFT_COLUMNS), coded, options, note)
        sides.append(by_paragraph(matrix[rows], paragraphs[rows]))
    options |= {"target_paragraphs": len(sides[0]), "reference_paragraphs": len(sides[1])}
    present = np.flatnonzero(sides[0].sum(axis=0) + sides[1].sum(axis=0))
    sides = [side[:, present] for side in sides]
    shares = [over_sum(side.sum(axis=0)) for side in sides]
    apart = shares[0] - shares[1]
    p = _permuted(sides)
    ends = difference(*(effective(side, side.sum(axis=1)) for side in sides))
    adjusted, direction = adjust(p), np.where(apart > 0, "gains", "loses")
    change = np.where(adjusted < SIGNIFICANT, direction, "steady")
    options["changed"] = int((change != "steady").sum())
    numbers = (*shares, apart, *ends, p, adjusted, change)
    table = heads.iloc[present].assign(**dict(zip(_SHIFT_COLUMNS[5:], numbers, strict=True)))
    return described(in_order(table, "-difference"), coded, options)


def _permuted(sides: Sequence[Floats]) -> Floats:
    """Two-sided p of differences between two groups of paragraphs, over random orders of what each
    paragraph is about, while its length stays in its place."""
    pool = np.concatenate(sides)
    lengths = [side.sum() for side in sides]
    sign = np.repeat([1 / lengths[0], -1 / lengths[1]], [len(side) for side in sides])
    own = pool.sum(axis=1)
    return permutation_p(lambda orders: orders @ (pool / own[:, None]), sign * own)


def agenda_diversity(coded: pd.DataFrame, codebook: Codebook | None = None) -> pd.DataFrame:
    """How many themes share the attention, one row a part, without sentences of the theme general;
    shares are those of the characters.

    Columns: `part`; `sentences` (with a theme); `without` (general); `themes` (that
    occur); `diversity`: Shannon's entropy of the shares over the logarithm of the number of themes
    in the codebook, general left out: 0 one theme, 1 all alike (Boydstun, Bevan & Thomas 2014);
    `effective`: e to the entropy, as many themes as would be that diverse with equal shares (Jost
    2006); `top`, `top_en` (names of the theme with the largest share), `top_share`. Null where no
    sentence has a theme.

    A short part cannot hold many themes: compare parts of like length. Raises `ThemeError` as
    `attention` does.

    >>> from xiacheng_nlp.themes.coding import code_themes
    >>> from xiacheng_nlp.report.report import Report
    >>> text = "各位代表:\\n一、2014年工作\\n新建幼儿园。\\n新增绿化地。"  # "schools", "green"
    >>> table = agenda_diversity(code_themes(Report.parse(text)))
    >>> table[["part", "themes", "diversity", "effective"]].round(3).values.tolist()
    [['plan', 2, 0.215, 2.0]]
    """
    codebook = codebook or load_codebook()
    matrix, found = weigh(coded, codebook), groups(coded, "part")
    own = matrix * (np.array(codebook.codes) != GENERAL)
    sums, told = totals(own, found), totals(own > 0, found).sum(axis=1)
    shares, most = over_sum(sums), np.log(max(len(codebook.codes) - 1, 2))
    entropy = special.entr(shares).sum(axis=1)
    table = pd.DataFrame({"part": [part for part, _ in found], "sentences": told})
    table["without"] = [len(places) for _, places in found] - told
    table["themes"] = (sums > 0).sum(axis=1)
    table["diversity"] = (entropy / most).round(12) + 0.0
    table["effective"] = np.exp(entropy).round(12)
    top = theme_table(codebook)[["theme", "theme_en"]].iloc[sums.argmax(axis=1)]
    table[["top", "top_en"]] = top.to_numpy()
    table.loc[told == 0, ["top", "top_en"]] = None
    table["top_share"] = shares.max(axis=1)
    return described(table, coded)
