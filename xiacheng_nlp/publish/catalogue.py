"""Every figure of the notebooks by its id: the table that it is drawn from, for any report, and how
it is drawn."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from inspect import signature
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, warn

import pandas as pd

from xiacheng_nlp import terms, themes, validation
from xiacheng_nlp._version import version_of_rules
from xiacheng_nlp.datafiles import packaged
from xiacheng_nlp.errors import FigureError, TermWarning, missing
from xiacheng_nlp.figures.names import names
from xiacheng_nlp.figures.provenance import Provenance, library_versions
from xiacheng_nlp.figures.texts import TEXTS
from xiacheng_nlp.files import sha256_of
from xiacheng_nlp.observations import summary
from xiacheng_nlp.observations.audit import audit
from xiacheng_nlp.publish.english import with_english
from xiacheng_nlp.publish.study import Choice, Drawing, Study
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.report.tables import sections
from xiacheng_nlp.resources import seed_sha256
from xiacheng_nlp.terms.selection import arranged
from xiacheng_nlp.words.engines import ENGINES
from xiacheng_nlp.words.lexicon import lexicon_beside

if TYPE_CHECKING:
    from xiacheng_nlp.corpora.loading import Panel
    from xiacheng_nlp.figures.page import Draw
    from xiacheng_nlp.figures.style import ReportFigure, Svg

NODES = ("发展", "建设", "服务")
"""The words whose company notebook 01 asks for: development, building, service."""

TERMS, CLOUD, STRIPS = 25, 120, 15
"""The most frequent terms that fig-top-terms and fig-dispersion-strips show, and that
fig-word-cloud is given."""

SECTION_TERMS = 6
"""Terms of each section that fig-terms-by-section shows."""

KEY_TERMS = 12
"""Terms of each side that fig-keyness shows, and collocates of each word in
fig-collocation-network."""

SERIES, NATIONAL = "地区生产总值", "国内生产总值"
"""The indicator whose growth fig-indicator-series follows: the gross product, which every report
states, by its name in common and by that of the nation's."""

YEARS_APART = 2
"""How far from the report's own year others may lie that it is compared with."""


def _drawing(table: pd.DataFrame, n: int | str | None = None, **more: Any) -> Drawing:
    """A drawing of the table and its options; n counts its rows, or is the sum of a column, unless
    it is told."""
    count = int(table[n].sum()) if isinstance(n, str) else len(table) if n is None else n
    return Drawing(table=table, n=count, options=options_of(table), **more)


def _with_spread(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """The table of terms with how evenly each is spread; one without a spread shows none."""
    with catch_warnings(action="ignore", category=TermWarning):
        spread = terms.dispersion(study.tokens, terms=list(dict.fromkeys(table["term"])))
    return table.assign(dp=table["term"].map(spread.set_index("term")["dp"]))


def _frequent(study: Study, n: int) -> pd.DataFrame:
    """The most frequent terms: n, or as many as are chosen, or all where terms are named."""
    return study.frequency if study.choice.terms else study.frequency.head(max(n, study.choice.top))


def _of_terms(table: pd.DataFrame) -> Drawing:
    """A drawing of a table of terms, of so many words."""
    return _drawing(table, table.attrs["words"])


def _rank_frequency(study: Study) -> Drawing:
    table = terms.zipf(study.tokens)
    # The figure names the points that have their height for themselves.
    return _drawing(table, "count", shown=~table["count"].duplicated(keep=False))


def _terms_by_section(study: Study) -> Drawing:
    weights = terms.tf_idf(study.tokens, by="section", level=2, min_count=2)
    table = weights.merge(sections(study.report)[["section", "title", "part"]], on="section")
    table.attrs = weights.attrs
    return _drawing(table, len(study.tokens), shown=_first(table, table["section"], SECTION_TERMS))


def _first(table: pd.DataFrame, groups: "pd.Series[Any]", n: int) -> "pd.Series[bool]":
    """Which rows are among the first n of their group."""
    return table.groupby(groups, sort=False).cumcount() < n


def _of_key_terms(table: pd.DataFrame, n: int) -> Drawing:
    """A drawing of the first terms of each side."""
    return _drawing(table, n, shown=_first(table, table["log_ratio"] > 0, KEY_TERMS))


def _dispersion_strips(study: Study) -> Drawing:
    chosen = study.choice.terms or _frequent(study, STRIPS)["term"]
    strips = terms.strips(study.tokens, list(chosen))
    return _drawing(_with_spread(study, strips), len(study.tokens))


def _collocation_network(study: Study) -> Drawing:
    measure = "log_dice"
    table = terms.collocations(study.tokens, list(study.choice.terms or NODES), measure=measure)
    shown = _first(table, table["term"], KEY_TERMS)
    return _drawing(table, len(study.tokens), shown=shown, draw={"measure": measure})


def _of_sentences(study: Study, count: Callable[..., pd.DataFrame], **options: Any) -> Drawing:
    return _drawing(count(study.coded, **options), len(study.coded))


def _topics(study: Study) -> Drawing:
    matches = study.topics.matches
    return _drawing(matches, int(matches.attrs.get("paragraphs_used", 0)))


def _accuracy(study: Study) -> Drawing:
    """The scores of the seed, and before them those on the reports whose mistakes nobody looked
    at."""
    from xiacheng_nlp.validation.tables import values

    other = validation.development()
    blind = other[(other["kind"] != "development") & (other["system"] == "package")]
    sums = blind.groupby(["task", "measure"], as_index=False)[["right", "predicted", "expected"]]
    held = sums.sum()
    held["value"] = values(held)
    held = pd.concat([held[~held["task"].isin(CODED)], _totals_only()])
    held = held.assign(system="held out", low=None, high=None)
    own = study.accuracy
    table = pd.concat([own, held])[list(own.columns)]
    table = arranged(table, "task", own["task"].unique())
    table.attrs = own.attrs
    return _drawing(table, int(own["units"].max()))


CODED = ("themes", "codes", "instrument")


def _totals_only() -> pd.DataFrame:
    """The scores of words, and of codes, on the reports of which totals alone were looked at."""
    words = validation.segmented_reports().query("half == 'totals only' and system == 'package'")
    coder = validation.trained_coder().query("kept_out == 'totals only' and level == 'all'")
    (cut,), (coded,) = words.to_dict("records"), coder.to_dict("records")
    n = coded["sentences"]
    rows = [
        ("words", cut["f1"], cut["right"], cut["expected"]),
        ("terms", cut["terms_share"], cut["terms_whole"], cut["terms"]),
        ("themes", coded["main"], round(coded["main"] * n), n),
        ("codes", coded["codes_f1"], None, None),
        ("instrument", coded["instrument"], round(coded["instrument"] * n), n),
    ]
    return pd.DataFrame(rows, columns=["task", "value", "right", "expected"])


def _by_construction(study: Study) -> Drawing:
    scores = study.accuracy.query("task == 'records'")
    return _drawing(study.accuracy_by_construction, int(scores["expected"].iloc[0]))


def _of_the_seed(id: str, make: Callable[[Study], Drawing], study: Study) -> Drawing:
    """The drawing of the seed; one without rows for another report: only the seed has a gold
    standard in the package."""
    if study.report.sha256 == seed_sha256():
        return make(study)
    return _drawing(pd.DataFrame(columns=list(TEXTS[id].needs)))


def _promises(study: Study, *, growth: bool) -> Drawing:
    table = study.promises
    beside = table["actual"].notna() & table["target"].notna()
    return _drawing(table, shown=beside & ((table["measure"] == "growth") == growth))


Compare = Callable[[Any, "Panel"], Drawing]
"""A drawing, from the module of panels and the reports that are compared."""


def _beside(make: Compare, study: Study, *, years: int | None = YEARS_APART) -> Drawing:
    """The drawing of the report and those that it is compared with, with what tells them: who they
    are, the beginning of the panel's hash, and how many of them are of the reference panel."""
    # The panel loads scipy and pyarrow, half a second that only these need.
    from xiacheng_nlp.corpora import panel

    beside, who = panel.peers(study.panel, years=years)
    return _told(make(panel, beside), beside, who)


def _told(made: Drawing, beside: "Panel", who: str) -> Drawing:
    told = {"panel": beside.sha256[:12], "reference_reports": str(len(beside.reference))}
    return replace(made, options={**made.options, "compared_with": who, **told})


def _kept_promises(panel: Any, beside: "Panel") -> Drawing:
    """What came, in other reports, of targets such as this one sets."""
    kept = panel.kept_promises(beside)
    own = kept["target_report"] == beside.own
    key = ["indicator", "measure", "unit_base"]
    such = kept[~own].merge(kept.loc[own, key].drop_duplicates(), on=key)
    such.attrs = kept.attrs
    table = _named_by_level(panel.kept_by(such), beside)
    return _drawing(table, "targets", shown=table["targets"] > table["no_later_report"])


def _named_by_level(table: pd.DataFrame, beside: "Panel") -> pd.DataFrame:
    """The gross product of the nation alone is not called a region's."""
    if not (beside.reports["level"] == "国").all():
        return table
    named = table.assign(indicator=table["indicator"].replace(SERIES, NATIONAL))
    named.attrs = {name: NATIONAL if it == SERIES else it for name, it in table.attrs.items()}
    return named


def _target_steps(study: Study) -> Drawing:
    """The step from the level above to this report, and those above that one, in its year."""
    from xiacheng_nlp.corpora import panel
    from xiacheng_nlp.corpora.ladder import ladder

    own = study.panel.report_id()
    chain = [own, *ladder(study.panel.reports).get(own, ())]
    table = panel.escalation(study.panel)
    table = table[table["report"].isin(chain)].copy()
    return _told(_drawing(table), study.panel, "levels above")


def options_of(table: pd.DataFrame) -> dict[str, str]:
    """The options that a table was made with, from its `attrs`, as texts."""
    # The report is told apart from the options, by its name and its hash.
    told = ("words", "report", "sha256")
    return {
        str(name): str(value)
        for name, value in table.attrs.items()
        if isinstance(value, str | int | float | bool) and name not in told
    }


FIGURES: Mapping[str, Callable[[Study], Drawing]] = {
    "fig-report-structure": lambda study: _drawing(sections(study.report, level=2), "chars"),
    "fig-top-terms": lambda study: _of_terms(_with_spread(study, _frequent(study, TERMS))),
    "fig-word-cloud": lambda study: _of_terms(_frequent(study, CLOUD)),
    "fig-rank-frequency": _rank_frequency,
    "fig-terms-by-section": _terms_by_section,
    "fig-keyness": lambda study: _of_key_terms(study.keyness, len(study.tokens)),
    "fig-dispersion-strips": _dispersion_strips,
    "fig-collocation-network": _collocation_network,
    "fig-robustness": lambda study: Drawing(
        table=study.robustness.agreement, n=len(study.robustness.settings)
    ),
    "fig-theme-attention": lambda study: _of_sentences(study, themes.attention),
    "fig-theme-section": lambda study: _of_sentences(
        study, themes.theme_by_section, report=study.report
    ),
    "fig-attention-shift": lambda study: _of_sentences(study, themes.attention_shift, by="domain"),
    "fig-theme-instrument": lambda study: _of_sentences(study, themes.theme_by_instrument),
    "fig-co-word-network": lambda study: _drawing(
        themes.co_word_network(study.tokens, study.coded).edges, len(study.tokens)
    ),
    "fig-topics": _topics,
    "fig-growth-rates": lambda study: _drawing(summary.growth_rates(study.observations)),
    "fig-actual-vs-target": partial(_promises, growth=False),
    "fig-target-growth": partial(_promises, growth=True),
    "fig-ranks": lambda study: _drawing(summary.ranks(study.observations)),
    "fig-commitments": lambda study: _drawing(
        summary.commitments(study.observations, study.report), "targets"
    ),
    "fig-audit": lambda study: _drawing(audit(study.observations)),
    **{
        id: partial(_of_the_seed, id, make)
        for id, make in (
            ("fig-accuracy", _accuracy),
            ("fig-accuracy-by-construction", _by_construction),
        )
    },
    "fig-indicator-series": partial(
        _beside,
        lambda panel, beside: _drawing(_named_by_level(panel.series(beside, SERIES), beside)),
    ),
    "fig-kept-promises": partial(_beside, _kept_promises, years=None),
    "fig-panel-attention": partial(
        _beside,
        lambda panel, beside: _drawing(panel.attention_beside(beside), len(beside.reports)),
    ),
    "fig-report-keyness": partial(
        _beside,
        lambda panel, beside: _of_key_terms(
            panel.report_keyness(beside, min_reports=3), len(beside.reports)
        ),
    ),
    "fig-target-steps": _target_steps,
    "fig-report-map": partial(
        _beside,
        lambda panel, beside: _drawing(panel.correspondence(beside), len(beside.reports)),
    ),
}
"""The table of each figure by its id, in the order of the notebooks."""


def drawing(id: str, study: Study) -> Drawing:
    """The table of a figure for a report, and what is chosen of it. Raises `FigureError` for an id
    that no figure has, and for a choice that it does not have."""
    if id not in FIGURES:
        raise FigureError(f"no figure has the id {id}; the figures are {', '.join(FIGURES)}")
    made, rests_on = study.once(id, partial(_named, id))
    return replace(_chosen(id, made, study.choice), rests_on=rests_on)


def _named(id: str, study: Study) -> Drawing:
    """The drawing with English names behind the columns of its words."""
    made = FIGURES[id](study)
    table = with_english(made.table, TEXTS[id].words, names=study.names, shown=made.shown)
    return replace(made, table=table)


def _chosen(id: str, made: Drawing, choice: Choice) -> Drawing:
    """The drawing with what is chosen of it. Raises `FigureError` where it has nothing such, and
    warns of what it has not."""
    table, draw = made.table, dict(made.draw)
    for column, wanted in (("term", choice.terms), ("theme", choice.themes)):
        if not wanted:
            continue
        if column not in table:
            raise FigureError(f"{id} shows no {column}s to choose from")
        called = [name for name in ("code", column) if name in table]
        known = [*called, *({f"{column}_en"} & {*table})]
        absent = missing(wanted, table[known].to_numpy().flat)
        there = [*map(" ".join, table[called].drop_duplicates().to_numpy())]
        table = table[table[known].isin(wanted).any(axis=1)]
        few = f"; among those that it has: {', '.join(there[:26])}" if there else ""
        said = f"{id}: its table has no {column} {', '.join(absent)}{few}"
        if table.empty:
            raise FigureError(said)
        if absent:
            warn(said, TermWarning, stacklevel=2)
    if choice.top:
        counts = {"top", "words"} & set(signature(_draw_of(id)).parameters)
        if not counts:
            raise FigureError(f"{id} draws all of its rows: --top chooses none")
        draw[counts.pop()] = choice.top
    return replace(made, table=table, draw=draw, options={**made.options, **choice.told()})


def without_english(study: Study) -> pd.DataFrame:
    """The words that figures show in Chinese in English too, since no list has a name for them:
    word, and the figures' ids."""
    lacking = {id: drawing(id, study).table.attrs.get("without_english", []) for id in FIGURES}
    found = [(word, id) for id, words in lacking.items() for word in words]
    table = pd.DataFrame(found, columns=["word", "figures"])
    return table.groupby("word", sort=False, as_index=False).agg("; ".join)


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
"""What figures and tables may rest on beside pandas and matplotlib."""


def libraries(rests_on: Iterable[str] = LIBRARIES, *, drawn: bool = True) -> dict[str, str]:
    """The versions of the libraries that a figure, or a table that is not drawn, rests on.

    >>> sorted(libraries(["scipy"], drawn=False))
    ['numpy', 'pandas', 'scipy']
    """
    pictures = ("matplotlib", "pillow") if drawn else ()
    return library_versions(("numpy", "pandas", *pictures, *rests_on))


def segmenter(report: Report) -> dict[str, Any]:
    """The segmenter of the report's words: its name and version, and the SHA-256 of each word list
    by the list's file name.

    >>> from xiacheng_nlp.report.report import load_report
    >>> list(segmenter(load_report())["word_lists"])
    ['000_ecde2efd3ab0aef1.lexicon.tsv', 'lexicon.tsv', 'segmentation_words.tsv']
    """
    lists = [packaged(f"words/{name}.tsv") for name in ("lexicon", "segmentation_words")]
    lists += filter(None, [lexicon_beside(report)])
    lists.sort(key=lambda path: path.name)
    name, hashes = ENGINES[0], {path.name: sha256_of(path.read_bytes()) for path in lists}
    return {"name": name, "version": library_versions([name])[name], "word_lists": hashes}


def provenance(
    report: Report, options: Mapping[str, str], rests_on: Iterable[str], **drawn: Any
) -> Provenance:
    """Where a figure or a table comes from, for this report, by what it rests on; `drawn`: n and
    unit of a figure."""
    return Provenance(
        source=report.name,
        source_sha256=report.sha256,
        version=version_of_rules(),
        options=options,
        libraries=libraries(rests_on, drawn=bool(drawn)),
        segmenter=segmenter(report) if {"rjieba", "jieba"} & set(rests_on) else None,
        named=report.title or report.name,
        **drawn,
    )


def draw(id: str, made: Drawing, **look: Any) -> "ReportFigure":
    """The figure from its table; `look` is the language, the width and whether it is titled."""
    return _draw_of(id)(made.table, **look, **made.draw)


def _draw_of(id: str) -> "Draw":
    from xiacheng_nlp.figures.registry import DRAW

    return DRAW[id]


def why_not_drawn(id: str) -> str:
    """What a report lacks for which that figure is not drawn."""
    return TEXTS[id].empty["en"]


def provenance_of_figure(id: str, report: Report, made: Drawing) -> Provenance:
    """Where a figure comes from: its table's options and libraries, and those that draw it."""
    rests_on, unit = made.rests_on.union(TEXTS[id].rests_on), names("unit")[TEXTS[id].counts]
    return provenance(report, made.options, rests_on, n=made.n, unit=unit)


def contents(
    id: str,
    study: Study,
    made: Drawing,
    *,
    svg: "Svg" = "path",
    also: "Callable[[ReportFigure], dict[str, bytes]]" = lambda _: {},
    **look: Any,
) -> dict[str, bytes]:
    """The name of each of a figure's files and its bytes: PDF, SVG, PNG, table, sidecar; none where
    it has nothing to show. `look` is what `draw` takes, `svg` how the SVG holds its text, `also`
    what else is made of it."""
    from xiacheng_nlp.figures.saving import figure_contents

    figure = draw(id, made, **look)
    if figure.empty:
        return {}
    said = provenance_of_figure(id, study.report, made)
    return figure_contents(figure, made.table, provenance=said, svg=svg) | also(figure)
