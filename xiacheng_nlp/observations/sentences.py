"""What each number of a sentence is about: a grammar of clauses, each rule with a name.

A sentence is cut into clauses, a clause into series (numbers that stand side by side: 10%、7.9%).
For each series the words on its left (up to the number before it or the clause's start) and on its
right are given to the rules, in the order of `RULES`; the first that answers reads the series. A
series that names no subject of its own takes that of the series before it, whose start becomes its
base.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import NamedTuple

from xiacheng_nlp.numbers.amounts import Quantity
from xiacheng_nlp.numbers.numerals import POWERS
from xiacheng_nlp.numbers.spots import looking_at
from xiacheng_nlp.observations.names import each_subject, each_thing, strip_lead, up_to
from xiacheng_nlp.observations.reading import REACH, Memory, Reading, Readings, Series, unbound
from xiacheng_nlp.observations.rules.changes import (
    counted_change,
    difference_readings,
    first_of_change,
    growth_readings,
    second_of_change,
    turned_readings,
)
from xiacheng_nlp.observations.rules.levels import counted_by, level_readings, times_readings
from xiacheng_nlp.observations.rules.qualifiers import qualifies
from xiacheng_nlp.observations.rules.ranks import rank_readings
from xiacheng_nlp.observations.rules.shares import is_part, part_readings, share_readings
from xiacheng_nlp.observations.rules.spending import invested_readings, spent_readings
from xiacheng_nlp.observations.vocabulary import ends, pattern
from xiacheng_nlp.text import CELL


class Rule(NamedTuple):
    """A construction: it reads a series, or answers nothing; its reason stands in its docstring. It
    is asked of the kinds and dimensions of numbers that its last fields tell; what is empty asks
    for nothing."""

    name: str
    read: Callable[[Series, Memory], Readings]
    kinds: Collection[str] = ()
    dimensions: Collection[str] = ()


_RATIO = ("ratio",)
_MONEY = ("money",)
RULES = (
    Rule("second of a change", second_of_change),
    Rule("turn of a result", turned_readings, dimensions=_MONEY),
    Rule("proportion", part_readings, dimensions=_RATIO),
    Rule("rank", rank_readings, kinds=("rank",)),
    Rule("first of a change", first_of_change),
    Rule("counted change", counted_change),
    Rule("growth", growth_readings),
    Rule("difference", difference_readings),
    Rule("share", share_readings, dimensions=_RATIO),
    Rule("times as much", times_readings, dimensions=_RATIO),
    Rule("invested before its project", invested_readings, dimensions=_MONEY),
    Rule("spent before its purpose", spent_readings, dimensions=_MONEY),
    Rule("level", level_readings),
)
"""The rules in order; the last reads whatever the others leave. A case of each stands in
`tests/cases/rules.tsv`."""
_asked = looking_at(RULES, 2)


def read_sentence(text: str, quantities: Sequence[Quantity], start: int, end: int) -> Readings:
    """A reading for each amount of the sentence `text[start:end]`, in order; `quantities` are those
    of the sentence."""
    readings: Readings = []
    memory = Memory()
    for clause in _clauses(text, quantities, start, end):
        first, stop, numbers = clause
        if text[first - 1 : first] in (";", "；") and not pattern.still_of_it.match(text, first):
            memory.forget()
        if text.startswith("其中", first):
            memory.look_back()
        found = _read_clause(text, clause, memory) if numbers else []
        readings.extend(found)
        each = text.startswith("每", first) and all(one.qualifies for one in found)
        lasted = all(one.qualifies and one.quantity.kind == "duration" for one in found)
        if each or (lasted and (not numbers or pattern.goes_on.search(text, first, stop))):
            # 每百元产值提供的利润, behind which its values stand by year, is a topic too; so is
            # what went on for years (贸易顺差连续两年下降), not what took years (用三年建园).
            # With its colon: 新兴产业：, a heading within the line.
            stop = min(stop + (text[stop : stop + 1] in "：:"), first + REACH)
            memory.hear_topic(text[first:stop].strip("，, "))
    if len(readings) > 1:
        readings.sort(key=lambda reading: reading.quantity.start)
        _settle_bases(readings)
    return readings


_ABOUT = {
    "growth": ("level",),
    "multiple": ("level",),
    "share": ("level",),
    "difference": ("level", "share", "growth"),
    "rank": ("level", "share", "growth"),
}
"""What a measure can be about: 2670亿元 is what 增加310亿元、增长13% are about, each of them."""


def _settle_bases(readings: Sequence[Reading]) -> None:
    """A base that is itself about another value, and is nothing that one can be about, gives way
    to that value; a growth is never about another growth."""
    told = {reading.quantity.start: reading for reading in readings}
    for reading in readings:
        base = None if reading.base is None else told.get(reading.base)
        if base is None:
            continue
        kinds = _ABOUT.get("share" if _of_amount(reading) else reading.measure or "", ())
        while base and base.measure not in kinds and base.base is not None:
            reading.base = base.base
            base = told.get(base.base)
        if base and base.measure == reading.measure == "growth":
            reading.base = None
        elif base and base.quantity.bound == ">":
            # 突破亿元大关，达1.04亿元，增长8%: what grew is the exact value.
            reading.base = _exact(base, readings).quantity.start


def _of_amount(reading: Reading) -> bool:
    """Whether a rank (总量居第三) or a difference (增加3亿元) is about an amount, and no growth."""
    if reading.measure == "rank":
        return reading.said.endswith(ends.size)
    return reading.measure == "difference" and reading.quantity.dimension != "ratio"


def _exact(passed: Reading, readings: Sequence[Reading]) -> Reading:
    """The value next to what passed a round number (达10.4亿元，突破十亿元大关), if that is told
    exactly; else itself."""
    i = readings.index(passed)
    for other in (*readings[i + 1 : i + 2], *readings[max(0, i - 1) : i]):
        alike = other.said == passed.said and other.measure == passed.measure
        number, least = other.quantity, passed.quantity
        measured = least.unit_base in ("", number.unit_base) and number.bound == "="
        if alike and measured and (number.value_base or 0) >= (least.value_base or 0):
            return other
    return passed


_Clause = tuple[int, int, Sequence[Quantity]]
"""Where it starts and ends, and its amounts."""


def _clauses(text: str, quantities: Sequence[Quantity], start: int, end: int) -> Iterator[_Clause]:
    """The clauses of a sentence with their amounts, as far as there are any. No boundary is what
    stands within quotation marks or a number, nor the colon of a proportion."""
    first, i = start, 0
    marks = pattern.clause_end.finditer(text, start, end)
    for stop in *[mark.start() for mark in marks if mark.lastgroup], end:
        begun = i
        while i < len(quantities) and quantities[i].start < stop:
            i += 1
        if begun < i and stop < end and _within(quantities[i - 1 : i + 1], stop):
            i = begun
            continue
        if stop > first:
            yield first, stop, quantities[begun:i]
        if i == len(quantities):
            return
        first = stop + 1


def _within(around: Sequence[Quantity], stop: int) -> bool:
    """Whether the mark at `stop` stands within the number before it, or parts that from the one
    behind it, both of one proportion: 4.0:37.7:58.3."""
    parted = around[0].end == stop == around[-1].start - 1
    return around[0].end > stop or (parted and all(map(is_part, around)))


def _read_clause(text: str, clause: _Clause, memory: Memory) -> Readings:
    readings, stated = _qualified(text, clause, memory)
    said: Readings = []
    previous, stop, _ = clause
    groups = _side_by_side(text, previous, stated)
    for group, more in zip_longest(groups, groups[1:]):
        end = group[-1].end
        behind = text[end : min(more[0].start if more else stop, end + REACH)].partition(CELL)[0]
        right = _own_right(behind) if more else behind
        left = _before_value(text[max(previous, group[0].start - REACH) : group[0].start])
        opens = group is groups[0]
        if not opens:
            left = _joined(left, memory)
        elif memory.heard:
            left = memory.owned(left) or left
        series = counted_by(Series(text, left, group, right, more, opens))
        found = _read_series(series, memory)
        # What follows so many of each is told of them together.
        readings.extend(_of_each(found, series, pattern.each_so_many, each_thing))
        named = [reading for reading in found if reading.name is not None]
        memory.remember(named)
        said.extend(named)
        memory.hold_clause(said)
        previous = end + (len(right) if right != behind and found[-1].holds_right else 0)
    return readings


def _qualified(text: str, clause: _Clause, memory: Memory) -> tuple[Readings, list[Quantity]]:
    """The readings of the numbers that only qualify, and the numbers that state something."""
    readings: Readings = []
    stated: list[Quantity] = []
    first, stop, numbers = clause
    position = first
    for number, following in zip_longest(numbers, numbers[1:]):
        reach = max(first, number.start - REACH)
        left = text[position if position > reach else reach : number.start]
        end, furthest = following.start if following else stop, number.end + REACH
        right = text[number.end : end if end < furthest else furthest]
        rule, sets_topic = qualifies(number, left, right, following, text, reach)
        if not rule:
            stated.append(number)
            position = number.end
            continue
        readings.append(Reading(number, rule, qualifies=True))
        if sets_topic and (step := pattern.stepping.search(left)):
            memory.topic = up_to(left, step)
    return readings, stated


def _side_by_side(text: str, first: int, numbers: Sequence[Quantity]) -> list[list[Quantity]]:
    """The numbers that stand side by side, of one kind or told as members of one list
    (分别为2.3平方米、8.3立方米)."""
    groups: list[list[Quantity]] = []
    for number in numbers:
        if groups and _goes_on(text, first, groups[-1], number):
            groups[-1].append(number)
        else:
            groups.append([number])
    return groups


def _goes_on(text: str, first: int, group: list[Quantity], number: Quantity) -> bool:
    last = group[-1]
    if is_part(last) and is_part(number):
        joined = text[last.end : number.start] in (":", "：", "∶")
    else:
        joined = pattern.side_by_side.fullmatch(text, last.end, number.start) is not None
    if not joined or (last.kind != number.kind and last.unit):
        return False
    if last.dimension == number.dimension or not last.unit.strip(POWERS[1:]):
        return True
    reach = max(first, group[0].start - REACH)
    if text.find("分别", reach, group[0].start) >= 0:
        return True
    # 播种面积、产量稳定在35万亩、15万吨: so much of each.
    return len(group) == 1 and pattern.two_named.search(text, reach, group[0].start) is not None


def _own_right(between: str) -> str:
    """What stands behind a number and belongs to it: up to the list mark or the word that joins it
    to the next number (港口和甲、乙两个), or to the bracket that the next number stands in."""
    joined = pattern.joined_behind.search(between, 2)
    between = up_to(between, joined)
    opened: list[int] = []
    for i, c in enumerate(between):
        if c in "（(“《":
            opened.append(i)
        elif c in "）)”》":
            del opened[-1:]
        elif c == "、" and not opened:
            return between[:i]
    if opened and between[opened[0]] in "（(":
        return between[: opened[0]]
    return between


def _before_value(left: str) -> str:
    """产值达到每亩3万元: what the value is counted by belongs to it; 比上年（下同）增长, 总量跨过
    3个千亿级台阶、突破: what is said in passing of this number and those behind it is no name."""
    if "每" in left:
        left = pattern.per_at_end.sub("", left)
    if "、" in left:
        left = pattern.told_between.sub("", left)
    if "（" not in left and "(" not in left:
        return left
    left = pattern.aside.sub("", left)
    opened = max(left.rfind("（"), left.rfind("("))
    closed = max(left.rfind("）"), left.rfind(")"))
    if closed > opened:
        return left
    thing, within = left[:opened], left[opened + 1 :]
    if len(strip_lead(within)) < 2:
        return left if within else thing
    # 南溪水电站（装机3万千瓦）: what is told of the thing before the bracket.
    host = pattern.host.search(thing)
    return host[0] + within if host and pattern.aspect.fullmatch(within) else within


def _joined(left: str, memory: Memory) -> str:
    """What stands between two series, without the mark or the word that joins them, or the standing
    that is told between them: 达到3万亿元、稳居全国前列、增长5%."""
    left = left.lstrip("、，, ")
    if memory.last:
        left = pattern.standing_between.sub("", left)
    return pattern.joint.sub("", left) if memory.last else left


def _harvested(name: str, series: Series) -> str:
    """粮食连续五年丰收，总产量达到500亿斤: the crop of the clause before is that of the output."""
    start = series.first.start
    told = pattern.harvest.search(series.text, max(0, start - REACH), start)
    if not told or not name.endswith(told["of"]):
        return name
    rest = name.removesuffix(told["of"])
    own = rest + told["of"] in series.left and not rest.startswith(told["crop"])
    return name if rest and own else told["crop"] + told["of"]


def _of_each(
    found: Readings, series: Series, told: re.Pattern[str], named: Callable[[str], list[str]]
) -> Readings:
    """One reading for each that has so much or so many (出口、消费均增长5%; 小学、中学各3所), where
    that is `told` left of it."""
    if len(series.numbers) > 1 or not told.search(series.left):
        return found
    return [
        reading if name == reading.said else replace(reading, name=name or None)
        for reading in found
        for name in dict.fromkeys(named(reading.said))
    ]


def _read_series(series: Series, memory: Memory) -> Readings:
    """The readings of the first rule that answers, one for each of several subjects (出口、消费均增
    长5%); a name without a word in it, or of a whole place alone (全国仅9家), is none."""
    found: Readings = []
    for _, read in _asked(series.first.kind, series.first.dimension):
        found = read(series, memory)
        if found:
            break
    for reading in found:
        if reading.name is not None and reading.name.endswith(("产", "产量")):
            reading.name = _harvested(reading.name, series)
    found = _of_each(found, series, pattern.of_each, each_subject)
    for i, reading in enumerate(found):
        name = reading.name
        if name is not None and (
            not pattern.word.search(name) or pattern.whole_place.fullmatch(name)
        ):
            found[i] = unbound(reading.quantity)
    return found
