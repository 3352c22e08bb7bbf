"""Score the words of other reports: `score_words.py SENTENCES TERMS FOLDER [SYSTEM=CUT]…`

SENTENCES has a line a sentence (report, start, end in code points, words), TERMS a special term a
line, FOLDER the reports; each CUT has the sentences as another segmenter cuts them
(tools/cut_sentences.py). Writes gold/segmented.tsv, this package, jieba and those side by side; the
rows of a system that is not given stay as they are.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import jieba
import pandas as pd

import xiacheng_nlp as xc

GOLD = Path(xc.__file__).parent / "data/gold"
TARGET = GOLD / "segmented.tsv"
HEAD = """# Words of 1,200 sentences of a hundred other reports: right, found and expected,
# and the special terms kept whole of all. The sentences are not part of the package.
# Repeat with: python tools/score_words.py SENTENCES TERMS FOLDER. Other segmenters than jieba were
# run in environments of their own, by tools/cut_sentences.py.
"""
Span = tuple[int, int]


def spans(text: str, start: int, words: Iterable[str]) -> Iterator[tuple[Span, str]]:
    """Where the words stand from `start` on, white space between and in them passed over."""
    for word in words:
        while text[start].isspace():
            start += 1
        end, left = start, len(word)
        while left:
            left -= not text[end].isspace()
            end += 1
        yield (start, end), word
        start = end


def lines_of(path: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def main(sentences: str, terms: str, folder: str, *others: str) -> None:
    listed = set(Path(terms).read_text(encoding="utf-8").split())
    halves = pd.read_csv(GOLD / "segmented-reports.tsv", sep="\t", comment="#", index_col="report")
    rows = lines_of(sentences)
    cuts = {
        system: {(row["report"], row["start"]): row["words"] for row in lines_of(path)}
        for system, _, path in (other.partition("=") for other in others)
    }
    sums: dict[tuple[str, str], Counter[str]] = {}
    for name, half in halves["half"].items():
        path = Path(folder) / f"{name}.txt"
        text = path.read_text(encoding="utf-8")
        tokens = xc.tokenize(xc.load_report(path), glossary=True)
        ours = list(zip(tokens["start"], tokens["end"], strict=True))
        for row in (row for row in rows if row["report"] == name):
            gold = dict(spans(text, row["start"], row["words"]))
            own = {s for s in ours if row["start"] <= s[0] and s[1] <= row["end"]}
            cut = {"jieba": jieba.lcut("".join(row["words"]))}
            cut |= {system: words[name, row["start"]] for system, words in cuts.items()}
            said_by = {
                system: {span for span, _ in spans(text, row["start"], filter(str.strip, words))}
                for system, words in cut.items()
            }
            for system, said in ({"package": own} | said_by).items():
                special = {span for span, word in gold.items() if word in listed}
                sums.setdefault((half, system), Counter()).update(
                    right=len(said & gold.keys()),
                    found=len(said),
                    expected=len(gold),
                    terms_whole=len(said & special),
                    terms=len(special),
                )
    table = pd.DataFrame([dict(half=h, system=s) | dict(n) for (h, s), n in sums.items()])
    before = pd.read_csv(TARGET, sep="\t", comment="#")
    kept = before[~before["system"].isin(table["system"])]
    table = pd.concat([table, kept]).sort_values("half", kind="stable")
    TARGET.write_text(HEAD + table.to_csv(sep="\t", index=False), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
