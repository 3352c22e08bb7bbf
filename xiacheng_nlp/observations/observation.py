"""Observations: what a report states about its indicators, one exact record for each number.

The table of `observation_table` has one row a number that states or qualifies something: who says
it (part, section, sentence), what is measured (indicator, measure), how much (value, unit, bound),
when (period) and how firmly (status, modal).
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import accumulate, pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from xiacheng_nlp.errors import ReportError
from xiacheng_nlp.numbers.amounts import Quantity
from xiacheng_nlp.numbers.scan import AMOUNTS, numbers_of
from xiacheng_nlp.observations import context
from xiacheng_nlp.observations.confidence import confidence, doubts
from xiacheng_nlp.observations.periods import Setting
from xiacheng_nlp.observations.sentences import read_sentence
from xiacheng_nlp.observations.settings import settings
from xiacheng_nlp.report.nodes import Paragraph
from xiacheng_nlp.report.report import Report

if TYPE_CHECKING:
    import pandas as pd

NUMBERS = 50_000
"""Numbers of the longest report whose observations are made; a report has some 500, and each takes
as long as a line of text."""

_start = attrgetter("start")
_DIGITS = re.compile(r"\d+")


class Observation(NamedTuple):
    """One stated value, or a number that only qualifies something (`indicator` is then None);
    columns as in `observation_table`."""

    id: str
    start: int
    end: int
    text: str
    kind: str
    value: Decimal | None
    value_high: Decimal | None
    unit: str
    value_base: Decimal | None
    value_base_high: Decimal | None
    unit_base: str
    bound: str
    indicator: str | None
    measure: str | None
    sign: int | None
    status: str | None
    period: str | None
    among: str | None
    comparison: str | None
    against: str | None
    basis: str | None
    modal: str | None
    rule: str
    confidence: float | None
    base_start: int | None
    part: str | None
    section: str | None
    sentence: str
    sentence_start: int
    sentence_end: int

    @property
    def low(self) -> Decimal | None:
        """The value in the base unit with its sign; of a range the lower end."""
        return self._ends()[0]

    @property
    def high(self) -> Decimal | None:
        """The upper end of a range, signed and in the base unit; else the same as `low`."""
        return self._ends()[1]

    @property
    def is_range(self) -> bool:
        """Whether it is told from a value to another."""
        return self.value_high is not None

    def _ends(self) -> tuple[Decimal | None, Decimal | None]:
        return signed_ends(self.value_base, self.value_base_high, self.sign)

    def record(self) -> dict[str, object]:
        """The observation as a row: columns by name, `kind` under the table's name `class`."""
        return dict(zip(COLUMNS, self, strict=True))


COLUMNS = tuple("class" if name == "kind" else name for name in Observation._fields)
"""The columns of the table, in the order of the fields of `Observation`."""


def signed_ends(
    value: Decimal | None, high: Decimal | None, sign: int | None
) -> tuple[Decimal | None, Decimal | None]:
    """The ends of a value with its sign, the lower first; both the same where it is no range.

    >>> signed_ends(Decimal(2), Decimal(3), -1)  # 下降2%—3%, "to fall by 2 to 3 per cent"
    (Decimal('-3'), Decimal('-2'))
    """
    if value is None:
        return None, None
    one, two = value * (sign or 1), (value if high is None else high) * (sign or 1)
    return min(one, two), max(one, two)


def indicators(report: Report) -> tuple[Observation, ...]:
    """The observations of a report in the order of its text: one for each amount, rank and
    duration.

    Raises `ReportError` where there are more than 50,000.

    >>> from xiacheng_nlp.report.report import Report
    >>> text = "一、2013年工作回顾\\n全年实现地区生产总值643.57亿元,同比增长7.80%。"
    >>> report = Report.parse(f"各位代表:\\n{text}")  # "product of 64.357 billion yuan, up 7.8 %"
    >>> [(o.indicator, o.measure, o.text, o.period) for o in indicators(report)]
    [('地区生产总值', 'level', '643.57亿元', '2013'), ('地区生产总值', 'growth', '7.80%', '2013')]
    """
    return tuple(_observations(report))


def _observations(report: Report) -> Iterator[Observation]:
    # Each step is taken for all sentences before the next begins, which takes less time: its
    # patterns stay at hand.
    sentences = [*_stating(report)]
    read = [read_sentence(one.text, one.numbers, *one.within) for one in sentences]
    # An id counts the observations of one number alone: a rule that finds another number moves no
    # id.
    stated: dict[int, int] = {}
    beginning = report.sha256[:12]
    last: tuple[Paragraph, context.Context] | None = None
    for sentence, readings in zip(sentences, read, strict=True):
        paragraph, here, (first, end) = sentence.paragraph, sentence.here, sentence.within
        before = last[1] if last and last[0] is paragraph else None
        said = context.read_context(sentence.text[first:end], here, before)
        last = paragraph, said
        in_term = here.period is not None and here.period.is_span
        for reading, told in zip(readings, said.tell(readings, first), strict=True):
            quantity, name = reading.quantity, reading.name
            at = sentence.positions[quantity.start]
            nth = stated[at] = stated.get(at, -1) + 1
            place = quantity.start - first
            yield Observation(
                id=f"{beginning}-{at}-{nth}",
                start=at,
                end=sentence.positions[quantity.end - 1] + 1,
                text=quantity.text,
                kind=quantity.kind,
                value=quantity.value,
                value_high=quantity.value_high,
                unit=quantity.unit,
                value_base=quantity.value_base,
                value_base_high=quantity.value_base_high,
                unit_base=quantity.unit_base,
                bound=quantity.bound,
                indicator=name,
                measure=reading.measure,
                sign=None if name is None else reading.sign,
                status=told.status,
                period=told.period,
                among=reading.among,
                comparison=told.comparison,
                against=reading.against,
                basis=told.basis,
                modal=told.modal,
                rule=reading.rule,
                confidence=confidence(doubts(reading, place, in_term=in_term)) if name else None,
                base_start=None if reading.base is None else sentence.positions[reading.base],
                part=paragraph.part,
                section=paragraph.section,
                sentence=sentence.said,
                sentence_start=sentence.at[0],
                sentence_end=sentence.at[1],
            )


class _Sentence(NamedTuple):
    """A sentence that states numbers: where it stands in the report, and as it is `said` there; the
    `text` that rules read of its paragraph, with the `positions` of its characters in the report,
    and where the sentence stands `within` that; the setting that holds in it, and its numbers."""

    paragraph: Paragraph
    at: tuple[int, int]
    said: str
    text: str
    positions: Sequence[int]
    within: tuple[int, int]
    here: Setting
    numbers: Sequence[Quantity]


def _stating(report: Report) -> Iterator[_Sentence]:
    """The sentences of a report that state numbers, each with what those before it turned to."""
    count = 0
    too_many = ReportError(
        f"{report.name}: more than {NUMBERS:,} numbers; no report has so many, and of a file of"
        " many reports each is read alone"
    )
    # Counted before a paragraph that holds them all is read: a date has three runs of digits. A
    # shorter text has no room for so many.
    if len(report.text) > 8 * NUMBERS and _DIGITS.subn("", report.text)[1] > 4 * NUMBERS:
        raise too_many
    for paragraph, implied in zip(report.paragraphs, settings(report), strict=True):
        if paragraph.kind in ("salutation", "row"):
            continue
        text, places, found = numbers_of(paragraph.text)
        numbers = [quantity for quantity in found if quantity.kind in AMOUNTS]
        if not numbers:
            continue
        count += len(numbers)
        if count > NUMBERS:
            raise too_many
        flowing = report.positions(paragraph)
        plain = isinstance(places, range)
        positions = flowing if plain else list(map(flowing.__getitem__, places))
        here, last, upcoming = implied, 0, 0
        turning = context.turns(text, implied)
        for start, end in pairwise(
            accumulate((len(sentence.text) for sentence in paragraph.sentences), initial=0)
        ):
            first, last = last, end if plain else bisect_left(places, end, last)
            if turning:
                here = context.carried_on(text[first:last], here, implied, opens=start == 0)
            begin, upcoming = upcoming, bisect_left(numbers, last, upcoming, key=_start)
            if begin < upcoming:
                yield _Sentence(
                    paragraph,
                    (flowing[start], flowing[end - 1] + 1),
                    paragraph.text[start:end],
                    text,
                    positions,
                    (first, last),
                    here,
                    numbers[begin:upcoming],
                )
            if upcoming == len(numbers):
                break


def observation_table(observations: Sequence[Observation]) -> "pd.DataFrame":
    """The observations as a table, one row each, in the order of the text.

    Columns: id; start, end, text (the expression; offsets in code points of the report's text);
    class (quantity, rank, duration); value, value_high, unit (as written, in half width, the
    magnitude word in it; a rank from the end is negative); value_base, value_base_high, unit_base
    (exact decimals in the base unit); bound (=, >=, <=, >, <, ~); indicator (None: the number only
    qualifies); measure (level, growth, share, difference, multiple, rank); sign (1, -1); status
    (actual, target, definition); period (2013, 2008-2012, 2013H1, 2013Q1-Q3, 2013-06,
    2013-01/2013-11); among (a rank's group); comparison (yoy, previous_period, annual_average,
    cumulative, since:2010; of a level annual_average: so much a year); against (what a difference
    or multiple compares with, as written: 全市平均); basis, modal (as written); rule (what made the
    row); confidence (how probable it is that all of the record is right, from 0 to 1; None where
    the number only qualifies); base_start (start of the value it is about); part, section,
    sentence, sentence_start, sentence_end.

    >>> from xiacheng_nlp.report.report import Report
    >>> report = Report.parse("各位代表:\\n一、2013年工作回顾\\n全年实现地区生产总值643.57亿元。")
    >>> table = observation_table(indicators(report))  # "product of 64.357 billion yuan"
    >>> table[["indicator", "value", "unit", "period"]].values.tolist()
    [['地区生产总值', Decimal('643.57'), '亿元', '2013']]
    """
    import pandas as pd

    table = pd.DataFrame([*observations], columns=[*COLUMNS])
    return table.astype({"sign": "Int64", "base_start": "Int64"})
