"""JupyterLab on the notebooks."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from xiacheng_nlp import resources as bundle

OWN_COPY = "xiacheng-notebooks"
"""The folder, in the current one, that gets a copy of the notebooks where the package is installed without its repository."""


def open_lab(options: Sequence[str] = ()) -> int:
    """Open JupyterLab on the notebooks and return its exit status when it is closed.

    In a checkout these are the notebooks themselves; an installed package copies them first into the current folder, and
    leaves a copy that is already there as it is.
    """
    notebooks = bundle.folder("notebooks")
    if not (notebooks.parent / "pyproject.toml").exists():
        copy = Path.cwd() / OWN_COPY
        if not copy.exists():
            shutil.copytree(notebooks, copy)
            print(f"notebooks copied to {OWN_COPY}/", file=sys.stderr)
        notebooks = copy
    return subprocess.run([sys.executable, "-m", "jupyterlab", str(notebooks), *options], check=False).returncode
