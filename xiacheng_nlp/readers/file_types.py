"""What a file is, told by its bytes; a file's name may say anything."""

import re
from contextlib import suppress
from functools import cache
from importlib import import_module

from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.errors import ReportError
from xiacheng_nlp.text import encoding_of

LARGEST = 200_000_000
"""Bytes of the largest file that is read, as it is or unpacked; a report has some 100,000."""

TAGS, ATTRIBUTES = 500_000, 1_000
"""Tags of the largest page or Word file that is read, where a report has some 20,000, and of
attributes of one tag: what holds more was made to fill the memory, or the day."""

SECONDS = 60
"""What the reading of a PDF file may take; of the longest reports it takes ten."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_FRONT = 4096
"""Bytes within which a page says that it is one."""

_TAG = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|title)[\s>]", re.IGNORECASE)
# Takes <p> at the beginning; refuses 投资<p>, of which a text may speak.
_FRAGMENT = re.compile(
    rb"\s*<(?:p|div|table|span|font|center|h[1-6]|br|section|article)[\s>/]", re.IGNORECASE
)
# Of a cell of a table, which may hold a page without its head; a text may speak of one tag.
_WITHIN, FEWEST = re.compile(rb"<(?:/?p|br|/?div)\b[^<>]*>", re.IGNORECASE), 4
# Takes MIME-Version: 1.0 at the beginning of a line; refuses text/html alone.
_MHTML = re.compile(
    rb"^(?:Content-Type:\s*multipart/related|MIME-Version:\s*1\.)", re.IGNORECASE | re.MULTILINE
)


def kind_of(data: bytes) -> str:
    """What the bytes are: text, html, mhtml (a web page saved as one file), pdf, docx, xlsx, or a
    zip of files.

    Raises `ReportError` where they are something that holds no text to read (an image, a
    spreadsheet, an old Word file), with what to do about it.

    >>> kind_of("<html><p>各位代表:</p>".encode())  # "Fellow deputies:"
    'html'
    >>> kind_of("各位代表:".encode("gbk"))
    'text'
    """
    if refusal := _refusal(data):
        raise ReportError(refusal)
    front = data[:_FRONT]
    if data.startswith(_ZIP):
        # Not loaded for a plain text.
        from xiacheng_nlp.readers.archives import packed_kind

        return packed_kind(data)
    if b"%PDF-" in front[:1024]:
        return "pdf"
    if b"\x00" in front:
        # UTF-16 or UTF-32: the tags are seen without the zero bytes between their letters.
        front = front.decode(encoding_of(front, whole=False), "ignore").encode("utf-8", "ignore")
    if _MHTML.search(front):
        return "mhtml"
    if b"<?mso-application" in front:
        raise ReportError("an Office file in XML; open it and save it as .docx")
    is_page = _TAG.search(front) or _FRAGMENT.match(front)
    return "html" if is_page or len(_WITHIN.findall(front)) >= FEWEST else "text"


def _refusal(data: bytes) -> str | None:
    """Why the bytes hold no text to read, and what to do about it."""
    for mark, refusal in refusals("bytes"):
        if re.match(mark.encode(), data[:_FRONT], re.DOTALL):
            return refusal
    if data.startswith(_OLE):
        told = (why for name, why in refusals("stream") if name.encode("utf-16-le") in data)
        return next(told, "old Office format (.doc, .wps): open it and save it as .docx")
    return None


@cache
def refusals(kind: str) -> list[tuple[str, str]]:
    """What files of no kind that is read are told by, with what they are and what to do about it:
    how their bytes begin, a stream of an old Office file, or a file in a zip (kind bytes, stream
    or packed)."""
    rows = read_table(packaged("readers/refused.tsv"), columns=("kind", "mark", "refusal"))
    return [(row["mark"], row["refusal"]) for row in rows if row["kind"] == kind]


def limit_memory(most: int) -> None:
    """Let this process take so many bytes of memory at most, where the system can be told."""
    # Windows has no such limit, and macOS may refuse it.
    with suppress(ImportError, OSError, ValueError):
        resource = import_module("resource")
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
