"""This package beside others, on the report of Xiacheng: the same text, the same machine, the same
run. python benchmarks/compare.py

Numbers: of the amounts of the gold standard, how many a tool marks at their place, how many with
their unit, and how many of money alone, beside how many it marks in all. Words: F1 against the gold
standard of segmentation. Only what is installed is run: pip install jionlp recognizers-text-suite
"emoji<2". None of the others says which indicator a number belongs to.
"""

import time
import warnings
from collections.abc import Callable, Iterator

import pandas as pd

import xiacheng_nlp as xc
from xiacheng_nlp.observations.numbers_of_report import report_quantities
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.resources import folder
from xiacheng_nlp.validation.baselines import number_unit_pattern, plain_words
from xiacheng_nlp.validation.gold import STEM, read_number_gold, read_word_gold

Spans = set[tuple[int, int]]
Tool = Callable[[str], Iterator[tuple[int, int]]]
"""Where a tool marks something in a text."""


def recognizers() -> Tool:
    from recognizers_number import recognize_number, recognize_percentage
    from recognizers_number_with_unit import recognize_currency, recognize_dimension

    def marks(text: str) -> Iterator[tuple[int, int]]:
        for find in (recognize_currency, recognize_dimension, recognize_percentage):
            yield from ((one.start, one.end + 1) for one in find(text, "zh-cn"))
        # Its numbers end behind their last character, its other entities at it.
        yield from ((one.start, one.end) for one in recognize_number(text, "zh-cn"))

    return marks


def jionlp_money() -> Tool:
    import jionlp

    found = jionlp.ner.extract_money
    return lambda text: (tuple(one["offset"]) for one in found(text))


def jiojio_words() -> Tool:
    import jiojio

    jiojio.init()
    return lambda text: cut(jiojio.cut(text))


def cut(words: list[str]) -> Iterator[tuple[int, int]]:
    place = 0
    for word in words:
        yield place, place + len(word)
        place += len(word)


def over(report: Report, tool: Tool) -> Spans:
    """What a tool marks in the paragraphs, by the offsets of the report; the longest at a place."""
    found: dict[int, int] = {}
    for paragraph in report.paragraphs:
        places = report.positions(paragraph)
        for start, end in tool(paragraph.text):
            first, last = places[start], places[end - 1] + 1
            found[first] = max(last, found.get(first, 0))
    return set(found.items())


def numbers(report: Report) -> None:
    gold = read_number_gold(folder("gold") / f"{STEM}.gold.jsonl")
    amounts = [row for row in gold if row["class"] == "quantity"]
    wanted = {(row["start"], row["end"]) for row in amounts}
    money = {(row["start"], row["end"]) for row in amounts if str(row["unit"]).endswith("元")}
    others = {"Recognizers-Text": recognizers, "JioNLP, money": jionlp_money}
    tools = {
        "xiacheng_nlp": lambda: lambda: amounts_of(report),
        "a plain pattern": lambda: (
            lambda: {(row["start"], row["end"]) for row in number_unit_pattern(report)}
        ),
        **{name: whole(report, made) for name, made in others.items()},
    }
    print(f"{'numbers':<20}{'place':>8}{'+ unit':>8}{'money':>8}{'marked':>8}{'seconds':>9}")
    for name, made in tools.items():
        if (done := timed(made)) is not None:
            spans, seconds = done
            starts = {start for start, _ in spans}
            hits = [sum(start in starts for start, _ in wanted), len(spans & wanted)]
            hits += [len(spans & money), len(spans)]
            print(f"{name:<20}" + "".join(f"{hit:>8}" for hit in hits) + f"{seconds:>9.2f}")
    print(f"{'in the gold standard':<20}{len(wanted):>8}{len(wanted):>8}{len(money):>8}\n")


def words(report: Report) -> None:
    units = read_word_gold(folder("gold"))
    wanted = {word for unit in units for word in unit.words}
    tools = {
        "xiacheng_nlp": lambda: lambda: spans_of(xc.tokenize(report)),
        "jieba": lambda: lambda: spans_of(plain_words(report)),
        "jiojio (JioNLP)": whole(report, jiojio_words),
    }
    print(f"{'words':<20}{'F1':>8}{'seconds':>9}")
    for name, made in tools.items():
        if (done := timed(made)) is not None:
            spans, seconds = done
            inside = {s for s in spans if any(u.start <= s[0] and s[1] <= u.end for u in units)}
            f1 = 2 * len(inside & wanted) / (len(inside) + len(wanted))
            print(f"{name:<20}{100 * f1:>8.1f}{seconds:>9.2f}")


def amounts_of(report: Report) -> Spans:
    return {(q.start, q.end) for q in report_quantities(report) if q.kind == "quantity"}


def spans_of(table: pd.DataFrame) -> Spans:
    return set(zip(table["start"], table["end"], strict=True))


def whole(report: Report, made: Callable[[], Tool]) -> Callable[[], Callable[[], Spans]]:
    def load() -> Callable[[], Spans]:
        tool = made()
        return lambda: over(report, tool)

    return load


def timed(made: Callable[[], Callable[[], Spans]]) -> tuple[Spans, float] | None:
    """What the tool marks, and the seconds of a second run; None where it is not installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            run = made()
            run()
    except ImportError as lacking:
        print(f"  ({lacking})")
        return None
    start = time.perf_counter()
    return run(), time.perf_counter() - start


if __name__ == "__main__":
    numbers(xc.load_report())
    words(xc.load_report())
