"""Imports go one way, and the package loads nothing that a command does not need."""

import ast
import graphlib
import subprocess
import sys
from pathlib import Path

import pytest

import xiacheng_nlp

HOME = Path(xiacheng_nlp.__file__).parent

ALLOWED = {
    # What each group of modules may import of the others.
    "text": set(),
    "nodes": set(),
    "bundle": set(),
    "files": set(),
    "names": set(),
    "lexicon": {"text"},
    "figures": {"files", "names", "text", "provenance"},
    "readers": {"text", "nodes"},
    "report": {"text", "nodes", "bundle", "lexicon", "readers"},
    "sources": {"text", "report", "readers"},
    "provenance": set(),
    "quantities": {"text", "lexicon"},
    "indicators": {"text", "lexicon", "nodes", "report", "quantities"},
    "segmentation": {"text", "lexicon", "nodes", "report", "quantities", "bundle"},
    "terms": {"text", "lexicon", "nodes", "report", "segmentation"},
    "themes": {"text", "lexicon", "nodes", "report", "segmentation", "terms", "bundle", "files"},
    "contents": {"text", "nodes", "report"},
    "places": {"report"},
    "claims": {"bundle", "constructed"},
    "english": {"bundle", "lexicon", "report", "quantities"},
    "numbers": {"files", "lexicon", "report", "indicators"},
    "constructed": {"bundle", "lexicon", "nodes", "report"},
    "panel": {"report", "sources", "places", "constructed", "tables_of_reports", "indicators", "terms", "themes"},
    "tables_of_reports": {"files", "report", "places", "contents", "indicators", "segmentation", "terms", "themes"},
    "validation": {"bundle", "lexicon", "report", "text", "segmentation", "indicators", "themes"},
    "study": {"report", "english", "segmentation", "terms", "themes", "indicators", "panel"},
    "tables": set(),
    "gallery": {"names", "text", "nodes", "report", "indicators", "figures", "citation"},
}
GROUPS = {
    "readers": {"readers", "kinds", "archives", "html_text", "docx_text", "pdf_text"},
    "report": {"report", "blocks", "copies", "metadata", "structure"},
    "quantities": {"quantities", "amounts", "han", "numerals", "ordinals", "units"},
    "indicators": {
        *("observations", "binding", "changes", "clauses", "context", "growths", "levels", "proportions", "qualifiers", "ranks"),
        *("readings", "shares"),
        *("accounts", "arithmetic", "comparison", "evaluation", "headlines", "summary"),
    },
    "segmentation": {"segmentation", "learning", "evidence"},
    "terms": {"terms", "word_lists", "contingency", "cooccurrence", "distribution", "frequency", "stability"},
    "themes": {
        *("themes", "codebook", "coding", "agreement", "coefficients", "hand_coding", "supervised"),
        *("coded_rows", "agenda", "instruments", "conetwork", "topics"),
    },
    "contents": {"contents", "shape"},
    "panel": {"panel", "panels"},
    "validation": {"validation", "baselines"},
    "tables_of_reports": {"report_tables"},
}
TOP = {"catalogue", "corpora", "pools", "locks", "run", "lab", "cli", "__main__", "citation", "verification"}
GROUP_OF = {name: group for group, names in GROUPS.items() for name in names}


def group_of(name: str) -> str:
    return "figures" if name.startswith("figure") else GROUP_OF.get(name, name)


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "xiacheng_nlp":
            inner = node.module.split(".")[1:2]
            names |= set(inner) or {alias.name for alias in node.names if alias.name != "__version__"}
        elif isinstance(node, ast.Import):
            names |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("xiacheng_nlp.")}
    return names


MODULES = {path.stem: imported(path) for path in sorted(HOME.glob("*.py")) if path.stem != "__init__"}


def test_no_module_imports_itself_by_way_of_others() -> None:
    graphlib.TopologicalSorter(MODULES).prepare()


@pytest.mark.parametrize("name", MODULES)
def test_imports_go_one_way(name: str) -> None:
    if name in TOP:
        return
    own = group_of(name)
    assert own in ALLOWED, f"say in this test what {name} may import"
    assert {group_of(other) for other in MODULES[name]} - {own} <= ALLOWED[own]


def loaded(code: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", code + "; import sys; print(*sys.modules)"], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in done.stdout.split()}


HEAVY = {
    *("pandas", "numpy", "matplotlib", "jieba", "rjieba", "scipy", "networkx", "wordcloud", "sklearn", "ahocorasick_rs"),
    *("lxml", "docx", "pypdf", "itables", "jinja2", "PIL"),
}


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert not loaded("import xiacheng_nlp") & HEAVY


def test_the_outline_loads_nothing_heavy() -> None:
    assert not loaded("import os; from xiacheng_nlp.cli import main; main(['outline', '-o', os.devnull])") & HEAVY


def test_every_public_name_is_there() -> None:
    for name in xiacheng_nlp.__all__:
        assert getattr(xiacheng_nlp, name) is not None


def test_no_module_hides_the_function_of_its_name() -> None:
    hidden = {name for name, home in xiacheng_nlp._HOMES.items() if home != name and (HOME / f"{name}.py").exists()}
    hidden |= {name for name, home in xiacheng_nlp._HOMES.items() if home == name and hasattr(getattr(xiacheng_nlp, name), name)}
    assert not hidden


def test_a_name_that_is_not_there_is_said() -> None:
    with pytest.raises(AttributeError, match="no attribute 'keynes'"):
        _ = xiacheng_nlp.keynes
