"""Policy instruments and what themes are crossed with: sections, instruments, the phrases behind
them, and numeric targets."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from xiacheng_nlp.errors import ThemeError, at_least
from xiacheng_nlp.observations.observation import Observation
from xiacheng_nlp.report.outline import headings
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.statistics import Ints, ratio
from xiacheng_nlp.terms.selection import cut_sections, described, in_order, tell
from xiacheng_nlp.themes.codebook import NONE, Codebook, load_codebook
from xiacheng_nlp.themes.coded import (
    INSTRUMENT_COLUMNS,
    crossed,
    grouped,
    groups,
    instrument_codes,
    instrument_table,
    intervals,
    main_codes,
    need,
    over_sum,
    section_key,
    theme_table,
    totals,
    weigh,
)


def theme_by_section(
    coded: pd.DataFrame,
    report: Report,
    codebook: Codebook | None = None,
    *,
    level: int = 2,
) -> pd.DataFrame:
    """How each section divides its text among the themes, one row a section and theme of the
    report, in the order of text and codebook.

    Sections deeper than `level` count in the one that holds them; text before the first heading has
    no section, and stands first. Columns: `section` (id or null), `title` (null likewise), `part`,
    `code`, `theme`, `theme_en`, `domain`, `domain_en`, `sentences`, `chars`, `share` (of the
    section's characters, 0 to 1; sums to 1). Themes that occur nowhere are left out.

    Raises `ThemeError` for an unknown option and for a coded table of another report.

    >>> from xiacheng_nlp.themes.coding import code_themes
    >>> text = "各位代表:\\n一、2014年工作\\n（一）办好教育\\n新建学校。\\n（二）美化环境\\n绿化。"
    >>> report = Report.parse(text)  # "build schools", "green"
    >>> table = theme_by_section(code_themes(report), report)
    >>> table[table.share > 0][["section", "title", "theme", "share"]].values.tolist()
    [['1.1', '办好教育', '教育', 1.0], ['1.2', '美化环境', '生态环境', 1.0]]
    """
    codebook = codebook or load_codebook()
    if coded.attrs.get("sha256", report.sha256) != report.sha256:
        raise ThemeError(
            f"the coded sentences are those of {coded.attrs.get('report')}, the report is "
            f"{report.name}: give both of one report"
        )
    need(coded, "part", "section")
    at_least(1, ThemeError, level=level)
    names = cut_sections(coded["section"], level)
    loose = [(None, np.flatnonzero(names.isna()))]
    found = [*(loose if names.isna().any() else ()), *grouped(names, section_key)]
    told = headings(report)
    heads = [(name, *told.get(name, told[None])) for name, _ in found]
    rows = pd.DataFrame(heads, columns=["section", "title", "part"])
    matrix = weigh(coded, codebook)
    present = np.flatnonzero(matrix.any(axis=0))
    matrix = matrix[:, present]
    chars, sentences = totals(matrix, found), totals(matrix > 0, found)
    numbers = dict(sentences=sentences, chars=chars, share=over_sum(chars))
    table = crossed(rows, theme_table(codebook).iloc[present], **numbers)
    empty = "theme_by_section: there is no coded sentence"
    return described(table, coded, dict(level=level), empty=empty)


def theme_by_instrument(coded: pd.DataFrame, codebook: Codebook | None = None) -> pd.DataFrame:
    """By which instruments each theme works, one row a theme that occurs (as main theme) and
    instrument, in the codebook's order.

    Columns: `code`, `theme`, `theme_en`, `domain`, `domain_en`, `instrument` (code),
    `instrument_zh`, `instrument_en`, `count` (sentences), `share` (of the theme's sentences, 0 to
    1), `expected` (row sum · column sum / n), `residual`: the adjusted standardised residual (count
    − expected) / √(expected·(1 − row share)·(1 − column share)) (Haberman 1973), which beyond ±2
    tells more or fewer than if theme and instrument had nothing to do with each other; null where
    it is not defined.

    Where few sentences are expected (below 5), a residual is a hint, not a test; of many cells one
    in twenty is beyond ±2 by chance, and more since sentences of a paragraph share their theme.
    By phrases alone, where none tells the instrument, `code_themes` takes the usual one of the
    theme: that much of the association is the codebook's own.

    >>> from xiacheng_nlp.themes.coding import code_themes
    >>> text = "各位代表:\\n一、2014年工作\\n新建学校。\\n举办购物节。"  # "schools", "shopping"
    >>> table = theme_by_instrument(code_themes(Report.parse(text), model=False))
    >>> table[table["count"] > 0][["theme", "instrument", "share"]].values.tolist()
    [['消费与商贸', 'demand', 1.0], ['教育', 'supply', 1.0]]
    """
    codebook = codebook or load_codebook()
    themes, instruments = theme_table(codebook), instrument_table(codebook)
    mains, means = main_codes(coded, codebook), instrument_codes(coded, codebook)
    found = pd.crosstab(pd.Series(mains, dtype=object), pd.Series(means, dtype=object))
    themes = themes[themes["code"].isin(found.index)]
    found = found.reindex(themes["code"]).reindex(columns=instruments["instrument"])
    counts = found.fillna(0).to_numpy(float)
    n = max(counts.sum(), 1)
    across, down = counts.sum(axis=1, keepdims=True), counts.sum(axis=0, keepdims=True)
    expected = across * down / n
    residual = ratio(counts - expected, np.sqrt(expected * (1 - across / n) * (1 - down / n)))
    numbers = dict(share=counts / across, expected=expected, residual=residual)
    table = crossed(themes, instruments, count=counts.astype(np.int64), **numbers)
    return described(table, coded, empty="theme_by_instrument: there is no coded sentence")


def instrument_mix(
    coded: pd.DataFrame,
    codebook: Codebook | None = None,
    *,
    by: str | None = None,
) -> pd.DataFrame:
    """The mix of supply-side, environment-side and demand-side instruments (Rothwell & Zegveld
    1985), one row a group and instrument.

    `by`: None (all sentences), `part` or `section`. Columns: the group if asked for, `instrument`
    (code),
    `instrument_zh`, `instrument_en`, `sentences`, `n` (of the group with an instrument), `without`
    (of the group without one), `share` (sentences / n, 0 to 1), `low`, `high`: its interval, the
    paragraphs of the group being what was drawn (`statistics.clustered`); null for one paragraph.
    Shares are null where no sentence has an instrument.

    Raises `ThemeError` for an unknown `by` and for a code that the codebook lacks.

    >>> from xiacheng_nlp.themes.coding import code_themes
    >>> text = "各位代表:\\n一、2014年工作\\n新建学校。\\n举办购物节。\\n新增绿化地。"  # "schools"
    >>> mix = instrument_mix(code_themes(Report.parse(text), model=False))  # "festival"
    >>> mix[["instrument", "sentences", "share"]].round(3).values.tolist()
    [['supply', 2, 0.667], ['environment', 0, 0.0], ['demand', 1, 0.333]]
    """
    codebook = codebook or load_codebook()
    used = instrument_table(codebook)
    used = used[used["instrument"] != NONE]
    codes = np.array(instrument_codes(coded, codebook), object)
    is_used = codes[:, None] == used["instrument"].to_numpy()
    found = groups(coded, by)
    counts = totals(is_used, found)
    rows = pd.DataFrame({"n": counts.sum(axis=1)})
    rows["without"] = [len(places) for _, places in found] - rows["n"]
    if by:
        rows[by] = pd.Series([name for name, _ in found], dtype=object)
    low, high = intervals(is_used, is_used.any(axis=1), coded, found)
    numbers = dict(sentences=counts, share=over_sum(counts), low=low, high=high)
    columns = [*INSTRUMENT_COLUMNS, "sentences", "n", "without", "share", "low", "high"]
    table = crossed(rows, used, **numbers)[[*([by] if by else ()), *columns]]
    return described(table, coded, dict(by=by))


EXAMPLES = 3
"""Sentences that are shown of a phrase."""


def instrument_phrases(coded: pd.DataFrame, codebook: Codebook | None = None) -> pd.DataFrame:
    """The phrases that speak for the instruments in this report, by which a reader can check the
    mix, one row an instrument and phrase.

    Columns: `instrument` (code), `instrument_zh`, `instrument_en`, `phrase`, `weight` (of the
    codebook), `count` (occurrences), `sentences` (that hold it), `agreeing` (of these, coded by
    this instrument), `examples`: the first three sentences that hold it, as a tuple of `start`,
    `end` (of the phrase, in `report.text`) and `text` (the sentence). Phrases of weight 0, which
    speak for nothing, are left out. Sorted by instrument in the codebook's order, then (−count,
    phrase).

    >>> from xiacheng_nlp.themes.coding import code_themes
    >>> report = Report.parse("各位代表:\\n一、2014年工作\\n加大财政投入。")  # "more public money"
    >>> row = instrument_phrases(code_themes(report)).iloc[0]
    >>> row["phrase"] == report.text[row["examples"][0]["start"] : row["examples"][0]["end"]]
    True
    """
    codebook = codebook or load_codebook()
    need(coded, "text", "evidence")
    codes, texts = instrument_codes(coded, codebook), list(coded["text"])
    pieces = pd.DataFrame(
        [
            {**piece, "row": row}
            for row, evidence in enumerate(coded["evidence"])
            for piece in evidence
            if piece["kind"] == "instrument" and piece["weight"] > 0
        ],
        columns=["code", "text", "weight", "start", "end", "row"],
    )
    rows = []
    for key, own in in_order(pieces, "start").groupby(["code", "text", "weight"]):
        first = own.drop_duplicates("row")
        agreeing = sum(codes[row] == key[0] for row in first["row"])
        shown = first[["start", "end", "row"]].head(EXAMPLES).itertuples(index=False)
        examples = tuple(dict(start=a, end=b, text=texts[row]) for a, b, row in shown)
        rows.append((*key, len(own), len(first), agreeing, examples))
    columns = ["instrument", "phrase", "weight", "count", "sentences", "agreeing", "examples"]
    told = in_order(pd.DataFrame(rows, columns=columns), "-count", "phrase")
    return described(instrument_table(codebook).merge(told, on="instrument"), coded)


def commitments_by_theme(
    coded: pd.DataFrame,
    observations: Sequence[Observation],
    codebook: Codebook | None = None,
) -> pd.DataFrame:
    """Which themes carry numbers, one row a main theme that occurs; `observations` are those of
    `indicators(report)`.

    Columns: `code`, `theme`, `theme_en`, `domain`, `domain_en`; `targets` (numbers that state an
    indicator with the status target, in sentences of the theme anywhere in the report);
    `sentences_with_target`; `sentences` (of the plan); `with_number` (of these, with a number of
    any kind: amount, rank or duration); `share` (with_number / sentences, 0 to 1); null for a theme
    without sentences there; `low`, `high`: its interval, over paragraphs
    (`statistics.clustered`), null for one paragraph. Sorted by (−targets, −share, order
    of the codebook). `attrs["targets_elsewhere"]`: targets that stand in no coded sentence
    (headings, attached tables).

    >>> from xiacheng_nlp.themes.coding import code_themes
    >>> from xiacheng_nlp.observations.observation import indicators
    >>> text = "各位代表:\\n一、2014年工作\\n新增就业2万人以上。\\n办好学校。"  # "20,000 jobs" ...
    >>> report = Report.parse(text)
    >>> table = commitments_by_theme(code_themes(report), indicators(report))
    >>> table[["theme", "targets", "share"]].values.tolist()
    [['就业与劳动', 1, 1.0], ['教育', 0, 0.0]]
    """
    codebook = codebook or load_codebook()
    need(coded, "start", "end", "part")
    mains = np.array(main_codes(coded, codebook), object)
    targets, stated, elsewhere = _stated(coded, observations)
    planned = (coded["part"] == "plan").to_numpy()
    table = theme_table(codebook)
    table = table[table["code"].isin(mains)]
    found = [(code, np.flatnonzero(mains == code)) for code in table["code"]]
    held = planned & (stated > 0)
    told = totals(np.column_stack([targets, targets > 0, planned, held]), found)
    low, high = intervals(held, planned, coded, found)
    counted = ["targets", "sentences_with_target", "sentences", "with_number"]
    numbers = dict(zip(counted, told.T, strict=True), share=ratio(told[:, 3], told[:, 2]))
    table = table.assign(**numbers, low=low.ravel(), high=high.ravel())
    table = in_order(table, "-targets", "-share")
    note = None
    if not planned.any():
        note = tell("commitments_by_theme: no coded sentence stands in the part plan")
    return described(table, coded, dict(targets_elsewhere=elsewhere), note)


def _stated(coded: pd.DataFrame, observations: Sequence[Observation]) -> tuple[Ints, Ints, int]:
    """How many targets and how many numbers stand in each sentence, and how many targets in
    none."""
    order = np.argsort(coded["start"].to_numpy(np.int64), kind="stable")
    starts, ends = (coded[name].to_numpy(np.int64)[order] for name in ("start", "end"))
    at = np.array([o.start for o in observations], np.int64)
    aimed = np.array([o.indicator is not None and o.status == "target" for o in observations], bool)
    place = np.searchsorted(starts, at, side="right") - 1
    # The place before the first sentence is −1, where the 0 stands.
    there = at < np.append(ends, 0)[place]
    targets, numbers = (
        np.bincount(order[place[some]], minlength=len(coded)) for some in (there & aimed, there)
    )
    return targets, numbers, int((aimed & ~there).sum())
