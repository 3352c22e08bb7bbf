"""Train the coder of themes: `train_themes.py REPORTS SENTENCES.jsonl [--second SECOND.jsonl]`.

REPORTS is a folder of reports, SENTENCES.jsonl coded sentences of them (report, start, end, themes
with the main one first, instrument); those of gold/coded-sentences.tsv are added to them.
Writes xiacheng_nlp/data/themes/coder.npz, the same bytes for the same input, and prints how well
the model codes reports that it was not trained on, nor on one of the same place and a neighbouring
year, which shares sentences with them. Every fourth report of the sorted list of SENTENCES.jsonl is
kept for totals: never trained on, and scored by a model that saw no report near to them; by it
misclassification.tsv is written, the matrix that attention is corrected with.

Ridge regression (Hoerl & Kennard 1970) in its dual form, on n-grams of characters and on what the
phrases say; n-grams that stand in like sentences of all reports, coded or not, teach each other
(latent semantic analysis, Deerwester et al. 1990). Probabilities by multinomial logistic regression
on its scores.
"""

import argparse
import datetime
import hashlib
import io
import json
import zipfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_array, diags_array
from score_reading import in_english

from xiacheng_nlp import resources
from xiacheng_nlp.datafiles import read_table
from xiacheng_nlp.report.report import load_report
from xiacheng_nlp.themes import coding
from xiacheng_nlp.themes.codebook import load_codebook
from xiacheng_nlp.themes.model import (
    ABOVE,
    AFTER,
    NEAR,
    SPACES,
    Around,
    calibrated,
    dual,
    grams,
    smoothed,
    vocabulary,
)

TARGET = Path(__file__).parents[1] / "xiacheng_nlp/data/themes/coder.npz"
HELD_OUT = ("gaotang-2023", "miyi-2023")
"""Reports whose gold travels as held out: their sentences teach nothing."""
SEED = "xiacheng-2014"
MORE = TARGET.parents[1] / "gold/coded-sentences.tsv"
LEAST = 8
"""An n-gram is known that stands in so many coded sentences."""
LOUDNESS = {
    "theme": {"text": 1.0, "run_in": 0.6, "heading": 0.5, "neighbours": 0.4, "paragraph": 0.7},
    "instrument": {
        **{"text": 1.0, "run_in": 0.4, "heading": 0.3, "neighbours": 0.3, "paragraph": 0.4},
        **dict.fromkeys(("ahead", "past"), 0.7),
    },
}
"""How much a space may say of themes and of instruments: set by cross-validation, to steps of a
third."""
RIDGE = {"theme": 1.0, "instrument": 3.0}
RANK, REACH = 300, {"theme": 0.7, "instrument": 0.7}
"""How many ways of being alike n-grams have, and how much they count."""
TRUST, FEW = 1.0, 30
"""A theme that few sentences teach follows its own phrases besides: by the first number where none
does, by less and less the more there are (by e for each of the second)."""
FURTHER = 0.4
"""What a theme beside the main one counts as an answer."""
REACHING = ("text", *NEAR)
"""The spaces in which n-grams that are alike teach each other."""
AT_ONCE = 2000
"""Sentences whose products with all others are made at once, which bounds the memory."""
FOLDS = 5
GREATEST = 110
"""The greatest weight of a space is so many steps: fewer make the file smaller."""
ALIKE = {"新区": "区", "县级市": "县"}
"""Levels of government that are scored with others."""
BOOK = load_codebook()
THEMES, INSTRUMENTS = BOOK.codes, BOOK.instrument_codes


@dataclass
class Coded:
    """Rows of one report, with the answers of the coders by row."""

    name: str
    sha256: str
    level: str
    texts: list[str]
    around: Around
    dense: Any
    base: Any
    answers: dict[int, dict[str, Any]]


def is_near(one: str, other: str) -> bool:
    """Whether both are reports of one place and of one year or the next."""
    (place, _, year), (there, _, then) = one.rpartition("-"), other.rpartition("-")
    return place == there and abs(int(year[:4]) - int(then[:4])) < 2


def read(reports: Path, sentences: Path, second: Path | None) -> list[Coded]:
    told, other = defaultdict(list), {}
    for line in sentences.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        told[row["report"]].append(row)
    for line in second.read_text(encoding="utf-8").splitlines() if second else ():
        row = json.loads(line)
        other[row["report"], row["start"], row["end"]] = row
    for cells in read_table(MORE, columns=("report", "start", "end", "themes", "instrument")):
        place = {name: int(cells[name]) for name in ("start", "end")}
        codes = {"themes": cells["themes"].split("|"), "instrument": cells["instrument"]}
        told[cells["report"]].append(place | codes)
    gold = resources.folder("gold") / f"{SEED}.themes.gold.jsonl"
    for line in gold.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        rest = [code for code in row["both"] if code != row["main"][0]]
        row["themes"] = [row["main"][0], *rest]
        told[SEED].append(row)
    return [one(name, reports, told[name], other) for name in sorted(told)]


def one(name: str, reports: Path, told: list[dict[str, Any]], other: dict[Any, Any]) -> Coded:
    path = resources.seed() if name == SEED else next(reports.glob(f"{name}.*"))
    report = load_report(path)
    rows, features, main, instrument = coding.features_of(report, BOOK)
    place = {(s.start, s.end): i for i, s in enumerate(rows.sentences)}
    answers = {}
    for row in told:
        i = place.get((row["start"], row["end"]))
        if i is None or not rows.around.coded[i]:
            continue
        again = other.get((name, row["start"], row["end"]))
        said = [row["themes"], *([again["themes"]] if again else [])]
        means = row["instrument"] if isinstance(row["instrument"], list) else [row["instrument"]]
        answers[i] = {
            "themes": row["themes"],
            "means": means[0],
            "main": {*row.get("main", ()), *(codes[0] for codes in said)},
            "both": set(row.get("both") or set.intersection(*map(set, said))),
            "either": set(row.get("either") or set.union(*map(set, said))),
            "instrument": {*means, *([again["instrument"]] if again else [])},
        }
    texts = [sentence.text for sentence in rows.sentences]
    base = np.stack([main, instrument])
    level = report.place.level or ""
    level = in_english(ALIKE.get(level, level))
    return Coded(name, report.sha256, level, texts, rows.around, features, base, answers)


def joined(some: list[Coded]) -> tuple[list[str], Around, Any, Any]:
    """All rows one under the other: texts, what stands around, dense features, report by row."""
    sizes = np.cumsum([0, *(len(coded.texts) for coded in some)])
    columns: dict[str, list[Any]] = {field.name: [] for field in fields(Around)}
    paragraphs = 0
    for coded, offset in zip(some, sizes, strict=False):
        for name, column in columns.items():
            values = getattr(coded.around, name)
            if name == "paragraph":
                values = values + paragraphs
            elif values.dtype != bool:
                values = np.where(values >= 0, values + offset, -1)
            column.append(values)
        paragraphs = int(columns["paragraph"][-1].max(initial=0)) + 1
    around = Around(**{name: np.concatenate(column) for name, column in columns.items()})
    texts = [text for coded in some for text in coded.texts]
    report = np.repeat(np.arange(len(some)), np.diff(sizes))
    return texts, around, np.vstack([coded.dense for coded in some]), report


def moves(around: Around) -> dict[str, Any]:
    """What `gathered` does, as sparse matrices."""
    n = len(around.before)

    def at(rows: Any) -> Any:
        there = np.flatnonzero(rows >= 0)
        return csr_array((np.ones(len(there), np.float32), (there, rows[there])), shape=(n, n))

    after = np.full(n, -1)
    after[around.before[around.before >= 0]] = np.flatnonzero(around.before >= 0)
    coded = around.coded.astype(np.float32)
    size = int(around.paragraph.max()) + 1
    inside = csr_array((np.ones(n, np.float32), (np.arange(n), around.paragraph)), shape=(n, size))
    others = np.bincount(around.paragraph, weights=coded)[around.paragraph] - coded
    mean = diags_array((1 / np.sqrt(np.maximum(others, 1))).astype(np.float32))
    return {
        "text": diags_array(np.ones(n, np.float32)),
        "run_in": at(around.run_in),
        "heading": at(around.heading) + ABOVE * at(around.above),
        "neighbours": at(around.before) + AFTER * at(after),
        "paragraph": mean @ (inside @ (inside.T @ diags_array(coded)) - diags_array(coded)),
        "ahead": diags_array(around.ahead.astype(np.float32)),
        "past": diags_array((~around.ahead).astype(np.float32)),
    }


def alike(texts: list[str], keys: Any, idf: Any) -> Any:
    """What n-grams have in common: the leading right singular vectors of the sentences, but for the
    first, which they all share (randomised, Halko, Martinsson & Tropp 2011)."""
    x = grams(texts, keys, idf).matrix(len(keys))
    q = np.random.default_rng(0).standard_normal((len(keys), RANK + 20), np.float32)
    for _ in range(4):
        q, _ = np.linalg.qr(x.T @ (x @ q))
    inner = x @ q
    _, vectors = np.linalg.eigh(inner.T @ inner)
    return q @ vectors[:, ::-1][:, 1:RANK]


class Data:
    """Features and answers of all rows of the reports."""

    def __init__(self, some: list[Coded], known: tuple[Any, Any] | None = None) -> None:
        self.some = some
        self.texts, self.around, self.dense, self.report = joined(some)
        starts = np.searchsorted(self.report, np.arange(len(some)))
        self.answers = [
            (int(starts[k]) + i, answer)
            for k, coded in enumerate(some)
            for i, answer in sorted(coded.answers.items())
        ]
        self.rows = np.array([row for row, _ in self.answers])
        self.keys: Any
        self.idf: Any
        self.keys, self.idf = known or vocabulary([self.texts[i] for i in self.rows], LEAST)
        x = grams(self.texts, self.keys, self.idf).matrix(len(self.keys))
        move = moves(self.around)
        self.spaces = {name: (move[name] @ x).tocsr() for name in SPACES}
        self.spaces["dense"] = csr_array(self.dense)

    def learn_likeness(self, texts: list[str]) -> None:
        self.alike = alike(texts, self.keys, self.idf)
        self.alike /= np.sqrt(((self.spaces["text"] @ self.alike) ** 2).sum(axis=1).mean())

    def loudness(self, kind: str) -> dict[str, float]:
        return {name: LOUDNESS[kind][name] ** 2 for name in SPACES if name in LOUDNESS[kind]}

    def kernels(self) -> dict[str, Any]:
        """The products of all coded sentences, for themes and for instruments."""
        own = {name: x[self.rows] for name, x in self.spaces.items()}
        common = {name: own[name] @ self.alike for name in REACHING}
        found = {kind: np.zeros((len(self.rows),) * 2, np.float32) for kind in LOUDNESS}
        for first in range(0, len(self.rows), AT_ONCE):
            some = slice(first, first + AT_ONCE)
            for name, x in own.items():
                product = np.asarray((x[some] @ x.T).todense(), np.float32)
                for kind, kernel in found.items():
                    loud = {**self.loudness(kind), "dense": 1.0}.get(name, 0.0)
                    kernel[some] += np.float32(loud) * product
                    if name in REACHING:
                        reach = np.float32(loud * REACH[kind])
                        kernel[some] += reach * (common[name][some] @ common[name].T)
        return found

    def targets(self) -> Any:
        y = np.zeros((len(self.rows), len(THEMES) + len(INSTRUMENTS)), np.float32)
        for k, (_, answer) in enumerate(self.answers):
            for code in answer["themes"][1:]:
                y[k, THEMES.index(code)] = FURTHER
            y[k, THEMES.index(answer["themes"][0])] = 1
            y[k, len(THEMES) + INSTRUMENTS.index(answer["means"])] = 1
        return y


def weights_of(data: Data, kernels: Any, own: Any) -> dict[str, Any]:
    """The weights of each space by ridge regression in its dual form, from the answers `own`."""
    found = defaultdict(list)
    for kind, y in parts_of(data.targets()).items():
        told = dual(kernels[kind][np.ix_(own, own)], y[own], RIDGE[kind]).astype(np.float32)
        for name, loud in {**data.loudness(kind), "dense": 1.0}.items():
            weights = np.asarray(data.spaces[name][data.rows[own]].T @ told)
            if name in REACHING:
                weights += REACH[kind] * (data.alike @ (data.alike.T @ weights))
            found[name].append(loud * weights)
    found["dense"] = [np.hstack(found["dense"]) + trusting(data, own)]
    return {name: np.hstack(blocks) for name, blocks in found.items()}


def trusting(data: Data, own: Any) -> Any:
    """What the phrases of a theme, in the sentence and around it, add to its score because few of
    the answers `own` teach it."""
    taught = [THEMES.index(data.answers[k][1]["themes"][0]) for k in own]
    trust = np.diag(TRUST * np.exp(-np.bincount(taught, minlength=len(THEMES)) / FEW))
    added = np.zeros((data.spaces["dense"].shape[1], len(THEMES) + len(INSTRUMENTS)), np.float32)
    added[: 2 * len(THEMES), : len(THEMES)] = np.vstack([trust, trust])
    return added


def scores_of(data: Data, weights: dict[str, Any], rows: Any) -> Any:
    """The scores of these rows; a space that tells of instruments alone has their weights alone."""
    scores = np.zeros((len(rows), len(THEMES) + len(INSTRUMENTS)), np.float32)
    for name, each in weights.items():
        scores[:, -each.shape[1] :] += data.spaces[name][rows] @ each
    return scores


def without(data: Data, tested: list[str]) -> Any:
    """The answers that may teach what is tested on these reports."""
    taught = [not any(is_near(coded.name, name) for name in tested) for coded in data.some]
    return np.flatnonzero(np.array(taught)[data.report[data.rows]])


def out_of_fold(data: Data, kernels: Any, fold: Any) -> Any:
    """The scores of every row, by a model that saw no report of its fold nor one near to those."""
    scores = np.zeros((len(data.texts), len(THEMES) + len(INSTRUMENTS)), np.float32)
    for k in sorted(set(fold.tolist())):
        tested = [coded.name for coded, own in zip(data.some, fold, strict=True) if own == k]
        rows = np.flatnonzero(fold[data.report] == k)
        weights = weights_of(data, kernels, without(data, tested))
        scores[rows] = scores_of(data, weights, rows)
    return scores


def parts_of(scores: Any) -> dict[str, Any]:
    return {"theme": scores[:, : len(THEMES)], "instrument": scores[:, len(THEMES) :]}


def fit_smoothing(data: Data, scores: Any) -> dict[str, list[float]]:
    """Weights of `smoothed` with the highest likelihood on scores out of fold, to three digits."""
    found = {}
    for kind, own in parts_of(scores.astype(np.float64)).items():
        codes, key = (THEMES, "themes") if kind == "theme" else (INSTRUMENTS, "means")
        right = [a[key][0] if key == "themes" else a[key] for _, a in data.answers]
        place = np.array([codes.index(code) for code in right])

        def loss(w: Any, own: Any = own, place: Any = place) -> float:
            told = smoothed(own, data.around, w)[data.rows, place]
            return float(-np.log(np.maximum(told, 1e-9)).mean() + 0.001 * (w[1:] ** 2).sum())

        start = np.array([6.0, *(0.1 for _ in NEAR)])
        done = minimize(loss, start, method="Powell", options={"maxfev": 150})
        found[kind] = [round(float(value), 3) for value in done.x]
    return found


def judged(
    data: Data, scores: Any, themes: Any, means: Any, further: float, which: Any = None
) -> dict[str, float]:
    """Main theme, F1 of all codes and instrument, as `score_themes` counts them."""
    hits = tp = fp = fn = right = n = 0
    scores, main = scores[data.rows, : len(THEMES)], themes[data.rows].argmax(1)
    named = coding.named(scores, main, THEMES, further)
    for k, ((row, answer), said) in enumerate(zip(data.answers, named, strict=True)):
        if which is not None and not which[k]:
            continue
        n += 1
        hits += said[0] in answer["main"]
        tp += len({*said} & answer["both"])
        fp += len({*said} - answer["either"])
        fn += len(answer["both"] - {*said})
        right += INSTRUMENTS[int(means[row].argmax())] in answer["instrument"]
    f1 = 2 * tp / (2 * tp + fp + fn)
    return {
        "n": n,
        "main": round(hits / n, 4),
        "codes_f1": round(f1, 4),
        "instrument": round(right / n, 4),
    }


def phrases_alone(data: Data, which: Any = None) -> dict[str, float]:
    main = np.concatenate([coded.base[0] for coded in data.some])
    means = np.concatenate([coded.base[1] for coded in data.some])
    eyes = np.eye(len(THEMES))[main], np.eye(len(INSTRUMENTS))[means]
    told = judged(data, eyes[0], *eyes, 2.0, which)
    return {name: told[name] for name in ("n", "main", "instrument")}


def by_level(data: Data, scores: Any, themes: Any, means: Any, further: float) -> dict[str, Any]:
    levels = np.array([coded.level for coded in data.some])[data.report[data.rows]]
    return {
        level: {
            "model": judged(data, scores, themes, means, further, levels == level),
            "phrases": phrases_alone(data, levels == level),
        }
        for level in sorted(set(levels.tolist()))
    }


def smooth(data: Data, scores: Any, weights: dict[str, list[float]]) -> tuple[Any, Any]:
    told = {
        k: smoothed(v.astype(np.float64), data.around, np.array(weights[k]))
        for k, v in parts_of(scores).items()
    }
    return told["theme"], told["instrument"]


Tenths = Sequence[Sequence[float]]
"""How many sentences, their mean score, and the share that is right."""


def calibration(tenths: Tenths) -> list[float]:
    """The numbers under which what was right is likeliest."""
    counts, scores, right = np.array(tenths).T

    def unlikely(bends: Any) -> float:
        said = np.clip(calibrated(scores, bends), 1e-12, 1 - 1e-12)
        return -float(counts @ (right * np.log(said) + (1 - right) * np.log1p(-said)))

    return [round(float(bend), 3) for bend in minimize(unlikely, (1.0, 1.0, 0.0)).x]


def error(tenths: Tenths, bends: Sequence[float]) -> float:
    """How far what is said is from what is right, on average (expected calibration error)."""
    counts, scores, right = np.array(tenths).T
    return float(counts @ abs(calibrated(scores, bends) - right) / counts.sum())


def stored(path: Path, arrays: dict[str, Any]) -> None:
    """An .npz of the same bytes for the same arrays."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            sink = io.BytesIO()
            np.lib.format.write_array(sink, array, allow_pickle=False)
            archive.writestr(
                zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)),
                sink.getvalue(),
                zipfile.ZIP_DEFLATED,
                9,
            )


def main() -> None:
    cli = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    cli.add_argument("reports", type=Path)
    cli.add_argument("sentences", type=Path)
    cli.add_argument("--second", type=Path)
    cli.add_argument("--date", default=datetime.date.today().isoformat())
    options = cli.parse_args()
    every = read(options.reports, options.sentences, options.second)
    first = {json.loads(line)["report"] for line in options.sentences.open(encoding="utf-8")}
    kept = sorted(first)[3::4]
    data = Data([c for c in every if c.name not in kept and c.name not in HELD_OUT])
    data.learn_likeness(texts_of(options.reports, {*kept, *HELD_OUT}))
    kernels = data.kernels()
    scores = out_of_fold(data, kernels, np.arange(len(data.some)) % FOLDS)
    smoothing = fit_smoothing(data, scores)
    themes, means = smooth(data, scores, smoothing)
    further = max(
        (0.24, 0.26, 0.28, 0.3, 0.32, 0.34, 0.36, 0.38, 0.4),
        key=lambda f: judged(data, scores, themes, means, f)["codes_f1"],
    )
    names = np.array([coded.name for coded in data.some])[data.report[data.rows]]
    told = {
        "phrases": phrases_alone(data),
        "by_report": judged(data, scores, themes, means, further),
        "by_report_first": judged(
            data, scores, themes, means, further, np.isin(names, [*first, SEED])
        ),
        "levels_by_report": by_level(data, scores, themes, means, further),
        "reliability": reliability(data, themes),
        "seed_out_of_fold": judged(data, scores, themes, means, further, names == SEED),
    }
    levels = np.unique([coded.level for coded in data.some], return_inverse=True)[1]
    unseen = out_of_fold(data, kernels, levels)
    told["levels_left_out"] = by_level(data, unseen, *smooth(data, unseen, smoothing), further)
    print(json.dumps(told), smoothing, further, flush=True)
    weights = weights_of(data, kernels, without(data, [*kept, *HELD_OUT]))
    for label, some in (("held_out", HELD_OUT), ("totals", kept)):
        other = Data([c for c in every if c.name in some], (data.keys, data.idf))
        told[label], mistaken = totals(other, as_stored(weights), smoothing, further)
        print(label, json.dumps(told[label]), flush=True)
    write_mistaken(mistaken)
    weights = weights_of(data, kernels, np.arange(len(data.rows)))
    steps, scales = rounded(weights)
    arrays = {"keys": data.keys.to_numpy(), "idf": data.idf, **steps}
    arrays["dense"] = np.round(weights["dense"], 4).astype(np.float32)
    about = {
        "date": options.date,
        "codebook_sha256": BOOK.sha256,
        "reports": len(data.some),
        "sentences": len(data.rows),
        "trained_on": {coded.name: coded.sha256 for coded in data.some},
        "kept_for_totals": kept,
        "sentences_sha256": hashlib.sha256(options.sentences.read_bytes()).hexdigest(),
        "further": further,
        "smoothing": smoothing,
        "scales": scales,
        "calibration": calibration(told["reliability"]),
        "scores": told,
    }
    arrays["about"] = np.frombuffer(json.dumps(about, sort_keys=True).encode(), np.uint8)
    stored(TARGET, arrays)
    print(TARGET.stat().st_size, len(data.keys))


def rounded(weights: dict[str, Any]) -> tuple[dict[str, Any], dict[str, float]]:
    """The weights of the spaces in steps, and the size of a step in each: the greatest weight is
    GREATEST, since to cut it off costs more of what is right than coarse steps do."""
    found, scales = {}, {}
    for name in SPACES:
        scales[name] = float(f"{float(np.abs(weights[name]).max()) / GREATEST:.4g}")
        steps = np.rint(weights[name] / scales[name])
        found[name] = np.clip(steps, -GREATEST, GREATEST).astype(np.int8)
    return found, scales


def as_stored(weights: dict[str, Any]) -> dict[str, Any]:
    """The weights as they are read back."""
    steps, scales = rounded(weights)
    return weights | {
        name: each.astype(np.float32) * np.float32(scales[name]) for name, each in steps.items()
    }


def texts_of(reports: Path, kept: set[str]) -> list[str]:
    """The sentences of all reports but those that are kept."""
    every = (load_report(path) for path in reports.glob("*.txt") if path.stem not in kept)
    found = {
        sentence.text
        for report in every
        for paragraph in report.paragraphs
        for sentence in paragraph.sentences
    }
    return sorted(text for text in found if len(text) > 5)


def totals(
    other: Data, weights: dict[str, Any], smoothing: dict[str, list[float]], further: float
) -> tuple[dict[str, Any], dict[tuple[int, int], int]]:
    """How the coder does on other reports, and how many sentences of each theme got each code."""
    scores = scores_of(other, weights, np.arange(len(other.texts)))
    themes, means = smooth(other, scores, smoothing)
    told = {
        "model": judged(other, scores, themes, means, further),
        "phrases": phrases_alone(other),
        "levels": by_level(other, scores, themes, means, further),
        "reliability": reliability(other, themes),
    }
    mistaken = Counter(
        (THEMES.index(a["themes"][0]), int(themes[row].argmax())) for row, a in other.answers
    )
    return told, mistaken


def write_mistaken(mistaken: dict[tuple[int, int], int]) -> None:
    rows = [f"{THEMES[t]}\t{THEMES[c]}\t{n}\n" for (t, c), n in sorted(mistaken.items())]
    head = (
        "# How many sentences of each theme (theme) the trained coder gave each code (coded), in\n"
        "# the twelve reports of which totals alone were looked at; by tools/train_themes.py.\n"
        "theme\tcoded\tsentences\n"
    )
    (TARGET.parent / "misclassification.tsv").write_text(head + "".join(rows), encoding="utf-8")


def reliability(data: Data, themes: Any) -> list[list[float]]:
    """By tenths of the probability of the main theme: how many, its mean, how many are right."""
    best = themes.argmax(1)
    right = np.array([THEMES[best[row]] in answer["main"] for row, answer in data.answers])
    sure = themes.max(1)[data.rows]
    tenth = np.minimum((sure * 10).astype(int), 9)
    return [
        [
            int((tenth == k).sum()),
            round(float(sure[tenth == k].mean()), 3),
            round(float(right[tenth == k].mean()), 3),
        ]
        for k in range(10)
        if (tenth == k).any()
    ]


if __name__ == "__main__":
    main()
