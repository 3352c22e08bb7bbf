"""What a report says of itself before it begins: title, session, speaker, and the particulars of
the page that published it."""

import re
import unicodedata
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.numbers.number_words import any_of
from xiacheng_nlp.numbers.numerals import YEAR, year_number
from xiacheng_nlp.report.wording import pattern, says
from xiacheng_nlp.text import Span, lines, unspaced

LONGEST_LABELLED = 400
"""Characters of the longest line that labels are looked for in."""

LONGEST_PARTICULAR = 120
"""Characters of the longest line that tells title, session or speaker."""

LONGEST_DAY = 16
"""Characters of the longest line that tells a day alone (（2014年2月19日）)."""


@dataclass(frozen=True, slots=True)
class Field:
    """A particular as written, and where it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The particulars of a report, each as written, None where the source does not tell it.

    title (标题) · congress: the session that heard or passed the report, with its place
    (第十四届人民代表大会第三次会议) · session_date: the day it was given · office and speaker: who
    gave it (区长, name) · index_number (索引号) · document_number (文号) · issuer (发布机构) ·
    date: of publication (发布日期, 公布日期) · created (生成日期) · origin (来源).

    `year_from` and `place_from` say what tells the year of the session and the place: given,
    title, date, heading, body (what the speaker says), congress, office, file name, folder,
    issuer, origin or published (a day alone, which may be that of publication).
    """

    title: Field | None = None
    congress: Field | None = None
    session_date: Field | None = None
    office: Field | None = None
    speaker: Field | None = None
    index_number: Field | None = None
    document_number: Field | None = None
    issuer: Field | None = None
    date: Field | None = None
    created: Field | None = None
    origin: Field | None = None
    year_from: str | None = None
    place_from: str | None = None

    def items(self) -> list[tuple[str, Field | None]]:
        """Name and field, in the order above."""
        return [(name, getattr(self, name)) for name in PARTICULARS]


PARTICULARS = tuple(f.name for f in fields(Metadata) if not f.name.endswith("_from"))
"""The names of the particulars, in the order of their fields."""


_YEAR = re.compile(rf"(\d{{4}})\s*年|({YEAR})年")


def years(text: str) -> list[int]:
    """The calendar years that the text names, in full- or half-width digits or Chinese numerals.

    >>> years("一、１９９６年国内工作的回顾，一九八四年")  # "review of the work in 1996, 1984"
    [1996, 1984]
    """
    named = _YEAR.finditer(unicodedata.normalize("NFKC", text))
    told = (year_number(match[1] or match[2]) for match in named)
    return [year for year in told if 1900 <= year < 2200]


@cache
def _labels() -> tuple[re.Pattern[str], dict[str, str]]:
    """What finds the labels of a page in a line, and the field of each."""
    rows = read_table(
        packaged("report/metadata.tsv"),
        columns=("label", "field", "source"),
        optional=("before", "note"),
        key="label",
    )
    names = {"-", *PARTICULARS}
    # By what stands before them: some words are labels only before a colon.
    labels: dict[str, list[str]] = {"": [], "colon": []}
    for row in rows:
        row.chosen("field", names)
        labels[row.chosen("before", labels)].append(row["label"])
    bare, marked = map(any_of, labels.values())
    either = rf"(?:{bare})(?=[\s:：]|$)\s*[:：]?|(?:{marked})\s*[:：]"
    fields_by_label = {row["label"]: row["field"] for row in rows}
    return re.compile(rf"(?:(?<=\s)|^)(?:{either})", re.M), fields_by_label


def read_metadata(text: str, regions: list[Span]) -> tuple[Metadata, list[Span]]:
    """The metadata in `regions` of `text`, the first statement of each particular (of days one
    with a month), and the lines that none of it stands in."""
    found: dict[str, Any] = {}
    unread: list[Span] = []
    # The field of a label that stood alone on its line.
    waiting: str | None = None
    for start, end in [span for region in regions for span in _joined(text, *region)]:
        labelled = _labelled(text, start, end)
        if labelled:
            told, waiting = labelled, None
            name, first, last = labelled[-1]
            if len(labelled) == 1 and not text[first:last].strip():
                waiting = name
        elif waiting is not None:
            told, waiting = [(waiting, start, end)], None
        else:
            told = _particulars(text, start, end)
            if not told:
                unread.append((start, end))
        for name, first, last in told:
            surface = text[first:last]
            first += len(surface) - len(surface.lstrip())
            surface = surface.strip()
            # A year alone gives way to a day.
            told_before = name in found and not _YEAR.fullmatch(found[name].text)
            if surface and name != "-" and not told_before:
                found[name] = Field(surface, first, first + len(surface))
    return Metadata(**found), unread


Told = tuple[str, int, int]
"""The name of a particular, and where it stands."""


def _labelled(text: str, start: int, end: int) -> list[Told]:
    """What stands behind the labels of a line that begins with one."""
    line = text[start:end]
    label, labels = _labels()
    marks = list(label.finditer(line)) if len(line) <= LONGEST_LABELLED else []
    if not marks or line[: marks[0].start()].strip():
        return []
    stops = [*(mark.start() for mark in marks[1:]), len(line)]
    return [
        (labels[re.sub(r"[\s:：]+$", "", mark[0])], start + mark.end(), start + stop)
        for mark, stop in zip(marks, stops, strict=True)
    ]


def _joined(text: str, start: int, end: int) -> list[Span]:
    """The lines of a region; a name that was broken (第十四届 / 人民代表大会) is one line again."""
    joined: list[Span] = []
    for span in lines(text, start, end):
        if joined and says("broken", text[joined[-1][1] - 2 : span[1]]):
            joined[-1] = (joined[-1][0], span[1])
        else:
            joined.append(span)
    return joined


def _particulars(text: str, start: int, end: int) -> list[Told]:
    """Title, session, day and speaker in one line of the front matter."""
    line = text[start:end]
    if len(line) > LONGEST_PARTICULAR:
        return []
    squeezed = unspaced(line)
    if is_title(line):
        return [("title", start, end)]
    told: list[Told] = []
    congress = pattern("congress").search(line)
    if congress:
        told.append(("congress", start + _place_start(congress), start + congress.end()))
    date = pattern("day").search(line) or pattern("month").search(line)
    if date and (congress or len(squeezed) <= LONGEST_DAY):
        # 2021-06-20 10:22 alone is when a page was published.
        published = not congress and ("年" not in date[0] or ":" in squeezed)
        field = "date" if published else "session_date"
        told.append((field, start + date.start(), start + date.end()))
    speaker = pattern("speaker").fullmatch(line)
    if speaker:
        for name, group in (("office", "office"), ("speaker", "name")):
            told.append((name, start + speaker.start(group), start + speaker.end(group)))
    return told


def is_title(line: str) -> bool:
    """Whether a line of the front matter is the title.

    >>> is_title("《政 府 工 作 报 告》")  # "government work report"
    True
    """
    return bool(pattern("title").fullmatch(unspaced(line).strip("《》*# ")))


def _place_start(congress: re.Match[str]) -> int:
    """Where the name of a congress begins behind the day and 在 (2月19日在下城区第十四届…)."""
    head = congress[0].partition("届")[0]
    return congress.start() + max(map(head.rfind, "在日")) + 1
