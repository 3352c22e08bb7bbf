"""Sentences that were written and annotated by another reader: how many of their numbers are read
as that reader did."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from xiacheng_nlp.datafiles import read_table
from xiacheng_nlp.observations.observation import Observation, indicators
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.validation.scores import NEAR_ENOUGH, overlap

CASES = read_table(
    Path(__file__).parents[1] / "cases" / "sentences.tsv", columns=("id", "part", "text", "records")
)
HEADINGS = {"review": "一、2013年工作回顾", "plan": "一、2014年工作安排"}


def right(o: Observation, expression: str, fields: Sequence[str]) -> Counter[str]:
    """Which fields of an observation are those of the annotation."""
    names, measure, status, period, bound, value, unit, among = fields[:8]
    low = Decimal(value.partition("..")[0])
    amount = (
        o.text == expression
        and o.unit == unit
        and o.value is not None
        and abs(o.value - low) <= abs(low) / 10_000
    )
    named = max(overlap(o.indicator or "", name) for name in names.split("/")) >= NEAR_ENOUGH
    kind = (o.measure, o.sign) == (measure.lstrip("-"), -1 if measure.startswith("-") else 1)
    when = (o.status, o.period or "", o.bound) == (status, period, bound)
    group = not measure.endswith("rank") or (o.among or "") == among
    return Counter(
        {"indicator": amount and named, "record": amount and named and kind and when and group}
    )


def test_most_numbers_are_read_as_another_reader_read_them() -> None:
    """A rule that is better for one sentence must not be worse for the others: the counts fall
    where it is."""
    found: Counter[str] = Counter()
    for row in CASES:
        report = Report.parse(
            f"2014年政府工作报告\n各位代表:\n{HEADINGS[row['part']]}\n{row['text']}\n"
        )
        first = report.text.index(row["text"])
        by_start = defaultdict(list)
        for o in indicators(report):
            by_start[o.start].append(o)
        place = 0
        for record in row["records"].split(";"):
            expression, _, rest = record.lstrip("?").partition("=")
            place = row["text"].index(expression, place)
            read = [o for o in by_start[first + place] if o.indicator is not None]
            place += 1
            if record.startswith("?"):
                continue
            if not rest:
                found["stated though it only qualifies"] += bool(read)
                continue
            found["all"] += 1
            best = max(
                (right(o, expression, rest.split("|")) for o in read),
                key=lambda fields: fields.total(),
                default=Counter(),
            )
            found.update(best)
    assert found["all"] == 862
    assert found["indicator"] >= 815
    assert found["record"] >= 774
    assert found["stated though it only qualifies"] <= 1
