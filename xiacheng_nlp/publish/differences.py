"""In what two files of one form differ: pixels, lines, cells, keys; nothing where they show the
same."""

import csv
import io
import json
import math
import re
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from colorsys import hls_to_rgb, rgb_to_hls
from functools import cache
from itertools import zip_longest
from struct import unpack_from
from typing import Any

from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.errors import ProvenanceError

SHOWN = 5
"""Cells that differ of which each is told; of further ones the count is."""

MAX_UNPACKED = 256 * 1024 * 1024
"""Bytes of a workbook when it is unpacked: numbers.xlsx of a long report has some MB."""


def short(value: object) -> str:
    """A value on one line, of 60 characters at most.

    >>> short("643.57  亿元")  # "64.357 billion yuan"
    '643.57 亿元'
    """
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else text[:59] + "…"


def of_png(data: bytes, fresh: bytes) -> list[str]:
    """How many pixels differ and within what box; else what it holds that the other does not (a
    text, a second frame, bytes behind its end)."""
    more = _parts_of_png(data) - _parts_of_png(fresh)
    kinds = short(", ".join(sorted({kind.decode("latin-1") for kind, _ in more})))
    held = [f"holds what the picture computed does not: {kinds}"] if more else []
    return of_pixels(data, fresh) or held


def of_pixels(data: bytes, fresh: bytes) -> list[str]:
    """How many pixels of two PNG differ and within what box, whatever else they hold."""
    import numpy as np
    from PIL import Image

    found, here = (Image.open(io.BytesIO(png), formats=["PNG"]) for png in (data, fresh))
    if found.size != here.size:
        (w, h), (fresh_w, fresh_h) = found.size, here.size
        return [f"size: {w} × {h} pixels found, {fresh_w} × {fresh_h} computed"]
    stated, computed = (np.asarray(picture.convert("RGBA")) for picture in (found, here))
    rows, columns = np.nonzero((stated != computed).any(axis=2))
    if not len(rows):
        return []
    return [
        f"{len(rows):,} of {stated.shape[0] * stated.shape[1]:,} pixels differ, within "
        f"x {columns.min()}–{columns.max()}, y {rows.min()}–{rows.max()} from the upper left"
    ]


def _parts_of_png(data: bytes) -> Counter[tuple[bytes, bytes]]:
    """The chunks of a PNG, of its pixels what is behind them alone, and the bytes behind its
    end."""
    parts: Counter[tuple[bytes, bytes]] = Counter()
    place, kind, pixels = 8, b"", b""
    while kind != b"IEND" and place < len(data):
        behind = place + 12 + int.from_bytes(data[place : place + 4])
        kind, chunk = data[place + 4 : place + 8], data[place + 8 : behind]
        if kind == b"IDAT":
            pixels += chunk[:-4]
        else:
            parts[kind, chunk] += 1
        place = behind
    parts[b"bytes behind its end", data[place:]] += 1
    unpacked = zlib.decompressobj()
    size = len(unpacked.decompress(pixels, MAX_UNPACKED))
    behind_pixels = unpacked.unused_data + unpacked.unconsumed_tail
    parts[b"bytes behind its pixels", b"%d " % size + behind_pixels] += 1
    return parts


def of_lines(data: bytes, fresh: bytes) -> list[str]:
    """From which line on they differ."""
    pairs = enumerate(zip_longest(data.split(b"\n"), fresh.split(b"\n")), start=1)
    first = next(number for number, (a, b) in pairs if a != b)
    return [f"differs from line {first} on: {len(data):,} bytes found, {len(fresh):,} computed"]


def of_csv(data: bytes, fresh: bytes) -> list[str]:
    """The columns, the number of rows, the cells that differ."""
    try:
        # Strictly: readers part a cell with more behind its quotes in several ways.
        text = io.StringIO(data.decode("utf-8-sig"), newline="")
        stated = list(csv.reader(text, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        return [f"no CSV in UTF-8: {error}"]
    while stated and not stated[-1]:
        # An empty line at the end, as editors leave it.
        stated.pop()
    here = list(csv.reader(io.StringIO(fresh.decode(), newline="")))
    wrong = []
    names = here[0] if here else []
    if stated[:1] != here[:1]:
        columns = ", ".join(stated[0]) if stated else "none"
        wrong.append(f"columns: {columns} stated, {', '.join(names)} computed")
    if len(stated) != len(here):
        wrong.append(f"rows: {max(0, len(stated) - 1)} stated, {len(here) - 1} computed")
    if _are_sorted(stated[1:], here[1:]):
        return [*wrong, "the rows stand in another order than computed"]
    cells = [
        f"row {row}, column {names[place] if place < len(names) else f'number {place + 1}'}: {said}"
        for row, place, said in _cells(stated[1:], here[1:])
    ]
    return [*wrong, *_first(cells)]


_Rows = Sequence[Sequence[Any]]


def _are_sorted(stated: _Rows, here: _Rows) -> bool:
    """Whether the same rows stand in another order, as a reader sorts them in a spreadsheet."""
    return stated != here and sorted(map(repr, stated)) == sorted(map(repr, here))


def _cells(stated: _Rows, here: _Rows) -> Iterator[tuple[int, int, str]]:
    """The row, the place in it and the words for each cell that differs, in the rows of both."""
    for number, (a, b) in enumerate(zip(stated, here, strict=False), start=1):
        for place, (found, computed) in enumerate(zip_longest(a, b)):
            if found != computed:
                stated, computed = ("nothing" if c is None else short(c) for c in (found, computed))
                yield number, place, f"{stated} stated, {computed} computed"


def _first(cells: list[str]) -> list[str]:
    more = len(cells) - SHOWN
    return cells[:SHOWN] + [f"and {more:,} more cells"] * (more > 0)


def of_xlsx(data: bytes, fresh: bytes) -> list[str]:
    """The sheets, and the cells that differ by sheet and cell, in what they hold or in the format
    that shows it; what stands beside the cells, such as comments, pictures, macros, hidden rows;
    letters in the colour of their ground. Other colours, properties of the file and settings of a
    printer are not compared."""
    from openpyxl.utils import get_column_letter

    more, stated = _workbook(data, 1_000_000 + 10 * _unpacked(fresh))
    held, here = _workbook(fresh, MAX_UNPACKED)
    if list(stated) != list(here):
        return [f"sheets: {short(', '.join(stated))} stated, {', '.join(here)} computed"]
    apart = {
        "holds what the workbook computed does not": more - held,
        "lacks what the workbook computed holds": held - more,
    }
    found = [f"{said}: {short(', '.join(sorted(what)))}" for said, what in apart.items() if what]
    for sheet, rows in here.items():
        if _are_sorted(stated[sheet], rows):
            found.append(f"sheet {sheet}: its rows stand in another order than computed")
            continue
        if len(stated[sheet]) != len(rows):
            found.append(f"sheet {sheet}: {len(stated[sheet])} rows stated, {len(rows)} computed")
        found += [
            f"sheet {sheet}, cell {get_column_letter(place + 1)}{row}: {said}"
            for row, place, said in _cells(stated[sheet], rows)
        ]
    return _first(found)


_PART = re.compile(
    r"\[Content_Types\]\.xml | (?:xl/(?:worksheets/)?)?_rels/(?:(?:workbook|sheet\d+)\.xml)?\.rels"
    r" | docProps/(?:app|core|custom)\.xml | docMetadata/LabelInfo\.xml"
    r" | customXml/(?:_rels/)?item(?:Props)?\d+\.xml(?:\.rels)?"
    r" | xl/(?:workbook|styles|sharedStrings|calcChain|theme/theme\d+|worksheets/sheet\d+)\.xml"
    r" | xl/(?:persons/person\.xml|printerSettings/printerSettings\d+\.bin)",
    re.VERBOSE,
)
"""The parts of a workbook of cells alone, whatever program saves it: Excel adds how the sheets were
printed, the label of an office, and the persons who wrote no comment."""
_PLAIN = re.compile(
    r"""
      c | v | si | t | is | row | Relationships | workbook | fileVersion | bookViews | sheets?
    | workbook(?:Pr|Protection|View) | definedNames | calcPr | sst | worksheet | tabColor
    | (?:sheet|outline|pageSetUp)Pr | dimension | sheetViews? | selection | sheetFormatPr
    | cols? | autoFilter | dataValidations | formula[12] | page(?:Margins|Setup) | printOptions
    | headerFooter | phoneticPr | ignoredErrors? | AlternateContent | Choice | absPath
    | revisionPtr | extLst | ext | extCalcPr | calcFeatures | feature
    """,
    re.VERBOSE,
)
"""Elements of the cells, and those that show nothing beside them, whatever program saves it."""
_SPARE = (
    *("/styles", "/theme", "/sharedStrings", "/calcChain", "-properties", "/printerSettings"),
    *("/classificationlabels", "/customXml", "/customXmlProps", "/person"),
)
"""How what another program may set beside the sheets is called where it is listed."""


def _unpacked(data: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return sum(part.file_size for part in packed.infolist())


def _workbook(data: bytes, most: int) -> tuple[Counter[str], dict[str, list[list[Any]]]]:
    """What a workbook holds beside its cells, and the cells of each sheet; `most` bytes are
    unpacked, however another program saved it."""
    import openpyxl

    try:
        if _unpacked(data) > most:
            raise ProvenanceError("a workbook that is too large to be one of this package")
        held = Counter(_beside(data))
        # What it warns of is told of another kind by what stands beside the cells.
        with warnings.catch_warnings(action="ignore"):
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
            for page in book:
                # What a sheet says of its size may leave out cells that are shown.
                page.reset_dimensions()
            seen = _Colours(book)
            return held, {page.title: _rows(page, seen) for page in book}
    except ProvenanceError:
        raise
    except Exception as error:
        # A damaged workbook raises whatever its damage leads to.
        raise ProvenanceError(f"a workbook that can't be read: {short(error)}") from None


def _beside(data: bytes) -> Iterator[str]:
    """What could act (a macro), show (a picture, a comment) or hide something in a workbook."""
    from defusedxml.ElementTree import iterparse

    # The end of a zip file has 22 bytes.
    if not data.startswith(b"PK\3\4") or data[-22:-18] != b"PK\5\6":
        yield "bytes around it"
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if _has_gaps(packed, data):
            yield "bytes between its parts"
        for name, count in Counter(packed.namelist()).items():
            if count > 1 or not _PART.fullmatch(name):
                yield name
            elif name.endswith(".rels") or name.startswith(("xl/w", "xl/sh")):
                yield from _beside_cells(iterparse(io.BytesIO(packed.read(name))))
            elif name.startswith(("[", "xl/styles", "xl/theme")):
                told = Counter[str]()
                for _, element in iterparse(io.BytesIO(packed.read(name))):
                    yield from _unseen("style", element)
                    tag = element.tag.rpartition("}")[2]
                    told.update([tag] * bool(_ONCE.fullmatch(tag)))
                    # Only these are of cells: a style of tables may tell the same again.
                    if tag == "numFmts":
                        told.update(f"numFmt {each.get('numFmtId')}" for each in element)
                yield from (f"{each} twice" for each, count in told.items() if count > 1)


@cache
def _seen(part: str) -> Sequence[tuple[re.Pattern[str], str, re.Pattern[str]]]:
    """Elements of a part, an attribute of theirs, and what it may say where they are seen."""
    columns = ("part", "element", "attribute", "seen")
    rows = read_table(packaged("publish/workbook.tsv"), columns=columns)
    return [
        (re.compile(row["element"]), row["attribute"], re.compile(row["seen"]))
        for row in rows
        if row["part"] == part
    ]


def _unseen(part: str, element: Any) -> Iterator[str]:
    """The attribute by which an element is not seen, or says another thing."""
    tag = element.tag.rpartition("}")[2]
    kind = re.split("[/.]", element.get("Type") or element.get("ContentType") or tag)[-1]
    for elements, name, seen in _seen(part):
        if elements.fullmatch(kind) and not seen.fullmatch(element.get(name, "-")):
            yield f"{tag} by {name}"


# What readers take the first of, or the last.
_ONCE = re.compile("numFmts|fonts|fills|cellXfs")


def _has_gaps(packed: zipfile.ZipFile, data: bytes) -> bool:
    """Whether bytes stand between the parts that the directory lists, or beside their names there:
    a part that only some readers find."""
    end = 0
    for part in sorted(packed.infolist(), key=lambda part: part.header_offset):
        # Behind a part its sizes may stand again.
        if part.header_offset - end not in _SIZES_AGAIN or part.comment:
            return True
        names = unpack_from("<2H", data, part.header_offset + 26)
        end = part.header_offset + 30 + sum(names) + part.compress_size
    return packed.start_dir - end not in _SIZES_AGAIN


_SIZES_AGAIN = (0, 12, 16, 20, 24)


def _beside_cells(page: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """What the elements of a part say beside cells, and rows and cells that stand where others do,
    or behind them, or that readers read in two ways."""
    from openpyxl.utils.cell import coordinate_to_tuple

    row = 0
    cells: list[tuple[int, int]] = []
    for _, element in page:
        tag, said = element.tag.rpartition("}")[2], element.get("r")
        if more := _said_by(element, tag):
            yield more
        # Cells are many, and none is hidden by itself.
        if tag not in ("c", *_VALUES, "si"):
            yield from _unseen("sheet", element)
        if tag == "c":
            cells += [coordinate_to_tuple(said)] if said else []
        elif tag == "row":
            before, row = row, int(said or row + 1)
            if row <= before or cells != sorted({(row, column) for _, column in cells}):
                yield f"row {row} out of its place"
            cells.clear()
        yield from _read_in_several_ways(element, tag)


def _read_in_several_ways(element: Any, tag: str) -> Iterator[str]:
    """What an element holds that not all readers read alike."""
    if tag == "c" and _is_read_in_two_ways(element):
        yield f"cell {element.get('r')} that can be read in two ways"
    elif tag in ("si", "is", *_VALUES) and (
        _values_in(element) > (tag not in _VALUES) or _ESCAPED.search(element.text or "")
    ):
        yield "text that can be read in two ways"
    elif tag == "Choice" and any(not inner.tag.endswith("}absPath") for inner in element):
        yield "cells that only some programs read"


_VALUES = ("v", "t")
# The escape of an underscore, which openpyxl leaves out without one before it, too.
_ESCAPED = re.compile("(?<!_)x005F_")
_NUMBER = re.compile(r"[-+]?[0-9]*\.?[0-9]*(?:[eE][-+]?[0-9]+)?", re.ASCII)


def _values_in(element: Any) -> int:
    """How many values stand in an element, of which readers take the first, the last or all."""
    return sum(inner.tag.endswith(("}v", "}t", "}is")) for inner in element)


def _is_read_in_two_ways(cell: Any) -> bool:
    """Whether a cell has several values, or a number that only some readers take for one."""
    is_number = cell.get("t", "n") in ("n", "s", "b") and len(cell) > 0
    return _values_in(cell) > 1 or (is_number and not _NUMBER.fullmatch(cell[0].text or ""))


def _said_by(element: Any, tag: str) -> str:
    """What an element says that is neither of cells nor without effect."""
    if tag == "Relationship":
        kind, mode = element.get("Type", ""), element.get("TargetMode") or ""
        is_spare = not mode and kind.endswith(_SPARE)
        return "" if is_spare else f"{kind.rpartition('/')[2]} {mode}".strip()
    if tag == "sheetData":
        # One a sheet: of two, readers take the one or the other.
        return tag
    if _PLAIN.fullmatch(tag):
        return ""
    # Programs quote the name of a sheet, or do not.
    text = "".join(element.itertext()).replace("'", "").strip()
    if tag in _TELLS:
        return " ".join([tag, *(element.get(name, "0") for name in _TELLS[tag]), text])
    # Some save a header without words.
    is_empty = not text and tag.endswith(("Header", "Footer"))
    return "" if is_empty else f"{tag} {text}".strip()


_TELLS: Mapping[str, tuple[str, ...]] = {
    "definedName": ("name", "localSheetId"),
    # What is fixed can't be scrolled to.
    "pane": ("xSplit", "ySplit", "state"),
}
"""By element, attributes that are to be the same."""


def _rows(page: Any, colours: "_Colours") -> list[list[Any]]:
    """The rows of a sheet, without the empty ones at its end."""
    rows: list[list[Any]] = []
    for number, row in enumerate(page.iter_rows(), start=1):
        cells = [_filled(cell, colours) for cell in row]
        if any(cell is not None for cell in cells):
            rows += [[]] * (number - 1 - len(rows)) + [cells]
    return rows


def _filled(cell: Any, colours: "_Colours") -> Any:
    """What a cell holds, with its format where that is one of numbers; an empty text is no cell, as
    a spreadsheet saves it."""
    if cell.value in ("", None):
        return None
    if colours.hide(cell):
        return f"{cell.value} (in the colour of its ground)"
    if isinstance(cell.value, bool):
        # Else true would be 1.
        return f"{cell.value} (true or false)"
    if cell.number_format == "General" or (cell.number_format, type(cell.value)) == ("@", str):
        return cell.value
    return f"{cell.value} ({cell.number_format})"


APART = 48
"""How far apart two colours are at least that a reader can tell, of 255: so are white and a light
grey."""


class _Colours:
    """The colours of a workbook: of its theme, and those that are told by a number."""

    def __init__(self, book: Any) -> None:
        from defusedxml.ElementTree import fromstring

        theme = fromstring(book.loaded_theme) if book.loaded_theme else ()
        told = [
            _OF_SYSTEM.get(each.get("val"), each.get("lastClr" if "}sys" in each.tag else "val"))
            for scheme in (each for part in theme for each in part if "clrScheme" in each.tag)
            for each in (colour[0] for colour in scheme)
        ]
        # Cells tell the light ones first.
        told[:4] = [told[n] for n in (1, 0, 3, 2)] if told else [_WHITE, _BLACK]
        numbered = {"theme": told, "indexed": [*book._colors[:64], _BLACK, _WHITE]}
        self._by = {kind: dict(enumerate(colours)) for kind, colours in numbered.items()}
        self._hidden: dict[tuple[int, int], bool] = {}

    def hide(self, cell: Any) -> bool:
        """Whether the letters of a cell have nearly the colour of its ground."""
        key = id(cell.font), id(cell.fill)
        if key not in self._hidden:
            letters = self._rgb(cell.font.color, _BLACK)
            grounds = [self._rgb(*each) for each in _grounds(cell.fill)]
            self._hidden[key] = any(_distance(letters, ground) < APART for ground in grounds)
        return self._hidden[key]

    def _rgb(self, colour: Any, other: str) -> Sequence[float]:
        """The red, green and blue of a colour; of one that tells nothing those of the other."""
        kind = "auto" if colour is None else colour.type
        value: Any = getattr(colour, kind, other)
        if kind in self._by:
            value = self._by[kind].get(value, other)
        # So openpyxl calls one that is not told.
        told = other if kind == "auto" or value == "00000000" else value[-6:]
        hue, light, saturation = rgb_to_hls(*(part / 255 for part in bytes.fromhex(told)))
        tint = colour.tint if colour is not None else 0
        light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
        return hls_to_rgb(hue, light, saturation)


_BLACK, _WHITE = "000000", "FFFFFF"
_OF_SYSTEM = {"window": _WHITE, "windowText": _BLACK}


def _grounds(fill: Any) -> Sequence[tuple[Any, str]]:
    """The colours that a cell is filled with, each with the one that stands for it where it is not
    told."""
    if hasattr(fill, "stop"):
        return [(each.color, _WHITE) for each in fill.stop]
    pattern = fill.fill_type or "none"
    if pattern == "none":
        return [(None, _WHITE)]
    is_dark = pattern.startswith(("solid", "dark", "medium"))
    return [(fill.fgColor, _BLACK) if is_dark else (fill.bgColor, _WHITE)]


def _distance(one: Sequence[float], other: Sequence[float]) -> float:
    """How far apart an eye sees two colours: most by their green."""
    parts = zip((0.299, 0.587, 0.114), one, other, strict=True)
    return 255 * math.sqrt(sum(weight * (a - b) ** 2 for weight, a, b in parts))


def of_json(data: bytes, fresh: bytes) -> list[str]:
    """The keys under which they hold another thing; inner ones with a dot before them."""
    said, here = (dict(_leaves(json.loads(each))) for each in (data, fresh))
    return [
        f"{short('.'.join(key))}: {short(said.get(key))} stated, {short(here.get(key))} computed"
        for key in {**said, **here}
        if said.get(key) != here.get(key)
    ]


def _leaves(said: Any, key: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(said, dict) and said:
        for name, value in said.items():
            yield from _leaves(value, (*key, name))
    else:
        # As JSON, where 1, 1.0, "1" and true are four things.
        yield key, json.dumps(said, ensure_ascii=False)


DIFFERENCES: Mapping[str, tuple[str, Callable[[bytes, bytes], list[str]]]] = {
    "png": ("the pixels are equal", of_png),
    "csv": ("the cells are equal; line ends, quotes or a byte order mark are not", of_csv),
    "xlsx": (
        "the cells are equal; another program saved the workbook around them",
        of_xlsx,
    ),
    "json": ("blanks or the order of keys differ", of_json),
}
"""By form, what is said of two files that show the same, and in what others differ; files of other
forms show the same where they are it."""
