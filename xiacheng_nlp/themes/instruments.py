"""Policy instruments and what themes are crossed with: sections, instruments, the phrases behind
them, and numeric targets."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pandas as pd

from xiacheng_nlp.errors import ThemeError
from xiacheng_nlp.report.nodes import section_at
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.terms.selection import Ints, described, tell
from xiacheng_nlp.themes.codebook import NONE, Codebook, load_codebook
from xiacheng_nlp.themes.coded import (
    THEME_COLUMNS,
    groups,
    instruments_of,
    main_codes,
    need,
    section_key,
    theme_row,
    weigh,
    wilson,
)


class Stated(Protocol):
    """What `commitments_by_theme` reads of an observation: where its number stands, and what it
    states."""

    @property
    def start(self) -> int: ...
    @property
    def indicator(self) -> str | None: ...
    @property
    def status(self) -> str | None: ...


def theme_by_section(
    coded: pd.DataFrame,
    report: Report,
    codebook: Codebook | None = None,
    *,
    level: int = 2,
    unit: str = "chars",
    multiple: str = "main",
) -> pd.DataFrame:
    """How each section divides its text among the themes, one row a section and theme of the
    report, in the order of text and codebook.

    Sections deeper than `level` count in the one that holds them; text before the first heading has
    no section, and stands first. Columns: `section` (id or null), `title` (null likewise), `part`,
    `code`, `theme`, `theme_en`, `domain`, `domain_en`, `sentences`, `chars`, `share` (of the
    section's `unit`, 0 to 1; sums to 1). Themes that occur nowhere are left out.

    Raises `ThemeError` for an unknown option and for a coded table of another report.

    >>> from xiacheng_nlp.themes.coding import code_themes
    >>> report = Report.parse("各位代表:\\n一、2014年工作\\n（一）办好教育\\n新建学校。\\n（二）美化环境\\n绿化。")  # "schools", "green"
    >>> table = theme_by_section(code_themes(report), report)
    >>> table[table.share > 0][["section", "title", "theme", "share"]].values.tolist()
    [['1.1', '办好教育', '教育', 1.0], ['1.2', '美化环境', '生态环境', 1.0]]
    """
    codebook = codebook or load_codebook()
    if level < 1:
        raise ThemeError(f"level={level}: sections are counted from level 1 on")
    if coded.attrs.get("sha256", report.sha256) != report.sha256:
        raise ThemeError(
            f"the coded sentences are those of {coded.attrs.get('report')}, the report is {report.name}: give both of one report"
        )
    need(coded, "section", "part", "text", "themes")
    weighed = {
        name: weigh(coded, codebook, unit=name, multiple=multiple)
        for name in ("sentences", "chars")
    }
    if unit not in weighed:
        weigh(coded, codebook, unit=unit, multiple=multiple)
    names = [None if pd.isna(name) else section_at(str(name), level) for name in coded["section"]]
    column = np.array(names, dtype=object)
    loose = np.array([name is None for name in names], dtype=bool)
    found: list[tuple[str | None, Ints]] = [(None, np.flatnonzero(loose))] if loose.any() else []
    found += [
        (name, np.flatnonzero(column == name))
        for name in sorted({name for name in names if name is not None}, key=section_key)
    ]
    sections = {section.id: section for section in report.walk()}
    present = np.flatnonzero(weighed["sentences"].matrix.sum(axis=0))
    rows: list[tuple[object, ...]] = []
    for name, places in found:
        here = sections.get(name) if name is not None else None
        part = here.part if here is not None else coded["part"].iloc[places[0]]
        amounts = {key: w.matrix[places].sum(axis=0) / w.one for key, w in weighed.items()}
        shares = amounts[unit] / amounts[unit].sum()
        head = (name, None if here is None else here.title, part)
        for theme in present:
            numbers = (amounts["sentences"][theme], amounts["chars"][theme], shares[theme])
            rows.append((*head, *theme_row(codebook.themes[theme]), *map(float, numbers)))
    table = pd.DataFrame(
        rows, columns=["section", "title", "part", *THEME_COLUMNS, "sentences", "chars", "share"]
    )
    if multiple == "main":
        table = table.astype({"sentences": "int64", "chars": "int64"})
    note = tell("theme_by_section: there is no coded sentence") if table.empty else None
    return described(table, coded, dict(level=level, unit=unit, multiple=multiple), note)


def theme_by_instrument(coded: pd.DataFrame, codebook: Codebook | None = None) -> pd.DataFrame:
    """By which instruments each theme works, one row a theme that occurs (as main theme) and
    instrument, in the codebook's order.

    Columns: `code`, `theme`, `theme_en`, `domain`, `domain_en`, `instrument` (code),
    `instrument_zh`, `instrument_en`, `count` (sentences), `share` (of the theme's sentences, 0 to
    1), `expected` (row sum · column sum / n), `residual`: the adjusted standardised residual (count
    − expected) / √(expected·(1 − row share)·(1 − column share)) (Haberman 1973), which beyond ±2
    tells more or fewer than if theme and instrument had nothing to do with each other; null where
    it is not defined.

    `attrs`: `n`, `chi2`, `df`, `cramers_v` (0 to 1, Cramér 1946), `cells_below_5` (expected count
    below 5: where these are many, residuals are a hint, not a test). Where no phrase tells the
    instrument, `code_themes` takes the usual one of the theme: that much of the association is the
    codebook's own.

    >>> from xiacheng_nlp.themes.coding import code_themes
    >>> report = Report.parse("各位代表:\\n一、2014年工作\\n新建学校。\\n举办购物节。")  # "new schools", "hold a shopping festival"
    >>> table = theme_by_instrument(code_themes(report))
    >>> table[table["count"] > 0][["theme", "instrument", "share"]].values.tolist()
    [['消费与商贸', 'demand', 1.0], ['教育', 'supply', 1.0]]
    """
    codebook = codebook or load_codebook()
    codes, instruments = instruments_of(coded, codebook)
    weigh(coded, codebook, unit="sentences", multiple="main")
    counts = np.zeros((len(codebook.codes), len(instruments)))
    for theme, instrument in zip(main_codes(coded), codes, strict=True):
        counts[codebook.codes.index(theme), codebook.instrument_codes.index(instrument)] += 1
    present = np.flatnonzero(counts.sum(axis=1))
    counts = counts[present]
    n = counts.sum()
    across, down = counts.sum(axis=1, keepdims=True), counts.sum(axis=0, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = across * down / n
        residual = (counts - expected) / np.sqrt(expected * (1 - across / n) * (1 - down / n))
    residual[~np.isfinite(residual)] = np.nan
    rows = [
        (
            *theme_row(codebook.themes[theme]),
            *(
                instrument.code,
                instrument.zh,
                instrument.en,
                int(counts[i, j]),
                float(counts[i, j] / across[i, 0]),
            ),
            *(float(expected[i, j]), float(residual[i, j])),
        )
        for i, theme in enumerate(present)
        for j, instrument in enumerate(instruments)
    ]
    columns = [
        *THEME_COLUMNS,
        "instrument",
        "instrument_zh",
        "instrument_en",
        "count",
        "share",
        "expected",
        "residual",
    ]
    table = pd.DataFrame(rows, columns=columns)
    used = expected[:, down[0] > 0]
    chi2 = float((((counts[:, down[0] > 0] - used) ** 2) / used).sum()) if n else 0.0
    smaller = min(used.shape) - 1
    told = dict(
        n=int(n), chi2=round(chi2, 4), df=(used.shape[0] - 1) * (used.shape[1] - 1) if n else 0
    )
    told |= {
        "cells_below_5": int((used < 5).sum()),
        "cramers_v": round(float(np.sqrt(chi2 / (n * smaller))), 4) if n and smaller > 0 else None,
    }
    note = tell("theme_by_instrument: there is no coded sentence") if table.empty else None
    return described(table, coded, told, note)


def instrument_mix(
    coded: pd.DataFrame,
    codebook: Codebook | None = None,
    *,
    by: str | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """The mix of supply-side, environment-side and demand-side instruments (Rothwell & Zegveld
    1985), one row a group and instrument.

    `by`: None (all sentences), `part`, `theme` (the main one) or `domain`. Columns: the group
    (`part`, or `code`, `theme`, `theme_en`, or `domain`, `domain_en`), `instrument` (code),
    `instrument_zh`, `instrument_en`, `sentences`, `n` (of the group with an instrument), `without`
    (of the group without one), `share` (sentences / n, 0 to 1), `low`, `high` (Wilson 1927). Shares
    are null where no sentence has an instrument. The intervals take sentences as drawn one by one,
    which those of a paragraph are not.

    Raises `ThemeError` for an unknown `by` and for a code that the codebook lacks.

    >>> from xiacheng_nlp.themes.coding import code_themes
    >>> report = Report.parse("各位代表:\\n一、2014年工作\\n新建学校。\\n举办购物节。\\n新增绿化地。")  # "schools", "festival", "green"
    >>> instrument_mix(code_themes(report))[["instrument", "sentences", "share"]].round(3).values.tolist()
    [['supply', 2, 0.667], ['environment', 0, 0.0], ['demand', 1, 0.333]]
    """
    codebook = codebook or load_codebook()
    codes, instruments = instruments_of(coded, codebook)
    column = np.array(codes, dtype=object)
    found: list[tuple[tuple[object, ...], Ints]]
    if by in (None, "part"):
        found = [(() if by is None else (name,), places) for name, places in groups(coded, by)]
        heads = [] if by is None else ["part"]
    elif by in ("theme", "domain"):
        weigh(coded, codebook, unit="sentences", multiple="main")
        themes = [codebook.theme(code) for code in main_codes(coded)]
        heads = ["code", "theme", "theme_en"] if by == "theme" else ["domain", "domain_en"]
        keys = [theme_row(theme)[:3] if by == "theme" else theme_row(theme)[3:] for theme in themes]
        known = dict.fromkeys(
            theme_row(theme)[:3] if by == "theme" else theme_row(theme)[3:]
            for theme in codebook.themes
        )
        found = [
            (key, np.flatnonzero([own == key for own in keys])) for key in known if key in keys
        ]
    else:
        raise ThemeError(f"by={by!r}: the mix is told by part, theme or domain, or for all (None)")
    rows: list[tuple[object, ...]] = []
    for head, places in found:
        n = int((column[places] != NONE).sum())
        for instrument in instruments:
            if instrument.code == NONE:
                continue
            count = int((column[places] == instrument.code).sum())
            low, high = wilson([count], [n], confidence=confidence)
            share = count / n if n else np.nan
            names = (instrument.code, instrument.zh, instrument.en)
            rows.append(
                (*head, *names, count, n, len(places) - n, share, float(low[0]), float(high[0]))
            )
    columns = [
        *heads,
        "instrument",
        "instrument_zh",
        "instrument_en",
        "sentences",
        "n",
        "without",
        "share",
        "low",
        "high",
    ]
    return described(pd.DataFrame(rows, columns=columns), coded, dict(by=by, confidence=confidence))


def instrument_phrases(
    coded: pd.DataFrame, codebook: Codebook | None = None, *, examples: int = 3
) -> pd.DataFrame:
    """The phrases that speak for the instruments in this report, by which a reader can check the
    mix, one row an instrument and phrase.

    Columns: `instrument` (code), `instrument_zh`, `instrument_en`, `phrase`, `weight` (of the
    codebook), `count` (occurrences), `sentences` (that hold it), `agreeing` (of these, coded by
    this instrument), `examples`: the first sentences that hold it, as a tuple of `start`, `end` (of
    the phrase, in `report.text`) and `text` (the sentence). Phrases of weight 0, which speak for
    nothing, are left out. Sorted by instrument in the codebook's order, then (−count, phrase).

    >>> from xiacheng_nlp.themes.coding import code_themes
    >>> report = Report.parse("各位代表:\\n一、2014年工作\\n加大财政投入,办好学校。\\n加大投入。")  # "invest more public money"
    >>> table = instrument_phrases(code_themes(report))
    >>> all(report.text[e["start"] : e["end"]] == row.phrase for row in table.itertuples() for e in row.examples)
    True
    """
    codebook = codebook or load_codebook()
    need(coded, "text", "evidence")
    codes, instruments = instruments_of(coded, codebook)
    if examples < 0:
        raise ThemeError(f"examples={examples}: a number of sentences, 0 or more")
    found: dict[tuple[str, str, float], list[tuple[int, int, str, bool, int]]] = {}
    for row, (text, evidence, own) in enumerate(
        zip(coded["text"], coded["evidence"], codes, strict=True)
    ):
        for piece in evidence:
            if piece["kind"] == "instrument" and piece["weight"] > 0:
                key = (piece["code"], piece["text"], float(piece["weight"]))
                found.setdefault(key, []).append(
                    (piece["start"], piece["end"], text, own == piece["code"], row)
                )
    names = {
        instrument.code: (place, instrument.zh, instrument.en)
        for place, instrument in enumerate(instruments)
    }
    rows: list[tuple[object, ...]] = []
    for code, phrase, weight in sorted(
        found, key=lambda key: (names[key[0]][0], -len(found[key]), key[1])
    ):
        places = sorted(found[code, phrase, weight])
        held = {row: agrees for *_, agrees, row in places}
        first: dict[int, dict[str, object]] = {}
        for start, end, text, _, row in places:
            first.setdefault(row, {"start": start, "end": end, "text": text})
        shown = tuple(list(first.values())[:examples])
        rows.append(
            (
                code,
                *names[code][1:],
                phrase,
                weight,
                len(places),
                len(held),
                sum(held.values()),
                shown,
            )
        )
    columns = [
        "instrument",
        "instrument_zh",
        "instrument_en",
        "phrase",
        "weight",
        "count",
        "sentences",
        "agreeing",
        "examples",
    ]
    return described(pd.DataFrame(rows, columns=columns), coded, {"examples": examples})


def commitments_by_theme(
    coded: pd.DataFrame,
    observations: Sequence[Stated],
    codebook: Codebook | None = None,
    *,
    part: str = "plan",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Which themes carry numbers, one row a main theme that occurs; `observations` are those of
    `indicators(report)`.

    Columns: `code`, `theme`, `theme_en`, `domain`, `domain_en`; `targets` (numbers that state an
    indicator with the status target, in sentences of the theme anywhere in the report);
    `sentences_with_target`; `sentences` (of `part`); `with_number` (of these, with a number of any
    kind: amount, rank or duration); `share` (with_number / sentences, 0 to 1), `low`, `high`
    (Wilson 1927); null for a theme without sentences in `part`. Sorted by (−targets, −share, order
    of the codebook). `attrs["targets_elsewhere"]`: targets that stand in no coded sentence
    (headings, attached tables).

    >>> from xiacheng_nlp.themes.coding import code_themes
    >>> from xiacheng_nlp.observations.observation import indicators
    >>> report = Report.parse("各位代表:\\n一、2014年工作\\n新增就业2万人以上。\\n办好学校。")  # "20,000 new jobs and more", "schools"
    >>> commitments_by_theme(code_themes(report), indicators(report))[["theme", "targets", "share"]].values.tolist()
    [['就业与劳动', 1, 1.0], ['教育', 0, 0.0]]
    """
    codebook = codebook or load_codebook()
    need(coded, "start", "end", "part", "text", "themes")
    weigh(coded, codebook, unit="sentences", multiple="main")
    order = np.argsort(coded["start"].to_numpy(), kind="stable")
    starts, ends = coded["start"].to_numpy()[order], coded["end"].to_numpy()[order]
    targets, numbers = np.zeros(len(coded), dtype=np.int64), np.zeros(len(coded), dtype=np.int64)
    elsewhere = 0
    for o in observations:
        place = int(np.searchsorted(starts, o.start, side="right")) - 1
        inside = place >= 0 and o.start < ends[place]
        aimed = o.indicator is not None and o.status == "target"
        elsewhere += aimed and not inside
        if inside:
            numbers[order[place]] += 1
            targets[order[place]] += aimed
    mains = np.array(main_codes(coded), dtype=object)
    planned = (coded["part"] == part).to_numpy()
    rows: list[tuple[object, ...]] = []
    for theme in codebook.themes:
        own = mains == theme.code
        if own.any():
            n, held = int((own & planned).sum()), int((own & planned & (numbers > 0)).sum())
            low, high = wilson([held], [n], confidence=confidence)
            told = (int(targets[own].sum()), int((targets[own] > 0).sum()), n, held)
            rows.append(
                (*theme_row(theme), *told, held / n if n else np.nan, float(low[0]), float(high[0]))
            )
    columns = [
        *THEME_COLUMNS,
        "targets",
        "sentences_with_target",
        "sentences",
        "with_number",
        "share",
        "low",
        "high",
    ]
    table = pd.DataFrame(rows, columns=columns)
    table = table.sort_values(
        ["targets", "share"], ascending=False, kind="stable", ignore_index=True
    )
    note = (
        tell(f"commitments_by_theme: no coded sentence stands in the part {part}")
        if not planned.any()
        else None
    )
    return described(
        table, coded, dict(part=part, confidence=confidence, targets_elsewhere=int(elsewhere)), note
    )
