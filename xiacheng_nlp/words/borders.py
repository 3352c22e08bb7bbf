"""A model of the borders of words: where the cut of the dictionaries joins or parts what readers of
the genre do not.

Two logistic regressions, whose features are hashed (Weinberger et al. 2009): one says of two
neighbouring words whether they are one, by the words and those around them, the run of words and
the quotation that they stand in, and how often they stand together in the text; the other where a
word is two, by the word alone. The weights are whole numbers, so that every machine decides alike.
`tools/train_words.py` makes the table.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache
from threading import Lock
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pandas as pd

from xiacheng_nlp.datafiles import packaged
from xiacheng_nlp.numbers.numerals import DIGITS, POWERS
from xiacheng_nlp.statistics import Bools, Ints

BITS = 18
SCALE = 128
"""A weight of 1 is this whole number."""

_Hashes = npt.NDArray[np.uint32]

_SEEN = ("length", "tag", "class", "word", "first", "last", "begin", "end", "shape")
"""What is seen of a word: its length, its tag, both, itself, its first and last character, its
first and last two, and the kind of its signs with their number."""
_BETWEEN = """
L.length R.length | L.tag R.tag | L.class R.class | L.word R.word | L.word R.class | L.class R.word
L.word | R.word | L.last R.first | L.end R.first | L.last R.begin | L.end R.begin
K.shape L.class | R.class S.shape | K.class L.class R.class | L.class R.class S.class
K.word L.word | R.word S.word | K.last L.word | R.word S.first | K.tag L.word R.tag
L.tag R.word S.tag
E.word to_end | E.last to_end | E.end to_end | E.tag to_end from_start | E.last B.tag run
B.word from_start | B.tag from_start run | place to_end | place E.last | place to_end E.last
place to_end L.tag R.tag
quoted from_quote | quoted E.last | quoted to_end from_start | is_quoted L.tag R.tag
together with_left with_right | with_left with_right L.length R.length | together L.tag R.tag
names L.length R.class | names L.class R.length | names L.end R.begin | names R.word | names L.word
names E.end to_end | names K.class S.class
"""
"""What the model sees of the border between two words, a feature between two signs of |. L and R
are the words before and behind it, K the word before L, S the word behind R; B begins and E ends
the run of words that R stands in, which particles, prepositions, conjunctions, pronouns and signs
part from others. `to_end`, `from_start`, `run`: words from R to E and from B to R, and of the run;
`place`: words from the last name of a place in the run; `quoted`: characters of the quotation that
R stands in, `from_quote` words from its beginning; `names`: which of L and R are names that the
report itself shows; `together`: how often L and R stand together in the text, `with_left` and
`with_right` in what share of the places of L and of R."""
_FEATURES = tuple(
    tuple(feature.split()) for feature in _BETWEEN.replace("\n", "|").split("|") if feature.strip()
)
_NUMERAL = re.compile(f"[〇{DIGITS}{POWERS}]{{2,}}")
"""What the model never joins to a measure: 十二/条."""
_ASKED = sorted({name for names in _FEATURES for name in names if "." in name})
"""What is asked of the words around a border."""
_PARTICLES = ("u", "p", "c", "r", "y")
"""Tags of words that end a run of words."""
_PLACES = ("ns", "nt", "nz", "nr")
_FAR = 7
"""A distance in words is told up to this."""
_LONG_QUOTE = 15
"""Characters of the longest quotation that is told."""
LONGEST = 20
"""Characters of the longest word that is parted; a run of 半 is one word, whatever its length."""
_MIX = np.array([0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F], np.uint32)


def _hashes(features: Iterable[str]) -> list[int]:
    return [crc32(feature.encode()) for feature in features]


def is_han(word: str) -> bool:
    return all("\u4e00" <= character <= "\u9fff" for character in word)


def _inside(word: str, at: int, tag: Callable[[str], str]) -> tuple[str, ...]:
    """What the model sees of a place inside a word."""
    first, last, place = word[:at], word[at:], f"{min(len(word), 6)}.{at}"
    whole, before, behind = tag(word), tag(first), tag(last)
    return (
        f"in {place}",
        f"tag {place}{whole}",
        f"word {at}{word}",
        f"tags {before}|{behind}|{whole}",
        f"sizes {before}{len(first)}|{behind}{len(last)}",
        f"first {first}|{len(last)}",
        f"last {len(first)}|{last}",
        f"at {word[at - 1]}{word[at]}",
        f"ends {word[at - 1]}{len(first)}",
        f"begins {word[at]}{len(last)}",
    )


def _times(counts: Ints) -> _Hashes:
    """How often, in steps that grow."""
    return np.minimum(np.log2(counts + 1) * 1.5, 9).astype(np.uint32)


def _share(part: Ints, whole: Ints) -> _Hashes:
    return np.rint(5 * part / whole).astype(np.uint32)


def _last(flags: Bools) -> Ints:
    """For each place the last flag at or before it, or -1."""
    return np.maximum.accumulate(np.where(flags, np.arange(len(flags)), -1))


def _next(flags: Bools) -> Ints:
    """For each place the first flag at or behind it, or the end."""
    return len(flags) - 1 - _last(flags[::-1])[::-1]


def cut_out(text: str, starts: Ints, ends: Ints) -> list[str]:
    """The pieces of a text that begin and end at these places."""
    return [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]


def merged(*places: Ints) -> Ints:
    """The places in order; a stable sort is quick, since each of a few runs is in order."""
    return np.sort(np.concatenate(places), kind="stable")


def within(
    starts: Ints, numbers: Ints, which: Bools, places: Callable[[int], Iterable[int]]
) -> Ints:
    """The places in a text where words of those that begin and are numbered so are parted, told by
    their numbers."""
    words = zip(starts[which].tolist(), numbers[which].tolist(), strict=True)
    return np.array([start + at for start, number in words for at in places(number)], np.int64)


class Cut(NamedTuple):
    """A text cut into words: where they begin and end, and the number of each."""

    starts: Ints
    ends: Ints
    numbers: Ints


class _Numbers(dict[str, int]):
    """The number of each word, in the order in which they are met."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __missing__(self, word: str) -> int:
        self.texts.append(word)
        return self.setdefault(word, len(self))


Objects = npt.NDArray[np.object_]


class Numbered:
    """What is told of words by themselves, asked once of each, by their numbers; `texts` are the
    words, of which there may be more the next time. It may be a row of several things."""

    def __init__(self, texts: Sequence[str], ask: Callable[[str], Any], kind: Any, *row: int):
        self._texts, self._ask = texts, ask
        self._told = np.zeros((0, *row), kind)

    def of(self, numbers: Ints | slice) -> Any:
        """What is told of the words that have these numbers."""
        told = self._told
        if new := self._texts[len(told) :]:
            more = np.array(list(map(self._ask, new)), told.dtype)
            self._told = told = np.concatenate([told, more])
        return told[numbers]


class Words:
    """Words that were met, each numbered once and, as the model sees it, described once. `tag`: the
    part of speech of a word, empty where no dictionary knows it; `own`: words that stay as they
    are; `listed`: words that are never parted."""

    def __init__(
        self, tag: Callable[[str], str], own: Collection[str], listed: Collection[str]
    ) -> None:
        self._tag = tag
        self._own = own
        self._listed = listed
        self.lock = Lock()  # Threads share the words that they have met.
        self._number = _Numbers()
        self.texts = self._number.texts
        self.lengths = Numbered(self.texts, len, np.int64).of
        self.of = Numbered(self.texts, str, object).of
        self._described = Numbered(self.texts, self._seen, np.uint32, len(_SEEN)).of
        self.flags = Numbered(self.texts, self._flagged, bool, 6).of

    def numbers(self, words: Collection[str]) -> Ints:
        """The number of each word."""
        with self.lock:
            return np.fromiter(map(self._number.__getitem__, words), np.int64, len(words))

    def cut(self, text: str, before: Cut, starts: Ints, ends: Ints) -> Cut:
        """The text cut at other places: the words that were there before keep their numbers."""
        at = np.zeros(len(text) + 1, np.int64)
        at[before.starts] = np.arange(len(before.starts))
        same = at[starts]
        numbers = before.numbers[same]
        new = np.flatnonzero((before.starts[same] != starts) | (before.ends[same] != ends))
        numbers[new] = self.numbers(cut_out(text, starts[new], ends[new]))
        return Cut(starts, ends, numbers)

    def _seen(self, word: str) -> list[int]:
        """What the model sees of a word, in the order of `_SEEN`."""
        tag, size = self._tag(word), min(len(word), 5)
        shape = "han" if is_han(word[0]) else "letter" if word[0].isalnum() else word[0]
        parts = (str(size), tag, f"{tag[:1]}{size}", word, word[0], word[-1], word[:2], word[-2:])
        return _hashes((*parts, f"{size}{shape}"))

    def _flagged(self, word: str) -> tuple[bool, ...]:
        """What the model asks of a word by yes and no; the first two are whether it may join it,
        and part it: no word of the lexicon, which says that it is one."""
        tag, free = self._tag(word), len(word) <= LONGEST and word not in self._own
        free = free and is_han(word) and not _NUMERAL.fullmatch(word)
        is_break = not word[0].isalnum() or tag.startswith(_PARTICLES)
        marks = (word in "“《「", word in "”》」")
        return free, free and word not in self._listed, is_break, tag in _PLACES, *marks

    def between(self, numbers: Ints, borders: Ints, named: Bools) -> Iterator[Ints]:
        """The features of each border behind the words at these places, one kind after the
        other; `named`: which words are names that the report itself shows."""
        seen = self._around(numbers, borders) | self._together(numbers, borders)
        seen["names"] = (named[borders] + 2 * named[borders + 1]).astype(np.uint32)
        for kind, names in enumerate(_FEATURES, 1):
            mixed = np.full(len(borders), kind, np.uint32)
            for name, mix in zip(names, _MIX, strict=False):
                mixed += seen[name] * mix
            mixed ^= mixed >> np.uint32(15)
            mixed *= _MIX[2]
            mixed >>= np.uint32(32 - BITS)
            yield mixed.astype(np.int64)

    def _around(self, numbers: Ints, borders: Ints) -> dict[str, _Hashes]:
        """The words around each border, and how far the ends of their run are."""
        _, _, breaks, places, opens, closes = self.flags(numbers).T
        right = borders + 1
        before, after = _last(breaks)[right], _next(breaks)[right]
        begin, end = np.minimum(before + 1, right), np.maximum(after - 1, right)
        words = {"L": borders, "R": right, "K": borders - 1, "S": right + 1, "B": begin, "E": end}
        which = {name: numbers[np.clip(row, 0, len(numbers) - 1)] for name, row in words.items()}
        described = dict(zip(_SEEN, self._described(slice(None)).T, strict=True))
        seen = {asked: described[asked[2:]][which[asked[0]]] for asked in _ASKED}
        last_place, opened = _last(places)[borders], _last(opens)[right]
        closed = _next(closes)[opened]
        upto = np.append(0, np.cumsum(self.lengths(numbers)))
        quoted = upto[closed] - upto[opened + 1]
        is_quoted = (opened >= 0) & (right > opened) & (right < closed) & (quoted <= _LONG_QUOTE)
        distances = {
            "to_end": end - right,
            "from_start": right - begin,
            "run": end - begin,
            "place": np.where(last_place >= begin, right - last_place, 0),
            "quoted": quoted * is_quoted,
            "from_quote": (right - opened) * is_quoted,
            "is_quoted": is_quoted * 1,
        }
        limits = {"quoted": _LONG_QUOTE}
        return seen | {
            name: np.minimum(far, limits.get(name, _FAR)).astype(np.uint32)
            for name, far in distances.items()
        }

    def _together(self, numbers: Ints, borders: Ints) -> dict[str, _Hashes]:
        """How often the two words at each border stand together in the text."""
        pairs = pd.factorize(numbers[:-1] * len(self.texts) + numbers[1:])[0]
        each, both = np.bincount(numbers), np.bincount(pairs)[pairs[borders]]
        return {
            "together": _times(both),
            "with_left": _share(both, each[numbers[borders]]),
            "with_right": _share(both, each[numbers[borders + 1]]),
        }

    def inside(self, *words: str) -> Ints:
        """The features of each place inside the words, a row a place."""
        found = [
            _hashes(_inside(word, at, self._tag)) for word in words for at in range(1, len(word))
        ]
        return np.array(found, np.int64) >> (32 - BITS)


@cache
def _packaged() -> Any:
    with packaged("words/borders.npz").open("rb") as file, np.load(file) as stored:
        return {name: stored[name] for name in ("between", "inside", "about")}


def about() -> dict[str, Any]:
    """What the model was trained on, and its scores by cross-validation."""
    return dict(json.loads(str(_packaged()["about"])))


_WHOLE, _PARTED = 1, 2
"""What the model says of a word that it was asked about."""


class Borders:
    """The model, for the words of one segmenter."""

    def __init__(self, words: Words) -> None:
        self._weights = _packaged()
        self._words = words
        self._parts: dict[int, list[int]] = {}
        self._asked = np.zeros(0, np.int8)

    def corrected(self, text: str, cut: Cut, names: Collection[str]) -> Cut:
        """The cut when the model has joined and parted words; `names` are joined to what continues
        them, and never parted."""
        starts, ends, numbers = cut
        named = self._words.numbers(names)
        with self._words.lock:
            self._part_new(numbers)
            free, parted = self._words.flags(numbers)[:, 0], self._asked[numbers] == _PARTED
        is_named = np.isin(numbers, named)
        places = np.flatnonzero(free[:-1] & free[1:] & (ends[:-1] == starts[1:]))
        scores = np.zeros(len(places), np.int64)
        for features in self._words.between(numbers, places, is_named):
            scores += self._weights["between"][features]
        joined = places[self._joined(numbers, places, scores)]
        inner = within(starts, numbers, parted & ~is_named, self._parts.__getitem__)
        return self._words.cut(
            text,
            cut,
            merged(np.delete(starts, joined + 1), inner),
            merged(np.delete(ends, joined), inner),
        )

    def _joined(self, numbers: Ints, places: Ints, scores: Ints) -> Bools:
        """Which borders go: where the score is below zero and, if no more than two words would be
        one, still is with the mean of the same two words elsewhere, since a text cuts alike."""
        pairs = pd.factorize(numbers[places] * len(self._words.texts) + numbers[places + 1])[0]
        sums = np.bincount(pairs, scores).astype(np.int64)
        together = np.maximum(np.bincount(pairs)[pairs] - 2, 0) * scores + sums[pairs]
        goes = np.zeros(len(numbers) + 1, bool)
        goes[places] = scores < 0
        is_longer = goes[places - 1] | goes[places + 1]
        return (scores < 0) & (is_longer | (together < 0))

    def _part_new(self, numbers: Ints) -> None:
        """Ask for each of these words that was not met before where the model parts it."""
        texts, loose = self._words.texts, self._words.flags(numbers)[:, 1]
        more = np.zeros(len(texts) - len(self._asked), np.int8)
        self._asked = np.concatenate([self._asked, more])
        new = np.unique(numbers[loose & (self._asked[numbers] == 0)])
        self._asked[new] = _WHOLE
        places = [(number, at) for number in new.tolist() for at in range(1, len(texts[number]))]
        if places:
            scores = self._weights["inside"][self._words.inside(*self._words.of(new))].sum(axis=-1)
            for number, at in (places[k] for k in np.flatnonzero(scores > 0).tolist()):
                self._parts.setdefault(number, []).append(at)
                self._asked[number] = _PARTED
