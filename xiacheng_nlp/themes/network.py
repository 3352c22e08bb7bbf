"""The co-word network: which terms of a report stand together more than chance has it, and the
communities that they form."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xiacheng_nlp.errors import TermError, ThemeError
from xiacheng_nlp.statistics import Floats, Ints
from xiacheng_nlp.terms.selection import StopWords, Synonyms, described, mark, tell
from xiacheng_nlp.themes.codebook import Codebook, load_codebook
from xiacheng_nlp.themes.coded import main_codes, need, theme_row
from xiacheng_nlp.themes.options import at_least, one_of

WITHIN = ("sentence", "paragraph")
_NODE_COLUMNS = [
    *("term", "count", "units", "degree", "community", "code", "theme", "theme_en", "theme_share")
]
_EDGE_COLUMNS = [
    *("term", "other", "count", "strength"),
    *("term_count", "other_count", "term_community", "other_community"),
]


@dataclass(frozen=True, slots=True, eq=False)
class CoWordNetwork:
    """What `co_word_network` found.

    - `nodes`: `term`, `count` (occurrences), `units` (sentences or paragraphs that hold it),
      `degree` (terms it is joined with), `community` (1 the one with the most occurrences; null for
      a term that is joined with none), and of the coded sentences that hold the term: `code`,
      `theme`, `theme_en` (the main theme of most of them; a tie goes to the first in the codebook),
      `theme_share` (of those, 0 to 1); null without coded sentences. Sorted by (−count, term).
    - `edges`: `term`, `other` (the more frequent one first), `count` (units that hold both),
      `strength` (association strength), and of both their count and community, so that this table
      alone draws the figure. Sorted by (−strength, term, other).
    """

    nodes: pd.DataFrame
    edges: pd.DataFrame


def co_word_network(
    tokens: pd.DataFrame,
    coded: pd.DataFrame | None = None,
    codebook: Codebook | None = None,
    *,
    within: str = "sentence",
    top: int = 60,
    min_together: int = 3,
    min_strength: float = 2.0,
    resolution: float = 1.0,
    seed: int = 0,
    stop_words: StopWords = "all",
    synonyms: Synonyms = None,
    min_length: int = 2,
    pos: Collection[str] | None = None,
) -> CoWordNetwork:
    """The `top` most frequent terms, joined where they share a unit more often than chance has it,
    in communities.

    Association strength is c·n / (s₁·s₂): c units hold both terms, s₁ and s₂ one each, of n in all
    (probabilistic affinity; van Eck & Waltman 2009): 1 as often as by chance, 2 twice as often.
    Terms are joined that share at least `min_together` units and have at least `min_strength`.
    Communities are those of Louvain (Blondel et al. 2008; networkx), edges weighed by their
    strength as Waltman, van Eck & Noyons (2010) weigh them; a higher `resolution` gives more and
    smaller ones. `within`: `sentence` or `paragraph`; `pos`: parts of speech as in
    `word_lists.mark`; `coded` (from `code_themes`) tells the theme in which a term is most used.

    Another `seed` or threshold moves terms at the border of communities: they are an ordering of
    the text, not a finding by themselves. Where no terms are joined, edges are empty, with a
    `TermWarning` and a note. Raises `TermError` for an unknown option.

    >>> from xiacheng_nlp.terms.selection import token_table
    >>> lines = "改善 民生 服务\\n提升 民生 服务\\n加快 产业 投资\\n扩大 产业 投资"
    >>> table = token_table([("plan", "1", lines)])  # "livelihood, service", "industry, investment"
    >>> edges = co_word_network(table, min_together=2).edges
    >>> edges[["term", "other", "count", "strength", "term_community"]].values.tolist()
    [['产业', '投资', 2, 2.0, 1], ['服务', '民生', 2, 2.0, 2]]
    """
    one_of("within", within, WITHIN, "terms stand together in a", TermError)
    at_least(2, "a network joins two terms or more", TermError, top=top)
    at_least(1, error=TermError, min_together=min_together)
    at_least(0, error=TermError, min_strength=min_strength)
    if resolution <= 0:
        raise TermError(
            f"resolution={resolution}: a number above 0; higher ones give smaller communities"
        )
    marked = mark(tokens, stop_words=stop_words, synonyms=synonyms, min_length=min_length, pos=pos)
    used = marked[marked["is_term"].to_numpy()]
    terms, counts, column = _most_frequent(used["term"].to_numpy(dtype=object), top)
    used, column = used[column >= 0], column[column >= 0]
    units = pd.factorize(used[within].to_numpy())[0]
    held = np.zeros((int(units.max(initial=-1)) + 1, len(terms)))
    held[units, column] = 1
    together = held.T @ held
    n = int(marked.loc[marked["is_word"], within].nunique())
    edges = _edges(together, n, min_together, min_strength)
    community = _communities(edges, counts, resolution, seed)
    edge_table = pd.DataFrame(
        [
            (terms[a], terms[b], *told, int(counts[a]), int(counts[b]), community[a], community[b])
            for a, b, *told in sorted(edges, key=lambda e: (-e[3], terms[e[0]], terms[e[1]]))
        ],
        columns=_EDGE_COLUMNS,
    )
    joined = np.array([edge[:2] for edge in edges], dtype=np.int64).ravel()
    nodes = pd.DataFrame({"term": terms, "count": counts}, columns=_NODE_COLUMNS)
    nodes["units"] = np.diag(together).astype(np.int64)
    nodes["degree"] = np.bincount(joined, minlength=len(terms))
    nodes["community"] = pd.array([community.get(i) for i in range(len(terms))], dtype="Int64")
    if coded is not None:
        book = codebook or load_codebook()
        themes = _themes(used["sentence"].to_numpy(), column, len(terms), coded, book)
        nodes[_NODE_COLUMNS[5:]] = themes.astype({"theme_share": "float64"})
    note = None
    if not edges:
        note = tell(
            f"co_word_network: no two terms share {min_together} {within}s with a strength of "
            f"{min_strength}; lower one of them"
        )
    options: dict[str, object] = {
        **dict(within=within, top=top, min_together=min_together, min_strength=min_strength),
        **dict(resolution=resolution, seed=seed, stop_words=stop_words, synonyms=synonyms),
        **dict(min_length=min_length, pos=pos, n=n, alone=len(terms) - len(community)),
        "communities": len(set(community.values())),
    }
    tables = (described(table, tokens, options, note) for table in (nodes, edge_table))
    return CoWordNetwork(*tables)


def _most_frequent(terms: "np.ndarray", top: int) -> tuple[list[str], Ints, Ints]:
    """The most frequent terms, how often each occurs, and for each occurrence its place among them
    (-1: not there)."""
    codes, types = pd.factorize(terms, sort=True)
    counts = np.bincount(codes, minlength=len(types)).astype(np.int64)
    kept = np.argsort(-counts, kind="stable")[:top]
    place = np.full(len(types), -1, dtype=np.int64)
    place[kept] = np.arange(len(kept))
    return [str(types[code]) for code in kept], counts[kept], place[codes]


Edge = tuple[int, int, int, float]
"""Two terms, the more frequent one first, the units that they share, and their association
strength."""


def _edges(together: Floats, n: int, least: int, strength: float) -> list[Edge]:
    """The pairs that are joined."""
    sizes = np.diag(together)
    affinity = together * n / np.maximum(np.outer(sizes, sizes), 1)
    joined = (together >= least) & (affinity >= strength - 1e-9)
    return [
        (int(a), int(b), int(together[a, b]), round(float(affinity[a, b]), 4))
        for a, b in np.argwhere(np.triu(joined, k=1))
    ]


def _communities(edges: list[Edge], counts: Ints, resolution: float, seed: int) -> dict[int, int]:
    """The community of each term that is joined with another, numbered by the occurrences that it
    holds."""
    import networkx as nx  # half a second that only this table needs

    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(sorted({node for edge in edges for node in edge[:2]}))
    graph.add_weighted_edges_from((a, b, strength) for a, b, _, strength in edges)
    if not edges:
        return {}
    found = nx.community.louvain_communities(graph, resolution=resolution, seed=seed)
    ranked = sorted(
        (sorted(some) for some in found), key=lambda some: (-int(counts[some].sum()), some[0])
    )
    return {node: number for number, some in enumerate(ranked, start=1) for node in some}


def _themes(
    sentences: Ints, column: Ints, terms: int, coded: pd.DataFrame, codebook: Codebook
) -> pd.DataFrame:
    """The main theme of most coded sentences that hold each term."""
    need(coded, "sentence", "themes", "text")
    if coded["sentence"].duplicated().any():
        raise ThemeError(
            "two coded sentences have one number: give the tables of one report, as tokenize and "
            "code_themes make them"
        )
    mains = [codebook.codes.index(code) for code in main_codes(coded, codebook)]
    theme_of = dict(zip(coded["sentence"].tolist(), mains, strict=True))
    tally = np.zeros((terms, len(codebook.codes)), dtype=np.int64)
    for term, sentence in np.unique(np.stack([column, sentences]), axis=1).T.tolist():
        if sentence in theme_of:
            tally[term, theme_of[sentence]] += 1
    told: list[tuple[object, ...]] = []
    for row in tally:
        best = theme_row(codebook.themes[int(row.argmax())])[:3]
        told.append((*best, float(row.max() / row.sum())) if row.any() else (None,) * 4)
    return pd.DataFrame(told, columns=_NODE_COLUMNS[5:], dtype=object)
