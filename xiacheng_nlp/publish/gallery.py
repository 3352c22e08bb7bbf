"""The gallery of a run: one HTML page with every figure, table, indicator and claim beside the
report's text.

The page asks for nothing outside itself: pictures, tables, styles and DataTables, which searches
and sorts, are inside. Only the downloads are links, to the files beside it.
"""

import base64
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files as resources
from itertools import groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np
import pandas as pd

from xiacheng_nlp._version import version_of_rules
from xiacheng_nlp.datafiles import filled, packaged
from xiacheng_nlp.errors import XiachengError
from xiacheng_nlp.figures.names import MEASURE_NAMES, PART_NAMES, STATUS_NAMES, Lang
from xiacheng_nlp.figures.texts import TEXTS
from xiacheng_nlp.files import FORMULA_SIGNS, sha256_of
from xiacheng_nlp.observations.headlines import headline_of
from xiacheng_nlp.observations.observation import Observation
from xiacheng_nlp.publish.citation import cite
from xiacheng_nlp.publish.english import english, names_of
from xiacheng_nlp.publish.exports import headline_observations
from xiacheng_nlp.publish.notebooks import header_of, shown
from xiacheng_nlp.report.nodes import Section, Sentence
from xiacheng_nlp.report.outline import chars_of
from xiacheng_nlp.report.report import Report

if TYPE_CHECKING:
    from PIL.Image import Image

    from xiacheng_nlp.figures.style import ReportFigure

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


Cell = tuple[str, str, str | None]
"""What is shown in a cell of a table, in Chinese and in English, and what it is sorted by where
that is another thing."""
Piece = tuple[str, int | None]
"""A stretch of a sentence, and where the number begins that it is, if the table of indicators has
it."""
Block = tuple[str, int | None, list[tuple[Sentence, list[int], list[Piece]]]]
"""A paragraph of the report: its kind, the level of a heading, and its sentences with the places
where headings begin in them and in pieces."""


def citation_text(id: str, lang: Lang, *, report: Report, table_sha256: str) -> str:
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
    langs: Sequence[Lang],
) -> bytes:
    """The page, as HTML in UTF-8: the same bytes for the same files.

    `files` are those of the run by their names relative to the page: figures/ID-LANG.png (and pdf,
    svg; what `on_page` makes saves time) and figures/ID.csv for each of `ids` and `langs`,
    claims.csv, and whatever else is to be offered for download. Raises `KeyError` where one of a
    figure is missing.
    """
    stated = [o for o in observations if o.indicator is not None]
    begins, anchors = _marked(stated)
    plates = [_plate(id, report, files, langs) for id in ids]
    names, script = names_of(report), _script()
    told = report.place.name and report.year and f"{report.place.name} {report.year}"
    page = filled(
        "publish/gallery.html",
        title=report.title or told or report.name,
        report=report,
        version=version_of_rules(),
        langs=langs,
        # What the page runs is named by its hash: nothing that the report might bring in runs
        # beside it.
        script=script,
        script_hash=_base64(hashlib.sha256(script.encode()).digest()),
        style=f"{_library('css')}\n{_data('gallery.css')}".replace("</style", "<\\/style"),
        first=[plate for id in FIRST for plate in plates if plate["id"] == id],
        plates=[plate for plate in plates if plate["id"] not in FIRST],
        headlines=_headlines(report, observations),
        english=lambda text, kind: english(text, kind=kind, names=names) or text,
        headline_of=headline_of,
        observations=stated,
        qualifying=len(observations) - len(stated),
        anchors=anchors,
        first_there={begin: id for id, begin in reversed(anchors.items())},
        claims=_table(files["claims.csv"], "claims", leave=["report"]),
        sections=report.sections,
        blocks=_blocks(report, begins),
        notebooks=_notebooks(files),
        downloads=[name for name in sorted(files) if not name.startswith("figures/")],
        href=quote,
        shown=shown,
        chars=_chars,
        part_names=PART_NAMES,
        status_names=STATUS_NAMES,
        measure_names=MEASURE_NAMES,
    )
    return page.encode()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _notebooks(files: Mapping[str, bytes]) -> dict[str, str]:
    """The notebooks' pages by their names, with their titles, which are HTML."""
    return {
        name: re.findall("<title>(.*?) · ", data.decode())[0]
        for name, data in sorted(files.items())
        if name.startswith("notebooks/") and name.endswith(".html")
    }


def _headlines(report: Report, observations: Sequence[Observation]) -> list[Observation]:
    """The numbers that the page opens with: of each headline indicator that is stated the first
    that is exact, or else nearly so: 达到23562亿元 rather than 突破2万亿元."""
    found = headline_observations(observations, year=report.year)
    exact = {"=": 0, "≈": 1}
    return [min(told, key=lambda o: exact.get(o.bound, 2)) for told in found.values()][:NUMBERS]


def _data(name: str) -> str:
    return packaged(f"publish/{name}").read_text(encoding="utf-8")


def _library(form: str) -> str:
    return (resources("itables") / "html" / f"dt_bundle.{form}").read_text(encoding="utf-8")


_EXPORT = re.compile(r"\bexport\{([^{}]* as [^{}]*)\};?")


@cache
def _script() -> str:
    """DataTables, which travels with itables, and the page's own script behind it."""
    library = _library("js")
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


def _plate(
    id: str, report: Report, files: Mapping[str, bytes], langs: Sequence[Lang]
) -> dict[str, Any]:
    """A figure with its table, and by language its picture, what stands beside it, and the files to
    download."""
    table = files[f"figures/{id}.csv"]
    digest = sha256_of(table)
    pictures = []
    for lang in langs:
        forms = {form.upper(): f"figures/{id}-{lang}.{form}" for form in FORMS}
        forms["CSV"] = f"figures/{id}.csv"
        pictures.append(
            dict(
                _picture(files, f"figures/{id}-{lang}"),
                lang=lang,
                title=TEXTS[id].title[lang],
                caption=TEXTS[id].caption[lang],
                downloads=[(form, name) for form, name in forms.items() if name in files],
                citation=citation_text(id, lang, report=report, table_sha256=digest),
            )
        )
    return dict(id=id, pictures=pictures, table=_table(table, id, leave=["code"]))


def on_page(figure: "ReportFigure") -> dict[str, bytes]:
    """The picture on the page of a figure that was just saved as PNG, by its name without a
    form."""
    from PIL import Image

    canvas: Any = figure.canvas
    drawn = Image.fromarray(np.asarray(canvas.buffer_rgba()))
    return {f"{figure.id}-{figure.lang}": _shrunk(drawn)}


def _shrunk(picture: "Image") -> bytes:
    """The picture for the screen, made from that for print: nothing is drawn twice."""
    from PIL.Image import Dither, Resampling

    size = [DENSITY * (dots // SHRINK) for dots in picture.size]
    small = picture.convert("RGB").resize(size, Resampling.BILINEAR)
    buffer = io.BytesIO()
    small.quantize(COLOURS, dither=Dither.NONE).save(buffer, format="PNG")
    return buffer.getvalue()


def _picture(files: Mapping[str, bytes], name: str) -> dict[str, Any]:
    """The picture of that name for the screen as `data`, and its `width` and `height`."""
    from PIL import Image

    with Image.open(io.BytesIO(files[f"{name}.png"])) as picture:
        width, height = (dots // SHRINK for dots in picture.size)
        small = files.get(name) or _shrunk(picture)
    return dict(data=_base64(small), width=width, height=height)


def _table(data: bytes, id: str, *, leave: Sequence[str] = ()) -> dict[str, Any]:
    """A table of the run from its CSV, as a reader sees it: the headers of its `columns` but those
    of `leave`, which of them are `numeric`, its `rows` and how many are `left_out`. The column of
    English names is the English of the column that it names."""
    table = pd.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False)
    of_other = [f"{name}_{lang}" for name in table for lang in ("zh", "en")]
    # A column that is empty all the way down tells nothing.
    told = [
        name
        for name in map(str, table)
        if name not in (*leave, *of_other) and (table.empty or any(table[name]))
    ]
    heads = [header_of(name, id) for name in told]
    rows = table.head(ROWS)
    numeric, cells = [], []
    for name, head in zip(told, heads, strict=True):
        numbers = name != "section" and any(table[name])
        numeric.append(numbers and bool(table[name].str.fullmatch(_NUMBER).all()))
        both = zip(rows[name], rows.get(f"{name}_en", rows[name]), strict=True)
        cells.append([_cell(zh, en, head["form"], name, numeric[-1]) for zh, en in both])
    return dict(
        columns=heads,
        numeric=numeric,
        rows=list(zip(*cells, strict=True)),
        left_out=len(table) - len(rows),
    )


_NUMBER = r"(?:[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)?"


def _cell(text: str, english: str, form: str, column: str, numeric: bool) -> Cell:
    if numeric:
        said = shown(float(text), form, "en") if text and form else _rounded(text)
        # An empty cell sorts before every number.
        return said, said, text or "-1e999"
    if column == "section":
        # 2.10 comes behind 2.9.
        return text, text, ".".join(number.zfill(4) for number in text.split("."))
    # In the file an apostrophe keeps a spreadsheet from reading a formula; the page reads none.
    zh, en = (
        said[1:] if said[:1] == "'" and said[1:2] in FORMULA_SIGNS and len(said) > 2 else said
        for said in (text, english or text)
    )
    named = form if form.startswith("=") else ""
    return shown(zh, named, "zh"), shown(en, named, "en"), None


def _rounded(text: str) -> str:
    if "e" not in text and len(text.partition(".")[2]) <= DECIMALS:
        return text
    number = float(text)
    return (
        f"{number:.{DECIMALS}f}" if number == 0 or abs(number) >= 10**-DECIMALS else f"{number:.2g}"
    )


def _chars(section: Section) -> int:
    return sum(chars_of(paragraph) for each in section.walk() for paragraph in each.paragraphs)


def _marked(observations: Iterable[Observation]) -> tuple[dict[int, int], dict[str, int]]:
    """Where the number begins that a code point of the report belongs to; and where that of an
    observation does, by the observation's id."""
    begins: dict[int, int] = {}
    anchors = {}
    for o in sorted(observations, key=lambda o: (o.start, -o.end)):
        # Two statements of one number, or a number inside another, have one place to go to.
        if o.start not in begins:
            begins |= dict.fromkeys(range(o.start, o.end), o.start)
        anchors[o.id] = begins[o.start]
    return begins, anchors


def _blocks(report: Report, begins: Mapping[int, int]) -> Iterator[Block]:
    sections = {section.heading_start: section for section in report.walk()}
    for paragraph in report.paragraphs:
        marked = zip(paragraph.text, map(begins.get, report.positions(paragraph)), strict=False)
        lines = [
            (
                sentence,
                [start for start in sections if sentence.start <= start < sentence.end],
                list(_pieces(islice(marked, len(sentence.text)))),
            )
            for sentence in paragraph.sentences
        ]
        inner = [sections[start].level for _, starts, _ in lines for start in starts]
        yield paragraph.kind, inner[0] if inner and paragraph.kind == "heading" else None, lines


def _pieces(marked: Iterable[tuple[str, int | None]]) -> Iterator[Piece]:
    for begin, some in groupby(marked, key=itemgetter(1)):
        yield "".join(character for character, _ in some), begin
