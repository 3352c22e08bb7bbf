"""What a report says of itself before it begins: title, session, speaker, and the particulars of
the page that published it."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import lru_cache

from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.numbers.numerals import COUNTED, YEAR, year_number
from xiacheng_nlp.text import lines


@dataclass(frozen=True, slots=True)
class Field:
    """A particular as written, and where it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The particulars of a report, each as written, None where the source does not tell it.

    title (标题) · congress: the session that heard or passed the report (第十四届人民代表大会第三次会议, with its
    place) · session_date: the day it was given · office and speaker: who gave it (区长, name) ·
    index_number (索引号) · document_number (文号) · issuer (发布机构) · date: of publication (发布日期, 公布日期) ·
    created (生成日期) · origin (来源).
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

    def items(self) -> list[tuple[str, Field | None]]:
        """Name and field, in the order above."""
        return [(f.name, getattr(self, f.name)) for f in fields(self)]


_CONGRESS = re.compile(
    r"[\u4e00-\u9fff]{0,24}?第[一二三四五六七八九十\d]{1,4}届\s*(?:全国)?人民代表大会(?:常务委员会)?第[一二三四五六七八九十\d]{1,4}次(?:全体)?会议"
)
_DATE = re.compile(
    rf"(?:\d{{4}}|{YEAR})\s*年\s*[\d{COUNTED}]{{1,3}}\s*月\s*[\d{COUNTED}]{{1,3}}\s*日"
    r"|\d{4}-\d{1,2}-\d{1,2}"
)
_SPEAKER = re.compile(
    r"(?P<office>(?:[\u4e00-\u9fff]{2,16}?(?:省|市|区|县|州|盟|旗|镇|乡)?(?:人民政府)?|国务院)(?:代理|常务副|副|代)?(?:总理|省长|市长|区长|县长|州长|盟长|旗长|镇长|乡长|主席|主任))"
    r"[\s:：]+(?P<name>[\u4e00-\u9fff]{1,2}\s{0,4}[\u4e00-\u9fff·]{1,8})"
)
_TITLE = re.compile(
    r"(?:\d{4}年)?[\u4e00-\u9fff]{0,20}(?:\d{4}年度?[\u4e00-\u9fff]{0,6})?工作报告(?:[(（][^()（）]{1,20}[)）])?"
)
_YEAR = re.compile(rf"(\d{{4}})\s*年|({YEAR})年")


def years(text: str) -> list[int]:
    """The calendar years that the text names, in full- or half-width digits or Chinese numerals.

    >>> years("一、１９９６年国内工作的回顾，一九八四年")  # "I. A review of work at home in 1996, 1984"
    [1996, 1984]
    """
    found = []
    for match in _YEAR.finditer(unicodedata.normalize("NFKC", text)):
        year = year_number(match[1] or match[2])
        if 1900 <= year < 2200:
            found.append(year)
    return found


@lru_cache(maxsize=1)
def _labels() -> tuple[re.Pattern[str], dict[str, str]]:
    rows = read_table(
        packaged("report/metadata.tsv"),
        columns=("label", "field", "source"),
        optional=("before", "note"),
        key="label",
    )
    names = {field.name for field in fields(Metadata)}
    for row in rows:
        if row["field"] not in names and row["field"] != "-":
            raise row.error(
                f"no such field; it must be - or one of {', '.join(sorted(names))}", "field"
            )
    bare = [row["label"] for row in rows if row.chosen("before", ("", "colon")) == ""]
    marked = [row["label"] for row in rows if row["before"] == "colon"]
    alternatives = [
        f"(?:{'|'.join(map(re.escape, sorted(bare, key=len, reverse=True)))})(?=[\\s:：]|$)\\s*[:：]?"
    ]
    alternatives.append(
        f"(?:{'|'.join(map(re.escape, sorted(marked, key=len, reverse=True)))})\\s*[:：]"
    )
    return re.compile(rf"(?:(?<=\s)|^)(?:{'|'.join(alternatives)})", re.M), {
        row["label"]: row["field"] for row in rows
    }


def read_metadata(
    text: str, regions: list[tuple[int, int]]
) -> tuple[Metadata, list[tuple[int, int]]]:
    """The metadata in `regions` of `text`, the first statement of each particular, and the lines
    that none of it stands in."""
    found: dict[str, Field] = {}
    used: list[tuple[int, int]] = []
    spans = [span for start, end in regions for span in _joined(text, start, end)]

    def keep(name: str, start: int, end: int) -> None:
        surface = text[start:end]
        start += len(surface) - len(surface.lstrip())
        surface = surface.strip()
        if surface and name != "-":
            found.setdefault(name, Field(surface, start, start + len(surface)))

    waiting: str | None = None
    pattern, labels = _labels()
    for start, end in spans:
        line = text[start:end]
        marks = list(pattern.finditer(line)) if len(line) <= 400 else []
        if marks and not line[: marks[0].start()].strip():
            used.append((start, end))
            for mark, following in zip(marks, [*marks[1:], None], strict=True):
                field = labels[mark[0].rstrip(":： \u3000\xa0")]
                stop = following.start() if following else len(line)
                keep(field, start + mark.end(), start + stop)
                waiting = field if len(marks) == 1 and not line[mark.end() : stop].strip() else None
            continue
        if waiting is not None:
            used.append((start, end))
            keep(waiting, start, end)
            waiting = None
            continue
        if _particulars(text, start, end, keep):
            used.append((start, end))
    taken = set(used)
    return Metadata(**found), [span for span in spans if span not in taken]


def _joined(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The lines of a region; a session's name that was broken (…第十四届 / 人民代表大会…) is one line
    again."""
    joined: list[tuple[int, int]] = []
    for span in lines(text, start, end):
        if joined and text[joined[-1][1] - 1] == "届":
            joined[-1] = (joined[-1][0], span[1])
        else:
            joined.append(span)
    return joined


def _particulars(text: str, start: int, end: int, keep: Callable[[str, int, int], None]) -> bool:
    """Title, session, day and speaker in one line of the front matter; whether there was any."""
    line = text[start:end]
    if len(line) > 120:
        return False
    said = False
    squeezed = "".join(line.split())
    title = _TITLE.fullmatch(squeezed.strip("《》*# "))
    if title:
        keep("title", start, end)
        return True
    congress = _CONGRESS.search(line)
    date = _DATE.search(line)
    if congress:
        place = congress.start()
        head = congress[0]
        for lead in ("在", "日"):
            cut = head.rfind(lead, 0, head.index("第"))
            if cut >= 0:
                place, head = place + cut + 1, head[cut + 1 :]
        keep("congress", start + place, start + congress.end())
        said = True
    if date and (congress or len(squeezed) <= 16):
        keep("session_date", start + date.start(), start + date.end())
        said = True
    speaker = _SPEAKER.fullmatch(line)
    if speaker:
        keep("office", start + speaker.start("office"), start + speaker.end("office"))
        keep("speaker", start + speaker.start("name"), start + speaker.end("name"))
        said = True
    return said
