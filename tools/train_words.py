"""Train the model of borders: `train_words.py REPORTS TERMS SENTENCES.jsonl`.

REPORTS is a folder of reports, TERMS a special term a line; a line of SENTENCES.jsonl, with which
the lexicon was made, is a segmented sentence of a report (report, start, end, words); further ones
are those of gold/segmented-sentences.tsv. Reports of which gold/segmented-reports.tsv keeps the
totals teach nothing.
The segmented sentences of the report that comes with the package teach too: its own score is
in-sample. Writes xiacheng_nlp/data/words/borders.npz, the same bytes for the same input, and prints
how well the model cuts the reports of places that it was not trained on.

Logistic regression by L-BFGS, whose ridge penalty draws the weights to those of the model in use,
which it replaces and the sentences of which are lost, the more the more often it saw a feature:
what they taught stays where the sentences at hand say nothing else. To train once more from the
same model, check that file out again.
"""

import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.sparse import csr_array, vstack
from scipy.special import expit
from train_themes import stored

import xiacheng_nlp as xc
from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.words.borders import BITS, SCALE, Words
from xiacheng_nlp.words.lexicon import read_lexicon, rule_words
from xiacheng_nlp.words.segmentation import shared_segmenter

DATA = Path(xc.__file__).parent / "data"
TARGET = DATA / "words/borders.npz"
MORE = DATA / "gold/segmented-sentences.tsv"
RIDGE = 0.25
"""How sure the earlier model is of a weight that it never saw: the ridge by which it was made."""
STRENGTH = 0.25
"""How much what it saw counts."""
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


def more_rows(load: Callable[[str], xc.Report]) -> Iterator[dict[str, Any]]:
    """The sentences of `MORE`, with their words and special terms."""
    for row in read_table(MORE, columns=("report", "start", "end", "words")):
        start, end = int(row["start"]), int(row["end"])
        characters = iter("".join(load(row["report"]).text[start:end].split()))
        lengths = row["words"].split()
        words = ["".join(islice(characters, int(length.rstrip("*")))) for length in lengths]
        terms = {word for word, length in zip(words, lengths, strict=True) if "*" in length}
        place = {"report": row["report"], "start": start, "end": end}
        yield place | {"words": words, "terms": terms}


def decided(report: xc.Report, spans: list[tuple[int, int]], seen: Words) -> tuple[Any, Any]:
    """Where the words of these stretches end before the model, and the places that it decides on,
    by kind: where they are and their features."""
    tokens = xc.tokenize(report, model=False, glossary=True, report_lexicon=False)
    starts, ends = tokens["start"].to_numpy(), tokens["end"].to_numpy()
    asked = np.zeros(len(tokens), bool)
    for start, end in spans:
        asked |= (start <= starts) & (ends <= end)
    numbers = seen.numbers(tokens["text"].tolist())
    learned = [word["word"] for word in tokens.attrs["learned"]]
    free, loose, *_ = seen.flags(numbers).T
    named = tokens["text"].isin(learned).to_numpy()
    is_between = free[:-1] & free[1:] & asked[:-1] & asked[1:] & (ends[:-1] == starts[1:])
    between = np.flatnonzero(is_between)
    inside = [
        (starts[n] + at, features)
        for n in np.flatnonzero(
            loose & ~named & asked & (ends - starts == tokens["text"].str.len().to_numpy())
        )
        for at, features in enumerate(seen.inside(tokens["text"].iat[n]).tolist(), 1)
    ]
    features = {
        "between": (ends[between], np.array(list(seen.between(numbers, between, named))).T),
        "inside": (np.array([at for at, _ in inside]), np.array([f for _, f in inside])),
    }
    return ends[asked], {kind: (at, sparse(rows)) for kind, (at, rows) in features.items()}


def one(
    report: xc.Report, rows: list[dict[str, Any]], seen: Words, listed: set[str], known: bool
) -> Taught:
    """What these sentences of one report teach."""
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
    ends, features = decided(report, spans, seen)
    places = {
        kind: Places(rows_of, np.isin(at, list(read)), at)
        for kind, (at, rows_of) in features.items()
    }
    terms = frozenset(span for span, word in words.items() if word in listed)
    name, cut = Path(report.name).stem, frozenset(ends.tolist())
    return Taught(name, report.sha256, known, spans, cut, frozenset(read), terms, places)


def precision(load: Callable[[str], xc.Report], folder: str, seen: Words) -> dict[str, Any]:
    """How sure the earlier model is of each weight: its ridge, and the curvature of its likelihood
    (Laplace's approximation) in every second sentence of the reports that it learned from, which
    together count as much as the sentences that it learned from."""
    about = json.loads(str(prior()["about"]))
    spans = {
        name: [(each.start, each.end) for each in load(name).sentences][::2]
        for name in about["reports"]
        if (Path(folder) / f"{name}.txt").exists()
    }
    sums = dict.fromkeys(KINDS, 0.0)
    for name, of_it in spans.items():
        for kind, (_, features) in decided(load(name), of_it, seen)[1].items():
            sure = expit(features @ (prior()[kind] / SCALE))
            sums[kind] += features.T @ (sure * (1 - sure))
    share = about["sentences"] / sum(map(len, spans.values()))
    return {kind: RIDGE + STRENGTH * share * found for kind, found in sums.items()}


def sparse(features: Any) -> Any:
    """Hashed features as a matrix of 0 and 1."""
    rows, columns = features.shape
    pointer = np.arange(0, rows * columns + 1, columns)
    numbers = features.ravel().astype(np.int32), pointer.astype(np.int32)
    matrix = csr_array((np.ones(rows * columns, np.float32), *numbers), (rows, 1 << BITS))
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix


def fitted(places: list[Places], start: Any, sure: Any) -> Any:
    """The weights of the features, whole numbers: those of an earlier model, changed as far as
    these places ask for it against how sure it is of them."""
    features = vstack([each.features for each in places]).tocsr()
    signs = np.where(np.concatenate([each.is_border for each in places]), 1.0, -1.0)
    so_far, step = signs * (features @ (start / SCALE)), sure**-0.5
    back = features.T.tocsr()

    def loss(change: Any) -> tuple[float, Any]:
        margins = so_far + signs * (features @ (step * change))
        slope = change - step * (back @ (signs * expit(-margins)))
        return np.logaddexp(0, -margins).sum() + change @ change / 2, slope

    found = minimize(loss, np.zeros(1 << BITS), jac=True, method="L-BFGS-B")
    return np.clip(np.rint(start + step * found.x * SCALE), -32768, 32767).astype(np.int16)


@cache
def prior() -> dict[str, Any]:
    """The earlier model, which is the one in use."""
    with np.load(TARGET) as stored:
        return dict(stored)


def weights_of(taught: list[Taught], sure: dict[str, Any]) -> dict[str, Any]:
    """The tables of weights that these reports teach."""
    return {
        kind: fitted([each.places[kind] for each in taught], prior()[kind], sure[kind])
        for kind in KINDS
    }


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


def tested(taught: list[Taught], sure: dict[str, Any]) -> dict[str, dict[str, list[float]]]:
    """F1 of the words, and the share of special terms that is whole, before any model, with the
    earlier one and with this one by cross-validation over places: of the sentences that the lexicon
    was made with, and of further ones. The earlier model has seen many of them."""
    places = sorted({place(each.name) for each in taught})
    fold = {name: number % FOLDS for number, name in enumerate(places)}
    sums: dict[str, Any] = {}
    for number in range(FOLDS):
        own = [each for each in taught if fold[place(each.name)] == number]
        weights = weights_of([each for each in taught if fold[place(each.name)] != number], sure)
        for each in own:
            told = "of the lexicon" if each.known else "further"
            borders = each.cut, corrected(each, prior()), corrected(each, weights)
            for counts, some in zip(
                sums.setdefault(told, np.zeros((3, 5), int)), borders, strict=True
            ):
                counts += right(each, some)
    scores = {
        "f1": lambda hit, found, wanted, *_: 2 * hit / (found + wanted),
        "terms": lambda *counts: counts[3] / counts[4],
    }
    return {
        name: {told: [round(float(score(*row)), 4) for row in rows] for told, rows in sums.items()}
        for name, score in scores.items()
    }


def gathered(
    load: Callable[[str], xc.Report], seen: Words, terms: str, sentences: str
) -> list[Taught]:
    """What the sentences teach, report by report; that of the package last."""
    halves = pd.read_csv(DATA / "gold/segmented-reports.tsv", sep="\t", comment="#")
    kept = set(halves["report"][halves["half"] != "looked at"])
    lines = Path(sentences).read_text("utf-8").splitlines()
    known = [row for row in map(json.loads, lines) if row["report"] not in kept]
    further = list(more_rows(load))
    listed = set(Path(terms).read_text("utf-8").split()).union(*(row["terms"] for row in further))
    rows: dict[tuple[str, bool], list[dict[str, Any]]] = {}
    for is_known, some in ((True, known), (False, further)):
        for row in some:
            rows.setdefault((row["report"], is_known), []).append(row)
    taught = [
        one(load(name), of_it, seen, listed, is_known)
        for (name, is_known), of_it in sorted(rows.items())
    ]
    return [*taught, one(xc.load_report(), list(seed_rows()), seen, listed, True)]


def main(folder: str, terms: str, sentences: str) -> None:
    """Train, test and write."""
    load = cache(lambda name: xc.load_report(Path(folder) / f"{name}.txt"))
    lexicon = {word.text for word in read_lexicon(packaged("words/lexicon.tsv"))}
    whole = lexicon.difference(rule_words("loose_word"))
    seen = Words(shared_segmenter(model=False).dictionary_tag, (), whole)
    taught, sure = gathered(load, seen, terms, sentences), precision(load, folder, seen)
    earlier = {"sha256": hashlib.sha256(TARGET.read_bytes()).hexdigest()}
    about = {
        "reports": {each.name: each.sha256 for each in taught},
        "sentences": sum(len(each.sentences) for each in taught),
        "words": int(sum(right(each, each.read)[2] for each in taught)),
        **tested(taught[:-1], sure),
        "prior": earlier | json.loads(str(prior()["about"])),
    }
    print(json.dumps(about["f1"]), json.dumps(about["terms"]))
    told = np.array(json.dumps(about, ensure_ascii=False))
    stored(TARGET, weights_of([*taught, *taught[-1:] * (SEED_COUNTS - 1)], sure) | {"about": told})


if __name__ == "__main__":
    main(*sys.argv[1:])
