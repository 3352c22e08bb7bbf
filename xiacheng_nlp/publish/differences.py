"""In what two files of one form differ: pixels, lines, cells, keys; nothing where they show the
same."""

import csv
import io
import json
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from xiacheng_nlp.errors import ProvenanceError

SHOWN = 5
"""Cells that differ of which each is told; of further ones the count is."""

MAX_UNPACKED = 256 * 1024 * 1024
"""Bytes of a workbook when it is unpacked: numbers.xlsx of a long report has some MB."""

MAX_CELLS = 10_000_000
"""Cells of a workbook, the empty ones before others among them."""


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
    return of_rows(stated, here)


_Rows = Sequence[Sequence[Any]]


def of_rows(stated: _Rows, here: _Rows) -> list[str]:
    """The columns, which the first row names, the number of rows, the cells that differ."""
    wrong = []
    names = here[0] if here else []
    if stated[:1] != here[:1]:
        columns = ", ".join(stated[0]) if stated else "none"
        wrong.append(f"columns: {columns} stated, {', '.join(names) or 'none'} computed")
    if len(stated) != len(here):
        rows, computed = (max(0, len(each) - 1) for each in (stated, here))
        wrong.append(f"rows: {rows} stated, {computed} computed")
    if _are_sorted(stated[1:], here[1:]):
        return [*wrong, "the rows stand in another order than computed"]
    cells = [
        f"row {row}, column {names[place] if place < len(names) else f'number {place + 1}'}: {said}"
        for row, place, said in _cells(stated[1:], here[1:])
    ]
    return [*wrong, *_first(cells)]


def _are_sorted(stated: _Rows, here: _Rows) -> bool:
    """Whether the same rows stand in another order, as a reader sorts them in a spreadsheet."""
    return stated != here and sorted(map(repr, stated)) == sorted(map(repr, here))


def _cells(stated: _Rows, here: _Rows) -> Iterator[tuple[int, int, str]]:
    """The row, the place in it and the words for each cell that differs, in the rows of both."""
    for number, (a, b) in enumerate(zip(stated, here, strict=False), start=1):
        for place, (found, computed) in enumerate(zip_longest(a, b)):
            if found != computed:
                yield number, place, _both(found, computed)


def _both(found: Any, computed: Any) -> str:
    told = ["nothing" if cell is None else short(cell) for cell in (found, computed)]
    if told[0] == told[1]:
        # They differ in their kind, in blanks or further on.
        pairs = enumerate(zip_longest(str(found), str(computed)))
        first = next((place for place, (a, b) in pairs if a != b), 0)
        told = [_piece(cell, max(0, first - 20)) for cell in (found, computed)]
    return f"{told[0]} stated, {told[1]} computed"


def _piece(cell: Any, begin: int) -> str:
    return "nothing" if cell is None else repr(cell[begin:][:40] if isinstance(cell, str) else cell)


def _first(cells: list[str]) -> list[str]:
    more = len(cells) - SHOWN
    return cells[:SHOWN] + [f"and {more:,} more cells"] * (more > 0)


def of_xlsx(data: bytes, fresh: bytes) -> list[str]:
    """What differs between the parts of two workbooks: sheets, and by sheet and cell what a cell
    holds, or that it looks otherwise than the cells that share its look in the workbook computed;
    where no cell does, the parts. Nothing where another program wrote every sheet anew, and all
    that stands beside the cells is what such a program writes of itself.

    Raises `ProvenanceError` where there is more beside them: it can't be compared.
    """
    from openpyxl.utils import get_column_letter

    computed = _parts(fresh, MAX_UNPACKED)
    parts = _parts(data, 1_000_000 + 10 * sum(len(part) for _, part in computed))
    if parts == computed:
        return []
    (stated, looks), (here, looks_here) = _sheets(data), _sheets(fresh)
    if list(stated) != list(here):
        return [f"sheets: {short(', '.join(stated))} stated, {', '.join(here)} computed"]
    found, cells = _told_of_rows(stated, here)
    cells += [(*at, "looks otherwise than the cells like it") for at in _odd(looks, looks_here)]
    found += _first(
        [
            f"sheet {sheet}, cell {get_column_letter(place + 1)}{row}: {said}"
            for sheet, row, place, said in cells
        ]
    )
    titles = {f"xl/worksheets/sheet{n}.xml": f"sheet {title}" for n, title in enumerate(here, 1)}
    changed = {titles.get(name, name) for name, _ in (parts - computed) + (computed - parts)}
    if not found and changed.issuperset(titles.values()):
        _refuse_more(part for part in parts.elements() if part[0] != _AROUND)
        return []
    return found or [
        f"its cells are equal, these parts are not: {short(', '.join(sorted(changed)))}"
    ]


def _told_of_rows(
    stated: Mapping[str, _Rows], here: Mapping[str, _Rows]
) -> tuple[list[str], list[tuple[str, int, int, str]]]:
    """What is said of whole sheets, and the cells that differ: sheet, row, place and words."""
    found, cells = [], []
    for sheet, rows in here.items():
        if _are_sorted(stated[sheet], rows):
            found.append(f"sheet {sheet}: its rows stand in another order than computed")
            continue
        if len(stated[sheet]) != len(rows):
            found.append(f"sheet {sheet}: {len(stated[sheet])} rows stated, {len(rows)} computed")
        cells += [(sheet, *told) for told in _cells(stated[sheet], rows)]
    return found, cells


def _refuse_more(parts: Iterable[tuple[str, bytes]]) -> None:
    """Raises `ProvenanceError` where a workbook that another program saved holds more than its
    cells and what such a program writes of itself."""
    from defusedxml.common import DefusedXmlException

    from xiacheng_nlp.publish.saved_workbooks import told_beside

    try:
        more = told_beside(parts)
    except (DefusedXmlException, SyntaxError, ValueError, LookupError) as error:
        more = [str(error)]
    if more:
        further = f" and {len(more) - SHOWN:,} more" * (len(more) > SHOWN)
        raise ProvenanceError(
            "its cells hold what the report gives, but another program wrote the workbook anew, "
            "with more beside them that can't be compared (what is hidden, looks otherwise, or was "
            f"added): {', '.join(map(short, more[:SHOWN]))}{further}"
        )


_AROUND = "bytes around the parts"


def _parts(data: bytes, most: int) -> Counter[tuple[str, bytes]]:
    """The parts of a workbook, of `most` bytes in all, and how many bytes stand around them."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            listed = packed.infolist()
            if sum(part.file_size for part in listed) > most:
                raise ProvenanceError("a workbook that is too large to be one of this package")
            parts = Counter((part.filename, packed.read(part)) for part in listed)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise ProvenanceError(f"a workbook that can't be read: {short(error)}") from None
    # Each part has a header before it and an entry at the end, which has 22 bytes itself.
    size = sum(76 + 2 * len(part.orig_filename.encode()) + part.compress_size for part in listed)
    parts[_AROUND, b"%d" % (len(data) - size - 22)] += 1
    return parts


_Looks = Mapping[tuple[str, int, int], tuple[Any, ...]]
"""By sheet, row and place, which font, ground, border and alignment a cell has, and its format."""


def _sheets(data: bytes) -> tuple[dict[str, list[list[Any]]], _Looks]:
    """What the cells of each sheet hold, as openpyxl reads them, and how they look."""
    import openpyxl

    sheets, looks, size = {}, {}, 0
    try:
        # What it warns of is no matter of cells.
        with warnings.catch_warnings(action="ignore"):
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
            for page in book:
                # What a sheet says of its size may leave out cells that are shown.
                page.reset_dimensions()
                sheets[page.title] = rows = list[list[Any]]()
                for number, row in enumerate(page.iter_rows()):
                    # A cell far to the right has all before it made, in each row.
                    size += len(row)
                    if size > MAX_CELLS:
                        raise OverflowError(f"more than {MAX_CELLS:,} cells")
                    # An empty text is no cell, as a spreadsheet saves it.
                    filled = [cell if cell.value not in ("", None) else None for cell in row]
                    if any(filled):
                        rows += [[]] * (number - len(rows)) + [list(map(_content, filled))]
                    for place, cell in enumerate(filled):
                        if cell:
                            looks[page.title, number + 1, place] = _look(cell)
    except Exception as error:
        # A damaged workbook raises whatever its damage leads to.
        raise ProvenanceError(f"a workbook that can't be read: {short(error)}") from None
    return sheets, looks


_TYPES = {"b": "true or false", "d": "a date", "e": "an error", "f": "a formula"}


def _content(cell: Any) -> Any:
    """What a cell holds: else true would be 1, and a formula its own text."""
    value = cell and cell.value
    if isinstance(value, float):
        # Programs keep the digits that they show, fifteen.
        return float(f"{value:.15g}")
    if cell is None or cell.data_type not in _TYPES:
        return value
    return f"{cell.value} ({_TYPES[cell.data_type]})"


def _look(cell: Any) -> tuple[Any, ...]:
    style = cell.style_array
    return style.fontId, style.fillId, style.borderId, style.alignmentId, cell.number_format


def _odd(stated: _Looks, here: _Looks) -> Iterator[tuple[str, int, int]]:
    """The cells whose number has another format, and those that do not look as most of those do
    that look alike in the workbook computed: another program may say each look in its own way."""
    pairs = Counter((here[at], stated[at]) for at in here if at in stated)
    usual = {look: told for (look, told), _ in reversed(pairs.most_common())}
    for at in here:
        told = stated.get(at)
        if told and (told != usual[here[at]] or told[-1] != here[at][-1]):
            yield at


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
        "its sheets hold the same values in the same order; another program saved it",
        of_xlsx,
    ),
    "json": ("blanks or the order of keys differ", of_json),
}
"""By form, what is said of two files that show the same, and in what others differ; files of other
forms show the same where they are it."""
