"""The figure of the co-word network."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Self

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from xiacheng_nlp.errors import FigureError
from xiacheng_nlp.figures import marks
from xiacheng_nlp.figures.layout import network_layout, overlapping
from xiacheng_nlp.figures.marks import Mark, dot, widest
from xiacheng_nlp.figures.page import Page, figure, floats
from xiacheng_nlp.figures.style import HEAD, INK, SMALL, SOFT, ReportFigure, text_width, wrap

LARGEST = 10.5
"""Points of the most frequent word; the others are smaller by the root of their counts, down to
`SMALL`."""
SIGN = 2.6
"""Mm that a word's mark takes before it."""
COMMUNITIES: Sequence[Mark] = (
    dot("#0b3c6f", 4.2),
    dot("#c8651b", 4.2, "s"),
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
KEY_ROW = 3.6
"""Height in mm of a row of the key."""

Links = Sequence[tuple[str, str, float]]


class _Word(NamedTuple):
    """A word as it is drawn: in points, with the mark of its community, in a box of mm."""

    text: str
    size: float
    home: int
    mark: Mark

    @classmethod
    def of(cls, text: str, share: float, home: int) -> Self:
        mark = COMMUNITIES[home - 1] if 0 < home <= len(COMMUNITIES) else OTHERS
        return cls(text, max(SMALL, LARGEST * share**0.25), home, mark)

    @property
    def box(self) -> tuple[float, float]:
        return text_width(self.text, size=self.size) + SIGN + 1.4, self.size * 0.53 + 0.5


@figure(
    "fig-co-word-network",
    needs="term other strength term_count other_count term_community other_community",
    finite="strength term_count other_count term_community other_community",
    counts="tokens",
    rests_on="networkx",
)
def co_word_network(
    page: Page, table: pd.DataFrame, *, top: int | None = None
) -> ReportFigure | None:
    """Which terms stand together, and the communities that they form: a line a pair, a shape and
    colour a community.

    Columns: `term`, `other`, `strength`, `term_count`, `other_count`, `term_community`,
    `other_community` (numbers, 1 the largest), one row a pair. The `top` most frequent terms are
    drawn (None: 50, in a single column 36); what is left out is counted below. Id:
    fig-co-word-network.

    >>> row = {"term": "创新", "other": "人才", "strength": 3.0}  # "innovation", "talent"
    >>> row |= {"term_count": 9, "other_count": 7, "term_community": 1, "other_community": 1}
    >>> co_word_network(pd.DataFrame([row]))
    <fig-co-word-network zh 175 x 108.1 mm>
    """
    if top is not None and top < 2:
        raise FigureError(f"{page.id}: top is a number of terms, 2 or more, not {top}")
    links, words, absent = _linked(page, table, top or (50 if page.double else 36))
    if not links:
        return None
    room = page.total - 2
    frame, places = _spread(links, words, room, page.total * (0.58 if page.double else 0.95))
    entries = _entries(list(words.values()), page.total)
    rows, across = _columns(entries, room)
    said = page.left_out("terms-left-out", absent)
    picture = page.start(frame + 3.0 + KEY_ROW * rows + (KEY_ROW if said else 0.0))
    axes = marks.blank_axes(picture, 1, 1, room, frame)
    _draw_links(axes, links, places, words)
    for word, place in places.items():
        _draw_word(axes, words[word], *place)
    key = marks.blank_axes(picture, 0, frame + 2.0, page.total, KEY_ROW * rows)
    for number, (mark, text) in enumerate(entries):
        x, y = 2.4 + (number // rows) * room / across, KEY_ROW * (number % rows + 0.5)
        mark.at(key, x, y)
        picture.note(x + 2.0, frame + 2.0 + y, text, va="center")
    marks.foot(picture, said, rise=HEAD)
    return picture


def _linked(page: Page, table: pd.DataFrame, top: int) -> tuple[Links, dict[str, _Word], int]:
    """The links among the `top` most frequent words, these words by how frequent they are, and how
    many are not among them."""
    pairs, counts, homes = _pairs(page, table)
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    chosen = set(ranked[:top])
    links = [(a, b, s) for a, b, s in pairs if a in chosen and b in chosen and a != b]
    linked = {word for a, b, _ in links for word in (a, b)}
    joined = [word for word in ranked if word in linked]
    most = max((counts[word] for word in joined), default=0.0) or 1.0
    room = page.total * 0.3
    words = {
        word: _Word.of(wrap(word, room, lines=1, size=SMALL), counts[word] / most, homes[word])
        for word in joined
    }
    return links, words, len(counts) - len(joined)


def _pairs(page: Page, table: pd.DataFrame) -> tuple[Links, Mapping[str, float], Mapping[str, int]]:
    """The pairs of words with their strength, and the count and the community of each word."""
    sides = [[word or "–" for word in page.words(table, side)] for side in ("term", "other")]
    counts: dict[str, float] = {}
    homes: dict[str, int] = {}
    for side, words in zip(("term", "other"), sides, strict=True):
        counts |= zip(words, floats(table[f"{side}_count"]), strict=True)
        homes |= zip(words, map(int, table[f"{side}_community"]), strict=True)
    return list(zip(*sides, floats(table["strength"]), strict=True)), counts, homes


def _spread(
    links: Links, words: Mapping[str, _Word], width: float, least: float
) -> tuple[float, dict[str, tuple[float, float]]]:
    """The height of the frame, and places in it at which no word lies over another: a frame that is
    too low for that grows."""
    boxes = {name: word.box for name, word in words.items()}
    lengths = {(a, b): 1.0 if words[a].home == words[b].home else ACROSS for a, b, _ in links}
    area = sum((across + 1.5) * (down + 1.5) for across, down in boxes.values())
    height = max(least, 1.6 * area / width)
    places = network_layout(links, boxes, width, height, lengths=lengths)
    while overlapping(places, boxes):
        height *= 1.1
        places = network_layout(links, boxes, width, height, lengths=lengths)
    return height, places


def _entries(words: Sequence[_Word], total: float) -> list[tuple[Mark, str]]:
    """For each community its mark and its first three words; those after the last have one entry
    together, which tells no words where they are several."""
    homes = {word.home: word.mark for word in sorted(words, key=lambda word: word.home)}
    beyond = [home for home, mark in homes.items() if mark == OTHERS]
    entries = []
    for home, mark in homes.items():
        if mark != OTHERS or home == beyond[0]:
            own = "·".join([word.text for word in words if word.home == home][:3])
            text = wrap(own, total * 0.44, lines=1, size=SMALL)
            entries.append((mark, "…" if mark == OTHERS and len(beyond) > 1 else text))
    return entries


def _columns(entries: Sequence[tuple[Mark, str]], room: float) -> tuple[int, int]:
    """Rows and columns of the key: as many columns as its longest text lets there be."""
    longest = widest([text for _, text in entries]) + 6.0
    across = max(1, min(len(entries), int(room / longest)))
    rows = -(-len(entries) // across)
    return rows, -(-len(entries) // rows)


def _draw_links(
    axes: Axes,
    links: Links,
    places: Mapping[str, tuple[float, float]],
    words: Mapping[str, _Word],
) -> None:
    """Lines between words, in the colour of their community or grey between two, the weakest
    first."""

    def within(a: str, b: str) -> bool:
        return words[a].home == words[b].home

    strength = marks.between(score for *_, score in links)
    for a, b, score in sorted(
        links, key=lambda link: (within(link[0], link[1]), link[2], link[0], link[1])
    ):
        own = within(a, b)
        shade = LinearSegmentedColormap.from_list("community", ["#ffffff", words[a].mark.colour])
        axes.plot(
            *zip(places[a], places[b], strict=True),
            color=shade(0.4 + 0.3 * strength(score)) if own else "#dcdcdc",
            linewidth=0.5 + 1.6 * strength(score),
            zorder=1.5 if own else 1,
            solid_capstyle="round",
        )


def _draw_word(axes: Axes, word: _Word, x: float, y: float) -> None:
    """The mark of its community and the word, on white that keeps lines out of both."""
    width, height = word.box
    left, right, top, bottom = x - width / 2, x + width / 2, y - height / 2, y + height / 2
    axes.fill(
        [left + 0.2, right - 0.2, right - 0.2, left + 0.2],
        [top, top, bottom, bottom],
        color="white",
        linewidth=0,
        zorder=2,
        alpha=0.85,
    )
    word.mark.at(axes, left + SIGN / 2 + 0.2, y)
    look: dict[str, Any] = dict(ha="left", va="center", size=word.size, color=INK, zorder=4)
    axes.text(left + SIGN + 0.4, y, word.text, **look)
