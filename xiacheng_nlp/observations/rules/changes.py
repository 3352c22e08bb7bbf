"""The two values of a change: 由12个增加到15个 states one level of an earlier time, and one of
now."""

from xiacheng_nlp.observations.names import read_left, read_right, subjects, up_to
from xiacheng_nlp.observations.reading import (
    REACH,
    Memory,
    Reading,
    Series,
    is_growth_rate,
    is_share,
    topic_name,
)
from xiacheng_nlp.observations.rules.proportions import is_part
from xiacheng_nlp.observations.vocabulary import pattern

_RULE = "from-to"


def second_of_change(series: Series, memory: Memory) -> list[Reading]:
    """增加到15个 behind 由12个: both are levels of one name, the first of an earlier time."""
    first = memory.latest
    if first is None or not first.earlier or first.measure == "rank" or is_part(first.quantity):
        return []
    if not pattern.to_value.search(series.left):
        return []
    count = len(series.numbers)
    before = memory.last if len(memory.last) == count else [first] * count
    base = None
    if memory.levels and before[0].measure == "share" and "占" in before[0].said:
        base = memory.levels[-1].quantity.start
    return [
        Reading(number, _RULE, one.name, one.measure, base=base, at_end=True)
        for number, one in zip(series.numbers, before, strict=True)
    ]


def first_of_change(series: Series, memory: Memory) -> list[Reading]:
    """由12个 before 增加到15个: the value of an earlier time, whose period is told (由上年的12个)
    or not known."""
    then = pattern.compared_value.search(series.left)
    change = then or pattern.from_value.search(series.left)
    if change is None or not (then or _goes_on(series)):
        return []
    name = read_left(pattern.modal_at_end.sub("", up_to(series.left, change))).full
    base = None
    if not name or name.startswith("占"):
        before = memory.latest.said if memory.latest else topic_name(memory.topic, "")
        base = _then(memory) if name else None
        name = before + name
    if not name:
        return []
    measure = "share" if is_share(name) else "growth" if is_growth_rate(name) else "level"
    return [
        Reading(
            number,
            _RULE,
            one,
            measure,
            base=base,
            earlier=True,
            when=change["when"],
            at_end=True,
            in_passing=then is not None,
        )
        for number, one in zip(series.numbers, subjects(name, len(series.numbers)), strict=True)
    ]


def _goes_on(series: Series) -> bool:
    """Whether the value of now stands behind: as the next number of the clause, or behind a
    comma."""
    if series.more is not None:
        stop = min(series.more[0].start, series.end + REACH)
        if pattern.to_value.search(series.text, series.end, stop):
            return True
    return pattern.then_to.match(series.text, series.end) is not None


def _then(memory: Memory) -> int | None:
    """Where the earlier level stands, if the level that a share is of was told by a change too:
    从54万亿元增加到82.7万亿元，占…从11.4%."""
    earlier = [reading for reading in memory.levels if reading.earlier]
    if not earlier or memory.levels[-1].name != earlier[-1].name:
        return None
    return earlier[-1].quantity.start


def counted_change(series: Series, memory: Memory) -> list[Reading]:
    """12处 before 敬老院整合为3处: the noun stands behind the first number, and both are its
    levels."""
    more, number = series.more, series.first
    if more is None or len(series.numbers) > 1 or number.unit_base != more[0].unit_base:
        return []
    change = pattern.merged.fullmatch(series.text, number.end, more[0].start)
    if change is None:
        return []
    name = read_right(change["noun"], "").full
    return [Reading(number, _RULE, name, "level", earlier=True, at_end=True)]
