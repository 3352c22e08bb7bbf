"""The pages of the site that are made of what the project holds: its READMEs, its data files, the
docstrings of its functions and its notebooks. MkDocs calls what is named `on_…`.

A page takes in a section of a README by the line `<!-- README.md: HEADING -->`: a fact is told
once.
"""

import html
import inspect
import json
import posixpath
import re
import tempfile
import types
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lxml import html as markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

import xiacheng_nlp as xc
from xiacheng_nlp.observations.observation import indicators
from xiacheng_nlp.observations.sentences import RULES
from xiacheng_nlp.publish.run import run
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.validation import tables as validation

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "xiacheng_nlp" / "data"
TAKEN = {
    "CONTRIBUTING.md": "developers.md",
    "CHANGELOG.md": "changelog.md",
    "SECURITY.md": "security.md",
    "xiacheng_nlp/data/README.md": "data.md",
    "xiacheng_nlp/data/gold/README.md": "gold.md",
    "README.md": "index.md",
    "docs/pages/neighbours.md": "neighbours.md",
    "README.zh-CN.md": "zh/index.md",
    "notebooks/images/fig-actual-vs-target-en.png": "assets/fig-actual-vs-target-en.png",
    "notebooks/images/fig-actual-vs-target-zh.png": "assets/fig-actual-vs-target-zh.png",
}
"""Files of the project that are pages or pictures of the site; a link to another is only text."""

ROOMS: Mapping[str, tuple[str, str]] = {
    "xiacheng_nlp": ("xc", "The package"),
    "shape": ("xc.shape", "Structure of a report"),
    "summary": ("xc.summary", "Summaries of numbers"),
    "terms": ("xc.terms", "Words"),
    "themes": ("xc.themes", "Themes and instruments"),
    "panel": ("xc.panel", "Reports side by side"),
    "figures": ("xc.figures", "Figures"),
    "validation": ("xc.validation", "Accuracy"),
}
MEASURES = (
    *("terms.frequency", "terms.contingency", "terms.distribution", "terms.cooccurrence"),
    *("terms.stability", "themes.coefficients", "themes.agreement", "themes.shares"),
    *("themes.instruments", "themes.network", "themes.topics", "observations.comparison"),
    *("observations.audit", "corpora.panel", "validation.scores", "statistics"),
)
"""The modules whose functions are measures."""

Row = Sequence[object]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the pages that are made."""
    made: dict[str, str | bytes] = {
        "columns.md": columns("english"),
        "zh/columns.md": columns("chinese"),
        "codebook.md": codebook(),
        "grammar.md": grammar(),
        "measures.md": measures(),
        **{f"reference/{room}.md": reference(room) for room in ROOMS},
    }
    for name, page in TAKEN.items():
        if not files.get_file_from_path(page):
            path = ROOT / name
            text = path.suffix == ".md"
            made[page] = linked(path.read_text("utf-8"), page, name) if text else path.read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        # Those that the project keeps ran in English.
        run(output=folder, langs=("zh",))
        for home, kept in (("", ROOT), ("zh/", Path(folder))):
            for path in sorted((kept / "notebooks").glob("*.ipynb")):
                page = notebook(json.loads(path.read_text("utf-8")))
                made[f"{home}notebooks/{path.stem}.md"] = page
    for name, content in made.items():
        files.append(File.generated(config, name, content=content))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Takes the sections of READMEs in, and the tables that are computed."""
    here = page.file.src_uri

    def taken(found: re.Match[str]) -> str:
        return linked(section(found[1], found[2]), here, found[1])

    text = re.sub(r"<!-- (README\S*\.md): (.+) -->", taken, markdown)
    return re.sub(r"<!-- table: (\w+) -->", lambda found: TABLES[found[1]](), text)


def on_post_build(config: MkDocsConfig) -> None:
    """Fails where a link of the site leads nowhere and where a public name is on no page."""
    site = Path(config.site_dir)
    anchors: dict[Path, set[str]] = {}
    links: list[tuple[Path, str]] = []
    for path in site.rglob("*.html"):
        tree = markup.fromstring(path.read_bytes())
        anchors[path] = {str(id) for id in tree.xpath("//@id | //a/@name")}
        links += [(path, str(link)) for link in tree.xpath("//@href | //@src")]
    broken = [
        f"{path.relative_to(site)}: {link}" for path, link in links if lost(path, link, anchors)
    ]
    shown = set().union(*anchors.values())
    lacking = [name for name, _ in public() if name not in shown]
    if broken or lacking:
        raise PluginError("\n".join(["links or names without a page:", *broken, *lacking]))


def lost(page: Path, link: str, anchors: Mapping[Path, set[str]]) -> bool:
    """Whether a link within the site leads nowhere; the page of a missing address has its own."""
    if re.match(r"[a-z]+:|//", link) or page.name == "404.html":
        return False
    name, _, anchor = unquote(link).partition("#")
    target = (page.parent / name.partition("?")[0]).resolve() if name else page
    target = target / "index.html" if target.is_dir() else target
    return not target.exists() or bool(
        anchor and target in anchors and anchor not in anchors[target] | {"__codelineno", "_"}
    )


def section(readme: str, heading: str) -> str:
    """What a README says under a heading."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(heading)}\n+(.*?)(?=^## |\Z)", text, re.M | re.S)
    if found is None:
        raise PluginError(f"{readme} has no section {heading!r}")
    return found[1]


def linked(text: str, page: str, source: str) -> str:
    """The text with its links to files of the project made links to pages; others are only text."""

    def leads(found: re.Match[str]) -> str:
        mark, said, link = found.groups()
        if re.match(r"[a-z]+:|#", link):
            return found[0]
        name, _, anchor = link.partition("#")
        held = posixpath.normpath(posixpath.join(posixpath.dirname(source), name))
        if held not in TAKEN:
            return said
        there = posixpath.relpath(TAKEN[held], posixpath.dirname(page) or ".")
        return f"{mark}[{said}]({there}{'#' + anchor if anchor else ''})"

    return re.sub(r"(!?)\[([^\]]*)\]\(([^)]+)\)", leads, text)


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a data file, by the names in its header."""
    lines = [line.split("\t") for line in path.read_text("utf-8").splitlines() if line.strip()]
    head, *rows = [cells for cells in lines if not cells[0].startswith("#")]
    return [dict(zip(head, [*cells, *[""] * len(head)], strict=False)) for cells in rows]


def table(head: Row, rows: Sequence[Row]) -> str:
    """A table of Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    cells = [[str(cell).replace("|", "\\|").replace("\n", " ") for cell in row] for row in lines]
    return "".join(f"| {' | '.join(row)} |\n" for row in cells)


def columns(lang: str) -> str:
    """What each column of the tables holds, sheet by sheet."""
    words = {
        "english": ("What every column means", "header", "column", "what it holds"),
        "chinese": ("各列的含义", "列名", "列", "内容"),
    }[lang]
    sheets = defaultdict(list)
    for row in rows_of(DATA / "publish/columns.tsv"):
        sheets[row["sheet"]].append((row["header"], f"`{row['column']}`", row[lang]))
    text = f"# {words[0]}\n\n" + "".join(
        f"## {sheet}\n\n{table(words[1:], rows)}\n" for sheet, rows in sheets.items()
    )
    if lang == "chinese":
        return text
    kinds = defaultdict(list)
    for row in rows_of(DATA / "corpora/columns.tsv"):
        kinds[row["table"]].append((f"`{row['column']}`", row["kind"], row["note"]))
    text += "# Columns of a data set\n\nThe tables of `corpus`, a row a report, a section …\n\n"
    head = ("column", "kind", "what it holds")
    return text + "".join(
        f"## {name} of a data set\n\n{table(head, rows)}\n" for name, rows in kinds.items()
    )


def codebook() -> str:
    """The codes with their definitions, and the phrases of each."""
    read = xc.load_codebook()
    phrases = defaultdict(list)
    for phrase in read.phrases:
        phrases[phrase.code].append(phrase.text)
    text = (
        "# The codebook\n\nEach sentence gets up to three themes and one instrument. A phrase "
        "speaks for its code wherever its characters stand; weights and conditions are in "
        "`xiacheng_nlp/data/themes/codebook_phrases.tsv`.\n\n"
    )
    for code in (*read.themes, *read.instruments):
        text += f"## {code.zh} ({code.en}) {{#{code.code}}}\n\n{code.definition}\n\n"
        listed = "、".join(phrases[code.code])
        text += f"`{code.code}`, {len(phrases[code.code])} phrases: {html.escape(listed)}\n\n"
    return text


def grammar() -> str:
    """The rules in their order with a case of each, and the shapes and words that they are made
    of."""
    cases = {row["name"]: row for row in rows_of(ROOT / "tests/cases/rules.tsv")}
    said = paragraphs(import_module(RULES_OF).__doc__)
    text = f"# How the grammar reads\n\n{said}\n\n## The rules\n\n"
    for number, rule in enumerate(RULES, 1):
        case = cases[rule.name]
        home = inspect.getmodule(rule.read)
        said = (
            f"{paragraphs(inspect.getdoc(rule.read))}\n\n{paragraphs(home.__doc__ if home else '')}"
        )
        text += f"### {number}. {rule.name}\n\n{said}\n\n> {case['text']} — {case['gloss']}\n\n"
        text += table(("number", "indicator", "measure", "status", "period"), read(case["text"]))
        text += "\n"
    shapes = [
        (row["name"], row["takes"], row["refuses"])
        for row in rows_of(DATA / "observations/patterns.tsv")
    ]
    words: dict[str, list[str]] = defaultdict(list)
    for row in rows_of(DATA / "observations/clause_words.tsv"):
        words[row["kind"]].append(row["words"])
    text += "## The shapes\n\nEach is a pattern of `data/observations/patterns.tsv`.\n\n"
    text += table(("shape", "found in", "not found in"), shapes)
    text += "\n## The words of clauses\n\n"
    return text + table(("kind", "words"), [(kind, " ".join(all_)) for kind, all_ in words.items()])


RULES_OF = "xiacheng_nlp.observations.sentences"


def read(sentence: str) -> list[Row]:
    """What is read of a sentence that stands in the review of a report of 2014."""
    report = Report.parse(f"2014年政府工作报告\n各位代表:\n一、2013年工作回顾\n{sentence}。\n")
    return [
        (o.text, o.indicator or "–", o.measure or "–", o.status or "–", o.period or "–")
        for o in indicators(report)
        if o.text in sentence and o.start > report.text.index(sentence) - 1
    ]


def measures() -> str:
    """The functions that measure, with what their docstrings say: formula, source, example."""
    text = "# Every measure, with formula and source\n\nAs the functions themselves say it.\n\n"
    for name in MEASURES:
        module = import_module(f"xiacheng_nlp.{name}")
        made = [
            entry(f"{name}.{key}", value, level=3)
            for key, value in vars(module).items()
            if inspect.isfunction(value) and value.__module__ == module.__name__
            if not key.startswith("_") and inspect.getdoc(value)
        ]
        text += f"## {name}\n\n{paragraphs(module.__doc__)}\n\n{''.join(made)}"
    return text


def public() -> Iterator[tuple[str, Any]]:
    """The public names with what they are: those of the package and of the modules among them."""
    for name in xc.__all__:
        found = getattr(xc, name)
        if not name.startswith("_"):
            yield f"xc.{name}", found
        if isinstance(found, types.ModuleType):
            for key in members(found):
                yield f"xc.{name}.{key}", getattr(found, key)


def members(module: types.ModuleType) -> list[str]:
    own = [
        key
        for key, value in vars(module).items()
        if not key.startswith("_") and getattr(value, "__module__", "") == module.__name__
    ]
    return list(getattr(module, "__all__", own))


def reference(room: str) -> str:
    """The public names of a room, each with its docstring."""
    prefix, title = ROOMS[room]
    here = [(n, v) for n, v in public() if n.startswith(f"{prefix}.")]
    here = [(n, v) for n, v in here if "." not in n.removeprefix(f"{prefix}.")]
    return f"# {title}\n\n" + "".join(entry(name, value) for name, value in here)


def entry(name: str, value: Any, level: int = 2) -> str:
    """A name with its signature and what it says of itself."""
    anchor = name if name.startswith("xc.") else f"measure-{name}"
    text = f"{'#' * level} `{name.rpartition('.')[2]}` {{#{anchor}}}\n\n"
    if isinstance(value, types.ModuleType):
        return text + f"{paragraphs(value.__doc__)}\n\n"
    if inspect.isclass(value) or inspect.isfunction(value):
        text += (
            f"```python\n{name}{signature(value)}\n```\n\n{paragraphs(inspect.getdoc(value))}\n\n"
        )
        methods = [
            entry(f"{name}.{key}", made, level + 1)
            for key, made in vars(value).items()
            if inspect.isfunction(made) and not key.startswith("_") and inspect.getdoc(made)
        ]
        return text + "".join(methods)
    shown = repr(value)
    return text + f"```python\n{shown[:400]}{' …' if len(shown) > 400 else ''}\n```\n\n"


def signature(value: Callable[..., Any]) -> str:
    try:
        said = str(inspect.signature(value))
    except (TypeError, ValueError):
        return "(…)"
    said = re.sub(r"<class '([\w.]+)'>", r"\1", re.sub(r"(?<=[:>] )'([^']*)'", r"\1", said))
    said = re.sub(r"xiacheng_nlp\.(?:\w+\.)*(\w+)", r"\1", said)
    return said if len(said) < 80 else said.replace("(", "(\n    ", 1).replace(", ", ",\n    ")


def paragraphs(text: str | None) -> str:
    """A docstring in Markdown: an example of the interpreter is a block of code."""
    blocks = re.split(r"\n{2,}(?=>>> )|(?<=\n)(?=>>> )", inspect.cleandoc(text or ""), maxsplit=1)
    said = html.escape(blocks[0], quote=False).replace("*", "\\*")
    return said + (f"\n\n```pycon\n{blocks[1].rstrip()}\n```" if len(blocks) > 1 else "")


def notebook(node: Mapping[str, Any]) -> str:
    """A notebook as a page: its text, its code, and what that last gave."""
    parts = []
    for cell in node["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source)
            continue
        code = f"```python\n{source}\n```"
        if cell["metadata"].get("jupyter", {}).get("source_hidden"):
            # What makes or checks a reading is folded here as it is in JupyterLab.
            code = f'<details markdown="1"><summary>code</summary>\n\n{code}\n\n</details>'
        parts += [code, *map(shown, cell["outputs"])]
    return "\n\n".join(parts) + "\n"


def shown(output: Mapping[str, Any]) -> str:
    """An output: a picture, a table without what searches and sorts it, or text."""
    data = {kind: "".join(said) for kind, said in output.get("data", {}).items()}
    if "image/png" in data:
        width = output["metadata"]["image/png"]["width"]
        picture = data["image/png"].strip()
        return f'<img alt="" width="{width}" src="data:image/png;base64,{picture}">'
    if "text/markdown" in data:
        return data["text/markdown"]
    if "text/html" in data and len(data["text/html"]) < 40_000:
        return clean(data["text/html"])
    said = data.get("text/plain") or "".join(output.get("text", []))
    return f"```text\n{said}\n```"


def clean(source: str) -> str:
    """HTML in one line, which Markdown leaves as it is."""
    tree = markup.fragment_fromstring(source, create_parent="div")
    for one in tree.xpath("//script | //style | //link | //comment()"):
        one.drop_tree()
    for one in tree.xpath("//*[@id]"):
        del one.attrib["id"]
    return re.sub(r"\s*\n\s*", " ", markup.tostring(tree, encoding="unicode"))


def elsewhere(by: str) -> str:
    """Scores on reports that rules were not made for, by level or by year; F1 in per cent."""
    table_ = validation.development()
    table_ = table_[(table_["system"] == "package") & (table_["measure"] == "f1")]
    rows = []
    for (kind, value), of in table_[table_["kind"] != "development"].groupby(["kind", by]):
        sums = of.groupby("task")[["right", "predicted", "expected"]].sum()
        f1 = 200 * sums["right"] / (sums["predicted"] + sums["expected"])
        told = [
            f"{f1[task]:.1f}" if task in f1 else "–"
            for task in ("quantities", "indicators", "records")
        ]
        rows.append((kind, value, of["report"].nunique(), *told))
    head = ("kind", by, "reports", "value, unit and bound", "indicators found", "every field right")
    return table(head, rows)


TABLES: Mapping[str, Callable[[], str]] = {
    "by_level": lambda: elsewhere("level"),
    "by_year": lambda: elsewhere("year"),
}
