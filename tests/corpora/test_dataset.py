"""Many reports as a data set: what is made, kept, made again and told, and that nothing half-made
is ever listed."""

import os
import re
import socket
import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from tests.shared import contents
from xiacheng_nlp.cli import main
from xiacheng_nlp.corpora import dataset as corpora
from xiacheng_nlp.corpora import inventory, tables
from xiacheng_nlp.corpora.dataset import corpus
from xiacheng_nlp.corpora.loading import load_panel
from xiacheng_nlp.corpora.locks import LOCK, OWNER, locked
from xiacheng_nlp.corpora.metadata import read_metadata
from xiacheng_nlp.corpora.tables import TABLES, Job, columns_of, schema_of
from xiacheng_nlp.errors import CorpusError, DataFileError, OutputError, ReportError
from xiacheng_nlp.observations.observation import observation_table
from xiacheng_nlp.report.government import place_of
from xiacheng_nlp.report.report import Report, load_report

# "On behalf of the government of X county … The gross product reached … billion, up 7 %. … clean
# the rivers …"
TEXT = """2022年{place}政府工作报告
各位代表：
现在，我代表{place}人民政府，向大会报告工作，请予审议。
一、2021年工作回顾
全年实现地区生产总值{value}亿元，增长7%。
二、2022年工作安排
今年整治河道5条，新增绿化面积6万平方米。
"""


def write(folder: Path, name: str, place: str = "清水县", value: str = "187.5") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(TEXT.format(place=place, value=value), encoding="utf-8")
    return path


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    write(folder, "a.txt")
    write(folder, "b.txt", place="东山市", value="900")
    (folder / "notes.txt").write_text("牛奶、面包", encoding="utf-8")
    return folder


def make(source: Path, output: Path, **options: object) -> corpora.CorpusResult:
    return corpus(source, output, **{"workers": 0, **options})  # type: ignore[arg-type]


def listed(output: Path) -> pd.DataFrame:
    return pd.read_parquet(output / "reports").sort_values("file", ignore_index=True)


def test_every_table_holds_every_report_by_its_schema(reports: Path, tmp_path: Path) -> None:
    result = make(reports, tmp_path / "out", tokens=True)
    assert (result.made, result.kept, result.failed) == (2, 0, 1)
    for table in TABLES:
        files = sorted((tmp_path / "out" / table).glob("*.parquet"))
        assert len(files) == 2
        assert all(pq.read_schema(path).equals(schema_of(table)) for path in files), table
        assert set(pd.read_parquet(tmp_path / "out" / table)["report"]) == set(
            listed(tmp_path / "out")["report"]
        )


def test_the_schema_has_every_column_of_an_observation() -> None:
    assert list(columns_of("observations"))[1:] == list(observation_table(()).columns)


def test_what_the_tables_say(reports: Path, tmp_path: Path) -> None:
    make(reports, tmp_path / "out")
    about = listed(tmp_path / "out")
    assert about[["file", "place", "level", "year"]].values.tolist() == [
        ["a.txt", "清水县", "县", 2022],
        ["b.txt", "东山市", "市", 2022],
    ]
    observations = pd.read_parquet(tmp_path / "out" / "observations").merge(
        about[["report", "place"]], on="report"
    )
    product = observations[
        (observations["indicator"] == "地区生产总值") & (observations["measure"] == "level")
    ]
    assert {row["place"]: str(row["value"].normalize()) for row in product.to_dict("records")} == {
        "清水县": "187.5",
        "东山市": "9E+2",
    }
    themes = pd.read_parquet(tmp_path / "out" / "themes")
    assert any("environment" in codes for codes in themes["themes"])


def test_a_file_that_is_no_report_is_told_and_the_others_go_on(
    reports: Path, tmp_path: Path
) -> None:
    (reports / "locked.zip").write_bytes(b"PK\x05\x06 broken")
    make(reports, tmp_path / "out")
    failures = pd.read_csv(tmp_path / "out" / inventory.FAILURES)
    assert {
        row["file"]: row["reason"].split(":")[0] for row in failures.to_dict("records")
    }.keys() == {"locked.zip", "notes.txt"}


def test_a_second_run_makes_only_what_is_new_or_changed(reports: Path, tmp_path: Path) -> None:
    make(reports, tmp_path / "out")
    assert (make(reports, tmp_path / "out").made, make(reports, tmp_path / "out").kept) == (0, 2)
    write(reports, "a.txt", value="188")
    write(reports, "c.txt", place="西山县")
    result = make(reports, tmp_path / "out")
    assert (result.made, result.kept, result.removed) == (2, 1, 1)
    assert list(listed(tmp_path / "out")["file"]) == ["a.txt", "b.txt", "c.txt"]
    assert len(list((tmp_path / "out" / "observations").iterdir())) == 3


def test_other_options_and_another_version_make_all_anew(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(reports, tmp_path / "out")
    result = make(reports, tmp_path / "out", terms=False)
    assert (result.made, result.kept) == (2, 0)
    assert not list((tmp_path / "out" / "terms").iterdir())
    monkeypatch.setattr(tables, "version_of_rules", lambda: "0.1.0+r2")
    assert make(reports, tmp_path / "out", terms=False).made == 2
    assert set(listed(tmp_path / "out")["package"]) == {"xiacheng-nlp 0.1.0+r2"}


def test_a_report_is_listed_only_when_all_its_tables_are_there(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = inventory.write_file
    written: list[str] = []

    def stop_between_tables(path: Path, data: bytes) -> None:
        if len(written) == 8:
            raise KeyboardInterrupt
        written.append(path.parent.name)
        whole(path, data)

    monkeypatch.setattr(inventory, "write_file", stop_between_tables)
    with pytest.raises(KeyboardInterrupt):
        make(reports, tmp_path / "out")
    monkeypatch.setattr(inventory, "write_file", whole)
    ids = set(listed(tmp_path / "out")["report"])
    assert len(ids) == 1
    for table in ("sections", "observations", "themes", "terms"):
        assert ids <= set(pd.read_parquet(tmp_path / "out" / table)["report"])
    (tmp_path / "out" / "themes" / ".0123456789ab-01234567.parquet.abc.part").write_bytes(
        b"half of a tab"
    )
    result = make(reports, tmp_path / "out")
    assert (result.made, result.kept) == (1, 1)
    make(reports, tmp_path / "fresh")
    assert contents(tmp_path / "out") == contents(tmp_path / "fresh")


def test_what_a_run_did_stays_as_it_is_told(reports: Path, tmp_path: Path) -> None:
    result = make(reports, tmp_path / "out")
    with pytest.raises(FrozenInstanceError):
        result.made = 0  # type: ignore[misc]


@pytest.mark.slow
def test_two_workers_give_the_same_bytes_as_none(reports: Path, tmp_path: Path) -> None:
    # One that fails when it is made, the same bytes again, and one that fails before it is read.
    (reports / "0.txt").write_text("牛奶、面包", encoding="utf-8")
    (reports / "1.txt").symlink_to(reports / "a.txt")
    make(reports, tmp_path / "alone")
    result = corpus(reports, tmp_path / "two", workers=2)
    assert result.made == 2
    assert contents(tmp_path / "alone") == contents(tmp_path / "two")
    failures = pd.read_csv(tmp_path / "two" / inventory.FAILURES).values.tolist()
    assert [file for file, _ in failures] == ["0.txt", "1.txt", "notes.txt"]
    assert failures[2][1] == "skipped: the same bytes as 0.txt"


def test_a_number_of_more_digits_than_a_data_set_holds_is_counted_and_the_others_are_there(
    tmp_path: Path,
) -> None:
    write(tmp_path / "reports", "a.txt", value="0.12345678901")
    write(tmp_path / "reports", "b.txt")
    make(tmp_path / "reports", tmp_path / "out")
    a, b = listed(tmp_path / "out").to_dict("records")
    assert (a["observations"], a["unparsed"]) == (b["observations"], b["unparsed"] + 1)
    found = (
        pd.read_parquet(tmp_path / "out" / "observations")
        .query("report == @a['report']")
        .set_index("text")
    )
    assert found.loc["0.12345678901亿元", "value"] is None
    assert found.loc["7%", "value"] == 7


def test_a_mistake_of_ours_is_a_line_and_the_others_go_on(
    reports: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    real = corpora.report_tables

    def report_tables(data: bytes, job: Job) -> dict[str, bytes]:
        if job.file == "a.txt":
            raise RuntimeError("of two\nlines")
        return real(data, job)

    monkeypatch.setattr(corpora, "report_tables", report_tables)
    result = make(reports, tmp_path / "out")
    assert (result.made, result.failed, result.lost) == (1, 2, 1)
    failures = pd.read_csv(tmp_path / "out" / inventory.FAILURES).set_index("file")["reason"]
    assert re.fullmatch(
        r"RuntimeError: of two lines \(a mistake in dataset\.py:\d+ of xiacheng-nlp [\w.+]+\)",
        failures["a.txt"],
    )
    assert main(["corpus", str(reports), "-o", str(tmp_path / "out"), "--workers", "0"]) == 1
    assert "1 of them through no fault of the file: run again" in capsys.readouterr().out


@pytest.mark.parametrize("inside", ["reports/out", "reports", "."])
def test_the_data_set_may_lie_among_the_reports_and_is_none_of_them(
    reports: Path, tmp_path: Path, inside: str
) -> None:
    output = tmp_path / inside
    output.mkdir(exist_ok=True)
    first = make(reports, output)
    made = contents(output)
    again = make(reports, output)
    assert (first.made, first.failed, again.kept, again.failed) == (2, 1, 2, 1)
    assert contents(output) == made


def test_another_data_set_among_the_reports_is_none_of_them(reports: Path, tmp_path: Path) -> None:
    first = make(reports, reports / "old", terms=True)
    second = make(reports, tmp_path / "out", terms=True)
    assert (second.made, second.failed) == (first.made, first.failed)


def test_the_same_bytes_under_another_name_are_told(reports: Path, tmp_path: Path) -> None:
    write(reports, "copy.txt", place="东山市", value="900")
    result = make(reports, tmp_path / "out")
    assert (result.made, result.failed) == (2, 1)
    failures = pd.read_csv(tmp_path / "out" / inventory.FAILURES).set_index("file")["reason"]
    assert failures["copy.txt"] == "skipped: the same bytes as b.txt"


def test_metadata_goes_before_what_the_report_tells(reports: Path, tmp_path: Path) -> None:
    table = tmp_path / "about.csv"
    table.write_text(
        "file,place,level,year,source\na.txt,清水区,县,2021,区政府网站\ngone.txt,x,,,\n",
        encoding="utf-8-sig",
    )
    make(reports, tmp_path / "out", metadata=table)
    told = ["清水区", "县", 2021, "区政府网站"]
    for rows in (listed(tmp_path / "out"), load_panel(reports, metadata=table).reports):
        row = rows.set_index("file").loc["a.txt", ["place", "level", "year", "source"]]
        assert row.tolist() == told
    failures = pd.read_csv(tmp_path / "out" / inventory.FAILURES).set_index("file")["reason"]
    observations = pd.read_parquet(tmp_path / "out" / "observations")
    assert "2021" in set(observations["period"].dropna())
    assert failures["gone.txt"] == "stands in the metadata, but is not among the files"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "name,place\n",
            "m.csv:1: the header names the columns file, place, level, year, source, file at least",
        ),
        (
            "file,level\na.txt,村\n",
            "m.csv:2: level is one of 国, 省, 市, 区, 县, 县级市, 乡镇, 新区, not 村",
        ),
        ("file,year\na.txt,14\n", "m.csv:2: year is a year such as 2014, not 14"),
        ("file,year\na.txt,2014\n\na.txt,2015\n", "m.csv:4: a.txt stands already in a line above"),
        ("file,year\na.txt,0014\n", "m.csv:2: year is a year such as 2014, not 0014"),
        ("file,year,year\na.txt,2014,2015\n", "m.csv:1: the header names a column twice"),
        (
            'file,source\n"a.txt","one\x0btwo\u2028three"\nb.txt\n',
            "m.csv:3: 2 cells are wanted, the file among them, not 1",
        ),
        ("file,year\na.txt\n", "m.csv:2: 2 cells are wanted, the file among them, not 1"),
    ],
)
def test_what_is_wrong_with_metadata_is_said_with_its_line(
    tmp_path: Path, text: str, message: str
) -> None:
    path = tmp_path / "m.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError) as error:
        read_metadata(path)
    assert str(error.value) == message


def test_one_run_at_a_time(reports: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    with locked(output):
        me = re.escape(f"{socket.gethostname()} {os.getpid()}")
        with pytest.raises(CorpusError, match=rf"out: another run writes here \({me}\); wait"):
            make(reports, output)
        (output / OWNER).unlink()
        with pytest.raises(CorpusError, match=r"another run writes here \(just starting\)"):
            make(reports, output)
    # What an earlier version and a run that was killed leave is no obstacle.
    for left in (LOCK, OWNER, ".lock"):
        (output / left).write_text(f"{socket.gethostname()} {os.getppid()}", encoding="utf-8")
    assert make(reports, output).made == 2
    assert not (output / OWNER).exists()
    assert (output / ".lock").exists()


HOLDER = """
import sys, time
from dataclasses import FrozenInstanceError
from pathlib import Path
from xiacheng_nlp.corpora.locks import locked
from xiacheng_nlp.errors import CorpusError
held, place = 0, Path(sys.argv[1])
until = time.monotonic() + 3
while time.monotonic() < until:
    try:
        with locked(place):
            (place / "held").touch(exist_ok=False)
            held += 1
            (place / "held").unlink()
    except CorpusError:
        pass
print(held)
"""


@pytest.mark.slow
def test_no_two_hold_the_lock_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, tmp_path]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    holders = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    held = [int(holder.communicate()[0]) for holder in holders]
    assert [holder.returncode for holder in holders] == [0, 0, 0]
    assert sum(held) > 50


def test_a_run_knows_the_lock_of_its_own_process(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = corpora.report_tables

    def report_tables(data: bytes, job: Job) -> dict[str, bytes]:
        monkeypatch.setattr(corpora, "report_tables", real)
        with pytest.raises(CorpusError, match="another run writes here"):
            make(reports, tmp_path / "out")
        return real(data, job)

    monkeypatch.setattr(corpora, "report_tables", report_tables)
    assert make(reports, tmp_path / "out").made == 2


def test_bad_input_is_said(reports: Path, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="no such folder"):
        make(tmp_path / "nowhere", tmp_path / "out")
    with pytest.raises(CorpusError, match="leave them out with a scheduler"):
        corpus(reports, tmp_path / "out", workers=2, scheduler="tcp://localhost:1")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be written"):
        make(reports, tmp_path / "file")


def test_the_command(reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["corpus", str(reports), "-o", str(tmp_path / "out"), "--workers", "0"]) == 0
    assert capsys.readouterr().out.startswith("Made 2 reports, kept 0, removed 0 in ")
    assert main(["corpus", str(tmp_path / "nowhere"), "-o", str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err.startswith("xiacheng-nlp: nowhere: no such folder")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("各位代表：\n现在，我代表国务院，向大会报告政府工作。", ("中国", "国")),
        ("各位代表：\n现在，我代表上海市人民政府，向大会报告工作。", ("上海市", "省")),
        (
            "2026年浙江省政府工作报告\n各位代表：\n现在，我代表省人民政府向大会作政府工作报告。",
            ("浙江省", "省"),
        ),
        ("政府工作报告\n各位代表：\n现在，我代表县人民政府，向大会报告工作。", (None, "县")),
        ("各位代表：\n完成投资1亿元。", (None, None)),
    ],
)
def test_whose_report_it_is(text: str, place: tuple[str | None, str | None]) -> None:
    found = place_of(Report.parse(text))
    assert (found.name, found.level) == place


def test_the_seed_is_a_district_s(seed: Report) -> None:
    assert (place_of(load_report()).name, place_of(seed).level) == ("下城区", "区")
