"""The agenda of a report: how its attention is shared among themes, how that shifts from review to
plan, and how many it spans.

Intervals and tests take paragraphs as what could have been written otherwise: the sentences of a
paragraph share their theme, and as single draws they would make every interval too narrow. They
tell what the text bears, not whether its coding is right.
"""

from collections.abc import Collection

import numpy as np
import pandas as pd

from xiacheng_nlp.errors import ThemeError
from xiacheng_nlp.terms.contingency import adjust
from xiacheng_nlp.terms.selection import Bools, Floats, described, listed, tell
from xiacheng_nlp.themes.codebook import GENERAL, Codebook, load_codebook
from xiacheng_nlp.themes.coded import (
    THEME_COLUMNS,
    by_paragraph,
    groups,
    main_codes,
    need,
    quantiles,
    theme_row,
    weigh,
)

_SHIFT_COLUMNS = [
    *THEME_COLUMNS,
    *("target_share", "reference_share", "difference", "low", "high", "p", "p_adjusted", "change"),
]


def attention(
    coded: pd.DataFrame,
    codebook: Codebook | None = None,
    *,
    by: str | None = None,
    level: int | None = None,
    unit: str = "chars",
    multiple: str = "main",
    general: bool = True,
    confidence: float = 0.95,
    resamples: int = 4999,
    seed: int = 0,
) -> pd.DataFrame:
    """How much of the text each theme takes, one row a theme of the codebook, or one a part
    (section) and theme.

    `by`: None, `part` or `section`, whose ids `level` cuts (at level 1 2.3 counts as 2). `unit`:
    `chars`, the characters of the sentences, or `sentences`. `multiple`: what a sentence of several
    themes gives, `main` (all to the main one) or `fractional` (the same to each). `general=False`
    leaves out sentences without a single theme.

    Columns: `part` or `section` if asked for; `code`, `theme`, `theme_en`, `domain`, `domain_en`;
    `sentences` and `chars` (both by `multiple`, so that halves and thirds may occur); `share` of
    the unit (0 to 1, sums to 1 in each group); `low`, `high`: the percentile interval of the share
    from `resamples` draws of the group's paragraphs with replacement (cluster bootstrap, Field &
    Welsh 2007; Benoit, Laver & Mikhaylov 2009 resample sentences); null for a group of one
    paragraph. A theme that never occurs has 0 to 0: what was not seen can't be drawn. Sorted by
    group, then (−share, order of the codebook).

    Raises `ThemeError` for an unknown option, a table without the columns of `code_themes`, or a
    code that the codebook lacks.

    >>> from xiacheng_nlp.themes.coding import code_themes
    >>> from xiacheng_nlp.report.report import Report
    >>> report = Report.parse("各位代表:\\n一、2014年工作\\n新建幼儿园。\\n新增绿化。\\n办好学校。")  # "kindergartens", "green", "schools"
    >>> attention(code_themes(report), unit="sentences")[["theme", "share"]].head(2).round(3).values.tolist()
    [['教育', 0.667], ['生态环境', 0.333]]
    """
    codebook = codebook or load_codebook()
    need(coded, "text", "themes", "paragraph")
    if resamples < 1:
        raise ThemeError(
            f"resamples={resamples}: the bootstrap draws once at least; 1,000 and more give steady intervals"
        )
    weighed = {
        name: weigh(coded, codebook, unit=name, multiple=multiple)
        for name in ("sentences", "chars")
    }
    if unit not in weighed:
        weigh(coded, codebook, unit=unit, multiple=multiple)
    kept = (
        np.ones(len(codebook.codes), dtype=bool)
        if general
        else np.array([code != GENERAL for code in codebook.codes])
    )
    paragraphs = coded["paragraph"].to_numpy()
    rows: list[tuple[object, ...]] = []
    found = groups(coded, by, level)
    for name, places in found:
        amounts = {key: w.matrix[places].sum(axis=0) / w.one for key, w in weighed.items()}
        sums = by_paragraph(weighed[unit].matrix[places], paragraphs[places])[:, kept]
        share = _shares(sums.sum(axis=0, keepdims=True))[0]
        sums = sums[sums.sum(axis=1) > 0]
        low = high = np.full(len(share), np.nan)
        if len(sums) > 1:
            draws = np.random.default_rng(seed).integers(0, len(sums), (resamples, len(sums)))
            low, high = quantiles(_shares(_times_drawn(draws) @ sums), confidence)
        themes = [theme for theme, keep in zip(codebook.themes, kept, strict=True) if keep]
        numbers = (amounts["sentences"][kept], amounts["chars"][kept], share, low, high)
        order = (
            sorted(range(len(themes)), key=lambda i: (-share[i], i))
            if np.isfinite(share).all()
            else range(0)
        )
        own = () if by is None else (name,)
        rows += [
            (*own, *theme_row(themes[i]), *(float(column[i]) for column in numbers)) for i in order
        ]
    columns = [
        *(() if by is None else (by,)),
        *THEME_COLUMNS,
        "sentences",
        "chars",
        "share",
        "low",
        "high",
    ]
    table = pd.DataFrame(rows, columns=columns)
    if multiple == "main":
        table = table.astype({"sentences": "int64", "chars": "int64"})
    options = dict(
        by=by,
        level=level,
        unit=unit,
        multiple=multiple,
        general=general,
        confidence=confidence,
        resamples=resamples,
        seed=seed,
    )
    options["in_no_group"] = len(coded) - sum(len(places) for _, places in found)
    note = tell("attention: there is no coded sentence to share out") if table.empty else None
    return described(table, coded, options, note)


def _shares(sums: Floats) -> Floats:
    """Each row over its sum."""
    with np.errstate(invalid="ignore"):
        return np.asarray(sums / sums.sum(axis=1, keepdims=True))


def _times_drawn(draws: "np.ndarray[tuple[int, int], np.dtype[np.int64]]") -> Floats:
    """How often each column's number was drawn in each row."""
    size, n = draws.shape
    flat = np.bincount((draws + np.arange(size)[:, None] * n).ravel(), minlength=size * n)
    return flat.reshape(size, n).astype(np.float64)


def attention_shift(
    coded: pd.DataFrame,
    codebook: Codebook | None = None,
    *,
    target: str | Collection[str] = "plan",
    reference: str | Collection[str] = "review",
    unit: str = "chars",
    multiple: str = "main",
    general: bool = True,
    alpha: float = 0.05,
    correction: str = "bh",
    permutations: int = 9999,
    confidence: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Which themes gain attention from the reference to the target (from review to plan) and which
    lose, one row a theme of either.

    `target`, `reference`: parts, each one or several; `unit`, `multiple`, `general` as in
    `attention`.

    Columns: `code`, `theme`, `theme_en`, `domain`, `domain_en`; `target_share`, `reference_share`
    (0 to 1, each sums to 1); `difference` (target − reference); `low`, `high` (its percentile
    interval, paragraphs drawn with replacement in each part); `p`: two-sided permutation test, the
    paragraphs dealt out anew to the two parts, as many to each as it has, (1 + at least as far
    apart) / (1 + `permutations`) (Phipson & Smyth 2010); `p_adjusted` for the number of themes by
    `correction` (`bh`: Benjamini & Hochberg 1995; `holm`, `none`); `change`: gains or loses where
    `p_adjusted` is below `alpha`, else steady. Sorted by (−difference, order of the codebook).

    Parts of a few dozen paragraphs tell a large shift from chance and no small one: steady means
    that no shift is shown. A part without sentences gives an empty table, a `TermWarning` and a
    note. Raises `ThemeError` for an unknown option.

    >>> from xiacheng_nlp.themes.coding import code_themes
    >>> from xiacheng_nlp.report.report import Report
    >>> report = Report.parse("各位代表:\\n一、2013年工作回顾\\n新建幼儿园。\\n新建学校。\\n二、2014年工作\\n新增绿化。\\n整治河道。")
    >>> table = attention_shift(code_themes(report))  # schools were built; green and clean rivers are planned
    >>> table[["theme", "difference", "change"]].values.tolist()
    [['生态环境', 1.0, 'steady'], ['教育', -1.0, 'steady']]
    """
    codebook = codebook or load_codebook()
    need(coded, "text", "themes", "paragraph", "part")
    adjust([], correction)  # so that a wrong name fails before the work
    if permutations < 1:
        raise ThemeError(
            f"permutations={permutations}: the test deals out once at least; 9,999 give p to four places"
        )
    options: dict[str, object] = dict(
        target=target,
        reference=reference,
        unit=unit,
        multiple=multiple,
        general=general,
        alpha=alpha,
    )
    options |= dict(
        correction=correction, permutations=permutations, confidence=confidence, seed=seed
    )
    weights = weigh(coded, codebook, unit=unit, multiple=multiple)
    sides = []
    for part in (target, reference):
        rows = coded["part"].isin(listed(part)).to_numpy()
        if not general:
            rows &= np.array([code != GENERAL for code in main_codes(coded)], dtype=bool)
        sides.append(by_paragraph(weights.matrix[rows], coded["paragraph"].to_numpy()[rows]))
    if set(listed(target)) & set(listed(reference)):
        raise ThemeError(
            f"target={target!r} and reference={reference!r} share a part: nothing can shift to where it is"
        )
    for role, asked, side in (("target", target, sides[0]), ("reference", reference, sides[1])):
        if not len(side):
            there = ", ".join(name for name, _ in groups(coded, "part") if name) or "none"
            note = tell(
                f"attention_shift: the {role}, part {asked}, holds no coded sentence; the parts of the text: {there}"
            )
            return described(pd.DataFrame(columns=_SHIFT_COLUMNS), coded, options, note)
    present = np.flatnonzero(sides[0].sum(axis=0) + sides[1].sum(axis=0))
    if not general:
        present = np.array(
            [place for place in present if codebook.codes[place] != GENERAL], dtype=np.int64
        )
    first, second = (side[:, present] for side in sides)
    shares = [_shares(side.sum(axis=0, keepdims=True))[0] for side in (first, second)]
    difference = shares[0] - shares[1]
    p = _permuted(first, second, difference, permutations, seed)
    adjusted = adjust(p, correction)
    random = np.random.default_rng(seed)
    drawn = [
        _shares(_times_drawn(random.integers(0, len(s), (permutations, len(s)))) @ s)
        for s in (first, second)
    ]
    low, high = quantiles(drawn[0] - drawn[1], confidence)
    table = pd.DataFrame(
        [theme_row(codebook.themes[place]) for place in present], columns=list(THEME_COLUMNS)
    )
    numbers = (*shares, difference, low, high, p, adjusted)
    for name, values in zip(_SHIFT_COLUMNS[len(THEME_COLUMNS) : -1], numbers, strict=True):
        table[name] = values
    table["change"] = [
        "steady" if not q < alpha else "gains" if gap > 0 else "loses"
        for q, gap in zip(adjusted.tolist(), difference.tolist(), strict=True)
    ]
    order = np.argsort(-difference.round(12), kind="stable")
    options |= {"target_paragraphs": len(first), "reference_paragraphs": len(second)}
    return described(table.iloc[order].reset_index(drop=True), coded, options)


def _permuted(
    first: Floats, second: Floats, observed: Floats, permutations: int, seed: int
) -> Floats:
    """Two-sided p of differences between two groups of paragraphs, over random divisions of all of
    them into groups of these sizes."""
    pool = np.concatenate([first, second])
    labels = np.zeros((permutations, len(pool)), dtype=np.float64)
    labels[:, : len(first)] = 1
    labels = np.random.default_rng(seed).permuted(labels, axis=1)
    sums = labels @ pool
    apart: Bools = (
        np.abs(_shares(sums) - _shares(pool.sum(axis=0) - sums)) >= np.abs(observed) - 1e-12
    )
    return np.asarray((1 + apart.sum(axis=0)) / (1 + permutations))


def agenda_diversity(
    coded: pd.DataFrame,
    codebook: Codebook | None = None,
    *,
    by: str | None = "part",
    level: int | None = None,
    unit: str = "chars",
    multiple: str = "main",
) -> pd.DataFrame:
    """How many themes share the attention, one row a part (section; `by=None`: of all), without
    sentences of the theme general.

    Columns: `part` or `section`; `sentences` (with a theme); `without` (general); `themes` (that
    occur); `diversity`: Shannon's entropy of the shares over the logarithm of the number of themes
    in the codebook, general left out: 0 one theme, 1 all alike (Boydstun, Bevan & Thomas 2014);
    `effective`: e to the entropy, as many themes as would be that diverse with equal shares (Jost
    2006); `top`, `top_en` (names of the theme with the largest share), `top_share`. Null where no
    sentence has a theme.

    A short part cannot hold many themes: compare parts of like length. Raises `ThemeError` as
    `attention` does.

    >>> from xiacheng_nlp.themes.coding import code_themes
    >>> from xiacheng_nlp.report.report import Report
    >>> report = Report.parse("各位代表:\\n一、2014年工作\\n新建幼儿园。\\n新增绿化地。")  # "new kindergartens", "new green"
    >>> agenda_diversity(code_themes(report))[["part", "themes", "diversity", "effective"]].round(3).values.tolist()
    [['plan', 2, 0.215, 2.0]]
    """
    codebook = codebook or load_codebook()
    weights = weigh(coded, codebook, unit=unit, multiple=multiple)
    plain = codebook.codes.index(GENERAL)
    own = np.array([code != GENERAL for code in main_codes(coded)], dtype=bool)
    rows: list[tuple[object, ...]] = []
    for name, places in groups(coded, by, level):
        sums = weights.matrix[places].sum(axis=0)
        sums[plain] = 0
        amount, without = int(own[places].sum()), int((~own[places]).sum())
        head = (*(() if by is None else (name,)), amount, without)
        if not sums.any():
            rows.append((*head, 0, np.nan, np.nan, None, None, np.nan))
            continue
        shares = sums / sums.sum()
        present = shares[shares > 0]
        entropy = float(-(present * np.log(present)).sum())
        top = int(shares.argmax())
        even = round(entropy / float(np.log(len(shares) - 1)), 12) if len(shares) > 2 else 0.0
        theme = codebook.themes[top]
        rows.append(
            (
                *head,
                len(present),
                even + 0.0,
                round(float(np.exp(entropy)), 12),
                theme.zh,
                theme.en,
                float(shares[top]),
            )
        )
    columns = [
        *(() if by is None else (by,)),
        "sentences",
        "without",
        "themes",
        "diversity",
        "effective",
        "top",
        "top_en",
        "top_share",
    ]
    table = pd.DataFrame(rows, columns=columns)
    return described(
        table,
        coded,
        dict(
            by=by,
            level=level,
            unit=unit,
            multiple=multiple,
            themes_in_codebook=len(codebook.codes) - 1,
        ),
    )
