"""The sentences segmented by reading that travel by place, and how the model of borders learns."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from xiacheng_nlp import resources
from xiacheng_nlp.report.report import Report

TOOLS = Path(__file__).parents[2] / "tools"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    sys.path.insert(0, str(TOOLS))
    module = importlib.import_module("train_words")
    sys.path.remove(str(TOOLS))
    return module


def test_no_sentence_is_of_a_report_kept_for_totals_and_the_words_fill_it() -> None:
    gold = resources.folder("gold")
    rows = pd.read_csv(str(gold / "segmented-sentences.tsv"), sep="\t", comment="#")
    halves = pd.read_csv(str(gold / "segmented-reports.tsv"), sep="\t", comment="#")
    assert not set(rows["report"]) & set(halves["report"][halves["half"] == "totals only"])
    lengths = rows["words"].str.replace("*", "").str.split().map(lambda all_: sum(map(int, all_)))
    assert (lengths <= rows["end"] - rows["start"]).all()
    assert rows["words"].str.split().str.len().sum() == 34228
    assert rows["words"].str.count(r"\*").sum() == 3189
    assert not rows.duplicated(["report", "start"]).any()


def test_words_are_read_by_their_lengths(
    tool: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tool, "MORE", tmp_path / "sentences.tsv")
    report = Report.parse("各位代表:\n推进山水长 制度。")
    start, end = report.text.index("推进"), len(report.text)
    row = f"made-up\t{start}\t{end}\t2 5* 1"
    tool.MORE.write_text(f"report\tstart\tend\twords\n{row}\n", encoding="utf-8")
    (read,) = tool.more_rows(lambda name: report)
    assert read["words"] == ["推进", "山水长制度", "。"]
    assert read["terms"] == {"山水长制度"}


def test_a_weight_moves_from_the_earlier_one_the_less_the_surer_that_was(tool: ModuleType) -> None:
    size = 1 << tool.BITS
    features = csr_array((np.ones(40, np.float32), (np.arange(40), np.arange(40) % 2)), (40, size))
    places = tool.Places(features, np.ones(40, bool), np.arange(40))
    start, sure = np.zeros(size), np.full(size, 0.25)
    start[:3], sure[1] = -tool.SCALE, 100.0
    found = tool.fitted([places], start, sure)
    assert found[0] > found[1] > -tool.SCALE
    assert found[2] == -tool.SCALE
    assert not found[3:].any()
