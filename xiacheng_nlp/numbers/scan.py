"""Every number of a text, told apart: amounts with their unit and bound, ranks, durations, dates,
names, list numbers.

The text is scanned once for digits and Chinese numerals; what a number is, is decided from the few
characters around it. No look reaches further than a fixed window, so that the time is linear in the
length of any text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from xiacheng_nlp.numbers.amounts import (
    AMOUNTS,
    ARABIC_NUMBER,
    CLASSES,
    Quantity,
    in_quotes,
    opens_line,
    read_amount,
    unread,
)
from xiacheng_nlp.numbers.chinese import DATE_BEGINS, DATE_TAIL, HAN, read_han
from xiacheng_nlp.numbers.numerals import parse_arabic, tidy
from xiacheng_nlp.numbers.ordinals import RANK_WORD, read_ordinal, top_rank
from xiacheng_nlp.numbers.units import MAGNITUDE, bound_after, bound_before, unit_at, unit_behind
from xiacheng_nlp.text import normalised

__all__ = ["AMOUNTS", "CLASSES", "Quantity", "quantities"]

_DIGIT = re.compile(f"[0-9{HAN}]")
_HAN_RUN = re.compile(f"[{HAN}]+")
_CODE_BEFORE = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-/_.][A-Za-z0-9]+)*[-/_.]?$")
_CODE_AFTER = re.compile(r"[A-Za-z0-9]*(?:[-/_+.][A-Za-z0-9]+)*")
_YEAR_TAIL = re.compile("年(?!级|龄|限)")
_UNTIL = re.compile(r"\s*(?:[-－–—―~～至]{1,2}|和|、)\s*(?:[0-9]{4})\s*年")
_HOUR = re.compile("[0-9]{1,2}[:：]$")
_TO_DATE = re.compile("[-－–—~～至、和][0-9]{1,2}(?:月|日|季度|年代)")
_ROAD = re.compile("(?:国道|省道|县道|乡道|高速|编号|邮编|热线|航班|附件|附表|第)$")
_ROAD_ENDS = "道速号编线班件表第\n"
"""The characters before which the pattern can end; `$` also stands before a line break, hence that
one."""
_HOTLINE = re.compile("[^，,。；;、]{0,8}热线")
_PROPORTION = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:[:：∶][0-9]+(?:\.[0-9]+)?){1,3}(?![0-9年月])")
_COLON = re.compile("[:：∶]")
_DAY_BEFORE = re.compile(r"[0-9日]\s{1,2}$")
"""A time of day: 2014-02-19 18:55:27."""
_FRACTION = re.compile(r"([0-9]{1,2})/([0-9]{1,3})(?![0-9/年月万])")
_NUMBERS_OF = re.compile(r"(?:[-－–—~～至到、和及与]{1,2}[0-9]{1,4}){1,9}(?=号)")
_NUMBERED = frozenset("-－–—~～至到、和及与")
"""What joins numbers that share one 号: 1、2号线."""
_POINTS = re.compile(
    r"(?:高于|低于|快于)?(?:全[国省市区县州](?:平均)?)?[0-9]+(?:\.[0-9]+)?个百分点"
)
_BEFORE_MINUS = "、，,长为是达到至比的率幅（(和"
_JOINTS = ("和", "、", "及", "与")
_FOR_ALL = re.compile("(?:分别|均|双双|都|先后|相继|接连|连续)[^，,、。；;]{0,5}$|约为?$")
"""What stands before the first number of a list when its bound holds for all of them:
分别超过30%、20%."""


def quantities(text: str) -> tuple[Quantity, ...]:
    """Every number of `text` once, in order, with its class; nothing is left out.

    A run of digits or Chinese numerals belongs to exactly one quantity, which may hold several runs
    (a range, 56万余起, a date's parts stay apart). 首位 and 榜首, ranks without a numeral, are added. Full
    width and blanks beside a number change nothing.

    >>> [(q.text, q.kind, q.value, q.unit, q.bound) for q in quantities("查处各类违法行为56万余起")]  # "over 560,000 offences dealt with"
    [('56万余起', 'quantity', Decimal('56'), '万起', '>')]
    """
    _, places, found = numbers_of(text)
    if isinstance(places, range):
        return tuple(found)
    return tuple(
        quantity.at(places[quantity.start], places[quantity.end - 1] + 1) for quantity in found
    )


def numbers_of(text: str) -> tuple[str, Sequence[int], list[Quantity]]:
    """The text as rules read it, where its characters stand in the text that was given, and its
    numbers.

    The spans of the numbers are those in the text that is returned; their `text` is what stands in
    the text that was given.

    >>> plain, places, (number,) = numbers_of("增长 １２ %")  # "up 12 %"
    >>> plain, number.text, number.unit, places[number.start]
    ('增长12%', '１２ %', '%', 3)
    """
    plain, places = normalised(text)
    found = list(_scan(plain))
    if plain != text:
        found = [q.at(q.start, q.end, text[places[q.start] : places[q.end - 1] + 1]) for q in found]
    return plain, places, found


def _scan(text: str) -> Iterator[Quantity]:
    search, han_run = _DIGIT.search, _HAN_RUN.match
    top = RANK_WORD.search(text)
    position = 0
    bounded: Quantity | None = None
    while True:
        match = search(text, position)
        start = match.start() if match else len(text)
        while top and top.start() < start:
            if top.start() >= position and (found := top_rank(text, top.start(), top.end())):
                yield found
            top = RANK_WORD.search(text, top.end())
        if not match:
            return
        run = han_run(text, start)
        quantity = read_han(text, start, run.end()) if run else _arabic(text, start)
        if (
            bounded is not None
            and quantity.kind == "quantity"
            and quantity.bound == "="
            and _goes_on(text, bounded, quantity)
        ):
            bounded = quantity = replace(quantity, bound=bounded.bound)
        else:
            bounded = quantity if quantity.bound != "=" and _bounds_all(text, quantity) else None
        if quantity.kind == "unparsed" and _COLON.search(quantity.text):
            yield from _hundredths(text, quantity.start, quantity.text) or (quantity,)
        else:
            yield quantity
        position = max(quantity.end, start + 1)


def _bounds_all(text: str, quantity: Quantity) -> bool:
    return (
        _FOR_ALL.search(text, max(0, quantity.start - 8), quantity.start) is not None
        and bound_before(text, quantity.start) != "="
    )


def _goes_on(text: str, bounded: Quantity, quantity: Quantity) -> bool:
    """Whether a number is one more of a list whose bound stands before its first one."""
    return (
        text[bounded.end : quantity.start] in _JOINTS
        and bounded.dimension == quantity.dimension
        and not bounded.value_high
    )


def _arabic(text: str, start: int) -> Quantity:
    match = ARABIC_NUMBER.match(text, start)
    assert match is not None
    end = match.end()
    left = text[start - 1] if start else "\n"
    right = text[end] if end < len(text) else "\n"
    if (
        left in "-－−"
        and start > 1
        and text[start - 2] in _BEFORE_MINUS
        and (fall := _negative(text, start, match[0]))
    ):
        return fall
    if (left.isascii() and (left.isalpha() or left in "-/_.+")) or left == "＋":
        code = _code(text, start, end)
        if code:
            return code
    if left == "第":
        return read_ordinal(text, start, end, match[0])
    if (
        opens_line(text, start)
        and right in ".、．)）"
        and not text[end + 1 : end + 2].isdigit()
        and end - start <= 3
    ):
        return Quantity(start, end, match[0], "enumerator")
    if left in "[【〔(（" and right in "]】〕)）" and end - start <= 4:
        return Quantity(start, end, match[0], "enumerator" if end - start < 4 else "name")
    proportion = _PROPORTION.match(text, start) if right in ":：∶" else None
    if proportion and _hundredths(text, start, proportion[0]):
        return Quantity(start, proportion.end(), proportion[0], "unparsed")
    date = _arabic_date(text, start, end, match[0], left, right)
    if date:
        return date
    if proportion:
        return _proportion(text, proportion)
    if right == "/" and (fraction := _FRACTION.match(text, start)) and int(fraction[2]):
        return _ratio(
            text, start, fraction.end(), tidy(round(Decimal(fraction[1]) / Decimal(fraction[2]), 4))
        )
    if (
        (left in _ROAD_ENDS and _ROAD.search(text, max(0, start - 2), start))
        or (left == " " and text[max(0, start - 3) : start] == "PM ")
        or (end - start == 5 and _HOTLINE.match(text, end))
    ):
        return Quantity(start, end, match[0], "name")
    if right in _NUMBERED and (numbers := _NUMBERS_OF.match(text, end)):
        return Quantity(
            start, end, match[0], "date" if DATE_TAIL.match(text, numbers.end()) else "name"
        )
    if right in "+＋" or (right == "X" and left in "“"):
        return Quantity(start, end, match[0], "name")
    amount = read_amount(text, start, end, match[0])
    if amount is None:
        return unread(text, start, end)
    if (
        "." in match[0]
        and amount.dimension == "count"
        and amount.unit == "个"
        and opens_line(text, start)
    ):
        whole = match[0].partition(".")[0]
        return Quantity(start, start + len(whole), whole, "enumerator")
    if (
        amount.unit == "个"
        and "." in match[0]
        and text[amount.end : amount.end + 1] in _JOINTS
        and _POINTS.match(text, amount.end + 1)
    ):
        return replace(amount, unit="个百分点", unit_base="个百分点", dimension="ratio")
    if (
        not amount.unit_base
        and text[amount.end : amount.end + 1] in _JOINTS
        and not in_quotes(text, start, amount.end)
    ):
        partner = _partner(text, amount)
        if partner is not None:
            return partner
    if not amount.unit:
        return _bare(text, start, end, amount, left)
    if amount.dimension in ("count", "") and in_quotes(text, start, amount.end):
        return Quantity(start, amount.end, amount.text, "name")
    return amount


def _negative(text: str, start: int, digits: str) -> Quantity | None:
    """增长-2.3%: a number below zero, its sign part of it."""
    amount = read_amount(text, start, start + len(digits), digits)
    if (
        amount is None
        or amount.dimension not in ("ratio", "money")
        or amount.value is None
        or amount.value_base is None
    ):
        return None
    return replace(
        amount,
        start=start - 1,
        text=text[start - 1 : amount.end],
        value=-amount.value,
        value_base=-amount.value_base,
    )


def _ratio(text: str, start: int, end: int, value: Decimal) -> Quantity:
    """A part of a whole, without a unit."""
    end, bound = bound_after(text, end, bound_before(text, start))
    return Quantity(
        start, end, text[start:end], "quantity", value, None, "", bound, value, None, "", "ratio"
    )


def _proportion(text: str, match: re.Match[str]) -> Quantity:
    """2.27:1 is 2.27 to one; a proportion of three (4.0:37.7:58.3) is no single number, and is
    parted where it makes a hundred."""
    parts = _COLON.split(match[0])
    value = parse_arabic(parts[0])
    if len(parts) == 2 and parts[1] == "1" and value is not None:
        return Quantity(
            match.start(),
            match.end(),
            match[0],
            "quantity",
            value,
            None,
            "",
            bound_before(text, match.start()),
            value,
            None,
            "",
            "ratio",
        )
    return Quantity(match.start(), match.end(), match[0], "unparsed")


def _hundredths(text: str, start: int, proportion: str) -> list[Quantity]:
    """The parts of a proportion that make a hundred, but for rounding: each is so many per cent,
    though no unit is written."""
    places = [match.span() for match in ARABIC_NUMBER.finditer(proportion)]
    values = [parse_arabic(proportion[a:b]) for a, b in places]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return []
    decimals = max(-int(value.as_tuple().exponent) for value in known)
    if abs(sum(known, Decimal(-100))) > len(known) * Decimal("0.5").scaleb(
        -decimals
    ) or _DAY_BEFORE.search(text, max(0, start - 4), start):
        return []
    return [
        Quantity(
            start + a,
            start + b,
            proportion[a:b],
            "quantity",
            value,
            None,
            "",
            "=",
            value,
            None,
            "%",
            "ratio",
        )
        for (a, b), value in zip(places, known, strict=True)
    ]


def _code(text: str, start: int, end: int) -> Quantity | None:
    """Digits behind Latin letters: H7N9, XC10-060-R21-05, PM2.5; not GDP5.5%, whose letters are a
    word and not a code."""
    before = _CODE_BEFORE.search(text[max(0, start - 24) : start])
    after = _CODE_AFTER.match(text, end, end + 24)
    tail = after.end() if after else end
    if before is None:
        left = text[start - 1]
        if left in "+＋" and start > 1 and (text[start - 2].isdigit() or text[start - 2].isalpha()):
            return Quantity(start, tail, text[start:tail], "name")
        if left == "-" and start > 1 and text[start - 2].isalnum():
            if text[start - 2].isdigit() and re.search(
                r"(?:19|20)[0-9]{2}-(?:[0-9]{1,2}-)?$", text[max(0, start - 9) : start]
            ):
                return Quantity(start, end, text[start:end], "date")
            return Quantity(start, tail, text[start:tail], "name")
        return None
    if (
        len(before[0]) >= 3
        and before[0].isalpha()
        and before[0] not in ("COVID",)
        and text[tail : tail + 1] in ("%", "万", "亿", "个")
    ):
        return None
    return Quantity(start, tail, text[start:tail], "name")


def _arabic_date(
    text: str, start: int, end: int, digits: str, left: str, right: str
) -> Quantity | None:
    plain = end - start
    if plain == 2 and text.startswith("世纪", end):
        return Quantity(start, end, digits, "date")
    year = plain == 4 and digits[:2] in ("19", "20")
    if year and (
        _YEAR_TAIL.match(text, end)
        or _UNTIL.match(text, end)
        or (right in "-/." and text[end + 1 : end + 2].isdigit())
    ):
        return Quantity(start, end, digits, "date")
    if year and left in "-－–—―~～至、" and right == "年":
        return Quantity(start, end, digits, "date")
    if plain <= 2:
        tail = DATE_TAIL.match(text, end) if right in DATE_BEGINS else None
        if tail and not (
            tail[0] == "日"
            and left not in "月、-－–—至到"
            and not text[max(0, start - 1) : start].isdigit()
            and text[end + 1 : end + 2] in ("内", "游")
        ):
            return Quantity(start, end, digits, "date")
        if (right in ":：" and text[end + 1 : end + 3].isdigit()) or (
            left in ":：" and _HOUR.search(text[max(0, start - 3) : start])
        ):
            return Quantity(start, end, digits, "date")
        if right in "-－–—~～至、和" and _TO_DATE.match(text, end, end + 6):
            return Quantity(start, end, digits, "date")
        if (
            plain == 2
            and digits[0] in "56789"
            and right == "年"
            and text[end + 1 : end + 2] in ("代", "底", "初")
        ):
            return Quantity(start, end, digits, "date")
    if (year and right in "“”—-") or (
        year and not (right in "%多余万亿.个家户人名项元吨亩米公千" or unit_at(text, end))
    ):
        return Quantity(start, end, digits, "date")
    return None


def _bare(text: str, start: int, end: int, amount: Quantity, left: str) -> Quantity:
    """A number without unit: a name where it is glued to what follows (12345热线, 500强), else an
    amount (指数达到85.6)."""
    right = text[amount.end] if amount.end < len(text) else "\n"
    quoted = in_quotes(text, start, amount.end)
    if not quoted and (
        any(c in amount.text for c in "万亿")
        or (left in "从由为达到至约" and text[end : end + 1] not in ("强", "佳", "号", "期", "级"))
    ):
        return amount
    ends = right in "，,。；;、：: \n）)" or amount.end >= len(text) or amount.bound in (">=", "<=")
    if ends and (
        "." in amount.text or (left not in "“《（([〔" and amount.value_high is None and not quoted)
    ):
        return amount
    return Quantity(start, end, text[start:end], "name")


def _partner(text: str, amount: Quantity) -> Quantity | None:
    """4.2和0.7个百分点, 1409万、1305万人次: the first number shares the unit of the second."""
    match = ARABIC_NUMBER.match(text, amount.end + 1)
    if match is None:
        return None
    magnitude = (
        MAGNITUDE.match(text, match.end())
        if amount.unit and not unit_at(text, match.end())
        else None
    )
    unit, _ = unit_behind(text, magnitude.end() if magnitude else match.end(), True)
    if (
        unit is None
        or amount.value_base is None
        or unit.dimension == "duration"
        or (unit.dimension == "count" and not amount.unit)
    ):
        return None
    base = amount.value_base * unit.factor
    return replace(
        amount,
        unit=amount.unit + unit.name,
        value_base=base,
        unit_base=unit.base,
        dimension=unit.dimension,
    )
