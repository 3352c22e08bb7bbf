"""Train the model of borders: `train_words.py REPORTS TERMS SENTENCES.jsonl FURTHER.jsonl…`.

REPORTS is a folder of reports, TERMS a special term a line; a line of SENTENCES.jsonl, with which
the lexicon was made, and of FURTHER.jsonl is a segmented sentence of a report (report, start, end,
words). Reports of which gold/segmented-reports.tsv keeps the totals teach nothing.
The segmented sentences of the report that comes with the package teach too: its own score is
in-sample. Writes xiacheng_nlp/data/words/borders.npz, the same bytes for the same input, and prints
how well the model cuts the reports of places that it was not trained on.

Logistic regression with a ridge penalty, by L-BFGS.
"""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.sparse import csr_array, vstack
from scipy.special import expit
from train_themes import stored

import xiacheng_nlp as xc
from xiacheng_nlp.words.borders import BITS, SCALE, Words
from xiacheng_nlp.words.segmentation import general_segmenter

DATA = Path(xc.__file__).parent / "data"
TARGET = DATA / "words/borders.npz"
RIDGE = 0.25
FOLDS = 3
SEED_COUNTS = 4
"""So often each sentence of the report that comes with the package counts in the last training."""
KINDS = ("between", "inside")


@dataclass(frozen=True)
class Places:
    """Places that the model decides on, of one kind: their features (a row a place), whether a word
    ends there, and where they are in the text."""

    features: Any
    is_border: Any
    at: Any


@dataclass(frozen=True)
class Taught:
    """What sentences of one report teach: its borders before the model and as read, and its special
    terms."""

    name: str
    sha256: str
    known: bool
    sentences: list[tuple[int, int]]
    cut: frozenset[int]
    read: frozenset[int]
    terms: frozenset[tuple[int, int]]
    places: dict[str, Places]


def borders_read(text: str, start: int, words: Sequence[str]) -> Iterator[int]:
    """Where the words end, white space between and in them passed over."""
    for character in (character for word in words for character in (*word, "") if character != " "):
        if not character:
            yield start
            continue
        while text[start].isspace():
            start += 1
        start += 1


def seed_rows() -> Iterator[dict[str, Any]]:
    """The segmented sentences of the report that comes with the package."""
    gold = DATA / "gold/xiacheng-2014.segmentation"
    units = json.loads(gold.with_suffix(".segmentation.sample.json").read_text("utf-8"))
    starts = {unit["id"]: (unit["start"], unit["text"]) for unit in units}
    for line in gold.with_suffix(".segmentation.gold.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        start, text = starts[row["id"]]
        yield {"start": start, "end": start + len(text), "words": row["words"]}


def one(
    report: xc.Report, rows: list[dict[str, Any]], seen: Words, listed: set[str], known: bool
) -> Taught:
    """What these sentences of one report teach."""
    tokens = xc.tokenize(report, model=False, glossary=True, report_lexicon=False)
    spans = [(row["start"], row["end"]) for row in rows]
    words = {
        span: word
        for row in rows
        for span, word in zip(
            pairwise((row["start"], *borders_read(report.text, row["start"], row["words"]))),
            row["words"],
            strict=True,
        )
    }
    read = {end for _, end in words}
    starts, ends = tokens["start"].to_numpy(), tokens["end"].to_numpy()
    asked = np.zeros(len(tokens), bool)
    for start, end in spans:
        asked |= (start <= starts) & (ends <= end)
    numbers = seen.numbers(tokens["text"].tolist())
    learned = [word["word"] for word in tokens.attrs["learned"]]
    free, named = seen.free[numbers], tokens["text"].isin(learned).to_numpy()
    is_between = free[:-1] & free[1:] & asked[:-1] & asked[1:] & (ends[:-1] == starts[1:])
    between = np.flatnonzero(is_between)
    inside = [
        (starts[n] + at, features)
        for n in np.flatnonzero(
            free & ~named & asked & (ends - starts == tokens["text"].str.len().to_numpy())
        )
        for at, features in enumerate(seen.inside(tokens["text"].iat[n]).tolist(), 1)
    ]
    features = {
        "between": (ends[between], np.array(list(seen.between(numbers, between, named))).T),
        "inside": (np.array([at for at, _ in inside]), np.array([f for _, f in inside])),
    }
    places = {
        kind: Places(sparse(rows_of), np.isin(at, list(read)), at)
        for kind, (at, rows_of) in features.items()
    }
    cut = frozenset(ends[asked].tolist())
    terms = frozenset(span for span, word in words.items() if word in listed)
    name = Path(report.name).stem
    return Taught(name, report.sha256, known, spans, cut, frozenset(read), terms, places)


def sparse(features: Any) -> Any:
    """Hashed features as a matrix of 0 and 1."""
    rows, columns = features.shape
    pointer = np.arange(0, rows * columns + 1, columns)
    matrix = csr_array((np.ones(rows * columns), features.ravel(), pointer), (rows, 1 << BITS))
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix


def fitted(places: list[Places]) -> Any:
    """The weights of the features, whole numbers."""
    features = vstack([each.features for each in places]).tocsr()
    signs = np.where(np.concatenate([each.is_border for each in places]), 1.0, -1.0)

    def loss(weights: Any) -> tuple[float, Any]:
        margins = signs * (features @ weights)
        slope = -(features.T @ (signs * expit(-margins))) + RIDGE * weights
        return np.logaddexp(0, -margins).sum() + RIDGE / 2 * weights @ weights, slope

    found = minimize(loss, np.zeros(1 << BITS), jac=True, method="L-BFGS-B")
    return np.clip(np.rint(found.x * SCALE), -32768, 32767).astype(np.int16)


def weights_of(taught: list[Taught]) -> dict[str, Any]:
    """The tables of weights that these reports teach."""
    return {kind: fitted([each.places[kind] for each in taught]) for kind in KINDS}


def corrected(taught: Taught, weights: dict[str, Any]) -> set[int]:
    """The borders as the model corrects them."""
    scores = {
        kind: places.features @ weights[kind].astype(np.int64)
        for kind, places in taught.places.items()
    }
    joined = taught.places["between"].at[scores["between"] < 0]
    parted = taught.places["inside"].at[scores["inside"] > 0]
    return (taught.cut - set(joined.tolist())) | set(parted.tolist())


def right(taught: Taught, borders: frozenset[int] | set[int]) -> Any:
    """How many words of the sentences are right, found and expected, and how many special terms
    are whole of all."""
    sums = np.zeros(5, int)
    for start, end in taught.sentences:
        found, expected = (
            set(pairwise(inner))
            for inner in (
                [start, *sorted(border for border in some if start < border <= end)]
                for some in (borders, taught.read)
            )
        )
        special = expected & taught.terms
        sums += (len(found & expected), *map(len, (found, expected, found & special, special)))
    return sums


def place(name: str) -> str:
    """The place of a report, by its name: shenzhen of shenzhen-2014."""
    return re.sub(r"-\d+\w*$", "", name)


def tested(taught: list[Taught]) -> dict[str, dict[str, list[float]]]:
    """F1 of the words, and the share of special terms that is whole, before and after the model, by
    cross-validation over places: of the sentences that the lexicon was made with, and of further
    ones."""
    places = sorted({place(each.name) for each in taught})
    fold = {name: number % FOLDS for number, name in enumerate(places)}
    sums: dict[str, Any] = {}
    for number in range(FOLDS):
        own = [each for each in taught if fold[place(each.name)] == number]
        weights = weights_of([each for each in taught if fold[place(each.name)] != number])
        for each in own:
            told = "of the lexicon" if each.known else "further"
            before, after = sums.setdefault(told, (np.zeros(5, int), np.zeros(5, int)))
            before += right(each, each.cut)
            after += right(each, corrected(each, weights))
    scores = {
        "f1": lambda hit, found, wanted, *_: 2 * hit / (found + wanted),
        "terms": lambda *counts: counts[3] / counts[4],
    }
    return {
        name: {told: [round(score(*row), 4) for row in both] for told, both in sums.items()}
        for name, score in scores.items()
    }


def main(folder: str, terms: str, *files: str) -> None:
    """Train, test and write."""
    halves = pd.read_csv(DATA / "gold/segmented-reports.tsv", sep="\t", comment="#")
    kept = set(halves["report"][halves["half"] != "looked at"])
    listed = set(Path(terms).read_text("utf-8").split())
    rows: dict[tuple[str, bool], list[dict[str, Any]]] = {}
    for number, file in enumerate(files):
        for row in map(json.loads, Path(file).read_text("utf-8").splitlines()):
            if row["report"] not in kept:
                rows.setdefault((row["report"], not number), []).append(row)
    cutter = general_segmenter("rjieba", True, True, False)
    seen = Words(cutter.dictionary_tag, ())
    taught = [
        one(xc.load_report(Path(folder) / f"{name}.txt"), of_it, seen, listed, known)
        for (name, known), of_it in sorted(rows.items())
    ]
    own = one(xc.load_report(), list(seed_rows()), seen, listed, True)
    about = {
        "reports": {each.name: each.sha256 for each in (*taught, own)},
        "sentences": sum(len(each.sentences) for each in (*taught, own)),
        "words": int(sum(right(each, each.read)[2] for each in (*taught, own))),
        **tested(taught),
    }
    print(json.dumps(about["f1"]), json.dumps(about["terms"]))
    told = np.array(json.dumps(about, ensure_ascii=False))
    stored(TARGET, weights_of([*taught, *[own] * SEED_COUNTS]) | {"about": told})


if __name__ == "__main__":
    main(*sys.argv[1:])
