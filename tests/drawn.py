"""What a figure shows: its texts, and that none of them is cut off or lies on another."""

import itertools
from collections.abc import Iterator

from matplotlib.artist import Artist
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from xiacheng_nlp.figures import style as look


def shown(artist: Artist) -> Iterator[Text]:
    """The texts that a figure, or what stands in it, shows."""
    if isinstance(artist, Axis) and not (artist.axes.axison and artist.get_visible()):
        # Asked for its ticks it would make them.
        return
    for child in artist.get_children():
        yield from shown(child)
    if isinstance(artist, Text) and artist.get_visible() and artist.get_text().strip():
        yield artist


def drawn_texts(figure: look.ReportFigure) -> list[str]:
    """The texts that a figure shows once it is drawn: none is cut off or overlaps another, and the
    title alone stands in its lines, without which the picture is the same."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    # Where all stands is settled as for a picture, and no pixel is set.
    with renderer._draw_disabled():
        figure.draw(renderer)
    titles = figure.texts[:1] if figure.titled else []
    with look.style():
        boxes = [
            (text, text.get_text(), text.get_window_extent(renderer).extents.tolist())
            for text in shown(figure)
        ]
    width, height = figure.bbox.size
    for text, said, (left, bottom, right, top) in boxes:
        above = figure.mm_top / figure.mm_height if titles and text not in titles else 0
        assert left >= -0.5, f"{said} is cut off at the left"
        assert bottom >= -0.5, f"{said} is cut off below"
        assert right <= width + 0.5, f"{said} is cut off at the right"
        assert top <= height * (1 - above) + 0.5, f"{said} is cut off above"
    for (_, a, one), (_, b, two) in itertools.combinations(boxes, 2):
        # Boxes have the height of the line, ink is less high: a pixel at 100 dpi, a quarter of a
        # mm, is no overlap.
        across = min(one[2], two[2]) - max(one[0], two[0])
        upward = min(one[3], two[3]) - max(one[1], two[1])
        assert across <= 1 or upward <= 1, f"{a} and {b} overlap"
    return [said for _, said, _ in boxes]
