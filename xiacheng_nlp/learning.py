"""Words that a report itself gives evidence for: explained in its annex, quoted, ending as names end, recurring.

Only the report and a first segmentation of it are asked; every word comes with its source, its count and its places.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from xiacheng_nlp.report import Report

SOURCES = ("annex", "quoted", "title", "ending", "recurrent")

MOST_CHARACTERS = 10
"""A longer quotation or headword is a sentence rather than a name: the longest name in the gold has eleven characters."""


class Cutter(Protocol):
    """What learning asks of a segmenter."""

    def words(self, text: str) -> list[str]: ...
    def tags(self, words: Sequence[str]) -> list[str]: ...
    def knows(self, word: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class LearnedWord:
    """A word with its evidence: `source` is one of `SOURCES`, `count` how often the text holds it, `spans` where its evidence
    stands in `report.text`; a quoted word that is no name `everywhere` is one word between quotation marks only."""

    text: str
    source: str
    count: int
    spans: tuple[tuple[int, int], ...]
    everywhere: bool = True

    def as_dict(self) -> dict[str, Any]:
        """The word as plain data."""
        return {"word": self.text, "source": self.source, "count": self.count, "spans": [list(span) for span in self.spans]}


_QUOTATION = re.compile(r"[“「『]([^“”「」『』\n]{2,40})[”」』]")
_LIST = re.compile(r"[、,，]")
_NAME = re.compile(r"[\u4e00-\u9fffA-Za-z0-9+]+")
_PHRASE = re.compile("[的了在与和及是不最为进以把对从向就都]|有[^色机]|能够|如何|我们|他们")
_ACT = re.compile(r"[《]([^《》\n]{2,14}(?:法|条例|规划|纲要|宪章|公约))[》]")
_VERB_OBJECT = frozenset("保 促 抓 稳 重 惠 兜 优 防 控 减 增 强 扩 调 补 助 治 降 提 转 拓 破 解 争 创 建 守 讲 比 学 赶 超 帮 送 办 查 改 谋".split())
_NO_PART_OF_NAMES = frozenset("的了在和与及或等是为于以对从向把被将并而但也都又还更最很就要可能会应须该这那其之所各每某个位名条项次年月日不有无上下内外前后中")


def _is_name(content: str, cutter: Cutter) -> bool:
    """Whether what stands between quotation marks is a name: short, without the words of a sentence."""
    if not _NAME.fullmatch(content) or len(content) > MOST_CHARACTERS or _PHRASE.search(content):
        return False
    if content.isdigit():
        return True
    words = cutter.words(content)
    if sum(len(word) >= 4 for word in words) >= 2:
        return False
    if len(words) == 2 and len(words[0]) == 1 and words[0] in _VERB_OBJECT and cutter.knows(words[1]):
        return False
    return len(words) <= 4


def _quoted(report: Report, cutter: Cutter) -> Iterator[tuple[str, int, int]]:
    for match in _QUOTATION.finditer(report.text, report.start, report.end):
        content = match[1]
        parts = [part for part in _LIST.split(content) if part]
        if len(parts) == 1:
            if _is_name(content, cutter):
                yield content, match.start(1), match.end(1)
        elif len(parts) > 1:
            cut = [cutter.words(part) for part in parts]
            # A list of slogans is cut as running text; a list of names is one whose members are no words of the language.
            if all(_NAME.fullmatch(part) and len(part) <= 4 and sum(len(w) == 1 for w in words) >= 2 and not _PHRASE.search(part)
                   for part, words in zip(parts, cut, strict=True)):
                place = match.start(1)
                for part in parts:
                    start = report.text.index(part, place)
                    yield part, start, start + len(part)
                    place = start + len(part)


_GENERIC_END = re.compile("(?:机制|创建|评选|政策|活动|管理|服务|制度|工作|建设|体系|办法|措施|行动|项目|改革|计划|工程|战略|标准|要求|企业|人才|文件|培育|防控|会议|精神|问题|系统)$")


def _annex(report: Report, cutter: Cutter) -> Iterator[tuple[str, int, int]]:
    for entry in report.glossary:
        word, start, end = entry.headword, entry.headword_start, entry.headword_end
        if word is None or start is None or end is None or report.text[start:end] != word:
            continue
        if _NAME.fullmatch(word) and len(word) <= 8 and not _PHRASE.search(word) and (len(word) <= 4 or not _GENERIC_END.search(word)):
            yield word, start, end


def _titles(report: Report) -> Iterator[tuple[str, int, int]]:
    for match in _ACT.finditer(report.text, report.start, report.end):
        if _NAME.fullmatch(match[1]) and not _PHRASE.search(match[1]):
            yield match[1], match.start(1), match.end(1)


PLACE_ENDS = (
    "路 街 巷 弄 里 桥 河 港 湖 浜 溪 渠 塘 湾 江 山 岛 村 镇 乡 县 苑 园 寺 站 段 坊 坝 新村 社区 街道 小区 公寓 大厦 广场 大桥 高架桥 立交 "
    "大道 公路 隧道 水库 码头 机场 火车站 地铁站 花园 花苑 家园 单元 地块 新城 商城 商场 商厦 酒店 饭店 医院 学校 小学 中学 幼儿园 学院 大学 "
    "公园 景区 古镇 古街 街区 艺术馆 博物馆 纪念馆 图书馆 体育馆 美术馆 文化馆 故居 商务楼 写字楼 大楼 中心 综合体 产业园 科技园 工业园 创业园 "
    "创意园 软件园 物流园 产业园区 工业园区 科技园区 高新区 开发区 度假区 保税区 综合保税区 商务区 中央商务区 新天地 小镇 特色小镇 集团 公司 "
    "银行 市场 农贸市场 交易所 研究院 实验室 基地 电站 电厂 高速 铁路 高铁 城际 线"
).split()
_WEAK_ENDS = frozenset("线 地块 基地 市场 中心 集团 公司 县 乡 镇 山 里 段 站 村 学校 医院 银行 大学 学院 小学 中学".split())
_STRONG_ENDS = frozenset(PLACE_ENDS) - _WEAK_ENDS
_NAME_TAGS = frozenset({"ns", "nr", "nz", "nrt", "nt", "nrfg"})
_DELIMITER = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9]+")


def _looks_like_name(word: str, tag: str, cutter: Cutter) -> bool:
    if not _NAME.fullmatch(word) or word in _NO_PART_OF_NAMES:
        return False
    if len(word) == 1:
        return tag not in {"v", "p", "c", "d", "u", "uj", "m", "r", "f", "q", "ul", "zg"} or tag in {"g", "ng"}
    return tag in _NAME_TAGS or not cutter.knows(word)


_MODIFIER = frozenset("n nz ns nr j b vn a l eng s f".split())


def _endings(words: Sequence[str], tags: Sequence[str], cutter: Cutter) -> Iterator[tuple[int, int]]:
    """Runs of words (first, behind the last) that make a name by its ending."""
    for last, word in enumerate(words):
        if word not in _STRONG_ENDS and word not in _WEAK_ENDS and not word.endswith(_LONG_ENDS):
            continue
        first, size, named = last, len(word), False
        if last and word.endswith(_PARKS) and len(words[last - 1]) >= 4 and cutter.knows(words[last - 1]) and _NAME.fullmatch(words[last - 1]):
            yield last - 1, last + 1
            continue
        while first > 0:
            previous, tag = words[first - 1], tags[first - 1]
            if not _NAME.fullmatch(previous) or size + len(previous) > MOST_CHARACTERS + 1 or previous in _NO_PART_OF_NAMES:
                break
            if _looks_like_name(previous, tag, cutter):
                named = True
            elif named or len(word) < 2 or word in _WEAK_ENDS or tag not in _MODIFIER or len(previous) != 2 or previous in _DETERMINERS:
                break
            first -= 1
            size += len(previous)
        while first < last and (words[first] in _DETERMINERS or not _looks_like_name(words[first], tags[first], cutter)):
            first += 1
        size = sum(map(len, words[first:last]))
        if first < last and named and size >= (1 if len(word) == 1 else 2):
            yield first, last + 1


_DETERMINERS = frozenset("省 市 区 县 处 新建 市级 区级 重点 我区 全区 我市 全市 全县 全省 全国 各类 各级 首批 首家 每个 部分 主要 其他 周边 沿线 两侧 推进 加快 建设 改造 提升 实施".split())
_LONG_ENDS = tuple(end for end in PLACE_ENDS if len(end) > 1 and end not in _WEAK_ENDS)
_PARKS = tuple("产业园 产业园区 科技园 科技园区 创业园 创意园 软件园 物流园 新天地 服务中心 信息中心 指挥中心 管理中心 商务区 试验区".split())

_LISTED = re.compile(r"(?<=[、(（—\-～~])([\u4e00-\u9fff]{2,6}[路街巷弄桥河港湖浜溪渠苑坊园湾港站])(?=[、)）—\-～~]|等)|(?<=[、(（—\-～~])([\u4e00-\u9fff]{2,4}[东西南北大小支新][路街园苑村桥河])(?=[、)）—\-～~]|等)")


def _listed(text: str, cutter: Cutter) -> Iterator[tuple[int, int]]:
    """Names that stand alone between the signs of a list or of a range: 庙桥港、流水东苑、; (上塘路—中山北园)."""
    for match in _LISTED.finditer(text):
        chunk = match[1] or match[2]
        words = cutter.words(chunk)
        if len(words) < 2 or len(words) > 3 or any(word in _NO_PART_OF_NAMES for word in words):
            continue
        tags = cutter.tags(words)
        common = len(words[-1]) > 1 and tags[-1] == "n" and words[-1][0] not in "东西南北支"
        if tags[0] not in {"v", "vn", "d", "p", "m", "c", "ad"} and not common:
            yield match.start(), match.end()


def _recurrent(words: Sequence[str], tags: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Runs of two to four single characters that the dictionary could not join."""
    start = 0
    while start < len(words):
        end = start
        while end < len(words) and len(words[end]) == 1 and _NAME.fullmatch(words[end]) and words[end] not in _NO_PART_OF_NAMES and tags[end] not in {"m", "p", "c", "d", "r", "q", "uj", "ul", "u", "v", "a"}:
            end += 1
        if 2 <= end - start <= 4:
            yield start, end
        start = max(end, start + 1)


def learn(report: Report, cutter: Cutter) -> list[LearnedWord]:
    """The words that the report gives evidence for, in the order of their sources, the most frequent first.

    A recurrent string must occur twice, with free neighbours: at least two different words before or behind it.
    """
    evidence: dict[str, dict[str, list[tuple[int, int]]]] = {source: {} for source in SOURCES}

    def note(source: str, word: str, start: int, end: int) -> None:
        evidence[source].setdefault(word, []).append((start, end))

    for source, found in (("annex", _annex(report, cutter)), ("quoted", _quoted(report, cutter)), ("title", _titles(report))):
        for word, start, end in found:
            note(source, word, start, end)
    neighbours: dict[str, set[str]] = {}
    counts: Counter[str] = Counter()
    body = "\n".join(paragraph.text for paragraph in report.paragraphs if paragraph.part != "glossary")
    for paragraph in report.paragraphs:
        text = paragraph.text
        if len(text) != paragraph.end - paragraph.start or paragraph.part == "glossary":
            continue
        words = cutter.words(text)
        tags = cutter.tags(words)
        places: list[int] = []
        place = 0
        for word in words:
            place = text.index(word, place)
            places.append(place)
            place += len(word)
        for start, end in _listed(text, cutter):
            note("ending", text[start:end], paragraph.start + start, paragraph.start + end)
        for source, runs in (("ending", _endings(words, tags, cutter)), ("recurrent", _recurrent(words, tags))):
            for first, behind in runs:
                start, end = places[first], places[behind - 1] + len(words[behind - 1])
                name = text[start:end]
                if not _NAME.fullmatch(name):
                    continue
                note(source, name, paragraph.start + start, paragraph.start + end)
                if source == "recurrent":
                    counts[name] += 1
                    neighbours.setdefault(name, set()).update(
                        [f"<{words[first - 1]}" if first else "<", f">{words[behind]}" if behind < len(words) else ">"]
                    )
    learned: dict[str, LearnedWord] = {}
    for source in SOURCES:
        for word, spans in sorted(evidence[source].items(), key=lambda item: (-len(item[1]), item[0])):
            if word in learned or (source == "recurrent" and (counts[word] < 2 or len(neighbours[word]) < 3)):
                continue
            everywhere = source != "quoted" or 3 <= len(word) <= 5 and "十" not in word
            learned[word] = LearnedWord(word, source, max(len(spans), body.count(word)), tuple(spans), everywhere)
    return list(learned.values())
