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

from xiacheng_nlp.numbers.amounts import AMOUNTS, CLASSES, HAN, Quantity
from xiacheng_nlp.numbers.arabic import JOINTS, proportion_parts, read_arabic
from xiacheng_nlp.numbers.chinese import read_han
from xiacheng_nlp.numbers.number_words import pattern
from xiacheng_nlp.numbers.numerals import COUNTED
from xiacheng_nlp.numbers.ordinals import top_ranks
from xiacheng_nlp.numbers.units import bound_before
from xiacheng_nlp.text import normalised

__all__ = ["AMOUNTS", "CLASSES", "Quantity", "quantities"]

# A digit, or a run of Chinese numerals; 数 begins none where it is how many (总数三百, 户数两千),
# and 两 another number behind a whole one (五一、十一两个假期).
_OTHERS = f"[{HAN.replace('两', '')}]*"
_BEGINS = re.compile(
    f"[0-9{HAN}](?<!数(?=[{COUNTED[:-1]}两]|[十百千](?:[{COUNTED[:-1]}零]|分(?!钟))))"
    f"(?:(?<![0-9]){_OTHERS}(?:(?<!十[{COUNTED[:-1]}])两{_OTHERS})*)?"
)
# What stands before the first number of a list when its bound holds for all: 分别超过30%、20%.
_ALL_OF_LIST = re.compile(f"{pattern('all_of_list')}[^，,、。；;]{{0,5}}$|约为?$")


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
    if _bounded(found):
        _bound_lists(plain, found)
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
    for place in _bounded(found):
        bounded = found[place]
        stands = bounded.start
        all_of_it = _ALL_OF_LIST.search(text, max(0, stands - 8), stands)
        if not all_of_it or bound_before(text, stands, large=True) == "=":
            continue
        for i in range(place + 1, len(found)):
            one = found[i]
            alike = one.bound == "=" and one.kind == "quantity"
            if not alike or not _goes_on(text, found[i - 1], one):
                break
            found[i] = one._replace(bound=bounded.bound)
    for last in _bounded(found):
        first = last
        while first and found[first - 1].bound == "=":
            if not _goes_on(text, found[first - 1], found[first]):
                break
            first -= 1
        if first < last and _bounds_those_before(text, found[first], found[last]):
            bound = found[last].bound
            found[first:last] = [one._replace(bound=bound) for one in found[first:last]]


def _bounded(found: list[Quantity]) -> list[int]:
    """The places of those that have a bound."""
    return [place for place, one in enumerate(found) if one.bound != "="]


def _bounds_those_before(text: str, first: Quantity, last: Quantity) -> bool:
    """Whether the bound behind the last number of a list holds for all of it: 左右 always does,
    以上 where the list tells each of several (分别增长7%、9%以上)."""
    behind = text[last.end - 2 : last.end]
    told = _ALL_OF_LIST.search(text, max(0, first.start - 8), first.start)
    return behind == "左右" or (told is not None and behind in ("以上", "以下", "以内"))


def _goes_on(text: str, bounded: Quantity, quantity: Quantity) -> bool:
    """Whether a number is one more of a list whose bound stands before its first one."""
    return (
        text[bounded.end : quantity.start] in JOINTS
        and bounded.dimension == quantity.dimension
        and not bounded.value_high
    )


def _scan(text: str) -> list[Quantity]:
    found: list[Quantity] = []
    position = 0
    while match := _BEGINS.search(text, position):
        start, end = match.span()
        arabic = text[start].isascii()
        quantity = read_arabic(text, start) if arabic else read_han(text, start, end)
        if quantity.kind == "unparsed":
            found += proportion_parts(text, quantity.start, quantity.text) or (quantity,)
        else:
            found.append(quantity)
        position = quantity.end
    return found
