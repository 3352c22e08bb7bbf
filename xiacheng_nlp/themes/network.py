"""The co-word network: which terms of a report stand together more than chance has it, and the
communities that they form."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Unpack

import numpy as np
import pandas as pd

from xiacheng_nlp.errors import TermError, ThemeError, at_least
from xiacheng_nlp.files import with_none
from xiacheng_nlp.statistics import Ints
from xiacheng_nlp.terms.selection import (
    SelectionOptions,
    described,
    in_order,
    mark,
    tell,
    term_counts,
)
from xiacheng_nlp.themes.codebook import Codebook, load_codebook
from xiacheng_nlp.themes.coded import main_codes, need, theme_table

_NODE_COLUMNS = [
    *("term", "count", "units", "degree", "community", "code", "theme", "theme_en", "theme_share")
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
    used = marked[marked["is_term"]]
    found = in_order(term_counts(marked).reset_index(), "-count", "term").head(top)
    terms, counts = found["term"].to_numpy(object), found["count"].to_numpy()
    used = used[used["term"].isin(terms)]
    units = pd.factorize(used["sentence"])[0]
    held = np.zeros((int(units.max(initial=-1)) + 1, len(terms)))
    held[units, pd.Index(terms).get_indexer(pd.Index(used["term"]))] = 1
    together = held.T @ held
    sizes, n = np.diag(together), int(marked.loc[marked["is_word"], "sentence"].nunique())
    affinity = together * n / np.maximum(np.outer(sizes, sizes), 1)
    joined = np.triu((together >= min_together) & (affinity >= min_strength - 1e-9), k=1)
    a, b = np.nonzero(joined)
    edges = pd.DataFrame({"term": terms[a], "other": terms[b]})
    edges["count"], edges["strength"] = together[a, b].astype(np.int64), affinity[a, b].round(4)
    community = _communities(zip(a, b, edges["strength"], strict=True), counts)
    for name, ends in (("count", counts), ("community", community)):
        edges[f"term_{name}"], edges[f"other_{name}"] = ends[a], ends[b]
    edges = in_order(edges, "-strength", "term", "other")
    nodes = found.assign(units=sizes.astype(np.int64), degree=(joined | joined.T).sum(axis=0))
    nodes["community"] = pd.array(community, "Int64")
    nodes["community"] = nodes["community"].where(community > 0)
    if coded is not None:
        themes = _themes(used, coded, codebook or load_codebook())
        nodes = nodes.merge(themes, on="term", how="left")
        names = ["code", "theme", "theme_en"]
        nodes[names] = with_none(nodes[names])
    nodes = nodes.reindex(columns=_NODE_COLUMNS)
    note = None
    if edges.empty:
        note = tell(
            f"co_word_network: no two terms share {min_together} sentences with a strength of "
            f"{min_strength}; lower one of them"
        )
    options = dict(top=top, min_together=min_together, min_strength=min_strength)
    return CoWordNetwork(*(described(table, marked, options, note) for table in (nodes, edges)))


def _communities(links: Iterable[tuple[int, int, float]], counts: Ints) -> Ints:
    """The community of each term, numbered by the occurrences that it holds; 0 where it is joined
    with none."""
    import networkx as nx  # half a second that only this table needs

    graph, edges = nx.Graph(), list(links)
    graph.add_nodes_from(sorted({node for edge in edges for node in edge[:2]}))
    graph.add_weighted_edges_from(edges)
    found = map(sorted, nx.community.louvain_communities(graph, seed=0))
    community = np.zeros(len(counts), np.int64)
    for number, some in enumerate(sorted(found, key=lambda some: (-counts[some].sum(), some[0]))):
        community[some] = number + 1
    return community


def _themes(used: pd.DataFrame, coded: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """The main theme of most coded sentences that hold each term."""
    need(coded, "sentence")
    if coded["sentence"].duplicated().any():
        raise ThemeError(
            "two coded sentences have one number: give the tables of one report, as tokenize and "
            "code_themes make them"
        )
    told = pd.Series(main_codes(coded, codebook), coded["sentence"], object)
    held = used[["term", "sentence"]].drop_duplicates()
    tally = held.groupby(["term", held["sentence"].map(told)]).size().unstack(fill_value=0)
    # Of two themes as frequent the first of the codebook is told.
    tally = tally.reindex(columns=codebook.codes, fill_value=0)
    share = tally.max(axis=1) / tally.sum(axis=1)
    best: pd.DataFrame = theme_table(codebook).iloc[tally.to_numpy().argmax(axis=1), :3]
    return best.assign(term=tally.index, theme_share=share.to_numpy())
