"""The script that sets the project up."""

import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_the_environment_is_made_with_a_python_outside_it() -> None:
    """Else its own Python, when it runs the script, would delete itself."""
    spec = importlib.util.spec_from_file_location("set_up", ROOT / "run.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert Path(script.BASE).exists()
    assert (
        not Path(script.BASE).is_relative_to(Path(sys.prefix).resolve())
        or sys.prefix == sys.base_prefix
    )
    assert script.state() == script.state()
