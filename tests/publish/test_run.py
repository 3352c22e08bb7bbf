"""The main job: what it writes, that a rerun gives the same bytes, and that it runs on a report
that lacks what the seed has."""

import csv
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from xiacheng_nlp import resources as bundle
from xiacheng_nlp.publish.catalogue import FIGURES, why_not_drawn
from xiacheng_nlp.publish.notebooks import readings
from xiacheng_nlp.publish.run import RunResult, run
from xiacheng_nlp.report.report import Report

OTHER = """某县政府工作报告
各位代表：
现在，我代表县人民政府，向大会报告工作，请予审议。
一、2021年工作回顾
全年完成固定资产投资87.9亿元，同比增长8.1%。社会组织不断发展，社会组织服务社区建设。建设项目建设服务发展。
二、2022年工作安排
今年预期目标是：固定资产投资增长9%。推进社会组织发展，推进社区建设，推进服务体系建设。
"""


pytestmark = pytest.mark.slow

OLD = "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX2 FMA3"
"""What numpy is not to use of a newer processor."""


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    return run(output=tmp_path_factory.mktemp("run") / "output")


def hashes(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("[!.]*")) if path.is_file())
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def claims(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((folder / "claims.csv").read_text(encoding="utf-8").splitlines()))


def test_the_manifest_lists_every_file_with_its_hash(result: RunResult) -> None:
    manifest = json.loads((result.output / "manifest.json").read_text(encoding="utf-8"))
    listed = {entry["name"]: entry["sha256"] for entry in manifest["files"]}
    there = hashes(result.output)
    assert there.pop("manifest.json")
    assert listed == there


def test_every_figure_is_there_in_both_languages_and_every_form(result: RunResult) -> None:
    expected = {
        f"figures/{id}-{lang}.{form}"
        for id in FIGURES
        for lang in ("zh", "en")
        for form in ("pdf", "svg", "png", "json")
    }
    tables = {name for name in result.figures if name.endswith((".html", ".tex", ".docx"))}
    assert {Path(name).stem[:-3] for name in tables} == {
        "fig-terms-by-section",
        "fig-ranks",
        "fig-audit",
    }
    assert set(result.figures) - tables == expected | {f"figures/{id}.csv" for id in FIGURES}
    assert not result.empty
    assert "Not drawn" not in result.summary()


def test_the_gallery_shows_every_figure_and_is_small_enough_to_send(result: RunResult) -> None:
    page = (result.output / "index.html").read_bytes()
    assert all(f'<article id="{id}"'.encode() in page for id in FIGURES)
    assert len(page) < 10_000_000


def test_the_notebooks_come_out_as_committed(result: RunResult) -> None:
    for notebook in sorted(bundle.folder("notebooks").glob("*.ipynb")):
        assert (
            result.output / "notebooks" / notebook.name
        ).read_bytes() == notebook.read_bytes(), notebook.name


def test_every_claim_holds(result: RunResult) -> None:
    rows = claims(result.output)
    assert len(rows) >= 8
    assert {row["holds"] for row in rows} == {"True"}
    assert len({row["id"] for row in rows}) == len(rows)


def test_nothing_tells_where_it_was_made(result: RunResult) -> None:
    for path in result.output.rglob("*"):
        if path.is_file():
            assert not re.search(rb"/(?:home|root|tmp|Users|work)/", path.read_bytes()), path.name


def test_a_rerun_elsewhere_gives_the_same_bytes_and_leaves_other_files_alone(
    result: RunResult,
) -> None:
    """With the arithmetic of an old processor, another order of sets, another time zone and
    locale."""
    before = hashes(result.output)
    (result.output / "my-notes.txt").write_text("mine", encoding="utf-8")
    elsewhere = {
        "PYTHONHASHSEED": "7",
        "TZ": "America/Lima",
        "LC_ALL": "C",
        "NPY_DISABLE_CPU_FEATURES": OLD,
        "OPENBLAS_CORETYPE": "Prescott",
    }
    command = [
        sys.executable,
        "-W",
        "ignore::ImportWarning",
        "-m",
        "xiacheng_nlp",
        "run",
        "-o",
        str(result.output),
    ]
    subprocess.run(command, env={**os.environ, **elsewhere}, check=True, capture_output=True)
    (result.output / "my-notes.txt").unlink()
    assert hashes(result.output) == before


# A short report has terms before its first heading alone, and says so.
@pytest.mark.filterwarnings("ignore::xiacheng_nlp.terms.selection.TermWarning")
def test_another_report_runs_and_nothing_is_claimed_of_it(tmp_path: Path, seed: Report) -> None:
    source = tmp_path / "other.txt"
    source.write_text(OTHER, encoding="gb18030")
    other = run(source, output=tmp_path / "out", langs=("zh",))
    assert (other.output / "report" / "other.txt").read_bytes() == source.read_bytes()
    assert other.empty
    page = (other.output / "index.html").read_text(encoding="utf-8")
    for id in other.empty:
        assert f"Not drawn: {id}: {why_not_drawn(id)}" in other.summary()
        assert not list((other.output / "figures").glob(f"{id}*"))
        assert f'id="{id}"' not in page
    rows = claims(other.output)
    # What notebook 04 claims is of the package, on the report that has gold standards.
    assert {(row["report"], row["holds"]) for row in rows} == {(seed.sha256, "True")}
    notebooks = {
        path.stem: path.read_text(encoding="utf-8")
        for path in other.output.glob("notebooks/*.ipynb")
    }
    # In the language of the run, made of what was computed, and none of them of the seed.
    of_seed = [said["zh"] for (_, about), said in readings().items() if about == "seed"]
    for name, text in notebooks.items():
        assert "**解读**。" in text
        assert "**Reading.**" not in text
        assert not [said for said in of_seed if json.dumps(said, ensure_ascii=False)[1:-1] in text]
        shown = (other.output / "notebooks" / f"{name}.html").read_text(encoding="utf-8")
        assert '<html lang="zh">' in shown
        assert "<strong>解读</strong>。" in shown
        assert f'href="notebooks/{name}.html"' in page
    assert "claims.csv" in {path.name for path in other.output.iterdir()}


@pytest.mark.filterwarnings("ignore::xiacheng_nlp.terms.selection.TermWarning")
def test_a_report_of_one_character_runs_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The notebook of the package's accuracy shows nothing of the report at hand.
    monkeypatch.setattr("xiacheng_nlp.publish.run.NOTEBOOKS", "0[!4]-*.ipynb")
    source = tmp_path / "one.txt"
    source.write_text("字", encoding="utf-8")
    assert run(source, output=tmp_path / "out", langs=("en",)).empty
