"""Words of a report: an engine of jieba's method with a lexicon of the genre, and the words learned
from the report itself.

A text is cut in four steps. What no dictionary can know, such as numbers, codes and names in
quotation marks, is fixed first and stands for one character in what the engine sees; the engine
cuts the rest by the frequencies of its dictionary and of our words; numerals are split from their
classifiers; suffixes (率, 性, 区) join the word that they end. With the lexicon, a model trained on
segmented sentences then joins and parts words (`borders`).

The words that are added take their frequency from a reserve that no text can use, so that the sum
of all frequencies, which the engine divides by, never moves: adding a word changes no sentence
without it.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from copy import copy
from enum import IntEnum
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from ahocorasick_rs import AhoCorasick, MatchKind

from xiacheng_nlp.datafiles import packaged
from xiacheng_nlp.errors import DataFileError, XiachengError, one_of
from xiacheng_nlp.numbers.numerals import DIGITS, MULTIPLIED
from xiacheng_nlp.numbers.units import unit_table
from xiacheng_nlp.report.nodes import Paragraph
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.statistics import Ints
from xiacheng_nlp.words.borders import (
    Borders,
    Cut,
    Numbered,
    Objects,
    Words,
    cut_out,
    is_han,
    merged,
    within,
)
from xiacheng_nlp.words.engines import ENGINES, Engine, jieba_itself
from xiacheng_nlp.words.learning import LearnedWord, Span, learn, positions_of
from xiacheng_nlp.words.lexicon import (
    MOST_FREQUENT,
    Word,
    lexicon_beside,
    read_lexicon,
    rule_words,
    words_of,
)

FIXED = "\ue000"
"""Stands for a fixed stretch in what the engine sees: a character for private use, which every
engine cuts as one word."""

RESERVE_WORD = "\ue001"
RESERVE = 100_000
"""The frequency set aside for added words. Against the 60 million of the dictionary it is small: on
fourteen reports no word of jieba's own changed by it."""

LADDER = (5, 20, 100, 500, MOST_FREQUENT)
"""Frequencies tried for an added word: it gets the first at which it is cut whole when it stands
alone."""

_HAN = re.compile(r"[\u4e00-\u9fd5]+")
"""Words of these go to the engine. Others, with digits, letters or symbols in them, to many of
which jieba is blind, are fixed."""

_DIGIT = DIGITS[1:]
_FIXED_FIRST = set(
    f"0123456789０１２３４５６７８９第{_DIGIT}十百千两几规ⅠⅡⅢⅣⅤ—―…{FIXED}{RESERVE_WORD}"
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
)


@cache
def _units(first: str = "") -> str:
    """One pattern for the units and classifiers behind a number that begin so, the longest
    first."""
    counted = [
        unit
        for unit in unit_table().values()
        if unit.dimension != "date"
        and not re.fullmatch(r"[%％﹪‰]|个.+|.*[床学车机工]位", unit.name)
        and re.match(first, unit.name)
    ]
    return "|".join(
        re.escape(unit.name) + unit.guard
        for unit in sorted(counted, key=lambda unit: (-len(unit.name), unit.name))
    )


@cache
def _fixed_pattern() -> str:
    """What is fixed in every text, as a verbose pattern; takes 152.84亿元, XC10-060-R21-05,
    十八届三中全会 and 三分之二, not 三套 of 第三套, nor GDP19 of GDP19亿元.

    How long a numeral is has its bound, since a run of 十 would be read to its end from each."""
    units = _units()
    return rf"""
        (?P<dash>——|――|……)
        |(?P<code>(?<![A-Za-z0-9.])
            (?![A-Za-z]{{2,}}[0-9.]+(?:[百千]?[万亿]|[元%％‰]))       # an amount: GDP19亿元
            (?:
            [A-Za-z]+[0-9]+[A-Za-z0-9]*(?:[-+./][A-Za-z0-9]+)*       # XC10-060-R21-05, H7N9
            |[A-Za-z0-9]+(?:[+][A-Za-z0-9]+)+                        # 3+3
            |[A-Za-z0-9]+-[0-9]*[A-Z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*  # COVID-A
            |[0-9]?A{{1,5}}级                                         # 4A级
            |[国省县乡]道[A-Z]?[0-9]+                                 # 国道308
            |[0-9]+号线
            |规划[{_DIGIT}十]{{1,4}}号路
            |[ⅠⅡⅢⅣⅤ]类
        ))
        |(?P<ordinal>第\d+)
        |(?P<number>
            \d+(?:[,，]\d{{3}}(?!\d))*(?:[.．]\d+)?
            (?:[%％﹪‰]|(?![A-Za-z])|(?={_units("[A-Za-z]")}))
         )
         (?P<unit>
            (?:(?:[多余几]?[十百千]?[万亿兆][亿]?|[多余几]|[十百千](?=[余多]))[多余]?)?
            (?:{units})?
         )
        |(?P<five>(?:二?十[{_DIGIT}]?|[{_DIGIT}])届[{_DIGIT}]中全会)
        |(?P<year>[一二][〇○零{_DIGIT}]{{3}}(?![〇○零{_DIGIT}十百千万]))  # 二〇三五
        |(?P<part>(?:百分之|千分之|[{_DIGIT}十]{{1,8}}分之)[{_DIGIT}十百零两点]+)
        |(?P<numeral>(?<![第百千万亿零{_DIGIT}])[{_DIGIT}十两几][{_DIGIT}十百千两几零]{{0,12}})
         (?P<magnitude>[百千]?[万亿](?:多|余)?(?:{units}))
        |(?P<private>[{FIXED}{RESERVE_WORD}])
    """


@lru_cache(maxsize=3)
def _fixed(own: tuple[str, ...]) -> re.Pattern[str]:
    """What is fixed before the engine cuts: words with symbols, and what `_fixed_pattern` finds.

    It is made for the first text: a segmenter that gives plain words needs none."""
    choices = [*map(re.escape, sorted(own, key=lambda word: (-len(word), word))), _fixed_pattern()]
    # Asking first whether anything can begin here makes the search four times as fast.
    first = "".join(sorted(_FIXED_FIRST | {name[0] for name in own}))
    return re.compile(f"(?=[{re.escape(first)}])(?:{'|'.join(choices)})", re.VERBOSE)


_STOPS = "。；：！？、"
"""Signs that stand in no word, in no name and in nothing that is fixed."""

_QUOTES = (("“", "”"), ('"', '"'), ("「", "」"), ("『", "』"))


Read = tuple[tuple[Ints, Ints], Objects, Objects]
"""Where the words of a text stand, the words, and their parts of speech."""


class _Role(IntEnum):
    """What the steps behind the engine do with a word."""

    WORD = 0
    BLANK = 1  # no word
    FIXED = 2  # as long as what it stands for
    HOST = 3  # a word of two characters that a suffix may join
    SUFFIX = 4
    SPLIT = 5  # two words


_SPLIT = re.compile(rf"(第?[{_DIGIT}十百千两]+)(?:{'|'.join(rule_words('split_unit'))})")
_WHOLE = frozenset(rule_words("whole_numeral"))
SUFFIXES = frozenset(rule_words("suffix"))
"""Characters that end a word of two before them: 入驻率, 体制性, 科技型."""

_NO_PHRASE_TAGS = frozenset({"i", "ns", "nt", "nr", "nz", "nrt", "nrfg", "m", "t"})
_PHRASE_TAGS = frozenset({"n", "v", "vn", "a", "an", "ad", "d", "b", "l", "j", "nz", "vd"})
_HOST_TAGS = frozenset({"n", "v", "vn", "a", "an", "ad", "b", "nz", "ns", "i", "l", "j"})
_PHRASE_FIRST = frozenset(rule_words("phrase_first"))
"""Words before which a phrase of four characters is no idiom, whatever the dictionary says."""
_ORGANS = frozenset(rule_words("organ"))
_LOOSE_FIRST = frozenset(rule_words("loose_first"))
_LOOSE_LAST = frozenset(rule_words("loose_last"))
_PHRASES = {
    phrase.replace("/", ""): tuple(accumulate(map(len, phrase.split("/")[:-1])))
    for phrase in rule_words("phrase")
}
"""Phrases that the dictionary holds as one word, with the borders of their words."""


class _Roles:
    """The roles of words, each told once: by the word alone, for one engine and one list."""

    def __init__(self, engine: Engine, own: Iterable[str], met: Words) -> None:
        self._engine = engine
        self._own = frozenset(own)
        self._met = met
        self.of = Numbered(met.texts, self._role, np.int64).of
        self._borders: dict[str, tuple[int, ...]] = {}

    def borders(self, number: int) -> tuple[int, ...]:
        """Where a word of the role SPLIT is cut."""
        return self._borders[self._met.texts[number]]

    def _role(self, word: str) -> _Role:
        if word.isspace():
            return _Role.BLANK
        if word == FIXED:
            return _Role.FIXED
        if word in SUFFIXES:
            return _Role.SUFFIX
        borders = () if word in self._own else self._numeral(word) or self._phrase(word)
        if borders:
            self._borders[word] = borders
            return _Role.SPLIT
        if len(word) == 2 and is_han(word[0]) and (self._engine.pos(word) or "n") in _HOST_TAGS:
            return _Role.HOST
        return _Role.WORD

    def _numeral(self, word: str) -> tuple[int, ...]:
        """Where a numeral is cut from its classifier: 四十/条."""
        match = None if word in _WHOLE else _SPLIT.fullmatch(word)
        return (len(match[1]),) if match else ()

    def _phrase(self, word: str) -> tuple[int, ...]:
        """Where a phrase is cut that the engine takes for one word: 深入/开展, 各/街道, 更/稳."""
        if word in _PHRASES or not _HAN.fullmatch(word):
            return _PHRASES.get(word, ())
        if word[0] in "省市区县州" and word[1:] in _ORGANS:
            return (1,)
        if len(word) == 4 and self._is_two(word[:2], word[2:], self._engine.pos(word)):
            return (2,)
        if len(word) >= 3 and word[0] in "各每" and self._engine.knows(word[1:]):
            return (1,)
        return () if self._engine.knows(word) else self._loose(word)

    def _loose(self, word: str) -> tuple[int, ...]:
        """Where characters are cut that the engine joined though no dictionary does, since one of
        them is a function word: 更/稳, 干/得."""
        if len(word) not in (2, 3) or (len(word) == 3 and word[-1] in SUFFIXES):
            return ()
        if word[0] in _LOOSE_FIRST:
            return (1,)
        return (len(word) - 1,) if word[-1] in _LOOSE_LAST else ()

    def _is_two(self, first: str, second: str, pos: str | None) -> bool:
        if first in _PHRASE_FIRST and self._engine.knows(second):
            return True
        return pos not in _NO_PHRASE_TAGS and all(
            self._engine.knows(half) and (self._engine.pos(half) or "") in _PHRASE_TAGS
            for half in (first, second)
        )


class Segmenter:
    """Cuts texts into words; each instance has a dictionary of its own, and instances do not
    disturb each other.

    `lexicon`: with the general lexicon of the genre. `words`: further words. `model`: with the
    model of borders, which goes with the lexicon. Raises `DataFileError` when the words are too
    many for the reserve.

    >>> Segmenter().words("完成固定资产投资152.84亿元。")  # "invest 15.284 billion"
    ['完成', '固定资产投资', '152.84', '亿元', '。']
    """

    def __init__(
        self,
        words: Iterable[Word] = (),
        *,
        lexicon: bool = True,
        model: bool = True,
    ) -> None:
        words = list(words)
        self._engine = Engine()
        listed = read_lexicon(packaged("words/lexicon.tsv")) if lexicon else ()
        self._words: dict[str, Word] = {word.text: word for word in (*listed, *words)}
        self._fill()
        self._signed = tuple(word for word in self._words if not _HAN.fullmatch(word))
        self._everywhere: frozenset[str] = frozenset()
        self._quoted: frozenset[str] = frozenset()
        # Extended segmenters share the tags of all words but their own names.
        self._tag = cache(self._told)
        self._before = "", Cut(*np.zeros((3, 0), np.int64))
        self._named: dict[str, str] = {}
        self._names: AhoCorasick | None = None
        own = frozenset(word.text for word in words)
        whole = self._words.keys() - rule_words("loose_word")
        self._met = Words(self.dictionary_tag, own, whole)
        self._tagged = Numbered(self._met.texts, self._tag, object)
        self._roles = _Roles(self._engine, self._words, self._met)
        self._model = Borders(self._met) if model and lexicon else None

    @property
    def met(self) -> int:
        """How many words it has met, and remembers."""
        return len(self._met.texts)

    def _fill(self) -> None:
        """Give the engine each word that it would cut, from the reserve."""
        reserve = RESERVE
        self._engine.add(RESERVE_WORD, reserve, "x")
        for word, known in self._words.items():
            if _HAN.fullmatch(word):
                reserve -= self._teach(known)
        if reserve < 0:
            raise DataFileError(
                f"{len(self._words)} words are more than can be held; "
                "leave out those that stand in no report"
            )
        self._engine.add(RESERVE_WORD, reserve, "x")

    def _teach(self, word: Word) -> int:
        """Add a word to the engine with the frequency of its list, or the first of the ladder at
        which it is cut whole; the frequency that it took."""
        if word.freq is not None:
            if word.freq:
                self._engine.add(word.text, word.freq, word.pos)
            return word.freq
        if self._engine.cut(word.text) == [word.text] and self._engine.knows(word.text):
            return 0
        for freq in LADDER:
            self._engine.add(word.text, freq, word.pos)
            if self._engine.cut(word.text) == [word.text]:
                break
        return freq

    def extended(self, names: Iterable[Word], *, quoted: Iterable[str] = ()) -> "Segmenter":
        """A segmenter that takes these names for one word wherever they stand, and those `quoted`
        between quotation marks; this one stays as it is, and both share the engine."""
        other = copy(self)
        own = {name.text: name.pos for name in names}
        other._named = self._named | own
        new = (name for name in own if name not in self._words)
        other._everywhere = self._everywhere.union(new)
        other._quoted = self._quoted.union(quoted)
        quotations = [
            f"{opening}{name}{close}" for name in other._quoted for opening, close in _QUOTES
        ]
        # Where several begin, the longest.
        other._names = AhoCorasick(
            [*other._everywhere, *quotations], matchkind=MatchKind.LeftmostLongest
        )
        return other

    def having_read(self, text: str) -> "Segmenter":
        """The same segmenter, which remembers how it cuts that text by dictionaries and rules. With
        further names it cuts anew only what stands around them."""
        other = copy(self)
        other._before = text, self._first_cut(text)
        return other

    def without_model(self) -> "Segmenter":
        """The same segmenter, which leaves the words as dictionaries and rules have them."""
        other = copy(self)
        other._model = None
        return other

    def plain(self, text: str) -> list[str]:
        """The engine's own words, before any rule of ours: what jieba gives with the same lexicon,
        blanks included.

        >>> Segmenter().plain("增长25.56%的税收")  # "tax revenue, which grew by 25.56 %"
        ['增长', '25.56%', '的', '税收']
        """
        return self._engine.cut(text)

    def spans(self, text: str) -> tuple[Ints, Ints]:
        """Where the words of `text` begin and end, in two arrays of code points; blanks are no
        words.

        >>> starts, ends = Segmenter().spans("增长 25.56%")  # "grew 25.56 %"
        >>> starts.tolist(), ends.tolist()
        ([0, 3], [2, 9])
        """
        return self._cut(text)[:2]

    def _cut(self, text: str) -> Cut:
        said, before = self._before
        is_known = text and said.startswith(text)
        cut = self._cut_again(text, before) if is_known else self._first_cut(text)
        if self._model is None or not len(cut.starts):
            return cut
        return self._model.corrected(text, cut, self._everywhere | self._quoted)

    def _cut_again(self, text: str, before: Cut) -> Cut:
        """The first cut of a text, or of its beginning, that was cut before all names were known.
        Only stretches between stops that hold one are cut again."""
        words = np.array(before)[:, : np.searchsorted(before.ends, len(text), "right")]
        stops = np.isin(words[2], self._met.numbers(_STOPS))
        borders = np.concatenate([[0], words[1, stops], [len(text)]])
        named = np.zeros(len(borders), bool)
        names = np.array([start for start, _ in self._spans(text)], np.int64)
        named[np.searchsorted(borders, names, "right") - 1] = True
        those = np.flatnonzero(named)
        pieces = cut_out(text, borders[those], borders[those + 1])
        again = np.array(self._first_cut("\n".join(pieces)))
        begins = np.cumsum([0, *(len(piece) + 1 for piece in pieces)])
        which = np.searchsorted(begins, again[0], "right") - 1
        again[:2] += borders[those[which]] - begins[which]
        words = np.hstack([words[:, ~named[np.cumsum(stops) - stops]], again])
        return Cut(*words[:, np.argsort(words[0], kind="stable")])

    def _first_cut(self, text: str) -> Cut:
        """What the dictionaries and the rules make of `text`."""
        seen, stood_for = self._fix(text)
        numbers = self._met.numbers(self._engine.cut(seen))
        roles = self._roles.of(numbers)
        is_fixed = roles == _Role.FIXED
        lengths = self._met.lengths(numbers)
        lengths[is_fixed] = stood_for
        ends = np.cumsum(lengths)
        starts = ends - lengths
        begins = roles != _Role.BLANK
        closes = begins.copy()
        joined = (roles[1:] == _Role.SUFFIX) & (roles[:-1] == _Role.HOST)
        begins[1:][joined] = False
        closes[:-1][joined] = False
        borders = within(starts, numbers, roles == _Role.SPLIT, self._roles.borders)
        # What stood for a fixed stretch is not the word that stands there.
        before = Cut(starts, np.where(is_fixed, -1, ends), numbers)
        return self._met.cut(
            text, before, merged(starts[begins], borders), merged(ends[closes], borders)
        )

    def _fix(self, text: str) -> tuple[str, list[int]]:
        """The text as the engine sees it, and the length of each stretch that is fixed in it."""
        pieces: list[str] = []
        lengths = []
        last = 0
        for start, end, unit in self._stretches(text):
            # A number and its unit are two words.
            sizes = [size for size in (unit - start, end - unit) if size]
            pieces += (text[last:start], FIXED * len(sizes))
            lengths += sizes
            last = end
        return "".join((*pieces, text[last:])), lengths

    def _spans(self, text: str) -> Iterator[Span]:
        """Where names stand."""
        if self._names:
            bare = len(self._everywhere)
            for number, start, end in self._names.find_matches_as_indexes(text):
                marks = number >= bare
                yield start + marks, end - marks

    def _stretches(self, text: str) -> Iterator[tuple[int, int, int]]:
        """What is fixed: start, end, and where the unit of a number begins."""
        last, fixed = 0, _fixed(self._signed)
        for start, end in (*self._spans(text), (len(text), len(text))):
            for match in fixed.finditer(text, last, start):
                has_unit = match.lastgroup in ("unit", "magnitude")
                unit = match.start(match.lastgroup or 0) if has_unit else match.end()
                yield match.start(), match.end(), unit
            yield start, end, end
            last = end

    def words(self, text: str) -> list[str]:
        """The words of `text`, blanks left out."""
        return list(self._met.of(self._cut(text).numbers))

    def read(self, text: str) -> Read:
        """Where the words of `text` stand, the words, and their parts of speech.

        >>> _, words, tags = Segmenter().read("实施营改增")  # "carry out the VAT reform"
        >>> list(words), list(tags)
        (['实施', '营改增'], ['v', 'vn'])
        """
        starts, ends, numbers = self._cut(text)
        words, tags = self._met.of(numbers), self._tagged.of(numbers)
        names = np.isin(numbers, self._met.numbers(self._named))
        tags[names] = self.tags(words[names])
        return (starts, ends), words, tags

    def tags(self, words: Sequence[str]) -> list[str]:
        """The part of speech of each word, told by the word alone: ours, else the engine's
        dictionary, else its shape."""
        return [self._named.get(word) or self._tag(word) for word in words]

    def knows(self, word: str) -> bool:
        """Whether the word stands in the lexicon or in the engine's dictionary."""
        return word in self._words or word in self._named or self._engine.knows(word)

    def dictionary_tag(self, word: str) -> str:
        """The part of speech that the lexicon or the engine's dictionary gives, or an empty one."""
        known = self._words.get(word)
        return known.pos if known else self._engine.pos(word) or ""

    def _told(self, word: str) -> str:
        if known := self.dictionary_tag(word):
            return known
        if _NUMERAL.fullmatch(word):
            return "m"
        if re.fullmatch(rf"{MULTIPLIED}(?:{_units()})?", word):
            return "q"
        if re.fullmatch(r"[A-Za-z0-9+./-]+", word):
            return "eng" if word.isalpha() else "nz"
        return "n" if is_han(word[0]) else "x"


_NUMERAL = re.compile(rf"[\d.,%％‰]+|第?[{_DIGIT}十百千两零分之点多几]+")


MOST_MET = 400_000
"""So many words a shared segmenter remembers, in some 100 MB: all that a few thousand reports
have. Another takes its place then, so that memory does not grow with a corpus."""


@lru_cache(maxsize=3)
def _shared(lexicon: bool, model: bool, words: tuple[Word, ...]) -> Segmenter:
    return Segmenter(words, lexicon=lexicon, model=model)


def shared_segmenter(
    lexicon: bool = True, model: bool = True, words: tuple[Word, ...] = ()
) -> Segmenter:
    """The segmenter of these settings and words: it never changes, and all that is cut with them
    shares it.

    >>> shared_segmenter().plain("完善公共服务")  # "better public services"
    ['完善', '公共服务']
    """
    segmenter = _shared(lexicon, model, words)
    if segmenter.met > MOST_MET:
        _shared.cache_clear()
        segmenter = _shared(lexicon, model, words)
    return segmenter


def _by_jieba(text: str) -> Read:
    """Where the words that jieba itself cuts stand, the words, and the tags that its dictionary
    gives them; blanks left out."""
    cut = pd.Series(jieba_itself().lcut(text), dtype=object)
    words = pd.DataFrame({"text": cut, "size": cut.str.len(), "end": cut.str.len().cumsum()})
    words = words[~cut.str.isspace().astype(bool)]
    ends, sizes = (words[name].to_numpy(np.int64) for name in ("end", "size"))
    tags: Objects = np.array(shared_segmenter(False, False).tags(list(words["text"])), object)
    return (ends - sizes, ends), words["text"].to_numpy(object), tags


def tokenize(
    report: Report,
    *,
    engine: str = "rjieba",
    lexicon: bool = True,
    report_lexicon: bool = True,
    learning: bool = True,
    model: bool = True,
    extra: str | Path | Iterable[str | Word] | None = (),
    user_dict: str | Path | None = None,
    glossary: bool = False,
) -> pd.DataFrame:
    """The words of a report, one row a token: `start`, `end` (code points of `report.text`), `text`
    (without line breaks of the source), `pos` (jieba's tag set), `part`, `section`, `paragraph` and
    `sentence` (ordinals in the report, from 0).

    `lexicon`: the general lexicon; `report_lexicon`: the list beside the report, if there is one;
    `learning`: words from the report's own evidence; `model`: with the lexicon, words joined and
    parted where a model trained on segmented sentences asks for it, but none of a list of yours and
    none learned; `extra`: words, or the file of a list, and `user_dict` such a file: a table headed
    `word`, a word a line, or jieba's form, `word freq tag` (云计算 5 n); `glossary`: with the annex
    that explains terms. With `engine="jieba"` the words are those of jieba's `lcut`, blanks left
    out, without any list, rule or model, so that counts published with it can be made again.

    `attrs` holds the options, `learned` (a list of word, source, count, spans) and `without_effect`
    (word, source, count, reason): words that the report holds but that were cut or swallowed
    everywhere, and those of `extra` that stand nowhere in it. Raises `DataFileError` for a broken
    list, and `XiachengError` for an unknown engine and for a list that jieba is to take.

    >>> from xiacheng_nlp.report.report import Report
    >>> table = tokenize(Report.parse("各位代表:\\n全面实行“河长制”。"))  # "a river-chief system"
    >>> table["text"].tolist()
    ['各位', '代表', ':', '全面', '实行', '“', '河长制', '”', '。']
    """
    one_of("engine", engine, ENGINES, XiachengError)
    _are_switches(lexicon=lexicon, report_lexicon=report_lexicon)
    wanted = [*words_of(extra), *words_of(user_dict)]
    if engine == "jieba":
        if wanted:
            raise XiachengError("engine='jieba' gives jieba's own words: leave out the list")
        lexicon = report_lexicon = learning = False
    beside = lexicon_beside(report) if report_lexicon else None
    added = [*(read_lexicon(beside) if beside is not None else ()), *wanted]
    segmenter = shared_segmenter(lexicon, model, tuple(added))
    learned: list[LearnedWord] = []
    if learning:
        learned, segmenter = _taught(report, segmenter, {word.text for word in added})
    paragraphs = [
        (n, p) for n, p in enumerate(report.paragraphs) if glossary or p.part != "glossary"
    ]
    table = _token_rows(report, paragraphs, _by_jieba if engine == "jieba" else segmenter.read)
    table.attrs = {
        "report": report.name,
        "sha256": report.sha256,
        "engine": engine,
        "lexicon": lexicon,
        "report_lexicon": beside.name if beside else None,
        "learning": learning,
        "model": model and lexicon,
        "extra": sorted({word.text for word in wanted}),
        "glossary": glossary,
        "learned": [word.as_dict() for word in learned],
        "without_effect": list(
            _without_effect(
                "\n".join(p.text for _, p in paragraphs),
                set(table["text"].tolist()),
                (*added, *learned),
                wanted,
            )
        ),
    }
    return table


def _are_switches(**given: object) -> None:
    """The name of a list would be true, and the list be left out without a word."""
    for name, said in given.items():
        if said not in (True, False):
            raise XiachengError(f"{name} is True or False; give own words as extra")


def _taught(
    report: Report, segmenter: Segmenter, known: set[str]
) -> tuple[list[LearnedWord], Segmenter]:
    """What the report teaches beside the words that are known, and a segmenter that has learned
    it."""
    segmenter = segmenter.having_read("\n".join(p.text for p in report.paragraphs))
    cutter = segmenter.without_model()  # What the model joins would hide the ends of names.
    # A short place that the dictionary names is left to it, since longer names hold it: 深圳/大学.
    learned = [
        word
        for word in learn(report, cutter)
        if word.text not in known
        and (word.source != "place" or len(word.text) > 3 or cutter.words(word.text) != [word.text])
    ]
    return learned, segmenter.extended(
        [Word(word.text, "nz", "learned", word.source) for word in learned if word.everywhere],
        quoted=[word.text for word in learned if word.source == "quoted"],
    )


def _token_rows(
    report: Report, paragraphs: Sequence[tuple[int, Paragraph]], read: Callable[[str], Read]
) -> pd.DataFrame:
    """The token table of these paragraphs, each with its ordinal in the report."""
    text = "\n".join(p.text for _, p in paragraphs)
    (starts, ends), words, tags = read(text)
    positions = positions_of(report, (paragraph for _, paragraph in paragraphs))
    offsets = np.array([0, *accumulate(len(p.text) + 1 for _, p in paragraphs)], np.int64)
    row = np.searchsorted(offsets, starts, "right") - 1
    source = positions[starts]
    sentences = np.array([sentence.start for sentence in report.sentences], np.int64)

    def column(cells: Any) -> "pd.Series[Any]":
        return pd.Series(cells, dtype=object, copy=False)

    return pd.DataFrame(
        {
            "start": source,
            "end": positions[ends - 1] + 1,
            "text": column(words),
            "pos": column(tags),
            "part": column(np.array([p.part for _, p in paragraphs], object)[row]),
            "section": column(np.array([p.section for _, p in paragraphs], object)[row]),
            "paragraph": np.array([n for n, _ in paragraphs], np.int64)[row],
            "sentence": np.searchsorted(sentences, source, "right") - 1,
        }
    )


def _without_effect(
    text: str,
    tokens: set[str],
    known: Iterable[Word | LearnedWord],
    wanted: Collection[Word],
) -> Iterator[dict[str, Any]]:
    """The known words that the text holds and no token is, and the wanted ones that stand nowhere
    in it."""
    sources = {word.text: word.source for word in known if word.text not in tokens}
    lines = "\n".join(("", *sorted(tokens), "")) if sources else ""
    for word, source in sources.items():
        if not (count := text.count(word)):
            continue
        at = lines.find(word)
        rival = lines[lines.rfind("\n", 0, at) + 1 : lines.find("\n", at)]
        reason = f"part of {rival}" if at >= 0 else "cut by rivals that the engine finds likelier"
        yield {"word": word, "source": source, "count": count, "reason": reason}
    for extra in wanted:
        if extra.text not in text:
            reason = "stands nowhere in it"
            yield {"word": extra.text, "source": extra.source, "count": 0, "reason": reason}


def learned_words(tokens: pd.DataFrame) -> pd.DataFrame:
    """The words learned from the report itself, with their evidence, the most frequent first.

    Columns: `word`, `source` (annex, quoted, title, ending, recurrent), `count` (places that show
    it), `start`, `end` of the first of these places in `report.text`. Empty where learning was
    switched off.

    >>> from xiacheng_nlp.report.report import Report
    >>> report = Report.parse("各位代表:\\n启动“智能武林”,打造“智能武林”。")  # "start Smart Wulin"
    >>> learned_words(tokenize(report))[["word", "source", "count"]].values.tolist()
    [['智能武林', 'quoted', 2]]
    """
    table = pd.DataFrame(
        [
            (found["word"], found["source"], found["count"], *found["spans"][0])
            for found in tokens.attrs.get("learned", [])
        ],
        columns=["word", "source", "count", "start", "end"],
    )
    return table.sort_values(["count", "word"], ascending=[False, True], ignore_index=True)


def words_without_effect(tokens: pd.DataFrame) -> pd.DataFrame:
    """The listed words that the report holds and that the segmentation nowhere keeps: `word`,
    `source`, `count`, `reason`.

    Of a list of one's own (`extra`) also those that stand nowhere in the report; `count` is then 0.

    >>> from xiacheng_nlp.report.report import Report
    >>> words_without_effect(tokenize(Report.parse("各位代表:\\n完成任务。"))).empty  # "task done"
    True
    """
    return pd.DataFrame(
        tokens.attrs.get("without_effect", []), columns=["word", "source", "count", "reason"]
    )
