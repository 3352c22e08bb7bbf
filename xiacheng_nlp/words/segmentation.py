"""Words of a report: an engine of jieba's method with a lexicon of the genre, and the words learned
from the report itself.

A text is cut in four steps. What no dictionary can know, such as numbers, codes and names in
quotation marks, is fixed first and stands for one character in what the engine sees; the engine
cuts the rest by the frequencies of its dictionary and of our words; numerals are split from their
classifiers; suffixes (率, 性, 区) join the word that they end.

The words that are added take their frequency from a reserve that no text can use, so that the sum
of all frequencies, which the engine divides by, never moves: adding a word changes no sentence
without it.
"""

import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from xiacheng_nlp import resources as bundle
from xiacheng_nlp.datafiles import packaged
from xiacheng_nlp.errors import DataFileError, XiachengError
from xiacheng_nlp.numbers.units import unit_table
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.words.learning import (
    LearnedWord,
    Word,
    learn,
    read_lexicon,
    read_words,
    rule_words,
)

ENGINES = ("rjieba", "jieba")

FIXED = "\ue000"
"""Stands for a fixed stretch in what the engine sees: a character for private use, which every
engine cuts as one word."""

RESERVE_WORD = "\ue001"
RESERVE = 100_000
"""The frequency set aside for added words. Against the 60 million of the dictionary it is small: on
fourteen reports no word of jieba's own changed by it."""

LADDER = (5, 20, 100, 500, 2500)
"""Frequencies tried for an added word: it gets the first at which it is cut whole when it stands
alone."""

_HAN = re.compile(r"[\u4e00-\u9fd5]+")
"""Words of these go to the engine. Others, with digits, letters or symbols in them, to many of
which jieba is blind, are fixed."""

Borders = npt.NDArray[np.int64]


class Engine(Protocol):
    """One instance of a segmenter, with a dictionary of its own."""

    def add(self, word: str, freq: int, pos: str) -> None: ...
    def cut(self, text: str) -> list[str]: ...
    def pos(self, word: str) -> str | None: ...
    def knows(self, word: str) -> bool: ...


_SIGN = re.compile(r"[-_&#+.%]")
_ALPHANUMERIC = re.compile(r"([a-zA-Z0-9]+(?:\.[0-9]+)?%?)")


_RARE_STAND_IN = "\ue002"
_RARE = re.compile("[\u3400-\u4dbf\u9fd6-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\ue002]")
"""Han characters that jieba does not take for Han, so that each is a word, while rjieba does."""


class _RustEngine:
    """rjieba, the Rust port of jieba, corrected where it keeps together what jieba parts: signs in
    Latin words, rare Han."""

    def __init__(self) -> None:
        import rjieba

        self._jieba: Any = rjieba.Jieba()

    def add(self, word: str, freq: int, pos: str) -> None:
        self._jieba.add_word(word, freq, pos)

    def cut(self, text: str) -> list[str]:
        rare = _RARE.findall(text)
        words: list[str] = self._jieba.cut(_RARE.sub(_RARE_STAND_IN, text) if rare else text)
        if rare:
            characters = iter(rare)
            words = [next(characters) if word == _RARE_STAND_IN else word for word in words]
        if not _SIGN.search(text):
            return words
        parted: list[str] = []
        for word in words:
            if len(word) > 1 and _SIGN.search(word) and not self._jieba.has_word(word):
                parted.extend(filter(None, _ALPHANUMERIC.split(word)))
            else:
                parted.append(word)
        return parted

    def pos(self, word: str) -> str | None:
        tagged = self._jieba.tag(word, hmm=False)
        return str(tagged[0][1]) if len(tagged) == 1 and self._jieba.has_word(word) else None

    def knows(self, word: str) -> bool:
        return bool(self._jieba.has_word(word))


class _PythonEngine:
    """jieba itself: a tokenizer of our own whose dictionary is read without its cache file, its
    warnings and its log."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import jieba
        self._jieba: Any = jieba.Tokenizer()
        self._jieba.FREQ, self._jieba.total = self._jieba.gen_pfdict(self._jieba.get_dict_file())
        self._jieba.initialized = True
        self._added: dict[str, str] = {}
        self._tags: dict[str, str] | None = None

    def add(self, word: str, freq: int, pos: str) -> None:
        self._added[word] = pos
        table = self._jieba.FREQ
        self._jieba.total += freq - table.get(word, 0)
        table[word] = freq
        for end in range(1, len(word)):
            table.setdefault(word[:end], 0)

    def cut(self, text: str) -> list[str]:
        return list(self._jieba.cut(text))

    def pos(self, word: str) -> str | None:
        if self._tags is None:
            with self._jieba.get_dict_file() as lines:
                cells = (line.decode("utf-8").split() for line in lines)
                self._tags = {row[0]: row[2] for row in cells if len(row) > 2}
        # Like rjieba, which tags by cutting: a word that does not stand alone against its parts has
        # no tag.
        tag = self._added.get(word) or self._tags.get(word)
        return tag if list(self._jieba.cut(word, HMM=False)) == [word] else None

    def knows(self, word: str) -> bool:
        return bool(self._jieba.FREQ.get(word))


def _engine(name: str) -> Engine:
    if name == "rjieba":
        return _RustEngine()
    if name == "jieba":
        return _PythonEngine()
    raise XiachengError(f"no segmenter is called {name!r}; there are {' and '.join(ENGINES)}")


@lru_cache(maxsize=1)
def _units() -> str:
    """One pattern for the units and classifiers behind a number, the longest first."""
    units = []
    for unit in sorted(unit_table()[0].values(), key=lambda unit: (-len(unit.name), unit.name)):
        if unit.dimension != "date" and not re.fullmatch(
            r"[%％﹪‰]|个.+|.*[床学车机工]位", unit.name
        ):
            units.append(
                re.escape(unit.name) + (f"(?![{unit.not_before}])" if unit.not_before else "")
            )
    return "|".join(units)


_DIGIT = "一二三四五六七八九"
_FIXED_FIRST = (
    "0123456789"
    + "abcdefghijklmnopqrstuvwxyz"
    + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    + _DIGIT
    + "十百千两几—…"
    + FIXED
    + RESERVE_WORD
)


@lru_cache(maxsize=1)
def _fixed_pattern() -> str:
    units = _units()
    magnitude = (
        rf"(?:[多余几]?[十百千]?[万亿兆][亿]?|[多余几]|[十百千](?=[余多]))[多余]?(?:{units})?"
    )
    code = "|".join(
        (
            r"[A-Za-z]+[0-9]+[A-Za-z0-9]*(?:[-+./][A-Za-z0-9]+)*",  # XC10-060-R21-05, H7N9
            r"[A-Za-z0-9]+(?:[+][A-Za-z0-9]+)+",  # 3+3
            r"[A-Za-z0-9]+-[0-9]*[A-Z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*",  # COVID-A
            r"[0-9]?A{1,5}级",  # 4A级
            r"[国省县乡]道[A-Z]?[0-9]+",  # 国道308
        )
    )
    return (
        r"(?P<dash>——|……)"
        rf"|(?P<code>(?<![A-Za-z0-9.])(?:{code}))"
        rf"|(?P<number>\d+(?:,\d{{3}})*(?:\.\d+)?(?:[%％﹪‰]|(?![A-Za-z])|(?={units})))(?P<unit>{magnitude}|(?:{units}))?"
        rf"|(?P<five>十[{_DIGIT}]届[{_DIGIT}]中全会)"
        rf"|(?P<part>(?:百分之|千分之|[{_DIGIT}十]+分之)[{_DIGIT}十百零两点]+)"
        rf"|(?P<numeral>(?<![第百千万亿零{_DIGIT}])[{_DIGIT}十两几][{_DIGIT}十百千两几零]*)(?P<magnitude>[百千]?[万亿](?:多|余)?(?:{units}))"
    )


_SPLIT = re.compile(
    rf"(第?[{_DIGIT}十百千两]+)"
    r"(?:[个家批年项条次名位件座所种类套辆处起场幢栋间支份天月周岁人户亩元米吨倍届期轮级层是]|方面|周年|个月|季度|年级|公里|平方米|周岁|大类)"
)
_WHOLE = frozenset(rule_words("whole_numeral"))

SUFFIXES = frozenset(rule_words("suffix"))
"""Characters that end a word of two before them: 入驻率, 体制性, 科技型."""

_NO_PHRASE_TAGS = frozenset({"i", "ns", "nt", "nr", "nz", "nrt", "nrfg", "m", "t"})
_PHRASE_TAGS = frozenset({"n", "v", "vn", "a", "an", "ad", "d", "b", "l", "j", "nz", "vd"})
_PHRASE_FIRST = frozenset(rule_words("phrase_first"))
"""Words before which a phrase of four characters is no idiom, whatever the dictionary says."""
_ORGANS = frozenset(rule_words("organ"))
_PHRASES = frozenset(rule_words("phrase"))

_BLANK, _HOST, _SUFFIX, _FIXED = 1, 2, 4, 8
_SPLIT_BITS = 4
_HOST_TAGS = frozenset({"n", "v", "vn", "a", "an", "ad", "b", "nz", "ns", "i", "l", "j"})


class _Kinds(dict[str, int]):
    """What the steps behind the engine must know of a word: a flag, or above the flags the place
    where it is split."""

    def __init__(self, engine: Engine, own: frozenset[str]) -> None:
        super().__init__()
        self._engine = engine
        self._own = own

    def __missing__(self, word: str) -> int:
        kind = 0
        if word.isspace():
            kind = _BLANK
        elif word == FIXED:
            kind = _FIXED
        elif word in SUFFIXES:
            kind = _SUFFIX
        elif word not in self._own and word not in _WHOLE and (match := _SPLIT.fullmatch(word)):
            kind = len(match[1]) << _SPLIT_BITS
        elif word not in self._own and (place := self._generic_phrase(word)):
            kind = place << _SPLIT_BITS
        elif (
            len(word) == 2
            and "\u4e00" <= word[0] <= "\u9fff"
            and (self._engine.pos(word) or "n") in _HOST_TAGS
        ):
            kind = _HOST
        self[word] = kind
        return kind

    def _generic_phrase(self, word: str) -> int:
        """Where a phrase that the dictionary holds as one word is cut: 深入/开展, 管理/机制, 各/街道; 0 for a
        word."""
        if not _HAN.fullmatch(word):
            return 0
        pos, knows = self._engine.pos(word), self._engine.knows
        if len(word) >= 3 and word[0] in "省市区县州" and word[1:] in _ORGANS:
            return 1
        if len(word) == 4:
            first, second = word[:2], word[2:]
            if first in _PHRASE_FIRST and knows(second):
                return 2
            if pos in _NO_PHRASE_TAGS:
                return 0
            if all(
                knows(half) and (self._engine.pos(half) or "") in _PHRASE_TAGS
                for half in (first, second)
            ):
                return 2
        if len(word) >= 3 and word[0] in "各每" and knows(word[1:]):
            return 1
        return 1 if word in _PHRASES else 0


class Segmenter:
    """Cuts texts into words; each instance has a dictionary of its own, and instances do not
    disturb each other.

    `engine`: rjieba, or jieba, which gives the same words more slowly. `lexicon`: with the general
    lexicon of the genre. `words`: further words. `quoted`: names that are one word where they stand
    between quotation marks. Raises `XiachengError` for an unknown engine and `DataFileError` when the
    words are too many for the reserve.

    >>> Segmenter().words("2013年,完成固定资产投资152.84亿元。")  # "In 2013, completed fixed-asset investment of 15.284 billion yuan."
    ['2013', '年', ',', '完成', '固定资产投资', '152.84', '亿元', '。']
    """

    def __init__(
        self,
        words: Iterable[Word] = (),
        *,
        engine: str = "rjieba",
        lexicon: bool = True,
        quoted: Iterable[str] = (),
    ) -> None:
        self.engine = engine
        self._engine = _engine(engine)
        self._lexicon = lexicon
        self._own = tuple(words)
        listed = read_lexicon(packaged("words/lexicon.tsv")) if lexicon else ()
        self._words: dict[str, Word] = {word.text: word for word in [*listed, *self._own]}
        self._quoted = frozenset(quoted)
        self._fill()
        self._kinds = _Kinds(self._engine, frozenset(self._words))
        own = sorted(
            (word for word in self._words if not _HAN.fullmatch(word)), key=lambda w: (-len(w), w)
        )
        quoted_names = "|".join(map(re.escape, sorted(self._quoted, key=lambda w: (-len(w), w))))
        choices = (
            [rf"(?P<quoted>(?<=[“\"「『])(?:{quoted_names})(?=[”\"」』]))"] if quoted_names else []
        )
        choices += [f"(?P<symbol>{'|'.join(map(re.escape, own))})"] if own else []
        pattern = "|".join([*choices, _fixed_pattern(), f"(?P<private>[{FIXED}{RESERVE_WORD}])"])
        # Asking first whether anything can begin here makes the search four times as fast.
        first = re.escape(
            "".join(sorted({name[0] for name in [*self._quoted, *own]} | set(_FIXED_FIRST)))
        )
        self._fixed = re.compile(f"(?=[{first}])(?:{pattern})")

    def _fill(self) -> None:
        reserve = RESERVE
        self._engine.add(RESERVE_WORD, reserve, "x")
        for word, known in self._words.items():
            if not _HAN.fullmatch(word):
                continue
            if self._engine.cut(word) == [word] and self._engine.knows(word):
                continue
            for freq in LADDER:
                self._engine.add(word, freq, known.pos)
                if self._engine.cut(word) == [word]:
                    break
            reserve -= freq
            if reserve < 0:
                raise DataFileError(
                    f"{len(self._words)} words are more than can be held; leave out those that stand in no report"
                )
        self._engine.add(RESERVE_WORD, reserve, "x")

    def extended(self, words: Iterable[Word], *, quoted: Iterable[str] = ()) -> "Segmenter":
        """A segmenter that knows these words too; this one stays as it is."""
        return Segmenter(
            [*self._own, *words],
            engine=self.engine,
            lexicon=self._lexicon,
            quoted=[*self._quoted, *quoted],
        )

    def plain(self, text: str) -> list[str]:
        """The engine's own words, before any rule of ours: what jieba gives with the same lexicon,
        blanks included.

        >>> Segmenter().plain("增长25.56%的税收")  # "tax revenue, which grew by 25.56 %"
        ['增长', '25.56%', '的', '税收']
        """
        return self._engine.cut(text)

    def spans(self, text: str) -> tuple[Borders, Borders]:
        """Where the words of `text` begin and end, in two arrays of code points; blanks are no
        words.

        >>> starts, ends = Segmenter().spans("增长 25.56%")  # "grew 25.56 %"
        >>> starts.tolist(), ends.tolist()
        ([0, 3], [2, 9])
        """
        pieces: list[str] = []
        fixed: list[int] = []
        last = 0
        for match in self._fixed.finditer(text):
            start, end = match.span()
            group = match.lastgroup
            pieces.append(text[last:start])
            inner = (
                match.start("unit")
                if group == "unit"
                else match.start("magnitude")
                if group == "magnitude"
                else start
            )
            if inner > start:
                pieces.append(FIXED)
                fixed.append(inner - start)
            pieces.append(FIXED)
            fixed.append(end - inner)
            last = end
        pieces.append(text[last:])
        words = self._engine.cut("".join(pieces))
        if not words:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        kinds = np.fromiter(map(self._kinds.__getitem__, words), np.int64, len(words))
        lengths = np.fromiter(map(len, words), np.int64, len(words))
        lengths[kinds == _FIXED] = fixed
        ends = np.cumsum(lengths)
        starts = ends - lengths
        keep = np.ones(len(starts), bool)
        joined = (kinds[1:] == _SUFFIX) & (kinds[:-1] == _HOST)
        keep[1:][joined] = False
        keep_end = np.ones(len(starts), bool)
        keep_end[:-1][joined] = False
        blank = kinds == _BLANK
        starts, ends = starts[keep & ~blank], ends[keep_end & ~blank]
        split = kinds >> _SPLIT_BITS
        if split.any():
            at = np.flatnonzero(split)
            borders = np.cumsum(lengths)[at] - lengths[at] + split[at]
            starts, ends = (
                np.sort(np.concatenate([starts, borders])),
                np.sort(np.concatenate([ends, borders])),
            )
        return starts, ends

    def words(self, text: str) -> list[str]:
        """The words of `text`, blanks left out."""
        starts, ends = self.spans(text)
        return [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]

    def tagged(self, text: str) -> list[tuple[str, str]]:
        """The words of `text` with their parts of speech.

        >>> Segmenter().tagged("实施营改增")  # "carry out the VAT reform"
        [('实施', 'v'), ('营改增', 'vn')]
        """
        return list(zip(words := self.words(text), self.tags(words), strict=True))

    def tags(self, words: Sequence[str]) -> list[str]:
        """The part of speech of each word, told by the word alone: ours, else the engine's
        dictionary, else its shape."""
        table = {word: self._tag(word) for word in dict.fromkeys(words)}
        return list(map(table.__getitem__, words))

    def knows(self, word: str) -> bool:
        """Whether the word stands in the lexicon or in the engine's dictionary."""
        return word in self._words or self._engine.knows(word)

    def _tag(self, word: str) -> str:
        if word in self._words:
            return self._words[word].pos
        known = self._engine.pos(word)
        if known is not None:
            return known
        if re.fullmatch(rf"[\d.,%％‰]+|第?[{_DIGIT}十百千两零分之点多几]+", word):
            return "m"
        if re.fullmatch(rf"[多余几十百千万亿兆]*(?:{_units()})?", word):
            return "q"
        if re.fullmatch(r"[A-Za-z0-9+./-]+", word):
            return "eng" if word.isalpha() else "nz"
        return "n" if "\u4e00" <= word[0] <= "\u9fff" else "x"


def lexicon_beside(report: Report) -> Path | None:
    """The list of words beside the report's file, NAME.lexicon.tsv, if there is one."""
    return bundle.list_beside(report.name, report.sha256, report.folder, ".lexicon.tsv")


def _extra(extra: str | Path | Iterable[str | Word]) -> Iterator[Word]:
    if isinstance(extra, (str, Path)):
        yield from read_words(extra)
        return
    for word in extra:
        if (
            not isinstance(word, (str, Word))
            or not str(word if isinstance(word, str) else word.text).strip()
        ):
            raise DataFileError(
                f"extra: {word!r} is no word; give words, or the name of a file that lists them"
            )
        yield word if isinstance(word, Word) else Word(word)


@lru_cache(maxsize=2)
def _general(engine: str, lexicon: bool) -> Segmenter:
    """The segmenter without words of one report: it never changes, and many reports share it."""
    return Segmenter(engine=engine, lexicon=lexicon)


def tokenize(
    report: Report,
    *,
    engine: str = "rjieba",
    lexicon: bool = True,
    report_lexicon: bool = True,
    learning: bool = True,
    extra: str | Path | Iterable[str | Word] | None = (),
    glossary: bool = False,
) -> pd.DataFrame:
    """The words of a report, one row a token: `start`, `end` (code points of `report.text`), `text`
    (without line breaks of the source), `pos` (jieba's tag set), `part`, `section`, `paragraph` and
    `sentence` (ordinals in the report, from 0).

    `lexicon`: the general lexicon; `report_lexicon`: the list beside the report, if there is one;
    `learning`: words from the report's own evidence; `extra`: words, or the file of a list;
    `glossary`: with the annex that explains terms.

    `attrs` holds the options, `learned` (a list of word, source, count, spans) and `without_effect`
    (word, source, count, reason): words that the report holds but that were cut or swallowed
    everywhere, and those of `extra` that stand nowhere in it. Raises `DataFileError` for a broken
    list and `XiachengError` for an unknown engine.

    >>> from xiacheng_nlp.report.report import Report
    >>> tokenize(Report.parse("各位代表:\\n全面实行“河长制”。"))["text"].tolist()  # "implement the river-chief system in full"
    ['各位', '代表', ':', '全面', '实行', '“', '河长制', '”', '。']
    """
    beside = lexicon_beside(report) if report_lexicon else None
    added = list(read_lexicon(beside)) if beside is not None else []
    wanted = list(_extra(extra if extra is not None else ()))
    added += wanted
    segmenter = (
        Segmenter(added, engine=engine, lexicon=lexicon) if added else _general(engine, lexicon)
    )
    learned: list[LearnedWord] = []
    if learning:
        known = {word.text for word in added}
        learned = [word for word in learn(report, segmenter) if word.text not in known]
        segmenter = segmenter.extended(
            [
                Word(word.text, "nz", "learned", word.source)
                for word in learned
                if word.source != "quoted" or word.everywhere
            ],
            quoted=[word.text for word in learned if word.source == "quoted"],
        )
    paragraphs = [
        (n, p) for n, p in enumerate(report.paragraphs) if glossary or p.part != "glossary"
    ]
    text = "\n".join(p.text for _, p in paragraphs)
    starts, ends = segmenter.spans(text)
    words = [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    positions = np.concatenate(
        [np.asarray(report.positions(p), np.int64) for _, p in paragraphs]
        or [np.empty(0, np.int64)]
    )
    offsets = np.array([0, *accumulate(len(p.text) + 1 for _, p in paragraphs)], np.int64)
    row = np.searchsorted(offsets, starts, "right") - 1
    source = positions[starts]
    sentences = np.array([sentence.start for sentence in report.sentences], np.int64)
    table = pd.DataFrame(
        {
            "start": source,
            "end": positions[ends - 1] + 1,
            "text": pd.Series(np.array(words, dtype=object), dtype=object),
            "pos": pd.Series(np.array(segmenter.tags(words), dtype=object), dtype=object),
            "part": pd.Series(
                np.array([p.part for _, p in paragraphs] + [None], dtype=object)[row], dtype=object
            ),
            "section": pd.Series(
                np.array([p.section for _, p in paragraphs] + [None], dtype=object)[row],
                dtype=object,
            ),
            "paragraph": np.array([n for n, _ in paragraphs] + [0], np.int64)[row],
            "sentence": np.searchsorted(sentences, source, "right") - 1,
        }
    )
    table.attrs = {
        "report": report.name,
        "sha256": report.sha256,
        "engine": engine,
        "lexicon": lexicon,
        "report_lexicon": beside.name if beside else None,
        "learning": learning,
        "extra": sorted({word.text for word in wanted}),
        "glossary": glossary,
        "learned": [word.as_dict() for word in learned],
        "without_effect": [
            *_without_effect(
                text,
                words,
                [*((w.text, w.source) for w in added), *((w.text, w.source) for w in learned)],
            ),
            *(
                {"word": w.text, "source": w.source, "count": 0, "reason": "stands nowhere in it"}
                for w in wanted
                if w.text not in text
            ),
        ],
    }
    return table


def _without_effect(
    text: str, words: Sequence[str], known: Sequence[tuple[str, str]]
) -> list[dict[str, Any]]:
    """The known words that the text holds and no token is."""
    tokens = set(words)
    missing = []
    for word, source in dict(known).items():
        count = 0 if word in tokens else text.count(word)
        if count:
            rivals = sorted({token for token in tokens if word in token})
            reason = (
                f"part of {rivals[0]}" if rivals else "cut by rivals that the engine finds likelier"
            )
            missing.append({"word": word, "source": source, "count": count, "reason": reason})
    return missing
