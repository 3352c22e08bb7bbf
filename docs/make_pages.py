"""The pages of the site that are made of what the project holds: its READMEs, its data files, the
docstrings of its functions and its notebooks. MkDocs calls what is named `on_…`.

A page takes in a section of a README by the line `<!-- README.md: HEADING -->`: a fact is told
once. What docstrings and notes say in English alone is told in Chinese by `chinese.tsv`; a test
says what lacks there, which is in English until then, and what is gone.
"""

import html
import inspect
import json
import posixpath
import re
import types
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

from lxml import html as markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

import xiacheng_nlp as xc
from xiacheng_nlp.figures.names import MEASURE_NAMES, STATUS_NAMES
from xiacheng_nlp.observations import sentences
from xiacheng_nlp.observations.observation import Observation, indicators
from xiacheng_nlp.observations.sentences import RULES
from xiacheng_nlp.publish.kernels import kernels
from xiacheng_nlp.publish.notebooks import LANG_VARIABLE, prepared
from xiacheng_nlp.report.report import CORPUS_VARIABLE, REPORT_VARIABLE, Report
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
    "README.zh-CN.md": "zh/index.md",
    "notebooks/images/fig-actual-vs-target-en.png": "assets/fig-actual-vs-target-en.png",
    "notebooks/images/fig-actual-vs-target-zh.png": "assets/fig-actual-vs-target-zh.png",
}
"""Files of the project that are pages or pictures of the site, beside those of docs/pages; a link
to another is only text."""
PAGES = "docs/pages/"

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
Lang = Literal["en", "zh"]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the pages that are made."""
    made: dict[str, str | bytes] = {f"reference/{room}.md": reference(room) for room in ROOMS}
    for home, lang in HOMES.items():
        made |= {f"{home}{page.__name__}.md": page(lang) for page in MADE}
    for name, page in TAKEN.items():
        if not files.get_file_from_path(page):
            path = ROOT / name
            text = path.suffix == ".md"
            made[page] = linked(path.read_text("utf-8"), page, name) if text else path.read_bytes()
    # Those that the project keeps ran in English.
    paths = sorted((ROOT / "notebooks").glob("*.ipynb"))
    for home, kept in zip(HOMES, ([p.read_bytes() for p in paths], in_chinese(paths)), strict=True):
        for path, ran in zip(paths, kept, strict=True):
            made[f"{home}notebooks/{path.stem}.md"] = notebook(json.loads(ran))
    for name, content in made.items():
        files.append(File.generated(config, name, content=content))
    return files


def in_chinese(paths: Sequence[Path]) -> list[bytes]:
    """The notebooks as a run in Chinese on the package's own report leaves them."""
    settings = {LANG_VARIABLE: "zh", REPORT_VARIABLE: "", CORPUS_VARIABLE: ""}
    with kernels() as running:
        running.done()
        runs = [
            running.submit(prepared(path, lang="zh"), name=path.name, environment=settings)
            for path in paths
        ]
        return [run.result() for run in runs]


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Takes the sections of READMEs in, and the tables that are computed."""
    here = page.file.src_uri

    def taken(found: re.Match[str]) -> str:
        return linked(section(found[1], found[2]), here, found[1])

    lang: Lang = "zh" if here.startswith("zh/") else "en"
    text = re.sub(r"<!-- (README\S*\.md): (.+) -->", taken, markdown)
    return re.sub(r"<!-- table: by_(\w+) -->", lambda found: elsewhere(found[1], lang), text)


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
        if held not in TAKEN and not held.startswith(PAGES):
            return said
        target = TAKEN.get(held, held.removeprefix(PAGES))
        there = posixpath.relpath(target, posixpath.dirname(page) or ".")
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


TOLD = rows_of(ROOT / "docs/chinese.tsv")
CHINESE = {(row["kind"], row["name"]): row["chinese"] for row in TOLD}
CALLED = {row["name"]: row["called"] for row in TOLD if row["called"]}


def told_in_chinese() -> Iterator[tuple[str, str]]:
    """The kinds and names of what `chinese.tsv` tells."""
    for name in MEASURES:
        yield "module", name
        yield from (("measure", f"{name}.{key}") for key, _ in functions(name))
    for rule in RULES:
        yield "rule", rule.name
        yield "room", room_of(rule)
    yield "room", "sentences"
    yield from (("words", kind) for kind in clause_words())
    for row in rows_of(DATA / "corpora/columns.tsv"):
        yield "table", row["table"]
        yield "column", f"{row['table']}.{row['column']}"


def told(kind: str, name: str, english: str | None, lang: Lang) -> str:
    """What a docstring says, or, with its example, what stands for it in Chinese."""
    if lang == "en" or (kind, name) not in CHINESE:
        return paragraphs(english)
    example = re.search(r"^>>> .*", inspect.cleandoc(english or ""), re.M | re.S)
    return paragraphs(CHINESE[kind, name] + (f"\n\n{example[0]}" if example else ""))


def columns(lang: Lang) -> str:
    """What each column of the tables holds, sheet by sheet."""
    say = COLUMNS[lang]
    of = {"en": "english", "zh": "chinese"}[lang]
    sheets = defaultdict(list)
    for row in rows_of(DATA / "publish/columns.tsv"):
        sheets[row["sheet"]].append((row["header"], f"`{row['column']}`", row[of]))
    head = say["header"], say["column"], say["held"]
    text = f"# {say['title']}\n\n{say['sheets']}\n\n" + "".join(
        f"## {sheet}\n\n{table(head, rows)}\n" for sheet, rows in sheets.items()
    )
    tables = defaultdict(list)
    for row in rows_of(DATA / "corpora/columns.tsv"):
        name = f"{row['table']}.{row['column']}"
        note = row["note"] if lang == "en" else CHINESE.get(("column", name), row["note"])
        held = row["kind"] if lang == "en" else KINDS[row["kind"]]
        tables[row["table"]].append((f"`{row['column']}`", held, note))
    text += f"# {say['data set']}\n\n{say['tables']}\n\n"
    head = say["column"], say["kind"], say["held"]
    for name, rows in tables.items():
        heading = (
            f"{name} of a data set"
            if lang == "en"
            else f"{name}（{CHINESE.get(('table', name), name)}）"
        )
        text += f"## {heading}\n\n{table(head, rows)}\n"
    return text


COLUMNS: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        "title": "What every column means",
        "sheets": "The sheets of a run's `numbers.xlsx`; `observations` and `themes` are what the "
        "commands `indicators` and `themes` give. A column that sheets share, such as `indicator` "
        "or `unit_base`, is told once; the sheet `columns` of the workbook tells those of each "
        "sheet. Of other tables the columns stand with [the measure](measures.md) that makes them.",
        "header": "header",
        "column": "column",
        "held": "what it holds",
        "kind": "kind",
        "data set": "Columns of a data set",
        "tables": "The tables of `corpus`, a row a report, a section …; the columns of "
        "`observations` are those above.",
    },
    "zh": {
        "title": "各列的含义",
        "sheets": "以下是一次运行的 `numbers.xlsx` 的各表：`observations` 和 `themes` 即 "
        "`indicators` 和 `themes` 命令的结果。几张表共有的列（如 `indicator`、`unit_base`）只说明"
        "一次；工作簿中的 `columns` 表逐表列出每一列。其他表的列见[生成它的度量](measures.md)。",
        "header": "列名",
        "column": "列",
        "held": "内容",
        "kind": "类型",
        "data set": "数据集的列",
        "tables": "`corpus` 生成的各表。观测表 `observations` 的列见上面的 observations。",
    },
}
KINDS = {"text": "文本", "integer": "整数", "number": "数", "texts": "文本列表"}


def codebook(lang: Lang) -> str:
    """The codes with their definitions, and the phrases of each."""
    read = xc.load_codebook()
    phrases = defaultdict(list)
    for phrase in read.phrases:
        phrases[phrase.code].append(phrase.text)
    intro, counted = {
        "en": (
            "# The codebook\n\nEach sentence gets up to three themes and one instrument. A phrase "
            "speaks for its code wherever its characters stand; weights and conditions are in "
            "`xiacheng_nlp/data/themes/codebook_phrases.tsv`.",
            "{} phrases: ",
        ),
        "zh": (
            "# 编码本\n\n每句至多三个主题和一种政策工具。词语的字出现在哪里，就在哪里表明其编码；"
            "权重和条件见 `xiacheng_nlp/data/themes/codebook_phrases.tsv`。",
            "{} 个词语：",
        ),
    }[lang]
    text = f"{intro}\n\n"
    for code in (*read.themes, *read.instruments):
        text += f"## {code.zh} ({code.en}) {{#{code.code}}}\n\n{code.definition}\n\n"
        listed = phrases[code.code]
        text += f"`{code.code}`, {counted.format(len(listed))}{html.escape('、'.join(listed))}\n\n"
    return text


def grammar(lang: Lang) -> str:
    """The rules in their order with a case of each, and the shapes and words that they are made
    of."""
    cases = {row["name"]: row for row in rows_of(ROOT / "tests/cases/rules.tsv")}
    say, heads = GRAMMAR[lang], GRAMMAR_HEADS[lang]
    intro = told("room", "sentences", sentences.__doc__, lang)
    text = f"# {say['title']}\n\n{intro}\n\n## {say['rules']}\n\n"
    for number, rule in enumerate(RULES, 1):
        case = cases[rule.name]
        home = inspect.getmodule(rule.read)
        called = f"{CALLED.get(rule.name, rule.name)}（{rule.name}）" if lang == "zh" else rule.name
        said = told("rule", rule.name, rule.read.__doc__, lang)
        text += f"### {number}. {called}\n\n{said}\n\n"
        text += told("room", room_of(rule), home.__doc__ if home else "", lang)
        gloss = f" — {case['gloss']}" if lang == "en" else ""
        readings = table(heads["readings"], read(case["text"], lang))
        text += f"\n\n> {case['text']}{gloss}\n\n{readings}\n"
    forms = [
        (row["name"], row["takes"], row["refuses"])
        for row in rows_of(DATA / "observations/patterns.tsv")
    ]
    values = [
        (f"`{name}`", row["text"] + (f" — {row['gloss']}" if lang == "en" else ""), *found)
        for name, (row, found) in sorted(shortest().items())
    ]
    text += f"## {say['values']}\n\n{say['of values']}\n\n{table(heads['values'], values)}\n"
    text += f"## {say['shapes']}\n\n{say['of shapes']}\n\n{table(heads['shapes'], forms)}\n"
    text += f"## {say['words']}\n\n"
    rows = [(kind, " ".join(all_)) for kind, all_ in clause_words().items()]
    if lang == "zh":
        rows = [(f"`{kind}` {CHINESE.get(('words', kind), '')}", all_) for kind, all_ in rows]
    return text + table(heads["words"], rows)


@cache
def shortest() -> Mapping[str, tuple[Mapping[str, str], Row]]:
    """For each value of the column `rule` the shortest case of it, with number and indicator; one
    that has an indicator goes before."""
    found: dict[str, tuple[Mapping[str, str], Row]] = {}
    rows = [row for row in rows_of(ROOT / "tests/cases/indicators.tsv") if not row["known"]]
    for row in sorted(rows, key=lambda row: len(row["text"])):
        for o in observed(row["text"].removesuffix("。")):
            if o.rule not in found or (o.indicator and found[o.rule][1][1] == "–"):
                found[o.rule] = row, (o.text, o.indicator or "–")
    return found


def clause_words() -> Mapping[str, list[str]]:
    """The words of clauses by their kind."""
    words: dict[str, list[str]] = defaultdict(list)
    for row in rows_of(DATA / "observations/clause_words.tsv"):
        words[row["kind"]].append(row["words"])
    return words


def room_of(rule: Any) -> str:
    """The name of the module that a rule stands in."""
    return str(rule.read.__module__).rpartition(".")[2]


GRAMMAR: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        "title": "How the grammar reads",
        "rules": "The rules",
        "values": "The values of the column `rule`",
        "of values": "How a rule came to its reading, each value with its shortest case. With "
        "`-carried` the subject is that of the statement before, with `-topic` what a clause "
        "without a number told of before. What begins with `qualifier` only restricts something "
        "else and has no indicator.",
        "shapes": "The shapes",
        "of shapes": "Each is a pattern of `data/observations/patterns.tsv`. What is marked ‹so› "
        "is just what it takes.",
        "words": "The words of clauses",
    },
    "zh": {
        "title": "规则如何读数",
        "rules": "规则",
        "values": "`rule` 一列的值",
        "of values": "规则如何得出读法，每个值举最短的一例。带 `-carried` 的取前一句陈述的主语，"
        "带 `-topic` 的取前面没有数字的分句所说的事物。以 `qualifier` 开头的只限定别的事物，"
        "没有指标。",
        "shapes": "句式",
        "of shapes": "每个句式是 `data/observations/patterns.tsv` 的一个模式。"
        "‹›标出它恰好匹配的文字。",
        "words": "分句的词",
    },
}
GRAMMAR_HEADS: Mapping[Lang, Mapping[str, Row]] = {
    "en": {
        "readings": ("number", "indicator", "measure", "status", "period"),
        "values": ("rule", "case", "number", "indicator"),
        "shapes": ("shape", "found in", "not found in"),
        "words": ("kind", "words"),
    },
    "zh": {
        "readings": ("数字", "指标", "量度", "性质", "时期"),
        "values": ("规则", "例", "数字", "指标"),
        "shapes": ("句式", "见于", "不见于"),
        "words": ("类别", "词"),
    },
}


def observed(sentence: str) -> list[Observation]:
    """What is read of a sentence that stands in the review of a report of 2014."""
    report = Report.parse(f"2014年政府工作报告\n各位代表:\n一、2013年工作回顾\n{sentence}。\n")
    return [
        o
        for o in indicators(report)
        if o.text in sentence and o.start > report.text.index(sentence) - 1
    ]


def read(sentence: str, lang: Lang) -> list[Row]:
    """The same as rows of a table."""
    named = {**MEASURE_NAMES, **STATUS_NAMES}

    def said(*values: str | None) -> list[str]:
        return [named[one]["zh"] if one and lang == "zh" else one or "–" for one in values]

    return [
        [o.text, o.indicator or "–", *said(o.measure, o.status), o.period or "–"]
        for o in observed(sentence)
    ]


def measures(lang: Lang) -> str:
    """The functions that measure, with what their docstrings say: formula, source, example."""
    text = {
        "en": "# Every measure, with formula and source\n\nAs the functions themselves say it.\n\n",
        "zh": "# 每种度量：公式与出处\n\n各函数的说明。列名和参数保持原样。\n\n",
    }[lang]
    for name in MEASURES:
        said = told("module", name, import_module(f"xiacheng_nlp.{name}").__doc__, lang)
        text += f"## {name}\n\n{said}\n\n"
        for key, value in functions(name):
            doc = told("measure", f"{name}.{key}", inspect.getdoc(value), lang)
            text += entry(f"{name}.{key}", value, level=3, said=doc)
    return text


def functions(module: str) -> list[tuple[str, Any]]:
    """The functions of a module that measures, with their names; those that remember, too."""
    made = import_module(f"xiacheng_nlp.{module}")
    named = [(key, value) for key, value in vars(made).items() if not key.startswith("_")]
    found = [(key, inspect.unwrap(value)) for key, value in named if callable(value)]
    return [
        (key, value)
        for key, value in found
        if inspect.isfunction(value) and value.__module__ == made.__name__ and value.__doc__
    ]


MADE = (columns, codebook, grammar, measures)
HOMES: Mapping[str, Lang] = {"": "en", "zh/": "zh"}


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


def entry(name: str, value: Any, level: int = 2, said: str = "") -> str:
    """A name with its signature and what it says of itself."""
    if callable(value) and not inspect.isfunction(value):
        # One that remembers what it gave.
        value = inspect.unwrap(value)
    anchor = name if name.startswith("xc.") else f"measure-{name}"
    text = f"{'#' * level} `{name.rpartition('.')[2]}` {{#{anchor}}}\n\n"
    if isinstance(value, types.ModuleType):
        return text + f"{paragraphs(value.__doc__)}\n\n"
    if inspect.isclass(value) or inspect.isfunction(value):
        text += (
            f"```python\n{name}{signature(value)}\n```\n\n"
            f"{said or paragraphs(inspect.getdoc(value))}\n\n"
        )
        methods = [
            entry(f"{name}.{key}", made, level + 1)
            for key, made in vars(value).items()
            if inspect.isfunction(made) and not key.startswith("_") and inspect.getdoc(made)
        ]
        return text + "".join(methods)
    # Where a function lies in memory is another place each time.
    shown = re.sub(" at 0x[0-9a-f]+", "", repr(value))
    return text + f"```python\n{shown[:400]}{' …' if len(shown) > 400 else ''}\n```\n\n"


def signature(value: Callable[..., Any]) -> str:
    try:
        said = str(inspect.signature(value))
    except (TypeError, ValueError):
        return "(…)"
    said = re.sub(r"<class '([\w.]+)'>", r"\1", re.sub(r"(?<=[:>] )'([^']*)'", r"\1", said))
    said = re.sub(r"xiacheng_nlp\.(?:\w+\.)*(\w+)", r"\1", said)
    said = re.sub(r"ndarray\[tuple\[.*?\], numpy\.dtype\[numpy\.(\w+)\]\]", r"ndarray[\1]", said)
    said = re.sub(r"Union\[numpy\._typing.*?\| str\]\]", "ArrayLike", said)
    if len(said) < 80:
        return said
    # A comma within a type parts no options.
    return re.sub(r", (?=[*/]|\w+[:=])", ",\n    ", said.replace("(", "(\n    ", 1))


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


def elsewhere(by: str, lang: Lang) -> str:
    """Scores of numbers on reports that rules were not made for, by level or by year; F1 in per
    cent."""
    tasks = ("quantities", "indicators", "records")
    table_ = validation.development()
    table_ = table_[(table_["system"] == "package") & table_["task"].isin(tasks)]
    rows = []
    for (kind, value), of in table_[table_["kind"] != "development"].groupby(["kind", by]):
        sums = of.groupby("task")[["right", "predicted", "expected"]].sum()
        f1 = 200 * sums["right"] / (sums["predicted"] + sums["expected"])
        said = [SAID.get(one, one) if lang == "zh" else one for one in (kind, value)]
        scores = [f"{f1[task]:.1f}" if task in f1 else "–" for task in tasks]
        rows.append((*said, of["report"].nunique(), *scores))
    head = {
        "en": ("kind", by, "reports", "value, unit and bound", "indicators found"),
        "zh": ("其中的错误", SAID[by], "报告", "数值、单位和界限", "找到指标"),
    }[lang]
    return table((*head, {"en": "every field right", "zh": "各字段全对"}[lang]), rows)


SAID = {
    **{"totals only": "只看总分", "held out": "从未查看", "level": "层级", "year": "年份"},
    **{"nation": "国家", "province": "省", "city": "市", "district": "区", "county": "县"},
}
