"""Observations: what a report states about its indicators, one exact record for each number.

The table of `observation_table` has one row a number that states or qualifies something: who says
it (part, section, sentence), what is measured (indicator, measure), how much (value, unit, bound),
when (period) and how firmly (status, modal).
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, make_dataclass, replace
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from xiacheng_nlp.numbers.scan import AMOUNTS, Quantity, numbers_of
from xiacheng_nlp.observations import context
from xiacheng_nlp.observations.reading import Reading
from xiacheng_nlp.observations.sentences import read_sentence
from xiacheng_nlp.report.report import Paragraph, Report

if TYPE_CHECKING:
    import pandas as pd


_PASSED = ("突破", "突破了", "跃上", "迈上", "站上", "跨越", "跨过")
"""What is passed is passed by the end, and not all the time."""
_REACHED = re.compile("(?:达到?了?|突破|超过|为|(?:稳定|保持|维持)在|覆盖)$")
_LISTED = re.compile("(?:[0-9.]+[^，,、和0-9]{1,6}[、和])+$")
"""The members of a list before the last one: 分别超过8万元、(4.5万元)."""
_ONE_AFTER_ANOTHER = re.compile(
    f"(?:连续|接连|先后|相继)(?:{'|'.join(_PASSED)})$|连年[^，,。；;]{{0,4}}$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
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
    base_start: int | None
    part: str | None
    section: str | None
    sentence: str
    sentence_start: int
    sentence_end: int

    def record(self) -> dict[str, object]:
        """The observation as a row: columns by name, `kind` under the table's name `class`."""
        return {
            "class" if f.name == "kind" else f.name: getattr(self, f.name) for f in fields(self)
        }


# Setting the fields of a frozen object one by one costs a third of the time that an observation
# takes: it is filled as its mutable twin of the same slots, and frozen by the change of its class.
_Filling: type[Observation] = make_dataclass(
    "_Filling", [(f.name, f.type) for f in fields(Observation)], slots=True, kw_only=True
)


def indicators(report: Report) -> tuple[Observation, ...]:
    """The observations of a report in the order of its text: one for each amount, rank and
    duration.

    >>> from xiacheng_nlp.report.report import Report
    >>> report = Report.parse("各位代表:\\n一、2013年工作回顾\\n全年实现地区生产总值643.57亿元,同比增长7.80%。")
    >>> [(o.indicator, o.measure, o.text, o.period) for o in indicators(report)]  # "product of 64.357 billion yuan, up 7.8 %"
    [('地区生产总值', 'level', '643.57亿元', '2013'), ('地区生产总值', 'growth', '7.80%', '2013')]
    """
    return tuple(_observations(report))


def _observations(report: Report) -> Iterator[Observation]:
    implied = context.settings(report)
    terms = context.terms_looked_back_on(report)
    # An id counts the observations of one number alone: a rule that finds another number moves no
    # id.
    stated: dict[int, int] = {}
    for paragraph in report.paragraphs:
        if paragraph.kind == "salutation":
            continue
        text, places, found = numbers_of(paragraph.text)
        numbers = [quantity for quantity in found if quantity.kind in AMOUNTS]
        if not numbers:
            continue
        here = context.setting(paragraph.part, report.year, None)
        section = implied.get(paragraph.section)
        if section is not None and paragraph.part in (None, section.part):
            here = section
        term = None if here.period and context.is_span(here.period) else terms.get(paragraph.start)
        flowing = report.positions(paragraph)
        positions = (
            flowing if len(text) == len(paragraph.text) else [flowing[place] for place in places]
        )
        upcoming = 0
        for start, end in _sentences(paragraph):
            first, last = bisect_left(places, start), bisect_left(places, end)
            begin = upcoming
            while upcoming < len(numbers) and numbers[upcoming].start < last:
                upcoming += 1
            if begin == upcoming:
                continue
            if term and context.begins_with_a_year(text[first:last]):
                term = None
            said = context.read_context(
                text[first:last], replace(here, period=term) if term else here
            )
            sentence = (paragraph.text[start:end], flowing[start], flowing[end - 1] + 1)
            for reading in read_sentence(text, numbers[begin:upcoming], first, last):
                at = reading.quantity.start
                ordinal = stated.get(positions[at], 0)
                stated[positions[at]] = ordinal + 1
                yield _observation(
                    report, paragraph, reading, positions, said, sentence, at - first, ordinal
                )


def _sentences(paragraph: Paragraph) -> Iterator[tuple[int, int]]:
    """Where the sentences stand in the paragraph's flowing text, which they cover without gap."""
    return pairwise(accumulate((len(sentence.text) for sentence in paragraph.sentences), initial=0))


def _observation(
    report: Report,
    paragraph: Paragraph,
    reading: Reading,
    positions: Sequence[int],
    said: context.Context,
    sentence: tuple[str, int, int],
    place: int,
    ordinal: int,
) -> Observation:
    quantity: Quantity = reading.quantity
    before = said.text[max(0, place - 40) : place]
    stated = reading.name is not None
    when, status = None, None
    compared = context.comparison(before, reading.measure or "") if stated else None
    if stated:
        when, named = said.period(place)
        status = said.status(place, when, named)
        if status == "definition":
            when = None
        elif reading.earlier:
            when = _earlier_period(reading.when, said.here)
            # What a plan starts from was reached, and is no promise.
            status = "actual"
        elif compared == "annual_average" and (when is None or not context.is_span(when)):
            when = said.span(place)
        elif (
            when is None
            and status == "actual"
            and reading.rule.startswith(("from-to", "level-reached"))
        ):
            # 多年来…压减到10类: since when is not told, but it is so now.
            when = said.here.period and said.here.period[-4:]
        elif (
            status == "actual"
            and when is not None
            and context.is_span(when)
            and _stands_at_the_end(reading, before, named)
        ):
            when = when[-4:]
    start = positions[quantity.start]
    observation = _Filling(
        id=f"{report.sha256[:12]}-{start}-{ordinal}",
        start=start,
        end=positions[quantity.end - 1] + 1,
        text=quantity.text,
        kind=quantity.kind,
        value=quantity.value,
        value_high=quantity.value_high,
        unit=quantity.unit,
        value_base=quantity.value_base,
        value_base_high=quantity.value_base_high,
        unit_base=quantity.unit_base,
        bound=quantity.bound,
        indicator=reading.name,
        measure=reading.measure if stated else None,
        sign=reading.sign if stated else None,
        status=status,
        period=when,
        among=reading.among,
        comparison=compared
        or (
            "yoy"
            if reading.measure == "growth" and when is not None and not context.is_span(when)
            else None
        ),
        against=reading.against,
        basis=context.basis(before[-16:]) if stated and reading.measure == "growth" else None,
        modal=said.modal(place) if stated else None,
        rule=reading.rule,
        base_start=None if reading.base is None else positions[reading.base],
        part=paragraph.part,
        section=paragraph.section,
        sentence=sentence[0],
        sentence_start=sentence[1],
        sentence_end=sentence[2],
    )
    observation.__class__ = Observation
    return observation


def _stands_at_the_end(reading: Reading, before: str, named: bool) -> bool:
    """Whether a level told of a span of years is that of its last one: 提高到76%, 达到52万亿元; what was
    added in all is the span's."""
    if reading.measure not in ("level", "share", "rank"):
        return False
    if reading.rule.startswith(("from-to", "level-reached", "rank")):
        return True
    before = _LISTED.sub("", before)
    if _ONE_AFTER_ANOTHER.search(before):
        return False
    if before.endswith(_PASSED) or (reading.quantity.dimension == "ratio" and not named):
        return True
    return (
        not named
        and "累计" not in before
        and "新增" not in before
        and _REACHED.search(before) is not None
    )


def _earlier_period(when: str, here: context.Setting) -> str | None:
    """The period of the first value of 由…增加到…, where the text tells it."""
    if here.year is not None and when in ("上年", "上年的", "前一年"):
        return str(here.year - 2 if here.status == "actual" else here.year - 1)
    if here.year is not None and when in ("去年", "去年的"):
        return str(here.year - 1)
    year = context.arabic_year(when[:4])
    if len(when) >= 5 and year.isdigit() and when[4] == "年":
        return year
    return None


def observation_table(observations: Sequence[Observation]) -> "pd.DataFrame":
    """The observations as a table, one row each, in the order of the text.

    Columns: id; start, end, text (the expression; offsets in code points of the report's text);
    class (quantity, rank, duration); value, value_high, unit (as written, in half width, the
    magnitude word in it); value_base, value_base_high, unit_base (exact decimals in the base unit);
    bound (=, >=, <=, >, <, ~); indicator (None: the number only qualifies); measure (level, growth,
    share, difference, multiple, rank); sign (1, -1); status (actual, target, definition); period
    (2013, 2008-2012, 2013H1, 2013Q1-Q3, 2013-06, 2013-01/2013-11); among (a rank's group);
    comparison (yoy, previous_period, annual_average, cumulative, since:2010); against (what a
    difference or multiple compares with, as written: 全市平均); basis, modal (as written); rule (what
    made the row); base_start (start of the value it is about); part, section, sentence,
    sentence_start, sentence_end.

    >>> from xiacheng_nlp.report.report import Report
    >>> report = Report.parse("各位代表:\\n一、2013年工作回顾\\n全年实现地区生产总值643.57亿元。")
    >>> observation_table(indicators(report))[["indicator", "value", "unit", "period"]].values.tolist()  # "product of 64.357 billion yuan"
    [['地区生产总值', Decimal('643.57'), '亿元', '2013']]
    """
    import pandas as pd

    names = ["class" if f.name == "kind" else f.name for f in fields(Observation)]
    table = pd.DataFrame([o.record() for o in observations], columns=names)
    return table.astype({"sign": "Int64", "base_start": "Int64"})
