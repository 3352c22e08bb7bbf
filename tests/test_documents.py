"""What the documents say is true: the code in the READMEs runs, every command stands there, both
READMEs hold the same code."""

import doctest
import importlib.util
import inspect
import json
import re
import tomllib
import types
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

import xiacheng_nlp as xc
from xiacheng_nlp import __version__
from xiacheng_nlp.cli import _parser
from xiacheng_nlp.publish.catalogue import FIGURES, contents, drawing
from xiacheng_nlp.publish.differences import of_pixels
from xiacheng_nlp.publish.study import Study
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.statistics import share_of, wilson
from xiacheng_nlp.validation import tables as validation

ROOT = Path(__file__).resolve().parent.parent
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
each_readme = pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
PAGES = ROOT / "docs" / "pages"


def commands() -> list[str]:
    actions = [
        action for action in _parser()._actions if action.choices and "outline" in action.choices
    ]
    return list(actions[0].choices or ())


@each_readme
def test_the_code_runs_as_shown(path: Path) -> None:
    results = doctest.testfile(
        str(path), module_relative=False, encoding="utf-8", optionflags=doctest.NORMALIZE_WHITESPACE
    )
    assert results.attempted >= 4
    assert results.failed == 0


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(PAGES.glob("**/*.md")) if ">>>" in path.read_text(encoding="utf-8")],
    ids=lambda path: path.name,
)
def test_the_code_of_the_pages_runs_as_shown(path: Path, seed: Report) -> None:
    # A page goes on from the code of the README that it takes in.
    names = {"xc": xc, "report": seed}
    results = doctest.testfile(
        str(path),
        module_relative=False,
        encoding="utf-8",
        optionflags=doctest.NORMALIZE_WHITESPACE,
        globs=names,
    )
    assert results.failed == 0


@each_readme
def test_every_command_is_listed(path: Path) -> None:
    listed = set(re.findall(r"^\| `([a-z]+)", path.read_text(encoding="utf-8"), re.MULTILINE))
    assert listed == set(commands())


@each_readme
def test_every_notebook_is_listed(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
        assert f"`{notebook.stem}`" in text


@each_readme
@pytest.mark.parametrize("told", ["dask scheduler --host 127.0.0.1 --no-dashboard", "--tls-key"])
def test_how_to_start_a_cluster_that_lets_nobody_in_is_said(path: Path, told: str) -> None:
    assert told in path.read_text(encoding="utf-8")


def test_the_first_two_commands_are_the_same_in_both() -> None:
    first = [
        re.search(r"```sh\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)
        for path in READMES
    ]
    assert {match[1] for match in first if match} == {"python3 run.py\npython3 run.py test\n"}


def test_the_version_is_said_once() -> None:
    assert f'version = "{__version__}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert __version__ in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_data_file_is_described_with_its_columns_and_rows() -> None:
    data = ROOT / "xiacheng_nlp" / "data"
    lines = (data / "README.md").read_text(encoding="utf-8").splitlines()
    described = {
        m[1]: (m[2], m[3])
        for line in lines
        if (m := re.match(r"\| `(\w+/\w+\.tsv)` \| ([\d,]+) \| ([^|]*) \|", line))
    }
    counted = {}
    for path in sorted(set(data.rglob("*.tsv")) - set(data.glob("gold/**/*.tsv"))):
        rows = [
            line
            for line in path.read_text(encoding="utf-8").splitlines()
            if line.strip() and not line.startswith("#")
        ]
        counted[path.relative_to(data).as_posix()] = (
            f"{len(rows) - 1:,}",
            ", ".join(rows[0].split("\t")),
        )
    assert described == counted


def test_the_version_is_that_of_the_citation_too() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["version"] == __version__
    assert re.search(
        rf"^## {re.escape(__version__)}$",
        (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )


def test_the_readmes_count_the_themes() -> None:
    themes = len(xc.load_codebook().themes)
    for path, told in zip(
        READMES, (f"up to three of {themes} themes", f"{themes} 个主题"), strict=True
    ):
        assert told in path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def scores() -> dict[tuple[str, str], dict[Hashable, Any]]:
    rows = validation.accuracy().to_dict("records")
    return {(row["task"], row["system"]): row for row in rows}


@each_readme
def test_the_table_of_accuracy_is_that_of_the_notebook(
    path: Path, scores: dict[tuple[str, str], dict[Hashable, Any]]
) -> None:
    rows = re.findall(
        r"^\| [^|]+ \| (?:F1|recall|accuracy|召回率|正确率) \| ([\d.]+) "
        r"\(([\d.]+)–([\d.]+)\) \| \D+?([\d.]+) \|$",
        path.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    tasks = ("words", "terms", "quantities", "records", "themes", "codes", "instrument")
    assert len(rows) == len(tasks)
    for task, stated in zip(tasks, rows, strict=True):
        package = scores[task, "package"]
        beside = next(
            row
            for (of, system), row in scores.items()
            if of == task and system in validation.SYSTEMS[3:]
        )
        computed = [package["value"], package["low"], package["high"], beside["value"]]
        assert list(stated) == [f"{100 * value:.1f}" for value in computed], task
    text = path.read_text(encoding="utf-8")
    for task in ("words", "terms"):
        assert f"{100 * scores[task, validation.SYSTEMS[1]]['value']:.1f}" in text
    beside = (PAGES / "neighbours.md").read_text(encoding="utf-8")
    assert f"| `xiacheng_nlp` | {rows[0][0]} |" in beside
    halves = validation.segmented_reports()
    of = halves[halves["half"] == "totals only"].set_index("system")[["f1", "terms_share"]] * 100
    for system, pair in of.iterrows():
        named = system.replace("package", "`xiacheng_nlp`")
        assert re.search("\\| {}[^|]* \\| {:.1f} \\| {:.1f} \\|".format(named, *pair), beside)
        # The README tells of rjieba elsewhere: it is jieba, but for a word in a thousand.
        assert system == "rjieba" or re.search("{:.1f}\\D{{3,7}}{:.1f}".format(*pair), text), system


KINDS = {
    "development": ("looked at", "查看过错误"),
    "totals only": ("totals only", "只看总分"),
    "held out": ("held out", "从未查看"),
}


def scores_elsewhere(lang: int) -> Iterator[str]:
    """The rows of the READMEs' table of scores on other reports, from the data file."""
    table = validation.development()
    for kind, names in KINDS.items():
        of = table[table["kind"] == kind]
        f1 = {}
        for (task, system), rows in of.groupby(["task", "system"]):
            sums = rows[["right", "predicted", "expected"]].sum()
            f1[task, system] = 200 * sums["right"] / (sums["predicted"] + sums["expected"])
        records = of[(of["task"] == "records") & (of["system"] == "package")]
        cells = [names[lang], len(records), records["expected"].sum()]
        cells += [f"{f1[task, 'package']:.1f}" for task in ("quantities", "indicators", "records")]
        yield f"| {' | '.join(map(str, cells))} | {f1['records', 'pattern']:.1f} |"


@each_readme
def test_the_scores_on_other_reports_are_those_of_the_data_file(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for row in scores_elsewhere(int(path.name.endswith("zh-CN.md"))):
        assert row in text
    coder = validation.trained_coder().iloc[0]
    assert f"{coder['sentences']:,}" in text
    for column in ("main", "instrument", "phrases_main", "phrases_instrument"):
        assert f"{100 * coder[column]:.1f}" in text
    table = validation.development()
    read = table["report"].isin(re.findall(r"[a-z]+-\d{4}", text))
    fewer = table[(table["kind"] == "totals only") & (table["system"] == "package") & ~read]
    sums = fewer.groupby("task")[["right", "predicted", "expected"]].sum()
    f1 = 200 * sums["right"] / (sums["predicted"] + sums["expected"])
    told = [f"{f1[task]:.1f}" for task in ("quantities", "indicators", "records")]
    assert re.search(r"\D{1,5}".join(told), text)
    drawn = table[(table["kind"] == "totals only") & (table["system"] == "package")]
    for task in ("quantities", "indicators", "records"):
        rows = drawn[drawn["task"] == task]
        over, of = 2 * rows["right"], rows["predicted"] + rows["expected"]
        _, low, high = share_of(over.to_numpy(), of.to_numpy())
        assert re.search(rf"{100 * low:.1f}\D{{1,5}}{100 * high:.1f}\D", text), (task, low, high)
    held_out = table[(table["kind"] == "held out") & (table["system"] == "package")]
    for task in ("themes", "instrument"):
        rows = held_out[held_out["task"] == task]
        assert f"{100 * rows['right'].sum() / rows['expected'].sum():.1f}" in text
        assert str(rows["expected"].sum()) in text
        ends = (100 * float(end) for end in wilson(rows["right"].sum(), rows["expected"].sum()))
        assert re.search(r"\D{1,5}".join(f"{end:.1f}" for end in ends), text)


def test_the_picture_of_the_readme_is_the_figure(seed: Report) -> None:
    study = Study(seed)
    for path, lang in zip(READMES, ("en", "zh"), strict=True):
        (shown,) = re.findall(r"!\[[^]]*\]\(([^)]+)\)", path.read_text(encoding="utf-8"))
        id = re.sub(f"-{lang}$", "", Path(shown).stem)
        made = contents(id, study, drawing(id, study), lang=lang)  # type: ignore[arg-type]
        # To the pixel: the stamp in it has the version of the rules, which change more often.
        assert not of_pixels((ROOT / shown).read_bytes(), made[Path(shown).name])


@each_readme
def test_links_and_figures_that_are_named_are_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (ROOT / link).exists(), link
    assert set(re.findall(r"\bfig-[a-z-]+[a-z]", text)) - {
        "fig-actual-vs-target-en",
        "fig-actual-vs-target-zh",
    } <= set(FIGURES)


def test_the_pages_of_both_languages_are_the_same() -> None:
    """But for those that README and CONTRIBUTING are in English."""
    names = [{path.name for path in folder.glob("*.md")} for folder in (PAGES, PAGES / "zh")]
    assert names[1] - names[0] == {"developers.md", "gold.md", "security.md"}
    assert names[0] <= names[1]


@pytest.mark.parametrize("name", [("CONTRIBUTING.md", "developers"), ("SECURITY.md", "security")])
def test_a_translation_names_the_same_files_and_commands(name: tuple[str, str]) -> None:
    pages = (ROOT / name[0], PAGES / "zh" / f"{name[1]}.md")
    named = [set(re.findall(r"`([^`\n]+)`", page.read_text(encoding="utf-8"))) for page in pages]
    assert named[0] ^ named[1] == set()


@pytest.fixture(scope="module")
def pages() -> Any:
    spec = importlib.util.spec_from_file_location("make_pages", ROOT / "docs" / "make_pages.py")
    assert spec is not None
    assert spec.loader is not None
    pages = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(pages)
    return pages


def test_the_generated_pages_are_told_in_chinese(pages: Any) -> None:
    wanted = set(pages.told_in_chinese())
    assert sorted(wanted - set(pages.CHINESE)) == [], "rows that docs/chinese.tsv lacks"
    assert sorted(set(pages.CHINESE) - wanted) == [], "rows of docs/chinese.tsv for what is gone"
    rules = {name for kind, name in wanted if kind == "rule"}
    assert set(pages.CALLED) == rules


def test_a_page_of_functions_tells_no_place_in_memory(pages: Any) -> None:
    told = pages.reference("figures")
    assert "function report_structure" in told
    assert "0x" not in told


def test_a_signature_has_an_option_a_line(pages: Any) -> None:
    blocks = re.findall(r"```python\n(.*?)```", pages.measures("en"), re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()[1:]]
    assert len(lines) > 100
    assert [line for line in lines if line.count("[") != line.count("]")] == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_of_columns_says_of_what(pages: Any, lang: str) -> None:
    text = pages.columns(lang)
    assert text.index("numbers.xlsx") < text.index("\n## ")
    assert "(measures.md)" in text


def test_the_chinese_of_a_measure_names_the_same_columns_options_and_values(pages: Any) -> None:
    lacking = []
    for module in pages.MEASURES:
        for key, function in pages.functions(module):
            english = str(inspect.getdoc(function)).partition(">>>")[0]
            chinese = pages.CHINESE["measure", f"{module}.{key}"]
            named = re.findall(r"`([a-z_]+)`", english)
            for values in re.findall(r"\b(?:match|promise|verdict) \(([^()]+)\)", english):
                # What is said behind a value, of when it holds, is in Chinese there.
                held = re.split(r" where | by |:", " ".join(values.split()))[0]
                named += held.split(", ")
            lacking += [(key, one) for one in named if one.rstrip(",") not in chinese]
    assert lacking == []


def test_the_errors_of_the_pages_are_those_of_the_package() -> None:
    package = ROOT / "xiacheng_nlp"
    said = [*package.rglob("*.py"), package / "data" / "readers" / "refused.tsv"]
    code = "".join(path.read_text("utf-8") for path in said)
    code = re.sub(r'"\s+f?"', "", code)
    for folder in (PAGES, PAGES / "zh"):
        _, _, told = (folder / "own-report.md").read_text(encoding="utf-8").partition("|---|")
        messages = re.findall(r"^\| ([^|]+?)(?: …)? \|", told, re.MULTILINE)
        assert len(messages) == 12
        assert [message for message in messages if message not in code] == []


def test_the_comparison_has_the_same_figures_in_both_languages() -> None:
    rows = [
        re.findall(r"(?<=\| )[\d.]+(?= \|)", (folder / "neighbours.md").read_text("utf-8"))
        for folder in (PAGES, PAGES / "zh")
    ]
    assert rows[0] == rows[1]
    assert len(rows[0]) > 20


def test_the_paper_cites_what_its_bibliography_has() -> None:
    folder = ROOT / "docs" / "paper"
    cited = re.findall(r"@([a-z]+)\]", (folder / "paper.md").read_text(encoding="utf-8"))
    listed = re.findall(r"^@\w+\{(\w+),", (folder / "paper.bib").read_text("utf-8"), re.MULTILINE)
    checked = re.findall(
        r"`([a-z]+)`(?=[^|]*\|[^|]+\|$)", (folder / "README.md").read_text("utf-8"), re.M
    )
    assert sorted(cited) == sorted(listed) == sorted(checked)


def test_the_templates_take_what_a_run_writes(seed: Report) -> None:
    folder = ROOT / "docs" / "paper"
    ids = {o.id for o in xc.indicators(seed)}
    for name in ("template.tex", "template.qmd", "template.md"):
        text = (folder / name).read_text(encoding="utf-8")
        assert set(re.findall(r"[0-9a-f]{12}-\d+-\d+", text)) <= ids
        assert set(re.findall(r"(fig-[a-z-]+)-en", text)) <= set(FIGURES)


def public() -> Iterator[tuple[str, Any]]:
    """The public names: those of the package, and those of the modules among them."""
    for name in xc.__all__:
        found = getattr(xc, name)
        if not isinstance(found, types.ModuleType):
            yield name, found
            continue
        own = [
            key
            for key, value in vars(found).items()
            if not key.startswith("_") and getattr(value, "__module__", "") == found.__name__
        ]
        for key in getattr(found, "__all__", own):
            yield f"{name}.{key}", getattr(found, key)


@pytest.mark.parametrize(("name", "found"), list(public()), ids=[name for name, _ in public()])
def test_every_public_name_is_documented(name: str, found: Any) -> None:
    if not callable(found):
        return
    text = inspect.getdoc(found) or ""
    assert text, name
    if inspect.isfunction(found):
        assert ">>>" in text, f"{name} has no doctest"


@each_readme
def test_every_dependency_stands_in_the_readme_with_its_reason(path: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = [*project["dependencies"]]
    for extra in ("readers", "tables", "corpus", "boundaries"):
        asked += extras[extra]
    text = path.read_text(encoding="utf-8")
    told = re.findall(r"^\| ([a-z0-9, 、-]+) \| \S", text, re.MULTILINE)
    names = {name for cell in told for name in re.split(", |、", cell)}
    assert {re.split(r"[\[>=]", one)[0] for one in asked} <= names


def tables(seed: Report) -> Iterator[tuple[Any, pd.DataFrame]]:
    """The tables of the notebooks, each with the function that makes it."""
    tokens, coded, observations = xc.tokenize(seed), xc.code_themes(seed), xc.indicators(seed)
    panel = xc.load_panel()
    yield xc.tokenize, tokens
    yield xc.observation_table, xc.observation_table(observations)
    yield xc.code_themes, coded
    yield xc.actual_vs_target, xc.actual_vs_target(observations)
    yield xc.audit, xc.audit(observations)
    for name in ("growth_rates", "promises", "ranks"):
        yield getattr(xc.summary, name), getattr(xc.summary, name)(observations)
    yield xc.summary.commitments, xc.summary.commitments(observations, seed)
    for name in ("particulars", "copies", "parts", "sections", "glossary", "notes"):
        yield getattr(xc.shape, name), getattr(xc.shape, name)(seed)
    for name in ("term_frequency", "zipf", "heaps", "diversity", "dispersion"):
        yield getattr(xc.terms, name), getattr(xc.terms, name)(tokens)
    yield xc.terms.keyness, xc.terms.keyness(tokens, target="plan", reference="review")
    yield xc.terms.collocations, xc.terms.collocations(tokens, ["发展"])
    yield xc.terms.concordance, xc.terms.concordance(tokens, "发展")
    for name in ("attention", "attention_shift", "theme_by_instrument", "instrument_phrases"):
        yield getattr(xc.themes, name), getattr(xc.themes, name)(coded)
    yield xc.themes.commitments_by_theme, xc.themes.commitments_by_theme(coded, observations)
    kept = xc.panel.kept_promises(panel)
    yield xc.panel.kept_promises, kept
    yield xc.panel.kept_by, xc.panel.kept_by(kept)
    yield xc.panel.aligned, xc.panel.aligned(panel)
    yield xc.panel.series, xc.panel.series(panel, "地区生产总值")
    yield xc.panel.attention_by, xc.panel.attention_by(panel)
    for name in ("accuracy", "by_construction", "mistakes", "development"):
        yield getattr(validation, name), getattr(validation, name)()


def test_every_column_is_documented_where_it_is_made(seed: Report) -> None:
    lacking = []
    for function, table in tables(seed):
        text = inspect.getdoc(function) or ""
        lacking += [
            f"{function.__name__}: {column}"
            for column in table.columns
            if not re.search(rf"(?<!\w){re.escape(column)}(?!\w)", text)
        ]
    assert lacking == []


def test_the_gold_standards_are_as_many_as_their_readme_says() -> None:
    folder = ROOT / "xiacheng_nlp" / "data" / "gold"
    text = (folder / "README.md").read_text(encoding="utf-8")
    described = {
        name: int(count)
        for name, count in re.findall(r"^\| `([\w.-]+)` \| (\d+) \|", text, re.MULTILINE)
    }
    counted = {}
    for path in (path for path in folder.iterdir() if path.is_file() and path.suffix != ".md"):
        lines = [
            line
            for line in path.read_text(encoding="utf-8").splitlines()
            if line.strip() and not line.startswith("#")
        ]
        header = path.suffix == ".tsv"
        counted[path.name] = (
            len(json.loads(path.read_text(encoding="utf-8")))
            if path.suffix == ".json"
            else len(lines) - header
        )
    assert described == counted
