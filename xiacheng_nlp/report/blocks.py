"""Lines of the source to blocks: headings and paragraphs, with broken lines joined."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from typing import Any

from xiacheng_nlp.numbers.numerals import whole_number
from xiacheng_nlp.numbers.units import MAGNITUDE, unit_table
from xiacheng_nlp.patterns import compiled
from xiacheng_nlp.readers.typesetting import CELLS, ENDS
from xiacheng_nlp.report.wording import named, pattern, says, wording
from xiacheng_nlp.text import BREAKS, CELL, LINE, Span, flow, unspaced

_MARKUP = re.compile(r"(?:[#*_\s※★☆◆◇■□●○▲△▶]|<b>|<strong>)*+")
_DECORATION = "※★☆◆◇■□●○▲△—–=~-"
_BRACKETED = re.compile(r"[\[［【〔(（]([^\[\]］】〕)）]+)[\]］】〕)）]")
_THOUSANDS = re.compile(r"[,，](?<=\d.)(?=\d{3}(?!\d))")
_NUMBER = r"[-–—−+＋]?\d[\d.]*"
# What rows of a table have and sentences have not: 12.5 13, 8% 9%, but not 5月 6日.
_SIDE_BY_SIDE = re.compile(rf"(?<!\S){_NUMBER}([^\s\d年月日]*)\s+{_NUMBER}\1(?!\S)")
# A number with what may be its unit: 12.5万吨, but not 2024年.
_VALUE = re.compile(rf"{_NUMBER}([^\d年月日]*)")
# A name with its amount at the end of a line: 新建学校12所, but not 到2024年.
_LAST = re.compile(rf"[\u4e00-\u9fff]\s*{_NUMBER}([^\d\s年月日]{{1,4}})$")
_HAN = re.compile(r"[\u3400-\u9fff]")
_HAN_APART = re.compile(r"[\u3400-\u9fff]\s+[\u3400-\u9fff]")
_HAN_TOGETHER = re.compile(r"[\u3400-\u9fff]{2}")
_BOLD = re.compile("</?(?:b|strong)>")
_STOPS = "。！？"
_STOP = re.compile(f"[{_STOPS}]")
_GOES_ON = re.compile("[：:；;]")

LONGEST_HEADING = 80
"""Characters of the longest heading seen on a line of its own (a report of 1984 has one of 76)."""

LONGEST_RUN_IN = 45
"""Characters of the longest heading numbered 1. or 一是 that opens its paragraph, and of one
without number on its line; one numbered 一、 or （一） may be as long as on a line of its own, as
（一）强化创新驱动发展，创新浙江建设成效明显。"""

LONGEST_ANNEX = 60
"""Characters of the longest line that heads an annex or a whole part."""

BEHIND, AHEAD = 4, 4
"""Lines at most between the last appeal and a glossary without a heading, and those of it, or of
what follows any line, that are looked at."""

LONGEST_ROW = 100
"""Characters of a row of a table at most."""

PAIRS = 3
"""Lines one after the other, each of a name and an amount, that are a table, at least."""

LONGEST_NUMBER = 8
"""Characters of the longest line that is the number of a heading alone."""

LONGEST_SALUTATION = 20
"""Characters of the longest line that addresses the deputies alone."""

LEADING = ("一、", "（一）", "第一章")
"""The numberings of headings by which a text is known as a report."""

BREAKING = (*LEADING, "1.", "(1)")
"""The numberings that no broken line goes on with: 一是 and 第一， may stand within a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A heading, or a paragraph whose first `heading_end - start` characters may be one.

    `source` is the text that it stands in; `kind` is text, salutation, heading, row, entry
    or attachment; `style` the numbering, None where there is no heading.
    """

    source: str = field(repr=False)
    start: int
    end: int
    kind: str
    style: str | None = None
    number: str | None = None
    title_start: int = 0
    heading_end: int = 0
    joined: tuple[int, ...] = ()

    @property
    def surface(self) -> str:
        """What stands there."""
        return self.source[self.start : self.end]

    def title(self) -> str:
        """Its heading without numbering, marks of bold, the last stop and the blanks between its
        characters."""
        surface = flow(self.source[self.title_start : self.heading_end]).strip().strip("*#_")
        surface = _BOLD.sub("", surface.strip()).rstrip("。：: ")
        if _HAN_APART.search(surface) and not _HAN_TOGETHER.search(surface):
            surface = unspaced(surface)
        return surface


@dataclass(frozen=True, slots=True)
class Numbering:
    """The numbering at the start of a line: its style, its numeral, and where it ends."""

    style: str
    number: str
    end: int


@cache
def _style() -> re.Pattern[str]:
    return compiled(f"{_MARKUP.pattern}(?:{pattern('style').pattern})")


def numbering(line: str) -> Numbering | None:
    """The numbering at the start of a line, behind the marks of bold or of a Markdown heading.

    >>> numbering("（二）抓投资")  # "(2) Promote investment"
    Numbering(style='（一）', number='二', end=3)
    """
    found = _style().match(line)
    if found is None or found.lastindex is None:
        return None
    # Each style has one group, so that its place tells the style.
    number = unicodedata.normalize("NFKC", found[found.lastindex])
    return Numbering(wording()["style"][found.lastindex - 1][0] or "", number, found.end())


def is_salutation(line: str) -> bool:
    """Whether the line addresses the deputies and says no more.

    >>> is_salutation("各位代表:")  # "Fellow deputies:"
    True
    """
    return len(line) <= LONGEST_SALUTATION and says("salutation", line)


def undecorated(line: str) -> str:
    """The line without blanks, and without the marks and brackets that set an annex apart.

    >>> undecorated("※名词解释※"), undecorated("【名词解释】")  # "explanation of terms"
    ('名词解释', '名词解释')
    """
    bare = unspaced(line).strip("*#_").strip(_DECORATION)
    inner = _BRACKETED.fullmatch(bare)
    return inner[1] if inner else bare


def _skip_markup(line: str) -> int:
    match = _MARKUP.match(line)
    return match.end() if match else 0


def find_blocks(text: str, start: int, end: int) -> list[Block]:
    """The blocks of `text[start:end]`, a text as it is read, in order; every character that is no
    blank stands in exactly one."""
    reader = _Reader(text, [line.span() for line in LINE.finditer(text, start, end)])
    blocks: list[Block] = []
    while reader.number < len(reader.spans):
        blocks.append(reader.next())
    return _without_lists(blocks)


class _Reader:
    """One pass over the lines: `number` is the next one, `region` body, attachment or glossary."""

    def __init__(self, text: str, spans: list[Span]) -> None:
        self.text = text
        self.spans = spans
        self.number = 0
        self.region = "body"
        # Behind the last line nothing follows.
        self.said = [*(text[start:end] for start, end in spans), *[""] * AHEAD]
        ended = [n for n, (_, end) in enumerate(spans) if text[end - 1] in "。！？”；"]
        # Where paragraphs are mostly set in, a line that is set in begins one.
        self.sets_in = sum(map(self._is_indented, ended)) > len(ended) / 2
        # Where headings are mostly set in too, such a line may be one all the same.
        after = {number + 1 for number in ended}
        heads = [n for n in after - {*ended, len(spans)} if len(self.said[n]) <= LONGEST_RUN_IN]
        self.heads_out = sum(map(self._is_indented, heads)) * 2 <= len(heads)
        self.lone = _lone_numerals(self.said)

    def next(self) -> Block:
        """The block at the current line, which becomes the line behind it."""
        line = self.said[self.number]
        if annex := self._annex(line):
            return annex
        if self.region == "body" and self._begins_entries(line):
            self.region = "glossary"
        if self.region == "glossary":
            return self._whole_line("entry")
        if is_salutation(line):
            return self._whole_line("salutation")
        if self.region == "body" and self._is_row(line):
            return self._whole_line("row")
        if self.number in self.lone and self.region == "body":
            return self._lone_numeral()
        if numbered := numbering(line):
            return self._numbered(line, numbered) or self._paragraph()
        if self.region == "body" and self._is_plain_heading(line):
            start, end = self.spans[self.number]
            title_start = start + _skip_markup(line)
            return self._whole_line(
                "heading", style="plain", title_start=title_start, heading_end=end
            )
        return self._paragraph()

    def _is_indented(self, number: int) -> bool:
        start, _ = self.spans[number]
        before = self.text[max(0, start - 1) : start]
        return before.isspace() and before not in BREAKS

    def _begins_paragraph(self, number: int) -> bool:
        return self.sets_in and self._is_indented(number)

    def _is_row(self, line: str) -> bool:
        """Whether a line is a row of a table: its numbers stand in columns and the one above or
        below has as many cells, or one more or less; or it states no amount, heads nothing, and
        has as many cells as such a row beside it; or it is one of several names with amounts."""
        cells = _cells(line)
        if len(cells) < CELLS:
            return len(cells) == 2 and self._is_among(_is_pair, self.number + 1)
        beside = [_cells(self.said[n]) for n in (self.number - 1, self.number + 1) if n >= 0]
        if _in_columns(cells):
            return any(other and abs(len(other) - len(cells)) <= 1 for other in beside)
        if says("amount", line) or numbering(line) or _says_one(unspaced(line), "top"):
            return False
        # A head that stands over several rows leaves a cell out.
        return any(_in_columns(other) for other in beside if 0 <= len(other) - len(cells) <= 1)

    def _taken(self) -> Span:
        """The current line, behind which reading goes on."""
        self.number += 1
        return self.spans[self.number - 1]

    def _whole_line(self, kind: str, **told: Any) -> Block:
        start, end = self._taken()
        return Block(source=self.text, start=start, end=end, kind=kind, **told)

    def _annex(self, line: str) -> Block | None:
        """The heading of an annex: of the glossary alone, or 附件 with the line below that says of
        what."""
        if len(line) > LONGEST_ANNEX:
            return None
        head = undecorated(line)
        number, below, behind = None, False, 0
        if says("attachment", head):
            number, head, below = head, undecorated(self.said[self.number + 1]), True
        elif says("glossary", head):
            pass
        elif attached := pattern("attached").match(line):
            number, behind = unspaced(attached[0]), attached.end()
        else:
            return None
        if not 0 < len(head) <= LONGEST_ANNEX or self._lists(self.number + below):
            return self._whole_line("attachment")
        self.region = "glossary" if says("glossary", head) else "attachment"
        return self._titled("annex", number, below=below, behind=behind)

    def _titled(self, style: str, number: str | None, *, below: bool, behind: int = 0) -> Block:
        """A heading whose title is the current line, `behind` so many characters of it, or the one
        below that."""
        start = self.spans[self.number][0]
        self.number += below
        title_start, end = self._taken()
        return Block(
            source=self.text,
            start=start,
            end=end,
            kind="heading",
            style=style,
            number=number,
            title_start=title_start + behind,
            heading_end=end,
        )

    def _lists(self, number: int) -> bool:
        """Whether a line names an annex alone: nothing follows, or the head of another."""
        follows = undecorated(self.said[number + 1])
        return not follows or _says_one(follows, "glossary", "attachment")

    def _begins_entries(self, line: str) -> bool:
        """Whether a glossary without a heading begins: entries 1 and 2 right behind the last
        appeal."""
        if not pattern("entry").match(line):
            return False
        first, *others = (named("entry", each) for each in self.said[self.number :][:AHEAD])
        before = self.said[max(0, self.number - BEHIND) : self.number]
        return first == "1" and "2" in others and any(map(pattern("final").search, before))

    def _numbered(self, line: str, numbered: Numbering) -> Block | None:
        """A numbered heading, alone on its line or at the start of its paragraph."""
        rest = line[numbered.end :].rstrip("*_ ")
        start, heading_end = self.spans[self.number]
        title_start = start + numbered.end
        bare = rest.rstrip("：: ")
        told = {"style": numbered.style, "number": numbered.number, "title_start": title_start}
        if _is_whole_heading(bare if bare != rest and says("top", unspaced(bare)) else rest):
            return self._whole_line("heading", heading_end=heading_end, **told)
        longest = LONGEST_HEADING if numbered.style in LEADING else LONGEST_RUN_IN
        stop = _STOP.search(rest[: longest + 1])
        if not stop or stop.end() >= len(rest) or _GOES_ON.search(rest[: stop.end()]):
            return None
        return self._paragraph(heading_end=title_start + stop.end(), **told)

    def _lone_numeral(self) -> Block:
        """The heading that a numeral on a line of its own is, with its title where that stands on
        the next."""
        numbered = self.lone[self.number]
        title, follows = self.said[self.number + 1 : self.number + 3]
        titled = _is_whole_heading(title) and title[-1] not in _STOPS and len(follows) > len(title)
        return self._titled(numbered.style, numbered.number, below=titled)

    def _is_plain_heading(self, line: str) -> bool:
        if len(line) > 2 * LONGEST_RUN_IN or not self.said[self.number + 1]:
            return False
        head = unspaced(line[_skip_markup(line) :].rstrip("*_ "))
        following = self.said[self.number + 1]
        # Cells and lists of annexes are set in too, but behind no sentence.
        above = self.said[self.number - 1]
        ended = ENDS.search(above) or numbering(above)
        begins = (self.heads_out or not ended) and self._begins_paragraph(self.number)
        stands_over = _says_one(head, "top")
        if not stands_over and (begins or _ends_or_goes_on(head)):
            return False
        return (
            3 <= len(_HAN.findall(head)) <= len(head) <= LONGEST_RUN_IN
            and not says("going_on", following)
            and (
                len(following) > len(line)
                or (stands_over and following[-1] in _STOPS)
                or any(opens(following) for opens in (numbering, is_salutation))
            )
        )

    def _paragraph(self, **told: Any) -> Block:
        """A paragraph from the current line on, with the lines that follow while its sentence is
        not at its end."""
        if self.region == "attachment":
            return self._whole_line("attachment", **told)
        start, end = self._taken()
        joined = list[int]()
        while (
            self.number < len(self.spans)
            and not ENDS.search(self.text[max(start, end - 40) : end])
            and self._goes_on()
        ):
            joined.append(end)
            _, end = self._taken()
        return Block(
            source=self.text, start=start, end=end, kind="text", joined=tuple(joined), **told
        )

    def _goes_on(self) -> bool:
        """Whether the current line goes on with the sentence of the line before."""
        line, head = self.said[self.number], ""
        if self._begins_paragraph(self.number) or is_salutation(line) or says("bullet", line):
            return False
        if CELL in line + self.said[self.number - 1]:
            return False
        if says("dangling", self.said[self.number - 1]):
            return True
        if self._is_listed():
            return False
        if len(line) <= LONGEST_ANNEX:
            head = undecorated(line)
        numbered = numbering(line)
        breaks = numbered is not None and numbered.style in BREAKING
        row = self._is_row(line)
        return not (breaks or row or _says_one(head, "glossary", "attachment", "top"))

    def _is_listed(self) -> bool:
        """Whether the current line and the one before are of a list of short clauses without stops:
        several in a row, each with its amount at the end."""
        return not says("added", self.said[self.number]) and self._is_among(
            _ends_in_amount, self.number
        )

    def _is_among(self, fits: Callable[[str], bool], end: int) -> bool:
        """Whether several lines in a row fit, the current one among them, that begin before
        `end`."""
        windows = (self.said[n : n + PAIRS] for n in range(max(0, self.number - PAIRS + 1), end))
        return any(all(map(fits, window)) for window in windows)


def _ends_in_amount(line: str) -> bool:
    short = len(line) <= LONGEST_RUN_IN and not says("clause", line)
    found = _LAST.search(line) if short else None
    return found is not None and _is_unit(found[1])


def _cells(line: str) -> list[str]:
    """The cells of a row of a table, none where the line has a mark that clauses have."""
    if len(line) > 2 * LONGEST_ROW:
        return []  # It is as long without marks of thousands, too.
    line = _THOUSANDS.sub("", line)
    return [] if len(line) > LONGEST_ROW or says("clause", line) else line.split()


def _is_pair(line: str) -> bool:
    """Whether a line has two cells, a name and a number with or without unit. Items of a list
    (——, 1.粮食产量 12万吨) and what says that something was done (投资增长 8%) are sentences, but
    not a numbered heading in a table of contents, which ends in the number of its page."""
    cells = _cells(line)
    value = _VALUE.fullmatch(cells[1]) if len(cells) == 2 else None
    if not value or _VALUE.fullmatch(cells[0]) or says("stated", " ".join(cells)):
        return False
    listed = says("bullet", line) or (value[1] and numbering(line))
    return not listed and _is_unit(value[1])


def _is_unit(said: str) -> bool:
    """Whether what stands behind a number is its unit, or nothing."""
    unit = MAGNITUDE.sub("", said, count=1)
    return not unit or unit in unit_table()


def _in_columns(cells: Sequence[str]) -> bool:
    """Whether numbers stand side by side, at both ends, or one behind its unit, as in the columns
    of a table."""
    units = [MAGNITUDE.sub("", cell, count=1) in unit_table() for cell in cells]
    numbers = [re.fullmatch(_NUMBER, cell) is not None for cell in cells]
    ends = numbers[0] and numbers[-1] and not units[1]
    return bool(ends or _is_mixed(cells, numbers) or _SIDE_BY_SIDE.search(" ".join(cells))) or any(
        unit and number and not (before or after)
        for before, unit, number, after in zip(
            numbers, units[1:], numbers[2:], [*units[3:], False], strict=False
        )
    )


def _is_mixed(cells: Sequence[str], numbers: Sequence[bool]) -> bool:
    """Whether a bare number stands beside another with its unit: 12.5 3%."""
    found = map(_VALUE.fullmatch, cells)
    values = [value is not None and _is_unit(value[1]) for value in found]
    beside = zip(pairwise(values), pairwise(numbers), strict=True)
    return any(all(both) and any(bare) for both, bare in beside)


def _says_one(line: str, *roles: str) -> bool:
    """Whether a line says what one of these roles is told by."""
    return any(says(role, line) for role in roles)


def _lone_numerals(said: Sequence[str]) -> dict[int, Numbering]:
    """The lines that hold no more than the numbers of headings (二, 第二部分), if they count from
    one on."""
    found: dict[int, Numbering] = {}
    runs: dict[str, list[tuple[int, Numbering]]] = {}
    for n, line in enumerate(said):
        if len(line) > LONGEST_NUMBER:
            continue
        bare = unspaced(line)
        numbered = numbering(bare) or numbering(bare + "、")
        if numbered and numbered.style in LEADING and numbered.end >= len(bare):
            run = runs.setdefault(numbered.style, [])
            if numbered.number == "一":
                run.clear()
            if whole_number(numbered.number) == len(run) + 1:
                run.append((n, numbered))
                found.update(run if len(run) > 1 else ())
    return found


def _ends_or_goes_on(head: str) -> bool:
    """Whether a line is a sentence, an item, an address or a piece of one, and no heading."""
    return bool(
        ENDS.search(head)
        or pattern("closing").match(head)
        or _says_one(head, "inner_stop", "bullet", "dangling")
    )


def _is_whole_heading(rest: str) -> bool:
    """A heading alone on its line: one phrase, or one sentence that no line of the same numbering
    follows."""
    return (
        0 < len(rest) <= LONGEST_HEADING
        and not says("inner_stop", rest)
        and rest[-1] not in "：:；;，,、"
        and (rest[-1] not in _STOPS or len(rest) <= LONGEST_RUN_IN + 10)
    )


def _without_lists(blocks: list[Block]) -> list[Block]:
    """The blocks, but items of a list are no headings: whole sentences of one numbering that follow
    each other, or go on from an item."""
    kept: list[Block] = []
    # Of each style whether the last block so numbered is a heading.
    headings: dict[str, bool] = {}
    items = [numbering(block.surface[:12]) for block in blocks]
    for block, item, after in zip(blocks, items, [*items[1:], None], strict=True):
        if item and block.kind in ("heading", "text"):
            if block.style == item.style and block.source[block.heading_end - 1] in _STOPS:
                repeated = block.kind == "heading" and after and after.style == item.style
                if repeated or (item.number not in ("一", "1") and not headings.get(item.style)):
                    block = replace(block, kind="text", style=None, number=None)
            headings[item.style] = block.style == item.style
        kept.append(block)
    return kept
