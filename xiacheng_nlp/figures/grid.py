"""A figure that is a table: drawn, and as HTML, LaTeX and Word."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from xiacheng_nlp.datafiles import filled
from xiacheng_nlp.figures.marks import FOOT
from xiacheng_nlp.figures.page import Page
from xiacheng_nlp.figures.rows import Rows
from xiacheng_nlp.figures.style import PALE, RULE, SIZE, SMALL, ReportFigure, wrap


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, its cells, its share of the width, and which cells are
    bold."""

    head: str
    cells: Sequence[str]
    share: float
    bold: Sequence[bool] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as a figure shows it; `said` is what stands below."""

    columns: Sequence[Column]
    said: str = ""

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The headings, and below them the cells."""
        heads = tuple(column.head for column in self.columns)
        return [heads, *zip(*(column.cells for column in self.columns), strict=True)]

    def draw(self, page: Page) -> ReportFigure:
        """The table as a picture: cells of up to four lines, a rule below the headings."""
        size, gap = (SIZE, 2.5) if page.double else (SMALL, 1.6)
        width = page.total - 2
        room = width - gap * (len(self.columns) - 1)
        wrapped = [
            [wrap(text, column.share * room, lines=4, size=size) for text in column.cells]
            for column in self.columns
        ]
        rows = Rows(page, wrapped[0], 0, beside=wrapped[1:], row=4.6)
        picture = rows.start(FOOT, self.said, top=5.4)
        picture.grid = self
        left = 1.0
        for column, cells in zip(self.columns, wrapped, strict=True):
            picture.head(left, column.head)
            for at, text, bold in rows.each(cells, column.bold or [False] * len(cells)):
                weight, place = "bold" if bold else "normal", rows.top + at
                picture.write(left, place, text, va="center", size=size, weight=weight)
            left += column.share * room + gap
        axes = rows.axes(1.0, width)
        axes.hlines(rows.ends[:-1], 0, width, color=PALE, linewidth=0.4)
        axes.hlines([0.01, rows.height - 0.01], 0, width, color=RULE, linewidth=0.6, clip_on=False)
        return picture

    def forms(self, title: str) -> dict[str, bytes]:
        """The table as files, by their endings: html, tex (with booktabs) and docx."""
        return {
            "html": f"{self.html(title)}\n".encode(),
            "tex": filled("figures/grid.tex", grid=self, title=title).encode(),
            "docx": self._docx(title),
        }

    def html(self, title: str) -> str:
        """The table as HTML: a page with that title, or without one the table alone."""
        return filled("figures/grid.html", grid=self, title=title)

    def _docx(self, title: str) -> bytes:
        sink = io.BytesIO()
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, template in _WORD.items():
                text = filled(f"figures/{template}", title=title, rows=self.rows, said=self.said)
                # The first day that a zip can tell: the same bytes on every run.
                archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text)
        return sink.getvalue()


_WORD = {
    "[Content_Types].xml": "word_types.xml",
    "_rels/.rels": "word_links.xml",
    "word/document.xml": "grid.xml",
}
"""The files of a Word document and their templates."""
