#!/usr/bin/env python3
"""Set the project up and run it: `python3 run.py` runs the main job, `python3 run.py test` the
tests.

    python3 run.py               every notebook on the Xiacheng report, with its figures and tables,
                                 into the folder output/
    python3 run.py test [...]    the tests, on all cores up to eight (further words go to pytest;
                                 -n0 for one process)
    python3 run.py lab           JupyterLab on the notebooks
    python3 run.py check         formatting, lint and types
    python3 run.py COMMAND ...   any command of xiacheng-nlp, such as: python3 run.py outline r.txt

Needs Python 3.11 or later with pip, and nothing else: the first run makes .venv from
requirements.lock, whose hashes pip checks. Later runs start at once, until the lock, pyproject.toml
or the Python changes; then it makes .venv anew. A .venv that it did not make it leaves alone.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
STAMP = VENV / "made-from.txt"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
BASE = os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)
"""The Python that .venv is made with, also when it is .venv's own that runs this."""


def state() -> str:
    """What the environment is made from, as one hash."""
    digest = hashlib.sha256(f"{sys.version_info[:3]} {BASE} {HERE}".encode())
    for name in ("requirements.lock", "pyproject.toml"):
        digest.update((HERE / name).read_bytes())
    return digest.hexdigest()


def set_up() -> None:
    """Make .venv, unless it is there and made from the same files."""
    wanted = state()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted:
        return
    if VENV.is_symlink() or (VENV.exists() and not STAMP.exists()):
        sys.exit(f"run.py: {VENV} is there, and not made by run.py: move it away, or rename it")
    print("Setting up .venv (once; about a minute) …", file=sys.stderr, flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    # From now on it is known for one of this script's, also if setting up is broken off.
    VENV.mkdir(exist_ok=True)
    STAMP.write_text("unfinished", encoding="utf-8")
    try:
        import ensurepip  # noqa: F401 (only asks whether it is there)
    except ImportError:
        sys.exit(
            "run.py: this Python cannot make environments; install its venv package "
            "(on Debian and Ubuntu: apt install python3-venv)"
        )
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for command in (
        [BASE, "-m", "venv", str(VENV)],
        [*pip, "--require-hashes", "-r", str(HERE / "requirements.lock")],
        [*pip, "--no-deps", "--no-build-isolation", "--editable", str(HERE)],
    ):
        status = attended(command, HERE)
        if status:
            words = " ".join(command[1:5])
            sys.exit(f"run.py: setting up failed (status {status}) in: {words} …")
    STAMP.write_text(wanted, encoding="utf-8")


def attended(command: list[str], folder: Path | None = None) -> int:
    """Run a command to its end; returns its exit status, or 128 and the number of the signal that
    ended it.

    Ctrl-C reaches it from the terminal, and it answers by itself; an order to stop is passed on.
    """
    children: list[subprocess.Popen[bytes]] = []

    def pass_on(number: int, _: object) -> None:
        for child in children:
            child.send_signal(number)

    before = {
        signal.SIGINT: signal.signal(signal.SIGINT, lambda *_: None),
        signal.SIGTERM: signal.signal(signal.SIGTERM, pass_on),
    }
    try:
        children.append(subprocess.Popen(command, cwd=folder))
        status = children[0].wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return status if status >= 0 else 128 - status


def main(words: list[str]) -> int:
    """Run what the words ask for, inside .venv; returns its exit status."""
    if sys.version_info < (3, 11):  # noqa: UP036 (whoever starts it may have an older Python)
        sys.exit(f"run.py: Python 3.11 or later is needed, this is {sys.version.split()[0]}")
    if words[:1] in (["-h"], ["--help"]):
        print(__doc__)
        return 0
    set_up()
    python, folder = str(PYTHON), HERE
    if words[:1] == ["test"]:
        workers = ["--numprocesses=logical", "--maxprocesses=8"]
        files = ["--dist=loadfile", "--no-loadscope-reorder"]
        commands = [[python, "-m", "pytest", *workers, *files, *words[1:]]]
    elif words[:1] == ["check"]:
        commands = [
            [python, "-m", "ruff", "format", "--check"],
            [python, "-m", "ruff", "check"],
            [python, "-m", "mypy"],
        ]
    else:
        # -P: a module in the folder at hand, such as docx.py, is not taken for one of Python's.
        commands, folder = [[python, "-P", "-m", "xiacheng_nlp", *(words or ["run"])]], None
    return next(filter(None, (attended(command, folder) for command in commands)), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
