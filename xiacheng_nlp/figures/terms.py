"""The figures of words, and that of the report's structure."""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from xiacheng_nlp.figures import marks
from xiacheng_nlp.figures.grid import Column, Grid
from xiacheng_nlp.figures.heat import SHADES, grid_cell
from xiacheng_nlp.figures.layout import word_cloud_layout
from xiacheng_nlp.figures.marks import (
    AXIS,
    BAR,
    FOOT,
    GAP,
    Mark,
    dot,
    number,
    stroke,
    widest,
)
from xiacheng_nlp.figures.names import COMMA, PART_NAMES, by_members, joined, names
from xiacheng_nlp.figures.page import Drawn, Page, figure, floats, numbers, texts
from xiacheng_nlp.figures.rows import Rows
from xiacheng_nlp.figures.style import (
    AMBER,
    BLUE,
    EM,
    HEAD,
    INK,
    PALE,
    PART_COLOURS,
    SIZE,
    SMALL,
    SOFT,
    ReportFigure,
    text_width,
    wrap,
)


@figure
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
        page.label(title, room - indent, lines=3)
        for title, indent in zip(page.headings(table, found_by=["section"]), indents, strict=True)
    ]
    rows = Rows(page, labels, 0)
    left = 2.5 + max(
        widest([label], size=SIZE) + indent for label, indent in zip(labels, indents, strict=True)
    )
    named = [
        wrap(PART_NAMES[part][page.lang], page.total * 0.2, size=SMALL)
        if part in PART_NAMES
        else ""
        for part in parts
    ]
    right = widest(named) + 3.5
    values, heading = [marks.percent(share) for share in table["share"]], page.say("share")
    if page.double:
        values = [f"{v}   {chars:,}" for v, chars in zip(values, table["chars"], strict=True)]
        heading += "   " + page.say("characters")
    picture = rows.start(FOOT, page.elsewhere("characters"))
    picture.head(left, heading)
    axes = rows.axes(left, page.total - left - right)
    colours = [PART_COLOURS.get(part, PALE) for part in parts]
    rows.bars(axes, floats(table["share"]), values, colours=colours)
    for at, label, indent in rows.each(labels, indents):
        picture.write(1.0 + indent, HEAD + at, label, va="center")
    rows.bind(named, page.total - right + 1.2, dict(zip(named, colours, strict=True)))
    return picture


@figure
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
    rows = Rows(page, page.words(table, "term"), 0.3, lines=1)
    spread = "dp" in table
    side = page.total * 0.27 if spread else 0.0
    named, ends = page.say("dispersion"), [page.say("even"), page.say("uneven")]
    told = sum(map(text_width, ends)) <= side - 6 - GAP
    # What a narrow column has no room for stands below.
    axis = page.say("axis", what=COMMA[page.lang].join([named, *ends]))
    picture = rows.start(AXIS if spread else FOOT, axis if spread and not told else "")
    picture.head(rows.left, page.say("count-and-rate"))
    values = [
        f"{count:,} ({rate:.1f})"
        for count, rate in zip(table["count"], table["per_10000"], strict=True)
    ]
    rows.bars(rows.plot(rows.room - side), floats(table["count"]), values)
    if spread:
        left, room = page.total - side + 3, side - 6
        picture.head(left, named)
        axes = rows.axes(left, room)
        rows.rails(axes, 0, 1, width=0.5)
        # A null has its rail and no dot.
        dot(BLUE, 3.6).at(axes, floats(table["dp"]), rows.middles)
        marks.ticks(
            axes, list(zip((0.0, 1.0), ends if told else "01", strict=True)), turned="left right"
        )
    return picture


@figure
def word_cloud(page: Page, table: pd.DataFrame, *, words: int = 100, seed: int = 2014) -> Drawn:
    """The most frequent `words` terms, a character's area in proportion to the count; text in the
    PDF, the same layout each run.

    Columns: `term`, `count`, the most frequent first. Places mean nothing, and `seed` chooses them;
    where the figure has no room for the rarest words at a size that can be read, these are counted
    below. Id: fig-word-cloud.

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
    placed = word_cloud_layout(ranked, page.total - 2, height - 2, seed=seed)
    picture = page.start(height, page.left_out("terms-left-out", len(ranked) - len(placed)))
    for word in placed:
        shade, place = SHADES(0.7 + 0.3 * word.strength), (1 + word.left, 1 + word.baseline)
        picture.write(*place, word.text, va="baseline", size=word.size, color=shade)
    return picture


@figure
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
    most = max([*counts, *(value for value in expected if value == value)]) * 1.7
    across = math.log10(max(ranks) * 1.3 / 0.8)
    left = 6.5 + text_width(f"{10 ** int(math.log10(most)):,}")
    wide = page.total - left - 2.5
    # A decade is as long upwards as it is to the right, so that a slope of one is seen as such;
    # within what a page holds.
    tall = min(max(wide / across * math.log10(most / 0.7), 40.0), 0.6 * page.total)
    picture = page.start(tall + 11)
    axes = picture.panel(left, 2, wide, tall)
    axes.set(xscale="log", yscale="log", xlim=(0.8, 0.8 * 10**across), ylim=(0.7, most))
    axes.set(xlabel=page.say("rank-log"), ylabel=page.say("count-log"))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter("{x:,.0f}")
        low, high = axis.get_view_interval()
        axis.set_ticks([power for power in axis.get_ticklocs() if low <= power <= high])
    axes.minorticks_off()
    axes.plot(ranks, expected, color=AMBER, linewidth=1.6, zorder=1, solid_capstyle="round")
    dot(BLUE, 2.2).at(axes, ranks, counts)
    printed = {"s": "s", "q": "q", "r_squared": "R²"}
    fit = [(name, table.attrs[key]) for key, name in printed.items() if key in table.attrs]
    said = "\n".join(f"{name} = {number(value, 2)}" for name, value in fit)
    axes.text(0.99, 0.98, said, transform=axes.transAxes, ha="right", va="top", linespacing=1.4)
    alone = Counter(counts)
    # A point that shares its height with others has no name: any of theirs would do as well.
    names = {n: name for n, name in enumerate(page.words(table, "term")) if alone[counts[n]] == 1}
    # No name covers the line of the law: a hundred points of it are kept clear as well.
    along = np.geomspace(min(ranks), max(ranks), 100)
    law = np.transpose([along, np.interp(along, ranks, expected)])
    points = np.concatenate([np.transpose([ranks, counts]), law[np.isfinite(law[:, 1])]])
    marks.name_clear(axes, points, names)
    return picture


@figure
def terms_by_section(page: Page, table: pd.DataFrame, *, top: int = 6) -> ReportFigure:
    """What each section is about: its terms of greatest weight, the first `top` rows of each
    section. A table: it is saved as HTML, LaTeX and Word too.

    Columns: `section` (id), `term`, `tf_idf` (of the variant that the note names), and if there is
    one `title` (else the id names the section). Id: fig-terms-by-section.

    >>> row = {"section": "1", "title": "工作回顾", "term": "楼宇", "tf_idf": 0.8}
    >>> terms_by_section(pd.DataFrame([row]))  # "buildings" in the review
    <fig-terms-by-section zh 175 x 11 mm>
    """
    groups = [group.head(top) for _, group in table.groupby("section", sort=False)]
    named = [page.headings(group)[0] for group in groups]
    terms = [joined(page.words(group, "term"), page.lang) for group in groups]
    columns = [Column(page.say("section"), named, 0.42), Column(page.say("its-terms"), terms, 0.58)]
    return Grid(columns).draw(page)


TESTS = ("p_paragraphs_adjusted", "p_adjusted")
LEAST, ALPHA = 5, 0.05
"""Occurrences of a term that is drawn, and the corrected p below which its bar is filled, where its
interval lies on one side of zero too: by G² alone a term that one side lacks would pass although
its interval says that nothing is known of it."""


@figure
def keyness(
    page: Page,
    table: pd.DataFrame,
    *,
    top: int = 12,
    target: str = "plan",
    reference: str = "review",
) -> Drawn:
    """Which terms set one part against another: bars of the Log Ratio to either side, with its
    interval; filled where the difference passes the correction for many tests and its interval
    lies on one side of zero.

    Columns: `term`, `target_count`, `reference_count`, `log_ratio` (binary logarithm of the ratio
    of relative frequencies, Hardie 2014; positive: more in the target), and if there is one
    `p_paragraphs_adjusted` or `p_adjusted` (filled is what passes; all are without). Drawn are, of
    the terms that occur five times or more, the first `top` rows of each side,
    in order of the Log Ratio, with the 95 % interval of a ratio of
    rates (Katz et al. 1978; a count of 0 taken as 0.5). `target`, `reference` are parts, or names
    to print as they are. Id: fig-keyness.

    >>> row = {"term": "改革", "target_count": 28, "reference_count": 5}  # "reform"
    >>> keyness(pd.DataFrame([row | {"log_ratio": 2.4, "p_adjusted": 0.01}]))
    <fig-keyness zh 175 x 22 mm>
    """
    return keyness_bars(page, table, top=top, target=target, reference=reference)


def keyness_bars(
    page: Page, table: pd.DataFrame, *, top: int, target: str, reference: str
) -> Drawn:
    """What `keyness` draws, on any page."""
    table = table[table["target_count"] + table["reference_count"] >= LEAST]
    more = table["log_ratio"] > 0
    table = pd.concat([table[more].head(top), table[~more].head(top)])
    if table.empty:
        return None
    table = table.sort_values("log_ratio", ascending=False, kind="stable")
    rows = Rows(page, page.words(table, "term"), 0.3, lines=1)
    one, two = (page.name(PART_NAMES, part) for part in (target, reference))
    ratios, *counts = numbers(table, "log_ratio", "target_count", "reference_count")
    colours = PART_COLOURS.get(target, AMBER), PART_COLOURS.get(reference, BLUE)
    spans = list(map(_span, ratios, *counts))
    filled, entries = _corrected(page, table, spans)
    picture = rows.start(AXIS, top=HEAD * (2 if entries else 3), legend=entries)
    picture.head(1.0, page.say("log-ratio"), above=rows.top - HEAD)
    head = page.say("counts-of", target=one, reference=two)
    picture.head(page.total - 1, head, above=rows.top - HEAD, ha="right")
    notes = [f"{a:,.0f} : {b:,.0f}" for a, b in zip(*counts, strict=True)]
    rows.write(page.total - 1, notes, ha="right")
    plot = page.total - rows.left - widest(notes) - 5.0
    axes = rows.plot(plot, shift=1.0)
    low, high = min(0.0, *(a for a, _ in spans)), max(0.0, *(b for _, b in spans))
    rows.rails(axes, low, high, origin=0)
    for at, ratio, fill, (least, most) in rows.each(ratios, filled, spans):
        colour = colours[0 if ratio > 0 else 1]
        inside = colour if fill else "white"
        axes.barh(at, ratio, height=BAR, facecolor=inside, edgecolor=colour, linewidth=0.6)
        if fill:
            # On a dark bar the interval would not be seen.
            stroke(axes, at, least, most, "white", 1.5)
        stroke(axes, at, least, most, INK, 0.5)
    steps = sorted(range(math.ceil(low), math.floor(high) + 1), key=abs)
    marks.ticks(axes, [(float(k), number(k, 0)) for k in steps])
    # Above the bars, which part those on each hand belong to.
    zero = rows.left + 1.0 - low / (high - low) * plot
    if max(ratios) > 0:
        picture.head(zero + GAP, f"{one} →", above=rows.top, color=INK)
    if min(ratios) <= 0:
        picture.head(zero - GAP, f"← {two}", above=rows.top, ha="right", color=INK)
    return picture


def _corrected(
    page: Page, table: pd.DataFrame, spans: Sequence[tuple[float, float]]
) -> tuple[list[bool], list[tuple[Mark, str]]]:
    """Which terms pass the correction and have an interval on one side of zero, and what a filled
    bar and a hollow one mean, those that there are; where no test is told all are filled."""
    test = next((name for name in TESTS if name in table), None)
    if test is None:
        return [True] * len(table), []
    told = zip(floats(table[test]), spans, strict=True)
    filled = [p < ALPHA and low * high > 0 for p, (low, high) in told]
    known = {True: "passes-correction", False: "not-by-correction"}
    return filled, [
        (Mark(SOFT, "s", 4.4, ring=not fill), page.say(key))
        for fill, key in known.items()
        if fill in filled
    ]


def _span(ratio: float, target: float, reference: float) -> tuple[float, float]:
    """The 95 % interval of a Log Ratio."""
    error = math.sqrt(1 / max(target, 0.5) + 1 / max(reference, 0.5)) / math.log(2)
    return ratio - 1.96 * error, ratio + 1.96 * error


@figure
def dispersion_strips(page: Page, table: pd.DataFrame, *, top: int = 15) -> ReportFigure:
    """Where each of the first `top` terms stands in the text: a stroke an occurrence, from the
    first word of the text to the last.

    Columns: `term`, `position` (0 to 1, share of the text before it), `part`; one row an
    occurrence, and if there is one `dp` (of the term, as in `top_terms`). Id:
    fig-dispersion-strips.

    >>> row = {"term": "改革", "position": 0.7, "part": "plan", "dp": 0.4}  # "reform"
    >>> dispersion_strips(pd.DataFrame([row]))
    <fig-dispersion-strips zh 175 x 17.8 mm>
    """
    groups = [group for _, group in table.groupby("term", sort=False)][:top]
    rows = Rows(page, [page.words(group, "term")[0] for group in groups], 0.3, lines=1)
    picture = rows.start(AXIS, legend=page.parts(texts(table["part"])))
    if "dp" in table:
        spreads = [floats(group["dp"])[0] for group in groups]
        rows.column(["" if dp != dp else f"{dp:.2f}" for dp in spreads], "DP")
    rows.column([f"{len(group):,}" for group in groups], page.say("count"))
    axes = rows.plot(rows.room)
    rows.rails(axes, 0, 1)
    for at, group in rows.each(groups):
        colours = [PART_COLOURS.get(str(part), PALE) for part in group["part"]]
        axes.vlines(group["position"], at - 1.5, at + 1.5, colors=colours, linewidth=0.7)
    quarters = [(0.0, "0"), (0.25, "25%"), (0.5, "50%"), (0.75, "75%"), (1.0, "100%")]
    marks.ticks(axes, quarters, turned="left right")
    return picture


@figure
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
    if "ranking" in table:
        table = table[table["ranking"] == table["ranking"].iloc[0]]
    settings = list(dict.fromkeys([*table["setting"], *table["other"]]))
    known = names("setting")
    rows = Rows(page, [by_members(str(name), known, page.lang) for name in settings], row=6.0)
    letters = [chr(ord("A") + n) for n in range(len(settings))]
    left = rows.left + 4.0
    cell = min((page.total - left - 1) / len(settings), 11.0)
    picture = rows.start(FOOT, top=2 * HEAD)
    heading = page.say("correlation-and-overlap")
    picture.head(min(left, page.total - text_width(heading) - 1), heading)
    axes = rows.plot(cell * len(settings), shift=4.0)
    rows.write(rows.left + 2.0, letters, ha="center")
    for n, letter in enumerate(letters):
        picture.note(left + cell * (n + 0.5), rows.top - 0.6, letter, ha="center", va="bottom")
    measured = numbers(table, "spearman", "jaccard")
    for a, b, *agreement in zip(table["setting"], table["other"], *measured, strict=True):
        low, high = sorted((settings.index(a), settings.index(b)))
        for row, column, value in zip((high, low), (low, high), agreement, strict=True):
            if row != column and value == value:
                grid_cell(axes, rows, row, cell * column, cell, value, number(value, 2))
    return picture
