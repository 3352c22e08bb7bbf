"""Fit the confidence of records: python tools/fit_confidence.py FOLDER, which holds whole reports.

Writes data/observations/confidence.tsv and data/gold/reliability.tsv, the same for the same input.
Logistic regression with a ridge penalty (le Cessie & van Houwelingen 1992). Its weights come from
the half of the other reports that was looked at, with the mistakes that the rules made there before
they were mended (`first_mistakes.tsv`); its constant from a total of the half of which totals alone
are watched: how many of its records are right.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import numpy as np
from scipy.optimize import brentq, minimize
from scipy.special import expit
from score_development import KINDS, text_of

from xiacheng_nlp import resources
from xiacheng_nlp.datafiles import read_table
from xiacheng_nlp.observations import observation
from xiacheng_nlp.report.report import load_report
from xiacheng_nlp.validation.gold import read_number_gold
from xiacheng_nlp.validation.scores import evaluate

DATA = Path(__file__).parents[1] / "xiacheng_nlp/data"
GOLD = resources.folder("gold")
FEATURES = {
    "in a term": "the passage tells of several years",
    "characters": "the number has no digit",
    "long name": "of more than twelve characters",
    "short name": "of two characters at most",
    "name from before": "taken over from what was told before",
    "noun behind": "what is counted stands behind the number",
    "set against another": "a difference or a multiple",
    "rank": "a place in a ranking",
    "far on": "more than 120 characters into its sentence",
}
RIDGE = 3.0
BINS = (0, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1)


WEIGHTS = """\
# What makes a record less sure, made by tools/fit_confidence.py: weights of a logistic regression.
# records, right: of how many records of the reports looked at, and which share of them was right
# before the rules were mended.
feature\tweight\trecords\tright\tnote
"""
RELIABILITY = """\
# How often records are right that are so sure, made by tools/fit_confidence.py. kind: as in
# development.tsv.
kind\tlow\thigh\trecords\tconfidence\tright
"""


class Record(NamedTuple):
    report: str
    start: int
    doubts: tuple[str, ...]
    right: bool


def records(kind: str, texts: Path) -> Iterator[Record]:
    """The scored records of a folder of gold standards, each with its doubts."""
    windows = (
        json.loads(path.read_text()) if (path := GOLD / kind / "windows.json").exists() else {}
    )
    for gold in sorted((GOLD / kind).glob("*.gold.jsonl")):
        name = gold.name.split(".")[0]
        source = text_of(gold, texts)
        if ".themes." in gold.name or not source.is_file():
            continue
        # In place of its probability each record hands back its doubts.
        with patch.object(observation, "confidence", lambda why: why):
            said = observation.indicators(load_report(source))
        stretches = [(a, b) for a, b in windows.get(name, ())]
        found = evaluate(read_number_gold(gold), [o.record() for o in said], windows=stretches)
        wrong = {m.predicted["start"] for m in found.mistakes if m.predicted}
        scored = set(found.records.places[1])
        for one in said:
            if one.indicator and one.start in scored:
                scored.remove(one.start)
                yield Record(name, one.start, one.confidence, one.start not in wrong)


def table(some: list[Record]) -> np.ndarray:
    return np.array([[feature in one.doubts for feature in FEATURES] for one in some], dtype=float)


def weights(x: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The constant and a weight for each feature."""
    x = np.c_[np.ones(len(x)), x]

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z, pull = x @ w, np.r_[0.0, w[1:]]
        lost = np.logaddexp(0, -z) @ right + np.logaddexp(0, z) @ (1 - right)
        return lost + RIDGE / 2 * pull @ pull, x.T @ (expit(z) - right) + RIDGE * pull

    return minimize(loss, np.zeros(x.shape[1]), jac=True, options={"gtol": 1e-8}).x


def write(path: Path, head: str, lines: Sequence[str]) -> None:
    path.write_text(head + "".join(lines), encoding="utf-8")


def main(texts: Path) -> None:
    every = {kind: list(records(kind, texts)) for kind in KINDS}
    first = {
        row["report"]: set(map(int, row["starts"].split()))
        for row in read_table(
            GOLD / "development/first_mistakes.tsv", columns=("report",), optional=("starts",)
        )
    }
    some = [one for one in every["development"] if one.report in first]
    x = table(some)
    right = np.array([one.start not in first[one.report] for one in some], dtype=float)
    _, *fitted = weights(x, right)
    unseen = every["totals-only"]
    scores, share = table(unseen) @ fitted, np.mean([one.right for one in unseen])
    constant = brentq(lambda c: expit(scores + c).mean() - share, -9, 9)
    lines = [
        f"constant\t{constant:.2f}\t{len(unseen)}\t{share:.3f}\tso that records of reports that "
        "nobody looked at are as sure on average as they are right\n"
    ]
    for i, (feature, note) in enumerate(FEATURES.items()):
        with_it = x[:, i] > 0
        lines.append(
            f"{feature}\t{fitted[i]:.2f}\t{with_it.sum()}\t{right[with_it].mean():.3f}\t{note}\n"
        )
    write(DATA / "observations/confidence.tsv", WEIGHTS, lines)
    shown = [round(float(value), 2) for value in (constant, *fitted)]
    rows = []
    for kind, name in KINDS.items():
        said = np.round(expit(shown[0] + table(every[kind]) @ shown[1:]), 2)
        is_right = np.array([one.right for one in every[kind]])
        for low, high in pairwise(BINS):
            here = (said >= low) & ((said < high) | (high == 1))
            if here.any():
                rows.append(
                    f"{name}\t{low}\t{high}\t{here.sum()}\t{said[here].mean():.3f}\t{is_right[here].sum()}\n"
                )
    write(DATA / "gold/reliability.tsv", RELIABILITY, rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
