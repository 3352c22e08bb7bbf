"""Numbers and indicators: characters a second beside jieba in the same run, growth with length,
hostile text, the command.

python benchmarks/bench_indicators.py
"""

import logging
import resource
import warnings
from contextlib import suppress
from functools import partial

from timing import RUNS, distinct, process, seconds

from xiacheng_nlp.errors import ReportError
from xiacheng_nlp.numbers.scan import quantities
from xiacheng_nlp.observations.observation import indicators
from xiacheng_nlp.report.report import Report

HOSTILE = {
    "digits": lambda n: "7" * n,
    "、": lambda n: "、" * n,
    "one sentence": lambda n: ("完成投资152.84亿元,同比增长25.56%," * (n // 20 + 1))[:n],
    "brackets never closed": lambda n: "（《“" * (n // 3),
    "Han numerals": lambda n: "一二三" * (n // 3),
    "number after number": lambda n: "1 " * (n // 2),
    "list without end": lambda n: "甲、乙、" * (n // 4) + "分别为3亿元、4亿元。",
}


def records_of(text: str) -> int:
    return len(indicators(Report.parse(text)))


def refused_or_read(text: str) -> None:
    """Records, or the line that says why a text with so many numbers has none."""
    with suppress(ReportError):
        records_of(text)


def jieba_speed(text: str) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
    jieba.setLogLevel(logging.CRITICAL)
    tokenizer = jieba.Tokenizer()
    list(tokenizer.cut("政府工作报告"))
    return len(text) / seconds(lambda: sum(1 for _ in tokenizer.cut(text)))


def command() -> None:
    """The command as a process; measured first, for a child is charged with the memory of the
    parent that started it."""
    wall = process("-m", "xiacheng_nlp", "indicators")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3
    print(f"the command on the seed {wall:6.2f} s (median of {RUNS}), peak memory {peak:.0f} MB")


def main() -> None:
    command()
    text = distinct(1_000_000)
    records = len(text) / seconds(partial(records_of, text))
    cut = jieba_speed(text[:300_000])
    found = records_of(text)
    print(
        f"plain text to records   {records / 1e6:6.2f} M characters/s, {found:,} records "
        f"in {len(text):,} characters"
    )
    print(
        f"jieba cuts              {cut / 1e6:6.2f} M characters/s; records are made "
        f"{records / cut:.1f} times as fast"
    )
    one, ten = (
        seconds(partial(records_of, t), 1)
        for t in (text[:300_000], distinct(3_000_000)[:3_000_000])
    )
    print(f"ten times as long takes {ten / one:6.1f} times as long")
    for name, make in HOSTILE.items():
        short, long = make(100_000), make(1_000_000)
        small, large = seconds(partial(quantities, short), 1), seconds(partial(quantities, long), 1)
        whole = seconds(partial(refused_or_read, long), 1)
        print(
            f"hostile: {name:22} {small:6.2f} s, ten times as long {large:6.2f} s; "
            f"through the parser to records, or refused, {whole:6.2f} s"
        )


if __name__ == "__main__":
    main()
