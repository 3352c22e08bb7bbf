"""The lines of a source as its paragraphs: without the numbers of pages between them, joined where
the width of a page broke them, parted where a table or a page kept no line."""

import re
from bisect import bisect, bisect_left
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from string import ascii_uppercase

from xiacheng_nlp.patterns import compiled
from xiacheng_nlp.readers.typesetting import ENDS, Line, Lines, paragraphs, width
from xiacheng_nlp.report.blocks import is_salutation, numbering
from xiacheng_nlp.report.wording import CUE, pattern, says
from xiacheng_nlp.text import Mended, Span, unspaced

PAGE = 300
"""Characters between two numbers on lines of their own that count pages, at least."""

PAGES = 3
"""Pages, at least, on which a line beside the number is the same, and a third of them."""

RUNNING = 60
"""Characters of a running head at most."""

LONGEST_PARAGRAPH = 3_000
"""Characters of the longest line that is one paragraph; those of reports have some 1,900."""

LONGEST_ACRONYM = 5
"""Letters of an acronym that the end of a line may part, at most."""

APART = 25
"""Characters of a paragraph on average, at least, where blanks stand for the ends of lines."""

COMMON = 600
"""Characters of a paragraph on average, at most, where wide blanks alone stand for the ends of
lines."""

FEWEST = 12
"""Lines, at least, of a text that is broken by its width."""

SHARE, SLACK, LONGER = 0.3, 3, 0.9
"""The share of such lines, at least, that are as wide as the page or less by so much, and that of
those that are no wider."""

NARROWEST, WIDEST = 12, 100
"""The width of such lines, in Han characters."""

POINTS = 10
"""The height of letters, which a text does not tell."""

SHORTEST_SPEECH, ALONE = 400, 0.8
"""Characters of a line that may be a whole speech, and its share of the text, at least."""

_ROW = re.compile(r"^[^\n]*\S", re.M)
_LINE = re.compile(r"^[^\S\n]*\S[^\n]*(?:\n|\Z)", re.M)
_FURNITURE = re.compile(r"^[^\S\n]*(?=[\d第共—–－─上首-])[^\n]{1,60}(?:\n|\Z)", re.M)
_BARE = re.compile(r"\s*\d{1,4}\s*")
# What may stand for the ends of lines: blanks between sentences or words, and \\n as it is written.
# It takes the blank of 增长。 二、计划, and refuses that of 增长 8%.
_BLANKS = compiled(
    r"""(?<=[\u4e00-\u9fff。！？；：”）!?;:)]) (?<!\s.) [ \t\xa0\u3000]+
        (?=[\u4e00-\u9fff“（(\[［【〔《*※★—] | \d{4}年 | \d{1,2}[.．、](?!\d)) (?!.\s)
      | (?:\\[rn])+""",
    re.VERBOSE,
)
_LATIN = re.compile("[A-Za-z]{2}")
_STOP = re.compile(r"[。！？!?][”’』」）)]*(?=[^。！？!?]{8})")
RUN_ON = 32
"""Characters of a heading that a sentence runs on from, and the two of that sentence."""


def laid_out(text: str) -> Mended:
    """The text with a line a paragraph, as far as that can be told.

    >>> laid_out("同比增长\\n— 12 —\\n8%。").text  # "grew by", the number of a page, "8 %"
    '同比增长\\n8%。'
    """
    so_far = Mended(text, range(len(text) + 1))
    for step in (_without_pages, _joined, _parted):
        so_far = step(so_far)
    return so_far


def _without_pages(of: Mended) -> Mended:
    """Without the numbers of pages on lines of their own, and the links from page to page."""
    rows = list(_FURNITURE.finditer(of.text))
    bare = [row for row in rows if _BARE.fullmatch(row[0])]
    counted = {
        row.start()
        for pair in pairwise(bare)
        if int(pair[1][0]) - int(pair[0][0]) == 1 and pair[1].start() - pair[0].start() > PAGE
        for row in pair
    }
    left = [
        row for row in rows if row.start() in counted or pattern("page").fullmatch(unspaced(row[0]))
    ]
    told = [(f"number of a page left out: {row[0].strip()}", row.start()) for row in left]
    heads = _running_heads(of.text, left)
    told += [(f"running head left out: {head[0].strip()}", head.start()) for head in heads]
    return of.without([row.span() for row in sorted([*left, *heads], key=re.Match.start)], told)


def _running_heads(text: str, numbers: list[re.Match[str]]) -> list[re.Match[str]]:
    """The lines right above or below the numbers of pages that are the same on several pages; the
    first stays where no page stands before it, since it may be the title."""
    if len(numbers) < PAGES:
        return []
    rows = list(_LINE.finditer(text))
    numbered = {bisect(rows, at.start(), key=re.Match.start) - 1 for at in numbers}
    beside = {n + step for n in numbered for step in (-1, 1)} - numbered
    near = [rows[n] for n in sorted(beside) if 0 <= n < len(rows) and _may_run(rows[n][0].strip())]
    counts = Counter(unspaced(row[0]) for row in near)
    fewest = max(PAGES, len(numbers) / 3)
    return [row for row in near if row.start() > PAGE and counts[unspaced(row[0])] >= fewest]


def _may_run(line: str) -> bool:
    """Whether a line may be a running head: it is short, and neither a sentence nor an address nor
    numbered, as what a speech itself repeats is."""
    speaks = ENDS.search(line) or is_salutation(line) or numbering(line)
    return len(line) <= RUNNING and not speaks


def _joined(of: Mended) -> Mended:
    """Without the line ends that the width of a page put into paragraphs."""
    rows = list(_ROW.finditer(of.text))
    lines = _as_set(of.text, rows)
    cuts, told, first = list[Span](), list[tuple[str, int]](), 0
    for paragraph in paragraphs(lines) if lines else ():
        for above, below in pairwise(rows[first : first + len(paragraph)]):
            end, start = above.end(), below.end() - len(below[0].lstrip())
            said = f"{of.text[end - 4 : end]} {of.text[start : start + 4]}"
            sides = said[3] + said[5]
            # Between Latin letters the line's end is a blank, but within one acronym.
            apart = _LATIN.fullmatch(sides) and not _is_acronym(above[0], below[0].lstrip())
            if not (apart or _heads(above[0], below[0])):
                cuts.append((end, start))
                what = "read as one number" if sides.isdigit() else "broken line joined"
                told.append((f"{what}: …{said}…", end - 1))
        first += len(paragraph)
    return of.without(cuts, told)


def _is_acronym(above: str, below: str) -> bool:
    """Whether a line's end parts one acronym: GD and P, S and UV, but not 5G and AI."""
    sides = [
        len(above) - len(above.rstrip(ascii_uppercase)),
        len(below) - len(below.lstrip(ascii_uppercase)),
    ]
    whole = re.search(r"\d[A-Z]$", above)
    return min(sides) == 1 and sum(sides) <= LONGEST_ACRONYM and not whole


def _heads(above: str, below: str) -> bool:
    """Whether a line addresses the deputies, or is a heading without number: of a glossary, or
    behind a sentence of another annex or of a part."""
    if is_salutation(below.strip()):
        return True
    behind = ("top", "attachment", "attached") if ENDS.search(above) else ()
    heads = (below.strip(), unspaced(below))
    return any(says(role, head) for role in ("glossary", *behind) for head in heads)


def _as_set(text: str, rows: list[re.Match[str]]) -> Lines:
    """The lines as a page sets them, none where no width breaks them."""
    narrow = sum(len(row[0]) <= WIDEST for row in rows)
    if len(rows) < FEWEST or narrow < LONGER * len(rows):
        return []
    found = []
    for measure in (width, len):
        sizes = sorted(measure(row[0]) for row in rows)
        for size in set(sizes):
            low, high = bisect_left(sizes, size - SLACK), bisect(sizes, size)
            if NARROWEST <= size <= WIDEST and high > LONGER * len(sizes):
                found.append(((high - low) / len(sizes), size, measure))
    share, size, measure = max(found, key=lambda each: each[:2], default=(0.0, 0.0, len))
    full = [row[0] for row in rows if size - SLACK <= measure(row[0]) <= size]
    # Lists of sentences have lines of one width too.
    if share < SHARE or sum(map(bool, map(ENDS.search, full))) * 2 > len(full):
        return []
    lines, number = Lines(), 0
    for row, above in zip(rows, [0, *(row.end() for row in rows)], strict=False):
        number += text.count("\n", above, row.start())
        said, whole = row[0].lstrip(), measure(row[0])
        x, right = (POINTS * size for size in (whole - measure(said), whole))
        lines.append(Line(row[0], 0, x, -number, POINTS, right))
    return lines


def _parted(of: Mended) -> Mended:
    """With line ends in what is too long for a paragraph: at blanks, where these stand for them,
    else before what opens a paragraph and behind the headings of parts."""
    cuts: list[Span] = []
    longest = min(LONGEST_PARAGRAPH, max(SHORTEST_SPEECH, ALONE * len(of.text)))
    for row in _ROW.finditer(of.text):
        if len(row[0]) > longest:
            blanks = [blank.span() for blank in _BLANKS.finditer(of.text, *row.span())]
            # Where wide ones part the lines, the others are none.
            wide = [(start, end) for start, end in blanks if end - start > 1]
            blanks = wide if len(wide) * COMMON >= len(row[0]) else blanks
            if len(blanks) * APART <= len(row[0]):
                cuts += blanks
            places = {at.end() for at in pattern("parts").finditer(of.text, *row.span())}
            places |= set(_turns(of.text, *row.span()))
            cuts += [(at, at) for at in places]
    cuts.sort(key=lambda cut: (cut[0], -cut[1]))
    cuts = [cut for cut, last in zip(cuts, [(0, -1), *cuts], strict=False) if cut[0] > last[1]]
    return of.without(
        cuts, [("paragraph parted: it has no line's end", at) for at, _ in cuts], put="\n"
    )


def _turns(text: str, start: int, end: int) -> Iterator[int]:
    """Where a sentence turns to another part, or behind a heading without a number."""
    for stop in _STOP.finditer(text, start, end):
        at = stop.end()
        cue = text[at : at + CUE]
        if says("governing", cue) or (says("problems", cue) and says("gaps", cue)):
            yield at
        begun = [begins.start() for begins in pattern("afresh").finditer(cue, 4, RUN_ON)]
        headed = [size for size in begun if says("top", cue[:size])]
        if headed:
            yield from (at, at + headed[-1])
