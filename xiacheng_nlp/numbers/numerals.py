"""Chinese and Arabic numerals, both ways: the one place of the house that knows what they mean.

`parse_arabic` and `parse_han` give exact decimals, `parse_numeral` either, `decimal_value` with 点
too; `whole_number` is for headings, sessions and spans of years, `year_number` and `arabic_digits`
are for years said digit by digit, and `in_han` writes a number as Word and headings count.
`DIGITS`, `POWERS`, `CIRCLES`, `COUNTED` and `YEAR` are there to build patterns of.
"""

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from xiacheng_nlp.text import DIGITS as DIGITS
from xiacheng_nlp.text import POWERS as POWERS

CIRCLES = "〇○◯OＯ"
"""What is written for the nought of a year: the sign itself, other circles, the letter O."""
COUNTED = DIGITS[1:] + "十"
"""What headings and sessions are counted with."""
# It takes 二○一四, 二O一五, 一九七八; it refuses 二十三, 三〇一五.
YEAR = f"[一二][{DIGITS}{CIRCLES}]{{3}}"
"""Pattern of a year said digit by digit."""
INDEFINITE = "几数"
MULTIPLIED = f"[多余几{POWERS}兆]*"
"""Pattern of what may stand between the digits of a number and its unit."""

_DIGIT = {c: i for i, c in enumerate(DIGITS)} | dict.fromkeys(CIRCLES, 0) | {"两": 2}
_NARROW = {0xFF10 + i: str(i) for i in range(10)} | {ord("．"): ".", ord("，"): ","}
_ARABIC = {ord(c): str(i) for c, i in _DIGIT.items() if c != "两"} | _NARROW
_HAN = str.maketrans("0123456789", DIGITS)
_POWER = {"十": 1, "百": 2, "千": 3}
_NEXT_POWER = {"百": "十", "千": "百"}
_MAGNITUDE = {
    "": 0,
    "百": 2,
    "千": 3,
    "万": 4,
    "十万": 5,
    "百万": 6,
    "千万": 7,
    "亿": 8,
    "十亿": 9,
    "百亿": 10,
    "千亿": 11,
    "万亿": 12,
}
FACTORS = {magnitude: Decimal(10**power) for magnitude, power in _MAGNITUDE.items()}
"""The power of ten that each magnitude word stands for.

>>> FACTORS["万亿"]  # "trillion"
Decimal('1000000000000')
"""
_LONGEST = 40
"""No number of a report has more characters; beyond it the run is a hash, a table or noise, and
stays unparsed."""
_MOST_DIGITS = 20
"""No number of a report has more digits either, and with more its product with a unit would no
longer be exact."""


class Numeral(NamedTuple):
    """A number as it is said: `value` times `magnitude`; `high` where it spans two values (三四十),
    `open` for 十几 or 数百."""

    value: Decimal
    magnitude: str = ""
    high: Decimal | None = None
    open: bool = False


def tidy(value: Decimal) -> Decimal:
    """The same value without zeros at its end that a calculation left: 3.20000000 is 3.2."""
    plain = value.normalize()
    return Decimal(int(plain)) if plain.as_tuple().exponent in range(1, 40) else plain


def arabic_digits(text: str) -> str:
    """The text with Chinese and full-width digits as Arabic ones.

    >>> arabic_digits("二○一四"), arabic_digits("１９９６"), arabic_digits("二O一五")  # three years
    ('2014', '1996', '2015')
    """
    return text.translate(_ARABIC)


def year_number(text: str) -> int:
    """A year of four digits, Chinese or Arabic; raises `ValueError` where it is none.

    >>> year_number("一九七八"), year_number("二◯一五")  # 1978, 2015 with any circle
    (1978, 2015)
    """
    return int(arabic_digits(text))


def whole_number(text: str) -> int | None:
    """A whole number in Chinese or Arabic digits, as headings, sessions and spans of years have it;
    None when it is none.

    >>> whole_number("二十三"), whole_number("五"), whole_number("15")  # 23, five, 15
    (23, 5, 15)
    """
    numeral = parse_numeral(text)
    if numeral is None or numeral.open or numeral.high is not None:
        return None
    return int(numeral.value * FACTORS[numeral.magnitude])


def in_han(number: int) -> str:
    """A number below a hundred as headings count; any other in Arabic digits.

    >>> [in_han(number) for number in (1, 10, 12, 23, 100)]  # one, ten, twelve, twenty-three
    ['一', '十', '十二', '二十三', '100']
    """
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    said = DIGITS[tens] if tens > 1 else ""
    return said + ("十" if tens else "") + (DIGITS[ones] if ones else "")


def by_powers(digits: Decimal, power: str, rest: str) -> Numeral:
    """A number that is told by its powers in Arabic digits: so many of the first, and the rest.

    >>> by_powers(Decimal(1), "亿", "2千3百万")  # "one hundred and twenty-three million"
    Numeral(value=Decimal('1.23'), magnitude='亿', high=None, open=False)
    """
    whole = digits * FACTORS[power] + (_whole(rest.translate(_HAN)) or 0)
    return Numeral(tidy(whole / FACTORS[power]), power) if power in "万亿" else Numeral(whole)


def parse_arabic(text: str) -> Decimal | None:
    """The value of Arabic digits, half or full width, with thousands commas; None when it is no
    number of sane length.

    >>> parse_arabic("１３,５００．５０")
    Decimal('13500.50')
    """
    if len(text) > _LONGEST:
        return None
    narrow = (text if text.isascii() else text.translate(_NARROW)).replace(",", "")
    plain = narrow.replace(".", "", 1)
    if not plain.isascii() or not plain.isdigit() or len(plain) > _MOST_DIGITS:
        return None
    return Decimal(narrow)


@lru_cache(maxsize=1024)
def parse_numeral(text: str) -> Numeral | None:
    """The value of an Arabic or a Chinese numeral, with or without decimals; None when it is no
    number of sane length."""
    if text[:1].isdecimal():
        value = parse_arabic(text)
    elif "点" in text:
        value = decimal_value(text)
    else:
        return parse_han(text)
    return None if value is None else Numeral(value)


@lru_cache(maxsize=1024)
def parse_han(text: str) -> Numeral | None:
    """The value of a Chinese numeral with the highest of 万, 亿, 万亿 kept as its magnitude; None
    when it is no number.

    >>> parse_han("三亿二千万")  # "three hundred and twenty million"
    Numeral(value=Decimal('3.2'), magnitude='亿', high=None, open=False)
    >>> parse_han("七八十")  # "seventy or eighty"
    Numeral(value=Decimal('70'), magnitude='', high=Decimal('80'), open=False)
    >>> parse_han("十几亿")  # "a billion and some hundred millions"
    Numeral(value=Decimal('10'), magnitude='亿', high=None, open=True)
    """
    if not text or len(text) > _LONGEST:
        return None
    if text == "半":
        return Numeral(Decimal("0.5"))
    # 六万万 is six times ten thousand times as many.
    core, magnitude, rest = _parted(text.replace("万万", "亿"))
    # The least that an open number says: 数百 is a hundred at least, 十几 ten.
    definite = core
    if core[:1] in tuple(INDEFINITE) and (len(core) > 1 or magnitude):
        definite = "一" + core[1:]
    definite = definite[:1] + definite[1:].removesuffix("几")
    opened = definite != core
    if span := _span(definite):
        return Numeral(span[0], magnitude, span[1], opened)
    whole = _whole(definite) if definite else 1
    if whole is None:
        return None
    value = Decimal(whole)
    if magnitude and not opened:
        value += _fraction(rest, magnitude)
    return Numeral(tidy(value) if magnitude else value, magnitude, None, opened)


def decimal_value(text: str) -> Decimal | None:
    """The value of a Chinese numeral that may have decimals behind 点, or of an Arabic one; None
    when it is no number.

    >>> decimal_value("三点二"), decimal_value("二十"), decimal_value("9.5")  # 3.2, 20, 9.5
    (Decimal('3.2'), Decimal('20'), Decimal('9.5'))
    """
    if text[:1].isdecimal():
        return parse_arabic(text)
    whole, point, decimals = text.partition("点")
    numeral = parse_han(whole)
    if numeral is None:
        return None
    value = numeral.value * FACTORS[numeral.magnitude]
    if not point:
        return value
    digits = arabic_digits(decimals)
    return value + Decimal(f"0.{digits}") if digits.isdecimal() else None


def _parted(text: str) -> tuple[str, str, str]:
    """What stands before the highest magnitude, the magnitude, and what stands behind it:
    三亿二千万 → 三, 亿, 二千万."""
    for magnitude in ("亿", "万"):
        # 一万八千万 is eighteen thousand times ten thousand.
        core, found, rest = text.rpartition(magnitude)
        if found and text.endswith("万亿"):
            return text[:-2], "万亿", ""
        if found:
            return core, magnitude, rest
    return text, "", ""


def _fraction(rest: str, magnitude: str) -> Decimal:
    """What stands behind the highest magnitude, as a part of it: 二千万 behind 亿 is 0.2; 三亿二
    says 0.2 too."""
    if len(rest) == 1 and _DIGIT.get(rest):
        return Decimal(_DIGIT[rest]).scaleb(-1)
    return Decimal(_whole(rest) or 0).scaleb(-_MAGNITUDE[magnitude])


def _span(core: str) -> tuple[Decimal, Decimal] | None:
    """Two neighbouring digits that mean 'the one or the other': 三四, 七八十, 二三百."""
    low, high = (_DIGIT.get(c, 0) for c in core[:2].ljust(2))
    if not low or high != low + 1 or any(c not in _POWER for c in core[2:]):
        return None
    return Decimal(_whole(core[0] + core[2:]) or 0), Decimal(_whole(core[1:]) or 0)


def _whole(text: str) -> int | None:
    """A whole number below 亿 times 亿, written with 十百千万亿, or digit by digit (一九七八)."""
    if all(c in _DIGIT for c in text):
        return int("".join(str(_DIGIT[c]) for c in text)) if text else 0
    # 一百二 is 120, 一百零二 is 102.
    text += _NEXT_POWER.get(text[-2:-1], "") if text[-1] in _DIGIT else ""
    total = section = 0
    digit: int | None = None
    for c in text:
        if c in _DIGIT:
            digit = _DIGIT[c] if not digit else digit * 10 + _DIGIT[c]
        elif c in _POWER:
            section += (digit or 1) * 10 ** _POWER[c]
            digit = None
        elif c in _MAGNITUDE:
            total = (total + section + (digit or 0) or 1) * 10 ** _MAGNITUDE[c]
            section, digit = 0, None
        else:
            return None
    return total + section + (digit or 0)
