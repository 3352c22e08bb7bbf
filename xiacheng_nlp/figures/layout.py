"""Where words go in a figure that has no axes to place them by: the word cloud and the network.
Geometry only, in mm.

wordcloud and networkx are imported where they are used: they take a third of a second together, and
most figures need neither.
"""

import itertools
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from xiacheng_nlp.figures.marks import SIDES
from xiacheng_nlp.figures.style import MM, SMALL, text_width
from xiacheng_nlp.statistics import Floats

if TYPE_CHECKING:
    from numpy.typing import NDArray

Point = tuple[float, float]
"""A place, or the width and the height of a box, in mm."""

GRID = 4
"""Cells of the word cloud's search grid in a mm."""
CLEAR = 0.5
"""Space between words in mm."""
HAN_EXTENT, LATIN_EXTENT = (0.88, 0.12), (0.8, 0.24)
"""How far characters reach above and below the baseline, by the size of the font: Han stand higher,
Latin letters hang lower."""
ROUNDS = 20_000
STILL = 1e-12
"""How often a layout of a network is brought nearer to its minimum at most, and how little moves
when it has reached it."""


class PlacedWord(NamedTuple):
    """A word at the pen's place, in mm from the left and the top; `size` in points; `strength` is
    its count by the greatest."""

    text: str
    strength: float
    left: float
    baseline: float
    size: float


def word_cloud_layout(
    counts: Sequence[tuple[str, float]], width: float, height: float, *, seed: int
) -> list[PlacedWord]:
    """The places of words, given with their counts in falling order.

    The area of a character is in proportion to the count, all words as large as the frame lets them
    be. WordCloud's map of what is occupied finds the places; unlike its own layout, no word shrinks
    because it came late, and none stands within the strokes of another. Where the rarest would fall
    below the smallest size that can be read, words are left out from the end.

    >>> counts = [("发展", 8), ("服务", 2)]  # "development", "service"
    >>> cloud = word_cloud_layout(counts, 80, 40, seed=1)
    >>> [(word.text, word.strength, round(word.size / cloud[0].size, 2)) for word in cloud]
    [('发展', 1.0, 1.0), ('服务', 0.25, 0.5)]
    """
    most = counts[0][1]
    words = [_Word(text, count / most, *_extent(text)) for text, count in counts]
    while True:
        area = sum(word.across * (word.above + word.below) * word.strength for word in words)
        size = min(
            float(np.sqrt(0.86 * width * height / area)) * MM * 72,
            0.36 * height * MM * 72,
            0.9 * width * MM * 72 / words[0].across,
        )
        while size * np.sqrt(words[-1].strength) >= SMALL:
            placed = _place(words, size, width, height, Random(seed))
            if placed:
                return placed
            size *= 0.97
        if len(words) == 1:
            return _place(words, SMALL, width, height, Random(seed)) or []
        words = words[: max(1, int(len(words) * 0.95))]


class _Word(NamedTuple):
    """A word with its count by the greatest, and its extent by the size of the font: its width, and
    how far it reaches above and below its baseline."""

    text: str
    strength: float
    across: float
    above: float
    below: float


def _extent(text: str) -> tuple[float, float, float]:
    kinds = [HAN_EXTENT] * bool(re.search("[\u2e80-\uffff]", text))
    kinds += [LATIN_EXTENT] * bool(re.search("[!-~]", text))
    above, below = zip(*(kinds or [HAN_EXTENT]), strict=True)
    return text_width(text, size=72) * MM + 0.05, max(above), max(below)


def _place(
    words: Sequence[_Word], largest: float, width: float, height: float, random: Random
) -> list[PlacedWord] | None:
    """All words at sizes up to `largest` points at free places, or None where one finds none."""
    from wordcloud.wordcloud import IntegralOccupancyMap

    columns, rows = int(width * GRID), int(height * GRID)
    taken = np.zeros((rows, columns), np.uint32)
    free = IntegralOccupancyMap(rows, columns, None)
    placed = []
    for word in words:
        # The area of a character is in proportion to the count.
        size = largest * np.sqrt(word.strength)
        unit = size / 72 / MM
        extent = (word.across, word.above + word.below)
        across, down = (int(np.ceil((length * unit + CLEAR) * GRID)) for length in extent)
        found = free.sample_position(down, across, random)
        if found is None:
            return None
        row, column = (int(at) for at in found)
        taken[row : row + down, column : column + across] = 1
        free.update(taken, row, column)
        left, baseline = column / GRID + CLEAR / 2, row / GRID + CLEAR / 2 + word.above * unit
        rounded = (round(float(length), 2) for length in (left, baseline, size))
        placed.append(PlacedWord(word.text, word.strength, *rounded))
    return placed


def network_layout(
    links: Mapping[tuple[str, str], float],
    sizes: Mapping[str, Point],
    width: float,
    height: float,
) -> dict[str, Point]:
    """The centres of the words' boxes in a frame, near where links pull, and no box over another as
    far as the frame has room.

    `links` tells of two words how long their link is, `sizes` the width and height of each word's
    box. Words that nothing joins stand as far apart as three links (Kamada & Kawai 1989 has no
    distance for them).

    >>> links = {("发展", "经济"): 1.0, ("发展", "社会"): 1.0}
    >>> boxes = {word: (8, 4) for word in ("发展", "经济", "社会")}
    >>> places = network_layout(links, boxes, 80, 40)
    >>> list(places)  # "development", "economy", "society"
    ['发展', '经济', '社会']
    """
    words = list(dict.fromkeys(word for pair in links for word in pair))
    number = {word: place for place, word in enumerate(words)}
    places = _pulled(tuple((number[a], number[b], length) for (a, b), length in links.items()))
    boxes = np.array([sizes[word] for word in words], float)
    low, high = places.min(axis=0), places.max(axis=0)
    frame = np.array([width, height])
    places = (places - low) / np.where(high - low > 1e-9, high - low, 1.0) * (
        frame - boxes
    ) + boxes / 2
    # Last bits differ from one processor to another; a hundredth of a mm does not.
    parted = _part_boxes(places, boxes, frame).round(2).tolist()
    return {word: (x, y) for word, (x, y) in zip(words, parted, strict=True)}


@lru_cache(maxsize=8)
def _pulled(links: tuple[tuple[int, int, float], ...]) -> Floats:
    """Where links alone would have words, which are numbered in their order: the same in every
    language and every frame."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_weighted_edges_from(links)
    words = list(graph)
    steps = dict(nx.all_pairs_dijkstra_path_length(graph))
    apart = {a: {b: steps[a].get(b, 3.5) for b in words} for a in words}
    rough = nx.kamada_kawai_layout(graph, dist=apart) if len(words) > 1 else {words[0]: (0.5, 0.5)}
    return _settled(
        np.array([rough[word] for word in words], float),
        np.array([[apart[a][b] for b in words] for a in words]),
    )


def _settled(places: Floats, apart: Floats) -> Floats:
    """The minimum that the places are near, to the last bits, its longest extent across and its
    farthest word on the left.

    A minimiser stops where its path takes it, by some thousandths, and turned as it happens: that
    would differ from one processor to another. Here the same stress, each distance weighed by
    1/length², is brought down by majorization (de Leeuw 1977) until nothing moves.
    """
    if len(places) < 2:
        return places
    weights = np.where(apart > 0, 1.0 / np.where(apart > 0, apart, 1.0) ** 2, 0.0)
    inverse = np.linalg.pinv(np.diag(weights.sum(axis=1)) - weights)
    wanted = weights * apart
    places = places - places.mean(axis=0)
    for _ in range(ROUNDS):
        across, down = (side[:, None] - side[None, :] for side in places.T)
        between = np.sqrt(across * across + down * down)
        # Two words in one place do not pull, nor a word itself.
        between[between == 0] = np.inf
        pull = wanted / between
        push = -pull
        np.fill_diagonal(push, pull.sum(axis=1))
        moved = inverse @ (push @ places)
        still = np.abs(moved - places).max() < STILL
        places = moved
        if still:
            break
    axes = np.linalg.eigh(places.T @ places)[1][:, ::-1]
    places = places @ axes
    farthest = np.abs(places).argmax(axis=0)
    return places * np.where(places[farthest, [0, 1]] > 0, -1.0, 1.0)


def _part_boxes(places: Floats, boxes: Floats, frame: Floats) -> Floats:
    """Push boxes that overlap apart along the axis that needs less, keeping all in the frame."""
    low, high = (boxes / 2).tolist(), (frame - boxes / 2).tolist()
    at, room = places.tolist(), (boxes / 2 + 0.2).tolist()
    for _ in range(400):
        moved = False
        for (a, half), (b, other) in itertools.combinations(zip(at, room, strict=True), 2):
            # Numbers of Python's own: arrays of two would take ten times as long.
            over = [half[axis] + other[axis] - abs(b[axis] - a[axis]) for axis in (0, 1)]
            if min(over) > 1e-6:
                axis = over.index(min(over))
                push = over[axis] / 2 * (1.0 if b[axis] >= a[axis] else -1.0)
                a[axis] -= push
                b[axis] += push
                moved = True
        for a, least, most in zip(at, low, high, strict=True):
            a[:] = (min(max(x, lo), hi) for x, lo, hi in zip(a, least, most, strict=True))
        if not moved:
            break
    return np.array(at)


def overlapping(places: Mapping[str, Point], sizes: Mapping[str, Point]) -> bool:
    """Whether a word's box lies over another's."""
    at = np.array(list(places.values()))
    boxes = np.array([sizes[word] for word in places])
    apart = np.abs(at[:, None] - at[None, :])
    over = ((boxes[:, None] + boxes[None, :]) / 2 - apart > 0.02).all(axis=2)
    return bool(np.triu(over, k=1).any())


SPACES = ((0.5, 100.0), (1.6, 1.5))
"""How near to a mark, in mm, what it costs a label: in mm of lines that it crosses. To lie over
another label, or beyond the frame, costs as much as to lie over a mark."""
BETWEEN = (0.9, 0.3)
"""Mm from a label to the next, across and down."""
STRANGE, BESIDE = 8.0, 1.3
"""What it costs, in mm of its own lines, that a line of other words crosses a label, or passes a
mark as near as this, in mm."""
STEP, MOVES, PAIRS = 4.0, 20, 100_000
"""Mm that a mark is moved from where such a line runs, how often one is at most, and how many pairs
of marks and lines are looked at for it: a second or two, however many words there are."""


def label_places(
    marks: Mapping[str, Point],
    boxes: Mapping[str, Point],
    lines: Sequence[tuple[str, str]],
    frame: Point,
) -> tuple[dict[str, Point], dict[str, Point]]:
    """The marks, and the middles of their labels' boxes, each on the side of its mark where it lies
    over no other label, no mark, and the least length of the lines between marks, above all of
    those of other words. A mark is moved a little where such a line could not be helped else.

    >>> marks, boxes = {"发展": (20, 20), "经济": (40, 20)}, {"发展": (8, 4), "经济": (8, 4)}
    >>> label_places(marks, boxes, [("发展", "经济")], (60, 40))[1]
    {'发展': (14.5, 20.0), '经济': (45.5, 20.0)}
    """
    number = {word: place for place, word in enumerate(marks)}
    half = np.array([boxes[word] for word in marks], float).reshape(-1, 2) / 2
    ends = np.array([[number[a], number[b]] for a, b in lines], int).reshape(-1, 2)
    room = np.array(frame) - 2.0
    at = np.array(list(marks.values()), float).reshape(-1, 2)
    moves = min(MOVES, PAIRS // max(1, len(at) * (len(at) + len(ends))))
    middles, costs = _sides(at, half, ends, np.array(frame))
    settled: set[int] = set()
    for _ in range(moves):
        bad = [n for n in np.argsort(-costs, kind="stable").tolist() if n not in settled]
        if not bad or costs[bad[0]] < STRANGE:
            break
        before = costs.sum().round(3)
        for step in (STEP, 2 * STEP):
            for way in SIDES[:, :2]:
                moved = at.copy()
                moved[bad[0]] = np.clip(at[bad[0]] + step * way, 2.0, room)
                other, price = _sides(moved, half, ends, np.array(frame))
                if price.sum().round(3) < costs.sum().round(3):
                    at, middles, costs = moved, other, price
            if costs.sum().round(3) < before:
                settled.clear()
                break
        else:
            settled.add(bad[0])
    told: list[dict[str, Point]] = [
        {word: (x, y) for word, (x, y) in zip(marks, some.tolist(), strict=True)}
        for some in (at, middles)
    ]
    return told[0], told[1]


def _sides(
    at: Floats, half: Floats, lines: "NDArray[np.int_]", frame: Floats
) -> tuple[Floats, Floats]:
    """The middles of the labels on the best sides of their marks, and what each of them costs.

    At first all stand above their marks, where a layout of boxes has room for them; then one label
    after another takes its best side until none moves.
    """
    tried = at[:, None] + SIDES[:, :2] * (half[:, None] + SIDES[:, 2:])
    low, high = tried - half[:, None], tried + half[:, None]
    cost = SPACES[0][1] * ((low < 0) | (high > frame)).any(axis=-1)
    low, high = low[:, :, None], high[:, :, None]
    for space, price in SPACES:
        cost += price * ((at > low - space) & (at < high + space)).all(axis=-1).sum(axis=-1)
    # Of each line the stretch in the box (Liang & Barsky 1984).
    start, way = at[lines[:, 0]], at[lines[:, 1]] - at[lines[:, 0]] + 1e-9
    cuts = (low - start) / way, (high - start) / way
    inside = np.minimum(np.maximum(*cuts).min(axis=-1), 1)
    inside -= np.maximum(np.minimum(*cuts).max(axis=-1), 0)
    length = np.linalg.norm(way, axis=1)
    crossed = np.maximum(inside, 0) * length
    strange = (lines[:, :, None] != np.arange(len(at))).all(axis=1).T
    cost += (crossed + STRANGE * (crossed > 0.1) * strange[:, None]).sum(axis=-1)
    along = (((at[:, None] - start) * way).sum(axis=-1) / length**2).clip(0, 1)
    far = np.linalg.norm(at[:, None] - start - along[..., None] * way, axis=-1)
    cost += STRANGE * ((far < BESIDE) & strange).sum(axis=-1)[:, None]
    # A mark that was moved stands by itself: else its line would not be seen.
    beside = np.linalg.norm(at[:, None] - at, axis=-1) < STEP
    cost += SPACES[0][1] * (beside.sum(axis=-1) - 1)[:, None]
    # Which label lies over which, for each side of both; an axis after the other, since both in one
    # array take longer.
    over = np.array(True)
    for axis, between in enumerate(BETWEEN):
        reach = half[:, None, axis] + half[:, axis] + between
        apart = np.abs(tried[:, :, None, None, axis] - tried[:, :, axis])
        over = over & (apart < reach[:, None, :, None])
    over[np.arange(len(at)), :, np.arange(len(at))] = False
    cost, over = cost.round(3), SPACES[0][1] * over
    side, costs, every = np.full(len(at), 2), cost.min(axis=1), np.arange(len(at))
    for _ in range(len(SIDES)):
        before = side.copy()
        for n in range(len(at)):
            prices = cost[n] + over[n][:, every, side].sum(axis=-1)
            side[n] = prices.argmin()
            costs[n] = prices[side[n]]
        if (side == before).all():
            break
    return tried[every, side], costs
