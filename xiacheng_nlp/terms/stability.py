"""Does a finding hang on how the report was cut into words? Top terms and key terms under every
setting, compared."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from xiacheng_nlp.errors import TermError
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.terms.contingency import adjust
from xiacheng_nlp.terms.frequency import keyness, term_frequency
from xiacheng_nlp.terms.selection import TOKEN_COLUMNS, StopWords, Synonyms, described, mark, tell
from xiacheng_nlp.text import flow_positions

Cut = Callable[[str], Iterable[str]]
Tokenize = Callable[..., pd.DataFrame]

ENGINES = ("rjieba", "jieba")


@dataclass(frozen=True, slots=True, eq=False)
class Robustness:
    """What `robustness` found. The first setting is the one that all others are held against:
    lexicon and stop list on.

    - `settings`: `setting` (its name), `segmenter`, `lexicon`, `stop_list`, `words`, `types`
    (different words), `terms`
      (different terms); one row a setting.
    - `agreement`: `ranking` (frequency or keyness), `setting`, `other`, `terms` (in the union of
    both top lists), `spearman`,
      `kendall` (τ-b), both over that union, a term that a setting lacks scoring 0 there; `jaccard` of the top lists, `rbo`
      (rank-biased overlap, p = 0.9, extrapolated: Webber, Moffat & Zobel 2010); one row a pair of settings. Keyness is scored
      by G² with a minus on the side of the reference, and its lists agree in a term only when they agree in its side.
    - `top_terms`: `rank`, `term`, `count` in the first setting; `in_top`: in how many settings it
    is among the top;
      `absent`: in how many it is no term at all; `worst_rank` (null when absent anywhere); `holds`: in all top lists.
    - `key_terms`: `term`, `side`, `g2`, `log_ratio`, `p_adjusted` in the first setting;
    `same_side`, `other_side` (or
      neither), `absent`: in how many settings; `significant`: in how many it is of that side with adjusted p below `alpha`;
      `verdict`: `holds` (the same side in all settings), `holds where it is a word` (wherever it occurs), `turns`.
    """

    settings: pd.DataFrame
    agreement: pd.DataFrame
    top_terms: pd.DataFrame
    key_terms: pd.DataFrame


def robustness(
    report: Report,
    *,
    segmenters: Sequence[str] = ("rjieba", "icu"),
    cutters: Mapping[str, Cut] | None = None,
    target: str | Collection[str] = "plan",
    reference: str | Collection[str] = "review",
    top: int = 30,
    min_count: int = 3,
    alpha: float = 0.05,
    stop_words: StopWords = "general",
    synonyms: Synonyms = None,
    tokenize: Tokenize | None = None,
) -> Robustness:
    """Top terms and key terms (G², two-cell) under {lexicon, none} × segmenters × {stop list,
    none}, and what holds in all.

    `segmenters`: `rjieba` and `jieba` (one dictionary, one result: no test of each other); `icu`,
    the word boundaries of Unicode's ICU, whose dictionary is its own (package icu4py); or a name in
    `cutters`, a function from a sentence to its words. Of a segmenter other than jieba's, "with
    lexicon" means: what the lexicon made into words for jieba's stays whole, the rest is cut anew.
    "No lexicon" switches off the general lexicon, the report's own and what is learned from the
    report. `tokenize`: in place of `segmentation.tokenize`, with its options.

    A segmenter that is not installed is left out, a report without target or reference has no
    keyness: both with a `TermWarning` and a note in the tables' `attrs`. Raises `TermError` for an
    unknown segmenter, or one that changes the text.

    >>> from xiacheng_nlp.report.report import Report
    >>> report = Report.parse("各位代表:\\n一、2013年回顾\\n完成投资。完成改造。\\n二、2014年工作\\n加快投资。加快改造。")
    >>> table = robustness(report, segmenters=["rjieba"], top=5, min_count=1).agreement  # "complete", then "speed up investment"
    >>> table["setting"].iloc[0], len(table) > 0
    ('rjieba, lexicon, stop list', True)
    """
    if top < 1:
        raise TermError(f"robustness: top is a number of terms, not {top}")
    if tokenize is None:
        from xiacheng_nlp.words import segmentation

        tokenize = segmentation.tokenize
    notes: list[str] = []
    settings, counts, keys = [], [], []
    no_parts = False
    for segmenter, lexicon, tokens in _tables(report, segmenters, cutters or {}, tokenize, notes):
        for stop_list in (True, False):
            stops = stop_words if stop_list else None
            marked = mark(tokens, stop_words=stops, synonyms=synonyms)
            name = f"{segmenter}, {'lexicon' if lexicon else 'no lexicon'}, {'stop list' if stop_list else 'no stop list'}"
            words, terms = marked["is_word"].to_numpy(), marked["is_term"].to_numpy()
            sizes = (
                int(words.sum()),
                marked.loc[words, "term"].nunique(),
                marked.loc[terms, "term"].nunique(),
            )
            settings.append((name, segmenter, lexicon, stop_list, *sizes))
            counts.append(
                term_frequency(tokens, stop_words=stops, synonyms=synonyms).set_index("term")[
                    "count"
                ]
            )
            if not no_parts:
                key = keyness(
                    tokens,
                    target=target,
                    reference=reference,
                    min_count=1,
                    stop_words=stops,
                    synonyms=synonyms,
                )
                no_parts = key.empty
                notes += [key.attrs["note"]] if no_parts else []
                keys.append(_tested(key, min_count))
    if not settings:
        raise TermError("robustness: none of the segmenters asked for is installed; add 'rjieba'")
    if no_parts:
        keys = []
    settings_table = pd.DataFrame(
        settings,
        columns=["setting", "segmenter", "lexicon", "stop_list", "words", "types", "terms"],
    )
    options = dict(
        segmenters=list(segmenters),
        target=target,
        reference=reference,
        top=top,
        min_count=min_count,
        alpha=alpha,
    )
    options |= dict(stop_words=stop_words, synonyms=synonyms)
    names = list(settings_table["setting"])
    tables = (
        settings_table,
        _agreement(names, counts, keys, top),
        _top_terms(counts, top),
        _key_terms(keys, top, alpha),
    )
    return Robustness(
        *(described(table, pd.DataFrame(), options, "; ".join(notes)) for table in tables)
    )


def _tested(key: pd.DataFrame, min_count: int) -> pd.DataFrame:
    """Sides of all terms; p adjusted, and rank given, among those that are frequent enough to be
    tested."""
    table = key.set_index("term")
    tested = (table["target_count"] + table["reference_count"] >= min_count).to_numpy()
    adjusted = np.full(len(table), np.nan)
    adjusted[tested] = adjust(table["p"].to_numpy(dtype=np.float64)[tested], "bh")
    signed = np.where(table["side"] == "target", table["g2_two_cell"], -table["g2_two_cell"])
    return table[["side", "g2_two_cell", "log_ratio"]].assign(
        p_adjusted=adjusted, signed=signed, tested=tested
    )


def _tables(
    report: Report,
    segmenters: Sequence[str],
    cutters: Mapping[str, Cut],
    tokenize: Tokenize,
    notes: list[str],
) -> Iterator[tuple[str, bool, pd.DataFrame]]:
    """Segmenter, lexicon on or off, token table; the lexicon's words are those that the first
    engine has only with it."""
    if not segmenters:
        raise TermError("robustness: name one segmenter at least")
    unknown = [name for name in segmenters if name not in (*ENGINES, "icu", *cutters)]
    if unknown:
        raise TermError(
            f"robustness: segmenter {unknown[0]!r} is none of {', '.join((*ENGINES, 'icu'))} and no key of cutters"
        )
    engine = next((name for name in segmenters if name in ENGINES), "rjieba")
    off = {"lexicon": False, "report_lexicon": False, "learning": False}
    whole, plain = tokenize(report, engine=engine), tokenize(report, engine=engine, **off)
    known = set(zip(plain["start"], plain["end"], strict=True))
    made = {span for span in zip(whole["start"], whole["end"], strict=True) if span not in known}
    for name in segmenters:
        if name == engine:
            yield name, True, whole
            yield name, False, plain
        elif name in ENGINES:
            yield name, True, tokenize(report, engine=name)
            yield name, False, tokenize(report, engine=name, **off)
        else:
            cut = cutters.get(name) or _icu()
            if cut is None:
                notes.append(
                    tell(
                        "robustness: the segmenter icu is left out, since icu4py is not installed (pip install icu4py)"
                    )
                )
                continue
            yield name, True, recut(report, whole, cut, keep=made, name=name)
            yield name, False, recut(report, plain, cut, name=name)


def _icu() -> Cut | None:
    try:
        from icu4py.breakers import WordBreaker
    except ImportError:
        return None
    return lambda text: list(WordBreaker(text, "zh_CN"))


def recut(
    report: Report,
    tokens: pd.DataFrame,
    cut: Cut,
    *,
    keep: Collection[tuple[int, int]] = (),
    name: str = "cut",
) -> pd.DataFrame:
    """The token table of another segmenter: each sentence of `tokens` cut anew by `cut`, tokens
    with a span in `keep` left whole.

    Parts, sections, paragraphs and sentences are those of `tokens`; `pos` is empty. Raises
    `TermError` where `cut` does not give back the text it got.

    >>> from xiacheng_nlp.terms.selection import token_table
    >>> tokens = token_table([("plan", "1", "楼宇经济 发展")])  # "development of the building economy"
    >>> list(recut(None, tokens, list).text), list(recut(None, tokens, list, keep={(0, 4)}).text)
    (['楼', '宇', '经', '济', '发', '展'], ['楼宇经济', '发', '展'])
    """
    rows: list[tuple[Any, ...]] = []
    text: list[str] = []
    places: list[int] = []
    homes = list(
        zip(
            *(tokens[column] for column in ("part", "section", "paragraph", "sentence")),
            strict=True,
        )
    )
    spans = list(zip(tokens["start"].tolist(), tokens["end"].tolist(), tokens["text"], strict=True))

    def flush(home: tuple[Any, ...]) -> None:
        whole, at = "".join(text), 0
        pieces = list(cut(whole)) if whole else []
        if "".join(pieces) != whole:
            raise TermError(
                f"robustness: the segmenter {name} does not give back the text it cut: {whole[:40]!r}"
            )
        for piece in pieces:
            bare = piece.strip()
            if bare:
                first = at + piece.index(bare)
                rows.append((places[first], places[first + len(bare) - 1] + 1, bare, "", *home))
            at += len(piece)
        text.clear()
        places.clear()

    home: tuple[Any, ...] = ()
    for (start, end, surface), now in zip(spans, homes, strict=True):
        if text and now[-1] != home[-1]:
            flush(home)
        home = now
        if (start, end) in keep:
            flush(home)
            rows.append((start, end, surface, "", *home))
            continue
        if places and start > places[-1] + 1 and text[-1].isascii() and surface[0].isascii():
            # the blank that parted two Latin words is no token, but the other segmenter must see it
            text.append(" ")
            places.append(places[-1] + 1)
        text.extend(surface)
        places.extend(
            range(start, end)
            if end - start == len(surface)
            else flow_positions(report.text[start:end], start)[:-1]
        )
    if text:
        flush(home)
    return pd.DataFrame(rows, columns=list(TOKEN_COLUMNS))


def rank_biased_overlap(a: Sequence[object], b: Sequence[object], *, p: float = 0.9) -> float:
    """RBO_ext of two rankings, of equal length or not: 0 disjoint, 1 the same (Webber, Moffat &
    Zobel 2010, eq. 32).

    >>> rank_biased_overlap("abc", "abc"), rank_biased_overlap("abc", "xyz")
    (1.0, 0.0)
    """
    if not 0 < p < 1:
        raise TermError(f"rank_biased_overlap: p lies between 0 and 1, not at {p}")
    short, long = sorted((list(a), list(b)), key=len)
    s, n = len(short), len(long)
    if not s:
        return float("nan") if not n else 0.0
    overlap = np.array(
        [len(set(short[:depth]) & set(long[:depth])) for depth in range(1, n + 1)], dtype=np.float64
    )
    depth = np.arange(1, n + 1)
    seen = (overlap / depth * p**depth).sum()
    beyond = depth[s:]
    unseen = (overlap[s - 1] * (beyond - s) / (s * beyond) * p**beyond).sum()
    tail = ((overlap[-1] - overlap[s - 1]) / n + overlap[s - 1] / s) * p**n
    return round(float((1 - p) / p * (seen + unseen) + tail), 12)


def _agreement(
    names: list[str], counts: "list[pd.Series[int]]", keys: list[pd.DataFrame], top: int
) -> pd.DataFrame:
    from scipy import stats  # a second to load, and only this table needs it

    frequency = [(series.astype(float), list(series.index[:top])) for series in counts]
    keyed = []
    for table in keys:
        best = table[table["tested"]].head(top)
        keyed.append((table["signed"], list(zip(best.index, best["side"], strict=True))))
    rows = []
    for ranking, lists in (("frequency", frequency), ("keyness", keyed)):
        for (one, (score, first)), (two, (other_score, second)) in combinations(
            zip(names, lists, strict=False), 2
        ):
            pool = sorted(
                {item if isinstance(item, str) else item[0] for item in (*first, *second)}
            )
            x, y = (
                score.reindex(pool).fillna(0).to_numpy().round(9),
                other_score.reindex(pool).fillna(0).to_numpy().round(9),
            )
            varied = len(pool) > 2 and np.ptp(x) > 0 and np.ptp(y) > 0
            spearman, kendall = (
                float(f(x, y).statistic) if varied else np.nan
                for f in (stats.spearmanr, stats.kendalltau)
            )
            union = set(first) | set(second)
            jaccard = len(set(first) & set(second)) / len(union) if union else np.nan
            rows.append(
                (
                    ranking,
                    one,
                    two,
                    len(pool),
                    spearman,
                    kendall,
                    jaccard,
                    rank_biased_overlap(first, second),
                )
            )
    return pd.DataFrame(
        rows,
        columns=["ranking", "setting", "other", "terms", "spearman", "kendall", "jaccard", "rbo"],
    )


def _top_terms(counts: "list[pd.Series[int]]", top: int) -> pd.DataFrame:
    ranks = [dict(zip(series.index, range(1, len(series) + 1), strict=True)) for series in counts]
    rows = []
    for rank, (term, count) in enumerate(counts[0].head(top).items(), start=1):
        places = [table.get(term) for table in ranks]
        found = [place for place in places if place is not None]
        absent = len(places) - len(found)
        in_top = sum(place <= top for place in found)
        rows.append(
            (
                rank,
                term,
                count,
                in_top,
                absent,
                None if absent else max(found),
                in_top == len(places),
            )
        )
    table = pd.DataFrame(
        rows, columns=["rank", "term", "count", "in_top", "absent", "worst_rank", "holds"]
    )
    return table.astype({"worst_rank": "Int64"})


def _key_terms(keys: list[pd.DataFrame], top: int, alpha: float) -> pd.DataFrame:
    rows = []
    sides = [table.to_dict("index") for table in keys]
    for term in keys[0].index[keys[0]["tested"]][:top] if keys else ():
        first = sides[0][term]
        found = [table[term] for table in sides if term in table]
        same = sum(row["side"] == first["side"] for row in found)
        significant = sum(
            row["side"] == first["side"] and bool(row["p_adjusted"] < alpha) for row in found
        )
        absent = len(keys) - len(found)
        verdict = (
            "turns" if same < len(found) else "holds where it is a word" if absent else "holds"
        )
        numbers = (first["g2_two_cell"], first["log_ratio"], first["p_adjusted"])
        rows.append(
            (term, first["side"], *numbers, same, len(found) - same, absent, significant, verdict)
        )
    columns = [
        "term",
        "side",
        "g2",
        "log_ratio",
        "p_adjusted",
        "same_side",
        "other_side",
        "absent",
        "significant",
        "verdict",
    ]
    return pd.DataFrame(rows, columns=columns)
