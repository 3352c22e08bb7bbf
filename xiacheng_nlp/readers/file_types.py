"""What a file is, told by its bytes; a file's name may say anything."""

import re
from typing import Literal

from xiacheng_nlp.errors import ReportError

Kind = Literal["text", "html", "mhtml", "pdf", "zip"]

LARGEST = 200_000_000
"""Bytes of the largest file, as it is or unpacked, that a reader other than that of plain text
takes; a report has some 100,000."""

_IMAGES = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
)
_PACKED = (
    (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_FRONT = 4096
"""Bytes within which a page says that it is one."""

_TAG = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|title)[\s>]", re.IGNORECASE)
_FRAGMENT = re.compile(
    rb"\s*<(?:p|div|table|span|font|center|h[1-6]|br|section|article)[\s>/]", re.IGNORECASE
)
_MHTML = re.compile(rb"(?:^|\n)Content-Type:\s*multipart/related", re.IGNORECASE)


def kind_of(data: bytes, *, name: str = "report") -> Kind:
    """What the bytes are: text, html, mhtml (a web page saved as one file), pdf or zip (Word files
    are zip files).

    Raises `ReportError` where they are something that holds no text to read (an image, a
    spreadsheet, an old Word file), with what to do about it.

    >>> kind_of("<html><p>各位代表:</p>".encode())  # "Fellow deputies:"
    'html'
    >>> kind_of("各位代表:".encode("gbk"))
    'text'
    """
    for mark, form in _IMAGES:
        if data.startswith(mark):
            raise ReportError(
                f"{name}: an image ({form}) holds no text; have its text recognised (OCR) and save that as .txt"
            )
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        raise ReportError(
            f"{name}: an image (WebP) holds no text; have its text recognised (OCR) and save that as .txt"
        )
    for mark, form in _PACKED:
        if data.startswith(mark):
            raise ReportError(f"{name}: an archive ({form}); unpack it, or pack it as .zip")
    if data.startswith(_OLE):
        raise ReportError(f"{name}: {_old_office(data)}")
    if data.startswith(_ZIP):
        return "zip"
    front = data[:_FRONT]
    if front.lstrip().startswith(b"{\\rtf"):
        raise ReportError(f"{name}: rich text (RTF); open it and save it as .docx")
    if b"%PDF-" in front[:1024]:
        return "pdf"
    if front.count(b"\x00") * 4 > len(front):
        # UTF-16: the tags are seen without the zero bytes between their letters.
        front = front.replace(b"\x00", b"")
    if _MHTML.search(front):
        return "mhtml"
    if b"<?mso-application" in front:
        raise ReportError(f"{name}: an Office file in XML; open it and save it as .docx")
    return "html" if _TAG.search(front) or _FRAGMENT.match(front) else "text"


def _old_office(data: bytes) -> str:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        return "locked with a password; open it and save it without one"
    if holds("WordDocument"):
        return "old Word format (.doc): open it and save it as .docx"
    if holds("Workbook") or holds("Book"):
        return "a spreadsheet (old Excel), no report; export the text as .docx or .txt"
    return "old Office format (.doc, .wps): open it and save it as .docx"
