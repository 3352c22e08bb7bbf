"""How often keyness finds a difference where there is none: python
tools/shuffle_keyness.py REPORT...

Shuffles the paragraphs of the plan and the review of each report, and writes
validation/keyness_shuffled.tsv.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

import xiacheng_nlp as xc
from xiacheng_nlp.terms.contingency import adjust, p_value

FILE = Path(__file__).resolve().parent.parent / "xiacheng_nlp/data/validation/keyness_shuffled.tsv"
SHUFFLES = 60
TESTS = ("g2_two_cell", "chi2", "paragraphs")
HEAD = """# How often keyness of plan against review finds a difference after their paragraphs
# were shuffled: there is none to find. terms: tested a shuffle, on average; below_05: share of
# the terms with p < 0.05; any_adjusted: share of the shuffles in which a term stays below 0.05
# after Benjamini-Hochberg. Repeat with: python tools/shuffle_keyness.py REPORT...
"""


def shuffled(name: str) -> pd.DataFrame:
    """The rates of each test for one report."""
    report = xc.load_report(name)
    tokens = xc.tokenize(report)
    tokens = tokens[tokens["part"].isin(["plan", "review"])]
    parts = tokens.groupby("paragraph")["part"].first()
    rng, rows = np.random.default_rng(0), []
    for _ in range(SHUFFLES):
        drawn = dict(zip(parts.index, rng.permutation(parts), strict=True))
        made = tokens.assign(part=tokens["paragraph"].map(drawn))
        key = xc.terms.keyness(made, target="plan", reference="review")
        told = (key["p"], p_value(key["chi2"]), key["p_paragraphs"])
        for test, p in zip(TESTS, told, strict=True):
            rows.append((test, len(key), (p < 0.05).mean(), (adjust(p) < 0.05).any()))
    table = pd.DataFrame(rows, columns=["test", "terms", "below_05", "any_adjusted"])
    means = table.groupby("test", sort=False).mean().round(3).reset_index()
    means.insert(0, "report", report.name)
    means.insert(2, "shuffles", SHUFFLES)
    return means


if __name__ == "__main__":
    found = pd.concat([shuffled(name) for name in sys.argv[1:]])
    found["terms"] = found["terms"].round().astype(int)
    FILE.write_text(HEAD + found.to_csv(sep="\t", index=False), encoding="utf-8")
