"""Run the notebooks on the seed report from top to bottom and write them back: python tools/refresh_notebooks.py [NAME ...]."""

import sys
from pathlib import Path

import nbformat

from xiacheng_nlp.run import execute

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"


def main(names: list[str]) -> None:
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        if not names or any(name in path.name for name in names):
            path.write_bytes(execute(nbformat.read(path, as_version=4), name=path.name, environment={}))
            print(path.name)


if __name__ == "__main__":
    main(sys.argv[1:])
