"""The rule of ranks: what holds a place, and among whom (居全市第一, 排名全省第八,
以全市第一的成绩通过复评)."""

import re

from xiacheng_nlp.numbers.amounts import Quantity
from xiacheng_nlp.observations.names import read_left, strip_lead, subjects, up_to
from xiacheng_nlp.observations.reading import (
    Memory,
    Reading,
    Readings,
    Series,
    of_share,
    stock_name,
    told_earlier,
    without_standing,
)
from xiacheng_nlp.observations.vocabulary import pattern, words


def rank_readings(series: Series, memory: Memory) -> Readings:
    """居全市第一, 排名全省第八: what is ranked and among whom; a rank that names no subject takes
    that of the statement before it."""
    return _first_of_change(series, memory) or _by_achievement(series) or _standing(series, memory)


def _rank(
    number: Quantity, name: str, among: str | None, how: str = "", *, base: int | None = None
) -> Reading:
    if not name:
        return Reading(number, "qualifier-rank", among=among, qualifies=True)
    return Reading(number, "rank" + how, name, "rank", among=among, base=base)


def _by_achievement(series: Series) -> Readings:
    """以全市第一的成绩通过复评: what is ranked stands behind."""
    by, achieved = pattern.by.search(series.left), pattern.achieved.match(series.text, series.end)
    if not by or achieved is None:
        return []
    name = read_left(achieved["what"]).full
    return [_rank(number, name, by["among"] or None) for number in series.numbers]


def _standing(series: Series, memory: Memory) -> Readings:
    left, numbers = _in_review(series.left, memory.heard), series.numbers
    within = pattern.among.search(left)
    left = pattern.among.sub("", left, count=1)
    subject, among = _subject_and_group(left)
    among, prefix = _group(among)
    group = _among(within, among, left, memory)
    full = _ranked(subject, without_standing(prefix))
    name = pattern.rank_word_at_end.sub("", full)
    name = pattern.in_review.sub(r"\g<what>", name) if "在" in name else name
    if not _names_nothing(name):
        names = subjects(name, len(numbers))
        return [_rank(number, one, group) for number, one in zip(numbers, names, strict=True)]
    listed = pattern.ranked_list.fullmatch(group or "")
    if listed and not full:
        # 位居全国创新百强区第六: the list is all that tells what is ranked.
        return [_rank(number, listed["list"], listed["among"] or group) for number in numbers]
    if len(numbers) == 1 and (alike := _alike(left, name, memory)):
        return [_rank(numbers[0], one, group, "-shared", base=start) for one, start in alike]
    bases = zip(numbers, memory.bases(len(numbers)), strict=True)
    of_topic = full or read_left(memory.topic).full
    return [
        _carried(number, base, name, group) if base else _rank(number, of_topic, group)
        for number, base in bases
    ]


def _in_review(left: str, heard: str) -> str:
    """With the clause before, where that tells of what: 在全省综合考核中，我县居第三位."""
    bare = strip_lead(left)
    reviewed = heard.endswith("中") and pattern.in_review.search(heard)
    return heard + bare if reviewed and not _subject_and_group(bare)[0] else left


def _ranked(subject: str, prefix: str) -> str:
    """The name of what is ranked, whose last part may stand behind the group."""
    shorter = pattern.among_such.sub("", subject)
    subject = subject if _names_nothing(shorter) else shorter
    return read_left((subject.rstrip("并且还") if prefix else subject) + prefix).full


def _among(within: re.Match[str] | None, among: str, left: str, memory: Memory) -> str | None:
    """The group that is told; else that of what was told before (居全市第二、增速第一)."""
    told = among.rstrip("的") or (within and (within["among"] or within["place"]))
    return told or (memory.latest.among if memory.latest and "在" not in left else None)


def _carried(number: Quantity, base: Reading, name: str, group: str | None) -> Reading:
    """The rank of what was told before, or of what is said of it: (投资3亿元,) 增幅居全省第三."""
    of = of_share(base, name in words.size)
    # A total is of the stock, and is told once: 总投资, 投资总额.
    whole = stock_name(of).removeprefix("总").removesuffix("总数") if "总" in name else of
    whole = whole.removesuffix(name[:2]).removesuffix(name.removeprefix("总"))
    said = whole + (name if name not in words.place_word else "")
    at = base.quantity.start if base.measure != "rank" else None
    return _rank(number, said, group, "-carried", base=at)


def _subject_and_group(left: str) -> tuple[str, str]:
    """What stands before the verb of standing, and behind it: 投资增幅 (居) 全省."""
    match = pattern.rank.search(left)
    if not match:
        return "", left
    subject = pattern.risen.sub("", match["subject"])
    before = None if match["among"] else pattern.group_at_end.search(subject)
    if before:
        # 进度全市排名第一: the group stands before the verb.
        return without_standing(up_to(subject, before)), before["among"]
    return without_standing(subject), match["among"]


def _names_nothing(name: str) -> bool:
    return (
        (len(name) <= 2 and name not in words.flow)
        or name in words.generic
        or pattern.rank_subject.fullmatch(name) is not None
    )


def _alike(left: str, name: str, memory: Memory) -> list[tuple[str, int]]:
    """The subjects that hold one place alike (均居全省第一), with the starts of what was told of
    each; none where it is only one."""
    if not pattern.all_of_them.search(left):
        return []
    last = memory.latest
    listed = pattern.kinds_of_rank.fullmatch(name) is not None
    if listed and last and last.measure == "growth" and last.base is not None:
        return [
            (last.said + kind, last.quantity.start if kind[0] == "增" else last.base)
            for kind in pattern.kind_of_rank.findall(name)
        ]
    if name and name not in words.generic:
        return []
    said = memory.clause
    if len({reading.name for reading in said}) < 2:
        said = [*memory.before, *said]
    starts: dict[str, int] = {}
    for reading in said:
        if reading.measure != "rank":
            starts.setdefault(reading.said + name, reading.quantity.start)
    return list(starts.items()) if len(starts) > 1 else []


def _first_of_change(series: Series, memory: Memory) -> Readings:
    """总量由全省第12位 before 上升到第9位: the rank of an earlier time."""
    to = pattern.to_value.search(series.right)
    change = pattern.rank_from.search(series.left) if to else None
    if not change:
        return []
    name = read_left(up_to(series.left, change)).full
    if memory.latest and (not name or name in words.generic or name.startswith("居")):
        name = memory.latest.said + name
    among = (change["among"] or "").rstrip("的") or None
    readings = [_rank(number, name, among, "-from-to") for number in series.numbers]
    return told_earlier(readings, change["when"] or "")


def _group(among: str) -> tuple[str, str]:
    """The group that a rank is taken in, without what is said beside it."""
    among = among.strip("，, 了在")
    match = pattern.group.search(among)
    if match:
        return among[match.start() :], up_to(among, match)
    if among and not pattern.place_or_group.search(among):
        return "", among
    return among, ""
