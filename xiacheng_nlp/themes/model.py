"""The trained coder: a linear model that learned from coded sentences, and says how sure it is.

It sees the n-grams of characters (one to four) of a sentence, of its run-in heading, of the
headings above it, of its neighbours and of its paragraph, each in a space with weights of its own,
and beside them what the phrases of the codebook say. Scores are then smoothed over the paragraph,
and made probabilities. `tools/train_themes.py` makes it; the file says what it was trained on.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xiacheng_nlp.datafiles import packaged
from xiacheng_nlp.statistics import Bools, Floats, Ints

LONGEST = 4
NEAR = ("run_in", "heading", "neighbours", "paragraph")
SPACES = ("text", *NEAR, "ahead", "past")
"""Where n-grams stand: in the sentence; around it; in a sentence that tells what is to be done, or
in another (these two speak of instruments alone)."""
ABOVE, AFTER = 0.5, 0.7
"""What the heading above counts beside the heading, and the sentence after beside that before."""
STRONG = 0.02
"""An n-gram is told as a reason that adds so much to the score of the code, of about 1: the weight
of a sentence is spread over a hundred n-grams, and six in ten sentences have one as strong."""
AT_ONCE = 1000
"""So many sentences are looked through at a time, which the processor's cache holds."""
PARTS = ("", "opening", "review", "problems", "plan", "government", "closing", "glossary")

Singles = npt.NDArray[np.float32]
Keys = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Around:
    """Of each sentence of a report the rows that stand around it (-1: none), its paragraph, whether
    it is coded, whether it tells what is to be done, and whether it is a run-in heading."""

    run_in: Ints
    heading: Ints
    above: Ints
    before: Ints
    paragraph: Ints
    coded: Bools
    ahead: Bools
    heads: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Grams:
    """The known n-grams of sentences: row, which of the vocabulary, and its weight in the row
    (tf-idf, each row of length 1)."""

    rows: int
    row: Ints
    gram: Ints
    value: Singles

    def matrix(self, width: int) -> Any:
        """A sparse matrix with a row a sentence and a column an n-gram."""
        from scipy.sparse import csr_array

        pointer = np.searchsorted(self.row, np.arange(self.rows + 1))
        return csr_array((self.value, self.gram, pointer), shape=(self.rows, width))


@lru_cache(maxsize=1)
def _threads() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


@lru_cache(maxsize=1)
def _letters() -> Keys:
    """Each character as the model reads it: half-width, small, and every digit as 0."""
    table = np.arange(0x10000, dtype=np.uint64)
    table[0xFF01:0xFF5F] = table[0x21:0x7F]
    for first, last in ((0x41, 0x5B), (0xFF21, 0xFF3B)):
        table[first:last] = np.arange(0x61, 0x7B)
    for zero in (0x30, 0xFF10):
        table[zero : zero + 10] = 0x30
    return table


def read_as(text: str) -> str:
    """The text as the model reads it, character by character.

    >>> read_as("ＧＤＰ增长８％")  # "GDP grows by 8 %"
    'gdp增长0%'
    """
    read = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    return _written(_letters()[np.minimum(read, 0xFFFF)].astype("<u2"))


def _written(letters: Any) -> str:
    """The characters of which these bytes are two each."""
    return str(letters.tobytes(), "utf-16-le", "surrogatepass")


def keys_of(texts: Sequence[str], known: "pd.Index[int] | None" = None) -> tuple[Ints, Keys]:
    """The row and the key (16 bits a character) of every n-gram in the texts; given `known` keys,
    of those, with their places instead.

    The beginning of a known n-gram is known too, so that only what is known needs a longer look.
    """
    read = np.frombuffer("\n".join([*texts, ""]).encode("utf-32-le"), np.uint32)
    ends = read == 10
    row, letters = np.cumsum(ends) - ends, _letters()[np.minimum(read, 0xFFFF)]
    at, key = np.arange(len(read)), letters
    rows, keys = [], []
    for n in range(1, LONGEST + 1):
        if n > 1:
            key = key | (letters[at + n - 1] << np.uint64(16 * (n - 1)))
        # What reaches over the end of a text is no n-gram, and none is known that does.
        found = key if known is None else known.get_indexer(pd.Index(key))
        there = ~ends[at + n - 1] if known is None else found >= 0
        at, key, found = at[there], key[there], found[there]
        rows.append(row[at])
        keys.append(found)
    return np.concatenate(rows), np.concatenate(keys)


def grams(texts: Sequence[str], keys: "pd.Index[int]", idf: Singles) -> Grams:
    """The n-grams of the texts that stand in a vocabulary.

    >>> keys = pd.Index(keys_of(["学校"])[1])  # "school"
    >>> grams(["办学校", "学"], keys, np.ones(3, np.float32)).row.tolist()
    [0, 0, 0, 1]
    """
    counted = [np.zeros((2, 0), np.int64)]
    for first in range(0, len(texts), AT_ONCE):
        row, place = keys_of(texts[first : first + AT_ONCE], keys)
        # A stable sort is quick here: for n-grams of each length the rows are in order.
        cells = np.sort((row + first) * len(keys) + place, kind="stable")
        new = np.flatnonzero(np.diff(cells, prepend=-1))
        counted.append(np.stack([cells[new], np.diff(new, append=len(cells))]))
    cell, times = np.hstack(counted)
    row, gram = np.divmod(cell, len(keys))
    value = ((1 + np.log(times)) * idf[gram]).astype(np.float32)
    size = np.sqrt(np.bincount(row, weights=value**2, minlength=len(texts)))
    return Grams(len(texts), row, gram, (value / size[row]).astype(np.float32))


def vocabulary(
    texts: Sequence[str], least: int = 1, longest: int = LONGEST
) -> tuple["pd.Index[int]", Singles]:
    """The keys of the n-grams, of so many characters at most, that stand in so many of the texts,
    and the idf of each (smoothed: as if one text more had them all)."""
    times = Counter(texts)
    row, key = keys_of(list(times))
    short = key <= np.uint64(2 ** (16 * longest) - 1)
    keys, place = np.unique(key[short], return_inverse=True)
    # `np.unique` would hash them, which takes ten times as long.
    cells = np.sort(place * len(times) + row[short])
    place, row = np.divmod(cells[np.diff(cells, prepend=-1) > 0], len(times))
    counts = np.bincount(place, weights=np.array(list(times.values()))[row])
    kept = counts >= least
    idf = np.log((1 + len(texts)) / (1 + counts[kept])) + 1
    return pd.Index(keys[kept]), idf.astype(np.float32)


def dual(kernel: Any, answers: Any, ridge: Any) -> Floats:
    """What each sentence that is learned from adds to each answer: ridge regression (Hoerl &
    Kennard 1970) in its dual form, from the products of all sentences; `ridge` may be one for each.

    >>> dual(np.eye(2), np.array([[1.0], [0.0]]), 1.0).round(9).tolist()
    [[0.5], [0.0]]
    """
    from scipy.linalg import cho_factor, cho_solve

    a = np.array(kernel)
    a[np.diag_indices(len(a))] += ridge
    factor = cho_factor(a, lower=True, overwrite_a=True, check_finite=False)
    return np.asarray(cho_solve(factor, answers.astype(a.dtype), check_finite=False))


def standing(values: Any, rows: Ints) -> Any:
    """The values of these rows; nothing for -1."""
    return np.where((rows >= 0)[:, None], values[rows], 0)


def of_others(values: Any, around: Around) -> tuple[Any, Any]:
    """The sum over the other coded sentences of each one's paragraph, and how many these are."""
    coded = around.coded.astype(np.float32)[:, None]
    told = values * coded
    first = np.flatnonzero(np.diff(around.paragraph, prepend=-1))
    size = np.diff(first, append=len(values))
    sums, number = (np.repeat(np.add.reduceat(some, first), size, axis=0) for some in (told, coded))
    return sums - told, number - coded


def gathered(name: str, values: Any, around: Around) -> Any:
    """What stands in that space of each sentence: the rows of `values`, moved and added up."""
    if name == "run_in":
        return standing(values, around.run_in)
    if name == "heading":
        return standing(values, around.heading) + ABOVE * standing(values, around.above)
    if name == "neighbours":
        after = np.full(len(values), -1, np.int64)
        after[around.before[around.before >= 0]] = np.flatnonzero(around.before >= 0)
        return standing(values, around.before) + AFTER * standing(values, after)
    if name == "paragraph":
        sums, number = of_others(values, around)
        return sums / np.sqrt(np.maximum(number, 1))
    if name in ("ahead", "past"):
        return values * (around.ahead == (name == "ahead"))[:, None]
    return values


def dense(themes: Floats, context: Floats, instruments: Floats, parts: Any, run_in: Any) -> Singles:
    """What the phrases say and where the sentence stands, as features."""
    blocks = (
        np.minimum(themes, 12) * 0.12,
        np.minimum(context, 8) * 0.1,
        np.minimum(instruments, 8) * 0.1,
        (parts[:, None] == np.array(PARTS, object)) * 0.5,
        run_in[:, None] * 0.5,
    )
    return np.hstack(blocks).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """The trained coder: the keys of its n-grams and their weights (whole numbers, those of each
    space side by side, with what one counts in each), what an n-gram of a sentence adds to the mean
    of all codes (infinite where it is no word), the weights of what the phrases say. `about` tells
    on what it was trained and how well it codes.

    >>> load_model().about["reports"] > 30
    True
    """

    keys: "pd.Index[int]"
    idf: Singles
    weights: npt.NDArray[np.int8]
    scales: Singles
    widths: tuple[int, ...]
    usual: Singles
    dense: Singles
    smoothing: dict[str, Floats]
    about: dict[str, Any]

    def scores(self, some: Grams, around: Around, features: Singles) -> Singles:
        """How much speaks for each theme and each instrument, row by row."""
        # A second thread would wait for more such products, at work all the while, for as long as
        # it takes to code a report.
        with _threads().limit(limits=1, user_api="blas"):
            total = features @ self.dense
        # The weights of the n-grams that are there alone, which the processor's cache holds.
        there = np.zeros(len(self.keys), bool)
        there[some.gram] = True
        those, place = np.flatnonzero(there), np.cumsum(there) - 1
        near = replace(some, gram=place[some.gram]).matrix(len(those))
        every, first = near @ self.weights[those].astype(np.float32), 0
        for name, scale, width in zip(SPACES, self.scales, self.widths, strict=True):
            total[:, -width:] += scale * gathered(name, every[:, first : first + width], around)
            first += width
        return total


def _of_words(keys: Keys) -> Bools:
    """Which n-grams are two Han characters or more, and nothing else."""
    letters = keys[:, None] >> np.arange(0, 64, 16, dtype=np.uint64) & np.uint64(0xFFFF)
    han = (letters >= 0x4E00) & (letters <= 0x9FFF)
    return np.asarray((han | (letters == 0)).all(axis=1) & (keys > 0xFFFF))


def reasons(
    model: Model, some: Grams, codes: Ints, texts: Sequence[str], most: int = 3
) -> tuple[Ints, list[float]]:
    """The words that speak most for the code of each text (-1: not asked), none of which overlaps
    another: row, start and end of each, and what each adds beyond what it adds for the mean of all
    codes."""
    usual = model.usual[some.gram]
    asked = np.flatnonzero((codes[some.row] >= 0) & (usual < np.inf))
    row, gram, value = some.row[asked], some.gram[asked], some.value[asked]
    adds = value * model.scales[0] * (model.weights[gram, codes[row]] - usual[asked])
    strong = np.flatnonzero(adds > STRONG)
    order = strong[np.lexsort((-adds[strong], row[strong]))]
    read = read_as("\n".join(texts))
    letters = _written(model.keys.to_numpy()[gram[order]].astype("<u8"))
    begins = np.cumsum([0, *(len(text) + 1 for text in texts)])
    spans, told = [], []
    taken, left = bytearray(len(read)), [most] * len(texts)
    rows, begun = row[order].tolist(), begins[row[order]].tolist()
    for k, (number, begin, added) in enumerate(zip(rows, begun, adds[order].tolist(), strict=True)):
        if left[number]:
            word = letters[4 * k : 4 * k + 4].rstrip("\0")
            start = read.index(word, begin)
            end = start + len(word)
            if taken.find(1, start, end) < 0:
                taken[start:end] = b"\1" * len(word)
                left[number] -= 1
                spans.append((number, start - begin, end - begin))
                told.append(round(added, 3))
    return np.array(spans, np.int64).reshape(-1, 3).T, told


def softmax(logits: Floats) -> Floats:
    """Each row as probabilities."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-1e9))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def smoothed(scores: Floats, around: Around, weights: Floats) -> Floats:
    """Probabilities from scores: those of the run-in heading, the neighbours and the paragraph are
    heard too, and the whole is made as sure as it turned out to be (`weights`)."""
    own, *loudness = weights
    total = own * scores
    near = softmax(total)
    for weight, name in zip(loudness, NEAR, strict=True):
        total = total + weight * gathered(name, near, around)
    return softmax(total)


def calibrated(probability: Floats, bends: Sequence[float]) -> Floats:
    """Probabilities made as sure as they turned out to be on reports that were kept out: beta
    calibration (Kull, Silva Filho & Flach 2017), which keeps their order.

    >>> calibrated(np.array([0.2, 0.9]), (1.0, 1.0, 0.0)).round(6).tolist()
    [0.2, 0.9]
    """
    some = np.clip(probability, 1e-9, 1 - 1e-9)
    yes, no, level = bends
    return 1 / (1 + np.exp(no * np.log1p(-some) - yes * np.log(some) - level))


@lru_cache(maxsize=1)
def load_model() -> Model:
    """The trained coder of the package."""
    with packaged("themes/coder.npz").open("rb") as file, np.load(file) as stored:
        about, keys = json.loads(bytes(stored["about"])), stored["keys"]
        usual = stored["text"].mean(axis=1, dtype=np.float32)
        return Model(
            keys=pd.Index(keys),
            usual=np.where(_of_words(keys), usual, np.float32(np.inf)),
            idf=stored["idf"],
            weights=np.hstack([stored[name] for name in SPACES]),
            widths=tuple(stored[name].shape[1] for name in SPACES),
            scales=np.array([about["scales"][name] for name in SPACES], np.float32),
            dense=stored["dense"],
            smoothing={kind: np.array(w) for kind, w in about["smoothing"].items()},
            about=about,
        )
