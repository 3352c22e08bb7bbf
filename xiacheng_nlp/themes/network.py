"""The co-word network: which terms of a report stand together more than chance has it, and the
communities that they form."""

from dataclasses import dataclass
from typing import Unpack

import numpy as np
import pandas as pd

from xiacheng_nlp.errors import TermError, ThemeError, at_least
from xiacheng_nlp.statistics import Floats, Ints
from xiacheng_nlp.terms.selection import SelectionOptions, described, mark, tell
from xiacheng_nlp.themes.codebook import Codebook, load_codebook
from xiacheng_nlp.themes.coded import main_codes, need, theme_row

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

    - `nodes`: `term`, `count` (occurrences), `units` (sentences that hold it),
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
    top: int = 60,
    min_together: int = 3,
    min_strength: float = 2.0,
    **select: Unpack[SelectionOptions],
) -> CoWordNetwork:
    """The `top` most frequent terms, joined where they share a sentence more often than chance has
    it, in communities.

    Association strength is c·n / (s₁·s₂): c sentences hold both terms, s₁ and s₂ one each, of n in
    all (probabilistic affinity; van Eck & Waltman 2009): 1 as often as by chance, 2 twice as often.
    Terms are joined that share at least `min_together` sentences and have at least `min_strength`.
    Communities are those of Louvain (Blondel et al. 2008; networkx), edges weighed by their
    strength as Waltman, van Eck & Noyons (2010) weigh them. `coded` (from `code_themes`) tells the
    theme in which a term is most used; `select`: see `SelectionOptions`.

    Another threshold moves terms at the border of communities: they are an ordering of
    the text, not a finding by themselves. Where no terms are joined, edges are empty, with a
    `TermWarning` and a note. Raises `TermError` for an unknown option.

    >>> from xiacheng_nlp.terms.selection import token_table
    >>> lines = "改善 民生 服务\\n提升 民生 服务\\n加快 产业 投资\\n扩大 产业 投资"
    >>> table = token_table([("plan", "1", lines)])  # "livelihood, service", "industry, investment"
    >>> edges = co_word_network(table, min_together=2).edges
    >>> edges[["term", "other", "count", "strength", "term_community"]].values.tolist()
    [['产业', '投资', 2, 2.0, 1], ['服务', '民生', 2, 2.0, 2]]
    """
    at_least(2, TermError, top=top)
    at_least(1, TermError, min_together=min_together)
    at_least(0, TermError, min_strength=min_strength)
    marked = mark(tokens, **select)
    used = marked[marked["is_term"].to_numpy()]
    found = used["term"].value_counts().sort_index()
    found = found.sort_values(ascending=False, kind="stable").head(top)
    terms, counts = list(found.index), np.asarray(found, np.int64)
    column = found.index.get_indexer(pd.Index(used["term"]))
    used, column = used[column >= 0], column[column >= 0]
    units = pd.factorize(used["sentence"].to_numpy())[0]
    held = np.zeros((int(units.max(initial=-1)) + 1, len(terms)))
    held[units, column] = 1
    together = held.T @ held
    n = int(marked.loc[marked["is_word"], "sentence"].nunique())
    edges = _edges(together, n, min_together, min_strength)
    community = _communities(edges, counts)
    edge_table = pd.DataFrame(
        [
            (terms[a], terms[b], *told, int(counts[a]), int(counts[b]), community[a], community[b])
            for a, b, *told in sorted(edges, key=lambda e: (-e[3], terms[e[0]], terms[e[1]]))
        ],
        columns=_EDGE_COLUMNS,
    )
    joined = np.array([edge[:2] for edge in edges], np.int64).ravel()
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
            f"co_word_network: no two terms share {min_together} sentences with a strength of "
            f"{min_strength}; lower one of them"
        )
    options = {
        **dict(within="sentence", top=top, min_together=min_together, min_strength=min_strength),
        **dict(resolution=1.0, seed=0, n=n, alone=len(terms) - len(community)),
        "communities": len(set(community.values())),
    }
    tables = (described(table, marked, options, note) for table in (nodes, edge_table))
    return CoWordNetwork(*tables)


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


def _communities(edges: list[Edge], counts: Ints) -> dict[int, int]:
    """The community of each term that is joined with another, numbered by the occurrences that it
    holds."""
    import networkx as nx  # half a second that only this table needs

    graph = nx.Graph()
    graph.add_nodes_from(sorted({node for edge in edges for node in edge[:2]}))
    graph.add_weighted_edges_from((a, b, strength) for a, b, _, strength in edges)
    if not edges:
        return {}
    found = nx.community.louvain_communities(graph, seed=0)
    ranked = sorted(
        (sorted(some) for some in found), key=lambda some: (-int(counts[some].sum()), some[0])
    )
    return {node: number for number, some in enumerate(ranked, start=1) for node in some}


def _themes(
    sentences: Ints, column: Ints, terms: int, coded: pd.DataFrame, codebook: Codebook
) -> pd.DataFrame:
    """The main theme of most coded sentences that hold each term."""
    need(coded, "sentence")
    if coded["sentence"].duplicated().any():
        raise ThemeError(
            "two coded sentences have one number: give the tables of one report, as tokenize and "
            "code_themes make them"
        )
    mains = [codebook.codes.index(code) for code in main_codes(coded, codebook)]
    theme_of = dict(zip(coded["sentence"].tolist(), mains, strict=True))
    held = pd.DataFrame({"term": column, "sentence": sentences}).drop_duplicates()
    held = held.assign(theme=held["sentence"].map(theme_of)).dropna()
    tally = np.zeros((terms, len(codebook.codes)), np.int64)
    np.add.at(tally, (held["term"], held["theme"].astype(int)), 1)
    told = []
    for row in tally:
        best = theme_row(codebook.themes[int(row.argmax())])[:3]
        told.append((*best, float(row.max() / row.sum())) if row.any() else (None,) * 4)
    return pd.DataFrame(told, columns=_NODE_COLUMNS[5:], dtype=object)
