"""Imports go one way, and the package loads nothing that a command does not need."""

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

import xiacheng_nlp
from xiacheng_nlp.figures.texts import TEXTS, name_of

HOME = Path(xiacheng_nlp.__file__).parent

ORDER = (
    *(
        "_version",
        "lazy",
        "errors",
        "files",
        "patterns",
        "text",
        "resources",
        "datafiles",
        "statistics",
    ),
    *(
        "numbers",
        "readers",
        "report",
        "observations",
        "words",
        "terms",
        "themes",
        "validation",
        "checking",
    ),
    *("corpora", "figures", "notebook", "publish", "cli", "__main__"),
)
"""The rooms and modules of the house: each imports from what stands before it."""


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "xiacheng_nlp":
            names |= {f"{node.module}.{alias.name}".split(".")[1] for alias in node.names}
    return names


@pytest.mark.parametrize(
    "path", sorted(HOME.rglob("*.py")), ids=lambda path: path.relative_to(HOME).as_posix()
)
def test_imports_go_one_way(path: Path) -> None:
    own = path.relative_to(HOME).parts[0].removesuffix(".py")
    if own != "__init__":
        assert {name for name in imported(path) if ORDER.index(name) > ORDER.index(own)} == set()


def loaded(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", code + "; import sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return {name.split(".")[0] for name in done.stdout.split()}


HEAVY = {
    *(
        "pandas",
        "numpy",
        "matplotlib",
        "jieba",
        "rjieba",
        "scipy",
        "networkx",
        "wordcloud",
        "sklearn",
        "ahocorasick_rs",
    ),
    *("lxml", "docx", "pypdf", "itables", "jinja2", "PIL"),
}


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert not loaded("import xiacheng_nlp") & HEAVY


def test_the_outline_loads_nothing_heavy() -> None:
    assert (
        not loaded(
            "import os; from xiacheng_nlp.cli import main; main(['outline', '-o', os.devnull])"
        )
        & HEAVY
    )


@pytest.mark.parametrize("room", ["", ".terms", ".themes", ".figures", ".validation"])
def test_every_public_name_is_what_the_stub_says(room: str) -> None:
    package = importlib.import_module(f"xiacheng_nlp{room}")
    stub = Path(package.__file__ or "").with_suffix(".pyi").read_text(encoding="utf-8")
    lines = [line for line in stub.splitlines() if not line.startswith("#")]
    named = {line.split()[5] for line in lines if " as " in line}
    of_modules = set(map(name_of, TEXTS)) if room == ".figures" else set()
    assert len(named) + sum(line.endswith(" import *") for line in lines) == len(lines)
    assert set(package.__all__) == named | of_modules
    for name in package.__all__:
        found = getattr(package, name)
        assert getattr(found, "__name__", name).rpartition(".")[2] in (name, "tables", "ThemeError")


def test_a_name_that_is_not_there_is_said() -> None:
    with pytest.raises(AttributeError, match="no attribute 'keynes'"):
        _ = xiacheng_nlp.keynes


def test_python_bytes_are_read_as_parquet_by_the_calling_thread() -> None:
    reading = re.compile(r"\bpq\.(?:ParquetFile|read_table)\(.*")
    lines = [
        line
        for path in Path(xiacheng_nlp.__file__).parent.rglob("*.py")
        for line in reading.findall(path.read_text(encoding="utf-8"))
    ]
    assert lines
    assert all("pre_buffer=False" in line for line in lines)
