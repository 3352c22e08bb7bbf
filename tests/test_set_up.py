"""The script that sets the project up."""

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent


def the_script() -> Any:
    spec = importlib.util.spec_from_file_location("set_up", ROOT / "run.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


def test_the_environment_is_made_with_a_python_outside_it() -> None:
    """Else its own Python, when it runs the script, would delete itself."""
    script = the_script()
    assert Path(script.BASE).exists()
    assert (
        not Path(script.BASE).is_relative_to(Path(sys.prefix).resolve())
        or sys.prefix == sys.base_prefix
    )


def test_the_environment_is_made_anew_when_what_it_is_made_from_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = the_script()
    for name in ("requirements.lock", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    monkeypatch.setattr(script, "HERE", tmp_path)
    before = script.state()
    assert script.state() == before
    for name in ("requirements.lock", "pyproject.toml"):
        kept = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(kept + b"\n")
        assert script.state() != before, name
        (tmp_path / name).write_bytes(kept)
    monkeypatch.setattr(script, "BASE", "another Python")
    assert script.state() != before
