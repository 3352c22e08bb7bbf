"""What a notebook shows, in Chinese or in English: tables with headers for readers, figures,
readings made from what was computed, claims; the notebooks in Chinese, and as pages."""

import builtins
import json
import os
import re
import warnings
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, partial
from html import escape
from itertools import accumulate
from numbers import Number
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from xiacheng_nlp import resources as bundle
from xiacheng_nlp.datafiles import Row, filled, packaged, read_table, read_text, width
from xiacheng_nlp.errors import FigureError, XiachengError, missing
from xiacheng_nlp.figures.names import (
    COMMA,
    LABELS,
    ORNAMENT,
    PART_NAMES,
    Lang,
    Names,
    by_members,
    named,
)
from xiacheng_nlp.figures.texts import TEXTS, id_of
from xiacheng_nlp.files import write_file
from xiacheng_nlp.notebook import OWN_COPY, BrowsableTable, Claim, Value, browse, claim
from xiacheng_nlp.publish.english import names_of, with_english
from xiacheng_nlp.report.report import Report, load_report
from xiacheng_nlp.statistics import share_over

if TYPE_CHECKING:
    import pandas as pd
    from IPython.display import Markdown

    from xiacheng_nlp.figures.page import Draw
    from xiacheng_nlp.figures.style import ReportFigure

LANG_VARIABLE = "XIACHENG_LANG"
"""The environment variable that says in which language notebooks are: zh or en."""

_ABOUT = ("seed", "any", "none", "claim")
HEADING = 64
"""Columns of a heading in a sentence, of which a Han character takes two; what is longer is cut."""
_BOTH = ("term", "indicator", "among", "section")
"""Kinds of names that an English table has beside the Chinese, which leads back to the source."""


def language(asked: str | None = None) -> Lang:
    """The language asked for, else that of XIACHENG_LANG, else English. Raises `XiachengError` for
    another.

    >>> language("zh")
    'zh'
    """
    found = asked or os.environ.get(LANG_VARIABLE) or "en"
    if found not in ("zh", "en"):
        raise XiachengError(f"a notebook is in zh or en ({LANG_VARIABLE}), not in {found!r}")
    return cast(Lang, found)


@cache
def headers() -> Mapping[str, Row]:
    """What columns are called, by their ids: `zh`, `en`, the `form` of their cells and the `kind`
    of their English names, from `data/publish/headers.tsv`, whose head explains the forms.

    >>> headers()["share"]["en"]
    'Share, %'
    """
    rows = read_table(
        packaged("publish/headers.tsv"),
        columns=("column", "zh", "en"),
        optional=("form", "kind"),
        key="column",
    )
    return {row["column"]: row for row in rows}


def header_of(column: str, table: str = "") -> Row:
    """The header of a column, in that table where it is called otherwise there; one that is not
    known is called by its id.

    >>> header_of("target_count")["en"], header_of("target_count", "fig-report-keyness")["en"]
    ('In the plan', 'In this report')
    """
    unknown = Row("", 0, {"zh": column, "en": column, "form": "", "kind": ""})
    return headers().get(f"{table}:{column}") or headers().get(column, unknown)


@cache
def _values() -> Mapping[str, Names]:
    """What the values of some columns are called, by the group that a form names: those of
    `data/publish/values.tsv`, of the figures, and of the codebook (theme, instrument)."""
    from xiacheng_nlp.themes.codebook import load_codebook

    codes: dict[str, dict[str, Mapping[str, str]]] = {}
    for kind, code, zh, en in load_codebook().table()[["kind", "code", "zh", "en"]].values:
        codes.setdefault(kind, {})[code] = {"zh": zh, "en": en}
    told, labels = named("publish/values.tsv"), named(LABELS)
    empty = {text.empty["en"]: text.empty for text in TEXTS.values()}
    own = {
        "part": PART_NAMES,
        **told,
        "error": {**told["error"], **empty},
        "either": (codes["theme"] | codes["instrument"]),
    }
    return {**labels, **own, **codes}


def shown(value: Any, form: str, lang: Lang) -> str:
    """A cell as a reader sees it: nothing where there is nothing, a list without brackets, numbers
    and words in the form of their column.

    >>> shown(0.1114, "%.1f", "en"), shown(("a", "b"), "", "en"), shown(None, "", "en")
    ('11.1', 'a, b', '')
    >>> shown(-0.0001, "+.1f", "en")
    '0.0'
    """
    if isinstance(value, (tuple, list)):
        return COMMA[lang].join(shown(one, form, lang) for one in value)
    if value is None or str(value) in ("nan", "NaT", "<NA>"):
        return ""
    if form.startswith("="):
        return _called(str(value), _values()[form[1:]], lang)
    if isinstance(value, str):
        return value
    if form == "p":
        return f"{value:.3f}" if value >= 0.0005 else "<0.001"
    if isinstance(value, Decimal) and not form:
        return format(value, "f")
    scale, form = (100, form[1:]) if form[:1] == "%" else (1, form)
    number = float(value) * scale
    text = format(number, form or (",.0f" if number == round(number) else ".2f"))
    return text if re.search("[1-9]", text) else text.lstrip("+-")


def worded(message: str, lang: Lang) -> str:
    """What went wrong, a warning or a note as a reader is told it; one that no list has as it is.

    A folder that is called plan is no part of a report: errors are put together of errors alone.

    >>> worded("plan: empty; a report was expected", "zh")
    'plan：空文件；应为一份报告'
    """
    said = shown(message, "=error", lang)
    return said if said != message else shown(message, "=message", lang)


def _called(value: str, known: Names, lang: Lang) -> str:
    """The value by its name, or by that of its pattern, or by those of its members."""
    if value in known:
        return known[value][lang]
    for key in (key for key in known if "{}" in key):
        if held := re.fullmatch(re.escape(key).replace(r"\{\}", "(.+)"), value):
            names = (_called(each, known, lang) for each in held.groups())
            return known[key][lang].format(*names)
    return by_members(value, known, lang) if known.keys() & set(value.split(", ")) else value


@cache
def readings() -> Mapping[tuple[str, str], Row]:
    """The readings and claims of the notebooks in `zh` and `en`, by their ids and what they are
    about: `seed`, the Xiacheng report of 2014; `any` report, with values to be filled in, or one of
    which there is `none` to tell; a `claim`."""
    columns, key = ("id", "about", "zh"), ("id", "about")
    rows = read_table(packaged("publish/readings.tsv"), columns=columns, optional=["en"], key=key)
    return {(row["id"], row.chosen("about", _ABOUT)): row for row in rows}


@dataclass(frozen=True, slots=True)
class Notebook:
    """A report, and the language in which a notebook shows what is computed of it."""

    report: Report
    lang: Lang

    def show(
        self,
        table: "pd.DataFrame",
        columns: str = "",
        *,
        id: str | None = None,
        library: bool = True,
    ) -> BrowsableTable:
        """The table for readers: `columns` (names with blanks between; all unless told) under the
        headers of `data/publish/headers.tsv`, in English with English names.

        With `id` it can be searched and sorted; `id` and `library` as for `browse`. Raises
        `FigureError` for a column that is not there.

        >>> import pandas as pd
        >>> table = pd.DataFrame({"term": ["发展"], "count": [46]})  # "development"
        >>> open_notebook(lang="zh").show(table)
            词  频次
        0  发展  46
        """
        import pandas as pd

        table = self.named(table).rename(columns=str)
        there = list(map(str, table))
        chosen = columns.split() or [c for c in there if not c.endswith("_en")]
        if lacking := missing(chosen, there):
            raise FigureError(f"no column {', '.join(lacking)}; there are {', '.join(there)}")
        labels = [header_of(c)[self.lang] for c in chosen]
        made = pd.DataFrame([self._cells(table, c) for c in chosen]).T.set_axis(labels, axis=1)
        ends = [
            label
            for label, c in zip(labels, chosen, strict=True)
            if header_of(c)["form"] == ">" or _is_number(table[c])
        ]
        words = {key: said[self.lang] for key, said in _values()["search"].items()}
        if id is not None:
            return browse(made, id=id, right=ends, library=library, words=words)
        sides = ["right" if label in ends else "left" for label in labels]
        heads = list(zip(chosen, sides, labels, strict=True))
        rows = made.values.tolist()
        said = {"escape": escape, "nothing": words["emptyTable"]}
        html = filled("publish/table.jinja", heads=heads, rows=rows, **said)
        return BrowsableTable(made, html)

    def _cells(self, table: "pd.DataFrame", column: str) -> list[str]:
        """The cells of a column as a reader sees them, in English by their English names, behind
        the Chinese where that leads back to the source."""
        header = header_of(column)
        said = [shown(value, header["form"], self.lang) for value in table[column]]
        if self.lang == "zh" or f"{column}_en" not in table:
            return said
        both = header["kind"] in _BOTH
        return [
            zh
            if en == zh or not isinstance(en, str)
            # Two words of one English name are told apart by the Chinese already.
            else f"{zh} {en.removesuffix(f' ({zh})')}"
            if both
            else en
            for zh, en in zip(said, table[f"{column}_en"], strict=True)
        ]

    def draw(self, figure: "Draw", table: "pd.DataFrame", **options: Any) -> "ReportFigure":
        """The figure of the table in the notebook's language, with English names where it has
        them."""
        table = self.named(table, TEXTS[id_of(figure.__name__)].words)
        if "level" in table and self.lang == "en":
            levels = [shown(level, "=level", "en") for level in table["level"]]
            table = table.assign(level_en=levels)
        return figure(table, lang=self.lang, **options)

    def named(
        self, table: "pd.DataFrame", words: Mapping[str, str] | None = None
    ) -> "pd.DataFrame":
        """The table, for English with a column X_en behind each column X of words: those told in
        `words` with their kinds, else those that `headers.tsv` gives a kind."""
        if self.lang == "zh":
            return table
        texts = [str(c) for c in table if f"{c}_en" not in table and not _is_number(table[c])]
        kinds = {c: header_of(c)["kind"] for c in texts} if words is None else words
        told = {c: kinds[c] for c in texts if kinds.get(c)}
        return with_english(table, told, names=names_of(self.report))

    def listed(
        self, table: "pd.DataFrame", name: str, value: str = "", n: int = 3, form: str = ""
    ) -> str:
        """The first rows as a reading names them: what stands in `name`, and in brackets `value`;
        `form` as in `data/publish/headers.tsv`."""
        table = self.named(table.head(n))
        said = self._called(table, name)
        if value:
            sign, brackets = "%" * (form[:2] == "%."), {"zh": "（{}）", "en": " ({})"}[self.lang]
            numbers = [shown(one, form, self.lang) + sign for one in table[value]]
            if header_of(value)["kind"]:
                numbers = self._called(table, value)
            said = [a + brackets.format(b) for a, b in zip(said, numbers, strict=True)]
        return COMMA[self.lang].join(said) or {"zh": "无", "en": "none"}[self.lang]

    def share(self, drawn: "pd.Series[Any]", hits: "pd.Series[bool]") -> str:
        """A share as a reading tells it, a dash where there is none, in brackets its interval where
        there is one (`share_over`)."""
        share, low, high = share_over(drawn, hits)
        brackets = {"zh": "（{:.0%}–{:.0%}）", "en": " ({:.0%}–{:.0%})"}[self.lang]
        told = f"{share:.0%}" if share == share else "–"
        return told + brackets.format(low, high) * (low == low)

    def _called(self, table: "pd.DataFrame", name: str) -> list[str]:
        """The cells of a column in a sentence: English alone where there is some; of a heading that
        is a sentence itself its beginning."""
        said, kind = self._cells(table, name), header_of(name)["kind"]
        if kind in ("indicator", "section", "among") and f"{name}_en" in table:
            said = [en or zh for zh, en in zip(said, table[f"{name}_en"], strict=True)]
        return [_cut(ORNAMENT.sub("", text)) for text in said] if kind == "section" else said

    def say(self, id: str, **values: Any) -> "Markdown":
        """The reading of that id: what was written of the Xiacheng report of 2014 where this is it,
        else what any report's is made of, with the values filled in; where `n` is 0, what is said
        where there is none."""
        from IPython.display import Markdown

        told, held = readings(), {key: _literal(said) for key, said in values.items()}
        own = self.report.sha256 == bundle.seed_sha256() and (id, "seed") in told
        none = not values.get("n", 1) and (id, "none") in told
        text = told[id, "seed" if own else "none" if none else "any"][self.lang].format(**held)
        # A true minus, and no sign before a zero.
        text = re.sub(r"(?<=[ (（、，])-(?=\d)", "−", text)
        text = re.sub(r"(?<!\w)[+−](?=0(\.0+)?(?![.\d]))", "", text)
        return Markdown(text)  # type: ignore[no-untyped-call]

    def claim(self, id: str, text: str, *, stated: Value, **checked: Any) -> Claim:
        """The claim, checked: `xc.claim` of the report, said in the notebook's language."""
        if self.lang == "zh":
            text = readings()[id, "claim"]["zh"].format(stated=stated)
        return claim(id, text, stated=stated, report=self.report, **checked)


def open_notebook(
    report: "str | Path | Report | None" = None, *, lang: str | None = None
) -> Notebook:
    """What a notebook begins with: the report (its file, or that of XIACHENG_REPORT, else that of
    Xiacheng) and the language (zh or en, or that of XIACHENG_LANG, else English).

    >>> open_notebook(lang="zh").report.year
    2014
    """
    if not isinstance(report, Report):
        report = load_report(report)
    if hasattr(builtins, "__IPYTHON__"):
        warnings.formatwarning = partial(_plainly, language(lang))
    return Notebook(report, language(lang))


_USUAL = warnings.formatwarning


def _plainly(
    lang: Lang,
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    line: str | None = None,
) -> str:
    """A warning as a notebook shows it: of this package its words, in Chinese where these are
    known, without the place in the code that gave it."""
    own = category.__module__.startswith(__package__.partition(".")[0])
    said = worded(str(message), lang)
    return f"{said}\n" if own else _USUAL(message, category, filename, lineno, line)


def _cut(heading: str) -> str:
    ends = list(accumulate(map(width, heading)))
    cut = heading[: bisect_right(ends, HEADING - 2)] + "…"
    return cut if ends and ends[-1] > HEADING else heading


def _literal(value: Any) -> Any:
    """A text of the report as Markdown shows it: no tag, link or picture of a page elsewhere."""
    return re.sub(r"[<\[\\]", r"\\\g<0>", value) if isinstance(value, str) else value


def _is_number(column: "pd.Series[Any]") -> bool:
    filled = column.dropna()
    return len(filled) > 0 and all(
        isinstance(value, Number) and not isinstance(value, bool) for value in filled
    )


def prepared(path: Path, *, lang: Lang, leave: str | None = None) -> Any:
    """The notebook of that file in the language asked for, without the cells tagged `leave`.

    The Chinese of a cell stands in zh/NAME.md beside the notebook, behind its id.
    """
    import nbformat

    node = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    node.cells = [cell for cell in node.cells if leave not in cell.metadata.get("tags", [])]
    if lang == "zh":
        texts = chinese(path)
        for cell in node.cells:
            cell.source = texts.get(cell.id, cell.source)
    return node


def chinese(path: Path) -> dict[str, str]:
    """The Chinese of a notebook's cells, by their ids."""
    _, text = read_text(path.parent / "zh" / f"{path.stem}.md")
    _, *pieces = re.split(r"^<!-- ([\w-]+) -->\n", text, flags=re.MULTILINE)
    return {id: said.strip() for id, said in zip(pieces[::2], pieces[1::2], strict=True)}


def in_chinese() -> Path:
    """The folder, in the current one, with the notebooks in Chinese; what is there stays as it
    is."""
    place = Path.cwd() / f"{OWN_COPY}-zh"
    for path in bundle.folder("notebooks").glob("*.ipynb"):
        node = prepared(path, lang="zh")
        for cell in node.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        if not (place / path.name).exists():
            write_file(place / path.name, json.dumps(node, ensure_ascii=False).encode())
    return place


def page(data: bytes, *, lang: Lang) -> bytes:
    """A notebook that ran as a page that asks for nothing outside itself; code is folded."""
    return filled(
        "publish/notebook.html",
        lang=lang,
        cells=json.loads(data)["cells"],
        text="".join,
        marked=_marked,
    ).encode()


def _marked(text: str) -> str:
    """The Markdown of the notebooks' prose as HTML: headings, bold, code."""
    text = escape(re.sub(r"\\([<\[\\])", r"\1", text), quote=False)
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text)
    blocks = []
    for block in text.split("\n\n"):
        mark, _, said = block.partition(" ")
        tag = f"h{len(mark)}" if mark and not mark.strip("#") else "p"
        blocks.append(f"<{tag}>{said if tag != 'p' else block}</{tag}>")
    return "\n".join(blocks)
