"""Speed of theme coding: `python benchmarks/bench_themes.py [REPORT ...]`; the sentences of the
reports in another order make the text."""

import random
import sys
import time
from functools import partial

from timing import seconds

from xiacheng_nlp import load_report
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.themes.codebook import load_codebook
from xiacheng_nlp.themes.coding import code_themes

CHARACTERS = 2_000_000
TRIES = 5


def main(paths: list[str]) -> None:
    """Print characters a second of coding, the parsing of the report not counted, and of the same
    at a tenth of the length."""
    started = time.perf_counter()
    codebook = load_codebook()
    print(
        f"codebook of {len(codebook.phrases)} phrases loaded in "
        f"{time.perf_counter() - started:.3f} s"
    )
    sentences = [
        s.text
        for path in paths or [None]
        for p in load_report(path).paragraphs
        if p.kind == "text"
        for s in p.sentences
    ]
    chance = random.Random(0)
    for wanted in (CHARACTERS // 10, CHARACTERS):
        lines: list[str] = []
        size = 0
        while size < wanted:
            lines.append("".join(chance.sample(sentences, 5)))
            size += len(lines[-1]) + 1
        report = Report.parse("各位代表:\n一、2014年工作\n" + "\n".join(lines))
        table = code_themes(report, codebook)
        best = seconds(partial(code_themes, report, codebook), TRIES)
        print(
            f"{size:,} characters, {len(table):,} sentences: {best:.3f} s, "
            f"{size / best / 1e6:.2f} M characters/s (best of {TRIES})"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
