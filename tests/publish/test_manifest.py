"""What a run may replace and remove in its folder: what it wrote, and nothing else."""

import json
import os
import re
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pytest

from xiacheng_nlp.cli import main
from xiacheng_nlp.corpora.locks import LOCK, OWNER, locked
from xiacheng_nlp.errors import CorpusError, FigureError, OutputError
from xiacheng_nlp.publish import run as run_module
from xiacheng_nlp.publish.manifest import CRATE, JOURNAL, MANIFEST, SCHEMA, RunFolder, read_manifest
from xiacheng_nlp.publish.run import run
from xiacheng_nlp.publish.verification import verify
from xiacheng_nlp.report.report import load_report

# So short a report has no words in some parts, and says so.
pytestmark = [
    pytest.mark.filterwarnings("ignore::xiacheng_nlp.errors.TermWarning"),
    pytest.mark.usefixtures("quick_pdfs"),
]

TEXT = "某县政府工作报告\n各位代表：\n一、{}年工作回顾\n完成投资87.9亿元，增长{}%。\n"
FIGURE = "fig-growth-rates"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run of one figure, two tables and no notebook: what it does with files is the same."""
    make = run_module.tables_of
    some = ("ranks", "observations")
    monkeypatch.setattr(
        run_module, "tables_of", lambda study: {name: make(study)[name] for name in some}
    )
    monkeypatch.setattr(run_module, "FIGURES", {FIGURE: run_module.FIGURES[FIGURE]})
    monkeypatch.setattr(run_module, "NOTEBOOKS", "no-such-notebook")
    monkeypatch.setattr("xiacheng_nlp.publish.kernels.AVAILABLE", False)
    monkeypatch.setattr(run_module, "small_fonts", lambda texts: {})
    # Which words lack English is asked of every figure, drawn or not.
    monkeypatch.setattr(run_module, "without_english", lambda study: ())


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report" / "2014.txt"
    path.parent.mkdir()
    path.write_text(TEXT.format(2013, 8), encoding="utf-8")
    return path


def another(report: Path) -> Path:
    path = report.with_name("2015.txt")
    path.write_text(TEXT.format(2014, 9), encoding="utf-8")
    return path


def names(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("[!.]*") if p.is_file()}


def test_a_manifest_of_another_tool_is_not_believed(tmp_path: Path, report: Path) -> None:
    (tmp_path / "thesis.docx").write_text("mine", encoding="utf-8")
    said = {"name": "my-app", "files": [{"name": "thesis.docx"}, {"name": "report/2014.txt"}]}
    (tmp_path / MANIFEST).write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(OutputError, match=r"did not write.*: manifest\.json; name another folder"):
        run(report, output=tmp_path)
    assert names(tmp_path) == {"thesis.docx", "report/2014.txt", MANIFEST}
    run(report, output=tmp_path, force=True)
    assert (tmp_path / "thesis.docx").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    "changes",
    [
        {"schema": None},
        {"schema": "other/run/1"},
        {"package": "other 1.0"},
        {"report": {"name": "../x", "sha256": "0"}},
        {"files": 5},
        {"report": None},
    ],
)
def test_a_manifest_that_is_not_ours_is_none(changes: dict[str, object], tmp_path: Path) -> None:
    said = {
        "schema": SCHEMA,
        "package": "xiacheng-nlp 0.1.0",
        "report": {"name": "r.txt", "sha256": "0" * 64},
        "files": [{"name": "tables/a.csv", "sha256": "1"}],
    }
    (tmp_path / MANIFEST).write_text(json.dumps(said), encoding="utf-8")
    assert read_manifest(tmp_path) is not None
    (tmp_path / MANIFEST).write_text(json.dumps({**said, **changes}), encoding="utf-8")
    assert read_manifest(tmp_path) is None


@pytest.mark.parametrize(
    "name", ["thesis.docx", "../x.csv", "tables/../../x.csv", "/etc/passwd", "data/raw.csv", ""]
)
def test_a_file_that_no_run_writes_is_never_removed(
    name: str, tmp_path: Path, report: Path
) -> None:
    """Not even where a manifest of the package's own shape names it, with its SHA-256."""
    output = tmp_path / "out"
    (output / "data").mkdir(parents=True)
    mine = [output / "thesis.docx", output / "data" / "raw.csv", tmp_path / "x.csv"]
    for path in mine:
        path.write_text("mine", encoding="utf-8")
    said = {
        "schema": SCHEMA,
        "package": "xiacheng-nlp 0.1.0",
        "report": {"name": "r.txt", "sha256": "0" * 64},
        "files": [{"name": name, "sha256": sha256(b"mine").hexdigest()}],
    }
    (output / MANIFEST).write_text(json.dumps(said), encoding="utf-8")
    run(report, output=output)
    assert all(path.read_text(encoding="utf-8") == "mine" for path in mine)


def test_the_report_is_neither_removed_nor_replaced(tmp_path: Path, report: Path) -> None:
    """It lies where the run keeps its copy: it stays the user's, also for the run on another."""
    held = report.read_bytes()
    other = another(report)
    run(report, output=tmp_path)
    run(other, output=tmp_path)
    assert report.read_bytes() == held
    assert other.exists()
    taken = tmp_path / "claims.csv"
    taken.write_text(TEXT.format(2013, 8), encoding="utf-8")
    with pytest.raises(OutputError, match="the report itself stands where a file goes"):
        run(taken.rename(tmp_path / "numbers.tex"), output=tmp_path, force=True)


def test_what_an_earlier_run_wrote_is_removed_and_what_was_changed_is_not(
    tmp_path: Path, report: Path
) -> None:
    output = tmp_path / "out"
    run(report, output=output)
    assert "report/2014.txt" in names(output)
    run(another(report), output=output)
    assert "report/2014.txt" not in names(output)
    copy = output / "report" / "2015.txt"
    copy.write_text("my remarks", encoding="utf-8")
    run(report, output=output)
    assert copy.read_text(encoding="utf-8") == "my remarks"


@pytest.mark.parametrize("name", ["index.html", "tables/ranks.csv", "figures/fig-growth-rates.csv"])
def test_what_was_changed_since_is_not_written_over_without_a_word(
    name: str, tmp_path: Path, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out"
    run(report, output=output)
    (output / name).write_text("mine", encoding="utf-8")
    before = {path: (output / path).read_bytes() for path in names(output)}
    assert main(["run", str(report), "-o", str(output)]) == 1
    told = capsys.readouterr().err
    assert f"changed since: {name}; name another folder with -o, or have them" in told
    assert told.count("\n") == 1
    assert {path: (output / path).read_bytes() for path in names(output)} == before
    assert main(["run", str(report), "-o", str(output), "--force"]) == 0
    assert (output / name).read_bytes() != b"mine"


@pytest.mark.parametrize("langs", [(), ("zh", "fr")])
def test_a_language_that_there_is_not_is_told_at_once(
    langs: tuple[str, ...], tmp_path: Path, report: Path
) -> None:
    with pytest.raises(FigureError, match=r"langs=.*: give one of zh, en"):
        run(report, output=tmp_path / "out", langs=langs)  # type: ignore[arg-type]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("XIACHENG_CORPUS", "nowhere", "nowhere: no such folder"),
        ("XIACHENG_LANG", "fr", "in zh or en (XIACHENG_LANG), not in 'fr'"),
    ],
)
def test_a_variable_that_is_wrong_is_told_before_anything_is_made(
    variable: str,
    value: str,
    said: str,
    tmp_path: Path,
    report: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(variable, value)
    assert main(["run", str(report), "-o", str(tmp_path / "out")]) == 1
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_an_empty_name_is_no_folder(
    report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OutputError, match="the name of the output folder is empty"):
        run(report, output="")
    for command in (["run", str(report)], ["figure", FIGURE], ["tokens"], ["corpus", "report"]):
        assert main([*command, "-o", ""]) == 2
    assert names(tmp_path) == {"report/2014.txt"}


def test_one_run_at_a_time_writes_to_a_folder(tmp_path: Path, report: Path) -> None:
    output = tmp_path / "out"
    with (
        locked(output),
        pytest.raises((CorpusError, OutputError), match="another run writes here"),
    ):
        run(report, output=output)
    assert names(output) == set()


def test_a_figure_lets_be_what_is_of_a_run(tmp_path: Path, report: Path) -> None:
    """A run may be writing there; and a figure has no manifest, so a link there is the user's."""
    output = tmp_path / "out"
    (output / "tables").mkdir(parents=True)
    halves = [
        output / "tables" / ".ranks.csv.abcd1234.part",
        output / f".{FIGURE}.csv.abcd1234.part",
    ]
    for half in halves:
        half.write_bytes(b"half")
    line = {"name": "tables/ranks.csv", "sha256": sha256(b"a").hexdigest()}
    (output / JOURNAL).write_text(json.dumps(line), encoding="utf-8")
    (output / MANIFEST).symlink_to(tmp_path / "mine.json")
    assert main(["figure", FIGURE, str(report), "-o", str(output)]) == 0
    assert (output / f"{FIGURE}.csv").exists()
    assert all(half.exists() for half in halves)


def test_what_a_killed_run_left_is_the_next_runs(
    tmp_path: Path, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It dies at the gallery: there is no manifest, half a table, and the copy of its report."""
    output = tmp_path / "out"

    class Killed(BaseException):
        pass

    def killed(*_: object, **__: object) -> bytes:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(run_module, "gallery", killed)
        with pytest.raises(Killed):
            run(another(report), output=output)
    assert (output / JOURNAL).exists()
    half = output / "tables" / ".ranks.csv.ipr7v95u.part"
    film = output / "tables" / ".film.mp4.ipr7v95u.part"
    for path in (half, film):
        path.write_text("mine", encoding="utf-8")
    with (output / JOURNAL).open("a", encoding="utf-8") as journal:
        journal.write('{"name": "tables/ra')
    run(report, output=output)
    assert not half.exists()
    assert film.exists()
    assert "report/2015.txt" not in names(output)
    manifest = read_manifest(output)
    assert manifest is not None
    assert {*manifest.files, MANIFEST, "tables/.film.mp4.ipr7v95u.part"} >= names(output)
    assert not (output / JOURNAL).exists()


def test_a_run_that_is_killed_while_it_removes_what_is_old_leaves_it_to_the_next(
    tmp_path: Path, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, unlink = tmp_path / "out", Path.unlink
    run(report, output=out)

    def stopped(path: Path, missing_ok: bool = False) -> None:
        if path.name == report.name:
            raise KeyboardInterrupt
        unlink(path, missing_ok=missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", stopped)
        with pytest.raises(KeyboardInterrupt):
            run(another(report), output=out)
    run(another(report), output=out)
    assert {name for name in names(out) if name.startswith("report/")} == {"report/2015.txt"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (JOURNAL, "my notes"),
        (JOURNAL, '{"name": "tables/a.csv"}\n'),
        (LOCK, "my notes"),
        (OWNER, "my notes\n"),
    ],
)
def test_a_file_of_others_is_taken_for_nothing_of_a_run(
    name: str, text: str, tmp_path: Path, report: Path
) -> None:
    output = tmp_path / "out"
    output.mkdir()
    (output / name).write_text(text, encoding="utf-8")
    for force in (False, True):
        with pytest.raises(OutputError, match=re.escape(name)):
            run(report, output=output, force=force)
    assert (output / name).read_text(encoding="utf-8") == text
    # A figure does without.
    assert main(["figure", FIGURE, str(report), "-o", str(output)]) == 0


def test_a_manifest_that_was_changed_is_not_written_over_without_a_word(
    tmp_path: Path, report: Path
) -> None:
    output = tmp_path / "out"
    run(report, output=output)
    path = output / MANIFEST
    said = json.loads(path.read_bytes())
    path.write_text(json.dumps(said | {"note": "for the paper"}), encoding="utf-8")
    with pytest.raises(OutputError, match=r"changed since: manifest\.json"):
        run(report, output=output)
    assert "for the paper" in path.read_text(encoding="utf-8")
    run(report, output=output, force=True)
    # One of an earlier version has no SHA-256 of its own.
    said = json.loads(path.read_bytes())
    said.pop("sha256")
    path.write_text(json.dumps(said), encoding="utf-8")
    run(report, output=output)


def test_a_name_too_long_for_a_file_is_told_before_anything_is_written(tmp_path: Path) -> None:
    long = f"report/{'长' * 84}.txt"
    with pytest.raises(OutputError, match="a name of more than 255 bytes"):
        RunFolder(tmp_path, inputs=[], force=True).check(["tables/ranks.csv", long])


def test_halves_of_a_file_with_a_long_name_are_removed(tmp_path: Path, report: Path) -> None:
    long = report.rename(report.with_name("长" * 82 + ".txt"))
    output = tmp_path / "out"
    half = output / "report" / f".{long.name[:60]}.ipr7v95u.part"
    half.parent.mkdir(parents=True)
    half.write_text("half", encoding="utf-8")
    run(long, output=output)
    assert not half.exists()


def test_a_link_is_not_the_packages(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    mine = tmp_path / "mine.csv"
    mine.write_bytes(b"a")
    line = {"name": "tables/ranks.csv", "sha256": sha256(b"a").hexdigest()}
    (tmp_path / JOURNAL).write_text(json.dumps(line), encoding="utf-8")
    os.symlink(mine, tmp_path / "tables" / "ranks.csv")
    for force in (False, True):
        with pytest.raises(OutputError, match=r"ranks\.csv: a link to another place"):
            RunFolder(tmp_path, inputs=[], force=force).check(["tables/ranks.csv"])


@pytest.mark.parametrize("name", [JOURNAL, MANIFEST])
def test_what_a_run_writes_of_itself_goes_through_no_link(name: str, tmp_path: Path) -> None:
    (tmp_path / name).symlink_to(tmp_path / "mine")
    with pytest.raises(OutputError, match="a link to another place"):
        RunFolder(tmp_path, inputs=[], force=False).check([])


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("name", ["tables", "figures", "index.html", "notebooks/a.ipynb", JOURNAL])
def test_what_can_not_be_replaced_is_told_before_anything_is_written(
    name: str, force: bool, tmp_path: Path
) -> None:
    """A file where a folder is to stand, a folder where a file is, and a link for a folder."""
    wanted = ["tables/ranks.csv", "figures/a.png", "index.html", "notebooks/a.ipynb"]
    place = tmp_path / name
    if "." in name:
        place.mkdir(parents=True)
    else:
        place.write_text("mine", encoding="utf-8")
    folder = RunFolder(tmp_path, inputs=[], force=force)
    with pytest.raises(OutputError, match=f"{name}: a .* is to stand; move it away"):
        folder.check(wanted)
    (tmp_path / "mine").mkdir()
    place.replace(tmp_path / "mine" / "it")
    (tmp_path / name).symlink_to(tmp_path / "mine")
    with pytest.raises(OutputError, match=f"{name}: a link to another place"):
        folder.check(wanted)


def test_a_figure_is_never_written_over_its_report(
    tmp_path: Path, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = tmp_path / f"{FIGURE}-zh.pdf"
    named.write_bytes(report.read_bytes())
    assert main(["figure", FIGURE, str(named), "-o", str(tmp_path), "--force"]) == 1
    assert "the report itself stands where a file goes" in capsys.readouterr().err
    assert names(tmp_path) == {named.name, "report/2014.txt"}


def test_no_figure_is_written_by_half_where_a_folder_has_the_name_of_a_file(
    tmp_path: Path, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out" / f"{FIGURE}-zh.json").mkdir(parents=True)
    assert main(["figure", FIGURE, str(report), "-o", str(tmp_path / "out"), "--force"]) == 1
    assert "a folder where a file of this package is to stand" in capsys.readouterr().err
    assert names(tmp_path / "out") == set()


@pytest.mark.parametrize("form", ["svg", "csv", "json"])
def test_a_figure_that_was_changed_is_not_written_over_without_a_word(
    form: str, tmp_path: Path, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Drawn for one report, in one language, then in the other, then for another report: what is
    the package's is replaced."""
    words = ["-o", str(tmp_path / "out")]
    for more in ([str(report)], [str(report), "--lang", "en"], [str(another(report))]):
        assert main(["figure", FIGURE, *more, *words]) == 0
    name = f"{FIGURE}.csv" if form == "csv" else f"{FIGURE}-zh.{form}"
    path = tmp_path / "out" / name
    changed = path.read_bytes().replace(b'"note": "', b'"note": "mine ')
    if form != "json":
        changed = b"mine"
    path.write_bytes(changed)
    capsys.readouterr()
    assert main(["figure", FIGURE, str(report), *words]) == 1
    told = capsys.readouterr().err
    assert "that were changed since: " in told
    assert name in told
    assert path.read_bytes() == changed
    assert main(["figure", FIGURE, str(report), *words, "--force"]) == 0
    assert path.read_bytes() != changed


@pytest.mark.parametrize("done", range(6))
def test_what_a_killed_figure_left_is_the_next_one_s(
    done: int, tmp_path: Path, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between its files, of which some are new then: verify tells those without a sidecar
    of theirs, and the next one, for another report, mends them all."""
    words, out = ["-o", str(tmp_path / "out")], tmp_path / "out"
    assert main(["figure", FIGURE, str(report), *words]) == 0
    replace, left = os.replace, list(range(done))

    def killed(old: str, new: Path) -> None:
        if not left:
            raise KeyboardInterrupt
        replace(old, new)
        left.pop()

    def not_any_more(path: str) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr("xiacheng_nlp.files.os.replace", killed)
        patch.setattr("xiacheng_nlp.files.os.unlink", not_any_more)
        with suppress(KeyboardInterrupt):
            main(["figure", FIGURE, str(another(report)), *words])
    halves = [*out.glob(".*.part")]
    assert len(halves) == 5 - min(done, 5)
    pictures = [str(out / name) for name in names(out) if "-zh." in name]
    new = [verdict.ok for verdict in verify(pictures, another(report))]
    assert any(new) == (done == 5)
    for half in halves:
        os.utime(half, (0, 0))
    folder = out / f".{FIGURE}.csv.abcd1234.part"
    folder.mkdir()
    os.utime(folder, (0, 0))
    third = report.with_name("2016.txt")
    third.write_text(TEXT.format(2015, 7), encoding="utf-8")
    assert main(["figure", FIGURE, str(third), *words]) == 0
    assert [*out.glob(".*.part")] == [folder]
    assert all(verdict.ok for verdict in verify([str(out / name) for name in names(out)], third))


def test_an_archive_of_research_data_can_read_what_is_there(tmp_path: Path, report: Path) -> None:
    output = tmp_path / "out"
    run(report, output=output)
    crate = json.loads((output / CRATE).read_text(encoding="utf-8"))
    entities = {one["@id"]: one for one in crate["@graph"]}
    assert entities[CRATE]["about"] == {"@id": "./"}
    # What an archive asks for and a run can't know is named where it is to stand.
    lacking = {"name", "description", "datePublished", "license"} - set(entities["./"])
    assert lacking == {"datePublished", "license"}
    told = entities["./"]["description"]
    assert all(name in told for name in (*lacking, "2014.txt", load_report(report).sha256))
    parts = {one["@id"] for one in entities["./"]["hasPart"]}
    assert (
        parts == names(output) - {CRATE} == set(entities) - {CRATE, "./", "#xiacheng-nlp", "#run"}
    )
    made = entities["#run"]
    assert made["object"] == [{"@id": "report/2014.txt"}]
    assert {one["@id"] for one in made["result"]} == parts - {"report/2014.txt"}


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_a_link_out_of_the_folder_is_not_followed_to_remove_files(tmp_path: Path) -> None:
    out, mine = tmp_path / "out", tmp_path / "mine"
    out.mkdir()
    mine.mkdir()
    photo = mine / "photo.png"
    photo.write_bytes(b"mine")
    (out / "figures").symlink_to(mine)
    said = {
        "schema": SCHEMA,
        "package": "xiacheng_nlp 0",
        "report": {"name": "r", "sha256": ""},
        "files": [{"name": "figures/photo.png", "sha256": sha256(b"mine").hexdigest()}],
    }
    (out / MANIFEST).write_text(json.dumps(said), encoding="utf-8")
    folder = RunFolder(out, inputs=[], force=False)
    folder.put("index.html", b"x")
    folder.finish(b"{}")
    assert photo.read_bytes() == b"mine"


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(
    tmp_path: Path, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / f"{FIGURE}-zh.png")
    assert main(["figure", FIGURE, str(report), "-o", str(tmp_path), "--force"]) == 1
    assert "a pipe, a socket or a device, where a file of this" in capsys.readouterr().err
