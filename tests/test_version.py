"""From the version that a figure states to the commit whose rules made it."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(folder), *who, *words], check=True, capture_output=True)


def stated(folder: Path) -> str:
    code = "from xiacheng_nlp._version import version_of_rules; print(version_of_rules())"
    command = [sys.executable, "-B", "-c", code]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, encoding="utf-8")
    return done.stdout.strip()


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("finds", ROOT / "tools/find_version.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    monkeypatch.setattr(made, "ROOT", tmp_path)
    return made


def test_a_stated_version_tells_its_commit(
    tool: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = tmp_path / "xiacheng_nlp"
    (package / "data" / "report").mkdir(parents=True)
    (package / "__init__.py").touch()
    git(tmp_path, "init", "-q")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "before there was a hash")
    shutil.copy(ROOT / "xiacheng_nlp" / "_version.py", package)
    versions = []
    for place, held in (
        ("text.py", "a = 1\r\n"),
        ("data/report/wording.tsv", "政府"),
        ("cli.py", ""),
        ("data/report/wording.tsv", ""),
    ):
        # Nothing in a file: it is gone again.
        path = package / place
        path.write_bytes(held.encode()) if held or not path.exists() else path.unlink()
        git(tmp_path, "add", "-A")
        git(tmp_path, "commit", "-q", "-m", f"change {place}")
        versions.append(stated(tmp_path))
    assert versions[0] != versions[1] == versions[2]
    assert versions[3] == versions[0]
    picture = tmp_path / "a.json"
    picture.write_text(f'{{"package": "xiacheng_nlp {versions[0]}"}}', encoding="utf-8")
    assert tool.main([str(picture)]) == 0
    # What a commit took back, one before it had too.
    reverted, first = capsys.readouterr().out.splitlines()
    assert reverted.endswith(" change data/report/wording.tsv")
    assert first.endswith(" change text.py")
    assert tool.main([versions[1]]) == 0
    found = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in found] == [versions[1]] * 2
    assert tool.main(["0.1.0+r000000000000"]) == 1
    assert "no commit of this repository has these rules" in capsys.readouterr().err
    assert tool.main([]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 4
    with pytest.raises(SystemExit, match="no version such as"):
        tool.main(["next"])
    with pytest.raises(SystemExit, match="no version such as"):
        tool.stamp_in("1" * 40 + f"+r{'0' * 12}")
