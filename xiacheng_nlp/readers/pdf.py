"""The text layer of a PDF file, its broken lines joined to paragraphs again."""

import json
import math
import multiprocessing
import re
import statistics
import subprocess
import sys
import time
from bisect import bisect, bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from ctypes import c_double
from dataclasses import astuple, replace
from itertools import groupby, pairwise, takewhile
from threading import Lock
from typing import Any
from unicodedata import category, normalize

import pypdfium2
import pypdfium2.raw as raw

from xiacheng_nlp.errors import ReportError
from xiacheng_nlp.readers.file_types import SECONDS, limit_memory
from xiacheng_nlp.readers.typesetting import ENDS, INDENT, Line, Lines, paragraphs, width
from xiacheng_nlp.text import Note

PAGES = 2000
"""Pages of the longest file that is read; a report has thirty."""

CHARACTERS = 2_000_000
"""Characters of the longest text that is taken from a file."""

MEMORY = 1 << 30
"""Bytes of memory that the reading of a file may take, where the system can be told."""

FEWEST = 20
"""Characters without which a file is held for a scan: a stamp or a page number alone is no text
layer."""

COLUMN_GAP = 0.8
"""How far apart, in heights of their letters, two stretches of a line are that may belong to two
columns."""

WORD_GAP = 0.3
"""How far apart, in heights of their letters, words are where no blank stands between them."""

RAISED = 0.2
"""How far above its line, in heights of the letters of that, the mark of a note stands."""

FEWEST_LINES, NARROWEST = 3, 8
"""Lines of a column of text at least, and how wide half of them are, in heights of their letters;
the cells of a table are narrower."""

TWICE = 0.1
"""How far apart, in heights of the letter, one is drawn twice to look bold or to throw a shadow."""
SQUARE = 2
"""Points of the side of the squares that a page is divided into, to see what stands together."""
_AROUND = [complex(x, y) for x in (0, -1, 1) for y in (0, -1, 1)]

SHORTEST = 4
"""Characters of a watermark at least; cells of tables are shorter, and may be the same on pages."""

ASKEW = 0.2
"""How far the direction of a line, of length 1, is from that of most of the text of its page that
stands askew; pages that were laid into the scanner askew differ by less."""

SMALL = 0.92
"""The size of notes at the foot of a page at most, as a share of that of the text."""

# A page number: it takes -3- and 第3页 and 3/30 and 第 3 页 共 30 页, and refuses 3个.
_NUMBER = re.compile(
    r"""[-—–─·•\s]* (?:第\s*)? (\d{1,4}) (?:\s*页)?
        (?: \s* [/／，,共] \s* (?:共\s*)? \d{1,4} \s* 页? )?
        [-—–─·•\s]*""",
    re.VERBOSE,
)
# The mark that a note at the foot of a page begins with: it takes [3] and ③ and 3, and refuses 3.
_MARK = re.compile(r"[\[［〔]?\d{1,3}(?![\d.．、])|[①-⑳]")
_WIDE = "[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’…—、。《》]"
_TYPESET = re.compile(f"(?<={_WIDE})[ \xa0]+(?=\\S)|(?<=\\S)[ \xa0]+(?={_WIDE})")
_RADICAL = re.compile("[\u2f00-\u2fd5]")
_LATIN = re.compile("[A-Za-z]")
# What may be a head on every other page: it takes 甲县政府公报 and refuses 增长8%。
_WORDS = re.compile(r".*[^\W\d_].*(?<![。，；])", re.DOTALL)
_DIGITS = re.compile(r"(?<![A-Za-z\d\[［〔])\d+")


def read(data: bytes) -> tuple[str, str, list[Note]]:
    """The text of a PDF file, a paragraph a line, and notes on what was left out or mended.

    Raises `ReportError` where the file is broken, locked, a scan without a text layer, or longer
    than `PAGES` and `CHARACTERS`.
    """
    lines, said, count = _lines(data)
    if not count:
        raise ReportError("a PDF file without pages")
    lines, notes = _without_margins(lines, count)
    lines, below = notes_last(in_columns(lines))
    text = "".join(line.text for line in lines)
    if len("".join(text.split())) < FEWEST:
        raise ReportError(
            "a PDF file without a text layer, a scan it seems;"
            " have its text recognised (OCR) and save that as .txt"
        )
    unread = sum(c == "\ufffd" or category(c) in ("Co", "Cc") for c in text)
    if unread * 10 > len(text):
        raise ReportError(
            "the fonts of this PDF file do not tell which characters they show;"
            " recognise its text anew (OCR)"
        )
    foreign = [c for c in text if c > "\u02ff" and category(c)[0] == "L"]
    if sum(c >= "\u2e80" for c in foreign) * 2 < len(foreign):
        raise ReportError(
            "the text layer of this PDF file is no Chinese, whatever its pages show;"
            " have its text recognised (OCR) and save that as .txt"
        )
    notes += said
    if unread:
        notes.append(f"{unread} characters whose font does not tell what they are")
    if below:
        notes.append(f"{below} lines of notes at the foot of pages stand behind the text")
    text, more = join(lines)
    return text, "binary", [*(Note(note, 0, 0) for note in notes), *more]


_Read = tuple[Lines, list[str], int]
"""All lines of a file, what is to be said of its pages, and how many these are."""


def _lines(data: bytes) -> _Read:
    """What is read of the file.

    They are read in a process of its own, unless this is one (a worker of `corpus`): PDFium can't
    be stopped within a page, and ends its process where memory is short.
    """
    if multiprocessing.parent_process() is not None or not sys.executable:
        return _lines_here(data, SECONDS)
    # What stands in the current folder is not imported.
    paths = [str(place) for place in sys.path if place]
    code = f"import sys; sys.path = {paths!r}\n"
    code += f"from {__name__} import answer; answer({SECONDS}, {MEMORY})"
    command = [sys.executable, "-P", "-c", code]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=SECONDS + 10, check=False
        )
    except subprocess.TimeoutExpired:
        raise ReportError(_too_long(SECONDS)) from None
    except OSError:
        # Not every system starts a process: a browser does not.
        return _lines_here(data, SECONDS)
    if done.returncode:
        raise ReportError(
            f"a PDF file whose reading takes more than {MEMORY >> 20:,} MB of memory, or"
            " breaks down; print it to PDF anew, or save its text"
        )
    said = json.loads(done.stdout)
    if isinstance(said, str):
        raise ReportError(said)
    lines, notes, count = said
    return [Line(*line) for line in lines], notes, count


def answer(seconds: float, memory: int) -> None:
    """What the process does: the lines of the PDF file on standard input, or what is wrong with it,
    go to standard output as JSON."""
    limit_memory(memory)
    try:
        lines, *rest = _lines_here(sys.stdin.buffer.read(), seconds)
        said: object = [[astuple(line) for line in lines], *rest]
    except ReportError as error:
        said = str(error)
    print(json.dumps(said))


def _too_long(seconds: float) -> str:
    return f"takes more than {seconds:.0f} seconds to read; print it to PDF anew, or save its text"


def _lines_here(data: bytes, seconds: float) -> _Read:
    try:
        with _ONE_AT_A_TIME:
            # Of a file without pages PDFium tells the error of the file before.
            raw.FPDF_LoadMemDocument64(b"", 0, None)
            with closing(pypdfium2.PdfDocument(data)) as document:
                return _read_pages(document, seconds)
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
    raise ReportError(what)


_ONE_AT_A_TIME = Lock()
"""PDFium reads one file at a time, whatever threads there are."""


def _read_pages(document: Any, seconds: float) -> _Read:
    count = len(document)
    if count > PAGES:
        raise ReportError(f"{count:,} pages; at most {PAGES:,} are read")
    lines: Lines = []
    empty: list[int] = []
    unseen: Counter[str] = Counter()
    size = 0
    until = time.monotonic() + seconds
    for number in range(count):
        with closing(document[number]) as page, closing(page.get_textpage()) as text:
            size += text.count_chars()
            if size > CHARACTERS:
                raise ReportError(f"more than {CHARACTERS:,} characters; no report is so long")
            seen = _seen(list(_page_lines(text, number)), page.get_bbox(), unseen)
            found = _joined(seen, COLUMN_GAP)
        lines += found
        empty += [] if found else [number + 1]
        if time.monotonic() > until:
            raise ReportError(_too_long(seconds))
    notes = [f"left out: {many} {what}" for what, many in unseen.items() if many]
    if empty:
        notes.append(f"pages without text (pictures?): {', '.join(map(str, empty[:20]))}")
    return lines, notes, count


def _seen(
    found: Sequence[tuple[complex, Line]],
    box: tuple[float, float, float, float],
    unseen: Counter[str],
) -> Lines:
    """Of lines with their directions those that stand on the page, upright or along most of its
    text; of the others `unseen` takes how many they are. Much that stands outside is not left out:
    the page may be larger than it says."""
    left, bottom, right, top = box
    weights: Counter[complex] = Counter()
    beyond = set()
    for turn, line in found:
        weights[complex(round(turn.real, 1), round(turn.imag, 1))] += len(line.text)
        place = complex(line.x, line.y) * turn
        if not (left <= place.real <= right and bottom <= place.imag <= top):
            beyond.add(line)
    if 10 * sum(len(line.text) for line in beyond) > weights.total():
        beyond = set()
    # Over a table that stands on its side its name may stand upright.
    along = (1, *(turn for turn, _ in weights.most_common(1)))
    askew = {line for turn, line in found if min(abs(turn - each) for each in along) > ASKEW}
    unseen["stretches of text outside their page"] += len(beyond)
    unseen["stretches of text askew on their page (a watermark?)"] += len(askew - beyond)
    return [line for _, line in found if line not in beyond | askew]


def _page_lines(page: Any, number: int) -> Iterator[tuple[complex, Line]]:
    """The text in stretches with their directions, as the file has them: one ends where PDFium ends
    a line, or finds a gap."""
    said: list[str] = []
    places: list[int] = []
    gap = ""
    drawn: defaultdict[str, dict[complex, int]] = defaultdict(dict)
    for index in range(page.count_chars()):
        character = chr(raw.FPDFText_GetUnicode(page, index) or 0xFFFD)
        # Blanks may be how the first line is set in, and so they count for where it begins, but for
        # those that PDFium put in.
        if character.isspace() and (character in "\r\n" or raw.FPDFText_IsGenerated(page, index)):
            gap = character
            continue
        if not character.isspace() and _is_drawn_again(page, index, drawn[character]):
            continue
        if gap and said:
            if gap != " " or _are_apart(page, places[-1], index):
                yield from _stretch(page, number, "".join(said), places)
                said, places = [], []
            else:
                said.append(gap)
                places.append(index)
        # What PDFium has for a hyphen at the end of a line.
        said.append("-" if character in "\x02\ufffe" else character)
        places.append(index)
        gap = ""
    yield from _stretch(page, number, "".join(said), places)


def _is_drawn_again(page: Any, index: int, drawn: dict[complex, int]) -> bool:
    """Whether a character stands where the same one has been drawn, and else notes the square that
    it stands in."""
    place = _place(page, index)
    here = complex(place.real // SQUARE, place.imag // SQUARE)
    near = [drawn[square] for step in _AROUND if (square := here + step) in drawn]
    # Their size is asked for last: that takes longer than all else.
    most = TWICE * _size(page, index)[0] if near else 0
    is_again = any(abs(_place(page, each) - place) <= most for each in near)
    if not is_again:
        drawn[here] = index
    return is_again


def _are_apart(page: Any, index: int, following: int) -> bool:
    size, turn = _size(page, index)
    step = (_place(page, following) - _place(page, index)) / turn
    return abs(step.imag) > size / 2 or not 0 < step.real < (1 + COLUMN_GAP) * size


def _stretch(
    page: Any, number: int, text: str, places: Sequence[int]
) -> Iterator[tuple[complex, Line]]:
    """The characters as lines: PDFium overlooks gaps, and so a text that is wider or narrower than
    its characters is parted where they do not stand side by side."""
    text = text.rstrip()
    if not text:
        return
    size, turn = _size(page, places[0])
    last = len(text) - 1
    step = (_place(page, places[last]) - _place(page, places[0])) / turn
    cuts: list[int] = []
    if abs(step - size * width(text[:last])) > size / 2:
        cuts = [n for n in range(1, last + 1) if _are_apart(page, places[n - 1], places[n])]
    for start, end in pairwise([0, *cuts, last + 1]):
        if not text[start:end].isspace():
            yield turn, _line(page, number, text[start:end], places[start:end])


def _line(page: Any, number: int, text: str, places: Sequence[int]) -> Line:
    """The characters as a line; a raised number among them is the mark of a note ([3])."""
    size, turn = _size(page, places[0])
    first, last = (_place(page, places[n]) / turn for n in (0, -1))

    def is_raised(n: int) -> bool:
        return (_place(page, places[n]) / turn).imag - first.imag > RAISED * size

    def marked(digits: re.Match[str]) -> str:
        groups = groupby(range(*digits.span()), is_raised)
        said = ((raised, "".join(text[n] for n in group)) for raised, group in groups)
        return "".join(f"[{mark}]" if raised else mark for raised, mark in said)

    right = last.real + size * width(text[-1])
    # PDFium tells the halves of a surrogate pair one after the other.
    halves = _DIGITS.sub(marked, text).encode("utf-16-le", "surrogatepass")
    text = halves.decode("utf-16-le", "replace")
    return Line(text.rstrip(), number, first.real, first.imag, size, right)


def _place(page: Any, index: int) -> complex:
    x, y = c_double(), c_double()
    raw.FPDFText_GetCharOrigin(page, index, x, y)
    return complex(x.value, y.value)


def _size(page: Any, index: int) -> tuple[float, complex]:
    """How high a character is, and the direction that its line has."""
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(page, index, matrix)
    height = raw.FPDFText_GetFontSize(page, index) * math.hypot(matrix.c, matrix.d)
    along = complex(matrix.a, matrix.b)
    return abs(height) or 1.0, along / abs(along) if along else 1 + 0j


def _without_margins(lines: Lines, pages: int) -> tuple[Lines, list[str]]:
    """The lines without page numbers and running heads, and what was dropped."""
    edges = _edges(lines)
    numbers = _page_numbers(edges, pages)
    others = [line for line in edges if line not in numbers]
    # Of one text on one page a single line counts.
    heads = Counter(head for _, head in {(line.page, _head(line)) for line in others})
    most = max(3, pages // 2 + 1)
    # Those with words in them may stand on every other page, and a watermark anywhere on most.
    least = {head: max(3, pages // 3) if _WORDS.fullmatch(head) else most for head in heads}
    running = dict.fromkeys(line for line in others if heads[_head(line)] >= least[_head(line)])
    running |= dict.fromkeys(_watermarks(lines, most))
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


def _page_numbers(edges: Lines, pages: int) -> set[Line]:
    """The lines that hold a number alone which counts with the pages: on most of them, or dressed
    as a page number (-3-)."""
    shifts = {
        line: int(match[1]) - line.page
        for line in edges
        if (match := _NUMBER.fullmatch(line.text.strip()))
    }
    common = Counter(shifts.values()).most_common(1)
    return {
        line
        for line, shift in shifts.items()
        if shift == common[0][0]
        and ((common[0][1] * 2 > pages and pages > 1) or re.search("[-—–─·•页/／]", line.text))
    }


def _head(line: Line) -> str:
    return re.sub(r"\d+", "#", "".join(line.text.split()))


def _watermarks(lines: Lines, most: int) -> Lines:
    """What stands at one place of so many pages, unless these are alike throughout."""
    spots = Counter(spot for _, spot in {(line.page, _spot(line)) for line in lines})
    marks = [line for line in lines if spots[_spot(line)] >= most and len(line.text) >= SHORTEST]
    return marks if len(marks) < len(lines) / 4 else []


def _spot(line: Line) -> tuple[str, int, int]:
    return line.text, round(line.x), round(line.y)


def _edges(lines: Lines) -> Lines:
    """What stands at the two highest and the two lowest places of each page."""
    found: Lines = []
    for page in _pages(lines):
        heights = sorted({round(line.y) for line in page})
        outer = {*heights[:2], *heights[-2:]}
        found += sorted((line for line in page if round(line.y) in outer), key=lambda e: round(e.y))
    return found


def _pages(lines: Iterable[Line]) -> Iterator[Lines]:
    for _, page in groupby(sorted(lines, key=lambda line: line.page), lambda line: line.page):
        yield list(page)


def _joined(lines: Lines, widest: float) -> Lines:
    """What stands at one height, from the left, row by row from the top: as one line but for gaps
    wider than that, in heights of letters."""
    rows: list[Lines] = []
    for line in sorted(lines, key=lambda line: -line.y):
        if rows and rows[-1][0].y - line.y < max(line.size, rows[-1][0].size) / 2:
            rows[-1].append(line)
        else:
            rows.append([line])
    found: Lines = []
    for row in rows:
        first, *others = sorted(row, key=lambda line: line.x)
        found.append(first)
        for line in others:
            before = found[-1]
            gap = (line.x - before.right) / before.size
            if gap > widest:
                found.append(line)
            else:
                text = before.text + (" " if gap > WORD_GAP else "") + line.text
                cells = before.cells + (gap > COLUMN_GAP)
                found[-1] = replace(before, text=text, right=line.right, cells=cells)
    return found


def in_columns(lines: Iterable[Line]) -> Lines:
    """The lines in the order in which they are read, whatever that in the file: columns one after
    the other, down to the next heading over all of them.

    >>> left, right = "完成投资1亿元，同比增长", "8.1%；全区经济平稳增长"  # "invested; grew"
    >>> rows = [Line(t, 0, x, y, 16, x + 180)
    ...         for y in (700, 680, 660) for x, t in ((80, left), (300, right))]
    >>> [line.text == left for line in in_columns(rows)]
    [True, True, True, False, False, False]
    """
    found: Lines = []
    border: float | None = None
    for stretches in _pages(lines):
        # The last page of columns may have the first of them alone.
        border = border if _keeps(border, stretches) else _border(stretches)
        found += _arranged(stretches, border, 0)
    return found


def _size_of(lines: Lines) -> float:
    """The size in which most of the text is set."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return max(sizes, key=lambda size: sizes[size])


def _sides(lines: Lines, border: float) -> tuple[Lines, Lines, Lines]:
    """The lines left of a border, those right of it, and those over it: they cross it, or are
    larger than the text, with nothing beside them and something below."""
    size = _size_of(lines)
    left: Lines = []
    right: Lines = []
    over: Lines = []
    for line in lines:
        beyond = right if line.x >= border - INDENT * size else over
        (left if line.right <= border + size / 5 else beyond).append(line)
    for side, other in ((left, right), (right, left)):
        heights = sorted(line.y for line in other)
        alone = {
            line
            for line in side
            if line.size > 1.1 * size
            and bisect(heights, line.y - 0.9 * line.size) == bisect(heights, line.y + line.size) > 0
        }
        over += [line for line in side if line in alone]
        side[:] = [line for line in side if line not in alone]
    return left, right, over


def _border(lines: Lines) -> float | None:
    """Where the last column of the lines begins, None where they stand in one: where a good share
    of them begins and few cross, with full lines on both sides, which no cells of tables are."""
    starts: Counter[int] = Counter()
    for line in lines:
        starts[round(line.x)] += len(line.text)
    found = []
    for x, weight in starts.items():
        if weight * 10 >= starts.total():
            left, right, over = _sides(lines, x)
            if _is_column(left) and _is_column(right):
                found.append((-sum(len(line.text) for line in over), x))
    return max(found)[1] if found else None


def _is_column(lines: Lines) -> bool:
    if len(lines) < FEWEST_LINES:
        return False
    size = _size_of(lines)
    edge = max(line.right for line in lines) - 2 * size
    wide = statistics.median(line.right - line.x for line in lines) >= NARROWEST * size
    return wide and sum(line.right > edge for line in lines) * 4 >= len(lines)


def _keeps(border: float | None, lines: Lines) -> bool:
    """Whether the lines keep to the border of the page before."""
    if border is None:
        return False
    left, right, over = _sides(lines, border)
    astray = [line for line in right if line.x > border + 3 * line.size]
    return 4 * len(over) < len(left) and 4 * len(astray) < len(lines)


def _arranged(lines: Lines, border: float | None, column: int) -> Lines:
    """The lines in order, each with its column; those on each side of a border down to the next
    line over it."""
    if border is None:
        return [replace(line, column=column) for line in _joined(lines, math.inf)]
    *sides, over = _sides(lines, border)
    heights = sorted(-line.y for line in over)
    bands: dict[tuple[int, int], Lines] = {}
    for number, side in enumerate([*sides, over]):
        for line in side:
            bands.setdefault((bisect_left(heights, -line.y), number), []).append(line)
    borders = [*map(_border, sides), None]
    columns = (2 * column + 1, 2 * column + 2, column)
    return [
        line
        for (_, n), band in sorted(bands.items())
        for line in _arranged(band, borders[n], columns[n])
    ]


def notes_last(lines: Lines) -> tuple[Lines, int]:
    """The lines with the notes at the foot of pages behind all others, and how many these are: they
    are smaller than the text, and the first has a mark.

    >>> given = [("全区投资增长", 16), ("[1]双控", 9), ("8%。", 16)]  # "growth; a note"
    >>> lines = [Line(t, n // 2, 80, 9, size, 300) for n, (t, size) in enumerate(given)]
    >>> [line.text for line in notes_last(lines)[0]]
    ['全区投资增长', '8%。', '[1]双控']
    """
    if not lines:
        return [], 0
    kept: Lines = []
    notes: Lines = []
    largest = SMALL * _size_of(lines)
    for _, group in groupby(lines, lambda line: (line.page, line.column)):
        stretch = list(group)
        small = len(list(takewhile(lambda line: line.size < largest, reversed(stretch))))
        body = len(stretch) - small
        while body < len(stretch) and not _MARK.match(stretch[body].text.strip()):
            body += 1
        kept += stretch[:body]
        notes += stretch[body:]
    return [*kept, *notes], len(notes)


def join(lines: Lines) -> tuple[str, list[Note]]:
    """The paragraphs of the lines, each on a line of its own, and notes on what was mended.

    Lines of Chinese join without a blank, Latin letters with one; digits join, since a number may
    break there, and each such place is noted.

    >>> first, below = "　　完成投资152.84亿元，同比增长25.56%", "；全区经济平稳增长。"
    >>> given = [Line(text, 0, 80, y, 16, 480) for text, y in ((first, 700), (below, 670))]
    >>> join(given)[0]  # "... invested; ..."
    '完成投资152.84亿元，同比增长25.56%；全区经济平稳增长。'
    """
    said: list[str] = []
    notes: list[Note] = []
    place = blanks = radicals = 0
    for paragraph in paragraphs(lines):
        text, broken = _said(paragraph)
        tight = _TYPESET.sub("", text) if len(paragraph) > 1 or ENDS.search(text) else text
        blanks += len(text) - len(tight)
        tight, replaced = _RADICAL.subn(lambda found: normalize("NFKC", found[0]), tight)
        radicals += replaced
        for number in broken:
            what = f"a number was broken over two lines and joined: {number}"
            notes.append(Note(what, place, place + len(tight)))
        said.append(tight)
        place += len(tight) + 1
    counts = {
        "blanks that the typesetting put between characters of sentences were taken out": blanks,
        "signs of radicals (U+2F00 to U+2FD5) were read as the characters that they look like": (
            radicals
        ),
    }
    notes += [Note(f"{count} {what}", 0, 0) for what, count in counts.items() if count]
    return "\n".join(said), notes


def _said(paragraph: Lines) -> tuple[str, list[str]]:
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
