"""What the documents say is true: the code in the READMEs runs, every command stands there, both READMEs hold the same code."""

import doctest
import re
from pathlib import Path

import pytest

from xiacheng_nlp import __version__
from xiacheng_nlp.cli import _parser

ROOT = Path(__file__).resolve().parent.parent
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]


def commands() -> list[str]:
    actions = [action for action in _parser()._actions if action.choices and "outline" in action.choices]
    return list(actions[0].choices or ())


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_the_code_runs_as_shown(path: Path) -> None:
    results = doctest.testfile(str(path), module_relative=False, encoding="utf-8", optionflags=doctest.NORMALIZE_WHITESPACE)
    assert results.attempted >= 4
    assert results.failed == 0


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_every_command_is_listed(path: Path) -> None:
    listed = set(re.findall(r"^\| `([a-z]+)", path.read_text(encoding="utf-8"), re.MULTILINE))
    assert listed == set(commands())


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_every_notebook_is_listed(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
        assert f"`{notebook.stem}`" in text


def test_the_first_two_commands_are_the_same_in_both() -> None:
    first = [re.search(r"```sh\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL) for path in READMES]
    assert {match[1] for match in first if match} == {"python3 run.py\npython3 run.py test\n"}


def test_the_version_is_said_once() -> None:
    assert f'version = "{__version__}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert __version__ in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_data_file_is_described_with_its_columns_and_rows() -> None:
    data = ROOT / "xiacheng_nlp" / "data"
    lines = (data / "README.md").read_text(encoding="utf-8").splitlines()
    described = {m[1]: (m[2], m[3]) for line in lines if (m := re.match(r"\| `(\w+\.tsv)` \| ([\d,]+) \| ([^|]*) \|", line))}
    counted = {}
    for path in sorted(data.glob("*.tsv")):
        rows = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and not line.startswith("#")]
        counted[path.name] = (f"{len(rows) - 1:,}", ", ".join(rows[0].split("\t")))
    assert described == counted
