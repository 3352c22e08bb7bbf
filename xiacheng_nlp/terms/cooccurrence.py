"""The company that words keep: collocations, concordances, recurrent phrases, and keywords from the
graph of neighbours."""

from collections.abc import Collection, Iterable, Iterator
from functools import partial

import numpy as np
import pandas as pd

from xiacheng_nlp.errors import TermError
from xiacheng_nlp.terms.contingency import ASSOCIATION
from xiacheng_nlp.terms.selection import (
    Bools,
    Ints,
    StopWords,
    Synonyms,
    described,
    listed,
    mark,
    tell,
)

_PAIR_COLUMNS = ["term", "collocate", "f11", "f1", "f2", "n", "expected", *ASSOCIATION]


def collocations(
    tokens: pd.DataFrame,
    term: str | Collection[str] | None = None,
    *,
    within: str = "window",
    window: int = 5,
    min_count: int = 3,
    measure: str = "g2",
    stop_words: StopWords = "general",
    synonyms: Synonyms = None,
    min_length: int = 2,
) -> pd.DataFrame:
    """The words that stand near a term more often than chance has it, one row a pair; with
    `term=None` the pairs of all terms.

    `within="window"`: at most `window` words away in the same sentence, punctuation not counted
    (surface cooccurrence, Evert 2008). `f1` is the number of words that stand in the term's
    windows, each counted once, the term itself not; `f11` how many of these are the collocate; `f2`
    the frequency of the collocate; `n` all words but the term's own. `within="sentence"`: in the
    same sentence (textual cooccurrence). `f11`, `f1`, `f2` are the numbers of sentences with both,
    with the term, with the collocate; `n` all sentences with a word.

    Columns: `term`, `collocate`, `f11`, `f1`, `f2`, `n`, `expected` (f1·f2/n), `g2` (four-cell,
    Dunning 1993), `pmi` and `npmi` (bits; Church & Hanks 1990; Bouma 2009), `t` (Church et al.
    1991), `dice`, `log_dice` (at most 14, Rychlý 2008), `delta_p_collocate` (ΔP of the collocate
    given the term) and `delta_p_term` (Ellis 2006; Gries 2013). Pairs with f11 below `min_count`,
    or not above `expected`, are left out (the latter counted in `attrs["not_attracted"]`); stop
    words and short words count in the windows but are no collocates. Sorted by term (in the order
    asked for), then (−`measure`, collocate); for all terms by (−`measure`, term, collocate), with
    each sentence pair once, term < collocate.

    A term that does not occur gives no row, a `TermWarning` and a note in `attrs`. Raises
    `TermError` for an unknown option.

    >>> from xiacheng_nlp.terms.selection import token_table
    >>> tokens = token_table([("plan", "1", "加快 经济 发展 。 经济 发展 平稳 。 改善 民生 服务 。 提升 服务 水平 。")])
    >>> collocations(tokens, "经济", min_count=2)[["collocate", "f11", "f1", "f2", "n"]].to_dict("records")  # "economy"
    [{'collocate': '发展', 'f11': 2, 'f1': 4, 'f2': 2, 'n': 10}]
    """
    if within not in ("window", "sentence"):
        raise TermError(f"within={within!r}: give 'window' or 'sentence'")
    if window < 1:
        raise TermError(f"collocations: a window has at least one word on each side, not {window}")
    if measure not in ASSOCIATION:
        raise TermError(f"measure={measure!r}: the measures are {', '.join(ASSOCIATION)}")
    marked = mark(tokens, stop_words=stop_words, synonyms=synonyms, min_length=min_length)
    words = marked[marked["is_word"].to_numpy()]
    codes, types = pd.factorize(words["term"].to_numpy(dtype=object), sort=True)
    frequency = np.bincount(codes, minlength=len(types))
    is_collocate = np.zeros(len(types), dtype=bool)
    is_collocate[codes[words["is_term"].to_numpy()]] = True
    is_collocate &= frequency >= min_count
    order = {str(word): code for code, word in enumerate(types)}
    wanted = None if term is None else listed(term)
    nodes = (
        np.flatnonzero(is_collocate)
        if wanted is None
        else np.array([order[word] for word in wanted if word in order], dtype=np.int64)
    )
    sentences = pd.factorize(words["sentence"].to_numpy())[0]
    count = _sentence_pairs if within == "sentence" else partial(_window_pairs, window=window)
    pairs = count(codes.astype(np.int64), sentences.astype(np.int64), nodes, is_collocate)
    if wanted is None and within == "sentence":
        pairs = pairs[:, pairs[0] < pairs[1]]
    pairs = pairs[:, pairs[2] >= min_count]
    numbers = tuple(pairs[2:].astype(np.float64))
    expected = numbers[1] * numbers[2] / np.maximum(numbers[3], 1)
    attracted = numbers[0] > expected
    table = pd.DataFrame({"term": types[pairs[0]], "collocate": types[pairs[1]]}, dtype=object)
    table[["f11", "f1", "f2", "n"]] = pairs[2:].T
    table["expected"] = expected
    for name, function in ASSOCIATION.items():
        table[name] = function(*numbers)
    table = table[attracted]
    place = {word: index for index, word in enumerate(wanted or ())}
    keys = pd.DataFrame(
        {
            "place": [place.get(word, 0) for word in table["term"]],
            "score": -table[measure].to_numpy().round(12),
        },
        index=table.index,
    )
    keys[["term", "collocate"]] = table[["term", "collocate"]]
    table = table.loc[
        keys.sort_values(["place", "score", "term", "collocate"]).index, _PAIR_COLUMNS
    ].reset_index(drop=True)
    options = dict(
        within=within,
        window=window if within == "window" else None,
        min_count=min_count,
        measure=measure,
        stop_words=stop_words,
    )
    options |= {
        "synonyms": synonyms,
        "min_length": min_length,
        "not_attracted": int((~attracted).sum()),
    }
    note = None
    absent = [word for word in wanted or () if word not in order]
    if absent:
        note = tell("; ".join(_absent("collocations", word, types) for word in absent))
    elif table.empty:
        note = tell(
            f"collocations: no pair stands together {min_count} times and more than chance has it; lower min_count"
        )
    return described(table, tokens, options, note)


def _absent(measure: str, term: str, types: Iterable[str]) -> str:
    """That a term does not occur, with the words that hold it: the segmentation may have made it
    part of a longer one."""
    longer = sorted(word for word in types if term in word)[:5]
    hint = f"; it is part of {', '.join(longer)}" if longer else ""
    return f"{measure}: {term} does not occur as a word{hint}"


def _window_pairs(
    codes: Ints, sentences: Ints, nodes: Ints, is_collocate: Bools, *, window: int
) -> Ints:
    """Rows node, collocate, f11, f1, f2, n of all pairs that stand at most `window` words apart in
    a sentence."""
    frequency = np.bincount(codes, minlength=len(is_collocate))
    order = np.argsort(codes, kind="stable")
    starts = np.cumsum(frequency) - frequency
    steps = np.array([step for step in range(-window, window + 1) if step])
    parts = [np.empty((6, 0), dtype=np.int64)]
    for node in nodes:
        places = order[starts[node] : starts[node] + frequency[node]]
        near = (places[:, None] + steps).ravel()
        home = np.repeat(sentences[places], len(steps))
        fits = (near >= 0) & (near < len(codes))
        near, home = near[fits], home[fits]
        near = np.unique(near[(sentences[near] == home) & (codes[near] != node)])
        found = np.bincount(codes[near], minlength=len(frequency))
        company = np.flatnonzero((found > 0) & is_collocate)
        full = np.full(len(company), 1)
        parts.append(
            np.stack(
                [
                    full * node,
                    company,
                    found[company],
                    full * len(near),
                    frequency[company],
                    full * (len(codes) - frequency[node]),
                ]
            )
        )
    return np.concatenate(parts, axis=1)


def _sentence_pairs(codes: Ints, sentences: Ints, nodes: Ints, is_collocate: Bools) -> Ints:
    """Rows node, collocate, f11, f1, f2, n of all pairs that share a sentence."""
    types = len(is_collocate)
    unique = np.unique(sentences * max(types, 1) + codes)
    homes, held = unique // max(types, 1), unique % max(types, 1)
    frequency = np.bincount(held, minlength=types)
    order = np.argsort(held, kind="stable")
    starts = np.cumsum(frequency) - frequency
    first = (
        np.searchsorted(homes, np.arange(homes[-1] + 2))
        if len(homes)
        else np.zeros(1, dtype=np.int64)
    )
    n = len(first) - 1
    parts = [np.empty((6, 0), dtype=np.int64)]
    for node in nodes:
        own = homes[order[starts[node] : starts[node] + frequency[node]]]
        lengths = first[own + 1] - first[own]
        places = np.repeat(first[own] - np.cumsum(lengths) + lengths, lengths) + np.arange(
            lengths.sum()
        )
        found = np.bincount(held[places], minlength=types)
        found[node] = 0
        company = np.flatnonzero((found > 0) & is_collocate)
        full = np.full(len(company), 1)
        parts.append(
            np.stack(
                [
                    full * node,
                    company,
                    found[company],
                    full * frequency[node],
                    frequency[company],
                    full * n,
                ]
            )
        )
    return np.concatenate(parts, axis=1)


def concordance(
    tokens: pd.DataFrame, term: str, *, width: int = 20, whole: bool = True
) -> pd.DataFrame:
    """Every occurrence of a term with what stands around it (KWIC), in the order of the text.

    The term may run over several tokens (下/城区), but with `whole` must begin and end where tokens
    do; `whole=False` finds it inside words too. The context stays in the paragraph.

    Columns: `start`, `end` (span in `report.text`: of the term, or with `whole=False` of the tokens
    that hold it), `left`, `term`, `right` (at most `width` characters each side), `part`,
    `section`, `paragraph`, `sentence`.

    A term that does not occur gives an empty table, a `TermWarning` and a note in `attrs`. Raises
    `TermError` for an empty term.

    >>> from xiacheng_nlp.terms.selection import token_table
    >>> tokens = token_table([("plan", "1", "加快 发展 楼宇 经济 。")])  # "speed up the development of the building economy."
    >>> concordance(tokens, "楼宇经济", width=2)[["start", "end", "left", "term", "right"]].to_dict("records")
    [{'start': 4, 'end': 8, 'left': '发展', 'term': '楼宇经济', 'right': '。'}]
    """
    if not term.strip():
        raise TermError("concordance: the term is empty")
    if width < 0:
        raise TermError(f"concordance: the width is a number of characters, not {width}")
    marked = mark(tokens, stop_words=None)
    surfaces = [str(word) for word in marked["text"]]
    paragraphs = marked["paragraph"].to_numpy()
    # one line a paragraph, so that no match and no context runs from one into the next
    breaks = (
        np.append(False, paragraphs[1:] != paragraphs[:-1])
        if len(paragraphs)
        else np.array([], dtype=bool)
    )
    lengths = np.array([len(word) for word in surfaces], dtype=np.int64)
    starts = np.cumsum(lengths + breaks) - lengths
    text = "".join(
        "\n" + word if broken else word for word, broken in zip(surfaces, breaks, strict=True)
    )
    columns = {
        name: marked[name].to_numpy()
        for name in ("start", "end", "part", "section", "paragraph", "sentence")
    }
    rows, inside = [], 0
    for at in _occurrences(text, term):
        first, last = (
            int(np.searchsorted(starts, place, side="right")) - 1
            for place in (at, at + len(term) - 1)
        )
        if whole and (starts[first] != at or starts[last] + lengths[last] != at + len(term)):
            inside += 1
            continue
        line, line_end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
        left = text[max(line, at - width) : at]
        right = text[
            at + len(term) : min(at + len(term) + width, line_end if line_end >= 0 else len(text))
        ]
        home = {name: columns[name][first] for name in ("part", "section", "paragraph", "sentence")}
        rows.append(
            {
                "start": columns["start"][first],
                "end": columns["end"][last],
                "left": left,
                "term": term,
                "right": right,
                **home,
            }
        )
    table = pd.DataFrame(
        rows,
        columns=[
            "start",
            "end",
            "left",
            "term",
            "right",
            "part",
            "section",
            "paragraph",
            "sentence",
        ],
    )
    note = None
    if table.empty:
        hint = (
            f"; it stands {inside} times inside longer words (whole=False shows them)"
            if inside
            else ""
        )
        note = tell(f"concordance: {term} does not occur{' as a word' if inside else ''}{hint}")
    return described(
        table,
        tokens,
        {"term": term, "width": width, "whole": whole, "inside_longer_words": inside},
        note,
    )


def _occurrences(text: str, term: str) -> Iterator[int]:
    at = text.find(term)
    while at >= 0:
        yield at
        at = text.find(term, at + 1)


def ngrams(
    tokens: pd.DataFrame,
    *,
    sizes: Collection[int] = (2, 3, 4, 5),
    min_count: int = 3,
    stop_words: StopWords = "general",
    maximal: bool = True,
) -> pd.DataFrame:
    """Phrases of several words that recur: not across punctuation or paragraphs, no stop word and
    no number at either end.

    Inside a phrase stop words may stand (加快建设的步伐 counts, 的步伐 does not). With `maximal` a phrase is
    left out when a longer one that holds it occurs as often: what is shown is not a piece of
    something else.

    Columns: `phrase`, `words` (the same with blanks between its words), `n` (words), `count`,
    `paragraphs` (that hold it), `start` (where the first one begins). Sorted by (−count, −n,
    phrase).

    >>> from xiacheng_nlp.terms.selection import token_table
    >>> tokens = token_table([("plan", "1", "改善 民生 服务 ， 改善 民生 服务 ， 提升 民生")])  # "better services for people's livelihood"
    >>> ngrams(tokens, min_count=2)[["words", "n", "count"]].to_dict("records")
    [{'words': '改善 民生 服务', 'n': 3, 'count': 2}]
    """
    if not sizes or min(sizes) < 2:
        raise TermError(f"ngrams: a phrase has two words or more, not {sorted(sizes)}")
    marked = mark(tokens, stop_words=stop_words, min_length=1)
    word = marked["is_word"].to_numpy()
    paragraph = marked["paragraph"].to_numpy()
    moved = (
        np.append(False, paragraph[1:] != paragraph[:-1])
        if len(paragraph)
        else np.array([], dtype=bool)
    )
    run = np.cumsum(~word | moved)[word]
    words = marked[word]
    codes, types = pd.factorize(words["text"].to_numpy(dtype=object))
    ends, paragraph = words["is_term"].to_numpy(), paragraph[word]
    key, found = codes.astype(np.int64), []
    covered: dict[tuple[str, ...], int] = {}
    for n in range(2, max(sizes) + 1):
        if len(codes) < n:
            break
        key = np.unique(key[:-1] * len(types) + codes[n - 1 :], return_inverse=True)[1]
        whole = (
            (run[n - 1 :] == run[: len(run) - n + 1]) & ends[: len(ends) - n + 1] & ends[n - 1 :]
        )
        if n not in sizes:
            continue
        places = np.flatnonzero(whole)
        kinds, first, inverse, counts = np.unique(
            key[places], return_index=True, return_inverse=True, return_counts=True
        )
        homes = np.unique(np.stack([inverse, pd.factorize(paragraph[places])[0]]), axis=1)[0]
        spread = np.bincount(homes, minlength=len(kinds))
        for kind in np.flatnonzero(counts >= min_count):
            at = places[first[kind]]
            pieces = tuple(str(types[code]) for code in codes[at : at + n])
            found.append(
                (pieces, n, int(counts[kind]), int(spread[kind]), int(words["start"].iloc[at]))
            )
            for size in range(2, n):
                for begin in range(n - size + 1):
                    piece = pieces[begin : begin + size]
                    covered[piece] = max(covered.get(piece, 0), int(counts[kind]))
    rows = [
        {
            "phrase": "".join(pieces),
            "words": " ".join(pieces),
            "n": n,
            "count": count,
            "paragraphs": homes,
            "start": start,
        }
        for pieces, n, count, homes, start in found
        if not (maximal and covered.get(pieces, 0) >= count)
    ]
    table = pd.DataFrame(rows, columns=["phrase", "words", "n", "count", "paragraphs", "start"])
    table = table.sort_values(
        ["count", "n", "phrase", "words"], ascending=[False, False, True, True], ignore_index=True
    )
    note = (
        tell(
            f"ngrams: no phrase of {sorted(sizes)} words occurs {min_count} times; lower min_count"
        )
        if table.empty
        else None
    )
    return described(
        table,
        tokens,
        {
            "sizes": sorted(sizes),
            "min_count": min_count,
            "stop_words": stop_words,
            "maximal": maximal,
        },
        note,
    )


def textrank(
    tokens: pd.DataFrame,
    *,
    pos: Collection[str] | None = ("n", "v", "a"),
    window: int = 5,
    damping: float = 0.85,
    stop_words: StopWords = "general",
    synonyms: Synonyms = None,
    min_length: int = 2,
) -> pd.DataFrame:
    """Keywords by TextRank (Mihalcea & Tarau 2004): PageRank in the graph of words that stand near
    each other.

    Words of these parts of speech (tags that begin so; None: all) are joined when both lie in a
    window of `window` words of a sentence, counted before any word is left out; an edge weighs how
    often. Columns: `term`, `score` (they sum to 1), `count`. Sorted by (−score, term), scores
    rounded to ten decimals.

    >>> from xiacheng_nlp.terms.selection import token_table
    >>> textrank(token_table([("plan", "1", "经济 发展 。 社区 发展 。")]), pos=None).term[0]  # "development" has two neighbours
    '发展'
    """
    import networkx as nx  # half a second that only this measure needs

    if window < 2:
        raise TermError(f"textrank: a window holds two words or more, not {window}")
    marked = mark(tokens, stop_words=stop_words, synonyms=synonyms, min_length=min_length, pos=pos)
    words = marked[marked["is_word"].to_numpy()]
    chosen, sentence = words["is_term"].to_numpy(), words["sentence"].to_numpy()
    codes, types = pd.factorize(words["term"].to_numpy(dtype=object), sort=True)
    pairs = []
    for step in range(1, window):
        joined = (
            chosen[:-step]
            & chosen[step:]
            & (sentence[:-step] == sentence[step:])
            & (codes[:-step] != codes[step:])
        )
        pairs.append(np.sort(np.stack([codes[:-step][joined], codes[step:][joined]]), axis=0))
    edges, weights = np.unique(np.concatenate(pairs, axis=1), axis=1, return_counts=True)
    counts = np.bincount(codes[chosen], minlength=len(types))
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(int(node) for node in np.unique(codes[chosen]))
    graph.add_weighted_edges_from(
        (int(a), int(b), int(weight)) for (a, b), weight in zip(edges.T, weights, strict=True)
    )
    scores = nx.pagerank(graph, alpha=damping, tol=1e-12, max_iter=500) if len(graph) else {}
    table = pd.DataFrame(
        [
            (types[node], round(float(score), 10), int(counts[node]))
            for node, score in scores.items()
        ],
        columns=["term", "score", "count"],
    ).sort_values(["score", "term"], ascending=[False, True], ignore_index=True)
    note = (
        tell("textrank: no word is left after stop words and parts of speech")
        if table.empty
        else None
    )
    options = dict(
        pos=pos,
        window=window,
        damping=damping,
        stop_words=stop_words,
        synonyms=synonyms,
        min_length=min_length,
    )
    return described(table, tokens, options, note)
