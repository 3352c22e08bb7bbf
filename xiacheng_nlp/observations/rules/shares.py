"""The rule of shares: what part of a whole something is (占地区生产总值比重达到92%, 95%以上的药店, 财政支出的七成用于民生)."""

import re
from dataclasses import replace

from xiacheng_nlp.numbers.amounts import Quantity
from xiacheng_nlp.observations.names import (
    patterns,
    read_left,
    read_right,
    split_subjects,
    strip_lead,
)
from xiacheng_nlp.observations.reading import Memory, Reading, base_readings, stock_name
from xiacheng_nlp.observations.rules.levels import bounded_end, link_before
from xiacheng_nlp.observations.rules.qualifiers import is_nominal

_PLANNED = re.compile(
    "(?:完成|占|为|达到|达)了?(?P<plan>[^，,；;]{0,8}(?:计划|目标|预算|任务)数?)的?$"
)
_WITHIN = re.compile("^(?:在|全部|全年)?(?P<whole>[^，,；;、]{2,16})(?:当中|之中|中|里)$")
"""A whole that is told before its parts: 一般公共预算支出中，民生支出占 (80%)."""
_NO_WHOLE = re.compile("(?:依次|分别|各|约)?占(?:到|了|约|近)?$")
"""茶叶产值占 (一半以上): the whole is known from before, or not told."""
_SPENT_ON = re.compile("(?:将|要|都)?(?:用于|投向|投入|用在)")


def share_readings(left: str, group: list[Quantity], right: str, memory: Memory) -> list[Reading]:
    """A share for each number; none where no whole is told."""
    if group[0].dimension != "ratio" or group[0].unit in ("倍", "个百分点"):
        return []
    return (
        _of_plan(left, group, memory)
        or _of_whole(left, group, memory)
        or _of_counted(left, group, right)
    )


def _of_plan(left: str, group: list[Quantity], memory: Memory) -> list[Reading]:
    """为预算的102%: how much of what was planned was done."""
    last = memory.last[-1] if memory.last else None
    planned = _PLANNED.search(left) if last is not None and last.name else None
    if planned is None or last is None or strip_lead(left[: planned.start()]):
        return []
    sources = base_readings(memory, len(group)) or [last] * len(group)
    return [
        Reading(
            quantity,
            "share-of-plan",
            f"{source.name}完成{planned['plan']}",
            "share",
            base=source.quantity.start,
        )
        for quantity, source in zip(group, sources, strict=True)
    ]


def _of_whole(left: str, group: list[Quantity], memory: Memory) -> list[Reading]:
    """占地区生产总值比重达到92%, or the whole told before: 支出中，民生支出占80%."""
    bare = _NO_WHOLE.search(left)
    within = _WITHIN.search(memory.topic) if bare else None
    match = patterns().share.search(left) if bare is None and "占" in left else None
    if bare:
        subject, whole, of = left[: bare.start()], within["whole"] if within else memory.whole, ""
    elif match is not None:
        subject, bound = bounded_end(left[: match.start()])
        if bound and group[0].bound == "=":
            group = [replace(quantity, bound=bound) for quantity in group]
        whole, of = match["whole"].rstrip("的"), match["of"] or ""
        of = "比重" if "比重" in of or "比例" in of else of.rstrip("的")
    else:
        return []
    subject = read_left(subject).full
    bases = base_readings(memory, len(group)) if not subject else None
    names = split_subjects(subject, len(group)) if len(group) > 1 and subject else None
    wholes = split_subjects(whole, len(group)) if len(group) > 1 else None
    readings = []
    for i, quantity in enumerate(group):
        source = bases[i] if bases else None
        own = (
            names[i]
            if names
            else (subject or (stock_name(source.name) if source and source.name else ""))
        )
        base = source.quantity.start if source else None
        if source and source.measure == "growth" and source.base is not None:
            base = source.base
        rule = "share" if subject else "share-carried"
        readings.append(
            Reading(
                quantity, rule, f"{own}占{wholes[i] if wholes else whole}{of}", "share", base=base
            )
        )
    return readings


def _of_counted(left: str, group: list[Quantity], right: str) -> list[Reading]:
    """财政支出的七成用于民生, 95%以上的药店达标: the whole stands before the share, or behind it."""
    aim = _SPENT_ON.match(right)
    if aim and left.strip():
        name = read_left(left).full + aim[0] + right[aim.end() :]
        return [Reading(quantity, "share-spent-on", name, "share") for quantity in group]
    if is_nominal(right, group[0]) and (
        not _link_only(left) or (right[0] == "的" and left.endswith("有"))
    ):
        noun = read_right(right.removeprefix("的"), left)
        if noun.core and not noun.core.startswith(
            ("目标", "任务", "速度", "水平", "比例", "增速", "增长")
        ):
            return [Reading(quantity, "share-of-counted", noun.full, "share") for quantity in group]
    return []


def _link_only(left: str) -> bool:
    match = link_before(left)
    return match is not None and bool(read_left(left[: match.start()]).core)
