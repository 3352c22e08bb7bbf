"""The figures of networks: words that stand together, and the company that words keep. A double
column shows the net, a single one the strongest pairs as bars: a net would not be read there."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from scipy import special

from xiacheng_nlp.errors import FigureError
from xiacheng_nlp.figures import marks
from xiacheng_nlp.figures.layout import Point, label_places, network_layout, overlapping
from xiacheng_nlp.figures.marks import FOOT, Mark, dot, number
from xiacheng_nlp.figures.names import joined
from xiacheng_nlp.figures.page import Drawn, Page, figure, floats, need, require_finite
from xiacheng_nlp.figures.rows import Rows
from xiacheng_nlp.figures.style import (
    BLUE,
    HEAD,
    INK,
    ORANGE,
    SMALL,
    SOFT,
    ReportFigure,
    below,
    text_width,
    weight,
    wrap,
)

LARGEST, CENTRE = 10.5, 9.0
"""Points of the most frequent word, the others smaller by the root of their counts down to `SMALL`;
and of a word that is asked about."""
SIGN = 2.6
"""Mm that a word's mark takes below it."""
COMMUNITIES: Sequence[Mark] = (
    dot("#0b3c6f", 4.2),
    dot(ORANGE, 4.2, "s"),
    dot("#1b9e8a", 4.2, "^"),
    dot("#b23a2e", 4.2, "D"),
    dot("#7a5195", 4.2, "v"),
    dot("#8a7500", 5.0, "P"),
    dot("#4f7fb0", 5.0, "X"),
    dot("#3d3d3d", 6.2, "*"),
)
"""Colour and shape of the communities, the largest first; those after the last are grey dots. The
shape tells them apart in grey."""
OTHERS = dot(SOFT, 6.0, ".")
ACROSS = 2.4
"""How long a link between communities is, by that within one: it draws the words of a community
together."""
HALO = {"boxstyle": "square,pad=0", "facecolor": "#ffffffb0", "edgecolor": "none"}
"""What is behind a word: a line that it can't help to cross is fainter there."""
LISTED = 30
"""Pairs that a single column lists."""
CHANCE = 0.01
"""A pair that chance would make as often as this is left out; of G² the value with one degree of
freedom is `CRITICAL`."""
CRITICAL = 6.63

Links = Sequence[tuple[str, str, float]]


class _Word(NamedTuple):
    """A word as it is drawn: its size in points, the mark by which it stands, its community."""

    text: str
    size: float
    home: int
    mark: Mark
    bold: bool = False

    @property
    def text_box(self) -> Point:
        """The word alone, in mm."""
        return text_width(self.text, size=self.size, bold=self.bold), self.size * 0.53

    @property
    def box(self) -> Point:
        """The word above its mark, in mm."""
        across, down = self.text_box
        return across + 1.4, down + SIGN

    def draw(self, axes: Axes, at: Point, middle: Point) -> None:
        """The mark where the lines end, and the word around its middle."""
        self.mark.at(axes, *at)
        axes.text(
            middle[0],
            middle[1] + below(self.size),
            self.text,
            ha="center",
            va="baseline",
            size=self.size,
            color=INK,
            weight=weight(self.text) if self.bold else "normal",
            zorder=5,
            bbox=HALO,
        )


@figure
def co_word_network(page: Page, table: pd.DataFrame, *, top: int = 50) -> Drawn:
    """Which terms stand together, and the communities that they form: a line a pair, a shape and
    colour a community; in a single column the strongest pairs as bars.

    Columns: `term`, `other`, `strength`, `term_count`, `other_count`, `term_community`,
    `other_community` (numbers, 1 the largest), one row a pair, and if there is one `count` (units
    that hold both: a pair that chance would make once in a hundred times, by Poisson's law, is left
    out). The `top` most frequent terms are drawn; what is left out is counted below. Id:
    fig-co-word-network.

    >>> row = {"term": "创新", "other": "人才", "strength": 3.0}  # "innovation", "talent"
    >>> row |= {"term_count": 9, "other_count": 7, "term_community": 1, "other_community": 1}
    >>> co_word_network(pd.DataFrame([row]))
    <fig-co-word-network zh 175 x 111.9 mm>
    """
    if top < 2:
        raise FigureError(f"{page.id}: top is a number of terms, 2 or more, not {top}")
    if "count" in table:
        # How often chance puts two words together as often as this, or more often (Poisson).
        counted = table["count"].astype(float)
        table = table[special.pdtrc(counted - 1, counted / table["strength"]) < CHANCE]
    pairs, counts, homes = _pairs(page, table)
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    chosen = set(ranked[:top])
    links = [(a, b, s) for a, b, s in pairs if a in chosen and b in chosen and a != b]
    linked = {word for a, b, _ in links for word in (a, b)}
    most = max((counts[word] for word in linked), default=0.0) or 1.0
    words = {}
    for word in (word for word in ranked if word in linked):
        home, text = homes[word], wrap(word, page.total * 0.3, lines=1, size=SMALL)
        mark = COMMUNITIES[home - 1] if 0 < home <= len(COMMUNITIES) else OTHERS
        size = max(SMALL, LARGEST * (counts[word] / most) ** 0.25)
        words[word] = _Word(text, size, home, mark)
    said = (
        page.left_out("terms-left-out", len(counts) - len(words)),
        page.elsewhere("communities"),
    )
    entries = _entries(page, list(words.values()))
    return _net(page, links, words, entries, page.say("association"), *said)


@figure
def collocation_network(
    page: Page, table: pd.DataFrame, *, measure: str = "g2", top: int = 12
) -> Drawn:
    """The company that words keep: each term with its collocates, the line the thicker and darker
    the higher the measure; in a single column the strongest pairs as bars.

    Columns: `term`, `collocate`, one named as `measure` (the strength that is drawn), and if there
    is one `g2` (pairs below 6.63, p = 0.01 of one test, are left out); the first `top` rows of each
    term are drawn. Places are found by a spring model and mean nothing beyond nearness. Id:
    fig-collocation-network.

    >>> row = {"term": "发展", "collocate": "创新", "g2": 9.1}  # "development" and "innovation"
    >>> collocation_network(pd.DataFrame([row]))
    <fig-collocation-network zh 175 x 111.9 mm>
    """
    need(page.id, table, "term", "collocate", measure)
    require_finite(page.id, table, measure)
    given = len(table)
    if "g2" in table:
        table = table[table["g2"].astype(float) >= CRITICAL]
    table = table.groupby("term", sort=False).head(top)
    terms, others = (page.words(table, side, null="–") for side in ("term", "collocate"))
    links = list(zip(terms, others, floats(table[measure]), strict=True))
    words = {word: _Word(word, SMALL + 1, 0, dot(SOFT, 2.4)) for word in others}
    words |= {word: _Word(word, CENTRE, 0, dot(BLUE, 4.2), bold=True) for word in terms}
    said = page.left_out("pairs-left-out", given - len(table))
    return _net(page, links, words, [], MEASURES.get(measure, measure), said)


def _net(
    page: Page,
    links: Links,
    words: Mapping[str, _Word],
    entries: Sequence[tuple[Mark, str]],
    heading: str,
    *said: str,
) -> Drawn:
    """The net with its key, or in a single column its strongest pairs."""
    if not links:
        return None
    if not page.double:
        return _bars(page, links, heading, *said)
    room = page.total - 2
    frame, places = _spread(links, words, room, page.total * 0.58)
    strengths = [strength for *_, strength in links]
    entries = [
        (marks.NO_MARK, heading),
        # What the width of a line means: the weakest and the strongest.
        (Mark(SOFT, "_", 12.0, edge=WIDTH[0]), number(min(strengths), 1)),
        (Mark(SOFT, "_", 12.0, edge=sum(WIDTH)), number(max(strengths), 1)),
        *entries,
    ]
    height = HEAD * len(marks.legend_lines(entries, page.total))
    picture = page.start(frame + 2.0 + height + (0.0 if any(said) else HEAD), *said)
    axes = marks.blank_axes(picture, 1, 1, room, frame)
    # A line ends in the mark of a word, at the foot of the box that the layout has placed.
    ends = {w: (x, y + (words[w].box[1] - SIGN) / 2) for w, (x, y) in places.items()}
    boxes = {word: words[word].text_box for word in ends}
    ends, middles = label_places(ends, boxes, [(a, b) for a, b, _ in links], (room, frame))
    _draw_links(axes, links, ends, words)
    for word, at in ends.items():
        words[word].draw(axes, at, middles[word])
    marks.draw_legend(picture, entries, top=frame + 2.0, gap=2.7)
    return picture


MEASURES = {"g2": "G²", "pmi": "PMI", "log_dice": "logDice", "delta_p_collocate": "ΔP"}
"""How measures of association are printed whose columns are called otherwise."""

WIDTH = (0.5, 1.6)
"""Points of the weakest line, and by how many the strongest is wider."""


def _bars(page: Page, links: Links, heading: str, *said: str) -> ReportFigure:
    """The strongest pairs, one a row."""
    ranked = sorted(links, key=lambda link: (-link[2], link[0], link[1]))[:LISTED]
    rows = Rows(page, [f"{a} – {b}" for a, b, _ in ranked], 0.6)
    left_out = page.left_out("pairs-left-out", len(links) - len(ranked))
    picture = rows.start(FOOT, left_out, *said)
    picture.head(rows.left, heading)
    values = [strength for *_, strength in ranked]
    rows.bars(rows.plot(rows.room), values, [number(value, 1) for value in values])
    return picture


def _pairs(page: Page, table: pd.DataFrame) -> tuple[Links, Mapping[str, float], Mapping[str, int]]:
    """The pairs of words with their strength, and the count and the community of each word."""
    sides = [page.words(table, side, null="–") for side in ("term", "other")]
    counts: dict[str, float] = {}
    homes: dict[str, int] = {}
    for side, words in zip(("term", "other"), sides, strict=True):
        counts |= zip(words, floats(table[f"{side}_count"]), strict=True)
        homes |= zip(words, map(int, table[f"{side}_community"]), strict=True)
    return list(zip(*sides, floats(table["strength"]), strict=True)), counts, homes


def _spread(
    links: Links, words: Mapping[str, _Word], width: float, least: float
) -> tuple[float, dict[str, Point]]:
    """The height of the frame, and places in it at which no word lies over another: a frame that is
    too low for that grows."""
    boxes = {name: word.box for name, word in words.items()}
    lengths = {(a, b): 1.0 if words[a].home == words[b].home else ACROSS for a, b, _ in links}
    area = sum((across + 1.5) * (down + 1.5) for across, down in boxes.values())
    height = max(least, 1.6 * area / width)
    while overlapping(places := network_layout(lengths, boxes, width, height), boxes):
        height *= 1.1
    return height, places


def _entries(page: Page, words: Sequence[_Word]) -> list[tuple[Mark, str]]:
    """For each community its mark and its first three words; those after the last have one entry
    together, which tells no words where they are several."""
    homes = {word.home: word.mark for word in sorted(words, key=lambda word: word.home)}
    beyond = [home for home, mark in homes.items() if mark == OTHERS]
    entries = []
    for home, mark in homes.items():
        if mark != OTHERS or home == beyond[0]:
            own = joined([word.text for word in words if word.home == home][:3], page.lang)
            text = wrap(own, page.total * 0.44, lines=1, size=SMALL)
            entries.append((mark, "…" if mark == OTHERS and len(beyond) > 1 else text))
    return entries


def _draw_links(
    axes: Axes,
    links: Links,
    places: Mapping[str, Point],
    words: Mapping[str, _Word],
) -> None:
    """Lines between words, in the colour of their community or grey between two, the weakest
    first."""
    strength = marks.between(score for *_, score in links)
    for own, score, a, b in sorted(
        (words[a].home == words[b].home, score, a, b) for a, b, score in links
    ):
        shade = LinearSegmentedColormap.from_list("community", ["#ffffff", words[a].mark.colour])
        axes.plot(
            *zip(places[a], places[b], strict=True),
            color=shade(0.3 + 0.3 * strength(score)) if own else "#c4c4c4",
            linewidth=WIDTH[0] + WIDTH[1] * strength(score),
            zorder=1.5 if own else 1,
            solid_capstyle="round",
        )
