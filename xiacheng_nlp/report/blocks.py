"""Lines of the source to blocks: headings and paragraphs, with broken lines joined."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache, partial

from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.report.nodes import PARTS
from xiacheng_nlp.text import BREAKS, flow, lines

_NUMERAL = "[一二三四五六七八九十百]{1,4}"
_STYLES = (
    ("第一章", rf"第(?P<chapter>{_NUMERAL}|\d{{1,2}})[章编]\s*"),
    ("第一", rf"第(?P<ordinal>{_NUMERAL})[，,、：:]\s*"),
    ("一是", rf"(?P<item>{_NUMERAL})是"),
    ("一、", rf"(?P<han>{_NUMERAL})\s*[、．.]\s*"),
    ("（一）", rf"[（(]\s*(?P<bracket>{_NUMERAL})\s*[）)]\s*、?\s*"),
    ("1.", r"(?P<arabic>\d{1,2})\s*[.．、]\s*(?!\d)"),
    ("(1)", r"[（(]\s*(?P<small>\d{1,2})\s*[）)]\s*"),
)
NUMBERED = re.compile("|".join(pattern for _, pattern in _STYLES))
_STYLE_OF = {
    "chapter": "第一章",
    "ordinal": "第一",
    "item": "一是",
    "han": "一、",
    "bracket": "（一）",
    "arabic": "1.",
    "small": "(1)",
}

_MARKUP = re.compile(r"(?:[#*_\s]|<b>|<strong>)*")
_SALUTATION = re.compile(
    r"(?:尊敬的)?(?:各位代表|同志们|各位委员|各位同志|各位代表、各位委员)[：:！!，,。]?"
)
_BULLET = re.compile(r"[—–-]{2,}|[•·●▪◆■]")
_TERMINAL = re.compile(r"[。！？!?；;：:…][”’』」）)》】]*(?:[\[［〔]\d+[\]］〕])*$")
_INNER_STOP = re.compile(r"[。！？!?；;：:](?!$)")
_CONTINUES = tuple("是：:，,、。；;）)》”%％的和与及至")
_DANGLES = tuple("的、，,和与及为在是将把对以至由从到")
_HAN = re.compile(r"[\u3400-\u9fff]")

LONGEST_HEADING = 80
"""Characters of the longest heading seen on a line of its own (a report of 1984 has one of 76)."""

LONGEST_RUN_IN = 45
"""Characters of the longest numbered heading that opens its paragraph, as
（一）强化创新驱动发展，创新浙江建设成效明显。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A heading, or a paragraph whose first `heading_end - start` characters may be one.

    `kind` is text, salutation, heading, entry or attachment; `style` the numbering, None where
    there is no heading.
    """

    start: int
    end: int
    kind: str
    style: str | None = None
    number: str | None = None
    title_start: int = 0
    heading_end: int = 0
    joined: tuple[int, ...] = ()


ROLES = frozenset(
    {
        "appeal",
        "attachment",
        "closing",
        "glossary",
        "heading",
        "imperative",
        "plain",
        "problems",
        "sub",
        "top",
        "turn",
    }
)
"""What a pattern of data/structure.tsv is for."""


@lru_cache(maxsize=1)
def rules() -> dict[str, list[tuple[str | None, re.Pattern[str]]]]:
    """The patterns of data/structure.tsv by role, in the order of the file."""
    found: dict[str, list[tuple[str | None, re.Pattern[str]]]] = {}
    for row in read_table(
        packaged("report/structure.tsv"),
        columns=("role", "part", "pattern", "source"),
        optional=("note",),
    ):
        try:
            pattern = re.compile(row["pattern"])
        except re.error as error:
            raise row.error(f"not a regular expression: {error}", "pattern") from None
        part = row.chosen("part", ("-", *PARTS))
        found.setdefault(row.chosen("role", ROLES), []).append(
            (None if part == "-" else part, pattern)
        )
    return found


def part_by(role: str, text: str) -> tuple[bool, str | None]:
    """Whether a pattern of the role is found in the text, and the part that it tells (None: it
    tells that there is none)."""
    if not _any_of(role).search(text):
        return False, None
    return True, next(part for part, pattern in rules()[role] if pattern.search(text))


@cache
def _any_of(role: str) -> re.Pattern[str]:
    """All patterns of a role as one: nearly every paragraph matches none, and is asked once."""
    return re.compile("|".join(f"(?:{pattern.pattern})" for _, pattern in rules()[role]))


def is_salutation(line: str) -> bool:
    """Whether the line addresses the deputies and says no more.

    >>> is_salutation("各位代表:")  # "Fellow deputies:"
    True
    """
    return len(line) <= 20 and _SALUTATION.fullmatch(line) is not None


def numbering(line: str) -> re.Match[str] | None:
    """The numbering at the start of a line, behind the marks of bold or of a Markdown heading."""
    return NUMBERED.match(line, _skip_markup(line))


def _skip_markup(line: str) -> int:
    match = _MARKUP.match(line)
    return match.end() if match else 0


def style_of(match: re.Match[str]) -> tuple[str, str]:
    """The style of a numbering, and its numeral."""
    group = match.lastgroup or ""
    return _STYLE_OF[group], unicodedata.normalize("NFKC", match[group])


def find_blocks(text: str, start: int, end: int) -> list[Block]:
    """The blocks of `text[start:end]` in order; every character that is no blank stands in exactly
    one."""
    return _Blocks(text, lines(text, start, end)).blocks


class _Blocks:
    """One pass over the lines; `region` is body, attachment or glossary."""

    def __init__(self, text: str, spans: list[tuple[int, int]]) -> None:
        self.text = text
        self.spans = spans
        self.region = "body"
        self.indented = self._mostly_indented()
        self.blocks: list[Block] = []
        self.number = 0
        while self.number < len(spans):
            self.blocks.append(self._next())
        self._drop_lists()

    def _line(self, number: int) -> str:
        start, end = self.spans[number]
        return self.text[start:end]

    def _is_indented(self, number: int) -> bool:
        start = self.spans[number][0]
        return start > 0 and self.text[start - 1].isspace() and self.text[start - 1] not in BREAKS

    def _mostly_indented(self) -> bool:
        ended = [n for n, (_, end) in enumerate(self.spans) if self.text[end - 1] in "。！？”；"]
        return sum(map(self._is_indented, ended)) > len(ended) / 2

    def _next(self) -> Block:
        start, end = self.spans[self.number]
        line = self.text[start:end]
        annex = self._annex(line)
        if annex:
            return annex
        if self.region == "glossary":
            self.number += 1
            return Block(start=start, end=end, kind="entry")
        if is_salutation(line):
            self.number += 1
            return Block(start=start, end=end, kind="salutation")
        return self._heading(line, start, end) or self._paragraph(start)

    def _annex(self, line: str) -> Block | None:
        if len(line) > 60:
            return None
        squeezed = "".join(line.split()).strip("*#_")
        start, end = self.spans[self.number]
        if part_by("glossary", squeezed)[0]:
            self.region = "glossary"
            self.number += 1
            return Block(
                start=start,
                end=end,
                kind="heading",
                style="annex",
                title_start=start,
                heading_end=end,
            )
        if part_by("attachment", squeezed)[0]:
            self.number += 1
            follows = (
                "".join(self._line(self.number).split()).strip("*#_")
                if self.number < len(self.spans)
                else ""
            )
            if not 0 < len(follows) <= 60:
                return Block(start=start, end=end, kind="attachment")
            self.region = "glossary" if part_by("glossary", follows)[0] else "attachment"
            title_start, end = self.spans[self.number]
            self.number += 1
            return Block(
                start=start,
                end=end,
                kind="heading",
                style="annex",
                number=squeezed,
                title_start=title_start,
                heading_end=end,
            )
        return None

    def _heading(self, line: str, start: int, end: int) -> Block | None:
        numbered = numbering(line)
        if numbered:
            style, number = style_of(numbered)
            rest = line[numbered.end() :].rstrip("*_ ")
            make = partial(
                Block, start=start, style=style, number=number, title_start=start + numbered.end()
            )
            if self._is_whole_heading(rest):
                self.number += 1
                return make(end=end, kind="heading", heading_end=end)
            stop = re.search("[。！？]", rest[: LONGEST_RUN_IN + 1])
            if stop and stop.end() < len(rest) and not re.search("[：:；;]", rest[: stop.end()]):
                whole = self._paragraph(start)
                return make(
                    end=whole.end,
                    kind=whole.kind,
                    heading_end=start + numbered.end() + stop.end(),
                    joined=whole.joined,
                )
            return None
        if self.region == "body" and self._is_plain_heading(line):
            self.number += 1
            return Block(
                start=start,
                end=end,
                kind="heading",
                style="plain",
                title_start=start + _skip_markup(line),
                heading_end=end,
            )
        return None

    def _is_whole_heading(self, rest: str) -> bool:
        """A heading alone on its line: one phrase, or one sentence that no line of the same
        numbering follows."""
        if (
            not rest
            or len(rest) > LONGEST_HEADING
            or _INNER_STOP.search(rest)
            or rest[-1] in "：:；;，,、"
        ):
            return False
        return rest[-1] not in "。！？" or len(rest) <= LONGEST_RUN_IN + 10

    def _is_plain_heading(self, line: str) -> bool:
        body = line[_skip_markup(line) :].rstrip("*_ ")
        squeezed = "".join(body.split())
        if (
            not 2 <= len(squeezed) <= LONGEST_RUN_IN
            or _TERMINAL.search(squeezed)
            or _INNER_STOP.search(squeezed)
        ):
            return False
        if (
            _BULLET.match(squeezed)
            or squeezed.endswith(_DANGLES)
            or len(_HAN.findall(squeezed)) < 3
        ):
            return False
        if self.indented and self._is_indented(self.number):
            return False
        if self.number + 1 >= len(self.spans):
            return False
        following = self._line(self.number + 1)
        return not following.startswith(_CONTINUES) and (
            len(following) > len(line) or bool(numbering(following)) or is_salutation(following)
        )

    def _paragraph(self, start: int) -> Block:
        """A paragraph from the current line on, with the lines that follow while its sentence is
        not at its end."""
        end = self.spans[self.number][1]
        kind = "attachment" if self.region == "attachment" else "text"
        joined: list[int] = []
        self.number += 1
        if kind == "text":
            while (
                self.number < len(self.spans)
                and not _TERMINAL.search(self.text[max(start, end - 40) : end])
                and self._goes_on()
            ):
                joined.append(end)
                end = self.spans[self.number][1]
                self.number += 1
        return Block(start=start, end=end, kind=kind, joined=tuple(joined))

    def _goes_on(self) -> bool:
        line = self._line(self.number)
        if self.indented and self._is_indented(self.number):
            return False
        if is_salutation(line) or _BULLET.match(line):
            return False
        if self._line(self.number - 1).endswith(_DANGLES):
            return True
        if len(line) <= 60:
            squeezed = "".join(line.split()).strip("*#_")
            if (
                part_by("glossary", squeezed)[0]
                or part_by("attachment", squeezed)[0]
                or part_by("top", squeezed)[0]
            ):
                return False
        numbered = numbering(line)
        return not (numbered and style_of(numbered)[0] in ("一、", "（一）", "第一章", "1.", "(1)"))

    def _drop_lists(self) -> None:
        """Items of a list are no headings: whole sentences of one numbering that follow each other,
        or go on from an item."""
        last: dict[str, tuple[str, bool]] = {}
        for k, block in enumerate(self.blocks):
            numbered = (
                numbering(self.text[block.start : min(block.end, block.start + 12)])
                if block.kind in ("heading", "text")
                else None
            )
            if numbered is None:
                continue
            style, number = style_of(numbered)
            is_heading = block.style == style
            if is_heading and self.text[block.heading_end - 1] in "。！？":
                follows = self.blocks[k + 1] if k + 1 < len(self.blocks) else None
                next_numbered = (
                    numbering(self.text[follows.start : min(follows.end, follows.start + 12)])
                    if follows
                    else None
                )
                repeated = (
                    block.kind == "heading"
                    and next_numbered is not None
                    and style_of(next_numbered)[0] == style
                )
                goes_on = number not in ("一", "1") and not last.get(style, ("", False))[1]
                if repeated or goes_on:
                    self.blocks[k] = Block(
                        start=block.start, end=block.end, kind="text", joined=block.joined
                    )
                    is_heading = False
            last[style] = (number, is_heading)


def title(text: str, block: Block) -> str:
    """The heading of a block without its numbering, its marks of bold, its last stop and the blanks
    between its characters."""
    surface = flow(text[block.title_start : block.heading_end]).strip().strip("*#_").strip()
    surface = re.sub(r"</?(?:b|strong)>", "", surface).rstrip("。：: ")
    if re.search(r"[\u3400-\u9fff]\s+[\u3400-\u9fff]", surface) and not re.search(
        r"[\u3400-\u9fff]{2}", surface
    ):
        surface = "".join(surface.split())
    return surface
