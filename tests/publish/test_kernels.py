"""Notebooks run in kernels of this Python with settings of their own, and can be stopped."""

import json
import sys
import threading
import time
from pathlib import Path

import nbformat
import psutil
import pytest

from xiacheng_nlp.errors import XiachengError
from xiacheng_nlp.publish.kernels import execute, kernels


def notebook(*cells: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])


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
    code = "import sys; print(sys.executable, globals().get('mine'), sys.flags.optimize)"
    assert output_of(execute(notebook(code), name="a.ipynb", environment={})) == (
        f"{sys.executable} None 0\n"
    )


def test_a_kernel_that_dies_is_one_line() -> None:
    with pytest.raises(XiachengError, match=r"^a\.ipynb: .*$"):
        execute(notebook("import os; os._exit(3)"), name="a.ipynb", environment={})


def test_what_still_runs_is_stopped_when_the_run_is_left() -> None:
    before = time.monotonic()

    def stopped() -> None:
        with kernels() as submit:
            for name in "abc":
                submit(notebook("while True: pass"), name=name, environment={})
            time.sleep(4)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert time.monotonic() - before < 15
    children = psutil.Process().children(recursive=True)
    assert not [child for child in children if "ipykernel_launcher" in child.cmdline()]
    assert not [thread for thread in threading.enumerate() if "ThreadPool" in thread.name]
