"""What each number of a sentence is about: a grammar of clauses, each rule with a name.

A sentence is cut into clauses, a clause into series (numbers that stand side by side: 10%、7.9%).
For each series the words on its left (up to the number before it or the clause's start) and on its
right are matched against the rules, in this order:

    proportion         三次产业比重为4.0:37.7:58.3
    rank               居全市第一 · 排名全省第八
    from-to            由12个增加到15个
    growth             同比增长7.8% · 下降3.6%
    difference         高于财政收入4.04个百分点 · 减少1650万人
    share              占地区生产总值比重达到92% · 95%以上的药店
    level              实现地区生产总值643.57亿元 · 新增9个低碳社区

A series that names no subject of its own takes that of the series before it, whose start becomes
its base.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from xiacheng_nlp.numbers.amounts import Quantity
from xiacheng_nlp.observations.names import BOUNDARY
from xiacheng_nlp.observations.reading import REACH, Memory, Reading
from xiacheng_nlp.observations.rules.changes import (
    counted_change,
    first_of_change,
    second_of_change,
)
from xiacheng_nlp.observations.rules.growths import difference_readings, growth_readings
from xiacheng_nlp.observations.rules.levels import level_readings
from xiacheng_nlp.observations.rules.proportions import is_part, part_readings
from xiacheng_nlp.observations.rules.qualifiers import STEPPING, qualifier_rule
from xiacheng_nlp.observations.rules.ranks import rank_readings
from xiacheng_nlp.observations.rules.shares import share_readings

_SIDE_BY_SIDE = re.compile("[、和及与]|以及|或")
_SUBJECTS = 6
"""How many names of a clause make up the subject of a rate behind them; a longer list is no
subject."""
_QUOTED = re.compile("“[^”。]{1,60}”")
_AND = re.compile("^(?:和|及|与|以及)")
_WORD = re.compile(r"[^\W\d_]")
_TOPIC_LEADS = ("其中", "特别是", "尤其是")
_RIGHT_RULES = frozenset({"count-before-noun", "share-of-counted"})


def read_sentence(
    text: str, quantities: Sequence[Quantity], start: int = 0, end: int | None = None
) -> list[Reading]:
    """A reading for each amount of the sentence `text[start:end]`, in order; `quantities` are those
    of the sentence."""
    end = len(text) if end is None else end
    readings: list[Reading] = []
    memory = Memory()
    for first, last, inside in _clauses(text, quantities, start, end):
        if inside:
            _read_clause(text, first, last, inside, memory, readings)
        else:
            topic = text[first : min(last, first + REACH)].strip("，, ")
            if topic:
                memory.topic, memory.newer_topic, memory.idle = (
                    topic,
                    topic.startswith(_TOPIC_LEADS),
                    True,
                )
    readings.sort(key=lambda reading: reading.quantity.start)
    return readings


def _clauses(
    text: str, quantities: Sequence[Quantity], start: int, end: int
) -> list[tuple[int, int, list[Quantity]]]:
    """The clauses of a sentence with their amounts; a comma within a number is no boundary."""
    clauses = []
    first, i = start, 0
    ends = [m.start() for m in BOUNDARY.finditer(text, start, end)]
    if text.find("“", start, end) >= 0:
        ends = _outside_quotes(ends, [m.span() for m in _QUOTED.finditer(text, start, end)])
    joints = {
        a.end for a, b in pairwise(quantities) if is_part(a) and is_part(b) and b.start == a.end + 1
    }
    if joints:
        ends = [stop for stop in ends if stop not in joints]
    ends.append(end)
    for stop in ends:
        if i < len(quantities) and quantities[i].start < stop < quantities[i].end:
            continue
        inside = []
        while i < len(quantities) and quantities[i].start < stop:
            inside.append(quantities[i])
            i += 1
        if stop > first:
            clauses.append((first, stop, inside))
        first = stop + 1
    return clauses


def _outside_quotes(ends: list[int], quoted: list[tuple[int, int]]) -> list[int]:
    kept, i = [], 0
    for stop in ends:
        while i < len(quoted) and quoted[i][1] <= stop:
            i += 1
        if i == len(quoted) or stop < quoted[i][0]:
            kept.append(stop)
    return kept


def _read_clause(
    text: str,
    first: int,
    last: int,
    amounts: list[Quantity],
    memory: Memory,
    readings: list[Reading],
) -> None:
    if first and text[first - 1] in ";；":
        # What stands behind a semicolon names its own subject.
        memory.clause, memory.before, memory.subject, memory.topic = [], [], "", ""
        memory.last, memory.counted, memory.name = [], None, None
    if text.startswith("其中", first) and memory.level is not None:
        memory.whole = memory.level.name or ""
    stated: list[Quantity] = []
    position = first
    for i, quantity in enumerate(amounts):
        following = amounts[i + 1] if i + 1 < len(amounts) else None
        left = text[max(position, quantity.start - REACH) : quantity.start]
        right = text[
            quantity.end : min(following.start if following else last, quantity.end + REACH)
        ]
        before = (
            left if position == first else text[max(first, quantity.start - REACH) : quantity.start]
        )
        rule = qualifier_rule(quantity, left, right, following, before)
        if rule:
            readings.append(Reading(quantity, rule))
            if rule == "qualifier-step" and (step := STEPPING.search(left)):
                memory.topic = left[: step.start()]
        else:
            stated.append(quantity)
            position = quantity.end
    if not stated:
        return
    series = _series(text, first, stated) if len(stated) > 1 else [stated]
    previous = first
    begun = len(readings)
    said: list[Reading] = []
    for i, group in enumerate(series):
        following_start = series[i + 1][0].start if i + 1 < len(series) else last
        between = text[group[-1].end : min(following_start, group[-1].end + REACH)]
        right = _own_right(between, i + 1 < len(series))
        left = text[max(previous, group[0].start - REACH) : group[0].start]
        more = series[i + 1] if i + 1 < len(series) else None
        _read_series(text, left, group, right, more, memory, readings, first_in_clause=i == 0)
        said.extend([reading for reading in readings[begun:] if reading.name is not None])
        begun = len(readings)
        if said:
            if said[0] not in memory.clause:
                memory.before = memory.clause
            memory.clause = said[-_SUBJECTS:]
        previous = group[-1].end + (
            len(right) if right != between and readings[-1].rule in _RIGHT_RULES else 0
        )


def _series(text: str, first: int, amounts: list[Quantity]) -> list[list[Quantity]]:
    """The numbers that stand side by side, of one kind or told as members of one list
    (分别为2.3平方米、8.3立方米)."""
    series: list[list[Quantity]] = []
    for quantity in amounts:
        last = series[-1] if series else []
        if (
            last
            and _side_by_side(text, last[-1], quantity)
            and (_alike(last[-1], quantity) or _distributed(text, first, last, quantity))
        ):
            last.append(quantity)
        else:
            series.append([quantity])
    return series


def _distributed(text: str, first: int, series: list[Quantity], quantity: Quantity) -> bool:
    return (
        quantity.kind == series[0].kind
        and text.find("分别", max(first, series[0].start - REACH), series[0].start) >= 0
    )


def _side_by_side(text: str, a: Quantity, b: Quantity) -> bool:
    if is_part(a) and is_part(b):
        return text[a.end : b.start] in (":", "：", "∶")
    return _SIDE_BY_SIDE.fullmatch(text, a.end, b.start) is not None


def _alike(a: Quantity, b: Quantity) -> bool:
    return a.kind == b.kind and (a.dimension == b.dimension or not a.unit.strip("百千万亿"))


def _own_right(between: str, followed: bool) -> str:
    """What stands behind a number and belongs to it: up to the list mark before the next number."""
    if not followed or "、" not in between:
        return between
    depth = 0
    for i, c in enumerate(between):
        if c in "（(“《":
            depth += 1
        elif c in "）)”》":
            depth -= 1
        elif c == "、" and depth <= 0:
            return between[:i]
    return between


def _read_series(
    text: str,
    left: str,
    group: list[Quantity],
    right: str,
    more: list[Quantity] | None,
    memory: Memory,
    readings: list[Reading],
    *,
    first_in_clause: bool,
) -> None:
    left = left.lstrip("、，, ") if not first_in_clause else left
    if memory.last and left and not first_in_clause:
        left = _AND.sub("", left)
    found = (
        part_readings(left, group, more is not None, memory)
        or rank_readings(left, group, right, memory)
        or second_of_change(left, group, memory)
        or first_of_change(text, left, group, more, memory)
        or counted_change(text, group, more)
        or growth_readings(left, group, right, memory)
        or difference_readings(left, group, memory)
        or share_readings(left, group, right, memory)
        or level_readings(text, left, group, right, more, memory, first_in_clause=first_in_clause)
    )
    for reading in found:
        if reading.name is not None and not _WORD.search(reading.name):
            reading.name, reading.measure, reading.base, reading.among, reading.rule = (
                None,
                None,
                None,
                None,
                "unbound",
            )
            reading.against = None
    readings.extend(found)
    named = [reading for reading in found if reading.name is not None]
    # A growth behind 为预算的103% is that of what was budgeted.
    if named and named[0].rule != "share-of-plan":
        memory.last, memory.newer_topic, memory.idle = named, False, False
        memory.levels.extend([reading for reading in named if reading.measure == "level"])
        if named[0].measure == "level":
            memory.level = named[0]
        else:
            memory.name = None
