"""Notebooks run in kernels of this Python with settings of their own, and can be stopped."""

import gc
import json
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

from xiacheng_nlp.errors import XiachengError
from xiacheng_nlp.publish.kernels import check_limits, execute, kernels
from xiacheng_nlp.publish.nursery import AVAILABLE

pytestmark = pytest.mark.slow


@pytest.fixture
def cold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that kernels are forked from begins with nothing in memory: in far less time, and
    what it does with its forks is the same."""
    (tmp_path / "sitecustomize.py").write_text(
        "from xiacheng_nlp.publish import nursery\n"
        "nursery.IMPORTED, nursery._read_once = (), lambda: None\n"
    )
    named = (str(tmp_path), os.environ.get("PYTHONPATH", ""))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, named)))


cold_start = pytest.mark.usefixtures("cold")


def notebook(*cells: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])


def begun_by_nurseries() -> list[psutil.Process]:
    """The processes that kernels are forked from, and what they forked."""
    return [
        child
        for child in psutil.Process().children(recursive=True)
        if any("publish.nursery" in word for word in child.cmdline())
    ]


def wait_for(kernels: int) -> None:
    """Until so many kernels have been forked."""
    until = time.monotonic() + 40
    while len(begun_by_nurseries()) < 1 + kernels:
        assert time.monotonic() < until
        time.sleep(0.1)


def output_of(data: bytes) -> str:
    (cell,) = json.loads(data)["cells"]
    return "".join("".join(output.get("text", "")) for output in cell["outputs"])


def test_a_notebook_that_fails_is_named_with_its_cell() -> None:
    with pytest.raises(
        XiachengError, match=r"bad\.ipynb: cell 2 failed: ZeroDivisionError: division by zero"
    ):
        execute(notebook("1 + 1", "1 / 0"), name="bad.ipynb", environment={})


def test_what_the_user_has_set_up_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A start-up file of IPython's, one of Python's, a kernel named python3, a module in the folder
    at hand."""
    startup = tmp_path / ".ipython" / "profile_default" / "startup"
    kernel = tmp_path / "jupyter" / "kernels" / "python3"
    for folder in (startup, kernel):
        folder.mkdir(parents=True)
    tables = tmp_path / "config" / "itables" / "itables.toml"
    tables.parent.mkdir(parents=True)
    tables.write_text('classes = "mine"', encoding="utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (startup / "00.py").write_text("mine = 1", encoding="utf-8")
    (tmp_path / "shell.py").write_text("mine = 2", encoding="utf-8")
    (kernel / "kernel.json").write_text(
        json.dumps({"argv": ["false"], "display_name": "mine", "language": "python"})
    )
    (tmp_path / "ipykernel_launcher.py").write_text("raise SystemExit(1)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / ".ipython"))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "shell.py"))
    monkeypatch.setenv("PYTHONOPTIMIZE", "2")
    code = (
        "import sys, itables\n"
        "print(sys.executable, globals().get('mine'), sys.flags.optimize)\n"
        "print(itables.options.classes == 'mine')"
    )
    assert output_of(execute(notebook(code), name="a.ipynb", environment={})) == (
        f"{sys.executable} None 0\nFalse\n"
    )


@pytest.mark.skipif(not AVAILABLE, reason="limits of another kind")
@pytest.mark.parametrize(
    ("limit", "value", "said"),
    [
        ("RLIMIT_NOFILE", 48, "open 256 files at a time, and may here only 48 (ulimit -n)"),
        ("RLIMIT_AS", 700 << 20, "take 4194304 kB of memory, and may here only 716800 (ulimit -v)"),
    ],
)
def test_too_little_for_a_run_is_said_before_it_begins(
    limit: str, value: int, said: str, tmp_path: Path
) -> None:
    code = (
        f"import resource; resource.setrlimit(resource.{limit}, ({value}, {value}))\n"
        "from xiacheng_nlp.cli import main; raise SystemExit(main(['run', '-o', 'out']))"
    )
    words = [sys.executable, "-c", code]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, f"xiacheng-nlp: a run needs to {said}\n")
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not AVAILABLE, reason="limits of another kind")
def test_a_low_limit_is_raised_where_the_system_lets_it() -> None:
    resource = pytest.importorskip("resource")
    given = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, given[1]))
    try:
        check_limits()
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 256
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, given)


@cold_start
def test_a_run_stops_at_the_first_notebook_that_fails() -> None:
    with kernels() as running:
        running.check()
        failed = running.submit(notebook("1 / 0"), name="a.ipynb", environment={})
        running.done()
        with suppress(XiachengError):
            failed.result()
        with pytest.raises(XiachengError, match=r"a\.ipynb: cell 1 failed"):
            running.check()


def test_a_kernel_that_dies_is_one_line() -> None:
    with pytest.raises(XiachengError, match=r"^a\.ipynb: .*$"):
        execute(notebook("import os; os._exit(3)"), name="a.ipynb", environment={})


@cold_start
def test_what_still_runs_is_stopped_when_the_run_is_left() -> None:
    def stopped() -> None:
        with kernels() as running:
            for name in "abc":
                running.submit(notebook("while True: pass"), name=name, environment={})
            running.done()
            wait_for(2)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert not begun_by_nurseries()
    assert not [thread for thread in threading.enumerate() if "ThreadPool" in thread.name]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.skipif(not AVAILABLE, reason="kernels are forked on Linux only")
def test_a_forked_kernel_is_like_any_other() -> None:
    code = (
        "import os, pandas\n"
        "print(pandas.get_option('display.max_columns'), os.environ['ASKED'])\n"
        "print(os.environ['PYTHONHASHSEED'], hash('a'))"
    )
    run = {"name": "a.ipynb", "environment": {"ASKED": "yes"}}
    with kernels() as running:
        running.done()
        forked = running.submit(notebook(code), **run).result()
        assert output_of(forked) == output_of(execute(notebook(code), **run))
        died = running.submit(notebook("import os; os._exit(3)"), **run)
        with pytest.raises(XiachengError, match=r"^a\.ipynb: .*$"):
            died.result()
    # Of a kernel that died nbclient leaves sockets open, which are told when they are found.
    del died
    gc.collect()


@cold_start
@pytest.mark.skipif(not AVAILABLE, reason="kernels are forked on Linux only")
def test_work_is_shared_with_one_other_process_from_its_end() -> None:
    made: list[Any] = []
    with kernels() as running:
        running.done()
        work: list[Any] = [partial(int, "one"), partial(dict, a=b"1"), os.getpid, os.getpid]
        shared = running.share(work, made.append)
        with pytest.raises(ValueError, match="one"):
            shared.result()
    assert len({os.getpid(), *made[:2]}) == 2
    assert made[2:] == [{"a": b"1"}]


@cold_start
@pytest.mark.skipif(not AVAILABLE, reason="kernels are forked on Linux only")
def test_a_kernel_may_begin_behind_the_helper() -> None:
    made: list[Any] = []
    with kernels() as running:
        running.done()
        running.share([partial(dict, a=b"1")], made.append).result()
        running.submit(notebook("1"), name="a.ipynb", environment={}).result()
    assert made == [{"a": b"1"}]


@cold_start
@pytest.mark.skipif(not AVAILABLE, reason="kernels are forked on Linux only")
def test_that_nothing_can_be_forked_any_more_is_one_line() -> None:
    said = "^the process that kernels come from has ended$"
    with kernels() as running:
        wait_for(0)
        (process,) = begun_by_nurseries()
        process.kill()
        process.wait()
        with pytest.raises(XiachengError, match=said):
            running.submit(notebook("1"), name="a.ipynb", environment={}).result()
        running.done()
        with pytest.raises(XiachengError, match=said):
            running.share([dict], dict).result()


@pytest.mark.skipif(not AVAILABLE, reason="kernels are forked on Linux only")
def test_a_kernel_whose_parent_went_before_it_looked_ends() -> None:
    code = "import os; from xiacheng_nlp.publish.nursery import _become as become; "
    code += "become(os.getpid(), [], '.', {**os.environ})"
    done = subprocess.run([sys.executable, "-c", code], timeout=60, check=False)
    assert done.returncode == 0


@cold_start
@pytest.mark.skipif(not AVAILABLE, reason="kernels are forked on Linux only")
def test_a_process_that_helps_and_dies_is_one_line() -> None:
    with kernels() as running:
        running.done()
        with pytest.raises(XiachengError, match=r"^a process that drew figures was ended$"):
            running.share([partial(os._exit, 3)], lambda _: None).result()


ENDLESS = """
import os, sys
from nbformat.v4 import new_code_cell, new_notebook
from xiacheng_nlp.publish.kernels import kernels
cell = new_code_cell(f"import os; print(os.getpid(), file=open({sys.argv[1]!r}, 'w'))\\nwhile 1: 0")
with kernels() as running:
    running.done()
    running.submit(new_notebook(cells=[cell]), name="a", environment={}).result()
"""


@cold_start
@pytest.mark.skipif(not AVAILABLE, reason="kernels are forked on Linux only")
def test_no_kernel_outlives_a_run_that_is_killed(tmp_path: Path) -> None:
    said = tmp_path / "pid"
    work = subprocess.Popen([sys.executable, "-c", ENDLESS, str(said)])
    until = time.monotonic() + 60
    while not (said.exists() and said.read_text().strip()) and time.monotonic() < until:
        time.sleep(0.1)
    kernel = psutil.Process(int(said.read_text()))
    work.kill()
    work.wait()
    kernel.wait(timeout=20)
