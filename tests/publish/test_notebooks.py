"""What notebooks show: tables for readers, readings of the report at hand, claims in its language,
the notebooks in Chinese, and as pages."""

import ast
import builtins
import inspect
import json
import re
import warnings
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import nbformat
import pandas as pd
import pytest
from hostile import ATTACK

from xiacheng_nlp import figures
from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.errors import FigureError, TermWarning, XiachengError
from xiacheng_nlp.figures.names import named
from xiacheng_nlp.notebook import ClaimError
from xiacheng_nlp.publish.notebooks import (
    LANG_VARIABLE,
    Notebook,
    headers,
    in_chinese,
    language,
    open_notebook,
    page,
    readings,
    shown,
)
from xiacheng_nlp.readers import docx, extraction, html, pdf, stylesheets
from xiacheng_nlp.report import mending, report, structure
from xiacheng_nlp.report.mending import plain
from xiacheng_nlp.report.report import Report

TABLE = pd.DataFrame(
    {
        "theme": ["改革与政务", ATTACK],
        "theme_en": ["Reform and administration", None],
        "share": [0.111, None],
        "growth": [Decimal("7.80"), None],
        "themes": [("reform", "industry"), ()],
    }
)
OTHER = Report.parse("某县政府工作报告\n各位代表：\n完成投资87.9亿元。\n")


@pytest.fixture
def english(seed: Report) -> Notebook:
    return open_notebook(seed, lang="en")


@pytest.fixture
def chinese(seed: Report) -> Notebook:
    return open_notebook(seed, lang="zh")


def test_a_table_has_headers_units_and_names_of_its_language(
    english: Notebook, chinese: Notebook
) -> None:
    html = english.show(TABLE, "theme share growth themes").html
    assert re.findall("<th .*?>(.*?)</th>", html) == ["Theme", "Share, %", "Growth, %", "Themes"]
    row = re.findall("<td .*?>(.*?)</td>", html)[:4]
    assert row[:3] == ["Reform and administration", "11.1", "7.80"]
    assert row[3] == "Reform and administration, Industry and enterprises"
    html = chinese.show(TABLE).html
    assert re.findall("<th .*?>(.*?)</th>", html) == ["主题", "占比（%）", "增长（%）", "主题"]
    assert "改革与政务、产业与企业" in html
    assert "None" not in html
    assert "nan" not in html
    assert "<img" not in html


def test_a_column_that_is_not_there_is_named(english: Notebook) -> None:
    with pytest.raises(FigureError, match="no column shares; there are theme, theme_en, share"):
        english.show(TABLE, "shares")


@pytest.mark.parametrize(
    ("value", "form", "en"),
    [
        (0.0001, "p", "<0.001"),
        (0.25, "p", "0.250"),
        (-0.2, "%+.1f", "-20.0"),
        (1234, "", "1,234"),
        (True, "=bool", "yes"),
        ("part of 三改一拆", "=reason", "part of 三改一拆"),
        ("lexicon, no stop list", "=setting", "lexicon, no stop list"),
        ("package without report lexicon", "=method", "without the report's list"),
    ],
)
def test_a_cell_is_shown_in_the_form_of_its_column(value: object, form: str, en: str) -> None:
    assert shown(value, form, "en") == en


def test_every_form_is_known() -> None:
    for header in headers().values():
        if header["form"] not in ("", ">"):
            assert isinstance(shown(1, header["form"], "zh"), str), header["column"]


def test_a_list_names_the_first_rows(english: Notebook, chinese: Notebook) -> None:
    first = TABLE.head(1)
    assert (
        english.listed(first, "theme", "share", form="%.1f") == "Reform and administration (11.1%)"
    )
    assert chinese.listed(first, "theme", "share", form="%.1f") == "改革与政务（11.1%）"
    assert (english.listed(TABLE.head(0), "theme"), chinese.listed(TABLE.head(0), "theme")) == (
        "none",
        "无",
    )


def test_a_reading_of_the_seed_is_said_of_no_other_report(english: Notebook) -> None:
    values = {"title": "t", "year": 2022, "place": "p", "n": 1}
    assert "吴才敏" in english.say("00-particulars", **values).data
    said = open_notebook(OTHER, lang="en").say("00-particulars", **values).data
    assert "吴才敏" not in said
    assert "year of the session: 2022" in said


def test_what_a_report_says_is_no_markup_of_a_reading() -> None:
    """Neither in a notebook, where a picture would ask another server, nor on its page."""
    values = {"title": "<img src=//x>[a](//x)", "year": 2022, "place": "p", "n": 1}
    said = open_notebook(OTHER, lang="en").say("00-particulars", **values).data
    assert r"\<img src=//x>\[a](//x)" in said
    cell = {"cell_type": "code", "id": "a", "source": "", "metadata": {}, "execution_count": 1}
    cell["outputs"] = [{"output_type": "display_data", "data": {"text/markdown": [said]}}]
    shown = page(json.dumps({"cells": [cell]}).encode(), lang="en").decode()
    assert "&lt;img src=//x&gt;[a](//x)" in shown


def test_a_claim_is_said_in_the_language_and_checked_in_both(
    english: Notebook, chinese: Notebook
) -> None:
    told = "The report was given in 2014."
    assert english.claim("session-year", told, stated=2014, computed=2014).text == told
    said = chinese.claim("session-year", told, stated=2014, computed=2014).text
    assert said == "报告作于 2014 年。"
    with pytest.raises(ClaimError, match="the report gives 2013"):
        chinese.claim("session-year", told, stated=2014, computed=2013)


def test_a_figure_is_drawn_in_the_language(chinese: Notebook) -> None:
    table = pd.DataFrame({"term": ["发展"], "count": [1]})
    assert chinese.draw(figures.word_cloud, table).lang == "zh"


def test_the_language_is_asked_for_or_that_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(LANG_VARIABLE, "zh")
    assert (language(), language("en")) == ("zh", "en")
    monkeypatch.setenv(LANG_VARIABLE, "fr")
    with pytest.raises(XiachengError, match=f"{LANG_VARIABLE}\\), not in 'fr'"):
        language()


def test_a_copy_in_chinese_is_written_once_and_never_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = in_chinese()
    first = nbformat.read(folder / "00-report.ipynb", as_version=4)
    assert first.cells[0].source.startswith("# 报告")
    assert not any(cell.get("outputs") for cell in first.cells)
    nbformat.validate(first)
    (folder / "00-report.ipynb").write_text("mine", encoding="utf-8")
    assert in_chinese() == folder
    assert (folder / "00-report.ipynb").read_text(encoding="utf-8") == "mine"


def test_a_page_shows_text_code_and_outputs_and_asks_for_nothing() -> None:
    data = {"text/html": "<table></table>", "text/plain": ""}
    picture = {"data": {"image/png": "AA=="}, "metadata": {"image/png": {"width": 689}}}
    cells = [
        {"cell_type": "markdown", "source": "# A & B\n\n**Bold** and `x < y`."},
        {"cell_type": "code", "source": "a < b", "outputs": [{"data": data}, picture]},
        {"cell_type": "code", "source": "", "outputs": [{"data": {"text/markdown": "**So.**"}}]},
        {"cell_type": "code", "source": "", "outputs": [{"text": ["1 < 2"]}]},
    ]
    html = page(json.dumps({"cells": cells}).encode(), lang="en").decode()
    assert "<title>A &amp; B · xiacheng-nlp</title>" in html
    assert "<h1>A &amp; B</h1>" in html
    assert "<p><strong>Bold</strong> and <code>x &lt; y</code>.</p>" in html
    assert "<summary>Code</summary><pre>a &lt; b</pre>" in html
    assert 'width="689"' in html
    assert "<strong>So.</strong>" in html
    assert "<pre>1 &lt; 2</pre>" in html
    assert not re.search(r"(?:src|href)=\"(?!data:)", html)


def test_a_table_without_rows_says_so_and_words_stand_at_the_left() -> None:
    notebook = open_notebook(lang="en")
    assert "The table has no rows" in notebook.show(pd.DataFrame({"term": [], "count": []})).html
    shown = notebook.show(pd.DataFrame({"ceiling": [True], "difference": [-0.0001]})).html
    assert '<td style="text-align:left">yes</td><td style="text-align:right">0.0</td>' in shown
    ranked = pd.DataFrame({"indicator": ["增幅"], "rank": [1], "among": ["全市"]})
    grid = figures.ranks(ranked, lang="en").grid
    assert grid is not None
    assert "<td>" not in grid.html("")


NOTING = (report, structure, mending, docx, extraction, html, pdf, stylesheets)
"""The modules that note something on a report."""

_ENGLISH = re.compile("[a-z]{2,} [a-z]{2,}")


@pytest.mark.parametrize("module", NOTING, ids=lambda module: module.__name__)
def test_every_note_on_a_report_has_its_chinese(module: ModuleType) -> None:
    known = " | ".join(named("publish/values.tsv")["message"])
    words = set(_words_of_notes(module))
    assert words
    pieces = {piece.strip(" :;,…“”") for said in words for piece in said.split("{}")}
    assert {piece for piece in pieces if _ENGLISH.search(piece) and piece not in known} == set()


def _words_of_notes(module: ModuleType) -> Iterator[str]:
    """What stands in quotes in the functions that make notes, but for errors and docstrings, and
    the constants that notes are made of."""
    tree = ast.parse(inspect.getsource(module))
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef) or not _makes_notes(function):
            continue
        raised = [node for node in ast.walk(function) if isinstance(node, ast.Raise)]
        errors = {id(each) for node in raised for each in ast.walk(node)}
        for node in ast.walk(function):
            if isinstance(node, ast.Constant) and id(node) not in errors:
                said = str(node.value)
                if said != ast.get_docstring(function, clean=False) and _ENGLISH.search(said):
                    yield said
    for name in (
        *("SAID", "NO_REPORT", "UNREAD", "_COUNTED", "_UNSEEN", "_ENDS_EARLY"),
        *("_UNFOLLOWED", "_UNREAD", "_UNSURE"),
    ):
        said = getattr(module, name, ())
        if isinstance(said, dict):
            said = said if name == "_COUNTED" else said.values()
        yield from [said] if isinstance(said, str) else said


def _makes_notes(function: ast.FunctionDef) -> bool:
    calls = (node for node in ast.walk(function) if isinstance(node, ast.Call))
    if function.name in ("read", "load_reports", "parse"):
        return False
    return function.name in ("_notes", "_without_margins") or any(
        isinstance(call.func, ast.Name) and call.func.id == "Note" for call in calls
    )


def test_what_is_mended_in_a_text_is_told_in_chinese() -> None:
    text = "地區達到7 4 7 2億元，增⻓1，234.5万户，6·5亿元，陆佰肆拾亿元，\u200b٣个，"
    text += "\ue0005万，8 1 2亿元"
    notes = [note.message for note in plain(text).notes]
    assert len(notes) >= 7
    told = [shown(note, "=message", "zh") for note in notes]
    assert [said for said in told if re.search("[a-z]{2}", said)] == []


@pytest.mark.parametrize(
    ("note", "zh"),
    [
        (
            "the year of the session is 2014 by a day alone, which may be that of publication",
            "会议年份 2014 仅以一个日期为依据，该日期可能是发布日期",
        ),
        (
            "the year of the session is 2014 by the title, but 2013 by the headings",
            "会议年份按标题为 2014，按章节标题则为 2013",
        ),
        ("read as one number: 7 4, and 2 more", "按一个数字读取：7 4，另有 2 处"),
        (
            "it can't be told which part of a report “一、” is; plan by its tenses",
            "无法判断“一、”属于报告的哪一部分；按时态归入部署",
        ),
    ],
)
def test_a_note_is_chinese_with_what_it_names(note: str, zh: str) -> None:
    assert shown(note, "=message", "zh") == zh
    assert shown(note, "=message", "en") == note


def test_where_there_is_none_that_is_said() -> None:
    other = open_notebook(OTHER, lang="en")
    values = {"n": 0, "verdicts": "none", "wrong": "none"}
    assert "nothing can be checked" in other.say("03-audit", **values).data
    said = other.say("03-audit", **values | {"n": 1, "verdicts": "agrees (1)"}).data
    assert "Statements that can be checked: 1; agrees (1)." in said
    assert [
        id for id, about in readings() if about == "none" and (id, "any") not in readings()
    ] == []


def test_a_reading_has_a_true_minus_and_no_sign_before_zero() -> None:
    other = open_notebook(OTHER, lang="en")
    gains, losses = "Health (+1.0)", "Defence (-1.4), Energy (+0.0)"
    said = other.say("02-corrected", largest="Economy (40%)", gains=gains, losses=losses).data
    assert "Health (+1.0)" in said
    assert "Defence (−1.4), Energy (0.0)" in said


def test_one_english_name_of_two_words_has_no_brackets_behind_the_chinese(
    english: Notebook,
) -> None:
    table = pd.DataFrame({"term": ["人大", "人民代表大会"]})  # "people's congress", short and long
    said = english.show(table).html
    assert said.count("people&#x27;s congress</td>") == 2
    assert english.listed(table, "term").endswith("人民代表大会 people's congress")


def test_a_heading_has_no_ornament_in_a_reading(chinese: Notebook) -> None:
    table = pd.DataFrame({"title": ["※名词解释※", "坚持改革[18]，扩大开放"]})
    assert chinese.listed(table, "title") == "名词解释、坚持改革，扩大开放"


def test_a_report_that_stands_once_in_its_file_is_said_to() -> None:
    other = open_notebook(OTHER, lang="en")
    assert "occurs once in the file" in other.say("00-copies", n=0, differing=0).data
    assert "occurs 2 times" in other.say("00-copies", n=2, differing=1).data


def test_a_heading_that_is_a_sentence_is_cut_in_a_reading(chinese: Notebook) -> None:
    table = pd.DataFrame({"title": ["推动发展" * 20], "share": [0.5]})
    said = chinese.listed(table, "title", "share", form="%.0f")
    assert said == "推动发展" * 7 + "推动发…（50%）"


def test_one_thing_has_one_name() -> None:
    """Whatever a column calls a level of government, it is named alike."""
    named: dict[str, set[str]] = {}
    for row in read_table(packaged("publish/values.tsv"), columns=("group", "key", "zh", "en")):
        if row["group"] == "level":
            named.setdefault(row["en"], set()).add(row["zh"])
    assert {en: zh for en, zh in named.items() if len(zh) > 1} == {}


@pytest.mark.parametrize(
    ("said", "zh"),
    [
        (
            "keyness: the reference, part review, holds no word; the parts of the text: "
            "opening, plan, closing",
            "关键词：参照部分（回顾）中没有词；文本所含的部分：开头、部署、结尾",
        ),
        ("collocations: 服务 does not occur as a word", "搭配：“服务”没有作为词出现"),  # "service"
        (
            "term_frequency: part opening, closing: no term is left after stop words, short words "
            "and numbers",
            "词频：开头、结尾去掉停用词、短词和数字之后没有词",
        ),
        (
            "series: no report of the panel states a level of 粮食; of it there is nothing",
            "序列：没有一份报告说到粮食的 level；已有的量度：无",  # "grain"
        ),
        ("nothing here, nor there", "nothing here, nor there"),
    ],
)
def test_a_warning_is_chinese_where_its_words_are_known(said: str, zh: str) -> None:
    assert shown(said, "=message", "zh") == zh
    assert shown(said, "=message", "en") == said


def test_a_warning_tells_no_place_in_the_code() -> None:
    usual = warnings.formatwarning
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(warnings, "formatwarning", usual)
        patched.delattr(builtins, "__IPYTHON__", raising=False)
        open_notebook(OTHER, lang="en")
        # Outside a notebook warnings are the business of whoever runs the program.
        assert warnings.formatwarning is usual
        patched.setattr(builtins, "__IPYTHON__", True, raising=False)
        open_notebook(OTHER, lang="en")
        said = warnings.formatwarning("nothing to compare", TermWarning, "stability.py", 97, None)
        other = warnings.formatwarning("too old", DeprecationWarning, "stability.py", 97, None)
    assert said == "nothing to compare\n"
    assert "stability.py:97" in other


def test_a_share_is_told_with_its_interval_where_there_is_one(
    english: Notebook, chinese: Notebook
) -> None:
    places, hits = pd.Series(["甲", "甲", "乙", "丙"]), pd.Series([True, True, True, False])
    assert re.fullmatch(r"75% \(\d+%–\d+%\)", english.share(places, hits))
    assert re.fullmatch(r"75%（\d+%–\d+%）", chinese.share(places, hits))
    assert english.share(places[:2], hits[:2]) == "100%"
    assert english.share(places[:0], hits[:0]) == "–"


@pytest.mark.parametrize("id", ["05-series", "05-kept", "05-steps"])
def test_where_there_is_nothing_to_read_no_number_is_told(english: Notebook, id: str) -> None:
    said = english.say(id, n=0, indicator="GDP").data
    assert "nan" not in said
    assert "%" not in said
