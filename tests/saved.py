"""Figures of a report, written as a run writes them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xiacheng_nlp.files import write_file
from xiacheng_nlp.publish.catalogue import contents, drawing
from xiacheng_nlp.publish.study import Study


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
