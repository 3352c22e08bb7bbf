"""The two values of a change: 由12个增加到15个 states one level of an earlier time, and one of now."""

import re

from xiacheng_nlp.numbers.amounts import Quantity
from xiacheng_nlp.observations.names import patterns, read_left, read_right, split_subjects
from xiacheng_nlp.observations.reading import (
    REACH,
    SHARE_NAME,
    Memory,
    Reading,
    is_growth_rate,
    topic_name,
)
from xiacheng_nlp.observations.rules.qualifiers import MERGED

_MODAL_END = re.compile("(?:要|将|应|可|已|力争)+$")
_THEN_TO = re.compile(
    "[，,、]?[^，,。；;0-9]{0,6}?(?:增加|提高|上升|下降|减少|降低|扩大|发展|提升|回落|缩小|降|升|增)(?:到|至|为)"
)


def second_of_change(left: str, group: list[Quantity], memory: Memory) -> list[Reading]:
    """增加到15个 behind 由12个: both are levels of one name, the first of an earlier time."""
    if not memory.last or memory.last[-1].rule != "from-to" or not memory.last[-1].earlier:
        return []
    match = patterns().to_value.search(left)
    if not match:
        return []
    before = memory.last if len(memory.last) == len(group) else [memory.last[-1]] * len(group)
    base = (
        memory.levels[-1].quantity.start
        if memory.levels and before[0].measure == "share" and "占" in (before[0].name or "")
        else None
    )
    return [
        Reading(quantity, "from-to", reading.name, reading.measure, base=base)
        for quantity, reading in zip(group, before, strict=True)
    ]


def _then(memory: Memory) -> int | None:
    """Where the earlier level stands, if the level that a share is of was told by a change too:
    从54万亿元增加到82.7万亿元，占…从11.4%."""
    earlier = [reading for reading in memory.levels if reading.earlier]
    return (
        earlier[-1].quantity.start
        if earlier and memory.levels[-1].name == earlier[-1].name
        else None
    )


def first_of_change(
    text: str, left: str, group: list[Quantity], more: list[Quantity] | None, memory: Memory
) -> list[Reading]:
    """由12个 before 增加到15个: the value of an earlier time, whose period is told (由上年的12个) or not
    known."""
    change = patterns().from_value.search(left) if "由" in left or "从" in left else None
    if change is None or group[0].kind == "rank":
        return []
    follows = more is not None and patterns().to_value.search(
        text, group[-1].end, min(more[0].start, group[-1].end + REACH)
    )
    if not follows and not _THEN_TO.match(text, group[-1].end):
        return []
    name = read_left(_MODAL_END.sub("", left[: change.start()])).full
    before = (memory.last[-1].name or "") if memory.last else topic_name(memory.topic, "")
    base = None
    if not name or name.startswith("占"):
        name = before + name
        base = _then(memory) if name.startswith("占", len(before)) else None
    if not name:
        return []
    measure = "share" if SHARE_NAME.search(name) else "growth" if is_growth_rate(name) else "level"
    names = (split_subjects(name, len(group)) if len(group) > 1 else None) or [name] * len(group)
    return [
        Reading(quantity, "from-to", one, measure, base=base, earlier=True, when=change["when"])
        for quantity, one in zip(group, names, strict=True)
    ]


def counted_change(text: str, group: list[Quantity], more: list[Quantity] | None) -> list[Reading]:
    """12处 before 敬老院整合为3处: the noun stands behind the first number, and both are its levels."""
    if more is None or len(group) > 1 or group[0].unit_base != more[0].unit_base:
        return []
    change = MERGED.fullmatch(text, group[0].end, more[0].start)
    return (
        [Reading(group[0], "from-to", read_right(change["noun"], "").full, "level", earlier=True)]
        if change
        else []
    )
