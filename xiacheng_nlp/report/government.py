"""Which government speaks: the place and its level, from the title and the opening of a report."""

import re
from dataclasses import dataclass

from xiacheng_nlp.report.report import Report

LEVELS = ("国", "省", "市", "县", "乡")
"""Nation, province, city, county (districts, banners and county-level units too), township."""

_ENDINGS = {
    "省": "省",
    "自治区": "省",
    "州": "市",
    "盟": "市",
    "地区": "市",
    "市": "市",
    "区": "县",
    "县": "县",
    "旗": "县",
    "镇": "乡",
    "乡": "乡",
}
_CENTRAL = ("北京市", "上海市", "天津市", "重庆市")
_ENDING = "|".join(sorted(_ENDINGS, key=len, reverse=True))
_SPEAKS = re.compile(
    rf"代表(?:第?[一二三四五六七八九十]+届)?(国务院|[\u4e00-\u9fff]{{0,14}}?(?:{_ENDING}))(?:人民)?政府|代表(国务院)"
)
_TITLE = re.compile(
    rf"(?:\d{{4}}年|关于)?([\u4e00-\u9fff]{{1,14}}?(?:{_ENDING}))(?:人民)?政府(?:\d{{4}}年)?(?:政府)?工作报告"
)
_TITLE_ALONE = re.compile(
    rf"(?:\d{{4}}年)?([\u4e00-\u9fff]{{1,14}}?(?:{_ENDING}))(?:\d{{4}}年)?政府工作报告"
)
_SESSION = re.compile(rf"([\u4e00-\u9fff]{{1,14}}?(?:{_ENDING}))第[一二三四五六七八九十\d]+届")
_OFFICE = re.compile(
    rf"([\u4e00-\u9fff]{{1,14}}?(?:{_ENDING}))(?:人民政府)?(?:代理|代)?(?:省长|主席|市长|州长|盟长|区长|县长|旗长|镇长|乡长)"
)
_OPENING = 6


@dataclass(frozen=True, slots=True)
class Place:
    """The place that is governed, None where it is not named, and its level, one of `LEVELS`, None
    where it can't be told.

    A city of county level (县级市) can't be told from one above it by its name, and counts as 市.
    """

    name: str | None
    level: str | None


def place_of(report: Report) -> Place:
    """The place that the report is about: by its title, by whom the speaker says to represent
    (我代表河北省人民政府), and where these name none (我代表县人民政府) by the congress that heard it and the office
    of the speaker.

    >>> place_of(Report.parse("各位代表:\\n现在,我代表河北省人民政府,向大会报告工作。"))  # "on behalf of the government of Hebei Province"
    Place(name='河北省', level='省')
    >>> place_of(Report.parse("各位代表:\\n现在,我代表国务院,向大会报告政府工作。"))  # "on behalf of the State Council"
    Place(name='中国', level='国')
    """
    title = "".join(report.metadata.title.text.split()) if report.metadata.title else ""
    opening = "".join(paragraph.text for paragraph in report.paragraphs[:_OPENING])
    spoken = _SPEAKS.search(opening)
    body = next(filter(None, spoken.groups()), "") if spoken else ""
    if body == "国务院":
        return Place("中国", "国")
    named = [_TITLE.match(title) or _TITLE_ALONE.match(title)]
    for field, pattern in ((report.metadata.congress, _SESSION), (report.metadata.office, _OFFICE)):
        named.append(pattern.match("".join(field.text.split())) if field else None)
    name = next(
        (
            found[1]
            for found in named
            if found and (not body or found[1].endswith(body) or body.endswith(found[1]))
        ),
        None,
    )
    if body and not re.fullmatch(_ENDING, body) and (name is None or body.endswith(name)):
        name = body
    ending = re.search(rf"(?:{_ENDING})$", name or body)
    level = _ENDINGS[ending[0]] if ending else None
    if name in _CENTRAL:
        level = "省"
    return Place(name, level)
