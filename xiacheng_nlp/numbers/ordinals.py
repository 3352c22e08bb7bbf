"""Ordinals: a rank (全省第一, 首位), a list number (第一，) or part of a name (第十四届)."""

import re
from collections.abc import Iterator
from decimal import Decimal

from xiacheng_nlp.numbers.amounts import HAN, Quantity, amount
from xiacheng_nlp.numbers.number_words import pattern, words
from xiacheng_nlp.numbers.numerals import parse_numeral
from xiacheng_nlp.numbers.spots import Spot, opens_clause

# 第三大港 is a rank, 三大战略 a title; not 大量, 大力.
_RANKED = re.compile(f"{pattern.ranked.pattern}[^，,。；;]{{0,4}}$")
_REACHES_RANK = re.compile(f"{pattern.reaches_rank.pattern}[^，,。；;]{{1,18}}$")
_MOVES = re.compile(f"{pattern.moves.pattern}[到至为]")
_ENDS = frozenset("，,。；;、：:）)”\n 和及并且的")
_THING = frozenset(words.ranked_thing)
_HOLDS = re.compile(f"{pattern.holds_top.pattern}[^，,。；;]{{0,12}}$")
_MANY = f"(?P<many>[{HAN}]{{1,3}}|[0-9]{{1,3}})"
# 前三 and 前十位 where something is ranked; not 前三季度, 前三强.
_FEW = re.compile(f"前{_MANY}(?:[位名](?![于单列]))?(?=[，,。；;、：:）)的]|$)")
# 后十位 where something is ranked, or is so no more: it takes 排名后十位; not 先后十名,
# 排名公布后十名, 退后三位, nor of how many (排名后三位的单位).
_LAST = re.compile(
    f"(?!退后.{{1,3}}[位名])(?:(?P<leaves>{pattern.leaves_rank.pattern})|{pattern.holds_last.pattern})"
    f"(?:{pattern.whole_group.pattern}[^，,。；;“”]{{0,10}}?)?"
    f"(?P<place>后(?<!{pattern.ends_in_after.pattern}){_MANY}"
    "(?:[位名](?![于单列的])|(?=[，,。；;、：:）)]|$)))"
)
# Takes 倒数第三, and 倒26名 of 排名倒26名 without 第; refuses 倒数三天.
_FROM_END = re.compile(
    f"(?:倒数第|(?<={pattern.place.pattern})倒数?(?=[{HAN}0-9]{{1,3}}[位名](?![于单列的])))"
    f"{_MANY}(?![天日年月周届次])(?:{pattern.rank.pattern})?"
)
# 3家企业进入前十 tells how many did, 进入前十的企业 which; what 到跻身前三 is of stands far before.
# Refuses 排名前十.
_ENTERS = re.compile(
    "(?P<other>[0-9一二两三四五六七八九十][个家所名项][^，,。；;]{0,20}|到)?(?:进入|跻身|挤进)"
    "[^，,。；;]{0,12}$"
)
_WHICH = re.compile("的(?![^，,。；;]{0,6}(?:目标|成绩|佳绩|突破|跨越))")
_PUTS_FIRST = re.compile(f"{pattern.puts_first.pattern}在[^，,。；;]{{0,4}}$")


def top_ranks(text: str) -> Iterator[Quantity]:
    """首位 and 榜首 as first ranks, 前三 as the third or better, 后三 as the third from the end or
    worse, where something is ranked.

    >>> said = "总量居全省首位，把质量摆在首位"  # "first in the province; quality is put first"
    >>> [rank.text for rank in top_ranks(said)]
    ['首位']
    """
    # Most texts have none of them, which is seen at once.
    if "前" in text:
        yield from _first_few(text)
    if "后" in text:
        for match in _LAST.finditer(text):
            yield from _from_end(match, "place", "<" if match["leaves"] else ">=")
    if "倒" in text:
        for match in _FROM_END.finditer(text):
            yield from _from_end(match, 0, "=")
    for match in pattern.top.finditer(text) if any(map(text.count, words.top)) else ():
        before = text[max(0, match.start() - 16) : match.start()]
        if _HOLDS.search(before) and not _PUTS_FIRST.search(before):
            yield _rank(text, match.start(), match.end(), Decimal(1))


def _first_few(text: str) -> Iterator[Quantity]:
    for match in _FEW.finditer(text):
        start = match.start()
        numeral = parse_numeral(match["many"])
        held = _HOLDS.search(text, max(0, start - 16), start)
        entered = held and _ENTERS.search(text, max(0, start - 40), start)
        of_things = entered and (entered["other"] or _WHICH.match(text, match.end()))
        if numeral and held and not of_things:
            yield _rank(text, start, match.end(), numeral.value, "<=")


def _from_end(match: re.Match[str], place: str | int, bound: str) -> Iterator[Quantity]:
    if numeral := parse_numeral(match["many"]):
        yield _rank(match.string, *match.span(place), -numeral.value, bound)


def read_ordinal(here: Spot) -> Quantity:
    """What 第 and the numeral behind it are: a rank, a list number or part of a name; the quantity
    begins with 第."""
    text, first = here.text, here.start - 1
    numeral = parse_numeral(here.run)
    if not numeral:
        return here.told("unparsed", before=1)
    value = numeral.value
    if here.right in "，,、：:" and opens_clause(text, first):
        return here.told("enumerator", before=1)
    place = here.followed(pattern.rank)
    ranked = _RANKED.search(text, max(0, first - 12), first) is not None
    if place and (ranked or _REACHES_RANK.search(text, max(0, first - 20), first)):
        return _rank(text, first, place.end(), value)
    if ranked and not here.quoted(here.end):
        # It stands for what is ranked: 全省第一，, 全国第三大, 由第三上升到第二.
        if here.right in _ENDS or here.followed(pattern.big) or here.followed(_MOVES):
            return _rank(text, first, here.end, value)
        if here.right in _THING and not text.startswith("个五年", here.end):
            return _rank(text, first, here.end + 1, value)
    return here.told("name", before=1)


def _rank(text: str, start: int, end: int, value: Decimal, bound: str = "=") -> Quantity:
    return amount(text, start, end, value, kind="rank", bound=bound)
