"""Saving a figure beside its table, with where it comes from inside each file."""

import hashlib
import io
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from xiacheng_nlp.figure_style import PRINT_DPI, FigureError, Lang, ReportFigure
from xiacheng_nlp.figure_texts import TEXTS
from xiacheng_nlp.files import rows_of, table_bytes, write_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What a figure was made from: the report's file name and SHA-256, the package's version, and the options, as texts."""

    source: str
    source_sha256: str
    version: str
    options: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if Path(self.source).name != self.source:
            raise FigureError(f"source is a file's name without its folder, not {self.source!r}")


def table_csv(table: pd.DataFrame) -> bytes:
    """The table as CSV: UTF-8, a header line, LF; fractions in at most 12 significant digits, which another machine gives too.

    >>> table_csv(pd.DataFrame({"term": ["发展"], "share": [0.1 + 0.2]})).decode()  # "development"
    'term,share\\n发展,0.3\\n'
    """
    return table_bytes(rows_of(table), list(table.columns), form="csv")


def save_figure(
    figure: ReportFigure, table: pd.DataFrame, directory: str | os.PathLike[str], *, id: str, lang: Lang, provenance: Provenance
) -> tuple[Path, ...]:
    """Write the figure as PDF, SVG and PNG (300 dpi) and its table as CSV, and return their paths, in this order.

    The files are ID-LANG.pdf and so on (ID-LANG-single where it is one column wide) and ID.csv; the same bytes on every run. Each
    picture holds its provenance as JSON: in the PDF's Subject, the SVG's description, the PNG's Description. A file that stands
    there already is replaced whole or not at all.

    Raises `FigureError` when the figure has another id or language, `OutputError` when the directory can't be written.
    """
    if (figure.id, figure.lang) != (id, lang):
        raise FigureError(f"the figure is {figure.id} in {figure.lang}, not {id} in {lang}")
    csv = table_csv(table)
    said = json.dumps(
        {
            "figure": id,
            "lang": lang,
            "width_mm": figure.mm_width,
            "source": provenance.source,
            "source_sha256": provenance.source_sha256,
            "package": f"xiacheng-nlp {provenance.version}",
            "options": dict(sorted(provenance.options.items())),
            "table_sha256": hashlib.sha256(csv).hexdigest(),
        },
        ensure_ascii=False,
    )
    title = TEXTS[id].title[lang]
    stem = f"{id}-{lang}" + ("-single" if figure.column == "single" else "")
    metadata: dict[str, dict[str, str]] = {
        "pdf": {"Title": title, "Subject": said},
        "svg": {"Title": title, "Description": said, "Identifier": id},
        "png": {"Title": title, "Description": said},
    }
    contents: dict[str, bytes] = {}
    for kind, stamp in metadata.items():
        buffer = io.BytesIO()
        figure.savefig(buffer, format=kind, dpi=PRINT_DPI, metadata=stamp)
        contents[f"{stem}.{kind}"] = buffer.getvalue()
    contents[f"{id}.csv"] = csv
    paths = [Path(directory) / name for name in contents]
    for path, data in zip(paths, contents.values(), strict=True):
        write_file(path, data)
    return tuple(paths)
