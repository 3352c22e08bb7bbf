"""The parts of a whole told in one proportion: 三次产业比重为4.0:37.7:58.3 are three shares, each
of a member of its own."""

from xiacheng_nlp.numbers.amounts import Quantity
from xiacheng_nlp.observations.names import read_left, split_subjects, up_to
from xiacheng_nlp.observations.reading import (
    Manner,
    Memory,
    Reading,
    Series,
    told_earlier,
    unbound,
)
from xiacheng_nlp.observations.vocabulary import pattern

_PROPORTION = Manner("proportion", "share")


def is_part(quantity: Quantity) -> bool:
    """Whether a number is a part of a whole of a hundred whose unit is not written."""
    return not quantity.unit and quantity.unit_base == "%"


def part_readings(series: Series, memory: Memory) -> list[Reading]:
    """A share for each member, where the text names as many as there are parts; else the parts stay
    without a name.

    由12:41:47调整为10:44:46: the first tells the shares of an earlier time, and the second goes on
    with its names.
    """
    numbers, left = series.numbers, series.left
    if not all(map(is_part, numbers)):
        return []
    before = memory.last
    told = len(before) == len(numbers) and before[0].earlier and is_part(before[0].quantity)
    if told and pattern.to_value.search(left):
        return _PROPORTION.readings(numbers, [one.said for one in before])
    goes_on = series.more or pattern.then_to.match(series.text, series.end)
    change = pattern.from_value.search(left) if goes_on else None
    names = _members(up_to(left, change), len(numbers))
    names = names or _members(memory.topic, len(numbers))
    if names is None:
        return [unbound(number) for number in numbers]
    readings = _PROPORTION.readings(numbers, names)
    return told_earlier(readings, change["when"]) if change else readings


def _members(said: str, count: int) -> list[str] | None:
    """The share of each member that the words tell: 三次产业结构, 一产、二产和三产之比."""
    industries = {2: pattern.later_industries, 3: pattern.industries}.get(count)
    if industries and industries.search(said):
        return [f"第{number}产业比重" for number in "一二三"[-count:]]
    link = pattern.to_value.search(said) or pattern.link.search(said)
    subject = read_left(up_to(said, link)).full
    whole = pattern.proportion.search(subject)
    members = split_subjects(up_to(subject, whole), count) if whole else None
    return [f"{member}比重" for member in members] if members else None
