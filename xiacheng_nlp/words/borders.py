"""A model of the borders of words: where the cut of the dictionaries joins or parts what readers of
the genre do not.

Two logistic regressions share one table of weights, whose features are hashed (Weinberger et al.
2009): one says of two neighbouring words whether they are one, by the words, their tags, lengths
and characters and the words around them; the other where a word is two, by the word alone. The
weights are whole numbers, so that every machine decides alike.
`tools/train_words.py` makes the table.
"""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache
from itertools import count
from threading import Lock
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from xiacheng_nlp.datafiles import packaged

BITS = 16
SCALE = 128
"""A weight of 1 is this whole number."""

Numbers = npt.NDArray[np.int64]
_Hashes = npt.NDArray[np.uint32]

_NOTHING, _LENGTH, _TAG, _CLASS, _WORD, _FIRST, _LAST, _SHAPE = range(8)
_PAIRS = (
    # Of the word before the border and the word behind it, by their distance from it.
    *((0, _LENGTH, 1, _LENGTH), (0, _TAG, 1, _TAG), (0, _CLASS, 1, _CLASS)),
    *((0, _WORD, 1, _WORD), (0, _WORD, 1, _CLASS), (0, _CLASS, 1, _WORD)),
    *((0, _WORD, 1, _NOTHING), (0, _NOTHING, 1, _WORD), (0, _LAST, 1, _FIRST)),
    *((-1, _SHAPE, 0, _CLASS), (1, _CLASS, 2, _SHAPE), (0, _NOTHING, 1, _NOTHING)),
)
LONGEST = 20
"""Characters of the longest word that is parted; a run of 半 is one word, whatever its length."""
_MIX = np.array([0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35], np.uint32)


def _hash(feature: str) -> int:
    return crc32(feature.encode())


def _is_han(word: str) -> bool:
    return all("\u4e00" <= character <= "\u9fff" for character in word)


def _described(word: str, tag: str) -> tuple[int, ...]:
    """What the model sees of a word, in the order of the constants."""
    size = min(len(word), 5)
    shape = "han" if _is_han(word[0]) else "letter" if word[0].isalnum() else word[0]
    parts = ("", str(size), tag, f"{tag[:1]}{size}", word, word[0], word[-1], f"{size}{shape}")
    return tuple(map(_hash, parts))


def _inside(word: str, at: int, tag: Callable[[str], str]) -> Iterator[str]:
    """What the model sees of a place inside a word."""
    first, last, place = word[:at], word[at:], f"{min(len(word), 6)}.{at}"
    yield f"in {place}"
    yield f"tag {place}{tag(word)}"
    yield f"word {at}{word}"
    yield f"tags {tag(first)}|{tag(last)}|{tag(word)}"
    yield f"sizes {tag(first)}{len(first)}|{tag(last)}{len(last)}"
    yield f"first {first}|{len(last)}"
    yield f"last {len(first)}|{last}"
    yield f"at {word[at - 1]}{word[at]}"
    yield f"ends {word[at - 1]}{len(first)}"
    yield f"begins {word[at]}{len(last)}"


class Words:
    """Words as the model sees them, each described once. `tag`: the part of speech of a word, empty
    where no dictionary knows it; `own`: words that stay as they are."""

    def __init__(self, tag: Callable[[str], str], own: Collection[str]) -> None:
        self._tag = tag
        self._own = own
        self._number: dict[str, int] = {}
        self.texts: list[str] = []
        self._described: _Hashes = np.zeros((8, 0), np.uint32)
        self.free: npt.NDArray[np.bool_] = np.zeros(0, bool)
        """Which of the words the model may join or part."""

    def numbers(self, words: Sequence[str]) -> Numbers:
        """The number of each word."""
        new = sorted(set(words).difference(self._number))
        if new:
            self._number.update(zip(new, count(len(self._number)), strict=False))
            self.texts += new
            rows = np.array([_described(word, self._tag(word)) for word in new], np.uint32)
            self._described = np.concatenate([self._described, rows.T], axis=1)
            free = [
                len(word) <= LONGEST and word not in self._own and _is_han(word) for word in new
            ]
            self.free = np.concatenate([self.free, free])
        return np.fromiter(map(self._number.__getitem__, words), np.int64, len(words))

    def between(self, numbers: Numbers, borders: Numbers) -> Iterator[Numbers]:
        """The features of each border behind the words at these places, one kind after the
        other."""
        around = {
            distance: numbers[np.clip(borders + distance, 0, len(numbers) - 1)]
            for distance in (-1, 0, 1, 2)
        }
        for kind, (left, of_left, right, of_right) in enumerate(_PAIRS):
            mixed = self._described[of_left][around[left]] * _MIX[0]
            mixed += self._described[of_right][around[right]] * _MIX[1] + np.uint32(kind)
            mixed *= _MIX[2]
            mixed >>= np.uint32(32 - BITS)
            yield mixed.astype(np.int64)

    def inside(self, word: str) -> Numbers:
        """The features of each place inside a word, a row a place."""
        found = [
            [_hash(feature) >> (32 - BITS) for feature in _inside(word, at, self._tag)]
            for at in range(1, len(word))
        ]
        return np.array(found, np.int64)


@cache
def _packaged() -> Any:
    with packaged("words/borders.npz").open("rb") as file, np.load(file) as stored:
        return {name: stored[name] for name in ("between", "inside", "about")}


def about() -> dict[str, Any]:
    """What the model was trained on, and its scores by cross-validation."""
    told: dict[str, Any] = json.loads(str(_packaged()["about"]))
    return told


class Borders:
    """The model, for the words of one segmenter."""

    def __init__(self, tag: Callable[[str], str], own: Collection[str]) -> None:
        self._weights = _packaged()
        self._words = Words(tag, own)
        self._lock = Lock()
        self._parts: dict[int, Numbers] = {}
        self._is_parted: npt.NDArray[np.bool_] = np.zeros(0, bool)

    def corrected(
        self, text: str, starts: Numbers, ends: Numbers, names: Collection[str]
    ) -> tuple[Numbers, Numbers]:
        """Where the words begin and end when the model has joined and parted them; `names` stay as
        they are."""
        words = [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        with self._lock:  # Threads share the words that they have met.
            numbers, named = self._words.numbers(words), self._words.numbers(sorted(names))
            self._part_new()
            free, is_parted = self._words.free.copy(), self._is_parted
        free[named] = False
        is_free = free[numbers]
        places = np.flatnonzero(is_free[:-1] & is_free[1:] & (ends[:-1] == starts[1:]))
        scores = np.zeros(len(places), np.int64)
        for features in self._words.between(numbers, places):
            scores += self._weights["between"][features]
        joined = places[scores < 0]
        parted = np.flatnonzero(is_free & is_parted[numbers])
        within = [starts[:0]] + [starts[n] + self._parts[numbers[n]] for n in parted.tolist()]
        return (
            np.sort(np.concatenate([np.delete(starts, joined + 1), *within])),
            np.sort(np.concatenate([np.delete(ends, joined), *within])),
        )

    def _part_new(self) -> None:
        """Ask for each word that was not met before where the model parts it."""
        known, texts = len(self._is_parted), self._words.texts
        self._is_parted = np.concatenate([self._is_parted, np.zeros(len(texts) - known, bool)])
        for number in (np.flatnonzero(self._words.free[known:]) + known).tolist():
            if len(texts[number]) > 1:
                scores = self._weights["inside"][self._words.inside(texts[number])].sum(axis=-1)
                self._parts[number] = np.flatnonzero(scores > 0) + 1
                self._is_parted[number] = bool(len(self._parts[number]))
