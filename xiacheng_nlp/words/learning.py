"""Words that a report itself gives evidence for: explained, quoted, ending as names end, recurring.

Only the report and a first segmentation of it are asked; every word comes with its source, its
count and its places.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from xiacheng_nlp.numbers.numerals import COUNTED
from xiacheng_nlp.report.government import place_of
from xiacheng_nlp.report.nodes import Paragraph
from xiacheng_nlp.report.places import named_in, parted_name
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.statistics import Ints
from xiacheng_nlp.words.borders import cut_out
from xiacheng_nlp.words.lexicon import rule_words

if TYPE_CHECKING:
    from xiacheng_nlp.words.segmentation import Segmenter

SOURCES = ("annex", "quoted", "title", "place", "ending", "recurrent")
"""annex: a headword of the annex · quoted: in “ ” · title: in 《 》 · place: the place that is
governed, and slogans with its name · ending: a name by its last part · recurrent: characters that
no dictionary joins, or words before the end of a name, found together again and again."""


MOST_CHARACTERS = 10
"""A longer quotation is a name only if it ends as titles and institutions do."""

LONGEST = 16
"""A still longer one is a sentence."""


Span = tuple[int, int]

Places = dict[str, list[Span]]
"""Where each of some words stands, or each run of words by their numbers."""


@dataclass(frozen=True, slots=True)
class LearnedWord:
    """A word with its evidence: `source` is one of `SOURCES`, `count` how much evidence there is,
    `spans` where it stands in `report.text`; a quoted word that is no name `everywhere` is one word
    between quotation marks only."""

    text: str
    source: str
    count: int
    spans: tuple[Span, ...]
    everywhere: bool = True

    def as_dict(self) -> dict[str, Any]:
        """The word as plain data."""
        return {
            "word": self.text,
            "source": self.source,
            "count": self.count,
            "spans": [list(span) for span in self.spans],
        }


Found = Iterator[tuple[str, int, int]]
"""Words with the places that show them."""

_NAME = re.compile(r"[\u4e00-\u9fffA-Za-z0-9+＋×]+")
_SENTENCE_WORDS = rule_words("sentence_word")
_OF_SENTENCES = re.compile("|".join((*_SENTENCE_WORDS, "有[^色机]", r"^\d+条$")))
"""What no name holds; 有色 (non-ferrous) and 有机 (organic) are no verbs, 30条 counts articles."""


def _may_be_name(text: str) -> bool:
    return bool(_NAME.fullmatch(text)) and not _OF_SENTENCES.search(text)


# --- what the text marks as a word: quotation marks, annex, title marks, the place that is governed

_QUOTATION = re.compile(r"[“「『]([^“”「」『』\n]{2,40})[”」』]")
_LIST = re.compile(r"[、,，]")
_VERBS_OF_SLOGANS = frozenset(rule_words("verb_before_object"))
_LONG_NAME_ENDS = rule_words("title_end")


def _cut_each(texts: Iterable[str], cutter: "Segmenter") -> dict[str, list[str]]:
    """The words of each text, a line of its own for the segmenter: one call costs as much as a
    hundred lines."""
    lines = sorted(set(texts))
    cut: dict[str, list[str]] = {line: [] for line in lines}
    text = "\n".join(lines)
    starts, ends = cutter.spans(text)
    behind = np.cumsum([len(line) + 1 for line in lines])
    homes = np.searchsorted(behind, starts, side="right").tolist()
    for home, word in zip(homes, cut_out(text, starts, ends), strict=True):
        cut[lines[home]].append(word)
    return cut


def _is_name(content: str, words: Sequence[str], cutter: "Segmenter") -> bool:
    """Whether what stands between quotation marks is a name: short, without the words of a
    sentence."""
    if not _NAME.fullmatch(content) or any(_is_of_sentences(word, cutter) for word in words):
        return False
    if content.isdigit() or _COUNTED.fullmatch(content):
        return content.isdigit()
    first = cutter.tags(words[:1])[0]
    if len(content) > MOST_CHARACTERS:
        is_title = content.endswith(_LONG_NAME_ENDS) and len(content) <= LONGEST
        return is_title and first not in _NO_FIRST_TAGS - {"m"}
    # 保/供应, 始终/坚持
    is_slogan = words[0] in _VERBS_OF_SLOGANS and cutter.knows(words[-1])
    is_slogan = len(words) == 2 and (is_slogan or first in ("d", "ad"))
    long_words = sum(len(word) >= 4 for word in words)
    return 1 < len(words) <= 5 and long_words < 2 and not is_slogan


def _is_of_sentences(word: str, cutter: "Segmenter") -> bool:
    """Whether the word is or holds what makes a sentence, unless the dictionary knows it: 就业."""
    is_glued = _OF_SENTENCES.search(word) is not None and not cutter.knows(word)
    return word in _SENTENCE_WORDS or is_glued


def _is_name_in_list(part: str, words: Sequence[str]) -> bool:
    """A list of slogans is cut as running text; a list of names is one whose members are no words
    of the language."""
    singles = sum(len(word) == 1 for word in words)
    return len(part) <= 4 and singles >= 2 and _may_be_name(part)


def _quoted(text: str, cutter: "Segmenter") -> Found:
    quotations = []
    for match in _QUOTATION.finditer(text):
        parts = [part for part in _LIST.split(match[1]) if part]
        quotations.append((match.start(1), parts if len(parts) > 1 else [match[1]]))
    cut = _cut_each(chain.from_iterable(parts for _, parts in quotations), cutter)
    lists = [parts for _, parts in quotations if len(parts) > 1]
    listed = {part for part, words in cut.items() if _is_name_in_list(part, words)}
    # What stands in a list of slogans is one of them alone too.
    slogans = set(chain.from_iterable(parts for parts in lists if not listed.issuperset(parts)))
    alone = {part for part, words in cut.items() if _is_name(part, words, cutter)} - slogans
    for end, parts in quotations:
        if (alone if len(parts) == 1 else listed).issuperset(parts):
            for part in parts:
                start = text.index(part, end)
                end = start + len(part)
                yield part, start, end


_GENERIC_ENDS = rule_words("generic_end")


def _annex(report: Report) -> Found:
    for entry in report.glossary:
        word, start, end = entry.headword, entry.headword_start, entry.headword_end
        if word is None or start is None or end is None or report.reading(start, end)[0] != word:
            continue
        is_phrase = len(word) > 4 and word.endswith(_GENERIC_ENDS)
        if len(word) <= 8 and _may_be_name(word) and not is_phrase:
            yield word, start, end


_LETTER = r"[\u3007\u4e00-\u9fffA-Za-z0-9]"
_TITLE = re.compile(
    rf"""
    《((?!{_LETTER}*关于|[0-9]{{4}}年)            # 甲县关于…的意见, 2014年…报告: more than a name
    (?:{_LETTER}{{2,46}}(?:{"|".join(rule_words("act_end"))})
    |{_LETTER}{{6,18}}(?:{"|".join(rule_words("paper_end"))})))  # a longer one is a sentence
    (?:[（(][^《》\n]{{1,20}}[）)])?》            # without (草案) and the years behind it
    """,
    re.VERBOSE,
)


_PRAISE = "|".join(rule_words("praise"))


def _place(report: Report, text: str) -> Found:
    """The name of the place that is governed, from the title or the first lines, and slogans such
    as 平安 with it."""
    stem, ending = place_of(report).stem
    if stem:
        # Asking first whether anything can begin here is several times as fast.
        first = "".join({word[0] for word in (*rule_words("praise"), stem)})
        for found in re.finditer(f"(?=[{first}])(?:{_PRAISE})?{stem}(?:{ending})?", text):
            yield found[0], found.start(), found.end()


def _stems(report: Report, text: str) -> frozenset[str]:
    """What names of institutions may begin with beside names of places: ordinals, and the stems of
    the place that is governed and of those whose whole names the report holds, 光明 of 光明区."""
    own = place_of(report).stem[0]
    stems = (parted_name(name)[0] for name in named_in(text))
    return _ORDINALS.union(stem for stem in (own, *stems) if len(stem) >= 2)


# --- what the running text shows: names by their endings, in lists, and by recurrence

_WEAK_ENDS = frozenset(rule_words("weak_place_end"))
_ENDS = frozenset(rule_words("place_end")) | _WEAK_ENDS
_PLAIN_ENDS = frozenset(rule_words("plain_end"))
_COMMON_FIRST = frozenset(rule_words("common_first"))
_LONG_ENDS = tuple(end for end in rule_words("place_end") if len(end) > 1)
_PARKS = rule_words("park_end")
_DETERMINERS = frozenset(rule_words("determiner"))
_NO_PART_OF_NAMES = frozenset(rule_words("no_part_of_names"))
_NAME_TAGS = frozenset({"ns", "nr", "nz", "nrt", "nt", "nrfg"})
_FUNCTION_TAGS = frozenset(
    {*("v", "p", "c", "d", "m", "r", "f", "q", "zg"), *("u", "ud", "ug", "uj", "ul", "uv", "uz")}
)
_MODIFIER_TAGS = _NAME_TAGS - {"nrt", "nrfg"} | {"n", "j", "b", "vn", "a", "l", "eng", "s", "f"}
_PLACE_TAGS = frozenset({"ns", "nt"})
_INSTITUTION_ENDS = frozenset(rule_words("institution_end"))
_PARENTS = rule_words("parent_end")
"""How an institution ends that founds others elsewhere: 首都大学 of 首都大学下沙医院."""
_WHOLE_INSTITUTIONS = tuple(end for end in rule_words("institution_end") if len(end) > 2)
_LONG_INSTITUTIONS = _PARENTS + _WHOLE_INSTITUTIONS
_TAILS = {
    last: tuple(tails)
    for last, tails in groupby(
        sorted(_LONG_INSTITUTIONS + _LONG_ENDS, key=itemgetter(-1)), itemgetter(-1)
    )
}
"""The ends that longer words have too, by their last character."""
_INSTITUTION_VERBS = frozenset(rule_words("institution_verb"))
_ANY_END = _ENDS | _INSTITUTION_ENDS
_EVERY_END = tuple(_ANY_END)
_LONGEST_INSTITUTION = 14
_LINE_ENDS = rule_words("line_end")
_RANGE = frozenset("至到-—－")
_SIDES = frozenset("东西南北")
_CHARACTER_TAGS = ("j", "zg", "n", "ns", "nr")
_ORDINALS = frozenset(f"第{tens}{ones}" for tens in ("", "十", "二十") for ones in COUNTED)
_BETWEEN = re.compile("[和与及即指至].")


@dataclass(frozen=True, slots=True)
class _Cut:
    """A text as a segmenter cut it: the words, their tags and where they stand."""

    text: str
    words: list[str]
    tags: list[str]
    starts: list[int]
    ends: list[int]

    def span(self, first: int, behind: int) -> Span:
        """Where a run of words stands."""
        return self.starts[first], self.ends[behind - 1]

    def name(self, first: int, behind: int) -> str:
        """The run of words as one, empty where blanks or signs stand in it."""
        start, end = self.span(first, behind)
        return self.text[start:end] if _NAME.fullmatch(self.text, start, end) else ""

    def before(self, places: Iterable[Span]) -> set[str]:
        """The words that stand before these runs, empty at the beginning of the text."""
        return {self.words[first - 1] if first else "" for first, _ in places}


_COUNTED = re.compile(r"\d{1,2}条?|[两三四五六七八九十]大|.*级")
"""What counts or grades and names nothing: 40 of 40桥, 两大 of 两大口岸, 5A级 of 5A级景区."""


@lru_cache(maxsize=10_000)
def _may_stand_in_name(word: str) -> bool:
    is_sign = word in _NO_PART_OF_NAMES or not _NAME.fullmatch(word)
    return not (is_sign or _COUNTED.fullmatch(word))


def _is_common(word: str, end: str) -> bool:
    """Whether the word names nothing before such an end, though a dictionary takes it for a name:
    都市/社区, but 智慧/康养中心."""
    return word in _COMMON_FIRST and len(end) < 3


def _is_proper(word: str, tag: str, cutter: "Segmenter", end: str = "") -> bool:
    """Whether the word looks like the proper part of a name with this end."""
    if _is_common(word, end) or not _may_stand_in_name(word):
        return False
    if _BETWEEN.search(word) and not cutter.knows(word):
        return False
    if len(word) == 1:
        return tag not in _FUNCTION_TAGS
    # 品质化 and 高水平 are no names, though no dictionary holds them: their parts are words.
    made = len(word) == 3 and (cutter.knows(word[1:]) or cutter.knows(word[:2]))
    return tag in _NAME_TAGS or not (made or cutter.knows(word))


def _is_modifier(word: str, tag: str, end: str) -> bool:
    """Whether the word may stand between the proper part of a name and its end: 西湖/文化/广场."""
    fits = tag in _MODIFIER_TAGS or word in _INSTITUTION_VERBS
    is_inside = word == "新" or (len(word) == 2 and fits and word not in _DETERMINERS)
    return is_inside and len(end) > 1


def _endings(cut: _Cut, cutter: "Segmenter", stems: frozenset[str]) -> Iterator[Span]:
    """Runs of words (first, behind the last) that make a name by its ending."""
    ends = {
        word
        for word in set(cut.words)
        if word in _ANY_END or word.endswith(_TAILS.get(word[-1], ()))
    }
    for last in [number for number, word in enumerate(cut.words) if word in ends]:
        first = _first(cut, last, cutter, stems)
        if first < last:
            yield first, last + 1


def _first(cut: _Cut, last: int, cutter: "Segmenter", stems: frozenset[str]) -> int:
    """Where the name begins that ends with word number `last`, or `last` where none does."""
    word, first = cut.words[last], last
    is_institution = word.endswith(_LONG_INSTITUTIONS) or word in _INSTITUTION_ENDS
    if is_institution:
        first = _institution(cut, last, stems, cutter)
    if first == last and (word in _ENDS or word.endswith(_LONG_ENDS)):
        first = _named(cut, last, cutter)
    if first == last or _is_shared(cut, first, cutter):
        return last
    before = cut.words[first - 1] if first else ""
    if is_institution and before.endswith(_PARENTS):
        parent = _first(cut, first - 1, cutter, stems)
        return parent if parent < first - 1 or len(before) > 3 else first
    return _whole(cut, first, last)


def _whole(cut: _Cut, first: int, last: int) -> int:
    """Where a name begins of whose first place the dictionary knows only a part: 明月/湖/实验室,
    西/石楼/小学; `last` where that is not told."""
    word, before = cut.words[first], cut.words[first - 1] if first else ""
    is_part = _may_stand_in_name(before) and before not in _DETERMINERS
    if len(word) == 1 and word in _ENDS:
        return first - 1 if len(before) == 2 and is_part else last
    is_cut = len(before) == 1 and cut.tags[first - 1] in _CHARACTER_TAGS and is_part
    return first - (before in _SIDES or (is_cut and word != "国家"))


def _is_shared(cut: _Cut, first: int, cutter: "Segmenter") -> bool:
    """Whether a list shares the end of the name: 城关、北关/片区."""
    if first < 2 or cut.words[first - 1] not in "、和":
        return False
    word, tag = cut.words[first - 2], cut.tags[first - 2]
    is_place = tag in _PLACE_TAGS or (len(word) == 2 and not cutter.knows(word))
    is_whole = word[-1] in _DETERMINERS or word.endswith(_EVERY_END)
    is_shared = is_place and not is_whole and cut.words[first] != "国家"
    return is_shared and word not in _DETERMINERS and _is_proper(word, tag, cutter)


def _named(cut: _Cut, last: int, cutter: "Segmenter") -> int:
    """Where the name of a place begins that ends with word number `last`, or `last`."""
    word, before = cut.words[last], cut.words[last - 1] if last else ""
    if (
        word.endswith(_PARKS)
        and len(before) >= 4
        and cutter.knows(before)
        and _NAME.fullmatch(before)
    ):
        return last - 1
    first = _beginning(cut, last, cutter)
    if first < last and word.endswith(_LINE_ENDS) and cut.words[first - 1] in _RANGE:
        return last  # 甲城至乙城铁路 is named by both of its ends.
    # A word of the language makes a name with such an end behind it: 公园/大道.
    is_plain = first == last and word in _PLAIN_ENDS and len(before) == 2
    is_plain = is_plain and cut.tags[last - 1] in _MODIFIER_TAGS
    return first - (is_plain and before not in _DETERMINERS and before not in _COMMON_FIRST)


def _is_place(word: str, tag: str, end: str, stems: frozenset[str]) -> bool:
    """Whether the name of an institution with this end may begin with the word."""
    return not _is_common(word, end) and (tag in _PLACE_TAGS or word in stems)


def _stands_inside(word: str, tag: str) -> bool:
    """Whether the word may stand between the place and the end of a name."""
    return len(word) > 1 and (tag in _MODIFIER_TAGS or word in _INSTITUTION_VERBS)


def _institution(cut: _Cut, last: int, stems: frozenset[str], cutter: "Segmenter") -> int:
    """Where the name of an institution begins that ends with word number `last`: at a place that
    nothing but modifiers parts from the end, 前海/联合/交易中心, or at 国家; `last` where none
    does."""
    words, tags = cut.words, cut.tags
    size, first, found = len(words[last]), last, last
    while first > 0:
        word, tag = words[first - 1], tags[first - 1]
        size += len(word)
        if size > _LONGEST_INSTITUTION or not _may_stand_in_name(word):
            break
        if word in _DETERMINERS or (word == "中国" and first == last):
            break
        if word == "国家":
            return first - (first < last or words[last] in _INSTITUTION_ENDS)
        # A proper word before the place belongs to the name too: 吉大/甲城/大学.
        if _is_place(word, tag, words[last], stems) or (
            found < last and len(word) > 1 and _is_proper(word, tag, cutter)
        ):
            found = first - 1
        elif found < last or not _stands_inside(word, tag):
            break
        first -= 1
    return found


def _beginning(cut: _Cut, last: int, cutter: "Segmenter") -> int:
    """Where the name begins that ends with word number `last`, or `last` where none does.

    Read to the left: modifiers, then at least one proper part. What stands before the proper parts
    belongs to the sentence.
    """
    words, tags, end = cut.words, cut.tags, cut.words[last]
    first, size, named = last, len(end), False
    while first > 0:
        word, tag = words[first - 1], tags[first - 1]
        size += len(word)
        if size > MOST_CHARACTERS + 1 or not _may_stand_in_name(word):
            break
        firm = end not in _WEAK_ENDS or tag in _PLACE_TAGS or len(word) == 1
        if firm and _is_proper(word, tag, cutter, end):
            named = True
        elif named or not _is_modifier(word, tag, end):
            break
        first -= 1
    proper = (
        n
        for n in range(first, last)
        if words[n] not in _DETERMINERS and _is_proper(words[n], tags[n], cutter, end)
    )
    first = next(proper, last)
    enough = sum(map(len, words[first:last])) >= min(2, len(end))
    return first if named and enough else last


_LISTED = re.compile(
    rf"""
    (?<=[、(（—\-～~])                # behind the sign of a list or a range
    ([\u4e00-\u9fff]{{2,6}}[{"".join(rule_words("listed_end"))}]
    |[\u4e00-\u9fff]{{2,4}}[东西南北大小支新][{"".join(rule_words("listed_way"))}])
    (?=[、)）—\-～~]|等)              # and before another
    """,  # takes 庙桥港 of 、庙桥港、, 中山北园 of (上塘路—中山北园); not 庙桥港 of 整治庙桥港,
    re.VERBOSE,
)
_NO_FIRST_TAGS = frozenset({"v", "vn", "d", "p", "m", "c", "ad"})


def _listed(text: str, cutter: "Segmenter") -> Iterator[Span]:
    """Names that stand alone between the signs of a list, or of a range: (上塘路—中山北园)."""
    matches = list(_LISTED.finditer(text))
    cut = _cut_each((match[1] for match in matches), cutter)
    for match in matches:
        words = cut[match[1]]
        if not 2 <= len(words) <= 3 or not _NO_PART_OF_NAMES.isdisjoint(words):
            continue
        tags, last = cutter.tags(words), words[-1]
        is_common = len(last) > 1 and tags[-1] == "n" and last[0] not in "东西南北支"
        if tags[0] not in _NO_FIRST_TAGS and not is_common:
            yield match.start(), match.end()


_NEVER_JOINED = _FUNCTION_TAGS - {"f", "uv", "zg"} | {"a"}


def _recurrent(cut: _Cut) -> Iterator[Span]:
    """Runs of two to four single characters that the dictionary could not join, where they occur
    twice with free neighbours: two different words before or behind them."""
    runs: Places = {}
    for run in _single_runs(cut):
        if name := cut.name(*run):
            runs.setdefault(name, []).append(run)
    for places in runs.values():
        before = cut.before(places)
        after = {cut.words[behind] if behind < len(cut.words) else "" for _, behind in places}
        if len(places) >= 2 and len(before) + len(after) >= 3:
            yield from places


_REPEATED_ENDS = (_INSTITUTION_ENDS | frozenset(_LONG_ENDS) | frozenset(_PARKS)) - _WEAK_ENDS
_MOST_BEFORE = 4


def _repeated(cut: _Cut) -> Iterator[Span]:
    """Names that end as places and institutions do and that the report repeats with the same
    words before the end, behind different words: 创新/创业/新天地."""
    runs: Places = {}
    for last in [number for number, word in enumerate(cut.words) if word in _REPEATED_ENDS]:
        end = cut.words[last]
        for first in range(last - 1, max(-1, last - 1 - _MOST_BEFORE), -1):
            word, tag = cut.words[first], cut.tags[first]
            if not (_is_modifier(word, tag, end) or (len(word) == 3 and tag in _NAME_TAGS)):
                break
            if tag not in _NO_FIRST_TAGS or word in _INSTITUTION_VERBS:
                runs.setdefault(cut.name(first, last + 1), []).append((first, last + 1))
    runs.pop("", None)
    for places in runs.values():
        first, behind = places[0]
        if behind - first >= 3 and len(places) >= 2 and len(cut.before(places)) >= 2:
            yield from places


def _single_runs(cut: _Cut) -> Iterator[Span]:
    joinable = [
        number
        for number, word in enumerate(cut.words)
        if len(word) == 1
        and cut.tags[number] not in _NEVER_JOINED
        and word not in _DETERMINERS
        and _may_stand_in_name(word)
    ]
    # Neighbours are as far apart in the text as in the list.
    for _, run in groupby(enumerate(joinable), lambda pair: pair[1] - pair[0]):
        numbers = [number for _, number in run]
        if 2 <= len(numbers) <= 4:
            yield numbers[0], numbers[-1] + 1


def _running(text: str, cutter: "Segmenter", stems: frozenset[str]) -> dict[str, Found]:
    """What the running text shows, by its source."""
    (starts, ends), words, tags = cutter.read(text)
    cut = _Cut(text, *(column.tolist() for column in (words, tags, starts, ends)))
    spans = {
        "ending": [
            *_listed(cut.text, cutter),
            *(cut.span(*run) for run in _endings(cut, cutter, stems) if cut.name(*run)),
        ],
        "recurrent": [
            *(cut.span(*run) for run in _recurrent(cut)),
            *(cut.span(*run) for run in _repeated(cut)),
        ],
    }
    return {
        source: ((text[start:end], start, end) for start, end in found)
        for source, found in spans.items()
    }


def positions_of(report: Report, paragraphs: Iterable[Paragraph]) -> Ints:
    """Where each character of these paragraphs, and the break behind each, stands in the source."""
    found = [
        np.arange(at.start, at.stop) if isinstance(at, range) else np.array(at)
        for at in map(report.positions, paragraphs)
    ]
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def _evidence(report: Report, cutter: "Segmenter") -> dict[str, Places]:
    """The places in `report.text` that show a word, by source and word."""
    text = "\n".join(paragraph.text for paragraph in report.paragraphs)
    places = positions_of(report, report.paragraphs)
    shown = {
        "quoted": _quoted(text, cutter),
        "title": ((match[1], *match.span(1)) for match in _TITLE.finditer(text)),
        "place": _place(report, text),
        **_running(text, cutter, _stems(report, text)),
    }
    evidence: dict[str, Places] = {source: {} for source in SOURCES}
    for word, start, end in _annex(report):
        evidence["annex"].setdefault(word, []).append((start, end))
    for source, found in shown.items():
        for word, start, end in found:
            span = int(places[start]), int(places[end - 1]) + 1
            evidence[source].setdefault(word, []).append(span)
    return evidence


def learn(report: Report, cutter: "Segmenter") -> list[LearnedWord]:
    """The words that the report gives evidence for, in the order of their sources, the most
    frequent first; `cutter` is best one without the model, which would join the ends of names.

    >>> from xiacheng_nlp.words.segmentation import Segmenter
    >>> report = Report.parse("各位代表:\\n启动“智能武林”项目。")  # "start the project Smart Wulin"
    >>> [(word.text, word.source) for word in learn(report, Segmenter(model=False))]
    [('智能武林', 'quoted')]
    """
    learned: dict[str, LearnedWord] = {}
    evidence = _evidence(report, cutter)
    inner = _inside_others(evidence.values())
    for source, words in evidence.items():
        for word, spans in sorted(words.items(), key=lambda item: (-len(item[1]), item[0])):
            everywhere = source != "quoted" or (
                3 <= len(word) <= 5
                and "十" not in word
                and not _is_plain(word, len(spans), report.text, cutter)
            )
            if not inner.issuperset(spans):
                learned.setdefault(
                    word, LearnedWord(word, source, len(spans), tuple(spans), everywhere)
                )
    return list(learned.values())


def _is_plain(word: str, count: int, text: str, cutter: "Segmenter") -> bool:
    """Whether a quoted word is two of the language that stand together more often without
    quotation marks: 始终/坚持."""
    words = cutter.words(word) if text.count(word) > 2 * count else [""]
    return all(len(part) == 2 and cutter.knows(part) for part in words)


def _inside_others(evidence: Iterable[Places]) -> set[Span]:
    """The places that lie within longer ones: 甲边区银行 of 甲边区银行旧址博物馆."""
    spans = {span for words in evidence for spans in words.values() for span in spans}
    inner, behind = set(), 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if end <= behind:
            inner.add((start, end))
        behind = max(behind, end)
    return inner
