"""The figures of words, and that of the report's structure."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from xiacheng_nlp.figures import marks
from xiacheng_nlp.figures.heat import SHADES
from xiacheng_nlp.figures.layout import network_layout, word_cloud_layout
from xiacheng_nlp.figures.marks import AXIS, BAR, FOOT, GAP, Rows, dot, number, widest
from xiacheng_nlp.figures.names import PART_NAMES, names
from xiacheng_nlp.figures.page import (
    Page,
    figure,
    floats,
    need,
    numbers,
    require_finite,
    texts,
)
from xiacheng_nlp.figures.style import (
    AMBER,
    BLUE,
    EM,
    HEAD,
    PALE,
    PART_COLOURS,
    RULE,
    SIZE,
    SMALL,
    SOFT,
    ReportFigure,
    text_width,
    weight,
    wrap,
)

CENTRE = 9.0
"""Points of the words that a network is about."""


@figure(
    "fig-report-structure",
    needs="section title part chars share",
    finite="share",
    counts="characters",
)
def report_structure(page: Page, table: pd.DataFrame) -> ReportFigure:
    """How much of the text each section takes: bars in the order of the text, coloured by part.

    Columns: `section` (id, such as 2.1; null before the first heading), `title` (null likewise),
    `part`, `chars` (characters of the section's own, without those of the sections in it), `share`
    (of all, 0 to 1). Id: fig-report-structure.

    >>> row = {"section": "1", "title": "2013年工作回顾", "part": "review"}
    >>> report_structure(pd.DataFrame([row | {"chars": 6564, "share": 1.0}]))  # "review of 2013"
    <fig-report-structure zh 175 x 9.6 mm>
    """
    parts = texts(table["part"])
    depths = [section.count(".") for section in texts(table["section"])]
    indents = [EM * (depth - min(depths)) for depth in depths]
    room = page.total * (0.38 if page.double else 0.40)
    labels = [
        page.label(title or page.name(PART_NAMES, part or "–"), room - indent)
        for title, part, indent in zip(page.words(table, "title"), parts, indents, strict=True)
    ]
    rows = Rows.of(labels)
    left = 2.5 + max(
        widest([label], size=SIZE) + indent for label, indent in zip(labels, indents, strict=True)
    )
    known = {part: page.name(PART_NAMES, part) for part in parts if part in PART_NAMES}
    right = widest(list(known.values())) + 3.5
    values, heading = [marks.percent(share) for share in table["share"]], page.say("share")
    if page.double:
        values = [f"{v}   {chars:,}" for v, chars in zip(values, table["chars"], strict=True)]
        heading += "   " + page.say("characters")
    picture = page.start(rows.height + HEAD + FOOT)
    picture.head(left, heading)
    plot = page.total - left - right
    axes = rows.axes(picture, left, HEAD, plot)
    colours = [PART_COLOURS.get(part, PALE) for part in parts]
    marks.bars(axes, plot, rows.middles, floats(table["share"]), values, colours=colours)
    for at, label, indent in rows.each(labels, indents):
        picture.write(1.0 + indent, HEAD + at, label, va="center", linespacing=1.1)
    _name_parts(picture, rows, parts, known, page.total - right)
    return picture


def _name_parts(
    picture: ReportFigure,
    rows: Rows,
    parts: Sequence[str],
    known: Mapping[str, str],
    left: float,
) -> None:
    """At the right of the bars, which part those of a run belong to."""
    for first, last, part in marks.runs(parts):
        if part in known:
            upper = HEAD + rows.middles[first] - BAR / 2
            lower = HEAD + rows.middles[last] + BAR / 2
            marks.upright(picture, left + 1.2, upper, lower, PART_COLOURS[part])
            picture.note(left + 2.6, (upper + lower) / 2, known[part], va="center")


@figure("fig-top-terms", needs="term count per_10000", finite="count per_10000", counts="words")
def top_terms(page: Page, table: pd.DataFrame, *, top: int = 25) -> ReportFigure:
    """The most frequent terms: bars of their counts, and beside them how evenly they are spread, if
    the table says it.

    Columns: `term`, `count`, `per_10000` (per 10,000 words), and if there is one `dp` (deviation of
    proportions, Gries 2008, 0 spread evenly to 1 in one place); the first `top` rows are drawn. Id:
    fig-top-terms.

    >>> table = pd.DataFrame({"term": ["发展"], "count": [46], "per_10000": [56.0]})
    >>> top_terms(table, width="single")  # "development"
    <fig-top-terms zh 85 x 9.6 mm>
    """
    table = table.head(top)
    rows = Rows.of(page.labels(table, "term", 0.3, lines=1))
    spread = "dp" in table.columns
    side = page.total * 0.27 if spread else 0.0
    picture = page.start(rows.height + HEAD + (AXIS if spread else FOOT))
    picture.head(rows.left, page.say("count-and-rate"))
    values = [
        f"{count:,} ({rate:.1f})"
        for count, rate in zip(table["count"], table["per_10000"], strict=True)
    ]
    plot = page.total - rows.left - side - 1
    axes = rows.plot(picture, HEAD, plot)
    marks.bars(axes, plot, rows.middles, floats(table["count"]), values)
    if spread:
        left, room = page.total - side + 3, side - 6
        picture.head(left, page.say("dispersion"))
        ends = [page.say("even"), page.say("uneven")]
        if sum(text_width(end, size=SMALL) for end in ends) > room - GAP:
            ends = ["0", "1"]
        scale = list(zip((0.0, 1.0), ends, strict=True))
        dots = rows.axes(picture, left, HEAD, room)
        marks.dots(dots, room, rows.middles, floats(table["dp"]), (0.0, 1.0), scale)
    return picture


@figure("fig-word-cloud", needs="term count", counts="words", rests_on="wordcloud")
def word_cloud(
    page: Page, table: pd.DataFrame, *, words: int = 100, seed: int = 2014
) -> ReportFigure | None:
    """The most frequent `words` terms, a character's area in proportion to the count; text in the
    PDF, the same layout each run.

    Columns: `term`, `count`, the most frequent first. Places mean nothing, and `seed` chooses them;
    the rarest words are left out where the figure has no room for them at a size that can be read.
    Id: fig-word-cloud.

    >>> word_cloud(pd.DataFrame({"term": ["发展", "改革"], "count": [67, 28]}))  # growth, reform
    <fig-word-cloud zh 175 x 87.5 mm>
    """
    counts: dict[str, float] = {}
    for term, count in zip(page.words(table, "term"), floats(table["count"]), strict=True):
        counts[term] = counts.get(term, 0) + count
    ranked = [(term, count) for term, count in counts.items() if term and count > 0]
    ranked = sorted(ranked, key=lambda pair: (-pair[1], pair[0]))[:words]
    if not ranked:
        return None
    height = page.total * (0.5 if page.double else 0.72)
    picture = page.start(height)
    for word in word_cloud_layout(ranked, page.total - 2, height - 2, seed=seed):
        shade = SHADES(0.7 + 0.3 * word.strength)
        look = dict(va="baseline", size=word.size, color=shade)
        picture.write(1 + word.left, 1 + word.baseline, word.text, **look)
    return picture


@figure("fig-rank-frequency", needs="rank term count", finite="rank count", counts="words")
def rank_frequency(page: Page, table: pd.DataFrame) -> ReportFigure:
    """Counts against ranks on logarithmic axes, with the fitted law as a line.

    Columns: `rank` (1 the most frequent), `term`, `count`, and if there is one `expected` (count by
    the fitted law; null where it does not hold). The constants s, q and R² are printed where the
    table's `attrs` have `s`, `q`, `r_squared`. Id: fig-rank-frequency.

    >>> table = pd.DataFrame({"term": ["发展"], "count": [67], "rank": [1]})  # "development"
    >>> rank_frequency(table.assign(expected=[66.0]))
    <fig-rank-frequency zh 175 x 116 mm>
    """
    ranks, counts, expected = numbers(table, "rank", "count", "expected")
    most = max([*counts, *(value for value in expected if value == value)]) * 1.4
    across = math.log10(max(ranks) * 1.3 / 0.8)
    wide = page.total - 12
    # A decade is as long upwards as it is to the right, so that a slope of one is seen as such;
    # within what a page holds.
    tall = min(max(wide / across * math.log10(most / 0.7), 40.0), 0.6 * page.total)
    picture = page.start(tall + 11)
    axes = picture.panel(9.5, 2, wide, tall)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(0.8, 0.8 * 10**across)
    axes.set_ylim(0.7, most)
    marks.ticks_at_powers(axes)
    axes.plot(ranks, expected, color=AMBER, linewidth=1.6, zorder=1, solid_capstyle="round")
    dot(BLUE, 2.2).at(axes, ranks, counts)
    printed = {"s": "s", "q": "q", "r_squared": "R²"}
    fit = [(name, table.attrs[key]) for key, name in printed.items() if key in table.attrs]
    said = "\n".join(f"{name} = {number(value, 2)}" for name, value in fit)
    axes.text(0.99, 0.98, said, transform=axes.transAxes, ha="right", va="top", linespacing=1.4)
    axes.set_xlabel(page.say("rank-log"), labelpad=2, size=SMALL, color=SOFT)
    axes.set_ylabel(page.say("count-log"), labelpad=2, size=SMALL, color=SOFT)
    marks.name_points(axes, ranks, counts, page.words(table, "term"), wide)
    return picture


SECTION_ROW, SECTION_GAP = 3.8, 4.0
"""Mm of a row in a small picture of fig-terms-by-section, and between two such pictures."""


@figure("fig-terms-by-section", needs="section term tf_idf", finite="tf_idf", counts="tokens")
def terms_by_section(page: Page, table: pd.DataFrame, *, top: int = 6) -> ReportFigure:
    """What each section is about: its terms of greatest weight, one small panel a section, all on
    one scale.

    Columns: `section` (id), `term`, `tf_idf` (of the variant that the note names), and if there are
    such `title` (heads the panel; else the id does) and `part` (colours it); the first `top` rows
    of each section are drawn. Id: fig-terms-by-section.

    >>> row = {"section": "1", "title": "工作回顾", "part": "review", "term": "楼宇", "tf_idf": 0.8}
    >>> terms_by_section(pd.DataFrame([row]))  # "buildings" in the review
    <fig-terms-by-section zh 175 x 14.3 mm>
    """
    columns = 4 if page.double else 2
    panel = (page.total - 2 - SECTION_GAP * (columns - 1)) / columns
    groups = [group.head(top) for _, group in table.groupby("section", sort=False)]
    heads = [_section_head(page, group, panel) for group in groups]
    parts = [str(group["part"].iloc[0]) if "part" in table.columns else "" for group in groups]
    rows = [
        Rows.of(
            [page.label(term, panel * 0.55, lines=1) for term in page.words(group, "term")],
            row=SECTION_ROW,
            margin=1.5,
        )
        for group in groups
    ]
    left = max(some.left for some in rows)
    known = page.parts(parts)
    tops, height = _tops(heads, rows, columns, HEAD if known else 0.0)
    picture = page.start(height - 1.0)
    marks.squares(picture, known)
    longest = float(table["tf_idf"].max()) or 1.0
    for i, (group, some, upper) in enumerate(zip(groups, rows, tops, strict=True)):
        x = 1.0 + (i % columns) * (panel + SECTION_GAP)
        look = dict(weight=weight(heads[i]), linespacing=1.1, va="bottom")
        picture.write(x, upper - 0.8, heads[i], **look)
        axes = Rows(some.labels, some.heights, x + left).plot(picture, upper, panel - left)
        colour = PART_COLOURS.get(parts[i], BLUE)
        axes.barh(some.middles, group["tf_idf"], height=BAR * 0.86, color=colour)
        axes.set_xlim(0, longest)
    return picture


def _section_head(page: Page, group: pd.DataFrame, width: float) -> str:
    """The title of a section, or its id where it has none."""
    title = page.words(group, "title")[0] if "title" in group.columns else ""
    return page.label(title or str(group["section"].iloc[0]), width, bold=True)


def _tops(
    heads: Sequence[str], rows: Sequence[Rows], columns: int, edge: float
) -> tuple[list[float], float]:
    """Where each small picture begins below its heading, and where the last end: those side by side
    begin at one height, below the longest of their headings."""
    tops: list[float] = []
    for first in range(0, len(rows), columns):
        across = range(first, min(first + columns, len(rows)))
        edge += max(heads[i].count("\n") + 1 for i in across) * 3.3 + 2.0
        tops += [edge] * len(across)
        edge += max(rows[i].height for i in across) + 2.0
    return tops, edge


KEYNESS = "term target_count reference_count log_ratio"


@figure("fig-keyness", needs=KEYNESS, finite="log_ratio", counts="tokens")
def keyness(
    page: Page,
    table: pd.DataFrame,
    *,
    top: int = 12,
    target: str = "plan",
    reference: str = "review",
    critical: float = 3.84,
) -> ReportFigure | None:
    """Which terms set one part against another: bars of the Log Ratio to either side, and beside
    them the evidence, G².

    Columns: `term`, `target_count`, `reference_count`, `log_ratio` (binary logarithm of the ratio
    of relative frequencies, Hardie 2014; positive: more in the target), and `g2_two_cell`
    (log-likelihood, Rayson & Garside 2000) or else `g2_four_cell` (Dunning 1993). The first `top`
    rows of each side are drawn, in order of the Log Ratio. `target`, `reference` are parts, or
    names to print as they are; `critical` is the G² that is marked (3.84: p = 0.05 of one test).
    Id: fig-keyness.

    >>> row = {"term": "改革", "target_count": 28, "reference_count": 5}  # "reform"
    >>> keyness(pd.DataFrame([row | {"log_ratio": 2.4, "g2_two_cell": 16.5}]))
    <fig-keyness zh 175 x 17.8 mm>
    """
    return keyness_bars(page, table, top=top, target=target, reference=reference, critical=critical)


def keyness_bars(
    page: Page,
    table: pd.DataFrame,
    *,
    top: int,
    target: str,
    reference: str,
    critical: float = 3.84,
) -> ReportFigure:
    """What `keyness` draws, on any page."""
    measure = "g2_two_cell" if "g2_two_cell" in table.columns else "g2_four_cell"
    need(page.id, table, *KEYNESS.split(), measure)
    require_finite(page.id, table, measure)
    more = table["log_ratio"] > 0
    table = pd.concat([table[more].head(top), table[~more].head(top)]).sort_values(
        ["log_ratio", measure], ascending=False, kind="stable"
    )
    rows = Rows.of(page.labels(table, "term", 0.22 if page.lang == "zh" else 0.26, lines=1))
    side, upper = page.total * 0.25, 2 * HEAD
    picture = page.start(upper + rows.height + AXIS)
    plot = page.total - side - 2
    parts = (target, reference)
    zero = _log_ratios(page, rows.axes(picture, 1, upper, plot), table, rows, parts, plot)
    one, two = (page.name(PART_NAMES, part) for part in parts)
    picture.head(1, page.say("log-ratio", target=one, reference=two))
    arrows = {1: f"{one} →", -1: f"← {two}"}
    for hand in sorted({_hand(ratio) for ratio in table["log_ratio"]}):
        look = dict(size=SMALL, ha=AWAY[hand], weight=weight(arrows[hand]))
        picture.write(1 + zero + hand * GAP, HEAD + 0.7, arrows[hand], **look)
    picture.head(page.total - side + 3, "G²")
    dots = rows.axes(picture, page.total - side + 3, upper, side - 6)
    evidence = floats(table[measure])
    most = max(*evidence, critical * 1.2)
    scale = [(most, f"{most:.0f}"), (critical, f"{critical:g}"), (0.0, "0")]
    marks.dots(dots, side - 6, rows.middles, evidence, (0.0, most), scale)
    dots.axvline(critical, color=SOFT, linewidth=0.5, linestyle=(0, (2, 2)), zorder=0)
    return picture


AWAY = {1: "left", -1: "right"}
"""How a text begins that runs away from zero, to the right or to the left."""


def _hand(ratio: float) -> int:
    """1 for a bar to the right, -1 for one to the left."""
    return 1 if ratio > 0 else -1


def _log_ratios(
    page: Page,
    axes: Axes,
    table: pd.DataFrame,
    rows: Rows,
    parts: tuple[str, str],
    width: float,
) -> float:
    """Bars to either side with their counts at the end and the term on the other side of zero;
    gives where zero stands."""
    ratios = floats(table["log_ratio"])
    counts = [
        f"{a:,.0f} : {b:,.0f}"
        for a, b in zip(table["target_count"], table["reference_count"], strict=True)
    ]
    zero, unit = marks.diverging(width, ratios, rows.labels, counts)
    axes.set_xlim(-zero / unit, (width - zero) / unit)
    whole = range(int(min(0.0, *ratios)), int(max(0.0, *ratios)) + 1)
    steps = whole[:: max(1, len(whole) // 8)]
    axes.xaxis.set_visible(True)
    axes.set_xticks(steps, [number(step, 0) for step in steps])
    colours = {1: PART_COLOURS.get(parts[0], AMBER), -1: PART_COLOURS.get(parts[1], BLUE)}
    hands = [_hand(ratio) for ratio in ratios]
    axes.barh(rows.middles, ratios, height=BAR, color=[colours[hand] for hand in hands])
    axes.axvline(0, color=RULE, linewidth=0.5)
    gap = GAP / unit
    for at, ratio, hand, label, count in rows.each(ratios, hands, rows.labels, counts):
        name: dict[str, Any] = dict(ha=AWAY[-hand], va="center", **marks.spacing(label))
        axes.text(-hand * gap, at, label, **name)
        note: dict[str, Any] = dict(ha=AWAY[hand], va="center", size=SMALL, color=SOFT)
        axes.text(ratio + hand * gap, at, count, **note)
    return zero


@figure("fig-dispersion-strips", needs="term position part", counts="tokens")
def dispersion_strips(page: Page, table: pd.DataFrame) -> ReportFigure:
    """Where each term stands in the text: a stroke an occurrence, from the first word of the text
    to the last.

    Columns: `term`, `position` (0 to 1, share of the text before it), `part`; one row an
    occurrence, and if there is one `dp` (of the term, as in `top_terms`). Id:
    fig-dispersion-strips.

    >>> row = {"term": "改革", "position": 0.7, "part": "plan", "dp": 0.4}  # "reform"
    >>> dispersion_strips(pd.DataFrame([row]))
    <fig-dispersion-strips zh 175 x 17.8 mm>
    """
    groups = [group for _, group in table.groupby("term", sort=False)]
    room = page.total * 0.3
    rows = Rows.of([page.label(page.words(g, "term")[0], room, lines=1) for g in groups])
    ends = [([f"{len(group):,}" for group in groups], page.say("count"))]
    if "dp" in table.columns:
        spreads = [floats(group["dp"])[0] for group in groups]
        ends.insert(0, (["" if dp != dp else f"{dp:.2f}" for dp in spreads], "DP"))
    known = page.parts(texts(table["part"]))
    upper = 2 * HEAD if known else HEAD
    picture = page.start(upper + rows.height + AXIS)
    marks.squares(picture, known)
    right = 1.0
    for notes, head in ends:
        edge = page.total - right
        rows.column(picture, edge, upper, notes, head)
        right += widest([*notes, head]) + 2.0
    plot = page.total - rows.left - right
    axes = rows.plot(picture, upper, plot)
    marks.rails(axes, rows.middles, 0, 1)
    for at, group in rows.each(groups):
        colours = [PART_COLOURS.get(str(part), SOFT) for part in group["part"]]
        axes.vlines(group["position"], at - 1.5, at + 1.5, colors=colours, linewidth=0.7)
    quarters = [(0.0, "0"), (0.25, "25%"), (0.5, "50%"), (0.75, "75%"), (1.0, "100%")]
    marks.ticks(axes, quarters, plot, turned="left right")
    return picture


@figure(
    "fig-collocation-network",
    needs="term collocate",
    counts="tokens",
    rests_on="networkx",
)
def collocation_network(
    page: Page, table: pd.DataFrame, *, measure: str = "g2", top: int = 12
) -> ReportFigure:
    """The company that words keep: each term with its collocates, the line the thicker and darker
    the higher the measure.

    Columns: `term`, `collocate`, and one named as `measure` (the strength that is drawn); the first
    `top` rows of each term are drawn. Places are found by a spring model and mean nothing beyond
    nearness. Id: fig-collocation-network.

    >>> row = {"term": "发展", "collocate": "创新", "g2": 9.1}  # "development" and "innovation"
    >>> collocation_network(pd.DataFrame([row]))
    <fig-collocation-network zh 175 x 105 mm>
    """
    need(page.id, table, "term", "collocate", measure)
    require_finite(page.id, table, measure)
    table = table.groupby("term", sort=False).head(top)
    height = 105.0 if page.double else 85.0
    picture = page.start(height)
    terms, collocates = page.words(table, "term"), page.words(table, "collocate")
    links = list(zip(terms, collocates, floats(table[measure]), strict=True))
    sizes = {word: (text_width(word) + 1.6, 3.8) for word in collocates}
    sizes |= {word: (text_width(word, size=CENTRE, bold=True) + 1.6, 4.6) for word in terms}
    places = network_layout(links, sizes, page.total - 2, height - 2)
    axes = marks.blank_axes(picture, 1, 1, page.total - 2, height - 2)
    strength = marks.between(score for *_, score in links)
    for a, b, score in sorted(links, key=lambda link: (link[2], link[0], link[1])):
        axes.plot(
            *zip(places[a], places[b], strict=True),
            color=SHADES(0.4 + 0.4 * strength(score)),
            linewidth=0.5 + 1.7 * strength(score),
            zorder=1,
            solid_capstyle="round",
        )
    box = dict(boxstyle="square,pad=0.12", facecolor="white", edgecolor="none")
    for word, place in places.items():
        look: dict[str, Any] = {"zorder": 2}
        if word in terms:
            look = dict(size=CENTRE, weight=weight(word), color=BLUE, zorder=3)
        axes.text(*place, word, ha="center", va="center", bbox=box, **look)
    return picture


def setting_name(name: str, lang: str) -> str:
    """A setting as a figure shows it, from its name in a table: what is chosen, with commas
    between.

    >>> setting_name("jieba, lexicon, no stop list", "zh")  # the lexicon, but no stop list
    'jieba·有词典·无停用词表'
    """
    known = names("setting")
    pieces = [known[p][lang] if p in known else p for p in name.split(", ")]
    return ("·" if lang == "zh" else ", ").join(pieces)


@figure("fig-robustness", needs="setting other spearman jaccard", counts="settings")
def robustness(page: Page, table: pd.DataFrame) -> ReportFigure:
    """Whether a result stands when settings change: rank correlation below the diagonal, overlap of
    the lists above it.

    Columns: `setting`, `other` (names of two settings; each pair once, in either order), `spearman`
    (-1 to 1), `jaccard` (0 to 1), and if there is one `ranking`, of which the first is drawn. Null
    leaves a cell empty. Id: fig-robustness.

    >>> row = {"setting": "rjieba, lexicon", "other": "jieba, lexicon"}
    >>> robustness(pd.DataFrame([row | {"spearman": 0.9, "jaccard": 0.8}]))
    <fig-robustness zh 175 x 21.4 mm>
    """
    if "ranking" in table.columns:
        table = table[table["ranking"] == table["ranking"].iloc[0]]
    settings = list(dict.fromkeys([*table["setting"], *table["other"]]))
    room = page.total * 0.36
    labels = [wrap(setting_name(str(name), page.lang), room) for name in settings]
    left = widest(labels, size=SIZE) + 6.5
    n = len(settings)
    cell = min((page.total - left - 1) / n, 11.0)
    tall = max(min(cell, 6.0), 4.4 + 3.1 * max(label.count("\n") for label in labels))
    upper = 2 * HEAD
    picture = page.start(upper + tall * n + FOOT)
    heading = page.say("correlation-and-overlap")
    begin = min(left, page.total - text_width(heading, size=SMALL) - 1)
    picture.head(begin, heading)
    axes = marks.blank_axes(picture, left, upper, cell * n, tall * n)
    axes.set_xlim(0, n)
    axes.set_ylim(n, 0)
    correlations, overlaps = numbers(table, "spearman", "jaccard")
    for a, b, correlation, overlap in zip(
        table["setting"], table["other"], correlations, overlaps, strict=True
    ):
        i, j = sorted((settings.index(a), settings.index(b)))
        if i != j:
            _agreement(axes, i, j, correlation)
            _agreement(axes, j, i, overlap)
    for i, label in enumerate(labels):
        letter = chr(ord("A") + i) if i < 26 else str(i + 1)
        picture.note(left + cell * (i + 0.5), upper - 0.6, letter, ha="center", va="bottom")
        picture.note(1.0, upper + tall * (i + 0.5), letter, va="center")
        picture.write(5.0, upper + tall * (i + 0.5), label, va="center", linespacing=1.1)
    return picture


def _agreement(axes: Axes, column: int, row: int, value: float) -> None:
    """A cell with how far two settings agree; null leaves it empty."""
    if math.isnan(value):
        return
    colour = SHADES(min(max(value, 0.0), 1.0))
    axes.add_patch(Rectangle((column + 0.03, row + 0.05), 0.94, 0.9, color=colour, linewidth=0))
    look: dict[str, Any] = dict(ha="center", va="center", size=SMALL, color=marks.ink_on(colour))
    axes.text(column + 0.5, row + 0.5, number(value, 2), **look)
