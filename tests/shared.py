"""What the tests of several rooms share: the files of a folder, published measures, and what some
systems lack."""

import json
import os
from pathlib import Path

import pytest

PUBLISHED = json.loads(
    (Path(__file__).parent / "reference" / "measures.json").read_text(encoding="utf-8")
)
"""Measures of words with values that others have published."""

with_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
with_signals = pytest.mark.skipif(os.name == "nt", reason="signals of another kind")


def contents(folder: Path) -> dict[str, bytes]:
    """The bytes of each file of a folder and of those in it, by its path there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
