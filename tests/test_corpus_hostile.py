"""A corpus on a machine that fails: no room, no right to write, processes killed, two runs at once. Nothing is lost, nothing half-made."""

import errno
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pyarrow.parquet as pq
import pytest

from xiacheng_nlp import corpora, files
from xiacheng_nlp.bundle import seed as seed_file
from xiacheng_nlp.constructed import PLACES, YEARS, constructed_text
from xiacheng_nlp.corpora import LOCK, corpus
from xiacheng_nlp.files import OutputError

COMMAND = [sys.executable, "-m", "xiacheng_nlp", "corpus"]
PROCESSES = 24
"""Reports of the seed's size for tests that kill something: enough that there is a middle to kill in."""


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    for place in PLACES:
        for year in YEARS[:2]:
            (folder / f"{place}-{year}.txt").write_text(constructed_text(place, year), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    text = seed_file().read_text(encoding="utf-8")
    for number in range(PROCESSES):
        (folder / f"{number:02}.txt").write_text(text.replace("643.57", f"{600 + number}.5"), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def undisturbed(reports: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("undisturbed")
    corpus(reports, out, workers=0)
    return contents(out)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def whole(folder: Path) -> set[str]:
    """The reports that are listed; each has each table, and each file can be read."""
    listed = {path.name for path in (folder / "reports").glob("*.parquet")}
    for table in ("sections", "observations", "themes", "terms"):
        assert listed <= {path.name for path in (folder / table).glob("*.parquet")}
    for path in folder.rglob("[!.]*.parquet"):
        pq.read_table(path)
    return listed


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


@pytest.mark.parametrize("writes", [0, 1, 6, 13])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_full_or_read_only_disk_is_one_line_and_the_next_run_ends_the_work(
    reports: Path, undisturbed: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writes: int, code: int
) -> None:
    real, left = os.replace, [writes]

    def replace(source: str, target: Path) -> None:
        if not left[0]:
            raise OSError(code, os.strerror(code))
        left[0] -= 1
        real(source, target)

    monkeypatch.setattr(files.os, "replace", replace)
    with pytest.raises(OutputError, match=f"cannot be written: {os.strerror(code)}") as error:
        corpus(reports, tmp_path / "out", workers=0)
    assert len(str(error.value).splitlines()) == 1
    assert not (tmp_path / "out" / LOCK).exists()
    assert not list((tmp_path / "out").rglob(".*.part"))
    whole(tmp_path / "out")
    monkeypatch.setattr(files.os, "replace", real)
    corpus(reports, tmp_path / "out", workers=0)
    assert contents(tmp_path / "out") == undisturbed


def test_a_folder_that_cannot_be_made_is_one_line(reports: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = subprocess.run([*COMMAND, reports, "-o", tmp_path / "file" / "out"], capture_output=True, text=True, env=environment())
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "out: cannot be written" in done.stderr


@pytest.fixture
def killer() -> Iterator[list[int]]:
    """Kills the first worker of Dask that has worked for a moment; the list has its process id."""
    killed: list[int] = []
    stop = threading.Event()

    def hunt() -> None:
        while not stop.wait(0.05):
            for process in psutil.Process().children(recursive=True):
                try:
                    busy = process.cpu_times().user > 1.5 and not process.children()
                except psutil.Error:
                    continue
                if busy:
                    killed.append(process.pid)
                    process.kill()
                    return

    thread = threading.Thread(target=hunt)
    thread.start()
    yield killed
    stop.set()
    thread.join()


def test_a_killed_worker_is_no_stop(many: Path, tmp_path: Path, killer: list[int]) -> None:
    result = corpus(many, tmp_path / "out", workers=2)
    assert killer, "no worker was killed: the test has shown nothing"
    assert result.made + result.failed == PROCESSES
    assert len(whole(tmp_path / "out")) == result.made
    again = corpus(many, tmp_path / "out", workers=0)
    assert (again.made, again.kept, again.failed) == (result.failed, result.made, 0)


def test_a_run_that_is_killed_leaves_nothing_half_made_and_the_next_goes_on(many: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for wanted in (2, 9):
        run = subprocess.Popen([*COMMAND, many, "-o", out, "--workers", "0"], env=environment(), stderr=subprocess.PIPE)
        deadline = time.monotonic() + 60
        while len(list((out / "reports").glob("*.parquet"))) < wanted and run.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        run.send_signal(signal.SIGKILL)
        run.communicate()
        assert run.returncode == -signal.SIGKILL, "it had ended before it was killed: the test has shown nothing"
        assert wanted <= len(whole(out)) < PROCESSES
        assert (out / LOCK).exists()
    kept = len(whole(out))
    result = corpus(many, out, workers=0)
    assert (result.kept, result.made, result.failed) == (kept, PROCESSES - kept, 0)
    corpus(many, tmp_path / "fresh", workers=0)
    assert contents(out) == contents(tmp_path / "fresh")


def test_of_two_runs_at_once_one_works_and_the_other_says_so(many: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    runs = [
        subprocess.Popen([*COMMAND, many, "-o", out, "--workers", "0"], env=environment(), stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = sorted((run.communicate()[1], run.returncode) for run in runs)
    assert [code for _, code in said] == [0, 1]
    assert said[0][0] == ""
    assert "another run" in said[1][0]
    assert said[1][0].count("\n") == 1
    assert len(whole(out)) == PROCESSES


def test_a_zip_of_tricks_gives_its_reports_and_a_line_for_each_trick(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "r.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("甲区.txt", constructed_text("甲区", 2014))
        archive.writestr("../outside.txt", constructed_text("甲区", 2015))
        archive.writestr("/root.txt", constructed_text("乙县", 2014))
        archive.writestr("bomb.txt", "发展" * 40_000_000)
        archive.writestr("scan.pdf", b"%PDF-1.4\n%%EOF")
        archive.writestr("broken.docx", b"PK\x03\x04 nothing")
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    result = corpus(tmp_path / "r.zip", tmp_path / "out", workers=0)
    assert (result.made, result.failed) == (1, 6)
    told = (tmp_path / "out" / corpora.FAILURES).read_text(encoding="utf-8").splitlines()
    assert len(told) == 7
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "r.zip"]


def test_a_file_that_goes_while_the_corpus_runs_is_a_line(reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    for path in sorted(reports.iterdir()):
        (folder / path.name).write_bytes(path.read_bytes())
    real = corpora.files_of

    def files_of(source: Path) -> Iterator[corpora.Found]:
        for number, found in enumerate(real(source)):
            if number == 2:
                (folder / found.name).unlink()
            yield found

    monkeypatch.setattr(corpora, "files_of", files_of)
    result = corpus(folder, tmp_path / "out", workers=0)
    assert (result.made, result.failed) == (5, 1)
    assert "No such file" in (tmp_path / "out" / corpora.FAILURES).read_text(encoding="utf-8")
