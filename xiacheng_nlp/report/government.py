"""Which government speaks: the place and its level, from the title and the opening of a report."""

from dataclasses import dataclass

from xiacheng_nlp.report.report import Report
from xiacheng_nlp.report.wording import named, pattern, tells

LEVELS = ("国", "省", "市", "县", "乡")
"""Nation, province, city, county (districts, banners and county-level units too), township."""

NATION, STATE_COUNCIL = "中国", "国务院"
"""The place of a national report, and the government that gives it."""

OPENING = 6
"""Paragraphs within which the speaker says on whose behalf the report is given."""


@dataclass(frozen=True, slots=True)
class Place:
    """The place that is governed, None where it is not named, and its level, one of `LEVELS`, None
    where it can't be told.

    A city of county level (县级市) can't be told from one above it by its name, and counts as 市.
    """

    name: str | None
    level: str | None

    @property
    def stem(self) -> tuple[str, str]:
        """The name without the places above it, parted from what it ends in; empty where it has no
        more than one character, as 唐县 has.

        >>> Place("杭州市下城区", "县").stem
        ('下城', '区')
        """
        found = pattern("stem").search(self.name or "")
        return (found[1], found[2]) if found else ("", "")


def place_of(report: Report) -> Place:
    """The place that the report is about: by its title, by whom the speaker says to represent
    (我代表河北省人民政府), and where these name none (我代表县人民政府) by the congress that heard
    it and the office of the speaker.

    >>> place_of(Report.parse("我代表河北省人民政府报告工作。"))  # "for the government of Hebei"
    Place(name='河北省', level='省')
    >>> place_of(Report.parse("我代表国务院,向大会报告政府工作。"))  # "for the State Council"
    Place(name='中国', level='国')
    """
    opening = "".join(paragraph.text for paragraph in report.paragraphs[:OPENING])
    body = named("speaks", opening) or ""
    if body == STATE_COUNCIL:
        return Place(NATION, tells("level", NATION))
    fields = (report.metadata.title, report.metadata.congress, report.metadata.office)
    names = [
        named(role, "".join(field.text.split())) if field else None
        for role, field in zip(("titled", "sat", "heads"), fields, strict=True)
    ]
    # 我代表市人民政府 names no place by itself, and does not contradict 杭州市.
    fitting = (name for name in names if name and (name.endswith(body) or body.endswith(name)))
    name = next(fitting, None)
    if body and not pattern("bare").search(body) and (name is None or body.endswith(name)):
        name = body
    return Place(name, tells("level", name or body))


def government_of(report: Report) -> str:
    """The government that gives the report, empty where it is not told.

    >>> text = "2020年杭州市政府工作报告\\n各位代表:\\n我代表市人民政府。"  # "of Hangzhou"
    >>> government_of(Report.parse(text))
    '杭州市人民政府'
    """
    name = place_of(report).name
    if name == NATION:
        return STATE_COUNCIL
    return f"{name}人民政府" if name else ""
