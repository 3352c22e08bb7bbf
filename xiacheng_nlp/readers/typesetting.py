"""Lines as a page sets them to paragraphs, in a PDF file as in a text that keeps the breaks."""

import math
import re
import statistics
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from unicodedata import east_asian_width

from xiacheng_nlp.numbers.numerals import COUNTED
from xiacheng_nlp.readers.extraction import COUNT

INDENT = 0.8
"""How far, in heights of its letters, a line is set in where a paragraph begins; two is the custom,
one and a half occurs."""

SHORT = 3
"""How far, in heights of its letters, a line ends before the right margin when it is the last of
its paragraph.

Less than that is left where a number or a bracket would not fit any more. Where paragraphs are not
set in, this alone tells them apart, and half of it is asked."""

SLACK = 1.0
"""How much room, in points, is none, since the places of characters are rounded."""

LONG = 0.7
"""The share of the width that a line of running text fills at least, one that a title seldom
fills."""

GAP = 1.4
"""How many times the usual distance of lines lies between paragraphs that are set apart."""

CELLS = 3
"""Stretches far apart that make a line a row of a table, at least."""

# What a line begins with that opens a paragraph: it takes （一） and 第二章, and refuses 十一届.
_HEADING = re.compile(
    rf"{COUNT}、 | [（(]{COUNT}[）)] | 第{COUNT}[章编部] | [—–-]{{2}} | [•·●▪◆■]", re.VERBOSE
)
# What begins the paragraphs of some files, and stands within those of others: 二是, 3.科技, [9], 各
# 位代表！
_OPENERS = tuple(
    map(
        re.compile,
        (
            f"[{COUNTED}]是",
            r"\d{1,2}[.．、](?!\d)",
            r"[\[［〔]\d{1,3}[\]］〕]",
            "各位代表[！!，,：:]",
            "(?:过去)?一年来",
        ),
    )
)
# What stands at the end of a line or goes to the next one as a whole: it takes “2.5% and 亿。
_TOKEN = re.compile(r"[“‘（《〔【(\[]*(?:[A-Za-z0-9.,%％]+|.)[，。、；：！？”’）》〕】)\],.;:!?]*")
# The end of a line in a table of contents: …… 3
_LISTED = re.compile(r"[.．…·]\s?[.．…·]\s?\d{1,3}$")
# The end of a sentence, as in blocks: it takes 增长。”[3] and refuses 增长，
ENDS = re.compile(r"[。！？!?；;：:…][”’』」）)》】]*(?:[\[［〔]\d+[\]］〕])*$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, or a stretch of one: where it begins and ends, in points from the left, and
    stands, from the bottom; how high its letters are; in which column, 0 for no other than the
    page; and of how many stretches far apart it is made, as a row of a table is."""

    text: str
    page: int
    x: float
    y: float
    size: float
    right: float
    column: int = 0
    cells: int = 1


Lines = list[Line]


def width(text: str) -> float:
    """About how wide a text is, in heights of its letters: a Han character is as wide as it is
    high, a Latin letter or a digit half as wide."""
    return sum(_WIDTHS.get(east_asian_width(character), 0.52) for character in text)


_WIDTHS = {"W": 1.0, "F": 1.0, "A": 0.8}


def paragraphs(lines: Lines) -> list[Lines]:
    """The lines of each paragraph.

    A line begins a paragraph where it is set in (if the text sets paragraphs in), stands apart, is
    of another size, or follows a line that ends before the right margin; so does a numbered heading
    behind a full stop.
    """
    layout = _Layout(lines)
    found: list[Lines] = []
    for k, line in enumerate(lines):
        if k and layout.goes_on(lines[k - 1], line):
            found[-1].append(line)
        else:
            found.append([line])
    return found


class _Layout:
    """How the file is set: the left and right margins of its columns, the distance of its lines,
    and whether paragraphs are set in."""

    def __init__(self, lines: Lines) -> None:
        by_column: dict[int, Lines] = {}
        for line in lines:
            by_column.setdefault(line.column, []).append(line)
        self.margins = {column: _margins(each) for column, each in by_column.items()}
        # A stop may hang over the margin.
        self.edges = {
            column: _margins([e for e in each if e.text[-1].isalnum()] or each)[1]
            for column, each in by_column.items()
        }
        # Of the lines that begin at the margin most are full.
        self.sets_in = True
        gaps = [a.y - b.y for a, b in pairwise(lines) if a.page == b.page and a.y > b.y]
        self.gap = statistics.median_low(gaps) if gaps else math.inf
        starts = [b for a, b in pairwise(lines) if ENDS.search(a.text) and not self.is_full(a)]
        self.sets_in = (
            sum(map(self.is_set_in, starts)) * 2 > len(starts)
            if starts
            else any(map(self.is_set_in, lines))
        )

        self.openers = [] if self.sets_in else self._openers(lines)

    def _openers(self, lines: Lines) -> list[re.Pattern[str]]:
        """Those of `_OPENERS` that stand behind a line with room left more often than behind a
        sentence within a line."""
        free = [b.text.strip() for a, b in pairwise(lines) if self.has_room(a, b)]
        text = "\n".join(line.text for line in lines)
        return [
            opener
            for opener in _OPENERS
            if sum(bool(opener.match(start)) for start in free)
            > len(re.findall(f"[。！；](?:{opener.pattern})", text))
        ]

    def has_room(self, above: Line, line: Line) -> bool:
        """Whether what the line begins with would have found room at the end of the line above,
        which therefore ends its paragraph."""
        token = _TOKEN.match(line.text.strip())
        right = self.edges[above.column]
        return token is not None and width(token[0]) * line.size < right - above.right - SLACK

    def is_set_in(self, line: Line) -> bool:
        left, _ = self.margins[line.column]
        return line.text[0].isspace() or line.x > left + INDENT * line.size

    def is_full(self, line: Line) -> bool:
        _, right = self.margins[line.column]
        return line.right > right - (SHORT if self.sets_in else SHORT / 2) * line.size

    def goes_on(self, above: Line, line: Line) -> bool:
        """Whether the line belongs to the paragraph of the line above."""
        if abs(above.size - line.size) > 0.1 * line.size or _LISTED.search(above.text[-9:]):
            return False
        if bool(above.column) != bool(line.column) or max(above.cells, line.cells) >= CELLS:
            return False
        if above.page == line.page and above.y - line.y > GAP * self.gap:
            return False
        if self.sets_in and self.is_set_in(line):
            return False
        if not self.sets_in and self.has_room(above, line):
            return False
        if not ENDS.search(above.text):
            # A sentence that is not at its end goes on, unless the line is so short that it is a
            # title.
            left, right = self.margins[above.column]
            return above.right > left + LONG * (right - left)
        begins = line.text.strip()
        opens = _HEADING.match(begins) or any(opener.match(begins) for opener in self.openers)
        return self.is_full(above) and not opens


def _margins(lines: Lines) -> tuple[float, float]:
    """The leftmost place where a good share of the text begins, and where its long lines end."""
    weights: Counter[int] = Counter()
    for line in lines:
        weights[round(line.x)] += len(line.text)
    heavy = (x for x, weight in weights.items() if weight * 10 >= weights.total())
    rights = sorted(line.right for line in lines if len(line.text) > 8)
    rights = rights or sorted(line.right for line in lines)
    return min(heavy, default=min(weights)), rights[min(len(rights) - 1, len(rights) * 9 // 10)]
