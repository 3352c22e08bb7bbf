"""The script that sets the project up."""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = ("run.py", "requirements.lock", "pyproject.toml")


@pytest.fixture
def script(tmp_path: Path) -> ModuleType:
    """The script in a folder of its own."""
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path / name)
    spec = importlib.util.spec_from_file_location("set_up", tmp_path / "run.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_the_environment_is_made_with_a_python_outside_it(script: ModuleType) -> None:
    """Else its own Python, when it runs the script, would delete itself."""
    base = Path(script.BASE)
    assert base.exists()
    assert not base.is_relative_to(Path(sys.prefix).resolve()) or sys.prefix == sys.base_prefix


@pytest.mark.parametrize("name", FILES[1:])
def test_another_lock_is_another_environment(script: ModuleType, name: str, tmp_path: Path) -> None:
    before = script.state()
    with (tmp_path / name).open("a", encoding="utf-8") as stream:
        stream.write("\n")
    assert script.state() != before


@pytest.mark.parametrize("linked", [False, True])
def test_an_environment_of_the_users_is_left_alone(
    script: ModuleType, linked: bool, tmp_path: Path
) -> None:
    folder = tmp_path / ".venv"
    if linked:
        (tmp_path / "elsewhere").mkdir()
        folder.symlink_to(tmp_path / "elsewhere")
    else:
        folder.mkdir()
    (folder / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"is there, and not made by run\.py: move it away"):
        script.set_up()
    assert (folder / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_an_environment_that_was_not_finished_is_made_again(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "attended", lambda *_: 1)
    for _ in range(2):
        with pytest.raises(SystemExit, match=r"setting up failed \(status 1\)"):
            script.set_up()
        (tmp_path / ".venv" / "half.txt").write_text("half", encoding="utf-8")
    with pytest.raises(SystemExit, match="setting up failed"):
        script.set_up()
    assert not (tmp_path / ".venv" / "half.txt").exists()


def test_a_module_in_the_folder_at_hand_is_not_run(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(script, "set_up", lambda: None)
    monkeypatch.setattr(script, "attended", lambda command, folder: asked.append(command))
    assert script.main(["outline", "r.docx"]) == 0
    assert asked == [[str(script.PYTHON), "-P", "-m", "xiacheng_nlp", "outline", "r.docx"]]


@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
@pytest.mark.parametrize(
    ("number", "group", "child", "status"),
    [
        (signal.SIGINT, True, "signal.signal(2, lambda *_: (time.sleep(1), sys.exit(7)))", 7),
        (signal.SIGINT, True, "signal.signal(2, signal.SIG_DFL)", 130),
        (signal.SIGTERM, False, "signal.signal(15, lambda *_: sys.exit(8))", 8),
        (signal.SIGTERM, False, "pass", 143),
    ],
)
def test_what_runs_answers_ctrl_c_and_the_order_to_stop_by_itself(
    script: ModuleType, number: int, group: bool, child: str, status: int, tmp_path: Path
) -> None:
    child = f"import signal, sys, time; {child}; print('ready', flush=True); time.sleep(60)"
    code = f"import run, sys; sys.exit(run.attended([sys.executable, '-c', {child!r}]))"
    work = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert work.stdout is not None
    assert work.stdout.readline() == "ready\n"
    (os.killpg if group else os.kill)(work.pid, number)
    _, said = work.communicate(timeout=20)
    assert (work.returncode, said) == (status, "")
