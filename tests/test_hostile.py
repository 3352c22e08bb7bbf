"""Files made to break a reader, and files that are not what they seem: a report or one clear line,
in bounded memory."""

import io
import os
import re
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import docx
import pypdf
import pytest

from tests import fuzz
from tests.documents import pdf_file
from tests.work import GROWN, Unnamed, calls, grown, patterns_of, steps
from xiacheng_nlp import text as text_module
from xiacheng_nlp.cli import main
from xiacheng_nlp.corpora.dataset import corpus
from xiacheng_nlp.corpora.loading import load_panel
from xiacheng_nlp.errors import ReportError, XiachengError
from xiacheng_nlp.numbers import arabic
from xiacheng_nlp.numbers.scan import quantities
from xiacheng_nlp.observations.observation import indicators
from xiacheng_nlp.publish.run import run
from xiacheng_nlp.publish.verification import verify
from xiacheng_nlp.readers import docx as docx_reader
from xiacheng_nlp.readers import html as html_reader
from xiacheng_nlp.readers import pdf as pdf_reader
from xiacheng_nlp.readers import stylesheets
from xiacheng_nlp.readers.extraction import extract
from xiacheng_nlp.report import layout, mending
from xiacheng_nlp.report.folders import load_reports
from xiacheng_nlp.report.report import Report, load_report
from xiacheng_nlp.report.structure import LONGEST_SENTENCE
from xiacheng_nlp.themes.codebook import load_codebook
from xiacheng_nlp.themes.hand_coding import coding_sheet, read_sheet
from xiacheng_nlp.words import segmentation
from xiacheng_nlp.words.segmentation import tokenize

SAID = "各位代表：全年完成投资152.84亿元。"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf(*objects: bytes) -> bytes:
    """A PDF file of these objects, the first of them the catalogue."""
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, len(data))
    return data + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + end


CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
ONE_PAGE = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


def packed_page(content: bytes) -> bytes:
    squeezed = zlib.compress(content, 9)
    stream = b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(squeezed), squeezed)
    return pdf(
        CATALOGUE,
        ONE_PAGE,
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>",
        stream,
    )


def locked_pdf() -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret", algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def word_with(document_xml: str, numbering_xml: str = "", styles_xml: str = "") -> bytes:
    """A Word file whose document, and numbering or styles, is replaced."""
    replaced = {
        "word/document.xml": document_xml,
        "word/numbering.xml": numbering_xml,
        "word/styles.xml": styles_xml,
    }
    made, stream = io.BytesIO(), io.BytesIO()
    docx.Document().save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, replaced.get(info.filename) or old.read(info))
    return stream.getvalue()


def office(*names: str, types: str = "<Types/>") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", types)
        for name in names:
            archive.writestr(name, "<x/>")
    return stream.getvalue()


LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "'
    + "x" * 10
    + '">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
)
REFUSED: dict[str, tuple[bytes | Callable[[], bytes], str]] = {
    "a loop in the tree of pages": (
        pdf(CATALOGUE, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>"),
        "a broken PDF file (",
    ),
    "a PDF file of zero pages": (
        pdf(CATALOGUE, b"<</Type/Pages/Kids[]/Count 0>>"),
        "a broken PDF file (",
    ),
    "a scan": (
        packed_page(b"q 9 0 0 9 0 0 cm Q"),
        "a PDF file without a text layer, a scan it seems; have its text recognised (OCR)",
    ),
    "a PDF bomb": (lambda: packed_page(b" " * 100_000_000), "a PDF file without a text layer"),
    "a locked PDF file": (locked_pdf(), "locked with a password; open it and save it without one"),
    "the head of a PDF file": (b"%PDF-1.7\n", "a broken PDF file ("),
    "a billion laughs": (
        word_with(f"{LAUGHS}]><w:document xmlns:w='{WORD}'>&i;</w:document>"),
        "word/document.xml declares entities",
    ),
    "a Word bomb": (
        lambda: word_with(" " * 50_000_000),
        "word/document.xml: unpacks to 50,000,000 bytes, ",
    ),
    "a Word file that is no XML": (word_with("hello"), "a broken Word file ("),
    "half a Word file": (word_with("hello")[:3000], "a broken zip file ("),
    "an old Word file": (
        OLE + "WordDocument".encode("utf-16-le"),
        "old Word format (.doc): open it and save it as .docx",
    ),
    "a locked Word file": (
        OLE + "EncryptedPackage".encode("utf-16-le"),
        "locked with a password; open it and save it without one",
    ),
    "an old spreadsheet": (
        OLE + "Workbook".encode("utf-16-le"),
        "a spreadsheet (old Excel): save a table of reports as .xlsx",
    ),
    "a spreadsheet": (
        office("xl/workbook.xml"),
        "a table (xlsx), not one report: xc.load_reports reads a report a row",
    ),
    "a presentation": (office("ppt/presentation.xml"), "a presentation (PowerPoint), no report"),
    "an e-book": (office("META-INF/container.xml"), "an e-book (EPUB); save its text as .txt"),
    "an OFD file": (office("OFD.xml"), "an OFD file; open it and save it as .docx, or print it"),
    "a Pages file": (office("Index/Document.iwa"), "a Pages file; open it and save it as .docx"),
    "a page saved by Safari": (b"bplist00<html>", "a web page saved by Safari (.webarchive)"),
    "an e-mail": (
        b"From: a@b\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n5ZCE5L2N",
        "a saved web page (MHTML) or an e-mail without an HTML part; save",
    ),
    "a Word file with macros": (
        office("word/document.xml", "_rels/.rels", types="<Types>document.macroEnabled</Types>"),
        "a Word file in strict form, with macros, or a template; open it and save it as a Word",
    ),
    "rich text": (b"{\\rtf1\\ansi report}", "rich text (RTF); open it and save it as .docx"),
    "an SPSS file": (
        b"$FL2@(#) SPSS DATA FILE\x00",
        "an SPSS file; save it as CSV, Stata or Excel",
    ),
    "an image": (
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        "an image (JPEG) holds no text; have its text recognised (OCR)",
    ),
    "an archive of another kind": (
        b"Rar!\x1a\x07\x00",
        "an archive (RAR); unpack it, or pack it as .zip",
    ),
    "a tag of attributes": (
        b"<html><p " + b" ".join(b'a%d=">"' % n for n in range(100_000)) + f">{SAID}".encode(),
        "a tag with more than 1,000 attributes",
    ),
    "a page of a great many parts": (
        b"Content-Type: multipart/related; boundary=b\n\n"
        + b"--b\nContent-Type: text/plain\n\nx\n" * 10_001,
        "a saved web page (MHTML) of more than 10,000 parts",
    ),
    "parts of a saved page in parts": (
        b"Content-Type: multipart/related; boundary=b0\n\n"
        + b"".join(
            b"--b%d\nContent-Type: multipart/related; boundary=b%d\n\n" % (n, n + 1)
            for n in range(2_000)
        ),
        "a saved web page (MHTML) of too many parts in parts",
    ),
    "tags nested without end": (
        f"<html>{'<div>' * 100_000}{SAID}".encode(),
        "line 1: no web page that can be read whole (Excessive depth",
    ),
    "a page that a script fills": (
        b"<html><script>load()</script></html>",
        "a web page without text (does a script load it?)",
    ),
    "NUL in a page": (b"<html><p>a\x00b", "byte 10 is NUL: this is a binary file"),
    "more text than in any library": (
        b"a" * 20_000_001,
        "20,000,001 characters; at most 20,000,000 are read",
    ),
    "nothing but line ends": (b"\n" * 1_000_000, "empty; a report was expected"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_one_clear_line(case: str) -> None:
    data, message = REFUSED[case]
    with pytest.raises(ReportError) as caught:
        Report.read(data if isinstance(data, bytes) else data(), name="r.txt")
    said = str(caught.value)
    assert said.startswith(f"r.txt: {message}")
    assert len(said.splitlines()) == 1


READ = {
    "thirty megabytes without a line end": lambda: ("投资" * 5_000_000).encode(),
    "a line for each character": lambda: ("投\n" * 100_000).encode(),
    "only digits": lambda: b"1234567890" * 100_000,
    "only brackets": lambda: ("（" * 300_000 + "(" * 300_000).encode(),
    "only full stops": lambda: ("。" * 300_000).encode(),
    "headings alone": lambda: ("一、\n" * 30_000).encode(),
    "right-to-left marks": lambda: "各位代表：\u202e增长8%\u200f，\u2067完成\u2069。".encode(),
    "a page of a great many divisions": lambda: f"<html>{f'<div>{SAID}</div>' * 5_000}".encode(),
    "a page of a great many cells": lambda: f"<html><table>{'<tr><td>a<td>b' * 5_000}".encode(),
    "a page that carries a picture of twenty megabytes": lambda: (
        f'<html><img src="data:{"x" * 20_000_000}"><p>{SAID}'.encode()
    ),
    "marks of notes in marks of notes": lambda: (
        f"<html>{SAID}{'<sup>' * 200}{'<i></i>' * 100_000}".encode()
    ),
    "the mark of a note behind a great many blanks": lambda: (
        f"<html>{SAID}<sup>{' ' * 300_000}1{' ' * 300_000}x</sup>".encode()
    ),
    "tags with long values in tags": lambda: (
        f"""<html>{f'<a"{"x" * 15_000}"' * 600}>{SAID}""".encode()
    ),
    "a chain of styles": lambda: word_with(
        f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>{SAID}</w:t></w:r></w:p></w:body>'
        "</w:document>",
        styles_xml=f'<w:styles xmlns:w="{WORD}">'
        + "".join(
            f'<w:style w:styleId="s{n}"><w:basedOn w:val="s{n - 1}"/></w:style>'
            for n in range(30_000)
        )
        + "</w:styles>",
    ),
    "a saved page with a head of a great many words": lambda: (
        f'Content-Type: multipart/related; boundary=b; a="{";" * 1_000_000}\n\n--b\n'
        f"Content-Type: text/html\n\n<html>{SAID}\n--b--\n"
    ).encode(),
    "tables in tables": lambda: word_with(
        f'<w:document xmlns:w="{WORD}"><w:body>{"<w:tbl><w:tr><w:tc>" * 60}'
        f"<w:p><w:r><w:t>{SAID}</w:t></w:r></w:p>"
        f"{'</w:tc></w:tr></w:tbl>' * 60}</w:body></w:document>"
    ),
}


@pytest.mark.parametrize("reader", [docx_reader, html_reader])
def test_a_file_of_tags_is_refused_before_it_fills_the_memory(
    reader: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "TAGS", 1_000)
    tags = "<w:p></w:p>" * 500
    word = word_with(f'<w:document xmlns:w="{WORD}"><w:body>{tags}</w:body></w:document>')
    data = word if reader is docx_reader else f"<html>{SAID}{tags}".encode()
    with pytest.raises(ReportError, match="r: more than 1,000 tags"):
        Report.read(data, name="r")


def test_a_pdf_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_reader, "SECONDS", 0)
    with pytest.raises(ReportError, match="r: takes more than 0 seconds to read; print it to PDF"):
        Report.read(pdf_file([SAID]), name="r")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
def test_a_pdf_file_that_takes_too_much_memory_ends_the_process_that_reads_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """PDFium ends its process where memory is short; a form that shows another ten times, and so
    on, takes any."""
    monkeypatch.setattr(pdf_reader, "MEMORY", 200 << 20)
    forms = [
        b"<</Type/XObject/Subtype/Form/BBox[0 0 99 99]/Length 60"
        b"/Resources<</XObject<</X %d 0 R>>>>>>stream\n%b\nendstream" % (n + 1, b"/X Do " * 10)
        for n in range(4, 29)
    ]
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<<"
    with pytest.raises(ReportError, match="r: a PDF file whose reading takes more than 200 MB"):
        Report.read(pdf(CATALOGUE, ONE_PAGE, page + b"/XObject<</X 5 0 R>>>>>>", *forms), name="r")


@pytest.mark.parametrize("unit", ["1 ", "1\u2009234", "1，234，", "各 1. 2 3"])
def test_work_on_long_runs_of_parted_digits_grows_with_their_length(unit: str) -> None:
    for name, pattern in (patterns_of(text_module) | patterns_of(mending)).items():
        assert grown(lambda size, by=pattern: steps(by, unit * size), 20) <= GROWN, name
    assert grown(lambda size: calls(lambda: Report.parse(unit * size)), 2_000) <= GROWN


@pytest.mark.parametrize("pattern", [layout._ROW, layout._LINE])
def test_work_on_a_line_of_blanks_grows_with_its_length(pattern: re.Pattern[str]) -> None:
    assert grown(lambda size: steps(pattern, f"增长\n{' ' * size}\n增长"), 20) <= GROWN


@pytest.mark.parametrize("unit", ["1、", "2.5和", "1.2个、", "100路、"])
def test_work_on_long_lists_of_numbers_grows_with_their_length(unit: str) -> None:
    for name, pattern in patterns_of(arabic).items():
        assert grown(lambda size, by=pattern: steps(by, unit * size), 60) <= GROWN, name
    assert grown(lambda size: calls(lambda: list(quantities(unit * size))), 200) <= GROWN


@pytest.mark.parametrize(
    "unit", ["完成投资1亿元，", "完成投资1亿元和", "1 ", "a1\n", "，增长", "（", "+左右”增长7.8%"]
)
def test_a_sentence_without_end_is_read_in_pieces_and_noted(unit: str) -> None:
    text = f"各位代表：\n一、回顾\n{unit * (9_000 // len(unit))}\n二、计划\n增长8%。"
    report = Report.parse(text)
    fuzz.structure(report)
    fuzz.observations(report)
    assert max(len(sentence.text) for sentence in report.sentences) <= LONGEST_SENTENCE
    assert "\n" in unit or any("read in pieces" in note.message for note in report.notes)
    amounts = [o for o in indicators(report) if o.text == "1亿元"]
    assert len(amounts) == text.count("1亿元")
    assert all(len(o.indicator or "") < 400 for o in amounts)


def test_more_numbers_than_any_report_has_are_refused_at_once() -> None:
    with pytest.raises(ReportError, match="r: more than 50,000 numbers; no report has so many"):
        indicators(Report.parse("1 " * 60_000, name="r"))
    many = Report.parse("1 " * 250_000, name="r")

    def refused() -> None:
        with pytest.raises(ReportError, match="r: more than 50,000 numbers"):
            indicators(many)

    assert calls(refused) < 1_000


@pytest.mark.parametrize("unit", ["十", "两", "几", "十两几", "二十", "十三五", "半", "廿"])
def test_work_on_long_runs_of_numerals_grows_with_their_length(unit: str) -> None:
    pattern = segmentation._fixed(())
    assert grown(lambda size: steps(pattern, unit * size), 40) <= GROWN
    reports = {size: Report.parse(unit * size) for size in (400, 1_200, 1_600)}
    assert grown(lambda size: calls(lambda: tokenize(reports[size])), 400) <= GROWN


def test_work_on_rows_of_tables_grows_with_no_table_around_them() -> None:
    inner = f"<table>{f'<tr><td>{SAID}<td>2' * 400}"
    flat, nested = (
        calls(lambda page=page: extract(page.encode()))
        for page in (f"<html>{inner}", f"<html>{'<table><tr><td>' * 60}{inner}")
    )
    assert nested < 2 * flat


@pytest.mark.parametrize("unit", ["a", ",", " > "])
def test_work_on_a_style_sheet_without_rules_grows_with_its_length(
    unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    unnamed = Unnamed()
    monkeypatch.setattr(stylesheets, "re", unnamed)

    def read(size: int) -> int:
        page = f"<html><style>{unit * size}{{white-space:pre}}</style><p>各位代表："
        return calls(lambda: extract(page.encode()))

    assert grown(read, 500) <= GROWN
    for name, pattern in (patterns_of(stylesheets) | unnamed.patterns).items():
        assert grown(lambda size, by=pattern: steps(by, f"{unit * size}{{a:b}}"), 40) <= GROWN, name


def test_numbers_that_word_draws_are_no_longer_than_in_word() -> None:
    paragraph = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
        f"<w:r><w:t>{SAID}</w:t></w:r></w:p>"
    )
    label = "".join(map(chr, range(0x4E00, 0x5E00))) + "%1"
    data = word_with(
        f'<w:document xmlns:w="{WORD}"><w:body>{paragraph * 3}</w:body></w:document>',
        f'<w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">'
        f'<w:lvlText w:val="{label}"/></w:lvl></w:abstractNum><w:num w:numId="1">'
        '<w:abstractNumId w:val="0"/></w:num></w:numbering>',
    )
    assert len(Report.read(data).text) < 3 * (255 + len(SAID) + 2)


@pytest.mark.parametrize("case", READ)
def test_what_is_only_odd_is_read_and_its_spans_hold(case: str) -> None:
    report = Report.read(READ[case]())
    fuzz.structure(report)


def test_a_file_is_what_its_bytes_say_and_not_its_name(tmp_path: Path) -> None:
    for name, data, form in (
        ("a.txt", f"<html><p>{SAID}".encode("gbk"), "html"),
        ("b.html", SAID.encode(), "text"),
        ("c.pdf", f"\ufeff<!DOCTYPE html><body>{SAID}".encode("utf-16-le"), "html"),
        ("d.docx", SAID.encode("utf-16"), "text"),
    ):
        assert Report.read(data, name=name).format == form, name


def test_a_name_too_long_for_the_system_is_told_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "政" * 100
    assert main(["outline", "-o", str(tmp_path / name)]) == 1
    assert capsys.readouterr().err.endswith(f"{name}: cannot be written: File name too long\n")
    report = Report.parse("各位代表：\n完成投资1亿元。")
    (verdict,) = verify(name)
    assert str(verdict).endswith(": not verified: cannot be read: File name too long")
    (loaded,) = load_reports([name])
    assert "cannot be read: File name too long" in str(loaded.error)
    for refused in (
        lambda: load_report(name),
        lambda: load_panel(name),
        lambda: read_sheet(f"{name}.csv", report),
        lambda: coding_sheet(report, tmp_path / f"{name}.csv"),
        lambda: load_codebook(f"{name}.tsv"),
        lambda: run(output=tmp_path / name),
        lambda: corpus(tmp_path, tmp_path / name),
    ):
        with pytest.raises(XiachengError, match="File name too long"):
            refused()


def test_a_missing_package_is_named_with_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pypdfium2", None)
    with pytest.raises(
        ReportError,
        match=(
            r"r: PDF files need a package that is not installed: pip install "
            r"'xiacheng-nlp\[readers\]'"
        ),
    ):
        Report.read(b"%PDF-1.4", name="r")


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_and_mutated_inputs_keep_the_laws(seed: int) -> None:
    for data in fuzz.inputs(1000, seed):
        fuzz.try_one(data)


@pytest.mark.slow
def test_random_and_mutated_files_through_the_command(tmp_path: Path) -> None:
    for number, data in enumerate(fuzz.inputs(200, 2014)):
        fuzz.try_command(data, fuzz.COMMANDS[number // 2 % len(fuzz.COMMANDS)], tmp_path)
