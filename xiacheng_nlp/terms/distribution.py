"""How words are spread over a report and how rich they are: dispersion, lexical diversity, Zipf's
and Heaps' laws."""

import math
from collections.abc import Collection, Sequence
from typing import Unpack

import numpy as np
import pandas as pd
from scipy import special

from xiacheng_nlp.errors import TermError, at_least, missing
from xiacheng_nlp.statistics import Floats, Ints
from xiacheng_nlp.terms.selection import (
    SelectionOptions,
    described,
    in_order,
    listed,
    load_stop_words,
    mark,
    tell,
    term_counts,
    unit_codes,
)


def dispersion(
    tokens: pd.DataFrame,
    *,
    by: str = "section",
    terms: str | Collection[str] | None = None,
    min_count: int = 5,
    **select: Unpack[SelectionOptions],
) -> pd.DataFrame:
    """How evenly terms are spread over the report's own sections (or parts, paragraphs, sentences),
    one row a term.

    A unit's size is its words. Words in no unit (`by="section"`: before the first heading) are left
    out of all columns but `arf`; `attrs["words_in_no_unit"]` counts them. With units i = 1…n, f_i
    the term's count, s_i the unit's share of the words, v_i the unit's share of the term:

    - `term`; `count`: Σ f_i; `range`: units that hold it;
    - `dp`: ½ Σ |s_i − v_i|, 0 even to nearly 1 clumped (Gries 2008);
    - `arf`: average reduced frequency, (1/v)·Σ min(d_j, v), v = N/f, d_j the distances in words
      from one occurrence to the next, round the end to the first: from 1, clumped, to f,
      even (Savický & Hlaváčová 2002). It needs no units.

    Sorted by (−count, term). With `terms` only these, however rare.

    >>> from xiacheng_nlp.terms.selection import token_table
    >>> passages = [("review", "1", "发展 经济 ， 发展 社区"), ("plan", "2", "服务 社区 发展")]
    >>> table = dispersion(token_table(passages), terms=["发展", "社区"])  # "development"
    >>> table[["term", "count", "range", "dp", "arf"]].round(3).to_dict("records")[0]
    {'term': '发展', 'count': 3, 'range': 2, 'dp': 0.095, 'arf': 2.286}
    """
    marked = mark(tokens, **select)
    units, names = unit_codes(marked, by)
    is_word, in_unit = marked["is_word"].to_numpy(), units >= 0
    sizes = np.bincount(units[is_word & in_unit], minlength=len(names)).astype(float)
    keep, least = marked["is_term"], min_count
    if terms is not None:
        keep, least = marked["is_word"] & marked["term"].isin(listed(terms)), 1
    used = marked.assign(unit=units, word=np.cumsum(is_word) - 1)[keep]
    held = used.groupby(["term", "unit"]).size().unstack(fill_value=0)
    held = held.reindex(columns=range(len(names)), fill_value=0)
    matrix, codes = held.to_numpy(float), held.index.get_indexer(pd.Index(used["term"]))
    table = pd.DataFrame({"term": held.index, "count": matrix.sum(axis=1).astype(np.int64)})
    # A term of no unit has no spread, and is left out below.
    table = table.assign(**spread(matrix, sizes))
    place = used["word"].to_numpy()
    table["arf"] = average_reduced_frequency(codes, place, len(held), int(is_word.sum()))
    table = in_order(table[table["count"] >= least], "-count", "term")
    absent = missing(listed(terms or ()), table["term"])
    lost = f"dispersion: {', '.join(absent)}: in no {by}, so without a spread"
    note = tell(lost) if absent else None
    empty = f"dispersion: no term occurs {min_count} times in the {by}s; lower min_count"
    options = dict(
        by=by,
        min_count=min_count,
        units=len(names),
        words=int(is_word.sum()),
        words_in_no_unit=int((is_word & ~in_unit).sum()),
    )
    return described(table, marked, options, note, empty=empty)


def spread(matrix: Floats, sizes: Floats) -> dict[str, Floats | Ints]:
    """Range and DP of each row of counts over units of these sizes (see `dispersion`).

    >>> found = spread(np.array([[1, 2, 3, 4, 5]]), np.array([9, 10, 10, 10, 11]))
    >>> {name: values.round(4).item() for name, values in found.items()}
    {'range': 5, 'dp': 0.18}
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = matrix / matrix.sum(axis=1, keepdims=True)
        uneven = np.abs(sizes / sizes.sum() - observed).sum(axis=1)
    return {"range": (matrix > 0).sum(axis=1), "dp": uneven / 2}


def average_reduced_frequency(codes: Ints, positions: Ints, types: int, size: int) -> Floats:
    """ARF of the types 0…types−1, whose occurrences (codes) stand at these positions of a text of
    `size` words.

    Positions rise. Even spread gives the frequency, one clump about 1 (Savický & Hlaváčová 2002).

    >>> average_reduced_frequency(np.array([0, 0, 1, 1]), np.array([0, 5, 8, 9]), 2, 10).tolist()
    [2.0, 1.2]
    """
    place = pd.Series(positions).groupby(codes)
    gaps = place.diff().fillna(place.transform("first") + size - place.transform("last"))
    sums = gaps.clip(upper=size / place.transform("size")).groupby(codes).sum()
    return np.asarray((sums * place.size() / size).reindex(range(types), fill_value=0.0))


def set_phrases(tokens: pd.DataFrame) -> pd.DataFrame:
    """How much of each part is made of the genre's set phrases (套话率): one row a part, in the
    order of the text.

    Columns: `part`; `set_phrases`: words of the list `load_stop_words("boilerplate")`; `words`:
    all words, numbers and function words counted; `share` of the first in the second; `most`: the
    five most frequent of them with their counts. The list and the measure are this package's own.

    >>> from xiacheng_nlp.terms.selection import token_table
    >>> tokens = token_table([("plan", "1", "全面 推进 改革 ， 推进 建设")])  # "advance reform"
    >>> set_phrases(tokens).values.tolist()
    [['plan', 3, 5, 0.6, '推进 2, 全面 1']]
    """
    marked = mark(tokens, stop_words=None)
    known = load_stop_words("boilerplate")
    rows = []
    for part, words in marked[marked["is_word"]].groupby("part", sort=False)["text"]:
        counts = in_order(words[words.isin(known)].value_counts().reset_index(), "-count", "text")
        most = ", ".join(map("{} {}".format, counts["text"].head(5), counts["count"]))
        told = int(counts["count"].sum())
        rows.append((part, told, len(words), told / len(words), most))
    table = pd.DataFrame(rows, columns=["part", "set_phrases", "words", "share", "most"])
    return described(table, marked)


def _all_words(tokens: pd.DataFrame) -> pd.DataFrame:
    """All words marked as terms, but for numbers, of which nearly each is a type of its own."""
    return mark(tokens, stop_words=None, min_length=1)


MATTR_WINDOW = 100
HDD_SAMPLE = 42
MTLD_THRESHOLD = 0.72
"""What the literature takes: McCarthy & Jarvis (2007, 2010) for sample and threshold."""


def diversity(tokens: pd.DataFrame, *, by: str | None = None) -> pd.DataFrame:
    """Lexical diversity of the report, or of each part or section: one row a unit, in the order of
    the text.

    Counted over all words, stop words and short words included, numbers left out. Columns: the unit
    (`all` for the report); `tokens`; `types`; `ttr`: types / tokens; `mattr`: mean TTR of all
    windows of 100 words (Covington & McFall 2010); `mtld`, `hdd`, `yule_k`: see the functions of
    these names. TTR falls with length: compare units by the other columns. A unit shorter than the
    window or the sample has NaN there, and in `mtld` one that repeats no word.

    >>> from xiacheng_nlp.terms.selection import token_table
    >>> tokens = token_table([("review", "1", "完成 投资 完成 任务")])  # "complete the task"
    >>> diversity(tokens)[["unit", "tokens", "types", "ttr"]].values.tolist()
    [['all', 4, 3, 0.75]]
    """
    marked = _all_words(tokens)
    units, names = unit_codes(marked, by)
    words = marked.assign(unit=units)[marked["is_term"] & (units >= 0)]
    rows = []
    for code, name in enumerate(names):
        if text := list(words["term"][words["unit"] == code]):
            types = len(set(text))
            told = (measure(text) for measure in DIVERSITY)
            rows.append((name, len(text), types, types / len(text), *told))
    columns = [by or "unit", "tokens", "types", "ttr", *(each.__name__ for each in DIVERSITY)]
    table = pd.DataFrame(rows, columns=columns)
    return described(table, marked, dict(by=by), empty="diversity: the tokens hold no word")


def mattr(words: Sequence[str], *, window: int = MATTR_WINDOW) -> float:
    """The mean type–token ratio of all windows of `window` words (Covington & McFall 2010); NaN for
    a shorter text."""
    windows = range(len(words) - window + 1)
    types = sum(len({*words[start : start + window]}) for start in windows)
    return types / window / len(windows) if windows else math.nan


def mtld(words: Sequence[str]) -> float:
    """The mean length of stretches that keep a type–token ratio of 0.72 (McCarthy & Jarvis 2010),
    read both ways.

    A factor ends where the ratio falls below the threshold (of some other programs: where it
    reaches it); the rest counts as the part (1 − TTR) / (1 − 0.72) of one. NaN for no word; a text
    that repeats no word has NaN too.
    """
    if len(set(words)) == len(words):
        return math.nan
    return (_mtld_one_way(words) + _mtld_one_way(words[::-1])) / 2


def _mtld_one_way(words: Sequence[str]) -> float:
    factors, seen, length, ratio = 0.0, set[str](), 0, 1.0
    for word in words:
        seen.add(word)
        length += 1
        ratio = len(seen) / length
        if ratio < MTLD_THRESHOLD:
            factors, seen, length, ratio = factors + 1, set(), 0, 1.0
    return len(words) / (factors + (1 - ratio) / (1 - MTLD_THRESHOLD))


def hdd(words: Sequence[str], *, sample: int = HDD_SAMPLE) -> float:
    """HD-D: the expected type–token ratio of `sample` words drawn without return (McCarthy & Jarvis
    2007); NaN for a shorter text."""
    from scipy import stats  # a second to load

    if len(words) < sample:
        return math.nan
    missed = stats.hypergeom.pmf(0, len(words), _frequencies(words), sample)
    return float((1 - missed).sum() / sample)


def yule_k(words: Sequence[str]) -> float:
    """Yule's K: 10⁴·(Σ f² − N) / N² over the types' frequencies f (Yule 1944); high where words
    recur; NaN for no word."""
    n = len(words)
    return float(1e4 * ((_frequencies(words) ** 2).sum() - n) / n**2) if n else math.nan


def _frequencies(words: Sequence[str]) -> Ints:
    return np.unique(np.array(words, object), return_counts=True)[1]


DIVERSITY = (mattr, mtld, hdd, yule_k)
"""The measures of `diversity` beside the type–token ratio."""


def zipf(tokens: pd.DataFrame) -> pd.DataFrame:
    """Rank and frequency of all words, and the Zipf–Mandelbrot law fitted to them: one row a type.

    Columns: `rank` (1, 2, … by (−count, term)), `term`, `count`, `expected`: N·P(rank) with P(r) ∝
    (r + q)^−s over the V ranks. s and q, to four digits, are of maximum likelihood, ranks taken as
    given (Zipf 1935; Mandelbrot 1953); `attrs` has `s`, `q`,
    `r_squared` (of log count on log expected). Ranks and counts come from the same text,
    which makes every fit look too good (Piantadosi 2014).

    >>> from xiacheng_nlp.terms.selection import token_table
    >>> tokens = token_table([("review", "1", "完成 投资 完成 任务 投资 完成")])
    >>> zipf(tokens)[["rank", "term", "count"]].values.tolist()  # "complete", "invest", "task"
    [[1, '完成', 3], [2, '投资', 2], [3, '任务', 1]]
    """
    marked = _all_words(tokens)
    counted = term_counts(marked).reset_index()
    table = in_order(counted, "-count", "term")
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    if len(table) < 3:
        few = tell(f"zipf: {len(table)} different words are too few to fit a law to")
        return described(table.assign(expected=np.nan), marked, note=few)
    counts = table["count"].to_numpy(float)
    # As they are told: a minimum is found to the eighth digit or so, and differs behind it from one
    # processor to another.
    s, q = (round(number, 4) for number in fit_zipf(counts))
    weights = (table["rank"].to_numpy() + q) ** -s
    table["expected"] = counts.sum() * weights / weights.sum()
    fitted = {"s": s, "q": q, "r_squared": _r_squared(table["count"], table["expected"])}
    return described(table, marked, fitted)


def _r_squared(found: "pd.Series[int]", expected: "pd.Series[float]") -> float:
    """How much of the variance of the logarithms a law explains, to four digits; NaN where they do
    not vary."""
    seen, fitted = np.log(found.to_numpy(float)), np.log(expected.to_numpy(float))
    varied = ((seen - seen.mean()) ** 2).sum()
    return round(1 - float(((seen - fitted) ** 2).sum() / varied), 4) if varied else math.nan


def fit_zipf(counts: Floats) -> tuple[float, float]:
    """s and q of P(r) ∝ (r + q)^−s that make the counts, given in falling order, most likely.

    >>> ranks = np.arange(1, 500)
    >>> s, q = fit_zipf(1e6 / (ranks + 2.7) ** 1.1)
    >>> round(s, 3), round(q, 2)
    (1.1, 2.7)
    """
    from scipy import optimize  # slow to load, and only this fit needs it

    ranks, shares = np.arange(1, len(counts) + 1), counts / counts.sum()

    def loss(s: float, q: float) -> float:
        logs = np.log(ranks + q)
        return float(s * (shares @ logs) + special.logsumexp(-s * logs))

    def best_s(q: float) -> tuple[float, float]:
        found = optimize.minimize_scalar(
            lambda s: loss(s, q), bounds=(0.0, 10.0), method="bounded", options={"xatol": 1e-9}
        )
        return float(found.x), float(found.fun)

    # q is searched on a log scale: what it does to the first ranks is multiplicative
    shift = optimize.minimize_scalar(
        lambda x: best_s(math.expm1(x))[1],
        bounds=(0.0, 6.0),
        method="bounded",
        options={"xatol": 1e-7},
    )
    q = math.expm1(float(shift.x)) if float(shift.fun) < best_s(0.0)[1] else 0.0
    return best_s(q)[0], q


def heaps(tokens: pd.DataFrame, *, step: int = 100) -> pd.DataFrame:
    """How the vocabulary grows with the text, and Heaps' law V = k·n^β fitted to it: one row each
    `step` words, and the last.

    Columns: `tokens` (n), `types` (V, different words among the first n), `expected`. k and β are
    of least squares on the logarithms (Herdan 1964; Heaps 1978), in `attrs`.

    >>> from xiacheng_nlp.terms.selection import token_table
    >>> tokens = token_table([("review", "1", "完成 投资 完成 任务 加快 改造")])  # five types
    >>> heaps(tokens, step=2)[["tokens", "types"]].values.tolist()
    [[2, 2], [4, 3], [6, 5]]
    """
    at_least(1, TermError, step=step)
    marked = _all_words(tokens)
    growth = np.cumsum(~marked.loc[marked["is_term"], "term"].duplicated().to_numpy())
    places = np.unique([*range(step, len(growth) + 1, step), len(growth)])
    places = places[places > 0]
    table = pd.DataFrame({"tokens": places, "types": growth[places - 1]})
    few, options = None, dict[str, float](step=step)
    if len(table) < 3:
        few = tell(f"heaps: {len(growth)} words give {len(table)} points, too few to fit a law to")
        table["expected"] = np.nan
    else:
        x, y = (np.log(table[name].to_numpy(float)) for name in ("tokens", "types"))
        beta, first = map(float, np.polyfit(x, y, 1))
        k = math.exp(first)
        table["expected"] = k * table["tokens"].to_numpy() ** beta
        options |= dict(k=round(k, 4), beta=round(beta, 4))
    return described(table, marked, options, few)
