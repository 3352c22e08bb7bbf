"""The notebooks as committed: run from top to bottom, nothing on stderr, pictures where there are
figures, short cells, no bare numbers.

That their outputs come out again is checked by nbval, which collects the notebooks themselves; it
would pass a notebook whose outputs had been stripped, and these tests would not.
"""

import re

import nbformat
import pytest

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
        claim = "xc.claim(" in cell.source
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
def test_readings_that_tell_facts_of_the_seed_are_left_out_for_other_reports(name: str) -> None:
    for cell in NOTEBOOKS[name].cells:
        # The validation is of the package, on the seed, whatever report is at hand.
        if cell.source.startswith("**Reading.**") and name != "04-validation":
            assert "seed" in cell.metadata.get("tags", []), cell.source
