"""The rules of changes: by how much something rose, fell or differs (同比增长7.8%,
高于财政收入4.04个百分点), and the two values of a change (由12个增加到15个 states one level of an
earlier time, and one of now)."""

import re

from xiacheng_nlp.observations.names import read_left, read_right, subjects, up_to
from xiacheng_nlp.observations.reading import (
    POINTS,
    REACH,
    Manner,
    Memory,
    Reading,
    Readings,
    Series,
    about_subject,
    by_standard,
    compared_with,
    is_growth_rate,
    is_share,
    told_earlier,
    topic_name,
    without_comparison,
    without_standing,
)
from xiacheng_nlp.observations.rules.levels import leveled, link_before
from xiacheng_nlp.observations.rules.shares import is_part
from xiacheng_nlp.observations.vocabulary import ends, pattern, words

_RULE = "from-to"
_REACHED = Manner("level-reached", "level", at_end=True)
_TURNED = Manner("turned", "level", at_end=True)
_AMOUNTS = frozenset({"money", "length", "area", "mass"})
_THINGS = frozenset({"count", "area", "length", ""})


def second_of_change(series: Series, memory: Memory) -> Readings:
    """增加到15个 behind 由12个, 上升到第9位 behind 由第12位: both are told of one thing, the first
    of an earlier time."""
    first = memory.latest
    if not first or not first.earlier or not pattern.to_value.search(series.left):
        return []
    if (first.quantity.kind == "rank") != (series.first.kind == "rank"):
        return []
    count = len(series.numbers)
    if len(memory.last) != count and is_part(series.first):
        return []
    before = memory.last if len(memory.last) == count else [first] * count
    base = None
    if memory.levels and before[0].measure == "share" and "占" in before[0].said:
        base = memory.levels[-1].quantity.start
    return [
        Reading(
            number,
            one.rule,
            one.name,
            one.measure,
            among=one.among,
            base=base,
            at_end=one.at_end,
        )
        for number, one in zip(series.numbers, before, strict=True)
    ]


def first_of_change(series: Series, memory: Memory) -> Readings:
    """由12个 before 增加到15个: the value of an earlier time, whose period is told (由上年的12个)
    or not known."""
    then = pattern.compared_value.search(series.left) if series.left[-1:] == "的" else None
    change = then or pattern.from_value.search(series.left)
    if not change or not (then or _goes_on(series)):
        return []
    name = read_left(pattern.modal_at_end.sub("", up_to(series.left, change))).full
    base = None
    if not name or name.startswith("占"):
        before = _said_before(memory)
        base = _then(memory) if name else None
        name = before + name
    if not name:
        return []
    name = by_standard(name, series.first, memory, reached=True)
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


def _said_before(memory: Memory) -> str:
    """What was told last; a newer topic that names a value (产值的比重，由5%上升到8%), or what part
    of another it is (占财政收入的比重，由5%上升到8%)."""
    heard, last = memory.heard, memory.latest
    if not last or not (is_share(heard) or pattern.head.search(heard)):
        return last.said if last else topic_name(heard or memory.topic)
    return (last.said if heard.startswith("占") else "") + topic_name(heard)


def _goes_on(series: Series) -> bool:
    """Whether the value of now stands behind: as the next number of the clause, or behind a
    comma."""
    if series.more:
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


def turned_readings(series: Series, memory: Memory) -> Readings:
    """由上年亏损3亿元 before 转为盈利2亿元: a loss, and the profit that it was turned into."""
    before, last = pattern.turned_from.search(series.left), memory.latest
    if before and pattern.turned_to.match(series.text, series.end):
        subject = read_left(up_to(series.left, before)).full or topic_name(memory.topic)
        subject = up_to(subject, pattern.result_at_end.search(subject))
        readings = _TURNED.readings(series.numbers, subject + before["what"])
        return told_earlier(readings, before["when"])
    after = pattern.turned_to.fullmatch(series.left)
    if not (after and last and last.earlier):
        return []
    subject = up_to(last.said, pattern.result_at_end.search(last.said))
    return _TURNED.readings(series.numbers, subject + after["what"])


def counted_change(series: Series, memory: Memory) -> Readings:
    """12处 before 敬老院整合为3处: the noun stands behind the first number, and both are its
    levels."""
    more, number = series.more, series.first
    if not more or len(series.numbers) > 1 or number.unit_base != more[0].unit_base:
        return []
    change = pattern.merged.fullmatch(series.text, number.end, more[0].start)
    if not change:
        return []
    name = read_right(change["noun"], "").full
    return [Reading(number, _RULE, name, "level", earlier=True, at_end=True)]


def growth_readings(series: Series, memory: Memory) -> Readings:
    """同比增长7.8%, 比上年减少320人: by how much the subject rose or fell, or what it rose to; none
    where no verb says so."""
    left = series.left
    grown = _grown_by_ratio(series) if series.is_ratio else None
    if grown is not None:
        measure = "difference" if series.first.unit_base == POINTS else "growth"
        return about_subject(grown, series, memory, Manner(measure, measure))
    if not pattern.direction_told.search(left):
        return []
    match = pattern.growth.search(left)
    if not match:
        return _grown_object(series, memory)
    subject = _compared(match)
    manner = _manner(match, series)
    if pattern.circumstance.match(series.right):
        # 进出口在对欧出口下降5%的情况下 (增长9%)
        owner, _, subject = subject.rpartition("在")
        if owner := read_left(owner).full:
            memory.last, memory.topic = [], owner
            manner = manner._replace(in_passing=True)
    if match["to"] and (match["to"] != "为" or (match["up"] or match["down"]) in words.becoming):
        # 提高到320元: a level, named by what rises.
        subject = up_to(subject, pattern.from_value.search(subject))
        # 经济增速回落至6.5%: so much it grew.
        measure = "growth" if "增速" in match["adverb"] else "level"
        return leveled(subject, series, memory, _REACHED._replace(measure=measure))
    if not series.is_ratio:
        if _tells_a_deed(match, subject, series, memory):
            return []
        subject = _earned(match, subject, memory)
    return _referred(about_subject(subject, series, memory, manner), match)


def _compared(match: re.Match[str]) -> str:
    """What rose, before the verb; behind its time in 比上年产值增长5%."""
    subject = without_standing(without_comparison(up_to(match.string, match)))
    behind = None if subject else pattern.own_behind.match(match["reference"] or "")
    return behind["own"] if behind else subject


def _earned(match: re.Match[str], subject: str, memory: Memory) -> str:
    """What rose: of 农户每亩增收400元 the verb is a part of it; behind 财政收入3亿元 it is that."""
    verb = match["up"] or match["down"]
    told = memory.latest.said if memory.latest else memory.topic
    head = None if subject else pattern.head.search(told)
    if verb not in words.whole_growth or (head and "收" in head[0]):
        return subject
    return match.string[: match.string.rindex(verb)] + verb


def _referred(readings: Readings, match: re.Match[str]) -> Readings:
    """The readings with what the growth is told against."""
    reference = match["reference"] or ""
    if reference.startswith(("由", "从")):
        # 由上年下降2%转为增长5%: the first is of the year before.
        return told_earlier(readings, reference[1:])
    if not reference.startswith(("比", "较")):
        return readings
    mean = "平均" if match["adverb"].startswith("平均") else ""
    return compared_with(readings, reference[1:] + mean)


def _grown_by_ratio(series: Series) -> str | None:
    """The subject of 同比5%, 提出8%的经济增长目标 and 均实现20%以上增长; None where it is none."""
    left = series.left
    if left.endswith(ends.year_on_year):
        return left[:-2]
    if aimed := pattern.growth_aimed.match(series.right):
        return aimed["what"]
    if pattern.growth_behind.match(series.right) is None:
        return None
    return without_standing(up_to(left, link_before(left)))


def _grown_object(series: Series, memory: Memory) -> Readings:
    """比上年增加投资3亿元: by how much what stands behind the verb rose or fell; 同比多开行96列: by
    how much what was told before did."""
    more, last = pattern.so_many_more.fullmatch(series.left), memory.latest
    if more and last and last.quantity.unit_base == series.first.unit_base:
        return about_subject("", series, memory, _manner(more, series))
    match = None if series.is_ratio else pattern.grown_object.search(series.left)
    if not match:
        return []
    subject = read_left(up_to(series.left, match)).full
    return about_subject(subject + match["thing"], series, memory, _manner(match, series))


def _manner(match: re.Match[str], series: Series) -> Manner:
    """A growth by a ratio; by points or an amount a difference."""
    sign = 1 if match["down"] is None else -1
    if not series.is_ratio or series.first.unit_base == POINTS:
        return Manner("difference", "difference", sign)
    return Manner("growth", "growth", sign)


def _tells_a_deed(match: re.Match[str], subject: str, series: Series, memory: Memory) -> bool:
    """Whether an amount is that of what was done, and no growth: 扩大绿地3亩, 提升5家企业; a place
    (排名提升6位) is no thing."""
    if pattern.ranking.search(subject):
        return False
    if match["reference"]:
        return series.nominal
    nothing_before = not subject.strip() and not memory.last
    return (
        (nothing_before and not match["adverb"])
        or series.nominal
        or (
            (match["up"] or match["down"]) in words.action
            and series.first.dimension in _THINGS
            and not pattern.extent.search(subject)
        )
    )


def difference_readings(series: Series, memory: Memory) -> Readings:
    """高于地方财政收入4.04个百分点, 高出农民4960元: by how much the subject lies above or below
    another."""
    left, last = series.left, memory.latest
    points = series.is_ratio and "点" in series.first.unit
    if points and last and last.against is not None and pattern.another_whole.fullmatch(left):
        # 高于全国1.1个、全省0.4个百分点: the same against another.
        manner = Manner("difference", "difference", last.sign)
        again = [manner.reading(one, last.name, "-carried", base=last) for one in series.numbers]
        return compared_with(again, left)
    match = pattern.comparison.search(left)
    if not match or not (points or _is_apart(match, series)):
        return []
    manner = Manner("difference", "difference", -1 if match["below"] else 1)
    readings = about_subject(up_to(left, match), series, memory, manner)
    return compared_with(readings, match["other"])


def _is_apart(match: re.Match[str], series: Series) -> bool:
    """Whether an amount tells how far two are apart: 高出农民4960元, 高出全市17.8分."""
    verb = match["above"] or match["below"]
    alike = series.first.dimension in _AMOUNTS or (
        # 超过全市三分之一 is a share of it.
        verb != "超过" and pattern.another_whole.fullmatch(match["other"]) and not series.nominal
    )
    other = match["other"].strip("了")
    apart = verb in words.apart and not pattern.reached_within.search(other)
    alike = alike or pattern.aimed_at.search(other)
    return bool(other and apart and alike and not series.right.startswith("的"))
