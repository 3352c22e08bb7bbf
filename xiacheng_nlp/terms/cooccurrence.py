"""The company that words keep: collocations, concordances, recurrent phrases, and keywords from the
graph of neighbours."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Unpack

import numpy as np
import pandas as pd

from xiacheng_nlp.errors import TermError, at_least, missing, one_of
from xiacheng_nlp.statistics import Ints
from xiacheng_nlp.terms.contingency import ASSOCIATION
from xiacheng_nlp.terms.selection import (
    UNITS,
    WHOSE,
    SelectionOptions,
    described,
    in_order,
    listed,
    mark,
    tell,
    term_counts,
)

_PAIR, _COUNTS = ["term", "collocate"], ["f11", "f1", "f2", "n"]
_PAIR_COLUMNS = [*_PAIR, *_COUNTS, "expected", *ASSOCIATION]


def collocations(
    tokens: pd.DataFrame,
    term: str | Collection[str] | None = None,
    *,
    window: int = 5,
    min_count: int = 3,
    measure: str = "g2",
    **select: Unpack[SelectionOptions],
) -> pd.DataFrame:
    """The words that stand near a term more often than chance has it, one row a pair; with
    `term=None` the pairs of all terms.

    Near is at most `window` words away in the same sentence, punctuation not counted (surface
    cooccurrence, Evert 2008). `f1` is the number of words that stand in the term's windows, each
    counted once, the term itself not; `f11` how many of these are the collocate; `f2` the frequency
    of the collocate; `n` all words but the term's own.

    Columns: `term`, `collocate`, `f11`, `f1`, `f2`, `n`, `expected` (f1·f2/n), `g2` (four-cell,
    Dunning 1993), `pmi` (bits; Church & Hanks 1990), `t` (Church et al. 1991), `log_dice` (at most
    14, Rychlý 2008; with f1, the words of the windows, so that it is lower than where the term's
    occurrences are counted), `delta_p_collocate` (ΔP of the collocate given the term; Ellis 2006;
    Gries 2013). Pairs with f11 below `min_count`, or not above `expected`, are left out (the latter
    counted in `attrs["not_attracted"]`); stop words and short words count in the windows but are no
    collocates. Sorted by term (in the order
    asked for), then (−`measure`, collocate); for all terms by (−`measure`, term, collocate).

    A term that does not occur gives no row, a `TermWarning` and a note in `attrs`. Raises
    `TermError` for an unknown option.

    >>> from xiacheng_nlp.terms.selection import token_table
    >>> text = "加快 经济 发展 。 经济 发展 平稳 。 改善 民生 服务 。 提升 服务 水平 。"
    >>> table = collocations(token_table([("plan", "1", text)]), "经济", min_count=2)  # "economy"
    >>> table[["collocate", "f11", "f1", "f2", "n"]].to_dict("records")
    [{'collocate': '发展', 'f11': 2, 'f1': 4, 'f2': 2, 'n': 10}]
    """
    one_of("measure", measure, ASSOCIATION, TermError)
    at_least(1, TermError, window=window)
    marked = mark(tokens, **select)
    words = marked[marked["is_word"]]
    codes, types = pd.factorize(words["term"].to_numpy(object), sort=True)
    frequency = np.bincount(codes, minlength=len(types))
    is_collocate = pd.Series(types).isin(words["term"][words["is_term"]]) & (frequency >= min_count)
    wanted = list(types[is_collocate]) if term is None else listed(term)
    nodes = np.flatnonzero(words["term"].isin(wanted))
    place, near = _near(
        words["sentence"].to_numpy(), nodes, [*range(-window, 0), *range(1, window + 1)]
    )
    windows = pd.DataFrame({"node": codes[place], "near": near, "company": codes[near]})
    # In the windows of a term each word counts once.
    windows = windows[windows["node"] != windows["company"]].drop_duplicates()
    windows = windows.assign(f1=windows.groupby("node")["near"].transform("size"))
    found = windows[is_collocate[windows["company"]].to_numpy()]
    table = found.value_counts(["node", "company", "f1"], sort=False).rename("f11").reset_index()
    table = _measured(table[table["f11"] >= min_count], types, frequency)
    attracted = table["f11"] > table["expected"]
    order = 0 if term is None else table["term"].map(wanted.index)
    table = in_order(table.assign(order=order)[attracted], *["order", f"-{measure}", *_PAIR])
    absent = [_absent(word, types) for word in missing(wanted, types)]
    note = "; ".join(map(tell, absent)) or None
    empty = (
        f"collocations: no pair stands together {min_count} times and more than chance has it; "
        "lower min_count"
    )
    options = dict(
        window=window,
        min_count=min_count,
        measure=measure,
        not_attracted=int((~attracted).sum()),
    )
    return described(table[_PAIR_COLUMNS], marked, options, note, empty=empty)


def _near(sentences: Any, places: Ints, steps: Sequence[int]) -> tuple[Ints, Ints]:
    """These places, each with those that lie so many words apart from it in its sentence."""
    place, near = np.repeat(places, len(steps)), np.add.outer(places, steps).ravel()
    fits = (near >= 0) & (near < len(sentences))
    place, near = place[fits], near[fits]
    together = sentences[place] == sentences[near]
    return place[together], near[together]


def _measured(pairs: pd.DataFrame, types: Any, frequency: Ints) -> pd.DataFrame:
    """The pairs by their words, with all that is counted and measured of them."""
    node, company = pairs["node"].to_numpy(), pairs["company"].to_numpy()
    table = pd.DataFrame({"term": types[node], "collocate": types[company]}, dtype=object)
    table[["f11", "f1"]] = pairs[["f11", "f1"]].to_numpy()
    table["f2"], table["n"] = frequency[company], frequency.sum() - frequency[node]
    f11, f1, f2, n = table[_COUNTS].to_numpy(float).T
    table["expected"] = f1 * f2 / np.maximum(n, 1)
    return table.assign(**{name: of(f11, f1, f2, n) for name, of in ASSOCIATION.items()})


def _absent(term: str, types: Iterable[str]) -> str:
    """That a term does not occur, with the words that hold it: the segmentation may have made it
    part of a longer one."""
    longer = sorted(word for word in types if term in word)[:5]
    hint = f"; it is part of {', '.join(longer)}" if longer else ""
    return f"collocations: {term} does not occur as a word{hint}"


def concordance(tokens: pd.DataFrame, term: str, *, width: int = 20) -> pd.DataFrame:
    """Every occurrence of a term with what stands around it (KWIC), in the order of the text.

    The term may run over several tokens (下/城区), but must begin and end where tokens do. The
    context stays in the paragraph.

    Columns: `start`, `end` (span in `report.text`), `left`, `term`, `right` (at most `width`
    characters each side), `part`, `section`, `paragraph`, `sentence`; before them `report`,
    `place`, `level`, `year` for the words of a panel.

    A term that does not occur gives an empty table, a `TermWarning` and a note in `attrs`. Raises
    `TermError` for an empty term.

    >>> from xiacheng_nlp.terms.selection import token_table
    >>> tokens = token_table([("plan", "1", "加快 发展 楼宇 经济 。")])  # "the building economy"
    >>> table = concordance(tokens, "楼宇经济", width=2)
    >>> table[["start", "end", "left", "term", "right"]].to_dict("records")
    [{'start': 4, 'end': 8, 'left': '发展', 'term': '楼宇经济', 'right': '。'}]
    """
    if not term.strip():
        raise TermError("concordance: the term is empty")
    at_least(0, TermError, width=width)
    marked = mark(tokens, stop_words=None)
    text, starts, ends = _lines(marked)
    # Also where one occurrence overlaps the next.
    found = np.array(
        [match.start() for match in re.finditer(f"(?={re.escape(term)})", text)], np.int64
    )
    first = np.searchsorted(starts, found, side="right") - 1
    last = np.searchsorted(starts, found + len(term) - 1, side="right") - 1
    is_whole = (starts[first] == found) & (ends[last] == found + len(term))
    inside = int((~is_whole).sum())
    found, first, last = found[is_whole], first[is_whole], last[is_whole]
    home = tokens.iloc[first].reset_index(drop=True)
    table = home.assign(
        end=marked["end"].array[last],
        left=[text[max(0, at - width) : at].rpartition("\n")[2] for at in found],
        term=term,
        right=[text[at + len(term) :][:width].partition("\n")[0] for at in found],
    )
    columns = [column for column in WHOSE if column in table.columns]
    columns += ["start", "end", "left", "term", "right", *UNITS]
    table = table[columns]
    hint = f" as a word; it stands {inside} times inside longer words" if inside else ""
    empty = f"concordance: {term} does not occur{hint}"
    options = dict(term=term, width=width, inside_longer_words=inside)
    return described(table, tokens, options, empty=empty)


def _lines(marked: pd.DataFrame) -> tuple[str, Ints, Ints]:
    """The text of the tokens, and where each begins and ends in it: a line a paragraph, so that no
    match and no context runs from one into the next."""
    paragraph = marked["paragraph"].to_numpy()
    breaks = np.zeros(len(marked), np.int64)
    breaks[1:] = paragraph[1:] != paragraph[:-1]
    pieces = ["\n" * moved + word for word, moved in zip(marked["text"], breaks, strict=True)]
    ends = np.cumsum(np.array([len(piece) for piece in pieces], np.int64))
    return "".join(pieces), ends - marked["text"].str.len().to_numpy(np.int64), ends


def ngrams(
    tokens: pd.DataFrame, *, sizes: Collection[int] = (2, 3, 4, 5), min_count: int = 3
) -> pd.DataFrame:
    """Phrases of so many words that recur: not across punctuation or paragraphs, no stop word and
    no number at either end.

    Inside a phrase stop words may stand (建设的步伐 counts, 的步伐 does not). A phrase is left out
    when a longer one that holds it occurs as often: what is shown is no piece of something else.

    Columns: `phrase`, `words` (the same with blanks between its words), `n` (words), `count`,
    `paragraphs` (that hold it), `start` (where the first one begins). Sorted by (−count, −n,
    phrase).

    >>> from xiacheng_nlp.terms.selection import token_table
    >>> text = "改善 民生 服务 ， 改善 民生 服务 ， 提升 民生"  # "better services for the people"
    >>> table = ngrams(token_table([("plan", "1", text)]), min_count=2)
    >>> table[["words", "n", "count"]].to_dict("records")
    [{'words': '改善 民生 服务', 'n': 3, 'count': 2}]
    """
    if not sizes or min(sizes) < 2:
        raise TermError(f"ngrams: a phrase has two words or more, not {sorted(sizes)}")
    marked = mark(tokens, stop_words="general", min_length=1)
    is_word, paragraph = marked["is_word"].to_numpy(), marked["paragraph"]
    words = marked.assign(run=np.cumsum(~is_word | (paragraph != paragraph.shift())))[is_word]
    found = pd.concat([_phrases(words, n) for n in sorted(sizes)], ignore_index=True)
    table = found[found["count"] >= min_count]
    pieces = table["words"].map(lambda phrase: [*_pieces(phrase.split(" "))])
    held = table.assign(piece=pieces).explode("piece").groupby("piece")["count"].max()
    # Of no phrase, the words that are mapped would be compared as texts.
    table = table[table["count"] > table["words"].map(held).fillna(0).astype(float)]
    table = in_order(table, "-count", "-n", "phrase", "words")
    empty = f"ngrams: no phrase of {sorted(sizes)} words occurs {min_count} times; lower min_count"
    return described(table, marked, {"sizes": sorted(sizes), "min_count": min_count}, empty=empty)


def _pieces(words: list[str]) -> Iterator[str]:
    """All shorter phrases of two words or more in a phrase."""
    for size in range(2, len(words)):
        for begin in range(len(words) - size + 1):
            yield " ".join(words[begin : begin + size])


def _phrases(words: pd.DataFrame, n: int) -> pd.DataFrame:
    """All phrases of `n` words: no sign in them, a term at either end; one row a phrase."""
    last = words.shift(1 - n)
    whole = (words["run"] == last["run"]) & words["is_term"] & last["is_term"].eq(True)
    pieces = [words["text"].shift(-step)[whole] for step in range(n)]
    found = pd.DataFrame(
        {
            "phrase": ["".join(phrase) for phrase in zip(*pieces, strict=True)],
            "words": [" ".join(phrase) for phrase in zip(*pieces, strict=True)],
            "n": n,
            "start": words["start"][whole],
            "paragraph": words["paragraph"][whole],
        }
    )
    grouped = found.groupby(["phrase", "words", "n"], as_index=False)
    return grouped.agg(
        count=("start", "size"), paragraphs=("paragraph", "nunique"), start=("start", "first")
    )


def textrank(
    tokens: pd.DataFrame, *, window: int = 5, **select: Unpack[SelectionOptions]
) -> pd.DataFrame:
    """Keywords by TextRank (Mihalcea & Tarau 2004): PageRank in the graph of words that stand near
    each other.

    Words of the parts of speech `pos` (here by default n, v and a; None: all) are joined when both
    lie in a window of `window` words of a sentence, counted before any word is left out; an edge
    weighs how often, and the walk goes on with probability 0.85. Columns: `term`, `score` (they sum
    to 1), `count`. Sorted by (−score, term), scores rounded to ten decimals.

    >>> from xiacheng_nlp.terms.selection import token_table
    >>> tokens = token_table([("plan", "1", "经济 发展 。 社区 发展 。")])
    >>> textrank(tokens, pos=None).term[0]  # "development" has two neighbours
    '发展'
    """
    import networkx as nx  # half a second that only this measure needs

    at_least(2, TermError, window=window)
    options: SelectionOptions = {"pos": ("n", "v", "a"), **select}
    marked = mark(tokens, **options)
    words = marked[marked["is_word"]]
    is_term = words["is_term"].to_numpy()
    pairs = np.stack(_near(words["sentence"].to_numpy(), np.flatnonzero(is_term), range(1, window)))
    both = np.sort(words["term"].to_numpy(object)[pairs[:, is_term[pairs[1]]]], axis=0)
    joined = pd.DataFrame(both[:, both[0] != both[1]].T).value_counts(sort=False)
    counts = term_counts(marked).sort_index()
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(counts.index)
    graph.add_weighted_edges_from(joined.reset_index().itertuples(index=False))
    scores = nx.pagerank(graph, tol=1e-12, max_iter=500) if len(graph) else {}
    score = pd.Series(scores, counts.index, float).round(10)
    table = pd.DataFrame({"score": score, "count": counts}).rename_axis("term").reset_index()
    table = in_order(table, "-score", "term")
    empty = "textrank: no word is left after stop words and parts of speech"
    return described(table, marked, {"window": window}, empty=empty)
