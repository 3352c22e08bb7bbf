"""Many reports at once: folders, zips, lists and patterns; whatever is wrong with one file is one
line, and the others go on."""

import io
import os
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import xiacheng_nlp as xc
from tests.documents import page, word_file
from tests.shared import with_pipes
from xiacheng_nlp.errors import ReportError
from xiacheng_nlp.readers import archives
from xiacheng_nlp.report import folders as sources
from xiacheng_nlp.report.folders import Loaded, load_reports

REPORT = "各位代表：\n一、2021年工作回顾\n完成投资87.9亿元，增长8.1%。\n"
DATA = REPORT.encode()


def told(loaded: Loaded) -> str:
    return (
        loaded.error
        if loaded.error is not None
        else f"{loaded.report.format}"
        if loaded.report
        else ""
    )


def zipped(files: list[tuple[str, bytes]], *, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", how) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name), data, how)
    return stream.getvalue()


def of_zip(tmp_path: Path, data: bytes) -> dict[str, str]:
    (tmp_path / "reports.zip").write_bytes(data)
    return {loaded.name: told(loaded) for loaded in load_reports(tmp_path / "reports.zip")}


def test_a_folder_gives_its_reports_in_the_order_of_their_names_and_a_line_for_all_else(
    tmp_path: Path,
) -> None:
    inner = tmp_path / "2021"
    inner.mkdir()
    (tmp_path / "b.txt").write_bytes(page(REPORT.splitlines()))
    (inner / "a.docx").write_bytes(word_file(REPORT.splitlines()))
    (inner / "c.txt").write_bytes(REPORT.encode("gbk"))
    (tmp_path / "d.doc").write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le")
    )
    (tmp_path / "e.txt").write_text("今天天气很好。", encoding="utf-8")
    (tmp_path / ".DS_Store").write_bytes(b"\x00\x00\x00\x01Bud1")
    (tmp_path / "link.txt").symlink_to(tmp_path / "b.txt")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "z.zip").write_bytes(zipped([("a.txt", DATA)]))
    found = list(xc.load_reports(tmp_path))
    assert [(loaded.name, told(loaded)) for loaded in found] == [
        (".DS_Store", "skipped: made by the operating system, no report"),
        ("2021/a.docx", "docx"),
        ("2021/c.txt", "text"),
        ("b.txt", "html"),
        ("d.doc", "d.doc: old Word format (.doc): open it and save it as .docx"),
        (
            "e.txt",
            "e.txt: this does not look like a work report: no address to the deputies (各位代表),"
            " no numbered heading (一、), "
            "no 工作报告 in it; load_report reads it all the same",
        ),
        ("link.txt", "skipped: a link; name the file itself"),
        ("loop", "skipped: a link; name the file itself"),
        (
            "z.zip",
            "z.zip: a zip of files; the command corpus and xc.load_reports read the reports in it,"
            " load_report reads one file",
        ),
    ]
    assert [loaded.name for loaded in found if loaded.skipped] == [".DS_Store", "link.txt", "loop"]
    assert [note.message for note in xc.load_report(tmp_path / "e.txt").notes][-1].startswith(
        "this does not look like a work report"
    )


def test_a_folder_in_it_that_cannot_be_read_is_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "a.txt").write_bytes(DATA)
    real = Path.iterdir

    def iterdir(path: Path) -> Iterator[Path]:
        if path.name == "closed":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    assert [(x.name, told(x)) for x in load_reports(tmp_path)] == [
        ("a.txt", "text"),
        ("closed", "closed: a folder that cannot be read"),
    ]
    with pytest.raises(ReportError, match="closed: cannot be read: Permission denied"):
        load_reports(tmp_path / "closed")


def test_names_in_gbk_are_read_and_written_as_text(tmp_path: Path) -> None:
    inner = os.fsencode(tmp_path) + b"/" + "各区".encode("gbk")
    try:
        os.mkdir(inner)
        Path(os.fsdecode(inner + "/下城区.txt".encode("gbk"))).write_bytes(DATA)
        Path(os.fsdecode(inner + "/江干区.txt".encode())).write_bytes(b"")
    except OSError:
        pytest.skip("this file system takes names in UTF-8 alone")
    found = list(load_reports(tmp_path))
    assert [(x.name, told(x)) for x in found] == [
        ("各区/下城区.txt", "text"),
        ("各区/江干区.txt", "江干区.txt: empty; a report was expected"),
    ]
    assert found[0].report is not None
    assert found[0].report.name == "下城区.txt"
    result = xc.corpus(tmp_path, tmp_path / "out", workers=0)
    assert (result.made, result.failed) == (1, 1)


def test_reports_are_read_when_they_are_asked_for(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_bytes(DATA)
    found = load_reports(tmp_path)
    assert told(next(found)) == "text"
    (tmp_path / "b.txt").unlink()
    assert told(next(found)) == "b.txt: cannot be read: No such file or directory"


def test_patterns_lists_and_names(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.md"):
        (tmp_path / name).write_bytes(DATA)
    (tmp_path / "mine.list").write_text("# my choice\nb.txt\n\nnone.txt\na.txt\n", encoding="utf-8")
    assert [(x.name, told(x)) for x in load_reports(tmp_path / "*.txt")] == [
        ("a.txt", "text"),
        ("b.txt", "text"),
    ]
    assert [(x.name, told(x)) for x in load_reports(tmp_path / "mine.list")] == [
        ("b.txt", "text"),
        ("none.txt", "none.txt: cannot be read: No such file or directory"),
        ("a.txt", "text"),
    ]
    assert [told(x) for x in load_reports([tmp_path / "a.txt", tmp_path / "c.md"])] == [
        "text",
        "text",
    ]
    assert [(x.name, told(x)) for x in load_reports(tmp_path / "a.txt")] == [("a.txt", "text")]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("", "the name of the folder is empty"),
        ("no-such-folder", "no-such-folder: no such folder, zip, list or file"),
        ("no-such-*.txt", "no-such-[*].txt: no such folder, zip, list or file"),
        ("nul\0name", "is no file name|no such"),
    ],
)
def test_what_is_not_there_is_said_at_once(path: str, message: str) -> None:
    with pytest.raises(ReportError, match=message):
        load_reports(path)


def test_a_zip_gives_its_reports_and_names_written_in_gbk(tmp_path: Path) -> None:
    # Python writes such names as UTF-8 and says so: the bytes of the names are put in afterwards.
    names = {"x": "报告/下城区.txt".encode("gbk"), "y": "报告/江干区.txt".encode()}
    data = zipped([(letter * len(raw), DATA) for letter, raw in names.items()])
    for letter, raw in names.items():
        data = data.replace(letter.encode() * len(raw), raw)
    assert of_zip(tmp_path, data) == {"报告/下城区.txt": "text", "报告/江干区.txt": "text"}


def test_names_that_lead_out_of_a_zip_are_refused(tmp_path: Path) -> None:
    names = ["../a.txt", "/b.txt", "c/../../d.txt", "C:/e.txt", "..\\f.txt"]
    found = of_zip(tmp_path, zipped([*((name, DATA) for name in names), ("good.txt", DATA)]))
    assert found.pop("good.txt") == "text"
    assert len(found) == len(names)
    assert all(
        said.endswith("a name that leads out of the zip; pack it again") for said in found.values()
    )


def test_what_is_odd_in_a_zip_is_one_line_each(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = 0o120777 << 16
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("inner.zip", zipped([("a.txt", DATA)]))
        archive.writestr("__MACOSX/._a.txt", b"\x00\x05\x16\x07")
        archive.writestr("a.txt", DATA)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.txt", DATA)
        archive.writestr("picture.txt", b"\x89PNG\r\n\x1a\n")
        archive.writestr("folder/", b"")
    (tmp_path / "reports.zip").write_bytes(stream.getvalue())
    assert [(loaded.name, told(loaded)) for loaded in load_reports(tmp_path / "reports.zip")] == [
        ("__MACOSX/._a.txt", "skipped: made by the operating system, no report"),
        ("a.txt", "text"),
        ("a.txt", "a.txt: stands in the zip more than once; the first one was read"),
        ("inner.zip", "inner.zip: a zip inside a zip; unpack the outer one"),
        ("link.txt", "link.txt: a link in a zip; pack the file itself"),
        (
            "picture.txt",
            "picture.txt: an image (PNG) holds no text; have its text recognised (OCR)"
            " and save that as .txt",
        ),
    ]


def test_a_zip_bomb_is_refused_by_what_it_says_of_itself(tmp_path: Path) -> None:
    found = of_zip(tmp_path, zipped([("bomb.txt", bytes(3_000_000)), ("good.txt", DATA)]))
    assert found["bomb.txt"].startswith("bomb.txt: unpacks to 3,000,000 bytes, ")
    assert found["bomb.txt"].endswith(" times its size; at most 200 times are read (a zip bomb?)")
    assert found["good.txt"] == "text"


def test_a_zip_that_lies_about_its_sizes_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "LARGEST", 1000)
    monkeypatch.setattr(sources, "LARGEST", 1000)
    data = zipped([("a.txt", b"1" * 5000)], how=zipfile.ZIP_STORED)
    assert (
        of_zip(tmp_path, data)["a.txt"] == "a.txt: unpacks to 5,000 bytes; at most 1,000 are read"
    )
    small = data.replace(struct.pack("<I", 5000), struct.pack("<I", 500))
    assert of_zip(tmp_path, small)["a.txt"].startswith("a.txt: broken in the zip (")


def test_the_files_of_a_zip_together_are_bounded_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "LARGEST_ZIP", len(DATA) + 10)
    found = of_zip(tmp_path, zipped([("a.txt", DATA), ("b.txt", DATA)]))
    assert found["a.txt"] == "text"
    assert found["b.txt"].startswith("b.txt: the zip unpacks to more than is read (")


def test_locked_and_broken_files_of_a_zip(tmp_path: Path) -> None:
    data = bytearray(zipped([("a.txt", DATA), ("b.txt", DATA)], how=zipfile.ZIP_STORED))
    first = data.index(b"PK\x01\x02")
    data[first + 8] |= 1
    data[data.index(DATA, data.index(DATA) + 1)] ^= 255
    found = of_zip(tmp_path, bytes(data))
    assert found["a.txt"] == "a.txt: locked with a password; pack it again without one"
    assert found["b.txt"].startswith("b.txt: broken in the zip (Bad CRC-32")
    (tmp_path / "cut.zip").write_bytes(bytes(data[:80]))
    with pytest.raises(ReportError, match=r"cut\.zip: a broken zip file \("):
        load_reports(tmp_path / "cut.zip")


@with_pipes
def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert [told(loaded) for loaded in load_reports(tmp_path)] == [
        "skipped: no file (a device or a pipe)"
    ]
