"""Run the notebooks on the seed report from top to bottom and write them back: python
tools/refresh_notebooks.py [NAME ...].

Without names the pictures of the READMEs are drawn anew too.
"""

import re
import sys
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from xiacheng_nlp.figures.style import Lang
from xiacheng_nlp.publish.catalogue import contents, drawing
from xiacheng_nlp.publish.kernels import execute
from xiacheng_nlp.publish.notebooks import LANG_VARIABLE, prepared
from xiacheng_nlp.publish.study import Study
from xiacheng_nlp.report.report import load_report

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"


def main(names: list[str]) -> None:
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        if not names or any(name in path.name for name in names):
            node = prepared(path, lang="en")
            path.write_bytes(execute(node, name=path.name, environment={LANG_VARIABLE: "en"}))
            print(path.name)
    if not names:
        study = Study(load_report())
        for path in sorted((NOTEBOOKS / "images").glob("fig-*.png")):
            id, lang = re.sub("-(?:zh|en)$", "", path.stem), cast(Lang, path.stem[-2:])
            path.write_bytes(contents(id, study, drawing(id, study), lang=lang)[path.name])
            print(path.name)


if __name__ == "__main__":
    # What a notebook writes, such as a sheet for coding, is not to stay.
    with TemporaryDirectory() as folder, chdir(folder):
        main(sys.argv[1:])
