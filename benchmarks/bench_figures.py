"""Time and size of figures: `python benchmarks/bench_figures.py` from the checkout.

Seconds are the median of 5 in one process, after one figure has loaded the font: drawing, PNG at
100 dpi as in a notebook, PDF, SVG and PNG at 300 dpi. Tables are those of the tests.
"""

import io
import statistics
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "figures"))

from test_figures import TABLES
from timing import timed

from xiacheng_nlp import figures


def median(action: Callable[[], object]) -> float:
    return statistics.median(timed(action) for _ in range(5))


def size(figure: figures.ReportFigure, kind: str) -> int:
    buffer = io.BytesIO()
    figure.savefig(buffer, format=kind, dpi=300)
    return len(buffer.getvalue())


def main() -> None:
    figures.top_terms(TABLES["fig-top-terms"]).png()
    print(
        f"{'seconds':26}{'draw':>8}{'screen':>8}{'pdf':>8}{'svg':>8}{'png':>8}   kB: "
        f"screen, pdf, svg, png"
    )
    for id, draw in figures.DRAW.items():
        figure = draw(TABLES[id])
        seconds = [median(lambda draw=draw, id=id: draw(TABLES[id])), median(figure.png)]
        seconds += [
            median(lambda figure=figure, kind=kind: size(figure, kind))
            for kind in ("pdf", "svg", "png")
        ]
        sizes = [len(figure.png()), *(size(figure, kind) for kind in ("pdf", "svg", "png"))]
        print(
            f"{id:26}"
            + "".join(f"{value:8.3f}" for value in seconds)
            + "   "
            + ", ".join(f"{value / 1000:.0f}" for value in sizes)
        )


if __name__ == "__main__":
    main()
