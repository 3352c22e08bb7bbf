"""Where a package that is asked for seldom is missing, the rest works, and one line says what is
missing."""

import subprocess
import sys
from pathlib import Path

import pytest

SELDOM = (
    *("IPython", "itables", "jieba", "jupyter_client", "jupyterlab", "lxml", "docx", "matplotlib"),
    *("nbclient", "nbformat", "networkx", "pyarrow", "pypdf", "dask", "sklearn", "icu4py"),
    *("wordcloud", "xlsxwriter", "openpyxl", "jinja2", "anywidget"),
)
WITHOUT = f"""
import sys
for name in {SELDOM!r}:
    sys.modules[name] = None
"""


def run(code: str, *words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", WITHOUT + code, *words]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, cwd=folder)


@pytest.mark.parametrize("word", ["outline", "quantities", "indicators", "tokens", "themes"])
def test_the_tables_need_none_of_them(word: str, tmp_path: Path) -> None:
    code = "from xiacheng_nlp.cli import main; sys.exit(main())"
    done = run(code, word, "-o", "made", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "made").stat().st_size > 3000


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "-o", "out"), "matplotlib, which is not installed here; pip install xiacheng-nlp"),
        (("figure", "fig-word-cloud"), "matplotlib, which is not installed here; pip install"),
        (
            ("corpus", ".", "-o", "data"),
            "pyarrow, which is not installed here; pip install xiacheng-nlp",
        ),
        (("tokens", "-o", "t.xlsx"), "xlsxwriter, which is not installed here; pip install"),
        (("lab",), "jupyterlab, which is not installed here; pip install"),
        (("tokens", "--engine", "jieba"), "jieba, which is not installed here; pip install"),
    ],
)
def test_what_is_missing_is_one_line(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    done = run("from xiacheng_nlp.cli import main; sys.exit(main())", *words, folder=tmp_path)
    assert done.returncode == 1
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_kernels_begin_where_a_package_is_missing() -> None:
    code = WITHOUT.replace(repr(SELDOM), "('wordcloud',)")
    code += "from xiacheng_nlp.publish.nursery import serve; import os\n"
    code += "serve(os.open(os.devnull, os.O_RDWR))"
    done = subprocess.run(
        [sys.executable, "-c", code], stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
