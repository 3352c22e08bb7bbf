"""Sentences that were written and annotated by another reader: how many of their numbers are read
as that reader did."""

from collections import Counter, defaultdict
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from xiacheng_nlp.datafiles import Row, read_table
from xiacheng_nlp.observations.observation import Observation, indicators
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.validation.scores import NEAR_ENOUGH, overlap

ROWS = read_table(
    Path(__file__).parents[1] / "cases" / "sentences.tsv",
    columns=("id", "row", "text"),
    optional=("names", "measure", "status", "period", "bound", "value", "unit", "among", "base"),
)
SENTENCES = [list(rows) for _, rows in groupby(ROWS, key=lambda row: row["id"])]
HEADINGS = {"review": "一、2013年工作回顾", "plan": "一、2014年工作安排"}


def right(o: Observation, told: Row) -> Counter[str]:
    """Which fields of an observation are those of the annotation."""
    low = Decimal(told["value"].partition("..")[0])
    amount = (
        o.text == told["text"]
        and o.unit == told["unit"]
        and o.value is not None
        and abs(o.value - low) <= abs(low) / 10_000
    )
    names = told["names"].split("/")
    named = max(overlap(o.indicator or "", name) for name in names) >= NEAR_ENOUGH
    measure = told["measure"]
    kind = (o.measure, o.sign) == (measure.lstrip("-"), -1 if measure.startswith("-") else 1)
    when = (o.status, o.period or "", o.bound) == (told["status"], told["period"], told["bound"])
    group = not measure.endswith("rank") or (o.among or "") == told["among"]
    return Counter(
        {"indicator": amount and named, "record": amount and named and kind and when and group}
    )


def test_most_numbers_are_read_as_another_reader_read_them() -> None:
    """A rule that is better for one sentence must not be worse for the others: the counts fall
    where it is."""
    found: Counter[str] = Counter()
    for sentence, *numbers in SENTENCES:
        text = sentence["text"]
        heading = HEADINGS[sentence["row"]]
        report = Report.parse(f"2014年政府工作报告\n各位代表:\n{heading}\n{text}\n")
        first = report.text.index(text)
        by_start = defaultdict(list)
        for o in indicators(report):
            by_start[o.start].append(o)
        place = 0
        for number in numbers:
            place = text.index(number["text"], place)
            read = [o for o in by_start[first + place] if o.indicator is not None]
            place += 1
            if number["row"] == "qualifies":
                found["stated though it only qualifies"] += bool(read)
            elif number["row"] == "states":
                found["all"] += 1
                found.update(
                    max(
                        (right(o, number) for o in read),
                        key=lambda fields: fields.total(),
                        default=Counter(),
                    )
                )
    assert found["all"] == 862
    assert found["indicator"] >= 815
    assert found["record"] >= 778
    assert found["stated though it only qualifies"] <= 1
