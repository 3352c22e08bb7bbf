"""Words from lists, and words that a report itself gives evidence for: explained, quoted, ending as
names end, recurring.

For the latter only the report and a first segmentation of it are asked; every word comes with its
source, its count and its places.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources.abc import Traversable
from itertools import accumulate
from pathlib import Path
from typing import Any, Protocol

from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.report.government import place_of
from xiacheng_nlp.report.report import Report

SOURCES = ("annex", "quoted", "title", "place", "ending", "recurrent")
"""annex: a headword of the annex · quoted: in “ ” · title: in 《 》 · place: the place that is
governed, and slogans with its name · ending: a name by its last part · recurrent: characters that
no dictionary joins, found together again and again."""


LONG_NAME = 8
"""A quotation longer than this is a name only if it ends as names of places and institutions do."""

MOST_CHARACTERS = 10
"""A longer quotation or headword is a sentence rather than a name: the longest name in the gold has
eleven characters."""


RULES = frozenset(
    {
        "determiner",
        "no_part_of_names",
        "organ",
        "park_end",
        "phrase",
        "phrase_first",
        "place_end",
        "praise",
        "suffix",
    }
    | {"verb_before_object", "weak_place_end", "whole_numeral"}
)
"""The rules that take their words from data/segmentation_words.tsv."""


def rule_words(rule: str) -> tuple[str, ...]:
    """The words that `data/segmentation_words.tsv` lists for a rule, in its order."""
    assert rule in RULES, rule
    return tuple(word for name, word in _rules() if name == rule)


@lru_cache(maxsize=1)
def _rules() -> tuple[tuple[str, str], ...]:
    rows = read_table(
        packaged("words/segmentation_words.tsv"),
        columns=("class", "word", "source"),
        optional=("note",),
    )
    return tuple((row.chosen("class", RULES), row["word"]) for row in rows)


@dataclass(frozen=True, slots=True)
class Word:
    """A word that the segmenter must know, with its part of speech (jieba's tag set) and where it
    comes from."""

    text: str
    pos: str = "n"
    kind: str = "word"
    source: str = "extra"


def read_lexicon(source: str | Path | Traversable) -> list[Word]:
    """The words of a lexicon file: columns word, pos, kind, source and, if there is one, note.

    Raises `DataFileError` (file:line: what is wrong) for a broken line, a word twice, or a word
    with blanks.

    >>> words = read_lexicon(packaged("words/lexicon.tsv"))
    >>> next(word.kind for word in words if word.text == "河长制")  # "river-chief system"
    'policy'
    """
    rows = read_table(
        source, columns=("word", "pos", "kind", "source"), optional=("note",), key="word"
    )
    for row in rows:
        if re.search(r"\s", row["word"]):
            raise row.error("a word holds no blanks", "word")
        if not re.fullmatch(r"[a-z]+[0-9]?", row["pos"]):
            raise row.error(
                f"{row['pos']} is no part of speech of jieba's tag set, such as n, v, vn, ns, l",
                "pos",
            )
    return [Word(row["word"], row["pos"], row["kind"], row["source"]) for row in rows]


def read_words(source: str | Path) -> list[Word]:
    """The words of a reader's own list: a table whose first column is `word`, any of pos, kind,
    source, note behind it."""
    rows = read_table(
        source, columns=("word",), optional=("pos", "kind", "source", "note"), key="word"
    )
    return [
        Word(row["word"], row["pos"] or "n", row["kind"] or "word", row["source"] or "extra")
        for row in rows
    ]


class Cutter(Protocol):
    """What learning asks of a segmenter."""

    def words(self, text: str) -> list[str]: ...
    def spans(self, text: str) -> tuple[Any, Any]: ...
    def tags(self, words: Sequence[str]) -> list[str]: ...
    def knows(self, word: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class LearnedWord:
    """A word with its evidence: `source` is one of `SOURCES`, `count` how much evidence there is,
    `spans` where it stands in `report.text`; a quoted word that is no name `everywhere` is one word
    between quotation marks only."""

    text: str
    source: str
    count: int
    spans: tuple[tuple[int, int], ...]
    everywhere: bool = True

    def as_dict(self) -> dict[str, Any]:
        """The word as plain data."""
        return {
            "word": self.text,
            "source": self.source,
            "count": self.count,
            "spans": [list(span) for span in self.spans],
        }


_QUOTATION = re.compile(r"[“「『]([^“”「」『』\n]{2,40})[”」』]")
_LIST = re.compile(r"[、,，]")
_NAME = re.compile(r"[\u4e00-\u9fffA-Za-z0-9+]+")
_PHRASE = re.compile("[的了在与和及是不最为进以把对从向就都即]|有[^色机]|能够|如何|我们|他们")
_ACT = re.compile(r"[《]([^《》\n]{2,14}(?:法|条例|规划|纲要|宪章|公约))[》]")
_VERB_OBJECT = frozenset(rule_words("verb_before_object"))
_PLACE_ENDS = rule_words("place_end") + rule_words("park_end")
_NO_PART_OF_NAMES = frozenset(rule_words("no_part_of_names"))


def _is_name(content: str, cutter: Cutter) -> bool:
    """Whether what stands between quotation marks is a name: short, without the words of a
    sentence."""
    if not _NAME.fullmatch(content) or len(content) > MOST_CHARACTERS or _PHRASE.search(content):
        return False
    if content.isdigit():
        return True
    if len(content) > LONG_NAME and not content.endswith(_PLACE_ENDS):
        return False
    words = cutter.words(content)
    if words == [content]:
        return False
    if sum(len(word) >= 4 for word in words) >= 2:
        return False
    if (
        len(words) == 2
        and len(words[0]) == 1
        and words[0] in _VERB_OBJECT
        and cutter.knows(words[1])
    ):
        return False
    return len(words) <= 4


def _quoted(report: Report, cutter: Cutter) -> Iterator[tuple[str, int, int]]:
    names: dict[str, bool] = {}
    for match in _QUOTATION.finditer(report.text, report.start, report.end):
        content = match[1]
        parts = [part for part in _LIST.split(content) if part]
        if len(parts) == 1:
            if content not in names:
                names[content] = _is_name(content, cutter)
            if names[content]:
                yield content, match.start(1), match.end(1)
        elif len(parts) > 1:
            cut = [cutter.words(part) for part in parts]
            # A list of slogans is cut as running text; a list of names is one whose members are no
            # words of the language.
            if all(
                _NAME.fullmatch(part)
                and len(part) <= 4
                and sum(len(w) == 1 for w in words) >= 2
                and not _PHRASE.search(part)
                for part, words in zip(parts, cut, strict=True)
            ):
                place = match.start(1)
                for part in parts:
                    start = report.text.index(part, place)
                    yield part, start, start + len(part)
                    place = start + len(part)


_GENERIC_END = re.compile(
    "(?:机制|创建|评选|政策|活动|管理|服务|制度|工作|建设|体系|办法|措施|行动|项目|改革|计划|工程|战略|标准|要求|企业|人才|文件|培育|防控|会议|精神|问题|系统)$"
)


def _annex(report: Report, cutter: Cutter) -> Iterator[tuple[str, int, int]]:
    for entry in report.glossary:
        word, start, end = entry.headword, entry.headword_start, entry.headword_end
        if word is None or start is None or end is None or report.text[start:end] != word:
            continue
        if (
            _NAME.fullmatch(word)
            and len(word) <= 8
            and not _PHRASE.search(word)
            and (len(word) <= 4 or not _GENERIC_END.search(word))
        ):
            yield word, start, end


def _titles(report: Report) -> Iterator[tuple[str, int, int]]:
    for match in _ACT.finditer(report.text, report.start, report.end):
        if _NAME.fullmatch(match[1]) and not _PHRASE.search(match[1]):
            yield match[1], match.start(1), match.end(1)


_WEAK_ENDS = frozenset(rule_words("weak_place_end"))
_STRONG_ENDS = frozenset(rule_words("place_end"))
_NAME_TAGS = frozenset({"ns", "nr", "nz", "nrt", "nt", "nrfg"})


def _looks_like_name(word: str, tag: str, cutter: Cutter) -> bool:
    if not _NAME.fullmatch(word) or word in _NO_PART_OF_NAMES:
        return False
    if len(word) == 1:
        return tag not in {
            "v",
            "p",
            "c",
            "d",
            "u",
            "uj",
            "m",
            "r",
            "f",
            "q",
            "ul",
            "zg",
        } or tag in {"g", "ng"}
    return tag in _NAME_TAGS or not cutter.knows(word)


_MODIFIER = frozenset({"n", "nz", "ns", "nr", "j", "b", "vn", "a", "l", "eng", "s", "f"})


def _endings(
    words: Sequence[str], tags: Sequence[str], cutter: Cutter
) -> Iterator[tuple[int, int]]:
    """Runs of words (first, behind the last) that make a name by its ending."""
    for last, word in enumerate(words):
        if word not in _STRONG_ENDS and word not in _WEAK_ENDS and not word.endswith(_LONG_ENDS):
            continue
        first, size, named = last, len(word), False
        if (
            last
            and word.endswith(_PARKS)
            and len(words[last - 1]) >= 4
            and cutter.knows(words[last - 1])
            and _NAME.fullmatch(words[last - 1])
        ):
            yield last - 1, last + 1
            continue
        while first > 0:
            previous, tag = words[first - 1], tags[first - 1]
            if (
                not _NAME.fullmatch(previous)
                or size + len(previous) > MOST_CHARACTERS + 1
                or previous in _NO_PART_OF_NAMES
            ):
                break
            if _looks_like_name(previous, tag, cutter) and (
                word not in _WEAK_ENDS or tag in _NAME_TAGS or len(previous) == 1
            ):
                named = True
            elif (
                named
                or len(word) < 2
                or word in _WEAK_ENDS
                or tag not in _MODIFIER
                or len(previous) != 2
                or previous in _DETERMINERS
            ):
                break
            first -= 1
            size += len(previous)
        while first < last and (
            words[first] in _DETERMINERS or not _looks_like_name(words[first], tags[first], cutter)
        ):
            first += 1
        size = sum(map(len, words[first:last]))
        if first < last and named and size >= (1 if len(word) == 1 else 2):
            yield first, last + 1


_DETERMINERS = frozenset(rule_words("determiner"))
_LONG_ENDS = tuple(end for end in rule_words("place_end") if len(end) > 1)
_PARKS = rule_words("park_end")

_LISTED = re.compile(
    r"(?<=[、(（—\-～~])([\u4e00-\u9fff]{2,6}[路街巷弄桥河港湖浜溪渠苑坊园湾港站])(?=[、)）—\-～~]|等)|(?<=[、(（—\-～~])([\u4e00-\u9fff]{2,4}[东西南北大小支新][路街园苑村桥河])(?=[、)）—\-～~]|等)"
)


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
        while (
            end < len(words)
            and len(words[end]) == 1
            and _NAME.fullmatch(words[end])
            and words[end] not in _NO_PART_OF_NAMES
            and tags[end] not in {"m", "p", "c", "d", "r", "q", "uj", "ul", "u", "v", "a"}
        ):
            end += 1
        if 2 <= end - start <= 4:
            yield start, end
        start = max(end, start + 1)


_PRAISE = rule_words("praise")


def _place(report: Report) -> Iterator[tuple[str, int, int]]:
    """The name of the place that is governed, from the title or the first lines, and slogans such
    as 平安 with it."""
    stem, ending = place_of(report).stem
    if not stem:
        return
    praise = "|".join(_PRAISE)
    for found in re.finditer(
        f"(?:{praise})?{stem}(?:{ending})?", report.text[report.start : report.end]
    ):
        yield found[0], report.start + found.start(), report.start + found.end()


def learn(report: Report, cutter: Cutter) -> list[LearnedWord]:
    """The words that the report gives evidence for, in the order of their sources, the most
    frequent first.

    A recurrent string must occur twice, with free neighbours: at least two different words before
    or behind it.
    """
    evidence: dict[str, dict[str, list[tuple[int, int]]]] = {source: {} for source in SOURCES}

    def note(source: str, word: str, start: int, end: int) -> None:
        evidence[source].setdefault(word, []).append((start, end))

    for source, found in (
        ("annex", _annex(report, cutter)),
        ("quoted", _quoted(report, cutter)),
        ("title", _titles(report)),
        ("place", _place(report)),
    ):
        for word, start, end in found:
            note(source, word, start, end)
    neighbours: dict[str, set[str]] = {}
    counts: Counter[str] = Counter()
    # A paragraph that the source broke inside has other offsets than its text: its names are
    # learned from the others.
    kept = [p for p in report.paragraphs if p.part != "glossary" and len(p.text) == p.end - p.start]
    text = "\n".join(p.text for p in kept)
    offsets = [0, *accumulate(len(p.text) + 1 for p in kept)]

    def found_at(source: str, start: int, end: int) -> None:
        number = bisect_right(offsets, start) - 1
        shift = kept[number].start - offsets[number]
        note(source, text[start:end], start + shift, end + shift)

    for start, end in _listed(text, cutter):
        found_at("ending", start, end)
    starts, ends = (array.tolist() for array in cutter.spans(text))
    words = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    tags = cutter.tags(words)
    for first, behind in _endings(words, tags, cutter):
        if _NAME.fullmatch(text, starts[first], ends[behind - 1]):
            found_at("ending", starts[first], ends[behind - 1])
    for first, behind in _recurrent(words, tags):
        name = text[starts[first] : ends[behind - 1]]
        if _NAME.fullmatch(name):
            found_at("recurrent", starts[first], ends[behind - 1])
            counts[name] += 1
            around = [
                f"<{words[first - 1]}" if first else "<",
                f">{words[behind]}" if behind < len(words) else ">",
            ]
            neighbours.setdefault(name, set()).update(around)
    learned: dict[str, LearnedWord] = {}
    for source in SOURCES:
        for word, spans in sorted(
            evidence[source].items(), key=lambda item: (-len(item[1]), item[0])
        ):
            if word in learned or (
                source == "recurrent" and (counts[word] < 2 or len(neighbours[word]) < 3)
            ):
                continue
            everywhere = source != "quoted" or (3 <= len(word) <= 5 and "十" not in word)
            learned[word] = LearnedWord(word, source, len(spans), tuple(spans), everywhere)
    return list(learned.values())
