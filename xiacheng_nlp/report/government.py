"""Whose report it is: the government that gives it, by its place, with the level and the code."""

from collections import Counter
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from xiacheng_nlp.report.front import Field, Metadata
from xiacheng_nlp.report.places import division, mentioned, parted_name
from xiacheng_nlp.report.wording import named, pattern, says, tells
from xiacheng_nlp.text import unspaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xiacheng_nlp.report.nodes import Paragraph
    from xiacheng_nlp.report.report import Report

LEVELS = ("国", "省", "市", "区", "县", "县级市", "乡镇", "新区")
"""Nation; province, autonomous region or city directly under the nation; city or prefecture;
district of a city; county or banner; city of county level; township, town or subdistrict; new area
or zone with a committee in place of a government (管委会)."""

NATION, STATE_COUNCIL = "中国", "国务院"
"""The place of a national report, and the government that gives it."""

OPENING = 6
"""Paragraphs within which the speaker says on whose behalf the report is given."""


@dataclass(frozen=True, slots=True)
class Place:
    """The place that is governed, None where it is not named; its level, one of `LEVELS`, None
    where it can't be told; its code by GB/T 2260, None where that has no such place or several."""

    name: str | None
    level: str | None
    code: str | None = None

    @property
    def stem(self) -> tuple[str, str]:
        """The name without the places above it, parted from what it ends in; empty where it has no
        more than one character, as 唐县 has.

        >>> Place("杭州市下城区", "区").stem
        ('下城', '区')
        """
        return parted_name(self.name or "")


def opening_of(paragraphs: "Sequence[Paragraph]") -> str:
    """The first paragraphs, in which the speaker says on whose behalf the report is given."""
    return unspaced("".join(paragraph.text for paragraph in paragraphs[:OPENING]))


def place_told(
    metadata: Metadata, opening: str, text: str, *, name: str, folders: "Iterable[str]" = ()
) -> tuple[str | None, str | None]:
    """The name of the place, and what tells it (title, body, congress, office, file name, folder,
    issuer, origin).

    The title or whom the speaker says to represent (我代表河北省人民政府); where these name none
    (我代表县人民政府) the congress that heard it, the office of the speaker and, of the kind that
    the speaker names, the government that published it; else the name of the file or of a folder,
    that government where the text alone tells the kind (全县), the place that the text names most.

    >>> place_told(Metadata(), "我代表河北省人民政府报告工作。", "", name="")  # "for Hebei"
    ('河北省', 'body')
    """
    body = named("speaks", opening) or ""
    if body == STATE_COUNCIL:
        return NATION, "body"
    congress = _squeezed(metadata.congress)
    if says("nation", congress):
        return NATION, "congress"
    told = _by_particulars(metadata, body) or _by_issuer(metadata, body)
    bare = says("bare", body)
    # 保定市满城区 says more than 满城区.
    fuller = told is None or (body.endswith(told[0]) and body != told[0])
    if body and not bare and fuller:
        return body, "body"
    kind = body or _kind(text)
    found = told or _by_names(name, folders, body) or _by_issuer(metadata, kind)
    return found or _by_mentions(kind, text)


def _squeezed(field: Field | None) -> str:
    return unspaced(field.text).strip("《》*#") if field else ""


def _by_particulars(metadata: Metadata, body: str) -> tuple[str, str] | None:
    """The place in the title, in the name of the congress or in the office of the speaker, the
    first that does not contradict whom the speaker says to represent: 市 does not contradict
    杭州市."""
    for role, source in (("titled", "title"), ("sat", "congress"), ("heads", "office")):
        name = named(role, _squeezed(getattr(metadata, source)))
        if name and (name.endswith(body) or body.endswith(name)):
            return name, source
    return None


def _by_issuer(metadata: Metadata, kind: str) -> tuple[str, str] | None:
    """The place of that kind whose government published the page."""
    for source in ("issuer", "origin"):
        name = named("issued", _squeezed(getattr(metadata, source)))
        if name and kind and name.endswith(kind):
            return name, source
    return None


def _by_names(name: str, folders: "Iterable[str]", body: str) -> tuple[str, str] | None:
    """The place that the name of the file or of a folder above it tells."""
    for hint, source in ((PurePath(name).stem, "file name"), *((f, "folder") for f in folders)):
        found = named("filed", hint)
        if found and found.endswith(body):
            return found, source
    return None


def _by_mentions(kind: str, text: str) -> tuple[str | None, str | None]:
    """The place of that kind that the text names most, or whose committee it names."""
    if tells("level", kind) == "新区":
        # Districts were called 立新区, and 设立新区 is none.
        place = named("governed", text)
        place = place if place and place.endswith(kind) else None
    else:
        place = NATION if kind == "国" else mentioned(kind, text) if kind else None
    return place, "body" if place else None


def _kind(text: str) -> str:
    """How a report calls its own place most often: 全县, 我区."""
    kinds = Counter(pattern("kind").findall(text))
    return max(kinds, key=lambda kind: kinds[kind], default="")


def place_of(report: "Report") -> Place:
    """The place that the report is about, with its level and its code.

    >>> from xiacheng_nlp.report.report import Report
    >>> place_of(Report.parse("我代表河北省人民政府报告工作。"))  # "for the government of Hebei"
    Place(name='河北省', level='省', code='130000')
    >>> place_of(Report.parse("我代表国务院,向大会报告政府工作。"))  # "for the State Council"
    Place(name='中国', level='国', code=None)
    """
    name = report.place_name
    if name is None:
        body = named("speaks", opening_of(report.paragraphs)) or _kind(report.text)
        return Place(None, tells("level", body))
    level = tells("level", name)
    found = division(name, year=report.year, text=report.text) if level != "国" else None
    if found and found.name.endswith("市") and level == "市" and not found.code.endswith("00"):
        level = "县级市"
    if found and level == "新区":
        # 浦东新区 is a district.
        level = "区"
    return Place(name, level, found.code if found else None)


def government_of(report: "Report") -> str:
    """The government that gives the report, empty where it is not told.

    >>> from xiacheng_nlp.report.report import Report
    >>> text = "2020年杭州市政府工作报告\\n各位代表:\\n我代表市人民政府。"  # "of Hangzhou"
    >>> government_of(Report.parse(text))
    '杭州市人民政府'
    """
    place = place_of(report)
    if place.name == NATION:
        return STATE_COUNCIL
    if not place.name:
        return ""
    body = "管理委员会" if place.level == "新区" else "人民政府"
    return place.name + next((_BODIES[end] for end in _BODIES if place.name.endswith(end)), body)


_BODIES = {"盟": "行政公署", "地区": "行政公署", "街道": "办事处"}
"""What governs the places that have no government of their own."""
