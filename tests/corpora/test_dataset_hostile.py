"""A corpus on a machine that fails: no room, no right to write, processes killed, two runs at once.
Nothing is lost, nothing half-made."""

import errno
import functools
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
import pyarrow.parquet as pq
import pytest
from constructed import PLACES, YEARS, constructed_text
from deadly import MADE, deadly

from tests.shared import contents
from xiacheng_nlp import files
from xiacheng_nlp.corpora import dataset as corpora
from xiacheng_nlp.corpora.dataset import corpus
from xiacheng_nlp.corpora.inventory import FAILURES, LIST
from xiacheng_nlp.corpora.locks import LOCK, OWNER
from xiacheng_nlp.errors import OutputError
from xiacheng_nlp.resources import seed as seed_file

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-m", "xiacheng_nlp", "corpus"]
PROCESSES = 11
"""Reports of the seed's size for tests that kill something: enough that there is a middle to kill
in."""


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    for place in PLACES:
        for year in YEARS[:2]:
            (folder / f"{place}-{year}.txt").write_text(
                constructed_text(place, year), encoding="utf-8"
            )
    return folder


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    text = seed_file().read_text(encoding="utf-8")
    for number in range(PROCESSES):
        (folder / f"{number:02}.txt").write_text(
            text.replace("643.57", f"{600 + number}.5"), encoding="utf-8"
        )
    return folder


@pytest.fixture(scope="module")
def undisturbed(reports: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("undisturbed")
    corpus(reports, out, workers=0)
    return contents(out)


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


def wait_for(wanted: int, out: Path, run: "subprocess.Popen[Any]") -> None:
    """Until so many reports are listed, or the run has ended."""
    deadline = time.monotonic() + 60
    while (
        len(list((out / "reports").glob("*.parquet"))) < wanted
        and run.poll() is None
        and time.monotonic() < deadline
    ):
        time.sleep(0.02)


@pytest.mark.parametrize("writes", [0, 6, 13])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS])
def test_a_full_or_read_only_disk_is_one_line_and_the_next_run_ends_the_work(
    reports: Path,
    undisturbed: dict[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    writes: int,
    code: int,
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
    assert not (tmp_path / "out" / OWNER).exists()
    assert not list((tmp_path / "out").rglob(".*.part"))
    whole(tmp_path / "out")
    monkeypatch.setattr(files.os, "replace", real)
    corpus(reports, tmp_path / "out", workers=0)
    assert contents(tmp_path / "out") == undisturbed


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with a megabyte of room, where this process may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if (
        not shutil.which("mount")
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "none", folder], capture_output=True
        ).returncode
    ):
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("pages", [0, 2, 20])
def test_a_disk_without_room(
    reports: Path, undisturbed: dict[str, bytes], small_disk: Path, pages: int
) -> None:
    room = os.statvfs(small_disk)
    (small_disk / "filler").write_bytes(bytes((room.f_bavail - pages) * room.f_frsize))
    with pytest.raises(OutputError, match="cannot be written: No space left on device"):
        corpus(reports, small_disk / "out", workers=0)
    assert not (small_disk / "out" / OWNER).exists()
    assert not list(small_disk.rglob(".*.part"))
    whole(small_disk / "out")
    (small_disk / "filler").unlink()
    corpus(reports, small_disk / "out", workers=0)
    assert contents(small_disk / "out") == undisturbed


def test_a_disk_that_has_become_read_only(
    reports: Path, undisturbed: dict[str, bytes], small_disk: Path
) -> None:
    corpus(reports, small_disk / "out", workers=0)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(OutputError, match="cannot be written: Read-only file system"):
        corpus(reports, small_disk / "out", workers=0)
    assert contents(small_disk / "out") == undisturbed


def test_what_cannot_be_taken_away_is_one_line(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus(reports, tmp_path / "out", workers=0)
    real = Path.unlink

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if path.suffix == ".parquet":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        real(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    with pytest.raises(OutputError, match="cannot be removed: Permission denied"):
        corpus(reports, tmp_path / "out", terms=False, workers=0)


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
@pytest.mark.parametrize("name", ["table", LIST, OWNER, LOCK])
def test_nothing_is_written_through_a_link(name: str, reports: Path, tmp_path: Path) -> None:
    out, mine = tmp_path / "out", tmp_path / "mine"
    corpus(reports, out, terms=False, workers=0)
    path = next(out.glob("reports/*")) if name == "table" else out / name
    mine.write_bytes(path.read_bytes() if name == LIST else b"mine")
    before = mine.read_bytes()
    path.unlink(missing_ok=True)
    path.symlink_to(mine)
    with pytest.raises(OutputError, match="a link to another place"):
        corpus(reports, out, terms=False, workers=0)
    assert mine.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_one_line(reports: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = subprocess.run(
        [*COMMAND, reports, "-o", tmp_path / "file" / "out"],
        capture_output=True,
        text=True,
        env=environment(),
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "out: cannot be written" in done.stderr


@pytest.fixture
def killer(tmp_path: Path) -> Iterator[list[int]]:
    """Kills the busiest worker of Dask once the first report is there; the list has its process
    id."""
    killed: list[int] = []
    stop = threading.Event()

    def hunt() -> None:
        while not stop.wait(0.02):
            if not any((tmp_path / "out" / "reports").glob("*.parquet")):
                continue
            # One that has just gone is no worker to kill.
            with suppress(psutil.Error):
                workers = [
                    process
                    for process in psutil.Process().children(recursive=True)
                    if not process.children()
                ]
                worker = max(workers, key=lambda process: process.cpu_times().user)
                worker.kill()
                killed.append(worker.pid)
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


def test_files_that_kill_hang_or_fill_their_process_are_a_line_each_and_no_stop(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpora, "_made", deadly)
    result = corpus(reports, tmp_path / "out", workers=2, seconds=20, memory=2048)
    assert (result.made, result.failed, result.lost) == (3, 3, 1)
    assert len(whole(tmp_path / "out")) == 3
    told = pd.read_csv(tmp_path / "out" / FAILURES).set_index("file")["reason"]
    assert told["乙县-2013.txt"].startswith("乙县-2013.txt: the process that made it was killed")
    assert told["乙县-2014.txt"] == "乙县-2014.txt: takes more than 20 seconds; give it more"
    assert told["丙市-2013.txt"] == "丙市-2013.txt: needs more memory than 2,048 MB; give it more"
    monkeypatch.setattr(corpora, "_made", MADE)
    again = corpus(reports, tmp_path / "out", workers=0)
    assert (again.made, again.kept, again.failed) == (3, 3, 0)


SCRIPT = """
import sys
from xiacheng_nlp.corpora.dataset import corpus
from xiacheng_nlp.corpora.inventory import FAILURES
print(corpus(sys.argv[1], sys.argv[2], workers=2).made, flush=True)
"""


def test_workers_have_no_port_run_no_script_twice_and_import_nothing_from_the_folder(
    reports: Path, tmp_path: Path
) -> None:
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    home = tmp_path / "home"
    home.mkdir()
    for name in ("json", "random", "pickle", "tokenize", "docx"):
        (home / f"{name}.py").write_text(f"open({str(tmp_path / 'pwned')!r}, 'w')")
    command = [sys.executable, tmp_path / "script.py", reports, tmp_path / "out"]
    path = os.pathsep.join(path for path in sys.path if path)
    environment = {**os.environ, "PYTHONPATH": path}
    run = subprocess.Popen(
        command,
        cwd=home,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    listening: set[object] = set()
    processes = 0
    while run.poll() is None:
        with suppress(psutil.Error):
            family = [psutil.Process(run.pid), *psutil.Process(run.pid).children(recursive=True)]
            processes = max(processes, len(family))
            for process in family:
                listening |= {c.laddr for c in process.net_connections() if c.status == "LISTEN"}
        time.sleep(0.05)
    said, wrong = run.communicate()
    assert (said, wrong, listening) == ("6\n", "", set())
    assert processes > 2
    assert not (tmp_path / "pwned").exists()


def test_a_run_that_is_killed_leaves_nothing_half_made_and_the_next_goes_on(
    many: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    for wanted in (2, 6):
        run = subprocess.Popen(
            [*COMMAND, many, "-o", out, "--workers", "0"], env=environment(), stderr=subprocess.PIPE
        )
        wait_for(wanted, out, run)
        run.send_signal(signal.SIGKILL)
        run.communicate()
        assert run.returncode == -signal.SIGKILL, (
            "it had ended before it was killed: the test has shown nothing"
        )
        assert wanted <= len(whole(out)) < PROCESSES
        assert (out / OWNER).exists()
    kept = len(whole(out))
    result = corpus(many, out, workers=0)
    assert (result.kept, result.made, result.failed) == (kept, PROCESSES - kept, 0)
    corpus(many, tmp_path / "fresh", workers=0)
    assert contents(out) == contents(tmp_path / "fresh")


KILLED = """
import os, sys
from pathlib import Path
from xiacheng_nlp.corpora.dataset import corpus
from xiacheng_nlp.corpora.inventory import FAILURES
real, at = os.replace, sys.argv[3]
def replace(source, target):
    global at
    if at in ("0", Path(target).name):
        os.kill(os.getpid(), 9)
    at = str(int(at) - 1) if at.isdecimal() else at
    real(source, target)
os.replace = replace
corpus(sys.argv[1], sys.argv[2], workers=0)
"""
"""A run that is killed before the so-manieth file takes its name, or before a file of that name
does."""


def test_a_run_that_is_killed_between_any_two_files(
    reports: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    kept = 0
    for at, made in (("0", 0), ("4", 0), ("5", 1), (FAILURES, 5)):
        run = subprocess.run([sys.executable, "-c", KILLED, reports, out, at], env=environment())
        assert run.returncode == -signal.SIGKILL
        kept += made
        assert len(whole(out)) == kept
        assert list(out.rglob(".*.part"))
    assert corpus(reports, out, workers=0).kept == kept
    assert contents(out) == undisturbed


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGKILL])
def test_a_run_on_two_cores_that_is_stopped_leaves_no_process_and_says_little(
    many: Path, tmp_path: Path, by: int
) -> None:
    out = tmp_path / "out"
    command = [*COMMAND, many, "-o", out, "--workers", "2", "--no-terms"]
    # Where the tests run in the background Ctrl-C is ignored, and what they start would inherit
    # that.
    heed = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    run = subprocess.Popen(
        command,
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=heed,
    )
    wait_for(2, out, run)
    workers = psutil.Process(run.pid).children(recursive=True)
    # Ctrl-C reaches every process of a terminal.
    os.killpg(run.pid, by) if by == signal.SIGINT else run.send_signal(by)
    _, said = run.communicate(timeout=60)
    if by == signal.SIGINT:
        assert (run.returncode, said) == (130, "xiacheng-nlp: stopped\n")
    assert len(workers) >= 2
    assert psutil.wait_procs(workers, timeout=30)[1] == []
    assert (out / OWNER).exists() == (by == signal.SIGKILL)
    kept = len(list((out / "reports").glob("*.parquet")))
    result = corpus(many, out, terms=False, workers=0)
    assert (result.kept, result.made, result.failed) == (kept, PROCESSES - kept, 0)


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, list["subprocess.Popen[bytes]"]]]:
    """A Dask cluster begun by hand: the address of its scheduler, and the processes, the scheduler
    first."""
    at = folder / "scheduler.json"
    kinds = {"scheduler": ["--port", "0"], "worker": ["--no-nanny", "--nthreads", "1"]}
    processes = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", f"distributed.cli.dask_{kind}", "--no-dashboard"),
                *(*kinds[kind], "--scheduler-file", str(at)),
            ],
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=environment(),
        )
        for kind in ["scheduler", *["worker"] * workers]
    ]
    try:
        deadline = time.monotonic() + 60
        # The file is there before what it says.
        while not (at.exists() and at.stat().st_size) and time.monotonic() < deadline:
            time.sleep(0.05)
        yield json.loads(at.read_text(encoding="utf-8"))["address"], processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


def test_a_scheduler_that_goes_is_one_line(many: Path, tmp_path: Path) -> None:
    with cluster(tmp_path, 1) as (address, processes):
        command = [*COMMAND, many, "-o", tmp_path / "out", "--no-terms", "--scheduler", address]
        run = subprocess.Popen(command, env=environment(), stderr=subprocess.PIPE, text=True)
        wait_for(2, tmp_path / "out", run)
        processes[0].kill()
        _, said = run.communicate(timeout=60)
        assert (run.returncode, said.count("\n")) == (1, 1)
        assert "the Dask scheduler has gone" in said
        assert not (tmp_path / "out" / OWNER).exists()


def test_a_cluster_that_loses_a_worker_gives_the_same_bytes(many: Path, tmp_path: Path) -> None:
    out, alone = tmp_path / "out", tmp_path / "alone"
    with cluster(tmp_path, 2) as (address, processes):
        command = [*COMMAND, many, "-o", out, "--no-terms", "--scheduler", address]
        run = subprocess.Popen(command, env=environment(), stderr=subprocess.DEVNULL)
        wait_for(2, out, run)
        assert run.poll() is None, "nothing was under way: the test has shown nothing"
        processes[1].kill()
        assert run.wait(timeout=120) == 0
    corpus(many, alone, terms=False, workers=0)
    assert contents(out) == contents(alone)


def test_of_two_runs_at_once_one_works_and_the_other_says_so(many: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    runs = [
        subprocess.Popen(
            [*COMMAND, many, "-o", out, "--workers", "0"],
            env=environment(),
            stderr=subprocess.PIPE,
            text=True,
        )
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
    told = (tmp_path / "out" / FAILURES).read_text(encoding="utf-8").splitlines()
    assert len(told) == 7
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "r.zip"]


def test_a_file_that_goes_or_changes_while_the_corpus_runs_is_a_line(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    for path in sorted(reports.iterdir()):
        (folder / path.name).write_bytes(path.read_bytes())
    real, changed = corpora.files_of, constructed_text("丙市", YEARS[-1]).encode()

    def files_of(source: Path) -> Iterator[corpora.Found]:
        for number, found in enumerate(real(source)):
            if number == 2:
                (folder / found.name).unlink()
            if number == 4:
                (folder / found.name).write_bytes(changed)
            yield found

    monkeypatch.setattr(corpora, "files_of", files_of)
    result = corpus(folder, tmp_path / "out", workers=0)
    assert (result.made, result.failed) == (5, 1)
    assert "No such file" in (tmp_path / "out" / FAILURES).read_text(encoding="utf-8")
    # Of the file that changed there is what was read, under the hash of that.
    assert (
        len(
            [
                *(tmp_path / "out" / "reports").glob(
                    f"{hashlib.sha256(changed).hexdigest()[:12]}-*.parquet"
                )
            ]
        )
        == 1
    )
    monkeypatch.setattr(corpora, "files_of", real)
    assert corpus(folder, tmp_path / "out", workers=0).kept == 5


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
def test_the_first_worker_too_does_not_hear_ctrl_c() -> None:
    code = """
from pathlib import Path
from xiacheng_nlp.corpora.workers import _Worker
if __name__ == "__main__":
    worker = _Worker(4096)
    print(Path(f"/proc/{worker._process.pid}/status").read_text())
    worker.end()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=50)
    blocked = next(line for line in done.stdout.splitlines() if line.startswith("SigBlk:"))
    assert int(blocked.split()[1], 16) & 1 << signal.SIGINT - 1
