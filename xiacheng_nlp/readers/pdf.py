"""The text layer of a PDF file, its broken lines joined to paragraphs again."""

import json
import math
import multiprocessing
import re
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from ctypes import c_double
from dataclasses import astuple, dataclass, replace
from importlib import import_module
from itertools import pairwise
from threading import Lock
from typing import Any
from unicodedata import category, east_asian_width, normalize

import pypdfium2
import pypdfium2.raw
import pypdfium2.raw as raw

from xiacheng_nlp.errors import ReportError
from xiacheng_nlp.readers.extraction import COUNT
from xiacheng_nlp.readers.file_types import SECONDS
from xiacheng_nlp.text import Note, readable

PAGES = 2000
"""Pages of the longest file that is read; a report has thirty."""

CHARACTERS = 2_000_000
"""Characters of the longest text that is taken from a file."""

MEMORY = 1 << 30
"""Bytes of memory that the reading of a file may take, where the system can be told."""

FEWEST = 20
"""Characters without which a file is held for a scan: a stamp or a page number alone is no text
layer."""

INDENT = 0.8
"""How far, in heights of its letters, a line is set in where a paragraph begins; two is the custom,
one and a half occurs."""

SHORT = 3
"""How far, in heights of its letters, a line ends before the right margin when it is the last of
its paragraph.

Less than that is left where a number or a bracket would not fit any more. Where paragraphs are not
set in, this alone tells them apart, and half of it is asked."""

LONG = 0.7
"""The share of the width that a line of running text fills at least, one that a title seldom
fills."""

GAP = 1.4
"""How many times the usual distance of lines lies between paragraphs that are set apart."""

# A page number: it takes -3- and 第3页 and 3/30 and 第 3 页 共 30 页, and refuses 3个.
_NUMBER = re.compile(
    r"""[-—–─·•\s]* (?:第\s*)? (\d{1,4}) (?:\s*页)?
        (?: \s* [/／，,共] \s* (?:共\s*)? \d{1,4} \s* 页? )?
        [-—–─·•\s]*""",
    re.VERBOSE,
)
_DRESSED = re.compile(r"[-—–─·•页/／]")
# What a line begins with that opens a paragraph: it takes （一） and 第二章, and refuses 十一届.
_HEADING = re.compile(
    rf"{COUNT}、 | [（(]{COUNT}[）)] | 第{COUNT}[章编部] | [—–-]{{2}} | [•·●▪◆■]", re.VERBOSE
)
# The end of a sentence, as in blocks: it takes 增长。”[3] and refuses 增长，
_ENDS = re.compile(r"[。！？!?；;：:…][”’』」）)》】]*(?:[\[［〔]\d+[\]］〕])*$")
_WIDE = "[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’…—、。《》]"
_TYPESET = re.compile(f"(?<={_WIDE})[ \xa0]+(?=\\S)|(?<=\\S)[ \xa0]+(?={_WIDE})")
_RADICAL = re.compile("[\u2f00-\u2fd5]")
_LATIN = re.compile("[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: where it begins, in points from the left and from the bottom, and how high
    its letters are."""

    text: str
    page: int
    x: float
    y: float
    size: float

    @property
    def right(self) -> float:
        """About where it ends: a Han character is as wide as it is high, a Latin letter or a digit
        half as wide."""
        return self.x + self.size * sum(_WIDTHS.get(east_asian_width(c), 0.52) for c in self.text)


_WIDTHS = {"W": 1.0, "F": 1.0, "A": 0.8}


def read(data: bytes, name: str) -> tuple[str, str, list[Note]]:
    """The text of a PDF file, a paragraph a line, and notes on what was left out or mended.

    Raises `ReportError` where the file is broken, locked, a scan without a text layer, or longer
    than `PAGES` and `CHARACTERS`.
    """
    lines, empty, count = _lines(data, name)
    if not count:
        raise ReportError(f"{name}: a PDF file without pages")
    lines, notes = _without_margins(lines, count)
    text = "".join(line.text for line in lines)
    if len("".join(text.split())) < FEWEST:
        raise ReportError(
            f"{name}: a PDF file without a text layer, a scan it seems;"
            " have its text recognised (OCR) and save that as .txt"
        )
    unread = sum(c == "\ufffd" or category(c) in ("Co", "Cc") for c in text)
    if unread * 10 > len(text):
        raise ReportError(
            f"{name}: the fonts of this PDF file do not tell which characters they show;"
            " recognise its text anew (OCR)"
        )
    foreign = [c for c in text if c > "\u02ff" and category(c)[0] == "L"]
    if sum(c >= "\u2e80" for c in foreign) * 2 < len(foreign):
        raise ReportError(
            f"{name}: the text layer of this PDF file is no Chinese, whatever its pages show;"
            " have its text recognised (OCR) and save that as .txt"
        )
    if empty:
        notes.append(f"pages without text (pictures?): {', '.join(map(str, empty[:20]))}")
    if unread:
        notes.append(f"{unread} characters whose font does not tell what they are")
    text, more = join(in_columns(lines))
    return text, "binary", [*(Note(note, 0, 0) for note in notes), *more]


def _lines(data: bytes, name: str) -> tuple[list[Line], list[int], int]:
    """All lines, the numbers of the pages without text, and the number of pages.

    They are read in a process of its own, unless this is one (a worker of `corpus`): PDFium can't
    be stopped within a page, and ends its process where memory is short.
    """
    if multiprocessing.parent_process() is not None or not sys.executable:
        return _lines_here(data, name, SECONDS)
    # What stands in the current folder is not imported.
    path = json.dumps([str(place) for place in sys.path if place])
    code = "import json, sys; sys.path = json.loads(sys.argv[1])\n"
    code += f"from {__name__} import answer; answer()"
    command = [sys.executable, "-P", "-c", code, path, readable(name), str(SECONDS), str(MEMORY)]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=SECONDS + 10, check=False
        )
    except subprocess.TimeoutExpired:
        raise ReportError(_too_long(name, SECONDS)) from None
    if done.returncode:
        raise ReportError(
            f"{name}: a PDF file whose reading takes more than {MEMORY >> 20:,} MB of memory, or"
            " breaks down; print it to PDF anew, or save its text"
        )
    said = json.loads(done.stdout)
    if isinstance(said, str):
        raise ReportError(said)
    lines, empty, count = said
    return [Line(*line) for line in lines], empty, count


def answer() -> None:
    """What the process does: the lines of the PDF file on standard input, or what is wrong with it,
    go to standard output as JSON."""
    name, seconds, memory = sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
    with suppress(ImportError):
        # Windows has no such limit.
        resource = import_module("resource")
        most = min(
            limit for limit in (memory, *resource.getrlimit(resource.RLIMIT_DATA)) if limit > 0
        )
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    try:
        lines, *rest = _lines_here(sys.stdin.buffer.read(), name, seconds)
        said: object = [[astuple(line) for line in lines], *rest]
    except ReportError as error:
        said = str(error)
    print(json.dumps(said))


def _too_long(name: str, seconds: float) -> str:
    return (
        f"{name}: takes more than {seconds:.0f} seconds to read; print it to PDF anew, or save its"
        " text"
    )


def _lines_here(data: bytes, name: str, seconds: float) -> tuple[list[Line], list[int], int]:
    try:
        with _ONE_AT_A_TIME, closing(pypdfium2.PdfDocument(data)) as document:
            return _read_pages(document, name, seconds)
    except ReportError:
        raise
    except MemoryError:
        what = "a PDF file that unpacks to more than the memory holds"
    except Exception as error:
        said = str(error)[:80].rstrip(".") or type(error).__name__
        what = f"a broken PDF file ({said}); fetch it again, or save it anew"
        if "password" in said:
            what = "locked with a password; open it and save it without one"
        elif "security" in said:
            what = "protected; open it and save it without protection (print it to PDF)"
        if _is_empty(data):
            # Of such a file PDFium tells the error of the file before.
            what = "a PDF file without pages"
    raise ReportError(f"{name}: {what}")


def _is_empty(data: bytes) -> bool:
    """Whether PDFium opens the file and finds no page in it."""
    with _ONE_AT_A_TIME:
        document = raw.FPDF_LoadMemDocument64(data, len(data), None)
        if not document:
            return False
        count = raw.FPDF_GetPageCount(document)
        raw.FPDF_CloseDocument(document)
    return bool(count == 0)


_ONE_AT_A_TIME = Lock()
"""PDFium reads one file at a time, whatever threads there are."""


def _read_pages(document: Any, name: str, seconds: float) -> tuple[list[Line], list[int], int]:
    count = len(document)
    if count > PAGES:
        raise ReportError(f"{name}: {count:,} pages; at most {PAGES:,} are read")
    lines: list[Line] = []
    empty: list[int] = []
    size = 0
    until = time.monotonic() + seconds
    for number in range(count):
        with closing(document[number]) as page, closing(page.get_textpage()) as text:
            size += text.count_chars()
            if size > CHARACTERS:
                raise ReportError(
                    f"{name}: more than {CHARACTERS:,} characters; no report is so long"
                )
            found = list(_page_lines(text, number))
        lines += found
        empty += [] if found else [number + 1]
        if time.monotonic() > until:
            raise ReportError(_too_long(name, seconds))
    return lines, empty, count


def _page_lines(page: Any, number: int) -> Iterator[Line]:
    pieces: list[str] = []
    # Blanks may be how the first line is set in, and so they count for where it begins, but for
    # those that PDFium put in.
    place: tuple[float, float, float] | None = None
    for index in range(page.count_chars()):
        character = chr(raw.FPDFText_GetUnicode(page, index) or 0xFFFD)
        if character in "\r\n":
            yield from _line(pieces, number, place)
            pieces, place = [], None
        elif place is not None or not raw.FPDFText_IsGenerated(page, index):
            place = place or _place(page, index)
            # What PDFium has for a hyphen at the end of a line.
            pieces.append("-" if character in "\x02\ufffe" else character)
    yield from _line(pieces, number, place)


def _line(
    pieces: list[str], number: int, place: tuple[float, float, float] | None
) -> Iterator[Line]:
    # PDFium tells the halves of a surrogate pair one after the other.
    halves = "".join(pieces).rstrip().encode("utf-16-le", "surrogatepass")
    text = halves.decode("utf-16-le", "replace")
    if text and place:
        yield Line(text, number, *place)


def _place(page: Any, index: int) -> tuple[float, float, float]:
    """Where a character stands, from the left and from the bottom, and how high it is."""
    x, y, matrix = c_double(), c_double(), raw.FS_MATRIX()
    raw.FPDFText_GetCharOrigin(page, index, x, y)
    raw.FPDFText_GetMatrix(page, index, matrix)
    height = raw.FPDFText_GetFontSize(page, index) * math.hypot(matrix.c, matrix.d)
    return x.value, y.value, abs(height) or 1.0


def _without_margins(lines: list[Line], pages: int) -> tuple[list[Line], list[str]]:
    """The lines without page numbers and running heads, and what was dropped."""
    edges = _edges(lines)
    numbers = _page_numbers(edges, pages)
    others = [line for line in edges if line not in numbers]
    # Of one text on one page a single line counts.
    heads = Counter(head for _, head in {(line.page, _head(line)) for line in others})
    often = max(3, pages // 2 + 1)
    running = dict.fromkeys(line for line in others if heads[_head(line)] >= often)
    notes = []
    if numbers:
        first = min(numbers, key=lambda line: line.page).text.strip()
        notes.append(f"left out: {len(numbers)} page numbers, such as {first}")
    if running:
        texts = [line.text.strip() for line in sorted(running, key=lambda line: line.page)]
        said = " | ".join(dict.fromkeys(texts))[:80]
        notes.append(f"left out: {len(running)} lines at the head or foot of pages: {said}")
    dropped = {*numbers, *running}
    return [line for line in lines if line not in dropped], notes


def _page_numbers(edges: Sequence[Line], pages: int) -> set[Line]:
    """The lines that hold a number alone which counts with the pages: on most of them, or dressed
    as a page number (-3-)."""
    shifts: dict[Line, int] = {}
    for line in edges:
        match = _NUMBER.fullmatch(line.text.strip())
        if match:
            shifts[line] = int(match[1]) - line.page
    common = Counter(shifts.values()).most_common(1)
    return {
        line
        for line, shift in shifts.items()
        if shift == common[0][0]
        and ((common[0][1] * 2 > pages and pages > 1) or _DRESSED.search(line.text))
    }


def _head(line: Line) -> str:
    return re.sub(r"\d+", "#", "".join(line.text.split()))


def _edges(lines: Sequence[Line]) -> list[Line]:
    """The two highest and the two lowest lines of each page."""
    by_page: dict[int, list[Line]] = {}
    for line in lines:
        by_page.setdefault(line.page, []).append(line)
    found: list[Line] = []
    for page in by_page.values():
        ordered = sorted(page, key=lambda line: line.y)
        found += dict.fromkeys(ordered[:2] + ordered[2:][-2:])
    return found


def in_columns(lines: Sequence[Line]) -> list[Line]:
    """The lines, those of a second column as if it stood below the first, at the margin of that.

    There are two columns where a good share of the text begins right of all that begins at the left
    margin, but for headings over both.

    >>> left, right = "完成投资1亿元，同比增长", "8.1%；全区经济平稳增长。"  # "invested; grew"
    >>> rows = [Line(t, 0, x, y, 16) for y in (700, 680) for x, t in ((80, left), (300, right))]
    >>> [line.text == left for line in in_columns(rows)]
    [True, True, False, False]
    """
    weights: Counter[int] = Counter()
    for line in lines:
        weights[round(line.x)] += len(line.text)
    left = _left(weights) if weights else 0
    heavy = [x for x, weight in weights.items() if weight * 5 >= weights.total()]
    second = max(heavy, default=left)
    widths = [line.right - line.x for line in lines if round(line.x) == second]
    if not widths or second - left < 0.8 * statistics.median(widths):
        return list(lines)
    border = second - INDENT * statistics.median(line.size for line in lines)
    over = [line for line in lines if line.x < border and line.right > second]
    if len(over) * 10 > len(lines):
        return list(lines)
    placed = [
        replace(line, page=2 * line.page + (line.x >= border), x=line.x - (second - left))
        if line.x >= border
        else replace(line, page=2 * line.page)
        for line in lines
    ]
    return sorted(placed, key=lambda line: line.page)


def join(lines: Sequence[Line]) -> tuple[str, list[Note]]:
    """The paragraphs of the lines, each on a line of its own, and notes on what was mended.

    A line begins a paragraph where it is set in (if the file sets paragraphs in), stands apart, is
    of another size, or follows a line that ends before the right margin; so does a numbered heading
    behind a full stop. Lines of Chinese join without a blank, Latin letters with one; digits join,
    since a number may break there, and each such place is noted.

    >>> first, below = "　　完成投资152.84亿元，同比增长25.56%", "；全区经济平稳增长。"
    >>> join([Line(first, 0, 80, 700, 16), Line(below, 0, 80, 670, 16)])[0]  # "... invested; ..."
    '完成投资152.84亿元，同比增长25.56%；全区经济平稳增长。'
    """
    if not lines:
        return "", []
    layout = _Layout(lines)
    paragraphs: list[list[Line]] = []
    for k, line in enumerate(lines):
        if k and layout.goes_on(lines[k - 1], line):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    said: list[str] = []
    notes: list[Note] = []
    place = blanks = radicals = 0
    for paragraph in paragraphs:
        text, broken = _joined(paragraph)
        tight = _TYPESET.sub("", text) if len(paragraph) > 1 or _ENDS.search(text) else text
        blanks += len(text) - len(tight)
        tight, replaced = _RADICAL.subn(lambda found: normalize("NFKC", found[0]), tight)
        radicals += replaced
        for number in broken:
            what = f"a number was broken over two lines and joined: {number}"
            notes.append(Note(what, place, place + len(tight)))
        said.append(tight)
        place += len(tight) + 1
    for count, what in (
        (blanks, "blanks that the typesetting put between characters of sentences were taken out"),
        (
            radicals,
            "signs of radicals (U+2F00 to U+2FD5) were read as the characters that they look like",
        ),
    ):
        if count:
            notes.append(Note(f"{count} {what}", 0, 0))
    return "\n".join(said), notes


class _Layout:
    """How the file is set: its left and right margin, the distance of its lines, and whether
    paragraphs are set in."""

    def __init__(self, lines: Sequence[Line]) -> None:
        weights: Counter[int] = Counter()
        for line in lines:
            weights[round(line.x)] += len(line.text)
        self.left = _left(weights)
        # Of the lines that begin at the margin most are full.
        self.sets_in = True
        rights = sorted(line.right for line in lines if len(line.text) > 8) or [
            line.right for line in lines
        ]
        self.right = rights[min(len(rights) - 1, len(rights) * 9 // 10)]
        gaps = [a.y - b.y for a, b in pairwise(lines) if a.page == b.page and a.y > b.y]
        self.gap = statistics.median_low(gaps) if gaps else math.inf
        starts = [b for a, b in pairwise(lines) if _ENDS.search(a.text) and not self.is_full(a)]
        self.sets_in = (
            sum(map(self.is_set_in, starts)) * 2 > len(starts)
            if starts
            else any(map(self.is_set_in, lines))
        )

    def is_set_in(self, line: Line) -> bool:
        return line.text[0].isspace() or line.x > self.left + INDENT * line.size

    def is_full(self, line: Line) -> bool:
        return line.right > self.right - (SHORT if self.sets_in else SHORT / 2) * line.size

    def goes_on(self, above: Line, line: Line) -> bool:
        """Whether the line belongs to the paragraph of the line above."""
        if abs(above.size - line.size) > 0.1 * line.size:
            return False
        if above.page == line.page and above.y - line.y > GAP * self.gap:
            return False
        if self.sets_in and self.is_set_in(line):
            return False
        if not _ENDS.search(above.text):
            # A sentence that is not at its end goes on, unless the line is so short that it is a
            # title.
            return above.right > self.left + LONG * (self.right - self.left)
        return self.is_full(above) and not _HEADING.match(line.text.strip())


def _left(weights: Counter[int]) -> int:
    """The left margin: the leftmost place where a good share of the text begins."""
    total = weights.total()
    return min((x for x, weight in weights.items() if weight * 10 >= total), default=min(weights))


def _joined(paragraph: Sequence[Line]) -> tuple[str, list[str]]:
    text = paragraph[0].text.strip()
    broken: list[str] = []
    for line in paragraph[1:]:
        below = line.text.strip()
        above = text.rstrip()
        if above[-1:].isdigit() and below[:1].isdigit():
            before, after = re.search(r"[\d.]+$", above), re.match(r"[\d.]+", below)
            broken.append(f"{before[0] if before else ''}|{after[0] if after else ''}")
        elif _LATIN.match(above[-1:]) and _LATIN.match(below[:1]):
            above += " "
        text = above + below
    return text, broken
