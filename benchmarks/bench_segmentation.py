"""Cutting reports into words: loading, characters a second, and jieba in the same run. python
benchmarks/bench_segmentation.py

The text is distinct: the seed's body again and again with one character in fifty changed by a
seeded generator.
"""

import random
import time
import warnings
from collections.abc import Callable

from xiacheng_nlp.report.report import Report, load_report
from xiacheng_nlp.words.segmentation import Segmenter, tokenize

CHARS = 1_000_000


def distinct(chars: int) -> str:
    """Lines of at least `chars` characters in the shape of the seed's body."""
    chooser = random.Random(2014)
    report = load_report()
    body = [paragraph.text for paragraph in report.paragraphs if paragraph.part != "glossary"]
    lines: list[str] = []
    size = 0
    while size < chars:
        for line in body:
            lines.append(
                "".join(
                    chr(chooser.randrange(0x4E00, 0x9FA6)) if chooser.random() < 0.02 else c
                    for c in line
                )
            )
            size += len(line) + 1
    return "\n".join(lines)


def seconds(action: Callable[[], object], runs: int = 3) -> float:
    best = float("inf")
    for _ in range(runs):
        start = time.perf_counter()
        action()
        best = min(best, time.perf_counter() - start)
    return best


def main() -> None:
    text = distinct(CHARS)
    few = text[: CHARS // 5]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
        import jieba.posseg
    jieba.setLogLevel("ERROR")
    reference = jieba.Tokenizer()
    reference.FREQ, reference.total = reference.gen_pfdict(reference.get_dict_file())
    reference.initialized = True
    tagger = jieba.posseg.POSTokenizer(reference)
    jieba_words = len(few) / seconds(lambda: list(reference.cut(few)), 2)
    jieba_tags = len(few) / seconds(lambda: list(tagger.cut(few)), 1)
    segmenter = Segmenter()
    ours = len(text) / seconds(lambda: segmenter.spans(text), 5)
    report = Report.parse(text)
    bare = len(text) / seconds(lambda: tokenize(report, learning=False))
    full = len(text) / seconds(lambda: tokenize(report))
    print(f"{len(text):,} characters")
    print(f"loading                          {seconds(Segmenter):6.3f} s")
    print(f"jieba, words                     {jieba_words / 1e6:6.3f} M characters/s")
    print(
        f"words as arrays                  {ours / 1e6:6.3f} M characters/s, "
        f"{ours / jieba_words:5.1f} times jieba"
    )
    print(f"jieba, words with tags           {jieba_tags / 1e6:6.3f} M characters/s")
    tagged = len(text) / seconds(lambda: segmenter.tagged(text))
    print(
        f"words with tags                  {tagged / 1e6:6.3f} M characters/s, "
        f"{tagged / jieba_tags:5.1f} times jieba"
    )
    print(
        f"token table without learning     {bare / 1e6:6.3f} M characters/s, "
        f"{bare / jieba_tags:5.1f} times jieba's tags"
    )
    print(
        f"token table with learning        {full / 1e6:6.3f} M characters/s, "
        f"{full / jieba_tags:5.1f} times jieba's tags"
    )


if __name__ == "__main__":
    main()
