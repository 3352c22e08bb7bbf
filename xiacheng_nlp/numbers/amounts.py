"""An amount: a numeral with its magnitude, unit and bound, read from where it stands."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from xiacheng_nlp.numbers.numerals import (
    Numeral,
    is_magnitude,
    magnitude_factor,
    parse_arabic,
    parse_han,
    tidy,
)
from xiacheng_nlp.numbers.units import (
    HALF,
    MAGNITUDE,
    Unit,
    bound_after,
    bound_before,
    bound_words,
    half_behind,
    split_unit,
    unit_at,
    unit_behind,
)

CLASSES = ("quantity", "rank", "duration", "date", "name", "enumerator", "none", "unparsed")
AMOUNTS = frozenset({"quantity", "rank", "duration"})
ARABIC_NUMBER = re.compile(
    r"[0-9]{1,3}(?:,[0-9]{3}){1,6}(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
)
_HAN_NUMBER = re.compile(
    "[零〇○一二两三四五六七八九十百千万亿几数]+(?:点[零〇○一二三四五六七八九]+)?"
)
_TO = re.compile(r"\s?(?:[-－–—―~～]{1,2}|[至到])\s?")
_TO_BEGINS = frozenset("-－–—―~～至到")
_MAGNITUDE_BEGINS = frozenset("十百千万亿")
_BLANK = " \t\u3000\xa0"
_ONE = Decimal(1)
_LARGE = re.compile(
    "[一二两三四五六七八九十]+[百千]?[万亿]|[百千]+[一二两三四五六七八九十]+[百千十]*[万亿]"
)
"""A Chinese numeral that is an amount with any unit: 六百八十万方 are cubic metres, 三方 parties, and 万里长城
is a wall."""
_CHANGED = frozenset(
    {
        "增加",
        "减少",
        "下降",
        "上升",
        "提高",
        "降低",
        "上涨",
        "下跌",
        "扩大",
        "缩小",
        "压缩",
        "缩短",
        "延长",
    }
)
_DAYS = re.compile(
    "(?:天数|日数|优良天)[^，,。；;]{0,4}$|(?:同比|[比较][^，,]{2,10})(?:增加|减少|多|少)了?$"
)
_QUOTES = (("“", "”", 24), ("《", "》", 60), ("\u300c", "\u300d", 24), ("‘", "’", 24))
"""Quotation marks, and how far from a number the opening and the closing one may stand."""
_OPENING = re.compile("[“《\u300c‘]")
_LIST_NUMBER = re.compile(r"[0-9]{1,3}[.．、]\s?[“]?$")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of the text: `text[start:end]` is the whole expression. `kind` is one of CLASSES.

    `value` and `unit` are as written (643.57, 亿元), `value_base` and `unit_base` the same amount in
    the base unit, exactly (64357000000, 元); a range has `value_high` and `value_base_high`.
    `bound`: =, >=, <=, >, <, ~. `dimension` is the unit's.
    """

    start: int
    end: int
    text: str
    kind: str
    value: Decimal | None = None
    value_high: Decimal | None = None
    unit: str = ""
    bound: str = "="
    value_base: Decimal | None = None
    value_base_high: Decimal | None = None
    unit_base: str = ""
    dimension: str = ""

    def at(self, start: int, end: int, text: str | None = None) -> "Quantity":
        """The same number at another place, and with another surface if one is given."""
        # Four times as fast as dataclasses.replace, by which half the time of scanning would go.
        return Quantity(
            *(
                start,
                end,
                self.text if text is None else text,
                self.kind,
                self.value,
                self.value_high,
                self.unit,
                self.bound,
            ),
            *(self.value_base, self.value_base_high, self.unit_base, self.dimension),
        )


def read_amount(text: str, start: int, end: int, arabic: str | None) -> Quantity | None:
    """The amount whose numeral stands at `start` to `end`, with magnitude, unit, bound and the
    other end of a range.

    `arabic` are its digits, None for a Chinese numeral. None where the numeral is no number of sane
    length.
    """
    numeral = _numeral(text, start, end, arabic)
    if numeral is None:
        return None
    stop, magnitude, inside = _magnitude(text, end, arabic is not None)
    unit, unit_end, parting = _unit(
        text,
        stop,
        arabic is not None or _LARGE.search(text, start, end) is not None,
        numeral,
        magnitude,
    )
    if unit is None and inside and not magnitude:
        stop, inside = end, ""
    if parting == "半":
        numeral = _and_a_half(numeral)
    elif parting:
        inside = parting
    high: Numeral | None = None
    ranged = _range(text, unit_end if unit else stop, start)
    if ranged is not None:
        second, second_end, second_magnitude, second_unit = ranged
        alike = unit is None or (
            second_unit is not None
            and second_unit.base == unit.base
            and not _by_and_to(text, start, unit_end, unit)
        )
        if alike and (second_unit is not None or magnitude or not second_magnitude):
            high, unit_end, unit = second, second_end, second_unit or unit
            if not magnitude and not numeral.magnitude:
                magnitude = second_magnitude
                numeral = Numeral(numeral.value, second.magnitude if not second_magnitude else "")
            elif (numeral.magnitude or magnitude) != (second.magnitude or second_magnitude):
                scale = magnitude_factor(numeral.magnitude or magnitude) / magnitude_factor(
                    second.magnitude or second_magnitude
                )
                numeral, magnitude = (
                    Numeral(tidy(numeral.value * scale), second.magnitude),
                    second_magnitude,
                )
            stop = second_end
    whole = numeral.magnitude + magnitude
    if not is_magnitude(whole):
        whole = magnitude
    factor = magnitude_factor(whole) if is_magnitude(whole) else _ONE
    bound = bound_before(text, start)
    if inside:
        bound = bound_words("inside")[inside]
    if numeral.open:
        bound = ">"
    last = unit_end if unit is not None else stop
    last, bound = bound_after(text, last, bound)
    top = high.value if high else numeral.high
    name = whole + (unit.name if unit else "")
    base_factor = factor * unit.factor if unit else factor
    kind = (
        "duration"
        if unit
        and unit.dimension == "duration"
        and not _DAYS.search(text[max(0, start - 14) : start])
        else "quantity"
    )
    if (
        kind == "duration"
        and text[last : last + 1] == "内"
        and text[last + 1 : last + 2] not in ("地", "部", "涵", "外")
    ):
        last, bound = last + 1, "<="
    return Quantity(
        start,
        last,
        text[start:last],
        kind,
        numeral.value,
        top,
        name,
        bound,
        numeral.value * base_factor,
        None if top is None else top * base_factor,
        unit.base if unit else "",
        unit.dimension if unit else "",
    )


def _unit(
    text: str, position: int, arabic: bool, numeral: Numeral, magnitude: str
) -> tuple[Unit | None, int, str]:
    """The unit, its end, and the 半 or bound that stands in it or, for 半, behind it."""
    halved = (
        not magnitude
        and not numeral.magnitude
        and not numeral.open
        and numeral.value == int(numeral.value)
    )
    parted = split_unit(text, position)
    if parted and (halved or parted[2] != "半"):
        return parted
    unit, end = unit_behind(text, position, arabic)
    if halved and unit is not None and half_behind(text, end, unit):
        return unit, end + 1, "半"
    return unit, end, ""


def _and_a_half(numeral: Numeral) -> Numeral:
    return replace(
        numeral,
        value=numeral.value + HALF,
        high=None if numeral.high is None else numeral.high + HALF,
    )


def unread(text: str, start: int, end: int) -> Quantity:
    """Digits that are too many for a number, with their magnitude: alone behind them it would be
    taken for a number of its own."""
    stop, _, _ = _magnitude(text, end, True)
    return Quantity(start, stop, text[start:stop], "unparsed")


def _numeral(text: str, start: int, end: int, arabic: str | None) -> Numeral | None:
    if arabic is None:
        return parse_han(text[start:end])
    value = parse_arabic(arabic)
    return None if value is None else Numeral(value)


def _magnitude(text: str, end: int, arabic: bool) -> tuple[int, str, str]:
    """What stands between the digits and the unit: a bound (余, 多, 来), a magnitude (万, 亿), and a
    bound once more."""
    inside = ""
    position = end
    words = bound_words("inside")
    c = text[position : position + 1]
    if (
        c in words
        and (arabic or c != "来" or text[position - 1] in "十百千万亿")
        and not (c == "多" and text[position + 1 : position + 2] in ("元化", "种多"))
    ):
        inside, position = c, position + 1
        c = text[position : position + 1]
    if not arabic and not inside:
        return position, "", ""
    if c in _MAGNITUDE_BEGINS and (c in ("万", "亿") or (arabic and not unit_at(text, position))):
        match = MAGNITUDE.match(text, position)
        if match and not (len(match[0]) == 1 and match[0] in "百千" and unit_at(text, position)):
            position = match.end()
            c = text[position : position + 1]
            if c in words and c != "来":
                return position + 1, match[0], c
            return position, match[0], inside
    return position, "", inside


def _by_and_to(text: str, start: int, end: int, unit: Unit) -> bool:
    """增加3万人至52万人: by how much, and to what; a rate is told as a range (增长5%至8%)."""
    return (
        unit.dimension != "ratio"
        and text[end : end + 1] in ("至", "到")
        and text[max(0, start - 2) : start] in _CHANGED
    )


def _range(text: str, position: int, start: int) -> tuple[Numeral, int, str, Unit | None] | None:
    """The second number of a range: 5-10年, 百分之四到五, 4.5%—5%; not 从50元到100元, which tells a change."""
    c = text[position : position + 1]
    link = _TO.match(text, position) if c in _TO_BEGINS or c.isspace() else None
    if not link or text[max(0, start - 1) : start] in ("从", "由", "自"):
        return None
    begin = link.end()
    match = ARABIC_NUMBER.match(text, begin)
    if match:
        value = parse_arabic(match[0])
        if value is None:
            return None
        stop, magnitude, _ = _magnitude(text, match.end(), True)
        second = Numeral(value)
        unit, unit_end, parting = _unit(text, stop, True, second, magnitude)
        return (
            _and_a_half(second) if parting == "半" else second,
            unit_end if unit else stop,
            magnitude,
            unit,
        )
    han = _HAN_NUMBER.match(text, begin, begin + 12)
    if han:
        numeral = parse_han(han[0])
        if numeral is None:
            return None
        unit, unit_end, parting = _unit(text, han.end(), False, numeral, "")
        return (
            (_and_a_half(numeral) if parting == "半" else numeral, unit_end, "", unit)
            if unit
            else None
        )
    return None


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
    before = text[max(0, position - 4) : position].rstrip(" \t\u3000\xa0")
    return not before or before[-1] in "\n\r。；;：:—，,"


def in_quotes(text: str, start: int, end: int) -> bool:
    """Whether the number stands in a title or a short quotation: “十四五”, 《…2021—2025年…》,
    “513武林英才”."""
    if not _OPENING.search(text, max(0, start - 60), start):
        return False
    for opening, closing, reach in _QUOTES:
        left = text.rfind(opening, max(0, start - reach), start)
        if left >= 0 and text.find(closing, left, start) < 0:
            right = text.find(closing, end, end + reach)
            if right >= 0:
                return True
    return False
