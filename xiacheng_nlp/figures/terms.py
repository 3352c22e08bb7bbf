"""The figures of words, and that of the report's structure; `figures` says what all have in
common."""

import math
from collections.abc import Mapping

import pandas as pd
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from xiacheng_nlp.figures import marks
from xiacheng_nlp.figures.layout import network_layout, word_cloud_layout
from xiacheng_nlp.figures.style import (
    AMBER,
    BLUE,
    EM,
    PALE,
    PART_COLOURS,
    RULE,
    SMALL,
    SOFT,
    WIDTHS,
    Lang,
    ReportFigure,
    Width,
    printable,
    style,
    text_width,
    weight,
    wrap,
)
from xiacheng_nlp.figures.texts import PART_NAMES, setting_name

CENTRE = 9.0
"""Points of the words that a network is about."""
SHADES = LinearSegmentedColormap.from_list(
    "ink", ["#ffffff", "#dfe8f1", "#a9c0d9", "#4f7fb0", BLUE]
)


def report_structure(
    table: pd.DataFrame, *, lang: Lang = "zh", width: Width = "double", titled: bool = False
) -> ReportFigure:
    """How much of the text each section takes: bars in the order of the text, coloured by part.

    Columns: `section` (id, such as 2.1; null before the first heading), `title` (null likewise),
    `part`, `chars` (characters of the section's own, without those of the sections in it), `share`
    (of all, 0 to 1). Id: fig-report-structure.

    >>> table = pd.DataFrame({"section": ["1"], "title": ["2013年工作回顾"], "part": ["review"], "chars": [6564], "share": [1.0]})
    >>> report_structure(table)  # "review of the work in 2013"
    <fig-report-structure zh 175 x 9.6 mm>
    """
    id = "fig-report-structure"
    marks.need(id, table, "section", "title", "part", "chars", "share")
    marks.finite(id, table, "share")
    if table.empty:
        return marks.nothing(id, lang, width, titled)
    with style():
        total = WIDTHS[width]
        parts = ["" if pd.isna(part) else str(part) for part in table["part"]]
        titles = marks.words(table, "title", lang)
        depths = [
            0 if pd.isna(section) else str(section).count(".") for section in table["section"]
        ]
        shallow = min(depths)
        texts = [
            t or (PART_NAMES[p][lang] if p in PART_NAMES else "–")
            for t, p in zip(titles, parts, strict=True)
        ]
        room = total * (0.40 if width == "single" else 0.38)
        indents = [EM * (depth - shallow) for depth in depths]
        labels = [
            marks.label(text, room - indent, lang)
            for text, indent in zip(texts, indents, strict=True)
        ]
        place, height = marks.rows(labels)
        names = {part: PART_NAMES[part][lang] for part in parts if part in PART_NAMES}
        right = max((text_width(name, size=SMALL) for name in names.values()), default=0.0) + 3.5
        left = (
            max(
                marks.block_width(label) + indent
                for label, indent in zip(labels, indents, strict=True)
            )
            + 2.5
        )
        values = [marks.percent(share) for share in table["share"]]
        if width == "double":
            counts = [f"{chars:,}" for chars in table["chars"]]
            values = [f"{value}   {count}" for value, count in zip(values, counts, strict=True)]
        figure = marks.start(id, lang, width, height + marks.HEAD + marks.FOOT, titled)
        share, chars = {"zh": ("占比", "字数"), "en": ("Share", "characters")}[lang]
        heading = f"{share}   {chars}" if width == "double" else share
        figure.write(left, 0.9, heading, **marks.SECONDARY)
        axes = marks.row_axes(figure, left, marks.HEAD, total - left - right, height)
        marks.bars(
            axes,
            total - left - right,
            place,
            marks.floats(table["share"]),
            values,
            colours=[PART_COLOURS.get(part, PALE) for part in parts],
        )
        for at, label, indent in zip(place, labels, indents, strict=True):
            figure.write(1.0 + indent, marks.HEAD + at, label, va="center", linespacing=1.1)
        for first, last, part in marks.runs(parts):
            if part not in PART_NAMES:
                continue
            upper, lower = (
                marks.HEAD + place[first] - marks.BAR / 2,
                marks.HEAD + place[last] + marks.BAR / 2,
            )
            marks.upright(figure, total - right + 1.2, upper, lower, PART_COLOURS[part])
            figure.write(
                total - right + 2.6,
                (upper + lower) / 2,
                names[part],
                va="center",
                **marks.SECONDARY,
            )
    return figure


def top_terms(
    table: pd.DataFrame,
    *,
    top: int = 25,
    lang: Lang = "zh",
    width: Width = "double",
    titled: bool = False,
) -> ReportFigure:
    """The most frequent terms: bars of their counts, and beside them how evenly they are spread, if
    the table says it.

    Columns: `term`, `count`, `per_10000` (per 10,000 words), and if there is one `dp` (deviation of
    proportions, Gries 2008, 0 spread evenly to 1 in one place); the first `top` rows are drawn. Id:
    fig-top-terms.

    >>> top_terms(pd.DataFrame({"term": ["发展"], "count": [46], "per_10000": [56.0]}), width="single")  # "development"
    <fig-top-terms zh 85 x 9.6 mm>
    """
    id = "fig-top-terms"
    marks.need(id, table, "term", "count", "per_10000")
    marks.finite(id, table, "count", "per_10000")
    table = table.head(top)
    if table.empty:
        return marks.nothing(id, lang, width, titled)
    with style():
        total = WIDTHS[width]
        labels = [
            marks.label(term, total * 0.3, lang, lines=1)
            for term in marks.words(table, "term", lang)
        ]
        place, height = marks.rows(labels)
        left = max(map(marks.block_width, labels)) + 2.5
        spread = "dp" in table.columns
        side = total * 0.27 if spread else 0.0
        figure = marks.start(
            id, lang, width, height + marks.HEAD + (5.0 if spread else marks.FOOT), titled
        )
        figure.write(
            left,
            0.9,
            {"zh": "频次（每万词）", "en": "Count (per 10,000 words)"}[lang],
            **marks.SECONDARY,
        )
        axes = marks.row_axes(figure, left, marks.HEAD, total - left - side - 1, height)
        values = [
            f"{count:,} ({rate:.1f})"
            for count, rate in zip(table["count"], table["per_10000"], strict=True)
        ]
        marks.bars(axes, total - left - side - 1, place, marks.floats(table["count"]), values)
        marks.row_labels(figure, left, marks.HEAD, place, labels)
        if spread:
            figure.write(
                total - side + 3,
                0.9,
                {"zh": "离散度 DP", "en": "Dispersion DP"}[lang],
                **marks.SECONDARY,
            )
            dots = marks.row_axes(figure, total - side + 3, marks.HEAD, side - 6, height)
            ends = {"zh": ("0 均匀", "1 集中"), "en": ("0 even", "1 uneven")}[lang]
            if sum(text_width(end, size=SMALL) for end in ends) > side - 6 - marks.GAP:
                ends = ("0", "1")
            scale = list(zip((0.0, 1.0), ends, strict=True))
            marks.dots(dots, side - 6, place, marks.floats(table["dp"]), (0.0, 1.0), scale)
    return figure


def word_cloud(
    table: pd.DataFrame,
    *,
    lang: Lang = "zh",
    width: Width = "double",
    titled: bool = False,
    words: int = 100,
    seed: int = 2014,
) -> ReportFigure:
    """The most frequent `words` terms, a character's area in proportion to the count; text in the
    PDF, the same layout each run.

    Columns: `term`, `count`, the most frequent first. Places mean nothing, and `seed` chooses them;
    the rarest words are left out where the figure has no room for them at a size that can be read.
    Id: fig-word-cloud.

    >>> word_cloud(pd.DataFrame({"term": ["发展", "改革"], "count": [67, 28]}))  # "development", "reform"
    <fig-word-cloud zh 175 x 87.5 mm>
    """
    id = "fig-word-cloud"
    marks.need(id, table, "term", "count")
    counts: dict[str, float] = {}
    for term, count in zip(marks.words(table, "term", lang), table["count"], strict=True):
        counts[printable(term)] = counts.get(printable(term), 0) + float(count)
    ranked = sorted(
        ((t, c) for t, c in counts.items() if t and c > 0), key=lambda pair: (-pair[1], pair[0])
    )[:words]
    if not ranked:
        return marks.nothing(id, lang, width, titled)
    with style():
        total, height = WIDTHS[width], WIDTHS[width] * (0.72 if width == "single" else 0.5)
        figure = marks.start(id, lang, width, height, titled)
        placed = word_cloud_layout(ranked, total - 2, height - 2, seed=seed)
        for word in placed:
            figure.write(
                1 + word.left,
                1 + word.baseline,
                word.text,
                va="baseline",
                size=word.size,
                color=SHADES(0.7 + 0.3 * word.strength),
            )
    return figure


def rank_frequency(
    table: pd.DataFrame,
    *,
    fit: Mapping[str, float] | None = None,
    lang: Lang = "zh",
    width: Width = "double",
    titled: bool = False,
) -> ReportFigure:
    """Counts against ranks on logarithmic axes, with the fitted law as a line.

    Columns: `rank` (1 the most frequent), `term`, `count`, and if there is one `expected` (count by
    the fitted law; null where it does not hold). `fit` names the constants to print, such as `{"s":
    0.84}`; None prints s, q and R² where the table's `attrs` have `s`, `q`, `r_squared`. Id:
    fig-rank-frequency.

    >>> rank_frequency(pd.DataFrame({"term": ["发展"], "count": [67], "rank": [1], "expected": [66.0]}))  # "development"
    <fig-rank-frequency zh 175 x 116 mm>
    """
    id = "fig-rank-frequency"
    marks.need(id, table, "rank", "term", "count")
    marks.finite(id, table, "rank", "count")
    if table.empty:
        return marks.nothing(id, lang, width, titled)
    if fit is None:
        fit = {
            name: table.attrs[key]
            for name, key in (("s", "s"), ("q", "q"), ("R²", "r_squared"))
            if key in table.attrs
        }
    with style():
        ranks, counts = marks.floats(table["rank"]), marks.floats(table["count"])
        expected = marks.floats(table["expected"]) if "expected" in table.columns else []
        across = math.log10(max(ranks) * 1.3 / 0.8)
        most = max([*counts, *(value for value in expected if not math.isnan(value))]) * 1.4
        total = WIDTHS[width]
        # A decade is as long upwards as it is to the right, so that a slope of one is seen as such;
        # within what a page holds.
        tall = min(max((total - 12) / across * math.log10(most / 0.7), 40.0), 0.6 * total)
        figure = marks.start(id, lang, width, tall + 11, titled)
        axes = figure.panel(9.5, 2, total - 12, tall)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlim(0.8, 0.8 * 10**across)
        axes.set_ylim(0.7, most)
        marks.ticks_at_powers(axes)
        if expected:
            axes.plot(ranks, expected, color=AMBER, linewidth=1.6, zorder=1, solid_capstyle="round")
        axes.plot(
            ranks,
            counts,
            linestyle="none",
            marker="o",
            markersize=2.2,
            markerfacecolor=BLUE,
            markeredgewidth=0,
            zorder=2,
        )
        said = "\n".join(f"{name} = {marks.number(value, 2)}" for name, value in fit.items())
        axes.text(0.99, 0.98, said, transform=axes.transAxes, ha="right", va="top", linespacing=1.4)
        axes.set_xlabel(
            {"zh": "频次排名（对数）", "en": "Rank (log scale)"}[lang],
            labelpad=2,
            **marks.SECONDARY,
        )
        axes.set_ylabel(
            {"zh": "频次（对数）", "en": "Count (log scale)"}[lang], labelpad=2, **marks.SECONDARY
        )
        marks.name_points(axes, ranks, counts, marks.words(table, "term", lang), total - 12)
    return figure


def terms_by_section(
    table: pd.DataFrame,
    *,
    top: int = 6,
    lang: Lang = "zh",
    width: Width = "double",
    titled: bool = False,
) -> ReportFigure:
    """What each section is about: its terms of greatest weight, one small panel a section, all on
    one scale.

    Columns: `section` (id), `term`, `tf_idf` (of the variant that the note names), and if there are
    such `title` (heads the panel; else the id does) and `part` (colours it); the first `top` rows
    of each section are drawn. Id: fig-terms-by-section.

    >>> row = {"section": "1", "title": "工作回顾", "part": "review", "term": "楼宇", "tf_idf": 0.8}  # "buildings" in the review
    >>> terms_by_section(pd.DataFrame([row]))
    <fig-terms-by-section zh 175 x 14.3 mm>
    """
    id = "fig-terms-by-section"
    marks.need(id, table, "section", "term", "tf_idf")
    marks.finite(id, table, "tf_idf")
    if table.empty:
        return marks.nothing(id, lang, width, titled)
    with style():
        total, columns, gap, row = WIDTHS[width], 2 if width == "single" else 4, 4.0, 3.8
        panel = (total - 2 - gap * (columns - 1)) / columns
        groups = [group.head(top) for _, group in table.groupby("section", sort=False)]
        titles = [
            marks.words(group, "title", lang)[0] if "title" in table.columns else ""
            for group in groups
        ]
        heads = [
            marks.label(title or str(group["section"].iloc[0]), panel, lang, bold=True)
            for title, group in zip(titles, groups, strict=True)
        ]
        labels = [
            [
                marks.label(term, panel * 0.55, lang, lines=1)
                for term in marks.words(group, "term", lang)
            ]
            for group in groups
        ]
        left = max(marks.block_width(label) for some in labels for label in some) + 1.5
        parts = [str(group["part"].iloc[0]) if "part" in table.columns else "" for group in groups]
        known = [part for part in PART_NAMES if part in parts]
        tops: list[float] = []
        top_edge = marks.HEAD if known else 0.0
        for first in range(0, len(groups), columns):
            across = range(first, min(first + columns, len(groups)))
            top_edge += max(heads[i].count("\n") + 1 for i in across) * 3.3 + 2.0
            tops += [top_edge] * len(across)
            top_edge += (
                max(
                    len(groups[i]) * row
                    + marks.LINE * sum(label.count("\n") for label in labels[i])
                    for i in across
                )
                + 2.0
            )
        figure = marks.start(id, lang, width, top_edge - 1.0, titled)
        marks.key(figure, 1.0, 0.9, known, lang)
        longest = float(table["tf_idf"].max()) or 1.0
        for i, (group, upper) in enumerate(zip(groups, tops, strict=True)):
            x = 1.0 + (i % columns) * (panel + gap)
            figure.write(
                x, upper - 0.8, heads[i], weight=weight(heads[i]), linespacing=1.1, va="bottom"
            )
            place, height = marks.rows(labels[i], row=row)
            axes = marks.row_axes(figure, x + left, upper, panel - left, height)
            axes.barh(
                place,
                group["tf_idf"],
                height=marks.BAR * 0.86,
                color=PART_COLOURS.get(parts[i], BLUE),
            )
            axes.set_xlim(0, longest)
            marks.row_labels(figure, x + left, upper, place, labels[i])
    return figure


def keyness(
    table: pd.DataFrame,
    *,
    top: int = 12,
    target: str = "plan",
    reference: str = "review",
    critical: float = 3.84,
    lang: Lang = "zh",
    width: Width = "double",
    titled: bool = False,
) -> ReportFigure:
    """Which terms set one part against another: bars of the Log Ratio to either side, and beside
    them the evidence, G².

    Columns: `term`, `target_count`, `reference_count`, `log_ratio` (binary logarithm of the ratio
    of relative frequencies, Hardie 2014; positive: more in the target), and `g2_two_cell`
    (log-likelihood, Rayson & Garside 2000) or else `g2_four_cell` (Dunning 1993). The first `top`
    rows of each side are drawn, in order of the Log Ratio. `target`, `reference` are parts, or
    names to print as they are; `critical` is the G² that is marked (3.84: p = 0.05 of one test).
    Id: fig-keyness.

    >>> row = {"term": "改革", "target_count": 28, "reference_count": 5, "log_ratio": 2.4, "g2_two_cell": 16.5}  # "reform"
    >>> keyness(pd.DataFrame([row]))
    <fig-keyness zh 175 x 17.8 mm>
    """
    names = dict(target=target, reference=reference)
    return keyness_bars(
        "fig-keyness",
        table,
        top=top,
        **names,
        critical=critical,
        lang=lang,
        width=width,
        titled=titled,
    )


def keyness_bars(
    id: str,
    table: pd.DataFrame,
    *,
    top: int,
    target: str,
    reference: str,
    critical: float = 3.84,
    lang: Lang,
    width: Width,
    titled: bool,
) -> ReportFigure:
    """What `keyness` draws, under any id."""
    measure = "g2_two_cell" if "g2_two_cell" in table.columns else "g2_four_cell"
    marks.need(id, table, "term", "target_count", "reference_count", "log_ratio", measure)
    marks.finite(id, table, "log_ratio", measure)
    more = table["log_ratio"] > 0
    table = pd.concat([table[more].head(top), table[~more].head(top)]).sort_values(
        ["log_ratio", measure], ascending=False, kind="stable"
    )
    if table.empty:
        return marks.nothing(id, lang, width, titled)
    with style():
        total = WIDTHS[width]
        labels = [
            marks.label(term, total * (0.22 if lang == "zh" else 0.26), lang, lines=1)
            for term in marks.words(table, "term", lang)
        ]
        place, height = marks.rows(labels)
        ratios, evidence = marks.floats(table["log_ratio"]), marks.floats(table[measure])
        counts = [
            f"{a:,.0f} : {b:,.0f}"
            for a, b in zip(table["target_count"], table["reference_count"], strict=True)
        ]
        side, upper = total * 0.25, 2 * marks.HEAD
        figure = marks.start(id, lang, width, upper + height + 5.0, titled)
        plot = total - side - 2
        zero, unit = marks.diverging(plot, ratios, labels, counts)
        axes = marks.row_axes(figure, 1, upper, plot, height)
        axes.set_xlim(-zero / unit, (plot - zero) / unit)
        whole = range(int(min(0.0, *ratios)), int(max(0.0, *ratios)) + 1)
        ticks = whole[:: max(1, len(whole) // 8)]
        axes.xaxis.set_visible(True)
        axes.set_xticks(ticks, [marks.number(tick, 0) for tick in ticks])
        names = {1: marks.part_name(target, lang), -1: marks.part_name(reference, lang)}
        colours = {1: PART_COLOURS.get(target, AMBER), -1: PART_COLOURS.get(reference, BLUE)}
        hands = [1 if ratio > 0 else -1 for ratio in ratios]
        axes.barh(place, ratios, height=marks.BAR, color=[colours[hand] for hand in hands])
        axes.axvline(0, color=RULE, linewidth=0.5)
        away = {1: "left", -1: "right"}
        for at, ratio, hand, label, count in zip(place, ratios, hands, labels, counts, strict=True):
            axes.text(
                -hand * marks.GAP / unit,
                at,
                label,
                ha=away[-hand],
                va="center",
                **marks.spacing(label),
            )
            axes.text(
                ratio + hand * marks.GAP / unit,
                at,
                count,
                ha=away[hand],
                va="center",
                **marks.SECONDARY,
            )
        heading = {
            "zh": f"对数比 Log Ratio（频次 {names[1]} : {names[-1]}）",
            "en": f"Log Ratio (counts {names[1]} : {names[-1]})",
        }[lang]
        figure.write(1, 0.9, heading, **marks.SECONDARY)
        for hand in sorted(set(hands)):
            arrow = {1: f"{names[1]} →", -1: f"← {names[-1]}"}[hand]
            figure.write(
                1 + zero + hand * marks.GAP,
                marks.HEAD + 0.7,
                arrow,
                size=SMALL,
                ha=away[hand],
                weight=weight(arrow),
            )
        figure.write(total - side + 3, 0.9, "G²", **marks.SECONDARY)
        dots = marks.row_axes(figure, total - side + 3, upper, side - 6, height)
        most = max(*evidence, critical * 1.2)
        scale = [(most, f"{most:.0f}"), (critical, f"{critical:g}"), (0.0, "0")]
        marks.dots(dots, side - 6, place, evidence, (0.0, most), scale)
        dots.axvline(critical, color=SOFT, linewidth=0.5, linestyle=(0, (2, 2)), zorder=0)
    return figure


def dispersion_strips(
    table: pd.DataFrame, *, lang: Lang = "zh", width: Width = "double", titled: bool = False
) -> ReportFigure:
    """Where each term stands in the text: a stroke an occurrence, from the first word of the text
    to the last.

    Columns: `term`, `position` (0 to 1, share of the text before it), `part`; one row an
    occurrence, and if there is one `dp` (of the term, as in `top_terms`). Id:
    fig-dispersion-strips.

    >>> dispersion_strips(pd.DataFrame({"term": ["改革"], "position": [0.7], "part": ["plan"], "dp": [0.4]}))  # "reform"
    <fig-dispersion-strips zh 175 x 17.8 mm>
    """
    id = "fig-dispersion-strips"
    marks.need(id, table, "term", "position", "part")
    if table.empty:
        return marks.nothing(id, lang, width, titled)
    with style():
        total = WIDTHS[width]
        groups = [group for _, group in table.groupby("term", sort=False)]
        labels = [
            marks.label(marks.words(group, "term", lang)[0], total * 0.3, lang, lines=1)
            for group in groups
        ]
        place, height = marks.rows(labels)
        left = max(map(marks.block_width, labels)) + 2.5
        ends = [
            (total - 1, [f"{len(group):,}" for group in groups], {"zh": "频次", "en": "n"}[lang])
        ]
        if "dp" in table.columns:
            ends.insert(
                0,
                (
                    total - 1,
                    [
                        "" if pd.isna(dp) else f"{dp:.2f}"
                        for dp in (group["dp"].iloc[0] for group in groups)
                    ],
                    "DP",
                ),
            )
        known = [part for part in PART_NAMES if part in set(table["part"].dropna())]
        upper = 2 * marks.HEAD if known else marks.HEAD
        figure = marks.start(id, lang, width, upper + height + 5.0, titled)
        marks.key(figure, 1.0, 0.9, known, lang)
        right = 1.0
        for _, notes, heading in ends:
            figure.write(
                total - right, upper - marks.HEAD + 0.9, heading, ha="right", **marks.SECONDARY
            )
            for at, note in zip(place, notes, strict=True):
                figure.write(
                    total - right, upper + at, note, ha="right", va="center", **marks.SECONDARY
                )
            right += max(text_width(text, size=SMALL) for text in [*notes, heading]) + 2.0
        axes = marks.row_axes(figure, left, upper, total - left - right, height)
        axes.set_xlim(0, 1)
        axes.hlines(place, 0, 1, color=PALE, linewidth=0.4, zorder=0)
        for at, group in zip(place, groups, strict=True):
            colours = [PART_COLOURS.get(str(part), SOFT) for part in group["part"]]
            axes.vlines(group["position"], at - 1.5, at + 1.5, colors=colours, linewidth=0.7)
        axes.xaxis.set_visible(True)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25%", "50%", "75%", "100%"])
        axes.get_xticklabels()[0].set_horizontalalignment("left")
        axes.get_xticklabels()[-1].set_horizontalalignment("right")
        marks.row_labels(figure, left, upper, place, labels)
    return figure


def collocation_network(
    table: pd.DataFrame,
    *,
    measure: str = "g2",
    top: int = 12,
    lang: Lang = "zh",
    width: Width = "double",
    titled: bool = False,
) -> ReportFigure:
    """The company that words keep: each term with its collocates, the line the thicker and darker
    the higher the measure.

    Columns: `term`, `collocate`, and one named as `measure` (the strength that is drawn); the first
    `top` rows of each term are drawn. Places are found by a spring model and mean nothing beyond
    nearness. Id: fig-collocation-network.

    >>> collocation_network(pd.DataFrame({"term": ["发展"], "collocate": ["创新"], "g2": [9.1]}))  # "development" and "innovation"
    <fig-collocation-network zh 175 x 105 mm>
    """
    id = "fig-collocation-network"
    marks.need(id, table, "term", "collocate", measure)
    marks.finite(id, table, measure)
    if table.empty:
        return marks.nothing(id, lang, width, titled)
    with style():
        table = table.groupby("term", sort=False).head(top)
        total, height = WIDTHS[width], 85.0 if width == "single" else 105.0
        figure = marks.start(id, lang, width, height, titled)
        terms, collocates = marks.words(table, "term", lang), marks.words(table, "collocate", lang)
        links = list(zip(terms, collocates, marks.floats(table[measure]), strict=True))
        sizes = {word: (text_width(word) + 1.6, 3.8) for word in collocates}
        sizes |= {word: (text_width(word, size=CENTRE, bold=True) + 1.6, 4.6) for word in terms}
        places = network_layout(links, sizes, total - 2, height - 2)
        axes = figure.panel(1, 1, total - 2, height - 2)
        axes.set_xlim(0, total - 2)
        axes.set_ylim(height - 2, 0)
        axes.axis("off")
        low, high = min(s for *_, s in links), max(s for *_, s in links)
        for a, b, score in sorted(links, key=lambda link: (link[2], link[0], link[1])):
            strength = (score - low) / (high - low) if high > low else 1.0
            ends = zip(places[a], places[b], strict=True)
            axes.plot(
                *ends,
                color=SHADES(0.4 + 0.4 * strength),
                linewidth=0.5 + 1.7 * strength,
                zorder=1,
                solid_capstyle="round",
            )
        box = {"boxstyle": "square,pad=0.12", "facecolor": "white", "edgecolor": "none"}
        for word, (x, y) in places.items():
            look = (
                {"size": CENTRE, "weight": weight(word), "color": BLUE, "zorder": 3}
                if word in terms
                else {"zorder": 2}
            )
            axes.text(x, y, word, ha="center", va="center", bbox=box, **look)
    return figure


def robustness(
    table: pd.DataFrame,
    *,
    ranking: str | None = None,
    lang: Lang = "zh",
    width: Width = "double",
    titled: bool = False,
) -> ReportFigure:
    """Whether a result stands when settings change: rank correlation below the diagonal, overlap of
    the lists above it.

    Columns: `setting`, `other` (names of two settings; each pair once, in either order), `spearman`
    (-1 to 1), `jaccard` (0 to 1), and if there is one `ranking`, of which `ranking` names the value
    to draw (None: the first). Null leaves a cell empty. Id: fig-robustness.

    >>> row = {"ranking": "frequency", "setting": "rjieba, lexicon", "other": "jieba, lexicon", "spearman": 0.9, "jaccard": 0.8}
    >>> robustness(pd.DataFrame([row]))
    <fig-robustness zh 175 x 21.4 mm>
    """
    id = "fig-robustness"
    marks.need(id, table, "setting", "other", "spearman", "jaccard")
    if "ranking" in table.columns and not table.empty:
        table = table[table["ranking"] == (ranking or table["ranking"].iloc[0])]
    if table.empty:
        return marks.nothing(id, lang, width, titled)
    with style():
        total = WIDTHS[width]
        names = list(dict.fromkeys([*table["setting"], *table["other"]]))
        letters = [chr(ord("A") + i) if i < 26 else str(i + 1) for i in range(len(names))]
        labels = [wrap(setting_name(str(name), lang), total * 0.36) for name in names]
        left = max(map(marks.block_width, labels)) + 6.5
        cell = min((total - left - 1) / len(names), 11.0)
        tall = max(min(cell, 6.0), 4.4 + 3.1 * max(label.count("\n") for label in labels))
        upper = 2 * marks.HEAD
        figure = marks.start(id, lang, width, upper + tall * len(names) + marks.FOOT, titled)
        heading = {
            "zh": "左下：秩相关；右上：重合率",
            "en": "Lower left: rank correlation; upper right: overlap",
        }[lang]
        figure.write(
            min(left, total - text_width(heading, size=SMALL) - 1), 0.9, heading, **marks.SECONDARY
        )
        axes = marks.row_axes(figure, left, upper, cell * len(names), tall * len(names))
        axes.set_xlim(0, len(names))
        axes.set_ylim(len(names), 0)
        for a, b, correlation, overlap in zip(
            table["setting"], table["other"], table["spearman"], table["jaccard"], strict=True
        ):
            i, j = sorted((names.index(a), names.index(b)))
            for column, row, value in ((i, j, correlation), (j, i, overlap)):
                if i == j or pd.isna(value):
                    continue
                colour = SHADES(min(max(float(value), 0.0), 1.0))
                axes.add_patch(
                    Rectangle((column + 0.03, row + 0.05), 0.94, 0.9, color=colour, linewidth=0)
                )
                said = marks.number(float(value), 2)
                axes.text(
                    column + 0.5,
                    row + 0.5,
                    said,
                    ha="center",
                    va="center",
                    size=SMALL,
                    color=marks.ink_on(colour),
                )
        for i, (letter, label) in enumerate(zip(letters, labels, strict=True)):
            figure.write(
                left + cell * (i + 0.5),
                upper - 0.6,
                letter,
                ha="center",
                va="bottom",
                **marks.SECONDARY,
            )
            figure.write(1.0, upper + tall * (i + 0.5), letter, va="center", **marks.SECONDARY)
            figure.write(5.0, upper + tall * (i + 0.5), label, va="center", linespacing=1.1)
    return figure
