"""What of a term of several years is told of its last one: what it has come to by then, and not
what was done in all of it."""

import re
from typing import NamedTuple

from xiacheng_nlp.observations.reading import Reading
from xiacheng_nlp.observations.vocabulary import ends, pattern, words


class Standing(NamedTuple):
    """How a number of a term stands in its sentence: the words before it, those since the number
    before it, those behind it, what it is compared with, and whether its sentence and its own
    clause name the term."""

    before: str
    between: str
    behind: str
    compared: str | None
    named: bool
    framed: bool


class Term:
    """What a sentence has told of a term so far: the number before, where that one is of the last
    year, and where those of all its years start."""

    def __init__(self) -> None:
        self.ended: Reading | None = None
        self.flows: set[int] = set()

    def ends(self, reading: Reading, told: Standing) -> bool:
        """Whether the next number is that of the last year; a share or a rank has the time of the
        flow that it is told of (累计外送电力35亿度，占全国三成)."""
        of_flow = reading.base in self.flows and _follows_flow(reading)
        at_end = not of_flow and stands_at_the_end(reading, told, self.ended)
        self.ended = reading if at_end else None
        if not at_end and reading.measure in ("level", "share"):
            self.flows.add(reading.quantity.start)
        return at_end


def _follows_flow(reading: Reading) -> bool:
    if reading.measure == "rank":
        return not reading.said.endswith(ends.size)
    return reading.measure == "share" and not reading.at_end


def stands_at_the_end(reading: Reading, told: Standing, ended: Reading | None) -> bool:
    """Whether a number told of several years is that of the last one: 提高到76%, 达到52万亿元, 排名
    全省第三; what was added in all is the term's. `ended` is the number before it in the sentence,
    where that one is of the last year.

    >>> from xiacheng_nlp.numbers.scan import quantities
    >>> (number,) = quantities("企业达到8000家")  # "… reached 8000"
    >>> reading = Reading(number, "level", "企业", "level")
    >>> stands_at_the_end(reading, Standing("企业达到", "企业达到", "", None, False, False), None)
    True
    >>> added = Standing("新增企业达到", "新增企业达到", "", None, False, False)  # "… were added"
    >>> stands_at_the_end(reading, added, None)
    False
    """
    if reading.measure == "rank":
        return not _throughout(told, pattern.always)
    if reading.measure in ("growth", "difference", "multiple"):
        return _compares_the_end(reading, told, ended)
    return reading.at_end or _level_at_the_end(reading, told, ended)


def _level_at_the_end(reading: Reading, told: Standing, ended: Reading | None) -> bool:
    before = pattern.list_before.sub("", told.before)
    if pattern.one_after_another.search(before):
        return False
    if _passed(before, told.between):
        return True
    if _throughout(told, pattern.throughout) or pattern.added.search(told.between):
        return False
    return _stands(reading, told, ended, before)


def _stands(reading: Reading, told: Standing, ended: Reading | None, before: str) -> bool:
    """Whether there is so much of it at the end, and it is not what was done in all the years."""
    # 为3万户家庭提供住房: for whom, and not how many they are.
    for_whom = reading.holds_right and before.endswith("为")
    # 投资为3亿元: what it is, and no value that it came to.
    spent = reading.quantity.dimension == "money" and pattern.outlay.search(before) is not None
    reached = not (for_whom or spent) and pattern.reached.search(before) is not None
    ratio = reading.quantity.dimension == "ratio"
    if told.framed:
        return reached and ratio
    if ratio and not told.named:
        return True
    if pattern.change.match(reading.said) or pattern.works.search(reading.said):
        return False
    stands = _is_stock(reading.said) or pattern.since_then.match(told.behind) is not None
    return stands or reached or _stands_alone(reading.said, told) or _goes_on(told, ended)


def _passed(before: str, between: str) -> bool:
    """Whether a value was passed, and not by a sum of all the time: 突破, but not 累计…突破."""
    last = pattern.soft_end.split(between)[-1].rpartition("、")[2]
    return before.endswith(ends.passed) and pattern.added.search(last) is None


def _is_stock(name: str) -> bool:
    """Whether there is so much of it at any time (存款余额), and it is not those who were reached
    (惠及人口)."""
    reached = any(verb in name for verb in words.reaching)
    return not reached and pattern.stock.search(name) is not None


def _stands_alone(name: str, told: Standing) -> bool:
    """Whether a clause says no more than how many there are: 众创空间8家."""
    if pattern.standing_body.search(name) is None or pattern.one_change.search(name):
        return False
    begins = pattern.soft_end.split(told.between)[-1].rstrip("超约近逾") == name
    marked = told.behind.startswith("、") or pattern.clause_mark.match(told.behind or "。")
    return begins and bool(marked)


def _goes_on(told: Standing, ended: Reading | None) -> bool:
    """Whether it is the next of a list whose number before it is of the last year."""
    if not ended or ended.measure == "rank":
        return False
    return pattern.next_of_list.fullmatch(told.between) is not None


def _throughout(told: Standing, shape: re.Pattern[str]) -> bool:
    """Whether the clause says that it was so all the time: 连续四年超过80%, 始终居榜首."""
    clause = pattern.soft_end.split(told.before)[-1]
    return shape.search(clause) is not None


def _compares_the_end(reading: Reading, told: Standing, ended: Reading | None) -> bool:
    """A change against a year or a plan before the term tells how far it has come by the end; so
    does what a value of the last year is told to differ by."""
    if told.compared is not None:
        return told.compared == "yoy" or told.compared.startswith("since:")
    if reading.measure == "multiple" and "年前的" in told.before[-20:]:
        return True
    if reading.measure == "growth":
        listed = ended and pattern.side_by_side.fullmatch(told.between)
        # 下降超过五成: what it fell by is passed, and no rate reached.
        reached = pattern.reached.search(pattern.grown_by_more.sub("", told.between))
        return bool(listed) or (not told.framed and reached is not None)
    return ended is not None and reading.base is not None and not told.framed
