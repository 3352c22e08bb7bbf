"""A figure that is a table: drawn, and as HTML, LaTeX and Word."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from xiacheng_nlp.figures.marks import FOOT, spacing
from xiacheng_nlp.figures.page import Page
from xiacheng_nlp.figures.rows import Rows
from xiacheng_nlp.figures.style import PALE, RULE, SIZE, SMALL, ReportFigure, wrap
from xiacheng_nlp.files import tex_text


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
        room = page.total - 2 - gap * (len(self.columns) - 1)
        wrapped = [
            [wrap(text, column.share * room, lines=4, size=size) for text in column.cells]
            for column in self.columns
        ]
        rows = Rows(page, wrapped[0], beside=wrapped[1:], row=4.6)
        picture = rows.start(FOOT, top=5.4, said=self.said)
        picture.grid = self
        left = 1.0
        for column, cells in zip(self.columns, wrapped, strict=True):
            picture.head(left, column.head)
            for at, text, bold in rows.each(cells, column.bold or [False] * len(cells)):
                look = dict(va="center", size=size, weight="bold" if bold else "normal")
                picture.write(left, rows.top + at, text, **look, **spacing(text))
            left += column.share * room + gap
        axes = rows.axes(1.0, page.total - 2)
        axes.set_xlim(0, 1)
        axes.hlines(rows.ends[:-1], 0, 1, color=PALE, linewidth=0.4)
        ends = [0.01, rows.height - 0.01]
        axes.hlines(ends, 0, 1, color=RULE, linewidth=0.6, clip_on=False)
        return picture

    def forms(self, title: str) -> dict[str, bytes]:
        """The table as files, by their endings: html, tex (with booktabs) and docx."""
        page = f'<!doctype html>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        return {
            "html": f"{page}{self.html(title)}\n".encode(),
            "tex": self._tex(title).encode(),
            "docx": self._docx(title),
        }

    def html(self, title: str) -> str:
        """The table as HTML, the title above, if there is one, and what is said below."""
        body = "\n".join(_row(row, "th" if not n else "td") for n, row in enumerate(self.rows))
        return (
            f"<table>\n{f'<caption>{escape(title)}</caption>' * bool(title)}\n{body}\n</table>"
            f"{f'<p>{escape(self.said)}</p>' * bool(self.said)}"
        )

    def _tex(self, title: str) -> str:
        shares = "".join(f"p{{{0.9 * column.share:.3f}\\linewidth}}" for column in self.columns)
        head, *rows = (" & ".join(map(tex_text, row)) + r" \\" for row in self.rows)
        lines = [
            r"\begin{table}",
            f"\\caption{{{tex_text(title)}}}",
            f"\\begin{{tabular}}{{{shares}}}",
        ]
        lines += [r"\toprule", head, r"\midrule", *rows, r"\bottomrule", r"\end{tabular}"]
        return "\n".join([*lines, *filter(None, [tex_text(self.said)]), r"\end{table}", ""])

    def _docx(self, title: str) -> bytes:
        rows = (f"<w:tr>{''.join(map(_word_cell, row))}</w:tr>" for row in self.rows)
        body = f"{_paragraph(title)}<w:tbl>{_BORDERS}{''.join(rows)}</w:tbl>{_paragraph(self.said)}"
        sink = io.BytesIO()
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in {**_PACKAGE, "word/document.xml": _DOCUMENT.format(body)}.items():
                # The first day that a zip can tell: the same bytes on every run.
                archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), _XML + text)
        return sink.getvalue()


def _row(cells: Sequence[str], tag: str) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"


def _paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def _word_cell(text: str) -> str:
    return f"<w:tc>{_paragraph(text)}</w:tc>"


def _borders() -> Iterator[str]:
    for side in ("top", "bottom", "insideH"):
        yield f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'


_BORDERS = f"<w:tblPr><w:tblBorders>{''.join(_borders())}</w:tblBorders></w:tblPr>"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_DOCUMENT = (
    f'<w:document xmlns:w="{_OFFICE}/wordprocessingml/2006/main"><w:body>{{}}</w:body></w:document>'
)
_PACKAGE = {
    "[Content_Types].xml": f'<Types xmlns="{_OFFICE}/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_OFFICE}/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>',
}
