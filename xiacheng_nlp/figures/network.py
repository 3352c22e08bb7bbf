"""The figure of the co-word network; `figures` says what it has in common with the others."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from xiacheng_nlp.errors import FigureError
from xiacheng_nlp.figures import marks
from xiacheng_nlp.figures.layout import network_layout, overlapping
from xiacheng_nlp.figures.style import (
    INK,
    SIZE,
    SMALL,
    SOFT,
    WIDTHS,
    Lang,
    ReportFigure,
    Width,
    style,
    text_width,
    wrap,
)

LARGEST = 10.5
"""Points of the most frequent word; the others are smaller by the root of their counts, down to
`SMALL`."""
SIGN = 2.6
"""Mm that a word's mark takes before it."""
COMMUNITIES: Sequence[tuple[str, str]] = (
    ("#0b3c6f", "o"),
    ("#c8651b", "s"),
    ("#1b9e8a", "^"),
    ("#b23a2e", "D"),
    ("#7a5195", "v"),
    ("#8a7500", "P"),
    ("#4f7fb0", "X"),
    ("#3d3d3d", "*"),
)
"""Colour and shape of the communities, the largest first; those after the last are grey dots. The
shape tells them apart in grey."""
OTHERS = (SOFT, ".")
ACROSS = 2.4
"""How long a link between communities is, by that within one: it draws the words of a community
together."""


class _Word(NamedTuple):
    text: str
    size: float
    look: tuple[str, str]


def co_word_network(
    table: pd.DataFrame,
    *,
    top: int | None = None,
    lang: Lang = "zh",
    width: Width = "double",
    titled: bool = False,
) -> ReportFigure:
    """Which terms stand together, and the communities that they form: a line a pair, a shape and
    colour a community.

    Columns: `term`, `other`, `strength`, `term_count`, `other_count`, `term_community`,
    `other_community` (numbers, 1 the largest), one row a pair. The `top` most frequent terms are
    drawn (None: 50, in a single column 36); what is left out is counted below. Id:
    fig-co-word-network.

    >>> row = {"term": "创新", "other": "人才", "strength": 3.0, "term_count": 9, "other_count": 7}  # "innovation", "talent"
    >>> co_word_network(pd.DataFrame([row | {"term_community": 1, "other_community": 1}]))
    <fig-co-word-network zh 175 x 108.1 mm>
    """
    id = "fig-co-word-network"
    numbers = ("strength", "term_count", "other_count", "term_community", "other_community")
    marks.need(id, table, "term", "other", *numbers)
    marks.finite(id, table, *numbers)
    if top is not None and top < 2:
        raise FigureError(f"{id}: top is a number of terms, 2 or more, not {top}")
    with style():
        total = WIDTHS[width]
        pairs = [
            (a or "–", b or "–", strength)
            for a, b, strength in zip(
                marks.words(table, "term", lang),
                marks.words(table, "other", lang),
                marks.floats(table["strength"]),
                strict=True,
            )
        ]
        counts: dict[str, float] = {}
        homes: dict[str, int] = {}
        for side, column in (("term", 0), ("other", 1)):
            for pair, count, home in zip(
                pairs, table[f"{side}_count"], table[f"{side}_community"], strict=True
            ):
                counts[str(pair[column])], homes[str(pair[column])] = float(count), int(home)
        chosen = sorted(counts, key=lambda word: (-counts[word], word))[
            : top or (36 if width == "single" else 50)
        ]
        links = [
            (a, b, strength) for a, b, strength in pairs if a in chosen and b in chosen and a != b
        ]
        if not links:
            return marks.nothing(id, lang, width, titled)
        joined = [word for word in chosen if any(word in link[:2] for link in links)]
        words = {
            word: _Word(
                wrap(word, total * 0.3, lines=1, size=SMALL),
                max(
                    SMALL,
                    LARGEST * (counts[word] / counts[joined[0]]) ** 0.25
                    if counts[joined[0]] > 0
                    else SIZE,
                ),
                COMMUNITIES[homes[word] - 1] if 0 < homes[word] <= len(COMMUNITIES) else OTHERS,
            )
            for word in joined
        }
        sizes = {
            word: (text_width(w.text, size=w.size) + SIGN + 1.4, w.size * 0.53 + 0.5)
            for word, w in words.items()
        }
        frame, places = _spread(
            links, sizes, homes, total - 2, total * (0.95 if width == "single" else 0.58)
        )
        entries = _entries(joined, homes, words, total)
        absent = len(counts) - len(joined)
        said = (
            {"zh": f"另有{absent}个词未画。", "en": f"{absent} more terms not drawn."}[lang]
            if absent
            else ""
        )
        rows, across = _columns(entries, total)
        figure = marks.start(
            id, lang, width, frame + 3.0 + 3.6 * rows + (3.6 if said else 0.0), titled
        )
        axes = figure.panel(1, 1, total - 2, frame)
        axes.set_xlim(0, total - 2)
        axes.set_ylim(frame, 0)
        axes.axis("off")
        _draw_links(axes, links, places, words, homes)
        for word, (x, y) in places.items():
            _draw_word(axes, words[word], x, y, sizes[word])
        step = (total - 2) / across
        key = figure.panel(0, frame + 2.0, total, 3.6 * rows)
        key.set_xlim(0, total)
        key.set_ylim(3.6 * rows, 0)
        key.axis("off")
        for place, (look, text) in enumerate(entries):
            x, y = 2.4 + (place // rows) * step, 3.6 * (place % rows) + 1.8
            _sign(key, look, x, y)
            figure.write(x + 2.0, frame + 2.0 + y, text, va="center", **marks.SECONDARY)
        if said:
            figure.write(1.0, frame + 2.0 + 3.6 * rows + 0.4, said, **marks.SECONDARY)
    return figure


def _spread(
    links: Sequence[tuple[str, str, float]],
    sizes: Mapping[str, tuple[float, float]],
    homes: Mapping[str, int],
    width: float,
    least: float,
) -> tuple[float, dict[str, tuple[float, float]]]:
    """The height of the frame, and places in it at which no word lies over another: a frame that is
    too low for that grows."""
    lengths = {(a, b): 1.0 if homes[a] == homes[b] else ACROSS for a, b, _ in links}
    area = sum((across + 1.5) * (down + 1.5) for across, down in sizes.values())
    height = max(least, 1.6 * area / width)
    places = network_layout(links, sizes, width, height, lengths=lengths)
    while overlapping(places, sizes):
        height *= 1.1
        places = network_layout(links, sizes, width, height, lengths=lengths)
    return height, places


def _entries(
    joined: Sequence[str], homes: Mapping[str, int], words: Mapping[str, _Word], total: float
) -> list[tuple[tuple[str, str], str]]:
    """For each community its look and its first three words."""
    entries: list[tuple[tuple[str, str], str]] = []
    for home in sorted({homes[word] for word in joined}):
        own = [word for word in joined if homes[word] == home]
        look = words[own[0]].look
        if look != OTHERS or all(known != OTHERS for known, _ in entries):
            entries.append(
                (
                    look,
                    wrap(
                        "·".join(words[word].text for word in own[:3]),
                        total * 0.44,
                        lines=1,
                        size=SMALL,
                    ),
                )
            )
        elif look == OTHERS:
            entries[-1] = (OTHERS, "…")
    return entries


def _columns(entries: Sequence[tuple[tuple[str, str], str]], total: float) -> tuple[int, int]:
    """Rows and columns of the key: as many columns as its longest text lets there be."""
    longest = max(text_width(text, size=SMALL) for _, text in entries) + 6.0
    across = max(1, min(len(entries), int((total - 2) / longest)))
    rows = -(-len(entries) // across)
    return rows, -(-len(entries) // rows)


def _draw_links(
    axes: Axes,
    links: Sequence[tuple[str, str, float]],
    places: Mapping[str, tuple[float, float]],
    words: Mapping[str, _Word],
    homes: Mapping[str, int],
) -> None:
    low, high = min(s for *_, s in links), max(s for *_, s in links)
    shades = {
        colour: LinearSegmentedColormap.from_list("community", ["#ffffff", colour])
        for colour, _ in (*COMMUNITIES, OTHERS)
    }
    for a, b, score in sorted(
        links, key=lambda link: (homes[link[0]] == homes[link[1]], link[2], link[0], link[1])
    ):
        strength = (score - low) / (high - low) if high > low else 1.0
        own = homes[a] == homes[b]
        colour = shades[words[a].look[0]](0.4 + 0.3 * strength) if own else "#dcdcdc"
        ends = zip(places[a], places[b], strict=True)
        axes.plot(
            *ends,
            color=colour,
            linewidth=0.5 + 1.6 * strength,
            zorder=1.5 if own else 1,
            solid_capstyle="round",
        )


def _draw_word(axes: Axes, word: _Word, x: float, y: float, size: tuple[float, float]) -> None:
    """The mark of its community and the word, on white that keeps lines out of both."""
    left = x - size[0] / 2
    axes.fill(
        [left + 0.2, left + size[0] - 0.2, left + size[0] - 0.2, left + 0.2],
        [y - size[1] / 2, y - size[1] / 2, y + size[1] / 2, y + size[1] / 2],
        color="white",
        linewidth=0,
        zorder=2,
        alpha=0.85,
    )
    _sign(axes, word.look, left + SIGN / 2 + 0.2, y)
    axes.text(
        left + SIGN + 0.4, y, word.text, ha="left", va="center", size=word.size, color=INK, zorder=4
    )


def _sign(axes: Axes, look: tuple[str, str], x: float, y: float) -> None:
    colour, shape = look
    larger = {"*": 6.2, ".": 6.0, "P": 5.0, "X": 5.0}.get(shape, 4.2)
    axes.plot(
        [x],
        [y],
        linestyle="none",
        marker=shape,
        markersize=larger,
        color=colour,
        markeredgewidth=0,
        zorder=3,
        clip_on=False,
    )
