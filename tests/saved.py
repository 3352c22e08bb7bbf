"""Figures of a report, written as a run writes them."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from xiacheng_nlp.datafiles import packaged
from xiacheng_nlp.figures.subsets import many_pdfs, small_fonts
from xiacheng_nlp.files import write_file
from xiacheng_nlp.publish.catalogue import contents, drawing
from xiacheng_nlp.publish.study import Study
from xiacheng_nlp.report.report import load_report


def quick_pdfs() -> AbstractContextManager[None]:
    """Inside it PDFs of the same bytes take less time, as in a run."""
    words = packaged("figures/labels.tsv").read_text(encoding="utf-8")
    return many_pdfs(small_fonts([load_report().text, words]))


def save(
    id: str, study: Study, folder: Path, *, langs: Sequence[str] = ("zh",), **look: Any
) -> list[Path]:
    made = drawing(id, study)
    files = {}
    for lang in langs:
        files |= contents(id, study, made, lang=lang, **look)
    for name, data in files.items():
        write_file(folder / name, data)
    return [folder / name for name in files]
