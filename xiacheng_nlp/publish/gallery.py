"""The gallery of a run: one HTML page with every figure, table, indicator and claim beside the
report's text.

The page asks for nothing outside itself: pictures, tables, styles and DataTables, which searches
and sorts, are inside. Only the downloads are links, to the files beside it.
"""

import base64
import csv
import hashlib
import io
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as resources
from typing import TYPE_CHECKING
from urllib.parse import quote

from xiacheng_nlp._version import version_of_rules
from xiacheng_nlp.errors import XiachengError
from xiacheng_nlp.figures.names import MEASURE_NAMES, PART_NAMES, STATUS_NAMES
from xiacheng_nlp.figures.texts import TEXTS
from xiacheng_nlp.files import FORMULA_SIGNS
from xiacheng_nlp.observations.headlines import headline_of
from xiacheng_nlp.observations.observation import Observation
from xiacheng_nlp.publish.citation import cite
from xiacheng_nlp.publish.english import english, names_of
from xiacheng_nlp.publish.exports import headline_observations
from xiacheng_nlp.report.nodes import Paragraph, Section
from xiacheng_nlp.report.report import Report

if TYPE_CHECKING:
    from xiacheng_nlp.figures.style import Lang

PAGE = "index.html"
ROWS = 2000
"""Rows of a table that the page holds; what is more is counted on the page and stands in the CSV
beside it."""

SHRINK, DENSITY = 3, 2
"""The pictures are saved with 300 dots to the inch and shown with 100, each of them two on a screen
of double density."""
COLOURS = 128
FORMS = ("pdf", "svg", "png", "html", "tex", "docx", "json")
"""Files of a figure: the pictures, those of one that is a table, and the sidecar that says where
they come from."""

FIRST = ("fig-actual-vs-target", "fig-theme-attention", "fig-keyness")
"""The figures that the page opens with, and how many numbers stand above them."""
NUMBERS = 10

DECIMALS = 4
"""Places of a fraction that the page shows; the CSV has them all."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: what is shown, and what it is sorted by where that is another thing."""

    text: str
    order: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as the page shows it; `left_out` counts the rows that only the CSV has, `numeric`
    tells which columns hold numbers."""

    columns: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[Cell, ...], ...]
    left_out: int

    @property
    def size(self) -> int:
        """Rows of the whole table."""
        return len(self.rows) + self.left_out


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A figure in one language: the picture as data, its size in pixels, what stands beside it, and
    the files to download."""

    lang: str
    title: str
    caption: str
    data: str
    width: int
    height: int
    downloads: tuple[tuple[str, str], ...]
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """A figure with its pictures by language and its table."""

    id: str
    pictures: tuple[Picture, ...]
    table: Table


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence; `anchor` names the number that it is, if the table of indicators has
    it, and `row` the first row there."""

    text: str
    anchor: str | None = None
    row: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence of the report in pieces; `headings` are the anchors of run-in headings in it."""

    start: int
    kind: str
    pieces: tuple[Piece, ...]
    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph of the report; `level` is that of the heading, None for other paragraphs."""

    kind: str
    level: int | None
    lines: tuple[Line, ...]


def citation_text(id: str, lang: "Lang", *, report: Report, table_sha256: str) -> str:
    """How to cite a figure: the reference in GB/T 7714—2015 and in BibTeX, and the hashes by which
    source and table can be checked.

    >>> report = Report.parse("各位代表:\\n投资增势良好。")  # "investment has grown well"
    >>> said = citation_text("fig-word-cloud", "en", report=report, table_sha256="0" * 64)
    >>> said.splitlines()[-1][:14]
    'of the table: '
    """
    of_source, of_table = {
        "zh": ("来源文件 SHA-256：", "数据表 SHA-256："),
        "en": ("SHA-256 of the source: ", "of the table: "),
    }[lang]
    cited = cite(id, report, style=("gbt7714", "bibtex"))
    return f"{cited}\n\n{of_source}{report.sha256}\n{of_table}{table_sha256}"


def gallery(
    report: Report,
    observations: Sequence[Observation],
    files: Mapping[str, bytes],
    *,
    ids: Sequence[str],
    langs: Sequence["Lang"],
) -> bytes:
    """The page, as HTML in UTF-8: the same bytes for the same files.

    `files` are those of the run by their names relative to the page: figures/ID-LANG.png (and pdf,
    svg) and figures/ID.csv for each of `ids` and `langs`, claims.csv, and whatever else is to be
    offered for download. Raises `KeyError` where one of a figure is missing.
    """
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    blocks, anchors = _text(report, observations)
    stated = [o for o in observations if o.indicator is not None]
    plates = [_plate(id, report, files, langs) for id in ids]
    names = names_of(report)
    script = _script()
    page = environment.from_string(_data("gallery.html")).render(
        title=_title(report),
        report=report,
        version=version_of_rules(),
        langs=langs,
        # What the page runs is named by its hash: nothing that the report might bring in runs
        # beside it.
        script=_Raw(script),
        script_hash=base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode(
            "ascii"
        ),
        style=_Raw(_style()),
        first=[plate for plate in plates if plate.id in FIRST],
        plates=[plate for plate in plates if plate.id not in FIRST],
        headlines=_headlines(report, observations),
        english=lambda text, kind: english(text, kind=kind, names=names) or text,
        headline_of=headline_of,
        observations=stated,
        qualifying=len(observations) - len(stated),
        anchors=anchors,
        claims=_table(files["claims.csv"], leave=["report"]) if "claims.csv" in files else None,
        sections=report.sections,
        blocks=blocks,
        notebooks=_notebooks(files),
        downloads=[name for name in sorted(files) if not name.startswith("figures/")],
        href=quote,
        chars=_chars,
        part_names=PART_NAMES,
        status_names=STATUS_NAMES,
        measure_names=MEASURE_NAMES,
    )
    return page.encode("utf-8")


def _notebooks(files: Mapping[str, bytes]) -> dict[str, str]:
    """The notebooks' pages by their names, with their titles, which are HTML."""
    return {
        name: _Raw(re.findall("<title>(.*?) · ", data.decode("utf-8"))[0])
        for name, data in sorted(files.items())
        if name.startswith("notebooks/") and name.endswith(".html")
    }


def _headlines(report: Report, observations: Sequence[Observation]) -> list[Observation]:
    """The numbers that the page opens with: of each headline indicator that is stated the first
    that is exact, or else nearly so: 达到23562亿元 rather than 突破2万亿元."""
    found = headline_observations(observations, year=report.year)
    exact = {"=": 0, "≈": 1}
    return [min(told, key=lambda o: exact.get(o.bound, 2)) for told in found.values()][:NUMBERS]


class _Raw(str):
    """Text of the package's own, which goes into the page as it is."""

    def __html__(self) -> str:
        return str(self)


def _data(name: str) -> str:
    return (resources("xiacheng_nlp") / "data" / "publish" / name).read_text(encoding="utf-8")


_EXPORT = re.compile(r"\bexport\{([^{}]* as [^{}]*)\};?")


@cache
def _script() -> str:
    """DataTables, which travels with itables, and the page's own script behind it."""
    library = (resources("itables") / "html" / "dt_bundle.js").read_text(encoding="utf-8")
    exported = _EXPORT.findall(library)
    name = re.search(r"([\w$]+) as default", exported[0]) if len(exported) == 1 else None
    if name is None:
        raise XiachengError(
            "the DataTables that itables brings exports no table class: "
            "install the itables of requirements.lock"
        )
    code = f"{_EXPORT.sub('', library)}\nconst DataTable = {name[1]};\n{_data('gallery.js')}"
    # Inside a page these two would end the script, or hide its end.
    return code.replace("\r\n", "\n").replace("<!--", "<\\!--").replace("</script", "<\\/script")


@cache
def _style() -> str:
    library = (resources("itables") / "html" / "dt_bundle.css").read_text(encoding="utf-8")
    return f"{library}\n{_data('gallery.css')}".replace("</style", "<\\/style")


def _title(report: Report) -> str:
    told = report.place and report.year and f"{report.place.name} {report.year}"
    return report.title or told or report.name


def _plate(id: str, report: Report, files: Mapping[str, bytes], langs: Sequence["Lang"]) -> Plate:
    table = files[f"figures/{id}.csv"]
    digest = hashlib.sha256(table).hexdigest()
    pictures = []
    for lang in langs:
        data, width, height = _picture(files[f"figures/{id}-{lang}.png"])
        names = [(form.upper(), f"figures/{id}-{lang}.{form}") for form in FORMS]
        pictures.append(
            Picture(
                lang=lang,
                title=TEXTS[id].title[lang],
                caption=TEXTS[id].caption[lang],
                data=data,
                width=width,
                height=height,
                downloads=tuple(
                    (form, name)
                    for form, name in [*names, ("CSV", f"figures/{id}.csv")]
                    if name in files
                ),
                citation=citation_text(id, lang, report=report, table_sha256=digest),
            )
        )
    return Plate(id=id, pictures=tuple(pictures), table=_table(table))


def _picture(png: bytes) -> tuple[str, int, int]:
    """The picture for the screen as a data URL, made from that for print, and its size: nothing is
    drawn twice."""
    from PIL import Image

    with Image.open(io.BytesIO(png)) as picture:
        width, height = (dots // SHRINK for dots in picture.size)
        size = DENSITY * width, DENSITY * height
        small = picture.convert("RGB").resize(size, Image.Resampling.BILINEAR)
    buffer = io.BytesIO()
    small.quantize(COLOURS, dither=Image.Dither.NONE).save(buffer, format="PNG", optimize=True)
    return (
        "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii"),
        width,
        height,
    )


def _table(data: bytes, *, leave: Sequence[str] = ()) -> Table:
    """A table of the run from its CSV, so that the page shows what the file holds; the columns of
    `leave` are left out."""
    everything = list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))
    kept = [place for place, name in enumerate(everything[0]) if name not in leave]
    header, *rows = [[row[place] for place in kept] for row in everything]
    numeric = tuple(
        name != "section" and _all_numbers([row[place] for row in rows])
        for place, name in enumerate(header)
    )
    shown = tuple(
        tuple(
            _cell(cell, name, numbers)
            for cell, name, numbers in zip(row, header, numeric, strict=True)
        )
        for row in rows[:ROWS]
    )
    return Table(
        columns=tuple(header), numeric=numeric, rows=shown, left_out=max(0, len(rows) - ROWS)
    )


_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$")


def _all_numbers(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(_NUMBER.match(cell) for cell in filled)


def _cell(text: str, column: str, numeric: bool) -> Cell:
    if numeric:
        # An empty cell sorts before every number.
        return Cell(_rounded(text), text or "-1e999")
    if column == "section":
        # 2.10 comes behind 2.9.
        return Cell(text, ".".join(number.zfill(4) for number in text.split(".")))
    # In the file an apostrophe keeps a spreadsheet from reading a formula; the page reads none.
    return Cell(
        text[1:] if text[:1] == "'" and text[1:2] in FORMULA_SIGNS and len(text) > 2 else text
    )


def _rounded(text: str) -> str:
    places = len(text.partition(".")[2])
    if "e" not in text and places <= DECIMALS:
        return text
    number = float(text)
    return (
        f"{number:.{DECIMALS}f}" if number == 0 or abs(number) >= 10**-DECIMALS else f"{number:.2g}"
    )


def _chars(section: Section) -> int:
    return sum(
        len(re.sub(r"\s", "", paragraph.text))
        for each in section.walk()
        for paragraph in each.paragraphs
    )


def _text(
    report: Report, observations: Sequence[Observation]
) -> tuple[list[Block], dict[str, str]]:
    """The report in blocks, and for each observation that states an indicator the anchor of its
    number, by the observation's id."""
    anchors: dict[str, str] = {}
    spans: list[tuple[int, int]] = []
    rows: dict[int, str] = {}
    for o in sorted(
        (o for o in observations if o.indicator is not None), key=lambda o: (o.start, -o.end)
    ):
        # Two statements of one number, or a number inside another, have one place to go to.
        if not spans or o.start >= spans[-1][1]:
            spans.append((o.start, o.end))
            rows[o.start] = o.id
        anchors[o.id] = f"n-{spans[-1][0]}"
    sections = {section.heading_start: section for section in report.walk()}
    blocks = [_block(report, paragraph, spans, rows, sections) for paragraph in report.paragraphs]
    return blocks, anchors


def _block(
    report: Report,
    paragraph: Paragraph,
    spans: Sequence[tuple[int, int]],
    rows: Mapping[int, str],
    sections: Mapping[int, Section],
) -> Block:
    positions = report.positions(paragraph)
    first = bisect_left(spans, (paragraph.start, 0))
    here = spans[first : bisect_left(spans, (paragraph.end, 0), lo=first)]
    marks = [
        (bisect_left(positions, start), bisect_left(positions, end), f"n-{start}", rows[start])
        for start, end in here
    ]
    lines: list[Line] = []
    place = 0
    for sentence in paragraph.sentences:
        last = place + len(sentence.text)
        inside = [mark for mark in marks if place <= mark[0] < last]
        headings = tuple(
            f"h-{start}" for start in sections if sentence.start <= start < sentence.end
        )
        pieces = tuple(_pieces(paragraph.text, place, last, inside))
        lines.append(
            Line(start=sentence.start, kind=sentence.kind, pieces=pieces, headings=headings)
        )
        place = last
    heading = next(
        (s for start, s in sections.items() if paragraph.start <= start < paragraph.end), None
    )
    return Block(
        kind=paragraph.kind,
        level=heading.level if heading and paragraph.kind == "heading" else None,
        lines=tuple(lines),
    )


def _pieces(
    text: str, first: int, last: int, marks: Sequence[tuple[int, int, str, str]]
) -> Iterator[Piece]:
    place = first
    for start, end, anchor, row in marks:
        if place < start:
            yield Piece(text[place:start])
        place = min(end, last)
        yield Piece(text[start:place], anchor, row)
    if place < last:
        yield Piece(text[place:last])
