"""How often terms occur, where, and in which part of a report more than in another: frequency,
TF-IDF, keyness, strips.

Rates and sizes are counted in words (tokens with a letter, a Han character or a digit; punctuation
is none), stop words and short words included: what is left out of a table stays in its base.
"""

from collections.abc import Collection

import numpy as np
import pandas as pd

from xiacheng_nlp.errors import TermError
from xiacheng_nlp.terms import contingency
from xiacheng_nlp.terms.selection import (
    Bools,
    Floats,
    StopWords,
    Synonyms,
    described,
    listed,
    mark,
    tell,
    unit_codes,
)

MEASURES = ("g2_two_cell", "g2_four_cell", "chi2", "chi2_yates")

_KEYNESS_COLUMNS = [
    *("term", "side", "target_count", "reference_count", "target_per_10000", "reference_per_10000"),
    *(*MEASURES, "log_ratio", "pct_diff", "odds_ratio", "bic", "ell", "p", "p_adjusted"),
]


def term_frequency(
    tokens: pd.DataFrame,
    *,
    by: str | None = None,
    level: int | None = None,
    stop_words: StopWords = "general",
    synonyms: Synonyms = None,
    min_length: int = 2,
    min_count: int = 1,
    pos: Collection[str] | None = None,
    numbers: bool = False,
) -> pd.DataFrame:
    """How often each term occurs, in the report or in each part, section or part of speech (`by`):
    one row a term (and unit).

    Columns: the unit when there is one; `term`; `count`; `per_10000`: per 10,000 words (of the
    unit; with `by="pos"` of the report), punctuation not counted, stop words counted; `paragraphs`:
    document frequency, in how many paragraphs (of the unit) it stands; `paragraph_share`: the same
    of all paragraphs with a word. Sorted by (−count, term), units in the order of the text, parts
    of speech by name. `attrs` has the options and `words`, the base; `words_in_no_unit` are left
    out.

    `stop_words`, `synonyms`: see `load_stop_words`, `load_synonyms`; `min_length` in characters;
    `pos`: beginnings of tags. A unit, or a report, with nothing but stop words has no rows, a
    `TermWarning` and a note in `attrs`.

    >>> from xiacheng_nlp.terms.selection import token_table
    >>> tokens = token_table([("plan", "1", "加快 发展 楼宇 经济 ， 发展 的 质量")])  # "speed up the building economy, quality of growth"
    >>> term_frequency(tokens).round(1).head(1).to_dict("records")
    [{'term': '发展', 'count': 2, 'per_10000': 2857.1, 'paragraphs': 1, 'paragraph_share': 1.0}]
    """
    marked = mark(
        tokens,
        stop_words=stop_words,
        synonyms=synonyms,
        min_length=min_length,
        pos=pos,
        numbers=numbers,
    )
    units, names = (
        (np.zeros(len(marked), dtype=np.int64), [None])
        if by is None
        else unit_codes(marked, by, level)
    )
    if by == "pos":
        ranks = np.argsort(np.argsort(np.array([str(name) for name in names])))
        units, names = np.where(units < 0, -1, ranks[units]), sorted(names, key=str)
    word = marked["is_word"].to_numpy() & (units >= 0)
    base = marked.loc[word, ["paragraph"]].assign(unit=0 if by == "pos" else units[word])
    sizes = base.groupby("unit")["paragraph"].agg(["size", "nunique"])
    kept = marked["is_term"].to_numpy() & (units >= 0)
    used = marked.loc[kept, ["term", "paragraph"]].assign(unit=units[kept])
    table = (
        used.groupby(["unit", "term"], sort=False)["paragraph"]
        .agg(["size", "nunique"])
        .reset_index()
    )
    table.columns = pd.Index(["unit", "term", "count", "paragraphs"])
    size = sizes.reindex(np.zeros(len(table), dtype=np.int64) if by == "pos" else table["unit"])
    table["per_10000"] = 1e4 * table["count"].to_numpy() / size["size"].to_numpy()
    table["paragraph_share"] = table["paragraphs"].to_numpy() / size["nunique"].to_numpy()
    filled = set(table["unit"])
    empty = [str(name) for code, name in enumerate(names) if code not in filled]
    table = table[table["count"] >= min_count].sort_values(
        ["unit", "count", "term"], ascending=[True, False, True], ignore_index=True
    )
    columns = ["term", "count", "per_10000", "paragraphs", "paragraph_share"]
    if by is not None:
        table[by] = (
            np.array(names, dtype=object)[table["unit"].to_numpy()] if names else table["unit"]
        )
        columns = [by, *columns]
    note = None
    if table.empty:
        note = tell("term_frequency: no term is left after stop words, short words and numbers")
    elif empty and by != "pos":
        note = tell(
            f"term_frequency: {by} {', '.join(empty)}: no term is left after stop words, short words and numbers"
        )
    options: dict[str, object] = dict(
        by=by,
        level=level,
        stop_words=stop_words,
        synonyms=synonyms,
        min_length=min_length,
        min_count=min_count,
        pos=pos,
    )
    options |= {
        "numbers": numbers,
        "words": int(marked["is_word"].sum()),
        "words_in_no_unit": int(marked["is_word"].sum() - word.sum()),
    }
    return described(table[columns], tokens, options, note)


def tf_idf(
    tokens: pd.DataFrame,
    *,
    by: str = "section",
    level: int | None = None,
    variant: str = "natural_log",
    stop_words: StopWords = "general",
    synonyms: Synonyms = None,
    min_length: int = 2,
    min_count: int = 1,
) -> pd.DataFrame:
    """The terms that tell a section (or part, paragraph) from the others, one row a term and unit.

    `variant="natural_log"`: tf·idf with tf = count / terms of the unit, idf = ln(units / units that
    hold the term), as tidytext's bind_tf_idf (Silge & Robinson 2016): 0 for a term of every unit.
    `variant="smooth_l2"`: count·(ln((1+units) / (1+units with it)) + 1), then each unit scaled to
    length 1, as scikit-learn's TfidfVectorizer.

    Columns: the unit, `term`, `count`, `tf`, `idf`, `tf_idf`. Units in the order of the text, then
    (−tf_idf, term). Units are those with at least one term. Raises `TermError` for an unknown
    variant or unit.

    >>> from xiacheng_nlp.terms.selection import token_table
    >>> tokens = token_table([("plan", "1", "发展 经济"), ("plan", "2", "发展 教育")])  # "develop the economy", "develop education"
    >>> tf_idf(tokens)[["section", "term", "tf_idf"]].round(3).values.tolist()
    [['1', '经济', 0.347], ['1', '发展', 0.0], ['2', '教育', 0.347], ['2', '发展', 0.0]]
    """
    if variant not in ("natural_log", "smooth_l2"):
        raise TermError(
            f"variant={variant!r}: give 'natural_log' (tidytext) or 'smooth_l2' (scikit-learn)"
        )
    marked = mark(tokens, stop_words=stop_words, synonyms=synonyms, min_length=min_length)
    units, names = unit_codes(marked, by, level)
    kept = marked["is_term"].to_numpy() & (units >= 0)
    used = pd.DataFrame({"unit": units[kept], "term": marked["term"].to_numpy()[kept]})
    table = used.value_counts(["unit", "term"], sort=False).rename("count").reset_index()
    total = table.groupby("unit")["count"].transform("sum")
    documents, held = table["unit"].nunique(), table.groupby("term")["unit"].transform("nunique")
    if variant == "natural_log":
        table["tf"], table["idf"] = table["count"] / total, np.log(documents / held)
        table["tf_idf"] = table["tf"] * table["idf"]
    else:
        table["tf"], table["idf"] = (
            table["count"].astype(float),
            np.log((1 + documents) / (1 + held)) + 1,
        )
        raw = table["tf"] * table["idf"]
        table["tf_idf"] = raw / np.sqrt((raw**2).groupby(table["unit"]).transform("sum"))
    table = table[table["count"] >= min_count].assign(score=lambda t: -t["tf_idf"].round(12))
    table = table.sort_values(["unit", "score", "term"], ignore_index=True)
    table[by] = np.array(names, dtype=object)[table["unit"].to_numpy()] if names else table["unit"]
    note = (
        tell(f"tf_idf: no {by} holds a term after stop words and short words")
        if table.empty
        else None
    )
    options = dict(
        by=by,
        level=level,
        variant=variant,
        stop_words=stop_words,
        synonyms=synonyms,
        min_length=min_length,
        min_count=min_count,
    )
    return described(
        table[[by, "term", "count", "tf", "idf", "tf_idf"]],
        tokens,
        options | {"units": int(documents)},
        note,
    )


def keyness(
    tokens: pd.DataFrame,
    *,
    target: str | Collection[str] | None = None,
    reference: str | Collection[str] | None = None,
    against: pd.DataFrame | None = None,
    by: str = "part",
    measure: str = "g2_two_cell",
    correction: str = "bh",
    min_count: int = 3,
    stop_words: StopWords = "general",
    synonyms: Synonyms = None,
    min_length: int = 2,
    numbers: bool = False,
) -> pd.DataFrame:
    """Which terms the target uses more than the reference, and which less: one row a term.

    `target` and `reference` name one or more parts (with `by="section"` section ids: 2 takes 2.1
    and 2.3.1 too); a target without a reference stands against all other words of the table. With
    `against`, the token table of another report, the reference is read there, and None means all of
    a report.

    Columns, a and b the term's counts, c and d the words of target and reference: - `term`; `side`:
    target or reference, where its relative frequency is higher; `target_count` a; `reference_count`
    b;
      `target_per_10000`; `reference_per_10000`;
    - `g2_two_cell` (Rayson & Garside 2000), `g2_four_cell` (Dunning 1993), `chi2`, `chi2_yates`: is
    there a difference; - `log_ratio` (bits, 0.5 for a count of 0; Hardie 2014), `pct_diff` (per
    cent; Gabrielatos & Marchi 2011), `odds_ratio`: how
      large it is; infinite where b is 0, but for `log_ratio`;
    - `bic` (Wilson 2013), `ell` (Johnston et al. 2006; NaN where the smaller expected count is not
    above 1); - `p`: of `measure`, χ² with one degree of freedom; `p_adjusted`: for the number of
    terms tested, by `correction`:
      `bh` (Benjamini & Hochberg 1995), `holm` (1979), `none`.

    Terms with a + b below `min_count` are not tested and not shown. Sorted by (−`measure`, term).
    The tests take words as drawn one by one, which words of a text are not: read p as a rank, and
    the effect size beside it. A target or reference without words gives an empty table, a
    `TermWarning` and a note. Raises `TermError` for unknown options.

    >>> from xiacheng_nlp.terms.selection import token_table
    >>> tokens = token_table([("review", "1", "完成 投资 完成 任务 完成 改造"), ("plan", "2", "加快 投资 加快 改造 加快 创新")])
    >>> table = keyness(tokens, target="plan", reference="review")  # 加快 "speed up", 完成 "complete"
    >>> table[["term", "side", "g2_two_cell", "log_ratio"]].round(2).values.tolist()
    [['加快', 'target', 4.16, 2.58], ['完成', 'reference', 4.16, -2.58]]
    """
    if measure not in MEASURES:
        raise TermError(f"measure={measure!r}: the measures are {', '.join(MEASURES)}")
    if by not in ("part", "section"):
        raise TermError(f"by={by!r}: keyness sets parts or sections against each other")
    if target is None and against is None:
        raise TermError(
            f"keyness: name the {by} that is the target, as target='plan', or give another report's tokens, against=tokens"
        )
    contingency.adjust([], correction)  # so that a wrong name fails before the work
    options: dict[str, object] = dict(
        target=target, reference=reference, by=by, measure=measure, correction=correction
    )
    options |= dict(
        min_count=min_count,
        stop_words=stop_words,
        synonyms=synonyms,
        min_length=min_length,
        numbers=numbers,
        against=against is not None,
    )
    own, other = (
        mark(
            table, stop_words=stop_words, synonyms=synonyms, min_length=min_length, numbers=numbers
        )
        for table in (tokens, tokens if against is None else against)
    )
    in_target = _belongs(own, by, target)
    in_reference = (
        ~in_target if against is None and reference is None else _belongs(other, by, reference)
    )
    (a, c), (b, d) = _counts(own, in_target), _counts(other, in_reference)
    for role, asked, size, table in (
        ("target", target, c, own),
        ("reference", reference, d, other),
    ):
        if not size:
            there = ", ".join(dict.fromkeys(str(name) for name in table[by].dropna())) or "none"
            named = f"{by} {asked}" if asked is not None else "the words outside the target"
            note = tell(
                f"keyness: the {role}, {named}, holds no word; the {by}s of the text: {there}"
            )
            return described(pd.DataFrame(columns=_KEYNESS_COLUMNS), tokens, options, note)
    if against is None and reference is not None and (in_target & in_reference).any():
        raise TermError(
            f"keyness: target {target} and reference {reference} share words; name {by}s that lie apart"
        )
    table = keyness_of_counts(
        a, b, c, d, measure=measure, correction=correction, min_count=min_count
    )
    few = (
        tell(
            f"keyness: no term occurs {min_count} times in target and reference together; lower min_count"
        )
        if table.empty
        else None
    )
    return described(
        table,
        tokens,
        options | {"target_words": c, "reference_words": d, "tested": len(table)},
        few,
    )


def keyness_of_counts(
    a: "pd.Series[int]",
    b: "pd.Series[int]",
    c: int,
    d: int,
    *,
    measure: str,
    correction: str,
    min_count: int,
) -> pd.DataFrame:
    """The table of `keyness` for counts that are known: `a` and `b` by term in target and
    reference, which have `c` and `d` words.

    >>> table = keyness_of_counts(
    ...     pd.Series({"创新": 9}), pd.Series({"创新": 1}), 100, 100, measure="g2_two_cell", correction="bh", min_count=3
    ... )  # "innovation"
    >>> table[["term", "side", "g2_two_cell"]].round(2).values.tolist()
    [['创新', 'target', 7.36]]
    """
    counts = pd.DataFrame({"a": a, "b": b}).fillna(0).sort_index()
    counts = counts[counts["a"] + counts["b"] >= min_count]
    table = _measured(counts, c, d)
    table["p"] = contingency.p_value(table[measure])
    table["p_adjusted"] = contingency.adjust(table["p"], correction)
    order = table.assign(score=-table[measure].round(12)).sort_values(["score", "term"]).index
    return table.loc[order, _KEYNESS_COLUMNS].reset_index(drop=True)


def _belongs(marked: pd.DataFrame, by: str, names: str | Collection[str] | None) -> Bools:
    if names is None:
        return np.ones(len(marked), dtype=bool)
    wanted = listed(names)
    codes, values = pd.factorize(marked[by].to_numpy(dtype=object))
    fits = [
        value in wanted
        or (by == "section" and any(str(value).startswith(f"{name}.") for name in wanted))
        for value in values
    ]
    return np.append(np.array(fits, dtype=bool), False)[codes]


def _counts(marked: pd.DataFrame, rows: Bools) -> tuple["pd.Series[int]", int]:
    """The counts of the terms among these rows, and the number of words there."""
    counted = marked.loc[marked["is_term"].to_numpy() & rows, "term"].value_counts()
    return counted, int((marked["is_word"].to_numpy() & rows).sum())


def _measured(counts: pd.DataFrame, c: int, d: int) -> pd.DataFrame:
    """All keyness measures but p of the counts `a`, `b` by term, of `c` and `d` words."""
    a, b = (counts[name].to_numpy(dtype=np.float64) for name in ("a", "b"))
    cells = (a, b, c - a, d - b)
    measured: dict[str, Floats] = {
        "target_per_10000": 1e4 * a / c,
        "reference_per_10000": 1e4 * b / d,
        "g2_two_cell": contingency.g2_two_cell(a, b, c, d),
        "g2_four_cell": contingency.g2(*cells),
        "chi2": contingency.chi2(*cells),
        "chi2_yates": contingency.chi2(*cells, yates=True),
        "log_ratio": contingency.log_ratio(a, b, c, d),
        "pct_diff": contingency.pct_diff(a, b, c, d),
        "odds_ratio": contingency.odds_ratio(a, b, c, d),
        "bic": contingency.bic(a, b, c, d),
        "ell": contingency.ell(a, b, c, d),
    }
    side = np.where(a / c > b / d, "target", np.where(a / c < b / d, "reference", "even")).astype(
        object
    )
    heads = {
        "term": counts.index.to_numpy(dtype=object),
        "side": side,
        "target_count": a.astype(np.int64),
        "reference_count": b.astype(np.int64),
    }
    return pd.DataFrame(heads | measured)


def strips(
    tokens: pd.DataFrame, terms: str | Collection[str], *, synonyms: Synonyms = None
) -> pd.DataFrame:
    """Where each occurrence of the terms stands in the report, for dispersion strips: one row an
    occurrence.

    Columns: `term`, `start`, `end` (span in `report.text`), `position` (share of the report's words
    that come before it, 0 to below 1), `part`, `section`. In the order of `terms`, then of the
    text. `attrs["parts"]` and `attrs["sections"]` list [name, position where it begins] for the top
    level, to draw the borders. A term without an occurrence is named in a `TermWarning` and in
    `attrs["note"]`.

    >>> from xiacheng_nlp.terms.selection import token_table
    >>> tokens = token_table([("review", "1", "社区 服务 。"), ("plan", "2", "发展 社区")])  # "neighbourhood services", "develop them"
    >>> strips(tokens, ["社区"])[["term", "start", "position", "section"]].values.tolist()
    [['社区', 0, 0.0, '1'], ['社区', 8, 0.75, '2']]
    """
    wanted = listed(terms)
    marked = mark(tokens, stop_words=None, synonyms=synonyms, min_length=1)
    word = marked["is_word"].to_numpy()
    words = marked[word].assign(position=np.arange(word.sum()) / max(int(word.sum()), 1))
    found = words[words["term"].isin(wanted)]
    place = {term: index for index, term in enumerate(wanted)}
    order = np.lexsort(
        (
            found["start"].to_numpy(),
            np.array([place[term] for term in found["term"]], dtype=np.int64),
        )
    )
    table = (
        found[["term", "start", "end", "position", "part", "section"]]
        .iloc[order]
        .reset_index(drop=True)
    )
    there = set(table["term"])
    absent = [term for term in wanted if term not in there]
    note = tell(f"strips: {', '.join(absent)}: no such word in the report") if absent else None
    borders: dict[str, list[list[object]]] = {}
    for by, level in (("part", None), ("section", 1)):
        codes, names = unit_codes(words, by, level)
        first = {
            int(code): float(at)
            for code, at in zip(codes[::-1], words["position"].to_numpy()[::-1], strict=True)
        }
        borders[f"{by}s"] = [[name, round(first[code], 6)] for code, name in enumerate(names)]
    table = described(
        table, tokens, {"terms": wanted, "synonyms": synonyms, "words": int(word.sum())}, note
    )
    table.attrs |= borders
    return table
