"""What notebooks call: tables to browse, with all rows, the same again, and nothing of the report
that a browser would run; claims that are checked."""

import os
import re
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from hostile import ATTACK

from tests.shared import with_signals
from xiacheng_nlp import notebook
from xiacheng_nlp.errors import FigureError, OutputError
from xiacheng_nlp.notebook import BEGIN, OWN_COPY, PAGE, ClaimError, browse, claim, open_lab
from xiacheng_nlp.observations.observation import indicators, observation_table
from xiacheng_nlp.report.report import Report

TABLE = pd.DataFrame({"left": [ATTACK, "=1+1"], "value": [Decimal("7.80"), None], "count": [1, 2]})


def test_as_text_it_is_what_pandas_shows(seed: Report) -> None:
    table = observation_table(indicators(seed))
    assert repr(browse(table, id="observations")) == repr(table)


def test_every_row_is_in_the_output_however_long(seed: Report) -> None:
    table = observation_table(indicators(seed))
    long = pd.concat([table] * 20, ignore_index=True)
    html = browse(long, id="observations", library=False)._repr_html_()
    assert html.count(seed.sha256[:12] + "-") == len(long) + PAGE


def test_it_is_the_same_again_and_says_nothing_of_the_day() -> None:
    assert browse(TABLE, id="a")._repr_html_() == browse(TABLE, id="a")._repr_html_()


def test_a_cell_is_text() -> None:
    html = browse(TABLE, id="a", library=False)._repr_html_()
    assert "<img" not in html
    assert "</script>\"'" not in html
    assert html.count("<script") == html.count("</script>") == 2


def test_decimals_keep_their_digits_and_nothing_is_shown_as_nothing() -> None:
    html = browse(TABLE, id="a", library=False)._repr_html_()
    assert '\\"7.80\\"' in html
    assert "None" not in html


def test_nothing_is_fetched() -> None:
    html = browse(TABLE, id="a")._repr_html_()
    assert "https://www.unpkg.com" not in html
    assert not re.search(r"(?:from|import\(?) *[\"']http", html)
    assert not re.search(r"<(?:link|img|iframe)\b|<script[^>]* src", html)


@pytest.mark.parametrize("id", ["", "1a", "a b", "A", '"><b>'])
def test_an_id_that_is_none_is_refused(id: str) -> None:
    with pytest.raises(FigureError, match="can't name a table"):
        browse(TABLE, id=id)


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(FigureError, match="no column lft in the table; it has left, value, count"):
        browse(TABLE, id="a", right=["lft"])


def test_a_claim_that_is_wrong_fails(seed: Report) -> None:
    with pytest.raises(ClaimError, match="glossary: the text says 35, the report gives 36"):
        claim(
            "glossary",
            "The annex explains 35 terms.",
            stated=35,
            computed=len(seed.glossary),
            report=seed,
        )


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("The annex explains 36 terms.", 36),
        ("Of 1,363 characters.", 1363),
        ("99.1 % are right.", 99.1),
        ("4 pass.", 4),
    ],
)
def test_a_claim_says_what_it_states(seed: Report, text: str, stated: float) -> None:
    assert claim("x", text, stated=stated, computed=stated, report=seed).holds
    with pytest.raises(ClaimError, match=f"the text does not say {stated + 1}"):
        claim("x", text, stated=stated + 1, computed=stated + 1, report=seed)


def test_a_claim_about_another_report_is_not_made() -> None:
    other = Report.parse("某县政府工作报告\n各位代表：\n完成投资87.9亿元。\n")
    assert str(
        claim("g", "36 terms", stated=36, computed=lambda: other.glossary[0], report=other)
    ).startswith("– g: computed nothing")
    assert claim("g", "36 terms", stated=36, computed=0, report=other).holds is None


class Lab:
    """JupyterLab, as it is begun; it ends at once."""

    def __init__(self, command: list[str]) -> None: ...

    def wait(self) -> int:
        return 0


def test_a_copy_of_the_notebooks_that_was_broken_off_is_made_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An installed package has no checkout around its notebooks."""
    own, copy = tmp_path / "wheel" / "notebooks", tmp_path / OWN_COPY
    (own / "zh").mkdir(parents=True)
    for name in ("a.ipynb", "b.ipynb", "zh/a.md"):
        (own / name).write_text(name, encoding="utf-8")
    monkeypatch.setattr(notebook, "folder", lambda _: own)
    monkeypatch.setattr(subprocess, "Popen", Lab)
    monkeypatch.chdir(tmp_path)
    copy.mkdir()
    (copy / "a.ipynb").write_text("mine", encoding="utf-8")
    assert open_lab() == 0
    held = {path.relative_to(copy).as_posix() for path in copy.rglob("*") if path.is_file()}
    assert held == {"a.ipynb", "b.ipynb", "zh/a.md"}
    assert (copy / "a.ipynb").read_text(encoding="utf-8") == "mine"


def test_where_jupyterlab_can_keep_no_files_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "file" / "runtime"))
    monkeypatch.setattr(subprocess, "Popen", Lab)
    with pytest.raises(OutputError, match=r"file.runtime: cannot be written, where JupyterLab"):
        open_lab()


@with_signals
def test_ctrl_c_while_jupyterlab_begins_is_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "jupyterlab").mkdir()
    code = "import os, sys\nprint(sys.argv[1:], flush=True)\nos.kill(os.getpid(), 2)\n"
    (tmp_path / "jupyterlab" / "__init__.py").touch()
    (tmp_path / "jupyterlab" / "__main__.py").write_text(code, encoding="utf-8")
    command = [sys.executable, "-P", "-c", BEGIN, "folder", "--no-browser"]
    setting = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, env=setting)
    assert (done.returncode, done.stderr) == (-signal.SIGINT, "")
    assert done.stdout == "['folder', '--no-browser']\n"


@with_signals
@pytest.mark.parametrize(("number", "status"), [(1, 129), (15, 143)])
def test_jupyterlab_does_not_outlive_the_command(tmp_path: Path, number: int, status: int) -> None:
    (tmp_path / "jupyterlab").mkdir()
    code = "import signal, sys, time\nsignal.signal(15, lambda *_: (print('ended'), sys.exit(0)))\n"
    code += "print('ready', flush=True)\ntime.sleep(60)\n"
    (tmp_path / "jupyterlab" / "__init__.py").touch()
    (tmp_path / "jupyterlab" / "__main__.py").write_text(code, encoding="utf-8")
    work = subprocess.Popen(
        [sys.executable, "-P", "-m", "xiacheng_nlp", "lab", "--no-browser"],
        env={**os.environ, "PYTHONPATH": str(tmp_path), "JUPYTER_RUNTIME_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert work.stdout is not None
    assert work.stdout.readline() == "ready\n"
    work.send_signal(number)
    said, _ = work.communicate(timeout=20)
    assert (said, work.returncode) == ("ended\n", status)
