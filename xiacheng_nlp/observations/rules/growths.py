"""The rules of growths and differences: by how much something rose, fell or differs (同比增长7.8%,
高于财政收入4.04个百分点)."""

import re

from xiacheng_nlp.numbers.amounts import Quantity
from xiacheng_nlp.observations.names import patterns
from xiacheng_nlp.observations.reading import (
    STANDING_END,
    Memory,
    Reading,
    about_subject,
    compared_with,
    without_comparison,
)
from xiacheng_nlp.observations.rules.levels import leveled
from xiacheng_nlp.observations.rules.qualifiers import is_nominal

_ACTION = frozenset(
    ["提升", "改善", "优化", "延长", "拓展", "精简", "压缩", "压减", "缩减", "削减", "扩大", "增收"]
)
_OTHER = re.compile("全[国省市区县州](?:平均(?:水平)?)?")
_APART = frozenset(["高于", "高出", "低于", "超出"])
_AMOUNTS = frozenset({"money", "length", "area", "mass"})
_THINGS = frozenset({"count", "area", "length", ""})


def growth_readings(left: str, group: list[Quantity], right: str, memory: Memory) -> list[Reading]:
    """同比增长7.8%, 比上年减少320人: by how much the subject rose or fell, or what it rose to; none where no
    verb says so."""
    if group[0].dimension == "ratio" and left.endswith(("同比", "环比")):
        return about_subject(left[:-2], group, memory, "growth", "growth", 1)
    if left[-1:] not in patterns().growth_ends:
        return []
    match = patterns().growth.search(left)
    if not match or group[0].kind not in ("quantity", "duration"):
        return []
    subject = STANDING_END.sub("", without_comparison(left[: match.start()]))
    if match["to"] and match["to"] != "为":
        return _level_reached(subject, left, group, memory)
    ratio = group[0].dimension == "ratio"
    absolute = not ratio
    if (
        absolute
        and (not match["reference"] and not match["adverb"])
        and (not subject.strip() and not memory.last)
    ):
        return []
    if absolute and is_nominal(right, group[0]):
        return []
    if (
        absolute
        and not match["reference"]
        and (match["up"] or match["down"]) in _ACTION
        and group[0].dimension in _THINGS
    ):
        return []
    falling = match["down"] is not None
    points = group[0].unit_base == "个百分点"
    measure = "difference" if points or absolute else "growth"
    if ratio and group[0].unit == "倍" and re.search("是$", left):
        measure = "multiple"
    readings = about_subject(
        subject,
        group,
        memory,
        "growth" if measure == "growth" else "difference",
        measure,
        -1 if falling else 1,
    )
    reference = match["reference"] or ""
    mean = "平均" if match["adverb"].startswith("平均") else ""
    return (
        compared_with(readings, reference[1:] + mean)
        if reference.startswith(("比", "较"))
        else readings
    )


def _level_reached(subject: str, left: str, group: list[Quantity], memory: Memory) -> list[Reading]:
    """提高到320元: a level, named by what rises."""
    change = patterns().from_value.search(subject)
    if change and len(change["when"]) <= 10 and subject:
        subject = subject[: change.start()]
    return leveled(subject, group, memory, "level-reached")


def difference_readings(left: str, group: list[Quantity], memory: Memory) -> list[Reading]:
    """高于地方财政收入4.04个百分点, 高出农民4960元: by how much the subject lies above or below another."""
    points = group[0].dimension == "ratio" and "点" in group[0].unit
    last = memory.last[-1] if memory.last else None
    if points and last is not None and last.against is not None and _OTHER.fullmatch(left):
        # 高于全国1.1个、全省0.4个百分点: the same against another.
        readings = [
            Reading(
                quantity, "difference-carried", last.name, "difference", last.sign, base=last.base
            )
            for quantity in group
        ]
        return compared_with(readings, left)
    match = patterns().comparison.search(left)
    if not points and not (
        match
        and match["other"]
        and (match["above"] or match["below"]) in _APART
        and group[0].dimension in _AMOUNTS
    ):
        return []
    if match is None:
        match = re.search(
            "[比较](?P<other>[^，,；;]{1,20}?)(?:(?P<above>高|快|多|提前|领先)|(?P<below>低|慢|少|落后))(?:出|了)?$",
            left,
        )
    if match is None:
        return []
    readings = about_subject(
        left[: match.start()],
        group,
        memory,
        "difference",
        "difference",
        -1 if match["below"] else 1,
    )
    return compared_with(readings, match["other"])
