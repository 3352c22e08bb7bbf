"""Every figure of the notebooks by its id: the table that it is drawn from, for any report, and how
it is drawn."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xiacheng_nlp.errors import FigureError
from xiacheng_nlp.publish.study import Drawing, Study
from xiacheng_nlp.report.report import Report

if TYPE_CHECKING:
    import pandas as pd

    from xiacheng_nlp.figures.provenance import Provenance
    from xiacheng_nlp.figures.style import Lang, ReportFigure, Width


_WORDS = {"zh": "个词", "en": "words"}
_TOKENS = {"zh": "个词例", "en": "tokens"}
_CHARACTERS = {"zh": "字", "en": "characters"}
_RATES = {"zh": "个增长率", "en": "growth rates"}
_TARGETS = {"zh": "项目标", "en": "targets"}
_RANKS = {"zh": "个位次", "en": "ranks"}
_SENTENCES = {"zh": "句", "en": "sentences"}
_PARAGRAPHS = {"zh": "个段落", "en": "paragraphs"}
_STATEMENTS = {"zh": "项陈述", "en": "statements"}
_REPORTS = {"zh": "份报告", "en": "reports"}


def _structure(study: Study) -> Drawing:
    from xiacheng_nlp.report.tables import sections

    table = _in_english(study, sections(study.report, level=2), title="section")
    return Drawing(table=table, n=int(table["chars"].sum()), unit=_CHARACTERS)


def _top_terms(study: Study) -> Drawing:
    from xiacheng_nlp.terms import dispersion

    frequency = study.frequency.head(25)
    table = frequency.merge(
        dispersion(study.tokens, terms=list(frequency["term"]))[["term", "dp"]],
        on="term",
        how="left",
    )
    table = _in_english(study, table, term="term")
    return Drawing(table=table, n=_words(frequency), unit=_WORDS, options=options_of(frequency))


def _word_cloud(study: Study) -> Drawing:
    frequency = study.frequency.head(120)
    table = _in_english(study, frequency, term="term")
    return Drawing(table=table, n=_words(frequency), unit=_WORDS, options=options_of(frequency))


def _rank_frequency(study: Study) -> Drawing:
    from xiacheng_nlp.terms import zipf

    table = zipf(study.tokens)
    # The figure names the points that have their height for themselves.
    table = _in_english(study, table, shown=~table["count"].duplicated(keep=False), term="term")
    return Drawing(table=table, n=int(table["count"].sum()), unit=_WORDS, options=options_of(table))


def _terms_by_section(study: Study) -> Drawing:
    from xiacheng_nlp.report.tables import sections
    from xiacheng_nlp.terms import tf_idf

    weights = tf_idf(study.tokens, by="section", level=2, min_count=2)
    table = weights.merge(sections(study.report)[["section", "title", "part"]], on="section")
    shown = table.groupby("section", sort=False).cumcount() < SECTION_TERMS
    table = _in_english(study, table, shown=shown, term="term", title="section")
    return Drawing(table=table, n=len(study.tokens), unit=_TOKENS, options=options_of(weights))


def _keyness(study: Study) -> Drawing:
    sides = study.keyness["log_ratio"] > 0
    table = _in_english(
        study, study.keyness, shown=sides.groupby(sides).cumcount() < KEY_TERMS, term="term"
    )
    return Drawing(table=table, n=len(study.tokens), unit=_TOKENS, options=options_of(table))


def _dispersion_strips(study: Study) -> Drawing:
    from xiacheng_nlp.terms import dispersion, strips

    terms = list(study.frequency.head(STRIPS)["term"])
    table = strips(study.tokens, terms).merge(
        dispersion(study.tokens, terms=terms)[["term", "dp"]], on="term", how="left"
    )
    table = _in_english(study, table, term="term")
    return Drawing(table=table, n=len(study.tokens), unit=_TOKENS)


def _collocation_network(study: Study) -> Drawing:
    from xiacheng_nlp.terms import collocations

    table = collocations(study.tokens, list(NODES), measure="log_dice")
    shown = table.groupby("term", sort=False).cumcount() < KEY_TERMS
    table = _in_english(study, table, shown=shown, term="term", collocate="term")
    return Drawing(
        table=table,
        n=len(study.tokens),
        unit=_TOKENS,
        options=options_of(table),
        draw={"measure": "log_dice"},
    )


def _robustness(study: Study) -> Drawing:
    from xiacheng_nlp.terms import robustness

    result = robustness(study.report)
    return Drawing(
        table=result.agreement, n=len(result.settings), unit={"zh": "种设置", "en": "settings"}
    )


def _theme_attention(study: Study) -> Drawing:
    from xiacheng_nlp.themes import attention

    table = attention(study.coded)
    return Drawing(table=table, n=len(study.coded), unit=_SENTENCES, options=options_of(table))


def _theme_section(study: Study) -> Drawing:
    from xiacheng_nlp.themes import theme_by_section

    crossed = theme_by_section(study.coded, study.report, level=2)
    table = _in_english(study, crossed, title="section")
    return Drawing(table=table, n=len(study.coded), unit=_SENTENCES, options=options_of(crossed))


def _attention_shift(study: Study) -> Drawing:
    from xiacheng_nlp.themes import attention_shift

    table = attention_shift(study.coded)
    return Drawing(table=table, n=len(study.coded), unit=_SENTENCES, options=options_of(table))


def _theme_instrument(study: Study) -> Drawing:
    from xiacheng_nlp.themes import theme_by_instrument

    table = theme_by_instrument(study.coded)
    return Drawing(table=table, n=len(study.coded), unit=_SENTENCES, options=options_of(table))


def _co_words(study: Study) -> Drawing:
    from xiacheng_nlp.themes import co_word_network

    edges = co_word_network(study.tokens, study.coded).edges
    table = _in_english(study, edges, term="term", other="term")
    return Drawing(table=table, n=len(study.tokens), unit=_TOKENS, options=options_of(edges))


def _topics(study: Study) -> Drawing:
    matches = study.topics.matches
    used = int(matches.attrs.get("paragraphs_used", 0))
    return Drawing(
        table=_topic_words(study, matches), n=used, unit=_PARAGRAPHS, options=options_of(matches)
    )


def _topic_words(study: Study, matches: "pd.DataFrame") -> "pd.DataFrame":
    """The matches with the topics' terms in English too, each list put together of its terms."""
    import pandas as pd

    lists = list(dict.fromkeys(matches["words"])) if len(matches) else []
    terms = list(dict.fromkeys(term for words in lists for term in words.split("、")))
    named = _in_english(study, pd.DataFrame({"term": terms}, dtype=object), term="term")
    english = (
        {term: name or term for term, name in zip(terms, named["term_en"], strict=True)}
        if terms
        else {}
    )
    table = matches.assign(
        words_en=[
            ", ".join(english[term] for term in words.split("、")) for words in matches["words"]
        ]
    )
    table.attrs = {**matches.attrs, "without_english": named.attrs.get("without_english", [])}
    return table


def _growth_rates(study: Study) -> Drawing:
    from xiacheng_nlp.observations.summary import growth_rates

    table = _in_english(
        study, growth_rates(study.observations), indicator="indicator", text="amount"
    )
    return Drawing(table=table, n=len(table), unit=_RATES)


def _promises(study: Study) -> Drawing:
    table = _in_english(
        study, study.promises, indicator="indicator", actual_text="amount", target_text="amount"
    )
    return Drawing(table=table, n=len(table), unit=_TARGETS)


def _ranks(study: Study) -> Drawing:
    from xiacheng_nlp.observations.summary import ranks

    table = _in_english(study, ranks(study.observations), indicator="indicator", among="among")
    return Drawing(table=table, n=len(table), unit=_RANKS)


def _commitments(study: Study) -> Drawing:
    from xiacheng_nlp.observations.summary import commitments

    table = _in_english(study, commitments(study.observations, study.report), title="section")
    return Drawing(table=table, n=int(table["targets"].sum()), unit=_TARGETS)


def _audit(study: Study) -> Drawing:
    from xiacheng_nlp.observations.audit import audit

    table = _in_english(
        study, audit(study.observations), indicator="indicator", text="amount", evidence="amount"
    )
    return Drawing(table=table, n=len(table), unit=_STATEMENTS)


def _accuracy(study: Study) -> Drawing:
    from xiacheng_nlp.validation.tables import accuracy

    return _of_the_seed(study, accuracy(), {"zh": "句", "en": "sentences"}, "units")


def _accuracy_by_construction(study: Study) -> Drawing:
    from xiacheng_nlp.validation.tables import by_construction

    return _of_the_seed(study, by_construction(), {"zh": "项指标", "en": "indicators"}, "n")


def _of_the_seed(
    study: Study, table: "pd.DataFrame", unit: Mapping[str, str], column: str
) -> Drawing:
    """A table of accuracy, without rows for another report: only the seed has a gold standard in
    the package."""
    from xiacheng_nlp.resources import seed_sha256

    options = options_of(table)
    if study.report.sha256 != seed_sha256():
        table = table.head(0)
    return Drawing(
        table=table, n=int(table[column].max()) if len(table) else 0, unit=unit, options=options
    )


def _indicator_series(study: Study) -> Drawing:
    from xiacheng_nlp.corpora.panel import series

    table = series(study.panel, SERIES)
    options = options_of(table) | _panel_of(study)
    return Drawing(
        table=_in_english(study, table, place="term", indicator="indicator"),
        n=len(table),
        unit=_RATES,
        options=options,
    )


def _kept_promises(study: Study) -> Drawing:
    from xiacheng_nlp.corpora.panel import kept_by_indicator, kept_promises

    table = kept_by_indicator(kept_promises(study.panel))
    options = options_of(table) | _panel_of(study)
    shown = table["targets"] > table["no_later_report"]
    named = _in_english(study, table, shown=shown, indicator="indicator")
    return Drawing(table=named, n=int(table["targets"].sum()), unit=_TARGETS, options=options)


def _panel_attention(study: Study) -> Drawing:
    from xiacheng_nlp.corpora.panel import attention_by

    table = attention_by(study.panel)
    return Drawing(
        table=table,
        n=len(study.panel.reports),
        unit=_REPORTS,
        options=options_of(table) | _panel_of(study),
    )


def _report_keyness(study: Study) -> Drawing:
    from xiacheng_nlp.corpora.panel import report_keyness

    table = report_keyness(study.panel, min_reports=3)
    sides = table["log_ratio"] > 0
    options = options_of(table) | _panel_of(study)
    table = _in_english(
        study, table, shown=sides.groupby(sides).cumcount() < KEY_TERMS, term="term"
    )
    return Drawing(table=table, n=len(study.panel.reports), unit=_REPORTS, options=options)


def _panel_of(study: Study) -> dict[str, str]:
    """What tells the panel: the beginning of its hash, and how many of its reports are
    constructed."""
    return {"panel": study.panel.sha256[:12], "constructed_reports": str(study.panel.constructed)}


def _in_english(
    study: Study, table: "pd.DataFrame", *, shown: "pd.Series[bool] | None" = None, **columns: str
) -> "pd.DataFrame":
    """The table with English names behind its columns of words, for figures in English."""
    from xiacheng_nlp.publish.english import with_english

    return with_english(table, columns, names=study.names, shown=shown)


def _words(table: "pd.DataFrame") -> int:
    return int(table.attrs.get("words", len(table)))


def options_of(table: "pd.DataFrame") -> dict[str, str]:
    """The options that a table was made with, from its `attrs`, as texts."""
    # The report is told apart from the options, by its name and its hash.
    told = ("words", "report", "sha256")
    return {
        str(name): str(value)
        for name, value in table.attrs.items()
        if isinstance(value, str | int | float | bool) and name not in told
    }


NODES = ("发展", "建设", "服务")
"""The words whose company notebook 01 asks for: development, building, service."""

SECTION_TERMS = 6
"""Terms of each section that fig-terms-by-section shows."""

KEY_TERMS = 12
"""Terms of each side that fig-keyness shows, and collocates of each word in
fig-collocation-network."""

SERIES = "地区生产总值"
"""The indicator whose growth fig-indicator-series follows: the gross product, which every report
states."""

STRIPS = 15
"""Terms whose places fig-dispersion-strips shows, the most frequent ones."""

FIGURES: Mapping[str, Callable[[Study], Drawing]] = {
    "fig-report-structure": _structure,
    "fig-top-terms": _top_terms,
    "fig-word-cloud": _word_cloud,
    "fig-rank-frequency": _rank_frequency,
    "fig-terms-by-section": _terms_by_section,
    "fig-keyness": _keyness,
    "fig-dispersion-strips": _dispersion_strips,
    "fig-collocation-network": _collocation_network,
    "fig-robustness": _robustness,
    "fig-theme-attention": _theme_attention,
    "fig-theme-section": _theme_section,
    "fig-attention-shift": _attention_shift,
    "fig-theme-instrument": _theme_instrument,
    "fig-co-word-network": _co_words,
    "fig-topics": _topics,
    "fig-growth-rates": _growth_rates,
    "fig-actual-vs-target": _promises,
    "fig-target-growth": _promises,
    "fig-ranks": _ranks,
    "fig-commitments": _commitments,
    "fig-audit": _audit,
    "fig-accuracy": _accuracy,
    "fig-accuracy-by-construction": _accuracy_by_construction,
    "fig-indicator-series": _indicator_series,
    "fig-kept-promises": _kept_promises,
    "fig-panel-attention": _panel_attention,
    "fig-report-keyness": _report_keyness,
}
"""The table of each figure by its id, in the order of the notebooks."""


def drawing(id: str, study: Study) -> Drawing:
    """The table of a figure for a report. Raises `FigureError` for an id that no figure has."""
    if id not in FIGURES:
        raise FigureError(f"no figure has the id {id}; the figures are {', '.join(FIGURES)}")
    if id not in study.drawings:
        study.drawings[id] = FIGURES[id](study)
    return study.drawings[id]


def without_english(study: Study) -> "pd.DataFrame":
    """The words that figures show in Chinese in English too, since no list has a name for them:
    word, and the figures' ids."""
    import pandas as pd

    found: dict[str, list[str]] = {}
    for id in FIGURES:
        for word in drawing(id, study).table.attrs.get("without_english", []):
            found.setdefault(word, []).append(id)
    return pd.DataFrame(
        [(word, "; ".join(ids)) for word, ids in found.items()], columns=["word", "figures"]
    )


_WORDS_OF = ("rjieba", "scipy")
_CODED = ("ahocorasick-rs",)
RESTS_ON: Mapping[str, tuple[str, ...]] = {
    "fig-report-structure": (),
    "fig-top-terms": _WORDS_OF,
    "fig-word-cloud": (*_WORDS_OF, "wordcloud"),
    "fig-rank-frequency": _WORDS_OF,
    "fig-terms-by-section": _WORDS_OF,
    "fig-keyness": _WORDS_OF,
    "fig-dispersion-strips": _WORDS_OF,
    "fig-collocation-network": (*_WORDS_OF, "networkx"),
    "fig-robustness": (*_WORDS_OF, "jieba", "icu4py"),
    "fig-theme-attention": _CODED,
    "fig-theme-section": _CODED,
    "fig-attention-shift": _CODED,
    "fig-theme-instrument": _CODED,
    "fig-co-word-network": (*_CODED, *_WORDS_OF, "networkx"),
    "fig-topics": (*_CODED, *_WORDS_OF, "scikit-learn"),
    "themes": _CODED,
    "instrument-phrases": _CODED,
    "theme-commitments": _CODED,
    "topics": (*_CODED, *_WORDS_OF, "scikit-learn"),
    "fig-growth-rates": (),
    "fig-actual-vs-target": (),
    "fig-target-growth": (),
    "fig-ranks": (),
    "fig-commitments": (),
    "fig-audit": (),
    "fig-accuracy": (*_CODED, *_WORDS_OF, "jieba", "krippendorff"),
    "fig-accuracy-by-construction": ("scipy",),
    "fig-indicator-series": (*_CODED, *_WORDS_OF),
    "fig-kept-promises": (*_CODED, *_WORDS_OF),
    "fig-panel-attention": (*_CODED, *_WORDS_OF),
    "fig-report-keyness": (*_CODED, *_WORDS_OF),
    "particulars": (),
    "copies": (),
    "parts": (),
    "sections": (),
    "glossary": (),
    "notes": (),
    "tokens": ("rjieba",),
    "terms": _WORDS_OF,
    "keyness": _WORDS_OF,
    "observations": (),
    "growth-rates": (),
    "promises": (),
    "ranks": (),
    "commitments": (),
    "audit": (),
}
"""What a figure or a table rests on beside pandas and matplotlib, by its id; one that is not listed
may rest on all of them."""

LIBRARIES = (
    "ahocorasick-rs",
    "icu4py",
    "jieba",
    "networkx",
    "rjieba",
    "scikit-learn",
    "scipy",
    "wordcloud",
)


def libraries(id: str) -> dict[str, str]:
    """The versions of the libraries that a figure or a table rests on.

    >>> sorted(libraries("fig-ranks")), "jieba" in libraries("fig-robustness")
    (['matplotlib', 'numpy', 'pandas', 'pillow'], True)
    """
    from xiacheng_nlp.figures.provenance import library_versions

    drawn = ("matplotlib", "pillow") if id.startswith("fig-") else ()
    return library_versions(("numpy", "pandas", *drawn, *RESTS_ON.get(id, LIBRARIES)))


def segmenter(report: Report) -> dict[str, Any]:
    """The segmenter of the report's words: its name and version, and the SHA-256 of each word list
    by the list's file name.

    >>> from xiacheng_nlp.report.report import load_report
    >>> list(segmenter(load_report())["word_lists"])
    ['000_ecde2efd3ab0aef1.lexicon.tsv', 'lexicon.tsv', 'segmentation_words.tsv']
    """
    import hashlib

    from xiacheng_nlp.datafiles import packaged
    from xiacheng_nlp.figures.provenance import library_versions
    from xiacheng_nlp.words.segmentation import ENGINES, lexicon_beside

    lists = {
        name: packaged(f"words/{name}").read_bytes()
        for name in ("lexicon.tsv", "segmentation_words.tsv")
    }
    beside = lexicon_beside(report)
    if beside is not None:
        lists[beside.name] = beside.read_bytes()
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(lists.items())}
    return {
        "name": ENGINES[0],
        "version": library_versions(ENGINES)[ENGINES[0]],
        "word_lists": hashes,
    }


def provenance(
    id: str,
    report: Report,
    options: Mapping[str, str],
    *,
    n: int | None = None,
    unit: Mapping[str, str] | None = None,
) -> "Provenance":
    """Where the figure or the table of that id comes from, for this report."""
    from xiacheng_nlp._version import version_of_rules
    from xiacheng_nlp.figures.provenance import Provenance

    return Provenance(
        source=report.name,
        source_sha256=report.sha256,
        version=version_of_rules(),
        options=options,
        libraries=libraries(id),
        segmenter=segmenter(report)
        if set(RESTS_ON.get(id, LIBRARIES)) & {"rjieba", "jieba"}
        else None,
        named=report.title or report.name,
        n=n,
        unit=unit or {},
    )


def draw(
    id: str, made: Drawing, *, lang: "Lang" = "zh", width: "Width" = "double", titled: bool = False
) -> "ReportFigure":
    """The figure from its table, in the language and for the column width asked for."""
    from xiacheng_nlp.figures import DRAW

    return DRAW[id](made.table, lang=lang, width=width, titled=titled, **made.draw)


def contents(
    id: str,
    study: Study,
    made: Drawing,
    *,
    lang: "Lang" = "zh",
    width: "Width" = "double",
    titled: bool = False,
) -> dict[str, bytes]:
    """The name of each of a figure's files and its bytes: PDF, SVG, PNG, table, sidecar."""
    from xiacheng_nlp.figures.saving import figure_contents

    said = provenance(id, study.report, made.options, n=made.n, unit=made.unit)
    return figure_contents(
        draw(id, made, lang=lang, width=width, titled=titled),
        made.table,
        id=id,
        lang=lang,
        provenance=said,
    )


def save(
    id: str,
    study: Study,
    folder: Path,
    *,
    langs: Sequence["Lang"] = ("zh",),
    width: "Width" = "double",
    titled: bool = False,
) -> tuple[Path, ...]:
    """Write the figure of a report, in each language, as PDF, SVG and PNG with its table as CSV and
    a sidecar; returns their paths."""
    from xiacheng_nlp.files import write_file

    made = drawing(id, study)
    paths = []
    for lang in langs:
        for name, data in contents(id, study, made, lang=lang, width=width, titled=titled).items():
            write_file(folder / name, data)
            paths.append(folder / name)
    return tuple(paths)
