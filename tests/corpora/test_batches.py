"""Data sets of many reports, whose tables stand side by side in few files."""

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from constructed import constructed_text

from tests.shared import contents
from xiacheng_nlp.corpora import batches, dataset, inventory
from xiacheng_nlp.corpora.dataset import CorpusResult, corpus
from xiacheng_nlp.corpora.loading import load_panel
from xiacheng_nlp.corpora.tables import TABLES, schema_of
from xiacheng_nlp.errors import CorpusError
from xiacheng_nlp.files import write_file

NAMES = [f"{number}.txt" for number in range(9)]


def write(folder: Path, *names: str, more: str = "") -> None:
    folder.mkdir(exist_ok=True)
    for name in names:
        text = constructed_text("甲区", 2014) + f"新增企业{name[0]}家。{more}\n"
        (folder / name).write_text(text, encoding="utf-8")


def make(source: Path, out: Path, **options: object) -> CorpusResult:
    return corpus(source, out, workers=0, **options)  # type: ignore[arg-type]


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    write(tmp_path / "reports", *NAMES)
    return tmp_path / "reports"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three reports have files of their own, of more there are sixteen files, and four are held."""
    for module in (batches, dataset):
        monkeypatch.setattr(module, "FEW", 3)
    monkeypatch.setattr(batches, "MOST", 4)
    monkeypatch.setattr(dataset, "HELD", 4)


def files(out: Path) -> set[str]:
    return {path.name for path in (out / "reports").iterdir()}


def test_groups_depend_on_the_names_alone() -> None:
    names = [f"{number:012x}-0" for number in range(1, 1 << 48, (1 << 48) // 1000)]
    groups = batches.groups_of(names)
    assert len(groups) == 16
    assert sorted(name for group in groups.values() for name in group) == names
    assert groups == batches.groups_of(names[::-1])
    assert max(map(len, batches.groups_of(names[: batches.FEW]).values())) == 1
    assert len(batches.groups_of(names[: batches.FEW + 1])) == 1


def test_the_tables_are_those_of_files_of_their_own(
    reports: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    make(reports, tmp_path / "apart", tokens=True)
    alone = load_panel(tmp_path / "apart")
    request.getfixturevalue("few")
    make(reports, tmp_path / "out", tokens=True)
    assert 1 < len(files(tmp_path / "out")) < len(NAMES)
    panel = load_panel(tmp_path / "out")
    for table in ("reports", "observations", "themes", "terms"):
        pd.testing.assert_frame_equal(getattr(panel, table), getattr(alone, table))
    for table in TABLES:
        for path in (tmp_path / "out" / table).iterdir():
            assert pq.read_schema(path).equals(schema_of(table)), table
        every = [pd.read_parquet(tmp_path / out / table) for out in ("apart", "out")]
        assert len(every[0]) == len(every[1])


@pytest.mark.usefixtures("few")
def test_what_is_added_changed_or_gone_gives_the_bytes_of_a_fresh_run(
    tmp_path: Path,
) -> None:
    reports, out = tmp_path / "reports", tmp_path / "out"
    for names in (NAMES[:2], NAMES[2:5], NAMES[5:]):
        write(reports, *names)
        result = make(reports, out)
    assert (result.made, result.kept, result.removed) == (4, 5, 0)
    write(reports, NAMES[4], more="新增企业1家。")
    (reports / NAMES[5]).unlink()
    result = make(reports, out)
    assert (result.made, result.kept, result.removed) == (1, 7, 2)
    make(reports, tmp_path / "fresh")
    assert contents(out) == contents(tmp_path / "fresh")
    for name in NAMES[:5]:
        (reports / name).unlink()
    assert make(reports, out).kept == 3
    make(reports, tmp_path / "three")
    assert contents(out) == contents(tmp_path / "three")
    assert len(files(out)) == 3


def stopped(out: Path, reports: Path, monkeypatch: pytest.MonkeyPatch, writes: int) -> None:
    """A run that is interrupted when it has written so many files."""
    left = [writes]

    def stop(path: Path, data: bytes) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        write_file(path, data)

    monkeypatch.setattr(inventory, "write_file", stop)
    with pytest.raises(KeyboardInterrupt):
        make(reports, out)
    monkeypatch.setattr(inventory, "write_file", write_file)


TABLES_MADE = len(TABLES) - 1
"""Tables of a run without tokens."""


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("beyond", [1, 2, 4])
def test_a_run_that_is_stopped_while_it_gathers_goes_on(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, beyond: int
) -> None:
    out, made = tmp_path / "out", 3 + 4  # Three alone, two pairs that begin alike, two others.
    stopped(out, reports, monkeypatch, 1 + made * TABLES_MADE + beyond)
    assert len(files(out)) >= made
    with pytest.raises(CorpusError, match="run corpus again"):
        load_panel(out)
    assert make(reports, out).made == 0
    make(reports, tmp_path / "fresh")
    assert contents(out) == contents(tmp_path / "fresh")


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(("written", "kept"), [(2, 2), (3, 3), (4, 5), (5, 7)])
def test_a_run_that_is_stopped_has_what_it_wrote(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: int, kept: int
) -> None:
    out = tmp_path / "out"
    stopped(out, reports, monkeypatch, 1 + written * TABLES_MADE + 1)
    result = make(reports, out)
    assert (result.kept, result.made) == (kept, len(NAMES) - kept)
    make(reports, tmp_path / "fresh")
    assert contents(out) == contents(tmp_path / "fresh")


@pytest.mark.usefixtures("few")
def test_a_file_that_is_damaged_has_its_reports_made_anew(reports: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    make(reports, out)
    before = contents(out)
    path = max((out / "themes").iterdir(), key=lambda path: path.stat().st_size)
    path.write_bytes(path.read_bytes()[:-9])
    result = make(reports, out)
    assert result.made > 1
    assert result.made + result.kept == len(NAMES)
    assert contents(out) == before


@pytest.mark.usefixtures("few")
def test_keywords_are_counted_in_every_report(reports: Path, tmp_path: Path) -> None:
    words = tmp_path / "words.tsv"
    words.write_text("category\tword\nrivers\t河道\n", encoding="utf-8")
    make(reports, tmp_path / "out", keywords=words)
    assert len(pd.read_csv(tmp_path / "out" / inventory.KEYWORDS)) == len(NAMES)
