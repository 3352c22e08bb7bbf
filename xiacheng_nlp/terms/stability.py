"""Does a finding hang on how the report was cut into words? Top terms and key terms under every
setting, compared."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import Any

import numpy as np
import pandas as pd

from xiacheng_nlp.report.report import Report
from xiacheng_nlp.terms.contingency import adjust
from xiacheng_nlp.terms.frequency import keyness, term_frequency
from xiacheng_nlp.terms.selection import TOKEN_COLUMNS, described, mark, tell
from xiacheng_nlp.words.segmentation import tokenize

Cut = Callable[[str], Iterable[str]]

TARGET, REFERENCE = "plan", "review"
"""The parts whose words are set against each other."""

SEGMENTERS = ("rjieba", "icu")
TOP, LEAST = 30, 3
"""Terms that are looked at, and the occurrences of a key term."""
SIGNIFICANT = 0.05
"""The level that `significant` counts by."""


@dataclass(frozen=True, slots=True, eq=False)
class Robustness:
    """What `robustness` found. The first setting is the one that all others are held against:
    lexicon and stop list on.

    - `settings`: `setting` (its name), `segmenter`, `lexicon`, `stop_list`, `words`, `types`
      (different words), `terms` (different terms); one row a setting.
    - `agreement`: `ranking` (frequency or keyness), `setting`, `other`, `terms` (in the union of
      both top lists), `spearman`, `kendall` (τ-b), both over that union, a term that a setting
      lacks scoring 0 there; `jaccard` of the top lists, `rbo` (rank-biased overlap, p = 0.9,
      extrapolated: Webber, Moffat & Zobel 2010); one row a pair of settings. Keyness is scored by
      G² with a minus on the side of the reference, and its lists agree in a term only when they
      agree in its side.
    - `top_terms`: `term`, `count` in the first setting; `in_top`: in how many settings it is among
      the top; `absent`: in how many it is no term at all; `holds`: in all top lists.
    - `key_terms`: `term`, `side`, `log_ratio` in the first setting;
      `same_side`, `other_side` (or neither), `absent`: in how many settings; `significant`: in how
      many it is of that side with adjusted p below 0.05; `verdict`: `holds` (the same side in all
      settings), `holds where it is a word` (wherever it occurs), `turns`.
    """

    settings: pd.DataFrame
    agreement: pd.DataFrame
    top_terms: pd.DataFrame
    key_terms: pd.DataFrame


def robustness(report: Report) -> Robustness:
    """The thirty top terms, and key terms of the plan beside the review (G², two-cell; three
    occurrences or more), under {lexicon, none} × {rjieba, icu} × {stop list, none}, and what holds
    in all.

    `icu` are the word boundaries of Unicode's ICU, whose dictionary is its own (package icu4py). Of
    it "with lexicon" means: what the lexicon made into words for jieba's stays whole, the rest is
    cut anew. "No lexicon" switches off the general lexicon, the report's own and what is learned
    from the report.

    Without icu4py its settings are left out, a report without plan or review has no keyness: both
    with a `TermWarning` and a note in the tables' `attrs`.

    >>> from xiacheng_nlp.report.report import Report
    >>> review, plan = "一、2013年回顾\\n完成投资。完成改造。", "二、2014年工作\\n加快投资。"
    >>> report = Report.parse(f"各位代表:\\n{review}\\n{plan}")  # "completed", then "speed up"
    >>> table = robustness(report).agreement
    >>> table["setting"].iloc[0], len(table) > 0
    ('rjieba, lexicon, stop list', True)
    """
    notes: list[str] = []
    settings = []
    counts = []
    keys: list[pd.DataFrame] = []
    for segmenter, lexicon, tokens in _tables(report, notes):
        for stop_words in ("all", None):
            settings.append(_setting(segmenter, lexicon, stop_words, tokens))
            counts.append(term_frequency(tokens, stop_words=stop_words).set_index("term")["count"])
            # One setting without plan or review is enough to know that no other has them.
            if len(keys) == len(settings) - 1:
                key = keyness(
                    tokens,
                    target=TARGET,
                    reference=REFERENCE,
                    min_count=1,
                    stop_words=stop_words,
                )
                if key.empty:
                    notes.append(key.attrs["note"])
                else:
                    keys.append(_tested(key))
    if len(keys) < len(settings):
        keys = []
    names = [setting["setting"] for setting in settings]
    tables = (
        pd.DataFrame(settings),
        _agreement(names, counts, keys),
        _top_terms(counts),
        _key_terms(keys),
    )
    none, note = pd.DataFrame(), "; ".join(notes)
    return Robustness(*(described(table, none, note=note) for table in tables))


def _setting(
    segmenter: str, lexicon: bool, stop_words: str | None, tokens: pd.DataFrame
) -> dict[str, Any]:
    """The row of `settings`."""
    marked = mark(tokens, stop_words=stop_words)
    words, terms = (marked.loc[marked[rows], "term"] for rows in ("is_word", "is_term"))
    lists = ("" if lexicon else "no ", "" if stop_words else "no ")
    return {
        "setting": f"{segmenter}, {lists[0]}lexicon, {lists[1]}stop list",
        "segmenter": segmenter,
        "lexicon": lexicon,
        "stop_list": stop_words is not None,
        "words": len(words),
        "types": words.nunique(),
        "terms": terms.nunique(),
    }


def _tested(key: pd.DataFrame) -> pd.DataFrame:
    """Sides of all terms; p adjusted, and rank given, among those that are frequent enough to be
    tested."""
    table = key.set_index("term")
    tested = (table["target_count"] + table["reference_count"] >= LEAST).to_numpy()
    adjusted = np.full(len(table), np.nan)
    adjusted[tested] = adjust(table["p"].to_numpy(float)[tested])
    signed = np.where(table["side"] == "target", table["g2_two_cell"], -table["g2_two_cell"])
    return table[["side", "log_ratio"]].assign(p_adjusted=adjusted, signed=signed, tested=tested)


def _tables(report: Report, notes: list[str]) -> Iterator[tuple[str, bool, pd.DataFrame]]:
    """Segmenter, lexicon on or off, token table."""
    whole = tokenize(report)
    plain = tokenize(report, lexicon=False, report_lexicon=False, learning=False)
    yield from ((SEGMENTERS[0], True, whole), (SEGMENTERS[0], False, plain))
    cut = _icu()
    if cut is None:
        notes.append(tell(_NO_ICU))
        return
    # The lexicon's words are those that come and go with it.
    known, made = (set(zip(some["start"], some["end"], strict=True)) for some in (plain, whole))
    yield SEGMENTERS[1], True, recut(report, whole, cut, keep=made - known)
    yield SEGMENTERS[1], False, recut(report, plain, cut)


_NO_ICU = "robustness: the segmenter icu is left out, since icu4py is not there: pip install icu4py"


def _icu() -> Cut | None:
    """The word boundaries of ICU, or None in an environment without icu4py."""
    try:
        from icu4py.breakers import WordBreaker
    except ImportError:
        return None
    return lambda text: list(WordBreaker(text, "zh_CN"))


def recut(
    report: Report, tokens: pd.DataFrame, cut: Cut, *, keep: Collection[tuple[int, int]] = ()
) -> pd.DataFrame:
    """The token table of another segmenter: each sentence of `tokens` cut anew by `cut`, tokens
    with a span in `keep` left whole.

    Parts, sections, paragraphs and sentences are those of `tokens`; `pos` is empty.

    >>> from xiacheng_nlp.terms.selection import token_table
    >>> tokens = token_table([("plan", "1", "楼宇经济 发展")])  # "the building economy grows"
    >>> list(recut(None, tokens, list).text), list(recut(None, tokens, list, keep={(0, 4)}).text)
    (['楼', '宇', '经', '济', '发', '展'], ['楼宇经济', '发', '展'])
    """
    columns = [column for column in TOKEN_COLUMNS if column != "pos"]
    found = tokens[columns].itertuples(index=False, name=None)
    rows = []

    def stretch(token: tuple[Any, ...]) -> tuple[Any, ...]:
        """A kept token is a stretch of its own, all between two of them in a sentence another."""
        return token[-1], token[:2] if token[:2] in keep else None

    for (_, kept), group in groupby(found, key=stretch):
        stretched = list(group)
        home = stretched[0][3:]
        spans = [stretched[0][:3]] if kept else _cut_anew(*_surface(report, stretched), cut)
        rows += [(*span, "", *home) for span in spans]
    return pd.DataFrame(rows, columns=TOKEN_COLUMNS)


def _surface(report: Report, tokens: Sequence[tuple[Any, ...]]) -> tuple[str, list[int]]:
    """The text of tokens that follow each other, and where each character of it stands."""
    text = ""
    places: list[int] = []
    for start, end, surface, *_ in tokens:
        if places and start > places[-1] + 1 and text[-1].isascii() and surface[0].isascii():
            # the blank that parted two Latin words is no token, but the other segmenter must see it
            text += " "
            places.append(places[-1] + 1)
        text += surface
        is_whole = end - start == len(surface)
        places += range(start, end) if is_whole else report.reading(start, end)[1][:-1]
    return text, places


def _cut_anew(text: str, places: Sequence[int], cut: Cut) -> Iterator[tuple[int, int, str]]:
    """Start, end and text of the words that `cut` makes, blanks left out."""
    at = 0
    for piece in cut(text):
        if bare := piece.strip():
            first = at + piece.index(bare)
            yield places[first], places[first + len(bare) - 1] + 1, bare
        at += len(piece)


P = 0.9
"""How far down a reader of a ranking goes on from each rank (Webber, Moffat & Zobel 2010)."""


def rank_biased_overlap(a: Sequence[object], b: Sequence[object]) -> float:
    """RBO_ext of two rankings, of equal length or not: 0 disjoint, 1 the same (Webber, Moffat &
    Zobel 2010, eq. 32). 0 where one is empty, NaN where both are: nothing can be compared.

    >>> rank_biased_overlap("abc", "abc"), rank_biased_overlap("abc", "xyz")
    (1.0, 0.0)
    """
    short, long = sorted((list(a), list(b)), key=len)
    s, n = len(short), len(long)
    if not s:
        return float("nan") if not n else 0.0
    overlap = np.array(
        [len(set(short[:depth]) & set(long[:depth])) for depth in range(1, n + 1)], dtype=float
    )
    depth = np.arange(1, n + 1)
    seen = (overlap / depth * P**depth).sum()
    beyond = depth[s:]
    unseen = (overlap[s - 1] * (beyond - s) / (s * beyond) * P**beyond).sum()
    tail = ((overlap[-1] - overlap[s - 1]) / n + overlap[s - 1] / s) * P**n
    return round(float((1 - P) / P * (seen + unseen) + tail), 12)


def _agreement(
    names: list[str], counts: "list[pd.Series[int]]", keys: list[pd.DataFrame]
) -> pd.DataFrame:
    frequency = [(series, list(series.index[:TOP])) for series in counts]
    best = [table.loc[table["tested"], "side"].head(TOP) for table in keys]
    keyed = [(table["signed"], list(some.items())) for table, some in zip(keys, best, strict=True)]
    rows = [
        {"ranking": ranking, "setting": one, "other": two} | _compared(*first, *second)
        for ranking, lists in (("frequency", frequency), ("keyness", keyed))
        for (one, first), (two, second) in combinations(zip(names, lists, strict=False), 2)
    ]
    return pd.DataFrame(rows)


def _compared(
    score: "pd.Series[Any]",
    first: list[Any],
    other_score: "pd.Series[Any]",
    second: list[Any],
) -> dict[str, float]:
    """How far two rankings agree, given the scores of all terms and the top lists, of terms or of
    terms with their sides."""
    pool = sorted({item if isinstance(item, str) else item[0] for item in (*first, *second)})
    x, y = (some.astype(float).reindex(pool).fillna(0).round(9) for some in (score, other_score))
    varied = len(pool) > 2 and min(x.nunique(), y.nunique()) > 1
    union, shared = {*first, *second}, {*first} & {*second}
    return {
        "terms": len(pool),
        "spearman": x.corr(y, method="spearman") if varied else np.nan,
        "kendall": x.corr(y, method="kendall") if varied else np.nan,
        "jaccard": len(shared) / len(union) if union else np.nan,
        "rbo": rank_biased_overlap(first, second),
    }


def _top_terms(counts: "list[pd.Series[int]]") -> pd.DataFrame:
    best = counts[0].head(TOP)
    ranks = _across([c.rank(method="first", ascending=False) for c in counts], best.index)
    in_top, absent = (ranks <= TOP).sum(axis=1), ranks.isna().sum(axis=1)
    holds = in_top == len(counts)
    table = pd.DataFrame({"count": best, "in_top": in_top, "absent": absent, "holds": holds})
    return table.rename_axis("term").reset_index()


def _across(columns: "Sequence[pd.Series[Any]]", terms: "pd.Index[Any]") -> pd.DataFrame:
    """What each setting has of these terms, a column a setting; null where it has none."""
    return pd.concat([*columns], axis=1, keys=range(len(columns))).reindex(terms)


def _key_terms(keys: list[pd.DataFrame]) -> pd.DataFrame:
    if not keys:
        return pd.DataFrame(columns=_KEY_TERMS)
    table = keys[0][keys[0]["tested"]].head(TOP).copy()
    sides, chances = (_across([t[c] for t in keys], table.index) for c in ("side", "p_adjusted"))
    same = sides.eq(table["side"], axis=0)
    table["same_side"], table["absent"] = same.sum(axis=1), sides.isna().sum(axis=1)
    table["other_side"] = len(keys) - table["same_side"] - table["absent"]
    table["significant"] = (same & (chances < SIGNIFICANT)).sum(axis=1)
    turns, holds = table["other_side"] > 0, np.where(table["absent"], _HOLDS[1], _HOLDS[0])
    return table.assign(verdict=np.where(turns, "turns", holds)).reset_index()[_KEY_TERMS]


_HOLDS = ("holds", "holds where it is a word")
_KEY_TERMS = [
    *("term", "side", "log_ratio", "same_side", "other_side", "absent"),
    *("significant", "verdict"),
]
