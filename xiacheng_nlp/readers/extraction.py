"""Files as people have them, to text: plain text, saved web pages, Word files and PDF files with a
text layer."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module

from xiacheng_nlp.errors import ReportError
from xiacheng_nlp.numbers.numerals import COUNTED
from xiacheng_nlp.readers.file_types import LARGEST, kind_of
from xiacheng_nlp.readers.rows import FRONT, table_form
from xiacheng_nlp.text import Note, decode

COUNT = f"[{COUNTED}]{{1,3}}"
"""The pattern of a numeral of a heading."""

# It takes 3 and [3], without the blanks around it.
_MARK = re.compile(r"[\[［【〔(（]?\s*(\d{1,3})\s*[\]］】〕)）]?")


def mark_of_note(text: str, before: str) -> str | None:
    """The number of a footnote in a text that is set high behind another; None for what is none,
    such as the 2 of km2. Behind a number too: it would be read as more of its digits.

    >>> mark_of_note(" [3] ", "“双创”"), mark_of_note("2", "19"), mark_of_note("2", "km")
    ('3', '2', None)
    """
    last = before.rstrip()[-1:]
    mark = _MARK.fullmatch(text.strip())
    return None if mark is None or (last.isascii() and last.isalpha()) else mark[1]


def drawn(label: str, text: str) -> str:
    """The number that a page or Word draws before a text, as it is written there: apart from
    digits, which would be read as more of it; not where the text has it itself.

    >>> [drawn("1.", text) for text in ("工业", "12个项目", "1.工业")]  # "industry", "12 projects"
    ['1.', '1. ', '']
    """
    if text.lstrip().startswith(label):
        return ""
    return f"{label} " if label[-1:] == "." and text.lstrip()[:1].isdigit() else label


def in_digits(kinds: Counter[str]) -> str:
    """The note on numbers of lists that are drawn in another way, with how many there are."""
    said = ", ".join(f"{kind} ({count})" for kind, count in sorted(kinds.items()))
    return f"numbered in a way that is written out in Arabic digits here: {said}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """The text of a file: `format` is text, html, docx or pdf, `encoding` that of the file (binary
    for docx and pdf).

    `notes` say what was left out or mended on the way; their spans count code points of `text`.
    """

    text: str = field(repr=False)
    format: str
    encoding: str
    notes: tuple[Note, ...] = ()


def extract(data: bytes) -> Extracted:
    """The text in a file's bytes; what the file is, is told by the bytes, not by its name.

    A plain text comes back as it is. Of the other kinds the lines of the result are the paragraphs
    of the source.

    Raises `ReportError` where there is no text to read, and where the package that reads such files
    is not installed.

    >>> page = "<html><body><p>各位代表:<br>&emsp;完成投资1亿元。"  # "100 million were invested"
    >>> extract(page.encode()).text
    '各位代表:\\n完成投资1亿元。'
    """
    if len(data) > LARGEST:
        raise ReportError(f"{len(data):,} bytes; at most {LARGEST:,} are read")
    kind = kind_of(data)
    form = table_form(data[:FRONT]) if kind in ("text", "html") else None
    if kind == "text" and not form:
        text, encoding = decode(data)
        return Extracted(text=text, format="text", encoding=encoding)
    form = kind if kind == "xlsx" else form
    if form:
        raise ReportError(
            f"a table ({form}), not one report: xc.load_reports reads a report a row, and"
            " the command corpus makes the tables of them all"
        )
    if kind == "zip":
        raise ReportError(
            "a zip of files; the command corpus and xc.load_reports read the reports in it,"
            " load_report reads one file"
        )
    kind = "html" if kind == "mhtml" else kind
    text, encoding, notes = _reader(kind)(data)
    if not text.strip():
        raise ReportError("holds no text")
    text, bad = _NO_TEXT.subn("\ufffd", text)
    if bad:
        said = "characters that are no text (NUL, halves of surrogate pairs)"
        notes = [*notes, Note(f"{bad} {said} were replaced by U+FFFD", 0, 0)]
    return Extracted(text=text, format=kind, encoding=encoding, notes=tuple(notes))


_NO_TEXT = re.compile("[\x00\ud800-\udfff]")

Reader = Callable[[bytes], tuple[str, str, list[Note]]]

_PACKAGES = {
    "html": ("lxml", "web pages"),
    "docx": ("lxml", "Word files"),
    "pdf": ("pypdfium2", "PDF files"),
}


def _reader(kind: str) -> Reader:
    package, what = _PACKAGES[kind]
    try:
        import_module(package)
    except ImportError:
        raise ReportError(
            f"{what} need a package that is not installed: pip install 'xiacheng-nlp[readers]'"
        ) from None
    reader: Reader = import_module(f"xiacheng_nlp.readers.{kind}").read
    return reader
