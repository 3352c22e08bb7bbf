"""The same bytes wherever it runs, and tests that pass with other Pythons and dependencies.

    python tests/anywhere.py
        environments that differ in locale, time zone, hash seed, umask, folders
    python tests/anywhere.py --resolution lowest-direct
        the lowest allowed dependencies, in an environment of their own (needs uv)
    python tests/anywhere.py --resolution highest
        the newest
    python tests/anywhere.py --python PATH ...
        other Pythons, with the newest dependencies unless --resolution is given

Figures have promised bytes only in the locked environment: with other libraries the notebooks, and
tests marked by `LOCKED`, are left out. The tests of the package run the first part in short.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from xiacheng_nlp.resources import seed as seed_file

ROOT = Path(__file__).resolve().parent.parent

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "outline": ("outline",),
    "tokens": ("tokens", "--format", "csv"),
    "quantities": ("quantities",),
    "indicators": ("indicators", "--format", "csv"),
    "themes": ("themes",),
    "figure": ("figure", "fig-attention-shift", "-o", "."),
    "network": ("figure", "fig-co-word-network", "--lang", "en", "-o", "."),
    "panel": ("figure", "fig-kept-promises", "-o", "."),
    "cite": ("cite", "fig-word-cloud"),
    "own": ("tokens", "报告 1.txt", "--format", "parquet", "-o", "词.parquet"),
    "corpus": ("corpus", ".", "-o", "数据", "--workers", "0", "--no-terms"),
    "error": ("indicators", "no-such-file.txt"),
}
"""What is run in each environment; what it prints and what it writes is compared."""

ENVIRONMENTS: Mapping[str, Mapping[str, str]] = {
    "plain": {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0"},
    "all else": {
        "LC_ALL": "C",
        "TZ": "Asia/Shanghai",
        "PYTHONHASHSEED": "4242",
        "PYTHONUTF8": "0",
        "COLUMNS": "40",
        "MPLBACKEND": "none of them",
        "SOURCE_DATE_EPOCH": "yesterday",
    },
    "POSIX": {
        "LC_ALL": "POSIX",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONUTF8": "0",
        "PYTHONIOENCODING": "utf-8",
    },
    "Chinese": {
        "LC_ALL": "zh_CN.GB18030",
        "LANG": "zh_CN.GB18030",
        "TZ": "America/St_Johns",
        "PYTHONHASHSEED": "7",
    },
    "Turkish": {"LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "random"},
    "no home": {"HOME": "/nonexistent", "XDG_CACHE_HOME": "/nonexistent", "MPLCONFIGDIR": ""},
    "threads": {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
    "backend": {"MPLBACKEND": "svg", "MATPLOTLIBRC": "/dev/null", "NO_COLOR": "1"},
}
"""What the environments set; home, temp and working directory are new in each."""

UMASKS: Mapping[str, int] = {"all else": 0o077, "no home": 0o002}

LOCKED = (
    "tests/figures/test_figures.py",
    "tests/figures/test_figures_of_the_seed.py",
    "tests/publish/test_verification.py",
    "tests/publish/test_run.py",
)
LOCKED += (
    "tests/publish/test_gallery.py",
    "tests/test_browser.py",
    "tests/figures/test_provenance.py",
    "tests/test_documents.py",
    "tests/anywhere.py",
)
"""What compares bytes of figures, or versions, with those of the lock."""


def traces(name: str, commands: Sequence[str] = tuple(COMMANDS)) -> dict[str, str]:
    """The SHA-256 of what each command prints and writes in an environment, by the command's
    name."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        home, temp, work = (Path(folder) / part for part in ("home", "temp", "工作 目录"))
        for path in (home, temp, work):
            path.mkdir()
        own = work / "报告 1.txt"
        shutil.copy(seed_file(), own)
        # PATH alone is kept of this environment: what else is set here is no part of the
        # comparison.
        given = {
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": str(ROOT),
            "HOME": str(home),
            "TMPDIR": str(temp),
            **ENVIRONMENTS[name],
        }
        for command in commands:
            words = [sys.executable, "-m", "xiacheng_nlp", *COMMANDS[command]]
            done = subprocess.run(
                words, cwd=work, env=given, umask=UMASKS.get(name, -1), capture_output=True
            )
            digest = hashlib.sha256(f"{done.returncode}".encode() + done.stdout + done.stderr)
            for path in sorted(path for path in work.rglob("*") if path.is_file() and path != own):
                digest.update(path.relative_to(work).as_posix().encode() + path.read_bytes())
                path.unlink()
            found[command] = digest.hexdigest()
    return found


def differences(
    names: Sequence[str] = tuple(ENVIRONMENTS), commands: Sequence[str] = tuple(COMMANDS)
) -> list[str]:
    """Where a command gives other bytes than in the first environment."""
    first = traces(names[0], commands)
    told = []
    for name in names[1:]:
        made = traces(name, commands)
        told += [
            f"{command}: other bytes in the environment {name}"
            for command in commands
            if made[command] != first[command]
        ]
    return told


def tests_with(python: str, resolution: str) -> int:
    """The exit status of the tests in a new environment of that Python with dependencies so
    resolved."""
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("anywhere.py: uv is needed to resolve dependencies: pip install uv")
    with tempfile.TemporaryDirectory() as folder:
        env = Path(folder) / "env"
        binary = str(env / "bin" / "python")
        subprocess.run([uv, "venv", "--quiet", "--python", python, str(env)], check=True)
        install = [uv, "pip", "install", "--quiet", "--python", binary, "--resolution", resolution]
        subprocess.run([*install, f"{ROOT}[test,corpus,readers,tables]"], check=True)
        listed = subprocess.run(
            [uv, "pip", "list", "--python", binary], check=True, capture_output=True, text=True
        ).stdout
        named = (
            "jieba",
            "matplotlib",
            "numpy",
            "pandas",
            "pyarrow",
            "rjieba",
            "scikit-learn",
            "scipy",
            "dask",
            "lxml",
            "pypdf",
            "python-docx",
        )
        print(
            "\n".join(line for line in listed.splitlines() if line.split()[0] in named), flush=True
        )
        ignored = [f"--ignore={path}" for path in LOCKED]
        # The copy in the checkout is tested, not the installed one; warnings of other versions are
        # no failures, and other tables in the notebooks neither, while each cell must run and each
        # claim hold.
        options = "--doctest-modules --nbval-lax --nbval-current-env --nbval-cell-timeout=300"
        parallel = ("-n", "logical", "--dist=loadfile")
        command = [
            binary,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-o",
            f"addopts={options}",
            "-o",
            "filterwarnings=",
        ]
        command += ["-W", "ignore", *parallel, *ignored]
        return subprocess.run(
            command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False
        ).returncode


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--python", nargs="+", default=[])
    parser.add_argument("--resolution", choices=("lowest-direct", "highest"))
    options = parser.parse_args(words)
    if not options.python and not options.resolution:
        told = differences()
        print(
            "\n".join(told)
            or f"the same bytes in {len(ENVIRONMENTS)} environments, of {len(COMMANDS)} commands"
        )
        return len(told) > 0
    return max(
        tests_with(python, options.resolution or "highest")
        for python in options.python or [sys.executable]
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
