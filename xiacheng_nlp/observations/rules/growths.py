"""The rules of growths and differences: by how much something rose, fell or differs (同比增长7.8%,
高于财政收入4.04个百分点)."""

import re

from xiacheng_nlp.observations.names import read_left, up_to
from xiacheng_nlp.observations.reading import (
    POINTS,
    Manner,
    Memory,
    Reading,
    Series,
    about_subject,
    compared_with,
    told_earlier,
    without_comparison,
    without_standing,
)
from xiacheng_nlp.observations.rules.levels import counted_by, leveled, link_before
from xiacheng_nlp.observations.vocabulary import ends, pattern, words

_REACHED = Manner("level-reached", "level", at_end=True)
_AMOUNTS = frozenset({"money", "length", "area", "mass"})
_THINGS = frozenset({"count", "area", "length", ""})


def growth_readings(series: Series, memory: Memory) -> list[Reading]:
    """同比增长7.8%, 比上年减少320人: by how much the subject rose or fell, or what it rose to; none
    where no verb says so."""
    series = counted_by(series)
    left = series.left
    grown = _grown_by_ratio(series) if series.is_ratio else None
    if grown is not None:
        return about_subject(grown, series, memory, Manner("growth", "growth"))
    match = pattern.growth.search(left)
    if match is None:
        return _grown_object(series, memory)
    subject = without_standing(without_comparison(up_to(left, match)))
    if pattern.circumstance.match(series.right):
        # 在出口下降5%的情况下
        subject = subject.rpartition("在")[2]
    if match["to"] and match["to"] != "为":
        # 提高到320元: a level, named by what rises.
        change = pattern.from_value.search(subject)
        short = change and len(change["when"]) <= 10
        return leveled(up_to(subject, change) if short else subject, series, memory, _REACHED)
    if not series.is_ratio and _tells_a_deed(match, subject, series, memory):
        return []
    verb = match["up"] or match["down"]
    if not series.is_ratio and verb in words.whole_growth:
        # 农户每亩增收400元: what rose is a part of the verb.
        subject = left[: left.rindex(verb)] + verb
    readings = about_subject(subject, series, memory, _manner(match, series))
    return _referred(readings, match)


def _referred(readings: list[Reading], match: re.Match[str]) -> list[Reading]:
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


def _grown_object(series: Series, memory: Memory) -> list[Reading]:
    """比上年增加投资3亿元: by how much what stands behind the verb rose or fell."""
    match = None if series.is_ratio else pattern.grown_object.search(series.left)
    if match is None:
        return []
    subject = read_left(up_to(series.left, match)).full
    return about_subject(subject + match["thing"], series, memory, _manner(match, series))


def _manner(match: re.Match[str], series: Series) -> Manner:
    """A growth by a ratio; by points or an amount a difference; 是…的5倍 told as a multiple."""
    sign = 1 if match["down"] is None else -1
    if not series.is_ratio or series.first.unit_base == POINTS:
        return Manner("difference", "difference", sign)
    if series.first.unit == "倍" and series.left.endswith("是"):
        return Manner("difference", "multiple", sign)
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
        or ((match["up"] or match["down"]) in words.action and series.first.dimension in _THINGS)
    )


def difference_readings(series: Series, memory: Memory) -> list[Reading]:
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
    if not points and not (match and _is_apart(match, series)):
        return []
    match = match or pattern.more_or_less.search(left)
    if match is None:
        return []
    manner = Manner("difference", "difference", -1 if match["below"] else 1)
    readings = about_subject(up_to(left, match), series, memory, manner)
    return compared_with(readings, match["other"])


def _is_apart(match: re.Match[str], series: Series) -> bool:
    """Whether an amount tells how far two are apart: 高出农民4960元, 高出全市17.8分."""
    verb = match["above"] or match["below"]
    alike = series.first.dimension in _AMOUNTS or (
        pattern.another_whole.fullmatch(match["other"]) and not series.nominal
    )
    return bool(match["other"] and verb in words.apart and alike)
