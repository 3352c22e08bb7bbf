#!/usr/bin/env python3
"""Set the project up and run it: `python3 run.py` runs the main job, `python3 run.py test` the
tests. On Windows: `py run.py`.

    python3 run.py               every notebook on the Xiacheng report, with its figures and tables,
                                 into the folder output/
    python3 run.py test [...]    the tests, on all cores up to seven (further words go to pytest;
                                 -n0 for one process)
    python3 run.py lab           JupyterLab on the notebooks
    python3 run.py check         formatting, lint and types
    python3 run.py docs          the documentation, into docs/site/, with every link checked
    python3 run.py COMMAND ...   any command of xiacheng-nlp, such as: python3 run.py outline r.txt

Needs Python 3.11 or later with pip, and nothing else: the first run makes .venv from
requirements.lock, whose hashes are checked; test, check and docs add requirements-test.lock to it.
Later runs start at once, until a lock, pyproject.toml or the Python changes; then it makes .venv
anew. A .venv that it did not make it leaves alone.
"""

import hashlib
import os
import re
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
UV = "uv.exe" if os.name == "nt" else "uv"
BASE = os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)
"""The Python that .venv is made with, also when it is .venv's own that runs this."""
MAIN, TEST = HERE / "requirements.lock", HERE / "requirements-test.lock"
PIP = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
WORKERS = (
    f"--numprocesses={min(os.cpu_count() or 1, 7) + 1}",
    "--dist=loadfile",
    "--no-loadscope-reorder",
)
"""One more than there are cores: some tests only wait, for a browser or another process."""

TESTING = {
    "test": [["-m", "pytest", *WORKERS]],
    "check": [
        *(["-m", "ruff", "format", "--check"], ["-m", "ruff", "check"]),
        ["-m", "mypy", "--num-workers=2"],
    ],
    "docs": [["-m", "mkdocs", "build", "--strict", "--config-file", "docs/mkdocs.yml"]],
}
"""The words that need the second lock, with what Python runs for them."""

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
"""Tests, notebooks and figures run beside each other, one a core: threads of a library would wait
for each other."""


def state(*files: Path) -> str:
    """What the environment is made from, as one hash."""
    digest = hashlib.sha256(f"{sys.version_info[:3]} {BASE} {HERE}".encode())
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def set_up(testing: bool = False) -> None:
    """Make .venv, unless it is there and made from the same files, and add what tests need."""
    wanted = [state(MAIN, HERE / "pyproject.toml"), *([state(TEST)] if testing else [])]
    made = STAMP.read_text(encoding="utf-8").split() if STAMP.exists() else []
    if PYTHON.exists() and made[: len(wanted)] == wanted:
        return
    if VENV.is_symlink() or (VENV.exists() and not STAMP.exists()):
        sys.exit(f"run.py: {VENV} is there, and not made by run.py: move it away, or rename it")
    if not (PYTHON.exists() and made[:1] == wanted[:1]):
        make(wanted[0])
    if testing:
        print("Adding what tests need (once) …", file=sys.stderr, flush=True)
        install("--no-deps", "--require-hashes", "-r", str(TEST))
        STAMP.write_text("\n".join(wanted), encoding="utf-8")


def make(wanted: str) -> None:
    """Make .venv anew from the first lock."""
    print("Setting up .venv (once; about half a minute) …", file=sys.stderr, flush=True)
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
    demand([BASE, "-m", "venv", str(VENV)])
    # uv does in a third of the time what pip does; where it has no wheel, pip does it.
    lock = re.split(r"^(?=\w)", MAIN.read_text(encoding="utf-8"), flags=re.MULTILINE)
    part = VENV / "uv.txt"
    part.write_text("".join(one for one in lock if one.startswith("uv==")), encoding="utf-8")
    works([*PIP, "--only-binary=:all:", "--require-hashes", "-r", str(part)])
    install("--no-deps", "--require-hashes", "-r", str(MAIN))
    install("--no-deps", "--no-build-isolation", "--editable", str(HERE))
    STAMP.write_text(wanted, encoding="utf-8")


def install(*words: str) -> None:
    """Install into .venv: by uv where it is there and can, else by pip."""
    uv = BIN / UV
    command = [str(uv), "pip", "install", "--quiet", "--python", str(PYTHON), *words]
    if not (uv.exists() and works(command, pip_told())):
        demand([*PIP, *words])


def pip_told() -> dict[str, str]:
    """Where pip is told to look for packages, such as a mirror, and whose certificates to trust, in
    the words of uv, which does not read pip's settings."""
    asked = subprocess.run(
        [str(PYTHON), "-m", "pip", "config", "list"], capture_output=True, text=True
    )
    told = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE"}
    found = re.findall(r"\.(index-url|cert)='([^']+)'", asked.stdout)
    return {told[name]: value for name, value in found}


def works(command: list[str], settings: dict[str, str] | None = None) -> bool:
    """Run a command that something else stands in for; returns whether it did its work."""
    status = attended(command, HERE, quiet=True, settings=settings)
    if status in (128 + signal.SIGINT, 128 + signal.SIGTERM):
        sys.exit(status)
    return status == 0


def demand(command: list[str]) -> None:
    """Run a command of the setting up; where it fails, that is the end."""
    status = attended(command, HERE)
    if status:
        sys.exit(f"run.py: setting up failed (status {status}) in: {' '.join(command[1:5])} …")


def attended(
    command: list[str],
    folder: Path | None = None,
    *,
    quiet: bool = False,
    settings: dict[str, str] | None = None,
) -> int:
    """Run a command to its end; returns its exit status, or 128 and the number of the signal that
    ended it. With `quiet` it says nothing, for something else is tried where it fails.

    Ctrl-C reaches it from the terminal, and it answers by itself; an order to stop is passed on.
    """
    children: list[subprocess.Popen[bytes]] = []

    def pass_on(number: int, _: object) -> None:
        for child in children:
            child.send_signal(number)

    before = {signal.SIGINT: signal.signal(signal.SIGINT, lambda *_: None)}
    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        # Under nohup the closing of a terminal is no matter.
        if signal.getsignal(number) != signal.SIG_IGN:
            before.setdefault(number, signal.signal(number, pass_on))
    try:
        nothing = subprocess.DEVNULL if quiet else None
        # A colon too many in PYTHONPATH (:/x) would have modules of the folder at hand taken for
        # those of Python; a relative path would mean another one in another folder.
        named = [
            os.path.abspath(place)
            for place in os.environ.get("PYTHONPATH", "").split(os.pathsep)
            if place and os.path.normpath(place) != "."
        ]
        environment = {**(settings or {}), **os.environ, "PYTHONPATH": os.pathsep.join(named)}
        children.append(subprocess.Popen(command, cwd=folder, env=environment, stderr=nothing))
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
    testing = TESTING.get(words[0]) if words else None
    set_up(testing is not None)
    python, folder = str(PYTHON), HERE
    if testing is not None:
        commands = [[python, *command, *words[1:]] for command in testing]
    else:
        # -P: a module in the folder at hand, such as docx.py, is not taken for one of Python's.
        commands, folder = [[python, "-P", "-m", "xiacheng_nlp", *(words or ["run"])]], None
    # Else each process would compile all that it imports, seconds each time.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    statuses = (attended(command, folder, settings=ONE_THREAD) for command in commands)
    return next(filter(None, statuses), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
