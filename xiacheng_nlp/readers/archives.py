"""Zip files, which Word files are too: opened, and refused where they are broken or would fill the
memory."""

import io
import re
import zipfile

from xiacheng_nlp.errors import ReportError, told_of
from xiacheng_nlp.readers.file_types import LARGEST, refusals

RATIO = 200
"""How many times its size a packed file may unpack to. Chinese text packs to a third, the XML of
Word to a tenth or twentieth; what is packed tighter than this was made to fill the memory."""


def packed_kind(data: bytes) -> str:
    """Whether a zip is a Word file, an Excel workbook or a zip of files.

    Raises `ReportError` where it is broken, or is an Office file of another kind.
    """
    names = set(open_zip(data).namelist())
    if "[Content_Types].xml" in names:
        # Word on the web calls it document2.xml.
        if any(re.fullmatch(r"word/document\d*\.xml", name) for name in names):
            return "docx"
        if "xl/workbook.xml" in names:
            return "xlsx"
    for mark, refusal in refusals("packed"):
        if mark in names:
            raise ReportError(refusal)
    return "zip"


def open_zip(data: bytes) -> zipfile.ZipFile:
    """The archive in the bytes. Raises `ReportError` where it is broken."""
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise ReportError(f"a broken zip file ({error}); fetch or pack it again") from None


def check_size(archive: zipfile.ZipFile) -> None:
    """Raises `ReportError` where the archive says that it unpacks to more than `LARGEST` bytes, or
    one of its files to over `RATIO` times its packed size."""
    total = 0
    for info in archive.infolist():
        total += info.file_size
        with told_of(info.filename):
            check_member(info)
    if total > LARGEST:
        raise ReportError(f"unpacks to {total:,} bytes; at most {LARGEST:,} are read")


def check_member(info: zipfile.ZipInfo) -> None:
    """Raises `ReportError` where the file in an archive says that it is larger than is read or
    packed tighter than text can be."""
    if info.file_size > LARGEST:
        raise ReportError(f"unpacks to {info.file_size:,} bytes; at most {LARGEST:,} are read")
    # A short file of blanks packs tightly too, and harms nobody.
    if info.file_size > 1_000_000 and info.file_size > RATIO * max(1, info.compress_size):
        times = info.file_size // max(1, info.compress_size)
        raise ReportError(
            f"unpacks to {info.file_size:,} bytes, {times:,} times its size;"
            f" at most {RATIO} times are read (a zip bomb?)"
        )
