"""The parts of a whole told in one proportion: 三次产业比重为4.0:37.7:58.3 are three shares, each of a
member of its own."""

import re
from collections.abc import Sequence

from xiacheng_nlp.numbers.amounts import Quantity
from xiacheng_nlp.observations.names import patterns, read_left, split_subjects
from xiacheng_nlp.observations.reading import Memory, Reading

_INDUSTRIES = re.compile("三次产业|三大产业|三产结构|一二三产业?|一、二、三(?:次)?产业|产业结构")
_THREE = ("第一产业比重", "第二产业比重", "第三产业比重")
_WHOLE = re.compile("(?:增加值)?(?:之间的|的|之)?(?:比例结构|比例|比重|结构|占比|比)$")


def is_part(quantity: Quantity) -> bool:
    """Whether a number is a part of a whole of a hundred whose unit is not written."""
    return not quantity.unit and quantity.unit_base == "%"


def part_readings(
    left: str, group: Sequence[Quantity], followed: bool, memory: Memory
) -> list[Reading]:
    """A share for each member, where the text names as many as there are parts; else the parts stay
    without a name.

    由12:41:47调整为10:44:46: the first tells the shares of an earlier time, and the second goes on with
    its names.
    """
    if not all(map(is_part, group)):
        return []
    before = (
        memory.last
        if memory.last and memory.last[0].rule == "proportion" and len(memory.last) == len(group)
        else None
    )
    if before and before[0].earlier and patterns().to_value.search(left):
        return [
            Reading(quantity, "proportion", reading.name, "share")
            for quantity, reading in zip(group, before, strict=True)
        ]
    change = (
        patterns().from_value.search(left) if followed and ("由" in left or "从" in left) else None
    )
    names = _members(left[: change.start()] if change else left, len(group)) or _members(
        memory.topic, len(group)
    )
    if names is None:
        return [Reading(quantity, "unbound") for quantity in group]
    when = change["when"] if change else ""
    return [
        Reading(quantity, "proportion", name, "share", earlier=change is not None, when=when)
        for quantity, name in zip(group, names, strict=True)
    ]


def _members(said: str, count: int) -> list[str] | None:
    """The share of each member that the words tell: 三次产业结构, 一产、二产和三产之比."""
    if count == len(_THREE) and _INDUSTRIES.search(said):
        return [*_THREE]
    link = patterns().to_value.search(said) or patterns().link.search(said)
    subject = read_left(said[: link.start()] if link else said).full
    whole = _WHOLE.search(subject)
    members = split_subjects(subject[: whole.start()], count) if whole else None
    return [f"{member}比重" for member in members] if members else None
