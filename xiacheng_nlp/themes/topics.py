"""Topics: what the words of the paragraphs fall into without a codebook, how steady that is, and
how it matches the themes."""

import warnings
from dataclasses import dataclass
from typing import Unpack

import numpy as np
import pandas as pd

from xiacheng_nlp.errors import ThemeError, at_least
from xiacheng_nlp.statistics import Floats, Ints
from xiacheng_nlp.terms.selection import SelectionOptions, described, mark, tell
from xiacheng_nlp.themes.codebook import Codebook, load_codebook
from xiacheng_nlp.themes.coded import (
    THEME_COLUMNS,
    by_paragraph,
    crossed,
    paragraphs_of,
    theme_table,
    weigh,
)

_THEME = ("code", "theme", "theme_en")
_TOPICS = ["topic", "paragraphs", "share", "stability", *_THEME, "theme_share", "words"]
_MATCHES = ["topic", "words", "stability", *THEME_COLUMNS, "paragraphs", "share"]
_DIGITS = 4
"""Decimals of every measured number: the last bits differ between processors."""

FEWEST = 2
"""Paragraphs that a term stands in which tells topics."""

RUNS, SAMPLE = 20, 0.8
"""Models by which the stability of topics is told, and the share of the paragraphs of each."""


@dataclass(frozen=True, slots=True, eq=False)
class TopicModel:
    """What `topic_model` found; topics are numbered by the paragraphs that they hold, 1 the
    largest.

    - `topics`: `topic`, `paragraphs` (whose largest weight it is), `share` (of the paragraphs),
      `stability` (0 to 1, see `topic_model`), `code`, `theme`, `theme_en` (the theme of most of its
      paragraphs), `theme_share` (of its paragraphs, 0 to 1), `words` (its first terms, parted by
      、).
    - `matches`: `topic`, `words`, `stability`, `code`, `theme`, `theme_en`, `domain`, `domain_en`,
      `paragraphs` (of the topic, with that theme), `share` (of the topic's paragraphs, 0 to 1); one
      row a topic and theme that occurs, in the order of the codebook.

    The `attrs` of each: options, `paragraphs_used`, `paragraphs_left_out` and
    `paragraphs_without_topic`, `stability` (mean), `nmi` (mutual information of topics and
    themes over the mean of their entropies) and `ami` (the same, adjusted for chance; both: Vinh,
    Epps & Bailey 2010).
    """

    topics: pd.DataFrame
    matches: pd.DataFrame


def topic_model(
    tokens: pd.DataFrame,
    coded: pd.DataFrame,
    codebook: Codebook | None = None,
    *,
    k: int = 10,
    top: int = 8,
    min_terms: int = 5,
    **select: Unpack[SelectionOptions],
) -> TopicModel:
    """`k` topics of the paragraphs by non-negative matrix factorisation (Lee & Seung 1999;
    scikit-learn, start nndsvda).

    The terms of the coded paragraphs are weighed by tf-idf (smoothed, each paragraph of length 1);
    left out are terms of a single paragraph, and paragraphs with fewer than `min_terms` of the
    terms that stay. `select`: see `SelectionOptions`.

    `stability` follows Greene, O'Callaghan & Cunningham (2014): twenty models from random starts on
    random shares (80 %) of the paragraphs; the topics of each are paired one to one with those
    of the model (Hungarian method) so that the Jaccard coefficients of their first `top` terms are
    largest (of the lists as sets, where theirs weigh the first terms more); the mean of these is
    the stability of a topic: 1 always the same terms.

    One report has some tens of paragraphs: its topics are a second look at the order of the text,
    no evidence against a codebook. With so few, `nmi` is above 0 even for topics dealt by chance;
    `ami` is about 0 then.

    A report with fewer usable paragraphs than 2·`k` gives empty tables, a `TermWarning` and a note.
    Raises `ThemeError` for an option out of range.

    >>> from xiacheng_nlp.themes.coding import code_themes
    >>> from xiacheng_nlp.report.report import Report
    >>> from xiacheng_nlp.words.segmentation import tokenize
    >>> schools = ["新建学校,改善学校设施。", "办好学校,提升学校设施。"]  # "school, facilities"
    >>> rivers = ["整治河道,改善河道水质。", "清淤河道,提升河道水质。"]  # "rivers, water"
    >>> report = Report.parse("\\n".join(["各位代表:", "一、工作", *schools, *rivers]))
    >>> model = topic_model(tokenize(report), code_themes(report), k=2, top=2, min_terms=1)
    >>> model.topics[["words", "paragraphs", "theme"]].values.tolist(), model.topics.attrs["ami"]
    ([['学校、设施', 2, '教育'], ['河道、水质', 2, '生态环境']], 1.0)
    """
    codebook = codebook or load_codebook()
    at_least(2, ThemeError, k=k)
    at_least(1, ThemeError, top=top, min_terms=min_terms)
    if "report" in tokens and "report" in coded:
        # Paragraphs have one number in both tables where both hold the same reports.
        tokens = tokens[tokens["report"].isin(coded["report"])]
        coded = coded[coded["report"].isin(tokens["report"])]
    themes = _paragraph_themes(coded, codebook)
    marked = mark(tokens, **select)
    matrix, terms, paragraphs = _counts(marked, coded, min_terms)
    options: dict[str, object] = {
        "k": k,
        "top": top,
        "min_terms": min_terms,
        "terms": len(terms),
        "paragraphs_used": len(paragraphs),
        "paragraphs_left_out": len(themes) - len(paragraphs),
    }
    if min(len(paragraphs), len(terms)) < 2 * k:
        note = tell(
            f"topic_model: {k} topics need {2 * k} paragraphs and as many recurrent terms; the "
            f"report has {len(paragraphs)} paragraphs and {len(terms)} terms to use: lower k "
            "or min_terms"
        )
        void = (pd.DataFrame(columns=columns) for columns in (_TOPICS, _MATCHES))
        return TopicModel(*(described(table, marked, options, note) for table in void))
    from sklearn.feature_extraction.text import TfidfTransformer
    from sklearn.metrics import adjusted_mutual_info_score, normalized_mutual_info_score

    weighed = np.asarray(TfidfTransformer().fit_transform(matrix).toarray(), float)
    shares, heavy = _factors(weighed, k, seed=0, init="nndsvda", tol=1e-5)
    # The topic with the most paragraphs first; equal ones in the order of their heaviest term.
    order = np.lexsort((heavy.argmax(axis=1), -np.bincount(shares.argmax(axis=1), minlength=k)))
    shares, heavy = shares[:, order], heavy[order]
    lists = _first_terms(heavy, terms, top)
    steady = _stability(weighed, terms, lists)
    placed = shares.any(axis=1)
    home = shares[placed].argmax(axis=1)
    own = [themes[paragraph] for paragraph in paragraphs[placed].tolist()]
    options["paragraphs_without_topic"] = int((~placed).sum())
    scores = (normalized_mutual_info_score, adjusted_mutual_info_score)
    for name, score in zip(("nmi", "ami"), scores, strict=True):
        options[name] = round(float(score(own, home)), _DIGITS) + 0.0
    options["stability"] = round(float(steady.mean()), _DIGITS)
    topics, matches = _topic_tables(home, own, steady, lists, theme_table(codebook))
    return TopicModel(
        described(topics[_TOPICS], marked, options), described(matches[_MATCHES], marked, options)
    )


def _paragraph_themes(coded: pd.DataFrame, codebook: Codebook) -> dict[int, int]:
    """The theme with the most characters in each paragraph, by its place in the codebook; a tie
    goes to the first there."""
    paragraphs = paragraphs_of(coded)
    sums = by_paragraph(weigh(coded, codebook), paragraphs)
    return dict(zip(np.unique(paragraphs).tolist(), sums.argmax(axis=1).tolist(), strict=True))


def _counts(
    marked: pd.DataFrame, coded: pd.DataFrame, terms_least: int
) -> tuple[Floats, list[str], Ints]:
    """Counts of terms (columns, in the order of their characters) in paragraphs (rows, in the order
    of the text)."""
    used = marked[(marked["is_term"] & marked["paragraph"].isin(paragraphs_of(coded))).to_numpy()]
    counts = used.groupby(["paragraph", "term"]).size().unstack(fill_value=0)
    counts = counts.loc[:, (counts > 0).sum() >= FEWEST]
    counts = counts[(counts > 0).sum(axis=1) >= terms_least]
    return counts.to_numpy(float), list(counts.columns), counts.index.to_numpy(np.int64)


def _factors(weighed: Floats, k: int, *, seed: int, init: str, tol: float) -> tuple[Floats, Floats]:
    """Shares of topics in paragraphs (rows sum to 1) and weights of terms in topics (the heaviest
    1), rounded."""
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning
    from threadpoolctl import threadpool_limits

    model = NMF(n_components=k, init=init, random_state=seed, max_iter=1000, tol=tol)
    # Products this small are slower by threads, ten times so on a busy machine, and their last bits
    # would hang on how many there are.
    with warnings.catch_warnings(), threadpool_limits(limits=1):
        # A run that is still improving by less than a thousandth moves no term: nothing that the
        # reader could act on.
        warnings.simplefilter("ignore", ConvergenceWarning)
        loads = np.asarray(model.fit_transform(weighed), float)
    heavy = np.asarray(model.components_, float)
    peak = heavy.max(axis=1)
    loads, heavy = loads * peak, heavy / np.where(peak > 0, peak, 1.0)[:, None]
    total = loads.sum(axis=1, keepdims=True)
    return (loads / np.where(total > 0, total, 1.0)).round(_DIGITS), heavy.round(_DIGITS)


def _first_terms(heavy: Floats, terms: list[str], top: int) -> list[list[str]]:
    """The heaviest terms of each topic; equal weights in the order of their characters, which is
    that of `terms`."""
    order = np.argsort(-heavy, axis=1, kind="stable")[:, :top]
    return [[terms[i] for i in some if row[i] > 0] for row, some in zip(heavy, order, strict=True)]


def _stability(weighed: Floats, terms: list[str], lists: list[list[str]]) -> Floats:
    """The mean Jaccard coefficient of each topic's first terms with those of its partner in every
    run."""
    from scipy.optimize import linear_sum_assignment

    top, k = max(map(len, lists)), len(lists)
    agreed = np.full((RUNS, k), np.nan)
    random = np.random.default_rng(0)
    for run in range(RUNS):
        rows = np.sort(random.permutation(len(weighed))[: max(k, round(SAMPLE * len(weighed)))])
        _, heavy = _factors(weighed[rows], k, seed=run + 1, init="random", tol=1e-4)
        others = _first_terms(heavy, terms, top)
        jaccard = np.array(
            [[len({*a} & {*b}) / max(len({*a} | {*b}), 1) for b in others] for a in lists]
        )
        agreed[run] = jaccard[linear_sum_assignment(-jaccard)]
    return np.asarray(agreed.mean(axis=0).round(_DIGITS))


def _topic_tables(
    home: Ints, own: list[int], steady: Floats, lists: list[list[str]], themes: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The topics with the theme of most of their paragraphs, and each with each theme."""
    tally = np.zeros((len(lists), len(themes)), np.int64)
    np.add.at(tally, (home, np.array(own)), 1)
    held, n = np.flatnonzero(tally.any(axis=0)), tally.sum(axis=1)
    share = (tally / np.maximum(n, 1)[:, None]).round(_DIGITS)
    topics = pd.DataFrame({"topic": np.arange(1, len(lists) + 1), "stability": steady})
    topics["words"] = ["、".join(some) for some in lists]
    matches = crossed(topics, themes.iloc[held], paragraphs=tally[:, held], share=share[:, held])
    best = themes.iloc[tally.argmax(axis=1)].reset_index(drop=True)
    best[n == 0] = None
    most = np.where(n > 0, share.max(axis=1), np.nan)
    counts = dict(paragraphs=n, share=(n / n.sum()).round(_DIGITS), theme_share=most)
    return topics.assign(**counts).join(best), matches
