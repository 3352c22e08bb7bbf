"""An amount: a numeral with its magnitude, unit and bound, read from where it stands."""

import re
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from xiacheng_nlp.numbers.number_words import pattern, words
from xiacheng_nlp.numbers.numerals import (
    DIGITS,
    FACTORS,
    INDEFINITE,
    POWERS,
    Numeral,
    by_powers,
    parse_numeral,
    tidy,
    whole_number,
)
from xiacheng_nlp.numbers.units import (
    HALF,
    MAGNITUDE,
    NO_UNIT,
    Unit,
    bound_after,
    bound_before,
    bounds,
    half_behind,
    is_large,
    split_unit,
    unit_at,
    unit_behind,
    unit_in_brackets,
    unit_table,
)

CLASSES = ("quantity", "rank", "duration", "date", "name", "enumerator", "none", "unparsed")
AMOUNTS = frozenset({"quantity", "rank", "duration"})
MORE_DIGITS = r"(?:[0-9]{0,2}(?:,[0-9]{3}){1,6}(?![0-9])|[0-9]*)(?:\.[0-9]+)?"
"""What follows the first digit of a number."""
ARABIC_NUMBER = re.compile(f"[0-9]{MORE_DIGITS}")
_POWERS = frozenset(POWERS)
HAN = f"{DIGITS}〇○两{POWERS}{INDEFINITE}半"
"""What a Chinese numeral is made of."""
_HAN_NUMBER = re.compile(f"[{HAN[:-1]}]+(?:点[{DIGITS}〇○]+)?")
_TO = re.compile(r"\s?(?:[-－–—―~～]{1,2}|[至到])\s?")
_TO_BEGINS = frozenset("-－–—―~～至到")
_FEW = f"[{DIGITS[1:]}两十]"
# A Chinese numeral that is an amount with any unit: it takes 六百八十万 (方, cubic metres) and
# 百二十万; it refuses 三 (方, parties) and 万 (里长城, a wall).
_LARGE = re.compile(f"{_FEW}+[百千]?[万亿]|[百千]+{_FEW}+[百千十]*[万亿]")
_PARTED = ("万", "亿")
_BY_POWERS = "(?:[1-9][千百十]零?)+(?:(?<=[十零])[1-9])?"
# Takes what follows the first digits of 1亿2000万, 1亿2千多万, 2万3千4百, 3万4000, 5万零300,
# 3千5百; refuses 10万2014年, 3万5.
_MIXED = re.compile(
    rf"""
    (?P<power> [百千万亿] )
    (?P<rest>
        (?<= 亿 ) 零? (?: [0-9]{{1,4}} | {_BY_POWERS} ) (?: 万 | (?= [多余]万 ) )
      | (?<! 亿 ) (?: 零? {_BY_POWERS} | (?<! 百 ) 零 [0-9]{{1,3}} | (?<= 万 ) [0-9]{{4}} )
        (?! [0-9.年] )
    )
    """,
    re.VERBOSE,
)
# What follows the unit of 12元5角6分, 3公里500米; not of 3000元三分之一, 300元十分不易.
_PART = re.compile(
    f"零?(?!十分(?!钟)|[0-9{DIGITS}十]{{1,3}}分之)"
    f"(?P<number>[0-9]{{1,3}}(?![0-9.])|[{DIGITS[1:]}十]{{1,3}})"
)
# Takes 优良天数由268天增加到 and 比上年增加 before 300天; refuses 用时.
_DAYS = re.compile(
    rf"""
      {pattern.days.pattern} [^，,。；;]{{0,4}} (?: (?<= [由从] ) [0-9]+ 天 [^，,。；;]{{1,4}} )? $
    | (?: 同比 | [比较][^，,]{{2,10}} ) {pattern.difference.pattern} 了? $
    """,
    re.VERBOSE,
)


class Quantity(NamedTuple):
    """A number of the text: `text[start:end]` is the whole expression. `kind` is one of CLASSES.

    `value` and `unit` are as written (643.57, 亿元), `value_base` and `unit_base` the same amount
    in the base unit, exactly (64357000000, 元); a range has `value_high` and `value_base_high`. A
    rank that is counted from the end is negative (倒数第三: -3).
    `bound`: =, >=, <=, >, <, ~. `dimension` is the unit's.
    """

    start: int
    end: int
    text: str
    kind: str
    value: Decimal | None = None
    value_high: Decimal | None = None
    unit: str = ""
    value_base: Decimal | None = None
    value_base_high: Decimal | None = None
    unit_base: str = ""
    bound: str = "="
    dimension: str = ""

    def at(self, start: int, end: int, text: str | None = None) -> "Quantity":
        """The same number at another place, and with another surface if one is given."""
        return self._replace(start=start, end=end, text=self.text if text is None else text)


def amount(
    text: str,
    start: int,
    end: int,
    value: Decimal,
    high: Decimal | None = None,
    unit: Unit = NO_UNIT,
    *,
    magnitude: str = "",
    bound: str = "=",
    kind: str = "quantity",
) -> Quantity:
    """The amount that `text[start:end]` says: so many of a unit, in its base unit too."""
    factor = FACTORS[magnitude] * unit.factor if magnitude else unit.factor
    return Quantity(
        start,
        end,
        text[start:end],
        kind,
        value,
        high,
        magnitude + unit.name,
        value * factor,
        None if high is None else high * factor,
        unit.base,
        bound,
        unit.dimension,
    )


class _Said(NamedTuple):
    """A numeral with what belongs to it, up to `end`; `inside` is the bound in its unit (余)."""

    value: Decimal
    high: Decimal | None
    open: bool
    magnitude: str
    unit: Unit
    inside: str
    end: int


def read_amount(text: str, start: int, end: int) -> Quantity | None:
    """The amount whose numeral stands at `start` to `end`, with magnitude, unit, bound and the
    other end of a range.

    None where the numeral is no number of sane length.
    """
    said = _said(text, start, end)
    if not said:
        return None
    second = _second(text, said.end, start)
    if second and _make_a_range(text, start, said, second):
        said = _range(said, second)
    value, high, open_, magnitude, unit, inside, end = said
    if inside:
        bound = bounds.inside[inside]
    else:
        bound = bound_before(text, start, large=magnitude != "" or is_large(unit))
    end, bound = bound_after(text, end, ">" if open_ else bound)
    kind = "quantity"
    # 优良天数达到300天: what stands before makes days things that are counted.
    if unit.dimension == "duration" and not _DAYS.search(text, max(0, start - 20), start):
        kind = "duration"
        if _is_recent(text, start, end):
            bound = "="
        if within := pattern.within.match(text, end):
            end, bound = within.end(), "<="
    return amount(text, start, end, value, high, unit, magnitude=magnitude, bound=bound, kind=kind)


def _is_recent(text: str, start: int, end: int) -> bool:
    """近两年， and 近20年来 are the last so many years; 历时近3年 took nearly three, 近半年 too."""
    if text[start - 1 : start] != "近" or text[start] == "半":
        return False
    before = text[max(0, start - 2) : start - 1]
    return text.startswith(words.recent, end) or before in ("", *"，,。；;：:\n\u3000 ")


def unread(text: str, start: int, end: int) -> Quantity:
    """Digits that are too many for a number, with their magnitude: alone behind them it would be
    taken for a number of its own."""
    stop, _, _ = _magnitude(text, end, True)
    return Quantity(start, stop, text[start:stop], "unparsed")


def _said(text: str, start: int, end: int) -> _Said | None:
    run = text[start:end]
    numeral = parse_numeral(run)
    if not numeral:
        return None
    arabic = run[0].isdecimal()
    if arabic and text[end : end + 1] in _POWERS and (mixed := _MIXED.match(text, end)):
        numeral, end = by_powers(numeral.value, mixed["power"], mixed["rest"]), mixed.end()
    if text[end : end + 1] not in beside_numeral():
        value, magnitude, high, open_ = numeral
        return _Said(value, high, open_, magnitude, NO_UNIT, "", end)
    arabic = arabic or "点" in run
    with_any = arabic or text.endswith(words.held, 0, start) or bool(_LARGE.search(run))
    return _measured(text, end, numeral, arabic, with_any)


def _measured(text: str, end: int, numeral: Numeral, arabic: bool, with_any: bool) -> _Said:
    """The numeral that ends at `end` with the magnitude and the unit behind it, if they are there;
    `with_any`: it may have units that seldom count."""
    value, whole, high, open_ = numeral
    stop, magnitude, inside = _magnitude(text, end, arabic)
    to_halve = None if whole or magnitude or open_ else value
    unit, stop, parting = _unit(text, stop, with_any or bool(magnitude), to_halve)
    if parting == "半":
        value, high = value + HALF, None if high is None else high + HALF
    elif parting:
        inside = parting
    elif unit is None and not (magnitude or (inside and whole)):
        inside = ""
        magnitude, unit, stop = unit_in_brackets(text, end)
    if whole + magnitude in FACTORS:
        magnitude = whole + magnitude
    else:
        # 四亿零七百多万: what stands behind 亿 is told in 万.
        rest = (value - int(value)) * FACTORS[magnitude]
        value, magnitude = tidy(int(value) + rest), whole
    return _with_parts(text, _Said(value, high, open_, magnitude, unit or NO_UNIT, inside, stop))


def _with_parts(text: str, said: _Said) -> _Said:
    """So much with what is told behind it in smaller units, in the first unit (12元5角6分 is
    12.56元), or, where that is not exact, in the last (1小时20分 is 80分钟)."""
    unit, end = said.unit, said.end
    whole_one = not (said.value % 1 or said.magnitude or said.inside or said.open)
    if not whole_one or unit.base not in words.told_in_parts:
        return said
    whole, last = said.value * unit.factor, unit
    while (part := _PART.match(text, end)) and (smaller := _smaller(text, part.end(), last)):
        last, end = smaller
        whole += (whole_number(part["number"]) or 0) * last.factor
    if last is unit:
        return said
    value = tidy(whole / unit.factor)
    if round(value, 6) != value:
        value, unit = tidy(whole / last.factor), last
    return said._replace(value=value, unit=unit, end=end)


def _smaller(text: str, position: int, than: Unit) -> tuple[Unit, int] | None:
    """The unit there, if it is a part of that one, and its end: 分 of money and of time too."""
    c = text[position : position + 1]
    for unit in (
        unit_at(text, position),
        *(unit_table().get(c + of) for of in words.whole_of_unit),
    ):
        if unit and unit.base == than.base and unit.factor < than.factor:
            said = unit.name if text.startswith(unit.name, position) else c
            return unit, position + len(said)
    return None


@cache
def beside_numeral() -> frozenset[str]:
    """What a magnitude, a unit or a bound inside an amount begins with, or the other end of a
    range.

    >>> "个" in beside_numeral(), "农" in beside_numeral()  # three of …, 三农
    (True, False)
    """
    units = (name[0] for name in unit_table())
    return _POWERS.union("（(和与", bounds.inside, units, _TO_BEGINS)


def _magnitude(text: str, end: int, arabic: bool) -> tuple[int, str, str]:
    """What stands between the digits and the unit: a bound (余, 多, 来), a magnitude (万, 亿), and
    a bound once more."""
    c, position, inside = text[end : end + 1], end, ""
    # 来 bounds Chinese digits only behind a power of ten.
    bounded = c in bounds.inside and (arabic or c != "来" or text[end - 1] in POWERS)
    if bounded and not text.startswith(words.manifold, end):
        c, position, inside = text[end + 1 : end + 2], end + 1, c
    match = MAGNITUDE.match(text, position) if c in _POWERS else None
    if not match:
        return position, "", inside
    # A power of ten may begin a unit: 千克, 百分点.
    large = c in _PARTED and (arabic or inside)
    if not large and (not arabic or unit_at(text, position)):
        return position, "", inside
    position = match.end()
    c = text[position : position + 1]
    if c in bounds.inside and c != "来":
        return position + 1, match[0], c
    return position, match[0], inside


def _unit(
    text: str, position: int, with_any: bool, value: Decimal | None
) -> tuple[Unit | None, int, str]:
    """The unit, its end, and the bound that stands in it, or the 半 in it or behind it, which goes
    with a whole `value` alone."""
    parted = split_unit(text, position) if text[position : position + 1] == "个" else None
    if parted and (parted[2] != "半" or _is_whole(value)):
        return parted
    unit, end = unit_behind(text, position, with_any)
    if text[end : end + 1] == "半" and _is_whole(value) and unit and half_behind(text, end, unit):
        return unit, end + 1, "半"
    return unit, end, ""


def _is_whole(value: Decimal | None) -> bool:
    return value is not None and value == int(value)


def _second(text: str, position: int, start: int) -> _Said | None:
    """The second number of a range: 5-10年, 百分之四到五, 4.5%—5%; not of 从50元到100元, which is a
    change. A Chinese one has a unit."""
    c = text[position : position + 1]
    if c in ("和", "与"):
        second = _number_at(text, position + 1)
        return second if second and text.startswith("之间", second.end) else None
    link = _TO.match(text, position) if c in _TO_BEGINS or c.isspace() else None
    if not link or text[max(0, start - 1) : start] in words.from_value:
        return None
    return _number_at(text, link.end())


def _number_at(text: str, position: int) -> _Said | None:
    if arabic := ARABIC_NUMBER.match(text, position):
        return _said(text, arabic.start(), arabic.end())
    han = _HAN_NUMBER.match(text, position, position + 12)
    second = _said(text, han.start(), han.end()) if han else None
    return second if second and second.unit.name else None


def _make_a_range(text: str, start: int, first: _Said, second: _Said) -> bool:
    """Whether two amounts are of one kind, and do not tell by how much and to what."""
    if not first.unit.name:
        return bool(second.unit.name or first.magnitude or not second.magnitude)
    # 增加3万人至52万人: by how much, and to what; a rate is told as a range (增长5%至8%).
    by_and_to = (
        first.unit.dimension != "ratio"
        and text[first.end] in "至到"
        and text[max(0, start - 2) : start] in words.changed
    )
    return second.unit.base == first.unit.base and not by_and_to


def _range(first: _Said, second: _Said) -> _Said:
    """Both ends in the magnitude of the second: 5至8万 is 5万 to 8万, 9000万至1.2亿 from 0.9亿."""
    value = first.value
    if first.magnitude and first.magnitude != second.magnitude:
        value = tidy(value * (FACTORS[first.magnitude] / FACTORS[second.magnitude]))
    return first._replace(
        value=value,
        high=second.value,
        magnitude=second.magnitude,
        unit=second.unit if second.unit.name else first.unit,
        end=second.end,
    )
