"""Where a numeral stands: the few characters around it, by which it is told what the number is."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, NamedTuple

from xiacheng_nlp.numbers.amounts import Quantity, amount
from xiacheng_nlp.numbers.number_words import pattern
from xiacheng_nlp.numbers.units import RATIO, Unit, bound_after, bound_before, is_large

_BLANK = " \t\u3000\xa0"
_QUOTES = (("“", "”", 24), ("《", "》", 60), ("\u300c", "\u300d", 24), ("‘", "’", 24))
"""Quotation marks, and how far from a number the opening and the closing one may stand."""
_STILL_OPEN = re.compile("|".join(f"{a}[^{b}]{{0,{reach - 1}}}$" for a, b, reach in _QUOTES))
_LIST_NUMBER = re.compile(r"[0-9]{1,3}[.．、]\s?[“]?$")


@dataclass(slots=True)
class Spot:
    """A numeral in its text: the `run` of its characters, and those beside it, a line's end where
    there is none."""

    text: str
    start: int
    end: int
    run: str
    left: str
    right: str

    def before(self, length: int) -> str:
        """So many characters before the numeral, or as many as there are."""
        return self.text[self.start - length if self.start > length else 0 : self.start]

    def behind(self, place: int, length: int = 1) -> str:
        """So many characters from the `place`th behind the numeral on, or as many as there are."""
        return self.text[self.end + place : self.end + place + length]

    def followed(self, words: re.Pattern[str]) -> re.Match[str] | None:
        """The words right behind the numeral, if they stand there."""
        return words.match(self.text, self.end)

    def quoted(self, end: int) -> bool:
        """Whether what stands here, up to `end`, stands in a title or a short quotation: “十四五”,
        《…2021—2025年…》, “513武林英才”."""
        text, start = self.text, self.start
        if not _STILL_OPEN.search(text, start - 60 if start > 60 else 0, start):
            return False
        for opening, closing, reach in _QUOTES:
            left = text.rfind(opening, start - reach if start > reach else 0, start)
            still_open = left >= 0 and text.find(closing, left, start) < 0
            if still_open and text.find(closing, end, end + reach) >= 0:
                return True
        return False

    def told(self, kind: str, end: int = 0, *, before: int = 0) -> Quantity:
        """The numeral, or what begins so far `before` it and ends elsewhere, as a number that is no
        amount."""
        start, end = self.start - before, end or self.end
        return Quantity(start, end, self.text[start:end], kind)

    def amount(
        self,
        value: Decimal,
        end: int,
        high: Decimal | None = None,
        unit: Unit = RATIO,
        *,
        kind: str = "quantity",
    ) -> Quantity:
        """What stands here, up to `end`, as an amount with the bound beside it."""
        text, start = self.text, self.start
        end, bound = bound_after(text, end, bound_before(text, start, large=is_large(unit)))
        return amount(text, start, end, value, high, unit, bound=bound, kind=kind)


def spot(text: str, start: int, end: int) -> Spot:
    """The numeral from `start` to `end` with what stands beside it."""
    left = text[start - 1] if start else "\n"
    return Spot(text, start, end, text[start:end], left, text[end : end + 1] or "\n")


_LONG = 6


def always(_: object) -> bool:
    """True: where a number stands decides it, whatever it is.

    >>> always("3")  # of a number in （3）, or behind 每, "each"
    True
    """
    return True


class Decision(NamedTuple):
    """One thing that a numeral may be: what it is, or whether it is one of that `kind`. It is tried
    only where the character before the numeral is one of `left`, the one behind it one of `right`,
    and its length one of `lengths`, in which six stands for more too; what is empty asks for
    nothing."""

    decide: Callable[[Spot], object]
    kind: str = ""
    left: Collection[str] = ""
    right: Collection[str] = ""
    lengths: Collection[int] = ()


def looking_at(rules: Sequence[tuple[Any, ...]], facts: int) -> Callable[..., list[Any]]:
    """What finds the rules that look at something of which so many facts are told, without what
    they look at: those whose last fields, each of them empty or some values, hold the facts.

    >>> rules = [("title", 1, "“《", ""), ("length", 2, "", "米")]  # behind a mark, before a metre
    >>> looking_at(rules, 2)("“", "年")
    [('title', 1)]
    """
    # What no rule asks for is all the same: few combinations of facts are left.
    fields = zip(*(rule[-facts:] for rule in rules), strict=True)
    asked = [{value: value for values in field for value in values} for field in fields]

    @cache
    def those(*told: object) -> list[tuple[Any, ...]]:
        return [
            rule[:-facts]
            for rule in rules
            if all(
                not values or fact in set(values)
                for values, fact in zip(rule[-facts:], told, strict=True)
            )
        ]

    return lru_cache(maxsize=1 << 15)(lambda *told: those(*map(dict.get, asked, told)))


def in_order(*decisions: Decision) -> Callable[[Spot], Quantity | None]:
    """What the first of the decisions says that says anything: their order is the rule."""
    tried = looking_at(decisions, 3)

    def first(here: Spot) -> Quantity | None:
        for decide, kind in tried(here.left, here.right, len(here.run[:_LONG])):
            if found := decide(here):
                return here.told(kind) if kind else found
        return None

    return first


def opens_line(text: str, position: int, *, listed: bool = False) -> bool:
    """Whether nothing stands before it in its line; with `listed`, nothing but a list number."""
    if not listed and position and text[position - 1] not in _BLANK:
        return text[position - 1] in "\n\r"
    before = text[max(0, position - 6) : position]
    if listed:
        before = _LIST_NUMBER.sub("", before)
    before = before.rstrip(_BLANK)
    return not before or before[-1] in "\n\r"


def opens_clause(text: str, position: int) -> bool:
    """Whether nothing but blanks stands between the position and the mark that ends the clause
    before."""
    before = text[max(0, position - 4) : position].rstrip(_BLANK)
    return not before or before[-1] in "\n\r。；;：:—，,"


def is_point(text: str, counted: Quantity) -> bool:
    """Whether points are counted that follow or are known (六个方面), and no things."""
    if counted.unit == "方面":
        return pattern.fields_listed.match(text, counted.end - len("方面")) is not None
    return pattern.points_listed.match(text, counted.end) is not None
