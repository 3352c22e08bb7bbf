"""The text of a Word file (.docx): its paragraphs and tables in their order, with the numbers that
Word draws before headings."""

import re
import zipfile
from collections import ChainMap, Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from lxml import etree

from xiacheng_nlp.errors import ReportError
from xiacheng_nlp.numbers.numerals import in_han
from xiacheng_nlp.readers.archives import check_size, open_zip
from xiacheng_nlp.readers.extraction import drawn, in_digits, mark_of_note
from xiacheng_nlp.readers.file_types import TAGS
from xiacheng_nlp.text import BREAKS, CELL, Note

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH, _RUN, _TEXT, _ROW, _CELL = f"{_W}p", f"{_W}r", f"{_W}t", f"{_W}tr", f"{_W}tc"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_DELETED = (f"{_W}del", f"{_W}moveFrom")
_SIGNS = {
    **{f"{_W}tab": " ", f"{_W}ptab": " ", f"{_W}br": "\n", f"{_W}cr": "\n"},
    **{f"{_W}noBreakHyphen": "-", f"{_MATH}den": "/", f"{_MATH}rad": "√"},
}
"""What an element stands for in the text of a run, and in a formula before what it holds."""
_SET_APART = {f"{_MATH}sup": "^", f"{_MATH}sub": "_"}
_SIGN = f"{_W}sym"
_SYMBOLS = {0x2D: "−", 0xA3: "≤", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB8: "÷", 0xBB: "≈"}
"""The signs that the font Symbol has where others have letters; digits, %, < and > are in their
places."""
_NAMES = {"w": _W[1:-1]}
_UNSEEN = {f"{_W}strike": "struck out", f"{_W}dstrike": "struck out", f"{_W}vanish": "hidden"}
_OFF, _ON = ("0", "false", "off", "none"), ("1", "true", "on")
_RAISED, _HIGHER = f"{_W}vertAlign", f"{_W}position"
HIGH = 6
"""Half points from which on letters are set high."""
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DRAWING, _VML = (
    "{http://schemas.openxmlformats.org/drawingml/2006/",
    "{urn:schemas-microsoft-com:vml}",
)
_PICTURES = (
    *(f"{_DRAWING}main}}blip", f"{_DRAWING}main}}txBody", f"{_DRAWING}chart}}chart"),
    *(f"{_DRAWING}diagram}}relIds", f"{_VML}imagedata", f"{_VML}textpath", f"{_W}object"),
)
_SKIPPED = frozenset(
    {*_DELETED, _FALLBACK, f"{_W}tabs", f"{_W}instrText", f"{_W}sectPr", f"{_W}rt"}
)
_PART_OF_LINE = re.compile(f"[{BREAKS}]+")
_ENCLOSED = {
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), (0x245F, 0x2473)),
    "decimalEnclosedParen": (0x2473, 0x2487),
    "decimalEnclosedFullstop": (0x2487, 0x249B),
    "ideographEnclosedCircle": (0x327F, 0x3289),
}
"""The signs ①, ⑴, ⒈ and ㊀ by the formats that count with them: those before the first and the
last."""
_FIELD, _CODE, _SIMPLE = f"{_W}fldChar", f"{_W}instrText", f"{_W}fldSimple"
# Takes TC "一、" and PAGE; refuses REF a, which shows what is referred to.
_SHOWS_NOTHING = re.compile(
    r"\s*(?:TC|XE|TA|RD|SET|ASK|PRIVATE|ADVANCE|ADDIN|HYPERLINK|PAGE)\b|\s*$", re.IGNORECASE
)
"""Fields that show nothing themselves, or nothing of the text."""
_LISTED, _DEEP = "w:numId", "w:ilvl"
LEVELS, LONGEST_LABEL, DEEPEST = 9, 255, 20
"""Levels of a list of Word, characters of the text around its numbers, and styles that are based
one on the other."""

_OTHER_FORMS = re.compile(rb"purl\.oclc\.org/ooxml|document\.macroEnabled|template\.")
"""What the parts say that stand at the front of a Word file which is not read."""

_CHINESE = (
    *("chineseCounting", "chineseCountingThousand", "ideographDigital", "ideographTraditional"),
    *("japaneseCounting", "koreanDigital2", "taiwaneseCounting", "taiwaneseCountingThousand"),
    *("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"),
)
"""The formats of numbers that count 一、二、三, or 壹、贰、叁."""


def read(data: bytes) -> tuple[str, str, list[Note]]:
    """The text of a Word file, a paragraph a line (a line break inside one begins a new line), and
    notes on what was left out.

    Blanks that set a paragraph in are dropped, as they are of web pages and PDF files: here the
    file itself says where one begins.

    Raises `ReportError` where the file is broken, locked or unpacks to too much.
    """
    archive = open_zip(data)
    check_size(archive)
    if len(set(archive.namelist())) < len(archive.namelist()):
        raise ReportError("holds a part twice, as no Word file does; save it again")
    if any(info.flag_bits & 1 for info in archive.infolist()):
        raise ReportError("locked with a password; open it and save it without one")
    try:
        _refuse_bombs(archive)
        if _OTHER_FORMS.search(archive.read("[Content_Types].xml") + archive.read("_rels/.rels")):
            raise ReportError(
                "a Word file in strict form, with macros, or a template; open it and save"
                " it as a Word document (.docx)"
            )
        body = next(_parts(archive, "document")).find("w:body", _NAMES)
        numbers = _Numbers(archive)
        lines = _inside(body, numbers)
        notes = [Note(said, 0, 0) for said in _notes(archive, body, numbers)]
    except ReportError:
        raise
    except Exception as error:
        # The errors of zip, zlib and lxml have no common parent but this.
        first = (line[:80] for line in str(error).splitlines()[:1])
        said = ": ".join([type(error).__name__, *first])
        raise ReportError(
            f"a broken Word file ({said}); open it in Word and save it again"
        ) from None
    return "\n".join(lines), "binary", notes


def _refuse_bombs(archive: zipfile.ZipFile) -> None:
    """A few lines of entities can stand for gigabytes of text, and Word writes none; the tags of
    tiny elements take fifty times their size."""
    tags = 0
    for info in archive.infolist():
        if info.filename.endswith((".xml", ".rels")):
            with archive.open(info) as stream:
                while piece := stream.read(1 << 20):
                    tags += piece.count(b"<")
                    if b"<!DOCTYPE" in piece[:4096]:
                        raise ReportError(
                            f"{info.filename} declares entities, as no Word file does;"
                            " open it in Word and save it again"
                        )
                    if tags > TAGS:
                        raise ReportError(f"more than {TAGS:,} tags; no report has so many")


def _lines(element: Any, numbers: "_Numbers") -> list[str]:
    if element.tag == _PARAGRAPH:
        return _paragraph(element, numbers)
    if element.tag == _ROW:
        return _row(element, numbers)
    if element.tag in _SKIPPED or not isinstance(element.tag, str):
        return []
    return _inside(element, numbers)


def _row(row: Any, numbers: "_Numbers") -> list[str]:
    """A row of short cells is a row of a table; anything longer is text that a table lays out."""
    if row.find("w:trPr/w:del", _NAMES) is not None:
        return []
    own = [
        cell
        for cell in row.iter(_CELL)
        if next(cell.iterancestors(_ROW), None) is row
        and cell.find("w:tcPr/w:cellDel", _NAMES) is None
    ]
    cells = [[line for line in _inside(cell, numbers) if line] for cell in own]
    lines = [line for cell in cells for line in cell]
    return [CELL.join(lines)] if all(len(cell) <= 1 for cell in cells) else lines


def _inside(element: Any, numbers: "_Numbers") -> list[str]:
    lines = list[str]()
    for child in element:
        lines += numbers.ended() if child.tag == f"{_W}tbl" else []
        lines += _lines(child, numbers)
    # Into nothing else goes its last paragraph, whatever its mark, nor into a table.
    return lines + (numbers.ended() if element.tag in (_CELL, f"{_W}body") else [])


def _paragraph(paragraph: Any, numbers: "_Numbers") -> list[str]:
    pieces, numbers.going_on = numbers.going_on, []
    is_first, goes_on, boxes = not pieces, _goes_on(paragraph), list[str]()
    _settle_fields(paragraph, numbers.unseen)
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        if element.tag in _SKIPPED or not isinstance(element.tag, str):
            continue
        if element.tag == _PARAGRAPH:
            # A text box hangs in the paragraph that it is anchored to.
            boxes += _paragraph(element, numbers)
        elif (said := _said(element, numbers, pieces)) is not None:
            pieces.append(said)
        else:
            pieces.append(_SIGNS.get(element.tag, ""))
            stack.extend(reversed(element))
    text = "".join(pieces)
    is_told = bool(text.strip())
    if is_first and (is_told or not goes_on):
        text = drawn(numbers.label(paragraph), text) + text
    if goes_on:
        numbers.going_on = [text] if is_told else []
        return boxes
    return [line.strip() for line in _PART_OF_LINE.split(text)] + boxes


def _said(element: Any, numbers: "_Numbers", before: list[str]) -> str | None:
    """What an element of a paragraph says; None where those in it are asked."""
    said: str | None = None
    if element.tag == _RUN:
        if how := numbers.unseen_as(element):
            numbers.unseen[how] += 1
            said = ""
        elif mark := numbers.mark(element, before):
            numbers.marks += 1
            said = f"[{mark}]"
    elif element.tag in (_TEXT, f"{_MATH}t"):
        said = element.text or ""
    elif element.tag == _SIMPLE and next(element.iter(_TEXT), None) is None:
        _tell_code(element.get(f"{_W}instr") or "", numbers.unseen)
    elif element.tag == _SIGN:
        said = _sign(element)
        if not said:
            numbers.unseen["signs of a font of pictures"] += 1
    elif element.tag in _SET_APART:
        # In brackets, or the 4 of 10⁴ would be a number of its own.
        said = f"{_SET_APART[element.tag]}({''.join(element.itertext())})"
    return said


def _goes_on(paragraph: Any) -> bool:
    """Whether the mark at the end of a paragraph is deleted, moved or hidden, so that the next one
    stands on its line."""
    mark = paragraph.find("w:pPr/w:rPr", _NAMES)
    return mark is not None and (
        any(mark.find(tag) is not None for tag in _DELETED) or _is_on(mark, "w:vanish")
    )


def _settle_fields(paragraph: Any, unseen: Counter[str]) -> None:
    """Takes the text out of the codes of fields, up to their results; one that is never closed is
    no field."""
    # What stands in the code of each open field, which has none any more once it has its result.
    fields: list[list[Any] | None] = []
    codes: list[list[Any]] = []
    for element in paragraph.iter(_FIELD, _CODE, _TEXT):
        kind = element.get(f"{_W}fldCharType")
        ended = fields.pop() if fields and kind in ("separate", "end") else None
        if ended is not None:
            codes.pop()
            if kind == "end":
                _tell_code("".join(each.text or "" for each in ended), unseen)
            for each in ended:
                each.text = ""
        if kind == "begin":
            codes.append([])
        if kind in ("begin", "separate"):
            fields.append(codes[-1] if kind == "begin" else None)
        for code in codes[-1:]:
            code.append(element)


def _tell_code(code: str, unseen: Counter[str]) -> None:
    """Notes a field without a result, which may draw something (a fraction, a sign in a circle)."""
    if not _SHOWS_NOTHING.match(code):
        unseen[f"fields without a result ({' '.join(code.split())[:80]})"] += 1


def _is_on(element: Any, path: str) -> bool:
    found = element.find(path, _NAMES)
    return found is not None and found.get(f"{_W}val") not in _OFF


def _look(holder: Any) -> dict[str, Any]:
    """What a run or a style says of its own letters that a reader sees."""
    own = {each.tag: each.get(f"{_W}val") for each in holder.iterfind("w:rPr/*", _NAMES)}
    look: dict[str, Any] = {tag: own[tag] not in _OFF for tag in _UNSEEN if tag in own}
    raised = own.get(_RAISED)
    # Or set so many half points higher; programs that make a Word file of a PDF file set letters
    # by one or two.
    higher = own.get(_HIGHER) or ""
    if higher.isdecimal() and int(higher) >= HIGH:
        raised = raised or _HIGHER
    return look if raised is None else {**look, _RAISED: raised}


def _sign(element: Any) -> str:
    """The sign that Word took from another font by its number; empty for the pictures of such as
    Wingdings."""
    font, number = element.get(f"{_W}font"), element.get(f"{_W}char") or ""
    code = int(number, 16) if re.fullmatch("[0-9A-Fa-f]{4}", number) else 0xE000
    if font == "Symbol" and (code < 0x100 or code >> 8 == 0xF0):
        # Its letters are Greek ones.
        sign = _SYMBOLS.get(code & 0xFF, chr(code & 0x7F))
        return "" if sign.isalpha() else sign
    return "" if 0xD800 <= code < 0xF900 else chr(code)


@dataclass(frozen=True, slots=True)
class _Level:
    """How a level of a list is numbered: the format of its number, the text around it (%1.), the
    number that it begins with, the level down to which those above it let it begin anew, the style
    whose paragraphs stand in it, and whether the levels above are shown in digits too (isLgl)."""

    form: str
    text: str
    start: int
    below: int
    style: str | None
    in_digits: bool


class _Numbers:
    """The numbers that Word counts itself: they stand in no run, and a heading 一、 would lose its
    numbering with them."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.drawn = self.marks = 0
        # The pieces of paragraphs that go on in the next one.
        self.going_on = list[str]()
        self.unknown: Counter[str] = Counter()
        self.unseen: Counter[str] = Counter()
        # By list and level the last number, by list its levels and what it shares with others, by
        # style its list and level.
        self._counts: defaultdict[str, dict[int, int]] = defaultdict(dict)
        self._levels: dict[str, dict[int, _Level]] = {}
        self._abstract: dict[str, str] = {}
        self._styles: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        self._default = ""
        self._restarts: dict[tuple[str, int], int] = {}
        for root in _parts(archive, "numbering"):
            self._read(root)
        said: dict[str, tuple[str, dict[str, Any]]] = {}
        styles = (root.iter(f"{_W}style") for root in _parts(archive, "styles"))
        for style in chain.from_iterable(styles):
            name, (list_id, level) = style.get(f"{_W}styleId"), _list_of(style)
            listed = {} if list_id is None else {_LISTED: list_id, _DEEP: 0}
            listed |= {} if level is None else {_DEEP: level}
            said[name] = _value(style, "w:basedOn") or "", {**_look(style), **listed}
            is_default = style.get(f"{_W}default") in _ON and style.get(f"{_W}type") == "paragraph"
            self._default = name if is_default else self._default
        for name in said:
            looks, based = list[dict[str, Any]](), name
            while based in said and len(looks) < DEEPEST:
                based, look = said[based]
                looks.append(look)
            self._styles[name] = dict(ChainMap(*looks))

    def ended(self) -> list[str]:
        """The paragraphs that went on, as far as they came."""
        said, self.going_on = "".join(self.going_on).strip(), []
        return [said] if said else []

    def _seen_as(self, run: Any) -> dict[str, Any]:
        """How a run looks: as it says itself, as its style does, as that of its paragraph does."""
        paragraph = next(run.iterancestors(_PARAGRAPH))
        around, own = self._style(paragraph), _value(run, "w:rPr/w:rStyle") or ""
        return {**self._styles[around], **self._styles[own], **_look(run)}

    def _style(self, paragraph: Any) -> str:
        return _value(paragraph, "w:pPr/w:pStyle") or self._default

    def unseen_as(self, run: Any) -> str | None:
        """How a run with text is kept from the reader's eyes: struck out or hidden."""
        if run.find(_TEXT) is None:
            return None
        look = self._seen_as(run)
        return next((how for tag, how in _UNSEEN.items() if look.get(tag)), None)

    def mark(self, run: Any, before: list[str]) -> str | None:
        """The number of a footnote, where the run is one that is set high; the 2 of km2 is none."""
        raised = self._seen_as(run).get(_RAISED)
        if raised == _HIGHER:
            # Than its line: not with it.
            beside = next(run.itersiblings(_RUN, preceding=True), None)
            if beside is None or self._seen_as(beside).get(_RAISED) == _HIGHER:
                return None
        elif raised != "superscript":
            return None
        return mark_of_note(_texts([run])[0], "".join(before[-2:]))

    def _read(self, root: Any) -> None:
        by_abstract: dict[str, dict[int, _Level]] = {}
        links: dict[str, str | None] = {}
        by_style: dict[str | None, str] = {}
        for abstract in root.iter(f"{_W}abstractNum"):
            id = abstract.get(f"{_W}abstractNumId")
            levels = by_abstract[id] = {}
            levels.update(map(_level, abstract.iter(f"{_W}lvl")))
            # A list may be that of a style, which another defines.
            links[id] = _value(abstract, "w:numStyleLink")
            by_style.setdefault(_value(abstract, "w:styleLink"), id)
        for number in root.iter(f"{_W}num"):
            id = number.get(f"{_W}numId")
            abstract = _value(number, "w:abstractNumId") or ""
            link = links.get(abstract)
            self._abstract[id] = by_style.get(link, abstract) if link else abstract
            changed = dict(map(_level, number.iter(f"{_W}lvl")))
            levels = by_abstract.get(self._abstract[id], {}) | changed
            self._levels[id] = {level: levels[level] for level in levels if level < LEVELS}
            for change in number.iter(f"{_W}lvlOverride"):
                start = _value(change, "w:startOverride")
                if start is not None:
                    self._restarts[id, int(change.get(f"{_W}ilvl", "0"))] = int(start)

    def label(self, paragraph: Any) -> str:
        """What Word draws before the paragraph, empty where it draws nothing."""
        id, level = self._place(paragraph)
        levels = self._levels.get(id or "", {})
        if id is None or level not in levels:
            return ""
        # Lists that share their abstract definition count on together.
        counts = self._counts[self._abstract[id]]
        restart = self._restarts.pop((id, level), None)
        if restart is not None:
            counts[level] = restart - 1
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [n for n in counts if n > level and n in levels and level < levels[n].below]:
            del counts[deeper]
        label = levels[level].text
        for each, how in levels.items():
            if f"%{each + 1}" in label:
                form = "decimal" if levels[level].in_digits else how.form
                said = self._form(counts.get(each, how.start), form)
                label = label.replace(f"%{each + 1}", said)
        self.drawn += bool(label)
        return label

    def _place(self, paragraph: Any) -> tuple[str | None, int]:
        """The list of a paragraph and its level in it, its own or those of its style; 0 is none."""
        id, level = _list_of(paragraph)
        if id is None:
            style = self._style(paragraph)
            look = self._styles[style]
            id = look.get(_LISTED)
            of_style = (
                n for n, how in self._levels.get(id or "", {}).items() if how.style == style
            )
            level = next(of_style, look.get(_DEEP)) if level is None else level
        return None if id == "0" else id, level or 0

    def _form(self, number: int, form: str) -> str:
        if form in _CHINESE:
            return in_han(number)
        if form in ("bullet", "none"):
            return ""
        first, last = _ENCLOSED.get(form, (0, 0))
        if number <= last - first:
            return chr(first + number)
        if not form.startswith("decimal"):
            self.unknown[form] += 1
        return str(number)


def _level(level: Any) -> tuple[int, _Level]:
    """The number of a level that a list defines, and how it is numbered."""
    place = int(level.get(f"{_W}ilvl", "0"))
    form, text, start, restart, style = (
        _value(level, f"w:{tag}") for tag in ("numFmt", "lvlText", "start", "lvlRestart", "pStyle")
    )
    label, below = (text or "")[:LONGEST_LABEL], int(restart or place)
    how = _Level(form or "decimal", label, int(start or 1), below, style, _is_on(level, "w:isLgl"))
    return place, how


def _list_of(element: Any) -> tuple[str | None, int | None]:
    """The list of a paragraph or of a style, and its level in it."""
    id, level = (_value(element, f"w:pPr/w:numPr/{tag}") for tag in ("w:numId", "w:ilvl"))
    return id, None if level is None else int(level)


def _parts(archive: zipfile.ZipFile, kind: str) -> Iterator[Any]:
    """The roots of the parts of a kind (document, numbering, header) that the file has."""
    for name in archive.namelist():
        if re.fullmatch(rf"word/{kind}\d*\.xml", name):
            parser = etree.XMLParser(
                resolve_entities=False, no_network=True, remove_blank_text=True
            )
            yield etree.fromstring(archive.read(name), parser)


def _value(element: Any, path: str) -> str | None:
    found = element.find(path, _NAMES)
    value: str | None = None if found is None else found.get(f"{_W}val")
    return value


_COUNTED = {
    "tracked changes: {} deletions left out, insertions kept": (*_DELETED, f"{_W}cellDel"),
    "written in one line: {} formulas": (f"{_MATH}oMath",),
    "left out: {} files that are set into the text": (f"{_W}altChunk", f"{_W}subDoc"),
    "left out: {} pictures, whose text cannot be read": _PICTURES,
}
"""Notes on elements, with how many there are."""


def _notes(archive: zipfile.ZipFile, body: Any, numbers: _Numbers) -> Iterator[str]:
    """What was written out, and what was left out."""
    if numbers.drawn:
        yield (
            f"numbers that Word counts itself were written out before {numbers.drawn} paragraphs"
        )
    if numbers.unknown:
        yield in_digits(numbers.unknown)
    if numbers.marks:
        yield f"written in brackets: {numbers.marks} numbers of footnotes, which the page sets high"
    for how, count in sorted(numbers.unseen.items()):
        yield f"left out: {count} pieces of text that are {how}"
    for said, tags in _COUNTED.items():
        # Of what stands in two forms, for older programs too, the first; a run holds one.
        found = (e for e in body.iter(*tags) if next(e.iterancestors(_FALLBACK), None) is None)
        if count := len({next(each.iterancestors(_RUN), each) for each in found}):
            yield said.format(count)
    for kind in ("footnotes", "endnotes", "comments"):
        texts = (text for root in _parts(archive, kind) for text in _texts(root))
        told = list(filter(str.strip, texts))
        if told:
            yield f"left out: {len(told)} {kind}: {told[0][:40]}"
    if heads := _heads(archive):
        yield f"left out: headers and footers: {' | '.join(heads)[:80]}"


def _texts(elements: Iterable[Any]) -> list[str]:
    return ["".join(text.text or "" for text in each.iter(_TEXT)) for each in elements]


def _heads(archive: zipfile.ZipFile) -> list[str]:
    sides = [side for kind in ("header", "footer") for side in _parts(archive, kind)]
    return sorted({text.strip() for side in sides for text in _texts(side.iter(_PARAGRAPH))} - {""})
