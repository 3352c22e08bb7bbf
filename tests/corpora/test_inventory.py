"""A data set among files of others, from sources that fail, and after what was done to it: nothing
of others is touched, nothing is lost without a word, and what is broken is told in one line."""

import hashlib
import os
import shutil
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from constructed import constructed_text

from tests.shared import contents, with_pipes
from xiacheng_nlp.cli import main
from xiacheng_nlp.corpora import dataset
from xiacheng_nlp.corpora.dataset import CorpusResult, corpus
from xiacheng_nlp.corpora.inventory import FAILURES, KEYWORDS, LARGEST, LIST, Inventory
from xiacheng_nlp.corpora.loading import load_panel
from xiacheng_nlp.corpora.metadata import read_metadata
from xiacheng_nlp.errors import CorpusError, DataFileError, ReportError
from xiacheng_nlp.report.folders import Found

NAMES = ("甲区-2013.txt", "甲区-2014.txt", "乙县-2013.txt")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reports, and the data set of them, to be copied."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "reports").mkdir()
    for name in NAMES:
        write(folder / "reports", name)
    make(folder / "reports", folder / "out")
    return folder


@pytest.fixture
def reports(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made / "reports", tmp_path / "reports"))


@pytest.fixture
def out(made: Path, reports: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made / "out", tmp_path / "out"))


def write(folder: Path, name: str) -> None:
    text = constructed_text(name[:2], int(name[3:7]))
    (folder / name).write_text(text, encoding="utf-8")


def make(source: Path, output: Path) -> CorpusResult:
    return corpus(source, output, workers=0)


def reasons(out: Path) -> dict[str, str]:
    rows = pd.read_csv(out / FAILURES).to_dict("records")
    return {row["file"]: row["reason"] for row in rows}


OTHERS = (
    *("reports/my_survey.parquet", "terms/glossary.parquet", "reports/.draft.parquet.ab12.part"),
    *(".film.mp4.part", ".lock", "notes.csv", "reports/0123456789ab-01234567.parquet"),
)


def test_files_of_others_stay_and_are_no_tables(reports: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for name in OTHERS:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(b"" if name == ".lock" else b"mine")
        os.utime(out / name, (0, 0))
    result = make(reports, out)
    write(reports, "丙市-2013.txt")
    (reports / NAMES[0]).unlink()
    again = make(reports, out)
    assert (result.made, result.removed, again.made, again.removed) == (3, 0, 1, 1)
    there = contents(out)
    assert {name: there[name] for name in OTHERS} == {
        name: b"" if name == ".lock" else b"mine" for name in OTHERS
    }
    assert len(load_panel(out).reports) == 3


@pytest.mark.parametrize("name", [FAILURES, KEYWORDS, LIST])
def test_a_list_of_others_is_not_written_over(reports: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).write_text("student,mark\n", encoding="utf-8")
    words = tmp_path / "words.tsv"
    words.write_text("category\tword\ngrowth\t增长\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"move it away|choose another folder") as error:
        corpus(reports, tmp_path / "out", workers=0, keywords=words)
    assert str(tmp_path / "out" / name) in str(error.value)
    assert contents(tmp_path / "out").keys() == {name, ".xiacheng-nlp.lock"}
    assert (tmp_path / "out" / name).read_text(encoding="utf-8") == "student,mark\n"


def test_a_data_set_without_its_list_is_no_folder_of_reports(out: Path) -> None:
    (out / LIST).unlink()
    with pytest.raises(CorpusError, match=r"a data set without its list data-set\.sha256"):
        load_panel(out)


def test_a_file_of_others_with_the_name_of_a_table_is_not_written_over(
    out: Path, reports: Path
) -> None:
    """As where the tables of another data set were copied without their list."""
    (out / LIST).unlink()
    (out / FAILURES).unlink()
    mine = min((out / "observations").iterdir())
    mine.write_bytes(b"mine")
    with pytest.raises(CorpusError, match=f"{mine.name}: not of this data set; move it away"):
        make(reports, out)
    assert mine.read_bytes() == b"mine"


def test_a_list_that_was_changed_leads_to_no_file_of_others(out: Path, reports: Path) -> None:
    mine = out.parent / "thesis.parquet"
    mine.write_bytes(b"mine")
    sha256 = hashlib.sha256(b"mine").hexdigest()
    with (out / LIST).open("a", encoding="utf-8") as stream:
        stream.write(f"{sha256}  reports/../../thesis.parquet\n{sha256}  ../thesis.parquet\n")
    assert make(reports, out).removed == 0
    assert mine.exists()
    assert "thesis" not in (out / LIST).read_text(encoding="utf-8")


@pytest.mark.parametrize("wrong", [False, True])
def test_a_source_without_a_report_is_an_error_that_changes_nothing(
    out: Path, tmp_path: Path, wrong: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(out)
    source = tmp_path / "wrong"
    source.mkdir()
    if wrong:
        (source / "shopping.txt").write_text("牛奶、面包", encoding="utf-8")
    assert main(["corpus", str(source), "-o", str(out), "--workers", "0"]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.startswith(f"xiacheng-nlp: {source}: there is no report among its ")
    assert ("shopping.txt: this does not look like" in said) == wrong
    assert contents(out) == before


def test_an_output_without_a_name_is_an_error(reports: Path) -> None:
    with pytest.raises(CorpusError, match="the name of the folder for the data set is empty"):
        corpus(reports, "", workers=0)
    assert main(["corpus", str(reports), "-o", ""]) == 2


def unreadable(name: str) -> Callable[[Found], bytes]:
    real = Found.read

    def read(found: Found) -> bytes:
        if found.name == name:
            raise ReportError(f"{name}: cannot be read: Permission denied")
        return real(found)

    return read


def test_a_file_that_cannot_be_read_keeps_its_tables(
    out: Path, reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(out)
    monkeypatch.setattr(Found, "read", unreadable(NAMES[0]))
    result = make(reports, out)
    assert (result.made, result.kept, result.removed, result.failed) == (0, 3, 0, 1)
    assert reasons(out)[NAMES[0]] == (
        f"{NAMES[0]}: cannot be read: Permission denied; the tables of {NAMES[0]} are those of its"
        " last good state"
    )
    monkeypatch.undo()
    make(reports, out)
    assert contents(out) == before


def test_a_file_that_became_none_keeps_its_tables_and_a_file_that_has_gone_loses_them(
    out: Path, reports: Path
) -> None:
    (reports / NAMES[0]).write_text("牛奶、面包", encoding="utf-8")
    (reports / NAMES[1]).unlink()
    result = make(reports, out)
    assert (result.kept, result.removed, result.failed) == (2, 1, 1)
    assert reasons(out)[NAMES[0]].endswith(
        f"the tables of {NAMES[0]} are those of its last good state"
    )
    assert set(load_panel(out).reports["file"]) == {NAMES[0], NAMES[2]}


def test_a_folder_that_cannot_be_read_keeps_the_tables_of_its_files(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (reports / "inner").mkdir()
    write(reports / "inner", "丙市-2013.txt")
    make(reports, tmp_path / "out")
    real = dataset.files_of

    def files_of(source: Path) -> list[Found]:
        found = [found for found in real(source) if not found.name.startswith("inner/")]
        # Two failures name the one report.
        names = ("inner", "inner/丙市-2013.txt")
        return [*found, *(Found(name, None, f"{name}: cannot be read") for name in names)]

    monkeypatch.setattr(dataset, "files_of", files_of)
    result = make(reports, tmp_path / "out")
    assert (result.kept, result.removed) == (4, 0)
    for name in ("inner", "inner/丙市-2013.txt"):
        assert reasons(tmp_path / "out")[name].endswith(
            "the tables of inner/丙市-2013.txt are those of its last good state"
        )


def test_tables_of_other_options_are_told_as_lost(
    out: Path, reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Found, "read", unreadable(NAMES[0]))
    result = corpus(reports, out, workers=0, tokens=True)
    assert (result.made, result.removed, result.failed) == (2, 1, 1)
    assert reasons(out)[NAMES[0]].endswith(
        f"the tables of {NAMES[0]} are lost: they were made otherwise"
    )


@pytest.mark.parametrize("how", ["removed", "emptied", "cut", "replaced"])
def test_a_table_that_is_damaged_is_made_anew(out: Path, reports: Path, how: str) -> None:
    before = contents(out)
    path, other = sorted((out / "observations").iterdir())[:2]
    if how == "removed":
        path.unlink()
    else:
        data = {"emptied": b"", "cut": path.read_bytes()[:-9], "replaced": other.read_bytes()}
        path.write_bytes(data[how])
    with pytest.raises(CorpusError, match=r"1 tables are missing or not as they were made, observ"):
        load_panel(out)
    result = make(reports, out)
    assert (result.made, result.kept) == (1, 2)
    assert contents(out) == before


def test_a_table_that_was_changed_is_not_taken_away(out: Path, reports: Path) -> None:
    file = Inventory(out).paths("themes")
    (reports / NAMES[0]).unlink()
    for path in file:
        with (out / path).open("ab") as stream:
            stream.write(b"mine")
    assert make(reports, out).removed == 1
    left = [path for path in file if (out / path).read_bytes().endswith(b"mine")]
    assert len(left) == 1
    assert reasons(out)[left[0]] == "skipped: changed since it was made, and left as it is"
    assert len(load_panel(out).reports) == 2


def test_a_file_of_any_size_in_the_place_of_another_does_not_fill_the_memory(
    out: Path, reports: Path
) -> None:
    for path in (out / FAILURES, out / Inventory(out).paths("themes")[0]):
        with path.open("ab") as stream:
            stream.truncate(LARGEST + 1)
        tracemalloc.start()
        assert path.relative_to(out).as_posix() in Inventory(out).changed()
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
        tracemalloc.stop()
        path.unlink()
    with (out / LIST).open("ab") as stream:
        stream.truncate(LARGEST + 1)
    with pytest.raises(CorpusError, match="not the list of a data set of this package"):
        make(reports, out)


def forged(out: Path, path: str, data: bytes) -> None:
    """Another file of the data set, with its hash in the list."""
    (out / path).write_bytes(data)
    lines = (out / LIST).read_text(encoding="utf-8").splitlines()
    sha256 = hashlib.sha256(data).hexdigest()
    lines = [f"{sha256}  {path}" if line.endswith(f"  {path}") else line for line in lines]
    (out / LIST).write_text("\n".join(lines) + "\n", encoding="utf-8")


def parquet(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return bytes(sink.getvalue())


@pytest.mark.parametrize("table", ["reports", "observations", "terms"])
@pytest.mark.parametrize("how", ["garbage", "empty", "columns", "types", "nothing"])
@pytest.mark.parametrize("which", [0, -1])
def test_a_data_set_that_was_tampered_with_is_one_line(
    out: Path, table: str, how: str, which: int
) -> None:
    path = Inventory(out).paths(table)[which]
    there = pq.read_table(out / path)
    column = there.schema.get_field_index("report")
    data = {
        "garbage": b"PAR1" + bytes(40) + b"PAR1",
        "empty": b"",
        "columns": parquet(there.rename_columns([f"x{name}" for name in there.column_names])),
        "types": parquet(there.set_column(column, "report", pa.array([1.5] * len(there)))),
        "nothing": parquet(pa.table({})),
    }[how]
    forged(out, path, data)
    with pytest.raises(CorpusError) as error:
        load_panel(out)
    assert len(str(error.value).splitlines()) == 1
    assert str(error.value).startswith("out: ")


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe\x00", b'a,b\n"', b"a\n1,2,3\n1,2\n", b"x,y\n1,2\n"]
)
def test_failures_that_were_tampered_with_are_one_line(out: Path, data: bytes) -> None:
    forged(out, FAILURES, data)
    with pytest.raises(CorpusError, match=r"^out: .*$"):
        load_panel(out)


@pytest.mark.parametrize("data", [b"\xff\xfe", b"", b"# another list\n"])
def test_a_list_that_was_tampered_with_is_one_line(out: Path, reports: Path, data: bytes) -> None:
    (out / LIST).write_bytes(data)
    for what in (lambda: load_panel(out), lambda: make(reports, out)):
        with pytest.raises(CorpusError) as error:
            what()
        assert len(str(error.value).splitlines()) == 1


def test_a_list_with_half_a_line_at_its_end_goes_on(out: Path, reports: Path) -> None:
    before = contents(out)
    with (out / LIST).open("a", encoding="utf-8") as stream:
        stream.write("0123abc  observ")
    write(reports, "丙市-2013.txt")
    assert make(reports, out).made == 1
    (reports / "丙市-2013.txt").unlink()
    assert make(reports, out).removed == 1
    assert contents(out) == before


def test_a_list_of_one_line_without_end_takes_no_time(out: Path, reports: Path) -> None:
    before = contents(out)
    line = f"{'0' * 64}  reports/{'1' * 12}-{'2' * 8}.parquet\n"
    with (out / LIST).open("a", encoding="utf-8") as stream:
        stream.write(line * 300_000)
    assert make(reports, out).kept == len(NAMES)
    assert contents(out) == before


@pytest.mark.parametrize("length", [240, 241, 255])
def test_a_file_with_a_long_name_is_made(reports: Path, tmp_path: Path, length: int) -> None:
    name = "甲" * 80 + "a" * (length - 244) + ".txt"
    name = name if length >= 244 else "甲" * 78 + "a" * (length - 238) + ".txt"
    assert len(name.encode()) == length
    shutil.copy(reports / NAMES[0], reports / name)
    write(reports, NAMES[0].replace("2013", "2015"))
    (reports / NAMES[0]).unlink()
    make(reports, tmp_path / "out")
    assert name in set(load_panel(tmp_path / "out").reports["file"])


@pytest.mark.parametrize("cells", ["a.txt," + "长" * 200_000, '"' + "a" * 150_000])
def test_large_and_odd_cells_of_metadata_are_one_line(tmp_path: Path, cells: str) -> None:
    table = tmp_path / "about.csv"
    table.write_text(f"file,place\n{cells}", encoding="utf-8")
    with pytest.raises(DataFileError, match=r"^about\.csv:2: .*$"):
        read_metadata(table)


def test_pipes_and_devices_in_a_list_are_a_line(reports: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    names = "\n".join([f"reports/{NAMES[0]}", "pipe.txt", "/dev/zero"])
    (tmp_path / "some.list").write_text(names, encoding="utf-8")
    result = make(tmp_path / "some.list", tmp_path / "out")
    assert result.made == 1
    assert reasons(tmp_path / "out") == dict.fromkeys(
        ["pipe.txt", "/dev/zero"], "skipped: no file (a device or a pipe)"
    )


@with_pipes
@pytest.mark.parametrize("table", ["reports", "observations", LIST])
def test_a_pipe_in_the_place_of_a_table_is_not_waited_for(made: Path, table: str) -> None:
    out = made.parent / f"pipe-{table}"
    shutil.copytree(made, out)
    place = out / "out" / LIST if table == LIST else min((out / "out" / table).iterdir())
    place.unlink()
    os.mkfifo(place)
    command = ["corpus", str(out / "reports"), "-o", str(out / "out"), "--workers", "0"]
    done = subprocess.run(
        [sys.executable, "-m", "xiacheng_nlp", *command],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "a pipe" in done.stderr
