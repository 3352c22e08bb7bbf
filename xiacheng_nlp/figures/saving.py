"""Saving a figure beside its table, with where it comes from inside each file."""

import io
import json
import os
import platform
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import pandas as pd

from xiacheng_nlp.errors import FigureError
from xiacheng_nlp.figures.names import Lang
from xiacheng_nlp.figures.provenance import Provenance, sidecar_bytes
from xiacheng_nlp.figures.style import (
    FAMILY,
    PRINT_DPI,
    ReportFigure,
    Svg,
    font_file,
    missing_characters,
)
from xiacheng_nlp.figures.texts import TEXTS, note_line
from xiacheng_nlp.files import rows_of, sha256_of, sha256_of_file, table_bytes, write_files

__all__ = ["Provenance", "figure_contents", "file_stem", "save_figure", "table_csv"]


def table_csv(table: pd.DataFrame) -> bytes:
    """The table as CSV: UTF-8, a header line, LF; fractions in at most 12 significant digits, which
    another machine gives too.

    >>> table_csv(pd.DataFrame({"term": ["发展"], "share": [0.1 + 0.2]})).decode()  # "development"
    'term,share\\n发展,0.3\\n'
    """
    return table_bytes(rows_of(table), list(table.columns), form="csv")


def file_stem(id: str, *, lang: str, width: str = "double", titled: bool = False) -> str:
    """The name that a figure's pictures and sidecar share: ID-LANG, and -single, -titled where it
    is that.

    >>> file_stem("fig-ranks", lang="en", width="single")
    'fig-ranks-en-single'
    """
    return f"{id}-{lang}" + ("-single" if width == "single" else "") + ("-titled" if titled else "")


def figure_contents(
    figure: ReportFigure, table: pd.DataFrame, *, provenance: Provenance, svg: Svg = "path"
) -> dict[str, bytes]:
    """What `save_figure` writes: the name of each file and its bytes, in the order PDF, SVG, PNG,
    table, sidecar; behind the PNG of one that is a table HTML, LaTeX and Word."""
    id, lang, text = figure.id, figure.lang, TEXTS[figure.id]
    csv = table_csv(table)
    look: dict[str, Any] = dict(lang=lang, width=figure.column, titled=figure.titled)
    stem = file_stem(id, **look)
    look |= {"svg": svg} if svg == "text" else {}
    stamp = partial(provenance.stamp, id=id, table=(f"{id}.csv", csv), **look)
    contents = _pictures(figure, stem, stamp(), text.title[lang], svg)
    if figure.grid is not None:
        forms = figure.grid.forms(text.title[lang])
        contents |= {f"{stem}.{form}": data for form, data in forms.items()}
    cells = table.to_numpy().ravel()
    note = note_line(
        source=provenance.named or provenance.source,
        n=len(table) if provenance.n is None else provenance.n,
        unit=provenance.unit.get(lang, ""),
        options=provenance.options,
        lacking=missing_characters(cell for cell in cells if isinstance(cell, str)),
        lang=lang,
    )
    sidecar = stamp(title=text.title[lang], caption=text.caption[lang], note=note)
    sidecar["libraries"]["python"] = platform.python_version()
    font = {"name": FAMILY, "sha256": _font_hash(False), "bold_sha256": _font_hash(True)}
    files = {
        Path(name).suffix[1:]: {"file": name, "sha256": sha256_of(data)}
        for name, data in contents.items()
    }
    sidecar |= {"font": font, "table": sidecar.pop("table"), "files": files}
    return {**contents, f"{id}.csv": csv, f"{stem}.json": sidecar_bytes(sidecar)}


def _pictures(
    figure: ReportFigure, stem: str, said: Mapping[str, Any], title: str, svg: Svg
) -> dict[str, bytes]:
    """The figure as PDF, SVG and PNG, each with its provenance in it."""
    text = json.dumps(said, ensure_ascii=False)
    metadata = {
        # In ASCII a PDF holds the text as it is; anything else would turn it into UTF-16 that no
        # eye can find.
        "pdf": {"Title": title, "Subject": json.dumps(said)},
        "svg": {"Title": title, "Description": text, "Identifier": figure.id},
        "png": {"Title": title, "Description": text},
    }
    contents = {}
    for kind, stamp in metadata.items():
        buffer = io.BytesIO()
        figure.savefig(buffer, format=kind, dpi=PRINT_DPI, metadata=stamp, svg=svg)
        contents[f"{stem}.{kind}"] = buffer.getvalue()
    return contents


@cache
def _font_hash(bold: bool) -> str:
    return sha256_of_file(font_file(bold=bold))


def save_figure(
    figure: ReportFigure,
    table: pd.DataFrame,
    directory: str | os.PathLike[str],
    *,
    id: str,
    lang: Lang,
    provenance: Provenance,
    svg: Svg = "path",
) -> tuple[Path, ...]:
    """Write the figure as PDF, SVG and PNG (300 dpi), its table as CSV and a sidecar as JSON;
    returns their paths, in this order.

    The files are ID-LANG.pdf and so on (ID-LANG-single where it is one column wide, -titled where
    the title stands in it) and ID.csv; the same bytes on every run. Each picture holds its
    provenance as JSON: in the PDF's Subject, the SVG's description, the PNG's Description. The
    sidecar also has title, caption, note line, font, and the SHA-256 of each picture. Files that
    stand there already are replaced, all or none. With `svg="text"` the SVG holds its text
    as text.

    Raises `FigureError` when the figure has another id or language, `OutputError` when the
    directory can't be written.

    >>> import tempfile
    >>> from xiacheng_nlp.figures.terms import word_cloud
    >>> table = pd.DataFrame({"term": ["发展"], "count": [67]})  # "development"
    >>> made = Provenance(source="report.txt", source_sha256="0" * 64, version="0.1.0")
    >>> said = dict(id="fig-word-cloud", lang="zh", provenance=made)
    >>> with tempfile.TemporaryDirectory() as out:
    ...     paths = save_figure(word_cloud(table), table, out, **said)
    >>> [path.name.removeprefix("fig-word-cloud") for path in paths]
    ['-zh.pdf', '-zh.svg', '-zh.png', '.csv', '-zh.json']
    """
    if (figure.id, figure.lang) != (id, lang):
        raise FigureError(f"the figure is {figure.id} in {figure.lang}, not {id} in {lang}")
    contents = figure_contents(figure, table, provenance=provenance, svg=svg)
    files = {Path(directory) / name: data for name, data in contents.items()}
    write_files(files)
    return tuple(files)
