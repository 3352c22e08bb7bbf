"""How long each measure of terms takes on a token table the size of a long report; best of five
runs, in milliseconds.

Run: python benchmarks/bench_terms.py [WORDS]   (20,000 words unless told)
"""

import sys

import numpy as np
import pandas as pd
from timing import seconds

from xiacheng_nlp import terms


def made_report(words: int) -> pd.DataFrame:
    """Words drawn by Zipf's law, in sentences of 25, paragraphs of 125, five parts; the same on
    every run."""
    draws = np.random.default_rng(0).zipf(1.25, words) % 4000
    han = np.array(
        [chr(0x4E00 + n % 2000) + chr(0x5000 + n // 3) for n in range(4000)], dtype=object
    )
    place = np.arange(words)
    text = np.where(place % 25 == 24, "。", np.where(place % 10 == 9, "，", han[draws]))
    parts = np.array(["opening", "review", "plan", "government", "closing"], dtype=object)
    lengths = np.array([len(word) for word in text])
    ends = np.cumsum(lengths)
    return pd.DataFrame(
        {
            "start": ends - lengths,
            "end": ends,
            "text": text,
            "pos": np.where(draws % 2, "n", "v"),
            "part": parts[place * 5 // words],
            "section": [f"{n * 5 // words + 1}.{n * 25 // words % 5 + 1}" for n in place],
            "paragraph": place // 125,
            "sentence": place // 25,
        }
    )


def main() -> None:
    words = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    tokens = made_report(words)
    term = terms.term_frequency(tokens)["term"][0]
    calls = {
        "term_frequency": lambda: terms.term_frequency(tokens, by="section"),
        "tf_idf": lambda: terms.tf_idf(tokens),
        "keyness": lambda: terms.keyness(tokens, target="plan", reference="review"),
        "dispersion": lambda: terms.dispersion(tokens),
        "dispersion, paragraphs": lambda: terms.dispersion(tokens, by="paragraph"),
        "collocations of a term": lambda: terms.collocations(tokens, term),
        "collocations of all terms": lambda: terms.collocations(tokens),
        "concordance": lambda: terms.concordance(tokens, term),
        "ngrams": lambda: terms.ngrams(tokens, min_count=2),
        "diversity": lambda: terms.diversity(tokens, by="part"),
        "zipf": lambda: terms.zipf(tokens),
        "heaps": lambda: terms.heaps(tokens),
        "textrank": lambda: terms.textrank(tokens),
        "strips": lambda: terms.strips(tokens, [term]),
    }
    print(f"{len(tokens)} tokens, {tokens['text'].nunique()} types")
    for name, call in calls.items():
        print(f"{name:28}{1000 * seconds(call, 5):8.1f} ms")


if __name__ == "__main__":
    main()
