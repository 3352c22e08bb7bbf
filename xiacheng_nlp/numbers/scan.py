"""Every number of a text, told apart: amounts with their unit and bound, ranks, durations, dates,
names, list numbers.

The text is scanned once for digits and Chinese numerals; what a number is, is decided from the few
characters around it. No look reaches further than a fixed window, so that the time is linear in the
length of any text.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import attrgetter

from xiacheng_nlp.numbers.amounts import AMOUNTS, CLASSES, HAN, MORE_DIGITS, Quantity
from xiacheng_nlp.numbers.arabic import JOINTS, proportion_parts, read_arabic
from xiacheng_nlp.numbers.chinese import read_han
from xiacheng_nlp.numbers.number_words import pattern
from xiacheng_nlp.numbers.numerals import COUNTED
from xiacheng_nlp.numbers.ordinals import top_ranks
from xiacheng_nlp.numbers.units import bound_before
from xiacheng_nlp.text import normalised

__all__ = ["AMOUNTS", "CLASSES", "Quantity", "quantities"]

# A number in digits, or a run of Chinese numerals; 数 begins none where it is how many (总数三百,
# 户数两千), and 两 another number behind a whole one (五一、十一两个假期).
_OTHERS = f"[{HAN.replace('两', '')}]*"
_BEGINS = re.compile(
    f"[0-9{HAN}](?<!数(?=[{COUNTED[:-1]}两]|[十百千](?:[{COUNTED[:-1]}零]|分(?!钟))))"
    f"(?:(?<=[0-9]){MORE_DIGITS}|(?<![0-9]){_OTHERS}(?:(?<!十[{COUNTED[:-1]}])两{_OTHERS})*)"
)
# What stands before the first number of a list when its bound holds for all: 分别超过30%、20%.
_ALL_OF_LIST = re.compile(f"{pattern.all_of_list.pattern}[^，,、。；;]{{0,5}}$|约为?$")


def quantities(text: str) -> tuple[Quantity, ...]:
    """Every number of `text` once, in order, with its class; nothing is left out.

    A run of digits or Chinese numerals belongs to exactly one quantity, which may hold several runs
    (a range, 56万余起, a date's parts stay apart). 首位 and 榜首, ranks without a numeral, are
    added. Full width and blanks beside a number change nothing.

    >>> (number,) = quantities("查处各类违法行为56万余起")  # "over 560,000 offences dealt with"
    >>> number.text, number.kind, number.value, number.unit, number.bound
    ('56万余起', 'quantity', Decimal('56'), '万起', '>')
    """
    _, places, found = numbers_of(text)
    if isinstance(places, range):
        return found
    return tuple(
        quantity.at(places[quantity.start], places[quantity.end - 1] + 1) for quantity in found
    )


# A report's numbers are asked for by what names them, and by what tells that none is left out.
@lru_cache(maxsize=1024)
def numbers_of(text: str) -> tuple[str, Sequence[int], tuple[Quantity, ...]]:
    """The text as rules read it, where its characters stand in the text that was given, and its
    numbers.

    The spans of the numbers are those in the text that is returned; their `text` is what stands in
    the text that was given.

    >>> plain, places, (number,) = numbers_of("增长 １２ %")  # "up 12 %"
    >>> plain, number.text, number.unit, places[number.start]
    ('增长12%', '１２ %', '%', 3)
    """
    plain, places = normalised(text)
    found = _scan(plain)
    if len(found) > 1:
        _bound_lists(plain, found)
        _count_lists(plain, found)
    if tops := list(top_ranks(plain)):
        found = list(_apart(sorted([*found, *tops], key=attrgetter("start"))))
    if plain != text:
        found = [q.at(q.start, q.end, text[places[q.start] : places[q.end - 1] + 1]) for q in found]
    return plain, places, tuple(found)


def _apart(found: list[Quantity]) -> Iterator[Quantity]:
    """Without a 首位 that begins in a number (3首)."""
    end = 0
    for quantity in found:
        if quantity.start >= end:
            yield quantity
            end = quantity.end


def _bound_lists(text: str, found: list[Quantity]) -> None:
    """Gives the bound before the first of a list, or behind its last, to all that it holds for."""
    for place, bounded in enumerate(found):
        if bounded.bound == "=":
            continue
        first, last = place, place + 1
        if _holds_for_all(text, bounded) and bound_before(text, bounded.start, large=True) != "=":
            while _goes_on(text, found[last - 1 : last + 1]) and found[last].kind == "quantity":
                found[last] = found[last]._replace(bound=bounded.bound)
                last += 1
        while first and _goes_on(text, found[first - 1 : first + 1], 0):
            first -= 1
        # 左右 behind the last holds for all, 以上 where each of them is told (分别增长7%、9%以上).
        behind = text[bounded.end - 2 : bounded.end]
        each = behind in ("以上", "以下", "以内") and _holds_for_all(text, found[first])
        if each or behind == "左右":
            for i in range(first, place):
                found[i] = found[i]._replace(bound=bounded.bound)


def _count_lists(text: str, found: list[Quantity]) -> None:
    """What goes on a list of days that are counted is counted too: 优良天数分别为300天、310天."""
    for i in range(1, len(found)):
        one, other = found[i - 1], found[i]
        counted = other.kind == "duration" == one.dimension and one.kind == "quantity"
        if counted and _goes_on(text, (one, other)):
            found[i] = other._replace(kind="quantity")


def _holds_for_all(text: str, first: Quantity) -> bool:
    """Whether a bound of a list that begins with this number holds for all of it."""
    return _ALL_OF_LIST.search(text, max(0, first.start - 8), first.start) is not None


def _goes_on(text: str, two: Sequence[Quantity], new: int = 1) -> bool:
    """Whether the second of two numbers is one more of a list, and the `new` one has no bound."""
    if len(two) < 2 or two[new].bound != "=":
        return False
    one, other = two
    return (
        text[one.end : other.start] in JOINTS
        and one.dimension == other.dimension
        and not one.value_high
    )


def _scan(text: str) -> list[Quantity]:
    found: list[Quantity] = []
    position = 0
    while match := _BEGINS.search(text, position):
        start, end = match.span()
        quantity = (read_arabic if text[start].isascii() else read_han)(text, start, end)
        if quantity.kind == "unparsed":
            found += proportion_parts(text, quantity.start, quantity.text) or (quantity,)
        else:
            found.append(quantity)
        position = quantity.end
    return found
