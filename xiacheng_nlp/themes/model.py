"""The trained coder: a linear model that learned from coded sentences, and says how sure it is.

It sees the n-grams of characters (one to four) of a sentence, of its run-in heading, of the
headings above it, of its neighbours and of its paragraph, each in a space with weights of its own,
and beside them what the phrases of the codebook say. Scores are then smoothed over the paragraph,
and made probabilities. `tools/train_themes.py` makes it; the file says what it was trained on.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from xiacheng_nlp.datafiles import packaged
from xiacheng_nlp.statistics import Floats, Ints

LONGEST = 4
SPACES = ("text", "run_in", "heading", "neighbours", "paragraph")
ABOVE, AFTER = 0.5, 0.7
"""What the heading above counts beside the heading, and the sentence after beside that before."""
STRONG = 0.02
"""An n-gram is told as a reason that adds so much to the score of the code, of about 1: the weight
of a sentence is spread over a hundred n-grams, and six in ten sentences have one as strong."""
PARTS = ("", "opening", "review", "problems", "plan", "government", "closing", "glossary")

Singles = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Around:
    """Of each sentence of a report the rows that stand around it (-1: none), its paragraph, and
    whether it is coded."""

    run_in: Ints
    heading: Ints
    above: Ints
    before: Ints
    paragraph: Ints
    coded: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Grams:
    """The known n-grams of sentences: row, which of the vocabulary, and its weight in the row
    (tf-idf, each row of length 1)."""

    rows: int
    row: Ints
    gram: Ints
    value: Singles

    def times(self, weights: Singles) -> Singles:
        """The sum of each row's weights."""
        from scipy.sparse import csr_array

        pointer = np.searchsorted(self.row, np.arange(self.rows + 1))
        matrix = csr_array((self.value, self.gram, pointer), shape=(self.rows, len(weights)))
        return np.asarray(matrix @ weights)


@lru_cache(maxsize=1)
def _letters() -> npt.NDArray[np.uint64]:
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
    return "".join(map(chr, _letters()[np.minimum(read, 0xFFFF)].tolist()))


def keys_of(
    texts: Sequence[str], known: npt.NDArray[np.uint64] | None = None
) -> tuple[Ints, npt.NDArray[np.uint64]]:
    """The row and the key (16 bits a character) of every n-gram in the texts; given sorted `known`
    keys, of those, with their places instead.

    The beginning of a known n-gram is known too, so that only what is known needs a longer look.
    """
    read = np.frombuffer("\n".join([*texts, ""]).encode("utf-32-le"), np.uint32)
    ends = read == 10
    row, letters = np.cumsum(ends) - ends, _letters()[np.minimum(read, 0xFFFF)]
    at = np.flatnonzero(~ends)
    key = letters[at]
    rows, keys = [], []
    for n in range(1, LONGEST + 1):
        found = key
        if known is not None:
            found = np.minimum(np.searchsorted(known, key), len(known) - 1)
            there = known[found] == key
            at, key, found = at[there], key[there], found[there]
        rows.append(row[at])
        keys.append(found)
        inside = ~ends[at + n] if n < LONGEST else np.zeros(len(at), bool)
        at, key = at[inside], key[inside]
        key = key | (letters[np.minimum(at + n, len(letters) - 1)] << np.uint64(16 * n))
    return np.concatenate(rows), np.concatenate(keys)


def grams(texts: Sequence[str], keys: npt.NDArray[np.uint64], idf: Singles) -> Grams:
    """The n-grams of the texts that stand in a vocabulary, whose keys are sorted.

    >>> keys = np.sort(keys_of(["学校"])[1])  # "school"
    >>> grams(["办学校", "学"], keys, np.ones(3, np.float32)).row.tolist()
    [0, 0, 0, 1]
    """
    row, place = keys_of(texts, keys)
    cell, times = np.unique(row * len(keys) + place, return_counts=True)
    row, gram = np.divmod(cell, len(keys))
    value = ((1 + np.log(times)) * idf[gram]).astype(np.float32)
    size = np.sqrt(np.bincount(row, weights=value**2, minlength=len(texts)))
    return Grams(len(texts), row, gram, (value / size[row]).astype(np.float32))


def gathered(values: Any, around: Around) -> dict[str, Any]:
    """Of each space what stands there, row by row: a matrix with a row a sentence, moved."""
    n = len(around.before)
    after = np.full(n, -1, np.int64)
    after[around.before[around.before >= 0]] = np.flatnonzero(around.before >= 0)
    coded = around.coded.astype(np.float32)
    told = values * coded[:, None]
    sums = np.zeros((int(around.paragraph.max(initial=0)) + 1, values.shape[1]), values.dtype)
    np.add.at(sums, around.paragraph, told)
    others = np.bincount(around.paragraph, weights=coded)[around.paragraph] - coded

    def at(rows: Ints) -> Any:
        return np.where((rows >= 0)[:, None], values[rows], 0)

    return {
        "text": values,
        "run_in": at(around.run_in),
        "heading": at(around.heading) + ABOVE * at(around.above),
        "neighbours": at(around.before) + AFTER * at(after),
        "paragraph": (sums[around.paragraph] - told) / np.sqrt(np.maximum(others, 1))[:, None],
    }


def dense(
    themes: Floats, context: Floats, instruments: Floats, parts: Sequence[str], run_in: Any
) -> Singles:
    """What the phrases say and where the sentence stands, as features."""
    place = [[part == name for name in PARTS] for part in parts]
    blocks = (
        np.minimum(themes, 12) * 0.12,
        np.minimum(context, 8) * 0.1,
        np.minimum(instruments, 8) * 0.1,
        np.array(place, np.float64).reshape(len(parts), len(PARTS)) * 0.5,
        np.asarray(run_in, np.float64)[:, None] * 0.5,
    )
    return np.hstack(blocks).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """The trained coder: the keys and weights of its n-grams (those of each space side by side),
    the weights of what the phrases say. `about` tells on what it was trained and how well it codes.

    >>> load_model().about["reports"] > 30
    True
    """

    keys: npt.NDArray[np.uint64]
    idf: Singles
    weights: Singles
    dense: Singles
    smoothing: dict[str, Floats]
    about: dict[str, Any]

    def scores(self, some: Grams, around: Around, features: Singles) -> Singles:
        """How much speaks for each theme and each instrument, row by row."""
        total = features @ self.dense
        outputs = total.shape[1]
        every = some.times(self.weights)
        for number, name in enumerate(SPACES):
            block = every[:, number * outputs : (number + 1) * outputs]
            total += block if name == "text" else gathered(block, around)[name]
        return total


def _of_words(keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Which n-grams are two Han characters or more, and nothing else."""
    letters = keys[:, None] >> np.arange(0, 64, 16, dtype=np.uint64) & np.uint64(0xFFFF)
    han = (letters >= 0x4E00) & (letters <= 0x9FFF)
    return np.asarray((han | (letters == 0)).all(axis=1) & (keys > 0xFFFF))


def reasons(
    model: Model, some: Grams, codes: Ints, texts: Sequence[str], most: int = 3
) -> list[list[tuple[int, int, float]]]:
    """Where in each text stand the words that speak most for its code (-1: not asked), and what
    each adds beyond what it adds for the mean of all codes; none of them overlaps another."""
    asked = codes[some.row] >= 0
    row, gram, value = some.row[asked], some.gram[asked], some.value[asked]
    weights = model.weights[:, : model.dense.shape[1]]
    adds = value * (weights[gram, codes[row]] - weights[gram].mean(axis=1))
    strong = np.flatnonzero((adds > STRONG) & _of_words(model.keys)[gram])
    order = strong[np.lexsort((-adds[strong], row[strong]))]
    found: list[list[tuple[int, int, float]]] = [[] for _ in texts]
    read = ""
    for k, (number, key, added) in enumerate(
        zip(
            row[order].tolist(), model.keys[gram[order]].tolist(), adds[order].tolist(), strict=True
        )
    ):
        if k == 0 or number != row[order[k - 1]]:
            read = read_as(texts[number])
        spans = found[number]
        if len(spans) < most:
            letters = "".join(chr(key >> shift & 0xFFFF) for shift in (0, 16, 32, 48)).rstrip("\0")
            start = read.find(letters)
            end = start + len(letters)
            if all(end <= first or last <= start for first, last, _ in spans):
                spans.append((start, end, round(added, 3)))
    return found


def softmax(logits: Floats) -> Floats:
    """Each row as probabilities."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-1e9))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def smoothed(scores: Floats, around: Around, weights: Floats) -> Floats:
    """Probabilities from scores: those of the run-in heading, the neighbours and the paragraph are
    heard too, and the whole is made as sure as it turned out to be (`weights`)."""
    own, *loudness = weights
    near = gathered(softmax(own * scores), around)
    total = own * scores
    for weight, name in zip(loudness, SPACES[1:], strict=True):
        total = total + weight * near[name]
    return softmax(total)


@lru_cache(maxsize=1)
def load_model() -> Model:
    """The trained coder of the package."""
    with packaged("themes/coder.npz").open("rb") as file, np.load(file) as stored:
        about = json.loads(bytes(stored["about"]))
        return Model(
            keys=stored["keys"],
            idf=stored["idf"],
            weights=np.hstack(
                [stored[name] * np.float32(about["scales"][name]) for name in SPACES]
            ),
            dense=stored["dense"],
            smoothing={kind: np.array(w) for kind, w in about["smoothing"].items()},
            about=about,
        )
