"""The command: what it prints, its exit statuses, and that bad input gives one clear line and no
half file."""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import redirect_stdout, suppress
from io import StringIO
from pathlib import Path

import psutil
import pytest

from tests.shared import with_pipes, with_signals
from xiacheng_nlp import __version__
from xiacheng_nlp.__main__ import leave_folder_at_hand
from xiacheng_nlp.cli import HOME, main
from xiacheng_nlp.corpora.dataset import CorpusResult
from xiacheng_nlp.datafiles import read_text
from xiacheng_nlp.errors import DataFileError, ReportError
from xiacheng_nlp.figures.names import named
from xiacheng_nlp.notebook import BEGIN
from xiacheng_nlp.publish.notebooks import worded
from xiacheng_nlp.publish.run import RunResult
from xiacheng_nlp.report.report import load_report
from xiacheng_nlp.resources import folder
from xiacheng_nlp.resources import seed as seed_file


def run(*words: str, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xiacheng_nlp", *words]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, **options)  # type: ignore[call-overload, no-any-return]


def test_outline_as_json(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["outline", "--format", "json"]) == 0
    shape = json.loads(capfd.readouterr().out)
    assert set(shape) == {
        "source",
        "year",
        "metadata",
        "metadata_spans",
        "copies",
        "parts",
        "paragraphs",
        "sections",
        "glossary",
        "notes",
    }
    assert shape["source"] == {
        "name": "000_ecde2efd3ab0aef1.txt",
        "sha256": "cab2e0b85a5bba30c0053448db2952d999ba4128753057e2ec27d78359c6c920",
        "encoding": "utf-8",
        "chars": 37315,
    }
    assert [(c["identical"], c["kept"]) for c in shape["copies"]] == [(True, True), (True, False)]
    assert len(shape["glossary"]) == 36
    assert sum(entry["headword"] is None for entry in shape["glossary"]) == 1
    assert shape["sections"][1]["sections"][6]["sections"][9]["title"] == "丰富群众文化"


def test_outline_as_a_tree(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["outline"]) == 0
    text = capfd.readouterr().out
    assert "170–18,679  18,509 characters  kept" in text
    assert "18,806–37,315  18,509 characters  dropped, identical" in text
    assert "glossary: 36 entries, 1 without headword" in text


def test_a_mistake_of_the_package_shows_where_it_is(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """`zip(strict=True)` raises what the package's own errors are a kind of: it is not the
    reader's fault."""

    def faulty(*_: object, **__: object) -> None:
        list(zip([1], [], strict=True))

    monkeypatch.setattr("xiacheng_nlp.observations.observation.read_sentence", faulty)
    assert main(["indicators"]) == 1
    first, *rest = capfd.readouterr().err.splitlines()
    assert re.fullmatch(
        r"xiacheng-nlp: a mistake of the package, in observations/observation\.py:\d+; "
        "please report it with what follows",
        first,
    )
    assert rest[0] == "Traceback (most recent call last):"
    assert rest[-1] == "ValueError: zip() argument 2 is shorter than argument 1"


def test_a_place_of_bytes_that_are_no_text_is_written_as_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a shell hands them on; names of places in GBK are."""
    given = "下城区".encode("gbk").decode("utf-8", "surrogateescape")
    assert main(["outline", "--place", given, "-o", str(tmp_path / "a.txt")]) == 0
    monkeypatch.setenv("XIACHENG_PLACE", given)
    assert main(["outline", "-o", str(tmp_path / "b.txt")]) == 0
    assert all("下城区" in path.read_text(encoding="utf-8") for path in tmp_path.iterdir())


@pytest.mark.filterwarnings("default::xiacheng_nlp.errors.TermWarning")
@pytest.mark.parametrize(
    "words",
    [
        ["cite", "report", "--url", "\udcff"],
        ["figure", "fig-dispersion-strips", "--terms", "\udcff"],
        ["figure", "fig-theme-attention", "--themes", "\udcff"],
    ],
)
def test_words_of_bytes_that_are_no_text_are_told_in_lines(
    words: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    main([*words, *(() if words[0] == "cite" else ("-o", str(tmp_path)))])
    said = capfd.readouterr().err.splitlines()
    assert said
    assert all(re.match("xiacheng-nlp: (?!a mistake)", line) for line in said)


@pytest.mark.filterwarnings("default::xiacheng_nlp.errors.TermWarning")
@pytest.mark.parametrize(
    ("id", "choose", "there", "absent"),
    [
        ("fig-theme-attention", "--themes", "health", "helth"),
        ("fig-top-terms", "--terms", "改革", "区块链"),
    ],
)
def test_a_choice_that_a_figure_does_not_have_is_told_beside_those_it_has(
    id: str, choose: str, there: str, absent: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whatever else is chosen is drawn; words that nobody chose are no part of what is said."""
    kind = choose.removeprefix("--").removesuffix("s")
    told = f"xiacheng-nlp: {id}: its table has no {kind} {absent}; among those that it has: "
    for chosen, status in ((there, 0), (f"{there},{absent}", 0), (absent, 1)):
        assert main(["figure", id, choose, chosen, "-o", str(tmp_path)]) == status
        said = capfd.readouterr().err
        assert said.count("\n") == (absent in chosen)
        assert said == "" or (said.startswith(told) and there in said)


def test_a_theme_of_which_nothing_can_be_shown_is_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "r.txt"
    report.write_text(
        "某县政府工作报告\n各位代表：\n一、工作回顾\n新建学校3所。\n", encoding="utf-8"
    )
    words = ["figure", "fig-theme-attention", str(report), "--themes", "国防", "-o", str(tmp_path)]
    assert main(words) == 1
    said = "fig-theme-attention is not drawn: it would show nothing of 国防\n"
    assert capfd.readouterr().err == f"xiacheng-nlp: {said}"


def test_a_year_that_the_report_contradicts_is_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Of a slip of the finger, the plan would become the review without a word."""
    report = tmp_path / "r.txt"
    report.write_text("2023年某县政府工作报告\n各位代表：\n投资增长8%。\n", encoding="utf-8")
    for year, told in (("2203", True), ("2023", False)):
        assert main(["indicators", str(report), "--year", year, "-o", str(tmp_path / "t.csv")]) == 0
        assert (
            "is 2203 by what was given, but 2023 by the title" in capfd.readouterr().err
        ) == told


@pytest.mark.parametrize(
    "columns", ["text=正文，year=年份", "text=正文,year=年份，届次", "text=全文,year=年份"]
)
def test_columns_of_a_table_may_be_parted_by_a_wide_comma_and_a_wrong_one_is_told_alone(
    columns: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "t.csv"
    text = "某县政府工作报告 各位代表： 完成投资87.9亿元，投资增长8%。"
    # The name of a column may hold such a comma.
    year = '"年份，届次"' if "届次" in columns else "年份"
    table.write_text(f"{year},正文\n2014,{text}\n2015,{text}\n", encoding="utf-8")
    words = ["corpus", str(table), "-o", str(tmp_path / "d"), "--no-terms", "--workers", "0"]
    status = main([*words, "--columns", columns])
    said = capsys.readouterr().err
    assert "no effect" not in said
    assert ("has no column 全文" in said) == (status == 1) == ("全文" in columns)


def test_what_is_wrong_is_told_in_chinese_where_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("空.txt").write_bytes(b"")
    Path("r.txt").write_text("2023年某县政府工作报告\n各位代表：\n投资增长8%。\n", encoding="utf-8")
    Path("words.tsv").write_bytes("数字经济\n".encode("gbk"))
    Path("t.csv").write_text("正文,plan\n各位代表：投资增长8%。,a\n", encoding="utf-8")
    Path("e").mkdir()
    Path("none").mkdir()
    Path("e/e.txt").write_text("投资增长。\n", encoding="utf-8")
    Path("e/index.html").write_text("<p>", encoding="utf-8")
    Path("r.rtf").write_bytes(rb"{\rtf1 a}")
    Path("r.docx").write_bytes(b"PK\x03\x04" + b"z" * 400)
    Path("n.txt").write_bytes(bytes(100))
    Path("own.txt").write_text("投资\n", encoding="utf-8")
    Path("gold.jsonl").write_text("{start\n", encoding="utf-8")
    with zipfile.ZipFile("r.odt", "w") as packed:
        packed.writestr("content.xml", "<a/>")
    Path("codes.tsv").write_text("kind\tcode\tzh\ten\tdefinition\n", encoding="utf-8")
    Path("codes_phrases.tsv").write_text("kind\tcode\tphrase\tweight\n", encoding="utf-8")
    told = {
        ("outline", "无.txt"): "无.txt：没有这个文件；请核对文件名和所在文件夹",
        ("outline", "空.txt"): "空.txt：空文件；应为一份报告",
        ("run", "."): ".：这是文件夹，不是一份报告；文件夹中的各份报告由 corpus 命令读取",
        # What a part of a report is called may be the name of a file, of a column or of no option.
        ("outline", "plan"): "plan：没有这个文件；",
        ("outline", "r.txt", "review"): "不认识的选项或多余的词：review",
        ("corpus", "t.csv", "-o", "d", "--columns", "text=x"): "现有各列：正文, plan",
        ("corpus", "none", "-o", "d"): "none：0 个文件中没有一份报告；数据集保持原样",
        ("indicators", "r.txt", "-o", "r.txt"): "r.txt：这就是要读的文件；请用 -o 另起文件名",
        ("corpus", "e", "-o", "d"): "第一个：e.txt：不像政府工作报告：没有对代表的称呼",
        ("figure", "fig-growth-rates", "r.txt", "--themes", "x"): "fig-growth-rates 不含可选的主题",
        ("indicators", "r.txt", "--year", "2203"): "会议年份按指定为 2203，按标题则为 2023",
        ("indicators", "r.txt", "-o", "结果.xls"): "结果.xls：没有名为 .xls 的表格格式；",
        ("tokens", "r.txt", "--lexicon", "words.tsv"): "words.tsv 第 1 行：第 0 字节不是 UTF-8",
        ("figure", "fig-ranks", "r.txt"): "fig-ranks 未画：没有述及位次",
        ("outline", "--year", "二〇"): "选项 --year：二〇：年份应写成 2014 这样的四位数字",
        ("outline", "r.rtf"): "r.rtf：RTF 文件；请打开后另存为 .docx",
        ("outline", "r.docx"): "r.docx：压缩包（或 Office 文件）已损坏（File is not a zip file）；",
        ("outline", "r.odt"): "r.odt：OpenDocument 文件；请另存为 .docx",
        ("outline", "n.txt"): "n.txt：第 0 字节为 NUL：这是二进制文件",
        ("outline", "/dev/null"): "/dev/null：无法读取：这是管道、套接字或设备",
        ("tokens", "r.txt", "-o", "e"): "无法写入：已有同名文件夹",
        ("themes", "r.txt", "--codebook", "codes.tsv"): "codes.tsv：缺少 theme general；",
        ("evaluate", "gold.jsonl", "r.txt"): "gold.jsonl 第 1 行：不是 JSON：",
        ("corpus", "e", "-o", "d", "--metadata", "t.csv"): "t.csv 第 1 行：表头只能用 file, place,",
        ("corpus", "e", "-o", "d", "--seconds", "0"): "每个文件的秒数和兆字节数应大于 0",
        (
            "run",
            "r.txt",
            "-o",
            "e",
        ): "e：其中有不是本软件包写出的、或写出后被改动的文件：index.html；",
        ("cite", "report", "r.txt", "--url", "a b"): "网址中有空格或网址不能有的字符",
        ("figure", "fig-ranks", "--top", "x"): "选项 --top：x：应为不小于 0 的整数",
        # Without its Chinese, a message is told as it is.
        ("tokens", "r.txt", "--engine", "jieba", "--lexicon", "own.txt"): "leave out the list",
    }
    for lang, in_it in (("zh", True), ("en", False)):
        monkeypatch.setenv("XIACHENG_LANG", lang)
        for words, said in told.items():
            main(words)
            assert (said in capsys.readouterr().err) == (in_it or said.isascii()), words


def test_what_was_made_is_told_in_chinese(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XIACHENG_LANG", "zh")
    (tmp_path / "r.txt").write_text("2023年某县政府工作报告\n各位代表：\n投资增长8%。\n", "utf-8")
    words = ["corpus", str(tmp_path), "-o", str(tmp_path / "d"), "--no-terms", "--workers", "0"]
    assert main(words) == 0
    assert capsys.readouterr().out.startswith("新读入 1 份报告，保留 0 份，删去 0 份，存于 ")
    (tmp_path / "e.txt").write_text("", "utf-8")
    assert main(words) == 0
    assert capsys.readouterr().out.endswith("；1 个文件没有得到报告，见 failures.csv\n")
    counts = dict(made=1, kept=0, removed=0, failed=2, lost=1, noted=1)
    lost = worded(CorpusResult(output=tmp_path, outside=0.1, **counts).summary(), "zh")
    assert re.search("；2 个文件没有得到报告，见 .*csv；其中 1 个不是文件的问题", lost)
    assert "1 份带说明，未能识别的文字在一份中至多占 10.0%；" in lost
    made = RunResult(
        output=tmp_path,
        notebooks=("n",),
        figures=(),
        tables=(),
        empty=("fig-ranks",),
        without_english=2,
    )
    told = [worded(line, "zh") for line in made.summary().splitlines()]
    starts = ("写出 1 个笔记本、", "未画：fig-ranks：没有述及位次", "图中有 2 个词没有英文名")
    assert all(line.startswith(start) for line, start in zip(told, starts, strict=True))
    assert worded("fig-keyness: its table has no term 国防", "zh") == "fig-keyness：表中没有词 国防"


def test_what_is_told_in_chinese_is_what_the_package_says() -> None:
    said = [*HOME.rglob("*.py"), HOME / "data" / "readers" / "refused.tsv"]
    code = re.sub(r'"\s+f?"', "", "".join(path.read_text("utf-8") for path in said))
    keys = named("publish/values.tsv")["error"]
    pieces = {
        piece.strip(" :,.()").removeprefix("it is ")
        for key in keys
        for piece in re.split(r"\{\}|[:;] ", key)
    }
    assert len(keys) > 40
    # What the package puts together of what it names.
    put = {"its table has no theme", "its table has no term"}
    put |= {"shows no themes to choose from", "shows no terms to choose from"}
    put.add("of those made have notes, at most")
    # What argparse says.
    put |= {"invalid choice", "invalid float value", "the following arguments are required"}
    assert {piece for piece in pieces if len(piece) > 6 and piece not in code} <= put


def test_a_want_of_memory_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("xiacheng_nlp.observations.observation.read_sentence", full)
    assert main(["indicators"]) == 1
    assert capfd.readouterr().err == "xiacheng-nlp: there is not enough memory for this\n"


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["no-such-command"],
        ["outline", "--format", "yaml"],
        ["outline", "a", "b"],
        ["outline", "--no-browser"],
        ["evaluate", "g", "r", "--window", "9:3"],
    ],
)
def test_wrong_usage_is_status_2(words: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert capfd.readouterr().err.startswith("usage: xiacheng-nlp")


def test_the_version(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capfd.readouterr().out == f"xiacheng-nlp {__version__}\n"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "xiacheng-nlp: report.txt: cannot be read: No such file or directory"),
        (b"", "xiacheng-nlp: report.txt: empty; a report was expected"),
        (
            b"\x7fELF\x00\x00",
            "xiacheng-nlp: report.txt: byte 4 is NUL: this is a binary file, not a text",
        ),
        (b"\x89PNG\r\n\x1a\n\x00", "xiacheng-nlp: report.txt: an image (PNG) holds no text"),
    ],
)
@pytest.mark.parametrize("command", ["outline", "tokens", "run"])
def test_bad_input_is_one_line_and_writes_nothing(
    command: str,
    data: bytes | None,
    message: str,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    source = tmp_path / "report.txt"
    if data is not None:
        source.write_bytes(data)
    assert main([command, str(source), "-o", str(tmp_path / "out")]) == 1
    said = capfd.readouterr()
    assert said.out == ""
    assert said.err.startswith(message)
    assert said.err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_output_is_utf_8_whatever_the_locale() -> None:
    done = run(
        "outline", env={**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    )
    assert done.returncode == 0
    assert "下城区" in done.stdout


def test_a_reader_that_goes_away_is_no_traceback() -> None:
    done = subprocess.run(
        f"{sys.executable} -m xiacheng_nlp outline --format json | head -c 10",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


def test_what_follows_lab_is_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setenv("XIACHENG_LANG", "")
    monkeypatch.chdir(tmp_path)

    class Lab:
        def __init__(self, command: list[str]) -> None:
            asked.append(command)

        def wait(self) -> int:
            return 3

    monkeypatch.setattr(subprocess, "Popen", Lab)
    assert main(["lab", "--no-browser", "--port", "8899"]) == 3
    # -P: a jupyterlab.py in the folder at hand is not run.
    assert asked[0][1:4] == ["-P", "-c", BEGIN]
    assert Path(asked[0][4]).name == "notebooks"
    assert asked[0][5:] == ["--no-browser", "--port", "8899"]
    assert main(["lab", "--lang", "zh", "--no-browser"]) == 3
    assert asked[1][4:] == [str(tmp_path / "xiacheng-notebooks-zh"), "--no-browser"]
    assert os.environ["XIACHENG_LANG"] == "zh"
    assert main(["lab", "--lang", "fr"]) == 2


@with_signals
def test_ctrl_c_is_left_to_jupyterlab(tmp_path: Path) -> None:
    """It asks whether to stop: here it takes a second to, and ends with a status of its own."""
    child = "import signal, sys, time; signal.signal(2, lambda *_: (time.sleep(1), sys.exit(7)))"
    child += "; print('ready', flush=True); time.sleep(60)"
    code = f"""
import subprocess, sys
made = subprocess.Popen
subprocess.Popen = lambda _: made([sys.executable, "-c", {child!r}])
from xiacheng_nlp.__main__ import start
sys.argv = ["xiacheng-nlp", "lab"]
sys.exit(start())
"""
    lab = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert lab.stdout is not None
    assert lab.stdout.readline() == "ready\n"
    os.killpg(lab.pid, signal.SIGINT)
    assert lab.wait(timeout=20) == 7
    lab.stdout.close()


def _wait_until_it_answers(process: int) -> None:
    """Wait until the command has its own answer to SIGTERM, however slowly Python starts."""
    status, end = Path(f"/proc/{process}/status"), time.monotonic() + 60
    while status.exists() and time.monotonic() < end:
        caught = re.search("^SigCgt:\t(.+)$", status.read_text(encoding="utf-8"), re.MULTILINE)
        if caught and int(caught[1], 16) >> signal.SIGTERM - 1 & 1:
            return
        time.sleep(0.01)
    time.sleep(0.2)


def _wait_until_cells_run(process: int) -> None:
    """Wait until one of its kernels has worked for a second; the first process that it begins may
    be what kernels are forked from."""
    end = time.monotonic() + 240
    while time.monotonic() < end:
        _, *kernels = psutil.Process(process).children(recursive=True) or [None]
        for kernel in kernels:
            with suppress(psutil.Error):
                if kernel.cpu_times().user > 1:
                    return
        time.sleep(0.2)
    pytest.fail("no kernel ran a cell")


@pytest.mark.slow
@with_signals
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("is_running", [False, True], ids=["at once", "while notebooks run"])
def test_a_command_that_is_stopped_is_one_line(
    number: int, status: int, is_running: bool, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "xiacheng_nlp", "run", "-o", str(tmp_path / "out")]
    work = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    _wait_until_it_answers(work.pid)
    assert work.stderr
    try:
        if is_running:
            _wait_until_cells_run(work.pid)
        os.killpg(work.pid, number)
        _, said = work.communicate(timeout=240)
    finally:
        work.kill()
    *progress, last = said.splitlines()
    assert progress or not is_running
    assert (work.returncode, last) == (status, "xiacheng-nlp: stopped")
    assert all(re.fullmatch(r"xiacheng-nlp: .*(figures|\(\d+ s\)).*", line) for line in progress)


@with_signals
def test_a_signal_that_python_drops_stops_the_command() -> None:
    """In a callback of the garbage collector what a signal raises is printed and lost."""
    code = """
import os, signal, sys, time, weakref
import xiacheng_nlp.cli
from xiacheng_nlp.__main__ import start

class Thing:
    pass

def removed(_):
    os.kill(os.getpid(), signal.SIGTERM)

def main():
    thing = Thing()
    seen = weakref.ref(thing, removed)
    del thing
    time.sleep(60)

xiacheng_nlp.cli.main = main
sys.exit(start())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=50)
    assert (done.returncode, done.stderr) == (143, "xiacheng-nlp: stopped\n")


@with_signals
@pytest.mark.parametrize(("before", "status"), [("SIG_DFL", 129), ("SIG_IGN", 0)])
def test_a_terminal_that_is_closed_stops_a_command_unless_it_is_to_outlive_it(
    before: str, status: int
) -> None:
    code = f"""
import os, signal, sys
import xiacheng_nlp.cli
from xiacheng_nlp.__main__ import start
signal.signal(signal.SIGHUP, signal.{before})
xiacheng_nlp.cli.main = lambda: os.kill(os.getpid(), signal.SIGHUP) or 0
sys.exit(start())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=50)
    said = "xiacheng-nlp: stopped\n" if status else ""
    assert (done.returncode, done.stderr) == (status, said)


@with_signals
def test_a_signal_behind_the_end_of_the_work_changes_nothing() -> None:
    code = """
import atexit, os, signal, sys
atexit.register(os.kill, os.getpid(), signal.SIGINT)
from xiacheng_nlp.__main__ import start
sys.argv = ["xiacheng-nlp", "--version"]
sys.exit(start())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=50)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("variable", ["PYTHONOPTIMIZE", "PYTHONWARNINGS", "MPLBACKEND"])
def test_what_another_program_would_stop_at_is_not_handed_on(variable: str) -> None:
    code = f"""
import os, sys
import xiacheng_nlp.cli
from xiacheng_nlp.__main__ import start
xiacheng_nlp.cli.main = lambda: print(os.environ.get({variable!r})) or 0
sys.exit(start())
"""
    setting = {**os.environ, variable: "1"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=setting)
    assert done.stdout.split() == [b"None"]


def test_little_is_loaded_before_the_command_answers_a_signal() -> None:
    """Until then Python answers Ctrl-C, with a traceback."""
    code = f"import sys; sys.path.insert(0, {str(Path(__file__).parent.parent)!r})"
    code += "; import xiacheng_nlp.__main__; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-ISc", code], capture_output=True, text=True)
    slow = {"re", "pathlib", "typing", "threading", "hashlib", "enum", "functools", "importlib"}
    assert slow.isdisjoint(loaded.stdout.split() or slow)


def test_the_output_is_never_a_list_that_is_read_with_an_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report, lexicon = tmp_path / "r.txt", tmp_path / "r.lexicon.tsv"
    report.write_text("各位代表：\n完成投资87.9亿元。\n", encoding="utf-8")
    lexicon.write_text("word\n亿元\n", encoding="utf-8")
    before = lexicon.read_bytes()
    assert main(["indicators", str(report), "-o", str(lexicon), "--format", "csv"]) == 1
    assert "read with the report; name another file" in capsys.readouterr().err
    assert lexicon.read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="devices of another kind")
@pytest.mark.parametrize(
    "words",
    [
        "outline X",
        "tokens --lexicon X",
        "themes --codebook X",
        "evaluate X report.txt",
        "corpus X -o out",
        "corpus . -o out --metadata X",
        "corpus . -o out --keywords X",
        "figure fig-ranks X",
        "verify a.png --report X",
        "run X",
    ],
)
def test_what_is_no_file_is_no_input(
    words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    Path("link").symlink_to("nowhere")
    Path("folder").mkdir()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
    # What the system makes while it is read may wait for ever.
    made = ["/proc/kmsg"] * Path("/proc/kmsg").exists()
    for name in ("pipe", "link", "folder", "socket", "/dev/zero", *made):
        if words.startswith("corpus X") and name == "folder":
            continue
        assert main(words.replace("X", name).split()) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith(f"xiacheng-nlp: {name}: the ")
    with pytest.raises(ReportError, match="pipe: cannot be read: it is a pipe, a socket"):
        load_report("pipe")
    with pytest.raises(DataFileError, match="pipe: cannot be read: it is a pipe, a socket"):
        read_text("pipe")


@with_pipes
@pytest.mark.parametrize("words", ["outline", "tokens", "run", "corpus ."])
def test_an_output_that_waits_for_a_reader_is_refused(
    words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    assert main([*words.split(), "-o", "pipe"]) == 2
    assert capsys.readouterr().err.startswith("xiacheng-nlp: pipe: the output would wait")


def test_the_output_is_never_a_file_that_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report, words = tmp_path / "r.csv", tmp_path / "words.csv"
    report.write_text("各位代表：\n完成投资87.9亿元。\n", encoding="utf-8")
    words.write_text("word\n亿元\n", encoding="utf-8")
    for command in (
        ["outline", str(report), "-o", str(report)],
        ["tokens", str(report), "-o", str(tmp_path / "." / "r.csv")],
        ["tokens", str(report), "--lexicon", str(words), "-o", str(words)],
    ):
        before = report.read_bytes(), words.read_bytes()
        assert main(command) == 1
        assert " itself; name another file with -o\n" in capsys.readouterr().err
        assert (report.read_bytes(), words.read_bytes()) == before


def test_tokens_in_every_text_form(tmp_path: Path) -> None:
    for form in ("jsonl", "csv", "tsv"):
        assert main(["tokens", "--format", form, "-o", str(tmp_path / form)]) == 0
    rows = [
        json.loads(line) for line in (tmp_path / "jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert list(rows[0])[:6] == ["start", "end", "text", "pos", "part", "section"]
    assert len((tmp_path / "csv").read_text(encoding="utf-8").splitlines()) == len(rows) + 1


def test_quantities_indicators_figure_and_evaluate(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["quantities", "-o", str(tmp_path / "q.jsonl")]) == 0
    classes = [
        json.loads(line)["class"]
        for line in (tmp_path / "q.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert set(classes) <= {
        "quantity",
        "rank",
        "duration",
        "date",
        "name",
        "enumerator",
        "none",
        "unparsed",
    }
    assert main(["indicators", "--format", "csv", "-o", str(tmp_path / "i.csv")]) == 0
    header, first = (tmp_path / "i.csv").read_text(encoding="utf-8").splitlines()[:2]
    assert header.startswith("id,start,end,text,class,value,value_high,unit,value_base")
    assert ",643.57亿元,quantity,643.57,,亿元,64357000000" in first
    assert main(["figure", "fig-ranks", "-o", str(tmp_path / "figures"), "--lang", "en"]) == 0
    forms = ("docx", "html", "json", "pdf", "png", "svg", "tex")
    assert sorted(p.name for p in (tmp_path / "figures").iterdir()) == [
        *(f"fig-ranks-en.{form}" for form in forms),
        "fig-ranks.csv",
    ]
    capfd.readouterr()
    assert (
        main(
            [
                "evaluate",
                str(folder("gold") / "xiacheng-2014.gold.jsonl"),
                str(seed_file()),
                "--errors",
                "1",
            ]
        )
        == 0
    )
    lines = capfd.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[:5]] == [
        "spans",
        "quantities",
        "indicators",
        "records",
        "fields",
    ]
    assert len(lines) == 6


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["figure", "fig-none"],
            "no figure has the id fig-none; the figures are fig-report-structure, ",
        ),
        (
            ["outline", ""],
            "the name of the report is empty; leave it out for the Xiacheng report of 2014",
        ),
        (
            ["evaluate", "none.jsonl", "REPORT"],
            "none.jsonl: cannot be read: No such file or directory",
        ),
        (
            ["tokens", "--lexicon", "none.tsv"],
            "none.tsv: cannot be read: No such file or directory",
        ),
    ],
)
def test_wrong_words_are_one_line(
    words: list[str], message: str, capfd: pytest.CaptureFixture[str]
) -> None:
    gold = str(folder("gold") / "xiacheng-2014.gold.jsonl")
    assert main([{"GOLD": gold, "REPORT": str(seed_file())}.get(word, word) for word in words]) == 1
    assert capfd.readouterr().err.startswith(f"xiacheng-nlp: {message}")


# What a path holds in a locale without Chinese (under which Python keeps its bytes apart), and a
# path in GBK in a locale of UTF-8.
@pytest.mark.parametrize(
    ("locale", "encoding"),
    [
        ({"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, "utf-8"),
        ({"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}, "gbk"),
    ],
)
def test_a_path_is_read_written_and_named_whatever_its_bytes(
    tmp_path: Path, locale: dict[str, str], encoding: str
) -> None:
    folder = os.path.join(os.fsencode(tmp_path), "报告".encode(encoding))
    report = os.path.join(folder, "下城区.txt".encode(encoding))
    try:
        os.mkdir(folder)
        Path(os.fsdecode(report)).write_text(
            "各位代表：\n全年完成投资87.9亿元。\n", encoding="utf-8"
        )
    except OSError:
        pytest.skip("this file system takes names in UTF-8 alone")

    def run(*words: str | bytes) -> "subprocess.CompletedProcess[bytes]":
        command = [sys.executable, "-m", "xiacheng_nlp", *words]
        env = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), **locale}
        return subprocess.run(command, env=env, capture_output=True)

    shape = run("outline", report, "--format", "json")
    assert json.loads(shape.stdout)["source"]["name"] == "下城区.txt"
    drawn = run("figure", "fig-attention-shift", report, "-o", folder)
    told = (
        "xiacheng-nlp: attention_shift: the target, part plan, holds no coded sentence; "
        "the parts of the text: opening\n"
        "xiacheng-nlp: fig-attention-shift is not drawn: a review and a plan can't be told apart\n"
    )
    assert (drawn.returncode, drawn.stderr.decode()) == (1, told)
    drawn = run("figure", "fig-theme-attention", report, "-o", folder)
    assert drawn.returncode == 0
    assert all(os.path.isfile(line) for line in drawn.stdout.splitlines())
    none = run("outline", os.path.join(folder, b"none.txt"), "-o", os.path.join(report, b"x"))
    assert (none.returncode, none.stderr) == (
        1,
        b"xiacheng-nlp: none.txt: cannot be read: No such file or directory\n",
    )
    refused = run("outline", report, "-o", os.path.join(report, b"x"))
    assert (refused.returncode, refused.stderr.count(b"\n")) == (1, 1)
    assert b"cannot be written" in refused.stderr
    verdict = run("verify", os.path.join(folder, b"fig-theme-attention-zh.png"), "--report", report)
    assert (verdict.returncode, verdict.stdout) == (
        0,
        os.path.join(folder, b"fig-theme-attention-zh.png: identical bytes\n"),
    )


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("a.csv", b"start,"),
        ("a.xlsx", b"PK"),
        ("a.parquet", b"PAR1"),
        ("a.jsonl", b"{"),
        ("a", b"{"),
    ],
)
def test_a_table_has_the_form_that_its_name_tells(tmp_path: Path, name: str, begins: bytes) -> None:
    assert main(["quantities", "-o", str(tmp_path / name)]) == 0
    assert (tmp_path / name).read_bytes().startswith(begins)
    assert main(["quantities", "--format", "tsv", "-o", str(tmp_path / name)]) == 0
    assert (tmp_path / name).read_bytes().startswith(b"start\t")


def test_a_form_that_there_is_not_is_said_and_nothing_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["quantities", "-o", str(tmp_path / "a.foo")]) == 1
    assert "no form of table is called .foo; end the name in .jsonl" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_no_report_is_told_by_every_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "letter.txt"
    other.write_text("In 2020 GDP grew by 2.3 %.", encoding="utf-8")
    for command in ("quantities", "indicators", "themes", "tokens"):
        assert main([command, str(other)]) == 0
        assert "letter.txt: this does not look like a work report" in capsys.readouterr().err
    gold = str(folder("gold") / "xiacheng-2014.gold.jsonl")
    assert main(["evaluate", gold, str(other)]) == 1
    assert "do the two belong together?" in capsys.readouterr().err


def test_tokens_may_leave_the_model_out(tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    report.write_text("各位代表:\n开展线上线下宣传。\n", encoding="utf-8")
    cuts = []
    for option in ([], ["--no-model"]):
        assert main(["tokens", str(report), *option, "-o", str(tmp_path / "t.csv")]) == 0
        cuts.append("线上线下" in (tmp_path / "t.csv").read_text(encoding="utf-8"))
    assert cuts == [False, True]


def test_a_word_of_a_list_that_has_no_effect_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = tmp_path / "words.tsv"
    words.write_text("word\n扩大开放成效\n位经济\n不存在的词语\n", encoding="utf-8")
    assert main(["tokens", "--lexicon", str(words), "-o", str(tmp_path / "t.jsonl")]) == 0
    told = capsys.readouterr().err.splitlines()
    assert [line.split(" of words.tsv has no effect: ") for line in told] == [
        ["xiacheng-nlp: 位经济", "part of 首位经济"],
        ["xiacheng-nlp: 不存在的词语", "stands nowhere in it"],
    ]


def test_a_report_may_stand_behind_the_options(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "r.txt"
    report.write_text("某县政府工作报告\n各位代表：\n一、2014年工作回顾\n", encoding="utf-8")
    assert main(["cite", "report", "--style", "apa", str(report)]) == 0
    assert "某县政府工作报告" in capsys.readouterr().out
    assert main(["cite", "report", str(report), "--style", "apa", str(report)]) == 2
    assert main(["cite", "report", "--style", "apa", "--none"]) == 2
    assert main(["cite", "report", "--style", "apa", ""]) == 1


@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_a_link_to_what_is_read_with_a_report_or_a_codebook_is_not_written_to(
    link: Callable[[Path, Path], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report, book = tmp_path / "r.txt", tmp_path / "c.tsv"
    for path in (report, book):
        path.write_text("各位代表：\n", encoding="utf-8")
    for read, words in ((tmp_path / "r.lexicon.tsv", []), (tmp_path / "c_phrases.tsv", [book])):
        read.write_text("mine", encoding="utf-8")
        output = read.with_suffix(".csv")
        link(read, output)
        options = ["--codebook", str(book)] if words else []
        assert main(["themes", str(report), *options, "-o", str(output)]) == 1
        assert ": this is read with the " in capsys.readouterr().err
        assert read.read_text(encoding="utf-8") == "mine"


def test_metadata_without_the_source_of_a_data_set_are_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["verify", "r.txt", "--metadata", "m.csv"]) == 1
    assert "--metadata has no effect: it goes with --source" in capsys.readouterr().err


def test_a_report_named_for_a_data_set_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data-set.sha256").write_text("of another program", encoding="utf-8")
    assert main(["verify", str(tmp_path), "--report", "r.txt", "--year", "2014"]) == 1
    told = capsys.readouterr().err
    assert "--report has no effect: a data set is made again of its --source" in told
    assert "--year has no effect" in told


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["cite", "package", "--year", "2014"], "--year has no effect: the package is cited alone"),
        (["cite", "package", "r.txt"], "the report has no effect: the package is cited alone"),
        (["figure", "--list", "--top", "5"], "--top has no effect: figures are listed"),
        (["figure", "--width", "single"], "--width has no effect: figures are listed"),
        (
            ["quantities", "r.txt", "--format", "csv", "-o", "t.xlsx"],
            "t.xlsx is written as csv, which --format says, not as xlsx",
        ),
        (
            ["figure", "fig-top-terms", "--terms", "发展,不存在", "-o", "f"],
            "fig-top-terms: its table has no term 不存在",
        ),
        (
            ["corpus", ".", "-o", "d", "--no-terms", "--workers", "0", "--seconds", "9"],
            "--seconds has no effect: only processes on this machine are held to it",
        ),
        (
            ["corpus", ".", "-o", "d", "--no-terms", "--workers", "0", "--learning"],
            "--learning has no effect: without terms and tokens no words are cut",
        ),
        (
            ["corpus", ".", "-o", "d", "--no-terms", "--workers", "0", "--columns", "text=a"],
            "columns have no effect: there is no table",
        ),
    ],
)
def test_what_takes_no_effect_is_told(
    words: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    text = "某县政府工作报告\n各位代表：\n一、2014年工作回顾\n完成投资87.9亿元，投资增长8%。\n"
    Path("r.txt").write_text(text, encoding="utf-8")
    assert main(words) == 0
    assert f"xiacheng-nlp: {said}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["indicators", "--year", "0000"], 2, "0000: a year such as 2014 is wanted"),
        (["corpus", ".", "-o", "d", "--columns", "text=a,text=b"], 2, "each once, are wanted"),
        (["corpus", ".", "-o", "d", "--seconds", "inf"], 1, "seconds=inf, memory=4096: workers"),
        (["corpus", ".", "-o", "d", "--seconds", "nan"], 1, "seconds=nan, memory=4096: workers"),
        (["corpus", ".", "-o", "d", "--memory", "9" * 17], 1, f"memory={'9' * 17}: workers"),
        (["figure", "fig-top-terms", "--terms", ","], 2, "names with commas between them"),
        (
            ["cite", "report", "--url", "https://example.org", "--accessed", "2024-02-30"],
            1,
            "'2024-02-30' is no day: write it as 2024-05-01",
        ),
    ],
)
def test_an_option_out_of_range_is_told(
    words: list[str],
    status: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(words) == status
    assert said in capsys.readouterr().err


def test_many_words_without_effect_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = tmp_path / "words.tsv"
    words.write_text("\n".join(f"无此词{n}" for n in range(300)), encoding="utf-8")
    assert main(["tokens", "--lexicon", str(words), "-o", str(tmp_path / "t.jsonl")]) == 0
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 21
    assert told[-1] == "xiacheng-nlp: 280 more words of words.tsv have no effect"
    words.write_text("word\tpos\n", encoding="utf-8")
    assert main(["tokens", "--lexicon", str(words)]) == 1
    assert capsys.readouterr().err == "xiacheng-nlp: words.tsv: there is no word in it\n"


def test_an_option_gives_the_terminal_no_orders(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["outline", "--year", "\x1b]0;x\x07\u202e"]) == 2
    assert r"\x1b]0;x\x07\u202e" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["a\nxiacheng-nlp: all is well", "长" * 9999])
def test_a_name_of_any_characters_is_one_short_line(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["outline", name]) in (1, 2)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("xiacheng-nlp: ")
    assert len(line) < 2100


def test_a_gold_file_of_brackets_is_told_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gold.jsonl").write_text("[" * 100_000, encoding="utf-8")
    (tmp_path / "report.txt").write_text("各位代表：\n一、2013年工作回顾\n", encoding="utf-8")
    assert main(["evaluate", str(tmp_path / "gold.jsonl"), str(tmp_path / "report.txt")]) == 1
    assert "gold.jsonl:1: no JSON" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="a shell of another kind")
def test_where_there_is_no_standard_output_it_is_said() -> None:
    command = shlex.join([sys.executable, "-m", "xiacheng_nlp", "outline"])
    done = subprocess.run(["sh", "-c", f"{command} >&-"], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == "xiacheng-nlp: there is no standard output; name a file with -o\n"


@pytest.mark.skipif(os.name == "nt", reason="a shell of another kind")
def test_where_there_is_no_standard_error_a_data_set_is_made(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("各位代表：\n一、回顾\n完成投资1亿元。", encoding="utf-8")
    words = ["corpus", str(tmp_path), "-o", str(tmp_path / "data"), "--workers", "0", "--no-terms"]
    command = shlex.join([sys.executable, "-m", "xiacheng_nlp", *words])
    done = subprocess.run(["sh", "-c", f"{command} 2>&-"], capture_output=True, text=True)
    assert done.returncode == 0
    assert done.stdout.startswith("Made 1 reports")


def test_a_stream_of_text_takes_a_table_too() -> None:
    with redirect_stdout(StringIO()) as told:
        assert main(["quantities"]) == 0
    assert "643.57" in told.getvalue()


@pytest.mark.parametrize("named", ["", ":/nowhere", ".", None])
@pytest.mark.parametrize("path", [["-P"], []])
@pytest.mark.skipif(os.name == "nt", reason="paths are parted otherwise")
def test_modules_of_the_folder_at_hand_are_not_run(
    tmp_path: Path, named: str | None, path: list[str]
) -> None:
    for module in ("json", "docx", "pandas", "typing"):
        (tmp_path / f"{module}.py").write_text("print('run')")
    (tmp_path / "r.txt").write_text("各位代表：\n全年完成投资87.9亿元。\n", encoding="utf-8")
    settings = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    settings |= {} if named is None else {"PYTHONPATH": named}
    # As an installed command does, without what Python itself loads before it.
    begin = "from xiacheng_nlp.__main__ import start; raise SystemExit(start())"
    command = [sys.executable, *path, "-S", "-c", f"import sys; sys.path += {sys.path}; {begin}"]
    done = subprocess.run(
        [*command, "indicators", "r.txt"], cwd=tmp_path, env=settings, capture_output=True
    )
    assert (done.returncode, b"run" in done.stdout, done.stderr) == (0, False, b"")


@pytest.mark.parametrize(
    ("named", "kept"), [(["lib"], ["lib"]), (["", ".", "./", "a/.."], []), (["../b", ""], ["../b"])]
)
def test_relative_paths_of_pythonpath_are_made_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: list[str], kept: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(named))
    monkeypatch.setattr(sys, "path", [*sys.path])
    leave_folder_at_hand()
    whole = [str(tmp_path / place) for place in kept]
    assert os.environ["PYTHONPATH"] == os.pathsep.join(whole)


def test_a_way_over_a_folder_yet_to_be_made_leads_to_no_file_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    report = tmp_path / "r.txt"
    report.write_text("各位代表：\n全年完成投资87.9亿元。\n", encoding="utf-8")
    before = report.read_bytes()
    assert main(["tokens", "r.txt", "-o", "new/../r.txt", "--format", "csv"]) == 1
    assert "r.txt: this is the report itself" in capsys.readouterr().err
    assert report.read_bytes() == before
    assert not (tmp_path / "new").exists()
