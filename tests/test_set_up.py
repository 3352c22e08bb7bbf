"""The script that sets the project up."""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from contextlib import nullcontext
from itertools import chain
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from packaging.requirements import Requirement

from tests.shared import with_signals

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FILES = ("run.py", "requirements.lock", "pyproject.toml", "requirements-test.lock")


@pytest.fixture
def script(tmp_path: Path) -> ModuleType:
    """The script in a folder of its own."""
    return loaded(tmp_path)


def loaded(tmp_path: Path) -> ModuleType:
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


@pytest.fixture
def asked(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What the script would run, each of it with success."""
    commands: list[list[str]] = []

    def attended(command: list[str], *_: object, **__: object) -> int:
        commands.append(command)
        if command[1:3] == ["-m", "venv"]:
            script.BIN.mkdir()
            script.PYTHON.touch()
        elif any(word.endswith("uv.txt") for word in command):
            (script.BIN / script.UV).touch()
        return 0

    monkeypatch.setattr(script, "attended", attended)
    monkeypatch.setattr(script, "pip_told", dict)
    return commands


@pytest.mark.parametrize(
    ("name", "testing", "again"),
    [
        ("requirements.lock", False, ["venv", "uv.txt", "requirements.lock", "--editable"]),
        ("pyproject.toml", False, ["venv", "uv.txt", "requirements.lock", "--editable"]),
        ("requirements-test.lock", False, []),
        ("requirements-test.lock", True, ["requirements-test.lock"]),
    ],
)
def test_another_lock_is_another_environment(
    script: ModuleType,
    asked: list[list[str]],
    tmp_path: Path,
    name: str,
    testing: bool,
    again: list[str],
) -> None:
    script.set_up(testing=True)
    first = [*("venv", "uv.txt", "requirements.lock", "--editable"), "requirements-test.lock"]
    assert [told(command) for command in asked] == first
    asked.clear()
    script.set_up(testing=testing)
    assert asked == []
    with (tmp_path / name).open("a", encoding="utf-8") as stream:
        stream.write("\n")
    script.set_up(testing=testing)
    assert [told(command) for command in asked] == again


def told(command: list[str]) -> str:
    """The word that tells what a command of the setting up is for."""
    if "venv" in command:
        return "venv"
    return "--editable" if "--editable" in command else Path(command[-1]).name


def test_only_what_the_lock_pins_brings_uv(
    script: ModuleType, asked: list[list[str]], tmp_path: Path
) -> None:
    script.set_up()
    brought = (tmp_path / ".venv" / "uv.txt").read_text(encoding="utf-8")
    assert brought.startswith("uv==")
    assert set(re.findall(r"^\S+", brought, re.MULTILINE)) == {brought.split()[0]}
    assert "--hash=sha256:" in brought
    assert all("--require-hashes" in command for command in asked[1:3])


@pytest.mark.parametrize(("status", "tools"), [(0, ["uv"]), (2, ["uv", "pip"]), (130, ["uv"])])
def test_where_uv_fails_pip_does_it(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, status: int, tools: list[str]
) -> None:
    """A mirror that pip alone knows, a machine without a wheel of uv; but Ctrl-C is the end."""
    script.BIN.mkdir(parents=True)
    (script.BIN / script.UV).touch()
    used = []

    def attended(command: list[str], *_: object, **__: object) -> int:
        used.append("uv" if command[0].endswith(script.UV) else "pip")
        return status if used[-1] == "uv" else 0

    monkeypatch.setattr(script, "attended", attended)
    monkeypatch.setattr(script, "pip_told", dict)
    with pytest.raises(SystemExit, match="130") if status == 130 else nullcontext():
        script.install("--no-deps", "-r", "a.lock")
    assert used == tools


@pytest.mark.parametrize(
    ("said", "settings"),
    [
        ("", {}),
        ("global.extra-index-url='file:///more'\n", {}),
        (
            "global.index-url='https://a.test/simple'\n:env:.index-url='https://b.test/simple'\n",
            {"UV_DEFAULT_INDEX": "https://b.test/simple"},
        ),
        ("global.cert='/etc/ca.crt'\n", {"SSL_CERT_FILE": "/etc/ca.crt"}),
    ],
)
def test_what_pip_is_told_of_mirrors_and_certificates_is_told_to_uv(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, said: str, settings: dict[str, str]
) -> None:
    done = subprocess.CompletedProcess([], 0, stdout=said)
    monkeypatch.setattr(script.subprocess, "run", lambda *_, **__: done)
    assert script.pip_told() == settings


def extras_of(name: str) -> list[str]:
    """The extras that a file of another way to set up asks for."""
    asked = re.search(r"\.\[([a-z,]+)\]", (ROOT / name).read_text(encoding="utf-8"))
    assert asked is not None
    return asked[1].split(",")


@pytest.mark.parametrize("name", ["environment.yml", ".binder/requirements.txt"])
def test_other_ways_to_set_up_ask_for_extras_that_there_are(name: str) -> None:
    assert set(extras_of(name)) <= set(PROJECT["optional-dependencies"])


@pytest.mark.parametrize("name", ["environment.yml", ".binder/requirements.txt"])
def test_what_other_ways_ask_for_fits_together(name: str) -> None:
    """The locks, which are installed together, are one way to meet all of it."""
    extras = map(PROJECT["optional-dependencies"].get, extras_of(name))
    wanted = [*PROJECT["dependencies"], *chain.from_iterable(extras)]
    pinned = {}
    for lock in ("requirements.lock", "requirements-test.lock"):
        text = (ROOT / lock).read_text(encoding="utf-8")
        pinned |= dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))
    for requirement in map(Requirement, wanted):
        assert pinned[requirement.name] in requirement.specifier, requirement


def test_other_ways_make_the_same_python() -> None:
    conda = (ROOT / "environment.yml").read_text(encoding="utf-8")
    binder = (ROOT / ".binder/runtime.txt").read_text(encoding="utf-8").strip()
    (version,) = re.findall(r"python=(\S+)", conda)
    assert binder == f"python-{version}"
    assert f"Programming Language :: Python :: {version}" in PROJECT["classifiers"]


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-test.lock"])
def test_the_locks_name_no_machine(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for line in text.splitlines():
        assert re.fullmatch(r"[\w.-]+==[^/]*|    --hash=sha256:[0-9a-f]{64}(?: \\)?", line), line


def test_on_windows_it_looks_where_windows_has_things(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setitem(sys.modules, "os", SimpleNamespace(**{**vars(os), "name": "nt"}))
        script = loaded(tmp_path)
    used: list[list[str]] = []
    monkeypatch.setattr(script, "attended", lambda command, *_, **__: used.append(command) or 0)
    monkeypatch.setattr(script, "pip_told", dict)
    script.BIN.mkdir(parents=True)
    (script.BIN / "uv.exe").touch()
    script.install("--editable", ".")
    binaries = tmp_path / ".venv" / "Scripts"
    assert Path(used[0][0]) == binaries / "uv.exe"
    assert str(binaries / "python.exe") in used[0]


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
    monkeypatch.setattr(script, "attended", lambda *_, **__: 1)
    for _ in range(2):
        with pytest.raises(SystemExit, match=r"setting up failed \(status 1\)"):
            script.set_up()
        (tmp_path / ".venv" / "half.txt").write_text("half", encoding="utf-8")
    with pytest.raises(SystemExit, match="setting up failed"):
        script.set_up()
    assert not (tmp_path / ".venv" / "half.txt").exists()


def test_a_command_keeps_what_it_compiles_and_shares_the_cores(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setattr(script, "set_up", lambda testing: None)
    monkeypatch.setattr(
        script,
        "attended",
        lambda *_, settings: asked.extend([os.environ.get("PYTHONDONTWRITEBYTECODE"), settings]),
    )
    assert script.main([]) == 0
    assert asked == [None, {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}]


def test_a_module_in_the_folder_at_hand_is_not_run(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(script, "set_up", lambda testing: None)
    monkeypatch.setattr(script, "attended", lambda command, *_, **__: asked.append(command))
    assert script.main(["outline", "r.docx"]) == 0
    assert asked == [[str(script.PYTHON), "-P", "-m", "xiacheng_nlp", "outline", "r.docx"]]
    monkeypatch.undo()
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["", str(ROOT), ".", "lib"]))
    kept = os.pathsep.join([str(ROOT), os.path.abspath("lib")])
    code = f"import os, sys; sys.exit(os.environ['PYTHONPATH'] != {kept!r})"
    for folder in (None, ROOT.parent):
        assert script.attended([sys.executable, "-c", code], folder) == 0


@with_signals
@pytest.mark.parametrize(
    ("number", "group", "child", "status"),
    [
        (signal.SIGINT, True, "signal.signal(2, lambda *_: (time.sleep(1), sys.exit(7)))", 7),
        (signal.SIGINT, True, "signal.signal(2, signal.SIG_DFL)", 130),
        (signal.SIGTERM, False, "signal.signal(15, lambda *_: sys.exit(8))", 8),
        (signal.SIGTERM, False, "pass", 143),
        (1, False, "signal.signal(1, lambda *_: sys.exit(9))", 9),
        (1, False, "pass", 129),
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
