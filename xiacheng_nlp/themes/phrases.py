"""The phrases of a codebook found in sentences, all at once, by an automaton (Aho & Corasick
1975)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain
from typing import Any

import numpy as np

from xiacheng_nlp.statistics import Bools, Floats, Ints
from xiacheng_nlp.themes.codebook import Codebook, Phrase

AGAIN = 0.15
"""What a phrase counts for that stands in the sentence a second time, as a share of its weight."""


@dataclass(frozen=True, slots=True)
class _Index:
    """The phrases of one kind, with what is told of each, as arrays, by pattern of the automaton:
    `first[p]` to `first[p + 1]` of `phrases` have its text."""

    phrases: tuple[Phrase, ...]
    told: tuple[dict[str, Any], ...]
    codes: int
    first: Ints
    code: Ints
    weight: Floats
    bound: Bools


@dataclass(frozen=True, slots=True)
class Found:
    """Phrases of one kind in sentences: the row, the place in it, which of those of the index it
    is, and the weight that it has there."""

    index: _Index
    row: Ints
    start: Ints
    end: Ints
    phrase: Ints
    weight: Floats

    def sums(self, rows: int, factor: Any = 1.0) -> Floats:
        """The weights of each row (of so many) by code, times `factor`."""
        codes = self.index.codes
        places = self.row * codes + self.index.code[self.phrase]
        flat = np.bincount(places, weights=self.weight * factor, minlength=rows * codes)
        return np.asarray(flat, float).reshape(rows, codes)


@lru_cache(maxsize=8)
def _automaton(codebook: Codebook) -> tuple[Any, Mapping[str, _Index]]:
    from ahocorasick_rs import AhoCorasick

    texts = list(dict.fromkeys(phrase.text for phrase in codebook.phrases))
    place = {text: number for number, text in enumerate(texts)}
    kinds = {}
    for kind, codes in (("theme", codebook.codes), ("instrument", codebook.instrument_codes)):
        own = [phrase for phrase in codebook.phrases if phrase.kind == kind]
        own.sort(key=lambda phrase: place[phrase.text])
        patterns = np.array([place[phrase.text] for phrase in own], np.int64)
        kinds[kind] = _Index(
            phrases=tuple(own),
            told=tuple(evidence(one.text, kind, one.code, one.weight) for one in own),
            codes=len(codes),
            first=np.searchsorted(patterns, np.arange(len(texts) + 1)),
            code=np.array([codes.index(phrase.code) for phrase in own], np.int64),
            weight=np.array([phrase.weight for phrase in own], float),
            bound=np.array([bool(phrase.with_ or phrase.without) for phrase in own], bool),
        )
    return AhoCorasick(texts), kinds


def evidence(text: str, kind: str, code: str, weight: float) -> dict[str, Any]:
    """What is told of evidence, which has no place yet."""
    return {"start": 0, "end": 0, "text": text, "kind": kind, "code": code, "weight": weight}


def find_phrases(texts: Sequence[str], codebook: Codebook) -> dict[str, Found]:
    """The phrases in the texts, of themes and of instruments, that lie in no longer one of the
    kind.

    >>> from xiacheng_nlp.themes.codebook import load_codebook
    >>> found = find_phrases(["整治河道"], load_codebook())["theme"]  # "clean up rivers"
    >>> [found.index.told[number]["text"] for number in found.phrase]
    ['河道']
    """
    automaton, kinds = _automaton(codebook)
    offsets = np.array([0, *accumulate(len(text) + 1 for text in texts)], np.int64)
    raw = automaton.find_matches_as_indexes("\n".join(texts), overlapping=True)
    matches = np.fromiter(chain.from_iterable(raw), np.int64, 3 * len(raw)).reshape(-1, 3)
    matches = matches[np.lexsort((-matches[:, 2], matches[:, 1]))]
    return {kind: _of_kind(texts, matches, offsets, some) for kind, some in kinds.items()}


def _of_kind(texts: Sequence[str], matches: Ints, offsets: Ints, index: _Index) -> Found:
    matches = matches[np.diff(index.first)[matches[:, 0]] > 0]
    # They come in the order of their starts, of those that begin together the longest first.
    matches = matches[np.diff(np.maximum.accumulate(matches[:, 2]), prepend=-1) > 0]
    pattern, start, end = matches.T
    counts = np.diff(index.first)[pattern]
    which = np.repeat(np.arange(len(pattern)), counts)
    step = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    phrase, start, end = index.first[pattern[which]] + step, start[which], end[which]
    row = np.searchsorted(offsets, start, "right") - 1
    keep = np.ones(len(phrase), bool)
    for k in np.flatnonzero(index.bound[phrase]).tolist():
        keep[k] = _holds(index.phrases[phrase[k]], texts[row[k]])
    row, phrase, start, end = row[keep], phrase[keep], start[keep], end[keep]
    weight = index.weight[phrase] * AGAIN
    _, first = np.unique(row * max(1, len(index.phrases)) + phrase, return_index=True)
    weight[first] = index.weight[phrase[first]]
    begin = offsets[row]
    return Found(index, row, start - begin, end - begin, phrase, weight)


def _holds(phrase: Phrase, text: str) -> bool:
    """Whether the text has what the phrase must stand with, and nothing of what it must not."""
    beside = not phrase.with_ or any(word in text for word in phrase.with_)
    return beside and not any(word in text for word in phrase.without)
