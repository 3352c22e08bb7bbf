"""The notebooks as committed: run from top to bottom, nothing on stderr, pictures where there are
figures, short cells, no bare numbers.

That their outputs come out again is checked by nbval, which collects the notebooks themselves; it
would pass a notebook whose outputs had been stripped, and these tests would not.
"""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import nbformat
import pytest

from xiacheng_nlp.publish.kernels import Kernels, kernels
from xiacheng_nlp.publish.notebooks import chinese, headers, prepared, readings
from xiacheng_nlp.resources import folder

NOTEBOOKS = {
    path.stem: nbformat.read(path, as_version=4)
    for path in sorted(folder("notebooks").glob("*.ipynb"))
}
NUMBER = re.compile(r"(?<![\w.,\-“])\d[\d,.]*(?![\w\-])")
YEAR = re.compile(r"(?:19|20)\d\d")


def code(name: str) -> list[nbformat.NotebookNode]:
    return [cell for cell in NOTEBOOKS[name].cells if cell.cell_type == "code"]


def test_every_notebook_is_described_in_both_readmes() -> None:
    for name in ("README.md", "README.zh-CN.md"):
        text = (folder("notebooks").parent / name).read_text(encoding="utf-8")
        assert re.findall(r"^\| `(\d\d-[\w-]+)` \|", text, re.MULTILINE) == list(NOTEBOOKS)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_cells_ran_once_from_top_to_bottom(name: str) -> None:
    assert [cell.execution_count for cell in code(name)] == list(range(1, len(code(name)) + 1))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_no_cell_failed_or_wrote_to_stderr(name: str) -> None:
    for cell in code(name):
        for output in cell.outputs:
            assert output.output_type != "error", cell.source
            assert output.get("name") != "stderr", cell.source


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_cell_shows_something_and_every_figure_its_picture(name: str) -> None:
    for cell in code(name):
        assert cell.outputs or "import" in cell.source, cell.source
        if "xc.figures." in cell.source:
            assert any("image/png" in output.get("data", {}) for output in cell.outputs), (
                cell.source
            )


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_cells_are_short_and_free_of_machinery(name: str) -> None:
    for cell in code(name):
        claim = "nb.claim(" in cell.source
        assert len(cell.source.splitlines()) <= (8 if claim else 6), cell.source
        assert not re.search(r"^\s*(def|class|for|while|try|with)\b", cell.source, re.MULTILINE), (
            cell.source
        )
        assert not re.search(
            r"rcParams|matplotlib|fontproperties|\.ttf|[\"'][./~][^\"']*/", cell.source
        ), cell.source


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_prose_states_no_number_that_is_not_checked(name: str) -> None:
    for cell in NOTEBOOKS[name].cells:
        if cell.cell_type == "markdown":
            prose = re.sub(r"`[^`]*`", "", cell.source)
            assert [n for n in NUMBER.findall(prose) if not YEAR.fullmatch(n.rstrip(".,"))] == [], (
                cell.source
            )


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_nothing_of_one_machine_is_left_in_them(name: str) -> None:
    text = nbformat.writes(NOTEBOOKS[name])
    assert not re.search(r"/(home|root|tmp|Users|work)/", text)
    assert "execution" not in NOTEBOOKS[name].cells[0].metadata
    assert "version" not in NOTEBOOKS[name].metadata["language_info"]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_reading_is_that_of_the_report_at_hand(name: str) -> None:
    """What is said of the seed alone stands in no cell of text; a claim of it is left out for
    another report. The validation is of the package, on the seed, whatever report is at hand."""
    for cell in NOTEBOOKS[name].cells:
        tags, hidden = cell.metadata.get("tags", []), cell.metadata.get("jupyter", {})
        assert name == "04-validation" or not cell.source.startswith("**Reading.**")
        if "nb.claim(" in cell.source:
            assert hidden == {"source_hidden": True}
            assert "seed" in tags or name == "04-validation", cell.source
        if re.search(r"^nb\.say\(", cell.source, re.MULTILINE):
            assert hidden == {"source_hidden": True}


@pytest.fixture(scope="module")
def running() -> Iterator[Kernels]:
    with kernels() as running:
        running.done()
        yield running


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NOTEBOOKS if name[:2] < "04"])
def test_an_open_notebook_runs_to_its_end_on_another_report(
    name: str, running: Kernels, tmp_path: Path
) -> None:
    """JupyterLab runs the cells of the seed too: they claim nothing then, and stop nothing."""
    report = tmp_path / "report.txt"
    report.write_text(
        "各位代表：\n一、去年工作回顾\n全年实现地区生产总值120亿元，增长8%。新建学校3所。\n"
        "二、今年工作安排\n地区生产总值增长7%以上。新建公园2个，深化改革。\n",
        encoding="utf-8",
    )
    node = prepared(folder("notebooks") / f"{name}.ipynb", lang="en")
    running.submit(node, name=name, environment={"XIACHENG_REPORT": str(report)}).result()


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_tables_are_for_readers(name: str) -> None:
    known = {header["en"] for header in headers().values()}
    for cell in code(name):
        for output in cell.outputs:
            html = re.sub("<script.*?</script>", "", output.get("data", {}).get("text/html", ""))
            assert not re.search(r">(?:NaN|None|nan|<NA>|\('.*|[0-9a-f]{64})<", html), cell.source
            for column, label in re.findall(r'<th title="(.*?)"[^>]*>(.*?)</th>', html):
                label = unescape(label)
                assert label in known or (column == label and "_" not in label), (cell.id, label)


def numbers(text: str) -> set[float]:
    """The numbers of a text in digits; what is quoted as code is none of it."""
    digits = re.findall(r"(?<![A-Za-z\d])\d[\d,]*(?:\.\d+)?", re.sub("`[^`]*`", "", text))
    return {float(number.replace(",", "")) for number in digits}


def assert_bold(text: str) -> None:
    """Before a Han character Markdown ends no bold that ends in a sign: the stars would be seen."""
    for bold in re.findall(r"\*\*(.+?)\*\*", text):
        assert re.search(r"\w$", bold), bold


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_cell_of_text_has_its_chinese(name: str) -> None:
    texts = chinese(folder("notebooks") / f"{name}.ipynb")
    cells = {cell.id: cell for cell in NOTEBOOKS[name].cells}
    assert set(texts) <= set(cells)
    for id, cell in cells.items():
        if cell.cell_type == "markdown":
            assert re.search("[\u4e00-\u9fff]", texts[id]), id
            assert_bold(texts[id])
            assert numbers(texts[id]) == numbers(cell.source), id
            assert re.findall("^#+ ", texts[id]) == re.findall("^#+ ", cell.source), id
        elif id in texts:
            bare = [re.sub(r" *#.*|\"[^\"]*\"", "", text) for text in (texts[id], cell.source)]
            assert bare[0] == bare[1], id


def test_scores_on_other_reports_come_first() -> None:
    shown = [cell.id for cell in code("04-validation")]
    assert shown.index("elsewhere") < shown.index("held-out-numbers") < shown.index("accuracy")


def test_readings_say_the_same_in_both_languages() -> None:
    told = {key: said for key, said in readings().items() if key[1] != "claim"}
    for key, said in told.items():
        assert re.search("[\u4e00-\u9fff]", said["zh"]), key
        assert_bold(said["zh"])
        assert numbers(said["zh"]) == numbers(said["en"]), key
        names = [sorted(re.findall(r"{(\w+)[:}]", text)) for text in (said["zh"], said["en"])]
        assert names[0] == names[1], key
        assert (
            said["zh"].startswith("**解读**。") == said["en"].startswith("**Reading.**") is True
        ), key
        assert ("**注意**：" in said["zh"]) == ("**Caveat:**" in said["en"]) is True, key
        assert not re.search(r"[,;:?]\s*[\u4e00-\u9fff]", said["zh"]), key
    asked = {
        id
        for name in NOTEBOOKS
        for cell in code(name)
        for id in re.findall(r"nb\.say\(\s*\"([\w-]+)\"", cell.source)
    }
    assert asked == {id for id, about in told if about == "any"}


def test_claims_state_the_same_numbers_in_both_languages() -> None:
    english = {}
    for name in NOTEBOOKS:
        for cell in code(name):
            for id, said in re.findall(r'nb\.claim\(\s*"([\w-]+)",\s*(\w+|"[^"]*"),', cell.source):
                text = re.search(rf'^{said} = "(.*)"$', cell.source, re.MULTILINE)
                stated = re.search(r"stated=([\d.]+)", cell.source)
                english[id] = text[1] if text else said, stated[1] if stated else "0"
    assert set(english) == {id for id, about in readings() if about == "claim"}
    for id, (said, stated) in english.items():
        zh = readings()[id, "claim"]["zh"]
        assert numbers(zh.format(stated=stated)) | {float(stated)} == numbers(said) | {
            float(stated)
        }, id
