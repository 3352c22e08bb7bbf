"""The text of a Word file (.docx): its paragraphs and tables in their order, with the numbers that
Word draws before headings."""

import re
import zipfile
import zlib
from collections import Counter
from typing import Any

import docx
from docx.oxml.ns import qn
from lxml import etree

from xiacheng_nlp.errors import ReportError
from xiacheng_nlp.numbers.numerals import in_han
from xiacheng_nlp.readers.archives import check_size, open_zip
from xiacheng_nlp.text import BREAKS, Note

_PARAGRAPH, _TEXT, _TAB, _BREAK, _RETURN = qn("w:p"), qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr")
_HYPHEN, _DELETED, _MOVED, _ROW, _CELL = (
    qn("w:noBreakHyphen"),
    qn("w:del"),
    qn("w:moveFrom"),
    qn("w:tr"),
    qn("w:tc"),
)
_VALUE = qn("w:val")
_TABS = qn("w:tabs")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = frozenset({_DELETED, _MOVED, _FALLBACK, _TABS, qn("w:instrText"), qn("w:sectPr")})
_PART_OF_LINE = re.compile(f"[{BREAKS}]+")
_CHINESE = frozenset(
    {
        *("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting"),
        *(
            "taiwaneseCountingThousand",
            "ideographDigital",
            "koreanDigital2",
            "ideographTraditional",
        ),
    }
)


def read(data: bytes, name: str) -> tuple[str, str, list[Note]]:
    """The text of a Word file, a paragraph a line (a line break inside one begins a new line), and
    notes on what was left out.

    Blanks that set a paragraph in are dropped, as they are of web pages and PDF files: here the
    file itself says where one begins.

    Raises `ReportError` where the file is broken, locked or unpacks to too much.
    """
    archive = open_zip(data, name=name)
    check_size(archive, name=name)
    if any(info.flag_bits & 1 for info in archive.infolist()):
        raise ReportError(f"{name}: locked with a password; open it and save it without one")
    _refuse_entities(archive, name)
    try:
        document = docx.Document(archive.fp)
        body = document.element.body
        numbers = _Numbers(document)
        lines = [line for child in body for line in _lines(child, numbers)]
        notes = _notes(document, body, numbers, lines)
    except ReportError:
        raise
    except (
        KeyError,
        ValueError,
        AttributeError,
        TypeError,
        OSError,
        EOFError,
        NotImplementedError,
        etree.LxmlError,
    ) as error:
        raise ReportError(
            f"{name}: a broken Word file ({_said(error)}); open it in Word and save it again"
        ) from None
    except Exception as error:
        # The errors of zip, zlib and the library have no common parent but this.
        raise ReportError(
            f"{name}: cannot be read as a Word file ({_said(error)}); open it in Word and save it again"
        ) from None
    return "\n".join(lines), "binary", notes


def _refuse_entities(archive: zipfile.ZipFile, name: str) -> None:
    """A few lines of entities can stand for gigabytes of text; Word writes none."""
    for info in archive.infolist():
        if info.filename.endswith((".xml", ".rels")):
            try:
                with archive.open(info) as stream:
                    declared = b"<!DOCTYPE" in stream.read(4096)
            except (
                zipfile.BadZipFile,
                zlib.error,
                OSError,
                EOFError,
                NotImplementedError,
            ) as error:
                raise ReportError(
                    f"{name}: a broken Word file ({_said(error)}); open it in Word and save it again"
                ) from None
            if declared:
                raise ReportError(
                    f"{name}: {info.filename} declares entities, as no Word file does; open it in Word and save it again"
                )


def _said(error: Exception) -> str:
    return (
        f"{type(error).__name__}: {str(error).splitlines()[0][:80]}"
        if str(error)
        else type(error).__name__
    )


def _lines(element: Any, numbers: "_Numbers") -> list[str]:
    if element.tag == _PARAGRAPH:
        return _paragraph(element, numbers)
    if element.tag == _ROW:
        cells = [
            [line for line in _inside(cell, numbers) if line]
            for cell in element.iter(_CELL)
            if _row_of(cell) is element
        ]
        # A row of short cells is a row of a table; anything longer is text that a table lays out.
        if all(len(cell) <= 1 for cell in cells):
            return [" ".join(line for cell in cells for line in cell)]
        return [line for cell in cells for line in cell]
    if element.tag in _SKIPPED or not isinstance(element.tag, str):
        return []
    return _inside(element, numbers)


def _inside(element: Any, numbers: "_Numbers") -> list[str]:
    return [line for child in element for line in _lines(child, numbers)]


def _row_of(cell: Any) -> Any:
    return next(cell.iterancestors(_ROW), None)


def _paragraph(paragraph: Any, numbers: "_Numbers") -> list[str]:
    pieces = [numbers.label(paragraph)]
    boxes: list[str] = []
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        tag = element.tag
        if tag in _SKIPPED or not isinstance(tag, str):
            continue
        if tag == _PARAGRAPH:
            # A text box hangs in the paragraph that it is anchored to.
            boxes += _paragraph(element, numbers)
        elif tag == _TEXT:
            pieces.append(element.text or "")
        elif tag == _TAB:
            pieces.append(" ")
        elif tag in (_BREAK, _RETURN):
            pieces.append("\n")
        elif tag == _HYPHEN:
            pieces.append("-")
        else:
            stack.extend(reversed(element))
    return [line.strip() for line in _PART_OF_LINE.split("".join(pieces))] + boxes


class _Numbers:
    """The numbers that Word counts itself: they stand in no run, and a heading 一、 would lose its
    numbering with them."""

    def __init__(self, document: Any) -> None:
        self.drawn = 0
        self.unknown: Counter[str] = Counter()
        self._counts: dict[tuple[str, int], int] = {}
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._styles: dict[str, tuple[str, int]] = {}
        self._abstract: dict[str, str] = {}
        part = next(
            (
                r.target_part
                for r in document.part.rels.values()
                if r.reltype.endswith("/numbering")
            ),
            None,
        )
        if part is not None:
            self._read(
                etree.fromstring(
                    part.blob, etree.XMLParser(resolve_entities=False, no_network=True)
                )
            )
        for style in document.styles.element.iter(qn("w:style")):
            found = _number_of(style.find(qn("w:pPr")))
            if found and found[0] is not None:
                self._styles[style.get(qn("w:styleId"))] = (found[0], found[1] or 0)

    def _read(self, root: Any) -> None:
        by_abstract: dict[str, dict[int, tuple[str, str, int]]] = {}
        for abstract in root.iter(qn("w:abstractNum")):
            levels = {}
            for level in abstract.iter(qn("w:lvl")):
                form, text, start = (
                    _value(level, tag) for tag in ("w:numFmt", "w:lvlText", "w:start")
                )
                levels[int(level.get(qn("w:ilvl"), "0"))] = (
                    form or "decimal",
                    text or "",
                    int(start or 1),
                )
            by_abstract[abstract.get(qn("w:abstractNumId"))] = levels
        for number in root.iter(qn("w:num")):
            id = number.get(qn("w:numId"))
            self._abstract[id] = _value(number, "w:abstractNumId") or ""
            self._levels[id] = by_abstract.get(self._abstract[id], {})

    def label(self, paragraph: Any) -> str:
        """What Word draws before the paragraph, empty where it draws nothing."""
        properties = paragraph.find(qn("w:pPr"))
        found = _number_of(properties)
        if found is None or found[0] is None:
            style = _value(properties, "w:pStyle") if properties is not None else None
            inherited = self._styles.get(style or "")
            found = (
                (inherited[0], found[1] if found and found[1] is not None else inherited[1])
                if inherited
                else None
            )
        if found is None or found[0] in (None, "0"):
            return ""
        id, level = str(found[0]), found[1] or 0
        levels = self._levels.get(id, {})
        if level not in levels:
            return ""
        # Lists that share their abstract definition count on together.
        list_id = self._abstract[id]
        self._counts[list_id, level] = self._counts.get((list_id, level), levels[level][2] - 1) + 1
        for deeper in [key for key in self._counts if key[0] == list_id and key[1] > level]:
            del self._counts[deeper]
        label = levels[level][1]
        for each, (form, _, start) in levels.items():
            if f"%{each + 1}" in label:
                label = label.replace(
                    f"%{each + 1}", self._form(self._counts.get((list_id, each), start), form)
                )
        self.drawn += bool(label)
        return label

    def _form(self, number: int, form: str) -> str:
        if form in _CHINESE:
            return in_han(number)
        if form in ("bullet", "none"):
            return ""
        if form == "decimalEnclosedCircle" and number <= 20:
            return chr(0x245F + number)
        if not form.startswith("decimal"):
            self.unknown[form] += 1
        return str(number)


def _number_of(properties: Any) -> tuple[str | None, int | None] | None:
    found = properties.find(qn("w:numPr")) if properties is not None else None
    if found is None:
        return None
    level = _value(found, "w:ilvl")
    return _value(found, "w:numId"), int(level) if level is not None else None


def _value(element: Any, tag: str) -> str | None:
    found = element.find(qn(tag))
    value: str | None = found.get(_VALUE) if found is not None else None
    return value


def _notes(document: Any, body: Any, numbers: _Numbers, lines: list[str]) -> list[Note]:
    notes = []
    if numbers.drawn:
        notes.append(
            Note(
                f"numbers that Word counts itself were written out before {numbers.drawn} paragraphs",
                0,
                0,
            )
        )
    if numbers.unknown:
        said = ", ".join(f"{form} ({count})" for form, count in sorted(numbers.unknown.items()))
        notes.append(
            Note(f"numbered in a way that is written out in Arabic digits here: {said}", 0, 0)
        )
    deleted = sum(1 for tag in (_DELETED, _MOVED) for _ in body.iter(tag))
    if deleted:
        notes.append(Note(f"tracked changes: {deleted} deletions left out, insertions kept", 0, 0))
    for kind in ("footnotes", "endnotes", "comments"):
        part = next(
            (r.target_part for r in document.part.rels.values() if r.reltype.endswith(f"/{kind}")),
            None,
        )
        if part is not None:
            root = etree.fromstring(
                part.blob, etree.XMLParser(resolve_entities=False, no_network=True)
            )
            texts = ["".join(t.text or "" for t in note.iter(_TEXT)) for note in root]
            told = [text for text in texts if text.strip()]
            if told:
                notes.append(Note(f"left out: {len(told)} {kind}: {told[0][:40]}", 0, 0))
    heads = sorted(
        {
            p.text.strip()
            for s in document.sections
            for side in (s.header, s.footer)
            for p in side.paragraphs
            if p.text.strip()
        }
    )
    if heads:
        notes.append(Note(f"left out: headers and footers: {' | '.join(heads)[:80]}", 0, 0))
    pictures = sum(
        1 for _ in body.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}blip")
    )
    if pictures:
        notes.append(Note(f"left out: {pictures} pictures, whose text cannot be read", 0, 0))
    return notes
