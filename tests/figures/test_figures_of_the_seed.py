"""Every figure of the seed, in both languages and widths: no text is cut off, no two overlap, and
English figures are in English."""

import itertools
import re
from typing import Any

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from xiacheng_nlp.figures import style as look
from xiacheng_nlp.publish.catalogue import FIGURES, draw, drawing, without_english
from xiacheng_nlp.publish.notebooks import header_of
from xiacheng_nlp.publish.study import Study
from xiacheng_nlp.report.report import Report


@pytest.fixture(scope="module")
def study(seed: Report) -> Study:
    return Study(seed)


def shown(figure: look.ReportFigure) -> list[Text]:
    hidden: set[int] = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if not (axes.axison and axis.get_visible()):
                hidden |= {id(text) for text in axis.findobj(Text)}
    texts = [text for text in figure.findobj(Text) if isinstance(text, Text)]
    return [
        text
        for text in texts
        if id(text) not in hidden and text.get_visible() and text.get_text().strip()
    ]


@pytest.mark.parametrize("id", list(FIGURES))
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", ["single", "double"])
def test_texts_stay_inside_and_apart(study: Study, id: str, lang: Any, width: Any) -> None:
    figure = draw(id, drawing(id, study), lang=lang, width=width)
    figure.draw(renderer := FigureCanvasAgg(figure).get_renderer())
    with look.style():
        boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in shown(figure)]
    assert boxes
    for text, box in boxes:
        assert text.count("\n") <= 3, f"{text} takes more than four lines"
        inside = (
            box.x0 >= -0.5
            and box.y0 >= -0.5
            and box.x1 <= figure.bbox.x1 + 0.5
            and box.y1 <= figure.bbox.y1 + 0.5
        )
        assert inside, f"{text} is cut off"
    for (a, one), (b, two) in itertools.combinations(boxes, 2):
        # Boxes have the height of the line, ink is less high: a pixel at 100 dpi, a quarter of a
        # mm, is no overlap.
        across, upward = (
            min(one.x1, two.x1) - max(one.x0, two.x0),
            min(one.y1, two.y1) - max(one.y0, two.y0),
        )
        assert across <= 1 or upward <= 1, f"{a} and {b} overlap"
    if lang == "en":
        # Of two words with one English name the second has the Chinese behind it.
        said = [re.sub("\\([\u3400-\u9fff\n]+\\)", "", text) for text, _ in boxes]
        left = {text for text in said if re.search("[\u3400-\u9fff]", text)}
        assert len(left) <= len(without_english(study)), left


@pytest.mark.parametrize("id", list(FIGURES))
def test_every_column_of_a_table_has_its_name_for_readers(study: Study, id: str) -> None:
    table = drawing(id, study).table
    shown = [c for c in table if re.sub("_(en|zh)$", "", str(c)) not in set(table) - {c}]
    assert [c for c in shown if not header_of(str(c), id).line] == []
    for lang in ("zh", "en"):
        heads = [header_of(str(c), id)[lang] for c in shown if c != "code"]
        assert len(set(heads)) == len(heads), heads
