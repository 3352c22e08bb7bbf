"""Cutting reports into words: loading, characters a second, and jieba in the same run. python
benchmarks/bench_segmentation.py
"""

import warnings

from timing import distinct, seconds

from xiacheng_nlp.report.report import Report
from xiacheng_nlp.words.segmentation import Segmenter, tokenize

CHARS = 1_000_000


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
    tagged = len(text) / seconds(lambda: segmenter.read(text))
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
