"""What of a term of several years is told of its last one: what it has come to by then, and not
what was done in all of it."""

from typing import NamedTuple

from xiacheng_nlp.observations.reading import Reading
from xiacheng_nlp.observations.vocabulary import ends, pattern


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
        return not _throughout(told)
    if reading.measure in ("growth", "difference", "multiple"):
        return _compares_the_end(reading, told, ended)
    return reading.at_end or _level_at_the_end(reading, told, ended)


def _level_at_the_end(reading: Reading, told: Standing, ended: Reading | None) -> bool:
    before = pattern.list_before.sub("", told.before)
    if pattern.one_after_another.search(before):
        return False
    if before.endswith(ends.passed):
        return True
    if _throughout(told):
        return False
    if pattern.added.search(told.between):
        return False
    reached = pattern.reached.search(before) is not None
    if told.framed:
        return reading.measure == "share" and reached
    if reading.quantity.dimension == "ratio" and not told.named:
        return True
    if pattern.change.match(reading.said) or pattern.works.search(reading.said):
        return False
    stock = pattern.stock.search(reading.said) or pattern.since_then.match(told.behind)
    return bool(stock) or reached or _goes_on(told, ended)


def _goes_on(told: Standing, ended: Reading | None) -> bool:
    """Whether it is the next of a list whose number before it is of the last year."""
    if ended is None or ended.measure == "rank":
        return False
    return pattern.next_of_list.fullmatch(told.between) is not None


def _throughout(told: Standing) -> bool:
    """Whether the clause says that it was so all the time: 连续四年居榜首."""
    clause = pattern.soft_end.split(told.before)[-1]
    return pattern.throughout.search(clause) is not None


def _compares_the_end(reading: Reading, told: Standing, ended: Reading | None) -> bool:
    """A change against a year or a plan before the term tells how far it has come by the end; so
    does what a value of the last year is told to differ by."""
    if told.compared is not None:
        return told.compared == "yoy" or told.compared.startswith("since:")
    if reading.measure == "growth":
        return not told.framed and pattern.reached.search(told.between) is not None
    return ended is not None and reading.base is not None and not told.framed
